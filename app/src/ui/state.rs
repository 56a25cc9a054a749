//! What stands where there is nothing to show: nothing yet, not yet loaded, not possible.

use super::icon::icon;
use leptos::prelude::*;

/// Nothing here yet, and what to do next.
#[component]
pub fn Empty(
    /// An icon of what would be here.
    icon_name: &'static str,
    /// What there is none of.
    #[prop(into)]
    title: String,
    /// What to do next, in a sentence.
    #[prop(default = None, into)]
    text: Option<String>,
    /// The one action.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            {icon(icon_name)}
            <h2>{title}</h2>
            {text.map(|text| view! { <p>{text}</p> })}
            {children.map(|children| children())}
        </div>
    }
}

/// Something is on its way. Quiet shapes that breathe, and stand still for readers who want no motion.
#[component]
pub fn Loading(
    /// "Loading", for screen readers.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    view! {
        <div class="loading" role="status">
            <span class="sr">{label}</span>
            <div class="bone"></div>
            <div class="bone short"></div>
            <div class="bone tall"></div>
        </div>
    }
}

/// Something failed: what happened, what to do, the number to quote.
#[component]
pub fn Trouble(
    /// What happened. Left out where the page's own heading says it.
    #[prop(default = None, into)]
    title: Option<String>,
    /// What to do.
    #[prop(into)]
    text: String,
    /// The number that finds the log line, as a sentence.
    #[prop(default = None, into)]
    reference: Option<String>,
    /// Ways on.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="trouble">
            {icon("error")}
            {title.map(|title| view! { <h2>{title}</h2> })}
            <p>{text}</p>
            {children.map(|children| view! { <div class="buttons">{children()}</div> })}
            {reference.map(|reference| view! { <p class="ref">{reference}</p> })}
        </div>
    }
}
