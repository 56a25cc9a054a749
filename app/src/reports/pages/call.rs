//! `/staff/reports/new`: a call, written down by staff; what its number told before and what may be the same stand beside it.

use super::{
    FormPage,
    form::{groups, photo_field},
    map_box,
    work::{AlikeCard, alike_cards},
};
use crate::{
    i18n::Words,
    patrol::pages::calls::{CallRow, call_rows},
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
    /// The reader may see what a number told before.
    pub may_look: bool,
    /// What the caller's number told before; `None`: nobody has asked yet.
    pub history: Option<CallHistory>,
    /// The form was sent and waits for an answer: the same, or another?
    pub asks: bool,
}

/// What a number told before.
pub struct CallHistory {
    /// The number as it was typed.
    pub number: String,
    /// How many reports.
    pub count: usize,
    /// How many of them are not over.
    pub open: usize,
    /// The newest of them.
    pub rows: Vec<CallRow>,
}

impl CallHistory {
    /// In a sentence.
    fn said(&self, w: Words) -> String {
        match self.count {
            0 => w.t("patrol-calls-none"),
            count => w.tf("call-history-found", &[("count", count.into()), ("open", self.open.into())]),
        }
    }
}

/// Earlier calls beside the form, as the page's script fetches them as well; nothing but the sentence where there are none.
pub fn call_history(w: Words, history: CallHistory) -> AnyView {
    let said = history.said(w);
    let CallHistory { number, count, rows, .. } = history;
    // All of them open beside this page, by POST: the number stands in no address.
    let more = (count > rows.len()).then(|| {
        view! {
            <input r#type="hidden" form="caller-all" name="number" value=number/>
            <button class="button small" form="caller-all">{w.tf("call-history-all", &[("count", count.into())])}</button>
        }
    });
    let rows = (!rows.is_empty()).then(|| call_rows(w, rows));
    view! { <div class="stack tight" data-said=said>{rows}{more}</div> }.into_any()
}

/// Below the fields of the caller: the button that looks, what was found in a sentence, and the way to it on a phone.
fn look_box(w: Words, history: Option<&CallHistory>) -> AnyView {
    let said = history.map_or_else(|| w.t("call-look-note"), |history| history.said(w));
    let shown = history.map(|_| "");
    let none = history.is_none_or(|history| history.rows.is_empty());
    view! {
        <div
            class="call-look"
            id="call-look"
            data-look="/staff/reports/new/history"
            data-note=w.t("call-look-note")
            data-failed=w.t("call-look-failed")
            data-shown=shown
        >
            <button class="button" formnovalidate=true name="look" value="history" formaction="/staff/reports/new#call-look">
                {w.t("patrol-calls-look")}
            </button>
            <p class="small muted" role="status">{said}</p>
            <a class="more-link" href="#caller-history" hidden=none>{w.t("call-history-see")}</a>
        </div>
    }
    .into_any()
}

/// The page.
pub fn call_page(page: CallPage) -> AnyView {
    let CallPage { common, from, foreign, caller, alike, may_look, history, asks } = page;
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
    let found = w.t("call-alike-found");
    let state = match alike.len() {
        0 => w.t("call-alike-none"),
        count => found.replace("{n}", &count.to_string()),
    };
    let look = may_look.then(|| look_box(w, history.as_ref()));
    let untold = history.as_ref().is_none_or(|history| history.rows.is_empty());
    let history = history.map(|history| call_history(w, history));
    let past = may_look.then(|| {
        view! {
            <section class="call-history" id="caller-history" tabindex="-1" aria-labelledby="caller-history-title" hidden=untold>
                <h2 id="caller-history-title">{w.t("call-history-title")}</h2>
                <div data-rows="">{history}</div>
            </section>
        }
    });
    let all =
        may_look.then(|| view! { <form id="caller-all" method="post" action="/staff/calls" target="_blank"></form> });
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
                {look}
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
            <div class="call-beside">
                {past}
                <aside class="call-alike" aria-label=w.t("alike-title")>
                    <h2>{w.t("alike-title")}</h2>
                    <p
                        class="small muted"
                        role="status"
                        data-none=w.t("call-alike-none")
                        data-nothing=w.t("call-alike-nothing")
                        data-found=found
                    >
                        {state}
                    </p>
                    <div data-list="">{alike_cards(w, alike)}</div>
                </aside>
            </div>
        </form>
        {all}
    }
    .into_any()
}
