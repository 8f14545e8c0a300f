//! Invitations, and what administrators change of people.

use chrono::TimeDelta;
use masthead_actions::user::invite::{invitation_link, invite_first_admin};
use masthead_domain::user::{InvitationId, Role};
use masthead_domain::viewer::{Scope, Viewer};
use serde_json::{Value, json};

use crate::newsroom::now;
use crate::people::{PASSWORD, People, SIGN_IN, after, on_each_database};

const INVITE: &str = "mutation($input: InviteUserInput!) { inviteUser(input: $input) { invitation { id email name role sections { slug } expiresAt } errors { code field message } } }";
const ACCEPT: &str = "mutation($input: AcceptInvitationInput!) { acceptInvitation(input: $input) { token viewer { name email role author { slug } worksEverywhere sections { slug } } errors { code field message } } }";
const OPENED: &str = "query($token: String!) { invitation(token: $token) { email name role } }";

/// The token of the letter that was not sent.
async fn token_of(people: &People<'_>, key: i64) -> String {
    let tx = people.store.begin().await.expect("begins");
    let secret = tx.site_secret().await.expect("a secret");
    let invitation = tx.invitation(InvitationId::from_stored(key)).await.expect("reads").expect("is kept");
    assert!(invitation.letter().is_some());
    let link = invitation_link(&secret, invitation.id, invitation.expires_at, "https://news.example/");
    link.strip_prefix("https://news.example/invitation/").expect("beneath the public address").to_owned()
}

fn accepting(token: &str) -> Value {
    json!({"input": {"token": token, "password": "a passphrase of her own"}})
}

#[tokio::test]
async fn an_invitation_is_accepted_once_and_gives_what_it_says() {
    on_each_database(async |people: &People<'_>| {
        people.add("admin@news.example", "Samira", Role::Admin).await;
        people.section("city", None).await;
        people.section("harbour", Some("city")).await;
        people.section("sports", None).await;
        let admin = people.sign_in("admin@news.example").await;
        let input = json!({"input": {"email": "Rima@news.example", "name": "Rima Khoury", "role": "EDITOR", "sections": ["city"]}});
        let invited = people.ask(Some(&admin), INVITE, input).await;
        let invitation = &invited["inviteUser"]["invitation"];
        assert_eq!(invited["inviteUser"]["errors"], json!([]));
        assert_eq!(invitation["sections"], json!([{"slug": "city"}]));

        let token = token_of(people, 1).await;
        let opened = people.ask(None, OPENED, json!({"token": token})).await;
        assert_eq!(opened["invitation"], json!({"email": "Rima@news.example", "name": "Rima Khoury", "role": "EDITOR"}));
        let weak = people.ask(None, ACCEPT, json!({"input": {"token": token, "password": "Rima Khoury"}})).await;
        assert_eq!(weak["acceptInvitation"]["errors"][0]["field"], "input.password");
        let accepted = people.ask(None, ACCEPT, accepting(&token)).await;
        let viewer = &accepted["acceptInvitation"]["viewer"];
        assert_eq!(
            *viewer,
            json!({"name": "Rima Khoury", "email": "Rima@news.example", "role": "EDITOR", "author": {"slug": "rima-khoury"},
                   "worksEverywhere": false, "sections": [{"slug": "city"}]})
        );
        let session = accepted["acceptInvitation"]["token"].as_str().expect("signed in");
        let Some(Viewer::Member(member)) = people.known_by(session, now()).await else { panic!("is known") };
        let Scope::Sections(sections) = &member.scope else { panic!("works in some sections") };
        assert_eq!(sections.len(), 2, "and in those below them");

        let again = people.ask(None, ACCEPT, accepting(&token)).await;
        assert_eq!(again["acceptInvitation"]["errors"][0]["code"], "NOT_FOUND");
        assert_eq!(people.ask(None, OPENED, json!({"token": token})).await["invitation"], Value::Null);
        let signed_in = people.ask(None, SIGN_IN, json!({"email": "rima@news.example", "password": "a passphrase of her own"})).await;
        assert_eq!(signed_in["signIn"]["errors"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn an_invitation_that_does_not_hold_opens_nothing() {
    on_each_database(async |people: &People<'_>| {
        people.add("admin@news.example", "Samira", Role::Admin).await;
        let admin = people.sign_in("admin@news.example").await;
        let invite = async |email: &str| {
            let input = json!({"input": {"email": email, "name": "Rima", "role": "AUTHOR"}});
            let data = people.ask(Some(&admin), INVITE, input).await;
            data["inviteUser"]["invitation"]["id"].as_str().expect("an id").to_owned()
        };
        let refused = async |token: &str, at| {
            let (answer, _) = people.send(None, "192.0.2.1", at, ACCEPT, accepting(token)).await;
            let payload = answer["data"]["acceptInvitation"].clone();
            assert_eq!((&payload["token"], &payload["viewer"]), (&Value::Null, &Value::Null));
            payload["errors"][0]["code"].clone()
        };
        invite("rima@news.example").await;
        let first = token_of(people, 1).await;
        let changed = format!("{}{}", &first[..65], if first.ends_with('A') { 'B' } else { 'A' });
        for token in ["", "x", &changed, &first[1..]] {
            assert_eq!(refused(token, now()).await, "NOT_FOUND", "{token}");
        }
        assert_eq!(refused(&first, after(TimeDelta::days(7))).await, "NOT_FOUND", "expired");

        let second = invite("RIMA@news.example").await;
        assert_eq!(refused(&first, now()).await, "NOT_FOUND", "replaced by another letter");
        let token = token_of(people, 2).await;
        let revoke =
            "mutation($id: ID!) { revokeInvitation(id: $id) { invitation { email } errors { code } } }";
        let taken_back = people.ask(Some(&admin), revoke, json!({"id": second})).await;
        assert_eq!(taken_back["revokeInvitation"]["errors"], json!([]));
        assert_eq!(refused(&token, now()).await, "NOT_FOUND", "taken back");
        let again = people.ask(Some(&admin), revoke, json!({"id": second})).await;
        assert_eq!(again["revokeInvitation"]["errors"][0]["code"], "NOT_FOUND");
        let none =
            people.ask(Some(&admin), "{ invitations { totalCount nodes { email } } }", json!({})).await;
        assert_eq!(none["invitations"], json!({"totalCount": 0, "nodes": []}));
    })
    .await;
}

#[tokio::test]
async fn an_invitation_is_refused_by_field_and_to_those_who_manage_nobody() {
    on_each_database(async |people: &People<'_>| {
        people.add("admin@news.example", "Samira", Role::Admin).await;
        people.add("nadia@news.example", "Nadia", Role::Editor).await;
        let (admin, editor) = (people.sign_in("admin@news.example").await, people.sign_in("nadia@news.example").await);
        let input = |email: &str, name: &str, sections: Value| {
            json!({"input": {"email": email, "name": name, "role": "AUTHOR", "sections": sections}})
        };
        for (variables, field) in [
            (input("rima", "Rima", json!(null)), "input.email"),
            (input("NADIA@news.example", "Rima", json!([])), "input.email"),
            (input("rima@news.example", " ", json!(null)), "input.name"),
            (input("rima@news.example", "Rima", json!(["no-such-section"])), "input.sections"),
        ] {
            let data = people.ask(Some(&admin), INVITE, variables).await;
            let errors = &data["inviteUser"]["errors"];
            assert_eq!((&errors[0]["code"], &errors[0]["field"]), (&json!("INVALID"), &json!(field)));
            assert_eq!(data["inviteUser"]["invitation"], Value::Null);
        }
        for (who, code) in [(None, "UNAUTHENTICATED"), (Some(editor.as_str()), "FORBIDDEN")] {
            let data = people.ask(who, INVITE, input("rima@news.example", "Rima", json!(null))).await;
            assert_eq!(data["inviteUser"]["errors"], json!([{"code": code, "field": null, "message": data["inviteUser"]["errors"][0]["message"]}]));
            let (answer, _) = people.send(who, "192.0.2.1", now(), "{ users { nodes { email } } invitations { nodes { email } } }", json!({})).await;
            assert_eq!(answer["data"], json!({"users": null, "invitations": null}));
            assert_eq!(answer["errors"][0]["extensions"]["code"], code);
        }
    })
    .await;
}

#[tokio::test]
async fn the_last_administrator_stays_one_and_nobody_changes_the_own_role() {
    on_each_database(async |people: &People<'_>| {
        people.add("admin@news.example", "Samira", Role::Admin).await;
        people.add("second@news.example", "Karim", Role::Admin).await;
        people.section("city", None).await;
        let admin = people.sign_in("admin@news.example").await;
        let second = people.sign_in("second@news.example").await;
        for change in [json!({"role": "EDITOR"}), json!({"sections": ["city"]})] {
            let own = people.changed(&admin, "admin@news.example", change).await;
            assert_eq!(own["errors"][0]["code"], "INVALID", "{own:#}");
        }
        let renamed = people.changed(&admin, "admin@news.example", json!({"name": "Samira H."})).await;
        assert_eq!(renamed["errors"], json!([]), "the own name is another matter");
        let close =
            "mutation($id: ID!) { disableUser(id: $id) { user { disabledAt } errors { code field } } }";
        let own =
            people.ask(Some(&admin), close, json!({"id": people.id_of("admin@news.example").await})).await;
        assert_eq!(own["disableUser"]["errors"][0]["code"], "INVALID");

        // Each closes the other's way: whoever comes second is an administrator no more.
        let demoted = people.changed(&admin, "second@news.example", json!({"role": "EDITOR"})).await;
        assert_eq!(demoted["errors"], json!([]));
        let back = people.changed(&second, "admin@news.example", json!({"role": "EDITOR"})).await;
        assert_eq!(back["errors"][0]["code"], "FORBIDDEN");
        let left = people
            .ask(Some(&admin), "{ users(role: ADMIN) { totalCount nodes { email } } }", json!({}))
            .await;
        assert_eq!(left["users"], json!({"totalCount": 1, "nodes": [{"email": "admin@news.example"}]}));
    })
    .await;
}

#[tokio::test]
async fn a_closed_login_ends_everything_at_once_and_answers_as_a_stranger_s() {
    on_each_database(async |people: &People<'_>| {
        people.add("admin@news.example", "Samira", Role::Admin).await;
        people.add("nadia@news.example", "Nadia", Role::Editor).await;
        let (admin, session) =
            (people.sign_in("admin@news.example").await, people.sign_in("nadia@news.example").await);
        let make = "mutation { createApiToken(input: {name: \"x\", role: EDITOR}) { token } }";
        let made = people.ask(Some(&session), make, json!({})).await;
        let token = made["createApiToken"]["token"].as_str().expect("a token").to_owned();
        let id = people.id_of("nadia@news.example").await;
        let close =
            "mutation($id: ID!) { disableUser(id: $id) { user { email disabledAt } errors { code } } }";
        let closed = people.ask(Some(&admin), close, json!({"id": id})).await;
        assert_eq!(closed["disableUser"]["errors"], json!([]));
        assert!(closed["disableUser"]["user"]["disabledAt"].is_string());
        assert!(
            people.known_by(&session, now()).await.is_none()
                && people.known_by(&token, now()).await.is_none()
        );
        let credentials = |email: &str| json!({"email": email, "password": PASSWORD});
        let refused = people.ask(None, SIGN_IN, credentials("nadia@news.example")).await;
        assert_eq!(refused, people.ask(None, SIGN_IN, credentials("nobody@news.example")).await);

        let open = "mutation($id: ID!) { enableUser(id: $id) { user { disabledAt } errors { code } } }";
        let opened = people.ask(Some(&admin), open, json!({"id": id})).await;
        assert_eq!(opened["enableUser"], json!({"user": {"disabledAt": null}, "errors": []}));
        people.sign_in("nadia@news.example").await;
        assert!(people.known_by(&token, now()).await.is_none(), "a token that may have leaked stays gone");
        for document in [close, open] {
            let unknown = people.ask(Some(&admin), document, json!({"id": "VXNlcjo5OTk"})).await;
            assert!(unknown.to_string().contains("NOT_FOUND"), "{unknown}");
        }
    })
    .await;
}

#[tokio::test]
async fn people_are_listed_page_by_page() {
    on_each_database(async |people: &People<'_>| {
        people.add("admin@news.example", "Samira", Role::Admin).await;
        for n in 0..5 {
            people.add(&format!("person{n}@news.example"), &format!("Person {n}"), Role::Author).await;
        }
        let admin = people.sign_in("admin@news.example").await;
        let page = "query($after: String) { users(first: 2, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { name author { slug } worksEverywhere } } }";
        let (mut after, mut seen) = (Value::Null, Vec::new());
        loop {
            let data = people.ask(Some(&admin), page, json!({"after": after})).await;
            let users = &data["users"];
            assert_eq!(users["totalCount"], 6);
            seen.extend(users["nodes"].as_array().expect("nodes").iter().map(|node| node["name"].clone()));
            after = users["pageInfo"]["endCursor"].clone();
            if users["pageInfo"]["hasNextPage"] == json!(false) {
                break;
            }
        }
        assert_eq!(json!(seen), json!(["Person 4", "Person 3", "Person 2", "Person 1", "Person 0", "Samira"]));
    })
    .await;
}

#[tokio::test]
async fn the_first_administrator_is_invited_once_and_only_where_there_is_nobody() {
    on_each_database(async |people: &People<'_>| {
        let public = "https://news.example";
        let link = invite_first_admin(people.store, now(), public).await.expect("writes").expect("a link");
        assert_eq!(
            invite_first_admin(people.store, now(), public).await.expect("reads"),
            None,
            "one is open"
        );
        let token = link.rsplit('/').next().expect("a token");
        let opened = people.ask(None, OPENED, json!({"token": token})).await;
        assert_eq!(opened["invitation"], json!({"email": null, "name": null, "role": "ADMIN"}));
        let nameless = people.ask(None, ACCEPT, accepting(token)).await;
        assert_eq!(nameless["acceptInvitation"]["errors"][0]["field"], "input.email");
        let mut input = accepting(token);
        input["input"]["email"] = json!("samira@news.example");
        input["input"]["name"] = json!("Samira Haddad");
        let accepted = people.ask(None, ACCEPT, input.clone()).await;
        assert_eq!(accepted["acceptInvitation"]["viewer"]["role"], "ADMIN");
        input["input"]["email"] = json!("other@news.example");
        let again = people.ask(None, ACCEPT, input).await;
        assert_eq!(again["acceptInvitation"]["errors"][0]["code"], "NOT_FOUND");
        let later = after(TimeDelta::days(30));
        assert_eq!(
            invite_first_admin(people.store, later, public).await.expect("reads"),
            None,
            "somebody is there"
        );
    })
    .await;
    on_each_database(async |people: &People<'_>| {
        let public = "https://news.example";
        let link = invite_first_admin(people.store, now(), public).await.expect("writes").expect("a link");
        people.add("admin@news.example", "Samira", Role::Admin).await;
        let mut input = accepting(link.rsplit('/').next().expect("a token"));
        input["input"]["email"] = json!("other@news.example");
        input["input"]["name"] = json!("Other");
        let late = people.ask(None, ACCEPT, input).await;
        assert_eq!(late["acceptInvitation"]["errors"][0]["code"], "NOT_FOUND", "a login was made by command");
    })
    .await;
}

#[tokio::test]
async fn who_worked_in_a_section_that_is_gone_works_nowhere_and_not_everywhere() {
    on_each_database(async |people: &People<'_>| {
        people.add("admin@news.example", "Samira", Role::Admin).await;
        people.add("nadia@news.example", "Nadia", Role::Editor).await;
        people.section("city", None).await;
        let (admin, nadia) =
            (people.sign_in("admin@news.example").await, people.sign_in("nadia@news.example").await);
        people.change(&admin, "nadia@news.example", json!({"sections": ["city"]})).await;
        let me = "{ viewer { worksEverywhere sections { slug } permissions } }";
        let before = people.ask(Some(&nadia), me, json!({})).await;
        assert_eq!(before["viewer"]["sections"], json!([{"slug": "city"}]));
        assert!(!before["viewer"]["permissions"].to_string().contains("MANAGE_TAGS"));
        people.forget_sections().await;
        let after = people.ask(Some(&nadia), me, json!({})).await;
        assert_eq!(
            (&after["viewer"]["worksEverywhere"], &after["viewer"]["sections"]),
            (&json!(false), &json!([]))
        );
        people.change(&admin, "nadia@news.example", json!({"sections": null})).await;
        assert_eq!(people.ask(Some(&nadia), me, json!({})).await["viewer"]["worksEverywhere"], true);
    })
    .await;
}

#[tokio::test]
async fn what_is_done_to_people_is_written_down_without_their_secrets() {
    on_each_database(async |people: &People<'_>| {
        people.add("admin@news.example", "Samira", Role::Admin).await;
        people.add("nadia@news.example", "Nadia", Role::Editor).await;
        let admin = people.sign_in("admin@news.example").await;
        let input = json!({"input": {"email": "rima@news.example", "name": "Rima Khoury", "role": "AUTHOR"}});
        people.ask(Some(&admin), INVITE, input).await;
        let token = token_of(people, 1).await;
        people.ask(None, ACCEPT, accepting(&token)).await;
        people.change(&admin, "nadia@news.example", json!({"role": "AUTHOR", "name": "Nadia M."})).await;
        let made = people
            .ask(
                Some(&admin),
                "mutation { createApiToken(input: {name: \"Robot\", role: READER}) { token } }",
                json!({}),
            )
            .await;
        let written = people.audit().await;
        assert_eq!(
            written,
            [
                "USER_INVITED SITE AUTHOR",
                "USER_CREATED USER AUTHOR",
                "USER_UPDATED USER AUTHOR everywhere, with the name",
                "API_TOKEN_CREATED USER Robot (READER)"
            ]
        );
        let all = written.join(" ");
        let secret = made["createApiToken"]["token"].as_str().expect("a token");
        assert!(!all.contains('@') && !all.contains(secret) && !all.contains("Rima"), "{all}");
        assert_eq!(people.events("USER_INVITED").await, 1);
        // Two by command, one by invitation, one change.
        assert_eq!(people.events("USER_CHANGED").await, 4);
    })
    .await;
}
