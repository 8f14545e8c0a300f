//! Who asks, over the endpoint as browsers and programs reach it: cookies, bearer tokens, other sites.

use std::time::Duration;

use http::{Method, StatusCode};
use masthead_actions::user::create::{Person, create};
use masthead_actions::user::password::Password;
use masthead_domain::user::{EmailAddress, Role};
use masthead_graphql::limits::Limits;
use masthead_persistence::media::Files;
use masthead_tests::TestStore;
use poem::{Endpoint, Request};
use serde_json::{Value, json};

use super::*;
use crate::http::Cors;
use crate::http::address::{Directory, Found};
use crate::http::client_address::TrustedProxies;
use crate::http::graphql::{Graphql, LiveOptions, Options, UploadLimits};

const PASSWORD: &str = "correct horse battery";
const ME: &str = "{ viewer { name } }";
const SIGN_IN: &str = "mutation($email: EmailAddress!, $password: String!) { signIn(input: { email: $email, password: $password }) { token errors { code } } }";

/// The endpoint of a site that is public under an address, with one editor.
struct Site {
    endpoint: Graphql<Api>,
    api: Api,
    store: TestStore,
}

struct Reply {
    status: StatusCode,
    cookies: Vec<String>,
    challenge: Option<String>,
    body: Value,
}

impl Site {
    async fn at(public_url: &str) -> Self {
        let store = TestStore::sqlite().await;
        let person = Person {
            email: EmailAddress::parse("nadia@news.example").unwrap(),
            name: "Nadia Mansour".to_owned(),
            role: Role::Editor,
            password: Password::parse(PASSWORD, &[]).unwrap(),
        };
        create(&store, now(), [3; 32], person, &[]).await.unwrap();
        let workshop = Workshop::new(Files::in_memory(), 2_000_000);
        let api = Api::new((*store).clone(), workshop, &Settings::default(), public_url, None);
        let options = Options {
            limits: Limits::DEFAULT,
            list_sizes: LIST_SIZES,
            introspection: true,
            body_timeout: Duration::from_secs(5),
            request_timeout: Duration::from_secs(10),
            uploads: UploadLimits::new(2_000_000, 5, Duration::from_secs(10)),
            cookie: api.cookie().clone(),
            live: LiveOptions::new(crate::config::Live::default(), Duration::from_secs(5), Cors::default()),
            proxies: TrustedProxies::default(),
        };
        let endpoint = Graphql::new(api.clone(), &masthead_graphql::sdl(), options).unwrap();
        Self { endpoint, api, store }
    }

    async fn post(&self, headers: &[(&str, &str)], query: &str) -> Reply {
        let variables = json!({"email": "nadia@news.example", "password": PASSWORD});
        let body = json!({"query": query, "variables": variables}).to_string();
        let request = Request::builder().method(Method::POST).header("content-type", "application/json");
        self.send(headers.iter().fold(request, |it, (name, value)| it.header(*name, *value)).body(body)).await
    }

    async fn get(&self, headers: &[(&str, &str)]) -> Reply {
        let request = Request::builder().uri("/graphql?query={viewer{name}}".parse().unwrap());
        self.send(headers.iter().fold(request, |it, (name, value)| it.header(*name, *value)).finish()).await
    }

    async fn send(&self, request: Request) -> Reply {
        let (parts, body) = self.endpoint.call(request).await.unwrap().into_parts();
        let text = |value: &HeaderValue| value.to_str().unwrap().to_owned();
        Reply {
            status: parts.status,
            cookies: parts.headers.get_all(header::SET_COOKIE).iter().map(text).collect(),
            challenge: parts.headers.get(header::WWW_AUTHENTICATE).map(text),
            body: serde_json::from_slice(&body.into_vec().await.unwrap()).unwrap(),
        }
    }

    /// Signs in; the token and the `Set-Cookie`.
    async fn sign_in(&self) -> (String, String) {
        let reply = self.post(&[], SIGN_IN).await;
        let token = reply.body["data"]["signIn"]["token"].as_str().unwrap().to_owned();
        (token, reply.cookies.concat())
    }
}

fn name(reply: &Reply) -> &Value {
    &reply.body["data"]["viewer"]["name"]
}

#[tokio::test]
async fn signing_in_gives_a_token_and_a_cookie_and_signing_out_takes_both_back() {
    for (public, cookie, secure) in [
        ("https://news.example", "__Host-masthead-session", true),
        ("http://127.0.0.1:8000", "masthead-session", false),
    ] {
        let site = Site::at(public).await;
        let (token, set) = site.sign_in().await;
        assert!(set.starts_with(&format!("{cookie}={token};")), "{set}");
        assert_eq!(set.contains("Secure"), secure, "{set}");
        for part in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=7776000"] {
            assert!(set.contains(part), "{set}");
        }
        assert!(!set.contains("Domain"), "{set}");

        let carried = format!("{cookie}={token}");
        let own = [("cookie", carried.as_str()), ("sec-fetch-site", "same-origin")];
        assert_eq!(name(&site.post(&own, ME).await), "Nadia Mansour");
        assert_eq!(
            name(&site.post(&[("authorization", &format!("Bearer {token}"))], ME).await),
            "Nadia Mansour"
        );

        let out = site.post(&own, "mutation { signOut { ok } }").await;
        assert_eq!(out.body["data"]["signOut"]["ok"], true);
        assert!(out.cookies.concat().starts_with(&format!("{cookie}=; ")), "{:?}", out.cookies);
        assert!(out.cookies.concat().contains("Max-Age=0"));
        let after = site.post(&own, ME).await;
        assert_eq!(
            (after.status, name(&after)),
            (StatusCode::OK, &Value::Null),
            "a stale cookie is a guest's"
        );
        assert!(after.cookies.concat().contains("Max-Age=0"), "and is cleared");
        site.store.discard().await;
    }
}

#[tokio::test]
async fn a_page_of_another_site_cannot_act_by_our_cookie() {
    let site = Site::at("https://news.example").await;
    let (token, _) = site.sign_in().await;
    let carried = format!("__Host-masthead-session={token}");
    for other in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ] {
        let headers = [("cookie", carried.as_str()), other];
        let posted = site.post(&headers, "mutation { signOut { ok } }").await;
        assert_eq!(posted.status, StatusCode::FORBIDDEN, "{other:?}");
        assert_eq!(posted.body["errors"][0]["extensions"]["code"], "FORBIDDEN");
        assert!(posted.body.get("data").is_none());
        let read = site.get(&headers).await;
        assert_eq!((read.status, name(&read)), (StatusCode::OK, &Value::Null), "{other:?}");
        // It may sign in for itself, and takes no browser along.
        let signed_in = site.post(&[other], SIGN_IN).await;
        assert!(signed_in.body["data"]["signIn"]["token"].is_string());
        assert_eq!(signed_in.cookies, Vec::<String>::new(), "{other:?}");
    }
    let own = [("cookie", carried.as_str()), ("origin", "https://news.example")];
    assert_eq!(name(&site.post(&own, ME).await), "Nadia Mansour", "the session is still there");
    site.store.discard().await;
}

#[tokio::test]
async fn a_token_that_does_not_hold_is_told_so_and_never_taken_for_a_guest_s() {
    let site = Site::at("https://news.example").await;
    let (token, _) = site.sign_in().await;
    let bearer = format!("Bearer {token}");
    site.post(&[("authorization", &bearer)], "mutation { signOut { ok } }").await;
    let unknown = format!("Bearer {}", "A".repeat(43));
    let program = format!("Bearer mh_{}", "A".repeat(43));
    for authorization in [&bearer, &unknown, &program, "Bearer x", "Bearer", "mh_abc", "Digest a"] {
        for accept in ["application/graphql-response+json", "application/json"] {
            for query in [ME, "mutation { signOut { ok } }"] {
                let reply = site.post(&[("authorization", authorization), ("accept", accept)], query).await;
                assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{authorization}");
                assert_eq!(reply.challenge.as_deref(), Some("Bearer error=\"invalid_token\""));
                assert_eq!(reply.body["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
                assert!(reply.body.get("data").is_none());
            }
        }
    }
    let cookie_of_a_program = format!("__Host-masthead-session=mh_{}", "A".repeat(43));
    let reply = site.post(&[("cookie", &cookie_of_a_program)], ME).await;
    assert_eq!((reply.status, name(&reply)), (StatusCode::OK, &Value::Null));
    site.store.discard().await;
}

/// A form with a file, after the multipart request specification.
fn form(file: &[u8]) -> Vec<u8> {
    let query = "mutation($file: Upload!) { uploadImage(input: {file: $file, alt: \"قوارب\", credit: \"N. M.\"}) { image { url width } errors { code } } }";
    let operations = json!({"query": query, "variables": {"file": null}}).to_string();
    let part = |name: &str, more: &str, content: &[u8]| {
        let head = format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n");
        [head.as_bytes(), content, b"\r\n"].concat()
    };
    let (operations, map) =
        (part("operations", "", operations.as_bytes()), part("map", "", b"{\"0\":[\"variables.file\"]}"));
    let file = part("0", "; filename=\"../../boats.svg\"\r\nContent-Type: image/svg+xml", file);
    [&operations[..], &map, &file, b"--b--\r\n"].concat()
}

#[tokio::test]
async fn a_picture_is_uploaded_over_http_by_whoever_may_and_by_no_page_of_another_site() {
    let site = Site::at("https://news.example").await;
    let (token, _) = site.sign_in().await;
    let bearer = format!("Bearer {token}");
    let carried = format!("__Host-masthead-session={token}");
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(700, 20).write_to(&mut png, image::ImageFormat::Png).unwrap();
    let png = png.into_inner();
    let upload = async |headers: &[(&str, &str)], file: &[u8]| {
        let request = Request::builder()
            .method(Method::POST)
            .header("content-type", "multipart/form-data; boundary=b")
            .header("graphql-require-preflight", "1");
        let request = headers.iter().fold(request, |it, (name, value)| it.header(*name, *value));
        site.send(request.body(form(file))).await
    };
    for headers in [
        &[("authorization", bearer.as_str())][..],
        &[("cookie", &carried), ("sec-fetch-site", "same-origin")],
    ] {
        let reply = upload(headers, &png).await;
        let payload = &reply.body["data"]["uploadImage"];
        assert_eq!(
            (&payload["errors"], &payload["image"]["width"]),
            (&json!([]), &json!(700)),
            "{}",
            reply.body
        );
        let url = payload["image"]["url"].as_str().unwrap();
        assert!(url.starts_with("https://news.example/media/u") && url.ends_with(".png"), "{url}");
    }
    let large = upload(&[("authorization", &bearer)], &vec![0; 2_000_001]).await;
    assert_eq!(large.body["data"]["uploadImage"]["errors"], json!([{"code": "TOO_LARGE"}]));
    let guest = upload(&[], &png).await;
    assert_eq!(
        guest.body,
        json!({"data": {"uploadImage": {"image": null, "errors": [{"code": "UNAUTHENTICATED"}]}}})
    );
    let stale = upload(&[("authorization", "Bearer nonsense")], &png).await;
    assert_eq!((stale.status, stale.body.get("data")), (StatusCode::UNAUTHORIZED, None));
    let forged = upload(&[("cookie", &carried), ("sec-fetch-site", "cross-site")], &png).await;
    assert_eq!((forged.status, forged.body.get("data")), (StatusCode::FORBIDDEN, None));
}

#[tokio::test]
async fn a_preview_s_link_shows_a_page_to_a_stranger_and_a_changed_one_nothing() {
    let site = Site::at("https://news.example").await;
    let (token, _) = site.sign_in().await;
    let begin = r#"mutation { createArticle(input: { title: "The plan", body: { markdown: "Not yet." } }) { article { desk { previewUrl } } } }"#;
    let reply = site.post(&[("authorization", &format!("Bearer {token}"))], begin).await;
    let url = reply.body["data"]["createArticle"]["article"]["desk"]["previewUrl"].as_str().unwrap();
    let path = url.strip_prefix("https://news.example").unwrap();
    for path in [path.to_owned(), format!("{path}?from=a-letter")] {
        let Some(Found::Page(page)) = site.api.find(&path).await.unwrap() else { panic!("a page at {path}") };
        assert_eq!((page.title.text.as_str(), page.line.as_str()), ("The plan", "Nadia Mansour"));
        assert!(page.html.contains("Not yet.") && page.canonical.is_none());
    }
    for changed in [&path[..path.len() - 1], "/preview/", "/preview/nonsense", "/preview/%00"] {
        assert_eq!(site.api.find(changed).await.unwrap(), None, "{changed}");
    }
    site.store.discard().await;
}

/// Signed out, or given another role: whoever watches by that session is sent away within seconds, and nobody else.
#[tokio::test]
async fn a_stream_ends_with_the_session_behind_it() {
    use futures_util::StreamExt;

    let site = Site::at("http://127.0.0.1:8000").await;
    let watch = async |bearer: Option<&str>| {
        let request = Request::builder()
            .method(Method::POST)
            .header("content-type", "application/json")
            .header("accept", "text/event-stream");
        let request = bearer.into_iter().fold(request, |it, bearer| it.header("authorization", bearer));
        let body = json!({"query": "subscription { newsChanged { kind } }"}).to_string();
        let response = site.endpoint.call(request.body(body)).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        let mut chunks = response.into_body().into_bytes_stream();
        assert_eq!(chunks.next().await.unwrap().unwrap(), ":\n\n");
        chunks
    };
    let bearer = async || {
        let token =
            site.post(&[], SIGN_IN).await.body["data"]["signIn"]["token"].as_str().unwrap().to_owned();
        format!("Bearer {token}")
    };
    let (leaves, stays) = (bearer().await, bearer().await);
    let (mut left, mut stayed, mut guest) =
        (watch(Some(&leaves)).await, watch(Some(&stays)).await, watch(None).await);
    let patience = Duration::from_secs(20);
    site.post(&[("authorization", &leaves)], "mutation { signOut { ok } }").await;
    let told = tokio::time::timeout(patience, left.next()).await.unwrap().unwrap().unwrap();
    assert!(String::from_utf8_lossy(&told).contains("UNAUTHENTICATED"), "{told:?}");
    let none = tokio::time::timeout(Duration::from_millis(100), stayed.next()).await;
    assert!(none.is_err(), "the other session holds");
    site.store.execute("UPDATE users SET role = 'AUTHOR'").await;
    let told = tokio::time::timeout(patience, stayed.next()).await.unwrap().unwrap().unwrap();
    assert!(String::from_utf8_lossy(&told).contains("UNAUTHENTICATED"), "{told:?}");
    assert!(tokio::time::timeout(Duration::from_millis(100), guest.next()).await.is_err());
}
