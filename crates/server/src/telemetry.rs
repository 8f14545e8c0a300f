//! The program's log: lines on standard error, or one JSON object each. It must not know what is told in it.
//!
//! What the rest of the program promises: at `info` and above no query, no variable and nothing about a person.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::ParseError;
use tracing_subscriber::fmt::layer;
use tracing_subscriber::prelude::*;

use crate::config::{Log, LogFormat};

/// Starts the log, once for the process. A later call changes nothing.
pub fn start(log: &Log) -> Result<(), ParseError> {
    // Migrations are told by the commands that make them; what is odd in an address may be a secret. What the operator says of them comes later, and holds.
    let filter = EnvFilter::builder()
        .parse(format!("sea_orm_migration=warn,sqlx_postgres::options=error,{}", log.filter))?;
    let registry = tracing_subscriber::registry().with(filter);
    // An error here says that a log was started before: by an earlier call in the same process, as tests do.
    let _already_started = match log.format {
        LogFormat::Text => {
            let colours = std::io::stderr().is_terminal();
            registry
                .with(layer().with_writer(std::io::stderr).with_ansi(colours).with_target(false))
                .try_init()
        }
        LogFormat::Json => {
            registry.with(layer().with_writer(std::io::stderr).json().flatten_event(true)).try_init()
        }
    };
    Ok(())
}
