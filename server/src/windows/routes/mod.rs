//! Addresses of this room.

pub(crate) mod api;
mod assist;
mod booking;
mod change;
mod counter;
mod guide;
pub(crate) mod live;
mod managers;
mod number;
mod rating;
mod reception;
mod staff;
mod ticket;
mod views;
mod waiting;

use crate::http::{Access, Routes};
use app::people::Action;

pub use api::{ApiAppointment, ApiDay, ApiItem, ApiTime, BookBody};

/// The routes of this room.
pub fn routes() -> Routes {
    Routes::new()
        .get("/services", Access::Public, guide::list)
        .get("/services/{item}", Access::Public, guide::item)
        .get("/services/{item}/times", Access::Public, guide::times)
        .post("/services/{item}/hold", Access::Public, booking::hold)
        .get("/services/{item}/book", Access::Public, booking::form)
        .post("/services/{item}/book", Access::SignedIn, booking::submit)
        .post("/services/{item}/wait", Access::SignedIn, waiting::join)
        .post("/holds/{id}/renew", Access::Public, booking::renew)
        .post("/holds/{id}/release", Access::Public, booking::release)
        .post("/holds/{id}/here", Access::Public, booking::here)
        .get("/appointments/find", Access::Public, waiting::find_form)
        .post("/appointments/find", Access::Public, waiting::find)
        .get("/appointments/{code}", Access::SignedIn, ticket::page)
        .get("/appointments/{code}/calendar.ics", Access::SignedIn, ticket::calendar_file)
        .get("/appointments/{code}/reminder", Access::SignedIn, ticket::reminder)
        .post("/appointments/{code}/cancel", Access::SignedIn, ticket::cancel)
        .get("/appointments/{code}/change", Access::SignedIn, change::page)
        .post("/appointments/{code}/hold", Access::SignedIn, change::hold)
        .post("/appointments/{code}/change", Access::SignedIn, change::submit)
        .get("/me/appointments", Access::SignedIn, ticket::mine)
        .get("/me/waiting/{id}", Access::SignedIn, waiting::page)
        .post("/me/waiting/{id}/accept", Access::SignedIn, waiting::accept)
        .post("/me/waiting/{id}/leave", Access::SignedIn, waiting::leave)
        .get("/me/blocks/{id}", Access::SignedIn, waiting::block)
        .post("/me/blocks/{id}/appeal", Access::SignedIn, waiting::appeal)
        .get("/staff/appointments", Access::Needs(Action::AppointmentRead), staff::desk)
        .get("/staff/appointments/new", Access::Needs(Action::AppointmentAssist), assist::form)
        .post("/staff/appointments/new", Access::Needs(Action::AppointmentAssist), assist::submit)
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
        .get("/api/v1/halls/{hall}/live", Access::Public, live::live)
        .post("/tickets/{id}/rating", Access::Public, rating::rate)
        .get("/staff/ratings", Access::Needs(Action::HallManage), rating::list)
        .post("/staff/ratings/{ticket}", Access::Needs(Action::HallManage), rating::answer)
        .get("/tickets/{id}", Access::Public, number::ticket)
        .post("/tickets/{id}/leave", Access::Public, number::leave)
        .get("/kiosk/{hall}", Access::Public, number::draw::kiosk)
        .post("/kiosk/{hall}/number", Access::Public, number::draw::kiosk_number)
        .post("/kiosk/{hall}/check-in", Access::Public, number::draw::kiosk_check_in)
        .get("/halls/{hall}/door", Access::Public, number::draw::door)
        .post("/halls/{hall}/door/number", Access::Public, number::draw::door_number)
        .post("/halls/{hall}/door/check-in", Access::Public, number::draw::door_check_in)
        .get("/halls/{hall}/ticket", Access::Public, number::draw::remote)
        .post("/halls/{hall}/ticket/number", Access::Public, number::draw::remote_number)
        .get("/board/{hall}", Access::Public, number::board::board)
        .get("/staff/reception", Access::Needs(Action::QueueServe), reception::page)
        .post("/staff/reception/check-in", Access::Needs(Action::QueueServe), reception::check_in)
        .post("/staff/reception/number", Access::Needs(Action::QueueServe), reception::number)
        .post("/staff/reception/class", Access::Needs(Action::QueueServe), reception::class)
        .post("/staff/reception/materials", Access::Needs(Action::QueueServe), reception::materials)
        .get("/staff/tickets/{id}/print", Access::Needs(Action::QueueServe), reception::print)
        .get("/staff/tickets/{id}/missing", Access::Needs(Action::QueueServe), counter::missing)
        .get("/api/v1/services", Access::Public, api::services)
        .get("/api/v1/services/{item}/slots", Access::Public, api::slots)
        .post("/api/v1/appointments", Access::SignedIn, api::book)
        .post("/api/v1/appointments/find", Access::Public, api::visits::find)
        .get("/api/v1/appointments/{code}", Access::SignedIn, api::appointment)
        .post("/api/v1/appointments/{code}/change", Access::SignedIn, api::visits::change)
        .post("/api/v1/appointments/{code}/cancel", Access::SignedIn, api::visits::cancel)
        .post("/api/v1/holds", Access::Public, api::holds::keep)
        .post("/api/v1/holds/{id}/renew", Access::Public, api::holds::renew)
        .delete("/api/v1/holds/{id}", Access::Public, api::holds::release)
        .post("/api/v1/waiting", Access::SignedIn, api::visits::join)
        .get("/api/v1/waiting/{id}", Access::SignedIn, api::visits::entry)
        .post("/api/v1/waiting/{id}/accept", Access::SignedIn, api::visits::accept)
        .delete("/api/v1/waiting/{id}", Access::SignedIn, api::visits::leave)
        .get("/api/v1/tickets/{id}", Access::Public, api::day::ticket)
        .post("/api/v1/tickets/{id}/leave", Access::Public, api::mine::leave)
        .post("/api/v1/tickets/{id}/rating", Access::Public, api::mine::rate)
        .get("/api/v1/halls", Access::Public, api::mine::all_halls)
        .post("/api/v1/halls/{hall}/tickets", Access::Public, api::mine::draw_number)
        .post("/api/v1/halls/{hall}/check-in", Access::Public, api::mine::check_in)
        .post("/api/v1/halls/{hall}/kiosk/tickets", Access::Public, api::kiosk::draw_number)
        .post("/api/v1/halls/{hall}/kiosk/check-in", Access::Public, api::kiosk::check_in)
        .get("/api/v1/appointments", Access::SignedIn, api::mine::list)
        .get("/api/v1/appointments/{code}/proposal", Access::SignedIn, api::mine::proposed)
        .post("/api/v1/appointments/{code}/proposal", Access::SignedIn, api::mine::answer_proposal)
        .get("/api/v1/me/blocks", Access::SignedIn, api::mine::blocks)
        .post("/api/v1/me/blocks/{id}/appeal", Access::SignedIn, api::mine::appeal)
        .get("/api/v1/staff/counter", Access::Needs(Action::QueueServe), api::counter::windows)
        .get("/api/v1/staff/counter/{window}", Access::Needs(Action::QueueServe), api::counter::one)
        .post("/api/v1/staff/counter/{window}/open", Access::Needs(Action::QueueServe), api::counter::open)
        .post("/api/v1/staff/counter/{window}/close", Access::Needs(Action::QueueServe), api::counter::close)
        .post("/api/v1/staff/counter/{window}/call", Access::Needs(Action::QueueServe), api::counter::call)
        .post("/api/v1/staff/counter/{window}/steps", Access::Needs(Action::QueueServe), api::counter::step)
        .post("/api/v1/staff/counter/{window}/undo", Access::Needs(Action::QueueServe), api::counter::undo)
        .post("/api/v1/staff/counter/{window}/walk-in", Access::Needs(Action::QueueServe), api::counter::walk_in)
        .post("/api/v1/staff/counter/{window}/materials", Access::Needs(Action::QueueServe), api::desk::window_papers)
        .post("/api/v1/staff/reception/class", Access::Needs(Action::QueueServe), api::staff::set_class)
        .post("/api/v1/staff/reception/number", Access::Needs(Action::QueueServe), api::desk::number)
        .post("/api/v1/staff/reception/materials", Access::Needs(Action::QueueServe), api::desk::papers)
        .get("/api/v1/staff/tickets/{id}/missing", Access::Needs(Action::QueueServe), api::missing::list)
        .get("/api/v1/staff/ratings", Access::Needs(Action::HallManage), api::desk::ratings)
        .post("/api/v1/staff/ratings/{ticket}", Access::Needs(Action::HallManage), api::desk::answer_rating)
        .get("/api/v1/staff/blocks", Access::Needs(Action::HallManage), api::desk::blocks)
        .post("/api/v1/staff/blocks/{id}", Access::Needs(Action::HallManage), api::desk::decide_block)
        .get("/api/v1/staff/appointments", Access::Needs(Action::AppointmentRead), api::staff::bookings)
        .post("/api/v1/staff/appointments", Access::Needs(Action::AppointmentAssist), api::staff::book_for)
        .get("/api/v1/staff/appointments/slots", Access::Needs(Action::AppointmentAssist), api::staff::slots)
        .post("/api/v1/staff/check-in", Access::Needs(Action::AppointmentCheckIn), api::staff::check_in)
        .get("/api/v1/staff/halls/{hall}/today", Access::Needs(Action::StatisticsRead), api::staff::hall_today)
        .merge(settings())
        .get("/api/v1/staff/statistics/halls", Access::Needs(Action::StatisticsRead), api::figures::halls)
        .get("/api/v1/staff/statistics/halls.csv", Access::Needs(Action::StatisticsRead), api::figures::csv)
        .get("/api/v1/staff/statistics/halls.xlsx", Access::Needs(Action::StatisticsRead), api::figures::xlsx)
        .merge(managers::routes())
}

/// Settings through the API.
fn settings() -> Routes {
    use api::settings::{
        add_item, all_items, hall, hall_versions, item_versions, one_item, retire_item, set_hall, set_item, set_year,
        year_versions, years,
    };
    let manage = Access::Needs(Action::HallManage);
    let see_items = Access::Needs(Action::ItemRead);
    let edit_items = Access::Needs(Action::ItemManage);
    Routes::new()
        .get("/api/v1/staff/settings/halls/{hall}", manage, hall)
        .post("/api/v1/staff/settings/halls/{hall}", manage, set_hall)
        .get("/api/v1/staff/settings/halls/{hall}/versions", manage, hall_versions)
        .get("/api/v1/staff/settings/items", see_items, all_items)
        .post("/api/v1/staff/settings/items", edit_items, add_item)
        .get("/api/v1/staff/settings/items/{item}", see_items, one_item)
        .post("/api/v1/staff/settings/items/{item}", edit_items, set_item)
        .post("/api/v1/staff/settings/items/{item}/retire", edit_items, retire_item)
        .get("/api/v1/staff/settings/items/{item}/versions", see_items, item_versions)
        .get("/api/v1/staff/settings/calendar", see_items, years)
        .post("/api/v1/staff/settings/calendar", edit_items, set_year)
        .get("/api/v1/staff/settings/calendar/{year}/versions", see_items, year_versions)
}
