//! Sessions: an opaque token in a cookie, its hash in the database, idle and absolute expiry.

use super::{Actor, Grant, secrets::sha256};
use crate::{
    app_state::App,
    clock,
    db::{Db, Gather, Tx},
    grids::store::duty::still_works,
    places::store::{Organisation, columns},
};
use app::people::Role;
use axum::http::HeaderValue;
use jiff::{SignedDuration, Timestamp};
use sqlx::{FromRow, Row as _, any::AnyRow};
use std::collections::HashMap;

/// A session ends after so long without a request…
pub const IDLE: SignedDuration = SignedDuration::from_hours(24 * 30);
/// …and after so long in any case.
pub const ABSOLUTE: SignedDuration = SignedDuration::from_hours(24 * 180);
/// Staff sessions idle out sooner: a second factor holds for so long.
pub const SECOND_FACTOR: SignedDuration = SignedDuration::from_hours(12);
/// `seen_at` is written at most this often, so that reading pages does not write.
const SEEN_EVERY: SignedDuration = SignedDuration::from_mins(10);

/// The cookie's name: `__Host-` binds it to this host and https where there is https.
pub fn cookie_name(https: bool) -> &'static str {
    if https { "__Host-linli" } else { "linli" }
}

/// The cookie that carries `token`.
pub fn cookie(https: bool, token: &str) -> HeaderValue {
    let secure = if https { "; Secure" } else { "" };
    let text = format!(
        "{}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={}{secure}",
        cookie_name(https),
        ABSOLUTE.as_secs()
    );
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// The cookie that forgets the session.
pub fn clear_cookie(https: bool) -> HeaderValue {
    let secure = if https { "; Secure" } else { "" };
    let text = format!("{}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{secure}", cookie_name(https));
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// Opens a session for a person and gives its token, which is not kept anywhere.
pub async fn open(tx: &mut Tx, person_id: &str, device: &str, now: Timestamp) -> Result<String, sqlx::Error> {
    let token = clock::token();
    sqlx::query(
        "INSERT INTO session (id, token_hash, person_id, device, created_at, seen_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $5, $6)",
    )
    .bind(clock::new_id(now))
    .bind(sha256(&token))
    .bind(person_id)
    .bind(device)
    .bind(now.as_microsecond())
    .bind((now + ABSOLUTE).as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(token)
}

/// Columns of [`OwnGrants`] for the person `p`: asked for with what else is read of them, they cost no statement.
macro_rules! own_grants {
    () => {
        "(SELECT string_agg(g.role || ' ' || o.id || ' ' || o.path, ',') FROM role_grant g \
         JOIN organisation o ON o.id = g.organisation_id WHERE g.person_id = p.id) AS granted, \
         CASE WHEN EXISTS (SELECT 1 FROM grid_turn t WHERE t.person_id = p.id) \
         OR EXISTS (SELECT 1 FROM grid_duty d WHERE d.person_id = p.id AND d.kind = 'substitute') \
         THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS may_be_lent"
    };
}
pub(super) use own_grants;

/// Sessions that are asked for at the same moment: by hash of the token and code of the community that the browser has chosen.
#[derive(Default)]
pub struct Gathered(Gather<(String, String), Known>);

/// A session that stands, as the database has it.
#[derive(Clone)]
pub struct Known {
    row: Row,
    community: Option<Organisation>,
}

impl Known {
    /// Whose it is.
    pub fn person_id(&self) -> &str {
        &self.row.person_id
    }

    /// The community that the browser has chosen, else the person's own.
    pub fn community(&self) -> Option<&Organisation> {
        self.community.as_ref()
    }
}

#[derive(Clone, sqlx::FromRow)]
struct Row {
    session_id: String,
    seen_at: i64,
    second_factor_at: Option<i64>,
    person_id: String,
    person_name: String,
    phone_masked: String,
    community_id: Option<String>,
    building_id: Option<String>,
    demo: i64,
    unread: i64,
    emergencies: i64,
    #[sqlx(flatten)]
    own: OwnGrants,
}

/// Whom a token stands for, and what every page asks next.
pub struct Found {
    /// The person.
    pub actor: Actor,
    /// How many messages wait unread for them.
    pub unread: i64,
    /// The community that they look at, else their own.
    pub community: Option<Organisation>,
    /// Some emergency is running, wherever.
    pub emergencies: bool,
}

/// The person behind a token, unless the session ended, and with them by the same statement what every page needs. `looks_at` is the
/// code of the community that the browser has chosen, as it sends it.
pub async fn find(app: &App, (token, looks_at): (&str, &str), now: Timestamp) -> anyhow::Result<Option<Found>> {
    let db = &app.db;
    let asked = (sha256(token), looks_at.to_owned());
    let Some(Known { row, community }) = app.sessions.0.ask(asked, |asked| read(db, asked, now)).await? else {
        return Ok(None);
    };
    let grants = row.own.grants(db, &row.person_id, now).await?;
    if row.seen_at < (now - SEEN_EVERY).as_microsecond() {
        let mut tx = db.begin().await?;
        sqlx::query("UPDATE session SET seen_at = $1 WHERE id = $2")
            .bind(now.as_microsecond())
            .bind(&row.session_id)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
    }
    let fresh = row.second_factor_at.is_some_and(|at| at > (now - SECOND_FACTOR).as_microsecond());
    let actor = Actor {
        id: row.person_id,
        name: row.person_name,
        phone_masked: row.phone_masked,
        community_id: row.community_id,
        building_id: row.building_id,
        grants,
        session_id: row.session_id,
        second_factor: fresh || (app.config.demo && row.demo == 1),
    };
    Ok(Some(Found { actor, unread: row.unread, community, emergencies: row.emergencies > 0 }))
}

/// Those of these sessions that stand at `now`, by what was asked: hash of the token, and code of the community that the browser has
/// chosen or nothing.
pub async fn read(
    db: &Db,
    asked: Vec<(String, String)>,
    now: Timestamp,
) -> anyhow::Result<HashMap<(String, String), Known>> {
    let rows: Vec<String> =
        (0..asked.len()).map(|n| format!("(CAST(${} AS TEXT), CAST(${} AS TEXT))", 2 * n + 3, 2 * n + 4)).collect();
    let sql = format!(
        concat!(
            "SELECT s.id AS session_id, s.seen_at, s.second_factor_at, p.id AS person_id, p.name AS person_name, p.phone_masked, \
             p.community_id, p.building_id, p.demo, (SELECT CAST(COUNT(*) AS BIGINT) FROM inbox_message m \
             WHERE m.person_id = p.id AND m.read_at IS NULL) AS unread, \
             (SELECT CAST(COUNT(*) AS BIGINT) FROM notice n \
             WHERE n.kind = 'emergency' AND n.state = 'published' AND n.ends_at > $1) AS emergencies, \
             q.column1 AS asked_hash, q.column2 AS asked_community, ",
            own_grants!(),
            ", ",
            columns!(),
            " FROM (VALUES {}) q JOIN session s ON s.token_hash = q.column1 JOIN person p ON p.id = s.person_id \
             LEFT JOIN organisation o ON o.id = COALESCE(CASE WHEN q.column2 <> '' THEN \
             (SELECT c.id FROM organisation c WHERE c.code = q.column2 AND c.kind = 'community') END, p.community_id) \
             WHERE s.revoked_at IS NULL AND s.expires_at > $1 AND s.seen_at > $2",
        ),
        rows.join(", ")
    );
    let mut query =
        sqlx::query(sqlx::AssertSqlSafe(sql)).bind(now.as_microsecond()).bind((now - IDLE).as_microsecond());
    for (hash, looks_at) in asked {
        query = query.bind(hash).bind(looks_at);
    }
    let found = query.fetch_all(db.read()).await?;
    let one = |row: AnyRow| {
        let has_community = row.try_get::<Option<String>, _>("id")?.is_some();
        let community = has_community.then(|| Organisation::from_row(&row)).transpose()?;
        let asked = (row.try_get("asked_hash")?, row.try_get("asked_community")?);
        Ok((asked, Known { row: Row::from_row(&row)?, community }))
    };
    found.into_iter().map(one).collect()
}

/// Whose roles count today: those that they have, and the grid worker's in grids where it is their turn or where they stand in for
/// whoever answers for it ([`app::grids::duty::Roster::on_duty`] says the same of a day). `$2` is the day, `$3` the pattern of its
/// place in the week. Whoever lost the role for which they were named is lent nothing.
const GRANTS: &str = concat!(
    "SELECT g.role AS role, o.id AS id, o.path AS path FROM role_grant g \
     JOIN organisation o ON o.id = g.organisation_id WHERE g.person_id = $1 \
     UNION SELECT 'grid_worker' AS role, o.id AS id, o.path AS path FROM grid_turn t JOIN organisation o ON o.id = t.grid_id \
     WHERE t.person_id = $1 AND t.removed_at IS NULL AND t.from_day <= $2 AND t.until_day >= $2 AND t.weekdays LIKE $3 \
     AND o.ended_on IS NULL AND NOT EXISTS (SELECT 1 FROM grid_away a WHERE a.person_id = $1 AND a.removed_at IS NULL \
     AND a.from_day <= $2 AND a.until_day >= $2) AND ",
    still_works!("t.person_id", "o"),
    " UNION SELECT 'grid_worker' AS role, o.id AS id, o.path AS path FROM grid_duty d JOIN organisation o ON o.id = d.grid_id \
     WHERE d.person_id = $1 AND d.kind = 'substitute' AND d.until_day IS NULL AND d.from_day <= $2 AND o.ended_on IS NULL \
     AND NOT EXISTS (SELECT 1 FROM grid_away a WHERE a.person_id = $1 AND a.removed_at IS NULL \
     AND a.from_day <= $2 AND a.until_day >= $2) AND ",
    still_works!("d.person_id", "o"),
    " AND NOT EXISTS (SELECT 1 FROM grid_duty r WHERE r.grid_id = d.grid_id AND r.kind = 'responsible' \
     AND r.until_day IS NULL AND NOT EXISTS (SELECT 1 FROM grid_away a WHERE a.person_id = r.person_id \
     AND a.removed_at IS NULL AND a.from_day <= $2 AND a.until_day >= $2) AND ",
    still_works!("r.person_id", "o"),
    ") AND NOT EXISTS (SELECT 1 FROM grid_turn t WHERE t.grid_id = d.grid_id AND t.removed_at IS NULL AND t.from_day <= $2 \
     AND t.until_day >= $2 AND t.weekdays LIKE $3 AND NOT EXISTS (SELECT 1 FROM grid_away a \
     WHERE a.person_id = t.person_id AND a.removed_at IS NULL AND a.from_day <= $2 AND a.until_day >= $2) AND ",
    still_works!("t.person_id", "o"),
    ") ORDER BY role, path"
);

/// A person's own roles, and whether [`GRANTS`] has more to say: of nearly everybody it has not, and it costs as much as all
/// else that a page asks for.
#[derive(Clone, sqlx::FromRow)]
pub(super) struct OwnGrants {
    /// Role, id and path of the organisation of each.
    granted: Option<String>,
    /// 1: there is a turn or a substitute's duty of theirs, whatever its days.
    may_be_lent: i64,
}

impl OwnGrants {
    /// The person's grants as they are at an instant.
    pub async fn grants(self, db: &Db, person_id: &str, now: Timestamp) -> Result<Vec<Grant>, sqlx::Error> {
        let rows: Vec<(String, String, String)> = if self.may_be_lent == 1 {
            let day = app::time::day_of(now);
            let place = usize::try_from(app::grids::duty::Weekdays::place(day)).unwrap_or(1);
            let pattern: String = (1..=7).map(|n| if n == place { '1' } else { '_' }).collect();
            sqlx::query_as(GRANTS).bind(person_id).bind(day.to_string()).bind(pattern).fetch_all(db.read()).await?
        } else {
            let granted = self.granted.unwrap_or_default();
            let one = |text: &str| {
                let mut parts = text.splitn(3, ' ').map(str::to_owned);
                Some((parts.next()?, parts.next()?, parts.next()?))
            };
            let mut rows: Vec<_> = granted.split(',').filter_map(one).collect();
            rows.sort_by(|(a, _, a_path), (b, _, b_path)| (a, a_path).cmp(&(b, b_path)));
            rows
        };
        Ok(rows
            .into_iter()
            .filter_map(|(role, organisation_id, path)| {
                Role::from_code(&role).map(|role| Grant { role, organisation_id, path })
            })
            .collect())
    }
}
