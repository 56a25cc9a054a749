//! `/staff/bulletins`, and `/bulletins/{id}` for everybody.

use super::{
    api,
    publish::{self, Published},
    service::{self, Form, Refused},
    store::{self, Stored, Texts},
};
use crate::{
    clock,
    http::{Access, Ctx, Error, FormBody, Page, Result, Routes, see_other, see_other_with},
    notices::markdown,
};
use app::{
    bulletins::{
        pages::{
            BulletinRow, EditPage, ListPage, Making, OnePage, PaperPage, Preview, State, edit_page, list_page,
            one_page, paper_page,
        },
        period::Period,
    },
    i18n::Lang,
    people::Action,
    time,
    ui::shell::Tab,
};
use axum::{extract::Path, http::StatusCode, response::Response};
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The routes.
pub fn routes() -> Routes {
    let read = Access::Needs(Action::NetRead);
    let write = Access::Needs(Action::BulletinWrite);
    Routes::new()
        .get("/staff/bulletins", read, list)
        .post("/staff/bulletins", write, make)
        .get("/staff/bulletins/{id}", read, one)
        .post("/staff/bulletins/{id}", write, save)
        .get("/staff/bulletins/{id}/edit", write, edit)
        .get("/staff/bulletins/{id}/print", read, print)
        .post("/staff/bulletins/{id}/figures", write, anew)
        .post("/staff/bulletins/{id}/publish", write, send)
        .post("/staff/bulletins/{id}/reopen", write, reopen)
        .post("/staff/bulletins/{id}/correct", write, correct)
        .post("/staff/bulletins/{id}/discard", write, discard)
        .get("/bulletins/{id}", Access::Public, public)
        .merge(api::routes())
}

/// What the forms send.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Body {
    organisation: String,
    period: String,
    key: String,
    version: String,
    title: String,
    title_en: String,
    body: String,
    body_en: String,
    text: String,
    action: String,
}

impl Body {
    fn version(&self) -> i64 {
        self.version.parse().unwrap_or(0)
    }
}

type Errors = BTreeMap<&'static str, String>;

fn address(id: &str) -> String {
    format!("/staff/bulletins/{id}")
}

/// Organisation and period in words.
fn about(ctx: &Ctx, (name, name_en): (&str, &str), (kind, first): (&str, &str)) -> String {
    let place = ctx.w.pick(name, name_en);
    match first.parse() {
        Ok(first) => format!("{place} · {}", Period::of(kind, first).name(ctx.w)),
        Err(_) => place.to_owned(),
    }
}

async fn list(ctx: Ctx) -> Result {
    show_list(&ctx, Form::default(), Errors::new(), StatusCode::OK).await
}

async fn show_list(ctx: &Ctx, form: Form, errors: Errors, status: StatusCode) -> Result {
    let w = ctx.w;
    let rows = service::list(ctx).await?;
    let places = service::organisations(ctx).await?;
    let making = (!places.is_empty()).then(|| Making {
        place: if form.organisation.is_empty() { places[0].code.clone() } else { form.organisation },
        places: places
            .into_iter()
            .map(|place| {
                let indent = "　".repeat(place.path.matches('/').count().saturating_sub(1));
                let name = w.pick(&place.name, &place.name_en);
                (place.code.clone(), format!("{indent}{name}"))
            })
            .collect(),
        periods: Period::offered(time::day_of(ctx.now))
            .into_iter()
            .map(|period| (period.code(), period.name(w)))
            .collect(),
        period: form.period,
        key: clock::token(),
        errors,
    });
    let rows = rows
        .into_iter()
        .map(|row| BulletinRow {
            href: address(&row.id),
            title: w.pick(&row.title, &row.title_en).to_owned(),
            note: about(ctx, (&row.name, &row.name_en), (&row.kind, &row.first_day)),
            state: row.state(),
        })
        .collect();
    let page = list_page(ListPage { w, rows, making });
    Ok(Page::new(ctx, w.t("bulletins-title")).tab(Tab::StaffNet).back("/staff/net").status(status).render(page))
}

async fn make(ctx: Ctx, FormBody(body): FormBody<Body>) -> Result {
    let form = Form { organisation: body.organisation, period: body.period, key: body.key };
    match service::make(&ctx, &form).await {
        Ok(id) => Ok(see_other_with(&ctx, &address(&id), "flash-bulletins-made")),
        Err(Refused::Invalid(errors)) => {
            show_list(&ctx, form, errors.into_map(), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => Err(other(error)),
    }
}

/// What is no matter of a field.
fn other(refused: Refused) -> Error {
    match refused {
        Refused::Other(error) => error,
        Refused::Stale(_) => Error::Conflict("bulletins-conflict-changed"),
        Refused::Invalid(_) | Refused::Lacking(_) => Error::BadRequest("the form has mistakes".into()),
    }
}

fn counted(ctx: &Ctx, found: &Stored) -> String {
    let at = Timestamp::from_microsecond(found.counted_at).unwrap_or_default();
    ctx.w.tf("bulletins-counted", &[("at", time::date_time(ctx.w.lang, at, ctx.now).into())])
}

fn html(ctx: &Ctx, found: &Stored) -> String {
    let body = ctx.w.pick(&found.body, &found.body_en);
    markdown::render(body, &ctx.w.t("notice-table"), &[])
}

fn title_of(ctx: &Ctx, found: &Stored) -> String {
    ctx.w.pick(&found.title, &found.title_en).to_owned()
}

/// Address and title of a bulletin.
type Other = Option<(String, String)>;

/// The one that it corrects and the one that corrects it, as `folder` leads to them.
async fn others(ctx: &Ctx, found: &Stored, folder: &str) -> Result<(Other, Other)> {
    let db = &ctx.app.db;
    let corrects = match &found.corrects_id {
        Some(id) => store::by_id(db, id).await?,
        None => None,
    };
    // What was taken back is no longer said to everybody.
    let corrects = corrects.filter(|other| folder != "/bulletins" || other.state() == State::Published);
    let corrects = corrects.map(|other| (format!("{folder}/{}", other.id), title_of(ctx, &other)));
    let corrected = store::corrected_by(db, &found.id).await?;
    let corrected =
        corrected.map(|(id, title, title_en)| (format!("{folder}/{id}"), ctx.w.pick(&title, &title_en).to_owned()));
    Ok((corrects, corrected))
}

async fn one(ctx: Ctx, Path(id): Path<String>) -> Result {
    let found = service::one(&ctx, &id).await?;
    show(&ctx, found, None, StatusCode::OK).await
}

async fn show(ctx: &Ctx, found: Stored, problem: Option<String>, status: StatusCode) -> Result {
    let w = ctx.w;
    let (corrects, corrected_by) = others(ctx, &found, "/staff/bulletins").await?;
    let state = found.state();
    let page = OnePage {
        w,
        state,
        version: found.version,
        about: about(ctx, (&found.name, &found.name_en), (&found.kind, &found.first_day)),
        counted: counted(ctx, &found),
        html: html(ctx, &found),
        bulletin: found.bulletin()?,
        may_write: ctx.actor()?.require(Action::BulletinWrite, &found.path).is_ok(),
        notice: found.notice_id.as_ref().filter(|_| state != State::Draft).map(|id| format!("/staff/notices/{id}")),
        corrects,
        corrected_by,
        key: clock::token(),
        problem,
        id: found.id.clone(),
    };
    let title = title_of(ctx, &found);
    Ok(Page::new(ctx, title).tab(Tab::StaffNet).back("/staff/bulletins").status(status).render(one_page(page)))
}

fn show_editor(
    ctx: &Ctx,
    (id, version): (&str, i64),
    texts: Texts,
    preview: Vec<Preview>,
    (errors, stale): (Errors, bool),
    status: StatusCode,
) -> Response {
    let w = ctx.w;
    let page = EditPage {
        w,
        id: id.to_owned(),
        version: version.to_string(),
        texts: [texts.title, texts.title_en, texts.body, texts.body_en],
        errors,
        stale,
        preview,
    };
    Page::new(ctx, w.t("bulletins-edit")).tab(Tab::StaffNet).back(address(id)).status(status).render(edit_page(page))
}

async fn edit(ctx: Ctx, Path(id): Path<String>) -> Result {
    let found = service::for_writing(&ctx, &id).await?;
    if found.state() != State::Draft {
        return Ok(see_other(&address(&id)));
    }
    let texts = Texts { title: found.title, title_en: found.title_en, body: found.body, body_en: found.body_en };
    Ok(show_editor(&ctx, (&id, found.version), texts, Vec::new(), (Errors::new(), false), StatusCode::OK))
}

async fn save(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<Body>) -> Result {
    let version = body.version();
    let texts = Texts { title: body.title, title_en: body.title_en, body: body.body, body_en: body.body_en };
    if body.action == "preview" {
        return preview(&ctx, &id, version, texts).await;
    }
    match service::save(&ctx, &id, version, &texts).await {
        Ok(()) => Ok(see_other_with(&ctx, &address(&id), "flash-bulletins-saved")),
        Err(Refused::Invalid(errors)) => {
            let said = (errors.into_map(), false);
            Ok(show_editor(&ctx, (&id, version), texts, Vec::new(), said, StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(Refused::Stale(now)) => {
            Ok(show_editor(&ctx, (&id, now), texts, Vec::new(), (Errors::new(), true), StatusCode::CONFLICT))
        }
        Err(error) => Err(other(error)),
    }
}

/// The editor with what was typed, and how it would look. Nothing is saved.
async fn preview(ctx: &Ctx, id: &str, version: i64, typed: Texts) -> Result {
    match service::preview(ctx, id, &typed).await {
        Ok(texts) => {
            let look = |lang, title: &str, body: &str| Preview {
                lang,
                title: title.to_owned(),
                html: markdown::render(body, &ctx.w.t("notice-table"), &[]),
            };
            let mut looks = vec![look(Lang::Zh.tag(), &texts.title, &texts.body)];
            if !texts.body_en.is_empty() {
                looks.push(look(Lang::En.tag(), Lang::En.pick(&texts.title, &texts.title_en), &texts.body_en));
            }
            Ok(show_editor(ctx, (id, version), typed, looks, (Errors::new(), false), StatusCode::OK))
        }
        Err(Refused::Invalid(errors)) => {
            let said = (errors.into_map(), false);
            Ok(show_editor(ctx, (id, version), typed, Vec::new(), said, StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(error) => Err(other(error)),
    }
}

async fn anew(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<Body>) -> Result {
    service::anew(&ctx, &id, body.version(), body.text == "1").await.map_err(other)?;
    Ok(see_other_with(&ctx, &address(&id), "flash-bulletins-counted"))
}

async fn send(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<Body>) -> Result {
    match publish::publish(&ctx, &id, body.version()).await {
        Ok(Published::Out) => Ok(see_other_with(&ctx, &address(&id), "flash-bulletins-published")),
        Ok(Published::Asked) => Ok(see_other_with(&ctx, &address(&id), "flash-bulletins-asked")),
        Err(Refused::Lacking(what)) => {
            let found = service::one(&ctx, &id).await?;
            let problem = ctx.w.tf("bulletins-lacking", &[("what", what.into())]);
            show(&ctx, found, Some(problem), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => Err(other(error)),
    }
}

async fn reopen(ctx: Ctx, Path(id): Path<String>) -> Result {
    publish::reopen(&ctx, &id).await?;
    Ok(see_other_with(&ctx, &address(&id), "flash-bulletins-reopened"))
}

async fn correct(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<Body>) -> Result {
    let new = publish::correct(&ctx, &id, &body.key).await?;
    Ok(see_other(&format!("{}/edit", address(&new))))
}

async fn discard(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<Body>) -> Result {
    service::discard(&ctx, &id, body.version()).await.map_err(other)?;
    Ok(see_other_with(&ctx, "/staff/bulletins", "flash-bulletins-discarded"))
}

async fn paper(ctx: &Ctx, found: &Stored, folder: &str) -> Result<PaperPage> {
    let (corrects, corrected_by) = others(ctx, found, folder).await?;
    let staff = folder != "/bulletins";
    Ok(PaperPage {
        w: ctx.w,
        about: about(ctx, (&found.name, &found.name_en), (&found.kind, &found.first_day)),
        counted: counted(ctx, found),
        html: html(ctx, found),
        bulletin: found.bulletin()?,
        draft: found.state() != State::Published,
        printing: staff,
        notice: found.notice_id.as_ref().filter(|_| !staff).map(|id| format!("/notices/{id}")),
        corrects,
        corrected_by,
    })
}

async fn print(ctx: Ctx, Path(id): Path<String>) -> Result {
    let found = service::one(&ctx, &id).await?;
    let page = paper(&ctx, &found, "/staff/bulletins").await?;
    let title = title_of(&ctx, &found);
    Ok(Page::new(&ctx, title).tab(Tab::StaffNet).back(address(&id)).render(paper_page(page)))
}

async fn public(ctx: Ctx, Path(id): Path<String>) -> Result {
    let found = service::published(&ctx, &id).await?;
    let page = paper(&ctx, &found, "/bulletins").await?;
    let title = title_of(&ctx, &found);
    let said = markdown::plain(ctx.w.pick(&found.body, &found.body_en), 100);
    Ok(Page::new(&ctx, title).tab(Tab::Home).back("/notices").description(said).render(paper_page(page)))
}
