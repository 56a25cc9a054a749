//! `/services`: everything one can get done, by field of work, with a search.

use crate::{
    i18n::Words,
    ui::parts::*,
    windows::{Area, LifeEvent, MAX_QUERY, ServiceItem},
};
use leptos::prelude::*;

/// What the page shows.
pub struct ListProps {
    /// Words.
    pub w: Words,
    /// What was searched for; empty for all.
    pub query: String,
    /// The items that fit, best first for a search.
    pub items: Vec<ServiceItem>,
    /// The halls to choose from.
    pub halls: Vec<Way>,
    /// The life event chosen, if one was.
    pub life: Option<LifeEvent>,
    /// Code of the hall, when the address names it.
    pub hall: Option<String>,
    /// Today's hours of the chosen hall in words, with the wait.
    pub opening: Option<String>,
    /// Where a number can be drawn from afar now.
    pub remote: Option<String>,
}

/// The page.
pub fn list_page(props: ListProps) -> AnyView {
    let ListProps { w, query, items, halls, life, hall, opening, remote } = props;
    let carried = hall.as_ref().map(|hall| format!("?hall={hall}")).unwrap_or_default();
    let row = |item: &ServiceItem| {
        let title = w.pick(&item.title, &item.title_en).to_owned();
        let official = w.pick(&item.official_name, &item.official_name_en);
        let note = w.tf("windows-item-note", &[("official", official.into()), ("minutes", item.minutes.into())]);
        view! { <Item w=w href=format!("/services/{}{carried}", item.code) title=title note=note/> }
    };
    let body = if items.is_empty() {
        view! {
            <Empty icon_name="search" title=w.t("windows-nothing-found") text=w.t("windows-nothing-found-text")>
                <a class="button" href="/services">{w.t("windows-show-all")}</a>
            </Empty>
        }
        .into_any()
    } else if let Some(life) = life {
        let rows = items.iter().map(row).collect_view();
        view! { <Section title=w.t(life.key())><List>{rows}</List></Section> }.into_any()
    } else if query.is_empty() {
        Area::ALL
            .into_iter()
            .filter(|area| items.iter().any(|item| item.area == *area))
            .map(|area| {
                let rows = items.iter().filter(|item| item.area == area).map(row).collect_view();
                view! { <Section title=w.t(area.key())><List>{rows}</List></Section> }
            })
            .collect_view()
            .into_any()
    } else {
        let title = w.tf("windows-found", &[("count", items.len().into())]);
        let rows = items.iter().map(row).collect_view();
        view! { <Section title=title><List>{rows}</List></Section> }.into_any()
    };
    let hall_part = hall.as_ref().map(|hall| format!("&hall={hall}")).unwrap_or_default();
    let mut events: Vec<Way> = LifeEvent::ALL
        .into_iter()
        .map(|event| {
            let href = format!("/services?life={}{hall_part}", event.code());
            Way::new(href, w.t(event.key()), life == Some(event))
        })
        .collect();
    if life.is_some() {
        events.insert(0, Way::new(format!("/services{carried}"), w.t("windows-life-all"), false));
    }
    view! {
        <p class="lead">{w.t("windows-lead")}</p>
        <form class="search" role="search" action="/services">
            {hall.map(|hall| view! { <input type="hidden" name="hall" value=hall/> })}
            <input
                class="input"
                type="search"
                name="q"
                value=query
                maxlength=MAX_QUERY.to_string()
                placeholder=w.t("windows-search-hint")
                aria-label=w.t("windows-search")
            />
            <button class="button">{icon("search")}<span class="sr">{w.t("windows-search")}</span></button>
        </form>
        <div class="optional">
            <h2 class="chips-title">{w.t("windows-life")}</h2>
            <Chips label=w.t("windows-life") ways=events/>
        </div>
        {(halls.len() > 1).then(|| {
            let at = halls.iter().find(|way| way.current).map(|way| way.word.clone()).unwrap_or_default();
            view! {
                <details class="more hall-choice">
                    <summary>{w.tf("windows-at-hall", &[("hall", at.into())])}</summary>
                    <div class="more-body"><Chips label=w.t("windows-choose-hall") ways=halls/></div>
                </details>
            }
        })}
        {opening.map(|line| view! { <p class="muted">{line}</p> })}
        {remote.map(|href| view! { <p><a class="more-link" href=href>{w.t("home-remote")}</a></p> })}
        {body}
        <p><a class="more-link" href="/me/appointments">{w.t("windows-mine-title")}</a></p>
    }
    .into_any()
}
