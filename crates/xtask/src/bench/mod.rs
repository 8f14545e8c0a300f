//! How fast the program is: its pages against a static answer of the same process, in the same minute.
//!
//! `cargo xtask bench [--articles N] [--comments N] [--seconds N] [--database URL]` writes a WordPress export of
//! that size, imports it with the release build (or the program that MASTHEAD_BENCH_PROGRAM names), serves it with
//! all response caching off, and loads each page with wrk; then it starts the demo. It fails where a target is missed.
//! `cargo xtask bench --live N` measures instead what N idle subscribers cost, see [`live`].
//! Machines are noisy: the ratios count, not the rates. Needs wrk (`apt install wrk`).

mod export;
mod live;
mod load;
mod operations;
mod targets;

use std::env;
use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use load::{Load, Measured, wrk};
use targets::Targets;

/// What to measure on.
struct Settings {
    articles: u32,
    comments: u32,
    seconds: u32,
    database: Option<String>,
    /// How many idle subscribers, where only these are measured.
    live: Option<u32>,
}

/// Runs the whole measurement; the sentence to end with where it could not.
pub fn run(arguments: impl Iterator<Item = String>) -> Result<(), String> {
    let settings = settings(arguments)?;
    if let Some(subscribers) = settings.live {
        return idle(&settings, subscribers);
    }
    if Command::new("wrk").arg("-v").output().is_err() {
        return Err("wrk is not installed (Debian and Ubuntu: apt install wrk)".into());
    }
    let folder = target().join("bench");
    fs::create_dir_all(&folder).map_err(|why| format!("{}: {why}", folder.display()))?;
    let program = program()?;

    let file = folder.join("export.xml");
    let out = fs::File::create(&file).map_err(|why| format!("{}: {why}", file.display()))?;
    let mut out = BufWriter::new(out);
    export::write(&mut out, settings.articles, settings.comments)
        .and_then(|()| out.flush())
        .map_err(|why| why.to_string())?;
    drop(out);
    println!(
        "export      {} articles, {} comments, {} MB",
        settings.articles,
        settings.comments,
        size(&file) / 1_000_000
    );

    let sqlite = folder.join("bench.sqlite");
    let database = settings.database.clone().unwrap_or_else(|| {
        for ending in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(format!("{}{ending}", sqlite.display()));
        }
        format!("sqlite:{}", sqlite.display())
    });
    let mut targets = Targets::default();
    import(&program, &file, &database, &folder, &mut targets)?;
    if settings.database.is_none() {
        println!("database    {} MB", size(&sqlite) / 1_000_000);
    }

    let mut server = Server::start(&program, &database, &folder)?;
    println!("start       {:.0} ms until /readyz answers", milliseconds(server.ready_after));
    targets.at_most("start", milliseconds(server.ready_after), 200.0, "ms");
    println!(
        "memory      {} MB resident at rest, {} MB of it anonymous",
        server.memory("VmRSS")?,
        server.memory("RssAnon")?
    );
    measure(&settings, &server, &folder, &mut targets)?;
    let anonymous = server.memory("RssAnon")?;
    println!(
        "memory      {} MB resident after the load, {anonymous} MB of it anonymous",
        server.memory("VmRSS")?
    );
    targets.at_most("anonymous memory under load", anonymous as f64, 80.0, "MB");
    server.stop();
    demo(&program, &folder, &mut targets)?;
    targets.held()
}

/// Imports the export, and tells how long it took and the most memory of its own it was seen with: mapped pages of the
/// database come and go as the machine likes.
fn import(
    program: &Path,
    file: &Path,
    database: &str,
    folder: &Path,
    targets: &mut Targets,
) -> Result<(), String> {
    let started = Instant::now();
    let mut running = Command::new(program)
        .args(["import", "wordpress"])
        .arg(file)
        .args(["--database", database, "--report"])
        .arg(folder.join("report.json"))
        .stdout(Stdio::null())
        .spawn()
        .map_err(|why| why.to_string())?;
    let mut most = 0;
    let status = loop {
        if let Some(status) = running.try_wait().map_err(|why| why.to_string())? {
            break status;
        }
        // It may end between two looks.
        most = most.max(memory(running.id(), "RssAnon").unwrap_or(0));
        sleep(Duration::from_millis(20));
    };
    let seconds = started.elapsed().as_secs_f64();
    println!("import      {seconds:.1} s, at most {most} MB anonymous");
    targets.at_most("import", seconds, 60.0, "s");
    if status.success() { Ok(()) } else { Err(format!("the import ended with {status}")) }
}

/// The demo on an empty folder: when it is ready, and what it weighs at rest.
fn demo(program: &Path, folder: &Path, targets: &mut Targets) -> Result<(), String> {
    let data = folder.join("demo");
    // Most often there is none.
    let _ = fs::remove_dir_all(&data);
    let mut command = Command::new(program);
    command.args(["demo", "--listen", ADDRESS, "--data"]).arg(&data);
    let mut server = Server::of(command)?;
    let ready = milliseconds(server.ready_after);
    sleep(Duration::from_secs(10));
    let resident = server.memory("VmRSS")?;
    println!(
        "demo        {ready:.0} ms until /readyz answers, {resident} MB resident at rest, {} MB of it anonymous",
        server.memory("RssAnon")?
    );
    targets.at_most("demo", ready, 2_000.0, "ms");
    targets.at_most("demo at rest", resident as f64, 80.0, "MB");
    server.stop();
    Ok(())
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// What an idle subscriber may cost, the program itself included: 10,000 of them stay below 400 MB.
const MOST_KILOBYTES: u64 = 40;
/// Of fewer the program itself weighs too much for this to say anything.
const ENOUGH: u32 = 10_000;

/// What idle subscribers cost, on a database that is there, or on an empty one. Fails where one is let go, or where they cost
/// too much.
fn idle(settings: &Settings, subscribers: u32) -> Result<(), String> {
    let folder = target().join("bench");
    fs::create_dir_all(&folder).map_err(|why| format!("{}: {why}", folder.display()))?;
    let program = program()?;
    let empty = format!("sqlite:{}", folder.join("live.sqlite").display());
    let server = Server::start(&program, settings.database.as_ref().unwrap_or(&empty), &folder)?;
    let before = server.memory("VmRSS")?;
    let mut open = live::open(&server.address, subscribers)?;
    sleep(Duration::from_secs(2));
    let after = server.memory("VmRSS")?;
    println!("memory      {before} MB resident before, {after} MB with {subscribers} idle subscribers");
    // Longer than two heartbeats would be too long for a client that answers none.
    sleep(Duration::from_secs(20));
    let still_open = open.len() - live::closed(&mut open);
    println!("still open  {still_open} of {subscribers} after 20 s");
    let then = server.memory("VmRSS")?;
    println!("memory      {then} MB resident then");
    if still_open < open.len() {
        return Err("subscribers were let go".into());
    }
    let most = u64::from(subscribers.max(ENOUGH)) * MOST_KILOBYTES / 1000;
    if after.max(then) > most {
        return Err(format!("more than {most} MB"));
    }
    Ok(())
}

/// Each page between two runs of the static answer, whose mean it is compared with.
fn measure(settings: &Settings, server: &Server, folder: &Path, targets: &mut Targets) -> Result<(), String> {
    let contract = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/contract/reader"));
    let answer = load::static_answer(&server.address)?;
    let fixed = format!("http://{}{}", server.address, answer.path);
    let graphql = format!("http://{}/graphql", server.address);
    println!("static      {fixed} ({} bytes, {})", answer.length, answer.coding.unwrap_or("as it is"));
    println!(
        "\n{:<14}{:>10}{:>10}{:>10}{:>12}{:>10}",
        "", "req/s", "p50 ms", "p99 ms", "of static", "errors"
    );
    for page in operations::PAGES {
        let script = folder.join(format!("{}.lua", page.name));
        let text = operations::script(contract, page, settings.articles)?;
        fs::write(&script, format!("{text}{}", operations::CHECK)).map_err(|why| why.to_string())?;
        // Looks at every answer, and warms up.
        wrk(&graphql, &Load::Script(&script), 2)?;
        fs::write(&script, text).map_err(|why| why.to_string())?;
        let before = wrk(&fixed, &Load::Fixed(&answer), settings.seconds.div_ceil(2))?;
        let measured = wrk(&graphql, &Load::Script(&script), settings.seconds)?;
        let after = wrk(&fixed, &Load::Fixed(&answer), settings.seconds.div_ceil(2))?;
        let fixed_rate = (before.rate + after.rate) / 2.0;
        row(page.name, &measured, measured.rate / fixed_rate);
        row("  static", &before, before.rate / fixed_rate);
        if page.name == "article" {
            targets.at_most(
                "static answers in the time of one article page",
                fixed_rate / measured.rate,
                20.0,
                "",
            );
        }
        targets.at_most(page.name, measured.errors as f64, 0.0, "errors");
    }
    Ok(())
}

fn row(name: &str, measured: &Measured, ratio: f64) {
    println!(
        "{name:<14}{:>10.0}{:>10.2}{:>10.2}{:>12}{:>10}",
        measured.rate,
        measured.p50,
        measured.p99,
        format!("1/{:.1}", 1.0 / ratio),
        measured.errors
    );
}

/// A figure of `/proc` for a process, in megabytes.
fn memory(process: u32, field: &str) -> Result<u64, String> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).map_err(|why| why.to_string())?;
    status
        .lines()
        .find_map(|line| {
            line.strip_prefix(field)?.strip_prefix(':')?.split_whitespace().next()?.parse::<u64>().ok()
        })
        .map(|kilobytes| kilobytes / 1000)
        .ok_or_else(|| format!("no {field} in /proc"))
}

/// Where the program is served; nothing else of this machine listens there.
const ADDRESS: &str = "127.0.0.1:8817";

/// The program, serving.
struct Server {
    child: Child,
    address: String,
    ready_after: Duration,
}

impl Server {
    fn start(program: &Path, database: &str, folder: &Path) -> Result<Self, String> {
        let mut command = Command::new(program);
        command
            .args(["serve", "--database", database, "--listen", ADDRESS, "--data"])
            .arg(folder)
            .env("MASTHEAD_RESPONSE_CACHE", "off")
            .envs(["MASTHEAD_LIVE_MAX", "MASTHEAD_LIVE_MAX_PER_ADDRESS"].map(|name| (name, "100000")));
        Self::of(command)
    }

    /// Runs a command that serves at [`ADDRESS`], until it is ready.
    fn of(mut command: Command) -> Result<Self, String> {
        let started = Instant::now();
        let child =
            command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().map_err(|why| why.to_string())?;
        let mut server = Self { child, address: ADDRESS.to_owned(), ready_after: Duration::ZERO };
        while started.elapsed() < Duration::from_secs(20) {
            if load::answers(&server.address, "/readyz") {
                server.ready_after = started.elapsed();
                return Ok(server);
            }
            sleep(Duration::from_millis(2));
        }
        server.stop();
        Err("the program did not get ready in 20 s".into())
    }

    /// A figure of `/proc`, in megabytes.
    fn memory(&self, field: &str) -> Result<u64, String> {
        memory(self.child.id(), field)
    }

    fn stop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

fn settings(mut arguments: impl Iterator<Item = String>) -> Result<Settings, String> {
    let mut settings =
        Settings { articles: 10_000, comments: 50_000, seconds: 10, database: None, live: None };
    while let Some(flag) = arguments.next() {
        let value = arguments.next().ok_or_else(|| format!("{flag} needs a value"))?;
        let number = || {
            value
                .parse::<u32>()
                .ok()
                .filter(|n| *n > 0)
                .ok_or_else(|| format!("{flag}: not a number above 0"))
        };
        match flag.as_str() {
            "--articles" => settings.articles = number()?,
            "--comments" => settings.comments = number()?,
            "--seconds" => settings.seconds = number()?,
            "--live" => settings.live = Some(number()?),
            "--database" => settings.database = Some(value),
            _ => {
                return Err(format!(
                    "unknown: {flag} (--articles, --comments, --seconds, --database, --live)"
                ));
            }
        }
    }
    Ok(settings)
}

/// The program that MASTHEAD_BENCH_PROGRAM names; otherwise the release build, made now.
fn program() -> Result<PathBuf, String> {
    if let Some(program) = env::var_os("MASTHEAD_BENCH_PROGRAM") {
        return Ok(program.into());
    }
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["build", "--release", "--locked", "--bin", "masthead"])
        .status()
        .map_err(|why| format!("cargo: {why}"))?;
    if status.success() {
        Ok(target().join("release/masthead"))
    } else {
        Err("the program does not build".into())
    }
}

fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(
        || Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target")).to_owned(),
        PathBuf::from,
    )
}

fn size(file: &Path) -> u64 {
    fs::metadata(file).map_or(0, |meta| meta.len())
}
