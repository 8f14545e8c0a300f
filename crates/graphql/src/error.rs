//! Errors as clients see them: a code each, and nothing of our insides.
//!
//! Resolvers answer a [`Failure`]: the caller's fault or ours. [`finish`] is the one place where codes are set, where
//! a fault of ours gets its public sentence, and where its cause goes to the log. What a mutation refuses is no error
//! but data, in its payload. It must not know HTTP.

use async_graphql::{ErrorExtensionValues, PathSegment, Response, ServerError};
use masthead_actions::user::password::HashingFailed;
use masthead_domain::viewer::policy::Denied;
use masthead_persistence::StoreError;
use thiserror::Error;

/// What kind of error it is, under `extensions.code`. Clients switch on it, so no name ever changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    /// Not a request that can be read: no document, a syntax error, an operation that is not in it.
    BadRequest,
    /// The document does not fit the schema, or a variable its type.
    Validation,
    /// An argument's value is malformed or out of range: an id, a cursor, a page size.
    BadUserInput,
    /// The request asks for more than a limit allows.
    LimitExceeded,
    /// Nobody is signed in.
    Unauthenticated,
    /// The person who is signed in may not.
    Forbidden,
    /// A fault of ours; `extensions.requestId` finds it in the log.
    Internal,
    /// The answer took too long.
    Timeout,
}

impl Code {
    /// Every code.
    pub const ALL: [Self; 8] = [
        Self::BadRequest,
        Self::Validation,
        Self::BadUserInput,
        Self::LimitExceeded,
        Self::Unauthenticated,
        Self::Forbidden,
        Self::Internal,
        Self::Timeout,
    ];

    /// The value of `extensions.code`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BadRequest => "BAD_REQUEST",
            Self::Validation => "VALIDATION",
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::LimitExceeded => "LIMIT_EXCEEDED",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::Internal => "INTERNAL",
            Self::Timeout => "TIMEOUT",
        }
    }

    /// An error of this code without a place in the document, for what is refused before execution.
    pub fn error(self, message: impl Into<String>) -> ServerError {
        let mut error = ServerError::new(message, None);
        self.mark(&mut error);
        error
    }

    pub(crate) fn mark(self, error: &mut ServerError) {
        error.extensions.get_or_insert_with(ErrorExtensionValues::default).set("code", self.name());
    }
}

/// All that a client is told of a fault of ours, besides the request's id.
const FAULT: &str = "Something went wrong on our side.";

/// Why a field has no answer.
#[derive(Debug, Clone, Error)]
pub enum Failure {
    /// The caller's fault: an argument that no answer exists for.
    #[error("{message}")]
    Input {
        /// The argument as the schema spells it.
        argument: &'static str,
        /// What is wrong with it, and what would be right. Names the argument.
        message: String,
    },
    /// The viewer may not ask this at all, whatever there is.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A fault of ours. Shows its cause to nobody but the log.
    #[error("{FAULT}")]
    Fault(#[from] StoreError),
    /// The same, where a password was to be hashed.
    #[error("{FAULT}")]
    Hashing(#[from] HashingFailed),
}

impl Failure {
    /// The caller gave `argument` a value that cannot be answered.
    pub fn input(argument: &'static str, message: impl Into<String>) -> Self {
        Self::Input { argument, message: message.into() }
    }
}

/// Gives every error of an answer its code, and a fault of ours its sentence and `extensions.requestId`. Logs the
/// faults' causes. Errors that carry a code already (limits) are left as they are.
pub fn finish(mut response: Response, request_id: &str) -> Response {
    for error in &mut response.errors {
        if error.extensions.as_ref().is_some_and(|values| values.get("code").is_some()) {
            continue;
        }
        match error.source::<Failure>().cloned() {
            Some(Failure::Input { argument, .. }) => {
                Code::BadUserInput.mark(error);
                note(error, "argument", argument);
            }
            Some(Failure::Denied(Denied::Unauthenticated)) => Code::Unauthenticated.mark(error),
            Some(Failure::Denied(Denied::Forbidden)) => Code::Forbidden.mark(error),
            Some(Failure::Fault(cause)) => fault(error, request_id, &cause),
            Some(Failure::Hashing(cause)) => fault(error, request_id, &cause),
            None if error.source.is_some() => {
                let cause = error.message.clone();
                fault(error, request_id, &cause);
            }
            // What the library says by itself: of a value while a field is executed, of a place in the document, or
            // of the request as a whole (no operation of that name).
            None if !error.path.is_empty() => Code::BadUserInput.mark(error),
            None if !error.locations.is_empty() => Code::Validation.mark(error),
            None => Code::BadRequest.mark(error),
        }
    }
    response
}

fn fault(error: &mut ServerError, request_id: &str, cause: &dyn std::fmt::Display) {
    tracing::error!(request_id, path = %path(&error.path), %cause, "a field failed");
    FAULT.clone_into(&mut error.message);
    error.source = None;
    Code::Internal.mark(error);
    note(error, "requestId", request_id);
}

fn note(error: &mut ServerError, name: &str, value: &str) {
    error.extensions.get_or_insert_with(ErrorExtensionValues::default).set(name, value);
}

fn path(segments: &[PathSegment]) -> String {
    let names = segments.iter().map(|segment| match segment {
        PathSegment::Field(name) => name.clone(),
        PathSegment::Index(index) => index.to_string(),
    });
    names.collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use async_graphql::{Error, Pos};

    use super::*;

    fn finished(error: ServerError) -> serde_json::Value {
        let response = finish(Response::from_errors(vec![error]), "req-7");
        serde_json::to_value(&response.errors[0]).expect("an error is JSON")
    }

    fn at(error: Error) -> ServerError {
        error
            .into_server_error(Pos { line: 2, column: 3 })
            .with_path(vec![PathSegment::Field("article".into())])
    }

    #[test]
    fn each_code_has_a_name_of_its_own() {
        let names: HashSet<_> = Code::ALL.iter().map(|code| code.name()).collect();
        assert_eq!(names.len(), Code::ALL.len());
    }

    #[test]
    fn a_wrong_argument_is_named() {
        let json = finished(at(Failure::input("first", "`first` must be from 1 to 100, not 0.").into()));
        assert_eq!(json["message"], "`first` must be from 1 to 100, not 0.");
        assert_eq!(json["extensions"], serde_json::json!({"code": "BAD_USER_INPUT", "argument": "first"}));
        assert_eq!(json["path"], serde_json::json!(["article"]));
    }

    #[test]
    fn a_fault_of_ours_tells_nothing_but_the_requests_id() {
        for cause in
            [Error::new_with_source("no such table: article"), Error::from("disk I/O error".to_owned())]
        {
            let json = finished(at(cause));
            assert_eq!(json["message"], FAULT);
            assert_eq!(json["extensions"], serde_json::json!({"code": "INTERNAL", "requestId": "req-7"}));
        }
    }

    #[test]
    fn what_the_library_finds_gets_a_code_and_a_code_given_before_stays() {
        let unknown_field =
            ServerError::new("Unknown field \"x\" on type \"Query\".", Some(Pos { line: 1, column: 1 }));
        assert_eq!(finished(unknown_field)["extensions"]["code"], "VALIDATION");
        let no_operation = ServerError::new("Unknown operation named \"A\"", None);
        assert_eq!(finished(no_operation)["extensions"]["code"], "BAD_REQUEST");
        assert_eq!(
            finished(at(Error::new("Failed to parse \"Int\"")))["extensions"]["code"],
            "BAD_USER_INPUT"
        );
        assert_eq!(finished(Code::LimitExceeded.error("Too deep."))["extensions"]["code"], "LIMIT_EXCEEDED");
    }
}
