//! `/volunteer/collect`: what a grid worker finds on patrol, in two taps: the photo, and what became of it.

use super::{
    form::{FormPage, groups, photo_field, photo_field_named, position_field},
    map_box, outbox_panel,
};
use crate::{
    reports::{MAX_PLACE, MAX_TEXT},
    ui::{parts::*, summary::ErrorSummary},
};
use leptos::prelude::*;

/// What the form shows.
pub struct CollectPage {
    /// What it has in common with the residents' form.
    pub common: FormPage,
    /// Ids of photos of how it looks now.
    pub after: Vec<String>,
    /// Field and words.
    pub errors: Vec<(String, String)>,
    /// The patrol's point at which it was found.
    pub point: Option<CollectPoint>,
}

/// A point of a patrol.
pub struct CollectPoint {
    /// Id of the plan.
    pub plan_id: String,
    /// Number of the point, from 0.
    pub position: i64,
    /// Plan and place.
    pub words: String,
}

/// The page.
pub fn collect_page(page: CollectPage) -> AnyView {
    let CollectPage { common, after, errors, point } = page;
    let (point, point_words) = match point {
        Some(CollectPoint { plan_id, position, words }) => ((plan_id, position.to_string()), Some(words)),
        None => Default::default(),
    };
    let FormPage { w, form, community, places, majors, photos, .. } = common;
    let error = |field: &str| errors.iter().find(|(name, _)| name == field).map(|(_, text)| text.clone());
    let (building_error, category_error) = (error("building"), error("category"));
    let troubles = error("photos").into_iter().collect();
    let plan = format!("/api/v1/communities/{community}/plan.geojson");
    let building = form.building.clone();
    let category = if form.category.is_empty() { "other-problem".to_owned() } else { form.category.clone() };
    view! {
        <ErrorSummary w=w errors=errors.clone()/>
        {outbox_panel(w, true)}
        <form
            method="post"
            action="/volunteer/collect"
            enctype="multipart/form-data"
            class="form"
            data-outbox="form"
            data-kind="collect"
        >
            <button class="sr" tabindex="-1" aria-hidden="true">{w.t("reports-more-collect-send")}</button>
            <input r#type="hidden" name="key" value=form.key.clone()/>
            <input r#type="hidden" name="community" value=community.clone()/>
            // There without a patrol as well: a draft puts its own back.
            <input r#type="hidden" name="patrol" value=point.0/>
            <input r#type="hidden" name="point" value=point.1/>
            {point_words.map(|words| view! { <p class="lead">{w.t("patrol-found-at-point")} " " {words}</p> })}
            {photo_field(w, &photos, troubles, w.t("reports-more-collect-before"), None)}
            <div class="field" data-invalid=building_error.is_some().then_some("")>
                <label class="label" r#for="building">{w.t("reports-where")}</label>
                {building_error.clone().map(|text| view! { <p class="error" id="building-error">{text}</p> })}
                <select class="input" id="building" name="building">
                    <option value="">{w.t("reports-building-none")}</option>
                    {groups(places, &building)}
                </select>
                {position_field(w, &form, &community)}
                {map_box(w, plan, true)}
            </div>
            <TextField
                w=w
                name="place"
                label=w.t("reports-place")
                value=form.place.clone()
                error=error("place")
                optional=true
                maxlength=u32::try_from(MAX_PLACE).unwrap_or(100)
            />
            <div class="field" data-invalid=category_error.is_some().then_some("")>
                <label class="label" r#for="category">{w.t("reports-category")}</label>
                {category_error.clone().map(|text| view! { <p class="error" id="category-error">{text}</p> })}
                <select class="input" id="category" name="category" required=true>
                    {groups(majors, &category)}
                </select>
            </div>
            <TextArea
                w=w
                name="description"
                label=w.t("reports-description")
                value=form.description.clone()
                error=error("description")
                optional=true
                maxlength=u32::try_from(MAX_TEXT).unwrap_or(1000)
                rows=2
            />
            {photo_field_named(
                w,
                ("after", "afters", "afters-label"),
                &after,
                Vec::new(),
                w.t("reports-more-collect-after"),
                Some(w.t("reports-more-collect-after-hint")),
            )}
            <ActionBar>
                <Button
                    label=w.t("reports-more-collect-solved")
                    weight=Weight::Primary
                    sends=("solved", "1".to_owned())
                />
                <Button label=w.t("reports-more-collect-send")/>
            </ActionBar>
        </form>
    }
    .into_any()
}
