//! Quorum and majority: whole numbers, no input or output.
//!
//! The rules are this deployment's own, chosen by each body and kept with each ballot; the words follow the common usage of the
//! Property Law's and residents' committees' rules (过半数, 三分之二以上), with what is counted said plainly.

/// Of those entitled, so many of so many must take part: `over / of`, e.g. 1/2. Exactly the fraction is enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quorum {
    /// The fraction's upper number, at most `of`; 0: no quorum is asked for.
    pub over: i64,
    /// Its lower number, above 0.
    pub of: i64,
}

impl Quorum {
    /// The fractions that forms offer.
    pub const OFFERED: [(&'static str, Quorum, &'static str); 4] = [
        ("0/1", Quorum { over: 0, of: 1 }, "meeting-quorum-none"),
        ("1/2", Quorum { over: 1, of: 2 }, "meeting-quorum-half"),
        ("2/3", Quorum { over: 2, of: 3 }, "meeting-quorum-two-thirds"),
        ("1/1", Quorum { over: 1, of: 1 }, "meeting-quorum-all"),
    ];

    /// Whether `took_part` of `entitled` are enough. Nobody at all is never enough.
    pub fn is_met(self, entitled: i64, took_part: i64) -> bool {
        took_part > 0
            && i128::from(took_part) * i128::from(self.of.max(1)) >= i128::from(entitled) * i128::from(self.over)
    }

    /// How many of `entitled` it takes.
    pub fn needed(self, entitled: i64) -> i64 {
        let of = i128::from(self.of.max(1));
        let needed = (i128::from(entitled.max(0)) * i128::from(self.over.max(0)) + of - 1) / of;
        i64::try_from(needed).unwrap_or(i64::MAX).max(1)
    }

    /// As forms send it.
    pub fn code(self) -> String {
        format!("{}/{}", self.over, self.of)
    }

    /// One of those that forms offer.
    pub fn from_code(code: &str) -> Option<Quorum> {
        Quorum::OFFERED.into_iter().find(|(known, ..)| *known == code).map(|(_, quorum, _)| quorum)
    }

    /// The catalogue key of one that forms offer.
    pub fn key(self) -> &'static str {
        Quorum::OFFERED.into_iter().find(|(_, known, _)| *known == self).map_or("meeting-quorum-half", |(.., key)| key)
    }
}

/// What the leading option needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Majority {
    /// More votes than any other option. Abstentions do not count.
    Simple,
    /// More than half of all who are entitled, whether they took part or not.
    Absolute,
    /// At least two thirds of all votes, abstentions among them.
    TwoThirds,
}

impl Majority {
    /// All, in the order of the screen.
    pub const ALL: [Majority; 3] = [Majority::Simple, Majority::Absolute, Majority::TwoThirds];

    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            Majority::Simple => "simple",
            Majority::Absolute => "absolute",
            Majority::TwoThirds => "two_thirds",
        }
    }

    /// The one with this code.
    pub fn from_code(code: &str) -> Option<Majority> {
        Majority::ALL.into_iter().find(|one| one.code() == code)
    }

    /// The catalogue key of the word on screen.
    pub fn key(self) -> &'static str {
        match self {
            Majority::Simple => "meeting-majority-simple",
            Majority::Absolute => "meeting-majority-absolute",
            Majority::TwoThirds => "meeting-majority-two-thirds",
        }
    }

    fn is_reached(self, votes: i64, entitled: i64, cast: i64) -> bool {
        match self {
            Majority::Simple => votes > 0,
            Majority::Absolute => i128::from(votes) * 2 > i128::from(entitled),
            Majority::TwoThirds => votes > 0 && i128::from(votes) * 3 >= i128::from(cast) * 2,
        }
    }
}

/// Votes for one option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Votes {
    /// How many.
    pub votes: i64,
    /// The option is to abstain.
    pub abstains: bool,
}

/// What came of a ballot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// This option has won: its number, counted from 0. Of a motion, 0: it is carried.
    Chosen(usize),
    /// Of a motion: another option than the first has won; it is not carried.
    Lost(usize),
    /// Two lead with the same number of votes: nothing is decided, a motion is not carried.
    Tie,
    /// One leads, but not with the majority that is asked for.
    Short,
    /// Not enough took part.
    NoQuorum,
    /// A secret ballot with fewer than [`LEAST`] votes: nobody counts them.
    TooFew,
    /// A secret ballot whose counts do not add up to its votes: the server's secret was changed meanwhile, or somebody changed
    /// the table.
    Void,
}

/// A secret ballot with fewer votes is not counted: its totals would say who voted what.
pub const LEAST: i64 = 3;

impl Outcome {
    /// As stored; the option is stored beside it.
    pub fn code(self) -> &'static str {
        match self {
            Outcome::Chosen(_) => "chosen",
            Outcome::Lost(_) => "lost",
            Outcome::Tie => "tie",
            Outcome::Short => "short",
            Outcome::NoQuorum => "no_quorum",
            Outcome::TooFew => "too_few",
            Outcome::Void => "void",
        }
    }

    /// The number of the option that has won.
    pub fn option(self) -> Option<usize> {
        match self {
            Outcome::Chosen(option) | Outcome::Lost(option) => Some(option),
            _ => None,
        }
    }

    /// What was stored.
    pub fn from_stored(code: &str, option: Option<i64>) -> Option<Outcome> {
        let option = option.and_then(|option| usize::try_from(option).ok());
        Some(match (code, option) {
            ("chosen", Some(option)) => Outcome::Chosen(option),
            ("lost", Some(option)) => Outcome::Lost(option),
            ("tie", _) => Outcome::Tie,
            ("short", _) => Outcome::Short,
            ("no_quorum", _) => Outcome::NoQuorum,
            ("too_few", _) => Outcome::TooFew,
            ("void", _) => Outcome::Void,
            _ => return None,
        })
    }
}

/// Judges a ballot. `took_part`: who voted, or who was in the hall when hands were shown. `motion`: the first option is yes,
/// and only yes carries it.
pub fn judge(
    (quorum, majority): (Quorum, Majority),
    (entitled, took_part): (i64, i64),
    motion: bool,
    options: &[Votes],
) -> Outcome {
    if !quorum.is_met(entitled, took_part) {
        return Outcome::NoQuorum;
    }
    let cast: i64 = options.iter().map(|option| option.votes).sum();
    let most = options.iter().filter(|option| !option.abstains).map(|option| option.votes).max().unwrap_or(0);
    let leading: Vec<usize> = options
        .iter()
        .enumerate()
        .filter(|(_, option)| !option.abstains && option.votes == most)
        .map(|(number, _)| number)
        .collect();
    let &[leader] = leading.as_slice() else { return Outcome::Tie };
    // A motion that has more votes against it is lost, whatever majority it would have needed.
    if motion && leader != 0 {
        return Outcome::Lost(leader);
    }
    if majority.is_reached(most, entitled, cast) { Outcome::Chosen(leader) } else { Outcome::Short }
}

/// The totals of hands that were counted: none is below 0, and together they are no more than those who may vote in the hall.
pub fn hands_fit(votes: &[i64], may_vote: i64) -> bool {
    votes.iter().all(|votes| (0..=may_vote).contains(votes)) && votes.iter().sum::<i64>() <= may_vote
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn yes_no(yes: i64, no: i64, abstain: i64) -> [Votes; 3] {
        [(yes, false), (no, false), (abstain, true)].map(|(votes, abstains)| Votes { votes, abstains })
    }

    const HALF: Quorum = Quorum { over: 1, of: 2 };

    #[test]
    fn examples_of_every_rule() {
        let judge_one = |majority, entitled, (yes, no, abstain)| {
            judge((HALF, majority), (entitled, yes + no + abstain), true, &yes_no(yes, no, abstain))
        };
        assert_eq!(judge_one(Majority::Simple, 9, (3, 2, 0)), Outcome::Chosen(0));
        assert_eq!(judge_one(Majority::Simple, 9, (2, 2, 1)), Outcome::Tie);
        assert_eq!(judge_one(Majority::Simple, 9, (1, 2, 2)), Outcome::Lost(1));
        assert_eq!(judge_one(Majority::Simple, 9, (2, 2, 0)), Outcome::NoQuorum);
        assert_eq!(judge_one(Majority::Absolute, 9, (4, 1, 0)), Outcome::Short);
        assert_eq!(judge_one(Majority::Absolute, 9, (5, 4, 0)), Outcome::Chosen(0));
        assert_eq!(judge_one(Majority::TwoThirds, 9, (4, 2, 0)), Outcome::Chosen(0));
        assert_eq!(judge_one(Majority::TwoThirds, 9, (4, 2, 1)), Outcome::Short, "abstentions count here");
        assert_eq!(judge_one(Majority::Simple, 4, (0, 0, 4)), Outcome::Tie, "all abstain");
        assert_eq!(
            judge((Quorum { over: 0, of: 1 }, Majority::Simple), (5, 0), true, &yes_no(0, 0, 0)),
            Outcome::NoQuorum
        );
        assert_eq!(HALF.needed(9), 5);
        assert_eq!(Quorum { over: 2, of: 3 }.needed(9), 6);
        assert_eq!(Quorum { over: 0, of: 1 }.needed(9), 1);
    }

    fn majority() -> impl Strategy<Value = Majority> {
        prop::sample::select(Majority::ALL.to_vec())
    }

    proptest! {
        #[test]
        fn who_wins_leads_alone_and_has_what_is_asked_for(
            counts in prop::collection::vec(0i64..40, 2..6), abstain in 0i64..40, away in 0i64..40,
            majority in majority(), motion: bool, over in 0i64..4,
        ) {
            let mut options: Vec<Votes> = counts.iter().map(|votes| Votes { votes: *votes, abstains: false }).collect();
            options.push(Votes { votes: abstain, abstains: true });
            let cast: i64 = options.iter().map(|option| option.votes).sum();
            let entitled = cast + away;
            let quorum = Quorum { over, of: 3 };
            let outcome = judge((quorum, majority), (entitled, cast), motion, &options);
            prop_assert_eq!(outcome == Outcome::NoQuorum, cast == 0 || cast * 3 < entitled * over);
            if let Some(winner) = outcome.option() {
                prop_assert!(!options[winner].abstains);
                for (number, option) in options.iter().enumerate() {
                    prop_assert!(number == winner || option.abstains || option.votes < options[winner].votes);
                }
            }
            if let Outcome::Chosen(winner) = outcome {
                prop_assert!(!motion || winner == 0);
                let votes = options[winner].votes;
                match majority {
                    Majority::Simple => prop_assert!(votes > 0),
                    Majority::Absolute => prop_assert!(votes * 2 > entitled),
                    Majority::TwoThirds => prop_assert!(votes * 3 >= cast * 2),
                }
            }
            prop_assert_eq!(
                Outcome::from_stored(outcome.code(), outcome.option().map(|n| i64::try_from(n).expect("small"))),
                Some(outcome)
            );
        }

        #[test]
        fn one_more_yes_never_loses_a_motion(
            yes in 0i64..50, no in 0i64..50, abstain in 0i64..50, away in 1i64..50, majority in majority(), over in 0i64..4,
        ) {
            let entitled = yes + no + abstain + away;
            let quorum = Quorum { over, of: 3 };
            let before = judge((quorum, majority), (entitled, yes + no + abstain), true, &yes_no(yes, no, abstain));
            let after = judge((quorum, majority), (entitled, yes + no + abstain + 1), true, &yes_no(yes + 1, no, abstain));
            if before == Outcome::Chosen(0) {
                prop_assert_eq!(after, Outcome::Chosen(0));
            }
        }

        #[test]
        fn the_quorum_is_met_from_what_is_needed_on(entitled in 1i64..500, over in 0i64..4, part in 0i64..500) {
            let quorum = Quorum { over, of: 3 };
            prop_assert_eq!(quorum.is_met(entitled, part), part >= quorum.needed(entitled));
        }

        #[test]
        fn hands_are_no_more_than_people(votes in prop::collection::vec(-3i64..10, 1..5), people in 0i64..20) {
            let fits = hands_fit(&votes, people);
            prop_assert_eq!(fits, votes.iter().all(|votes| *votes >= 0) && votes.iter().sum::<i64>() <= people);
        }
    }
}
