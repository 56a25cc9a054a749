//! Whom a notice reaches: counted before it goes out, and walked over when it does. One condition says it for both.

use super::Notice;
use crate::db::Db;
use app::notices::{
    NoticeKind,
    following::{Choices, Quiet, Ways},
};

/// Whom a notice reaches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Households of the buildings under its aims.
    pub households: i64,
    /// People with an account whom it reaches.
    pub people: i64,
}

/// The places under the aims of the notices $1 and $2: a notice, and the earlier one that it changes, if there is one.
const PLACES: &str = "WITH places AS (SELECT o.id FROM organisation o WHERE EXISTS (SELECT 1 FROM notice_aim a \
     WHERE a.notice_id IN ($1, $2) AND substr(o.path, 1, length(a.path)) = a.path)) ";

/// Who lives at such a place, follows one that such a notice concerns (`app::notices::following::is_followed`), or was told
/// of the earlier one.
const REACHED: &str = "(p.building_id IN (SELECT id FROM places) OR p.community_id IN (SELECT id FROM places) \
     OR EXISTS (SELECT 1 FROM follow f, notice_aim a, notice k WHERE f.person_id = p.id AND a.notice_id IN ($1, $2) \
     AND k.id = a.notice_id AND f.kind IN ('', k.kind) \
     AND (substr(f.path, 1, length(a.path)) = a.path OR substr(a.path, 1, length(f.path)) = f.path)) \
     OR EXISTS (SELECT 1 FROM inbox_message m WHERE m.person_id = p.id AND m.dedupe_key = 'notice:' || $2))";

/// How many the notice reaches: those who live under its aims, those who follow them, and everybody whom the earlier
/// notice reached that it changes.
pub async fn reach(db: &Db, notice_id: &str) -> Result<Reach, sqlx::Error> {
    let (households,): (i64,) = sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(o.households), 0) AS BIGINT) FROM organisation o WHERE o.kind = 'building' \
         AND EXISTS (SELECT 1 FROM notice_aim a WHERE a.notice_id = $1 AND substr(o.path, 1, length(a.path)) = a.path)",
    )
    .bind(notice_id)
    .fetch_one(db.read())
    .await?;
    let earlier: Option<(Option<String>,)> = sqlx::query_as("SELECT corrects_id FROM notice WHERE id = $1")
        .bind(notice_id)
        .fetch_optional(db.read())
        .await?;
    let sql = format!("{PLACES} SELECT CAST(COUNT(*) AS BIGINT) FROM person p WHERE {REACHED}");
    let (people,): (i64,) = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(notice_id)
        .bind(earlier.and_then(|(id,)| id).unwrap_or_default())
        .fetch_one(db.read())
        .await?;
    Ok(Reach { households, people })
}

/// Somebody whom a notice is to reach, with how they want it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Recipient {
    /// Id of the person.
    pub id: String,
    has_email: i64,
    email: i64,
    sms: i64,
    kinds: Option<String>,
    daily_hour: Option<i64>,
    quiet_from: i64,
    quiet_until: i64,
    earlier_push: i64,
    earlier_email: i64,
    earlier_sms: i64,
}

impl Recipient {
    /// Has confirmed an address.
    pub fn has_email(&self) -> bool {
        self.has_email == 1
    }

    /// How they want notices.
    pub fn choices(&self) -> Choices {
        choices(self.email, self.sms, self.kinds.as_deref(), self.daily_hour, (self.quiet_from, self.quiet_until))
    }

    /// On which ways the notice that this one changes went to them, or may have.
    pub fn earlier(&self) -> Ways {
        Ways { push: self.earlier_push == 1, email: self.earlier_email == 1, sms: self.earlier_sms == 1 }
    }
}

/// Choices as stored; `kinds` is missing when nothing was ever chosen.
pub fn choices(email: i64, sms: i64, kinds: Option<&str>, daily: Option<i64>, quiet: (i64, i64)) -> Choices {
    let hour = |of: i64| i8::try_from(of).unwrap_or(0);
    Choices {
        email: email == 1,
        sms: sms == 1,
        kinds: kinds.map_or_else(|| NoticeKind::ALL.to_vec(), Choices::kinds_from),
        daily: daily.map(hour),
        quiet: Quiet { from: hour(quiet.0), until: hour(quiet.1) },
    }
}

/// The next people whom the notice reaches, by id after `after`.
pub async fn recipients(db: &Db, notice: &Notice, after: &str, limit: i64) -> Result<Vec<Recipient>, sqlx::Error> {
    let earlier = |channel: &str| {
        format!(
            "CASE WHEN EXISTS (SELECT 1 FROM notice_delivery d WHERE d.notice_id = $2 AND d.person_id = p.id \
             AND d.channel = '{channel}' AND (d.state IN ('sending', 'delivered') OR d.failure = 'unsure')) \
             THEN 1 ELSE 0 END AS earlier_{channel}"
        )
    };
    let sql = format!(
        "{PLACES} SELECT p.id, CASE WHEN p.email_confirmed_at IS NULL THEN 0 ELSE 1 END AS has_email, \
         COALESCE(c.email, 0) AS email, COALESCE(c.sms, 1) AS sms, c.kinds, c.daily_hour, \
         COALESCE(c.quiet_from, 22) AS quiet_from, COALESCE(c.quiet_until, 7) AS quiet_until, {}, {}, {} \
         FROM person p LEFT JOIN notice_choice c ON c.person_id = p.id WHERE p.id > $3 AND {REACHED} \
         ORDER BY p.id LIMIT $4",
        earlier("push"),
        earlier("email"),
        earlier("sms"),
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(&notice.id)
        .bind(notice.corrects_id.as_deref().unwrap_or_default())
        .bind(after)
        .bind(limit)
        .fetch_all(db.read())
        .await
}
