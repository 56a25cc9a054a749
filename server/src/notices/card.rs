//! The picture that a shared link shows (Open Graph): kind, title, who says it and when, drawn by the server.
//!
//! The letters come from a font of the deployment ([`crate::config::Config::card_font`]): one that has all Chinese
//! characters is twenty megabytes and not shipped. Without it the picture has no words; messengers write the title beside it.

use super::{reading, store::Notice};
use crate::{
    app_state::App,
    http::{Ctx, Result, feed},
};
use ab_glyph::{Font, FontVec, Glyph, PxScale, ScaleFont, point};
use app::{
    i18n::Words,
    notices::NoticeKind,
    time::{date_long, day_of},
};
use axum::{extract::Path, http::HeaderMap};
use image::{ExtendedColorType, ImageEncoder, RgbImage, codecs::png::PngEncoder};
use std::{
    collections::{HashMap, VecDeque},
    path::PathBuf,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};
use tokio::sync::Semaphore;

/// Width and height, in pixels: what messengers ask for.
pub const SIZE: (u32, u32) = (1200, 630);
const MARGIN: f32 = 88.0;
const PAPER: [u8; 3] = [0xfb, 0xfa, 0xf7];
const INK: [u8; 3] = [0x1c, 0x24, 0x22];
const MUTED: [u8; 3] = [0x5b, 0x67, 0x64];
const ACCENT: [u8; 3] = [0x0b, 0x6b, 0x5e];
const ALARM: [u8; 3] = [0xa3, 0x26, 0x1b];
/// Lines of a title.
const LINES: usize = 4;

/// So many pictures are remembered; one is about 40 kB.
const REMEMBERED: usize = 64;
type Pictures = VecDeque<(String, Arc<Vec<u8>>)>;
static PICTURES: LazyLock<Mutex<Pictures>> = LazyLock::new(Mutex::default);
static FONTS: LazyLock<Mutex<HashMap<PathBuf, Option<Arc<FontVec>>>>> = LazyLock::new(Mutex::default);
/// Strangers may ask for pictures of all notices at once: so many are drawn at a time.
static DRAWING: Semaphore = Semaphore::const_new(2);

/// `/notices/{id}/card.png`
pub(super) async fn picture(ctx: Ctx, Path(id): Path<String>, headers: HeaderMap) -> Result {
    let notice = reading::public_notice(&ctx.app, &id).await?;
    let bytes = remembered(&ctx.app, ctx.w, &notice).await?;
    Ok(feed::public(&headers, "image/png", bytes.as_ref().clone(), 86_400))
}

/// A published notice never changes, so its picture is drawn once and remembered for a while.
async fn remembered(app: &App, w: Words, notice: &Notice) -> Result<Arc<Vec<u8>>> {
    let font = app.config.card_font.clone();
    let key = format!("{} {} {}", notice.id, w.lang.tag(), font.is_some());
    let find = || {
        let pictures = PICTURES.lock().unwrap_or_else(PoisonError::into_inner);
        pictures.iter().find(|(name, _)| *name == key).map(|(_, bytes)| bytes.clone())
    };
    if let Some(bytes) = find() {
        return Ok(bytes);
    }
    let _turn = DRAWING.acquire().await.map_err(anyhow::Error::new)?;
    if let Some(bytes) = find() {
        return Ok(bytes);
    }
    let words = Card::of(w, notice);
    let drawn = tokio::task::spawn_blocking(move || draw(&words, font.and_then(load).as_deref()));
    let bytes = Arc::new(drawn.await.map_err(anyhow::Error::new)??);
    let mut pictures = PICTURES.lock().unwrap_or_else(PoisonError::into_inner);
    pictures.push_back((key, bytes.clone()));
    if pictures.len() > REMEMBERED {
        pictures.pop_front();
    }
    Ok(bytes)
}

/// A font, read once. One that cannot be read is told in the log, and pictures have no words.
fn load(path: PathBuf) -> Option<Arc<FontVec>> {
    let mut fonts = FONTS.lock().unwrap_or_else(PoisonError::into_inner);
    let read = |path: &PathBuf| {
        let font = std::fs::read(path).map_err(anyhow::Error::new).and_then(|bytes| {
            // In a collection, such as Debian's fonts-noto-cjk, the third is the one for simplified characters.
            FontVec::try_from_vec_and_index(bytes.clone(), 2)
                .or_else(|_| FontVec::try_from_vec_and_index(bytes, 0))
                .map_err(anyhow::Error::new)
        });
        font.inspect_err(|error| tracing::warn!(font = %path.display(), error = format!("{error:#}"), "no font"))
            .ok()
            .map(Arc::new)
    };
    fonts.entry(path.clone()).or_insert_with(|| read(&path)).clone()
}

/// What a picture says.
struct Card {
    alarm: bool,
    kind: String,
    title: String,
    foot: String,
    product: String,
}

impl Card {
    fn of(w: Words, notice: &Notice) -> Card {
        let day = notice.published_at().map(|at| date_long(w.lang, day_of(at))).unwrap_or_default();
        Card {
            alarm: notice.kind() == NoticeKind::Emergency,
            kind: w.t(notice.kind().key()),
            title: w.pick(&notice.title, &notice.title_en).to_owned(),
            foot: format!("{} · {day}", w.pick(&notice.source, &notice.source_en)),
            product: w.t("product-name"),
        }
    }
}

/// The picture as PNG.
fn draw(card: &Card, font: Option<&FontVec>) -> anyhow::Result<Vec<u8>> {
    let (width, height) = SIZE;
    let mut image = RgbImage::from_pixel(width, height, image::Rgb(PAPER));
    let accent = if card.alarm { ALARM } else { ACCENT };
    fill(&mut image, (0, 0), (28, height), accent);
    match font {
        Some(font) => write(&mut image, card, &Pen { font }, accent),
        // Lines in place of words, so that it is seen to be a notice.
        None => {
            for (n, length) in [820, 900, 560].into_iter().enumerate() {
                let top = 210 + 90 * u32::try_from(n).unwrap_or(0);
                fill(&mut image, (88, top), (length, 34), [0xdc, 0xda, 0xd3]);
            }
            fill(&mut image, (88, 96), (150, 50), accent);
        }
    }
    let mut png = Vec::new();
    PngEncoder::new(&mut png).write_image(image.as_raw(), width, height, ExtendedColorType::Rgb8)?;
    Ok(png)
}

fn write(image: &mut RgbImage, card: &Card, pen: &Pen<'_>, accent: [u8; 3]) {
    let width = SIZE.0 as f32 - 2.0 * MARGIN;
    pen.line(image, &card.kind, 40.0, (MARGIN, 132.0), accent);
    // Large for a short title, smaller for a long one.
    let mut size = 78.0;
    let mut lines = pen.lines(&card.title, size, width);
    if lines.len() > 3 {
        size = 60.0;
        lines = pen.lines(&card.title, size, width);
    }
    if lines.len() > LINES {
        lines.truncate(LINES);
        if let Some(last) = lines.last_mut() {
            while !last.is_empty() && pen.width(&format!("{last}…"), size) > width {
                last.pop();
            }
            last.push('…');
        }
    }
    for (n, line) in lines.iter().enumerate() {
        pen.line(image, line, size, (MARGIN, 240.0 + size * 1.32 * n as f32), INK);
    }
    pen.line(image, &card.foot, 34.0, (MARGIN, 572.0), MUTED);
    let right = SIZE.0 as f32 - MARGIN - pen.width(&card.product, 34.0);
    pen.line(image, &card.product, 34.0, (right, 572.0), accent);
}

fn fill(image: &mut RgbImage, (x, y): (u32, u32), (width, height): (u32, u32), color: [u8; 3]) {
    for row in y..(y + height).min(image.height()) {
        for column in x..(x + width).min(image.width()) {
            image.put_pixel(column, row, image::Rgb(color));
        }
    }
}

/// Writes with a font.
struct Pen<'a> {
    font: &'a FontVec,
}

impl Pen<'_> {
    /// The scale at which the font's square has so many pixels.
    fn scale(&self, size: f32) -> PxScale {
        let square = self.font.units_per_em().unwrap_or(1000.0);
        PxScale::from(size * self.font.height_unscaled() / square)
    }

    fn width(&self, text: &str, size: f32) -> f32 {
        let font = self.font.as_scaled(self.scale(size));
        text.chars().map(|c| font.h_advance(font.glyph_id(c))).sum()
    }

    /// Lines no wider than `width`: broken after every Chinese character and between words, never before punctuation.
    fn lines(&self, text: &str, size: f32, width: f32) -> Vec<String> {
        let mut lines = vec![String::new()];
        for part in parts(text) {
            let Some(line) = lines.last_mut() else { break };
            if self.width(&format!("{line}{part}"), size) <= width || line.is_empty() {
                line.push_str(&part);
            } else {
                lines.push(part.trim_start().to_owned());
            }
        }
        lines.iter().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
    }

    /// One line from its left end on the baseline. Characters that the font does not have are left out.
    fn line(&self, image: &mut RgbImage, text: &str, size: f32, (x, y): (f32, f32), color: [u8; 3]) {
        let scale = self.scale(size);
        let font = self.font.as_scaled(scale);
        let mut at = x;
        for c in text.chars() {
            let id = font.glyph_id(c);
            if id.0 == 0 {
                continue;
            }
            let glyph: Glyph = id.with_scale_and_position(scale, point(at, y));
            at += font.h_advance(id);
            let Some(outline) = self.font.outline_glyph(glyph) else { continue };
            let corner = outline.px_bounds().min;
            outline.draw(|dx, dy, share| {
                let (column, row) = (corner.x + dx as f32, corner.y + dy as f32);
                if column < 0.0 || row < 0.0 {
                    return;
                }
                if let Some(pixel) = image.get_pixel_mut_checked(column as u32, row as u32) {
                    let share = share.clamp(0.0, 1.0);
                    for (old, new) in pixel.0.iter_mut().zip(color) {
                        *old = (f32::from(*old) * (1.0 - share) + f32::from(new) * share) as u8;
                    }
                }
            });
        }
    }
}

/// What a line may be broken between: words with the space before them, and single characters of scripts without spaces,
/// with the punctuation after them.
fn parts(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for c in text.chars() {
        let joins = match parts.last() {
            None => false,
            Some(last) => {
                let closes = "，。、；：？！）》」』”’…—·,.;:?!)".contains(c);
                let word = |c: char| c.is_ascii() && !c.is_whitespace();
                closes
                    || last.ends_with(['（', '《', '「', '“'])
                    || (word(c) && last.ends_with(|end| word(end) || end == ' '))
            }
        };
        match parts.last_mut() {
            Some(last) if joins => last.push(c),
            _ => parts.push(c.to_string()),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(title: &str) -> Card {
        Card {
            alarm: false,
            kind: "停水停电".into(),
            title: title.into(),
            foot: "梧桐社区 · 2026年11月25日".into(),
            product: "邻里".into(),
        }
    }

    #[test]
    fn lines_break_between_words_and_characters_and_not_before_punctuation() {
        assert_eq!(parts("明天停水，Water off"), ["明", "天", "停", "水，", "Water", " off"]);
        assert_eq!(parts("（五栋）"), ["（五", "栋）"]);
        assert!(parts("").is_empty());
    }

    #[test]
    fn a_picture_without_a_font_is_a_picture() {
        let png = draw(&card("停水"), None).expect("drawn");
        let read = image::load_from_memory(&png).expect("a picture");
        assert_eq!((read.width(), read.height()), SIZE);
        assert!(png.len() < 60_000, "{}", png.len());
    }

    proptest::proptest! {
        #[test]
        fn parts_lose_nothing(text in "\\PC{0,40}") {
            assert_eq!(parts(&text).concat(), text);
        }
    }
}
