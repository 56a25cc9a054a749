//! From what happened to messages.

use super::store;
use crate::{app_state::App, clock, db::Tx, jobs, jobs::Job};
use app::places::webhook::Event;
use jiff::Timestamp;
use serde_json::json;

/// Something happened to an object (its id), in the caller's transaction. `state`: into which it led; empty: whatever it is
/// when the message is made. Nothing is queued while no webhook is there.
pub async fn note(tx: &mut Tx, event: Event, (object, state): (&str, &str), now: Timestamp) -> Result<(), sqlx::Error> {
    let id = clock::new_id(now);
    let job = Job::WebhookEvent {
        event: event.code().to_owned(),
        id: id.clone(),
        object: object.to_owned(),
        state: state.to_owned(),
        at: now.as_microsecond(),
    };
    let payload = serde_json::to_string(&job).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    sqlx::query(
        "INSERT INTO job (id, kind, payload, state, run_at, created_at) \
         SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS TEXT), 'queued', CAST($4 AS BIGINT), CAST($4 AS BIGINT) \
         WHERE EXISTS (SELECT 1 FROM webhook WHERE removed_at IS NULL AND paused = 0)",
    )
    .bind(id)
    .bind(job.kind())
    .bind(payload)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What entries of the audit log tell other systems: action, object's id and detail of each.
pub async fn of_entries(
    tx: &mut Tx,
    entries: &[(&str, &str, &serde_json::Value)],
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let events: Vec<_> =
        entries.iter().filter_map(|(action, object, detail)| of_entry(action, object, detail)).collect();
    if events.len() > 1 && !anybody_listens(tx).await? {
        return Ok(());
    }
    for (event, object, state) in events {
        note(tx, event, (object, state), now).await?;
    }
    Ok(())
}

fn of_entry<'a>(action: &str, object: &'a str, detail: &'a serde_json::Value) -> Option<(Event, &'a str, &'a str)> {
    let state = detail.get("to").and_then(serde_json::Value::as_str);
    let event = Event::of_entry(action, state.is_some())?;
    let state = match event {
        Event::AppointmentBooked | Event::AppointmentChanged => "booked",
        Event::AppointmentCancelled => "cancelled",
        _ => state.unwrap_or_default(),
    };
    Some((event, object, state))
}

async fn anybody_listens(tx: &mut Tx) -> Result<bool, sqlx::Error> {
    let sql = "SELECT id FROM webhook WHERE removed_at IS NULL AND paused = 0 LIMIT 1";
    let one: Option<(String,)> = sqlx::query_as(sql).fetch_optional(&mut **tx).await?;
    Ok(one.is_some())
}

/// What is told of an object: the path of its place, how it is named, its state, and its addresses below the deployment's own.
struct Object {
    path: String,
    kind: &'static str,
    id: String,
    state: String,
    page: Option<String>,
    api: String,
}

async fn object(app: &App, event: Event, id: &str) -> Result<Option<(Event, Object)>, sqlx::Error> {
    let sql = match event {
        Event::ReportFiled | Event::ReportChanged => "SELECT path, code, state FROM report WHERE id = $1",
        Event::AppointmentBooked | Event::AppointmentChanged | Event::AppointmentCancelled => {
            "SELECT o.path, a.code, a.state FROM appointment a JOIN hall h ON h.id = a.hall_id \
             JOIN organisation o ON o.id = h.organisation_id WHERE a.id = $1"
        }
        Event::TicketCalled | Event::TicketFinished => {
            "SELECT o.path, t.id AS code, t.state FROM ticket t JOIN hall h ON h.id = t.hall_id \
             JOIN organisation o ON o.id = h.organisation_id WHERE t.id = $1"
        }
        Event::NoticePublished | Event::NoticeCorrected | Event::NoticeWithdrawn => {
            "SELECT o.path, n.id AS code, n.state FROM notice n JOIN organisation o ON o.id = n.organisation_id \
             WHERE n.id = $1"
        }
        Event::Test => return Ok(None),
    };
    let row: Option<(String, String, String)> = sqlx::query_as(sql).bind(id).fetch_optional(app.db.read()).await?;
    let Some((path, code, state)) = row else { return Ok(None) };
    let (mut event, mut told, mut state) = (event, code.clone(), state);
    let (kind, page, api) = match event {
        Event::ReportFiled | Event::ReportChanged => {
            ("report", Some(format!("/reports/{code}")), format!("/api/v1/reports/{code}"))
        }
        Event::AppointmentBooked | Event::AppointmentChanged | Event::AppointmentCancelled => {
            ("appointment", Some(format!("/appointments/{code}")), format!("/api/v1/appointments/{code}"))
        }
        Event::TicketCalled | Event::TicketFinished | Event::Test => {
            ("ticket", None, format!("/api/v1/tickets/{code}"))
        }
        Event::NoticePublished | Event::NoticeCorrected | Event::NoticeWithdrawn => {
            // Corrections and withdrawals are notices of their own, which name the earlier one.
            let notice = crate::notices::store::by_id(&app.db, id).await?;
            if let Some(notice) = notice
                && let Some(earlier) = &notice.corrects_id
            {
                event = Event::NoticeCorrected;
                if notice.is_withdrawal() {
                    (event, state) = (Event::NoticeWithdrawn, "withdrawn".to_owned());
                }
                told.clone_from(earlier);
            }
            ("notice", Some(format!("/notices/{code}")), format!("/api/v1/notices/{code}"))
        }
    };
    Ok(Some((event, Object { path, kind, id: told, state, page, api })))
}

/// The job: one message for each webhook that wants this event. A second run makes no second one.
pub async fn fan_out(
    app: &App,
    (event, event_id): (&str, &str),
    (object_id, state): (&str, &str),
    at: i64,
) -> anyhow::Result<()> {
    let Some(event) = Event::from_code(event) else { return Ok(()) };
    let Some((event, object)) = object(app, event, object_id).await? else { return Ok(()) };
    let public = app.config.public_url.as_str().trim_end_matches('/');
    let happened = Timestamp::from_microsecond(at)?;
    let state = if state.is_empty() { object.state.as_str() } else { state };
    let body = json!({
        "type": event.code(),
        "timestamp": happened.to_string(),
        "data": {
            "object": object.kind,
            "id": object.id,
            "state": state,
            "place": object.path,
            "link": object.page.map(|page| format!("{public}{page}")),
            "api": format!("{public}{}", object.api),
        },
    })
    .to_string();
    let now = app.clock.now();
    for webhook in store::wanting(&app.db, event, &object.path).await? {
        let mut tx = app.db.begin().await?;
        if let Some(delivery) = store::insert_delivery(&mut tx, (&webhook, event_id, event), &body, now).await? {
            queue(&mut tx, &delivery, 0, now).await?;
        }
        tx.commit().await?;
    }
    Ok(())
}

/// Queues the job that sends a message.
pub(super) async fn queue(tx: &mut Tx, delivery: &str, round: i64, now: Timestamp) -> anyhow::Result<()> {
    let job = Job::WebhookSend { delivery_id: delivery.to_owned(), round };
    jobs::queue(tx, &job, now, Some(&format!("webhook-send:{delivery}:{round}")), now).await
}
