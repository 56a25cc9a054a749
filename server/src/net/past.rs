//! The past of grids whose ground changed, for what is usual in them: what merged has that of its parts together, what was cut out
//! of another has none before that day.

use super::store::{ended_grids, took_over};
use crate::{
    db::Db,
    places::Organisation,
    reports::statistics::weekly::{Counts, Weeks},
};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// What is known of the past of some grids.
#[derive(Clone, Debug, Default)]
pub struct Past {
    /// Ids of grids that ended and became one grid alone, by its id.
    merged: BTreeMap<String, Vec<String>>,
    /// From when a grid is that was cut out of another, by its id.
    cut_out: BTreeMap<String, Date>,
}

/// Reads the past of the grids that stand under a path.
pub async fn past(db: &Db, path: &str, grids: &[Organisation]) -> Result<Past, sqlx::Error> {
    let mut past = Past::default();
    let ended = ended_grids(db, path).await?;
    if !ended.is_empty() {
        let takers = took_over(db, path).await?;
        for grid in ended {
            let became = takers.became(&grid.id);
            let mut standing = grids.iter().filter(|one| became.contains(one.id.as_str()));
            if let (Some(alone), None) = (standing.next(), standing.next()) {
                past.merged.entry(alone.id.clone()).or_default().push(grid.id.clone());
            }
        }
    }
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT p.grid_id, MAX(c.in_force_day) FROM grid_change_part p JOIN grid_change c ON c.id = p.change_id \
         JOIN organisation g ON g.id = p.grid_id WHERE c.kind = 'split' AND c.state = 'in_force' AND p.role = 'takes' \
         AND c.in_force_day IS NOT NULL AND substr(g.path, 1, length($1)) = $1 GROUP BY p.grid_id",
    )
    .bind(path)
    .fetch_all(db.read())
    .await?;
    past.cut_out = rows.into_iter().filter_map(|(grid, day)| Some((grid, day.parse().ok()?))).collect();
    Ok(past)
}

impl Past {
    /// Ids of a grid and of those that became it alone.
    pub fn ids(&self, grid: &str) -> Vec<String> {
        [grid.to_owned()].into_iter().chain(self.merged.get(grid).into_iter().flatten().cloned()).collect()
    }

    /// Counts what was filed in grids that became another one alone as that one's.
    pub fn gather(&self, counts: &mut Counts) {
        for (grid, parts) in &self.merged {
            let of_parts: Vec<Vec<i64>> = parts.iter().filter_map(|part| counts.remove(part)).collect();
            for part in of_parts {
                let all = counts.entry(grid.clone()).or_insert_with(|| vec![0; part.len()]);
                for (all, part) in all.iter_mut().zip(part) {
                    *all += part;
                }
            }
        }
    }

    /// In how many of the weeks before the last one a grid, or what merged into it, was what it is now; at most `history`.
    pub fn weeks(&self, grid: &str, weeks: Weeks, history: usize) -> usize {
        match self.ids(grid).iter().filter_map(|id| self.cut_out.get(id)).max() {
            Some(day) => (1..=history).take_while(|week| weeks.first_day(*week) >= *day).count(),
            None => history,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn what_merged_is_the_sum_and_what_was_cut_out_has_no_past() {
        let past = Past {
            merged: BTreeMap::from([("third".to_owned(), vec!["first".to_owned()])]),
            cut_out: BTreeMap::from([("fifth".to_owned(), date(2026, 11, 12))]),
        };
        let mut counts = Counts::from([("first".to_owned(), vec![1, 2]), ("second".to_owned(), vec![5, 5])]);
        past.gather(&mut counts);
        assert_eq!(counts, Counts::from([("third".to_owned(), vec![1, 2]), ("second".to_owned(), vec![5, 5])]));
        counts.insert("first".to_owned(), vec![10, 0]);
        past.gather(&mut counts);
        assert_eq!(counts["third"], [11, 2]);
        assert_eq!(past.ids("third"), ["third", "first"]);
        let weeks = Weeks { last: date(2026, 11, 25), count: 13 };
        assert_eq!(past.weeks("second", weeks, 9), 9);
        // The last seven days begin on the 19th, the week before on the 12th.
        assert_eq!(past.weeks("fifth", weeks, 9), 1);
        // What was cut out and merged into another was not there before.
        let merged = BTreeMap::from([("second".to_owned(), vec!["fifth".to_owned()])]);
        assert_eq!(Past { merged, ..past }.weeks("second", weeks, 9), 1);
    }
}
