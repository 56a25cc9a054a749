//! Writing bookings down whose places are taken.

use super::{super::ticket, ChosenItem, TimeOffer, places};
use crate::{
    app_state::App,
    audit, clock,
    db::Tx,
    deliver::outbox::{self, Urgency},
    people::inbox,
    windows::store::{ForWhom, Hall, NewAppointment, NewVisitItem, Quota, appointments, items::StoredItem},
};
use app::{i18n::Lang, time::date_time};
use jiff::Timestamp;

/// What is written down of the chosen items: only materials that an item has.
pub(in crate::windows::service) fn visit_items(stored: &[StoredItem], chosen: &[ChosenItem]) -> Vec<NewVisitItem> {
    let of = |stored: &StoredItem| {
        let chosen = chosen.iter().find(|chosen| chosen.code == stored.item.code).cloned().unwrap_or_default();
        let known = |code: &String| stored.item.materials.iter().any(|material| material.code == *code);
        let mut materials: Vec<String> = chosen.materials.into_iter().filter(known).collect();
        materials.sort();
        materials.dedup();
        NewVisitItem { item_id: stored.id.clone(), materials, answers: chosen.answers }
    };
    stored.iter().map(of).collect()
}

/// A booking whose places are taken, to be written down.
pub(in crate::windows::service) struct Booking<'a> {
    /// Whose.
    pub person_id: &'a str,
    /// Staff who book for the person.
    pub booked_by: Option<&'a str>,
    /// Where.
    pub hall: &'a Hall,
    /// For what, as offered.
    pub stored: &'a [StoredItem],
    /// The same with what was ticked and answered.
    pub items: &'a [NewVisitItem],
    /// When.
    pub time: &'a TimeOffer,
    /// The places.
    pub places: &'a places::Places,
    /// Of which quota they are.
    pub quota: Quota,
    /// For whom, and what is needed.
    pub for_whom: &'a ForWhom,
    /// Idempotency key.
    pub key: &'a str,
    /// The request, and the token that it acts with.
    pub request: (&'a str, Option<&'a str>),
}

/// Writes bookings with their audit entries and the messages about them; gives their codes in the same order.
pub(in crate::windows::service) async fn write(
    tx: &mut Tx,
    app: &App,
    bookings: &[Booking<'_>],
    now: Timestamp,
) -> anyhow::Result<Vec<String>> {
    let ids: Vec<String> = bookings.iter().map(|_| clock::new_id(now)).collect();
    let new = bookings.iter().zip(&ids).map(|(booking, id)| NewAppointment {
        id,
        person_id: booking.person_id,
        items: booking.items,
        hall_id: &booking.hall.id,
        window_id: &booking.places.window.id,
        slot_ids: &booking.places.slot_ids,
        span: (booking.time.starts_at, booking.time.ends_at),
        for_whom: booking.for_whom,
        quota: booking.quota,
        booked_by: booking.booked_by,
        key: booking.key,
    });
    let new: Vec<NewAppointment<'_>> = new.collect();
    let codes = appointments::insert(tx, &new, now).await?;
    let entries = bookings.iter().zip(&ids).map(|(booking, id)| {
        let items: Vec<&str> = booking.stored.iter().map(|stored| stored.item.code.as_str()).collect();
        let (request_id, token) = booking.request;
        let entry = audit::Entry {
            by: audit::By::Person(booking.booked_by.unwrap_or(booking.person_id)),
            action: if booking.booked_by.is_some() { "appointment.assist" } else { "appointment.book" },
            object_kind: "appointment",
            object_id: id,
            detail: serde_json::json!({
                "items": items, "hall": booking.hall.code, "window": booking.places.window.number,
            }),
            request_id,
        };
        (entry, token.map(str::to_owned))
    });
    audit::write_each(tx, entries.collect(), now).await?;
    let named: Vec<(String, String)> = (codes.iter().zip(&ids))
        .map(|(code, id)| (format!("/appointments/{code}"), format!("appointment-booked:{id}")))
        .collect();
    let mut told = Vec::with_capacity(bookings.len());
    for ((booking, code), (href, dedupe_key)) in bookings.iter().zip(&codes).zip(&named) {
        let message = inbox::Message {
            person_id: booking.person_id,
            text_key: "inbox-appointment-booked",
            text_args: inbox_words(titles(booking.stored), booking.hall, booking.time.starts_at, now),
            href,
            dedupe_key,
        };
        if booking.booked_by.is_some() {
            // They were not there: tell them outside as well.
            let link = format!("{href}?t={}", app.secrets.link_token(ticket::LINK, code));
            outbox::reach(tx, app, message, &link, Urgency::Now, now).await?;
        } else {
            told.push(message);
        }
    }
    inbox::send_each(tx, &told, now).await?;
    Ok(codes)
}

/// Titles of a visit's items in Chinese and English.
pub(in crate::windows::service) fn titles(stored: &[StoredItem]) -> (String, String) {
    let zh: Vec<&str> = stored.iter().map(|stored| stored.item.title.as_str()).collect();
    let en: Vec<&str> = stored.iter().map(|stored| Lang::En.pick(&stored.item.title, &stored.item.title_en)).collect();
    (zh.join("、"), en.join(", "))
}

/// Arguments of the inbox texts about an appointment, in both languages.
pub(in crate::windows::service) fn inbox_words(
    (title, title_en): (impl AsRef<str>, impl AsRef<str>),
    hall: &Hall,
    starts_at: Timestamp,
    now: Timestamp,
) -> serde_json::Value {
    let (title, title_en) = (title.as_ref(), title_en.as_ref());
    serde_json::json!({
        "item": title,
        "item_en": Lang::En.pick(title, title_en),
        "when": date_time(Lang::Zh, starts_at, now),
        "when_en": date_time(Lang::En, starts_at, now),
        "hall": hall.name,
        "hall_en": Lang::En.pick(&hall.name, &hall.name_en),
    })
}
