//! WordPress exports brought in, on SQLite and on PostgreSQL: what came of them, and what the report says.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up has failed")]

mod again;
mod articles;
mod bodies;
mod comments;
mod damage;
mod export;
mod interrupted;
mod people;
mod real;
mod reasons;
mod terms;
mod translated;
