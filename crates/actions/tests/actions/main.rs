//! What actions leave behind, on SQLite and on PostgreSQL.

#![allow(clippy::expect_used, reason = "a test that cannot be set up has failed")]

mod create_user;
mod fill;
mod fixture;
mod leave;
mod leave_again;
