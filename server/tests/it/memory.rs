//! Memory does not grow when requests are aborted half-way: a real server, 10,000 torn connections.

use crate::process::Process;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};

/// Requests torn before the measurement begins: pools and caches fill.
const WARM_UP: usize = 2_000;
/// Requests torn between the two measurements.
const TORN: usize = 10_000;
/// Growth allowed: far below one kilobyte a request, above the noise of the allocator. A leaked owner of a page
/// would be tens of kilobytes.
const ALLOWED_KB: i64 = 8_000;

async fn tear(address: std::net::SocketAddr, n: usize) {
    let Ok(mut socket) = TcpStream::connect(address).await else { return };
    let _ = socket.set_zero_linger();
    let path = ["/notices", "/login", "/services", "/offline"][n % 4];
    let request = format!("GET {path} HTTP/1.1\r\nHost: linli.test\r\n\r\n");
    if socket.write_all(request.as_bytes()).await.is_err() {
        return;
    }
    match n % 3 {
        // Gone at once; gone while the server works; gone in the middle of the answer.
        0 => {}
        1 => tokio::time::sleep(std::time::Duration::from_millis(2)).await,
        _ => {
            let mut first = [0; 64];
            let _ = socket.read(&mut first).await;
        }
    }
}

async fn tear_many(address: std::net::SocketAddr, count: usize) {
    let mut tasks = JoinSet::new();
    for n in 0..count {
        if tasks.len() >= 24 {
            tasks.join_next().await;
        }
        tasks.spawn(tear(address, n));
    }
    while tasks.join_next().await.is_some() {}
}

#[tokio::test]
async fn torn_requests_leave_nothing_behind() {
    let server = Process::start(&[]).await;
    tear_many(server.address, WARM_UP).await;
    server.settle().await;
    let before = server.resident_kb();
    tear_many(server.address, TORN).await;
    server.settle().await;
    let grown = server.resident_kb() - before;
    eprintln!("resident: {before} kB, grown by {grown} kB over {TORN} torn requests");
    assert!(grown < ALLOWED_KB, "grew by {grown} kB over {TORN} torn requests");
}
