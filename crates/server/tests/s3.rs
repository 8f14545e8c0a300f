//! Pictures in S3-compatible storage, over loopback: a bucket of the test's own that answers as S3 does and looks whether
//! requests are signed.

#![cfg(feature = "s3")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use http::{Method, StatusCode, header};
use image::{ImageFormat, RgbImage};
use masthead_actions::media::Workshop;
use masthead_persistence::media::{Files, S3, Secret};
use masthead_server::http::media::media;
use poem::listener::{Acceptor, Listener, TcpListener};
use poem::{Endpoint, EndpointExt, Request, Response, Route, Server};

const SECRET: &str = "never-to-be-shown";
const WRITTEN: &str = "Tue, 24 Nov 2026 10:00:00 GMT";

/// What is in the bucket, and what was asked of it.
#[derive(Clone, Default)]
struct Bucket {
    objects: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Endpoint for Bucket {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let signature = request.header("authorization").unwrap_or_default().to_owned();
        assert!(signature.starts_with("AWS4-HMAC-SHA256 Credential=desk/"), "{signature}");
        assert!(!signature.contains(SECRET));
        let path = request.uri().path().to_owned();
        self.asked.lock().unwrap().push(format!("{} {path}", request.method()));
        let Some(key) = path.strip_prefix("/pictures/").filter(|key| !key.is_empty()) else {
            assert!(request.uri().query().unwrap_or_default().contains("list-type=2"), "{path}");
            return Ok(Response::builder().content_type("application/xml").body(self.listed()));
        };
        if *request.method() == Method::PUT {
            let type_of = request.header("content-type").unwrap_or_default();
            assert_eq!(type_of, if key.ends_with(".jpg") { "image/jpeg" } else { "image/png" });
            let bytes = request.take_body().into_vec().await.unwrap();
            self.objects.lock().unwrap().insert(key.to_owned(), bytes);
            return Ok(Response::builder().header(header::ETAG, "\"1\"").finish());
        }
        let found = self.objects.lock().unwrap().get(key).cloned();
        Ok(match found {
            Some(bytes) => Response::builder()
                .header(header::ETAG, "\"1\"")
                .header(header::LAST_MODIFIED, WRITTEN)
                .header(header::CONTENT_LENGTH, bytes.len())
                .body(if *request.method() == Method::HEAD { Vec::new() } else { bytes }),
            None => Response::builder().status(StatusCode::NOT_FOUND).finish(),
        })
    }
}

impl Bucket {
    fn listed(&self) -> String {
        let objects = self.objects.lock().unwrap();
        let one = |(key, bytes): (&String, &Vec<u8>)| {
            let length = bytes.len();
            format!(
                "<Contents><Key>{key}</Key><LastModified>2026-11-24T10:00:00.000Z</LastModified><ETag>1</ETag><Size>{length}</Size></Contents>"
            )
        };
        let contents: String = objects.iter().map(one).collect();
        format!(
            "<?xml version=\"1.0\"?><ListBucketResult><Name>pictures</Name><IsTruncated>false</IsTruncated>{contents}</ListBucketResult>"
        )
    }

    /// Answers on loopback as long as the test runs.
    async fn serve(&self) -> S3 {
        let acceptor = TcpListener::bind("127.0.0.1:0").into_acceptor().await.unwrap();
        let address = acceptor.local_addr()[0].as_socket_addr().copied().unwrap();
        tokio::spawn(Server::new_with_acceptor(acceptor).run(self.clone()));
        S3 {
            bucket: "pictures".into(),
            region: "eu-west-3".into(),
            endpoint: Some(format!("http://{address}")),
            keys: Some(("desk".into(), Secret(SECRET.into()))),
        }
    }
}

fn photograph() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    RgbImage::from_fn(400, 300, |x, y| image::Rgb([x as u8, y as u8, 9]))
        .write_to(&mut bytes, ImageFormat::Jpeg)
        .unwrap();
    bytes.into_inner()
}

#[tokio::test]
async fn files_are_kept_found_read_and_listed() {
    let bucket = Bucket::default();
    let s3 = bucket.serve().await;
    assert!(!format!("{s3:?}").contains(SECRET));
    let files = Files::in_s3(&s3).unwrap();
    for name in ["demo/port.jpg", "demo/منارة.png"] {
        assert_eq!(files.look(name).await.unwrap(), None);
        assert_eq!(files.read(name).await.unwrap(), None);
        files.put(name, photograph().into()).await.unwrap();
        let look = files.look(name).await.unwrap().unwrap();
        assert_eq!(look.length, photograph().len() as u64);
        assert_eq!(look.changed.to_rfc2822(), "Tue, 24 Nov 2026 10:00:00 +0000");
        assert_eq!(files.read(name).await.unwrap().unwrap(), photograph());
    }
    let names: Vec<_> = files.all().await.unwrap().into_iter().map(|look| look.name).collect();
    assert!(names.contains(&"demo/port.jpg".to_owned()), "{names:?}");
    assert_eq!(names.len(), 2);
}

#[tokio::test]
async fn pictures_are_served_from_there_and_smaller_ones_are_made_once() {
    let bucket = Bucket::default();
    let files = Files::in_s3(&bucket.serve().await).unwrap();
    let name = format!("u12/12{}.jpg", "ab".repeat(31));
    files.put(&name, photograph().into()).await.unwrap();
    let data = tempfile::tempdir().unwrap();
    let site = Route::new().nest("/media", media(Workshop::new(files, 1), data.path())).boxed();
    let get = async |path: String| {
        let request = Request::builder().uri(path.parse().unwrap()).header("accept", "image/webp").finish();
        let (parts, body) = site.get_response(request).await.into_parts();
        (parts.status, parts.headers, body.into_vec().await.unwrap())
    };
    let (status, headers, bytes) = get(format!("/media/{name}")).await;
    assert_eq!((status, headers["content-type"].to_str().unwrap()), (StatusCode::OK, "image/jpeg"));
    assert_eq!(bytes, photograph());

    bucket.asked.lock().unwrap().clear();
    for _ in 0..3 {
        let (status, headers, bytes) = get(format!("/media/160/{name}")).await;
        assert_eq!((status, headers["content-type"].to_str().unwrap()), (StatusCode::OK, "image/webp"));
        assert_eq!(image::load_from_memory(&bytes).unwrap().width(), 160);
    }
    assert_eq!(*bucket.asked.lock().unwrap(), [format!("GET /pictures/{name}")], "the original is read once");
    assert_eq!(
        get(format!("/media/160/{}", name.replace("u12/12", "u13/13"))).await.0,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn storage_that_does_not_answer_is_a_fault_and_not_a_missing_picture() {
    let acceptor = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", acceptor.local_addr().unwrap());
    drop(acceptor);
    let s3 = S3 { endpoint: Some(endpoint), ..Bucket::default().serve().await };
    let data = tempfile::tempdir().unwrap();
    let site = Route::new().nest("/media", media(Workshop::new(Files::in_s3(&s3).unwrap(), 1), data.path()));
    for path in ["/media/demo/port.jpg", "/media/160/demo/port.jpg"] {
        let response = site.get_response(Request::builder().uri(path.parse().unwrap()).finish()).await;
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR, "{path}");
    }
}
