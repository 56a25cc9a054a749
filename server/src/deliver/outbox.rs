//! Messages that leave the page: queued with what they tell of, sent by a job, each to a person once.

use super::{Letter, SendError};
use crate::{
    app_state::App,
    clock,
    db::{Db, Tx},
    jobs::{self, Job},
    people::{inbox, service::email::CONFIRM_TEXT},
};
use anyhow::Context;
use app::{
    i18n::{Lang, Words},
    notices::following::Quiet,
    people::Phone,
};
use jiff::Timestamp;

/// Kind of the link tokens with which letters are stopped.
pub const STOP: &str = "mail-stop";

/// When a message leaves the page; in the inbox it is at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// At once.
    Now,
    /// It can wait until a person's quiet hours are over.
    ByDay,
}

/// Puts a message into the person's inbox and queues it for the ways outside that they have: e-mail when they have
/// confirmed an address, else SMS when the deployment sends such texts. `link` is the path that is named outside, where
/// nobody is signed in; it may carry a token. The same event reaches a person once on each channel, however often it is
/// told.
pub async fn reach(
    tx: &mut Tx,
    app: &App,
    message: inbox::Message<'_>,
    link: &str,
    urgency: Urgency,
    now: Timestamp,
) -> anyhow::Result<()> {
    put_out(tx, app, &message, link, urgency, now).await?;
    inbox::send(tx, message, now).await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Away {
    has_email: i64,
    quiet_from: i64,
    quiet_until: i64,
}

async fn put_out(
    tx: &mut Tx,
    app: &App,
    message: &inbox::Message<'_>,
    link: &str,
    urgency: Urgency,
    now: Timestamp,
) -> anyhow::Result<()> {
    let to: Option<Away> = sqlx::query_as(
        "SELECT CASE WHEN p.email_confirmed_at IS NULL THEN 0 ELSE 1 END AS has_email, \
         COALESCE(c.quiet_from, 22) AS quiet_from, COALESCE(c.quiet_until, 7) AS quiet_until \
         FROM person p LEFT JOIN notice_choice c ON c.person_id = p.id WHERE p.id = $1",
    )
    .bind(message.person_id)
    .fetch_optional(&mut **tx)
    .await?;
    let Some(to) = to else { return Ok(()) };
    let channel = match to.has_email == 1 {
        true if app.deliver.mails() => "email",
        _ if app.deliver.texts() => "sms",
        _ => return Ok(()),
    };
    let id = clock::new_id(now);
    let new = sqlx::query(
        "INSERT INTO delivery (id, person_id, channel, dedupe_key, text_key, text_args, link, state, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'created', $8) ON CONFLICT (person_id, channel, dedupe_key) DO NOTHING",
    )
    .bind(&id)
    .bind(message.person_id)
    .bind(channel)
    .bind(message.dedupe_key)
    .bind(message.text_key)
    .bind(message.text_args.to_string())
    .bind(link)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    if new.rows_affected() == 1 {
        let at = match urgency {
            Urgency::Now => now,
            Urgency::ByDay => Quiet::stored(to.quiet_from, to.quiet_until).after(now),
        };
        jobs::queue(tx, &Job::Deliver { delivery_id: id }, at, None, now).await?;
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    person_id: String,
    channel: String,
    text_key: String,
    text_args: String,
    link: String,
    state: String,
    lang: String,
    phone_sealed: String,
    email_sealed: String,
    email_confirmed_at: Option<i64>,
}

/// Sends one delivery. One that is settled stays so; a refusal for good is noted and not tried again, anything else
/// is an error, after which the job tries again.
pub async fn send(app: &App, delivery_id: &str) -> anyhow::Result<()> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT d.person_id, d.channel, d.text_key, d.text_args, d.link, d.state, p.lang, p.phone_sealed, \
         p.email_sealed, p.email_confirmed_at FROM delivery d JOIN person p ON p.id = d.person_id WHERE d.id = $1",
    )
    .bind(delivery_id)
    .fetch_optional(app.db.read())
    .await?;
    let Some(row) = row.filter(|row| matches!(row.state.as_str(), "created" | "sending")) else { return Ok(()) };
    settle(&app.db, delivery_id, "sending", "", app.clock.now()).await?;
    let w = Words::new(Lang::from_tag(&row.lang).unwrap_or_default());
    let text = inbox::text(w, &row.text_key, &row.text_args);
    let outcome = match row.channel.as_str() {
        "email" if row.email_confirmed_at.is_none() && row.text_key != CONFIRM_TEXT => {
            Err(SendError::Permanent("the address was withdrawn meanwhile".to_owned()))
        }
        "email" => email(app, w, &row, delivery_id, &text).await?,
        _ => {
            let phone = app.secrets.open(&row.phone_sealed)?;
            let phone = Phone::parse(&phone).map_err(|_| anyhow::anyhow!("the sealed number is none"))?;
            let text = format!("{text} {}", absolute(app, &row.link));
            app.deliver.text(&phone, &text, delivery_id, app.clock.now()).await
        }
    };
    let now = app.clock.now();
    let (state, error) = match outcome {
        Ok(()) => ("delivered", String::new()),
        Err(SendError::Permanent(error)) => ("failed", error),
        // One's own appointments: rather twice than never.
        Err(error) => {
            settle(&app.db, delivery_id, "created", &error.to_string(), now).await?;
            anyhow::bail!(error);
        }
    };
    metrics::counter!("linli_deliveries_total", "channel" => row.channel, "state" => state).increment(1);
    settle(&app.db, delivery_id, state, &error, now).await
}

async fn email(app: &App, w: Words, row: &Row, id: &str, text: &str) -> anyhow::Result<Result<(), SendError>> {
    let to = app.secrets.open(&row.email_sealed)?;
    let stop = stop_link(app, &row.person_id);
    let body = w.tf(
        "mail-body",
        &[("text", text.to_owned().into()), ("link", absolute(app, &row.link).into()), ("stop", stop.clone().into())],
    );
    let subject = w.tf("mail-subject", &[("text", text.to_owned().into())]);
    Ok(app.deliver.letter(&Letter { to: &to, subject: &subject, text: &body, id, stop: Some(&stop) }).await)
}

/// The absolute address of one of our pages.
pub fn absolute(app: &App, path: &str) -> String {
    format!("{}{path}", app.config.public_url.as_str().trim_end_matches('/'))
}

/// Where a person stops our letters with one tap, signed in or not.
pub fn stop_link(app: &App, person_id: &str) -> String {
    absolute(app, &format!("/mail/stop/{person_id}?t={}", app.secrets.link_token(STOP, person_id)))
}

async fn settle(db: &Db, id: &str, state: &str, error: &str, now: Timestamp) -> anyhow::Result<()> {
    let mut tx = db.begin().await?;
    sqlx::query(
        "UPDATE delivery SET state = $2, error = $3, \
         finished_at = CASE WHEN $2 IN ('delivered', 'failed') THEN $4 ELSE NULL END WHERE id = $1",
    )
    .bind(id)
    .bind(state)
    .bind(error.chars().take(500).collect::<String>())
    .bind(now.as_microsecond())
    .execute(&mut *tx)
    .await
    .context("noting a delivery")?;
    tx.commit().await?;
    Ok(())
}
