//! Pages on which staff and admins change where reports go and how long they may take.

use crate::{i18n::Words, reports::due::LimitKind, ui::parts::*};
use leptos::prelude::*;

/// A rule.
pub struct RoutingRow {
    /// Id.
    pub id: String,
    /// Which category.
    pub category: String,
    /// Which place.
    pub place: String,
    /// Who gets it.
    pub owner: String,
}

/// What `/staff/reports/routing` shows.
pub struct RoutingPage {
    /// Words.
    pub w: Words,
    /// Rules in their order.
    pub rows: Vec<RoutingRow>,
    /// Categories: code and name, "any" first.
    pub kinds: Vec<(String, String)>,
    /// Places: path and name, "anywhere" first.
    pub places: Vec<(String, String)>,
    /// Who can be sent: id and name.
    pub owners: Vec<(String, String)>,
    /// Category and place that were tried.
    pub tried: (String, String),
    /// Where that goes.
    pub verdict: Option<String>,
    /// Field and words.
    pub errors: Vec<(String, String)>,
}

/// `/staff/reports/settings`: the way to each setting; categories for those who may change them.
pub fn settings_page(w: Words, categories: bool) -> AnyView {
    let mut ways = vec![
        (ROUTING, "reports-routing", "reports-settings-routing", "volunteer"),
        ("/staff/reports/answers", "answers", "reports-settings-answers", "edit"),
        ("/staff/reports/hours", "hours", "reports-settings-hours", "clock"),
    ];
    if categories {
        ways.push((LIMITS, "reports-limits", "reports-settings-limits", "list"));
    }
    ways.push(("/staff/reports/classifier", "desk-classifier", "reports-settings-classifier", "info"));
    let items = ways
        .into_iter()
        .map(|(href, title, note, icon_name)| {
            view! { <Item w=w href=href title=w.t(title) note=w.t(note) icon_name=icon_name/> }
        })
        .collect_view();
    view! { <List>{items}</List> }.into_any()
}

const ROUTING: &str = "/staff/reports/routing";

/// The page.
pub fn routing_page(page: RoutingPage) -> AnyView {
    let RoutingPage { w, rows, kinds, places, owners, tried, verdict, errors } = page;
    let error = errors.into_iter().map(|(_, words)| words).next();
    let columns = ["reports-column-category", "reports-column-place", "reports-column-owner", "reports-routing-order"];
    let columns = columns.iter().map(|key| w.t(key)).collect::<Vec<_>>();
    let table = if rows.is_empty() {
        view! { <p class="muted">{w.t("reports-routing-empty")}</p> }.into_any()
    } else {
        let rows = rows
            .into_iter()
            .enumerate()
            .map(|(n, row)| {
                let up = (n > 0).then(|| {
                    view! { <Button label=w.t("reports-routing-up") small=true sends=("act", "up".to_owned())/> }
                });
                vec![
                    Cell::new(row.category),
                    Cell::new(row.place),
                    Cell::new(row.owner),
                    Cell::new(view! {
                        <form method="post" action=ROUTING class="row-form">
                            <input r#type="hidden" name="id" value=row.id/>
                            {up}
                            <Button label=w.t("reports-routing-remove") small=true sends=("act", "remove".to_owned())/>
                        </form>
                    }),
                ]
            })
            .collect();
        view! { <Table caption=w.t("reports-routing-caption") columns=columns rows=rows/> }.into_any()
    };
    // Both forms have some of the fields: `form` tells their ids apart.
    let select = |form: &str, name: &'static str, label: &str, options: &[(String, String)], value: &str| {
        let id = format!("{form}-{name}");
        let choices = options
            .iter()
            .map(|(key, word)| {
                let selected = key == value;
                view! { <option value=key.clone() selected=selected>{word.clone()}</option> }
            })
            .collect_view();
        view! {
            <div class="field">
                <label class="label" r#for=id.clone()>{w.t(label)}</label>
                <select class="input w-mid" id=id name=name>{choices}</select>
            </div>
        }
        .into_any()
    };
    let try_kinds: Vec<_> = kinds.iter().skip(1).cloned().collect();
    let add_fields = (
        select("add", "category", "reports-column-category", &kinds, ""),
        select("add", "place", "reports-column-place", &places, ""),
        select("add", "owner", "reports-step-to", &owners, ""),
    );
    let try_fields = (
        select("try", "category", "reports-column-category", &try_kinds, &tried.0),
        select("try", "place", "reports-column-place", &places, &tried.1),
    );
    view! {
        <p class="muted">{w.t("reports-routing-text")}</p>
        {table}
        <Section title=w.t("reports-routing-add")>
            <form method="post" action=ROUTING class="form">
                {add_fields}
                {error.map(|words| view! { <p class="error" role="alert">{words}</p> })}
                <div><Button label=w.t("reports-routing-add") weight=Weight::Primary sends=("act", "add".to_owned())/></div>
            </form>
        </Section>
        <Section title=w.t("reports-routing-try")>
            <form method="get" action=ROUTING class="form">
                {try_fields}
                <div><Button label=w.t("reports-routing-try-it")/></div>
            </form>
            <p class="say" role="status">{verdict}</p>
        </Section>
    }
    .into_any()
}

/// A category with its limit.
pub struct CategoryRow {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Name of the major.
    pub major: String,
    /// How the limit counts, as stored.
    pub limit_kind: String,
    /// Hours or days.
    pub limit_amount: i64,
    /// A handler cannot finish without a photo.
    pub photo_needed: bool,
    /// Residents can choose it.
    pub active: bool,
}

/// What `/staff/categories` shows.
pub struct LimitsPage {
    /// Words.
    pub w: Words,
    /// All categories.
    pub rows: Vec<CategoryRow>,
    /// Majors: code, name, hours to dispatch within.
    pub majors: Vec<(String, String, i64)>,
    /// What was wrong with what was sent.
    pub error: Option<String>,
}

const LIMITS: &str = "/staff/categories";

/// The page.
pub fn limits_page(page: LimitsPage) -> AnyView {
    let LimitsPage { w, rows, majors, error } = page;
    let number = |name: &'static str, label: String, value: i64| {
        view! {
            <input class="input amount" r#type="number" name=name min="1" max="2000" required=true aria-label=label value=value.to_string()/>
        }
        .into_any()
    };
    let kinds = |chosen: &str| {
        LimitKind::ALL
            .into_iter()
            .map(|kind| {
                let key = match kind {
                    LimitKind::Urgent => "reports-limit-urgent",
                    LimitKind::WorkingHours => "reports-limit-working-hours",
                    LimitKind::WorkingDays => "reports-limit-working-days",
                };
                let selected = kind.code() == chosen;
                view! { <option value=kind.code() selected=selected>{w.t(key)}</option> }
            })
            .collect_view()
    };
    let tick = |name: &'static str, label: String, on: bool| {
        view! { <label class="check nowrap"><input r#type="checkbox" name=name value="1" checked=on/>{label}</label> }
            .into_any()
    };
    let rows = rows
        .into_iter()
        .map(|row| {
            let label = format!("{} {}", row.name, w.t("reports-limits-amount"));
            let kind_label = format!("{} {}", row.name, w.t("reports-limits-kind"));
            vec![
                Cell::new(row.name),
                Cell::new(row.major),
                Cell::new(view! {
                    <form method="post" action=LIMITS class="row-form">
                        <input r#type="hidden" name="code" value=row.code/>
                        {number("amount", label, row.limit_amount)}
                        <select class="input" name="kind" aria-label=kind_label>{kinds(&row.limit_kind)}</select>
                        {tick("photo_needed", w.t("reports-limits-photo"), row.photo_needed)}
                        {tick("active", w.t("reports-limits-active"), row.active)}
                        <Button label=w.t("reports-limits-save") small=true/>
                    </form>
                }),
            ]
        })
        .collect();
    let columns = vec![w.t("reports-column-category"), w.t("reports-limits-major"), w.t("reports-fact-due")];
    let dispatch = majors
        .into_iter()
        .map(|(code, name, hours)| {
            let label = format!("{name} {}", w.t("reports-limits-hours"));
            vec![
                Cell::new(name),
                Cell::new(view! {
                    <form method="post" action=LIMITS class="row-form">
                        <input r#type="hidden" name="major" value=code/>
                        {number("hours", label, hours)}
                        <Button label=w.t("reports-limits-save") small=true/>
                    </form>
                }),
            ]
        })
        .collect();
    let dispatch_columns = vec![w.t("reports-limits-major"), w.t("reports-limits-hours")];
    view! {
        <p class="muted">{w.t("reports-limits-text")}</p>
        {error.map(|words| view! { <p class="error" role="alert">{words}</p> })}
        <Table caption=w.t("reports-limits") columns=columns rows=rows/>
        <Section title=w.t("reports-limits-dispatch")>
            <Table caption=w.t("reports-limits-dispatch") columns=dispatch_columns rows=dispatch/>
        </Section>
    }
    .into_any()
}
