//! QR codes as SVG: black on white with the quiet zone that scanners need, also on dark pages.

use anyhow::Context;
use base64::{Engine, engine::general_purpose::STANDARD};
use qrcode::{EcLevel, QrCode, render::svg};

/// A QR code of `text` (at most about 2,300 bytes) as an SVG document.
pub fn svg(text: &str) -> anyhow::Result<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).context("making a QR code")?;
    Ok(code.render::<svg::Color<'_>>().min_dimensions(220, 220).quiet_zone(true).build())
}

/// The same as a `data:` address for `<img src>`.
pub fn data_address(text: &str) -> anyhow::Result<String> {
    Ok(format!("data:image/svg+xml;base64,{}", STANDARD.encode(svg(text)?)))
}
