//! Imports of tables: which kinds there are, which columns each has, how a line is read, and what becomes of it. Pure:
//! what the database knows is handed in.

mod columns;
mod items;
mod lines;
mod mask;
mod outcome;
pub mod pages;
mod reader;

pub use columns::{Column, Kind, Level, heading};
pub use items::{ITEM_COLUMNS, item_cells, read_item_line};
pub use lines::{
    CategoryLine, PersonLine, Place, PlaceLine, category_cells, place_cells, read_building, read_category,
    read_organisation, read_person, yes,
};
pub use mask::mask_numbers;
pub use outcome::{Counts, Difference, Mistake, Note, Outcome, Verdict, Why, between};
pub use reader::{LineReader, Merged, Row};

/// Most lines of a file, its headings not counted.
pub const MAX_LINES: usize = 100_000;
/// Most characters of a cell: the longest text of a service item, with its English, and room to spare.
pub const MAX_CELL: usize = 20_000;
/// Lines that one transaction deals with.
pub const PIECE: usize = 500;
