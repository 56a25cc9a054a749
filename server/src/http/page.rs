//! One way out: a view becomes a document.

use super::{ctx::Ctx, shared::SameFor};
use app::ui::shell::{self, ShareCard, ShellPerson, ShellProps, Tab};
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use hydration_context::{SharedContext, SsrSharedContext};
use leptos::{prelude::*, reactive::owner::Owner};
use std::sync::Arc;

/// A page about to be answered. Everything has a default but the title.
pub struct Page<'a> {
    ctx: &'a Ctx,
    status: StatusCode,
    cache: &'static str,
    same_for: Option<SameFor>,
    shell: ShellProps,
}

impl<'a> Page<'a> {
    /// A page with this title (empty: the page writes its own `<h1>`).
    pub fn new(ctx: &'a Ctx, title: impl Into<String>) -> Page<'a> {
        let shell = ShellProps {
            w: ctx.w,
            size: ctx.size,
            title: title.into(),
            back: None,
            tab: Tab::None,
            community: ctx.community.as_ref().map(|c| ctx.w.pick(&c.name, &c.name_en).to_owned()),
            hotline: ctx.community.as_ref().map(|c| c.phone.clone()).filter(|phone| !phone.is_empty()),
            person: ctx.actor.as_ref().map(|actor| ShellPerson {
                name: actor.name.clone(),
                unread: ctx.unread,
                staff: actor.works_as_staff(),
                handler: actor.works_as_handler(),
                roles: actor.grants.iter().map(|grant| grant.role).collect(),
            }),
            who: (!is_kept(&ctx.here)).then(|| ctx.who()),
            here: ctx.here.clone(),
            flash: ctx.flash.clone(),
            emergency: ctx.emergency.clone(),
            islands: false,
            demo: ctx.app.config.demo,
            description: None,
            refresh: None,
            refresh_to: None,
            keep: None,
            card: None,
            feed: None,
            assets: ctx.app.assets.shell.clone(),
        };
        // Pages name the reader and the chosen community: no shared cache may keep them.
        Page { ctx, status: StatusCode::OK, cache: "private, no-cache", same_for: None, shell }
    }

    /// The navigation entry that is current.
    pub fn tab(mut self, tab: Tab) -> Page<'a> {
        self.shell.tab = tab;
        self
    }

    /// Where "back" leads.
    pub fn back(mut self, href: impl Into<String>) -> Page<'a> {
        self.shell.back = Some(href.into());
        self
    }

    /// The page has islands: load WebAssembly.
    pub fn islands(self) -> Page<'a> {
        self.islands_if(true)
    }

    /// Load WebAssembly when the page has islands this time.
    pub fn islands_if(mut self, any: bool) -> Page<'a> {
        self.shell.islands = any;
        self
    }

    /// A status other than 200.
    pub fn status(mut self, status: StatusCode) -> Page<'a> {
        self.status = status;
        self
    }

    /// A form that is shown again with its mistakes: 422.
    pub fn invalid(self) -> Page<'a> {
        self.status(StatusCode::UNPROCESSABLE_ENTITY)
    }

    /// Asked for anew whenever it is shown, with the back button as well: a browser may show what it has of another page.
    pub fn no_store(mut self) -> Page<'a> {
        self.cache = "no-store";
        self
    }

    /// For visitors it says the same to all of these: it may be kept for a moment and shown to the others. For somebody who is
    /// signed in, or has a message waiting, nothing is kept.
    pub fn same_for(mut self, same_for: SameFor) -> Page<'a> {
        let theirs = self.ctx.actor.is_some() || self.ctx.key.is_some() || self.ctx.flash.is_some();
        self.same_for = Some(same_for).filter(|_| !theirs);
        self
    }

    /// One sentence for share cards.
    pub fn description(mut self, text: impl Into<String>) -> Page<'a> {
        self.shell.description = Some(text.into());
        self
    }

    /// What messengers show of a link to this page.
    pub fn card(mut self, card: ShareCard) -> Page<'a> {
        self.shell.card = Some(card);
        self
    }

    /// The same as an Atom feed.
    pub fn feed(mut self, address: &str) -> Page<'a> {
        self.shell.feed = Some(address.to_owned());
        self
    }

    /// A page that the phone keeps for when there is no signal; it is asked for without cookies.
    pub fn keep(mut self, address: Option<String>) -> Page<'a> {
        self.shell.keep = address;
        self
    }

    /// Reload by itself after so many seconds.
    pub fn refresh(mut self, seconds: u32) -> Page<'a> {
        self.shell.refresh = Some(seconds);
        self
    }

    /// Go to another page of ours by itself after so many seconds.
    pub fn refresh_to(mut self, seconds: u32, address: String) -> Page<'a> {
        self.shell.refresh = Some(seconds);
        self.shell.refresh_to = Some(address);
        self
    }

    /// Renders the whole document at once. Data was loaded before; nothing here waits, so an aborted request leaves
    /// nothing behind.
    pub fn render(self, view: impl IntoView + 'static) -> Response {
        let shell = self.shell;
        let html = render_html(move || shell::document(shell, view.into_any()));
        let mut response = (self.status, Html(html)).into_response();
        if let Some(same_for) = self.same_for {
            response.extensions_mut().insert(same_for);
        }
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(self.cache));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(self.ctx.w.lang.tag()));
        if self.ctx.flash.is_some() {
            headers.append(header::SET_COOKIE, super::ctx::clear_flash(self.ctx.app.config.https()));
        }
        response
    }
}

/// Whether a page is asked for by the service worker, without cookies, to be kept for when there is no signal.
fn is_kept(here: &str) -> bool {
    here == "/offline" || here.split_once('?').is_some_and(|(_, query)| query.split('&').any(|pair| pair == "shell=1"))
}

/// Renders a view to HTML in an owner of its own, with islands enabled.
pub fn render_html<V: IntoView>(view: impl FnOnce() -> V) -> String {
    let shared: Arc<dyn SharedContext + Send + Sync> = Arc::new(SsrSharedContext::new_islands());
    let owner = Owner::new_root(Some(shared));
    let html = owner.with(|| view().into_view().to_html());
    owner.unset_with_forced_cleanup();
    html
}

/// 303 to another page of ours.
pub fn see_other(location: &str) -> Response {
    let value = HeaderValue::from_str(location).unwrap_or_else(|_| HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, value)]).into_response()
}

/// 303 to another page of ours, which then shows the message `flash` (a catalogue key beginning with `flash-`) once.
pub fn see_other_with(ctx: &Ctx, location: &str, flash: &'static str) -> Response {
    let mut response = see_other(location);
    response.headers_mut().append(header::SET_COOKIE, super::ctx::flash(flash, ctx.app.config.https()));
    response
}

/// The door, coming back to `here` afterwards.
pub fn login_address(here: &str) -> String {
    format!("/login?next={}", encode(here))
}

/// The second factor's page, coming back to `here` afterwards.
pub fn second_factor_address(here: &str) -> String {
    format!("/login/second-factor?next={}", encode(here))
}

/// Percent-encodes a text for a query.
pub fn encode(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// An address to go to after a form: only paths of ours, so that no link leads people away. Anything else is `/`.
pub fn safe_next(next: Option<&str>) -> String {
    match next {
        Some(path)
            if path.starts_with('/')
                && !path.starts_with("//")
                && !path.contains('\\')
                && path.chars().all(|c| !c.is_control())
                && path.len() <= 2000 =>
        {
            path.to_owned()
        }
        _ => "/".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_paths_are_followed() {
        assert_eq!(safe_next(Some("/notices?kind=outage")), "/notices?kind=outage");
        for evil in ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/a\r\nb"] {
            assert_eq!(safe_next(Some(evil)), "/", "{evil}");
        }
        assert_eq!(safe_next(None), "/");
    }

    #[test]
    fn text_in_a_textarea_is_escaped() {
        // A defect of Leptos 0.8 that this project left it for.
        let evil = "</textarea><script>alert(1)</script>";
        let html = render_html(|| view! { <textarea>{evil}</textarea> });
        assert!(!html.contains("<script>"), "{html}");
    }
}
