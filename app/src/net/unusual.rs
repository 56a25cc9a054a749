//! What is unusual: a grid or category in which far more was reported in the last seven days than in its own weeks before.
//!
//! The weeks before are the [`WEEKS`] stretches of seven days that end where the last seven begin, so that each has every day
//! of the week once. A place in which reports have been filed for less than [`LEAST_WEEKS`] of them has no pattern yet, and nothing
//! is said. With the median `m` of the weeks before:
//!
//! - **spread** is the larger of √max(m, 1), by which counts of independent events go up and down (Poisson), and 1.4826 times the
//!   median of the distances from `m`, which for a normal distribution is its standard deviation. Medians, so that one storm
//!   weeks ago hides no other;
//! - a count is **unusual** when it is at least [`LEAST`], more than `m` + 3 × spread, and at least half as much again as `m`.
//!
//! A grid into which others merged has the weeks of its parts together; one that was cut out of another has only those since.
//! Quiet places need a few reports to stand out, busy ones many; each is measured by itself and never against others.

use std::collections::BTreeMap;

/// Weeks before the last seven days.
pub const WEEKS: usize = 12;
/// Weeks that a place must have been filed in to have a pattern.
pub const LEAST_WEEKS: usize = 8;
/// Fewer reports than this are never unusual.
pub const LEAST: i64 = 5;
/// So many times the spread is far above.
const FAR: f64 = 3.0;
/// The standard deviation of a normal distribution in medians of distances.
const NORMAL: f64 = 1.4826;

/// A count that is far above its own pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unusual {
    /// Reports in the last seven days.
    pub count: i64,
    /// Twice the median of the weeks before: medians of whole numbers can be halves.
    pub usual_twice: i64,
    /// The most in any of the weeks before.
    pub most: i64,
}

impl Unusual {
    /// The median of the weeks before as it is written: `4`, `4.5`.
    pub fn usual(&self) -> String {
        let half = if self.usual_twice % 2 == 0 { "" } else { ".5" };
        format!("{}{half}", self.usual_twice / 2)
    }
}

/// Twice the median; 0 of nothing.
fn median_twice(values: &mut [i64]) -> i64 {
    values.sort_unstable();
    let many = values.len();
    match many {
        0 => 0,
        _ => values[(many - 1) / 2] + values[many / 2],
    }
}

/// Judges a count against the weeks before it, in any order.
pub fn judge(count: i64, before: &[i64]) -> Option<Unusual> {
    if count < LEAST || before.len() < LEAST_WEEKS {
        return None;
    }
    let usual_twice = median_twice(&mut before.to_vec());
    // Distances of doubled values, and doubled once more by the median.
    let mut distances: Vec<i64> = before.iter().map(|week| (2 * week - usual_twice).abs()).collect();
    let distance = median_twice(&mut distances) as f64 / 4.0;
    let usual = usual_twice as f64 / 2.0;
    let spread = usual.max(1.0).sqrt().max(NORMAL * distance);
    let far = count as f64 > usual + FAR * spread && 4 * count >= 3 * usual_twice;
    far.then(|| Unusual { count, usual_twice, most: before.iter().copied().max().unwrap_or(0) })
}

/// In how many of the weeks before, the last one first, reports have been filed: up to the first with any.
pub fn weeks_of_history(totals: &[i64]) -> usize {
    totals.iter().rposition(|count| *count > 0).map_or(0, |at| at + 1)
}

/// What is unusual of some counts by name: for each the last seven days first, then the weeks before from the last one
/// back, of which `history` of that name count. What is furthest above its pattern comes first.
pub fn find(counts: &BTreeMap<String, Vec<i64>>, history: impl Fn(&str) -> usize) -> Vec<(String, Unusual)> {
    let mut found: Vec<(String, Unusual)> = counts
        .iter()
        .filter_map(|(name, weeks)| {
            let (count, before) = weeks.split_first()?;
            let unusual = judge(*count, &before[..history(name).min(before.len())])?;
            Some((name.clone(), unusual))
        })
        .collect();
    found.sort_by_key(|(name, unusual)| (unusual.usual_twice - 2 * unusual.count, name.clone()));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_stands_out_is_found_and_what_is_usual_is_not() {
        for (count, before, expected) in [
            // Quiet: the least decides.
            (4, vec![0; 12], false),
            (5, vec![0; 12], true),
            (5, vec![0; 7], false),
            // √4 = 2: more than 4 + 6.
            (10, vec![4; 12], false),
            (11, vec![4; 12], true),
            // √100 = 10, and half as much again.
            (140, vec![100; 12], false),
            (150, vec![100; 12], true),
            // It goes up and down by itself: median 10, distances 8.
            (40, vec![2, 18, 2, 18, 2, 18, 2, 18], false),
            (46, vec![2, 18, 2, 18, 2, 18, 2, 18], true),
        ] {
            assert_eq!(judge(count, &before).is_some(), expected, "{count} after {before:?}");
        }
        let found = judge(20, &[4, 5, 4, 5, 4, 5, 4, 5]).expect("unusual");
        assert_eq!((found.usual().as_str(), found.most), ("4.5", 5));
    }

    #[test]
    fn a_place_without_a_past_has_no_pattern() {
        assert_eq!(weeks_of_history(&[0, 3, 0, 1, 0, 0]), 4);
        assert_eq!(weeks_of_history(&[0, 0]), 0);
        let counts = BTreeMap::from([("g1".to_owned(), [vec![30], vec![0; 12]].concat())]);
        assert!(find(&counts, |_| 7).is_empty());
        assert_eq!(find(&counts, |_| 8).len(), 1);
    }

    proptest! {
        #[test]
        fn more_is_never_less_unusual_and_order_is_nothing(
            count in 0..500_i64, more in 0..50_i64, mut before in prop::collection::vec(0..200_i64, 8..13),
        ) {
            let judged = judge(count, &before);
            prop_assert!(judged.is_none() || judge(count + more, &before).is_some());
            before.reverse();
            prop_assert_eq!(judged, judge(count, &before));
            if let Some(found) = judged {
                prop_assert!(found.count >= LEAST && 2 * found.count > found.usual_twice);
            }
        }

        #[test]
        fn one_storm_weeks_ago_hides_nothing(usual in 0..100_i64, storm in 0..10_000_i64, at in 0..12_usize, count in 0..1_000_i64) {
            let calm = vec![usual; 12];
            let mut with_storm = calm.clone();
            with_storm[at] = storm;
            prop_assert_eq!(judge(count, &calm).is_some(), judge(count, &with_storm).is_some());
        }

        #[test]
        fn what_was_usual_is_usual(before in prop::collection::vec(0..200_i64, 8..13)) {
            let median = median_twice(&mut before.clone()) / 2;
            prop_assert_eq!(judge(median, &before), None);
        }
    }
}
