//! What becomes of a grid that gives its place to others: roles, duties, turns, rules of routing, and what was open in it.

use super::{OVER, duty, force::Forced};
use crate::{clock, db::Tx};
use app::{
    grids::change::{Change, Role},
    people::Role as PersonRole,
};
use jiff::{Timestamp, civil::Date};
use std::collections::BTreeSet;

/// Roles on a grid are given on the one that takes over from it; one that is made is answered for by the same people.
pub(super) async fn hand_on(
    tx: &mut Tx,
    forced: &mut Forced,
    (from, to): (usize, usize),
    made: bool,
    today: Date,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let (from, to) = (forced.grids[from].0.clone(), forced.grids[to].0.clone());
    let roles: Vec<(String, String)> =
        sqlx::query_as("SELECT person_id, role FROM role_grant WHERE organisation_id = $1 ORDER BY person_id, role")
            .bind(&from)
            .fetch_all(&mut **tx)
            .await?;
    let mut volunteers = BTreeSet::new();
    for (person, role) in roles {
        let done = sqlx::query(
            "INSERT INTO role_grant (person_id, role, organisation_id, granted_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (person_id, role, organisation_id) DO NOTHING",
        )
        .bind(&person)
        .bind(&role)
        .bind(&to)
        .bind(now.as_microsecond())
        .execute(&mut **tx)
        .await?;
        if done.rows_affected() == 1 {
            if role == PersonRole::Volunteer.code() {
                volunteers.insert(person.clone());
            }
            forced.given.push((person, role, to.clone()));
        }
    }
    registrations(tx, (&from, &to), &volunteers).await?;
    if made {
        let duties: Vec<(String, String)> =
            sqlx::query_as("SELECT kind, person_id FROM grid_duty WHERE grid_id = $1 AND until_day IS NULL")
                .bind(&from)
                .fetch_all(&mut **tx)
                .await?;
        for (kind, person) in duties {
            let named: Option<(String,)> =
                sqlx::query_as("SELECT id FROM grid_duty WHERE grid_id = $1 AND kind = $2 AND until_day IS NULL")
                    .bind(&to)
                    .bind(&kind)
                    .fetch_optional(&mut **tx)
                    .await?;
            if named.is_none() {
                duty::insert(tx, (&to, &kind), &person, (None, today), now).await?;
            }
        }
    }
    Ok(())
}

/// Registrations of volunteers for a grid are for the one that takes over as well: what brought the role there takes it back when it
/// ends. `new`: those who have the role there by this change.
async fn registrations(tx: &mut Tx, (from, to): (&str, &str), new: &BTreeSet<String>) -> Result<(), sqlx::Error> {
    let rows: Vec<(String, String, i64)> = sqlx::query_as(
        "SELECT x.member_id, m.person_id, x.granted FROM team_member_grid x JOIN team_member m ON m.id = x.member_id \
         WHERE x.grid_id = $1 ORDER BY x.member_id",
    )
    .bind(from)
    .fetch_all(&mut **tx)
    .await?;
    for (member, person, granted) in rows {
        let (brought,): (i64,) = sqlx::query_as(
            "SELECT CAST(COUNT(*) AS BIGINT) FROM team_member_grid x JOIN team_member m ON m.id = x.member_id \
             WHERE x.grid_id = $1 AND m.person_id = $2 AND x.granted = 1 AND m.state = 'active'",
        )
        .bind(to)
        .bind(&person)
        .fetch_one(&mut **tx)
        .await?;
        // Who was a volunteer there by themselves stays one.
        let own = granted == 1 && brought == 0 && !new.contains(&person);
        sqlx::query(
            "INSERT INTO team_member_grid (member_id, grid_id, granted) VALUES ($1, $2, $3) \
             ON CONFLICT (member_id, grid_id) DO UPDATE SET granted = CASE WHEN team_member_grid.granted = 0 \
             THEN excluded.granted ELSE team_member_grid.granted END",
        )
        .bind(&member)
        .bind(to)
        .bind(if own { 2 } else { granted })
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

/// What was open in a grid that has ended, at no building of it, goes on in what it became: reports and patrol plans in the first of
/// the grids that took over, findings that wait and questions to its residents in the only one. Where there are several, a finding
/// goes to the community, where somebody tells where it belongs. Gives how many reports there were.
pub(super) async fn go_on(
    tx: &mut Tx,
    (id, path): (&str, &str),
    takers: &[(String, String)],
    today: Date,
) -> Result<u64, sqlx::Error> {
    let Some((first, first_path)) = takers.first() else { return Ok(0) };
    let sql = format!("UPDATE report SET path = $1 WHERE path = $2 AND state NOT IN {OVER}");
    let done = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(first_path).bind(path).execute(&mut **tx).await?;
    sqlx::query(
        "UPDATE patrol_plan SET grid_id = $1, path = $2 WHERE grid_id = $3 AND (until_day = '' OR until_day >= $4)",
    )
    .bind(first)
    .bind(first_path)
    .bind(id)
    .bind(today.to_string())
    .execute(&mut **tx)
    .await?;
    let community = path.trim_end_matches('/').rfind('/').map_or(path, |at| &path[..=at]);
    let finding_path = if takers.len() == 1 { first_path.as_str() } else { community };
    sqlx::query("UPDATE intake SET path = $1 WHERE path = $2 AND state IN ('waiting', 'filing')")
        .bind(finding_path)
        .bind(path)
        .execute(&mut **tx)
        .await?;
    if takers.len() == 1 {
        sqlx::query(
            "UPDATE consultation SET organisation_id = $1, path = $2 WHERE organisation_id = $3 AND state IN ('draft', 'open')",
        )
        .bind(first)
        .bind(first_path)
        .bind(id)
        .execute(&mut **tx)
        .await?;
    }
    Ok(done.rows_affected())
}

/// Ends a grid: its duties, turns and roles end with it, and what was open in it without a building goes on in what it becomes.
pub(super) async fn end(
    tx: &mut Tx,
    forced: &mut Forced,
    nth: usize,
    change: &Change,
    today: Date,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let (id, _, path) = forced.grids[nth].clone();
    let takers: Vec<usize> = (0..change.parts.len()).filter(|taker| change.parts[*taker].role == Role::Takes).collect();
    if takers.is_empty() {
        return Ok(());
    }
    let day = today.to_string();
    sqlx::query("UPDATE organisation SET ended_on = $2 WHERE id = $1").bind(&id).bind(&day).execute(&mut **tx).await?;
    let places = takers.iter().map(|taker| (forced.grids[*taker].0.clone(), forced.grids[*taker].2.clone()));
    forced.reports += go_on(tx, (&id, &path), &places.collect::<Vec<_>>(), today).await?;
    route(tx, &path, &takers.iter().map(|taker| forced.grids[*taker].2.clone()).collect::<Vec<_>>(), now).await?;
    sqlx::query("UPDATE grid_duty SET until_day = $2 WHERE grid_id = $1 AND until_day IS NULL")
        .bind(&id)
        .bind(&day)
        .execute(&mut **tx)
        .await?;
    sqlx::query("UPDATE grid_turn SET removed_at = $3 WHERE grid_id = $1 AND removed_at IS NULL AND from_day >= $2")
        .bind(&id)
        .bind(&day)
        .bind(now.as_microsecond())
        .execute(&mut **tx)
        .await?;
    sqlx::query("UPDATE grid_turn SET until_day = $3 WHERE grid_id = $1 AND removed_at IS NULL AND until_day >= $2")
        .bind(&id)
        .bind(&day)
        .bind(today.yesterday().unwrap_or(today).to_string())
        .execute(&mut **tx)
        .await?;
    let taken: Vec<(String, String)> =
        sqlx::query_as("SELECT person_id, role FROM role_grant WHERE organisation_id = $1 ORDER BY person_id, role")
            .bind(&id)
            .fetch_all(&mut **tx)
            .await?;
    sqlx::query("DELETE FROM role_grant WHERE organisation_id = $1").bind(&id).execute(&mut **tx).await?;
    sqlx::query("DELETE FROM team_member_grid WHERE grid_id = $1").bind(&id).execute(&mut **tx).await?;
    forced.taken.extend(taken.into_iter().map(|(person, role)| (person, role, id.clone())));
    Ok(())
}

/// Rules of routing for a grid that ends hold for each grid that it becomes.
async fn route(tx: &mut Tx, old: &str, new: &[String], now: Timestamp) -> Result<(), sqlx::Error> {
    let Some((first, others)) = new.split_first() else { return Ok(()) };
    for path in others {
        let rules: Vec<(String,)> =
            sqlx::query_as("SELECT id FROM routing_rule WHERE path = $1").bind(old).fetch_all(&mut **tx).await?;
        for (rule,) in rules {
            sqlx::query(
                "INSERT INTO routing_rule (id, organisation_id, position, major, category, path, owner_id, note) \
                 SELECT CAST($1 AS TEXT), organisation_id, position, major, category, CAST($2 AS TEXT), owner_id, note \
                 FROM routing_rule WHERE id = $3",
            )
            .bind(clock::new_id(now))
            .bind(path)
            .bind(rule)
            .execute(&mut **tx)
            .await?;
        }
    }
    sqlx::query("UPDATE routing_rule SET path = $1 WHERE path = $2").bind(first).bind(old).execute(&mut **tx).await?;
    Ok(())
}
