//! Use cases: who may do what with property companies, and what is asked of a form.

pub mod assess;
pub mod companies;
pub mod credit;
pub mod estates;
pub mod photos;
pub mod ratings;
pub mod reading;
pub mod rules;

use super::store::{self, Company, Made};
use crate::{
    audit::{self, By},
    db::Tx,
    http::{Ctx, Error, FieldErrors},
};
use app::{
    notices::form::{lines, one_line},
    people::Action,
    property::period::Period,
    time::day_of,
};
use jiff::civil::Date;

/// Why a form was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Something in it.
    #[error("the form has mistakes")]
    Invalid(FieldErrors),
    /// Anything else.
    #[error(transparent)]
    Other(#[from] Error),
}

impl From<sqlx::Error> for Refused {
    fn from(error: sqlx::Error) -> Refused {
        Refused::Other(error.into())
    }
}

impl From<anyhow::Error> for Refused {
    fn from(error: anyhow::Error) -> Refused {
        Refused::Other(error.into())
    }
}

/// What a use case with a form answers.
pub type Outcome<T = ()> = Result<T, Refused>;

/// One mistake.
pub fn wrong<T>(ctx: &Ctx, field: &'static str, key: &str) -> Outcome<T> {
    let mut errors = FieldErrors::new();
    errors.add(field, ctx.w.t(key));
    Err(Refused::Invalid(errors))
}

/// Nothing wrong, or all of it.
pub fn checked(errors: FieldErrors) -> Outcome {
    if errors.is_empty() { Ok(()) } else { Err(Refused::Invalid(errors)) }
}

/// The day of the request.
pub fn today(ctx: &Ctx) -> Date {
    day_of(ctx.now)
}

/// The key of a form, as this person's.
pub fn key(ctx: &Ctx, key: &str) -> Outcome<String> {
    let key = one_line(key);
    if key.is_empty() || key.len() > 100 {
        return Err(Error::BadRequest("the form's key is missing".into()).into());
    }
    Ok(format!("{}:{key}", ctx.actor()?.id))
}

/// One line, at most so many characters. Empty: a mistake where it is needed.
pub fn line(
    ctx: &Ctx,
    typed: &str,
    most: usize,
    field: &'static str,
    needed: bool,
    errors: &mut FieldErrors,
) -> String {
    said(ctx, one_line(typed), most, field, needed, errors)
}

/// Several lines, at most so many characters.
pub fn text(
    ctx: &Ctx,
    typed: &str,
    most: usize,
    field: &'static str,
    needed: bool,
    errors: &mut FieldErrors,
) -> String {
    said(ctx, lines(typed).trim().to_owned(), most, field, needed, errors)
}

fn said(ctx: &Ctx, text: String, most: usize, field: &'static str, needed: bool, errors: &mut FieldErrors) -> String {
    if text.is_empty() && needed {
        errors.add(field, ctx.w.t("property-error-empty"));
    }
    if text.chars().count() > most {
        errors.add(field, ctx.w.tf("property-error-long", &[("count", most.into())]));
    }
    text
}

/// A whole number within bounds; a mistake otherwise.
pub fn number(ctx: &Ctx, typed: &str, bounds: (i64, i64), field: &'static str, errors: &mut FieldErrors) -> i64 {
    let number = typed.trim().parse::<i64>().ok().filter(|number| (bounds.0..=bounds.1).contains(number));
    if number.is_none() {
        let args = [("from", bounds.0.into()), ("to", bounds.1.into())];
        errors.add(field, ctx.w.tf("property-error-number", &args));
    }
    number.unwrap_or(bounds.0)
}

/// A day between 2000 and 2200.
pub fn parsed_day(typed: &str) -> Option<Date> {
    typed.trim().parse::<Date>().ok().filter(|day| (2000..2200).contains(&day.year()))
}

/// The same; a mistake otherwise.
pub fn a_day(ctx: &Ctx, typed: &str, field: &'static str, errors: &mut FieldErrors) -> Option<Date> {
    let day = parsed_day(typed);
    if day.is_none() {
        errors.add(field, ctx.w.t("property-error-day"));
    }
    day
}

/// A period that is over.
pub fn a_period(ctx: &Ctx, typed: &str) -> Outcome<Period> {
    match Period::parse(typed.trim()) {
        Some(period) if period.last() < today(ctx) => Ok(period),
        _ => wrong(ctx, "period", "property-error-period"),
    }
}

/// So many working days after a day; days of the week where the calendar is not published yet.
pub fn working_days_after(ctx: &Ctx, day: Date, days: i64) -> Date {
    (0..days).fold(day, |day, _| {
        ctx.app.calendar.next_working_day(day).unwrap_or_else(|| {
            let next = day.tomorrow().unwrap_or(day);
            match next.weekday() {
                jiff::civil::Weekday::Saturday => next.saturating_add(jiff::Span::new().days(2)),
                jiff::civil::Weekday::Sunday => next.tomorrow().unwrap_or(next),
                _ => next,
            }
        })
    })
}

/// What the form has made when it was sent before.
pub async fn made_before(tx: &mut Tx, what: Made, key: &str) -> Outcome<String> {
    Ok(store::made_by(tx, what, key).await?.ok_or(Error::Conflict("error-conflict-text"))?)
}

/// Writes an entry of the audit log.
pub async fn note(
    tx: &mut Tx,
    ctx: &Ctx,
    action: &str,
    (kind, id): (&str, &str),
    detail: serde_json::Value,
) -> Result<(), Error> {
    let entry = audit::Entry {
        by: By::Person(&ctx.actor()?.id),
        action,
        object_kind: kind,
        object_id: id,
        detail,
        request_id: &ctx.request_id,
    };
    audit::write(tx, entry, ctx.now).await?;
    Ok(())
}

/// The company with this id, if the reader may do this where it is kept or where it has, or had, an estate.
pub async fn company(ctx: &Ctx, action: Action, id: &str) -> Result<Company, Error> {
    let actor = ctx.actor()?;
    actor.require_somewhere(action)?;
    let company = store::by_id(&ctx.app.db, id).await?.ok_or(Error::NotFound)?;
    if actor.require(action, &company.path).is_ok() {
        return Ok(company);
    }
    let paths = store::paths_of(&ctx.app.db, id).await?;
    if paths.iter().any(|path| actor.require(action, path).is_ok()) {
        return Ok(company);
    }
    Err(Error::Forbidden)
}

/// The company with this id, for whoever keeps it and names who acts for it: where it is kept, or where it has an estate today or
/// later. Where it had one once it is still read and assessed, not changed.
pub async fn kept(ctx: &Ctx, id: &str) -> Result<Company, Error> {
    let company = company(ctx, Action::PropertyManage, id).await?;
    let actor = ctx.actor()?;
    let today = today(ctx).to_string();
    let contracts = store::estates::of_company(&ctx.app.db, id).await?;
    let may = |path: &String| actor.require(Action::PropertyManage, path).is_ok();
    let here = contracts.iter().any(|contract| contract.until_day >= today && may(&contract.path));
    if may(&company.path) || here { Ok(company) } else { Err(Error::Forbidden) }
}

/// The reader's own company with this id; for everybody else there is none.
pub async fn own_company(ctx: &Ctx, id: &str) -> Result<Company, Error> {
    let actor = ctx.actor()?;
    if !store::is_member(&ctx.app.db, id, &actor.id).await? {
        return Err(Error::NotFound);
    }
    store::by_id(&ctx.app.db, id).await?.ok_or(Error::NotFound)
}
