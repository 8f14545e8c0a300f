//! What mutations that take a password answer when they refuse: as every mutation at the desk, and besides a code for
//! what is wrong with the password, a code for too many attempts, and how long to wait.

use std::borrow::Cow;

use async_graphql::{OutputType, SimpleObject, TypeName};
use masthead_actions::user::attempt::AttemptError as Refusal;

use crate::error::Failure;
use crate::refusal::{ErrorCode, errors};

/// One reason for which the mutation was refused.
#[derive(SimpleObject)]
#[graphql(name_type)]
pub(crate) struct AttemptError<C: OutputType> {
    /// For the client to switch on.
    code: C,
    /// The path of the field at fault, such as `input.email`. `null` where it is none of them, or must not be told.
    field: Option<Cow<'static, str>>,
    /// A sentence for the person, in English.
    message: String,
    /// After how many whole seconds trying again may help. `null` where waiting does not help.
    retry_after: Option<i32>,
}

impl<C: OutputType> TypeName for AttemptError<C> {
    fn type_name() -> Cow<'static, str> {
        let code = C::type_name();
        code.strip_suffix("Code").unwrap_or(&code).to_owned().into()
    }
}

/// A mutation's codes, of which two are for passwords.
pub(crate) trait AttemptCode: ErrorCode + Copy {
    /// The password, or the address, is wrong.
    const WRONG: Self;
    /// Too many attempts.
    const TOO_FAST: Self;
}

/// What was done, or the errors of its refusal; a fault of ours becomes an error of the answer.
pub(crate) fn attempted<T, C: AttemptCode>(
    done: Result<T, Refusal>,
) -> Result<Result<T, Vec<AttemptError<C>>>, Failure> {
    let one =
        |code, message, retry_after| Ok(Err(vec![AttemptError { code, field: None, message, retry_after }]));
    match done {
        Ok(done) => Ok(Ok(done)),
        Err(refusal @ Refusal::WrongCredentials) => one(C::WRONG, refusal.to_string(), None),
        Err(ref refusal @ Refusal::TooFast { seconds }) => {
            one(C::TOO_FAST, refusal.to_string(), Some(i32::try_from(seconds).unwrap_or(i32::MAX)))
        }
        Err(Refusal::Refused(refused)) => {
            let errors = errors::<C>(refused).into_iter().map(|error| AttemptError {
                code: error.code,
                field: error.field,
                message: error.message,
                retry_after: None,
            });
            Ok(Err(errors.collect()))
        }
        Err(Refusal::Hashing(cause)) => Err(cause.into()),
        Err(Refusal::Fault(fault)) => Err(fault.into()),
    }
}
