//! Use cases of this room.

mod availability;
mod booking;
mod counter;
mod desk;
mod guide;
mod home;
mod issue;
mod line;
mod queue;
mod rating;
mod reminders;
mod ticket;

pub use availability::{DayOffer, DayState, Offers, TimeOffer, offers};
pub use booking::{Attempt, BookError, BookRequest, MAX_KEY, book, look_again};
pub use counter::{Counter, Current, Waiting, counter, counter_of, materials, ticket_for_staff, walk_in};
pub use desk::{CheckInError, Desk, check_in, desk, halls_for};
pub use guide::{Guide, choose_hall, guide, list};
pub use home::{hours_today, next_card, opening_line, waiting};
pub use issue::{
    IssueError, Wish, allowed, check_in_booking, check_in_ticket, is_open, issue, set_class, ticket_link,
    ticket_local_link, walk_in_capacity,
};
pub use line::{Line, line};
pub use queue::{
    Extra, MAX_NOTE, Mover, QueueError, act, call_next, end_past_days, may_undo, staff_window, ticket_path, undo,
};
pub use rating::{RateError, answer_rating, rate, ratings};
pub use reminders::remind;
pub use ticket::{CancelError, Mine, Ticket, Viewer, cancel, mine, ticket, ticket_address};
