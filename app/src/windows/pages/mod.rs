//! Pages of this room: pure functions of their props.

mod board;
mod confirm;
mod counter;
mod guide;
mod list;
mod mine;
mod number;
mod parts;
mod reminder;
mod staff;
mod ticket;
mod times;

pub use board::{BoardProps, CallRow, PrintProps, ReceptionProps, board_page, print_page, reception_page};
pub use confirm::{BookTrouble, ConfirmProps, confirm_page};
pub use counter::{
    CounterProps, LineRow, MaterialRow, MissingProps, NowServing, VisitItem, WindowRow, WindowsProps, counter_page,
    missing_page, windows_page,
};
pub use guide::{GuideProps, guide_page};
pub use list::{ListProps, list_page};
pub use mine::{MineProps, mine_page};
pub use number::{
    DrawProps, LiveTicketView, NumberProps, Rated, RatingRow, draw_page, live_ticket, number_page, rating_view,
    ratings_page,
};
pub use parts::closed_words;
pub use reminder::{ReminderProps, reminder_page};
pub use staff::{DeskProps, desk_page};
pub use ticket::{Qr, TicketProps, ticket_page};
pub use times::{DayView, TimesProps, times_page};

use super::{Answers, AppointmentState, ServiceItem};
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

impl Carried {
    /// As a piece of an address, each field preceded by `&`.
    pub fn query(&self, item: &ServiceItem) -> String {
        let known = |code: &&String| item.materials.iter().any(|material| material.code == **code);
        let ticked: String = self.ticked.iter().filter(known).map(|code| format!("&m={code}")).collect();
        self.answers.query() + &ticked
    }
}
