//! Near: whether two reports may be about the same thing.

use super::place::Position;

/// Open reports of the same kind within so many metres are shown before a new one is sent.
pub const NEAR_METRES: f64 = 150.0;

/// Mean radius of the earth, in metres (IUGG).
const EARTH: f64 = 6_371_008.8;

/// Distance in metres along the ground, by the haversine formula; exact to about half a percent.
pub fn metres(a: Position, b: Position) -> f64 {
    let half = |degrees: f64| (degrees.to_radians() / 2.0).sin().powi(2);
    let h = half(b.latitude - a.latitude)
        + a.latitude.to_radians().cos() * b.latitude.to_radians().cos() * half(b.longitude - a.longitude);
    2.0 * EARTH * h.clamp(0.0, 1.0).sqrt().asin()
}

/// The box of [longitude, latitude] corners that holds everything within [`NEAR_METRES`] of `at`, and a little more.
pub fn around(at: Position) -> (Position, Position) {
    let latitude = (NEAR_METRES * 1.01 / EARTH).to_degrees();
    let longitude = (latitude / at.latitude.to_radians().cos().max(1e-6)).min(180.0);
    (
        Position { longitude: at.longitude - longitude, latitude: at.latitude - latitude },
        Position { longitude: at.longitude + longitude, latitude: at.latitude + latitude },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_known_distance() {
        // A thousandth of a degree of latitude is 111.2 m anywhere.
        let a = Position { longitude: 120.31, latitude: 31.58 };
        let north = Position { latitude: 31.581, ..a };
        let east = Position { longitude: 120.311, ..a };
        assert!((metres(a, north) - 111.2).abs() < 0.5, "{}", metres(a, north));
        assert!((metres(a, east) - 94.7).abs() < 0.5, "{}", metres(a, east));
        assert!(metres(a, a) < 1e-6);
    }

    proptest! {
        #[test]
        fn distances_are_the_same_both_ways_and_the_box_holds_what_is_near(
            longitude in -179.0..179.0_f64, latitude in -80.0..80.0_f64, dx in -0.004..0.004_f64, dy in -0.004..0.004_f64,
        ) {
            let a = Position { longitude, latitude };
            let b = Position { longitude: longitude + dx, latitude: latitude + dy };
            prop_assert!((metres(a, b) - metres(b, a)).abs() < 1e-6);
            let (low, high) = around(a);
            if metres(a, b) <= NEAR_METRES {
                prop_assert!(b.longitude >= low.longitude && b.longitude <= high.longitude);
                prop_assert!(b.latitude >= low.latitude && b.latitude <= high.latitude);
            }
        }
    }
}
