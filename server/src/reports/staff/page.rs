//! The page of a report for staff.

use super::open::{Open, forms};
use crate::{
    audit,
    auth::Actor,
    grids,
    http::{Ctx, Error, Page, Result},
    partners,
    photos::{self, store::OF_REPORT},
    reports::{
        categories, events, queue, routing, steps,
        store::{Report, instant},
        view::{self, Reader},
    },
};
use app::{
    people::Action,
    reports::{
        Channel, Step,
        call::Origin,
        life,
        pages::{
            AlikeAct, AlikeCard, Caller, Handler, Order, PhotoToggle, StaffReportPage, staff_report_page, takes_photos,
        },
    },
    time,
    ui::shell::Tab,
};

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

pub(super) async fn render(ctx: &Ctx, report: &Report, open: Open) -> Result {
    let w = ctx.w;
    let actor = ctx.actor()?;
    let reporter = look_at_reporter(ctx, actor, report).await?;
    let photos = photos::store::of_report(&ctx.app.db, &report.id).await?;
    let events = events::of_report(&ctx.app.db, &report.id).await?;
    let mut steps = forms(ctx, actor, report, &open).await?;
    // The handler's own steps are on the handler's page.
    steps.retain(|form| form.step.action() != Some(Action::ReportHandle));
    let dispatches = steps.iter().any(|form| form.step == Step::Dispatch);
    let on_duty = match dispatches {
        true => grids::service::duty::on_duty(&ctx.app.db, &report.path, time::day_of(ctx.now)).await?,
        false => None,
    };
    let on_duty = on_duty.map(|person| person.id);
    let handlers = if dispatches {
        let all = steps::handlers(ctx, &report.path).await?;
        // Volunteers who can do it, serve there and have time stand first, with the reason.
        partners::dispatch::prefer(ctx, (&report.category, &report.major, &report.path), all)
            .await?
            .into_iter()
            .map(|(role, person, reason)| {
                let unit = w.pick(&person.unit, &person.unit_en);
                let mut note = if unit.is_empty() { w.t(role.key()) } else { unit.to_owned() };
                if on_duty.as_ref() == Some(&person.id) {
                    note = format!("{note} · {}", w.t("grids-on-duty-today"));
                }
                if let Some(reason) = reason {
                    note = format!("{note} · {reason}");
                }
                Handler { id: person.id, name: person.name, note }
            })
            .collect()
    } else {
        Vec::new()
    };
    // What the rules say is chosen beforehand; without a rule, whoever is on duty there today.
    if let Some(form) = steps.iter_mut().find(|form| form.step == Step::Dispatch && form.to.is_empty()) {
        let rule = routing::find(&ctx.app.db, &report.category, &report.major, &report.path).await?;
        form.to = rule.map(|rule| rule.owner_id).or(on_duty).unwrap_or_default();
    }
    let mut kinds = Vec::new();
    if steps.iter().any(|form| form.step == Step::Sort) {
        for category in categories::all(&ctx.app.db).await? {
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
    let last = photos.iter().rfind(|photo| photo.role == "after");
    let pair =
        view::first(&photos).first().zip(last).map(|(before, after)| (view::shot(before, ""), view::shot(after, "")));
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
        pair,
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
        handbook: crate::handbook::service::address_for(ctx, &report.category).await?,
        alike: alike(ctx, actor, report).await?,
        orders: orders(ctx, report).await?,
        matters: crate::matters::report_part(ctx, report).await?,
        events: view::happened(ctx, &events, &photos, Reader::Works),
    };
    let resolved = crate::meetings::routes::of_report(ctx, &report.code, &report.path).await?;
    let photos = takes_photos(&page.steps);
    let shown = page.caller.as_ref().is_some_and(|caller| matches!(caller, Caller::Shown(..)));
    let tab = if actor.works_as_staff() { Tab::StaffReports } else { Tab::VolunteerTasks };
    let back = if actor.works_as_staff() { "/staff/reports" } else { "/volunteer" };
    let mut answer = Page::new(ctx, view::title(w, report))
        .tab(tab)
        .back(back)
        .islands_if(photos)
        .status(open.status)
        .render((staff_report_page(page), resolved));
    if shown {
        answer.headers_mut().insert("cache-control", axum::http::HeaderValue::from_static("private, no-store"));
    }
    Ok(answer)
}

/// The page with the number of a caller, for whom it was just opened.
pub async fn with_caller(ctx: &Ctx, report: &Report, name: String, number: String) -> Result {
    render(ctx, report, Open { caller: Some((name, number)), ..Open::default() }).await
}

/// Open reports that may be the same as this one, as far as the reader may read them; the newest first.
pub async fn same(ctx: &Ctx, report: &Report) -> std::result::Result<Vec<Report>, Error> {
    let actor = ctx.actor()?;
    let mut found = queue::alike(&ctx.app.db, report).await?;
    found.retain(|other| actor.require(Action::ReportRead, &other.path).is_ok());
    Ok(found)
}

/// The same, each with one tap to merge the one into the other: the younger goes.
async fn alike(ctx: &Ctx, actor: &Actor, report: &Report) -> std::result::Result<Vec<AlikeCard>, Error> {
    let manages = actor.may(Action::ReportManage, &report.path);
    let past = life::Past::default();
    let can_go =
        |one: &Report| life::next(one.state(), Step::Merge).is_some() && life::obstacle(Step::Merge, past).is_none();
    let mut cards = Vec::new();
    for other in same(ctx, report).await? {
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
pub async fn look_at_reporter(ctx: &Ctx, actor: &Actor, report: &Report) -> std::result::Result<String, Error> {
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
    note_look(ctx, actor, report, "report.see_reporter").await?;
    Ok(words.trim().to_owned())
}

/// Writes down that somebody looked at who is behind a report.
pub async fn note_look(ctx: &Ctx, actor: &Actor, report: &Report, action: &str) -> std::result::Result<(), Error> {
    let mut tx = ctx.app.db.begin().await?;
    let entry = audit::Entry {
        by: audit::By::Person(&actor.id),
        action,
        object_kind: "report",
        object_id: &report.id,
        detail: serde_json::json!({ "code": report.code }),
        request_id: &ctx.request_id,
    };
    audit::write(&mut tx, entry, ctx.now).await?;
    tx.commit().await?;
    Ok(())
}
