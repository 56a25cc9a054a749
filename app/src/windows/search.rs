//! Finding an item by everyday words, its official name or pinyin initials.

use super::ServiceItem;

/// Longest query that is looked at, in characters.
pub const MAX_QUERY: usize = 60;

/// The items that fit `query`, best first; all of them, in their order, for an empty one. Words separated by spaces
/// must all fit. A longer phrase without an exact place ("卡丢了怎么办") still finds items that share half of its
/// pairs of characters.
pub fn search<'a, I>(items: I, query: &str) -> Vec<&'a ServiceItem>
where
    I: IntoIterator<Item = &'a ServiceItem>,
{
    let query = plain(&query.chars().take(MAX_QUERY).collect::<String>());
    let words: Vec<&str> = query.split_whitespace().collect();
    let mut found: Vec<(u32, &ServiceItem)> = items
        .into_iter()
        .filter_map(|item| {
            let places = Places::of(item);
            words.iter().try_fold(0, |sum, word| places.score(word).map(|score| sum + score)).map(|sum| (sum, item))
        })
        .collect();
    found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    found.into_iter().map(|(_, item)| item).collect()
}

/// Lower case, punctuation as spaces.
pub(crate) fn plain(text: &str) -> String {
    text.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect()
}

/// Where words are looked for.
pub(crate) struct Places {
    title: String,
    official: String,
    english: String,
    keywords: Vec<String>,
    all: String,
}

impl Places {
    fn of(item: &ServiceItem) -> Places {
        let english = format!("{} {}", item.title_en, item.official_name_en);
        Places::new(&item.title, &item.official_name, &english, &item.keywords)
    }

    /// A title, its official form (may be empty), its English form (may be empty), and words for it.
    pub(crate) fn new(title: &str, official: &str, english: &str, keywords: &[String]) -> Places {
        let (title, official) = (plain(title), plain(official));
        let keywords: Vec<String> = keywords.iter().map(|word| plain(word)).collect();
        let all = format!("{title} {official} {}", keywords.join(" "));
        Places { english: plain(english), title, official, keywords, all }
    }

    /// How well a word fits, the more the better; `None`: not at all.
    pub(crate) fn score(&self, word: &str) -> Option<u32> {
        let length = word.chars().count();
        if self.keywords.iter().any(|keyword| keyword == word) {
            Some(100)
        } else if self.title.contains(word) {
            Some(80)
        } else if self.official.contains(word) {
            Some(60)
        } else if length > 1 && self.keywords.iter().any(|keyword| keyword.contains(word)) {
            Some(50)
        } else if length > 2 && self.english.split(' ').any(|english| english.starts_with(word)) {
            Some(40)
        } else if self.keywords.iter().any(|keyword| keyword.chars().count() > 1 && word.contains(keyword.as_str())) {
            Some(30)
        } else {
            self.shares_pairs(word).then_some(10)
        }
    }

    fn shares_pairs(&self, word: &str) -> bool {
        let characters: Vec<char> = word.chars().filter(|c| !c.is_ascii()).collect();
        let pairs = characters.len().saturating_sub(1);
        let shared = characters.windows(2).filter(|pair| self.all.contains(&pair.iter().collect::<String>())).count();
        pairs > 1 && shared * 2 >= pairs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items() -> Vec<ServiceItem> {
        #[derive(serde::Deserialize)]
        struct File {
            items: Vec<ServiceItem>,
        }
        let text = include_str!("../../../server/demo/services.json");
        serde_json::from_str::<File>(text).expect("valid").items
    }

    fn first(query: &str) -> Option<String> {
        let items = items();
        search(&items, query).first().map(|item| item.code.clone())
    }

    #[test]
    fn everyday_words_official_names_and_pinyin_initials_lead_to_the_item() {
        for (query, code) in [
            ("社保卡丢了", "social-card-replace"),
            ("sbk", "social-card-replace"),
            ("SBK", "social-card-replace"),
            ("社会保障卡挂失", "social-card-replace"),
            ("我的社保卡丢了怎么办", "social-card-replace"),
            ("高龄津贴", "senior-allowance"),
            ("养老 参保", "resident-pension"),
            ("pregnant", "birth-registration"),
        ] {
            assert_eq!(first(query).as_deref(), Some(code), "{query}");
        }
    }

    #[test]
    fn an_empty_query_shows_all_and_nonsense_nothing() {
        let items = items();
        assert_eq!(search(&items, "").len(), items.len());
        assert_eq!(search(&items, "，。").len(), items.len());
        assert!(search(&items, "火星护照").is_empty());
        assert!(search(&items, &"xyz ".repeat(10_000)).is_empty());
    }
}
