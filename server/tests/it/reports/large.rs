//! Many uploads of 50 megapixels at once: a real server keeps within the memory that its design promises.

use crate::process::Process;
use futures::future::join_all;
use image::{
    ImageFormat, Rgb, RgbImage,
    codecs::{
        jpeg::JpegEncoder,
        png::{CompressionType, FilterType, PngEncoder},
    },
};
use pictures::{MOST_MEMORY, memory};
use std::io::Cursor;

const MEGABYTE: i64 = 1024;
/// What all photos together may need, as docs/operations.md says it, and what twenty forms on the wire cost beside it: a
/// megabyte or two each, and files of 24 MB that the allocator keeps for the next. In megabytes, and by no estimate of the
/// code that is measured.
const PHOTOS: i64 = 640;
const BESIDE: i64 = 160;
/// What one ordinary photo of 50 megapixels may be said to need, in megabytes: its pixels, 151 MB, once whole and once
/// smaller, and its file.
const ORDINARY: i64 = 300;

/// A picture of 8192 x 6144 pixels with something to see all over.
fn large_picture() -> RgbImage {
    let byte = |n: u32| u8::try_from(n % 256).expect("a byte");
    RgbImage::from_fn(8192, 6144, |x, y| {
        Rgb([byte(x / 32 + y / 9), byte((x / 8) ^ (y / 8)), byte((x / 4).wrapping_mul(y / 4) >> 3)])
    })
}

/// It as a camera writes it.
fn large_photo() -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 90).encode_image(&large_picture()).expect("encoded");
    bytes
}

/// As large in the formats that cost more: a JPEG in several scans, PNG, WebP. A calmer picture, so that its file is one that is
/// taken.
fn other_formats() -> Vec<(&'static str, Vec<u8>)> {
    let byte = |n: u32| u8::try_from(n % 256).expect("a byte");
    let picture = RgbImage::from_fn(8192, 6144, |x, y| {
        let (x, y) = (x / 64, y / 64);
        Rgb([byte(2 * x + y), byte(7 * (x ^ y)), byte(x * y)])
    });
    let mut progressive = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut progressive, 85);
    encoder.set_progressive(true);
    encoder.encode(&picture, 8192, 6144, jpeg_encoder::ColorType::Rgb).expect("encoded");
    let mut png = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut png, CompressionType::Fast, FilterType::Up);
    picture.write_with_encoder(encoder).expect("encoded");
    let mut webp = Cursor::new(Vec::new());
    picture.write_to(&mut webp, ImageFormat::WebP).expect("encoded");
    vec![("a progressive JPEG", progressive), ("a PNG", png), ("a WebP", webp.into_inner())]
}

/// A running server, and a browser's cookie of it.
async fn server_and_device(client: &reqwest::Client) -> (Process, String) {
    let server = Process::start(&[]).await;
    let page = client.get(server.url("/report")).send().await.expect("a page");
    let cookies: Vec<&str> = page.headers().get_all("set-cookie").iter().map(|c| c.to_str().expect("text")).collect();
    let device = cookies.iter().find(|cookie| cookie.starts_with("linli_device=")).expect("a device").to_string();
    (server, device.split(';').next().expect("a cookie").to_owned())
}

/// Sends a photo, which is taken.
async fn upload(server: &Process, client: &reqwest::Client, device: &str, name: &str, photo: &axum::body::Bytes) {
    let request = client
        .post(server.url("/api/v1/photos"))
        .header("cookie", device)
        .header("origin", server.url(""))
        .header("content-type", FORM)
        .body(photo.clone());
    let answer = request.send().await.expect("an answer");
    let status = answer.status();
    let text = answer.text().await.expect("text");
    assert_eq!(status.as_u16(), 201, "{name}: {text}");
    let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!((json["width"].as_u64(), json["height"].as_u64()), (Some(2048), Some(1536)), "{name}");
}

const FORM: &str = "multipart/form-data; boundary=edge";

/// A multipart form with one file.
fn form(bytes: &[u8]) -> Vec<u8> {
    let head = b"--edge\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n";
    [&head[..], bytes, b"\r\n--edge--\r\n"].concat()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_uploads_of_fifty_megapixels_at_once_stay_within_the_bound() {
    const UPLOADS: usize = 20;
    let photo = tokio::task::spawn_blocking(large_photo).await.expect("made");
    let each = i64::try_from(memory(&photo).expect("one that is taken") / 1024).expect("kilobytes");
    eprintln!("{} MB as a file, {} MB to work on", photo.len() / 1024 / 1024, each / MEGABYTE);
    assert!(each <= ORDINARY * MEGABYTE, "one is said to need {} MB", each / MEGABYTE);
    let client = reqwest::Client::new();
    let (server, device) = server_and_device(&client).await;
    let idle = server.peak_kb();
    let body = axum::body::Bytes::from(form(&photo));
    join_all((0..UPLOADS).map(|_| upload(&server, &client, &device, "a JPEG", &body))).await;
    let grown = server.peak_kb() - idle;
    eprintln!("at rest {} MB, at most {} MB more", idle / MEGABYTE, grown / MEGABYTE);
    // Two are worked on at a time, each within its estimate; the others wait on disk.
    let bound = (2 * ORDINARY).min(PHOTOS) + BESIDE;
    assert!(grown < bound * MEGABYTE, "{} MB more than at rest, {bound} MB were promised", grown / MEGABYTE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_megapixels_in_the_costliest_formats_stay_within_the_bound() {
    assert_eq!(MOST_MEMORY, 640 * 1024 * 1024, "docs/operations.md says so");
    let photos = tokio::task::spawn_blocking(other_formats).await.expect("made");
    for (name, photo) in &photos {
        let needs = memory(photo).unwrap_or_else(|refused| panic!("{name} is refused: {refused}"));
        eprintln!("{name}: {} MB as a file, {} MB to work on", photo.len() / 1024 / 1024, needs / 1024 / 1024);
    }
    let client = reqwest::Client::new();
    let (server, device) = server_and_device(&client).await;
    let idle = server.peak_kb();
    let bodies: Vec<_> = photos.iter().map(|(name, photo)| (*name, axum::body::Bytes::from(form(photo)))).collect();
    // Two of each at once, in turns.
    let all = (0..2 * bodies.len()).map(|n| &bodies[n % bodies.len()]);
    join_all(all.map(|(name, body)| upload(&server, &client, &device, name, body))).await;
    let grown = server.peak_kb() - idle;
    eprintln!("at rest {} MB, at most {} MB more", idle / MEGABYTE, grown / MEGABYTE);
    assert!(grown < (PHOTOS + BESIDE) * MEGABYTE, "{} MB more than at rest", grown / MEGABYTE);
}

/// Begins an upload and sends so many bytes of its photo; the rest never comes.
async fn begin(server: &Process, device: &str, sent: usize) -> tokio::net::TcpStream {
    use tokio::io::AsyncWriteExt;
    let body = form(&vec![0xff; 4 * 1024 * 1024]);
    let head = format!(
        "POST /api/v1/photos HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\nCookie: {device}\r\nContent-Type: {FORM}\r\n\
         Content-Length: {1}\r\n\r\n",
        server.address,
        body.len()
    );
    let mut socket = tokio::net::TcpStream::connect(server.address).await.expect("connects");
    socket.write_all(head.as_bytes()).await.expect("sent");
    socket.write_all(&body[..sent]).await.expect("sent");
    socket
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_senders_cost_little_and_one_too_many_is_asked_to_come_again() {
    use tokio::io::AsyncReadExt;
    /// What `intake` reads at once.
    const READING: usize = 64;
    let server = Process::start(&[]).await;
    let device = format!("linli_device={}", "d".repeat(43));
    let before = server.resident_kb();
    let mut slow = Vec::new();
    for _ in 0..READING {
        slow.push(begin(&server, &device, 2 * 1024 * 1024).await);
    }
    let answer = async || {
        let mut socket = begin(&server, &device, 1000).await;
        let mut start = [0; 400];
        let read = socket.read(&mut start).await.expect("an answer");
        String::from_utf8_lossy(&start[..read]).into_owned()
    };
    // All of them have been read from by then.
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    let grown = server.resident_kb() - before;
    eprintln!("{READING} slow senders of two megabytes each: {} MB more", grown / MEGABYTE);
    assert!(grown < 128 * MEGABYTE, "they wait on disk: {grown} kB");
    let refused = answer().await;
    assert!(refused.starts_with("HTTP/1.1 429") && refused.to_lowercase().contains("retry-after: 10"), "{refused}");
    // Whoever is gone makes room at once.
    slow.clear();
    let mut taken = String::new();
    for _ in 0..50 {
        let answer = tokio::time::timeout(std::time::Duration::from_millis(300), answer()).await;
        match answer {
            // It is read from, and waits for the rest.
            Err(_) => return,
            Ok(answer) => taken = answer,
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("no room was made: {taken}");
}
