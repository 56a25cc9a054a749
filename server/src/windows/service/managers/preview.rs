//! What a change would do: the coming two weeks before and after it, and the bookings it hits.

use crate::{
    http::Result,
    windows::store::{
        Hall,
        settings::{self as store, Booking},
    },
};
use app::{
    time::{HolidayCalendar, day_of},
    windows::{
        DayHours,
        settings::{HallSettings, Hit, Proposal, Standing, Taken, hits, proposals},
    },
};
use jiff::{Timestamp, civil::Date};
use std::collections::{BTreeMap, BTreeSet};

/// What becomes of a booking that a change hits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It stands although the rules say otherwise.
    Keep,
    /// Another time is offered and kept until the resident answers.
    Propose,
    /// It is moved, and the resident is told.
    Move,
    /// It is cancelled with a message.
    Cancel,
}

impl Decision {
    /// All of them.
    pub const ALL: [Decision; 4] = [Decision::Keep, Decision::Propose, Decision::Move, Decision::Cancel];

    /// As forms send it.
    pub fn code(self) -> &'static str {
        match self {
            Decision::Keep => "keep",
            Decision::Propose => "propose",
            Decision::Move => "move",
            Decision::Cancel => "cancel",
        }
    }

    /// The decision with this code.
    pub fn from_code(code: &str) -> Option<Decision> {
        Decision::ALL.into_iter().find(|decision| decision.code() == code)
    }
}

/// A booking that the change hits, with what was decided.
#[derive(Clone, Debug)]
pub struct HitRow {
    /// The booking.
    pub booking: Booking,
    /// Why it is hit.
    pub hit: Hit,
    /// Free times that could be proposed.
    pub proposals: Vec<Proposal>,
    /// What was decided; `None`: as for all.
    pub decision: Option<Decision>,
    /// The chosen time, as its form sends it.
    pub to: String,
    /// Words for this person; empty: as for all.
    pub say: String,
    /// What is wrong with the decision: a catalogue key.
    pub error: Option<&'static str>,
    /// It was not on the page that was sent.
    pub fresh: bool,
}

/// A day of the preview.
#[derive(Clone, Debug)]
pub struct DayRow {
    /// The day.
    pub date: Date,
    /// Open hours before and after.
    pub hours: (DayHours, DayHours),
    /// Places for booking before and after.
    pub places: (i64, i64),
}

/// The decisions of a form.
#[derive(Clone, Debug, Default)]
pub struct Decisions {
    /// By booking's code: decision, time, words.
    pub single: BTreeMap<String, (Option<Decision>, String, String)>,
    /// For all others.
    pub default: Option<Decision>,
    /// Words for all.
    pub message: String,
    /// Codes of the bookings that the page showed.
    pub seen: BTreeSet<String>,
}

/// Longest words to people, in characters.
pub const MAX_MESSAGE: usize = 300;

/// Words to people as they are kept, whole: without the room around them, line ends as one character.
pub fn words_to_people(text: &str) -> String {
    text.trim().replace("\r\n", "\n").replace('\0', "")
}

/// Whether such words are longer than [`MAX_MESSAGE`]: then nothing is saved, and nothing cut.
pub fn is_too_long(words: &str) -> bool {
    words.chars().count() > MAX_MESSAGE
}

impl Decisions {
    /// Reads the fields of the preview's form.
    pub fn from_fields(fields: &[(String, String)]) -> Decisions {
        let mut decisions = Decisions::default();
        for (name, value) in fields {
            if name == "message" {
                decisions.message = words_to_people(value);
            } else if name == "default" {
                decisions.default = Decision::from_code(value);
            } else if name == "seen" {
                decisions.seen.insert(value.clone());
            } else if let Some((part, code)) = name.split_once('.') {
                let entry = decisions.single.entry(code.to_owned()).or_default();
                match part {
                    "decide" => entry.0 = Decision::from_code(value),
                    "to" => value.chars().take(40).collect::<String>().clone_into(&mut entry.1),
                    "say" => entry.2 = words_to_people(value),
                    _ => {}
                }
            }
        }
        decisions
    }

    /// Whether words to somebody whose booking is hit are too long, those for all or those for one.
    pub fn are_too_long<'a>(&self, rows: impl IntoIterator<Item = &'a HitRow>) -> bool {
        rows.into_iter().any(|row| is_too_long(&row.say) || is_too_long(&self.message))
    }
}

/// The preview's days: the coming two weeks.
pub fn days(
    (old, old_calendar): (&HallSettings, &HolidayCalendar),
    (new, new_calendar): (&HallSettings, &HolidayCalendar),
    now: Timestamp,
) -> Vec<DayRow> {
    let (before, after) = (old.rules(), new.rules());
    let today = day_of(now);
    today
        .series(jiff::Span::new().days(1))
        .take(15)
        .map(|date| DayRow {
            date,
            hours: (before.day(date, old_calendar), after.day(date, new_calendar)),
            places: (old.places(date, old_calendar), new.places(date, new_calendar)),
        })
        .collect()
}

/// Bookings as the rules judge them.
pub fn as_standing(bookings: &[Booking], items: &[(String, String)]) -> Vec<Standing> {
    let mut by_id: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (id, code) in items {
        by_id.entry(id).or_default().push(code.clone());
    }
    let at = |micros| Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH);
    bookings
        .iter()
        .map(|booking| Standing {
            code: booking.code.clone(),
            window_id: booking.window_id.clone(),
            from: at(booking.starts_at),
            to: at(booking.ends_at),
            items: by_id.get(booking.id.as_str()).cloned().unwrap_or_default(),
            assisted: booking.quota == "assisted",
            made_at: booking.created_at,
            needs: None,
        })
        .collect()
}

/// What is taken, as the rules read it.
pub fn as_taken(rows: Vec<(String, i64, i64, i64, i64)>) -> Vec<Taken> {
    let at = |micros| Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH);
    rows.into_iter()
        .flat_map(|(window_id, from, to, public, assisted)| {
            [(public, false), (assisted, true)].map(|(places, assisted)| Taken {
                window_id: window_id.clone(),
                assisted,
                from: at(from),
                to: at(to),
                places,
            })
        })
        .collect()
}

/// How many times are proposed for a booking.
const PROPOSALS: usize = 4;

/// The bookings that a change hits, each with free times. The first time of each is not another's first.
pub fn hit_rows(
    found: BTreeMap<String, Hit>,
    (bookings, standing): (&[Booking], &[Standing]),
    (settings, calendar): (&HallSettings, &HolidayCalendar),
    mut taken: Vec<Taken>,
    now: Timestamp,
) -> Vec<HitRow> {
    let mut rows = Vec::new();
    for (booking, stands) in bookings.iter().zip(standing) {
        let Some(hit) = found.get(&booking.code) else { continue };
        let times = proposals(settings, calendar, &taken, stands, (now, PROPOSALS));
        if let Some(first) = times.first() {
            for (from, to) in &first.slots {
                // One more is taken there now; on top of what the slot has already.
                let same = |t: &&mut Taken| {
                    t.window_id == first.window_id && t.assisted == stands.assisted && t.from == *from && t.to == *to
                };
                match taken.iter_mut().find(same) {
                    Some(taken) => taken.places += 1,
                    None => taken.push(Taken {
                        window_id: first.window_id.clone(),
                        assisted: stands.assisted,
                        from: *from,
                        to: *to,
                        places: 1,
                    }),
                }
            }
        }
        rows.push(HitRow {
            to: times.first().map(Proposal::value).unwrap_or_default(),
            booking: booking.clone(),
            hit: hit.clone(),
            proposals: times,
            decision: None,
            say: String::new(),
            error: None,
            fresh: false,
        });
    }
    rows
}

/// Puts what was decided into the rows, and marks those that the page did not show.
pub fn decide(rows: &mut [HitRow], decisions: &Decisions, confirming: bool) {
    for row in rows {
        row.fresh = confirming && !decisions.seen.contains(&row.booking.code);
        if let Some((decision, to, say)) = decisions.single.get(&row.booking.code) {
            row.decision = *decision;
            row.say.clone_from(say);
            if !to.is_empty() {
                row.to.clone_from(to);
            }
        }
    }
}

/// The bookings of a hall that a change hits, read outside a transaction.
pub async fn look(
    pool: &crate::db::Reader,
    hall: &Hall,
    (old, old_calendar): (&HallSettings, &HolidayCalendar),
    (new, new_calendar): (&HallSettings, &HolidayCalendar),
    now: Timestamp,
) -> Result<Vec<HitRow>> {
    let bookings = store::standing(pool, &hall.id, now).await?;
    let items = store::items_of(pool, &hall.id, now).await?;
    let standing = as_standing(&bookings, &items);
    let found = hits((old, old_calendar), (new, new_calendar), &standing);
    let taken = as_taken(store::taken(pool, &hall.id, now).await?);
    Ok(hit_rows(found, (&bookings, &standing), (new, new_calendar), taken, now))
}
