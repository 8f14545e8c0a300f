//! What mutations at the desk answer when they refuse: `errors { code field message }`, with an enum of codes for each
//! mutation.
//!
//! A mutation's codes are an enum of its own, so that clients can switch on all of them; [`codes!`] says which of its
//! variants stands for which refusal. The error's type is named after it: `CreateAuthorErrorCode` gives
//! `CreateAuthorError`. It must not know any noun.

use std::borrow::Cow;

use async_graphql::{ID, OutputType, SimpleObject, TypeName};
use masthead_actions::refused::{DeskError, Fault, Refused};
use masthead_domain::viewer::policy::Denied;

use crate::error::Failure;
use crate::id::GlobalId;

/// One reason for which the mutation was refused.
#[derive(SimpleObject)]
#[graphql(name_type)]
pub(crate) struct MutationError<C: OutputType> {
    /// For the client to switch on.
    pub(crate) code: C,
    /// The path of the field at fault, such as `input.title`. `null` where it is none of them.
    pub(crate) field: Option<Cow<'static, str>>,
    /// A sentence for the person, in English.
    pub(crate) message: String,
}

impl<C: OutputType> MutationError<C> {
    /// An error of a code that only one mutation has.
    pub(crate) fn new(code: C, field: Option<&'static str>, message: String) -> Self {
        Self { code, field: field.map(Cow::Borrowed), message }
    }
}

impl<C: OutputType> TypeName for MutationError<C> {
    fn type_name() -> Cow<'static, str> {
        let code = C::type_name();
        code.strip_suffix("Code").unwrap_or(&code).to_owned().into()
    }
}

/// The kinds of refusal, for the code of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RefusalKind {
    Unauthenticated,
    Forbidden,
    NotFound,
    Invalid,
    Stale,
    WrongStatus,
}

/// A mutation's codes.
pub(crate) trait ErrorCode: OutputType {
    /// The code of a kind of refusal; INVALID stands in for kinds that the mutation never meets.
    fn of(kind: RefusalKind) -> Self;
}

/// Says that an enum's variants Unauthenticated, Forbidden, NotFound and Invalid, and those named besides, are the codes
/// of the kinds of refusal of those names.
macro_rules! codes {
    ($code:ident $(, $other:ident)*) => {
        impl $crate::refusal::ErrorCode for $code {
            fn of(kind: $crate::refusal::RefusalKind) -> Self {
                use $crate::refusal::RefusalKind as Kind;
                #[allow(unreachable_patterns, reason = "a mutation that meets every kind")]
                match kind {
                    Kind::Unauthenticated => Self::Unauthenticated,
                    Kind::Forbidden => Self::Forbidden,
                    Kind::NotFound => Self::NotFound,
                    Kind::Invalid => Self::Invalid,
                    $(Kind::$other => Self::$other,)*
                    _ => Self::Invalid,
                }
            }
        }
    };
}
pub(crate) use codes;

/// The errors of a payload.
pub(crate) type Errors<C> = Vec<MutationError<C>>;

/// The errors that tell of a refusal: one, or one for each field at fault.
pub(crate) fn errors<C: ErrorCode>(refused: Refused) -> Errors<C> {
    let kind = match &refused {
        Refused::Denied(Denied::Unauthenticated) => RefusalKind::Unauthenticated,
        Refused::Denied(Denied::Forbidden) => RefusalKind::Forbidden,
        Refused::NotFound => RefusalKind::NotFound,
        Refused::Invalid(_) => RefusalKind::Invalid,
        Refused::Stale { .. } => RefusalKind::Stale,
        Refused::WrongStatus(_) => RefusalKind::WrongStatus,
    };
    match refused {
        Refused::Invalid(faults) => {
            let one =
                |Fault { field, message }| MutationError { code: C::of(kind), field: Some(field), message };
            faults.into_iter().map(one).collect()
        }
        other => vec![MutationError { code: C::of(kind), field: None, message: other.to_string() }],
    }
}

/// What was done, or the errors of its refusal; a fault of ours becomes an error of the answer.
pub(crate) fn outcome<T, C: ErrorCode>(done: Result<T, DeskError>) -> Result<Result<T, Errors<C>>, Failure> {
    match done {
        Ok(done) => Ok(Ok(done)),
        Err(DeskError::Refused(refused)) => Ok(Err(errors(refused))),
        Err(DeskError::Fault(fault)) => Err(fault.into()),
    }
}

/// The key that an id of an argument or input field holds, if `pick` takes it: the id of a thing of another kind names
/// nothing here.
pub(crate) fn key<T>(
    id: &ID,
    field: &'static str,
    pick: impl Fn(GlobalId) -> Option<T>,
) -> Result<T, Refused> {
    match GlobalId::decode(id) {
        Some(id) => pick(id).ok_or(Refused::NotFound),
        None => Err(Fault::new(field, "This is no id that this site gave out.").into()),
    }
}
