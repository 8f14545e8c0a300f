//! Signing in and out, sessions and their ends, changing the password.

use chrono::TimeDelta;
use masthead_domain::user::Role;
use masthead_graphql::SessionChange;
use serde_json::{Value, json};

use crate::newsroom::now;
use crate::people::{PASSWORD, People, SIGN_IN, after, on_each_database, on_each_database_throttled};

const ME: &str = "{ viewer { name email role worksEverywhere sections { slug } sessions { current createdAt lastUsedAt expiresAt } } }";

#[tokio::test]
async fn a_person_signs_in_and_is_known_by_the_token_until_signing_out() {
    on_each_database(async |people: &People<'_>| {
        people.add("nadia@news.example", "Nadia Mansour", Role::Editor).await;
        assert_eq!(people.ask(None, ME, json!({})).await["viewer"], Value::Null);
        let credentials = json!({"email": "Nadia@NEWS.example", "password": PASSWORD});
        let (answer, change) = people.send(None, "192.0.2.1", now(), SIGN_IN, credentials).await;
        let signed_in = &answer["data"]["signIn"];
        let token = signed_in["token"].as_str().expect("a token").to_owned();
        assert_eq!(signed_in["errors"], json!([]));
        let viewer = &signed_in["viewer"];
        assert_eq!((&viewer["name"], &viewer["role"]), (&json!("Nadia Mansour"), &json!("EDITOR")));
        assert_eq!(viewer["email"], "nadia@news.example");
        assert_eq!(viewer["author"]["slug"], "nadia-mansour");
        let permissions = viewer["permissions"].as_array().expect("a list");
        assert!(
            permissions.contains(&json!("PUBLISH_ARTICLES")) && !permissions.contains(&json!("MANAGE_USERS"))
        );
        let Some(SessionChange::Begun { token: told, expires_at }) = change else {
            panic!("the server is told")
        };
        assert_eq!((told, expires_at), (token.clone(), after(TimeDelta::days(90))));

        let me = people.ask(Some(&token), ME, json!({})).await;
        assert_eq!((&me["viewer"]["worksEverywhere"], &me["viewer"]["sections"]), (&json!(true), &json!([])));
        assert_eq!(me["viewer"]["sessions"].as_array().map(Vec::len), Some(1));
        assert_eq!(me["viewer"]["sessions"][0]["current"], true);

        let out = "mutation { signOut { ok errors { code } } }";
        let (answer, change) = people.send(Some(&token), "192.0.2.1", now(), out, json!({})).await;
        assert_eq!(answer["data"]["signOut"], json!({"ok": true, "errors": []}));
        assert!(matches!(change, Some(SessionChange::Ended)));
        assert_eq!(people.known_by(&token, now()).await, None);
        assert_eq!(
            people.ask(None, out, json!({})).await["signOut"]["ok"],
            true,
            "a guest is signed out already"
        );
    })
    .await;
}

#[tokio::test]
async fn a_wrong_password_an_unknown_address_and_a_closed_login_answer_alike() {
    on_each_database(async |people: &People<'_>| {
        people.add("nadia@news.example", "Nadia Mansour", Role::Editor).await;
        let attempt = async |email: &str, password: &str| {
            people.ask(None, SIGN_IN, json!({"email": email, "password": password})).await
        };
        let wrong = attempt("nadia@news.example", "correct horse batterie").await;
        assert_eq!(wrong["signIn"]["token"], Value::Null);
        assert_eq!(wrong["signIn"]["errors"][0]["code"], "INVALID_CREDENTIALS");
        assert_eq!(wrong, attempt("nobody@news.example", PASSWORD).await);
        assert_eq!(wrong, attempt("nadia@news.example", "").await);
        assert_eq!(wrong, attempt("nadia@news.example", &"x".repeat(50_000)).await);
        let malformed = attempt("nadia", PASSWORD).await;
        assert_eq!(malformed["signIn"]["errors"][0]["code"], "INVALID");
    })
    .await;
}

#[tokio::test]
async fn a_session_ends_when_it_is_not_used_and_when_it_is_old() {
    on_each_database(async |people: &People<'_>| {
        people.add("nadia@news.example", "Nadia Mansour", Role::Editor).await;
        let token = people.sign_in("nadia@news.example").await;
        let idle = people.sign_in("nadia@news.example").await;
        assert!(people.known_by(&idle, after(TimeDelta::days(14) - TimeDelta::seconds(1))).await.is_some());
        // That use was noted, so that the fortnight begins anew.
        assert!(people.known_by(&idle, after(TimeDelta::days(27))).await.is_some());
        assert!(people.known_by(&idle, after(TimeDelta::days(41))).await.is_none());
        for day in (13..90).step_by(13) {
            assert!(people.known_by(&token, after(TimeDelta::days(day))).await.is_some(), "day {day}");
        }
        assert!(people.known_by(&token, after(TimeDelta::days(90))).await.is_none());
        for text in ["", "x", "mh_", &token[1..], &token.to_uppercase()] {
            assert!(people.known_by(text, now()).await.is_none(), "{text}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_last_use_is_noted_once_a_minute() {
    on_each_database(async |people: &People<'_>| {
        people.add("nadia@news.example", "Nadia Mansour", Role::Editor).await;
        let token = people.sign_in("nadia@news.example").await;
        let last_used = async || {
            let me = people.ask(Some(&token), "{ viewer { sessions { lastUsedAt } } }", json!({})).await;
            me["viewer"]["sessions"][0]["lastUsedAt"].as_str().expect("a time").to_owned()
        };
        let before = last_used().await;
        people.known_by(&token, after(TimeDelta::seconds(59))).await.expect("holds");
        assert_eq!(last_used().await, before);
        people.known_by(&token, after(TimeDelta::seconds(60))).await.expect("holds");
        assert_ne!(last_used().await, before);
    })
    .await;
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions_and_keeps_this_one() {
    on_each_database(async |people: &People<'_>| {
        people.add("nadia@news.example", "Nadia Mansour", Role::Editor).await;
        people.add("karim@news.example", "Karim", Role::Author).await;
        let (here, there) = (people.sign_in("nadia@news.example").await, people.sign_in("nadia@news.example").await);
        let other = people.sign_in("karim@news.example").await;
        let change = "mutation($input: ChangePasswordInput!) { changePassword(input: $input) { viewer { name } errors { code field message retryAfter } } }";
        let to = |current: &str, new: &str| json!({"input": {"currentPassword": current, "newPassword": new}});
        let guest = people.ask(None, change, to(PASSWORD, "a longer passphrase")).await;
        assert_eq!(guest["changePassword"]["errors"][0]["code"], "UNAUTHENTICATED");
        let wrong = people.ask(Some(&here), change, to("not the password", "a longer passphrase")).await;
        assert_eq!(wrong["changePassword"]["errors"][0]["code"], "INVALID_CREDENTIALS");
        for refused in ["short", "nadia@news.example", PASSWORD] {
            let answer = people.ask(Some(&here), change, to(PASSWORD, refused)).await;
            let error = &answer["changePassword"]["errors"][0];
            assert_eq!((&error["code"], &error["field"]), (&json!("INVALID"), &json!("input.newPassword")), "{refused}");
        }
        assert!(people.known_by(&there, now()).await.is_some(), "nothing has changed yet");
        let changed = people.ask(Some(&here), change, to(PASSWORD, "a longer passphrase")).await;
        assert_eq!(changed["changePassword"], json!({"viewer": {"name": "Nadia Mansour"}, "errors": []}));
        assert!(people.known_by(&here, now()).await.is_some());
        assert!(people.known_by(&there, now()).await.is_none());
        assert!(people.known_by(&other, now()).await.is_some(), "another's session");
        let old = people.ask(None, SIGN_IN, json!({"email": "nadia@news.example", "password": PASSWORD})).await;
        assert_eq!(old["signIn"]["errors"][0]["code"], "INVALID_CREDENTIALS");
        let new = people.ask(None, SIGN_IN, json!({"email": "nadia@news.example", "password": "a longer passphrase"})).await;
        assert_eq!(new["signIn"]["errors"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn sessions_are_revoked_elsewhere_or_everywhere() {
    on_each_database(async |people: &People<'_>| {
        people.add("nadia@news.example", "Nadia Mansour", Role::Editor).await;
        let (here, there) = (people.sign_in("nadia@news.example").await, people.sign_in("nadia@news.example").await);
        let revoke = "mutation($all: Boolean!) { revokeSessions(includeCurrent: $all) { revoked viewer { sessions { current } } errors { code } } }";
        let guest = people.ask(None, revoke, json!({"all": true})).await;
        assert_eq!(guest["revokeSessions"]["errors"][0]["code"], "UNAUTHENTICATED");
        let revoked = people.ask(Some(&here), revoke, json!({"all": false})).await;
        assert_eq!(revoked["revokeSessions"], json!({"revoked": 1, "viewer": {"sessions": [{"current": true}]}, "errors": []}));
        assert!(people.known_by(&there, now()).await.is_none());
        let (answer, change) = people.send(Some(&here), "192.0.2.1", now(), revoke, json!({"all": true})).await;
        assert_eq!(answer["data"]["revokeSessions"], json!({"revoked": 1, "viewer": null, "errors": []}));
        assert!(matches!(change, Some(SessionChange::Ended)));
        assert!(people.known_by(&here, now()).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn attempts_are_throttled_alike_for_logins_that_are_there_and_that_are_not() {
    on_each_database_throttled(async |people: &People<'_>| {
        people.add("nadia@news.example", "Nadia Mansour", Role::Editor).await;
        let attempt = async |email: &str, password: &str, from: &str, at| {
            let (answer, _) =
                people.send(None, from, at, SIGN_IN, json!({"email": email, "password": password})).await;
            answer["data"]["signIn"].clone()
        };
        let mut answers = Vec::new();
        for (email, from) in [("nadia@news.example", "192.0.2.1"), ("nobody@news.example", "192.0.2.2")] {
            let mut of_one = Vec::new();
            for _ in 0..9 {
                of_one.push(attempt(email, "not the password", from, now()).await);
            }
            assert_eq!(of_one[7]["errors"][0]["code"], "INVALID_CREDENTIALS");
            assert_eq!(of_one[8]["errors"][0]["code"], "TOO_FAST");
            assert_eq!(of_one[8]["errors"][0]["retryAfter"], 30);
            answers.push(of_one);
        }
        assert_eq!(answers[0], answers[1]);
        let right = attempt("NADIA@news.example", PASSWORD, "192.0.2.1", now()).await;
        assert_eq!(right["errors"][0]["code"], "TOO_FAST", "the right one is not looked at either");
        let elsewhere = attempt("nadia@news.example", PASSWORD, "198.51.100.1", now()).await;
        assert_eq!(elsewhere["errors"], json!([]), "a stranger locks nobody out");
        let later = attempt("nadia@news.example", PASSWORD, "192.0.2.1", after(TimeDelta::seconds(30))).await;
        assert_eq!(later["errors"], json!([]));
    })
    .await;
}
