//! What a request knows about its reader: language, text size, person, community, and where they are.

use super::{Error, notes};
use crate::{
    app_state::App,
    auth::{Actor, keys, keys::Key, session, tokens},
    notices::service::{Concerned, emergency_for},
    places,
};
use app::{
    i18n::{Lang, Words},
    people::{Room, Scope},
    ui::shell::{EmergencyBand, Size},
};
use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::{HeaderMap, HeaderValue, Method, header, request::Parts},
};
use axum_extra::extract::CookieJar;
use jiff::Timestamp;
use std::{convert::Infallible, net::SocketAddr};

/// The reader's context. Every handler of a page takes one.
#[derive(Clone)]
pub struct Ctx {
    /// The application.
    pub app: App,
    /// When the request arrived: one "now" for the whole request.
    pub now: Timestamp,
    /// Words in the reader's language.
    pub w: Words,
    /// The reader's text size.
    pub size: Size,
    /// Who is signed in.
    pub actor: Option<Actor>,
    /// The key of another system, where it came in with one.
    pub key: Option<Key>,
    /// The chosen community: from the cookie, else the person's own.
    pub community: Option<places::Organisation>,
    /// Unread messages in the inbox.
    pub unread: i64,
    /// The emergency notice that concerns the reader now.
    pub emergency: Option<EmergencyBand>,
    /// The request's id, in the log and on error pages.
    pub request_id: String,
    /// The path.
    pub path: String,
    /// The path with its query.
    pub here: String,
    /// One message about what was just done, already in words.
    pub flash: Option<String>,
    /// A random id of this browser, for limits; empty until the first response sets it.
    pub device: String,
    /// The client's address.
    pub ip: String,
    /// The browser's name for itself, shortened, for "my devices".
    pub user_agent: String,
}

/// The request's id, put into the request by the outermost middleware.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// The client's address, put into the request by the outermost middleware for what reads bodies; empty where it says
/// nothing of who sends: the settings name no header, and a proxy on this machine is all that is seen.
#[derive(Clone, Debug)]
pub struct ClientAddress(pub String);

impl ClientAddress {
    /// Of this request.
    pub fn of(app: &App, parts: &Parts) -> ClientAddress {
        let peer = parts.extensions.get::<axum::extract::ConnectInfo<SocketAddr>>();
        let unseen = app.config.client_ip_header.is_none() && peer.is_none_or(|peer| peer.0.ip().is_loopback());
        ClientAddress(if unseen { String::new() } else { client_ip(app, &parts.headers, parts) })
    }
}

/// Cookie with the reader's choices.
pub const LANG_COOKIE: &str = "linli_lang";
/// Cookie with the reader's text size.
pub const SIZE_COOKIE: &str = "linli_size";
/// Cookie with the code of the chosen community.
pub const COMMUNITY_COOKIE: &str = "linli_community";
/// Cookie with this browser's random id.
pub const DEVICE_COOKIE: &str = "linli_device";
/// Length of that id, a [`crate::clock::token`].
pub const DEVICE_LENGTH: usize = 43;
/// Cookie with the catalogue key of one message for the next page.
pub const FLASH_COOKIE: &str = "linli_flash";

impl Ctx {
    /// The signed-in person, or [`Error::SignIn`].
    pub fn actor(&self) -> Result<&Actor, Error> {
        self.actor.as_ref().ok_or(Error::SignIn)
    }

    /// A word for the person who is signed in that only this deployment understands; empty without one. Phones mark
    /// with it what they keep, and send it along: see [`Writer`].
    pub fn who(&self) -> String {
        self.actor.as_ref().map(|actor| self.app.secrets.link_token("who", &actor.id)).unwrap_or_default()
    }

    /// The same request as another system's: it acts for itself, and for nobody who may be signed in.
    pub fn with_key(mut self, key: Key) -> Ctx {
        (self.actor, self.device) = (None, key.device());
        self.key = Some(key);
        self
    }

    /// The emergency that concerns the reader: where they live, and the community they look at.
    async fn emergency_of_the_moment(&self) -> Result<Option<EmergencyBand>, Error> {
        let lives_at = self.actor.as_ref().map_or([""; 2], |actor| {
            [&actor.building_id, &actor.community_id].map(|place| place.as_deref().unwrap_or_default())
        });
        let looks_at = self.community.as_ref().map_or("", |community| community.path.as_str());
        if looks_at.is_empty() && lives_at.iter().all(|place| place.is_empty()) {
            return Ok(None);
        }
        let concerned = Concerned { looks_at, lives_at };
        Ok(emergency_for(&self.app, self.w, concerned, self.now).await?)
    }

    /// Acts for the token or key that the request carries and for nothing else: no cookie counts beside it.
    async fn with_bearer(mut self, method: &Method, bearer: &str) -> Result<Ctx, Error> {
        let (app, now) = (self.app.clone(), self.now);
        (self.device, self.flash) = (String::new(), None);
        let writes = !matches!(*method, Method::GET | Method::HEAD);
        if !bearer.starts_with(tokens::BEGIN) {
            let key = keys::find(&app.db, &app.secrets, bearer, now).await?.ok_or(Error::BadToken)?;
            // Keys file reports with their photos; what else there is to write belongs to people.
            let files = matches!(self.path.as_str(), "/api/v1/reports" | "/api/v1/photos" | "/api/v1/intake");
            if writes && !(files && key.scopes.contains(&Scope::ReportsFile)) {
                return Err(Error::Scope(Scope::ReportsFile.code().to_owned()));
            }
            return Ok(self.with_key(key));
        }
        let (actor, token) =
            tokens::find(&app.db, &app.secrets, bearer, now, app.config.demo).await?.ok_or(Error::BadToken)?;
        let room = Room::of(&self.path);
        if !room.is_some_and(|room| token.scopes.allow(room, writes)) {
            return Err(Error::Scope(room.map(|room| room.scope(writes)).unwrap_or_default()));
        }
        notes::acts_with(&token.id, &actor.id);
        if let Some(id) = &actor.community_id {
            self.community = places::store::by_id(&app.db, id).await?;
        }
        self.unread = crate::people::inbox::unread(&app.db, &actor.id).await?;
        self.actor = Some(actor);
        Ok(self)
    }

    /// Loads the context of a request.
    pub async fn load(app: &App, parts: &Parts) -> Result<Ctx, Error> {
        let mut ctx = Ctx::bare(app, parts);
        if let Some(bearer) = bearer(parts) {
            return ctx.with_bearer(&parts.method, bearer?).await;
        }
        let jar = CookieJar::from_headers(&parts.headers);
        let https = app.config.https();
        let looks_at = jar.get(&cookie_name(COMMUNITY_COOKIE, https)).map(|cookie| cookie.value());
        // PostgreSQL takes no zero byte in a text, and others are asked for by the same statement.
        let looks_at = looks_at.filter(|code| !code.contains('\0'));
        if let Some(token) = jar.get(session::cookie_name(https)).map(|c| c.value()).filter(|t| t.len() == 43) {
            let sent = (token, looks_at.unwrap_or_default());
            if let Some(found) = session::find(app, sent, ctx.now).await? {
                (ctx.actor, ctx.unread, ctx.community) = (Some(found.actor), found.unread, found.community);
                if found.emergencies {
                    ctx.emergency = ctx.emergency_of_the_moment().await?;
                }
                return Ok(ctx);
            }
        }
        ctx.community = match looks_at {
            Some(code) => places::store::community_by_code(&app.db, code).await?,
            None => None,
        };
        ctx.emergency = ctx.emergency_of_the_moment().await?;
        Ok(ctx)
    }

    /// What can be said without the database: for error pages when it does not answer.
    pub fn bare(app: &App, parts: &Parts) -> Ctx {
        let headers = &parts.headers;
        let jar = CookieJar::from_headers(headers);
        let kept = |name: &str| jar.get(&cookie_name(name, app.config.https())).map(|cookie| cookie.value());
        let query_lang = parts
            .uri
            .query()
            .and_then(|query| query.split('&').find_map(|pair| pair.strip_prefix("lang=")))
            .and_then(Lang::from_tag);
        let lang = query_lang
            .or_else(|| kept(LANG_COOKIE).and_then(Lang::from_tag))
            .or_else(|| {
                headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).and_then(Lang::from_accept_language)
            })
            .unwrap_or_default();
        let w = Words::new(lang);
        let size = match kept(SIZE_COOKIE) {
            Some("large") => Size::Large,
            _ => Size::Ordinary,
        };
        let flash = kept(FLASH_COOKIE).filter(|key| key.starts_with("flash-") && key.len() < 64).map(|key| w.t(key));
        let device = kept(DEVICE_COOKIE).filter(|id| id.len() == DEVICE_LENGTH).unwrap_or_default().to_owned();
        let user_agent: String = headers
            .get(header::USER_AGENT)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default()
            .chars()
            .take(300)
            .collect();
        Ctx {
            now: app.clock.now(),
            app: app.clone(),
            w,
            size,
            actor: None,
            key: None,
            community: None,
            unread: 0,
            emergency: None,
            request_id: parts.extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default(),
            path: parts.uri.path().to_owned(),
            here: parts.uri.path_and_query().map(|p| p.as_str().to_owned()).unwrap_or_else(|| "/".to_owned()),
            flash,
            device,
            ip: client_ip(app, headers, parts),
            user_agent,
        }
    }
}

/// The token or key of a request to the API; an error for a header that says anything else.
pub fn bearer(parts: &Parts) -> Option<Result<&str, Error>> {
    let header = parts.headers.get(header::AUTHORIZATION).filter(|_| parts.uri.path().starts_with("/api/"))?;
    let token = header.to_str().ok().and_then(|text| {
        let (scheme, token) = text.trim().split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
    });
    Some(token.filter(|token| !token.is_empty()).ok_or(Error::BadToken))
}

/// The client's address: from the proxy's header when the settings name one (its last entry, which the proxy itself
/// wrote), else the connection's.
fn client_ip(app: &App, headers: &HeaderMap, parts: &Parts) -> String {
    let from_proxy = app
        .config
        .client_ip_header
        .as_deref()
        .and_then(|name| headers.get_all(name).iter().next_back())
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.rsplit(',').next())
        .map(|value| value.trim().to_owned());
    from_proxy.unwrap_or_else(|| {
        parts
            .extensions
            .get::<axum::extract::ConnectInfo<SocketAddr>>()
            .map(|info| info.0.ip().to_string())
            .unwrap_or_default()
    })
}

impl FromRequestParts<App> for Ctx {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Ctx, Error> {
        Ctx::load(app, parts).await
    }
}

impl OptionalFromRequestParts<App> for Ctx {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Ctx>, Infallible> {
        Ok(Ctx::load(app, parts).await.ok())
    }
}

/// With this prefix browsers take a cookie from its own host and https only.
pub const HOST_PREFIX: &str = "__Host-";

/// The name under which a cookie of ours is kept: on https with the prefix that binds it to this host and channel, so
/// that no neighbouring host can set it.
pub fn cookie_name(name: &str, https: bool) -> String {
    if https { format!("{HOST_PREFIX}{name}") } else { name.to_owned() }
}

/// A cookie of ours, as the browser is to keep it for so many seconds.
fn cookie(name: &str, value: &str, seconds: u32, https: bool) -> HeaderValue {
    let (name, secure) = (cookie_name(name, https), if https { "; Secure" } else { "" });
    HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}"))
        .unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// A cookie that the browser keeps for a year.
pub fn lasting_cookie(name: &str, value: &str, https: bool) -> HeaderValue {
    cookie(name, value, 31_536_000, https)
}

/// The cookie that shows a message once, on the next page. `key` is a catalogue key beginning with `flash-`.
pub fn flash(key: &'static str, https: bool) -> HeaderValue {
    cookie(FLASH_COOKIE, key, 60, https)
}

/// Forgets the message after it was shown.
pub fn clear_flash(https: bool) -> HeaderValue {
    cookie(FLASH_COOKIE, "", 0, https)
}

/// Whose session something was written in: a phone sends later what was kept on it, and somebody else may be signed in by
/// then. The header `linli-who` says it ([`Ctx::who`]); without it nothing is asked.
pub struct Writer(Option<HeaderValue>);

impl Writer {
    /// Refuses what was written in another session than this one.
    pub fn is_here(&self, ctx: &Ctx) -> Result<(), Error> {
        match &self.0 {
            Some(who) if who.as_bytes() != ctx.who().as_bytes() => Err(Error::OtherSender),
            _ => Ok(()),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Writer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Writer, Infallible> {
        Ok(Writer(parts.headers.get("linli-who").cloned()))
    }
}
