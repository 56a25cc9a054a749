//! Tables for the housing bureau: companies with their level, and credit entries with their reasons.

use super::{
    service::reading,
    store::{
        credit::{self, Entry},
        paths,
    },
};
use crate::{
    app_state::App,
    exports::{
        service::Asked,
        sink::{Sink, Value},
    },
};
use app::{
    exports::Dataset,
    property::{assess::written, credit::Counted, pages::source_key},
    time::day_of,
};
use jiff::Timestamp;

async fn heads(asked: &Asked, keys: &[&str], sink: &mut Sink) -> anyhow::Result<()> {
    sink.row(keys.iter().map(|key| Value::Text(asked.w.t(key))).collect()).await
}

/// Writes one of the two tables.
pub async fn write(app: &App, asked: &Asked, sink: &mut Sink) -> anyhow::Result<()> {
    match asked.dataset {
        Dataset::PropertyEntries => entries(app, asked, sink).await,
        _ => companies(app, asked, sink).await,
    }
}

fn failed(error: crate::http::Error) -> anyhow::Error {
    anyhow::anyhow!("{error}")
}

/// Companies that have, or had, an estate in the subtree, with their level on the last day asked for.
async fn companies(app: &App, asked: &Asked, sink: &mut Sink) -> anyhow::Result<()> {
    let w = asked.w;
    let columns = [
        "property-column-company",
        "property-registration",
        "property-phone",
        "property-column-day",
        "property-column-level",
        "property-column-credit",
        "property-column-reasons",
        "property-column-estates",
        "property-period",
        "property-column-score",
    ];
    heads(asked, &columns, sink).await?;
    let paths = paths(&app.db).await?;
    let there = |id: &String| paths.get(id).is_some_and(|paths| paths.iter().any(|path| path.starts_with(&asked.path)));
    let day = asked.period.1;
    for ranked in reading::on(app, day).await.map_err(failed)?.into_iter().filter(|ranked| there(&ranked.company.id)) {
        let reason = |entry: &Entry| format!("{} {:+}", entry.title, entry.points);
        let reasons: Vec<String> = ranked.entries.iter().map(reason).collect();
        let estates: Vec<&str> =
            ranked.contracts.iter().map(|contract| w.pick(&contract.estate, &contract.estate_en)).collect();
        let (period, points) = ranked.latest.unwrap_or_default();
        let row = vec![
            Value::Text(w.pick(&ranked.company.name, &ranked.company.name_en).to_owned()),
            Value::Text(ranked.company.registration),
            Value::Text(ranked.company.phone),
            Value::Text(day.to_string()),
            Value::Text(w.t(ranked.standing.level.key())),
            Value::Whole(ranked.standing.points),
            Value::Text(reasons.join(&w.t("property-and"))),
            Value::Text(estates.join(&w.t("property-and"))),
            Value::Text(period),
            Value::Text(points.map(written).unwrap_or_default()),
        ];
        sink.row(row).await?;
    }
    Ok(())
}

/// Entries of the subtree that were published, or revoked after that, and that were proposed in the period or count in it.
async fn entries(app: &App, asked: &Asked, sink: &mut Sink) -> anyhow::Result<()> {
    let w = asked.w;
    let columns = [
        "property-column-company",
        "property-column-estate",
        "property-column-entry",
        "property-entry-source",
        "property-entry-basis",
        "property-column-points",
        "property-first-points",
        "property-severe",
        "property-entry-from",
        "property-entry-until",
        "property-column-state",
        "property-published-day",
    ];
    heads(asked, &columns, sink).await?;
    let (first, last) = asked.period;
    let all = credit::published(&app.db, &asked.path).await?;
    let asked_for = |entry: &Entry| {
        let Counted { from, until, .. } = entry.counted();
        let proposed = day_of(Timestamp::from_microsecond(entry.proposed_at).unwrap_or(Timestamp::UNIX_EPOCH));
        first <= proposed && proposed <= last || from <= last && first <= until
    };
    for entry in all.into_iter().filter(asked_for) {
        let row = vec![
            Value::Text(w.pick(&entry.company, &entry.company_en).to_owned()),
            Value::Text(w.pick(&entry.estate, &entry.estate_en).to_owned()),
            Value::Text(entry.title.clone()),
            Value::Text(w.t(source_key(&entry.source))),
            Value::Text(entry.basis.clone()),
            Value::Whole(entry.points),
            Value::Whole(entry.first_points),
            Value::Whole(entry.severe),
            Value::Text(entry.counts_from().to_string()),
            Value::Text(entry.until_day.clone()),
            Value::Text(w.t(entry.state().key())),
            Value::Text(entry.published_day.clone()),
        ];
        sink.row(row).await?;
    }
    Ok(())
}
