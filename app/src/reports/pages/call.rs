//! `/staff/reports/new`: a call, written down by staff; what may be the same stands beside it.

use super::{
    FormPage,
    form::{groups, photo_field},
    map_box,
    work::{AlikeCard, alike_cards},
};
use crate::{
    reports::{MAX_PLACE, MAX_TEXT, call::MAX_CALLER},
    ui::{parts::*, summary::ErrorSummary},
};
use leptos::prelude::*;

/// What the page shows.
pub struct CallPage {
    /// What it has in common with the residents' form.
    pub common: FormPage,
    /// Where the call came from.
    pub from: String,
    /// The number that the other side gave it.
    pub foreign: String,
    /// The caller's name.
    pub caller: String,
    /// Open reports that may be the same.
    pub alike: Vec<AlikeCard>,
    /// The form was sent and waits for an answer: the same, or another?
    pub asks: bool,
}

/// The page.
pub fn call_page(page: CallPage) -> AnyView {
    let CallPage { common, from, foreign, caller, alike, asks } = page;
    let FormPage { w, form, community, places, majors, photos, photo_troubles, errors, .. } = common;
    let error = |field: &str| errors.iter().find(|(name, _)| name == field).map(|(_, text)| text.clone());
    let (building_error, category_error) = (error("building"), error("category"));
    let mut troubles = photo_troubles;
    troubles.extend(error("photos"));
    let plan = format!("/api/v1/communities/{community}/plan.geojson");
    let sources =
        [("hotline", "reports-from-hotline"), ("police", "reports-from-police"), ("platform", "reports-from-platform")];
    let sources = sources.map(|(code, key)| Choice::new(code, w.t(key))).to_vec();
    let (building, category) = (form.building.clone(), form.category.clone());
    let shown = alike.iter().map(|card| card.code.clone()).collect::<Vec<_>>().join(" ");
    let none = alike.is_empty();
    view! {
        <ErrorSummary w=w errors=errors.clone()/>
        {asks.then(|| view! { <div role="alert"><Note tone=Tone::Warn><p>{w.t("call-asks")}</p></Note></div> })}
        <form
            method="post"
            action="/staff/reports/new"
            enctype="multipart/form-data"
            class="call-form"
            data-script="/call.js"
            data-alike="/staff/reports/new/alike"
            data-because=w.t("reports-more-suggest-because")
        >
            <button class="sr" tabindex="-1" aria-hidden="true">{w.t("call-send")}</button>
            <input r#type="hidden" name="key" value=form.key.clone()/>
            <input r#type="hidden" name="community" value=community/>
            <input r#type="hidden" name="looked" value=shown/>
            <div class="form">
                <RadioField name="from" legend=w.t("call-from") choices=sources value=from error=error("from") inline=true/>
                <div class="cols">
                    <TextField w=w name="foreign" label=w.t("call-foreign") value=foreign error=error("foreign") optional=true maxlength=40/>
                    <TextField w=w name="caller" label=w.t("call-caller") value=caller error=error("caller") optional=true maxlength=u32::try_from(MAX_CALLER).unwrap_or(30) autocomplete="off"/>
                    <TextField
                        w=w
                        name="contact"
                        label=w.t("call-number")
                        hint=w.t("call-number-hint")
                        value=form.contact.clone()
                        error=error("contact")
                        optional=true
                        kind="tel"
                        inputmode="tel"
                        autocomplete="off"
                    />
                </div>
                <TextArea
                    w=w
                    name="description"
                    label=w.t("call-said")
                    value=form.description.clone()
                    error=error("description")
                    maxlength=u32::try_from(MAX_TEXT).unwrap_or(1000)
                    rows=4
                />
                <div class="field" data-invalid=category_error.is_some().then_some("")>
                    <label class="label" r#for="category">{w.t("reports-category")}</label>
                    {category_error.clone().map(|text| view! { <p class="error" id="category-error">{text}</p> })}
                    <select class="input" id="category" name="category" required=true>
                        <option value="">{w.t("reports-category-none")}</option>
                        {groups(majors, &category)}
                    </select>
                    <div class="suggest cluster" role="status" hidden=true data-label=w.t("reports-more-suggest")></div>
                </div>
                <div class="field" data-invalid=building_error.is_some().then_some("")>
                    <label class="label" r#for="building">{w.t("reports-where")}</label>
                    {building_error.clone().map(|text| view! { <p class="error" id="building-error">{text}</p> })}
                    <select class="input" id="building" name="building">
                        <option value="">{w.t("reports-building-none")}</option>
                        {groups(places, &building)}
                    </select>
                    <div class="position cluster" data-found=w.t("call-position-found")>
                        <input r#type="hidden" name="longitude" value=form.longitude.clone()/>
                        <input r#type="hidden" name="latitude" value=form.latitude.clone()/>
                    </div>
                    {map_box(w, plan, true)}
                </div>
                <TextField
                    w=w
                    name="place"
                    label=w.t("reports-place")
                    value=form.place.clone()
                    hint=w.t("reports-place-hint")
                    error=error("place")
                    optional=true
                    maxlength=u32::try_from(MAX_PLACE).unwrap_or(100)
                />
                {photo_field(w, &photos, troubles, w.t("reports-photos"), Some(w.t("call-photos-hint")))}
                <Buttons>
                    <Button label=w.t("call-send") weight=Weight::Primary/>
                    {asks.then(|| view! { <Button label=w.t("call-different") sends=("different", "1".to_owned())/> })}
                </Buttons>
            </div>
            <aside class="call-alike" aria-label=w.t("alike-title")>
                <h2>{w.t("alike-title")}</h2>
                <p class="small muted" data-none="" hidden=!none>{w.t("call-alike-none")}</p>
                <div data-list="" aria-live="polite">{alike_cards(w, alike)}</div>
            </aside>
        </form>
    }
    .into_any()
}
