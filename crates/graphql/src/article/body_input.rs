//! A text as editors hand it in: Markdown, HTML or blocks. Whichever it is, it comes out as the same blocks.
//!
//! What may stand in a text is the domain's to say; here it gets its names for clients, and faults get their paths.

mod blocks;
#[cfg(test)]
mod tests;

use async_graphql::{ID, OneofObject};
use masthead_actions::refused::Fault;
use masthead_domain::article::Body;
use masthead_domain::article::body::{Loss, MAX_WRITTEN};

use self::blocks::{BlockInput, Reader};
use crate::id::GlobalId;

/// The text of an article, in one of three ways, each at most 1 MiB. All three come out as the same blocks. Scripts,
/// styles, forms and addresses that run are left out; what no block expresses is kept as sanitised HTML.
///
/// A picture of the library is shown by its id in place of an address, `![](SW1hZ2U6MTI)`: its address and size come from
/// the library, and where nothing is said, its description and who made it.
#[derive(OneofObject)]
pub(crate) enum BodyInput {
    /// CommonMark with tables, footnotes, `~~struck out~~` text, bare addresses and ticked lists; raw HTML in it is read
    /// as `html` is.
    ///
    /// Lists may be numbered `١.` or `١)`, up to ٩٩ also `١-` and `١،`. A picture with a title,
    /// `![description](address "caption")`, is a figure. A quote's last line names who is quoted where it begins with a
    /// dash. A film's or post's address alone in a paragraph is an embed. Headings of level 1 become level 2.
    Markdown(String),
    /// HTML, trusted no more than a stranger's. Text outside of any element becomes paragraphs; `h1` becomes level 2;
    /// frames and players become embeds.
    Html(String),
    /// Blocks in their order, at most 2,000: a client that reads blocks can hand them back. Links lead from one to the
    /// other.
    Blocks(Vec<BlockInput>),
}

/// A text that was taken.
#[derive(Debug)]
pub(crate) struct WrittenBody {
    /// Pictures named by id have their key and nothing else of the library's.
    pub(crate) body: Body,
    /// What could not be kept: sentences for the person, in English. Empty where all was.
    pub(crate) warnings: Vec<String>,
}

impl BodyInput {
    /// The text, or what is wrong with it. `field` is the path of this input; `origin` is what the site's own addresses
    /// begin with, so that our pictures are told from those of other sites.
    ///
    /// Read beside the threads that answer: a text of the greatest length may keep a processor busy for long enough that
    /// others would notice. A panic there is one of the caller.
    pub(crate) async fn read(self, field: &str, origin: &str) -> Result<WrittenBody, Vec<Fault>> {
        let (field, origin) = (field.to_owned(), origin.to_owned());
        let reading = tokio::task::spawn_blocking(move || self.read_here(&field, &origin));
        match reading.await {
            Ok(read) => read,
            Err(failed) => match failed.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                // The program is stopping, and nobody waits for the answer any more.
                Err(_) => std::future::pending().await,
            },
        }
    }

    fn read_here(self, field: &str, origin: &str) -> Result<WrittenBody, Vec<Fault>> {
        let (mut body, losses) = match self {
            Self::Markdown(text) => Body::from_markdown(fitting(&format!("{field}.markdown"), &text)?),
            Self::Html(text) => Body::from_html(fitting(&format!("{field}.html"), &text)?),
            Self::Blocks(blocks) => Reader::new(format!("{field}.blocks")).read(blocks)?,
        };
        body.strip_origin(origin);
        body.for_each_image(&mut |image| {
            if let Some(GlobalId::Image(id)) = GlobalId::decode(&ID::from(&image.src)) {
                image.id = Some(id);
            }
        });
        Ok(WrittenBody { body, warnings: losses.iter().map(Loss::sentence).collect() })
    }
}

fn fitting<'t>(field: &str, text: &'t str) -> Result<&'t str, Vec<Fault>> {
    if text.len() <= MAX_WRITTEN {
        return Ok(text);
    }
    let message = format!("The text has at most {MAX_WRITTEN} bytes, and this one {}.", text.len());
    Err(vec![Fault::new(field.to_owned(), message)])
}
