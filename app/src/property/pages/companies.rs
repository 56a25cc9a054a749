//! Companies for staff.

use super::{
    AssessmentRow, ContractRow, EntryRow, Errors, Part, StandingView, Turn, assessment_list, contract_table,
    entry_table, level, source_key, standing, summary, tabs, turns,
};
use crate::{
    i18n::Words,
    property::{NAME_MAX, TEXT_MAX, TITLE_MAX, credit::Level},
    ui::parts::*,
};
use leptos::prelude::*;

/// A company in the list.
pub struct CompanyRow {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// How many estates it looks after today.
    pub estates: usize,
    /// The level.
    pub level: Level,
    /// Points of credit.
    pub points: i64,
    /// Period and points of the latest assessment.
    pub latest: Option<(String, String)>,
}

/// The fields of a company.
#[derive(Default)]
pub struct CompanyForm {
    /// Name.
    pub name: String,
    /// Name in English.
    pub name_en: String,
    /// Registration code.
    pub registration: String,
    /// Telephone.
    pub phone: String,
}

/// What `/staff/property` shows.
pub struct CompaniesPage {
    /// Words.
    pub w: Words,
    /// The companies.
    pub rows: Vec<CompanyRow>,
    /// Entries that wait for a decision.
    pub waiting: i64,
    /// The reader keeps companies.
    pub manages: bool,
    /// The form of a new one.
    pub form: CompanyForm,
    /// One form makes one.
    pub key: String,
    /// What is wrong.
    pub errors: Errors,
}

fn fields(w: Words, form: CompanyForm, errors: &Errors) -> AnyView {
    let error = |field: &str| errors.get(field).cloned();
    view! {
        <TextField w=w name="name" label=w.t("property-name") value=form.name maxlength=u32::try_from(NAME_MAX).unwrap_or(60) error=error("name")/>
        <TextField w=w name="name_en" label=w.t("property-name-en") value=form.name_en optional=true error=error("name_en")/>
        <TextField w=w name="registration" label=w.t("property-registration") hint=w.t("property-registration-hint") value=form.registration maxlength=18 error=error("registration")/>
        <TextField w=w name="phone" label=w.t("property-phone") hint=w.t("property-phone-hint") value=form.phone inputmode="tel" optional=true maxlength=30 error=error("phone")/>
    }
    .into_any()
}

/// The list of companies.
pub fn list(page: CompaniesPage) -> AnyView {
    let CompaniesPage { w, rows, waiting, manages, form, key, errors } = page;
    let open = rows.is_empty() || !errors.is_empty();
    let none = rows.is_empty();
    let body: Vec<Vec<Cell>> = rows
        .into_iter()
        .map(|row| {
            let latest = row.latest.map(|(period, points)| {
                w.tf("property-score-of", &[("points", points.into()), ("period", period.into())])
            });
            vec![
                Cell::new(view! { <a class="table-title" href=format!("/staff/property/companies/{}", row.id)>{row.name}</a> }),
                Cell::new(level(w, row.level)),
                Cell::number(row.points),
                Cell::number(latest.unwrap_or_else(|| "–".to_owned())),
                Cell::number(row.estates.to_string()),
            ]
        })
        .collect();
    let columns = [
        "property-column-company",
        "property-column-level",
        "property-column-credit",
        "property-column-score",
        "property-column-estates",
    ];
    view! {
        {tabs(w, Part::Companies)}
        <p class="lead">{w.t("property-lead")}</p>
        {(waiting > 0).then(|| view! {
            <Note><p><a href="/staff/property/entries?state=proposed">{w.tf("property-waiting", &[("count", waiting.into())])}</a></p></Note>
        })}
        <ErrorSummary w=w errors=summary(&errors)/>
        {none.then(|| view! { <Empty icon_name="building" title=w.t("property-companies-none") text=w.t("property-companies-none-text")/> })}
        {(!none).then(|| view! { <Table caption=w.t("property-companies") columns=columns.map(|key| w.t(key)).to_vec() rows=body/> })}
        {manages.then(|| view! {
            <details class="more" id="make" open=open>
                <summary>{w.t("property-company-make")}</summary>
                <div class="more-body">
                    <form class="stack" method="post" action="/staff/property">
                        <input type="hidden" name="key" value=key/>
                        {fields(w, form, &errors)}
                        <Button label=w.t("property-save") weight=Weight::Primary/>
                    </form>
                </div>
            </details>
        })}
        <p><a class="more-link" href="/property">{w.t("property-public-link")}</a></p>
    }
    .into_any()
}

/// The fields of a new entry.
#[derive(Default)]
pub struct EntryForm {
    /// Id of the chosen estate.
    pub estate: String,
    /// Title.
    pub title: String,
    /// Code of the source.
    pub source: String,
    /// Rule and reason.
    pub basis: String,
    /// Evidence.
    pub evidence: String,
    /// Codes of reports.
    pub reports: String,
    /// Points.
    pub points: String,
    /// Leads to the black list by itself.
    pub severe: bool,
    /// First day.
    pub from: String,
    /// Last day.
    pub until: String,
}

/// What the page of a company shows to staff.
pub struct CompanyPage {
    /// Words.
    pub w: Words,
    /// Id.
    pub id: String,
    /// Registration code.
    pub registration: String,
    /// Telephone, may be empty.
    pub phone: String,
    /// Credit today.
    pub standing: StandingView,
    /// How it went.
    pub turns: Vec<Turn>,
    /// Its contracts.
    pub contracts: Vec<ContractRow>,
    /// Its entries.
    pub entries: Vec<EntryRow>,
    /// Its assessments.
    pub assessments: Vec<AssessmentRow>,
    /// Id, name and number of who acts for it; only for those who keep companies.
    pub members: Vec<(String, String)>,
    /// The reader keeps companies.
    pub manages: bool,
    /// They keep the company: its settings, and who acts for it.
    pub keeps: bool,
    /// The reader proposes entries.
    pub assesses: bool,
    /// Periods to assess: value and words.
    pub periods: Vec<(String, String)>,
    /// Estates to choose from: value and name.
    pub estates: Vec<(String, String)>,
    /// The form of a new entry.
    pub entry: EntryForm,
    /// The form of the company.
    pub form: CompanyForm,
    /// The lock of its settings.
    pub version: i64,
    /// The number typed for somebody who is to act for it.
    pub member: String,
    /// One form makes one.
    pub key: String,
    /// What is wrong with the form that was sent.
    pub errors: Errors,
}

fn propose(
    w: Words,
    here: &str,
    estates: Vec<(String, String)>,
    entry: EntryForm,
    key: String,
    errors: &Errors,
) -> AnyView {
    let error = |field: &str| errors.get(field).cloned();
    let most = u32::try_from(TEXT_MAX).unwrap_or(1000);
    let mut places = vec![(String::new(), w.t("property-whole-company"))];
    places.extend(estates);
    let sources = ["reports", "inspection", "residents", "authority", "merit"];
    let sources = sources.map(|code| (code.to_owned(), w.t(source_key(code)))).to_vec();
    let open = ["estate", "title", "source", "basis", "evidence", "reports", "points", "until"]
        .iter()
        .any(|field| errors.contains_key(field));
    view! {
        <details class="more" id="propose" open=open>
            <summary>{w.t("property-propose")}</summary>
            <div class="more-body">
                <form class="stack" method="post" action=format!("{here}/entries")>
                    <input type="hidden" name="key" value=key/>
                    <p class="hint">{w.t("property-propose-note")}</p>
                    <SelectField w=w name="estate" label=w.t("property-entry-estate") options=places value=entry.estate optional=true error=error("estate")/>
                    <TextField w=w name="title" label=w.t("property-entry-title") value=entry.title maxlength=u32::try_from(TITLE_MAX).unwrap_or(80) error=error("title")/>
                    <SelectField w=w name="source" label=w.t("property-entry-source") options=sources value=entry.source error=error("source")/>
                    <TextArea w=w name="basis" label=w.t("property-entry-basis") hint=w.t("property-entry-basis-hint") value=entry.basis maxlength=most error=error("basis")/>
                    <TextArea w=w name="evidence" label=w.t("property-entry-evidence") value=entry.evidence maxlength=most error=error("evidence")/>
                    <TextField w=w name="reports" label=w.t("property-entry-reports") hint=w.t("property-entry-reports-hint") value=entry.reports optional=true error=error("reports")/>
                    <TextField w=w name="points" label=w.t("property-entry-points") hint=w.t("property-entry-points-hint") value=entry.points width="w-short" error=error("points")/>
                    <CheckBox name="severe" label=w.t("property-severe") note=w.t("property-severe-note") checked=entry.severe/>
                    <TextField w=w name="from" kind="date" label=w.t("property-entry-from") value=entry.from optional=true width="w-mid"/>
                    <TextField w=w name="until" kind="date" label=w.t("property-entry-until") hint=w.t("property-entry-until-hint") value=entry.until optional=true width="w-mid" error=error("until")/>
                    <Button label=w.t("property-propose-do") weight=Weight::Primary/>
                </form>
            </div>
        </details>
    }
    .into_any()
}

fn people(w: Words, here: &str, members: Vec<(String, String)>, member: String, errors: &Errors) -> AnyView {
    let none = members.is_empty();
    let to = format!("{here}/members");
    let (to_add, error) = (to.clone(), errors.get("member").cloned());
    let rows = members
        .into_iter()
        .map(|(id, name)| {
            let remove = format!("{} {name}", w.t("property-member-remove"));
            view! {
                <li class="cluster">
                    <span>{name}</span>
                    <form method="post" action=to.clone()>
                        <input type="hidden" name="remove" value=id/>
                        <button class="button quiet small" aria-label=remove>{w.t("property-member-remove")}</button>
                    </form>
                </li>
            }
        })
        .collect_view();
    view! {
        <Section title=w.t("property-members")>
            {none.then(|| view! { <p class="muted">{w.t("property-members-none")}</p> })}
            <ul class="stack">{rows}</ul>
            <form class="stack" method="post" action=to_add>
                <TextField w=w name="member" label=w.t("property-member") hint=w.t("property-member-hint") value=member inputmode="tel" width="w-mid" error=error/>
                <Button label=w.t("property-member-add")/>
            </form>
        </Section>
    }
    .into_any()
}

/// The page of a company for staff.
pub fn one(page: CompanyPage) -> AnyView {
    let w = page.w;
    let here = format!("/staff/property/companies/{}", page.id);
    let errors = page.errors;
    let phone = if page.phone.is_empty() { "–".to_owned() } else { page.phone };
    let facts =
        vec![Fact::new(w.t("property-registration"), page.registration), Fact::new(w.t("property-phone"), phone)];
    let changing = ["name", "name_en", "registration", "phone"].iter().any(|field| errors.contains_key(field));
    let version = page.version.to_string();
    let (to_assess, to_change) = (format!("{here}/assessments"), here.clone());
    let proposing = page.assesses.then(|| propose(w, &here, page.estates, page.entry, page.key, &errors));
    let (periods, wrong_period) = (page.periods, errors.get("period").cloned());
    let assessing = page.manages.then(|| {
        view! {
            <form class="stack" method="post" action=to_assess>
                <SelectField w=w name="period" label=w.t("property-period") options=periods error=wrong_period/>
                <Button label=w.t("property-assess-do")/>
            </form>
        }
    });
    let acting = page.keeps.then(|| people(w, &here, page.members, page.member, &errors));
    let fields = fields(w, page.form, &errors);
    view! {
        <ErrorSummary w=w errors=summary(&errors)/>
        {standing(w, page.standing)}
        <Summary facts=facts/>
        <Section title=w.t("property-entries")>
            {entry_table(w, w.t("property-entries"), page.entries)}
            {proposing}
        </Section>
        <Section title=w.t("property-assessments")>
            {assessment_list(w, page.assessments)}
            {assessing}
        </Section>
        <Section title=w.t("property-contracts")>
            {contract_table(w, w.t("property-contracts"), page.contracts, false)}
            <p class="small muted">{w.t("property-contracts-where")}</p>
        </Section>
        {turns(w, page.turns)}
        {acting}
        {page.keeps.then(|| view! {
            <details class="more" open=changing>
                <summary>{w.t("property-company-change")}</summary>
                <div class="more-body">
                    <form class="stack" method="post" action=to_change>
                        <input type="hidden" name="version" value=version/>
                        {fields}
                        <Button label=w.t("property-save") weight=Weight::Primary/>
                    </form>
                </div>
            </details>
        })}
    }
    .into_any()
}
