//! What got better: organisations and categories, never people.
//!
//! Compared is the on-time rate (按期结案率), in hundredths of a percent rounded down, of the period with that of the period before.
//! Named is what rose by a percentage point or more, where in both periods at least [`LEAST_DUE`] reports were due and not suspended,
//! so that two or three reports make no headline; the largest rises first, at most [`MOST`] of organisations and as many of
//! categories. What got worse is not listed: the tables show all.

use super::{Counted, Improved, Named, Part};

/// Fewer due reports than this in either period are not compared.
pub const LEAST_DUE: i64 = 10;
/// So many are named of each kind.
pub const MOST: usize = 3;
/// A percentage point, in hundredths of a percent.
const POINT: i64 = 100;

/// The on-time rate in hundredths of a percent, where enough was due.
fn rate(counted: &Counted) -> Option<i64> {
    let running = counted.due - counted.suspended;
    (running >= LEAST_DUE).then(|| counted.on_time * 10_000 / running)
}

fn of(parts: &[Part], category: bool) -> Vec<Improved> {
    let mut found: Vec<Improved> = parts
        .iter()
        .filter(|part| !part.named.code.is_empty())
        .filter_map(|part| {
            let (before, now) = (rate(&part.before)?, rate(&part.now)?);
            let named: Named = part.named.clone();
            (now - before >= POINT).then_some(Improved { named, category, before, now })
        })
        .collect();
    found.sort_by_key(|one| (one.before - one.now, one.named.code.clone()));
    found.truncate(MOST);
    found
}

/// What got better, organisations first.
pub fn improved(places: &[Part], categories: &[Part]) -> Vec<Improved> {
    let mut all = of(places, false);
    all.extend(of(categories, true));
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn part(code: &str, before: (i64, i64), now: (i64, i64)) -> Part {
        let counted = |(on_time, due): (i64, i64)| Counted { due, on_time, closed: on_time, ..Counted::default() };
        let named = Named { code: code.into(), name: code.into(), name_en: String::new() };
        Part { named, now: counted(now), before: counted(before) }
    }

    #[test]
    fn what_rose_is_named_and_what_is_too_small_is_not() {
        let parts = [
            part("worse", (10, 10), (5, 10)),
            part("little", (1, 9), (9, 9)),
            part("better", (5, 10), (8, 10)),
            part("best", (20, 100), (90, 100)),
            part("hardly", (900, 1000), (909, 1000)),
            part("", (0, 50), (50, 50)),
        ];
        let found = improved(&parts, &parts[2..3]);
        let names: Vec<(&str, bool)> = found.iter().map(|one| (one.named.code.as_str(), one.category)).collect();
        assert_eq!(names, [("best", false), ("better", false), ("better", true)]);
        assert_eq!((found[0].before, found[0].now), (2_000, 9_000));
    }

    proptest! {
        #[test]
        fn few_are_named_and_each_of_them_rose(counts in prop::collection::vec((0..60_i64, 0..60_i64, 0..60_i64, 0..60_i64), 0..20)) {
            let parts: Vec<Part> = counts
                .iter()
                .enumerate()
                .map(|(n, (a, b, c, d))| part(&format!("p{n}"), (*a.min(b), *a.max(b)), (*c.min(d), *c.max(d))))
                .collect();
            let found = improved(&parts, &[]);
            prop_assert!(found.len() <= MOST);
            prop_assert!(found.iter().all(|one| one.now >= one.before + POINT));
            prop_assert!(found.windows(2).all(|two| two[0].now - two[0].before >= two[1].now - two[1].before));
        }
    }
}
