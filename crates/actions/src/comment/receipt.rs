//! Receipts: what lets the writer of a comment come back to it without an account.
//!
//! A receipt says which comment and until when, signed with the site's secret; nothing is stored for it. It is the
//! same however often it is issued for a comment, so a repeated request gets the one it may have lost. It must not
//! know what may be done with one.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use masthead_domain::comment::CommentId;
use thiserror::Error;

use crate::keyed_hash::{Purpose, is_keyed_hash, keyed_hash};

/// How long a receipt holds after its comment was left.
pub const LIFETIME: TimeDelta = TimeDelta::days(30);

/// The first byte of every receipt of this make.
const VERSION: u8 = 1;
/// Version, comment and expiry; the signature follows.
const CLAIM: usize = 1 + 8 + 8;

/// Why a text is no receipt to act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NoReceipt {
    /// We never issued it: malformed, changed, or of another site.
    #[error("this is not a receipt of this site")]
    NotOurs,
    /// We issued it, too long ago.
    #[error("this receipt has expired")]
    Expired,
}

/// The receipt for a comment: 66 characters that need no escaping in an address (base64url of RFC 4648, unpadded).
/// `secret` is the site's.
pub fn issue(secret: &[u8], comment: CommentId, created_at: DateTime<Utc>) -> String {
    let mut bytes = Vec::with_capacity(CLAIM + 32);
    bytes.push(VERSION);
    bytes.extend(comment.get().to_be_bytes());
    bytes.extend((created_at + LIFETIME).timestamp().to_be_bytes());
    let signature = keyed_hash(secret, Purpose::Receipt, &[&bytes]);
    bytes.extend(signature);
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// Which comment a receipt is for. Whether that comment is still there is for the caller to see.
pub fn open(secret: &[u8], receipt: &str, now: DateTime<Utc>) -> Result<CommentId, NoReceipt> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(receipt.trim()).map_err(|_| NoReceipt::NotOurs)?;
    let (claim, signature) = bytes.split_at_checked(CLAIM).ok_or(NoReceipt::NotOurs)?;
    if !is_keyed_hash(signature, secret, Purpose::Receipt, &[claim]) {
        return Err(NoReceipt::NotOurs);
    }
    let &[VERSION, c0, c1, c2, c3, c4, c5, c6, c7, e0, e1, e2, e3, e4, e5, e6, e7] = claim else {
        return Err(NoReceipt::NotOurs);
    };
    if i64::from_be_bytes([e0, e1, e2, e3, e4, e5, e6, e7]) <= now.timestamp() {
        return Err(NoReceipt::Expired);
    }
    Ok(CommentId::from_stored(i64::from_be_bytes([c0, c1, c2, c3, c4, c5, c6, c7])))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = &[7; 32];

    fn noon() -> DateTime<Utc> {
        DateTime::from_timestamp(1_760_000_000, 0).expect("an instant")
    }

    #[test]
    fn a_receipt_is_the_same_each_time_and_opens_to_its_comment() {
        let comment = CommentId::from_stored(42);
        let receipt = issue(SECRET, comment, noon());
        assert_eq!(receipt, issue(SECRET, comment, noon()));
        assert_eq!(receipt.len(), 66);
        assert!(receipt.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')), "{receipt}");
        assert_eq!(open(SECRET, &receipt, noon()), Ok(comment));
        assert_eq!(open(SECRET, &format!(" {receipt}\n"), noon() + TimeDelta::days(29)), Ok(comment));
        assert_eq!(open(SECRET, &receipt, noon() + LIFETIME), Err(NoReceipt::Expired));
    }

    #[test]
    fn nothing_else_opens() {
        let receipt = issue(SECRET, CommentId::from_stored(42), noon());
        assert_eq!(open(&[8; 32], &receipt, noon()), Err(NoReceipt::NotOurs), "another site's");
        for text in [
            "",
            "A",
            "receipt",
            &receipt[..65],
            &format!("{receipt}AA"),
            "\u{645}\u{631}\u{62d}\u{628}\u{627}",
        ] {
            assert_eq!(open(SECRET, text, noon()), Err(NoReceipt::NotOurs), "{text}");
        }
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(&receipt).expect("base64");
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            let changed = BASE64_URL_SAFE_NO_PAD.encode(changed);
            assert_eq!(open(SECRET, &changed, noon()), Err(NoReceipt::NotOurs), "byte {at}");
        }
    }

    #[test]
    fn a_receipt_of_a_later_make_is_not_guessed_at() {
        let mut claim = vec![VERSION + 1];
        claim.extend([0; 16]);
        let signature = keyed_hash(SECRET, Purpose::Receipt, &[&claim]);
        claim.extend(signature);
        assert_eq!(open(SECRET, &BASE64_URL_SAFE_NO_PAD.encode(claim), noon()), Err(NoReceipt::NotOurs));
    }
}
