//! GeoJSON (RFC 7946) becomes a table: a feature is a line, its properties are the cells, and the point of a building gives its
//! longitude and latitude. Outlines belong to the map of a community (`linli map import`) and are not read here.

use super::file::{Lines, Unread, unread};
use app::imports::{Kind, MAX_CELL, MAX_LINES};
use geojson::{Feature, FeatureCollection, GeometryValue, JsonValue};
use std::collections::BTreeMap;

/// Columns that a point fills in.
const POINT: [&str; 2] = ["longitude", "latitude"];

/// The lines of a feature collection: the names of all properties, then the features, numbered from 1.
pub(super) fn lines(kind: Kind, text: &str) -> Result<Lines, Unread> {
    if !matches!(kind, Kind::Organisations | Kind::Buildings) {
        return Err(unread("imports-file-geojson-kind", ""));
    }
    let collection: FeatureCollection = text.parse().map_err(|_| unread("imports-file-geojson", ""))?;
    if collection.features.is_empty() {
        return Err(unread("imports-file-empty", ""));
    }
    if collection.features.len() > MAX_LINES {
        return Err(unread("imports-file-long", MAX_LINES));
    }
    let rows: Vec<BTreeMap<&str, String>> =
        (1..).zip(&collection.features).map(|(n, feature)| row(kind, n, feature)).collect::<Result<_, Unread>>()?;
    let mut heads: Vec<&str> = Vec::new();
    for name in rows.iter().flat_map(BTreeMap::keys) {
        // There are few: a name that is no column of this kind ends it.
        if !heads.contains(name) {
            heads.push(name);
            if kind.column(name).is_none() {
                break;
            }
        }
    }
    let cells = |row: &BTreeMap<&str, String>| -> Vec<String> {
        heads.iter().map(|head| row.get(head).cloned().unwrap_or_default()).collect()
    };
    let first = (0, heads.iter().map(|&head| head.to_owned()).collect());
    let rest = (1..).zip(&rows).map(|(n, row)| (n, cells(row)));
    Ok(std::iter::once(first).chain(rest).collect())
}

fn row(kind: Kind, n: u64, feature: &Feature) -> Result<BTreeMap<&str, String>, Unread> {
    let mut row = BTreeMap::new();
    for (name, value) in feature.properties.iter().flatten() {
        let cell = match value {
            JsonValue::Null => continue,
            JsonValue::String(text) => text.replace("\r\n", "\n"),
            JsonValue::Number(number) => number.to_string(),
            JsonValue::Bool(_) | JsonValue::Array(_) | JsonValue::Object(_) => {
                return Err(unread("imports-file-property", n));
            }
        };
        if cell.len() > MAX_CELL * 4 {
            return Err(unread("imports-file-cell", n));
        }
        row.insert(name.as_str(), cell);
    }
    let geometry = feature.geometry.as_ref().filter(|_| kind == Kind::Buildings);
    if let Some(geometry) = geometry {
        let GeometryValue::Point { coordinates } = &geometry.value else {
            return Err(unread("imports-file-point", n));
        };
        for (name, degrees) in POINT.into_iter().zip(coordinates.as_slice()) {
            row.insert(name, degrees.to_string());
        }
    }
    Ok(row)
}

#[cfg(test)]
mod tests {
    use crate::imports::file::read;
    use app::imports::Kind;
    use serde_json::json;

    fn keys_of(kind: Kind, file: &serde_json::Value) -> Result<usize, &'static str> {
        read(kind, file.to_string().as_bytes()).map(|table| table.rows.len()).map_err(|unread| unread.key)
    }

    fn of(features: &[serde_json::Value]) -> serde_json::Value {
        json!({"type": "FeatureCollection", "features": features})
    }

    #[test]
    fn features_are_the_lines_of_the_same_table_as_csv() {
        let point = json!({"type": "Point", "coordinates": [120.30125, 31.5, 8]});
        let map = of(&[
            json!({"type": "Feature", "geometry": point,
                   "properties": {"编号": "b-1", "网格": "g-1", "名称": "一号楼", "households": 24}}),
            json!({"type": "Feature", "geometry": null,
                   "properties": {"编号": "b-2", "网格": "g-1", "名称": "二号楼", "households": null}}),
        ]);
        let table = "编号,网格,名称,households,经度,纬度\nb-1,g-1,一号楼,24,120.30125,31.5\nb-2,g-1,二号楼,,,\n";
        let [map, table] =
            [map.to_string(), table.to_owned()].map(|file| read(Kind::Buildings, file.as_bytes()).expect("a table"));
        let by_name = |table: &crate::imports::file::Table| -> Vec<Vec<(String, String)>> {
            let cells = table.rows.iter().map(|(_, cells)| table.columns.iter().cloned().zip(cells.iter().cloned()));
            cells.map(|row| row.collect::<std::collections::BTreeMap<_, _>>().into_iter().collect()).collect()
        };
        assert_eq!(by_name(&map), by_name(&table));
        assert_eq!(map.rows.iter().map(|(n, _)| *n).collect::<Vec<_>>(), [1, 2], "features by their number");
    }

    #[test]
    fn an_organisation_has_no_point_and_its_outline_is_left_to_the_map() {
        let square = json!({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]});
        let properties = json!({"code": "g-1", "level": "grid", "parent": "wutong", "name": "一网格"});
        let map = of(&[json!({"type": "Feature", "geometry": square, "properties": properties})]);
        let table = read(Kind::Organisations, map.to_string().as_bytes()).expect("a table");
        assert_eq!(table.columns, ["code", "level", "name", "parent"]);
    }

    #[test]
    fn what_is_no_such_map_is_told_in_a_word() {
        let feature = |geometry: serde_json::Value, properties: serde_json::Value| {
            of(&[json!({"type": "Feature", "geometry": geometry, "properties": properties})])
        };
        let good = json!({"code": "b", "grid": "g", "name": "n"});
        let line = json!({"type": "LineString", "coordinates": [[0, 0], [1, 1]]});
        let point = json!({"type": "Point", "coordinates": [1, 2]});
        let long = "长".repeat(app::imports::MAX_CELL * 2);
        for (key, kind, file) in [
            ("imports-file-geojson", Kind::Buildings, json!({"type": "Feature"})),
            ("imports-file-geojson", Kind::Buildings, json!({"features": 7})),
            ("imports-file-geojson-kind", Kind::People, feature(json!(null), good.clone())),
            ("imports-file-empty", Kind::Buildings, of(&[])),
            (
                "imports-file-only-heads",
                Kind::Buildings,
                feature(json!(null), json!({"code": "", "grid": "", "name": ""})),
            ),
            ("imports-file-point", Kind::Buildings, feature(line, good.clone())),
            ("imports-file-property", Kind::Buildings, feature(json!(null), json!({"code": ["b"]}))),
            ("imports-file-cell", Kind::Buildings, feature(json!(null), json!({"code": long}))),
            ("imports-file-column", Kind::Buildings, feature(json!(null), json!({"code": "b", "fid": 1}))),
            (
                "imports-file-column-twice",
                Kind::Buildings,
                feature(point, json!({"code": "b", "grid": "g", "name": "n", "经度": 1})),
            ),
            ("imports-file-column-missing", Kind::Buildings, feature(json!(null), json!({"code": "b"}))),
        ] {
            assert_eq!(keys_of(kind, &file), Err(key), "{file:.200}");
        }
        let deep = format!(r#"{{"type":"FeatureCollection","features":{}"#, "[".repeat(100_000));
        assert_eq!(read(Kind::Buildings, deep.as_bytes()).map_err(|unread| unread.key), Err("imports-file-geojson"));
    }
}
