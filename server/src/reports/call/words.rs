//! Texts that say something like what is being typed. Pure; which texts are looked at is in `beside.rs`.

use crate::reports::classifier::Model;
use std::cmp::Reverse;

/// Most characters that are looked at of what is typed.
const MOST_TYPED: usize = 300;
/// What a word that residents use for a category says; a pair of characters or another word says 1.
const WORD: usize = 3;
/// Least that two texts have in common…
const LEAST: usize = 3;
/// …and it is at least one part in so many of the shorter one.
const PART: usize = 5;
/// What stands in more than one text in so many, and in more than [`MANY`], says nothing: 来电, 晚上.
const COMMON: usize = 12;
/// See [`COMMON`].
const MANY: usize = 10;

/// Numbers of the texts that say something like `said`, those with the most in common first, else in their order.
pub fn like(model: &Model, said: &str, texts: &[String]) -> Vec<usize> {
    let said: String = said.chars().take(MOST_TYPED).collect();
    let texts: Vec<String> = texts.iter().map(|text| text.to_lowercase()).collect();
    let mut shared = vec![0_usize; texts.len()];
    let mut all = 0;
    for (mark, is_word) in model.marks(&said) {
        let holds: Vec<usize> = (0..texts.len()).filter(|n| texts[*n].contains(&mark)).collect();
        if !is_word && holds.len() > MANY.max(texts.len() / COMMON) {
            continue;
        }
        let weight = if is_word { WORD } else { 1 };
        all += weight;
        for n in holds {
            shared[n] += weight;
        }
    }
    let is_like = |n: &usize| shared[*n] >= LEAST && shared[*n] * PART >= all.min(texts[*n].chars().count());
    let mut found: Vec<usize> = (0..texts.len()).filter(is_like).collect();
    found.sort_by_key(|n| Reverse(shared[*n]));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::classifier::Class;
    use proptest::prelude::*;

    fn model() -> Model {
        let class = |code: &str, hints: &[&str]| Class {
            code: code.into(),
            hints: hints.iter().map(|hint| (*hint).to_owned()).collect(),
        };
        Model::learn(&[class("street-light", &["路灯", "不亮", "黑"]), class("elevator", &["电梯"])], [])
    }

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn the_same_in_other_words_is_found_and_something_else_is_not() {
        let open = texts(&[
            "八栋电梯关门时咣当响",
            "社区大厅对面连着两盏路灯不亮，那一段黑漆漆的。",
            "路灯又灭了一盏 北门",
            "地下车库的卷帘门卡住了",
            "The shutter of the garage is stuck",
        ]);
        let found = |said: &str| like(&model(), said, &open);
        assert_eq!(found("来电人说北门那边的路灯不亮了"), [1, 2], "more in common comes first");
        assert_eq!(found("车库门口的卷帘门放不下来"), [3], "words of no category");
        assert_eq!(found("a SHUTTER at the garage stuck again"), [4]);
        assert_eq!(found("电梯"), [0], "a word of a category is enough");
        for said in ["", "  ", "黑", "门", "的", "楼上漏水", "is the"] {
            assert!(found(said).is_empty(), "{said}: {:?}", found(said));
        }
    }

    #[test]
    fn what_every_other_caller_says_tells_nothing() {
        let mut open = vec!["居民来电反映，希望社区帮忙看看".to_owned(); 30];
        open.push("居民来电反映，水表箱的盖子不见了".to_owned());
        assert_eq!(like(&model(), "居民来电反映，门口水表箱少了盖子", &open), [30]);
    }

    proptest! {
        #[test]
        fn any_words_are_answered_with_texts_that_are_there(said in "\\PC{0,400}", text in "\\PC{0,200}") {
            let open = [text, "路灯不亮".to_owned()];
            let found = like(&model(), &said, &open);
            prop_assert!(found.iter().all(|n| *n < open.len()));
            prop_assert!(found.len() < 2 || found[0] != found[1]);
        }
    }
}
