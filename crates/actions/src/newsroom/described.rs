//! A whole newsroom as it is described before it is stored: things name each other by slug, and dates are distances
//! from the moment of storing. Where a description comes from is not known here.

use chrono::TimeDelta;
use masthead_domain::article::{Body, CorrectionKind, Kind, Rights, Seo};
use masthead_domain::author::Link;
use masthead_domain::comment::{Policy, Status};
use masthead_domain::site::Site;
use masthead_domain::text::{LanguageTag, Localized, Slug, SlugKey};
use masthead_persistence::media::NewImage;

use crate::user::create::Person;

/// Everything of a newsroom.
#[derive(Debug, Clone)]
pub struct Newsroom {
    /// The site's settings.
    pub site: Site,
    /// Sections, a parent before its children.
    pub sections: Vec<Section>,
    /// Pictures that bodies and authors name.
    pub pictures: Vec<NewImage>,
    /// Authors.
    pub authors: Vec<Author>,
    /// Tags.
    pub tags: Vec<Tag>,
    /// Articles and pages.
    pub articles: Vec<Article>,
    /// People with a login.
    pub members: Vec<Member>,
}

/// A section.
#[derive(Debug, Clone)]
pub struct Section {
    /// Its slug.
    pub slug: Slug,
    /// The section above.
    pub parent: Option<SlugKey>,
    /// Order among siblings.
    pub position: i32,
    /// Names by language.
    pub names: Localized<String>,
    /// Descriptions by language.
    pub descriptions: Localized<String>,
}

/// An author.
#[derive(Debug, Clone)]
pub struct Author {
    /// Their slug.
    pub slug: Slug,
    /// Names by language.
    pub names: Localized<String>,
    /// What they do at the paper, by language.
    pub roles: Localized<String>,
    /// Biographies by language.
    pub biographies: Localized<String>,
    /// Labelled addresses.
    pub links: Vec<Link>,
    /// The path of one of the pictures, as bodies name it.
    pub avatar: Option<String>,
}

/// A tag.
#[derive(Debug, Clone)]
pub struct Tag {
    /// Its slug.
    pub slug: Slug,
    /// Names by language.
    pub names: Localized<String>,
}

/// An article or a page.
#[derive(Debug, Clone)]
pub struct Article {
    /// What other articles pin it by; unique in the description.
    pub key: String,
    /// What it shares with its translations.
    pub story: String,
    /// Article or page.
    pub kind: Kind,
    /// Its language.
    pub locale: LanguageTag,
    /// Its slug.
    pub slug: Slug,
    /// The headline.
    pub title: String,
    /// A second line below the headline.
    pub subtitle: Option<String>,
    /// A teaser.
    pub excerpt: Option<String>,
    /// The text; pictures in it that are named by their path below `/media/` are tied to the library.
    pub body: Body,
    /// The picture shown with it, with the texts that it has here.
    pub lead_image: Option<NewImage>,
    /// The main section.
    pub section: Option<SlugKey>,
    /// Further sections.
    pub other_sections: Vec<SlugKey>,
    /// Tags in their order.
    pub tags: Vec<SlugKey>,
    /// Authors in their order.
    pub authors: Vec<SlugKey>,
    /// Where it stands in its life.
    pub standing: Standing,
    /// How long ago it was last changed.
    pub changed_ago: TimeDelta,
    /// Breaking news.
    pub breaking: bool,
    /// Its own rule for comments.
    pub comment_policy: Option<Policy>,
    /// Rights of use.
    pub rights: Rights,
    /// For search engines.
    pub seo: Seo,
    /// Public notes on changes.
    pub corrections: Vec<Correction>,
    /// Slugs it once had.
    pub former_slugs: Vec<SlugKey>,
    /// Keys of articles that editors show beside it, in their order.
    pub pins: Vec<String>,
    /// What readers say, by threads.
    pub threads: Vec<Comment>,
}

/// Where an article stands in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Being written.
    Draft,
    /// Waiting for an editor.
    InReview,
    /// Goes live later.
    Scheduled {
        /// In how long.
        ahead: TimeDelta,
    },
    /// Readers see it.
    Published {
        /// Since how long.
        ago: TimeDelta,
    },
    /// Put aside.
    Archived,
}

/// A public note on a change.
#[derive(Debug, Clone)]
pub struct Correction {
    /// How long ago.
    pub ago: TimeDelta,
    /// What kind of change.
    pub kind: CorrectionKind,
    /// The note.
    pub note: String,
}

/// A comment with what answers it.
#[derive(Debug, Clone)]
pub struct Comment {
    /// The name shown; `None`: anonymous.
    pub author_name: Option<String>,
    /// How long ago.
    pub ago: TimeDelta,
    /// What it says.
    pub text: String,
    /// Where it stands.
    pub status: Status,
    /// Written by the newsroom.
    pub by_staff: bool,
    /// The answers.
    pub replies: Vec<Comment>,
}

/// A person with a login.
#[derive(Debug, Clone)]
pub struct Member {
    /// Who, and what they sign in with.
    pub person: Person,
    /// Whose byline is theirs.
    pub author: Option<SlugKey>,
}
