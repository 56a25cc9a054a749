//! Settings: `linli.toml`, then `LINLI_*` variables over it. All mistakes are told at once, at start.

mod map;

pub use map::MapTiles;

use figment::{
    Figment,
    providers::{Env, Format, Toml},
};
use jiff::Timestamp;
use serde::Deserialize;
use std::{
    fmt,
    net::SocketAddr,
    path::{Path, PathBuf},
};
use url::Url;

/// What the deployment was told to be.
#[derive(Clone, Debug)]
pub struct Config {
    /// Address the pages are served on. `LINLI_LISTEN`, default `127.0.0.1:3000`.
    pub listen: SocketAddr,
    /// Address of the Prometheus metrics; off when empty. `LINLI_METRICS_LISTEN`, default `127.0.0.1:3001`.
    pub metrics_listen: Option<SocketAddr>,
    /// The database. `LINLI_DATABASE_URL`, default a SQLite file under `data/`.
    pub database_url: String,
    /// Where photos are kept. `LINLI_BLOBS_URL`, default a folder under `data/`.
    pub blobs_url: BlobsUrl,
    /// The address people use, without a trailing slash. `LINLI_PUBLIC_URL`, default `http://<listen>`.
    pub public_url: Url,
    /// File with the deployment's secret; created when missing. `LINLI_SECRET_FILE`, default `data/secret`.
    pub secret_file: PathBuf,
    /// Demo mode: loads the demo community into an empty database and shows login codes. `LINLI_DEMO`, default off.
    pub demo: bool,
    /// Demo mode only: the instant at which the clock begins, so that a hall can be shown open at night.
    /// `LINLI_DEMO_NOW`, such as `2026-11-25T10:00:00+08:00`; default: the system's clock.
    pub demo_now: Option<Timestamp>,
    /// Folder of the built site. `LINLI_SITE_DIR`, default beside the binary.
    pub site_dir: PathBuf,
    /// Header with the client's address set by a proxy in front, e.g. `x-forwarded-for`. `LINLI_CLIENT_IP_HEADER`.
    pub client_ip_header: Option<String>,
    /// Most login codes that are sent in an hour, to anybody, by all servers. `LINLI_CODES_PER_HOUR`, default 6,000.
    pub codes_per_hour: i64,
    /// SMS provider; the log stands in when it is not set.
    pub sms: Option<SmsConfig>,
    /// Mail server; no e-mail is offered when it is not set.
    pub mail: Option<MailConfig>,
    /// Origins of push services inside one's own network, to which messages may go although they are not on the public
    /// internet. `LINLI_PUSH_PRIVATE`, separated by spaces; default none.
    pub push_private: Vec<String>,
    /// Pictures of the streets under the community's plan; the plan alone when it is not set.
    pub map_tiles: Option<MapTiles>,
    /// Font with Chinese characters for the pictures of shared links (TTF, OTF or TTC). `LINLI_CARD_FONT`, `off` for none;
    /// default: the one of Debian's fonts-noto-cjk where it is installed.
    pub card_font: Option<PathBuf>,
}

/// Where Debian's fonts-noto-cjk puts its font.
const NOTO_CJK: &str = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";

/// Where photos are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BlobsUrl {
    /// A folder on this machine.
    Folder(PathBuf),
    /// A bucket (and optional prefix); endpoint and keys come from the usual `AWS_*` variables.
    S3 {
        /// Bucket name.
        bucket: String,
        /// Prefix inside the bucket, may be empty.
        prefix: String,
    },
}

/// An SMS provider reached by one HTTP request. `{phone}`, `{code}`, `{text}` and `{id}` (the same when a text is sent
/// again) in URL and body are replaced (and escaped for where they stand).
#[derive(Clone, Debug)]
pub struct SmsConfig {
    /// Address. `LINLI_SMS_URL`.
    pub url: Url,
    /// Body template, JSON or form. `LINLI_SMS_BODY`.
    pub body: String,
    /// Content type of the body. `LINLI_SMS_CONTENT_TYPE`, default `application/json`.
    pub content_type: String,
    /// `Authorization` header, if the provider wants one. `LINLI_SMS_AUTHORIZATION`.
    pub authorization: Option<String>,
    /// Body template of messages other than codes, such as reminders. `LINLI_SMS_NOTICE_BODY`; without it only codes
    /// are sent by SMS.
    pub notice_body: Option<String>,
    /// Text that an answer contains when the provider took the message; without it every 2xx is a yes. `LINLI_SMS_OK`.
    pub ok: Option<String>,
}

/// A mail server that takes our letters.
#[derive(Clone, Debug)]
pub struct MailConfig {
    /// `smtps://user:password@host` (TLS from the start) or `smtp://user:password@host:587?tls=required` (STARTTLS);
    /// `smtp://127.0.0.1:25` for a relay on this machine. `LINLI_SMTP_URL`.
    pub url: Url,
    /// Sender, such as `桐荫街道邻里 <no-reply@example.org>`. `LINLI_MAIL_FROM`.
    pub from: lettre::message::Mailbox,
}

/// Settings as they were written, before they are checked.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Raw {
    listen: Option<String>,
    metrics_listen: Option<String>,
    database_url: Option<String>,
    blobs_url: Option<String>,
    public_url: Option<String>,
    secret_file: Option<PathBuf>,
    demo: Option<figment::value::Value>,
    demo_now: Option<String>,
    site_dir: Option<PathBuf>,
    client_ip_header: Option<String>,
    codes_per_hour: Option<i64>,
    sms_url: Option<String>,
    sms_body: Option<String>,
    sms_content_type: Option<String>,
    sms_authorization: Option<String>,
    sms_notice_body: Option<String>,
    sms_ok: Option<String>,
    smtp_url: Option<String>,
    mail_from: Option<String>,
    push_private: Option<String>,
    map_tiles: Option<String>,
    map_attribution: Option<String>,
    map_coordinates: Option<String>,
    card_font: Option<PathBuf>,
}

/// Every setting by name; anything else named `LINLI_*` is a mistake worth telling.
const NAMES: [&str; 24] = [
    "listen",
    "metrics_listen",
    "database_url",
    "blobs_url",
    "public_url",
    "secret_file",
    "demo",
    "demo_now",
    "site_dir",
    "client_ip_header",
    "codes_per_hour",
    "sms_url",
    "sms_body",
    "sms_content_type",
    "sms_authorization",
    "sms_notice_body",
    "sms_ok",
    "smtp_url",
    "mail_from",
    "push_private",
    "map_tiles",
    "map_attribution",
    "map_coordinates",
    "card_font",
];

/// All mistakes in the settings, one a line.
#[derive(Debug)]
pub struct ConfigErrors(pub Vec<String>);

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "the settings have {} mistake(s):", self.0.len())?;
        for error in &self.0 {
            writeln!(f, "  - {error}")?;
        }
        write!(f, "settings come from linli.toml and LINLI_* variables; see docs/operations.md")
    }
}

impl std::error::Error for ConfigErrors {}

impl Config {
    /// Reads `linli.toml` in the working directory and the environment.
    pub fn load() -> Result<Config, ConfigErrors> {
        let figment = Figment::new()
            .merge(Toml::file("linli.toml"))
            .merge(Env::prefixed("LINLI_").filter(|key| !key.as_str().to_ascii_lowercase().starts_with("test_")));
        Config::from_figment(&figment)
    }

    /// Checks settings from any source and collects every mistake.
    pub fn from_figment(figment: &Figment) -> Result<Config, ConfigErrors> {
        let mut errors = Vec::new();
        match figment.extract::<std::collections::BTreeMap<String, figment::value::Value>>() {
            Ok(all) => {
                for name in all.keys().filter(|name| !NAMES.contains(&name.as_str())) {
                    errors.push(format!("{name}: there is no such setting"));
                }
            }
            Err(error) => errors.extend(error.into_iter().map(|e| e.to_string())),
        }
        let raw: Raw = figment.extract().unwrap_or_else(|error| {
            errors.extend(error.into_iter().map(|e| e.to_string()));
            Raw::default()
        });
        let config = check(raw, &mut errors);
        errors.sort();
        errors.dedup();
        match config {
            Some(config) if errors.is_empty() => Ok(config),
            _ => Err(ConfigErrors(errors)),
        }
    }

    /// Whether people reach the site by https: cookies are then `__Host-` and `Secure`.
    pub fn https(&self) -> bool {
        self.public_url.scheme() == "https"
    }
}

fn check(raw: Raw, errors: &mut Vec<String>) -> Option<Config> {
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
        codes_per_hour: codes_per_hour(raw.codes_per_hour, errors),
        sms,
        mail,
        push_private,
        map_tiles,
        card_font: card_font(raw.card_font, errors),
    })
}

fn codes_per_hour(number: Option<i64>, errors: &mut Vec<String>) -> i64 {
    let number = number.unwrap_or(6_000);
    if number < 1 {
        errors.push("codes_per_hour: at least 1".to_owned());
    }
    number
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
    use super::*;
    use figment::providers::Serialized;

    fn from(pairs: &[(&str, &str)]) -> Result<Config, ConfigErrors> {
        let mut figment = Figment::new();
        for (key, value) in pairs {
            figment = figment.merge(Serialized::default(key, value));
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
