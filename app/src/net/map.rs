//! The plan as a drawing: outlines in degrees become corners in a box a thousand wide.

/// The width of the box.
pub const WIDTH: i64 = 1_000;
/// The height at most; taller plans are drawn narrower.
const HEIGHT: f64 = 1_400.0;
/// Space around the outlines.
const MARGIN: f64 = 12.0;

/// A drawing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drawing {
    /// Height of the box.
    pub height: i64,
    /// The corners of each outline, in the order in which they were given; empty for one that cannot be drawn.
    pub shapes: Vec<Vec<[i64; 2]>>,
}

fn fine(outline: &[[f64; 2]]) -> bool {
    outline.len() >= 3 && outline.iter().all(|[x, y]| x.abs() <= 180.0 && y.abs() <= 90.0)
}

/// Draws outlines of [longitude, latitude], north up, with degrees of longitude as short as they are at this latitude. `None`
/// when there is nothing to draw.
pub fn draw(outlines: &[Vec<[f64; 2]>]) -> Option<Drawing> {
    let corners = || outlines.iter().filter(|outline| fine(outline)).flatten();
    let first = corners().next()?;
    let (mut low, mut high) = (*first, *first);
    for [x, y] in corners() {
        low = [low[0].min(*x), low[1].min(*y)];
        high = [high[0].max(*x), high[1].max(*y)];
    }
    let shorter = ((low[1] + high[1]) / 2.0).to_radians().cos().max(0.01);
    let wide = ((high[0] - low[0]) * shorter).max(f64::EPSILON);
    let tall = (high[1] - low[1]).max(f64::EPSILON);
    let inside = WIDTH as f64 - 2.0 * MARGIN;
    let scale = (inside / wide).min((HEIGHT - 2.0 * MARGIN) / tall);
    let left = (WIDTH as f64 - wide * scale) / 2.0;
    let place = |[x, y]: [f64; 2]| {
        let across = left + (x - low[0]) * shorter * scale;
        let down = MARGIN + (high[1] - y) * scale;
        [across.round() as i64, down.round() as i64]
    };
    let shapes = outlines
        .iter()
        .map(|outline| {
            if !fine(outline) {
                return Vec::new();
            }
            let mut shape: Vec<[i64; 2]> = outline.iter().copied().map(place).collect();
            shape.dedup();
            shape
        })
        .collect();
    Some(Drawing { height: (tall * scale + 2.0 * MARGIN).round() as i64, shapes })
}

/// Corners as SVG's `points`.
pub fn points(shape: &[[i64; 2]]) -> String {
    shape.iter().map(|[x, y]| format!("{x},{y}")).collect::<Vec<_>>().join(" ")
}

/// The middle of some shapes, for a number to stand on.
pub fn middle<'a>(shapes: impl IntoIterator<Item = &'a Vec<[i64; 2]>>) -> Option<[i64; 2]> {
    let (mut sum, mut count) = ([0, 0], 0);
    for [x, y] in shapes.into_iter().flatten() {
        sum = [sum[0] + x, sum[1] + y];
        count += 1;
    }
    (count > 0).then(|| [sum[0] / count, sum[1] / count])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_square_is_as_wide_as_it_is_tall_and_north_is_up() {
        let north = 30.0_f64;
        let step = 0.01;
        let wide = step / north.to_radians().cos();
        let square = vec![[120.0, north], [120.0 + wide, north], [120.0 + wide, north + step], [120.0, north + step]];
        let drawing = draw(&[square, vec![[1.0, 1.0]]]).expect("drawn");
        assert!((drawing.height - WIDTH).abs() <= 2, "{drawing:?}");
        assert!(drawing.shapes[0][0][1] > drawing.shapes[0][2][1], "the south is below");
        assert!(drawing.shapes[1].is_empty());
        assert_eq!(draw(&[]), None);
        assert_eq!(draw(&[vec![[f64::NAN, 0.0]; 4]]), None);
    }

    proptest! {
        #[test]
        fn nothing_is_drawn_outside_the_box(outlines in prop::collection::vec(prop::collection::vec([-180.0..180.0, -90.0..90.0], 0..9), 0..6)) {
            if let Some(drawing) = draw(&outlines) {
                prop_assert_eq!(drawing.shapes.len(), outlines.len());
                for [x, y] in drawing.shapes.iter().flatten() {
                    prop_assert!((0..=WIDTH).contains(x) && (0..=drawing.height).contains(y), "{x},{y} of {}", drawing.height);
                }
            }
        }
    }
}
