//! How lines begin in Arabic: with `١.` for `1.`, and with marks of direction before a list's or quote's sign. CommonMark
//! knows neither; this writes the one for the other before Markdown is read.
//!
//! A line's start does not tell whether it starts anything: it may be code, or go on with a paragraph. So every candidate
//! is rewritten, and those that reading does not confirm are left as they were ([`Rewritten::confirmed_by`]). It must not
//! know what Markdown becomes.

use std::collections::HashSet;

use comrak::Node;
use comrak::nodes::{NodeValue, Sourcepos};

/// Quotes within each other that a line may open. Reading takes time by their depth for each line.
const MAX_QUOTES: u32 = 32;

/// Signs that a line is searched for: comrak takes no more for lists within each other.
const MAX_SIGNS: u32 = 128;

/// A text of Markdown with ends of line as comrak takes them.
pub(super) struct Source(String);

/// The text with its line starts rewritten, and where that was done.
pub(super) struct Rewritten {
    pub(super) text: String,
    candidates: Vec<Candidate>,
}

/// A rewritten line start.
struct Candidate {
    /// Both from 1; the column in bytes of the rewritten line.
    line: usize,
    column: usize,
    sign: Sign,
}

/// What a candidate would start.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    Item,
    Quote,
    Heading,
    Fence,
    /// A rule, or the underline of a heading.
    Rule,
    Row,
    /// No sign: one quote too many, made text.
    TooDeep,
}

impl Source {
    pub(super) fn new(markdown: &str) -> Self {
        let text = markdown.strip_prefix('\u{FEFF}').unwrap_or(markdown);
        Self(text.replace("\r\n", "\n").replace(['\r', '\0'], "\n"))
    }

    /// With every candidate rewritten.
    pub(super) fn all(&self) -> Rewritten {
        self.rewritten(|_| true)
    }

    /// With those candidates rewritten that are confirmed.
    pub(super) fn only(&self, confirmed: &[bool]) -> Rewritten {
        self.rewritten(|candidate| confirmed.get(candidate).copied().unwrap_or(false))
    }

    fn rewritten(&self, is_wanted: impl Fn(usize) -> bool) -> Rewritten {
        let mut rewritten = Rewritten { text: String::with_capacity(self.0.len()), candidates: Vec::new() };
        for (number, line) in self.0.split('\n').enumerate() {
            if number > 0 {
                rewritten.text.push('\n');
            }
            rewritten.push_line(number + 1, line, &is_wanted);
        }
        rewritten
    }
}

impl Rewritten {
    fn push_line(&mut self, line: usize, source: &str, is_wanted: &impl Fn(usize) -> bool) {
        let start = self.text.len();
        let mut rest = source;
        let (mut quotes, mut signs) = (0, 0);
        let rule = Rule::ending(source);
        // Marks of direction on their way behind the signs.
        let mut carried = String::new();
        loop {
            let indent = rest.len() - rest.trim_start_matches([' ', '\t']).len();
            self.text.push_str(&rest[..indent]);
            rest = &rest[indent..];
            let unmarked = rest.trim_start_matches(is_mark);
            let marks = &rest[..rest.len() - unmarked.len()];
            let is_rule = rule.is(source.len() - unmarked.len());
            let Some(found) = sign(unmarked, is_rule).filter(|_| signs < MAX_SIGNS) else { break };
            signs += 1;
            quotes += u32::from(found.sign == Sign::Quote);
            let too_deep = quotes > MAX_QUOTES;
            let sign = if too_deep { Sign::TooDeep } else { found.sign };
            let mut written = &unmarked[..found.length];
            let is_candidate = too_deep || !marks.is_empty() || found.instead.is_some();
            if is_candidate {
                let column = self.text.len() - start + 1;
                let wanted = is_wanted(self.candidates.len());
                self.candidates.push(Candidate { line, column, sign });
                match wanted {
                    false => self.text.push_str(marks),
                    true if too_deep => {
                        self.text.push_str(marks);
                        self.text.push('\\');
                    }
                    true => {
                        if matches!(sign, Sign::Item | Sign::Quote | Sign::Heading) {
                            carried.push_str(marks);
                        }
                        written = found.instead.as_deref().unwrap_or(written);
                    }
                }
            }
            self.text.push_str(written);
            rest = &unmarked[found.length..];
            if too_deep || !matches!(sign, Sign::Item | Sign::Quote) {
                break;
            }
        }
        if !carried.is_empty() {
            // The one space that belongs to the sign.
            let space = rest.len() - rest.strip_prefix([' ', '\t']).unwrap_or(rest).len();
            self.text.push_str(&rest[..space]);
            self.text.push_str(&carried);
            rest = &rest[space..];
        }
        self.text.push_str(rest);
    }

    /// For each candidate whether it started in `document` what it looked like; `None` where all did.
    pub(super) fn confirmed_by(&self, document: Node<'_>) -> Option<Vec<bool>> {
        if self.candidates.is_empty() {
            return None;
        }
        let found = Found::within(document, self.text.bytes().filter(|&b| b == b'\n').count() + 1);
        let confirmed: Vec<bool> =
            self.candidates.iter().map(|candidate| found.confirms(candidate)).collect();
        confirmed.contains(&false).then_some(confirmed)
    }
}

/// What was found to start where.
struct Found {
    /// Line and column where a list's item or a heading starts.
    starts: HashSet<(usize, usize)>,
    /// For each line, the first column of a quote; 0 where there is none.
    quotes: Vec<usize>,
    /// For each line, the first column of code or raw HTML; 0 where there is none.
    verbatim: Vec<usize>,
    /// Lines that are a rule, a fence or in a table.
    lines: HashSet<usize>,
}

impl Found {
    fn within(document: Node<'_>, lines: usize) -> Self {
        let mut found = Self {
            starts: HashSet::new(),
            quotes: vec![0; lines + 2],
            verbatim: vec![0; lines + 2],
            lines: HashSet::new(),
        };
        for node in document.descendants() {
            let ast = node.data();
            let place: Sourcepos = ast.sourcepos;
            match &ast.value {
                NodeValue::Item(_) | NodeValue::TaskItem(_) => found.start(place),
                NodeValue::Heading(heading) => {
                    found.start(place);
                    if heading.setext {
                        found.lines.insert(place.end.line);
                    }
                }
                NodeValue::BlockQuote => cover(&mut found.quotes, place),
                NodeValue::CodeBlock(code) => {
                    cover(&mut found.verbatim, place);
                    if code.fenced {
                        found.lines.extend([place.start.line, place.end.line]);
                    }
                }
                NodeValue::HtmlBlock(_) => cover(&mut found.verbatim, place),
                NodeValue::ThematicBreak => {
                    found.lines.insert(place.start.line);
                }
                NodeValue::Table(_) => found.lines.extend(place.start.line..=place.end.line),
                _ => {}
            }
        }
        found
    }

    fn start(&mut self, place: Sourcepos) {
        self.starts.insert((place.start.line, place.start.column));
    }

    fn confirms(&self, candidate: &Candidate) -> bool {
        let at = |columns: &[usize]| {
            columns.get(candidate.line).is_some_and(|&column| (1..=candidate.column).contains(&column))
        };
        match candidate.sign {
            Sign::Item | Sign::Heading => self.starts.contains(&(candidate.line, candidate.column)),
            Sign::Quote => at(&self.quotes) && !at(&self.verbatim),
            Sign::TooDeep => !at(&self.verbatim),
            Sign::Fence | Sign::Rule | Sign::Row => self.lines.contains(&candidate.line),
        }
    }
}

/// Notes a block's first column on its lines, where none begins further left.
fn cover(columns: &mut [usize], place: Sourcepos) {
    let end = place.end.line.min(columns.len() - 1);
    for column in columns.get_mut(place.start.line..=end).into_iter().flatten() {
        if *column == 0 || *column > place.start.column {
            *column = place.start.column;
        }
    }
}

/// A sign at a line's start.
struct Start {
    sign: Sign,
    /// In bytes.
    length: usize,
    /// What CommonMark has for it.
    instead: Option<String>,
}

/// The sign at the start of a text without white space or marks before it. `is_rule`: the text is nothing but a rule.
fn sign(text: &str, is_rule: bool) -> Option<Start> {
    let plain = |sign, length| Some(Start { sign, length, instead: None });
    let first = text.chars().next()?;
    match first {
        '>' => plain(Sign::Quote, 1),
        '-' | '*' | '_' | '=' if is_rule => plain(Sign::Rule, text.len()),
        '-' | '*' | '+' if ends_sign(&text[1..]) => plain(Sign::Item, 1),
        '#' => {
            let level = text.len() - text.trim_start_matches('#').len();
            if level <= 6 && ends_sign(&text[level..]) { plain(Sign::Heading, level) } else { None }
        }
        '`' | '~' if ["```", "~~~"].iter().any(|fence| text.starts_with(fence)) => {
            plain(Sign::Fence, text.len())
        }
        '|' => plain(Sign::Row, text.len()),
        _ => number(text, first),
    }
}

/// Where the delimiter of an item's number stands in a text that starts with one.
pub(super) fn item_sign(text: &str) -> Option<usize> {
    let start = number(text, text.chars().next()?)?;
    let delimiter = text[..start.length].chars().next_back()?;
    Some(start.length - delimiter.len_utf8())
}

/// The number of an item. Longer ones than nine digits are none in CommonMark; a dash or comma after more than two may
/// well belong to a year.
fn number(text: &str, first: char) -> Option<Start> {
    let is_digit: fn(char) -> bool = match first {
        '0'..='9' => |c| c.is_ascii_digit(),
        '\u{660}'..='\u{669}' => |c| ('\u{660}'..='\u{669}').contains(&c),
        '\u{6F0}'..='\u{6F9}' => |c| ('\u{6F0}'..='\u{6F9}').contains(&c),
        _ => return None,
    };
    let after = text.trim_start_matches(is_digit);
    let digits = &text[..text.len() - after.len()];
    let delimiter = after.chars().next()?;
    let count = digits.chars().count();
    let written = match delimiter {
        '.' | ')' if count <= 9 => delimiter,
        '-' | '–' | '،' | 'ـ' if count <= 2 && !first.is_ascii() => '.',
        _ => return None,
    };
    let length = digits.len() + delimiter.len_utf8();
    if !ends_sign(&text[length..]) {
        return None;
    }
    let instead = (!first.is_ascii()).then(|| {
        // Both sets of digits count up from a multiple of sixteen.
        let digits = digits.chars().filter_map(|c| char::from_digit(c as u32 & 0xF, 10));
        digits.chain([written]).collect()
    });
    Some(Start { sign: Sign::Item, length, instead })
}

/// Whether a sign may end before this text.
fn ends_sign(text: &str) -> bool {
    text.is_empty() || text.starts_with([' ', '\t'])
}

/// The rule, or underline of a heading, at a line's end: where it may begin, at first and at last, in bytes. Found once for
/// a line, however many signs it begins with.
struct Rule {
    first: usize,
    last: usize,
}

impl Rule {
    fn ending(line: &str) -> Self {
        let text = line.trim_end();
        let Some(sign) = text.chars().next_back().filter(|sign| "-*_=".contains(*sign)) else {
            return Self { first: 1, last: 0 };
        };
        let first = text.trim_end_matches([sign, ' ', '\t']).len();
        let least = if sign == '=' { 1 } else { 3 };
        match text.rmatch_indices(sign).nth(least - 1) {
            Some((last, _)) => Self { first, last },
            None => Self { first: 1, last: 0 },
        }
    }

    /// Whether the line is nothing else from here on, where it goes on with a sign.
    const fn is(&self, from: usize) -> bool {
        self.first <= from && from <= self.last
    }
}

/// A mark that only says which way the text around it runs.
const fn is_mark(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{61C}')
}
