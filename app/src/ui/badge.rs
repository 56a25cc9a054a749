//! Status in a word with a shape and a colour; plain labels; counts.

use leptos::prelude::*;

/// What a status means for the reader. The colour is never alone: each tone has its own shape.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing has happened yet: a hollow ring.
    #[default]
    Neutral,
    /// Known and on its way: a filled dot.
    Info,
    /// Somebody is at it: a half dot.
    Busy,
    /// Done: a check.
    Ok,
    /// Soon a problem, or paused: a triangle.
    Warn,
    /// A problem, refused or late: a square.
    Bad,
}

impl Tone {
    /// The value of `data-tone`; neutral has none.
    pub fn attr(self) -> Option<&'static str> {
        match self {
            Tone::Neutral => None,
            Tone::Info => Some("info"),
            Tone::Busy => Some("busy"),
            Tone::Ok => Some("ok"),
            Tone::Warn => Some("warn"),
            Tone::Bad => Some("bad"),
        }
    }

    /// The icon that goes with a message of this tone.
    pub fn icon(self) -> &'static str {
        match self {
            Tone::Neutral | Tone::Info | Tone::Busy => "info",
            Tone::Ok => "success",
            Tone::Warn => "warning",
            Tone::Bad => "error",
        }
    }
}

/// A status.
#[component]
pub fn Badge(
    /// What it means.
    #[prop(optional)]
    tone: Tone,
    /// The status in a word.
    #[prop(into)]
    word: String,
) -> impl IntoView {
    view! { <span class="badge" data-tone=tone.attr()>{word}</span> }
}

/// A plain label such as the kind of a notice.
#[component]
pub fn Tag(
    /// The label.
    #[prop(into)]
    word: String,
    /// Marks what is pinned on top.
    #[prop(optional)]
    pinned: bool,
) -> impl IntoView {
    view! { <span class=if pinned { "tag pinned" } else { "tag" }>{word}</span> }
}

/// A number on a navigation entry or tab; nothing when it is 0, "99+" above 99.
#[component]
pub fn Count(
    /// How many.
    count: i64,
    /// The whole meaning for a screen reader, e.g. "3 条未读"; the bare number is hidden from it.
    #[prop(into)]
    spoken: String,
) -> impl IntoView {
    (count > 0).then(|| {
        let shown = if count > 99 { "99+".to_owned() } else { count.to_string() };
        view! {
            <span class="count" aria-hidden="true">{shown}</span>
            <span class="sr">{spoken}</span>
        }
    })
}
