//! The command line: one file a command. It must not do anything itself.
//!
//! A new command is a file beside this one with `pub async fn run(…) -> Result<Done, CommandError>`, a variant of
//! [`Command`] with its arguments, and an arm in [`Command::run`].

mod demo;
mod doctor;
mod import;
mod mail;
mod migrate;
mod schema;
mod serve;
mod user;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use masthead_actions::newsroom::fill::FillError;
use masthead_actions::user::create::CreateUserError;
use masthead_actions::user::password::PasswordRefused;
use masthead_actions::user::reset_password::SetPasswordError;
use masthead_graphql::limits::InvalidSdl;
use masthead_persistence::StoreError;
use masthead_persistence::media::FilesError;

use crate::classifier::NoClassifier;
use crate::config::{Flags, InvalidSettings, Settings};
use crate::demo::ContentError;
use crate::mail::CannotCarry;
use crate::telemetry;

/// What `masthead --help` says beneath the settings.
const AFTER_HELP: &str = "\
Settings come from flags, then the environment, then the file named by --config, then the defaults. In the file each \
has its flag's name, as in `listen = \"127.0.0.1:8000\"`. Those of limits, connections, live, classifier, events, mail, \
media and log stand in tables of these names, without the word before them: `--mail-from` is `from` in `[mail]`, \
`--limit-depth` is `depth` in `[limits]`.

Exit status: 0 done; 1 failed; 2 wrong usage or settings; 3 done in part, with the losses named.";

/// A GraphQL news backend.
#[derive(Debug, Parser)]
#[command(name = "masthead", version, about, after_help = AFTER_HELP, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// With which settings.
    #[command(flatten)]
    pub flags: Flags,
}

/// What the program does.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the API and the explorer until asked to stop; the database is made and brought up to date first
    Serve,
    /// Store a small complete newsroom where there are no articles yet, and serve it
    Demo,
    /// Bring the database to the shape this program needs
    Migrate,
    /// Bring in what another system exported
    #[command(subcommand)]
    Import(import::ImportCommand),
    /// Print the GraphQL schema; needs no database
    Schema,
    /// Look for faults in the database and the media folder; exit status 1 where there is one
    Doctor(doctor::Doctor),
    /// What becomes of letters that failed
    #[command(subcommand)]
    Mail(mail::MailCommand),
    /// People with a login
    #[command(subcommand)]
    User(user::UserCommand),
}

/// How a command ended that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// All of it: exit status 0.
    Fully,
    /// Part of it, and the rest was named: exit status 3.
    InPart,
}

/// Why a command failed. Shown to the operator as it is, so each says in plain words what to do about.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The settings: exit status 2.
    #[error(transparent)]
    Settings(#[from] InvalidSettings),
    /// The log's filter: exit status 2.
    #[error("the log filter cannot be read: {0}")]
    LogFilter(#[from] tracing_subscriber::filter::ParseError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The classifier of comments cannot be asked.
    #[error(transparent)]
    Classifier(#[from] NoClassifier),
    /// The store of pictures.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// The schema's own text, a fault of the program.
    #[error(transparent)]
    Schema(#[from] InvalidSdl),
    /// The data directory cannot be made.
    #[error("cannot make the data directory {path}: {cause}")]
    DataDirectory {
        /// The directory.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The demo's content, a fault of the program.
    #[error(transparent)]
    Content(#[from] ContentError),
    /// The demo was not stored.
    #[error(transparent)]
    Fill(#[from] FillError),
    /// The password breaks a rule.
    #[error(transparent)]
    Password(#[from] PasswordRefused),
    /// Letters cannot be carried.
    #[error(transparent)]
    Mail(#[from] CannotCarry),
    /// Nobody was given a login.
    #[error(transparent)]
    CreateUser(#[from] CreateUserError),
    /// No password was set.
    #[error(transparent)]
    SetPassword(#[from] SetPasswordError),
    /// A file cannot be read or written, or is not what it should be.
    #[error("{path}: {why}")]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The import stopped; what came in before stays.
    #[error("the import stopped: {0}")]
    Import(masthead_actions::import::ImportError),
    /// There are faults, which were printed.
    #[error("there are faults")]
    Faults,
    /// Standard input cannot be read, or is no text.
    #[error("cannot read standard input: {0}")]
    Input(std::io::Error),
    /// Standard output cannot be written to.
    #[error("cannot write to standard output: {0}")]
    Output(std::io::Error),
    /// The runtime could not be started.
    #[error("cannot start: {0}")]
    Runtime(std::io::Error),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {cause}")]
    Listen {
        /// The address.
        address: std::net::SocketAddr,
        /// What the system said.
        cause: std::io::Error,
    },
}

impl CommandError {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Settings(_) | Self::LogFilter(_) => ExitCode::from(2),
            _ => ExitCode::from(1),
        }
    }
}

/// Reads the command line, runs the command and says how the process ends.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(Done::Fully) => ExitCode::SUCCESS,
        Ok(Done::InPart) => ExitCode::from(3),
        Err(error) => {
            eprintln!("masthead: {error}");
            error.exit_code()
        }
    }
}

fn run(cli: Cli) -> Result<Done, CommandError> {
    let settings = Settings::load(cli.flags)?;
    telemetry::start(&settings.log)?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(CommandError::Runtime)?;
    runtime.block_on(cli.command.run(settings))
}

impl Command {
    async fn run(self, settings: Settings) -> Result<Done, CommandError> {
        match self {
            Self::Serve => serve::run(settings).await,
            Self::Demo => demo::run(settings).await,
            Self::Migrate => migrate::run(settings).await,
            Self::Import(command) => import::run(command, settings).await,
            Self::Schema => schema::run(),
            Self::Doctor(args) => doctor::run(args, settings).await,
            Self::Mail(command) => mail::run(command, settings).await,
            Self::User(command) => user::run(command, settings).await,
        }
    }
}

/// Writes to standard output. That nobody reads it any more (`masthead schema | head`) is no failure.
fn print(text: &str) -> Result<(), CommandError> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(cause) if cause.kind() != std::io::ErrorKind::BrokenPipe => Err(CommandError::Output(cause)),
        _ => Ok(()),
    }
}
