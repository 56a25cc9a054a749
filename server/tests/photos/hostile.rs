//! Files that somebody could send to do harm, made here: nothing of them is kept in the repository.

use image::{
    DynamicImage, ExtendedColorType, ImageEncoder, Rgb, RgbImage, Rgba, RgbaImage,
    codecs::{jpeg::JpegEncoder, png::PngEncoder, webp::WebPEncoder},
};

/// What must become of a file.
pub enum Verdict {
    /// Whatever the decoder says.
    Any,
    /// It is a picture in spite of everything.
    Taken,
    /// Refused.
    Refused,
}

/// A small generator of numbers, the same at every run.
pub struct Dice(pub u64);

impl Dice {
    /// The next number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(bound).expect("small")).expect("small")
    }

    /// One of several.
    pub fn one_of<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

fn scene(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let byte = |n: u32| u8::try_from(n % 256).expect("a byte");
        Rgb([byte(x * 7 + y), byte(x * y / 5), byte(x ^ (y * 3))])
    })
}

fn jpeg(picture: &RgbImage, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(picture).expect("encoded");
    bytes
}

fn png(picture: &DynamicImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (width, height) = (picture.width(), picture.height());
    PngEncoder::new(&mut bytes)
        .write_image(picture.as_bytes(), width, height, picture.color().into())
        .expect("encoded");
    bytes
}

fn webp(picture: &DynamicImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (width, height) = (picture.width(), picture.height());
    WebPEncoder::new_lossless(&mut bytes)
        .encode(picture.as_bytes(), width, height, ExtendedColorType::from(picture.color()))
        .expect("encoded");
    bytes
}

/// A segment of a JPEG.
fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).expect("short");
    [&[0xff, marker], &length.to_be_bytes()[..], content].concat()
}

/// A JPEG with segments after its beginning.
fn with_segments(jpeg: &[u8], segments: &[Vec<u8>]) -> Vec<u8> {
    [&jpeg[..2], &segments.concat(), &jpeg[2..]].concat()
}

/// A chunk of a PNG, with its checksum.
fn chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut crc = u32::MAX;
    for byte in kind.iter().chain(content) {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    let length = u32::try_from(content.len()).expect("short");
    [&length.to_be_bytes()[..], kind, content, &(!crc).to_be_bytes()[..]].concat()
}

/// A PNG with chunks after its header.
fn with_chunks(png: &[u8], chunks: &[Vec<u8>]) -> Vec<u8> {
    [&png[..33], &chunks.concat(), &png[33..]].concat()
}

/// A zlib stream of stored blocks: as long as it says, without any compression of ours.
fn zlib_stored(content: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let blocks: Vec<&[u8]> = content.chunks(65_535).collect();
    for (n, block) in blocks.iter().enumerate() {
        let length = u16::try_from(block.len()).expect("short");
        out.push(u8::from(n + 1 == blocks.len()));
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend_from_slice(block);
    }
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in content {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    out.extend(((b << 16) | a).to_be_bytes());
    out
}

/// EXIF with one directory of entries (tag, type, count, value) and the place of the next.
fn exif(entries: &[(u16, u16, u32, u32)], next: u32) -> Vec<u8> {
    let mut tiff = b"Exif\0\0MM\0\x2a\0\0\0\x08".to_vec();
    tiff.extend(u16::try_from(entries.len()).expect("few").to_be_bytes());
    for (tag, kind, count, value) in entries {
        tiff.extend(tag.to_be_bytes());
        tiff.extend(kind.to_be_bytes());
        tiff.extend(count.to_be_bytes());
        tiff.extend(value.to_be_bytes());
    }
    tiff.extend(next.to_be_bytes());
    tiff
}

fn fixture(name: &str) -> Vec<u8> {
    let path = format!("{}/../server/tests/fixtures/photos/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Good pictures to begin with: every format, small, some with all the metadata there is.
pub fn seeds() -> Vec<(&'static str, Vec<u8>)> {
    let small = scene(61, 47);
    let clear = RgbaImage::from_fn(40, 30, |x, y| Rgba([200, 30, 90, u8::try_from((x * y) % 256).expect("a byte")]));
    let deep = DynamicImage::ImageRgb8(scene(24, 24)).into_rgb16();
    vec![
        ("jpeg", jpeg(&small, 80)),
        ("jpeg-low", jpeg(&scene(120, 16), 10)),
        ("png", png(&DynamicImage::ImageRgb8(small.clone()))),
        ("png-alpha", png(&DynamicImage::ImageRgba8(clear.clone()))),
        ("png-16", png(&DynamicImage::ImageRgb16(deep))),
        ("png-grey", png(&DynamicImage::ImageLuma8(DynamicImage::ImageRgb8(small.clone()).into_luma8()))),
        ("webp", webp(&DynamicImage::ImageRgb8(small))),
        ("webp-alpha", webp(&DynamicImage::ImageRgba8(clear))),
        ("jpeg-metadata", fixture("orientation-6.jpg")),
        ("png-metadata", fixture("gps.png")),
        ("webp-metadata", fixture("photo.webp")),
    ]
}

/// The corpus.
pub fn corpus() -> Vec<(String, Vec<u8>, Verdict)> {
    let mut all: Vec<(String, Vec<u8>, Verdict)> = Vec::new();
    let seeds = seeds();
    for (name, bytes) in &seeds {
        all.push((format!("{name}, as it is"), bytes.clone(), Verdict::Taken));
        // Cut off everywhere; near the end a decoder may have all it needs.
        for part in 0..20 {
            let cut = bytes[..bytes.len() * part / 20].to_vec();
            let verdict = if part < 10 { Verdict::Refused } else { Verdict::Any };
            all.push((format!("{name}, {part}/20 of it"), cut, verdict));
        }
        // One bit wrong, in the header and all over.
        for n in 0..16 {
            let mut flipped = bytes.clone();
            let at = if n < 8 { 4 + 5 * n } else { bytes.len() * n / 17 };
            flipped[at] ^= 1 << (n % 8);
            all.push((format!("{name}, bit {n} of byte {at} flipped"), flipped, Verdict::Any));
        }
        // Something behind the end: a page, an archive, itself.
        for (what, tail) in [
            ("a page", b"<html><script>alert(1)</script>".to_vec()),
            ("an archive", b"PK\x03\x04stowaway".to_vec()),
            ("itself", bytes.clone()),
            ("a megabyte of nothing", vec![0; 1 << 20]),
        ] {
            all.push((format!("{name} and {what}"), [bytes.clone(), tail].concat(), Verdict::Taken));
        }
        // Something before the beginning.
        for head in [&b"GIF89a"[..], b"%PDF-1.7\n", b"\0", b"<svg>", b"BM", b"\xef\xbb\xbf"] {
            all.push((format!("{head:?} before {name}"), [head, bytes.as_slice()].concat(), Verdict::Refused));
        }
    }
    all.extend(jpegs(&seeds[0].1));
    all.extend(pngs(&seeds[2].1));
    all.extend(webps(&seeds[6].1));
    for (name, bytes) in [
        ("nothing", Vec::new()),
        ("a line of text", b"hello".to_vec()),
        ("zeros", vec![0; 5000]),
        ("ones", vec![0xff; 5000]),
        ("only a beginning", vec![0xff, 0xd8]),
        ("only a beginning and an end", vec![0xff, 0xd8, 0xff, 0xd9]),
        ("a name of PNG", b"\x89PNG\r\n\x1a\n".to_vec()),
        ("a name of WebP", b"RIFF\x10\0\0\0WEBPVP8 ".to_vec()),
        ("a bomb of 30000 x 30000", fixture("bomb.png")),
        ("a claim of 65000 x 65000", fixture("bomb-claims.jpg")),
    ] {
        all.push((name.to_owned(), bytes, Verdict::Refused));
    }
    all
}

fn jpegs(good: &[u8]) -> Vec<(String, Vec<u8>, Verdict)> {
    let mut all: Vec<(String, Vec<u8>, Verdict)> = Vec::new();
    let mut add = |name: &str, bytes, verdict| all.push((format!("jpeg with {name}"), bytes, verdict));
    let frame = good.windows(2).position(|pair| pair == [0xff, 0xc0]).expect("a frame");
    let at_frame = |offset: usize, bytes: &[u8]| {
        let mut changed = good.to_vec();
        changed[frame + offset..frame + offset + bytes.len()].copy_from_slice(bytes);
        changed
    };
    add("no height", at_frame(5, &[0, 0]), Verdict::Refused);
    add("no width", at_frame(7, &[0, 0]), Verdict::Refused);
    add("65535 x 65535", at_frame(5, &[0xff; 4]), Verdict::Refused);
    add("12000 x 12000 claimed", at_frame(5, &[0x2e, 0xe0, 0x2e, 0xe0]), Verdict::Refused);
    add("12000 x 8000 claimed", at_frame(5, &[0x1f, 0x40, 0x2e, 0xe0]), Verdict::Any);
    add("twelve bits", at_frame(4, &[12]), Verdict::Refused);
    add("nine components", at_frame(9, &[9]), Verdict::Refused);
    add("no components", at_frame(9, &[0]), Verdict::Refused);
    add("sampling of zero", at_frame(11, &[0]), Verdict::Any);
    add("sampling of fifteen", at_frame(11, &[0xff]), Verdict::Any);
    add("a frame that says progressive", at_frame(1, &[0xc2]), Verdict::Any);
    add("a frame that says lossless", at_frame(1, &[0xc3]), Verdict::Refused);
    add("a frame that says arithmetic", at_frame(1, &[0xc9]), Verdict::Refused);
    for length in [0_u16, 1, 3, 0xffff] {
        let mut changed = good.to_vec();
        changed[frame + 2..frame + 4].copy_from_slice(&length.to_be_bytes());
        add(&format!("a frame of length {length}"), changed, Verdict::Any);
    }
    // Entries that point at themselves, beyond the end, or claim four billion values.
    for (name, entries, next) in [
        ("a directory that follows itself", vec![(0x0112, 3, 1, 6 << 16)], 8),
        ("a directory far away", vec![(0x0112, 3, 1, 6 << 16)], u32::MAX),
        ("an endless GPS directory", vec![(0x8825, 4, 1, 8)], 0),
        ("four billion numbers", vec![(0x0112, 5, u32::MAX, 8)], 0),
        ("an orientation of 99", vec![(0x0112, 3, 1, 99 << 16)], 0),
        ("an orientation that is text", vec![(0x0112, 2, 4, 0x4142_4300)], 0),
        ("a thumbnail beyond the end", vec![(0x0201, 4, 1, 0x7fff_ffff), (0x0202, 4, 1, 0x7fff_ffff)], 0),
        ("a type that nobody knows", vec![(0x0112, 77, 1, 1)], 0),
    ] {
        add(name, with_segments(good, &[segment(0xe1, &exif(&entries, next))]), Verdict::Taken);
    }
    let many: Vec<_> = (0..3000).map(|_| segment(0xfe, b"again and again")).collect();
    add("three thousand comments", with_segments(good, &many), Verdict::Taken);
    let long: Vec<_> =
        (0..100).map(|n| segment(0xe2, &[b"ICC_PROFILE\0", &[n, 255][..], &[7; 60_000]].concat())).collect();
    add("a hundred parts of a profile", with_segments(good, &long), Verdict::Any);
    add("a polyglot comment", with_segments(good, &[segment(0xfe, b"*/=1;alert(1);/*<script>")]), Verdict::Taken);
    add(
        "IPTC",
        with_segments(good, &[segment(0xed, b"Photoshop 3.0\08BIM\x04\x04\0\0\0\0\0\x08\x1c\x02\x05\0\x03abc")]),
        Verdict::Taken,
    );
    let scan = good.windows(2).position(|pair| pair == [0xff, 0xda]).expect("a scan");
    let scans = [&good[..good.len() - 2], &good[scan..good.len() - 2].repeat(40), &[0xff, 0xd9]].concat();
    add("forty scans", scans, Verdict::Any);
    let restarts = [&good[..scan + 40], &[0xff, 0xd0].repeat(5000), &good[scan + 40..]].concat();
    add("five thousand restarts", restarts, Verdict::Any);
    all
}

fn pngs(good: &[u8]) -> Vec<(String, Vec<u8>, Verdict)> {
    let mut all: Vec<(String, Vec<u8>, Verdict)> = Vec::new();
    let mut add = |name: &str, bytes, verdict| all.push((format!("png with {name}"), bytes, verdict));
    let header = |width: u32, height: u32, rest: [u8; 5]| {
        let content = [&width.to_be_bytes()[..], &height.to_be_bytes(), &rest].concat();
        [&good[..8], &chunk(b"IHDR", &content), &good[33..]].concat()
    };
    let rgb = [8, 2, 0, 0, 0];
    add("no width", header(0, 10, rgb), Verdict::Refused);
    add("no height", header(10, 0, rgb), Verdict::Refused);
    add("four billion pixels a line", header(u32::MAX, 1, rgb), Verdict::Refused);
    add("30000 x 30000 claimed", header(30_000, 30_000, rgb), Verdict::Refused);
    add("12000 x 8000 claimed", header(12_000, 8_000, rgb), Verdict::Refused);
    add("sixteen bits of 9000 x 9000", header(9_000, 9_000, [16, 6, 0, 0, 0]), Verdict::Refused);
    add("three bits", header(61, 47, [3, 2, 0, 0, 0]), Verdict::Refused);
    add("a colour type of nine", header(61, 47, [8, 9, 0, 0, 0]), Verdict::Refused);
    add("a palette and none", header(61, 47, [8, 3, 0, 0, 0]), Verdict::Refused);
    add("lines in another order", header(61, 47, [8, 2, 0, 0, 1]), Verdict::Any);
    for length in [0_u32, 1, 0x7fff_ffff, u32::MAX] {
        let mut changed = good.to_vec();
        changed[33..37].copy_from_slice(&length.to_be_bytes());
        add(&format!("data of length {length}"), changed, Verdict::Any);
    }
    // Text and profiles that unpack to 40 MB.
    let large = zlib_stored(&vec![b'A'; 20 << 20]);
    add("a text of 20 MB", with_chunks(good, &[chunk(b"zTXt", &[b"Comment\0\0", &large[..]].concat())]), Verdict::Any);
    add("a profile of 20 MB", with_chunks(good, &[chunk(b"iCCP", &[b"icc\0\0", &large[..]].concat())]), Verdict::Any);
    let more_data = chunk(b"IDAT", &zlib_stored(&vec![0; 4 << 20]));
    add("pixels for a larger picture", with_chunks(good, &[more_data]), Verdict::Any);
    add("fifty thousand empty chunks", with_chunks(good, &vec![chunk(b"tEXt", b"a\0b"); 50_000]), Verdict::Any);
    let directory = exif(&[(0x8825, 4, 1, 8)], 8);
    add("an endless directory", with_chunks(good, &[chunk(b"eXIf", &directory[6..])]), Verdict::Taken);
    let frames = chunk(b"acTL", &[0xff; 8]);
    add("four billion frames", with_chunks(good, &[frames]), Verdict::Any);
    all
}

fn webps(good: &[u8]) -> Vec<(String, Vec<u8>, Verdict)> {
    let mut all: Vec<(String, Vec<u8>, Verdict)> = Vec::new();
    let mut add = |name: &str, bytes, verdict| all.push((format!("webp with {name}"), bytes, verdict));
    let part = |kind: &[u8; 4], content: &[u8]| {
        let length = u32::try_from(content.len()).expect("short");
        let pad: &[u8] = if content.len() % 2 == 1 { &[0] } else { &[] };
        [&kind[..], &length.to_le_bytes(), content, pad].concat()
    };
    let riff = |parts: &[Vec<u8>]| {
        let body = [b"WEBP".to_vec(), parts.concat()].concat();
        [b"RIFF".to_vec(), u32::try_from(body.len()).expect("short").to_le_bytes().to_vec(), body].concat()
    };
    let picture = good[12..].to_vec();
    let canvas = |flags: u8, side: u32| {
        let [a, b, c, _] = (side - 1).to_le_bytes();
        part(b"VP8X", &[flags, 0, 0, 0, a, b, c, a, b, c])
    };
    add("a canvas of 16 million a side", riff(&[canvas(0, 1 << 24), picture.clone()]), Verdict::Refused);
    add("a canvas of 11000 a side", riff(&[canvas(0, 11_000), picture.clone()]), Verdict::Refused);
    add("a canvas and no picture", riff(&[canvas(0, 64)]), Verdict::Refused);
    add("frames and none", riff(&[canvas(2, 64), part(b"ANIM", &[0; 6])]), Verdict::Refused);
    add(
        "an endless directory",
        riff(&[canvas(8, 61), picture.clone(), part(b"EXIF", &exif(&[(0x8825, 4, 1, 8)], 8))]),
        Verdict::Any,
    );
    for length in [0_u32, 1, 0x7fff_ffff, u32::MAX] {
        let mut changed = good.to_vec();
        changed[16..20].copy_from_slice(&length.to_le_bytes());
        add(&format!("a picture of length {length}"), changed.clone(), Verdict::Any);
        changed[4..8].copy_from_slice(&length.to_le_bytes());
        add(&format!("all of length {length}"), changed, Verdict::Any);
    }
    // Found by the fuzzer: room was made for what is claimed.
    for kind in [b"EXIF", b"XMP ", b"ICCP", b"ANMF"] {
        let claims = [&kind[..], &0xffff_fff0_u32.to_le_bytes(), b"little"].concat();
        add(
            &format!("four gigabytes of {kind:?}"),
            riff(&[canvas(0x2e, 61), picture.clone(), claims]),
            Verdict::Refused,
        );
    }
    let mut largest = good.to_vec();
    // The size in the header of a lossless picture: fourteen bits each.
    largest[21..25].copy_from_slice(&[0xff, 0xff, 0xff, 0x0f]);
    add("16384 x 16384 claimed", largest, Verdict::Refused);
    all
}

/// Some bytes of a file changed, cut, doubled, moved or taken from another, one to eight times.
pub fn mutate(dice: &mut Dice, bytes: &[u8], others: &[(&str, Vec<u8>)]) -> Vec<u8> {
    const ODD: [u8; 8] = [0, 1, 0x7f, 0x80, 0xd8, 0xd9, 0xda, 0xff];
    let mut bytes = bytes.to_vec();
    for _ in 0..=dice.below(8) {
        if bytes.len() < 8 {
            break;
        }
        // Where formats are decided is worth more looks.
        let reach = if dice.below(2) == 0 { bytes.len().min(700) } else { bytes.len() };
        let at = dice.below(reach);
        match dice.below(7) {
            0 => bytes[at] ^= 1 << dice.below(8),
            1 => bytes[at] = *dice.one_of(&ODD),
            2 => bytes[at] = u8::try_from(dice.below(256)).expect("a byte"),
            3 => {
                let until = (at + 1 + dice.below(40)).min(bytes.len());
                bytes.drain(at..until);
            }
            4 => {
                let until = (at + 1 + dice.below(40)).min(bytes.len());
                let piece = bytes[at..until].to_vec();
                let to = dice.below(bytes.len());
                bytes.splice(to..to, piece);
            }
            5 => {
                let (_, other) = dice.one_of(others);
                let from = dice.below(other.len());
                let piece = &other[from..(from + 1 + dice.below(200)).min(other.len())];
                bytes.splice(at..at, piece.iter().copied());
            }
            _ => {
                let long = u32::try_from(dice.below(1 << 24)).expect("small").to_be_bytes();
                let until = (at + 4).min(bytes.len());
                bytes[at..until].copy_from_slice(&long[..until - at]);
            }
        }
    }
    bytes
}
