//! What happened to a thing, newest first.

use super::badge::Tone;
use leptos::prelude::*;

/// One entry.
pub struct Event {
    /// What the entry means.
    pub tone: Tone,
    /// The instant for machines, RFC 3339.
    pub at: String,
    /// The instant for people.
    pub when: String,
    /// What happened, in a few words.
    pub title: String,
    /// Who and why.
    pub note: Option<String>,
    /// Photos or whatever else belongs to it.
    pub more: Option<AnyView>,
}

/// The entries, newest first.
#[component]
pub fn Timeline(
    /// Newest first.
    events: Vec<Event>,
) -> impl IntoView {
    let events = events
        .into_iter()
        .map(|event| {
            view! {
                <li class="event" data-tone=event.tone.attr()>
                    <time class="event-time" datetime=event.at>{event.when}</time>
                    <p class="event-title">{event.title}</p>
                    {event.note.map(|note| view! { <p class="event-note">{note}</p> })}
                    {event.more}
                </li>
            }
        })
        .collect_view();
    view! { <ol class="timeline">{events}</ol> }
}
