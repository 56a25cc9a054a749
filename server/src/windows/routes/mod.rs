//! Addresses of this room.

pub(crate) mod api;
mod booking;
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
        .get("/api/v1/services", Access::Public, api::services)
        .get("/api/v1/services/{item}/slots", Access::Public, api::slots)
        .post("/api/v1/appointments", Access::SignedIn, api::book)
        .get("/api/v1/appointments/{code}", Access::SignedIn, api::appointment)
}
