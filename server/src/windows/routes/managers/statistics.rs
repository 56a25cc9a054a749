//! `/staff/statistics` and its downloads.

use super::super::views::{Fields, hall_ways};
use crate::{
    http::{
        Ctx, Error, Page, Result,
        download::{CSV, XLSX, download as saved},
    },
    windows::service::managers::statistics::{Statistics, statistics},
};
use app::{
    exports::harmless,
    people::Action,
    ui::{parts::Way, shell::Tab},
    windows::{
        pages::managers::statistics::{COLUMNS, Row, StatisticsProps, by_key, cells, statistics_page},
        settings::WEEK_KEYS,
        statistics::{By, Figures, capacity, figures, grouped},
    },
};
use axum::body::Body;

async fn read(ctx: &Ctx, fields: &Fields) -> Result<Statistics> {
    let date = |name: &str| fields.get(name).and_then(|text| text.parse().ok());
    statistics(ctx, fields.get("hall"), (date("from"), date("to"))).await
}

fn groups(ctx: &Ctx, read: &Statistics) -> Vec<(By, Vec<Row>)> {
    let w = ctx.w;
    let hall = |code: &str| {
        let found = read.halls.iter().find(|hall| hall.code == code);
        found.map_or_else(|| code.to_owned(), |hall| w.pick(&hall.name, &hall.name_en).to_owned())
    };
    let name = |by: By, key: &str| match by {
        By::Hall => hall(key),
        By::Item => read.items.get(key).map_or_else(|| key.to_owned(), |item| w.pick(&item.0, &item.1).to_owned()),
        By::Window => {
            let (code, number) = key.split_once(' ').unwrap_or((key, ""));
            // Who left before a window called them.
            let window = match number.trim_start_matches('0') {
                "" => w.t("stat-no-window"),
                number => w.tf("settings-window-name", &[("number", number.into())]),
            };
            format!("{window} {}", hall(code))
        }
        By::Weekday => {
            let index = key.parse::<usize>().unwrap_or(1).clamp(1, 7) - 1;
            w.t(WEEK_KEYS[index])
        }
        By::Hour | By::Week => key.to_owned(),
    };
    By::ALL
        .into_iter()
        .map(|by| {
            let (mut figures, mut places) = (grouped(&read.visits, by), capacity(&read.slots, by));
            // A window that nobody came to has places all the same.
            for key in places.keys() {
                figures.entry(key.clone()).or_default();
            }
            let row = |(key, figures): (String, Figures)| {
                let own = (by != By::Item).then(|| places.remove(&key).unwrap_or_default());
                (name(by, &key), figures, own)
            };
            (by, figures.into_iter().map(row).collect())
        })
        .collect()
}

/// The page.
pub async fn page(ctx: Ctx, fields: Fields) -> Result {
    let read = read(&ctx, &fields).await?;
    let w = ctx.w;
    let (from, to) = read.period;
    let mut halls = hall_ways(&ctx, &read.halls, read.hall.as_ref(), |code| {
        format!("/staff/statistics?hall={code}&from={from}&to={to}")
    });
    halls.insert(
        0,
        Way::new(format!("/staff/statistics?from={from}&to={to}"), w.t("stat-all-halls"), read.hall.is_none()),
    );
    let hall = read.hall.as_ref().map(|hall| hall.code.clone()).unwrap_or_default();
    let may_edit = ctx.actor()?.require_somewhere(Action::ItemManage).is_ok();
    let props = StatisticsProps {
        w,
        halls,
        period: read.period,
        whole: figures(&read.visits),
        places: read.slots.iter().map(|slot| slot.places).sum(),
        groups: groups(&ctx, &read),
        suggested: read
            .items
            .iter()
            .filter_map(|(code, (zh, en, planned, measured))| {
                let minutes = (*measured)?;
                let href = may_edit.then(|| format!("/staff/items/{code}/edit?minutes={minutes}"));
                Some((w.pick(zh, en).to_owned(), *planned, minutes, href))
            })
            .collect(),
        download: format!("/staff/statistics/download?hall={hall}&from={from}&to={to}&as="),
        hall,
    };
    Ok(Page::new(&ctx, w.t("stat-title")).tab(Tab::StaffHalls).back("/staff").render(statistics_page(props)))
}

/// The kinds of files that the tables come as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// For any program.
    Csv,
    /// For spreadsheets.
    Xlsx,
}

/// The tables as a file: `as=csv` or `as=xlsx`.
pub async fn download(ctx: Ctx, fields: Fields) -> Result {
    let read = read(&ctx, &fields).await?;
    let kind = match fields.get("as") {
        Some("xlsx") => Kind::Xlsx,
        Some("csv") => Kind::Csv,
        _ => return Err(Error::NotFound),
    };
    file(&ctx, &read, kind)
}

/// The tables of figures that were read, as a file with heads in the reader's language.
pub fn file(ctx: &Ctx, read: &Statistics, kind: Kind) -> Result {
    let w = ctx.w;
    let head = || std::iter::once(w.t("stat-by")).chain(std::iter::once(w.t("stat-name")));
    let mut rows: Vec<Vec<String>> = vec![head().chain(COLUMNS.iter().map(|key| w.t(key))).collect()];
    for (by, group) in groups(ctx, read) {
        for (name, figures, places) in group {
            rows.push([w.t(by_key(by)), name].into_iter().chain(cells(&figures, places)).collect());
        }
    }
    let (from, to) = read.period;
    let (bytes, media, ending) = match kind {
        Kind::Xlsx => (xlsx(&rows)?, XLSX, "xlsx"),
        Kind::Csv => (csv(&rows)?, CSV, "csv"),
    };
    Ok(saved(Body::from(bytes), media, &format!("linli-{from}-{to}.{ending}")))
}

/// With the mark by which spreadsheets know UTF-8, and no cell that is a formula.
fn csv(rows: &[Vec<String>]) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    for row in rows {
        writer.write_record(row.iter().map(|cell| harmless(cell)))?;
    }
    writer.into_inner().map_err(|error| anyhow::anyhow!("{error}"))
}

fn xlsx(rows: &[Vec<String>]) -> anyhow::Result<Vec<u8>> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (y, row) in (0u32..).zip(rows) {
        for (x, cell) in (0u16..).zip(row) {
            match cell.parse::<f64>() {
                Ok(number) if x > 1 => sheet.write_number(y, x, number)?,
                _ => sheet.write_string(y, x, cell)?,
            };
        }
    }
    Ok(book.save_to_buffer()?)
}
