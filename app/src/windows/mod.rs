//! Window services: what to bring, when the hall is open, which times are free, and the appointment.

mod answers;
mod appointment;
mod for_whom;
pub mod islands;
mod item;
mod life_event;
mod limits;
pub mod queue;
pub(crate) mod search;

#[cfg(feature = "ssr")]
mod form_reader;
#[cfg(feature = "ssr")]
pub mod item_form;
#[cfg(feature = "ssr")]
mod offers;
#[cfg(feature = "ssr")]
mod opening;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod settings;
#[cfg(feature = "ssr")]
mod slots;
#[cfg(feature = "ssr")]
pub mod statistics;

pub use answers::Answers;
pub use appointment::{
    AppointmentState, CODE_LENGTH, MAX_CANCEL_REASON, MAX_NAME, MAX_NEED, WORK_BITS, code_for_reading, parse_code,
};
pub use for_whom::ForWhomForm;
pub use item::{Area, Condition, Material, Need, Question, ServiceItem};
pub use life_event::LifeEvent;
pub use limits::{LimitField, Limits, PRIORITY_CLASSES};
pub use search::{MAX_QUERY, search};

#[cfg(feature = "ssr")]
pub use offers::{DayQuestion, DaySlot, MAX_ITEMS, Offered, day_slots, offered, slots_needed};
#[cfg(feature = "ssr")]
pub use opening::{ClosedReason, Closure, DayHours, Exception, Hours, MAKE_UP_WEEKDAY, OpeningRules, WeeklyHours};
#[cfg(feature = "ssr")]
pub use slots::{SlotRef, SlotTime, booking_window, slots_of};
