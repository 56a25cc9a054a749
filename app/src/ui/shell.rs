//! The frame around every page: head, header, navigation, flash message and the main landmark.

use super::badge::Count;
use super::flash::{Emergency, Flash};
use super::icon::icon;
use crate::i18n::{Lang, Words};
use crate::people::{Action, Role};
use leptos::prelude::*;

/// Which navigation the frame shows, and which of its entries is the current one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// 首页
    #[default]
    Home,
    /// 办事
    Services,
    /// 上报
    Report,
    /// 我的
    Me,
    /// Staff: 今日
    StaffToday,
    /// Staff: 公告
    StaffNotices,
    /// Staff: 预约
    StaffAppointments,
    /// Staff: 窗口
    StaffCounter,
    /// Staff: 评价
    StaffRatings,
    /// Staff: 案件
    StaffReports,
    /// Staff: 一张网
    StaffNet,
    /// Staff: 大厅
    StaffHalls,
    /// Volunteers and other handlers: 任务
    VolunteerTasks,
    /// The hall's screen: no frame around it.
    Board,
    /// The hall's own device: no frame around it.
    Kiosk,
    /// No entry is current.
    None,
}

impl Tab {
    /// Whether the page belongs to staff: a side bar on desks.
    pub fn is_staff(self) -> bool {
        matches!(
            self,
            Tab::StaffToday
                | Tab::StaffNotices
                | Tab::StaffAppointments
                | Tab::StaffCounter
                | Tab::StaffRatings
                | Tab::StaffReports
                | Tab::StaffNet
                | Tab::StaffHalls
        )
    }
}

/// The text size a person chose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Size {
    /// The ordinary size.
    #[default]
    Ordinary,
    /// 长辈版: 1.4× type and simpler pages.
    Large,
}

/// The person on whose behalf a page is shown, as far as the frame needs to know.
#[derive(Clone, Debug)]
pub struct ShellPerson {
    /// Name as the person wrote it.
    pub name: String,
    /// Unread messages in the inbox.
    pub unread: i64,
    /// Has a role that works in `/staff`.
    pub staff: bool,
    /// Has a role that works in `/volunteer`.
    pub handler: bool,
    /// Their roles beyond resident: the bar offers only what one of them may open.
    pub roles: Vec<Role>,
}

/// Files of the site, with the hashes that the build gave them.
#[derive(Clone, Debug, Default)]
pub struct ShellAssets {
    /// The style sheet's address.
    pub css: String,
    /// The script that starts islands and the service worker.
    pub boot: String,
    /// The WASM module's JavaScript half.
    pub js: String,
    /// The WASM module.
    pub wasm: String,
}

/// What the frame shows around a page.
#[derive(Clone, Debug)]
pub struct ShellProps {
    /// Words in the reader's language.
    pub w: Words,
    /// The reader's text size.
    pub size: Size,
    /// The page's own title, without the product's name.
    pub title: String,
    /// Where "back" leads; `None` on the four main pages.
    pub back: Option<String>,
    /// The current entry of the navigation.
    pub tab: Tab,
    /// The chosen community's name, if any.
    pub community: Option<String>,
    /// The community's hotline, always on screen in large type.
    pub hotline: Option<String>,
    /// Who reads.
    pub person: Option<ShellPerson>,
    /// A word for the session's person that only this deployment understands, empty without one: what is kept on the
    /// phone is marked with it. `None` on pages that the phone keeps for when there is no signal, which know nobody.
    pub who: Option<String>,
    /// This address with its query, for switches that come back here.
    pub here: String,
    /// One message about what was just done.
    pub flash: Option<String>,
    /// An emergency that concerns the reader.
    pub emergency: Option<EmergencyBand>,
    /// Load WebAssembly: the page has islands.
    pub islands: bool,
    /// Plainly marked demo deployment.
    pub demo: bool,
    /// One sentence for search engines and share cards.
    pub description: Option<String>,
    /// Reload the page by itself after so many seconds, for live pages without JavaScript.
    pub refresh: Option<u32>,
    /// Go there instead of reloading.
    pub refresh_to: Option<String>,
    /// A page that the service worker keeps for when there is no signal.
    pub keep: Option<String>,
    /// What messengers show of a link to this page.
    pub card: Option<ShareCard>,
    /// The same as an Atom feed, for programs that look for one.
    pub feed: Option<String>,
    /// Addresses of the site's files.
    pub assets: ShellAssets,
}

/// An emergency on top of every page of those it concerns.
#[derive(Clone, Debug)]
pub struct EmergencyBand {
    /// What happens.
    pub title: String,
    /// What to do; none where nobody wrote it.
    pub instruction: Option<String>,
    /// Where more is written.
    pub href: String,
}

/// What messengers show of a link (Open Graph).
#[derive(Clone, Debug)]
pub struct ShareCard {
    /// Address of the page, with the host.
    pub address: String,
    /// Address of the picture, with the host.
    pub picture: String,
    /// Its width and height, in pixels.
    pub size: (u32, u32),
    /// The picture in words.
    pub words: String,
}

/// The whole document.
pub fn document(props: ShellProps, body: AnyView) -> AnyView {
    let ShellProps { w, size, title, .. } = props.clone();
    let product = w.t("product-name");
    let full_title = if title.is_empty() { product.clone() } else { format!("{title} · {product}") };
    let data_size = (size == Size::Large).then_some("large");
    let hydrate = props.islands.then(|| {
        view! {
            <link rel="modulepreload" href=props.assets.js.clone() data-linli="js"/>
            <link
                rel="preload"
                href=props.assets.wasm.clone()
                r#as="fetch"
                r#type="application/wasm"
                crossorigin="anonymous"
                data-linli="wasm"
            />
        }
    });
    view! {
        <!DOCTYPE html>
        <html lang=w.lang.tag() data-size=data_size data-who=props.who.clone()>
            <head>
                <meta charset="utf-8"/>
                <title>{full_title.clone()}</title>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="theme-color" media="(prefers-color-scheme: light)" content="#fbfaf7"/>
                <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#111615"/>
                <meta name="format-detection" content="telephone=no"/>
                {props.description.clone().map(|text| view! { <meta name="description" content=text/> })}
                {view! { <meta content=full_title/> }.attr("property", "og:title")}
                {props.card.clone().map(|card| share_card(w, card, props.description.clone()))}
                {props.keep.clone().map(|address| view! { <meta name="linli-keep" content=address/> })}
                {props.feed.clone().map(|href| view! { <link rel="alternate" r#type="application/atom+xml" href=href/> })}
                {props.refresh.map(|seconds| refresh(seconds, &props))}
                <link rel="stylesheet" href=props.assets.css.clone()/>
                <link rel="icon" href="/icons/icon.svg" r#type="image/svg+xml"/>
                <link rel="apple-touch-icon" href="/icons/apple-touch-icon.png"/>
                <link rel="manifest" href="/manifest.webmanifest"/>
                {hydrate}
                <script r#type="module" src=props.assets.boot.clone()></script>
            </head>
            <body data-area=area(props.tab)>
                <a class="skip" href="#main">{w.t("skip-to-content")}</a>
                {header(&props)}
                {navigation(&props)}
                <main id="main" class=if props.tab.is_staff() { "page wide" } else { "page" } tabindex="-1">
                    {props.flash.clone().map(|text| view! { <Flash text=text/> })}
                    {props.emergency.clone().map(|band| view! {
                        <Emergency label=w.t("emergency-label") title=band.title text=band.instruction href=band.href/>
                    })}
                    {(!props.title.is_empty()).then(|| view! {
                        <div class="page-head">
                            {props.back.clone().map(|href| view! {
                                <a class="back" href=href>{icon("back")}{w.t("back")}</a>
                            })}
                            <h1>{props.title.clone()}</h1>
                        </div>
                    })}
                    {body}
                </main>
                {footer(&props)}
            </body>
        </html>
    }
    .into_any()
}

fn share_card(w: Words, card: ShareCard, description: Option<String>) -> AnyView {
    let one = |name: &'static str, text: String| view! { <meta content=text/> }.attr("property", name);
    let (width, height) = card.size;
    view! {
        {one("og:type", "article".to_owned())}
        {one("og:site_name", w.t("product-name"))}
        {one("og:url", card.address)}
        {description.map(|text| one("og:description", text))}
        {one("og:image", card.picture)}
        {one("og:image:type", "image/png".to_owned())}
        {one("og:image:width", width.to_string())}
        {one("og:image:height", height.to_string())}
        {one("og:image:alt", card.words)}
        <meta name="twitter:card" content="summary_large_image"/>
    }
    .into_any()
}

/// Goes on by itself. With JavaScript live regions look again by themselves, and a device that goes back to its start
/// leaves whoever touches it the whole time again (boot.js).
fn refresh(seconds: u32, props: &ShellProps) -> AnyView {
    let content = match &props.refresh_to {
        Some(address) => format!("{seconds};url={address}"),
        None => seconds.to_string(),
    };
    let rest = props.refresh_to.is_some().then(|| view! { <meta name="linli-rest" content=content.clone()/> });
    view! {
        {rest}
        <noscript><meta http-equiv="refresh" content=content/></noscript>
    }
    .into_any()
}

fn header(props: &ShellProps) -> AnyView {
    let w = props.w;
    let other = match w.lang {
        Lang::Zh => Lang::En,
        Lang::En => Lang::Zh,
    };
    let other_size = match props.size {
        Size::Large => ("ordinary", "size-ordinary"),
        Size::Ordinary => ("large", "size-large"),
    };
    view! {
        <header class="top">
            {props.demo.then(|| view! { <p class="demo-strip">{w.t("ui-demo-strip")}</p> })}
            <div class="top-in">
                <a class="place" href="/communities">
                    <span>{props.community.clone().unwrap_or_else(|| w.t("choose-community"))}</span>
                    {icon("expand")}
                </a>
                <form class="top-tools" method="post" action="/preferences">
                    {other_area(props).map(|(href, key)| view! { <a class="tool" href=href>{w.t(key)}</a> })}
                    <input type="hidden" name="next" value=props.here.clone()/>
                    <button class="tool" name="size" value=other_size.0>
                        {icon("text-size")}<span>{w.t(other_size.1)}</span>
                    </button>
                    <button class="tool" name="lang" value=other.tag() lang=other.tag()>
                        {icon("language")}<span>{w.t("language-other")}</span>
                    </button>
                </form>
            </div>
        </header>
    }
    .into_any()
}

/// Which part of Linli a page belongs to, for the style sheet.
fn area(tab: Tab) -> &'static str {
    match tab {
        _ if tab.is_staff() => "staff",
        Tab::VolunteerTasks => "volunteer",
        Tab::Board => "board",
        Tab::Kiosk => "kiosk",
        _ => "resident",
    }
}

/// The way to the other part of Linli, for people who work here and live here.
fn other_area(props: &ShellProps) -> Option<(&'static str, &'static str)> {
    let person = props.person.as_ref()?;
    if area(props.tab) != "resident" {
        Some(("/", "ui-to-resident"))
    } else if person.staff {
        Some(("/staff", "ui-to-staff"))
    } else if person.handler {
        Some(("/volunteer", "ui-to-volunteer"))
    } else {
        None
    }
}

/// The entries of a navigation: address, icon, label key, tab.
type Entry = (&'static str, &'static str, &'static str, Tab);

/// What a role must be able to do for a tab to be offered. The others are for everybody who sees their bar.
fn needs(tab: Tab) -> Option<Action> {
    match tab {
        Tab::StaffCounter => Some(Action::QueueServe),
        Tab::StaffRatings => Some(Action::HallManage),
        Tab::StaffNet => Some(Action::NetRead),
        _ => None,
    }
}

const RESIDENT_ENTRIES: [Entry; 4] = [
    ("/", "home", "nav-home", Tab::Home),
    ("/services", "calendar", "nav-services", Tab::Services),
    ("/report", "report", "nav-report", Tab::Report),
    ("/me", "user", "nav-me", Tab::Me),
];

const STAFF_ENTRIES: [Entry; 8] = [
    ("/staff", "list", "nav-staff-today", Tab::StaffToday),
    ("/staff/notices", "emergency", "nav-staff-notices", Tab::StaffNotices),
    ("/staff/appointments", "calendar", "nav-staff-appointments", Tab::StaffAppointments),
    ("/staff/counter", "ticket", "nav-staff-counter", Tab::StaffCounter),
    ("/staff/ratings", "success", "nav-staff-ratings", Tab::StaffRatings),
    ("/staff/reports", "report", "nav-staff-reports", Tab::StaffReports),
    ("/staff/net", "map", "nav-staff-net", Tab::StaffNet),
    ("/me", "user", "nav-me", Tab::Me),
];

const HANDLER_ENTRIES: [Entry; 4] = [
    ("/", "home", "nav-home", Tab::Home),
    ("/volunteer", "volunteer", "nav-volunteer", Tab::VolunteerTasks),
    ("/report", "report", "nav-report", Tab::Report),
    ("/me", "user", "nav-me", Tab::Me),
];

fn navigation(props: &ShellProps) -> AnyView {
    let w = props.w;
    // A grid worker who verifies reads pages of staff, and has none of their other pages.
    let is_staff = props.person.as_ref().is_some_and(|person| person.staff);
    let at_work = props.tab.is_staff() && is_staff;
    let entries: &[Entry] = if at_work {
        &STAFF_ENTRIES
    } else if props.tab.is_staff() || props.tab == Tab::VolunteerTasks {
        &HANDLER_ENTRIES
    } else {
        &RESIDENT_ENTRIES
    };
    let unread = props.person.as_ref().map_or(0, |person| person.unread);
    let offered = |tab: Tab| {
        needs(tab)
            .is_none_or(|action| props.person.iter().flat_map(|person| &person.roles).any(|role| role.may(action)))
    };
    let items = entries
        .iter()
        .filter(|(_, _, _, tab)| offered(*tab))
        .map(|(href, name, key, tab)| {
            let current = (*tab == props.tab).then_some("page");
            let count = (*tab == Tab::Me).then(|| {
                view! { <Count count=unread spoken=w.tf("unread-count", &[("count", unread.into())])/> }
            });
            // A bottom bar has room for five: a phone comes to the windows from the appointments.
            let class = matches!(tab, Tab::StaffCounter | Tab::StaffRatings | Tab::StaffNet).then_some("desk-only");
            view! {
                <li class=class>
                    <a href=*href aria-current=current>
                        {icon(name)}
                        <span>{w.t(key)}</span>
                        {count}
                    </a>
                </li>
            }
        })
        .collect_view();
    // In large type the community's telephone is always within reach of a resident's thumb; staff are whom it calls.
    let call = props.hotline.clone().filter(|_| props.size == Size::Large && !at_work).map(|phone| {
        view! { <li><a href=format!("tel:{phone}")>{icon("phone")}<span>{w.t("ui-call")}</span></a></li> }
    });
    view! {
        <nav class="bar" aria-label=w.t("nav-label")>
            <ul>{items}{call}</ul>
        </nav>
    }
    .into_any()
}

fn footer(props: &ShellProps) -> AnyView {
    let w = props.w;
    props
        .hotline
        .clone()
        .map(|phone| {
            view! {
                <footer class="foot">
                    <p>
                        {w.t("hotline-label")} " "
                        <a href=format!("tel:{phone}")>{icon("phone")}{phone.clone()}</a>
                    </p>
                </footer>
            }
        })
        .into_any()
}
