//! Reading reports: who may see what of one, and what waits for whom.

use super::{
    queue::{self, Asked, Reach},
    store::{self, Report},
};
use crate::{
    auth::secrets::sha256,
    http::{Ctx, Error},
};
use app::{
    people::Action,
    places::{NextCard, Waiting},
    reports::State,
};
use jiff::SignedDuration;

/// What kind of link token opens a report.
pub const LINK: &str = "report";

/// What the reader has to do with a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Viewer {
    /// They filed it, or hold its link.
    pub reporter: bool,
    /// They work on reports of this place.
    pub staff: bool,
    /// It is, or was, theirs to handle.
    pub handler: bool,
}

impl Viewer {
    /// Judges the reader. `token` is the link token that reporters without an account come back with.
    pub fn of(ctx: &Ctx, report: &Report, token: Option<&str>) -> Viewer {
        let by_link = token.is_some_and(|token| ctx.app.secrets.check_link_token(LINK, &report.code, token));
        let by_device =
            report.reporter_id.is_none() && !ctx.device.is_empty() && report.reporter_device == sha256(&ctx.device);
        let Some(actor) = &ctx.actor else {
            return Viewer { reporter: by_link || by_device, ..Viewer::default() };
        };
        let id = Some(&actor.id);
        Viewer {
            reporter: by_link || by_device || report.reporter_id.as_ref() == id,
            staff: actor.require(Action::ReportRead, &report.path).is_ok(),
            handler: report.owner_id.as_ref() == id || report.handled_by.as_ref() == id,
        }
    }

    /// Whether unreleased photos, the description and internal notes are theirs to see.
    pub fn sees_everything(self) -> bool {
        self.staff || self.handler
    }
}

/// What the reader has to do or expect next in this room, for the home page: a question that waits for their answer, else
/// one that was closed within two weeks and that they have not looked at, else their latest open report if something
/// happened to it within two weeks.
pub async fn next_card(ctx: &Ctx) -> Result<Option<NextCard>, Error> {
    let Some(actor) = &ctx.actor else { return Ok(None) };
    let since = (ctx.now - SignedDuration::from_hours(24 * 14)).as_microsecond();
    let reports = store::by_reporter(&ctx.app.db, &actor.id).await?;
    let rank = |report: &Report| match report.state() {
        State::Asked => 2,
        State::Closed if report.confirmed_at.is_none() && report.rated_at.is_none() => 1,
        _ => 0,
    };
    let latest = reports
        .into_iter()
        .filter(|report| report.changed_at > since && (!report.state().is_over() || rank(report) > 0))
        .max_by_key(|report| (rank(report), report.changed_at));
    Ok(latest.map(|report| NextCard {
        kicker: ctx.w.t("reports-next-kicker"),
        title: match report.state() {
            State::Closed => ctx.w.t("reports-mine-solved"),
            _ => super::view::say(ctx.w, &report),
        },
        note: Some(super::view::title(ctx.w, &report)),
        href: format!("/reports/{}", report.code),
        live: None,
    }))
}

/// What waits for the reader as staff in this room, for `/staff`: what the community does and decides, what the street
/// decides, what is late.
pub async fn waiting(ctx: &Ctx) -> Result<Vec<Waiting>, Error> {
    let Some(actor) = &ctx.actor else { return Ok(Vec::new()) };
    let manages = actor.scopes(Action::ReportManage);
    let supervises = actor.scopes(Action::ReportSupervise);
    let mut lines: Vec<(&str, &str, i64, i64)> = Vec::new();
    let everything = Asked::default();
    let mut rated = None;
    if !manages.is_empty() {
        let reach = Reach::of(&ctx.app.db, &manages, "").await?;
        rated = super::ratings::waiting(ctx, &reach).await?;
        let counts = queue::counts(&ctx.app.db, &reach, (&everything, &actor.id), ctx.now).await?.states;
        let waits = queue::waits(&ctx.app.db, &reach).await?;
        let of = |state: State| counts.iter().find(|row| row.state == state.code());
        for (state, key) in [
            (State::Submitted, "reports-waiting-submitted"),
            (State::Accepted, "reports-waiting-accepted"),
            (State::Handled, "reports-waiting-handled"),
            (State::Verified, "reports-waiting-verified"),
        ] {
            lines.extend(of(state).map(|row| (state.code(), key, row.all, row.late)));
        }
        lines.push(("extension-1", "reports-waiting-extension", waits.first, 0));
        lines.push(("returned", "reports-waiting-returned", waits.returned, 0));
        lines.push(("ordered", "reports-waiting-ordered", waits.ordered, 0));
    }
    if !supervises.is_empty() {
        let reach = Reach::of(&ctx.app.db, &supervises, "").await?;
        let counts = queue::counts(&ctx.app.db, &reach, (&everything, &actor.id), ctx.now).await?.states;
        let waits = queue::waits(&ctx.app.db, &reach).await?;
        let late = counts.iter().map(|row| row.late).sum::<i64>();
        lines.push(("extension-2", "reports-waiting-extension-above", waits.second, 0));
        lines.push((State::Disputed.code(), "reports-waiting-disputed", waits.disputed, 0));
        lines.push(("late", "reports-waiting-overdue", late, late));
        if manages.is_empty() {
            lines.push(("ordered", "reports-waiting-orders-open", waits.ordered, 0));
        }
    }
    Ok(lines
        .into_iter()
        .filter(|(_, _, count, _)| *count > 0)
        .map(|(state, key, count, late)| Waiting {
            title: ctx.w.t(key),
            note: (late > 0 && late < count).then(|| ctx.w.tf("reports-waiting-late", &[("count", late.into())])),
            count,
            late: late > 0,
            href: format!("/staff/reports?state={state}"),
        })
        .chain(rated)
        .collect())
}
