//! Going through a long list page by page.

use crate::i18n::Words;
use leptos::prelude::*;

/// Links to the page before and after. Nothing is shown for a single page.
#[component]
pub fn Pagination(
    /// Words.
    w: Words,
    /// This page, from 1.
    page: u32,
    /// The last page.
    pages: u32,
    /// The address of the page before; `None` on the first.
    #[prop(default = None, into)]
    previous: Option<String>,
    /// The address of the page after; `None` on the last.
    #[prop(default = None, into)]
    next: Option<String>,
) -> impl IntoView {
    (pages > 1).then(|| {
        view! {
            <nav class="pages" aria-label=w.t("ui-pages")>
                {previous.map(|href| view! { <a rel="prev" href=href>{w.t("ui-page-previous")}</a> })}
                <span>{w.tf("ui-page-of", &[("page", page.into()), ("pages", pages.into())])}</span>
                {next.map(|href| view! { <a rel="next" href=href>{w.t("ui-page-next")}</a> })}
            </nav>
        }
    })
}
