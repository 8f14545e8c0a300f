//! The demo as a stranger starts it: twice, with a look at a picture, a doctor's visit and a new colleague in between.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

fn masthead(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_masthead"));
    // What the machine that runs the tests has set is none of theirs.
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("MASTHEAD_")) {
        command.env_remove(name);
    }
    command.args(arguments).arg("--data").arg(data);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn finished(command: &mut Command) -> (i32, String, String) {
    let Output { status, stdout, stderr } = command.output().unwrap();
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

/// Runs a command that is told something.
fn told(command: &mut Command, input: &str) -> (i32, String, String) {
    let mut running = command.stdin(Stdio::piped()).spawn().unwrap();
    running.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let Output { status, stdout, stderr } = running.wait_with_output().unwrap();
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

/// A demo that is being served, with what it has printed up to a line that contains `last`.
struct Demo {
    program: Child,
    printed: String,
}

impl Demo {
    fn start(data: &Path, last: &str) -> Self {
        let mut program = masthead(data, &["demo", "--listen", "127.0.0.1:0"]).spawn().unwrap();
        let mut output = BufReader::new(program.stdout.take().unwrap());
        let mut printed = String::new();
        while !printed.contains(last) {
            assert!(output.read_line(&mut printed).unwrap() > 0, "it ended: {printed}");
        }
        let demo = Self { program, printed };
        // It has begun to serve, and to listen for being asked to stop.
        get(&demo.place("GraphQL").0, "/healthz");
        demo
    }

    /// The path that was printed after a word, and the address before it.
    fn place(&self, word: &str) -> (String, String) {
        let line = self.printed.lines().find(|line| line.starts_with(word)).unwrap();
        let (address, path) = line.split_once("http://").unwrap().1.split_once('/').unwrap();
        (address.to_owned(), format!("/{path}"))
    }

    fn stop(mut self) {
        let asked = Command::new("kill").args(["-TERM", &self.program.id().to_string()]).status().unwrap();
        assert!(asked.success());
        assert_eq!(self.program.wait().unwrap().code(), Some(0));
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // Most often it has ended already.
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

fn get(address: &str, path: &str) -> (String, Vec<u8>) {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").unwrap();
    let mut response = Vec::new();
    stream.read_to_end(&mut response).unwrap();
    let end = response.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap();
    (String::from_utf8(response[..end].to_vec()).unwrap().to_lowercase(), response[end + 4..].to_vec())
}

#[test]
fn a_stranger_reads_the_news_and_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("masthead-data");
    let demo = Demo::start(&data, "not shown again");
    for sign_in in ["samira@harbourvoice.example (ADMIN)", "nadia@harbourvoice.example (EDITOR)"] {
        assert!(demo.printed.contains(sign_in), "{}", demo.printed);
    }
    assert!(demo.printed.contains("/graphiql\n"), "{}", demo.printed);
    let password = demo
        .printed
        .lines()
        .skip_while(|line| *line != "with the password")
        .nth(1)
        .unwrap()
        .trim()
        .to_owned();
    assert_eq!(password.len(), 29, "{password}");

    let (address, path) = demo.place("Article");
    let (head, body) = get(&address, &path);
    assert!(head.starts_with("http/1.1 200"), "{head}");
    let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert!(body["data"]["article"]["title"].as_str().is_some_and(|title| !title.is_empty()), "{body}");
    // Its address works without a site in front, and the root leads to the explorer.
    let url = body["data"]["article"]["url"].as_str().unwrap();
    let (head, page) = get(&address, url.split_once(&address).unwrap().1);
    assert!(head.starts_with("http/1.1 200") && head.contains("content-type: text/html"), "{head}");
    let (title, page) =
        (body["data"]["article"]["title"].as_str().unwrap(), String::from_utf8(page).unwrap());
    assert!(page.contains(&format!("<h1>{title}</h1>")) && page.contains("rel=\"canonical\""), "{page}");
    let (head, _) = get(&address, "/");
    assert!(head.starts_with("http/1.1 303") && head.contains("location: /graphiql"), "{head}");
    let (head, picture) = get(&address, "/media/320/demo/old-cinema.ar.jpg");
    for wanted in
        ["200 ok", "content-type: image/jpeg", "x-content-type-options: nosniff", "etag: \"", "immutable"]
    {
        assert!(head.contains(wanted), "{wanted}: {head}");
    }
    assert!(picture.starts_with(b"\xff\xd8\xff"));
    assert!(get(&address, "/media/..%2fmasthead.sqlite").0.starts_with("http/1.1 404"));
    demo.stop();

    let (code, findings, errors) = finished(&mut masthead(&data, &["doctor", "--json"]));
    assert_eq!((code, errors.as_str()), (0, ""), "{findings}");
    assert_eq!(serde_json::from_str::<serde_json::Value>(&findings).unwrap()["ok"], true);

    let create = [
        "user",
        "create",
        "--email",
        "hugo@example.org",
        "--name",
        "Hugo",
        "--role",
        "author",
        "--password-stdin",
    ];
    let (code, told_back, errors) = told(&mut masthead(&data, &create), "un long mot de passe\n");
    assert_eq!(code, 0, "{errors}");
    assert_eq!(told_back, "hugo@example.org can sign in now, as AUTHOR.\n");

    let again = Demo::start(&data, "Another login");
    assert!(again.printed.contains("was left as it is"), "{}", again.printed);
    assert!(
        !again.printed.contains(&password) && !again.printed.contains("with the password"),
        "{}",
        again.printed
    );
    again.stop();

    std::fs::remove_file(data.join("media/demo/old-cinema.ar.jpg")).unwrap();
    let (code, findings, errors) = finished(&mut masthead(&data, &["doctor"]));
    assert_eq!((code, errors.as_str()), (1, "masthead: there are faults\n"));
    assert!(findings.contains("FAULT   every stored picture has its file\n"), "{findings}");
}

#[test]
fn nobody_gets_a_login_with_a_poor_password_or_twice() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let create = |email: &str, name: &str, role: &str, password: &str| {
        let arguments =
            ["user", "create", "--email", email, "--name", name, "--role", role, "--password-stdin"];
        told(&mut masthead(data, &arguments), password)
    };
    let good = "سفينة تعود من بعيد";
    assert_eq!(create("nadia@example.org", "نادية", "EDITOR", good).0, 0);
    for (email, name, role, password, code, why) in [
        ("nadia@Example.ORG", "نادية", "EDITOR", good, 1, "nadia@example.org has a login already"),
        ("a@example.org", "A", "EDITOR", "hunter2\n", 1, "at least 12 characters, and this one 7"),
        ("a@example.org", "A", "EDITOR", "two lines of it\n\n", 1, "on one line"),
        ("a@example.org", "A", "EDITOR", "", 1, "at least 12 characters"),
        ("a@example.org", "…", "EDITOR", good, 1, "a name has 1 to 100 characters"),
        ("nobody", "A", "EDITOR", good, 2, "not an e-mail address"),
        ("a@example.org", "A", "KING", good, 2, "no such role: KING"),
    ] {
        let (ended, _, errors) = create(email, name, role, password);
        assert_eq!(ended, code, "{email} {name} {role}: {errors}");
        assert!(errors.contains(why), "{why}: {errors}");
        assert!(!errors.contains("hunter2"), "{errors}");
    }
    let (code, _, errors) = finished(&mut masthead(data, &["user", "create", "--email", "a@example.org"]));
    assert_eq!(code, 2, "{errors}");
    assert!(errors.contains("--password-stdin"), "{errors}");
}

/// What is answered to a document.
fn ask(address: &str, document: &str) -> serde_json::Value {
    let query: String = document.bytes().map(|byte| format!("%{byte:02x}")).collect();
    serde_json::from_slice(&get(address, &format!("/graphql?query={query}")).1).unwrap()
}

/// Fields are resolved within each other, on the stack of a thread; a debug build has the largest frames.
#[test]
fn what_is_as_deep_as_the_limits_allow_is_answered() {
    let folder = tempfile::tempdir().unwrap();
    let demo = Demo::start(&folder.path().join("masthead-data"), "not shown again");
    let (address, _) = demo.place("GraphQL");
    let nested = |open: &str, times: usize, inner: &str| {
        format!("{}{inner}{}", open.repeat(times), "}".repeat(open.matches('{').count() * times))
    };
    // Loads on every other level, so that it is resolved in both ways.
    let related = |levels| {
        let below = nested("related(first: 1) { nodes { ", levels, "section { slug }");
        format!("{{ articles(first: 1, locale: \"en\") {{ nodes {{ id {below} }} }} }}")
    };
    // Waits for nothing; what is selected within each other are fragments.
    let fragments = |levels| {
        let within = nested("... on Section { ", levels, "slug children { parent { slug } }");
        format!("{{ sections(topLevelOnly: true) {{ {within} }} }}")
    };
    // The first time it is validated; from then on it is known to be valid.
    for _ in 0..3 {
        let answer = ask(&address, &related(8));
        assert!(answer.get("errors").is_none(), "{answer}");
        let deepest = "/data/articles/nodes/0".to_owned() + &"/related/nodes/0".repeat(8) + "/section/slug";
        assert!(answer.pointer(&deepest).is_some(), "{answer}");
        let answer = ask(&address, &fragments(27));
        assert!(answer.get("errors").is_none(), "{answer}");
        assert!(answer["data"]["sections"][0]["slug"].is_string(), "{answer}");
    }
    for too_deep in [related(9), fragments(40)] {
        let answer = ask(&address, &too_deep);
        assert_eq!(answer["errors"][0]["extensions"]["code"], "LIMIT_EXCEEDED", "{answer}");
    }
    demo.stop();
}
