//! The line of a hall as it is now: who is before whom, and how long it takes.

use crate::{
    app_state::App,
    windows::store::{
        Hall,
        tickets::{self, Desk, Ticket},
    },
};
use app::{
    time::day_of,
    windows::queue::{RANK_EARLY, TicketState, lapses_at, served_before_closing, wait_range},
};
use jiff::{Span, Timestamp};

/// Minutes for one person are measured over so many days.
const MEASURED_DAYS: i64 = 14;

/// The line of a hall.
pub struct Line {
    /// Who waits, the first first.
    pub waiting: Vec<Ticket>,
    /// Who is called, served, parked or passed; and numbers from afar that have not come.
    pub others: Vec<Ticket>,
    /// The windows, with who works there.
    pub desks: Vec<Desk>,
    /// Which window serves which item.
    served: Vec<(String, String)>,
    /// Measured minutes for one person.
    minutes: Option<f64>,
    /// When this was read.
    now: Timestamp,
    early_minutes: i64,
    /// When the hall is open today; read only while somebody has a number from afar.
    spans: Vec<(i64, i64)>,
    remote_minutes: i64,
}

/// Reads the line of today.
pub async fn line(app: &App, hall: &Hall, now: Timestamp) -> Result<Line, sqlx::Error> {
    use TicketState::{Called, Issued, Parked, Passed, Serving, Waiting};
    let today = day_of(now);
    let open = [Issued, Waiting, Called, Serving, Parked, Passed];
    let early_minutes = hall.limits().early_call_minutes;
    let all = tickets::of_day(app.db.read(), &hall.id, &today.to_string(), &open).await?;
    let (mut waiting, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|ticket| ticket.state() == Waiting);
    waiting.sort_by_cached_key(|ticket| (ticket.place_now(now, early_minutes), ticket.issued_at, ticket.id.clone()));
    let limits = hall.limits();
    let spans = if others.iter().any(|ticket| ticket.state() == Issued) {
        super::issue::open_spans(app, hall, now).await?
    } else {
        Vec::new()
    };
    let from = today.checked_sub(Span::new().days(MEASURED_DAYS)).unwrap_or(today).to_string();
    Ok(Line {
        waiting,
        others,
        desks: tickets::desks(app.db.read(), &hall.id).await?,
        served: tickets::served(&app.db, &hall.id).await?,
        minutes: tickets::measured_minutes(&app.db, &hall.id, &from).await?,
        now,
        early_minutes: limits.early_call_minutes,
        spans,
        remote_minutes: limits.remote_minutes,
    })
}

impl Line {
    /// Whether a window may call a ticket.
    pub fn may_call(&self, window_id: &str, ticket: &Ticket) -> bool {
        match &ticket.only_window_id {
            Some(only) => only == window_id,
            None => self.serves(window_id, &ticket.item_id),
        }
    }

    /// Whether a window serves an item.
    pub fn serves(&self, window_id: &str, item_id: &str) -> bool {
        self.served.iter().any(|(window, item)| window == window_id && item == item_id)
    }

    /// Who waits that this window may call, the first first.
    pub fn for_window<'a>(&'a self, window_id: &'a str) -> impl Iterator<Item = &'a Ticket> + 'a {
        self.waiting.iter().filter(move |ticket| self.may_call(window_id, ticket))
    }

    /// Staffed windows that may call a ticket.
    fn open_for<'a>(&'a self, ticket: &'a Ticket) -> impl Iterator<Item = &'a Desk> + 'a {
        self.desks.iter().filter(move |desk| desk.staff_id.is_some() && self.may_call(&desk.id, ticket))
    }

    /// How many people are before a waiting ticket: those earlier in line whom a window that may call this ticket may
    /// call as well (any window when none of them is staffed).
    pub fn ahead(&self, ticket: &Ticket) -> i64 {
        let mut windows: Vec<&str> = self.open_for(ticket).map(|desk| desk.id.as_str()).collect();
        if windows.is_empty() {
            windows =
                self.desks.iter().filter(|desk| self.may_call(&desk.id, ticket)).map(|desk| desk.id.as_str()).collect();
        }
        let before = self.waiting.iter().take_while(|other| other.id != ticket.id);
        let count = before.filter(|other| windows.iter().any(|window| self.may_call(window, other))).count();
        i64::try_from(count).unwrap_or(i64::MAX)
    }

    /// How long a ticket waits, in minutes; `None` when nobody serves or nothing was measured.
    pub fn wait(&self, ticket: &Ticket) -> Option<(i64, i64)> {
        let windows = i64::try_from(self.open_for(ticket).count()).unwrap_or(0);
        wait_range(self.ahead(ticket), windows, self.minutes?)
    }

    /// How long somebody who came now would wait at this hall, all windows taken together.
    pub fn wait_now(&self) -> Option<(i64, i64)> {
        let windows = self.desks.iter().filter(|desk| desk.staff_id.is_some()).count();
        let waiting = i64::try_from(self.waiting.len()).unwrap_or(i64::MAX);
        wait_range(waiting, i64::try_from(windows).unwrap_or(0), self.minutes?)
    }

    /// When a number from afar lapses unless its person checks in; `None` for any other ticket.
    pub fn lapses(&self, ticket: &Ticket) -> Option<Timestamp> {
        if ticket.state() != TicketState::Issued {
            return None;
        }
        Timestamp::from_microsecond(lapses_at(&self.spans, ticket.issued_at, self.remote_minutes)).ok()
    }

    /// Whether somebody who drew a number for an item from afar now would be served in the `left` minutes before the
    /// hall closes. Who has a number and is still on the way counts as before them.
    pub fn would_be_served(&self, item_id: &str, own_minutes: i64, left: i64) -> bool {
        let serves: Vec<&Desk> =
            self.desks.iter().filter(|desk| desk.closed == 0 && self.serves(&desk.id, item_id)).collect();
        let staffed: Vec<&Desk> = serves.iter().copied().filter(|desk| desk.staff_id.is_some()).collect();
        let windows = if staffed.is_empty() { serves } else { staffed };
        let on_the_way = self.others.iter().filter(|ticket| ticket.state() == TicketState::Issued);
        let before = self.waiting.iter().chain(on_the_way);
        let ahead = before.filter(|other| windows.iter().any(|desk| self.may_call(&desk.id, other))).count();
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        served_before_closing(count(ahead), count(windows.len()), self.minutes.unwrap_or(0.0), own_minutes, left)
    }

    /// Whether a booked person came too early to be called before others.
    pub fn is_early(&self, ticket: &Ticket) -> bool {
        ticket.place_now(self.now, self.early_minutes).rank == RANK_EARLY
    }
}
