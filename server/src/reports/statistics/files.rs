//! The table of figures as a file.

use super::{
    Asked, StatisticsQuery,
    figures::{Found, figures},
    shown_name,
};
use crate::http::{Ctx, Error, Params, Result};
use app::{
    exports::harmless,
    i18n::Words,
    reports::statistics::{By, Figures, Measure, percent},
};
use axum::{
    http::{HeaderValue, header},
    response::IntoResponse,
};

/// The table of a file: heads and rows, numbers as numbers.
fn table(w: Words, by: By, found: &Found) -> (Vec<String>, Vec<Vec<Value>>) {
    let mut heads = vec![w.t(by.key())];
    heads.extend(Measure::ALL.map(|measure| w.t(measure.key())));
    heads.extend(
        [
            "desk-stat-closing-rate",
            "desk-stat-on-time-rate",
            "desk-stat-rework-rate",
            "desk-stat-extension-rate",
            "desk-stat-return-rate",
            "desk-stat-satisfaction",
            "desk-stat-median",
        ]
        .map(|key| w.t(key)),
    );
    let line = |name: String, figures: &Figures| {
        let mut cells = vec![Value::Text(name)];
        cells.extend(Measure::ALL.map(|measure| Value::Number(figures.count(measure) as f64)));
        let rates = [
            figures.closing_rate(),
            figures.on_time_rate(),
            figures.rework_rate(),
            figures.extension_rate(),
            figures.return_rate(),
            figures.satisfaction(),
        ];
        cells.extend(rates.map(|rate| Value::Text(rate.map(percent).unwrap_or_default())));
        cells.push(
            figures
                .median_hours()
                .map_or(Value::Text(String::new()), |hours| Value::Number((hours * 10.0).round() / 10.0)),
        );
        cells
    };
    let mut lines: Vec<Vec<Value>> =
        found.parts.iter().map(|(name, figures)| line(shown_name(w, by, name), figures)).collect();
    lines.push(line(w.t("desk-stat-sum"), &found.all));
    (heads, lines)
}

enum Value {
    Text(String),
    Number(f64),
}

/// `/staff/reports/statistics.csv`: UTF-8 with the mark that spreadsheets ask for.
pub async fn csv(ctx: Ctx, Params(query): Params<StatisticsQuery>) -> Result {
    let asked = Asked::read(&ctx, &query).await?;
    let found = figures(&ctx.app.db, ctx.w, &asked.about(ctx.now)).await?;
    let (heads, lines) = table(ctx.w, asked.by, &found);
    let mut writer = ::csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    let broken = |error: ::csv::Error| Error::from(anyhow::Error::new(error));
    writer.write_record(heads.iter().map(|head| harmless(head))).map_err(broken)?;
    for line in lines {
        let cells = line.into_iter().map(|value| match value {
            Value::Text(text) => harmless(&text),
            Value::Number(number) => number.to_string(),
        });
        writer.write_record(cells).map_err(broken)?;
    }
    let bytes = writer.into_inner().map_err(|error| anyhow::anyhow!("writing a table: {error}"))?;
    Ok(file(bytes, "text/csv; charset=utf-8", &format!("reports-{}-{}.csv", asked.from, asked.to)))
}

/// `/staff/reports/statistics.xlsx`. Texts are written as texts: nothing in it is a formula.
pub async fn xlsx(ctx: Ctx, Params(query): Params<StatisticsQuery>) -> Result {
    let asked = Asked::read(&ctx, &query).await?;
    let found = figures(&ctx.app.db, ctx.w, &asked.about(ctx.now)).await?;
    let (heads, lines) = table(ctx.w, asked.by, &found);
    let bytes = workbook(&heads, &lines).map_err(anyhow::Error::new)?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    Ok(file(bytes, kind, &format!("reports-{}-{}.xlsx", asked.from, asked.to)))
}

fn workbook(heads: &[String], lines: &[Vec<Value>]) -> std::result::Result<Vec<u8>, rust_xlsxwriter::XlsxError> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let bold = rust_xlsxwriter::Format::new().set_bold();
    let sheet = book.add_worksheet();
    for (column, head) in (0_u16..).zip(heads) {
        sheet.write_string_with_format(0, column, head, &bold)?;
    }
    for (row, line) in (1_u32..).zip(lines) {
        for (column, value) in (0_u16..).zip(line) {
            match value {
                Value::Text(text) => sheet.write_string(row, column, text)?,
                Value::Number(number) => sheet.write_number(row, column, *number)?,
            };
        }
    }
    sheet.set_freeze_panes(1, 1)?;
    book.save_to_buffer()
}

fn file(bytes: Vec<u8>, kind: &'static str, name: &str) -> axum::response::Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}
