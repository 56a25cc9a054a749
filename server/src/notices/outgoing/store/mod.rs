//! Messages on their way, in the database: written down, taken, settled. What staff see of them is in [`figures`], how
//! they are forgotten in [`old`].

pub mod figures;
pub mod old;

use super::fan_out::digest;
use crate::{
    app_state::App,
    db::{Db, Tx, dialect, marks},
};
use app::notices::following::{Channel, Reason, When};
use jiff::{SignedDuration, Timestamp};

/// Begins telling a notice, or goes on: id of the last person who is done. `None`: everybody is.
pub async fn begin(app: &App, notice_id: &str) -> anyhow::Result<Option<String>> {
    let mut tx = app.db.begin().await?;
    sqlx::query(
        "INSERT INTO notice_fan_out (notice_id, started_at) VALUES ($1, $2) ON CONFLICT (notice_id) DO NOTHING",
    )
    .bind(notice_id)
    .bind(app.clock.now().as_microsecond())
    .execute(&mut *tx)
    .await?;
    let (last, finished): (String, Option<i64>) =
        sqlx::query_as("SELECT last_person, finished_at FROM notice_fan_out WHERE notice_id = $1")
            .bind(notice_id)
            .fetch_one(&mut *tx)
            .await?;
    tx.commit().await?;
    Ok(finished.is_none().then_some(last))
}

/// Notes that a batch of people is done. `false`: somebody else did it.
pub async fn advance(
    tx: &mut Tx,
    notice_id: &str,
    (from, to): (&str, &str),
    people: usize,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE notice_fan_out SET last_person = $3, people = people + $4 WHERE notice_id = $1 AND last_person = $2",
    )
    .bind(notice_id)
    .bind(from)
    .bind(to)
    .bind(i64::try_from(people).unwrap_or(i64::MAX))
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Notes that everybody is done.
pub async fn finish(app: &App, notice_id: &str) -> anyhow::Result<()> {
    let mut tx = app.db.begin().await?;
    sqlx::query("UPDATE notice_fan_out SET finished_at = $2 WHERE notice_id = $1 AND finished_at IS NULL")
        .bind(notice_id)
        .bind(app.clock.now().as_microsecond())
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(())
}

/// Browsers that are notified: person and subscription, of people with ids after `after` up to `last`. One whose session
/// was ended is not.
pub async fn browsers(db: &Db, after: &str, last: &str) -> Result<Vec<(String, String)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT b.person_id, b.id FROM push_subscription b LEFT JOIN session s ON s.id = b.session_id \
         WHERE b.person_id > $1 AND b.person_id <= $2 AND s.revoked_at IS NULL ORDER BY b.person_id, b.id",
    )
    .bind(after)
    .bind(last)
    .fetch_all(db.read())
    .await
}

/// A message to be sent.
#[derive(Clone, Copy, Debug)]
pub struct NewDelivery<'a> {
    /// Of which notice.
    pub notice_id: &'a str,
    /// To whom.
    pub person_id: &'a str,
    /// On which way.
    pub channel: Channel,
    /// The push subscription, else empty.
    pub target: &'a str,
    /// When.
    pub when: When,
}

impl NewDelivery<'_> {
    fn id(&self) -> String {
        let Self { notice_id, person_id, channel, target, .. } = self;
        let channel = channel.code();
        match target.is_empty() {
            true => format!("{notice_id}:{channel}:{person_id}"),
            false => format!("{notice_id}:{channel}:{person_id}:{target}"),
        }
    }
}

/// Writes messages down, with the days' letters that some of them go with. What is there already stays as it is.
pub async fn insert(tx: &mut Tx, rows: &[NewDelivery<'_>], urgent: bool, now: Timestamp) -> Result<(), sqlx::Error> {
    let at = now.as_microsecond();
    let mut values: Vec<Values> = Vec::with_capacity(rows.len());
    for row in rows {
        let (digest_id, due_at) = match (&row.when, digest(&row.when, row.person_id)) {
            (When::Daily(_, due), Some(id)) => {
                values.push(Values {
                    id: id.clone(),
                    notice_id: None,
                    person_id: row.person_id.to_owned(),
                    channel: row.channel.code(),
                    target: String::new(),
                    digest_id: None,
                    due_at: Some(due.as_microsecond()),
                });
                (Some(id), None)
            }
            (When::At(due), _) => (None, Some(due.as_microsecond())),
            (When::Daily(_, due), None) => (None, Some(due.as_microsecond())),
        };
        values.push(Values {
            id: row.id(),
            notice_id: Some(row.notice_id.to_owned()),
            person_id: row.person_id.to_owned(),
            channel: row.channel.code(),
            target: row.target.to_owned(),
            digest_id,
            due_at,
        });
    }
    for chunk in values.chunks(ROWS) {
        let tuples: Vec<String> =
            (0..chunk.len()).map(|n| format!("({}, 'created', $1, $2)", marks(7 * n + 3, 7))).collect();
        let sql = format!(
            "INSERT INTO notice_delivery (id, notice_id, person_id, channel, target, digest_id, due_at, state, urgent, \
             created_at) VALUES {} ON CONFLICT (id) DO NOTHING",
            tuples.join(", ")
        );
        let mut query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(i64::from(urgent)).bind(at);
        for row in chunk {
            query = query
                .bind(&row.id)
                .bind(&row.notice_id)
                .bind(&row.person_id)
                .bind(row.channel)
                .bind(&row.target)
                .bind(&row.digest_id)
                .bind(row.due_at);
        }
        query.execute(&mut **tx).await?;
    }
    Ok(())
}

/// Rows in one statement: few shapes of statements, far below the engines' limits of parameters.
const ROWS: usize = 200;

struct Values {
    id: String,
    notice_id: Option<String>,
    person_id: String,
    channel: &'static str,
    target: String,
    digest_id: Option<String>,
    due_at: Option<i64>,
}

/// A message that this server holds until its lease ends.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Held {
    /// Id.
    pub id: String,
    /// The notice; none for a day's letter.
    pub notice_id: Option<String>,
    /// To whom.
    pub person_id: String,
    /// The push subscription, else empty.
    pub target: String,
    /// Tries, this one included.
    pub attempts: i64,
    /// Not 0: another server held it before and never said what became of it.
    pub taken_over: i64,
    /// An emergency.
    pub urgent: i64,
}

/// Takes up to `most` due messages of a channel, emergencies first, and holds them for `lease`. Messages that other
/// servers hold are left to them. The instant until which they are held names this holding.
pub async fn claim(
    app: &App,
    channel: Channel,
    most: usize,
    lease: SignedDuration,
) -> anyhow::Result<(Vec<Held>, i64)> {
    let now = app.clock.now();
    let until = (now + lease).as_microsecond();
    let sql = format!(
        "WITH due AS MATERIALIZED (SELECT id FROM notice_delivery WHERE channel = $1 AND urgent = $2 AND due_at <= $3 \
         ORDER BY due_at LIMIT $4{}) UPDATE notice_delivery SET state = 'sending', attempts = attempts + 1, \
         taken_over = CASE WHEN state = 'sending' THEN 1 ELSE taken_over END, due_at = $5 WHERE id IN (SELECT id FROM due) \
         RETURNING id, notice_id, person_id, target, attempts, taken_over, urgent",
        dialect::skip_locked(app.db.engine())
    );
    for urgent in [1_i64, 0] {
        // Looking costs no write transaction: most looks find nothing.
        let due: Option<(String,)> = sqlx::query_as(
            "SELECT id FROM notice_delivery WHERE channel = $1 AND urgent = $2 AND due_at <= $3 ORDER BY due_at LIMIT 1",
        )
        .bind(channel.code())
        .bind(urgent)
        .bind(now.as_microsecond())
        .fetch_optional(app.db.read())
        .await?;
        if due.is_none() {
            continue;
        }
        let mut tx = app.db.begin().await?;
        let held: Vec<Held> = sqlx::query_as(sqlx::AssertSqlSafe(sql.clone()))
            .bind(channel.code())
            .bind(urgent)
            .bind(now.as_microsecond())
            .bind(i64::try_from(most).unwrap_or(1))
            .bind(until)
            .fetch_all(&mut *tx)
            .await?;
        tx.commit().await?;
        if !held.is_empty() {
            return Ok((held, until));
        }
    }
    Ok((Vec::new(), until))
}

/// The messages that wait for a day's letter.
#[derive(Clone, Debug, Default)]
pub struct Members {
    /// Ids of those that the letter tells of: what becomes of it becomes of them.
    pub told: Vec<String>,
    /// Ids of those that were corrected, withdrawn or over meanwhile.
    pub left_out: Vec<String>,
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The other side took it.
    Delivered,
    /// Not this time: to be tried again then.
    Later {
        /// When.
        at: Timestamp,
        /// Why.
        reason: String,
    },
    /// It was not tried: these are its person's quiet hours.
    Quiet {
        /// When they end.
        until: Timestamp,
    },
    /// It will not go, or nobody knows whether it went.
    Failed {
        /// What kind of failure, as stored.
        failure: &'static str,
        /// Why.
        reason: String,
    },
}

/// Writes down what became of messages that were held until `until`, in one transaction. One that another server has taken
/// over meanwhile is that server's.
pub async fn settle(app: &App, done: &[(Held, Outcome, Members)], until: i64, now: Timestamp) -> anyhow::Result<()> {
    let mut tx = app.db.begin().await?;
    let delivered: Vec<&str> = done
        .iter()
        .filter(|(_, outcome, _)| *outcome == Outcome::Delivered)
        .map(|(held, ..)| held.id.as_str())
        .collect();
    if !delivered.is_empty() {
        let sql = format!(
            "UPDATE notice_delivery SET state = 'delivered', failure = '', reason = '', due_at = NULL, finished_at = $1 \
             WHERE state = 'sending' AND due_at = $2 AND id IN ({})",
            marks(3, delivered.len())
        );
        let mut query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(now.as_microsecond()).bind(until);
        for id in &delivered {
            query = query.bind(*id);
        }
        query.execute(&mut *tx).await?;
    }
    for (held, outcome, members) in done {
        let (state, failure, reason, due_at) = match outcome {
            Outcome::Delivered => ("delivered", "", "", None),
            Outcome::Quiet { until } => ("created", "", "", Some(until.as_microsecond())),
            Outcome::Later { at, reason } => ("created", "temporary", reason.as_str(), Some(at.as_microsecond())),
            Outcome::Failed { failure, reason } => ("failed", *failure, reason.as_str(), None),
        };
        let finished_at = due_at.is_none().then(|| now.as_microsecond());
        let ours = if *outcome == Outcome::Delivered {
            true
        } else {
            let done = sqlx::query(
                "UPDATE notice_delivery SET state = $1, failure = $2, reason = $3, due_at = $4, finished_at = $5, \
                 attempts = attempts - $8 WHERE id = $6 AND state = 'sending' AND due_at = $7",
            )
            .bind(state)
            .bind(failure)
            .bind(reason)
            .bind(due_at)
            .bind(finished_at)
            .bind(&held.id)
            .bind(until)
            .bind(i64::from(matches!(outcome, Outcome::Quiet { .. })))
            .execute(&mut *tx)
            .await?;
            done.rows_affected() == 1
        };
        if ours {
            let with_it = Fate { state, failure, reason, finished_at, attempts: held.attempts };
            settle_members(&mut tx, &members.told, with_it).await?;
        }
        if ours && due_at.is_none() {
            let reason = Reason::Overtaken.key();
            let at = Some(now.as_microsecond());
            let without = Fate { state: "failed", failure: "overtaken", reason, finished_at: at, attempts: 0 };
            settle_members(&mut tx, &members.left_out, without).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

/// What becomes of messages that go with a day's letter, as stored.
#[derive(Clone, Copy)]
struct Fate<'a> {
    state: &'a str,
    failure: &'a str,
    reason: &'a str,
    finished_at: Option<i64>,
    attempts: i64,
}

async fn settle_members(tx: &mut Tx, ids: &[String], fate: Fate<'_>) -> Result<(), sqlx::Error> {
    if ids.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "UPDATE notice_delivery SET state = $1, failure = $2, reason = $3, finished_at = $4, attempts = $5 \
         WHERE state = 'created' AND id IN ({})",
        marks(6, ids.len())
    );
    let mut query = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(fate.state)
        .bind(fate.failure)
        .bind(fate.reason)
        .bind(fate.finished_at)
        .bind(fate.attempts);
    for id in ids {
        query = query.bind(id);
    }
    query.execute(&mut **tx).await?;
    Ok(())
}

/// Whom a message goes to.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Addressee {
    /// Id.
    pub id: String,
    /// Tag of their language.
    pub lang: String,
    /// Number, sealed.
    pub phone_sealed: String,
    /// Address, sealed; may be empty.
    pub email_sealed: String,
    /// Not NULL: it is theirs.
    pub email_confirmed_at: Option<i64>,
    /// 1: notices by mail.
    pub email: i64,
    /// 1: emergencies by SMS.
    pub sms: i64,
    /// First quiet hour.
    pub quiet_from: i64,
    /// Where they end.
    pub quiet_until: i64,
}

/// The people with these ids.
pub async fn addressees(db: &Db, ids: &[&str]) -> Result<Vec<Addressee>, sqlx::Error> {
    let sql = format!(
        "SELECT p.id, p.lang, p.phone_sealed, p.email_sealed, p.email_confirmed_at, COALESCE(c.email, 0) AS email, \
         COALESCE(c.sms, 1) AS sms, COALESCE(c.quiet_from, 22) AS quiet_from, COALESCE(c.quiet_until, 7) AS quiet_until \
         FROM person p LEFT JOIN notice_choice c ON c.person_id = p.id WHERE p.id IN ({})",
        marks(1, ids.len())
    );
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql));
    for id in ids {
        query = query.bind(*id);
    }
    query.fetch_all(db.read()).await
}

/// Whether a published notice corrects or withdraws this one.
pub async fn is_overtaken(db: &Db, notice_id: &str) -> Result<bool, sqlx::Error> {
    let row: Option<(String,)> =
        sqlx::query_as("SELECT id FROM notice WHERE corrects_id = $1 AND state IN ('published', 'withdrawn') LIMIT 1")
            .bind(notice_id)
            .fetch_optional(db.read())
            .await?;
    Ok(row.is_some())
}

/// The messages that wait for a day's letter: id and notice, the oldest first.
pub async fn members(db: &Db, digest_id: &str) -> Result<Vec<(String, String)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, notice_id FROM notice_delivery WHERE digest_id = $1 AND state = 'created' ORDER BY created_at, id",
    )
    .bind(digest_id)
    .fetch_all(db.read())
    .await
}
