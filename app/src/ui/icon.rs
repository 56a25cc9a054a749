//! Line icons from the one sprite, `frontend/public/icons/sprite.svg`.

use leptos::prelude::*;

/// The icon `i-{name}` of the sprite. It is decoration: a word stands beside it, or in a `<span class="sr">`.
pub fn icon(name: &str) -> AnyView {
    view! {
        <svg class="icon" aria-hidden="true">
            <use href=format!("/icons/sprite.svg#i-{name}")></use>
        </svg>
    }
    .into_any()
}
