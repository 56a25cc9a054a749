//! Versions of settings.

use super::{hall_tabs, sentences};
use crate::{i18n::Words, ui::parts::*};
use leptos::prelude::*;

/// A version.
pub struct VersionView {
    /// Its number.
    pub version: i64,
    /// When, in words.
    pub when: String,
    /// Who; empty for the state before the first change.
    pub who: String,
    /// What changed.
    pub what: Vec<String>,
}

/// The versions of a hall's settings.
pub fn history_page(w: Words, hall: &str, name: String, versions: Vec<VersionView>) -> AnyView {
    let body = if versions.is_empty() {
        view! { <Empty icon_name="list" title=w.t("settings-no-history")/> }.into_any()
    } else {
        let newest = versions.first().map(|version| version.version);
        let rows = versions
            .into_iter()
            .map(|version| {
                let number = version.version;
                let title = w.tf("settings-version", &[("version", number.into())]);
                let who = if version.who.is_empty() { w.t("settings-version-first") } else { version.who };
                let restore = (Some(number) != newest).then(|| {
                    let href = format!("/staff/halls/{hall}?restore={number}");
                    view! { <a class="button small" href=href>{w.t("settings-restore")}<span class="sr">" "{title.clone()}</span></a> }
                });
                view! {
                    <li class="card">
                        <h2 class="card-title">{title.clone()}</h2>
                        <p class="meta"><span>{who}</span>" · "<span>{version.when}</span></p>
                        {sentences(version.what)}
                        {restore}
                    </li>
                }
            })
            .collect_view();
        view! { <ol class="stack versions">{rows}</ol> }.into_any()
    };
    view! {
        <p class="lead">{name}</p>
        {hall_tabs(w, hall, "/history")}
        {body}
    }
    .into_any()
}
