//! What an export declares before its items: the channel, authors and terms.
//! It must not know how they are read, nor what Masthead makes of them.

use std::collections::BTreeMap;

use super::post::Post;
use super::problem::{Ending, Problem};

/// One thing of the file, in the file's order.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    /// The site's own data. Comes once, before the first other entry; problems may come before it.
    Channel(Channel),
    /// A `wp:author`.
    Author(Author),
    /// A `wp:category`.
    Category(Category),
    /// A `wp:tag`.
    Tag(Tag),
    /// A `wp:term`: a term of any taxonomy; recent exports repeat categories and tags here.
    Term(Term),
    /// An `item`: a post, a page, an attachment or anything else that WordPress keeps as one.
    Post(Box<Post>),
    /// A repair or a loss. Those of one entry come right before it.
    Problem(Problem),
    /// How the file ended. Comes once, last.
    End(Ending),
}

/// The site that was exported. All fields are None where the file does not have them or has them empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Channel {
    /// The site's name; may hold HTML entities.
    pub title: Option<String>,
    /// The site's address.
    pub link: Option<String>,
    /// The tagline; may hold HTML entities.
    pub description: Option<String>,
    /// As the site has it, `en-US`, `ar`, `fr-FR`.
    pub language: Option<String>,
    /// Version of the format, `1.0` to `1.2`.
    pub wxr_version: Option<String>,
    /// The network's address; the site's own where there is no network.
    pub base_site_url: Option<String>,
    /// The site's address again, by the format's own field.
    pub base_blog_url: Option<String>,
}

/// A user of the exported site who wrote something. Only `login` is sure to be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// Where the entry begins.
    pub line: u64,
    /// WordPress's number of the user.
    pub id: Option<i64>,
    /// The name to sign in with; items name their creator by it.
    pub login: String,
    /// The e-mail address: personal data, not to be shown.
    pub email: Option<String>,
    /// The name that readers see.
    pub display_name: Option<String>,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
}

/// A category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Where the entry begins.
    pub line: u64,
    /// WordPress's number of the term.
    pub id: Option<i64>,
    /// The slug as it stands, percent-encoded perhaps. The name where the file has none.
    pub slug: String,
    /// Slug of the category above, None at the top. May name one that is not declared.
    pub parent: Option<String>,
    /// The name; may hold HTML entities. The slug where the file has none.
    pub name: String,
    /// HTML; empty where there is none.
    pub description: String,
}

/// A tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Where the entry begins.
    pub line: u64,
    /// WordPress's number of the term.
    pub id: Option<i64>,
    /// The slug as it stands, percent-encoded perhaps. The name where the file has none.
    pub slug: String,
    /// The name; may hold HTML entities. The slug where the file has none.
    pub name: String,
    /// HTML; empty where there is none.
    pub description: String,
}

/// A term of any taxonomy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Where the entry begins.
    pub line: u64,
    /// WordPress's number of the term.
    pub id: Option<i64>,
    /// `category`, `post_tag`, `nav_menu`, `post_format`, `language`, `post_translations`, `term_translations` or the
    /// site's own.
    pub taxonomy: String,
    /// The slug as it stands. The name where the file has none.
    pub slug: String,
    /// Slug of the term above, None at the top.
    pub parent: Option<String>,
    /// The name; may hold HTML entities. The slug where the file has none.
    pub name: String,
    /// HTML, or what a plugin keeps there; empty where there is none.
    pub description: String,
    /// What Polylang keeps in the description.
    pub polylang: Option<Polylang>,
}

/// What the plugin Polylang keeps in a term's description, as serialized PHP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Polylang {
    /// Of the taxonomy `language`: the slug is the language's code.
    Language {
        /// As WordPress names it, `fr_FR`.
        locale: Option<String>,
        /// Whether it is written from right to left.
        right_to_left: bool,
    },
    /// Of the taxonomies `post_translations` and `term_translations`: which posts, or which categories or tags, say the
    /// same in which language. Language code to the number of the post or term.
    Translations(BTreeMap<String, i64>),
}
