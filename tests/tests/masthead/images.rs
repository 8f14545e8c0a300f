//! The library of pictures through the schema: uploads, what is said of them, and who sees what.

use async_graphql::{Request, Variables};
use masthead_domain::user::Role;
use masthead_domain::viewer::Viewer;
use masthead_graphql::{Uploaded, Uploads, Visit, execute};
use masthead_tests::TestStore;
use serde_json::{Value, json};

use crate::documents::operation;
use crate::newsroom::{Newsroom, now, on_each_database, on_each_database_raw};

/// A PNG of one black pixel.
const DOT: &[u8] =
    b"\x89PNG\x0d\x0a\x1a\x0a\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0:~\x9bU\0\0\0\x0aIDATx\x9cc`\0\
    \0\0\x02\0\x01H\xaf\xa4q\0\0\0\0IEND\xaeB`\x82";

/// The checksum of its head, were it 20,000 wide.
const WIDE_CHECKSUM: [u8; 4] = [0x1e, 0xdf, 0xc1, 0x52];

const IMAGES: &str = "query($first: Int, $after: String) { images(first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { id alt } } }";
const UPDATE: &str = "mutation($id: ID!, $input: UpdateImageInput!) { updateImage(id: $id, input: $input) { image { id alt credit caption ownWork focalPoint { x y } } errors { code field } } }";

/// Sends a mutation with one file in the variable `file`.
async fn send(
    newsroom: &Newsroom,
    viewer: &Viewer,
    document: &str,
    mut variables: Value,
    file: Uploaded,
) -> Value {
    variables["file"] = Value::Null;
    let mut variables = Variables::from_json(variables);
    variables.insert(async_graphql::Name::new("file"), Uploads::variable(0));
    let visit = Visit::new(newsroom.settings(), viewer.clone(), now(), None, "test".to_owned());
    let request = Request::new(document).variables(variables).data(Uploads(vec![file]));
    serde_json::to_value(execute(newsroom.schema(), request, visit).await).expect("JSON")
}

/// The payload of the contract's upload.
async fn upload(newsroom: &Newsroom, viewer: &Viewer, file: &[u8], variables: Value) -> Value {
    let file = Uploaded::File(file.to_vec().into());
    let answer = send(newsroom, viewer, &operation("UploadImage"), variables, file).await;
    assert!(answer.get("errors").is_none(), "{answer:#}");
    answer["data"]["uploadImage"].clone()
}

fn codes(payload: &Value) -> Vec<(&str, Option<&str>)> {
    assert!(payload["image"].is_null(), "{payload:#}");
    let errors = payload["errors"].as_array().expect("errors");
    errors.iter().map(|error| (error["code"].as_str().expect("a code"), error["field"].as_str())).collect()
}

#[tokio::test]
async fn a_picture_is_uploaded_described_and_found() {
    on_each_database_raw(async |newsroom: &Newsroom, store: &TestStore| {
        let changed = "SELECT COUNT(*) FROM events WHERE kind = 'IMAGE_CHANGED'";
        assert_eq!(store.number(changed).await, 0);
        let author = newsroom.person("Amal", Role::Author, &[]).await;
        let said = json!({"alt": " نقطة\tسوداء ", "credit": "AFP", "caption": "Un point"});
        let payload = upload(newsroom, &author, DOT, said.clone()).await;
        assert_eq!(payload["errors"], json!([]));
        let image = &payload["image"];
        assert_eq!((&image["alt"], &image["credit"]), (&json!("نقطة سوداء"), &json!("AFP")));
        assert_eq!(
            (&image["width"], &image["height"], &image["srcSet"]),
            (&json!(1), &json!(1), &Value::Null)
        );
        let url = image["url"].as_str().expect("an address");
        let name = url.strip_prefix("https://news.example/media/").expect("ours");
        let there = newsroom.settings().workshop.files().read(name).await.expect("reads").expect("a file");
        assert_eq!(&there[..], DOT, "nothing had to be removed");

        // The same again is the same; with other words it is another, whose words nobody has lost.
        let again = upload(newsroom, &author, DOT, said).await;
        assert_eq!(again["image"]["id"], image["id"]);
        let other = json!({"alt": "A black dot", "credit": "Reuters"});
        let second = upload(newsroom, &author, DOT, other.clone()).await;
        assert_ne!(second["image"]["id"], image["id"]);
        assert_eq!(
            (&second["image"]["alt"], &second["image"]["credit"]),
            (&json!("A black dot"), &json!("Reuters"))
        );
        assert_eq!(second["image"]["url"], url.replace(".png", "-2.png"));
        assert_eq!(upload(newsroom, &author, DOT, other).await["image"]["id"], second["image"]["id"]);

        // It is found by its id, and in the library, the latest first.
        let found = newsroom
            .ask_as(
                &author,
                now(),
                "query($id: ID!) { node(id: $id) { id ... on Image { alt caption ownWork } } }",
                json!({"id": image["id"]}),
            )
            .await;
        assert_eq!(
            found["data"]["node"],
            json!({"id": image["id"], "alt": "نقطة سوداء", "caption": "Un point", "ownWork": false})
        );
        let first =
            newsroom.ask_as(&author, now(), IMAGES, json!({"first": 1})).await["data"]["images"].clone();
        assert_eq!(first["nodes"][0]["id"], second["image"]["id"]);
        let total = first["totalCount"].as_i64().expect("a count");
        assert!(total > 10, "the demo's pictures too: {total}");
        let next = json!({"first": 100, "after": first["pageInfo"]["endCursor"]});
        let next = newsroom.ask_as(&author, now(), IMAGES, next).await;
        assert!(next.get("errors").is_none(), "{next:#}");
        let next = next["data"]["images"].clone();
        assert_eq!(next["nodes"][0]["id"], image["id"]);
        assert_eq!(next["nodes"].as_array().map(Vec::len), usize::try_from(total - 1).ok());

        // Each that came to the library is in the log of acts and of events, once.
        assert_eq!(store.number(changed).await, 2);
        let admin = newsroom.person("Root", Role::Admin, &[]).await;
        let audit = newsroom
            .ask_as(
                &admin,
                now(),
                "{ auditLog(action: IMAGE_UPLOADED) { nodes { actor { name } subjectId detail } } }",
                json!({}),
            )
            .await;
        let entries = audit["data"]["auditLog"]["nodes"].as_array().expect("entries").clone();
        let subjects: Vec<_> = entries.iter().map(|entry| &entry["subjectId"]).collect();
        assert_eq!(subjects, [&second["image"]["id"], &image["id"]], "{audit:#}");
        assert!(entries.iter().all(|entry| entry["detail"].is_null() && entry["actor"]["name"] == "Amal"));
    })
    .await;
}

#[tokio::test]
async fn what_is_refused_is_told_in_the_payload_and_leaves_nothing() {
    on_each_database(async |newsroom: &Newsroom| {
        let author = newsroom.person("Amal", Role::Author, &[]).await;
        let said = json!({"alt": "x", "credit": "y"});
        let before =
            newsroom.ask_as(&author, now(), IMAGES, json!({})).await["data"]["images"]["totalCount"].clone();
        // Who may not is told so whatever comes, also where the file was not read.
        for (viewer, code) in [
            (Viewer::Guest, "UNAUTHENTICATED"),
            (newsroom.person("Reader", Role::Reader, &[]).await, "FORBIDDEN"),
            (newsroom.person("Contributor", Role::Contributor, &[]).await, "FORBIDDEN"),
        ] {
            for file in [Uploaded::Unread, Uploaded::TooLarge, Uploaded::File(DOT.to_vec().into())] {
                let answer =
                    send(newsroom, &viewer, &operation("UploadImage"), json!({"alt": ""}), file).await;
                assert_eq!(codes(&answer["data"]["uploadImage"]), [(code, None)]);
            }
            let update = newsroom.field_as(&viewer, UPDATE, json!({"id": "SW1hZ2U6MQ", "input": {}})).await;
            assert_eq!(codes(&update), [(code, None)]);
            let listed = newsroom.ask_as(&viewer, now(), IMAGES, json!({})).await;
            assert_eq!(
                (&listed["data"]["images"], &listed["errors"][0]["extensions"]["code"]),
                (&Value::Null, &json!(code))
            );
            let node =
                newsroom.ask_as(&viewer, now(), "{ node(id: \"SW1hZ2U6MQ\") { id } }", json!({})).await;
            assert_eq!(node, json!({"data": {"node": null}}));
        }
        for (file, said, expected) in [
            (DOT, json!({"alt": " \u{200f}", "credit": "y"}), vec![("INVALID", Some("input.alt"))]),
            (DOT, json!({"alt": "x"}), vec![("INVALID", Some("input.credit"))]),
            (
                DOT,
                json!({"alt": "", "credit": "  "}),
                vec![("INVALID", Some("input.alt")), ("INVALID", Some("input.credit"))],
            ),
            (b"<svg onload='alert(1)'/>", said.clone(), vec![("UNSUPPORTED_TYPE", Some("input.file"))]),
            (&DOT[..30], said.clone(), vec![("NOT_AN_IMAGE", Some("input.file"))]),
            (b"", said.clone(), vec![("NOT_AN_IMAGE", Some("input.file"))]),
            (&[0; 1_000_001], said.clone(), vec![("TOO_LARGE", Some("input.file"))]),
        ] {
            assert_eq!(codes(&upload(newsroom, &author, file, said).await), expected);
        }
        // The same with a head that says that it is 20,000 wide.
        let wide = [&DOT[..16], &20_000_u32.to_be_bytes(), &DOT[20..29], &WIDE_CHECKSUM, &DOT[33..]].concat();
        let refused = upload(newsroom, &author, &wide, said.clone()).await;
        assert_eq!(codes(&refused), [("TOO_MANY_PIXELS", Some("input.file"))]);
        let large = send(newsroom, &author, &operation("UploadImage"), said, Uploaded::TooLarge).await;
        assert_eq!(codes(&large["data"]["uploadImage"]), [("TOO_LARGE", Some("input.file"))]);

        let after =
            newsroom.ask_as(&author, now(), IMAGES, json!({})).await["data"]["images"]["totalCount"].clone();
        assert_eq!(before, after);
        assert_eq!(newsroom.settings().workshop.files().all().await.expect("files"), [], "no file is left");
    })
    .await;
}

#[tokio::test]
async fn what_is_said_of_a_picture_is_its_uploaders_to_change_and_an_editors() {
    on_each_database(async |newsroom: &Newsroom| {
        let author = newsroom.person("Amal", Role::Author, &[]).await;
        let another = newsroom.person("Basil", Role::Author, &[]).await;
        let editor = newsroom.person("Carla", Role::Editor, &[]).await;
        let payload = upload(newsroom, &author, DOT, json!({"alt": "x", "credit": "y", "caption": "z"})).await;
        let id = payload["image"]["id"].clone();
        let update = async |viewer: &Viewer, id: &Value, input: Value| {
            newsroom.field_as(viewer, UPDATE, json!({"id": id, "input": input})).await
        };

        let own = update(&author, &id, json!({"alt": "قارب", "caption": null, "focalPoint": {"x": 0.25, "y": 1}})).await;
        let expected = json!({"id": id, "alt": "قارب", "credit": "y", "caption": null, "ownWork": false, "focalPoint": {"x": 0.25, "y": 1.0}});
        assert_eq!(own, json!({"image": expected, "errors": []}));
        assert_eq!(codes(&update(&another, &id, json!({"alt": "mine"})).await), [("FORBIDDEN", None)]);
        let edited = update(&editor, &id, json!({"ownWork": true, "credit": null, "focalPoint": null})).await;
        assert_eq!((&edited["image"]["credit"], &edited["image"]["ownWork"]), (&Value::Null, &json!(true)));
        assert_eq!((&edited["image"]["focalPoint"], &edited["image"]["alt"]), (&Value::Null, &json!("قارب")));

        for (input, expected) in [
            (json!({"alt": " "}), ("INVALID", Some("input.alt"))),
            (json!({"ownWork": false}), ("INVALID", Some("input.credit"))),
            (json!({"focalPoint": {"x": 2, "y": 0}}), ("INVALID", Some("input.focalPoint"))),
        ] {
            assert_eq!(codes(&update(&author, &id, input).await), [expected]);
        }
        for (id, expected) in [
            (json!("SW1hZ2U6OTk5OTk5"), ("NOT_FOUND", None)),
            (json!("QXJ0aWNsZTox"), ("NOT_FOUND", None)),
            (json!("nonsense"), ("INVALID", Some("id"))),
        ] {
            assert_eq!(codes(&update(&editor, &id, json!({"alt": "x"})).await), [expected]);
        }
        // What changes nothing leaves no trace.
        let same = update(&author, &id, json!({"alt": " قارب "})).await;
        assert_eq!(same["errors"], json!([]));
        let admin = newsroom.person("Root", Role::Admin, &[]).await;
        let audit = "query($id: ID) { auditLog(subject: $id) { nodes { action actor { name } } } }";
        let audit = newsroom.ask_as(&admin, now(), audit, json!({"id": id})).await["data"]["auditLog"]["nodes"].clone();
        let entries: Vec<_> = audit.as_array().expect("entries").iter().map(|entry| (entry["action"].as_str().expect("an act"), entry["actor"]["name"].as_str().expect("a name"))).collect();
        assert_eq!(entries, [("IMAGE_UPDATED", "Carla"), ("IMAGE_UPDATED", "Amal"), ("IMAGE_UPLOADED", "Amal")]);
    })
    .await;
}

#[tokio::test]
async fn two_uploads_of_the_same_bytes_at_once_share_a_file_and_keep_their_words() {
    on_each_database(async |newsroom: &Newsroom| {
        let author = newsroom.person("Amal", Role::Author, &[]).await;
        let mut urls = std::collections::BTreeSet::new();
        let uploads = (0..8).map(|n| {
            let said = json!({"alt": format!("words {}", n / 2), "credit": "y"});
            let author = author.clone();
            async move { upload(newsroom, &author, DOT, said).await }
        });
        for (n, payload) in futures_util::future::join_all(uploads).await.into_iter().enumerate() {
            assert_eq!(payload["errors"], json!([]), "{n}");
            assert_eq!(payload["image"]["alt"], format!("words {}", n / 2));
            urls.insert(payload["image"]["url"].as_str().expect("an address").to_owned());
        }
        assert_eq!(urls.len(), 4, "{urls:?}");
        assert_eq!(newsroom.settings().workshop.files().all().await.expect("files").len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_picture_in_a_text_has_an_id_of_its_own() {
    on_each_database(async |newsroom: &Newsroom| {
        let mut ids = std::collections::BTreeMap::new();
        for slug in newsroom.public_slugs().await {
            let query = "query($s: String!) { article(slug: $s) { leadImage { ...P } body { blocks { ... on FigureBlock { image { ...P } } } } } } fragment P on Image { id alt credit caption url width height }";
            let answer = newsroom.ask(query, json!({"s": slug})).await;
            let article = &answer["data"]["article"];
            let figures = article["body"]["blocks"].as_array().expect("blocks").iter().map(|block| &block["image"]);
            for image in figures.chain([&article["leadImage"]]).filter(|image| image.is_object()) {
                let id = image["id"].as_str().expect("an id").to_owned();
                // A client that keeps things by id never takes one for another.
                let kept = ids.entry(id.clone()).or_insert_with(|| image.clone());
                assert_eq!(kept, image);
                let node = newsroom.ask("query($id: ID!) { node(id: $id) { id } }", json!({"id": id})).await;
                assert_eq!(node, json!({"data": {"node": null}}), "not for readers");
            }
        }
        assert!(ids.len() > 10, "{ids:?}");
    })
    .await;
}
