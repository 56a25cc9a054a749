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

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    /// The texts of all Rust files under `folder`.
    fn sources(folder: &Path, into: &mut Vec<String>) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                sources(&path, into);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                into.extend(fs::read_to_string(&path));
            }
        }
    }

    #[test]
    fn every_icon_that_is_named_is_in_the_sprite() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let sprite = fs::read_to_string(root.join("../frontend/public/icons/sprite.svg")).unwrap_or_default();
        let mut texts = Vec::new();
        sources(&root.join("src"), &mut texts);
        for text in texts {
            for call in ["{icon(\"", "icon_name=\""] {
                for name in text.split(call).skip(1).filter_map(|rest| rest.split('"').next()) {
                    assert!(sprite.contains(&format!("id=\"i-{name}\"")), "the sprite has no icon {name}");
                }
            }
        }
    }
}
