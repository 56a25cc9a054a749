//! What a platform sends us: signed after the convention of Standard Webhooks with the secret that was made for its messages,
//! not older than five minutes, and taken once.

use super::note_told;
use crate::{
    auth::limit::Limit,
    http::{Ctx, Error, FieldProblem},
    matters::{
        service::{self, Made, Move, Refused, Who, move_on},
        store::{
            self, Matter, messages,
            platforms::{self, Platform},
        },
    },
    webhooks::send::signature,
};
use app::matters::{
    DAYS, DAYS_USUAL, HOURS, HOURS_USUAL, MORE_DAYS, REASON, REFERENCE, TEXT, TITLE,
    kind::{Kind, Way},
    life::{self, Side, Step},
    outside::{line, words},
};
use axum::http::HeaderMap;
use serde::Deserialize;
use subtle::ConstantTimeEq;
use utoipa::ToSchema;

/// A signature holds for so many seconds, either way.
const TOLERANCE: i64 = 300;
/// Messages of one platform.
const HOURLY: Limit = Limit { what: "platform", max: 1200, seconds: 3600 };
/// Longest id of a message.
const ID: usize = 100;

/// A message of a platform: a matter that it hands down (`matter.sent`), or a step in one (`matter.step`).
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"type": "matter.step", "reference": "JB20261125-0001", "step": "accept", "text": "已收到"}))]
#[serde(default)]
pub struct MatterMessageIn {
    /// `matter.sent` or `matter.step`.
    #[serde(rename = "type")]
    pub kind_of: String,
    /// What the matter's first sender calls it: our number where we sent it, the platform's own reference where it did.
    pub reference: String,
    /// A step: `accept`, `start`, `note`, `answer`, `ask_return`, `ask_extend`, `grant_withdraw` or `refuse_withdraw` in a
    /// matter that it got; `note`, `rework`, `close`, `cancel`, `ask_withdraw`, `grant_return`, `refuse_return`,
    /// `grant_extend` or `refuse_extend` in one that it sent.
    pub step: String,
    /// Title of a matter, at most 80 characters.
    pub title: String,
    /// Text of a matter, at most 4000 characters; or what is said with a step, at most 2000.
    pub text: String,
    /// Kind of a matter: `hard`, `coordinate`, `task` or `forward`.
    pub kind: String,
    /// Code of the organisation that is to deal with it; the platform's own when it is missing.
    pub organisation: String,
    /// Working hours for acceptance.
    pub hours: Option<i64>,
    /// Working days: for handling, or asked for with `ask_extend`.
    pub days: Option<i64>,
}

/// What a platform is told of its message.
pub struct Taken {
    /// The matter, as it is now.
    pub matter: Matter,
    /// It is new.
    pub new: bool,
}

/// The platform that signed this, and the message's id. Nobody learns whether there is a platform with this id.
async fn signed(ctx: &Ctx, id: &str, headers: &HeaderMap, body: &str) -> Result<(Platform, String), Error> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (message, timestamp) = (header("webhook-id"), header("webhook-timestamp"));
    let fine = !message.is_empty() && message.len() <= ID && message.bytes().all(|b| b.is_ascii_graphic());
    let timestamp: i64 = timestamp.parse().map_err(|_| Error::Forbidden)?;
    let away = ctx.now.as_second().checked_sub(timestamp).and_then(i64::checked_abs);
    if !fine || away.is_none_or(|away| away > TOLERANCE) {
        return Err(Error::Forbidden);
    }
    let found = platforms::by_id(&ctx.app.db, id).await?.filter(|platform| platform.removed_at.is_none());
    let platform = found.filter(|platform| !platform.in_sealed.is_empty()).ok_or(Error::Forbidden)?;
    let secret = ctx.app.secrets.open(&platform.in_sealed)?;
    let right = signature(&secret, message, timestamp, body)?;
    let given = header("webhook-signature").split(' ').take(10);
    let matches = given.fold(false, |found, one| found | bool::from(one.as_bytes().ct_eq(right.as_bytes())));
    if matches { Ok((platform, message.to_owned())) } else { Err(Error::Forbidden) }
}

/// Takes a message. The same message again is a conflict; the same reference again is the same matter.
pub async fn receive(ctx: &Ctx, id: &str, headers: &HeaderMap, body: &[u8]) -> Result<Taken, Error> {
    let body = std::str::from_utf8(body).map_err(|_| Error::Forbidden)?;
    let (platform, message_id) = signed(ctx, id, headers, body).await?;
    HOURLY.take(&ctx.app.db, &platform.id, ctx.now).await?;
    if !platform.works() {
        return Err(Error::Conflict("matters-conflict-paused"));
    }
    let message: MatterMessageIn =
        serde_json::from_str(body).map_err(|error| Error::BadRequest(error.to_string().into()))?;
    let reference = line(&message.reference, REFERENCE + 1);
    if reference.is_empty() || reference.chars().count() > REFERENCE {
        return Err(wrong("reference", "1 to 80 characters"));
    }
    match message.kind_of.as_str() {
        "matter.sent" => handed_down(ctx, &platform, (&message_id, &reference), &message).await,
        "matter.step" => step(ctx, &platform, (&message_id, &reference), &message).await,
        _ => Err(wrong("type", "matter.sent or matter.step")),
    }
}

fn wrong(field: &str, text: &str) -> Error {
    Error::Fields(vec![FieldProblem::of(field, text)])
}

fn within(field: &str, given: Option<i64>, usual: i64, most: i64) -> Result<i64, Error> {
    match given {
        None => Ok(usual),
        Some(number) if (1..=most).contains(&number) => Ok(number),
        Some(_) => Err(wrong(field, &format!("1 to {most}"))),
    }
}

/// A text of at most so many characters, cleaned; refused when it is longer, not cut.
fn said(field: &str, text: &str, most: usize) -> Result<String, Error> {
    let text = words(text, most + 1);
    if text.chars().count() > most { Err(wrong(field, &format!("at most {most} characters"))) } else { Ok(text) }
}

async fn handed_down(
    ctx: &Ctx,
    platform: &Platform,
    (message_id, reference): (&str, &str),
    message: &MatterMessageIn,
) -> Result<Taken, Error> {
    let (title, text) = (said("title", &line(&message.title, TITLE + 1), TITLE)?, said("text", &message.text, TEXT)?);
    if title.is_empty() {
        return Err(wrong("title", "is missing"));
    }
    let text = if text.is_empty() { title.clone() } else { text };
    let kind = match message.kind.as_str() {
        "" => Kind::Task,
        code => Kind::from_code(code).ok_or_else(|| wrong("kind", "hard, coordinate, task or forward"))?,
    };
    let made = Made {
        reference,
        organisation: message.organisation.trim(),
        title: &title,
        text: &text,
        kind,
        limits: (within("hours", message.hours, HOURS_USUAL, HOURS)?, within("days", message.days, DAYS_USUAL, DAYS)?),
    };
    let mut tx = ctx.app.db.begin().await?;
    if !messages::see(&mut tx, &platform.id, message_id, ctx.now).await? {
        return Err(Error::Conflict("matters-conflict-replay"));
    }
    let taken = service::from_platform(&mut tx, &ctx.app, platform, &made, ctx.now).await;
    let (matter, new) = taken.map_err(|refused| match refused {
        Refused::Invalid(errors) => crate::http::api::wrong_fields(errors.into_map()),
        Refused::Again(_) => Error::InProgress,
        Refused::Other(error) => error,
    })?;
    tx.commit().await?;
    Ok(Taken { matter, new })
}

/// The matter that a step is meant for: one that we sent, for the steps of a receiver, else one that the platform sent.
async fn meant(ctx: &Ctx, platform: &Platform, reference: &str, step: Step) -> Result<(Matter, Side), Error> {
    for (way, side) in [(Way::Out, Side::Receiver), (Way::In, Side::Sender)] {
        if step.side().is_none_or(|of| of == side)
            && let Some(matter) = store::by_reference(&ctx.app.db, &platform.id, way, reference).await?
        {
            return Ok((matter, side));
        }
    }
    Err(Error::NotFound)
}

async fn step(
    ctx: &Ctx,
    platform: &Platform,
    (message_id, reference): (&str, &str),
    message: &MatterMessageIn,
) -> Result<Taken, Error> {
    let step = Step::from_code(&message.step).filter(|step| step.is_taken() && *step != Step::Resume);
    let Some(step) = step else { return Err(wrong("step", "is none that a platform takes")) };
    let text = said("text", &message.text, REASON)?;
    if text.is_empty() && step.needs_words() {
        return Err(wrong("text", "is missing: say why"));
    }
    let days = match step.needs_days() {
        true => within("days", message.days, 0, MORE_DAYS)?,
        false => 0,
    };
    if step.needs_days() && days == 0 {
        return Err(wrong("days", "is missing"));
    }
    let (matter, side) = meant(ctx, platform, reference, step).await?;
    let mut tx = ctx.app.db.begin().await?;
    if !messages::see(&mut tx, &platform.id, message_id, ctx.now).await? {
        return Err(Error::Conflict("matters-conflict-replay"));
    }
    service::lock(&ctx.app, &mut tx, &matter).await?;
    let matter = store::by_id_in(&mut tx, &matter.id).await?.ok_or(Error::NotFound)?;
    if matter.is_alone() {
        return Err(Error::Forbidden);
    }
    if life::next(matter.state(), matter.back(), step).is_none() {
        return Err(Error::Conflict("matters-conflict-step"));
    }
    let around = service::around(&mut tx, &matter, ctx.now).await?;
    if let Some(why) = life::obstacle(step, around) {
        return Err(Error::Conflict(why));
    }
    let text = note_told(step, &text);
    let step = Move { step, side: Some(side), text, days, who: Who::Platform(platform) };
    move_on(&mut tx, &ctx.app, &matter, step, ctx.now).await?;
    let matter = store::by_id_in(&mut tx, &matter.id).await?.ok_or(Error::NotFound)?;
    tx.commit().await?;
    Ok(Taken { matter, new: false })
}
