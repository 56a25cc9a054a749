//! Assessment of a company for a period: whole numbers from what was counted to the points, in hundredths. What went into it
//! is kept beside it, so that it can be opened and calculated again.

use super::rules::{Indicator, Rules, Weighed};
use serde::{Deserialize, Serialize};

/// Ratings of an estate count and are shown from so many on.
pub const FEWEST_RATINGS: i64 = 5;

/// An estate that the company looked after in the period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EstateIn {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Name in English, may be empty.
    pub name_en: String,
    /// Households.
    pub households: i64,
    /// Days of the period under contract.
    pub days: i64,
}

/// A report that counts somewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportIn {
    /// Its code.
    pub code: String,
    /// Filed in the period.
    pub filed: bool,
    /// Its deadline lies in the period.
    pub due: bool,
    /// Closed by its deadline.
    pub on_time: bool,
    /// Closed in the period.
    pub closed: bool,
    /// Failed verification, or was reopened.
    pub reworked: bool,
}

/// An inspection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InspectionIn {
    /// Id.
    pub id: String,
    /// The day.
    pub day: String,
    /// Name of the estate.
    pub estate: String,
    /// 0 to 100.
    pub points: i64,
}

/// The ratings of an estate in the quarter that counts. Fewer than [`FEWEST_RATINGS`] never get here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RatingsIn {
    /// Name of the estate.
    pub estate: String,
    /// Id of the estate.
    pub id: String,
    /// How many.
    pub count: i64,
    /// Their stars together.
    pub stars: i64,
}

/// A credit entry that was valid on the last day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryIn {
    /// Id.
    pub id: String,
    /// What it is about.
    pub title: String,
    /// Its points.
    pub points: i64,
}

/// Everything that an assessment is made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inputs {
    /// The period.
    pub period: String,
    /// The quarter whose ratings count.
    pub rated: String,
    /// The rules of the period's last day.
    pub rules: Rules,
    /// Estates, by id.
    pub estates: Vec<EstateIn>,
    /// Reports, by code.
    pub reports: Vec<ReportIn>,
    /// Inspections, by id.
    pub inspections: Vec<InspectionIn>,
    /// Ratings, by estate.
    pub ratings: Vec<RatingsIn>,
    /// Credit entries, by id.
    pub entries: Vec<EntryIn>,
}

/// What one indicator gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Weight and scale.
    pub weighed: Weighed,
    /// What was counted: this many of so many; `None`: there was nothing to count.
    pub raw: Option<(i64, i64)>,
    /// 0 to 10 000 hundredths of a point, for what was counted.
    pub score: Option<i64>,
}

impl Part {
    /// Weight times score: hundredths of a point, times 100.
    pub fn product(&self) -> i64 {
        self.score.unwrap_or(0) * self.weighed.weight
    }
}

/// An assessment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessment {
    /// One of each indicator, in their order.
    pub parts: Vec<Part>,
    /// 0 to 10 000 hundredths of a point; `None`: nothing could be counted.
    pub points: Option<i64>,
    /// The weights of what could be counted, together.
    pub weights: i64,
}

/// Nearest whole number to `n / d`, halves up. `d` is above zero, `n` is not below.
fn rounded(n: i128, d: i128) -> i128 {
    (2 * n + d) / (2 * d)
}

/// Points of a share on a scale, in hundredths: none at `worst`, 10 000 at `best`, in a straight line between.
pub fn score(weighed: Weighed, (numerator, denominator): (i64, i64)) -> i64 {
    let (n, d) = (i128::from(numerator), i128::from(denominator.max(1)));
    let (worst, best) = (i128::from(weighed.worst), i128::from(weighed.best));
    let mut way = n * 10_000 - worst * d;
    let mut whole = (best - worst) * d;
    if whole < 0 {
        (way, whole) = (-way, -whole);
    }
    if way <= 0 || whole == 0 {
        return 0;
    }
    i64::try_from(rounded(way * 10_000, whole).min(10_000)).unwrap_or(10_000)
}

fn count<T>(rows: &[T], which: impl Fn(&T) -> bool) -> i64 {
    i64::try_from(rows.iter().filter(|row| which(row)).count()).unwrap_or(i64::MAX)
}

/// What was counted for an indicator.
pub fn raw(inputs: &Inputs, indicator: Indicator) -> Option<(i64, i64)> {
    let reports = &inputs.reports;
    let (numerator, denominator) = match indicator {
        Indicator::Complaints => (
            count(reports, |report| report.filed) * 30,
            inputs.estates.iter().map(|estate| estate.households * estate.days).sum(),
        ),
        Indicator::OnTime => {
            (count(reports, |report| report.due && report.on_time), count(reports, |report| report.due))
        }
        Indicator::Rework => {
            (count(reports, |report| report.closed && report.reworked), count(reports, |report| report.closed))
        }
        Indicator::Inspection => (
            inputs.inspections.iter().map(|inspection| inspection.points).sum(),
            count(&inputs.inspections, |_| true) * 100,
        ),
        Indicator::Rating => (
            inputs.ratings.iter().map(|rating| rating.stars).sum(),
            inputs.ratings.iter().map(|rating| rating.count * 5).sum(),
        ),
        Indicator::Credit => ((100 + inputs.entries.iter().map(|entry| entry.points).sum::<i64>()).clamp(0, 200), 100),
    };
    (denominator > 0).then_some((numerator, denominator))
}

/// The assessment. An indicator for which there was nothing to count is left out, and its weight with it.
pub fn assess(inputs: &Inputs) -> Assessment {
    let parts: Vec<Part> = Indicator::ALL
        .into_iter()
        .map(|indicator| {
            let weighed = inputs.rules.of(indicator);
            let raw = raw(inputs, indicator);
            Part { weighed, raw, score: raw.map(|raw| score(weighed, raw)) }
        })
        .collect();
    let weights: i64 = parts.iter().filter(|part| part.score.is_some()).map(|part| part.weighed.weight).sum();
    let products: i64 = parts.iter().map(Part::product).sum();
    let points = (weights > 0).then(|| i64::try_from(rounded(i128::from(products), i128::from(weights))).unwrap_or(0));
    Assessment { parts, points, weights }
}

/// Hundredths of a point as they are written: 8550 is 85.50.
pub fn written(hundredths: i64) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", hundredths.abs() / 100, hundredths.abs() % 100)
}

/// What is another than it was when the assessment was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Catalogue key of what it is: a report, an inspection …
    pub kind: &'static str,
    /// Its code, name or id.
    pub name: String,
    /// Catalogue key: it came, it went, it is another.
    pub how: &'static str,
}

fn compare<T: PartialEq>(
    kind: &'static str,
    (before, after): (&[T], &[T]),
    (id, name): (impl Fn(&T) -> &str, impl Fn(&T) -> &str),
    into: &mut Vec<Change>,
) {
    for row in before {
        match after.iter().find(|other| id(other) == id(row)) {
            None => into.push(Change { kind, name: name(row).to_owned(), how: "property-change-gone" }),
            Some(other) if other != row => {
                into.push(Change { kind, name: name(row).to_owned(), how: "property-change-other" });
            }
            Some(_) => {}
        }
    }
    for row in after {
        if before.iter().all(|other| id(other) != id(row)) {
            into.push(Change { kind, name: name(row).to_owned(), how: "property-change-new" });
        }
    }
}

/// What is another in `after` than in `before`.
pub fn changes(before: &Inputs, after: &Inputs) -> Vec<Change> {
    let mut all = Vec::new();
    compare("property-kind-estate", (&before.estates, &after.estates), (|one| &one.id, |one| &one.name), &mut all);
    compare("property-kind-report", (&before.reports, &after.reports), (|one| &one.code, |one| &one.code), &mut all);
    compare(
        "property-kind-inspection",
        (&before.inspections, &after.inspections),
        (|one| &one.id, |one| &one.day),
        &mut all,
    );
    compare("property-kind-ratings", (&before.ratings, &after.ratings), (|one| &one.id, |one| &one.estate), &mut all);
    compare("property-kind-entry", (&before.entries, &after.entries), (|one| &one.id, |one| &one.title), &mut all);
    if before.rules != after.rules {
        all.push(Change { kind: "property-kind-rules", name: before.period.clone(), how: "property-change-other" });
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn inputs() -> Inputs {
        let report = |code: &str, on_time, reworked| ReportIn {
            code: code.to_owned(),
            filed: true,
            due: true,
            on_time,
            closed: true,
            reworked,
        };
        Inputs {
            period: "2026-Q3".to_owned(),
            rated: "2026-Q3".to_owned(),
            rules: Rules::default(),
            estates: vec![EstateIn {
                id: "e".into(),
                name: "苑".into(),
                name_en: String::new(),
                households: 100,
                days: 90,
            }],
            reports: vec![report("A", true, false), report("B", true, false), report("C", false, true)],
            inspections: vec![InspectionIn {
                id: "i".into(),
                day: "2026-08-01".into(),
                estate: "苑".into(),
                points: 90,
            }],
            ratings: Vec::new(),
            entries: vec![EntryIn { id: "x".into(), title: "迟修".into(), points: -10 }],
        }
    }

    #[test]
    fn an_assessment_by_hand() {
        let made = assess(&inputs());
        let scores: Vec<Option<i64>> = made.parts.iter().map(|part| part.score).collect();
        // 3 × 30 of 9 000 household-days are 1 % : (500 − 100) / 480; 2 of 3 in time: (6666.67 − 6000) / 3800; a third reworked: none;
        // 90 of 100: (9000 − 5000) / 5000; no rating; 90 of 100: (9000 − 6000) / 4500.
        assert_eq!(scores, [Some(8333), Some(1754), Some(0), Some(8000), None, Some(6667)]);
        assert_eq!(made.weights, 85);
        assert_eq!(made.points, Some((8333 * 15 + 1754 * 25 + 8000 * 20 + 6667 * 10 + 42) / 85));
        assert_eq!(written(8550), "85.50");
        assert_eq!(written(-5), "-0.05");
    }

    #[test]
    fn what_changed_is_named() {
        let before = inputs();
        assert_eq!(changes(&before, &before), []);
        let mut after = before.clone();
        after.reports[2].on_time = true;
        after.entries.clear();
        after.inspections.push(InspectionIn { id: "j".into(), ..after.inspections[0].clone() });
        let how: Vec<(&str, &str)> = changes(&before, &after).iter().map(|change| (change.kind, change.how)).collect();
        assert_eq!(
            how,
            [
                ("property-kind-report", "property-change-other"),
                ("property-kind-inspection", "property-change-new"),
                ("property-kind-entry", "property-change-gone"),
            ]
        );
    }

    fn some_inputs() -> impl Strategy<Value = Inputs> {
        let report = (any::<[bool; 5]>(), 0..10_000_u32).prop_map(|([filed, due, on_time, closed, reworked], n)| {
            ReportIn { code: format!("R{n}"), filed, due, on_time, closed, reworked }
        });
        let estate = (0..5_000_i64, 0..=92_i64).prop_map(|(households, days)| EstateIn {
            id: households.to_string(),
            name: "苑".into(),
            name_en: String::new(),
            households,
            days,
        });
        (
            proptest::collection::vec(estate, 0..4),
            proptest::collection::vec(report, 0..60),
            proptest::collection::vec(0..=100_i64, 0..6),
            proptest::collection::vec((5..50_i64, 0..=4_i64), 0..4),
            proptest::collection::vec(-60..=20_i64, 0..8),
        )
            .prop_map(|(estates, reports, inspections, ratings, entries)| Inputs {
                // As rows have them: no two with one id.
                estates: (0..).zip(estates).map(|(n, one)| EstateIn { id: format!("e{n}"), ..one }).collect(),
                reports: (0..).zip(reports).map(|(n, one)| ReportIn { code: format!("R{n}"), ..one }).collect(),
                inspections: (0..)
                    .zip(inspections)
                    .map(|(n, points)| InspectionIn { id: format!("i{n}"), points, ..inputs().inspections[0].clone() })
                    .collect(),
                ratings: (0..)
                    .zip(ratings)
                    .map(|(n, (count, more))| RatingsIn {
                        estate: "苑".into(),
                        id: format!("e{n}"),
                        count,
                        stars: count * (1 + more),
                    })
                    .collect(),
                entries: (0..)
                    .zip(entries)
                    .map(|(n, points)| EntryIn { id: format!("x{n}"), points, ..inputs().entries[0].clone() })
                    .collect(),
                ..inputs()
            })
    }

    proptest! {
        /// What is kept gives exactly the same points again, whatever was counted, and never less than none or more than all.
        #[test]
        fn calculated_again_it_is_the_same(inputs in some_inputs()) {
            let made = assess(&inputs);
            let kept: Inputs = serde_json::from_str(&serde_json::to_string(&inputs).expect("JSON")).expect("the same");
            prop_assert_eq!(&assess(&kept), &made);
            prop_assert!(made.points.is_none_or(|points| (0..=10_000).contains(&points)));
            prop_assert!(made.parts.iter().all(|part| part.score.is_none_or(|score| (0..=10_000).contains(&score))));
            prop_assert!(changes(&inputs, &kept).is_empty());
        }

        /// More of what is good never gives less.
        #[test]
        fn a_scale_goes_one_way(n in 0..1000_i64, d in 1..1000_i64, worst in 0..10_000_i64, best in 0..10_000_i64) {
            prop_assume!(worst != best);
            let weighed = Weighed { indicator: Indicator::OnTime, weight: 1, worst, best };
            let (less, more) = (score(weighed, (n, d)), score(weighed, (n + 1, d)));
            let one_way = if best > worst { less <= more } else { less >= more };
            prop_assert!(one_way);
        }
    }
}
