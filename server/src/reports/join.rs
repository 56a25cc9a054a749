//! 我也遇到: open reports nearby before a new one is sent, and joining one instead.

use super::{
    file::Place,
    open::{self, OpenReport, Spot},
    public,
    service::Viewer,
};
use crate::{
    audit,
    auth::limit::Limit,
    http::{Ctx, Error, FormBody, Params, Result, page::render_html, see_other_with},
    photos::store::Uploader,
    places::{self, Organisation},
};
use app::{
    people::Action,
    reports::{
        form::ReportForm,
        pages::{OpenCard, nearby_cards},
    },
    time,
};
use axum::{
    extract::Path,
    response::{Html, IntoResponse},
};
use serde::Deserialize;

const BY_FOLLOWER: Limit = Limit { what: "report-join", max: 60, seconds: 3600 };

/// Who follows, as the table of followers names them: the person, else the device. `None` for a browser that has
/// never opened a page.
pub fn follower(ctx: &Ctx) -> Option<String> {
    let who = Uploader::of(ctx);
    who.person.or_else(|| (!who.device.is_empty()).then(|| format!("device:{}", who.device)))
}

/// Grid and building, as far as known; empty where neither is.
pub fn place(ctx: &Ctx, report: &OpenReport) -> String {
    let pick = |zh: &Option<String>, en: &Option<String>| {
        zh.as_deref().map(|zh| ctx.w.pick(zh, en.as_deref().unwrap_or_default()).to_owned())
    };
    let parts = [pick(&report.grid_name, &report.grid_name_en), pick(&report.building_name, &report.building_name_en)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// A report as a card.
pub fn card(ctx: &Ctx, report: &OpenReport) -> OpenCard {
    OpenCard {
        code: report.code.clone(),
        title: ctx.w.pick(&report.category_name, &report.category_name_en).to_owned(),
        place: place(ctx, report),
        when: time::ago(ctx.w, super::store::instant(report.filed_at), ctx.now),
        state: report.state(),
        photo: report.photo.clone(),
        followers: report.followers,
        said: report.said.clone(),
    }
}

/// Open reports near what a form describes, as cards.
pub async fn near_form(ctx: &Ctx, form: &ReportForm, community: &Organisation) -> Result<Vec<OpenCard>> {
    Ok(near(ctx, form, community).await?.iter().map(|report| card(ctx, report)).collect())
}

/// Open reports near what a form describes, the reader's own left out. Empty when the form does not say enough.
pub async fn near(ctx: &Ctx, form: &ReportForm, community: &Organisation) -> Result<Vec<OpenReport>> {
    if form.category.is_empty() {
        return Ok(Vec::new());
    }
    let Some(place) = Place::find(ctx, form, community).await? else { return Ok(Vec::new()) };
    let spot = Spot {
        community_id: &community.id,
        category: &form.category,
        building_id: place.building.as_ref().map(|building| building.id.as_str()),
        grid_id: place.grid.as_ref().map(|grid| grid.id.as_str()),
        position: place.spot(),
    };
    let who = Uploader::of(ctx);
    Ok(open::near(&ctx.app.db, &spot, (who.person.as_deref(), &who.device)).await?)
}

/// What the form says so far.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Said {
    community: String,
    category: String,
    building: String,
    longitude: String,
    latitude: String,
}

/// `GET /report/nearby`: the cards for the form's page, as a piece of it.
pub async fn nearby(ctx: Ctx, Params(said): Params<Said>) -> Result {
    let Some(community) = places::store::community_by_code(&ctx.app.db, &said.community).await? else {
        return Err(Error::NotFound);
    };
    let form = ReportForm {
        category: said.category,
        building: said.building,
        longitude: said.longitude,
        latitude: said.latitude,
        ..ReportForm::default()
    };
    let cards = near_form(&ctx, &form, &community).await?;
    let w = ctx.w;
    let html = if cards.is_empty() { String::new() } else { render_html(move || nearby_cards(w, cards)) };
    let mut answer = Html(html).into_response();
    answer.headers_mut().insert("cache-control", axum::http::HeaderValue::from_static("private, no-cache"));
    Ok(answer)
}

/// What the small form under a card sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct JoinForm {
    t: String,
}

/// `POST /reports/{code}/join`.
pub async fn join(ctx: Ctx, Path(code): Path<String>, FormBody(form): FormBody<JoinForm>) -> Result {
    change(&ctx, &code, &form.t, true).await
}

/// `POST /reports/{code}/leave`.
pub async fn leave(ctx: Ctx, Path(code): Path<String>, FormBody(form): FormBody<JoinForm>) -> Result {
    change(&ctx, &code, &form.t, false).await
}

async fn change(ctx: &Ctx, code: &str, token: &str, joins: bool) -> Result {
    let code = set(ctx, code, token, joins).await?;
    let flash = if joins { "flash-report-joined" } else { "flash-report-left" };
    Ok(see_other_with(ctx, &format!("/reports/{code}"), flash))
}

/// Joins or leaves a report; gives its code. Twice is once.
pub async fn set(ctx: &Ctx, code: &str, token: &str, joins: bool) -> std::result::Result<String, Error> {
    let report = public::find(ctx, code).await?;
    if let Some(actor) = &ctx.actor {
        actor.require(Action::ReportFile, &report.path)?;
    }
    let follower = follower(ctx).ok_or(Error::SignIn)?;
    if joins {
        if Viewer::of(ctx, &report, Some(token)).reporter {
            return Err(Error::Conflict("reports-more-conflict-own"));
        }
        if report.state().is_over() {
            return Err(Error::Conflict("reports-more-conflict-over"));
        }
    }
    BY_FOLLOWER.take(&ctx.app.db, &follower, ctx.now).await?;
    let person = ctx.actor.as_ref().map(|actor| actor.id.as_str());
    let mut tx = ctx.app.db.begin().await?;
    let changed = if joins {
        open::join(&mut tx, &report.id, &follower, person, ctx.now).await?
    } else {
        open::leave(&mut tx, &report.id, &follower).await?
    };
    if changed {
        let entry = audit::Entry {
            by: person.map_or(audit::By::Visitor, audit::By::Person),
            action: if joins { "report.join" } else { "report.leave" },
            object_kind: "report",
            object_id: &report.id,
            detail: serde_json::json!({ "code": report.code }),
            request_id: &ctx.request_id,
        };
        audit::write(&mut tx, entry, ctx.now).await?;
    }
    tx.commit().await?;
    Ok(report.code)
}
