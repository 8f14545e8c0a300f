// GraphiQL as a person uses it: opened, an operation typed into its first tab, run, read.
import assert from 'node:assert/strict';

import { origin } from './browser.mjs';

/** Opens the explorer, and waits until it is ready to be typed into. */
export async function openExplorer(page) {
  await page.goto(`${origin}/graphiql`);
  await page.locator('.graphiql-query-editor .view-line').first().waitFor();
  await page.locator('.graphiql-response .view-lines').waitFor();
}

/** Types an operation and its variables into the tab in front, and runs it. */
export async function start(page, operation, variables = {}) {
  await page.evaluate(
    ({ operation, variables }) => {
      const model = (name) => globalThis.__MONACO.editor.getModels().find((one) => one.uri.path.endsWith(name));
      model('response.json').setValue('');
      model('operation.graphql').setValue(operation);
      model('variables.json').setValue(variables);
    },
    { operation, variables: JSON.stringify(variables, null, 2) },
  );
  await page.getByRole('button', { name: 'Execute query (Ctrl-Enter)' }).click();
}

/** What the response editor shows, as soon as it is JSON with this text in it. */
export async function shown(page, text = '') {
  const response = await page.waitForFunction((text) => {
    const shown = globalThis.__MONACO.editor.getModels().find((one) => one.uri.path.endsWith('response.json'))?.getValue();
    try {
      return shown?.includes(text) && JSON.parse(shown);
    } catch {
      return null;
    }
  }, text);
  return response.jsonValue();
}

/** Runs an operation, and answers its data. */
export async function send(page, operation, variables) {
  await start(page, operation, variables);
  const { data, errors } = await shown(page);
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data;
}
