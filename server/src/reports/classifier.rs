//! Which category a text is about: multinomial naive Bayes over pairs of characters and the words that residents use.
//! Pure; learning from this deployment's reports, keeping and caching are in `suggest.rs`. It proposes, never decides.
//!
//! A text becomes a set of features: each pair of neighbouring Chinese characters, each Latin word, and each hint word
//! of a category that occurs in it. Every class has seen its own hints as if they had occurred [`HINT_WEIGHT`] times,
//! so that the model has an opinion before there is a single closed report.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// How many times a class is taken to have seen each of its own hint words.
const HINT_WEIGHT: f64 = 4.0;
/// Added to every count, so that a word that a class has never seen does not rule it out.
const SMOOTHING: f64 = 0.3;
/// Naive Bayes counts words that say the same twice and is too sure of itself: the sum is divided by this.
const TEMPER: f64 = 1.6;
/// Most features kept, the most frequent ones.
const MAX_FEATURES: usize = 20_000;
/// Most characters of a text that are read.
pub const MAX_READ: usize = 1000;
/// Most proposals.
pub const MOST: usize = 3;
/// A proposal that is less likely than this is not made.
const LEAST_SHARE: f64 = 0.08;

/// A text and the category that people decided on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// Any stable id: it decides whether the example is learned from or tested on.
    pub id: String,
    /// Code of the category.
    pub category: String,
    /// The text.
    pub text: String,
}

/// A category with the words that residents use for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Class {
    /// Code.
    pub code: String,
    /// Its hint words and its name.
    pub hints: Vec<String>,
}

/// A category that a text may be about.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// Code of the category.
    pub category: String,
    /// How likely the model holds it to be, 0 to 1.
    pub share: f64,
    /// The words of the text that speak for it most, at most three, as they stand in the text.
    pub because: Vec<String>,
}

/// How often the model was right on reports it had not learned from.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Accuracy {
    /// Reports learned from.
    pub learned: usize,
    /// Reports tested on.
    pub tested: usize,
    /// Share of the tested ones whose category was the first proposal; 0 when none was tested.
    pub first: f64,
    /// Share of the tested ones whose category was among the first three.
    pub three: f64,
}

/// What was learned. Serialised as JSON into `category_model.weights`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Model {
    classes: Vec<Seen>,
    /// Hint words that are looked for as a whole.
    words: BTreeSet<String>,
    /// Feature → (number of the class, how often).
    features: BTreeMap<String, Vec<(usize, f64)>>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Seen {
    code: String,
    /// Texts of this class.
    texts: f64,
    /// Sum over its features.
    total: f64,
}

impl Model {
    /// Learns from `examples`; those of unknown categories are passed over.
    pub fn learn<'a>(classes: &[Class], examples: impl IntoIterator<Item = &'a Example>) -> Model {
        let words: BTreeSet<String> =
            classes.iter().flat_map(|class| &class.hints).map(|hint| tidy(hint)).filter(|w| !w.is_empty()).collect();
        let mut seen: Vec<Seen> =
            classes.iter().map(|class| Seen { code: class.code.clone(), ..Seen::default() }).collect();
        let mut counts: BTreeMap<String, BTreeMap<usize, f64>> = BTreeMap::new();
        for (number, class) in classes.iter().enumerate() {
            for hint in &class.hints {
                for feature in features(hint, &words) {
                    *counts.entry(feature).or_default().entry(number).or_default() += HINT_WEIGHT;
                }
            }
        }
        for example in examples {
            let Some(number) = classes.iter().position(|class| class.code == example.category) else { continue };
            seen[number].texts += 1.0;
            for feature in features(&example.text, &words) {
                *counts.entry(feature).or_default().entry(number).or_default() += 1.0;
            }
        }
        let mut all: Vec<(String, BTreeMap<usize, f64>)> = counts.into_iter().collect();
        if all.len() > MAX_FEATURES {
            let weight = |counts: &BTreeMap<usize, f64>| counts.values().sum::<f64>();
            all.sort_by(|a, b| weight(&b.1).total_cmp(&weight(&a.1)).then_with(|| a.0.cmp(&b.0)));
            all.truncate(MAX_FEATURES);
        }
        for (_, counts) in &all {
            for (number, count) in counts {
                seen[*number].total += count;
            }
        }
        let features = all.into_iter().map(|(feature, counts)| (feature, counts.into_iter().collect())).collect();
        Model { classes: seen, words, features }
    }

    /// Learns from four fifths of the examples and measures on the rest. Which ones is decided by their ids, so that
    /// a report that was tested on once is never learned from later.
    pub fn learn_and_measure(classes: &[Class], examples: &[Example]) -> (Model, Accuracy) {
        let (tested, learned): (Vec<&Example>, Vec<&Example>) =
            examples.iter().partition(|example| is_for_testing(&example.id));
        let model = Model::learn(classes, learned.iter().copied());
        let mut accuracy = Accuracy { learned: learned.len(), tested: tested.len(), first: 0.0, three: 0.0 };
        if !tested.is_empty() {
            let place = |example: &&Example| {
                model
                    .ranked(&example.text)
                    .into_iter()
                    .position(|(number, _)| model.classes[number].code == example.category)
            };
            let places: Vec<Option<usize>> = tested.iter().map(place).collect();
            let share = |most: usize| {
                let right = places.iter().filter(|place| place.is_some_and(|place| place < most)).count();
                right as f64 / tested.len() as f64
            };
            (accuracy.first, accuracy.three) = (share(1), share(MOST));
        }
        (model, accuracy)
    }

    /// What a text may be about, the likeliest first, at most [`MOST`]. Nothing when the text says nothing known.
    pub fn propose(&self, text: &str) -> Vec<Proposal> {
        let found = self.known(text);
        self.ranked(text)
            .into_iter()
            .take(MOST)
            .enumerate()
            .filter(|(place, (_, share))| *place == 0 || *share >= LEAST_SHARE)
            .map(|(_, (number, share))| Proposal {
                category: self.classes[number].code.clone(),
                share,
                because: self.because(&found, number),
            })
            .filter(|proposal| !proposal.because.is_empty())
            .collect()
    }

    /// What of a text can be found in another one as it stands: pairs of Chinese characters, Latin words of four letters or
    /// more, and the words of two characters or more that residents use; with whether it is one of those.
    pub fn marks(&self, text: &str) -> Vec<(String, bool)> {
        let marked = features(text, &self.words).into_iter().map(|feature| {
            let is_word = self.words.contains(&feature);
            (feature, is_word)
        });
        let says = |feature: &str, is_word: bool| if is_word || !feature.is_ascii() { 2 } else { 4 };
        marked.filter(|(feature, is_word)| feature.chars().count() >= says(feature, *is_word)).collect()
    }

    fn known(&self, text: &str) -> Vec<String> {
        features(text, &self.words).into_iter().filter(|feature| self.features.contains_key(feature)).collect()
    }

    /// Classes with their shares, the likeliest first; none when no feature is known.
    fn ranked(&self, text: &str) -> Vec<(usize, f64)> {
        let found = self.known(text);
        if found.is_empty() {
            return Vec::new();
        }
        let texts: f64 = self.classes.iter().map(|class| class.texts).sum();
        let classes = self.classes.len() as f64;
        let mut scores: Vec<(usize, f64)> = self
            .classes
            .iter()
            .enumerate()
            .map(|(number, class)| {
                let prior = ((class.texts + 1.0) / (texts + classes)).ln();
                (number, found.iter().fold(prior, |sum, feature| sum + self.likelihood(feature, number)) / TEMPER)
            })
            .collect();
        scores.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let best = scores.first().map_or(0.0, |(_, score)| *score);
        let sum: f64 = scores.iter().map(|(_, score)| (score - best).exp()).sum();
        scores.into_iter().map(|(number, score)| (number, (score - best).exp() / sum)).collect()
    }

    /// ln P(feature | class).
    fn likelihood(&self, feature: &str, number: usize) -> f64 {
        let count = self
            .features
            .get(feature)
            .and_then(|counts| counts.iter().find(|(class, _)| *class == number))
            .map_or(0.0, |(_, count)| *count);
        let room = self.classes[number].total + SMOOTHING * self.features.len() as f64;
        ((count + SMOOTHING) / room.max(SMOOTHING)).ln()
    }

    /// Words that are more likely in this class than on average, the strongest first; none inside another.
    fn because(&self, found: &[String], number: usize) -> Vec<String> {
        let classes = self.classes.len().max(1) as f64;
        let mut strong: Vec<(&String, f64)> = found
            .iter()
            .filter(|feature| self.features[*feature].iter().any(|(class, _)| *class == number))
            .map(|feature| {
                let mean = (0..self.classes.len()).map(|n| self.likelihood(feature, n)).sum::<f64>() / classes;
                let whole = if self.words.contains(feature) { 0.7 } else { 0.0 };
                (feature, self.likelihood(feature, number) - mean + whole)
            })
            .filter(|(_, gain)| *gain > 0.5)
            .collect();
        strong.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        // 灯 says less than 路灯.
        let whole: Vec<String> =
            strong.iter().map(|(word, _)| (*word).clone()).filter(|w| self.words.contains(w)).collect();
        strong.retain(|(word, _)| !whole.iter().any(|other| other != *word && other.contains(word.as_str())));
        let mut words: Vec<String> = Vec::new();
        for (word, _) in strong {
            let overlaps = |other: &String| {
                other.contains(word.as_str()) || word.contains(other.as_str()) || shares_an_end(other, word)
            };
            if !words.iter().any(overlaps) {
                words.push(word.clone());
            }
            if words.len() == MOST {
                break;
            }
        }
        words
    }
}

/// Whether two words lean on one another, as pairs cut from one longer word do: 路灯 and 灯不.
fn shares_an_end(one: &str, other: &str) -> bool {
    let (first, last) = (|text: &str| text.chars().next(), |text: &str| text.chars().next_back());
    last(one) == first(other) || last(other) == first(one)
}

/// One in five, by the id alone.
fn is_for_testing(id: &str) -> bool {
    let hash = id
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    (hash >> 32).is_multiple_of(5)
}

/// Small letters, nothing but letters and digits.
fn tidy(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn features(text: &str, words: &BTreeSet<String>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let text: String = text.chars().take(MAX_READ).flat_map(char::to_lowercase).collect();
    for piece in text.split(|c: char| !c.is_alphanumeric()).filter(|piece| !piece.is_empty()) {
        if piece.is_ascii() {
            if piece.len() > 1 && piece.bytes().any(|b| b.is_ascii_alphabetic()) {
                found.insert(piece.to_owned());
            }
            continue;
        }
        let characters: Vec<char> = piece.chars().collect();
        for pair in characters.windows(2).filter(|pair| pair.iter().all(|c| !c.is_ascii())) {
            found.insert(pair.iter().collect());
        }
        found.extend(words.iter().filter(|word| piece.contains(word.as_str())).cloned());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn classes() -> Vec<Class> {
        let class = |code: &str, hints: &[&str]| Class {
            code: code.into(),
            hints: hints.iter().map(|hint| (*hint).to_owned()).collect(),
        };
        vec![
            class("street-light", &["路灯", "不亮", "路灯不亮"]),
            class("garbage-pile", &["垃圾", "堆积", "臭"]),
            class("elevator", &["电梯", "困人", "elevator"]),
        ]
    }

    fn example(n: usize, category: &str, text: &str) -> Example {
        Example { id: format!("r{n}"), category: category.into(), text: text.into() }
    }

    #[test]
    fn without_a_single_report_the_hints_speak() {
        let model = Model::learn(&classes(), []);
        let proposals = model.propose("北门路灯三天不亮了");
        assert_eq!(proposals[0].category, "street-light");
        assert_eq!(proposals[0].because, ["不亮", "路灯"]);
        assert!(proposals[0].share > 0.5 && proposals[0].share <= 1.0);
        assert_eq!(model.propose("The ELEVATOR is stuck")[0].category, "elevator");
        assert_eq!(model.propose("好臭")[0].category, "garbage-pile", "a hint of one character");
    }

    #[test]
    fn what_says_nothing_known_is_not_guessed() {
        let model = Model::learn(&classes(), []);
        for text in ["", "  \n", "？！", "今天天气很好", "1234567"] {
            assert_eq!(model.propose(text), [], "{text:?}");
        }
        assert_eq!(Model::default().propose("路灯"), []);
    }

    #[test]
    fn what_people_decided_changes_its_mind() {
        let text = "景观灯带晚上一闪一闪";
        assert_eq!(Model::learn(&classes(), []).propose(text), []);
        let decided: Vec<Example> = (0..5).map(|n| example(n, "street-light", "广场的景观灯带坏了")).collect();
        let proposals = Model::learn(&classes(), &decided).propose(text);
        assert_eq!(proposals[0].category, "street-light");
        assert!(proposals[0].because.iter().all(|word| text.contains(word.as_str())), "{proposals:?}");
    }

    #[test]
    fn it_is_measured_on_what_it_has_not_learned() {
        let mut examples = Vec::new();
        for n in 0..200 {
            let (category, text) = [("street-light", "路灯又坏了"), ("garbage-pile", "楼下垃圾没人管")][n % 2];
            examples.push(example(n, category, text));
        }
        let (model, accuracy) = Model::learn_and_measure(&classes(), &examples);
        assert_eq!(accuracy.learned + accuracy.tested, 200);
        assert!((20..=60).contains(&accuracy.tested), "about a fifth: {}", accuracy.tested);
        assert!(accuracy.first > 0.99 && accuracy.three > 0.99, "{accuracy:?}");
        // The measure can be bad: the same texts with the categories thrown about.
        for (n, example) in examples.iter_mut().enumerate() {
            example.category = ["street-light", "garbage-pile", "elevator"][n * 7 % 3].into();
        }
        let (_, accuracy) = Model::learn_and_measure(&classes(), &examples);
        assert!(accuracy.first < 0.6, "{accuracy:?}");
        assert_eq!(model, serde_json::from_str(&serde_json::to_string(&model).expect("JSON")).expect("reads back"));
        assert_eq!(Model::learn_and_measure(&classes(), &[]).1, Accuracy::default());
    }

    proptest! {
        #[test]
        fn any_text_gives_shares_that_add_up_to_one_at_most(text in "\\PC{0,200}", learned in "[路灯垃圾电梯不亮]{0,12}") {
            let model = Model::learn(&classes(), &[example(1, "elevator", &learned)]);
            let proposals = model.propose(&text);
            prop_assert!(proposals.len() <= MOST);
            prop_assert!(proposals.iter().map(|p| p.share).sum::<f64>() <= 1.000_001);
            prop_assert!(proposals.windows(2).all(|pair| pair[0].share >= pair[1].share));
            let small = text.to_lowercase();
            for word in proposals.iter().flat_map(|p| &p.because) {
                prop_assert!(small.contains(word.as_str()), "{word} is not in {text}");
            }
        }
    }
}
