//! The token of a comment form: signed, tells since when the form was open. Nothing is stored for it.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};

use crate::keyed_hash::{Purpose, is_keyed_hash, keyed_hash};

/// A form that was open for longer counts as one without a token: its page lay in a cache.
pub const LONGEST: TimeDelta = TimeDelta::hours(24);

const TIME: usize = 8;

/// A token for a form that is opened now: 54 characters that need no escaping in an address.
pub fn issue(secret: &[u8], now: DateTime<Utc>) -> String {
    let mut bytes = now.timestamp_micros().to_be_bytes().to_vec();
    let signature = keyed_hash(secret, Purpose::Form, &[&bytes]);
    bytes.extend(signature);
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// For how long the form was open. `None`: the token is none of ours, or too old to say anything.
pub fn open_for(secret: &[u8], token: &str, now: DateTime<Utc>) -> Option<TimeDelta> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(token.trim()).ok()?;
    let (time, signature) = bytes.split_at_checked(TIME)?;
    if !is_keyed_hash(signature, secret, Purpose::Form, &[time]) {
        return None;
    }
    let micros = i64::from_be_bytes(time.try_into().ok()?);
    let open = now - DateTime::from_timestamp_micros(micros)?;
    (open <= LONGEST).then_some(open)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_tells_how_long_the_form_was_open_and_cannot_be_made_up() {
        let opened = DateTime::from_timestamp(1_760_000_000, 0).expect("an instant");
        let token = issue(&[7; 32], opened);
        let after = |seconds| open_for(&[7; 32], &token, opened + TimeDelta::seconds(seconds));
        assert_eq!(after(5), Some(TimeDelta::seconds(5)));
        assert_eq!(after(25 * 3600), None);
        assert_eq!(open_for(&[8; 32], &token, opened), None);
        for made_up in ["", "AAAA", "مرحبا", &token[1..]] {
            assert_eq!(open_for(&[7; 32], made_up, opened), None, "{made_up}");
        }
    }
}
