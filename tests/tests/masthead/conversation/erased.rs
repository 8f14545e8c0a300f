//! Erasing a commenter: nothing of the person is left anywhere in the database, and the thread keeps its shape.

use std::collections::BTreeMap;

use masthead_domain::user::Role;
use masthead_domain::viewer::Viewer;
use serde_json::{Value, json};

use super::touched::counts;
use super::{Talk, key, minute, on_each};
use crate::newsroom::now;

impl Talk<'_> {
    /// Where a text stands in the database: each table and column that holds it, as text or as bytes.
    async fn places_of(&self, text: &str) -> Vec<String> {
        let sqlite = self.store.url().starts_with("sqlite:");
        let columns = if sqlite {
            "SELECT m.name || '.' || c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'"
        } else {
            "SELECT CAST(table_name || '.' || column_name AS TEXT) FROM information_schema.columns WHERE table_schema = 'public'"
        };
        let columns = self.store.texts(columns).await;
        assert!(columns.len() > 100, "{columns:?}");
        let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
        // One question a table: it looks at every column.
        let mut questions: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for column in &columns {
            let (table, name) = column.split_once('.').expect("a table and a column");
            let holds = if sqlite {
                format!(
                    "LOWER(CAST(\"{name}\" AS TEXT)) LIKE '%{text}%' OR LOWER(HEX(\"{name}\")) LIKE '%{hex}%'"
                )
            } else {
                format!("\"{name}\"::text ILIKE '%{text}%' OR \"{name}\"::text LIKE '%{hex}%'")
            };
            let question = format!(
                "SELECT CAST('{column}' AS TEXT) WHERE EXISTS (SELECT 1 FROM \"{table}\" WHERE {holds})"
            );
            questions.entry(table).or_default().push(question);
        }
        let mut found = Vec::new();
        for question in questions.values() {
            found.extend(self.store.texts(&question.join(" UNION ALL ")).await);
        }
        found.sort();
        found
    }
}

#[tokio::test]
async fn nothing_of_who_is_erased_is_left() {
    on_each(async |talk| {
        talk.rules(json!({"suspectWords": ["zirconium*"], "reportThreshold": 2})).await;
        talk.rules(json!({"suspectWords": []})).await;
        let other = talk.comment("Somebody else's opinion.", None).await;
        let by = |body: &str, parent: Option<&str>| {
            json!({"body": body, "parentId": parent, "authorName": "Quasimodo Erasmus", "authorEmail": "Quasimodo@Example.org",
                "writerKey": key("quasimodo"), "idempotencyKey": key(body)})
        };
        let (answered, receipt) = talk.left(by("My zirconium opinion, with answers.", None)).await;
        let (spam, _) = talk.left(by("Buy zirconium watches of me today.", Some(&other))).await;
        let (alone, _) = talk.left(by("One more word about zirconium, alone.", None)).await;
        let reply = talk.comment("I answer to that.", Some(&answered)).await;
        talk.done(&Viewer::Guest, "EditMyComment", json!({"receipt": receipt, "body": "My edited zirconium opinion, with answers."})).await;
        // What they did elsewhere, what others did with theirs, and what moderators wrote of it.
        for id in [&other, &reply] {
            talk.done(&Viewer::Guest, "React", json!({"commentId": id, "kind": "LIKE", "writerKey": key("quasimodo")})).await;
        }
        talk.done(&Viewer::Guest, "React", json!({"commentId": other, "kind": "LIKE", "writerKey": key("sami")})).await;
        talk.done(&Viewer::Guest, "React", json!({"commentId": answered, "kind": "INSIGHTFUL", "writerKey": key("sami")})).await;
        let report = |id: &str, writer: &str, note: &str| {
            json!({"commentId": id, "reason": "OFFENSIVE", "note": note, "writerKey": key(writer)})
        };
        talk.done(&Viewer::Guest, "ReportComment", report(&other, "quasimodo", "I, Quasimodo, am offended.")).await;
        talk.done(&Viewer::Guest, "ReportComment", report(&answered, "sami", "Quasimodo again.")).await;
        talk.done(&talk.admin, "Moderate", json!({"ids": [spam], "decision": "SPAM", "note": "Quasimodo's zirconium."})).await;
        talk.done(&talk.admin, "Moderate", json!({"ids": [alone], "decision": "APPROVE"})).await;
        let note = "mutation($id: ID!) { noteOnComment(id: $id, note: \"Quasimodo is known to us.\") { comment { id } errors { code } } }";
        talk.done(&talk.admin, note, json!({"id": answered})).await;
        let held = talk.places_of("quasimodo").await;
        assert!(held.contains(&"comments.author_email".to_owned()) && held.contains(&"comment_reports.note".to_owned()), "{held:?}");
        assert!(talk.places_of("zirconium").await.contains(&"spam_tokens.token".to_owned()));
        let before = talk.thread().await["commentCount"].as_i64().expect("a count");
        let all = "query($email: EmailAddress!) { commenterData(email: $email) { comments { id } banned
            reactions { commentId kind } reports { commentId reason note } } }";
        let data = talk.ask(&talk.admin, all, json!({"email": "quasimodo@example.org"})).await;
        assert_eq!(data["comments"].as_array().map(Vec::len), Some(3));
        assert_eq!(data["reactions"], json!([{"commentId": other, "kind": "LIKE"}, {"commentId": reply, "kind": "LIKE"}]));
        assert_eq!(data["reports"], json!([{"commentId": other, "reason": "OFFENSIVE", "note": "I, Quasimodo, am offended."}]));
        assert_eq!(data["banned"], false);

        let erased = talk.done(&talk.admin, "EraseCommenter", json!({"email": "quasimodo@example.org"})).await;
        assert_eq!(erased["erasedComments"], 3);
        assert_eq!(talk.places_of("quasimodo").await, Vec::<String>::new());
        assert_eq!(talk.places_of("zirconium").await, Vec::<String>::new());
        assert_eq!(talk.places_of("erasmus").await, Vec::<String>::new());

        // The answer stands where it stood, below a place.
        let place = talk.top(&answered).await.expect("a place");
        assert_eq!((&place["removed"], &place["authorName"], &place["body"]["text"]), (&json!(true), &Value::Null, &json!("")));
        assert_eq!(place["replies"]["nodes"][0]["id"], json!(reply));
        assert!(talk.top(&alone).await.is_none());
        assert_eq!(talk.thread().await["commentCount"], before - 2);
        let nodes = "query($a: ID!, $b: ID!) { nodes(ids: [$a, $b]) { ... on Comment { reactions { kind count } } } }";
        let left = talk.ask(&Viewer::Guest, nodes, json!({"a": other, "b": reply})).await;
        assert_eq!((counts(&left[0]), counts(&left[1])), ([1, 0, 0], [0, 0, 0]));
        assert_eq!(talk.moderation(&other).await["reports"], json!([]));
        assert!(talk.own(minute(1), &receipt).await.is_null());
        let data = talk.ask(&talk.admin, "CommenterData", json!({"email": "quasimodo@example.org"})).await;
        assert_eq!(data["comments"], json!([]));
        // A lost answer is asked for again: nobody gets the erased comment of it.
        let again = talk.says(by("My zirconium opinion, with answers.", None)).await;
        assert_ne!(again["comment"]["id"], json!(answered));
        // Whoever was signed in has typed no address.
        let reader = talk.newsroom.person("Rita", Role::Reader, &[]).await;
        let input = json!({"articleId": talk.article, "body": "Signed, and to be forgotten."});
        talk.done(&reader, "LeaveComment", json!({"input": input})).await;
        let email = talk.store.texts("SELECT email FROM users WHERE name = 'Rita'").await.pop().expect("her address");
        let data = talk.ask(&talk.admin, "CommenterData", json!({"email": email})).await;
        assert_eq!(data["comments"][0]["body"]["text"], "Signed, and to be forgotten.");
        let erased = talk.done(&talk.admin, "EraseCommenter", json!({"email": email})).await;
        assert_eq!(erased["erasedComments"], 1);
        assert!(talk.places_of("to be forgotten").await.is_empty());
        // And whoever was signed in and left no comment may have touched those of others.
        let reader = talk.newsroom.person("Lina", Role::Reader, &[]).await;
        talk.done(&reader, "React", json!({"commentId": other, "kind": "LIKE"})).await;
        talk.done(&reader, "ReportComment", json!({"commentId": other, "reason": "SPAM"})).await;
        let email = talk.store.texts("SELECT email FROM users WHERE name = 'Lina'").await.pop().expect("her address");
        let touched = async || {
            let nodes = "query($a: ID!) { nodes(ids: [$a]) { ... on Comment { reactions { kind count } } } }";
            let comment = talk.ask(&Viewer::Guest, nodes, json!({"a": other})).await;
            (counts(&comment[0]), talk.moderation(&other).await["reports"].as_array().map(Vec::len))
        };
        assert_eq!(touched().await, ([2, 0, 0], Some(1)));
        talk.done(&talk.admin, "EraseCommenter", json!({"email": email})).await;
        assert_eq!(touched().await, ([1, 0, 0], Some(0)));
        let nobody = talk.done(&talk.admin, "EraseCommenter", json!({"email": "nobody@example.org"})).await;
        assert_eq!(nobody["erasedComments"], 0);
    })
    .await;
}

#[tokio::test]
async fn what_is_erased_comes_back_by_no_decision() {
    on_each(async |talk| {
        let (id, _) = talk.left(json!({"body": "Soon forgotten.", "authorEmail": "rima@example.org"})).await;
        talk.decides(&[&id], "REJECT").await;
        talk.done(&talk.admin, "EraseCommenter", json!({"email": "rima@example.org"})).await;
        talk.decides(&[&id], "APPROVE").await;
        assert_eq!(talk.status(&id).await, "WITHDRAWN");
        let undo =
            "mutation($id: ID!) { undoModeration(id: $id) { comment { id } errors { code field message } } }";
        let undone = talk.ask(&talk.admin, undo, json!({"id": id})).await;
        assert_eq!(undone["errors"][0]["code"], "INVALID");
        assert_eq!(talk.status(&id).await, "WITHDRAWN");
        let key = talk.key_of(&id).await;
        assert_eq!(
            talk.store.texts(&format!("SELECT body_text || html FROM comments WHERE id = {key}")).await,
            [""]
        );
    })
    .await;
}

#[tokio::test]
async fn what_is_held_is_told_to_the_end_however_much_it_is() {
    on_each(async |talk| {
        let article = talk.newsroom.key_of(&talk.article).get();
        let at = now().timestamp_micros();
        let many = format!(
            "INSERT INTO comments (article_id, depth, status, author_email, email_key, by_staff, direction, body_text, html, created_at, shown) \
             WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 2300) \
             SELECT {article}, 0, 'PENDING', 'busy@example.org', 'busy@example.org', FALSE, 'LTR', 'One of many', '<p>One of many</p>', {at} + CASE WHEN n <= 1500 THEN 1 ELSE n END, FALSE FROM n"
        );
        talk.store.execute(&many).await;
        let document = "query($s: DateTime) { commenterData(email: \"busy@example.org\", since: $s) { comments { id } next } }";
        let (mut seen, mut since, mut asked) = (std::collections::BTreeSet::new(), Value::Null, 0);
        loop {
            let data = talk.ask(&talk.admin, document, json!({"s": since})).await;
            let comments = data["comments"].as_array().expect("comments");
            seen.extend(comments.iter().map(|comment| comment["id"].as_str().expect("an id").to_owned()));
            asked += 1;
            since = data["next"].clone();
            if since.is_null() {
                break;
            }
        }
        // The first 1,500 are of one moment, and come at once.
        assert_eq!((seen.len(), asked), (2_300, 2));
    })
    .await;
}
