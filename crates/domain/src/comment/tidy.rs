//! Text that strangers wrote, so that it can stand among other text: it turns nothing around it, covers nothing above or
//! below it, and holds nothing that cannot be shown. It must not know of HTML.

use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

/// Most general combining marks (accents, strokes, rings) on one letter. Vietnamese and transliterations need two, three
/// at most.
pub const MOST_ACCENTS: usize = 4;
/// Most marks of all kinds on one letter: Quranic text, cantillated Hebrew and Tibetan stacks stay below.
pub const MOST_MARKS: usize = 8;
/// Longest user-perceived character in code points that is left whole: the longest emoji have ten, flags of regions seven.
const LONGEST_CLUSTER: usize = 24;
/// Deepest nesting of direction marks. The Unicode Bidirectional Algorithm allows 125, people need two.
const DEEPEST: usize = 8;

const LRE: char = '\u{202A}';
const RLE: char = '\u{202B}';
const PDF: char = '\u{202C}';
const LRO: char = '\u{202D}';
const RLO: char = '\u{202E}';
const FIRST_ISOLATE: char = '\u{2066}';
const FSI: char = '\u{2068}';
const PDI: char = '\u{2069}';

/// The text with line ends as `\n`, and line by line (a line is a paragraph to the Unicode Bidirectional Algorithm, UAX
/// #9, so that nothing reaches beyond it by rights):
///
/// - embeddings and isolates that were left open are closed, ends without a beginning dropped;
/// - overrides, which let a text read otherwise than it is stored, are dropped;
/// - marks on one letter are bounded: [`MOST_ACCENTS`], [`MOST_MARKS`];
/// - control characters but the tabulator, noncharacters, annotation and deprecated format characters, and tags that belong
///   to no flag are dropped.
///
/// Tidying twice is tidying once.
#[must_use]
pub fn tidy(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}', '\u{85}'], "\n");
    let mut out = String::with_capacity(text.len());
    for (n, line) in text.split('\n').enumerate() {
        if n > 0 {
            out.push('\n');
        }
        if line.is_ascii() {
            out.extend(line.chars().filter(|&c| !is_unfit(c)));
        } else {
            // Bounded last: what the others drop may have stood between two parts of one character.
            let mut behind_flag = false;
            let fit = line.chars().filter(|&c| {
                // What is written in tags belongs to the black flag before them; anywhere else it is hidden text.
                let kept = !is_unfit(c) && (behind_flag || !is_tag(c));
                behind_flag = c == '\u{1F3F4}' || (behind_flag && is_tag(c));
                kept
            });
            let fit: String = fit.collect();
            bounded(&mut out, &balanced(&fit));
        }
    }
    out
}

/// Characters that mean nothing in a text, or to nobody.
pub(super) fn is_unfit(c: char) -> bool {
    (c.is_control() && c != '\t')
        || is_noncharacter(c)
        || matches!(c, '\u{206A}'..='\u{206F}' | '\u{FFF9}'..='\u{FFFB}')
}

/// The 66 code points that Unicode will never give to a character.
pub(super) fn is_noncharacter(c: char) -> bool {
    u32::from(c) & 0xFFFE == 0xFFFE || matches!(c, '\u{FDD0}'..='\u{FDEF}')
}

/// Whether a character begins or ends an embedding, an override or an isolate.
#[must_use]
pub const fn turns(c: char) -> bool {
    matches!(c, LRE..=RLO | FIRST_ISOLATE..=PDI)
}

/// Marks that have no script of their own and stack up or down without an end.
const fn is_accent(c: char) -> bool {
    matches!(c,
        '\u{0300}'..='\u{036F}'
        | '\u{0483}'..='\u{0489}'
        | '\u{1AB0}'..='\u{1AFF}'
        | '\u{1DC0}'..='\u{1DFF}'
        | '\u{20D0}'..='\u{20FF}'
        | '\u{FE20}'..='\u{FE2F}'
    )
}

/// Joiners, selectors and tags: they change how their neighbours look, and nobody needs many.
const fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0000}'..='\u{E01EF}')
}

const fn is_tag(c: char) -> bool {
    matches!(c, '\u{E0000}'..='\u{E007F}')
}

fn bounded(out: &mut String, line: &str) {
    // What is invisible between two marks does not begin a new letter, so counts go on over clusters.
    let (mut accents, mut marks) = (0, 0);
    for cluster in line.graphemes(true) {
        for (n, c) in cluster.chars().enumerate() {
            if n >= LONGEST_CLUSTER && is_joiner(c) {
                continue;
            }
            if is_combining_mark(c) && !is_joiner(c) {
                accents += usize::from(is_accent(c));
                marks += 1;
                if marks > MOST_MARKS || (is_accent(c) && accents > MOST_ACCENTS) {
                    continue;
                }
            } else if !is_joiner(c) && !super::leave::is_invisible(c) {
                (accents, marks) = (0, 0);
            }
            out.push(c);
        }
    }
}

/// One that was opened and not closed yet.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Embedding,
    Isolate,
    /// Dropped at its beginning, to be dropped at its end.
    DroppedEmbedding,
    DroppedIsolate,
}

impl Open {
    const fn is_isolate(self) -> bool {
        matches!(self, Self::Isolate | Self::DroppedIsolate)
    }

    fn close(self, out: &mut String) {
        match self {
            Self::Embedding => out.push(PDF),
            Self::Isolate => out.push(PDI),
            Self::DroppedEmbedding | Self::DroppedIsolate => {}
        }
    }
}

/// Rules X1 to X8 of UAX #9, as far as they say which end belongs to which beginning.
fn balanced(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut open: Vec<Open> = Vec::new();
    for c in line.chars() {
        match c {
            LRO | RLO => open.push(Open::DroppedEmbedding),
            LRE | RLE if open.len() >= DEEPEST => open.push(Open::DroppedEmbedding),
            FIRST_ISOLATE..=FSI if open.len() >= DEEPEST => open.push(Open::DroppedIsolate),
            LRE | RLE => {
                open.push(Open::Embedding);
                out.push(c);
            }
            FIRST_ISOLATE..=FSI => {
                open.push(Open::Isolate);
                out.push(c);
            }
            // Ends the last embedding, unless an isolate began within it.
            PDF => {
                if let Some(last) = open.pop_if(|last| !last.is_isolate()) {
                    last.close(&mut out);
                }
            }
            // Ends the last isolate, and every embedding that began within it.
            PDI => {
                if open.iter().any(|open| open.is_isolate()) {
                    while let Some(last) = open.pop() {
                        last.close(&mut out);
                        if last.is_isolate() {
                            break;
                        }
                    }
                }
            }
            c => out.push(c),
        }
    }
    for last in open.into_iter().rev() {
        last.close(&mut out);
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn directions_end_where_their_line_ends() {
        for (text, tidied) in [
            ("\u{202E}onisac", "onisac"),
            ("a \u{202E}b\u{202C} c", "a b c"),
            ("\u{202B}مرحبا", "\u{202B}مرحبا\u{202C}"),
            ("\u{2067}x\ny", "\u{2067}x\u{2069}\ny"),
            ("x\u{2069}\u{202C}y", "xy"),
            ("\u{2066}a\u{202A}b\u{2069}c\u{202C}", "\u{2066}a\u{202A}b\u{202C}\u{2069}c"),
            ("\u{202A}a\u{2066}b\u{202C}c", "\u{202A}a\u{2066}bc\u{2069}\u{202C}"),
            ("\u{2068}“Le Port”\u{2069} عاد", "\u{2068}“Le Port”\u{2069} عاد"),
            ("\u{200F}(1)\u{200E}", "\u{200F}(1)\u{200E}"),
        ] {
            assert_eq!(tidy(text), tidied, "{text:?}");
        }
        let deep = "\u{2067}".repeat(500);
        assert_eq!(tidy(&deep).chars().count(), 2 * DEEPEST);
    }

    #[test]
    fn what_people_write_stays() {
        for text in [
            "بِسْمِ ٱللَّهِ ٱلرَّحْمَٰنِ ٱلرَّحِيمِ",
            "وَإِذَآ أَرَدْنَآ أَن نُّهْلِكَ قَرْيَةً أَمَرْنَا مُتْرَفِيهَا",
            "בְּרֵאשִׁ֖ית בָּרָ֣א אֱלֹהִ֑ים",
            "Tiếng Việt",
            "Tie\u{302}\u{301}ng Vie\u{323}\u{302}t",
            "क्षत्रिय श्री",
            "བསྒྲུབས",
            "မြန်မာ",
            "ภาษาไทยที่ดี",
            "👩‍❤️‍💋‍👩 👨‍👩‍👧‍👦 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🇱🇧 1️⃣",
            "می‌خواهم",
            "a\tb",
        ] {
            assert_eq!(tidy(text), text);
        }
    }

    #[test]
    fn what_nobody_reads_goes() {
        let marks = |n: usize| "\u{30D}".repeat(n);
        for (text, tidied) in [
            (format!("a{}b", marks(40)), format!("a{}b", marks(MOST_ACCENTS))),
            (format!("a{}\u{200B}{}b", marks(3), marks(3)), format!("a{}\u{200B}{}b", marks(3), marks(1))),
            (format!("م{}", "\u{64B}".repeat(50)), format!("م{}", "\u{64B}".repeat(MOST_MARKS))),
            ("a\0b\u{7}c\u{FFFE}d\u{FDD0}e\u{FFF9}f".into(), "abcdef".into()),
            ("x\u{E0041}\u{E0042}".into(), "x".into()),
            ("👩\u{200D}\u{E007F}🏴\u{E0061}".into(), "👩\u{200D}🏴\u{E0061}".into()),
            ("a\r\nb\rc\u{2028}d".into(), "a\nb\nc\nd".into()),
        ] {
            assert_eq!(tidy(&text), tidied, "{text:?}");
        }
        let chain = "👩\u{200D}".repeat(2000);
        let longest = tidy(&chain).graphemes(true).map(|cluster| cluster.chars().count()).max();
        assert!(longest <= Some(2 * LONGEST_CLUSTER), "{longest:?}");
    }

    proptest! {
        #[test]
        fn tidying_twice_is_tidying_once(
            text in "[\\PC\n]{0,40}|[a\u{5D0}\n\u{202A}-\u{202E}\u{2066}-\u{2069}\u{300}-\u{303}\u{200B}-\u{200F}\u{64B}👩🏴\u{E0061}\u{E007F}\u{FE0F}]{0,200}"
        ) {
            let once = tidy(&text);
            prop_assert_eq!(tidy(&once), once);
        }
    }
}
