//! Finding an entry by the words with which somebody tells what happened: as the service guide is searched, and in the
//! steps as well. Chinese needs no spaces.

use super::{QUERY_CHARS, entry::Entry};
use crate::windows::search::{Places, plain};

/// A word that only the steps have.
const IN_STEPS: u32 = 5;

/// How well an entry fits a query, the more the better; `None`: not at all. An empty query fits everything. Words separated
/// by spaces must all fit.
pub fn score(entry: &Entry, query: &str) -> Option<u32> {
    let query = plain(&query.chars().take(QUERY_CHARS).collect::<String>());
    let places = Places::new(&entry.title, "", "", &entry.words);
    let mut steps = None;
    query.split_whitespace().try_fold(0, |sum, word| {
        let found = places.score(word).or_else(|| {
            let steps: &String = steps.get_or_insert_with(|| plain(&entry.steps));
            steps.contains(word).then_some(IN_STEPS)
        });
        found.map(|score| sum + score)
    })
}

/// The entries that fit, the best first (by their places in `entries`); those that fit as well as others stay in their order.
pub fn ranked<'a>(entries: impl IntoIterator<Item = &'a Entry>, query: &str) -> Vec<usize> {
    let mut found: Vec<(u32, usize)> = entries
        .into_iter()
        .enumerate()
        .filter_map(|(place, entry)| score(entry, query).map(|score| (score, place)))
        .collect();
    found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    found.into_iter().map(|(_, place)| place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(title: &str, words: &[&str], steps: &str) -> Entry {
        Entry {
            title: title.to_owned(),
            words: words.iter().map(|word| (*word).to_owned()).collect(),
            steps: steps.to_owned(),
            contacts: Vec::new(),
            category: String::new(),
            item: String::new(),
        }
    }

    fn all() -> Vec<Entry> {
        vec![
            entry("突然停水", &["停水", "没水", "水管爆裂", "爆管"], "先看水务公司有没有通知。"),
            entry("电梯困人", &["困电梯", "电梯故障"], "1. 打电梯应急救援 96333\n2. 安抚"),
            entry("闻到燃气味", &["煤气味", "漏气", "燃气泄漏"], "不开灯、不打电话，先开窗，到室外再打电话。"),
        ]
    }

    #[test]
    fn what_people_say_leads_to_what_to_do() {
        let all = all();
        for (query, place) in [
            ("停水", 0),
            ("家里没水了怎么办", 0),
            ("水管爆裂", 0),
            ("有人困电梯里了", 1),
            ("电梯 困", 1),
            ("楼道里有煤气味", 2),
            ("96333", 1),
            ("开窗", 2),
        ] {
            assert_eq!(ranked(&all, query).first(), Some(&place), "{query}");
        }
        assert_eq!(ranked(&all, ""), [0, 1, 2]);
        assert_eq!(ranked(&all, "火星"), [0_usize; 0]);
        assert_eq!(ranked(&all, "停水 电梯"), [0_usize; 0], "both words must fit");
    }

    #[test]
    fn a_title_or_a_word_is_better_than_the_steps() {
        let all = [entry("甲", &[], "遇到停水先看通知"), entry("突然停水", &[], "一"), entry("乙", &["停水"], "一")];
        assert_eq!(ranked(&all, "停水"), [2, 1, 0]);
    }

    proptest::proptest! {
        #[test]
        fn no_query_breaks_it_and_nothing_is_found_twice(query in "\\PC{0,80}") {
            let all = all();
            let mut found = ranked(&all, &query);
            found.sort_unstable();
            let many = found.len();
            found.dedup();
            proptest::prop_assert_eq!(found.len(), many);
            proptest::prop_assert!(many <= all.len());
        }
    }
}
