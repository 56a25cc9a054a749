//! Photos: what is taken, what is refused, and what is left of them.

use super::*;
use crate::support::on_both;
use image::GenericImageView;
use server::{
    db::Engine,
    photos::{blobs::Variant, service},
};

/// Every piece of metadata in the fixtures holds this word.
const CANARY: &[u8] = b"CANARY";

/// Bytes that announce metadata, a second picture or a stowaway.
const MARKS: [&[u8]; 12] = [
    CANARY,
    b"Exif",
    b"http://ns.adobe.com",
    b"xmpmeta",
    b"Photoshop",
    b"8BIM",
    b"ICC_PROFILE",
    b"GPS",
    b"Example Phone",
    b"<script",
    b"PK\x03\x04",
    b"pwned",
];

fn holds(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

/// Segments of a JPEG before its scan: only the format's own are allowed.
fn segments(jpeg: &[u8]) -> Vec<u8> {
    let mut at = 2;
    let mut found = Vec::new();
    while jpeg[at] == 0xff && jpeg[at + 1] != 0xda {
        found.push(jpeg[at + 1]);
        at += 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
    }
    found
}

pub fn assert_clean(name: &str, jpeg: &[u8]) {
    for mark in MARKS {
        assert!(!holds(jpeg, mark), "{name} still holds {}", String::from_utf8_lossy(mark));
    }
    for segment in segments(jpeg) {
        // JFIF, quantisation, frame, Huffman. No other APPn, no comment.
        assert!(matches!(segment, 0xe0 | 0xdb | 0xc0 | 0xc2 | 0xc4), "{name} has a segment {segment:x}");
    }
    assert!(jpeg.ends_with(&[0xff, 0xd9]), "{name} goes on after its end");
    assert_exiftool_finds_nothing(name, jpeg);
}

/// What ExifTool sees: nothing but the format's own.
fn assert_exiftool_finds_nothing(name: &str, jpeg: &[u8]) {
    use std::io::Write;
    let child = std::process::Command::new("exiftool")
        .args(["-a", "-G1", "-s", "-"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn();
    let mut child = child.expect("exiftool: run tools/setup.sh test");
    child.stdin.take().expect("piped").write_all(jpeg).expect("written");
    let output = child.wait_with_output().expect("exiftool ends");
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let fine =
            ["[ExifTool]", "[File]", "[JFIF]", "[Composite]", "[System]"].iter().any(|group| line.starts_with(group));
        assert!(fine, "{name}: {line}");
    }
}

fn files_in(test: &TestApp) -> usize {
    fn walk(folder: &std::path::Path) -> usize {
        let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
        entries.flatten().map(|entry| if entry.path().is_dir() { walk(&entry.path()) } else { 1 }).sum()
    }
    let server::config::BlobsUrl::Folder(folder) = &test.app.config.blobs_url else { return 0 };
    walk(folder)
}

#[tokio::test]
async fn every_orientation_comes_out_upright_and_clean() {
    on_both(|test| async move {
        let mut resident = test.signed_in(RESIDENT).await;
        for n in 1..=8 {
            let name = format!("orientation-{n}.jpg");
            let sent =
                resident.post_files("/api/v1/photos", &[], &[("photo", &name, "image/jpeg", &fixture(&name))]).await;
            assert_eq!(sent.status, StatusCode::CREATED, "{name}: {}", sent.text());
            let id = sent.json()["id"].as_str().expect("an id").to_owned();
            for variant in [Variant::Full, Variant::Thumb] {
                let jpeg = test.app.blobs.get(&id, variant).await.expect("reads").expect("is there");
                assert_clean(&name, &jpeg);
                let picture = image::load_from_memory(&jpeg).expect("a picture");
                let (width, height) = picture.dimensions();
                assert_eq!((width, height), if variant == Variant::Full { (640, 480) } else { (480, 360) }, "{name}");
                let corner = |x: u32, y: u32| picture.get_pixel(x, y).0;
                let near = |pixel: [u8; 4], colour: [u8; 3]| pixel.iter().zip(colour).all(|(a, b)| a.abs_diff(b) < 24);
                let (right, bottom) = (width - 20, height - 20);
                let corners = [corner(20, 20), corner(right, 20), corner(20, bottom), corner(right, bottom)];
                let colours = [[220, 30, 30], [30, 170, 60], [40, 70, 210], [240, 210, 40]];
                for (pixel, colour) in corners.into_iter().zip(colours) {
                    assert!(near(pixel, colour), "{name}: {corners:?}");
                }
            }
        }
        assert_eq!(files_in(&test), 16);
    })
    .await;
}

#[tokio::test]
async fn png_webp_and_a_polyglot_lose_everything_but_their_pixels() {
    on_both(|test| async move {
        let mut resident = test.signed_in(RESIDENT).await;
        for name in ["gps.png", "photo.webp", "polyglot.jpg"] {
            // The name and the declared type say something else; the content decides.
            let sent =
                resident.post_files("/api/v1/photos", &[], &[("photo", "x.html", "text/html", &fixture(name))]).await;
            assert_eq!(sent.status, StatusCode::CREATED, "{name}: {}", sent.text());
            let sent = sent.json();
            assert_eq!(
                (sent["width"].as_u64(), sent["height"].as_u64()),
                (Some(320), Some(240)),
                "{name} stands upright"
            );
            let id = sent["id"].as_str().expect("an id");
            for variant in [Variant::Full, Variant::Thumb] {
                let jpeg = test.app.blobs.get(id, variant).await.expect("reads").expect("is there");
                assert_clean(name, &jpeg);
            }
        }
        // Nothing of the position is in the database either.
        let columns: Vec<(String, String)> =
            sqlx::query_as("SELECT id, sha256 FROM photo").fetch_all(test.app.db.read()).await.expect("photos");
        assert_eq!(columns.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn what_is_no_photo_gets_a_message_and_leaves_nothing_behind() {
    on_both(|test| async move {
        let mut resident = test.signed_in(RESIDENT).await;
        let large = vec![0xff; 40 * 1024 * 1024];
        let mut heic = b"\0\0\0\x18ftypheic\0\0\0\0".to_vec();
        heic.resize(2000, 0);
        let mut flipped = fixture("orientation-1.jpg");
        flipped.truncate(9000);
        let mut webp = fixture("photo.webp");
        webp.truncate(webp.len() / 2);
        let mut png = fixture("gps.png");
        png.truncate(png.len() / 2);
        let cases: [(&str, Vec<u8>, &str); 12] = [
            ("bomb.png", fixture("bomb.png"), "像素太多"),
            ("bomb-claims.jpg", fixture("bomb-claims.jpg"), "像素太多"),
            ("truncated.jpg", fixture("truncated.jpg"), "不完整"),
            ("cut.jpg", flipped, "不完整"),
            ("cut.webp", webp, "不完整"),
            ("cut.png", png, "不完整"),
            ("svg-as.jpg", fixture("svg-as.jpg"), "这不是照片"),
            ("html-as.jpg", fixture("html-as.jpg"), "这不是照片"),
            ("empty.jpg", fixture("empty.jpg"), "文件是空的"),
            ("large.jpg", large, "超过 25 MB"),
            ("phone.heic", heic, "兼容性最佳"),
            ("words.txt", b"GIF89a hello".to_vec(), "这不是照片"),
        ];
        for (n, (name, bytes, words)) in cases.iter().enumerate() {
            let api = resident.post_files("/api/v1/photos", &[], &[("photo", name, "image/jpeg", bytes)]).await;
            assert_eq!(api.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}: {}", api.text());
            assert!(
                api.json()["detail"].as_str().is_some_and(|detail| detail.contains(words)),
                "{name}: {}",
                api.text()
            );
            let form = resident.post_files("/report", &fields(&key(n)), &[("photos", name, "image/jpeg", bytes)]).await;
            assert_eq!(form.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
            assert!(form.text().contains(words) && form.text().contains("路灯三天没亮了"), "{name}: {}", form.text());
        }
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM photo").await, 0);
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM report").await, 0);
        assert_eq!(files_in(&test), 0);
    })
    .await;
}

#[tokio::test]
async fn nine_photos_and_no_more() {
    let test = TestApp::new(Engine::Sqlite).await;
    let mut resident = test.signed_in(RESIDENT).await;
    let photo = fixture("orientation-1.jpg");
    let files: Vec<(&str, &str, &str, &[u8])> =
        (0..11).map(|_| ("photos", "a.jpg", "image/jpeg", photo.as_slice())).collect();
    let answer = resident.post_files("/report", &fields(&key(1)), &files).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("最多 9 张照片"));
    assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM photo").await, 9);
    // The ninth is fine.
    let answer = resident.post_files("/report", &fields(&key(2)), &files[..9]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
}

#[tokio::test]
async fn unsent_photos_go_after_a_day_and_their_sender_may_take_them_back() {
    on_both(|test| async move {
        let mut resident = test.signed_in(RESIDENT).await;
        let photo = fixture("orientation-1.jpg");
        let mut ids = Vec::new();
        for _ in 0..2 {
            let sent = resident.post_files("/api/v1/photos", &[], &[("photo", "a.jpg", "image/jpeg", &photo)]).await;
            ids.push(sent.json()["id"].as_str().expect("an id").to_owned());
        }
        let path = format!("/api/v1/photos/{}", ids[0]);
        let delete = axum::http::Method::DELETE;
        let stranger = test.signed_in(NEIGHBOUR).await.send(delete.clone(), &path, None, Vec::new()).await;
        assert_eq!(stranger.status, StatusCode::NOT_FOUND);
        let own = resident.send(delete, &path, None, Vec::new()).await;
        assert_eq!(own.status, StatusCode::NO_CONTENT, "{}", own.text());
        assert_eq!(files_in(&test), 2);
        // A stranger cannot file with another's photo.
        let key = key(1);
        let mut theirs = fields(&key);
        theirs.push(("photo", &ids[1]));
        let answer = test.signed_in(NEIGHBOUR).await.post_files("/report", &theirs, &[]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        // What a report has stays; what was never sent goes.
        filed(&mut resident, "test-key-0000000-kept", 1).await;
        test.app.clock.advance(jiff::SignedDuration::from_hours(23));
        service::sweep_unsent(&test.app).await.expect("swept");
        assert_eq!(files_in(&test), 4);
        test.app.clock.advance(jiff::SignedDuration::from_hours(2));
        service::sweep_unsent(&test.app).await.expect("swept");
        assert_eq!(files_in(&test), 2);
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM photo").await, 1);
    })
    .await;
}

#[tokio::test]
async fn nobody_uploads_without_a_session_or_a_device() {
    let test = TestApp::new(Engine::Sqlite).await;
    let photo = fixture("orientation-1.jpg");
    let files: [(&str, &str, &str, &[u8]); 1] = [("photo", "a.jpg", "image/jpeg", &photo)];
    let mut visitor = test.visitor();
    assert_eq!(visitor.post_files("/api/v1/photos", &[], &files).await.status, StatusCode::UNAUTHORIZED);
    visitor.get("/report").await;
    assert_eq!(visitor.post_files("/api/v1/photos", &[], &files).await.status, StatusCode::CREATED);
}
