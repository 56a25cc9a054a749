//! A change of the net comes into force: buildings move, grids begin and end, and what belongs to them follows. What moves and what
//! stays is written down in [`super::paths`].

use super::{
    OVER, changes, ending,
    paths::{self, By},
};
use crate::{
    clock,
    db::{Engine, Tx, dialect},
    places::store::{self as places, Organisation},
};
use app::grids::change::{Change, Kind, Role};
use jiff::{Timestamp, civil::Date};
use std::collections::{BTreeMap, BTreeSet};

/// What came into force.
#[derive(Clone, Debug)]
pub struct Forced {
    /// Id of the community.
    pub community_id: String,
    /// Its kind.
    pub kind: Kind,
    /// The grids, part by part: id, code, path.
    pub grids: Vec<(String, String, String)>,
    /// What it does to each of them.
    pub roles: Vec<Role>,
    /// Who planned it.
    pub planned_by: Option<String>,
    /// Buildings that moved.
    pub moved: usize,
    /// Open reports that went to another grid.
    pub reports: u64,
    /// Roles that were given, and taken: person, role, id of the grid.
    pub given: Vec<(String, String, String)>,
    /// The same.
    pub taken: Vec<(String, String, String)>,
}

/// A building that moves.
struct Moving {
    id: String,
    old: String,
    new: String,
    from: usize,
    to: usize,
}

/// Puts a change into force, if it still is planned and its day has come: one statement decides that. `None`: it is not.
pub async fn carry_out(
    tx: &mut Tx,
    engine: Engine,
    id: &str,
    today: Date,
    now: Timestamp,
) -> anyhow::Result<Option<Forced>> {
    let found: Option<(String, String, Option<String>)> =
        sqlx::query_as("SELECT community_id, kind, planned_by FROM grid_change WHERE id = $1")
            .bind(id)
            .fetch_optional(&mut **tx)
            .await?;
    let Some((community_id, kind, planned_by)) = found else { return Ok(None) };
    dialect::lock_key(engine, tx, &format!("grids:{community_id}")).await?;
    let decided = sqlx::query(
        "UPDATE grid_change SET state = 'in_force', in_force_day = $2, in_force_at = $3 \
         WHERE id = $1 AND state = 'planned' AND day <= $2",
    )
    .bind(id)
    .bind(today.to_string())
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    if decided.rows_affected() == 0 {
        return Ok(None);
    }
    let kind = Kind::from_code(&kind).unwrap_or(Kind::Move);
    let change = changes::load(&mut *tx, id, kind).await?;
    let net = changes::net(&mut *tx, &community_id).await?;
    let grids = grids(tx, id, &change, &community_id, now).await?;
    let mut moving = Vec::new();
    for (building, from, to) in change.moves(&net) {
        let place: Option<(String, String)> = sqlx::query_as("SELECT path, code FROM organisation WHERE id = $1")
            .bind(&building)
            .fetch_optional(&mut **tx)
            .await?;
        let Some((old, code)) = place else { continue };
        moving.push(Moving { id: building, old, new: format!("{}{code}/", grids[to].2), from, to });
    }
    let mut reports = 0;
    for building in &moving {
        reports += move_building(tx, building, (&grids[building.from].0, &grids[building.to].0), today).await?;
    }
    keep_concerned(tx, &moving, &grids).await?;
    let mut forced = Forced {
        community_id,
        kind,
        roles: change.parts.iter().map(|part| part.role).collect(),
        planned_by,
        moved: moving.len(),
        reports,
        given: Vec::new(),
        taken: Vec::new(),
        grids,
    };
    for (nth, part) in change.parts.iter().enumerate() {
        if part.role == Role::Takes {
            continue;
        }
        let first = change.parts.iter().position(|part| part.role == Role::Takes).unwrap_or_default();
        let mut takers: BTreeSet<usize> =
            moving.iter().filter(|building| building.from == nth).map(|building| building.to).collect();
        // A grid without buildings ends as well: somebody takes over from it.
        if takers.is_empty() {
            takers.insert(first);
        }
        let ends = part.role == Role::Ends;
        for taker in takers {
            if ends || change.parts[taker].grid.is_none() {
                ending::hand_on(tx, &mut forced, (nth, taker), change.parts[taker].grid.is_none(), today, now).await?;
            }
        }
        if ends {
            ending::end(tx, &mut forced, nth, &change, today, now).await?;
        }
    }
    Ok(Some(forced))
}

/// The grids of a change: those that there are, and those that it makes.
async fn grids(
    tx: &mut Tx,
    id: &str,
    change: &Change,
    community_id: &str,
    now: Timestamp,
) -> anyhow::Result<Vec<(String, String, String)>> {
    let (path, code): (String, String) = sqlx::query_as("SELECT path, code FROM organisation WHERE id = $1")
        .bind(community_id)
        .fetch_one(&mut **tx)
        .await?;
    let mut all = Vec::new();
    for (nth, part) in (0_i64..).zip(&change.parts) {
        if let Some(grid) = &part.grid {
            let known: (String, String, String) =
                sqlx::query_as("SELECT id, code, path FROM organisation WHERE id = $1")
                    .bind(grid)
                    .fetch_one(&mut **tx)
                    .await?;
            all.push(known);
            continue;
        }
        let (position,): (i64,) = sqlx::query_as(
            "SELECT CAST(COALESCE(MAX(position), -1) AS BIGINT) + 1 FROM organisation WHERE parent_id = $1",
        )
        .bind(community_id)
        .fetch_one(&mut **tx)
        .await?;
        let grid_code = free_code(tx, &code).await?;
        let grid = Organisation {
            id: clock::new_id(now),
            kind: "grid".to_owned(),
            path: format!("{path}{grid_code}/"),
            code: grid_code,
            parent_id: Some(community_id.to_owned()),
            name: part.name.clone(),
            name_en: part.name_en.clone(),
            phone: String::new(),
            address: String::new(),
            address_en: String::new(),
            households: 0,
            longitude: None,
            latitude: None,
            outline: None,
            position,
        };
        places::insert(tx, &grid).await?;
        sqlx::query("UPDATE grid_change_part SET grid_id = $3 WHERE change_id = $1 AND nth = $2")
            .bind(id)
            .bind(nth)
            .bind(&grid.id)
            .execute(&mut **tx)
            .await?;
        all.push((grid.id, grid.code, grid.path));
    }
    Ok(all)
}

/// The first code of the form `community-gN` that nothing has had.
async fn free_code(tx: &mut Tx, community: &str) -> anyhow::Result<String> {
    for n in 1..10_000 {
        let code = format!("{community}-g{n}");
        let taken: Option<(String,)> = sqlx::query_as(
            "SELECT code FROM organisation WHERE code = $1 UNION SELECT code FROM landmark WHERE code = $1",
        )
        .bind(&code)
        .fetch_optional(&mut **tx)
        .await?;
        if taken.is_none() {
            return Ok(code);
        }
    }
    anyhow::bail!("{community} has no free code for a grid")
}

/// Moves a building, with its history and all that follows. Gives how many open reports went along.
async fn move_building(
    tx: &mut Tx,
    building: &Moving,
    (from, to): (&str, &str),
    today: Date,
) -> Result<u64, sqlx::Error> {
    sqlx::query("UPDATE organisation SET parent_id = $2 WHERE id = $1")
        .bind(&building.id)
        .bind(to)
        .execute(&mut **tx)
        .await?;
    let reports = follow(tx, &building.id, &building.old, &building.new).await?;
    let today = today.to_string();
    // A building that moves for the first time was always where it was.
    sqlx::query(
        "INSERT INTO grid_building (building_id, grid_id, from_day) \
         SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), '0001-01-01' \
         WHERE NOT EXISTS (SELECT 1 FROM grid_building WHERE building_id = $1)",
    )
    .bind(&building.id)
    .bind(from)
    .execute(&mut **tx)
    .await?;
    // Twice on one day: that day is the last one's.
    let again = sqlx::query(
        "UPDATE grid_building SET grid_id = $2 WHERE building_id = $1 AND until_day IS NULL AND from_day = $3",
    )
    .bind(&building.id)
    .bind(to)
    .bind(&today)
    .execute(&mut **tx)
    .await?;
    if again.rows_affected() == 0 {
        sqlx::query("UPDATE grid_building SET until_day = $2 WHERE building_id = $1 AND until_day IS NULL")
            .bind(&building.id)
            .bind(&today)
            .execute(&mut **tx)
            .await?;
        sqlx::query("INSERT INTO grid_building (building_id, grid_id, from_day) VALUES ($1, $2, $3)")
            .bind(&building.id)
            .bind(to)
            .bind(&today)
            .execute(&mut **tx)
            .await?;
    }
    Ok(reports)
}

/// Has everything that keeps a place's path follow it. Gives how many open reports did.
async fn follow(tx: &mut Tx, id: &str, old: &str, new: &str) -> Result<u64, sqlx::Error> {
    let mut reports = 0;
    for (table, _, by, sql) in paths::FOLLOW {
        let key = if *by == By::Path { old } else { id };
        let done = sqlx::query(*sql).bind(new).bind(key).execute(&mut **tx).await?;
        if *table == "report" {
            reports += done.rows_affected();
        }
    }
    Ok(reports)
}

/// Notices that are not over and were aimed at a grid are aimed at the buildings that left it as well.
async fn keep_concerned(tx: &mut Tx, moving: &[Moving], grids: &[(String, String, String)]) -> Result<(), sqlx::Error> {
    for building in moving {
        sqlx::query(
            "INSERT INTO notice_aim (notice_id, organisation_id, path) \
             SELECT a.notice_id, CAST($1 AS TEXT), CAST($2 AS TEXT) FROM notice_aim a JOIN notice n ON n.id = a.notice_id \
             WHERE a.organisation_id = $3 AND n.state <> 'withdrawn' \
             ON CONFLICT (notice_id, organisation_id) DO NOTHING",
        )
        .bind(&building.id)
        .bind(&building.new)
        .bind(&grids[building.from].0)
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

/// Gives open reports that were being filed while a change came into force the path that their building has: they were written with
/// the one before. What was written for a grid that has ended goes on in what it became. Gives how many reports there were.
pub async fn gather(tx: &mut Tx, change_id: &str, today: Date) -> Result<u64, sqlx::Error> {
    let buildings: BTreeMap<String, String> = sqlx::query_as::<_, (String, String)>(
        "SELECT h.building_id, o.path FROM grid_building h JOIN organisation o ON o.id = h.building_id \
         JOIN grid_change c ON c.community_id = (SELECT g.parent_id FROM organisation g WHERE g.id = h.grid_id) \
         WHERE c.id = $1 AND h.until_day IS NULL AND h.from_day = c.in_force_day",
    )
    .bind(change_id)
    .fetch_all(&mut **tx)
    .await?
    .into_iter()
    .collect();
    let mut count = 0;
    for (building, path) in buildings {
        let sql = format!(
            "UPDATE report SET path = $1 WHERE building_id = $2 AND path <> $1 AND state NOT IN {OVER} \
             AND community_id = (SELECT g.parent_id FROM organisation b JOIN organisation g ON g.id = b.parent_id WHERE b.id = $2)"
        );
        let done = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(path).bind(building).execute(&mut **tx).await?;
        count += done.rows_affected();
    }
    let parts: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT p.role, g.id, g.path FROM grid_change_part p JOIN grid_change c ON c.id = p.change_id \
         JOIN organisation g ON g.id = p.grid_id WHERE c.id = $1 AND c.state = 'in_force' \
         AND (p.role = 'ends' OR (p.role = 'takes' AND g.ended_on IS NULL)) ORDER BY p.nth",
    )
    .bind(change_id)
    .fetch_all(&mut **tx)
    .await?;
    let of = |role: Role| parts.iter().filter(move |(of, ..)| of == role.code());
    let takers: Vec<(String, String)> = of(Role::Takes).map(|(_, id, path)| (id.clone(), path.clone())).collect();
    for (_, id, path) in of(Role::Ends) {
        count += ending::go_on(tx, (id, path), &takers, today).await?;
    }
    Ok(count)
}

/// Gives a report that goes on after it was over the path that its place has now: of its building, else of its grid if that stands, else
/// of its community.
pub async fn bring_home(tx: &mut Tx, report_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE report SET path = COALESCE((SELECT b.path FROM organisation b WHERE b.id = report.building_id), \
         (SELECT g.path FROM organisation g WHERE g.id = report.grid_id AND g.ended_on IS NULL), \
         (SELECT m.path FROM organisation m WHERE m.id = report.community_id)) WHERE id = $1",
    )
    .bind(report_id)
    .execute(&mut **tx)
    .await?;
    Ok(())
}
