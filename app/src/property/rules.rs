//! The rules of an assessment, as data: which indicator weighs how much and how its share becomes points, whose matter a
//! category is, how many points make a level. A version is never changed; a later one takes its place from a day on.

use serde::{Deserialize, Serialize};

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Indicator {
    /// Reports about the property's matters per household and 30 days: less is better.
    Complaints,
    /// Reports closed in time among those that were due.
    OnTime,
    /// Reports that failed verification or were reopened among those closed: less is better.
    Rework,
    /// Points of inspections.
    Inspection,
    /// Residents' ratings.
    Rating,
    /// 100 and the points of credit entries valid on the last day.
    Credit,
}

impl Indicator {
    /// All of them, in the order of pages.
    pub const ALL: [Indicator; 6] = [
        Indicator::Complaints,
        Indicator::OnTime,
        Indicator::Rework,
        Indicator::Inspection,
        Indicator::Rating,
        Indicator::Credit,
    ];

    /// As stored and in the API.
    pub fn code(self) -> &'static str {
        match self {
            Indicator::Complaints => "complaints",
            Indicator::OnTime => "on_time",
            Indicator::Rework => "rework",
            Indicator::Inspection => "inspection",
            Indicator::Rating => "rating",
            Indicator::Credit => "credit",
        }
    }

    /// Catalogue keys of its name and of its definition.
    pub fn keys(self) -> (&'static str, &'static str) {
        match self {
            Indicator::Complaints => ("property-indicator-complaints", "property-defined-complaints"),
            Indicator::OnTime => ("property-indicator-on-time", "property-defined-on-time"),
            Indicator::Rework => ("property-indicator-rework", "property-defined-rework"),
            Indicator::Inspection => ("property-indicator-inspection", "property-defined-inspection"),
            Indicator::Rating => ("property-indicator-rating", "property-defined-rating"),
            Indicator::Credit => ("property-indicator-credit", "property-defined-credit"),
        }
    }

    /// Names of its fields in the form: weight, worst, best.
    pub fn fields(self) -> [&'static str; 3] {
        match self {
            Indicator::Complaints => ["weight_complaints", "worst_complaints", "best_complaints"],
            Indicator::OnTime => ["weight_on_time", "worst_on_time", "best_on_time"],
            Indicator::Rework => ["weight_rework", "worst_rework", "best_rework"],
            Indicator::Inspection => ["weight_inspection", "worst_inspection", "best_inspection"],
            Indicator::Rating => ["weight_rating", "worst_rating", "best_rating"],
            Indicator::Credit => ["weight_credit", "worst_credit", "best_credit"],
        }
    }
}

/// How much an indicator weighs, and at which share it gives none and all of its points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weighed {
    /// Which one.
    pub indicator: Indicator,
    /// Its weight; all together are 100.
    pub weight: i64,
    /// The share at which it gives no point, in ten-thousandths.
    pub worst: i64,
    /// The share at which it gives all of them, in ten-thousandths; below `worst` where less is better.
    pub best: i64,
}

/// Points from which a company has a level; with less than `c` it is on the black list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Levels {
    /// AAA.
    pub aaa: i64,
    /// AA.
    pub aa: i64,
    /// A.
    pub a: i64,
    /// B.
    pub b: i64,
    /// C.
    pub c: i64,
}

/// Rules as one version says them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// The indicators.
    pub weighed: Vec<Weighed>,
    /// Codes of categories that are the property's matter.
    pub categories: Vec<String>,
    /// Levels of credit.
    pub levels: Levels,
    /// Working days in which a company may answer before an entry is decided.
    pub answer_days: i64,
    /// Days after publication in which a company may appeal.
    pub appeal_days: i64,
}

impl Default for Rules {
    /// What Linli ships with: a proposal, to be replaced by the district's own.
    fn default() -> Rules {
        let weighed = |indicator, weight, worst, best| Weighed { indicator, weight, worst, best };
        Rules {
            weighed: vec![
                weighed(Indicator::Complaints, 15, 500, 20),
                weighed(Indicator::OnTime, 25, 6000, 9800),
                weighed(Indicator::Rework, 15, 2000, 100),
                weighed(Indicator::Inspection, 20, 5000, 10_000),
                weighed(Indicator::Rating, 15, 4000, 9600),
                weighed(Indicator::Credit, 10, 6000, 10_500),
            ],
            categories: ["elevator", "corridor-lamp", "roof-leak", "door-lock", "wall-falling", "corridor-clutter"]
                .map(str::to_owned)
                .to_vec(),
            levels: Levels { aaa: 105, aa: 95, a: 85, b: 75, c: 60 },
            answer_days: 5,
            appeal_days: 15,
        }
    }
}

/// What is wrong with rules: the field, and the catalogue key of the words.
pub type Wrong = (&'static str, &'static str);

impl Rules {
    /// What is wrong with them; nothing when they can be used.
    pub fn check(&self) -> Vec<Wrong> {
        let mut wrong = Vec::new();
        let mut sum = 0;
        for indicator in Indicator::ALL {
            let [weight, worst, _] = indicator.fields();
            let mut of = self.weighed.iter().filter(|one| one.indicator == indicator);
            match (of.next(), of.next()) {
                (Some(one), None) => {
                    if !(0..=100).contains(&one.weight) {
                        wrong.push((weight, "property-error-weight"));
                    } else {
                        sum += one.weight;
                    }
                    let fits = |share: i64| (0..=20_000).contains(&share);
                    if one.worst == one.best || !fits(one.worst) || !fits(one.best) {
                        wrong.push((worst, "property-error-scale"));
                    }
                }
                _ => wrong.push((weight, "property-error-weight")),
            }
        }
        if sum != 100 && wrong.iter().all(|(_, key)| *key != "property-error-weight") {
            wrong.push(("weight_complaints", "property-error-sum"));
        }
        if self.categories.is_empty() {
            wrong.push(("categories", "property-error-categories"));
        }
        let Levels { aaa, aa, a, b, c } = self.levels;
        if !(aaa > aa && aa > a && a > b && b > c && c > 0 && aaa <= 1000) {
            wrong.push(("aaa", "property-error-levels"));
        }
        if !(1..=30).contains(&self.answer_days) {
            wrong.push(("answer_days", "property-error-days"));
        }
        if !(1..=90).contains(&self.appeal_days) {
            wrong.push(("appeal_days", "property-error-days"));
        }
        wrong
    }

    /// The weight and scale of an indicator.
    pub fn of(&self, indicator: Indicator) -> Weighed {
        let found = self.weighed.iter().find(|one| one.indicator == indicator).copied();
        found.unwrap_or(Weighed { indicator, weight: 0, worst: 0, best: 1 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_rules_can_be_used_and_others_only_with_100_points() {
        assert_eq!(Rules::default().check(), []);
        let mut rules = Rules::default();
        rules.weighed[0].weight += 1;
        assert_eq!(rules.check(), [("weight_complaints", "property-error-sum")]);
        rules.weighed[0].weight = -1;
        assert_eq!(rules.check(), [("weight_complaints", "property-error-weight")]);
        let mut rules = Rules::default();
        rules.levels.b = rules.levels.a;
        assert_eq!(rules.check(), [("aaa", "property-error-levels")]);
        let text = serde_json::to_string(&Rules::default()).expect("JSON");
        assert_eq!(serde_json::from_str::<Rules>(&text).expect("the same"), Rules::default());
    }
}
