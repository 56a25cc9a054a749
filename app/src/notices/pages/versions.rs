//! The versions of a notice, and what changed from one to the next.

use crate::{
    i18n::Words,
    notices::diff::{Difference, Piece},
    time,
    ui::parts::*,
};
use jiff::Timestamp;
use leptos::prelude::*;

/// A version in the table.
pub struct VersionRow {
    /// Its number in addresses.
    pub version: i64,
    /// Counted from the first that is kept, from 1.
    pub ordinal: usize,
    /// Who saved it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// It saved itself while somebody typed.
    pub auto: bool,
    /// It is the one whose changes are shown.
    pub chosen: bool,
}

/// What `/staff/notices/{id}/versions` shows.
pub struct Versions {
    /// Id of the notice.
    pub id: String,
    /// The newest first.
    pub rows: Vec<VersionRow>,
    /// The chosen one, counted from 1.
    pub chosen: usize,
    /// What it changed; `None` for the first one.
    pub changes: Option<Vec<Difference>>,
    /// The chosen version and the draft's current one, where the reader may go back to it.
    pub restore: Option<(i64, i64)>,
}

/// What changed, field by field. Removed and added words differ in colour, line and, read aloud, in a word.
pub fn differences(w: Words, changes: Vec<Difference>) -> AnyView {
    if changes.is_empty() {
        return view! { <p class="muted">{w.t("notice-no-difference")}</p> }.into_any();
    }
    let fields = changes
        .into_iter()
        .map(|change| {
            let pieces = change.pieces.into_iter().map(|piece| match piece {
                Piece::Same(text) => view! { <span>{text}</span> }.into_any(),
                Piece::Removed(text) => {
                    view! { <del><span class="sr">{w.t("notice-removed")}</span>{text}</del> }.into_any()
                }
                Piece::Added(text) => {
                    view! { <ins><span class="sr">{w.t("notice-added")}</span>{text}</ins> }.into_any()
                }
            });
            view! { <div><dt>{change.label}</dt><dd class="typed">{pieces.collect_view()}</dd></div> }
        })
        .collect_view();
    view! { <dl class="differences">{fields}</dl> }.into_any()
}

/// The versions, under the frame's heading.
pub fn versions(w: Words, now: Timestamp, page: Versions) -> impl IntoView {
    let Versions { id, rows, chosen, changes, restore } = page;
    let rows = rows
        .into_iter()
        .map(|row| {
            let name = w.tf("notice-version-number", &[("number", row.ordinal.into())]);
            let href = format!("/staff/notices/{id}/versions?version={}", row.version);
            let current = row.chosen.then_some("true");
            vec![
                Cell::new(view! { <a href=href aria-current=current>{name}</a> }),
                Cell::new(row.by),
                Cell::new(time::date_time(w.lang, row.at, now)),
                Cell::new(w.t(if row.auto { "notice-version-auto" } else { "notice-version-saved" })),
            ]
        })
        .collect::<Vec<_>>();
    let columns = ["notice-version", "notice-version-by", "notice-version-at", "notice-version-how"];
    let columns = columns.iter().map(|key| w.t(key)).collect();
    let nothing = rows.is_empty();
    let action = format!("/staff/notices/{id}/versions/restore");
    view! {
        {nothing.then(|| view! { <Empty icon_name="list" title=w.t("notice-versions-none") text=w.t("notice-versions-none-text")/> })}
        {(!nothing).then(|| view! {
            <Section title=w.tf("notice-version-changes", &[("number", chosen.into())])>
                {match changes {
                    Some(changes) => differences(w, changes),
                    None => view! { <p class="muted">{w.t("notice-version-first")}</p> }.into_any(),
                }}
                {restore.map(|(version, current)| view! {
                    <form method="post" action=action class="stack">
                        <input type="hidden" name="version" value=version.to_string()/>
                        <input type="hidden" name="current" value=current.to_string()/>
                        <p class="hint">{w.t("notice-version-restore-hint")}</p>
                        <Button label=w.t("notice-version-restore")/>
                    </form>
                })}
            </Section>
            <Table caption=w.t("notice-versions-caption") columns=columns rows=rows/>
        })}
    }
}
