//! Rules for comments that hold in one section or below one article only.

use async_graphql::{Context, Enum, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use masthead_actions::comment::rules::update_local;
use masthead_actions::refused::Refused;
use masthead_domain::comment::pipeline::{self, Closing, Rules, RulesOf};
use masthead_domain::viewer::Permission;
use masthead_domain::viewer::policy::{Action, may};

use super::rules::{CommentGuidelines, CommentGuidelinesInput, CommentRules};
use crate::context::{Session, Visit};
use crate::error::Failure;
use crate::id::GlobalId;
use crate::refusal::{Errors, codes, key, outcome};

/// The rules for comments of one section or one article.
pub(crate) struct LocalCommentRules {
    place: RulesOf,
    own: pipeline::LocalRules,
    in_force: Rules,
}

impl LocalCommentRules {
    async fn read(session: &Session, place: RulesOf) -> Result<Option<Self>, Failure> {
        let found = session.reads.comment_rules_of(place).await?;
        Ok(found.map(|(own, in_force)| Self { place, own, in_force }))
    }
}

/// What one section or one article says itself of the rules for comments: `null` where it says nothing, so that it is as
/// its section says, or the section above, or the site. Who may comment is its `commentPolicy`.
#[Object]
impl LocalCommentRules {
    /// The section or the article.
    async fn id(&self) -> ID {
        match self.place {
            RulesOf::Article(id) => GlobalId::Article(id).into(),
            RulesOf::Section(id) => GlobalId::Section(id).into(),
        }
    }

    /// Fewest visible characters of a text. `null`: as above.
    async fn min_length(&self) -> Option<u32> {
        self.own.min_length
    }

    /// Most characters of a text. `null`: as above.
    async fn max_length(&self) -> Option<u32> {
        self.own.max_length
    }

    /// The deepest level of a reply; the top of a thread is level 0. `null`: as above.
    async fn max_depth(&self) -> Option<u32> {
        self.own.max_depth
    }

    /// For how many minutes a writer may change a comment; 0: never. `null`: as above.
    async fn edit_window_minutes(&self) -> Option<u32> {
        self.own.edit_window
    }

    /// After how many days an article takes no more comments; 0: never. `null`: as above.
    async fn close_after_days(&self) -> Option<u32> {
        self.own.close_after_days.map(Into::into)
    }

    /// How many comments of a writer moderators must have approved before the next is published at once under FIRST_TIME.
    /// `null`: as above.
    async fn first_time_approvals(&self) -> Option<u32> {
        self.own.first_time_approvals
    }

    /// What is asked of writers here. In languages that are not named, as above.
    async fn guidelines(&self) -> Vec<CommentGuidelines> {
        CommentGuidelines::all(&self.own.guidelines)
    }

    /// All rules that hold here.
    async fn in_force(&self) -> CommentRules {
        CommentRules(self.in_force.clone())
    }
}

/// The queries of local rules.
#[derive(Default)]
pub(crate) struct LocalCommentRulesQuery;

#[Object]
impl LocalCommentRulesQuery {
    /// The rules for comments of one section or one article. Needs MODERATE_COMMENTS: for whoever lacks it, `null` with an
    /// error (UNAUTHENTICATED or FORBIDDEN). `null` alone: there is no such section or article, or the viewer does not
    /// moderate there.
    async fn local_comment_rules(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A section's or an article's id.")] id: ID,
    ) -> Option<Result<LocalCommentRules, Failure>> {
        local_rules(Visit::of(ctx), &id).await.transpose()
    }
}

async fn local_rules(visit: &Visit, id: &ID) -> Result<Option<LocalCommentRules>, Failure> {
    may(visit.viewer(), Action::Use(Permission::ModerateComments))?;
    match place(GlobalId::parse("id", id)?) {
        Some(place) => LocalCommentRules::read(visit.session(), place).await,
        None => Ok(None),
    }
}

fn place(id: GlobalId) -> Option<RulesOf> {
    match id {
        GlobalId::Article(id) => Some(RulesOf::Article(id)),
        GlobalId::Section(id) => Some(RulesOf::Section(id)),
        _ => None,
    }
}

/// The mutations of local rules.
#[derive(Default)]
pub(crate) struct LocalCommentRulesMutation;

/// What to change of the rules of one section or one article. What is absent stays; what is `null` is as above from then on.
#[derive(InputObject)]
pub(crate) struct UpdateLocalCommentRulesInput {
    /// A section's or an article's id.
    id: ID,
    /// Fewest visible characters of a text: 1 to 1,000. More than the `maxLength` that holds here: counts as that.
    min_length: MaybeUndefined<u32>,
    /// Most characters of a text: 1 to 10,000. Fewer than the `minLength` that holds here: that counts as this.
    max_length: MaybeUndefined<u32>,
    /// The deepest level of a reply: 0 to 100.
    max_depth: MaybeUndefined<u32>,
    /// For how many minutes a writer may change a comment: 0 to 1,440. Of comments that are there too.
    edit_window_minutes: MaybeUndefined<u32>,
    /// After how many days an article takes no more comments: 1 to 3,650, or 0: never.
    close_after_days: MaybeUndefined<u32>,
    /// How many comments of a writer moderators must have approved before the next is published at once under FIRST_TIME:
    /// 0 to 100.
    first_time_approvals: MaybeUndefined<u32>,
    /// What is asked of writers. Languages that are not named stay; a text that is empty: as above. `null`: in all languages
    /// as above.
    guidelines: MaybeUndefined<Vec<CommentGuidelinesInput>>,
}

impl UpdateLocalCommentRulesInput {
    fn apply(self, rules: &mut pipeline::LocalRules) {
        fn put<T>(given: MaybeUndefined<T>, place: &mut Option<T>) {
            match given {
                MaybeUndefined::Undefined => {}
                MaybeUndefined::Null => *place = None,
                MaybeUndefined::Value(value) => *place = Some(value),
            }
        }
        put(self.min_length, &mut rules.min_length);
        put(self.max_length, &mut rules.max_length);
        put(self.max_depth, &mut rules.max_depth);
        put(self.edit_window_minutes, &mut rules.edit_window);
        put(self.close_after_days.map_value(Closing::from), &mut rules.close_after_days);
        put(self.first_time_approvals, &mut rules.first_time_approvals);
        match self.guidelines {
            MaybeUndefined::Undefined => {}
            MaybeUndefined::Null => rules.guidelines = Default::default(),
            MaybeUndefined::Value(given) => CommentGuidelinesInput::apply(Some(given), &mut rules.guidelines),
        }
    }
}

/// Why the rules were not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum UpdateLocalCommentRulesErrorCode {
    /// Nobody is signed in.
    Unauthenticated,
    /// The person who is signed in may not.
    Forbidden,
    /// There is no such section or article, or it is not the viewer's to moderate.
    NotFound,
    /// A field cannot be taken as it is; `field` says which.
    Invalid,
}
codes!(UpdateLocalCommentRulesErrorCode);

/// What became of the rules.
#[derive(SimpleObject)]
pub(crate) struct UpdateLocalCommentRulesPayload {
    /// The rules as they are now. `null` where the change was refused.
    rules: Option<LocalCommentRules>,
    /// Why it was refused. Empty where it was done.
    errors: Errors<UpdateLocalCommentRulesErrorCode>,
}

#[Object]
impl LocalCommentRulesMutation {
    /// Changes the rules for comments of one section or one article: all that is given, or nothing. They hold from the next
    /// comment on; a section's for all below it that say nothing themselves. Needs MODERATE_COMMENTS, for a section
    /// MANAGE_SECTIONS too. `null` only together with an error.
    async fn update_local_comment_rules(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Where, and what to change.")] input: UpdateLocalCommentRulesInput,
    ) -> Option<Result<UpdateLocalCommentRulesPayload, Failure>> {
        Some(updated(Visit::of(ctx), input).await)
    }
}

async fn updated(
    visit: &Visit,
    input: UpdateLocalCommentRulesInput,
) -> Result<UpdateLocalCommentRulesPayload, Failure> {
    let allowed = may(visit.viewer(), Action::Use(Permission::ModerateComments)).map_err(Refused::from);
    let place = allowed.and_then(|()| key(&input.id, "input.id", place));
    let done = match place {
        Ok(place) => {
            let store = &visit.settings().store;
            update_local(store, &visit.occasion(), place, |rules| input.apply(rules)).await.map(|()| place)
        }
        Err(refused) => Err(refused.into()),
    };
    Ok(match outcome(done)? {
        Ok(place) => {
            let rules = LocalCommentRules::read(&visit.new_session(), place).await?;
            UpdateLocalCommentRulesPayload { rules, errors: Vec::new() }
        }
        Err(errors) => UpdateLocalCommentRulesPayload { rules: None, errors },
    })
}
