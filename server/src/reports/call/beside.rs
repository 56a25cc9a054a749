//! What stands beside the form of a call: open reports that it may be about, and what its number told before.

use super::words;
use crate::{
    http::{Ctx, Error, FormBody, Result, page::render_html},
    patrol::calls,
    places::{self, Organisation},
    reports::{
        conditions::{Conditions, bound},
        file::Place,
        open::{self, Spot},
        queue,
        store::{self, Report},
        suggest, view,
    },
};
use app::{
    people::Action,
    reports::{
        call::CallForm,
        form::ReportForm,
        pages::{AlikeAct, AlikeCard, CallHistory, alike_cards, call_history},
    },
};
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use serde::Deserialize;

/// Cards and rows beside the form, at most.
const CARDS: usize = 5;
/// Open reports of a community whose words are looked at, the newest.
const LOOKED_AT: i64 = 400;
/// In the words of the indexes over what is open.
const OPEN: &str = "r.state NOT IN ('closed', 'rejected', 'withdrawn', 'merged')";

/// Open reports that a call may be about: with the same number from the other side (whatever became of them); of the same kind
/// near it; and, until both kind and place are chosen, those that say something like it.
pub async fn alike(ctx: &Ctx, form: &CallForm, community: &Organisation) -> std::result::Result<Vec<Report>, Error> {
    let db = &ctx.app.db;
    let mut found = Vec::new();
    if !form.foreign.trim().is_empty() {
        found = queue::with_foreign_code(db, form.foreign.trim(), &community.path).await?;
    }
    if let Some(place) = Place::find(ctx, &form.report, community).await? {
        let known = place.building.is_some() || place.landmark.is_some() || place.position.is_some();
        let more: Vec<String> = if known && !form.report.category.is_empty() {
            let spot = Spot {
                community_id: &community.id,
                category: &form.report.category,
                building_id: place.building.as_ref().map(|building| building.id.as_str()),
                grid_id: place.grid.as_ref().map(|grid| grid.id.as_str()),
                position: place.spot(),
            };
            open::near(db, &spot, (None, "")).await?.into_iter().map(|report| report.id).collect()
        } else {
            by_words(ctx, &form.report, community, &place).await?
        };
        let more: Vec<String> =
            more.into_iter().filter(|id| !found.iter().any(|report: &Report| report.id == *id)).take(CARDS).collect();
        found.extend(store::by_ids(db, &more).await?);
    }
    found.truncate(CARDS);
    Ok(found)
}

/// Ids of the open reports of a community that say something like what is typed, of the chosen kind or at the chosen place where
/// one of them is; the likeliest first, then the newest.
async fn by_words(
    ctx: &Ctx,
    form: &ReportForm,
    community: &Organisation,
    place: &Place,
) -> std::result::Result<Vec<String>, Error> {
    let said = format!("{} {}", form.description.trim(), form.place.trim());
    if said.trim().is_empty() {
        return Ok(Vec::new());
    }
    let mut conditions = Conditions::default();
    let here = conditions.text(&community.id);
    conditions.sql.push(format!("r.community_id = {here} AND {OPEN}"));
    conditions.with("r.category = ?", &form.category);
    // What was told without a building may be at this one.
    let building = place.building.as_ref().map_or("", |building| building.id.as_str());
    conditions.with("(r.building_id = ? OR (r.building_id IS NULL AND r.landmark_id IS NULL))", building);
    let landmark = place.landmark.as_ref().map_or("", |landmark| landmark.id.as_str());
    conditions.with("(r.landmark_id = ? OR (r.building_id IS NULL AND r.landmark_id IS NULL))", landmark);
    let sql = format!(
        "SELECT r.id, r.description, r.place_text FROM report r WHERE {} ORDER BY r.filed_at DESC, r.id DESC \
         LIMIT {LOOKED_AT}",
        conditions.all()
    );
    let query = sqlx::query_as::<_, (String, String, String)>(sqlx::AssertSqlSafe(sql));
    let rows = bound!(query, conditions).fetch_all(ctx.app.db.read()).await?;
    let texts: Vec<String> = rows.iter().map(|(_, description, place)| format!("{description} {place}")).collect();
    let model = suggest::model(&ctx.app).await?;
    Ok(words::like(&model, &said, &texts).into_iter().map(|n| rows[n].0.clone()).collect())
}

/// The reports as cards beside the form.
pub(super) async fn cards(ctx: &Ctx, reports: &[Report]) -> std::result::Result<Vec<AlikeCard>, Error> {
    let mut cards = Vec::new();
    for report in reports {
        let act = (!report.state().is_over()).then_some(AlikeAct::Send);
        cards.push(view::alike(ctx, report, act).await?);
    }
    Ok(cards)
}

/// What the form says so far.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Said {
    community: String,
    foreign: String,
    category: String,
    building: String,
    longitude: String,
    latitude: String,
    place: String,
    description: String,
}

/// `POST /staff/reports/new/alike`: the cards beside the form, as a piece of the page. By POST, so that what a caller says stands
/// in no address.
pub async fn alike_piece(ctx: Ctx, FormBody(said): FormBody<Said>) -> Result {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::ReportManage)?;
    let community = places::store::community_by_code(&ctx.app.db, &said.community).await?;
    let Some(community) = community else { return Ok(piece(StatusCode::OK, String::new())) };
    actor.require(Action::ReportManage, &community.path)?;
    let Said { foreign, category, building, longitude, latitude, place, description, .. } = said;
    let report = ReportForm { category, building, longitude, latitude, place, description, ..ReportForm::default() };
    let form = CallForm { report, foreign, ..CallForm::default() };
    let cards = cards(&ctx, &alike(&ctx, &form, &community).await?).await?;
    let w = ctx.w;
    let html = if cards.is_empty() { String::new() } else { render_html(move || alike_cards(w, cards)) };
    Ok(piece(StatusCode::OK, html))
}

/// What this number told before, the newest first. The look is written down, as at the hotline desk.
pub(super) async fn history(ctx: &Ctx, number: &str) -> std::result::Result<CallHistory, calls::Refused> {
    let found = calls::history(ctx, number).await?;
    let (count, open) = (found.len(), found.iter().filter(|report| !report.state().is_over()).count());
    let rows = calls::rows(ctx, &found[..count.min(CARDS)]);
    Ok(CallHistory { number: number.trim().to_owned(), count, open, rows })
}

/// A number that calls.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Calling {
    number: String,
}

/// `POST /staff/reports/new/history`: what a number told before, as a piece of the page.
pub async fn history_piece(ctx: Ctx, FormBody(calling): FormBody<Calling>) -> Result {
    let w = ctx.w;
    match history(&ctx, &calling.number).await {
        Ok(history) => Ok(piece(StatusCode::OK, render_html(move || call_history(w, history)))),
        // The form says what is wrong with it.
        Err(calls::Refused::Invalid(_)) => Ok(piece(StatusCode::UNPROCESSABLE_ENTITY, String::new())),
        Err(calls::Refused::Other(error)) => Err(error),
    }
}

fn piece(status: StatusCode, html: String) -> Response {
    let mut answer = (status, Html(html)).into_response();
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    answer
}
