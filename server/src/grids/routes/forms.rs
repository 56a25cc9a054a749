//! Drawing, duty and key contacts.

use super::{Errors, address, page, show};
use crate::{
    clock,
    grids::{
        service::{
            self, Refused,
            contact::{self as contacts, Form as ContactForm},
            duty::{self as duties, Wanted},
            outline::{self as outlines, Drawn},
            today,
        },
        store::{self, Grid},
    },
    http::{Ctx, Error, FormBody, Result, see_other_with},
};
use app::{
    grids::{
        duty::Weekdays,
        outline,
        pages::{AwayRow, ContactPage, DutyPage, OutlinePage, TurnRow, contact_page, duty_page, outline_page},
    },
    people::Action,
    time,
};
use axum::{
    extract::Path,
    http::{HeaderValue, StatusCode, header},
};
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The outline as a form sends it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct OutlineBody {
    outline: String,
    version: i64,
    act: String,
    confirm: String,
}

/// What the page of an outline shows beside the plan.
#[derive(Default)]
struct Drawing {
    text: String,
    version: i64,
    corners: Vec<[f64; 2]>,
    errors: Errors,
    overlaps: Vec<(String, i64)>,
    looked: bool,
}

/// `GET /staff/grids/{code}/outline`
pub async fn outline(ctx: Ctx, Path(code): Path<String>) -> Result {
    let grid = service::standing(&ctx, &code).await?;
    let text = outline::lines(&grid.corners());
    let drawing = Drawing { text, version: grid.outline_version, ..Drawing::default() };
    show_outline(&ctx, &grid, drawing, StatusCode::OK).await
}

async fn show_outline(ctx: &Ctx, grid: &Grid, drawing: Drawing, status: StatusCode) -> Result {
    let w = ctx.w;
    let others = store::of_community(&ctx.app.db, &grid.community_id).await?;
    let others: Vec<Grid> = others.into_iter().filter(|other| other.id != grid.id).collect();
    let buildings = store::buildings(&ctx.app.db, &grid.community_path).await?;
    let draft = (drawing.corners.len() >= 2).then_some(drawing.corners);
    let view = outline_page(OutlinePage {
        w,
        grid: address(&grid.code),
        plan: show::plan(ctx, grid, &others, &buildings, draft),
        text: drawing.text,
        version: drawing.version,
        errors: drawing.errors,
        overlaps: drawing.overlaps,
        looked: drawing.looked,
    });
    let title = w.tf("grids-outline-of", &[("name", w.pick(&grid.name, &grid.name_en).into())]);
    Ok(page(ctx, title).back(address(&grid.code)).status(status).render(view))
}

/// `POST /staff/grids/{code}/outline`: shows how it would look, or keeps it.
pub async fn draw(ctx: Ctx, Path(code): Path<String>, FormBody(body): FormBody<OutlineBody>) -> Result {
    let grid = service::standing(&ctx, &code).await?;
    let mut drawing = Drawing {
        corners: outline::read(&body.outline).unwrap_or_default(),
        text: body.outline,
        version: body.version,
        looked: true,
        ..Drawing::default()
    };
    let sum = |looked: outlines::Looked| {
        looked.overlaps.into_iter().map(|other| (other.name, other.percent)).collect::<Vec<_>>()
    };
    let refused = if body.act == "look" {
        match outlines::look(&ctx, &grid, &drawing.text).await {
            Ok(looked) => {
                drawing.overlaps = sum(looked);
                return show_outline(&ctx, &grid, drawing, StatusCode::OK).await;
            }
            Err(refused) => refused,
        }
    } else {
        match outlines::save(&ctx, &code, drawing.version, &drawing.text, body.confirm == "1").await {
            Ok(Drawn::Kept) => return Ok(see_other_with(&ctx, &address(&code), "flash-grids-drawn")),
            Ok(Drawn::Overlaps(looked)) => {
                drawing.overlaps = sum(looked);
                return show_outline(&ctx, &grid, drawing, StatusCode::UNPROCESSABLE_ENTITY).await;
            }
            Err(refused) => refused,
        }
    };
    match refused {
        Refused::Invalid(errors) => {
            drawing.errors = errors.into_map();
            show_outline(&ctx, &grid, drawing, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Refused::Other(error) => Err(error),
    }
}

/// What the forms of the duty page send.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct DutyBody {
    act: String,
    id: String,
    key: String,
    responsible: String,
    substitute: String,
    turn_person: String,
    turn_from: String,
    turn_until: String,
    weekdays: Vec<String>,
    away_person: String,
    away_from: String,
    away_until: String,
}

/// `GET /staff/grids/{code}/duty`
pub async fn duty(ctx: Ctx, Path(code): Path<String>) -> Result {
    let grid = service::standing(&ctx, &code).await?;
    show_duty(&ctx, &grid, None, Errors::new()).await
}

/// Two dates as stored, in words.
fn span(ctx: &Ctx, from: &str, until: &str) -> String {
    let word = |day: &str| day.parse::<Date>().map_or_else(|_| day.to_owned(), |day| time::date(ctx.w.lang, day));
    if from == until { word(from) } else { format!("{} – {}", word(from), word(until)) }
}

/// The short names of the days of the week, Monday first.
fn week(ctx: &Ctx) -> Vec<String> {
    // 2026-11-23 is a Monday.
    let monday = jiff::civil::date(2026, 11, 23);
    let days = monday.series(jiff::Span::new().days(1)).take(7);
    days.map(|day| time::weekday(ctx.w.lang, day).to_owned()).collect()
}

async fn show_duty(ctx: &Ctx, grid: &Grid, typed: Option<DutyBody>, errors: Errors) -> Result {
    let w = ctx.w;
    let db = &ctx.app.db;
    let day = today(ctx);
    let pair = |people: Vec<crate::people::store::PersonBrief>| -> Vec<(String, String)> {
        people.into_iter().map(|person| (person.id, person.name)).collect()
    };
    let (workers, others) = (pair(duties::workers(db, grid).await?), pair(duties::others(db, grid).await?));
    let rosters = duties::roster(ctx, grid, (day, day)).await?;
    let roster = rosters.of.get(&grid.id).cloned().unwrap_or_default();
    let named = [&roster.responsible, &roster.substitute].into_iter().flatten();
    let named = named.filter_map(|id| Some((id.clone(), rosters.name(id)?.to_owned()))).collect();
    let names = week(ctx);
    let every = w.t("grids-every-day");
    let turns = store::duty::turns(db, &grid.id, day).await?.into_iter().map(|row| {
        let on = Weekdays::from_code(&row.weekdays).unwrap_or(Weekdays::ALL);
        let some = names.iter().zip(on.0).filter(|(_, on)| *on).map(|(name, _)| name.as_str());
        TurnRow {
            days: span(ctx, &row.from_day, &row.until_day),
            weekdays: if on == Weekdays::ALL { every.clone() } else { some.collect::<Vec<_>>().join(" ") },
            id: row.id,
            name: row.name,
        }
    });
    let turns = turns.collect();
    let away = store::duty::away(db, &grid.id, day).await?.into_iter().map(|row| AwayRow {
        days: span(ctx, &row.from_day, &row.until_day),
        id: row.id,
        name: row.name,
    });
    let away = away.collect();
    let act = typed.as_ref().map(|body| body.act.clone()).unwrap_or_default();
    let body = typed.unwrap_or_default();
    let (responsible, substitute) = match act.as_str() {
        "name" => (body.responsible, body.substitute),
        _ => (roster.responsible.unwrap_or_default(), roster.substitute.unwrap_or_default()),
    };
    let typed = BTreeMap::from([
        ("responsible", responsible),
        ("substitute", substitute),
        ("turn_person", body.turn_person),
        ("turn_from", body.turn_from),
        ("turn_until", body.turn_until),
        ("away_person", body.away_person),
        ("away_from", body.away_from),
        ("away_until", body.away_until),
    ]);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = duty_page(DutyPage {
        w,
        here: format!("{}/duty", address(&grid.code)),
        workers,
        others,
        named,
        turns,
        away,
        typed,
        weekdays: body.weekdays,
        week: names,
        key: if body.key.is_empty() { clock::token() } else { body.key },
        errors,
    });
    let title = w.tf("grids-duty-of", &[("name", w.pick(&grid.name, &grid.name_en).into())]);
    Ok(page(ctx, title).back(address(&grid.code)).status(status).render(view))
}

/// `POST /staff/grids/{code}/duty`: names people, plans and removes turns and absences.
pub async fn change_duty(ctx: Ctx, Path(code): Path<String>, FormBody(body): FormBody<DutyBody>) -> Result {
    let grid = service::standing(&ctx, &code).await?;
    let done = match body.act.as_str() {
        "name" => duties::name(&ctx, &code, &body.responsible, &body.substitute).await,
        "turn" => {
            let wanted = Wanted {
                person: body.turn_person.clone(),
                from: body.turn_from.clone(),
                until: body.turn_until.clone(),
                weekdays: body.weekdays.clone(),
                key: body.key.clone(),
            };
            duties::add_turn(&ctx, &code, &wanted).await
        }
        "away" => {
            let wanted = Wanted {
                person: body.away_person.clone(),
                from: body.away_from.clone(),
                until: body.away_until.clone(),
                key: body.key.clone(),
                ..Wanted::default()
            };
            duties::add_away(&ctx, &code, &wanted).await
        }
        "remove_turn" => duties::remove_turn(&ctx, &code, &body.id).await.map_err(Refused::Other),
        "remove_away" => duties::remove_away(&ctx, &code, &body.id).await.map_err(Refused::Other),
        _ => return Err(Error::BadRequest("there is no such button".into())),
    };
    match done {
        Ok(()) => Ok(see_other_with(&ctx, &format!("{}/duty", address(&code)), "flash-grids-saved")),
        Err(Refused::Invalid(errors)) => show_duty(&ctx, &grid, Some(body), errors.into_map()).await,
        Err(Refused::Other(error)) => Err(error),
    }
}

/// A key contact as a form sends it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ContactBody {
    act: String,
    name: String,
    flat: String,
    phone: String,
    since: String,
    consent: String,
}

/// `GET /staff/grids/{code}/contacts/{building}`
pub async fn contact(ctx: Ctx, Path((code, building)): Path<(String, String)>) -> Result {
    let since = today(&ctx).to_string();
    let typed = [String::new(), String::new(), String::new(), since];
    show_contact(&ctx, (&code, &building), None, typed, Errors::new()).await
}

async fn show_contact(
    ctx: &Ctx,
    (code, building): (&str, &str),
    number: Option<String>,
    typed: [String; 4],
    errors: Errors,
) -> Result {
    let w = ctx.w;
    let (grid, building, contact) = contacts::one(ctx, code, building, Action::GridRead).await?;
    let manages = grid.ended_on.is_none() && ctx.actor()?.require(Action::GridManage, &grid.path).is_ok();
    let current = contact.map(|contact| {
        let since = contact
            .since_day
            .parse::<Date>()
            .map_or_else(|_| contact.since_day.clone(), |day| time::date_long(w.lang, day));
        (contact.name, contact.flat, contact.phone_masked, since)
    });
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = contact_page(ContactPage {
        w,
        here: format!("{}/contacts/{}", address(code), building.code),
        current,
        number,
        typed,
        errors,
        manages,
    });
    let title = w.tf("grids-contact-of", &[("name", w.pick(&building.name, &building.name_en).into())]);
    let mut response = page(ctx, title).back(address(code)).status(status).render(view);
    // It names somebody.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    Ok(response)
}

/// `POST /staff/grids/{code}/contacts/{building}`: names somebody, or nobody any more.
pub async fn change_contact(
    ctx: Ctx,
    Path((code, building)): Path<(String, String)>,
    FormBody(body): FormBody<ContactBody>,
) -> Result {
    if body.act == "end" {
        contacts::end(&ctx, &code, &building).await?;
        return Ok(see_other_with(&ctx, &address(&code), "flash-grids-contact-ended"));
    }
    let form = ContactForm {
        name: body.name,
        flat: body.flat,
        phone: body.phone,
        since: body.since,
        consent: body.consent == "1",
    };
    match contacts::put(&ctx, &code, &building, &form).await {
        Ok(()) => Ok(see_other_with(&ctx, &address(&code), "flash-grids-saved")),
        Err(Refused::Invalid(errors)) => {
            let typed = [form.name, form.flat, form.phone, form.since];
            show_contact(&ctx, (&code, &building), None, typed, errors.into_map()).await
        }
        Err(Refused::Other(error)) => Err(error),
    }
}

/// `POST /staff/grids/{code}/contacts/{building}/phone`: the whole number, this once.
pub async fn number(ctx: Ctx, Path((code, building)): Path<(String, String)>) -> Result {
    let number = contacts::number(&ctx, &code, &building).await?;
    let typed = [String::new(), String::new(), String::new(), today(&ctx).to_string()];
    show_contact(&ctx, (&code, &building), Some(number), typed, Errors::new()).await
}
