//! Atom feeds (RFC 4287): entries with stable ids, `updated` moved on every change, answered 304 when nothing changed.

use super::{Result, xml::Xml};
use crate::auth::secrets::sha256;
use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;

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
    /// The same in another format: address and type.
    pub enclosure: Option<(String, &'static str)>,
}

impl Feed {
    /// The feed as XML.
    pub fn xml(&self) -> Result<Vec<u8>> {
        Ok(self.write().map_err(anyhow::Error::new)?)
    }

    fn write(&self) -> std::io::Result<Vec<u8>> {
        let mut out = Xml::new()?;
        out.open("feed", &[("xmlns", "http://www.w3.org/2005/Atom"), ("xml:lang", self.lang)])?;
        out.text("id", &self.id)?;
        out.text("title", &self.title)?;
        let updated = self.entries.iter().map(|entry| entry.updated).max().unwrap_or(Timestamp::UNIX_EPOCH);
        out.text("updated", &instant(updated))?;
        link(&mut out, "self", &self.own, "application/atom+xml")?;
        link(&mut out, "alternate", &self.page, "text/html")?;
        author(&mut out, &self.author)?;
        for entry in &self.entries {
            entry.write(&mut out)?;
        }
        out.close("feed")?;
        Ok(out.finish())
    }
}

impl Entry {
    fn write(&self, out: &mut Xml) -> std::io::Result<()> {
        out.open("entry", &[])?;
        out.text("id", &self.id)?;
        out.text("title", &self.title)?;
        out.text("published", &instant(self.published))?;
        out.text("updated", &instant(self.updated))?;
        link(out, "alternate", &self.page, "text/html")?;
        if let Some((href, kind)) = &self.enclosure {
            link(out, "enclosure", href, kind)?;
        }
        if !self.author.is_empty() {
            author(out, &self.author)?;
        }
        if let Some((code, word)) = &self.category {
            out.empty("category", &[("term", code), ("label", word)])?;
        }
        out.text("summary", &self.summary)?;
        if !self.html.is_empty() {
            out.text_with("content", &[("type", "html")], &self.html)?;
        }
        out.close("entry")
    }
}

fn link(out: &mut Xml, rel: &str, href: &str, kind: &str) -> std::io::Result<()> {
    out.empty("link", &[("rel", rel), ("type", kind), ("href", href)])
}

fn author(out: &mut Xml, name: &str) -> std::io::Result<()> {
    out.open("author", &[])?;
    out.text("name", name)?;
    out.close("author")
}

fn instant(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Answers something public that readers ask for again and again: shared caches keep it for `seconds`, and who has it
/// already is told so (304).
pub fn public(asked: &HeaderMap, kind: &'static str, body: impl Into<Bytes>, seconds: u32) -> Response {
    let body = body.into();
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
            enclosure: Some((evil.into(), "text/plain")),
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
                quick_xml::events::Event::Eof => break,
                quick_xml::events::Event::Start(tag) => assert_ne!(tag.name().as_ref(), b"script"),
                _ => {}
            }
        }
    }
}
