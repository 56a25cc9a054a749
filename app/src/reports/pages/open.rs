//! Reports for everybody: cards, the list of a community with its map, and the step between the form and filing.

use super::tone;
use crate::{
    i18n::Words,
    reports::{State, form::ReportForm},
    ui::{badge::Badge, parts::*},
};
use leptos::prelude::*;

/// A report as everybody may see it.
#[derive(Clone, Debug)]
pub struct OpenCard {
    /// Its code.
    pub code: String,
    /// Category.
    pub title: String,
    /// Grid and building; empty where neither is known.
    pub place: String,
    /// When it was filed, in words.
    pub when: String,
    /// State.
    pub state: State,
    /// Id of a photo that staff released.
    pub photo: Option<String>,
    /// How many joined.
    pub followers: i64,
    /// The newest words for everybody.
    pub said: Option<String>,
}

fn card(w: Words, card: OpenCard, join: bool) -> AnyView {
    let href = format!("/reports/{}", card.code);
    let note = [card.place, card.when].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" · ");
    let photo = card.photo.map(|id| {
        view! { <img class="item-thumb" src=format!("/photos/{id}/thumb") alt="" width="64" height="64" loading="lazy"/> }
    });
    let followers = (card.followers > 0).then(|| w.tf("reports-more-followers", &[("count", card.followers.into())]));
    let join = join.then(|| {
        view! {
            <form method="post" action=format!("{href}/join")>
                <Button label=w.t("reports-more-join") icon_name="plus" small=true/>
            </form>
        }
    });
    view! {
        <li class="card open-card">
            {photo}
            <div class="open-main">
                <p class="card-title"><a href=href>{card.title}</a></p>
                <p class="small muted">{note}</p>
                {card.said.map(|said| view! { <p class="small open-said">{said}</p> })}
                <p class="card-foot">
                    <Badge tone=tone(card.state) word=w.t(card.state.key())/>
                    {followers.map(|text| view! { <span>{text}</span> })}
                </p>
                {join}
            </div>
        </li>
    }
    .into_any()
}

/// Open reports nearby, each with a way to join it.
pub fn nearby_cards(w: Words, cards: Vec<OpenCard>) -> AnyView {
    let cards = cards.into_iter().map(|one| card(w, one, true)).collect_view();
    view! {
        <h2>{w.t("reports-more-nearby")}</h2>
        <p class="hint">{w.t("reports-more-nearby-hint")}</p>
        <ul class="alike">{cards}</ul>
    }
    .into_any()
}

/// The step between the form and filing: what is open nearby, and the way on. Everything typed goes along.
pub fn nearby_page(
    w: Words,
    cards: Vec<OpenCard>,
    form: ReportForm,
    community: String,
    photos: Vec<String>,
) -> AnyView {
    let fields = [
        ("key", form.key.clone()),
        ("community", community),
        ("category", form.category.clone()),
        ("building", form.building.clone()),
        ("place", form.place.clone()),
        ("longitude", form.longitude.clone()),
        ("latitude", form.latitude.clone()),
        ("description", form.description.clone()),
        ("name_hidden", if form.name_hidden { "1".to_owned() } else { String::new() }),
        ("unknown_to_staff", if form.unknown_to_staff { "1".to_owned() } else { String::new() }),
        ("contact", form.contact.clone()),
    ];
    let hidden = fields
        .into_iter()
        .chain(photos.into_iter().map(|id| ("photo", id)))
        .map(|(name, value)| view! { <input r#type="hidden" name=name value=value/> })
        .collect_view();
    view! {
        <section class="nearby stack">{nearby_cards(w, cards)}</section>
        <form method="post" action="/report" enctype="multipart/form-data" class="form" data-outbox="different">
            {hidden}
            <ActionBar>
                <Button label=w.t("reports-more-different") weight=Weight::Primary sends=("different", "1".to_owned())/>
            </ActionBar>
        </form>
    }
    .into_any()
}

/// What the public list shows.
pub struct OpenListPage {
    /// Words.
    pub w: Words,
    /// The reports of this page, newest first.
    pub cards: Vec<OpenCard>,
    /// Filters by state.
    pub state: Vec<Way>,
    /// Filters by kind.
    pub kinds: Vec<Way>,
    /// Filters by grid.
    pub grids: Vec<Way>,
    /// Filters by time.
    pub days: Vec<Way>,
    /// A filter besides the state is set: the filters stand open.
    pub narrowed: bool,
    /// The first page, when this is another one.
    pub first: Option<String>,
    /// Any filter is set.
    pub filtered: bool,
    /// The page after.
    pub next: Option<String>,
    /// Address of the feed.
    pub feed: String,
    /// Address of the plan, for the map.
    pub plan: String,
    /// Somebody is signed in: the way to their own reports.
    pub signed_in: bool,
}

/// A map for those who have JavaScript; nothing depends on it.
pub fn map_box(w: Words, plan: String, picks: bool) -> AnyView {
    view! {
        <details class="map-box" data-plan=plan data-picks=picks.then_some("")>
            <summary class="button small">{w.t(if picks { "reports-more-map-pick" } else { "reports-more-map" })}</summary>
            <p class="hint">{w.t(if picks { "reports-more-map-pick-hint" } else { "reports-more-map-hint" })}</p>
            <div
                class="map"
                role="group"
                aria-label=w.t("reports-more-map-label")
                data-zoom-in=w.t("reports-more-map-in")
                data-zoom-out=w.t("reports-more-map-out")
                data-list=w.t("reports-more-map-list")
                data-count=w.t("reports-more-map-count")
                data-failed=w.t("reports-more-map-failed")
            ></div>
            <p class="small" role="status"></p>
            <div class="map-list"></div>
        </details>
    }
    .into_any()
}

/// The page.
pub fn open_list_page(page: OpenListPage) -> AnyView {
    let OpenListPage { w, cards, state, kinds, grids, days, narrowed, filtered, first, next, feed, plan, signed_in } =
        page;
    let body = if cards.is_empty() {
        let text = if filtered { w.t("reports-more-list-empty-text") } else { w.t("reports-more-list-none-text") };
        view! {
            <Empty icon_name="report" title=w.t("reports-more-list-empty") text=text>
                {filtered.then(|| view! { <LinkButton href="/reports" label=w.t("reports-more-list-all")/> })}
            </Empty>
        }
        .into_any()
    } else {
        let cards = cards.into_iter().map(|one| card(w, one, false)).collect_view();
        view! { <ul class="alike">{cards}</ul> }.into_any()
    };
    let pages = (first.is_some() || next.is_some()).then(|| {
        view! {
            <nav class="pages" aria-label=w.t("ui-pages")>
                {first.map(|href| view! { <a rel="first" href=href>{w.t("desk-first-page")}</a> })}
                {next.map(|href| view! { <a rel="next" href=href>{w.t("ui-page-next")}</a> })}
            </nav>
        }
    });
    view! {
        <p class="lead">{w.t("reports-more-list-lead")}</p>
        <Buttons>
            <LinkButton href="/report" label=w.t("reports-new") weight=Weight::Primary/>
            {signed_in.then(|| view! { <LinkButton href="/me/reports" label=w.t("reports-mine")/> })}
        </Buttons>
        <Chips label=w.t("reports-filter-state") ways=state/>
        <details class="more-filters" open=narrowed>
            <summary>{w.t("reports-more-filters")}</summary>
            <div class="stack tight">
                <Chips label=w.t("reports-filter-kind") ways=kinds/>
                <Chips label=w.t("reports-filter-grid") ways=grids/>
                <Chips label=w.t("reports-more-filter-time") ways=days/>
            </div>
        </details>
        {map_box(w, plan, false)}
        {body}
        {pages}
        <p class="small"><a href=feed r#type="application/atom+xml">{w.t("reports-more-feed")}</a></p>
    }
    .into_any()
}

/// What is kept on this phone and not sent yet. Empty until the page's script fills it; the words are its own.
pub fn outbox_panel(w: Words, drafts: bool) -> AnyView {
    view! {
        <section
            class="outbox"
            hidden=true
            aria-labelledby="outbox-title"
            data-drafts=drafts.then_some("")
            data-draft=w.t("reports-more-outbox-draft")
            data-waiting=w.t("reports-more-outbox-waiting")
            data-sending=w.t("reports-more-outbox-sending")
            data-sent=w.t("reports-more-outbox-sent")
            data-failed=w.t("reports-more-outbox-failed")
            data-go-on=w.t("reports-more-outbox-go-on")
            data-retry=w.t("reports-photo-retry")
            data-remove=w.t("reports-more-outbox-remove")
            data-removed=w.t("reports-more-outbox-removed")
            data-undo=w.t("reports-more-outbox-undo")
            data-photos=w.t("reports-more-outbox-photos")
            data-without=w.tf("reports-more-outbox-without", &[("n", "{n}".into()), ("why", "{why}".into())])
            data-untitled=w.t("reports-more-outbox-untitled")
            data-queued=w.t("reports-more-outbox-queued")
            data-kept=w.t("reports-more-outbox-kept")
            data-unable=w.t("reports-more-outbox-unable")
            data-busy=w.t("reports-more-outbox-busy")
            data-foreign=w.t("reports-more-outbox-foreign")
            data-others=w.t("reports-more-outbox-others")
            data-unnamed=w.t("reports-more-outbox-unnamed")
            data-as-mine=w.t("reports-more-outbox-as-mine")
        >
            <h2 id="outbox-title">{w.t("reports-more-outbox")}</h2>
            <p role="status" class="small"></p>
            <ul class="outbox-list"></ul>
            <p class="outbox-others small muted"></p>
        </section>
    }
    .into_any()
}

/// 我也遇到 on the page of one report: how many joined, and the way in or out. `over`: nobody joins any more.
pub fn follow_box(w: Words, code: &str, followers: i64, joined: bool, over: bool) -> AnyView {
    let count = (followers > 0).then(|| {
        view! { <p class="small muted">{w.tf("reports-more-followers", &[("count", followers.into())])}</p> }
    });
    let form = if joined {
        Some(("leave", w.t("reports-more-leave"), Some(w.t("reports-more-joined"))))
    } else {
        (!over).then(|| ("join", w.t("reports-more-join"), None))
    };
    let form = form.map(|(to, label, said)| {
        view! {
            {said.map(|said| view! { <p>{said}</p> })}
            <form method="post" action=format!("/reports/{code}/{to}")>
                <Button label=label/>
            </form>
        }
    });
    view! { <div class="follow stack tight">{count}{form}</div> }.into_any()
}
