//! The store on both databases: what is written comes back, lists page by keyset, and what is not public stays hidden.

#![allow(clippy::expect_used, reason = "a test that cannot be set up has failed")]

mod fixture;
mod lists;
mod log;
mod opening;
mod pages;
mod steps;
