//! The hotline desk.

use crate::{
    http::{Ctx, FormBody, Page, Result},
    patrol::calls,
};
use app::{
    patrol::pages::calls::{self as calls_page, CallsPage},
    people::Action,
    ui::shell::Tab,
};
use axum::http::{HeaderValue, StatusCode, header};
use serde::Deserialize;

pub(super) async fn desk(ctx: Ctx) -> Result {
    ctx.actor()?.require_somewhere(Action::IntakeConfirm)?;
    let page = CallsPage { w: ctx.w, number: String::new(), error: None, rows: None };
    Ok(shown(&ctx, page, StatusCode::OK))
}

/// A number to look up.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct NumberBody {
    number: String,
}

fn shown(ctx: &Ctx, page: CallsPage, status: StatusCode) -> axum::response::Response {
    let answer = Page::new(ctx, ctx.w.t("patrol-calls-title")).tab(Tab::StaffNet).back("/staff/net").status(status);
    let mut response = answer.render(calls_page::desk(page));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}

pub(super) async fn history(ctx: Ctx, FormBody(body): FormBody<NumberBody>) -> Result {
    let w = ctx.w;
    match calls::history(&ctx, &body.number).await {
        Ok(found) => {
            let rows = calls::rows(&ctx, &found);
            let page = CallsPage { w, number: body.number, error: None, rows: Some(rows) };
            Ok(shown(&ctx, page, StatusCode::OK))
        }
        Err(calls::Refused::Invalid(errors)) => {
            let error = errors.into_map().remove("number");
            let page = CallsPage { w, number: body.number, error, rows: None };
            Ok(shown(&ctx, page, StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(calls::Refused::Other(error)) => Err(error),
    }
}
