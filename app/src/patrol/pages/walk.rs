//! A patrol for whoever walks it: today's plans, and one of them point by point.

use crate::{i18n::Words, patrol::plan::MAX_NOTE, ui::parts::*};
use leptos::prelude::*;

/// A plan of today.
pub struct TodayRow {
    /// Where it leads.
    pub href: String,
    /// Name.
    pub name: String,
    /// Grid, and how far it is.
    pub note: String,
    /// It was ended.
    pub done: bool,
}

/// Today's plans in the reader's grids.
pub fn today(w: Words, rows: Vec<TodayRow>) -> AnyView {
    let none = rows.is_empty();
    let rows = rows
        .into_iter()
        .map(|row| {
            let done = row.done.then(|| view! { <Badge tone=Tone::Ok word=w.t("patrol-done")/> });
            view! { <Item w=w href=row.href title=row.name note=row.note icon_name="pin">{done}</Item> }
        })
        .collect_view();
    view! {
        <p class="lead">{w.t("patrol-today-lead")}</p>
        {if none {
            view! { <Empty icon_name="pin" title=w.t("patrol-today-none") text=w.t("patrol-today-none-text")/> }.into_any()
        } else {
            view! { <List>{rows}</List> }.into_any()
        }}
        <p><LinkButton href="/volunteer/collect" label=w.t("patrol-collect")/></p>
    }
    .into_any()
}

/// A point of a walk.
pub struct WalkPoint {
    /// Its number, from 0.
    pub position: i64,
    /// The place.
    pub place: String,
    /// What to look at.
    pub look_at: String,
    /// `fine`, `found`, or empty.
    pub state: String,
    /// Reports that were filed from here: code, and address where the reader filed it.
    pub reports: Vec<(String, Option<String>)>,
    /// Where one is filed from here.
    pub collect: String,
}

/// A walk.
pub struct WalkPage {
    /// Words.
    pub w: Words,
    /// Address of the plan.
    pub here: String,
    /// Grid.
    pub grid: String,
    /// Where to look.
    pub points: Vec<WalkPoint>,
    /// It is walked today.
    pub due: bool,
    /// What was written down.
    pub note: String,
    /// It was ended.
    pub done: bool,
    /// What is wrong with the note.
    pub error: Option<String>,
}

/// The page of a walk.
pub fn walk(page: WalkPage) -> AnyView {
    let WalkPage { w, here, grid, points, due, note, done, error } = page;
    let looked = points.iter().filter(|point| !point.state.is_empty()).count();
    let all = points.len();
    let so_far = w.tf("patrol-so-far", &[("looked", looked.into()), ("all", all.into())]);
    let (look, end) = (format!("{here}/look"), format!("{here}/done"));
    let points = points
        .into_iter()
        .map(|point| {
            let badge = match point.state.as_str() {
                "fine" => Some((Tone::Ok, "patrol-fine")),
                "found" => Some((Tone::Warn, "patrol-found-here")),
                _ => None,
            };
            let badge = badge.map(|(tone, key)| view! { <Badge tone=tone word=w.t(key)/> });
            let buttons = (due && !done).then(|| {
                view! {
                    <form class="cluster" method="post" action=look.clone()>
                        <input type="hidden" name="position" value=point.position/>
                        <Button label=w.t("patrol-fine") sends=("state", "fine".to_owned())/>
                        <Button label=w.t("patrol-found-do") sends=("state", "found".to_owned())/>
                    </form>
                }
            });
            let filed = !point.reports.is_empty();
            let reports = point
                .reports
                .into_iter()
                .map(|(code, href)| match href {
                    Some(href) => view! { <li><a href=href>{code}</a></li> }.into_any(),
                    None => view! { <li>{code}</li> }.into_any(),
                })
                .collect_view();
            let report = (due && !done && point.state == "found").then(|| {
                let label = w.t(if filed { "patrol-report-more" } else { "patrol-report-here" });
                view! { <p><LinkButton href=point.collect label=label/></p> }
            });
            view! {
                <li class="card stack" id=format!("p{}", point.position)>
                    <h2>{point.place} " " {badge}</h2>
                    <p>{point.look_at}</p>
                    {filed.then(|| view! {
                        <div class="cluster"><span class="muted">{w.t("patrol-reported")}</span><ul class="cluster">{reports}</ul></div>
                    })}
                    {report}
                    {buttons}
                </li>
            }
        })
        .collect_view();
    view! {
        <p class="meta">{grid} " · " {so_far}</p>
        {(!due).then(|| view! { <Note><p>{w.t("patrol-not-today")}</p></Note> })}
        <ol class="patrol-walk">{points}</ol>
        {if done {
            view! {
                <Note><p>{w.t("patrol-done-text")}</p>{(!note.is_empty()).then(|| view! { <p>{note.clone()}</p> })}</Note>
            }
            .into_any()
        } else if due {
            view! {
                <form class="stack" method="post" action=end>
                    <TextArea
                        w=w
                        name="note"
                        label=w.t("patrol-note")
                        value=note
                        optional=true
                        error=error
                        maxlength=u32::try_from(MAX_NOTE).unwrap_or(300)
                        rows=2
                    />
                    <ActionBar>
                        <Button label=w.t("patrol-done-do") weight=Weight::Primary/>
                        <LinkButton href="/volunteer/collect" label=w.t("patrol-collect")/>
                    </ActionBar>
                </form>
            }
            .into_any()
        } else {
            ().into_any()
        }}
    }
    .into_any()
}
