//! Lists page by keyset from both ends, count what they hold, and hide what is not public.

use masthead_domain::article::{Card, Kind, Status};
use masthead_domain::page::{Page, PageRequest, Place};
use masthead_domain::viewer::Viewer;
use masthead_tests::each_store;

use crate::fixture::*;

/// Walks a list page by page, forwards and backwards, and returns the titles in the list's order.
async fn walk(limit: u32, ask: impl AsyncFn(PageRequest) -> Page<Card>) -> Vec<String> {
    let mut forwards = Vec::new();
    let mut after = None;
    loop {
        let page = ask(PageRequest { limit, from_end: false, after, before: None }).await;
        assert_eq!(page.has_previous, after.is_some());
        forwards.extend(page.items.iter().map(|(_, card)| card.title.clone()));
        after = page.items.last().map(|(place, _)| *place);
        if !page.has_next {
            break;
        }
    }
    let mut backwards = Vec::new();
    let mut before: Option<Place> = None;
    loop {
        let page = ask(PageRequest { limit, from_end: true, after: None, before }).await;
        assert_eq!(page.has_next, before.is_some());
        backwards.extend(page.items.iter().rev().map(|(_, card)| card.title.clone()));
        before = page.items.first().map(|(place, _)| *place);
        if !page.has_previous {
            break;
        }
    }
    backwards.reverse();
    assert_eq!(forwards, backwards, "both ways give one order");
    forwards
}

#[tokio::test]
async fn every_list_pages_both_ways_and_counts() {
    each_store(async |store| {
        let tx = store.begin().await.expect("tx");
        let top = section(&tx, "News", None).await;
        let below = section(&tx, "City", Some(top)).await;
        let (red, blue) = (tag(&tx, "red").await, tag(&tx, "blue").await);
        let nadia = author(&tx, "Nadia").await;
        for n in 0..7_i64 {
            let mut new = article(&format!("Story {n}"), n / 2); // pairs share an instant, so that the key breaks ties
            new.locale = locale(if n % 3 == 0 { "ar" } else { "en" });
            new.content.section = Some(if n % 2 == 0 { top } else { below });
            new.content.tags = if n < 5 { vec![red] } else { vec![blue, red] };
            new.content.authors = vec![nadia];
            store_article(&tx, &new).await;
        }
        let mut page = article("About us", 50);
        page.kind = Kind::Page;
        page.content.section = Some(top);
        page.content.tags = vec![red];
        page.content.authors = vec![nadia];
        store_article(&tx, &page).await;
        for status in [Status::Draft, Status::InReview, Status::Archived] {
            let mut hidden = article(&format!("Hidden {status:?}"), 60);
            hidden.status = status;
            hidden.content.section = Some(below);
            hidden.content.tags = vec![red];
            hidden.content.authors = vec![nadia];
            store_article(&tx, &hidden).await;
        }
        tx.commit().await.expect("commit");
        assert_eq!(store.wrong_counts().await.expect("counts"), []);

        let reads = store.reads_as(Viewer::Guest);
        let all: Vec<String> = (0..7).rev().map(|n| format!("Story {n}")).collect();
        for limit in [1, 2, 3, 7, 50] {
            assert_eq!(
                walk(limit, async |request| reads.article_list(None, &request).await.expect("page")).await,
                all
            );
            let in_top = walk(limit, async |request| {
                reads.section_articles(&[top], None, &request).await.expect("page").remove(&top).expect("top")
            });
            assert_eq!(in_top.await, all, "a section lists its descendants' articles");
            let tagged = walk(limit, async |request| {
                reads.tag_articles(&[red], None, &request).await.expect("page").remove(&red).expect("red")
            });
            assert_eq!(tagged.await, all);
            let arabic = walk(limit, async |request| {
                reads
                    .author_articles(&[nadia], Some(&locale("ar")), &request)
                    .await
                    .expect("page")
                    .remove(&nadia)
                    .expect("nadia")
            });
            assert_eq!(arabic.await, ["Story 6", "Story 3", "Story 0"]);
        }
        let both = reads.section_articles(&[top, below], None, &PageRequest::first(2)).await.expect("both");
        assert_eq!(both[&top].total, Some(7));
        assert_eq!(both[&below].total, Some(3));
        assert_eq!(both[&below].items.len(), 2);
        let arabic =
            reads.section_articles(&[below], Some(&locale("ar")), &PageRequest::first(9)).await.expect("ar");
        assert_eq!(arabic[&below].total, Some(1));
        let none =
            reads.tag_articles(&[blue], Some(&locale("fr")), &PageRequest::first(9)).await.expect("fr");
        assert_eq!((none[&blue].total, none[&blue].items.len()), (Some(0), 0));
        let behind_the_end = PageRequest { after: Some(Place { sort: 0, id: 0 }), ..PageRequest::first(3) };
        let empty = reads.article_list(None, &behind_the_end).await.expect("page");
        assert_eq!((empty.total, empty.items.len(), empty.has_next), (Some(7), 0, false));
        let sections = reads.sections().await.expect("sections");
        assert_eq!(sections.iter().map(|s| s.line.slug.as_str()).collect::<Vec<_>>(), ["news", "city"]);
    })
    .await;
}

#[tokio::test]
async fn a_taken_slug_gets_the_next_number() {
    each_store(async |store| {
        let tx = store.begin().await.expect("tx");
        let mut slugs = Vec::new();
        for n in 0..25 {
            slugs.push(store_article(&tx, &article("Budget", n)).await.slug.as_str().to_owned());
        }
        let mut french = article("Budget", 30);
        french.locale = locale("fr");
        assert_eq!(
            store_article(&tx, &french).await.slug.as_str(),
            "budget",
            "unique within its language only"
        );
        assert_eq!(slugs[..3], ["budget", "budget-2", "budget-3"]);
        slugs.sort();
        slugs.dedup();
        assert_eq!(slugs.len(), 25);
    })
    .await;
}
