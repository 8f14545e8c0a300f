//! What must be said of a picture before it is taken: what it shows, and who made it.
//!
//! All its texts are plain. Which names the fields have for clients is not known here.

use super::FocalPoint;

/// Longest alternative text in characters: what a screen reader says in one go.
pub const MAX_ALT: usize = 1_000;
/// Longest credit in characters.
pub const MAX_CREDIT: usize = 200;
/// Longest caption in characters.
pub const MAX_CAPTION: usize = 2_000;

/// What someone says of a picture, as it was given.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Given {
    /// What it shows.
    pub alt: String,
    /// Who made it.
    pub credit: Option<String>,
    /// The text below it.
    pub caption: Option<String>,
    /// Whether it is the newsroom's own.
    pub own_work: bool,
    /// Horizontal and vertical place of what must stay in sight.
    pub focal_point: Option<(f64, f64)>,
}

/// What is said of a picture: complete, and clean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// What it shows, never blank.
    pub alt: String,
    /// Who made it; there unless it is the newsroom's own.
    pub credit: Option<String>,
    /// The text below it.
    pub caption: Option<String>,
    /// Whether it is the newsroom's own.
    pub own_work: bool,
    /// What must stay in sight.
    pub focal_point: Option<FocalPoint>,
}

/// A part of a description.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// What it shows.
    Alt,
    /// Who made it.
    Credit,
    /// The text below it.
    Caption,
    /// What must stay in sight.
    FocalPoint,
}

/// What is wrong with a field: a sentence for the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// Which.
    pub field: Field,
    /// What is wrong, and what would be right.
    pub why: String,
}

impl Given {
    /// Checks and cleans every field.
    ///
    /// # Errors
    /// Everything that is wrong, at least one.
    pub fn check(self) -> Result<Description, Vec<Wrong>> {
        let mut wrong = Vec::new();
        let alt = line(&self.alt);
        let credit = self.credit.as_deref().map(line).filter(|credit| !credit.is_empty());
        let caption = self.caption.as_deref().map(line).filter(|caption| !caption.is_empty());
        let mut add = |field, why| wrong.push(Wrong { field, why });
        if alt.is_empty() {
            add(Field::Alt, "Say what the picture shows, for those who do not see it.".to_owned());
        }
        if credit.is_none() && !self.own_work {
            add(Field::Credit, "Say who made the picture, or that it is the newsroom's own work.".to_owned());
        }
        let texts = [
            (Field::Alt, Some(&alt), MAX_ALT),
            (Field::Credit, credit.as_ref(), MAX_CREDIT),
            (Field::Caption, caption.as_ref(), MAX_CAPTION),
        ];
        for (field, text, max) in texts {
            let length = text.map_or(0, |text| text.chars().count());
            if length > max {
                add(field, format!("This has {length} characters; at most {max} are taken."));
            }
        }
        let focal_point = self.focal_point.and_then(|(x, y)| FocalPoint::parse(x, y));
        if self.focal_point.is_some() && focal_point.is_none() {
            add(Field::FocalPoint, "The focal point is from 0 to 1 each way.".to_owned());
        }
        if wrong.is_empty() {
            Ok(Description { alt, credit, caption, own_work: self.own_work, focal_point })
        } else {
            Err(wrong)
        }
    }
}

impl Description {
    /// The same as someone could have given it, for changing a part of it.
    pub fn given(&self) -> Given {
        Given {
            alt: self.alt.clone(),
            credit: self.credit.clone(),
            caption: self.caption.clone(),
            own_work: self.own_work,
            focal_point: self.focal_point.map(|point| (point.x(), point.y())),
        }
    }
}

/// A text on one line, without control characters and without what is no character; empty where nothing of it would be
/// seen. Marks of direction stay: Arabic beside Latin needs them.
fn line(text: &str) -> String {
    let cleaned: String = text
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|&c| !c.is_control() && u32::from(c) & 0xfffe != 0xfffe && !is_override(c))
        .collect();
    let words: Vec<&str> = cleaned.split(' ').filter(|word| !word.is_empty()).collect();
    let seen = words.iter().any(|word| word.chars().any(|c| !is_invisible(c)));
    if seen { words.join(" ") } else { String::new() }
}

/// Turns letters round whatever they are: no text needs it.
const fn is_override(c: char) -> bool {
    matches!(c, '\u{202d}' | '\u{202e}')
}

/// Shows nothing by itself.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(alt: &str, credit: Option<&str>) -> Given {
        Given { alt: alt.to_owned(), credit: credit.map(str::to_owned), ..Given::default() }
    }

    fn wrong(given: Given) -> Vec<Field> {
        given.check().expect_err("refused").into_iter().map(|wrong| wrong.field).collect()
    }

    #[test]
    fn what_it_shows_and_who_made_it_must_be_said() {
        assert_eq!(wrong(given("", None)), [Field::Alt, Field::Credit]);
        for blank in ["  \n", "\u{200f}\u{feff}", "\0\u{1}", "\u{202e}"] {
            assert_eq!(wrong(given(blank, Some(blank))), [Field::Alt, Field::Credit], "{blank:?}");
        }
        let own = Given { own_work: true, ..given("قوارب", None) };
        assert_eq!(own.check().map(|description| description.credit), Ok(None));
        assert_eq!(
            wrong(given(&"م".repeat(MAX_ALT + 1), Some(&"م".repeat(MAX_CREDIT + 1)))),
            [Field::Alt, Field::Credit]
        );
        assert!(given(&"م".repeat(MAX_ALT), Some(&"م".repeat(MAX_CREDIT))).check().is_ok());
        let outside = Given { focal_point: Some((0.5, 1.5)), ..given("a", Some("b")) };
        assert_eq!(wrong(outside), [Field::FocalPoint]);
        let long = Given { caption: Some("x".repeat(MAX_CAPTION + 1)), ..given("a", Some("b")) };
        assert_eq!(wrong(long), [Field::Caption]);
    }

    #[test]
    fn texts_are_cleaned_and_keep_their_direction() {
        let given = Given {
            caption: Some(" \r\n ".into()),
            focal_point: Some((0.25, 1.0)),
            ..given(" قوارب\u{200f} \t\n عند\0 الفجر\u{ffff} ", Some("AFP\u{202e} / N.\u{a0}M."))
        };
        let description = given.check().expect("sound");
        assert_eq!(description.alt, "قوارب\u{200f} عند الفجر");
        assert_eq!(description.credit.as_deref(), Some("AFP / N. M."));
        assert_eq!(description.caption, None);
        assert_eq!(description.given().check(), Ok(description));
    }
}
