//! Whether a PostgreSQL server lets us in, and in plain words why not: a pool only says that it waited in vain.
//! It must not know what is done inside.

use std::io;
use std::str::FromStr;
use std::time::Duration;

use sea_orm::sqlx::postgres::{PgConnectOptions, PgConnection};
use sea_orm::sqlx::{Connection, Error};
use tokio::time::timeout;

use crate::store::StoreError;

/// Connects once and leaves again.
pub(crate) async fn knock(url: &str, patience: Duration) -> Result<(), StoreError> {
    // An address that cannot be read may hold a password in any place: it is not repeated.
    let options = PgConnectOptions::from_str(url).map_err(|_| StoreError::UnknownKind)?;
    let why = match timeout(patience, PgConnection::connect_with(&options)).await {
        Ok(Ok(connection)) => {
            // The server's answer to a goodbye is of no use to anyone.
            let _ = connection.close().await;
            return Ok(());
        }
        Ok(Err(error)) => why(&error),
        Err(_) => format!("it did not answer within {} seconds", patience.as_secs_f32()),
    };
    let place = match options.get_socket() {
        Some(folder) => folder.display().to_string(),
        None => format!("{}:{}", options.get_host(), options.get_port()),
    };
    let user = options.get_username().to_owned();
    let database = options.get_database().unwrap_or(&user).to_owned();
    Err(StoreError::Unreachable { database, place, user, why })
}

fn why(error: &Error) -> String {
    match error {
        Error::Io(error) => match error.kind() {
            io::ErrorKind::ConnectionRefused => {
                "the connection was refused; is PostgreSQL running there?".to_owned()
            }
            io::ErrorKind::NotFound => "there is no such socket; is PostgreSQL running there?".to_owned(),
            io::ErrorKind::PermissionDenied => "this user may not use the socket".to_owned(),
            _ => error.to_string(),
        },
        Error::Database(error) => match error.code().as_deref() {
            Some("28P01") => "the password is wrong, or none was given".to_owned(),
            Some("28000") => format!("signing in was refused: {}", error.message()),
            Some("3D000") => "there is no such database; make it with `createdb`".to_owned(),
            Some("53300") => "the server has no connection left".to_owned(),
            Some("57P03") => "the server is just starting or stopping".to_owned(),
            _ => error.message().to_owned(),
        },
        Error::Tls(error) => format!("no encrypted connection: {error}"),
        other => other.to_string(),
    }
}
