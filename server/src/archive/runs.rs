//! Archives that are asked for on the page: made by a job, kept for some days in the object store, fetched from there.

use super::build;
use crate::{
    app_state::App,
    audit::{self, By},
    db::Tx,
    http::{Ctx, Error, Result},
    jobs::{self, Job},
    places::{self, Organisation},
};
use app::people::Action;
use futures::StreamExt;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

/// Days for which an archive can be fetched.
pub const DAYS: i64 = 7;
/// Archives that the page shows.
const MOST: i64 = 30;

/// An archive.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Run {
    /// Id.
    pub id: String,
    /// Id of the community.
    pub organisation_id: String,
    /// Its path.
    pub path: String,
    /// Its code.
    pub code: String,
    /// Its Chinese name.
    pub name: String,
    /// Its English name.
    pub name_en: String,
    /// Who asked for it.
    pub who: String,
    /// 1: with telephone numbers and mail addresses.
    pub contacts: i64,
    /// `waiting`, `done` or `gone`.
    pub state: String,
    /// Size of the file.
    pub bytes: i64,
    /// When it was asked for, in microseconds.
    pub created_at: i64,
}

const SELECT: &str = "SELECT a.id, a.organisation_id, o.path, o.code, o.name, o.name_en, p.name AS who, a.contacts, a.state, a.bytes, \
     a.created_at FROM archive_run a JOIN organisation o ON o.id = a.organisation_id JOIN person p ON p.id = a.person_id";

async fn by_id(app: &App, id: &str) -> std::result::Result<Option<Run>, sqlx::Error> {
    let sql = format!("{SELECT} WHERE a.id = $1");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(app.db.read()).await
}

/// Where the file of an archive is in the object store.
pub fn key(id: &str) -> String {
    format!("archives/{id}.zip")
}

async fn note(
    tx: &mut Tx,
    by: By<'_>,
    action: &str,
    (id, request_id): (&str, &str),
    detail: serde_json::Value,
    now: Timestamp,
) -> std::result::Result<(), sqlx::Error> {
    let entry = audit::Entry { by, action, object_kind: "archive", object_id: id, detail, request_id };
    audit::write(tx, entry, now).await
}

/// Asks for the archive of a community, under this id. Asked again with it, there is one.
pub async fn ask(ctx: &Ctx, community: &Organisation, contacts: bool, id: &str) -> Result<()> {
    let actor = ctx.actor()?;
    actor.require(Action::DataArchive, &community.path)?;
    let mut tx = ctx.app.db.begin().await?;
    let done = sqlx::query(
        "INSERT INTO archive_run (id, organisation_id, person_id, contacts, state, created_at) \
         VALUES ($1, $2, $3, $4, 'waiting', $5) ON CONFLICT (id) DO NOTHING",
    )
    .bind(id)
    .bind(&community.id)
    .bind(&actor.id)
    .bind(i64::from(contacts))
    .bind(ctx.now.as_microsecond())
    .execute(&mut *tx)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(());
    }
    let detail = json!({ "community": community.code, "contacts": contacts });
    note(&mut tx, By::Person(&actor.id), "archive.ask", (id, &ctx.request_id), detail, ctx.now).await?;
    jobs::queue(&mut tx, &Job::Archive { run_id: id.to_owned() }, ctx.now, None, ctx.now).await?;
    tx.commit().await?;
    Ok(())
}

/// Makes an archive; done twice, the second takes the place of the first.
pub async fn make(app: &App, id: &str) -> anyhow::Result<()> {
    let Some(run) = by_id(app, id).await?.filter(|run| run.state == "waiting") else { return Ok(()) };
    let Some(community) = places::store::by_id(&app.db, &run.organisation_id).await? else { return Ok(()) };
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("archive.zip");
    let made = build(app, &community, &file, run.contacts == 1).await?;
    let bytes = i64::try_from(std::fs::metadata(&file)?.len())?;
    app.blobs.write_file(&key(id), &file).await?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    sqlx::query(
        "UPDATE archive_run SET state = 'done', bytes = $2, finished_at = $3 WHERE id = $1 AND state = 'waiting'",
    )
    .bind(id)
    .bind(bytes)
    .bind(now.as_microsecond())
    .execute(&mut *tx)
    .await?;
    let rows: i64 = made.rows.values().sum();
    let detail = json!({ "community": community.code, "rows": rows, "contacts": made.with_contacts });
    note(&mut tx, By::System, "archive.make", (id, ""), detail, now).await?;
    tx.commit().await?;
    Ok(())
}

/// The latest archives within the reader's scope.
pub async fn list(ctx: &Ctx) -> Result<Vec<Run>> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::DataArchive)?;
    let sql = format!("{SELECT} ORDER BY a.created_at DESC, a.id DESC LIMIT $1");
    let runs: Vec<Run> = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(MOST).fetch_all(ctx.app.db.read()).await?;
    Ok(runs.into_iter().filter(|run| actor.require(Action::DataArchive, &run.path).is_ok()).collect())
}

/// The bytes of an archive while they are sent, and what the file is called. Every fetch is in the audit log.
pub async fn fetch(ctx: &Ctx, id: &str) -> Result<(axum::body::Body, String)> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::DataArchive)?;
    let run = by_id(&ctx.app, id).await?.ok_or(Error::NotFound)?;
    actor.require(Action::DataArchive, &run.path)?;
    if run.state != "done" {
        return Err(Error::NotFound);
    }
    let stream = ctx.app.blobs.stream(&key(id)).await?.ok_or(Error::NotFound)?;
    let mut tx = ctx.app.db.begin().await?;
    let detail = json!({ "community": run.code });
    note(&mut tx, By::Person(&actor.id), "archive.take", (id, &ctx.request_id), detail, ctx.now).await?;
    tx.commit().await?;
    let day = app::time::day_of(Timestamp::from_microsecond(run.created_at).unwrap_or_default());
    Ok((axum::body::Body::from_stream(stream.fuse()), format!("linli-{}-{day}.zip", run.code)))
}

/// Removes archives that were kept long enough.
pub async fn sweep(app: &App) -> anyhow::Result<()> {
    let before = app.clock.now().checked_sub(SignedDuration::from_hours(24 * DAYS))?.as_microsecond();
    let old: Vec<(String,)> = sqlx::query_as("SELECT id FROM archive_run WHERE state = 'done' AND finished_at < $1")
        .bind(before)
        .fetch_all(app.db.read())
        .await?;
    for (id,) in old {
        if app.blobs.stream(&key(&id)).await?.is_some() {
            app.blobs.remove(&key(&id)).await?;
        }
        let mut tx = app.db.begin().await?;
        sqlx::query("UPDATE archive_run SET state = 'gone' WHERE id = $1").bind(&id).execute(&mut *tx).await?;
        tx.commit().await?;
    }
    Ok(())
}
