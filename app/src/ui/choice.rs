//! Questions answered by a tap: radio cards, checkbox rows, a single checkbox.

use super::field::hint_and_error;
use leptos::prelude::*;

/// One possible answer.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// The answer in words.
    pub title: String,
    /// What it means, in small type.
    pub note: Option<String>,
    /// Not possible now.
    pub disabled: bool,
    /// What it belongs to: of a long list, neighbours with the same stand under it.
    pub group: Option<String>,
}

impl Choice {
    /// An answer without a note.
    pub fn new(value: impl Into<String>, title: impl Into<String>) -> Choice {
        Choice { value: value.into(), title: title.into(), ..Choice::default() }
    }

    /// The same with a note.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Choice {
        self.note = Some(note.into());
        self
    }

    /// The same under a heading.
    #[must_use]
    pub fn group(mut self, group: impl Into<String>) -> Choice {
        self.group = Some(group.into());
        self
    }
}

/// A question with one answer, as cards. The first card's input carries the id `name`, for the error summary.
#[component]
pub fn RadioField(
    /// Name in the form.
    name: &'static str,
    /// The question.
    #[prop(into)]
    legend: String,
    /// The answers.
    choices: Vec<Choice>,
    /// The chosen value.
    #[prop(optional, into)]
    value: String,
    /// What helps to answer.
    #[prop(default = None, into)]
    hint: Option<String>,
    /// What is wrong and how to mend it.
    #[prop(default = None, into)]
    error: Option<String>,
    /// Short answers side by side.
    #[prop(optional)]
    inline: bool,
) -> impl IntoView {
    let row = if inline { "choices inline" } else { "choices" };
    let mut groups: Vec<(Option<String>, Vec<AnyView>)> = Vec::new();
    for (index, choice) in choices.into_iter().enumerate() {
        let checked = choice.value == value;
        let card = view! {
            <label class="choice">
                <input
                    r#type="radio"
                    name=name
                    id=(index == 0).then_some(name)
                    value=choice.value
                    checked=checked
                    disabled=choice.disabled
                />
                <span class="choice-main">
                    <span class="choice-title">{choice.title}</span>
                    {choice.note.map(|note| view! { <span class="choice-note">{note}</span> })}
                </span>
            </label>
        };
        match groups.last_mut() {
            Some((group, cards)) if *group == choice.group => cards.push(card.into_any()),
            _ => groups.push((choice.group, vec![card.into_any()])),
        }
    }
    let cards = groups.into_iter().map(|(group, cards)| match group {
        Some(group) => view! {
            <fieldset class="choice-group">
                <legend>{group}</legend>
                <div class=row>{cards}</div>
            </fieldset>
        }
        .into_any(),
        None => view! { <div class=row>{cards}</div> }.into_any(),
    });
    let cards = cards.collect_view();
    let invalid = error.is_some().then_some("");
    view! {
        <fieldset class="field" data-invalid=invalid>
            <legend class="label">{legend}</legend>
            {hint_and_error(name, hint, error)}
            {cards}
        </fieldset>
    }
}

/// A list to tick, e.g. the materials to bring. `checked` holds the ticked values.
#[component]
pub fn CheckField(
    /// Name in the form; sent once for each ticked row.
    name: &'static str,
    /// What the list is.
    #[prop(into)]
    legend: String,
    /// The rows.
    choices: Vec<Choice>,
    /// The ticked values.
    #[prop(optional)]
    checked: Vec<String>,
    /// What helps to answer.
    #[prop(default = None, into)]
    hint: Option<String>,
    /// What is wrong and how to mend it.
    #[prop(default = None, into)]
    error: Option<String>,
) -> impl IntoView {
    let rows = choices
        .into_iter()
        .enumerate()
        .map(|(index, choice)| {
            let ticked = checked.contains(&choice.value);
            view! {
                <li>
                    <label class="check">
                        <input
                            r#type="checkbox"
                            name=name
                            id=(index == 0).then_some(name)
                            value=choice.value
                            checked=ticked
                            disabled=choice.disabled
                        />
                        <span class="check-main">
                            <span class="check-title">{choice.title}</span>
                            {choice.note.map(|note| view! { <span class="check-note">{note}</span> })}
                        </span>
                    </label>
                </li>
            }
        })
        .collect_view();
    let invalid = error.is_some().then_some("");
    view! {
        <fieldset class="field" data-invalid=invalid>
            <legend class="label">{legend}</legend>
            {hint_and_error(name, hint, error)}
            <ul class="checks">{rows}</ul>
        </fieldset>
    }
}

/// One checkbox that stands alone.
#[component]
pub fn CheckBox(
    /// Name in the form and id in the page.
    name: &'static str,
    /// What ticking it says.
    #[prop(into)]
    label: String,
    /// What it means, in small type.
    #[prop(default = None, into)]
    note: Option<String>,
    /// Ticked.
    #[prop(optional)]
    checked: bool,
    /// What the form sends when ticked.
    #[prop(default = "1")]
    value: &'static str,
) -> impl IntoView {
    view! {
        <label class="check">
            <input r#type="checkbox" id=name name=name value=value checked=checked/>
            <span class="check-main">
                <span class="check-title">{label}</span>
                {note.map(|note| view! { <span class="check-note">{note}</span> })}
            </span>
        </label>
    }
}
