//! A change of settings through the API, as on the page: first what it would do, then, confirmed, with what becomes of the
//! bookings that it hits.

use super::instant;
use crate::{
    http::{
        Ctx, Result,
        api::{IfMatch, problem, wrong_fields},
    },
    reports::calendar_change::Moved,
    windows::{
        routes::managers::settings::{summary, too_long},
        service::managers::{
            AtHall,
            preview::{HitRow, is_too_long, words_to_people},
        },
        store::settings::Version,
    },
};
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How a change is carried out.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct Carrying {
    /// The version that was looked at; `If-Match` says the same; left out, the one there is.
    pub version: Option<i64>,
    /// Saves it. Without it nothing is saved, and the answer says what it would do.
    pub confirm: bool,
    /// Codes of the bookings that the answer without `confirm` named: one more than those, and it has to be looked at again.
    pub seen: Vec<String>,
    /// What becomes of bookings that `single` does not name: `keep` (without it), `propose`, `move` or `cancel`.
    pub default: String,
    /// Words to the people whose bookings are hit; at most 300 characters.
    pub message: String,
    /// Single bookings.
    pub single: Vec<CarryOne>,
}

/// What becomes of one booking.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct CarryOne {
    /// Its code.
    pub code: String,
    /// `keep`, `propose`, `move` or `cancel`.
    pub decision: String,
    /// For `propose` and `move`: one of the `to` of its `proposals`.
    pub to: String,
    /// Words to this person; at most 300 characters.
    pub say: String,
}

impl Carrying {
    /// Which version is changed, as the header or the body says, else `now`.
    pub fn base(&self, if_match: IfMatch, now: i64) -> Result<i64> {
        Ok(if_match.or(self.version)?.unwrap_or(now))
    }

    /// As the fields of the page's form; 422 with words to people that are too long.
    pub fn fields(self, ctx: &Ctx, version: i64) -> Result<Vec<(String, String)>> {
        let single = self.single.iter().enumerate().map(|(at, one)| (format!("single/{at}/say"), &one.say));
        let said = std::iter::once(("message".to_owned(), &self.message)).chain(single);
        let long: Vec<String> =
            said.filter(|(_, words)| is_too_long(&words_to_people(words))).map(|(field, _)| field).collect();
        if !long.is_empty() {
            return Err(wrong_fields(long.into_iter().map(|field| (field, too_long(ctx)))));
        }
        let mut fields = vec![("version".to_owned(), version.to_string())];
        let mut add = |name: String, value: String| fields.push((name, value));
        if self.confirm {
            add("confirm".to_owned(), "1".to_owned());
        }
        add("default".to_owned(), self.default);
        add("message".to_owned(), self.message);
        for code in self.seen {
            add("seen".to_owned(), code);
        }
        for one in self.single {
            add(format!("decide.{}", one.code), one.decision);
            add(format!("to.{}", one.code), one.to);
            add(format!("say.{}", one.code), one.say);
        }
        Ok(fields)
    }
}

/// What a change does.
#[derive(Serialize, ToSchema)]
pub struct ChangeOut {
    /// It is saved.
    pub saved: bool,
    /// The version that there is now.
    pub version: i64,
    /// What changes, in words; empty: nothing differs.
    pub changes: Vec<String>,
    /// Bookings that it hits.
    pub hits: Vec<HitOut>,
}

/// What another year of the calendar does.
#[derive(Serialize, ToSchema)]
pub struct CalendarChangeOut {
    /// As any other change of settings.
    #[serde(flatten)]
    pub change: ChangeOut,
    /// Open reports whose deadlines move; empty once it is saved.
    pub deadlines: Vec<MovedReport>,
    /// So many more open reports were not looked at one by one: their deadlines may move as well.
    pub more: usize,
}

/// An open report whose deadline moves.
#[derive(Serialize, ToSchema)]
pub struct MovedReport {
    /// Its code.
    pub code: String,
    /// Name of its category in the reader's language.
    pub category: String,
    /// The deadline now, the resident's, or the owner's where only that moves; RFC 3339 with offset. Null: not known.
    pub before: Option<String>,
    /// The deadline by the other calendar. Null: not known.
    pub after: Option<String>,
}

/// A booking that a change hits.
#[derive(Serialize, ToSchema)]
pub struct HitOut {
    /// Its code.
    pub code: String,
    /// Code of the hall.
    pub hall: String,
    /// Number of the window.
    pub window: i64,
    /// Title of its item in the reader's language.
    pub title: String,
    /// Begin, RFC 3339 with offset.
    pub starts_at: String,
    /// End.
    pub ends_at: String,
    /// Name of whom it is for.
    pub name: String,
    /// Their number, masked.
    pub phone: String,
    /// `closed`, `outside`, `window`, `item`, `capacity`, `short` or `retired`.
    pub why: &'static str,
    /// Free times that could be proposed.
    pub proposals: Vec<ProposalOut>,
    /// What was decided; absent: as for all.
    pub decision: Option<&'static str>,
    /// What is wrong with that, in words.
    pub error: Option<String>,
}

/// A free time.
#[derive(Serialize, ToSchema)]
pub struct ProposalOut {
    /// Its name in `single`.
    pub to: String,
    /// Begin, RFC 3339 with offset.
    pub starts_at: String,
    /// Number of the window.
    pub window: i64,
}

/// The bookings that a change hits at one hall.
pub fn hits_at(ctx: &Ctx, hall: &str, rows: Vec<HitRow>) -> Vec<HitOut> {
    let at = |micros| instant(Timestamp::from_microsecond(micros).unwrap_or_default());
    rows.into_iter()
        .map(|row| HitOut {
            hall: hall.to_owned(),
            window: row.booking.window_number,
            title: ctx.w.pick(&row.booking.title, &row.booking.title_en).to_owned(),
            starts_at: at(row.booking.starts_at),
            ends_at: at(row.booking.ends_at),
            why: row.hit.key().trim_start_matches("settings-hit-"),
            proposals: row
                .proposals
                .iter()
                .map(|free| ProposalOut { to: free.value(), starts_at: instant(free.from()), window: free.number })
                .collect(),
            decision: row.decision.map(|decision| decision.code()),
            error: row.error.map(|key| ctx.w.t(key)),
            code: row.booking.code,
            name: row.booking.person_name,
            phone: row.booking.phone_masked,
        })
        .collect()
}

/// The same at several halls.
pub fn hits_of(ctx: &Ctx, hit: Vec<AtHall>) -> Vec<HitOut> {
    hit.into_iter().flat_map(|at| hits_at(ctx, &at.hall.code, at.rows)).collect()
}

/// What it would do; 409 where it was to be saved, and has to be looked at again.
pub fn look(ctx: &Ctx, version: i64, changes: Vec<String>, hits: Vec<HitOut>, again: bool) -> Response {
    if again {
        let more = serde_json::json!({ "version": version, "changes": changes, "hits": hits });
        let text = ctx.w.t("error-conflict-text");
        return problem(ctx, StatusCode::CONFLICT, "look-again", text, more);
    }
    Json(ChangeOut { saved: false, version, changes, hits }).into_response()
}

/// The same for a year of the calendar, with the deadlines that move.
pub fn look_at_year(ctx: &Ctx, looked: ChangeOut, (moved, more): (Vec<Moved>, usize), again: bool) -> Response {
    let deadlines: Vec<MovedReport> = moved
        .into_iter()
        .map(|moved| MovedReport {
            category: ctx.w.pick(&moved.category.0, &moved.category.1).to_owned(),
            before: moved.due.0.map(instant),
            after: moved.due.1.map(instant),
            code: moved.code,
        })
        .collect();
    if again {
        let ChangeOut { version, changes, hits, .. } = looked;
        let members = serde_json::json!({
            "version": version, "changes": changes, "hits": hits, "deadlines": deadlines, "more": more,
        });
        return problem(ctx, StatusCode::CONFLICT, "look-again", ctx.w.t("error-conflict-text"), members);
    }
    Json(CalendarChangeOut { change: looked, deadlines, more }).into_response()
}

fn done(version: i64, changed: bool) -> ChangeOut {
    ChangeOut { saved: changed, version, changes: Vec::new(), hits: Vec::new() }
}

/// It is saved, or nothing differs.
pub fn saved(version: i64, changed: bool) -> Response {
    Json(done(version, changed)).into_response()
}

/// The same for a year of the calendar.
pub fn saved_year(version: i64, changed: bool) -> Response {
    Json(CalendarChangeOut { change: done(version, changed), deadlines: Vec::new(), more: 0 }).into_response()
}

/// Somebody else saved meanwhile: 412 after `If-Match`, else 409 with what they changed.
pub fn stale(ctx: &Ctx, if_match: IfMatch, version: i64, since: &[Version]) -> Result {
    let more = serde_json::json!({ "version": version, "since": versions(ctx, since) });
    if_match.stale(problem(ctx, StatusCode::CONFLICT, "changed", ctx.w.t("error-conflict-text"), more))
}

/// A version of settings.
#[derive(Serialize, ToSchema)]
pub struct SettingVersion {
    /// Its number, from 1.
    pub version: i64,
    /// Name of who saved it; empty: the state before the first change.
    pub by: String,
    /// When, RFC 3339 with offset.
    pub at: String,
    /// What changed, in the reader's language.
    pub changes: Vec<String>,
    /// The state: what a change can be made of.
    #[schema(value_type = Object)]
    pub state: serde_json::Value,
}

/// Versions as they are told.
pub fn versions(ctx: &Ctx, all: &[Version]) -> Vec<SettingVersion> {
    all.iter()
        .map(|one| SettingVersion {
            version: one.version,
            by: one.saved_by.clone(),
            at: instant(Timestamp::from_microsecond(one.saved_at).unwrap_or_default()),
            changes: summary(ctx, one),
            state: serde_json::from_str(&one.snapshot).unwrap_or_default(),
        })
        .collect()
}
