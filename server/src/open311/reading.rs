//! Following reports.

use super::{
    Asked,
    answer::{Node, Refused, write},
    jurisdiction, named,
    store::{self, Request, Wish},
    with_key,
};
use crate::{
    deliver::outbox::absolute,
    http::Ctx,
    reports::{list::middle, store::instant},
};
use app::{
    people::Scope,
    reports::{near, place::Position},
    time,
};
use axum::response::Response;
use jiff::{SignedDuration, Timestamp};

/// Longest time between `start_date` and `end_date`.
const SPAN: SignedDuration = SignedDuration::from_hours(90 * 24);
/// Most rows of an answer.
const MOST: i64 = 1000;
/// Largest `radius`, in metres.
const RADIUS: f64 = 20_000.0;
/// Most ids in `service_request_id`.
const IDS: usize = 200;

/// `/open311/v2/requests`.
pub async fn list(ctx: Ctx) -> Response {
    let format = named(&ctx).1;
    write(format, "service_requests", requests(ctx).await)
}

async fn requests(ctx: Ctx) -> Result<Node, Refused> {
    let asked = Asked::query(&ctx);
    let ctx = with_key(ctx, asked.get("api_key")).await?;
    let community = jurisdiction(&ctx, &asked).await?;
    let more = asked.get("extensions") == Some("true");
    let ids = asked.list("service_request_id");
    if !ids.is_empty() {
        if ids.len() > IDS {
            return Err(Refused::wrong(format!("service_request_id: at most {IDS}")));
        }
        let codes: Vec<String> = ids.iter().map(|id| id.to_ascii_uppercase()).collect();
        let found = store::with_codes(&ctx.app.db, &codes).await?;
        return Ok(answer(&ctx, &found, more));
    }
    let (from, to) = span(&asked, ctx.now)?;
    let wish = Wish {
        community_id: community.map(|community| community.id),
        categories: asked.list("service_code"),
        from,
        to,
        open: wanted_state(&asked)?,
    };
    let page_size = whole(&asked, "page_size", MOST)?;
    let skip = (whole(&asked, "page", i64::from(u16::MAX))?.max(1) - 1) * page_size;
    let found = match circle(&asked)? {
        None => store::list(&ctx.app.db, &wish, (skip, page_size)).await?,
        Some((centre, radius)) => {
            let mut all = store::list(&ctx.app.db, &wish, (0, MOST)).await?;
            all.retain(|request| place(request).is_some_and(|at| near::metres(centre, at) <= radius));
            let (skip, size) = (usize::try_from(skip).unwrap_or(usize::MAX), usize::try_from(page_size).unwrap_or(0));
            all.into_iter().skip(skip).take(size).collect()
        }
    };
    Ok(answer(&ctx, &found, more))
}

/// `page` and `page_size`: 1 to `most`; `most` is meant when nothing is said of a size, 1 of a page.
fn whole(asked: &Asked, name: &str, most: i64) -> Result<i64, Refused> {
    let unsaid = if name == "page" { 1 } else { most };
    match asked.get(name).map(str::parse::<i64>) {
        None => Ok(unsaid),
        Some(Ok(number)) if (1..=most).contains(&number) => Ok(number),
        Some(_) => Err(Refused::wrong(format!("{name}: 1 to {most}"))),
    }
}

fn wanted_state(asked: &Asked) -> Result<Option<bool>, Refused> {
    let states = asked.list("status");
    if let Some(other) = states.iter().find(|state| *state != "open" && *state != "closed") {
        return Err(Refused::wrong(format!("status: open or closed, not {other}")));
    }
    let of = |state: &str| states.iter().any(|one| one == state);
    Ok(match (of("open"), of("closed")) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        _ => None,
    })
}

/// The last 90 days, or what was asked for: never more than 90 days.
fn span(asked: &Asked, now: Timestamp) -> Result<(Timestamp, Timestamp), Refused> {
    let date = |name: &str| match asked.get(name) {
        None => Ok(None),
        Some(text) => moment(text)
            .map(Some)
            .ok_or_else(|| Refused::wrong(format!("{name}: a date-time such as 2026-11-25T10:00:00+08:00"))),
    };
    let shifted = |at: Timestamp, by: SignedDuration| {
        at.checked_add(by).map_err(|_| Refused::wrong("start_date or end_date is out of range"))
    };
    let (start, end) = (date("start_date")?, date("end_date")?);
    let (from, to) = match (start, end) {
        (Some(from), Some(to)) => (from, to),
        (Some(from), None) => (from, shifted(from, SPAN)?),
        (None, Some(to)) => (shifted(to, -SPAN)?, to),
        (None, None) => (shifted(now, -SPAN)?, now),
    };
    if to < from {
        return Err(Refused::wrong("end_date lies before start_date"));
    }
    if to.duration_since(from) > SPAN {
        return Err(Refused::wrong("start_date and end_date: at most 90 days apart"));
    }
    Ok((from, to))
}

/// A date-time with its zone; a plain date is the beginning of that day here.
fn moment(text: &str) -> Option<Timestamp> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    let date: jiff::civil::Date = text.parse().ok().filter(|_| text.len() == 10)?;
    Some(time::start_of(date))
}

fn circle(asked: &Asked) -> Result<Option<(Position, f64)>, Refused> {
    match (asked.number("lat")?, asked.number("long")?, asked.number("radius")?) {
        (None, None, None) => Ok(None),
        (Some(latitude), Some(longitude), Some(radius)) if (0.0..=RADIUS).contains(&radius) => {
            let at = Position::parse(&longitude.to_string(), &latitude.to_string());
            let at = at.ok_or_else(|| Refused::wrong("lat and long are no place on earth"))?;
            Ok(Some((at, radius)))
        }
        _ => Err(Refused::wrong(format!("lat, long and radius (at most {RADIUS} metres) go together"))),
    }
}

/// `/open311/v2/requests/{id}`.
pub async fn one(ctx: Ctx) -> Response {
    let (id, format) = named(&ctx);
    write(format, "service_requests", request(ctx, &id).await)
}

async fn request(ctx: Ctx, id: &str) -> Result<Node, Refused> {
    let asked = Asked::query(&ctx);
    let ctx = with_key(ctx, asked.get("api_key")).await?;
    jurisdiction(&ctx, &asked).await?;
    let found = store::with_codes(&ctx.app.db, &[id.to_ascii_uppercase()]).await?;
    if found.is_empty() {
        return Err(Refused::missing("service_request_id was not found"));
    }
    Ok(answer(&ctx, &found, asked.get("extensions") == Some("true")))
}

/// `/open311/v2/tokens/{token}`: requests have their id at once, so a token is one.
pub async fn token(ctx: Ctx) -> Response {
    let (token, format) = named(&ctx);
    write(format, "service_requests", token_of(&ctx, &token).await)
}

async fn token_of(ctx: &Ctx, token: &str) -> Result<Node, Refused> {
    jurisdiction(ctx, &Asked::query(ctx)).await?;
    let found = store::with_codes(&ctx.app.db, &[token.to_ascii_uppercase()]).await?;
    let Some(request) = found.first() else { return Err(Refused::missing("token was not found")) };
    let answer = Node::Fields(vec![
        ("service_request_id", Node::Text(request.code.clone())),
        ("token", Node::Text(token.to_owned())),
    ]);
    Ok(Node::List("request", vec![answer]))
}

fn answer(ctx: &Ctx, found: &[Request], more: bool) -> Node {
    Node::List("request", found.iter().map(|request| fields(ctx, request, more)).collect())
}

fn fields(ctx: &Ctx, request: &Request, more: bool) -> Node {
    let w = ctx.w;
    let state = request.state();
    let pick = |zh: &Option<String>, en: &Option<String>| {
        zh.as_ref().map(|zh| w.pick(zh, en.as_deref().unwrap_or_default()).to_owned())
    };
    let at = |micros: i64| Node::Text(local(instant(micros)));
    // Whoever filed it reads it in full, and so does who may read everything there.
    let reads = ctx.key.as_ref().is_some_and(|key| {
        request.reporter_device == crate::auth::secrets::sha256(&key.device())
            || key.may(Scope::ReportsRead, &request.path)
    });
    let address: Vec<String> = [
        Some(w.pick(&request.community_name, &request.community_name_en).to_owned()),
        pick(&request.grid_name, &request.grid_name_en),
        pick(&request.building_name, &request.building_name_en),
    ]
    .into_iter()
    .flatten()
    .collect();
    let agency = pick(&request.owner_unit, &request.owner_unit_en).filter(|unit| !unit.is_empty());
    let community = || w.pick(&request.community_name, &request.community_name_en).to_owned();
    let place = place(request);
    let said = request.said.clone().unwrap_or_else(|| w.t(state.key()));
    let updated = request.closed_at.filter(|_| state.is_over()).unwrap_or(request.changed_at);
    let mut fields = vec![
        ("service_request_id", Node::Text(request.code.clone())),
        ("status", Node::Text(if state.is_over() { "closed" } else { "open" }.to_owned())),
        ("status_notes", Node::Text(said)),
        ("service_name", Node::Text(w.pick(&request.category_name, &request.category_name_en).to_owned())),
        ("service_code", Node::Text(request.category.clone())),
        ("description", Node::maybe(Some(request.description.as_str()).filter(|_| reads))),
        ("agency_responsible", Node::Text(agency.unwrap_or_else(community))),
        ("service_notice", Node::maybe(request.due_at.map(|due| notice(ctx, due)))),
        ("requested_datetime", at(request.filed_at)),
        ("updated_datetime", at(updated)),
        ("expected_datetime", request.due_at.map_or(Node::Text(String::new()), at)),
        ("address", Node::Text(address.join(" "))),
        ("address_id", Node::maybe(request.building_code.as_deref())),
        ("zipcode", Node::Text(String::new())),
        ("lat", Node::number(place.map(|at| at.latitude))),
        ("long", Node::number(place.map(|at| at.longitude))),
        ("media_url", Node::maybe(request.photo.as_ref().map(|id| absolute(&ctx.app, &format!("/photos/{id}/full"))))),
    ];
    if more {
        let detailed = Node::Fields(vec![
            ("detailed_status", Node::Text(request.state.clone())),
            ("detailed_status_name", Node::Text(w.t(state.key()))),
            ("page", Node::Text(absolute(&ctx.app, &format!("/reports/{}", request.code)))),
        ]);
        fields.push(("extended_attributes", detailed));
    }
    Node::Fields(fields)
}

/// "By 28 November 18:00": what was promised.
pub fn notice(ctx: &Ctx, due: i64) -> String {
    ctx.w.tf("open311-notice", &[("due", time::date_time(ctx.w.lang, instant(due), ctx.now).into())])
}

/// A date-time with the zone of this place.
fn local(at: Timestamp) -> String {
    at.to_zoned_datetime(time::zone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// Its building, else the middle of its grid, else its community: never where the reporter stood.
fn place(request: &Request) -> Option<Position> {
    let of =
        |longitude: Option<f64>, latitude: Option<f64>| Some(Position { longitude: longitude?, latitude: latitude? });
    let grid = || {
        let outline: Vec<[f64; 2]> = serde_json::from_str(request.grid_outline.as_deref()?).ok()?;
        let [longitude, latitude] = middle(&outline)?;
        Some(Position { longitude, latitude })
    };
    of(request.building_longitude, request.building_latitude)
        .or_else(grid)
        .or_else(|| of(request.community_longitude, request.community_latitude))
}
