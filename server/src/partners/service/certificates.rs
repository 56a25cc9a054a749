//! Certificates about one's own service hours, and what others see who check one.

use super::{Done, Reader, note, today};
use crate::{
    auth::{limit::Limit, secrets::sha256},
    db::dialect,
    http::{Ctx, Error},
    partners::store::{
        certificates::{self as store, Certificate, NewCertificate},
        hours,
    },
};
use app::{partners::hours::Validity, people::Action};
use jiff::civil::{Date, date};

/// Certificates of one person.
const DAILY: Limit = Limit { what: "service-certificate", max: 20, seconds: 86_400 };
/// Checks from one address: codes cannot be tried out.
const CHECKS: Limit = Limit { what: "service-certificate-check", max: 120, seconds: 3600 };

/// This year until today.
pub fn this_year(ctx: &Ctx) -> (Date, Date) {
    let now = today(ctx);
    (date(now.year(), 1, 1), now)
}

/// The period of a form; this year until today where nothing is said.
pub fn period(ctx: &Ctx, (from, until): (&str, &str)) -> Done<(Date, Date)> {
    if from.is_empty() && until.is_empty() {
        return Ok(this_year(ctx));
    }
    let now = today(ctx);
    let mut reader = Reader::new(ctx);
    let span = (reader.day("from", from), reader.day("until", until));
    if reader.errors.is_empty() && span.1 < span.0 {
        reader.wrong("until", "partners-error-until");
    }
    if reader.errors.is_empty() && span.1 > now {
        reader.wrong("until", "partners-error-future");
    }
    reader.done()?;
    Ok(span)
}

/// What the reader has for a period: confirmed minutes now, and the certificate that says the same, if one was given out.
pub async fn look(ctx: &Ctx, span: (Date, Date)) -> Result<(i64, Option<(Certificate, Validity)>), Error> {
    let actor = ctx.actor()?;
    actor.require(Action::OwnThings, "")?;
    let db = &ctx.app.db;
    let rows = hours::confirmed_in(&mut *db.read().acquire().await?, &actor.id, span).await?;
    let minutes = rows.iter().map(|(_, minutes)| minutes).sum();
    let Some(latest) = store::latest(db, &actor.id, span).await? else { return Ok((minutes, None)) };
    let validity = store::validity(db, &latest.id).await?;
    Ok((minutes, Some((latest, validity))))
}

/// Gives a certificate out for a period; the same asked for again is the same certificate.
pub async fn issue(ctx: &Ctx, span: (Date, Date)) -> Result<Certificate, Error> {
    let actor = ctx.actor()?;
    actor.require(Action::OwnThings, "")?;
    if actor.name.trim().is_empty() {
        return Err(Error::Conflict("partners-conflict-name"));
    }
    let db = &ctx.app.db;
    let year = today(ctx).year();
    let mut tx = db.begin().await?;
    DAILY.take_in(&mut tx, &actor.id, ctx.now).await?;
    // One after another: numbers follow each other.
    dialect::lock_key(db.engine(), &mut tx, &format!("service-certificate:{year}")).await?;
    let rows = hours::confirmed_in(&mut tx, &actor.id, span).await?;
    if rows.is_empty() {
        return Err(Error::Conflict("partners-conflict-no-hours"));
    }
    let listed: Vec<String> = rows.iter().map(|(id, minutes)| format!("{id}:{minutes}")).collect();
    let fingerprint = sha256(&format!("{} {} {} {}", actor.id, span.0, span.1, listed.join(" ")));
    let new = NewCertificate { person_id: &actor.id, span, year, hours: &rows, fingerprint: &fingerprint };
    if store::insert(&mut tx, new, ctx.now).await? {
        let detail = serde_json::json!({ "from": span.0.to_string(), "until": span.1.to_string() });
        note(&mut tx, ctx, "hours.certify", ("person", &actor.id), detail).await?;
        tx.commit().await?;
    }
    store::by_fingerprint(db, &fingerprint).await?.ok_or(Error::NotFound)
}

/// The reader's certificates.
pub async fn mine(ctx: &Ctx) -> Result<Vec<(Certificate, Validity)>, Error> {
    let actor = ctx.actor()?;
    actor.require(Action::OwnThings, "")?;
    let mut all = Vec::new();
    for one in store::of_person(&ctx.app.db, &actor.id).await? {
        let validity = store::validity(&ctx.app.db, &one.id).await?;
        all.push((one, validity));
    }
    Ok(all)
}

/// A code as people type it, with hyphens and small letters: as it is stored.
pub fn plain_code(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_alphanumeric).take(40).collect::<String>().to_ascii_uppercase()
}

/// What anybody sees who has a certificate's code.
pub async fn check(ctx: &Ctx, code: &str) -> Result<(Certificate, Validity), Error> {
    CHECKS.take(&ctx.app.db, &sha256(&ctx.ip), ctx.now).await?;
    let found = store::by_code(&ctx.app.db, &plain_code(code)).await?.ok_or(Error::NotFound)?;
    let validity = store::validity(&ctx.app.db, &found.id).await?;
    Ok((found, validity))
}
