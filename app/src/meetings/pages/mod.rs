//! Pages of this room.

mod ballot;
mod forms;
mod members;
mod resolution;
mod session;
mod staff;

pub use ballot::{BallotView, Mine, OptionView};
pub use members::{
    AttendedPage, AttendedView, MinePage, MinutesPage, ProposalLine, attended_page, mine_page, minutes_page,
};
pub use resolution::{NoteLine, ResolutionPage, resolution_page};
pub use session::{ItemView, MinutesPart, RollLine, SessionPage, session_page};
pub use staff::{BodyLine, BodyPage, ListPage, MemberLine, body_page, list_page};

use super::{ResolutionState, SessionState};
use crate::{i18n::Words, ui::parts::*};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// What was typed into the forms of a page, and what is wrong with it, at its field. Field names are the ids on the page.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// Names and values as they were sent.
    pub fields: Vec<(String, String)>,
    /// Field → words.
    pub errors: BTreeMap<&'static str, String>,
}

impl Typed {
    /// The value of a field; empty when nothing was typed.
    pub fn get(&self, name: &str) -> String {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone()).unwrap_or_default()
    }

    /// The value of a field, or what stands there at first.
    pub fn or(&self, name: &str, first: impl Into<String>) -> String {
        if self.fields.iter().any(|(field, _)| field == name) { self.get(name) } else { first.into() }
    }

    /// All values of a field with several.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.fields.iter().filter(|(field, _)| field == name).map(|(_, value)| value.clone()).collect()
    }

    /// What is wrong with a field.
    pub fn error(&self, name: &str) -> Option<String> {
        self.errors.get(name).cloned()
    }

    /// Whether something is wrong with a field whose name begins so.
    pub fn troubled(&self, begin: &str) -> bool {
        self.errors.keys().any(|name| name.starts_with(begin))
    }

    /// For the summary above the forms.
    pub fn summary(&self) -> Vec<(String, String)> {
        self.errors.iter().map(|(field, text)| ((*field).to_owned(), text.clone())).collect()
    }
}

/// A session in a list.
pub struct SessionLine {
    /// Where it leads.
    pub href: String,
    /// Title.
    pub title: String,
    /// Body, time and place.
    pub note: String,
    /// Where it stands.
    pub state: SessionState,
}

/// A resolution in a list.
pub struct TaskLine {
    /// Where it leads.
    pub href: String,
    /// What is to be done.
    pub text: String,
    /// Owner and last day.
    pub note: String,
    /// The last day is over.
    pub late: bool,
    /// Where it stands.
    pub state: ResolutionState,
}

fn session_badge(w: Words, state: SessionState) -> AnyView {
    let tone = match state {
        SessionState::Planned => Tone::Neutral,
        SessionState::Invited => Tone::Info,
        SessionState::Open => Tone::Busy,
        SessionState::Closed => Tone::Warn,
        SessionState::Minuted => Tone::Ok,
    };
    view! { <Badge tone=tone word=w.t(state.key())/> }.into_any()
}

fn task_badge(w: Words, state: ResolutionState, late: bool) -> AnyView {
    let (tone, key) = match state {
        ResolutionState::Open if late => (Tone::Bad, "meeting-late"),
        ResolutionState::Open => (Tone::Busy, state.key()),
        ResolutionState::Reported => (Tone::Info, state.key()),
        ResolutionState::Done => (Tone::Ok, state.key()),
        ResolutionState::Dropped => (Tone::Neutral, state.key()),
    };
    view! { <Badge tone=tone word=w.t(key)/> }.into_any()
}

/// Sessions as a list; nothing when there are none.
fn sessions(w: Words, lines: Vec<SessionLine>) -> Option<AnyView> {
    if lines.is_empty() {
        return None;
    }
    let rows = lines
        .into_iter()
        .map(|line| {
            view! {
                <Item w=w href=line.href title=line.title note=line.note icon_name="calendar">
                    {session_badge(w, line.state)}
                </Item>
            }
        })
        .collect_view();
    Some(view! { <List>{rows}</List> }.into_any())
}

/// Resolutions as a list; nothing when there are none. Lists of tasks elsewhere show it as well.
pub fn tasks(w: Words, lines: Vec<TaskLine>) -> Option<AnyView> {
    if lines.is_empty() {
        return None;
    }
    let rows = lines
        .into_iter()
        .map(|line| {
            view! {
                <Item w=w href=line.href title=line.text note=line.note icon_name="check">
                    {task_badge(w, line.state, line.late)}
                </Item>
            }
        })
        .collect_view();
    Some(view! { <List>{rows}</List> }.into_any())
}

/// The same under its heading, for the lists of tasks of handlers and of the desk.
pub fn tasks_section(w: Words, lines: Vec<TaskLine>) -> Option<AnyView> {
    let list = tasks(w, lines)?;
    Some(view! { <Section title=w.t("meeting-resolutions")>{list}</Section> }.into_any())
}
