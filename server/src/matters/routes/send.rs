//! `/staff/matters/new`.

use crate::{
    clock,
    http::{Ctx, FormBody, Page, Params, Result, see_other_with},
    matters::{
        service::{self, Form, Refused},
        view,
    },
    places,
    reports::{self, view as report_view},
};
use app::{
    matters::{DAYS_USUAL, HOURS_USUAL, TEXT, TITLE, kind::Kind, pages, pages::FormPage},
    people::Action,
    ui::shell::Tab,
};
use axum::http::StatusCode;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What the form's address says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    report: String,
    parent: String,
}

/// What the form sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Body {
    from: String,
    to: String,
    kind: String,
    title: String,
    text: String,
    hours: String,
    days: String,
    report: String,
    parent: String,
    key: String,
}

/// The form, filled in from a report or from the matter that is handed on.
pub async fn form(ctx: Ctx, Params(query): Params<Query>) -> Result {
    ctx.actor()?.require_somewhere(Action::MatterHandle)?;
    let mut form = Form {
        kind: Kind::Coordinate.code().to_owned(),
        hours: HOURS_USUAL.to_string(),
        days: DAYS_USUAL.to_string(),
        report: query.report,
        parent: query.parent,
        key: clock::token(),
        ..Form::default()
    };
    let short = |text: &str, most: usize| text.chars().take(most).collect::<String>();
    if !form.parent.is_empty() {
        let parent = service::parent_of(&ctx, &form.parent).await?;
        (form.title, form.text) = (parent.title.clone(), parent.body.clone());
        form.kind = parent.kind().code().to_owned();
        form.days = parent.days.to_string();
    } else if !form.report.is_empty() {
        let report = reports::staff::readable(&ctx, &form.report).await?;
        form.title = short(&report_view::title(ctx.w, &report), TITLE);
        form.text = short(&format!("{}\n{}", report_view::whole_place(ctx.w, &report), report.description), TEXT);
        form.report.clone_from(&report.code);
    }
    show(&ctx, form, BTreeMap::new(), StatusCode::OK).await
}

async fn show(ctx: &Ctx, form: Form, errors: BTreeMap<&'static str, String>, status: StatusCode) -> Result {
    let w = ctx.w;
    let actor = ctx.actor()?;
    let parent = match form.parent.is_empty() {
        true => None,
        false => Some(service::parent_of(ctx, &form.parent).await?),
    };
    let report = match form.report.is_empty() {
        true => None,
        false => Some(reports::staff::readable(ctx, &form.report).await?),
    };
    let mut froms = Vec::new();
    for (id, path) in service::acting(actor) {
        let fits = parent.as_ref().is_none_or(|parent| parent.to_id == id)
            && report.as_ref().is_none_or(|report| report.path.starts_with(&path));
        if fits && let Some(organisation) = places::store::by_id(&ctx.app.db, &id).await? {
            froms.push(organisation);
        }
    }
    let several = froms.len() > 1;
    let mut tos: Vec<(String, String)> = vec![(String::new(), w.t("matters-choose"))];
    for from in &froms {
        let own = if several { format!("{} · ", w.pick(&from.name, &from.name_en)) } else { String::new() };
        for (value, to, way) in service::targets(ctx, from).await? {
            let back = parent.as_ref().is_some_and(|parent| parent.from_id == to.id);
            if !back && tos.iter().all(|(known, _)| *known != value) {
                tos.push((value, format!("{own}{}：{}", w.t(way.key()), w.pick(&to.name, &to.name_en))));
            }
        }
        for platform in service::usable(ctx, from).await? {
            let value = format!("platform:{}", platform.id);
            let back = parent.as_ref().is_some_and(|parent| parent.platform_id == platform.id);
            if !back && tos.iter().all(|(known, _)| *known != value) {
                tos.push((value, format!("{}：{}", w.t("matters-way-out"), platform.name)));
            }
        }
    }
    let page = FormPage {
        froms: froms.iter().map(|from| (from.code.clone(), w.pick(&from.name, &from.name_en).to_owned())).collect(),
        from: form.from,
        tos,
        to: form.to,
        kind: form.kind,
        title: form.title,
        text: form.text,
        hours: form.hours,
        days: form.days,
        report: report.map(|report| (report.code.clone(), report_view::title(w, &report))),
        parent: parent.map(|parent| {
            let due = parent.due_at.map(|due| view::when(ctx, due));
            (parent.id, format!("{} {}", parent.number, parent.title), due)
        }),
        key: form.key,
        errors,
    };
    Ok(Page::new(ctx, w.t("matters-new"))
        .tab(Tab::StaffNet)
        .back("/staff/matters")
        .status(status)
        .render(pages::form(w, page)))
}

/// `POST /staff/matters`.
pub async fn send(ctx: Ctx, FormBody(body): FormBody<Body>) -> Result {
    let form = Form {
        from: body.from,
        to: body.to,
        kind: body.kind,
        title: body.title,
        text: body.text,
        hours: body.hours,
        days: body.days,
        report: body.report,
        parent: body.parent,
        key: body.key,
    };
    match service::send(&ctx, &form).await {
        Ok(sent) => Ok(see_other_with(&ctx, &format!("/staff/matters/{}", sent.id), "flash-matter-sent")),
        Err(Refused::Again(id)) => Ok(see_other_with(&ctx, &format!("/staff/matters/{id}"), "flash-matter-sent")),
        Err(Refused::Invalid(errors)) => show(&ctx, form, errors.into_map(), StatusCode::UNPROCESSABLE_ENTITY).await,
        Err(Refused::Other(error)) => Err(error),
    }
}
