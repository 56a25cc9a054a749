//! Pages of this room.

mod form;
mod list;
mod one;
mod platforms;
mod report;

pub use form::{FormPage, form};
pub use list::{ListPage, MatterRow, list};
pub use one::{Child, MatterPage, StepForm, one};
pub use platforms::{Making, MessageRow, PlatformPage, PlatformRow, PlatformsPage, platform, platforms};
pub use report::{ReportPart, report_part};

use super::{clock::Late, life::State};
use crate::{i18n::Words, ui::parts::*};
use leptos::prelude::*;

/// What a state means for the reader.
pub fn tone(state: State) -> Tone {
    match state {
        State::Sent => Tone::Neutral,
        State::Accepted => Tone::Info,
        State::InProgress => Tone::Busy,
        State::Waiting | State::ReturnAsked | State::WithdrawAsked | State::ExtendAsked => Tone::Warn,
        State::Answered => Tone::Info,
        State::Closed => Tone::Ok,
        State::Returned | State::Withdrawn | State::Cancelled => Tone::Neutral,
    }
}

/// The state, and whether it is late.
fn badges(w: Words, state: State, late: Option<Late>) -> AnyView {
    let late = late.map(|late| {
        let word = match late {
            Late::Accept => w.t("matters-late-accept"),
            Late::Handle => w.t("matters-late"),
        };
        view! { " " <Badge tone=Tone::Bad word=word/> }
    });
    view! { <Badge tone=tone(state) word=w.t(state.key())/> {late} }.into_any()
}
