//! The first sheet of an xlsx file, cell by cell: a cell far out costs nothing, and a file that is small only while it is
//! packed is refused before anything is built from it.

use super::file::{Lines, Unread, unread};
use app::{
    exports::harmless,
    imports::{MAX_CELL, MAX_LINES},
};
use calamine::{DataRef, Reader, Xlsx};
use std::io::{Cursor, Read};

/// Most bytes of everything in the file, unpacked.
const MAX_UNPACKED: u64 = 128 * 1024 * 1024;
/// Most parts of the file.
const MAX_PARTS: usize = 2000;
/// Most columns.
const MAX_COLUMNS: u32 = 100;

fn broken() -> Unread {
    unread("imports-file-spreadsheet", "")
}

/// Unpacks everything into nothing and counts: what a file says of its sizes is not to be trusted.
fn weigh(bytes: &[u8]) -> Result<(), Unread> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())?;
    if zip.len() > MAX_PARTS {
        return Err(unread("imports-file-unpacked", MAX_UNPACKED / 1024 / 1024));
    }
    let mut left = MAX_UNPACKED;
    for part in 0..zip.len() {
        let file = zip.by_index(part).map_err(|_| broken())?;
        let read = std::io::copy(&mut file.take(left + 1), &mut std::io::sink()).map_err(|_| broken())?;
        left = left.checked_sub(read).ok_or_else(|| unread("imports-file-unpacked", MAX_UNPACKED / 1024 / 1024))?;
    }
    Ok(())
}

/// The lines of the first sheet.
pub(super) fn lines(bytes: &[u8]) -> Result<Lines, Unread> {
    weigh(bytes)?;
    let mut book: Xlsx<_> =
        calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(|_: calamine::XlsxError| broken())?;
    let name = book.sheet_names().first().cloned().ok_or_else(broken)?;
    let mut cells = book.worksheet_cells_reader(&name).map_err(|_| broken())?;
    let mut lines = Lines::new();
    while let Some(cell) = cells.next_cell().map_err(|_| broken())? {
        let text = text(cell.get_value());
        if text.trim().is_empty() {
            continue;
        }
        let (row, column) = cell.get_position();
        let line = u64::from(row) + 1;
        if column >= MAX_COLUMNS {
            return Err(unread("imports-file-wide", line));
        }
        if text.len() > MAX_CELL * 4 {
            return Err(unread("imports-file-cell", line));
        }
        if lines.last().is_none_or(|(last, _)| *last != line) {
            if lines.len() > MAX_LINES {
                return Err(unread("imports-file-long", MAX_LINES));
            }
            lines.push((line, Vec::new()));
        }
        let Some((_, cells)) = lines.last_mut() else { continue };
        let at = usize::try_from(column).unwrap_or(0);
        if cells.len() <= at {
            cells.resize(at + 1, String::new());
        }
        cells[at] = text;
    }
    Ok(lines)
}

/// A cell as it would stand in a CSV file: whole numbers without a point, so that codes and telephone numbers stay what
/// they are. A text is one whatever it begins with; a formula is what it came to.
fn text(cell: &DataRef<'_>) -> String {
    match cell {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            harmless(&text.replace("\r\n", "\n"))
        }
        DataRef::SharedString(text) => harmless(&text.replace("\r\n", "\n")),
        DataRef::Bool(on) => if *on { "1" } else { "0" }.to_owned(),
        DataRef::DateTime(at) => at.as_f64().to_string(),
        DataRef::Error(error) => format!("#{error:?}"),
        DataRef::Empty => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn book(fill: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
        let mut book = rust_xlsxwriter::Workbook::new();
        fill(book.add_worksheet());
        book.save_to_buffer().expect("a book")
    }

    #[test]
    fn cells_are_what_they_would_be_in_csv() {
        let bytes = book(|sheet| {
            sheet.write_string(0, 0, "编号").expect("written");
            sheet.write_number(2, 0, 13_800_138_000.0).expect("written");
            sheet.write_number(2, 2, 120.15).expect("written");
            sheet.write_boolean(2, 3, true).expect("written");
        });
        let text = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        assert_eq!(lines(&bytes), Ok(vec![(1, text(&["编号"])), (3, text(&["13800138000", "", "120.15", "1"]))]));
    }

    #[test]
    fn a_cell_far_out_and_a_file_that_swells_are_refused() {
        let far = book(|sheet| {
            sheet.write_string(1_048_575, 16_383, "here").expect("written");
        });
        assert_eq!(lines(&far).map_err(|unread| unread.key), Err("imports-file-wide"));
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let packed = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        zip.start_file("xl/worksheets/sheet1.xml", packed).expect("begun");
        let nothing = vec![b' '; 1024 * 1024];
        for _ in 0..140 {
            zip.write_all(&nothing).expect("written");
        }
        let bomb = zip.finish().expect("finished").into_inner();
        assert!(bomb.len() < 1024 * 1024, "{} bytes", bomb.len());
        assert_eq!(lines(&bomb).map_err(|unread| unread.key), Err("imports-file-unpacked"));
    }
}
