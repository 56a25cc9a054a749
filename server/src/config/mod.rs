//! Settings: `linli.toml`, then `LINLI_*` variables over it. All mistakes are told at once, at start.

mod check;
mod map;

pub use map::MapTiles;

use figment::{
    Figment,
    providers::{Env, Format, Toml},
};
use jiff::Timestamp;
use serde::Deserialize;
use std::{fmt, net::SocketAddr, path::PathBuf};
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
    /// For so many seconds a page that is the same for all visitors is kept and shown to others; 0: it is made anew for each.
    /// `LINLI_SHARED_SECONDS`, default 1, in demo mode 0.
    pub shared_seconds: i64,
}

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
    codes_per_hour: Option<figment::value::Value>,
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
    shared_seconds: Option<i64>,
}

/// Every setting by name; anything else named `LINLI_*` is a mistake worth telling.
const NAMES: [&str; 25] = [
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
    "shared_seconds",
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
        let config = check::check(raw, &mut errors);
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
