//! From stored things to what pages show, and from addresses and forms to fields.

use crate::{
    http::{Ctx, Error},
    windows::{
        service::{DayOffer, DayState, TimeOffer, VisitItem},
        store::{Appointment, Hall},
    },
};
use app::{
    ui::parts::Way,
    windows::pages::{AppointmentView, DayView, HallWords, TimeView},
};
use axum::{extract::FromRequestParts, http::request::Parts};
use std::convert::Infallible;

/// The fields of an address or form, in order. Names come from the data, so no type lists them.
#[derive(Clone, Debug, Default)]
pub struct Fields(pub Vec<(String, String)>);

impl Fields {
    /// The first value of a field.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Fields {
    type Rejection = Infallible;

    /// The fields of the address.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Fields, Infallible> {
        let query = parts.uri.query().unwrap_or_default();
        Ok(Fields(url::form_urlencoded::parse(query.as_bytes()).into_owned().collect()))
    }
}

/// A segment of the path; one that is not text names nothing.
pub struct Segment(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Segment {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Segment, Error> {
        let path = axum::extract::Path::<String>::from_request_parts(parts, state).await;
        path.map(|axum::extract::Path(text)| Segment(text)).map_err(|_| Error::NotFound)
    }
}

/// A hall in the reader's words.
pub fn hall_words(ctx: &Ctx, hall: &Hall) -> HallWords {
    let pick = |zh: &str, en: &str| ctx.w.pick(zh, en).to_owned();
    HallWords {
        code: hall.code.clone(),
        name: pick(&hall.name, &hall.name_en),
        address: pick(&hall.address, &hall.address_en),
        map_note: pick(&hall.map_note, &hall.map_note_en),
        phone: hall.phone.clone(),
    }
}

/// Halls as ways to choose; `href` makes the address from a hall's code.
pub fn hall_ways(ctx: &Ctx, halls: &[Hall], chosen: Option<&Hall>, href: impl Fn(&str) -> String) -> Vec<Way> {
    halls
        .iter()
        .map(|hall| {
            let current = chosen.is_some_and(|chosen| chosen.id == hall.id);
            Way::new(href(&hall.code), ctx.w.pick(&hall.name, &hall.name_en), current)
        })
        .collect()
}

/// An appointment in the reader's words. Its items tell how many materials are needed; where they are not loaded, the
/// title of the first one and their number stand for them.
pub fn appointment_view(ctx: &Ctx, appointment: &Appointment, hall: &Hall, items: &[VisitItem]) -> AppointmentView {
    let w = ctx.w;
    let (mut needed, mut ready) = (0, 0);
    for item in items {
        let materials = item.stored.item.materials_for(&item.answers);
        needed += materials.len();
        ready += materials.iter().filter(|(material, _)| item.ticked.contains(&material.code)).count();
    }
    let first = w.pick(&appointment.title, &appointment.title_en).to_owned();
    let titles: Vec<&str> = items.iter().map(|one| w.pick(&one.stored.item.title, &one.stored.item.title_en)).collect();
    let title = match (titles.len(), appointment.item_count) {
        (2.., _) => titles.join(&w.t("windows-list-and")),
        (_, count @ 2..) => w.tf("booking-title-more", &[("title", first.into()), ("count", count.into())]),
        _ => first,
    };
    let officials: Vec<&str> =
        items.iter().map(|one| w.pick(&one.stored.item.official_name, &one.stored.item.official_name_en)).collect();
    let official = match officials.len() {
        2.. => officials.join(&w.t("windows-list-and")),
        _ => w.pick(&appointment.official_name, &appointment.official_name_en).to_owned(),
    };
    let for_whom = match appointment.for_name.as_str() {
        "" => String::new(),
        name => w.tf(
            "booking-relative",
            &[("name", name.to_owned().into()), ("relation", appointment.for_relation.clone().into())],
        ),
    };
    AppointmentView {
        code: appointment.code.clone(),
        title,
        official,
        state: appointment.state(),
        starts_at: appointment.starts(),
        ends_at: appointment.ends(),
        window: appointment.window_number,
        hall: w.pick(&hall.name, &hall.name_en).to_owned(),
        person: appointment.person_name.clone(),
        phone: appointment.phone_masked.clone(),
        materials: (needed, ready),
        for_whom,
        need: appointment.need.clone(),
        cancel_reason: appointment.cancel_reason.clone(),
    }
}

/// A time to choose.
pub fn time_view(time: &TimeOffer) -> TimeView {
    TimeView { slot: time.slot.to_string(), starts_at: time.starts_at, left: time.left }
}

/// A day to choose.
pub fn day_view(ctx: &Ctx, day: &DayOffer) -> DayView {
    DayView {
        date: day.date,
        closed: match &day.state {
            DayState::Open(_) => None,
            DayState::Closed(reason) => Some(reason.clone()),
        },
        times: day.times().iter().map(time_view).collect(),
        remark: day.remark.as_ref().map(|(zh, en)| ctx.w.pick(zh, en).to_owned()),
    }
}
