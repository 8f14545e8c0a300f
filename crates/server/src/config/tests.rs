//! Precedence, refusals and silence about secrets, through the same command line as the program's.
//!
//! The environment is not touched: tests share a process. That clap reads it is clap's promise; that each flag names
//! its variable is tested here.

use clap::{CommandFactory, Parser};

use super::*;
use crate::cli::Cli;

fn load(arguments: &[&str]) -> Result<Settings, InvalidSettings> {
    let cli = Cli::try_parse_from(["masthead", "schema"].iter().chain(arguments)).unwrap();
    Settings::load(cli.flags)
}

fn load_file(toml: &str, arguments: &[&str]) -> Result<Settings, InvalidSettings> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), toml).unwrap();
    let config = file.path().to_str().unwrap().to_owned();
    load(&[&["--config", &config], arguments].concat())
}

#[test]
fn a_flag_goes_before_the_file_and_the_file_before_the_default() {
    let toml = r#"
        listen = "127.0.0.1:9000"
        introspection = "off"
        comment-policy = "first_time"
        cors-origins = ["https://news.example"]
        trusted-proxies = ["10.0.0.7", "fd00::/8"]
        session-max-days = 30
        [limits]
        depth = 7
        aliases = 8
        [connections]
        header-timeout = 0.5
    "#;
    let settings = load_file(toml, &["--limit-depth", "9", "--explorer", "off"]).unwrap();
    assert_eq!(settings.listen.port(), 9000);
    assert_eq!(settings.introspection, Switch::Off);
    assert_eq!(settings.explorer, Switch::Off);
    assert_eq!(settings.comment_policy, Some(Policy::FirstTime));
    assert_eq!(settings.cors_origins, ["https://news.example".parse().unwrap()]);
    assert_eq!(settings.limits, Limits { depth: 9, aliases: 8, ..Limits::DEFAULT });
    assert_eq!(settings.connections.header_timeout.0, Duration::from_millis(500));
    assert_eq!(settings.connections.body_timeout, Connections::default().body_timeout);
    assert_eq!(settings.sign_in_rate, Switch::On);
    assert_eq!(settings.trusted_proxies, ["10.0.0.7/32".parse().unwrap(), "fd00::/8".parse().unwrap()]);
    assert_eq!((settings.session_idle_days.get(), settings.session_max_days.get()), (14, 30));
}

#[test]
fn what_is_not_set_follows_from_what_is() {
    let settings = load(&["--data", "/srv/news", "--listen", "127.0.0.1:0"]).unwrap();
    assert_eq!(settings.database().to_string(), "sqlite:/srv/news/masthead.sqlite");
    assert_eq!(settings.public_url("127.0.0.1:4711".parse().unwrap()), "http://127.0.0.1:4711");
    let settings = load(&["--database", "sqlite:a.sqlite", "--public-url", "https://news.example/"]).unwrap();
    assert_eq!(settings.database().expose(), "sqlite:a.sqlite");
    assert_eq!(settings.public_url("127.0.0.1:4711".parse().unwrap()), "https://news.example");
}

#[test]
fn what_cannot_be_used_is_refused_with_the_reason() {
    for (toml, reason) in [
        ("lisen = \"127.0.0.1:1\"", "line 1: unknown field `lisen`"),
        ("\n\n[limits]\ndeph = 1", "line 4: unknown field `deph`"),
        ("introspection = \"yes\"", "unknown variant `yes`"),
        ("comment-policy = \"nobody\"", "OPEN, FIRST_TIME, MODERATED, MEMBERS, CLOSED"),
        ("request-timeout = 0.0", "from 0.001 to 86400"),
        ("session-idle-days = 0", "nonzero"),
        ("trusted-proxies = [\"10.0.0.0/40\"]", "a network is an address"),
        ("cors-origins = [\"news.example/x\"]", "an origin is"),
        ("public-url = \"ftp://news.example\"", "http:// or https://"),
        ("[events]\nkeep-days = 0", "at least 1 day"),
        ("[mail]\nfrom = \"nobody\"", "letters come from an address"),
        ("[mail]\nsink = \"smtp://mail.example\"", "set mail-from"),
        ("[mail]\nsink = \"smtp://mail.example?tls=none\"", "letters go to log"),
        ("[limits]\nnesting = 5000", "nesting can be at most 128"),
        ("[media]\nmax-file-bytes = 0", "max-file-bytes is from 1 to 104857600"),
        ("[media]\nmax-files = 21", "max-files is from 1 to 20"),
        (
            "[media]\nstore = \"s3\"",
            if cfg!(feature = "s3") { "S3 needs s3-bucket" } else { "built without S3" },
        ),
        ("[limits]\nrecursion = 33", "recursion can be at most 32"),
        ("[limits]\nvariable-nesting = 101", "variable-nesting can be at most 100"),
    ] {
        let error = load_file(toml, &[]).unwrap_err().to_string();
        assert!(error.contains(reason), "{toml}: {error}");
    }
    let error = load(&["--config", "/nowhere/masthead.toml"]).unwrap_err().to_string();
    assert!(error.starts_with("cannot read /nowhere/masthead.toml: "), "{error}");
}

#[test]
fn no_password_is_shown_in_any_way() {
    let url = "postgres://desk:hunter2@db.example/news";
    let settings = load(&["--database", url]).unwrap();
    assert_eq!(settings.database().expose(), url);
    let cli = Cli::try_parse_from(["masthead", "schema", "--database", url]).unwrap();
    let wrong = "mysql://desk:hunter2@db.example/news";
    for text in [
        format!("{settings:?}"),
        settings.database().to_string(),
        format!("{cli:?}"),
        load(&["--database", wrong]).unwrap_err().to_string(),
        load_file(&format!("database = \"{wrong}\""), &[]).unwrap_err().to_string(),
        load_file(&format!("database = \"{url}"), &[]).unwrap_err().to_string(), // a quote is missing
        load_file(&format!("database = {{ url = \"{url}\" }}"), &[]).unwrap_err().to_string(),
    ] {
        assert!(!text.contains("hunter2"), "{text}");
    }
    let mail = "smtps://desk:hunter2@mail.example";
    let settings = load(&["--mail-sink", mail, "--mail-from", "desk@news.example"]).unwrap();
    let cli = Cli::try_parse_from(["masthead", "schema", "--mail-sink", mail]).unwrap();
    let wrong = "imap://desk:hunter2@mail.example";
    for text in [
        format!("{settings:?}"),
        format!("{cli:?}"),
        load(&["--mail-sink", wrong]).unwrap_err().to_string(),
        load_file(&format!("[mail]\nsink = \"{wrong}\""), &[]).unwrap_err().to_string(),
        load_file(&format!("[mail]\nsink = \"{mail}"), &[]).unwrap_err().to_string(), // a quote is missing
    ] {
        assert!(!text.contains("hunter2"), "{text}");
    }
    let mut hidden = Vec::new();
    for argument in Cli::command().get_arguments() {
        let id = argument.get_id().as_str();
        if ["database", "mail_sink"].contains(&id) || id.contains("secret") {
            assert!(argument.is_hide_env_values_set(), "--help would print the value of {id}'s variable");
            hidden.push(id.to_owned());
        }
    }
    assert!(hidden.len() >= 4, "{hidden:?}");
}

#[test]
fn every_setting_is_in_the_help_with_its_variable_and_its_default() {
    for argument in Cli::command().get_arguments() {
        let name = argument.get_id().as_str();
        let flag = argument.get_long().unwrap();
        assert_eq!(flag, name.replace('_', "-"));
        let variable = match name {
            "database" => "MASTHEAD_DATABASE_URL".to_owned(),
            _ => format!("MASTHEAD_{}", name.to_uppercase()),
        };
        assert_eq!(argument.get_env().unwrap(), variable.as_str());
        let help = argument.get_help().unwrap().to_string();
        assert!(name == "config" || help.contains("[default: "), "{flag}: {help}");
    }

    let defaults = Settings::default();
    let Limits {
        body_bytes,
        document_bytes,
        tokens,
        nesting,
        variable_nesting,
        variable_values,
        operations,
        fragments,
        selections,
        depth,
        recursion,
        root_fields,
        mutation_fields,
        aliases,
        directives,
        complexity,
        argument_bytes,
    } = defaults.limits;
    let Connections { max, max_per_address, header_timeout, body_timeout, write_timeout, drain_timeout } =
        defaults.connections;
    for (flag, default) in [
        ("listen", defaults.listen.to_string()),
        ("data", defaults.data.display().to_string()),
        ("request-timeout", defaults.request_timeout.to_string()),
        ("session-idle-days", defaults.session_idle_days.to_string()),
        ("session-max-days", defaults.session_max_days.to_string()),
        ("log", defaults.log.filter),
        ("events-keep-days", defaults.events.keep_days.to_string()),
        ("mail-from", defaults.mail.from.to_string()),
        ("mail-sink", MailSink::Log.to_string()),
        ("limit-body-bytes", body_bytes.to_string()),
        ("limit-document-bytes", document_bytes.to_string()),
        ("limit-tokens", tokens.to_string()),
        ("limit-nesting", nesting.to_string()),
        ("limit-variable-nesting", variable_nesting.to_string()),
        ("limit-variable-values", variable_values.to_string()),
        ("limit-operations", operations.to_string()),
        ("limit-fragments", fragments.to_string()),
        ("limit-selections", selections.to_string()),
        ("limit-depth", depth.to_string()),
        ("limit-recursion", recursion.to_string()),
        ("limit-root-fields", root_fields.to_string()),
        ("limit-mutation-fields", mutation_fields.to_string()),
        ("limit-aliases", aliases.to_string()),
        ("limit-directives", directives.to_string()),
        ("limit-complexity", complexity.to_string()),
        ("limit-argument-bytes", argument_bytes.to_string()),
        ("connections-max", max.to_string()),
        ("connections-max-per-address", max_per_address.to_string()),
        ("connections-header-timeout", header_timeout.to_string()),
        ("connections-body-timeout", body_timeout.to_string()),
        ("connections-write-timeout", write_timeout.to_string()),
        ("connections-drain-timeout", drain_timeout.to_string()),
        ("media-max-file-bytes", defaults.media.max_file_bytes.to_string()),
        ("media-max-files", defaults.media.max_files.to_string()),
        ("media-upload-timeout", defaults.media.upload_timeout.to_string()),
        ("media-s3-region", defaults.media.s3_region),
    ] {
        let command = Cli::command();
        let argument = command.get_arguments().find(|it| it.get_long() == Some(flag)).unwrap();
        let help = argument.get_help().unwrap().to_string();
        assert!(help.ends_with(&format!("[default: {default}]")), "{flag}: {help}");
    }
}

#[cfg(feature = "s3")]
#[test]
fn a_storage_has_both_keys_or_none_and_its_secret_is_shown_nowhere() {
    let toml = |more: &str| format!("[media]\nstore = \"s3\"\ns3-bucket = \"pictures\"\n{more}");
    let settings = load_file(&toml(""), &[]).unwrap();
    assert_eq!((settings.media.store, settings.media.s3_region.as_str()), (MediaStore::S3, "us-east-1"));
    let keys = "s3-access-key = \"desk\"\ns3-secret-key = \"hunter2\"";
    let settings = load_file(&toml(keys), &["--media-s3-endpoint", "http://127.0.0.1:9000"]).unwrap();
    assert!(settings.media.s3_secret_key.is_some());
    assert!(!format!("{settings:?}").contains("hunter2"));
    let cli = Cli::try_parse_from(["masthead", "schema", "--media-s3-secret-key", "hunter2"]).unwrap();
    assert!(!format!("{cli:?}").contains("hunter2"));
    for (more, reason) in [
        ("s3-secret-key = \"hunter2\"", "go together"),
        ("s3-access-key = \"desk\"", "go together"),
        ("s3-endpoint = \"hunter2\"", "http:// or https://"),
        ("s3-secret-key = [\"hunter2\"]", "in quotes"),
    ] {
        let error = load_file(&toml(more), &[]).unwrap_err().to_string();
        assert!(error.contains(reason) && !error.contains("hunter2"), "{more}: {error}");
    }
    let secret =
        Cli::command().get_arguments().find(|it| it.get_id() == "media_s3_secret_key").unwrap().clone();
    assert!(secret.is_hide_env_values_set());
}
