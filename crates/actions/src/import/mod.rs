//! Bringing in what another system exported: a WordPress export, by [`wordpress`].
//!
//! A file is read twice, as a stream: first its authors, terms and pictures, then its articles with their comments.
//! Each batch is one transaction, and everything is remembered by its key on the old site: a second run changes
//! nothing, and an interrupted one goes on. Whatever does not come in as it stands has a line in the [`Report`].
//! Nothing here knows of files, terminals or SQL.

mod address;
mod article;
mod author;
mod batch;
mod block;
mod body;
mod comment;
mod comment_text;
mod image;
mod item;
mod key;
mod lifecycle;
mod plain;
pub mod reason;
pub mod report;
mod run;
mod section;
mod site;
mod summary;
mod survey;
mod tag;
mod term;
mod thread;

use std::io::{self, BufRead};

use chrono::{DateTime, Utc};
use masthead_interchange::authors_csv::AuthorRow;
use masthead_interchange::wxr::{Ending, Entry, Problem, ProblemKind, Reader};
use masthead_persistence::{Store, StoreError};
use thiserror::Error;

use batch::Batch;
use item::Extent;
use plain::plain_line;
use reason::Reason;
use report::{Note, Report};
use run::Run;
use survey::Order;

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Which time the file is read.
    pub pass: Pass,
    /// Entries of the file that are done with in this pass.
    pub entries: u64,
    /// The line of the file that has been read up to in this pass.
    pub line: u64,
}

/// The two times a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pass {
    /// For authors, terms and pictures.
    Library,
    /// For articles and comments.
    Articles,
}

/// How an import ended. Whatever ended it, what came in stays, and the report tells of it.
#[derive(Debug)]
pub struct Outcome {
    /// What came in, and what did not.
    pub report: Report,
    /// The name of the exported site, plain text; None where the file does not tell it.
    pub site: Option<String>,
    /// What the exported site is remembered by; None where the file is no export.
    pub origin: Option<String>,
    /// How the file ended, or what kept the import from getting there.
    pub ended: Result<Ending, ImportError>,
}

impl Outcome {
    /// Whether everything of the file that is meant to come in did.
    pub fn is_whole(&self) -> bool {
        matches!(self.ended, Ok(Ending::Whole)) && !self.report.is_damaged()
    }
}

/// Why an import stopped before the end of the file. Running it again goes on where it stopped.
#[derive(Debug, Error)]
pub enum ImportError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file could not be read on.
    #[error("the file cannot be read: {0}")]
    Read(#[source] io::Error),
    /// The report could not be kept: the disk for temporary files is full, perhaps.
    #[error("the report cannot be kept: {0}")]
    Report(#[source] io::Error),
    /// A transaction that was just begun is not there.
    #[error("the database gave no transaction")]
    NoTransaction,
}

/// Brings in a WordPress export.
///
/// `open` opens the file, and is called twice. `authors` are the lines of the side file for authors, if there is one.
/// `now` stands for dates that the file does not tell. `watch` is told of progress after every batch.
///
/// A site that nobody has set up takes its name, tagline and language from the export. Articles, sections, tags,
/// authors and pictures that came in before are left as they are here, and those that were deleted here since do not
/// come back; comments that are new below an article are added.
pub async fn wordpress<R: BufRead>(
    store: &Store,
    open: impl Fn() -> io::Result<R>,
    authors: &[AuthorRow],
    now: DateTime<Utc>,
    watch: &mut dyn FnMut(Progress),
) -> Outcome {
    let failed = |error, report: Option<Report>| Outcome {
        report: report.unwrap_or_default(),
        site: None,
        origin: None,
        ended: Err(error),
    };
    let order = Order { store, authors_file: authors, now };
    let surveyed = match open() {
        Ok(input) => Box::pin(survey::survey(&order, input, watch)).await,
        Err(error) => return failed(ImportError::Read(error), None),
    };
    let input = match open() {
        Ok(input) => input,
        Err(error) => return failed(ImportError::Read(error), None),
    };
    match surveyed {
        Err((error, report)) => failed(error, report),
        Ok(None) => no_export(input),
        Ok(Some((mut run, channel))) => {
            let ended = Box::pin(articles(store, &mut run, input, watch)).await;
            if ended.is_err() {
                run.report.unsettle();
            }
            Outcome {
                report: run.report,
                site: channel.title.as_deref().map(plain_line),
                origin: Some(run.origin),
                ended,
            }
        }
    }
}

/// The second pass.
async fn articles<R: BufRead>(
    store: &Store,
    run: &mut Run<'_>,
    input: R,
    watch: &mut dyn FnMut(Progress),
) -> Result<Ending, ImportError> {
    let mut batch = Batch::new(store);
    let mut reader = Reader::new(input);
    let mut entries = 0;
    let mut ending = None;
    let mut damage = None;
    while let Some(entry) = reader.next() {
        let bytes = match entry {
            Err(error) => {
                batch.commit(&mut run.report).await?;
                return Err(ImportError::Read(error));
            }
            Ok(Entry::Post(post)) => {
                let bytes = post.content.len() + post.comments.iter().map(|c| c.content.len()).sum::<usize>();
                let extent = Extent::of(&post, damage.take());
                run.item(batch.tx().await?, *post, extent).await?;
                bytes
            }
            Ok(Entry::Problem(problem)) => {
                if problem.lost && matches!(problem.kind, ProblemKind::Truncated | ProblemKind::MissingEndTag)
                {
                    damage = Some((problem.line, problem.kind));
                }
                run.tell_problem(problem);
                continue;
            }
            Ok(Entry::End(end)) => {
                ending = Some(end);
                continue;
            }
            Ok(
                Entry::Channel(_) | Entry::Author(_) | Entry::Category(_) | Entry::Tag(_) | Entry::Term(_),
            ) => continue,
        };
        entries += 1;
        if batch.written(bytes, &mut run.report).await? {
            watch(Progress { pass: Pass::Articles, entries, line: reader.line() });
        }
    }
    run.authors_finish(batch.tx().await?).await?;
    batch.commit(&mut run.report).await?;
    watch(Progress { pass: Pass::Articles, entries, line: reader.line() });
    // The reader always tells; a source that ends without a word has not been read to its end.
    Ok(ending.unwrap_or(Ending::Truncated { line: reader.line() }))
}

/// A file without anything of an export: what the reader says of it is the report.
fn no_export(input: impl BufRead) -> Outcome {
    let mut report = Report::default();
    for entry in Reader::new(input) {
        if let Ok(Entry::Problem(Problem { line, kind, item, what, lost })) = entry {
            report.note(Note { line: Some(line), item, slug: None, reason: Reason::File(kind, lost), what });
        }
    }
    let ended = report.settle().map_err(ImportError::Report).map(|()| Ending::NotAnExport);
    Outcome { report, site: None, origin: None, ended }
}
