//! The shape of the database: one file a change, written once for SQLite and PostgreSQL alike.
//!
//! A change that has shipped is never edited; a new file follows it. Nothing here knows of the program's types.

mod dialect;
mod m0001_site_and_people;
mod m0002_sections_and_tags;
mod m0003_articles;
mod m0004_comments;
mod m0005_events_and_imports;
mod m0006_signing_in;
mod m0007_desk;
mod m0008_followers;
mod m0009_password_resets;
mod m0010_conversation;
mod m0011_thread_followers;
mod m0012_report_addresses;
mod m0013_local_comment_rules;

use sea_orm_migration::prelude::{MigrationTrait, MigratorTrait};

/// Every change in order.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_site_and_people::Migration),
            Box::new(m0002_sections_and_tags::Migration),
            Box::new(m0003_articles::Migration),
            Box::new(m0004_comments::Migration),
            Box::new(m0005_events_and_imports::Migration),
            Box::new(m0006_signing_in::Migration),
            Box::new(m0007_desk::Migration),
            Box::new(m0008_followers::Migration),
            Box::new(m0009_password_resets::Migration),
            Box::new(m0010_conversation::Migration),
            Box::new(m0011_thread_followers::Migration),
            Box::new(m0012_report_addresses::Migration),
            Box::new(m0013_local_comment_rules::Migration),
        ]
    }
}
