//! Behaviour that users rely on, through the public doors: one binary, a module a subject.

#![allow(clippy::expect_used, reason = "a test that cannot be set up has failed")]

mod address;
mod api_tokens;
mod authors;
mod budgets;
mod contract;
mod desk;
mod documents;
mod leak_walk;
mod leaks;
mod logins;
mod newsroom;
mod people;
mod plans;
mod sections;
mod sign_in;
mod structure;
