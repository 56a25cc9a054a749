//! Photos in S3: the same store, spoken to over the real protocol, by a server over a folder.

use crate::s3_server::{BUCKET, KEY, Mood, SECRET, serve};
use object_store::aws::AmazonS3Builder;
use server::photos::{Blobs, blobs::Variant};

async fn s3_server(folder: &std::path::Path) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let folder = folder.to_owned();
    tokio::spawn(async move { serve(listener, &folder, Mood::default()).await });
    format!("http://{address}")
}

fn blobs(endpoint: &str, secret: &str) -> Blobs {
    let builder = AmazonS3Builder::new()
        .with_endpoint(endpoint)
        .with_region("us-east-1")
        .with_allow_http(true)
        .with_access_key_id(KEY)
        .with_secret_access_key(secret);
    Blobs::s3(builder, BUCKET, "community").expect("a store")
}

#[tokio::test]
async fn photos_are_kept_read_and_removed_over_s3() {
    let folder = tempfile::tempdir().expect("a folder");
    let endpoint = s3_server(folder.path()).await;
    let blobs = blobs(&endpoint, SECRET);
    blobs.ping().await.expect("answers");
    assert_eq!(blobs.get("0190-a", Variant::Full).await.expect("answers"), None);
    blobs.put("0190-a", Variant::Full, b"full".to_vec()).await.expect("stored");
    blobs.put("0190-a", Variant::Thumb, b"thumb".to_vec()).await.expect("stored");
    assert_eq!(blobs.get("0190-a", Variant::Full).await.expect("answers"), Some(b"full".to_vec()));
    assert!(folder.path().join("photos/community/photos").is_dir(), "under the prefix");
    blobs.delete("0190-a").await.expect("removed");
    blobs.delete("0190-a").await.expect("removing twice is fine");
    assert_eq!(blobs.get("0190-a", Variant::Thumb).await.expect("answers"), None);
}

#[tokio::test]
async fn a_wrong_key_is_an_error_and_not_an_empty_store() {
    let folder = tempfile::tempdir().expect("a folder");
    let endpoint = s3_server(folder.path()).await;
    assert!(blobs(&endpoint, "wrong").ping().await.is_err());
}
