//! `masthead schema`: the schema in the schema language, sorted: what `schema.graphql` holds. Needs no database. It must
//! not know the settings.

use super::{CommandError, Done, print};

/// Prints it.
pub fn run() -> Result<Done, CommandError> {
    print(&masthead_graphql::sdl())?;
    Ok(Done::Fully)
}
