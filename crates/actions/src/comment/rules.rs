//! Changing the site's rules for comments.

use masthead_domain::audit::{Act, Subject};
use masthead_domain::comment::pipeline::Rules;
use masthead_domain::event::Event;
use masthead_domain::viewer::Permission;
use masthead_domain::viewer::policy::{Action, may};
use masthead_persistence::Store;

use crate::Occasion;
use crate::refused::{DeskError, Fault};

/// Changes the rules by `change`, and answers them as they are then.
pub async fn update(
    store: &Store,
    occasion: &Occasion,
    change: impl FnOnce(&mut Rules) + Send,
) -> Result<Rules, DeskError> {
    may(&occasion.viewer, Action::Use(Permission::ManageSite))?;
    let member = occasion.member()?;
    let tx = store.begin().await?;
    let before = tx.comment_rules().await?;
    let mut after = before.clone();
    change(&mut after);
    after.check().map_err(|faulty| {
        Fault::new(format!("input.{}", camel(faulty.field)), format!("It {}.", faulty.why))
    })?;
    if after != before {
        tx.comment_rules_put(&after).await?;
        tx.audit_append(member, Act::SiteUpdated, Subject::Site, Some("commentRules"), occasion.now).await?;
        tx.append(Event::SiteChanged, occasion.now);
        tx.commit().await?;
    }
    Ok(after)
}

/// A field's name as the schema spells it.
fn camel(snake: &str) -> String {
    let mut words = snake.split('_');
    let mut name = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(letters.as_str());
    }
    name
}
