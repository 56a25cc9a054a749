//! Whom a notice reaches: counted before it goes out, and walked over when it does.

use super::Notice;
use crate::db::Db;
use app::notices::{
    NoticeKind,
    following::{Choices, Quiet, Ways},
};
use std::collections::BTreeMap;

/// Whom a notice reaches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Households of the buildings under its aims.
    pub households: i64,
    /// People with an account whom it reaches.
    pub people: i64,
}

/// The notices that $1 changes, one after the other (`earlier`); with itself (`chain`); and the places under the aims of all of
/// them: who was told of the first is told of the last, also when they come out of order.
const CHAIN: &str = "WITH RECURSIVE earlier (id) AS (SELECT corrects_id FROM notice WHERE id = $1 AND corrects_id IS NOT NULL \
     UNION SELECT n.corrects_id FROM notice n JOIN earlier e ON n.id = e.id WHERE n.corrects_id IS NOT NULL), \
     chain (id) AS (SELECT id FROM notice WHERE id = $1 UNION SELECT id FROM earlier), \
     places (id) AS (SELECT o.id FROM organisation o WHERE EXISTS (SELECT 1 FROM notice_aim a \
     WHERE a.notice_id IN (SELECT id FROM chain) AND substr(o.path, 1, length(a.path)) = a.path)) ";

/// Follows of a place that one of the chain concerns (`app::notices::following::is_followed`).
const FOLLOWED: &str = "FROM follow f, notice_aim a, notice k WHERE a.notice_id IN (SELECT id FROM chain) \
     AND k.id = a.notice_id AND f.kind IN ('', k.kind) \
     AND (substr(f.path, 1, length(a.path)) = a.path OR substr(a.path, 1, length(f.path)) = f.path)";

/// Or somebody (`p`) has a message of an earlier notice in the inbox. Counted, because that is looked up person by person in the
/// index; an EXISTS may walk over everybody's inbox.
const WAS_TOLD: &str = "OR (SELECT COUNT(*) FROM earlier e JOIN inbox_message m ON m.dedupe_key = 'notice:' || e.id \
     WHERE m.person_id = p.id) > 0";

/// How many the notice reaches: those who live under its aims, those who follow them, and everybody whom the earlier
/// notices reached that it changes. In parts that have indexes: it is asked for while somebody writes.
pub async fn reach(db: &Db, notice_id: &str) -> Result<Reach, sqlx::Error> {
    let (households,): (i64,) = sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(o.households), 0) AS BIGINT) FROM organisation o WHERE o.kind = 'building' \
         AND EXISTS (SELECT 1 FROM notice_aim a WHERE a.notice_id = $1 AND substr(o.path, 1, length(a.path)) = a.path)",
    )
    .bind(notice_id)
    .fetch_one(db.read())
    .await?;
    let sql = format!(
        "{CHAIN} SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT id FROM person WHERE building_id IN (SELECT id FROM places) \
         UNION SELECT id FROM person WHERE community_id IN (SELECT id FROM places) \
         UNION SELECT f.person_id {FOLLOWED} \
         UNION SELECT p.id FROM person p WHERE EXISTS (SELECT 1 FROM earlier) AND (1 = 0 {WAS_TOLD})) AS reached"
    );
    let (people,): (i64,) = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(notice_id).fetch_one(db.read()).await?;
    Ok(Reach { households, people })
}

/// The first notice of the chain that this one is the latest of, so far; itself when it changes none.
pub async fn first_of(db: &Db, notice_id: &str) -> Result<String, sqlx::Error> {
    let sql =
        format!("{CHAIN} SELECT n.id FROM notice n WHERE n.id IN (SELECT id FROM chain) AND n.corrects_id IS NULL");
    let first: Option<(String,)> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(notice_id).fetch_optional(db.read()).await?;
    Ok(first.map_or_else(|| notice_id.to_owned(), |(id,)| id))
}

/// Whether it is an emergency, or what changes one, or what changes that.
pub async fn is_urgent(db: &Db, notice_id: &str) -> Result<bool, sqlx::Error> {
    let sql = format!(
        "{CHAIN} SELECT n.id FROM notice n WHERE n.id IN (SELECT id FROM chain) AND n.kind = 'emergency' LIMIT 1"
    );
    let one: Option<(String,)> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(notice_id).fetch_optional(db.read()).await?;
    Ok(one.is_some())
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
    #[sqlx(skip)]
    earlier: Ways,
    #[sqlx(skip)]
    told: Ways,
}

impl Recipient {
    /// Has confirmed an address, to which no letter about this notice is on its way for another reason.
    pub fn has_email(&self) -> bool {
        self.has_email == 1 && !self.told.email
    }

    /// Is told of this notice by SMS for another reason.
    pub fn has_sms_already(&self) -> bool {
        self.told.sms
    }

    /// How they want notices.
    pub fn choices(&self) -> Choices {
        choices(self.email, self.sms, self.kinds.as_deref(), self.daily_hour, (self.quiet_from, self.quiet_until))
    }

    /// On which ways the notices that this one changes went to them, or may have.
    pub fn earlier(&self) -> Ways {
        self.earlier
    }
}

/// Choices as stored; `kinds` is missing when nothing was ever chosen.
pub fn choices(email: i64, sms: i64, kinds: Option<&str>, daily: Option<i64>, quiet: (i64, i64)) -> Choices {
    Choices {
        email: email == 1,
        sms: sms == 1,
        kinds: kinds.map_or_else(|| NoticeKind::ALL.to_vec(), Choices::kinds_from),
        daily: daily.and_then(|hour| i8::try_from(hour).ok()),
        quiet: Quiet::stored(quiet.0, quiet.1),
    }
}

/// The next people whom the notice reaches, by id after `after`. Three statements instead of one that asks about each of them:
/// neither engine keeps to the indexes in that one while the tables are being filled.
pub async fn recipients(db: &Db, notice: &Notice, after: &str, limit: i64) -> Result<Vec<Recipient>, sqlx::Error> {
    let earlier = earlier(db, &notice.id).await?;
    let sql = format!(
        "{CHAIN} SELECT p.id, CASE WHEN p.email_confirmed_at IS NULL THEN 0 ELSE 1 END AS has_email, \
         COALESCE(c.email, 0) AS email, COALESCE(c.sms, 1) AS sms, c.kinds, c.daily_hour, \
         COALESCE(c.quiet_from, 22) AS quiet_from, COALESCE(c.quiet_until, 7) AS quiet_until \
         FROM person p LEFT JOIN notice_choice c ON c.person_id = p.id WHERE p.id > $2 \
         AND (p.building_id IN (SELECT id FROM places) OR p.community_id IN (SELECT id FROM places) \
         OR p.id IN (SELECT f.person_id {FOLLOWED} AND f.person_id > $2) {}) ORDER BY p.id LIMIT $3",
        if earlier.is_empty() { "" } else { WAS_TOLD },
    );
    let mut people: Vec<Recipient> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(&notice.id).bind(after).bind(limit).fetch_all(db.read()).await?;
    let Some(last) = people.last().map(|person| person.id.clone()) else { return Ok(people) };
    let went = went(db, &earlier, after, &last).await?;
    let told = told_as_theirs(db, &notice.id, after, &last).await?;
    let mut by_id: BTreeMap<String, &mut Recipient> =
        people.iter_mut().map(|person| (person.id.clone(), person)).collect();
    for (person_id, channel) in went {
        if let Some(person) = by_id.get_mut(&person_id) {
            add(&mut person.earlier, &channel);
        }
    }
    for (person_id, channel) in told {
        if let Some(person) = by_id.get_mut(&person_id) {
            add(&mut person.told, &channel);
        }
    }
    Ok(people)
}

fn add(ways: &mut Ways, channel: &str) {
    match channel {
        "push" => ways.push = true,
        "email" => ways.email = true,
        "sms" => ways.sms = true,
        _ => {}
    }
}

/// The notices that this one changes, and those that they changed.
async fn earlier(db: &Db, notice_id: &str) -> Result<Vec<String>, sqlx::Error> {
    let sql = format!("{CHAIN} SELECT id FROM earlier");
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).bind(notice_id).fetch_all(db.read()).await
}

/// On which ways messages of these notices went, or may have, to people with ids from after `after` to `last`.
async fn went(db: &Db, notices: &[String], after: &str, last: &str) -> Result<Vec<(String, String)>, sqlx::Error> {
    let mut all = Vec::new();
    for notice_id in notices {
        let some: Vec<(String, String)> = sqlx::query_as(
            "SELECT DISTINCT person_id, channel FROM notice_delivery WHERE notice_id = $1 AND person_id > $2 \
             AND person_id <= $3 AND (state IN ('sending', 'delivered') OR failure = 'unsure')",
        )
        .bind(notice_id)
        .bind(after)
        .bind(last)
        .fetch_all(db.read())
        .await?;
        all.extend(some);
    }
    Ok(all)
}

/// Whoever signed up for an activity is told of this notice as theirs, with its publication (`notices::activity`): on which ways.
async fn told_as_theirs(
    db: &Db,
    notice_id: &str,
    after: &str,
    last: &str,
) -> Result<Vec<(String, String)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT person_id, channel FROM delivery WHERE person_id > $2 AND person_id <= $3 AND dedupe_key = 'notice:' || $1",
    )
    .bind(notice_id)
    .bind(after)
    .bind(last)
    .fetch_all(db.read())
    .await
}
