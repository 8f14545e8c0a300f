//! Tokens for programs: made in person, shown once, never stronger than their owner.

use chrono::TimeDelta;
use masthead_domain::user::Role;
use serde_json::{Value, json};

use crate::newsroom::now;
use crate::people::{People, after, on_each_database};

const CREATE: &str = "mutation CreateToken($name: String!, $role: Role!, $expiresAt: DateTime) { createApiToken(input: { name: $name, role: $role, expiresAt: $expiresAt }) { token apiToken { id name role lastUsedAt expiresAt } errors { code field message } } }";
const MINE: &str = "{ viewer { apiTokens { id name role createdAt lastUsedAt expiresAt } } }";
const ME: &str = "{ viewer { name role permissions } }";

async fn made(people: &People<'_>, owner: &str, role: &str) -> (String, String) {
    let data = people.ask(Some(owner), CREATE, json!({"name": "Feed robot", "role": role})).await;
    let made = &data["createApiToken"];
    assert_eq!(made["errors"], json!([]), "{made:#}");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    (text(&made["token"]), text(&made["apiToken"]["id"]))
}

#[tokio::test]
async fn a_token_acts_for_its_owner_with_the_lesser_role_and_says_when_it_was_used() {
    on_each_database(async |people: &People<'_>| {
        people.add("karim@news.example", "Karim", Role::Editor).await;
        people.add("admin@news.example", "Samira", Role::Admin).await;
        let owner = people.sign_in("karim@news.example").await;
        let (token, _) = made(people, &owner, "AUTHOR").await;
        assert!(token.starts_with("mh_"), "scanners of source code know it by that");
        let me = people.ask(Some(&token), ME, json!({})).await;
        assert_eq!((&me["viewer"]["name"], &me["viewer"]["role"]), (&json!("Karim"), &json!("AUTHOR")));
        assert_eq!(me["viewer"]["permissions"], json!(["WRITE_ARTICLES", "UPLOAD_IMAGES"]));
        let mine = people.ask(Some(&owner), MINE, json!({})).await;
        let listed = &mine["viewer"]["apiTokens"][0];
        assert_eq!((&listed["name"], &listed["role"]), (&json!("Feed robot"), &json!("AUTHOR")));
        assert!(listed["lastUsedAt"].is_string() && listed["expiresAt"].is_null(), "{listed:#}");
        assert!(!mine.to_string().contains(&token), "it is shown once");

        // The owner is a contributor from now on, and so is the token.
        let admin = people.sign_in("admin@news.example").await;
        people.change(&admin, "karim@news.example", json!({"role": "CONTRIBUTOR"})).await;
        assert_eq!(people.ask(Some(&token), ME, json!({})).await["viewer"]["role"], "CONTRIBUTOR");
    })
    .await;
}

#[tokio::test]
async fn a_token_ends_when_it_expires_and_when_it_is_revoked() {
    on_each_database(async |people: &People<'_>| {
        people.add("karim@news.example", "Karim", Role::Author).await;
        people.add("nadia@news.example", "Nadia", Role::Admin).await;
        let (owner, other) =
            (people.sign_in("karim@news.example").await, people.sign_in("nadia@news.example").await);
        let until = after(TimeDelta::days(30)).to_rfc3339();
        let data = people
            .ask(Some(&owner), CREATE, json!({"name": "A month", "role": "AUTHOR", "expiresAt": until}))
            .await;
        let month = data["createApiToken"]["token"].as_str().expect("a token").to_owned();
        assert!(people.known_by(&month, after(TimeDelta::days(30) - TimeDelta::seconds(1))).await.is_some());
        assert!(people.known_by(&month, after(TimeDelta::days(30))).await.is_none());

        let (token, id) = made(people, &owner, "AUTHOR").await;
        let revoke = "mutation($id: ID!) { revokeApiToken(id: $id) { apiToken { name } errors { code } } }";
        let code = |data: &Value| data["revokeApiToken"]["errors"][0]["code"].clone();
        for (who, id, expected) in [
            (None, id.as_str(), "UNAUTHENTICATED"),
            (None, "nonsense", "UNAUTHENTICATED"),
            (Some(&token), id.as_str(), "FORBIDDEN"),
            (Some(&other), id.as_str(), "NOT_FOUND"),
            (Some(&owner), "nonsense", "INVALID"),
        ] {
            let data = people.ask(who.map(String::as_str), revoke, json!({"id": id})).await;
            assert_eq!(code(&data), expected);
        }
        let data = people.ask(Some(&owner), revoke, json!({"id": id})).await;
        assert_eq!(data["revokeApiToken"], json!({"apiToken": {"name": "Feed robot"}, "errors": []}));
        assert!(people.known_by(&token, now()).await.is_none());
        assert_eq!(code(&people.ask(Some(&owner), revoke, json!({"id": id})).await), "NOT_FOUND");
    })
    .await;
}

#[tokio::test]
async fn what_a_token_may_not_be_is_refused_by_field() {
    on_each_database(async |people: &People<'_>| {
        people.add("karim@news.example", "Karim", Role::Author).await;
        people.add("rima@news.example", "Rima", Role::Contributor).await;
        let owner = people.sign_in("karim@news.example").await;
        let past = now().to_rfc3339();
        for (variables, field) in [
            (json!({"name": " ", "role": "AUTHOR"}), "input.name"),
            (json!({"name": "x".repeat(101), "role": "AUTHOR"}), "input.name"),
            (json!({"name": "x", "role": "EDITOR"}), "input.role"),
            (json!({"name": "x", "role": "AUTHOR", "expiresAt": past}), "input.expiresAt"),
        ] {
            let data = people.ask(Some(&owner), CREATE, variables).await;
            let refused = &data["createApiToken"];
            assert_eq!((&refused["token"], &refused["apiToken"]), (&Value::Null, &Value::Null));
            let error = &refused["errors"][0];
            assert_eq!((&error["code"], &error["field"]), (&json!("INVALID"), &json!(field)));
        }
        let contributor = people.sign_in("rima@news.example").await;
        for (who, code) in [(None, "UNAUTHENTICATED"), (Some(contributor.as_str()), "FORBIDDEN")] {
            let data = people.ask(who, CREATE, json!({"name": "x", "role": "READER"})).await;
            assert_eq!(data["createApiToken"]["errors"][0]["code"], code);
        }
    })
    .await;
}

#[tokio::test]
async fn what_concerns_logins_is_done_in_person() {
    on_each_database(async |people: &People<'_>| {
        people.add("nadia@news.example", "Nadia", Role::Admin).await;
        let owner = people.sign_in("nadia@news.example").await;
        let (token, _) = made(people, &owner, "ADMIN").await;
        for (document, name) in [
            ("mutation { createApiToken(input: {name: \"x\", role: READER}) { errors { code } } }", "createApiToken"),
            ("mutation { changePassword(input: {currentPassword: \"x\", newPassword: \"y\"}) { errors { code } } }", "changePassword"),
            ("mutation { revokeSessions { errors { code } } }", "revokeSessions"),
            ("mutation { signOut { errors { code } } }", "signOut"),
            ("mutation { inviteUser(input: {email: \"a@b.example\", name: \"A\", role: READER}) { errors { code } } }", "inviteUser"),
            ("mutation { updateUser(id: \"VXNlcjox\", input: {name: \"A\"}) { errors { code } } }", "updateUser"),
            ("mutation { disableUser(id: \"VXNlcjox\") { errors { code } } }", "disableUser"),
            ("mutation { enableUser(id: \"VXNlcjox\") { errors { code } } }", "enableUser"),
        ] {
            let data = people.ask(Some(&token), document, json!({})).await;
            assert_eq!(data[name]["errors"], json!([{"code": "FORBIDDEN"}]), "{name}");
        }
        let (answer, _) = people.send(Some(&token), "192.0.2.1", now(), "{ users { totalCount } }", json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN");
        assert!(people.known_by(&token, now()).await.is_some(), "signing out revokes no token");
    })
    .await;
}
