//! `/me/email` and the links in letters.

use crate::{
    http::{Ctx, FormBody, Page, Params, Result, see_other_with},
    people::service::email::{self, EmailFormError},
};
use app::{
    people::{
        EmailError,
        pages::{self, EmailProps},
    },
    ui::shell::Tab,
};
use axum::{extract::Path, http::StatusCode};
use serde::Deserialize;

/// `GET /me/email`
pub async fn page(ctx: Ctx) -> Result {
    show(&ctx, String::new(), None, StatusCode::OK).await
}

async fn show(ctx: &Ctx, typed: String, error: Option<String>, status: StatusCode) -> Result {
    let kept = email::kept(ctx).await?;
    let view = pages::email(EmailProps { w: ctx.w, possible: ctx.app.deliver.mails(), kept, typed, error });
    Ok(Page::new(ctx, ctx.w.t("mail-title")).tab(Tab::Me).back("/me").status(status).render(view))
}

#[derive(Deserialize)]
pub struct EmailForm {
    #[serde(default)]
    address: String,
}

/// `POST /me/email`
pub async fn give(ctx: Ctx, FormBody(form): FormBody<EmailForm>) -> Result {
    let w = ctx.w;
    let error = match email::give(&ctx, &form.address).await {
        Ok(()) => return Ok(see_other_with(&ctx, "/me/email", "flash-email-sent")),
        Err(EmailFormError::Address(EmailError::Empty)) => w.t("mail-error-empty"),
        Err(EmailFormError::Address(EmailError::Shape)) => w.t("mail-error-shape"),
        Err(EmailFormError::Limit) => w.t("mail-error-limit"),
        Err(EmailFormError::Other(error)) => return Err(error),
    };
    let typed = form.address.chars().take(300).collect();
    show(&ctx, typed, Some(error), StatusCode::UNPROCESSABLE_ENTITY).await
}

/// `POST /me/email/forget`
pub async fn forget(ctx: Ctx) -> Result {
    email::forget(&ctx).await?;
    Ok(see_other_with(&ctx, "/me/email", "flash-email-forgotten"))
}

/// The token in a letter's link.
#[derive(Deserialize)]
pub struct LinkQuery {
    #[serde(default)]
    t: String,
}

/// `GET /me/email/confirm/{person}`: from the letter. Only looking confirms nothing: mail servers look, too.
pub async fn confirm_page(ctx: Ctx, Path(person): Path<String>, Params(query): Params<LinkQuery>) -> Result {
    let w = ctx.w;
    let page = Page::new(&ctx, w.t("mail-confirm-title")).tab(Tab::Me);
    Ok(match email::to_confirm(&ctx, &person, &query.t).await? {
        Some(masked) => {
            page.render(pages::confirm_email(w, masked, format!("/me/email/confirm/{person}?t={}", query.t)))
        }
        None => page.status(StatusCode::NOT_FOUND).render(pages::old_link(w)),
    })
}

/// `POST /me/email/confirm/{person}`
pub async fn confirm(ctx: Ctx, Path(person): Path<String>, Params(query): Params<LinkQuery>) -> Result {
    let w = ctx.w;
    if email::confirm(&ctx, &person, &query.t).await? {
        return Ok(see_other_with(&ctx, "/me", "flash-email-confirmed"));
    }
    let page = Page::new(&ctx, w.t("mail-confirm-title")).tab(Tab::Me).status(StatusCode::NOT_FOUND);
    Ok(page.render(pages::old_link(w)))
}

/// `GET /mail/stop/{person}`
pub async fn stop_page(ctx: Ctx, Path(person): Path<String>, Params(query): Params<LinkQuery>) -> Result {
    let w = ctx.w;
    let page = Page::new(&ctx, w.t("mail-stop-title"));
    Ok(if email::may_stop(&ctx, &person, &query.t) {
        page.render(pages::stop_mail(w, Some(format!("/mail/stop/{person}?t={}", query.t))))
    } else {
        page.status(StatusCode::NOT_FOUND).render(pages::old_link(w))
    })
}

/// `POST /mail/stop/{person}`: by the page's button, or by the mail program itself (RFC 8058).
pub async fn stop(ctx: Ctx, Path(person): Path<String>, Params(query): Params<LinkQuery>) -> Result {
    email::stop(&ctx, &person, &query.t).await?;
    Ok(Page::new(&ctx, ctx.w.t("mail-stop-title")).render(pages::stop_mail(ctx.w, None)))
}
