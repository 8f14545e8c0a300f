//! The planned page and the questions of the loaders give the same answers.

use masthead_domain::article::{Correction, CorrectionKind, Status};
use masthead_domain::comment::{Order, Status as CommentStatus};
use masthead_domain::page::{Page, PageRequest};
use masthead_domain::tag::TagId;
use masthead_domain::text::SlugKey;
use masthead_domain::viewer::Viewer;
use masthead_persistence::{ArticleLookup, CommentsPlan, PagePlan, Related, Tx};
use masthead_tests::each_store;

use crate::fixture::*;

#[tokio::test]
async fn the_plan_and_the_loaders_agree() {
    each_store(async |store| {
        let tx = store.begin().await.expect("tx");
        let (news, sport) = (section(&tx, "News", None).await, section(&tx, "Sport", None).await);
        let (red, blue, green) = (tag(&tx, "red").await, tag(&tx, "blue").await, tag(&tx, "green").await);
        let (nadia, omar) = (author(&tx, "Nadia").await, author(&tx, "Omar").await);
        let mut main = article("Main", 100);
        main.content.section = Some(news);
        main.content.tags = vec![blue, red, green];
        main.content.authors = vec![omar, nadia];
        let main = store_article(&tx, &main).await;
        let mut arabic = article("الخبر", 90);
        arabic.locale = locale("ar");
        arabic.translations = Some(main.translations);
        store_article(&tx, &arabic).await;
        let mut draft = article("Brouillon", 95);
        draft.locale = locale("fr");
        draft.status = Status::Draft;
        draft.translations = Some(main.translations);
        store_article(&tx, &draft).await;
        let add = async |title: &str, minutes, section, tags| {
            let mut new = article(title, minutes);
            new.content.section = Some(section);
            new.content.tags = tags;
            store_article(&tx, &new).await.id
        };
        let pinned = add("Pinned", 1, sport, vec![]).await;
        let two_tags = add("Two tags", 2, sport, vec![red, blue]).await;
        let one_tag_here = add("One tag, same section", 3, news, vec![green]).await;
        let one_tag = add("One tag", 4, sport, vec![green]).await;
        let here = add("Same section", 5, news, vec![]).await;
        add("Unrelated", 6, sport, vec![]).await;
        tx.related_pin(main.id, &[pinned, main.id]).await.expect("pin");
        tx.correction_add(
            main.id,
            &Correction { published_at: at(200), kind: CorrectionKind::Update, note: "More.".into() },
            Some(1),
            None,
        )
        .await
        .expect("note");
        tx.former_slug_add(main.id, &locale("en"), &SlugKey::of("old-name")).await.expect("former");
        let mut threads = Vec::new();
        for n in 0..5 {
            threads.push(
                comment(&tx, main.id, None, &format!("thread {n}"), 300 + n / 2, CommentStatus::Published)
                    .await,
            );
        }
        comment(&tx, main.id, None, "waits", 299, CommentStatus::Pending).await;
        let mut parent = threads[1];
        for n in 0..4 {
            comment(&tx, main.id, Some(threads[1]), &format!("reply {n}"), 400 - n, CommentStatus::Published)
                .await;
            parent =
                comment(&tx, main.id, Some(parent), &format!("deep {n}"), 500 + n, CommentStatus::Published)
                    .await;
        }
        comment(&tx, main.id, Some(threads[1]), "spam", 401, CommentStatus::Spam).await;
        tx.commit().await.expect("commit");
        assert_eq!(store.wrong_counts().await.expect("counts"), []);

        for order in [Order::Oldest, Order::Newest, Order::MostLiked] {
            let reads = store.reads_as(Viewer::Guest);
            let related = PageRequest::first(4);
            let comments =
                CommentsPlan { order, page: PageRequest::first(3), replies: Some(PageRequest::first(2)) };
            let plan = PagePlan {
                details: true,
                tags: true,
                authors: true,
                translations: true,
                corrections: true,
                related: Some(related),
                comments: Some(comments),
            };
            let lookup = ArticleLookup::Slug {
                key: SlugKey::of("Old-Name/"),
                locale: None,
                preferred: vec![locale("fr"), locale("en")],
            };
            let page =
                reads.article_page(&lookup, &plan).await.expect("page").expect("found by a former slug");
            let id = page.card.id;
            assert_eq!(id, main.id);
            assert_eq!(page.card.comment_count, 13);
            assert_eq!(page.card.thread_count, 5);
            assert_eq!(
                page.card.authors.iter().map(|a| a.slug.as_str()).collect::<Vec<_>>(),
                ["omar", "nadia"]
            );
            assert_eq!(Some(&page.card), reads.articles_by_id(&[id]).await.expect("cards").get(&id));
            assert_eq!(page.details.as_ref(), reads.article_details(&[id]).await.expect("details").get(&id));
            assert!(page.details.expect("asked").body.html.contains("start=\"4\""));
            assert_eq!(page.tags.as_ref(), reads.article_tags(&[id]).await.expect("tags").get(&id));
            assert_eq!(
                page.tags.expect("asked").iter().map(|t| t.slug.as_str()).collect::<Vec<_>>(),
                ["blue", "red", "green"]
            );
            assert_eq!(
                page.translations.as_ref(),
                reads.article_translations(&[id]).await.expect("translations").get(&id)
            );
            assert_eq!(
                page.translations.expect("asked").iter().map(|t| t.locale.as_str()).collect::<Vec<_>>(),
                ["ar"]
            );
            assert_eq!(
                page.corrections.as_ref(),
                reads.article_corrections(&[id]).await.expect("corrections").get(&id)
            );
            let authors = reads.authors_by_id(&[omar, nadia]).await.expect("authors");
            assert_eq!(page.authors.expect("asked"), [authors[&omar].clone(), authors[&nadia].clone()]);
            assert_eq!(authors[&omar].article_count, 1);

            let found = page.related.expect("asked");
            let keys: Vec<_> = found.items.iter().map(|(_, r)| r.card.id).collect();
            assert_eq!(keys, [pinned, two_tags, one_tag_here, one_tag]);
            assert_eq!((found.total, found.has_next), (Some(5), true));
            let shared: Vec<_> = found.items[1].1.shared_tags.iter().map(|t| t.slug.as_str()).collect();
            assert_eq!(shared, ["blue", "red"]);
            let after = PageRequest { after: Some(found.items[3].0), ..PageRequest::first(4) };
            let rest = reads.article_related(&[id, pinned], &after).await.expect("rest");
            assert_eq!(
                rest[&id].items.iter().map(|(_, r)| (r.card.id, r.same_section)).collect::<Vec<_>>(),
                [(here, true)]
            );
            let last = PageRequest { limit: 2, from_end: true, after: None, before: None };
            let last = reads.article_related(&[id], &last).await.expect("last");
            assert_eq!(last[&id].items.iter().map(|(_, r)| r.card.id).collect::<Vec<_>>(), [one_tag, here]);

            let shown = page.comments.expect("asked");
            let alone = reads.article_comments(&[id], order, &PageRequest::first(3)).await.expect("comments");
            assert_eq!(shown, alone[&id]);
            assert_eq!((shown.total, shown.has_next), (Some(5), true));
            let expected: Vec<_> = match order {
                Order::Newest => threads.iter().rev().take(3).collect(),
                Order::Oldest | Order::MostLiked => threads.iter().take(3).collect(),
            };
            assert_eq!(shown.items.iter().map(|(_, c)| &c.id).collect::<Vec<_>>(), expected);
            let ids: Vec<_> = shown.items.iter().map(|(_, c)| c.id).collect();
            let replies = reads.comment_replies(&ids, &PageRequest::first(2)).await.expect("replies");
            assert_eq!(page.replies, replies);
            if let Some(replies) = replies.get(&threads[1]) {
                assert_eq!(
                    replies.items.iter().map(|(_, c)| c.text.as_str()).collect::<Vec<_>>(),
                    ["reply 3", "reply 2"]
                );
                assert_eq!((replies.total, replies.has_next), (Some(5), true));
            }
        }

        let reads = store.reads_as(Viewer::Guest);
        for unknown in ["brouillon", "nothing", ""] {
            let lookup = ArticleLookup::Slug { key: SlugKey::of(unknown), locale: None, preferred: vec![] };
            assert!(
                reads.article_page(&lookup, &PagePlan::default()).await.expect("page").is_none(),
                "{unknown}"
            );
        }
        let wrong =
            ArticleLookup::Slug { key: SlugKey::of("main"), locale: Some(locale("fr")), preferred: vec![] };
        assert!(reads.article_page(&wrong, &PagePlan::default()).await.expect("page").is_none());
    })
    .await;
}

#[tokio::test]
async fn a_page_of_related_articles_goes_on_when_articles_come_and_go() {
    each_store(async |store| {
        let tx = store.begin().await.expect("tx");
        let news = section(&tx, "News", None).await;
        let red = tag(&tx, "red").await;
        let add = async |tx: &Tx, title: &str, minutes: i64, tags: &[TagId]| {
            let mut new = article(title, minutes);
            new.content.section = Some(news);
            new.content.tags = tags.to_vec();
            store_article(tx, &new).await.id
        };
        let main = add(&tx, "Main", 100, &[red]).await;
        let tagged =
            [add(&tx, "a", 9, &[red]).await, add(&tx, "b", 8, &[red]).await, add(&tx, "c", 7, &[red]).await];
        // Older than 1970.
        let beside = [add(&tx, "d", 6, &[]).await, add(&tx, "e", -60_000_000, &[]).await];
        let pins = [add(&tx, "f", 1, &[]).await, add(&tx, "g", 2, &[]).await];
        tx.related_pin(main, &pins).await.expect("pins");
        tx.commit().await.expect("commit");

        let page = async |request: PageRequest| {
            let reads = store.reads_as(Viewer::Guest);
            let mut found = reads.article_related(&[main], &request).await.expect("related");
            found.remove(&main).expect("a page")
        };
        let ids = |page: &Page<Related>| page.items.iter().map(|(_, r)| r.card.id).collect::<Vec<_>>();
        let all = page(PageRequest::first(20)).await;
        assert_eq!(ids(&all), [pins[0], pins[1], tagged[0], tagged[1], tagged[2], beside[0], beside[1]]);
        let after = |n: usize| PageRequest { after: Some(all.items[n].0), ..PageRequest::first(20) };
        let before =
            |n: usize| PageRequest { limit: 20, from_end: true, after: None, before: Some(all.items[n].0) };

        // One comes in ahead of the cursor, the one at the cursor loses its tag, a pin goes.
        let tx = store.begin().await.expect("tx");
        let newer = add(&tx, "h", 50, &[red]).await;
        tx.related_pin(main, &pins[..1]).await.expect("pins");
        tx.commit().await.expect("commit");
        store.execute(&format!("DELETE FROM articles WHERE id = {}", tagged[1].get())).await;
        let rest = page(after(3)).await;
        assert_eq!(ids(&rest), [tagged[2], beside[0], pins[1], beside[1]]);
        assert_eq!(ids(&page(before(3)).await), [pins[0], newer, tagged[0]]);
        assert_eq!(ids(&page(after(0)).await)[..2], [newer, tagged[0]]);
    })
    .await;
}
