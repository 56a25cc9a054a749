//! What several pages of this room share.

use crate::{i18n::Words, partners::HourState, ui::parts::*};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// What was typed into the forms of a page, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    values: BTreeMap<&'static str, String>,
    lists: BTreeMap<&'static str, Vec<String>>,
    errors: BTreeMap<&'static str, String>,
}

impl Typed {
    /// With the value of a field.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Typed {
        self.values.insert(name, value.into());
        self
    }
    /// With the ticked values of a list.
    #[must_use]
    pub fn list(mut self, name: &'static str, values: Vec<String>) -> Typed {
        self.lists.insert(name, values);
        self
    }
    /// With what is wrong.
    #[must_use]
    pub fn wrong(mut self, errors: BTreeMap<&'static str, String>) -> Typed {
        self.errors = errors;
        self
    }
    /// Whether something is wrong.
    pub fn is_wrong(&self) -> bool {
        !self.errors.is_empty()
    }
    /// Whether something is wrong with one of these fields.
    pub(super) fn any_wrong(&self, names: &[&str]) -> bool {
        self.errors.keys().any(|name| names.contains(name))
    }
    pub(super) fn get(&self, name: &str) -> String {
        self.values.get(name).cloned().unwrap_or_default()
    }
    pub(super) fn chosen(&self, name: &str) -> Vec<String> {
        self.lists.get(name).cloned().unwrap_or_default()
    }
    pub(super) fn error(&self, name: &str) -> Option<String> {
        self.errors.get(name).cloned()
    }
    pub(super) fn summary(&self, w: Words) -> AnyView {
        let errors = self.errors.iter().map(|(name, text)| ((*name).to_owned(), text.clone())).collect();
        view! { <ErrorSummary w=w errors=errors/> }.into_any()
    }
    /// One line of text.
    pub(super) fn line(&self, w: Words, name: &'static str, label: &str, optional: bool) -> AnyView {
        self.input(w, (name, "text"), (label, None), optional)
    }
    /// A day.
    pub(super) fn day(&self, w: Words, name: &'static str, label: &str) -> AnyView {
        self.input(w, (name, "date"), (label, None), false)
    }
    /// Hours, such as 1.5.
    pub(super) fn hours(&self, w: Words, name: &'static str) -> AnyView {
        view! {
            <TextField
                w=w
                name=name
                label=w.t("partners-hours")
                hint=w.t("partners-hours-hint")
                value=self.get(name)
                error=self.error(name)
                inputmode="decimal"
                width="w-short"
            />
        }
        .into_any()
    }
    /// An input of a kind.
    pub(super) fn input(
        &self,
        w: Words,
        (name, kind): (&'static str, &'static str),
        (label, hint): (&str, Option<String>),
        optional: bool,
    ) -> AnyView {
        let width = if kind == "date" { "w-mid" } else { "" };
        view! {
            <TextField
                w=w
                name=name
                label=w.t(label)
                hint=hint
                kind=kind
                value=self.get(name)
                error=self.error(name)
                optional=optional
                width=width
            />
        }
        .into_any()
    }
    /// Several lines of text.
    pub(super) fn text(&self, w: Words, name: &'static str, label: &str, optional: bool) -> AnyView {
        view! {
            <TextArea
                w=w
                name=name
                label=w.t(label)
                value=self.get(name)
                error=self.error(name)
                optional=optional
                rows=3
            />
        }
        .into_any()
    }
    /// One of a list.
    pub(super) fn select(
        &self,
        w: Words,
        (name, label): (&'static str, &str),
        options: Vec<(String, String)>,
        optional: bool,
    ) -> AnyView {
        view! {
            <SelectField
                w=w
                name=name
                label=w.t(label)
                options=options
                value=self.get(name)
                error=self.error(name)
                optional=optional
            />
        }
        .into_any()
    }
    /// A list to tick.
    pub(super) fn checks(
        &self,
        w: Words,
        (name, legend): (&'static str, &str),
        choices: Vec<Choice>,
        hint: Option<String>,
    ) -> AnyView {
        view! {
            <CheckField
                name=name
                legend=w.t(legend)
                choices=choices
                checked=self.chosen(name)
                hint=hint
                error=self.error(name)
            />
        }
        .into_any()
    }
}

/// Code and word as things to tick.
pub(super) fn choices(all: &[(String, String)]) -> Vec<Choice> {
    all.iter().map(|(code, word)| Choice::new(code.clone(), word.clone())).collect()
}

/// A choice of communities where there is more than one.
pub(super) fn community_field(w: Words, typed: &Typed, communities: Vec<(String, String)>) -> Option<AnyView> {
    (communities.len() > 1).then(|| {
        let mut options = vec![(String::new(), w.t("partners-choose"))];
        options.extend(communities);
        typed.select(w, ("community", "partners-community"), options, false)
    })
}

/// Minutes in words: 1 小时 30 分.
pub fn length(w: Words, minutes: i64) -> String {
    let (hours, rest) = (minutes / 60, minutes % 60);
    match (hours, rest) {
        (0, rest) => w.tf("partners-length-minutes", &[("minutes", rest.into())]),
        (hours, 0) => w.tf("partners-length-hours", &[("hours", hours.into())]),
        (hours, rest) => w.tf("partners-length", &[("hours", hours.into()), ("minutes", rest.into())]),
    }
}

/// An entry of service hours in a list.
pub struct HourRow {
    /// Id.
    pub id: String,
    /// Name of whose it is; empty in their own list.
    pub name: String,
    /// The day, in words.
    pub day: String,
    /// How long, in minutes.
    pub minutes: i64,
    /// What was done, in words.
    pub what: String,
    /// Where it stands.
    pub state: HourState,
    /// Who confirmed it, or why not.
    pub note: Option<String>,
}

/// Where an entry stands.
pub(super) fn hour_state(w: Words, state: HourState) -> AnyView {
    let tone = match state {
        HourState::Proposed => Tone::Busy,
        HourState::Confirmed => Tone::Ok,
        HourState::Withdrawn => Tone::Neutral,
        HourState::Declined | HourState::TakenBack => Tone::Warn,
    };
    view! { <Badge tone=tone word=w.t(state.key())/> }.into_any()
}

/// The button that prints, where the browser can.
pub(super) fn print_button(w: Words) -> AnyView {
    view! {
        <button class="button" type="button" data-do="print" hidden=true>{icon("print")}{w.t("partners-print")}</button>
    }
    .into_any()
}
