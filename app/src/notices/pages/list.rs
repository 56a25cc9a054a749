//! Lists of notices.

use crate::{
    i18n::Words,
    notices::{NoticeKind, NoticeRow, limits},
    time,
    ui::parts::*,
};
use jiff::{Timestamp, civil::Date};
use leptos::prelude::*;

/// What `/notices` shows.
pub struct NoticeList {
    /// The rows of this page.
    pub rows: Vec<NoticeRow>,
    /// The chosen kind.
    pub kind: Option<NoticeKind>,
    /// The chosen month of the archive; its first day.
    pub month: Option<Date>,
    /// Months of the archive, the latest first.
    pub months: Vec<Date>,
    /// How many there are of each kind, for the words searched.
    pub counts: Vec<(NoticeKind, i64)>,
    /// The words searched.
    pub search: String,
    /// This page, from 1.
    pub page: u32,
    /// The last page.
    pub pages: u32,
    /// When the last visit ended, and how many notices were published or corrected since; `None`: this is the first.
    pub changed: Option<(Timestamp, i64)>,
    /// Only those are shown.
    pub only_new: bool,
    /// Nobody has chosen a community: notices of everywhere are shown.
    pub everywhere: bool,
    /// Address of the same as a feed.
    pub feed: String,
    /// Address of the activities as a calendar to subscribe to.
    pub calendar: String,
    /// Questions to residents that wait for the reader's answer.
    pub consultations: i64,
}

impl NoticeList {
    fn address(&self, kind: Option<NoticeKind>, page: u32) -> String {
        let mut parts = Vec::new();
        if let Some(kind) = kind {
            parts.push(format!("kind={}", kind.code()));
        }
        if let Some(month) = self.month {
            parts.push(format!("month={}", month.strftime("%Y-%m")));
        }
        if !self.search.is_empty() {
            parts.push(format!("q={}", encode(&self.search)));
        }
        if self.only_new {
            parts.push("new=1".to_owned());
        }
        if page > 1 {
            parts.push(format!("page={page}"));
        }
        if parts.is_empty() { "/notices".to_owned() } else { format!("/notices?{}", parts.join("&")) }
    }
}

/// Percent-encodes a text for a query.
fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

/// The list with its filters and search.
pub fn notice_list(w: Words, now: Timestamp, list: NoticeList) -> impl IntoView {
    let total: i64 = list.counts.iter().map(|(_, count)| count).sum();
    let mut ways = vec![Way::new(list.address(None, 1), w.t("notices-all"), list.kind.is_none()).count(total)];
    for kind in NoticeKind::ALL {
        let count = list.counts.iter().find(|(k, _)| *k == kind).map_or(0, |(_, count)| *count);
        if count > 0 || list.kind == Some(kind) {
            ways.push(Way::new(list.address(Some(kind), 1), w.t(kind.key()), list.kind == Some(kind)).count(count));
        }
    }
    let previous = (list.page > 1).then(|| list.address(list.kind, list.page - 1));
    let next = (list.page < list.pages).then(|| list.address(list.kind, list.page + 1));
    let (page, pages) = (list.page, list.pages);
    let archive = archive(w, &list);
    let month = list.month;
    let consultations = list.consultations;
    let follow = list.kind.map_or_else(|| "/me/follows".to_owned(), |kind| format!("/me/follows?kind={}", kind.code()));
    let changed = list.changed.map(|changed| changed_part(w, now, changed, list.only_new));
    let before = list.changed.map(|(at, _)| at).filter(|_| !list.only_new && list.search.is_empty());
    let body = if list.rows.is_empty() {
        empty(w, &list).into_any()
    } else {
        marked_rows(w, now, list.rows, before).into_any()
    };
    view! {
        {list.everywhere.then(|| view! {
            <Note><p>{w.t("notices-everywhere")} " " <a href="/communities?next=%2Fnotices">{w.t("choose-community")}</a></p></Note>
        })}
        <form class="search" role="search" method="get" action="/notices">
            {list.kind.map(|kind| view! { <input type="hidden" name="kind" value=kind.code()/> })}
            {month.map(|month| view! { <input type="hidden" name="month" value=month.strftime("%Y-%m").to_string()/> })}
            <input
                class="input"
                r#type="search"
                name="q"
                value=list.search
                maxlength=limits::SEARCH_CHARS.to_string()
                aria-label=w.t("notices-search")
                placeholder=w.t("notices-search")
            />
            <button class="button">{icon("search")}<span class="sr">{w.t("notices-search-do")}</span></button>
        </form>
        <Chips label=w.t("notices-kinds") ways=ways/>
        {(consultations > 0).then(|| view! {
            <p><a class="more-link" href="/consultations">{w.tf("consultations-notices-link", &[("count", consultations.into())])}</a></p>
        })}
        {changed}
        {body}
        <Pagination w=w page=page pages=pages previous=previous next=next/>
        {archive}
        <p><a class="more-link" href=follow>{w.t("follow-link")}</a></p>
        {(consultations == 0).then(|| view! {
            <p><a class="more-link" href="/consultations">{w.t("consultations-title")}</a></p>
        })}
        <p><a class="more-link" href="/property">{w.t("property-public")}</a></p>
        <p class="optional"><a class="more-link" href=list.feed type="application/atom+xml">{w.t("notices-feed-link")}</a></p>
        <p class="optional"><a class="more-link" href=list.calendar type="text/calendar">{w.t("activity-feed-link")}</a></p>
    }
}

/// The way to what was said in earlier months, what has expired included.
fn archive(w: Words, list: &NoticeList) -> AnyView {
    if list.months.len() < 2 && list.month.is_none() {
        return ().into_any();
    }
    let mut ways = vec![Way::new("/notices".to_owned(), w.t("notices-now"), list.month.is_none())];
    ways.extend(list.months.iter().map(|month| {
        let name = w.tf(
            "notices-month",
            &[("year", month.year().to_string().into()), ("month", i64::from(month.month()).into())],
        );
        Way::new(format!("/notices?month={}", month.strftime("%Y-%m")), name, list.month == Some(*month))
    }));
    view! {
        <details class="more" open=list.month.is_some()>
            <summary>{w.t("notices-archive")}</summary>
            <div class="more-body"><Chips label=w.t("notices-archive") ways=ways/></div>
        </details>
    }
    .into_any()
}

fn empty(w: Words, list: &NoticeList) -> AnyView {
    if list.search.is_empty() && list.kind.is_none() && !list.only_new {
        return view! { <Empty icon_name="bell" title=w.t("notices-none") text=w.t("notices-none-text")/> }.into_any();
    }
    let text = match list.search.is_empty() {
        true => w.t("notices-none-kind"),
        false => w.tf("notices-none-found", &[("words", list.search.clone().into())]),
    };
    view! {
        <Empty icon_name="search" title=w.t("notices-nothing") text=text>
            <LinkButton href="/notices" label=w.t("notices-show-all")/>
        </Empty>
    }
    .into_any()
}

/// How much changed since the last visit, with the way to that alone and back.
fn changed_part(w: Words, now: Timestamp, (at, count): (Timestamp, i64), only_new: bool) -> AnyView {
    let when = time::date_time(w.lang, at, now);
    let text = match count {
        0 => w.tf("notices-unchanged", &[("when", when.into())]),
        count => w.tf("notices-changed", &[("when", when.into()), ("count", count.into())]),
    };
    let (href, word) = match only_new {
        true => ("/notices", w.t("notices-show-all")),
        false => ("/notices?new=1", w.t("notices-changed-only")),
    };
    view! {
        <p class="since small">
            <span>{text}</span>
            {(only_new || count > 0).then(|| view! { " " <a href=href>{word}</a> })}
        </p>
    }
    .into_any()
}

/// The rows with a line where those begin that were there at the last visit. Pinned ones stand above it, whenever they
/// were published: each row says itself whether it is new.
fn marked_rows(w: Words, now: Timestamp, rows: Vec<NoticeRow>, before: Option<Timestamp>) -> impl IntoView {
    let is_new = |row: &NoticeRow| before.is_some_and(|before| row.published_at > before);
    let old_from = rows.iter().position(|row| !row.pinned && !is_new(row));
    let anything_new = rows.iter().any(is_new);
    let items = rows
        .into_iter()
        .enumerate()
        .map(|(n, row)| {
            let new = is_new(&row);
            let line = (before.is_some() && anything_new && old_from == Some(n)).then(|| {
                view! { <li class="seen-line"><span>{w.t("notices-seen-line")}</span></li> }
            });
            view! { {line} {notice_item(w, now, row, new)} }
        })
        .collect_view();
    view! { <ul class="list">{items}</ul> }
}

fn notice_item(w: Words, now: Timestamp, row: NoticeRow, new: bool) -> impl IntoView {
    let mut note = vec![w.t(row.kind.key()), row.place.unwrap_or(row.source)];
    note.push(time::ago(w, row.published_at, now));
    let class = if row.withdrawn { "item notice-item withdrawn" } else { "item notice-item" };
    view! {
        <li>
            <a
                class=class
                href=format!("/notices/{}", row.id)
                data-kind=row.kind.code()
                data-unread=row.unread.then_some("")
            >
                <span class="item-icon">{icon(row.kind.icon())}</span>
                <span class="item-body">
                    <span class="item-main">
                        <span class="item-title">
                            {row.unread.then(|| view! { <span class="sr">{w.t("ui-unread")}" "</span> })}
                            {row.title}
                        </span>
                        <span class="item-note">{note.join(" · ")}</span>
                    </span>
                    <span class="item-end">
                        {new.then(|| view! { <Tag word=w.t("notice-is-new")/> })}
                        {row.pinned.then(|| view! { <Tag word=w.t("notice-pinned") pinned=true/> })}
                        {row.withdrawn.then(|| view! { <Badge tone=Tone::Bad word=w.t("notice-is-withdrawn")/> })}
                        {(row.corrected && !row.withdrawn)
                            .then(|| view! { <Badge tone=Tone::Warn word=w.t("notice-is-corrected")/> })}
                    </span>
                </span>
            </a>
        </li>
    }
}
