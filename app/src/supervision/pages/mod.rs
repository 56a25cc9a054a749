//! Pages of this room.

mod finding;
mod form;
mod one;
mod printed;
mod register;
mod statistics;

pub use finding::{AnswerView, FindingView, photo};
pub use form::{FormPage, form_page};
pub use one::{MARK, OnePage, StepView, TypedAnswer, one_page};
pub use printed::{PrintedFinding, PrintedPage, printed_page};
pub use register::{Filters, RegisterPage, RegisterRow, register_page};
pub use statistics::{StatisticsPage, StatisticsRow, statistics_page};

use super::State;
use crate::{i18n::Words, ui::parts::*};
use leptos::prelude::*;

/// The state of a letter as a badge; what waits beyond its deadline says so.
pub fn state_badge(w: Words, state: State, overdue: bool) -> AnyView {
    let (tone, key) = match state {
        State::Issued if overdue => (Tone::Bad, "supervision-overdue"),
        State::Issued => (Tone::Busy, state.key()),
        State::Answered => (Tone::Info, state.key()),
        State::Done => (Tone::Ok, state.key()),
        State::Draft => (Tone::Neutral, state.key()),
        State::Withdrawn => (Tone::Warn, state.key()),
    };
    view! { <Badge tone=tone word=w.t(key)/> }.into_any()
}
