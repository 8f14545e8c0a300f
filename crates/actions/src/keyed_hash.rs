//! Hashes that only this site can make: HMAC-SHA256 (RFC 2104) under the secret in its database.
//!
//! What is stored this way cannot be tried out by someone who has a copy of the rows but not the secret, and a hash
//! made for one purpose is worth nothing for another. It must not know what the hashes are for.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// What a hash is for; goes into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Telling one guest from another.
    WriterKey,
    /// Telling one signed-in writer from another.
    WriterLogin,
    /// Knowing a network address again on the same day, under that day's secret.
    NetworkAddress,
    /// Signing when a form was opened.
    Form,
    /// Finding a repeated request.
    IdempotencyKey,
    /// Telling a repeated request from another one with the same key.
    Request,
    /// Telling this site's letters from another's.
    MessageId,
    /// Signing a receipt.
    Receipt,
    /// Signing a preview's link.
    Preview,
    /// Making several salts of one occasion's randomness, which then stands in the secret's place.
    Salt,
    /// Making a session's token of an occasion's randomness.
    SessionToken,
    /// Making a program's token of an occasion's randomness.
    ApiToken,
    /// Signing an invitation.
    Invitation,
    /// Making a token that sets a password of an occasion's randomness.
    ResetToken,
    /// Telling one address for which a new password is asked from another.
    ResetAccount,
    /// Confirming that letters about a thread are wanted.
    FollowConfirmation,
    /// Changing and ending letters about a thread.
    FollowKeeping,
    /// Telling one banned address from another.
    BannedAddress,
}

impl Purpose {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::WriterKey => b"writer key",
            Self::WriterLogin => b"writer login",
            Self::NetworkAddress => b"network address",
            Self::Form => b"comment form",
            Self::IdempotencyKey => b"idempotency key",
            Self::Request => b"request",
            Self::MessageId => b"message id",
            Self::Receipt => b"receipt",
            Self::Preview => b"preview",
            Self::Salt => b"salt",
            Self::SessionToken => b"session token",
            Self::ApiToken => b"api token",
            Self::Invitation => b"invitation",
            Self::ResetToken => b"reset token",
            Self::ResetAccount => b"reset account",
            Self::FollowConfirmation => b"follow confirmation",
            Self::FollowKeeping => b"follow keeping",
            Self::BannedAddress => b"banned address",
        }
    }
}

/// The hash of `parts`, 32 bytes. Two lists of parts have the same only if they are the same, part by part.
pub(crate) fn keyed_hash(secret: &[u8], purpose: Purpose, parts: &[&[u8]]) -> [u8; 32] {
    mac(secret, purpose, parts).finalize().into_bytes().into()
}

/// Whether `hash` is the hash of `parts`; takes as long for a wrong one as for a right one.
pub(crate) fn is_keyed_hash(hash: &[u8], secret: &[u8], purpose: Purpose, parts: &[&[u8]]) -> bool {
    mac(secret, purpose, parts).verify_slice(hash).is_ok()
}

#[expect(clippy::expect_used, reason = "HMAC is defined for keys of any length")]
fn mac(secret: &[u8], purpose: Purpose, parts: &[&[u8]]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("a key of any length");
    for part in std::iter::once(&purpose.label()).chain(parts) {
        // The length first: ("ab", "c") is not ("a", "bc").
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_every_border_and_the_purpose_count() {
        let hash = |purpose, parts: &[&[u8]]| keyed_hash(b"secret", purpose, parts);
        let base = hash(Purpose::Request, &[b"ab", b"c"]);
        assert_eq!(hash(Purpose::Request, &[b"ab", b"c"]), base);
        for (purpose, parts) in [
            (Purpose::Request, &[b"a".as_slice(), b"bc"][..]),
            (Purpose::Request, &[b"abc"]),
            (Purpose::Request, &[b"ab", b"c", b""]),
            (Purpose::IdempotencyKey, &[b"ab", b"c"]),
        ] {
            assert_ne!(hash(purpose, parts), base, "{purpose:?} {parts:?}");
        }
        assert_ne!(keyed_hash(b"another", Purpose::Request, &[b"ab", b"c"]), base);
        assert!(is_keyed_hash(&base, b"secret", Purpose::Request, &[b"ab", b"c"]));
        assert!(!is_keyed_hash(&base[..31], b"secret", Purpose::Request, &[b"ab", b"c"]));
    }
}
