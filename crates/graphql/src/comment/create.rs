//! What `createComment` takes and answers. The rules are the domain's; here they get their names for clients.

use async_graphql::{Enum, ID, InputObject, SimpleObject};
use masthead_domain::comment::leave::{Field, Refused, Submission};

use super::Comment;
use super::follow::{FollowThreadOutcome, ThreadLetterFrequency};
use crate::scalar::EmailAddress;

/// A comment to be left, and what tells one guest from another.
#[derive(InputObject)]
pub(crate) struct CreateCommentInput {
    /// The article it is about.
    pub(super) article_id: ID,
    /// The comment it answers, below the same article. Absent or `null`: it begins a thread.
    pub(super) parent_id: Option<ID>,
    /// The name to show, one line, at most 100 characters. Absent, `null` or empty: anonymous.
    pub(super) author_name: Option<String>,
    /// An address for the newsroom only; shown to no reader, and proves nothing. Absent or `null`: none.
    pub(super) author_email: Option<EmailAddress>,
    /// The text, plain, 1 to 10,000 characters. An empty line begins a paragraph; web addresses become links. `@` and the
    /// slug of a byline of somebody of the newsroom has them told by letter, once the comment is public; at most 5.
    pub(super) body: String,
    /// A random key, 16 to 200 characters, kept for 24 hours: the same key with the same article and text answers the
    /// first comment again and stores nothing twice, so a retry is harmless; with another text it is KEY_REUSED.
    pub(super) idempotency_key: Option<String>,
    /// A secret of 256 random bits that the reader's browser makes and keeps, 16 to 200 characters. Stored only hashed.
    /// It is what "the same writer" means for a guest.
    pub(super) writer_key: Option<String>,
    /// A trap for robots: a field that people do not see and leave empty. What comes with something in it is held for a
    /// moderator.
    pub(super) website: Option<String>,
    /// The signed token of the form, from `site { commentForm { token } }`: it tells how long the form was open. What is
    /// sent faster than people write is held. Optional; one that is not of this site, or older than a day, counts as none.
    pub(super) form_token: Option<String>,
    /// How often letters about new comments in the thread are to come to its writer, as by `followThread`: to the address
    /// of who is signed in, else to `authorEmail`, which is then needed and is asked to confirm. Absent or `null`: none.
    pub(super) follow: Option<ThreadLetterFrequency>,
}

impl CreateCommentInput {
    /// What the writer handed in, apart from the two ids.
    pub(super) fn submission(self) -> Submission {
        Submission {
            body: self.body,
            author_name: self.author_name,
            author_email: self.author_email.map(|address| address.0),
            idempotency_key: self.idempotency_key,
            writer_key: self.writer_key,
            website: self.website,
        }
    }
}

/// What became of a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "masthead_actions::comment::leave::Outcome")]
pub(crate) enum CommentOutcome {
    /// Everyone sees it.
    Published,
    /// Kept for a moderator: only its writer sees it, here and through the receipt.
    Held,
}

/// Why a comment was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum CreateCommentErrorCode {
    /// The article takes no comments.
    Closed,
    /// A field is empty, malformed, or holds what cannot be stored; `field` says which.
    Invalid,
    /// A field has too many characters; `field` says which, the message how many are allowed.
    TooLong,
    /// Too much in too short a time; `retryAfter` says when to try again.
    TooFast,
    /// The same text was left here a moment ago.
    Duplicate,
    /// The thread is 100 levels deep: answer further up.
    TooDeep,
    /// The text is not taken as it is; the writer may change it and try again.
    Reword,
    /// The writer may not comment.
    Banned,
    /// The idempotency key was used for another comment.
    KeyReused,
    /// There is no such article, or no such comment to answer; or none for you.
    NotFound,
    /// This site or article takes comments only from people who are signed in.
    Unauthenticated,
    /// The person who is signed in may not.
    Forbidden,
}

/// One reason for which a comment was not taken.
#[derive(SimpleObject)]
pub(crate) struct CreateCommentError {
    /// For the client to switch on.
    code: CreateCommentErrorCode,
    /// The path of the field at fault, such as `input.body`. `null` where it is none of them.
    field: Option<&'static str>,
    /// A sentence for the writer, in English.
    message: String,
    /// After how many seconds trying again may help. `null` where waiting does not help.
    retry_after: Option<i32>,
}

impl CreateCommentError {
    /// One of the two ids is none that this site gave out.
    pub(super) fn malformed_id(field: &'static str) -> Self {
        Self {
            code: CreateCommentErrorCode::Invalid,
            field: Some(field),
            message: "This is no id that this site gave out.".to_owned(),
            retry_after: None,
        }
    }
}

impl From<Refused> for CreateCommentError {
    fn from(refused: Refused) -> Self {
        use CreateCommentErrorCode as Code;
        let (code, field) = match &refused {
            Refused::Closed => (Code::Closed, None),
            Refused::MembersOnly => (Code::Unauthenticated, None),
            Refused::Invalid { field, .. } => (Code::Invalid, Some(path(*field))),
            Refused::TooLong { field, .. } => (Code::TooLong, Some(path(*field))),
            Refused::TooDeep => (Code::TooDeep, Some(path(Field::ParentId))),
            Refused::KeyReused => (Code::KeyReused, Some(path(Field::IdempotencyKey))),
            Refused::NotFound => (Code::NotFound, Some(ARTICLE_ID)),
            Refused::ParentNotFound => (Code::NotFound, Some(path(Field::ParentId))),
            Refused::TooFast { .. } => (Code::TooFast, None),
            Refused::Duplicate => (Code::Duplicate, Some(path(Field::Body))),
            Refused::Reword { .. } => (Code::Reword, Some(path(Field::Body))),
            Refused::Banned => (Code::Banned, None),
        };
        let retry_after = match refused {
            Refused::TooFast { retry_after } => Some(i32::try_from(retry_after).unwrap_or(i32::MAX)),
            _ => None,
        };
        Self { code, field, message: refused.to_string(), retry_after }
    }
}

pub(super) const ARTICLE_ID: &str = "input.articleId";
pub(super) const PARENT_ID: &str = "input.parentId";

const fn path(field: Field) -> &'static str {
    match field {
        Field::Body => "input.body",
        Field::AuthorName => "input.authorName",
        Field::AuthorEmail => "input.authorEmail",
        Field::IdempotencyKey => "input.idempotencyKey",
        Field::WriterKey => "input.writerKey",
        Field::ParentId => PARENT_ID,
    }
}

/// What became of a comment: taken, with `errors` empty; or refused, with everything else `null`.
#[derive(SimpleObject)]
pub(crate) struct CreateCommentPayload {
    /// Whether everyone sees it or a moderator does first. `null` where it was refused.
    pub(super) outcome: Option<CommentOutcome>,
    /// The writer's proof: with it a guest sees, changes or withdraws the comment without an account. Shown once; whoever
    /// has it may do so. `null` where it was refused.
    pub(super) receipt: Option<String>,
    /// The comment, also where it is held. `null` where it was refused.
    pub(super) comment: Option<Comment>,
    /// What became of the wish to follow the thread. `null`: there was none, this request was answered before, or too
    /// much was asked for from there; the comment is taken all the same.
    pub(super) follow: Option<FollowThreadOutcome>,
    /// Why it was refused. Empty where it was taken.
    pub(super) errors: Vec<CreateCommentError>,
}

impl From<CreateCommentError> for CreateCommentPayload {
    fn from(error: CreateCommentError) -> Self {
        Self { outcome: None, receipt: None, comment: None, follow: None, errors: vec![error] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_has_its_code_and_names_the_field_at_fault() {
        use CreateCommentErrorCode as Code;
        let too_long = Refused::TooLong { field: Field::Body, max: 10_000, len: 10_001 };
        for (refused, code, field) in [
            (Refused::Closed, Code::Closed, None),
            (Refused::MembersOnly, Code::Unauthenticated, None),
            (
                Refused::Invalid { field: Field::AuthorEmail, why: "no address" },
                Code::Invalid,
                Some("input.authorEmail"),
            ),
            (too_long, Code::TooLong, Some("input.body")),
            (Refused::TooDeep, Code::TooDeep, Some("input.parentId")),
            (Refused::KeyReused, Code::KeyReused, Some("input.idempotencyKey")),
            (Refused::NotFound, Code::NotFound, Some("input.articleId")),
            (Refused::ParentNotFound, Code::NotFound, Some("input.parentId")),
            (Refused::Duplicate, Code::Duplicate, Some("input.body")),
            (Refused::Reword { why: "Fewer links, please.".into() }, Code::Reword, Some("input.body")),
            (Refused::Banned, Code::Banned, None),
        ] {
            let sentence = refused.to_string();
            let error = CreateCommentError::from(refused);
            assert_eq!((error.code, error.field), (code, field), "{sentence}");
            assert_eq!((error.message, error.retry_after), (sentence, None));
        }
        let too_fast = CreateCommentError::from(Refused::TooFast { retry_after: 7 });
        assert_eq!((too_fast.code, too_fast.retry_after), (Code::TooFast, Some(7)));
    }
}
