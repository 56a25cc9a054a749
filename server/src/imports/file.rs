//! Files become tables: CSV in UTF-8 (with a mark or without), UTF-16 or GBK, xlsx, and GeoJSON. Whatever is sent, the answer is a
//! table or a word about what is wrong with it.

use super::{geo, xlsx};
use app::imports::{Kind, MAX_CELL, MAX_LINES, mask_numbers};
use encoding_rs::{Encoding, GB18030, UTF_8};

/// Most bytes of a file.
pub const MAX_BYTES: usize = 25 * 1024 * 1024;

/// A table that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The file's columns by their names.
    pub columns: Vec<String>,
    /// Lines that are not empty: their number in the file, and as many cells as there are columns.
    pub rows: Vec<(u64, Vec<String>)>,
}

/// Why a file is no table: a catalogue key, and what it is about as `$what`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// The key.
    pub key: &'static str,
    /// What it is about.
    pub what: String,
}

/// Says why.
pub fn unread(key: &'static str, what: impl ToString) -> Unread {
    Unread { key, what: what.to_string() }
}

/// Lines with their numbers, as they stand in the file.
pub(super) type Lines = Vec<(u64, Vec<String>)>;

/// Reads a file of a kind.
pub fn read(kind: Kind, bytes: &[u8]) -> Result<Table, Unread> {
    if bytes.len() > MAX_BYTES {
        return Err(unread("imports-file-large", MAX_BYTES / 1024 / 1024));
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return table(kind, xlsx::lines(bytes)?);
    }
    let text = text_of(bytes)?;
    let lines = if text.trim_start().starts_with('{') { geo::lines(kind, &text)? } else { csv_lines(&text)? };
    table(kind, lines)
}

/// Headings become columns; empty lines are left out.
fn table(kind: Kind, lines: Lines) -> Result<Table, Unread> {
    let mut lines = lines.into_iter().filter(|(_, cells)| cells.iter().any(|cell| !cell.trim().is_empty()));
    let Some((_, mut heads)) = lines.next() else { return Err(unread("imports-file-empty", "")) };
    while heads.last().is_some_and(|head| head.trim().is_empty()) {
        heads.pop();
    }
    let mut columns: Vec<String> = Vec::new();
    for head in &heads {
        let shown = || mask_numbers(&head.chars().take(60).collect::<String>());
        let Some(column) = kind.column(head) else { return Err(unread("imports-file-column", shown())) };
        if columns.iter().any(|name| name == column.name) {
            return Err(unread("imports-file-column-twice", shown()));
        }
        columns.push(column.name.to_owned());
    }
    if let Some(missing) =
        kind.columns().iter().find(|column| column.needed && !columns.iter().any(|name| name == column.name))
    {
        return Err(unread("imports-file-column-missing", missing.name));
    }
    let mut rows = Vec::new();
    for (line, mut cells) in lines {
        if cells[columns.len().min(cells.len())..].iter().any(|cell| !cell.trim().is_empty()) {
            return Err(unread("imports-file-wide", line));
        }
        cells.resize(columns.len(), String::new());
        rows.push((line, cells));
        if rows.len() > MAX_LINES {
            return Err(unread("imports-file-long", MAX_LINES));
        }
    }
    if rows.is_empty() {
        return Err(unread("imports-file-only-heads", ""));
    }
    Ok(Table { columns, rows })
}

/// The text of a file, in the encoding that it says, in UTF-8, or in the one in which spreadsheets here write CSV.
pub(super) fn text_of(bytes: &[u8]) -> Result<String, Unread> {
    let encoding = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None if bytes.contains(&0) => return Err(unread("imports-file-binary", "")),
        None if std::str::from_utf8(bytes).is_ok() => UTF_8,
        None => GB18030,
    };
    let (text, _, broken) = encoding.decode(bytes);
    let odd = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if text.chars().take(4096).any(odd) || text.contains('\0') {
        return Err(unread("imports-file-binary", ""));
    }
    if broken {
        return Err(unread("imports-file-encoding", ""));
    }
    Ok(text.into_owned())
}

/// What stands between the cells: what the first line has most of.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |c: u8| first.bytes().filter(|byte| *byte == c).count();
    // The first of equals wins: a comma.
    let mut best = b',';
    for other in [b'\t', b';'] {
        if count(other) > count(best) {
            best = other;
        }
    }
    best
}

/// The line on which a quote begins that never ends.
fn open_quote(text: &str, delimiter: u8) -> Option<u64> {
    let (mut line, mut opened, mut begins) = (1, None, true);
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        if byte == b'\n' {
            line += 1;
        }
        match (opened, byte) {
            (Some(_), b'"') if bytes.peek() == Some(&b'"') => {
                bytes.next();
            }
            (Some(_), b'"') => (opened, begins) = (None, false),
            (Some(_), _) => {}
            (None, b'"') if begins => opened = Some(line),
            (None, _) => begins = byte == delimiter || byte == b'\n' || byte == b'\r',
        }
    }
    opened
}

/// The line on which a record begins: it was looked for from a position that may lie before empty lines.
fn first_line(text: &str, from: &csv::Position) -> u64 {
    let start = usize::try_from(from.byte()).unwrap_or(usize::MAX);
    let rest = text.as_bytes().get(start..).unwrap_or_default();
    let empty = rest.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).filter(|byte| **byte == b'\n');
    from.line() + u64::try_from(empty.count()).unwrap_or(0)
}

fn csv_lines(text: &str) -> Result<Lines, Unread> {
    let delimiter = delimiter(text);
    if let Some(line) = open_quote(text, delimiter) {
        return Err(unread("imports-file-quote", line));
    }
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let mut lines = Lines::new();
    let mut record = csv::StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return Ok(lines),
            Err(_) => return Err(unread("imports-file-encoding", "")),
        }
        let line = record.position().map_or(1, |at| first_line(text, at));
        if record.iter().any(|cell| cell.len() > MAX_CELL * 4) {
            return Err(unread("imports-file-cell", line));
        }
        lines.push((line, record.iter().map(|cell| cell.replace("\r\n", "\n")).collect()));
        if lines.len() > 2 * MAX_LINES {
            return Err(unread("imports-file-long", MAX_LINES));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const GOOD: &str = "编号,网格,名称\nb-1,g-1,一号楼\n\n\"b-2\",g-1,\"二号楼\n（东）\"\n";

    fn good() -> Table {
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        Table {
            columns: row(["code", "grid", "name"]),
            rows: vec![(2, row(["b-1", "g-1", "一号楼"])), (4, row(["b-2", "g-1", "二号楼\n（东）"]))],
        }
    }

    #[test]
    fn every_encoding_and_delimiter_gives_the_same_table() {
        let utf16: Vec<u8> = format!("\u{feff}{GOOD}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        let windows = GOOD.replace('\n', "\r\n");
        let files: Vec<(&str, Vec<u8>)> = vec![
            ("utf-8", GOOD.into()),
            ("with a mark", format!("\u{feff}{GOOD}").into()),
            ("gbk", GB18030.encode(GOOD).0.into_owned()),
            ("utf-16", utf16),
            ("tabs", GOOD.replace(',', "\t").into()),
            ("semicolons", GOOD.replace(',', ";").into()),
            ("windows", windows.into()),
        ];
        for (name, bytes) in files {
            assert_eq!(read(Kind::Buildings, &bytes), Ok(good()), "{name}");
        }
    }

    #[test]
    fn what_is_no_table_is_refused_in_words() {
        let long = format!("编号,网格,名称\nb,g,{}", "长".repeat(MAX_CELL * 2));
        let many = format!("编号,网格,名称\n{}", "b,g,n\n".repeat(MAX_LINES + 1));
        let cases: Vec<(&str, Vec<u8>)> = vec![
            ("imports-file-empty", Vec::new()),
            ("imports-file-empty", "\u{feff}\n \n,,\n".into()),
            ("imports-file-binary", vec![0x7f, b'E', b'L', b'F', 0, 0, 1]),
            ("imports-file-binary", b"code,\x01\x02".to_vec()),
            ("imports-file-encoding", vec![b'c', 0xff, 0xff, 0xfe, b'\n']),
            ("imports-file-quote", "编号,网格,名称\n\"b-1,g-1,一号楼\nb-2,g-1,二号楼".into()),
            ("imports-file-column", "编号,网格,名称,备注\nb,g,n,x".into()),
            ("imports-file-column-twice", "编号,code,名称\nb,g,n".into()),
            ("imports-file-column-missing", "编号,名称\nb,n".into()),
            ("imports-file-only-heads", "编号,网格,名称\n\n".into()),
            ("imports-file-wide", "编号,网格,名称\nb,g,n,mehr".into()),
            ("imports-file-cell", long.into()),
            ("imports-file-long", many.into()),
            ("imports-file-large", vec![b'a'; MAX_BYTES + 1]),
            ("imports-file-geojson", r#" {"type":"Topology"}"#.into()),
            ("imports-file-spreadsheet", b"PK\x03\x04 and nothing more".to_vec()),
        ];
        for (key, bytes) in cases {
            assert_eq!(read(Kind::Buildings, &bytes).map_err(|unread| unread.key), Err(key));
        }
        let head = read(Kind::People, "电话,13800138000\n".as_bytes()).expect_err("no heading");
        assert!(!head.what.contains("13800138000"), "{head:?}");
    }

    proptest! {
        #[test]
        fn anything_is_a_table_or_a_word(bytes in prop::collection::vec(any::<u8>(), 0..200), text in "[a-z,\"\n;\t编号]{0,80}") {
            for kind in Kind::ALL {
                let _ = read(kind, &bytes);
                let _ = read(kind, text.as_bytes());
                let _ = read(kind, &[b"PK\x03\x04", bytes.as_slice()].concat());
            }
        }
    }
}
