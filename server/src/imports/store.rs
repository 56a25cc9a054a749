//! Imports in the database.

use crate::{auth::secrets::sha256, db::Tx, http::in_time};
use app::imports::{Counts, Kind, Outcome, pages::State};
use jiff::Timestamp;
use sqlx::AnyConnection;

/// An import.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Run {
    /// Id.
    pub id: String,
    /// Code of its kind.
    pub kind: String,
    /// Name of the file.
    pub file_name: String,
    /// JSON array of columns.
    pub columns: String,
    /// JSON array of paths under which it may change something.
    pub scopes: String,
    /// Who sent it; `None`: the operator.
    pub person_id: Option<String>,
    /// Their name.
    pub person_name: String,
    /// The request it came with.
    pub request_id: String,
    /// Code of its state.
    pub state: String,
    /// `all`, `good`, or empty before it is taken over.
    pub mode: String,
    /// 1: shown once more.
    pub again: i64,
    /// Tells what was shown.
    pub mark: String,
    /// Lines of the file.
    pub lines: i64,
    /// Lines that this state is through with.
    pub through: i64,
    /// When it was sent, in microseconds.
    pub created_at: i64,
}

impl Run {
    /// Its kind.
    pub fn kind(&self) -> anyhow::Result<Kind> {
        Kind::from_code(&self.kind).ok_or_else(|| anyhow::anyhow!("an import of the kind {}", self.kind))
    }

    /// Its state.
    pub fn state(&self) -> State {
        State::ALL.into_iter().find(|state| state.code() == self.state).unwrap_or(State::Dropped)
    }

    /// Paths under which it may change something.
    pub fn scopes(&self) -> Vec<String> {
        serde_json::from_str(&self.scopes).unwrap_or_default()
    }
}

const SELECT: &str = "SELECT r.id, r.kind, r.file_name, r.columns, r.scopes, r.person_id, COALESCE(p.name, '') AS person_name, \
     r.request_id, r.state, r.mode, r.again, r.mark, r.lines, r.through, r.created_at \
     FROM import_run r LEFT JOIN person p ON p.id = r.person_id";

/// The import with this id.
pub async fn by_id(connection: &mut AnyConnection, id: &str) -> Result<Option<Run>, sqlx::Error> {
    let sql = format!("{SELECT} WHERE r.id = $1");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(connection).await
}

/// The latest imports, newest first.
pub async fn newest(connection: &mut AnyConnection, most: i64) -> Result<Vec<Run>, sqlx::Error> {
    let sql = format!("{SELECT} ORDER BY r.created_at DESC, r.id DESC LIMIT $1");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(most).fetch_all(connection).await
}

/// Writes a new import down, with its lines in sealed pieces.
pub async fn insert(tx: &mut Tx, run: &Run, file_mark: &str, pieces: &[(String, i64)]) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO import_run (id, kind, file_name, file_mark, columns, scopes, person_id, request_id, state, lines, \
         created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(&run.id)
    .bind(&run.kind)
    .bind(&run.file_name)
    .bind(file_mark)
    .bind(&run.columns)
    .bind(&run.scopes)
    .bind(&run.person_id)
    .bind(&run.request_id)
    .bind(&run.state)
    .bind(run.lines)
    .bind(run.created_at)
    .execute(&mut **tx)
    .await?;
    for (number, (content, lines)) in (0_i64..).zip(pieces) {
        sqlx::query("INSERT INTO import_piece (run_id, piece, content, lines) VALUES ($1, $2, $3, $4)")
            .bind(&run.id)
            .bind(number)
            .bind(content)
            .bind(lines)
            .execute(&mut **tx)
            .await?;
        in_time::goes_on();
    }
    Ok(())
}

/// A piece of an import.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Piece {
    /// Its number, from 0.
    pub piece: i64,
    /// Its lines, sealed; empty once they are no longer needed.
    pub content: String,
    /// What becomes of them, as JSON; empty before they were looked at.
    pub outcome: String,
    /// How many they are.
    pub lines: i64,
}

impl Piece {
    /// What becomes of its lines.
    pub fn outcomes(&self) -> anyhow::Result<Vec<Outcome>> {
        if self.outcome.is_empty() { Ok(Vec::new()) } else { Ok(serde_json::from_str(&self.outcome)?) }
    }
}

/// One piece.
pub async fn piece(connection: &mut AnyConnection, run: &str, number: i64) -> Result<Option<Piece>, sqlx::Error> {
    sqlx::query_as("SELECT piece, content, outcome, lines FROM import_piece WHERE run_id = $1 AND piece = $2")
        .bind(run)
        .bind(number)
        .fetch_optional(connection)
        .await
}

/// The first piece that was not looked at, or, when `applying`, not taken over.
pub async fn first_left(connection: &mut AnyConnection, run: &str, applying: bool) -> Result<Option<i64>, sqlx::Error> {
    let sql = if applying {
        "SELECT MIN(piece) FROM import_piece WHERE run_id = $1 AND applied_at IS NULL"
    } else {
        "SELECT MIN(piece) FROM import_piece WHERE run_id = $1 AND outcome = ''"
    };
    let (piece,): (Option<i64>,) = sqlx::query_as(sql).bind(run).fetch_one(connection).await?;
    Ok(piece)
}

/// How many lines have which verdict.
pub async fn counts(connection: &mut AnyConnection, run: &str) -> Result<Counts, sqlx::Error> {
    let (added, changed, same, refused): (i64, i64, i64, i64) = sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(added), 0) AS BIGINT), CAST(COALESCE(SUM(changed), 0) AS BIGINT), \
         CAST(COALESCE(SUM(same), 0) AS BIGINT), CAST(COALESCE(SUM(refused), 0) AS BIGINT) \
         FROM import_piece WHERE run_id = $1",
    )
    .bind(run)
    .fetch_one(connection)
    .await?;
    Ok(Counts { added, changed, same, refused })
}

/// Each piece's number with its counts, in order.
pub async fn piece_counts(connection: &mut AnyConnection, run: &str) -> Result<Vec<(i64, Counts)>, sqlx::Error> {
    let rows: Vec<(i64, i64, i64, i64, i64)> = sqlx::query_as(
        "SELECT piece, added, changed, same, refused FROM import_piece WHERE run_id = $1 ORDER BY piece",
    )
    .bind(run)
    .fetch_all(connection)
    .await?;
    let counts = |(piece, added, changed, same, refused)| (piece, Counts { added, changed, same, refused });
    Ok(rows.into_iter().map(counts).collect())
}

/// Writes down what becomes of a piece. `false`: somebody else did, or it was dropped.
pub async fn save_outcome(tx: &mut Tx, run: &Run, piece: &Piece, outcomes: &[Outcome]) -> anyhow::Result<bool> {
    let text = serde_json::to_string(outcomes)?;
    let (mark,): (String,) =
        sqlx::query_as("SELECT mark FROM import_run WHERE id = $1").bind(&run.id).fetch_one(&mut **tx).await?;
    let counts = Counts::of(outcomes);
    let done = sqlx::query(
        "UPDATE import_piece SET outcome = $3, added = $4, changed = $5, same = $6, refused = $7 \
         WHERE run_id = $1 AND piece = $2 AND outcome = ''",
    )
    .bind(&run.id)
    .bind(piece.piece)
    .bind(&text)
    .bind(counts.added)
    .bind(counts.changed)
    .bind(counts.same)
    .bind(counts.refused)
    .execute(&mut **tx)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    let moved = sqlx::query(
        "UPDATE import_run SET through = through + $2, mark = $3 WHERE id = $1 AND state = 'checking' AND mark = $4",
    )
    .bind(&run.id)
    .bind(piece.lines)
    .bind(sha256(&format!("{mark}{text}")))
    .bind(&mark)
    .execute(&mut **tx)
    .await?;
    Ok(moved.rows_affected() == 1)
}

/// Writes down that a piece is taken over, and what became of it. What was sent is gone with it.
pub async fn save_applied(
    tx: &mut Tx,
    run: &Run,
    piece: &Piece,
    outcomes: &[Outcome],
    now: Timestamp,
) -> anyhow::Result<()> {
    let counts = Counts::of(outcomes);
    sqlx::query(
        "UPDATE import_piece SET outcome = $3, added = $4, changed = $5, same = $6, refused = $7, content = '', \
         applied_at = $8 WHERE run_id = $1 AND piece = $2",
    )
    .bind(&run.id)
    .bind(piece.piece)
    .bind(serde_json::to_string(outcomes)?)
    .bind(counts.added)
    .bind(counts.changed)
    .bind(counts.same)
    .bind(counts.refused)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    sqlx::query("UPDATE import_run SET through = through + $2 WHERE id = $1")
        .bind(&run.id)
        .bind(piece.lines)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Moves an import on. `false`: it was not where it was thought to be. The row stays locked until the transaction ends.
pub async fn advance(
    tx: &mut Tx,
    id: &str,
    (from, to): (State, State),
    finished: Option<Timestamp>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE import_run SET state = $3, finished_at = COALESCE($4, finished_at), \
         through = CASE WHEN $3 = 'applying' AND $2 = 'shown' THEN 0 ELSE through END WHERE id = $1 AND state = $2",
    )
    .bind(id)
    .bind(from.code())
    .bind(to.code())
    .bind(finished.map(Timestamp::as_microsecond))
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Says how it is taken over.
pub async fn set_mode(tx: &mut Tx, id: &str, mode: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE import_run SET mode = $2 WHERE id = $1").bind(id).bind(mode).execute(&mut **tx).await?;
    Ok(())
}

/// Has all lines looked at once more.
pub async fn again(tx: &mut Tx, id: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE import_run SET state = 'checking', mode = '', again = 1, through = 0, mark = '' \
         WHERE id = $1 AND state = 'applying'",
    )
    .bind(id)
    .execute(&mut **tx)
    .await?;
    sqlx::query(
        "UPDATE import_piece SET outcome = '', added = 0, changed = 0, same = 0, refused = 0 WHERE run_id = $1",
    )
    .bind(id)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Forgets what was sent.
pub async fn forget(tx: &mut Tx, id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE import_piece SET content = '' WHERE run_id = $1").bind(id).execute(&mut **tx).await?;
    Ok(())
}

/// Drops what was not taken over since `idle`, and forgets whole imports from before `old`.
pub async fn sweep(tx: &mut Tx, idle: Timestamp, old: Timestamp) -> Result<(), sqlx::Error> {
    let idle = idle.as_microsecond();
    for sql in [
        "UPDATE import_piece SET content = '', outcome = '' WHERE run_id IN \
         (SELECT id FROM import_run WHERE state IN ('checking', 'shown') AND created_at < $1)",
        "UPDATE import_run SET state = 'dropped' WHERE state IN ('checking', 'shown') AND created_at < $1",
    ] {
        sqlx::query(sql).bind(idle).execute(&mut **tx).await?;
    }
    for sql in [
        "DELETE FROM import_piece WHERE run_id IN (SELECT id FROM import_run WHERE created_at < $1)",
        "DELETE FROM import_run WHERE created_at < $1",
    ] {
        sqlx::query(sql).bind(old.as_microsecond()).execute(&mut **tx).await?;
    }
    Ok(())
}
