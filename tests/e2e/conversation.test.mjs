// The conversation in GraphiQL: a guest leaves a comment, changes it and takes it back, with nothing but the receipt, while
// somebody else watches the thread; and a moderator deals with one that was reported.
//
// E2E_EMAIL, E2E_PASSWORD  an administrator of the running program (required)
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launch, picture, watchedPage } from './browser.mjs';
import { openExplorer, send, shown, start } from './explorer.mjs';

const { E2E_EMAIL: email, E2E_PASSWORD: password } = process.env;
if (!email || !password) throw new Error('E2E_EMAIL and E2E_PASSWORD name an administrator; they are not set');

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

const COMMENT = 'id authorName direction body { html text } editedAt';
const LEAVE = `mutation LeaveComment($input: CreateCommentInput!) {
  createComment(input: $input) { outcome receipt comment { ${COMMENT} } errors { code field message retryAfter } }
}`;
const MINE = `query MyComment($receipt: String!) {
  commentByReceipt(receipt: $receipt) { status editableUntil comment { ${COMMENT} } }
}`;
const EDIT = `mutation EditMyComment($receipt: String!, $body: String!) {
  editComment(input: { receipt: $receipt, body: $body }) { outcome comment { ${COMMENT} } errors { code field message } }
}`;
const WITHDRAW = `mutation WithdrawMyComment($receipt: String!) {
  withdrawComment(input: { receipt: $receipt }) { withdrawnId errors { code message } }
}`;
const WATCH = `subscription ThreadLive($article: ID!, $since: String) {
  threadChanged(articleId: $article, since: $since) { cursor kind commentId comment { ${COMMENT} } }
}`;
const THREAD = 'query Thread($id: ID!) { node(id: $id) { ... on Article { comments(first: 100) { nodes { id body { text } } } } } }';

/** Runs `body` with so many explorers open, each a person of their own, and holds the pages to account afterwards. */
async function withExplorers(count, body) {
  const watched = await Promise.all(Array.from({ length: count }, () => watchedPage(browser)));
  try {
    for (const { page } of watched) await openExplorer(page);
    await body(...watched.map(({ page }) => page));
    assert.deepEqual(watched.flatMap(({ faults }) => faults), []);
  } finally {
    await Promise.all(watched.map(({ close }) => close()));
  }
}

async function anArticle(page) {
  const { articles } = await send(page, '{ articles(first: 1, locale: "ar") { nodes { id commentsOpen } } }');
  assert.equal(articles.nodes[0].commentsOpen, true);
  return articles.nodes[0].id;
}

test('a guest leaves a comment, edits it and takes it back, and whoever watches the thread is told', () =>
  withExplorers(2, async (guest, watcher) => {
    const article = await anArticle(guest);
    await start(watcher, WATCH, { article, since: null });
    await watcher.getByRole('button', { name: /Stop/ }).waitFor();

    const mark = Date.now();
    const words = `حفظ الله البحر وأهله، رسالة رقم ${mark}.\nراجعوا https://example.org/port`;
    const { createComment } = await send(guest, LEAVE, {
      input: { articleId: article, authorName: 'سلوى', body: words, idempotencyKey: `key-of-the-guest-${mark}` },
    });
    assert.deepEqual(createComment.errors, []);
    assert.equal(createComment.outcome, 'PUBLISHED');
    assert.equal(createComment.comment.direction, 'RTL');
    assert.match(createComment.comment.body.html, /rel="nofollow ugc noopener"/);
    await picture(guest, 'comment-left');
    const { receipt, comment } = createComment;

    const told = await shown(watcher, comment.id);
    assert.equal(told.data.threadChanged.kind, 'ADDED');
    assert.equal(told.data.threadChanged.comment.body.text, words);
    await picture(watcher, 'comment-told');

    const { commentByReceipt } = await send(guest, MINE, { receipt });
    assert.equal(commentByReceipt.status, 'PUBLISHED');
    assert.ok(Date.parse(commentByReceipt.editableUntil) > Date.now());
    const { editComment } = await send(guest, EDIT, { receipt, body: `رسالة مصحّحة رقم ${mark}` });
    assert.deepEqual(editComment.errors, []);
    assert.equal(editComment.comment.body.text, `رسالة مصحّحة رقم ${mark}`);
    assert.notEqual(editComment.comment.editedAt, null);
    assert.equal((await shown(watcher, 'مصحّحة')).data.threadChanged.kind, 'EDITED');
    await picture(guest, 'comment-edited');

    const { withdrawComment } = await send(guest, WITHDRAW, { receipt });
    assert.deepEqual(withdrawComment, { withdrawnId: comment.id, errors: [] });
    assert.equal((await shown(watcher, 'REMOVED')).data.threadChanged.commentId, comment.id);
    const { node } = await send(guest, THREAD, { id: article });
    assert.ok(!JSON.stringify(node).includes(String(mark)), 'nobody reads it any more');
    assert.equal((await send(guest, MINE, { receipt })).commentByReceipt.status, 'WITHDRAWN');
    await picture(guest, 'comment-withdrawn');

    await watcher.getByRole('button', { name: /Stop/ }).click();
    await watcher.getByRole('button', { name: 'Execute query (Ctrl-Enter)' }).waitFor();
  }));

test('a reader reports a comment, and a moderator finds it with its reason and refuses it', () =>
  withExplorers(2, async (reader, moderator) => {
    const article = await anArticle(reader);
    const mark = Date.now();
    const { createComment } = await send(reader, LEAVE, {
      input: { articleId: article, authorName: 'A stranger', body: `Something about the mayor, number ${mark}.` },
    });
    const { id } = createComment.comment;
    const { reportComment } = await send(
      reader,
      `mutation ReportComment($commentId: ID!, $reason: ReportReason!, $note: String, $writerKey: String) {
        reportComment(input: { commentId: $commentId, reason: $reason, note: $note, writerKey: $writerKey }) { accepted errors { code message } }
      }`,
      { commentId: id, reason: 'ILLEGAL', note: 'It is libel: the court said so.', writerKey: `browser-${mark}`.padEnd(64, 'x') },
    );
    assert.deepEqual(reportComment, { accepted: true, errors: [] });

    const { signIn } = await send(
      moderator,
      'mutation SignIn($email: EmailAddress!, $password: String!) { signIn(input: { email: $email, password: $password }) { errors { message } } }',
      { email, password },
    );
    assert.deepEqual(signIn.errors, []);
    const { moderationQueue } = await send(
      moderator,
      `{ moderationQueue(status: null, reported: true) { nodes { id body { text } moderation { status reports { reason count notes } findings { phase verdict detail } } } } }`,
    );
    const found = moderationQueue.nodes.find((comment) => comment.id === id);
    assert.deepEqual(found.moderation.reports, [{ reason: 'ILLEGAL', count: 1, notes: ['It is libel: the court said so.'] }]);
    await picture(moderator, 'moderation-queue');
    const { moderateComments } = await send(
      moderator,
      `mutation Moderate($ids: [ID!]!, $decision: ModerationDecision!, $note: String) {
        moderateComments(input: { ids: $ids, decision: $decision, note: $note }) { comments { id moderation { status } } errors { code message } }
      }`,
      { ids: [id], decision: 'REJECT', note: 'Libel.' },
    );
    assert.deepEqual(moderateComments, { comments: [{ id, moderation: { status: 'REJECTED' } }], errors: [] });
    const { illegalReports } = await send(
      moderator,
      '{ illegalReports(last: 1) { nodes { ground reportedAt comment { id } decision { decision note decidedAt } } } }',
    );
    assert.equal(illegalReports.nodes[0].comment.id, id);
    assert.equal(illegalReports.nodes[0].ground, 'It is libel: the court said so.');
    assert.equal(illegalReports.nodes[0].decision.decision, 'REJECT');
    assert.equal(illegalReports.nodes[0].decision.note, 'Libel.');
    const { node } = await send(reader, THREAD, { id: article });
    assert.ok(!JSON.stringify(node).includes(String(mark)));
  }));
