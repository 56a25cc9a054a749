//! A disk that is full: database, photos and temporary folder of a server lie on a small file system of their own (tmpfs,
//! which only root may mount: others are told, and this is not tried).

use super::{failover::answers, lives, load::Load, server, truth};
use crate::{
    process::Process,
    support::{TestApp, new_database},
};
use server::{config::BlobsUrl, db::Engine};
use std::{
    io::Write,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::Ordering,
    time::Duration,
};

/// A file system of its own, which goes with this.
struct Disk(tempfile::TempDir);

impl Disk {
    /// `None`: this user may not mount one.
    fn new(megabytes: u32) -> Option<Disk> {
        let folder = tempfile::tempdir().expect("a folder");
        let size = format!("size={megabytes}m");
        let done =
            Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(folder.path()).output().ok()?;
        if !done.status.success() {
            eprintln!("no small disk: {}", String::from_utf8_lossy(&done.stderr));
            return None;
        }
        Some(Disk(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Takes all the room there is, to the last byte.
    fn fill(&self) -> PathBuf {
        let path = self.path().join("filler");
        let mut file = std::fs::File::create(&path).expect("a file");
        for size in [1 << 20, 4096, 1] {
            while file.write_all(&vec![0; size]).is_ok() {}
        }
        path
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.0.path()).status();
    }
}

/// Fills the disk and waits until many were told to come later; what is only read is still answered.
async fn filled(disk: &Disk, load: &Load<'_>, server: &Process) -> PathBuf {
    let filler = disk.fill();
    let refused = load.later.load(Ordering::SeqCst) + 20;
    while load.later.load(Ordering::SeqCst) < refused {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let home = reqwest::get(server.url("/services?hall=hall-wutong")).await.expect("an answer");
    assert_eq!(home.status(), 200, "reading goes on");
    filler
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_full_disk_refuses_in_words_loses_nothing_and_goes_on_when_there_is_room() {
    let Some(disk) = Disk::new(96) else { return };
    let url = new_database(Engine::Sqlite, disk.path()).await;
    let temporary = disk.path().join("tmp");
    std::fs::create_dir(&temporary).expect("a folder");
    let photos = disk.path().join("photos");
    let test = TestApp::on(Engine::Sqlite, url, |config| config.blobs_url = BlobsUrl::Folder(photos)).await;
    let today = lives(&test).await;
    let server = server(&test, &[("TMPDIR", &temporary.display().to_string())]).await;
    let ready = async || {
        let answer = reqwest::get(server.url("/readyz")).await.expect("an answer");
        (answer.status().as_u16(), answer.text().await.expect("text"))
    };
    assert_eq!(ready().await.0, 200);
    let load = Load::new(&test, vec![server.url("")], today);
    tokio::join!(load.run(), async {
        for _ in 0..2 {
            answers(&load, 60).await;
            // Everybody goes on and is told to come later; pages can still be read.
            let filler = filled(&disk, &load, &server).await;
            let (status, said) = ready().await;
            assert!(status == 503 && said.contains("disk: failing"), "{said}");
            std::fs::remove_file(filler).expect("removed");
            assert_eq!(ready().await.0, 200, "and it is ready at once");
        }
        answers(&load, 60).await;
        load.stop();
    });
    truth::holds(&test, &load).await;
}

/// A database of PostgreSQL whose tables lie on a small disk, in a tablespace. Only root may give the disk to the server's user.
async fn on_disk(disk: &Disk) -> Option<String> {
    let url = new_database(Engine::Postgres, disk.path()).await;
    let name = url.rsplit('/').next()?.to_owned();
    let admin = sqlx::AnyPool::connect(&std::env::var("LINLI_TEST_POSTGRES_URL").ok()?).await.expect("opens");
    let (data,): (String,) = sqlx::query_as("SELECT CAST(current_setting('data_directory') AS TEXT)")
        .fetch_one(&admin)
        .await
        .expect("where its data lie");
    let owner = std::fs::metadata(data).ok()?;
    std::os::unix::fs::chown(disk.path(), Some(owner.uid()), Some(owner.gid())).ok()?;
    let (space, place) = (format!("disk_{name}"), disk.path().display());
    for sql in [
        format!("CREATE TABLESPACE {space} LOCATION '{place}'"),
        format!("ALTER DATABASE {name} SET TABLESPACE {space}"),
    ] {
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&admin).await.expect("a tablespace on the disk");
    }
    admin.close().await;
    Some(url)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_full_disk_under_postgresql_is_told_as_well_and_nothing_is_lost() {
    let Some(disk) = Disk::new(96) else { return };
    let Some(url) = on_disk(&disk).await else {
        eprintln!("no disk for PostgreSQL: this user may not give it away");
        return;
    };
    let name = url.rsplit('/').next().expect("a name").to_owned();
    let test = TestApp::on(Engine::Postgres, url, |_| {}).await;
    let today = lives(&test).await;
    let mut server = server(&test, &[]).await;
    let load = Load::new(&test, vec![server.url("")], today);
    tokio::join!(load.run(), async {
        for _ in 0..2 {
            answers(&load, 60).await;
            // What fits into pages that are there is still written; the first table that has to grow is refused.
            let filler = filled(&disk, &load, &server).await;
            std::fs::remove_file(filler).expect("removed");
        }
        answers(&load, 60).await;
        load.stop();
    });
    truth::holds(&test, &load).await;
    // The disk goes with this test: the server of all tests must not look for it any more.
    server.kill();
    test.app.db.close().await;
    let admin =
        sqlx::AnyPool::connect(&std::env::var("LINLI_TEST_POSTGRES_URL").expect("a server")).await.expect("opens");
    for sql in [format!("DROP DATABASE {name} WITH (FORCE)"), format!("DROP TABLESPACE disk_{name}")] {
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&admin).await.expect("dropped");
    }
    admin.close().await;
}
