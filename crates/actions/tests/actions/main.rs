//! What actions leave behind, on SQLite and on PostgreSQL.

mod create_user;
mod fill;
mod fixture;
mod leave;
mod leave_again;
