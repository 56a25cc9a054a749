//! Organisations and buildings.

use super::{Frame, Judged, Seen, mistake, once, outcome, with_any};
use crate::{
    db::{Tx, real},
    places::OrganisationKind,
};
use app::imports::{
    Kind, Level, Merged, Outcome, Place, PlaceLine, Row, Verdict, between, place_cells, read_building,
    read_organisation,
};
use sqlx::{AnyConnection, AssertSqlSafe};
use std::collections::{HashMap, HashSet};

/// An organisation as imports and exports know it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Known {
    /// Id.
    pub id: String,
    /// Kind, as stored.
    pub kind: String,
    /// Code.
    pub code: String,
    /// Path.
    pub path: String,
    /// Code of what is above it; empty for a district.
    pub parent: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// Hotline.
    pub phone: String,
    /// Address.
    pub address: String,
    /// English address.
    pub address_en: String,
    /// Households.
    pub households: i64,
    /// WGS-84.
    pub longitude: Option<f64>,
    /// WGS-84.
    pub latitude: Option<f64>,
    /// Order among siblings.
    pub position: i64,
}

impl Known {
    /// How it is selected; a condition follows.
    pub const SELECT: &str = "SELECT o.id, o.kind, o.code, o.path, COALESCE(a.code, '') AS parent, o.name, o.name_en, o.phone, \
         o.address, o.address_en, o.households, o.longitude, o.latitude, o.position \
         FROM organisation o LEFT JOIN organisation a ON a.id = o.parent_id";

    /// As tables tell of it.
    pub fn place(&self) -> Place {
        // A building's path ends with its community, its grid and itself.
        let community = match self.kind == OrganisationKind::Building.code() {
            true => self.path.trim_end_matches('/').rsplit('/').nth(2).unwrap_or_default().to_owned(),
            false => String::new(),
        };
        Place {
            code: self.code.clone(),
            level: self.kind.clone(),
            parent: self.parent.clone(),
            community,
            name: self.name.clone(),
            name_en: self.name_en.clone(),
            phone: self.phone.clone(),
            address: self.address.clone(),
            address_en: self.address_en.clone(),
            households: self.households,
            longitude: self.longitude,
            latitude: self.latitude,
            position: self.position,
        }
    }
}

fn read(kind: Kind, row: Row<'_>) -> Merged<PlaceLine> {
    if kind == Kind::Buildings { read_building(row) } else { read_organisation(row) }
}

async fn known(connection: &mut AnyConnection, codes: &[&str]) -> Result<HashMap<String, Known>, sqlx::Error> {
    let found: Vec<Known> = with_any(connection, &format!("{} WHERE o.code", Known::SELECT), codes).await?;
    Ok(found.into_iter().map(|one| (one.code.clone(), one)).collect())
}

/// What later lines need to know of an organisation: its level and path.
fn memo(level: &str, path: &str) -> String {
    format!("{level} {path}")
}

/// Looks at lines.
pub(super) async fn judge(
    frame: &Frame<'_>,
    connection: &mut AnyConnection,
    rows: &[Row<'_>],
    seen: &mut Seen,
) -> anyhow::Result<Vec<Outcome>> {
    let lines: Vec<Merged<PlaceLine>> = rows.iter().map(|row| read(frame.kind, *row)).collect();
    let codes = once(lines.iter().flat_map(|line| [line.says.code.as_str(), line.says.parent.as_str()]));
    let known = known(connection, &codes).await?;
    let landmarks: Vec<(String,)> = with_any(connection, "SELECT code FROM landmark WHERE code", &codes).await?;
    let landmarks: HashSet<String> = landmarks.into_iter().map(|(code,)| code).collect();
    // Nothing is added to a grid that has ended.
    let sql = "SELECT code FROM organisation WHERE ended_on IS NOT NULL AND code";
    let ended: Vec<(String,)> = with_any(connection, sql, &codes).await?;
    let ended: HashSet<String> = ended.into_iter().map(|(code,)| code).collect();
    let columns: Vec<&str> = frame.kind.columns().iter().map(|column| column.name).collect();
    let above = if frame.kind == Kind::Buildings { "grid" } else { "parent" };
    let level_column = if frame.kind == Kind::Buildings { "code" } else { "level" };
    let mut outcomes = Vec::with_capacity(rows.len());
    for (row, mut read) in rows.iter().zip(lines) {
        let PlaceLine { code, parent, level, community, .. } = read.says.clone();
        let mut refuse = |column: &str, key: &str, what: String| {
            if !read.mistakes.iter().any(|mistake| mistake.column == column) {
                read.mistakes.push(mistake(row, column, key, what));
            }
        };
        let here = known.get(&code);
        if let Some((line, _)) = seen.get(&code) {
            refuse("code", "imports-error-twice", line.to_string());
        } else if landmarks.contains(&code) {
            refuse("code", "imports-error-landmark", String::new());
        }
        // What is above it: in the database, or on an earlier line.
        let mut path = format!("{code}/");
        // Where it would be is not known: that is a mistake of its own, and no more need be said of its place.
        let mut placed = level == Some(Level::District) && parent.is_empty();
        if !parent.is_empty() {
            let found = match (known.get(&parent), seen.get(&parent)) {
                (Some(_), _) if ended.contains(&parent) => {
                    refuse(above, "imports-error-parent-unknown", parent.clone());
                    None
                }
                (Some(known), _) => Some((known.kind.clone(), known.path.clone())),
                (None, Some((line, memo))) if memo.is_empty() => {
                    refuse(above, "imports-error-parent-refused", line.to_string());
                    None
                }
                (None, Some((_, memo))) => {
                    memo.split_once(' ').map(|(level, path)| (level.to_owned(), path.to_owned()))
                }
                (None, None) => {
                    refuse(above, "imports-error-parent-unknown", parent.clone());
                    None
                }
            };
            if let Some((kind, parents)) = found {
                placed = level.and_then(Level::above).is_none_or(|above| above.code() == kind);
                if !placed {
                    refuse(above, "imports-error-parent-level", parent.clone());
                }
                path = format!("{parents}{code}/");
            }
        }
        let mut grid = path.trim_end_matches('/').rsplit('/');
        let lies_in = grid.nth(2).unwrap_or_default();
        if placed && community.is_some_and(|community| !community.is_empty() && community != lies_in) {
            refuse("community", "imports-error-community", lies_in.to_owned());
        }
        if let Some(here) = here {
            if level.is_some_and(|level| level.code() != here.kind) {
                refuse(level_column, "imports-error-level-changes", here.name.clone());
            } else if here.parent != parent {
                refuse(above, "imports-error-moves", here.parent.clone());
            }
        }
        if (placed && !frame.reaches(&path)) || here.is_some_and(|here| !frame.reaches(&here.path)) {
            refuse("code", "imports-error-scope", String::new());
        }
        let before = here.map(Known::place);
        let mut after = read.says.over(before.as_ref());
        if frame.kind == Kind::Buildings && after.community.is_empty() {
            lies_in.clone_into(&mut after.community);
        }
        let cells = |place: &Place| place_cells(frame.kind, place, None);
        let differences = before.as_ref().map(|before| between(&columns, &cells(before), &cells(&after)));
        let judged = Judged {
            new: here.is_none(),
            differences: differences.unwrap_or_default(),
            note: None,
            memo: memo(&after.level, &path),
        };
        outcomes.push(outcome(row.line, read, judged, seen));
    }
    Ok(outcomes)
}

/// Writes lines.
pub(super) async fn apply(frame: &Frame<'_>, tx: &mut Tx, lines: &[(Row<'_>, &Outcome)]) -> anyhow::Result<()> {
    let read: Vec<(PlaceLine, &Outcome)> =
        lines.iter().map(|(row, outcome)| (read(frame.kind, *row).says, *outcome)).collect();
    let codes = once(read.iter().flat_map(|(line, _)| [line.code.as_str(), line.parent.as_str()]));
    let known = known(&mut *tx, &codes).await?;
    let mut ids: HashMap<&str, String> = known.values().map(|one| (one.code.as_str(), one.id.clone())).collect();
    let (mut new, mut entries) = (Vec::new(), Vec::new());
    for (line, outcome) in &read {
        let before = known.get(&line.code);
        let after = line.over(before.map(Known::place).as_ref());
        let changes: Vec<&str> = outcome.differences.iter().map(|one| one.column.as_str()).collect();
        let id = match before {
            Some(before) => {
                update(tx, &before.id, &after).await?;
                before.id.clone()
            }
            None => {
                let id = frame.id();
                let path = outcome.memo.split_once(' ').map_or("", |(_, path)| path).to_owned();
                let parent = ids.get(line.parent.as_str()).cloned();
                ids.insert(line.code.as_str(), id.clone());
                new.push((id.clone(), path, parent, after.clone()));
                id
            }
        };
        let (action, detail) = if outcome.verdict == Verdict::Add {
            ("organisation.add", serde_json::json!({ "kind": after.level, "code": after.code }))
        } else {
            ("organisation.change", serde_json::json!({ "code": after.code, "changed": changes }))
        };
        entries.push(frame.entry(action, ("organisation", id), outcome.line, detail));
    }
    insert(tx, &new).await?;
    frame.note(tx, entries).await?;
    Ok(())
}

async fn update(tx: &mut Tx, id: &str, place: &Place) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE organisation SET name = $2, name_en = $3, phone = $4, address = $5, address_en = $6, households = $7, \
         longitude = CAST($8 AS DOUBLE PRECISION), latitude = CAST($9 AS DOUBLE PRECISION), position = $10 WHERE id = $1",
    )
    .bind(id)
    .bind(&place.name)
    .bind(&place.name_en)
    .bind(&place.phone)
    .bind(&place.address)
    .bind(&place.address_en)
    .bind(place.households)
    .bind(real(place.longitude))
    .bind(real(place.latitude))
    .bind(place.position)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A new place: its id, its path, the id above it, and itself.
type New = (String, String, Option<String>, Place);

/// Adds places, all with one statement: what is above one may be among them.
async fn insert(tx: &mut Tx, new: &[New]) -> Result<(), sqlx::Error> {
    const COLUMNS: usize = 14;
    if new.is_empty() {
        return Ok(());
    }
    let tuple = |row: usize| {
        let place = |column: usize| {
            let n = row * COLUMNS + column + 1;
            if column == 11 || column == 12 { format!("CAST(${n} AS DOUBLE PRECISION)") } else { format!("${n}") }
        };
        format!("({})", (0..COLUMNS).map(place).collect::<Vec<_>>().join(", "))
    };
    let tuples = (0..new.len()).map(tuple).collect::<Vec<_>>().join(", ");
    let sql = format!(
        "INSERT INTO organisation (id, kind, code, parent_id, path, name, name_en, phone, address, address_en, \
         households, longitude, latitude, position) VALUES {tuples}"
    );
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for (id, path, parent, place) in new {
        query = query
            .bind(id)
            .bind(&place.level)
            .bind(&place.code)
            .bind(parent)
            .bind(path)
            .bind(&place.name)
            .bind(&place.name_en)
            .bind(&place.phone)
            .bind(&place.address)
            .bind(&place.address_en)
            .bind(place.households)
            .bind(real(place.longitude))
            .bind(real(place.latitude))
            .bind(place.position);
    }
    query.execute(&mut **tx).await?;
    Ok(())
}
