//! `/staff/halls` and a hall's settings.

use super::super::views::{Fields, Segment};
use crate::{
    http::{Ctx, FormBody, Page, Result, see_other_with},
    windows::{
        service::managers::{
            halls_for,
            preview::{DayRow, HitRow, MAX_MESSAGE, is_too_long},
            settings::{self, Edit, Outcome, Preview},
        },
        store::{Hall, settings::Version},
    },
};
use app::{
    people::Action,
    time::date_time,
    ui::shell::Tab,
    windows::{
        pages::managers::{
            hall_tabs,
            history::{VersionView, history_page},
            preview::{BeforeAfterDay, DECISIONS, HitView, PreviewProps, preview_page},
            settings::{HallRow, SettingsProps, halls_page, settings_page},
        },
        settings::FormErrors,
    },
};
use axum::http::StatusCode;
use jiff::Timestamp;

/// The halls that the reader manages.
pub async fn list(ctx: Ctx) -> Result {
    let halls = halls_for(&ctx, Action::HallManage).await?;
    let rows = halls
        .iter()
        .map(|hall| HallRow {
            code: hall.code.clone(),
            name: ctx.w.pick(&hall.name, &hall.name_en).to_owned(),
            address: ctx.w.pick(&hall.address, &hall.address_en).to_owned(),
        })
        .collect();
    let links = super::links(&ctx);
    let page = Page::new(&ctx, ctx.w.t("settings-halls")).tab(Tab::StaffHalls);
    Ok(page.render(halls_page(ctx.w, rows, links)))
}

/// A hall's settings; `restore` fills the form with an older version.
pub async fn edit(ctx: Ctx, Segment(code): Segment, fields: Fields) -> Result {
    let edit = settings::edit(&ctx, &code).await?;
    let restored = match fields.get("restore").and_then(|text| text.parse().ok()) {
        Some(version) => Some(settings::restore(&ctx, &code, version).await?),
        None => None,
    };
    let fields = restored.unwrap_or_else(|| edit.settings.fields());
    show(&ctx, edit, (fields, FormErrors::new()), Vec::new(), StatusCode::OK)
}

/// A form: looked at first, saved when confirmed.
pub async fn submit(ctx: Ctx, Segment(code): Segment, FormBody(fields): FormBody<Vec<(String, String)>>) -> Result {
    if fields.iter().any(|(name, _)| name == "edit") {
        let edit = settings::edit(&ctx, &code).await?;
        return show(&ctx, edit, (form_of(fields), FormErrors::new()), Vec::new(), StatusCode::OK);
    }
    match settings::submit(&ctx, &code, &fields).await? {
        Outcome::Saved(hall) => {
            Ok(see_other_with(&ctx, &format!("/staff/halls/{}/history", hall.code), "flash-settings-saved"))
        }
        Outcome::Same(hall) => Ok(see_other_with(&ctx, &format!("/staff/halls/{}", hall.code), "flash-settings-same")),
        Outcome::Invalid(edit, errors) => {
            show(&ctx, *edit, (fields, errors), Vec::new(), StatusCode::UNPROCESSABLE_ENTITY)
        }
        Outcome::Conflict(edit, since) => {
            show(&ctx, *edit, (form_of(fields), FormErrors::new()), since, StatusCode::CONFLICT)
        }
        Outcome::Preview(preview) => Ok(preview_view(&ctx, *preview)),
    }
}

/// The fields of the settings themselves, without those of the preview.
pub fn form_of(fields: Vec<(String, String)>) -> Vec<(String, String)> {
    let own = |name: &str| {
        !name.contains('.') && !matches!(name, "confirm" | "edit" | "seen" | "default" | "message" | "version")
    };
    fields.into_iter().filter(|(name, _)| own(name)).collect()
}

fn show(
    ctx: &Ctx,
    edit: Edit,
    (fields, errors): (Vec<(String, String)>, FormErrors),
    since: Vec<Version>,
    status: StatusCode,
) -> Result {
    let w = ctx.w;
    let props = SettingsProps {
        w,
        hall: edit.hall.code.clone(),
        name: w.pick(&edit.hall.name, &edit.hall.name_en).to_owned(),
        fields,
        version: edit.version,
        errors,
        meanwhile: meanwhile(ctx, &since),
        items: edit
            .items
            .iter()
            .filter(|stored| {
                let code = &stored.item.code;
                !stored.retired || edit.settings.windows.iter().any(|window| window.items.contains(code))
            })
            .map(|stored| {
                let title = w.pick(&stored.item.title, &stored.item.title_en);
                let title = if stored.retired {
                    w.tf("item-retired-title", &[("title", title.into())])
                } else {
                    title.to_owned()
                };
                (stored.item.code.clone(), title)
            })
            .collect(),
    };
    let page = Page::new(ctx, w.t("settings-title")).tab(Tab::StaffHalls).back("/staff/halls").status(status);
    Ok(page.render(settings_page(props)))
}

/// What changed in a version, in the reader's language.
pub fn summary(ctx: &Ctx, version: &Version) -> Vec<String> {
    let said: std::collections::BTreeMap<String, Vec<String>> =
        serde_json::from_str(&version.summary).unwrap_or_default();
    said.get(ctx.w.pick("zh", "en")).cloned().unwrap_or_default()
}

/// Rows of hits as the page shows them; with the hall's name when there are several.
pub fn hit_views(ctx: &Ctx, rows: Vec<HitRow>, hall: Option<&str>) -> Vec<HitView> {
    let at = |micros| Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH);
    rows.into_iter()
        .map(|row| HitView {
            span: (at(row.booking.starts_at), at(row.booking.ends_at)),
            title: match (ctx.w.pick(&row.booking.title, &row.booking.title_en), hall) {
                (title, Some(hall)) => format!("{title} · {hall}"),
                (title, None) => title.to_owned(),
            },
            code: row.booking.code,
            person: (row.booking.person_name, row.booking.phone_masked),
            window: row.booking.window_number,
            hit: row.hit,
            proposals: row.proposals,
            decision: row.decision.map(|decision| decision.code().to_owned()).unwrap_or_default(),
            to: row.to,
            say_error: is_too_long(&row.say).then(|| too_long(ctx)),
            say: row.say,
            error: row.error.map(|key| ctx.w.t(key)),
            fresh: row.fresh,
        })
        .collect()
}

/// What is said of words to people that are too long.
pub fn too_long(ctx: &Ctx) -> String {
    ctx.w.tf("settings-error-long", &[("max", MAX_MESSAGE.into())])
}

/// How a preview is answered: its status and, when it was sent to be saved and comes back, why. `long`: words to people are
/// too long.
pub fn comes_back(ctx: &Ctx, again: bool, long: bool) -> (StatusCode, Option<String>) {
    match (again, long) {
        (_, true) => {
            let why = ctx.w.tf("settings-again-long", &[("max", MAX_MESSAGE.into())]);
            (StatusCode::UNPROCESSABLE_ENTITY, Some(why))
        }
        (true, false) => (StatusCode::CONFLICT, Some(ctx.w.t("settings-again"))),
        (false, false) => (StatusCode::OK, None),
    }
}

/// Days as the page shows them.
pub fn day_views(days: Vec<DayRow>) -> Vec<BeforeAfterDay> {
    days.into_iter().map(|day| BeforeAfterDay { date: day.date, hours: day.hours, places: day.places }).collect()
}

fn preview_view(ctx: &Ctx, preview: Preview) -> axum::response::Response {
    let w = ctx.w;
    let Preview { hall, settings, base, changes, days, rows, decisions, again } = preview;
    let name = w.pick(&hall.name, &hall.name_en).to_owned();
    let mut fields = settings.fields();
    fields.push(("version".to_owned(), base.to_string()));
    let (status, again) = comes_back(ctx, again, decisions.are_too_long(&rows));
    let props = PreviewProps {
        w,
        action: format!("/staff/halls/{}", hall.code),
        name: name.clone(),
        fields,
        changes,
        days: vec![(name, day_views(days))],
        hits: hit_views(ctx, rows, None),
        allowed: &DECISIONS,
        extra: None,
        back: None,
        default: decisions.default.map(|decision| decision.code().to_owned()).unwrap_or_default(),
        message_error: is_too_long(&decisions.message).then(|| too_long(ctx)),
        message: decisions.message,
        again,
    };
    let page = Page::new(ctx, w.t("settings-preview-title")).tab(Tab::StaffHalls).status(status);
    page.back(format!("/staff/halls/{}", hall.code)).render(preview_page(props))
}

/// The versions of a hall's settings.
pub async fn history(ctx: Ctx, Segment(code): Segment) -> Result {
    let (hall, versions): (Hall, Vec<Version>) = settings::history(&ctx, &code).await?;
    let name = ctx.w.pick(&hall.name, &hall.name_en).to_owned();
    let page = Page::new(&ctx, ctx.w.t("settings-history-title")).tab(Tab::StaffHalls).back("/staff/halls");
    let tabs = hall_tabs(ctx.w, &hall.code, "/history");
    let restore = format!("/staff/halls/{}?restore=", hall.code);
    Ok(page.render(history_page(ctx.w, (name, tabs), Some(restore), version_views(&ctx, &versions))))
}

/// Versions as the page shows them.
pub fn version_views(ctx: &Ctx, versions: &[Version]) -> Vec<VersionView> {
    let at = |version: &Version| Timestamp::from_microsecond(version.saved_at).unwrap_or(Timestamp::UNIX_EPOCH);
    versions
        .iter()
        .map(|version| VersionView {
            version: version.version,
            when: date_time(ctx.w.lang, at(version), ctx.now),
            who: version.saved_by.clone(),
            what: summary(ctx, version),
        })
        .collect()
}

/// What others saved meanwhile: who and when, and what.
pub fn meanwhile(ctx: &Ctx, since: &[Version]) -> Vec<(String, Vec<String>)> {
    version_views(ctx, since).into_iter().map(|view| (format!("{} · {}", view.who, view.when), view.what)).collect()
}
