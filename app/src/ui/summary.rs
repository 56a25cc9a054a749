//! What was entered, as a list of facts; and what is still wrong, as links to the fields.

use crate::i18n::Words;
use leptos::prelude::*;

/// The mistakes of a form, above it. The page's script moves the focus here; each entry leads to its field.
#[component]
pub fn ErrorSummary(
    /// Words, for the heading with the number of mistakes.
    w: Words,
    /// The field's name (its id) and what is wrong with it. Nothing is shown when there are none.
    errors: Vec<(String, String)>,
) -> impl IntoView {
    (!errors.is_empty()).then(|| {
        let heading = w.tf("ui-errors", &[("count", errors.len().into())]);
        let items = errors
            .into_iter()
            .map(|(name, text)| view! { <li><a href=format!("#{name}")>{text}</a></li> })
            .collect_view();
        view! {
            <div class="error-summary" id="errors" role="alert" tabindex="-1">
                <h2>{heading}</h2>
                <ul>{items}</ul>
            </div>
        }
    })
}

/// One fact of a summary.
pub struct Fact {
    term: String,
    value: AnyView,
    change: Option<(String, String)>,
}

impl Fact {
    /// A fact: what it is, and its value.
    pub fn new(term: impl Into<String>, value: impl IntoView + 'static) -> Fact {
        Fact { term: term.into(), value: value.into_any(), change: None }
    }

    /// With a link that changes it: address and word.
    #[must_use]
    pub fn change(mut self, href: impl Into<String>, word: impl Into<String>) -> Fact {
        self.change = Some((href.into(), word.into()));
        self
    }

    fn view(self) -> AnyView {
        let Fact { term, value, change } = self;
        let change = change.map(|(href, word)| {
            view! { <dd class="summary-do"><a href=href>{word}<span class="sr">" "{term.clone()}</span></a></dd> }
        });
        view! {
            <div>
                <dt>{term}</dt>
                <dd>{value}</dd>
                {change}
            </div>
        }
        .into_any()
    }
}

/// Facts in rows: a booking, a person, a report.
#[component]
pub fn Summary(
    /// The rows, from the most to the least important.
    facts: Vec<Fact>,
) -> impl IntoView {
    view! { <dl class="summary">{facts.into_iter().map(Fact::view).collect_view()}</dl> }
}

/// Facts in a frame, before the text of a notice: when, where, why, whom to ask.
#[component]
pub fn Facts(
    /// The rows.
    facts: Vec<Fact>,
) -> impl IntoView {
    view! { <dl class="facts">{facts.into_iter().map(Fact::view).collect_view()}</dl> }
}
