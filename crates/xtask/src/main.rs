//! What cargo and just cannot say alone: building the front ends with npm, and the demo, which needs both worlds.
//! It imports nothing of ours and nothing of others, so that the first command a stranger types starts at once.
//!
//! `cargo demo [OPTIONS]`   builds the front end where Node is, then the program, then runs `masthead demo OPTIONS`
//! `cargo xtask explorer`   builds the front end only
//! `cargo xtask bench`      measures the pages of a large paper against a static answer; `--live N`: N idle subscribers

mod bench;
mod front_end;

use std::env;
use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, ExitCode};

const USAGE: &str = "\
usage: cargo demo [OPTIONS]      the demo newsroom; OPTIONS are those of `masthead demo`, see `cargo demo --help`
       cargo xtask explorer      only bundle GraphiQL for the program (needs Node.js)
       cargo xtask bench         how fast the pages are against a static answer (needs wrk)";

fn main() -> ExitCode {
    let mut arguments = env::args_os().skip(1);
    let task = arguments.next();
    match task.as_ref().and_then(|task| task.to_str()) {
        Some("demo") => demo(arguments),
        Some("explorer") => explorer(),
        Some("bench") => {
            match bench::run(arguments.map(|argument| argument.to_string_lossy().into_owned())) {
                Ok(()) => ExitCode::SUCCESS,
                Err(why) => {
                    eprintln!("bench: {why}");
                    ExitCode::FAILURE
                }
            }
        }
        _ => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
    }
}

/// Where GraphiQL's bundle is made.
fn explorer_folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../server/explorer"))
}

/// Fails where the bundle could not be made: who asks for it alone wants to know.
fn explorer() -> ExitCode {
    match front_end::build(explorer_folder()) {
        Ok(done) => {
            eprintln!("explorer: {done}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("explorer: {why}");
            ExitCode::FAILURE
        }
    }
}

/// The program in release mode, on the demo newsroom. Goes on without the bundle: the program has a plain page for that.
fn demo(options: impl Iterator<Item = OsString>) -> ExitCode {
    match front_end::build(explorer_folder()) {
        Ok(done) => eprintln!("explorer: {done}"),
        Err(why) => eprintln!(
            "explorer: {why}\n          The demo goes on without GraphiQL: /graphiql is then a plain page.\n          \
             To have it later: `cargo xtask explorer`, then this command again."
        ),
    }
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut run = Command::new(cargo);
    run.args(["run", "--release", "--locked", "--bin", "masthead", "--", "demo"]).args(options);
    become_command(run)
}

/// Turns this process into the command, so that signals reach it and its exit status is ours.
#[cfg(unix)]
fn become_command(mut command: Command) -> ExitCode {
    use std::os::unix::process::CommandExt;

    let why = command.exec();
    eprintln!("{} cannot be run: {why}", command.get_program().display());
    ExitCode::FAILURE
}

/// Runs the command and ends as it does. Ctrl-C reaches both, and the command prints what there is to say.
#[cfg(not(unix))]
fn become_command(mut command: Command) -> ExitCode {
    match command.status() {
        Ok(status) => {
            status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from)
        }
        Err(why) => {
            eprintln!("{} cannot be run: {why}", command.get_program().display());
            ExitCode::FAILURE
        }
    }
}
