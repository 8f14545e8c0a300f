//! The side file for authors of an import: what WordPress exports do not say of them.
//! It must not know which authors exist, nor which roles there are.

use std::fmt;
use std::io::Read;

/// What one line says of one author in one language; an author may have a line for each language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorRow {
    /// The line in the file, from 1; the header is line 1.
    pub line: u64,
    /// The login in the export. Never empty.
    pub login: String,
    /// The name that readers see; None where the line leaves it as it is.
    pub name: Option<String>,
    /// What the author does, in the language of the line; None where the line leaves it as it is.
    pub role: Option<String>,
    /// Plain text, in the language of the line; None where the line leaves it as it is.
    pub biography: Option<String>,
    /// The language of role and biography, `ar`, `fr-FR`; None for the site's default.
    pub locale: Option<String>,
}

/// One thing that is wrong in the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The header lacks the column that tells whom a line is about.
    #[error(
        "line 1: the column “login” is missing; the header is login,name,role,biography,locale in any order"
    )]
    MissingLogin,
    /// The header has a column twice.
    #[error("line 1: the column “{0}” is there twice")]
    RepeatedColumn(Column),
    /// The header has a column that means nothing.
    #[error("line 1: the column “{0}” is not known; known are login, name, role, biography, locale")]
    UnknownColumn(String),
    /// A cell that cannot be used.
    #[error("line {line}, column “{column}”: {what}")]
    Cell {
        /// The line in the file.
        line: u64,
        /// The column.
        column: Column,
        /// What is wrong, in plain English.
        what: &'static str,
    },
    /// A line with more cells than the header.
    #[error("line {line}: {cells} cells, but the header has {columns} columns; is a quotation mark missing?")]
    TooManyCells {
        /// The line in the file.
        line: u64,
        /// How many it has.
        cells: usize,
        /// How many the header has.
        columns: usize,
    },
    /// The same author in the same language on two lines.
    #[error("line {line}, column “login”: {login} is already on line {first}, in the same language")]
    RepeatedAuthor {
        /// The later line.
        line: u64,
        /// The earlier line.
        first: u64,
        /// The login.
        login: String,
    },
    /// The file is no text in UTF-8, or cannot be read at all.
    #[error("line {line}: {reason}")]
    Unreadable {
        /// The line in the file.
        line: u64,
        /// Why.
        reason: String,
    },
}

/// Everything that is wrong in the file, up to [`MOST_FAULTS`]; nothing of it is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused(pub Vec<Fault>);

/// How many faults are gathered before reading stops.
pub const MOST_FAULTS: usize = 50;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            fault.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Refused {}

/// The columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// `login`
    Login,
    /// `name`
    Name,
    /// `role`
    Role,
    /// `biography`
    Biography,
    /// `locale`
    Locale,
}

impl Column {
    const ALL: [Self; 5] = [Self::Login, Self::Name, Self::Role, Self::Biography, Self::Locale];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Name => "name",
            Self::Role => "role",
            Self::Biography => "biography",
            Self::Locale => "locale",
        }
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Reads the whole file: UTF-8, with or without a byte order mark, cells parted by commas or by semicolons (as
/// spreadsheets in French write them) or tabs. The first line names the columns, in any order and case; `login`
/// must be among them, the others may be left out.
/// Empty lines are passed over.
///
/// # Errors
/// All faults at once; where there is one, no row is taken.
pub fn read(mut input: impl Read) -> Result<Vec<AuthorRow>, Refused> {
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes).map_err(|error| unreadable(1, error.to_string()))?;
    let text = match std::str::from_utf8(&bytes) {
        Ok(text) => text.trim_start_matches('\u{feff}'),
        Err(error) => {
            let line = 1 + memchr::memchr_iter(b'\n', &bytes[..error.valid_up_to()]).count() as u64;
            return Err(unreadable(line, "the text is not in UTF-8".to_owned()));
        }
    };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(text.lines().next().unwrap_or_default()))
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| unreadable(1, error.to_string()))?.clone();
    let places = places(&header)?;
    let mut faults = Vec::new();
    let mut rows: Vec<AuthorRow> = Vec::new();
    for record in reader.records() {
        if faults.len() >= MOST_FAULTS {
            break;
        }
        match record {
            Ok(record) => {
                let line = record.position().map_or(0, csv::Position::line);
                match row(&record, line, &places, header.len()) {
                    Ok(Some(row)) => match rows.iter().find(|known| is_same(known, &row)) {
                        Some(known) => {
                            let (first, login) = (known.line, row.login);
                            faults.push(Fault::RepeatedAuthor { line, first, login });
                        }
                        None => rows.push(row),
                    },
                    Ok(None) => {}
                    Err(fault) => faults.push(fault),
                }
            }
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                faults.push(Fault::Unreadable { line, reason: error.to_string() });
            }
        }
    }
    if faults.is_empty() { Ok(rows) } else { Err(Refused(faults)) }
}

fn unreadable(line: u64, reason: String) -> Refused {
    Refused(vec![Fault::Unreadable { line, reason }])
}

/// The mark that parts the names of the columns most often.
fn delimiter(header: &str) -> u8 {
    let count = |mark: u8| memchr::memchr_iter(mark, header.as_bytes()).count();
    [b',', b';', b'\t'].into_iter().rev().max_by_key(|mark| count(*mark)).unwrap_or(b',')
}

/// Where each column is, in the order of [`Column::ALL`]; None for one that the file does not have.
type Places = [Option<usize>; 5];

fn places(header: &csv::StringRecord) -> Result<Places, Refused> {
    let mut places = [None; 5];
    let mut faults = Vec::new();
    for (at, name) in header.iter().enumerate() {
        let name = name.trim();
        match Column::ALL.iter().position(|column| name.eq_ignore_ascii_case(column.as_str())) {
            Some(index) if places[index].is_some() => faults.push(Fault::RepeatedColumn(Column::ALL[index])),
            Some(index) => places[index] = Some(at),
            // A mark too many at the end of each line makes a column without a name.
            None if name.is_empty() => {}
            None => faults.push(Fault::UnknownColumn(name.chars().take(60).collect())),
        }
    }
    if places[0].is_none() {
        faults.push(Fault::MissingLogin);
    }
    if faults.is_empty() { Ok(places) } else { Err(Refused(faults)) }
}

fn row(
    record: &csv::StringRecord,
    line: u64,
    places: &Places,
    columns: usize,
) -> Result<Option<AuthorRow>, Fault> {
    if record.iter().all(str::is_empty) {
        return Ok(None);
    }
    if record.iter().skip(columns).any(|cell| !cell.is_empty()) {
        return Err(Fault::TooManyCells { line, cells: record.len(), columns });
    }
    let [login, name, role, biography, locale] = places.map(|place| {
        let cell = place.and_then(|place| record.get(place)).map(str::trim);
        cell.filter(|cell| !cell.is_empty()).map(str::to_owned)
    });
    let fault = |column: Column, what: &'static str| Fault::Cell { line, column, what };
    let login = login.ok_or_else(|| fault(Column::Login, "is empty"))?;
    if locale.as_deref().is_some_and(|locale| !is_locale(locale)) {
        return Err(fault(Column::Locale, "is no language tag like ar, fr or en-GB"));
    }
    for (column, cell) in
        [(Column::Login, Some(&login)), (Column::Name, name.as_ref()), (Column::Role, role.as_ref())]
    {
        if cell.is_some_and(|cell| cell.contains('\n')) {
            return Err(fault(column, "goes over more than one line"));
        }
    }
    Ok(Some(AuthorRow { line, login, name, role, biography, locale }))
}

/// The shape of a language tag; whether the site has the language is not known here.
fn is_locale(text: &str) -> bool {
    let mut parts = text.split(['-', '_']);
    let language = parts.next().unwrap_or_default();
    (2..=3).contains(&language.len())
        && language.bytes().all(|byte| byte.is_ascii_alphabetic())
        && parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

fn is_same(known: &AuthorRow, row: &AuthorRow) -> bool {
    let locale =
        |row: &AuthorRow| row.locale.as_deref().map(|locale| locale.replace('_', "-").to_ascii_lowercase());
    known.login == row.login && locale(known) == locale(row)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<String> {
        read(text.as_bytes()).unwrap_err().0.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn rows_are_read_whatever_the_order_and_the_marks() {
        let comma = "login,name,role,biography,locale\nsamira,سميرة حداد,رئيسة التحرير,\"تكتب منذ 2009، عن المدينة.\nوعن البحر.\",ar\nsamira,,,,fr\n\n";
        let rows = read(comma.as_bytes()).unwrap();
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0].login, "samira");
        assert_eq!(rows[0].role.as_deref(), Some("رئيسة التحرير"));
        assert_eq!(rows[0].biography.as_deref(), Some("تكتب منذ 2009، عن المدينة.\nوعن البحر."));
        assert_eq!((rows[1].line, rows[1].name.as_deref(), rows[1].locale.as_deref()), (4, None, Some("fr")));
        let semicolon = "\u{feff}Locale;LOGIN;biography;Role;name;\r\nfr-FR; claire ;\"Économiste, puis ; journaliste\";Économie;Claire Moreau;\r\n";
        let rows = read(semicolon.as_bytes()).unwrap();
        assert_eq!(rows[0].login, "claire");
        assert_eq!(rows[0].biography.as_deref(), Some("Économiste, puis ; journaliste"));
        assert_eq!(rows[0].locale.as_deref(), Some("fr-FR"));
        let short = read("login\tname\trole\tbiography\tlocale\nhugo\tHugo".as_bytes()).unwrap();
        assert_eq!((short[0].name.as_deref(), short[0].locale.as_deref()), (Some("Hugo"), None));
    }

    #[test]
    fn faults_name_the_line_and_the_column() {
        let header = "login,name,role,biography,locale\n";
        let cases = [
            (format!("{header},Anna,,,\n"), "line 2, column “login”: is empty"),
            (
                format!("{header}a,A,,,fr\nb,B,,,french\n"),
                "line 3, column “locale”: is no language tag like ar, fr or en-GB",
            ),
            (
                format!("{header}a,A,x,y,fr,z\n"),
                "line 2: 6 cells, but the header has 5 columns; is a quotation mark missing?",
            ),
            (
                format!("{header}a,A,,,fr\na,B,,,FR\n"),
                "line 3, column “login”: a is already on line 2, in the same language",
            ),
            (format!("{header}a,\"A\nB\",,,fr\n"), "line 2, column “name”: goes over more than one line"),
        ];
        for (text, expected) in cases {
            assert_eq!(faults(&text), [expected], "{text}");
        }
    }

    #[test]
    fn the_header_is_required() {
        let missing = "line 1: the column “login” is missing; the header is login,name,role,biography,locale in any order";
        assert_eq!(faults("name,role,biography\n"), [missing]);
        assert_eq!(faults(""), [missing]);
        assert_eq!(faults("login,name,name\n"), ["line 1: the column “name” is there twice"]);
        // A first line of data is no header.
        assert_eq!(faults("samira,سميرة,x,y,ar\n").len(), 6);
        assert_eq!(read("login,biography\na,b\n".as_bytes()).unwrap()[0].biography.as_deref(), Some("b"));
    }

    #[test]
    fn what_is_no_text_is_refused_with_its_line() {
        let refused = read(&b"login,name,role,biography,locale\na,caf\xe9,,,fr\n"[..]).unwrap_err();
        assert_eq!(refused.to_string(), "line 2: the text is not in UTF-8");
    }

    #[test]
    fn all_faults_are_told_at_once() {
        let text = format!("login,name,role,biography,locale\n{}", ",x,,,\n".repeat(200));
        assert_eq!(faults(&text).len(), MOST_FAULTS);
    }
}
