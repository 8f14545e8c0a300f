//! Pictures at `/media/NAME` and, smaller, at `/media/WIDTH/NAME`.
//!
//! Only names that the library gives out, only the widths that it offers, only below the media folder: everything else
//! is not there. It must not know articles, or who may see one: whoever has a picture's address may see the picture.

mod resize;
mod sizes;

use std::fs::Metadata;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use masthead_domain::media::{WIDTHS, is_stored_name};
use percent_encoding::percent_decode_str;
use poem::web::headers::{ETag, HeaderMapExt, IfNoneMatch};
use poem::{Body, Endpoint, Request, Response, Result};
use tokio::fs::File;

use self::resize::Ending;
use self::sizes::Sizes;
use super::error_body::error_response;

/// Where pictures lie in the data directory, by their names.
pub const FOLDER: &str = "media";
/// Where smaller sizes of them are kept, by width and name. May be emptied at any time.
const SIZES_FOLDER: &str = "media-cache";

/// A name is given to one picture and never again, so what was fetched once stays right.
const CACHE_CONTROL: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// Serves the pictures in a data directory; to be nested at `/media`. Answers GET and HEAD, 405 otherwise.
pub fn media(data: &Path) -> impl Endpoint<Output = Response> + use<> {
    Media { originals: data.join(FOLDER), sizes: Sizes::new(data.join(SIZES_FOLDER)) }
}

struct Media {
    originals: PathBuf,
    sizes: Sizes,
}

/// What an address asks for.
#[derive(Debug, PartialEq, Eq)]
struct Wanted {
    /// A name as the library gives it out.
    name: String,
    /// What its ending says that it is.
    ending: Ending,
    /// One of the widths on offer; `None`: the original.
    width: Option<u32>,
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
        match Wanted::parse(request.uri().path()) {
            Some(wanted) => self.answer(&wanted, request.headers()).await,
            None => Ok(not_there()),
        }
    }
}

impl Media {
    async fn answer(&self, wanted: &Wanted, headers: &HeaderMap) -> Result<Response> {
        let path = self.originals.join(&wanted.name);
        let original = match tokio::fs::metadata(&path).await {
            Ok(metadata) if metadata.is_file() => metadata,
            Ok(_) => return Ok(not_there()),
            Err(error) => {
                if error.kind() != ErrorKind::NotFound {
                    tracing::warn!(%error, name = wanted.name, "a picture cannot be looked at");
                }
                return Ok(not_there());
            }
        };
        let tag = entity_tag(&original, wanted.width);
        let unchanged = match (headers.typed_get::<IfNoneMatch>(), tag.parse::<ETag>()) {
            (Some(held), Ok(tag)) => !held.precondition_passes(&tag),
            _ => false,
        };
        let response =
            Response::builder().header(header::ETAG, tag).header(header::CACHE_CONTROL, CACHE_CONTROL);
        if unchanged {
            return Ok(response.status(StatusCode::NOT_MODIFIED).finish());
        }
        let file = match wanted.width {
            Some(width) => self.sizes.open(wanted, width, &path, &original).await,
            None => File::open(&path).await,
        };
        let file = file.map_err(poem::error::InternalServerError)?;
        let length = file.metadata().await.map_err(poem::error::InternalServerError)?.len();
        Ok(response
            .content_type(wanted.ending.content_type())
            .header(header::CONTENT_LENGTH, length)
            .body(Body::from_async_read(file)))
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
        let ending = Ending::of(&name)?;
        is_stored_name(&name).then_some(Self { name, ending, width })
    }
}

/// Quoted; another one when the original is another file. The same for all who ask, whether a size was made or not.
fn entity_tag(original: &Metadata, width: Option<u32>) -> String {
    let modified = original.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    let modified = modified.map_or(0, |since| since.as_nanos());
    format!("\"{:x}-{modified:x}-{}\"", original.len(), width.unwrap_or(0))
}

fn not_there() -> Response {
    error_response(StatusCode::NOT_FOUND, "NOT_FOUND", "There is no such picture.")
}

#[cfg(test)]
mod tests;
