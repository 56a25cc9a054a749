//! The steps of a consultation's life, and telling people of its end.

use super::{Refused, for_staff, lock, note};
use crate::{
    app_state::App,
    audit::{self, By},
    consultations::store::{self, Consultation, voices, write},
    http::{Ctx, Error},
    jobs::{self, Job},
    people::inbox,
};
use app::{
    consultations::{DECISION_CHARS, REASON_CHARS, State, Step, form::too_long, life},
    notices::form::{Errors, lines},
};
use jiff::Timestamp;

/// So many inboxes in one transaction.
const BATCH: i64 = 200;

/// What a step says.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// What was decided.
    pub decision: String,
    /// Why, or why it is withdrawn.
    pub reason: String,
    /// What residents wrote, in the words of staff.
    pub summary: String,
}

/// The steps that staff may take now.
pub fn possible(consultation: &Consultation, now: Timestamp) -> Vec<Step> {
    let state = consultation.state_at(now);
    Step::ALL.into_iter().filter(|step| step.is_for_staff() && life::next(state, *step).is_some()).collect()
}

/// What the step says, tidy, or what is wrong with it.
fn check(ctx: &Ctx, step: Step, words: &Words) -> Result<Words, Refused> {
    let w = ctx.w;
    let tidy = |text: &str| lines(text).trim().to_owned();
    let words = Words { decision: tidy(&words.decision), reason: tidy(&words.reason), summary: tidy(&words.summary) };
    let mut errors = Errors::new();
    let (field, most) = match step {
        Step::Answer => ("reason", DECISION_CHARS),
        Step::Withdraw => ("withdrawn", REASON_CHARS),
        _ => return Ok(Words::default()),
    };
    if words.reason.is_empty() {
        errors.insert(field, w.t("consultations-error-reason"));
    }
    if step == Step::Answer && words.decision.is_empty() {
        errors.insert("decision", w.t("consultations-error-decision"));
    }
    for (field, text, most) in [
        ("decision", &words.decision, DECISION_CHARS),
        (field, &words.reason, most),
        ("summary", &words.summary, DECISION_CHARS),
    ] {
        if text.chars().count() > most {
            errors.insert(field, too_long(w, most));
        }
    }
    if errors.is_empty() { Ok(words) } else { Err(Refused::Invalid(errors)) }
}

/// Takes a step. One that does not fit, or that was meant for another version, is a conflict.
pub async fn take(ctx: &Ctx, id: &str, (step, version): (Step, i64), words: &Words) -> Result<(), Refused> {
    let consultation = for_staff(ctx, id).await?;
    let state = consultation.state_at(ctx.now);
    let Some(to) = life::next(state, step).filter(|_| step.is_for_staff()) else {
        return Err(Error::Conflict("consultations-conflict-step").into());
    };
    if consultation.version != version {
        return Err(Error::Conflict("consultations-conflict-changed").into());
    }
    if step == Step::Ask && consultation.closes_at() <= ctx.now {
        return Err(Error::Conflict("consultations-conflict-late").into());
    }
    let words = check(ctx, step, words)?;
    let households = store::households(&ctx.app.db, &consultation.path).await?;
    let mut tx = ctx.app.db.begin().await?;
    lock(ctx, &mut tx, id).await?;
    let mut version = version;
    let done = match step {
        Step::Ask => {
            let close = Job::ConsultationClose { consultation_id: id.to_owned() };
            let key = format!("consultation-close:{id}");
            jobs::queue(&mut tx, &close, consultation.closes_at(), Some(&key), ctx.now).await?;
            write::ask(&mut tx, (id, version), households, ctx.now).await?
        }
        _ => {
            // Its time may be over without a job having written it down.
            if state == State::Closed && write::close(&mut tx, id, ctx.now).await? {
                version += 1;
            }
            write::advance(&mut tx, (id, version), (state, to), ctx.now).await?
        }
    };
    if !done {
        return Err(Error::Conflict("consultations-conflict-changed").into());
    }
    if matches!(step, Step::Answer | Step::Withdraw) {
        write::end(&mut tx, id, [&words.decision, &words.reason, &words.summary], ctx.now).await?;
        if consultation.was_asked() {
            let tell = Job::ConsultationTell { consultation_id: id.to_owned() };
            jobs::queue(&mut tx, &tell, ctx.now, Some(&format!("consultation-tell:{id}")), ctx.now).await?;
        }
    }
    note(ctx, &mut tx, step.action(), id, serde_json::json!({ "to": to.code() })).await?;
    tx.commit().await?;
    Ok(())
}

/// Writes down that the time of a consultation is over; the job of its last instant.
pub async fn close(app: &App, id: &str) -> anyhow::Result<()> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    if write::close(&mut tx, id, now).await? {
        let entry = audit::Entry {
            by: By::System,
            action: Step::Close.action(),
            object_kind: "consultation",
            object_id: id,
            detail: serde_json::json!({ "to": State::Closed.code() }),
            request_id: "",
        };
        audit::write(&mut tx, entry, now).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Tells those who spoke, and those who follow the place, what came of it. Killed in the middle it begins again: each is
/// told once.
pub async fn tell(app: &App, id: &str) -> anyhow::Result<()> {
    let Some(consultation) = store::by_id(&app.db, id).await? else { return Ok(()) };
    let text_key = match consultation.state_at(app.clock.now()) {
        State::Answered => "inbox-consultation-answered",
        State::Withdrawn => "inbox-consultation-withdrawn",
        _ => return Ok(()),
    };
    let (href, key) = (format!("/consultations/{id}"), format!("consultation:{id}"));
    let args = serde_json::json!({ "question": consultation.question, "question_en": consultation.question_en });
    let mut after = String::new();
    loop {
        let people = voices::to_tell(&app.db, (id, &consultation.path), &after, BATCH).await?;
        let Some(last) = people.last().cloned() else { return Ok(()) };
        let ids: Vec<&str> = people.iter().map(String::as_str).collect();
        let message =
            inbox::Message { person_id: "", text_key, text_args: args.clone(), href: &href, dedupe_key: &key };
        let mut tx = app.db.begin().await?;
        inbox::send_all(&mut tx, &ids, message, app.clock.now()).await?;
        tx.commit().await?;
        after = last;
    }
}
