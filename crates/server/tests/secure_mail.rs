//! A forgotten password from the asking to the signing in, by a letter that goes to a mail server over TLS whose
//! certificate the machine trusts; and no letter to one that it does not trust.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

const PATIENCE: Duration = Duration::from_secs(60);

/// A mail server on this machine that begins in the clear and goes on with TLS: its port, the certificate that it shows,
/// and all that it is told once nobody else can hear.
fn mail_server() -> (u16, String, Receiver<String>) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key.into())
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (told, heard) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            // A client that breaks off, as one does that trusts nobody here, is no fault of the server.
            if let Some(said) = talk(stream.unwrap(), config.clone()) {
                let _ = told.send(said);
            }
        }
    });
    (port, made.cert.pem(), heard)
}

fn talk(mut stream: TcpStream, config: Arc<ServerConfig>) -> Option<String> {
    stream.write_all(b"220 ready\r\n").ok()?;
    loop {
        let line = unbuffered_line(&mut stream)?;
        if line.starts_with("STARTTLS") {
            stream.write_all(b"220 go on\r\n").ok()?;
            break;
        }
        assert!(line.starts_with("EHLO"), "said in the clear: {line}");
        stream.write_all(b"250-localhost\r\n250 STARTTLS\r\n").ok()?;
    }
    let mut secure = BufReader::new(StreamOwned::new(ServerConnection::new(config).unwrap(), stream));
    let (mut said, mut within) = (String::new(), false);
    loop {
        let mut line = String::new();
        if secure.read_line(&mut line).ok()? == 0 {
            return None;
        }
        said.push_str(&line);
        let answer: &[u8] = match line.trim_end() {
            "." if within => {
                secure.get_mut().write_all(b"250 taken\r\n").ok()?;
                return Some(said);
            }
            _ if within => continue,
            "DATA" => {
                within = true;
                b"354 go on\r\n"
            }
            line if line.starts_with("EHLO") => b"250-localhost\r\n250 AUTH PLAIN\r\n",
            line if line.starts_with("AUTH") => b"235 welcome\r\n",
            _ => b"250 ok\r\n",
        };
        secure.get_mut().write_all(answer).ok()?;
    }
}

/// A byte at a time: what follows is not for a buffer that TLS cannot reach.
fn unbuffered_line(stream: &mut TcpStream) -> Option<String> {
    let mut line = Vec::new();
    let mut byte = [0];
    while !line.ends_with(b"\n") {
        stream.read_exact(&mut byte).ok()?;
        line.push(byte[0]);
    }
    String::from_utf8(line).ok()
}

struct Program {
    running: Child,
    address: String,
}

impl Program {
    fn command(data: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_masthead"));
        // What the machine that runs the tests has set is none of theirs.
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("MASTHEAD_")) {
            command.env_remove(name);
        }
        command.args(arguments).arg("--data").arg(data).stdin(Stdio::piped()).stdout(Stdio::piped());
        command
    }

    fn start(data: &Path, sink: &str, trusted: &Path) -> Self {
        let serve = ["serve", "--listen", "127.0.0.1:0", "--log", "off", "--mail-sink", sink];
        let mut running = Self::command(data, &serve)
            .args(["--mail-from", "desk@news.example"])
            .env("SSL_CERT_FILE", trusted)
            .env_remove("SSL_CERT_DIR")
            .spawn()
            .unwrap();
        let mut printed = BufReader::new(running.stdout.take().unwrap()).lines();
        let address =
            printed.find_map(|line| line.unwrap().split_once("http://").map(|(_, rest)| rest.to_owned()));
        let address = address.unwrap().split('/').next().unwrap().to_owned();
        Self { running, address }
    }

    fn ask(&self, query: &str) -> serde_json::Value {
        let body = serde_json::json!({ "query": query }).to_string();
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let head = format!(
            "POST /graphql HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            self.address,
            body.len()
        );
        stream.write_all((head + &body).as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.running.kill();
        let _ = self.running.wait();
    }
}

fn user(data: &Path, arguments: &[&str], password: &str) {
    let mut command = Program::command(data, arguments);
    let mut running = command.arg("--password-stdin").spawn().unwrap();
    running.stdin.take().unwrap().write_all(password.as_bytes()).unwrap();
    assert!(running.wait().unwrap().success());
}

const ASK: &str = "mutation { requestPasswordReset(input: { email: \"nadia@news.example\" }) { ok } }";

fn signs_in(program: &Program, password: &str) -> bool {
    let answer = program.ask(&format!(
        "mutation {{ signIn(input: {{ email: \"nadia@news.example\", password: \"{password}\" }}) {{ token }} }}"
    ));
    answer["data"]["signIn"]["token"].is_string()
}

#[test]
fn a_forgotten_password_is_set_by_the_link_of_a_letter_that_nobody_on_the_way_reads() {
    let (port, certificate, letters) = mail_server();
    let folder = tempfile::tempdir().unwrap();
    let (data, trusted) = (folder.path().join("data"), folder.path().join("trusted.pem"));
    std::fs::write(&trusted, certificate).unwrap();
    let email = ["--email", "nadia@news.example"];
    user(
        &data,
        &[&["user", "create", "--name", "Nadia", "--role", "EDITOR"], &email[..]].concat(),
        "the very first one",
    );
    user(&data, &[&["user", "password"], &email[..]].concat(), "the second passphrase\n");

    let program = Program::start(&data, &format!("smtp://desk:secret@localhost:{port}"), &trusted);
    assert!(!signs_in(&program, "the very first one") && signs_in(&program, "the second passphrase"));
    assert_eq!(program.ask(ASK)["data"]["requestPasswordReset"]["ok"], true);
    let letter = letters.recv_timeout(PATIENCE).unwrap();
    assert!(letter.contains("AUTH PLAIN") && letter.contains("RCPT TO:<nadia@news.example>"), "{letter}");
    let letter = letter.replace("=\r\n", "");
    let token = letter.split_once("/password-reset/").unwrap().1.split_whitespace().next().unwrap();
    let reset = format!(
        "mutation {{ resetPassword(input: {{ token: \"{token}\", password: \"the third passphrase\" }}) {{ ok errors {{ code }} }} }}"
    );
    assert_eq!(program.ask(&reset)["data"]["resetPassword"]["ok"], true, "{token}");
    assert_eq!(program.ask(&reset)["data"]["resetPassword"]["errors"][0]["code"], "NOT_FOUND");
    assert!(!signs_in(&program, "the second passphrase") && signs_in(&program, "the third passphrase"));
}

#[test]
fn a_mail_server_that_is_not_trusted_gets_no_letter() {
    let (port, _, letters) = mail_server();
    let (_, somebody_elses, _) = mail_server();
    let folder = tempfile::tempdir().unwrap();
    let (data, trusted) = (folder.path().join("data"), folder.path().join("trusted.pem"));
    std::fs::write(&trusted, somebody_elses).unwrap();
    let create = ["user", "create", "--email", "nadia@news.example", "--name", "Nadia", "--role", "EDITOR"];
    user(&data, &create, "the very first one");
    let program = Program::start(&data, &format!("smtp://localhost:{port}"), &trusted);
    program.ask(ASK);
    let mut told = String::new();
    for _ in 0..200 {
        std::thread::sleep(Duration::from_millis(250));
        told = String::from_utf8(Program::command(&data, &["doctor"]).output().unwrap().stdout).unwrap();
        if told.contains("(PasswordReset)") {
            break;
        }
    }
    assert!(told.contains("is tried again: no secure connection to the mail server"), "{told}");
    assert!(letters.try_recv().is_err());
}
