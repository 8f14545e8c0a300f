// Who is signed in, beside the logo, and a way out. Asks the API as any tab does: by the browser's cookie. Draws nothing
// for guests.
import { useEffect, useState } from 'react';

const CHANGED = 'masthead:session';

/** Says that somebody else may be signed in now. */
export function sessionChanged() {
  window.dispatchEvent(new Event(CHANGED));
}

async function ask(endpoint, query) {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify({ query }),
  });
  return (await response.json()).data;
}

export function SignedIn({ endpoint }) {
  const [viewer, setViewer] = useState(null);
  useEffect(() => {
    const look = () =>
      ask(endpoint, '{ viewer { name role } }').then(
        (data) => setViewer(data?.viewer ?? null),
        () => setViewer(null), // the tabs show what is wrong
      );
    look();
    window.addEventListener(CHANGED, look);
    return () => window.removeEventListener(CHANGED, look);
  }, [endpoint]);
  if (!viewer) return null;
  const signOut = () => ask(endpoint, 'mutation { signOut { ok } }').finally(sessionChanged);
  return (
    <span className="masthead-signed-in">
      Signed in as <bdi>{viewer.name}</bdi> ({viewer.role.toLowerCase()})
      <button type="button" onClick={signOut}>
        Sign out
      </button>
    </span>
  );
}
