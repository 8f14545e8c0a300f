//! Passwords: which are taken, and how they are stored.
//!
//! The rules are those of NIST SP 800-63B, section 3.1.1 (revision 4): length is what makes a password hard to guess,
//! so a passphrase of any script will do, and mixtures of character classes are not asked for, because people answer
//! such rules with predictable patterns. It must not know whose a password is, beyond the words it must not repeat.

use std::fmt;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

/// Fewest characters. 800-63B asks for 8 where there is a second factor and 15 where there is none; 12, with slow
/// hashing, is between the two, as OWASP ASVS 5.0 (6.2.1) allows.
pub const MIN_CHARACTERS: usize = 12;
/// Most characters: room for a passphrase, and a bound for the work of hashing. 800-63B asks for at least 64.
pub const MAX_CHARACTERS: usize = 256;
/// Fewest different characters: `aaaaaaaaaaaa` and `121212121212` are the first that are tried.
const MIN_DIFFERENT: usize = 5;

/// OWASP's parameters for Argon2id (Password Storage Cheat Sheet): 19 MiB of memory, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// A password that keeps the rules. Printed by nothing.
#[derive(Clone)]
pub struct Password(String);

/// Why a text is not taken as a password. Never repeats it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PasswordRefused {
    /// Too short.
    #[error(
        "a password has at least {MIN_CHARACTERS} characters, and this one {0}: several words in a row are easy to keep in mind"
    )]
    TooShort(usize),
    /// Too long.
    #[error("a password has at most {MAX_CHARACTERS} characters, and this one {0}")]
    TooLong(usize),
    /// It holds what cannot be typed into a form.
    #[error("a password stands on one line and holds no control characters")]
    ControlCharacter,
    /// Hardly any two of its characters differ.
    #[error("a password has at least {MIN_DIFFERENT} different characters, and this one {0}")]
    Repetitive(usize),
    /// It is what anybody would try first.
    #[error("a password is neither the name nor the address of its owner")]
    OwnName,
}

impl Password {
    /// Takes a text as it was typed, spaces included. Characters that look alike and are written differently on
    /// different machines become one (NFKC), so that a password can be typed on any.
    ///
    /// `own_words` are the owner's name and address, which it must not be, in whatever case.
    pub fn parse(text: &str, own_words: &[&str]) -> Result<Self, PasswordRefused> {
        if text.chars().any(char::is_control) {
            return Err(PasswordRefused::ControlCharacter);
        }
        let text: String = text.nfkc().collect();
        match text.chars().count() {
            length if length < MIN_CHARACTERS => return Err(PasswordRefused::TooShort(length)),
            length if length > MAX_CHARACTERS => return Err(PasswordRefused::TooLong(length)),
            _ => {}
        }
        let different = text.chars().collect::<std::collections::BTreeSet<_>>().len();
        if different < MIN_DIFFERENT {
            return Err(PasswordRefused::Repetitive(different));
        }
        let lower = text.trim().to_lowercase();
        if own_words.iter().any(|word| word.nfkc().collect::<String>().trim().to_lowercase() == lower) {
            return Err(PasswordRefused::OwnName);
        }
        Ok(Self(text))
    }

    /// The password as it is stored: Argon2id in PHC form, with the first 16 bytes of `entropy` for a salt. Takes some
    /// tens of milliseconds of a processor on a thread of its own.
    pub async fn hash(&self, entropy: [u8; 32]) -> Result<String, HashingFailed> {
        let Self(text) = self.clone();
        let hashing = tokio::task::spawn_blocking(move || {
            let (salt, _) = entropy.split_at(16);
            let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| HashingFailed)?;
            let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
            let hash: PasswordHash =
                argon2.hash_password_with_salt(text.as_bytes(), salt).map_err(|_| HashingFailed)?;
            Ok(hash.to_string())
        });
        hashing.await.map_err(|_| HashingFailed)?
    }
}

/// Whether `text`, as it was typed, is the password that was stored as `hash`. Takes as long as [`Password::hash`];
/// `false` also where the hash cannot be read. For a thread that may wait.
pub fn is_password(text: &str, hash: &str) -> bool {
    let text: String = text.nfkc().collect();
    PasswordHash::new(hash)
        .is_ok_and(|hash| Argon2::default().verify_password(text.as_bytes(), &hash).is_ok())
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password")
    }
}

/// The password could not be hashed: too little memory, or the program is ending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the password could not be hashed; is there enough memory?")]
pub struct HashingFailed;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_and_variety_are_asked_for_and_nothing_else() {
        let own = ["Nadia Mansour", "nadia.mansour@harbourvoice.example"];
        for good in [
            "correct horse battery",
            "سفينة تعود من بعيد",
            "un matin à Marsa Nour",
            "twelve chars",
            "0123456789ab",
            &format!("abcdef{}", "é".repeat(250)),
        ] {
            assert!(Password::parse(good, &own).is_ok(), "{good}");
        }
        for (bad, why) in [
            ("", PasswordRefused::TooShort(0)),
            ("eleven char", PasswordRefused::TooShort(11)),
            ("قصيرة جدًّا", PasswordRefused::TooShort(11)),
            (&"abcdef".repeat(43), PasswordRefused::TooLong(258)),
            ("aaaaaaaaaaaa", PasswordRefused::Repetitive(1)),
            ("121212121212", PasswordRefused::Repetitive(2)),
            ("two lines\nof text", PasswordRefused::ControlCharacter),
            ("a nul\0 within", PasswordRefused::ControlCharacter),
            ("NADIA MANSOUR", PasswordRefused::OwnName),
            ("nadia.mansour@harbourvoice.example", PasswordRefused::OwnName),
        ] {
            assert_eq!(Password::parse(bad, &own).err(), Some(why), "{bad}");
        }
    }

    #[test]
    fn it_is_not_printed() {
        let password = Password::parse("correct horse battery", &[]).expect("a password");
        assert_eq!(format!("{password:?}"), "Password");
        for refused in ["short", "aaaaaaaaaaaa"] {
            let told = Password::parse(refused, &[]).expect_err("refused").to_string();
            assert!(!told.contains(refused), "{told}");
        }
    }

    #[tokio::test]
    async fn what_is_stored_is_argon2id_with_owasps_parameters() {
        let password = Password::parse("كلمة سرّ طويلة 2026", &[]).expect("a password");
        let hash = password.hash([9; 32]).await.expect("hash");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_ne!(hash, password.hash([10; 32]).await.expect("hash"), "another salt");
        // The same words from a keyboard that composes its letters otherwise.
        assert!(is_password("كلمة سرّ طويلة ２０２６", &hash));
        assert!(!is_password("كلمة سر طويلة 2026", &hash));
        assert!(!is_password("كلمة سرّ طويلة 2026", "no hash"));
    }
}
