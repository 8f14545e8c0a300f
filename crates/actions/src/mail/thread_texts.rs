//! What letters about threads say, in Arabic, French and English: the one that asks an address to confirm, the one that
//! tells of new comments, and those to whom a comment or a note names.
//!
//! Written as the other letters are: see [`super::texts`]. Links stand on lines of their own, without marks around them:
//! programs make them links as they stand.

use masthead_domain::comment::following::Frequency;
use masthead_domain::site::Permalink;
use masthead_persistence::mail::{Headed, Told};

use super::texts::{Language, isolate, labelled, line, paragraphs};

/// Most characters told of a comment.
const TOLD: usize = 300;

/// A language, and where the site is.
#[derive(Clone, Copy)]
pub(super) struct Thread<'a> {
    pub(super) language: Language,
    pub(super) permalink: &'a Permalink,
    /// Without a slash at the end.
    pub(super) public_url: &'a str,
}

impl Thread<'_> {
    pub(super) fn asked_subject(self, title: &str) -> String {
        let label = self.language.one_of(
            "للتأكيد: متابعة التعليقات على",
            "À confirmer\u{a0}: suivre les commentaires sur",
            "Please confirm: following the comments on",
        );
        labelled(label, title)
    }

    pub(super) fn asked(self, article: &Headed, frequency: Frequency, ends: &str, link: &str) -> String {
        let opening = self.language.one_of(
            "طُلب إرسال التعليقات الجديدة على هذه المادة إلى عنوانك:",
            "On a demandé d’envoyer à votre adresse les nouveaux commentaires sur cet article\u{a0}:",
            "Somebody asked that new comments on this article be sent to your address:",
        );
        let how = self.language.one_of("الوتيرة:", "Fréquence\u{a0}:", "How often:");
        let often = match frequency {
            Frequency::Immediate => self.language.one_of("فورًا", "tout de suite", "at once"),
            Frequency::Daily => self.language.one_of("مرة في اليوم", "une fois par jour", "once a day"),
        };
        let confirm = self.language.one_of(
            "للتأكيد، افتح هذا الرابط واضغط الزر:",
            "Pour confirmer, ouvrez ce lien et appuyez sur le bouton\u{a0}:",
            "To confirm, open this link and press the button:",
        );
        let ignore = self.language.one_of(
            "إن لم تطلب ذلك فتجاهل هذه الرسالة: لن تصلك رسائل عن هذه المادة.",
            "Si vous n’avez rien demandé, ignorez cette lettre\u{a0}: vous n’en recevrez pas d’autres sur cet article.",
            "If you did not ask for it, ignore this letter: you will get no letters about this article.",
        );
        [
            opening,
            &isolate(&article.title),
            &self.address(article),
            "",
            &labelled(how, often),
            "",
            confirm,
            link,
            "",
            &self.language.valid_until(ends),
            ignore,
        ]
        .join("\n")
    }

    pub(super) fn news_subject(self, title: &str) -> String {
        let label = self.language.one_of("تعليقات جديدة على", "Nouveaux commentaires sur", "New comments on");
        labelled(label, title)
    }

    pub(super) fn news(self, article: &Headed, told: &[Told], total: u32, link: &str) -> String {
        let mut lines = vec![self.news_subject(&article.title), self.address(article)];
        for comment in told {
            lines.push(String::new());
            lines.extend(self.comment(article, comment));
        }
        let more = total.saturating_sub(u32::try_from(told.len()).unwrap_or(u32::MAX));
        if more > 0 {
            lines.push(String::new());
            let label = self.language.one_of("تعليقات أخرى:", "Autres commentaires\u{a0}:", "More comments:");
            lines.push(labelled(label, &more.to_string()));
        }
        lines.push(String::new());
        let end = self.language.one_of(
            "لإيقاف هذه الرسائل، افتح هذا الرابط واضغط الزر:",
            "Pour ne plus recevoir ces lettres, ouvrez ce lien et appuyez sur le bouton\u{a0}:",
            "To get no more of these letters, open this link and press the button:",
        );
        lines.extend([end.to_owned(), link.to_owned()]);
        lines.join("\n")
    }

    pub(super) fn mentioned_subject(self, title: &str) -> String {
        let label = self.language.one_of(
            "ورد اسمك في تعليق على",
            "Un commentaire vous mentionne, sous",
            "A comment names you on",
        );
        labelled(label, title)
    }

    pub(super) fn mentioned(self, article: &Headed, comment: &Told) -> String {
        let mut lines = vec![self.mentioned_subject(&article.title), String::new()];
        lines.extend(self.comment(article, comment));
        lines.join("\n")
    }

    pub(super) fn note_subject(self, title: &str) -> String {
        let label = self.language.one_of(
            "ورد اسمك في ملاحظة عن تعليق على",
            "Une note vous mentionne, à propos d’un commentaire sous",
            "A moderator's note names you, about a comment on",
        );
        labelled(label, title)
    }

    pub(super) fn note(self, article: &Headed, comment: &Told, note: &str, by: Option<&str>) -> String {
        let mut lines = vec![self.note_subject(&article.title), String::new()];
        if let Some(by) = by {
            lines.push(labelled(self.language.one_of("كتبها:", "De\u{a0}:", "By:"), by));
        }
        lines.push(self.language.one_of("الملاحظة:", "Note\u{a0}:", "Note:").to_owned());
        lines.extend([paragraphs(note), String::new()]);
        lines.push(self.language.one_of("التعليق:", "Commentaire\u{a0}:", "Comment:").to_owned());
        lines.extend(self.comment(article, comment));
        lines.join("\n")
    }

    /// Who wrote it, what, and where it stands, where readers find it there.
    fn comment(self, article: &Headed, comment: &Told) -> Vec<String> {
        let nobody = self.language.one_of("من دون اسم", "Anonyme", "Anonymous");
        let name = comment.author_name.as_deref().unwrap_or(nobody);
        let mut lines = vec![format!("{}:", isolate(name)), isolate(&shortened(&comment.text))];
        if article.live {
            lines.push(format!("{}#comment-{}", self.address(article), comment.id.get()));
        }
        lines
    }

    fn address(self, article: &Headed) -> String {
        let (locale, slug) = &article.address;
        format!("{}{}", self.public_url, self.permalink.article(locale, slug))
    }
}

/// A text on one line, cut between words where it is long.
fn shortened(text: &str) -> String {
    let text = line(text);
    let Some((end, _)) = text.char_indices().nth(TOLD) else { return text };
    let cut = &text[..end];
    let cut = cut.rfind(' ').filter(|space| *space > end / 2).map_or(cut, |space| &cut[..space]);
    format!("{}…", cut.trim_end())
}

#[cfg(test)]
mod tests {
    use masthead_domain::article::ArticleId;
    use masthead_domain::comment::CommentId;
    use masthead_domain::text::{LanguageTag, Slug};

    use super::*;

    fn article() -> Headed {
        Headed {
            id: ArticleId::from_stored(1),
            title: "صيد Fishing".to_owned(),
            address: (LanguageTag::from_stored("ar".to_owned()), Slug::from_stored("صيد".to_owned())),
            live: true,
        }
    }

    fn told(text: &str) -> Told {
        Told {
            id: CommentId::from_stored(7),
            author_name: Some("Rima\u{202e}".to_owned()),
            text: text.to_owned(),
        }
    }

    #[test]
    fn every_language_says_everything() {
        let permalink = Permalink::default();
        for language in [Language::Arabic, Language::French, Language::English] {
            let thread = Thread { language, permalink: &permalink, public_url: "https://news.example" };
            let address = "https://news.example/ar/%D8%B5%D9%8A%D8%AF";
            let asked = thread.asked(&article(), Frequency::Daily, "then", "https://news.example/l/1");
            for wanted in ["\u{2068}صيد Fishing\u{2069}", address, "https://news.example/l/1"] {
                assert!(asked.lines().any(|line| line == wanted), "{wanted} in {asked}");
            }
            let news = thread.news(&article(), &[told("A\nword.")], 3, "https://news.example/l/2");
            let comment = format!("{address}#comment-7");
            for wanted in
                ["\u{2068}Rima\u{2069}:", "\u{2068}A word.\u{2069}", &comment, "https://news.example/l/2"]
            {
                assert!(news.lines().any(|line| line == wanted), "{wanted} in {news}");
            }
            assert!(news.contains("\u{2068}2\u{2069}"), "{news}");
            assert!(!thread.news(&article(), &[told("A")], 1, "l").contains("\u{2068}0\u{2069}"));
            let mentioned = thread.mentioned(&article(), &told("@rana"));
            assert!(
                mentioned.contains("\u{2068}@rana\u{2069}") && mentioned.contains(&comment),
                "{mentioned}"
            );
            let hidden = Headed { live: false, ..article() };
            let note = thread.note(&hidden, &told("Spam?"), "@rana\nlook", Some("Huda"));
            assert!(note.contains("\u{2068}@rana\u{2069}\n\u{2068}look\u{2069}"), "{note}");
            assert!(note.contains("\u{2068}Huda\u{2069}") && !note.contains("https://"), "{note}");
        }
    }

    #[test]
    fn long_texts_are_cut_between_words() {
        assert_eq!(shortened(" short\ntext "), "short text");
        let words = shortened(&"word ".repeat(100));
        assert!(words.ends_with("word…") && words.chars().count() <= TOLD + 1, "{words}");
        assert_eq!(shortened(&"ض".repeat(400)), format!("{}…", "ض".repeat(TOLD)));
    }
}
