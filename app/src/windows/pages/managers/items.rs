//! `/staff/items` and `/staff/items/{item}`: the service items, and one of them as residents see it.

use super::carried;
use crate::{
    i18n::Words,
    ui::parts::*,
    windows::{
        Area, MAX_QUERY, ServiceItem,
        pages::{
            parts::measured_words,
            visit::{Visit, material_fields, question_fields},
        },
    },
};
use leptos::prelude::*;

/// An item of the list.
pub struct ItemRow {
    /// The item.
    pub item: ServiceItem,
    /// Where it is done: hall and numbers of the windows, in words.
    pub places: String,
    /// Minutes to plan by what was measured.
    pub suggested: Option<i64>,
}

/// What the list shows.
pub struct ItemListProps {
    /// Words.
    pub w: Words,
    /// What was searched for.
    pub query: String,
    /// Those that are no longer offered are shown.
    pub retired: bool,
    /// How many are offered, and how many no longer.
    pub counts: (i64, i64),
    /// The items.
    pub rows: Vec<ItemRow>,
    /// Whether the reader may change them.
    pub may_edit: bool,
}

/// The list.
pub fn item_list_page(props: ItemListProps) -> AnyView {
    let ItemListProps { w, query, retired, counts, rows, may_edit } = props;
    let ways = vec![
        Way::new("/staff/items", w.t("item-offered"), !retired).count(counts.0),
        Way::new("/staff/items?state=retired", w.t("item-retired"), retired).count(counts.1),
    ];
    let columns =
        ["item-column-title", "item-area", "item-letter", "item-minutes", "item-materials", "item-column-where"]
            .map(|key| w.t(key))
            .to_vec();
    let empty = rows.is_empty();
    let caption = w.tf("windows-found", &[("count", rows.len().into())]);
    let table: Vec<Vec<Cell>> = rows.into_iter().map(|row| cells(w, row)).collect();
    let body = if empty {
        view! { <Empty icon_name="search" title=w.t("windows-nothing-found")/> }.into_any()
    } else {
        view! { <Table caption=caption columns=columns rows=table/> }.into_any()
    };
    view! {
        <p class="lead">{w.t("item-list-lead")}</p>
        <Tabs label=w.t("item-list-title") ways=ways/>
        <form class="search" role="search" method="get" action="/staff/items">
            {retired.then(|| view! { <input type="hidden" name="state" value="retired"/> })}
            <input
                class="input"
                type="search"
                name="q"
                value=query
                maxlength=MAX_QUERY.to_string()
                aria-label=w.t("windows-search")
                placeholder=w.t("item-search-hint")
            />
            <button class="button">{icon("search")}<span class="sr">{w.t("windows-search")}</span></button>
        </form>
        {may_edit.then(|| view! {
            <Buttons><LinkButton href="/staff/items/new" label=w.t("item-new") icon_name="plus"/></Buttons>
        })}
        {body}
    }
    .into_any()
}

fn cells(w: Words, row: ItemRow) -> Vec<Cell> {
    let ItemRow { item, places, suggested } = row;
    let title = w.pick(&item.title, &item.title_en).to_owned();
    let official = w.pick(&item.official_name, &item.official_name_en).to_owned();
    let href = format!("/staff/items/{}", item.code);
    let hint = suggested.filter(|suggested| *suggested != item.minutes).map(|suggested| {
        view! { <br/><span class="small muted nowrap">{w.tf("item-measured-hint", &[("minutes", suggested.into())])}</span> }
    });
    let nowhere = places.is_empty();
    vec![
        Cell::new(view! { <span><a href=href>{title}</a><br/><span class="small muted">{official}</span></span> }),
        Cell::new(w.t(item.area.key())),
        Cell::new(item.letter),
        Cell::number(view! { <span>{item.minutes}{hint}</span> }),
        Cell::number(item.materials.len()),
        Cell::new(if nowhere {
            view! { <Badge tone=Tone::Warn word=w.t("item-nowhere")/> }.into_any()
        } else {
            view! { <span class="small where">{places}</span> }.into_any()
        }),
    ]
}

/// The pages of an item, as tabs.
pub fn item_tabs(w: Words, code: &str, may_edit: bool, current: &str) -> AnyView {
    let way = |path: &str, key: &str| Way::new(format!("/staff/items/{code}{path}"), w.t(key), path == current);
    let mut ways = vec![way("", "item-tab-view")];
    if may_edit {
        ways.push(way("/edit", "item-tab-edit"));
    }
    ways.push(way("/history", "settings-tab-history"));
    view! { <Tabs label=w.t("item-tabs") ways=ways/> }.into_any()
}

/// An item as residents see it, with their answers so far; the form that sends other answers goes where it is told,
/// with what it is told to carry.
pub struct ResidentView {
    /// The item.
    pub item: ServiceItem,
    /// Fields of the address or form: answers among them.
    pub fields: Vec<(String, String)>,
    /// Method and address of the form.
    pub form: (&'static str, String),
    /// Fields it carries on.
    pub carried: Vec<(String, String)>,
}

/// See [`ResidentView`].
pub fn resident_view(w: Words, props: ResidentView) -> AnyView {
    let ResidentView { item, fields, form, carried: on } = props;
    let pick = |zh: &str, en: &str| w.pick(zh, en).to_owned();
    let visit = Visit::read(vec![std::sync::Arc::new(item.clone())], &fields);
    let facts = vec![
        Fact::new(w.t("windows-fact-minutes"), w.tf("windows-minutes", &[("minutes", item.minutes.into())])),
        Fact::new(w.t("windows-fact-how-long"), pick(&item.how_long, &item.how_long_en)),
        Fact::new(w.t("windows-fact-fee"), pick(&item.fee, &item.fee_en)),
        Fact::new(w.t("windows-fact-result"), pick(&item.result, &item.result_en)),
        Fact::new(w.t("windows-fact-basis"), pick(&item.basis, &item.basis_en)),
    ];
    let asks = !item.questions.is_empty();
    view! {
        <section class="phone-preview" aria-label=w.t("item-as-residents")>
            <h2 class="card-title">{pick(&item.title, &item.title_en)}</h2>
            <p class="official">{pick(&item.official_name, &item.official_name_en)}</p>
            <p>{pick(&item.who, &item.who_en)}</p>
            {asks.then(|| view! {
                <form class="form" method=form.0 action=form.1>
                    {carried(on)}
                    {question_fields(w, &visit)}
                    <div><Button label=w.t("windows-show-materials") small=true/></div>
                </form>
            })}
            {material_fields(w, &visit, &w.t("windows-bring"), None)}
            <Summary facts=facts/>
        </section>
    }
    .into_any()
}

/// What the page of an item shows.
pub struct ItemPageProps {
    /// Words.
    pub w: Words,
    /// The item.
    pub item: ServiceItem,
    /// No longer offered.
    pub retired: bool,
    /// Its version.
    pub version: i64,
    /// Fields of the address: answers.
    pub fields: Vec<(String, String)>,
    /// Where it is done: hall, windows, address of the hall's settings for those who may change them.
    pub places: Vec<(String, String, Option<String>)>,
    /// Middle half of the measured minutes and how many services; minutes to plan by it.
    pub measured: Option<((i64, i64), i64, i64)>,
    /// Whether the reader may change it.
    pub may_edit: bool,
}

/// The page of an item.
pub fn item_page(props: ItemPageProps) -> AnyView {
    let ItemPageProps { w, item, retired, version, fields, places, measured, may_edit } = props;
    let code = item.code.clone();
    let facts = facts(w, &item, places, measured.map(|(range, count, _)| (range, count)));
    let suggestion = measured.map(|(.., suggested)| suggested).filter(|minutes| *minutes != item.minutes && may_edit);
    let suggestion = suggestion.map(|minutes| {
        let href = format!("/staff/items/{code}/edit?minutes={minutes}");
        view! {
            <Note>
                <p>{w.tf("stat-suggest", &[("planned", item.minutes.into()), ("measured", minutes.into())])}</p>
                <p><a href=href>{w.tf("item-use-minutes", &[("minutes", minutes.into())])}</a></p>
            </Note>
        }
    });
    let seen = ResidentView { item, fields, form: ("get", format!("/staff/items/{code}")), carried: Vec::new() };
    let (label, consequence, value) = if retired {
        (w.t("item-offer-again"), w.t("item-offer-again-text"), "0")
    } else {
        (w.t("item-retire"), w.t("item-retire-text"), "1")
    };
    let weight = if retired { Weight::Plain } else { Weight::Danger };
    view! {
        {item_tabs(w, &code, may_edit, "")}
        {retired.then(|| view! { <Note tone=Tone::Warn><p>{w.t("item-retired-note")}</p></Note> })}
        <div class="editor">
            <section class="stack loose">
                <Summary facts=facts/>
                {suggestion}
                {may_edit.then(|| view! {
                    <Confirm label=label consequence=consequence>
                        <form method="post" action=format!("/staff/items/{code}/retire")>
                            <input type="hidden" name="version" value=version.to_string()/>
                            <Button label=w.t("settings-preview") weight=weight sends=("retired", value.to_owned())/>
                        </form>
                    </Confirm>
                })}
            </section>
            {resident_view(w, seen)}
        </div>
    }
    .into_any()
}

fn facts(
    w: Words,
    item: &ServiceItem,
    places: Vec<(String, String, Option<String>)>,
    measured: Option<((i64, i64), i64)>,
) -> Vec<Fact> {
    let at = if places.is_empty() {
        view! { <Badge tone=Tone::Warn word=w.t("item-nowhere")/> }.into_any()
    } else {
        let rows = places
            .into_iter()
            .map(|(hall, windows, href)| {
                let words = format!("{hall} {windows}");
                let link = match href {
                    Some(href) => view! { <a href=href>{words}</a> }.into_any(),
                    None => view! { <span>{words}</span> }.into_any(),
                };
                view! { <li>{link}</li> }
            })
            .collect_view();
        view! { <ul class="visit-items">{rows}</ul> }.into_any()
    };
    let life: Vec<String> = item.life_events.iter().map(|event| w.t(event.key())).collect();
    let measured = match measured {
        Some((range, count)) => {
            w.tf("item-measured-count", &[("minutes", measured_words(w, range).into()), ("count", count.into())])
        }
        None => w.t("stat-not-enough"),
    };
    vec![
        Fact::new(w.t("item-column-where"), at),
        Fact::new(w.t("item-code"), view! { <code>{item.code.clone()}</code> }),
        Fact::new(w.t("item-area"), w.t(item.area.key())),
        Fact::new(w.t("item-letter"), item.letter.clone()),
        Fact::new(w.t("item-measured"), measured),
        Fact::new(w.t("item-keywords"), item.keywords.join("、")),
        Fact::new(w.t("windows-life"), if life.is_empty() { w.t("settings-diff-nothing") } else { life.join("、") }),
    ]
}

/// The areas as a form offers them.
pub(super) fn area_options(w: Words) -> Vec<(String, String)> {
    Area::ALL.into_iter().map(|area| (area.code().to_owned(), w.t(area.key()))).collect()
}

/// What a resident finds who follows an old link to an item that is no longer offered.
pub fn retired_page(w: Words, title: String) -> AnyView {
    view! {
        <Empty icon_name="info" title=w.tf("item-gone", &[("title", title.into())]) text=w.t("item-gone-text")>
            <a class="button" href="/services">{w.t("windows-show-all")}</a>
        </Empty>
    }
    .into_any()
}
