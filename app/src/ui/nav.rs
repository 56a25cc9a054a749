//! Ways to choose what a page shows: filters, tabs, steps. All are links or words, so the address says it too.

use leptos::prelude::*;

/// One filter or tab.
#[derive(Clone, Debug)]
pub struct Way {
    /// Where it leads.
    pub href: String,
    /// Its word.
    pub word: String,
    /// How many there are behind it.
    pub count: Option<i64>,
    /// There may be more than that.
    pub at_least: bool,
    /// The one shown now.
    pub current: bool,
}

impl Way {
    /// A filter or tab without a number.
    pub fn new(href: impl Into<String>, word: impl Into<String>, current: bool) -> Way {
        Way { href: href.into(), word: word.into(), count: None, at_least: false, current }
    }

    /// The same with a number.
    #[must_use]
    pub fn count(mut self, count: i64) -> Way {
        self.count = Some(count);
        self
    }

    /// The same, its number being the least there are.
    #[must_use]
    pub fn at_least(mut self, at_least: bool) -> Way {
        self.at_least = at_least;
        self
    }

    fn number(&self) -> Option<AnyView> {
        let more = if self.at_least { "+" } else { "" };
        self.count.map(|count| view! { " "<span class="num">{count}{more}</span> }.into_any())
    }
}

/// Filters as chips.
#[component]
pub fn Chips(
    /// What they choose, for screen readers.
    #[prop(into)]
    label: String,
    /// The filters.
    ways: Vec<Way>,
) -> impl IntoView {
    let chips = ways
        .into_iter()
        .map(|way| {
            view! {
                <a class="chip" href=way.href aria-current=way.current.then_some("true")>
                    {way.word.clone()}
                    {way.number()}
                </a>
            }
        })
        .collect_view();
    view! { <nav class="chips" aria-label=label>{chips}</nav> }
}

/// Tabs as links.
#[component]
pub fn Tabs(
    /// What they choose, for screen readers.
    #[prop(into)]
    label: String,
    /// The tabs.
    ways: Vec<Way>,
) -> impl IntoView {
    let tabs = ways
        .into_iter()
        .map(|way| {
            view! {
                <a href=way.href aria-current=way.current.then_some("page")>
                    {way.word.clone()}
                    {way.number()}
                </a>
            }
        })
        .collect_view();
    view! { <nav class="tabs" aria-label=label>{tabs}</nav> }
}

/// Where one is in a task of a few steps. `current` counts from 0; the steps before it are done.
#[component]
pub fn Steps(
    /// The steps' names.
    steps: Vec<String>,
    /// The step at hand.
    current: usize,
) -> impl IntoView {
    let steps = steps
        .into_iter()
        .enumerate()
        .map(|(index, name)| {
            view! {
                <li data-done=(index < current).then_some("") aria-current=(index == current).then_some("step")>
                    {name}
                </li>
            }
        })
        .collect_view();
    view! { <ol class="steps">{steps}</ol> }
}
