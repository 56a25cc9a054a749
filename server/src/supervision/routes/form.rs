//! The form of a letter, new or a draft.

use super::address;
use crate::{
    clock,
    http::{Ctx, Error, FormBody, Page, Params, Result, see_other_with},
    places,
    supervision::service::draft::{self, Refused},
};
use app::{
    people::Action,
    supervision::{
        form::{Errors, LetterForm},
        letter::Kind,
        pages::{FormPage, form_page},
    },
    ui::shell::Tab,
};
use axum::{extract::Path, http::StatusCode};
use serde::Deserialize;

/// What a link to the form may say: a report that it is about.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct NewQuery {
    report: String,
    addressee: String,
}

/// `GET /staff/supervision/new`
pub async fn new(ctx: Ctx, Params(query): Params<NewQuery>) -> Result {
    ctx.actor()?.require_somewhere(Action::SupervisionOrder)?;
    let form = LetterForm {
        key: clock::token(),
        kind: Kind::Order.code().to_owned(),
        addressee: query.addressee,
        days: "5".to_owned(),
        reports: query.report.chars().filter(|c| !c.is_control()).take(40).collect(),
        ..LetterForm::default()
    };
    show(&ctx, None, form, Errors::new(), StatusCode::OK).await
}

/// The form; for the draft with this id, or a new letter.
async fn show(ctx: &Ctx, id: Option<&str>, form: LetterForm, errors: Errors, status: StatusCode) -> Result {
    let w = ctx.w;
    let issuers = draft::issuers(ctx).await?;
    if issuers.is_empty() {
        return Err(Error::Forbidden);
    }
    let addressees = draft::addressees(ctx, &issuers).await?;
    let named = |place: &places::Organisation| (place.code.clone(), w.pick(&place.name, &place.name_en).to_owned());
    let indented = |place: &places::Organisation| {
        let indent = "　".repeat(place.path.matches('/').count().saturating_sub(2));
        (place.code.clone(), format!("{indent}{}", w.pick(&place.name, &place.name_en)))
    };
    let (action, back, title) = match id {
        Some(id) => (format!("{}/edit", address(id)), address(id), "supervision-do-change"),
        None => ("/staff/supervision".to_owned(), "/staff/supervision".to_owned(), "supervision-new"),
    };
    let page = FormPage {
        w,
        action,
        issuers: issuers.iter().map(named).collect(),
        addressees: addressees.iter().map(indented).collect(),
        form,
        errors,
    };
    Ok(Page::new(ctx, w.t(title)).tab(Tab::StaffNet).back(back).status(status).render(form_page(page)))
}

/// `POST /staff/supervision`
pub async fn make(ctx: Ctx, FormBody(form): FormBody<LetterForm>) -> Result {
    ctx.actor()?.require_somewhere(Action::SupervisionOrder)?;
    match draft::make(&ctx, &form).await {
        Ok(id) => Ok(see_other_with(&ctx, &address(&id), "flash-supervision-made")),
        Err(Refused::Invalid(errors)) => show(&ctx, None, form, errors, StatusCode::UNPROCESSABLE_ENTITY).await,
        Err(Refused::Other(error)) => Err(error),
    }
}

/// `GET /staff/supervision/{id}/edit`
pub async fn edit(ctx: Ctx, Path(id): Path<String>) -> Result {
    let letter = draft::for_changing(&ctx, &id).await?;
    let form = draft::form_of(&ctx, &letter).await?;
    show(&ctx, Some(&letter.id), form, Errors::new(), StatusCode::OK).await
}

/// `POST /staff/supervision/{id}/edit`
pub async fn change(ctx: Ctx, Path(id): Path<String>, FormBody(form): FormBody<LetterForm>) -> Result {
    let letter = draft::for_changing(&ctx, &id).await?;
    match draft::change(&ctx, &letter.id, form.version.parse().unwrap_or(0), &form).await {
        Ok(()) => Ok(see_other_with(&ctx, &address(&letter.id), "flash-supervision-saved")),
        Err(Refused::Invalid(errors)) => {
            show(&ctx, Some(&letter.id), form, errors, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(Refused::Other(error)) => Err(error),
    }
}
