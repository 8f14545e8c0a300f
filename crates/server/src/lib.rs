//! The program: HTTP, command line, settings.

mod addresses;
mod api;
mod classifier;
pub mod cli;
pub mod config;
pub mod demo;
mod examples;
pub mod followers;
pub mod http;
pub mod mail;
mod telemetry;
mod thread_letters;
