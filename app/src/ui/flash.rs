//! Messages: what was just done, what to know while reading, what cannot wait.

use super::{badge::Tone, icon::icon};
use leptos::prelude::*;

/// What was just done, at the top of the page. The children, if any, undo it or lead on.
#[component]
pub fn Flash(
    /// How it went.
    #[prop(default = Tone::Ok)]
    tone: Tone,
    /// What was done, in a sentence.
    #[prop(into)]
    text: String,
    /// A form or link at its end.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="flash" data-tone=tone.attr() role="status">
            {icon(tone.icon())}
            <p>{text}</p>
            {children.map(|children| children())}
        </div>
    }
}

/// Something to know, standing in the text.
#[component]
pub fn Note(
    /// How serious it is.
    #[prop(default = Tone::Info)]
    tone: Tone,
    /// Paragraphs.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="note" data-tone=tone.attr()>
            {icon(tone.icon())}
            <div>{children()}</div>
        </div>
    }
}

/// An emergency that concerns the reader.
#[component]
pub fn Emergency(
    /// "Emergency notice", for screen readers.
    #[prop(into)]
    label: String,
    /// What happens.
    #[prop(into)]
    title: String,
    /// What to do, in a sentence.
    #[prop(default = None, into)]
    text: Option<String>,
    /// Where more is written.
    #[prop(into)]
    href: String,
    /// The link's words, when they are not the title itself.
    #[prop(default = None, into)]
    more: Option<String>,
) -> impl IntoView {
    let body = match more {
        Some(more) => view! {
            <strong>{title}</strong>
            {text.map(|text| view! { <p>{text}</p> })}
            <a href=href>{more}</a>
        }
        .into_any(),
        None => view! {
            <a href=href><strong>{title}</strong></a>
            {text.map(|text| view! { <p>{text}</p> })}
        }
        .into_any(),
    };
    view! {
        <section class="emergency" aria-label=label>
            {icon("emergency")}
            <div>{body}</div>
        </section>
    }
}

/// A box that exists only in demo deployments, plainly marked as such.
#[component]
pub fn DemoBox(
    /// "演示"
    #[prop(into)]
    mark: String,
    /// What it shows.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="demo-box">
            <span class="demo-mark">{mark}</span>
            " "
            {children()}
        </div>
    }
}
