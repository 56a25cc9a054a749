//! Settings of the map: pictures of the streets under a community's plan.

use url::Url;

/// Where a phone gets the pictures of the streets that lie under a community's plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapTiles {
    /// Address with `{z}`, `{x}` and `{y}`, and `{s}` for one of several hosts. `LINLI_MAP_TILES`.
    pub url: String,
    /// Whose map it is; shown in its corner. `LINLI_MAP_ATTRIBUTION`.
    pub attribution: String,
    /// Whether the pictures are drawn in GCJ-02, as maps published in China are, rather than WGS-84.
    /// `LINLI_MAP_COORDINATES`, `wgs84` (the default) or `gcj02`.
    pub gcj02: bool,
}

impl MapTiles {
    /// The hosts, as a content security policy names them.
    pub fn source(&self) -> String {
        let end = self.url.find("://").and_then(|at| Some(at + 3 + self.url[at + 3..].find('/')?));
        let origin = &self.url[..end.unwrap_or(self.url.len())];
        match origin.split_once("://") {
            // One of several: every host beside it.
            Some((scheme, host)) if host.contains("{s}") => {
                let rest = host.split_once('.').map_or(host, |(_, rest)| rest);
                format!("{scheme}://*.{rest}")
            }
            _ => origin.to_owned(),
        }
    }
}

/// Checks the three settings together.
pub(super) fn read(
    url: Option<String>,
    attribution: Option<String>,
    coordinates: Option<String>,
    errors: &mut Vec<String>,
) -> Option<MapTiles> {
    let gcj02 = match coordinates.as_deref() {
        None | Some("wgs84") => false,
        Some("gcj02") => true,
        Some(other) => {
            errors.push(format!("map_coordinates: `{other}` is neither wgs84 nor gcj02"));
            false
        }
    };
    let url = url.filter(|url| !url.is_empty())?;
    let attribution = attribution.unwrap_or_default();
    if attribution.trim().is_empty() {
        errors.push("map_attribution: say whose map it is, as its owner asks".to_owned());
    }
    // With something in place of what stands for the picture it must be an address whose host a policy can name.
    let filled = url.replace("{s}", "a").replace("{z}", "1").replace("{x}", "1").replace("{y}", "1").replace("{r}", "");
    let host_is_plain = url.split("://").nth(1).and_then(|rest| rest.split('/').next()).is_some_and(|host| {
        let name = if let Some((first, rest)) = host.split_once('.') {
            first.replace("{s}", "a") + rest
        } else {
            host.to_owned()
        };
        name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':'))
    });
    let is_template = ["{z}", "{x}", "{y}"].iter().all(|part| url.contains(part));
    match Url::parse(&filled) {
        Ok(address) if matches!(address.scheme(), "http" | "https") && host_is_plain && is_template => {}
        _ => errors.push(format!("map_tiles: `{url}` is not an address with {{z}}, {{x}} and {{y}}")),
    }
    Some(MapTiles { url, attribution, gcj02 })
}

#[cfg(test)]
mod tests {
    use crate::config::{Config, ConfigErrors};
    use figment::{Figment, providers::Serialized};

    fn from(pairs: &[(&str, &str)]) -> Result<Config, ConfigErrors> {
        let figment = pairs.iter().fold(Figment::new(), |all, (key, value)| all.merge(Serialized::default(key, value)));
        Config::from_figment(&figment)
    }

    #[test]
    fn maps_name_their_host_for_the_policy() {
        let tiles = |url: &str| {
            let map = [("map_tiles", url), ("map_attribution", "© 地图"), ("map_coordinates", "gcj02")];
            from(&map).map(|config: Config| config.map_tiles.expect("a map").source())
        };
        assert_eq!(tiles("https://map.example/{z}/{x}/{y}.png").expect("valid"), "https://map.example");
        assert_eq!(tiles("http://map.example:8080/{z}/{x}/{y}").expect("valid"), "http://map.example:8080");
        assert_eq!(tiles("https://t{s}.map.example/?x={x}&y={y}&z={z}").expect("valid"), "https://*.map.example");
        for bad in [
            "https://map.example/{z}/{x}.png",
            "ftp://map.example/{z}/{x}/{y}",
            "https://a; script-src *.b/{z}/{x}/{y}",
        ] {
            assert!(tiles(bad).is_err(), "{bad}");
        }
        assert!(from(&[("map_tiles", "https://map.example/{z}/{x}/{y}.png")]).is_err(), "whose map is it");
        assert!(from(&[("map_coordinates", "bd09")]).is_err());
        assert_eq!(from(&[]).expect("valid").map_tiles, None);
    }
}
