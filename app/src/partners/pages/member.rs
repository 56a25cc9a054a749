//! A registration, and an entry of service hours, for staff.

use super::parts::{HourRow, Typed, hour_state, length};
use crate::{
    i18n::Words,
    partners::{HourState, MemberState},
    ui::parts::*,
};
use leptos::prelude::*;

/// A grid of a registration.
pub struct GridRow {
    /// Name.
    pub name: String,
    /// 0: asked for, 1: given with this registration, 2: they had it before.
    pub granted: i64,
}

/// The page of a registration.
pub struct MemberPage {
    /// Words.
    pub w: Words,
    /// Id.
    pub id: String,
    /// Id and name of the team.
    pub team: (String, String),
    /// Number as shown.
    pub phone: String,
    /// Where it stands.
    pub state: MemberState,
    /// When they asked, since when they are in the team, when it ended; in words.
    pub dates: String,
    /// When they agreed, in words.
    pub consent: String,
    /// What they can do, and when they have time, in words.
    pub can: (String, String),
    /// They say that they can be sent.
    pub available: bool,
    /// In their own words.
    pub note: String,
    /// Grids.
    pub grids: Vec<GridRow>,
    /// Why declined or ended.
    pub reason: String,
    /// The lock.
    pub version: i64,
    /// Their trainings in this team, in words.
    pub trainings: Vec<String>,
    /// What was typed.
    pub typed: Typed,
    /// One form writes one entry.
    pub key: String,
}

fn state(w: Words, state: MemberState) -> AnyView {
    let tone = match state {
        MemberState::Asked => Tone::Busy,
        MemberState::Active => Tone::Ok,
        MemberState::Declined | MemberState::Left | MemberState::Ended => Tone::Neutral,
    };
    view! { <Badge tone=tone word=w.t(state.key())/> }.into_any()
}

fn or_dash(text: String) -> String {
    if text.is_empty() { "–".to_owned() } else { text }
}

/// The page of a registration: what was told, and what staff decide.
pub fn member_page(page: MemberPage) -> AnyView {
    let MemberPage {
        w,
        id,
        team,
        phone,
        state: stands,
        dates,
        consent,
        can,
        available,
        note,
        grids,
        reason,
        version,
        ..
    } = page;
    let (typed, key, trainings) = (page.typed, page.key, page.trainings);
    let here = format!("/staff/partners/members/{id}");
    let asks = grids.iter().any(|grid| grid.granted == 0);
    let grid_words = grids
        .iter()
        .map(|grid| {
            let key = match grid.granted {
                0 => "partners-grid-asked",
                1 => "partners-grid-given",
                _ => "partners-grid-before",
            };
            view! { <li>{grid.name.clone()} " " <span class="muted small">{w.t(key)}</span></li> }
        })
        .collect_view();
    let grid_words = if grids.is_empty() {
        view! { <span>"–"</span> }.into_any()
    } else {
        view! { <ul class="plain">{grid_words}</ul> }.into_any()
    };
    let holds = matches!(stands, MemberState::Asked | MemberState::Active);
    let mut facts = vec![
        Fact::new(w.t("partners-team"), view! { <a href=format!("/staff/partners/teams/{}", team.0)>{team.1}</a> }),
        Fact::new(w.t("partners-agreement-state"), view! { {state(w, stands)} " " <span class="muted">{dates}</span> }),
    ];
    if holds {
        let free = if available { "partners-available" } else { "partners-not-available" };
        facts.extend([
            Fact::new(w.t("partners-phone"), view! { <span class="num">{phone}</span> }),
            Fact::new(w.t("partners-skills"), or_dash(can.0)),
            Fact::new(w.t("partners-grids"), grid_words),
            Fact::new(w.t("partners-times"), or_dash(can.1)),
            Fact::new(w.t("partners-availability"), w.t(free)),
            Fact::new(w.t("partners-note"), or_dash(note)),
            Fact::new(w.t("partners-consent-at"), consent),
        ]);
    }
    if !reason.is_empty() {
        facts.push(Fact::new(w.t("partners-reason"), reason));
    }
    let accept = (stands == MemberState::Asked || (stands == MemberState::Active && asks)).then(|| {
        let (label, hint) = if stands == MemberState::Asked {
            ("partners-accept", "partners-accept-text")
        } else {
            ("partners-accept-grids", "partners-accept-grids-text")
        };
        view! {
            <form class="stack" method="post" action=here.clone()>
                <input type="hidden" name="version" value=version.to_string()/>
                <p class="hint">{w.t(hint)}</p>
                <Button label=w.t(label) weight=Weight::Primary icon_name="check" sends=("do", "accept".to_owned())/>
            </form>
        }
    });
    let refuse = holds.then(|| {
        let decline = (stands == MemberState::Asked || asks).then(|| {
            let label = if stands == MemberState::Asked { "partners-decline" } else { "partners-decline-grids" };
            view! { <Button label=w.t(label) weight=Weight::Danger sends=("do", "decline".to_owned())/> }
        });
        let end = (stands == MemberState::Active).then(|| {
            view! { <Button label=w.t("partners-end") weight=Weight::Danger sends=("do", "end".to_owned())/> }
        });
        let title = if stands == MemberState::Asked { "partners-decline" } else { "partners-end-title" };
        view! {
            <details class="more" open=typed.any_wrong(&["reason"])>
                <summary>{w.t(title)}</summary>
                <div class="more-body">
                    <form class="stack" method="post" action=here.clone()>
                        <input type="hidden" name="version" value=version.to_string()/>
                        {typed.input(w, ("reason", "text"), ("partners-reason", Some(w.t("partners-reason-told"))), false)}
                        <div class="buttons">{decline}{end}</div>
                    </form>
                </div>
            </details>
        }
    });
    let trainings = (!trainings.is_empty()).then(|| {
        let rows = trainings.into_iter().map(|text| view! { <li>{text}</li> }).collect_view();
        view! { <Section title=w.t("partners-trainings")><ul>{rows}</ul></Section> }
    });
    let hours = (stands == MemberState::Active).then(|| {
        view! {
            <details class="more" open=typed.any_wrong(&["day", "hours", "words"])>
                <summary>{w.t("partners-hours-write")}</summary>
                <div class="more-body">
                    <form class="stack" method="post" action=format!("{here}/hours")>
                        <input type="hidden" name="key" value=key/>
                        {typed.line(w, "words", "partners-words", false)}
                        <div class="partners-two">{typed.day(w, "day", "partners-day")}{typed.hours(w, "hours")}</div>
                        <Buttons><Button label=w.t("partners-hours-write-do") weight=Weight::Primary/></Buttons>
                    </form>
                </div>
            </details>
        }
    });
    view! {
        {typed.summary(w)}
        <p class="hint">{w.t("partners-look-noted")}</p>
        <Summary facts=facts/>
        {accept}{trainings}{hours}{refuse}
    }
    .into_any()
}

/// The page of an entry of service hours.
pub struct HourPage {
    /// Words.
    pub w: Words,
    /// The entry.
    pub row: HourRow,
    /// Name of the team, may be empty.
    pub team: String,
    /// The lock.
    pub version: i64,
    /// It is the reader's own: a colleague decides.
    pub own: bool,
    /// What was typed.
    pub typed: Typed,
}

/// The page of an entry of service hours: confirmed, declined, taken back.
pub fn hour_page(page: HourPage) -> AnyView {
    let HourPage { w, row, team, version, own, typed } = page;
    let here = format!("/staff/partners/hours/{}", row.id);
    let mut facts = vec![
        Fact::new(w.t("partners-whose-hours"), row.name),
        Fact::new(w.t("partners-words"), row.what),
        Fact::new(w.t("partners-day"), row.day),
        Fact::new(w.t("partners-hours"), length(w, row.minutes)),
        Fact::new(w.t("partners-agreement-state"), hour_state(w, row.state)),
    ];
    if !team.is_empty() {
        facts.insert(1, Fact::new(w.t("partners-team"), team));
    }
    if let Some(note) = row.note {
        facts.push(Fact::new(w.t("partners-hour-note"), note));
    }
    let version = version.to_string();
    let reason = |verdict: &str, title: &str, text: &str| {
        let (label, verdict) = (w.t(title), verdict.to_owned());
        view! {
            <details class="more" open=typed.any_wrong(&["reason"])>
                <summary>{w.t(title)}</summary>
                <div class="more-body">
                    <p>{w.t(text)}</p>
                    <form class="stack" method="post" action=here.clone()>
                        <input type="hidden" name="version" value=version.clone()/>
                        {typed.input(w, ("reason", "text"), ("partners-reason", Some(w.t("partners-reason-told"))), false)}
                        <Buttons><Button label=label weight=Weight::Danger sends=("do", verdict)/></Buttons>
                    </form>
                </div>
            </details>
        }
        .into_any()
    };
    let forms = match row.state {
        _ if own => view! { <Note><p>{w.t("partners-conflict-own")}</p></Note> }.into_any(),
        HourState::Proposed => {
            let decline = reason("decline", "partners-hour-decline", "partners-hour-decline-text");
            view! {
                <form method="post" action=here.clone()>
                    <input type="hidden" name="version" value=version.clone()/>
                    <Button label=w.t("partners-hour-confirm") weight=Weight::Primary icon_name="check" sends=("do", "confirm".to_owned())/>
                </form>
                {decline}
            }
            .into_any()
        }
        HourState::Confirmed => reason("take-back", "partners-hour-take-back", "partners-hour-take-back-text"),
        HourState::Declined | HourState::Withdrawn | HourState::TakenBack => ().into_any(),
    };
    view! { {typed.summary(w)}<Summary facts=facts/>{forms} }.into_any()
}
