//! A community's plan as a picture: degrees become places in a drawing, and back.

use super::outline::Corner;

/// Width of a drawing, in its own units.
pub const WIDTH: f64 = 1000.0;
/// Share of its size that is left free around what is drawn.
const MARGIN: f64 = 0.06;
/// Smallest extent, in degrees of latitude: about fifty metres.
const LEAST: f64 = 0.000_45;

/// What part of the earth a drawing shows: both directions grow evenly, so that a place is a proportion.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// Degrees at the left edge.
    pub west: f64,
    /// Degrees at the right edge.
    pub east: f64,
    /// Degrees at the lower edge.
    pub south: f64,
    /// Degrees at the upper edge.
    pub north: f64,
    /// Height of the drawing, in its own units.
    pub height: f64,
}

impl Frame {
    /// Around all of these; `None` without any.
    pub fn around(points: &[Corner]) -> Option<Frame> {
        let of = |n: usize| points.iter().map(move |point| point[n]);
        let least = |n: usize| of(n).fold(f64::INFINITY, f64::min);
        let most = |n: usize| of(n).fold(f64::NEG_INFINITY, f64::max);
        let (mut west, mut east, mut south, mut north) = (least(0), most(0), least(1), most(1));
        if points.is_empty() || ![west, east, south, north].iter().all(|edge| edge.is_finite()) {
            return None;
        }
        let shrink = f64::midpoint(south, north).to_radians().cos().max(0.05);
        let grow = |free: f64, low: &mut f64, high: &mut f64| {
            *low -= free;
            *high += free;
        };
        // Neither too flat nor too tall for a page.
        let (wide, tall) = ((east - west) * shrink, north - south);
        let (wide, tall) = (wide.max(LEAST), tall.max(LEAST));
        let (want_wide, want_tall) = (wide.max(tall * 0.8), tall.max(wide * 0.5));
        let free_wide = (want_wide * (1.0 + 2.0 * MARGIN) - (east - west) * shrink) / 2.0 / shrink;
        let free_tall = (want_tall * (1.0 + 2.0 * MARGIN) - (north - south)) / 2.0;
        grow(free_wide, &mut west, &mut east);
        grow(free_tall, &mut south, &mut north);
        let height = WIDTH * (north - south) / ((east - west) * shrink);
        Some(Frame { west, east, south, north, height })
    }

    /// Where a corner is in the drawing.
    pub fn at(&self, [longitude, latitude]: Corner) -> [f64; 2] {
        [
            (longitude - self.west) / (self.east - self.west) * WIDTH,
            (self.north - latitude) / (self.north - self.south) * self.height,
        ]
    }

    /// The corners as the attribute `points` of a polygon.
    pub fn points(&self, corners: &[Corner]) -> String {
        let each = corners.iter().map(|corner| {
            let [x, y] = self.at(*corner);
            format!("{x:.1},{y:.1}")
        });
        each.collect::<Vec<_>>().join(" ")
    }
}

/// The middle of corners, for a name; `None` without any.
pub fn middle(corners: &[Corner]) -> Option<Corner> {
    let count = f64::from(u32::try_from(corners.len()).ok()?);
    let sum = corners.iter().fold([0.0, 0.0], |sum, corner| [sum[0] + corner[0], sum[1] + corner[1]]);
    (count > 0.0).then(|| [sum[0] / count, sum[1] / count])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn everything_is_inside_and_nothing_is_stretched(
            points in prop::collection::vec((120.0..120.02_f64, 31.0..31.02_f64), 1..20)
        ) {
            let points: Vec<Corner> = points.into_iter().map(|(x, y)| [x, y]).collect();
            let frame = Frame::around(&points).expect("some");
            for point in &points {
                let [x, y] = frame.at(*point);
                prop_assert!((0.0..=WIDTH).contains(&x) && (0.0..=frame.height).contains(&y), "{x} {y}");
            }
            prop_assert!(frame.height >= WIDTH * 0.3 && frame.height <= WIDTH * 1.6, "{}", frame.height);
            // As many units for a metre in both directions.
            let (across, up) = (WIDTH / (frame.east - frame.west), frame.height / (frame.north - frame.south));
            let shrink = f64::midpoint(frame.south, frame.north).to_radians().cos();
            prop_assert!((across / shrink / up - 1.0).abs() < 1e-3);
        }
    }

    #[test]
    fn nothing_has_no_frame() {
        assert_eq!(Frame::around(&[]), None);
        assert_eq!(middle(&[]), None);
    }
}
