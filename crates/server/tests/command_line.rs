//! The program as it is started: which settings hold, what it prints, how it ends.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use masthead_tests::each_store;

fn masthead(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_masthead"));
    // What the machine that runs the tests has set is none of theirs.
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("MASTHEAD_")) {
        command.env_remove(name);
    }
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn finished(command: &mut Command) -> (i32, String, String) {
    let Output { status, stdout, stderr } = command.output().unwrap();
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

#[test]
fn the_schema_needs_nothing_but_the_program() {
    let (code, schema, errors) = finished(masthead(&["schema"]).current_dir("/"));
    assert_eq!((code, errors.as_str()), (0, ""));
    assert!(schema.contains("\ntype Query {"), "{schema:.300}");
}

#[test]
fn a_flag_goes_before_the_environment_and_the_environment_before_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let database = |name: &str| format!("sqlite:{}", folder.path().join(name).display());
    let exists = |name: &str| folder.path().join(name).exists();
    let config = folder.path().join("masthead.toml");
    std::fs::write(&config, format!("database = \"{}\"", database("file.sqlite"))).unwrap();
    let config = config.to_str().unwrap();
    let data = folder.path().join("data");
    let arguments = ["migrate", "--config", config, "--data", data.to_str().unwrap()];

    let (code, told, errors) = finished(&mut masthead(&arguments));
    assert_eq!(code, 0, "{errors}");
    assert!(told.contains("changes made"), "{told}");
    assert!(exists("file.sqlite") && !exists("environment.sqlite"));
    let (_, told, _) = finished(&mut masthead(&arguments));
    assert!(told.contains("is up to date"), "{told}");

    let variable = ("MASTHEAD_DATABASE_URL", database("environment.sqlite"));
    finished(masthead(&arguments).env(variable.0, &variable.1));
    assert!(exists("environment.sqlite") && !exists("flag.sqlite"));

    finished(
        masthead(&[&arguments[..], &["--database", &database("flag.sqlite")]].concat())
            .env(variable.0, &variable.1),
    );
    assert!(exists("flag.sqlite"));
}

/// A list is replaced as a whole, and a setting within a table goes the way of any other.
#[test]
fn lists_and_limits_go_by_the_same_precedence() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("masthead.toml");
    let origins = "cors-origins = [\"https://file.example\", \"https://all.example\"]";
    std::fs::write(&config, format!("{origins}\n[limits]\nroot-fields = 2\ndepth = 7\n")).unwrap();
    let file = ["serve", "--listen", "127.0.0.1:0", "--config", path(&config), "--data", path(folder.path())];
    let flags = ["--cors-origins", "https://flag.example", "--limit-root-fields", "4"];
    let environment = [
        ("MASTHEAD_CORS_ORIGINS", "https://environment.example,https://other.example"),
        ("MASTHEAD_LIMIT_ROOT_FIELDS", "3"),
    ];
    for (mut command, max, listed) in [
        (masthead(&file), 2, &["file", "all"][..]),
        (masthead(&file), 3, &["environment", "other"]),
        (masthead(&[&file[..], &flags].concat()), 4, &["flag"]),
    ] {
        if max > 2 {
            command.envs(environment);
        }
        let (_program, address) = Serving::started(&mut command);
        let ask = |query: &str, origin: &str| get_from(&address, &format!("/graphql?query={query}"), origin);
        let fields: String = (0..5).map(|n| format!("a{n}:__typename%20")).collect();
        let refused = ask(&format!("%7B{fields}%7D"), "https://flag.example");
        assert!(refused.contains(&format!(r#""limit":"ROOT_FIELDS","max":{max}"#)), "{refused}");
        for name in ["file", "all", "environment", "other", "flag"] {
            let origin = format!("https://{name}.example");
            let told = ask("%7B__typename%7D", &origin).to_lowercase();
            let is_let_in = told.contains(&format!("access-control-allow-origin: {origin}\r\n"));
            assert_eq!(is_let_in, listed.contains(&name), "{max} {name}: {told}");
        }
        // What only the file says holds beside the flags.
        let deep = format!("%7B__schema{}%7D", "%7Btypes".repeat(7) + &"%7D".repeat(7));
        let refused = ask(&deep, "https://flag.example");
        assert!(refused.contains(r#""limit":"DEPTH","max":7"#), "{refused}");
    }
}

#[tokio::test]
async fn a_newer_database_ends_with_1_and_says_what_to_do() {
    each_store(async |store| {
        store
            .execute("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_from_the_future', 0)")
            .await;
        let folder = tempfile::tempdir().unwrap();
        for command in ["serve", "migrate"] {
            let arguments = [command, "--database", store.url(), "--data", path(folder.path())];
            let (code, told, errors) = finished(&mut masthead(&arguments));
            assert_eq!((code, told.as_str()), (1, ""), "{command}: {errors}");
            let reason = "masthead: the database is newer than this program: it has the change \
                 m9999_from_the_future, which this version does not know. Use the newer program, or restore a backup\n";
            assert!(errors.ends_with(reason), "{command}: {errors}");
        }
        // The doctor goes on to the end, and says it among the rest.
        let arguments = ["doctor", "--database", store.url(), "--data", path(folder.path())];
        let (code, told, _) = finished(&mut masthead(&arguments));
        assert_eq!(code, 1, "{told}");
        assert!(told.contains("FAULT   the database has this program's shape") && told.contains("m9999_from_the_future"), "{told}");
    })
    .await;
}

#[test]
fn wrong_usage_and_wrong_settings_end_with_2_and_say_why() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("masthead.toml");
    std::fs::write(&config, "lisen = \"127.0.0.1:1\"").unwrap();
    for (arguments, reason) in [
        (&["dance"][..], "unrecognized subcommand 'dance'"),
        (&["serve", "--listen", "everywhere"], "--listen <ADDR>"),
        (&["serve", "--limit-nesting", "9000"], "nesting can be at most 128"),
        (
            &["serve", "--database", "mysql://root:hunter2@db/x"],
            "a database's address is sqlite:PATH or postgres://",
        ),
        (&["serve", "--config", config.to_str().unwrap()], "line 1: unknown field `lisen`"),
        (&["serve", "--log", "a=b=c"], "log filter"),
    ] {
        let (code, _, errors) = finished(&mut masthead(arguments));
        assert_eq!(code, 2, "{arguments:?}: {errors}");
        assert!(errors.contains(reason), "{arguments:?}: {errors}");
        assert!(!errors.contains("hunter2"), "{errors}");
    }
    let (code, help, _) =
        finished(masthead(&["--help"]).env("MASTHEAD_DATABASE_URL", "postgres://desk:hunter2@db/x"));
    assert_eq!(code, 0);
    assert!(help.contains("MASTHEAD_LIMIT_DEPTH") && help.contains("Exit status"), "{help}");
    assert!(!help.contains("hunter2"), "{help}");
    for table in ["limits", "connections", "live", "classifier", "events", "mail", "media", "log"] {
        assert!(help.contains(&format!("`[{table}]` in the file")), "{table}: {help}");
    }
}

#[test]
fn an_address_that_is_taken_ends_with_1() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let folder = tempfile::tempdir().unwrap();
    let (code, _, errors) =
        finished(&mut masthead(&["serve", "--listen", &address, "--data", path(folder.path())]));
    assert_eq!(code, 1, "{errors}");
    assert!(errors.contains(&format!("cannot listen on {address}")), "{errors}");
}

#[cfg(unix)]
#[test]
fn it_serves_until_it_is_told_to_stop() {
    let folder = tempfile::tempdir().unwrap();
    let data = path(folder.path());
    let (mut program, address) =
        Serving::started(&mut masthead(&["serve", "--listen", "127.0.0.1:0", "--data", data]));

    assert!(get(&address, "/healthz").starts_with("HTTP/1.1 200"));
    assert!(get(&address, "/readyz").starts_with("HTTP/1.1 200"));
    assert!(get(&address, "/graphql?query=%7B__typename%7D").ends_with(r#"{"data":{"__typename":"Query"}}"#));
    assert!(get(&address, "/graphiql/").starts_with("HTTP/1.1 200"));
    assert!(get(&address, "/nowhere").starts_with("HTTP/1.1 404"));

    let told = Command::new("kill").args(["-TERM", &program.0.id().to_string()]).status().unwrap();
    assert!(told.success());
    assert_eq!(program.0.wait().unwrap().code(), Some(0));
}

#[cfg(unix)]
#[test]
fn a_site_without_people_invites_its_first_administrator_once() {
    let folder = tempfile::tempdir().unwrap();
    let data = path(folder.path());
    let told_at_start = || {
        let arguments =
            ["serve", "--listen", "127.0.0.1:0", "--public-url", "https://news.example", "--data", data];
        let mut program = masthead(&arguments).spawn().unwrap();
        let mut output = program.stdout.take().unwrap();
        let mut errors = BufReader::new(program.stderr.take().unwrap());
        let mut line = String::new();
        while !line.contains("taking connections") {
            line.clear();
            assert_ne!(errors.read_line(&mut line).unwrap(), 0, "it ended before it served");
        }
        Command::new("kill").args(["-TERM", &program.id().to_string()]).status().unwrap();
        std::io::copy(&mut errors, &mut std::io::sink()).unwrap();
        program.wait().unwrap();
        let mut told = String::new();
        output.read_to_string(&mut told).unwrap();
        told
    };
    let link = "https://news.example/invitation/";
    assert_eq!(told_at_start().matches(link).count(), 1);
    assert!(!told_at_start().contains(link), "one is open");
}

#[test]
fn a_login_is_for_sections_that_are_there() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = [
        "user",
        "create",
        "--email",
        "a@b.example",
        "--name",
        "Nadia",
        "--role",
        "EDITOR",
        "--section",
        "no-such",
        "--password-stdin",
        "--data",
        path(folder.path()),
    ];
    let mut program = masthead(&arguments).stdin(Stdio::piped()).spawn().unwrap();
    program.stdin.take().unwrap().write_all(b"correct horse battery\n").unwrap();
    let Output { status, stderr, .. } = program.wait_with_output().unwrap();
    assert_eq!(status.code(), Some(1));
    assert!(String::from_utf8(stderr).unwrap().contains("there is no section no-such"));
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn get(address: &str, path: &str) -> String {
    get_from(address, path, "http://127.0.0.1")
}

/// As a page of a web origin asks.
fn get_from(address: &str, path: &str, origin: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {address}\r\norigin: {origin}\r\nconnection: close\r\n\r\n")
        .unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    response
}

/// Ends the program where a test fails before it does.
struct Serving(Child);

impl Serving {
    /// Starts to serve, and reads where.
    fn started(command: &mut Command) -> (Self, String) {
        let mut program = Self(command.spawn().unwrap());
        let mut output = BufReader::new(program.0.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("GraphQL  http://").unwrap().strip_suffix("/graphql").unwrap();
        (program, address.to_owned())
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // Most often it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
