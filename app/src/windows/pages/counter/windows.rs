//! `/staff/counter`: which window?

use crate::{i18n::Words, ui::parts::*};
use leptos::prelude::*;

/// A window to choose.
#[derive(Clone, Debug)]
pub struct WindowRow {
    /// Address: `hall-wutong.3`.
    pub address: String,
    /// Number on its sign.
    pub number: i64,
    /// Name.
    pub name: String,
    /// Who works there.
    pub clerk: Option<String>,
    /// How many wait for it.
    pub waiting: usize,
    /// The reader works there.
    pub mine: bool,
}

/// What the choice of a window shows.
pub struct WindowsProps {
    /// Words.
    pub w: Words,
    /// Halls to choose from.
    pub halls: Vec<Way>,
    /// The chosen hall's name and code; `None` when the reader has none.
    pub hall: Option<(String, String)>,
    /// Its windows.
    pub windows: Vec<WindowRow>,
}

/// `/staff/counter`: which window?
pub fn windows_page(props: WindowsProps) -> AnyView {
    let WindowsProps { w, halls, hall, windows } = props;
    let Some((name, code)) = hall else {
        return view! { <Empty icon_name="calendar" title=w.t("windows-no-hall") text=w.t("windows-no-hall-text")/> }
            .into_any();
    };
    let rows = windows
        .into_iter()
        .map(|window| {
            let title = w.tf("windows-window", &[("number", window.number.into())]);
            let state = match (&window.clerk, window.mine) {
                (_, true) => view! { <Badge tone=Tone::Ok word=w.t("queue-mine")/> }.into_any(),
                (Some(_), _) => view! { <Badge tone=Tone::Busy word=w.t("queue-staffed")/> }.into_any(),
                (None, _) => view! { <Badge tone=Tone::Neutral word=w.t("queue-unstaffed")/> }.into_any(),
            };
            let waiting = w.tf("queue-wait-count", &[("count", window.waiting.into())]);
            let note = match window.clerk {
                Some(clerk) => format!("{} · {clerk} · {waiting}", window.name),
                None => format!("{} · {waiting}", window.name),
            };
            view! {
                <li>
                    <a class="item" href=format!("/staff/counter/{}", window.address)>
                        <span class="item-main">
                            <span class="item-title">{title}</span>
                            <span class="item-note">{note}</span>
                        </span>
                        <span class="item-end">{state}</span>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <p class="lead">{name}</p>
        {(halls.len() > 1).then(|| view! { <Chips label=w.t("windows-choose-hall") ways=halls/> })}
        <Section title=w.t("queue-which-window")><ul class="list">{rows}</ul></Section>
        <Section title=w.t("queue-other-places")>
            <List>
                <Item w=w href=format!("/staff/reception?hall={code}") title=w.t("queue-reception")
                    note=w.t("queue-reception-note") icon_name="check"/>
                <Item w=w href=format!("/board/{code}") title=w.t("queue-board") note=w.t("queue-board-note")
                    icon_name="list"/>
                <Item w=w href=format!("/staff/ratings?hall={code}") title=w.t("queue-ratings-title")
                    note=w.t("queue-ratings-note") icon_name="success"/>
                <Item w=w href=format!("/kiosk/{code}") title=w.t("queue-kiosk") note=w.t("queue-kiosk-note")
                    icon_name="calendar"/>
            </List>
        </Section>
    }
    .into_any()
}
