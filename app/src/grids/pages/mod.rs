//! Pages of grids.

mod change;
mod contact;
mod duty;
mod list;
mod one;
mod outline;
mod picture;

pub use change::{BuildingChoice, ChangePage, NAMES, change_page};
pub use contact::{ContactPage, contact_page};
pub use duty::{AwayRow, DutyPage, TurnRow, duty_page};
pub use list::{ChangeLine, GridRow, GridsPage, Group, list_page};
pub use one::{BuildingRow, DutyLine, Ended, GridPage, OpenLine, grid_page};
pub use outline::{OutlinePage, outline_page};
pub use picture::{Dot, Look, Plan, Shape, picture};

use std::collections::BTreeMap;

/// Field and words.
pub type Errors = BTreeMap<&'static str, String>;

fn summary(errors: &Errors) -> Vec<(String, String)> {
    errors.iter().map(|(field, text)| ((*field).to_owned(), text.clone())).collect()
}
