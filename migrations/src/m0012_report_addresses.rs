//! Whence a report came: one person can make up any number of keys, and must not hide a comment with them. As with comments,
//! a network address is kept only as a hash whose key is thrown away after some days.

use sea_orm_migration::prelude::*;

use crate::dialect;

/// This change.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, "ALTER TABLE comment_reports ADD COLUMN address_hash {blob};").await
    }
}
