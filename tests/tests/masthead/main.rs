//! Behaviour that users rely on, through the public doors: one binary, a module a subject.

#![allow(clippy::expect_used, reason = "a test that cannot be set up has failed")]

mod address;
mod api_tokens;
mod at_once;
mod authors;
mod bodies;
mod budgets;
mod contract;
mod conversation;
mod desk;
mod documents;
mod images;
mod indexes;
mod leak_walk;
mod leaks;
mod lifecycle_property;
mod live;
mod logins;
mod newsroom;
mod nul;
mod password_reset;
mod people;
mod permissions;
mod pins;
mod plans;
mod policy_matrix;
mod reshuffle;
mod sections;
mod settings;
mod sign_in;
mod structure;
mod tags;
