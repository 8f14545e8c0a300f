//! The settings as flags and environment variables, all optional: what is absent leaves the file's value or the
//! default. Each line of `--help` is written here, and here only.
//!
//! It must not validate what may be secret: clap repeats a value that it refuses.

mod parts;

use std::net::SocketAddr;
use std::num::NonZeroU16;
use std::path::PathBuf;

use clap::Args;
use ipnet::IpNet;
use masthead_domain::comment::Policy;
use url::Url;

use self::parts::{ConnectionFlags, MediaFlags};
use super::classifier::ClassifierFlags;
use super::live::LiveFlags;
use super::{
    DatabaseUrl, InvalidSettings, LogFormat, MailSink, Origin, Seconds, Sender, Settings, Switch,
    parse_network, parse_policy,
};

/// Headings of `--help`, each with the table of the file that it stands for.
const EVENTS: &str = "Events (`[events]` in the file)";
const MAIL: &str = "Mail (`[mail]` in the file)";
const LOG: &str = "Log (`[log]` in the file)";

/// What stands on the command line or in the environment.
#[derive(Debug, Clone, Default, Args)]
pub struct Flags {
    /// A TOML file with settings; flags and environment variables go before it
    #[arg(long, env = "MASTHEAD_CONFIG", global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Where everything is stored: sqlite:PATH or postgres://… [default: masthead.sqlite in the data directory]
    #[arg(long, env = "MASTHEAD_DATABASE_URL", global = true, value_name = "URL", hide_env_values = true)]
    database: Option<Secret>,
    /// The address to listen on; port 0 takes any free port [default: 127.0.0.1:8000]
    #[arg(long, env = "MASTHEAD_LISTEN", global = true, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// The directory of media and of the default database [default: masthead-data]
    #[arg(long, env = "MASTHEAD_DATA", global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// What links, feeds and previews are built on [default: http:// and the address listened on]
    #[arg(long, env = "MASTHEAD_PUBLIC_URL", global = true, value_name = "URL")]
    public_url: Option<Url>,
    /// Whether the schema may be asked for [default: on]
    #[arg(long, env = "MASTHEAD_INTROSPECTION", global = true)]
    introspection: Option<Switch>,
    /// Whether the explorer is served at /graphiql [default: on]
    #[arg(long, env = "MASTHEAD_EXPLORER", global = true)]
    explorer: Option<Switch>,
    /// Web origins whose pages may use the API, separated by commas; * is any [default: none]
    #[arg(long, env = "MASTHEAD_CORS_ORIGINS", global = true, value_name = "ORIGINS", value_delimiter = ',')]
    cors_origins: Option<Vec<Origin>>,
    /// How long an operation may take [default: 10]
    #[arg(long, env = "MASTHEAD_REQUEST_TIMEOUT", global = true, value_name = "SECONDS")]
    request_timeout: Option<Seconds>,
    /// Reserved for keeping anonymous answers, which this version does not do yet [default: on]
    #[arg(long, env = "MASTHEAD_RESPONSE_CACHE", global = true)]
    response_cache: Option<Switch>,
    /// Whether comments are throttled; off also lets near-duplicates and too-quick forms pass [default: on]
    #[arg(long, env = "MASTHEAD_COMMENT_RATE", global = true)]
    comment_rate: Option<Switch>,
    /// Whether attempts to sign in are throttled, by address and by account [default: on]
    #[arg(long, env = "MASTHEAD_SIGN_IN_RATE", global = true)]
    sign_in_rate: Option<Switch>,
    /// Days after which a session ends that is not used [default: 14]
    #[arg(long, env = "MASTHEAD_SESSION_IDLE_DAYS", global = true, value_name = "DAYS")]
    session_idle_days: Option<NonZeroU16>,
    /// Days after which a session ends however much it is used [default: 90]
    #[arg(long, env = "MASTHEAD_SESSION_MAX_DAYS", global = true, value_name = "DAYS")]
    session_max_days: Option<NonZeroU16>,
    /// Networks of proxies whose X-Forwarded-For says where a request came from, separated by commas: 10.0.0.0/8 [default: none]
    #[arg(long, env = "MASTHEAD_TRUSTED_PROXIES", global = true, value_name = "NETWORKS", value_delimiter = ',', value_parser = parse_network)]
    trusted_proxies: Option<Vec<IpNet>>,
    /// Goes before the comment policy of site, sections and articles: open, first_time, moderated, members or closed [default: none]
    #[arg(long, env = "MASTHEAD_COMMENT_POLICY", global = true, value_name = "POLICY", value_parser = parse_policy)]
    comment_policy: Option<Policy>,
    /// Days for which events are kept, for whoever follows them from afar [default: 30]
    #[arg(long, env = "MASTHEAD_EVENTS_KEEP_DAYS", global = true, value_name = "DAYS", help_heading = EVENTS)]
    events_keep_days: Option<u16>,
    /// Whom letters come from: ADDRESS or NAME <ADDRESS> [default: masthead@localhost]
    #[arg(long, env = "MASTHEAD_MAIL_FROM", global = true, value_name = "SENDER", help_heading = MAIL)]
    mail_from: Option<Sender>,
    /// Where letters go: log, file:FOLDER, smtps://USER:PASSWORD@HOST or smtp://… (STARTTLS) [default: log]
    #[arg(long, env = "MASTHEAD_MAIL_SINK", global = true, value_name = "SINK", hide_env_values = true, help_heading = MAIL)]
    mail_sink: Option<Secret>,
    /// How the log on standard error is written [default: text]
    #[arg(long, env = "MASTHEAD_LOG_FORMAT", global = true, value_name = "FORMAT", help_heading = LOG)]
    log_format: Option<LogFormat>,
    /// What is logged: a level, also per module, as in warn,masthead_server=debug; `filter` in the file [default: info]
    #[arg(long, env = "MASTHEAD_LOG", global = true, value_name = "FILTER", help_heading = LOG)]
    log: Option<String>,
    #[command(flatten)]
    limits: LimitFlags,
    #[command(flatten)]
    connections: ConnectionFlags,
    #[command(flatten)]
    live: LiveFlags,
    #[command(flatten)]
    classifier: ClassifierFlags,
    #[command(flatten)]
    media: MediaFlags,
}

/// What one request may ask for; too much is answered with LIMIT_EXCEEDED.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Limits of a request (`[limits]` in the file)")]
struct LimitFlags {
    /// Bytes of the body, uploads apart [default: 1048576]
    #[arg(long, env = "MASTHEAD_LIMIT_BODY_BYTES", global = true, hide_short_help = true, value_name = "N")]
    limit_body_bytes: Option<u64>,
    /// Bytes of the GraphQL document [default: 131072]
    #[arg(
        long,
        env = "MASTHEAD_LIMIT_DOCUMENT_BYTES",
        global = true,
        hide_short_help = true,
        value_name = "N"
    )]
    limit_document_bytes: Option<u64>,
    /// Tokens of the document [default: 15000]
    #[arg(long, env = "MASTHEAD_LIMIT_TOKENS", global = true, hide_short_help = true, value_name = "N")]
    limit_tokens: Option<u64>,
    /// Brackets open at once in the document [default: 64]
    #[arg(long, env = "MASTHEAD_LIMIT_NESTING", global = true, hide_short_help = true, value_name = "N")]
    limit_nesting: Option<u64>,
    /// Arrays and objects within each other in the variables [default: 64]
    #[arg(
        long,
        env = "MASTHEAD_LIMIT_VARIABLE_NESTING",
        global = true,
        hide_short_help = true,
        value_name = "N"
    )]
    limit_variable_nesting: Option<u64>,
    /// Values in the variables [default: 10000]
    #[arg(
        long,
        env = "MASTHEAD_LIMIT_VARIABLE_VALUES",
        global = true,
        hide_short_help = true,
        value_name = "N"
    )]
    limit_variable_values: Option<u64>,
    /// Operations in a document [default: 50]
    #[arg(long, env = "MASTHEAD_LIMIT_OPERATIONS", global = true, hide_short_help = true, value_name = "N")]
    limit_operations: Option<u64>,
    /// Fragments in a document [default: 100]
    #[arg(long, env = "MASTHEAD_LIMIT_FRAGMENTS", global = true, hide_short_help = true, value_name = "N")]
    limit_fragments: Option<u64>,
    /// Selections of a document, with all fragments expanded [default: 10000]
    #[arg(long, env = "MASTHEAD_LIMIT_SELECTIONS", global = true, hide_short_help = true, value_name = "N")]
    limit_selections: Option<u64>,
    /// Fields within each other [default: 20]
    #[arg(long, env = "MASTHEAD_LIMIT_DEPTH", global = true, hide_short_help = true, value_name = "N")]
    limit_depth: Option<u64>,
    /// Selections and fragments within each other, at most 32 [default: 32]
    #[arg(long, env = "MASTHEAD_LIMIT_RECURSION", global = true, hide_short_help = true, value_name = "N")]
    limit_recursion: Option<u64>,
    /// Fields at the root of a query or subscription [default: 20]
    #[arg(long, env = "MASTHEAD_LIMIT_ROOT_FIELDS", global = true, hide_short_help = true, value_name = "N")]
    limit_root_fields: Option<u64>,
    /// Fields at the root of a mutation [default: 5]
    #[arg(
        long,
        env = "MASTHEAD_LIMIT_MUTATION_FIELDS",
        global = true,
        hide_short_help = true,
        value_name = "N"
    )]
    limit_mutation_fields: Option<u64>,
    /// Aliased fields, with all fragments expanded [default: 60]
    #[arg(long, env = "MASTHEAD_LIMIT_ALIASES", global = true, hide_short_help = true, value_name = "N")]
    limit_aliases: Option<u64>,
    /// Directives in a document [default: 100]
    #[arg(long, env = "MASTHEAD_LIMIT_DIRECTIVES", global = true, hide_short_help = true, value_name = "N")]
    limit_directives: Option<u64>,
    /// Cost of an operation: its fields, those in lists times the page size [default: 50000]
    #[arg(long, env = "MASTHEAD_LIMIT_COMPLEXITY", global = true, hide_short_help = true, value_name = "N")]
    limit_complexity: Option<u64>,
    /// Bytes of arguments, with all fragments and variables expanded [default: 8388608]
    #[arg(
        long,
        env = "MASTHEAD_LIMIT_ARGUMENT_BYTES",
        global = true,
        hide_short_help = true,
        value_name = "N"
    )]
    limit_argument_bytes: Option<u64>,
}

/// A text that clap takes as it is and never shows.
#[derive(Clone)]
struct Secret(String);

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

impl Flags {
    /// Puts what was given in the place of what the settings hold.
    pub(super) fn apply(self, settings: &mut Settings) -> Result<(), InvalidSettings> {
        if let Some(Secret(url)) = &self.database {
            settings.database = Some(DatabaseUrl::parse(url)?);
        }
        if self.public_url.is_some() {
            settings.public_url = self.public_url;
        }
        if self.comment_policy.is_some() {
            settings.comment_policy = self.comment_policy;
        }
        set(&mut settings.listen, self.listen);
        set(&mut settings.data, self.data);
        set(&mut settings.introspection, self.introspection);
        set(&mut settings.explorer, self.explorer);
        set(&mut settings.cors_origins, self.cors_origins);
        set(&mut settings.request_timeout, self.request_timeout);
        set(&mut settings.response_cache, self.response_cache);
        set(&mut settings.comment_rate, self.comment_rate);
        set(&mut settings.sign_in_rate, self.sign_in_rate);
        set(&mut settings.session_idle_days, self.session_idle_days);
        set(&mut settings.session_max_days, self.session_max_days);
        set(&mut settings.trusted_proxies, self.trusted_proxies);
        if let Some(Secret(sink)) = &self.mail_sink {
            settings.mail.sink = Some(MailSink::parse(sink)?);
        }
        set(&mut settings.mail.from, self.mail_from);
        set(&mut settings.events.keep_days, self.events_keep_days);
        set(&mut settings.log.format, self.log_format);
        set(&mut settings.log.filter, self.log);

        let (limits, given) = (&mut settings.limits, self.limits);
        set(&mut limits.body_bytes, given.limit_body_bytes);
        set(&mut limits.document_bytes, given.limit_document_bytes);
        set(&mut limits.tokens, given.limit_tokens);
        set(&mut limits.nesting, given.limit_nesting);
        set(&mut limits.variable_nesting, given.limit_variable_nesting);
        set(&mut limits.variable_values, given.limit_variable_values);
        set(&mut limits.operations, given.limit_operations);
        set(&mut limits.fragments, given.limit_fragments);
        set(&mut limits.selections, given.limit_selections);
        set(&mut limits.depth, given.limit_depth);
        set(&mut limits.recursion, given.limit_recursion);
        set(&mut limits.root_fields, given.limit_root_fields);
        set(&mut limits.mutation_fields, given.limit_mutation_fields);
        set(&mut limits.aliases, given.limit_aliases);
        set(&mut limits.directives, given.limit_directives);
        set(&mut limits.complexity, given.limit_complexity);
        set(&mut limits.argument_bytes, given.limit_argument_bytes);

        self.connections.apply(&mut settings.connections);
        self.media.apply(&mut settings.media);
        self.live.apply(&mut settings.live);
        self.classifier.apply(&mut settings.classifier);
        Ok(())
    }
}

pub(super) fn set<T>(setting: &mut T, given: Option<T>) {
    if let Some(given) = given {
        *setting = given;
    }
}
