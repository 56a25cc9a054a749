//! The kinds of imports and their columns.

use super::items::ITEM_COLUMNS;
use crate::{
    i18n::{Lang, Words},
    people::Action,
};

/// What a file brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Districts, streets, communities, grids, buildings.
    Organisations,
    /// Buildings with their place.
    Buildings,
    /// People with a role.
    People,
    /// Service items with what to bring.
    Items,
    /// Categories of reports with their limits.
    Categories,
}

/// A column.
#[derive(Debug)]
pub struct Column {
    /// Name in the code, and in files of those who like it short.
    pub name: &'static str,
    /// Catalogue key of its heading.
    pub key: &'static str,
    /// A file without it is no file of its kind.
    pub needed: bool,
}

const fn needed(name: &'static str, key: &'static str) -> Column {
    Column { name, key, needed: true }
}

const fn may(name: &'static str, key: &'static str) -> Column {
    Column { name, key, needed: false }
}

static ORGANISATIONS: [Column; 9] = [
    needed("code", "imports-column-code"),
    needed("level", "imports-column-level"),
    needed("parent", "imports-column-parent"),
    needed("name", "imports-column-name"),
    may("name_en", "imports-column-name-en"),
    may("phone", "imports-column-hotline"),
    may("address", "imports-column-address"),
    may("address_en", "imports-column-address-en"),
    may("position", "imports-column-position"),
];

static BUILDINGS: [Column; 11] = [
    needed("code", "imports-column-code"),
    may("community", "imports-column-community"),
    needed("grid", "imports-column-grid"),
    needed("name", "imports-column-name"),
    may("name_en", "imports-column-name-en"),
    may("address", "imports-column-address"),
    may("address_en", "imports-column-address-en"),
    may("households", "imports-column-households"),
    may("longitude", "imports-column-longitude"),
    may("latitude", "imports-column-latitude"),
    may("position", "imports-column-position"),
];

static PEOPLE: [Column; 7] = [
    needed("phone", "imports-column-phone"),
    needed("name", "imports-column-person"),
    needed("role", "imports-column-role"),
    needed("organisation", "imports-column-organisation"),
    may("unit", "imports-column-unit"),
    may("unit_en", "imports-column-unit-en"),
    may("lead", "imports-column-lead"),
];

static CATEGORIES: [Column; 11] = [
    needed("code", "imports-column-code"),
    needed("major", "imports-column-major"),
    needed("major_name", "imports-column-major-name"),
    may("major_name_en", "imports-column-major-name-en"),
    needed("name", "imports-column-name"),
    may("name_en", "imports-column-name-en"),
    may("words", "imports-column-words"),
    needed("limit_kind", "imports-column-limit-kind"),
    needed("limit_amount", "imports-column-limit-amount"),
    may("photo_needed", "imports-column-photo-needed"),
    may("active", "imports-column-active"),
];

impl Kind {
    /// All kinds, in the order in which a new deployment needs them.
    pub const ALL: [Kind; 5] = [Kind::Organisations, Kind::Buildings, Kind::People, Kind::Items, Kind::Categories];

    /// As stored, in addresses and at the command line.
    pub fn code(self) -> &'static str {
        match self {
            Kind::Organisations => "organisations",
            Kind::Buildings => "buildings",
            Kind::People => "people",
            Kind::Items => "items",
            Kind::Categories => "categories",
        }
    }

    /// The kind with this code.
    pub fn from_code(code: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Catalogue keys of its name and of what a line of it is.
    pub fn keys(self) -> (&'static str, &'static str) {
        match self {
            Kind::Organisations => ("imports-kind-organisations", "imports-note-organisations"),
            Kind::Buildings => ("imports-kind-buildings", "imports-note-buildings"),
            Kind::People => ("imports-kind-people", "imports-note-people"),
            Kind::Items => ("imports-kind-items", "imports-note-items"),
            Kind::Categories => ("imports-kind-categories", "imports-note-categories"),
        }
    }

    /// Its columns, in the order of templates and exports.
    pub fn columns(self) -> &'static [Column] {
        match self {
            Kind::Organisations => &ORGANISATIONS,
            Kind::Buildings => &BUILDINGS,
            Kind::People => &PEOPLE,
            Kind::Items => &ITEM_COLUMNS,
            Kind::Categories => &CATEGORIES,
        }
    }

    /// What whoever takes such a file over must be allowed to do.
    pub fn action(self) -> Action {
        match self {
            Kind::Organisations | Kind::Buildings | Kind::People => Action::PeopleManage,
            Kind::Items => Action::ItemManage,
            Kind::Categories => Action::CategoryManage,
        }
    }

    /// The column that a heading names: by its short name, or by its words in either language; 网格 is 网格编号 where no other
    /// column is called so.
    pub fn column(self, written: &str) -> Option<&'static Column> {
        let plain = |text: &str| text.trim().trim_end_matches('*').trim().to_lowercase();
        let written = plain(written);
        let words = |column: &Column| [Lang::Zh, Lang::En].map(|lang| plain(&Words::new(lang).t(column.key)));
        let named = |column: &&Column| plain(column.name) == written || words(column).contains(&written);
        let nearly = |column: &&Column| {
            let short = |text: &String| text.trim_end_matches("编号").trim_end_matches(" code").to_owned();
            !written.is_empty() && words(column).iter().map(short).any(|word| word == written)
        };
        self.columns().iter().find(named).or_else(|| self.columns().iter().find(nearly))
    }
}

/// The heading of a column by its name, in the reader's words; the name itself for one that no kind has.
pub fn heading(kind: Kind, name: &str, w: Words) -> String {
    let found = kind.columns().iter().find(|column| column.name == name);
    found.map_or_else(|| name.to_owned(), |column| w.t(column.key))
}

/// What an organisation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// 区
    District,
    /// 街道
    Subdistrict,
    /// 社区
    Community,
    /// 网格
    Grid,
    /// 楼栋
    Building,
}

impl Level {
    /// All levels from above to below.
    pub const ALL: [Level; 5] = [Level::District, Level::Subdistrict, Level::Community, Level::Grid, Level::Building];

    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            Level::District => "district",
            Level::Subdistrict => "subdistrict",
            Level::Community => "community",
            Level::Grid => "grid",
            Level::Building => "building",
        }
    }

    /// The level with this stored code.
    pub fn from_code(code: &str) -> Option<Level> {
        Level::ALL.into_iter().find(|level| level.code() == code)
    }

    /// The catalogue key of the word on screen.
    pub fn key(self) -> &'static str {
        match self {
            Level::District => "imports-level-district",
            Level::Subdistrict => "imports-level-subdistrict",
            Level::Community => "imports-level-community",
            Level::Grid => "imports-level-grid",
            Level::Building => "imports-level-building",
        }
    }

    /// What stands directly above; nothing above a district.
    pub fn above(self) -> Option<Level> {
        match self {
            Level::District => None,
            Level::Subdistrict => Some(Level::District),
            Level::Community => Some(Level::Subdistrict),
            Level::Grid => Some(Level::Community),
            Level::Building => Some(Level::Grid),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_names_its_column_in_every_way_it_is_written() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_code(kind.code()), Some(kind));
            for column in kind.columns() {
                let ways = [Lang::Zh, Lang::En].map(|lang| Words::new(lang).t(column.key));
                for written in [column.name.to_uppercase(), format!(" {} ", ways[0]), ways[1].to_lowercase()] {
                    let found = kind.column(&written).map(|column| column.name);
                    assert_eq!(found, Some(column.name), "{written} of {}", kind.code());
                }
            }
            assert!(kind.column("心愿").is_none());
        }
    }
}
