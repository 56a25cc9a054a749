//! The editor.

use crate::{
    clock,
    consultations::{
        service::{
            Refused,
            writing::{self, check},
        },
        view,
    },
    http::{Ctx, Error, FormBody, Page, Result, see_other_with},
};
use app::{
    consultations::{
        ConsultationForm,
        pages::{self, Asked, Editor},
    },
    notices::form::{Errors, local},
    ui::shell::Tab,
};
use axum::{extract::Path, http::StatusCode};
use jiff::SignedDuration;

/// A new one is open for so many days unless somebody says otherwise.
const DAYS: i64 = 14;

async fn show(
    ctx: &Ctx,
    id: Option<&str>,
    form: ConsultationForm,
    (errors, preview): (Errors, Option<Asked>),
) -> Result {
    let w = ctx.w;
    let places = writing::places(ctx).await?;
    let places = places.into_iter().map(|place| {
        let indent = "　".repeat(place.path.matches('/').count().saturating_sub(1));
        let name = w.pick(&place.name, &place.name_en);
        (place.code.clone(), format!("{indent}{name}"))
    });
    let (action, back, title) = match id {
        Some(id) => {
            (format!("/staff/consultations/{id}/edit"), format!("/staff/consultations/{id}"), "consultations-edit")
        }
        None => ("/staff/consultations".to_owned(), "/staff/consultations".to_owned(), "consultations-new"),
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = Editor { action, form, errors, places: places.collect(), preview };
    Ok(Page::new(ctx, w.t(title)).tab(Tab::StaffNet).back(back).status(status).render(pages::editor(w, page)))
}

/// `GET /staff/consultations/new`
pub async fn new(ctx: Ctx) -> Result {
    let places = writing::places(&ctx).await?;
    let form = ConsultationForm {
        form_key: clock::token(),
        place: places.first().map(|place| place.code.clone()).unwrap_or_default(),
        kind: "single".to_owned(),
        voice: "household".to_owned(),
        closes_at: local(Some(ctx.now + SignedDuration::from_hours(24 * DAYS))),
        ..ConsultationForm::default()
    };
    show(&ctx, None, form, (Errors::new(), None)).await
}

/// What residents would see of a form; `Err`: what is wrong with it.
async fn preview(ctx: &Ctx, id: Option<&str>, form: ConsultationForm) -> Result {
    match check(ctx, &form).await {
        Ok((wording, place)) => {
            let name = ctx.w.pick(&place.name, &place.name_en).to_owned();
            let asked = view::of_wording(ctx, &wording, name);
            show(ctx, id, form, (Errors::new(), Some(asked))).await
        }
        Err(refused) => refuse(ctx, id, form, refused).await,
    }
}

async fn refuse(ctx: &Ctx, id: Option<&str>, form: ConsultationForm, refused: Refused) -> Result {
    match refused {
        Refused::Invalid(errors) => show(ctx, id, form, (errors, None)).await,
        Refused::Spoken(_) => Err(Error::Conflict("consultations-conflict-changed")),
        Refused::Other(error) => Err(error),
    }
}

/// `POST /staff/consultations`
pub async fn create(ctx: Ctx, FormBody(form): FormBody<ConsultationForm>) -> Result {
    if form.action == "preview" {
        return preview(&ctx, None, form).await;
    }
    match writing::create(&ctx, &form).await {
        Ok(id) => Ok(see_other_with(&ctx, &format!("/staff/consultations/{id}"), "flash-consultations-saved")),
        Err(refused) => refuse(&ctx, None, form, refused).await,
    }
}

/// `GET /staff/consultations/{id}/edit`
pub async fn edit(ctx: Ctx, Path(id): Path<String>) -> Result {
    let consultation = writing::for_writing(&ctx, &id).await?;
    let form = ConsultationForm::of(&consultation.wording(), consultation.place_code.clone(), consultation.version);
    show(&ctx, Some(&id), form, (Errors::new(), None)).await
}

/// `POST /staff/consultations/{id}/edit`
pub async fn save(ctx: Ctx, Path(id): Path<String>, FormBody(form): FormBody<ConsultationForm>) -> Result {
    writing::for_writing(&ctx, &id).await?;
    if form.action == "preview" {
        return preview(&ctx, Some(&id), form).await;
    }
    match writing::save(&ctx, &id, &form).await {
        Ok(()) => Ok(see_other_with(&ctx, &format!("/staff/consultations/{id}"), "flash-consultations-saved")),
        Err(refused) => refuse(&ctx, Some(&id), form, refused).await,
    }
}
