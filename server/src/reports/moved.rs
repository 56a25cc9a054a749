//! When the time that was promised to the reporter becomes another one, that is written down among what happened: from
//! when to when, and why. The chain covers it like everything else.

use super::{
    clocks::Wound,
    events::{self, Event, NewEvent, What},
    store::{Report, instant},
};
use crate::{clock, db::Tx, http::Ctx, people::inbox};
use app::{
    i18n::{Lang, Words},
    reports::{
        State, Step,
        moved::{Why, line},
    },
    time,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What the event keeps, as its internal words.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// Microseconds; `None`: could not be told.
    before: Option<i64>,
    /// Microseconds; `None`: cannot be told.
    after: Option<i64>,
    /// Code of the cause.
    why: String,
}

/// Writes down that winding the clocks moved the promised time; nothing when it did not. Returns whether it did: the
/// report's version has gone up by one then, and it counts as changed: open desks and feeds show the new time.
pub async fn note(tx: &mut Tx, report_id: &str, wound: &Wound, why: Why, now: Timestamp) -> Result<bool, sqlx::Error> {
    let micros = |at: Option<Timestamp>| at.map(Timestamp::as_microsecond);
    let kept = Kept { before: micros(wound.before), after: micros(wound.clocks.due), why: why.code().to_owned() };
    // What reads the same has not moved: a question that was answered within seconds.
    let minute = |at: Option<i64>| at.map(|at| at.div_euclid(60_000_000));
    if minute(kept.before) == minute(kept.after) {
        return Ok(false);
    }
    let moved: Moved = sqlx::query_as(
        "UPDATE report SET version = version + 1, changed_at = $2 WHERE id = $1 RETURNING state, version, code, \
         reporter_id, (SELECT c.name FROM category c WHERE c.code = report.category) AS category, \
         (SELECT c.name_en FROM category c WHERE c.code = report.category) AS category_en",
    )
    .bind(report_id)
    .bind(now.as_microsecond())
    .fetch_one(&mut **tx)
    .await?;
    let state = State::from_code(&moved.state).unwrap_or(State::Submitted);
    let event = NewEvent {
        id: &clock::new_id(now),
        report_id,
        seq: moved.version,
        actor_id: None,
        actor_kind: "system",
        what: What::Moved,
        from: Some(state),
        to: state,
        to_person: None,
        public_text: "",
        internal_text: &serde_json::to_string(&kept).map_err(|error| sqlx::Error::Encode(error.into()))?,
    };
    events::insert(tx, event, now).await?;
    tell(tx, report_id, &moved, &kept, why, now).await?;
    Ok(true)
}

/// A report whose promised time moved.
#[derive(sqlx::FromRow)]
struct Moved {
    state: String,
    version: i64,
    code: String,
    reporter_id: Option<String>,
    category: String,
    category_en: String,
}

/// Tells whoever filed it, once for each move. Who moved it by what they did themselves reads it on the page that they have
/// before them.
async fn tell(
    tx: &mut Tx,
    report_id: &str,
    moved: &Moved,
    kept: &Kept,
    why: Why,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let Some(person_id) = &moved.reporter_id else { return Ok(()) };
    if matches!(why, Why::Asked | Why::Reopened) {
        return Ok(());
    }
    let said = |lang: Lang| {
        let when = |micros: Option<i64>| micros.map(|at| time::date_time(lang, instant(at), now));
        line(Words::new(lang), (when(kept.before), when(kept.after)), why)
    };
    let text_args = serde_json::json!({
        "code": moved.code,
        "category": moved.category,
        "category_en": moved.category_en,
        "line": said(Lang::Zh),
        "line_en": said(Lang::En),
    });
    let message = inbox::Message {
        person_id,
        text_key: "inbox-report-moved",
        text_args,
        href: &format!("/reports/{}", moved.code),
        dedupe_key: &format!("report-moved:{report_id}:{}", moved.version),
    };
    inbox::send(tx, message, now).await
}

/// The event in a plain line, for everybody. `None`: it is another kind of event.
pub fn told(ctx: &Ctx, event: &Event) -> Option<String> {
    told_with_why(ctx, event).map(|(line, _)| line)
}

fn told_with_why(ctx: &Ctx, event: &Event) -> Option<(String, Why)> {
    if event.what() != What::Moved {
        return None;
    }
    let kept: Kept = serde_json::from_str(&event.internal_text).ok()?;
    let why = Why::from_code(&kept.why).unwrap_or(Why::Rules);
    let when = |micros: Option<i64>| micros.map(|at| time::date_time(ctx.w.lang, instant(at), ctx.now));
    Some((line(ctx.w, (when(kept.before), when(kept.after)), why), why))
}

/// Why a report is due at another time than was promised first, oldest first: a line for each move, with what was said
/// about it. `events`: newest first. Empty once it is over: nobody waits for it any more.
pub fn lines(ctx: &Ctx, report: &Report, events: &[Event]) -> Vec<String> {
    if report.state().is_over() {
        return Vec::new();
    }
    let (mut suspended, mut granted) = ("", "");
    let mut lines = Vec::new();
    for event in events.iter().rev() {
        match event.what() {
            What::Step(Step::Suspend) => suspended = event.public_text.trim(),
            What::Step(Step::ExtendGrant | Step::ExtendGrantAbove) => granted = event.public_text.trim(),
            _ => {}
        }
        let Some((line, why)) = told_with_why(ctx, event) else { continue };
        let said = match why {
            Why::Suspended => suspended,
            Why::Extended => granted,
            _ => "",
        };
        lines.push(match said {
            "" => line,
            said => ctx.w.tf("reports-moved-said", &[("line", line.into()), ("said", said.into())]),
        });
    }
    lines
}
