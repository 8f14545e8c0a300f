//! `masthead mail`: what becomes of letters that were not sent, and that the doctor names until it is said.

use clap::Subcommand;
use masthead_persistence::{Options, Store, StoreError};

use super::{CommandError, Done, print};
use crate::api;
use crate::config::Settings;

/// What is done with letters that are not tried again.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum MailCommand {
    /// Have the letters that failed sent once more, by whichever program serves the database
    Retry,
    /// Forget the letters that failed: nobody gets them
    Discard,
}

/// Runs one of them on a database that is there.
pub async fn run(command: MailCommand, settings: Settings) -> Result<Done, CommandError> {
    let options = Options { create: false, ..Options::new(settings.database().expose()) };
    let store = Store::open(&options).await?;
    let done = settle(command, &store).await;
    store.close().await?;
    print(&done?)?;
    Ok(Done::Fully)
}

/// What was done, in words.
async fn settle(command: MailCommand, store: &Store) -> Result<String, StoreError> {
    store.require_current().await?;
    Ok(match command {
        MailCommand::Retry => {
            format!("Letters that are sent once more: {}\n", store.letters_retry(api::now()).await?)
        }
        MailCommand::Discard => format!("Letters that were forgotten: {}\n", store.letters_discard().await?),
    })
}

#[cfg(test)]
mod tests {
    use masthead_tests::each_store;

    use super::*;

    #[tokio::test]
    async fn letters_that_failed_wait_again_or_are_gone_and_others_stay() {
        each_store(async |store| {
            store.execute("INSERT INTO users (email, email_key, name, role, created_at) VALUES ('a@b.example', 'a@b.example', 'A', 'READER', 0)").await;
            for (seq, ended) in [(1, "0, 'FAILED', 'refused'"), (2, "0, 'SENT', NULL")] {
                store.execute(&format!("INSERT INTO letters (seq, happened_at, kind, user_id, attempts, ended_at, outcome, why) SELECT {seq}, 0, 'ARTICLE_RETURNED', MIN(id), 3, {ended} FROM users")).await;
            }
            assert_eq!(settle(MailCommand::Retry, store).await.unwrap(), "Letters that are sent once more: 1\n");
            assert!(store.letters_next().await.unwrap().is_some_and(|next| next <= api::now()));
            assert_eq!(settle(MailCommand::Discard, store).await.unwrap(), "Letters that were forgotten: 0\n");
            store.execute("UPDATE letters SET outcome = 'FAILED', ended_at = 0, next_at = NULL WHERE seq = 1").await;
            assert_eq!(settle(MailCommand::Discard, store).await.unwrap(), "Letters that were forgotten: 1\n");
            assert_eq!(store.number("SELECT COUNT(*) FROM letters").await, 1);
        })
        .await;
    }
}
