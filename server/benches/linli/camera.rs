//! Pictures as a phone takes them: 12 megapixels, busy, with the turn of the camera in their EXIF.

use image::{Rgb, RgbImage};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

fn noise(x: u32, y: u32, seed: u32) -> i32 {
    let mut v = x.wrapping_mul(374_761_393) ^ y.wrapping_mul(668_265_263) ^ seed.wrapping_mul(2_246_822_519);
    v ^= v >> 13;
    v = v.wrapping_mul(1_274_126_177);
    i32::try_from((v ^ (v >> 16)) & 255).unwrap_or_default() - 128
}

/// Noise of five sizes, smooth between its points, and lines: about as many kilobytes as a photo of a street.
fn scene(width: u32, height: u32, seed: u32) -> RgbImage {
    const SIZES: [(u32, i32); 5] = [(256, 60), (64, 40), (16, 24), (4, 12), (1, 5)];
    RgbImage::from_fn(width, height, |x, y| {
        let mut light = 0;
        for (size, strength) in SIZES {
            let part = |at: u32| i32::try_from((at % size) * 256 / size).unwrap_or_default();
            let (column, row) = (x / size, y / size);
            let at = |right: u32, down: u32| noise(column + right, row + down, seed ^ size);
            let top = at(0, 0) + (at(1, 0) - at(0, 0)) * part(x) / 256;
            let bottom = at(0, 1) + (at(1, 1) - at(0, 1)) * part(x) / 256;
            light += (top + (bottom - top) * part(y) / 256) * strength / 64;
        }
        let line = if y % 40 < 4 { -40 } else { 0 };
        let colour =
            |base: i32, share: i32| u8::try_from((base + light * 10 / share + line).clamp(0, 255)).unwrap_or_default();
        Rgb([colour(128, 10), colour(120, 11), colour(110, 12)])
    })
}

/// An APP1 segment that says: turn a quarter to the right.
const TURNED: &[u8] = &[
    0xff, 0xe1, 0x00, 0x22, b'E', b'x', b'i', b'f', 0, 0, b'M', b'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0,
    0, 1, 0, 6, 0, 0, 0, 0, 0, 0,
];

/// A photo, held upright: the `n`-th of a series.
pub fn photo(n: u32, (width, height): (u16, u16)) -> anyhow::Result<Vec<u8>> {
    let picture = scene(u32::from(width), u32::from(height), n);
    let mut jpeg = Vec::new();
    let mut encoder = Encoder::new(&mut jpeg, 92);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder.encode(picture.as_raw(), width, height, ColorType::Rgb)?;
    jpeg.splice(2..2, TURNED.iter().copied());
    Ok(jpeg)
}

/// A size for `--smoke`, and that of a phone.
pub fn size(smoke: bool) -> (u16, u16) {
    if smoke { (640, 480) } else { (4032, 3024) }
}
