//! Reminders: the day before a visit and two hours before, each once, with one tap for "I can't come".

use super::{booking::inbox_words, ticket::LINK};
use crate::{
    app_state::App,
    deliver::outbox::{self, Urgency},
    people::inbox,
    windows::store::{
        Hall,
        appointments::{self, Soon},
        halls,
    },
};
use jiff::{SignedDuration, Timestamp};

/// The first reminder: up to so long before the visit. Somebody who booked or changed it within
/// [`FRESH_DAY`] knows it still.
const DAY: SignedDuration = SignedDuration::from_hours(24);
const FRESH_DAY: SignedDuration = SignedDuration::from_hours(3);
/// The second one.
const HOURS: SignedDuration = SignedDuration::from_hours(2);
const FRESH_HOURS: SignedDuration = SignedDuration::from_hours(1);
/// Later than so long before the visit nobody is reminded any more: they are on their way.
const LAST: SignedDuration = SignedDuration::from_mins(15);

/// Which reminder is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reminder {
    Day,
    Hours,
}

/// Which reminder a visit at `starts_at`, booked or changed at `since`, needs at `now`. Running this at any times gives
/// at most one of each kind, because the messages' keys name visit, time and kind.
fn due(starts_at: Timestamp, since: Timestamp, now: Timestamp) -> Option<Reminder> {
    let left = starts_at.duration_since(now);
    let known = now.duration_since(since);
    if left <= LAST || left > DAY {
        None
    } else if left <= HOURS {
        (known >= FRESH_HOURS).then_some(Reminder::Hours)
    } else {
        (known >= FRESH_DAY).then_some(Reminder::Day)
    }
}

/// Reminds everybody whose visit is near. Each message is written in a transaction of its own; running again changes
/// nothing.
pub async fn remind(app: &App) -> anyhow::Result<()> {
    let now = app.clock.now();
    let halls = halls::all(&app.db).await?;
    for visit in appointments::soon(&app.db, (now + LAST, now + DAY)).await? {
        let Some(hall) = halls.iter().find(|hall| hall.id == visit.hall_id) else { continue };
        if let Some(reminder) = due(visit.starts(), visit.since(), now) {
            tell(app, hall, &visit, reminder, now).await?;
        }
    }
    Ok(())
}

async fn tell(app: &App, hall: &Hall, visit: &Soon, reminder: Reminder, now: Timestamp) -> anyhow::Result<()> {
    let (text_key, kind) = match reminder {
        Reminder::Day => ("inbox-appointment-tomorrow", "day"),
        Reminder::Hours => ("inbox-appointment-soon", "hours"),
    };
    let key = format!("appointment-reminder:{}:{}:{kind}", visit.id, visit.starts_at);
    let page = format!("/appointments/{}", visit.code);
    let message = inbox::Message {
        person_id: &visit.person_id,
        text_key,
        text_args: inbox_words((&visit.title, &visit.title_en), hall, visit.starts(), now),
        // One tap away: "I can't come".
        href: &format!("{page}/reminder"),
        dedupe_key: &key,
    };
    let link = format!("{page}/reminder?t={}", app.secrets.link_token(LINK, &visit.code));
    let mut tx = app.db.begin().await?;
    outbox::reach(&mut tx, app, message, &link, Urgency::Now, now).await?;
    tx.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: f64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_secs_f64(1_000_000.0 + hours * 3600.0)
    }

    #[test]
    fn one_the_day_before_one_two_hours_before_and_none_for_what_was_just_booked() {
        let booked = at(-100.0);
        for (now, expected) in [
            (-25.0, None),
            (-24.0, Some(Reminder::Day)),
            (-3.0, Some(Reminder::Day)),
            (-2.0, Some(Reminder::Hours)),
            (-0.3, Some(Reminder::Hours)),
            (-0.2, None),
            (1.0, None),
        ] {
            assert_eq!(due(at(0.0), booked, at(now)), expected, "{now}");
        }
        assert_eq!(due(at(0.0), at(-21.0), at(-20.0)), None, "booked an hour ago");
        assert_eq!(due(at(0.0), at(-1.8), at(-1.5)), None, "booked minutes ago");
    }
}
