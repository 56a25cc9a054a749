//! Where reports go: rules as data, the first that fits wins; and the page on which staff edit and try them.

use super::{categories, steps};
use crate::{
    audit, clock,
    db::{Db, Tx, dialect},
    http::{Ctx, Error, FormBody, Page, Result, see_other_with},
    places::{self, OrganisationKind},
};
use app::{
    people::Action,
    reports::pages::{RoutingPage, RoutingRow, routing_page},
    ui::shell::Tab,
};
use axum::extract::Query;
use serde::Deserialize;

/// A rule with the names of what it points to.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Rule {
    /// Id.
    pub id: String,
    /// Code of the minor category; empty: any.
    pub category: String,
    /// Path of a grid or building; empty: anywhere.
    pub path: String,
    /// Who gets it.
    pub owner_id: String,
    /// Name of who gets it.
    pub owner_name: String,
}

const SELECT: &str = "SELECT r.id, r.category, r.path, r.owner_id, p.name AS owner_name FROM routing_rule r \
    JOIN organisation o ON o.id = r.organisation_id JOIN person p ON p.id = r.owner_id";

/// The first rule that fits a category and a place: those of the nearest organisation first, in their order.
pub async fn find(db: &Db, category: &str, major: &str, path: &str) -> std::result::Result<Option<Rule>, sqlx::Error> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "{SELECT} WHERE substr($3, 1, length(o.path)) = o.path AND (r.category = '' OR r.category = $1) \
         AND (r.major = '' OR r.major = $2) AND (r.path = '' OR substr($3, 1, length(r.path)) = r.path) \
         ORDER BY length(o.path) DESC, r.position, r.id LIMIT 1"
    )))
    .bind(category)
    .bind(major)
    .bind(path)
    .fetch_optional(db.read())
    .await
}

async fn of(db: &Db, organisation_id: &str) -> std::result::Result<Vec<Rule>, sqlx::Error> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "{SELECT} WHERE r.organisation_id = $1 ORDER BY r.position, r.id LIMIT 500"
    )))
    .bind(organisation_id)
    .fetch_all(db.read())
    .await
}

/// What is tried: a category and a place.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Tried {
    category: String,
    place: String,
}

/// The organisation whose rules the reader edits: id and path.
fn own(ctx: &Ctx) -> std::result::Result<(String, String), Error> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::ReportSettings)?;
    let grant = actor.grants.iter().find(|grant| grant.role.may(Action::ReportSettings)).ok_or(Error::Forbidden)?;
    actor.require(Action::ReportSettings, &grant.path)?;
    Ok((grant.organisation_id.clone(), grant.path.clone()))
}

/// The rules of the organisation whose rules the reader edits.
pub async fn own_rules(ctx: &Ctx) -> std::result::Result<Vec<Rule>, Error> {
    let (organisation_id, _) = own(ctx)?;
    Ok(of(&ctx.app.db, &organisation_id).await?)
}

/// `/staff/reports/routing`.
pub async fn show(ctx: Ctx, Query(tried): Query<Tried>) -> Result {
    render(&ctx, tried, Vec::new()).await
}

async fn render(ctx: &Ctx, tried: Tried, errors: Vec<(String, String)>) -> Result {
    let w = ctx.w;
    let db = &ctx.app.db;
    let (_, path) = own(ctx)?;
    let all = categories::all(db).await?;
    let mut kinds = vec![(String::new(), w.t("reports-routing-any-category"))];
    kinds.extend(all.iter().map(|c| (c.code.clone(), w.pick(&c.name, &c.name_en).to_owned())));
    let mut places = vec![(String::new(), w.t("reports-routing-anywhere"))];
    for grid in places::store::under(db, &path, OrganisationKind::Grid).await?.into_iter().take(200) {
        places.push((grid.path.clone(), w.pick(&grid.name, &grid.name_en).to_owned()));
    }
    let owners = steps::handlers(ctx, &path).await?.into_iter().map(|(_, p)| (p.id, p.name)).collect();
    let word = |list: &[(String, String)], key: &str| {
        list.iter().find(|(code, _)| code == key).map_or_else(|| key.to_owned(), |(_, word)| word.clone())
    };
    let rules = own_rules(ctx).await?;
    let rows = rules
        .iter()
        .map(|rule| RoutingRow {
            id: rule.id.clone(),
            category: word(&kinds, &rule.category),
            place: word(&places, &rule.path),
            owner: rule.owner_name.clone(),
        })
        .collect();
    let verdict = match all.iter().find(|category| category.code == tried.category) {
        Some(category) => {
            let at = if tried.place.starts_with(&path) { &tried.place } else { &path };
            Some(match find(db, &category.code, &category.major, at).await? {
                Some(rule) => w.tf("reports-routing-goes-to", &[("name", rule.owner_name.into())]),
                None => w.t("reports-routing-goes-nowhere"),
            })
        }
        None => None,
    };
    let invalid = !errors.is_empty();
    let page = RoutingPage { w, rows, kinds, places, owners, tried: (tried.category, tried.place), verdict, errors };
    let mut answer = Page::new(ctx, w.t("reports-routing")).tab(Tab::StaffReports).back("/staff/reports/settings");
    if invalid {
        answer = answer.invalid();
    }
    Ok(answer.render(routing_page(page)))
}

/// What the page's forms send.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Body {
    /// `add`, `remove` or `up`.
    pub act: String,
    /// Id of the rule that is removed or moved.
    pub id: String,
    /// For a new one: code of the category; empty: any.
    pub category: String,
    /// For a new one: path of a grid or building; empty: anywhere.
    pub place: String,
    /// For a new one: id of who gets it.
    pub owner: String,
}

/// `POST /staff/reports/routing`: adds, removes or moves a rule up.
pub async fn change(ctx: Ctx, FormBody(body): FormBody<Body>) -> Result {
    if carry_out(&ctx, &body).await? {
        return Ok(see_other_with(&ctx, "/staff/reports/routing", "flash-report-settings"));
    }
    let errors = vec![("owner".to_owned(), ctx.w.t("reports-error-handler"))];
    render(&ctx, Tried { category: body.category, place: body.place }, errors).await
}

/// Adds, removes or moves up a rule of the reader's organisation. `false`: a new one names a handler, a category or a place
/// that is none there, and nothing was changed.
pub async fn carry_out(ctx: &Ctx, body: &Body) -> std::result::Result<bool, Error> {
    let (organisation_id, path) = own(ctx)?;
    let db = &ctx.app.db;
    if body.act == "add" {
        let known = steps::handlers(ctx, &path).await?.into_iter().any(|(_, person)| person.id == body.owner);
        let category = body.category.is_empty() || categories::by_code(db, &body.category).await?.is_some();
        let place = body.place.is_empty() || body.place.starts_with(&path);
        if !(known && category && place) {
            return Ok(false);
        }
    }
    let mut tx = db.begin().await?;
    dialect::lock_key(db.engine(), &mut tx, &format!("routing:{organisation_id}")).await?;
    match body.act.as_str() {
        "add" => insert(&mut tx, ctx, &organisation_id, body).await?,
        "remove" => {
            sqlx::query("DELETE FROM routing_rule WHERE id = $1 AND organisation_id = $2")
                .bind(&body.id)
                .bind(&organisation_id)
                .execute(&mut *tx)
                .await?;
        }
        "up" => up(&mut tx, &organisation_id, &body.id).await?,
        _ => return Err(Error::BadRequest("there is no such button".into())),
    }
    let entry = audit::Entry {
        by: audit::By::Person(&ctx.actor()?.id),
        action: "report.routing",
        object_kind: "organisation",
        object_id: &organisation_id,
        detail: serde_json::json!({ "act": body.act, "category": body.category, "place": body.place }),
        request_id: &ctx.request_id,
    };
    audit::write(&mut tx, entry, ctx.now).await?;
    tx.commit().await?;
    Ok(true)
}

async fn insert(tx: &mut Tx, ctx: &Ctx, organisation_id: &str, body: &Body) -> std::result::Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO routing_rule (id, organisation_id, position, category, path, owner_id) \
         SELECT $1, $2, COALESCE(MAX(position), 0) + 1, $3, $4, $5 FROM routing_rule WHERE organisation_id = $2",
    )
    .bind(clock::new_id(ctx.now))
    .bind(organisation_id)
    .bind(&body.category)
    .bind(&body.place)
    .bind(&body.owner)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Changes places with the rule before.
async fn up(tx: &mut Tx, organisation_id: &str, id: &str) -> std::result::Result<(), sqlx::Error> {
    let rules: Vec<(String, i64)> =
        sqlx::query_as("SELECT id, position FROM routing_rule WHERE organisation_id = $1 ORDER BY position, id")
            .bind(organisation_id)
            .fetch_all(&mut **tx)
            .await?;
    let Some(at @ 1..) = rules.iter().position(|(rule, _)| rule == id) else { return Ok(()) };
    for (rule, position) in [(&rules[at].0, rules[at - 1].1), (&rules[at - 1].0, rules[at].1)] {
        sqlx::query("UPDATE routing_rule SET position = $2 WHERE id = $1")
            .bind(rule)
            .bind(position)
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}
