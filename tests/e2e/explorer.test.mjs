// GraphiQL at /graphiql: loads without the network, opens on examples that work, in Arabic, French and English.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launch, origin, picture, watchedPage } from './browser.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** Runs `body` on a fresh explorer and holds the page to account afterwards. */
async function onExplorer(body, options) {
  const { page, faults, close } = await watchedPage(browser, options);
  try {
    await openExplorer(page);
    await body(page);
    assert.deepEqual(faults, []);
  } finally {
    await close();
  }
}

async function openExplorer(page) {
  await page.goto(`${origin}/graphiql`);
  await page.locator('.graphiql-query-editor .view-line').first().waitFor();
  await page.locator('.graphiql-response .view-lines').waitFor();
  // Introspection has answered when the docs can be read.
  await page.waitForFunction(() => !document.querySelector('[aria-label="Re-fetch GraphQL schema"][disabled]'));
}

/** Everything in one of the editors, drawn or not. */
function contents(page, editor) {
  return page.evaluate(
    (name) => globalThis.__MONACO.editor.getModels().find((model) => model.uri.path.endsWith(name))?.getValue() ?? '',
    { operation: 'operation.graphql', variables: 'variables.json', response: 'response.json' }[editor],
  );
}

function settings(page) {
  return page.locator('#graphiql-config').evaluate((element) => JSON.parse(element.textContent));
}

async function run(page) {
  await page.getByRole('button', { name: 'Execute query (Ctrl-Enter)' }).click();
  await page.waitForFunction(() =>
    globalThis.__MONACO.editor.getModels().some((model) => model.uri.path.endsWith('response.json') && model.getValue()),
  );
  return JSON.parse(await contents(page, 'response'));
}

const tab = (page, name) => page.getByRole('tab', { name });

test('the Arabic article is read in the first tab, on the first visit', () =>
  onExplorer(async (page) => {
    const { slug, locale } = (await settings(page)).tabs[0].variables;
    assert.equal(locale, 'ar');
    assert.deepEqual(JSON.parse(await contents(page, 'variables')), { slug, locale });
    assert.equal(await page.locator('.graphiql-editor .squiggly-error').count(), 0, 'the example fits the schema');

    const { data, errors } = await run(page);
    assert.equal(errors, undefined);
    assert.equal(data.article.slug, slug);
    assert.match(data.article.title, /\p{Script=Arabic}/u);
    assert.equal(data.article.direction, 'RTL');
    assert.ok(data.article.body.blocks.length > 0, 'the article has a body');

    // A long title is broken into lines, and its spaces are drawn as other spaces.
    const bare = (text) => text.replaceAll(/\s/g, '');
    const drawn = bare(await page.locator('.result-window .view-lines').innerText());
    assert.ok(drawn.includes(bare(JSON.stringify(data.article.title))), 'the title is on the screen');
    assert.equal(await page.locator('.result-window .unicode-highlight').count(), 0, 'Arabic is not boxed as suspicious');
    await picture(page, 'article-arabic');
  }));

test('the other tabs answer too: the front page in French, a section in English, leaving a comment', () =>
  onExplorer(async (page) => {
    const answers = {
      FrontPage: ({ sections }) => {
        const articles = sections.flatMap((section) => section.articles.nodes);
        assert.ok(articles.length > 0);
        assert.deepEqual([...new Set(articles.map((article) => article.locale))], ['fr']);
      },
      SectionPage: ({ section }) => {
        assert.ok(section.articles.edges.length > 0);
        assert.ok(section.articles.edges.every(({ node }) => node.locale === 'en'));
      },
      LeaveComment: ({ createComment }) => {
        assert.deepEqual(createComment.errors, []);
        assert.match(createComment.outcome, /^(PUBLISHED|HELD)$/);
      },
    };
    for (const [name, check] of Object.entries(answers)) {
      await tab(page, name).click();
      assert.match(await contents(page, 'operation'), new RegExp(`\\b${name}\\b`));
      const { data, errors } = await run(page);
      assert.equal(errors, undefined, name);
      check(data);
      await picture(page, name);
    }
  }));

test('the documentation opens and describes the article', () =>
  onExplorer(async (page) => {
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    const docs = page.locator('.graphiql-doc-explorer');
    await docs.getByRole('link', { name: 'Query' }).click();
    await docs.getByRole('link', { name: 'Article', exact: true }).first().click();
    await docs.getByRole('link', { name: 'publishedAt', exact: true }).waitFor();
    await picture(page, 'documentation');
  }));

test('the explorer panel builds operations from the schema', () =>
  onExplorer(async (page) => {
    await page.getByRole('button', { name: 'Show GraphiQL Explorer' }).click();
    await page.locator('.graphiql-explorer-root').getByText('article', { exact: true }).first().waitFor();
    await picture(page, 'explorer-panel');
  }));

test('headers that are typed are sent', () =>
  onExplorer(async (page) => {
    await page.getByRole('button', { name: 'Headers', exact: true }).click();
    const editor = page.locator('.graphiql-editor-tool .graphiql-editor:not(.hidden)').last();
    await editor.locator('.view-lines').click();
    await page.keyboard.insertText('{ "x-request-id": "from-the-explorer" }');
    const [request] = await Promise.all([
      page.waitForRequest((request) => request.method() === 'POST' && request.postData()?.includes('ArticlePage')),
      run(page),
    ]);
    assert.equal(request.headers()['x-request-id'], 'from-the-explorer');
  }));

test('after a reload the tabs, the variables and the history are still there', () =>
  onExplorer(async (page) => {
    await tab(page, 'SectionPage').click();
    await run(page);
    await page.waitForFunction(() => localStorage.getItem('masthead:graphiql:queries')?.includes('SectionPage'));
    const variables = await contents(page, 'variables');
    await page.waitForFunction(() => JSON.parse(localStorage.getItem('masthead:graphiql:tabState'))?.activeTabIndex === 2);

    await openExplorer(page);
    assert.equal(await tab(page, 'SectionPage').count(), 1, 'no tab is doubled');
    assert.match(await contents(page, 'operation'), /SectionPage/);
    assert.equal(await contents(page, 'variables'), variables);
    await page.getByRole('button', { name: 'Show History' }).click();
    await page.locator('.graphiql-history').getByText('SectionPage').first().waitFor();
    await picture(page, 'history');
  }));

test('it is dark where the reader prefers dark', () =>
  onExplorer(
    async (page) => {
      await run(page);
      await picture(page, 'dark');
    },
    { colorScheme: 'dark' },
  ));

test('the plain page, which needs no bundle, runs the same examples', async () => {
  const { page, faults, close } = await watchedPage(browser);
  try {
    await page.goto(`${origin}/graphiql/plain`);
    await page.getByRole('combobox', { name: 'Example' }).selectOption({ label: 'FrontPage' });
    await page.getByRole('combobox', { name: 'Example' }).selectOption({ label: 'ArticlePage' });
    await page.getByRole('button', { name: 'Run' }).click();
    const answer = page.locator('#answer');
    await answer.getByText('"article"').waitFor();
    const { data } = JSON.parse(await answer.innerText());
    assert.match(data.article.title, /\p{Script=Arabic}/u);
    await picture(page, 'plain');
    assert.deepEqual(faults, []);
  } finally {
    await close();
  }
});

test('files are compressed, kept for good, and not sent twice', async () => {
  const html = await (await fetch(`${origin}/graphiql`)).text();
  const script = /src="(\/graphiql\/assets\/[^"]+\.js)"/.exec(html)[1];
  const ask = (headers) => fetch(origin + script, { headers });

  const tags = new Set();
  for (const coding of ['br', 'gzip', 'identity']) {
    const response = await ask({ 'accept-encoding': coding });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-encoding') ?? 'identity', coding);
    assert.equal(response.headers.get('cache-control'), 'public, max-age=31536000, immutable');
    assert.match(await response.text(), /^import|^const|^var|^function/, 'the same script in every coding');
    tags.add(response.headers.get('etag'));
  }
  assert.equal(tags.size, 3, 'each coding has its own tag');
  const again = await ask({ 'accept-encoding': 'br', 'if-none-match': [...tags][0] });
  assert.equal(again.status, 304);
});
