//! The files of a request, and the scalar that names them.
//!
//! async-graphql's own `Upload` is not used: it takes any text of a JSON request for a number of a file, and panics
//! where there is none. Here a file is named by a value that no JSON and no document can hold. How files come is not
//! known here.

use async_graphql::{Context, InputValueError, InputValueResult, Scalar, ScalarType, Value};
use bytes::Bytes;

use crate::error::Failure;

/// The files that came with a request, in the order of their numbers. Put into the request's data.
#[derive(Debug, Clone, Default)]
pub struct Uploads(pub Vec<Uploaded>);

/// What became of one file.
#[derive(Debug, Clone)]
pub enum Uploaded {
    /// All of it.
    File(Bytes),
    /// It has more bytes than are taken, and was not read to its end.
    TooLarge,
    /// It was left unread, because whoever sent it may not upload anything.
    Unread,
}

impl Uploads {
    /// The value that stands for the file of this number among the variables.
    pub fn variable(number: u32) -> Value {
        Value::Binary(number.to_be_bytes().to_vec().into())
    }
}

/// A file of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Upload(u32);

/// A file, sent by the multipart request specification: a variable of this type is `null` in `operations`, and `map` says
/// which part holds the file. The request needs the header `GraphQL-Require-Preflight`, with any value. What a file is
/// called, and which type it is declared to have, does not matter: its content is looked at.
#[Scalar(name = "Upload", specified_by_url = "https://github.com/jaydenseric/graphql-multipart-request-spec")]
impl ScalarType for Upload {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::Binary(number) => match <[u8; 4]>::try_from(&number[..]) {
                Ok(number) => Ok(Self(u32::from_be_bytes(number))),
                Err(_) => Err(InputValueError::custom(ONLY_FILES)),
            },
            _ => Err(InputValueError::custom(ONLY_FILES)),
        }
    }

    fn is_valid(value: &Value) -> bool {
        matches!(value, Value::Binary(_))
    }

    fn to_value(&self) -> Value {
        Value::Null
    }
}

const ONLY_FILES: &str = "a file comes in a part of its own, by the multipart request specification";

impl Upload {
    /// What became of the file.
    ///
    /// # Errors
    /// The request has no such file.
    pub fn of(self, ctx: &Context<'_>) -> Result<Uploaded, Failure> {
        let number = usize::try_from(self.0).unwrap_or(usize::MAX);
        let uploaded = ctx.data_opt::<Uploads>().and_then(|uploads| uploads.0.get(number));
        uploaded.cloned().ok_or_else(|| Failure::input("file", "There is no such file in the request."))
    }
}
