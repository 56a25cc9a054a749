//! The statutory calendar: what Linli ships (`server/data/holidays/`), and the years that were imported here, which
//! replace the shipped ones. A running server takes over an import within [`REFRESH`].

use crate::db::Db;
use anyhow::Context;
use app::time::{HolidayCalendar, HolidayYear};
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
    current: RwLock<(&'static HolidayCalendar, Vec<(i64, i64)>)>,
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
        let imported: Vec<(i64, i64, String)> =
            sqlx::query_as("SELECT year, imported_at, content FROM calendar_year ORDER BY year")
                .fetch_all(db.read())
                .await?;
        let stamp: Vec<(i64, i64)> = imported.iter().map(|(year, at, _)| (*year, *at)).collect();
        if self.current.read().unwrap_or_else(PoisonError::into_inner).1 == stamp {
            return Ok(false);
        }
        let mut years = shipped_years()?;
        for (_, _, content) in imported {
            // What cannot be read is left out: the shipped year stays in force rather than none.
            if let Ok(year) = serde_json::from_str::<HolidayYear>(&content) {
                years.insert(year.year, year);
            }
        }
        let calendar: &'static HolidayCalendar = Box::leak(Box::new(HolidayCalendar::new(years.into_values())));
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = (calendar, stamp);
        Ok(true)
    }
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
