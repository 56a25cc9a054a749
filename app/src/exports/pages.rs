//! `/staff/exports`.

use super::Dataset;
use crate::{i18n::Words, ui::parts::*};
use leptos::prelude::*;

/// What the page shows.
pub struct ExportsPage {
    /// Words.
    pub w: Words,
    /// The tables that the reader may have.
    pub datasets: Vec<Dataset>,
    /// The one chosen.
    pub chosen: Dataset,
    /// Organisations that can be chosen: code and name with what is above it.
    pub places: Vec<(String, String)>,
    /// Code of the one chosen.
    pub place: String,
    /// First and last day.
    pub period: (String, String),
    /// What is wrong: field and words.
    pub errors: Vec<(&'static str, String)>,
    /// The reader may have telephone numbers with the people.
    pub contacts: bool,
    /// Communities that can be archived: code and name; none for those who may not.
    pub archives: Option<AnyView>,
}

/// The page: a form whose answer is a file.
pub fn exports_page(props: ExportsPage) -> AnyView {
    let ExportsPage { w, datasets, chosen, places, place, period, errors, contacts, archives } = props;
    let at = |name: &str| errors.iter().find(|(field, _)| *field == name).map(|(_, words)| words.clone());
    let choices = datasets
        .iter()
        .map(|dataset| {
            let (name, note) = dataset.keys();
            Choice::new(dataset.code(), w.t(name)).note(w.t(note)).group(w.t(dataset.room()))
        })
        .collect();
    let summary: Vec<(String, String)> =
        errors.iter().map(|(field, words)| ((*field).to_owned(), words.clone())).collect();
    let (from, to) = period;
    let contacts = contacts.then(|| {
        view! { <CheckBox name="contacts" label=w.t("exports-contacts") note=w.t("exports-contacts-note") checked=false/> }
    });
    view! {
        <p class="lead">{w.t("exports-lead")}</p>
        <ErrorSummary w=w errors=summary/>
        <form class="form" method="post" action="/staff/exports" data-file="">
            <RadioField name="table" legend=w.t("exports-what") choices=choices value=chosen.code() error=at("table")/>
            <SelectField w=w name="place" label=w.t("exports-place") options=places value=place error=at("place")/>
            <TextField w=w name="from" label=w.t("exports-from") kind="date" value=from hint=w.t("exports-period-hint") error=at("from") width="w-mid"/>
            <TextField w=w name="to" label=w.t("exports-to") kind="date" value=to error=at("to") width="w-mid"/>
            {contacts}
            <RadioField
                name="as"
                legend=w.t("exports-as")
                choices=vec![
                    Choice::new("csv", "CSV").note(w.t("exports-csv-note")),
                    Choice::new("xlsx", "xlsx").note(w.t("exports-xlsx-note")),
                ]
                value="csv"
                error=at("as")
            />
            <ActionBar><Button label=w.t("exports-get") weight=Weight::Primary/></ActionBar>
        </form>
        {archives}
    }
    .into_any()
}

/// An archive of the list.
pub struct ArchiveRow {
    /// The community.
    pub community: String,
    /// Who asked for it.
    pub who: String,
    /// When.
    pub when: String,
    /// With telephone numbers.
    pub contacts: bool,
    /// Where it is; `None` while it is made, or when it is gone.
    pub href: Option<String>,
    /// It was kept long enough.
    pub gone: bool,
    /// Its size.
    pub megabytes: i64,
}

/// What the part about archives shows.
pub struct ArchivesPart {
    /// Words.
    pub w: Words,
    /// Communities: code and name.
    pub communities: Vec<(String, String)>,
    /// Days for which an archive is kept.
    pub days: i64,
    /// The latest archives.
    pub rows: Vec<ArchiveRow>,
}

/// Archives of whole communities: the form, and those there are.
pub fn archives_part(part: ArchivesPart) -> AnyView {
    let ArchivesPart { w, communities, days, rows } = part;
    let columns = ["archives-column-community", "archives-column-who", "archives-column-when", "archives-column-file"];
    let none = rows.is_empty();
    let rows = rows
        .into_iter()
        .map(|row| {
            let file = match row.href {
                Some(href) => {
                    let word = w.tf("archives-get", &[("size", row.megabytes.into())]);
                    view! { <a href=href download="">{word}</a> }.into_any()
                }
                None if row.gone => view! { <span class="meta">{w.t("archives-gone")}</span> }.into_any(),
                None => view! { <Badge tone=Tone::Busy word=w.t("archives-waiting")/> }.into_any(),
            };
            let contacts =
                row.contacts.then(|| view! { " "<Badge tone=Tone::Warn word=w.t("archives-with-contacts")/> });
            vec![
                Cell::new(row.community),
                Cell::new(row.who),
                Cell::new(view! { <span class="nowrap">{row.when}</span> }),
                Cell::new(view! { {file} {contacts} }),
            ]
        })
        .collect();
    view! {
        <Section title=w.t("archives-title")>
            <p>{w.t("archives-lead")}</p>
            <Note tone=Tone::Warn><p>{w.t("archives-personal")}</p></Note>
            <form class="form" method="post" action="/staff/archives">
                <SelectField w=w name="community" label=w.t("archives-column-community") options=communities/>
                <label class="check">
                    <input r#type="checkbox" name="contacts" value="1"/>
                    <span>{w.t("archives-contacts")}<span class="choice-note">{w.t("archives-contacts-note")}</span></span>
                </label>
                <Button label=w.t("archives-make")/>
            </form>
            {if none {
                view! { <p class="meta">{w.t("archives-none")}</p> }.into_any()
            } else {
                let caption = w.tf("archives-caption", &[("days", days.into())]);
                view! { <Table caption=caption columns=columns.map(|key| w.t(key)).to_vec() rows=rows/> }.into_any()
            }}
        </Section>
    }
    .into_any()
}
