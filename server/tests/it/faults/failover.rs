//! The primary of PostgreSQL is killed under load, and its synchronous standby takes its place: nothing that was answered is
//! lost, and the servers go on by themselves.

use super::{lives, load::Load, long, server, truth, wire::Wire};
use crate::support::TestApp;
use server::db::Engine;
use std::{path::Path, sync::atomic::Ordering, time::Duration};
use tokio::time::Instant;

/// Two PostgreSQL servers, made by `tools/pair.sh`.
struct Pair {
    folder: tempfile::TempDir,
    ports: [u16; 2],
}

const NAMES: [&str; 2] = ["a", "b"];

impl Pair {
    async fn start() -> Pair {
        let free =
            || std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port();
        let pair = Pair { folder: tempfile::tempdir().expect("a folder"), ports: [free(), free()] };
        let [one, two] = pair.ports.map(|port| port.to_string());
        pair.tool("start", &[&one, &two]).await;
        pair
    }

    async fn tool(&self, what: &str, more: &[&str]) {
        let mut command = tokio::process::Command::new(tool());
        let done = command.arg(what).arg(self.folder.path()).args(more).output().await.expect("tools/pair.sh");
        assert!(done.status.success(), "{what}: {}", String::from_utf8_lossy(&done.stderr));
    }
}

impl Drop for Pair {
    fn drop(&mut self) {
        let _ = std::process::Command::new(tool()).arg("stop").arg(self.folder.path()).status();
    }
}

fn tool() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../tools/pair.sh"))
}

/// Waits until so many more answers have been given.
pub async fn answers(load: &Load<'_>, more: usize) {
    let until = load.answers.load(Ordering::SeqCst) + more;
    while load.answers.load(Ordering::SeqCst) < until {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_standby_takes_the_place_of_a_killed_primary_and_nothing_answered_is_lost() {
    let pair = Pair::start().await;
    let mut wire = Wire::to(pair.ports[0]).await;
    let url = format!("postgres://linli@127.0.0.1:{}/postgres", wire.port);
    let test = TestApp::on(Engine::Postgres, url, |_| {}).await;
    let today = lives(&test).await;
    let servers = [server(&test, &[]).await, server(&test, &[]).await];
    let load = Load::new(&test, servers.iter().map(|server| server.url("")).collect(), today);
    let times = if long() { 6 } else { 1 };
    tokio::join!(load.run(), async {
        for time in 0..times {
            answers(&load, 80).await;
            let (dies, lives) = (time % 2, (time + 1) % 2);
            let begun = Instant::now();
            pair.tool("kill", &[NAMES[dies]]).await;
            // For a while there is nobody who takes anything.
            tokio::time::sleep(Duration::from_millis(500)).await;
            pair.tool("promote", &[NAMES[lives]]).await;
            wire.lead_to(pair.ports[lives]);
            wire.cut().await;
            wire.mend().await;
            let promoted = begun.elapsed();
            answers(&load, 10).await;
            eprintln!("promoted after {promoted:?}, ten answers after {:?}", begun.elapsed());
            assert!(begun.elapsed() < promoted + Duration::from_secs(15));
            if time + 1 < times {
                pair.tool("join", &[NAMES[dies]]).await;
            }
        }
        answers(&load, 60).await;
        load.stop();
    });
    truth::holds(&test, &load).await;
}
