//! Loading an address with wrk, and asking a few things by hand. Only ever of this machine.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// What one run gave.
pub struct Measured {
    /// Requests a second.
    pub rate: f64,
    /// Half the answers came within so many milliseconds.
    pub p50: f64,
    /// 99 of 100 came within so many milliseconds.
    pub p99: f64,
    /// Answers that were not 2xx or 3xx, and broken connections.
    pub errors: u64,
}

/// What wrk is to send.
pub enum Load<'a> {
    /// GETs of a static answer.
    Fixed(&'a Fixed),
    /// What a script makes.
    Script(&'a Path),
}

/// One thread, 32 connections, for so many seconds.
pub fn wrk(address: &str, load: &Load<'_>, seconds: u32) -> Result<Measured, String> {
    let mut command = Command::new("wrk");
    command.args(["-t1", "-c32", "--latency", &format!("-d{seconds}s")]);
    match load {
        Load::Fixed(Fixed { coding: Some(coding), .. }) => {
            command.arg("-H").arg(format!("Accept-Encoding: {coding}"));
        }
        Load::Fixed(_) => {}
        Load::Script(script) => {
            command.arg("-s").arg(script);
        }
    }
    let out = command.arg(address).output().map_err(|why| format!("wrk: {why}"))?;
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    let complaints = String::from_utf8_lossy(&out.stderr).into_owned();
    if !complaints.is_empty() {
        eprintln!("{complaints}");
    }
    let field = |name: &str| text.lines().find_map(|line| line.trim().strip_prefix(name)).map(str::trim);
    let rate = field("Requests/sec:")
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| format!("wrk said: {text}"))?;
    Ok(Measured {
        rate,
        p50: field("50%").and_then(milliseconds).unwrap_or(f64::NAN),
        p99: field("99%").and_then(milliseconds).unwrap_or(f64::NAN),
        errors: field("Non-2xx or 3xx responses:").and_then(|text| text.parse().ok()).unwrap_or(0)
            + field("Socket errors:").map_or(0, |text| {
                text.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse::<u64>().ok()).sum()
            }),
    })
}

fn milliseconds(text: &str) -> Option<f64> {
    for (unit, factor) in [("us", 0.001), ("ms", 1.0), ("s", 1000.0)] {
        if let Some(number) = text.strip_suffix(unit) {
            return number.parse::<f64>().ok().map(|number| number * factor);
        }
    }
    None
}

/// Whether a GET is answered by 200.
pub fn answers(address: &str, path: &str) -> bool {
    get(address, path, None).is_some_and(|answer| answer.starts_with("HTTP/1.1 200"))
}

/// A static answer.
pub struct Fixed {
    /// Its path.
    pub path: String,
    /// The coding in which it is asked for.
    pub coding: Option<&'static str>,
    /// Bytes of its body.
    pub length: usize,
}

/// The static answer that comes nearest to 10 KB, of all files of the explorer as they are and compressed. Not the
/// explorer's page, which is made anew for each reader.
pub fn static_answer(address: &str) -> Result<Fixed, String> {
    let page = get(address, "/graphiql/", None).ok_or("the explorer does not answer")?;
    let mut paths = files_named_in(&page);
    paths.extend(files_named_in(&get(address, "/graphiql/plain", None).unwrap_or_default()));
    // Scripts name those that they load later.
    let scripts: Vec<String> = paths.iter().filter(|path| path.ends_with(".js")).cloned().collect();
    for script in scripts {
        paths.extend(files_named_in(&get(address, &script, None).unwrap_or_default()));
    }
    let codings = [None, Some("br"), Some("gzip")];
    paths
        .into_iter()
        .flat_map(|path| codings.map(|coding| (path.clone(), coding)))
        .filter_map(|(path, coding)| {
            let answer = get(address, &path, coding)?;
            let (head, body) = answer.split_once("\r\n\r\n")?;
            // A body that is no text has not the length it seems to have.
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
            });
            let length = length.unwrap_or(body.len());
            head.starts_with("HTTP/1.1 200").then_some(Fixed { path, coding, length })
        })
        .min_by_key(|fixed| (fixed.length.abs_diff(10_000), fixed.coding, fixed.path.clone()))
        .ok_or_else(|| "the explorer serves no file".to_owned())
}

/// Scripts, styles and pictures that a text names between quotes.
fn files_named_in(text: &str) -> BTreeSet<String> {
    text.split(['"', '\'', '`'])
        .filter(|name| name.len() < 100 && [".js", ".css", ".svg"].iter().any(|ending| name.ends_with(ending)))
        .filter(|name| name.starts_with("/graphiql/") || name.starts_with("assets/"))
        .map(|name| {
            if name.starts_with('/') { name.to_owned() } else { format!("/graphiql/{name}") }
        })
        .collect()
}

fn get(address: &str, path: &str, coding: Option<&str>) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(2))).ok()?;
    let coding = coding.map(|coding| format!("Accept-Encoding: {coding}\r\n")).unwrap_or_default();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\n{coding}Connection: close\r\n\r\n").ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    Some(String::from_utf8_lossy(&answer).into_owned())
}
