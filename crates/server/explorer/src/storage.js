// What the explorer keeps in the browser, under keys of its own: on 127.0.0.1:8000 another project's GraphiQL
// may have left its tabs, and they would hide our examples.
const PREFIX = 'masthead:';

function ownKeys() {
  return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
}

export const storage = {
  getItem: (key) => localStorage.getItem(PREFIX + key),
  setItem: (key, value) => localStorage.setItem(PREFIX + key, value),
  removeItem: (key) => localStorage.removeItem(PREFIX + key),
  clear: () => ownKeys().forEach((key) => localStorage.removeItem(key)),
  get length() {
    return ownKeys().length;
  },
};

/**
 * The query and variables of the tab that is in front when the page opens: GraphiQL restores (or takes from its
 * defaults) the tabs and the query, but leaves the variables' editor empty until a tab is changed.
 */
export function openingState(defaultTabs) {
  const front = frontTabLeftOpen() ?? defaultTabs[0];
  return front ? { initialQuery: front.query ?? '', initialVariables: front.variables ?? '' } : {};
}

function frontTabLeftOpen() {
  try {
    const { tabs, activeTabIndex } = JSON.parse(storage.getItem('graphiql:tabState'));
    return tabs[activeTabIndex];
  } catch {
    return undefined; // nothing stored, or by an older GraphiQL: it starts afresh too
  }
}
