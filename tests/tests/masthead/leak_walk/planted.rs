//! A newsroom full of secrets: a word of its own in everything that an article holds, in every state that hides it, and
//! who may find it.
//!
//! Two twins are made by the same steps in the same order, with the same keys: one without what is hidden, and one also
//! without the tags and pictures that only what is hidden uses.

mod deeds;

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use masthead_actions::Occasion;
use masthead_actions::article::input::{ArticleInput, Patch};
use masthead_domain::article::lifecycle::Transition;
use masthead_domain::article::{ArticleId, Body, Kind, Rights, Seo};
use masthead_domain::comment::Status;
use masthead_domain::media::{ImageId, ImageSource};
use masthead_domain::text::{LanguageTag, Localized, Slug};
use masthead_domain::user::Role;
use masthead_domain::viewer::{Permission, Viewer};
use masthead_persistence::media::NewImage;
use masthead_persistence::section::SectionTexts;

use crate::newsroom::{Newsroom, now};

/// Begins every secret; three letters follow.
pub const MARK: &str = "zqxjv";

/// Who looks, as places in [`Planted::watchers`] and bits of a [`Secret`].
pub const GUEST: usize = 0;
pub const READER: usize = 1;
pub const WRITER: usize = 5;
pub const CITY_EDITOR: usize = 6;
pub const EDITOR: usize = 7;
pub const ADMIN: usize = 8;
/// Everyone, and in which sections they work.
const WATCHERS: [(&str, Option<Role>, &[&str]); 9] = [
    ("a guest", None, &[]),
    ("Reem", Some(Role::Reader), &[]),
    ("Colin", Some(Role::Contributor), &[]),
    ("Amal", Some(Role::Author), &[]),
    ("Sami", Some(Role::Editor), &["sport"]),
    ("Rania", Some(Role::Author), &[]),
    ("Claire", Some(Role::Editor), &["city"]),
    ("Edith", Some(Role::Editor), &[]),
    ("Adam", Some(Role::Admin), &[]),
];

/// How much of the newsroom is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Extent {
    /// What is public.
    Public,
    /// Also the tags and pictures that wait to be used.
    Library,
    /// Everything.
    Whole,
}

/// A word that some may find.
pub struct Secret {
    /// The word.
    pub word: String,
    /// What it stands in.
    pub what: String,
    may: u16,
    must: u16,
}

/// A newsroom with secrets.
pub struct Planted {
    /// The newsroom.
    pub newsroom: Newsroom,
    /// Everyone who looks, with a name.
    pub watchers: Vec<(&'static str, Viewer)>,
    /// Every secret.
    pub secrets: Vec<Secret>,
    /// Global ids of what is hidden, and who sees them.
    pub hidden: Vec<(String, u16)>,
    /// Global ids of articles that everyone sees.
    pub public: Vec<String>,
    /// An unpublished article of which the word in the title is given.
    pub previewed: Option<ArticleId>,
    extent: Extent,
    clock: DateTime<Utc>,
    library: Vec<Shelf>,
}

/// The tag and the picture that one case uses.
#[derive(Clone)]
struct Shelf {
    case: &'static str,
    tag: String,
    image: Option<ImageId>,
}

const LOOKS: u16 = 0b1_1111_1111;
/// Who works on what the writer writes in the city's section.
const CITY: u16 = bit(WRITER) | bit(CITY_EDITOR) | bit(EDITOR) | bit(ADMIN);
/// Who works on what an editor wrote in no section.
const INNER: u16 = bit(EDITOR) | bit(ADMIN);
const CASES: [(&str, u16); 12] = [
    ("draft", CITY),
    ("in review", CITY),
    ("scheduled", CITY),
    ("embargoed", CITY),
    ("public, then embargoed", CITY),
    ("archived", CITY),
    ("shelved", CITY),
    ("changed head", CITY),
    ("page", CITY),
    ("translation", CITY),
    ("foreign", INNER),
    ("deleted", 0),
];

/// The bit of a watcher.
pub const fn bit(watcher: usize) -> u16 {
    1 << watcher
}

impl Secret {
    pub fn may_be_found_by(&self, watcher: usize) -> bool {
        self.may & bit(watcher) != 0
    }

    pub fn must_be_found_by(&self, watcher: usize) -> bool {
        self.must & bit(watcher) != 0
    }
}

impl Planted {
    /// Makes the newsroom.
    pub async fn plant(newsroom: Newsroom, extent: Extent) -> Self {
        let mut planted = Self {
            newsroom,
            watchers: vec![("a guest", Viewer::Guest)],
            secrets: Vec::new(),
            hidden: Vec::new(),
            public: Vec::new(),
            previewed: None,
            extent,
            clock: now(),
            library: Vec::new(),
        };
        planted.paper().await;
        planted.published().await;
        planted.shelves().await;
        planted.unpublished().await;
        planted
    }

    /// When everything is done, and nothing has fallen due yet.
    pub fn later(&self) -> DateTime<Utc> {
        now() + TimeDelta::hours(6)
    }

    /// The secrets that a text holds.
    pub fn in_text<'a>(&'a self, text: &'a str) -> impl Iterator<Item = &'a Secret> {
        let marked: BTreeSet<&str> =
            text.match_indices(MARK).filter_map(|(at, _)| text.get(at..at + MARK.len() + 3)).collect();
        self.secrets.iter().filter(move |secret| match secret.word.starts_with(MARK) {
            true => marked.contains(secret.word.as_str()),
            false => text.contains(&secret.word),
        })
    }

    /// A word that these may find, and these must.
    fn word(&mut self, what: &str, may: u16, must: u16) -> String {
        let n = self.secrets.len();
        let letter = |n: usize| char::from(b'a' + u8::try_from(n % 26).expect("below 26"));
        let word = format!("{MARK}{}{}{}", letter(n / 676), letter(n / 26), letter(n));
        self.secrets.push(Secret { word: word.clone(), what: what.to_owned(), may, must });
        word
    }

    fn occasion(&mut self, who: usize) -> Occasion {
        self.clock += TimeDelta::minutes(1);
        Occasion { viewer: self.watchers[who].1.clone(), now: self.clock, entropy: [5; 32] }
    }

    async fn paper(&mut self) {
        let tx = self.newsroom.store.begin().await.expect("begins");
        let mut site = tx.site().await.expect("a site");
        site.names = texts("The Paper");
        site.locales = vec![tag("en"), tag("ar")];
        tx.site_update(&site).await.expect("stores");
        for (position, slug) in ["city", "sport"].into_iter().enumerate() {
            let section = SectionTexts {
                slug: Slug::from_stored(slug.to_owned()),
                names: texts(slug),
                descriptions: Localized::new(),
                parent: None,
                position: i32::try_from(position).expect("few"),
            };
            tx.section_create(&section).await.expect("stores");
        }
        tx.commit().await.expect("commits");
        for (place, (name, role, sections)) in WATCHERS.into_iter().enumerate().skip(1) {
            let viewer = self.newsroom.person(name, role.expect("a member"), sections).await;
            self.watchers.push((name, viewer));
            // Each address is its owner's, and the administrators'.
            let word = format!("{}@news.example", name.to_lowercase());
            let may = bit(place) | bit(ADMIN);
            self.secrets.push(Secret { word, what: format!("{name}: address"), may, must: bit(place) });
        }
    }

    /// What everyone sees, with secrets in its history.
    async fn published(&mut self) {
        let old = self.word("a public article: an old title", CITY, CITY);
        let why = self.word("a public article: a reason", CITY, CITY);
        let first = self.create(WRITER, input(&format!("Was {old}"), "Open words", "city")).await;
        self.change(
            first,
            1,
            ArticleInput {
                title: Some("The bridge".to_owned()),
                slug: Patch::Set("the-bridge".to_owned()),
                reason: Some(why),
                ..Default::default()
            },
        )
        .await;
        self.step(EDITOR, first, Transition::Publish, None).await;
        let second = self.create(EDITOR, input("The match", "Open words", "sport")).await;
        self.step(EDITOR, second, Transition::Publish, None).await;
        let mail = self.word("a public comment: its writer's address", INNER | bit(CITY_EDITOR), 0);
        self.comment(first, Status::Published, "Open words", None, Some(&format!("{mail}@mail.example")))
            .await;
        self.public = vec![global("Article", first.get()), global("Article", second.get())];
    }

    /// Tags and pictures that are there before anything public uses them.
    async fn shelves(&mut self) {
        for (case, sees) in CASES {
            let desk = LOOKS & !bit(GUEST) & !bit(READER);
            let tag_word = self.word(&format!("{case}: a tag"), desk, sees);
            let library = self.with(Permission::UploadImages) | sees;
            let words = ["alt", "credit", "caption"]
                .map(|part| self.word(&format!("{case}: the picture's {part}"), library, sees));
            let mut shelf = Shelf { case, tag: format!("Tag {tag_word}"), image: None };
            if self.extent >= Extent::Library {
                let tx = self.newsroom.store.begin().await.expect("begins");
                tx.tag_create(&Slug::make(&shelf.tag).expect("letters"), &texts(&shelf.tag))
                    .await
                    .expect("stores");
                let [alt, credit, caption] = words;
                let image = NewImage {
                    source: ImageSource::Remote(format!(
                        "https://pictures.example/{}.jpg",
                        self.secrets.len()
                    )),
                    width: Some(640),
                    height: Some(480),
                    alt,
                    credit: Some(credit),
                    caption: Some(caption),
                };
                shelf.image = Some(tx.image_add(&image, self.clock).await.expect("stores"));
                tx.commit().await.expect("commits");
            }
            self.library.push(shelf);
        }
    }

    /// Everything that is hidden, each state of it.
    async fn unpublished(&mut self) {
        let due = now() + TimeDelta::days(1);
        let head = self.create(WRITER, input("The plan", "Open words", "city")).await;
        self.step(EDITOR, head, Transition::Publish, None).await;
        self.public.push(global("Article", head.get()));
        if self.extent < Extent::Whole {
            return;
        }
        for (case, sees) in CASES {
            let mut secret = self.secret_input(case, sees);
            let id = match case {
                "changed head" => {
                    self.change(head, 2, secret).await;
                    continue;
                }
                "public, then embargoed" => {
                    let id = self.create(WRITER, input("The test", "Open words", "city")).await;
                    self.step(EDITOR, id, Transition::Publish, None).await;
                    secret.embargo_until = Patch::Set(due);
                    self.change(id, 2, secret).await;
                    self.step(EDITOR, id, Transition::Publish, None).await;
                    id
                }
                "embargoed" => {
                    secret.embargo_until = Patch::Set(due);
                    let id = self.create(WRITER, secret).await;
                    self.step(EDITOR, id, Transition::Publish, None).await;
                    id
                }
                "page" => self.create(WRITER, ArticleInput { kind: Some(Kind::Page), ..secret }).await,
                "translation" => {
                    let bridge = ArticleId::from_stored(1);
                    self.create(
                        WRITER,
                        ArticleInput {
                            locale: Some(tag("ar")),
                            translation_of: Patch::Set(bridge),
                            ..secret
                        },
                    )
                    .await
                }
                "foreign" => self.create(EDITOR, ArticleInput { section: Patch::Keep, ..secret }).await,
                _ => self.create(WRITER, secret).await,
            };
            self.hidden.push((global("Article", id.get()), sees));
            self.go_on(case, sees, id, due).await;
        }
        let bridge = ArticleId::from_stored(1);
        let pinned: Vec<ArticleId> = self.previewed.into_iter().collect();
        let tx = self.newsroom.store.begin().await.expect("begins");
        tx.related_pin(bridge, &pinned).await.expect("stores");
        tx.commit().await.expect("commits");
        for status in [Status::Pending, Status::Rejected, Status::Spam, Status::Withdrawn] {
            let may = INNER | bit(CITY_EDITOR);
            let [text, name, mail] = ["text", "name", "address"]
                .map(|part| self.word(&format!("a comment that is {status:?}: {part}"), may, 0));
            let id =
                self.comment(bridge, status, &text, Some(&name), Some(&format!("{mail}@mail.example"))).await;
            self.hidden.push((global("Comment", id), may));
        }
    }

    /// Something secret in every field.
    fn secret_input(&mut self, case: &str, sees: u16) -> ArticleInput {
        let shelf = self.library.iter().find(|shelf| shelf.case == case).expect("a shelf").clone();
        let mut word = |part: &str| self.word(&format!("{case}: {part}"), sees, sees);
        let html = format!(
            "<p>Text {}.</p><figure><img src=\"https://pictures.example/in-text.jpg\" alt=\"{}\"><figcaption>{}</figcaption></figure>",
            word("the text"),
            word("a picture in the text"),
            word("a caption in the text")
        );
        ArticleInput {
            title: Some(format!("Title {}", word("title"))),
            subtitle: Patch::Set(word("subtitle")),
            excerpt: Patch::Set(word("excerpt")),
            slug: Patch::Set(format!("slug-{}", word("slug"))),
            section: Patch::Set("city".to_owned()),
            tag_names: Some(vec![shelf.tag]),
            body: Some(Body::from_html(&html).0),
            lead_image: shelf.image.map_or(Patch::Keep, Patch::Set),
            seo: Some(Seo {
                title: Some(word("title for search")),
                description: Some(word("description for search")),
            }),
            rights: Some(Rights {
                licence: Some(word("licence")),
                notice: Some(word("notice")),
                syndicatable: false,
            }),
            reason: Some(word("reason")),
            ..ArticleInput::default()
        }
    }

    /// Everyone who has a permission.
    fn with(&self, permission: Permission) -> u16 {
        let has = |viewer: &Viewer| viewer.member().is_some_and(|member| permission.is_of(member));
        self.watchers
            .iter()
            .enumerate()
            .filter(|(_, (_, viewer))| has(viewer))
            .map(|(place, _)| bit(place))
            .sum()
    }
}

fn input(title: &str, text: &str, section: &str) -> ArticleInput {
    ArticleInput {
        title: Some(title.to_owned()),
        section: Patch::Set(section.to_owned()),
        tag_names: Some(vec!["Rivers".to_owned()]),
        body: Some(Body::from_html(&format!("<p>{text}.</p>")).0),
        ..ArticleInput::default()
    }
}

fn global(noun: &str, key: i64) -> String {
    super::documents::id(noun, key)
}

fn tag(tag: &str) -> LanguageTag {
    LanguageTag::from_stored(tag.to_owned())
}

fn texts(text: &str) -> Localized<String> {
    Localized::from_iter([(tag("en"), text.to_owned())])
}
