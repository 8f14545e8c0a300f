//! Asking for a new password through the API: what strangers are told, and how often they may ask.

use chrono::TimeDelta;
use masthead_domain::user::Role;
use serde_json::{Value, json};

use crate::newsroom::now;
use crate::people::{PASSWORD, People, SIGN_IN, after, on_each_database, on_each_database_throttled};

const ASK: &str = "mutation($email: EmailAddress!) { requestPasswordReset(input: { email: $email }) { ok errors { code field message retryAfter } } }";
const RESET: &str = "mutation($input: ResetPasswordInput!) { resetPassword(input: $input) { ok errors { code field message retryAfter } } }";

#[tokio::test]
async fn known_and_unknown_addresses_are_answered_alike_and_leave_alike_rows() {
    on_each_database(async |people: &People<'_>| {
        people.add("nadia@news.example", "Nadia", Role::Editor).await;
        for email in ["nadia@news.example", "NADIA@news.example", "nobody@news.example"] {
            let answer = people.ask(None, ASK, json!({"email": email})).await;
            assert_eq!(answer["requestPasswordReset"], json!({"ok": true, "errors": []}), "{email}");
        }
        let asked = "SELECT COUNT(*) FROM events WHERE kind = 'PASSWORD_RESET_REQUESTED'";
        assert_eq!(people.store.number(asked).await, 2);
        let no_address = people.ask(None, ASK, json!({"email": "nadia"})).await;
        let errors = &no_address["requestPasswordReset"]["errors"];
        assert_eq!((&errors[0]["code"], &errors[0]["field"]), (&json!("INVALID"), &json!("input.email")));

        for token in ["", "nonsense", &"A".repeat(43)] {
            let input = json!({"input": {"token": token, "password": "another long passphrase"}});
            let answer = people.ask(None, RESET, input).await;
            let payload = &answer["resetPassword"];
            assert_eq!((&payload["ok"], &payload["errors"][0]["code"]), (&json!(false), &json!("NOT_FOUND")));
        }
        let signed_in =
            people.ask(None, SIGN_IN, json!({"email": "nadia@news.example", "password": PASSWORD})).await;
        assert_eq!(signed_in["signIn"]["errors"], json!([]), "asking alone changes nothing");
    })
    .await;
}

#[tokio::test]
async fn who_asks_too_often_waits_whoever_has_the_address_and_signing_in_is_not_slowed() {
    on_each_database_throttled(async |people: &People<'_>| {
        people.add("nadia@news.example", "Nadia", Role::Editor).await;
        let mut told: Vec<Value> = Vec::new();
        for (email, from) in [("nadia@news.example", "192.0.2.1"), ("nobody@news.example", "192.0.2.2")] {
            for n in 0..9 {
                let (answer, _) = people.send(None, from, now(), ASK, json!({"email": email})).await;
                let payload = &answer["data"]["requestPasswordReset"];
                assert_eq!(payload["ok"], n < 8, "{email} {n}: {payload}");
                if n == 8 {
                    told.push(payload.clone());
                }
            }
        }
        assert_eq!(told[0], told[1]);
        assert_eq!(
            (&told[0]["errors"][0]["code"], &told[0]["errors"][0]["retryAfter"]),
            (&json!("TOO_FAST"), &json!(30))
        );
        let credentials = json!({"email": "nadia@news.example", "password": PASSWORD});
        let (answer, _) =
            people.send(None, "192.0.2.1", after(TimeDelta::seconds(1)), SIGN_IN, credentials).await;
        assert_eq!(answer["data"]["signIn"]["errors"], json!([]));
    })
    .await;
}
