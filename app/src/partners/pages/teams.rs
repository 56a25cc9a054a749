//! Teams for staff.

use super::parts::{Typed, choices, community_field, length};
use crate::{i18n::Words, ui::parts::*};
use leptos::prelude::*;

/// Fields of a team.
fn fields(w: Words, typed: &Typed, skills: &[(String, String)]) -> AnyView {
    view! {
        {typed.line(w, "name", "partners-team-name", false)}
        {typed.text(w, "purpose", "partners-team-purpose", false)}
        {typed.checks(w, ("skills", "partners-team-skills"), choices(skills), Some(w.t("partners-team-skills-hint")))}
    }
    .into_any()
}

/// The page on which a team is made. `skills` and `communities`: code and word.
pub fn new_team(
    w: Words,
    typed: Typed,
    key: String,
    skills: &[(String, String)],
    communities: Vec<(String, String)>,
) -> AnyView {
    view! {
        {typed.summary(w)}
        <form class="stack" method="post" action="/staff/partners/teams">
            <input type="hidden" name="key" value=key/>
            {community_field(w, &typed, communities)}
            {fields(w, &typed, skills)}
            <Buttons><Button label=w.t("partners-team-make") weight=Weight::Primary/></Buttons>
        </form>
    }
    .into_any()
}

/// A training in a list.
pub struct TrainingRow {
    /// Id.
    pub id: String,
    /// The day, in words.
    pub day: String,
    /// What it was about.
    pub topic: String,
    /// How long.
    pub minutes: i64,
    /// How many were there.
    pub people: i64,
}

/// An activity in a list.
pub struct ActivityRow {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// When, in words.
    pub when: String,
    /// It is off.
    pub off: bool,
    /// It is over.
    pub over: bool,
}

/// The page of a team.
pub struct TeamPage {
    /// Words.
    pub w: Words,
    /// Id.
    pub id: String,
    /// What it is there for.
    pub purpose: String,
    /// What it looks for, in words.
    pub looks_for: String,
    /// Whether somebody can join it.
    pub open: bool,
    /// Those in it: id of the registration, name.
    pub members: Vec<(String, String)>,
    /// Its activities.
    pub activities: Vec<ActivityRow>,
    /// Activities that can be made its own: id and words.
    pub free: Vec<(String, String)>,
    /// Its trainings.
    pub trainings: Vec<TrainingRow>,
    /// All skills: code and word.
    pub skills: Vec<(String, String)>,
    /// The lock.
    pub version: i64,
    /// One form writes one training.
    pub key: String,
    /// What was typed into its forms.
    pub typed: Typed,
}

/// The page of a team: who is in it, activities, trainings, settings.
pub fn team_page(page: TeamPage) -> AnyView {
    let here = format!("/staff/partners/teams/{}", page.id);
    let TeamPage { w, id, purpose, looks_for, open, members, activities, free, trainings, skills, version, key, typed } =
        page;
    let changing = typed.any_wrong(&["name", "purpose"]);
    let looks_for = (!looks_for.is_empty()).then(|| view! { <p>{w.t("partners-team-skills")} " " {looks_for}</p> });
    let closed = (!open).then(|| view! { <Note tone=Tone::Warn><p>{w.t("partners-team-closed-text")}</p></Note> });
    let none = members.is_empty();
    let people = members
        .iter()
        .map(|(id, name)| {
            view! { <Item w=w href=format!("/staff/partners/members/{id}") title=name.clone() icon_name="user"/> }
        })
        .collect_view();
    let settings = view! {
        <details class="more" open=changing>
            <summary>{w.t("partners-team-change")}</summary>
            <div class="more-body">
                <form class="stack" method="post" action=here.clone()>
                    <input type="hidden" name="version" value=version.to_string()/>
                    {fields(w, &typed, &skills)}
                    <CheckBox name="closed" label=w.t("partners-team-close") note=w.t("partners-team-close-text") checked=!open/>
                    <Buttons><Button label=w.t("partners-save") weight=Weight::Primary/></Buttons>
                </form>
            </div>
        </details>
    };
    view! {
        {typed.summary(w)}
        {closed}
        <p class="lead partners-lines">{purpose}</p>
        {looks_for}
        <p><a href=format!("/teams/{id}")>{w.t("partners-team-public")}</a></p>
        <Section title=w.t("partners-members")>
            {if none { view! { <p class="muted">{w.t("partners-members-none")}</p> }.into_any() } else { view! { <List>{people}</List> }.into_any() }}
        </Section>
        {activities_part(w, &here, activities, free, &typed)}
        {trainings_part(w, &here, trainings, members, (key, &typed))}
        {settings}
    }
    .into_any()
}

fn activities_part(
    w: Words,
    here: &str,
    activities: Vec<ActivityRow>,
    free: Vec<(String, String)>,
    typed: &Typed,
) -> AnyView {
    let none = activities.is_empty();
    let rows = activities
        .into_iter()
        .map(|row| {
            let state = match (row.off, row.over) {
                (true, _) => Some((Tone::Warn, "partners-activity-off")),
                (_, true) => Some((Tone::Neutral, "partners-activity-over")),
                _ => None,
            };
            view! {
                <Item w=w href=format!("{here}/activities/{}", row.id) title=row.title note=row.when icon_name="activity">
                    {state.map(|(tone, key)| view! { <Badge tone=tone word=w.t(key)/> })}
                </Item>
            }
        })
        .collect_view();
    let action = format!("{here}/activities");
    let link = if free.is_empty() {
        view! { <p class="hint">{w.t("partners-activity-none-free")} " " <a href="/staff/notices/new?kind=activity">{w.t("partners-activity-write")}</a></p> }
            .into_any()
    } else {
        let mut options = vec![(String::new(), w.t("partners-choose"))];
        options.extend(free);
        view! {
            <details class="more" open=typed.any_wrong(&["activity"])>
                <summary>{w.t("partners-activity-link")}</summary>
                <div class="more-body">
                    <form class="stack" method="post" action=action>
                        {typed.select(w, ("activity", "partners-activity"), options, false)}
                        <Buttons><Button label=w.t("partners-activity-link-do") weight=Weight::Primary/></Buttons>
                    </form>
                </div>
            </details>
        }
        .into_any()
    };
    view! {
        <Section title=w.t("partners-activities")>
            {if none { view! { <p class="muted">{w.t("partners-activities-none")}</p> }.into_any() } else { view! { <List>{rows}</List> }.into_any() }}
            {link}
        </Section>
    }
    .into_any()
}

fn trainings_part(
    w: Words,
    here: &str,
    trainings: Vec<TrainingRow>,
    members: Vec<(String, String)>,
    (key, typed): (String, &Typed),
) -> AnyView {
    let none = trainings.is_empty();
    let rows: Vec<Vec<Cell>> = trainings
        .into_iter()
        .map(|row| {
            let action = format!("/staff/partners/trainings/{}/remove", row.id);
            let spoken = format!(" {} {}", row.topic, row.day);
            vec![
                Cell::new(row.topic),
                Cell::new(row.day),
                Cell::new(length(w, row.minutes)),
                Cell::number(row.people),
                Cell::new(view! {
                    <Confirm label=w.t("partners-training-remove") consequence=w.t("partners-training-remove-text")>
                        <form method="post" action=action>
                            <button class="button danger small">{w.t("partners-training-remove")}<span class="sr">{spoken}</span></button>
                        </form>
                    </Confirm>
                }),
            ]
        })
        .collect();
    let columns = ["partners-topic", "partners-day", "partners-hours", "partners-people", "partners-training-remove"]
        .map(|key| w.t(key));
    let table = if none {
        view! { <p class="muted">{w.t("partners-trainings-none")}</p> }.into_any()
    } else {
        view! { <Table caption=w.t("partners-trainings") columns=columns.to_vec() rows=rows/> }.into_any()
    };
    let action = format!("{here}/trainings");
    let add = (!members.is_empty()).then(|| {
        let fields = ["training_day", "topic", "training_hours", "members"];
        view! {
            <details class="more" open=typed.any_wrong(&fields)>
                <summary>{w.t("partners-training-add")}</summary>
                <div class="more-body">
                    <form class="stack" method="post" action=action>
                        <input type="hidden" name="key" value=key/>
                        {typed.line(w, "topic", "partners-topic", false)}
                        <div class="partners-two">
                            {typed.day(w, "training_day", "partners-day")}
                            {typed.hours(w, "training_hours")}
                        </div>
                        {typed.checks(w, ("members", "partners-training-who"), choices(&members), None)}
                        <Buttons><Button label=w.t("partners-training-add-do") weight=Weight::Primary/></Buttons>
                    </form>
                </div>
            </details>
        }
    });
    view! { <Section title=w.t("partners-trainings")>{table}{add}</Section> }.into_any()
}

/// Somebody who was ticked at the door.
pub struct CameRow {
    /// Id of the person.
    pub person: String,
    /// Name.
    pub name: String,
    /// They are in the team.
    pub member: bool,
    /// Minutes that are confirmed for it; 0: none yet.
    pub minutes: i64,
}

/// The page of a team's activity.
pub struct ActivityPage {
    /// Words.
    pub w: Words,
    /// Id of the team.
    pub team: String,
    /// The activity.
    pub row: ActivityRow,
    /// The notice whose words count.
    pub notice: String,
    /// Who was ticked at the door.
    pub came: Vec<CameRow>,
    /// What was typed.
    pub typed: Typed,
}

/// The page of a team's activity: hours for those who were ticked at the door.
pub fn activity_page(page: ActivityPage) -> AnyView {
    let ActivityPage { w, team, row, notice, came, typed } = page;
    let action = format!("/staff/partners/teams/{team}/activities/{}", row.id);
    let (done, left): (Vec<CameRow>, Vec<CameRow>) = came.into_iter().partition(|one| one.minutes > 0);
    let none = done.is_empty() && left.is_empty();
    let facts = vec![
        Fact::new(w.t("partners-activity-when"), row.when.clone()),
        Fact::new(w.t("partners-activity"), view! { <a href=format!("/notices/{notice}")>{row.title.clone()}</a> }),
        Fact::new(
            w.t("partners-activity-door"),
            view! { <a href=format!("/staff/notices/{notice}/sign-ups")>{w.t("partners-activity-door-open")}</a> },
        ),
    ];
    let confirmed = (!done.is_empty()).then(|| {
        let rows = done
            .into_iter()
            .map(|one| {
                let words = length(w, one.minutes);
                view! { <li>{one.name} " · " {words}</li> }
            })
            .collect_view();
        view! { <Section title=w.t("partners-activity-confirmed")><ul>{rows}</ul></Section> }
    });
    let form = match (left.is_empty(), row.over && !row.off) {
        (true, _) => None,
        (false, false) => Some(view! { <Note><p>{w.t("partners-conflict-not-over")}</p></Note> }.into_any()),
        (false, true) => {
            let boxes = left
                .iter()
                .map(|one| {
                    let choice = Choice::new(one.person.clone(), one.name.clone());
                    if one.member { choice } else { choice.note(w.t("partners-activity-not-member")) }
                })
                .collect();
            let form = view! {
                <form class="stack" method="post" action=action>
                    {typed.checks(w, ("people", "partners-activity-who"), boxes, Some(w.t("partners-activity-who-hint")))}
                    {typed.hours(w, "hours")}
                    <Buttons><Button label=w.t("partners-activity-confirm-do") weight=Weight::Primary/></Buttons>
                </form>
            }
            .into_any();
            Some(view! { <Section title=w.t("partners-activity-confirm")>{form}</Section> }.into_any())
        }
    };
    let empty = none.then(|| {
        view! { <Empty icon_name="user" title=w.t("partners-activity-nobody") text=w.t("partners-activity-nobody-text")/> }
    });
    view! { {typed.summary(w)}<Summary facts=facts/>{empty}{form}{confirmed} }.into_any()
}
