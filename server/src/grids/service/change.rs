//! Changes of the net: planned, withdrawn, put into force.

use super::{Refused, note, standing, today};
use crate::{
    app_state::App,
    audit::{self, By},
    db::{Tx, dialect},
    grids::store::{
        self, Building, Grid, changes,
        force::{self, Forced},
    },
    http::{Ctx, Error, FieldErrors},
    jobs::{self, Job},
    people::inbox,
};
use app::{
    grids::{
        MOST_NAME, MOST_REASON,
        change::{Change, Fault, Kind, MOST_AHEAD, Net},
        outline,
    },
    notices::form::one_line,
    people::Action,
    time,
};
use jiff::{SignedDuration, Span, Timestamp, civil::Date};
use std::collections::BTreeMap;

/// Longest key of a form.
const KEY_MAX: usize = 100;
/// So long after a change came into force it is looked again for reports that were being filed meanwhile.
const AFTER: SignedDuration = SignedDuration::from_mins(10);

/// A change as a form describes it.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// What is done.
    pub kind: Option<Kind>,
    /// Names of new grids in Chinese and English; empty ones count as not there.
    pub names: Vec<(String, String)>,
    /// A split: the old grid goes on with what stays.
    pub keeps: bool,
    /// A split: code of a building, and which of `names` (from 1) takes it; 0: it stays.
    pub to: Vec<(String, usize)>,
    /// A merge: codes of the grids that are merged with this one.
    pub with: Vec<String>,
    /// A merge: code of the one as which they go on, empty for a new one. A move: code of the grid that takes.
    pub into: String,
    /// A move: codes of buildings.
    pub goes: Vec<String>,
    /// From which day, as typed.
    pub day: String,
    /// Why.
    pub reason: String,
    /// One form plans one change.
    pub key: String,
}

/// What a form may name: the community's grids that stand, and its buildings.
pub struct Around {
    /// All grids that stand.
    pub grids: Vec<Grid>,
    /// All buildings.
    pub buildings: Vec<Building>,
}

/// What a change of this grid may name.
pub async fn around(ctx: &Ctx, grid: &Grid) -> Result<Around, Error> {
    let mut grids = store::of_community(&ctx.app.db, &grid.community_id).await?;
    grids.retain(|grid| grid.ended_on.is_none());
    Ok(Around { grids, buildings: store::buildings(&ctx.app.db, &grid.community_path).await? })
}

/// The grid to be changed: for whoever may change all of its community.
pub async fn changeable(ctx: &Ctx, code: &str) -> Result<Grid, Error> {
    let grid = standing(ctx, code).await?;
    ctx.actor()?.require(Action::GridManage, &grid.community_path)?;
    Ok(grid)
}

fn net(around: &Around) -> Net {
    let mut net: Net = around.grids.iter().map(|grid| (grid.id.clone(), Default::default())).collect();
    for building in &around.buildings {
        if let Some(buildings) = net.get_mut(&building.grid_id) {
            buildings.insert(building.id.clone());
        }
    }
    net
}

/// At which field the words for a fault stand.
fn field(kind: Kind, fault: Fault) -> &'static str {
    match (kind, fault) {
        (_, Fault::Name) | (Kind::Split, Fault::Parts) => "names",
        (Kind::Merge, Fault::Parts) => "with",
        (Kind::Split, _) => "buildings",
        (Kind::Merge, _) => "into",
        (Kind::Move, Fault::Grid | Fault::Parts) => "into",
        (Kind::Move, _) => "goes",
    }
}

/// Reads a form: the change, in ids.
fn read(grid: &Grid, around: &Around, form: &Form) -> Result<Change, (&'static str, Fault)> {
    let kind = form.kind.unwrap_or(Kind::Split);
    let names: Vec<(String, String)> =
        form.names.iter().map(|(name, english)| (one_line(name), one_line(english))).collect();
    let wrong = |fault: Fault| (field(kind, fault), fault);
    let long = |name: &str| name.chars().count() > MOST_NAME;
    if names.iter().any(|(name, english)| long(name) || long(english)) {
        return Err(wrong(Fault::Name));
    }
    let grid_id = |code: &str| around.grids.iter().find(|grid| grid.code == code).map(|grid| grid.id.clone());
    let building_id = |code: &str| {
        let found = around.buildings.iter().find(|building| building.code == code);
        found.map(|building| building.id.clone()).ok_or(wrong(Fault::Building))
    };
    match kind {
        Kind::Split => {
            // Names that were left empty are not there: places among all become places among those that are.
            let mut places = BTreeMap::new();
            for (nth, _) in (1..).zip(&names).filter(|(_, (name, _))| !name.is_empty()) {
                places.insert(nth, places.len() + 1);
            }
            let mut to = Vec::new();
            for (code, nth) in &form.to {
                let place = match nth {
                    0 => 0,
                    nth => *places.get(nth).ok_or(wrong(Fault::Name))?,
                };
                to.push((building_id(code)?, place));
            }
            let names: Vec<(String, String)> = names.into_iter().filter(|(name, _)| !name.is_empty()).collect();
            Ok(Change::split(&grid.id, form.keeps, &names, &to))
        }
        Kind::Merge => {
            let mut grids = vec![grid.id.clone()];
            for code in &form.with {
                grids.push(grid_id(code).ok_or(wrong(Fault::Grid))?);
            }
            let net = net(around);
            if form.into.is_empty() {
                let (name, english) = names.first().cloned().unwrap_or_default();
                return Ok(Change::merge(&net, &grids, Err((name.as_str(), english.as_str()))));
            }
            let into = grid_id(&form.into).filter(|id| grids.contains(id)).ok_or(wrong(Fault::Grid))?;
            Ok(Change::merge(&net, &grids, Ok(into.as_str())))
        }
        Kind::Move => {
            let into = grid_id(&form.into).ok_or(wrong(Fault::Grid))?;
            let buildings = form.goes.iter().map(|code| building_id(code)).collect::<Result<Vec<_>, _>>()?;
            Ok(Change::r#move(&grid.id, &into, &buildings))
        }
    }
}

/// Plans a change of a grid; one for today is in force at once. Gives its id; the same form sent twice is one change.
pub async fn plan(ctx: &Ctx, code: &str, form: &Form) -> Result<String, Refused> {
    let grid = changeable(ctx, code).await?;
    let (w, day) = (ctx.w, today(ctx));
    if form.key.is_empty() || form.key.len() > KEY_MAX {
        return Err(Error::BadRequest("the form's key is missing".into()).into());
    }
    if let Some(id) = changes::by_key(&ctx.app.db, &form.key).await? {
        return Ok(id);
    }
    let kind = form.kind.unwrap_or(Kind::Split);
    let mut errors = FieldErrors::new();
    let around = around(ctx, &grid).await?;
    let change = match read(&grid, &around, form) {
        Ok(change) => Some(change),
        Err((field, fault)) => {
            errors.add(field, w.t(fault.key()));
            None
        }
    };
    if let Some(change) = &change {
        let goes_on = |grid: &&Grid| {
            !change
                .parts
                .iter()
                .any(|part| part.role == app::grids::change::Role::Ends && part.grid.as_deref() == Some(&grid.id))
        };
        let names: Vec<&str> = around.grids.iter().filter(goes_on).map(|grid| grid.name.as_str()).collect();
        if let Err(fault) = change.judge(&net(&around), &names) {
            errors.add(field(kind, fault), w.t(fault.key()));
        }
    }
    let last = day.checked_add(Span::new().days(MOST_AHEAD)).unwrap_or(day);
    let from: Option<Date> = form.day.trim().parse().ok().filter(|from: &Date| (day..=last).contains(from));
    if from.is_none() {
        errors.add("day", w.t("grids-error-change-day"));
    }
    let reason = one_line(&form.reason);
    if reason.chars().count() > MOST_REASON {
        errors.add("reason", w.tf("grids-error-long", &[("count", MOST_REASON.into())]));
    }
    let (Some(change), Some(from), true) = (change, from, errors.is_empty()) else {
        return Err(Refused::Invalid(errors));
    };
    let id = write(ctx, &grid, &change, (from, &reason), &form.key).await?;
    if from <= day {
        force(&ctx.app, &id).await?;
    }
    Ok(id)
}

/// Writes a change down, unless another one that is planned touches the same grids, or the net is another one by now.
async fn write(
    ctx: &Ctx,
    grid: &Grid,
    change: &Change,
    (day, reason): (Date, &str),
    key: &str,
) -> Result<String, Refused> {
    let db = &ctx.app.db;
    let actor = ctx.actor()?;
    let mut tx = db.begin().await?;
    dialect::lock_key(db.engine(), &mut tx, &format!("grids:{}", grid.community_id)).await?;
    let touched: Vec<&str> = change.grids().collect();
    let by = (actor.id.as_str(), key);
    let Some(id) = changes::insert(&mut tx, &grid.community_id, change, (day, reason), by, ctx.now).await? else {
        drop(tx);
        return changes::by_key(db, key).await?.ok_or(Error::Conflict("error-conflict-text").into());
    };
    // Itself is among those that are planned.
    let others = changes::is_planned_beside(&mut tx, &touched, &id).await?;
    if others || change.judge(&changes::net(&mut tx, &grid.community_id).await?, &[]).is_err() {
        let key = if others { "grids-change-error-planned" } else { "error-conflict-text" };
        return Err(super::mistake(ctx, "day", key));
    }
    for grid in &touched {
        let detail = serde_json::json!({ "change": id, "kind": change.kind.code(), "day": day.to_string() });
        note(&mut tx, ctx, "grid.plan_change", grid, detail).await?;
    }
    let job = Job::GridChange { change_id: id.clone() };
    let at = time::start_of(day).max(ctx.now);
    jobs::queue(&mut tx, &job, at, Some(&format!("grid_change:{id}")), ctx.now).await?;
    tx.commit().await?;
    Ok(id)
}

/// Withdraws a change that is not in force yet. Twice is once.
pub async fn withdraw(ctx: &Ctx, code: &str, id: &str) -> Result<(), Error> {
    let grid = super::grid(ctx, code, Action::GridManage).await?;
    let row = changes::by_id(&ctx.app.db, id).await?.ok_or(Error::NotFound)?;
    ctx.actor()?.require(Action::GridManage, &row.community_path)?;
    if !row.parts.iter().any(|part| part.grid_id.as_deref() == Some(&grid.id)) {
        return Err(Error::NotFound);
    }
    let actor = ctx.actor()?;
    let mut tx = ctx.app.db.begin().await?;
    if !changes::withdraw(&mut tx, id, &actor.id, ctx.now).await? {
        drop(tx);
        let now = changes::by_id(&ctx.app.db, id).await?;
        return match now {
            Some(row) if row.state == "withdrawn" => Ok(()),
            _ => Err(Error::Conflict("grids-conflict-in-force")),
        };
    }
    for grid in row.parts.iter().filter_map(|part| part.grid_id.as_deref()) {
        note(&mut tx, ctx, "grid.withdraw_change", grid, serde_json::json!({ "change": id })).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Puts a change into force whose day has come: the job `GridChange`. Run again, it only gathers reports that were being filed
/// meanwhile.
pub async fn force(app: &App, id: &str) -> anyhow::Result<()> {
    let now = app.clock.now();
    let engine = app.db.engine();
    let mut tx = app.db.begin().await?;
    match force::carry_out(&mut tx, engine, id, time::day_of(now), now).await? {
        Some(forced) => {
            write_down(&mut tx, id, &forced, now).await?;
            tell(&mut tx, id, &forced, now).await?;
            let job = Job::GridChange { change_id: id.to_owned() };
            jobs::queue(&mut tx, &job, now + AFTER, Some(&format!("grid_change:{id}:after")), now).await?;
        }
        None => {
            let count = force::gather(&mut tx, id, time::day_of(now)).await?;
            if count > 0 {
                let entry = audit::Entry {
                    by: By::System,
                    action: "grid.gather_reports",
                    object_kind: "grid_change",
                    object_id: id,
                    detail: serde_json::json!({ "reports": count }),
                    request_id: "",
                };
                audit::write(&mut tx, entry, now).await?;
            }
        }
    }
    tx.commit().await?;
    Ok(())
}

async fn write_down(tx: &mut Tx, id: &str, forced: &Forced, now: Timestamp) -> Result<(), sqlx::Error> {
    let detail = serde_json::json!({ "change": id, "kind": forced.kind.code(), "buildings": forced.moved,
        "reports": forced.reports });
    let grids = forced.grids.iter().map(|(grid, ..)| ("grid.change_in_force", "grid", grid.as_str(), &detail));
    audit::write_many(tx, By::System, "", grids, now).await?;
    let role = |(person, role, grid): &(String, String, String)| {
        (person.clone(), serde_json::json!({ "role": role, "organisation": grid, "change": id }))
    };
    let given: Vec<(String, serde_json::Value)> = forced.given.iter().map(role).collect();
    let taken: Vec<(String, serde_json::Value)> = forced.taken.iter().map(role).collect();
    for (action, roles) in [("grid.give_role", given), ("grid.take_role", taken)] {
        let entries = roles.iter().map(|(person, detail)| (action, "person", person.as_str(), detail));
        audit::write_many(tx, By::System, "", entries, now).await?;
    }
    Ok(())
}

/// Tells whoever planned it and the grid workers of the grids that go on.
async fn tell(tx: &mut Tx, id: &str, forced: &Forced, now: Timestamp) -> Result<(), sqlx::Error> {
    let goes_on = || {
        let pairs = forced.grids.iter().zip(&forced.roles);
        pairs.filter(|(_, role)| **role != app::grids::change::Role::Ends).map(|(grid, _)| grid)
    };
    let Some((_, code, _)) = goes_on().next_back() else { return Ok(()) };
    let mut people: Vec<String> = forced.planned_by.iter().cloned().collect();
    let mut names = (Vec::new(), Vec::new());
    for (grid, ..) in goes_on() {
        let (name, name_en): (String, String) = sqlx::query_as("SELECT name, name_en FROM organisation WHERE id = $1")
            .bind(grid)
            .fetch_one(&mut **tx)
            .await?;
        names.1.push(if name_en.is_empty() { name.clone() } else { name_en });
        names.0.push(name);
        let workers: Vec<(String,)> = sqlx::query_as(
            "SELECT g.person_id FROM role_grant g WHERE g.organisation_id = $1 AND g.role = 'grid_worker' \
             UNION SELECT d.person_id FROM grid_duty d WHERE d.grid_id = $1 AND d.until_day IS NULL \
             AND d.kind = 'responsible'",
        )
        .bind(grid)
        .fetch_all(&mut **tx)
        .await?;
        people.extend(workers.into_iter().map(|(person,)| person));
    }
    people.sort();
    people.dedup();
    let people: Vec<&str> = people.iter().map(String::as_str).collect();
    let message = inbox::Message {
        person_id: "",
        text_key: "inbox-grid-change",
        text_args: serde_json::json!({ "grids": names.0.join("、"), "grids_en": names.1.join(", ") }),
        href: &format!("/staff/grids/{code}"),
        dedupe_key: &format!("grid-change:{id}"),
    };
    inbox::send_all(tx, &people, message, now).await
}

/// A proposal for a split: which buildings lie left of a line through two points, as typed. Those go to the first new grid.
pub fn by_line(buildings: &[&Building], line: &str) -> Option<Vec<(String, usize)>> {
    let corners = outline::read(line).ok()?;
    let [first, second] = corners[..] else { return None };
    let to = buildings.iter().map(|building| {
        let left = building.at().is_some_and(|at| outline::left_of([first, second], &[at]) == [true]);
        (building.code.clone(), usize::from(left))
    });
    Some(to.collect())
}
