//! Settings of halls, service items and the calendar through the API. What a change would hit is said before it is saved.

use super::changes::{
    CalendarChangeOut, Carrying, ChangeOut, SettingVersion, hits_at, hits_of, look, look_at_year, saved, saved_year,
    stale, versions,
};
use crate::{
    http::{
        Ctx, Error, FieldProblem, Params, Result,
        api::{IfMatch, Listed, Paging, listed, read, versioned, wrong_fields},
    },
    windows::{
        routes::{managers::calendar::wrong_words, views::Segment},
        service::managers::{calendar, items, settings},
    },
};
use app::{
    people::Action,
    windows::{
        ServiceItem,
        item_form::item_fields,
        settings::{FormErrors, HallSettings},
    },
};
use axum::{Json, extract::Request, response::IntoResponse};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::ToSchema;

/// A part of a body that has the form in which it is saved; 422 otherwise.
fn as_saved<T: DeserializeOwned>(field: &str, value: serde_json::Value) -> Result<T> {
    serde_json::from_value(value).map_err(|error| Error::Fields(vec![FieldProblem::of(field, error.to_string())]))
}

/// What is wrong, by the fields of the page's form.
fn invalid(field: &str, errors: FormErrors) -> Error {
    wrong_fields(errors.into_iter().map(|(name, text)| (format!("{field}/{name}"), text)))
}

/// A hall's settings.
#[derive(Serialize, ToSchema)]
pub struct HallSettingsOut {
    /// Code of the hall.
    pub hall: String,
    /// Their version; 0 before the first change.
    pub version: i64,
    /// Opening hours, windows with what they serve, limits: as they are saved.
    #[schema(value_type = Object)]
    pub settings: serde_json::Value,
}

/// A hall's settings: hours, closures, windows, places, limits.
#[utoipa::path(get, path = "/api/v1/staff/settings/halls/{hall}", tag = "settings",
    params(("hall" = String, Path, description = "code of the hall")), responses((status = 200, body = HallSettingsOut)))]
pub async fn hall(ctx: Ctx, Segment(code): Segment) -> Result {
    let edit = settings::edit(&ctx, &code).await?;
    let settings = serde_json::to_value(&edit.settings).map_err(anyhow::Error::from)?;
    Ok(versioned(edit.version, HallSettingsOut { hall: edit.hall.code, version: edit.version, settings }))
}

/// A service item as managers see it.
#[derive(Serialize, ToSchema)]
pub struct ItemOut {
    /// Code.
    pub code: String,
    /// It is no longer offered.
    pub retired: bool,
    /// Where it is done.
    pub places: Vec<ItemPlace>,
    /// Title, materials, questions, minutes, fee, legal basis: as they are saved.
    #[schema(value_type = Object)]
    pub item: serde_json::Value,
}

/// A window at which an item is done.
#[derive(Serialize, ToSchema)]
pub struct ItemPlace {
    /// Code of the hall.
    pub hall: String,
    /// Number of the window.
    pub window: i64,
}

/// All service items, those no longer offered as well.
#[utoipa::path(get, path = "/api/v1/staff/settings/items", tag = "settings", params(Paging),
    responses((status = 200, body = Listed<ItemOut>)))]
pub async fn all_items(ctx: Ctx, Params(paging): Params<Paging>) -> Result {
    let (all, _) = items::list(&ctx).await?;
    let (page, next) = paging.cut(all)?;
    let shown = page.into_iter().map(item_out).collect::<Result<Vec<ItemOut>>>()?;
    Ok(listed(&ctx, shown, next))
}

/// Other settings of a hall.
#[derive(Deserialize, ToSchema)]
pub struct HallSettingsIn {
    /// As reading them gives them.
    #[schema(value_type = Object)]
    pub settings: serde_json::Value,
    /// How the change is carried out.
    #[serde(flatten)]
    pub carrying: Carrying,
}

/// Says what other settings of a hall would do, or saves them (`confirm`). Windows can be closed, not taken away.
#[utoipa::path(post, path = "/api/v1/staff/settings/halls/{hall}", tag = "settings", request_body = HallSettingsIn,
    params(("hall" = String, Path, description = "code of the hall"), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 200, body = ChangeOut), (status = 409, description = "somebody else saved, with `since`; or it has to be looked at again, with `hits`")))]
pub async fn set_hall(ctx: Ctx, if_match: IfMatch, Segment(code): Segment, request: Request) -> Result {
    let edit = settings::edit(&ctx, &code).await?;
    let body: HallSettingsIn = read(request).await?;
    let version = body.carrying.base(if_match, edit.version)?;
    let wanted: HallSettings = as_saved("settings", body.settings)?;
    let mut fields = wanted.fields();
    fields.extend(body.carrying.fields(&ctx, version)?);
    match settings::submit(&ctx, &code, &fields).await? {
        settings::Outcome::Saved(_) => Ok(saved(settings::edit(&ctx, &code).await?.version, true)),
        settings::Outcome::Same(_) => Ok(saved(version, false)),
        settings::Outcome::Invalid(_, errors) => Err(invalid("settings", errors)),
        settings::Outcome::Conflict(now, since) => stale(&ctx, if_match, now.version, &since),
        settings::Outcome::Preview(preview) => {
            let preview = *preview;
            let hits = hits_at(&ctx, &preview.hall.code, preview.rows);
            Ok(look(&ctx, preview.base, preview.changes, hits, preview.again))
        }
    }
}

/// The versions of a hall's settings, the newest first, at most a hundred.
#[utoipa::path(get, path = "/api/v1/staff/settings/halls/{hall}/versions", tag = "settings",
    params(("hall" = String, Path, description = "code of the hall")), responses((status = 200, body = Vec<SettingVersion>)))]
pub async fn hall_versions(ctx: Ctx, Segment(code): Segment) -> Result {
    let (_, all) = settings::history(&ctx, &code).await?;
    Ok(Json(versions(&ctx, &all)).into_response())
}

fn item_out(listed: items::Listed) -> Result<ItemOut> {
    Ok(ItemOut {
        item: serde_json::to_value(&*listed.stored.item).map_err(anyhow::Error::from)?,
        retired: listed.stored.retired,
        places: listed.places.into_iter().map(|(hall, window)| ItemPlace { hall, window }).collect(),
        code: listed.stored.item.code.clone(),
    })
}

/// One service item.
#[utoipa::path(get, path = "/api/v1/staff/settings/items/{item}", tag = "settings",
    params(("item" = String, Path, description = "code of the item")), responses((status = 200, body = ItemOut)))]
pub async fn one_item(ctx: Ctx, Segment(code): Segment) -> Result {
    let (listed, version, _) = items::look(&ctx, &code).await?;
    Ok(versioned(version, item_out(listed)?))
}

/// Another state of a service item.
#[derive(Deserialize, ToSchema)]
pub struct ItemIn {
    /// As reading it gives it; the code of one that exists stays.
    #[schema(value_type = Object)]
    pub item: serde_json::Value,
    /// How the change is carried out.
    #[serde(flatten)]
    pub carrying: Carrying,
}

async fn item_answer(ctx: &Ctx, if_match: IfMatch, outcome: items::Outcome, version: i64) -> Result {
    match outcome {
        items::Outcome::Saved(code) => Ok(saved(items::look(ctx, &code).await?.1, true)),
        items::Outcome::Same(_) => Ok(saved(version, false)),
        items::Outcome::Invalid(_, errors) => Err(invalid("item", errors)),
        items::Outcome::Conflict(now, since) => stale(ctx, if_match, now.version, &since),
        items::Outcome::Preview(preview) => {
            let preview = *preview;
            Ok(look(ctx, preview.base, preview.changes, hits_of(ctx, preview.hit), preview.again))
        }
    }
}

/// Says what a new service item would be, or makes it (`confirm`).
#[utoipa::path(post, path = "/api/v1/staff/settings/items", tag = "settings", request_body = ItemIn,
    responses((status = 200, body = ChangeOut)))]
pub async fn add_item(ctx: Ctx, request: Request) -> Result {
    ctx.actor()?.require_somewhere(Action::ItemManage)?;
    let body: ItemIn = read(request).await?;
    let wanted: ServiceItem = as_saved("item", body.item)?;
    let mut fields = item_fields(&wanted);
    fields.extend(body.carrying.fields(&ctx, 0)?);
    let outcome = items::submit(&ctx, None, &mut fields).await?;
    item_answer(&ctx, IfMatch::Any, outcome, 0).await
}

/// Says what a change of a service item would do, or saves it (`confirm`).
#[utoipa::path(post, path = "/api/v1/staff/settings/items/{item}", tag = "settings", request_body = ItemIn,
    params(("item" = String, Path, description = "code of the item"), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 200, body = ChangeOut), (status = 409, description = "somebody else saved, with `since`; or it has to be looked at again, with `hits`")))]
pub async fn set_item(ctx: Ctx, if_match: IfMatch, Segment(code): Segment, request: Request) -> Result {
    let edit = items::edit(&ctx, Some(&code)).await?;
    let body: ItemIn = read(request).await?;
    let version = body.carrying.base(if_match, edit.version)?;
    let wanted: ServiceItem = as_saved("item", body.item)?;
    let mut fields = item_fields(&wanted);
    fields.extend(body.carrying.fields(&ctx, version)?);
    let outcome = items::submit(&ctx, Some(&code), &mut fields).await?;
    item_answer(&ctx, if_match, outcome, version).await
}

/// Whether a service item is offered.
#[derive(Deserialize, ToSchema)]
pub struct RetireIn {
    /// It is no longer offered.
    pub retired: bool,
    /// How the change is carried out.
    #[serde(flatten)]
    pub carrying: Carrying,
}

/// Says what no longer offering a service item would do, or does it (`confirm`); or offers it again.
#[utoipa::path(post, path = "/api/v1/staff/settings/items/{item}/retire", tag = "settings", request_body = RetireIn,
    params(("item" = String, Path, description = "code of the item"), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 200, body = ChangeOut), (status = 409, description = "somebody else saved, with `since`; or it has to be looked at again, with `hits`")))]
pub async fn retire_item(ctx: Ctx, if_match: IfMatch, Segment(code): Segment, request: Request) -> Result {
    let edit = items::edit(&ctx, Some(&code)).await?;
    let body: RetireIn = read(request).await?;
    let version = body.carrying.base(if_match, edit.version)?;
    let mut fields = vec![("retired".to_owned(), i64::from(body.retired).to_string())];
    fields.extend(body.carrying.fields(&ctx, version)?);
    let outcome = items::retire(&ctx, &code, &fields).await?;
    item_answer(&ctx, if_match, outcome, version).await
}

/// The versions of a service item, the newest first, at most a hundred.
#[utoipa::path(get, path = "/api/v1/staff/settings/items/{item}/versions", tag = "settings",
    params(("item" = String, Path, description = "code of the item")), responses((status = 200, body = Vec<SettingVersion>)))]
pub async fn item_versions(ctx: Ctx, Segment(code): Segment) -> Result {
    let (_, all) = items::history(&ctx, &code).await?;
    Ok(Json(versions(&ctx, &all)).into_response())
}

/// A year of the statutory calendar.
#[derive(Serialize, ToSchema)]
pub struct CalendarYear {
    /// The year.
    pub year: i16,
    /// Its version; 0 before the first import.
    pub version: i64,
    /// `published`, `partial` or `unknown`.
    pub status: String,
    /// The notice it was taken from.
    pub source: String,
    /// Days off and days that are worked instead: as they are saved.
    #[schema(value_type = Object)]
    pub days: serde_json::Value,
}

/// The years of the statutory calendar that are known.
#[utoipa::path(get, path = "/api/v1/staff/settings/calendar", tag = "settings", responses((status = 200, body = Vec<CalendarYear>)))]
pub async fn years(ctx: Ctx) -> Result {
    let known = calendar::known(&ctx).await?;
    let mut all = Vec::new();
    for one in known.years.values() {
        all.push(CalendarYear {
            year: one.year.year,
            version: known.versions.get(&one.year.year).copied().unwrap_or(0),
            status: one.year.status.clone(),
            source: one.year.source.clone(),
            days: serde_json::json!({ "off": one.year.off, "work": one.year.work }),
        });
    }
    Ok(Json(all).into_response())
}

/// A year to be imported.
#[derive(Deserialize, ToSchema)]
pub struct CalendarIn {
    /// The year as JSON, as it is shipped, or a line for each day.
    pub text: String,
    /// For lines: the notice that they were taken from.
    #[serde(default)]
    pub source: String,
    /// How the change is carried out; its version is the year's.
    #[serde(flatten)]
    pub carrying: Carrying,
}

/// Says what another year would do to bookings and to deadlines of open reports, or saves it (`confirm`).
/// Then the deadlines are told again.
#[utoipa::path(post, path = "/api/v1/staff/settings/calendar", tag = "settings", request_body = CalendarIn,
    params(("If-Match" = Option<String>, Header, description = "the version of the year: `\"v1\"`")),
    responses((status = 200, body = CalendarChangeOut), (status = 409,
        description = "somebody else saved, with `since`; or it has to be looked at again, with `hits`, `deadlines` and `more`")))]
pub async fn set_year(ctx: Ctx, if_match: IfMatch, request: Request) -> Result {
    ctx.actor()?.require_somewhere(Action::ItemManage)?;
    let body: CalendarIn = read(request).await?;
    let said = if_match.or(body.carrying.version)?;
    let mut fields = vec![("text".to_owned(), body.text), ("source".to_owned(), body.source)];
    fields.extend(body.carrying.fields(&ctx, said.unwrap_or(0))?);
    if said.is_none() {
        // The one that there is.
        fields.retain(|(name, _)| name != "version");
    }
    match calendar::submit(&ctx, &fields).await? {
        calendar::Outcome::Saved(year) => Ok(saved_year(version_of(&ctx, year).await?, true)),
        calendar::Outcome::Same(year) => Ok(saved_year(version_of(&ctx, year).await?, false)),
        calendar::Outcome::Invalid(wrong) => {
            Err(wrong_fields(wrong.iter().map(|wrong| ("text", wrong_words(&ctx, wrong)))))
        }
        calendar::Outcome::Conflict(year, since) => {
            let now = version_of(&ctx, year).await?;
            stale(&ctx, if_match, now, &since)
        }
        calendar::Outcome::Preview(preview) => {
            let preview = *preview;
            let changes = calendar::in_words(&preview.changes, ctx.w);
            let hits = hits_of(&ctx, preview.hit);
            let looked = ChangeOut { saved: false, version: preview.base, changes, hits };
            Ok(look_at_year(&ctx, looked, preview.reports, preview.again))
        }
    }
}

async fn version_of(ctx: &Ctx, year: i16) -> Result<i64> {
    Ok(calendar::known(ctx).await?.versions.get(&year).copied().unwrap_or(0))
}

/// The versions of a year, the newest first, at most a hundred.
#[utoipa::path(get, path = "/api/v1/staff/settings/calendar/{year}/versions", tag = "settings",
    params(("year" = String, Path, description = "the year")), responses((status = 200, body = Vec<SettingVersion>)))]
pub async fn year_versions(ctx: Ctx, Segment(year): Segment) -> Result {
    let year: i16 = year.parse().map_err(|_| Error::NotFound)?;
    let all = calendar::history(&ctx, year).await?;
    Ok(Json(versions(&ctx, &all)).into_response())
}
