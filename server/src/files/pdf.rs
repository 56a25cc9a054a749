//! What is taken as a PDF, told from its bytes and not from its name. It is only ever handed out as a download, so nothing
//! in it runs in a browser of ours; what would run in a PDF reader is refused where it can be seen.

use app::files::MAX_BYTES;
use flate2::read::ZlibDecoder;
use std::io::Read;

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// No bytes at all.
    #[error("the file is empty")]
    Empty,
    /// More than [`MAX_BYTES`].
    #[error("the file is larger than 10 MB")]
    TooLarge,
    /// Not a PDF from its first byte to its last, whatever it is called.
    #[error("the file is not a PDF")]
    NotPdf,
    /// It carries a script, a program or other files.
    #[error("the file carries a script or other files")]
    Active,
    /// Parts that name objects cannot be read, such as encrypted ones.
    #[error("the file cannot be looked into")]
    Closed,
}

impl Refused {
    /// Catalogue key of the words for the person who chose the file.
    pub fn key(self) -> &'static str {
        match self {
            Refused::Empty => "ui-file-empty",
            Refused::TooLarge => "ui-file-too-large",
            Refused::NotPdf => "ui-file-not-pdf",
            Refused::Active => "ui-file-active",
            Refused::Closed => "ui-file-closed",
        }
    }
}

/// Names of what acts, or carries what acts.
const ACTIVE: [&[u8]; 9] = [
    b"JavaScript",
    b"JS",
    b"Launch",
    b"EmbeddedFile",
    b"EmbeddedFiles",
    b"RichMedia",
    b"SubmitForm",
    b"ImportData",
    b"XFA",
];

/// The end mark stands in so many last bytes.
const TAIL: usize = 1024;
/// Most bytes that the packed parts which name objects are unpacked to, all together.
const MOST_UNPACKED: u64 = 64 * 1024 * 1024;
/// Where a ZIP archive, and so a program for Java, would begin its list of contents.
const ARCHIVE: &[u8] = b"PK\x05\x06";

/// Whether these bytes are a PDF that we take. Linear in their number.
pub fn check(bytes: &[u8]) -> Result<(), Refused> {
    if bytes.is_empty() {
        return Err(Refused::Empty);
    }
    if bytes.len() > MAX_BYTES {
        return Err(Refused::TooLarge);
    }
    let tail = &bytes[bytes.len().saturating_sub(TAIL)..];
    let ends = last(tail, b"%%EOF").is_some_and(|at| tail[at + 5..].iter().all(u8::is_ascii_whitespace));
    let begins = bytes.starts_with(b"%PDF-1.") || bytes.starts_with(b"%PDF-2.");
    if !begins || !ends || first(bytes, ARCHIVE).is_some() {
        return Err(Refused::NotPdf);
    }
    let mut left = MOST_UNPACKED;
    let mut rest = bytes;
    // What is between the streams names the objects. Of the streams themselves only those that are packed, have no objects and
    // no place where one could begin are left alone.
    while let Some(at) = stream(rest) {
        let (dictionary, from) = rest.split_at(at);
        let end = first(from, b"endstream").ok_or(Refused::NotPdf)?;
        let names = look(dictionary)?;
        // Some readers take what says where its first object begins, and how many there are, for a stream of objects, whatever
        // type it says it has.
        let own = look(&dictionary[last_object(dictionary)..])?;
        let objects = names.objects || (own.first && own.number);
        let inside = &from[..end];
        let inside = inside.strip_prefix(b"stream").unwrap_or(inside);
        let inside = inside.strip_prefix(b"\r").unwrap_or(inside);
        let inside = inside.strip_prefix(b"\n").unwrap_or(inside);
        if objects {
            // Only the usual packing is unpacked here: what is packed in another way is not looked into, and so not taken.
            if names.unusual {
                return Err(Refused::Closed);
            }
            let plain = if names.packed { unpack(inside, &mut left)? } else { inside.to_vec() };
            look(&plain)?;
        } else if last_object(inside) > 0 || !(names.unusual || names.packed && begins_packed(inside)) {
            // What only calls itself a stream may be objects.
            look(inside)?;
        }
        rest = &from[end + b"endstream".len()..];
    }
    look(rest)?;
    Ok(())
}

/// What a part without streams says.
#[derive(Default)]
struct Seen {
    /// The stream after it carries objects.
    objects: bool,
    /// It says where the first object begins.
    first: bool,
    /// It says how many there are.
    number: bool,
    /// And is packed the usual way.
    packed: bool,
    /// It is packed, or changed after that, in a way that we do not undo: as pictures are, as text, encrypted.
    unusual: bool,
}

/// Ways of packing that we do not undo, with their short names; and what turns bytes into others after unpacking.
const UNUSUAL: [&[u8]; 16] = [
    b"DCTDecode",
    b"DCT",
    b"JPXDecode",
    b"CCITTFaxDecode",
    b"CCF",
    b"JBIG2Decode",
    b"ASCIIHexDecode",
    b"AHx",
    b"ASCII85Decode",
    b"A85",
    b"RunLengthDecode",
    b"RL",
    b"LZWDecode",
    b"LZW",
    b"Crypt",
    b"Predictor",
];

/// Where the last object among these bytes begins: a number, a blank and the word. 0: nowhere. Chance puts that into the bytes
/// of a picture once in many thousand files.
fn last_object(bytes: &[u8]) -> usize {
    let begins = |at: usize| {
        bytes[at..].starts_with(b"obj") && bytes[at - 1].is_ascii_whitespace() && bytes[at - 2].is_ascii_digit()
    };
    (2..bytes.len()).rev().find(|at| begins(*at)).unwrap_or(0)
}

/// Whether these bytes can be unpacked, as far as a first look shows it.
fn begins_packed(bytes: &[u8]) -> bool {
    let mut some = [0; 64];
    ZlibDecoder::new(bytes).read(&mut some).is_ok()
}

/// Reads the names of a part, those written with `#41` for `A` as well.
fn look(part: &[u8]) -> Result<Seen, Refused> {
    let mut seen = Seen::default();
    let mut at = 0;
    while let Some(slash) = part[at..].iter().position(|&byte| byte == b'/') {
        let mut name = Vec::new();
        let mut next = at + slash + 1;
        while let Some(&byte) = part.get(next) {
            if byte.is_ascii_whitespace() || byte == 0 || b"()<>[]{}/%".contains(&byte) {
                break;
            }
            let hex = |n: usize| part.get(next + n).and_then(|&b| char::from(b).to_digit(16));
            match (byte, hex(1), hex(2)) {
                (b'#', Some(high), Some(low)) => {
                    name.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                    next += 3;
                }
                _ => {
                    name.push(byte);
                    next += 1;
                }
            }
        }
        if ACTIVE.contains(&name.as_slice()) {
            return Err(Refused::Active);
        }
        seen.objects |= name == b"ObjStm";
        seen.first |= name == b"First";
        seen.number |= name == b"N";
        seen.packed |= name == b"FlateDecode" || name == b"Fl";
        seen.unusual |= UNUSUAL.contains(&name.as_slice());
        at = next;
    }
    Ok(seen)
}

fn unpack(packed: &[u8], left: &mut u64) -> Result<Vec<u8>, Refused> {
    let mut plain = Vec::new();
    let read = ZlibDecoder::new(packed).take(*left + 1).read_to_end(&mut plain).map_err(|_| Refused::Closed)?;
    *left = left.checked_sub(read as u64).ok_or(Refused::TooLarge)?;
    Ok(plain)
}

/// Where the next stream begins: the word, with a line's end behind it, and not as part of "endstream".
fn stream(bytes: &[u8]) -> Option<usize> {
    let mut from = 0;
    while let Some(found) = first(&bytes[from..], b"stream") {
        let at = from + found;
        let behind = bytes.get(at + b"stream".len());
        let before = at.checked_sub(1).map(|n| bytes[n]);
        if matches!(behind, Some(b'\r' | b'\n')) && !before.is_some_and(|byte| byte.is_ascii_alphanumeric()) {
            return Some(at);
        }
        from = at + b"stream".len();
    }
    None
}

fn first(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    // Jumps from one possible first byte to the next.
    let mut from = 0;
    while let Some(found) = bytes[from..].iter().position(|byte| *byte == wanted[0]) {
        let at = from + found;
        if bytes[at..].starts_with(wanted) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

fn last(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    (0..bytes.len()).rev().find(|at| bytes[*at..].starts_with(wanted))
}

#[cfg(test)]
mod tests {
    use super::{Refused, check};
    use app::files::MAX_BYTES;
    use flate2::{Compression, write::ZlibEncoder};
    use std::io::Write;

    /// A small PDF with this among its objects.
    fn pdf(objects: &str) -> Vec<u8> {
        format!(
            "%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n{objects}\ntrailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"
        )
        .into_bytes()
    }

    fn with_stream(dictionary: &str, bytes: &[u8]) -> Vec<u8> {
        let mut whole = b"%PDF-1.7\n5 0 obj\n".to_vec();
        whole.extend_from_slice(dictionary.as_bytes());
        whole.extend_from_slice(b"\nstream\r\n");
        whole.extend_from_slice(bytes);
        whole.extend_from_slice(b"\nendstream\nendobj\ntrailer << >>\n%%EOF");
        whole
    }

    fn packed(text: &str) -> Vec<u8> {
        let mut packer = ZlibEncoder::new(Vec::new(), Compression::default());
        packer.write_all(text.as_bytes()).expect("packed");
        packer.finish().expect("packed")
    }

    #[test]
    fn an_ordinary_pdf_is_taken() {
        assert_eq!(check(&pdf("")), Ok(()));
        assert_eq!(check(&pdf("3 0 obj (JavaScript is not a name here) endobj")), Ok(()));
        assert_eq!(check(&with_stream("<< /Filter /FlateDecode >>", &packed("/JS in a picture's bytes"))), Ok(()));
        let named = with_stream("<< /Type /ObjStm /Filter /FlateDecode >>", &packed("1 0 << /Type /Font >>"));
        assert_eq!(check(&named), Ok(()));
    }

    #[test]
    fn what_only_says_it_is_a_pdf_is_not_taken() {
        let whole = pdf("");
        let before = |begin: &[u8]| [begin, &whole].concat();
        let after = |end: &[u8]| [&whole, end].concat();
        for (name, bytes) in [
            ("HTML", b"<!doctype html><script>alert(1)</script>".to_vec()),
            ("HTML before a PDF", before(b"<html><script>alert(1)</script>")),
            ("HTML after a PDF", after(b"<script>alert(1)</script>")),
            ("SVG", b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>".to_vec()),
            ("GIF and PDF", before(b"GIF89a")),
            ("JPEG and PDF", before(b"\xff\xd8\xff\xe0")),
            ("PDF and ZIP", after(b"PK\x05\x06\0\0\0\0\0\0")),
            ("ZIP inside a PDF", pdf("PK\u{5}\u{6}")),
            ("a blank before it", before(b"\n")),
            ("cut off", whole[..whole.len() - 7].to_vec()),
            ("a stream without end", pdf("<< >> stream\nabc")),
            ("only the begin", b"%PDF-1.7".to_vec()),
            ("another version", b"%PDF-9.9 %%EOF".to_vec()),
            ("a program", b"MZ\x90\0".to_vec()),
        ] {
            assert_eq!(check(&bytes), Err(Refused::NotPdf), "{name}");
        }
        assert_eq!(check(b""), Err(Refused::Empty));
        let mut large = whole.clone();
        large.resize(MAX_BYTES + 1, b' ');
        assert_eq!(check(&large), Err(Refused::TooLarge));
    }

    #[test]
    fn what_acts_is_seen_wherever_it_is_named() {
        for evil in [
            "4 0 obj << /S /JavaScript /JS (app.alert(1)) >> endobj",
            "4 0 obj << /S/J#61vaScript >> endobj",
            "4 0 obj << /#4A#53 (app.alert(1)) >> endobj",
            "4 0 obj << /S /Launch /F (cmd.exe) >> endobj",
            "4 0 obj << /Names << /EmbeddedFiles 5 0 R >> >> endobj",
            "4 0 obj << /Subtype /RichMedia >> endobj",
            "4 0 obj << /S /SubmitForm /F (https://x.example) >> endobj",
            "4 0 obj << /AcroForm << /XFA 5 0 R >> >> endobj",
        ] {
            assert_eq!(check(&pdf(evil)), Err(Refused::Active), "{evil}");
            let hidden = with_stream("<< /Type /ObjStm /Filter /FlateDecode >>", &packed(evil));
            assert_eq!(check(&hidden), Err(Refused::Active), "{evil}, packed");
            let plain = with_stream("<< /Type /ObjStm >>", evil.as_bytes());
            assert_eq!(check(&plain), Err(Refused::Active), "{evil}, in a stream");
        }
        // A comment, or a word between objects, makes no stream of them.
        let commented = pdf("% stream\n4 0 obj << /S /JavaScript /JS (app.alert(1)) >> endobj\n% endstream");
        assert_eq!(check(&commented), Err(Refused::Active));
        let pretended = pdf("<< /Filter /FlateDecode >>\nstream\n4 0 obj << /S /JavaScript >> endobj\nendstream");
        assert_eq!(check(&pretended), Err(Refused::Active));
        // Packed in a way that is not undone here, or twice, or changed after that: nobody has looked into it.
        let hidden = "4 0 obj << /S /JavaScript /JS (app.alert(1)) >> endobj";
        let as_hex: String = hidden.bytes().map(|byte| format!("{byte:02x}")).collect();
        for (filter, bytes) in [
            ("/ASCIIHexDecode", format!("{as_hex}>").into_bytes()),
            ("/AHx", format!("{as_hex}>").into_bytes()),
            ("[/ASCII85Decode /FlateDecode]", b"GhQ4Y~>".to_vec()),
            ("/A85", b"87cURD]~>".to_vec()),
            ("/RunLengthDecode", b"\x035 0 ".to_vec()),
            ("/RL", b"\x035 0 ".to_vec()),
            ("/LZWDecode", b"\x80\x0b\x60".to_vec()),
            ("[/Crypt /FlateDecode]", packed("1 0 << /Type /Font >>")),
            ("/FlateDecode /DecodeParms << /Predictor 12 /Columns 4 >>", packed("1 0 << /Type /Font >>")),
        ] {
            for kind in ["/Type /ObjStm", "/First 10 /N 1"] {
                let closed = with_stream(&format!("<< {kind} /Filter {filter} >>"), &bytes);
                assert_eq!(check(&closed), Err(Refused::Closed), "{kind} {filter}");
            }
        }
        // A page or a picture packed so is taken; objects that only call themselves so are seen.
        for filter in ["/ASCII85Decode", "/ASCIIHexDecode", "/RunLengthDecode", "/LZWDecode", "/DCTDecode"] {
            let page = with_stream(&format!("<< /Filter {filter} >>"), b"9jqo^BlbD-BleB1DJ+*+F(f,q/JS<~>");
            assert_eq!(check(&page), Ok(()), "{filter}");
            let pretended = with_stream(&format!("<< /Filter {filter} >>"), hidden.as_bytes());
            assert_eq!(check(&pretended), Err(Refused::Active), "{filter}");
        }
        let closed = with_stream("<< /Type /ObjStm /Filter /FlateDecode >>", b"encrypted");
        assert_eq!(check(&closed), Err(Refused::Closed));
        let bomb = with_stream("<< /Type /ObjStm /Filter /FlateDecode >>", &packed(&" ".repeat(70 * 1024 * 1024)));
        assert_eq!(check(&bomb), Err(Refused::TooLarge));
    }

    proptest::proptest! {
        #[test]
        fn nothing_breaks_it(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200), begin in 0..3_usize) {
            let begin = [&b""[..], b"%PDF-1.4\n/ObjStm /Fl stream\n", b"%PDF-1.4\n/#"][begin];
            let whole = [begin, &bytes, b"\nendstream %%EOF"].concat();
            let _ = check(&whole);
        }
    }
}
