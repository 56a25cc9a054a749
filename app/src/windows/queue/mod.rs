//! The queue of a hall on a day: the states of a ticket, what may be done with it, and who is next.
//!
//! The line, first to last (the product's rule, shown on the board):
//!
//! 1. who was called, missed it and came back ([`RANK_FRONT`]): they have waited once already;
//! 2. people of a priority class of the hall ([`PriorityClass`]), by when they came;
//! 3. people with a booking who came in time, by their booked time. They are called at most
//!    `early_call_minutes` before it; until then they stand behind everybody else, and are still called when nobody
//!    else is there. Who comes more than `late_minutes` after it waits like a walk-in from then on;
//! 4. walk-ins, by when their number was drawn (from afar: by when they came).
//!
//! Instants are microseconds UTC, as the database keeps them.

mod kinds;
mod line;
mod remote;
mod state;
#[cfg(test)]
mod tests;

pub use kinds::{Channel, Outcome, PriorityClass, REASON_BELOW, stars_key};
pub use line::{
    Place, RANK_BOOKED, RANK_EARLY, RANK_FRONT, RANK_PRIORITY, RANK_WALK_IN, label, mask_name, place, place_now,
    wait_range,
};
pub use remote::{lapses_at, open_minutes, served_before_closing};
pub use state::{MAX_CALLS, Step, TicketState, UNDO_SECONDS, after};
