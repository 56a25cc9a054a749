//! A certificate about service hours as a PDF file: what the page prints, for phones that cannot print, WeChat's browser first.
//!
//! Chinese is written in STSong-Light with the predefined CMap UniGB-UTF16-H (ISO 32000-1, 9.7.5.2), which readers bring along or
//! replace by their own Chinese font. So the file has a few kilobytes, every character that the reader has, and no font.

use crate::windows::qr::{Run, runs};
use pdf_writer::{
    Content, Finish, Name, Pdf, Rect, Ref, Str, TextStr,
    types::{CidFontType, FontFlags, SystemInfo},
};

/// What a certificate says.
pub struct Paper<'a> {
    /// Language of the text, as BCP 47 has it.
    pub lang: &'a str,
    /// Its heading.
    pub title: &'a str,
    /// Its number, in words.
    pub number: &'a str,
    /// What became of it since, where hours were taken back.
    pub corrected: Option<&'a str>,
    /// What it certifies.
    pub says: &'a str,
    /// By whom it was made.
    pub own: &'a str,
    /// How it is checked.
    pub check: &'a str,
    /// Where, absolute; also as a QR code, if it is short enough for one.
    pub address: &'a str,
    /// The code to type.
    pub code: &'a str,
    /// The day on which it was given out, in words.
    pub on: &'a str,
}

/// A4, in points.
const PAGE: (f32, f32) = (595.0, 842.0);
/// Left and right of the text, in points.
const MARGIN: f32 = 72.0;
/// Side of the QR code, in points.
const QR: f32 = 110.0;

const LATIN: Name = Name(b"L");
const CHINESE: Name = Name(b"C");
const SONG: Name = Name(b"STSong-Light");

/// The file.
pub fn certificate(paper: &Paper<'_>) -> Vec<u8> {
    let [catalog, pages, page_id, latin, chinese, cid, descriptor, content_id, info] =
        std::array::from_fn(|n| Ref::new(i32::try_from(n).unwrap_or_default() + 1));
    let mut pdf = Pdf::new();
    let mut about = pdf.catalog(catalog);
    about.pages(pages).lang(TextStr(paper.lang));
    about.viewer_preferences().display_doc_title(true);
    about.finish();
    pdf.document_info(info).title(TextStr(paper.title));
    pdf.pages(pages).kids([page_id]).count(1);
    let mut page = pdf.page(page_id);
    page.media_box(Rect::new(0.0, 0.0, PAGE.0, PAGE.1)).parent(pages).contents(content_id);
    page.resources().fonts().pair(LATIN, latin).pair(CHINESE, chinese);
    page.finish();
    pdf.type1_font(latin).base_font(Name(b"Helvetica")).encoding_predefined(Name(b"WinAnsiEncoding"));
    pdf.type0_font(chinese)
        .base_font(Name(b"STSong-Light-UniGB-UTF16-H"))
        .encoding_predefined(Name(b"UniGB-UTF16-H"))
        .descendant_font(cid);
    let system_info = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"GB1"), supplement: 4 };
    pdf.cid_font(cid)
        .subtype(CidFontType::Type0)
        .base_font(SONG)
        .system_info(system_info)
        .font_descriptor(descriptor)
        .default_width(1000.0);
    pdf.font_descriptor(descriptor)
        .name(SONG)
        .flags(FontFlags::SYMBOLIC | FontFlags::SERIF)
        .bbox(Rect::new(-25.0, -254.0, 1000.0, 880.0))
        .italic_angle(0.0)
        .ascent(880.0)
        .descent(-120.0)
        .cap_height(880.0)
        .stem_v(93.0);
    pdf.stream(content_id, &drawn(paper));
    pdf.finish()
}

/// What is on the page.
fn drawn(paper: &Paper<'_>) -> Vec<u8> {
    let mut content = Content::new();
    let wide = PAGE.0 - 2.0 * MARGIN;
    let mut y = 720.0;
    let texts = [
        (Some(paper.title), 24.0, 18.0),
        (Some(paper.number), 11.0, 36.0),
        (paper.corrected, 13.0, 18.0),
        (Some(paper.says), 15.0, 18.0),
        (Some(paper.own), 12.0, 48.0),
    ];
    for (text, size, after) in texts {
        if let Some(text) = text {
            y = lines(&mut content, text, size, (MARGIN, y, wide)) - after;
        }
    }
    let beside = if qr(&mut content, paper.address, (MARGIN, y + 12.0 - QR)) { QR + 20.0 } else { 0.0 };
    let left = (MARGIN + beside, y, wide - beside);
    let below = lines(&mut content, paper.check, 11.0, left);
    let below = lines(&mut content, paper.address, 10.0, (left.0, below - 6.0, left.2));
    let below = lines(&mut content, paper.code, 10.0, (left.0, below - 6.0, left.2));
    y = below.min(y - QR) - 36.0;
    lines(&mut content, paper.on, 12.0, (MARGIN, y, wide));
    content.finish().into_vec()
}

/// Writes a text from this baseline down, broken to a width, all in points; gives the next baseline. Chinese is as wide as it is
/// high, Latin letters are half as wide or a little more.
fn lines(content: &mut Content, text: &str, size: f32, (x, mut y, wide): (f32, f32, f32)) -> f32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a page has less than 200 columns")]
    let columns = (wide / size * 1.8) as usize;
    for line in textwrap::wrap(text, columns) {
        content.begin_text();
        content.next_line(x, y);
        let mut rest = &*line;
        while let Some(first) = rest.chars().next() {
            let end = rest.find(|c: char| c.is_ascii() != first.is_ascii()).unwrap_or(rest.len());
            let (run, after) = rest.split_at(end);
            if first.is_ascii() {
                content.set_font(LATIN, size).show(Str(run.as_bytes()));
            } else {
                let units: Vec<u8> = run.encode_utf16().flat_map(u16::to_be_bytes).collect();
                content.set_font(CHINESE, size).show(Str(&units));
            }
            rest = after;
        }
        content.end_text();
        y -= size * 1.7;
    }
    y
}

/// Draws an address as a QR code with this corner at its left and bottom. Returns whether it was short enough.
fn qr(content: &mut Content, text: &str, (left, bottom): (f32, f32)) -> bool {
    let Some((side, runs)) = runs(text) else { return false };
    #[expect(clippy::cast_precision_loss, reason = "a QR code has at most 177 modules")]
    let at = |n: usize| n as f32 * QR / side as f32;
    for Run { x, y, length } in runs {
        content.rect(left + at(x), bottom + QR - at(y + 1), at(length), at(1));
    }
    content.fill_nonzero();
    true
}
