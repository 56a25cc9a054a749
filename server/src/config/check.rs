//! What settings mean, and what is wrong with them.

use super::{BlobsUrl, Config, MailConfig, Raw, SmsConfig, map};
use jiff::Timestamp;
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};
use url::Url;

/// Where Debian's fonts-noto-cjk puts its font.
const NOTO_CJK: &str = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";

/// Checks every setting and collects the mistakes; `None` when there is one without which nothing can be said.
pub(super) fn check(raw: Raw, errors: &mut Vec<String>) -> Option<Config> {
    let mut address = |name: &str, text: &str| match text.parse::<SocketAddr>() {
        Ok(address) => Some(address),
        Err(_) => {
            errors.push(format!("{name}: `{text}` is not an address with a port, such as 127.0.0.1:3000"));
            None
        }
    };
    let listen = address("listen", raw.listen.as_deref().unwrap_or("127.0.0.1:3000"));
    let metrics_listen = match raw.metrics_listen.as_deref() {
        Some("" | "off") => None,
        text => address("metrics_listen", text.unwrap_or("127.0.0.1:3001")),
    };
    let database_url = raw.database_url.unwrap_or_else(|| "sqlite://data/linli.db".to_owned());
    if !["sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| database_url.starts_with(scheme)) {
        errors.push("database_url: must begin with sqlite: or postgres:".to_owned());
    }
    let blobs_url = match blobs(raw.blobs_url.as_deref().unwrap_or("data/photos")) {
        Ok(url) => Some(url),
        Err(error) => {
            errors.push(format!("blobs_url: {error}"));
            None
        }
    };
    let public = raw
        .public_url
        .unwrap_or_else(|| format!("http://{}", listen.map_or_else(|| "127.0.0.1:3000".to_owned(), |l| l.to_string())));
    let public_url = match Url::parse(&public) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.host().is_some() => Some(url),
        _ => {
            errors.push(format!("public_url: `{public}` is not an http or https address"));
            None
        }
    };
    let demo = match raw.demo.as_ref().map(truth) {
        None => false,
        Some(Some(demo)) => demo,
        Some(None) => {
            errors.push("demo: must be true or false".to_owned());
            false
        }
    };
    let demo_now = raw.demo_now.filter(|text| !text.is_empty()).and_then(|text| match text.parse::<Timestamp>() {
        Ok(at) if demo => Some(at),
        Ok(_) => {
            errors.push("demo_now: only in demo mode".to_owned());
            None
        }
        Err(_) => {
            errors.push(format!("demo_now: `{text}` is not an instant, such as 2026-11-25T10:00:00+08:00"));
            None
        }
    });
    let sms = match (raw.sms_url, raw.sms_body) {
        (None, None) => None,
        (Some(url), Some(body)) => match Url::parse(&url) {
            Ok(url) => Some(SmsConfig {
                url,
                body,
                content_type: raw.sms_content_type.unwrap_or_else(|| "application/json".to_owned()),
                authorization: raw.sms_authorization,
                notice_body: raw.sms_notice_body.filter(|body| !body.is_empty()),
                ok: raw.sms_ok.filter(|ok| !ok.is_empty()),
            }),
            Err(_) => {
                errors.push(format!("sms_url: `{url}` is not an address"));
                None
            }
        },
        _ => {
            errors.push("sms_url and sms_body: set both or neither".to_owned());
            None
        }
    };
    let mail = mail(raw.smtp_url, raw.mail_from, errors);
    let push_private = push_private(raw.push_private.as_deref().unwrap_or_default(), errors);
    let codes_per_hour = codes_per_hour(raw.codes_per_hour, errors);
    let shared_seconds = raw.shared_seconds.unwrap_or(if demo { 0 } else { 1 });
    if !(0..=60).contains(&shared_seconds) {
        errors.push("shared_seconds: 0 to 60".to_owned());
    }
    let map_tiles = map::read(raw.map_tiles, raw.map_attribution, raw.map_coordinates, errors);
    Some(Config {
        listen: listen?,
        metrics_listen,
        database_url,
        blobs_url: blobs_url?,
        public_url: public_url?,
        secret_file: raw.secret_file.unwrap_or_else(|| PathBuf::from("data/secret")),
        demo,
        demo_now,
        site_dir: raw.site_dir.unwrap_or_else(default_site_dir),
        client_ip_header: raw.client_ip_header.filter(|name| !name.is_empty()),
        sms,
        mail,
        push_private,
        map_tiles,
        shared_seconds,
        codes_per_hour,
        card_font: card_font(raw.card_font, errors),
    })
}

fn card_font(path: Option<PathBuf>, errors: &mut Vec<String>) -> Option<PathBuf> {
    match path {
        Some(path) if path.as_os_str() == "off" => None,
        Some(path) if path.is_file() => Some(path),
        Some(path) => {
            errors.push(format!("card_font: there is no file {}", path.display()));
            None
        }
        None => Some(PathBuf::from(NOTO_CJK)).filter(|path| path.is_file()),
    }
}

fn mail(url: Option<String>, from: Option<String>, errors: &mut Vec<String>) -> Option<MailConfig> {
    let (url, from) = match (url, from) {
        (None, None) => return None,
        (Some(url), Some(from)) => (url, from),
        _ => {
            errors.push("smtp_url and mail_from: set both or neither".to_owned());
            return None;
        }
    };
    let url = Url::parse(&url).ok().filter(|url| matches!(url.scheme(), "smtp" | "smtps") && url.host().is_some());
    if url.is_none() {
        // Without its text: it may hold a password.
        errors.push("smtp_url: is not an smtp:// or smtps:// address".to_owned());
    }
    let from = from.parse().map_err(|_| errors.push(format!("mail_from: `{from}` is not a sender"))).ok();
    Some(MailConfig { url: url?, from: from? })
}

fn codes_per_hour(number: Option<figment::value::Value>, errors: &mut Vec<String>) -> i64 {
    const USUAL: i64 = 6_000;
    let Some(value) = number else { return USUAL };
    let number = value.deserialize::<i64>().ok().or_else(|| value.as_str()?.parse().ok());
    number.filter(|number| *number >= 1).unwrap_or_else(|| {
        errors.push("codes_per_hour: a number, at least 1".to_owned());
        USUAL
    })
}

fn push_private(text: &str, errors: &mut Vec<String>) -> Vec<String> {
    let mut origins = Vec::new();
    for part in text.split_whitespace() {
        match Url::parse(part).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.host().is_some()) {
            Some(url) => origins.push(url.origin().ascii_serialization()),
            None => errors.push(format!("push_private: `{part}` is not an http or https address")),
        }
    }
    origins
}

fn truth(value: &figment::value::Value) -> Option<bool> {
    if let Some(truth) = value.to_bool() {
        return Some(truth);
    }
    let text = value.as_str().map(str::to_owned).or_else(|| value.to_u128().map(|n| n.to_string()))?;
    match text.to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" | "on" => Some(true),
        "0" | "false" | "no" | "off" | "" => Some(false),
        _ => None,
    }
}

fn blobs(text: &str) -> Result<BlobsUrl, String> {
    if let Some(rest) = text.strip_prefix("s3://") {
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        if bucket.is_empty() {
            return Err("s3:// needs a bucket".to_owned());
        }
        return Ok(BlobsUrl::S3 { bucket: bucket.to_owned(), prefix: prefix.trim_matches('/').to_owned() });
    }
    let path = text.strip_prefix("file://").unwrap_or(text);
    if path.contains("://") {
        return Err(format!("`{text}` is neither a folder nor s3://bucket"));
    }
    if path.is_empty() {
        return Err("is empty".to_owned());
    }
    Ok(BlobsUrl::Folder(PathBuf::from(path)))
}

/// `site/` beside the binary, as `make dist` lays it out, or one level up, as in a build folder.
fn default_site_dir() -> PathBuf {
    let exe = std::env::current_exe().unwrap_or_default();
    exe.ancestors()
        .skip(1)
        .take(3)
        .map(|folder| folder.join("site"))
        .find(|site| site.join("assets.json").is_file())
        .unwrap_or_else(|| Path::new("target/site").to_path_buf())
}

#[cfg(test)]
mod tests {
    use super::{super::ConfigErrors, *};
    use figment::{Figment, providers::Serialized};

    fn from(pairs: &[(&str, &str)]) -> Result<Config, ConfigErrors> {
        let mut figment = Figment::new();
        for (key, value) in pairs {
            // Numbers are numbers, as they are when they come from a variable.
            figment = match value.parse::<u64>() {
                Ok(number) => figment.merge(Serialized::default(key, number)),
                Err(_) => figment.merge(Serialized::default(key, value)),
            };
        }
        Config::from_figment(&figment)
    }

    #[test]
    fn defaults_need_no_settings() {
        let config = from(&[]).expect("valid");
        assert_eq!(config.listen.to_string(), "127.0.0.1:3000");
        assert!(!config.demo);
        assert!(!config.https());
    }

    #[test]
    fn truth_is_read_as_people_write_it() {
        use figment::value::Value;
        for yes in [Value::from(1_u8), Value::from(true), Value::from("on"), Value::from("TRUE")] {
            assert_eq!(truth(&yes), Some(true), "{yes:?}");
        }
        assert_eq!(truth(&Value::from(0_u8)), Some(false));
        assert_eq!(truth(&Value::from("maybe")), None);
    }

    #[test]
    fn every_mistake_is_told_at_once() {
        let errors = from(&[
            ("listen", "nowhere"),
            ("database_url", "mysql://x"),
            ("blobs_url", "ftp://x"),
            ("public_url", "linli"),
            ("demo", "maybe"),
            ("sms_url", "http://sms.example"),
            ("smtp_url", "mail.example"),
            ("mail_from", "nobody"),
            ("push_private", "push.lan"),
            ("codes_per_hour", "0"),
            ("typo", "1"),
        ])
        .expect_err("eleven mistakes");
        assert_eq!(errors.0.len(), 11, "{errors}");
    }

    #[test]
    fn a_number_is_read_as_a_number_or_as_its_digits() {
        use figment::value::Value;
        let mut errors = Vec::new();
        for (value, number) in [(Value::from(20_u64), 20), (Value::from(20_i64), 20), (Value::from("20"), 20)] {
            assert_eq!(codes_per_hour(Some(value), &mut errors), number);
        }
        assert_eq!((codes_per_hour(None, &mut errors), errors.len()), (6_000, 0));
        for nonsense in [Value::from(0_u64), Value::from(-1_i64), Value::from("many"), Value::from(true)] {
            codes_per_hour(Some(nonsense), &mut errors);
        }
        assert_eq!(errors.len(), 4, "{errors:?}");
    }

    #[test]
    fn only_a_demonstration_has_a_clock_of_its_own() {
        let at = ("demo_now", "2026-11-25T10:00:00+08:00");
        let config = from(&[("demo", "1"), at]).expect("valid");
        assert_eq!(config.demo_now, Some("2026-11-25T02:00:00Z".parse().expect("an instant")));
        assert_eq!(from(&[at]).expect_err("no demo").0, ["demo_now: only in demo mode"]);
        assert_eq!(from(&[("demo", "1"), ("demo_now", "ten")]).expect_err("no instant").0.len(), 1);
    }

    #[test]
    fn buckets_and_folders() {
        assert_eq!(blobs("s3://photos/linli/"), Ok(BlobsUrl::S3 { bucket: "photos".into(), prefix: "linli".into() }));
        assert_eq!(blobs("file:///var/linli"), Ok(BlobsUrl::Folder("/var/linli".into())));
    }
}
