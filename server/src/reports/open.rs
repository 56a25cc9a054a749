//! Reports as everybody may see them: rows without the reporter, their words and their exact position; and who follows.

use super::conditions::{Conditions, bound, by_ids};
use crate::db::{Db, Tx, real};
use app::reports::{State, near, place::Position};
use jiff::Timestamp;

/// A report as a public list shows it, without its position.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OpenReport {
    /// Id.
    pub id: String,
    /// What stands in its address.
    pub code: String,
    /// State, as stored.
    pub state: String,
    /// Microseconds.
    pub filed_at: i64,
    /// Microseconds, of the last event.
    pub changed_at: i64,
    /// Code of the category.
    pub category: String,
    /// Chinese name of the category.
    pub category_name: String,
    /// English name of the category.
    pub category_name_en: String,
    /// Code of the grid.
    pub grid_code: Option<String>,
    /// Chinese name of the grid.
    pub grid_name: Option<String>,
    /// English name of the grid.
    pub grid_name_en: Option<String>,
    /// Code of the building or landmark.
    pub building_code: Option<String>,
    /// Chinese name of the building or landmark.
    pub building_name: Option<String>,
    /// English name of the building or landmark.
    pub building_name_en: Option<String>,
    /// First photo that staff released.
    pub photo: Option<String>,
    /// How many joined.
    pub followers: i64,
    /// The newest words for everybody.
    pub said: Option<String>,
}

impl OpenReport {
    /// The state.
    pub fn state(&self) -> State {
        State::from_code(&self.state).unwrap_or(State::Submitted)
    }
}

/// The beginning of a query for rows of a list, up to its `WHERE`; `$more` are photo, followers and the newest words.
macro_rules! select {
    ($more:literal) => {
        concat!(
            "SELECT r.id, r.code, r.state, r.filed_at, r.changed_at, r.category, c.name AS category_name, \
             c.name_en AS category_name_en, g.code AS grid_code, g.name AS grid_name, g.name_en AS grid_name_en, \
             COALESCE(b.code, k.code) AS building_code, COALESCE(b.name, k.name) AS building_name, \
             COALESCE(b.name_en, k.name_en) AS building_name_en, ",
            $more,
            " FROM report r JOIN category c ON c.code = r.category LEFT JOIN organisation g ON g.id = r.grid_id \
             LEFT JOIN organisation b ON b.id = r.building_id LEFT JOIN landmark k ON k.id = r.landmark_id"
        )
    };
}

const SELECT: &str = select!(
    "(SELECT f.id FROM photo f WHERE f.owner_kind = 'report' AND f.owner_id = r.id AND f.released = 1 \
     ORDER BY f.position LIMIT 1) AS photo, \
     (SELECT CAST(COUNT(*) AS BIGINT) FROM report_follower w WHERE w.report_id = r.id) AS followers, \
     (SELECT e.public_text FROM report_event e WHERE e.report_id = r.id AND e.public_text <> '' \
     AND e.actor_kind <> 'reporter' ORDER BY e.seq DESC LIMIT 1) AS said"
);
/// For markers, which show neither.
const MARKERS: &str =
    select!("CAST(NULL AS TEXT) AS photo, CAST(0 AS BIGINT) AS followers, CAST(NULL AS TEXT) AS said");

/// States in which a report is over.
const OVER: &str = "'closed', 'rejected', 'withdrawn', 'merged'";

/// What a public list asks for. Empty texts ask for everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// A major category's code.
    pub major: String,
    /// `open`, `closed`, or empty.
    pub state: String,
    /// A grid's code.
    pub grid: String,
    /// Filed within so many days; 0: ever.
    pub days: i64,
}

/// Rows on a page of the public list.
pub const PAGE: usize = 20;

/// The last row of a page: the next page begins after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    filed_at: i64,
    id: String,
}

impl Cursor {
    /// Reads what [`Cursor::code`] wrote; anything else is the first page.
    pub fn from_code(code: &str) -> Option<Cursor> {
        let (filed_at, id) = code.split_once('_')?;
        (id.len() <= 64).then_some(Cursor { filed_at: filed_at.parse().ok()?, id: id.to_owned() })
    }

    /// As addresses carry it.
    pub fn code(&self) -> String {
        format!("{}_{}", self.filed_at, self.id)
    }
}

/// The first `size` of a community's reports after a cursor, newest first, and where the next ones begin. What was
/// taken back or merged into another is not among them.
pub async fn list(
    db: &Db,
    community_id: &str,
    wish: &Wish,
    (after, size): (Option<&Cursor>, usize),
    now: Timestamp,
) -> Result<(Vec<OpenReport>, Option<Cursor>), sqlx::Error> {
    let (ids, next) = first(db, community_id, wish, (after, size), now).await?;
    Ok((by_ids(db, SELECT, &ids, |report: &OpenReport| &report.id).await?, next))
}

/// The first `size` of them for a map: without photo, followers and words.
pub async fn markers(
    db: &Db,
    community_id: &str,
    wish: &Wish,
    size: usize,
    now: Timestamp,
) -> Result<Vec<OpenReport>, sqlx::Error> {
    let (ids, _) = first(db, community_id, wish, (None, size), now).await?;
    by_ids(db, MARKERS, &ids, |report: &OpenReport| &report.id).await
}

/// Ids of the first `size`, and where the next ones begin. Only what is asked for becomes a condition; the rest is read
/// for the rows that are shown.
async fn first(
    db: &Db,
    community_id: &str,
    wish: &Wish,
    (after, size): (Option<&Cursor>, usize),
    now: Timestamp,
) -> Result<(Vec<String>, Option<Cursor>), sqlx::Error> {
    let mut conditions = Conditions::default();
    let community_id = conditions.text(community_id);
    conditions.sql.push(format!("r.community_id = {community_id}"));
    conditions.with("r.category IN (SELECT c.code FROM category c WHERE c.major = ?)", &wish.major);
    // With `IN`, PostgreSQL would read all of the community's reports and sort them, instead of taking the newest ones in order.
    conditions.with("r.grid_id = (SELECT g.id FROM organisation g WHERE g.code = ?)", &wish.grid);
    conditions.sql.push(match wish.state.as_str() {
        "open" => format!("r.state NOT IN ({OVER})"),
        "closed" => format!("r.state IN ({OVER}) AND r.state NOT IN ('withdrawn', 'merged')"),
        _ => "r.state NOT IN ('withdrawn', 'merged')".to_owned(),
    });
    if wish.days > 0 {
        let since = conditions.number(now.as_microsecond() - wish.days * 86_400_000_000);
        conditions.sql.push(format!("r.filed_at >= {since}"));
    }
    if let Some(Cursor { filed_at, id }) = after {
        let (filed_at, id) = (conditions.number(*filed_at), conditions.text(id));
        // The first half alone lets the index begin where the last page ended.
        conditions.sql.push(format!("r.filed_at <= {filed_at} AND (r.filed_at < {filed_at} OR r.id < {id})"));
    }
    let sql = format!(
        "SELECT r.id, r.filed_at FROM report r WHERE {} ORDER BY r.filed_at DESC, r.id DESC LIMIT {}",
        conditions.all(),
        size + 1
    );
    let query = sqlx::query_as::<_, (String, i64)>(sqlx::AssertSqlSafe(sql));
    let mut found = bound!(query, conditions).fetch_all(db.read()).await?;
    let more = found.len() > size;
    found.truncate(size);
    let next = found.last().filter(|_| more).map(|(id, filed_at)| Cursor { filed_at: *filed_at, id: id.clone() });
    Ok((found.into_iter().map(|(id, _)| id).collect(), next))
}

/// Where something new is, as far as known.
#[derive(Clone, Debug, Default)]
pub struct Spot<'a> {
    /// Id of the community.
    pub community_id: &'a str,
    /// Code of the category.
    pub category: &'a str,
    /// Id of the building.
    pub building_id: Option<&'a str>,
    /// Id of the grid.
    pub grid_id: Option<&'a str>,
    /// Its own position, else its building's or landmark's.
    pub position: Option<Position>,
}

/// Cards shown at most.
const CARDS: usize = 5;

/// Open reports of the same category in the same building, within [`near::NEAR_METRES`], or (where neither is known)
/// in what is the same grid now; the nearest first. What `person` or `device` filed themselves is not among them.
pub async fn near(
    db: &Db,
    spot: &Spot<'_>,
    (person, device): (Option<&str>, &str),
) -> Result<Vec<OpenReport>, sqlx::Error> {
    let grid = if spot.building_id.is_none() && spot.position.is_none() { spot.grid_id } else { None };
    let corners = spot.position.map(near::around);
    let (low, high) = corners.unzip();
    let sql = format!(
        "SELECT r.id, COALESCE(r.longitude, b.longitude, k.longitude) AS longitude, \
         COALESCE(r.latitude, b.latitude, k.latitude) AS latitude FROM report r \
         LEFT JOIN organisation b ON b.id = r.building_id LEFT JOIN landmark k ON k.id = r.landmark_id \
         WHERE r.community_id = $1 AND r.category = $2 AND r.state NOT IN ({OVER}) \
         AND (r.building_id = $3 OR substr(r.path, 1, length((SELECT g.path FROM organisation g WHERE g.id = $4))) = \
         (SELECT g.path FROM organisation g WHERE g.id = $4) \
         OR (COALESCE(r.longitude, b.longitude, k.longitude) \
         BETWEEN CAST($5 AS DOUBLE PRECISION) AND CAST($6 AS DOUBLE PRECISION) \
         AND COALESCE(r.latitude, b.latitude, k.latitude) \
         BETWEEN CAST($7 AS DOUBLE PRECISION) AND CAST($8 AS DOUBLE PRECISION))) \
         AND (r.reporter_id IS NULL OR r.reporter_id <> $9) AND (r.reporter_device = '' OR r.reporter_device <> $10) \
         ORDER BY r.filed_at DESC LIMIT 60"
    );
    let mut found: Vec<(String, Option<f64>, Option<f64>)> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(spot.community_id)
        .bind(spot.category)
        .bind(spot.building_id)
        .bind(grid)
        .bind(real(low.map(|p| p.longitude)))
        .bind(real(high.map(|p| p.longitude)))
        .bind(real(low.map(|p| p.latitude)))
        .bind(real(high.map(|p| p.latitude)))
        .bind(person.unwrap_or_default())
        .bind(device)
        .fetch_all(db.read())
        .await?;
    let distance =
        |(_, longitude, latitude): &(String, Option<f64>, Option<f64>)| match (spot.position, longitude.zip(*latitude))
        {
            (Some(here), Some((longitude, latitude))) => near::metres(here, Position { longitude, latitude }),
            _ => 0.0,
        };
    found.sort_by(|a, b| distance(a).total_cmp(&distance(b)));
    let ids: Vec<String> = found.into_iter().take(CARDS).map(|(id, _, _)| id).collect();
    by_ids(db, SELECT, &ids, |report: &OpenReport| &report.id).await
}

/// Writes down that somebody joined. Returns whether they had not before.
pub async fn join(
    tx: &mut Tx,
    report_id: &str,
    follower: &str,
    person_id: Option<&str>,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "INSERT INTO report_follower (report_id, follower, person_id, joined_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT DO NOTHING",
    )
    .bind(report_id)
    .bind(follower)
    .bind(person_id)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Forgets that somebody joined. Returns whether they had.
pub async fn leave(tx: &mut Tx, report_id: &str, follower: &str) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("DELETE FROM report_follower WHERE report_id = $1 AND follower = $2")
        .bind(report_id)
        .bind(follower)
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// People with an account who joined: they hear of what happens.
pub async fn following(tx: &mut Tx, report_id: &str) -> Result<Vec<String>, sqlx::Error> {
    let rows: Vec<(String,)> = sqlx::query_as(
        "SELECT person_id FROM report_follower WHERE report_id = $1 AND person_id IS NOT NULL ORDER BY joined_at, follower",
    )
    .bind(report_id)
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|(person,)| person).collect())
}

/// How many joined, and whether `follower` is one of them.
pub async fn followers(db: &Db, report_id: &str, follower: &str) -> Result<(i64, bool), sqlx::Error> {
    let (all, own): (i64, i64) = sqlx::query_as(
        "SELECT CAST(COUNT(*) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN follower = $2 THEN 1 ELSE 0 END), 0) AS BIGINT) \
         FROM report_follower WHERE report_id = $1",
    )
    .bind(report_id)
    .bind(follower)
    .fetch_one(db.read())
    .await?;
    Ok((all, own > 0))
}
