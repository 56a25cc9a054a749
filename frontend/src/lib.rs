//! The WebAssembly entry. The islands themselves live in `app`; naming the crate keeps the linker from dropping them.

use app as _;
use wasm_bindgen::prelude::wasm_bindgen;

/// Called once by `boot.js` before it hydrates the page's islands.
#[wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
