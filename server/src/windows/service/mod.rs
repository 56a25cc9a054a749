//! Use cases of this room.

mod availability;
mod booking;
mod desk;
mod guide;
mod home;
mod reminders;
mod ticket;

pub use availability::{DayOffer, DayState, Offers, TimeOffer, offers};
pub use booking::{Attempt, BookError, BookRequest, MAX_KEY, book, look_again};
pub use desk::{CheckInError, Desk, check_in, desk};
pub use guide::{Guide, choose_hall, guide, list};
pub use home::{hours_today, next_card, opening_line, waiting};
pub use reminders::remind;
pub use ticket::{CancelError, Mine, Ticket, Viewer, cancel, mine, ticket, ticket_address};
