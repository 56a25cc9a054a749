//! Browsers that are notified.

use super::service::note;
use crate::{
    app_state::App,
    audit::{self, By},
    auth::{limit::Limit, secrets::sha256},
    clock,
    db::Db,
    deliver::push::Subscription,
    http::{Ctx, Error, Result},
};
use app::{notices::following::BROWSERS, people::Action};
use jiff::{SignedDuration, Timestamp};

/// Subscriptions that one person can give in an hour: each costs a look at where it leads.
const BY_PERSON: Limit = Limit { what: "push-person-hour", max: 30, seconds: 3600 };

/// A browser of one's own.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Browser {
    /// Id.
    pub id: String,
    /// Hash of its endpoint.
    pub endpoint_hash: String,
    /// Its name for itself.
    pub device: String,
    /// Since when, in microseconds.
    pub created_at: i64,
}

/// The signed-in person's browsers, the newest first.
pub async fn browsers(ctx: &Ctx) -> Result<Vec<Browser>> {
    let actor = ctx.actor()?;
    actor.require(Action::OwnThings, "")?;
    Ok(of_person(&ctx.app.db, &actor.id).await?)
}

async fn of_person(db: &Db, person_id: &str) -> std::result::Result<Vec<Browser>, sqlx::Error> {
    sqlx::query_as(
        "SELECT b.id, b.endpoint_hash, b.device, b.created_at FROM push_subscription b LEFT JOIN session s ON s.id = b.session_id \
         WHERE b.person_id = $1 AND s.revoked_at IS NULL ORDER BY b.created_at DESC, b.id DESC",
    )
    .bind(person_id)
    .fetch_all(db.read())
    .await
}

/// Notifies a browser from now on. Its subscription given twice is one; one that was somebody else's, on a shared phone, is
/// the signed-in person's now. Of more than [`BROWSERS`] the oldest are forgotten.
pub async fn subscribe(ctx: &Ctx, subscription: &Subscription) -> Result<()> {
    let actor = ctx.actor()?;
    actor.require(Action::OwnThings, "")?;
    BY_PERSON.take(&ctx.app.db, &actor.id, ctx.now).await?;
    ctx.app.deliver.push.check(subscription).await?;
    let sealed = ctx.app.secrets.seal(&serde_json::to_string(subscription).map_err(anyhow::Error::new)?)?;
    let mut tx = ctx.app.db.begin().await?;
    sqlx::query(
        "INSERT INTO push_subscription (id, person_id, session_id, endpoint_hash, sealed, device, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (endpoint_hash) DO UPDATE SET person_id = excluded.person_id, \
         session_id = excluded.session_id, sealed = excluded.sealed, device = excluded.device, created_at = excluded.created_at",
    )
    .bind(clock::new_id(ctx.now))
    .bind(&actor.id)
    .bind(&actor.session_id)
    .bind(sha256(&subscription.endpoint))
    .bind(sealed)
    .bind(&ctx.user_agent)
    .bind(ctx.now.as_microsecond())
    .execute(&mut *tx)
    .await?;
    sqlx::query(
        "DELETE FROM push_subscription WHERE person_id = $1 AND id NOT IN (SELECT id FROM push_subscription \
         WHERE person_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2)",
    )
    .bind(&actor.id)
    .bind(BROWSERS)
    .execute(&mut *tx)
    .await?;
    note(ctx, &mut tx, &actor.id, "push.subscribe", serde_json::json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// Stops notifying one of one's own browsers: by its id, or by its endpoint, which the browser knows.
pub async fn unsubscribe(ctx: &Ctx, id: &str, endpoint: &str) -> Result<bool> {
    let actor = ctx.actor()?;
    actor.require(Action::OwnThings, "")?;
    let mut tx = ctx.app.db.begin().await?;
    let done = sqlx::query("DELETE FROM push_subscription WHERE person_id = $1 AND (id = $2 OR endpoint_hash = $3)")
        .bind(&actor.id)
        .bind(id)
        .bind(sha256(endpoint))
        .execute(&mut *tx)
        .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    note(ctx, &mut tx, &actor.id, "push.unsubscribe", serde_json::json!({})).await?;
    tx.commit().await?;
    Ok(true)
}

/// A subscription of this person to send to; `None` when it was given up, the session ended in which it was given, or somebody
/// else has the browser now.
pub async fn open(app: &App, id: &str, person_id: &str) -> anyhow::Result<Option<Subscription>> {
    let row: Option<(String,)> = sqlx::query_as(
        "SELECT b.sealed FROM push_subscription b LEFT JOIN session s ON s.id = b.session_id \
         WHERE b.id = $1 AND b.person_id = $2 AND s.revoked_at IS NULL",
    )
    .bind(id)
    .bind(person_id)
    .fetch_optional(app.db.read())
    .await?;
    let Some((sealed,)) = row else { return Ok(None) };
    Ok(Some(serde_json::from_str(&app.secrets.open(&sealed)?)?))
}

/// Forgets a subscription of which the push service says that it has ended.
pub async fn drop_ended(app: &App, id: &str) -> anyhow::Result<()> {
    let now: Timestamp = app.clock.now();
    let mut tx = app.db.begin().await?;
    let gone: Option<(String,)> = sqlx::query_as("DELETE FROM push_subscription WHERE id = $1 RETURNING person_id")
        .bind(id)
        .fetch_optional(&mut *tx)
        .await?;
    if let Some((person_id,)) = gone {
        let entry = audit::Entry {
            by: By::System,
            action: "push.ended",
            object_kind: "person",
            object_id: &person_id,
            detail: serde_json::json!({}),
            request_id: "",
        };
        audit::write(&mut tx, entry, now).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// A browser whose person was not seen on it for so long is notified no more: on a shared computer nobody logs out.
const UNSEEN: SignedDuration = SignedDuration::from_hours(24 * 365);

/// Forgets the browsers whose sessions were ended, before the sessions themselves are swept away, and those on which nobody was
/// seen for a year.
pub async fn sweep(db: &Db, now: Timestamp) -> std::result::Result<(), sqlx::Error> {
    let mut tx = db.begin().await?;
    sqlx::query(
        "DELETE FROM push_subscription WHERE session_id IN (SELECT id FROM session WHERE revoked_at IS NOT NULL) \
         OR (created_at < $1 AND session_id NOT IN (SELECT id FROM session WHERE seen_at >= $1))",
    )
    .bind((now - UNSEEN).as_microsecond())
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// The public key that browsers subscribe with.
pub async fn public_key(ctx: &Ctx) -> Result<String> {
    ctx.app.deliver.push.public_key(&ctx.app.db, &ctx.app.secrets).await.map_err(Error::from)
}
