//! `/staff/grids/{code}/duty`: who answers, who stands in, turns and absences.

use super::{Errors, summary};
use crate::{
    i18n::Words,
    ui::{parts::*, summary::ErrorSummary},
};
use leptos::prelude::*;

/// A turn.
pub struct TurnRow {
    /// Id.
    pub id: String,
    /// Whose.
    pub name: String,
    /// From when to when, in words.
    pub days: String,
    /// On which days of the week, in words.
    pub weekdays: String,
}

/// An absence.
pub struct AwayRow {
    /// Id.
    pub id: String,
    /// Whose.
    pub name: String,
    /// From when to when, in words.
    pub days: String,
}

/// What the page shows.
pub struct DutyPage {
    /// Words.
    pub w: Words,
    /// Where its forms are sent.
    pub here: String,
    /// Ids and names of grid workers whose role reaches the grid.
    pub workers: Vec<(String, String)>,
    /// Ids and names of everybody who may stand in or take a turn.
    pub others: Vec<(String, String)>,
    /// Ids and names of those named for this grid, who may be away.
    pub named: Vec<(String, String)>,
    /// Turns that are not over.
    pub turns: Vec<TurnRow>,
    /// Absences that are not over.
    pub away: Vec<AwayRow>,
    /// What was typed, or what holds: `responsible`, `substitute`, `turn_person`, `turn_from`, `turn_until`, `away_person`,
    /// `away_from`, `away_until`.
    pub typed: std::collections::BTreeMap<&'static str, String>,
    /// Numbers of ticked days of the week.
    pub weekdays: Vec<String>,
    /// The names of the days of the week, Monday first.
    pub week: Vec<String>,
    /// One form makes one turn or absence.
    pub key: String,
    /// What is wrong.
    pub errors: Errors,
}

/// The page.
pub fn duty_page(page: DutyPage) -> AnyView {
    let DutyPage { w, here, workers, others, named, turns, away, typed, weekdays, week, key, errors } = page;
    let typed = |name: &str| typed.get(name).cloned().unwrap_or_default();
    let error = |name: &str| errors.get(name).cloned();
    let with_none = |mut people: Vec<(String, String)>| {
        people.insert(0, (String::new(), w.t("grids-not-named")));
        people
    };
    let days = week.into_iter().enumerate().map(|(n, name)| Choice::new((n + 1).to_string(), name)).collect();
    let (any_turns, any_away, may_be_away) = (!turns.is_empty(), !away.is_empty(), !named.is_empty());
    let turns = turns
        .into_iter()
        .map(|row| {
            let of = format!(" {} {}", row.name, row.days);
            vec![
                Cell::new(row.name),
                Cell::new(row.days),
                Cell::new(row.weekdays),
                Cell::new(remove(&here, "remove_turn", row.id, w.t("grids-remove"), of)),
            ]
        })
        .collect();
    let away = away
        .into_iter()
        .map(|row| {
            let of = format!(" {} {}", row.name, row.days);
            vec![
                Cell::new(row.name),
                Cell::new(row.days),
                Cell::new(remove(&here, "remove_away", row.id, w.t("grids-remove"), of)),
            ]
        })
        .collect();
    let naming = view! {
        <form class="form" method="post" action=here.clone()>
            <SelectField
                w=w
                name="responsible"
                label=w.t("grids-responsible")
                hint=w.t("grids-responsible-hint")
                options=with_none(workers)
                value=typed("responsible")
                error=error("responsible")
                optional=true
            />
            <SelectField
                w=w
                name="substitute"
                label=w.t("grids-substitute")
                hint=w.t("grids-substitute-hint")
                options=with_none(others.clone())
                value=typed("substitute")
                error=error("substitute")
                optional=true
            />
            <Buttons>
                <Button label=w.t("grids-duty-save") weight=Weight::Primary sends=("act", "name".to_owned())/>
            </Buttons>
        </form>
    }
    .into_any();
    let turn = view! {
        <form class="form" method="post" action=here.clone()>
            <input type="hidden" name="key" value=key.clone()/>
            <SelectField
                w=w
                name="turn_person"
                label=w.t("grids-turn-person")
                hint=w.t("grids-turn-hint")
                options=with_none(others)
                value=typed("turn_person")
                error=error("turn_person")
            />
            <TextField w=w name="turn_from" label=w.t("grids-from") kind="date" value=typed("turn_from") error=error("turn_from") width="w-mid"/>
            <TextField w=w name="turn_until" label=w.t("grids-until") kind="date" value=typed("turn_until") error=error("turn_until") width="w-mid"/>
            <CheckField name="weekdays" legend=w.t("grids-weekdays") hint=w.t("grids-weekdays-hint") choices=days checked=weekdays error=error("weekdays")/>
            <Buttons><Button label=w.t("grids-turn-add") sends=("act", "turn".to_owned())/></Buttons>
        </form>
    }
    .into_any();
    let leave = may_be_away.then(|| {
        view! {
            <form class="form" method="post" action=here.clone()>
                <input type="hidden" name="key" value=key/>
                <SelectField
                    w=w
                    name="away_person"
                    label=w.t("grids-away-person")
                    hint=w.t("grids-away-hint")
                    options=named
                    value=typed("away_person")
                    error=error("away_person")
                />
                <TextField w=w name="away_from" label=w.t("grids-from") kind="date" value=typed("away_from") error=error("away_from") width="w-mid"/>
                <TextField w=w name="away_until" label=w.t("grids-until") kind="date" value=typed("away_until") error=error("away_until") width="w-mid"/>
                <Buttons><Button label=w.t("grids-away-add") sends=("act", "away".to_owned())/></Buttons>
            </form>
        }
        .into_any()
    });
    let columns = |keys: &[&str]| keys.iter().map(|key| w.t(key)).collect::<Vec<_>>();
    let turn_columns = columns(&["grids-column-who", "grids-column-days", "grids-column-weekdays", "grids-column-do"]);
    let away_columns = columns(&["grids-column-who", "grids-column-days", "grids-column-do"]);
    let turns = any_turns
        .then(|| view! { <Table caption=w.t("grids-turns-caption") columns=turn_columns rows=turns/> })
        .map_or_else(|| view! { <p class="muted">{w.t("grids-turns-none")}</p> }.into_any(), IntoAny::into_any);
    let away = any_away.then(|| view! { <Table caption=w.t("grids-away-caption") columns=away_columns rows=away/> });
    let leave = leave.unwrap_or_else(|| view! { <p class="muted">{w.t("grids-away-nobody")}</p> }.into_any());
    view! {
        <p class="lead">{w.t("grids-duty-lead")}</p>
        <ErrorSummary w=w errors=summary(&errors)/>
        <Section title=w.t("grids-people")>{naming}</Section>
        <Section title=w.t("grids-turns")>{turns}{turn}</Section>
        <Section title=w.t("grids-away")>{away}{leave}</Section>
    }
    .into_any()
}

fn remove(here: &str, act: &'static str, id: String, word: String, of: String) -> AnyView {
    let action = here.to_owned();
    view! {
        <form method="post" action=action>
            <input type="hidden" name="id" value=id/>
            <button class="button small" r#type="submit" name="act" value=act>{word}<span class="sr">{of}</span></button>
        </form>
    }
    .into_any()
}
