//! Upper platforms: what goes to them (signed messages, or service requests of Open311), and what comes from them (signed
//! messages, or the status of a request, which is asked for). All of theirs is untrusted text.

pub mod incoming;
mod open311;

use super::store::{
    self, Matter,
    messages::{self, Message, Outcome},
    platforms::{self, Platform},
};
use crate::{
    app_state::App,
    db::Tx,
    deliver::outbox::absolute,
    http::Error,
    jobs::{self, Job, MAX_ATTEMPTS},
    webhooks::send::{post, signature},
};
use anyhow::bail;
use app::{
    i18n::{Lang, Words},
    matters::{
        kind::{PlatformWay, Way},
        life::Step,
    },
};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

pub use open311::poll;

/// Messages that were sent are kept so long.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 90);
/// Ids of messages that came are kept so long: many times longer than a signature holds.
const SEEN: SignedDuration = SignedDuration::from_hours(24);
/// Longest error that is kept, in characters.
const ERROR: usize = 300;

/// Where a platform sends its messages, below the deployment's own address.
pub fn address(app: &App, platform_id: &str) -> String {
    absolute(app, &format!("/api/v1/matters/platform/{platform_id}/events"))
}

/// Queues what a platform is to hear: the matter itself, or a step with its words and working days. A platform behind Open311
/// hears of the matter only: GeoReport v2 has no words for more.
pub async fn queue(
    tx: &mut Tx,
    app: &App,
    matter: &Matter,
    step: Option<Step>,
    (text, days): (&str, i64),
    now: Timestamp,
) -> Result<(), Error> {
    if matter.platform_id.is_empty() || matter.is_alone() {
        return Ok(());
    }
    if step.is_some() && matter.platform_way.as_deref() == Some(PlatformWay::Open311.code()) {
        return Ok(());
    }
    let at = |micros: Option<i64>| micros.map(|micros| store::instant(micros).to_string());
    // Both sides call a matter what its first sender calls it.
    let reference = if matter.way() == Way::In { &matter.foreign_ref } else { &matter.number };
    let mut body = json!({
        "type": if step.is_some() { "matter.step" } else { "matter.sent" },
        "timestamp": now.to_string(),
        "reference": reference,
        "number": matter.number,
        "state": matter.state().code(),
        "accept_due": at(matter.accept_due_at),
        "due": at(matter.due_at),
        "answers_to": address(app, &matter.platform_id),
    });
    let more = match step {
        Some(step) => json!({ "step": step.code(), "text": text, "days": days }),
        None => json!({
            "title": matter.title,
            "text": matter.body,
            "kind": matter.kind().code(),
            "from": matter.from_name,
            "hours": matter.accept_hours,
            "days": matter.days,
            "report": Some(&matter.report_code).filter(|code| !code.is_empty()),
        }),
    };
    if let (Some(body), serde_json::Value::Object(more)) = (body.as_object_mut(), more) {
        body.extend(more);
    }
    let told = (step.map_or("", Step::code), &*body.to_string());
    let id = messages::insert(tx, (&matter.platform_id, &matter.id), told, now).await?;
    queue_send(tx, &id, 0, now).await
}

/// Queues the job that sends a message.
pub async fn queue_send(tx: &mut Tx, message: &str, round: i64, now: Timestamp) -> Result<(), Error> {
    let job = Job::MatterSend { message_id: message.to_owned(), round };
    jobs::queue(tx, &job, now, Some(&format!("matter-send:{message}:{round}")), now).await?;
    Ok(())
}

/// What became of one try to send.
struct Tried {
    status: i64,
    /// What went wrong, and whether another try may do.
    error: Option<(String, bool)>,
}

/// The job: tries to send a message once. An error asks for another try later; the last one leaves the message dead, to be
/// seen and sent again by hand.
pub async fn send(app: &App, id: &str, round: i64) -> anyhow::Result<()> {
    let Some(message) = messages::by_id(&app.db, id).await? else { return Ok(()) };
    if message.round != round || message.state != "queued" {
        return Ok(());
    }
    let platform = platforms::by_id(&app.db, &message.platform_id).await?.filter(Platform::works);
    let Some(platform) = platform else {
        return note(app, id, Outcome { state: "held", status: 0, error: "", tried: false }).await;
    };
    let tried = match platform.way() {
        PlatformWay::Webhook => signed(app, &platform, &message).await,
        PlatformWay::Open311 => open311::file(app, &platform, &message).await,
    };
    let tried = tried.unwrap_or_else(|error| Tried { status: 0, error: Some((format!("{error:#}"), true)) });
    let last = message.attempts + 1 >= MAX_ATTEMPTS;
    let state = match &tried.error {
        None => "done",
        Some((_, again)) if last || !again => "dead",
        Some(_) => "queued",
    };
    let error: String = tried.error.map(|(text, _)| text.chars().take(ERROR).collect()).unwrap_or_default();
    note(app, id, Outcome { state, status: tried.status, error: &error, tried: true }).await?;
    metrics::counter!("linli_platform_messages_total", "state" => state).increment(1);
    if state == "queued" {
        bail!("platform {}: {error}", platform.id);
    }
    Ok(())
}

async fn note(app: &App, id: &str, outcome: Outcome<'_>) -> anyhow::Result<()> {
    let mut tx = app.db.begin().await?;
    messages::note_outcome(&mut tx, id, outcome, app.clock.now()).await?;
    tx.commit().await?;
    Ok(())
}

/// Sends a signed message, as webhooks do: to https addresses on the public internet, or those that the settings name.
async fn signed(app: &App, platform: &Platform, message: &Message) -> anyhow::Result<Tried> {
    let timestamp = app.clock.now().as_second();
    let secret = app.secrets.open(&platform.out_sealed)?;
    let signature = signature(&secret, &message.id, timestamp, &message.body)?;
    let status = post(&app.deliver.hooks, &platform.url, (&message.id, timestamp), &signature, &message.body).await?;
    let error = (!(200..300).contains(&status)).then(|| (format!("answered {status}"), status != 410));
    Ok(Tried { status: i64::from(status), error })
}

/// The words of a platform's step. An answer is never empty, since others show it and pass it on.
fn note_told(step: Step, text: &str) -> String {
    match (step, text.is_empty()) {
        (Step::Answer, true) => Words::new(Lang::Zh).t("matters-outside-answered"),
        _ => text.to_owned(),
    }
}

/// Forgets what was kept long enough.
pub async fn sweep(app: &App, now: Timestamp) -> Result<(), sqlx::Error> {
    messages::forget(&app.db, now - KEPT, now - SEEN).await
}
