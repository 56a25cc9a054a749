//! `/staff/items`: service items.

use super::{
    super::views::{Fields, Segment},
    settings::{comes_back, form_of, hit_views, meanwhile, too_long, version_views},
};
use crate::{
    http::{Ctx, FormBody, Page, Result, see_other_with},
    windows::{
        service::managers::{
            AtHall, halls_for,
            items::{self, Edit, Listed, Outcome, Preview},
            preview::is_too_long,
        },
        store::settings::Version,
    },
};
use app::{
    people::Action,
    ui::shell::Tab,
    windows::{
        MAX_QUERY, ServiceItem,
        item_form::{arrange, blank, item_fields, proposed, read_item, settle_codes},
        pages::managers::{
            history::history_page,
            item_editor::{ItemEditorProps, action, item_editor_page},
            items::{
                ItemListProps, ItemPageProps, ItemRow, ResidentView, item_list_page, item_page, item_tabs,
                resident_view,
            },
            preview::{DECISIONS, HitView, KEEP_OR_CANCEL, PreviewProps, preview_page},
        },
        search,
        settings::{FormErrors, Hit},
    },
};
use axum::{http::StatusCode, response::Response};
use std::{collections::BTreeMap, sync::Arc};

type Form = Vec<(String, String)>;
type Names = BTreeMap<String, (String, String)>;

fn may_edit(ctx: &Ctx) -> Result<bool> {
    Ok(ctx.actor()?.require_somewhere(Action::ItemManage).is_ok())
}

/// Halls with the numbers of the windows there: code, name, numbers in words.
fn places(ctx: &Ctx, listed: &Listed, names: &Names) -> Vec<(String, String, String)> {
    let mut by_hall: Vec<(String, Vec<String>)> = Vec::new();
    for (hall, number) in &listed.places {
        match by_hall.iter_mut().find(|(code, _)| code == hall) {
            Some((_, numbers)) => numbers.push(number.to_string()),
            None => by_hall.push((hall.clone(), vec![number.to_string()])),
        }
    }
    let in_words = |(code, numbers): (String, Vec<String>)| {
        let name = names.get(&code).map_or_else(|| code.clone(), |(zh, en)| ctx.w.pick(zh, en).to_owned());
        let numbers = ctx.w.tf("item-windows", &[("numbers", numbers.join(&ctx.w.t("item-windows-and")).into())]);
        (code, name, numbers)
    };
    by_hall.into_iter().map(in_words).collect()
}

/// The list, with a search.
pub async fn list(ctx: Ctx, fields: Fields) -> Result {
    let (all, names) = items::list(&ctx).await?;
    let retired = fields.get("state") == Some("retired");
    let query: String = fields.get("q").unwrap_or_default().trim().chars().take(MAX_QUERY).collect();
    let count = |retired: bool| all.iter().filter(|listed| listed.stored.retired == retired).count();
    let counts = (i64::try_from(count(false)).unwrap_or(0), i64::try_from(count(true)).unwrap_or(0));
    let shown = all.iter().filter(|listed| listed.stored.retired == retired).map(|listed| &*listed.stored.item);
    let found: Vec<&ServiceItem> = search(shown, &query);
    let rows = found
        .iter()
        .filter_map(|item| all.iter().find(|listed| listed.stored.item.code == item.code))
        .map(|listed| ItemRow {
            item: (*listed.stored.item).clone(),
            places: places(&ctx, listed, &names)
                .into_iter()
                .map(|(_, name, numbers)| format!("{name} {numbers}"))
                .collect::<Vec<_>>()
                .join("; "),
            suggested: listed.measured.map(|measured| measured.suggested()),
        })
        .collect();
    let props = ItemListProps { w: ctx.w, query, retired, counts, rows, may_edit: may_edit(&ctx)? };
    let page = Page::new(&ctx, ctx.w.t("item-list-title")).tab(Tab::StaffHalls).back(super::home(&ctx));
    Ok(page.render(item_list_page(props)))
}

/// One item, as residents see it.
pub async fn look(ctx: Ctx, Segment(code): Segment, fields: Fields) -> Result {
    let (listed, version, names) = items::look(&ctx, &code).await?;
    let managed = match ctx.actor()?.require_somewhere(Action::HallManage) {
        Ok(()) => halls_for(&ctx, Action::HallManage).await?,
        Err(_) => Vec::new(),
    };
    let places = places(&ctx, &listed, &names)
        .into_iter()
        .map(|(hall, name, numbers)| {
            let href = managed.iter().any(|managed| managed.code == hall).then(|| format!("/staff/halls/{hall}"));
            (name, numbers, href)
        })
        .collect();
    let item = Arc::unwrap_or_clone(listed.stored.item);
    let title = ctx.w.pick(&item.title, &item.title_en).to_owned();
    let props = ItemPageProps {
        w: ctx.w,
        item,
        retired: listed.stored.retired,
        version,
        fields: fields.0,
        places,
        measured: listed.measured.map(|measured| (measured.minutes(), measured.served, measured.suggested())),
        may_edit: may_edit(&ctx)?,
    };
    Ok(Page::new(&ctx, title).tab(Tab::StaffHalls).back("/staff/items").render(item_page(props)))
}

/// An empty form.
pub async fn new(ctx: Ctx) -> Result {
    let edit = items::edit(&ctx, None).await?;
    let mut fields = item_fields(&blank());
    for button in ["qu-add", "qu-add", "ma-add", "ma-add", "ma-add"] {
        arrange(&mut fields, button);
    }
    show(&ctx, edit, (fields, FormErrors::new()), &[], StatusCode::OK)
}

/// An item's form; `restore` fills it with an older version, `minutes` with a suggestion.
pub async fn edit(ctx: Ctx, Segment(code): Segment, address: Fields) -> Result {
    let edit = items::edit(&ctx, Some(&code)).await?;
    let mut fields = match address.get("restore").and_then(|text| text.parse().ok()) {
        Some(version) => items::restore(&ctx, &code, version).await?,
        None => edit.stored.as_ref().map(|stored| item_fields(&stored.item)).unwrap_or_default(),
    };
    if let Some(minutes) = address.get("minutes").and_then(|text| text.parse::<i64>().ok()) {
        fields.retain(|(name, _)| name != "minutes");
        fields.push(("minutes".to_owned(), minutes.to_string()));
    }
    show(&ctx, edit, (fields, FormErrors::new()), &[], StatusCode::OK)
}

/// The form of a new item.
pub async fn create(ctx: Ctx, FormBody(fields): FormBody<Form>) -> Result {
    submitted(&ctx, None, fields).await
}

/// The form of an item.
pub async fn submit(ctx: Ctx, Segment(code): Segment, FormBody(fields): FormBody<Form>) -> Result {
    submitted(&ctx, Some(&code), fields).await
}

async fn submitted(ctx: &Ctx, code: Option<&str>, mut fields: Form) -> Result {
    let button = fields.iter().find(|(name, _)| name == "do").map(|(_, value)| value.clone());
    fields.retain(|(name, _)| name != "do");
    if let Some(button) = button {
        let edit = items::edit(ctx, code).await?;
        if button == "initials" {
            add_initials(ctx, &mut fields);
        } else {
            arrange(&mut fields, &button);
        }
        return again(ctx, edit, fields);
    }
    if fields.iter().any(|(name, _)| name == "edit") {
        let edit = items::edit(ctx, code).await?;
        return again(ctx, edit, form_of(fields));
    }
    let outcome = items::submit(ctx, code, &mut fields).await?;
    answer(ctx, outcome, fields)
}

/// The form with what was typed, made from the version that it says.
fn again(ctx: &Ctx, mut edit: Edit, fields: Form) -> Result {
    let said = fields.iter().find(|(name, _)| name == "version").and_then(|(_, text)| text.parse().ok());
    edit.version = said.unwrap_or(edit.version);
    show(ctx, edit, (fields, FormErrors::new()), &[], StatusCode::OK)
}

/// Puts the proposed pinyin initials behind the keywords.
fn add_initials(ctx: &Ctx, fields: &mut Form) {
    let (item, _) = read_item(fields, Some(""), ctx.w);
    let words = item.keywords.iter().cloned().chain(proposed(&item)).collect::<Vec<_>>();
    fields.retain(|(name, _)| name != "keywords");
    fields.push(("keywords".to_owned(), app::windows::item_form::keywords_text(&words)));
}

/// An item is no longer offered, or offered again.
pub async fn retire(ctx: Ctx, Segment(code): Segment, FormBody(fields): FormBody<Form>) -> Result {
    let outcome = items::retire(&ctx, &code, &fields).await?;
    if let Outcome::Conflict(..) = outcome {
        // The page shows what it is now; nothing was typed that could be lost.
        let mut page = look(ctx, Segment(code), Fields::default()).await?;
        *page.status_mut() = StatusCode::CONFLICT;
        return Ok(page);
    }
    answer(&ctx, outcome, fields)
}

fn answer(ctx: &Ctx, outcome: Outcome, fields: Form) -> Result {
    match outcome {
        Outcome::Saved(code) => Ok(see_other_with(ctx, &format!("/staff/items/{code}"), "flash-settings-saved")),
        Outcome::Same(code) => Ok(see_other_with(ctx, &format!("/staff/items/{code}"), "flash-settings-same")),
        Outcome::Invalid(edit, errors) => show(ctx, *edit, (fields, errors), &[], StatusCode::UNPROCESSABLE_ENTITY),
        Outcome::Conflict(edit, since) => {
            show(ctx, *edit, (form_of(fields), FormErrors::new()), &since, StatusCode::CONFLICT)
        }
        Outcome::Preview(preview) => Ok(preview_view(ctx, *preview, fields)),
    }
}

fn show(
    ctx: &Ctx,
    edit: Edit,
    (mut fields, errors): (Form, FormErrors),
    since: &[Version],
    status: StatusCode,
) -> Result {
    settle_codes(&mut fields, &edit.used);
    let w = ctx.w;
    let (typed, _) = read_item(&fields, Some(""), w);
    let stored = edit.stored.as_ref().map(|stored| &stored.item);
    let title = w.t(if stored.is_some() { "item-edit-title" } else { "item-new" });
    let back = stored.map_or_else(|| "/staff/items".to_owned(), |item| format!("/staff/items/{}", item.code));
    let props = ItemEditorProps {
        w,
        code: stored.map(|item| item.code.clone()),
        name: stored.map(|item| w.pick(&item.title, &item.title_en).to_owned()).unwrap_or_default(),
        fields,
        version: edit.version,
        errors,
        meanwhile: meanwhile(ctx, since),
        proposed: proposed(&typed),
    };
    let page = Page::new(ctx, title).tab(Tab::StaffHalls).back(back).status(status);
    Ok(page.render(item_editor_page(props)))
}

/// Rows of hits of several halls as the page shows them.
pub fn hits_of(ctx: &Ctx, hit: Vec<AtHall>) -> Vec<HitView> {
    hit.into_iter()
        .flat_map(|at| {
            let name = ctx.w.pick(&at.hall.name, &at.hall.name_en).to_owned();
            hit_views(ctx, at.rows, Some(&name))
        })
        .collect()
}

fn preview_view(ctx: &Ctx, preview: Preview, fields: Form) -> Response {
    let w = ctx.w;
    let Preview { code, new, base, changes, hit, decisions, again } = preview;
    let retires = fields.iter().any(|(name, _)| name == "retired");
    let mut carried =
        if retires { vec![("retired".to_owned(), i64::from(new.retired).to_string())] } else { item_fields(&new.item) };
    carried.push(("version".to_owned(), base.to_string()));
    let name = w.pick(&new.item.title, &new.item.title_en).to_owned();
    let address = match &code {
        Some(code) if retires => format!("/staff/items/{code}/retire"),
        code => action(code.as_deref()),
    };
    let long = decisions.are_too_long(hit.iter().flat_map(|at| &at.rows));
    let (status, again) = comes_back(ctx, again, long);
    let hits = hits_of(ctx, hit);
    let allowed: &'static [_] =
        if hits.iter().any(|hit| hit.hit == Hit::Retired) { &KEEP_OR_CANCEL } else { &DECISIONS };
    let extra = (!retires).then(|| {
        let seen =
            ResidentView { item: new.item.clone(), fields, form: ("post", address.clone()), carried: carried.clone() };
        resident_view(w, seen)
    });
    let props = PreviewProps {
        w,
        action: address,
        name,
        fields: carried,
        changes,
        days: Vec::new(),
        hits,
        default: decisions.default.map(|decision| decision.code().to_owned()).unwrap_or_default(),
        message_error: is_too_long(&decisions.message).then(|| too_long(ctx)),
        message: decisions.message,
        again,
        allowed,
        extra,
        back: code.filter(|_| retires).map(|code| format!("/staff/items/{code}")),
    };
    let page = Page::new(ctx, w.t("settings-preview-title")).tab(Tab::StaffHalls).status(status);
    page.back("/staff/items").render(preview_page(props))
}

/// The versions of an item.
pub async fn history(ctx: Ctx, Segment(code): Segment) -> Result {
    let (stored, versions) = items::history(&ctx, &code).await?;
    let name = ctx.w.pick(&stored.item.title, &stored.item.title_en).to_owned();
    let edits = may_edit(&ctx)?;
    let tabs = item_tabs(ctx.w, &code, edits, "/history");
    let restore = edits.then(|| format!("/staff/items/{code}/edit?restore="));
    let page = Page::new(&ctx, ctx.w.t("settings-history-title")).tab(Tab::StaffHalls);
    let views = version_views(&ctx, &versions);
    Ok(page.back(format!("/staff/items/{code}")).render(history_page(ctx.w, (name, tabs), restore, views)))
}
