//! `/me/service`: one's own record.

use super::parts::{HourRow, Typed, hour_state, length};
use crate::{
    i18n::Words,
    partners::{HourState, MemberState},
    ui::parts::*,
};
use leptos::prelude::*;

/// A team in the record.
pub struct TeamEntry {
    /// Id of the team.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where the registration stands.
    pub state: MemberState,
    /// From when until when, or why not; in words.
    pub note: String,
}

/// What the page shows.
pub struct RecordPage {
    /// Words.
    pub w: Words,
    /// Years with their minutes, the latest first.
    pub years: Vec<(i16, i64)>,
    /// All entries.
    pub hours: Vec<HourRow>,
    /// Trainings, in words: topic, and when and how long.
    pub trainings: Vec<(String, String)>,
    /// Teams.
    pub teams: Vec<TeamEntry>,
    /// Reports for which hours can be told: code and words.
    pub handled: Vec<(String, String)>,
    /// Teams for which hours can be told: id and name.
    pub active: Vec<(String, String)>,
    /// Certificates: address, number and period, whether they stand.
    pub certificates: Vec<(String, String, bool)>,
    /// What was typed.
    pub typed: Typed,
    /// One form tells one entry.
    pub key: String,
}

/// One's own record: hours by year, trainings, teams, certificates; and the form that tells hours.
pub fn record(page: RecordPage) -> AnyView {
    let RecordPage { w, years, hours, trainings, teams, handled, active, certificates, typed, key } = page;
    if hours.is_empty() && teams.is_empty() && handled.is_empty() {
        return view! {
            <Empty icon_name="volunteer" title=w.t("partners-record-empty") text=w.t("partners-record-empty-text")>
                <LinkButton href="/teams" label=w.t("partners-record-teams") weight=Weight::Primary/>
            </Empty>
        }
        .into_any();
    }
    let figures = years
        .iter()
        .map(|(year, minutes)| {
            let words = length(w, *minutes);
            view! { <li><span class="muted">{w.tf("partners-year", &[("year", year.to_string().into())])}</span> " " <strong class="num">{words}</strong></li> }
        })
        .collect_view();
    let certified = !years.is_empty();
    view! {
        {typed.summary(w)}
        <p class="lead">{w.t("partners-record-lead")}</p>
        {certified.then(|| view! { <ul class="partners-years">{figures}</ul> })}
        {certified.then(|| certificate_form(w, &typed, certificates))}
        {tell_form(w, &typed, (handled, active), key)}
        {hours_part(w, hours)}
        {trainings_part(w, trainings)}
        {teams_part(w, teams)}
        <p><a href="/teams">{w.t("partners-record-teams")}</a></p>
    }
    .into_any()
}

fn certificate_form(w: Words, typed: &Typed, certificates: Vec<(String, String, bool)>) -> AnyView {
    let none = certificates.is_empty();
    let rows = certificates
        .into_iter()
        .map(|(href, title, stands)| {
            let (tone, key) = if stands { (Tone::Ok, "partners-valid") } else { (Tone::Warn, "partners-corrected") };
            view! { <Item w=w href=href title=title icon_name="disclosure"><Badge tone=tone word=w.t(key)/></Item> }
        })
        .collect_view();
    let form = view! {
        <form class="stack" method="get" action="/me/service/certificate">
            <div class="partners-two">
                {typed.day(w, "from", "partners-from")}
                {typed.day(w, "until", "partners-until")}
            </div>
            <Buttons><Button label=w.t("partners-certificate-see")/></Buttons>
        </form>
    }
    .into_any();
    view! {
        <Section title=w.t("partners-certificate")>{form}{(!none).then(|| view! { <List>{rows}</List> })}</Section>
    }
    .into_any()
}

/// Values and words of a choice.
type Options = Vec<(String, String)>;

fn tell_form(w: Words, typed: &Typed, (handled, active): (Options, Options), key: String) -> Option<AnyView> {
    if handled.is_empty() && active.is_empty() {
        return None;
    }
    let mut reports = vec![(String::new(), w.t("partners-tell-no-report"))];
    reports.extend(handled);
    let mut teams = vec![(String::new(), w.t("partners-tell-no-team"))];
    teams.extend(active);
    let fields = ["report", "team", "day", "hours", "words"];
    Some(
        view! {
            <details class="more" id="tell" open=typed.any_wrong(&fields)>
                <summary>{w.t("partners-tell")}</summary>
                <div class="more-body">
                    <form class="stack" method="post" action="/me/service/hours">
                        <input type="hidden" name="key" value=key/>
                        <p class="hint">{w.t("partners-tell-lead")}</p>
                        {(reports.len() > 1).then(|| typed.select(w, ("report", "partners-tell-report"), reports, true))}
                        {(teams.len() > 1).then(|| typed.select(w, ("team", "partners-team"), teams, true))}
                        {typed.input(w, ("words", "text"), ("partners-words", Some(w.t("partners-words-hint"))), true)}
                        <div class="partners-two">{typed.day(w, "day", "partners-day")}{typed.hours(w, "hours")}</div>
                        <Buttons><Button label=w.t("partners-tell-do") weight=Weight::Primary/></Buttons>
                    </form>
                </div>
            </details>
        }
        .into_any(),
    )
}

fn hours_part(w: Words, hours: Vec<HourRow>) -> Option<AnyView> {
    if hours.is_empty() {
        return None;
    }
    let rows: Vec<Vec<Cell>> = hours
        .into_iter()
        .map(|row| {
            let undo = (row.state == HourState::Proposed).then(|| {
                let spoken = format!(" {} {}", row.day, row.what);
                view! {
                    <form method="post" action=format!("/me/service/hours/{}/withdraw", row.id)>
                        <button class="link-button">{w.t("partners-withdraw")}<span class="sr">{spoken}</span></button>
                    </form>
                }
            });
            let note = row.note.map(|note| view! { <p class="small muted">{note}</p> });
            vec![
                Cell::new(row.what),
                Cell::new(row.day),
                Cell::new(length(w, row.minutes)),
                Cell::new(view! { {hour_state(w, row.state)}{note}{undo} }),
            ]
        })
        .collect();
    let columns = ["partners-words", "partners-day", "partners-hours", "partners-agreement-state"].map(|key| w.t(key));
    Some(
        view! {
            <Section title=w.t("partners-record-hours")>
                <Table caption=w.t("partners-record-hours-caption") columns=columns.to_vec() rows=rows/>
            </Section>
        }
        .into_any(),
    )
}

fn trainings_part(w: Words, trainings: Vec<(String, String)>) -> Option<AnyView> {
    if trainings.is_empty() {
        return None;
    }
    let rows = trainings
        .into_iter()
        .map(|(topic, note)| view! { <li>{topic} " " <span class="muted small">{note}</span></li> })
        .collect_view();
    Some(view! { <Section title=w.t("partners-trainings")><ul>{rows}</ul></Section> }.into_any())
}

fn teams_part(w: Words, teams: Vec<TeamEntry>) -> Option<AnyView> {
    if teams.is_empty() {
        return None;
    }
    let rows = teams
        .into_iter()
        .map(|entry| {
            let holds = matches!(entry.state, MemberState::Asked | MemberState::Active);
            let tone = match entry.state {
                MemberState::Active => Tone::Ok,
                MemberState::Asked => Tone::Busy,
                _ => Tone::Neutral,
            };
            let badge = view! { <Badge tone=tone word=w.t(entry.state.key())/> };
            let name = if holds {
                view! { <a href=format!("/teams/{}", entry.id)>{entry.name}</a> }.into_any()
            } else {
                view! { <span>{entry.name}</span> }.into_any()
            };
            view! { <li>{name} " " {badge} " " <span class="muted small">{entry.note}</span></li> }
        })
        .collect_view();
    Some(view! { <Section title=w.t("partners-teams")><ul class="partners-teams">{rows}</ul></Section> }.into_any())
}
