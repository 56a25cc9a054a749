//! Islands of booking. They have no props: the page's markup works without them, and in the browser they take hold of
//! it by its attributes.

use leptos::prelude::*;

#[cfg(feature = "hydrate")]
mod browser;

/// Lets the clock of `.hold-box[data-hold]` run, and gives the time up when the page is left for anything but a form or
/// the door.
#[island]
pub fn HoldClock() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    browser::start();
}
