//! `/staff/webhooks`.

use super::{
    api,
    service::{self, Form, Refused},
};
use crate::{
    clock,
    http::{Access, Ctx, FormBody, Page, Result, Routes, see_other_with},
};
use app::{
    people::Action,
    places::{
        pages::webhooks::{self as pages, DeliveryRow, Making, WebhookPage, WebhookRow, WebhooksPage},
        webhook::{Event, events},
    },
    time,
    ui::shell::Tab,
};
use axum::{
    extract::Path,
    http::{HeaderValue, StatusCode, header},
};
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The routes.
pub fn routes() -> Routes {
    let manage = Access::Needs(Action::WebhookManage);
    Routes::new()
        .get("/staff/webhooks", manage, list)
        .post("/staff/webhooks", manage, make)
        .get("/staff/webhooks/{id}", manage, one)
        .post("/staff/webhooks/{id}", manage, change)
        .post("/staff/webhooks/{id}/pause", manage, pause)
        .post("/staff/webhooks/{id}/rotate", manage, rotate)
        .post("/staff/webhooks/{id}/remove", manage, remove)
        .post("/staff/webhooks/{id}/test", manage, test)
        .post("/staff/webhooks/{id}/again", manage, again)
        .get("/api/v1/staff/webhooks", manage, api::list)
        .post("/api/v1/staff/webhooks", manage, api::make)
        .get("/api/v1/staff/webhooks/{id}", manage, api::one)
        .post("/api/v1/staff/webhooks/{id}", manage, api::change)
        .delete("/api/v1/staff/webhooks/{id}", manage, api::remove)
        .post("/api/v1/staff/webhooks/{id}/pause", manage, api::pause)
        .post("/api/v1/staff/webhooks/{id}/rotate", manage, api::rotate)
        .post("/api/v1/staff/webhooks/{id}/test", manage, api::test)
        .get("/api/v1/staff/webhooks/{id}/deliveries", manage, api::deliveries)
        .post("/api/v1/staff/webhooks/{id}/deliveries/{delivery}/again", manage, api::again)
}

/// What the forms send.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Body {
    organisation: String,
    url: String,
    events: Vec<String>,
    key: String,
    version: i64,
    paused: String,
    delivery: String,
}

impl Body {
    fn form(self) -> Form {
        Form { organisation: self.organisation, url: self.url, events: self.events, key: self.key }
    }
}

type Errors = BTreeMap<&'static str, String>;

async fn list(ctx: Ctx) -> Result {
    show_list(&ctx, Form::default(), Errors::new(), StatusCode::OK).await
}

async fn show_list(ctx: &Ctx, form: Form, errors: Errors, status: StatusCode) -> Result {
    let w = ctx.w;
    let rows = service::list(ctx).await?;
    let rows = rows.into_iter().map(|webhook| WebhookRow {
        place: w.pick(&webhook.name, &webhook.name_en).to_owned(),
        events: events(&webhook.events).len(),
        paused: webhook.paused == 1,
        id: webhook.id,
        url: webhook.url,
        dead: webhook.dead,
    });
    let places = service::organisations(ctx).await?;
    let places = places.into_iter().map(|place| {
        let indent = "　".repeat(place.path.matches('/').count().saturating_sub(1));
        let name = w.pick(&place.name, &place.name_en);
        (place.code.clone(), format!("{indent}{name}"))
    });
    let page = WebhooksPage {
        w,
        rows: rows.collect(),
        making: Making {
            places: places.collect(),
            organisation: form.organisation,
            url: form.url,
            events: form.events,
            key: clock::token(),
            errors,
        },
    };
    let page = pages::list(page);
    Ok(Page::new(ctx, w.t("webhook-title")).tab(Tab::StaffToday).back("/staff").status(status).render(page))
}

async fn make(ctx: Ctx, FormBody(body): FormBody<Body>) -> Result {
    let form = body.form();
    match service::make(&ctx, &form).await {
        Ok((id, secret)) => show(&ctx, &id, Some(secret), (Errors::new(), None), StatusCode::CREATED).await,
        Err(Refused::Again) => Ok(see_other_with(&ctx, "/staff/webhooks", "flash-webhook-again")),
        Err(Refused::Invalid(errors)) => {
            show_list(&ctx, form, errors.into_map(), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(Refused::Other(error)) => Err(error),
    }
}

async fn one(ctx: Ctx, Path(id): Path<String>) -> Result {
    show(&ctx, &id, None, (Errors::new(), None), StatusCode::OK).await
}

/// A webhook's page. `secret`: shown this once. With what is wrong with the form, and the form as it was typed.
async fn show(
    ctx: &Ctx,
    id: &str,
    secret: Option<String>,
    (errors, typed): (Errors, Option<Form>),
    status: StatusCode,
) -> Result {
    let w = ctx.w;
    let webhook = service::one(ctx, id).await?;
    let log = service::log(ctx, &webhook).await?;
    let at = |micros: i64| Timestamp::from_microsecond(micros).unwrap_or_default();
    let rows = log.into_iter().map(|row| DeliveryRow {
        event: Event::from_code(&row.event).map_or_else(|| row.event.clone(), |event| w.t(event.key())),
        when: time::date_time(w.lang, at(row.created_at), ctx.now),
        tried: row.tried_at.map(|tried| time::ago(w, at(tried), ctx.now)),
        state: row.state,
        attempts: row.attempts,
        status: row.status,
        millis: row.millis,
        error: row.error,
        id: row.id,
    });
    let rows = rows.collect();
    let (url, chosen) = match typed {
        Some(typed) => (typed.url, typed.events),
        None => {
            (webhook.url.clone(), events(&webhook.events).into_iter().map(|event| event.code().to_owned()).collect())
        }
    };
    let both =
        (webhook.old_until > ctx.now.as_microsecond()).then(|| time::date_time(w.lang, at(webhook.old_until), ctx.now));
    let shown = secret.is_some();
    let page = WebhookPage {
        w,
        id: webhook.id,
        place: w.pick(&webhook.name, &webhook.name_en).to_owned(),
        paused: webhook.paused == 1,
        version: webhook.version,
        secret,
        both,
        url,
        events: chosen,
        errors,
        rows,
    };
    let page = pages::one(page);
    let mut response =
        Page::new(ctx, w.t("webhook-one")).tab(Tab::StaffToday).back("/staff/webhooks").status(status).render(page);
    if shown {
        // It is kept nowhere.
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    }
    Ok(response)
}

fn address(id: &str) -> String {
    format!("/staff/webhooks/{id}")
}

async fn change(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<Body>) -> Result {
    let version = body.version;
    let form = body.form();
    match service::change(&ctx, &id, version, &form).await {
        Ok(()) | Err(Refused::Again) => Ok(see_other_with(&ctx, &address(&id), "flash-webhook-saved")),
        Err(Refused::Invalid(errors)) => {
            let said = (errors.into_map(), Some(form));
            show(&ctx, &id, None, said, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(Refused::Other(error)) => Err(error),
    }
}

async fn pause(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<Body>) -> Result {
    let paused = body.paused == "1";
    service::pause(&ctx, &id, paused).await?;
    let flash = if paused { "flash-webhook-paused" } else { "flash-webhook-resumed" };
    Ok(see_other_with(&ctx, &address(&id), flash))
}

async fn rotate(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<Body>) -> Result {
    let secret = service::rotate(&ctx, &id, body.version).await?;
    show(&ctx, &id, Some(secret), (Errors::new(), None), StatusCode::OK).await
}

async fn remove(ctx: Ctx, Path(id): Path<String>) -> Result {
    service::remove(&ctx, &id).await?;
    Ok(see_other_with(&ctx, "/staff/webhooks", "flash-webhook-removed"))
}

async fn test(ctx: Ctx, Path(id): Path<String>) -> Result {
    service::test(&ctx, &id).await?;
    Ok(see_other_with(&ctx, &address(&id), "flash-webhook-test"))
}

async fn again(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<Body>) -> Result {
    service::again(&ctx, &id, &body.delivery).await?;
    Ok(see_other_with(&ctx, &address(&id), "flash-webhook-again-sent"))
}
