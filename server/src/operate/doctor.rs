//! `linli doctor`: looks at everything that a Linli needs, and says in a line each what it found.

use crate::{
    auth::secrets::Secrets,
    clock::{self, Clock},
    config::{BlobsUrl, Config},
    db::{Db, dialect},
    deliver::Deliver,
    http::assets::Assets,
    photos::Blobs,
    places::calendar,
};
use anyhow::{Context, ensure};
use app::time::{DayKind, day_of};
use jiff::{SignedDuration, Timestamp};
use std::{
    fmt,
    path::{Path, PathBuf},
    time::Duration,
};

/// How it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Health {
    /// As it should be.
    Good,
    /// Works, and somebody should look at it.
    Look,
    /// Does not work.
    Bad,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub what: &'static str,
    /// How it is.
    pub health: Health,
    /// What was found, and what to do about it.
    pub said: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match self.health {
            Health::Good => "ok  ",
            Health::Look => "look",
            Health::Bad => "BAD ",
        };
        write!(f, "{mark}  {:<11} {}", self.what, self.said)
    }
}

/// A server whose disk has less room is not ready for more; bytes.
pub const LEAST_ROOM: u64 = 16 << 20;
/// Less than this much room on a disk is worth a look, and less than that is bad; bytes.
const ROOM: (u64, u64) = (5 << 30, 500 << 20);
/// A clock that differs by this much makes deadlines wrong.
const CLOCK: SignedDuration = SignedDuration::from_secs(5);
/// A job that has waited this long has nobody who does it.
const JOB: SignedDuration = SignedDuration::from_mins(15);
/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Looks at everything. Changes nothing but a small file in the store of photos, which it removes again.
pub async fn examine(config: &Config, clock: &Clock) -> Vec<Finding> {
    let now = clock.now();
    let mut found = settings(config);
    found.push(told("secret", secret(&config.secret_file)));
    found.push(told(
        "site",
        Assets::load(&config.site_dir).map(|_| (Health::Good, config.site_dir.display().to_string())),
    ));
    let database = tokio::time::timeout(PATIENCE, Db::connect(&config.database_url)).await;
    match database.context("no answer").and_then(|db| db) {
        Ok(db) => {
            found.extend(database_findings(&db, now).await);
            db.close().await;
        }
        Err(error) => found.push(Finding { what: "database", health: Health::Bad, said: format!("{error:#}") }),
    }
    let blobs = tokio::time::timeout(PATIENCE, store(config, now)).await;
    found.push(told("photos", blobs.context("no answer").and_then(|found| found)));
    found.extend(disks(config).into_iter().map(|disk| told("disk", room(&disk))));
    found.push(told("mail", mail(config).await));
    found.push(told("sms", sms(config).await));
    found
}

fn told(what: &'static str, found: anyhow::Result<(Health, String)>) -> Finding {
    let (health, said) = found.unwrap_or_else(|error| (Health::Bad, format!("{error:#}")));
    Finding { what, health, said }
}

fn settings(config: &Config) -> Vec<Finding> {
    let look = |said: &str| Finding { what: "settings", health: Health::Look, said: said.to_owned() };
    let mut found = Vec::new();
    if config.demo {
        found.push(look("demo mode is on: anybody can log in as anybody of the demo"));
    } else if config.public_url.scheme() != "https" {
        found.push(look("public_url is not https: phones then offer no position, no messages and no offline pages"));
    }
    if config.client_ip_header.is_none() && !config.listen.ip().is_loopback() {
        found.push(look("no client_ip_header: behind a proxy everybody counts as one address"));
    }
    if found.is_empty() {
        found.push(Finding { what: "settings", health: Health::Good, said: config.public_url.to_string() });
    }
    found
}

fn secret(path: &Path) -> anyhow::Result<(Health, String)> {
    use std::os::unix::fs::PermissionsExt;
    Secrets::load(path)?;
    let mode = std::fs::metadata(path)?.permissions().mode() & 0o777;
    Ok(if mode & 0o077 == 0 {
        (Health::Good, format!("{}; keep a copy of it elsewhere, apart from the backups", path.display()))
    } else {
        (Health::Look, format!("{} can be read by others (mode {mode:o}): chmod 600", path.display()))
    })
}

async fn database_findings(db: &Db, now: Timestamp) -> Vec<Finding> {
    let mut found = vec![told(
        "database",
        db.ping().await.map(|()| (Health::Good, format!("{:?} answers", db.engine()))).map_err(Into::into),
    )];
    let seen = db.pending().await;
    // What cannot be read is no reason to look further.
    let fits = seen.as_ref().is_ok_and(|(pending, _)| pending.is_empty());
    let migrations = seen.map(|(pending, newer)| match (pending.is_empty(), newer) {
        (_, true) => (Health::Look, "the database has seen a newer Linli than this".to_owned()),
        (false, false) => (Health::Look, format!("{} are to come (`linli migrate`): {pending:?}", pending.len())),
        (true, false) => (Health::Good, "all are in".to_owned()),
    });
    found.push(told("migrations", migrations.map_err(Into::into)));
    if fits {
        found.push(told("clock", time(db, now).await));
        found.push(told("jobs", jobs(db, now).await));
        found.push(told("calendar", holidays(db, now).await));
    }
    found
}

/// The clock against the database's; and against what was written down, which cannot be of tomorrow.
async fn time(db: &Db, now: Timestamp) -> anyhow::Result<(Health, String)> {
    if let Some(theirs) = dialect::clock(db.engine(), db.read()).await? {
        let apart = Timestamp::from_microsecond(theirs)?.duration_since(now).abs();
        if apart > CLOCK {
            return Ok((
                Health::Bad,
                format!("{} s apart from the database's: is NTP running on both?", apart.as_secs()),
            ));
        }
    }
    let (newest,): (Option<i64>,) = sqlx::query_as("SELECT MAX(at) FROM audit_log").fetch_one(db.read()).await?;
    let ahead =
        newest.map_or(SignedDuration::ZERO, |at| SignedDuration::from_micros(at.saturating_sub(now.as_microsecond())));
    Ok(if ahead > CLOCK {
        (
            Health::Bad,
            format!("the newest entry of the audit log is {} s ahead of it: the clock was set back", ahead.as_secs()),
        )
    } else {
        (Health::Good, now.strftime("%Y-%m-%d %H:%M:%S UTC").to_string())
    })
}

async fn jobs(db: &Db, now: Timestamp) -> anyhow::Result<(Health, String)> {
    let late = now.checked_sub(JOB)?.as_microsecond();
    let (dead, waiting): (i64, i64) = sqlx::query_as(
        "SELECT CAST((SELECT COUNT(*) FROM job WHERE state = 'dead') AS BIGINT), \
         CAST((SELECT COUNT(*) FROM job WHERE state = 'queued' AND run_at < $1) AS BIGINT)",
    )
    .bind(late)
    .fetch_one(db.read())
    .await?;
    Ok(match (dead, waiting) {
        (0, 0) => (Health::Good, "none is dead, none is late".to_owned()),
        (0, _) => (Health::Look, format!("{waiting} wait for over {} minutes: is a server running?", JOB.as_mins())),
        _ => (Health::Look, format!("{dead} are dead (/staff/jobs says why), {waiting} are late")),
    })
}

/// Deadlines need the statutory holidays of the year, and towards its end those of the next.
async fn holidays(db: &Db, now: Timestamp) -> anyhow::Result<(Health, String)> {
    let calendar = calendar::shipped()?;
    calendar.refresh(db).await?;
    let soon = day_of(now.checked_add(SignedDuration::from_hours(45 * 24))?);
    Ok(if calendar.kind(soon) != DayKind::Unknown {
        (Health::Good, format!("the holidays of {} are known", soon.year()))
    } else {
        (Health::Look, format!("the holidays of {} are not in: import them at /staff/calendar", soon.year()))
    })
}

/// Writes, reads and removes a small file.
async fn store(config: &Config, now: Timestamp) -> anyhow::Result<(Health, String)> {
    let blobs = Blobs::open(&config.blobs_url)?;
    let key = format!("doctor/{}", clock::new_id(now));
    blobs.write(&key, b"linli doctor".to_vec()).await?;
    let read = blobs.read(&key).await?;
    blobs.remove(&key).await?;
    ensure!(read.as_deref() == Some(b"linli doctor"), "what was written could not be read");
    Ok((
        Health::Good,
        match &config.blobs_url {
            BlobsUrl::Folder(folder) => folder.display().to_string(),
            BlobsUrl::S3 { bucket, .. } => format!("bucket {bucket}"),
        },
    ))
}

/// The folders that grow.
fn disks(config: &Config) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    if let Some(file) = config.database_url.strip_prefix("sqlite:") {
        let file = file.trim_start_matches("//").split('?').next().unwrap_or_default();
        folders.extend(Path::new(file).parent().map(Path::to_owned));
    }
    if let BlobsUrl::Folder(folder) = &config.blobs_url {
        folders.push(folder.clone());
    }
    folders
}

/// Bytes that are free where this folder lies.
fn free(folder: &Path) -> anyhow::Result<u64> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let disk = rustix::fs::statvfs(folder).with_context(|| folder.display().to_string())?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// Whether there is room to go on for now, at least [`LEAST_ROOM`], in every folder that grows and in the temporary one.
pub fn has_room(config: &Config) -> anyhow::Result<()> {
    for folder in disks(config).into_iter().chain([std::env::temp_dir()]) {
        let free = free(&folder)?;
        anyhow::ensure!(free >= LEAST_ROOM, "{} has {} MB left", folder.display(), free >> 20);
    }
    Ok(())
}

fn room(folder: &Path) -> anyhow::Result<(Health, String)> {
    let free = free(folder)?;
    let health = match free {
        _ if free < ROOM.1 => Health::Bad,
        _ if free < ROOM.0 => Health::Look,
        _ => Health::Good,
    };
    Ok((health, format!("{} has {} GB left", folder.display(), free >> 30)))
}

async fn mail(config: &Config) -> anyhow::Result<(Health, String)> {
    if config.mail.is_none() {
        return Ok((Health::Look, "no mail server is set: no e-mail is offered".to_owned()));
    }
    let deliver = Deliver::new(config)?;
    tokio::time::timeout(PATIENCE, deliver.mail_answers()).await.context("no answer")??;
    Ok((Health::Good, "the mail server answers".to_owned()))
}

async fn sms(config: &Config) -> anyhow::Result<(Health, String)> {
    let Some(sms) = &config.sms else {
        let health = if config.demo { Health::Look } else { Health::Bad };
        return Ok((health, "no SMS provider is set: nobody gets a login code".to_owned()));
    };
    let addresses = sms.url.socket_addrs(|| None)?;
    tokio::time::timeout(PATIENCE, tokio::net::TcpStream::connect(&*addresses)).await.context("no answer")??;
    Ok((Health::Good, format!("{} answers", sms.url.host_str().unwrap_or_default())))
}
