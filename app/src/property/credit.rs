//! Credit entries: how one lives, from proposal to appeal, and which level a company has on a day. Both are pure.

use super::rules::Levels;
use jiff::civil::Date;

/// Where an entry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Proposed; the company may answer.
    Proposed,
    /// Published, and counts.
    Published,
    /// Not published: it never counted.
    Dropped,
    /// Published, and an appeal is under way: counts until that is decided.
    Appealed,
    /// The appeal was decided and the entry stands, maybe with other points.
    Settled,
    /// Revoked on appeal: it counts nothing, from its beginning on.
    Revoked,
}

impl State {
    /// All of them.
    pub const ALL: [State; 6] =
        [State::Proposed, State::Published, State::Dropped, State::Appealed, State::Settled, State::Revoked];

    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            State::Proposed => "proposed",
            State::Published => "published",
            State::Dropped => "dropped",
            State::Appealed => "appealed",
            State::Settled => "settled",
            State::Revoked => "revoked",
        }
    }

    /// The state with this code.
    pub fn from_code(code: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Catalogue key of its word.
    pub fn key(self) -> &'static str {
        match self {
            State::Proposed => "property-state-proposed",
            State::Published => "property-state-published",
            State::Dropped => "property-state-dropped",
            State::Appealed => "property-state-appealed",
            State::Settled => "property-state-settled",
            State::Revoked => "property-state-revoked",
        }
    }

    /// Whether its points count, and everybody may read it.
    pub fn counts(self) -> bool {
        matches!(self, State::Published | State::Appealed | State::Settled)
    }
}

/// What somebody does with an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Staff propose it.
    Propose,
    /// The company says what it thinks of it.
    Answer,
    /// It is published.
    Publish,
    /// It is not.
    Drop,
    /// The company appeals.
    Appeal,
    /// The appeal changes nothing.
    Uphold,
    /// The appeal changes the points.
    Change,
    /// The appeal takes the entry away.
    Revoke,
}

impl Step {
    /// All of them.
    pub const ALL: [Step; 8] = [
        Step::Propose,
        Step::Answer,
        Step::Publish,
        Step::Drop,
        Step::Appeal,
        Step::Uphold,
        Step::Change,
        Step::Revoke,
    ];

    /// As stored and sent.
    pub fn code(self) -> &'static str {
        match self {
            Step::Propose => "propose",
            Step::Answer => "answer",
            Step::Publish => "publish",
            Step::Drop => "drop",
            Step::Appeal => "appeal",
            Step::Uphold => "uphold",
            Step::Change => "change",
            Step::Revoke => "revoke",
        }
    }

    /// The step with this code.
    pub fn from_code(code: &str) -> Option<Step> {
        Step::ALL.into_iter().find(|step| step.code() == code)
    }

    /// Catalogue key of what happened.
    pub fn key(self) -> &'static str {
        match self {
            Step::Propose => "property-step-propose",
            Step::Answer => "property-step-answer",
            Step::Publish => "property-step-publish",
            Step::Drop => "property-step-drop",
            Step::Appeal => "property-step-appeal",
            Step::Uphold => "property-step-uphold",
            Step::Change => "property-step-change",
            Step::Revoke => "property-step-revoke",
        }
    }

    /// Whether the company takes it; the others are for those who decide.
    pub fn is_companys(self) -> bool {
        matches!(self, Step::Answer | Step::Appeal)
    }

    /// Where it leads from a state; `None` where it does not fit. A second appeal fits nowhere.
    pub fn after(self, state: State) -> Option<State> {
        match (state, self) {
            (State::Proposed, Step::Answer) => Some(State::Proposed),
            (State::Proposed, Step::Publish) => Some(State::Published),
            (State::Proposed, Step::Drop) => Some(State::Dropped),
            (State::Published, Step::Appeal) => Some(State::Appealed),
            (State::Appealed, Step::Uphold | Step::Change) => Some(State::Settled),
            (State::Appealed, Step::Revoke) => Some(State::Revoked),
            _ => None,
        }
    }

    /// Whether this person may decide so: an entry not who proposed it, an appeal not who decided or proposed before.
    pub fn is_independent(self, by: &str, proposer: &str, decider: &str) -> bool {
        match self {
            Step::Publish | Step::Drop => by != proposer,
            Step::Uphold | Step::Change | Step::Revoke => by != proposer && by != decider,
            Step::Propose | Step::Answer | Step::Appeal => true,
        }
    }
}

/// Whether an entry may be decided: the company has answered, or its days are over.
pub fn may_decide(answered: bool, answer_due: Date, today: Date) -> bool {
    answered || today > answer_due
}

/// Levels, from the best to the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// AAA
    Aaa,
    /// AA
    Aa,
    /// A
    A,
    /// B
    B,
    /// C
    C,
    /// 黑名单
    Black,
}

impl Level {
    /// In the API and files.
    pub fn code(self) -> &'static str {
        match self {
            Level::Aaa => "AAA",
            Level::Aa => "AA",
            Level::A => "A",
            Level::B => "B",
            Level::C => "C",
            Level::Black => "black",
        }
    }

    /// Catalogue key of its word.
    pub fn key(self) -> &'static str {
        match self {
            Level::Aaa => "property-level-aaa",
            Level::Aa => "property-level-aa",
            Level::A => "property-level-a",
            Level::B => "property-level-b",
            Level::C => "property-level-c",
            Level::Black => "property-level-black",
        }
    }
}

/// An entry as far as levels ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Id.
    pub id: String,
    /// Points as they stand now, after an appeal.
    pub points: i64,
    /// Leads to the black list by itself.
    pub severe: bool,
    /// First day on which it counts.
    pub from: Date,
    /// Last day on which it counts.
    pub until: Date,
    /// Where it stands.
    pub state: State,
}

impl Counted {
    /// Whether it counts on a day.
    pub fn on(&self, day: Date) -> bool {
        self.state.counts() && self.from <= day && day <= self.until
    }
}

/// What everybody begins with.
pub const BASE: i64 = 100;

/// A company's credit on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The level.
    pub level: Level,
    /// [`BASE`] and the points of what counts.
    pub points: i64,
    /// Ids of the entries that count, in their order.
    pub counted: Vec<String>,
    /// Those of them that lead to the black list by themselves.
    pub severe: Vec<String>,
}

/// The levels of a day, of versions by the day from which they hold; before the first, the first.
pub fn levels_on(versions: &[(Date, Levels)], day: Date) -> Option<Levels> {
    let latest = versions.iter().filter(|(from, _)| *from <= day).max_by_key(|(from, _)| *from);
    latest.or_else(|| versions.iter().min_by_key(|(from, _)| *from)).map(|(_, levels)| *levels)
}

/// A company's credit on a day: nothing but the entries that count then.
pub fn standing(day: Date, entries: &[Counted], levels: Levels) -> Standing {
    let counted: Vec<&Counted> = entries.iter().filter(|entry| entry.on(day)).collect();
    let points = BASE + counted.iter().map(|entry| entry.points).sum::<i64>();
    let severe: Vec<String> = counted.iter().filter(|entry| entry.severe).map(|entry| entry.id.clone()).collect();
    let level = match points {
        _ if !severe.is_empty() => Level::Black,
        points if points >= levels.aaa => Level::Aaa,
        points if points >= levels.aa => Level::Aa,
        points if points >= levels.a => Level::A,
        points if points >= levels.b => Level::B,
        points if points >= levels.c => Level::C,
        _ => Level::Black,
    };
    Standing { level, points, counted: counted.into_iter().map(|entry| entry.id.clone()).collect(), severe }
}

/// Days on which the credit became another, up to and with `today`, each with what it became; the latest first.
pub fn history(entries: &[Counted], versions: &[(Date, Levels)], today: Date) -> Vec<(Date, Standing)> {
    let mut days: Vec<Date> = versions.iter().map(|(from, _)| *from).collect();
    for entry in entries.iter().filter(|entry| entry.state.counts() && entry.from <= entry.until) {
        days.push(entry.from);
        days.extend(entry.until.tomorrow());
    }
    days.retain(|day| *day <= today);
    days.sort_unstable();
    days.dedup();
    let mut told: Vec<(Date, Standing)> = Vec::new();
    for day in days {
        let Some(levels) = levels_on(versions, day) else { continue };
        let now = standing(day, entries, levels);
        if told.last().is_none_or(|(_, before)| *before != now) {
            told.push((day, now));
        }
    }
    told.reverse();
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::property::rules::Rules;
    use jiff::{ToSpan, civil::date};
    use proptest::prelude::*;

    fn entry(points: i64, severe: bool, state: State) -> Counted {
        let (from, until) = (date(2026, 3, 1), date(2026, 8, 31));
        Counted { id: "x".into(), points, severe, from, until, state }
    }

    #[test]
    fn a_level_follows_from_the_entries_of_the_day() {
        let levels = Rules::default().levels;
        let day = date(2026, 4, 1);
        let of = |entries: &[Counted]| standing(day, entries, levels).level;
        assert_eq!(of(&[]), Level::Aa);
        assert_eq!(of(&[entry(5, false, State::Published)]), Level::Aaa);
        assert_eq!(of(&[entry(-20, false, State::Appealed)]), Level::B);
        assert_eq!(of(&[entry(-20, false, State::Revoked)]), Level::Aa);
        assert_eq!(of(&[entry(-20, false, State::Proposed)]), Level::Aa);
        assert_eq!(of(&[entry(-1, true, State::Settled)]), Level::Black);
        assert_eq!(of(&[entry(-50, false, State::Published)]), Level::Black);
        assert_eq!(standing(date(2026, 9, 1), &[entry(-50, false, State::Published)], levels).level, Level::Aa);
    }

    #[test]
    fn the_history_begins_and_ends_with_an_entry() {
        let versions = [(date(2026, 1, 1), Rules::default().levels)];
        let told = history(&[entry(-20, false, State::Published)], &versions, date(2026, 12, 1));
        let days: Vec<(Date, Level)> = told.iter().map(|(day, standing)| (*day, standing.level)).collect();
        assert_eq!(days, [(date(2026, 9, 1), Level::Aa), (date(2026, 3, 1), Level::B), (date(2026, 1, 1), Level::Aa)]);
        assert_eq!(history(&[entry(-20, false, State::Revoked)], &versions, date(2026, 12, 1)).len(), 1);
    }

    #[test]
    fn nobody_decides_twice_or_on_what_they_proposed() {
        assert!(!Step::Publish.is_independent("a", "a", ""));
        assert!(Step::Publish.is_independent("b", "a", ""));
        assert!(!Step::Revoke.is_independent("b", "a", "b"));
        assert!(!Step::Uphold.is_independent("a", "a", "b"));
        assert!(Step::Change.is_independent("c", "a", "b"));
        assert!(!may_decide(false, date(2026, 3, 1), date(2026, 3, 1)));
        assert!(may_decide(false, date(2026, 3, 1), date(2026, 3, 2)));
        for step in Step::ALL {
            assert_eq!(Step::from_code(step.code()), Some(step));
            assert!(State::ALL.into_iter().all(|state| state != State::Dropped || step.after(state).is_none()));
            assert!(step.after(State::Settled).is_none() && step.after(State::Revoked).is_none());
        }
    }

    fn some_entries() -> impl Strategy<Value = Vec<Counted>> {
        let one = (0..400_i32, 0..400_i32, -60..=20_i64, 0..20_u8, 0..State::ALL.len());
        proptest::collection::vec(one, 0..12).prop_map(|all| {
            all.into_iter()
                .enumerate()
                .map(|(n, (from, days, points, severe, state))| Counted {
                    id: n.to_string(),
                    points,
                    severe: severe == 0,
                    from: date(2026, 1, 1).saturating_add(from.days()),
                    until: date(2026, 1, 1).saturating_add((from + days).days()),
                    state: State::ALL[state],
                })
                .collect()
        })
    }

    proptest! {
        /// The history says of every day what the entries of that day say.
        #[test]
        fn the_history_and_the_day_agree(entries in some_entries(), day in 0..900_i32) {
            let versions = [(date(2026, 1, 1), Rules::default().levels)];
            let day = date(2026, 1, 1).saturating_add(day.days());
            let told = history(&entries, &versions, day);
            prop_assert_eq!(&told[0].1, &standing(day, &entries, Rules::default().levels));
        }

        /// What was revoked or never published counts as if it had never been; what was changed, as if it had always been so.
        #[test]
        fn an_appeal_counts_from_the_beginning(mut entries in some_entries(), day in 0..900_i32, at in 0..12_usize) {
            prop_assume!(at < entries.len());
            let day = date(2026, 1, 1).saturating_add(day.days());
            let levels = Rules::default().levels;
            entries[at].state = State::Revoked;
            let with = standing(day, &entries, levels);
            let mut without = entries.clone();
            without.remove(at);
            prop_assert_eq!(with, standing(day, &without, levels));
            entries[at].state = State::Settled;
            entries[at].points = -3;
            let changed = standing(day, &entries, levels);
            let others = standing(day, &without, levels).points;
            prop_assert_eq!(changed.points, others + if entries[at].on(day) { -3 } else { 0 });
        }
    }
}
