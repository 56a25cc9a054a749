//! Atom feeds (RFC 4287): entries with stable ids, `updated` moved on every change, answered 304 when nothing changed.

use super::Result;
use crate::auth::secrets::sha256;
use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use quick_xml::{
    Writer,
    events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event},
};

/// Type of a feed.
pub const ATOM: &str = "application/atom+xml; charset=utf-8";

/// A feed.
pub struct Feed {
    /// Stays the same for ever, an absolute address.
    pub id: String,
    /// Title.
    pub title: String,
    /// Language tag of its texts.
    pub lang: &'static str,
    /// Where the feed is.
    pub own: String,
    /// Where people read the same.
    pub page: String,
    /// Who says it.
    pub author: String,
    /// Newest first.
    pub entries: Vec<Entry>,
}

/// An entry of a feed.
pub struct Entry {
    /// Stays the same for ever, an absolute address.
    pub id: String,
    /// Title.
    pub title: String,
    /// Where people read it.
    pub page: String,
    /// When it appeared.
    pub published: Timestamp,
    /// When it last changed.
    pub updated: Timestamp,
    /// Who says it; empty: the feed's author.
    pub author: String,
    /// Kind: code and word.
    pub category: Option<(String, String)>,
    /// A few words, plain text.
    pub summary: String,
    /// The whole, as sanitised HTML; empty: none.
    pub html: String,
}

impl Feed {
    /// The feed as XML. Characters that XML cannot hold are left out.
    pub fn xml(&self) -> Result<Vec<u8>> {
        let mut out = Writer::new_with_indent(Vec::new(), b' ', 1);
        self.write(&mut out).map_err(anyhow::Error::new)?;
        Ok(out.into_inner())
    }

    fn write(&self, out: &mut Xml) -> std::io::Result<()> {
        out.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
        let mut root = BytesStart::new("feed");
        root.push_attribute(("xmlns", "http://www.w3.org/2005/Atom"));
        root.push_attribute(("xml:lang", self.lang));
        out.write_event(Event::Start(root))?;
        text(out, "id", &self.id)?;
        text(out, "title", &self.title)?;
        let updated = self.entries.iter().map(|entry| entry.updated).max().unwrap_or(Timestamp::UNIX_EPOCH);
        text(out, "updated", &instant(updated))?;
        link(out, "self", &self.own, "application/atom+xml")?;
        link(out, "alternate", &self.page, "text/html")?;
        author(out, &self.author)?;
        for entry in &self.entries {
            entry.write(out)?;
        }
        out.write_event(Event::End(BytesEnd::new("feed")))
    }
}

impl Entry {
    fn write(&self, out: &mut Xml) -> std::io::Result<()> {
        out.write_event(Event::Start(BytesStart::new("entry")))?;
        text(out, "id", &self.id)?;
        text(out, "title", &self.title)?;
        text(out, "published", &instant(self.published))?;
        text(out, "updated", &instant(self.updated))?;
        link(out, "alternate", &self.page, "text/html")?;
        if !self.author.is_empty() {
            author(out, &self.author)?;
        }
        if let Some((code, word)) = &self.category {
            let mut category = BytesStart::new("category");
            category.push_attribute(("term", clean(code).as_str()));
            category.push_attribute(("label", clean(word).as_str()));
            out.write_event(Event::Empty(category))?;
        }
        text(out, "summary", &self.summary)?;
        if !self.html.is_empty() {
            let mut content = BytesStart::new("content");
            content.push_attribute(("type", "html"));
            whole(out, content, "content", &self.html)?;
        }
        out.write_event(Event::End(BytesEnd::new("entry")))
    }
}

type Xml = Writer<Vec<u8>>;

fn text(out: &mut Xml, name: &str, value: &str) -> std::io::Result<()> {
    whole(out, BytesStart::new(name), name, value)
}

fn whole(out: &mut Xml, start: BytesStart<'_>, name: &str, value: &str) -> std::io::Result<()> {
    out.write_event(Event::Start(start))?;
    out.write_event(Event::Text(BytesText::new(&clean(value))))?;
    out.write_event(Event::End(BytesEnd::new(name)))
}

fn link(out: &mut Xml, rel: &str, href: &str, kind: &str) -> std::io::Result<()> {
    let mut link = BytesStart::new("link");
    link.push_attribute(("rel", rel));
    link.push_attribute(("type", kind));
    link.push_attribute(("href", clean(href).as_str()));
    out.write_event(Event::Empty(link))
}

fn author(out: &mut Xml, name: &str) -> std::io::Result<()> {
    out.write_event(Event::Start(BytesStart::new("author")))?;
    text(out, "name", name)?;
    out.write_event(Event::End(BytesEnd::new("author")))
}

/// What XML 1.0 can hold of a text (XML 1.0, 2.2 Characters).
fn clean(text: &str) -> String {
    text.chars().filter(|c| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..)).collect()
}

fn instant(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Answers something public that readers ask for again and again: shared caches keep it for `seconds`, and who has it
/// already is told so (304).
pub fn public(asked: &HeaderMap, kind: &'static str, body: Vec<u8>, seconds: u32) -> Response {
    let etag = format!("\"{}\"", &sha256(&String::from_utf8_lossy(&body))[..22]);
    let known = asked.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).is_some_and(|tags| {
        tags.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag || tag.trim() == "*")
    });
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, kind)], body).into_response()
    };
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&etag) {
        headers.insert(header::ETAG, value);
    }
    if let Ok(value) = HeaderValue::from_str(&format!("public, max-age={seconds}")) {
        headers.insert(header::CACHE_CONTROL, value);
    }
    headers.insert(header::VARY, HeaderValue::from_static("accept-language"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_control_characters_stay_text() {
        let evil = "</title><script>alert(1)</script>&\u{0}\u{b}\u{ffff}\"'";
        let entry = Entry {
            id: evil.into(),
            title: evil.into(),
            page: evil.into(),
            published: Timestamp::UNIX_EPOCH,
            updated: Timestamp::UNIX_EPOCH,
            author: evil.into(),
            category: Some((evil.into(), evil.into())),
            summary: evil.into(),
            html: evil.into(),
        };
        let feed = Feed {
            id: evil.into(),
            title: evil.into(),
            lang: "en",
            own: evil.into(),
            page: evil.into(),
            author: evil.into(),
            entries: vec![entry],
        };
        let xml = String::from_utf8(feed.xml().expect("written")).expect("text");
        assert!(!xml.contains("<script>"), "{xml}");
        let mut reader = quick_xml::Reader::from_str(&xml);
        loop {
            match reader.read_event().expect("well formed") {
                Event::Eof => break,
                Event::Start(tag) => assert_ne!(tag.name().as_ref(), b"script"),
                _ => {}
            }
        }
    }
}
