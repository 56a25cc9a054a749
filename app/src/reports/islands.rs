//! Islands of the report form. They have no view and no props of their own: the page's markup works without them, and
//! in the browser they take hold of it by its attributes. That keeps what travels to the phone small.

use leptos::prelude::*;

#[cfg(feature = "hydrate")]
mod browser;

/// Better photos for `.photos[data-max]`: what is chosen is shrunk and sent at once, with progress, another try, order
/// and removal; the form then names what the server has instead of sending files.
#[island]
pub fn PhotoPicker() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    browser::photos::start();
}

/// Asks the phone where it is, for `.position`, and puts the answer into the form.
#[island]
pub fn PositionButton() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    browser::position::start();
}
