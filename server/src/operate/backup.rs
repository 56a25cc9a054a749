//! `linli backup` and `linli restore`: a folder that holds everything but the secret.
//!
//! ```text
//! <folder>/linli.db        every row, in SQLite, whatever the engine
//! <folder>/blobs/…         photos and files
//! <folder>/manifest.json   written last: what belongs to it, with checksums
//! ```
//!
//! The rows are those of one moment; photos are read after it. A photo never changes once it is stored, so whatever the
//! rows name is there, unless it was removed in between: then its row is in the backup and it is not. The manifest names
//! each such photo, and apart from them those that were missing before, and so does whoever makes, checks or restores it.

use super::copy::{self, Counts};
use crate::{
    archive::runs,
    auth::secrets::Secrets,
    clock::Clock,
    config::{BlobsUrl, Config},
    db::Db,
    photos::{Blobs, blobs::Variant},
    reports::chain,
};
use anyhow::{Context, bail, ensure};
use futures::{StreamExt, TryStreamExt};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

/// The form of the folder.
const FORMAT: u32 = 1;
/// Photos read at once.
const AT_ONCE: usize = 8;
const DATABASE: &str = "linli.db";
const BLOBS: &str = "blobs";
const MANIFEST: &str = "manifest.json";

/// What belongs to a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The form of the folder.
    pub format: u32,
    /// Version of the Linli that made it.
    pub linli: String,
    /// When it was begun.
    pub made_at: jiff::Timestamp,
    /// Tells with which secret it can be read ([`Secrets::fingerprint`]).
    pub secret: String,
    /// SHA-256 of the database's file, in hexadecimal.
    pub database: String,
    /// Rows of each table.
    pub rows: Counts,
    /// SHA-256 of each photo and file by its key.
    pub blobs: BTreeMap<String, String>,
    /// Photos and files that the rows name and that were removed after the rows were read, before they were.
    #[serde(default)]
    pub removed: Vec<String>,
    /// Photos and files that the rows name and that were not there although nobody removed them.
    #[serde(default)]
    pub lost: Vec<String>,
}

impl Manifest {
    /// All rows.
    pub fn row_count(&self) -> i64 {
        self.rows.values().sum()
    }

    /// What whoever makes, checks or restores it is told of photos and files that are not in it, a sentence each.
    pub fn remarks(&self) -> Vec<String> {
        let of = |keys: &[String], what: &str| {
            (!keys.is_empty()).then(|| format!("{} photos and files {what}: {}.", keys.len(), few(keys)))
        };
        let removed = of(&self.removed, "were removed while it was made, and their rows are still in it");
        let lost = of(&self.lost, "were missing before it was made; an older backup may have them");
        removed.into_iter().chain(lost).collect()
    }
}

/// The first ten of these names.
fn few(names: &[String]) -> String {
    let shown = names.len().min(10);
    let more = names.len() - shown;
    names[..shown].join(", ") + &if more > 0 { format!(" and {more} more") } else { String::new() }
}

/// Writes a backup into `folder`, which must not be there yet. Servers may go on. Until it is whole, the folder has the
/// ending `.unfinished`.
pub async fn backup(config: &Config, clock: &Clock, folder: &Path) -> anyhow::Result<Manifest> {
    backup_from(config, clock, folder, &Blobs::open(&config.blobs_url)?).await
}

/// The same with the photos and files of this store; for tests.
pub async fn backup_from(config: &Config, clock: &Clock, folder: &Path, from: &Blobs) -> anyhow::Result<Manifest> {
    ensure!(!folder.exists(), "{} is there already: a backup goes into a folder of its own", folder.display());
    let mut unfinished = folder.as_os_str().to_owned();
    unfinished.push(".unfinished");
    let unfinished = PathBuf::from(unfinished);
    if unfinished.exists() {
        std::fs::remove_dir_all(&unfinished).with_context(|| format!("removing {}", unfinished.display()))?;
    }
    std::fs::create_dir_all(&unfinished).with_context(|| format!("creating {}", unfinished.display()))?;
    let secrets = Secrets::load(&config.secret_file)?;
    let made_at = clock.now();
    let source = Db::connect(&config.database_url).await?;
    let (pending, newer) = source.pending().await?;
    ensure!(pending.is_empty() && !newer, "the database is not of this Linli's version: `linli doctor` tells more");
    let file = unfinished.join(DATABASE);
    let target = open_file(&file).await?;
    target.migrate().await?;
    let rows = copy::copy(&source, &target).await?;
    note(&source, clock, "backup", json!({ "rows": rows.values().sum::<i64>() })).await?;
    let to = Blobs::open(&BlobsUrl::Folder(unfinished.join(BLOBS)))?;
    let blobs = copy_blobs(from, &to).await?;
    let gone = missing(&target, &blobs).await?;
    // What the database still names nobody removed.
    let still = if gone.is_empty() { BTreeSet::new() } else { missing(&source, &blobs).await? };
    let (lost, removed): (Vec<String>, Vec<String>) = gone.into_iter().partition(|key| still.contains(key));
    target.close().await;
    source.close().await;
    // The lock of the migration.
    std::fs::remove_file(unfinished.join(format!("{DATABASE}.lock"))).ok();
    let manifest = Manifest {
        format: FORMAT,
        linli: env!("CARGO_PKG_VERSION").to_owned(),
        made_at,
        secret: secrets.fingerprint(),
        database: sum_of_file(file).await?,
        rows,
        blobs,
        removed,
        lost,
    };
    let text = serde_json::to_vec_pretty(&manifest)?;
    let written = unfinished.join(MANIFEST);
    std::fs::write(&written, text)?;
    for path in [&written, &unfinished] {
        std::fs::File::open(path)?.sync_all()?;
    }
    std::fs::rename(&unfinished, folder).with_context(|| format!("renaming {}", unfinished.display()))?;
    Ok(manifest)
}

/// Reads a backup and checks every file of it against its checksum.
pub async fn check(folder: &Path) -> anyhow::Result<Manifest> {
    let path = folder.join(MANIFEST);
    let text = std::fs::read(&path).with_context(|| format!("{} is no whole backup", folder.display()))?;
    let manifest: Manifest = serde_json::from_slice(&text).with_context(|| path.display().to_string())?;
    ensure!(
        manifest.format == FORMAT,
        "this backup has the form {}, of which this Linli knows nothing",
        manifest.format
    );
    let mut wrong = Vec::new();
    if sum_of_file(folder.join(DATABASE)).await? != manifest.database {
        wrong.push(DATABASE.to_owned());
    }
    let blobs = Blobs::open(&BlobsUrl::Folder(folder.join(BLOBS)))?;
    let sums: Vec<(String, bool)> = futures::stream::iter(manifest.blobs.clone())
        .map(|(key, sum)| {
            let blobs = blobs.clone();
            async move {
                let found = sum_of_blob(&blobs, &key).await?;
                anyhow::Ok((key, found == Some(sum)))
            }
        })
        .buffer_unordered(AT_ONCE)
        .try_collect()
        .await?;
    wrong.extend(sums.into_iter().filter(|(_, good)| !good).map(|(key, _)| format!("{BLOBS}/{key}")));
    if !wrong.is_empty() {
        wrong.sort();
        bail!("the backup is damaged: {}", few(&wrong));
    }
    Ok(manifest)
}

/// Brings a backup into an empty database and an empty store of photos, of either kind, after checking all of it. One of an
/// older Linli is brought up to date on the way.
pub async fn restore(config: &Config, clock: &Clock, folder: &Path) -> anyhow::Result<Manifest> {
    let manifest = check(folder).await?;
    let secrets = Secrets::load(&config.secret_file).context("put the secret of the backup's Linli back first")?;
    ensure!(
        secrets.fingerprint() == manifest.secret,
        "the secret in {} is another than the backup's: nobody could log in, no telephone number be read",
        config.secret_file.display()
    );
    let target = Db::connect(&config.database_url).await?;
    target.migrate().await?;
    ensure_empty(&target).await?;
    let blobs = Blobs::open(&config.blobs_url)?;
    // What an attempt that broke off has brought may stay.
    let strange = blobs.list().await?.into_iter().find(|(key, _)| !manifest.blobs.contains_key(key));
    if let Some((key, _)) = strange {
        bail!("the store of photos is not empty ({key}): nothing was changed");
    }
    // Brought up to date in a copy: the backup stays as it is.
    let scratch = tempfile::tempdir()?;
    let file = scratch.path().join(DATABASE);
    tokio::fs::copy(folder.join(DATABASE), &file).await.context("copying the backup's database")?;
    let source = open_file(&file).await?;
    let (older, newer) = source.pending().await?;
    ensure!(!newer, "the backup is of a newer Linli");
    source.migrate().await?;
    copy_blobs(&Blobs::open(&BlobsUrl::Folder(folder.join(BLOBS)))?, &blobs).await?;
    let rows = copy::copy(&source, &target).await?;
    source.close().await;
    for (table, count) in manifest.rows.iter().filter(|_| older.is_empty()) {
        ensure!(rows.get(table) == Some(count), "the table {table} had {count} rows and has {:?} now", rows.get(table));
    }
    let verdict = chain::verify(&target).await?;
    note(&target, clock, "restore", json!({ "made_at": manifest.made_at })).await?;
    target.close().await;
    ensure!(verdict.broken.is_empty(), "all is back, but {} chains of events are broken", verdict.broken.len());
    Ok(manifest)
}

/// Copies everything from this Linli's database into the one at `url`, which must be empty.
pub async fn transfer(config: &Config, clock: &Clock, url: &str) -> anyhow::Result<Counts> {
    ensure!(url != config.database_url, "that is the database it comes from");
    let source = Db::connect(&config.database_url).await?;
    let (pending, newer) = source.pending().await?;
    ensure!(
        pending.is_empty() && !newer,
        "the database is not of this Linli's version: `linli migrate` brings it up to date"
    );
    let target = Db::connect(url).await?;
    target.migrate().await?;
    ensure_empty(&target).await?;
    let counts = copy::copy(&source, &target).await?;
    note(&target, clock, "transfer", json!({ "rows": counts.values().sum::<i64>() })).await?;
    source.close().await;
    target.close().await;
    Ok(counts)
}

/// Says in the audit log of `db` what the operator did.
async fn note(db: &Db, clock: &Clock, action: &str, detail: serde_json::Value) -> anyhow::Result<()> {
    let mut tx = db.begin().await?;
    super::note(&mut tx, action, "database", "", detail, clock.now()).await?;
    tx.commit().await?;
    Ok(())
}

/// A database in which nobody lives yet. What a start writes by itself (categories, limits) does not count.
async fn ensure_empty(db: &Db) -> anyhow::Result<()> {
    let (count,): (i64,) =
        sqlx::query_as("SELECT CAST((SELECT COUNT(*) FROM organisation) + (SELECT COUNT(*) FROM person) AS BIGINT)")
            .fetch_one(db.read())
            .await?;
    ensure!(count == 0, "the database is not empty: nothing was changed");
    Ok(())
}

async fn open_file(file: &Path) -> anyhow::Result<Db> {
    Db::connect(&format!("sqlite://{}", file.display())).await
}

/// Copies all photos and files, each part by part; gives their checksums.
async fn copy_blobs(from: &Blobs, to: &Blobs) -> anyhow::Result<BTreeMap<String, String>> {
    let copied: Vec<Option<(String, String)>> = futures::stream::iter(from.list().await?)
        .map(|(key, _)| async move {
            let mut sum = Sha256::new();
            let there = from.copy(&key, to, |part| sum.update(part)).await?;
            // Else removed since it was listed.
            anyhow::Ok(there.then(|| (key, hex(&sum.finalize()))))
        })
        .buffer_unordered(AT_ONCE)
        .try_collect()
        .await?;
    Ok(copied.into_iter().flatten().collect())
}

/// The keys of what belongs to an id.
type KeysOf = fn(&str) -> Vec<String>;

/// What rows name in the store of photos, and how its keys are made of that.
const NAMED: [(&str, KeysOf); 5] = [
    ("SELECT id FROM photo", |id| [Variant::Full, Variant::Thumb].map(|variant| Blobs::photo_key(id, variant)).into()),
    ("SELECT photo_id FROM photo_redaction", |id| {
        [Variant::Redacted, Variant::RedactedThumb].map(|variant| Blobs::photo_key(id, variant)).into()
    }),
    ("SELECT file_id FROM notice_file", |id| vec![Blobs::file_key(id)]),
    ("SELECT file_id FROM meeting_paper", |id| vec![Blobs::file_key(id)]),
    ("SELECT id FROM archive_run WHERE state = 'done'", |id| vec![runs::key(id)]),
];

/// The keys that rows of this database name and that are not among `blobs`.
async fn missing(db: &Db, blobs: &BTreeMap<String, String>) -> anyhow::Result<BTreeSet<String>> {
    let mut missing = BTreeSet::new();
    for (sql, keys) in NAMED {
        let mut rows = sqlx::query_as::<_, (String,)>(sql).fetch(db.read());
        while let Some((id,)) = rows.try_next().await? {
            missing.extend(keys(&id).into_iter().filter(|key| !blobs.contains_key(key)));
        }
    }
    Ok(missing)
}

/// The checksum of what has this key; `None` when it is not there.
async fn sum_of_blob(blobs: &Blobs, key: &str) -> anyhow::Result<Option<String>> {
    let Some(mut parts) = blobs.stream(key).await? else { return Ok(None) };
    let mut sum = Sha256::new();
    while let Some(part) = parts.try_next().await.with_context(|| format!("reading {key}"))? {
        sum.update(&part);
    }
    Ok(Some(hex(&sum.finalize())))
}

pub(crate) fn sum_of(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

pub(crate) async fn sum_of_file(path: PathBuf) -> anyhow::Result<String> {
    tokio::task::spawn_blocking(move || {
        let mut file = std::fs::File::open(&path).with_context(|| path.display().to_string())?;
        let mut sum = Sha256::new();
        std::io::copy(&mut file, &mut sum)?;
        Ok(hex(&sum.finalize()))
    })
    .await?
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
