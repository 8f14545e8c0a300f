//! The program as a process that is started, asked over HTTP, and killed. It must not know what it is asked.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

/// A program that serves.
pub struct Program {
    process: Child,
    /// Where it listens.
    pub address: String,
}

/// How the program is run on one database.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// The database's address.
    pub database: &'a str,
    /// The folder of the files.
    pub data: &'a Path,
}

impl Place<'_> {
    fn command(self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_masthead"));
        // What the machine that runs the tests has set is none of theirs.
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("MASTHEAD_")) {
            command.env_remove(name);
        }
        command.args(arguments).args(["--database", self.database, "--data"]).arg(self.data);
        command.env("MASTHEAD_COMMENT_RATE", "off").env("MASTHEAD_SIGN_IN_RATE", "off");
        command.env("MASTHEAD_COMMENT_POLICY", "open").env("MASTHEAD_CONNECTIONS_MAX_PER_ADDRESS", "1000");
        command.env("MASTHEAD_LIVE_MAX_PER_ADDRESS", "1000");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Gives a person a login as `masthead user create` does.
    pub fn login(self, email: &str, password: &str) {
        let create =
            ["user", "create", "--email", email, "--name", "Adam", "--role", "ADMIN", "--password-stdin"];
        let mut running = self.command(&create).stdin(Stdio::piped()).spawn().unwrap();
        running.stdin.take().unwrap().write_all(password.as_bytes()).unwrap();
        let Output { status, stderr, .. } = running.wait_with_output().unwrap();
        assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
    }

    /// What `masthead doctor` finds; whether it is content.
    pub fn doctor(self) -> Result<(), String> {
        let Output { status, stdout, stderr } = self.command(&["doctor"]).output().unwrap();
        let told = [stdout, stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
        if status.success() { Ok(()) } else { Err(told) }
    }

    /// Starts to serve, and waits until it says where.
    pub fn serve(self) -> Program {
        let mut process = self.starting();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let Some(address) =
            line.trim().strip_prefix("GraphQL  http://").and_then(|rest| rest.strip_suffix("/graphql"))
        else {
            let _ = process.kill();
            let told = process.wait_with_output().unwrap();
            panic!("it does not serve: {line}{}", String::from_utf8_lossy(&told.stderr));
        };
        let address = address.to_owned();
        // What it prints further is read so that it never waits for it.
        std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
        if let Some(errors) = process.stderr.take() {
            std::thread::spawn(move || {
                BufReader::new(errors)
                    .lines()
                    .map_while(Result::ok)
                    .filter(|line| line.contains("ERROR"))
                    .for_each(|line| eprintln!("{line}"))
            });
        }
        Program { process, address }
    }

    /// Starts to serve, without waiting.
    pub fn starting(self) -> Child {
        self.command(&["serve", "--listen", "127.0.0.1:0"]).spawn().unwrap()
    }
}

impl Program {
    /// Ends it without a chance to do anything about it.
    pub fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Its resident memory.
    #[cfg(target_os = "linux")]
    pub fn kilobytes(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.split_whitespace().next().unwrap().parse().unwrap()
    }

    /// Ends it in good order.
    pub fn stop(mut self) {
        let told = Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status().unwrap();
        assert!(told.success());
        assert!(self.process.wait().unwrap().success());
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Most often it has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The data of an answer. `None`: no whole answer came, so that what was asked may have been done or not.
pub fn ask(address: &str, token: Option<&str>, document: &str, variables: Value) -> Option<Value> {
    let answer = sent(address, token, &json!({"query": document, "variables": variables}).to_string())?;
    assert!(answer.get("errors").is_none(), "{document}: {answer:#}");
    Some(answer["data"].clone())
}

fn sent(address: &str, token: Option<&str>, body: &str) -> Option<Value> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
    let bearer = token.map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default();
    let head = format!(
        "POST /graphql HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n{bearer}content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(body.as_bytes()).ok()?;
    let mut answer = Vec::new();
    // Whatever came before the connection broke is told apart from a whole answer by its JSON.
    let _ = stream.read_to_end(&mut answer);
    let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n")?;
    serde_json::from_slice(&answer[end + 4..]).ok()
}
