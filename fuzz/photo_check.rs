//! What must hold whatever bytes are sent as a photo. Run by the fuzzer, and by a short seeded run in the tests.

use pictures::MAX_BYTES;

/// Panics when the pipeline breaks its word about these bytes; being refused is fine.
pub fn check(bytes: &[u8]) {
    let estimate = pictures::memory(bytes);
    let Ok(prepared) = pictures::prepare(bytes) else { return };
    assert!(bytes.len() <= MAX_BYTES);
    assert!(estimate.is_ok_and(|memory| memory <= pictures::MOST_MEMORY), "taken without knowing what it costs");
    for (jpeg, side) in [(&prepared.full, pictures::FULL), (&prepared.thumb, pictures::THUMB)] {
        assert!(only_the_formats_own(jpeg), "metadata, or something after the end");
        let picture =
            image::load_from_memory_with_format(jpeg, image::ImageFormat::Jpeg).expect("what is kept can be read");
        assert!(picture.width() <= side && picture.height() <= side);
    }
    if let Some(position) = prepared.position {
        assert!(position.longitude.abs() <= 180.0 && position.latitude.abs() <= 90.0);
    }
}

/// Whether a JPEG has no segments but JFIF, quantisation, frame and Huffman before its scan, and ends with its end.
fn only_the_formats_own(jpeg: &[u8]) -> bool {
    let mut at = 2;
    while let Some(&[0xff, marker]) = jpeg.get(at..at + 2) {
        if marker == 0xda {
            return jpeg.ends_with(&[0xff, 0xd9]);
        }
        if !matches!(marker, 0xe0 | 0xdb | 0xc0 | 0xc2 | 0xc4) {
            return false;
        }
        let Some(&[high, low]) = jpeg.get(at + 2..at + 4) else { return false };
        at += 2 + usize::from(u16::from_be_bytes([high, low]));
    }
    false
}
