//! The statutory calendar that Linli ships: `server/data/holidays/`.

use anyhow::Context;
use app::time::HolidayCalendar;

const YEARS: [&str; 3] = [
    include_str!("../../data/holidays/2025.json"),
    include_str!("../../data/holidays/2026.json"),
    include_str!("../../data/holidays/2027.json"),
];

/// The shipped calendar. A year that has not been published officially is in it as unknown.
pub fn shipped() -> anyhow::Result<HolidayCalendar> {
    let years = YEARS
        .iter()
        .map(|text| serde_json::from_str(text).context("reading a shipped holiday file"))
        .collect::<anyhow::Result<Vec<_>>>()?;
    Ok(HolidayCalendar::new(years))
}
