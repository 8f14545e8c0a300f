// The pages behind the links of letters: accepting an invitation, setting a new password, following a thread and letting
// go of it.
//
// E2E_EMAIL, E2E_PASSWORD  an administrator of the running program (required)
// E2E_LETTERS              the folder where the program puts its letters (required)
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { launch, origin, picture, watchedPage } from './browser.mjs';

const { E2E_EMAIL: email, E2E_PASSWORD: password, E2E_LETTERS: letters } = process.env;
if (!email || !password) throw new Error('E2E_EMAIL and E2E_PASSWORD name an administrator; they are not set');
if (!letters) throw new Error('E2E_LETTERS names the folder of the letters; it is not set');

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

async function ask(query, variables, token) {
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data;
}

const signIn = async (email, password) =>
  (await ask(
    'mutation($email: EmailAddress!, $password: String!) { signIn(input: { email: $email, password: $password }) { token errors { code } } }',
    { email, password },
  )).signIn;

/** The address in the newest letter to this person that leads to this page; waits until it is there. */
async function link(to, page) {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    for (const name of await readdir(letters).catch(() => [])) {
      if (!name.endsWith('.eml')) continue;
      const raw = await readFile(path.join(letters, name), 'utf8');
      const [head, ...body] = raw.split(/\r?\n\r?\n/);
      const text = /^Content-Transfer-Encoding: base64/im.test(head)
        ? Buffer.from(body.join(''), 'base64').toString('utf8')
        : body.join('\n\n').replaceAll(/=\r?\n/g, '').replaceAll('=3D', '=');
      const found = new RegExp(`${origin}/${page}/[A-Za-z0-9_.~?=&-]+`).exec(text);
      if (head.includes(to) && found) return found[0];
    }
    await sleep(100);
  }
  throw new Error(`no letter to ${to} leads to /${page}`);
}

test('an invitation is accepted on its page, and a forgotten password is set anew on another', async () => {
  const mira = `mira-${Date.now()}@example.org`;
  const { token } = await signIn(email, password);
  const { inviteUser } = await ask(
    'mutation($input: InviteUserInput!) { inviteUser(input: $input) { errors { code message } } }',
    { input: { email: mira, name: 'Mira', role: 'CONTRIBUTOR' } },
    token,
  );
  assert.deepEqual(inviteUser.errors, []);

  const { page, faults, close } = await watchedPage(browser, { locale: 'ar' });
  try {
    const invitation = await link(mira, 'invitation');
    await page.goto(invitation);
    await page.locator('#form').waitFor();
    assert.equal(await page.locator('html').getAttribute('dir'), 'rtl');
    assert.equal(await page.locator('#email').inputValue(), mira);
    await page.locator('#name').fill('ميرا');
    await page.locator('#password').fill('a first passphrase of mine');
    await picture(page, 'invitation');
    await page.locator('#accept').click();
    await page.locator('#onwards').waitFor();
    assert.match(await page.locator('#told').innerText(), /ميرا/);
    await picture(page, 'invitation-accepted');
    await page.locator('#onwards').click();
    await page.getByText('Signed in as').waitFor();
    await picture(page, 'invitation-explorer');
    await page.goto(invitation);
    await page.locator('#told', { hasText: 'غير صالحة' }).waitFor();
    assert.equal(await page.locator('#form').isVisible(), false, 'it was used');
    assert.deepEqual(faults, []);
  } finally {
    await close();
  }

  const stranger = await watchedPage(browser, { locale: 'fr' });
  try {
    await stranger.page.goto(`${origin}/password-reset`);
    await stranger.page.locator('#email').fill(mira);
    await picture(stranger.page, 'password-forgotten');
    await stranger.page.locator('#send').click();
    await stranger.page.locator('#told', { hasText: 'une lettre est en route' }).waitFor();
    await stranger.page.goto(await link(mira, 'password-reset'));
    await stranger.page.locator('#password').fill('a second passphrase of mine');
    await picture(stranger.page, 'password-new');
    await stranger.page.locator('#send').click();
    await stranger.page.locator('#told', { hasText: 'est en vigueur' }).waitFor();
    await picture(stranger.page, 'password-set');
    assert.deepEqual(stranger.faults, []);
  } finally {
    await stranger.close();
  }
  assert.equal((await signIn(mira, 'a first passphrase of mine')).token, null);
  assert.notEqual((await signIn(mira, 'a second passphrase of mine')).token, null);
});

test('a guest follows a thread after a letter asked, is told of a comment, and ends it with one button', async () => {
  const rima = `rima-${Date.now()}@example.org`;
  const { articles } = await ask('{ articles(first: 1, locale: "ar") { nodes { id } } }');
  const articleId = articles.nodes[0].id;
  const { followThread } = await ask(
    'mutation($input: FollowThreadInput!) { followThread(input: $input) { outcome errors { code message } } }',
    { input: { articleId, email: rima } },
  );
  assert.deepEqual(followThread, { outcome: 'ASKED', errors: [] });

  const { page, faults, close } = await watchedPage(browser, { locale: 'ar', javaScriptEnabled: false });
  try {
    await page.goto(await link(rima, 'thread-letters/confirm'));
    await picture(page, 'thread-letters-confirm');
    await page.getByRole('button').click();
    await page.getByRole('button').waitFor({ state: 'detached' });
    await picture(page, 'thread-letters-confirmed');

    const body = `الموج عالٍ اليوم، رقم ${Date.now()}.`;
    const { createComment } = await ask(
      'mutation($input: CreateCommentInput!) { createComment(input: $input) { outcome errors { code message } } }',
      { input: { articleId, authorName: 'عمر', body } },
    );
    assert.deepEqual(createComment, { outcome: 'PUBLISHED', errors: [] });
    await page.goto(await link(rima, 'thread-letters/end'));
    assert.equal(await page.locator('html').getAttribute('dir'), 'rtl');
    await picture(page, 'thread-letters-end');
    await page.getByRole('button').click();
    await page.getByRole('button').waitFor({ state: 'detached' });
    await picture(page, 'thread-letters-ended');
    assert.deepEqual(faults, []);
  } finally {
    await close();
  }
});
