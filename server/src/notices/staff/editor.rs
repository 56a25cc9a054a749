//! The pages of the editor, and what its script asks for.

use super::versions;
use crate::{
    clock,
    http::{Ctx, Error, FormBody, Page, Params, Result, see_other, see_other_with},
    notices::{
        review,
        store::{self, Notice},
        view,
        writing::{self, Refused},
    },
    places::{self, Organisation, OrganisationKind},
};
use app::{
    notices::{
        NoticeForm, NoticeKind, NoticeState, Writer, form,
        pages::{self, Changed, Editor, Place, PlaceGroup},
        template,
    },
    people::Action,
    time,
    ui::shell::Tab,
};
use axum::{
    Json,
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};

/// The kind a new notice is to be of.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::notices) struct NewQuery {
    kind: String,
    /// Without the template's words.
    blank: String,
}

/// The kinds to choose from; with one, an editor that is begun for it.
pub(in crate::notices) async fn new(ctx: Ctx, Params(query): Params<NewQuery>) -> Result {
    ctx.actor()?.require_somewhere(Action::NoticeWrite)?;
    let Some(kind) = NoticeKind::from_code(&query.kind) else {
        let title = ctx.w.t("notice-choose-title");
        let page = Page::new(&ctx, title).tab(Tab::StaffNotices).back("/staff/notices");
        return Ok(page.render(pages::choose_kind(ctx.w)));
    };
    let speakers = speakers(&ctx).await?;
    let writer = speakers.first().map(|o| Writer { name: &o.name, name_en: &o.name_en, phone: &o.phone });
    let mut form = match query.blank.is_empty() {
        true => template(kind, ctx.w.lang, writer.unwrap_or_default(), ctx.now),
        false => NoticeForm { kind: kind.code().to_owned(), ..NoticeForm::default() },
    };
    form.form_key = clock::token();
    // What is for certain buildings only is not begun for everybody.
    if let ([only], false) = (&speakers[..], kind == NoticeKind::Outage || !query.blank.is_empty()) {
        form.aims.push(only.code.clone());
    }
    show_editor(&ctx, None, form, Shown::default()).await
}

/// In whose name the reader may write.
async fn speakers(ctx: &Ctx) -> Result<Vec<Organisation>> {
    let mut organisations = Vec::new();
    for grant in ctx.actor()?.grants.iter().filter(|grant| grant.role.may(Action::NoticeWrite)) {
        for kind in [OrganisationKind::District, OrganisationKind::Subdistrict, OrganisationKind::Community] {
            organisations.extend(places::store::under(&ctx.app.db, &grant.path, kind).await?);
        }
    }
    Ok(organisations)
}

/// What the editor shows besides the form.
#[derive(Default)]
struct Shown {
    errors: form::Errors,
    preview: bool,
    stale: Option<Box<Notice>>,
}

/// The editor for a new notice, or for the draft `notice`.
async fn show_editor(ctx: &Ctx, notice: Option<&Notice>, mut form: NoticeForm, shown: Shown) -> Result {
    let w = ctx.w;
    let db = &ctx.app.db;
    let organisations = speakers(ctx).await?;
    if form.organisation.is_empty() {
        form.organisation = organisations.first().map(|o| o.code.clone()).unwrap_or_default();
    }
    let mut groups = vec![PlaceGroup { title: String::new(), places: Vec::new() }];
    for organisation in &organisations {
        let name = w.pick(&organisation.name, &organisation.name_en).to_owned();
        let whole = Some(w.t("notice-place-whole"));
        groups[0].places.push(Place { code: organisation.code.clone(), name: name.clone(), note: whole });
        if organisation.kind != OrganisationKind::Community.code() {
            continue;
        }
        let mut parts = places::store::under(db, &organisation.path, OrganisationKind::Grid).await?;
        parts.extend(places::store::under(db, &organisation.path, OrganisationKind::Building).await?);
        let places = parts
            .into_iter()
            .map(|part| Place {
                code: part.code,
                name: w.pick(&part.name, &part.name_en).to_owned(),
                note: (part.households > 0)
                    .then(|| w.tf("notice-place-households", &[("count", part.households.into())])),
            })
            .collect();
        groups.push(PlaceGroup { title: w.tf("notice-place-parts", &[("name", name.into())]), places });
    }
    let options = organisations.iter().map(|o| (o.code.clone(), w.pick(&o.name, &o.name_en).to_owned())).collect();
    let corrects = match notice.and_then(|notice| notice.corrects_id.as_deref()) {
        Some(id) => store::by_id(db, id).await?.map(|old| Changed {
            href: format!("/notices/{}", old.id),
            title: w.pick(&old.title, &old.title_en).to_owned(),
            at: old.published_at(),
            withdrawal: false,
            direct: true,
        }),
        None => None,
    };
    let preview = match shown.preview.then(|| form.check(w, ctx.now)) {
        Some(Ok(content)) => {
            let source = organisations.iter().find(|o| o.code == form.organisation);
            let names = groups.iter().flat_map(|group| &group.places);
            let names = names.filter(|p| form.aims.contains(&p.code)).map(|p| p.name.clone()).collect::<Vec<_>>();
            let source = source.map(|o| w.pick(&o.name, &o.name_en).to_owned()).unwrap_or_default();
            let pictures = match notice {
                Some(notice) => view::pictures_of(&ctx.app, &notice.id, "").await?,
                None => Vec::new(),
            };
            let mut shown = view::of_content(w, &content, (source, names), &pictures, ctx.now);
            if let Ok(Some(plan)) = form.plan(w) {
                shown.said.splice(0..0, pages::activity_facts(w, &plan, None, ctx.now));
            }
            Some(shown)
        }
        _ => None,
    };
    let status = match (&shown.stale, shown.errors.is_empty()) {
        (Some(_), _) => StatusCode::CONFLICT,
        (None, false) => StatusCode::UNPROCESSABLE_ENTITY,
        (None, true) => StatusCode::OK,
    };
    let (action, back, title) = match notice {
        Some(notice) => {
            (format!("/staff/notices/{}/edit", notice.id), format!("/staff/notices/{}", notice.id), "notice-edit-title")
        }
        None => ("/staff/notices".to_owned(), "/staff/notices".to_owned(), "notice-new"),
    };
    let stale = match shown.stale {
        Some(theirs) => {
            // Saving again is meant for the version just shown.
            form.version = theirs.version.to_string();
            let saved = writing::form_of(ctx, &theirs, &theirs.content()).await?;
            form.attached.clone_from(&saved.attached);
            Some(versions::between(ctx, &saved, &form).await?)
        }
        None => None,
    };
    let reach = match notice {
        Some(notice) => Some(reach_sentence(ctx, &notice.id).await?),
        None => None,
    };
    let returned = match notice {
        Some(notice) => review::returned(ctx, &notice.id).await?,
        None => None,
    };
    let page = Editor {
        action,
        form,
        errors: shown.errors,
        organisations: options,
        places: groups,
        preview,
        stale,
        corrects,
        id: notice.map(|notice| notice.id.clone()),
        reach,
        returned,
    };
    let page = pages::editor(w, ctx.now, page);
    Ok(Page::new(ctx, w.t(title)).tab(Tab::StaffNotices).back(back).status(status).render(page))
}

pub(in crate::notices) async fn create(ctx: Ctx, FormBody(form): FormBody<NoticeForm>) -> Result {
    ctx.actor()?.require_somewhere(Action::NoticeWrite)?;
    if form.action == "preview" {
        return preview(&ctx, None, form).await;
    }
    match writing::create(&ctx, &form).await {
        Ok(id) if writing::saves_itself(&form) => answer_saved(&ctx, &id, None).await,
        Ok(id) => Ok(saved(&ctx, &id, &form.action)),
        Err(refused) => refuse(&ctx, None, form, refused).await,
    }
}

async fn preview(ctx: &Ctx, notice: Option<&Notice>, form: NoticeForm) -> Result {
    let mut errors = form.check(ctx.w, ctx.now).err().unwrap_or_default();
    errors.extend(form.plan(ctx.w).err().unwrap_or_default());
    show_editor(ctx, notice, form, Shown { errors, preview: true, stale: None }).await
}

/// What the script is told after a draft saved itself.
#[derive(Serialize)]
struct Saved<'a> {
    id: &'a str,
    version: i64,
    at: String,
    /// Whom it reaches, when that changed: counting is not for every few seconds.
    reach: Option<String>,
    /// The draft was there already: this form made it before, and what it says now is not saved yet.
    again: bool,
}

async fn answer_saved(ctx: &Ctx, id: &str, aims_before: Option<Vec<String>>) -> Result {
    let notice = writing::for_writing(ctx, id).await?;
    let reach = match aims_before {
        Some(before) if before == aims(ctx, id).await? => None,
        _ => Some(reach_sentence(ctx, id).await?),
    };
    let at = time::time_of_day(ctx.now);
    let again = notice.updated_at().as_microsecond() != ctx.now.as_microsecond();
    Ok(Json(Saved { id, version: notice.version, at, reach, again }).into_response())
}

/// Codes of the places that a draft is aimed at.
async fn aims(ctx: &Ctx, id: &str) -> Result<Vec<String>> {
    Ok(store::aims_of(&ctx.app.db, &[id]).await?.into_iter().map(|aim| aim.code).collect())
}

/// Whom a saved draft reaches: 将送达梧桐社区 3 栋、5 栋，约 412 户，其中 23 人会收到消息.
async fn reach_sentence(ctx: &Ctx, id: &str) -> Result<String> {
    let w = ctx.w;
    let aims = store::aims_of(&ctx.app.db, &[id]).await?;
    if aims.is_empty() {
        return Ok(w.t("notice-audience-none"));
    }
    let names: Vec<&str> = aims.iter().map(|aim| w.pick(&aim.name, &aim.name_en)).collect();
    let reach = store::reach(&ctx.app.db, id).await?;
    Ok(w.tf(
        "notice-audience",
        &[
            ("places", names.join(&w.t("notice-place-comma")).into()),
            ("households", reach.households.into()),
            ("people", reach.people.into()),
        ],
    ))
}

fn saved(ctx: &Ctx, id: &str, action: &str) -> Response {
    match action {
        "next" => see_other(&format!("/staff/notices/{id}")),
        "files" => see_other(&format!("/staff/notices/{id}/files")),
        _ => see_other_with(ctx, &format!("/staff/notices/{id}/edit"), "flash-notice-saved"),
    }
}

async fn refuse(ctx: &Ctx, notice: Option<&Notice>, form: NoticeForm, refused: Refused) -> Result {
    if writing::saves_itself(&form) {
        return match refused {
            Refused::Invalid(errors) => {
                let why = errors.into_values().next().unwrap_or_default();
                Ok(unsaved(StatusCode::UNPROCESSABLE_ENTITY, why))
            }
            Refused::Stale(_) => Ok(unsaved(StatusCode::CONFLICT, ctx.w.t("notice-stale-title"))),
            Refused::Other(Error::Conflict(key)) => Ok(unsaved(StatusCode::CONFLICT, ctx.w.t(key))),
            Refused::Other(error) => Err(error),
        };
    }
    match refused {
        Refused::Invalid(errors) => show_editor(ctx, notice, form, Shown { errors, ..Shown::default() }).await,
        Refused::Stale(theirs) => {
            show_editor(ctx, notice, form, Shown { stale: Some(theirs), ..Shown::default() }).await
        }
        Refused::Other(error) => Err(error),
    }
}

/// Why a draft could not save itself.
fn unsaved(status: StatusCode, detail: String) -> Response {
    (status, Json(serde_json::json!({ "detail": detail }))).into_response()
}

pub(in crate::notices) async fn edit(ctx: Ctx, Path(id): Path<String>) -> Result {
    let notice = writing::for_writing(&ctx, &id).await?;
    if notice.state() != NoticeState::Draft {
        return Ok(see_other(&format!("/staff/notices/{id}")));
    }
    let form = writing::form_of(&ctx, &notice, &notice.content()).await?;
    show_editor(&ctx, Some(&notice), form, Shown::default()).await
}

pub(in crate::notices) async fn save(ctx: Ctx, Path(id): Path<String>, FormBody(form): FormBody<NoticeForm>) -> Result {
    let notice = writing::for_writing(&ctx, &id).await?;
    if form.action == "preview" {
        return preview(&ctx, Some(&notice), form).await;
    }
    let before = aims(&ctx, &id).await?;
    match writing::save(&ctx, &id, &form).await {
        Ok(_) if writing::saves_itself(&form) => answer_saved(&ctx, &id, Some(before)).await,
        Ok(_) => Ok(saved(&ctx, &id, &form.action)),
        Err(refused) => refuse(&ctx, Some(&notice), form, refused).await,
    }
}
