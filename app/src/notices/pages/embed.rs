//! Notices outside of our frame: the list for other pages, and the page that phones keep.

use super::{NoticeView, notice_body};
use crate::{i18n::Words, notices::NoticeRow, time, ui::parts::*};
use jiff::Timestamp;
use leptos::prelude::*;

/// A list for an `<iframe>`: no script, no form, links that open in place of the page around it.
pub struct EmbeddedList {
    /// Whose notices.
    pub title: String,
    /// The rows.
    pub rows: Vec<NoticeRow>,
    /// Where all of them are.
    pub all: String,
}

/// The whole document.
pub fn embedded_list(w: Words, list: EmbeddedList) -> AnyView {
    let none = list.rows.is_empty();
    let rows = list
        .rows
        .into_iter()
        .map(|row| {
            let mut note = vec![w.t(row.kind.key())];
            note.extend(row.place);
            note.push(time::date(w.lang, time::day_of(row.published_at)));
            let state = match (row.withdrawn, row.corrected) {
                (true, _) => Some(w.t("notice-is-withdrawn")),
                (false, true) => Some(w.t("notice-is-corrected")),
                (false, false) => row.pinned.then(|| w.t("notice-pinned")),
            };
            view! {
                <li data-kind=row.kind.code()>
                    <a href=format!("/notices/{}", row.id) target="_top">{row.title}</a>
                    " "
                    {state.map(|word| view! { <b>{word}</b> })}
                    <small>{note.join(" · ")}</small>
                </li>
            }
        })
        .collect_view();
    view! {
        <!DOCTYPE html>
        <html lang=w.lang.tag()>
            <head>
                <meta charset="utf-8"/>
                <title>{list.title.clone()}</title>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="robots" content="noindex"/>
                <link rel="stylesheet" href="/embed.css"/>
            </head>
            <body>
                <main>
                    <h1>{list.title}</h1>
                    {none.then(|| view! { <p>{w.t("embed-none")}</p> })}
                    <ul>{rows}</ul>
                    <p><a href=list.all target="_top">{w.t("embed-more")}</a></p>
                </main>
            </body>
        </html>
    }
    .into_any()
}

/// A notice on the page that phones keep.
pub struct KeptNotice {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// What its own page shows.
    pub view: NoticeView,
}

/// The latest notices on one page, each with its whole text: what a phone keeps for when there is no signal.
pub fn kept_notices(w: Words, now: Timestamp, notices: Vec<KeptNotice>) -> impl IntoView {
    if notices.is_empty() {
        return view! { <p>{w.t("kept-none")}</p> }.into_any();
    }
    let count = notices.len();
    let contents = notices
        .iter()
        .map(|one| view! { <li><a href=format!("#n-{}", one.id)>{one.title.clone()}</a></li> })
        .collect_view();
    let all = notices
        .into_iter()
        .map(|one| {
            view! {
                <section class="kept" id=format!("n-{}", one.id) tabindex="-1" aria-label=one.title.clone()>
                    <h2>{one.title.clone()}</h2>
                    {notice_body(w, now, one.view)}
                    <p><a class="small" href="#contents">{w.t("kept-top")}</a></p>
                </section>
            }
        })
        .collect_view();
    view! {
        <p class="lead">{w.tf("kept-lead", &[("count", count.into())])}</p>
        <Section title=w.t("kept-contents")><ul class="bullets" id="contents">{contents}</ul></Section>
        {all}
    }
    .into_any()
}
