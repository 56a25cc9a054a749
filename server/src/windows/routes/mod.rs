//! Addresses of this room.

pub(crate) mod api;
mod booking;
mod counter;
mod guide;
mod staff;
mod ticket;
mod views;

use crate::http::{Access, Routes};
use app::people::Action;

pub use api::{ApiAppointment, ApiDay, ApiItem, ApiTime, BookBody};

/// The routes of this room.
pub fn routes() -> Routes {
    Routes::new()
        .get("/services", Access::Public, guide::list)
        .get("/services/{item}", Access::Public, guide::item)
        .get("/services/{item}/times", Access::Public, guide::times)
        .get("/services/{item}/book", Access::SignedIn, booking::form)
        .post("/services/{item}/book", Access::SignedIn, booking::submit)
        .get("/appointments/{code}", Access::SignedIn, ticket::page)
        .get("/appointments/{code}/calendar.ics", Access::SignedIn, ticket::calendar)
        .get("/appointments/{code}/reminder", Access::SignedIn, ticket::reminder)
        .post("/appointments/{code}/cancel", Access::SignedIn, ticket::cancel)
        .get("/me/appointments", Access::SignedIn, ticket::mine)
        .get("/staff/appointments", Access::Needs(Action::AppointmentRead), staff::desk)
        .post("/staff/check-in", Access::Needs(Action::AppointmentCheckIn), staff::check_in)
        .get("/staff/counter", Access::Needs(Action::QueueServe), counter::windows)
        .get("/staff/counter/{window}", Access::Needs(Action::QueueServe), counter::page)
        .post("/staff/counter/{window}/open", Access::Needs(Action::QueueServe), counter::open)
        .post("/staff/counter/{window}/close", Access::Needs(Action::QueueServe), counter::close)
        .post("/staff/counter/{window}/call", Access::Needs(Action::QueueServe), counter::call)
        .post("/staff/counter/{window}/step", Access::Needs(Action::QueueServe), counter::step)
        .post("/staff/counter/{window}/materials", Access::Needs(Action::QueueServe), counter::materials)
        .post("/staff/counter/{window}/undo", Access::Needs(Action::QueueServe), counter::undo)
        .post("/staff/counter/{window}/walk-in", Access::Needs(Action::QueueServe), counter::walk_in)
        .get("/staff/tickets/{id}/missing", Access::Needs(Action::QueueServe), counter::missing)
        .get("/api/v1/services", Access::Public, api::services)
        .get("/api/v1/services/{item}/slots", Access::Public, api::slots)
        .post("/api/v1/appointments", Access::SignedIn, api::book)
        .get("/api/v1/appointments/{code}", Access::SignedIn, api::appointment)
}
