//! `/staff/imports`: the files that were sent, and what one of them does.

use super::{Counts, Kind, MAX_LINES, Outcome, Verdict, heading};
use crate::{
    i18n::Words,
    reports::due::LimitKind,
    ui::parts::*,
    windows::{Area, LifeEvent},
};
use leptos::prelude::*;

/// How far an import has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Its lines are being looked at.
    Checking,
    /// It can be looked at and taken over.
    Shown,
    /// It is being taken over.
    Applying,
    /// It was taken over.
    Done,
    /// It was not, and its contents are gone.
    Dropped,
}

impl State {
    /// Every state.
    pub const ALL: [State; 5] = [State::Checking, State::Shown, State::Applying, State::Done, State::Dropped];

    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            State::Checking => "checking",
            State::Shown => "shown",
            State::Applying => "applying",
            State::Done => "done",
            State::Dropped => "dropped",
        }
    }

    fn badge(self, w: Words) -> AnyView {
        let (tone, key) = match self {
            State::Checking => (Tone::Busy, "imports-state-checking"),
            State::Shown => (Tone::Info, "imports-state-shown"),
            State::Applying => (Tone::Busy, "imports-state-applying"),
            State::Done => (Tone::Ok, "imports-state-done"),
            State::Dropped => (Tone::Neutral, "imports-state-dropped"),
        };
        view! { <Badge tone=tone word=w.t(key)/> }.into_any()
    }
}

/// One import of the list.
pub struct RunRow {
    /// Its address.
    pub href: String,
    /// What it brings.
    pub kind: Kind,
    /// The file.
    pub file: String,
    /// Who sent it.
    pub who: String,
    /// When.
    pub when: String,
    /// How far it is.
    pub state: State,
    /// What it does.
    pub counts: Counts,
}

/// What the list shows.
pub struct ListPage {
    /// Words.
    pub w: Words,
    /// The kinds that the reader may bring in.
    pub kinds: Vec<Kind>,
    /// The one chosen.
    pub chosen: Option<Kind>,
    /// What is wrong with the file that was sent: for which field, and words.
    pub error: Option<(&'static str, String)>,
    /// The latest imports.
    pub runs: Vec<RunRow>,
}

fn counts_words(w: Words, counts: &Counts) -> String {
    w.tf(
        "imports-counts",
        &[
            ("added", counts.added.into()),
            ("changed", counts.changed.into()),
            ("same", counts.same.into()),
            ("refused", counts.refused.into()),
        ],
    )
}

/// The list, with the form for a new one.
pub fn list_page(props: ListPage) -> AnyView {
    let ListPage { w, kinds, chosen, error, runs } = props;
    let errors: Vec<(String, String)> =
        error.iter().map(|(field, words)| ((*field).to_owned(), words.clone())).collect();
    let at = |name: &str| error.as_ref().filter(|(field, _)| *field == name).map(|(_, words)| words.clone());
    let choices = kinds
        .iter()
        .map(|kind| {
            let (name, note) = kind.keys();
            Choice::new(kind.code(), w.t(name)).note(w.t(note))
        })
        .collect();
    let templates = kinds
        .iter()
        .map(|kind| {
            let name = w.t(kind.keys().0);
            let href = format!("/staff/imports/template?kind={}", kind.code());
            view! { <li><a href=href download="">{w.tf("imports-template", &[("kind", name.into())])}</a></li> }
        })
        .collect_view();
    let columns = [
        "imports-column-file",
        "imports-column-kind",
        "imports-column-state",
        "imports-column-counts",
        "imports-column-who",
        "imports-column-when",
    ];
    let none = runs.is_empty();
    let rows = runs
        .into_iter()
        .map(|run| {
            vec![
                Cell::new(view! { <a href=run.href>{run.file}</a> }),
                Cell::new(w.t(run.kind.keys().0)),
                Cell::new(run.state.badge(w)),
                Cell::new(counts_words(w, &run.counts)),
                Cell::new(run.who),
                Cell::new(view! { <span class="nowrap">{run.when}</span> }),
            ]
        })
        .collect();
    let file_error = at("file");
    let invalid = file_error.is_some().then_some("true");
    let described = if invalid.is_some() { "file-hint file-error" } else { "file-hint" };
    view! {
        <p class="lead">{w.t("imports-lead")}</p>
        <ErrorSummary w=w errors=errors/>
        <form class="form" method="post" action="/staff/imports" enctype="multipart/form-data">
            <RadioField
                name="kind"
                legend=w.t("imports-what")
                choices=choices
                value=chosen.map_or("", Kind::code)
                error=at("kind")
            />
            <Field w=w name="file" label=w.t("imports-file") hint=w.tf("imports-file-hint", &[("lines", MAX_LINES.into())]) error=file_error>
                <input
                    class="input"
                    id="file"
                    name="file"
                    r#type="file"
                    accept=".csv,.txt,.tsv,.xlsx,.geojson,.json,application/geo+json,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
                    aria-invalid=invalid
                    aria-describedby=described
                    required=true
                />
            </Field>
            <ActionBar><Button label=w.t("imports-look") weight=Weight::Primary/></ActionBar>
        </form>
        <Section title=w.t("imports-templates")>
            <p class="meta">{w.t("imports-templates-note")}</p>
            <ul class="bullets">{templates}</ul>
            <p><a class="more-link" href="/staff/calendar">{w.t("imports-calendar")}</a></p>
        </Section>
        <Section title=w.t("imports-latest")>
            {if none {
                view! { <p class="meta">{w.t("imports-none")}</p> }.into_any()
            } else {
                view! { <Table caption=w.t("imports-latest-caption") columns=columns.map(|key| w.t(key)).to_vec() rows=rows/> }.into_any()
            }}
        </Section>
    }
    .into_any()
}

/// What the page of one import shows.
pub struct RunPage {
    /// Words.
    pub w: Words,
    /// Its address.
    pub here: String,
    /// What it brings.
    pub kind: Kind,
    /// Who sent it.
    pub who: String,
    /// When.
    pub when: String,
    /// How far it is.
    pub state: State,
    /// What it does.
    pub counts: Counts,
    /// Lines of the file, and how many of them are through.
    pub lines: (i64, i64),
    /// The database had changed when it was to be taken over.
    pub again: bool,
    /// Only lines without a mistake were taken over.
    pub only_good: bool,
    /// Which lines are shown.
    pub show: Verdict,
    /// They.
    pub outcomes: Vec<Outcome>,
    /// Page of them, of how many.
    pub page: (u32, u32),
    /// Tells what is shown from what would be shown later.
    pub mark: String,
    /// What is wrong with the form.
    pub error: Option<String>,
    /// The reader may take it over.
    pub may: bool,
}

/// One import.
pub fn run_page(props: RunPage) -> AnyView {
    let w = props.w;
    let head = vec![
        Fact::new(w.t("imports-column-kind"), w.t(props.kind.keys().0)),
        Fact::new(w.t("imports-column-who"), props.who.clone()),
        Fact::new(w.t("imports-column-when"), props.when.clone()),
    ];
    let body = match props.state {
        State::Checking | State::Applying => progress(&props),
        State::Dropped => view! { <Note tone=Tone::Neutral><p>{w.t("imports-dropped")}</p></Note> }.into_any(),
        State::Shown => {
            let form = props.may.then(|| take_form(&props));
            let trouble = props.again.then(|| view! { <Note tone=Tone::Warn><p>{w.t("imports-again")}</p></Note> });
            view! { {trouble} {figures(&props)} {form} {lines(&props)} }.into_any()
        }
        State::Done => {
            let key = if props.only_good { "imports-done-good" } else { "imports-done" };
            view! { <Note tone=Tone::Ok><p>{w.t(key)}</p></Note> {figures(&props)} {lines(&props)} }.into_any()
        }
    };
    view! { <p>{props.state.badge(w)}</p> <Facts facts=head/> {body} }.into_any()
}

fn progress(props: &RunPage) -> AnyView {
    let w = props.w;
    let (lines, through) = props.lines;
    let key = if props.state == State::Checking { "imports-checking" } else { "imports-applying" };
    let said = w.tf(key, &[("through", through.into()), ("lines", lines.into())]);
    view! {
        <div class="limit" role="status">
            <span>{said.clone()}</span>
            <progress value=through.to_string() max=lines.max(1).to_string() aria-label=said></progress>
        </div>
        <p class="meta">{w.t("imports-by-itself")}</p>
        <p><a class="button" href=props.here.clone()>{w.t("imports-look-again")}</a></p>
    }
    .into_any()
}

fn figures(props: &RunPage) -> AnyView {
    let w = props.w;
    let ways = Verdict::ALL
        .into_iter()
        .map(|verdict| {
            let href = format!("{}?show={}", props.here, verdict.code());
            Way::new(href, w.t(verdict.key()), verdict == props.show).count(props.counts.get(verdict))
        })
        .collect();
    view! { <Chips label=w.t("imports-show") ways=ways/> }.into_any()
}

fn take_form(props: &RunPage) -> AnyView {
    let (w, counts) = (props.w, props.counts);
    let does = counts.added + counts.changed;
    let drop = format!("{}/drop", props.here);
    let drop = view! {
        <form method="post" action=drop><Button label=w.t("imports-drop") weight=Weight::Quiet/></form>
    };
    if does == 0 {
        let key = if counts.refused == 0 { "imports-nothing" } else { "imports-nothing-good" };
        return view! { <Note tone=Tone::Info><p>{w.t(key)}</p></Note> {drop} }.into_any();
    }
    let all = if counts.refused == 0 { "imports-mode-all-note" } else { "imports-mode-all-refused" };
    let mut choices = vec![
        Choice::new("all", w.t("imports-mode-all")).note(w.tf(all, &[("count", counts.refused.into())])),
        Choice::new("good", w.tf("imports-mode-good", &[("count", does.into())])).note(w.t("imports-mode-good-note")),
    ];
    choices[0].disabled = counts.refused > 0;
    let chosen = if counts.refused == 0 { "all" } else { "good" };
    let errors: Vec<(String, String)> = props.error.iter().map(|words| ("mode".to_owned(), words.clone())).collect();
    view! {
        <ErrorSummary w=w errors=errors/>
        <form class="form" method="post" action=format!("{}/take", props.here)>
            <input r#type="hidden" name="mark" value=props.mark.clone()/>
            <RadioField name="mode" legend=w.t("imports-mode") choices=choices value=chosen error=props.error.clone()/>
            <ActionBar>
                <Button label=w.tf("imports-take", &[("count", does.into())]) weight=Weight::Primary/>
            </ActionBar>
        </form>
        {drop}
    }
    .into_any()
}

/// A value as the page shows it: codes in words.
fn shown(kind: Kind, column: &str, value: &str, w: Words) -> String {
    let word = match (kind, column) {
        (_, "photo_needed" | "active" | "lead") if value == "1" => Some("imports-yes"),
        (_, "photo_needed" | "active" | "lead") if value == "0" => Some("imports-no"),
        (Kind::Items, "area") => Area::from_code(value).map(Area::key),
        (Kind::Items, "life") => {
            let words = value.split('、').filter_map(LifeEvent::from_code).map(|event| w.t(event.key()));
            return words.collect::<Vec<_>>().join("、");
        }
        (Kind::Categories, "limit_kind") => LimitKind::from_code(value).map(super::lines::limit_key),
        (Kind::People, "role") => crate::people::Role::from_code(value).map(crate::people::Role::key),
        _ => None,
    };
    match word {
        Some(key) => w.t(key),
        None if value.is_empty() => w.t("imports-empty"),
        None => value.to_owned(),
    }
}

fn lines(props: &RunPage) -> AnyView {
    let (w, kind) = (props.w, props.kind);
    if props.outcomes.is_empty() {
        return view! { <p class="meta">{w.t("imports-no-lines")}</p> }.into_any();
    }
    let rows = props
        .outcomes
        .iter()
        .map(|outcome| {
            let said = outcome.mistakes.iter().map(|mistake| {
                let value = if mistake.value.is_empty() { w.t("imports-empty") } else { mistake.value.clone() };
                let head = heading(kind, &mistake.column, w);
                view! { <li><strong>{head}</strong>" "<q>{value}</q>" — "{mistake.words(w)}</li> }.into_any()
            });
            let differs = outcome.differences.iter().map(|difference| {
                let head = heading(kind, &difference.column, w);
                let value = |value: &str| shown(kind, &difference.column, value, w);
                let after = value(&difference.after);
                if outcome.verdict == Verdict::Add {
                    view! { <li>{head}" "<ins>{after}</ins></li> }.into_any()
                } else {
                    view! { <li>{head}" "<del>{value(&difference.before)}</del>" → "<ins>{after}</ins></li> }.into_any()
                }
            });
            let note = outcome
                .note
                .as_ref()
                .map(|note| view! { <li>{w.tf(&note.key, &[("what", note.what.as_str().into())])}</li> }.into_any());
            let all: Vec<AnyView> = said.chain(differs).chain(note).collect();
            let what = (!all.is_empty()).then(|| view! { <ul class="bullets">{all}</ul> });
            vec![Cell::number(outcome.line), Cell::new(outcome.what.clone()), Cell::new(what)]
        })
        .collect();
    let columns = ["imports-column-line", "imports-column-object", "imports-column-does"].map(|key| w.t(key)).to_vec();
    let (page, pages) = props.page;
    let at = |page: u32| format!("{}?show={}&page={page}", props.here, props.show.code());
    let refused = (props.show == Verdict::Refused).then(|| {
        let href = format!("{}/refused.csv", props.here);
        view! { <p><a class="more-link" href=href download="">{w.t("imports-refused-file")}</a></p> }
    });
    view! {
        {refused}
        <Table caption=w.t(props.show.key()) columns=columns rows=rows/>
        <Pagination
            w=w
            page=page
            pages=pages
            previous=(page > 1).then(|| at(page - 1))
            next=(page < pages).then(|| at(page + 1))
        />
    }
    .into_any()
}
