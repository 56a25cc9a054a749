//! The home page: my next, three doors, the newest notices.

use crate::{i18n::Words, notices::NoticeRow, places::NextCard, ui::parts::*};
use leptos::prelude::*;

/// What the home page shows.
pub struct HomeProps {
    /// Words.
    pub w: Words,
    /// A community is chosen; without one the page asks for it.
    pub chosen: bool,
    /// What the reader has to do or expect, most urgent first.
    pub next: Vec<NextCard>,
    /// The hall's opening now, one line.
    pub opening: Option<String>,
    /// Where a number can be drawn from afar now.
    pub remote: Option<String>,
    /// The newest and pinned notices.
    pub notices: Vec<HomeNotice>,
}

/// A notice on the home page.
pub struct HomeNotice {
    /// The notice.
    pub notice: NoticeRow,
    /// When it went out, in words.
    pub when: String,
}

fn notice_row(w: Words, HomeNotice { notice, when }: HomeNotice) -> AnyView {
    let note = [Some(w.t(notice.kind.key())), notice.place, Some(when)];
    let note = note.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let state = if notice.withdrawn {
        Some(view! { <Badge tone=Tone::Bad word=w.t("places-notice-withdrawn")/> }.into_any())
    } else if notice.corrected {
        Some(view! { <Badge tone=Tone::Warn word=w.t("places-notice-corrected")/> }.into_any())
    } else {
        notice.pinned.then(|| view! { <Tag word=w.t("places-notice-pinned") pinned=true/> }.into_any())
    };
    view! {
        <Item
            w=w
            href=format!("/notices/{}", notice.id)
            title=notice.title
            note=note
            icon_name=notice.kind.icon()
            unread=notice.unread
        >
            {state}
        </Item>
    }
    .into_any()
}

/// The cards of "my next"; with a number of today they follow the queue.
fn next_cards(next: Vec<NextCard>) -> AnyView {
    let feed = next.iter().find_map(|card| card.live.as_ref()).map(|live| live.feed.clone());
    let cards = next
        .into_iter()
        .map(|card| {
            let call = card.live.and_then(|live| live.call);
            let called = call.is_some().then_some("");
            view! {
                <div class="next-box" data-call=call data-called=called>
                    <Next href=card.href kicker=card.kicker title=card.title note=card.note/>
                </div>
            }
        })
        .collect_view();
    match feed {
        Some(feed) => view! { <div class="next-live" data-live=feed role="status">{cards}</div> }.into_any(),
        None => cards.into_any(),
    }
}

/// The page.
pub fn home(props: HomeProps) -> AnyView {
    let HomeProps { w, chosen, next, opening, remote, notices } = props;
    let next = next_cards(next);
    let ask = (!chosen).then(|| {
        view! {
            <section class="card choose">
                <h2 class="card-title">{w.t("places-ask-title")}</h2>
                <p>{w.t("places-ask-text")}</p>
                <div class="card-foot">
                    <LinkButton href="/communities" label=w.t("choose-community") weight=Weight::Primary/>
                </div>
            </section>
        }
    });
    let news = (!notices.is_empty()).then(|| {
        let notices = notices.into_iter().map(|notice| notice_row(w, notice)).collect_view();
        view! {
            <Section title=w.t("places-newest") more=Some(("/notices".to_owned(), w.t("places-all-notices")))>
                <List>{notices}</List>
            </Section>
        }
    });
    let book_note = opening.unwrap_or_else(|| w.t("places-door-services-note"));
    view! {
        {ask}
        {next}
        <Doors>
            <Door href="/services" icon_name="calendar" title=w.t("places-door-services") note=book_note/>
            <Door
                href="/report"
                icon_name="report"
                title=w.t("places-door-report")
                note=w.t("places-door-report-note")
            />
            <Door
                href="/notices"
                icon_name="emergency"
                title=w.t("places-door-notices")
                note=w.t("places-door-notices-note")
            />
        </Doors>
        {remote.map(|href| view! { <p><a class="more-link" href=href>{w.t("home-remote")}</a></p> })}
        {news}
    }
    .into_any()
}
