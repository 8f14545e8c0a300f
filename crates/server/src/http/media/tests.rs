//! Pictures as browsers ask for them, and as nobody should.

use std::io::Cursor;

use futures_util::future::join_all;
use image::{DynamicImage, ImageFormat, ImageReader, RgbImage, RgbaImage};
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
    Route::new().nest("/media", media(data.path())).boxed()
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

#[test]
fn a_picture_is_turned_upright_and_loses_what_its_camera_wrote() {
    use image::ImageEncoder;
    use image::codecs::jpeg::JpegEncoder;
    // An Exif block (TIFF, big-endian) that says: turn by 90 degrees clockwise, and names a camera's maker.
    let exif = [
        &b"MM\0\x2a\0\0\0\x08\0\x02"[..],
        b"\x01\x0f\0\x02\0\0\0\x04Mkr\0",
        b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0",
        b"\0\0\0\0",
    ]
    .concat();
    let mut photograph = Vec::new();
    let mut encoder = JpegEncoder::new(&mut photograph);
    encoder.set_exif_metadata(exif).unwrap();
    // Lying: 800 by 400, its left half white. Upright: 400 by 800, its upper half white.
    let lying = RgbImage::from_fn(800, 400, |x, _| image::Rgb(if x < 400 { [255; 3] } else { [0; 3] }));
    DynamicImage::ImageRgb8(lying).write_with_encoder(encoder).unwrap();
    assert!(photograph.windows(3).any(|bytes| bytes == b"Mkr"));

    let small = resize::resize(&photograph, Ending::Jpeg, 160).unwrap().unwrap();
    assert_eq!(size_of(&small), (Some(ImageFormat::Jpeg), 160, 320));
    let upright = image::load_from_memory(&small).unwrap().into_luma8();
    assert!(upright.get_pixel(80, 40).0[0] > 240 && upright.get_pixel(80, 280).0[0] < 15);
    assert!(!small.windows(3).any(|bytes| bytes == b"Mkr"));
    assert_eq!(resize::resize(&photograph, Ending::Jpeg, 400).unwrap(), None, "upright it is 400 wide");
}

#[test]
fn a_picture_that_unpacks_to_too_much_is_not_unpacked() {
    // A PNG that says it has 16,000 by 16,000 pixels, and hardly any data.
    let side = 16_000_u32.to_be_bytes();
    let header = [&side[..], &side, &[8, 6, 0, 0, 0]].concat();
    let bomb = [&b"\x89PNG\r\n\x1a\n"[..], &chunk(b"IHDR", &header), &chunk(b"IDAT", b"\x78\x9c")].concat();
    let refused = resize::resize(&bomb, Ending::Png, 160);
    assert!(matches!(refused, Err(image::ImageError::Limits(_))), "{refused:?}");
}

/// A chunk of a PNG: length, kind, data, checksum.
fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    let checked = [&kind[..], data].concat();
    [&length[..], &checked, &crc32(&checked).to_be_bytes()].concat()
}

/// CRC-32 as PNG has it.
fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
        }
    }
    !crc
}
