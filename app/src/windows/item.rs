//! A service item: who may apply, what to bring, how long, how much, on which basis.

use super::{Answers, LifeEvent};
use serde::{Deserialize, Serialize};

/// The field of work an item belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Area {
    /// 社会保险
    Social,
    /// 民政
    Civil,
    /// 卫健与生育
    Family,
    /// 群团
    Mass,
}

impl Area {
    /// All of them, in the order of the list.
    pub const ALL: [Area; 4] = [Area::Social, Area::Civil, Area::Family, Area::Mass];

    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            Area::Social => "social",
            Area::Civil => "civil",
            Area::Family => "family",
            Area::Mass => "mass",
        }
    }

    /// The area with this stored code.
    pub fn from_code(code: &str) -> Option<Area> {
        Area::ALL.into_iter().find(|area| area.code() == code)
    }

    /// The catalogue key of the word on screen.
    pub fn key(self) -> &'static str {
        match self {
            Area::Social => "windows-area-social",
            Area::Civil => "windows-area-civil",
            Area::Family => "windows-area-family",
            Area::Mass => "windows-area-mass",
        }
    }
}

/// A yes-or-no question that settles what to bring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Short stable code.
    pub code: String,
    /// The question.
    pub text: String,
    /// In English.
    #[serde(default)]
    pub text_en: String,
}

/// A material is needed only if `question` was answered with `answer`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// Code of the question.
    pub question: String,
    /// Yes or no.
    pub answer: bool,
}

/// Something to bring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Material {
    /// Short stable code, unique in its item.
    pub code: String,
    /// Name.
    pub name: String,
    /// In English.
    #[serde(default)]
    pub name_en: String,
    /// What to mind.
    #[serde(default)]
    pub note: String,
    /// In English.
    #[serde(default)]
    pub note_en: String,
    /// Photocopies besides the original.
    #[serde(default)]
    pub copies: u32,
    /// When it is needed; always if absent.
    #[serde(default)]
    pub only_if: Option<Condition>,
}

/// Whether a material is needed, as far as the answers tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// It is.
    Yes,
    /// It depends on a question that was not answered.
    Depends,
}

/// A service item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceItem {
    /// Stable code in addresses.
    pub code: String,
    /// Letter of its tickets.
    pub letter: String,
    /// Field of work.
    pub area: Area,
    /// Title in everyday words.
    pub title: String,
    /// In English.
    #[serde(default)]
    pub title_en: String,
    /// Name in the official list.
    pub official_name: String,
    /// In English.
    #[serde(default)]
    pub official_name_en: String,
    /// Everyday words and pinyin initials it is found by.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// Life events that lead to it.
    #[serde(default)]
    pub life_events: Vec<LifeEvent>,
    /// Who may apply.
    pub who: String,
    /// In English.
    #[serde(default)]
    pub who_en: String,
    /// Minutes at the window for one person.
    pub minutes: i64,
    /// What it costs, in words.
    pub fee: String,
    /// In English.
    #[serde(default)]
    pub fee_en: String,
    /// Legal basis.
    pub basis: String,
    /// In English.
    #[serde(default)]
    pub basis_en: String,
    /// What one gets.
    pub result: String,
    /// In English.
    #[serde(default)]
    pub result_en: String,
    /// How long until the result.
    pub how_long: String,
    /// In English.
    #[serde(default)]
    pub how_long_en: String,
    /// Questions that settle what to bring.
    #[serde(default)]
    pub questions: Vec<Question>,
    /// What to bring.
    #[serde(default)]
    pub materials: Vec<Material>,
}

impl ServiceItem {
    /// What to bring, in the item's order: what is needed for certain by these answers, and what depends on a
    /// question that has no answer yet. What the answers rule out is left out.
    pub fn materials_for(&self, answers: &Answers) -> Vec<(&Material, Need)> {
        self.materials
            .iter()
            .filter_map(|material| match &material.only_if {
                None => Some((material, Need::Yes)),
                Some(condition) => match answers.get(&condition.question) {
                    Some(answer) if answer == condition.answer => Some((material, Need::Yes)),
                    Some(_) => None,
                    None => Some((material, Need::Depends)),
                },
            })
            .collect()
    }

    /// The question with this code.
    pub fn question(&self, code: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.code == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item() -> ServiceItem {
        let text = r#"{"code":"x","letter":"A","area":"social","title":"t","official_name":"o","who":"w","minutes":10,
            "fee":"f","basis":"b","result":"r","how_long":"h",
            "questions":[{"code":"agent","text":"?"},{"code":"minor","text":"?"}],
            "materials":[{"code":"photo","name":"p"},
              {"code":"id","name":"i","only_if":{"question":"minor","answer":false}},
              {"code":"hukou","name":"h","only_if":{"question":"minor","answer":true}},
              {"code":"letter","name":"l","only_if":{"question":"agent","answer":true}}]}"#;
        serde_json::from_str(text).expect("valid")
    }

    fn bring(item: &ServiceItem, query: &str) -> Vec<(String, Need)> {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let answers = Answers::from_pairs(item, pairs);
        item.materials_for(&answers).into_iter().map(|(material, need)| (material.code.clone(), need)).collect()
    }

    #[test]
    fn answers_settle_what_to_bring() {
        use Need::*;
        let item = item();
        let named = |list: &[(&str, Need)]| list.iter().map(|(c, n)| ((*c).to_owned(), *n)).collect::<Vec<_>>();
        assert_eq!(
            bring(&item, ""),
            named(&[("photo", Yes), ("id", Depends), ("hukou", Depends), ("letter", Depends)]),
            "nothing is ruled out before it is asked"
        );
        assert_eq!(bring(&item, "q-minor=yes&q-agent=no"), named(&[("photo", Yes), ("hukou", Yes)]));
        assert_eq!(bring(&item, "q-minor=no&q-agent=yes"), named(&[("photo", Yes), ("id", Yes), ("letter", Yes)]));
        assert_eq!(bring(&item, "q-minor=maybe&q-nothing=yes"), bring(&item, ""), "nonsense is no answer");
    }
}
