//! Places as reports know them: a position on the map, and the grid around it.

/// A position no further from a building's point than so many metres is at that building.
pub const AT_BUILDING_METRES: f64 = 25.0;
/// No further than so many, it is near it: about how exact a phone is between houses.
pub const NEAR_BUILDING_METRES: f64 = 80.0;

/// A position, WGS-84, in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Position {
    /// East of Greenwich.
    pub longitude: f64,
    /// North of the equator.
    pub latitude: f64,
}

impl Position {
    /// Reads a position from the two fields of a form; `None` for anything that is none.
    pub fn parse(longitude: &str, latitude: &str) -> Option<Position> {
        let number = |text: &str| text.trim().parse::<f64>().ok().filter(|value| value.is_finite());
        let position = Position { longitude: number(longitude)?, latitude: number(latitude)? };
        (position.longitude.abs() <= 180.0 && position.latitude.abs() <= 90.0).then_some(position)
    }

    /// Rounded to about a metre: more digits say more of the phone than of the place.
    #[must_use]
    pub fn rounded(self) -> Position {
        let round = |value: f64| (value * 1e5).round() / 1e5;
        Position { longitude: round(self.longitude), latitude: round(self.latitude) }
    }

    /// Whether the position lies inside a closed outline of [longitude, latitude] corners (even-odd rule).
    pub fn is_inside(self, outline: &[[f64; 2]]) -> bool {
        let mut inside = false;
        for pair in outline.windows(2) {
            let ([x1, y1], [x2, y2]) = (pair[0], pair[1]);
            if (y1 > self.latitude) != (y2 > self.latitude)
                && self.longitude < (x2 - x1) * (self.latitude - y1) / (y2 - y1) + x1
            {
                inside = !inside;
            }
        }
        inside
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_inside_or_outside_its_outline() {
        let outline = [[0.0, 0.0], [4.0, 0.0], [4.0, 4.0], [2.0, 1.0], [0.0, 4.0], [0.0, 0.0]];
        let at = |longitude, latitude| Position { longitude, latitude };
        assert!(at(1.0, 1.0).is_inside(&outline));
        assert!(!at(2.0, 3.0).is_inside(&outline), "in the notch");
        assert!(!at(5.0, 1.0).is_inside(&outline));
        assert!(!at(1.0, 1.0).is_inside(&[]));
    }

    #[test]
    fn only_places_on_earth_are_positions() {
        assert!(Position::parse("120.31", "31.58").is_some());
        for (longitude, latitude) in [("", ""), ("181", "0"), ("0", "91"), ("NaN", "1"), ("inf", "1"), ("1", "x")] {
            assert_eq!(Position::parse(longitude, latitude), None, "{longitude} {latitude}");
        }
    }
}
