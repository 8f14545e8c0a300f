//! Carrying letters: to the log, into a folder, or to a mail server. It must not know what a letter is about.

mod message;
#[cfg(test)]
mod tests;

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use masthead_actions::mail::{Letter, NotSent, Post};

use self::message::message;
use crate::config::{MailServer, MailSink, Security};

/// How long the server may take for each answer.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Carries letters. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Carrier(Way);

#[derive(Debug, Clone)]
enum Way {
    Log,
    Folder(PathBuf),
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
}

/// Why letters cannot be carried.
#[derive(Debug, thiserror::Error)]
pub enum CannotCarry {
    /// The folder cannot be made.
    #[error("cannot make the folder for letters {path}: {cause}")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// TLS cannot be prepared: the system's certificates cannot be read.
    #[error("cannot prepare TLS for the mail server: {0}")]
    Tls(lettre::transport::smtp::Error),
}

impl Carrier {
    /// Prepares; connects to nothing yet.
    pub fn new(sink: &MailSink) -> Result<Self, CannotCarry> {
        Ok(Self(match sink {
            MailSink::Log => Way::Log,
            MailSink::File(folder) => {
                make_folder(folder).map_err(|cause| CannotCarry::Folder { path: folder.clone(), cause })?;
                Way::Folder(folder.clone())
            }
            MailSink::Smtp(server) => Way::Smtp(transport(server).map_err(CannotCarry::Tls)?),
        }))
    }
}

fn transport(
    server: &MailServer,
) -> Result<AsyncSmtpTransport<Tokio1Executor>, lettre::transport::smtp::Error> {
    // `builder_dangerous` knows no TLS by itself; all three cases say what they want.
    let builder =
        AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&server.host).timeout(Some(TIMEOUT));
    let (tls, port) = match server.security {
        Security::Tls => (Tls::Wrapper(TlsParameters::new(server.host.clone())?), 465),
        Security::StartTls => (Tls::Required(TlsParameters::new(server.host.clone())?), 587),
        Security::None => (Tls::None, 25),
    };
    let builder = builder.tls(tls).port(server.port.unwrap_or(port));
    Ok(match &server.credentials {
        Some((user, password)) => builder.credentials(Credentials::new(user.clone(), password.clone())),
        None => builder,
    }
    .build())
}

impl Post for Carrier {
    async fn deliver(&self, letter: &Letter) -> Result<(), NotSent> {
        match &self.0 {
            // The text may hold a link that is worth a login.
            Way::Log => {
                tracing::info!(
                    subject = letter.subject,
                    recipients = 1,
                    message_id = letter.message_id,
                    "a letter, sent to nobody: set mail-sink"
                );
                Ok(())
            }
            Way::Folder(folder) => {
                let bytes = message(letter)?.formatted();
                keep(folder, &letter.name, &bytes)
                    .await
                    .map_err(|error| NotSent::ForNow(format!("the letter cannot be written: {error}")))
            }
            Way::Smtp(transport) => match transport.send(message(letter)?).await {
                Ok(_accepted) => Ok(()),
                Err(error) => Err(not_sent(&error)),
            },
        }
    }
}

/// What the server said, without its words: they repeat addresses.
fn not_sent(error: &lettre::transport::smtp::Error) -> NotSent {
    let why = match error.status() {
        Some(code) => format!("the mail server refused it with {code}"),
        None if error.is_timeout() => "the mail server took too long".to_owned(),
        None if error.is_tls() || is_of_the_handshake(error) => {
            "no secure connection to the mail server".to_owned()
        }
        None if error.is_response() => "the mail server's answer could not be read".to_owned(),
        None if error.is_client() => "the mail server lacks what the letter needs".to_owned(),
        None => "the mail server cannot be reached".to_owned(),
    };
    // A login that is refused (530 to 538) is the operator's to mend, not this letter's fault.
    let of_the_login = error.status().is_some_and(|code| (530..=538).contains(&u16::from(code)));
    if error.is_permanent() && !of_the_login { NotSent::ForGood(why) } else { NotSent::ForNow(why) }
}

/// Whether TLS began and failed: a certificate that is not trusted, say. The library tells it as any other fault of the
/// connection, and holds within what TLS told it, which is data that nothing can be made of.
fn is_of_the_handshake(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut causes = std::iter::successors(Some(error), |error| error.source());
    causes.any(|cause| {
        cause.downcast_ref::<io::Error>().is_some_and(|cause| cause.kind() == io::ErrorKind::InvalidData)
    })
}

/// Writes a letter as a file of its own, whole or not at all; a repeat takes the place of the first.
async fn keep(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let part = folder.join(format!(".{name}.part"));
    let mut options = tokio::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    // Who reads an invitation can take it.
    #[cfg(unix)]
    options.mode(0o600);
    let mut file = options.open(&part).await?;
    tokio::io::AsyncWriteExt::write_all(&mut file, bytes).await?;
    file.sync_all().await?;
    tokio::fs::rename(&part, folder.join(format!("{name}.eml"))).await
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
