//! From the bytes of a camera to the two pictures that are kept: decoded under hard limits, turned upright, made
//! smaller, written anew as JPEG. Nothing of the original file survives but its pixels: no EXIF, XMP, IPTC, colour
//! profile, comment, thumbnail, and nothing that was hidden behind its end.
//!
//! Pure and blocking: the server runs it off the async threads, a few at a time, and catches its panics. A crate of its
//! own, so that a debug build can optimise what is done with each pixel.

use fast_image_resize::{ResizeOptions, Resizer};
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, RgbImage};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use std::io::Cursor;

/// Largest file, in bytes.
pub const MAX_BYTES: usize = 25 * 1024 * 1024;
/// Longest side of what is decoded, in pixels.
const MAX_SIDE: u32 = 12_000;
/// Most pixels that are decoded: 100 megapixels.
const MAX_PIXELS: u64 = 100_000_000;
/// Most memory that a decoder may ask for, in bytes.
const MAX_ALLOC: u64 = 512 * 1024 * 1024;
/// Most memory that all photos that are worked on may need together, and so each of them, in bytes; see [`memory`].
/// A photo of 50 megapixels needs 280 to 590 MB, depending on its format.
pub const MOST_MEMORY: u64 = 640 * 1024 * 1024;
/// Long side of what is kept, in pixels.
pub const FULL: u32 = 2048;
/// Long side of the thumbnail, in pixels.
pub const THUMB: u32 = 480;
/// JPEG quality of both.
const QUALITY: u8 = 85;

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// No bytes at all.
    #[error("the file is empty")]
    Empty,
    /// Neither JPEG, PNG nor WebP, whatever its name says.
    #[error("the file is not a JPEG, PNG or WebP picture")]
    NotAPicture,
    /// A phone's HEIC, which no decoder of ours reads.
    #[error("HEIC pictures cannot be read here")]
    Heic,
    /// More than [`MAX_BYTES`].
    #[error("the file is larger than 25 MB")]
    TooLarge,
    /// More pixels than we decode.
    #[error("the picture has too many pixels")]
    TooManyPixels,
    /// A picture that cannot be read to its end.
    #[error("the picture is damaged")]
    Broken,
}

impl Refused {
    /// Catalogue key of the words for the person who chose the file.
    pub fn key(self) -> &'static str {
        match self {
            Refused::Empty => "reports-photo-empty",
            Refused::NotAPicture => "reports-photo-not-a-picture",
            Refused::Heic => "reports-photo-heic",
            Refused::TooLarge => "reports-photo-too-large",
            Refused::TooManyPixels => "reports-photo-too-many-pixels",
            Refused::Broken => "reports-photo-broken",
        }
    }
}

/// Where a camera was, WGS-84, in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Position {
    /// East of Greenwich, -180 to 180.
    pub longitude: f64,
    /// North of the equator, -90 to 90.
    pub latitude: f64,
}

/// A picture as it is kept.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The picture, JPEG.
    pub full: Vec<u8>,
    /// The thumbnail, JPEG.
    pub thumb: Vec<u8>,
    /// Width of the picture, in pixels.
    pub width: u32,
    /// Height of the picture, in pixels.
    pub height: u32,
    /// Where the camera was, if the file said so. To be suggested to the person who sent it; never kept.
    pub position: Option<Position>,
}

/// The memory, in bytes, that [`prepare`] will need for a file at the most, told from its header. What would need more
/// than [`MOST_MEMORY`] is refused.
pub fn memory(bytes: &[u8]) -> Result<u64, Refused> {
    let format = format_of(bytes)?;
    let decoder = decoder_of(bytes, format)?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    let colour = decoder.color_type();
    // The file and the decoder's own copy of it.
    let file = 2 * bytes.len() as u64;
    // What the decoder keeps beside the picture: coefficients of a JPEG that comes in several scans, planes of a WebP.
    let inside = match format {
        ImageFormat::Jpeg if jpeg_shape(bytes).several_scans => pixels * 2 * 4,
        ImageFormat::WebP => pixels * 6,
        _ => 0,
    };
    // Turned into three colours of eight bits, by way of four where there is transparency.
    let turned = match colour {
        image::ColorType::Rgb8 => 0,
        colour if colour.has_alpha() => pixels * (4 + 3),
        _ => pixels * 3,
    };
    // Made smaller in one direction first.
    let long = u64::from(width.max(height)).max(1);
    let narrow = (u64::from(width) * u64::from(FULL.min(width.max(height)))).div_ceil(long);
    let smaller = 3 * narrow * u64::from(height);
    // The picture and its thumbnail, turned, copied and written.
    let kept = 4 * 3 * pixels.min(u64::from(FULL) * u64::from(FULL));
    let sum = file + decoder.total_bytes() + inside + turned + smaller + kept;
    if sum > MOST_MEMORY { Err(Refused::TooManyPixels) } else { Ok(sum) }
}

/// A decoder under our limits that has read the header.
fn decoder_of(bytes: &[u8], format: ImageFormat) -> Result<impl ImageDecoder + '_, Refused> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_ALLOC);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(refused)?;
    let (width, height) = decoder.dimensions();
    if width > MAX_SIDE || height > MAX_SIDE || u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(Refused::TooManyPixels);
    }
    if width == 0 || height == 0 {
        return Err(Refused::Broken);
    }
    Ok(decoder)
}

/// Makes the pictures that are kept from the bytes of a file.
pub fn prepare(bytes: &[u8]) -> Result<Prepared, Refused> {
    memory(bytes)?;
    let mut decoder = decoder_of(bytes, format_of(bytes)?)?;
    // What cannot be told about its turn is shown as it is stored.
    let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let decoded = DynamicImage::from_decoder(decoder).map_err(refused)?;
    let small = shrink(on_white(decoded), FULL)?;
    let mut upright = DynamicImage::ImageRgb8(small);
    upright.apply_orientation(orientation);
    let full = upright.into_rgb8();
    let thumb = shrink(full.clone(), THUMB)?;
    Ok(Prepared {
        width: full.width(),
        height: full.height(),
        full: encode(&full)?,
        thumb: encode(&thumb)?,
        position: position(bytes),
    })
}

/// Part of a picture, in thousandths of its width and height: x, y, width, height.
pub type Area = [u32; 4];

/// A kept picture with parts blacked out, and its thumbnail: JPEGs in which nothing of those parts is left.
pub fn redact(jpeg: &[u8], areas: &[Area]) -> Result<(Vec<u8>, Vec<u8>), Refused> {
    let mut picture = image::load_from_memory_with_format(jpeg, ImageFormat::Jpeg).map_err(refused)?.into_rgb8();
    let (width, height) = picture.dimensions();
    // Rounded outwards: a pixel that is touched is black.
    let from = |part: u32, whole: u32| u64::from(part.min(1000)) * u64::from(whole) / 1000;
    let to = |part: u32, whole: u32| (u64::from(part.min(1000)) * u64::from(whole)).div_ceil(1000);
    for [x, y, w, h] in areas {
        for row in from(*y, height)..to(y.saturating_add(*h), height) {
            for column in from(*x, width)..to(x.saturating_add(*w), width) {
                if let (Ok(column), Ok(row)) = (u32::try_from(column), u32::try_from(row)) {
                    picture.put_pixel(column, row, image::Rgb([0, 0, 0]));
                }
            }
        }
    }
    let thumb = shrink(picture.clone(), THUMB)?;
    Ok((encode(&picture)?, encode(&thumb)?))
}

/// What the file is by its content; its name and declared type say nothing.
fn format_of(bytes: &[u8]) -> Result<ImageFormat, Refused> {
    if bytes.is_empty() {
        return Err(Refused::Empty);
    }
    if bytes.len() > MAX_BYTES {
        return Err(Refused::TooLarge);
    }
    let is_heic = bytes.get(4..8) == Some(b"ftyp".as_slice())
        && bytes.get(8..12).is_some_and(|brand| {
            [b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"].iter().any(|b| *b == brand)
        });
    if is_heic {
        return Err(Refused::Heic);
    }
    match image::guess_format(bytes) {
        Ok(ImageFormat::Jpeg) if !jpeg_shape(bytes).has_an_end => Err(Refused::Broken),
        Ok(ImageFormat::WebP) if !webp_has_its_parts(bytes) => Err(Refused::Broken),
        Ok(format @ (ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP)) => Ok(format),
        _ => Err(Refused::NotAPicture),
    }
}

/// Whether the parts of a WebP lie inside the file. Its decoder makes room for a part before it reads it, and would for
/// the four gigabytes that a file of a hundred bytes can claim.
fn webp_has_its_parts(bytes: &[u8]) -> bool {
    let length = |at: usize| {
        let field = bytes.get(at..at + 4)?.try_into().ok()?;
        usize::try_from(u32::from_le_bytes(field)).ok()
    };
    let Some(end) = length(4).and_then(|whole| whole.checked_add(8)) else { return false };
    let mut at = 12;
    while at < end.min(bytes.len()) {
        let Some(next) = length(at + 4).and_then(|part| part.checked_add(at + 8)) else { return false };
        if next > bytes.len() {
            return false;
        }
        at = next + next % 2;
    }
    true
}

/// How a JPEG is built: whether it comes to its end marker after its first scan, and whether it comes in several scans,
/// as progressive ones do. The decoder fills what is missing of a file that was cut off with grey, and a half grey photo
/// helps nobody; of several scans it keeps the whole picture twice. Pictures inside segments (a camera's thumbnail) and
/// after the end are others.
#[derive(Clone, Copy, Default)]
struct JpegShape {
    has_an_end: bool,
    several_scans: bool,
}

fn jpeg_shape(bytes: &[u8]) -> JpegShape {
    const PROGRESSIVE: u8 = 0xc2;
    const START_OF_SCAN: u8 = 0xda;
    const END: u8 = 0xd9;
    let mut shape = JpegShape::default();
    let mut at = 2;
    while let Some(&[0xff, marker]) = bytes.get(at..at + 2) {
        match marker {
            0xff => {
                at += 1;
                continue;
            }
            PROGRESSIVE => shape.several_scans = true,
            START_OF_SCAN => {
                // Inside a scan 0xff is a marker's beginning or escaped.
                for pair in bytes[at + 2..].windows(2) {
                    match pair {
                        [0xff, END] => {
                            shape.has_an_end = true;
                            break;
                        }
                        [0xff, START_OF_SCAN] => shape.several_scans = true,
                        _ => {}
                    }
                }
                return shape;
            }
            _ => {}
        }
        let Some(&[high, low]) = bytes.get(at + 2..at + 4) else { return shape };
        at += 2 + usize::from(u16::from_be_bytes([high, low]));
    }
    shape
}

fn refused(error: ImageError) -> Refused {
    match error {
        ImageError::Limits(_) => Refused::TooManyPixels,
        _ => Refused::Broken,
    }
}

/// Three colours; what was transparent becomes white, as on paper.
fn on_white(image: DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.into_rgb8();
    }
    let image = image.into_rgba8();
    RgbImage::from_fn(image.width(), image.height(), |x, y| {
        let [r, g, b, a] = image.get_pixel(x, y).0;
        let blend = |colour: u8| {
            let (colour, a) = (u32::from(colour), u32::from(a));
            u8::try_from((colour * a + 255 * (255 - a)) / 255).unwrap_or(u8::MAX)
        };
        image::Rgb([blend(r), blend(g), blend(b)])
    })
}

/// At most `side` pixels on the long side; smaller pictures stay as they are.
fn shrink(image: RgbImage, side: u32) -> Result<RgbImage, Refused> {
    let (width, height) = image.dimensions();
    let long = width.max(height);
    if long <= side {
        return Ok(image);
    }
    let scaled =
        |length: u32| u32::try_from(u64::from(length) * u64::from(side) / u64::from(long)).unwrap_or(side).max(1);
    let from = DynamicImage::ImageRgb8(image);
    let mut to = DynamicImage::new_rgb8(scaled(width), scaled(height));
    Resizer::new().resize(&from, &mut to, &ResizeOptions::new()).map_err(|_| Refused::Broken)?;
    Ok(to.into_rgb8())
}

/// JPEG with the colours at half the resolution of the brightness, as cameras write it. Not the encoder of `image`,
/// which takes about four times as long (docs/benchmarks.md).
fn encode(image: &RgbImage) -> Result<Vec<u8>, Refused> {
    let side = |length: u32| u16::try_from(length).map_err(|_| Refused::TooManyPixels);
    let (width, height) = (side(image.width())?, side(image.height())?);
    let mut jpeg = Vec::with_capacity(image.as_raw().len() / 8);
    let mut encoder = Encoder::new(&mut jpeg, QUALITY);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder.encode(image.as_raw(), width, height, ColorType::Rgb).map_err(|_| Refused::Broken)?;
    Ok(jpeg)
}

/// The position that a camera wrote into the file.
fn position(bytes: &[u8]) -> Option<Position> {
    use exif::{In, Tag, Value};
    let exif = exif::Reader::new().read_from_container(&mut Cursor::new(bytes)).ok()?;
    let degrees = |tag: Tag| -> Option<f64> {
        let Value::Rational(parts) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
        let [d, m, s] = parts.as_slice() else { return None };
        let value = d.to_f64() + m.to_f64() / 60.0 + s.to_f64() / 3600.0;
        value.is_finite().then_some(value)
    };
    let is = |tag: Tag, letter: u8| match exif.get_field(tag, In::PRIMARY).map(|field| &field.value) {
        Some(Value::Ascii(texts)) => texts.first().is_some_and(|text| text.first() == Some(&letter)),
        _ => false,
    };
    let latitude = degrees(Tag::GPSLatitude)? * if is(Tag::GPSLatitudeRef, b'S') { -1.0 } else { 1.0 };
    let longitude = degrees(Tag::GPSLongitude)? * if is(Tag::GPSLongitudeRef, b'W') { -1.0 } else { 1.0 };
    let position = Position { longitude, latitude };
    (longitude.abs() <= 180.0 && latitude.abs() <= 90.0).then_some(position)
}
