//! What somebody has chosen so far: the items of one visit with answers and ticks, as they travel in addresses and forms.
//!
//! The first item is the one whose page it is: its fields are `q-{question}` and `m={material}`. Further items are named
//! by `with={item}`; their fields are `q-{item}.{question}` and `m={item}.{material}`.

use super::{Carried, parts::material_choices};
use crate::{
    i18n::Words,
    ui::parts::*,
    windows::{Answers, Question, ServiceItem},
};
use leptos::prelude::*;
use std::sync::Arc;

/// One of the items.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// The item.
    pub item: Arc<ServiceItem>,
    /// Answers and ticks so far.
    pub carried: Carried,
}

/// The items of a visit, in the order in which they were chosen.
#[derive(Clone, Debug, Default)]
pub struct Visit(pub Vec<Chosen>);

impl Visit {
    /// Reads answers and ticks for `items` out of the fields of an address or form; everything else is ignored.
    pub fn read(items: Vec<Arc<ServiceItem>>, fields: &[(String, String)]) -> Visit {
        let read = |(index, item): (usize, Arc<ServiceItem>)| {
            let prefix = prefix(index, &item);
            let answers = fields.iter().filter_map(|(name, value)| {
                let code = name.strip_prefix("q-")?.strip_prefix(&prefix)?;
                Some((format!("q-{code}"), value))
            });
            let answers: Vec<(String, &String)> = answers.collect();
            let pairs = answers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
            let ticked = fields.iter().filter(|(name, _)| name == "m").filter_map(|(_, value)| {
                let code = value.strip_prefix(&prefix)?;
                item.materials.iter().find(|material| material.code == code).map(|material| material.code.clone())
            });
            let carried = Carried { answers: Answers::from_pairs(&item, pairs), ticked: ticked.collect() };
            Chosen { item, carried }
        };
        Visit(items.into_iter().enumerate().map(read).collect())
    }

    /// Titles of the items, in a row.
    pub fn titles(&self, w: Words) -> String {
        let titles: Vec<&str> = self.0.iter().map(|one| w.pick(&one.item.title, &one.item.title_en)).collect();
        titles.join(&w.t("windows-list-and"))
    }

    /// Code of the first item.
    pub fn first(&self) -> &str {
        self.0.first().map_or("", |one| one.item.code.as_str())
    }

    /// Minutes at the window, all items together.
    pub fn minutes(&self) -> i64 {
        self.0.iter().map(|one| one.item.minutes).sum()
    }

    /// The fields that carry it on; the ticks only if asked for.
    pub fn fields(&self, ticks: bool) -> Vec<(String, String)> {
        let mut fields: Vec<(String, String)> =
            self.0.iter().skip(1).map(|one| ("with".to_owned(), one.item.code.clone())).collect();
        for (index, one) in self.0.iter().enumerate() {
            let prefix = prefix(index, &one.item);
            for (name, value) in one.carried.answers.fields() {
                let code = name.trim_start_matches("q-").to_owned();
                fields.push((format!("q-{prefix}{code}"), value.to_owned()));
            }
            if ticks {
                fields.extend(one.carried.ticked.iter().map(|code| ("m".to_owned(), format!("{prefix}{code}"))));
            }
        }
        fields
    }

    /// The same as a piece of an address, each field preceded by `&`. All codes are plain letters.
    pub fn query(&self) -> String {
        self.fields(true).into_iter().map(|(name, value)| format!("&{name}={value}")).collect()
    }

    /// The visit without one of its further items.
    pub fn without(&self, code: &str) -> Visit {
        let keep = |(index, one): &(usize, &Chosen)| *index == 0 || one.item.code != code;
        Visit(self.0.iter().enumerate().filter(keep).map(|(_, one)| one.clone()).collect())
    }
}

fn prefix(index: usize, item: &ServiceItem) -> String {
    if index == 0 { String::new() } else { format!("{}.", item.code) }
}

/// Fields as hidden inputs.
pub(super) fn hidden_fields(fields: Vec<(String, String)>) -> AnyView {
    fields
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view()
        .into_any()
}

/// The materials of all items to tick; each item has its own heading when there are several.
pub(super) fn material_fields(w: Words, visit: &Visit, legend: &str, hint: Option<String>) -> AnyView {
    let several = visit.0.len() > 1;
    visit
        .0
        .iter()
        .enumerate()
        .map(|(index, one)| {
            let prefix = prefix(index, &one.item);
            let choices: Vec<Choice> = material_choices(w, &one.item, &one.carried.answers)
                .into_iter()
                .map(|choice| Choice { value: format!("{prefix}{}", choice.value), ..choice })
                .collect();
            let checked: Vec<String> = one.carried.ticked.iter().map(|code| format!("{prefix}{code}")).collect();
            let title = w.pick(&one.item.title, &one.item.title_en);
            let legend = if several { format!("{title}{}{legend}", w.t("booking-colon")) } else { legend.to_owned() };
            let hint = hint.clone().filter(|_| index == 0);
            (!choices.is_empty())
                .then(|| view! { <CheckField name="m" legend=legend hint=hint choices=choices checked=checked/> })
        })
        .collect_view()
        .into_any()
}

/// The questions of all items, as fields.
pub(super) fn question_fields(w: Words, visit: &Visit) -> AnyView {
    visit
        .0
        .iter()
        .enumerate()
        .flat_map(|(index, one)| {
            let prefix = prefix(index, &one.item);
            one.item
                .questions
                .iter()
                .map(|question| {
                    let name = format!("q-{prefix}{}", question.code);
                    question_field(w, name, question, one.carried.answers.get(&question.code))
                })
                .collect::<Vec<_>>()
        })
        .collect_view()
        .into_any()
}

/// A yes-or-no question. Its name comes from the data, so it is written here and not by `RadioField`.
fn question_field(w: Words, name: String, question: &Question, answer: Option<bool>) -> AnyView {
    let choice = |value: &'static str, word: String, checked: bool| {
        let name = name.clone();
        view! {
            <label class="choice">
                <input type="radio" name=name value=value checked=checked required/>
                <span class="choice-main"><span class="choice-title">{word}</span></span>
            </label>
        }
    };
    view! {
        <fieldset class="field">
            <legend class="label">{w.pick(&question.text, &question.text_en).to_owned()}</legend>
            <div class="choices inline">
                {choice("yes", w.t("windows-yes"), answer == Some(true))}
                {choice("no", w.t("windows-no"), answer == Some(false))}
            </div>
        </fieldset>
    }
    .into_any()
}
