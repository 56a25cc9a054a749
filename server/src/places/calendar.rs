//! The statutory calendar: what Linli ships (`server/data/holidays/`), and the years that were imported here, which
//! replace the shipped ones. A running server takes over an import within [`REFRESH`].

use crate::db::{Db, Tx};
use anyhow::Context;
use app::time::{HolidayCalendar, HolidayYear};
use jiff::Timestamp;
use std::{
    collections::BTreeMap,
    ops::Deref,
    sync::{PoisonError, RwLock},
    time::Duration,
};

const YEARS: [&str; 3] = [
    include_str!("../../data/holidays/2025.json"),
    include_str!("../../data/holidays/2026.json"),
    include_str!("../../data/holidays/2027.json"),
];

/// How often a server looks whether a year was imported, here or at another server.
pub const REFRESH: Duration = Duration::from_secs(30);

/// The calendar in force. It reads like a [`HolidayCalendar`]; [`Calendar::refresh`] puts another in its place.
///
/// A calendar that was in force is never freed, so that whoever reads it can go on without a lock: one is a few
/// kilobytes and changes a few times a year.
pub struct Calendar {
    current: RwLock<(&'static HolidayCalendar, Vec<(i64, String)>)>,
}

impl Deref for Calendar {
    type Target = HolidayCalendar;

    fn deref(&self) -> &HolidayCalendar {
        self.current.read().unwrap_or_else(PoisonError::into_inner).0
    }
}

impl Calendar {
    /// Takes over the imported years. Gives whether anything changed.
    pub async fn refresh(&self, db: &Db) -> anyhow::Result<bool> {
        let imported: Vec<(i64, String)> =
            sqlx::query_as("SELECT year, content FROM calendar_year ORDER BY year").fetch_all(db.read()).await?;
        if self.current.read().unwrap_or_else(PoisonError::into_inner).1 == imported {
            return Ok(false);
        }
        let mut years = shipped_years()?;
        for (_, content) in &imported {
            // What cannot be read is left out: the shipped year stays in force rather than none.
            if let Ok(year) = serde_json::from_str::<HolidayYear>(content) {
                years.insert(year.year, year);
            }
        }
        let calendar: &'static HolidayCalendar = Box::leak(Box::new(HolidayCalendar::new(years.into_values())));
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = (calendar, imported);
        Ok(true)
    }
}

/// A year as it is known, and whether it was imported.
#[derive(Clone, Debug)]
pub struct KnownYear {
    /// The year.
    pub year: HolidayYear,
    /// When it was imported, in microseconds, and by whom; `None`: shipped.
    pub imported: Option<(i64, String)>,
}

/// All known years: the shipped ones, and the imported ones in their place.
pub async fn known(db: &Db) -> anyhow::Result<BTreeMap<i16, KnownYear>> {
    let mut all: BTreeMap<i16, KnownYear> =
        shipped_years()?.into_iter().map(|(number, year)| (number, KnownYear { year, imported: None })).collect();
    let rows: Vec<(String, i64, String)> = sqlx::query_as(
        "SELECT y.content, y.imported_at, COALESCE(p.name, '') FROM calendar_year y \
         LEFT JOIN person p ON p.id = y.imported_by ORDER BY y.year",
    )
    .fetch_all(db.read())
    .await?;
    for (content, at, by) in rows {
        if let Ok(year) = serde_json::from_str::<HolidayYear>(&content) {
            all.insert(year.year, KnownYear { year, imported: Some((at, by)) });
        }
    }
    Ok(all)
}

/// Writes an imported year down, in place of an earlier import.
pub async fn write(tx: &mut Tx, year: &HolidayYear, by: Option<&str>, now: Timestamp) -> anyhow::Result<()> {
    sqlx::query(
        "INSERT INTO calendar_year (year, content, imported_at, imported_by) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (year) DO UPDATE SET content = $2, imported_at = $3, imported_by = $4",
    )
    .bind(i64::from(year.year))
    .bind(serde_json::to_string(year)?)
    .bind(now.as_microsecond())
    .bind(by)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The shipped years. A year that has not been published officially is among them as unknown.
pub fn shipped_years() -> anyhow::Result<BTreeMap<i16, HolidayYear>> {
    YEARS
        .iter()
        .map(|text| {
            let year: HolidayYear = serde_json::from_str(text).context("reading a shipped holiday file")?;
            Ok((year.year, year))
        })
        .collect()
}

/// The shipped calendar.
pub fn shipped() -> anyhow::Result<Calendar> {
    let calendar: &'static HolidayCalendar = Box::leak(Box::new(HolidayCalendar::new(shipped_years()?.into_values())));
    Ok(Calendar { current: RwLock::new((calendar, Vec::new())) })
}
