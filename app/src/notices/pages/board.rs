//! The notice board of a hall or lift: one notice at a time, in large type.

use crate::{i18n::Words, notices::NoticeFact, ui::parts::*};
use leptos::prelude::*;

/// What the board shows of a notice.
#[derive(Clone, Debug)]
pub struct Slide {
    /// Kind's code.
    pub kind: &'static str,
    /// Kind in a word.
    pub kind_word: String,
    /// Who says it and when.
    pub source: String,
    /// Title.
    pub title: String,
    /// What to do; emergencies.
    pub instruction: Option<String>,
    /// Facts, the first few.
    pub facts: Vec<NoticeFact>,
    /// The beginning of the text, without markup.
    pub text: String,
    /// QR code of its address, as a picture's address.
    pub qr: String,
}

/// The board.
pub struct NoticeBoard {
    /// The place it hangs in.
    pub place: String,
    /// The community's phone, may be empty.
    pub phone: String,
    /// Date and time.
    pub clock: String,
    /// What is shown now.
    pub slide: Option<Slide>,
    /// It is an emergency: nothing else is shown.
    pub emergency: bool,
    /// Which one of how many, from 1.
    pub turn: (usize, usize),
}

/// The page. The script turns it without a flicker and keeps what is shown when the network fails; without it the page
/// loads itself again.
pub fn notice_board(w: Words, board: NoticeBoard) -> impl IntoView {
    let (number, count) = board.turn;
    let state = board.emergency.then_some("emergency");
    let slide = match board.slide {
        Some(slide) => slide_part(w, slide, board.emergency),
        None => view! { <section class="noticeboard-slide"><h1>{w.t("board-none")}</h1></section> }.into_any(),
    };
    view! {
        <div class="noticeboard" data-state=state data-script="/noticeboard.js">
            <header class="noticeboard-head">
                <p>{board.place}</p>
                <p class="num" data-clock>{board.clock}</p>
            </header>
            {slide}
            <footer class="noticeboard-foot">
                <p class="noticeboard-lost" role="status">{w.t("board-lost")}</p>
                <p>{(!board.phone.is_empty()).then(|| w.tf("board-phone", &[("phone", board.phone.into())]))}</p>
                <p class="num">
                    {(count > 1).then(|| w.tf("board-turn", &[("number", number.into()), ("count", count.into())]))}
                </p>
            </footer>
        </div>
    }
}

fn slide_part(w: Words, slide: Slide, emergency: bool) -> AnyView {
    let facts: Vec<Fact> = slide.facts.into_iter().map(|fact| Fact::new(fact.label, fact.value)).collect();
    let many = facts.len() > 2;
    let long = slide.title.chars().count() > 24;
    view! {
        <section class="noticeboard-slide" data-kind=slide.kind role=emergency.then_some("alert")>
            <p class="noticeboard-kind"><span class="tag">{slide.kind_word}</span> " " {slide.source}</p>
            <h1 data-long=long.then_some("")>{slide.title}</h1>
            <div class="noticeboard-body">
                <div class="noticeboard-text">
                    {slide.instruction.map(|text| view! {
                        <p class="noticeboard-do"><strong>{w.t("board-instruction")}</strong> " " {text}</p>
                    })}
                    {(!facts.is_empty()).then(|| view! { <Facts facts=facts/> })}
                    {(!many && !slide.text.is_empty()).then(|| view! { <p>{slide.text}</p> })}
                </div>
                <figure class="noticeboard-qr">
                    <img src=slide.qr alt="" width="220" height="220"/>
                    <figcaption>{w.t("board-scan")}</figcaption>
                </figure>
            </div>
        </section>
    }
    .into_any()
}

/// A community or building on the page of screens.
pub struct ScreenPlace {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
}

/// What the staff's page of screens, embedding and feeds shows.
pub struct Screens {
    /// The communities the reader may choose from: address and name, the chosen one marked.
    pub communities: Vec<Way>,
    /// The chosen one.
    pub community: ScreenPlace,
    /// Its buildings.
    pub buildings: Vec<ScreenPlace>,
    /// The address that people use, without a slash at its end.
    pub base: String,
    /// Kinds: code and word.
    pub kinds: Vec<(&'static str, String)>,
}

impl ScreenPlace {
    /// Where the board of this community is.
    pub fn board(&self) -> String {
        format!("/board/notices?community={}", self.code)
    }

    /// Where the board of this building is, for its lift.
    pub fn lift(&self) -> String {
        format!("/board/notices?building={}", self.code)
    }

    /// Where this community's notices are for other people's pages.
    pub fn embed(&self) -> String {
        format!("/embed/notices?community={}", self.code)
    }

    /// The line that puts them into such a page. `base`: the address that people use, without a slash at its end.
    pub fn embed_line(&self, base: &str) -> String {
        format!(
            "<iframe src=\"{base}{}\" title=\"{}\" width=\"100%\" height=\"420\" loading=\"lazy\"></iframe>",
            self.embed(),
            self.name.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
        )
    }
}

/// The staff's page of screens, embedding and feeds.
pub fn screens_page(w: Words, page: Screens) -> impl IntoView {
    let Screens { communities, community, buildings, base, kinds } = page;
    let (board, embed, line) = (community.board(), community.embed(), community.embed_line(&base));
    let buildings = buildings
        .into_iter()
        .map(|building| {
            let href = building.lift();
            view! { <li><a href=href>{building.name}</a></li> }
        })
        .collect_view();
    let feed = |kind: &str| match kind {
        "" => format!("/notices.atom?community={}", community.code),
        kind => format!("/notices.atom?community={}&kind={kind}", community.code),
    };
    let feeds = kinds
        .into_iter()
        .map(|(code, word)| {
            let name = w.tf("screens-feed-kind", &[("kind", word.into())]);
            view! { <li><a href=feed(code) type="application/atom+xml">{name}</a></li> }
        })
        .collect_view();
    let whole = feed("");
    let calendar = format!("/activities.ics?community={}", community.code);
    view! {
        <p class="lead">{w.t("screens-lead")}</p>
        {(communities.len() > 1).then(|| view! { <Chips label=w.t("screens-communities") ways=communities/> })}
        <Section title=w.t("screens-board")>
            <p>{w.t("screens-board-text")}</p>
            <div class="buttons">
                <LinkButton href=board label=w.t("screens-board-open") weight=Weight::Primary icon_name="device"/>
            </div>
            <details class="more">
                <summary>{w.t("screens-buildings")}</summary>
                <div class="more-body"><ul class="bullets">{buildings}</ul></div>
            </details>
        </Section>
        <Section title=w.t("screens-embed")>
            <p>{w.t("screens-embed-text")}</p>
            <p class="copy"><code class="code typed">{line.clone()}</code></p>
            <div class="buttons">
                <button class="button" type="button" data-do="copy" data-text=line hidden>{w.t("screens-copy")}</button>
                <LinkButton href=embed label=w.t("screens-embed-see") icon_name="external"/>
            </div>
        </Section>
        <Section title=w.t("screens-feeds")>
            <ul class="bullets">
                <li><a href=whole type="application/atom+xml">{w.t("screens-feed-all")}</a></li>
                {feeds}
                <li><a href=calendar type="text/calendar">{w.t("activity-feed-link")}</a></li>
            </ul>
        </Section>
    }
}
