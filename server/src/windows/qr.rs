//! A text as a QR code that a page draws by itself.

use app::windows::pages::Qr;
use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write;

/// Dark modules beside each other.
pub struct Run {
    /// The first one's place from the left, in modules.
    pub x: usize,
    /// Their place from the top, in modules.
    pub y: usize,
    /// How many.
    pub length: usize,
}

/// The modules on a side of the QR code of a text, and its dark ones; `None` when the text is too long for one.
pub fn runs(text: &str) -> Option<(usize, Vec<Run>)> {
    let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M).ok()?;
    let side = code.width();
    let mut runs = Vec::new();
    for (y, row) in code.into_colors().chunks(side).enumerate() {
        let mut x = 0;
        while x < side {
            let length = row[x..].iter().take_while(|color| **color == Color::Dark).count();
            if length > 0 {
                runs.push(Run { x, y, length });
            }
            x += length.max(1);
        }
    }
    Some((side, runs))
}

/// The QR code of a text for a page, each run drawn as one stroke; `None` when it is too long for one.
pub fn of(text: &str) -> Option<Qr> {
    let (side, runs) = runs(text)?;
    let mut path = String::new();
    for Run { x, y, length } in runs {
        // Writing to a string does not fail.
        let _ = write!(path, "M{x} {y}h{length}v1h-{length}z");
    }
    Some(Qr { side, path })
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn the_path_draws_exactly_the_dark_modules() {
        let text = "http://linli.test/appointments/K7M4PQ?t=AAAAAAAAAAAAAAAAAAAAAA";
        let qr = of(text).expect("short enough");
        let code = qrcode::QrCode::with_error_correction_level(text.as_bytes(), qrcode::EcLevel::M).expect("valid");
        let dark = code.to_colors().into_iter().filter(|color| *color == qrcode::Color::Dark).count();
        let lengths = qr.path.split('h').skip(1).filter_map(|part| part.split('v').next()?.parse::<usize>().ok());
        assert_eq!(lengths.sum::<usize>(), dark);
        assert_eq!(qr.side, code.width());
    }
}
