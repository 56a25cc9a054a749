//! One report for staff, with everything that may be done to it. The list is in `desk.rs`.

use super::{
    answers,
    events::{self, Event},
    public, queue,
    service::Viewer,
    steps::{self, StepError, Wanted},
    store::{Report, instant},
    view::{self, Reader},
};
use crate::{
    audit,
    auth::Actor,
    http::{Ctx, Error, FormBody, Page, Result, see_other_with},
    photos::{self, store::OF_REPORT},
};
use app::{
    people::{Action, Role},
    reports::{
        Channel, Step,
        answers::fill,
        call::Origin,
        life::{self, Relation},
        pages::{
            AlikeAct, AlikeCard, Caller, Handler, Order, PhotoToggle, StaffReportPage, StepForm, staff_report_page,
            takes_photos,
        },
    },
    time,
    ui::shell::Tab,
};
use axum::{
    extract::{Path, Query},
    http::StatusCode,
};
use serde::Deserialize;

/// Which step's form stands open.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    step: String,
}

/// `/staff/reports/{code}`.
pub async fn show(ctx: Ctx, Path(code): Path<String>, Query(asked): Query<Asked>) -> Result {
    let report = readable(&ctx, &code).await?;
    render(&ctx, &report, Open { step: Step::from_code(&asked.step), ..Open::default() }).await
}

async fn readable(ctx: &Ctx, code: &str) -> std::result::Result<Report, Error> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::ReportRead)?;
    let report = public::find(ctx, code).await?;
    actor.require(Action::ReportRead, &report.path)?;
    Ok(report)
}

/// What a page shows of a step that was asked for.
#[derive(Default)]
pub struct Open {
    step: Option<Step>,
    wanted: Option<Wanted>,
    errors: Vec<(String, String)>,
    trouble: Option<String>,
    status: StatusCode,
    /// Id of an answer that is to be put into the words.
    answer: String,
    /// Name and number of a caller who was looked at.
    caller: Option<(String, String)>,
}

/// The steps that a person may take now, with what they typed.
pub async fn forms(
    ctx: &Ctx,
    actor: &Actor,
    report: &Report,
    open: &Open,
) -> std::result::Result<Vec<StepForm>, Error> {
    let relation = Relation {
        reporter: false,
        owner: report.owner_id.as_deref() == Some(&actor.id),
        handled: events::has_handled(&ctx.app.db, &report.id, &actor.id).await?,
    };
    let in_scope = |role: Role, step: Step| {
        actor.grants.iter().any(|grant| {
            grant.role == role && (report.path.starts_with(&grant.path) || step.action() == Some(Action::ReportHandle))
        })
    };
    let past = steps::past(&ctx.app.db, report, ctx.now).await?;
    let asked = super::extensions::waiting(&ctx.app.db, &report.id).await?;
    let canned = answers::at(&ctx.app.db, &report.path).await?;
    let values = answers::values(ctx.w, report, ctx.now);
    let steps = Step::ALL.into_iter().filter(|step| {
        step.action().is_some()
            && life::next(report.state(), *step).is_some()
            && life::obstacle(*step, past).is_none()
            && Role::ALL.into_iter().any(|role| life::may(role, relation, *step) && in_scope(role, *step))
    });
    Ok(steps
        .map(|step| {
            let typed = open.wanted.as_ref().filter(|wanted| wanted.step == step);
            let own_answers = answers::for_step(ctx.w, &canned, step, &values);
            let text = typed.map(|wanted| wanted.text.clone()).unwrap_or_default();
            let text = if typed.is_some() { answers::insert_into(&text, &own_answers, &open.answer) } else { text };
            StepForm {
                step,
                message: view::message(ctx.w, report, step, &text, &values),
                answers: own_answers,
                text,
                internal: typed.map(|wanted| wanted.internal.clone()).unwrap_or_default(),
                to: typed.map(|wanted| wanted.to.clone()).unwrap_or_default(),
                hours: typed.map(|wanted| wanted.hours.clone()).unwrap_or_default(),
                into: typed.map(|wanted| wanted.into.clone()).unwrap_or_default(),
                category: typed.map(|wanted| wanted.category.clone()).unwrap_or_default(),
                about: asked.as_ref().filter(|_| is_decision(step)).map(|(hours, reason)| {
                    ctx.w.tf("reports-step-asked", &[("hours", (*hours).into()), ("reason", reason.clone().into())])
                }),
                photos: typed.map(|wanted| wanted.photos.clone()).unwrap_or_default(),
                errors: if typed.is_some() { open.errors.clone() } else { Vec::new() },
                open: open.step == Some(step),
            }
        })
        .collect())
}

fn is_decision(step: Step) -> bool {
    matches!(step, Step::ExtendGrant | Step::ExtendRefuse | Step::ExtendGrantAbove | Step::ExtendRefuseAbove)
}

/// Facts for those who work on a report. Whether the reporter's name is among them is the caller's decision.
pub fn facts(ctx: &Ctx, report: &Report, reporter: Option<String>) -> Vec<(String, String)> {
    let w = ctx.w;
    let mut facts = vec![(w.t("reports-fact-place"), view::whole_place(w, report))];
    if !report.place_text.is_empty() {
        facts.push((w.t("reports-place"), report.place_text.clone()));
    }
    if let (Some(longitude), Some(latitude)) = (report.longitude, report.latitude) {
        facts.push((w.t("reports-fact-position"), format!("{latitude:.5}, {longitude:.5}")));
    }
    facts.push((w.t("reports-fact-filed"), time::date_time(w.lang, report.filed(), ctx.now)));
    if let Some(due) = report.due() {
        facts.push((w.t("reports-fact-due"), time::date_time(w.lang, due, ctx.now)));
    }
    let mut channel = match (report.channel(), Origin::from_code(&report.transferred_from)) {
        (Channel::Hotline, _) => w.t(Origin::Hotline.key()),
        (_, Some(origin)) => w.t(origin.key()),
        (channel, None) => w.t(channel.key()),
    };
    if !report.foreign_code.is_empty() {
        channel = format!("{channel} {}", report.foreign_code);
    }
    facts.push((w.t("reports-fact-channel"), channel));
    facts.extend(reporter.map(|name| (w.t("reports-fact-reporter"), name)));
    if let Some(owner) = &report.owner_name {
        let unit = w.pick(
            report.owner_unit.as_deref().unwrap_or_default(),
            report.owner_unit_en.as_deref().unwrap_or_default(),
        );
        let words = if unit.is_empty() { owner.clone() } else { format!("{owner}（{unit}）") };
        facts.push((w.t("reports-fact-owner"), words));
    }
    let state = report.state();
    let at = |micros: Option<i64>| micros.map(|micros| time::date_time(w.lang, instant(micros), ctx.now));
    if state.has_owner() {
        facts.extend(at(report.owner_due_at).map(|due| (w.t("reports-fact-owner-due"), due)));
    } else if !state.is_over() {
        facts.extend(at(report.dispatch_due_at).map(|due| (w.t("reports-fact-dispatch-due"), due)));
    }
    facts
        .extend(at(report.stopped_at).map(|since| {
            (w.t("reports-fact-stopped"), w.tf("reports-fact-stopped-since", &[("since", since.into())]))
        }));
    if report.returns > 0 {
        facts.push((w.t("reports-fact-returns"), report.returns.to_string()));
    }
    if report.reopened > 0 {
        facts.push((w.t("reports-fact-reopened"), report.reopened.to_string()));
    }
    if report.reworks > 0 {
        facts.push((w.t("reports-fact-reworks"), report.reworks.to_string()));
    }
    facts
}

async fn render(ctx: &Ctx, report: &Report, open: Open) -> Result {
    let w = ctx.w;
    let actor = ctx.actor()?;
    let reporter = look_at_reporter(ctx, actor, report).await?;
    let photos = photos::store::of_report(&ctx.app.db, &report.id).await?;
    let events = events::of_report(&ctx.app.db, &report.id).await?;
    let mut steps = forms(ctx, actor, report, &open).await?;
    // The handler's own steps are on the handler's page.
    steps.retain(|form| form.step.action() != Some(Action::ReportHandle));
    let handlers = if steps.iter().any(|form| form.step == Step::Dispatch) {
        steps::handlers(ctx, &report.path)
            .await?
            .into_iter()
            .map(|(role, person)| {
                let unit = w.pick(&person.unit, &person.unit_en);
                let note = if unit.is_empty() { w.t(role.key()) } else { unit.to_owned() };
                Handler { id: person.id, name: person.name, note }
            })
            .collect()
    } else {
        Vec::new()
    };
    // What the rules say is chosen beforehand.
    if let Some(form) = steps.iter_mut().find(|form| form.step == Step::Dispatch && form.to.is_empty())
        && let Some(rule) = super::routing::find(&ctx.app.db, &report.category, &report.major, &report.path).await?
    {
        form.to = rule.owner_id;
    }
    let mut kinds = Vec::new();
    if steps.iter().any(|form| form.step == Step::Sort) {
        for category in super::categories::all(&ctx.app.db).await? {
            kinds.push((category.code, w.pick(&category.name, &category.name_en).to_owned()));
        }
    }
    let toggles = photos
        .iter()
        .map(|photo| {
            let caption = match (photo.owner_kind.as_deref(), photo.role.as_str()) {
                (Some(OF_REPORT), _) => w.t("reports-before"),
                (_, "after") => w.t("reports-after"),
                (_, photos::store::ADDED) => w.t("reports-added"),
                _ => w.t("reports-during"),
            };
            PhotoToggle { shot: view::shot(photo, ""), caption }
        })
        .collect();
    let may_manage = actor.require(Action::ReportManage, &report.path).is_ok();
    let page = StaffReportPage {
        w,
        code: report.code.clone(),
        state: report.state(),
        version: report.version,
        due: view::due_of_owner(w, report, ctx.now),
        trouble: open.trouble,
        facts: facts(ctx, report, Some(reporter)),
        description: report.description.clone(),
        photos: toggles,
        may_release: may_manage,
        steps,
        handlers,
        categories: kinds,
        caller: match (open.caller, report.reporter_id.is_none() && report.unknown_to_staff == 0) {
            (Some((name, number)), _) => Some(Caller::Shown(name, number)),
            (None, true) if may_manage && !(report.contact_masked.is_empty() && report.caller_masked.is_empty()) => {
                Some(Caller::Hidden)
            }
            _ => None,
        },
        alike: alike(ctx, actor, report).await?,
        orders: orders(ctx, report).await?,
        events: view::happened(ctx, &events, &photos, Reader::Works),
    };
    let photos = takes_photos(&page.steps);
    let shown = page.caller.as_ref().is_some_and(|caller| matches!(caller, Caller::Shown(..)));
    let tab = if actor.works_as_staff() { Tab::StaffReports } else { Tab::VolunteerTasks };
    let back = if actor.works_as_staff() { "/staff/reports" } else { "/volunteer" };
    let mut answer = Page::new(ctx, view::title(w, report))
        .tab(tab)
        .back(back)
        .islands_if(photos)
        .status(open.status)
        .render(staff_report_page(page));
    if shown {
        answer.headers_mut().insert("cache-control", axum::http::HeaderValue::from_static("private, no-store"));
    }
    Ok(answer)
}

/// The page with the number of a caller, for whom it was just opened.
pub async fn with_caller(ctx: &Ctx, report: &Report, name: String, number: String) -> Result {
    render(ctx, report, Open { caller: Some((name, number)), ..Open::default() }).await
}

/// Open reports that may be the same, each with one tap to merge the one into the other: the younger goes.
async fn alike(ctx: &Ctx, actor: &Actor, report: &Report) -> std::result::Result<Vec<AlikeCard>, Error> {
    let manages = actor.may(Action::ReportManage, &report.path);
    let past = life::Past::default();
    let can_go =
        |one: &Report| life::next(one.state(), Step::Merge).is_some() && life::obstacle(Step::Merge, past).is_none();
    let mut cards = Vec::new();
    for other in queue::alike(&ctx.app.db, report).await? {
        if actor.require(Action::ReportRead, &other.path).is_err() {
            continue;
        }
        let (goes, stays) = if other.filed_at > report.filed_at { (&other, report) } else { (report, &other) };
        // Who is already at work on the younger one keeps it: then the older one may go.
        let (goes, stays) = if can_go(goes) { (goes, stays) } else { (stays, goes) };
        let act = (manages && can_go(goes)).then(|| AlikeAct::Merge {
            action: format!("/staff/reports/{}", goes.code),
            version: goes.version,
            into: stays.code.clone(),
            here: goes.id == report.id,
        });
        cards.push(view::alike(ctx, &other, act).await?);
    }
    Ok(cards)
}

/// Orders of supervision, newest first.
async fn orders(ctx: &Ctx, report: &Report) -> std::result::Result<Vec<Order>, Error> {
    #[derive(sqlx::FromRow)]
    struct Row {
        rung: i64,
        ordered_at: i64,
        text: String,
        answer: String,
        answered_at: Option<i64>,
        ordered_by: Option<String>,
        answered_by: Option<String>,
    }
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT s.rung, s.ordered_at, s.text, s.answer, s.answered_at, p.name AS ordered_by, a.name AS answered_by \
         FROM report_supervision s LEFT JOIN person p ON p.id = s.ordered_by LEFT JOIN person a ON a.id = s.answered_by \
         WHERE s.report_id = $1 ORDER BY s.ordered_at DESC, s.rung DESC",
    )
    .bind(&report.id)
    .fetch_all(ctx.app.db.read())
    .await?;
    let w = ctx.w;
    let when = |at: i64| time::date_time(w.lang, instant(at), ctx.now);
    Ok(rows
        .into_iter()
        .map(|row| Order {
            title: match row.rung {
                1 => w.t("orders-rung-owner"),
                2 => w.t("orders-rung-community"),
                3 => w.t("orders-rung-street"),
                4 => w.t("orders-rung-district"),
                _ => w.tf("orders-by", &[("name", row.ordered_by.unwrap_or_default().into())]),
            },
            when: when(row.ordered_at),
            text: row.text,
            answer: row
                .answered_at
                .map(|at| (row.answer, format!("{} {}", row.answered_by.unwrap_or_default(), when(at)))),
        })
        .collect())
}

/// The reporter for staff. Every look at a name or number is in the audit log; "unknown to staff" shows neither.
async fn look_at_reporter(ctx: &Ctx, actor: &Actor, report: &Report) -> std::result::Result<String, Error> {
    let w = ctx.w;
    if report.unknown_to_staff == 1 {
        return Ok(w.t("reports-reporter-unknown"));
    }
    let visitor = match report.channel() {
        Channel::Hotline | Channel::Transfer => "reports-reporter-caller",
        _ => "reports-reporter-visitor",
    };
    let words = match (&report.reporter_name, report.contact_masked.as_str()) {
        (Some(name), _) => {
            let phone = report.reporter_phone.clone().unwrap_or_default();
            format!("{name} {phone}")
        }
        (None, "") if report.caller_masked.is_empty() => return Ok(w.t(visitor)),
        (None, phone) => format!("{} {} {phone}", w.t(visitor), report.caller_masked),
    };
    let mut tx = ctx.app.db.begin().await?;
    let entry = audit::Entry {
        by: audit::By::Person(&actor.id),
        action: "report.see_reporter",
        object_kind: "report",
        object_id: &report.id,
        detail: serde_json::json!({ "code": report.code }),
        request_id: &ctx.request_id,
    };
    audit::write(&mut tx, entry, ctx.now).await?;
    tx.commit().await?;
    Ok(words.trim().to_owned())
}

/// A step as a staff form sends it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct StepBody {
    step: String,
    version: Option<i64>,
    text: String,
    internal: String,
    to: String,
    into: String,
    category: String,
    /// `1`: shows the message; `answer`: puts an answer into the words.
    preview: String,
    answer: String,
}

/// `POST /staff/reports/{code}`: takes a step, or shows what the resident would get.
pub async fn step(ctx: Ctx, Path(code): Path<String>, FormBody(body): FormBody<StepBody>) -> Result {
    let report = readable(&ctx, &code).await?;
    let Some(step) = Step::from_code(&body.step).filter(|step| step.action().is_some()) else {
        return Err(Error::BadRequest("there is no such step".into()));
    };
    let wanted = Wanted {
        seen: body.version,
        text: fill(&body.text, &answers::values(ctx.w, &report, ctx.now)),
        internal: body.internal,
        to: body.to,
        into: body.into,
        category: body.category,
        ..Wanted::new(step)
    };
    if !body.preview.is_empty() {
        let answer = if body.preview == "answer" { body.answer } else { String::new() };
        return render(&ctx, &report, Open { step: Some(step), wanted: Some(wanted), answer, ..Open::default() }).await;
    }
    match steps::take(&ctx, &report, &wanted, None).await {
        Ok(()) => Ok(see_other_with(&ctx, &format!("/staff/reports/{}", report.code), "flash-report-step")),
        Err(error) => {
            let open = after(&ctx, wanted, error)?;
            // As it is now: somebody may have been quicker.
            let report = readable(&ctx, &code).await?;
            render(&ctx, &report, open).await
        }
    }
}

/// What the page says after a step was not taken.
pub fn after(ctx: &Ctx, wanted: Wanted, error: StepError) -> std::result::Result<Open, Error> {
    let w = ctx.w;
    let (errors, trouble, status) = match error {
        StepError::Failed(error) => return Err(error),
        StepError::Mistakes(mistakes) => {
            let errors = mistakes.into_iter().map(|(field, key)| (field.to_owned(), w.t(key))).collect();
            (errors, None, StatusCode::UNPROCESSABLE_ENTITY)
        }
        StepError::Obstacle(key) => {
            let step = w.t(wanted.step.button_key());
            let words = w.tf("reports-obstacle", &[("step", step.into()), ("why", w.t(key).into())]);
            (Vec::new(), Some(words), StatusCode::CONFLICT)
        }
        StepError::OwnWork => (Vec::new(), Some(w.t("reports-conflict-own-work")), StatusCode::CONFLICT),
        StepError::Stale(last) => (Vec::new(), Some(quicker(ctx, last.as_deref())), StatusCode::CONFLICT),
    };
    Ok(Open { step: Some(wanted.step), wanted: Some(wanted), errors, trouble, status, ..Open::default() })
}

/// Who was quicker, and what they did.
pub fn quicker(ctx: &Ctx, last: Option<&Event>) -> String {
    let w = ctx.w;
    let Some(event) = last else { return w.t("error-conflict-text") };
    let what = Step::from_code(&event.action).map_or_else(|| w.t("reports-event-file"), |step| w.t(step.event_key()));
    let who = match (&event.actor_name, event.actor_kind.as_str()) {
        (Some(name), kind) if kind != "reporter" => name.clone(),
        _ => w.t("reports-somebody"),
    };
    let when = time::date_time(w.lang, instant(event.at), ctx.now);
    w.tf("reports-conflict-quicker", &[("who", who.into()), ("what", what.into()), ("when", when.into())])
}

/// Which photo to show to the public, or no longer.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ReleaseBody {
    photo: String,
    release: String,
}

/// `POST /staff/reports/{code}/photos`.
pub async fn release(ctx: Ctx, Path(code): Path<String>, FormBody(body): FormBody<ReleaseBody>) -> Result {
    let report = readable(&ctx, &code).await?;
    let actor = ctx.actor()?;
    actor.require(Action::ReportManage, &report.path)?;
    let photos = photos::store::of_report(&ctx.app.db, &report.id).await?;
    let photo = photos.iter().find(|photo| photo.id == body.photo).ok_or(Error::NotFound)?;
    let released = body.release == "1";
    let mut tx = ctx.app.db.begin().await?;
    photos::store::set_released(&mut tx, &photo.id, released).await?;
    let entry = audit::Entry {
        by: audit::By::Person(&actor.id),
        action: if released { "report.release_photo" } else { "report.hide_photo" },
        object_kind: "photo",
        object_id: &photo.id,
        detail: serde_json::json!({ "code": report.code }),
        request_id: &ctx.request_id,
    };
    audit::write(&mut tx, entry, ctx.now).await?;
    tx.commit().await?;
    let flash = if released { "flash-report-photo-released" } else { "flash-report-photo-hidden" };
    Ok(see_other_with(&ctx, &format!("/staff/reports/{}", report.code), flash))
}

impl Open {
    /// A page on which a step's form stands open.
    pub fn at(step: Option<Step>) -> Open {
        Open { step, ..Open::default() }
    }

    /// A page that shows a step's form again with what was typed; with mistakes it is a 422.
    pub fn again(wanted: Wanted, errors: Vec<(String, String)>) -> Open {
        let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        Open { step: Some(wanted.step), wanted: Some(wanted), errors, status, ..Open::default() }
    }

    /// The sentence on top, taken out, and the status.
    pub fn say(&mut self) -> (Option<String>, StatusCode) {
        (self.trouble.take(), self.status)
    }
}

/// Whether the reader may see this report as its handler.
pub fn is_handler(ctx: &Ctx, report: &Report) -> bool {
    Viewer::of(ctx, report, None).handler
}
