//! A step of an article's life keeps the text to the byte, and derives nothing anew.

use masthead_domain::article::Status;
use masthead_domain::article::revision::Change;
use masthead_persistence::article::{Next, Visibility};
use masthead_tests::each_store;

use crate::fixture::{article, at, store_article};

/// All that a revision holds, as one text.
const HELD: &str = "SELECT slug || '|' || title || '|' || COALESCE(excerpt, '') || '|' || CAST(blocks AS TEXT) || '|' || html || '|' || body_text \
     || '|' || word_count || '|' || reading_minutes || '|' || CAST(tags AS TEXT) || '|' || CAST(authors AS TEXT) || '|' || CAST(rights AS TEXT) \
     || '|' || CAST(seo AS TEXT) || '|' || content_number FROM revisions WHERE article_id = 1 ORDER BY number";

#[tokio::test]
async fn steps_copy_what_the_head_holds() {
    each_store(async |store| {
        let mut new = article("The bridge الجسر", 0);
        (new.status, new.published_at) = (Status::Draft, None);
        let tx = store.begin().await.expect("begins");
        let id = store_article(&tx, &new).await.id;
        tx.commit().await.expect("commits");
        // As an older program may have derived it: a step has no business with it.
        store.execute("UPDATE revisions SET html = html || '<!-- before -->', body_text = body_text || ' before', word_count = 4242").await;
        for (minutes, change, status, visibility) in [
            (1, Change::Submitted, Status::InReview, Visibility::Unchanged),
            (2, Change::Published, Status::Published, Visibility::Published),
            (3, Change::Archived, Status::Archived, Visibility::Hidden),
        ] {
            let tx = store.begin().await.expect("begins");
            let before = tx.manuscript(id).await.expect("reads").expect("is there");
            let next = Next {
                change,
                status,
                content: None,
                scheduled_for: None,
                embargo_until: None,
                visibility,
                editor: None,
                reason: Some("why"),
            };
            assert_eq!(tx.article_revise(&before, &next, at(minutes)).await.expect("revised"), before.version + 1);
            tx.commit().await.expect("commits");
        }
        let held = store.texts(HELD).await;
        assert_eq!(held.len(), 4);
        assert!(held[0].contains("<!-- before -->") && held.iter().all(|it| *it == held[0]), "{held:#?}");
        let steps = store.texts("SELECT change || ' ' || COALESCE(reason, '') FROM revisions ORDER BY number").await;
        assert_eq!(steps, ["CREATED ", "SUBMITTED why", "PUBLISHED why", "ARCHIVED why"]);
        assert_eq!(store.number("SELECT CAST(word_count AS BIGINT) FROM articles").await, 4242, "and the row says the same");
    })
    .await;
}
