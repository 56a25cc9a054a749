//! A whole community as files that anybody can read: rows as JSON Lines by table, photos and files, and a manifest with
//! checksums, written last.
//!
//! ```text
//! README.txt  manifest.json  tables/<table>.jsonl  files/<key in the object store>
//! ```

pub(crate) mod api;
mod readme;
pub mod routes;
pub mod runs;
pub mod tables;

use crate::{
    app_state::App,
    db::{
        Tx,
        dialect::{self, ColumnKind, Table},
    },
    operate::backup::{sum_of, sum_of_file},
    photos::{Blobs, blobs::Variant},
    places::Organisation,
};
use anyhow::{Context, bail, ensure};
use futures::TryStreamExt;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, Row, any::AnyRow};
use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufWriter, Read, Write},
    path::{Path, PathBuf},
};

const FORMAT: u32 = 1;
const MANIFEST: &str = "manifest.json";

/// What is in an archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The form of the archive.
    pub format: u32,
    /// Version of the Linli that made it.
    pub linli: String,
    /// Code and names of the community.
    pub community: [String; 3],
    /// When it was made.
    pub made_at: jiff::Timestamp,
    /// There is personal data in it: always.
    pub personal_data: bool,
    /// Telephone numbers and mail addresses are in it in full.
    pub with_contacts: bool,
    /// Rows of each table.
    pub rows: BTreeMap<String, i64>,
    /// Tables that are not in it.
    pub left_out: Vec<String>,
    /// SHA-256 of each file, in hexadecimal.
    pub files: BTreeMap<String, String>,
}

/// Writes the archive of a community into a folder that is not there yet, or, when its name ends with `.zip`, into such a
/// file. Until it is whole it has the ending `.unfinished`. Servers may go on.
pub async fn build(app: &App, community: &Organisation, to: &Path, contacts: bool) -> anyhow::Result<Manifest> {
    ensure!(!to.exists(), "{} is there already", to.display());
    let mut unfinished = to.as_os_str().to_owned();
    unfinished.push(".unfinished");
    let folder = PathBuf::from(unfinished);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).with_context(|| format!("removing {}", folder.display()))?;
    }
    std::fs::create_dir_all(folder.join("tables")).with_context(|| format!("creating {}", folder.display()))?;
    let mut made = Manifest {
        format: FORMAT,
        linli: env!("CARGO_PKG_VERSION").to_owned(),
        community: [community.code.clone(), community.name.clone(), community.name_en.clone()],
        made_at: app.clock.now(),
        personal_data: true,
        with_contacts: contacts,
        rows: BTreeMap::new(),
        left_out: Vec::new(),
        files: BTreeMap::new(),
    };
    let mut tx = app.db.snapshot().await?;
    for table in dialect::tables(app.db.engine(), &mut tx).await? {
        let Some(condition) = tables::condition(&table.name) else {
            made.left_out.push(table.name);
            continue;
        };
        let name = format!("tables/{}.jsonl", table.name);
        let (rows, sum) =
            rows(app, &mut tx, (&table, &condition, &community.path), &folder.join(&name), contacts).await?;
        made.rows.insert(table.name, rows);
        made.files.insert(name, sum);
    }
    let photos = ids(&mut tx, "photo", &community.path).await?;
    let files = ids(&mut tx, "stored_file", &community.path).await?;
    tx.rollback().await?;
    for id in photos {
        for variant in [Variant::Full, Variant::Thumb, Variant::Redacted, Variant::RedactedThumb] {
            // One that was removed meanwhile, or was never blacked out, is not there.
            if let Some(bytes) = app.blobs.get(&id, variant).await? {
                keep(&folder, &Blobs::photo_key(&id, variant), &bytes, &mut made)?;
            }
        }
    }
    for id in files {
        if let Some(bytes) = app.blobs.get_file(&id).await? {
            keep(&folder, &Blobs::file_key(&id), &bytes, &mut made)?;
        }
    }
    write(&folder, "README.txt", readme::README.as_bytes(), &mut made)?;
    std::fs::write(folder.join(MANIFEST), serde_json::to_vec_pretty(&made)?)?;
    File::open(folder.join(MANIFEST))?.sync_all()?;
    if is_zip(to) {
        let (from, to) = (folder.clone(), to.to_owned());
        tokio::task::spawn_blocking(move || pack(&from, &to)).await??;
        std::fs::remove_dir_all(&folder).with_context(|| format!("removing {}", folder.display()))?;
    } else {
        std::fs::rename(&folder, to).with_context(|| format!("renaming {}", folder.display()))?;
    }
    Ok(made)
}

fn is_zip(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"))
}

fn keep(folder: &Path, key: &str, bytes: &[u8], made: &mut Manifest) -> anyhow::Result<()> {
    write(folder, &format!("files/{key}"), bytes, made)
}

fn write(folder: &Path, name: &str, bytes: &[u8], made: &mut Manifest) -> anyhow::Result<()> {
    let path = folder.join(name);
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    std::fs::write(&path, bytes).with_context(|| path.display().to_string())?;
    made.files.insert(name.to_owned(), sum_of(bytes));
    Ok(())
}

async fn ids(tx: &mut Tx, table: &str, path: &str) -> anyhow::Result<Vec<String>> {
    let condition = tables::condition(table).context("a table of a community")?;
    let sql = format!("SELECT id FROM {table} WHERE {condition} ORDER BY id");
    let rows: Vec<(String,)> = sqlx::query_as(AssertSqlSafe(sql)).bind(path).fetch_all(&mut **tx).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Writes the rows of a table; gives how many, and the checksum of their file.
async fn rows(
    app: &App,
    tx: &mut Tx,
    (table, condition, path): (&Table, &str, &str),
    to: &Path,
    contacts: bool,
) -> anyhow::Result<(i64, String)> {
    let columns = table.columns.iter().map(|(name, _)| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
    let sql = format!("SELECT {columns} FROM \"{}\" WHERE {condition}", table.name);
    let mut file = BufWriter::new(File::create(to).with_context(|| to.display().to_string())?);
    let mut sum = Sha256::new();
    let mut count = 0;
    let mut rows = sqlx::query(AssertSqlSafe(sql)).bind(path).fetch(&mut **tx);
    while let Some(row) = rows.try_next().await? {
        let mut line = serde_json::to_string(&object(app, &row, table, contacts)?)?;
        line.push('\n');
        sum.update(line.as_bytes());
        file.write_all(line.as_bytes())?;
        count += 1;
    }
    file.into_inner()?.sync_all()?;
    Ok((count, crate::operate::backup::hex(&sum.finalize())))
}

/// A row as people can use it: hashes and sealed texts say nothing to anybody else. What was sealed is opened where contacts
/// are asked for.
fn object(app: &App, row: &AnyRow, table: &Table, contacts: bool) -> anyhow::Result<Map<String, Value>> {
    let mut object = Map::new();
    for (at, (name, kind)) in table.columns.iter().enumerate() {
        if name.ends_with("_hash") && name != "words_hash" || name == "words_salt" || name.ends_with("_device") {
            continue;
        }
        if let Some(plain) = name.strip_suffix("_sealed") {
            let sealed: Option<String> = row.try_get(at)?;
            if let Some(sealed) = sealed.filter(|sealed| contacts && !sealed.is_empty()) {
                object.insert(plain.to_owned(), app.secrets.open(&sealed)?.into());
            }
            continue;
        }
        let value = match kind {
            ColumnKind::Whole => json!(row.try_get::<Option<i64>, _>(at)?),
            ColumnKind::Real => json!(row.try_get::<Option<f64>, _>(at)?),
            ColumnKind::Text => json!(row.try_get::<Option<String>, _>(at)?),
        };
        object.insert(name.clone(), value);
    }
    Ok(object)
}

/// All files of a folder, relative to it.
fn listed(folder: &Path) -> anyhow::Result<Vec<String>> {
    let (mut found, mut left) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(next) = left.pop() {
        for entry in std::fs::read_dir(&next).with_context(|| next.display().to_string())? {
            let path = entry?.path();
            if path.is_dir() {
                left.push(path);
            } else {
                let name = path.strip_prefix(folder)?.components().map(|part| part.as_os_str().to_string_lossy());
                found.push(name.collect::<Vec<_>>().join("/"));
            }
        }
    }
    found.sort();
    Ok(found)
}

fn pack(folder: &Path, to: &Path) -> anyhow::Result<()> {
    let mut part = to.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let mut zip = zip::ZipWriter::new(BufWriter::new(File::create(&part)?));
    for name in listed(folder)? {
        // Photos are packed as they are.
        let method = match name.ends_with(".jpg") {
            true => zip::CompressionMethod::Stored,
            false => zip::CompressionMethod::Deflated,
        };
        let options = zip::write::SimpleFileOptions::default().compression_method(method).large_file(true);
        zip.start_file(name.as_str(), options)?;
        std::io::copy(&mut File::open(folder.join(&name))?, &mut zip)?;
    }
    zip.finish()?.into_inner()?.sync_all()?;
    std::fs::rename(&part, to)?;
    Ok(())
}

/// Reads an archive and compares everything in it with its manifest; names what is damaged, missing, or does not belong.
pub async fn check(at: &Path) -> anyhow::Result<Manifest> {
    let at = at.to_owned();
    let (manifest, found) = if at.is_dir() {
        let text = std::fs::read(at.join(MANIFEST)).with_context(|| format!("{} is no whole archive", at.display()))?;
        let mut found = BTreeMap::new();
        for name in listed(&at)?.into_iter().filter(|name| name != MANIFEST) {
            let sum = sum_of_file(at.join(&name)).await?;
            found.insert(name, sum);
        }
        (text, found)
    } else {
        tokio::task::spawn_blocking(move || unpacked(&at)).await??
    };
    let manifest: Manifest = serde_json::from_slice(&manifest).context("its manifest cannot be read")?;
    ensure!(
        manifest.format == FORMAT,
        "this archive has the form {}, of which this Linli knows nothing",
        manifest.format
    );
    let mut wrong: Vec<String> = Vec::new();
    for (name, sum) in &manifest.files {
        match found.get(name) {
            Some(other) if other == sum => {}
            Some(_) => wrong.push(format!("{name} is damaged")),
            None => wrong.push(format!("{name} is missing")),
        }
    }
    wrong.extend(
        found.keys().filter(|name| !manifest.files.contains_key(*name)).map(|name| format!("{name} is strange")),
    );
    if !wrong.is_empty() {
        let more = wrong.len().saturating_sub(10);
        wrong.truncate(10);
        bail!(
            "the archive is not whole: {}{}",
            wrong.join(", "),
            if more > 0 { format!(" and {more} more") } else { String::new() }
        );
    }
    Ok(manifest)
}

/// The manifest of a zip file, and the checksums of all else.
fn unpacked(at: &Path) -> anyhow::Result<(Vec<u8>, BTreeMap<String, String>)> {
    let file = File::open(at).with_context(|| at.display().to_string())?;
    let mut zip = zip::ZipArchive::new(std::io::BufReader::new(file)).context("this is no archive")?;
    let (mut manifest, mut found) = (None, BTreeMap::new());
    for number in 0..zip.len() {
        let mut part = zip.by_index(number)?;
        let name = part.name().to_owned();
        if name == MANIFEST {
            let mut text = Vec::new();
            part.by_ref().take(64 * 1024 * 1024).read_to_end(&mut text)?;
            manifest = Some(text);
            continue;
        }
        let mut sum = Sha256::new();
        if std::io::copy(&mut part, &mut sum).is_err() {
            found.insert(name, String::new());
            continue;
        }
        found.insert(name, crate::operate::backup::hex(&sum.finalize()));
    }
    Ok((manifest.context("it has no manifest: it is no whole archive")?, found))
}
