//! What is done to the site's settings. What is refused comes back in the payload; only a fault of ours is an error.

use async_graphql::{Context, Enum, InputObject, MaybeUndefined, Object, SimpleObject};
use masthead_actions::site::update::{SiteForm, update};
use masthead_domain::viewer::Permission;
use masthead_domain::viewer::policy::{Action, may};

use super::object::Site;
use crate::article::CommentPolicy;
use crate::context::Visit;
use crate::edition::Edition;
use crate::error::Failure;
use crate::localized::{LocalizedTextInput, patch, text};
use crate::refusal::{Errors, codes, outcome};
use crate::scalar::LanguageTag;

/// The mutation on the site.
#[derive(Default)]
pub(crate) struct SiteMutation;

/// What to change of the site. What is absent stays as it is.
#[derive(InputObject)]
pub(crate) struct UpdateSiteInput {
    /// The language of `name`, `tagline` and `copyrightNotice`; one that the site publishes in. Absent or `null`: the
    /// site's own, as it is after this change.
    locale: Option<LanguageTag>,
    /// The paper's name in that language, one line, at most 100 characters. `null`: none in this language.
    name: MaybeUndefined<String>,
    /// A line below the name, in that language, at most 200 characters. `null`: none.
    tagline: MaybeUndefined<String>,
    /// Printed below every page, in that language, plain text, at most 500 characters. `null`: nothing.
    copyright_notice: MaybeUndefined<String>,
    /// The name in other languages. Languages that are not named stay as they are. `null`: as it is.
    names: Option<Vec<LocalizedTextInput>>,
    /// The tagline in other languages, likewise.
    taglines: Option<Vec<LocalizedTextInput>>,
    /// The copyright notice in other languages, likewise.
    copyright_notices: Option<Vec<LocalizedTextInput>>,
    /// The site's own language, one of `locales`. `null`: as it is.
    default_locale: Option<LanguageTag>,
    /// All languages that the site publishes in, in their order: 1 to 50. One that an article is in, a draft even, cannot
    /// be left out. `null`: as they are.
    locales: Option<Vec<LanguageTag>>,
    /// Who may comment and what happens to a comment, unless an article says otherwise. `null`: as it is.
    comment_policy: Option<CommentPolicy>,
    /// The shape of articles' addresses, such as `/{locale}/{slug}` or `/news/{locale}/{slug}`: `{locale}` and `{slug}`
    /// once each, alone between slashes, and parts of letters a to z, digits and `- . _ ~`; at most 200 characters. An
    /// address of a shape that was changed leads to its article still, of the last 20 shapes. `null`: as it is.
    permalink: Option<String>,
    /// The time zone in which the newsroom reckons, by its name in the IANA database: `Asia/Beirut`. `null`: as it is.
    time_zone: Option<String>,
}

/// Why the site was not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum UpdateSiteErrorCode {
    /// Nobody is signed in.
    Unauthenticated,
    /// The person who is signed in may not.
    Forbidden,
    /// Never answered: there is always a site.
    NotFound,
    /// A field cannot be taken as it is; `field` says which.
    Invalid,
}
codes!(UpdateSiteErrorCode);

/// What became of the site.
#[derive(SimpleObject)]
pub(crate) struct UpdateSitePayload {
    /// The site as it is now, in the language of the input. `null` where it was refused.
    site: Option<Site>,
    /// Why it was refused: one entry, or one for each field at fault. Empty where it was done.
    errors: Errors<UpdateSiteErrorCode>,
}

#[Object]
impl SiteMutation {
    /// Changes the site's settings. What changes nothing is written down nowhere. Needs MANAGE_SITE.
    async fn update_site(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateSiteInput,
    ) -> Option<Result<UpdateSitePayload, Failure>> {
        Some(update_site(Visit::of(ctx), input).await)
    }
}

async fn update_site(visit: &Visit, input: UpdateSiteInput) -> Result<UpdateSitePayload, Failure> {
    let locale = input.locale.as_ref().map(|locale| locale.0.clone());
    let done = async {
        may(visit.viewer(), Action::Use(Permission::ManageSite))?;
        update(&visit.settings().store, &visit.occasion(), &input.read()).await
    };
    if let Err(errors) = outcome(done.await)? {
        return Ok(UpdateSitePayload { site: None, errors });
    }
    let edition = Edition::after_writing_in(visit, locale).await?;
    Ok(UpdateSitePayload { site: Some(Site::new(edition)), errors: Vec::new() })
}

impl UpdateSiteInput {
    /// The form that is filled in.
    fn read(self) -> SiteForm {
        SiteForm {
            locale: self.locale.map(|locale| locale.0),
            names: text(patch(self.name), self.names),
            taglines: text(patch(self.tagline), self.taglines),
            copyright_notices: text(patch(self.copyright_notice), self.copyright_notices),
            default_locale: self.default_locale.map(|locale| locale.0),
            locales: self.locales.map(|locales| locales.into_iter().map(|locale| locale.0).collect()),
            comment_policy: self.comment_policy.map(Into::into),
            permalink: self.permalink,
            time_zone: self.time_zone,
        }
    }
}
