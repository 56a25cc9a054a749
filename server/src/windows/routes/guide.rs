//! `/services`, `/services/{item}`, `/services/{item}/times`: public reading.

use super::{
    booking::day_views,
    views::{Fields, Segment, hall_ways, hall_words, time_view},
};
use crate::{
    http::{
        Ctx, Page, Result, SameFor,
        page::{encode, login_address},
    },
    windows::{
        service,
        store::{Quota, items::StoredItem, measures},
    },
};
use app::{
    ui::shell::Tab,
    windows::{
        LifeEvent, MAX_ITEMS, MAX_QUERY, ServiceItem, SlotRef,
        pages::{
            GuideProps, ListProps, NotKept, TimesProps, Visit, WaitView, guide_page, list_page,
            managers::items::retired_page, times_page,
        },
        search,
    },
};
use axum::http::StatusCode;
use std::sync::Arc;

/// The list, with a search.
pub async fn list(ctx: Ctx, fields: Fields) -> Result {
    let named = fields.get("hall").filter(|hall| !hall.is_empty());
    let (all, halls, hall) = service::list(&ctx, named).await?;
    let query: String = fields.get("q").unwrap_or_default().trim().chars().take(MAX_QUERY).collect();
    let life = fields.get("life").and_then(LifeEvent::from_code).filter(|_| query.is_empty());
    let fits = |item: &&ServiceItem| life.is_none_or(|life| item.life_events.contains(&life));
    let found = search(all.iter().map(|stored| &*stored.item), &query).into_iter().filter(fits).cloned().collect();
    let carried = if query.is_empty() { String::new() } else { format!("&q={}", encode(&query)) };
    let now = match &hall {
        Some(hall) => Some(service::now_at(&ctx, hall).await?),
        None => None,
    };
    let (opening, remote) = now.map(|now| (now.opening, now.remote)).unzip();
    let props = ListProps {
        w: ctx.w,
        query,
        life,
        items: found,
        halls: hall_ways(&ctx, &halls, hall.as_ref(), |code| format!("/services?hall={code}{carried}")),
        hall: hall.as_ref().filter(|_| named.is_some()).map(|hall| hall.code.clone()),
        opening,
        remote: remote.flatten(),
    };
    let page = Page::new(&ctx, ctx.w.t("windows-title")).tab(Tab::Services);
    let page = page.description(ctx.w.t("places-home-description"));
    Ok(page.same_for(SameFor::Visitors).render(list_page(props)))
}

/// The hall and the items of a visit in the order of the address.
async fn visit_of(ctx: &Ctx, code: &str, fields: &Fields) -> Result<(service::Guide, Vec<StoredItem>)> {
    let guide = service::guide(ctx, code, fields.get("hall")).await?;
    let items = service::items_by_code(ctx, &fields.item_codes(code)).await?;
    Ok((guide, items))
}

fn titles_of(items: &[StoredItem]) -> Vec<Arc<ServiceItem>> {
    items.iter().map(|stored| stored.item.clone()).collect()
}

/// One item, and what is to be done in the same visit.
pub async fn item(ctx: Ctx, Segment(code): Segment, fields: Fields) -> Result {
    if let Some(title) = service::retired_title(&ctx, &code).await? {
        let page = Page::new(&ctx, ctx.w.t("windows-title")).tab(Tab::Services).back("/services");
        return Ok(page.status(StatusCode::GONE).render(retired_page(ctx.w, title)));
    }
    let (guide, items) = visit_of(&ctx, &code, &fields).await?;
    let visit = Visit::read(titles_of(&items), &fields.0);
    let query = visit.query();
    let item = &guide.stored.item;
    let title = ctx.w.pick(&item.title, &item.title_en).to_owned();
    let description = ctx.w.pick(&item.who, &item.who_en).to_owned();
    let here = format!("/services/{code}?hall={}{query}", guide.hall.code);
    let more = if items.len() < MAX_ITEMS {
        let sharing = service::sharing(&ctx, &guide.hall, &items).await?;
        sharing
            .into_iter()
            .map(|other| (format!("{here}&with={}", other.code), ctx.w.pick(&other.title, &other.title_en).to_owned()))
            .collect()
    } else {
        Vec::new()
    };
    let added = items.iter().skip(1).map(|stored| {
        let item = &stored.item;
        let without = visit.without(&item.code).query();
        let href = format!("/services/{code}?hall={}{without}", guide.hall.code);
        (href, ctx.w.pick(&item.title, &item.title_en).to_owned())
    });
    let measured = match items.as_slice() {
        [one] => measures::of(&ctx.app.db, &one.id, &guide.hall.id).await?.map(|measured| measured.minutes()),
        _ => None,
    };
    let now = service::now_at(&ctx, &guide.hall).await?;
    let props = GuideProps {
        w: ctx.w,
        measured,
        hall: hall_words(&ctx, &guide.hall),
        halls: hall_ways(&ctx, &guide.halls, Some(&guide.hall), |hall| format!("/services/{code}?hall={hall}{query}")),
        more,
        added: added.collect(),
        visit,
        opening: now.opening,
        remote: now.remote,
    };
    let page = Page::new(&ctx, title).tab(Tab::Services).back("/services").description(description);
    Ok(page.same_for(SameFor::Visitors).render(guide_page(props)))
}

/// Days, and the times of the chosen one.
pub async fn times(ctx: Ctx, Segment(code): Segment, fields: Fields) -> Result {
    times_page_of(&ctx, &code, &fields, None).await
}

/// The same after a choice that was not kept.
pub async fn times_again(ctx: &Ctx, code: &str, fields: &Fields, trouble: NotKept) -> Result {
    times_page_of(ctx, code, fields, Some(trouble)).await
}

async fn times_page_of(ctx: &Ctx, code: &str, fields: &Fields, trouble: Option<NotKept>) -> Result {
    let w = ctx.w;
    let slot = fields.get("slot").and_then(|slot| slot.parse::<SlotRef>().ok());
    let hall = fields.get("hall").map(str::to_owned).or_else(|| slot.as_ref().map(|slot| slot.hall.clone()));
    let guide = service::guide(ctx, code, hall.as_deref()).await?;
    let items = service::items_by_code(ctx, &fields.item_codes(code)).await?;
    let offers = service::offers(&ctx.app, &guide.hall, &items, Quota::Public, ctx.now).await?;
    let visit = Visit::read(titles_of(&items), &fields.0);
    let query = visit.query();
    let hall = &guide.hall;
    let base = format!("/services/{code}/times?hall={}{query}", hall.code);
    let date = fields.get("date").map(str::to_owned).or_else(|| slot.map(|slot| slot.at.date().to_string()));
    let (today, days, chosen) = day_views(ctx, &offers, date.as_deref());
    let list = (fields.get("view") == Some("list"))
        .then(|| offers.next_free(ctx.now, 12).iter().map(time_view).collect::<Vec<_>>());
    let back = match (&chosen, &list) {
        (None, None) => format!("/services/{code}?hall={}{query}", hall.code),
        _ => base.clone(),
    };
    let wait = chosen.as_ref().map(|day| {
        let here = format!("{base}&date={}", day.date);
        if ctx.actor.is_none() {
            return WaitView::SignIn(login_address(&here));
        }
        let mut sent = visit.fields(true);
        sent.push(("hall".to_owned(), hall.code.clone()));
        sent.push(("date".to_owned(), day.date.to_string()));
        WaitView::Join(format!("/services/{code}/wait"), sent)
    });
    let length = (items.len() > 1 || offers.slots > 1)
        .then(|| w.tf("booking-length", &[("minutes", visit.minutes().into()), ("slots", offers.slots.into())]));
    let status = if trouble.is_some() { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::OK };
    let props = TimesProps {
        w,
        lead: visit.titles(w),
        changing: None,
        length,
        hall: hall_words(ctx, hall),
        halls: hall_ways(ctx, &guide.halls, Some(hall), |hall| format!("/services/{code}/times?hall={hall}{query}")),
        today,
        days,
        chosen,
        list,
        base,
        action: format!("/services/{code}/hold"),
        fields: visit.fields(true),
        wait,
        trouble,
    };
    let page = Page::new(ctx, w.t("windows-times-title")).tab(Tab::Services).back(back);
    let page = page.description(w.t("places-home-description"));
    Ok(page.status(status).render(times_page(props)))
}
