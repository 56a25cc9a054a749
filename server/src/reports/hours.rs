//! `/staff/reports/hours`: when an organisation works. What a change does to open deadlines is shown before it is saved, and
//! done after it by a job.

use super::{
    clocks::{self, OwnHours, in_force},
    queue::DEADLINE,
    recalculate::{self, Which},
    settings,
    store::instant,
};
use crate::{
    audit,
    db::{Tx, dialect},
    http::{Ctx, Error, FormBody, Page, Params, Result, see_other_with},
    places::Organisation,
};
use app::{
    people::Action,
    reports::{
        hours::{self, Parts, hh_mm, line},
        pages::{HoursEffect, HoursPage, HoursRow, MovedRow, hours_page},
    },
    time,
    ui::shell::Tab,
};
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::Deserialize;

/// Open reports for which the effect is calculated, the most urgent first; with more, the page says so.
const LOOKED_AT: usize = 500;
/// Rows of what moves.
const SHOWN: usize = 20;

/// Which organisation.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    at: String,
}

/// `/staff/reports/hours`.
pub async fn show(ctx: Ctx, Params(query): Params<Query>) -> Result {
    let place = settings::chosen(&ctx, &query.at).await?;
    let all = clocks::own_hours(&mut *ctx.app.db.read().acquire().await?, &place.path).await?;
    let (now, whose) = in_force(&all, &place.path);
    let typed = now.iter().map(|(opens, closes)| (hh_mm(*opens), hh_mm(*closes))).collect();
    let own = whose == Some(place.path.as_str());
    let seen = stamp(&all, &place);
    render(&ctx, &place, Shown { own, typed, seen, ..Shown::default() }).await
}

/// The organisation's own hours in a line, empty when it has none: a form that began with others saves nothing.
fn stamp(all: &[OwnHours], place: &Organisation) -> String {
    all.iter().find(|own| own.path == place.path).map(|own| line(&own.hours)).unwrap_or_default()
}

#[derive(Default)]
struct Shown {
    own: bool,
    typed: Vec<(String, String)>,
    seen: String,
    errors: Vec<(String, String)>,
    conflict: bool,
    effect: Option<HoursEffect>,
}

async fn render(ctx: &Ctx, place: &Organisation, shown: Shown) -> Result {
    let w = ctx.w;
    let places = settings::places(ctx).await?;
    let all = clocks::own_hours(&mut *ctx.app.db.read().acquire().await?, "").await?;
    let name = |place: &Organisation| w.pick(&place.name, &place.name_en).to_owned();
    let whose = |path: Option<&str>, of: &Organisation| match path {
        None => w.t("hours-from-default"),
        Some(path) if path == of.path => w.t("hours-from-own"),
        Some(path) => match places.iter().find(|other| other.path == path) {
            Some(above) => w.tf("hours-from", &[("name", name(above).into())]),
            None => w.t("hours-from-above"),
        },
    };
    let rows = places
        .iter()
        .map(|other| {
            let (hours, from) = in_force(&all, &other.path);
            HoursRow {
                href: format!("/staff/reports/hours?at={}", other.code),
                name: name(other),
                hours: line(hours),
                from: whose(from, other),
            }
        })
        .collect();
    let others: Vec<OwnHours> = all.iter().filter(|own| own.path != place.path).cloned().collect();
    let (inherited, from) = in_force(&others, &place.path);
    let page = HoursPage {
        w,
        rows,
        at: (place.code.clone(), name(place)),
        seen: shown.seen,
        own: shown.own,
        inherited: format!("{} · {}", line(inherited), whose(from, place)),
        typed: shown.typed,
        errors: shown.errors,
        trouble: shown.conflict.then(|| w.t("hours-conflict")),
        effect: shown.effect,
    };
    let mut answer = Page::new(ctx, w.t("hours")).tab(Tab::StaffReports).back("/staff/reports/settings");
    if shown.conflict {
        answer = answer.status(StatusCode::CONFLICT);
    } else if !page.errors.is_empty() {
        answer = answer.invalid();
    }
    Ok(answer.render(hours_page(page)))
}

/// What the page's form sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Body {
    at: String,
    act: String,
    seen: String,
    own: String,
    opens: Vec<String>,
    closes: Vec<String>,
}

/// `POST /staff/reports/hours`: shows what a change does, or saves it.
pub async fn change(ctx: Ctx, FormBody(body): FormBody<Body>) -> Result {
    let place = settings::chosen(&ctx, &body.at).await?;
    let own = body.own == "1";
    let typed: Vec<(String, String)> = body.opens.into_iter().zip(body.closes).take(10).collect();
    let mut shown = Shown { own, typed, seen: body.seen, ..Shown::default() };
    let parts = match own.then(|| hours::read(&shown.typed)).transpose() {
        Ok(parts) => parts,
        Err((row, key)) => {
            let field = if row == 0 { "opens".to_owned() } else { format!("opens-{row}") };
            shown.errors = vec![(field, ctx.w.t(key))];
            return render(&ctx, &place, shown).await;
        }
    };
    match body.act.as_str() {
        "look" => {
            shown.effect = Some(effect(&ctx, &place, parts).await?);
            render(&ctx, &place, shown).await
        }
        "save" => match put(&ctx, &place, parts.as_ref(), &shown.seen).await? {
            None => Ok(see_other_with(&ctx, &format!("/staff/reports/hours?at={}", place.code), "flash-hours-saved")),
            Some(now) => {
                (shown.conflict, shown.seen) = (true, now);
                shown.effect = Some(effect(&ctx, &place, parts).await?);
                render(&ctx, &place, shown).await
            }
        },
        _ => Err(Error::BadRequest("there is no such button".into())),
    }
}

/// The organisation's own hours in a line, which is also the lock of [`put`]; empty when it has none. For those who may change them.
pub async fn own_line(ctx: &Ctx, place: &Organisation) -> std::result::Result<String, Error> {
    ctx.actor()?.require(Action::ReportSettings, &place.path)?;
    Ok(stamp(&clocks::own_hours(&mut *ctx.app.db.read().acquire().await?, &place.path).await?, place))
}

/// Saves an organisation's own hours, `None` for none, if they still are as `seen` says. Else gives what they are now, and
/// nothing was changed.
pub async fn put(
    ctx: &Ctx,
    place: &Organisation,
    parts: Option<&Parts>,
    seen: &str,
) -> std::result::Result<Option<String>, Error> {
    ctx.actor()?.require(Action::ReportSettings, &place.path)?;
    let mut tx = ctx.app.db.begin().await?;
    dialect::lock_key(ctx.app.db.engine(), &mut tx, &format!("hours:{}", place.id)).await?;
    let now = stamp(&clocks::own_hours(&mut tx, &place.path).await?, place);
    if now != seen {
        return Ok(Some(now));
    }
    save(&mut tx, ctx, place, parts, &now).await?;
    tx.commit().await?;
    Ok(None)
}

async fn save(
    tx: &mut Tx,
    ctx: &Ctx,
    place: &Organisation,
    parts: Option<&Parts>,
    before: &str,
) -> std::result::Result<(), Error> {
    sqlx::query("DELETE FROM working_hours WHERE organisation_id = $1").bind(&place.id).execute(&mut **tx).await?;
    for (opens, closes) in parts.into_iter().flatten() {
        sqlx::query("INSERT INTO working_hours (organisation_id, opens, closes) VALUES ($1, $2, $3)")
            .bind(&place.id)
            .bind(hh_mm(*opens))
            .bind(hh_mm(*closes))
            .execute(&mut **tx)
            .await?;
    }
    recalculate::queue(tx, Which::Under(place.path.clone()), ctx.now).await?;
    let entry = audit::Entry {
        by: audit::By::Person(&ctx.actor()?.id),
        action: "report.hours",
        object_kind: "organisation",
        object_id: &place.id,
        detail: serde_json::json!({ "before": before, "after": parts.map(|parts| line(parts)).unwrap_or_default() }),
        request_id: &ctx.request_id,
    };
    audit::write(tx, entry, ctx.now).await?;
    Ok(())
}

/// What open deadlines under a place would become with these hours of its own, `None` for none.
pub async fn effect(ctx: &Ctx, place: &Organisation, parts: Option<Parts>) -> std::result::Result<HoursEffect, Error> {
    let w = ctx.w;
    let mut connection = ctx.app.db.read().acquire().await?;
    let mut all = clocks::own_hours(&mut connection, &place.path).await?;
    all.retain(|own| own.path != place.path);
    all.extend(parts.map(|hours| OwnHours { path: place.path.clone(), hours }));
    type Open = (String, String, String, String, Option<i64>);
    let (count,): (i64,) = sqlx::query_as(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM report r WHERE substr(r.path, 1, length($1)) = $1 \
         AND r.state NOT IN ('closed', 'rejected', 'withdrawn', 'merged')",
    )
    .bind(&place.path)
    .fetch_one(&mut *connection)
    .await?;
    let open: Vec<Open> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "SELECT r.id, r.code, c.name, c.name_en, COALESCE(r.owner_due_at, r.due_at) FROM report r \
         JOIN category c ON c.code = r.category WHERE substr(r.path, 1, length($1)) = $1 \
         AND r.state NOT IN ('closed', 'rejected', 'withdrawn', 'merged') \
         ORDER BY {DEADLINE}, r.id LIMIT {LOOKED_AT}"
    )))
    .bind(&place.path)
    .fetch_all(&mut *connection)
    .await?;
    let (mut rows, mut later, mut earlier, mut late) = (Vec::new(), 0, 0, 0);
    let looked_at = open.len();
    for (id, code, name, name_en, before) in open {
        let story = clocks::story(&mut connection, &id).await?;
        let clocks = story.told(&ctx.app.calendar, in_force(&all, &story.path).0);
        let after = clocks.owner_due.or(clocks.due).map(Timestamp::as_microsecond);
        if after == before {
            continue;
        }
        if after.is_none() || (before.is_some() && after > before) {
            later += 1;
        } else {
            earlier += 1;
        }
        let now = ctx.now.as_microsecond();
        let becomes_late = after.is_some_and(|at| at < now) && before.is_none_or(|at| at >= now);
        late += i64::from(becomes_late);
        let words = |at: Option<i64>| {
            at.map_or_else(|| w.t("answers-due-unknown"), |at| time::date_time(w.lang, instant(at), ctx.now))
        };
        rows.push(MovedRow {
            href: format!("/staff/reports/{code}"),
            title: format!("{} {code}", w.pick(&name, &name_en)),
            before: words(before),
            after: words(after),
            late: becomes_late,
        });
    }
    // What becomes late is what has to be known.
    rows.sort_by_key(|row| !row.late);
    rows.truncate(SHOWN);
    let args = [
        ("open", count.into()),
        ("looked", looked_at.into()),
        ("later", later.into()),
        ("earlier", earlier.into()),
        ("late", late.into()),
    ];
    let key = if later + earlier == 0 { "hours-effect-none" } else { "hours-effect-sum" };
    let mut sum = w.tf(key, &args);
    if i64::try_from(looked_at).is_ok_and(|looked_at| looked_at < count) {
        sum.push_str(&w.tf("hours-effect-part", &args));
    }
    Ok(HoursEffect { sum, rows })
}
