//! An assessment, opened down to the reports, inspections, ratings and entries behind it. Prints as a paper.

use super::rules::percent;
use crate::{
    i18n::Words,
    property::{
        assess::{Assessment, Change, Inputs, Part, written},
        rules::Indicator,
    },
    ui::parts::*,
};
use leptos::prelude::*;

/// What the page of an assessment shows.
pub struct AssessmentPage {
    /// Words.
    pub w: Words,
    /// Name of the company.
    pub company: String,
    /// When it was made, in words.
    pub made: String,
    /// Which one of this period, from 1.
    pub number: i64,
    /// Points as kept, in hundredths.
    pub points: Option<i64>,
    /// What it was made from.
    pub inputs: Inputs,
    /// Calculated again from that.
    pub again: Assessment,
    /// Calculated from what the records say now.
    pub now: Assessment,
    /// What is another now.
    pub changes: Vec<Change>,
    /// Before the code of a report in its address.
    pub reports: &'static str,
    /// Before the id of an entry in its address.
    pub entries: &'static str,
    /// Before the id of an estate, where the reader has its page.
    pub estates: Option<&'static str>,
    /// Names of the categories.
    pub categories: String,
}

fn points(points: Option<i64>) -> String {
    points.map_or_else(|| "–".to_owned(), written)
}

fn part(w: Words, part: &Part) -> Vec<Cell> {
    let (name, defined) = part.weighed.indicator.keys();
    let raw = match part.raw {
        Some((numerator, denominator)) => {
            let share = i128::from(numerator) * 10_000 / i128::from(denominator.max(1));
            format!("{numerator} / {denominator} = {}", percent(i64::try_from(share).unwrap_or(0)))
        }
        None => w.t("property-no-data"),
    };
    let product = part.score.map_or_else(|| "–".to_owned(), |_| written(part.product()));
    vec![
        Cell::new(view! { <span>{w.t(name)}</span><br/><span class="small muted">{w.t(defined)}</span> }),
        Cell::number(raw),
        Cell::number(format!("{} → {}", percent(part.weighed.worst), percent(part.weighed.best))),
        Cell::number(points(part.score)),
        Cell::number(part.weighed.weight),
        Cell::number(product),
    ]
}

fn reports(w: Words, inputs: &Inputs, begin: &'static str) -> AnyView {
    let marks = |yes: bool| Cell::new(if yes { "✓" } else { "" });
    let rows: Vec<Vec<Cell>> = inputs
        .reports
        .iter()
        .map(|report| {
            let href = format!("{begin}{}", report.code);
            vec![
                Cell::new(view! { <a href=href>{report.code.clone()}</a> }),
                marks(report.filed),
                marks(report.due),
                marks(report.due && report.on_time),
                marks(report.closed),
                marks(report.closed && report.reworked),
            ]
        })
        .collect();
    if rows.is_empty() {
        return view! { <p class="muted">{w.t("property-none")}</p> }.into_any();
    }
    let columns = [
        "property-column-report",
        "property-column-filed",
        "property-column-due",
        "property-column-on-time",
        "property-column-closed",
        "property-column-reworked",
    ];
    view! { <Table caption=w.t("property-reports-behind") columns=columns.map(|key| w.t(key)).to_vec() rows=rows/> }
        .into_any()
}

/// Estates, inspections, ratings and entries as lists of words with a number each.
/// A list, or that there is nothing.
fn listed(w: Words, rows: Vec<AnyView>) -> AnyView {
    if rows.is_empty() {
        return view! { <p class="muted">{w.t("property-none")}</p> }.into_any();
    }
    view! { <ul class="property-reasons">{rows}</ul> }.into_any()
}

fn others(page: &AssessmentPage) -> AnyView {
    let w = page.w;
    let estates: Vec<AnyView> = page
        .inputs
        .estates
        .iter()
        .map(|estate| {
            let name = w.pick(&estate.name, &estate.name_en).to_owned();
            let text =
                w.tf("property-estate-days", &[("households", estate.households.into()), ("days", estate.days.into())]);
            let name = match page.estates {
                Some(begin) => view! { <a href=format!("{begin}{}", estate.id)>{name}</a> }.into_any(),
                None => name.into_any(),
            };
            view! { <li>{name}" "{text}</li> }.into_any()
        })
        .collect();
    let inspections: Vec<AnyView> = page
        .inputs
        .inspections
        .iter()
        .map(|inspection| view! { <li>{inspection.day.clone()}" "{inspection.estate.clone()}" "<span class="num">{inspection.points}</span></li> }.into_any())
        .collect();
    let ratings: Vec<AnyView> = page
        .inputs
        .ratings
        .iter()
        .map(|rating| {
            let text = w.tf("property-ratings-sum", &[("count", rating.count.into()), ("stars", rating.stars.into())]);
            view! { <li>{rating.estate.clone()}" "{text}</li> }.into_any()
        })
        .collect();
    let entries: Vec<AnyView> = page
        .inputs
        .entries
        .iter()
        .map(|entry| {
            let href = format!("{}{}", page.entries, entry.id);
            view! { <li><a href=href>{entry.title.clone()}</a>" "<span class="num">{format!("{:+}", entry.points)}</span></li> }.into_any()
        })
        .collect();
    let rated = w.tf("property-rated-quarter", &[("quarter", page.inputs.rated.clone().into())]);
    view! {
        <h3>{w.t("property-estates")}</h3>
        {listed(w, estates)}
        <h3>{w.t("property-inspections")}</h3>
        {listed(w, inspections)}
        <h3>{w.t("property-ratings")}</h3>
        <p class="small muted">{rated}</p>
        {listed(w, ratings)}
        <h3>{w.t("property-entries")}</h3>
        {listed(w, entries)}
    }
    .into_any()
}

fn check(page: &AssessmentPage) -> AnyView {
    let w = page.w;
    let exact = page.again.points == page.points;
    let (tone, key) = if exact { (Tone::Ok, "property-exact") } else { (Tone::Bad, "property-not-exact") };
    let changed = !page.changes.is_empty();
    let text =
        w.tf("property-changed", &[("before", points(page.points).into()), ("now", points(page.now.points).into())]);
    let changes = page
        .changes
        .iter()
        .map(|change| view! { <li>{w.t(change.kind)}" "{change.name.clone()}" · "{w.t(change.how)}</li> })
        .collect_view();
    view! {
        <Note tone=tone><p>{w.t(key)}</p></Note>
        {changed.then(|| view! { <Note tone=Tone::Warn><p>{text}</p><ul class="property-reasons">{changes}</ul></Note> })}
        {(!changed).then(|| view! { <p class="small muted">{w.t("property-unchanged")}</p> })}
    }
    .into_any()
}

/// The page of an assessment.
pub fn page(page: AssessmentPage) -> AnyView {
    let w = page.w;
    let rows = page.again.parts.iter().map(|one| part(w, one)).collect();
    let columns = [
        "property-column-indicator",
        "property-column-raw",
        "property-column-scale",
        "property-column-score",
        "property-column-weight",
        "property-column-product",
    ];
    let products: i64 = page.again.parts.iter().map(Part::product).sum();
    let sum = w.tf(
        "property-sum",
        &[
            ("products", written(products).into()),
            ("weights", page.again.weights.into()),
            ("points", points(page.points).into()),
        ],
    );
    let made = w.tf("property-made", &[("when", page.made.clone().into()), ("number", page.number.into())]);
    let missing = page.again.parts.iter().any(|part| part.score.is_none());
    let definition = w.tf("property-definition", &[("categories", page.categories.clone().into())]);
    let (others, reports, check) = (others(&page), reports(w, &page.inputs, page.reports), check(&page));
    let meta = format!("{} · {} · {made}", page.company, page.inputs.period);
    let credit = page.again.parts.iter().any(|part| part.weighed.indicator == Indicator::Credit);
    view! {
        <article class="property-paper">
            <p class="meta">{meta}</p>
            <p class="property-score num">{points(page.points)}</p>
            <Table caption=w.t("property-parts") columns=columns.map(|key| w.t(key)).to_vec() rows=rows/>
            <p class="num">{sum}</p>
            {missing.then(|| view! { <p class="small muted">{w.t("property-missing")}</p> })}
            {check}
            <Section title=w.t("property-behind")>
                <p>{definition}</p>
                {credit.then(|| view! { <p class="small muted">{w.t("property-credit-rule")}</p> })}
                {others}
                <h3>{w.t("property-reports-behind")}</h3>
                {reports}
            </Section>
        </article>
    }
    .into_any()
}
