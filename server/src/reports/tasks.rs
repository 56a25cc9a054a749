//! The tasks of volunteers, grid workers and units.

use super::{
    events, public,
    queue::{self, Asked as Wish, Reach},
    staff,
    steps::{self, Wanted},
    store::{self, Report},
    view::{self, Reader},
};
use crate::{
    http::{Ctx, Error, Page, Params, Result, Writer, see_other_with},
    photos::{self, intake::PhotoForm},
};
use app::{
    people::Action,
    reports::{
        State, Step, life,
        pages::{TaskPage, TaskRow, TasksPage, takes_photos, task_page, tasks_page, with_unsent},
    },
    time,
    ui::{parts::*, shell::Tab},
};
use axum::{
    Json,
    extract::{FromRequestParts, Path, Query},
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use jiff::SignedDuration;
use leptos::prelude::*;
use std::convert::Infallible;

/// Which tab.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Shown {
    tab: String,
}

/// Due within so many hours by the clock: soon.
const SOON: i64 = 24;

/// `/volunteer`: mine by deadline, near me by grid (the phone sorts them by its own position, which stays there), due soon.
pub async fn list(ctx: Ctx, Params(shown): Params<Shown>) -> Result {
    let w = ctx.w;
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::ReportHandle)?;
    let db = &ctx.app.db;
    let mine = store::by_owner(db, &actor.id, false).await?;
    let done = store::by_owner(db, &actor.id, true).await?;
    let scopes = actor.scopes(Action::ReportVerify);
    let mut verify = Vec::new();
    if !scopes.is_empty() {
        let wish = Wish { state: "verify".to_owned(), ..Wish::default() };
        (verify, _) = queue::page(db, &Reach::of(db, &scopes, "").await?, (&wish, &actor.id), None, ctx.now).await?;
    }
    let collects = !actor.scopes(Action::ReportCollect).is_empty();
    let soon = |report: &Report| {
        let due = report.owner_due().or(report.due());
        report.state().is_running() && due.is_some_and(|due| due < ctx.now + SignedDuration::from_hours(SOON))
    };
    let soon_count = mine.iter().filter(|report| soon(report)).count();
    let (resolved, resolutions) = crate::meetings::routes::of_handler(&ctx).await?;
    let count = |of: usize| i64::try_from(of).unwrap_or(i64::MAX);
    let tab = if matches!(shown.tab.as_str(), "near" | "soon") { shown.tab.as_str() } else { "mine" };
    let tabs = vec![
        Way::new("/volunteer", w.t("tasks-tab-mine"), tab == "mine")
            .count(count(mine.len() + verify.len() + resolutions)),
        Way::new("/volunteer?tab=near", w.t("tasks-tab-near"), tab == "near"),
        Way::new("/volunteer?tab=soon", w.t("tasks-tab-soon"), tab == "soon").count(count(soon_count)),
    ];
    let row = |report: &Report| row(&ctx, &actor.id, report);
    let groups = match tab {
        "near" => {
            let mut grids: Vec<(String, Vec<TaskRow>)> = Vec::new();
            for report in mine.iter().chain(&verify) {
                let grid = report
                    .grid_name
                    .as_deref()
                    .map(|zh| w.pick(zh, report.grid_name_en.as_deref().unwrap_or_default()));
                let grid = grid.map_or_else(|| w.t("tasks-no-grid"), str::to_owned);
                match grids.iter_mut().find(|(name, _)| *name == grid) {
                    Some((_, rows)) => rows.push(row(report)),
                    None => grids.push((grid, vec![row(report)])),
                }
            }
            grids.sort_by(|a, b| a.0.cmp(&b.0));
            grids
        }
        "soon" => vec![(String::new(), mine.iter().filter(|report| soon(report)).map(row).collect())],
        _ => vec![
            (String::new(), mine.iter().map(row).collect()),
            (w.t("reports-tasks-verify"), verify.iter().map(row).collect()),
        ],
    };
    let finished = done.iter().map(|report| view::brief(&ctx, report, "/volunteer/reports"));
    let page = TasksPage {
        w,
        tabs,
        groups,
        near: tab == "near",
        done: if tab == "mine" { finished.collect() } else { Vec::new() },
    };
    let collect = collects.then(|| {
        view! {
            <p>
                <LinkButton
                    href="/volunteer/collect"
                    label=w.t("reports-more-collect")
                    weight=Weight::Primary
                    icon_name="photo"
                />
            </p>
        }
    });
    let tasks = with_unsent(w, &actor.id, tasks_page(page));
    let resolved = resolved.filter(|_| tab == "mine");
    Ok(Page::new(&ctx, w.t("reports-tasks")).tab(Tab::VolunteerTasks).render(view! {
        {collect}
        {resolved}
        {tasks}
    }))
}

fn row(ctx: &Ctx, me: &str, report: &Report) -> TaskRow {
    let own = report.owner_id.as_deref() == Some(me);
    let verify = !own;
    let mut place = view::place(ctx.w, report);
    if !report.place_text.is_empty() {
        place = format!("{place} · {}", report.place_text);
    }
    let due = report.owner_due().or(report.due()).filter(|_| report.state().is_running());
    TaskRow {
        href: format!("{}/{}", if verify { "/staff/reports" } else { "/volunteer/reports" }, report.code),
        title: view::category(ctx.w, report),
        place,
        said: report.description.chars().take(60).collect(),
        photo: report.first_photo.clone(),
        state: report.state(),
        due: view::due_of_owner(ctx.w, report, ctx.now),
        by: due.map(|due| time::date_time(ctx.w.lang, due, ctx.now)),
        at: report.at_longitude.zip(report.at_latitude),
        verify,
        take: (own && report.state() == State::Dispatched).then_some(report.version),
    }
}

/// The report with this code, if it is, or was, theirs to handle.
pub async fn mine(ctx: &Ctx, code: &str) -> std::result::Result<Report, Error> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::ReportHandle)?;
    let report = public::find(ctx, code).await?;
    if staff::is_handler(ctx, &report) { Ok(report) } else { Err(Error::Forbidden) }
}

/// Whether a report that is not theirs was sent to them once: somebody was quicker.
pub async fn was_mine(ctx: &Ctx, code: &str) -> std::result::Result<bool, Error> {
    let report = public::find(ctx, code).await?;
    Ok(events::was_sent_to(&ctx.app.db, &report.id, &ctx.actor()?.id).await?)
}

/// A step for a report that was sent to them and went elsewhere meanwhile: who was quicker. To others it is forbidden.
async fn no_longer_mine(ctx: &Ctx, code: &str) -> Result {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::ReportHandle)?;
    let report = public::find(ctx, code).await?;
    if !events::was_sent_to(&ctx.app.db, &report.id, &actor.id).await? {
        return Err(Error::Forbidden);
    }
    let last = events::last_done(&ctx.app.db, &report.id).await?;
    let text = staff::quicker(ctx, last.as_ref());
    let page = Page::new(ctx, view::title(ctx.w, &report)).tab(Tab::VolunteerTasks).back("/volunteer");
    let view = app::ui::error_page::error_page(ctx.w, text, ctx.request_id.clone());
    Ok(page.status(StatusCode::CONFLICT).render(view))
}

/// Which step's form stands open.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Asked {
    step: String,
    /// `take`: the page as it will be once it has been taken. Phones keep it for where there is no signal.
    after: String,
}

/// `/volunteer/reports/{code}`.
pub async fn show(ctx: Ctx, Path(code): Path<String>, Query(asked): Query<Asked>) -> Result {
    let report = mine(&ctx, &code).await?;
    let open = staff::Open::at(Step::from_code(&asked.step));
    if asked.after == Step::Take.code() && life::next(report.state(), Step::Take).is_some() {
        let taken = Report { state: State::InProgress.code().to_owned(), ..report };
        return render(&ctx, &taken, open.note(ctx.w.t("tasks-ahead"))).await;
    }
    render(&ctx, &report, open).await
}

async fn render(ctx: &Ctx, report: &Report, mut open: staff::Open) -> Result {
    let w = ctx.w;
    let actor = ctx.actor()?;
    let photos = photos::store::of_report(&ctx.app.db, &report.id).await?;
    let events = events::of_report(&ctx.app.db, &report.id).await?;
    let mut steps = staff::forms(ctx, actor, report, &open).await?;
    steps.retain(|form| form.step.action() == Some(Action::ReportHandle));
    // Handlers get the name only where the reporter lets them have it.
    let reporter = report.reporter_name.clone().filter(|_| report.name_hidden == 0 && report.unknown_to_staff == 0);
    let viewer = super::service::Viewer::of(ctx, report, None);
    let (trouble, status) = open.say();
    let page = TaskPage {
        w,
        code: report.code.clone(),
        state: report.state(),
        version: report.version,
        due: view::due_of_owner(w, report, ctx.now),
        trouble,
        facts: staff::facts(ctx, report, reporter),
        description: report.description.clone(),
        before: view::before(&photos, viewer, ""),
        after: view::after(&photos, viewer),
        steps,
        events: view::happened(ctx, &events, &photos, Reader::Works),
    };
    let answer = Page::new(ctx, view::title(w, report))
        .tab(Tab::VolunteerTasks)
        .back("/volunteer")
        .islands_if(takes_photos(&page.steps));
    Ok(answer.status(status).render(with_unsent(w, &actor.id, task_page(page))))
}

/// Who sends a step. The header `linli-step` says it: `now` while somebody looks on, `later` when the phone catches up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    /// A browser that sends a form: it goes where the answer leads.
    Browser,
    /// The page's script (`frontend/public/tasks.js`), which goes on by itself.
    Script {
        /// What is done is said on the next page.
        now: bool,
    },
}

impl<S: Send + Sync> FromRequestParts<S> for Sender {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> std::result::Result<Sender, Infallible> {
        Ok(match parts.headers.get("linli-step").map(|value| value.as_bytes()) {
            None => Sender::Browser,
            Some(when) => Sender::Script { now: when == b"now" },
        })
    }
}

impl Sender {
    /// A step was taken: where to go on, with a message. A script hears as well the number of the event that it became:
    /// what was written after it on the phone follows that.
    fn done(self, ctx: &Ctx, location: &str, flash: &'static str, seq: Option<i64>) -> Response {
        let mut answer = see_other_with(ctx, location, flash);
        if let Sender::Script { now } = self {
            let cookie = answer.headers_mut().remove(header::SET_COOKIE).filter(|_| now);
            answer = Json(serde_json::json!({ "href": location, "version": seq })).into_response();
            if let Some(cookie) = cookie {
                answer.headers_mut().insert(header::SET_COOKIE, cookie);
            }
        }
        answer
    }
}

/// `POST /volunteer/reports/{code}`: a step of the handler, with photos.
pub async fn step(
    ctx: Ctx,
    (writer, sender): (Writer, Sender),
    Path(code): Path<String>,
    mut body: PhotoForm,
) -> Result {
    ctx.actor()?;
    writer.is_here(&ctx)?;
    let step = Step::from_code(body.get("step")).filter(|step| step.action() == Some(Action::ReportHandle));
    let key: String = body.get("key").chars().take(64).collect();
    let report = match mine(&ctx, &code).await {
        Err(Error::Forbidden) => {
            let report = store::by_code(&ctx.app.db, &code).await?.ok_or(Error::NotFound)?;
            if let Some(step) = step
                && let taken = steps::taken_as(&ctx, &report, &Wanted { key, ..Wanted::new(step) }).await?
                && taken.is_some()
            {
                return Ok(sender.done(&ctx, "/volunteer", "flash-report-step", taken));
            }
            return no_longer_mine(&ctx, &code).await;
        }
        mine => mine?,
    };
    let Some(step) = step else { return Err(Error::BadRequest("there is no such step".into())) };
    let mut photos = public::take_photos(&ctx, &mut body).await?;
    let (up, remove) = (body.get("up").to_owned(), body.get("remove").to_owned());
    let tools = !up.is_empty() || !remove.is_empty();
    if let Some(at @ 1..) = photos.ids.iter().position(|id| *id == up) {
        photos.ids.swap(at, at - 1);
    }
    if let Some(at) = photos.ids.iter().position(|id| *id == remove) {
        photos::service::take_back(&ctx, &photos.ids.remove(at)).await?;
    }
    let wanted = Wanted {
        seen: body.get("version").parse().ok(),
        text: body.get("text").to_owned(),
        hours: body.get("hours").trim().to_owned(),
        photos: photos.ids,
        key,
        ..Wanted::new(step)
    };
    if tools {
        return render(&ctx, &report, staff::Open::again(wanted, Vec::new())).await;
    }
    if !photos.troubles.is_empty() {
        let errors = vec![("photos".to_owned(), photos.troubles.join(" "))];
        return render(&ctx, &report, staff::Open::again(wanted, errors)).await;
    }
    match steps::take(&ctx, &report, &wanted, None).await {
        Ok(()) => {
            let page = format!("/volunteer/reports/{}", report.code);
            let (location, flash) = match step {
                Step::Return => ("/volunteer", "flash-report-returned"),
                _ => (page.as_str(), "flash-report-step"),
            };
            let seq = steps::taken_as(&ctx, &report, &wanted).await?;
            Ok(sender.done(&ctx, location, flash, seq))
        }
        Err(error) => {
            let open = staff::after(&ctx, wanted, error)?;
            match mine(&ctx, &code).await {
                Err(Error::Forbidden) => no_longer_mine(&ctx, &code).await,
                mine => render(&ctx, &mine?, open).await,
            }
        }
    }
}
