//! Naming people of the newsroom in comments and in moderators' notes: who is told, of what, and how often.

use masthead_domain::comment::Policy;
use masthead_domain::user::Role;
use masthead_domain::viewer::Viewer;
use serde_json::json;

use super::letters::{Mail, recipients};
use super::{Talk, key, minute, on_each, on_each_with};
use crate::newsroom::now;

const NOTE: &str = "mutation($id: ID!, $note: String!) { noteOnComment(id: $id, note: $note) { errors { code field message } } }";

impl Talk<'_> {
    async fn people(&self) {
        for (name, role) in [("Rania", Role::Author), ("Edith", Role::Editor), ("Reem", Role::Reader)] {
            self.newsroom.person(name, role, &[]).await;
        }
    }
}

#[tokio::test]
async fn a_comment_tells_each_of_the_newsroom_whom_it_names_once() {
    on_each(async |talk| {
        talk.people().await;
        let mut mail = Mail::begin(talk).await;
        let body = "Thanks, @Rania and @edith! Also @reem, @nobody and mail@edith.example.";
        let (id, receipt) = talk.left(json!({"body": body, "authorName": "Omar"})).await;
        let letters = mail.round(talk, now()).await;
        assert_eq!(recipients(&letters), ["edith@news.example", "rania@news.example"]);
        let letter = letters.iter().find(|letter| letter.to_name == "Rania").expect("a letter");
        assert!(letter.body.contains("\u{2068}Omar\u{2069}:\n") && letter.list.is_none(), "{}", letter.body);
        let comment = talk.key_of(&id).await;
        assert!(letter.body.contains(&format!("#comment-{comment}\n")), "{}", letter.body);

        let edit = json!({"receipt": receipt, "body": format!("{body} And @amal.")});
        talk.at(&Viewer::Guest, minute(1), "EditMyComment", edit).await;
        let react = "mutation($id: ID!, $key: String!) { reactToComment(input: { commentId: $id, kind: LIKE, writerKey: $key }) { errors { code field message } } }";
        talk.done(&Viewer::Guest, react, json!({"id": id, "key": key("lina")})).await;
        assert_eq!(recipients(&mail.round(talk, minute(1)).await), ["amal@news.example"], "who was not told yet");
        talk.decides(&[&id], "REJECT").await;
        talk.decides(&[&id], "APPROVE").await;
        assert!(mail.round(talk, minute(2)).await.is_empty());

        let by_herself = json!({"input": {"articleId": talk.article, "body": "I, @amal, agree with @rania."}});
        talk.at(&talk.admin, minute(3), "LeaveComment", by_herself).await;
        assert_eq!(recipients(&mail.round(talk, minute(3)).await), ["rania@news.example"], "not oneself");
    })
    .await;
}

#[tokio::test]
async fn who_is_named_all_the_time_gets_ten_letters_an_hour() {
    on_each(async |talk| {
        talk.people().await;
        let mut mail = Mail::begin(talk).await;
        for n in 0..12 {
            talk.left(json!({"body": format!("Question number {n} for @rania, please.")})).await;
        }
        assert_eq!(mail.round(talk, minute(1)).await.len(), 10);
        talk.left(json!({"body": "Another one for @rania and @edith."})).await;
        assert_eq!(recipients(&mail.round(talk, minute(2)).await), ["edith@news.example"], "others are told");
        talk.says_at(minute(70), json!({"body": "An hour later, @rania?"})).await;
        assert_eq!(recipients(&mail.round(talk, minute(70)).await), ["rania@news.example"]);
    })
    .await;
}

#[tokio::test]
async fn nobody_is_told_of_a_comment_that_nobody_sees() {
    on_each_with(Some(Policy::Moderated), false, async |talk| {
        talk.people().await;
        let mut mail = Mail::begin(talk).await;
        let (id, _) = talk.left(json!({"body": "Listen, @rania, please."})).await;
        assert!(mail.round(talk, now()).await.is_empty());
        talk.decides(&[&id], "APPROVE").await;
        mail.follow(minute(1)).await;
        talk.decides(&[&id], "REJECT").await;
        assert!(mail.send(talk, minute(1)).await.is_empty(), "gone before it was sent");
        let (id, _) = talk.left(json!({"body": "Listen once more, @rania."})).await;
        talk.decides(&[&id], "APPROVE").await;
        assert_eq!(recipients(&mail.round(talk, minute(2)).await), ["rania@news.example"]);
    })
    .await;
}

#[tokio::test]
async fn a_note_tells_moderators_whom_it_names_and_nobody_else() {
    on_each_with(Some(Policy::Moderated), false, async |talk| {
        talk.people().await;
        let mut mail = Mail::begin(talk).await;
        let (id, _) = talk.left(json!({"body": "What is this?", "authorName": "Omar"})).await;
        let note = "@edith, @rania, @reem, @amal: is this\nspam?";
        talk.done(&talk.admin, NOTE, json!({"id": id, "note": note})).await;
        talk.done(&talk.admin, NOTE, json!({"id": id, "note": "Names nobody."})).await;
        let letters = mail.round(talk, minute(1)).await;
        assert_eq!(
            recipients(&letters),
            ["edith@news.example"],
            "an author does not see notes, and Amal wrote it"
        );
        let body = &letters[0].body;
        assert!(
            body.contains("\u{2068}spam?\u{2069}") && body.contains("كتبها: \u{2068}Amal\u{2069}"),
            "{body}"
        );
        assert!(body.contains("\u{2068}What is this?\u{2069}"), "{body}");
        // Whoever does not decide any more by then is not told.
        talk.done(&talk.admin, NOTE, json!({"id": id, "note": "@edith, still?"})).await;
        mail.follow(minute(2)).await;
        talk.store.execute("UPDATE users SET role = 'AUTHOR' WHERE name = 'Edith'").await;
        assert!(mail.send(talk, minute(2)).await.is_empty());
    })
    .await;
}
