//! Versions of settings.

use super::sentences;
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

/// The versions of something. `tabs`: its other pages; `restore`: address of its form, to be followed by a version, for
/// those who may change it.
pub fn history_page(
    w: Words,
    (name, tabs): (String, AnyView),
    restore: Option<String>,
    versions: Vec<VersionView>,
) -> AnyView {
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
                let restore = restore.as_ref().filter(|_| Some(number) != newest).map(|restore| {
                    let href = format!("{restore}{number}");
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
        {tabs}
        {body}
    }
    .into_any()
}
