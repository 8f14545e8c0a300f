//! The site's rules for comments: what its administrators set, and what a form shows, there or below an article.

use async_graphql::{Context, Enum, InputObject, MaybeUndefined, Object, SimpleObject};
use masthead_actions::comment::form;
use masthead_actions::comment::rules::update;
use masthead_domain::article::ArticleId;
use masthead_domain::comment::pipeline::Rules;
use masthead_domain::text::{self, Localized};
use masthead_domain::viewer::Permission;
use masthead_domain::viewer::policy::{Action, may};

use super::load::{FormAnywhere, FormBelow, FormFacts};
use crate::context::Visit;
use crate::edition::Edition;
use crate::error::Failure;
use crate::refusal::{Errors, codes, outcome};
use crate::scalar::LanguageTag;

/// What a comment form needs.
#[derive(SimpleObject)]
pub(crate) struct CommentForm {
    /// To be sent along as `formToken`: signed, tells since when the form was open. Good for a day.
    token: String,
    /// What is asked of writers, plain text, in the language that is shown. `null`: nothing.
    guidelines: Option<String>,
    /// Fewest visible characters of a text: at least 1.
    min_length: u32,
    /// Most characters of a text: at most 10,000.
    max_length: u32,
    /// The deepest level of a reply; the top of a thread is level 0.
    max_depth: u32,
    /// For how many minutes a writer may change a comment; 0: never.
    edit_window_minutes: u32,
}

impl CommentForm {
    /// For a form that is opened now, anywhere on the site.
    pub(crate) async fn open(visit: &Visit, edition: &Edition) -> Result<Option<Self>, Failure> {
        let facts = edition.session.load(FormAnywhere).await?;
        Ok(facts.map(|facts| Self::of(&facts, visit, edition)))
    }

    /// For a form that is opened now below an article that the viewer sees.
    pub(crate) async fn below(
        article: ArticleId,
        visit: &Visit,
        edition: &Edition,
    ) -> Result<Option<Self>, Failure> {
        let facts = edition.session.load(FormBelow(article)).await?;
        Ok(facts.map(|facts| Self::of(&facts, visit, edition)))
    }

    fn of(FormFacts { secret, rules }: &FormFacts, visit: &Visit, edition: &Edition) -> Self {
        Self {
            token: form::issue(secret, visit.now()),
            guidelines: edition.text(&rules.guidelines).map(str::to_owned),
            min_length: rules.min_length,
            max_length: rules.max_length,
            max_depth: rules.max_depth,
            edit_window_minutes: rules.edit_window,
        }
    }
}

/// What is asked of writers, in one language.
#[derive(SimpleObject)]
pub(crate) struct CommentGuidelines {
    /// The language.
    locale: LanguageTag,
    /// The text, plain.
    text: String,
}

impl CommentGuidelines {
    pub(super) fn all(texts: &Localized<String>) -> Vec<Self> {
        let one = |(locale, text): (&text::LanguageTag, &String)| Self {
            locale: LanguageTag(locale.clone()),
            text: text.clone(),
        };
        texts.iter().map(one).collect()
    }
}

/// Rules for comments.
pub(crate) struct CommentRules(pub(super) Rules);

/// The rules for comments: the site's, as its administrators set them, or as they hold in one place.
#[Object]
impl CommentRules {
    /// Fewest visible characters of a text.
    async fn min_length(&self) -> u32 {
        self.0.min_length
    }

    /// Most characters of a text.
    async fn max_length(&self) -> u32 {
        self.0.max_length
    }

    /// The deepest level of a reply; the top of a thread is level 0.
    async fn max_depth(&self) -> u32 {
        self.0.max_depth
    }

    /// For how many minutes a writer may change a comment; 0: never.
    async fn edit_window_minutes(&self) -> u32 {
        self.0.edit_window
    }

    /// After how many days an article takes no more comments. `null`: never.
    async fn close_after_days(&self) -> Option<u32> {
        self.0.close_after_days
    }

    /// How many comments of a writer moderators must have approved before the next is published at once under FIRST_TIME.
    async fn first_time_approvals(&self) -> u32 {
        self.0.first_time_approvals
    }

    /// Words and phrases that hold a comment, in whatever disguise; `*` at the end stands for any ending.
    async fn suspect_words(&self) -> &[String] {
        &self.0.suspect_words
    }

    /// Words and phrases that a writer is asked to change, in whatever disguise; `*` at the end stands for any ending.
    async fn banned_words(&self) -> &[String] {
        &self.0.banned_words
    }

    /// More links than this hold a comment.
    async fn max_links(&self) -> u32 {
        self.0.max_links
    }

    /// Hosts that hide where a link leads, which hold a comment.
    async fn shorteners(&self) -> &[String] {
        &self.0.shorteners
    }

    /// A form that is sent within fewer seconds holds the comment; 0: never.
    async fn min_seconds(&self) -> u32 {
        self.0.min_seconds
    }

    /// Whether a comment without a form's token is held.
    async fn needs_form_token(&self) -> bool {
        self.0.needs_form_token
    }

    /// So many reports hold a public comment; guests at one network address count once.
    async fn report_threshold(&self) -> u32 {
        self.0.report_threshold
    }

    /// From this probability on a comment is held as spam, once the site has learnt enough.
    async fn spam_threshold(&self) -> f64 {
        self.0.spam_threshold
    }

    /// What the site asks of writers, by language.
    async fn guidelines(&self) -> Vec<CommentGuidelines> {
        CommentGuidelines::all(&self.0.guidelines)
    }
}

/// The queries of the rules.
#[derive(Default)]
pub(crate) struct CommentRulesQuery;

#[Object]
impl CommentRulesQuery {
    /// The site's rules for comments, word lists among them. Needs MODERATE_COMMENTS: for whoever lacks it, `null` with an
    /// error (UNAUTHENTICATED or FORBIDDEN).
    async fn comment_rules(&self, ctx: &Context<'_>) -> Option<Result<CommentRules, Failure>> {
        Some(rules(Visit::of(ctx)).await)
    }
}

async fn rules(visit: &Visit) -> Result<CommentRules, Failure> {
    may(visit.viewer(), Action::Use(Permission::ModerateComments))?;
    Ok(CommentRules(visit.session().reads.comment_rules().await?))
}

/// The mutations of the rules.
#[derive(Default)]
pub(crate) struct CommentRulesMutation;

/// A text in one language; of the empty text, none.
#[derive(InputObject)]
pub(crate) struct CommentGuidelinesInput {
    /// The language.
    locale: LanguageTag,
    /// The text, plain, at most 5,000 characters. Empty: none in this language.
    text: String,
}

impl CommentGuidelinesInput {
    pub(super) fn apply(given: Option<Vec<Self>>, texts: &mut Localized<String>) {
        for Self { locale, text } in given.into_iter().flatten() {
            if text.trim().is_empty() {
                texts.remove(&locale.0);
            } else {
                texts.insert(locale.0, text.trim().to_owned());
            }
        }
    }
}

/// What to change of the rules. What is absent stays.
#[derive(InputObject)]
pub(crate) struct UpdateCommentRulesInput {
    /// Fewest visible characters of a text: 1 to 1,000, and no more than `maxLength`.
    min_length: Option<u32>,
    /// Most characters of a text: 1 to 10,000.
    max_length: Option<u32>,
    /// The deepest level of a reply: 0 to 100.
    max_depth: Option<u32>,
    /// For how many minutes a writer may change a comment: 0 to 1,440.
    edit_window_minutes: Option<u32>,
    /// After how many days an article takes no more comments: 1 to 3,650. `null`: never.
    close_after_days: MaybeUndefined<u32>,
    /// How many comments of a writer moderators must have approved before the next is published at once under FIRST_TIME:
    /// 0 to 100.
    first_time_approvals: Option<u32>,
    /// Words and phrases that hold a comment: at most 10,000 of at most 100 characters. Replaces the list.
    suspect_words: Option<Vec<String>>,
    /// Words and phrases that a writer is asked to change. Limits as above. Replaces the list.
    banned_words: Option<Vec<String>>,
    /// More links than this hold a comment: 0 to 100.
    max_links: Option<u32>,
    /// Hosts that hide where a link leads: at most 1,000. Replaces the list.
    shorteners: Option<Vec<String>>,
    /// A form that is sent within fewer seconds holds the comment: 0 (never) to 3,600.
    min_seconds: Option<u32>,
    /// Whether a comment without a form's token is held.
    needs_form_token: Option<bool>,
    /// So many reports hold a public comment, guests at one network address counted once: 1 to 1,000.
    report_threshold: Option<u32>,
    /// From this probability on a comment is held as spam: 0.5 to 1.
    spam_threshold: Option<f64>,
    /// What the site asks of writers. Languages that are not named stay.
    guidelines: Option<Vec<CommentGuidelinesInput>>,
}

impl UpdateCommentRulesInput {
    fn apply(self, rules: &mut Rules) {
        fn put<T>(given: Option<T>, place: &mut T) {
            if let Some(given) = given {
                *place = given;
            }
        }
        put(self.min_length, &mut rules.min_length);
        put(self.max_length, &mut rules.max_length);
        put(self.max_depth, &mut rules.max_depth);
        put(self.edit_window_minutes, &mut rules.edit_window);
        match self.close_after_days {
            MaybeUndefined::Undefined => {}
            MaybeUndefined::Null => rules.close_after_days = None,
            MaybeUndefined::Value(days) => rules.close_after_days = Some(days),
        }
        put(self.first_time_approvals, &mut rules.first_time_approvals);
        put(self.suspect_words, &mut rules.suspect_words);
        put(self.banned_words, &mut rules.banned_words);
        put(self.max_links, &mut rules.max_links);
        put(self.shorteners, &mut rules.shorteners);
        put(self.min_seconds, &mut rules.min_seconds);
        put(self.needs_form_token, &mut rules.needs_form_token);
        put(self.report_threshold, &mut rules.report_threshold);
        put(self.spam_threshold, &mut rules.spam_threshold);
        CommentGuidelinesInput::apply(self.guidelines, &mut rules.guidelines);
    }
}

/// Why the rules were not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum UpdateCommentRulesErrorCode {
    /// Nobody is signed in.
    Unauthenticated,
    /// The person who is signed in may not.
    Forbidden,
    /// Never answered: there are always rules.
    NotFound,
    /// A field cannot be taken as it is; `field` says which.
    Invalid,
}
codes!(UpdateCommentRulesErrorCode);

/// What became of the rules.
#[derive(SimpleObject)]
pub(crate) struct UpdateCommentRulesPayload {
    /// The rules as they are now. `null` where the change was refused.
    rules: Option<CommentRules>,
    /// Why it was refused. Empty where it was done.
    errors: Errors<UpdateCommentRulesErrorCode>,
}

#[Object]
impl CommentRulesMutation {
    /// Changes the site's rules for comments: all that is given, or nothing. They hold from the next comment on. Needs
    /// MANAGE_SITE. `null` only together with an error.
    async fn update_comment_rules(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateCommentRulesInput,
    ) -> Option<Result<UpdateCommentRulesPayload, Failure>> {
        let visit = Visit::of(ctx);
        let done = update(&visit.settings().store, &visit.occasion(), |rules| input.apply(rules)).await;
        Some(outcome(done).map(|done| match done {
            Ok(rules) => UpdateCommentRulesPayload { rules: Some(CommentRules(rules)), errors: Vec::new() },
            Err(errors) => UpdateCommentRulesPayload { rules: None, errors },
        }))
    }
}
