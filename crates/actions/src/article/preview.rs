//! Previews: a signed link that shows one article's head, as it is when it is looked at, to a person without an account.
//!
//! The link says which article and until when; nothing is stored for it. It opens nothing else, and nothing once the
//! article is gone.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use masthead_domain::article::ArticleId;

use crate::keyed_hash::{Purpose, is_keyed_hash, keyed_hash};

/// How long a link holds, at least; it ends at the full day after.
pub const LIFETIME: TimeDelta = TimeDelta::days(7);

const VERSION: u8 = 1;
/// Version, article and expiry; the signature follows.
const CLAIM: usize = 1 + 8 + 8;
const DAY: i64 = 24 * 60 * 60;

/// The token of a preview: 66 characters that need no escaping in an address. The same for a whole day, so that what
/// asks for it again and again gets one link. `secret` is the site's.
pub fn issue(secret: &[u8], article: ArticleId, now: DateTime<Utc>) -> String {
    let expires = ((now + LIFETIME).timestamp() / DAY + 1) * DAY;
    let mut bytes = Vec::with_capacity(CLAIM + 32);
    bytes.push(VERSION);
    bytes.extend(article.get().to_be_bytes());
    bytes.extend(expires.to_be_bytes());
    let signature = keyed_hash(secret, Purpose::Preview, &[&bytes]);
    bytes.extend(signature);
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// Which article a token shows; `None`: it is none of ours, or has expired.
pub fn open(secret: &[u8], token: &str, now: DateTime<Utc>) -> Option<ArticleId> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(token.trim()).ok()?;
    let (claim, signature) = bytes.split_at_checked(CLAIM)?;
    if !is_keyed_hash(signature, secret, Purpose::Preview, &[claim]) {
        return None;
    }
    let (version, rest) = claim.split_first()?;
    let (article, expires) = rest.split_first_chunk::<8>()?;
    let expires = i64::from_be_bytes(expires.try_into().ok()?);
    (*version == VERSION && expires > now.timestamp())
        .then(|| ArticleId::from_stored(i64::from_be_bytes(*article)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = &[7; 32];

    #[test]
    fn a_token_shows_its_article_until_it_expires_and_no_other() {
        let now = DateTime::from_timestamp(1_760_000_000, 0).expect("an instant");
        let article = ArticleId::from_stored(42);
        let token = issue(SECRET, article, now);
        assert_eq!(token.len(), 66);
        assert_eq!(token, issue(SECRET, article, now + TimeDelta::minutes(5)));
        assert_eq!(open(SECRET, &token, now + LIFETIME), Some(article));
        assert_eq!(open(SECRET, &token, now + LIFETIME + TimeDelta::days(1)), None);
        assert_eq!(open(&[8; 32], &token, now), None);
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(&token).expect("base64");
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert_eq!(open(SECRET, &BASE64_URL_SAFE_NO_PAD.encode(changed), now), None, "byte {at}");
        }
        for text in ["", "A", &token[..65], "معاينة"] {
            assert_eq!(open(SECRET, text, now), None, "{text}");
        }
    }
}
