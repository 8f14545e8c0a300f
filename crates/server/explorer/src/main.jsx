// The explorer: GraphiQL on this server's own endpoint, opening on examples that the server chose to fit its data.
// It must not name a host: the endpoint comes from the page, everything else from the bundle.
import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import '@graphiql/plugin-explorer/style.css';
import './style.css';

import { explorerPlugin } from '@graphiql/plugin-explorer';
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import { createRoot } from 'react-dom/client';

import { createFetcher } from './fetcher.js';
import { ReadableScripts } from './readable-scripts.jsx';
import { SignedIn, sessionChanged } from './signed-in.jsx';
import { openingState, storage } from './storage.js';

const config = JSON.parse(document.getElementById('graphiql-config').textContent);
const tabs = config.tabs.map(({ query, variables }) => ({
  query,
  variables: JSON.stringify(variables, null, 2),
}));

const fetcher = createFetcher(config.endpoint, sessionChanged);
const plugins = [HISTORY_PLUGIN, explorerPlugin({ showAttribution: false })];

createRoot(document.getElementById('graphiql')).render(
  <GraphiQL
    fetcher={fetcher}
    plugins={plugins}
    storage={storage}
    defaultTabs={tabs.length > 0 ? tabs : undefined}
    defaultEditorToolsVisibility
    inputValueDeprecation
    schemaDescription
    {...openingState(tabs)}
  >
    <GraphiQL.Logo>
      <span className="masthead-logo">Masthead</span>
      <SignedIn endpoint={config.endpoint} />
    </GraphiQL.Logo>
    <ReadableScripts />
  </GraphiQL>,
);
