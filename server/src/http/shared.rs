//! Pages that are the same for every visitor are made once and shown for a moment to all who ask: when a whole district
//! opens one notice, the database is asked once a second and not for each of them.
//!
//! A handler says that its page is one ([`super::Page::same_for`]). It is only given to requests without a session and
//! without any cookie that this does not know, and by what else a page depends on: address, language, text size,
//! community and how it may be compressed. [`keep`] keeps it, right around the handlers; [`give`] gives it, before anything
//! else looks at the request. Its id, its cookies and its line in the log each answer gets for itself
//! ([`super::middleware::sign`]). What is kept has a bound in bytes, and the oldest goes first: whoever asks for ever other
//! addresses of a page has others' pages made again, no more.

use super::{
    ctx::{COMMUNITY_COOKIE, DEVICE_COOKIE, DEVICE_LENGTH, HOST_PREFIX, LANG_COOKIE, SIZE_COOKIE},
    middleware::{Signed, dress, sign},
};
use crate::{app_state::App, clock};
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use axum_extra::extract::CookieJar;
use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

/// For whom a page is the same; an extension of its response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SameFor {
    /// For everybody who is not signed in.
    Visitors,
    /// For those whose browser has no name yet: others may have something of theirs on it.
    NewVisitors,
}

/// Bytes kept at most, as [`Kept::weight`] counts them: about a thousand pages.
const MOST: usize = 16 << 20;
/// Largest page, in bytes; larger ones are not kept.
const LARGEST: usize = 256 * 1024;

struct Kept {
    same_for: SameFor,
    /// Microseconds.
    made_at: i64,
    /// As the log says it.
    route: Option<Arc<str>>,
    headers: HeaderMap,
    body: Bytes,
}

impl Kept {
    /// Bytes that it takes with its key; what holds them together is guessed.
    fn weight(&self, key: &str) -> usize {
        let headers = self.headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum::<usize>();
        1_000 + key.len() + headers + self.body.len()
    }
}

#[derive(Default)]
struct Shelf {
    /// Each with its number in `order`.
    pages: HashMap<Arc<str>, (u64, Kept)>,
    /// Keys in the order in which their pages came.
    order: BTreeMap<u64, Arc<str>>,
    next: u64,
    /// What all of them weigh.
    bytes: usize,
}

impl Shelf {
    fn put(&mut self, key: Arc<str>, page: Kept) {
        self.take(&key);
        self.bytes += page.weight(&key);
        self.order.insert(self.next, key.clone());
        self.pages.insert(key, (self.next, page));
        self.next += 1;
    }

    fn take(&mut self, key: &str) {
        if let Some((number, page)) = self.pages.remove(key) {
            self.order.remove(&number);
            self.bytes -= page.weight(key);
        }
    }

    /// The key of the page that came first, if it has to go.
    fn next_to_go(&self, since: i64) -> Option<Arc<str>> {
        let (_, key) = self.order.first_key_value()?;
        let (_, page) = self.pages.get(key)?;
        (self.bytes > MOST || page.made_at <= since).then(|| key.clone())
    }
}

/// The pages that are kept.
#[derive(Clone, Default)]
pub struct Pages(Arc<Mutex<Shelf>>);

impl Pages {
    /// The page with its route, if one is kept that is no older.
    fn find(&self, asked: &Asked, since: i64, now: i64) -> Option<(Response, Option<Arc<str>>)> {
        let shelf = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, kept) = shelf.pages.get(asked.key.as_str())?;
        let theirs = kept.same_for == SameFor::Visitors || !asked.named;
        (theirs && kept.made_at > since && kept.made_at <= now).then(|| {
            let mut response = Body::from(kept.body.clone()).into_response();
            response.headers_mut().clone_from(&kept.headers);
            (response, kept.route.clone())
        })
    }

    fn keep(&self, key: String, page: Kept, since: i64) {
        let mut shelf = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        shelf.put(key.into(), page);
        while let Some(key) = shelf.next_to_go(since) {
            shelf.take(&key);
        }
    }
}

/// What somebody asks for who may be given a page that is kept; an extension of their request.
#[derive(Clone)]
struct Asked {
    key: String,
    /// Their browser has a name.
    named: bool,
}

/// `None`: what they ask for is theirs alone.
fn asked(request: &Request, https: bool) -> Option<Asked> {
    let headers = request.headers();
    if request.method() != Method::GET || headers.contains_key(header::AUTHORIZATION) {
        return None;
    }
    let jar = CookieJar::from_headers(headers);
    let mut asked = Asked { key: String::new(), named: false };
    let [mut lang, mut size, mut community] = [""; 3];
    for cookie in jar.iter() {
        let prefix = if https { HOST_PREFIX } else { "" };
        match cookie.name().strip_prefix(prefix).unwrap_or_default() {
            LANG_COOKIE => lang = cookie.value(),
            SIZE_COOKIE => size = cookie.value(),
            COMMUNITY_COOKIE => community = cookie.value(),
            DEVICE_COOKIE => asked.named = cookie.value().len() == DEVICE_LENGTH,
            _ => return None,
        }
    }
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let address = request.uri().path_and_query().map(|address| address.as_str()).unwrap_or_default();
    // A line each: none of them has line breaks.
    asked.key =
        [lang, size, community, text(header::ACCEPT_LANGUAGE), text(header::ACCEPT_ENCODING), address].join("\n");
    Some(asked)
}

/// The outermost layer: whoever may be given a page that is kept is given it.
pub async fn give(State((app, pages)): State<(App, Pages)>, mut request: Request, next: Next) -> Response {
    let span = app.config.shared_seconds * 1_000_000;
    let Some(asked) = (span > 0).then(|| asked(&request, app.config.https())).flatten() else {
        return next.run(request).await;
    };
    #[expect(clippy::disallowed_methods, reason = "measures, decides nothing")]
    let begun = Instant::now();
    let now = app.clock.now().as_microsecond();
    let Some((mut response, route)) = pages.find(&asked, now - span, now) else {
        request.extensions_mut().insert(asked);
        return next.run(request).await;
    };
    let id = &clock::short_code(10);
    sign(
        &app,
        &mut response,
        Signed { id, method: request.method(), route: route.as_deref(), named: asked.named, begun },
    );
    response
}

/// The layer around the handlers: a page that is the same for others is kept for them.
pub async fn keep(State((app, pages)): State<(App, Pages)>, mut request: Request, next: Next) -> Response {
    let Some(asked) = request.extensions_mut().remove::<Asked>() else { return next.run(request).await };
    let now = app.clock.now().as_microsecond();
    let route = request.extensions().get::<MatchedPath>().map(|route| route.as_str().into());
    let response = next.run(request).await;
    // A page that may have something of a known browser's own on it is kept for nobody.
    let same_for = response
        .extensions()
        .get::<SameFor>()
        .copied()
        .filter(|same_for| *same_for == SameFor::Visitors || !asked.named);
    let (Some(same_for), StatusCode::OK, false) =
        (same_for, response.status(), response.headers().contains_key(header::SET_COOKIE))
    else {
        return response;
    };
    let (parts, body) = response.into_parts();
    // Pages are rendered whole: nothing is waited for here.
    let Ok(body) = to_bytes(body, usize::MAX).await else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    if body.len() <= LARGEST {
        let mut headers = parts.headers.clone();
        dress(&app, &mut headers);
        let kept = Kept { same_for, made_at: now, route, headers, body: body.clone() };
        pages.keep(asked.key, kept, now - app.config.shared_seconds * 1_000_000);
    }
    Response::from_parts(parts, Body::from(body))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(made_at: i64, bytes: usize) -> Kept {
        let body = Bytes::from(vec![b'x'; bytes]);
        Kept { same_for: SameFor::Visitors, made_at, route: None, headers: HeaderMap::new(), body }
    }

    fn is_kept(pages: &Pages, key: &str, since: i64) -> bool {
        let asked = Asked { key: key.to_owned(), named: false };
        pages.find(&asked, since, 1_000_000).is_some()
    }

    fn weighs(pages: &Pages) -> (usize, usize) {
        let shelf = pages.0.lock().expect("not poisoned");
        let all: usize = shelf.pages.iter().map(|(key, (_, page))| page.weight(key)).sum();
        assert_eq!((all, shelf.pages.len()), (shelf.bytes, shelf.order.len()), "counted right");
        (shelf.pages.len(), shelf.bytes)
    }

    #[test]
    fn many_addresses_push_out_the_oldest_and_never_the_newest() {
        let pages = Pages::default();
        // Largest pages, all of the same moment.
        for n in 0..200 {
            pages.keep(format!("/large?{n}"), page(10, LARGEST), 0);
            assert!(is_kept(&pages, &format!("/large?{n}"), 0), "{n}");
            let (_, bytes) = weighs(&pages);
            assert!(bytes <= MOST, "{bytes}");
        }
        assert_eq!(weighs(&pages).0, 63);
        assert!(is_kept(&pages, "/large?137", 0) && !is_kept(&pages, "/large?136", 0), "the oldest went");
        // Small ones with long addresses.
        for n in 0..5_000 {
            pages.keep(format!("/?{n}{}", "q".repeat(8_000)), page(10, 100), 0);
        }
        let (count, bytes) = weighs(&pages);
        assert!(bytes <= MOST && count < 2_000, "addresses count as well: {count}");
        pages.keep("/notices/1".to_owned(), page(10, 15_000), 0);
        assert!(is_kept(&pages, "/notices/1", 0), "a page that people read");
    }

    #[test]
    fn a_page_made_anew_takes_the_place_of_the_old_one_and_what_is_too_old_goes() {
        let pages = Pages::default();
        for made_at in 1..=100 {
            pages.keep("/".to_owned(), page(made_at, 1_000), 0);
        }
        assert_eq!(weighs(&pages).0, 1);
        assert!(is_kept(&pages, "/", 99), "the newest of them");
        for n in 0..10 {
            pages.keep(format!("/{n}"), page(200 + n, 1_000), 0);
        }
        pages.keep("/new".to_owned(), page(300, 1_000), 205);
        assert_eq!(weighs(&pages).0, 5, "four that are younger, and the new one");
        assert!(is_kept(&pages, "/6", 205) && !is_kept(&pages, "/5", 0));
    }
}
