//! Files that staff add to things: PDF, to be downloaded and never shown in a page.

use crate::{i18n::Words, ui::parts::*};
use leptos::prelude::*;

/// Most bytes of one.
pub const MAX_BYTES: usize = 10 * 1024 * 1024;
/// Longest name, in characters and without its ending.
pub const NAME_CHARS: usize = 80;

/// A file that something has.
#[derive(Clone, Debug)]
pub struct AttachedFile {
    /// Its number.
    pub number: i64,
    /// Its name.
    pub name: String,
    /// Its size, in bytes.
    pub bytes: i64,
    /// Where it is downloaded.
    pub href: String,
}

/// A size as people say it: 820 kB, 1.4 MB.
pub fn size(bytes: i64) -> String {
    let kilobytes = (bytes.max(0) + 999) / 1000;
    if kilobytes < 1000 {
        format!("{kilobytes} kB")
    } else {
        format!("{}.{} MB", kilobytes / 1000, kilobytes % 1000 / 100)
    }
}

/// Files as a list to download from; nothing when there are none.
pub fn downloads(w: Words, files: Vec<AttachedFile>) -> Option<AnyView> {
    if files.is_empty() {
        return None;
    }
    let files = files
        .into_iter()
        .map(|file| {
            let note = w.tf("ui-file-note", &[("size", size(file.bytes).into())]);
            view! { <Item w=w href=file.href title=file.name note=note icon_name="download"/> }
        })
        .collect_view();
    Some(view! { <List>{files}</List> }.into_any())
}

/// Where somebody chooses a PDF. `id`: of the control, whose name in the form is `file`.
pub fn pdf_field(id: String, label: String, hint: String, error: Option<String>) -> AnyView {
    let described = format!("{id}-hint{}", if error.is_some() { format!(" {id}-error") } else { String::new() });
    let (invalid, wrong) = (error.is_some().then_some(""), error.is_some().then_some("true"));
    let error = error.map(|text| view! { <p class="error" id=format!("{id}-error")>{text}</p> });
    view! {
        <div class="field" data-invalid=invalid>
            <label class="label" r#for=id.clone()>{label}</label>
            <p class="hint" id=format!("{id}-hint")>{hint}</p>
            {error}
            <input
                class="input"
                id=id
                name="file"
                type="file"
                accept="application/pdf"
                aria-describedby=described
                aria-invalid=wrong
                required
            />
        </div>
    }
    .into_any()
}
