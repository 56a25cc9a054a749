//! The figures told apart, on the page and in files: each part is what `GROUP BY` counts, each cell is its figure.

use super::{
    statistics::{HOUR, counted, generate},
    *,
};
use crate::support::on_both;
use app::{
    i18n::{Lang, Words},
    reports::{
        Channel,
        statistics::{By, Figures, Measure, Period, percent},
    },
    time,
};
use calamine::{Data, Reader};
use jiff::civil::date;
use std::collections::BTreeMap;

/// How a part is named in SQL: what is joined, and the name.
fn named(by: By) -> (&'static str, &'static str) {
    match by {
        By::Community => ("JOIN organisation m ON m.id = r.community_id", "m.name"),
        By::Grid => ("LEFT JOIN organisation g ON g.id = r.grid_id", "COALESCE(g.name, '')"),
        By::Major => ("JOIN category c ON c.code = r.category", "c.major_name"),
        By::Category => ("JOIN category c ON c.code = r.category", "c.name"),
        By::Owner => ("LEFT JOIN person o ON o.id = r.owner_id", "COALESCE(o.unit, '')"),
        By::Channel => ("", "CASE WHEN r.transferred_from <> '' THEN 'transfer' ELSE r.channel END"),
    }
}

#[tokio::test]
async fn each_part_is_what_group_by_counts() {
    on_both(|test| async move {
        let now = generate(&test).await;
        let w = Words::new(Lang::Zh);
        let path =
            test.loaded.organisations["lanxi"].1.split('/').next().map(|root| format!("{root}/")).expect("a root");
        let period = Period { from: now - 30 * 24 * HOUR, to: now };
        let rows = server::reports::statistics::rows(&test.app.db, w, &path, period).await.expect("rows");
        for by in By::ALL {
            let parts = by.split(&rows, period, now);
            let (join, name) = named(by);
            for measure in Measure::ALL {
                let sql = format!(
                    "SELECT {name} AS name, CAST(COUNT(*) AS BIGINT) FROM report r {join} \
                     WHERE substr(r.path, 1, length($1)) = $1 AND {} AND CAST($4 AS BIGINT) >= $2 GROUP BY 1",
                    counted(measure)
                );
                let counts: Vec<(String, i64)> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
                    .bind(&path)
                    .bind(period.from)
                    .bind(period.to)
                    .bind(period.to)
                    .fetch_all(test.app.db.read())
                    .await
                    .expect("counts");
                let counts: BTreeMap<String, i64> = counts.into_iter().collect();
                let ours: BTreeMap<String, i64> = parts
                    .iter()
                    .map(|(name, part)| (name.clone(), part.count(measure)))
                    .filter(|(_, count)| *count > 0)
                    .collect();
                assert_eq!(ours, counts, "{measure:?} by {by:?}");
            }
            assert!(parts.len() > 1 || by == By::Grid, "{by:?} tells something apart");
        }
        let channels = By::Channel.split(&rows, period, now);
        assert!(channels.iter().any(|(name, _)| name == "transfer"), "a transfer counts as one");
    })
    .await;
}

/// A line of the files, as texts.
fn line(name: &str, figures: &Figures) -> Vec<String> {
    let mut cells = vec![name.to_owned()];
    cells.extend(Measure::ALL.map(|measure| figures.count(measure).to_string()));
    let rates = [
        figures.closing_rate(),
        figures.on_time_rate(),
        figures.rework_rate(),
        figures.extension_rate(),
        figures.return_rate(),
        figures.satisfaction(),
    ];
    cells.extend(rates.map(|rate| rate.map(percent).unwrap_or_default()));
    cells.push(figures.median_hours().map(|hours| ((hours * 10.0).round() / 10.0).to_string()).unwrap_or_default());
    cells
}

#[tokio::test]
async fn the_page_and_both_files_have_the_very_figures() {
    on_both(|test| async move {
        let now = generate(&test).await;
        let w = Words::new(Lang::Zh);
        let path = test.loaded.organisations["wutong"].1.clone();
        let start = |day| time::start_of(day).as_microsecond();
        let period = Period { from: start(date(2026, 10, 1)), to: start(date(2026, 11, 26)) };
        let rows = server::reports::statistics::rows(&test.app.db, w, &path, period).await.expect("rows");
        let all = Figures::of(&rows, period, now);
        let mut staff = test.signed_in(STAFF).await;
        for by in By::ALL {
            let shown = |name: &str| match by {
                By::Channel => w.t(Channel::from_code(name).expect("a channel").key()),
                By::Owner if name.is_empty() => "网格员和志愿者（合计）".to_owned(),
                _ if name.is_empty() => w.t("desk-stat-none"),
                _ => name.to_owned(),
            };
            let mut expected: Vec<Vec<String>> =
                by.split(&rows, period, now).iter().map(|(name, part)| line(&shown(name), part)).collect();
            expected.push(line("合计", &all));

            let query = format!("from=2026-10-01&to=2026-11-25&by={}", by.code());
            let csv = staff.get(&format!("/staff/reports/statistics.csv?{query}")).await;
            let text = csv.text();
            let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
            assert_eq!(reader.headers().expect("heads").len(), expected[0].len());
            let records: Vec<Vec<String>> =
                reader.records().map(|record| record.expect("a line").iter().map(str::to_owned).collect()).collect();
            assert_eq!(records, expected, "{by:?} as CSV");

            let xlsx = staff.get(&format!("/staff/reports/statistics.xlsx?{query}")).await;
            let mut book: calamine::Xlsx<_> =
                calamine::open_workbook_from_rs(std::io::Cursor::new(xlsx.body)).expect("a book");
            let sheet = book.worksheet_range_at(0).expect("a sheet").expect("readable");
            let cells: Vec<Vec<String>> = sheet.rows().skip(1).map(|row| row.iter().map(cell).collect()).collect();
            assert_eq!(cells, expected, "{by:?} as a workbook");
            let counts = sheet.rows().skip(1).flat_map(|row| &row[1..12]);
            assert!(
                counts.into_iter().all(|cell| matches!(cell, Data::Float(_) | Data::Int(_))),
                "numbers are numbers"
            );

            let page = staff.get(&format!("/staff/reports/statistics?{query}")).await.text();
            assert!(page.contains("class=\"chart\""), "{by:?}: {page}");
            for rate in &line("", &all)[12..18] {
                assert!(!rate.is_empty() && page.contains(rate.as_str()), "{rate} on the page by {by:?}");
            }
        }
    })
    .await;
}

fn cell(cell: &Data) -> String {
    match cell {
        Data::String(text) => text.clone(),
        Data::Empty => String::new(),
        Data::Float(number) => number.to_string(),
        Data::Int(number) => number.to_string(),
        other => panic!("{other:?} in a cell"),
    }
}
