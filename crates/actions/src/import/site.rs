//! The site's settings: a site that was never set up takes its name and language from the export; a site of ours
//! only gains the languages that come in.

use masthead_domain::event::Event;
use masthead_domain::site::Site;
use masthead_domain::text::{LanguageTag, Localized};
use masthead_interchange::wxr::{Channel, Post};
use masthead_persistence::{StoreError, Tx};

use super::plain::plain_line;
use super::reason::Reason;
use super::run::Run;

/// Whether nobody has set the site up yet.
fn is_untouched(site: &Site) -> bool {
    site.names.is_empty()
        && site.taglines.is_empty()
        && site.locales.as_slice() == [site.default_locale.clone()]
}

/// The site as it stands, set up from the channel where nobody has; what is to be told of it.
pub(super) async fn settle(
    tx: &Tx,
    channel: &Channel,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(Site, Option<String>), StoreError> {
    let mut site = tx.site().await?;
    if !is_untouched(&site) {
        return Ok((site, None));
    }
    let before = site.clone();
    let mut remark = None;
    match channel.language.as_deref().map(parse) {
        Some(Some(locale)) => {
            site.default_locale = locale.clone();
            site.locales = vec![locale];
        }
        told => {
            let what = match told {
                None => "the file does not tell the site's language".to_owned(),
                Some(_) => format!(
                    "the site's language “{}” is no language tag",
                    channel.language.as_deref().unwrap_or_default()
                ),
            };
            remark = Some(format!("{what}: taken for {}", site.default_locale));
        }
    }
    site.names = in_locale(&site.default_locale, channel.title.as_deref());
    site.taglines = in_locale(&site.default_locale, channel.description.as_deref());
    if site != before {
        tx.site_update(&site).await?;
        tx.append(Event::SiteChanged, now);
    }
    Ok((site, remark))
}

/// A language as WordPress writes it: `fr-FR`, `fr_FR`, `de_DE_formal`.
pub(super) fn parse(language: &str) -> Option<LanguageTag> {
    let tag = language.trim().replace('_', "-");
    // What follows the region is WordPress's own, though it has a registered variant's shape.
    let own = ["-formal", "-informal", "-ao90"].into_iter().find_map(|ending| tag.strip_suffix(ending));
    LanguageTag::parse(own.unwrap_or(&tag)).ok()
}

/// A text of the export in one language; none where it has no letter.
pub(super) fn in_locale(locale: &LanguageTag, html: Option<&str>) -> Localized<String> {
    let text = html.map(plain_line).filter(|text| !text.is_empty());
    text.map(|text| (locale.clone(), text)).into_iter().collect()
}

impl Run<'_> {
    /// The language of an item: what Polylang says, else the site's.
    pub(super) fn language_of(&mut self, post: &Post, name: &str) -> LanguageTag {
        let locale = self.locale_of(post);
        if let Some(code) = post.language()
            && !self.languages.contains_key(code)
            && parse(code).is_none()
        {
            let what = format!("its language “{code}” is no language tag: taken for {locale}");
            self.tell(post.line, name, Reason::UnknownLanguage, what);
        }
        locale
    }

    /// As [`language_of`](Self::language_of), for what is told of elsewhere.
    pub(super) fn locale_of(&self, post: &Post) -> LanguageTag {
        let tag = post.language().and_then(|code| self.languages.get(code).cloned().or_else(|| parse(code)));
        tag.map_or_else(|| self.site.default_locale.clone(), |tag| self.site.resolve(&tag))
    }

    /// Makes the site publish in a language.
    pub(super) async fn gain_locale(&mut self, tx: &Tx, locale: &LanguageTag) -> Result<(), StoreError> {
        if self.site.locales.contains(locale) {
            return Ok(());
        }
        self.site.locales.push(locale.clone());
        tx.site_update(&self.site).await?;
        tx.append(Event::SiteChanged, self.now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_as_wordpress_writes_them() {
        for (written, tag) in [
            ("ar", Some("ar")),
            ("fr_FR", Some("fr-FR")),
            ("de_DE_formal", Some("de-DE")),
            ("pt_PT_ao90", Some("pt-PT")),
            ("{lang}", None),
            ("", None),
        ] {
            assert_eq!(parse(written).as_ref().map(LanguageTag::as_str), tag, "{written}");
        }
    }
}
