//! The paper in one language, as one field of a request asked for it: what every object below that field shares.
//!
//! Names, directions and addresses depend on it; so do lists of articles. It must not know any noun's fields.

use std::sync::Arc;

use async_graphql::MaybeUndefined;
use chrono::{DateTime, Utc};
use masthead_domain::comment::Policy;
use masthead_domain::site::Site;
use masthead_domain::text::{Direction, LanguageTag, Localized, Slug};
use masthead_domain::viewer::Viewer;

use crate::context::{PublicUrl, Session, Stay, Visit};
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
    /// The moment of the request.
    pub(crate) now: DateTime<Utc>,
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
        let asked = locale.as_ref().map(|asked| &asked.0);
        Self::with(visit, visit.session().clone(), |site, header| Languages::of_argument(site, asked, header))
            .await
    }

    /// For the front page: a `locale` that is absent lists the articles of the language that is shown, and `null`
    /// lists all.
    pub(crate) async fn front(
        ctx: &async_graphql::Context<'_>,
        locale: MaybeUndefined<scalar::LanguageTag>,
    ) -> Result<Arc<Self>, Failure> {
        let visit = Visit::of(ctx);
        let asked = locale.as_opt_ref().map(|asked| asked.map(|asked| &asked.0));
        Self::with(visit, visit.session().clone(), |site, header| {
            Languages::of_front_page(site, asked, header)
        })
        .await
    }

    /// For what a subscription tells at one moment.
    pub(crate) async fn at_the_moment(stay: &Stay) -> Result<Arc<Self>, Failure> {
        let visit = stay.visit().await?;
        Self::of_session(&visit, visit.session().clone()).await
    }

    /// For what a mutation answers: read anew, because it has just changed something.
    pub(crate) async fn after_writing(visit: &Visit) -> Result<Arc<Self>, Failure> {
        Self::of_session(visit, visit.new_session()).await
    }

    /// The same, for who has just become somebody else by signing in.
    pub(crate) async fn after_signing_in(visit: &Visit, viewer: Viewer) -> Result<Arc<Self>, Failure> {
        Self::of_session(visit, visit.session_of(viewer)).await
    }

    async fn of_session(visit: &Visit, session: Arc<Session>) -> Result<Arc<Self>, Failure> {
        Self::with(visit, session, |site, header| Languages::of_argument(site, None, header)).await
    }

    /// The same in `locale`, where the mutation was given one.
    pub(crate) async fn after_writing_in(
        visit: &Visit,
        locale: Option<LanguageTag>,
    ) -> Result<Arc<Self>, Failure> {
        Self::with(visit, visit.new_session(), |site, header| Languages {
            listed: None,
            ..Languages::of_argument(site, locale.as_ref(), header)
        })
        .await
    }

    /// Stored HTML as a client on any origin can insert it: our own pictures get their full address.
    pub(crate) fn html(&self, stored: String) -> scalar::Html {
        const OWN: &str = " src=\"/media/";
        if !stored.contains(OWN) {
            return scalar::Html(stored);
        }
        scalar::Html(stored.replace(OWN, &format!(" src=\"{}/media/", self.public_url.as_str())))
    }

    async fn with(
        visit: &Visit,
        session: Arc<Session>,
        languages: impl FnOnce(&Site, Option<&str>) -> Languages,
    ) -> Result<Arc<Self>, Failure> {
        let site = session.reads.site().await?;
        let Languages { shown, listed } = languages(&site, visit.accept_language());
        let settings = visit.settings();
        Ok(Arc::new(Self {
            session,
            site,
            locale: shown,
            listed,
            now: visit.now(),
            comment_policy: settings.conversation.policy(),
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

/// What a field's `locale` and the Accept-Language header come to.
#[derive(Debug, PartialEq, Eq)]
struct Languages {
    /// Of texts: always one that the site publishes in, also where another one was asked for.
    shown: LanguageTag,
    /// Of the articles in lists; `None`: all.
    listed: Option<LanguageTag>,
}

impl Languages {
    fn of_argument(site: &Site, asked: Option<&LanguageTag>, accept_language: Option<&str>) -> Self {
        let listed = asked.map(|asked| site.resolve(asked));
        let shown =
            site.locale_for(listed.as_ref().filter(|asked| site.locales.contains(asked)), accept_language);
        Self { shown, listed }
    }

    /// `asked` is `None` where the argument is absent, and `Some(None)` where it is `null`.
    fn of_front_page(
        site: &Site,
        asked: Option<Option<&LanguageTag>>,
        accept_language: Option<&str>,
    ) -> Self {
        let Self { shown, listed } = Self::of_argument(site, asked.flatten(), accept_language);
        let listed = if asked.is_none() { Some(shown.clone()) } else { listed };
        Self { shown, listed }
    }
}

#[cfg(test)]
mod tests {
    use masthead_domain::site::{Permalink, TimeZone};

    use super::*;

    fn tag(tag: &str) -> LanguageTag {
        LanguageTag::parse(tag).expect("a tag")
    }

    fn site() -> Site {
        Site {
            names: Localized::new(),
            taglines: Localized::new(),
            copyright_notices: Localized::new(),
            default_locale: tag("ar"),
            locales: ["ar", "fr", "en-US"].map(tag).to_vec(),
            comment_policy: Policy::Open,
            comments_close_after_days: None,
            permalink: Permalink::default(),
            former_permalinks: Vec::new(),
            time_zone: TimeZone::UTC,
        }
    }

    #[test]
    fn a_locale_that_is_given_is_shown_and_listed_and_one_that_is_not_lists_all() {
        for (asked, header, shown, listed) in [
            (Some("fr"), None, "fr", Some("fr")),
            (Some("fr-CA"), Some("ar"), "fr", Some("fr")),
            (Some("en"), None, "en-US", Some("en-US")),
            (None, Some("en-GB,fr;q=0.5"), "en-US", None),
            (None, None, "ar", None),
            // Nothing is in German: its lists are empty, and texts are those that a reader without a wish gets.
            (Some("de"), None, "ar", Some("de")),
            (Some("de"), Some("fr"), "fr", Some("de")),
        ] {
            let asked = asked.map(tag);
            let languages = Languages::of_argument(&site(), asked.as_ref(), header);
            let expected = Languages { shown: tag(shown), listed: listed.map(tag) };
            assert_eq!(languages, expected, "{asked:?} {header:?}");
        }
    }

    #[test]
    fn the_front_page_lists_what_it_shows_unless_null_asks_for_all() {
        for (asked, header, shown, listed) in [
            (None, None, "ar", Some("ar")),
            (None, Some("fr-CH, fr;q=0.9"), "fr", Some("fr")),
            (Some(None), Some("fr"), "fr", None),
            (Some(Some("en-GB")), Some("fr"), "en-US", Some("en-US")),
            (Some(Some("de")), Some("fr"), "fr", Some("de")),
        ] {
            let asked = asked.map(|asked| asked.map(tag));
            let languages = Languages::of_front_page(&site(), asked.as_ref().map(Option::as_ref), header);
            let expected = Languages { shown: tag(shown), listed: listed.map(tag) };
            assert_eq!(languages, expected, "{asked:?} {header:?}");
        }
    }
}
