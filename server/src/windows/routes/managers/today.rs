//! `/staff/halls/{hall}/today`: a hall's day at a glance.

use super::super::views::Segment;
use crate::{
    http::{Ctx, Page, Result},
    windows::service::managers::today::{self, Today},
};
use app::{
    people::Action,
    time::time_of_day,
    ui::shell::Tab,
    windows::{
        pages::managers::today::{HourRow, TodayProps, WindowRow, today_page},
        queue::TicketState,
    },
};

/// Without JavaScript the page looks again after so many seconds.
const LOOK_AGAIN: u32 = 30;

/// The page.
pub async fn page(ctx: Ctx, Segment(code): Segment) -> Result {
    let day = today::today(&ctx, &code).await?;
    let w = ctx.w;
    let windows = windows(&ctx, &day);
    let manages = ctx.actor()?.may(Action::HallManage, &day.hall.path);
    let open = windows.iter().filter(|row| !row.staff.is_empty()).count();
    let bookings = day.bookings;
    let channel = |code: &str| match code {
        "desk" => w.t("today-channel-desk"),
        "kiosk" => w.t("today-channel-kiosk"),
        "door" => w.t("today-channel-door"),
        _ => w.t("today-channel-remote"),
    };
    let props = TodayProps {
        w,
        hall: day.hall.code.clone(),
        name: w.pick(&day.hall.name, &day.hall.name_en).to_owned(),
        live: format!("/api/v1/halls/{}/live", day.hall.code),
        manages,
        serves: ctx.actor()?.may(Action::QueueServe, &day.hall.path),
        hours: day.hours.clone(),
        at: time_of_day(ctx.now),
        open: (i64::try_from(open).unwrap_or(0), day.windows),
        waiting: i64::try_from(day.line.waiting.len()).unwrap_or(0),
        by_class: day.waiting.iter().map(|(class, count)| (w.t(class.key()), *count)).collect(),
        longest: day.longest.map(|wait| wait.as_mins().max(0)),
        wait: day.line.wait_now(),
        bookings: [
            ("today-booked", bookings.booked),
            ("today-came", bookings.came),
            ("today-late", bookings.late),
            ("today-overdue", bookings.overdue),
            ("today-no-show", bookings.no_show),
            ("today-cancelled", bookings.cancelled),
        ],
        ahead: day
            .ahead
            .iter()
            .map(|hour| HourRow { from: time_of_day(hour.from), expected: hour.expected, places: hour.places })
            .collect(),
        left: day.left,
        walk_ins: (day.walk_ins.0, day.walk_ins.1),
        channels: day.walk_ins.2.iter().map(|(code, count)| (channel(code), *count)).collect(),
        ratings: day.ratings,
        windows,
    };
    let back = if manages { "/staff/halls" } else { "/staff" };
    let page = Page::new(&ctx, w.t("today-title")).tab(Tab::StaffHalls).back(back).refresh(LOOK_AGAIN);
    Ok(page.render(today_page(props)))
}

fn windows(ctx: &Ctx, day: &Today) -> Vec<WindowRow> {
    let w = ctx.w;
    day.line
        .desks
        .iter()
        .filter(|desk| desk.closed == 0 || desk.staff_id.is_some())
        .map(|desk| WindowRow {
            number: desk.number,
            name: w.pick(&desk.name, &desk.name_en).to_owned(),
            staff: desk.staff_name.clone().unwrap_or_default(),
            now: day.at_window(&desk.id).map(|(number, state)| {
                let key = if state == TicketState::Called { "today-calls" } else { "today-serves" };
                w.tf(key, &[("number", number.into())])
            }),
            waiting: i64::try_from(day.line.for_window(&desk.id).count()).unwrap_or(0),
            served: day.served.get(&desk.id).copied().unwrap_or(0),
        })
        .collect()
}
