//! Loading an address with wrk, and asking a few things by hand. Only ever of this machine.

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

/// One thread, 32 connections, for so many seconds.
pub fn wrk(address: &str, script: Option<&Path>, seconds: u32) -> Result<Measured, String> {
    let mut command = Command::new("wrk");
    command.args(["-t1", "-c32", "--latency", &format!("-d{seconds}s")]);
    if let Some(script) = script {
        command.arg("-s").arg(script);
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
    get(address, path).is_some_and(|answer| answer.starts_with("HTTP/1.1 200"))
}

/// A static answer of about 10 KB: the one of the explorer's files that comes nearest. Not its page, which is made anew
/// for each reader.
pub fn static_path(address: &str) -> Result<String, String> {
    let page = get(address, "/graphiql/").ok_or("the explorer does not answer")?;
    let plain = get(address, "/graphiql/plain").unwrap_or_default();
    let paths: Vec<String> = format!("{page}{plain}")
        .split(['"', '\''])
        .filter(|text| [".js", ".css", ".svg"].iter().any(|ending| text.ends_with(ending)))
        .map(|text| {
            if text.starts_with('/') {
                text.to_owned()
            } else {
                format!("/graphiql/{}", text.trim_start_matches("./"))
            }
        })
        .collect();
    paths
        .into_iter()
        .filter_map(|path| {
            let answer = get(address, &path)?;
            let length = answer.split_once("\r\n\r\n")?.1.len();
            answer.starts_with("HTTP/1.1 200").then_some((length.abs_diff(10_000), path))
        })
        .min()
        .map(|(_, path)| path)
        .ok_or_else(|| "the explorer serves no file".to_owned())
}

fn get(address: &str, path: &str) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(2))).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    Some(String::from_utf8_lossy(&answer).into_owned())
}
