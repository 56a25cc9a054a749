//! `/staff/grids/{code}/outline`: corners as text, with the picture of what they enclose. `frontend/public/grids.js` lets one click them.

use super::{
    Errors,
    picture::{Plan, picture},
    summary,
};
use crate::{
    grids::outline::MOST_TEXT,
    i18n::Words,
    ui::{parts::*, summary::ErrorSummary},
};
use leptos::prelude::*;

/// What the page shows.
pub struct OutlinePage {
    /// Words.
    pub w: Words,
    /// Address of the grid's page.
    pub grid: String,
    /// The plan, with the outline that is being drawn.
    pub plan: Plan,
    /// What was typed.
    pub text: String,
    /// The lock of the outline.
    pub version: i64,
    /// What is wrong.
    pub errors: Errors,
    /// Neighbours that it overlaps too far: name and percent. To be confirmed.
    pub overlaps: Vec<(String, i64)>,
    /// It is shown how it would look.
    pub looked: bool,
}

/// The page.
pub fn outline_page(page: OutlinePage) -> AnyView {
    let OutlinePage { w, grid, plan, text, version, errors, overlaps, looked } = page;
    let action = format!("{grid}/outline");
    let warned = !overlaps.is_empty();
    let overlaps = overlaps
        .into_iter()
        .map(|(name, percent)| {
            view! { <li>{w.tf("grids-overlap", &[("name", name.into()), ("percent", percent.into())])}</li> }
        })
        .collect_view();
    let good = looked && errors.is_empty();
    view! {
        <p class="lead">{w.t("grids-outline-lead")}</p>
        <ErrorSummary w=w errors=summary(&errors)/>
        {warned.then(|| view! {
            <div role="alert">
                <Note tone=Tone::Warn>
                    <p>{w.t("grids-overlaps")}</p>
                    <ul>{overlaps}</ul>
                </Note>
            </div>
        })}
        {(good && !warned).then(|| view! { <div role="status"><Note tone=Tone::Ok><p>{w.t("grids-outline-good")}</p></Note></div> })}
        <form
            class="form outline-form"
            method="post"
            action=action
            data-script="/grids.js"
            data-undo=w.t("grids-undo")
            data-clear=w.t("grids-clear")
            data-how=w.t("grids-click")
            data-count=w.t("grids-corners")
        >
            <div class="outline-canvas">{picture(plan, true)}</div>
            <div class="outline-tools cluster" hidden></div>
            <p class="outline-said small" role="status"></p>
            <input type="hidden" name="version" value=version.to_string()/>
            <TextArea
                w=w
                name="outline"
                label=w.t("grids-outline-text")
                hint=w.t("grids-outline-hint")
                value=text
                error=errors.get("outline").cloned()
                maxlength=u32::try_from(MOST_TEXT).unwrap_or(u32::MAX)
                rows=8
            />
            {warned.then(|| view! {
                <label class="check">
                    <input r#type="checkbox" name="confirm" value="1"/>
                    <span>{w.t("grids-overlap-confirm")}</span>
                </label>
            })}
            <Buttons>
                <Button label=w.t("grids-outline-save") weight=Weight::Primary sends=("act", "save".to_owned())/>
                <Button label=w.t("grids-outline-look") sends=("act", "look".to_owned())/>
            </Buttons>
        </form>
    }
    .into_any()
}
