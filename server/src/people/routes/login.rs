//! The door's pages and forms.

use crate::{
    auth::session,
    demo,
    http::{
        Ctx, FormBody, Page, Params, Result,
        page::{encode, login_address, safe_next},
        see_other, see_other_with,
    },
    people::service::{
        factor::{self, FactorError, Stage},
        login::{self, CodeError, SendError},
    },
    qr,
};
use app::{
    people::{
        PhoneError, Role,
        pages::{self, CastMember, CodeProps, EnrolProps, LoginProps},
    },
    ui::shell::Tab,
};
use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use serde::Deserialize;

#[derive(Deserialize)]
pub struct Next {
    next: Option<String>,
}

/// `GET /login`
pub async fn page(ctx: Ctx, Params(query): Params<Next>) -> Result {
    let next = after_login(query.next.as_deref());
    if ctx.actor.is_some() {
        return Ok(see_other(&next));
    }
    login_page(&ctx, next, String::new(), None, StatusCode::OK)
}

/// Home is no place to be sent to after logging in: one's own page is.
fn after_login(next: Option<&str>) -> String {
    match safe_next(next) {
        next if next == "/" || next.starts_with("/login") => "/me".to_owned(),
        next => next,
    }
}

fn login_page(ctx: &Ctx, next: String, phone: String, error: Option<String>, status: StatusCode) -> Result {
    let cast = if ctx.app.config.demo { cast(ctx)? } else { Vec::new() };
    let view = pages::login(LoginProps { w: ctx.w, next, phone, error, cast });
    Ok(Page::new(ctx, ctx.w.t("people-login")).tab(Tab::Me).back("/").status(status).render(view))
}

fn cast(ctx: &Ctx) -> Result<Vec<CastMember>> {
    let w = ctx.w;
    let member = |person: demo::places::DemoPerson| {
        let role =
            person.roles.iter().filter_map(|role| Role::from_code(&role.role)).find(|role| *role != Role::Resident);
        CastMember {
            role: w.t(role.unwrap_or(Role::Resident).key()),
            name: w.pick(&person.name, &person.name_en).to_owned(),
            note: w.pick(&person.note, &person.note_en).to_owned(),
            phone: person.phone,
        }
    };
    Ok(demo::places::cast()?.into_iter().map(member).collect())
}

#[derive(Deserialize)]
pub struct LoginForm {
    #[serde(default)]
    phone: String,
    next: Option<String>,
}

/// `POST /login`: sends a code.
pub async fn send(ctx: Ctx, FormBody(form): FormBody<LoginForm>) -> Result {
    let next = after_login(form.next.as_deref());
    match login::send_code(&ctx, &form.phone).await {
        Ok(reference) => Ok(see_other(&code_address(&reference, &next))),
        Err(error) => sending_failed(&ctx, error, next, form.phone),
    }
}

fn code_address(reference: &str, next: &str) -> String {
    format!("/login/code?c={}&next={}", encode(reference), encode(next))
}

fn sending_failed(ctx: &Ctx, error: SendError, next: String, typed: String) -> Result {
    let w = ctx.w;
    let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
    let (text, status) = match error {
        SendError::Phone(PhoneError::Empty) => (w.t("people-error-phone-empty"), unprocessable),
        SendError::Phone(PhoneError::Shape) => (w.t("people-error-phone-shape"), unprocessable),
        SendError::Limit(seconds) => {
            let text = w.tf("people-error-limit", &[("wait", wait(ctx, seconds).into())]);
            let mut response = login_page(ctx, next, typed, Some(text), StatusCode::TOO_MANY_REQUESTS)?;
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            return Ok(response);
        }
        SendError::Delivery => (w.t("people-error-sms"), StatusCode::SERVICE_UNAVAILABLE),
        SendError::Gone => return Ok(see_other(&login_address(&next))),
        SendError::Other(error) => return Err(error),
    };
    // What was typed is shown again, but never more of it than a number has.
    login_page(ctx, next, typed.chars().take(40).collect(), Some(text), status)
}

/// A time to wait, in the largest unit that says enough.
fn wait(ctx: &Ctx, seconds: u64) -> String {
    let (key, count) = match seconds {
        0..120 => ("people-wait-seconds", seconds),
        120..7200 => ("people-wait-minutes", seconds.div_ceil(60)),
        _ => ("people-wait-hours", seconds.div_ceil(3600)),
    };
    ctx.w.tf(key, &[("count", count.into())])
}

#[derive(Deserialize)]
pub struct CodeForm {
    #[serde(default)]
    c: String,
    #[serde(default)]
    code: String,
    next: Option<String>,
}

/// `POST /login/resend`: sends another code to the same number.
pub async fn resend(ctx: Ctx, FormBody(form): FormBody<CodeForm>) -> Result {
    let next = after_login(form.next.as_deref());
    match login::send_again(&ctx, &form.c).await {
        Ok(reference) => Ok(see_other(&code_address(&reference, &next))),
        Err(error) => sending_failed(&ctx, error, next, String::new()),
    }
}

/// `GET /login/code`
pub async fn code_page(ctx: Ctx, Params(query): Params<CodeForm>) -> Result {
    let next = after_login(query.next.as_deref());
    show_code(&ctx, &query.c, next, None, StatusCode::OK).await
}

async fn show_code(
    ctx: &Ctx,
    reference: &str,
    next: String,
    error: Option<(String, bool)>,
    status: StatusCode,
) -> Result {
    let Some(pending) = login::pending(ctx, reference).await? else { return Ok(see_other(&login_address(&next))) };
    let (error, dead) = error.map_or((None, false), |(text, dead)| (Some(text), dead));
    let back = login_address(&next);
    let view = pages::code(CodeProps {
        w: ctx.w,
        next,
        reference: reference.to_owned(),
        phone_masked: pending.phone_masked,
        error,
        dead,
        shown: pending.shown,
    });
    Ok(Page::new(ctx, ctx.w.t("people-code-title")).tab(Tab::Me).back(back).status(status).render(view))
}

/// `POST /login/code`: checks the code and opens a session.
pub async fn check(ctx: Ctx, FormBody(form): FormBody<CodeForm>) -> Result {
    let next = after_login(form.next.as_deref());
    let error = match login::log_in(&ctx, &form.c, &form.code).await {
        Ok(opened) => {
            let mut response = if opened.named {
                see_other_with(&ctx, &next, "flash-logged-in")
            } else {
                see_other(&format!("/me/name?next={}", encode(&next)))
            };
            give_session(&ctx, &mut response, &opened.token);
            return Ok(response);
        }
        Err(CodeError::Other(error)) => return Err(error),
        Err(error) => error,
    };
    let w = ctx.w;
    let dead = error.is_final();
    let text = match error {
        CodeError::Shape => w.t("people-error-code-shape"),
        CodeError::Wrong { left } => w.tf("people-error-code-wrong", &[("left", left.into())]),
        CodeError::Used => w.t("people-error-code-used"),
        CodeError::Tries => w.t("people-error-code-tries"),
        CodeError::Expired | CodeError::Other(_) => w.t("people-error-code-expired"),
    };
    show_code(&ctx, &form.c, next, Some((text, dead)), StatusCode::UNPROCESSABLE_ENTITY).await
}

fn give_session(ctx: &Ctx, response: &mut Response, token: &str) {
    response.headers_mut().append(header::SET_COOKIE, session::cookie(ctx.app.config.https(), token));
}

/// `POST /logout`
pub async fn logout(ctx: Ctx) -> Result {
    login::log_out(&ctx).await?;
    let mut response = see_other_with(&ctx, "/", "flash-logged-out");
    let headers = response.headers_mut();
    headers.append(header::SET_COOKIE, session::clear_cookie(ctx.app.config.https()));
    // On a shared phone the next one finds no page of mine. What waits to be sent is no cache, and stays.
    headers.insert(HeaderName::from_static("clear-site-data"), HeaderValue::from_static("\"cache\""));
    Ok(response)
}

/// `GET /login/second-factor`
pub async fn factor_page(ctx: Ctx, Params(query): Params<Next>) -> Result {
    show_factor(&ctx, safe_next(query.next.as_deref()), None, StatusCode::OK).await
}

async fn show_factor(ctx: &Ctx, next: String, error: Option<String>, status: StatusCode) -> Result {
    let enrol = match factor::stage(ctx).await? {
        Stage::Nothing => return Ok(see_other(&next)),
        Stage::Ask => None,
        Stage::Enrol(new) => Some(EnrolProps {
            qr: qr::data_address(&new.address)?,
            secret: in_groups(&new.secret),
            address: new.address,
        }),
    };
    let view = pages::second_factor(ctx.w, next, enrol, error);
    let mut response =
        Page::new(ctx, ctx.w.t("people-factor-title")).tab(Tab::Me).back("/me").status(status).render(view);
    // The page may hold the secret: it is kept nowhere.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    Ok(response)
}

/// Groups of four are easier to type.
fn in_groups(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

#[derive(Deserialize)]
pub struct FactorForm {
    #[serde(default)]
    code: String,
    next: Option<String>,
}

/// `POST /login/second-factor`
pub async fn factor(ctx: Ctx, FormBody(form): FormBody<FactorForm>) -> Result {
    let next = safe_next(form.next.as_deref());
    let w = ctx.w;
    let text = match factor::confirm(&ctx, &form.code).await {
        Ok(done) => {
            let mut response =
                if done.first { see_other_with(&ctx, &next, "flash-factor-set") } else { see_other(&next) };
            give_session(&ctx, &mut response, &done.token);
            return Ok(response);
        }
        Err(FactorError::Other(error)) => return Err(error),
        Err(FactorError::Wrong) => w.t("people-error-factor-wrong"),
        Err(FactorError::Used) => w.t("people-error-factor-used"),
        Err(FactorError::Limit(seconds)) => {
            let text = w.tf("people-error-factor-limit", &[("wait", wait(&ctx, seconds).into())]);
            return show_factor(&ctx, next, Some(text), StatusCode::TOO_MANY_REQUESTS).await;
        }
    };
    show_factor(&ctx, next, Some(text), StatusCode::UNPROCESSABLE_ENTITY).await
}
