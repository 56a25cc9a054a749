//! Looking at the lines of an import and taking them over, piece by piece. A server that dies in the middle loses nothing
//! and doubles nothing: each piece, or the whole where it is all or nothing, is one transaction.

use super::{
    kinds::{self, Frame, Seen},
    store::{self, Piece, Run},
};
use crate::{
    app_state::App,
    audit,
    jobs::{self, Job},
};
use anyhow::Context;
use app::imports::{Counts, Mistake, Outcome, Row, Verdict, Why, pages::State};
use jiff::{SignedDuration, Timestamp};
use sqlx::AnyConnection;

/// Pieces in one run of the job; a following job does the rest.
const PIECES: usize = 20;
/// Imports of up to so many lines are done at once, while their sender waits.
pub const AT_ONCE: i64 = 1000;

/// Lines of a piece: their number and cells.
pub type Cells = Vec<(u64, Vec<String>)>;

/// Goes on with an import until there is nothing to do, or for as much as one job does.
pub async fn run(app: &App, id: &str) -> anyhow::Result<()> {
    for _ in 0..PIECES {
        let run = store::by_id(&mut *app.db.read().acquire().await?, id).await?;
        let Some(run) = run else { return Ok(()) };
        let more = match run.state() {
            State::Checking => check(app, &run).await?,
            State::Applying if run.mode == "all" => apply_all(app, &run).await?,
            State::Applying => apply_good(app, &run).await?,
            State::Shown | State::Done | State::Dropped => false,
        };
        if !more {
            return Ok(());
        }
    }
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    queue(&mut tx, id, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Queues the work in the transaction that makes it necessary.
pub async fn queue(tx: &mut crate::db::Tx, id: &str, now: Timestamp) -> anyhow::Result<()> {
    jobs::queue(tx, &Job::Import { run_id: id.to_owned() }, now, None, now).await
}

fn cells(app: &App, piece: &Piece) -> anyhow::Result<Cells> {
    let text = app.secrets.open(&piece.content).context("opening the lines of an import")?;
    Ok(serde_json::from_str(&text)?)
}

fn rows<'a>(frame: &'a Frame<'_>, cells: &'a Cells) -> Vec<Row<'a>> {
    cells.iter().map(|(line, cells)| Row { columns: &frame.columns, line: *line, cells }).collect()
}

/// What the pieces before one were about.
async fn seen_before(connection: &mut AnyConnection, run: &Run, piece: i64) -> anyhow::Result<Seen> {
    let mut seen = Seen::new();
    for number in 0..piece {
        if let Some(piece) = store::piece(connection, &run.id, number).await? {
            kinds::remember(&mut seen, &piece.outcomes()?);
        }
    }
    Ok(seen)
}

/// Looks at as many pieces as one job does. Gives whether there is more to do.
async fn check(app: &App, run: &Run) -> anyhow::Result<bool> {
    let frame = Frame::new(app, run)?;
    let mut connection = app.db.read().acquire().await?;
    let mut next = store::first_left(&mut connection, &run.id, false).await?;
    let mut seen = match next {
        Some(piece) => seen_before(&mut connection, run, piece).await?,
        None => Seen::new(),
    };
    for _ in 0..PIECES {
        let Some(piece) = (match next {
            Some(number) => store::piece(&mut connection, &run.id, number).await?,
            None => None,
        }) else {
            let mut tx = app.db.begin().await?;
            store::advance(&mut tx, &run.id, (State::Checking, State::Shown), None).await?;
            tx.commit().await?;
            return Ok(false);
        };
        let cells = cells(app, &piece)?;
        let outcomes = kinds::judge(&frame, &mut connection, &rows(&frame, &cells), &mut seen).await?;
        let mut tx = app.db.begin().await?;
        if !store::save_outcome(&mut tx, run, &piece, &outcomes).await? {
            // Another server is at it, or it was dropped.
            return Ok(false);
        }
        tx.commit().await?;
        next = Some(piece.piece + 1);
    }
    Ok(true)
}

/// All lines once more: the database is not what it was.
async fn again(app: &App, run: &Run) -> anyhow::Result<bool> {
    let mut tx = app.db.begin().await?;
    store::again(&mut tx, &run.id).await?;
    tx.commit().await?;
    Ok(true)
}

/// Takes everything over, or nothing: one transaction.
async fn apply_all(app: &App, run: &Run) -> anyhow::Result<bool> {
    let frame = Frame::new(app, run)?;
    let mut tx = app.db.begin().await?;
    if !store::advance(&mut tx, &run.id, (State::Applying, State::Done), Some(frame.now)).await? {
        return Ok(false);
    }
    let mut seen = Seen::new();
    for number in 0.. {
        let Some(piece) = store::piece(&mut tx, &run.id, number).await? else { break };
        let cells = cells(app, &piece)?;
        let rows = rows(&frame, &cells);
        kinds::lock(&frame, &mut tx, &rows).await?;
        let outcomes = kinds::judge(&frame, &mut tx, &rows, &mut seen).await?;
        if serde_json::to_string(&outcomes)? != piece.outcome {
            tx.rollback().await?;
            return again(app, run).await;
        }
        kinds::apply(&frame, &mut tx, &to_do(&rows, &outcomes)).await?;
        store::save_applied(&mut tx, run, &piece, &outcomes, frame.now).await?;
    }
    done(&frame, &mut tx).await?;
    tx.commit().await?;
    Ok(false)
}

fn to_do<'a>(rows: &[Row<'a>], outcomes: &'a [Outcome]) -> Vec<(Row<'a>, &'a Outcome)> {
    let does = |outcome: &Outcome| matches!(outcome.verdict, Verdict::Add | Verdict::Change);
    rows.iter().copied().zip(outcomes).filter(|(_, outcome)| does(outcome)).collect()
}

/// Whether every line would still become what was shown.
async fn holds(app: &App, run: &Run, frame: &Frame<'_>) -> anyhow::Result<bool> {
    let mut connection = app.db.read().acquire().await?;
    let mut seen = Seen::new();
    for number in 0.. {
        let Some(piece) = store::piece(&mut connection, &run.id, number).await? else { break };
        let cells = cells(app, &piece)?;
        let outcomes = kinds::judge(frame, &mut connection, &rows(frame, &cells), &mut seen).await?;
        if serde_json::to_string(&outcomes)? != piece.outcome {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Takes the lines without a mistake over, a piece in a transaction. Before the first, everything must still be as it was
/// shown; a line that somebody else changes after that is left out, and the report says so.
async fn apply_good(app: &App, run: &Run) -> anyhow::Result<bool> {
    let frame = Frame::new(app, run)?;
    let first = store::first_left(&mut *app.db.read().acquire().await?, &run.id, true).await?;
    if first == Some(0) && !holds(app, run, &frame).await? {
        return again(app, run).await;
    }
    let mut seen = seen_before(&mut *app.db.read().acquire().await?, run, first.unwrap_or(0)).await?;
    for _ in 0..PIECES {
        let mut tx = app.db.begin().await?;
        // Whoever holds the row is at it; on PostgreSQL the other server waits here.
        if !store::advance(&mut tx, &run.id, (State::Applying, State::Applying), None).await? {
            return Ok(false);
        }
        let left = store::first_left(&mut tx, &run.id, true).await?;
        let piece = match left {
            Some(number) => store::piece(&mut tx, &run.id, number).await?,
            None => None,
        };
        let Some(piece) = piece else {
            store::advance(&mut tx, &run.id, (State::Applying, State::Done), Some(frame.now)).await?;
            done(&frame, &mut tx).await?;
            tx.commit().await?;
            return Ok(false);
        };
        let cells = cells(app, &piece)?;
        let rows = rows(&frame, &cells);
        kinds::lock(&frame, &mut tx, &rows).await?;
        let fresh = kinds::judge(&frame, &mut tx, &rows, &mut seen).await?;
        let outcomes: Vec<Outcome> =
            piece.outcomes()?.into_iter().zip(fresh).map(|(shown, fresh)| settle(shown, fresh)).collect();
        kinds::apply(&frame, &mut tx, &to_do(&rows, &outcomes)).await?;
        store::save_applied(&mut tx, run, &piece, &outcomes, frame.now).await?;
        tx.commit().await?;
    }
    Ok(true)
}

/// What was shown, or a refusal where it would be something else by now.
fn settle(shown: Outcome, fresh: Outcome) -> Outcome {
    if shown == fresh {
        return shown;
    }
    let why = Why::Key { key: "imports-error-meanwhile".to_owned(), what: String::new() };
    let mistake = Mistake { column: "code".to_owned(), value: String::new(), why };
    let mistakes = if fresh.mistakes.is_empty() { vec![mistake] } else { fresh.mistakes };
    Outcome { verdict: Verdict::Refused, differences: Vec::new(), note: None, memo: String::new(), mistakes, ..shown }
}

/// It is done: what was sent is forgotten, and the audit log says what it brought.
async fn done(frame: &Frame<'_>, tx: &mut crate::db::Tx) -> anyhow::Result<()> {
    let Counts { added, changed, same, refused } = store::counts(tx, &frame.run.id).await?;
    store::forget(tx, &frame.run.id).await?;
    let entry = audit::Entry {
        by: frame.by(),
        action: "import.done",
        object_kind: "import",
        object_id: &frame.run.id,
        detail: serde_json::json!({
            "kind": frame.kind.code(), "added": added, "changed": changed, "same": same, "refused": refused,
        }),
        request_id: &frame.run.request_id,
    };
    audit::write(tx, entry, frame.now).await?;
    Ok(())
}

/// Days after which what was not taken over is dropped, and after which a report is forgotten.
const DAYS: (i64, i64) = (7, 366);

/// Drops and forgets what was kept long enough.
pub async fn sweep(app: &App) -> anyhow::Result<()> {
    let ago = |days: i64| app.clock.now().checked_sub(SignedDuration::from_hours(24 * days));
    let mut tx = app.db.begin().await?;
    store::sweep(&mut tx, ago(DAYS.0)?, ago(DAYS.1)?).await?;
    tx.commit().await?;
    Ok(())
}
