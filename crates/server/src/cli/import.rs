//! `masthead import`: brings in what another system exported, shows how far it is, and says what became of everything.
//!
//! It must not know formats: the actions do.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use masthead_actions::import::{self, Pass, Progress};
use masthead_interchange::authors_csv;
use masthead_interchange::wxr::Ending;

use super::{CommandError, Done, print, serve};
use crate::api;
use crate::config::Settings;

/// How often a line of progress is written where there is no terminal.
const TELL_EVERY: Duration = Duration::from_secs(5);

/// What is brought in.
#[derive(Debug, Subcommand)]
pub enum ImportCommand {
    /// Bring in a WordPress export. Running it again changes nothing; one that was stopped goes on. Exit status 0: all of
    /// it came in; 3: the file is cut off or broken, what could be read came in, the rest is named; 1: it stopped, or is
    /// no export; 2: wrong usage
    Wordpress(Wordpress),
}

/// A WordPress export to be brought in.
#[derive(Debug, Args)]
pub struct Wordpress {
    /// The file that WordPress writes under Tools, Export
    file: PathBuf,
    /// Where to write the report: counts, then a line for everything that did not come in as it stood
    #[arg(long, value_name = "FILE.json")]
    report: Option<PathBuf>,
    /// Roles and biographies, which an export lacks: columns login, name, role, biography, locale
    #[arg(long, value_name = "FILE.csv")]
    authors: Option<PathBuf>,
}

/// Runs one of them. The database is made where there is none.
pub async fn run(command: ImportCommand, settings: Settings) -> Result<Done, CommandError> {
    let ImportCommand::Wordpress(Wordpress { file, report, authors }) = command;
    let authors = match &authors {
        Some(path) => authors_csv::read(open(path)?)
            .map_err(|refused| CommandError::File { path: path.clone(), why: refused.to_string() })?,
        None => Vec::new(),
    };
    let size = open(&file)?.metadata().map_err(|why| unreadable(&file, &why))?.len();
    // Made before anything comes in, so that a long import does not end without its report.
    let report_file = match &report {
        Some(path) => Some(File::create(path).map_err(|why| unreadable(path, &why))?),
        None => None,
    };
    let store = serve::open(&settings).await?;
    let bytes = Arc::new(AtomicU64::new(0));
    let mut shown = Shown::new(size, bytes.clone());
    let source =
        || Ok(BufReader::with_capacity(1 << 16, Counted { inner: File::open(&file)?, bytes: bytes.clone() }));
    let mut outcome =
        import::wordpress(&store, source, &authors, api::now(), &mut |progress| shown.tell(progress)).await;
    shown.end();
    store.close().await?;
    print(&outcome.to_string())?;
    if let (Some(out), Some(path)) = (report_file, &report) {
        let mut head = serde_json::Map::new();
        head.insert("file".into(), file.display().to_string().into());
        head.insert("site".into(), outcome.site.clone().into());
        head.insert("origin".into(), outcome.origin.clone().into());
        head.insert("whole".into(), outcome.is_whole().into());
        head.insert("ending".into(), outcome.ending().into());
        outcome.report.write_json(&head, BufWriter::new(out)).map_err(|why| unreadable(path, &why))?;
        print(&format!("The report is in {}.\n", path.display()))?;
    }
    if outcome.is_whole() {
        return Ok(Done::Fully);
    }
    match outcome.ended {
        Ok(Ending::NotAnExport) => {
            Err(CommandError::File { path: file, why: "this is no WordPress export".to_owned() })
        }
        Err(stopped) => Err(CommandError::Import(stopped)),
        Ok(_) => Ok(Done::InPart),
    }
}

fn open(path: &Path) -> Result<File, CommandError> {
    File::open(path).map_err(|why| unreadable(path, &why))
}

fn unreadable(path: &Path, why: &io::Error) -> CommandError {
    CommandError::File { path: path.to_owned(), why: why.to_string() }
}

/// A file that says how much of it was read.
struct Counted {
    inner: File,
    bytes: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.bytes.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// A bar on a terminal; elsewhere a line now and then. The file is read twice, and both times count.
struct Shown {
    bar: ProgressBar,
    bytes: Arc<AtomicU64>,
    plain: bool,
    told: Instant,
}

impl Shown {
    fn new(size: u64, bytes: Arc<AtomicU64>) -> Self {
        let plain = !io::stderr().is_terminal();
        let target = if plain { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(Some(size.saturating_mul(2)), target);
        if let Ok(style) = ProgressStyle::with_template("{bar:40} {percent:>3} %  {msg}  {elapsed}") {
            bar.set_style(style);
        }
        Self { bar, bytes, plain, told: Instant::now() }
    }

    fn tell(&mut self, progress: Progress) {
        let pass = match progress.pass {
            Pass::Library => "authors, sections, pictures",
            Pass::Articles => "articles, comments",
        };
        let position = self.bytes.load(Ordering::Relaxed);
        if !self.plain {
            self.bar.set_position(position);
            self.bar.set_message(format!("{pass}: {} entries, line {}", progress.entries, progress.line));
        } else if self.told.elapsed() >= TELL_EVERY {
            self.told = Instant::now();
            let whole = self.bar.length().unwrap_or(1).max(1);
            let percent = position.saturating_mul(100) / whole;
            eprintln!("{percent} %: {pass}, {} entries, line {}", progress.entries, progress.line);
        }
    }

    fn end(&self) {
        self.bar.finish_and_clear();
    }
}
