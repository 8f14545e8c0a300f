//! Storing a whole newsroom: all of it, once, beside what is there.

use chrono::TimeDelta;
use masthead_actions::newsroom::described::{Member, Newsroom};
use masthead_actions::newsroom::fill::{FillError, Filled, fill, is_empty};
use masthead_domain::article::Kind;
use masthead_domain::article::body::Block;
use masthead_domain::comment::{Order, Policy};
use masthead_domain::page::PageRequest;
use masthead_domain::user::Role;
use masthead_domain::viewer::Viewer;
use masthead_persistence::{ArticleLookup, Options, PagePlan, Store};
use masthead_tests::each_store;

use crate::fixture::{article, at, filled, id_of, in_three, key, locale, newsroom, person, slug};

#[tokio::test]
async fn everything_described_is_there_and_every_count_is_right() {
    each_store(async |store| {
        assert!(is_empty(store).await.expect("asks"));
        let newsroom = newsroom(Policy::FirstTime);
        let stored = fill(store, at(0), [1; 32], &newsroom).await.expect("fills").expect("was empty");
        let logins = vec![newsroom.members[0].person.email.clone()];
        assert_eq!(stored, Filled { articles: 8, comments: 4, logins });
        assert!(!is_empty(store).await.expect("asks"));
        assert_eq!(store.wrong_counts().await.expect("counts"), vec![]);
        assert_eq!(store.integrity_faults().await.expect("integrity"), Vec::<String>::new());

        let reads = store.reads_as(Viewer::Guest);
        assert_eq!(*reads.site().await.expect("site"), newsroom.site);
        let list = reads.article_list(None, &PageRequest::first(10)).await.expect("list");
        let titles: Vec<_> = list.items.iter().map(|(_, card)| card.title.as_str()).collect();
        assert_eq!(
            titles,
            ["A hard question", "Débat clos", "La saison de pêche commence", "موسم الصيد يبدأ"]
        );
        let above = reads.section_by_slug(&key("environment")).await.expect("section").expect("is there");
        let listed =
            reads.section_articles(&[above.line.id], Some(&locale("ar")), &PageRequest::first(10)).await;
        assert_eq!(listed.expect("list")[&above.line.id].total, Some(1));
    })
    .await;
}

#[tokio::test]
async fn an_article_has_its_translation_pins_corrections_threads_and_pictures() {
    each_store(async |store| {
        filled(store, Policy::Open).await;
        let reads = store.reads_as(Viewer::Guest);
        // Found by a slug that it once had.
        let lookup = ArticleLookup::Slug { key: key("موسم-الصيد"), locale: None, preferred: vec![] };
        let plan = PagePlan {
            details: true,
            tags: true,
            authors: true,
            translations: true,
            corrections: true,
            related: Some(PageRequest::first(2)),
            comments: None,
        };
        let page = reads.article_page(&lookup, &plan).await.expect("page").expect("is there");
        assert_eq!(page.card.title, "موسم الصيد يبدأ");
        assert_eq!(page.card.published_at, Some(at(0) - TimeDelta::hours(10)));
        assert_eq!(page.card.modified_at, at(0) - TimeDelta::hours(9));
        let translations = page.translations.expect("asked for");
        assert_eq!(translations.iter().map(|t| t.title.as_str()).collect::<Vec<_>>(), ["La saison de pêche commence"]);
        let corrections = page.corrections.expect("asked for");
        assert_eq!(corrections[0].published_at, at(0) - TimeDelta::hours(2));
        let related = page.related.expect("asked for");
        let pins: Vec<_> = related.items.iter().map(|(_, r)| (r.card.title.as_str(), r.pinned)).collect();
        assert_eq!(pins, [("Débat clos", true), ("La saison de pêche commence", true)]);
        // The same picture in two languages has the words of each.
        let alt = |card: &masthead_domain::article::Card| card.lead_image.as_ref().map(|image| image.alt.clone());
        assert_eq!(alt(&page.card).as_deref(), Some("قوارب عند الفجر"));
        let french = id_of(store, "La saison de pêche commence").await;
        let cards = reads.articles_by_id(&[french]).await.expect("cards");
        assert_eq!(alt(&cards[&french]).as_deref(), Some("Des bateaux à l’aube"));
        // A picture in the body is the library's, with its size.
        let body = page.details.expect("asked for").body.blocks;
        let Some(Block::Figure(figure)) = body.blocks().last() else { panic!("{body:?}") };
        assert_eq!((figure.width, figure.height), (Some(1600), Some(900)));
        let id = figure.id.expect("tied to the library");
        let image = &reads.images_by_id(&[id]).await.expect("images")[&id];
        assert_eq!(image.location(Some(640)), "/media/640/demo/boats.jpg");
        let authors = page.authors.expect("asked for");
        assert!(authors[0].avatar.is_some() && authors[0].article_count == 4, "{authors:?}");

        let threads =
            reads.article_comments(&[page.card.id], Order::Oldest, &PageRequest::first(10)).await.expect("threads");
        let threads = &threads[&page.card.id];
        assert_eq!(threads.items.len(), 1, "spam is not shown");
        let deepest = "SELECT COUNT(*) FROM comments c WHERE depth = 2 AND c.root_id = (SELECT root_id FROM comments WHERE id = c.parent_id)";
        assert_eq!(store.number(deepest).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_newsroom_that_has_articles_is_left_alone() {
    each_store(async |store| {
        filled(store, Policy::Open).await;
        let before = store.number("SELECT MAX(seq) FROM events").await;
        store.execute("UPDATE site SET comment_policy = 'MEMBERS'").await;
        let again = Newsroom { members: vec![], ..newsroom(Policy::Open) };
        assert_eq!(fill(store, at(60), [2; 32], &again).await.expect("asks"), None);
        assert_eq!(store.number("SELECT MAX(seq) FROM events").await, before);
        assert_eq!(store.texts("SELECT comment_policy FROM site").await, ["MEMBERS"]);
        assert_eq!(store.number("SELECT COUNT(*) FROM articles").await, 8);
    })
    .await;
}

#[tokio::test]
async fn what_was_there_before_stays() {
    each_store(async |store| {
        let tx = store.begin().await.expect("tx");
        let mut site = tx.site().await.expect("site");
        site.names = in_three("ميناؤنا", "Notre port", "Our Port");
        tx.site_update(&site).await.expect("update");
        let tag = tx.tag_create(&slug("port"), &in_three("مرفأ", "Quais", "Quays")).await.expect("tag");
        tx.commit().await.expect("commit");
        let nadia = person("nadia@harbourvoice.example", "نادية منصور", Role::Admin);
        masthead_actions::user::create::create(store, at(0), [3; 32], nadia, &[]).await.expect("a login");

        let newsroom = newsroom(Policy::Closed);
        let filled = fill(store, at(1), [1; 32], &newsroom).await.expect("fills").expect("was empty");
        assert_eq!(filled.logins, vec![], "the address had a login already");
        let reads = store.reads_as(Viewer::Guest);
        assert_eq!(*reads.site().await.expect("site"), site);
        assert_eq!(reads.tag_by_slug(&key("port")).await.expect("tag").map(|tag| tag.id), Some(tag));
        assert_eq!(store.texts("SELECT role FROM users").await, ["ADMIN"]);
        // Her byline was made with the login, and the newsroom's articles are by it.
        assert_eq!(store.number("SELECT COUNT(*) FROM authors").await, 2);
    })
    .await;
}

#[tokio::test]
async fn a_name_that_leads_nowhere_stores_nothing() {
    each_store(async |store| {
        let base = || Newsroom { members: vec![], ..newsroom(Policy::Open) };
        let with = |change: fn(&mut Newsroom)| {
            let mut newsroom = base();
            change(&mut newsroom);
            newsroom
        };
        for (noun, name, newsroom) in [
            ("section", "air", with(|n| n.articles[3].section = Some(key("air")))),
            ("section", "air", with(|n| n.sections[0].parent = Some(key("air")))),
            ("tag", "ports", with(|n| n.articles[0].tags.push(key("ports")))),
            ("author", "nobody", with(|n| n.articles[0].authors.push(key("nobody")))),
            ("article", "season.en", with(|n| n.articles[7].pins.push("season.en".into()))),
            ("picture", "/media/x.jpg", with(|n| n.authors[0].avatar = Some("/media/x.jpg".into()))),
            (
                "author",
                "nobody",
                with(|n| {
                    let person = person("x@example.org", "X", Role::Author);
                    n.members.push(Member { person, author: Some(key("nobody")) });
                }),
            ),
        ] {
            match fill(store, at(0), [1; 32], &newsroom).await {
                Err(FillError::Unknown { noun: told, name: missing, .. }) => {
                    assert_eq!((told, missing.as_str()), (noun, name))
                }
                other => panic!("{noun} {name}: {other:?}"),
            }
            for table in ["sections", "authors", "articles", "images", "comments", "events", "users"] {
                assert_eq!(
                    store.number(&format!("SELECT COUNT(*) FROM {table}")).await,
                    0,
                    "{noun}: {table}"
                );
            }
        }
        assert!(fill(store, at(0), [1; 32], &base()).await.expect("fills").is_some());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_that_start_at_once_one_fills() {
    each_store(async |store| {
        let other = Store::open(&Options::new(store.url())).await.expect("opens");
        let both = [(**store).clone(), other.clone()].map(|store| {
            let newsroom = Newsroom { members: vec![], ..newsroom(Policy::Open) };
            tokio::spawn(async move { fill(&store, at(0), [1; 32], &newsroom).await })
        });
        let mut filled = 0;
        for one in both {
            filled += usize::from(one.await.expect("no panic").expect("fills").is_some());
        }
        other.close().await.expect("closes");
        assert_eq!(filled, 1);
        assert_eq!(store.number("SELECT COUNT(*) FROM articles").await, 8);
        assert_eq!(store.wrong_counts().await.expect("counts"), vec![]);
    })
    .await;
}

#[tokio::test]
async fn a_page_is_in_no_list_and_the_future_is_not_public() {
    each_store(async |store| {
        let mut newsroom = Newsroom { members: vec![], ..newsroom(Policy::Open) };
        let mut page = article("about.fr", "Qui sommes-nous", 100);
        page.kind = Kind::Page;
        page.section = None;
        newsroom.articles = vec![page, newsroom.articles.remove(6)];
        fill(store, at(0), [1; 32], &newsroom).await.expect("fills").expect("was empty");
        let reads = store.reads_as(Viewer::Guest);
        let list = reads.article_list(None, &PageRequest::first(10)).await.expect("list");
        assert_eq!((list.items.len(), list.total), (0, Some(0)));
        let lookup = |slug: &str| ArticleLookup::Slug { key: key(slug), locale: None, preferred: vec![] };
        let plan = PagePlan::default();
        assert!(reads.article_page(&lookup("qui-sommes-nous"), &plan).await.expect("page").is_some());
        assert!(reads.article_page(&lookup("later"), &plan).await.expect("page").is_none());
        let goes_live = store.number("SELECT scheduled_for FROM articles WHERE slug = 'later'").await;
        assert_eq!(goes_live, (at(0) + TimeDelta::hours(20)).timestamp_micros());
    })
    .await;
}
