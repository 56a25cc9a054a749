//! What is asked before a step: permission, what was typed, what happened before.

use super::{Named, StepError, Wanted};
use crate::{
    db::Db,
    http::{Ctx, Error},
    people::{self, store::PersonBrief},
    photos::store::{self as photos, Uploader},
    reports::{
        categories, events, service,
        store::{self, Report, instant},
    },
};
use app::{
    people::{Action, Role},
    reports::{
        MAX_PHOTOS, MAX_TEXT, State, Step,
        life::{MOST_HOURS, Past, REOPEN_DAYS},
    },
};
use jiff::{SignedDuration, Timestamp};

/// Asks for permission.
pub(super) async fn permit(ctx: &Ctx, report: &Report, step: Step, token: Option<&str>) -> Result<(), StepError> {
    let Some(action) = step.action() else {
        let viewer = service::Viewer::of(ctx, report, token);
        return match (viewer.reporter, ctx.actor.is_some()) {
            (true, _) => Ok(()),
            (false, true) => Err(Error::Forbidden.into()),
            (false, false) => Err(Error::SignIn.into()),
        };
    };
    let actor = ctx.actor()?;
    match action {
        Action::ReportHandle => {
            // A report without a grid may lie above the handler's own: being its one owner is the scope.
            actor.require_somewhere(action)?;
            if report.owner_id.as_deref() != Some(&actor.id) {
                return Err(Error::Forbidden.into());
            }
        }
        Action::ReportVerify => {
            actor.require(action, &report.path)?;
            if events::has_handled(&ctx.app.db, &report.id, &actor.id).await? {
                return Err(StepError::OwnWork);
            }
        }
        _ => actor.require(action, &report.path)?,
    }
    Ok(())
}

/// What of a report's past decides whether a step is possible.
pub async fn past(db: &Db, report: &Report, now: Timestamp) -> Result<Past, sqlx::Error> {
    let (extensions, waiting, supervised): (i64, Option<i64>, i64) = sqlx::query_as(
        "SELECT (SELECT CAST(COUNT(*) AS BIGINT) FROM report_extension WHERE report_id = $1), \
         (SELECT MAX(level) FROM report_extension WHERE report_id = $1 AND decision = ''), \
         (SELECT CAST(COUNT(*) AS BIGINT) FROM report_supervision WHERE report_id = $1 AND answered_at IS NULL)",
    )
    .bind(&report.id)
    .fetch_one(db.read())
    .await?;
    let last: Option<(String,)> = sqlx::query_as(
        "SELECT action FROM report_event WHERE report_id = $1 \
         AND action IN ('accept', 'return', 'uphold', 'reopen') ORDER BY seq DESC LIMIT 1",
    )
    .bind(&report.id)
    .fetch_optional(db.read())
    .await?;
    let closed = report.closed_at.map(instant);
    Ok(Past {
        returned: last.is_some_and(|(action,)| action == Step::Return.code()),
        extensions,
        waiting_level: waiting,
        overdue: report.owner_due().is_some_and(|due| due < now),
        unlimited: report.owner_due_at.is_none(),
        confirmed: report.confirmed_at.is_some(),
        rated: report.rated_at.is_some(),
        answered: report.stars_answered_at.is_some(),
        long_over: closed.is_some_and(|at| now.duration_since(at) > SignedDuration::from_hours(24 * REOPEN_DAYS)),
        supervised: supervised > 0,
    })
}

/// Checks what was typed, and finds what it names.
pub(super) async fn check(ctx: &Ctx, report: &Report, wanted: &Wanted) -> Result<Named, StepError> {
    let mut mistakes = Vec::new();
    let mut named = Named::default();
    let db = &ctx.app.db;
    let is_long = |text: &str| text.chars().count() > MAX_TEXT;
    let stars: Option<i64> = wanted.stars.trim().parse().ok().filter(|stars| (1..=5).contains(stars));
    let needs_reason = wanted.step.needs_reason() || (wanted.step == Step::Rate && stars.is_some_and(|n| n < 3));
    // A photo is an answer too.
    let says_all = wanted.step == Step::Answer && !wanted.photos.is_empty();
    if needs_reason && wanted.text.trim().is_empty() && !says_all {
        mistakes.push((
            "text",
            match wanted.step {
                Step::Answer => "reports-error-answer",
                Step::Reopen => "reports-error-unsolved",
                Step::Rate => "reports-error-rate-why",
                _ => "reports-error-reason",
            },
        ));
    }
    if wanted.step == Step::Add && wanted.text.trim().is_empty() && wanted.photos.is_empty() {
        mistakes.push(("text", "reports-error-add"));
    }
    if is_long(&wanted.text) {
        mistakes.push(("text", "reports-error-text-long"));
    }
    if is_long(&wanted.internal) {
        mistakes.push(("internal", "reports-error-text-long"));
    }
    if wanted.photos.len() > MAX_PHOTOS {
        mistakes.push(("photos", "reports-error-too-many-photos"));
    }
    if wanted.step == Step::Finish && report.photo_needed == 1 && wanted.photos.is_empty() {
        mistakes.push(("photos", "reports-error-photo-needed"));
    }
    let who = Uploader::of(ctx);
    for photo in &wanted.photos {
        let found = photos::by_id(db, photo).await?;
        if !found.is_some_and(|photo| photo.is_by(&who) && photo.owner_id.is_none()) {
            mistakes.push(("photos", "reports-error-photo-gone"));
        }
    }
    match wanted.step {
        Step::Dispatch => {
            let sent = handlers(ctx, &report.path).await?.into_iter().map(|(_, person)| person);
            named.owner = sent.into_iter().find(|person| person.id == wanted.to);
            if named.owner.is_none() {
                mistakes.push(("to", "reports-error-handler"));
            }
        }
        Step::SendBack => {
            let last = events::last_by(db, &report.id, Step::Return).await?;
            named.owner = match last {
                Some(id) => people::store::brief_by_id(db, &id).await?,
                None => None,
            };
            if named.owner.is_none() {
                return Err(StepError::Obstacle("reports-obstacle-not-returned"));
            }
        }
        Step::ExtendAsk => match wanted.hours.trim().parse::<i64>() {
            Ok(hours @ 1..=MOST_HOURS) => named.hours = hours,
            _ => mistakes.push(("hours", "reports-error-hours")),
        },
        Step::Merge => {
            named.into = store::by_code(db, &wanted.into.trim().to_ascii_uppercase()).await?.filter(|other| {
                let here = ctx.actor.as_ref().is_some_and(|a| a.may(Action::ReportManage, &other.path));
                here && other.id != report.id
                    && !matches!(other.state(), State::Rejected | State::Withdrawn | State::Merged)
            });
            if named.into.is_none() {
                mistakes.push(("into", "reports-error-into"));
            }
        }
        Step::Sort => {
            let known = categories::by_code(db, &wanted.category).await?.is_some();
            if !known || wanted.category == report.category {
                mistakes.push(("category", "reports-error-category-same"));
            }
        }
        Step::Rate => match stars {
            Some(stars) => named.stars = stars,
            None => mistakes.push(("stars", "reports-error-stars")),
        },
        _ => {}
    }
    if mistakes.is_empty() { Ok(named) } else { Err(StepError::Mistakes(mistakes)) }
}

/// Who can be sent to a place: whoever is on duty in its grid today first, then volunteers, grid workers, units; each person once.
pub async fn handlers(ctx: &Ctx, path: &str) -> Result<Vec<(Role, PersonBrief)>, Error> {
    let mut found: Vec<(Role, PersonBrief)> = Vec::new();
    let day = app::time::day_of(ctx.now);
    if let Some(person) = crate::grids::service::duty::on_duty(&ctx.app.db, path, day).await? {
        found.push((Role::GridWorker, person));
    }
    for role in [Role::GridWorker, Role::Volunteer, Role::Unit] {
        for person in people::store::with_role_around(&ctx.app.db, role, path).await? {
            if !found.iter().any(|(_, other)| other.id == person.id) {
                found.push((role, person));
            }
        }
    }
    Ok(found)
}
