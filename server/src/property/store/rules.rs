//! Versions of the rules.

use super::day;
use crate::{
    clock,
    db::{Db, Tx},
};
use app::property::{
    credit::levels_on,
    rules::{Levels, Rules},
};
use jiff::{Timestamp, civil::Date};

/// A version of the rules.
#[derive(Clone, Debug)]
pub struct Version {
    /// Id; empty for what Linli ships with.
    pub id: String,
    /// First day.
    pub from: Date,
    /// What it says.
    pub rules: Rules,
}

/// Before the district has said anything, this holds.
fn shipped() -> Version {
    Version { id: String::new(), from: Date::constant(2000, 1, 1), rules: Rules::default() }
}

/// All versions, the earliest first. What Linli ships with comes before all others.
pub async fn all(db: &Db) -> Result<Vec<Version>, sqlx::Error> {
    let rows: Vec<(String, String, String)> =
        sqlx::query_as("SELECT id, from_day, rules FROM property_rules ORDER BY from_day").fetch_all(db.read()).await?;
    let read = |(id, from, rules): (String, String, String)| {
        let rules = serde_json::from_str(&rules).map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
        Ok(Version { id, from: day(&from), rules })
    };
    let mut all = vec![shipped()];
    all.extend(rows.into_iter().map(read).collect::<Result<Vec<Version>, sqlx::Error>>()?);
    Ok(all)
}

/// The version that holds on a day.
pub fn on(versions: &[Version], day: Date) -> Rules {
    versions
        .iter()
        .rev()
        .find(|version| version.from <= day)
        .map_or_else(Rules::default, |version| version.rules.clone())
}

/// Levels of all versions, as [`levels_on`] takes them.
pub fn levels(versions: &[Version]) -> Vec<(Date, Levels)> {
    versions.iter().map(|version| (version.from, version.rules.levels)).collect()
}

/// The levels of a day.
pub fn levels_of(versions: &[Version], day: Date) -> Levels {
    levels_on(&levels(versions), day).unwrap_or(Rules::default().levels)
}

/// Writes a version that holds from a day on. `false`: one holds from that very day.
pub async fn insert(
    tx: &mut Tx,
    from: Date,
    rules: &Rules,
    by: &str,
    now: Timestamp,
) -> Result<Option<String>, sqlx::Error> {
    let id = clock::new_id(now);
    let text = serde_json::to_string(rules).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    let done = sqlx::query(
        "INSERT INTO property_rules (id, from_day, rules, made_by, created_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (from_day) DO NOTHING",
    )
    .bind(&id)
    .bind(from.to_string())
    .bind(text)
    .bind(by)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok((done.rows_affected() == 1).then_some(id))
}
