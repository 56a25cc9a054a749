//! Rows become a file while they come: CSV in portions that wait for the one who reads them, or the rows of a sheet that
//! goes to disk.

use crate::http::in_time;
use anyhow::{Context, ensure};
use app::exports::harmless;
use axum::body::Bytes;
use rust_xlsxwriter::{Workbook, Worksheet};
use std::time::Duration;
use tokio::sync::mpsc::Sender;

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A text.
    Text(String),
    /// A number.
    Whole(i64),
}

/// Bytes of CSV that are sent at once.
const PORTION: usize = 64 * 1024;
/// A reader who takes nothing for so long is given up: what is read for them holds the database's old rows.
const STALLED: Duration = Duration::from_secs(60);

/// Where rows go.
pub enum Sink {
    /// CSV, to somebody who reads it meanwhile.
    Csv {
        /// What was written and not sent yet.
        writer: Box<csv::Writer<Vec<u8>>>,
        /// To the reader.
        sender: Sender<anyhow::Result<Bytes>>,
    },
    /// A workbook, to be read when it is whole.
    Xlsx {
        /// The book.
        book: Box<Workbook>,
        /// The next row.
        row: u32,
        /// Most rows.
        most: u32,
    },
}

/// More rows than a file of this kind takes.
#[derive(Debug, thiserror::Error)]
#[error("more rows than such a file takes")]
pub struct TooLong;

impl Sink {
    /// CSV with the mark by which spreadsheets know UTF-8.
    pub fn csv(sender: Sender<anyhow::Result<Bytes>>) -> Sink {
        Sink::Csv { writer: Box::new(csv::Writer::from_writer("\u{feff}".as_bytes().to_vec())), sender }
    }

    /// A workbook with at most so many rows.
    pub fn xlsx(most: u32) -> Sink {
        let mut book = Box::new(Workbook::new());
        book.add_worksheet_with_constant_memory();
        Sink::Xlsx { book, row: 0, most }
    }

    /// Writes a row.
    pub async fn row(&mut self, cells: Vec<Value>) -> anyhow::Result<()> {
        match self {
            Sink::Csv { writer, sender } => {
                let cells = cells.into_iter().map(|cell| match cell {
                    Value::Text(text) => harmless(&text),
                    Value::Whole(number) => number.to_string(),
                });
                writer.write_record(cells)?;
                if writer.get_ref().len() >= PORTION {
                    let whole = std::mem::replace(&mut **writer, csv::Writer::from_writer(Vec::with_capacity(PORTION)));
                    send(whole, sender).await?;
                }
            }
            Sink::Xlsx { book, row, most } => {
                ensure!(*row <= *most, TooLong);
                write(book.worksheet_from_index(0)?, *row, cells)?;
                *row += 1;
                in_time::goes_on();
            }
        }
        Ok(())
    }

    /// Sends what is left; gives the whole workbook.
    pub async fn finish(self) -> anyhow::Result<Option<Vec<u8>>> {
        match self {
            Sink::Csv { writer, sender } => {
                send(*writer, &sender).await?;
                Ok(None)
            }
            Sink::Xlsx { mut book, .. } => {
                let whole = tokio::task::spawn_blocking(move || book.save_to_buffer());
                Ok(Some(in_time::busy(whole).await??))
            }
        }
    }
}

async fn send(writer: csv::Writer<Vec<u8>>, sender: &Sender<anyhow::Result<Bytes>>) -> anyhow::Result<()> {
    let bytes = writer.into_inner().map_err(|error| anyhow::anyhow!("{error}"))?;
    if bytes.is_empty() {
        return Ok(());
    }
    let sent = tokio::time::timeout(STALLED, sender.send(Ok(bytes.into()))).await;
    sent.context("nobody reads the export")?.context("the reader of the export has gone")
}

/// Texts are written as texts: nothing in a workbook of ours is a formula. A text longer than a cell takes is cut.
fn write(sheet: &mut Worksheet, row: u32, cells: Vec<Value>) -> anyhow::Result<()> {
    for (column, cell) in (0_u16..).zip(cells) {
        match cell {
            Value::Text(text) if text.is_empty() => {}
            Value::Text(text) => {
                let cut: String = text.chars().take(32_000).collect();
                sheet.write_string(row, column, cut)?;
            }
            Value::Whole(number) => {
                sheet.write_number(row, column, number as f64)?;
            }
        }
    }
    Ok(())
}
