//! A WordPress export (WXR 1.0, 1.1, 1.2) as a stream of typed entries.
//! It must not know what Masthead makes of them: no slug is decoded, no HTML is cleaned, nothing is looked up.
//!
//! Real exports are often no legal XML, so the file is not given to a parser of XML as a whole. It is cut at the
//! entries (`item`, `wp:author` …), with an eye on CDATA, and each is read by itself: a broken one cannot hurt
//! its neighbours, and every trouble has its line. Memory is bounded by the largest entry, and time is linear.

mod build;
mod build_post;
mod comment;
mod entry;
mod leaf;
mod moment;
mod names;
mod outer;
mod post;
mod post_reading;
mod problem;
mod source;
mod tags;
#[cfg(test)]
mod tests;
mod text;
mod walk;
mod window;

use std::io::{self, BufRead};

pub use comment::{Approval, Comment, CommentKind};
pub use entry::{Author, Category, Channel, Entry, Polylang, Tag, Term};
pub use post::{ItemTerm, Post, PostKind, PostStatus};
pub use post_reading::{AttachmentMetadata, CoAuthor, InstantSource, SearchTexts};
pub use problem::{Ending, Problem, ProblemKind};
pub(crate) use text::resolve_references;

use outer::{Outer, Step};
use source::{Opening, Source};
use window::Window;

/// How much is kept in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The largest entry that is read, in bytes of UTF-8. A larger one is skipped and told. 64 MiB by default.
    pub entry_bytes: usize,
    /// How much is fetched at a time, in bytes. 256 KiB by default.
    pub read_ahead: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { entry_bytes: 64 * 1024 * 1024, read_ahead: 256 * 1024 }
    }
}

/// Reads an export. An iterator over its entries, in the file's order: problems of an entry come right before it,
/// [`Entry::Channel`] before any other entry, [`Entry::End`] last. An `Err` is the source's own and ends it.
pub struct Reader<R> {
    source: Source<R>,
    limits: Limits,
    outer: Outer,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Unopened,
    Reading,
    Over,
}

impl<R: BufRead> Reader<R> {
    /// A reader with the default limits.
    pub fn new(input: R) -> Self {
        Self::with_limits(input, Limits::default())
    }

    /// A reader with limits of one's own.
    pub fn with_limits(input: R, limits: Limits) -> Self {
        let source = Source::new(input, limits.read_ahead);
        Self { source, limits, outer: Outer::default(), state: State::Unopened }
    }

    /// The line that has been read up to, for showing progress.
    pub fn line(&self) -> u64 {
        self.outer.line()
    }

    fn open(&mut self) -> io::Result<()> {
        self.state = State::Reading;
        match self.source.open()? {
            Opening::Readable(remark) => {
                if let Some(remark) = remark {
                    self.outer.tell_encoding(remark);
                }
            }
            Opening::Refused(reason) => {
                self.outer.refuse(reason);
                self.state = State::Over;
            }
        }
        Ok(())
    }

    fn advance(&mut self) -> io::Result<()> {
        match self.outer.step(self.source.window(), false) {
            Step::Advance(length) => self.source.consume(length),
            Step::More if self.source.grow(self.limits.entry_bytes)? => {}
            Step::More => {
                // The limit is reached: what is here must do.
                let window = Window { last: true, ..self.source.window() };
                match self.outer.step(window, true) {
                    Step::Advance(length) => self.source.consume(length),
                    Step::More | Step::End => self.state = State::Over,
                }
            }
            Step::End => self.state = State::Over,
        }
        Ok(())
    }
}

impl<R: BufRead> Iterator for Reader<R> {
    type Item = io::Result<Entry>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(entry) = self.outer.pop() {
                return Some(Ok(entry));
            }
            let went = match self.state {
                State::Unopened => self.open(),
                State::Reading => self.advance(),
                State::Over => return None,
            };
            if let Err(error) = went {
                self.state = State::Over;
                return Some(Err(error));
            }
        }
    }
}

impl<R: BufRead> std::iter::FusedIterator for Reader<R> {}
