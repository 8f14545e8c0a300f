//! The site as clients see it.

use std::sync::Arc;

use async_graphql::{Context, Enum, Object};

use crate::article::CommentPolicy;
use crate::comment::CommentForm;
use crate::context::Visit;
use crate::edition::Edition;
use crate::error::Failure;
use crate::scalar::{LanguageTag, TimeZone, Url};

/// Which way a text runs: the value of HTML's `dir`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "masthead_domain::text::Direction")]
pub(crate) enum Direction {
    /// From left to right, as French and English.
    Ltr,
    /// From right to left, as Arabic.
    Rtl,
}

/// The site is all in its edition.
pub(crate) struct Site(Arc<Edition>);

impl Site {
    pub(crate) fn new(edition: Arc<Edition>) -> Self {
        Self(edition)
    }
}

/// The paper: one a server. Its texts exist in each of its languages and are shown in one.
#[Object]
impl Site {
    /// What a comment form needs: its token, the guidelines, the limits. For the moment at which the form is opened, so it
    /// is not to be kept in a cache.
    async fn comment_form(&self, ctx: &Context<'_>) -> Option<Result<CommentForm, Failure>> {
        CommentForm::open(Visit::of(ctx), &self.0).await.transpose()
    }

    /// The paper's name. Its public address where it was never named.
    fn name(&self) -> &str {
        self.0.text(&self.0.site.names).unwrap_or_else(|| self.0.public_url())
    }

    /// A line below the name. `null` where there is none.
    fn tagline(&self) -> Option<&str> {
        self.0.text(&self.0.site.taglines)
    }

    /// Printed below every page. `null` where there is none.
    fn copyright_notice(&self) -> Option<&str> {
        self.0.text(&self.0.site.copyright_notices)
    }

    /// The language that the site is shown in here: the one asked for, else the best of Accept-Language, else
    /// `defaultLocale`. What a page's `lang` should say.
    fn locale(&self) -> LanguageTag {
        LanguageTag(self.0.locale.clone())
    }

    /// The site's own language: what holds where a reader asks for none, and for texts that lack the one asked for.
    fn default_locale(&self) -> LanguageTag {
        LanguageTag(self.0.site.default_locale.clone())
    }

    /// All languages that the site publishes in, `defaultLocale` among them, in their set order.
    fn locales(&self) -> Vec<LanguageTag> {
        self.0.site.locales.iter().cloned().map(LanguageTag).collect()
    }

    /// The direction that `locale` is written in. What a page's `dir` should say.
    fn direction(&self) -> Direction {
        self.0.locale.direction().into()
    }

    /// The time zone in which the newsroom reckons: what its times are best shown in. Instants are answered in UTC all the
    /// same.
    fn time_zone(&self) -> TimeZone {
        TimeZone(self.0.site.time_zone)
    }

    /// The shape of articles' addresses, below `url`: `{locale}` and `{slug}` stand for the article's own.
    fn permalink(&self) -> &str {
        self.0.site.permalink.as_str()
    }

    /// Who may comment and what happens to a comment, unless an article says otherwise.
    fn comment_policy(&self) -> CommentPolicy {
        self.0.site.comment_policy.into()
    }

    /// The public address of the site, without a slash at its end.
    fn url(&self) -> Url {
        Url(self.0.public_url().to_owned())
    }
}
