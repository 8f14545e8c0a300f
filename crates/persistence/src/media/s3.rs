//! Pictures in S3-compatible storage. Its keys are shown nowhere.

use std::fmt;
use std::time::Duration;

use object_store::aws::AmazonS3Builder;
use object_store::{BackoffConfig, ClientOptions, RetryConfig};

use super::{Files, FilesError};

/// How long one request may take, and how long it is tried again: somebody waits.
const REQUEST: Duration = Duration::from_secs(20);
const TRYING: Duration = Duration::from_secs(25);

/// Where the storage is, and what opens it.
#[derive(Debug, Clone)]
pub struct S3 {
    /// The bucket; it must be there.
    pub bucket: String,
    /// Its region.
    pub region: String,
    /// The address of a storage other than Amazon's; `http://` is for those on the same machine or network.
    pub endpoint: Option<String>,
    /// The access key's id and secret; `None`: what the environment of the machine gives (its role).
    pub keys: Option<(String, Secret)>,
}

/// A text that is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(
    /// The text.
    pub String,
);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl Files {
    /// Files in a bucket. Asks nothing of it yet.
    pub fn in_s3(s3: &S3) -> Result<Self, FilesError> {
        // Twice is an error that changes nothing: the first one stays.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = ClientOptions::new()
            .with_timeout(REQUEST)
            .with_connect_timeout(Duration::from_secs(5))
            .with_content_type_for_suffix("jpg", "image/jpeg")
            .with_content_type_for_suffix("png", "image/png")
            .with_content_type_for_suffix("webp", "image/webp");
        let retry = RetryConfig { max_retries: 3, retry_timeout: TRYING, backoff: BackoffConfig::default() };
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&s3.bucket)
            .with_region(&s3.region)
            .with_client_options(client)
            .with_retry(retry);
        if let Some(endpoint) = &s3.endpoint {
            builder = builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http://"));
        }
        if let Some((id, Secret(secret))) = &s3.keys {
            builder = builder.with_access_key_id(id).with_secret_access_key(secret);
        }
        Ok(Self::of(builder.build()?))
    }
}
