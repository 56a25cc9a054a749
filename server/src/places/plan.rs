//! A community's own plan as a file: GeoJSON (RFC 7946) with a polygon for each grid and a point for each building. Each
//! feature names its place in the property `code`. A point whose `kind` is `landmark` is one, with its `name` and `name_en`,
//! or with `gone: true` no longer; nothing else is read.

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
    /// What it is called, if it is a landmark.
    pub landmark: Option<Called>,
}

/// What a file says of a landmark beside where it lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Called {
    /// Chinese name.
    pub name: String,
    /// English name, may be empty.
    pub name_en: String,
    /// It is not offered any more.
    pub gone: bool,
}

/// Longest name of a landmark.
pub const MOST_NAME: usize = 40;

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
        match shape_of(feature).and_then(|shape| Ok((called(feature, code, &shape)?, shape))) {
            Ok((landmark, shape)) => placed.push(Placed { code: code.to_owned(), shape, landmark }),
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

/// What a landmark is called; `None` for what is none.
fn called(feature: &Feature, code: &str, shape: &Shape) -> Result<Option<Called>, String> {
    let word = |name: &str| feature.property(name).and_then(|word| word.as_str()).unwrap_or_default().trim().to_owned();
    if word("kind") != "landmark" {
        return Ok(None);
    }
    if !matches!(shape, Shape::Point(_)) {
        return Err("is a landmark: a Point, please".to_owned());
    }
    if !is_code(code) {
        return Err("is no code: 1 to 40 small letters, digits and hyphens, please".to_owned());
    }
    let (name, name_en) = (word("name"), word("name_en"));
    if name.is_empty() {
        return Err("is a landmark without a `name`".to_owned());
    }
    if name.chars().count() > MOST_NAME || name_en.chars().count() > MOST_NAME {
        return Err(format!("has a name of more than {MOST_NAME} characters"));
    }
    let gone = feature.property("gone").and_then(serde_json::Value::as_bool).unwrap_or_default();
    Ok(Some(Called { name, name_en, gone }))
}

/// Whether a place can have this code: 1 to 40 small letters, digits and hyphens.
pub fn is_code(code: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (1..=40).contains(&code.len()) && code.chars().all(plain)
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
                Placed { code: "g1".into(), shape: Shape::Outline(corners), landmark: None },
                Placed { code: "b1".into(), shape: Shape::Point([120.15, 31.15]), landmark: None },
            ])
        );
    }

    fn landmark(code: &str, geometry: &str, more: &str) -> Result<Vec<Placed>, Vec<String>> {
        let properties = format!(r#"{{"code":"{code}","kind":"landmark"{more}}}"#);
        read(&file(&[format!(r#"{{"type":"Feature","properties":{properties},"geometry":{geometry}}}"#)]))
    }

    #[test]
    fn landmarks_are_read_with_their_names_and_refused_in_words() {
        let point = r#"{"type":"Point","coordinates":[120.15,31.15]}"#;
        let called = |name_en: &str, gone| Called { name: "公交站".into(), name_en: name_en.into(), gone };
        for (more, expected) in [
            (r#","name":" 公交站 ""#, called("", false)),
            (r#","name":"公交站","name_en":"Bus stop","gone":true"#, called("Bus stop", true)),
        ] {
            let shape = Shape::Point([120.15, 31.15]);
            let placed = Placed { code: "bus".into(), shape, landmark: Some(expected) };
            assert_eq!(landmark("bus", point, more), Ok(vec![placed]));
        }
        let square = r#"{"type":"Polygon","coordinates":[[[1,1],[2,1],[2,2],[1,1]]]}"#;
        let long = format!(r#","name":"{}""#, "站".repeat(MOST_NAME + 1));
        for (code, geometry, more, words) in [
            ("bus", point, "", "without a `name`"),
            ("bus", point, r#","name":7"#, "without a `name`"),
            ("bus", point, long.as_str(), "more than 40"),
            ("bus", square, r#","name":"广场""#, "a Point, please"),
            ("Bus stop", point, r#","name":"公交站""#, "is no code"),
        ] {
            let mistakes = landmark(code, geometry, more).expect_err(words);
            assert!(mistakes.len() == 1 && mistakes[0].contains(words), "{words}: {mistakes:?}");
        }
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
