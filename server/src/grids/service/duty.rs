//! Who answers for a grid, who stands in, turns and absences.

use super::{Refused, mistake, note, standing, today};
use crate::{
    db::{Db, dialect},
    grids::store::{
        self, Grid,
        duty::{self, Rosters},
    },
    http::{Ctx, Error, FieldErrors},
    people::store::{self as people, PersonBrief},
};
use app::{
    grids::duty::{Days, MOST_DAYS, Turn, Weekdays},
    people::Role,
};
use jiff::{Span, civil::Date};

/// Longest key of a form.
const KEY_MAX: usize = 100;

/// Grid workers whose role reaches a grid: they may answer for it.
pub async fn workers(db: &Db, grid: &Grid) -> Result<Vec<PersonBrief>, sqlx::Error> {
    people::with_role_around(db, Role::GridWorker, &grid.path).await
}

/// Who may stand in or take a turn: grid workers and volunteers of the community. They handle reports in any case, so that
/// what they took in their turn stays theirs when it is over.
pub async fn others(db: &Db, grid: &Grid) -> Result<Vec<PersonBrief>, sqlx::Error> {
    let mut all = people::with_role_around(db, Role::GridWorker, &grid.community_path).await?;
    for person in people::with_role_around(db, Role::Volunteer, &grid.community_path).await? {
        if all.iter().all(|other| other.id != person.id) {
            all.push(person);
        }
    }
    Ok(all)
}

/// Path of the grid that a place lies in; `None` for what lies above grids.
pub fn grid_path(path: &str) -> Option<&str> {
    path.match_indices('/').nth(3).map(|(at, _)| &path[..=at])
}

/// Who is on duty on a day in the grid around a place, as those who work together name each other.
pub async fn on_duty(db: &Db, path: &str, day: Date) -> Result<Option<PersonBrief>, sqlx::Error> {
    let Some(path) = grid_path(path) else { return Ok(None) };
    let Some(grid) = store::by_path(db, path).await?.filter(|grid| grid.ended_on.is_none()) else { return Ok(None) };
    let rosters = duty::rosters(db, &[&grid.path], (day, day)).await?;
    Ok(rosters.on_duty(&grid.id, day).map(|(person, _)| person.clone()))
}

/// Who is named for a grid now.
pub async fn roster(ctx: &Ctx, grid: &Grid, days: (Date, Date)) -> Result<Rosters, Error> {
    Ok(duty::rosters(&ctx.app.db, &[&grid.path], days).await?)
}

/// Names who answers for a grid and who stands in, from today on; an empty id is nobody.
pub async fn name(ctx: &Ctx, code: &str, responsible: &str, substitute: &str) -> Result<(), Refused> {
    let grid = standing(ctx, code).await?;
    let db = &ctx.app.db;
    let mut errors = FieldErrors::new();
    let known = |people: &[PersonBrief], id: &str| id.is_empty() || people.iter().any(|person| person.id == id);
    if !known(&workers(db, &grid).await?, responsible) {
        errors.add("responsible", ctx.w.t("grids-error-worker"));
    }
    if !known(&others(db, &grid).await?, substitute) {
        errors.add("substitute", ctx.w.t("grids-error-person"));
    } else if !substitute.is_empty() && substitute == responsible {
        errors.add("substitute", ctx.w.t("grids-error-same"));
    }
    if !errors.is_empty() {
        return Err(Refused::Invalid(errors));
    }
    let actor = ctx.actor()?;
    let day = today(ctx);
    let mut tx = db.begin().await?;
    dialect::lock_key(db.engine(), &mut tx, &format!("grid-duty:{}", grid.id)).await?;
    for (kind, id) in [("responsible", responsible), ("substitute", substitute)] {
        let person = (!id.is_empty()).then_some(id);
        if duty::name(&mut tx, (&grid.id, kind), person, (&actor.id, day), ctx.now).await? {
            let action = format!("grid.name_{kind}");
            note(&mut tx, ctx, &action, &grid.id, serde_json::json!({ "person": person, "from": day.to_string() }))
                .await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

/// A turn or an absence as a form describes it.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Id of the person.
    pub person: String,
    /// First day, as typed.
    pub from: String,
    /// Last day, as typed.
    pub until: String,
    /// Numbers of days of the week, Monday is 1; none: every day.
    pub weekdays: Vec<String>,
    /// One form makes one.
    pub key: String,
}

/// Reads days that lie ahead. The fields are named by the caller.
fn ahead(ctx: &Ctx, wanted: &Wanted, from: &'static str) -> Result<Days, Refused> {
    let days = Days::read(&wanted.from, &wanted.until).ok_or_else(|| mistake(ctx, from, "grids-error-days"))?;
    if days.from < today(ctx) {
        return Err(mistake(ctx, from, "grids-error-past"));
    }
    let last = today(ctx).checked_add(Span::new().days(2 * MOST_DAYS)).unwrap_or(days.until);
    if days.until > last {
        return Err(mistake(ctx, from, "grids-error-days"));
    }
    if wanted.key.is_empty() || wanted.key.len() > KEY_MAX {
        return Err(Error::BadRequest("the form's key is missing".into()).into());
    }
    Ok(days)
}

/// Plans a turn. The same form sent twice is one turn; two people have no turn on the same day.
pub async fn add_turn(ctx: &Ctx, code: &str, wanted: &Wanted) -> Result<(), Refused> {
    let grid = standing(ctx, code).await?;
    let db = &ctx.app.db;
    if !others(db, &grid).await?.iter().any(|person| person.id == wanted.person) {
        return Err(mistake(ctx, "turn_person", "grids-error-person"));
    }
    let days = ahead(ctx, wanted, "turn_from")?;
    let weekdays =
        Weekdays::from_numbers(&wanted.weekdays).ok_or_else(|| mistake(ctx, "weekdays", "grids-error-weekdays"))?;
    let turn = Turn { person: wanted.person.clone(), days, weekdays };
    if turn.clashes(&turn).is_none() {
        return Err(mistake(ctx, "weekdays", "grids-error-no-day"));
    }
    let actor = ctx.actor()?;
    let mut tx = db.begin().await?;
    dialect::lock_key(db.engine(), &mut tx, &format!("grid-duty:{}", grid.id)).await?;
    let planned = duty::turns_in(&mut tx, &grid.id, days.from).await?;
    if !duty::add_turn(&mut tx, &grid.id, &turn, (&actor.id, &wanted.key), ctx.now).await? {
        return Ok(());
    }
    if planned.iter().filter_map(duty::TurnRow::turn).any(|other| other.clashes(&turn).is_some()) {
        return Err(mistake(ctx, "turn_from", "grids-error-clash"));
    }
    let detail = serde_json::json!({ "person": turn.person, "from": days.from.to_string(),
        "until": days.until.to_string(), "weekdays": weekdays.code() });
    note(&mut tx, ctx, "grid.add_turn", &grid.id, detail).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes a turn away from today on. Twice is once.
pub async fn remove_turn(ctx: &Ctx, code: &str, id: &str) -> Result<(), Error> {
    let grid = standing(ctx, code).await?;
    let mut tx = ctx.app.db.begin().await?;
    if duty::remove_turn(&mut tx, (&grid.id, id), today(ctx), ctx.now).await? {
        note(&mut tx, ctx, "grid.remove_turn", &grid.id, serde_json::json!({ "turn": id })).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Writes down that somebody who is named for this grid is away. It holds for all grids that they are named for.
pub async fn add_away(ctx: &Ctx, code: &str, wanted: &Wanted) -> Result<(), Refused> {
    let grid = standing(ctx, code).await?;
    let day = today(ctx);
    let rosters = roster(ctx, &grid, (day, day)).await?;
    let named = rosters.of.get(&grid.id).is_some_and(|roster| {
        [&roster.responsible, &roster.substitute].into_iter().flatten().any(|person| *person == wanted.person)
    });
    if !named {
        return Err(mistake(ctx, "away_person", "grids-error-person"));
    }
    let days = ahead(ctx, wanted, "away_from")?;
    let actor = ctx.actor()?;
    let mut tx = ctx.app.db.begin().await?;
    let added = duty::add_away(&mut tx, (&wanted.person, days), (&actor.id, &wanted.key), ctx.now).await?;
    if added {
        let detail = serde_json::json!({ "person": wanted.person, "from": days.from.to_string(),
            "until": days.until.to_string() });
        note(&mut tx, ctx, "grid.add_away", &grid.id, detail).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Takes an absence back. Twice is once.
pub async fn remove_away(ctx: &Ctx, code: &str, id: &str) -> Result<(), Error> {
    let grid = standing(ctx, code).await?;
    let mut tx = ctx.app.db.begin().await?;
    if duty::remove_away(&mut tx, (&grid.id, id), ctx.now).await? {
        note(&mut tx, ctx, "grid.remove_away", &grid.id, serde_json::json!({ "away": id })).await?;
    }
    tx.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::grid_path;

    #[test]
    fn the_grid_around_a_place_is_the_fourth_step_of_its_path() {
        for path in ["d/s/c/g/", "d/s/c/g/b/"] {
            assert_eq!(grid_path(path), Some("d/s/c/g/"));
        }
        assert_eq!(grid_path("d/s/c/"), None);
        assert_eq!(grid_path(""), None);
    }
}
