//! The flags of single parts of the program: the connections that clients hold, and pictures.

use clap::Args;

use super::set;
use crate::config::{Connections, Media, MediaStore, Seconds, SecretKey};

/// What one client may hold.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Connections (`[connections]` in the file)")]
pub(super) struct ConnectionFlags {
    /// Connections open at once [default: 1000]
    #[arg(long, env = "MASTHEAD_CONNECTIONS_MAX", global = true, hide_short_help = true, value_name = "N")]
    connections_max: Option<usize>,
    /// Connections open at once from one address; raise it behind a proxy [default: 256]
    #[arg(
        long,
        env = "MASTHEAD_CONNECTIONS_MAX_PER_ADDRESS",
        global = true,
        hide_short_help = true,
        value_name = "N"
    )]
    connections_max_per_address: Option<usize>,
    /// Time for a request's headers, idle time before them included [default: 10]
    #[arg(
        long,
        env = "MASTHEAD_CONNECTIONS_HEADER_TIMEOUT",
        global = true,
        hide_short_help = true,
        value_name = "SECONDS"
    )]
    connections_header_timeout: Option<Seconds>,
    /// Time for a request's body [default: 20]
    #[arg(
        long,
        env = "MASTHEAD_CONNECTIONS_BODY_TIMEOUT",
        global = true,
        hide_short_help = true,
        value_name = "SECONDS"
    )]
    connections_body_timeout: Option<Seconds>,
    /// How long a client may take none of an answer [default: 20]
    #[arg(
        long,
        env = "MASTHEAD_CONNECTIONS_WRITE_TIMEOUT",
        global = true,
        hide_short_help = true,
        value_name = "SECONDS"
    )]
    connections_write_timeout: Option<Seconds>,
    /// Time for open requests when the program is asked to stop [default: 10]
    #[arg(
        long,
        env = "MASTHEAD_CONNECTIONS_DRAIN_TIMEOUT",
        global = true,
        hide_short_help = true,
        value_name = "SECONDS"
    )]
    connections_drain_timeout: Option<Seconds>,
}

impl ConnectionFlags {
    /// Puts what was given in the place of what the settings hold.
    pub(super) fn apply(self, connections: &mut Connections) {
        let given = self;
        set(&mut connections.max, given.connections_max);
        set(&mut connections.max_per_address, given.connections_max_per_address);
        set(&mut connections.header_timeout, given.connections_header_timeout);
        set(&mut connections.body_timeout, given.connections_body_timeout);
        set(&mut connections.write_timeout, given.connections_write_timeout);
        set(&mut connections.drain_timeout, given.connections_drain_timeout);
    }
}

/// Where pictures are kept, and what may be uploaded.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Pictures (`[media]` in the file)")]
pub(super) struct MediaFlags {
    /// What holds the originals: disk (below the data directory) or s3 [default: disk]
    #[arg(long, env = "MASTHEAD_MEDIA_STORE", global = true, value_name = "STORE")]
    media_store: Option<MediaStore>,
    /// Bytes of an uploaded file [default: 20971520]
    #[arg(
        long,
        env = "MASTHEAD_MEDIA_MAX_FILE_BYTES",
        global = true,
        hide_short_help = true,
        value_name = "N"
    )]
    media_max_file_bytes: Option<u64>,
    /// Files of one request [default: 5]
    #[arg(long, env = "MASTHEAD_MEDIA_MAX_FILES", global = true, hide_short_help = true, value_name = "N")]
    media_max_files: Option<usize>,
    /// Time for the files of a request [default: 120]
    #[arg(
        long,
        env = "MASTHEAD_MEDIA_UPLOAD_TIMEOUT",
        global = true,
        hide_short_help = true,
        value_name = "SECONDS"
    )]
    media_upload_timeout: Option<Seconds>,
    /// The bucket, where the store is s3 [default: none]
    #[arg(
        long,
        env = "MASTHEAD_MEDIA_S3_BUCKET",
        global = true,
        hide_short_help = true,
        value_name = "NAME"
    )]
    media_s3_bucket: Option<String>,
    /// The bucket's region [default: us-east-1]
    #[arg(
        long,
        env = "MASTHEAD_MEDIA_S3_REGION",
        global = true,
        hide_short_help = true,
        value_name = "REGION"
    )]
    media_s3_region: Option<String>,
    /// The address of storage other than Amazon's [default: none]
    #[arg(
        long,
        env = "MASTHEAD_MEDIA_S3_ENDPOINT",
        global = true,
        hide_short_help = true,
        value_name = "URL"
    )]
    media_s3_endpoint: Option<String>,
    /// The access key's id; without one the machine's own role is used [default: none]
    #[arg(
        long,
        env = "MASTHEAD_MEDIA_S3_ACCESS_KEY",
        global = true,
        hide_short_help = true,
        value_name = "ID"
    )]
    media_s3_access_key: Option<String>,
    /// The access key's secret, better given by the variable [default: none]
    #[arg(
        long,
        env = "MASTHEAD_MEDIA_S3_SECRET_KEY",
        global = true,
        hide_short_help = true,
        value_name = "SECRET",
        hide_env_values = true
    )]
    media_s3_secret_key: Option<SecretKey>,
}

impl MediaFlags {
    /// Puts what was given in the place of what the settings hold.
    pub(super) fn apply(self, media: &mut Media) {
        let given = self;
        set(&mut media.store, given.media_store);
        set(&mut media.max_file_bytes, given.media_max_file_bytes);
        set(&mut media.max_files, given.media_max_files);
        set(&mut media.upload_timeout, given.media_upload_timeout);
        set(&mut media.s3_region, given.media_s3_region);
        media.s3_bucket = given.media_s3_bucket.or(media.s3_bucket.take());
        media.s3_endpoint = given.media_s3_endpoint.or(media.s3_endpoint.take());
        media.s3_access_key = given.media_s3_access_key.or(media.s3_access_key.take());
        media.s3_secret_key = given.media_s3_secret_key.or(media.s3_secret_key.take());
    }
}
