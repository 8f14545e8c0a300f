//! The paper in one language, as one field of a request asked for it: what every object below that field shares.
//!
//! Names, directions and addresses depend on it; so do lists of articles. It must not know any noun's fields.

use std::sync::Arc;

use async_graphql::MaybeUndefined;
use masthead_domain::comment::Policy;
use masthead_domain::site::Site;
use masthead_domain::text::{Direction, LanguageTag, Localized, Slug};

use crate::context::{PublicUrl, Session, Visit};
use crate::error::Failure;
use crate::scalar;

/// See the module. Objects hold it behind an `Arc` and hand it to what is reached through them.
pub(crate) struct Edition {
    /// Where answers are read from.
    pub(crate) session: Arc<Session>,
    /// The site's settings.
    pub(crate) site: Arc<Site>,
    /// The language of names and other texts that exist in several.
    pub(crate) locale: LanguageTag,
    /// The language of the articles in lists; `None`: all.
    pub(crate) listed: Option<LanguageTag>,
    /// Goes before the comment policy of the site and of any article.
    pub(crate) comment_policy: Option<Policy>,
    public_url: PublicUrl,
}

impl Edition {
    /// For a field whose `locale` says which language is shown and, where given, which articles are listed. Absent:
    /// texts by Accept-Language, else the site's language; articles of all languages.
    pub(crate) async fn open(
        ctx: &async_graphql::Context<'_>,
        locale: Option<scalar::LanguageTag>,
    ) -> Result<Arc<Self>, Failure> {
        let visit = Visit::of(ctx);
        Self::with(visit, visit.session().clone(), |site| {
            let asked = locale.map(|asked| site.resolve(&asked.0));
            (shown(site, asked.as_ref(), visit), asked)
        })
        .await
    }

    /// For the front page: a `locale` that is absent lists the articles of the language that is shown, and `null`
    /// lists all.
    pub(crate) async fn front(
        ctx: &async_graphql::Context<'_>,
        locale: MaybeUndefined<scalar::LanguageTag>,
    ) -> Result<Arc<Self>, Failure> {
        let visit = Visit::of(ctx);
        Self::with(visit, visit.session().clone(), |site| {
            let asked = locale.value().map(|asked| site.resolve(&asked.0));
            let shown = shown(site, asked.as_ref(), visit);
            let listed = if locale.is_null() { None } else { asked.or_else(|| Some(shown.clone())) };
            (shown, listed)
        })
        .await
    }

    /// For what a mutation answers: read anew, because it has just changed something.
    pub(crate) async fn after_writing(visit: &Visit) -> Result<Arc<Self>, Failure> {
        Self::with(visit, visit.new_session(), |site| (shown(site, None, visit), None)).await
    }

    async fn with(
        visit: &Visit,
        session: Arc<Session>,
        languages: impl FnOnce(&Site) -> (LanguageTag, Option<LanguageTag>),
    ) -> Result<Arc<Self>, Failure> {
        let site = session.reads.site().await?;
        let (locale, listed) = languages(&site);
        let settings = visit.settings();
        Ok(Arc::new(Self {
            session,
            site,
            locale,
            listed,
            comment_policy: settings.comment_policy,
            public_url: settings.public_url.clone(),
        }))
    }

    /// A text in this language, else in the site's, else in any; `None` where there is none.
    pub(crate) fn text<'a>(&self, texts: &'a Localized<String>) -> Option<&'a str> {
        texts.get(&self.locale, &self.site.default_locale).map(String::as_str)
    }

    /// A name, as [`Edition::text`]; where it has none in any language, the slug, so that a link has words.
    pub(crate) fn name<'a>(&self, names: &'a Localized<String>, slug: &'a Slug) -> &'a str {
        self.text(names).unwrap_or_else(|| slug.as_str())
    }

    /// The direction of a text as shown: of its first strong character, else of this language.
    pub(crate) fn direction(&self, text: &str) -> Direction {
        Direction::first_strong(text).unwrap_or_else(|| self.locale.direction())
    }

    /// The full address of a path on this site; an address of another site stays as it is.
    pub(crate) fn absolute(&self, location: String) -> scalar::Url {
        scalar::Url(self.public_url.join(location))
    }

    /// What the site's own addresses begin with; no slash at the end.
    pub(crate) fn public_url(&self) -> &str {
        self.public_url.as_str()
    }
}

/// The language to show texts in: always one that the site publishes in, also where another one was asked for.
fn shown(site: &Site, asked: Option<&LanguageTag>, visit: &Visit) -> LanguageTag {
    site.locale_for(asked.filter(|asked| site.locales.contains(asked)), visit.accept_language())
}
