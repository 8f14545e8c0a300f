//! Pictures as browsers ask for them, and as nobody should.

use std::io::Cursor;

use futures_util::future::join_all;
use image::{ImageFormat, ImageReader, RgbImage, RgbaImage};
use masthead_persistence::media::Files;
use poem::EndpointExt;
use poem::Route;
use poem::endpoint::BoxEndpoint;
use tempfile::TempDir;

use super::*;

/// A data directory with a photograph of 1000 by 500, one upright of 300 by 900, a sign with holes, and secrets.
fn data() -> TempDir {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().join(FOLDER);
    std::fs::create_dir_all(folder.join("2026")).unwrap();
    std::fs::create_dir_all(folder.join("demo")).unwrap();
    let gradient =
        |w: u32, h: u32| RgbImage::from_fn(w, h, |x, y| image::Rgb([(x % 256) as u8, (y % 256) as u8, 90]));
    gradient(1000, 500).save(folder.join("demo/port.jpg")).unwrap();
    gradient(300, 900).save(folder.join("منارة.jpg")).unwrap();
    RgbaImage::from_fn(400, 400, |x, _| image::Rgba([200, 30, 30, if x < 200 { 0 } else { 255 }]))
        .save(folder.join("sign.png"))
        .unwrap();
    std::fs::write(folder.join("broken.jpg"), b"\xff\xd8\xff\xe0 no picture").unwrap();
    std::fs::write(folder.join("2026/within.jpg"), b"x").unwrap();
    std::fs::write(folder.join("page.html"), b"<script>").unwrap();
    std::fs::write(data.path().join("secret.jpg"), b"secret").unwrap();
    data
}

fn served(data: &TempDir) -> BoxEndpoint<'static, Response> {
    Route::new().nest("/media", media(workshop(data), data.path())).boxed()
}

fn workshop(data: &TempDir) -> Workshop {
    Workshop::new(Files::in_folder(&data.path().join(FOLDER)).unwrap(), 1)
}

async fn send(
    site: &BoxEndpoint<'static, Response>,
    method: Method,
    path: &str,
    held: Option<&str>,
) -> Response {
    let mut request = Request::builder().method(method).uri(path.parse().unwrap());
    if let Some(tag) = held {
        request = request.header(header::IF_NONE_MATCH, tag);
    }
    site.get_response(request.finish()).await
}

async fn get(site: &BoxEndpoint<'static, Response>, path: &str) -> (StatusCode, HeaderMap, Vec<u8>) {
    let (parts, body) = send(site, Method::GET, path, None).await.into_parts();
    (parts.status, parts.headers, body.into_vec().await.unwrap())
}

fn size_of(bytes: &[u8]) -> (Option<ImageFormat>, u32, u32) {
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().unwrap();
    let format = reader.format();
    let (width, height) = reader.into_dimensions().unwrap();
    (format, width, height)
}

#[tokio::test]
async fn the_original_and_every_width_below_it() {
    let data = data();
    let site = served(&data);
    for (path, width, height) in [
        ("/media/demo/port.jpg", 1000, 500),
        ("/media/160/demo/port.jpg", 160, 80),
        ("/media/960/demo/port.jpg", 960, 480),
        ("/media/1600/demo/port.jpg", 1000, 500), // never made larger
        ("/media/160/%D9%85%D9%86%D8%A7%D8%B1%D8%A9.jpg", 160, 480),
        ("/media/320/%d9%85%d9%86%d8%a7%d8%b1%d8%a9.jpg", 300, 900),
    ] {
        for _ in 0..2 {
            let (status, headers, bytes) = get(&site, path).await;
            assert_eq!(status, StatusCode::OK, "{path}");
            assert_eq!(size_of(&bytes), (Some(ImageFormat::Jpeg), width, height), "{path}");
            assert_eq!(headers[header::CONTENT_TYPE], "image/jpeg");
            assert_eq!(headers[header::CONTENT_LENGTH], bytes.len().to_string());
            assert_eq!(headers[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
        }
    }
    let (_, headers, bytes) = get(&site, "/media/160/sign.png").await;
    assert_eq!(
        (headers[header::CONTENT_TYPE].to_str().unwrap(), size_of(&bytes).0),
        ("image/png", Some(ImageFormat::Png))
    );
    let sign = image::load_from_memory(&bytes).unwrap().into_rgba8();
    assert_eq!((sign.get_pixel(10, 80).0[3], sign.get_pixel(150, 80).0[3]), (0, 255), "holes stay holes");
}

#[tokio::test]
async fn what_a_browser_has_is_not_sent_again() {
    let data = data();
    let site = served(&data);
    let mut tags = Vec::new();
    for path in ["/media/demo/port.jpg", "/media/160/demo/port.jpg", "/media/320/demo/port.jpg"] {
        let (_, headers, _) = get(&site, path).await;
        let tag = headers[header::ETAG].to_str().unwrap().to_owned();
        let again = send(&site, Method::GET, path, Some(&tag)).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(again.headers()[header::ETAG], *tag);
        assert!(again.into_body().into_vec().await.unwrap().is_empty());
        tags.push(tag);
    }
    assert!(tags[0] != tags[1] && tags[1] != tags[2], "{tags:?}");
    let other = send(&site, Method::GET, "/media/160/demo/port.jpg", Some(&tags[0])).await;
    assert_eq!(other.status(), StatusCode::OK);
}

#[tokio::test]
async fn nothing_else_is_there() {
    let data = data();
    let site = served(&data);
    get(&site, "/media/160/demo/port.jpg").await;
    for path in [
        "/media",
        "/media/",
        "/media/missing.jpg",
        "/media/demo",
        "/media/demo/",
        "/media/160",
        "/media/160/",
        "/media/page.html",
        "/media/broken.svg",
        "/media//demo/port.jpg",
        "/media/demo//port.jpg",
        // Widths that are not on offer, in whatever spelling.
        "/media/161/demo/port.jpg",
        "/media/0160/demo/port.jpg",
        "/media/0/demo/port.jpg",
        "/media/-160/demo/port.jpg",
        "/media/1e3/demo/port.jpg",
        "/media/99999999999999999999/demo/port.jpg",
        "/media/160/160/demo/port.jpg",
        "/media/2026/within.jpg",
        // Out of the folder.
        "/media/../secret.jpg",
        "/media/..%2fsecret.jpg",
        "/media/%2e%2e/secret.jpg",
        "/media/%2e%2e%2fsecret.jpg",
        "/media/demo/../../secret.jpg",
        "/media/demo/..%2f..%2fsecret.jpg",
        "/media/demo%2fport.jpg",
        "/media/160/..%2f..%2fsecret.jpg",
        "/media/..%5csecret.jpg",
        "/media/%252e%252e/secret.jpg",
        "/media/%2fetc%2fpasswd.jpg",
        "/media/demo/port.jpg%00.png",
        "/media/demo/port.jpg%00",
        "/media/%20demo/port.jpg",
    ] {
        let (status, _, body) = get(&site, path).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert!(!String::from_utf8_lossy(&body).contains("secret"), "{path}");
    }
    // No text at all: refused before it comes here.
    assert!(get(&site, "/media/%ff%fe.jpg").await.0.is_client_error());
    let long = format!("/media/{}.jpg", "%D9%85".repeat(199));
    assert_eq!(get(&site, &long).await.0, StatusCode::NOT_FOUND, "longer than a file's name can be");
}

#[tokio::test]
async fn pictures_are_only_read() {
    let data = data();
    let site = served(&data);
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS] {
        let response = send(&site, method.clone(), "/media/demo/port.jpg", None).await;
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED, "{method}");
        assert_eq!(response.headers()[header::ALLOW], "GET, HEAD");
    }
    assert_eq!(send(&site, Method::HEAD, "/media/demo/port.jpg", None).await.status(), StatusCode::OK);
    assert!(data.path().join("media/demo/port.jpg").exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_first_requests_make_one_file() {
    let data = data();
    let site = std::sync::Arc::new(served(&data));
    let asking = (0..20).map(|_| {
        let site = site.clone();
        tokio::spawn(async move { get(&site, "/media/640/demo/port.jpg").await })
    });
    let mut bodies = Vec::new();
    for answer in join_all(asking).await {
        let (status, _, bytes) = answer.unwrap();
        assert_eq!(status, StatusCode::OK);
        bodies.push(bytes);
    }
    assert!(bodies.iter().all(|bytes| *bytes == bodies[0]));
    let kept: Vec<_> = std::fs::read_dir(data.path().join("media-cache/640/demo")).unwrap().collect();
    assert_eq!(kept.len(), 1, "{kept:?}: nothing half-made is left");
}

#[tokio::test]
async fn the_kept_sizes_may_be_removed_and_follow_the_original() {
    let data = data();
    let site = served(&data);
    let path = "/media/320/demo/port.jpg";
    let (_, headers, first) = get(&site, path).await;
    std::fs::remove_dir_all(data.path().join("media-cache")).unwrap();
    assert_eq!(get(&site, path).await.2, first);
    // After a restart the file that is there is taken.
    let restarted = served(&data);
    assert_eq!(get(&restarted, path).await.2, first);
    // Another picture under the name, as an operator may put one there.
    let original = data.path().join("media/demo/port.jpg");
    RgbImage::from_pixel(1000, 250, image::Rgb([0, 0, 0])).save(&original).unwrap();
    let later = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(4_000_000_000);
    std::fs::File::options().write(true).open(&original).unwrap().set_modified(later).unwrap();
    let (_, changed, second) = get(&site, path).await;
    assert_eq!(size_of(&second), (Some(ImageFormat::Jpeg), 320, 80));
    assert_ne!(changed[header::ETAG], headers[header::ETAG]);
}

#[tokio::test]
async fn a_picture_that_cannot_be_made_smaller_is_sent_as_it_is() {
    let data = data();
    let site = served(&data);
    let (status, _, bytes) = get(&site, "/media/160/broken.jpg").await;
    assert_eq!((status, bytes.starts_with(b"\xff\xd8\xff\xe0 no")), (StatusCode::OK, true));
    // Nowhere to keep it: a file stands where the folder would be.
    std::fs::remove_dir_all(data.path().join("media-cache")).ok();
    std::fs::write(data.path().join("media-cache"), b"").unwrap();
    let (status, _, bytes) = get(&site, "/media/160/demo/port.jpg").await;
    assert_eq!((status, size_of(&bytes).1), (StatusCode::OK, 1000));
}

/// Sends a request that says what it takes.
async fn get_as(
    site: &BoxEndpoint<'static, Response>,
    path: &str,
    accept: &str,
) -> (StatusCode, HeaderMap, Vec<u8>) {
    let request = Request::builder().uri(path.parse().unwrap()).header(header::ACCEPT, accept).finish();
    let (parts, body) = site.get_response(request).await.into_parts();
    (parts.status, parts.headers, body.into_vec().await.unwrap())
}

#[tokio::test]
async fn those_who_take_webp_get_it_and_caches_are_told() {
    let data = data();
    let site = served(&data);
    let browser = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8";
    let mut tags = std::collections::BTreeSet::new();
    for (path, accept, content_type) in [
        ("/media/160/demo/port.jpg", browser, "image/webp"),
        ("/media/160/demo/port.jpg", "image/png, image/*;q=0.5", "image/jpeg"),
        ("/media/160/demo/port.jpg", "image/webp;q=0, */*", "image/jpeg"),
        ("/media/160/sign.png", browser, "image/webp"),
        ("/media/160/sign.png", "*/*", "image/png"),
        ("/media/demo/port.jpg", browser, "image/jpeg"),
        ("/media/1600/demo/port.jpg", browser, "image/jpeg"), // no wider: the original
    ] {
        let (status, headers, bytes) = get_as(&site, path, accept).await;
        assert_eq!(
            (status, headers[header::CONTENT_TYPE].to_str().unwrap()),
            (StatusCode::OK, content_type),
            "{path} {accept}"
        );
        assert_eq!(size_of(&bytes).0.unwrap().to_mime_type(), content_type);
        let at_a_width = path.starts_with("/media/1");
        assert_eq!(
            headers.get(header::VARY).map(|vary| vary.to_str().unwrap()),
            at_a_width.then_some("Accept")
        );
        let tag = headers[header::ETAG].to_str().unwrap().to_owned();
        assert!(tag.starts_with('"'), "strong");
        let again = Request::builder().uri(path.parse().unwrap()).header(header::ACCEPT, accept);
        let again = site.get_response(again.header(header::IF_NONE_MATCH, &tag).finish()).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(again.headers().contains_key(header::VARY), at_a_width);
        tags.insert(tag);
    }
    assert_eq!(tags.len(), 6, "JPEG for one who takes no WebP is the same twice: {tags:?}");
}

#[tokio::test]
async fn entries_of_the_same_bytes_have_one_file_and_one_set_of_sizes() {
    use masthead_domain::media::UploadName;
    let data = data();
    let name = UploadName::new(&[0x12; 32], PictureKind::Jpeg);
    let workshop = workshop(&data);
    let photograph = std::fs::read(data.path().join("media/demo/port.jpg")).unwrap();
    workshop.files().put(&name.file(), photograph.clone().into()).await.unwrap();
    let site = Route::new().nest("/media", media(workshop, data.path())).boxed();
    let mut tags = std::collections::BTreeSet::new();
    for number in [1, 2, 17] {
        let (status, headers, bytes) = get(&site, &format!("/media/{}", name.entry(number))).await;
        assert_eq!((status, &bytes), (StatusCode::OK, &photograph));
        tags.insert(headers[header::ETAG].clone().to_str().unwrap().to_owned());
        let (status, _, bytes) = get(&site, &format!("/media/160/{}", name.entry(number))).await;
        assert_eq!((status, size_of(&bytes).1), (StatusCode::OK, 160));
    }
    assert_eq!(tags.len(), 1);
    assert_eq!(std::fs::read_dir(data.path().join("media-cache/160/u12")).unwrap().count(), 1);
    let missing = UploadName::new(&[0x13; 32], PictureKind::Jpeg).file();
    for path in [format!("/media/{missing}"), format!("/media/160/{missing}")] {
        assert_eq!(get(&site, &path).await.0, StatusCode::NOT_FOUND);
    }
    // It may still come.
    std::fs::create_dir_all(data.path().join("media/u13")).unwrap();
    std::fs::write(data.path().join("media").join(&missing), &photograph).unwrap();
    assert_eq!(get(&site, &format!("/media/160/{missing}")).await.0, StatusCode::OK);
}

#[tokio::test]
async fn too_many_at_once_are_told_to_come_again() {
    let data = data();
    let workshop = workshop(&data);
    // More pictures than there are places for, none of which is done before `hold` is dropped.
    let (hold, held) = std::sync::mpsc::channel::<()>();
    let held = std::sync::Arc::new(std::sync::Mutex::new(held));
    let job = || {
        let (workshop, held) = (workshop.clone(), held.clone());
        tokio::spawn(async move {
            workshop
                .work(move || {
                    let _ = held.lock().unwrap().recv();
                })
                .await
                .is_ok()
        })
    };
    let jobs: Vec<_> = (0..1_000).map(|_| job()).collect();
    // The first that ends is one that found no place; what is asked before that would wait for `hold`.
    while !jobs.iter().any(tokio::task::JoinHandle::is_finished) {
        tokio::task::yield_now().await;
    }
    let site = Route::new().nest("/media", media(workshop.clone(), data.path())).boxed();
    let busy = send(&site, Method::GET, "/media/160/demo/port.jpg", None).await;
    assert_eq!(busy.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(busy.headers()[header::RETRY_AFTER], "5");
    assert_eq!(send(&site, Method::GET, "/media/demo/port.jpg", None).await.status(), StatusCode::OK);
    drop(hold);
    let done = join_all(jobs).await.into_iter().filter(|done| *done.as_ref().unwrap()).count();
    assert!((200..400).contains(&done), "{done}");
    assert_eq!(send(&site, Method::GET, "/media/160/demo/port.jpg", None).await.status(), StatusCode::OK);
}
