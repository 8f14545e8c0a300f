//! What stands in the links of letters about threads: one token confirms a follow, another changes or ends it.
//!
//! Each says which follow, signed with the site's secret for its one purpose; nothing is stored for it. The key of a follow
//! is never given out again, so that a token of one that has ended or was erased opens nothing. It must not know what is
//! done with one.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use masthead_domain::comment::following::FollowId;

use crate::keyed_hash::{Purpose, is_keyed_hash, keyed_hash};

/// The first byte of every token of this make.
const VERSION: u8 = 1;
/// How long what is signed is: version, follow and, of one that confirms, expiry.
const KEEPING: usize = 1 + 8;
const CONFIRMING: usize = KEEPING + 8;

/// The token that confirms a follow until a time: 66 characters that need no escaping in an address.
pub(crate) fn confirming(secret: &[u8], follow: FollowId, expires_at: DateTime<Utc>) -> String {
    let mut claim = claim(follow);
    claim.extend(expires_at.timestamp().to_be_bytes());
    signed(secret, Purpose::FollowConfirmation, claim)
}

/// The token that changes and ends a follow as long as it is there: 55 characters of the same kind.
pub(crate) fn keeping(secret: &[u8], follow: FollowId) -> String {
    signed(secret, Purpose::FollowKeeping, claim(follow))
}

/// Which follow a token confirms. `None`: it is none of this site, is for something else, or has expired.
pub(super) fn confirmed_by(secret: &[u8], token: &str, now: DateTime<Utc>) -> Option<FollowId> {
    let claim = opened(secret, Purpose::FollowConfirmation, token, CONFIRMING)?;
    let expires_at = claim.get(KEEPING..)?.try_into().ok().map(i64::from_be_bytes)?;
    (now.timestamp() < expires_at).then(|| follow(&claim)).flatten()
}

/// Which follow a token changes and ends. `None`: it is none of this site, or is for something else.
pub(super) fn kept_by(secret: &[u8], token: &str) -> Option<FollowId> {
    follow(&opened(secret, Purpose::FollowKeeping, token, KEEPING)?)
}

fn claim(follow: FollowId) -> Vec<u8> {
    let mut claim = Vec::with_capacity(CONFIRMING + 32);
    claim.push(VERSION);
    claim.extend(follow.get().to_be_bytes());
    claim
}

fn signed(secret: &[u8], purpose: Purpose, mut claim: Vec<u8>) -> String {
    let signature = keyed_hash(secret, purpose, &[&claim]);
    claim.extend(signature);
    BASE64_URL_SAFE_NO_PAD.encode(claim)
}

fn opened(secret: &[u8], purpose: Purpose, token: &str, length: usize) -> Option<Vec<u8>> {
    let mut claim = BASE64_URL_SAFE_NO_PAD.decode(token.trim()).ok()?;
    let signature = (claim.len() == length + 32).then(|| claim.split_off(length))?;
    is_keyed_hash(&signature, secret, purpose, &[&claim]).then_some(claim)
}

fn follow(claim: &[u8]) -> Option<FollowId> {
    let (version, rest) = claim.split_first()?;
    let key = rest.get(..8)?.try_into().ok().map(i64::from_be_bytes)?;
    (*version == VERSION).then(|| FollowId::from_stored(key))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    const SECRET: &[u8] = &[7; 32];

    fn noon() -> DateTime<Utc> {
        DateTime::from_timestamp(1_760_000_000, 0).expect("an instant")
    }

    #[test]
    fn each_token_is_for_its_follow_and_its_purpose() {
        let follow = FollowId::from_stored(42);
        let (confirms, keeps) = (confirming(SECRET, follow, noon()), keeping(SECRET, follow));
        assert_eq!((confirms.len(), keeps.len()), (66, 55));
        let before = noon() - TimeDelta::seconds(1);
        assert_eq!(confirmed_by(SECRET, &confirms, before), Some(follow));
        assert_eq!(confirmed_by(SECRET, &confirms, noon()), None, "expired");
        assert_eq!(kept_by(SECRET, &format!(" {keeps}\n")), Some(follow));
        assert_eq!(confirmed_by(SECRET, &keeps, before), None);
        assert_eq!(kept_by(SECRET, &confirms), None);
        assert_ne!(keeping(SECRET, FollowId::from_stored(43)), keeps);
    }

    #[test]
    fn nothing_else_opens() {
        let follow = FollowId::from_stored(42);
        let (confirms, keeps) = (confirming(SECRET, follow, noon()), keeping(SECRET, follow));
        let before = noon() - TimeDelta::seconds(1);
        assert_eq!(kept_by(&[8; 32], &keeps), None, "another site's");
        for text in ["", "A", "token", &keeps[..54], &format!("{keeps}AA"), "مرحبا"] {
            assert_eq!((kept_by(SECRET, text), confirmed_by(SECRET, text, before)), (None, None), "{text}");
        }
        for token in [&confirms, &keeps] {
            let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).expect("base64");
            for at in 0..bytes.len() {
                let mut changed = bytes.clone();
                changed[at] ^= 1;
                let changed = BASE64_URL_SAFE_NO_PAD.encode(changed);
                assert_eq!(kept_by(SECRET, &changed), None, "byte {at}");
                assert_eq!(confirmed_by(SECRET, &changed, before), None, "byte {at}");
            }
        }
    }
}
