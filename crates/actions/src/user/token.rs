//! Tokens: 256 random bits that stand for a person. Whoever has one is the person, so it is given out once, and only its
//! SHA-256 is kept: of random bits that cannot be guessed a plain hash gives nothing away.
//!
//! A session's token is 43 characters of base64url (RFC 4648, unpadded); a program's has [`API_PREFIX`] before them, by
//! which scanners of source code find one that was left there. A letter's, by which a password is set, is as a session's;
//! each kind is looked for among its own. It must not know what a token allows.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use masthead_persistence::user::TokenHash;
use sha2::{Digest, Sha256};

use crate::keyed_hash::{Purpose, keyed_hash};

/// What every program's token begins with.
pub(super) const API_PREFIX: &str = "mh_";
/// Characters of 32 bytes in base64url.
const LENGTH: usize = 43;

/// A token that was just made: shown to its owner, and kept nowhere.
pub(super) struct NewToken {
    pub(super) text: String,
    pub(super) hash: TokenHash,
}

impl NewToken {
    /// A session's token of 32 random bytes, which may serve for other secrets too.
    pub(super) fn of_session(entropy: &[u8; 32]) -> Self {
        Self::of(BASE64_URL_SAFE_NO_PAD.encode(keyed_hash(entropy, Purpose::SessionToken, &[])))
    }

    /// A program's token of 32 random bytes, which may serve for other secrets too.
    pub(super) fn of_program(entropy: &[u8; 32]) -> Self {
        let bits = BASE64_URL_SAFE_NO_PAD.encode(keyed_hash(entropy, Purpose::ApiToken, &[]));
        Self::of(format!("{API_PREFIX}{bits}"))
    }

    /// A token that sets a password, of 32 random bytes, which may serve for other secrets too.
    pub(super) fn of_reset(entropy: &[u8; 32]) -> Self {
        Self::of(BASE64_URL_SAFE_NO_PAD.encode(keyed_hash(entropy, Purpose::ResetToken, &[])))
    }

    fn of(text: String) -> Self {
        Self { hash: Sha256::digest(text.as_bytes()).into(), text }
    }
}

/// What a text could be the token of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presented {
    /// A session.
    Session(TokenHash),
    /// A program.
    Program(TokenHash),
}

impl Presented {
    /// `None`: we never give out such a text.
    pub(super) fn read(text: &str) -> Option<Self> {
        let hash = || Sha256::digest(text.as_bytes()).into();
        match text.strip_prefix(API_PREFIX) {
            Some(bits) if is_of_bits(bits) => Some(Self::Program(hash())),
            // A session's token may begin like that by chance.
            _ if is_of_bits(text) => Some(Self::Session(hash())),
            _ => None,
        }
    }
}

/// The hash of what could be a token that sets a password. `None`: we never give out such a text.
pub(super) fn reset_token(text: &str) -> Option<TokenHash> {
    let text = text.trim();
    is_of_bits(text).then(|| Sha256::digest(text.as_bytes()).into())
}

fn is_of_bits(text: &str) -> bool {
    text.len() == LENGTH && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_as_what_it_was_made_as_and_nothing_else_is_one() {
        let (session, program) = (NewToken::of_session(&[7; 32]), NewToken::of_program(&[7; 32]));
        assert_eq!(session.text.len(), 43);
        assert_eq!(program.text.len(), 46);
        assert!(!program.text.contains(&session.text), "one occasion's secrets tell nothing of each other");
        assert_eq!(Presented::read(&session.text), Some(Presented::Session(session.hash)));
        assert_eq!(Presented::read(&program.text), Some(Presented::Program(program.hash)));
        let by_chance = format!("mh_{}", "a".repeat(40));
        assert!(matches!(Presented::read(&by_chance), Some(Presented::Session(_))));
        for text in [
            "",
            "mh_",
            &session.text[1..],
            &format!("{}=", session.text),
            "مرحبا",
            &"é".repeat(43),
            &" ".repeat(43),
        ] {
            assert_eq!(Presented::read(text), None, "{text}");
        }
    }
}
