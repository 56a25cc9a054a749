//! Checking in: bookings that turn into a number, and numbers from afar whose holder has come.

use super::{
    issue::{allowed, end_lapsed_in, open_spans},
    queue::{Extra, Mover, QueueError, step_in},
};
use crate::{
    clock,
    db::Tx,
    http::Error,
    people::inbox,
    windows::store::{
        Appointment, Hall, appointments,
        moves::{self, NewTicket},
        tickets::{self, Ticket},
    },
};
use app::{
    time::day_of,
    windows::{
        AppointmentState,
        queue::{Channel, PriorityClass, Step, TicketState, place},
    },
};

/// Turns a booking of today into a number; checking in twice is answered like once. `false` as the second value: it
/// was checked in before. [`QueueError::NotNow`]: it is not for today, cancelled or over.
pub async fn check_in_booking(
    mover: &Mover<'_>,
    hall: &Hall,
    appointment: &Appointment,
    class: PriorityClass,
) -> Result<(Ticket, bool), QueueError> {
    let db = &mover.app.db;
    let day = mover.day();
    if day_of(appointment.starts()).to_string() != day {
        return Err(QueueError::NotNow);
    }
    let booked = booked_items(db, &appointment.id).await?;
    let mut tx = db.begin().await?;
    moves::bump(&mut tx, &hall.id, &day).await?;
    if let Some(ticket) = tickets::of_appointment(&mut *tx, &appointment.id).await? {
        return Ok((ticket, false));
    }
    let by = mover.person.unwrap_or(&appointment.person_id);
    if !appointments::check_in(&mut tx, &appointment.id, by, mover.now).await? {
        return match appointment.state() {
            // Checked in before there were numbers: it gets one now.
            AppointmentState::CheckedIn => {
                let ticket = turn(&mut tx, mover, hall, appointment, &booked, class).await?;
                tx.commit().await?;
                Ok((ticket, false))
            }
            _ => Err(QueueError::NotNow),
        };
    }
    let ticket = turn(&mut tx, mover, hall, appointment, &booked, class).await?;
    let told = inbox::Message {
        person_id: &appointment.person_id,
        text_key: "inbox-appointment-checked-in",
        text_args: super::booking::inbox_words(
            (&appointment.title, &appointment.title_en),
            hall,
            appointment.starts(),
            mover.now,
        ),
        href: &format!("/appointments/{}", appointment.code),
        dedupe_key: &format!("appointment-checked-in:{}", appointment.id),
    };
    inbox::send(&mut tx, told, mover.now).await?;
    tx.commit().await?;
    Ok((ticket, true))
}

/// Items of a booking: id, letter, answers.
type Booked = Vec<(String, String, String)>;

async fn booked_items(db: &crate::db::Db, appointment_id: &str) -> Result<Booked, sqlx::Error> {
    let several: Booked = sqlx::query_as(
        "SELECT i.id, i.letter, x.answers FROM appointment_item x JOIN service_item i ON i.id = x.item_id \
         WHERE x.appointment_id = $1 ORDER BY x.position",
    )
    .bind(appointment_id)
    .fetch_all(db.read())
    .await?;
    if !several.is_empty() {
        return Ok(several);
    }
    sqlx::query_as(
        "SELECT i.id, i.letter, a.answers FROM appointment a JOIN service_item i ON i.id = a.item_id WHERE a.id = $1",
    )
    .bind(appointment_id)
    .fetch_all(db.read())
    .await
}

async fn turn(
    tx: &mut Tx,
    mover: &Mover<'_>,
    hall: &Hall,
    appointment: &Appointment,
    booked: &Booked,
    class: PriorityClass,
) -> Result<Ticket, QueueError> {
    let day = mover.day();
    let (_, letter, _) = booked.first().ok_or(Error::NotFound)?;
    let number = moves::next_number(tx, &hall.id, &day, letter).await?;
    let id = clock::new_id(mover.now);
    let class = allowed(hall, class);
    let now = mover.now.as_microsecond();
    let items: Vec<_> = booked.iter().map(|(id, _, answers)| (id.clone(), answers.clone())).collect();
    let (need,): (String,) =
        sqlx::query_as("SELECT need FROM appointment WHERE id = $1").bind(&appointment.id).fetch_one(&mut **tx).await?;
    let new = NewTicket {
        id: &id,
        hall_id: &hall.id,
        day: &day,
        number: (letter, number),
        appointment_id: Some(&appointment.id),
        person_id: Some(&appointment.person_id),
        device_hash: "",
        name: &appointment.person_name,
        channel: Channel::Booking.code(),
        class: class.code(),
        items: &items,
        need: &need,
        state: TicketState::Waiting,
        place: place(class, Some(appointment.starts_at), now, hall.limits().late_minutes),
        booked_for: Some(appointment.starts_at),
        key: None,
        staff_id: mover.person,
    };
    moves::insert(tx, &new, mover.now).await?;
    let detail = serde_json::json!({"hall": hall.code, "appointment": appointment.code});
    mover.audit(tx, "ticket.issue", &id, detail).await?;
    let entry = crate::audit::Entry {
        by: mover.person.map_or(crate::audit::By::Visitor, crate::audit::By::Person),
        action: "appointment.check_in",
        object_kind: "appointment",
        object_id: &appointment.id,
        detail: serde_json::json!({}),
        request_id: mover.request_id,
    };
    crate::audit::write(tx, entry, mover.now).await?;
    Ok(tickets::by_id(&mut **tx, &id).await?.ok_or(Error::NotFound)?)
}

/// Checks in a number that was drawn from afar, at the door. Twice is like once.
pub async fn check_in_ticket(mover: &Mover<'_>, hall: &Hall, ticket_id: &str) -> Result<Ticket, QueueError> {
    let day = mover.day();
    let spans = open_spans(mover.app, hall, mover.now).await?;
    let mut tx = mover.app.db.begin().await?;
    moves::bump(&mut tx, &hall.id, &day).await?;
    let ticket = tickets::by_id(&mut *tx, ticket_id).await?.filter(|ticket| ticket.hall_id == hall.id);
    let ticket = ticket.ok_or(Error::NotFound)?;
    if ticket.day != day {
        return Err(QueueError::NotNow);
    }
    if ticket.state() != TicketState::Issued {
        return if ticket.state().is_open() { Ok(ticket) } else { Err(QueueError::NotNow) };
    }
    if end_lapsed_in(&mut tx, mover, (hall, &spans), &ticket).await? {
        tx.commit().await?;
        return Err(QueueError::Lapsed);
    }
    step_in(&mut tx, mover, hall, &ticket, None, Step::CheckIn, &Extra::default(), None).await?;
    let ticket = tickets::by_id(&mut *tx, ticket_id).await?.ok_or(Error::NotFound)?;
    tx.commit().await?;
    Ok(ticket)
}
