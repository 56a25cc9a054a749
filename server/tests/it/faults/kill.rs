//! `kill -9` of a server while people book, change, cancel, report with photos, work and publish.

use super::{failover::answers, lives, load::Load, long, server, truth};
use crate::support::{Dice, TestApp};
use server::db::Engine;
use std::sync::atomic::Ordering;

/// So many times in the long form.
const TIMES: usize = 50;

async fn killed_under_load(engine: Engine, count: usize, times: usize) {
    let test = TestApp::new(engine).await;
    let today = lives(&test).await;
    let mut servers = Vec::new();
    for _ in 0..count {
        servers.push(server(&test, &[]).await);
    }
    let load = Load::new(&test, servers.iter().map(|server| server.url("")).collect(), today);
    let mut dice = Dice(9);
    tokio::join!(load.run(), async {
        for round in 0..times {
            // In the middle of the work: some answers after the last start.
            answers(&load, 20 + usize::try_from(dice.below(60)).expect("few")).await;
            let server = &mut servers[round % count];
            server.kill();
            server.start_again().await;
        }
        load.stop();
    });
    assert!(load.lost.load(Ordering::SeqCst) > 0, "it was killed in the middle of something");
    truth::holds(&test, &load).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_a_killed_server_on_sqlite_answered_is_there_once() {
    killed_under_load(Engine::Sqlite, 1, if long() { TIMES } else { 4 }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_killed_servers_on_postgresql_answered_is_there_once() {
    killed_under_load(Engine::Postgres, 2, if long() { TIMES } else { 4 }).await;
}
