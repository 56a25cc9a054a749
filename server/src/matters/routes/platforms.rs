//! `/staff/matters/platforms`.

use crate::{
    clock,
    http::{Ctx, FormBody, Page, Result, see_other_with},
    matters::{
        outside,
        service::{self, PlatformForm, Refused},
        store::instant,
    },
    webhooks,
};
use app::{
    matters::{
        kind::PlatformWay,
        life::Step,
        pages::{self, Making, MessageRow, PlatformPage, PlatformRow, PlatformsPage},
    },
    time,
    ui::shell::Tab,
};
use axum::{
    extract::Path,
    http::{HeaderValue, StatusCode, header},
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// What the forms send.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Body {
    organisation: String,
    name: String,
    way: String,
    url: String,
    api_key: String,
    service: String,
    jurisdiction: String,
    key: String,
    version: i64,
    paused: String,
    message: String,
}

impl Body {
    fn form(self) -> PlatformForm {
        PlatformForm {
            organisation: self.organisation,
            name: self.name,
            way: self.way,
            url: self.url,
            api_key: self.api_key,
            service: self.service,
            jurisdiction: self.jurisdiction,
            key: self.key,
        }
    }
}

type Errors = BTreeMap<&'static str, String>;

/// The form with what was typed; a key is not shown again.
fn making(form: PlatformForm, errors: Errors) -> Making {
    Making {
        places: Vec::new(),
        organisation: form.organisation,
        name: form.name,
        way: form.way,
        url: form.url,
        api_key: String::new(),
        service: form.service,
        jurisdiction: form.jurisdiction,
        key: clock::token(),
        errors,
    }
}

/// The list.
pub async fn list(ctx: Ctx) -> Result {
    let form = PlatformForm { way: PlatformWay::Webhook.code().to_owned(), ..PlatformForm::default() };
    show_list(&ctx, form, Errors::new(), StatusCode::OK).await
}

async fn show_list(ctx: &Ctx, form: PlatformForm, errors: Errors, status: StatusCode) -> Result {
    let w = ctx.w;
    let rows = service::platforms(ctx).await?.into_iter().map(|platform| PlatformRow {
        note: format!("{} · {}", w.pick(&platform.place, &platform.place_en), w.t(platform.way().key())),
        paused: platform.paused == 1,
        id: platform.id,
        name: platform.name,
        dead: platform.dead,
    });
    let rows = rows.collect();
    let places = webhooks::organisations(ctx).await?;
    let places = places.into_iter().map(|place| {
        let indent = "　".repeat(place.path.matches('/').count().saturating_sub(1));
        (place.code.clone(), format!("{indent}{}", w.pick(&place.name, &place.name_en)))
    });
    let making = Making { places: places.collect(), ..making(form, errors) };
    let page = pages::platforms(PlatformsPage { w, rows, making });
    Ok(Page::new(ctx, w.t("matters-platforms")).tab(Tab::StaffNet).back("/staff/matters").status(status).render(page))
}

/// `POST`: a new one. Its page shows its secrets, this once.
pub async fn make(ctx: Ctx, FormBody(body): FormBody<Body>) -> Result {
    let form = body.form();
    match service::make(&ctx, &form).await {
        Ok((id, secrets)) => show(&ctx, &id, Some(secrets), (None, Errors::new()), StatusCode::CREATED).await,
        Err(Refused::Again(_)) => Ok(see_other_with(&ctx, "/staff/matters/platforms", "flash-matter-platform-again")),
        Err(Refused::Invalid(errors)) => {
            show_list(&ctx, form, errors.into_map(), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(Refused::Other(error)) => Err(error),
    }
}

/// One platform.
pub async fn one(ctx: Ctx, Path(id): Path<String>) -> Result {
    show(&ctx, &id, None, (None, Errors::new()), StatusCode::OK).await
}

async fn show(
    ctx: &Ctx,
    id: &str,
    secrets: Option<(String, String)>,
    (typed, errors): (Option<PlatformForm>, Errors),
    status: StatusCode,
) -> Result {
    let w = ctx.w;
    let platform = service::platform(ctx, id).await?;
    let rows = service::log(ctx, &platform).await?.into_iter().map(|row| MessageRow {
        what: Step::from_code(&row.step).map_or_else(|| w.t("matters-done-sent"), |step| w.t(step.done_key())),
        when: time::date_time(w.lang, instant(row.created_at), ctx.now),
        tried: match row.tried_at {
            Some(at) => {
                let ago = time::ago(w, instant(at), ctx.now);
                w.tf("matters-message-tried", &[("count", row.attempts.into()), ("when", ago.into())])
            }
            None => w.t("matters-message-untried"),
        },
        id: row.id,
        number: row.number,
        state: row.state,
        status: row.status,
        error: row.error,
    });
    let rows = rows.collect();
    let typed = typed.unwrap_or_else(|| PlatformForm {
        name: platform.name.clone(),
        url: platform.url.clone(),
        service: platform.service.clone(),
        jurisdiction: platform.jurisdiction.clone(),
        ..PlatformForm::default()
    });
    let shown = secrets.is_some();
    let page = PlatformPage {
        w,
        way: platform.way(),
        place: w.pick(&platform.place, &platform.place_en).to_owned(),
        paused: platform.paused == 1,
        version: platform.version,
        secrets,
        address: outside::address(&ctx.app, &platform.id),
        making: making(typed, errors),
        rows,
        id: platform.id,
    };
    let mut response = Page::new(ctx, platform.name)
        .tab(Tab::StaffNet)
        .back("/staff/matters/platforms")
        .status(status)
        .render(pages::platform(page));
    if shown {
        // They are kept nowhere that shows them.
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    }
    Ok(response)
}

fn address(id: &str) -> String {
    format!("/staff/matters/platforms/{id}")
}

/// `POST`: other settings.
pub async fn change(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<Body>) -> Result {
    let version = body.version;
    let form = body.form();
    match service::change(&ctx, &id, version, &form).await {
        Ok(()) | Err(Refused::Again(_)) => Ok(see_other_with(&ctx, &address(&id), "flash-matter-platform-saved")),
        Err(Refused::Invalid(errors)) => {
            let said = (Some(form), errors.into_map());
            show(&ctx, &id, None, said, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(Refused::Other(error)) => Err(error),
    }
}

/// `POST`: stands still, or goes on.
pub async fn pause(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<Body>) -> Result {
    let paused = body.paused == "1";
    service::pause(&ctx, &id, paused).await?;
    let flash = if paused { "flash-matter-platform-paused" } else { "flash-matter-platform-resumed" };
    Ok(see_other_with(&ctx, &address(&id), flash))
}

/// `POST`: other secrets.
pub async fn rotate(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<Body>) -> Result {
    let secrets = service::rotate(&ctx, &id, body.version).await?;
    show(&ctx, &id, Some(secrets), (None, Errors::new()), StatusCode::OK).await
}

/// `POST`: away with it.
pub async fn remove(ctx: Ctx, Path(id): Path<String>) -> Result {
    service::remove(&ctx, &id).await?;
    Ok(see_other_with(&ctx, "/staff/matters/platforms", "flash-matter-platform-removed"))
}

/// `POST`: sends a message again.
pub async fn again(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<Body>) -> Result {
    service::again(&ctx, &id, &body.message).await?;
    Ok(see_other_with(&ctx, &address(&id), "flash-matter-message-again"))
}
