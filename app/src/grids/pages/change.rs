//! `/staff/grids/{code}/change`: a grid is split or merged, or gives buildings away, from a day on.

use super::{Errors, Plan, picture, summary};
use crate::{
    grids::{MOST_NAME, MOST_REASON, change::Kind},
    i18n::Words,
    ui::{parts::*, summary::ErrorSummary},
};
use leptos::prelude::*;

/// So many new grids can be named when one is split.
pub const NAMES: usize = 3;

/// A building of the grid, and where it goes.
pub struct BuildingChoice {
    /// Code.
    pub code: String,
    /// Name with households.
    pub name: String,
    /// For a split: number of the new grid, 0: stays. For a move: 1: goes.
    pub to: usize,
}

/// What the page shows.
pub struct ChangePage {
    /// Words.
    pub w: Words,
    /// Where its form is sent.
    pub here: String,
    /// What is done.
    pub kind: Kind,
    /// The plan.
    pub plan: Plan,
    /// The grid's buildings.
    pub buildings: Vec<BuildingChoice>,
    /// The community's other grids that stand: code and name.
    pub others: Vec<(String, String)>,
    /// Ticked ones, to be merged with this one.
    pub with: Vec<String>,
    /// Code of the grid that buildings go to, or as which merged ones go on; empty: a new one.
    pub into: String,
    /// Code and name of the grid itself.
    pub itself: (String, String),
    /// Names of new grids in Chinese and English.
    pub names: Vec<(String, String)>,
    /// The old grid goes on with what stays.
    pub keeps: bool,
    /// Two points of a line that divides the buildings, as typed.
    pub line: String,
    /// From which day.
    pub day: String,
    /// Why.
    pub reason: String,
    /// One form makes one change.
    pub key: String,
    /// What is wrong.
    pub errors: Errors,
}

/// The page.
pub fn change_page(page: ChangePage) -> AnyView {
    let ChangePage { w, here, kind, plan, errors, day, reason, key, .. } = page;
    let error = |field: &str| errors.get(field).cloned();
    let ways = Kind::ALL
        .into_iter()
        .map(|one| Way::new(format!("{here}?kind={}", one.code()), w.t(one.key()), one == kind))
        .collect();
    let (lead, what) = match kind {
        Kind::Split => ("grids-split-lead", split(w, page.buildings, page.names, page.keeps, page.line, &errors)),
        Kind::Merge => {
            ("grids-merge-lead", merge(w, page.others, page.with, (page.itself, page.into), page.names, &errors))
        }
        Kind::Move => ("grids-move-lead", moved(w, page.buildings, page.others, page.into, &errors)),
    };
    let drawn = picture(plan, false);
    let most = u32::try_from(MOST_REASON).unwrap_or(u32::MAX);
    view! {
        <Tabs label=w.t("grids-change-kinds") ways=ways/>
        <p class="lead">{w.t(lead)}</p>
        <ErrorSummary w=w errors=summary(&errors)/>
        {drawn}
        <form class="form" method="post" action=here>
            <input type="hidden" name="kind" value=kind.code()/>
            <input type="hidden" name="key" value=key/>
            {what}
            <TextField w=w name="day" label=w.t("grids-change-day") hint=w.t("grids-change-day-hint") kind="date" value=day error=error("day") width="w-mid"/>
            <TextArea w=w name="reason" label=w.t("grids-change-reason") value=reason error=error("reason") maxlength=most rows=2 optional=true/>
            <Note tone=Tone::Info><p>{w.t("grids-change-what-happens")}</p></Note>
            <Buttons>
                <Button label=w.t("grids-change-plan") weight=Weight::Primary sends=("act", "plan".to_owned())/>
            </Buttons>
        </form>
    }
    .into_any()
}

/// Names of new grids, from the first to the last that can be named.
fn naming(w: Words, names: Vec<(String, String)>, count: usize, errors: &Errors) -> AnyView {
    let mut names = names;
    names.resize(count, Default::default());
    let error = errors.get("names").cloned();
    let invalid = error.is_some().then_some("");
    let described = error.is_some().then_some("names-error");
    let rows = names
        .into_iter()
        .enumerate()
        .map(|(n, (name, name_en))| {
            let id = if n == 0 { "names".to_owned() } else { format!("names-{n}") };
            let label = w.tf("grids-new-name", &[("n", (n + 1).into())]);
            let english = format!("{label} {}", w.t("grids-new-name-en"));
            view! {
                <div class="new-grid">
                    <label class="label" r#for=id.clone()>{label}</label>
                    <input class="input w-mid" id=id name="names" value=name maxlength=MOST_NAME.to_string() autocomplete="off" aria-describedby=described/>
                    <input class="input w-mid" name="names_en" value=name_en maxlength=MOST_NAME.to_string() autocomplete="off" aria-label=english placeholder=w.t("grids-new-name-en")/>
                </div>
            }
        })
        .collect_view();
    let error = error.map(|text| view! { <p class="error" id="names-error">{text}</p> });
    view! { <div class="field" data-invalid=invalid>{error}{rows}</div> }.into_any()
}

fn split(
    w: Words,
    buildings: Vec<BuildingChoice>,
    names: Vec<(String, String)>,
    keeps: bool,
    line: String,
    errors: &Errors,
) -> AnyView {
    let error = errors.get("buildings").cloned();
    let invalid = error.is_some().then_some("");
    let rows = buildings
        .into_iter()
        .enumerate()
        .map(|(n, building)| {
            let id = if n == 0 { "buildings".to_owned() } else { format!("to-{}", building.code) };
            let options = (0..=NAMES)
                .map(|nth| {
                    let word = match nth {
                        0 => w.t("grids-stays"),
                        nth => w.tf("grids-goes-to-new", &[("n", nth.into())]),
                    };
                    view! { <option value=nth.to_string() selected=nth == building.to>{word}</option> }
                })
                .collect_view();
            view! {
                <div class="grid-choice">
                    <label class="label" r#for=id.clone()>{building.name}</label>
                    <input type="hidden" name="building" value=building.code/>
                    <select class="input w-mid" id=id name="to">{options}</select>
                </div>
            }
        })
        .collect_view();
    let error = error.map(|text| view! { <p class="error">{text}</p> });
    let keep = vec![Choice::new("1", w.t("grids-keeps")).note(w.t("grids-keeps-note"))];
    let ticked = if keeps { vec!["1".to_owned()] } else { Vec::new() };
    let line_error = errors.get("line").cloned();
    view! {
        {naming(w, names, NAMES, errors)}
        <CheckField name="keeps" legend=w.t("grids-keeps-legend") choices=keep checked=ticked/>
        <fieldset class="field" data-invalid=invalid>
            <legend class="label">{w.t("grids-which-where")}</legend>
            {error}
            {rows}
        </fieldset>
        <details class="more">
            <summary>{w.t("grids-line")}</summary>
            <div class="more-body">
                <TextArea w=w name="line" label=w.t("grids-line-text") hint=w.t("grids-line-hint") value=line error=line_error rows=2 optional=true/>
                <Buttons><Button label=w.t("grids-line-do") sends=("act", "line".to_owned())/></Buttons>
            </div>
        </details>
    }
    .into_any()
}

fn merge(
    w: Words,
    others: Vec<(String, String)>,
    with: Vec<String>,
    (itself, into): ((String, String), String),
    names: Vec<(String, String)>,
    errors: &Errors,
) -> AnyView {
    let choices = others.iter().map(|(code, name)| Choice::new(code.clone(), name.clone())).collect();
    let mut options = vec![itself];
    options.extend(others);
    options.push((String::new(), w.t("grids-into-new")));
    view! {
        <CheckField name="with" legend=w.t("grids-merge-with") choices=choices checked=with error=errors.get("with").cloned()/>
        <SelectField
            w=w
            name="into"
            label=w.t("grids-merge-into")
            hint=w.t("grids-merge-into-hint")
            options=options
            value=into
            error=errors.get("into").cloned()
            optional=true
        />
        {naming(w, names, 1, errors)}
    }
    .into_any()
}

fn moved(
    w: Words,
    buildings: Vec<BuildingChoice>,
    others: Vec<(String, String)>,
    into: String,
    errors: &Errors,
) -> AnyView {
    let ticked = buildings.iter().filter(|building| building.to > 0).map(|building| building.code.clone()).collect();
    let choices = buildings.into_iter().map(|building| Choice::new(building.code, building.name)).collect();
    view! {
        <CheckField name="goes" legend=w.t("grids-move-which") choices=choices checked=ticked error=errors.get("goes").cloned()/>
        <SelectField w=w name="into" label=w.t("grids-move-to") options=others value=into error=errors.get("into").cloned()/>
    }
    .into_any()
}
