//! `/staff/reports/{code}/photos/{id}`: black out parts of a photo before the public sees it.

use crate::{i18n::Words, ui::parts::*};
use leptos::prelude::*;

/// Rectangles that the form offers at a time.
const ROWS: usize = 4;

/// What the page shows.
pub struct RedactPage {
    /// Words.
    pub w: Words,
    /// Where the form goes.
    pub action: String,
    /// Id of the photo.
    pub photo: String,
    /// Its width and height, in pixels.
    pub size: (i64, i64),
    /// Parts are blacked out already.
    pub redacted: bool,
    /// The public sees it.
    pub released: bool,
    /// What was typed: x, y, width and height of each rectangle.
    pub typed: Vec<[String; 4]>,
    /// What is wrong.
    pub error: Option<String>,
}

/// The page.
pub fn redact_page(page: RedactPage) -> AnyView {
    let RedactPage { w, action, photo, size, redacted, released, mut typed, error } = page;
    typed.resize(ROWS.max(typed.len()), Default::default());
    let rows = typed
        .into_iter()
        .enumerate()
        .map(|(n, row)| {
            let fields = ["x", "y", "width", "height"]
                .into_iter()
                .zip(row)
                .map(|(name, value)| {
                    let id = format!("{name}-{n}");
                    let label = w.t(match name {
                        "x" => "reports-more-redact-x",
                        "y" => "reports-more-redact-y",
                        "width" => "reports-more-redact-width",
                        _ => "reports-more-redact-height",
                    });
                    view! {
                        <label r#for=id.clone()>
                            <span class="small">{label}</span>
                            <input
                                class="input"
                                id=id.clone()
                                name=name
                                data-part=name
                                r#type="number"
                                inputmode="decimal"
                                min="0"
                                max="100"
                                step="0.1"
                                value=value
                            />
                        </label>
                    }
                })
                .collect_view();
            view! {
                <fieldset class="field redact-part">
                    <legend class="label">{w.tf("reports-more-redact-row", &[("n", (n + 1).into())])}</legend>
                    <div class="redact-row">{fields}</div>
                    <button class="button small redact-clear" r#type="button" hidden=true>{w.t("redact-clear")}</button>
                </fieldset>
            }
        })
        .collect_view();
    let original = redacted.then(|| {
        view! {
            <Note><p>{w.t("reports-more-redact-done")}</p></Note>
            <p><a href=format!("/photos/{photo}/original")>{w.t("reports-more-redact-original")}</a></p>
        }
    });
    let release = (!released)
        .then(|| view! { <CheckBox name="release" label=w.t("reports-more-redact-release") checked=false/> });
    view! {
        <p class="lead">{w.t("reports-more-redact-check")}</p>
        <p>{w.t("reports-more-redact-how")}</p>
        {original}
        <form method="post" action=action class="form" data-redact="">
            {error.map(|text| view! { <p class="error" role="alert">{text}</p> })}
            <div class="redact-frame">
                <img
                    src=format!("/photos/{photo}/full")
                    alt=w.t("reports-more-redact-alt")
                    width=size.0.to_string()
                    height=size.1.to_string()
                    draggable="false"
                />
            </div>
            {rows}
            {release}
            <p class="small muted">{w.t("reports-more-redact-final")}</p>
            <ActionBar>
                <Button label=w.t("reports-more-redact-send") weight=Weight::Primary/>
            </ActionBar>
        </form>
    }
    .into_any()
}
