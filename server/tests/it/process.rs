//! The real binary as a process of its own: for races between servers, kills and measurements.

use std::{
    net::SocketAddr,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

/// A running server. It is killed when dropped.
pub struct Process {
    /// Where it listens.
    pub address: SocketAddr,
    child: Child,
    settings: Vec<(String, String)>,
    folder: tempfile::TempDir,
}

/// Name of the file that keeps the log, and of the setting that asks for it.
pub const LOG: &str = "LOG";

/// Longest wait for a server to be ready: the demo loads in a debug build on a busy machine.
const READY_WITHIN: Duration = Duration::from_secs(120);

impl Process {
    /// Starts a server with an own, empty SQLite database and no demo, unless `settings` say otherwise (`LINLI_…` and
    /// other variables).
    pub async fn start(settings: &[(&str, &str)]) -> Process {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let address = free_address();
        let settings: Vec<_> = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let child = spawn(&folder, address, &settings);
        let mut server = Process { address, child, settings, folder };
        server.wait_until_ready().await;
        server
    }

    /// What it has written to its log so far; begun with the setting `LOG` on, which is no setting of Linli's.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join(LOG)).unwrap_or_default()
    }

    /// Ends it as a power cut does (SIGKILL), whatever it is doing.
    pub fn kill(&mut self) {
        self.child.kill().expect("a running process");
        self.child.wait().expect("it has ended");
    }

    /// Starts it again after [`Process::kill`]: the same address, settings and folder.
    pub async fn start_again(&mut self) {
        self.child = spawn(&self.folder, self.address, &self.settings);
        self.wait_until_ready().await;
    }

    async fn wait_until_ready(&mut self) {
        let client = reqwest::Client::new();
        let ready = async {
            loop {
                if let Some(status) = self.child.try_wait().expect("a process") {
                    panic!("the server ended: {status}");
                }
                if let Ok(answer) = client.get(self.url("/readyz")).send().await
                    && answer.status().is_success()
                {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(READY_WITHIN, ready).await.expect("the server is ready in time");
    }

    /// The address of a page.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Resident memory in kB, as the system counts it.
    pub fn resident_kb(&self) -> i64 {
        self.memory_kb("VmRSS:")
    }

    /// The most resident memory that it ever had, in kB.
    pub fn peak_kb(&self) -> i64 {
        self.memory_kb("VmHWM:")
    }

    fn memory_kb(&self, name: &str) -> i64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("a running process");
        let line = status.lines().find(|line| line.starts_with(name)).expect("in the status");
        line.split_whitespace().nth(1).expect("a number").parse().expect("a number")
    }

    /// Waits until torn requests have been noticed and cleaned up.
    pub async fn settle(&self) {
        tokio::time::sleep(Duration::from_secs(2)).await;
        let answer = reqwest::get(self.url("/readyz")).await.expect("it still answers");
        assert!(answer.status().is_success(), "it is still well");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(folder: &tempfile::TempDir, address: SocketAddr, settings: &[(String, String)]) -> Child {
    let data = |name: &str| folder.path().join(name).display().to_string();
    // Servers that share a database share its secret: the one of `TestApp`.
    std::fs::write(data("secret"), [7; 32]).expect("written");
    let log = match settings.iter().any(|(name, _)| name == LOG) {
        true => Stdio::from(std::fs::File::create(folder.path().join(LOG)).expect("a file")),
        false => Stdio::inherit(),
    };
    Command::new(env!("CARGO_BIN_EXE_linli"))
        .arg("serve")
        .current_dir(folder.path())
        .env_clear()
        .env("RUST_LOG", "warn")
        .env("LINLI_LISTEN", address.to_string())
        .env("LINLI_METRICS_LISTEN", "off")
        .env("LINLI_DATABASE_URL", format!("sqlite://{}", data("linli.db")))
        .env("LINLI_BLOBS_URL", data("photos"))
        .env("LINLI_SECRET_FILE", data("secret"))
        .env("LINLI_SITE_DIR", site(folder))
        .envs(settings.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .expect("the binary starts")
}

/// A site folder with names only: these tests need no style and no script.
fn site(folder: &tempfile::TempDir) -> PathBuf {
    let site = folder.path().join("site");
    std::fs::create_dir_all(&site).expect("a folder");
    let names = r#"{"css":"/pkg/a.css","boot":"/pkg/a.js","js":"/pkg/b.js","wasm":"/pkg/b.wasm"}"#;
    std::fs::write(site.join("assets.json"), names).expect("written");
    site
}

pub fn free_address() -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address")
}

#[tokio::test]
async fn a_server_told_to_stop_finishes_what_it_began() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut server = Process::start(&[]).await;
    let body = "phone=12&next=%2F";
    let (first, second) = body.split_at(4);
    let mut socket = tokio::net::TcpStream::connect(server.address).await.expect("connects");
    let head = format!(
        "POST /login HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {1}\r\n\r\n{first}",
        server.address,
        body.len()
    );
    socket.write_all(head.as_bytes()).await.expect("half a request");
    tokio::time::sleep(Duration::from_millis(300)).await;
    let told = Command::new("kill").args(["-TERM", &server.child.id().to_string()]).status().expect("kill");
    assert!(told.success());
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(tokio::net::TcpStream::connect(server.address).await.is_err(), "it takes no new requests");
    socket.write_all(second.as_bytes()).await.expect("the other half");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 422"), "{answer}");
    let status = tokio::task::spawn_blocking(move || server.child.wait()).await.expect("joins").expect("a status");
    assert!(status.success(), "{status}");
}
