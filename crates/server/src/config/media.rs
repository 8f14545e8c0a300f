//! Where pictures are kept, and what may be uploaded. A secret key is shown nowhere. It must not open anything.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use masthead_persistence::media::{Files, FilesError};
use serde::{Deserialize, Deserializer};

use super::{InvalidSettings, Seconds};
use crate::http::media::FOLDER;

/// Pictures: `[media]` in the file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Media {
    /// What holds the originals. Default disk.
    pub store: MediaStore,
    /// Bytes of an uploaded file. Default 20 MiB.
    pub max_file_bytes: u64,
    /// Files of one request. Default 5.
    pub max_files: usize,
    /// How long the files of a request may take to arrive. Default 120 seconds.
    pub upload_timeout: Seconds,
    /// The bucket, where pictures are in S3-compatible storage. It must be there.
    pub s3_bucket: Option<String>,
    /// Its region. Default us-east-1.
    pub s3_region: String,
    /// The address of storage other than Amazon's. Default none.
    pub s3_endpoint: Option<String>,
    /// The access key's id. Default none: the machine's own role.
    pub s3_access_key: Option<String>,
    /// The access key's secret.
    pub s3_secret_key: Option<SecretKey>,
}

/// What holds the originals of pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum MediaStore {
    /// The folder `media` of the data directory.
    Disk,
    /// A bucket of S3-compatible storage.
    S3,
}

/// A secret that opens something elsewhere.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretKey(String);

impl From<String> for SecretKey {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl SecretKey {
    /// The secret: for what it opens, never for showing.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey")
    }
}

impl<'de> Deserialize<'de> for SecretKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // The library's own error would repeat what stands there.
        let text = String::deserialize(deserializer);
        text.map(Self).map_err(|_| serde::de::Error::custom("a secret key is a text in quotes"))
    }
}

impl Default for Media {
    fn default() -> Self {
        Self {
            store: MediaStore::Disk,
            max_file_bytes: 20 * 1024 * 1024,
            max_files: 5,
            upload_timeout: Seconds(Duration::from_secs(120)),
            s3_bucket: None,
            s3_region: "us-east-1".to_owned(),
            s3_endpoint: None,
            s3_access_key: None,
            s3_secret_key: None,
        }
    }
}

impl Media {
    /// The largest file that can be set to be taken: it is held in memory while it is worked on.
    pub const MOST_FILE_BYTES: u64 = 100 * 1024 * 1024;
    /// The most files that can be set to be taken.
    pub const MOST_FILES: usize = 20;

    /// What no single setting's type can say.
    pub(super) fn check(&self) -> Result<(), InvalidSettings> {
        let invalid = |why| Err(InvalidSettings::Media(why));
        if !(1..=Self::MOST_FILE_BYTES).contains(&self.max_file_bytes) {
            return invalid("max-file-bytes is from 1 to 104857600");
        }
        if !(1..=Self::MOST_FILES).contains(&self.max_files) {
            return invalid("max-files is from 1 to 20");
        }
        if self.store == MediaStore::S3 {
            if !cfg!(feature = "s3") {
                return invalid("this program was built without S3");
            }
            if self.s3_bucket.as_ref().is_none_or(|bucket| bucket.is_empty()) {
                return invalid("S3 needs s3-bucket");
            }
            if self.s3_access_key.is_some() != self.s3_secret_key.is_some() {
                return invalid("s3-access-key and s3-secret-key go together");
            }
            let http = |address: &String| address.starts_with("http://") || address.starts_with("https://");
            if self.s3_endpoint.as_ref().is_some_and(|address| !http(address)) {
                return invalid("s3-endpoint begins with http:// or https://");
            }
        }
        Ok(())
    }

    /// The files of pictures; those on disk are below `data`.
    pub fn files(&self, data: &Path) -> Result<Files, FilesError> {
        #[cfg(feature = "s3")]
        if self.store == MediaStore::S3 {
            let keys = self.s3_access_key.clone().zip(self.s3_secret_key.clone());
            return Files::in_s3(&masthead_persistence::media::S3 {
                bucket: self.s3_bucket.clone().unwrap_or_default(),
                region: self.s3_region.clone(),
                endpoint: self.s3_endpoint.clone(),
                keys: keys.map(|(id, SecretKey(secret))| (id, masthead_persistence::media::Secret(secret))),
            });
        }
        Files::in_folder(&data.join(FOLDER))
    }
}
