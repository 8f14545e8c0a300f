//! Following a thread by e-mail: asking for letters, and what a letter's token or the person who is signed in does with
//! them afterwards.

use std::borrow::Cow;
use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use masthead_actions::comment::follow::{self, FollowError, Which, Wish};
use masthead_actions::refused::{DeskError, Fault, Refused};
use masthead_domain::article::ArticleId;
use masthead_persistence::comment::StoredFollow;

use super::react::TouchRefusal;
use crate::article::{Article, ArticleById};
use crate::context::Visit;
use crate::edition::Edition;
use crate::error::Failure;
use crate::id::GlobalId;
use crate::refusal::{Errors, codes, errors, key, outcome};
use crate::scalar::{DateTime, EmailAddress};

/// The mutations of who follows a thread.
#[derive(Default)]
pub(crate) struct FollowMutation;

/// How often letters about a thread come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "masthead_domain::comment::following::Frequency")]
pub(crate) enum ThreadLetterFrequency {
    /// At once, but at most one in ten minutes: what is written meanwhile comes together in the next.
    Immediate,
    /// Once a day, at 8:00 in the site's time zone, where there is something new.
    Daily,
}

/// A language that letters are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "masthead_domain::comment::following::Language")]
pub(crate) enum LetterLanguage {
    /// Arabic.
    Arabic,
    /// French.
    French,
    /// English.
    English,
}

/// What became of the wish to follow a thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "masthead_actions::comment::follow::Outcome")]
pub(crate) enum FollowThreadOutcome {
    /// Letters come from now on: the address is that of the person who is signed in.
    Following,
    /// A letter asks the address to confirm within 7 days; without that nothing more comes. Answered alike, and without
    /// another letter, where the address follows already or was asked three times today.
    Asked,
}

/// A thread that is followed by e-mail.
pub(crate) struct ThreadFollow {
    follow: StoredFollow,
    edition: Arc<Edition>,
}

impl ThreadFollow {
    /// A follow, and the edition its article is shown in.
    pub(crate) fn new(follow: StoredFollow, edition: Arc<Edition>) -> Self {
        Self { follow, edition }
    }

    async fn below(&self) -> Result<Option<Article>, Failure> {
        let card = self.edition.session.load(ArticleById(self.follow.article)).await?;
        Ok(card.map(|card| Article::of_card(card, self.edition.clone())))
    }
}

/// A thread that is followed by e-mail, and how its letters come.
#[Object]
impl ThreadFollow {
    /// The article whose thread it is. `null`: you do not see it; while readers do not, no letters come.
    async fn article(&self) -> Option<Result<Article, Failure>> {
        self.below().await.transpose()
    }

    /// How often letters come.
    async fn frequency(&self) -> ThreadLetterFrequency {
        self.follow.frequency.into()
    }

    /// The language of the letters.
    async fn language(&self) -> LetterLanguage {
        self.follow.language.into()
    }

    /// When it was asked for.
    async fn asked_at(&self) -> DateTime {
        DateTime(self.follow.asked_at)
    }

    /// When its address confirmed it. `null`: not yet, so that no letters come; it is forgotten 7 days after it was asked
    /// for.
    async fn confirmed_at(&self) -> Option<DateTime> {
        self.follow.confirmed_at.map(DateTime)
    }
}

/// A thread to be followed.
#[derive(InputObject)]
pub(crate) struct FollowThreadInput {
    /// The article whose thread it is.
    article_id: ID,
    /// Where letters are to go. Needed from guests. Absent or `null`: to the address of the person who is signed in. Shown
    /// to nobody but those who export what is held about it.
    email: Option<EmailAddress>,
    /// How often letters are to come.
    #[graphql(default_with = "ThreadLetterFrequency::Immediate")]
    frequency: ThreadLetterFrequency,
    /// The language of the letters. Absent or `null`: the article's, where letters are written in it, else English.
    language: Option<LetterLanguage>,
    /// The secret that the reader's browser keeps, as in `createComment`, 16 to 200 characters: comments that come with it
    /// are not told to their own writer. Absent or `null`: those with the same address are not.
    writer_key: Option<String>,
}

/// Other letters for a thread that is followed.
#[derive(InputObject)]
pub(crate) struct UpdateThreadFollowInput {
    /// The token of a letter, or of `confirmThreadFollow`. Either this or `articleId`.
    token: Option<String>,
    /// The article whose thread the person who is signed in follows.
    article_id: Option<ID>,
    /// How often letters are to come. Absent or `null`: as before.
    frequency: Option<ThreadLetterFrequency>,
    /// The language of the letters. Absent or `null`: as before.
    language: Option<LetterLanguage>,
}

/// A thread to be followed no longer.
#[derive(InputObject)]
pub(crate) struct UnfollowThreadInput {
    /// The token of a letter, or of `confirmThreadFollow`. Either this or `articleId`.
    token: Option<String>,
    /// The article whose thread the person who is signed in follows.
    article_id: Option<ID>,
}

/// Why a thread is not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum FollowThreadErrorCode {
    /// Not met here: guests give an address.
    Unauthenticated,
    /// The person who is signed in may not.
    Forbidden,
    /// There is no such article, or none for you.
    NotFound,
    /// A field cannot be taken as it is, `field` says which: no address, or no key.
    Invalid,
    /// The article takes no more comments.
    Closed,
    /// Too much in too short a time, from here; `retryAfter` says when to try again.
    TooFast,
}
codes!(FollowThreadErrorCode);

/// Why a follow was not confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum ConfirmThreadFollowErrorCode {
    /// Never answered: a token needs nobody to be signed in.
    Unauthenticated,
    /// Never answered: whoever has a token may.
    Forbidden,
    /// The token holds no longer, or never did.
    NotFound,
    /// A field cannot be taken as it is.
    Invalid,
}
codes!(ConfirmThreadFollowErrorCode);

/// Why letters come as before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum UpdateThreadFollowErrorCode {
    /// Neither a token nor signed in.
    Unauthenticated,
    /// The person who is signed in may not.
    Forbidden,
    /// The token holds no longer, or the person follows no such thread.
    NotFound,
    /// A field cannot be taken as it is; or neither or both of `token` and `articleId` are given.
    Invalid,
}
codes!(UpdateThreadFollowErrorCode);

/// Why a thread is still followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum UnfollowThreadErrorCode {
    /// Neither a token nor signed in.
    Unauthenticated,
    /// The person who is signed in may not.
    Forbidden,
    /// The token is none of this site.
    NotFound,
    /// A field cannot be taken as it is; or neither or both of `token` and `articleId` are given.
    Invalid,
}
codes!(UnfollowThreadErrorCode);

/// What became of the wish to follow a thread.
#[derive(SimpleObject)]
pub(crate) struct FollowThreadPayload {
    /// Whether letters come, or the address is asked first. `null` where it was refused.
    outcome: Option<FollowThreadOutcome>,
    /// Why it was refused. Empty where it was taken.
    errors: Vec<TouchRefusal<FollowThreadErrorCode>>,
}

/// A follow that was confirmed, with `errors` empty; or a refusal, with everything else `null`.
#[derive(SimpleObject)]
pub(crate) struct ConfirmThreadFollowPayload {
    /// The follow. `null` where it was refused.
    follow: Option<ThreadFollow>,
    /// What changes and ends it, as the links of its letters do; holds as long as it is followed. `null` where it was
    /// refused.
    token: Option<String>,
    /// Why it was refused. Empty where it was confirmed.
    errors: Errors<ConfirmThreadFollowErrorCode>,
}

/// A follow that was changed, with `errors` empty; or a refusal, with `follow` `null`.
#[derive(SimpleObject)]
pub(crate) struct UpdateThreadFollowPayload {
    /// The follow as it is now. `null` where it was refused.
    follow: Option<ThreadFollow>,
    /// Why it was refused. Empty where it was changed.
    errors: Errors<UpdateThreadFollowErrorCode>,
}

/// What became of a follow that was to be ended.
#[derive(SimpleObject)]
pub(crate) struct UnfollowThreadPayload {
    /// Whether the thread is not followed now; also where it was not before.
    ended: bool,
    /// Why it was refused. Empty where it was done.
    errors: Errors<UnfollowThreadErrorCode>,
}

#[Object]
impl FollowMutation {
    /// Asks for letters about new comments below an article. To the address of the person who is signed in they come from
    /// now on; to any other after its reader has confirmed it by the link in a letter. What is answered does not tell
    /// whether an address follows already. Asked again by who is signed in, it changes how letters come. For guests too.
    /// `null` only together with an error.
    async fn follow_thread(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The article, and where letters go.")] input: FollowThreadInput,
    ) -> Option<Result<FollowThreadPayload, Failure>> {
        Some(followed(Visit::of(ctx), input).await)
    }

    /// Confirms that letters about a thread are wanted, by the token in the letter that asks; again changes nothing. To be
    /// sent when a person presses a button, not when a page is opened: programs open the links of letters to look at
    /// them. For guests too. `null` only together with an error.
    async fn confirm_thread_follow(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What the letter's link ends in. Holds for 7 days.")] token: String,
    ) -> Option<Result<ConfirmThreadFollowPayload, Failure>> {
        Some(confirmed(Visit::of(ctx), &token).await)
    }

    /// Changes how letters about a thread come: by the token of one of them, or by the article for who is signed in. For
    /// guests too. `null` only together with an error.
    async fn update_thread_follow(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which letters, and how they are to come.")] input: UpdateThreadFollowInput,
    ) -> Option<Result<UpdateThreadFollowPayload, Failure>> {
        Some(changed(Visit::of(ctx), input).await)
    }

    /// Ends letters about a thread: by the token of one of them, or by the article for who is signed in. Does nothing
    /// where they have ended, or never began. For guests too. `null` only together with an error.
    async fn unfollow_thread(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which letters.")] input: UnfollowThreadInput,
    ) -> Option<Result<UnfollowThreadPayload, Failure>> {
        let visit = Visit::of(ctx);
        let done = async {
            let which = which(input.token, input.article_id.as_ref())?;
            follow::end(&visit.settings().store, &visit.occasion(), &which).await
        };
        Some(outcome(done.await).map(|done| match done {
            Ok(()) => UnfollowThreadPayload { ended: true, errors: Vec::new() },
            Err(errors) => UnfollowThreadPayload { ended: false, errors },
        }))
    }
}

async fn followed(visit: &Visit, input: FollowThreadInput) -> Result<FollowThreadPayload, Failure> {
    let settings = visit.settings();
    let done = async {
        let wish = Wish {
            article: article_key(&input.article_id)?,
            email: input.email.map(|email| email.0),
            frequency: input.frequency.into(),
            language: input.language.map(Into::into),
            writer_key: input.writer_key,
            address: visit.address(),
        };
        follow::follow(&settings.store, &settings.conversation, &visit.occasion(), &wish).await
    };
    let refused = match done.await {
        Ok(outcome) => {
            return Ok(FollowThreadPayload { outcome: Some(outcome.into()), errors: Vec::new() });
        }
        Err(FollowError::Other(DeskError::Fault(fault))) => return Err(fault.into()),
        Err(refused) => refused,
    };
    let message = refused.to_string();
    let errors = match refused {
        FollowError::Closed => {
            let field = Some(Cow::Borrowed("input.articleId"));
            vec![TouchRefusal::new(FollowThreadErrorCode::Closed, field, message, None)]
        }
        FollowError::TooFast { retry_after } => {
            let seconds = Some(i32::try_from(retry_after).unwrap_or(i32::MAX));
            vec![TouchRefusal::new(FollowThreadErrorCode::TooFast, None, message, seconds)]
        }
        FollowError::Other(DeskError::Refused(refused)) => errors(refused)
            .into_iter()
            .map(|error| TouchRefusal::new(error.code, error.field, error.message, None))
            .collect(),
        FollowError::Other(DeskError::Fault(fault)) => return Err(fault.into()),
    };
    Ok(FollowThreadPayload { outcome: None, errors })
}

async fn confirmed(visit: &Visit, token: &str) -> Result<ConfirmThreadFollowPayload, Failure> {
    let done = follow::confirm(&visit.settings().store, &visit.occasion(), token).await;
    Ok(match outcome(done)? {
        Ok(confirmed) => {
            let edition = Edition::after_writing(visit).await?;
            ConfirmThreadFollowPayload {
                follow: Some(ThreadFollow::new(confirmed.follow, edition)),
                token: Some(confirmed.token),
                errors: Vec::new(),
            }
        }
        Err(errors) => ConfirmThreadFollowPayload { follow: None, token: None, errors },
    })
}

async fn changed(
    visit: &Visit,
    input: UpdateThreadFollowInput,
) -> Result<UpdateThreadFollowPayload, Failure> {
    let done = async {
        let which = which(input.token, input.article_id.as_ref())?;
        let (frequency, language) = (input.frequency.map(Into::into), input.language.map(Into::into));
        follow::change(&visit.settings().store, &visit.occasion(), &which, frequency, language).await
    };
    Ok(match outcome(done.await)? {
        Ok(follow) => {
            let edition = Edition::after_writing(visit).await?;
            UpdateThreadFollowPayload { follow: Some(ThreadFollow::new(follow, edition)), errors: Vec::new() }
        }
        Err(errors) => UpdateThreadFollowPayload { follow: None, errors },
    })
}

/// Which follow is meant: one of the two is given.
fn which(token: Option<String>, article: Option<&ID>) -> Result<Which, Refused> {
    match (token, article) {
        (Some(token), None) => Ok(Which::Token(token)),
        (None, Some(article)) => Ok(Which::Own(article_key(article)?)),
        (Some(_), Some(_)) | (None, None) => {
            Err(Fault::new("input.token", "Give either `token` or `articleId`.").into())
        }
    }
}

fn article_key(id: &ID) -> Result<ArticleId, Refused> {
    key(id, "input.articleId", |id| match id {
        GlobalId::Article(article) => Some(article),
        _ => None,
    })
}
