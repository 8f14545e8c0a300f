//! Pictures as files: what comes in is checked and cleaned ([`clean`]), what goes out is made smaller ([`rendition`]).
//!
//! Bytes in, bytes out. It must not know of files, requests, or the library.

mod clean;
mod decode;
mod jpeg;
mod png;
mod profile;
mod rendition;
mod sniff;
mod webp;

pub use clean::{Cleaned, clean};
pub use rendition::{Format, Rendition, rendition};

/// Reads a file part by part. Everything answers `None` where the file ends too early.
#[derive(Clone, Copy)]
struct Parts<'a>(&'a [u8]);

impl<'a> Parts<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (part, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(part)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn byte(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }
}

#[cfg(test)]
#[path = "tests/mod.rs"]
mod tests;
