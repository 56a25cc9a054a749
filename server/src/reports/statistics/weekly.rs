//! How many reports were filed in each of the last weeks, by grid and by category: for what is unusual on the net. From the
//! counts per day, with what waits to be counted, so it is exact; see [`super::figures`].

use super::{
    counted::{self, number},
    figures::MOST_WAITING,
    instant,
};
use crate::{
    db::{Db, Tx},
    places::Organisation,
};
use app::{reports::statistics::Row, time};
use jiff::{ToSpan, civil::Date};
use std::collections::BTreeMap;

/// Weeks that are counted, each of seven days: the last one ends with the last day.
#[derive(Clone, Copy, Debug)]
pub struct Weeks {
    /// Last day of the last week.
    pub last: Date,
    /// How many.
    pub count: usize,
}

impl Weeks {
    /// First day of a week; 0 is the last one, and the others go back from there.
    pub fn first_day(self, week: usize) -> Date {
        let weeks = i64::try_from(week).unwrap_or(i64::MAX / 7).saturating_add(1);
        self.last.saturating_sub((weeks * 7 - 1).days())
    }

    /// The week in which a day lies.
    fn of(self, day: Date) -> Option<usize> {
        if day > self.last {
            return None;
        }
        (0..self.count).find(|week| day >= self.first_day(*week))
    }

    /// `CASE` over a column with the beginnings of the weeks as numbers, the last week first.
    fn case(self, column: &str, begins: impl Fn(Date) -> i64) -> String {
        let whens: Vec<String> = (0..self.count)
            .map(|week| format!("WHEN {column} >= {} THEN {week}", begins(self.first_day(week))))
            .collect();
        format!("CASE {} ELSE {} END", whens.join(" "), self.count)
    }
}

/// Counts of weeks by id or code, the last week first.
pub type Counts = BTreeMap<String, Vec<i64>>;

/// What was filed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filed {
    /// By id of the grid; reports in no grid are not in it.
    pub grids: Counts,
    /// By code of the category.
    pub categories: Counts,
}

impl Filed {
    fn add(&mut self, weeks: Weeks, (grid, category): (&str, &str), week: usize, times: i64) {
        let add = |counts: &mut Counts, name: &str| {
            if let Some(count) = counts.entry(name.to_owned()).or_insert_with(|| vec![0; weeks.count]).get_mut(week) {
                *count += times;
            }
        };
        if !grid.is_empty() {
            add(&mut self.grids, grid);
        }
        if !category.is_empty() {
            add(&mut self.categories, category);
        }
    }
}

/// Reads what was filed in a place, whatever became of it.
pub async fn filed(db: &Db, place: &Organisation, weeks: Weeks) -> anyhow::Result<Filed> {
    let mut tx = db.snapshot().await?;
    let waiting = counted::waiting(&mut tx, None, MOST_WAITING + 1).await?;
    let mut filed = Filed::default();
    if waiting.len() > MOST_WAITING {
        from_reports(&mut tx, place, weeks, &mut filed).await?;
        tx.commit().await?;
        return Ok(filed);
    }
    from_days(&mut tx, place, weeks, &mut filed).await?;
    tx.commit().await?;
    for report in waiting {
        for (counted, times) in report.before.iter().map(|before| (before, -1)).chain([(&report.now, 1)]) {
            let row: Row = counted.row();
            let week = weeks.of(time::day_of(instant(row.filed_at)));
            if let Some(week) = week.filter(|_| counted.place.starts_with(&place.path)) {
                filed.add(weeks, (&row.grid, &row.category), week, times);
            }
        }
    }
    Ok(filed)
}

async fn from_days(tx: &mut Tx, place: &Organisation, weeks: Weeks, filed: &mut Filed) -> Result<(), sqlx::Error> {
    let sql = format!(
        "SELECT d.kind, d.name, d.week, CAST(SUM(d.filed) AS BIGINT) FROM (SELECT kind, name, CAST({} AS BIGINT) AS week, \
         filed FROM report_day WHERE place = $1 AND kind IN ('grid', 'category') AND day >= $2 AND day <= $3) d \
         GROUP BY d.kind, d.name, d.week",
        weeks.case("day", number)
    );
    let rows: Vec<(String, String, i64, i64)> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(&place.path)
        .bind(number(weeks.first_day(weeks.count.saturating_sub(1))))
        .bind(number(weeks.last))
        .fetch_all(&mut **tx)
        .await?;
    for (kind, name, week, count) in rows {
        let names = if kind == "grid" { (name.as_str(), "") } else { ("", name.as_str()) };
        filed.add(weeks, names, usize::try_from(week).unwrap_or(usize::MAX), count);
    }
    Ok(())
}

async fn from_reports(tx: &mut Tx, place: &Organisation, weeks: Weeks, filed: &mut Filed) -> Result<(), sqlx::Error> {
    let begin = |day: Date| time::start_of(day).as_microsecond();
    let sql = format!(
        "SELECT f.grid, f.category, f.week, CAST(COUNT(*) AS BIGINT) FROM (SELECT COALESCE(r.grid_id, '') AS grid, \
         r.category, CAST({} AS BIGINT) AS week FROM report r WHERE substr(r.path, 1, length($1)) = $1 \
         AND r.filed_at >= $2 AND r.filed_at < $3) f GROUP BY f.grid, f.category, f.week",
        weeks.case("r.filed_at", begin)
    );
    let rows: Vec<(String, String, i64, i64)> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(&place.path)
        .bind(begin(weeks.first_day(weeks.count.saturating_sub(1))))
        .bind(begin(weeks.last.tomorrow().unwrap_or(weeks.last)))
        .fetch_all(&mut **tx)
        .await?;
    for (grid, category, week, count) in rows {
        filed.add(weeks, (&grid, &category), usize::try_from(week).unwrap_or(usize::MAX), count);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn weeks_are_seven_days_each_and_follow_one_another() {
        let weeks = Weeks { last: date(2026, 11, 25), count: 13 };
        assert_eq!(weeks.first_day(0), date(2026, 11, 19));
        assert_eq!(weeks.first_day(1), date(2026, 11, 12));
        for (day, week) in [
            (date(2026, 11, 26), None),
            (date(2026, 11, 25), Some(0)),
            (date(2026, 11, 19), Some(0)),
            (date(2026, 11, 18), Some(1)),
            (weeks.first_day(12), Some(12)),
            (weeks.first_day(12).saturating_sub(1.day()), None),
        ] {
            assert_eq!(weeks.of(day), week, "{day}");
        }
    }
}
