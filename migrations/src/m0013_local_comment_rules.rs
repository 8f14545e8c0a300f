//! Rules for comments that hold in one section or below one article only; and an index for the list of bans.
//!
//! A section's `comment_rules_in_force` is its own `comment_rules` over those of the sections above, so that reading an
//! article does not climb the tree. NULL: nothing differs from the site.

use sea_orm_migration::prelude::*;

use crate::dialect;

/// This change.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, TABLES).await
    }
}

const TABLES: &str = "
ALTER TABLE articles ADD COLUMN comment_rules {json};
ALTER TABLE sections ADD COLUMN comment_rules {json};
ALTER TABLE sections ADD COLUMN comment_rules_in_force {json};
CREATE INDEX commenter_bans_newest ON commenter_bans (banned_at, id);
";
