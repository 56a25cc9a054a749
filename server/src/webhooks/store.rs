//! Webhooks and their messages in the database.

use crate::{
    app_state::App,
    clock,
    db::{Db, Tx},
};
use app::places::webhook::Event;
use jiff::Timestamp;

/// A webhook.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Webhook {
    /// Its id.
    pub id: String,
    /// Path of its organisation.
    pub path: String,
    /// Name of the organisation.
    pub name: String,
    /// The same in English.
    pub name_en: String,
    /// Where messages go.
    pub url: String,
    /// Codes of events.
    pub events: String,
    /// The secret.
    pub secret_sealed: String,
    /// The one before, after a rotation.
    pub old_secret_sealed: String,
    /// Until when that one signs as well, in microseconds.
    pub old_until: i64,
    /// 1: nothing is sent.
    pub paused: i64,
    /// The lock of its settings.
    pub version: i64,
    /// When it was removed, in microseconds.
    pub removed_at: Option<i64>,
    /// Messages that were given up.
    pub dead: i64,
}

const SELECT: &str = "SELECT w.id, w.path, o.name, o.name_en, w.url, w.events, w.secret_sealed, w.old_secret_sealed, \
    w.old_until, w.paused, w.version, w.removed_at, \
    (SELECT CAST(COUNT(*) AS BIGINT) FROM webhook_delivery d WHERE d.webhook_id = w.id AND d.state = 'dead') AS dead \
    FROM webhook w JOIN organisation o ON o.id = w.organisation_id";

/// A message.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Delivery {
    /// Its id, the receiver's `webhook-id`.
    pub id: String,
    /// The webhook.
    pub webhook_id: String,
    /// Code of the event.
    pub event: String,
    /// What is sent.
    pub body: String,
    /// `queued`, `done`, `dead` or `held`.
    pub state: String,
    /// How often it was tried in this round.
    pub attempts: i64,
    /// Which round of attempts.
    pub round: i64,
    /// Status of the last answer; 0: none.
    pub status: i64,
    /// How long the last try took, in milliseconds.
    pub millis: i64,
    /// What went wrong last.
    pub error: String,
    /// Microseconds.
    pub created_at: i64,
    /// When it was last tried, in microseconds.
    pub tried_at: Option<i64>,
}

const DELIVERY: &str = "SELECT id, webhook_id, event, body, state, attempts, round, status, millis, error, created_at, \
    tried_at FROM webhook_delivery";

/// A webhook that is to be made.
pub struct New<'a> {
    /// The organisation's id and path.
    pub organisation: (&'a str, &'a str),
    /// Where messages go.
    pub url: &'a str,
    /// Codes of events.
    pub events: &'a str,
    /// The secret, sealed.
    pub secret_sealed: &'a str,
    /// The key of the form.
    pub form_key: &'a str,
}

/// Makes a webhook; gives its id. `None`: this form has made one before.
pub async fn insert(tx: &mut Tx, new: New<'_>, now: Timestamp) -> Result<Option<String>, sqlx::Error> {
    let id = clock::new_id(now);
    let done = sqlx::query(
        "INSERT INTO webhook (id, organisation_id, path, url, events, secret_sealed, form_key, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (form_key) DO NOTHING",
    )
    .bind(&id)
    .bind(new.organisation.0)
    .bind(new.organisation.1)
    .bind(new.url)
    .bind(new.events)
    .bind(new.secret_sealed)
    .bind(new.form_key)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok((done.rows_affected() == 1).then_some(id))
}

/// All webhooks that were not removed, by place.
pub async fn all(db: &Db) -> Result<Vec<Webhook>, sqlx::Error> {
    let sql = format!("{SELECT} WHERE w.removed_at IS NULL ORDER BY w.path, w.created_at, w.id");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(db.read()).await
}

/// The webhook with this id, if it was not removed.
pub async fn by_id(db: &Db, id: &str) -> Result<Option<Webhook>, sqlx::Error> {
    let sql = format!("{SELECT} WHERE w.id = $1 AND w.removed_at IS NULL");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(db.read()).await
}

/// Ids of the webhooks that want an event of this place.
pub async fn wanting(db: &Db, event: Event, path: &str) -> Result<Vec<String>, sqlx::Error> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT id, events FROM webhook WHERE removed_at IS NULL AND paused = 0 AND substr($1, 1, length(path)) = path",
    )
    .bind(path)
    .fetch_all(db.read())
    .await?;
    let wants = |stored: &str| stored.split(' ').any(|code| code == event.code());
    Ok(rows.into_iter().filter(|(_, events)| wants(events)).map(|(id, _)| id).collect())
}

/// Changes a webhook that still is as the reader saw it. Returns whether it did.
pub async fn set(tx: &mut Tx, (id, version): (&str, i64), url: &str, events: &str) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE webhook SET url = $3, events = $4, version = version + 1 \
         WHERE id = $1 AND version = $2 AND removed_at IS NULL",
    )
    .bind(id)
    .bind(version)
    .bind(url)
    .bind(events)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Stops a webhook, or lets it go on.
pub async fn set_paused(tx: &mut Tx, id: &str, paused: bool) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE webhook SET paused = $2, version = version + 1 WHERE id = $1 AND paused <> $2 AND removed_at IS NULL",
    )
    .bind(id)
    .bind(i64::from(paused))
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Stops a webhook whose receiver has said that it is gone.
pub async fn pause_gone(app: &App, id: &str) -> Result<(), sqlx::Error> {
    let mut tx = app.db.begin().await?;
    set_paused(&mut tx, id, true).await?;
    tx.commit().await
}

/// Gives a webhook another secret; the one before signs as well until an instant. Returns whether it still was as the reader saw it.
pub async fn rotate(
    tx: &mut Tx,
    (id, version): (&str, i64),
    sealed: &str,
    old_until: Timestamp,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE webhook SET old_secret_sealed = secret_sealed, old_until = $4, secret_sealed = $3, version = version + 1 \
         WHERE id = $1 AND version = $2 AND removed_at IS NULL",
    )
    .bind(id)
    .bind(version)
    .bind(sealed)
    .bind(old_until.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Removes a webhook: its secrets go, its log stays as long as others'.
pub async fn remove(tx: &mut Tx, id: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE webhook SET removed_at = $2, secret_sealed = '', old_secret_sealed = '', old_until = 0 \
         WHERE id = $1 AND removed_at IS NULL",
    )
    .bind(id)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes down a message that is to be sent; gives its id. `None`: it is there already.
pub async fn insert_delivery(
    tx: &mut Tx,
    (webhook, event_id, event): (&str, &str, Event),
    body: &str,
    now: Timestamp,
) -> Result<Option<String>, sqlx::Error> {
    let id = clock::new_id(now);
    let done = sqlx::query(
        "INSERT INTO webhook_delivery (id, webhook_id, event_id, event, body, state, created_at) \
         VALUES ($1, $2, $3, $4, $5, 'queued', $6) ON CONFLICT (webhook_id, event_id) DO NOTHING",
    )
    .bind(&id)
    .bind(webhook)
    .bind(event_id)
    .bind(event.code())
    .bind(body)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok((done.rows_affected() == 1).then_some(id))
}

/// A message with its webhook.
pub async fn to_send(db: &Db, id: &str) -> Result<Option<(Delivery, Webhook)>, sqlx::Error> {
    let sql = format!("{DELIVERY} WHERE id = $1");
    let delivery: Option<Delivery> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(db.read()).await?;
    let Some(delivery) = delivery else { return Ok(None) };
    let sql = format!("{SELECT} WHERE w.id = $1");
    let webhook: Option<Webhook> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(&delivery.webhook_id).fetch_optional(db.read()).await?;
    Ok(webhook.map(|webhook| (delivery, webhook)))
}

/// What became of a try.
pub struct Outcome {
    /// `queued` (another try follows), `done`, `dead` or `held`.
    pub state: &'static str,
    /// Status of the answer; 0: none.
    pub status: i64,
    /// How long it took, in milliseconds.
    pub millis: i64,
    /// What went wrong.
    pub error: String,
    /// Something was sent.
    pub tried: bool,
}

impl Outcome {
    /// Nothing was sent: the webhook is paused or gone.
    pub fn held() -> Outcome {
        Outcome { state: "held", status: 0, millis: 0, error: String::new(), tried: false }
    }
}

/// Writes down what became of a try.
pub async fn note_outcome(app: &App, id: &str, outcome: Outcome) -> Result<(), sqlx::Error> {
    let mut tx = app.db.begin().await?;
    sqlx::query(
        "UPDATE webhook_delivery SET state = $2, status = $3, millis = $4, error = $5, attempts = attempts + $6, \
         tried_at = CASE WHEN $6 = 1 THEN $7 ELSE tried_at END WHERE id = $1 AND state = 'queued'",
    )
    .bind(id)
    .bind(outcome.state)
    .bind(outcome.status)
    .bind(outcome.millis)
    .bind(outcome.error)
    .bind(i64::from(outcome.tried))
    .bind(app.clock.now().as_microsecond())
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// Begins another round of attempts; gives its number. `None`: it is under way, or not this webhook's.
pub async fn again(tx: &mut Tx, webhook: &str, id: &str) -> Result<Option<i64>, sqlx::Error> {
    let row: Option<(i64,)> = sqlx::query_as(
        "UPDATE webhook_delivery SET state = 'queued', attempts = 0, round = round + 1, error = '' \
         WHERE id = $1 AND webhook_id = $2 AND state <> 'queued' RETURNING round",
    )
    .bind(id)
    .bind(webhook)
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|(round,)| round))
}

/// A webhook's messages, the newest first, at most 100; those that were given up before all others.
pub async fn deliveries(db: &Db, webhook: &str) -> Result<Vec<Delivery>, sqlx::Error> {
    let sql = format!(
        "{DELIVERY} WHERE webhook_id = $1 ORDER BY CASE WHEN state = 'dead' THEN 0 ELSE 1 END, created_at DESC, id DESC \
         LIMIT 100"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(webhook).fetch_all(db.read()).await
}

/// Forgets messages older than this.
pub async fn forget(db: &Db, before: Timestamp) -> Result<(), sqlx::Error> {
    let mut tx = db.begin().await?;
    sqlx::query("DELETE FROM webhook_delivery WHERE created_at < $1 AND state <> 'queued'")
        .bind(before.as_microsecond())
        .execute(&mut *tx)
        .await?;
    tx.commit().await
}
