//! What happened at the halls: numbers of the past two weeks with their waits, services and ratings, so that waits and
//! figures have something to be measured from; and, when a hall is open while the demo loads, a line of today.

use super::bookings::Dice;
use crate::{
    app_state::App,
    clock,
    db::Tx,
    windows::store::{
        Hall, ServiceWindow, halls, items,
        items::StoredItem,
        moves::{self, Change, NewTicket},
        ratings, tickets,
    },
};
use app::{
    time::{at_time, day_of},
    windows::{
        DayHours,
        queue::{PriorityClass, TicketState, place},
    },
};
use jiff::{SignedDuration, Span, Timestamp};
use std::collections::BTreeMap;

/// So many days back numbers were drawn.
const DAYS: i64 = 14;
/// So many people came without a booking each day.
const WALK_INS: usize = 5;

/// A booking that was checked in: id, person, name, item, window, begin, check-in.
type Booking = (String, String, String, String, String, i64, i64);

/// Somebody who came.
struct Visit {
    booking: Option<(String, i64)>,
    person: Option<(String, String)>,
    item: usize,
    window: usize,
    came: Timestamp,
}

/// Where and with whom.
struct Scene<'a> {
    hall: &'a Hall,
    windows: &'a [ServiceWindow],
    staff: &'a [String],
    items: &'a [StoredItem],
    now: Timestamp,
}

/// Loads them; the bookings are there already.
pub(super) async fn load(app: &App) -> anyhow::Result<()> {
    let now = app.clock.now();
    let today = day_of(now);
    let all = items::all(&app.db).await?;
    let mut dice = Dice(7);
    for hall in halls::all(&app.db).await? {
        let mut windows: Vec<ServiceWindow> = Vec::new();
        let mut walk_ins = Vec::new();
        for (index, stored) in all.iter().enumerate() {
            for window in halls::windows(app.db.read(), &hall.id, &[stored.id.as_str()]).await? {
                let at = windows.iter().position(|known| known.id == window.id).unwrap_or(windows.len());
                if at == windows.len() {
                    windows.push(window);
                }
                walk_ins.push((index, at));
            }
        }
        let staff =
            crate::people::store::with_role_around(&app.db, app::people::Role::CommunityStaff, &hall.path).await?;
        let staff: Vec<String> = staff.into_iter().map(|person| person.id).collect();
        let rules = halls::rules(app.db.read(), &hall.id, today.checked_sub(Span::new().days(DAYS))?).await?;
        let scene = Scene { hall: &hall, windows: &windows, staff: &staff, items: &all, now };
        let bookings: Vec<Booking> = sqlx::query_as(
            "SELECT a.id, a.person_id, p.name, a.item_id, a.window_id, a.starts_at, a.checked_in_at FROM appointment a \
             JOIN person p ON p.id = a.person_id WHERE a.hall_id = $1 AND a.state = 'checked_in' \
             AND a.checked_in_at IS NOT NULL ORDER BY a.checked_in_at, a.id",
        )
        .bind(&hall.id)
        .fetch_all(app.db.read())
        .await?;
        let mut tx = app.db.begin().await?;
        for back in (0..=DAYS).rev() {
            let date = today.checked_sub(Span::new().days(back))?;
            let DayHours::Open(hours) = rules.day(date, &app.calendar) else { continue };
            let (Some(first), Some(last)) = (hours.first(), hours.last()) else { continue };
            let (opens, closes) = (at_time(date, first.from), at_time(date, last.to));
            let mut visits: Vec<Visit> = bookings
                .iter()
                .filter(|one| on(one.5).is_some_and(|at| day_of(at) == date))
                .filter_map(|one| scene.booked(one))
                .collect();
            for _ in 0..WALK_INS {
                let Some((item, window)) = walk_ins.get(dice.below(walk_ins.len())).copied() else { break };
                let span = hours[dice.below(hours.len())];
                let came = at_time(date, span.from) + SignedDuration::from_mins(i64::try_from(dice.below(120))?);
                visits.push(Visit { booking: None, person: None, item, window, came });
            }
            let open_now =
                back == 0 && hours.iter().any(|span| at_time(date, span.from) <= now && now < at_time(date, span.to));
            if open_now {
                for minutes in [21, 13, 8, 5, 3, 1] {
                    let Some((item, window)) = walk_ins.get(dice.below(walk_ins.len())).copied() else { break };
                    visits.push(Visit {
                        booking: None,
                        person: None,
                        item,
                        window,
                        came: now - SignedDuration::from_mins(minutes),
                    });
                }
            }
            visits.retain(|visit| visit.came <= now);
            visits.sort_by_key(|visit| visit.came);
            if opens <= now {
                scene.sessions(&mut tx, opens, (!open_now).then_some(closes)).await?;
            }
            scene.day(&mut tx, &mut dice, &date.to_string(), opens, visits).await?;
        }
        tx.commit().await?;
    }
    Ok(())
}

fn on(microseconds: i64) -> Option<Timestamp> {
    Timestamp::from_microsecond(microseconds).ok()
}

impl Scene<'_> {
    fn booked(&self, one: &Booking) -> Option<Visit> {
        let (id, person, name, item, window, starts, came) = one;
        Some(Visit {
            booking: Some((id.clone(), *starts)),
            person: Some((person.clone(), name.clone())),
            item: self.items.iter().position(|stored| stored.id == *item)?,
            window: self.windows.iter().position(|known| known.id == *window)?,
            came: on(*came)?,
        })
    }

    /// Who works at a window; people share the windows of a hall that has more windows than people.
    fn clerk(&self, window: usize) -> Option<&str> {
        self.staff.get(window % self.staff.len().max(1)).map(String::as_str)
    }

    async fn sessions(&self, tx: &mut Tx, opens: Timestamp, closes: Option<Timestamp>) -> anyhow::Result<()> {
        for (index, window) in self.windows.iter().enumerate() {
            let Some(clerk) = self.clerk(index) else { continue };
            // Now nobody is at two windows at once.
            if closes.is_none() && index >= self.staff.len() {
                continue;
            }
            moves::open_window(tx, &window.id, clerk, opens).await?;
            if let Some(closes) = closes {
                moves::close_window(tx, &window.id, closes.min(self.now)).await?;
            }
        }
        Ok(())
    }

    async fn day(
        &self,
        tx: &mut Tx,
        dice: &mut Dice,
        day: &str,
        opens: Timestamp,
        visits: Vec<Visit>,
    ) -> anyhow::Result<()> {
        let mut free: BTreeMap<usize, Timestamp> = BTreeMap::new();
        for visit in visits {
            let id = self.issue(tx, day, &visit).await?;
            let from = free.get(&visit.window).copied().unwrap_or(opens).max(visit.came + SignedDuration::from_mins(1));
            let wait = SignedDuration::from_secs(i64::try_from(20 + dice.below(60))?);
            let served = SignedDuration::from_mins(i64::try_from(5 + dice.below(11))?);
            let (called, started) = (from, from + wait);
            let ended = started + served;
            if called > self.now {
                continue;
            }
            let passed = visit.booking.is_none() && dice.percent(5);
            if passed && ended <= self.now {
                self.step(tx, &id, visit.window, TicketState::Called, called).await?;
                self.step(tx, &id, visit.window, TicketState::NoShow, started).await?;
                free.insert(visit.window, started);
                continue;
            }
            self.step(tx, &id, visit.window, TicketState::Called, called).await?;
            free.insert(visit.window, ended);
            if started > self.now {
                continue;
            }
            self.step(tx, &id, visit.window, TicketState::Serving, started).await?;
            if ended > self.now {
                continue;
            }
            self.step(tx, &id, visit.window, TicketState::Done, ended).await?;
            if let Some((booking, _)) = &visit.booking {
                moves::set_appointment(tx, booking, "done", ended).await?;
            }
            self.rate(tx, dice, &id, visit.window, ended).await?;
        }
        Ok(())
    }

    async fn issue(&self, tx: &mut Tx, day: &str, visit: &Visit) -> anyhow::Result<String> {
        let stored = &self.items[visit.item];
        moves::bump(tx, &self.hall.id, day).await?;
        let number = moves::next_number(tx, &self.hall.id, day, &stored.item.letter).await?;
        let id = clock::new_id(visit.came);
        let booked_for = visit.booking.as_ref().map(|(_, starts)| *starts);
        let late = self.hall.limits().late_minutes;
        let new = NewTicket {
            id: &id,
            hall_id: &self.hall.id,
            day,
            number: (&stored.item.letter, number),
            appointment_id: visit.booking.as_ref().map(|(booking, _)| booking.as_str()),
            person_id: visit.person.as_ref().map(|(person, _)| person.as_str()),
            device_hash: "",
            name: visit.person.as_ref().map_or("", |(_, name)| name.as_str()),
            channel: if visit.booking.is_some() { "booking" } else { "kiosk" },
            class: PriorityClass::Ordinary.code(),
            items: &[(stored.id.clone(), "{}".to_owned())],
            need: "",
            state: TicketState::Waiting,
            place: place(PriorityClass::Ordinary, booked_for, visit.came.as_microsecond(), late),
            booked_for,
            key: None,
            staff_id: None,
        };
        moves::insert(tx, &new, visit.came).await?;
        Ok(id)
    }

    async fn step(
        &self,
        tx: &mut Tx,
        id: &str,
        window: usize,
        state: TicketState,
        at: Timestamp,
    ) -> anyhow::Result<()> {
        let Some(ticket) = tickets::by_id(&mut **tx, id).await? else { return Ok(()) };
        let window_id = self.windows[window].id.as_str();
        let calls = if state == TicketState::Called {
            (1, Some(at.as_microsecond()))
        } else {
            (ticket.calls, ticket.called_at)
        };
        let change = Change {
            state,
            item_id: &ticket.item_id,
            window_id: Some(window_id),
            only_window_id: None,
            place: app::windows::queue::Place { rank: ticket.rank, order_at: ticket.order_at },
            calls: calls.0,
            called_at: calls.1,
            result: if state == TicketState::Done { "done" } else { "" },
            note: "",
        };
        let at = moves::chain(tx, &ticket, (state, &ticket.item_id, Some(window_id)), self.clerk(window), at).await?;
        moves::change(tx, &ticket, &change, (!state.is_open()).then_some(at)).await?;
        Ok(())
    }

    async fn rate(
        &self,
        tx: &mut Tx,
        dice: &mut Dice,
        id: &str,
        window: usize,
        ended: Timestamp,
    ) -> anyhow::Result<()> {
        let at = ended + SignedDuration::from_mins(8);
        if !dice.percent(55) || at > self.now {
            return Ok(());
        }
        let (stars, reason) = match dice.below(40) {
            0 => (1, "等了快一个小时，叫号屏又没声音"),
            1 => (2, "少一份复印件，又跑了一趟"),
            2..=4 => (3, ""),
            5..=13 => (4, "挺快的"),
            14..=18 => (5, "窗口的同志讲得很清楚，谢谢"),
            _ => (5, ""),
        };
        ratings::insert(tx, (id, &self.hall.id), (stars, reason), at).await?;
        let answered = at + SignedDuration::from_hours(20);
        if let Some(clerk) = self.clerk(window).filter(|_| stars < 3 && answered < self.now) {
            let text = "对不起，让您多等了。我们已经调整了窗口，也请您下次先看办事指南里的材料单。";
            ratings::answer(tx, id, text, clerk, answered).await?;
        }
        Ok(())
    }
}
