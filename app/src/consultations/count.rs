//! Counting: voices minus those that were struck; what of it is published; which voices look like one household.

use super::{flat, voice::AnswerKind, voice::Per};

/// With fewer voices than this no number of an option is published: in a small place everybody knows who said what.
pub const FEW_VOICES: i64 = 10;
/// An option with fewer voices than this is not told apart from others.
pub const SMALL_CELL: i64 = 3;

/// A voice, as far as counting needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voice {
    /// Id.
    pub id: String,
    /// Id of the building, may be empty.
    pub building: String,
    /// The flat as [`flat::Flat::key`] writes it, may be empty.
    pub flat: String,
    /// Places of the chosen options.
    pub choices: Vec<usize>,
    /// It says something in words.
    pub has_words: bool,
    /// It came on paper.
    pub paper: bool,
}

/// The figures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Voices that count.
    pub spoke: i64,
    /// Of them on paper.
    pub paper: i64,
    /// Of them with words.
    pub words: i64,
    /// Voices for each option, in its order.
    pub options: Vec<i64>,
    /// Voices that were struck.
    pub struck: i64,
}

/// Counts the voices that are not among `struck` (ids).
pub fn count(options: usize, voices: &[Voice], struck: &[&str]) -> Counted {
    let mut counted = Counted { options: vec![0; options], ..Counted::default() };
    for voice in voices {
        if struck.contains(&voice.id.as_str()) {
            counted.struck += 1;
            continue;
        }
        counted.spoke += 1;
        counted.paper += i64::from(voice.paper);
        counted.words += i64::from(voice.has_words);
        for place in &voice.choices {
            if let Some(option) = counted.options.get_mut(*place) {
                *option += 1;
            }
        }
    }
    counted
}

/// Voices that chose the same and came in the same way, as the database counts them; none of them was struck.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Places of the chosen options.
    pub choices: Vec<usize>,
    /// They came on paper.
    pub paper: bool,
    /// How many.
    pub voices: i64,
    /// How many of them say something in words.
    pub words: i64,
}

/// The same as [`count`] gives of the voices one by one; `struck`: how many do not count.
pub fn of_groups(options: usize, groups: &[Group], struck: i64) -> Counted {
    let mut counted = Counted { options: vec![0; options], struck, ..Counted::default() };
    for group in groups {
        counted.spoke += group.voices;
        counted.paper += if group.paper { group.voices } else { 0 };
        counted.words += group.words;
        for place in &group.choices {
            if let Some(option) = counted.options.get_mut(*place) {
                *option += group.voices;
            }
        }
    }
    counted
}

/// A number as everybody sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// The number.
    Number(i64),
    /// Not told: it, or one beside it, is too small.
    Untold,
}

/// The numbers of the options as everybody sees them; `None`: too few have spoken for any.
///
/// Small numbers are not told; where each voice has one option, the sum would give one of them away, so that others go
/// untold with it until there is more than one way to fill the gaps.
pub fn published(kind: AnswerKind, counted: &Counted) -> Option<Vec<Cell>> {
    if counted.spoke < FEW_VOICES {
        return None;
    }
    let numbers = &counted.options;
    let mut untold: Vec<bool> = numbers.iter().map(|n| (1..SMALL_CELL).contains(n)).collect();
    let sums = kind != AnswerKind::Multiple;
    while sums && untold.contains(&true) {
        let gone: Vec<i64> = numbers.iter().zip(&untold).filter(|(_, untold)| **untold).map(|(n, _)| *n).collect();
        let ways = gone.len() > 1 && gone.iter().any(|n| *n > 1);
        if ways {
            break;
        }
        let next = (0..numbers.len()).filter(|at| !untold[*at] && numbers[*at] > 0).min_by_key(|at| numbers[*at]);
        match next {
            Some(at) => untold[at] = true,
            None => break,
        }
    }
    Some(numbers.iter().zip(untold).map(|(n, untold)| if untold { Cell::Untold } else { Cell::Number(*n) }).collect())
}

/// Why two voices look like one household.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Likeness {
    /// Their flats may be the same door, typed in two ways.
    Doors,
    /// One came on paper and one from a phone, from the same door.
    Paper,
}

impl Likeness {
    /// Catalogue key of its sentence.
    pub fn key(self) -> &'static str {
        match self {
            Likeness::Doors => "consultations-pair-doors",
            Likeness::Paper => "consultations-pair-paper",
        }
    }
}

/// Pairs of voices that look like one household (places in `voices`, the earlier first). Where each person has a voice,
/// several from one door are as they should be; only a sheet of paper may be somebody's second.
pub fn pairs(per: Per, voices: &[Voice]) -> Vec<(usize, usize, Likeness)> {
    let mut found = Vec::new();
    let mut order: Vec<usize> = (0..voices.len()).filter(|at| !voices[*at].flat.is_empty()).collect();
    // Only voices of one building are compared: a district is not compared with itself.
    order.sort_by(|a, b| voices[*a].building.cmp(&voices[*b].building).then(a.cmp(b)));
    for of_building in order.chunk_by(|a, b| voices[*a].building == voices[*b].building) {
        for (nth, first) in of_building.iter().enumerate() {
            for second in &of_building[nth + 1..] {
                let (one, other) = (&voices[*first], &voices[*second]);
                if !flat::alike(&one.flat, &other.flat) {
                    continue;
                }
                match per {
                    Per::Household => found.push((*first, *second, Likeness::Doors)),
                    Per::Person if one.paper != other.paper => found.push((*first, *second, Likeness::Paper)),
                    Per::Person => {}
                }
            }
        }
    }
    found.sort_unstable_by_key(|(first, second, _)| (*first, *second));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn voice(id: usize, flat: &str, choices: &[usize], paper: bool) -> Voice {
        Voice {
            id: format!("v{id}"),
            building: format!("b{}", id % 2),
            flat: flat.to_owned(),
            choices: choices.to_vec(),
            has_words: false,
            paper,
        }
    }

    fn counted(options: &[i64]) -> Counted {
        Counted { spoke: options.iter().sum(), options: options.to_vec(), ..Counted::default() }
    }

    #[test]
    fn small_numbers_are_not_told_and_cannot_be_worked_out() {
        use Cell::{Number, Untold};
        let single = |options: &[i64]| published(AnswerKind::Single, &counted(options));
        assert_eq!(single(&[5, 4]), None, "nine have spoken");
        assert_eq!(single(&[30, 12, 0]), Some(vec![Number(30), Number(12), Number(0)]));
        assert_eq!(
            single(&[30, 12, 2]),
            Some(vec![Number(30), Untold, Untold]),
            "one gap would be the rest of the sum"
        );
        assert_eq!(single(&[30, 1, 1]), Some(vec![Untold, Untold, Untold]), "two that sum to two are one each");
        assert_eq!(single(&[30, 2, 1]), Some(vec![Number(30), Untold, Untold]));
        let many = Counted { spoke: 20, options: vec![19, 1], ..Counted::default() };
        assert_eq!(published(AnswerKind::Multiple, &many), Some(vec![Number(19), Untold]));
    }

    #[test]
    fn doors_of_one_building_are_compared() {
        let voices = [
            voice(0, "2-501", &[0], false),
            voice(2, "501", &[1], false),
            voice(1, "501", &[0], true),
            voice(4, "502", &[0], false),
        ];
        assert_eq!(pairs(Per::Household, &voices), [(0, 1, Likeness::Doors)]);
        assert_eq!(pairs(Per::Person, &voices), []);
        let voices = [voice(0, "501", &[0], false), voice(2, "501", &[0], true), voice(4, "", &[0], true)];
        assert_eq!(pairs(Per::Person, &voices), [(0, 1, Likeness::Paper)]);
    }

    /// How many ways there are to fill the gaps with numbers from 1 on.
    fn ways(gaps: usize, sum: i64) -> i64 {
        match gaps {
            0 => i64::from(sum == 0),
            _ => (1..=sum).map(|n| ways(gaps - 1, sum - n)).sum::<i64>().min(100),
        }
    }

    fn any_voice() -> impl Strategy<Value = Voice> {
        (
            0_usize..1000,
            "([1-3]-)?[1-3]0[1-2]",
            proptest::collection::vec(0_usize..5, 0..3),
            any::<bool>(),
            any::<bool>(),
        )
            .prop_map(|(id, flat, choices, paper, has_words)| Voice { has_words, ..voice(id, &flat, &choices, paper) })
    }

    proptest! {
        #[test]
        fn no_gap_has_only_one_filling(options in proptest::collection::vec(0_i64..9, 2..6)) {
            let counted = counted(&options);
            if let Some(cells) = published(AnswerKind::Single, &counted) {
                let told: i64 = cells.iter().map(|cell| if let Cell::Number(n) = cell { *n } else { 0 }).sum();
                let gaps = cells.iter().filter(|cell| **cell == Cell::Untold).count();
                prop_assert!(gaps == 0 || ways(gaps, counted.spoke - told) > 1, "{:?}", cells);
                for (cell, number) in cells.iter().zip(&options) {
                    prop_assert!(*cell == Cell::Untold || *cell == Cell::Number(*number));
                    prop_assert!(*number == 0 || *number >= SMALL_CELL || *cell == Cell::Untold);
                }
            }
        }

        #[test]
        fn the_order_says_nothing_and_striking_takes_exactly_that_voice(
            mut voices in proptest::collection::vec(any_voice(), 1..20), at in 0_usize..20,
        ) {
            for (nth, voice) in voices.iter_mut().enumerate() {
                voice.id = format!("v{nth}");
            }
            let all = count(5, &voices, &[]);
            prop_assert_eq!(all.spoke, i64::try_from(voices.len()).unwrap_or(0));
            let gone = voices[at % voices.len()].clone();
            let less = count(5, &voices, &[gone.id.as_str()]);
            let mut rest = voices.clone();
            rest.retain(|voice| voice.id != gone.id);
            let without = count(5, &rest, &[]);
            prop_assert_eq!(Counted { struck: 0, ..less.clone() }, without);
            prop_assert_eq!(less.struck, 1);
            // Counted by groups, as the database does it, it is the same.
            let mut groups: Vec<Group> = Vec::new();
            for voice in &rest {
                let same = |group: &&mut Group| group.choices == voice.choices && group.paper == voice.paper;
                match groups.iter_mut().find(same) {
                    Some(group) => {
                        group.voices += 1;
                        group.words += i64::from(voice.has_words);
                    }
                    None => groups.push(Group {
                        choices: voice.choices.clone(),
                        paper: voice.paper,
                        voices: 1,
                        words: i64::from(voice.has_words),
                    }),
                }
            }
            prop_assert_eq!(of_groups(5, &groups, 1), less);
            voices.reverse();
            prop_assert_eq!(count(5, &voices, &[]), all);
        }

        #[test]
        fn pairs_are_of_one_building_and_named_once(voices in proptest::collection::vec(any_voice(), 0..20)) {
            for per in Per::ALL {
                let found = pairs(per, &voices);
                for (first, second, _) in &found {
                    prop_assert!(first < second);
                    prop_assert_eq!(&voices[*first].building, &voices[*second].building);
                }
                let mut once = found.clone();
                once.dedup();
                prop_assert_eq!(once.len(), found.len());
            }
        }
    }
}
