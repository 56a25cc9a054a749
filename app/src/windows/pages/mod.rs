//! Pages of this room: pure functions of their props.

mod assist;
mod block;
mod board;
mod confirm;
mod counter;
mod draw;
mod find;
mod for_whom;
mod guide;
mod hold;
mod list;
pub mod managers;
mod mine;
mod number;
mod parts;
mod rating;
mod reception;
mod reminder;
mod slip;
mod staff;
mod ticket;
mod times;
mod visit;
mod waiting;

pub use assist::{AssistProps, assist_page};
pub use block::{BlockProps, block_page};
pub use board::{BoardProps, CallRow, board_page};
pub use confirm::{BookTrouble, ConfirmProps, confirm_page};
pub use counter::{
    CounterProps, LineRow, MaterialRow, MissingProps, NowServing, VisitItem, WindowRow, WindowsProps, counter_page,
    missing_page, windows_page,
};
pub use draw::{DrawProps, draw_page};
pub use find::{FindProps, find_page};
pub use guide::{GuideProps, guide_page};
pub use hold::HoldView;
pub use list::{ListProps, list_page};
pub use mine::{MineProps, MineRow, mine_page};
pub use number::{LiveTicketView, NumberProps, live_ticket, number_page, sound_switch};
pub use parts::closed_words;
pub use rating::{Rated, RatingRow, RatingsPage, WrongRating, rated_view, rating_view, ratings_page};
pub use reception::{EndedRow, PapersView, ReceptionProps, reception_page};
pub use reminder::{ReminderProps, reminder_page};
pub use slip::{PrintProps, print_page};
pub use staff::{DeskProps, desk_page};
pub use ticket::{Qr, TicketItem, TicketProps, ticket_page};
pub use times::{DayView, NotKept, TimesProps, WaitView, times_page};
pub use visit::{Chosen, Visit};
pub use waiting::{WaitingProps, waiting_page};

use super::{Answers, AppointmentState};
use jiff::Timestamp;

/// A hall in the reader's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HallWords {
    /// Code in addresses.
    pub code: String,
    /// Name.
    pub name: String,
    /// Address.
    pub address: String,
    /// How to find the door.
    pub map_note: String,
    /// Telephone.
    pub phone: String,
}

/// An appointment in the reader's words.
#[derive(Clone, Debug)]
pub struct AppointmentView {
    /// Code.
    pub code: String,
    /// Title of its item.
    pub title: String,
    /// The item's official name.
    pub official: String,
    /// Where it stands.
    pub state: AppointmentState,
    /// Begin.
    pub starts_at: Timestamp,
    /// End.
    pub ends_at: Timestamp,
    /// Number of the window.
    pub window: i64,
    /// Name of the hall.
    pub hall: String,
    /// Name of the person.
    pub person: String,
    /// Masked number of the person.
    pub phone: String,
    /// Materials that are needed, and how many of them are ticked.
    pub materials: (usize, usize),
    /// The relative for whom the person comes, with the relation; empty: for themselves.
    pub for_whom: String,
    /// What the person needs; may be empty.
    pub need: String,
    /// Why it was cancelled, in the words of whoever did; may be empty.
    pub cancel_reason: String,
}

/// A time to choose.
#[derive(Clone, Debug)]
pub struct TimeView {
    /// What the form sends.
    pub slot: String,
    /// Begin.
    pub starts_at: Timestamp,
    /// Places left.
    pub left: i64,
}

/// What is carried from page to page: the answers, and the materials ticked so far.
#[derive(Clone, Debug, Default)]
pub struct Carried {
    /// Answers to the item's questions.
    pub answers: Answers,
    /// Codes of ticked materials.
    pub ticked: Vec<String>,
}
