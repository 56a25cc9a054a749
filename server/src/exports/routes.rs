//! `/staff/exports`.

use super::{
    api,
    service::{self, Asked, MOST_DAYS, MOST_XLSX},
};
use crate::{
    http::{
        Access, Ctx, FormBody, Page, Result, Routes,
        download::{CSV, XLSX, download},
    },
    places,
};
use app::{
    exports::{
        Dataset,
        pages::{ExportsPage, exports_page},
    },
    people::Action,
    time::day_of,
    ui::shell::Tab,
};
use axum::{body::Body, http::StatusCode, response::Response};
use futures::StreamExt;
use jiff::{Span, civil::Date};
use serde::Deserialize;

/// The routes of this room.
pub fn routes() -> Routes {
    let access = Access::Needs(Action::DataExport);
    Routes::new()
        .get("/staff/exports", access, show)
        .post("/staff/exports", access, take)
        .get("/api/v1/staff/exports", access, api::tables)
        .get("/api/v1/staff/exports/file", access, api::file)
}

/// What the form sends.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    pub(super) table: String,
    pub(super) place: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) contacts: String,
    #[serde(rename = "as")]
    pub(super) form: String,
}

async fn show(ctx: Ctx) -> Result {
    let today = day_of(ctx.now);
    let from = today.checked_sub(Span::new().days(27)).unwrap_or(today);
    let sent = Sent { from: from.to_string(), to: today.to_string(), ..Sent::default() };
    render(&ctx, &sent, Vec::new()).await
}

async fn render(ctx: &Ctx, sent: &Sent, errors: Wrong) -> Result {
    let w = ctx.w;
    let datasets = service::datasets(ctx)?;
    let places = service::places(ctx).await?;
    let names: std::collections::BTreeMap<&str, &str> =
        places.iter().map(|place| (place.code.as_str(), w.pick(&place.name, &place.name_en))).collect();
    let named = |path: &str| {
        let known = path.split('/').filter_map(|code| names.get(code).copied());
        known.collect::<Vec<_>>().join(" › ")
    };
    let options = places.iter().map(|place| (place.code.clone(), named(&place.path))).collect();
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let first = datasets.first().copied().unwrap_or(Dataset::Notices);
    let props = ExportsPage {
        w,
        chosen: Dataset::from_code(&sent.table).filter(|dataset| datasets.contains(dataset)).unwrap_or(first),
        contacts: datasets.contains(&Dataset::People),
        place: match places.first() {
            Some(first) if sent.place.is_empty() => first.code.clone(),
            _ => sent.place.clone(),
        },
        places: options,
        period: (sent.from.clone(), sent.to.clone()),
        errors,
        archives: crate::archive::routes::part(ctx).await?,
        datasets,
    };
    let page = Page::new(ctx, w.t("exports-title")).tab(Tab::StaffToday).back("/staff").status(status);
    Ok(page.render(exports_page(props)))
}

/// What is wrong with the form: fields and words.
pub(super) type Wrong = Vec<(&'static str, String)>;

/// What is wrong with the form, or what is asked for.
fn read(ctx: &Ctx, sent: &Sent) -> std::result::Result<(Dataset, (Date, Date)), Wrong> {
    let w = ctx.w;
    let mut errors = Vec::new();
    let dataset = Dataset::from_code(&sent.table);
    if dataset.is_none() {
        errors.push(("table", w.t("exports-error-table")));
    }
    let sane = |date: &Date| (2000..=2999).contains(&date.year());
    let date = |text: &str| text.trim().parse::<Date>().ok().filter(sane);
    let (from, to) = (date(&sent.from), date(&sent.to));
    for (field, date) in [("from", from), ("to", to)] {
        if date.is_none() {
            errors.push((field, w.t("exports-error-date")));
        }
    }
    if let (Some(from), Some(to)) = (from, to) {
        let days = from.until(to).map(|span| span.get_days()).unwrap_or(-1);
        if !(0..MOST_DAYS).contains(&days) {
            errors.push(("to", w.tf("exports-error-period", &[("days", i64::from(MOST_DAYS).into())])));
        }
    }
    if !matches!(sent.form.as_str(), "csv" | "xlsx") {
        errors.push(("as", w.t("exports-error-as")));
    }
    match (dataset, from, to) {
        (Some(dataset), Some(from), Some(to)) if errors.is_empty() => Ok((dataset, (from, to))),
        _ => Err(errors),
    }
}

async fn take(ctx: Ctx, FormBody(sent): FormBody<Sent>) -> Result {
    match file(&ctx, &sent).await? {
        Ok(file) => Ok(file),
        Err(errors) => render(&ctx, &sent, errors).await,
    }
}

/// The table as a file, or what is wrong with what was sent.
pub(super) async fn file(ctx: &Ctx, sent: &Sent) -> Result<std::result::Result<Response, Wrong>> {
    service::datasets(ctx)?;
    let place = places::store::by_code(&ctx.app.db, &sent.place).await?;
    // Whoever may not is told so, whatever else is wrong.
    if let (Some(dataset), Some(place)) = (Dataset::from_code(&sent.table), &place) {
        service::may(ctx, dataset, place)?;
    }
    let (dataset, period) = match read(ctx, sent) {
        Ok(read) => read,
        Err(errors) => return Ok(Err(errors)),
    };
    let Some(place) = place else {
        return Ok(Err(vec![("place", ctx.w.t("exports-error-place"))]));
    };
    let contacts = sent.contacts == "1" && dataset == Dataset::People;
    let asked = Asked { dataset, path: place.path.clone(), period, contacts, w: ctx.w };
    service::permit(ctx, &asked, &place, &sent.form).await?;
    let days = if dataset.has_period() { format!("{}-{}", period.0, period.1) } else { day_of(ctx.now).to_string() };
    let name = format!("linli-{}-{}-{days}.{}", dataset.code(), place.code, sent.form);
    if sent.form == "csv" {
        let rows = service::csv(&ctx.app, asked);
        let body = futures::stream::unfold(rows, |mut rows| async move { Some((rows.recv().await?, rows)) });
        // Whoever compresses it asks once more after its end.
        let body = body.fuse();
        return Ok(Ok(download(Body::from_stream(body), CSV, &name)));
    }
    match service::xlsx(&ctx.app, &asked).await? {
        Some(bytes) => Ok(Ok(download(Body::from(bytes), XLSX, &name))),
        None => {
            let words = ctx.w.tf("exports-error-long", &[("rows", MOST_XLSX.into())]);
            Ok(Err(vec![("as", words)]))
        }
    }
}
