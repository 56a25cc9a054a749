//! A line between a server and what it talks to, which can be cut, held or led elsewhere.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU16, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
    task::{JoinHandle, JoinSet},
};

/// A line from a port of 127.0.0.1 to another.
pub struct Wire {
    /// Where it begins.
    pub port: u16,
    to: Arc<AtomicU16>,
    held: watch::Sender<bool>,
    line: Option<JoinHandle<()>>,
}

impl Wire {
    /// A line to this port.
    pub async fn to(port: u16) -> Wire {
        let mut wire = Wire { port: 0, to: Arc::new(AtomicU16::new(port)), held: watch::channel(false).0, line: None };
        wire.mend().await;
        wire
    }

    /// From now on it leads to another port; what is connected stays so.
    pub fn lead_to(&self, port: u16) {
        self.to.store(port, Ordering::SeqCst);
    }

    /// Connections break, and new ones are refused.
    pub async fn cut(&mut self) {
        let line = self.line.take().expect("a line that is whole");
        line.abort();
        let _ = line.await;
    }

    /// It is whole again.
    pub async fn mend(&mut self) {
        let address = SocketAddr::from(([127, 0, 0, 1], self.port));
        let listener = TcpListener::bind(address).await.expect("the port");
        self.port = listener.local_addr().expect("an address").port();
        let (to, held) = (self.to.clone(), self.held.subscribe());
        self.line = Some(tokio::spawn(async move {
            // Goes with this task, and with it every connection.
            let mut connections = JoinSet::new();
            while let Ok((near, _)) = listener.accept().await {
                let (to, held) = (to.load(Ordering::SeqCst), held.clone());
                connections.spawn(connect(near, to, held));
            }
        }));
    }

    /// Nothing goes through any more, and nobody is told: as when a machine is gone or a cable is pulled.
    pub fn hold(&self) {
        self.held.send_replace(true);
    }

    /// What was held goes on.
    pub fn let_go(&self) {
        self.held.send_replace(false);
    }
}

async fn connect(near: TcpStream, to: u16, held: watch::Receiver<bool>) {
    let mut held_here = held.clone();
    let _ = held_here.wait_for(|held| !held).await;
    let Ok(far) = TcpStream::connect(("127.0.0.1", to)).await else { return };
    let _ = (near.set_nodelay(true), far.set_nodelay(true));
    let (near_read, near_write) = near.into_split();
    let (far_read, far_write) = far.into_split();
    tokio::select! {
        () = pump(near_read, far_write, held.clone()) => {}
        () = pump(far_read, near_write, held) => {}
    }
}

async fn pump(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut held: watch::Receiver<bool>) {
    let mut bytes = vec![0; 16 * 1024];
    loop {
        let Ok(count @ 1..) = from.read(&mut bytes).await else { return };
        if held.wait_for(|held| !held).await.is_err() || to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
}

/// Waits until it is so, at most so long.
pub async fn within<F: AsyncFnMut() -> bool>(longest: Duration, what: &str, mut so: F) -> Duration {
    let begun = tokio::time::Instant::now();
    while !so().await {
        assert!(begun.elapsed() < longest, "{what}: not within {longest:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    begun.elapsed()
}
