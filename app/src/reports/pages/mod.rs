//! Pages of reports: the form, the public status, the desk of staff, the tasks of handlers.

mod answers;
mod call;
mod classifier;
mod collect;
mod desk;
mod form;
mod hours;
mod mine;
mod offline;
mod open;
mod own;
mod redact;
mod reporter;
mod settings;
mod statistics;
mod status;
mod step;
mod tasks;
mod work;

pub use answers::{AnswerRow, AnswersPage, answers_page};
pub use call::{CallHistory, CallPage, call_history, call_page};
pub use classifier::{ClassifierPage, Guess, Training, classifier_page};
pub use collect::{CollectPage, CollectPoint, collect_page};
pub use desk::{BulkDone, BulkPage, DeskFilter, DeskPage, DeskRow, bulk_page, desk_page};
pub use form::{FormPage, form_page};
pub use hours::{HoursEffect, HoursPage, HoursRow, MovedRow, hours_page};
pub use mine::{Brief, mine_page};
pub use offline::with_unsent;
pub use open::{OpenCard, OpenListPage, follow_box, map_box, nearby_cards, nearby_page, open_list_page, outbox_panel};
pub use own::{OwnBox, own_box};
pub use redact::{RedactPage, redact_page};
pub use reporter::{ReporterBox, Typed, reporter_box, reporter_takes_photos, text_field};
pub use settings::{CategoryRow, LimitsPage, RoutingPage, RoutingRow, limits_page, routing_page, settings_page};
pub use statistics::{
    StatisticsList, StatisticsListRow, StatisticsPage, StatisticsRow, statistics_list, statistics_page,
};
pub use status::{StatusPage, status_page};
pub use step::{Answer, Handler, Message, StepForm, answer_field, message_preview, takes_photos};
pub use tasks::{TaskPage, TaskRow, TasksPage, task_page, tasks_page};
pub use work::{AlikeAct, AlikeCard, Caller, Order, PhotoToggle, StaffReportPage, alike_cards, staff_report_page};

use super::State;
use crate::{
    i18n::Words,
    ui::{badge::Tone, photo::Photo, timeline::Event},
};
use leptos::prelude::*;

/// How a state looks: its word always stands beside it.
pub fn tone(state: State) -> Tone {
    match state {
        State::Submitted | State::Withdrawn | State::Merged => Tone::Neutral,
        State::Asked | State::Disputed | State::Suspended => Tone::Warn,
        State::Accepted | State::Dispatched => Tone::Info,
        State::InProgress | State::Handled | State::Verified => Tone::Busy,
        State::Closed => Tone::Ok,
        State::Rejected => Tone::Bad,
    }
}

/// What is known of a report's time limit, in words.
#[derive(Clone, Debug)]
pub struct Due {
    /// "剩 3 小时", "已超期 2 天".
    pub text: String,
    /// Late, soon late, or neither.
    pub tone: Tone,
    /// Part of the time that is gone, in percent.
    pub gone: i64,
}

/// A photo on a page: its id and what stands beside it.
#[derive(Clone, Debug)]
pub struct Shot {
    /// Id.
    pub id: String,
    /// Shown to the public.
    pub released: bool,
    /// Query that lets reporters without an account see their own, with its question mark; may be empty.
    pub link: String,
}

impl Shot {
    fn thumb(&self) -> String {
        format!("/photos/{}/thumb{}", self.id, self.link)
    }

    /// For the parts of `app::ui`, as the `n`-th photo.
    fn photo(&self, w: Words, n: usize) -> Photo {
        Photo {
            thumb: self.thumb(),
            full: format!("/photos/{}/full{}", self.id, self.link),
            alt: w.tf("reports-photo-alt", &[("n", n.into())]),
        }
    }
}

fn shots(w: Words, shots: &[Shot]) -> Vec<Photo> {
    shots.iter().enumerate().map(|(n, shot)| shot.photo(w, n + 1)).collect()
}

/// Something that happened, for a timeline.
#[derive(Clone, Debug)]
pub struct Happened {
    /// State after it.
    pub state: State,
    /// RFC 3339.
    pub at: String,
    /// For people.
    pub when: String,
    /// What.
    pub title: String,
    /// Who and why; paragraphs.
    pub notes: Vec<String>,
    /// Its photos, as far as the reader may see them.
    pub photos: Vec<Shot>,
}

fn timeline(w: Words, happened: Vec<Happened>) -> Vec<Event> {
    happened
        .into_iter()
        .map(|event| {
            let mut notes = event.notes.into_iter();
            let first = notes.next();
            let rest = notes.map(|note| view! { <p class="event-note">{note}</p> }).collect_view();
            let photos = (!event.photos.is_empty()).then(|| {
                let photos = shots(w, &event.photos);
                view! { <crate::ui::photo::Thumbs photos=photos/> }
            });
            Event {
                tone: tone(event.state),
                at: event.at,
                when: event.when,
                title: event.title,
                note: first,
                more: Some(view! { {rest} {photos} }.into_any()),
            }
        })
        .collect()
}

fn due_view(due: Due) -> AnyView {
    view! {
        <div class="limit" data-tone=due.tone.attr()>
            <span>{due.text}</span>
            <progress value=due.gone.to_string() max="100"></progress>
        </div>
    }
    .into_any()
}
