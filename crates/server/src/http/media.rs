//! Pictures at `/media/NAME` and, smaller, at `/media/WIDTH/NAME`.
//!
//! Only names that the library gives out, only the widths that it offers, only from the store of pictures: everything
//! else is not there. At a width a picture comes as WebP for those whose Accept names it. It must not know articles, or
//! who may see one: whoever has a picture's address may see the picture.

mod sizes;

use std::panic::AssertUnwindSafe;
use std::path::Path;

use futures_util::{FutureExt, StreamExt};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use masthead_actions::media::Workshop;
use masthead_domain::media::{PictureKind, UploadName, WIDTHS, is_stored_name};
use masthead_interchange::picture::Format;
use masthead_persistence::media::{FilesError, Look};
use percent_encoding::percent_decode_str;
use poem::web::headers::{ETag, HeaderMapExt, IfNoneMatch};
use poem::{Body, Endpoint, Request, Response, ResponseBuilder, Result};

use self::sizes::{Opened, Sizes, Unmade};
use super::error_body::error_response;
use super::quality::choices;

/// Where pictures lie in the data directory, by their names.
pub const FOLDER: &str = "media";
/// Where smaller sizes of them are kept, by width and name. May be emptied at any time.
const SIZES_FOLDER: &str = "media-cache";

/// A name is given to one picture and never again, so what was fetched once stays right.
const CACHE_CONTROL: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// Grows when a size of the same picture would come out as other bytes, so that no cache takes the one for the other.
const EDITION: u8 = 2;

/// Serves the pictures of a workshop; to be nested at `/media`. Smaller sizes are kept in the data directory. Answers GET
/// and HEAD, 405 otherwise.
pub fn media(workshop: Workshop, data: &Path) -> impl Endpoint<Output = Response> + use<> {
    Media { sizes: Sizes::new(workshop.clone(), data.join(SIZES_FOLDER)), workshop }
}

struct Media {
    workshop: Workshop,
    sizes: Sizes,
}

/// What an address asks for.
#[derive(Debug, PartialEq, Eq)]
struct Wanted {
    /// The file of a name that the library gives out.
    file: String,
    /// What its ending says that it is.
    kind: PictureKind,
    /// One of the widths on offer; `None`: the original.
    width: Option<u32>,
}

/// An original as it is at one time.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Original {
    file: String,
    /// Another one when it is another picture.
    version: String,
    /// When it was last changed, where a name may get another picture. `None`: it never does.
    changed: Option<std::time::SystemTime>,
}

impl Endpoint for Media {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return Ok(Response::builder()
                .status(StatusCode::METHOD_NOT_ALLOWED)
                .header(header::ALLOW, "GET, HEAD")
                .finish());
        }
        let Some(wanted) = Wanted::parse(request.uri().path()) else { return Ok(not_there()) };
        // A fault in the libraries that unpack pictures is one request's.
        let answered = AssertUnwindSafe(self.answer(&wanted, &request)).catch_unwind().await;
        answered.unwrap_or_else(|_| {
            tracing::error!(file = wanted.file, width = wanted.width, "making a picture smaller panicked");
            Ok(error_response(
                StatusCode::INTERNAL_SERVER_ERROR,
                "INTERNAL",
                "Something went wrong on our side.",
            ))
        })
    }
}

impl Media {
    async fn answer(&self, wanted: &Wanted, request: &Request) -> Result<Response> {
        let Some(original) = self.original(wanted).await.map_err(poem::error::InternalServerError)? else {
            return Ok(not_there());
        };
        let (headers, head_only) = (request.headers(), *request.method() == Method::HEAD);
        let format = format(headers);
        let tag = entity_tag(&original, wanted.width.map(|width| (width, format)));
        let mut response =
            Response::builder().header(header::ETAG, &tag).header(header::CACHE_CONTROL, CACHE_CONTROL);
        if wanted.width.is_some() {
            response = response.header(header::VARY, "Accept");
        }
        if is_held(headers, &tag) {
            return Ok(response.status(StatusCode::NOT_MODIFIED).finish());
        }
        let Some(width) = wanted.width else { return self.whole(response, wanted, head_only).await };
        match self.sizes.open(&original, width, format).await {
            Ok(Opened::Smaller { file, kind, length }) => {
                let response = typed(response, kind, length);
                Ok(response.body(if head_only { Body::empty() } else { Body::from_async_read(file) }))
            }
            Ok(Opened::Original) => self.whole(response, wanted, head_only).await,
            Ok(Opened::NotThere) => Ok(not_there()),
            Err(Unmade::Busy(busy)) => {
                tracing::warn!(%busy, file = wanted.file, width, "a smaller picture was not made");
                let mut response = error_response(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "BUSY",
                    "Too many pictures are being made smaller: try again in a moment.",
                );
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
                Ok(response)
            }
            Err(Unmade::Failed(error)) => Err(poem::error::InternalServerError(error)),
        }
    }

    /// The picture as it is stored.
    async fn whole(&self, response: ResponseBuilder, wanted: &Wanted, head_only: bool) -> Result<Response> {
        let files = self.workshop.files();
        if head_only {
            let look = files.look(&wanted.file).await.map_err(poem::error::InternalServerError)?;
            return Ok(match look {
                Some(look) => typed(response, wanted.kind, look.length).finish(),
                None => not_there(),
            });
        }
        match files.get(&wanted.file).await.map_err(poem::error::InternalServerError)? {
            Some(found) => {
                let response = typed(response, wanted.kind, found.look.length);
                let bytes = found.bytes.map(|chunk| chunk.map_err(std::io::Error::other));
                Ok(response.body(Body::from_bytes_stream(bytes)))
            }
            None => Ok(not_there()),
        }
    }

    /// `None`: there is none. What is named after its bytes is not looked at: where it is wanted in the end, it will be
    /// missed.
    async fn original(&self, wanted: &Wanted) -> Result<Option<Original>, FilesError> {
        let file = wanted.file.clone();
        if UploadName::parse(&file).is_some() {
            let version = file.chars().filter(char::is_ascii_hexdigit).skip(2).take(32).collect();
            return Ok(Some(Original { file, version, changed: None }));
        }
        let look = self.workshop.files().look(&file).await?;
        Ok(look.map(|Look { length, changed, .. }| {
            let nanoseconds = changed.timestamp_nanos_opt().unwrap_or_default();
            Original { file, version: format!("{length:x}-{nanoseconds:x}"), changed: Some(changed.into()) }
        }))
    }
}

impl Wanted {
    /// Reads a path below `/media`. `None`: it names nothing that could be there.
    fn parse(path: &str) -> Option<Self> {
        let mut segments = Vec::new();
        for segment in path.strip_prefix('/').unwrap_or(path).split('/') {
            let segment = percent_decode_str(segment).decode_utf8().ok()?;
            // A slash that was percent-encoded is part of a name, and no name has one.
            if segment.contains('/') {
                return None;
            }
            segments.push(segment);
        }
        let (width, name) = match segments.split_first()? {
            // No name begins with a number for a folder, so what does is a width, or nothing.
            (first, rest) if !rest.is_empty() && first.bytes().all(|byte| byte.is_ascii_digit()) => {
                (Some(WIDTHS.into_iter().find(|width| width.to_string() == **first)?), rest)
            }
            _ => (None, segments.as_slice()),
        };
        let name = name.join("/");
        let kind = PictureKind::of_name(&name)?;
        is_stored_name(&name).then(|| Self { file: UploadName::file_of(&name).into_owned(), kind, width })
    }
}

/// WebP for those who name it; who takes anything may mean an old browser, or a program that does not know it.
fn format(headers: &HeaderMap) -> Format {
    let named = choices(headers, header::ACCEPT)
        .any(|choice| choice.quality > 0 && choice.value.eq_ignore_ascii_case("image/webp"));
    if named { Format::WebP } else { Format::Plain }
}

/// Quoted; another one when the bytes are others. The same for all who ask, whether a size was made or not.
fn entity_tag(original: &Original, size: Option<(u32, Format)>) -> String {
    let version = &original.version;
    match size {
        None => format!("\"{version}\""),
        Some((width, Format::WebP)) => format!("\"{version}-{width}-w{EDITION}\""),
        Some((width, Format::Plain)) => format!("\"{version}-{width}-p{EDITION}\""),
    }
}

fn is_held(headers: &HeaderMap, tag: &str) -> bool {
    match (headers.typed_get::<IfNoneMatch>(), tag.parse::<ETag>()) {
        (Some(held), Ok(tag)) => !held.precondition_passes(&tag),
        _ => false,
    }
}

fn typed(response: ResponseBuilder, kind: PictureKind, length: u64) -> ResponseBuilder {
    response.content_type(kind.content_type()).header(header::CONTENT_LENGTH, length)
}

fn not_there() -> Response {
    error_response(StatusCode::NOT_FOUND, "NOT_FOUND", "There is no such picture.")
}

#[cfg(test)]
mod tests;
