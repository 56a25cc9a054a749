//! `/staff/calendar`: the years of the statutory calendar, and the import of one.

use super::{
    super::views::{Fields, Segment},
    items::hits_of,
    settings::{comes_back, day_views, meanwhile, too_long, version_views},
};
use crate::{
    http::{Ctx, Error, FormBody, Page, Result, see_other_with},
    windows::{
        service::managers::{
            calendar::{self, Known, Outcome, Preview, in_words},
            preview::is_too_long,
        },
        store::settings::Version,
    },
};
use app::{
    people::Action,
    time::{
        date_time,
        import::{ImportError, MAX_IMPORT},
    },
    ui::shell::Tab,
    windows::pages::managers::{
        calendar::{CalendarProps, ImportForm, MovedReport, YearRow, calendar_page, import_view},
        history::history_page,
        preview::{DECISIONS, PreviewProps, preview_page},
    },
};
use axum::{
    extract::{FromRequest, Multipart, Request},
    http::{StatusCode, header},
};
use encoding_rs::{Encoding, GB18030, UTF_8};
use jiff::Timestamp;

/// The fields of the import's form. With a file it comes as multipart; the file stands in for the text.
pub struct Sent(Vec<(String, String)>);

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> std::result::Result<Sent, Error> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if !kind.starts_with("multipart/form-data") {
            let FormBody(fields) = FormBody::<Vec<(String, String)>>::from_request(request, state).await?;
            return Ok(Sent(fields));
        }
        let broken = || Error::BadRequest("a broken multipart form".into());
        let mut form = Multipart::from_request(request, state).await.map_err(|_| broken())?;
        let mut fields = Vec::new();
        while let Some(field) = form.next_field().await.map_err(|_| broken())? {
            let name = field.name().unwrap_or_default().to_owned();
            let bytes = field.bytes().await.map_err(|_| broken())?;
            // One more than is read: the form says that it is too much.
            let text = text_of(&bytes[..bytes.len().min(MAX_IMPORT + 1)]);
            match name.as_str() {
                "file" if text.trim().is_empty() => {}
                "file" => fields.insert(0, ("text".to_owned(), text)),
                _ => fields.push((name, text)),
            }
        }
        Ok(Sent(fields))
    }
}

/// The text of a file: in the encoding that it says, in UTF-8, or in the one in which spreadsheets here write CSV.
fn text_of(bytes: &[u8]) -> String {
    let encoding = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None if std::str::from_utf8(bytes).is_ok() => UTF_8,
        None => GB18030,
    };
    encoding.decode(bytes).0.into_owned()
}

/// The years, one of them as months, and the form.
pub async fn show(ctx: Ctx, fields: Fields) -> Result {
    let known = calendar::known(&ctx).await?;
    let restored = match fields.get("restore").and_then(|text| text.split_once('.')) {
        Some((year, version)) => {
            let year: i16 = year.parse().map_err(|_| Error::NotFound)?;
            let version: i64 = version.parse().map_err(|_| Error::NotFound)?;
            calendar::restore(&ctx, year, version).await?
        }
        None => String::new(),
    };
    let form = ImportForm { text: restored, ..Default::default() };
    render(&ctx, known, fields.get("year").and_then(|text| text.parse().ok()), form, StatusCode::OK)
}

fn render(ctx: &Ctx, known: Known, year: Option<i16>, form: ImportForm, status: StatusCode) -> Result {
    let w = ctx.w;
    let current = app::time::day_of(ctx.now).year();
    let shown = year.filter(|year| known.years.contains_key(year)).unwrap_or(current);
    let rows = known
        .years
        .values()
        .rev()
        .map(|one| YearRow {
            year: one.year.year,
            published: one.year.status == "published",
            source: one.year.source.clone(),
            off: one.year.off.len(),
            work: one.year.work.len(),
            imported: one.imported.as_ref().map(|(at, by)| {
                let at = Timestamp::from_microsecond(*at).unwrap_or(Timestamp::UNIX_EPOCH);
                (by.clone(), date_time(w.lang, at, ctx.now))
            }),
            history: known.versions.get(&one.year.year).copied().unwrap_or(0) > 0,
        })
        .collect();
    let props = CalendarProps {
        w,
        rows,
        shown: known.years.get(&shown).map(|one| one.year.clone()),
        form: ctx.actor()?.require_somewhere(Action::ItemManage).is_ok().then_some(form),
    };
    let page = Page::new(ctx, w.t("calendar-title")).tab(Tab::StaffHalls).back(super::home(ctx)).status(status);
    Ok(page.render(calendar_page(props)))
}

/// A text or file: looked at first, saved when confirmed.
pub async fn submit(ctx: Ctx, Sent(fields): Sent) -> Result {
    let get = |name: &str| fields.iter().find(|(field, _)| field == name).map(|(_, v)| v.clone()).unwrap_or_default();
    let mut form = ImportForm { text: get("text"), source: get("source"), ..Default::default() };
    if fields.iter().any(|(name, _)| name == "edit") {
        let known = calendar::known(&ctx).await?;
        ctx.actor()?.require_somewhere(Action::ItemManage)?;
        return render(&ctx, known, None, form, StatusCode::OK);
    }
    match calendar::submit(&ctx, &fields).await? {
        Outcome::Saved(year) => {
            Ok(see_other_with(&ctx, &format!("/staff/calendar?year={year}"), "flash-settings-saved"))
        }
        Outcome::Same(year) => Ok(see_other_with(&ctx, &format!("/staff/calendar?year={year}"), "flash-settings-same")),
        Outcome::Invalid(wrong) => {
            form.wrong = wrong.iter().map(|wrong| wrong_words(&ctx, wrong)).collect();
            let known = calendar::known(&ctx).await?;
            render(&ctx, known, None, form, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Outcome::Conflict(year, since) => {
            form.meanwhile = meanwhile(&ctx, &since);
            let known = calendar::known(&ctx).await?;
            render(&ctx, known, Some(year), form, StatusCode::CONFLICT)
        }
        Outcome::Preview(preview) => Ok(preview_view(&ctx, *preview, form)),
    }
}

/// A mistake in words.
pub fn wrong_words(ctx: &Ctx, wrong: &ImportError) -> String {
    let text = ctx.w.tf(wrong.key, &[("what", wrong.what.clone().into())]);
    match wrong.line {
        Some(line) => ctx.w.tf("calendar-error-line", &[("line", line.into()), ("text", text.into())]),
        None => text,
    }
}

fn preview_view(ctx: &Ctx, preview: Preview, form: ImportForm) -> axum::response::Response {
    let w = ctx.w;
    let Preview { year, base, changes, days, hit, reports, decisions, again } = preview;
    let moved = reports
        .0
        .into_iter()
        .map(|moved| MovedReport {
            code: moved.code,
            category: w.pick(&moved.category.0, &moved.category.1).to_owned(),
            before: moved.due.0.map(|at| date_time(w.lang, at, ctx.now)),
            after: moved.due.1.map(|at| date_time(w.lang, at, ctx.now)),
        })
        .collect();
    let name = w.tf("calendar-year", &[("year", i64::from(year.year).into())]);
    let mut said = in_words(&changes, w);
    if said.is_empty() {
        said.push(w.tf("calendar-only-source", &[("source", year.source.clone().into())]));
    }
    let long = decisions.are_too_long(hit.iter().flat_map(|at| &at.rows));
    let (status, again) = comes_back(ctx, again, long);
    let props = PreviewProps {
        w,
        action: "/staff/calendar".to_owned(),
        name,
        fields: vec![
            ("text".to_owned(), form.text),
            ("source".to_owned(), form.source),
            ("version".to_owned(), base.to_string()),
        ],
        changes: said,
        days: days
            .into_iter()
            .map(|(hall, rows)| (w.pick(&hall.name, &hall.name_en).to_owned(), day_views(rows)))
            .collect(),
        hits: hits_of(ctx, hit),
        default: decisions.default.map(|decision| decision.code().to_owned()).unwrap_or_default(),
        message_error: is_too_long(&decisions.message).then(|| too_long(ctx)),
        message: decisions.message,
        again,
        allowed: &DECISIONS,
        extra: Some(import_view(w, &year, &changes, (moved, reports.1))),
        back: None,
    };
    let page = Page::new(ctx, w.t("settings-preview-title")).tab(Tab::StaffHalls).status(status);
    page.back("/staff/calendar").render(preview_page(props))
}

/// The versions of a year.
pub async fn history(ctx: Ctx, Segment(year): Segment) -> Result {
    let year: i16 = year.parse().map_err(|_| Error::NotFound)?;
    let versions: Vec<Version> = calendar::history(&ctx, year).await?;
    let name = ctx.w.tf("calendar-year", &[("year", i64::from(year).into())]);
    let edits = ctx.actor()?.require_somewhere(Action::ItemManage).is_ok();
    let restore = edits.then(|| format!("/staff/calendar?restore={year}."));
    let page = Page::new(&ctx, ctx.w.t("settings-history-title")).tab(Tab::StaffHalls).back("/staff/calendar");
    let none = leptos::prelude::IntoAny::into_any(());
    Ok(page.render(history_page(ctx.w, (name, none), restore, version_views(&ctx, &versions))))
}
