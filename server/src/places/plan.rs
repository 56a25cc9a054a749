//! A community's own plan as a file: GeoJSON (RFC 7946) with a polygon for each grid and a point for each building. Each
//! feature names its place in the property `code`; nothing else of it is read.

use geojson::{Feature, FeatureCollection, GeometryValue, Position};
use std::collections::BTreeSet;

/// Most bytes of a file.
pub const MOST_BYTES: u64 = 10_000_000;
/// Most corners of one outline: each position is compared with all of them.
pub const MOST_CORNERS: usize = 2_000;

/// Where something lies, in degrees, WGS-84, longitude first.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A closed outline: its last corner is its first.
    Outline(Vec<[f64; 2]>),
    /// A point.
    Point([f64; 2]),
}

/// What a file says of the place with this code.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    /// Code of the place.
    pub code: String,
    /// Where it lies.
    pub shape: Shape,
}

/// Reads a file. Everything that is wrong with it is told at once, in words for whoever drew it.
pub fn read(text: &str) -> Result<Vec<Placed>, Vec<String>> {
    let collection: FeatureCollection = text
        .trim_start_matches('\u{feff}')
        .parse()
        .map_err(|error| vec![format!("this is no FeatureCollection of GeoJSON: {error}")])?;
    let mut seen = BTreeSet::new();
    let (mut placed, mut mistakes) = (Vec::new(), Vec::new());
    for (n, feature) in (1..).zip(&collection.features) {
        let Some(code) = code_of(feature) else {
            mistakes.push(format!("feature {n} has no property `code`"));
            continue;
        };
        if !seen.insert(code.to_owned()) {
            mistakes.push(format!("`{code}` stands in it twice"));
        }
        match shape_of(feature) {
            Ok(shape) => placed.push(Placed { code: code.to_owned(), shape }),
            Err(mistake) => mistakes.push(format!("`{code}` {mistake}")),
        }
    }
    if collection.features.is_empty() {
        mistakes.push("there is nothing in it".to_owned());
    }
    if mistakes.is_empty() { Ok(placed) } else { Err(mistakes) }
}

fn code_of(feature: &Feature) -> Option<&str> {
    feature.property("code")?.as_str().map(str::trim).filter(|code| !code.is_empty())
}

fn shape_of(feature: &Feature) -> Result<Shape, String> {
    let geometry = feature.geometry.as_ref().ok_or("has no geometry")?;
    match &geometry.value {
        GeometryValue::Point { coordinates } => Ok(Shape::Point(position(coordinates)?)),
        GeometryValue::Polygon { coordinates } => match coordinates.as_slice() {
            [ring] => Ok(Shape::Outline(outline(ring)?)),
            [] => Err("is an empty polygon".to_owned()),
            _ => Err("has holes: an outline is one ring".to_owned()),
        },
        other => Err(format!("is a {}: a Polygon for a grid, a Point for a building, please", other.type_name())),
    }
}

/// Longitude and latitude; a height beside them is left away.
fn position(position: &Position) -> Result<[f64; 2], String> {
    let [longitude, latitude, ..] = *position.as_slice() else {
        return Err("has a position without two numbers".to_owned());
    };
    if longitude.abs() <= 180.0 && latitude.abs() <= 90.0 {
        Ok([longitude, latitude])
    } else {
        Err(format!("lies at {longitude}, {latitude}: longitude first, within 180, then latitude, within 90"))
    }
}

fn outline(ring: &[Position]) -> Result<Vec<[f64; 2]>, String> {
    let corners = ring.iter().map(position).collect::<Result<Vec<_>, _>>()?;
    if corners.len() > MOST_CORNERS {
        return Err(format!("has {} corners: {MOST_CORNERS} at most", corners.len()));
    }
    let closed = corners.first() == corners.last();
    let different = corners.iter().enumerate().filter(|(n, corner)| !corners[..*n].contains(corner)).count();
    if !closed {
        return Err("is not closed: the last corner must be the first".to_owned());
    }
    if different < 3 {
        return Err("has fewer than three corners".to_owned());
    }
    Ok(corners)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn feature(code: &str, geometry: &str) -> String {
        format!(r#"{{"type":"Feature","properties":{{"code":"{code}"}},"geometry":{geometry}}}"#)
    }

    fn file(features: &[String]) -> String {
        format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
    }

    fn one(geometry: &str) -> Result<Vec<Placed>, Vec<String>> {
        read(&file(&[feature("g1", geometry)]))
    }

    #[test]
    fn outlines_and_points_are_read_with_their_codes() {
        let square = r#"{"type":"Polygon","coordinates":[[[120.1,31.1],[120.2,31.1],[120.2,31.2,8.5],[120.1,31.1]]]}"#;
        let read =
            read(&file(&[feature("g1", square), feature("b1", r#"{"type":"Point","coordinates":[120.15,31.15]}"#)]));
        let corners = vec![[120.1, 31.1], [120.2, 31.1], [120.2, 31.2], [120.1, 31.1]];
        assert_eq!(
            read,
            Ok(vec![
                Placed { code: "g1".into(), shape: Shape::Outline(corners) },
                Placed { code: "b1".into(), shape: Shape::Point([120.15, 31.15]) },
            ])
        );
    }

    #[test]
    fn what_is_no_plan_is_refused_in_words() {
        for (geometry, words) in [
            (r#"{"type":"Polygon","coordinates":[[[1,1],[2,1],[2,2],[1,2]]]}"#, "not closed"),
            (r#"{"type":"Polygon","coordinates":[[[1,1],[2,1],[1,1],[1,1]]]}"#, "three corners"),
            (r#"{"type":"Polygon","coordinates":[[[1,1],[1,1]]]}"#, "three corners"),
            (r#"{"type":"Polygon","coordinates":[[]]}"#, "three corners"),
            (r#"{"type":"Polygon","coordinates":[]}"#, "empty"),
            (r#"{"type":"Polygon","coordinates":[[[1,1],[9,1],[9,9],[1,1]],[[2,2],[3,2],[3,3],[2,2]]]}"#, "holes"),
            (
                r#"{"type":"Polygon","coordinates":[[[31.1,120.1],[31.2,120.1],[31.2,120.2],[31.1,120.1]]]}"#,
                "longitude",
            ),
            (r#"{"type":"Point","coordinates":[180.1,0]}"#, "longitude"),
            (r#"{"type":"Point","coordinates":[0,-90.1]}"#, "latitude"),
            (r#"{"type":"Point","coordinates":[7]}"#, "two or more"),
            (r#"{"type":"LineString","coordinates":[[1,1],[2,2]]}"#, "LineString"),
            (r#"{"type":"MultiPolygon","coordinates":[[[[1,1],[2,1],[2,2],[1,1]]]]}"#, "MultiPolygon"),
            ("null", "no geometry"),
        ] {
            let mistakes = one(geometry).expect_err(geometry);
            assert!(mistakes.len() == 1 && mistakes[0].contains(words), "{geometry}: {mistakes:?}");
        }
        for text in ["", "{}", "[]", "null", "\u{feff}x", r#"{"type":"Point","coordinates":[1,1]}"#, &file(&[])] {
            assert_eq!(read(text).expect_err(text).len(), 1, "{text}");
        }
        let point = r#"{"type":"Point","coordinates":[1,1]}"#;
        let unnamed = r#"{"type":"Feature","properties":{"code":7},"geometry":null}"#.to_owned();
        let mistakes = read(&file(&[feature("b", point), feature("b", point), feature(" ", point), unnamed]));
        assert_eq!(mistakes.expect_err("three").len(), 3, "all mistakes at once");
    }

    proptest! {
        #[test]
        fn anything_is_read_or_refused_and_what_is_read_is_on_earth(text in "\\PC{0,200}", numbers in prop::collection::vec(any::<(f64, f64)>(), 0..6)) {
            let _ = read(&text);
            let mut ring: Vec<serde_json::Value> = numbers.iter().map(|(x, y)| serde_json::json!([x, y])).collect();
            ring.extend(ring.first().cloned());
            let geometry = serde_json::json!({ "type": "Polygon", "coordinates": [ring] }).to_string();
            for placed in one(&geometry).unwrap_or_default() {
                let Shape::Outline(corners) = placed.shape else { panic!("an outline") };
                prop_assert!(corners.len() >= 4 && corners.first() == corners.last());
                prop_assert!(corners.iter().all(|[x, y]| x.abs() <= 180.0 && y.abs() <= 90.0));
            }
        }
    }
}
