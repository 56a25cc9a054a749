//! Who answered for a grid on a day that has been, by the rows that say from when until when.

use super::{Grid, duty::Rosters};
use crate::{db::Db, people::store::PersonBrief};
use app::{
    grids::duty::{Away, Days, Roster, Turn, Weekdays},
    time,
};
use jiff::civil::Date;

/// The roster of a grid as it was on a day before today. Who has lost their role or left since is on it as they were; one who left
/// and is kept by no record has an empty name. A turn or an absence that was taken back on the day itself, or before, did not hold;
/// an absence that was taken back later did.
pub async fn roster_on(db: &Db, grid: &Grid, day: Date) -> Result<Rosters, sqlx::Error> {
    let mut roster = Roster::default();
    let mut all = Rosters::default();
    let text = day.to_string();
    let duties: Vec<(String, String, String, String, String)> = sqlx::query_as(
        "SELECT d.kind, p.id, p.name, p.unit, p.unit_en FROM grid_duty d JOIN person p ON p.id = d.person_id \
         WHERE d.grid_id = $1 AND d.from_day <= $2 AND (d.until_day IS NULL OR d.until_day > $2)",
    )
    .bind(&grid.id)
    .bind(&text)
    .fetch_all(db.read())
    .await?;
    for (kind, id, name, unit, unit_en) in duties {
        match kind.as_str() {
            "responsible" => roster.responsible = Some(id.clone()),
            _ => roster.substitute = Some(id.clone()),
        }
        all.people.insert(id.clone(), PersonBrief { id, name, unit, unit_en });
    }
    let turns: Vec<(String, String, String, String, String)> = sqlx::query_as(
        "SELECT t.weekdays, p.id, p.name, p.unit, p.unit_en FROM grid_turn t JOIN person p ON p.id = t.person_id \
         WHERE t.grid_id = $1 AND t.removed_at IS NULL AND t.from_day <= $2 AND t.until_day >= $2 ORDER BY t.from_day, t.id",
    )
    .bind(&grid.id)
    .bind(&text)
    .fetch_all(db.read())
    .await?;
    let days = Days { from: day, until: day };
    for (weekdays, id, name, unit, unit_en) in turns {
        let Some(weekdays) = Weekdays::from_code(&weekdays) else { continue };
        roster.turns.push(Turn { person: id.clone(), days, weekdays });
        all.people.insert(id.clone(), PersonBrief { id, name, unit, unit_en });
    }
    let over = day.tomorrow().map_or(i64::MAX, |next| time::start_of(next).as_microsecond());
    let away: Vec<(String,)> = sqlx::query_as(
        "SELECT person_id FROM grid_away \
         WHERE from_day <= $1 AND until_day >= $1 AND (removed_at IS NULL OR removed_at >= $2)",
    )
    .bind(&text)
    .bind(over)
    .fetch_all(db.read())
    .await?;
    let known = away.into_iter().filter(|(person,)| all.people.contains_key(person));
    roster.away = known.map(|(person,)| Away { person, days }).collect();
    all.of.insert(grid.id.clone(), roster);
    Ok(all)
}
