//! The lines of organisations, buildings, people and categories: read into what they say, and written so that they read the same.

use super::{
    Kind, Level,
    reader::{LineReader, Merged, Row},
};
use crate::{
    i18n::Words,
    people::{Phone, Role, read_name},
    reports::{due::LimitKind, worktime::MOST},
};

/// An organisation, as far as tables tell of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Place {
    /// Code.
    pub code: String,
    /// Code of its level.
    pub level: String,
    /// Code of what is above it.
    pub parent: String,
    /// For buildings: code of the community.
    pub community: String,
    /// Chinese name.
    pub name: String,
    /// English name, may be empty.
    pub name_en: String,
    /// Hotline, may be empty.
    pub phone: String,
    /// Address, may be empty.
    pub address: String,
    /// English address, may be empty.
    pub address_en: String,
    /// Households.
    pub households: i64,
    /// WGS-84.
    pub longitude: Option<f64>,
    /// WGS-84.
    pub latitude: Option<f64>,
    /// Order among its siblings.
    pub position: i64,
}

/// What a line says of a place; `None` where the file has no such column.
#[derive(Clone, Debug)]
pub struct PlaceLine {
    /// Code.
    pub code: String,
    /// Level.
    pub level: Option<Level>,
    /// Code of what is above it; empty for a district.
    pub parent: String,
    /// Code of a building's community.
    pub community: Option<String>,
    name: Option<String>,
    name_en: Option<String>,
    phone: Option<String>,
    address: Option<String>,
    address_en: Option<String>,
    households: Option<i64>,
    longitude: Option<Option<f64>>,
    latitude: Option<Option<f64>>,
    position: Option<i64>,
}

impl PlaceLine {
    /// The place as it would be; what the line does not say stays as it is known.
    pub fn over(&self, known: Option<&Place>) -> Place {
        let mut place = known.cloned().unwrap_or_default();
        let put = |to: &mut String, from: &Option<String>| {
            if let Some(text) = from {
                to.clone_from(text);
            }
        };
        place.code.clone_from(&self.code);
        place.level = self.level.map_or_else(String::new, |level| level.code().to_owned());
        place.parent.clone_from(&self.parent);
        put(&mut place.community, &self.community.clone().filter(|code| !code.is_empty()));
        put(&mut place.name, &self.name);
        put(&mut place.name_en, &self.name_en);
        put(&mut place.phone, &self.phone);
        put(&mut place.address, &self.address);
        put(&mut place.address_en, &self.address_en);
        place.households = self.households.unwrap_or(place.households);
        place.longitude = self.longitude.unwrap_or(place.longitude);
        place.latitude = self.latitude.unwrap_or(place.latitude);
        place.position = self.position.unwrap_or(place.position);
        place
    }
}

fn place(row: Row<'_>, kind: Kind) -> Merged<PlaceLine> {
    let mut read = LineReader::new(row);
    let code = read.code("code", true);
    let building = kind == Kind::Buildings;
    let level = match building {
        true => Some(Level::Building),
        false => read.one_of("level", &Level::ALL, (Level::code, Level::key)),
    };
    let above = if building { "grid" } else { "parent" };
    let parent = read.code(above, level.is_some_and(|level| level.above().is_some()));
    if level == Some(Level::District) && !parent.is_empty() {
        read.wrong(above, "imports-error-district", "");
    }
    let says = PlaceLine {
        level,
        parent,
        community: row.get("community").is_some().then(|| read.code("community", false)),
        name: read.text("name", true, 60),
        name_en: read.text("name_en", false, 120),
        phone: read.text("phone", false, 40),
        address: read.text("address", false, 200),
        address_en: read.text("address_en", false, 200),
        households: read.number("households", (0, 100_000)),
        longitude: read.degrees("longitude", 180.0),
        latitude: read.degrees("latitude", 90.0),
        position: read.number("position", (0, 1_000_000)),
        code: code.clone(),
    };
    let lonely = |a: &str, b: &str| {
        let filled = |column: &str| row.get(column).is_some_and(|cell| !cell.is_empty());
        filled(a) && !filled(b)
    };
    for (a, b) in [("longitude", "latitude"), ("latitude", "longitude")] {
        if lonely(a, b) {
            read.wrong(a, "imports-error-both-degrees", "");
        }
    }
    let name = says.name.as_deref().unwrap_or_default();
    let what = if name.is_empty() { code.clone() } else { format!("{name} {code}") };
    Merged { key: code, what, says, mistakes: read.mistakes }
}

/// Reads a line of [`Kind::Organisations`].
pub fn read_organisation(row: Row<'_>) -> Merged<PlaceLine> {
    place(row, Kind::Organisations)
}

/// Reads a line of [`Kind::Buildings`].
pub fn read_building(row: Row<'_>) -> Merged<PlaceLine> {
    place(row, Kind::Buildings)
}

/// The cells of a place, in the order of the kind's columns: its level in words, or as its code without any.
pub fn place_cells(kind: Kind, place: &Place, w: Option<Words>) -> Vec<String> {
    let degrees = |number: Option<f64>| number.map(|number| number.to_string()).unwrap_or_default();
    let level = match (Level::from_code(&place.level), w) {
        (Some(level), Some(w)) => w.t(level.key()),
        _ => place.level.clone(),
    };
    let cell = |column: &str| match column {
        "code" => place.code.clone(),
        "level" => level.clone(),
        "parent" | "grid" => place.parent.clone(),
        "community" => place.community.clone(),
        "name" => place.name.clone(),
        "name_en" => place.name_en.clone(),
        "phone" => place.phone.clone(),
        "address" => place.address.clone(),
        "address_en" => place.address_en.clone(),
        "households" => place.households.to_string(),
        "longitude" => degrees(place.longitude),
        "latitude" => degrees(place.latitude),
        "position" => place.position.to_string(),
        _ => String::new(),
    };
    kind.columns().iter().map(|column| cell(column.name)).collect()
}

/// What a line says of a person.
#[derive(Clone, Debug)]
pub struct PersonLine {
    /// Number; `None` when it is none.
    pub phone: Option<Phone>,
    /// Name.
    pub name: String,
    /// Role.
    pub role: Option<Role>,
    /// Code of the organisation that the role is for.
    pub organisation: String,
    /// Unit in Chinese; empty: as it is known.
    pub unit: String,
    /// Unit in English.
    pub unit_en: String,
    /// Leads the unit; `None`: as it is known.
    pub lead: Option<bool>,
}

/// Reads a line of [`Kind::People`]. The key is made where the number can be hashed.
pub fn read_person(row: Row<'_>) -> Merged<PersonLine> {
    let mut read = LineReader::new(row);
    let phone = Phone::parse(row.get("phone").unwrap_or_default()).ok();
    if phone.is_none() {
        let empty = row.get("phone").is_none_or(str::is_empty);
        read.wrong("phone", if empty { "imports-error-empty" } else { "imports-error-phone" }, "");
    }
    let typed = read.text("name", true, crate::people::NAME_MAX).unwrap_or_default();
    let name = read_name(&typed).unwrap_or_else(|_| {
        read.wrong("name", "imports-error-empty", "");
        String::new()
    });
    let roles: Vec<Role> = Role::ALL.into_iter().filter(|role| *role != Role::Resident).collect();
    let role = read.one_of("role", &roles, (Role::code, Role::key));
    let says = PersonLine {
        phone,
        name: name.clone(),
        role,
        organisation: read.code("organisation", true),
        unit: read.text("unit", false, 60).unwrap_or_default(),
        unit_en: read.text("unit_en", false, 60).unwrap_or_default(),
        lead: read.flag("lead"),
    };
    if role.is_some_and(|role| role != Role::Unit) {
        for (column, filled) in [("unit", !says.unit.is_empty()), ("unit_en", !says.unit_en.is_empty())] {
            if filled {
                read.wrong(column, "imports-error-only-unit", "");
            }
        }
        if says.lead == Some(true) {
            read.wrong("lead", "imports-error-only-unit", "");
        }
    }
    if says.unit.is_empty() && !says.unit_en.is_empty() {
        read.wrong("unit", "imports-error-empty", "");
    }
    let masked = says.phone.as_ref().map(Phone::masked).unwrap_or_default();
    Merged { key: String::new(), what: format!("{name} {masked}").trim().to_owned(), says, mistakes: read.mistakes }
}

/// A category, as tables tell of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CategoryLine {
    /// Code.
    pub code: String,
    /// Code of the major category.
    pub major: String,
    /// Its name.
    pub major_name: String,
    /// In English.
    pub major_name_en: String,
    /// Name.
    pub name: String,
    /// In English.
    pub name_en: String,
    /// Words that residents use for it.
    pub words: Vec<String>,
    /// Code of how its limit counts.
    pub limit_kind: String,
    /// Hours or days.
    pub limit_amount: i64,
    /// A handler cannot finish without a photo.
    pub photo_needed: bool,
    /// It can be chosen.
    pub active: bool,
}

/// How a limit counts, in words.
pub(super) fn limit_key(kind: LimitKind) -> &'static str {
    match kind {
        LimitKind::Urgent => "reports-limit-urgent",
        LimitKind::WorkingHours => "reports-limit-working-hours",
        LimitKind::WorkingDays => "reports-limit-working-days",
    }
}

/// Reads a line of [`Kind::Categories`] over what is known of it.
pub fn read_category(row: Row<'_>, known: Option<&CategoryLine>) -> Merged<CategoryLine> {
    let mut read = LineReader::new(row);
    let blank = CategoryLine { active: true, ..CategoryLine::default() };
    let mut says = known.cloned().unwrap_or(blank);
    says.code = read.code("code", true);
    says.major = read.code("major", true);
    let texts: [(&str, bool, &mut String); 4] = [
        ("major_name", true, &mut says.major_name),
        ("major_name_en", false, &mut says.major_name_en),
        ("name", true, &mut says.name),
        ("name_en", false, &mut says.name_en),
    ];
    for (column, needed, to) in texts {
        if let Some(text) = read.text(column, needed, 60) {
            *to = text;
        }
    }
    if let Some(words) = read.text("words", false, 1000).filter(|words| *words != says.words.join("、")) {
        says.words = crate::windows::item_form::parse_keywords(&words);
    }
    if let Some(kind) = read.one_of("limit_kind", &LimitKind::ALL, (LimitKind::code, limit_key)) {
        kind.code().clone_into(&mut says.limit_kind);
    }
    match read.number("limit_amount", (1, MOST)) {
        Some(amount) => says.limit_amount = amount,
        None => read.wrong("limit_amount", "imports-error-empty", ""),
    }
    says.photo_needed = read.flag("photo_needed").unwrap_or(says.photo_needed);
    says.active = read.flag("active").unwrap_or(says.active);
    let what = format!("{} {}", says.name, says.code).trim().to_owned();
    Merged { key: says.code.clone(), what, says, mistakes: read.mistakes }
}

/// Yes or no in words; `1` or `0` without any.
pub fn yes(on: bool, w: Option<Words>) -> String {
    match w {
        Some(w) => w.t(if on { "imports-yes" } else { "imports-no" }),
        None => if on { "1" } else { "0" }.to_owned(),
    }
}

/// The cells of a category in the order of its columns: in words, or as codes without any.
pub fn category_cells(category: &CategoryLine, w: Option<Words>) -> Vec<String> {
    let limit = match (LimitKind::from_code(&category.limit_kind), w) {
        (Some(kind), Some(w)) => w.t(limit_key(kind)),
        _ => category.limit_kind.clone(),
    };
    vec![
        category.code.clone(),
        category.major.clone(),
        category.major_name.clone(),
        category.major_name_en.clone(),
        category.name.clone(),
        category.name_en.clone(),
        category.words.join("、"),
        limit,
        category.limit_amount.to_string(),
        yes(category.photo_needed, w),
        yes(category.active, w),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imports::{Mistake, Why};
    use proptest::prelude::*;

    fn columns(kind: Kind) -> Vec<String> {
        kind.columns().iter().map(|column| column.name.to_owned()).collect()
    }

    fn key_of(mistake: &Mistake) -> &str {
        match &mistake.why {
            Why::Key { key, .. } => key,
            Why::Said { .. } => "",
        }
    }

    fn mistakes<T>(read: &Merged<T>) -> Vec<(&str, &str)> {
        read.mistakes.iter().map(|mistake| (mistake.column.as_str(), key_of(mistake))).collect()
    }

    #[test]
    fn mistakes_are_named_at_their_columns() {
        let of = |kind: Kind, cells: &[&str]| -> (Vec<String>, Vec<String>) {
            (columns(kind), cells.iter().map(|cell| (*cell).to_owned()).collect())
        };
        let (names, cells) = of(Kind::Buildings, &["B 1", "", "", "", "", "", "", "many", "190", "", "-1"]);
        let read = read_building(Row { columns: &names, line: 2, cells: &cells });
        assert_eq!(
            mistakes(&read),
            [
                ("code", "imports-error-code"),
                ("grid", "imports-error-empty"),
                ("name", "imports-error-empty"),
                ("households", "imports-error-number"),
                ("longitude", "imports-error-degrees"),
                ("position", "imports-error-number"),
            ]
        );
        let (names, cells) = of(Kind::People, &["1990000", "=HYPERLINK(1)", "市长", "wutong", "水务", "", "也许"]);
        let read = read_person(Row { columns: &names, line: 2, cells: &cells });
        assert_eq!(
            mistakes(&read),
            [
                ("name", "imports-error-formula"),
                ("phone", "imports-error-phone"),
                ("role", "imports-error-unknown"),
                ("lead", "imports-error-flag"),
            ]
        );
        let (names, cells) = of(Kind::Organisations, &["lanxi", "区", "cn", "兰溪区", "", "", "", "", ""]);
        let read = read_organisation(Row { columns: &names, line: 2, cells: &cells });
        assert_eq!(mistakes(&read), [("parent", "imports-error-district")]);
    }

    #[test]
    fn words_of_both_languages_and_codes_are_understood() {
        for (role, expected) in [
            ("volunteer", Role::Volunteer),
            ("网格员", Role::GridWorker),
            ("街道/区", Role::Supervisor),
            ("admin", Role::Admin),
        ] {
            let names = columns(Kind::People);
            let cells: Vec<String> =
                ["+86 199-0000-0001", "王芳", role, "wutong", "", "", ""].map(str::to_owned).to_vec();
            let read = read_person(Row { columns: &names, line: 2, cells: &cells });
            assert_eq!((read.says.role, read.mistakes.len()), (Some(expected), 0), "{role}");
        }
    }

    proptest! {
        /// Whatever stands in the cells: a line or mistakes, and a line that was read is written so that it reads the same.
        #[test]
        fn what_is_written_is_read_again(
            cells in prop::collection::vec("(=|\\+|-|@|'|')?\\PC{0,8}", 11),
            number in 0i64..99_999,
            at in (-180.0f64..180.0, -90.0f64..90.0),
        ) {
            let names = columns(Kind::Buildings);
            let _ = read_building(Row { columns: &names, line: 1, cells: &cells });
            let place = Place {
                code: "b-1".into(), level: "building".into(), parent: "g-1".into(), community: "c-1".into(),
                name: "一号楼".into(), households: number, longitude: Some(at.0), latitude: Some(at.1),
                ..Place::default()
            };
            let written = place_cells(Kind::Buildings, &place, None);
            let read = read_building(Row { columns: &names, line: 1, cells: &written });
            prop_assert_eq!(read.mistakes, vec![]);
            prop_assert_eq!(read.says.over(None), place);
        }
    }
}
