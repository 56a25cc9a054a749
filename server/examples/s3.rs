//! An S3 server over a folder, for `make cluster`: `s3 <address> <folder>`. It reads its mood from standard input, a word a
//! line: `well`, `broken`, or `slow <milliseconds>`.

#[path = "../tests/it/s3_server.rs"]
mod s3_server;

use s3_server::{Mood, serve};
use std::{io::BufRead, path::Path, time::Duration};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [address, folder] = &arguments[..] else { anyhow::bail!("usage: s3 <address> <folder>") };
    let mood = Mood::default();
    let told = mood.clone();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            let mut words = line.split_whitespace();
            match (words.next(), words.next().and_then(|word| word.parse().ok())) {
                (Some("well"), _) => told.well(),
                (Some("broken"), _) => told.broken(),
                (Some("slow"), Some(milliseconds)) => told.slow(Duration::from_millis(milliseconds)),
                _ => {}
            }
        }
    });
    serve(tokio::net::TcpListener::bind(address).await?, Path::new(folder), mood).await?;
    Ok(())
}
