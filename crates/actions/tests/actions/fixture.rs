//! A small described newsroom, and the circumstances of an action.

use chrono::{DateTime, TimeDelta, Utc};
use masthead_actions::Occasion;
use masthead_actions::newsroom::described::{
    Article, Author, Comment, Correction, Member, Newsroom, Section, Standing, Tag,
};
use masthead_actions::newsroom::fill::fill;
use masthead_actions::user::create::Person;
use masthead_actions::user::password::Password;
use masthead_domain::article::body::{Block, FigureImage, Inline, Marks};
use masthead_domain::article::{ArticleId, Body, CorrectionKind, Kind, Rights, Seo};
use masthead_domain::comment::{Policy, Status};
use masthead_domain::media::ImageSource;
use masthead_domain::site::{Permalink, Site, TimeZone};
use masthead_domain::text::{LanguageTag, Localized, Slug, SlugKey};
use masthead_domain::user::{EmailAddress, Role};
use masthead_domain::viewer::Viewer;
use masthead_persistence::media::NewImage;
use masthead_tests::TestStore;

/// A day in October 2025, plus minutes.
pub fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_760_000_000, 0).expect("an instant") + TimeDelta::minutes(minutes)
}

/// A guest, so many minutes after the newsroom was stored.
pub fn guest(minutes: i64) -> Occasion {
    Occasion { viewer: Viewer::Guest, now: at(minutes), entropy: [minutes.to_le_bytes()[0]; 32] }
}

pub fn locale(tag: &str) -> LanguageTag {
    LanguageTag::parse(tag).expect("a language tag")
}

pub fn in_three(ar: &str, fr: &str, en: &str) -> Localized<String> {
    [("ar", ar), ("fr", fr), ("en", en)]
        .map(|(tag, text)| (locale(tag), text.to_owned()))
        .into_iter()
        .collect()
}

pub fn key(slug: &str) -> SlugKey {
    SlugKey::of(slug)
}

pub fn slug(title: &str) -> Slug {
    Slug::make(title).expect("letters")
}

pub fn site(policy: Policy) -> Site {
    Site {
        names: in_three("صوت المرفأ", "La Voix du Port", "Harbour Voice"),
        taglines: Localized::new(),
        copyright_notices: Localized::new(),
        default_locale: locale("ar"),
        locales: vec![locale("ar"), locale("fr"), locale("en")],
        comment_policy: policy,
        comments_close_after_days: None,
        permalink: Permalink::default(),
        former_permalinks: Vec::new(),
        time_zone: TimeZone::UTC,
    }
}

pub fn picture(name: &str, alt: &str) -> NewImage {
    NewImage {
        source: ImageSource::Stored(name.to_owned()),
        width: Some(1600),
        height: Some(900),
        alt: alt.to_owned(),
        credit: None,
        caption: None,
    }
}

/// A published article with a paragraph and a picture; change what the test is about.
pub fn article(key: &str, title: &str, hours_ago: i64) -> Article {
    let (story, tag) = key.rsplit_once('.').expect("story.locale");
    let text = Inline::Text { text: format!("{title}…"), marks: Marks::default() };
    let figure = FigureImage {
        id: None,
        src: "/media/demo/boats.jpg".into(),
        width: None,
        height: None,
        alt: "قوارب".into(),
        caption: vec![],
        credit: None,
        link: None,
    };
    Article {
        key: key.into(),
        story: story.into(),
        kind: Kind::Article,
        locale: locale(tag),
        slug: slug(title),
        title: title.into(),
        subtitle: None,
        excerpt: None,
        body: Body(vec![Block::Paragraph { direction: None, content: vec![text] }, Block::Figure(figure)]),
        lead_image: None,
        section: Some(self::key("sea")),
        other_sections: vec![],
        tags: vec![self::key("port")],
        authors: vec![self::key("نادية-منصور")],
        standing: Standing::Published { ago: TimeDelta::hours(hours_ago) },
        changed_ago: TimeDelta::hours(hours_ago - 1),
        breaking: false,
        comment_policy: None,
        rights: Rights::default(),
        seo: Seo::default(),
        corrections: vec![],
        former_slugs: vec![],
        pins: vec![],
        threads: vec![],
    }
}

pub fn comment(author: &str, text: &str, status: Status, replies: Vec<Comment>) -> Comment {
    Comment {
        author_name: Some(author.into()),
        ago: TimeDelta::minutes(90),
        text: text.into(),
        status,
        by_staff: false,
        replies,
    }
}

/// Two sections, two authors, a story in two languages, articles in every state, and a login.
pub fn newsroom(policy: Policy) -> Newsroom {
    let section = |name: &str, parent: Option<&str>| Section {
        slug: slug(name),
        parent: parent.map(key),
        position: 1,
        names: in_three(name, name, name),
        descriptions: Localized::new(),
    };
    let author = |slug: &str, avatar: Option<&str>| Author {
        slug: Slug::import(slug).expect("a slug"),
        names: in_three("نادية منصور", "Nadia Mansour", "Nadia Mansour"),
        roles: Localized::new(),
        biographies: Localized::new(),
        links: vec![],
        avatar: avatar.map(str::to_owned),
    };
    let mut arabic = article("season.ar", "موسم الصيد يبدأ", 10);
    arabic.former_slugs = vec![key("موسم-الصيد")];
    arabic.lead_image = Some(picture("demo/season.ar.jpg", "قوارب عند الفجر"));
    arabic.pins = vec!["closed.fr".into(), "season.fr".into()];
    arabic.corrections = vec![Correction {
        ago: TimeDelta::hours(2),
        kind: CorrectionKind::Clarification,
        note: "المساحة بالهكتار.".into(),
    }];
    let answer = comment("سليم", "شكرًا!", Status::Published, vec![]);
    arabic.threads = vec![
        comment(
            "ليلى",
            "متى يبدأ؟",
            Status::Published,
            vec![comment("نادية", "الأحد.", Status::Published, vec![answer])],
        ),
        comment("x", "buy now", Status::Spam, vec![]),
    ];
    let mut french = article("season.fr", "La saison de pêche commence", 9);
    french.lead_image = Some(picture("demo/season.fr.jpg", "Des bateaux à l’aube"));
    let mut closed = article("closed.fr", "Débat clos", 8);
    closed.comment_policy = Some(Policy::Closed);
    let mut moderated = article("moderated.en", "A hard question", 7);
    moderated.comment_policy = Some(Policy::Moderated);
    let in_state = |key: &str, title: &str, standing| Article { standing, ..article(key, title, 6) };
    Newsroom {
        site: site(policy),
        sections: vec![section("environment", None), section("sea", Some("environment"))],
        pictures: vec![picture("demo/boats.jpg", ""), picture("demo/avatar-3.jpg", "")],
        authors: vec![author("نادية-منصور", Some("/media/demo/avatar-3.jpg")), author("hugo-lefevre", None)],
        tags: vec![Tag { slug: slug("port"), names: in_three("الميناء", "Port", "Port") }],
        articles: vec![
            arabic,
            french,
            closed,
            moderated,
            in_state("draft.en", "A draft", Standing::Draft),
            in_state("review.en", "In review", Standing::InReview),
            in_state("later.en", "Later", Standing::Scheduled { ahead: TimeDelta::hours(20) }),
            in_state("aside.en", "Put aside", Standing::Archived),
        ],
        members: vec![Member {
            person: person("nadia@harbourvoice.example", "نادية منصور", Role::Editor),
            author: Some(key("نادية-منصور")),
        }],
    }
}

pub fn person(email: &str, name: &str, role: Role) -> Person {
    Person {
        email: EmailAddress::parse(email).expect("an address"),
        name: name.into(),
        role,
        password: Password::parse("سفينة تعود من بعيد", &[]).expect("a password"),
    }
}

/// Stores that newsroom, without logins, which take time to hash.
pub async fn filled(store: &TestStore, policy: Policy) {
    let newsroom = Newsroom { members: vec![], ..newsroom(policy) };
    fill(store, at(0), [1; 32], &newsroom).await.expect("fills").expect("was empty");
}

/// The article of this title's slug, public or not.
pub async fn id_of(store: &TestStore, title: &str) -> ArticleId {
    let slug = slug(title);
    let id = store.number(&format!("SELECT id FROM articles WHERE slug = '{slug}'")).await;
    ArticleId::from_stored(id)
}
