//! The staff's pages of notices.

use super::{
    reading::{page_count, page_number},
    routes::{Asks, query},
    store::{
        self, Notice,
        list::{self, StaffNotice as Stored},
    },
    view,
    writing::{self, Refused, Sent},
};
use crate::{
    clock,
    http::{Ctx, Error, FormBody, Page, Result, see_other, see_other_with},
    places::{self, OrganisationKind},
};
use app::{
    notices::{
        NoticeForm, NoticeKind, NoticeState, form,
        pages::{self, Changed, Editor, Lacking, Place, PlaceGroup, StaffList, StaffNotice, StaffRow},
    },
    people::Action,
    ui::shell::Tab,
};
use axum::{extract::Path, http::StatusCode, response::Response};
use jiff::Timestamp;
use serde::Deserialize;

pub(super) async fn list(ctx: Ctx, asks: Asks) -> Result {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::NoticeRead)?;
    let query = query(asks)?;
    let state = match query.state.as_str() {
        "" => None,
        code => Some(NoticeState::from_code(code).ok_or(Error::BadRequest("no such state".into()))?),
    };
    let page = page_number(&query.page);
    let scopes = actor.scopes(Action::NoticeRead);
    let rows = list::for_staff(&ctx.app.db, &scopes, state, page).await?;
    let counts: Vec<(NoticeState, i64)> = list::staff_counts(&ctx.app.db, &scopes)
        .await?
        .into_iter()
        .filter_map(|(code, count)| NoticeState::from_code(&code).map(|state| (state, count)))
        .collect();
    let matching = counts.iter().filter(|(s, _)| state.is_none_or(|state| state == *s)).map(|(_, count)| count).sum();
    let shown = StaffList {
        rows: rows.into_iter().map(|row| staff_row(&ctx, row)).collect(),
        state,
        counts,
        page,
        pages: page_count(matching),
        may_write: !actor.scopes(Action::NoticeWrite).is_empty(),
    };
    let (w, now) = (ctx.w, ctx.now);
    Ok(Page::new(&ctx, w.t("notices-staff-title")).tab(Tab::StaffNotices).render(pages::staff_list(w, now, shown)))
}

fn staff_row(ctx: &Ctx, row: Stored) -> StaffRow {
    let w = ctx.w;
    StaffRow {
        kind: NoticeKind::from_code(&row.kind).unwrap_or(NoticeKind::Service),
        state: NoticeState::from_code(&row.state).unwrap_or(NoticeState::Draft),
        expired: row.expires_at.is_some_and(|end| end <= ctx.now.as_microsecond()),
        corrected: row.corrections > 0,
        title: w.pick(&row.title, &row.title_en).to_owned(),
        source: w.pick(&row.source, &row.source_en).to_owned(),
        author: row.author,
        at: Timestamp::from_microsecond(row.at).unwrap_or(Timestamp::UNIX_EPOCH),
        id: row.id,
    }
}

pub(super) async fn new(ctx: Ctx) -> Result {
    ctx.actor()?.require_somewhere(Action::NoticeWrite)?;
    let form =
        NoticeForm { form_key: clock::token(), kind: NoticeKind::Service.code().to_owned(), ..NoticeForm::default() };
    show_editor(&ctx, None, form, Shown::default()).await
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
    let actor = ctx.actor()?;
    let db = &ctx.app.db;
    let mut organisations = Vec::new();
    for grant in actor.grants.iter().filter(|grant| grant.role.may(Action::NoticeWrite)) {
        for kind in [OrganisationKind::District, OrganisationKind::Subdistrict, OrganisationKind::Community] {
            organisations.extend(places::store::under(db, &grant.path, kind).await?);
        }
    }
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
        }),
        None => None,
    };
    let preview = match shown.preview.then(|| form.check(w, ctx.now)) {
        Some(Ok(content)) => {
            let source = organisations.iter().find(|o| o.code == form.organisation);
            let names = groups.iter().flat_map(|group| &group.places);
            let names = names.filter(|p| form.aims.contains(&p.code)).map(|p| p.name.clone()).collect::<Vec<_>>();
            let source = source.map(|o| w.pick(&o.name, &o.name_en).to_owned()).unwrap_or_default();
            Some(view::of_content(w, &content, source, names, ctx.now))
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
    let stale = shown.stale.map(|theirs| {
        // Saving again is meant for the version just shown.
        form.version = theirs.version.to_string();
        (theirs.title, theirs.body)
    });
    let page =
        Editor { action, form, errors: shown.errors, organisations: options, places: groups, preview, stale, corrects };
    let page = pages::editor(w, ctx.now, page);
    Ok(Page::new(ctx, w.t(title)).tab(Tab::StaffNotices).back(back).status(status).islands().render(page))
}

pub(super) async fn create(ctx: Ctx, FormBody(form): FormBody<NoticeForm>) -> Result {
    ctx.actor()?.require_somewhere(Action::NoticeWrite)?;
    if form.action == "preview" {
        return preview(&ctx, None, form).await;
    }
    match writing::create(&ctx, &form).await {
        Ok(id) => Ok(saved(&ctx, &id, &form.action)),
        Err(refused) => refuse(&ctx, None, form, refused).await,
    }
}

async fn preview(ctx: &Ctx, notice: Option<&Notice>, form: NoticeForm) -> Result {
    let errors = form.check(ctx.w, ctx.now).err().unwrap_or_default();
    show_editor(ctx, notice, form, Shown { errors, preview: true, stale: None }).await
}

fn saved(ctx: &Ctx, id: &str, action: &str) -> Response {
    match action {
        "next" => see_other(&format!("/staff/notices/{id}")),
        _ => see_other_with(ctx, &format!("/staff/notices/{id}/edit"), "flash-notice-saved"),
    }
}

async fn refuse(ctx: &Ctx, notice: Option<&Notice>, form: NoticeForm, refused: Refused) -> Result {
    match refused {
        Refused::Invalid(errors) => show_editor(ctx, notice, form, Shown { errors, ..Shown::default() }).await,
        Refused::Stale(theirs) => {
            show_editor(ctx, notice, form, Shown { stale: Some(theirs), ..Shown::default() }).await
        }
        Refused::Other(error) => Err(error),
    }
}

pub(super) async fn edit(ctx: Ctx, Path(id): Path<String>) -> Result {
    let notice = writing::for_writing(&ctx, &id).await?;
    if notice.state() != NoticeState::Draft {
        return Ok(see_other(&format!("/staff/notices/{id}")));
    }
    let aims = store::aims_of(&ctx.app.db, &[&id]).await?.into_iter().map(|aim| aim.code).collect();
    let organisation = places::store::by_id(&ctx.app.db, &notice.organisation_id).await?.map(|o| o.code);
    let form = NoticeForm::of(&notice.content(), aims, organisation.unwrap_or_default(), notice.version);
    show_editor(&ctx, Some(&notice), form, Shown::default()).await
}

pub(super) async fn save(ctx: Ctx, Path(id): Path<String>, FormBody(form): FormBody<NoticeForm>) -> Result {
    let notice = writing::for_writing(&ctx, &id).await?;
    if form.action == "preview" {
        return preview(&ctx, Some(&notice), form).await;
    }
    match writing::save(&ctx, &id, &form).await {
        Ok(()) => Ok(saved(&ctx, &id, &form.action)),
        Err(refused) => refuse(&ctx, Some(&notice), form, refused).await,
    }
}

pub(super) async fn one(ctx: Ctx, Path(id): Path<String>) -> Result {
    let notice = writing::for_reading(&ctx, &id).await?;
    show_notice(&ctx, notice, None, StatusCode::OK).await
}

async fn show_notice(ctx: &Ctx, notice: Notice, withdrawal: Option<(String, String)>, status: StatusCode) -> Result {
    let (w, now) = (ctx.w, ctx.now);
    let actor = ctx.actor()?;
    let aims = store::aims_of(&ctx.app.db, &[&notice.id]).await?;
    let may_write = actor.require(Action::NoticeWrite, &notice.source_path).is_ok()
        && aims.iter().all(|aim| actor.require(Action::NoticeWrite, &aim.path).is_ok());
    let missing = match notice.state() {
        NoticeState::Draft => notice.content().missing(aims.len(), now),
        _ => Vec::new(),
    };
    let view = view::of_notice(&ctx.app, w, &notice, now).await?;
    let reach = store::reach(&ctx.app.db, &notice.id).await?;
    let shown = StaffNotice {
        id: notice.id.clone(),
        state: notice.state(),
        expired: notice.is_expired(now),
        corrected: view.changed_by.iter().any(|change| !change.withdrawal),
        version: notice.version,
        may_write,
        is_withdrawal: notice.is_withdrawal(),
        publish_at: notice.publish_at(),
        expires_at: notice.expires_at(),
        reach: (reach.households, reach.people),
        lacking: missing.into_iter().map(|m| Lacking { text: w.t(m.key()), field: m.field() }).collect(),
        view,
        form_key: clock::token(),
        withdrawal,
    };
    Ok(Page::new(ctx, w.pick(&notice.title, &notice.title_en))
        .tab(Tab::StaffNotices)
        .back("/staff/notices")
        .status(status)
        .render(pages::staff_notice(w, now, shown)))
}

/// The form of the button that publishes.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PublishForm {
    version: String,
}

pub(super) async fn publish(ctx: Ctx, Path(id): Path<String>, FormBody(form): FormBody<PublishForm>) -> Result {
    let sent = writing::publish(&ctx, &id, &form.version).await?;
    let here = format!("/staff/notices/{id}");
    match sent {
        Sent::Out => Ok(see_other_with(&ctx, &here, "flash-notice-published")),
        Sent::Scheduled => Ok(see_other_with(&ctx, &here, "flash-notice-scheduled")),
        Sent::Lacking(_) => {
            let notice = writing::for_writing(&ctx, &id).await?;
            show_notice(&ctx, notice, None, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

pub(super) async fn unschedule(ctx: Ctx, Path(id): Path<String>) -> Result {
    writing::unschedule(&ctx, &id).await?;
    Ok(see_other_with(&ctx, &format!("/staff/notices/{id}"), "flash-notice-unscheduled"))
}

pub(super) async fn discard(ctx: Ctx, Path(id): Path<String>) -> Result {
    writing::discard(&ctx, &id).await?;
    Ok(see_other_with(&ctx, "/staff/notices", "flash-notice-discarded"))
}

/// The form of the button that begins a correction.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CorrectForm {
    form_key: String,
}

pub(super) async fn correct(ctx: Ctx, Path(id): Path<String>, FormBody(form): FormBody<CorrectForm>) -> Result {
    let draft = writing::correct(&ctx, &id, &form.form_key).await?;
    Ok(see_other(&format!("/staff/notices/{draft}/edit")))
}

/// The form that takes a notice back.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WithdrawForm {
    reason: String,
}

pub(super) async fn withdraw(ctx: Ctx, Path(id): Path<String>, FormBody(form): FormBody<WithdrawForm>) -> Result {
    match writing::withdraw(&ctx, &id, &form.reason).await {
        Ok(_) => Ok(see_other_with(&ctx, &format!("/staff/notices/{id}"), "flash-notice-withdrawn")),
        Err(Refused::Invalid(errors)) => {
            let notice = writing::for_writing(&ctx, &id).await?;
            let text = errors.into_values().next().unwrap_or_default();
            show_notice(&ctx, notice, Some((form.reason, text)), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(Refused::Other(error)) => Err(error),
        Err(Refused::Stale(_)) => Err(Error::Conflict("notice-conflict-changed")),
    }
}
