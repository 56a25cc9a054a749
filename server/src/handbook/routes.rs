//! `/staff/handbook`.

use super::{
    api,
    service::{self, Asked, Refused},
    store::Stored,
};
use crate::{
    clock,
    http::{Access, Ctx, Error, FormBody, Page, Params, Result, Routes, see_other_with},
    notices::markdown,
    windows::store::items,
};
use app::{
    handbook::{
        form::{HandbookForm, differences},
        pages::{self, EditorPage, ListPage, OnePage, Row, VersionRow, VersionsPage},
    },
    notices::form::Errors,
    people::Action,
    time,
    ui::shell::Tab,
};
use axum::{extract::Path, http::StatusCode};
use jiff::Timestamp;
use serde::Deserialize;

/// The routes.
pub fn routes() -> Routes {
    let read = Access::Needs(Action::HandbookRead);
    let write = Access::Needs(Action::HandbookWrite);
    Routes::new()
        .get("/staff/handbook", read, list)
        .post("/staff/handbook", write, create)
        .get("/staff/handbook/new", write, new)
        .get("/staff/handbook/{id}", read, one)
        .get("/staff/handbook/{id}/edit", write, edit)
        .post("/staff/handbook/{id}/edit", write, save)
        .get("/staff/handbook/{id}/versions", read, versions)
        .post("/staff/handbook/{id}/reviewed", write, reviewed)
        .post("/staff/handbook/{id}/remove", write, remove)
        .merge(api::routes())
}

/// What the list's address may say.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ListQuery {
    q: String,
    category: String,
    item: String,
    due: String,
}

/// The navigation of who has staff pages, or of who works outside.
fn tab(ctx: &Ctx) -> (Tab, &'static str) {
    match ctx.actor.as_ref().is_some_and(|actor| actor.works_as_staff()) {
        true => (Tab::StaffNet, "/staff/net"),
        false => (Tab::VolunteerTasks, "/volunteer"),
    }
}

fn row(ctx: &Ctx, stored: &Stored) -> Row {
    let entry = stored.entry();
    let contacts: Vec<String> =
        entry.contacts.iter().take(2).map(|contact| format!("{} {}", contact.name, contact.phone)).collect();
    Row {
        id: stored.id.clone(),
        title: entry.title,
        organisation: ctx.w.pick(&stored.organisation, &stored.organisation_en).to_owned(),
        contacts: contacts.join(" · "),
        due: service::due(ctx, stored),
    }
}

async fn list(ctx: Ctx, Params(query): Params<ListQuery>) -> Result {
    let only_due = query.due == "1";
    let asked =
        Asked { query: query.q.clone(), category: query.category.clone(), item: query.item.clone(), due: only_due };
    let (found, due) = service::find(&ctx, &asked).await?;
    let about = match (query.category.as_str(), query.item.as_str()) {
        ("", "") => None,
        (category, item) => {
            let (categories, items) = service::links(&ctx).await?;
            let (name, code, of) =
                if category.is_empty() { ("item", item, items) } else { ("category", category, categories) };
            of.into_iter().find(|(one, _)| one == code).map(|(code, word)| (name, code, word))
        }
    };
    let page = ListPage {
        rows: found.iter().map(|stored| row(&ctx, stored)).collect(),
        query: query.q,
        about,
        only_due,
        due,
        may_write: ctx.actor()?.require_somewhere(Action::HandbookWrite).is_ok(),
    };
    let (tab, back) = tab(&ctx);
    Ok(Page::new(&ctx, ctx.w.t("handbook-title")).tab(tab).back(back).render(pages::list(ctx.w, page)))
}

async fn one(ctx: Ctx, Path(id): Path<String>) -> Result {
    let stored = service::one(&ctx, &id).await?;
    let w = ctx.w;
    let entry = stored.entry();
    let (categories, _) = service::links(&ctx).await?;
    let category = categories.into_iter().find(|(code, _)| *code == entry.category);
    let item = match entry.item.as_str() {
        "" => None,
        code => items::by_code(&ctx.app.db, code).await?,
    };
    let label = w.tf("notice-table-of", &[("title", entry.title.clone().into())]);
    let page = OnePage {
        organisation: w.pick(&stored.organisation, &stored.organisation_en).to_owned(),
        words: entry.words,
        html: markdown::render(&entry.steps, &label, &[]),
        contacts: entry.contacts,
        category: category.map(|(code, name)| (name, format!("/staff/reports?category={code}"))),
        item: item.map(|stored| {
            let name = w.pick(&stored.item.title, &stored.item.title_en).to_owned();
            (name, format!("/services/{}", stored.item.code))
        }),
        reviewed: time::date_long(w.lang, stored.reviewed_on()),
        due: service::due(&ctx, &stored),
        version: stored.version,
        may_write: service::may_write(&ctx, &stored.path),
        id,
    };
    Ok(Page::new(&ctx, entry.title).tab(tab(&ctx).0).back("/staff/handbook").render(pages::one(w, page)))
}

/// The editor of an entry, or of a new one.
async fn show_editor(ctx: &Ctx, id: Option<&str>, form: HandbookForm, errors: Errors) -> Result {
    let w = ctx.w;
    let organisations = service::organisations(ctx).await?;
    let organisations =
        organisations.into_iter().map(|place| (place.code.clone(), w.pick(&place.name, &place.name_en).to_owned()));
    let (categories, items) = service::links(ctx).await?;
    let (action, back, title) = match id {
        Some(id) => (format!("/staff/handbook/{id}/edit"), format!("/staff/handbook/{id}"), "handbook-edit"),
        None => ("/staff/handbook".to_owned(), "/staff/handbook".to_owned(), "handbook-new"),
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = EditorPage { action, form, errors, organisations: organisations.collect(), categories, items };
    Ok(Page::new(ctx, w.t(title)).tab(Tab::StaffNet).back(back).status(status).render(pages::editor(w, page)))
}

async fn new(ctx: Ctx) -> Result {
    let organisation = service::organisations(&ctx).await?.first().map(|place| place.code.clone()).unwrap_or_default();
    let form = HandbookForm { form_key: clock::token(), organisation, ..HandbookForm::default() };
    show_editor(&ctx, None, form, Errors::new()).await
}

async fn create(ctx: Ctx, FormBody(form): FormBody<HandbookForm>) -> Result {
    ctx.actor()?.require_somewhere(Action::HandbookWrite)?;
    match service::create(&ctx, &form).await {
        Ok(id) => Ok(see_other_with(&ctx, &format!("/staff/handbook/{id}"), "flash-handbook-saved")),
        Err(Refused::Invalid(errors)) => show_editor(&ctx, None, form, errors).await,
        Err(Refused::Other(error)) => Err(error),
    }
}

async fn edit(ctx: Ctx, Path(id): Path<String>) -> Result {
    let stored = service::for_writing(&ctx, &id).await?;
    let form = HandbookForm::of(&stored.entry(), stored.organisation_code.clone(), stored.version);
    show_editor(&ctx, Some(&id), form, Errors::new()).await
}

async fn save(ctx: Ctx, Path(id): Path<String>, FormBody(form): FormBody<HandbookForm>) -> Result {
    service::for_writing(&ctx, &id).await?;
    match service::save(&ctx, &id, &form).await {
        Ok(()) => Ok(see_other_with(&ctx, &format!("/staff/handbook/{id}"), "flash-handbook-saved")),
        Err(Refused::Invalid(errors)) => show_editor(&ctx, Some(&id), form, errors).await,
        Err(Refused::Other(error)) => Err(error),
    }
}

/// Which version's changes to show; the newest one without it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct VersionQuery {
    version: String,
}

async fn versions(ctx: Ctx, Path(id): Path<String>, Params(query): Params<VersionQuery>) -> Result {
    let (stored, all, names) = service::versions(&ctx, &id).await?;
    let at = match query.version.as_str() {
        "" => 0,
        text => all.iter().position(|one| one.version.to_string() == text).ok_or(Error::NotFound)?,
    };
    let w = ctx.w;
    let name = |code: &str| names.get(code).cloned().unwrap_or_else(|| code.to_owned());
    let changes = match (all.get(at), all.get(at + 1)) {
        (Some(chosen), Some(before)) => Some(differences(w, &before.form(), &chosen.form(), name)),
        _ => None,
    };
    let rows = all.iter().enumerate().map(|(index, version)| VersionRow {
        version: version.version,
        by: version.name.clone(),
        when: time::date_time(w.lang, Timestamp::from_microsecond(version.saved_at).unwrap_or_default(), ctx.now),
        chosen: index == at,
    });
    let page = VersionsPage { title: stored.entry().title, rows: rows.collect(), changes, id: id.clone() };
    Ok(Page::new(&ctx, w.t("handbook-versions"))
        .tab(tab(&ctx).0)
        .back(format!("/staff/handbook/{id}"))
        .render(pages::versions(w, page)))
}

/// The version that a button was shown for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct VersionBody {
    version: String,
}

async fn reviewed(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<VersionBody>) -> Result {
    service::review(&ctx, &id, body.version.parse().unwrap_or(0)).await?;
    Ok(see_other_with(&ctx, &format!("/staff/handbook/{id}"), "flash-handbook-reviewed"))
}

async fn remove(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<VersionBody>) -> Result {
    service::remove(&ctx, &id, body.version.parse().unwrap_or(0)).await?;
    Ok(see_other_with(&ctx, "/staff/handbook", "flash-handbook-removed"))
}
