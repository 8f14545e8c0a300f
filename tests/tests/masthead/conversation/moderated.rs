//! What moderators do: decisions of many at once, each within their sections; bans; notes; and what they leave behind.

use masthead_domain::user::Role;
use masthead_domain::viewer::Viewer;
use serde_json::{Value, json};

use super::{Talk, key, minute, on_each};
use crate::newsroom::{global_id, now, refusal, refusals};

impl Talk<'_> {
    /// The slug of the article's section, and a public article's id that has nothing to do with that section.
    async fn elsewhere(&self) -> (String, String) {
        let key = self.newsroom.key_of(&self.article).get();
        let slug = format!(
            "SELECT s.slug FROM sections s JOIN articles a ON a.section_id = s.id WHERE a.id = {key}"
        );
        let other = format!(
            "SELECT MIN(a.id) FROM articles a WHERE a.live AND a.section_id IS NOT NULL AND a.comment_policy IS NULL AND NOT EXISTS \
             (SELECT 1 FROM desk_sections d JOIN articles h ON h.section_id = d.section_id WHERE d.article_id = a.id AND h.id = {key})"
        );
        let slug = self.store.texts(&slug).await.pop().expect("a section");
        (slug, global_id(&format!("Article:{}", self.store.number(&other).await)))
    }

    async fn ban(&self, input: Value) -> Value {
        let document = "mutation($input: BanCommenterInput!) { banCommenter(input: $input) { banned errors { code field message } } }";
        self.ask(&self.admin, document, json!({"input": input})).await
    }
}

#[tokio::test]
async fn many_are_decided_on_or_none() {
    on_each(async |talk| {
        let first = talk.comment("The first of many.", None).await;
        let second = talk.comment("The second of many.", None).await;
        for foreign in [global_id("Comment:999999"), talk.article.clone(), "nonsense".to_owned()] {
            let decision = json!({"ids": [first, foreign, second], "decision": "SPAM"});
            let refused = talk.ask(&talk.admin, "Moderate", decision).await;
            let code = if foreign == "nonsense" { "INVALID" } else { "NOT_FOUND" };
            assert_eq!((refusals(&refused)[0].0.as_str(), &refused["comments"]), (code, &Value::Null), "{refused:#}");
            assert_eq!(talk.status(&first).await, "PUBLISHED");
            assert_eq!(talk.status(&second).await, "PUBLISHED");
        }
        assert_eq!(talk.store.number("SELECT COUNT(*) FROM comment_decisions").await, 0);
        let none = talk.ask(&talk.admin, "Moderate", json!({"ids": [], "decision": "SPAM"})).await;
        assert_eq!(refusals(&none), refusal("INVALID", Some("input.ids")));
        let done = talk.done(&talk.admin, "Moderate", json!({"ids": [second, first, second], "decision": "REJECT", "note": "Rude."})).await;
        assert_eq!(done["comments"].as_array().map(Vec::len), Some(2));
        let moderation = talk.moderation(&first).await;
        assert_eq!(moderation["decisions"], json!([{"decision": "REJECT", "note": "Rude.", "undone": false, "decidedBy": "Amal"}]));
        let audit = "SELECT action || ' ' || subject_noun FROM audit_log WHERE action LIKE '%omment%' OR action LIKE '%COMMENT%' ORDER BY id";
        let lines = talk.store.texts(audit).await;
        assert_eq!(lines.len(), 2, "{lines:?}");

        // What its writer takes back stays so.
        let (third, receipt) = talk.left(json!({"body": "The third of many."})).await;
        talk.ask(&Viewer::Guest, "WithdrawMyComment", json!({"receipt": receipt})).await;
        talk.decides(&[&third, &first], "APPROVE").await;
        assert_eq!((talk.status(&third).await.as_str(), talk.status(&first).await.as_str()), ("WITHDRAWN", "PUBLISHED"));
    })
    .await;
}

#[tokio::test]
async fn an_editor_of_a_section_sees_and_decides_on_what_is_below_it() {
    on_each(async |talk| {
        let (here, other_article) = talk.elsewhere().await;
        let editor = talk.newsroom.person("Salma", Role::Editor, &[&here]).await;
        let mine = talk.comment("Below an article of hers.", None).await;
        let input = json!({"articleId": other_article, "body": "Below an article of others."});
        let other = talk.done(&Viewer::Guest, "LeaveComment", json!({"input": input})).await["comment"]["id"].clone();
        let other = other.as_str().expect("an id");
        let both = talk.ask(&editor, "Moderate", json!({"ids": [mine, other], "decision": "REJECT"})).await;
        assert_eq!((refusals(&both)[0].0.as_str(), talk.status(&mine).await.as_str()), ("NOT_FOUND", "PUBLISHED"));
        let seen = async |viewer: &Viewer| {
            let document = "query($a: ID!, $b: ID!) { nodes(ids: [$a, $b]) { ... on Comment { moderation { status } } } }";
            talk.ask(viewer, document, json!({"a": mine, "b": other})).await
        };
        assert_eq!(seen(&editor).await, json!([{"moderation": {"status": "PUBLISHED"}}, {"moderation": null}]));
        assert_eq!(seen(&Viewer::Guest).await, json!([{"moderation": null}, {"moderation": null}]));
        let reader = talk.newsroom.person("Rita", Role::Reader, &[]).await;
        assert_eq!(seen(&reader).await, json!([{"moderation": null}, {"moderation": null}]));
        talk.done(&editor, "Moderate", json!({"ids": [mine], "decision": "REJECT"})).await;
        talk.decides(&[other], "REJECT").await;
        let queue = "query { moderationQueue(status: REJECTED, first: 100) { totalCount nodes { id } } }";
        let theirs = talk.ask(&editor, queue, json!({})).await;
        let ids: Vec<&Value> = theirs["nodes"].as_array().expect("nodes").iter().map(|node| &node["id"]).collect();
        assert!(ids.contains(&&json!(mine)) && !ids.contains(&&json!(other)), "{theirs:#}");
        assert_eq!(theirs["totalCount"], ids.len());

        // Commenters are of the whole site.
        let email = json!({"email": "rima@example.org"});
        for viewer in [&editor, &reader] {
            let answer = talk.answer(viewer, now(), "CommenterData", email.clone()).await;
            assert_eq!((&answer["data"]["commenterData"], &answer["errors"][0]["extensions"]["code"]), (&Value::Null, &json!("FORBIDDEN")));
            assert_eq!(refusals(&talk.ask(viewer, "Ban", email.clone()).await)[0].0, "FORBIDDEN");
            assert_eq!(talk.ask(viewer, "EraseCommenter", email.clone()).await["errors"][0]["code"], "FORBIDDEN");
        }
        for viewer in [&Viewer::Guest, &reader] {
            let answer = talk.answer(viewer, now(), "ModerationQueue", json!({})).await;
            assert!(answer["data"]["moderationQueue"].is_null(), "{answer:#}");
        }
        assert!(!seen(&Viewer::Guest).await.to_string().contains("example.org"));
    })
    .await;
}

#[tokio::test]
async fn a_ban_keeps_out_until_it_is_over_and_a_shadow_is_not_told() {
    on_each(async |talk| {
        let says = async |at, body: &str| {
            talk.says_at(at, json!({"body": body, "authorEmail": "Rude@Example.org"})).await
        };
        let past = talk.ban(json!({"email": "rude@example.org", "until": "2020-01-01T00:00:00Z"})).await;
        assert_eq!((refusals(&past), &past["banned"]), (refusal("INVALID", Some("input.until")), &json!(false)));
        let until = minute(60).to_rfc3339();
        let banned = talk.done(&talk.admin, "Ban", json!({"email": "rude@EXAMPLE.org", "until": until, "reason": "Insults."})).await;
        assert_eq!(banned["banned"], true);
        assert_eq!(refusals(&says(minute(59), "While it lasts.").await), refusal("BANNED", None));
        assert_eq!(says(minute(60), "Now it is over.").await["outcome"], "PUBLISHED");

        talk.ban(json!({"email": "rude@example.org", "shadow": true})).await;
        let said = says(minute(61), "Nobody hears me.").await;
        assert_eq!((&said["outcome"], &said["errors"]), (&json!("PUBLISHED"), &json!([])), "its writer is not told");
        let id = said["comment"]["id"].as_str().expect("an id");
        let receipt = said["receipt"].as_str().expect("a receipt");
        assert!(talk.top(id).await.is_none(), "and nobody has it");
        let own = talk.own(minute(61), receipt).await;
        assert_eq!((&own["status"], own["editableUntil"].is_string()), (&json!("PUBLISHED"), true));
        let edit = talk.at(&Viewer::Guest, minute(62), "EditMyComment", json!({"receipt": receipt, "body": "Does nobody hear me?"})).await;
        assert_eq!(edit["outcome"], "PUBLISHED");
        let moderation = talk.moderation(id).await;
        assert_eq!((&moderation["status"], &moderation["findings"][0]["phase"]), (&json!("PENDING"), &json!("BANNED")));
        let document = "mutation($e: EmailAddress!) { unbanCommenter(input: {email: $e}) { unbanned errors { code field message } } }";
        let lifted = talk.done(&talk.admin, document, json!({"e": "rude@example.org"})).await;
        assert_eq!(lifted["unbanned"], true);
        let again = talk.ask(&talk.admin, document, json!({"e": "rude@example.org"})).await;
        assert_eq!(refusals(&again)[0].0, "NOT_FOUND");
        assert_eq!(says(minute(63), "Heard again at last.").await["outcome"], "PUBLISHED");
    })
    .await;
}

#[tokio::test]
async fn what_is_left_after_undoing_is_what_was_decided_before() {
    on_each(async |talk| {
        let lesson = async || {
            talk.store.texts("SELECT CASE WHEN spam THEN 'spam' ELSE 'good' END FROM spam_lessons").await
        };
        let undo = async |id: &str| {
            let document = "mutation($id: ID!) { undoModeration(id: $id) { errors { code field message } } }";
            talk.done(&talk.admin, document, json!({"id": id})).await;
        };
        let (id, receipt) = talk.left(json!({"body": "Cheap watches, all brands."})).await;
        talk.decides(&[&id], "SPAM").await;
        talk.decides(&[&id], "APPROVE").await;
        assert_eq!(lesson().await, ["good"]);
        undo(&id).await;
        assert_eq!((talk.status(&id).await.as_str(), lesson().await), ("SPAM", vec!["spam".to_owned()]));
        undo(&id).await;
        assert_eq!((talk.status(&id).await.as_str(), lesson().await), ("PUBLISHED", vec![]));

        // What was decided of an earlier text teaches nothing of the one that took its place.
        talk.decides(&[&id], "APPROVE").await;
        let edit = json!({"receipt": receipt, "body": "Nobody sells anything here."});
        talk.at(&Viewer::Guest, minute(1), "EditMyComment", edit).await;
        let decide = json!({"ids": [id], "decision": "SPAM"});
        talk.at(&talk.admin, minute(2), "Moderate", decide).await;
        assert_eq!(lesson().await, ["spam"]);
        undo(&id).await;
        assert_eq!(lesson().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn notes_and_addresses_are_moderators_own() {
    on_each(async |talk| {
        let input = json!({"body": "With an address.", "authorEmail": "rima@example.org", "writerKey": key("rima")});
        let (id, _) = talk.left(input).await;
        let document = "mutation($id: ID!, $note: String!) { noteOnComment(id: $id, note: $note) { comment { id moderation { notes { text notedBy } } } errors { code field message } } }";
        let noted = talk.done(&talk.admin, document, json!({"id": id, "note": " Known to us. "})).await;
        assert_eq!(noted["comment"]["moderation"]["notes"], json!([{"text": "Known to us.", "notedBy": "Amal"}]));
        let empty = talk.ask(&talk.admin, document, json!({"id": id, "note": " "})).await;
        assert_eq!(refusals(&empty), refusal("INVALID", Some("input.note")));
        assert_eq!(talk.moderation(&id).await["authorEmail"], "rima@example.org");
        let data = talk.ask(&talk.admin, "CommenterData", json!({"email": "RIMA@example.org"})).await;
        assert_eq!((&data["comments"][0]["id"], &data["comments"][0]["article"]["slug"]), (&json!(id), &json!(talk.slug)));
        assert_eq!(data["comments"].as_array().map(Vec::len), Some(1));
    })
    .await;
}

#[tokio::test]
async fn a_ban_holds_for_the_login_that_has_the_address_whatever_it_types() {
    on_each(async |talk| {
        let reader = talk.newsroom.person("Rita", Role::Reader, &[]).await;
        let email = talk.store.texts("SELECT email FROM users WHERE name = 'Rita'").await.pop().expect("her address");
        let says = async |typed: Option<&str>| {
            let input = json!({"articleId": talk.article, "body": format!("Me again, {typed:?}."), "authorEmail": typed});
            talk.ask(&reader, "LeaveComment", json!({"input": input})).await
        };
        assert_eq!(says(None).await["outcome"], "PUBLISHED");
        assert_eq!(talk.ban(json!({"email": email})).await["banned"], true);
        for typed in [None, Some("another@example.org")] {
            assert_eq!(refusals(&says(typed).await), refusal("BANNED", None));
        }
    })
    .await;
}

#[tokio::test]
async fn of_what_its_writer_took_back_nothing_is_decided() {
    on_each(async |talk| {
        let (id, receipt) = talk.left(json!({"body": "Something against the law."})).await;
        let report =
            json!({"commentId": id, "reason": "ILLEGAL", "note": "Article 5.", "writerKey": key("rima")});
        talk.ask(&Viewer::Guest, "ReportComment", report).await;
        talk.done(&Viewer::Guest, "WithdrawMyComment", json!({"receipt": receipt})).await;
        talk.decides(&[&id], "REJECT").await;
        let reports = "{ illegalReports { nodes { ground decision { decidedBy } } } }";
        let found = talk.ask(&talk.admin, reports, json!({})).await;
        assert_eq!(found["nodes"], json!([{"ground": "Article 5.", "decision": null}]));
        let waiting = "{ moderationQueue(status: null, reported: true) { nodes { id } } }";
        assert_eq!(talk.ask(&talk.admin, waiting, json!({})).await["nodes"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn bans_are_listed_and_their_changes_can_be_told_apart() {
    on_each(async |talk| {
        let ban = "mutation($e: EmailAddress!, $u: DateTime, $s: Boolean!) { banCommenter(input: {email: $e, until: $u, shadow: $s, reason: \"Insults\"}) { banned errors { code field message } } }";
        let unban = "mutation($e: EmailAddress!) { unbanCommenter(input: {email: $e}) { unbanned errors { code field message } } }";
        for (email, until, shadow) in [
            ("rima@example.org", Value::Null, false),
            ("Omar@example.org", json!("2026-06-30T00:00:00Z"), true),
            ("lina@example.org", json!("2026-05-28T20:30:00Z"), false),
        ] {
            talk.done(&talk.admin, ban, json!({"e": email, "u": until, "s": shadow})).await;
        }
        let list = "query($after: String) { commenterBans(first: 1, after: $after) { nodes { email until shadow reason bannedBy bannedAt } pageInfo { hasNextPage endCursor } } }";
        // The third one's is over by then.
        let (mut bans, mut after) = (Vec::new(), Value::Null);
        loop {
            let page = talk.at(&talk.admin, minute(30), list, json!({"after": after})).await;
            bans.extend(page["nodes"].as_array().expect("nodes").clone());
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
        assert_eq!(bans.len(), 2, "{bans:#?}");
        let omar = json!({"email": "omar@example.org", "until": "2026-06-30T00:00:00Z", "shadow": true, "reason": "Insults",
            "bannedBy": "Amal", "bannedAt": bans[0]["bannedAt"]});
        assert_eq!((&bans[0], &bans[1]["email"], &bans[1]["until"]), (&omar, &json!("rima@example.org"), &Value::Null));
        talk.done(&talk.admin, unban, json!({"e": "RIMA@example.org"})).await;
        let note = "mutation($id: ID!) { noteOnComment(id: $id, note: \"Seen.\") { errors { code field message } } }";
        let id = talk.comment("Something to note.", None).await;
        talk.done(&talk.admin, note, json!({"id": id})).await;

        let log = talk.store.texts("SELECT action || ' ' || COALESCE(detail, '') FROM audit_log ORDER BY id DESC LIMIT 5").await;
        let words: Vec<Vec<&str>> = log.iter().rev().map(|line| line.split(' ').collect()).collect();
        assert_eq!(words[0][2..], ["for", "good"], "{log:?}");
        assert_eq!(words[1][2..], ["until", "2026-06-30", "00:00", "UTC,", "not", "told"], "{log:?}");
        assert_eq!((words[3][0], words[3][1]), ("COMMENTER_UNBANNED", words[0][1]), "the same mark: {log:?}");
        assert_ne!(words[0][1], words[1][1]);
        assert_eq!(words[4][0], "COMMENT_NOTED", "{log:?}");
        assert!(log.iter().all(|line| !line.contains("rima")), "{log:?}");

        let reader = talk.newsroom.person("Reem", Role::Reader, &[]).await;
        for (viewer, code) in [(&Viewer::Guest, "UNAUTHENTICATED"), (&reader, "FORBIDDEN")] {
            let answer = talk.answer(viewer, now(), list, json!({})).await;
            assert_eq!((&answer["data"]["commenterBans"], &answer["errors"][0]["extensions"]["code"]), (&Value::Null, &json!(code)));
        }
    })
    .await;
}
