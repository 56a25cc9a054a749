//! `/services`, `/services/{item}`, `/services/{item}/times`: public reading.

use super::views::{Fields, Segment, day_view, hall_ways, hall_words};
use crate::{
    http::{Ctx, Page, Result, page::encode},
    windows::service,
};
use app::{
    time::day_of,
    ui::shell::Tab,
    windows::{
        LifeEvent, MAX_QUERY, ServiceItem,
        pages::{GuideProps, ListProps, TimesProps, guide_page, list_page, times_page},
        search,
    },
};
use jiff::civil::Date;

/// The list, with a search.
pub async fn list(ctx: Ctx, fields: Fields) -> Result {
    let named = fields.get("hall").filter(|hall| !hall.is_empty());
    let (all, halls, hall) = service::list(&ctx, named).await?;
    let query: String = fields.get("q").unwrap_or_default().trim().chars().take(MAX_QUERY).collect();
    let life = fields.get("life").and_then(LifeEvent::from_code).filter(|_| query.is_empty());
    let fits = |item: &&ServiceItem| life.is_none_or(|life| item.life_events.contains(&life));
    let found = search(all.iter().map(|stored| &stored.item), &query).into_iter().filter(fits).cloned().collect();
    let carried = if query.is_empty() { String::new() } else { format!("&q={}", encode(&query)) };
    let props = ListProps {
        w: ctx.w,
        query,
        life,
        items: found,
        halls: hall_ways(&ctx, &halls, hall.as_ref(), |code| format!("/services?hall={code}{carried}")),
        hall: hall.as_ref().filter(|_| named.is_some()).map(|hall| hall.code.clone()),
        opening: match &hall {
            Some(hall) => Some(service::hours_today(&ctx, hall).await?),
            None => None,
        },
    };
    Ok(Page::new(&ctx, ctx.w.t("windows-title")).tab(Tab::Services).render(list_page(props)))
}

/// One item.
pub async fn item(ctx: Ctx, Segment(code): Segment, fields: Fields) -> Result {
    let guide = service::guide(&ctx, &code, fields.get("hall")).await?;
    let item = guide.stored.item;
    let carried = fields.carried(&item);
    let query = carried.query(&item);
    let title = ctx.w.pick(&item.title, &item.title_en).to_owned();
    let description = ctx.w.pick(&item.who, &item.who_en).to_owned();
    let props = GuideProps {
        w: ctx.w,
        hall: hall_words(&ctx, &guide.hall),
        halls: hall_ways(&ctx, &guide.halls, Some(&guide.hall), |hall| {
            format!("/services/{}?hall={hall}{query}", item.code)
        }),
        item,
        carried,
    };
    let page = Page::new(&ctx, title).tab(Tab::Services).back("/services").description(description);
    Ok(page.render(guide_page(props)))
}

/// Days, and the times of the chosen one.
pub async fn times(ctx: Ctx, Segment(code): Segment, fields: Fields) -> Result {
    let guide = service::guide(&ctx, &code, fields.get("hall")).await?;
    let offers = service::offers(&ctx.app, &guide.hall, &guide.stored.id, ctx.now).await?;
    let item = guide.stored.item;
    let carried = fields.carried(&item);
    let query = carried.query(&item);
    // A date that is none, or outside the booking window, is as if none had been chosen.
    let chosen = fields.get("date").and_then(|date| date.parse::<Date>().ok()).and_then(|date| offers.day(date));
    let back = match chosen {
        Some(_) => format!("/services/{}/times?hall={}{query}", item.code, guide.hall.code),
        None => format!("/services/{}?hall={}{query}", item.code, guide.hall.code),
    };
    let props = TimesProps {
        w: ctx.w,
        hall: hall_words(&ctx, &guide.hall),
        halls: hall_ways(&ctx, &guide.halls, Some(&guide.hall), |hall| {
            format!("/services/{}/times?hall={hall}{query}", item.code)
        }),
        today: day_of(ctx.now),
        days: offers.days.iter().map(|day| day_view(&ctx, day)).collect(),
        chosen: chosen.map(|day| day_view(&ctx, day)),
        item,
        carried,
    };
    let page = Page::new(&ctx, ctx.w.t("windows-times-title")).tab(Tab::Services).back(back);
    Ok(page.render(times_page(props)))
}
