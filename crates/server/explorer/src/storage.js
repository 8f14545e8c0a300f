// What the explorer keeps in the browser, under keys of its own: on 127.0.0.1:8000 another project's GraphiQL
// may have left its tabs, and they would hide our examples.
const PREFIX = 'masthead:';

function ownKeys() {
  return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
}

/** A password in the text of an operation, or in variables that are not yet JSON. */
const IN_TEXT = /(password"?\s*:\s*)"(?:[^"\\]|\\[\s\S])*"?/gi;

/**
 * GraphiQL keeps tabs and history, variables included, for good: what was typed as a password must not be among them.
 * They are JSON with the variables' JSON as texts in it.
 */
export function withoutPasswords(text) {
  if (!/password/i.test(text)) return text;
  try {
    const value = JSON.parse(text);
    if (typeof value === 'object') return JSON.stringify(cleared(value), null, text.includes('\n') ? 2 : 0);
  } catch {
    // no JSON: an operation
  }
  return text.replace(IN_TEXT, '$1""');
}

function cleared(value) {
  if (typeof value === 'string') return withoutPasswords(value);
  if (Array.isArray(value)) return value.map(cleared);
  if (value === null || typeof value !== 'object') return value;
  const entry = ([key, inner]) => [key, /password$/i.test(key) && typeof inner === 'string' ? '' : cleared(inner)];
  return Object.fromEntries(Object.entries(value).map(entry));
}

export const storage = {
  getItem: (key) => localStorage.getItem(PREFIX + key),
  setItem: (key, value) => localStorage.setItem(PREFIX + key, withoutPasswords(value)),
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
