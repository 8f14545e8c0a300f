//! Leaving a comment: who may, what becomes of it, and what is kept of it.

use masthead_actions::Occasion;
use masthead_actions::comment::leave::{self, LeaveError, Left, Outcome, Wish};
use masthead_actions::comment::{Conversation, receipt};
use masthead_domain::article::ArticleId;
use masthead_domain::comment::leave::{Field, MAX_DEPTH, Refused, Submission};
use masthead_domain::comment::{CommentId, Order, Policy};
use masthead_domain::page::PageRequest;
use masthead_domain::text::Direction;
use masthead_domain::viewer::Viewer;
use masthead_persistence::Store;
use masthead_tests::{TestStore, each_store};

use crate::fixture::{at, filled, guest, id_of};

/// A submission of these words and nothing else.
pub fn says(body: &str) -> Submission {
    Submission { body: body.into(), ..Submission::default() }
}

/// Leaves a comment at the top of a thread.
pub async fn top(store: &TestStore, article: ArticleId, submission: Submission) -> Result<Left, Refused> {
    below(store, article, None, submission).await
}

pub async fn below(
    store: &TestStore,
    article: ArticleId,
    parent: Option<CommentId>,
    submission: Submission,
) -> Result<Left, Refused> {
    refusal(leave(store, None, &guest(1), article, parent, submission).await)
}

/// Leaves a comment without a throttle; `operator` goes before every other policy.
pub async fn leave(
    store: &Store,
    operator: Option<Policy>,
    occasion: &Occasion,
    article: ArticleId,
    parent: Option<CommentId>,
    submission: Submission,
) -> Result<Left, LeaveError> {
    let wish = Wish { article, parent, submission, form_token: None, address: None, follow: None };
    leave::leave(store, &Conversation::new(operator, false, None), occasion, wish).await
}

pub fn refusal(left: Result<Left, LeaveError>) -> Result<Left, Refused> {
    left.map_err(|error| match error {
        LeaveError::Refused(refused) => refused,
        LeaveError::Fault(fault) => panic!("{fault}"),
    })
}

#[tokio::test]
async fn a_comment_is_there_for_everyone_and_its_writer_holds_a_receipt() {
    each_store(async |store| {
        filled(store, Policy::Open).await;
        let article = id_of(store, "La saison de pêche commence").await;
        let submission = Submission {
            author_name: Some(" Émile ".into()),
            author_email: Some("emile@Example.ORG".into()),
            writer_key: Some("w".repeat(43)),
            ..says("Enfin !\r\n\r\nOù sont les <b>quotas</b> ? https://example.org/q")
        };
        let left = top(store, article, submission).await.expect("left");
        assert_eq!(left.outcome, Outcome::Published);
        assert_eq!(left.comment.author_name.as_deref(), Some("Émile"));
        assert_eq!(left.comment.created_at, at(1));
        assert_eq!(left.comment.text, "Enfin !\n\nOù sont les <b>quotas</b> ? https://example.org/q");
        assert!(
            left.comment.html.starts_with("<p>Enfin !</p><p>Où sont les &lt;b&gt;quotas"),
            "{}",
            left.comment.html
        );

        let reads = store.reads_as(Viewer::Guest);
        let pages =
            reads.article_comments(&[article], Order::Oldest, &PageRequest::first(10)).await.expect("reads");
        assert_eq!(pages[&article].items[0].1, left.comment);
        assert_eq!(store.wrong_counts().await.expect("counts"), vec![]);

        let secret = store.begin().await.expect("tx").site_secret().await.expect("secret");
        assert_eq!(receipt::open(&secret, &left.receipt, at(2)), Ok(left.comment.id));
    })
    .await;
}

#[tokio::test]
async fn a_writers_secrets_and_words_stay_out_of_keys_and_events() {
    each_store(async |store| {
        filled(store, Policy::Open).await;
        let article = id_of(store, "La saison de pêche commence").await;
        let (writer_key, idempotency_key) = ("writer-key-0123456789", "idempotency-key-0123");
        let submission = Submission {
            author_name: Some("Émile".into()),
            author_email: Some("emile@example.org".into()),
            writer_key: Some(writer_key.into()),
            idempotency_key: Some(idempotency_key.into()),
            ..says("Mot de passe du port")
        };
        top(store, article, submission).await.expect("left");
        for (table, column) in [("comments", "writer_key"), ("idempotency_keys", "key_hash")] {
            let lengths = format!("SELECT length({column}) FROM {table} WHERE {column} IS NOT NULL");
            assert_eq!(store.number(&lengths).await, 32, "a hash, not the key");
        }
        let events = store.texts("SELECT CAST(payload AS TEXT) FROM events ORDER BY seq").await;
        let last = events.last().expect("an event");
        assert!(last.contains("COMMENT_PUBLISHED"), "{last}");
        for secret in ["Émile", "emile", "example.org", "Mot de passe", writer_key, idempotency_key] {
            assert!(events.iter().all(|event| !event.contains(secret)), "{secret} is in the event log");
        }
    })
    .await;
}

#[tokio::test]
async fn the_operators_policy_goes_before_the_articles_and_that_before_the_sites() {
    use Policy::{Closed, FirstTime, Members, Moderated, Open};
    let follows_site = "La saison de pêche commence";
    let (closed, moderated) = ("Débat clos", "A hard question");
    let published = Ok(Outcome::Published);
    let held = Ok(Outcome::Held);
    each_store(async |store| {
        filled(store, Open).await;
        for (site, operator, article, expected) in [
            (Open, None, follows_site, published.clone()),
            (Moderated, None, follows_site, held.clone()),
            (FirstTime, None, follows_site, held.clone()),
            (Members, None, follows_site, Err(Refused::MembersOnly)),
            (Closed, None, follows_site, Err(Refused::Closed)),
            (Open, None, closed, Err(Refused::Closed)),
            (Open, None, moderated, held.clone()),
            (Closed, None, moderated, held.clone()),
            (Closed, Some(Open), follows_site, published.clone()),
            (Open, Some(Open), closed, published.clone()),
            (Open, Some(Moderated), follows_site, held.clone()),
            (Open, Some(Closed), moderated, Err(Refused::Closed)),
        ] {
            store.execute(&format!("UPDATE site SET comment_policy = '{}'", site.as_str())).await;
            let id = id_of(store, article).await;
            let left = refusal(leave(store, operator, &guest(1), id, None, says("Bonjour")).await);
            assert_eq!(left.map(|left| left.outcome), expected, "{site:?} {operator:?} {article}");
        }
        assert_eq!(store.wrong_counts().await.expect("counts"), vec![]);
    })
    .await;
}

#[tokio::test]
async fn a_held_comment_is_its_writers_alone() {
    each_store(async |store| {
        filled(store, Policy::Open).await;
        let article = id_of(store, "A hard question").await;
        let left = top(store, article, says("A hard answer")).await.expect("left");
        assert_eq!((left.outcome, left.comment.text.as_str()), (Outcome::Held, "A hard answer"));
        let public = store.reads_as(Viewer::Guest).comments_by_id(&[left.comment.id]).await.expect("reads");
        assert!(public.is_empty());
        assert_eq!(
            below(store, article, Some(left.comment.id), says("To that")).await,
            Err(Refused::ParentNotFound)
        );
        let events = store.texts("SELECT kind FROM events ORDER BY seq").await;
        assert_eq!(events.last().map(String::as_str), Some("COMMENT_HELD"));

        // A honeypot that was filled in: held without a word, on an open article too.
        let open = id_of(store, "La saison de pêche commence").await;
        let bot = Submission { website: Some("https://pills.example".into()), ..says("Nice post") };
        assert_eq!(top(store, open, bot).await.map(|left| left.outcome), Ok(Outcome::Held));
        assert_eq!(store.wrong_counts().await.expect("counts"), vec![]);
    })
    .await;
}

#[tokio::test]
async fn only_the_browsers_key_makes_a_writer_known() {
    each_store(async |store| {
        filled(store, Policy::FirstTime).await;
        let article = id_of(store, "La saison de pêche commence").await;
        let from = |writer_key: Option<&str>, body: &str| Submission {
            author_name: Some("ليلى".into()),
            author_email: Some("layla@example.org".into()),
            writer_key: writer_key.map(str::to_owned),
            ..says(body)
        };
        let (hers, others) = (Some("0123456789abcdef-hers"), Some("0123456789abcdef-others"));
        let first = top(store, article, from(hers, "أوّل تعليق")).await.expect("left");
        assert_eq!(first.outcome, Outcome::Held);
        // Not approved yet: held again.
        assert_eq!(top(store, article, from(hers, "وآخر")).await.map(|left| left.outcome), Ok(Outcome::Held));
        let id = first.comment.id.get();
        store.execute(&format!("UPDATE comments SET status = 'PUBLISHED' WHERE id = {id}")).await;
        let public = top(store, article, from(hers, "Publié, par personne")).await.expect("left");
        assert_eq!(public.outcome, Outcome::Held, "no moderator has approved it");
        store
            .execute(&format!(
                "INSERT INTO comment_decisions (batch, comment_id, decision, before, decided_at) VALUES (1, {id}, 'APPROVE', 'PENDING', 0)"
            ))
            .await;
        for (writer_key, expected) in
            [(hers, Outcome::Published), (others, Outcome::Held), (None, Outcome::Held)]
        {
            let left = top(store, article, from(writer_key, "وبعد؟")).await.expect("left");
            assert_eq!(left.outcome, expected, "{writer_key:?}, with the same name and address");
        }
    })
    .await;
}

#[tokio::test]
async fn hidden_and_missing_articles_are_told_apart_by_nothing() {
    each_store(async |store| {
        filled(store, Policy::Open).await;
        let public = id_of(store, "La saison de pêche commence").await;
        let comment = top(store, public, says("Bonjour")).await.expect("left").comment.id;
        let mut targets =
            vec![ArticleId::from_stored(999_999), ArticleId::from_stored(-1), ArticleId::from_stored(0)];
        for title in ["A draft", "In review", "Later", "Put aside"] {
            targets.push(id_of(store, title).await);
        }
        for policy in ["OPEN", "CLOSED", "MEMBERS"] {
            store.execute(&format!("UPDATE site SET comment_policy = '{policy}'")).await;
            for &target in &targets {
                for parent in [None, Some(comment), Some(CommentId::from_stored(999_999))] {
                    let answer = below(store, target, parent, says("Bonjour")).await;
                    assert_eq!(answer, Err(Refused::NotFound), "{target:?} {parent:?} {policy}");
                }
                let empty = top(store, target, says("  ")).await;
                assert!(
                    matches!(empty, Err(Refused::Invalid { field: Field::Body, .. })),
                    "{target:?}: {empty:?}"
                );
            }
        }
        assert_eq!(store.number("SELECT COUNT(*) FROM comments WHERE parent_id IS NULL").await, 3);
    })
    .await;
}

#[tokio::test]
async fn an_answer_stands_below_a_public_comment_of_the_same_article() {
    each_store(async |store| {
        filled(store, Policy::Open).await;
        let arabic = id_of(store, "موسم الصيد يبدأ").await;
        let french = id_of(store, "La saison de pêche commence").await;
        let question = top(store, arabic, says("أين المرفأ؟")).await.expect("left").comment;
        let answer = below(store, arabic, Some(question.id), says("هنا.")).await.expect("left").comment;
        assert_eq!((answer.parent, answer.depth), (Some(question.id), 1));
        let elsewhere = below(store, french, Some(question.id), says("Ici.")).await;
        assert_eq!(elsewhere, Err(Refused::ParentNotFound));
        for status in ["PENDING", "REJECTED", "SPAM", "WITHDRAWN"] {
            store
                .execute(&format!("UPDATE comments SET status = '{status}' WHERE id = {}", answer.id.get()))
                .await;
            let below_hidden = below(store, arabic, Some(answer.id), says("؟")).await;
            assert_eq!(below_hidden, Err(Refused::ParentNotFound), "{status}");
        }
        let nowhere = below(store, arabic, Some(CommentId::from_stored(999_999)), says("؟")).await;
        assert_eq!(nowhere, Err(Refused::ParentNotFound));
    })
    .await;
}

#[tokio::test]
async fn a_thread_ends_at_its_deepest_level() {
    each_store(async |store| {
        filled(store, Policy::Open).await;
        let article = id_of(store, "La saison de pêche commence").await;
        let mut deepest = top(store, article, says("0")).await.expect("left").comment;
        for level in 1..=MAX_DEPTH {
            deepest = below(store, article, Some(deepest.id), says(&level.to_string())).await.expect("left").comment;
        }
        assert_eq!(deepest.depth, MAX_DEPTH);
        assert_eq!(below(store, article, Some(deepest.id), says("101")).await, Err(Refused::TooDeep));
        let wrong_root = "SELECT COUNT(*) FROM comments WHERE depth > 0 AND root_id NOT IN (SELECT id FROM comments WHERE depth = 0)";
        assert_eq!(store.number(wrong_root).await, 0);
        assert_eq!(store.wrong_counts().await.expect("counts"), vec![]);
    })
    .await;
}

#[tokio::test]
async fn text_of_any_script_comes_back_as_it_was_written() {
    each_store(async |store| {
        filled(store, Policy::Open).await;
        let article = id_of(store, "La saison de pêche commence").await;
        for (text, direction) in [
            ("مَرْحَبًا بِكُمْ", Direction::Rtl),
            ("L’été, « déjà » ?", Direction::Ltr),
            ("٢٠٢٦", Direction::Ltr),
            ("👩‍👩‍👧 e\u{301} é ﷺ", Direction::Ltr),
            ("' OR 1=1; DROP TABLE comments; --", Direction::Ltr),
            ("$1 ?1 :name {} %s \\u0000 \\", Direction::Ltr),
        ] {
            let left = top(store, article, says(text)).await.expect("left");
            assert_eq!((left.comment.text.as_str(), left.comment.direction), (text, direction));
        }
        for bad in ["nul \0 within", "bell \u{7}", "\u{9b}31m"] {
            let refused = top(store, article, says(bad)).await;
            assert!(
                matches!(refused, Err(Refused::Invalid { field: Field::Body, .. })),
                "{bad:?}: {refused:?}"
            );
        }
    })
    .await;
}
