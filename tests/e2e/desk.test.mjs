// The desk in GraphiQL, as an editor works there: signing in, writing in Markdown in Arabic, submitting, publishing, and
// reading the article as everybody does.
//
// E2E_EMAIL, E2E_PASSWORD  an administrator of the running program (required)
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launch, picture, watchedPage } from './browser.mjs';
import { openExplorer, send } from './explorer.mjs';

const { E2E_EMAIL: email, E2E_PASSWORD: password } = process.env;
if (!email || !password) throw new Error('E2E_EMAIL and E2E_PASSWORD name an administrator; they are not set');

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

const DESK = 'article { id publishedAt desk { status version slug title } } errors { code field message }';

test('an editor signs in, writes in Arabic, submits, publishes, and everybody reads it', async () => {
  const { page, faults, close } = await watchedPage(browser);
  try {
    await openExplorer(page);

    const { signIn } = await send(
      page,
      'mutation SignIn($email: EmailAddress!, $password: String!) { signIn(input: { email: $email, password: $password }) { viewer { name role permissions } errors { code message retryAfter } } }',
      { email, password },
    );
    assert.deepEqual(signIn.errors, []);
    assert.equal(signIn.viewer.role, 'ADMIN');
    // The cookie carries the session from here on, and no script can read it.
    assert.equal(await page.evaluate(() => document.cookie), '');
    const { viewer } = await send(page, '{ viewer { email role permissions } }');
    assert.equal(viewer.email, email);
    assert.ok(viewer.permissions.includes('PUBLISH_ARTICLES'));
    await picture(page, 'desk-signed-in');

    const title = `رصيف جديد للصيادين ${Date.now()}`;
    const markdown = '## قبل الفجر\n\nوصلت **المراكب** إلى الرصيف.\n\n٣. السمك\n٤. الشباك\n\n> لا ريح اليوم.\n> — أبو خليل\n';
    const { createArticle } = await send(
      page,
      `mutation Create($input: CreateArticleInput!) { createArticle(input: $input) { ${DESK} } }`,
      { input: { title, locale: 'ar', section: 'city', tagNames: ['مرفأ'], body: { markdown } } },
    );
    assert.deepEqual(createArticle.errors, []);
    assert.equal(createArticle.article.desk.status, 'DRAFT');
    await picture(page, 'desk-created');
    const { id, desk } = createArticle.article;

    for (const [mutation, status] of [['submitArticle', 'IN_REVIEW'], ['publishArticle', 'PUBLISHED']]) {
      const data = await send(page, `mutation Step($id: ID!) { ${mutation}(id: $id) { ${DESK} } }`, { id });
      assert.deepEqual(data[mutation].errors, []);
      assert.equal(data[mutation].article.desk.status, status);
    }
    await picture(page, 'desk-published');

    const { signOut } = await send(page, 'mutation SignOut { signOut { ok } }');
    assert.equal(signOut.ok, true);
    const { viewer: nobody, article } = await send(
      page,
      `query Read($slug: String!) { viewer { email } article(slug: $slug, locale: "ar") { title direction section { slug } tags { name } desk { version }
        body { html blocks { __typename direction ... on ListBlock { ordered start } } } } }`,
      { slug: desk.slug },
    );
    assert.equal(nobody, null);
    assert.equal(article.title, title);
    assert.equal(article.direction, 'RTL');
    assert.equal(article.desk, null, 'the desk is for those who work on it');
    assert.deepEqual(article.body.blocks.map((block) => block.__typename), ['HeadingBlock', 'ParagraphBlock', 'ListBlock', 'QuoteBlock']);
    assert.deepEqual(article.body.blocks[2], { __typename: 'ListBlock', direction: 'RTL', ordered: true, start: 3 });
    await picture(page, 'desk-read');
    assert.deepEqual(faults, []);
  } finally {
    await close();
  }
});
