//! `/staff/categories`: what reports are about, and how long each may take. This deployment's own data.

use super::{
    clocks::DISPATCH_HOURS,
    recalculate::{self, Which},
};
use crate::{
    audit,
    http::{Ctx, Error, FormBody, Page, Result, see_other_with},
};
use app::{
    people::Action,
    reports::{
        due::LimitKind,
        pages::{CategoryRow, LimitsPage, limits_page},
        worktime::MOST,
    },
    ui::shell::Tab,
};
use serde::Deserialize;

#[derive(sqlx::FromRow)]
struct Row {
    code: String,
    major: String,
    major_name: String,
    major_name_en: String,
    name: String,
    name_en: String,
    limit_kind: String,
    limit_amount: i64,
    photo_needed: i64,
    active: i64,
}

/// Hours in which somebody is to be sent, by major; the empty one is for all others. For those who may see all limits.
pub async fn dispatch_hours(ctx: &Ctx) -> std::result::Result<Vec<(String, i64)>, Error> {
    ctx.actor()?.require_somewhere(Action::CategoryManage)?;
    Ok(sqlx::query_as("SELECT major, hours FROM dispatch_limit").fetch_all(ctx.app.db.read()).await?)
}

/// The hours of one major among those.
pub fn hours_of(hours: &[(String, i64)], major: &str) -> i64 {
    let of = |major: &str| hours.iter().find(|(code, _)| code == major).map(|(_, hours)| *hours);
    of(major).or(of("")).unwrap_or(DISPATCH_HOURS)
}

/// `/staff/categories`.
pub async fn show(ctx: Ctx) -> Result {
    render(&ctx, None).await
}

async fn render(ctx: &Ctx, error: Option<String>) -> Result {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::CategoryManage)?;
    let w = ctx.w;
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT code, major, major_name, major_name_en, name, name_en, limit_kind, limit_amount, photo_needed, active \
         FROM category ORDER BY position",
    )
    .fetch_all(ctx.app.db.read())
    .await?;
    let hours = dispatch_hours(ctx).await?;
    let mut majors: Vec<(String, String, i64)> = Vec::new();
    for row in &rows {
        if !majors.iter().any(|(code, ..)| *code == row.major) {
            let hours = hours_of(&hours, &row.major);
            majors.push((row.major.clone(), w.pick(&row.major_name, &row.major_name_en).to_owned(), hours));
        }
    }
    let rows = rows
        .into_iter()
        .map(|row| CategoryRow {
            name: w.pick(&row.name, &row.name_en).to_owned(),
            major: w.pick(&row.major_name, &row.major_name_en).to_owned(),
            code: row.code,
            limit_kind: row.limit_kind,
            limit_amount: row.limit_amount,
            photo_needed: row.photo_needed == 1,
            active: row.active == 1,
        })
        .collect();
    let mut answer = Page::new(ctx, w.t("reports-limits")).tab(Tab::StaffReports).back("/staff/reports/settings");
    if error.is_some() {
        answer = answer.invalid();
    }
    Ok(answer.render(limits_page(LimitsPage { w, rows, majors, error })))
}

/// What the page's forms send.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Body {
    /// Code of the category.
    pub code: String,
    /// Instead of a category: code of the major whose dispatch limit is changed.
    pub major: String,
    /// `urgent`, `working_hours` or `working_days`.
    pub kind: String,
    /// Hours or days.
    pub amount: String,
    /// For a major: working hours in which somebody is to be sent.
    pub hours: String,
    /// `1`: it can be chosen.
    pub active: String,
    /// `1`: a handler cannot finish without a photo.
    pub photo_needed: String,
}

/// `POST /staff/categories`: changes one category, or the dispatch limit of a major.
pub async fn change(ctx: Ctx, FormBody(body): FormBody<Body>) -> Result {
    if save(&ctx, &body).await? {
        return Ok(see_other_with(&ctx, "/staff/categories", "flash-report-settings"));
    }
    let words = ctx.w.tf("reports-limits-error", &[("most", MOST.into())]);
    render(&ctx, Some(words)).await
}

/// Changes one category, or the dispatch limit of a major. `false`: a number or the kind of limit is none, and nothing was changed.
pub async fn save(ctx: &Ctx, body: &Body) -> std::result::Result<bool, Error> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::CategoryManage)?;
    let number = |text: &str| text.trim().parse::<i64>().ok().filter(|n| (1..=MOST).contains(n));
    let of_major = !body.major.is_empty();
    let amount = number(if of_major { &body.hours } else { &body.amount });
    let kind = LimitKind::from_code(&body.kind);
    let (Some(amount), true) = (amount, of_major || kind.is_some()) else {
        return Ok(false);
    };
    let mut tx = ctx.app.db.begin().await?;
    let done = if of_major {
        sqlx::query(
            "INSERT INTO dispatch_limit (major, hours) SELECT $1, $2 WHERE EXISTS (SELECT 1 FROM category WHERE major = $1) \
             ON CONFLICT (major) DO UPDATE SET hours = excluded.hours",
        )
        .bind(&body.major)
        .bind(amount)
        .execute(&mut *tx)
        .await?
    } else {
        sqlx::query(
            "UPDATE category SET limit_kind = $2, limit_amount = $3, active = $4, photo_needed = $5 WHERE code = $1",
        )
        .bind(&body.code)
        .bind(kind.map_or("", LimitKind::code))
        .bind(amount)
        .bind(i64::from(body.active == "1"))
        .bind(i64::from(body.photo_needed == "1"))
        .execute(&mut *tx)
        .await?
    };
    if done.rows_affected() == 0 {
        return Err(Error::NotFound);
    }
    let which = if of_major { Which::Major(body.major.clone()) } else { Which::Category(body.code.clone()) };
    recalculate::queue(&mut tx, which, ctx.now).await?;
    let entry = audit::Entry {
        by: audit::By::Person(&actor.id),
        action: "category.change",
        object_kind: "category",
        object_id: if of_major { &body.major } else { &body.code },
        detail: serde_json::json!({ "kind": body.kind, "amount": amount, "active": body.active }),
        request_id: &ctx.request_id,
    };
    audit::write(&mut tx, entry, ctx.now).await?;
    tx.commit().await?;
    Ok(true)
}
