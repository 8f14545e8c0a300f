//! `masthead migrate`: brings the database to the shape this program needs, and serves nothing. It must not know what
//! changes.

use masthead_persistence::{Options, Store};

use super::serve::make_data_directory;
use super::{CommandError, Done, print};
use crate::config::Settings;

/// Makes the database where there is none.
pub async fn run(settings: Settings) -> Result<Done, CommandError> {
    make_data_directory(&settings)?;
    let store = Store::open(&Options::new(settings.database().expose())).await?;
    let changes = store.migrate().await?;
    store.close().await?;
    let database = settings.database();
    print(&match changes {
        0 => format!("{database} is up to date.\n"),
        1 => format!("{database}: 1 change made.\n"),
        n => format!("{database}: {n} changes made.\n"),
    })?;
    Ok(Done::Fully)
}
