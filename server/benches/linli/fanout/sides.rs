//! The other sides: a provider of SMS, a push service and a mail server that fail every fifth time, and can be killed.

use anyhow::Context;
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode, Uri},
    routing::post,
};
use std::{
    collections::BTreeMap,
    net::{SocketAddr, TcpListener},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

/// What an other side was asked, and what it took: for whom, by the id it was told, how often.
#[derive(Default)]
pub struct Taken {
    asked: usize,
    by: BTreeMap<String, BTreeMap<String, usize>>,
}

impl Taken {
    /// Whether this request fails: every fifth does; every second of these breaks the line after it was taken.
    fn next(&mut self) -> (bool, bool) {
        self.asked += 1;
        (self.asked % 10 == 3, self.asked % 10 == 8)
    }

    fn take(&mut self, whom: &str, id: &str) {
        *self.by.entry(whom.to_owned()).or_default().entry(id.to_owned()).or_default() += 1;
    }

    /// Messages for somebody that the other side can tell from each other by their ids.
    pub fn different(&self, whom: &str) -> usize {
        self.by.get(whom).map_or(0, BTreeMap::len)
    }

    /// Messages for somebody, each counted.
    pub fn all(&self, whom: &str) -> usize {
        self.by.get(whom).map_or(0, |by| by.values().sum())
    }
}

type Shared = Arc<Mutex<Taken>>;

fn lock(taken: &Shared) -> MutexGuard<'_, Taken> {
    taken.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What an other side speaks.
#[derive(Clone, Copy)]
pub enum Kind {
    /// HTTP with JSON that says `to` and `id`.
    Sms,
    /// RFC 8030: the path says to whom, the topic which message.
    Push,
    /// SMTP.
    Mail,
}

/// An other side.
pub struct Side {
    kind: Kind,
    address: SocketAddr,
    taken: Shared,
    runtime: Option<tokio::runtime::Runtime>,
}

impl Side {
    /// Begins to listen somewhere on 127.0.0.1.
    pub fn start(kind: Kind) -> anyhow::Result<Side> {
        let address = ([127, 0, 0, 1], 0).into();
        let mut side = Side { kind, address, taken: Shared::default(), runtime: None };
        side.begin()?;
        Ok(side)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it took.
    pub fn taken(&self) -> MutexGuard<'_, Taken> {
        lock(&self.taken)
    }

    /// Begins to listen, where it listened before.
    pub fn begin(&mut self) -> anyhow::Result<()> {
        let listener = TcpListener::bind(self.address).context("where it listened before")?;
        listener.set_nonblocking(true)?;
        self.address = listener.local_addr()?;
        // A runtime of its own: ended, it breaks every connection.
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let (kind, taken) = (self.kind, self.taken.clone());
        runtime.spawn(async move {
            if let Err(error) = listen(kind, listener, taken).await {
                eprintln!("bench: an other side ended: {error:#}");
            }
        });
        self.runtime = Some(runtime);
        Ok(())
    }

    /// Kills it: nobody listens any more, and every connection breaks.
    pub fn kill(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Drop for Side {
    fn drop(&mut self) {
        self.kill();
    }
}

async fn listen(kind: Kind, listener: TcpListener, taken: Shared) -> anyhow::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    match kind {
        Kind::Sms => Ok(axum::serve(listener, Router::new().fallback(post(sms)).with_state(taken)).await?),
        Kind::Push => Ok(axum::serve(listener, Router::new().fallback(post(push)).with_state(taken)).await?),
        Kind::Mail => loop {
            let (stream, _) = listener.accept().await?;
            tokio::spawn(mail(stream, taken.clone()));
        },
    }
}

async fn sms(State(taken): State<Shared>, body: String) -> StatusCode {
    let text: serde_json::Value = serde_json::from_str(&body).unwrap_or_default();
    answer(&taken, text["to"].as_str().unwrap_or_default(), text["id"].as_str().unwrap_or_default())
}

async fn push(State(taken): State<Shared>, uri: Uri, headers: HeaderMap) -> StatusCode {
    let topic = headers.get("topic").and_then(|topic| topic.to_str().ok()).unwrap_or_default();
    answer(&taken, uri.path(), topic)
}

fn answer(taken: &Shared, whom: &str, id: &str) -> StatusCode {
    let (fails, breaks) = {
        let mut taken = lock(taken);
        let next = taken.next();
        if !next.0 {
            taken.take(whom, id);
        }
        next
    };
    if breaks {
        std::panic::resume_unwind(Box::new("the line breaks"));
    }
    if fails { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::CREATED }
}

/// As much of a mail server as takes letters; every fifth it asks to come again with.
async fn mail(stream: TcpStream, taken: Shared) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 bench\r\n").await?;
    let (mut line, mut whom) = (String::new(), String::new());
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let answer: &[u8] = match line.get(..4).unwrap_or_default().to_ascii_uppercase().as_str() {
            "RCPT" => {
                whom = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                let (fails, breaks) = lock(&taken).next();
                if fails || breaks { b"451 4.3.2 later\r\n" } else { b"250 ok\r\n" }
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                let mut id = String::new();
                loop {
                    line.clear();
                    if stream.read_line(&mut line).await? == 0 {
                        return Ok(());
                    }
                    if let Some(of) = line.strip_prefix("Message-ID: ") {
                        id = of.trim().to_owned();
                    }
                    if line == ".\r\n" {
                        break;
                    }
                }
                lock(&taken).take(&whom, &id);
                b"250 taken\r\n"
            }
            "QUIT" => {
                stream.write_all(b"221 bye\r\n").await?;
                return Ok(());
            }
            _ => b"250 ok\r\n",
        };
        stream.write_all(answer).await?;
    }
}
