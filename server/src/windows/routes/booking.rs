//! `/services/{item}/hold`, `/services/{item}/book`: keep a time, confirm and book. `/holds/{id}`: keep longer, give up.

use super::views::{Fields, Segment, day_view, hall_words, time_view};
use crate::{
    clock,
    http::{
        Ctx, Error, FormBody, Page, Result,
        page::{encode, login_address, safe_next},
        see_other, see_other_with,
    },
    windows::service::{self, Attempt, BookError, BookRequest, ChosenItem, HoldError, HoldRequest},
};
use app::{
    time::day_of,
    ui::shell::Tab,
    windows::{
        ForWhomForm,
        pages::{BookTrouble, ConfirmProps, HoldView, NotKept, Visit, confirm_page},
    },
};
use axum::{http::StatusCode, response::IntoResponse};

/// Keeps a time and leads to the confirm page. Works for visitors as well.
pub async fn hold(ctx: Ctx, Segment(item): Segment, FormBody(fields): FormBody<Vec<(String, String)>>) -> Result {
    let fields = Fields(fields);
    let slot = fields.get("slot").unwrap_or_default().to_owned();
    let codes = fields.item_codes(&item);
    let request =
        HoldRequest { items: codes.clone(), slot: slot.clone(), work: fields.work(), ..HoldRequest::default() };
    let kept = service::keep(&ctx, &request).await;
    if let Err(HoldError::Http(error)) = kept {
        return match error {
            Error::TooMany { .. } => super::guide::times_again(&ctx, &item, &fields, too_often(&ctx)).await,
            // A browser that keeps no cookies: go on without.
            Error::SignIn => Ok(see_other(&confirm_address(&ctx, &item, &codes, &slot, &fields, None).await?)),
            other => Err(other),
        };
    }
    match kept {
        Ok(hold) => Ok(see_other(&confirm_address(&ctx, &item, &codes, &slot, &fields, Some(&hold.id)).await?)),
        Err(HoldError::Pressure(challenge)) => {
            // After signing in the same choice is one tap away.
            let here = confirm_address(&ctx, &item, &codes, &slot, &fields, None).await?;
            let again = under_pressure(&ctx, &fields, challenge, Some(login_address(&here)));
            super::guide::times_again(&ctx, &item, &fields, again).await
        }
        // The confirm page says what is free instead.
        Err(_) => {
            let attempt = service::look_again(&ctx, &codes, &slot).await?;
            let trouble = if attempt.time.is_some() { BookTrouble::Full } else { BookTrouble::NotOffered };
            let status = status_of(&trouble);
            page(&ctx, attempt, &fields, Some(trouble), clock::token(), status).await
        }
    }
}

/// Chosen too often.
pub fn too_often(ctx: &Ctx) -> NotKept {
    NotKept { text: ctx.w.t("booking-too-often"), sign_in: None, work: None }
}

/// Many choose without an account: sign in, or let the browser work.
pub fn under_pressure(ctx: &Ctx, fields: &Fields, challenge: Option<String>, sign_in: Option<String>) -> NotKept {
    let sent = || fields.0.iter().filter(|(name, _)| !matches!(name.as_str(), "challenge" | "answer")).cloned();
    NotKept {
        text: ctx.w.t("booking-pressure"),
        sign_in,
        work: challenge.map(|challenge| (challenge, sent().collect())),
    }
}

async fn confirm_address(
    ctx: &Ctx,
    item: &str,
    codes: &[String],
    slot: &str,
    fields: &Fields,
    hold: Option<&str>,
) -> Result<String> {
    let items = service::items_by_code(ctx, codes).await?;
    let visit = Visit::read(items.into_iter().map(|stored| stored.item).collect(), &fields.0);
    let hold = hold.map(|id| format!("&hold={id}")).unwrap_or_default();
    Ok(format!("/services/{item}/book?slot={}{hold}{}", encode(slot), visit.query()))
}

/// Keeps a time longer, once.
pub async fn renew(ctx: Ctx, Segment(id): Segment, FormBody(fields): FormBody<Vec<(String, String)>>) -> Result {
    let fields = Fields(fields);
    let next = safe_next(fields.get("next"));
    let flash = match service::renew(&ctx, &id).await? {
        Some(_) => "flash-hold-renewed",
        None => "flash-hold-ended",
    };
    Ok(see_other_with(&ctx, &next, flash))
}

/// Gives a time up: at once by the form. The page's script names the loading of the page that was left; see
/// [`service::leave_page`].
pub async fn release(ctx: Ctx, Segment(id): Segment, FormBody(fields): FormBody<Vec<(String, String)>>) -> Result {
    let fields = Fields(fields);
    if let Some(page) = fields.get("page") {
        service::leave_page(&ctx, &id, page).await?;
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    service::release(&ctx, &id).await?;
    Ok(see_other_with(&ctx, &safe_next(fields.get("next")), "flash-hold-released"))
}

/// The page's script says that a loading of the page is there. 409: the time has ended.
pub async fn here(ctx: Ctx, Segment(id): Segment, FormBody(fields): FormBody<Vec<(String, String)>>) -> Result {
    let stands = service::page_is_here(&ctx, &id, Fields(fields).get("page").unwrap_or_default()).await?;
    Ok(if stands { StatusCode::NO_CONTENT } else { StatusCode::CONFLICT }.into_response())
}

/// Everything once more before it is booked. A time that is full or gone is answered with the next free ones.
pub async fn form(ctx: Ctx, Segment(item): Segment, fields: Fields) -> Result {
    let codes = fields.item_codes(&item);
    let attempt = service::look_again(&ctx, &codes, fields.get("slot").unwrap_or_default()).await?;
    let held = held(&ctx, &attempt, &fields).await?.is_some();
    let trouble = match &attempt.time {
        Some(time) if time.left > 0 || held => None,
        Some(_) => Some(BookTrouble::Full),
        None => Some(BookTrouble::NotOffered),
    };
    let status = trouble.as_ref().map_or(StatusCode::OK, status_of);
    page(&ctx, attempt, &fields, trouble, clock::token(), status).await
}

async fn held(ctx: &Ctx, attempt: &Attempt, fields: &Fields) -> Result<Option<crate::windows::store::Hold>> {
    let (Some(id), Some(time)) = (fields.get("hold"), &attempt.time) else { return Ok(None) };
    let hold = service::standing_hold(ctx, id).await?;
    Ok(hold.filter(|hold| hold.starts_at == time.starts_at.as_microsecond() && hold.hall_id == attempt.hall.id))
}

/// Books.
pub async fn submit(ctx: Ctx, Segment(item): Segment, FormBody(fields): FormBody<Vec<(String, String)>>) -> Result {
    ctx.actor()?;
    let fields = Fields(fields);
    let slot = fields.get("slot").unwrap_or_default().to_owned();
    let key = fields.get("key").unwrap_or_default().to_owned();
    let codes = fields.item_codes(&item);
    let items = service::items_by_code(&ctx, &codes).await?;
    let visit = Visit::read(items.iter().map(|stored| stored.item.clone()).collect(), &fields.0);
    let request = BookRequest {
        items: chosen(&visit),
        slot,
        key: key.clone(),
        for_whom: fields.for_whom(),
        ..BookRequest::default()
    };
    let trouble = match service::book_seen(&ctx, &request, &items).await {
        Ok(code) => {
            return Ok(see_other_with(&ctx, &format!("/appointments/{code}"), "flash-appointment-booked"));
        }
        Err(error) => trouble_of(error)?,
    };
    // What is free has just changed: look once more for the page.
    let attempt = service::look_again(&ctx, &codes, &request.slot).await?;
    let status = status_of(&trouble);
    page(&ctx, attempt, &fields, Some(trouble), key, status).await
}

/// The chosen items as use cases take them.
pub fn chosen(visit: &Visit) -> Vec<ChosenItem> {
    let one = |one: &app::windows::pages::Chosen| ChosenItem {
        code: one.item.code.clone(),
        materials: one.carried.ticked.clone(),
        answers: one.carried.answers.clone(),
    };
    visit.0.iter().map(one).collect()
}

/// What a page says of a booking that was refused.
pub fn trouble_of(error: BookError) -> std::result::Result<BookTrouble, Error> {
    Ok(match error {
        BookError::Http(error) => return Err(error),
        BookError::Full(_) => BookTrouble::Full,
        BookError::NotOffered(_) => BookTrouble::NotOffered,
        BookError::OpenForItem(code) => BookTrouble::OpenForItem(format!("/appointments/{code}")),
        BookError::PerDay(max) => BookTrouble::PerDay(max),
        BookError::Overlap => BookTrouble::Overlap,
        BookError::Blocked(block) => BookTrouble::Blocked(block.ends(), format!("/me/blocks/{}", block.id)),
        BookError::Form(mistakes) => BookTrouble::Form(mistakes),
    })
}

pub fn status_of(trouble: &BookTrouble) -> StatusCode {
    match trouble {
        BookTrouble::NotOffered | BookTrouble::Form(_) => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::CONFLICT,
    }
}

async fn page(
    ctx: &Ctx,
    attempt: Attempt,
    fields: &Fields,
    trouble: Option<BookTrouble>,
    key: String,
    status: StatusCode,
) -> Result {
    let held = held(ctx, &attempt, fields).await?;
    let visit = Visit::read(attempt.items.iter().map(|stored| stored.item.clone()).collect(), &fields.0);
    let date = attempt.time.as_ref().map(|time| format!("&date={}", time.slot.at.date())).unwrap_or_default();
    let times = format!("/services/{}/times?hall={}{}", visit.first(), attempt.hall.code, visit.query());
    let slot = fields.get("slot").unwrap_or_default();
    let id = fields.get("hold").unwrap_or_default();
    let hold_field = if id.is_empty() { String::new() } else { format!("&hold={}", encode(id)) };
    let here = format!("/services/{}/book?slot={}{hold_field}{}", visit.first(), encode(slot), visit.query());
    let hold = (!id.is_empty()).then(|| HoldView {
        id: held.as_ref().map(|hold| hold.id.clone()).unwrap_or_default(),
        until: held.as_ref().map(|hold| hold.expires()),
        now: ctx.now,
        renewable: held.as_ref().is_some_and(|hold| hold.renewals == 0),
        here: here.clone(),
        times: times.clone(),
    });
    let props = ConfirmProps {
        w: ctx.w,
        hall: hall_words(ctx, &attempt.hall),
        slot: attempt.time.as_ref().map(|time| (time.slot.to_string(), time.starts_at, time.ends_at)),
        trouble,
        instead: attempt.next.iter().map(time_view).collect(),
        person: ctx.actor.as_ref().map(|actor| (actor.name.clone(), actor.phone_masked.clone())),
        for_whom: Some(fields.for_whom()),
        action: format!("/services/{}/book", visit.first()),
        fields: if id.is_empty() { Vec::new() } else { vec![("hold".to_owned(), id.to_owned())] },
        times: times.clone(),
        login: login_address(&here),
        visit,
        key,
        hold,
    };
    let page = Page::new(ctx, ctx.w.t("windows-confirm-title")).tab(Tab::Services).back(format!("{times}{date}"));
    // Come back to, it says how the time stands: its clock is not what it was.
    let page = if held.is_some() { page.islands().no_store() } else { page };
    Ok(page.status(status).render(confirm_page(props)))
}

impl Fields {
    /// Codes of the items: that of the path, and those of `with`.
    pub fn item_codes(&self, first: &str) -> Vec<String> {
        let with = self.0.iter().filter(|(name, value)| name == "with" && !value.is_empty());
        let mut codes = vec![first.to_owned()];
        for (_, code) in with {
            if !codes.contains(code) {
                codes.push(code.clone());
            }
        }
        codes
    }

    /// A solved piece of work.
    pub fn work(&self) -> Option<(String, String)> {
        Some((self.get("challenge")?.to_owned(), self.get("answer")?.to_owned()))
    }

    /// For whom, as the form sends it.
    pub fn for_whom(&self) -> ForWhomForm {
        let text = |name: &str| self.get(name).unwrap_or_default().to_owned();
        ForWhomForm {
            relative: self.get("relative").is_some(),
            name: text("for_name"),
            relation: text("for_relation"),
            consent: self.get("consent").is_some(),
            need: text("need"),
        }
    }
}

/// Days of offers as pages show them, with the chosen one.
pub fn day_views(
    ctx: &Ctx,
    offers: &service::Offers,
    date: Option<&str>,
) -> (jiff::civil::Date, Vec<app::windows::pages::DayView>, Option<app::windows::pages::DayView>) {
    let chosen = date.and_then(|date| date.parse().ok()).and_then(|date| offers.day(date));
    let days = offers.days.iter().map(|day| day_view(ctx, day)).collect();
    (day_of(ctx.now), days, chosen.map(|day| day_view(ctx, day)))
}
