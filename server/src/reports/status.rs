//! The page of one report for everybody who knows its code, and what whoever filed it may do there.

use super::{
    events::{self, Event},
    join, moved, open, own,
    public::{Link, find},
    service::{LINK, Viewer},
    steps::{self, StepError, Wanted},
    store::{self, Report, instant},
    view::{self, Reader},
};
use crate::{
    http::{Ctx, Error, Page, Result, see_other_with},
    photos::{self, intake::PhotoForm},
    places,
};
use app::{
    people::Action,
    reports::{
        Step,
        life::{self, REOPEN_DAYS},
        pages::{
            OwnBox, ReporterBox, StatusPage, Typed, follow_box, own_box, reporter_box, reporter_takes_photos,
            status_page, text_field,
        },
    },
    time,
    ui::shell::Tab,
    windows::pages::Rated,
};
use axum::{
    extract::{Path, Query},
    http::StatusCode,
};
use jiff::SignedDuration;
use leptos::prelude::*;

/// `/reports/{code}`.
pub async fn show(ctx: Ctx, Path(code): Path<String>, Query(link): Query<Link>) -> Result {
    let report = find(&ctx, &code).await?;
    page(&ctx, &report, link.token(), Said::default()).await
}

/// What the page says after something was sent and not taken.
#[derive(Default)]
pub struct Said {
    /// What went wrong, in a sentence.
    pub trouble: Option<String>,
    /// The form as it was sent.
    pub typed: Option<Typed>,
    /// 200, 409 or 422.
    pub status: StatusCode,
}

/// The reporter's steps that are possible now.
pub async fn possible(ctx: &Ctx, report: &Report) -> std::result::Result<Vec<Step>, Error> {
    let past = steps::past(&ctx.app.db, report, ctx.now).await?;
    let steps = Step::ALL.into_iter().filter(|step| step.action().is_none());
    Ok(steps
        .filter(|step| life::next(report.state(), *step).is_some() && life::obstacle(*step, past).is_none())
        .collect())
}

/// The page of a report.
pub async fn page(ctx: &Ctx, report: &Report, token: Option<&str>, said: Said) -> Result {
    let w = ctx.w;
    let db = &ctx.app.db;
    let viewer = Viewer::of(ctx, report, token);
    let photos = photos::store::of_report(db, &report.id).await?;
    let events = events::of_report(db, &report.id).await?;
    let query = token.filter(|_| viewer.reporter).map(|token| format!("?t={token}")).unwrap_or_default();
    let address = format!("/reports/{}", report.code);
    let steps = if viewer.reporter { possible(ctx, report).await? } else { Vec::new() };
    let Said { trouble, typed, status } = said;
    // A form that is no longer there cannot show what was typed into it.
    let unsent = typed.as_ref().filter(|typed| !steps.contains(&typed.step)).map(|typed| typed.text.trim().to_owned());
    let into = match &report.merged_into {
        Some(id) => store::by_id(db, id).await?.map(|other| other.code),
        None => None,
    };
    let hotline = places::store::by_id(db, &report.community_id).await?.map(|community| community.phone);
    let reader = if viewer.reporter { Reader::Reporter(&query) } else { Reader::Public };
    let knows = viewer.reporter || viewer.sees_everything();
    let view = StatusPage {
        w,
        code: report.code.clone(),
        state: report.state(),
        trouble,
        unsent: unsent.filter(|text| !text.is_empty()),
        errors: typed.as_ref().map(|typed| typed.errors.clone()).unwrap_or_default(),
        say: view::say(w, report),
        // A question stands beside the form for its answer.
        said: view::said(w, report, &events).filter(|_| !steps.contains(&Step::Answer)),
        due: view::due_sentence(w, report, ctx.now),
        moved: moved::lines(ctx, report, &events),
        place: view::whole_place(w, report),
        filed: time::date_time(w.lang, report.filed(), ctx.now),
        before: view::before(&photos, viewer, &query),
        after: view::after(&photos, viewer),
        events: view::happened(ctx, &events, &photos, reader),
        own: knows.then(|| (own::words(w, report), report.place_text.clone())),
        rated: rated(report, viewer),
        into,
        link: (viewer.reporter && report.reporter_id.is_none())
            .then(|| format!("{address}?t={}", ctx.app.secrets.link_token(LINK, &report.code))),
        hotline: hotline.unwrap_or_default(),
    };
    let mut answer = Page::new(ctx, view::category(w, report))
        .tab(Tab::Report)
        .status(status)
        .islands_if(reporter_takes_photos(&steps));
    answer = answer.back(if viewer.reporter && ctx.actor.is_some() { "/me/reports" } else { "/reports" });
    let follower = join::follower(ctx).unwrap_or_default();
    let (followers, joined) = open::followers(db, &report.id, &follower).await?;
    let over = viewer.reporter || report.state().is_over();
    let follow = (!viewer.reporter || followers > 0).then(|| follow_box(w, &report.code, followers, joined, over));
    let question = events.iter().find(|event| event.action == Step::Ask.code()).map(|event| event.public_text.clone());
    let reopen_until = report.closed_at.map(instant).map(|at| {
        let last = at + SignedDuration::from_hours(24 * REOPEN_DAYS);
        time::date(w.lang, time::day_of(last))
    });
    let actions = reporter_box(&ReporterBox {
        w,
        action: format!("{address}{query}"),
        version: report.version,
        steps,
        question,
        reopen_until,
        typed,
    });
    let own = viewer.reporter.then(|| {
        own_box(OwnBox {
            w,
            action: format!("{address}/own{query}"),
            description: report.description.clone(),
            edits: own::may_edit(report.state()),
            photos: photos
                .iter()
                .filter(|photo| own::is_reporters(photo))
                .map(|photo| view::shot(photo, &query))
                .collect(),
        })
    });
    Ok(answer.render(view! {
        {status_page(view, actions, own)}
        {follow}
    }))
}

/// The rating and its answer, for whoever gave it and those who work on reports there.
fn rated(report: &Report, viewer: Viewer) -> Option<Rated> {
    let stars = report.stars.filter(|_| viewer.reporter || viewer.staff)?;
    Some((stars, report.stars_reason.clone(), report.stars_answer.clone()))
}

/// Where whoever filed the report goes on: with the link token they came with.
pub fn back(ctx: &Ctx, report: &Report, token: Option<&str>) -> String {
    match token {
        Some(token) if ctx.app.secrets.check_link_token(LINK, &report.code, token) => {
            format!("/reports/{}?t={token}", report.code)
        }
        _ => super::public::status_address(ctx, &report.code),
    }
}

fn flash(step: Step) -> &'static str {
    match step {
        Step::Answer => "flash-report-answered",
        Step::Add => "flash-report-added",
        Step::Confirm => "flash-report-confirmed",
        Step::Reopen => "flash-report-reopened",
        Step::Rate => "flash-report-rated",
        _ => "flash-report-withdrawn",
    }
}

/// Whether the last thing that happened is what is asked for now: the same form, sent twice.
fn is_again(last: &Event, wanted: &Wanted) -> bool {
    last.actor_kind == "reporter"
        && last.action == wanted.step.code()
        && last.public_text == wanted.text.trim()
        && wanted.seen.is_some_and(|seen| seen + 1 == last.seq)
}

/// `POST /reports/{code}`: a step of whoever filed it. Multipart, for it may bring photos.
pub async fn step(ctx: Ctx, Path(code): Path<String>, Query(link): Query<Link>, mut body: PhotoForm) -> Result {
    let report = find(&ctx, &code).await?;
    let Some(step) = Step::from_code(body.get("step")).filter(|step| step.action().is_none()) else {
        return Err(Error::BadRequest("there is no such step".into()));
    };
    let token = link.token();
    if !Viewer::of(&ctx, &report, token).reporter {
        return Err(if ctx.actor.is_some() { Error::Forbidden } else { Error::SignIn });
    }
    if let Some(actor) = &ctx.actor {
        actor.require(Action::ReportFile, &report.path)?;
    }
    let mut photos = super::public::take_photos(&ctx, &mut body).await?;
    let (up, remove) = (body.get("up").to_owned(), body.get("remove").to_owned());
    let tools = !up.is_empty() || !remove.is_empty();
    if let Some(at @ 1..) = photos.ids.iter().position(|id| *id == up) {
        photos.ids.swap(at, at - 1);
    }
    if let Some(at) = photos.ids.iter().position(|id| *id == remove) {
        photos::service::take_back(&ctx, &photos.ids.remove(at)).await?;
    }
    let own_field = body.get(text_field(step));
    let text = if own_field.is_empty() { body.get("text") } else { own_field }.to_owned();
    let wanted = Wanted {
        seen: body.get("version").parse().ok(),
        text,
        stars: body.get("stars").to_owned(),
        photos: photos.ids,
        ..Wanted::new(step)
    };
    if tools || !photos.troubles.is_empty() {
        let errors: Vec<_> = photos.troubles.into_iter().map(|trouble| ("photos".to_owned(), trouble)).collect();
        let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let said = Said { typed: Some(typed(&wanted, errors)), status, trouble: None };
        return page(&ctx, &report, token, said).await;
    }
    match take_own(&ctx, &report, wanted, token).await {
        Ok(again) => {
            for id in photos.new.iter().filter(|_| again) {
                photos::service::remove(&ctx.app, id).await?;
            }
            Ok(see_other_with(&ctx, &back(&ctx, &report, token), flash(step)))
        }
        Err(refused) => {
            let (wanted, error) = *refused;
            let said = after(&ctx, &wanted, error)?;
            // As it is now.
            page(&ctx, &find(&ctx, &code).await?, token, said).await
        }
    }
}

/// Takes a step of whoever filed the report. Gives whether it was taken before by the same form, sent twice: then what came with
/// it is not needed. Words that are added fit whatever happened in between.
pub async fn take_own(
    ctx: &Ctx,
    report: &Report,
    mut wanted: Wanted,
    token: Option<&str>,
) -> std::result::Result<bool, Box<(Wanted, StepError)>> {
    let step = wanted.step;
    let last = match steps::take(ctx, report, &wanted, token).await {
        Ok(()) => return Ok(false),
        Err(StepError::Stale(last)) => last,
        Err(error) => return Err(Box::new((wanted, error))),
    };
    let fresh = match find(ctx, &report.code).await {
        Ok(fresh) => fresh,
        Err(error) => return Err(Box::new((wanted, error.into()))),
    };
    let same_stars =
        || step != Step::Rate || fresh.stars.map(|n| n.to_string()).as_deref() == Some(wanted.stars.trim());
    if last.as_ref().is_some_and(|last| is_again(last, &wanted)) && same_stars() {
        return Ok(true);
    }
    if matches!(step, Step::Answer | Step::Add) && life::next(fresh.state(), step).is_some() {
        wanted.seen = None;
        return match steps::take(ctx, &fresh, &wanted, token).await {
            Ok(()) => Ok(false),
            Err(error) => Err(Box::new((wanted, error))),
        };
    }
    Err(Box::new((wanted, StepError::Stale(last))))
}

fn typed(wanted: &Wanted, errors: Vec<(String, String)>) -> Typed {
    Typed {
        step: wanted.step,
        text: wanted.text.clone(),
        stars: wanted.stars.clone(),
        photos: wanted.photos.clone(),
        errors,
    }
}

/// What the page says after a step was not taken.
fn after(ctx: &Ctx, wanted: &Wanted, error: StepError) -> std::result::Result<Said, Error> {
    let w = ctx.w;
    let conflict = |words: String| Said {
        trouble: Some(words),
        typed: Some(typed(wanted, Vec::new())),
        status: StatusCode::CONFLICT,
    };
    Ok(match error {
        StepError::Failed(error) => return Err(error),
        StepError::Mistakes(mistakes) => {
            let field = |name: &'static str| if name == "text" { text_field(wanted.step) } else { name };
            let errors = mistakes.into_iter().map(|(name, key)| (field(name).to_owned(), w.t(key))).collect();
            Said { trouble: None, typed: Some(typed(wanted, errors)), status: StatusCode::UNPROCESSABLE_ENTITY }
        }
        StepError::Obstacle(key) => conflict(w.t(key)),
        StepError::OwnWork => conflict(w.t("error-conflict-text")),
        StepError::Stale(_) if wanted.step == Step::Withdraw => conflict(w.t("reports-conflict-withdraw")),
        StepError::Stale(last) => {
            let Some(last) = last else { return Ok(conflict(w.t("error-conflict-text"))) };
            let what = w.t(last.what().key());
            let when = time::date_time(w.lang, instant(last.at), ctx.now);
            conflict(w.tf("reports-mine-conflict", &[("what", what.into()), ("when", when.into())]))
        }
    })
}
