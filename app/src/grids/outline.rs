//! Outlines of grids: how they are typed, and which are good. Corners are [longitude, latitude] in degrees, WGS-84.

use crate::reports::{near::metres, place::Position};

/// A corner: longitude, latitude.
pub type Corner = [f64; 2];

/// Fewest corners.
pub const FEWEST: usize = 3;
/// Most corners that are drawn by hand.
pub const MOST: usize = 200;
/// Longest text of an outline, in characters.
pub const MOST_TEXT: usize = 20_000;
/// A corner is no further than so many metres from something of its community that is on the plan.
pub const NEAR_METRES: f64 = 2_000.0;
/// Neighbours may overlap by so much of the smaller one: lines drawn by hand never meet exactly.
pub const OVERLAP_SHARE: f64 = 0.02;
/// Smallest grid, in square metres: less is a slip of the hand.
const SMALLEST: f64 = 100.0;
/// Metres of a degree of latitude, of the mean sphere.
const DEGREE: f64 = 111_195.0;

/// What is wrong with an outline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// This line (from 1) is no pair of numbers; 0: the text as a whole is no outline.
    Unreadable(usize),
    /// This corner (from 1) is nowhere on earth: most often latitude stands first.
    OffEarth(usize),
    /// Fewer than three corners.
    Few,
    /// More than [`MOST`] corners.
    Many,
    /// Two of its sides cross or touch.
    Crosses,
    /// It encloses next to nothing.
    Flat,
    /// A corner lies far from the community.
    Far,
}

impl Fault {
    /// The catalogue key of the words for it, with `n` for the line or corner.
    pub fn key(self) -> &'static str {
        match self {
            Fault::Unreadable(0) => "grids-outline-unreadable",
            Fault::Unreadable(_) => "grids-outline-line",
            Fault::OffEarth(_) => "grids-outline-off-earth",
            Fault::Few => "grids-outline-few",
            Fault::Many => "grids-outline-many",
            Fault::Crosses => "grids-outline-crosses",
            Fault::Flat => "grids-outline-flat",
            Fault::Far => "grids-outline-far",
        }
    }

    /// Which line or corner, from 1; 0 where it is not about one.
    pub fn at(self) -> usize {
        match self {
            Fault::Unreadable(n) | Fault::OffEarth(n) => n,
            _ => 0,
        }
    }
}

/// Reads what was typed or pasted: lines of "longitude, latitude", or GeoJSON with one polygon. Gives the corners without the
/// first one again at the end.
pub fn read(text: &str) -> Result<Vec<Corner>, Fault> {
    let text = text.trim().trim_start_matches('\u{feff}');
    if text.chars().count() > MOST_TEXT {
        return Err(Fault::Many);
    }
    let corners = if text.starts_with('{') { from_json(text)? } else { from_lines(text)? };
    for (n, [longitude, latitude]) in (1..).zip(&corners) {
        if !(longitude.abs() <= 180.0 && latitude.abs() <= 90.0) {
            return Err(Fault::OffEarth(n));
        }
    }
    Ok(opened(corners))
}

fn from_lines(text: &str) -> Result<Vec<Corner>, Fault> {
    let mut corners = Vec::new();
    for (n, line) in (1..).zip(text.lines()) {
        if line.trim().is_empty() {
            continue;
        }
        let numbers: Vec<f64> = line
            .split(|c: char| c.is_whitespace() || matches!(c, ',' | '，' | ';' | '、'))
            .filter(|part| !part.is_empty())
            .map(|part| part.parse::<f64>().ok().filter(|number| number.is_finite()).ok_or(Fault::Unreadable(n)))
            .collect::<Result<_, _>>()?;
        let [longitude, latitude] = numbers[..] else { return Err(Fault::Unreadable(n)) };
        corners.push([longitude, latitude]);
    }
    Ok(corners)
}

/// A Polygon, a Feature with one, or a collection with one feature (RFC 7946).
fn from_json(text: &str) -> Result<Vec<Corner>, Fault> {
    let value: serde_json::Value = serde_json::from_str(text).map_err(|_| Fault::Unreadable(0))?;
    let mut at = &value;
    if let Some([one]) = at.get("features").and_then(|all| all.as_array()).map(Vec::as_slice) {
        at = one;
    }
    at = at.get("geometry").unwrap_or(at);
    if at.get("type").and_then(|kind| kind.as_str()) != Some("Polygon") {
        return Err(Fault::Unreadable(0));
    }
    let rings = at.get("coordinates").and_then(|rings| rings.as_array()).map(Vec::as_slice);
    let Some([ring]) = rings else { return Err(Fault::Unreadable(0)) };
    let ring = ring.as_array().ok_or(Fault::Unreadable(0))?;
    ring.iter()
        .map(|corner| {
            let number = |n: usize| corner.get(n).and_then(|number| number.as_f64()).ok_or(Fault::Unreadable(0));
            Ok([number(0)?, number(1)?])
        })
        .collect()
}

/// Without corners that repeat the one before, and without the first one again at the end.
pub fn opened(mut corners: Vec<Corner>) -> Vec<Corner> {
    corners.dedup();
    while corners.len() > 1 && corners.first() == corners.last() {
        corners.pop();
    }
    corners
}

/// With the first corner again at the end, as outlines are stored.
pub fn closed(corners: &[Corner]) -> Vec<Corner> {
    corners.iter().chain(corners.first()).copied().collect()
}

/// As lines of "longitude, latitude", for the text area.
pub fn lines(corners: &[Corner]) -> String {
    opened(corners.to_vec()).iter().map(|[x, y]| format!("{x:.6}, {y:.6}")).collect::<Vec<_>>().join("\n")
}

/// The same with all digits, for programs.
pub fn exact(corners: &[Corner]) -> String {
    corners.iter().map(|[x, y]| format!("{x}, {y}")).collect::<Vec<_>>().join("\n")
}

/// Judges corners (not closed). `known`: points of its community that are on the plan; without any, nothing is far.
pub fn judge(corners: &[Corner], known: &[Corner]) -> Result<(), Fault> {
    if corners.len() < FEWEST {
        return Err(Fault::Few);
    }
    if corners.len() > MOST {
        return Err(Fault::Many);
    }
    if crosses(corners) {
        return Err(Fault::Crosses);
    }
    if area(corners) < SMALLEST {
        return Err(Fault::Flat);
    }
    let at = |[longitude, latitude]: Corner| Position { longitude, latitude };
    let near = |corner: &Corner| known.iter().any(|point| metres(at(*corner), at(*point)) <= NEAR_METRES);
    if known.is_empty() || corners.iter().all(near) { Ok(()) } else { Err(Fault::Far) }
}

/// Twice the signed area of a triangle: above zero where `c` lies left of the way from `a` to `b`.
fn turn(a: Corner, b: Corner, c: Corner) -> f64 {
    (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}

fn within(a: Corner, b: Corner, c: Corner) -> bool {
    let between = |n: usize| c[n] >= a[n].min(b[n]) && c[n] <= a[n].max(b[n]);
    between(0) && between(1)
}

/// Whether two sides have a point in common.
fn meet([a, b]: [Corner; 2], [c, d]: [Corner; 2]) -> bool {
    let (one, two, three, four) = (turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b));
    let opposite = |x: f64, y: f64| (x > 0.0 && y < 0.0) || (x < 0.0 && y > 0.0);
    (opposite(one, two) && opposite(three, four))
        || (one == 0.0 && within(a, b, c))
        || (two == 0.0 && within(a, b, d))
        || (three == 0.0 && within(c, d, a))
        || (four == 0.0 && within(c, d, b))
}

fn sides(corners: &[Corner]) -> impl Iterator<Item = [Corner; 2]> + '_ {
    (0..corners.len()).map(|n| [corners[n], corners[(n + 1) % corners.len()]])
}

/// Whether sides of an outline (not closed) cross or touch each other elsewhere than at the corner that they share.
pub fn crosses(corners: &[Corner]) -> bool {
    let sides: Vec<[Corner; 2]> = sides(corners).collect();
    let count = sides.len();
    for first in 0..count {
        for second in first + 1..count {
            let (one, two) = (sides[first], sides[second]);
            let wraps = first == 0 && second == count - 1;
            if second == first + 1 || wraps {
                // They share a corner: the one must not run back along the other.
                let (before, corner, after) = if wraps { (two[0], two[1], one[1]) } else { (one[0], one[1], two[1]) };
                let back = (before[0] - corner[0]) * (after[0] - corner[0])
                    + (before[1] - corner[1]) * (after[1] - corner[1])
                    > 0.0;
                if turn(before, corner, after) == 0.0 && back {
                    return true;
                }
            } else if meet(one, two) {
                return true;
            }
        }
    }
    false
}

/// Corners in metres east and north of `from`; exact enough for a community.
fn flat(corners: &[Corner], from: Corner) -> Vec<Corner> {
    let east = DEGREE * from[1].to_radians().cos();
    corners.iter().map(|[x, y]| [(x - from[0]) * east, (y - from[1]) * DEGREE]).collect()
}

/// Area of an outline that does not cross itself (not closed), in square metres.
pub fn area(corners: &[Corner]) -> f64 {
    let Some(first) = corners.first() else { return 0.0 };
    let flat = flat(corners, *first);
    let doubled: f64 = sides(&flat).map(|[a, b]| a[0] * b[1] - b[0] * a[1]).sum();
    doubled.abs() / 2.0
}

/// Where the sides of an outline pass this height, from west to east.
fn passes(corners: &[Corner], height: f64) -> Vec<f64> {
    let mut all: Vec<f64> = sides(corners)
        .filter(|[a, b]| (a[1] > height) != (b[1] > height))
        .map(|[a, b]| a[0] + (b[0] - a[0]) * (height - a[1]) / (b[1] - a[1]))
        .collect();
    all.sort_by(f64::total_cmp);
    all
}

/// Area that two outlines (not closed) have in common, in square metres.
///
/// Between two neighbouring heights of corners and crossings all sides run straight and in the same order from west to east:
/// there the common width changes evenly, so that its middle times the height is exact.
pub fn overlap(one: &[Corner], two: &[Corner]) -> f64 {
    let Some(from) = one.first() else { return 0.0 };
    let (one, two) = (flat(one, *from), flat(two, *from));
    let mut heights: Vec<f64> = one.iter().chain(&two).map(|corner| corner[1]).collect();
    for [a, b] in sides(&one) {
        for [c, d] in sides(&two) {
            let (at_c, at_d) = (turn(a, b, c), turn(a, b, d));
            if (at_c > 0.0) != (at_d > 0.0) {
                heights.push(c[1] + (d[1] - c[1]) * at_c / (at_c - at_d));
            }
        }
    }
    heights.sort_by(f64::total_cmp);
    let mut sum = 0.0;
    for pair in heights.windows(2) {
        let (low, high) = (pair[0], pair[1]);
        if high - low < 1e-9 {
            continue;
        }
        let middle = f64::midpoint(low, high);
        let (first, second) = (passes(&one, middle), passes(&two, middle));
        for a in first.chunks_exact(2) {
            for b in second.chunks_exact(2) {
                sum += (a[1].min(b[1]) - a[0].max(b[0])).max(0.0) * (high - low);
            }
        }
    }
    sum
}

/// The share of the smaller of two outlines that lies in the other, 0 to 1.
pub fn share(one: &[Corner], two: &[Corner]) -> f64 {
    let smaller = area(one).min(area(two));
    if smaller <= 0.0 { 0.0 } else { (overlap(one, two) / smaller).clamp(0.0, 1.0) }
}

/// On which side of a line through two points each of these lies: `true` is left of the way from the first to the second.
pub fn left_of(line: [Corner; 2], points: &[Corner]) -> Vec<bool> {
    points.iter().map(|point| turn(line[0], line[1], *point) > 0.0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn square(x: f64, y: f64, side: f64) -> Vec<Corner> {
        vec![[x, y], [x + side, y], [x + side, y + side], [x, y + side]]
    }

    #[test]
    fn lines_and_geojson_say_the_same() {
        let expected = square(120.0, 31.0, 0.5);
        let lines = "120,31\n120.5，31\n\n120.5 31.5\n 120.0 , 31.5 \n120 31";
        assert_eq!(read(lines).as_deref(), Ok(expected.as_slice()));
        let ring = "[[[120,31],[120.5,31,9],[120.5,31.5],[120,31.5],[120,31]]]";
        let polygon = format!(r#"{{"type":"Polygon","coordinates":{ring}}}"#);
        let feature = format!(r#"{{"type":"Feature","properties":{{}},"geometry":{polygon}}}"#);
        let collection = format!(r#"{{"type":"FeatureCollection","features":[{feature}]}}"#);
        for text in [&polygon, &feature, &collection] {
            assert_eq!(read(text).as_deref(), Ok(expected.as_slice()), "{text}");
        }
        assert_eq!(read(&super::lines(&closed(&expected))).as_deref(), Ok(expected.as_slice()), "and back");
    }

    #[test]
    fn what_is_no_outline_is_told_with_its_line() {
        for (text, fault) in [
            ("120,31\nx", Fault::Unreadable(2)),
            ("120", Fault::Unreadable(1)),
            ("NaN,1", Fault::Unreadable(1)),
            ("31,120\n31,121\n32,121", Fault::OffEarth(1)),
            ("{}", Fault::Unreadable(0)),
            (r#"{"type":"Point","coordinates":[1,2]}"#, Fault::Unreadable(0)),
            (r#"{"type":"Polygon","coordinates":[]}"#, Fault::Unreadable(0)),
        ] {
            assert_eq!(read(text), Err(fault), "{text}");
        }
        assert_eq!(read("").map(|corners| corners.len()), Ok(0));
    }

    #[test]
    fn only_a_plain_ring_near_the_community_is_good() {
        let good = square(120.31, 31.58, 0.002);
        let here = [[120.311, 31.581]];
        assert_eq!(judge(&good, &here), Ok(()));
        assert_eq!(judge(&good[..2], &here), Err(Fault::Few));
        let bow = [[120.0, 31.0], [120.1, 31.1], [120.1, 31.0], [120.0, 31.1]];
        assert_eq!(judge(&bow, &[]), Err(Fault::Crosses));
        let spike = [[120.0, 31.0], [120.2, 31.0], [120.1, 31.0], [120.1, 31.1]];
        assert_eq!(judge(&spike, &[]), Err(Fault::Crosses), "a side that runs back");
        assert_eq!(judge(&[[120.0, 31.0], [120.1, 31.0], [120.2, 31.0]], &[]), Err(Fault::Crosses));
        assert_eq!(judge(&square(120.0, 31.0, 0.00001), &[]), Err(Fault::Flat));
        assert_eq!(judge(&good, &[[121.0, 31.0]]), Err(Fault::Far));
    }

    #[test]
    fn areas_and_overlaps_are_those_of_the_ground() {
        let one = square(0.0, 0.0, 0.01);
        let side = DEGREE * 0.01;
        assert!((area(&one) - side * side).abs() < 1.0);
        let half = square(0.005, 0.0, 0.01);
        assert!((share(&one, &half) - 0.5).abs() < 1e-6);
        assert!(share(&one, &square(0.01, 0.0, 0.01)) < 1e-9, "they touch");
        // An L and the square in its notch.
        let l = [[0.0, 0.0], [0.02, 0.0], [0.02, 0.01], [0.01, 0.01], [0.01, 0.02], [0.0, 0.02]];
        assert!(share(&l, &square(0.01, 0.01, 0.01)) < 1e-9);
        assert!((share(&l, &square(0.0, 0.0, 0.01)) - 1.0).abs() < 1e-6);
    }

    #[test]
    fn a_line_has_two_sides() {
        assert_eq!(left_of([[0.0, 0.0], [0.0, 1.0]], &[[-1.0, 0.5], [1.0, 0.5]]), [true, false]);
    }

    /// A ring around a middle that does not cross itself: corners at growing angles.
    fn star() -> impl Strategy<Value = Vec<Corner>> {
        let place = (-0.01..0.01_f64, -0.01..0.01_f64);
        (place, prop::collection::vec(0.001..0.01_f64, 3..12)).prop_map(|((x, y), far)| {
            let step = std::f64::consts::TAU / far.len() as f64;
            far.iter()
                .enumerate()
                .map(|(n, far)| [120.0 + x + far * (step * n as f64).cos(), 31.0 + y + far * (step * n as f64).sin()])
                .collect()
        })
    }

    proptest! {
        #[test]
        fn overlaps_are_the_same_both_ways_and_no_more_than_either(one in star(), two in star()) {
            let (a, b) = (overlap(&one, &two), overlap(&two, &one));
            let most = area(&one).min(area(&two));
            prop_assert!((a - b).abs() <= 1e-3 * most.max(1.0), "{a} {b}");
            prop_assert!(a <= most * 1.001 && a >= 0.0);
            prop_assert!((overlap(&one, &one) - area(&one)).abs() <= 1e-6 * area(&one));
            prop_assert!(!crosses(&one));
        }

        #[test]
        fn anything_is_read_or_refused(text in "\\PC{0,200}") {
            if let Ok(corners) = read(&text) {
                let _ = judge(&corners, &[]);
                let on_earth = |[x, y]: &Corner| x.abs() <= 180.0 && y.abs() <= 90.0;
                prop_assert!(corners.iter().all(on_earth));
            }
        }
    }
}
