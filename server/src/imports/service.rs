//! Who may bring tables in, and the steps of an import: sent, looked at, taken over or dropped.

use super::{
    file::{self, Table, Unread},
    store::{self, Run},
    work,
};
use crate::{
    app_state::App,
    audit::{self, By},
    db::Tx,
    http::{Ctx, Error, Result, in_time},
};
use app::imports::{Counts, Kind, Outcome, PIECE, Verdict, mask_numbers, pages::State};
use jiff::Timestamp;
use sqlx::AnyConnection;

/// Imports that the list shows.
const MOST: i64 = 50;
/// Lines on one page.
const PAGE: usize = 100;

/// The kinds that the reader may bring in, at least one.
pub fn kinds(ctx: &Ctx) -> Result<Vec<Kind>> {
    let actor = ctx.actor()?;
    actor.require_somewhere(app::people::Action::PeopleManage)?;
    Ok(Kind::ALL.into_iter().filter(|kind| actor.require_somewhere(kind.action()).is_ok()).collect())
}

/// Where the reader may change something of this kind.
fn scopes(ctx: &Ctx, kind: Kind) -> Result<Vec<String>> {
    let actor = ctx.actor()?;
    actor.require_somewhere(kind.action())?;
    Ok(actor.scopes(kind.action()).into_iter().map(str::to_owned).collect())
}

/// Whether the reader may look at an import: their own, or one of somebody whose whole scope is theirs as well.
fn may_see(ctx: &Ctx, run: &Run) -> Result<bool> {
    let actor = ctx.actor()?;
    let kind = run.kind()?;
    actor.require_somewhere(kind.action())?;
    let own = run.person_id.as_deref() == Some(actor.id.as_str());
    Ok(own || run.scopes().iter().all(|scope| actor.require(kind.action(), scope).is_ok()))
}

/// Who sends a file.
pub struct Sender<'a> {
    /// Their id; `None`: the operator.
    pub person: Option<&'a str>,
    /// Paths under which it may change something.
    pub scopes: Vec<String>,
    /// The request it comes with.
    pub request_id: &'a str,
}

/// Writes a table down as a new import, to be looked at, under this id.
pub async fn send(
    app: &App,
    sender: Sender<'_>,
    id: String,
    kind: Kind,
    (name, bytes): (&str, &[u8]),
    table: Table,
) -> anyhow::Result<Run> {
    let now = app.clock.now();
    let name: String = mask_numbers(&name.chars().filter(|c| !c.is_control()).take(80).collect::<String>());
    let hex: String = <sha2::Sha256 as sha2::Digest>::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let run = Run {
        id,
        kind: kind.code().to_owned(),
        file_name: if name.trim().is_empty() { kind.code().to_owned() } else { name },
        columns: serde_json::to_string(&table.columns)?,
        scopes: serde_json::to_string(&sender.scopes)?,
        person_id: sender.person.map(str::to_owned),
        person_name: String::new(),
        request_id: sender.request_id.to_owned(),
        state: State::Checking.code().to_owned(),
        mode: String::new(),
        again: 0,
        mark: String::new(),
        lines: i64::try_from(table.rows.len())?,
        through: 0,
        created_at: now.as_microsecond(),
    };
    let mut pieces = Vec::new();
    for rows in table.rows.chunks(PIECE) {
        // Sealed: whatever column a telephone number was written in.
        pieces.push((app.secrets.seal(&serde_json::to_string(rows)?)?, i64::try_from(rows.len())?));
        in_time::goes_on();
    }
    let mut tx = app.db.begin().await?;
    store::insert(&mut tx, &run, &app.secrets.link_token("import", &hex), &pieces).await?;
    let detail = serde_json::json!({ "kind": run.kind, "lines": run.lines });
    note(&mut tx, (sender.person, sender.request_id), "import.look", &run.id, detail, now).await?;
    work::queue(&mut tx, &run.id, now).await?;
    tx.commit().await?;
    if run.lines <= work::AT_ONCE {
        work::run(app, &run.id).await?;
    }
    Ok(run)
}

async fn note(
    tx: &mut Tx,
    (person, request_id): (Option<&str>, &str),
    action: &str,
    id: &str,
    detail: serde_json::Value,
    now: Timestamp,
) -> std::result::Result<(), sqlx::Error> {
    let by = person.map_or(By::Operator, By::Person);
    audit::write(tx, audit::Entry { by, action, object_kind: "import", object_id: id, detail, request_id }, now).await
}

/// A file was sent: becomes the import with this id, unless it came before; or why it is no table.
pub async fn start(
    ctx: &Ctx,
    id: &str,
    kind: Kind,
    (name, bytes): (&str, Vec<u8>),
) -> Result<std::result::Result<(), Unread>> {
    let scopes = scopes(ctx, kind)?;
    if store::by_id(&mut *ctx.app.db.read().acquire().await?, id).await?.is_some() {
        return Ok(Ok(()));
    }
    let read = tokio::task::spawn_blocking(move || (file::read(kind, &bytes), bytes));
    let (read, bytes) = in_time::busy(read).await.map_err(anyhow::Error::from)?;
    let table = match read {
        Ok(table) => table,
        Err(unread) => return Ok(Err(unread)),
    };
    let sender = Sender { person: Some(&ctx.actor()?.id), scopes, request_id: &ctx.request_id };
    send(&ctx.app, sender, id.to_owned(), kind, (name, &bytes), table).await?;
    Ok(Ok(()))
}

/// The latest imports that the reader may look at, with what they do.
pub async fn list(ctx: &Ctx) -> Result<Vec<(Run, Counts)>> {
    kinds(ctx)?;
    let mut connection = ctx.app.db.read().acquire().await?;
    let mut all = Vec::new();
    for run in store::newest(&mut connection, MOST).await? {
        if may_see(ctx, &run).unwrap_or(false) {
            let counts = store::counts(&mut connection, &run.id).await?;
            all.push((run, counts));
        }
    }
    Ok(all)
}

/// An import, looked at.
pub struct Look {
    /// It.
    pub run: Run,
    /// What it does.
    pub counts: Counts,
    /// Which lines are shown.
    pub show: Verdict,
    /// They.
    pub outcomes: Vec<Outcome>,
    /// Page of them, of how many.
    pub page: (u32, u32),
}

async fn find(ctx: &Ctx, connection: &mut AnyConnection, id: &str) -> Result<Run> {
    kinds(ctx)?;
    let run = store::by_id(connection, id).await?.ok_or(Error::NotFound)?;
    if may_see(ctx, &run)? { Ok(run) } else { Err(Error::Forbidden) }
}

/// An import with a page of its lines of one verdict; without one, the first that has lines.
pub async fn look(ctx: &Ctx, id: &str, show: Option<Verdict>, page: u32) -> Result<Look> {
    let mut connection = ctx.app.db.read().acquire().await?;
    let run = find(ctx, &mut connection, id).await?;
    let counts = store::counts(&mut connection, &run.id).await?;
    let first = Verdict::ALL.into_iter().find(|verdict| counts.get(*verdict) > 0);
    let show = show.or(first).unwrap_or(Verdict::Add);
    let total = usize::try_from(counts.get(show)).unwrap_or(0);
    let pages = u32::try_from(total.div_ceil(PAGE)).unwrap_or(u32::MAX).max(1);
    let page = page.clamp(1, pages);
    let mut skip = usize::try_from(page - 1).unwrap_or(0) * PAGE;
    let mut outcomes = Vec::new();
    let ready = matches!(run.state(), State::Shown | State::Done);
    for (number, counts) in store::piece_counts(&mut connection, &run.id).await?.into_iter().filter(|_| ready) {
        let here = usize::try_from(counts.get(show)).unwrap_or(0);
        if skip >= here {
            skip -= here;
            continue;
        }
        let Some(piece) = store::piece(&mut connection, &run.id, number).await? else { break };
        let of_these = piece.outcomes()?.into_iter().filter(|outcome| outcome.verdict == show);
        outcomes.extend(of_these.skip(skip).take(PAGE - outcomes.len()));
        skip = 0;
        if outcomes.len() == PAGE {
            break;
        }
    }
    Ok(Look { run, counts, show, outcomes, page: (page, pages) })
}

/// The refused lines of an import, a piece after the other.
pub async fn refused(ctx: &Ctx, id: &str) -> Result<(Run, Vec<i64>)> {
    let mut connection = ctx.app.db.read().acquire().await?;
    let run = find(ctx, &mut connection, id).await?;
    let pieces = store::piece_counts(&mut connection, &run.id).await?;
    Ok((run, pieces.into_iter().filter(|(_, counts)| counts.refused > 0).map(|(number, _)| number).collect()))
}

/// What became of an attempt to take an import over.
pub enum Taken {
    /// It is done, or on its way.
    Going,
    /// It is not what was looked at any more, or no longer to be had.
    Changed,
    /// All or nothing, and some lines are refused.
    Refused(i64),
    /// Neither way was chosen.
    NoMode,
}

/// Takes an import over as it was looked at: `mark` says what that was. Done twice, it is done once.
pub async fn take(ctx: &Ctx, id: &str, mode: &str, mark: &str) -> Result<Taken> {
    let mut connection = ctx.app.db.read().acquire().await?;
    let run = find(ctx, &mut connection, id).await?;
    let counts = store::counts(&mut connection, &run.id).await?;
    drop(connection);
    // Whoever takes it over must reach all that it reaches: the sender's scopes may have become fewer since.
    let actor = ctx.actor()?;
    let kind = run.kind()?;
    for scope in run.scopes() {
        actor.require(kind.action(), &scope)?;
    }
    if matches!(run.state(), State::Applying | State::Done) && run.mark == mark {
        return Ok(Taken::Going);
    }
    if run.state() != State::Shown || run.mark != mark {
        return Ok(Taken::Changed);
    }
    match mode {
        "all" if counts.refused > 0 => return Ok(Taken::Refused(counts.refused)),
        "all" | "good" => {}
        _ => return Ok(Taken::NoMode),
    }
    let mut tx = ctx.app.db.begin().await?;
    if !store::advance(&mut tx, id, (State::Shown, State::Applying), None).await? {
        return Ok(Taken::Changed);
    }
    store::set_mode(&mut tx, id, mode).await?;
    let by = (Some(actor.id.as_str()), ctx.request_id.as_str());
    note(&mut tx, by, "import.take", id, serde_json::json!({ "mode": mode }), ctx.now).await?;
    work::queue(&mut tx, id, ctx.now).await?;
    tx.commit().await?;
    if run.lines <= work::AT_ONCE {
        work::run(&ctx.app, id).await?;
    }
    Ok(Taken::Going)
}

/// Drops an import that was not taken over: what was sent is gone.
pub async fn drop_it(ctx: &Ctx, id: &str) -> Result<()> {
    let mut connection = ctx.app.db.read().acquire().await?;
    let run = find(ctx, &mut connection, id).await?;
    drop(connection);
    let mut tx = ctx.app.db.begin().await?;
    if store::advance(&mut tx, id, (State::Shown, State::Dropped), Some(ctx.now)).await? {
        store::forget(&mut tx, id).await?;
        let by = (Some(ctx.actor()?.id.as_str()), ctx.request_id.as_str());
        note(&mut tx, by, "import.drop", id, serde_json::json!({ "kind": run.kind }), ctx.now).await?;
        tx.commit().await?;
    }
    Ok(())
}
