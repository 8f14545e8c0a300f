//! Changing the rules for comments: the site's, and those of one section or one article.

use masthead_domain::audit::{Act, Subject};
use masthead_domain::comment::pipeline::{Faulty, LocalRules, Rules, RulesOf};
use masthead_domain::event::Event;
use masthead_domain::viewer::Permission;
use masthead_domain::viewer::policy::{Action, Denied, may};
use masthead_persistence::Store;

use crate::Occasion;
use crate::refused::{DeskError, Fault, Refused};

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
    after.check().map_err(|faulty| named(&faulty))?;
    if after != before {
        tx.comment_rules_put(&after).await?;
        tx.audit_append(member, Act::SiteUpdated, Subject::Site, Some("commentRules"), occasion.now).await?;
        tx.append(Event::SiteChanged, occasion.now);
        tx.commit().await?;
    }
    Ok(after)
}

/// Changes what one section or one article says itself by `change`; where that says nothing, all is as above. It holds from
/// the next comment on, of a section for all below it that say nothing themselves.
///
/// It is for who moderates there; to others of these an article is not there. A section's are also only for who may change
/// the section.
pub async fn update_local(
    store: &Store,
    occasion: &Occasion,
    place: RulesOf,
    change: impl FnOnce(&mut LocalRules) + Send,
) -> Result<(), DeskError> {
    may(&occasion.viewer, Action::Use(Permission::ModerateComments))?;
    let member = occasion.member()?;
    if let RulesOf::Section(section) = place {
        may(&occasion.viewer, Action::ChangeSection(section))?;
    }
    let tx = store.begin().await?;
    if let RulesOf::Article(article) = place {
        let facts = tx.article_facts(article, member).await?.ok_or(Refused::NotFound)?;
        may(&occasion.viewer, Action::Moderate(&facts.sections)).map_err(|_: Denied| Refused::NotFound)?;
    } else {
        tx.lists_own().await?;
    }
    let before = tx.comment_rules_of(place).await?.ok_or(Refused::NotFound)?;
    let mut after = before.clone();
    change(&mut after);
    after.check().map_err(|faulty| named(&faulty))?;
    if after == before {
        return Ok(());
    }
    tx.comment_rules_of_put(place, &after).await?;
    let (act, subject, event) = match place {
        RulesOf::Section(section) => {
            tx.section_rules_settle().await?;
            (Act::SectionUpdated, Subject::Section(section), Event::SectionChanged { section })
        }
        RulesOf::Article(article) => {
            (Act::ThreadRulesUpdated, Subject::Article(article), Event::ThreadRulesChanged { article })
        }
    };
    tx.audit_append(member, act, subject, Some("commentRules"), occasion.now).await?;
    tx.append(event, occasion.now);
    tx.commit().await?;
    Ok(())
}

fn named(faulty: &Faulty) -> Fault {
    Fault::new(format!("input.{}", camel(faulty.field)), format!("It {}.", faulty.why))
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
