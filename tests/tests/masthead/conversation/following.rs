//! Following a thread by e-mail: an address says yes before it gets anything, strangers learn nothing about it, and what
//! letters tell is what everyone sees when they are sent.

use masthead_actions::mail::{forget_unconfirmed, queue_thread_letters};
use masthead_domain::comment::Policy;
use masthead_domain::user::Role;
use masthead_domain::viewer::Viewer;
use serde_json::{Value, json};

use super::letters::{CONFIRM, FOLLOW, Mail, UNFOLLOW, UPDATE, link, recipients};
use super::{Talk, key, minute, on_each, on_each_with};
use crate::newsroom::{global_id, now, refusal, refusals};

impl Talk<'_> {
    fn wish(&self, email: &str) -> Value {
        json!({"articleId": self.article, "email": email})
    }

    async fn follows(&self, email: &str) -> Value {
        self.ask(&Viewer::Guest, FOLLOW, json!({"input": self.wish(email)})).await
    }

    async fn says_to(&self, at: i64, body: &str, more: Value) -> String {
        let mut input = json!({"body": body});
        input.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        let said = self.says_at(minute(at), input).await;
        assert_eq!(said["errors"], json!([]), "{said:#}");
        said["comment"]["id"].as_str().expect("an id").to_owned()
    }
}

#[tokio::test]
async fn an_address_gets_letters_after_it_has_said_yes_and_until_it_says_no() {
    on_each(async |talk| {
        let mut mail = Mail::begin(talk).await;
        let asked = talk.follows("Rima@example.org").await;
        assert_eq!(asked, json!({"outcome": "ASKED", "errors": []}));
        let letters = mail.round(talk, now()).await;
        assert_eq!(recipients(&letters), ["Rima@example.org"]);
        assert!(letters[0].list.is_none() && letters[0].body.starts_with("Hello,\n"), "{}", letters[0].body);
        talk.says_to(1, "Nobody is told of this.", json!({"authorName": "Omar"})).await;
        assert!(mail.round(talk, minute(1)).await.is_empty());

        let token = link(&letters[0], "confirm");
        for at in [2, 3] {
            let confirmed = talk.at(&Viewer::Guest, minute(at), CONFIRM, json!({"token": token})).await;
            assert_eq!(confirmed["errors"], json!([]), "{confirmed:#}");
            assert_eq!(confirmed["follow"]["confirmedAt"], "2026-05-28T20:28:40Z", "again changes nothing");
            assert_eq!(confirmed["follow"]["frequency"], "IMMEDIATE");
        }
        talk.says_to(4, "The driver\nwas kind.", json!({"authorName": "Omar"})).await;
        let letters = mail.round(talk, minute(4)).await;
        assert_eq!(recipients(&letters), ["Rima@example.org"]);
        let letter = &letters[0];
        assert!(
            letter.body.contains("\u{2068}Omar\u{2069}:\n\u{2068}The driver was kind.\u{2069}\n"),
            "{}",
            letter.body
        );
        assert!(!letter.body.contains("Nobody is told"), "{}", letter.body);
        let list = letter.list.clone().expect("a list");
        let ends = link(letter, "end");
        assert_eq!(list.unsubscribe, format!("https://news.example/thread-letters/end/{ends}?lang=en"));
        assert!(list.id.ends_with(".news.example"), "{}", list.id);

        let changed =
            talk.ask(&Viewer::Guest, UPDATE, json!({"input": {"token": ends, "language": "ARABIC"}})).await;
        assert_eq!(changed["follow"], json!({"frequency": "IMMEDIATE", "language": "ARABIC"}), "{changed:#}");
        for wrong in ["", "nonsense", &token, &ends[1..]] {
            let refused = talk.ask(&Viewer::Guest, UNFOLLOW, json!({"input": {"token": wrong}})).await;
            assert_eq!(
                (refusals(&refused), &refused["ended"]),
                (refusal("NOT_FOUND", None), &json!(false)),
                "{wrong}"
            );
        }
        talk.says_to(20, "Nobody waits for this.", json!({})).await;
        mail.follow(minute(20)).await;
        mail.queue(talk, minute(20)).await;
        for _ in 0..2 {
            let ended = talk.ask(&Viewer::Guest, UNFOLLOW, json!({"input": {"token": ends}})).await;
            assert_eq!(ended, json!({"ended": true, "errors": []}));
        }
        assert!(mail.round(talk, minute(21)).await.is_empty(), "what waits goes with the follow");
        let changed = talk.ask(&Viewer::Guest, UPDATE, json!({"input": {"token": ends}})).await;
        assert_eq!(refusals(&changed), refusal("NOT_FOUND", None));
        let again = talk.at(&Viewer::Guest, minute(22), CONFIRM, json!({"token": token})).await;
        assert_eq!(refusals(&again), refusal("NOT_FOUND", None), "an old letter brings nothing back");
    })
    .await;
}

#[tokio::test]
async fn strangers_are_told_alike_whether_an_address_follows() {
    on_each(async |talk| {
        let mut mail = Mail::begin(talk).await;
        mail.confirmed(talk, talk.wish("rima@example.org"), now()).await;
        talk.follows("waits@example.org").await;
        mail.round(talk, now()).await;
        let mut told = Vec::new();
        for email in ["rima@example.org", "RIMA@example.org", "waits@example.org", "new@example.org"] {
            let input = json!({"articleId": talk.article, "email": email, "frequency": "DAILY", "language": "FRENCH"});
            told.push(talk.ask(&Viewer::Guest, FOLLOW, json!({"input": input})).await);
        }
        assert!(told.iter().all(|one| *one == json!({"outcome": "ASKED", "errors": []})), "{told:#?}");
        let letters = mail.round(talk, minute(1)).await;
        assert_eq!(recipients(&letters), ["new@example.org", "waits@example.org"]);
        let kept = talk.store.texts("SELECT frequency || language FROM thread_follows WHERE email_key = 'rima@example.org'").await;
        assert_eq!(kept, ["IMMEDIATEen"], "a stranger changes nothing");
        let events = "SELECT COUNT(*) FROM events WHERE kind = 'THREAD_FOLLOW_ASKED'";
        assert_eq!(talk.store.number(events).await, 6);

        // Whoever asks: at most three letters a day to one address.
        for n in 0..6 {
            talk.at(&Viewer::Guest, minute(10 + n), FOLLOW, json!({"input": talk.wish("new@example.org")})).await;
        }
        assert_eq!(mail.round(talk, minute(20)).await.len(), 2);
        let tomorrow = minute(25 * 60);
        talk.at(&Viewer::Guest, tomorrow, FOLLOW, json!({"input": talk.wish("new@example.org")})).await;
        let letters = mail.round(talk, tomorrow).await;
        assert_eq!(recipients(&letters), ["new@example.org"]);

        // What nobody confirms is forgotten, and its letter opens nothing.
        let week = minute(25 * 60 + 7 * 24 * 60);
        assert_eq!(forget_unconfirmed(talk.store, week).await.expect("forgets"), 2);
        let token = link(&letters[0], "confirm");
        for at in [week, tomorrow] {
            let late = talk.at(&Viewer::Guest, at, CONFIRM, json!({"token": token})).await;
            assert_eq!(refusals(&late), refusal("NOT_FOUND", None));
        }
        assert_eq!(talk.store.number("SELECT COUNT(*) FROM thread_follows").await, 1);
    })
    .await;
}

#[tokio::test]
async fn who_asks_too_often_waits_whether_the_address_follows_or_not() {
    on_each_with(None, true, async |talk| {
        // Of one inbox so many are asked, whatever stands behind a plus sign; who asks is not told of the others.
        for email in [
            "rima@example.org",
            "rima+1@example.org",
            "Rima+2@example.org",
            "rima+3@example.org",
            "omar@example.org",
            "omar@example.org",
            "omar@example.org",
            "omar@example.org",
        ] {
            let asked = talk.follows(email).await;
            assert_eq!(asked, json!({"outcome": "ASKED", "errors": []}), "{email}");
        }
        let events = "SELECT COUNT(*) FROM events WHERE kind = 'THREAD_FOLLOW_ASKED'";
        assert_eq!(talk.store.number(events).await, 6);
        // From one place, whatever the addresses: eight were asked, two more may be.
        let mut outcomes = Vec::new();
        for n in 0..3 {
            outcomes.push(talk.follows(&format!("{n}@example.org")).await["errors"][0]["code"].clone());
        }
        assert_eq!(outcomes, [Value::Null, Value::Null, json!("TOO_FAST")]);
    })
    .await;
}

#[tokio::test]
async fn asking_along_with_a_comment_counts_like_asking_alone() {
    const SAY: &str = "mutation($input: CreateCommentInput!) { createComment(input: $input) { outcome follow errors { code field message } } }";
    on_each_with(Some(Policy::Open), true, async |talk| {
        for n in 0..9 {
            assert_eq!(talk.follows(&format!("{n}@example.org")).await["outcome"], "ASKED");
        }
        let says = async |body: &str, email: &str| {
            let input =
                json!({"articleId": talk.article, "body": body, "authorEmail": email, "follow": "IMMEDIATE"});
            talk.done(&Viewer::Guest, SAY, json!({"input": input})).await
        };
        assert_eq!(says("The tenth of them.", "tenth@example.org").await["follow"], "ASKED");
        assert_eq!(talk.follows("more@example.org").await["errors"][0]["code"], "TOO_FAST");
        let said = says("One asks for too much, and says so all the same.", "more@example.org").await;
        assert_eq!((&said["outcome"], &said["follow"]), (&json!("PUBLISHED"), &Value::Null));
        assert_eq!(talk.store.number("SELECT COUNT(*) FROM thread_follows").await, 10);
    })
    .await;
}

#[tokio::test]
async fn whose_letter_has_not_gone_out_gets_no_other_beside_it() {
    on_each(async |talk| {
        let mut mail = Mail::begin(talk).await;
        mail.confirmed(talk, talk.wish("rima@example.org"), now()).await;
        talk.says_to(1, "The first stop.", json!({})).await;
        mail.follow(minute(1)).await;
        mail.queue(talk, minute(1)).await;
        // The mail server is away meanwhile.
        for at in [12, 24] {
            talk.says_to(at, &format!("Stop number {at}."), json!({})).await;
            mail.follow(minute(at)).await;
            mail.queue(talk, minute(at)).await;
        }
        let waiting = "SELECT COUNT(*) FROM letters WHERE kind = 'THREAD_NEWS' AND ended_at IS NULL";
        assert_eq!(talk.store.number(waiting).await, 1);
        let letters = mail.send(talk, minute(25)).await;
        assert_eq!(letters.len(), 1);
        assert!(
            letters[0].body.contains("The first stop.") && !letters[0].body.contains("Stop number"),
            "{}",
            letters[0].body
        );
        let letters = mail.round(talk, minute(40)).await;
        assert_eq!(letters.len(), 1, "what came since, in one");
        let body = &letters[0].body;
        assert!(
            body.contains("Stop number 12.")
                && body.contains("Stop number 24.")
                && !body.contains("The first stop"),
            "{body}"
        );
    })
    .await;
}

#[tokio::test]
async fn what_is_hidden_or_closed_is_not_followed() {
    on_each(async |talk| {
        let hidden = global_id(&format!("Article:{}", talk.newsroom.hidden_key().await));
        let mut told = Vec::new();
        for id in [&hidden, &global_id("Article:999999"), &global_id("Comment:1")] {
            let input = json!({"articleId": id, "email": "rima@example.org"});
            told.push(talk.ask(&Viewer::Guest, FOLLOW, json!({"input": input})).await);
        }
        assert!(
            told.iter().all(|one| *one == told[0] && refusals(one) == refusal("NOT_FOUND", None)),
            "{told:#?}"
        );
        for (input, field) in [
            (json!({"articleId": "nonsense", "email": "a@b.example"}), "input.articleId"),
            (json!({"articleId": talk.article, "email": "no address"}), "input.email"),
            (json!({"articleId": talk.article}), "input.email"),
            (
                json!({"articleId": talk.article, "email": "a@b.example", "writerKey": "short"}),
                "input.writerKey",
            ),
        ] {
            let refused = talk.ask(&Viewer::Guest, FOLLOW, json!({"input": input})).await;
            assert_eq!(refusals(&refused), refusal("INVALID", Some(field)), "{input}");
        }
        let refused = talk.says(json!({"follow": "DAILY"})).await;
        assert_eq!(refusals(&refused), refusal("INVALID", Some("input.authorEmail")));
        talk.rules(json!({"closeAfterDays": 1})).await;
        let at = minute(400 * 24 * 60);
        let old = talk.at(&Viewer::Guest, at, FOLLOW, json!({"input": talk.wish("rima@example.org")})).await;
        assert_eq!(refusals(&old), refusal("CLOSED", Some("input.articleId")));
        assert_eq!(talk.store.number("SELECT COUNT(*) FROM thread_follows").await, 0);
    })
    .await;
    on_each_with(Some(Policy::Closed), false, async |talk| {
        assert_eq!(
            refusals(&talk.follows("rima@example.org").await),
            refusal("CLOSED", Some("input.articleId"))
        );
    })
    .await;
}

#[tokio::test]
async fn letters_gather_what_is_there_and_tell_no_comment_that_is_gone_or_ones_own() {
    on_each(async |talk| {
        let mut mail = Mail::begin(talk).await;
        let daily = json!({"articleId": talk.article, "email": "daily@example.org", "frequency": "DAILY"});
        mail.confirmed(talk, daily, now()).await;
        let own = json!({"articleId": talk.article, "email": "soon@example.org", "writerKey": key("soon")});
        mail.confirmed(talk, own, now()).await;

        talk.says_to(1, "By the same browser.", json!({"writerKey": key("soon")})).await;
        talk.says_to(1, "By the same address.", json!({"authorEmail": "SOON@example.org"})).await;
        assert!(mail.round(talk, minute(1)).await.is_empty(), "one's own are not told");
        talk.says_to(2, "The first of three.", json!({"authorName": "Omar"})).await;
        assert_eq!(recipients(&mail.round(talk, minute(2)).await), ["soon@example.org"]);
        // Ten minutes are not over: what comes meanwhile comes together.
        let second = talk.says_to(3, "The second of three.", json!({})).await;
        let third = talk.says_to(4, "The third of three.", json!({})).await;
        assert!(mail.round(talk, minute(5)).await.is_empty());
        assert!(mail.round(talk, minute(11)).await.is_empty());
        mail.queue(talk, minute(12)).await;
        talk.decides(&[&second], "REJECT").await;
        let letters = mail.send(talk, minute(12)).await;
        assert_eq!(recipients(&letters), ["soon@example.org"]);
        let body = &letters[0].body;
        assert!(body.contains("The third of three.") && !body.contains("The second"), "{body}");
        assert!(!body.contains("The first") && body.contains("Anonymous"), "{body}");

        // In the morning, on the site's clock.
        let due = talk.store.number("SELECT MIN(next_at) FROM thread_follows").await;
        let due = chrono::DateTime::from_timestamp_micros(due).expect("an instant");
        let site = talk.newsroom.store.reads_as(Viewer::Guest).site().await.expect("a site");
        assert_eq!(due.with_timezone(&site.time_zone.zone()).format("%H:%M").to_string(), "08:00");
        assert!(mail.round(talk, due - chrono::TimeDelta::seconds(1)).await.is_empty());
        let letters = mail.round(talk, due).await;
        assert_eq!(recipients(&letters), ["daily@example.org"]);
        let body = &letters[0].body;
        for told in ["By the same browser.", "By the same address.", "The first of", "The third of"] {
            assert!(body.contains(told), "{told} in {body}");
        }
        assert!(!body.contains("The second of"), "{body}");

        // Nothing of a hidden article, and of what is gone nothing.
        let later = minute(3 * 24 * 60);
        let gone = talk.says_at(later, json!({"body": "Gone by then."})).await["comment"]["id"].clone();
        mail.follow(later).await;
        mail.queue(talk, later).await;
        talk.decides(&[gone.as_str().expect("an id"), &third], "SPAM").await;
        assert!(mail.send(talk, later).await.is_empty());
        talk.says_at(later, json!({"body": "Below what is hidden by then."})).await;
        mail.follow(later).await;
        mail.queue(talk, minute(3 * 24 * 60 + 10)).await;
        let article = talk.newsroom.key_of(&talk.article).get();
        talk.store.execute(&format!("UPDATE articles SET live = FALSE WHERE id = {article}")).await;
        assert!(mail.send(talk, minute(3 * 24 * 60 + 10)).await.is_empty());
        talk.store.execute(&format!("UPDATE articles SET live = TRUE WHERE id = {article}")).await;
    })
    .await;
}

#[tokio::test]
async fn a_long_list_is_cut_and_says_how_many_more_there_are() {
    on_each(async |talk| {
        let mut mail = Mail::begin(talk).await;
        mail.confirmed(talk, talk.wish("rima@example.org"), now()).await;
        for n in 0..13 {
            talk.says_to(1, &format!("Stop number {n} of the long night route."), json!({})).await;
        }
        let letters = mail.round(talk, minute(1)).await;
        assert_eq!(letters.len(), 1);
        let body = &letters[0].body;
        assert_eq!(body.matches("Stop number").count(), 10, "{body}");
        assert!(body.contains("More comments: \u{2068}3\u{2069}\n"), "{body}");
    })
    .await;
}

#[tokio::test]
async fn what_is_dealt_with_twice_or_by_two_at_once_sends_one_letter() {
    on_each(async |talk| {
        let mut mail = Mail::begin(talk).await;
        for name in ["rima", "omar", "lina"] {
            mail.confirmed(talk, talk.wish(&format!("{name}@example.org")), now()).await;
        }
        talk.says_to(1, "Once is enough.", json!({})).await;
        mail.follow(minute(1)).await;
        let (one, other) = tokio::join!(
            queue_thread_letters(talk.store, minute(1)),
            queue_thread_letters(talk.store, minute(1))
        );
        assert_eq!(one.expect("queues") + other.expect("queues"), 3);
        assert_eq!(mail.send(talk, minute(1)).await.len(), 3);
        // Killed before its place was written down: all events once more.
        talk.store.execute("UPDATE followers SET position = 0").await;
        let mut again = Mail::begin(talk).await;
        assert!(again.round(talk, minute(15)).await.is_empty());
        talk.says_to(16, "Something new.", json!({})).await;
        let letters = again.round(talk, minute(16)).await;
        assert_eq!(letters.len(), 3);
        assert!(letters.iter().all(|letter| !letter.body.contains("Once is enough")));
    })
    .await;
}

#[tokio::test]
async fn who_is_signed_in_follows_at_once_and_has_a_list_of_it() {
    const OWN: &str = "{ viewer { followedThreads(first: 10) { totalCount nodes { article { title } frequency language } } } }";
    on_each(async |talk| {
        let mut mail = Mail::begin(talk).await;
        let reem = talk.newsroom.person("Reem", Role::Reader, &[]).await;
        let followed = talk.ask(&reem, FOLLOW, json!({"input": {"articleId": talk.article}})).await;
        assert_eq!(followed, json!({"outcome": "FOLLOWING", "errors": []}));
        let changed = talk
            .ask(&reem, UPDATE, json!({"input": {"articleId": talk.article, "language": "FRENCH"}}))
            .await;
        assert_eq!(changed["follow"], json!({"frequency": "IMMEDIATE", "language": "FRENCH"}));
        let own = talk.ask(&reem, OWN, json!({})).await;
        assert_eq!((&own["followedThreads"]["totalCount"], &own["followedThreads"]["nodes"][0]["language"]), (&json!(1), &json!("FRENCH")));
        // Another address, typed by somebody signed in, is asked like anyone's.
        let other = talk.ask(&reem, FOLLOW, json!({"input": talk.wish("other@example.org")})).await;
        assert_eq!(other["outcome"], "ASKED");
        talk.says_to(1, "Bonsoir à tous les passagers.", json!({"authorName": "Omar"})).await;
        let letters = mail.round(talk, minute(1)).await;
        assert_eq!(recipients(&letters), ["other@example.org", "reem@news.example"]);
        let letter = letters.iter().find(|letter| letter.to_name == "Reem").expect("a letter");
        assert!(letter.body.starts_with("Bonjour \u{2068}Reem\u{2069},\n"), "{}", letter.body);

        let input = json!({"articleId": talk.article, "body": "I am on it, too.", "follow": "DAILY"});
        let document = "mutation($input: CreateCommentInput!) { createComment(input: $input) { follow errors { code field message } } }";
        let said = talk.ask(&reem, document, json!({"input": input})).await;
        assert_eq!(said, json!({"follow": "FOLLOWING", "errors": []}));
        let own = talk.ask(&reem, OWN, json!({})).await;
        assert_eq!(own["followedThreads"]["nodes"][0]["frequency"], "DAILY");
        let guest = json!({"articleId": talk.article, "body": "And so am I.", "follow": "DAILY", "authorEmail": "rima@example.org"});
        let said = talk.ask(&Viewer::Guest, document, json!({"input": guest})).await;
        assert_eq!(said, json!({"follow": "ASKED", "errors": []}));
        let robot = json!({"articleId": talk.article, "body": "Buy this.", "follow": "DAILY", "authorEmail": "lina@example.org", "website": "x"});
        let said = talk.ask(&Viewer::Guest, document, json!({"input": robot})).await;
        assert_eq!(said, json!({"follow": null, "errors": []}), "robots have no letters sent");

        for _ in 0..2 {
            let ended = talk.ask(&reem, UNFOLLOW, json!({"input": {"articleId": talk.article}})).await;
            assert_eq!(ended, json!({"ended": true, "errors": []}));
        }
        let changed = talk.ask(&reem, UPDATE, json!({"input": {"articleId": talk.article}})).await;
        assert_eq!(refusals(&changed), refusal("NOT_FOUND", None));
        for input in [json!({}), json!({"articleId": talk.article, "token": "x"})] {
            let refused = talk.ask(&reem, UNFOLLOW, json!({"input": input})).await;
            assert_eq!(refusals(&refused), refusal("INVALID", Some("input.token")));
        }
        let guest = talk.ask(&Viewer::Guest, UNFOLLOW, json!({"input": {"articleId": talk.article}})).await;
        assert_eq!(refusals(&guest), refusal("UNAUTHENTICATED", None));
    })
    .await;
}

#[tokio::test]
async fn what_is_held_about_an_address_tells_its_follows_and_erasing_ends_them() {
    const DATA: &str = "query($email: EmailAddress!) { commenterData(email: $email) { follows { frequency confirmedAt article { title } } } }";
    on_each(async |talk| {
        let mut mail = Mail::begin(talk).await;
        let token = mail.confirmed(talk, talk.wish("rima@example.org"), now()).await;
        let email = json!({"email": "RIMA@example.org"});
        let data = talk.ask(&talk.admin, DATA, email.clone()).await;
        assert_eq!(data["follows"].as_array().map(Vec::len), Some(1), "{data:#}");
        assert!(data["follows"][0]["article"]["title"].is_string(), "{data:#}");
        talk.says_to(1, "For nobody any more.", json!({})).await;
        mail.follow(minute(1)).await;
        mail.queue(talk, minute(1)).await;
        talk.done(&talk.admin, "EraseCommenter", email.clone()).await;
        assert!(mail.round(talk, minute(2)).await.is_empty());
        assert_eq!(talk.ask(&talk.admin, DATA, email).await["follows"], json!([]));
        let changed = talk.ask(&Viewer::Guest, UPDATE, json!({"input": {"token": token}})).await;
        assert_eq!(refusals(&changed), refusal("NOT_FOUND", None));
        // Asked anew, the old token is not that of the new follow.
        mail.confirmed(talk, talk.wish("rima@example.org"), minute(3)).await;
        let changed = talk.ask(&Viewer::Guest, UPDATE, json!({"input": {"token": token}})).await;
        assert_eq!(refusals(&changed), refusal("NOT_FOUND", None));
    })
    .await;
}
