//! Bodies and their members; with what is proposed to them.

use super::one;
pub use super::proposals::*;
use crate::{
    clock,
    db::{Db, Tx},
};
use app::meetings::{
    Rights, Seat,
    rules::{Majority, Quorum},
};
use jiff::{Timestamp, civil::Date};

/// A standing body with the names of its community.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Body {
    /// Id.
    pub id: String,
    /// Id of the community.
    pub community_id: String,
    /// Path of the community.
    pub path: String,
    /// Its name.
    pub name: String,
    /// See [`Body::quorum`].
    pub quorum_over: i64,
    /// See [`Body::quorum`].
    pub quorum_of: i64,
    /// See [`Body::majority`].
    pub majority: String,
    /// The lock of its settings.
    pub version: i64,
    /// Name of the community.
    pub place: String,
    /// The same in English, may be empty.
    pub place_en: String,
}

impl Body {
    /// How many must take part.
    pub fn quorum(&self) -> Quorum {
        Quorum { over: self.quorum_over, of: self.quorum_of }
    }
    /// What the leading option needs.
    pub fn majority(&self) -> Majority {
        Majority::from_code(&self.majority).unwrap_or(Majority::Absolute)
    }
}

macro_rules! body {
    ($rest:literal) => {
        concat!(
            "SELECT m.id, m.community_id, m.path, m.name, m.quorum_over, m.quorum_of, m.majority, m.version, \
             o.name AS place, o.name_en AS place_en FROM joint_meeting m JOIN organisation o ON o.id = m.community_id ",
            $rest
        )
    };
}

/// The body with this id.
pub async fn by_id(db: &Db, id: &str) -> Result<Option<Body>, sqlx::Error> {
    sqlx::query_as(body!("WHERE m.id = $1")).bind(id).fetch_optional(db.read()).await
}

/// Bodies of a subtree, in the order of their places.
pub async fn under(db: &Db, path: &str) -> Result<Vec<Body>, sqlx::Error> {
    sqlx::query_as(body!("WHERE substr(m.path, 1, length($1)) = $1 ORDER BY m.path, m.created_at, m.id LIMIT 500"))
        .bind(path)
        .fetch_all(db.read())
        .await
}

/// Bodies of a community.
pub async fn of_community(db: &Db, community_id: &str) -> Result<Vec<Body>, sqlx::Error> {
    sqlx::query_as(body!("WHERE m.community_id = $1 ORDER BY m.created_at, m.id LIMIT 50"))
        .bind(community_id)
        .fetch_all(db.read())
        .await
}

/// A body as it is wanted.
pub struct NewBody<'a> {
    /// Id and path of the community.
    pub community: (&'a str, &'a str),
    /// Name.
    pub name: &'a str,
    /// Rules.
    pub rules: (Quorum, Majority),
    /// One form makes one.
    pub form_key: &'a str,
}

/// Writes a body; `None` when this form has made one before.
pub async fn insert(tx: &mut Tx, new: NewBody<'_>, now: Timestamp) -> Result<Option<String>, sqlx::Error> {
    let id = clock::new_id(now);
    let (quorum, majority) = new.rules;
    let done = sqlx::query(
        "INSERT INTO joint_meeting (id, community_id, path, name, quorum_over, quorum_of, majority, form_key, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (form_key) DO NOTHING",
    )
    .bind(&id)
    .bind(new.community.0)
    .bind(new.community.1)
    .bind(new.name)
    .bind(quorum.over)
    .bind(quorum.of)
    .bind(majority.code())
    .bind(new.form_key)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(one(&done).then_some(id))
}

/// Changes a body that still is at `version`. Returns whether it was.
pub async fn change(
    tx: &mut Tx,
    (id, version): (&str, i64),
    name: &str,
    (quorum, majority): (Quorum, Majority),
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE joint_meeting SET name = $3, quorum_over = $4, quorum_of = $5, majority = $6, version = version + 1 \
         WHERE id = $1 AND version = $2",
    )
    .bind(id)
    .bind(version)
    .bind(name)
    .bind(quorum.over)
    .bind(quorum.of)
    .bind(majority.code())
    .execute(&mut **tx)
    .await?;
    Ok(one(&done))
}

/// A member with their name.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Member {
    /// Id of the membership.
    pub id: String,
    /// Whose.
    pub person_id: String,
    /// Their name.
    pub name: String,
    /// See [`Member::seat`].
    pub seat: String,
    /// Whom they speak for, may be empty.
    pub speaks_for: String,
    may_suggest: i64,
    may_vote: i64,
    may_supervise: i64,
    may_execute: i64,
    /// The first day, `YYYY-MM-DD`.
    pub from_day: String,
    /// From this day on no longer; empty: no end.
    pub until_day: String,
}

impl Member {
    /// The seat.
    pub fn seat(&self) -> Seat {
        Seat::from_code(&self.seat).unwrap_or(Seat::Unit)
    }
    /// The four rights.
    pub fn rights(&self) -> Rights {
        Rights {
            suggest: self.may_suggest == 1,
            vote: self.may_vote == 1,
            supervise: self.may_supervise == 1,
            execute: self.may_execute == 1,
        }
    }
    /// Whether they sit there on this day.
    pub fn sits(&self, day: Date) -> bool {
        let day = day.to_string();
        self.from_day <= day && (self.until_day.is_empty() || self.until_day > day)
    }
}

macro_rules! member {
    ($rest:literal) => {
        concat!(
            "SELECT e.id, e.person_id, p.name, e.seat, e.speaks_for, e.may_suggest, e.may_vote, e.may_supervise, \
             e.may_execute, e.from_day, e.until_day FROM meeting_member e JOIN person p ON p.id = e.person_id ",
            $rest
        )
    };
}

/// Everybody who sits or sat in a body, in the order in which they came.
pub async fn members(db: &Db, body: &str) -> Result<Vec<Member>, sqlx::Error> {
    sqlx::query_as(member!("WHERE e.meeting_id = $1 ORDER BY e.added_at, e.id LIMIT 1000"))
        .bind(body)
        .fetch_all(db.read())
        .await
}

/// Who sits in a body on a day, in the transaction that decides by it.
pub async fn sitting(tx: &mut Tx, body: &str, day: Date) -> Result<Vec<Member>, sqlx::Error> {
    let day = day.to_string();
    sqlx::query_as(member!(
        "WHERE e.meeting_id = $1 AND e.from_day <= $2 AND (e.until_day = '' OR e.until_day > $2) \
         ORDER BY e.added_at, e.id LIMIT 1000"
    ))
    .bind(body)
    .bind(day)
    .fetch_all(&mut **tx)
    .await
}

/// A membership of a body.
pub async fn member(db: &Db, body: &str, id: &str) -> Result<Option<Member>, sqlx::Error> {
    sqlx::query_as(member!("WHERE e.meeting_id = $1 AND e.id = $2")).bind(body).bind(id).fetch_optional(db.read()).await
}

/// Memberships of a person: the body's id and the membership.
pub async fn seats(db: &Db, person_id: &str) -> Result<Vec<(String, String)>, sqlx::Error> {
    sqlx::query_as("SELECT meeting_id, id FROM meeting_member WHERE person_id = $1 ORDER BY added_at, id LIMIT 200")
        .bind(person_id)
        .fetch_all(db.read())
        .await
}

/// A member to be.
pub struct NewMember<'a> {
    /// The body.
    pub body: &'a str,
    /// Who.
    pub person_id: &'a str,
    /// The seat.
    pub seat: Seat,
    /// For whom.
    pub speaks_for: &'a str,
    /// With which rights.
    pub rights: Rights,
    /// From which day.
    pub from: Date,
}

/// Writes a member; `None` when the person sits there already.
pub async fn add_member(tx: &mut Tx, new: NewMember<'_>, now: Timestamp) -> Result<Option<String>, sqlx::Error> {
    let id = clock::new_id(now);
    let done = sqlx::query(
        "INSERT INTO meeting_member (id, meeting_id, person_id, seat, speaks_for, may_suggest, may_vote, may_supervise, \
         may_execute, from_day, added_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
         ON CONFLICT (meeting_id, person_id) WHERE until_day = '' DO NOTHING",
    )
    .bind(&id)
    .bind(new.body)
    .bind(new.person_id)
    .bind(new.seat.code())
    .bind(new.speaks_for)
    .bind(i64::from(new.rights.suggest))
    .bind(i64::from(new.rights.vote))
    .bind(i64::from(new.rights.supervise))
    .bind(i64::from(new.rights.execute))
    .bind(new.from.to_string())
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(one(&done).then_some(id))
}

/// Ends a membership from this day on. Returns whether it had no end yet.
pub async fn end_member(tx: &mut Tx, id: &str, day: Date) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("UPDATE meeting_member SET until_day = $2 WHERE id = $1 AND until_day = ''")
        .bind(id)
        .bind(day.to_string())
        .execute(&mut **tx)
        .await?;
    Ok(one(&done))
}
