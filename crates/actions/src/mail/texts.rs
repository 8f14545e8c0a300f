//! What letters say, in Arabic, French and English.
//!
//! What is put in (a name, a title, a note) may run the other way than the text around it: each stands in an isolate
//! (UAX #9), so that neither turns the other round, and what could end the isolate is taken out of it before. The labels
//! stand on lines of their own, so that no sentence must be bent to a gender or a number.

use masthead_domain::comment::following;
use masthead_domain::text::LanguageTag;
use masthead_domain::user::Role;

/// A language that letters are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    Arabic,
    French,
    English,
}

impl Language {
    /// The language of a locale; English where there are no texts in it.
    pub(super) fn of(locale: &LanguageTag) -> Self {
        match locale.primary() {
            "ar" => Self::Arabic,
            "fr" => Self::French,
            _ => Self::English,
        }
    }

    /// Its tag.
    pub(super) const fn tag(self) -> &'static str {
        self.one_of("ar", "fr", "en")
    }

    pub(super) const fn one_of<'a>(self, arabic: &'a str, french: &'a str, english: &'a str) -> &'a str {
        match self {
            Self::Arabic => arabic,
            Self::French => french,
            Self::English => english,
        }
    }

    /// Where the name is not known, without one.
    pub(super) fn greeting(self, name: &str) -> String {
        if name.is_empty() {
            return self.one_of("مرحبًا،", "Bonjour,", "Hello,").to_owned();
        }
        let name = isolate(name);
        match self {
            Self::Arabic => format!("مرحبًا {name}،"),
            Self::French => format!("Bonjour {name},"),
            Self::English => format!("Hello {name},"),
        }
    }

    pub(super) fn review_subject(self, title: &str) -> String {
        labelled(self.one_of("للمراجعة:", "À relire\u{a0}:", "For review:"), title)
    }

    pub(super) fn review(self, title: &str, by: Option<&str>, time: &str) -> String {
        let opening = self.one_of(
            "ثمة مادة تنتظر المراجعة.",
            "Un article attend une relecture.",
            "An article is waiting for review.",
        );
        self.letter(opening, title, self.one_of("من:", "De\u{a0}:", "From:"), by, time)
    }

    pub(super) fn returned_subject(self, title: &str) -> String {
        labelled(self.one_of("أُعيدت المادة:", "Article renvoyé\u{a0}:", "Returned:"), title)
    }

    pub(super) fn returned(self, title: &str, by: Option<&str>, time: &str, note: Option<&str>) -> String {
        let opening = self.one_of(
            "أُعيدت إليك هذه المادة لمواصلة العمل عليها.",
            "Cet article vous est renvoyé pour être retravaillé.",
            "This article was returned to you for more work.",
        );
        let mut text = self.letter(opening, title, self.one_of("أعادها:", "Par\u{a0}:", "By:"), by, time);
        let note = note.map(paragraphs).unwrap_or_default();
        if !note.is_empty() {
            text.push_str("\n\n");
            text.push_str(self.one_of("ملاحظة:", "Note\u{a0}:", "Note:"));
            text.push('\n');
            text.push_str(&note);
        }
        text
    }

    pub(super) fn invitation_subject(self, paper: &str) -> String {
        labelled(
            self.one_of("دعوة للانضمام إلى:", "Invitation à rejoindre\u{a0}:", "Invitation to join:"),
            paper,
        )
    }

    pub(super) fn invitation(
        self,
        paper: &str,
        role: Role,
        by: Option<&str>,
        ends: &str,
        link: &str,
    ) -> String {
        let mut lines = vec![self.invitation_subject(paper)];
        if let Some(by) = by {
            lines.push(labelled(self.one_of("الدعوة من:", "De la part de\u{a0}:", "From:"), by));
        }
        lines.push(labelled(self.one_of("الدور:", "Rôle\u{a0}:", "Role:"), self.role(role)));
        lines.push(String::new());
        lines.push(
            self.one_of(
                "للقبول، افتح هذا الرابط:",
                "Pour accepter, ouvrez ce lien\u{a0}:",
                "To accept, open this link:",
            )
            .to_owned(),
        );
        // On a line of its own, without marks around it: programs make it a link as it stands.
        lines.push(link.to_owned());
        lines.push(String::new());
        lines.push(self.valid_until(ends));
        lines.push(
            self.one_of(
                "الرابط صالح لاستخدام واحد. إن لم تكن هذه الرسالة متوقَّعة فيمكن تجاهلها.",
                "Le lien ne sert qu’une fois. Si vous n’attendiez pas cette lettre, ignorez-la.",
                "The link works once. If you did not expect this letter, you can ignore it.",
            )
            .to_owned(),
        );
        lines.join("\n")
    }

    pub(super) fn reset_subject(self, paper: &str) -> String {
        labelled(self.one_of("كلمة سر جديدة لدى:", "Nouveau mot de passe\u{a0}:", "New password for:"), paper)
    }

    pub(super) fn reset(self, paper: &str, ends: &str, link: &str) -> String {
        let opening = self.one_of(
            "لاختيار كلمة سر جديدة، افتح هذا الرابط:",
            "Pour choisir un nouveau mot de passe, ouvrez ce lien\u{a0}:",
            "To choose a new password, open this link:",
        );
        let closing = self.one_of(
            "الرابط صالح لاستخدام واحد. إن لم تطلب ذلك فتجاهل هذه الرسالة: تبقى كلمة السر كما هي.",
            "Le lien ne sert qu’une fois. Si vous n’avez rien demandé, ignorez cette lettre\u{a0}: le mot de passe reste le même.",
            "The link works once. If you did not ask for it, ignore this letter: the password stays as it is.",
        );
        [&self.reset_subject(paper), "", opening, link, "", &self.valid_until(ends), closing].join("\n")
    }

    pub(super) fn valid_until(self, ends: &str) -> String {
        labelled(self.one_of("صالح حتى:", "Valable jusqu’au\u{a0}:", "Valid until:"), ends)
    }

    fn letter(self, opening: &str, title: &str, by_label: &str, by: Option<&str>, time: &str) -> String {
        let mut lines = vec![opening.to_owned(), String::new()];
        lines.push(labelled(self.one_of("العنوان:", "Titre\u{a0}:", "Title:"), title));
        if let Some(by) = by {
            lines.push(labelled(by_label, by));
        }
        lines.push(labelled(self.one_of("الوقت:", "Heure\u{a0}:", "Time:"), time));
        lines.join("\n")
    }

    const fn role(self, role: Role) -> &'static str {
        match role {
            Role::Reader => self.one_of("القراءة", "Lecture", "Reader"),
            Role::Contributor => self.one_of("المساهمة", "Contribution", "Contributor"),
            Role::Author => self.one_of("الكتابة", "Rédaction", "Author"),
            Role::Editor => self.one_of("التحرير", "Édition", "Editor"),
            Role::Admin => self.one_of("الإدارة", "Administration", "Administrator"),
        }
    }
}

impl From<following::Language> for Language {
    fn from(language: following::Language) -> Self {
        match language {
            following::Language::Arabic => Self::Arabic,
            following::Language::French => Self::French,
            following::Language::English => Self::English,
        }
    }
}

impl From<Language> for following::Language {
    fn from(language: Language) -> Self {
        match language {
            Language::Arabic => Self::Arabic,
            Language::French => Self::French,
            Language::English => Self::English,
        }
    }
}

pub(super) fn labelled(label: &str, value: &str) -> String {
    format!("{label} {}", isolate(value))
}

/// One line of text that runs as it will, whatever runs around it.
pub(super) fn isolate(text: &str) -> String {
    format!("\u{2068}{}\u{2069}", line(text))
}

/// Each line of a text by itself: an isolate ends with its paragraph.
pub(super) fn paragraphs(text: &str) -> String {
    let lines = text.lines().map(|text| if line(text).is_empty() { String::new() } else { isolate(text) });
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// A text as one line: line breaks and controls become spaces, and what would turn the text around it goes.
pub(super) fn line(text: &str) -> String {
    let text: String = text
        .chars()
        .filter(|c| !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
        .map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c })
        .collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_in_cannot_get_out() {
        assert_eq!(line("  a\r\nBcc: x@y.example\u{2028}b\tc\0 "), "a Bcc: x@y.example b c");
        assert_eq!(isolate("\u{202e}turned\u{2069} round\u{2067}"), "\u{2068}turned round\u{2069}");
        assert_eq!(
            paragraphs("أولًا\r\n\r\nthen\u{2069} this\n"),
            "\u{2068}أولًا\u{2069}\n\n\u{2068}then this\u{2069}"
        );
        assert_eq!(paragraphs(" \n\t\n"), "");
    }

    #[test]
    fn the_language_is_the_locales_or_english() {
        for (locale, language) in [
            ("ar-LB", Language::Arabic),
            ("fr", Language::French),
            ("en-GB", Language::English),
            ("de", Language::English),
        ] {
            assert_eq!(Language::of(&LanguageTag::parse(locale).expect("a tag")), language);
        }
    }

    #[test]
    fn every_language_says_everything() {
        for language in [Language::Arabic, Language::French, Language::English] {
            let review = language.review("صيد Fishing", Some("Rana"), "2026-03-05 14:00 (Asia/Beirut)");
            assert!(
                review.contains("\u{2068}صيد Fishing\u{2069}") && review.contains("\u{2068}Rana\u{2069}")
            );
            assert_eq!(review.lines().count(), 5, "{review}");
            assert_eq!(language.review("T", None, "now").lines().count(), 4);
            let returned = language.returned("T", Some("Rana"), "now", Some("Shorter.\nAnd kinder."));
            assert!(
                returned.ends_with("\n\u{2068}Shorter.\u{2069}\n\u{2068}And kinder.\u{2069}"),
                "{returned}"
            );
            assert!(!language.returned("T", None, "now", Some(" ")).contains("\n\n\n"));
            let invitation =
                language.invitation("Voice", Role::Editor, None, "then", "https://news.example/i/1");
            assert!(invitation.lines().any(|line| line == "https://news.example/i/1"), "{invitation}");
            let reset = language.reset("Voice", "then", "https://news.example/p/1");
            assert!(reset.lines().any(|line| line == "https://news.example/p/1"), "{reset}");
            assert!(reset.contains("\u{2068}then\u{2069}"), "{reset}");
        }
    }
}
