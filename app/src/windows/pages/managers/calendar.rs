//! `/staff/calendar`: the statutory calendar by years, as months, and the import of a year.

use super::conflict;
use crate::{
    i18n::Words,
    time::{HolidayYear, import::DayChange},
    ui::parts::*,
    windows::settings::WEEK_KEYS,
};
use jiff::{
    Span,
    civil::{Date, Weekday},
};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// A year of the list.
pub struct YearRow {
    /// The year.
    pub year: i16,
    /// Officially published; nothing is guessed of one that is not.
    pub published: bool,
    /// The notice it was taken from.
    pub source: String,
    /// Days off.
    pub off: usize,
    /// Weekend days that are worked instead.
    pub work: usize,
    /// Who imported it and when; `None`: shipped.
    pub imported: Option<(String, String)>,
    /// It has versions.
    pub history: bool,
}

/// The form of an import.
#[derive(Default)]
pub struct ImportForm {
    /// The text that was pasted.
    pub text: String,
    /// The notice that lines were taken from.
    pub source: String,
    /// What is wrong, a sentence each.
    pub wrong: Vec<String>,
    /// Somebody imported the year meanwhile: who, when, what.
    pub meanwhile: Vec<(String, Vec<String>)>,
}

/// What the page shows.
pub struct CalendarProps {
    /// Words.
    pub w: Words,
    /// The years, newest first.
    pub rows: Vec<YearRow>,
    /// The year shown as months.
    pub shown: Option<HolidayYear>,
    /// The form, for those who may import.
    pub form: Option<ImportForm>,
}

/// The page.
pub fn calendar_page(props: CalendarProps) -> AnyView {
    let CalendarProps { w, rows, shown, form } = props;
    let columns = [
        "calendar-column-year",
        "calendar-column-state",
        "calendar-off",
        "calendar-work",
        "calendar-source",
        "calendar-column-from",
    ]
    .map(|key| w.t(key))
    .to_vec();
    let table: Vec<Vec<Cell>> = rows.into_iter().map(|row| year_cells(w, row)).collect();
    let months = shown.map(|year| {
        let title = w.tf("calendar-year", &[("year", i64::from(year.year).into())]);
        view! { <Section title=title>{months(w, &year, &[])}</Section> }
    });
    let form = form.map(|form| import_form(w, form));
    view! {
        <p class="lead">{w.t("calendar-lead")}</p>
        <Table caption=w.t("calendar-title") columns=columns rows=table/>
        {form}
        {months}
    }
    .into_any()
}

fn year_cells(w: Words, row: YearRow) -> Vec<Cell> {
    let YearRow { year, published, source, off, work, imported, history } = row;
    let state = if published {
        view! { <Badge tone=Tone::Ok word=w.t("calendar-published")/> }
    } else {
        view! { <Badge tone=Tone::Warn word=w.t("calendar-unknown")/> }
    };
    let from = match imported {
        Some((who, when)) => w.tf("calendar-imported", &[("who", who.into()), ("when", when.into())]),
        None => w.t("calendar-shipped"),
    };
    let versions = history.then(|| {
        let href = format!("/staff/calendar/{year}/history");
        view! { " "<a class="nowrap" href=href>{w.t("settings-tab-history")}<span class="sr">" "{year}</span></a> }
    });
    vec![
        Cell::new(view! { <a class="num" href=format!("/staff/calendar?year={year}")>{year}</a> }),
        Cell::new(state),
        Cell::number(off),
        Cell::number(work),
        Cell::new(source),
        Cell::new(view! { <span>{from}{versions}</span> }),
    ]
}

fn import_form(w: Words, form: ImportForm) -> AnyView {
    let ImportForm { text, source, wrong, meanwhile } = form;
    let error = (!wrong.is_empty()).then(|| w.t("calendar-error"));
    let summary: Vec<(String, String)> = wrong.into_iter().map(|text| ("text".to_owned(), text)).collect();
    let conflict = conflict(w, meanwhile);
    let open = !text.is_empty() || error.is_some();
    view! {
        {conflict}
        <ErrorSummary w=w errors=summary/>
        <details class="more" open=open>
            <summary>{w.t("calendar-import")}</summary>
            <div class="more-body">
                <form class="form" method="post" action="/staff/calendar" enctype="multipart/form-data">
                    <TextArea
                        w=w
                        name="text"
                        label=w.t("calendar-text")
                        hint=w.t("calendar-text-hint")
                        value=text
                        error=error
                        optional=true
                        rows=10
                    />
                    <div class="field">
                        <label class="label" r#for="file">{w.t("calendar-file")}</label>
                        <input class="input" id="file" name="file" type="file" accept=".json,.csv,.txt,application/json,text/csv,text/plain"/>
                    </div>
                    <TextField
                        w=w
                        name="source"
                        label=w.t("calendar-source")
                        hint=w.t("calendar-source-hint")
                        value=source
                        optional=true
                        maxlength=120
                    />
                    <div><Button label=w.t("settings-preview") weight=Weight::Primary icon_name="forward"/></div>
                </form>
            </div>
        </details>
    }
    .into_any()
}

/// A report whose deadline moves: in words.
pub struct MovedReport {
    /// Its code.
    pub code: String,
    /// Its category.
    pub category: String,
    /// Deadline before.
    pub before: Option<String>,
    /// And after.
    pub after: Option<String>,
}

/// What an import would be: the year as months with what changes marked, and deadlines that move (with how many more
/// were not looked at).
pub fn import_view(w: Words, year: &HolidayYear, changes: &[DayChange], reports: (Vec<MovedReport>, usize)) -> AnyView {
    let (moved, more) = reports;
    let count = moved.len();
    let none = |at: Option<String>| at.unwrap_or_else(|| w.t("calendar-no-deadline"));
    let rows: Vec<Vec<Cell>> = moved
        .into_iter()
        .map(|report| {
            let href = format!("/staff/reports/{}", report.code);
            vec![
                Cell::new(view! { <a href=href><code>{report.code}</code></a> }),
                Cell::new(report.category),
                Cell::new(view! { <span><del>{none(report.before)}</del>" "<ins>{none(report.after)}</ins></span> }),
            ]
        })
        .collect();
    let columns =
        ["calendar-column-report", "calendar-column-category", "calendar-column-due"].map(|key| w.t(key)).to_vec();
    let caption = w.tf("calendar-reports", &[("count", count.into())]);
    let table = if count == 0 {
        view! { <Note tone=Tone::Ok><p>{w.t("calendar-no-reports")}</p></Note> }.into_any()
    } else {
        view! { <Table caption=caption columns=columns rows=rows/> }.into_any()
    };
    let months = months(w, year, changes);
    view! {
        <Section title=w.t("calendar-months")>{months}</Section>
        <Section title=w.t("calendar-reports-title")>
            {table}
            {(more > 0).then(|| view! { <p class="muted">{w.tf("calendar-more-reports", &[("count", more.into())])}</p> })}
        </Section>
    }
    .into_any()
}

/// The months of a year that have days off or make-up days, as tables; changed days are marked.
fn months(w: Words, year: &HolidayYear, changes: &[DayChange]) -> AnyView {
    let mut marks: BTreeMap<Date, (bool, String)> = BTreeMap::new();
    marks.extend(year.off.iter().map(|day| (day.date, (true, w.pick(&day.name, &day.name_en).to_owned()))));
    marks.extend(year.work.iter().map(|day| (day.date, (false, w.pick(&day.name, &day.name_en).to_owned()))));
    let changed: Vec<Date> = changes.iter().map(|change| change.date).collect();
    let shown = (1..=12)
        .filter(|month| marks.keys().chain(&changed).any(|date| date.month() == *month && date.year() == year.year));
    let tables = shown.map(|month| month_table(w, (year.year, month), &marks, &changed)).collect_view();
    if marks.is_empty() && changed.is_empty() {
        return view! { <p class="muted">{w.t("calendar-nothing")}</p> }.into_any();
    }
    view! {
        <p class="small muted">
            <span class="day-mark" data-kind="off">{w.t("calendar-mark-off")}</span>" "{w.t("calendar-off")}" · "
            <span class="day-mark" data-kind="work">{w.t("calendar-mark-work")}</span>" "{w.t("calendar-work")}
        </p>
        <div class="months">{tables}</div>
    }
    .into_any()
}

fn month_table(
    w: Words,
    (year, month): (i16, i8),
    marks: &BTreeMap<Date, (bool, String)>,
    changed: &[Date],
) -> Option<AnyView> {
    let first = Date::new(year, month, 1).ok()?;
    let back = i64::from(first.weekday().to_monday_zero_offset());
    let begin = first.checked_sub(Span::new().days(back)).ok()?;
    let cell = |date: Date| {
        if date.month() != month {
            return view! { <td></td> }.into_any();
        }
        let mark = marks.get(&date).cloned();
        let kind = mark.as_ref().map(|(off, _)| if *off { "off" } else { "work" });
        let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday).then_some("");
        let word = mark.map(|(off, name)| {
            let short = w.t(if off { "calendar-mark-off" } else { "calendar-mark-work" });
            view! { <span class="day-mark" data-kind=kind>{short}<span class="sr">" "{name}</span></span> }
        });
        let is_changed = changed.contains(&date);
        let sr = is_changed.then(|| view! { <span class="sr">" "{w.t("calendar-changed")}</span> });
        view! {
            <td data-kind=kind data-weekend=weekend data-changed=is_changed.then_some("")>
                <span class="num">{date.day()}</span>{word}{sr}
            </td>
        }
        .into_any()
    };
    let weeks = (0..6)
        .filter_map(|week| begin.checked_add(Span::new().days(week * 7)).ok())
        .filter(|monday| *monday <= first.last_of_month())
        .map(|monday| {
            let days = monday.series(Span::new().days(1)).take(7).map(cell).collect_view();
            view! { <tr>{days}</tr> }
        })
        .collect_view();
    let heads = WEEK_KEYS
        .iter()
        .map(|key| {
            let name = w.t(key);
            let short: String = name
                .chars()
                .skip(usize::from(name.starts_with('周')))
                .take(if name.is_ascii() { 2 } else { 1 })
                .collect();
            view! { <th scope="col" abbr=name>{short}</th> }
        })
        .collect_view();
    let caption = w.tf("calendar-month", &[("year", i64::from(year).into()), ("month", i64::from(month).into())]);
    Some(
        view! {
            <table class="month">
                <caption>{caption}</caption>
                <thead><tr>{heads}</tr></thead>
                <tbody>{weeks}</tbody>
            </table>
        }
        .into_any(),
    )
}
