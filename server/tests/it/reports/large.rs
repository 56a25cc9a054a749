//! Twenty uploads of 50 megapixels at once: a real server keeps within the memory that its design promises.

use crate::process::Process;
use futures::future::join_all;
use image::{Rgb, RgbImage, codecs::jpeg::JpegEncoder};
use server::photos::pipeline::{MOST_MEMORY, memory};

const MEGABYTE: i64 = 1024;

/// A photo of 8192 x 6144 pixels with something to see all over.
fn large_photo() -> Vec<u8> {
    let byte = |n: u32| u8::try_from(n % 256).expect("a byte");
    let picture = RgbImage::from_fn(8192, 6144, |x, y| {
        Rgb([byte(x / 32 + y / 9), byte((x / 8) ^ (y / 8)), byte((x / 4).wrapping_mul(y / 4) >> 3)])
    });
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 90).encode_image(&picture).expect("encoded");
    bytes
}

/// A multipart form with one file.
fn form(bytes: &[u8]) -> (&'static str, Vec<u8>) {
    let head = b"--edge\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n";
    ("multipart/form-data; boundary=edge", [&head[..], bytes, b"\r\n--edge--\r\n"].concat())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_uploads_of_fifty_megapixels_at_once_stay_within_the_bound() {
    const UPLOADS: usize = 20;
    let photo = tokio::task::spawn_blocking(large_photo).await.expect("made");
    let each = i64::try_from(memory(&photo).expect("one that is taken") / 1024).expect("kilobytes");
    eprintln!("{} MB as a file, {} MB to work on", photo.len() / 1024 / 1024, each / MEGABYTE);
    let server = Process::start(&[]).await;
    let client = reqwest::Client::new();
    let page = client.get(server.url("/report")).send().await.expect("a page");
    let cookies: Vec<&str> = page.headers().get_all("set-cookie").iter().map(|c| c.to_str().expect("text")).collect();
    let device = cookies.iter().find(|cookie| cookie.starts_with("linli_device=")).expect("a device").to_string();
    let device = device.split(';').next().expect("a cookie").to_owned();
    let idle = server.peak_kb();
    let (kind, body) = form(&photo);
    let body = axum::body::Bytes::from(body);
    let uploads = (0..UPLOADS).map(async |_| {
        let request = client
            .post(server.url("/api/v1/photos"))
            .header("cookie", &device)
            .header("origin", server.url(""))
            .header("content-type", kind)
            .body(body.clone());
        let answer = request.send().await.expect("an answer");
        let status = answer.status();
        let text = answer.text().await.expect("text");
        assert_eq!(status.as_u16(), 201, "{text}");
        let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!((json["width"].as_u64(), json["height"].as_u64()), (Some(2048), Some(1536)));
    });
    join_all(uploads).await;
    let grown = server.peak_kb() - idle;
    eprintln!("at rest {} MB, at most {} MB more", idle / MEGABYTE, grown / MEGABYTE);
    // Two are worked on at a time, each within its estimate; the others wait on disk. What is left over is for twenty
    // forms on the wire, a megabyte or two each, and for files of 24 MB that the allocator keeps for the next.
    let bound = (2 * each).min(i64::try_from(MOST_MEMORY / 1024).expect("kilobytes")) + 160 * MEGABYTE;
    assert!(grown < bound, "{} MB more than at rest, {} MB were promised", grown / MEGABYTE, bound / MEGABYTE);
}

/// Begins an upload and sends so many bytes of its photo; the rest never comes.
async fn begin(server: &Process, device: &str, sent: usize) -> tokio::net::TcpStream {
    use tokio::io::AsyncWriteExt;
    let (kind, body) = form(&vec![0xff; 4 * 1024 * 1024]);
    let head = format!(
        "POST /api/v1/photos HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\nCookie: {device}\r\nContent-Type: {kind}\r\n\
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
