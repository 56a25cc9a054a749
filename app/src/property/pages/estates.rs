//! Estates for staff: buildings, contracts, inspections, what residents think.

use super::{ContractRow, Errors, Part, contract_table, photos::evidence, summary, tabs};
use crate::{i18n::Words, ui::parts::*};
use leptos::prelude::*;

/// An estate in the list.
pub struct EstateRow {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Name of its community.
    pub community: String,
    /// Households.
    pub households: i64,
    /// Who looks after it today.
    pub company: Option<String>,
}

/// What `/staff/property/estates` shows.
pub struct EstatesPage {
    /// Words.
    pub w: Words,
    /// The estates.
    pub rows: Vec<EstateRow>,
    /// Communities for a new one: code and name. Empty: the reader keeps none.
    pub communities: Vec<(String, String)>,
    /// The chosen one.
    pub community: String,
    /// The typed names.
    pub names: (String, String),
    /// One form makes one.
    pub key: String,
    /// What is wrong.
    pub errors: Errors,
}

/// The list of estates.
pub fn list(page: EstatesPage) -> AnyView {
    let EstatesPage { w, rows, communities, community, names, key, errors } = page;
    let open = rows.is_empty() || !errors.is_empty();
    let none = rows.is_empty();
    let manages = !communities.is_empty();
    let body: Vec<Vec<Cell>> = rows
        .into_iter()
        .map(|row| {
            vec![
                Cell::new(
                    view! { <a class="table-title" href=format!("/staff/property/estates/{}", row.id)>{row.name}</a> },
                ),
                Cell::new(row.community),
                Cell::new(row.company.unwrap_or_else(|| w.t("property-nobody"))),
                Cell::number(row.households),
            ]
        })
        .collect();
    let columns = [
        "property-column-estate",
        "property-column-community",
        "property-column-company",
        "property-column-households",
    ];
    view! {
        {tabs(w, Part::Estates)}
        <ErrorSummary w=w errors=summary(&errors)/>
        {none.then(|| view! { <Empty icon_name="building" title=w.t("property-estates-none") text=w.t("property-estates-none-text")/> })}
        {(!none).then(|| view! { <Table caption=w.t("property-estates") columns=columns.map(|key| w.t(key)).to_vec() rows=body/> })}
        {manages.then(|| view! {
            <details class="more" id="make" open=open>
                <summary>{w.t("property-estate-make")}</summary>
                <div class="more-body">
                    <form class="stack" method="post" action="/staff/property/estates">
                        <input type="hidden" name="key" value=key/>
                        <SelectField w=w name="community" label=w.t("property-column-community") options=communities value=community error=errors.get("community").cloned()/>
                        {fields(w, names, &errors)}
                        <Button label=w.t("property-save") weight=Weight::Primary/>
                    </form>
                </div>
            </details>
        })}
    }
    .into_any()
}

fn fields(w: Words, (name, name_en): (String, String), errors: &Errors) -> AnyView {
    view! {
        <TextField w=w name="name" label=w.t("property-estate-name") value=name maxlength=60 error=errors.get("name").cloned()/>
        <TextField w=w name="name_en" label=w.t("property-name-en") value=name_en optional=true maxlength=60 error=errors.get("name_en").cloned()/>
    }
    .into_any()
}

/// An inspection in the list.
pub struct InspectionRow {
    /// Id.
    pub id: String,
    /// The day in words.
    pub day: String,
    /// Whose contract it was; for the company itself: which estate.
    pub company: String,
    /// 0 to 100.
    pub points: i64,
    /// What was found, with the points that it took.
    pub findings: Vec<(String, i64)>,
    /// More, may be empty.
    pub note: String,
    /// Ids of its photos.
    pub photos: Vec<String>,
}

/// What the page of an estate shows.
pub struct EstatePage {
    /// Words.
    pub w: Words,
    /// Id.
    pub id: String,
    /// Name of its community.
    pub community: String,
    /// Households.
    pub households: i64,
    /// Its contracts.
    pub contracts: Vec<ContractRow>,
    /// Its inspections.
    pub inspections: Vec<InspectionRow>,
    /// Quarter, average as written, number of ratings.
    pub ratings: Vec<(String, String, i64)>,
    /// The reader keeps estates.
    pub manages: bool,
    /// The reader writes down inspections.
    pub assesses: bool,
    /// Companies to choose from: id and name.
    pub companies: Vec<(String, String)>,
    /// What was typed for a contract: company, from, until.
    pub contract: [String; 3],
    /// What was typed for an inspection: day, note.
    pub inspection: [String; 2],
    /// Its rows: finding and points.
    pub findings: Vec<(String, String)>,
    /// Buildings to choose from: code and words.
    pub buildings: Vec<(String, String)>,
    /// Codes of those that stand in it.
    pub chosen: Vec<String>,
    /// Names as typed.
    pub names: (String, String),
    /// The lock of its settings.
    pub version: i64,
    /// One form makes one.
    pub key: String,
    /// What is wrong.
    pub errors: Errors,
}

/// Inspections as a table. `adds`: the reader may give them photos; `about`: what the third column is.
pub fn inspections(w: Words, rows: Vec<InspectionRow>, about: &str, adds: bool) -> AnyView {
    if rows.is_empty() {
        return view! { <p class="muted">{w.t("property-inspections-none")}</p> }.into_any();
    }
    let rows = rows
        .into_iter()
        .map(|row| {
            let findings = row
                .findings
                .into_iter()
                .map(|(item, lost)| view! { <li>{item}" "<span class="num">{format!("−{lost}")}</span></li> })
                .collect_view();
            let anchor = format!("i-{}", row.id);
            let add = adds.then(|| format!("/staff/property/inspections/{}/photos", row.id));
            let photos = evidence(w, row.photos, add, format!("photos-{}", row.id), None);
            vec![
                Cell::new(view! { <span id=anchor>{row.day}</span> }),
                Cell::number(row.points),
                Cell::new(row.company),
                Cell::new(
                    view! { <ul class="property-reasons">{findings}</ul><span class="small">{row.note}</span>{photos} },
                ),
            ]
        })
        .collect();
    let columns = ["property-column-day", "property-column-points", about, "property-column-findings"];
    view! { <Table caption=w.t("property-inspections") columns=columns.map(|key| w.t(key)).to_vec() rows=rows/> }
        .into_any()
}

fn inspect(
    w: Words,
    here: &str,
    [day, note]: [String; 2],
    findings: Vec<(String, String)>,
    key: String,
    errors: &Errors,
) -> AnyView {
    let open = ["day", "items", "note"].iter().any(|field| errors.contains_key(field));
    let wrong = errors.get("items").cloned();
    let invalid = wrong.is_some().then_some("");
    let rows = findings
        .into_iter()
        .enumerate()
        .map(|(n, (item, lost))| {
            let number = n + 1;
            view! {
                <li class="property-finding">
                    <input class="input" id=(n == 0).then_some("items") name="items" value=item maxlength="80" aria-label=w.tf("property-finding-n", &[("number", number.into())])/>
                    <input class="input w-short" name="lost" value=lost inputmode="numeric" aria-label=w.tf("property-lost-n", &[("number", number.into())])/>
                </li>
            }
        })
        .collect_view();
    view! {
        <details class="more" id="inspect" open=open>
            <summary>{w.t("property-inspect")}</summary>
            <div class="more-body">
                <form class="stack" method="post" action=format!("{here}/inspections")>
                    <input type="hidden" name="key" value=key/>
                    <TextField w=w name="day" kind="date" label=w.t("property-column-day") value=day width="w-mid" error=errors.get("day").cloned()/>
                    <fieldset class="field" data-invalid=invalid>
                        <legend class="label">{w.t("property-findings")}</legend>
                        <p class="hint">{w.t("property-findings-hint")}</p>
                        {wrong.map(|text| view! { <p class="error" id="items-error">{text}</p> })}
                        <ul class="stack">{rows}</ul>
                    </fieldset>
                    <TextArea w=w name="note" label=w.t("property-inspection-note") value=note optional=true maxlength=1000 error=errors.get("note").cloned()/>
                    <Button label=w.t("property-inspect-do") weight=Weight::Primary/>
                </form>
            </div>
        </details>
    }
    .into_any()
}

fn ratings(w: Words, rows: Vec<(String, String, i64)>) -> AnyView {
    let none = rows.is_empty();
    let rows = rows
        .into_iter()
        .map(|(quarter, average, count)| vec![Cell::new(quarter), Cell::number(average), Cell::number(count)])
        .collect();
    let columns = ["property-column-quarter", "property-column-average", "property-column-count"];
    view! {
        <Section title=w.t("property-ratings")>
            <p class="small muted">{w.t("property-ratings-note")}</p>
            {none.then(|| view! { <p class="muted">{w.t("property-ratings-none")}</p> })}
            {(!none).then(|| view! { <Table caption=w.t("property-ratings") columns=columns.map(|key| w.t(key)).to_vec() rows=rows/> })}
        </Section>
    }
    .into_any()
}

/// The page of an estate.
pub fn one(page: EstatePage) -> AnyView {
    let w = page.w;
    let here = format!("/staff/property/estates/{}", page.id);
    let errors = page.errors;
    let facts = vec![
        Fact::new(w.t("property-column-community"), page.community),
        Fact::new(w.t("property-column-households"), page.households),
    ];
    let [company, from, until] = page.contract;
    let (to_contract, to_change, version) = (format!("{here}/contracts"), here.clone(), page.version.to_string());
    let contracting = ["company", "from", "until"].iter().any(|field| errors.contains_key(field));
    let changing = ["name", "name_en", "buildings"].iter().any(|field| errors.contains_key(field));
    let buildings = page.buildings.into_iter().map(|(code, name)| Choice::new(code, name)).collect();
    let error = |field: &str| errors.get(field).cloned();
    let ending = error("end").map(|text| view! { <p class="error">{text}</p> });
    let (wrong_company, wrong_from, wrong_until) = (error("company"), error("from"), error("until"));
    let companies = page.companies;
    let contract = page.manages.then(|| {
        view! {
            <details class="more" open=contracting>
                <summary>{w.t("property-contract-make")}</summary>
                <div class="more-body">
                    <form class="stack" method="post" action=to_contract>
                        <SelectField w=w name="company" label=w.t("property-column-company") options=companies value=company error=wrong_company/>
                        <TextField w=w name="from" kind="date" label=w.t("property-contract-from") value=from width="w-mid" error=wrong_from/>
                        <TextField w=w name="until" kind="date" label=w.t("property-contract-until") hint=w.t("property-contract-until-hint") value=until optional=true width="w-mid" error=wrong_until/>
                        <Button label=w.t("property-save") weight=Weight::Primary/>
                    </form>
                </div>
            </details>
        }
    });
    let adds = page.assesses;
    let wrong_photos = error("photos").map(|text| view! { <p class="error">{text}</p> });
    let inspecting = page.assesses.then(|| inspect(w, &here, page.inspection, page.findings, page.key, &errors));
    view! {
        <ErrorSummary w=w errors=summary(&errors)/>
        <Summary facts=facts/>
        <Section title=w.t("property-contracts")>
            <div id="end">{ending}</div>
            {contract_table(w, w.t("property-contracts"), page.contracts, page.manages)}
            {contract}
        </Section>
        <Section title=w.t("property-inspections")>
            <div id="photos">{wrong_photos}</div>
            {inspections(w, page.inspections, "property-column-company", adds)}
            {inspecting}
        </Section>
        {ratings(w, page.ratings)}
        {page.manages.then(|| view! {
            <details class="more" id="change" open=changing>
                <summary>{w.t("property-estate-change")}</summary>
                <div class="more-body">
                    <form class="stack" method="post" action=to_change>
                        <input type="hidden" name="version" value=version/>
                        {fields(w, page.names, &errors)}
                        <CheckField name="buildings" legend=w.t("property-buildings") hint=w.t("property-buildings-hint") choices=buildings checked=page.chosen error=errors.get("buildings").cloned()/>
                        <Button label=w.t("property-save") weight=Weight::Primary/>
                    </form>
                </div>
            </details>
        })}
    }
    .into_any()
}
