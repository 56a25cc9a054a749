//! The board.

use super::{LOOK_AGAIN, hall_of, live_address};
use crate::{
    http::{Ctx, Page, Result},
    notices::service as notices,
    windows::{
        routes::views::Segment,
        service,
        store::{tickets, tickets::Ticket},
    },
};
use app::{
    time::{date, day_of, time_of_day},
    ui::shell::Tab,
    windows::{
        pages::{BoardProps, CallRow, board_page},
        queue::{TicketState, mask_name},
    },
};

/// The board shows so many calls.
const CALLS: i64 = 6;
/// The board takes turns with so many notices…
const NOTICES: i64 = 6;
/// …each for so many seconds.
const NOTICE_SECONDS: u64 = 15;
/// The board names so many numbers for a window.
const NEXT: usize = 5;

/// The board.
pub async fn board(ctx: Ctx, Segment(hall): Segment) -> Result {
    let hall = hall_of(&ctx, &hall).await?;
    let w = ctx.w;
    let today = day_of(ctx.now);
    let line = service::line(&ctx.app, &hall, ctx.now).await?;
    let calls = tickets::last_calls(&ctx.app.db, &hall.id, &today.to_string(), CALLS).await?;
    let concerned = notices::Concerned { looks_at: &hall.path, ..notices::Concerned::default() };
    let emergency = notices::emergency_for(&ctx.app, w, concerned, ctx.now).await?;
    let notices = notices::newest_titles(&ctx.app, w, &hall.path, NOTICES, ctx.now).await?;
    // Another one with time, for a page that looks again by itself as for one that is reloaded; nothing moves.
    let turn = ctx.now.as_second().unsigned_abs() / NOTICE_SECONDS;
    let notice = notices.get(usize::try_from(turn).unwrap_or(0) % notices.len().max(1)).cloned();
    let windows = line
        .desks
        .iter()
        .filter(|desk| desk.staff_id.is_some())
        .map(|desk| {
            let sign = w.tf("windows-window", &[("number", desk.number.into())]);
            (sign, line.for_window(&desk.id).take(NEXT).map(Ticket::label).collect())
        })
        .collect();
    let props = BoardProps {
        w,
        hall: w.pick(&hall.name, &hall.name_en).to_owned(),
        clock: format!("{} {}", date(w.lang, today), time_of_day(ctx.now)),
        calls: calls
            .iter()
            .map(|ticket| CallRow {
                label: ticket.label(),
                name: mask_name(&ticket.name),
                window: ticket.window_number.unwrap_or_default(),
                fresh: ticket.state() == TicketState::Called,
                call: format!("{}.{}", ticket.label(), ticket.called_at.unwrap_or_default()),
                say: w.tf(
                    "queue-board-say",
                    &[("number", ticket.label().into()), ("window", ticket.window_number.unwrap_or_default().into())],
                ),
            })
            .collect(),
        windows,
        waiting: line.waiting.len(),
        notice: notice.map(|(kind, title)| (w.t(kind.key()), title)),
        emergency: emergency.map(|band| band.title),
        live: live_address(&hall),
    };
    // The band of the frame is for the reader's community; the board's own is the hall's, and inside the live part.
    let ctx = Ctx { emergency: None, ..ctx };
    Ok(Page::new(&ctx, String::new()).tab(Tab::Board).refresh(LOOK_AGAIN).render(board_page(props)))
}
