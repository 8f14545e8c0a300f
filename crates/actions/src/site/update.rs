//! Changing the site's settings.

use masthead_domain::audit::{Act, Subject};
use masthead_domain::comment::Policy;
use masthead_domain::event::Event;
use masthead_domain::site::{
    MAX_COPYRIGHT_NOTICE, MAX_LOCALES, MAX_NAME, MAX_TAGLINE, Permalink, Site, TimeZone,
};
use masthead_domain::text::LanguageTag;
use masthead_domain::viewer::Permission;
use masthead_domain::viewer::policy::{Action, may};
use masthead_persistence::{Store, StoreError, Tx};

use crate::Occasion;
use crate::refused::{DeskError, Faults};
use crate::texts::{Form, TextChange, TextField, touched};

/// What is said of the site. What says nothing of a field leaves it as it is.
#[derive(Debug, Clone, Default)]
pub struct SiteForm {
    /// The language in which it is filled in; `None`: the site's own, as it is after this change.
    pub locale: Option<LanguageTag>,
    /// The paper's name.
    pub names: TextChange,
    /// A line below the name.
    pub taglines: TextChange,
    /// Printed below every page.
    pub copyright_notices: TextChange,
    /// The site's own language.
    pub default_locale: Option<LanguageTag>,
    /// All languages that it publishes in.
    pub locales: Option<Vec<LanguageTag>>,
    /// Who may comment, and what happens to a comment.
    pub comment_policy: Option<Policy>,
    /// The shape of an article's address, as it was typed.
    pub permalink: Option<String>,
    /// A name of the IANA database, as it was typed.
    pub time_zone: Option<String>,
}

const NAME: TextField = TextField::line("input.name", "input.names", MAX_NAME);
const TAGLINE: TextField = TextField::line("input.tagline", "input.taglines", MAX_TAGLINE);
const COPYRIGHT_NOTICE: TextField =
    TextField::lines("input.copyrightNotice", "input.copyrightNotices", MAX_COPYRIGHT_NOTICE);
const DEFAULT_LOCALE: &str = "input.defaultLocale";
const LOCALES: &str = "input.locales";
const PERMALINK: &str = "input.permalink";
const TIME_ZONE: &str = "input.timeZone";

/// Changes what the form speaks of. A language that an article is in cannot be left out. Addresses of articles that had
/// another shape keep working.
pub async fn update(store: &Store, occasion: &Occasion, form: &SiteForm) -> Result<(), DeskError> {
    may(&occasion.viewer, Action::Use(Permission::ManageSite))?;
    let member = occasion.member()?;
    let tx = store.begin().await?;
    // Nobody begins an article meanwhile in a language that goes.
    tx.lists_own().await?;
    let before = tx.site().await?;
    let mut after = before.clone();
    let mut faults = Faults::default();
    languages(&tx, form, &mut after, &mut faults).await?;
    settings(form, &mut after, &mut faults);
    let (mut names, mut taglines, mut notices) =
        (after.names.clone(), after.taglines.clone(), after.copyright_notices.clone());
    let opened = Form::open(&after, form.locale.as_ref(), &mut faults);
    NAME.apply(&form.names, &opened, &mut names, &mut faults);
    TAGLINE.apply(&form.taglines, &opened, &mut taglines, &mut faults);
    COPYRIGHT_NOTICE.apply(&form.copyright_notices, &opened, &mut notices, &mut faults);
    faults.check()?;
    (after.names, after.taglines, after.copyright_notices) = (names, taglines, notices);
    let touched = touched(&[
        ("name", after.names != before.names),
        ("tagline", after.taglines != before.taglines),
        ("copyrightNotice", after.copyright_notices != before.copyright_notices),
        ("defaultLocale", after.default_locale != before.default_locale),
        ("locales", after.locales != before.locales),
        ("commentPolicy", after.comment_policy != before.comment_policy),
        ("permalink", after.permalink != before.permalink),
        ("timeZone", after.time_zone != before.time_zone),
    ]);
    let Some(touched) = touched else { return Ok(()) };
    tx.site_update(&after).await?;
    tx.audit_append(member, Act::SiteUpdated, Subject::Site, Some(&touched), occasion.now).await?;
    tx.append(Event::SiteChanged, occasion.now);
    tx.commit().await?;
    Ok(())
}

/// The list of languages and the site's own among them.
async fn languages(tx: &Tx, form: &SiteForm, site: &mut Site, faults: &mut Faults) -> Result<(), StoreError> {
    if let Some(locales) = &form.locales {
        let mut wished: Vec<LanguageTag> = Vec::new();
        for locale in locales {
            if !wished.contains(locale) {
                wished.push(locale.clone());
            }
        }
        if wished.is_empty() || wished.len() > MAX_LOCALES {
            faults.add(LOCALES, format!("A site publishes in 1 to {MAX_LOCALES} languages."));
            return Ok(());
        }
        let mut kept = Vec::new();
        for gone in site.locales.iter().filter(|locale| !wished.contains(locale)) {
            if tx.locale_has_articles(gone).await? {
                kept.push(gone.as_str());
            }
        }
        if !kept.is_empty() {
            let kept = kept.join(", ");
            faults.add(
                LOCALES,
                format!("There are articles in {kept}, drafts counted: it cannot be left out."),
            );
            return Ok(());
        }
        site.locales = wished;
    }
    if let Some(locale) = &form.default_locale {
        site.default_locale = locale.clone();
    }
    if !site.locales.contains(&site.default_locale) {
        let field = if form.default_locale.is_some() { DEFAULT_LOCALE } else { LOCALES };
        faults.add(
            field,
            format!("The site's own language, {}, is not among its languages.", site.default_locale),
        );
    }
    Ok(())
}

fn settings(form: &SiteForm, site: &mut Site, faults: &mut Faults) {
    if let Some(policy) = form.comment_policy {
        site.comment_policy = policy;
    }
    if let Some(pattern) = &form.permalink {
        match Permalink::parse(pattern.trim()) {
            Ok(permalink) => site.change_permalink(permalink),
            Err(wrong) => faults.add(PERMALINK, wrong.to_string()),
        }
    }
    if let Some(name) = &form.time_zone {
        match TimeZone::parse(name.trim()) {
            Ok(zone) => site.time_zone = zone,
            Err(unknown) => faults.add(TIME_ZONE, unknown.to_string()),
        }
    }
}
