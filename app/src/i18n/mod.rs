//! Languages and the words on screen.
//!
//! Pages are rendered on the server in the reader's language; islands get their words as props, so no catalogue
//! travels to the phone. Catalogues are Fluent files in `app/locales/{zh-CN,en}/`, one per room.

#[cfg(feature = "ssr")]
mod words;
#[cfg(feature = "ssr")]
pub use words::Words;

use serde::{Deserialize, Serialize};

/// A language the pages are written in. Chinese is the default and the one that sets the layout.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lang {
    /// Simplified Chinese, `zh-CN`.
    #[default]
    #[serde(rename = "zh-CN")]
    Zh,
    /// English, `en`.
    #[serde(rename = "en")]
    En,
}

impl Lang {
    /// Both languages, the default first.
    pub const ALL: [Lang; 2] = [Lang::Zh, Lang::En];

    /// The BCP 47 tag, as in `<html lang>`.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        }
    }

    /// The language for a tag such as `zh`, `zh-Hans-CN` or `en-GB`; `None` for one we do not write.
    pub fn from_tag(tag: &str) -> Option<Lang> {
        let primary = tag.trim().split(['-', '_']).next()?.to_ascii_lowercase();
        match primary.as_str() {
            "zh" => Some(Lang::Zh),
            "en" => Some(Lang::En),
            _ => None,
        }
    }

    /// The first language of an `Accept-Language` header that we write (ranges are in order of preference in
    /// practice; weights are ignored).
    pub fn from_accept_language(header: &str) -> Option<Lang> {
        header.split(',').find_map(|range| Lang::from_tag(range.split(';').next().unwrap_or_default()))
    }

    /// Picks the text of this language; an empty English text falls back to the Chinese one.
    pub fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Lang::En if !en.is_empty() => en,
            _ => zh,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Lang;

    #[test]
    fn the_first_language_we_write_wins() {
        assert_eq!(Lang::from_accept_language("fr-FR,en;q=0.8,zh;q=0.5"), Some(Lang::En));
        assert_eq!(Lang::from_accept_language("zh-Hans-CN, en"), Some(Lang::Zh));
        assert_eq!(Lang::from_accept_language("*"), None);
    }
}
