//! `/ui`: every part of the design system on one page, in demo mode. It is also the page that shows how each
//! component is called.

use super::parts::*;
use crate::i18n::Words;
use leptos::prelude::*;

/// The body of `/ui`.
pub fn gallery_page(w: Words) -> AnyView {
    view! {
        <p class="lead">{w.t("ui-g-lead")}</p>
        {type_and_colour(w)}
        {buttons(w)}
        {fields(w)}
        {lists(w)}
        {status(w)}
        {choosing(w)}
        {booking(w)}
        {pictures(w)}
        {states(w)}
        {tables(w)}
    }
    .into_any()
}

fn type_and_colour(w: Words) -> AnyView {
    view! {
        <Section title=w.t("ui-g-type")>
            <div class="stack tight">
                <p class="big">{w.t("ui-g-sentence")}</p>
                <p>{w.t("ui-g-sentence")}</p>
                <p class="small muted">{w.t("ui-g-sentence")}</p>
                <p class="num">"0123456789 · 8:30–17:30"</p>
            </div>
            <div class="prose">
                <h3>{w.t("ui-g-notice-title")}</h3>
                <ul>
                    <li>{w.t("ui-g-check-id")}</li>
                    <li>{w.t("ui-g-check-photo")}</li>
                </ul>
                <blockquote>{w.t("ui-g-sentence")}</blockquote>
            </div>
        </Section>
        <Section title=w.t("ui-g-colour")>
            <ul class="swatches">
                <li class="swatch paper">{w.t("ui-g-colour-paper")}</li>
                <li class="swatch accent">{w.t("ui-g-colour-accent")}</li>
                <li class="swatch ok">{w.t("ui-g-colour-ok")}</li>
                <li class="swatch warn">{w.t("ui-g-colour-warn")}</li>
                <li class="swatch bad">{w.t("ui-g-colour-bad")}</li>
            </ul>
        </Section>
    }
    .into_any()
}

fn buttons(w: Words) -> AnyView {
    view! {
        <Section title=w.t("ui-g-buttons")>
            <form class="stack">
                <Buttons>
                    <Button label=w.t("ui-g-book") weight=Weight::Primary/>
                    <Button label=w.t("ui-g-save") icon_name="check"/>
                    <Button label=w.t("ui-g-later") weight=Weight::Quiet/>
                    <Button label=w.t("ui-g-full") disabled=true/>
                </Buttons>
                <Buttons>
                    <LinkButton href="#" label=w.t("ui-g-download") icon_name="download" small=true/>
                    <LinkButton href="#" label=w.t("ui-g-print") icon_name="print" small=true/>
                </Buttons>
            </form>
            <Confirm label=w.t("ui-g-cancel") consequence=w.t("ui-g-cancel-text")>
                <form class="stack"><Button label=w.t("ui-g-cancel") weight=Weight::Danger/></form>
            </Confirm>
        </Section>
    }
    .into_any()
}

fn fields(w: Words) -> AnyView {
    let kinds = vec![
        Choice::new("self", w.t("ui-g-self")),
        Choice::new("family", w.t("ui-g-family")).note(w.t("ui-g-family-note")),
    ];
    let materials = vec![
        Choice::new("id", w.t("ui-g-check-id")),
        Choice::new("photo", w.t("ui-g-check-photo")).note(w.t("ui-g-check-photo-note")),
    ];
    let buildings = vec![(String::new(), w.t("ui-g-choose")), ("3".to_owned(), w.t("ui-g-building"))];
    let errors = vec![("ui-phone".to_owned(), w.t("ui-g-phone-error")), ("ui-code".to_owned(), w.t("ui-g-code-error"))];
    view! {
        <Section title=w.t("ui-g-fields")>
            <form class="form">
                <ErrorSummary w=w errors=errors/>
                <TextField
                    w=w
                    name="ui-phone"
                    label=w.t("ui-g-phone")
                    hint=w.t("ui-g-phone-hint")
                    error=w.t("ui-g-phone-error")
                    value="1380013800"
                    kind="tel"
                    inputmode="numeric"
                    autocomplete="tel"
                    width="w-mid"
                />
                <CodeField
                    w=w
                    name="ui-code"
                    label=w.t("ui-g-code")
                    hint=w.t("ui-g-code-hint")
                    error=w.t("ui-g-code-error")
                />
                <DemoBox mark=w.t("demo-mark")><code class="code">"246810"</code></DemoBox>
                <SelectField w=w name="ui-building" label=w.t("ui-g-where") options=buildings/>
                <RadioField name="ui-kind" legend=w.t("ui-g-who") choices=kinds value="self"/>
                <CheckField
                    name="ui-materials"
                    legend=w.t("ui-g-materials")
                    choices=materials
                    checked=vec!["id".to_owned()]
                />
                <TextArea w=w name="ui-text" label=w.t("ui-g-words") optional=true/>
                <CheckBox name="ui-own" label=w.t("ui-g-own-phone") checked=true/>
                <ActionBar><Button label=w.t("ui-g-book") weight=Weight::Primary/></ActionBar>
            </form>
        </Section>
    }
    .into_any()
}

fn lists(w: Words) -> AnyView {
    view! {
        <Section title=w.t("ui-g-lists") more=Some(("#".to_owned(), w.t("ui-g-all")))>
            <Next href="#" kicker=w.t("ui-g-next-kicker") title=w.t("ui-g-next") note=w.t("ui-g-next-note")/>
            <Doors>
                <Door href="#" icon_name="calendar" title=w.t("ui-g-door-book") note=w.t("ui-g-door-book-note")/>
                <Door href="#" icon_name="report" title=w.t("ui-g-door-report") note=w.t("ui-g-door-report-note")/>
                <Door href="#" icon_name="bell" title=w.t("ui-g-door-notices") note=w.t("ui-g-door-notices-note")/>
            </Doors>
            <List>
                <Item
                    w=w
                    href="#"
                    title=w.t("ui-g-notice-title")
                    note=w.t("ui-g-notice-note")
                    icon_name="outage"
                    unread=true
                />
                <Item w=w href="#" title=w.t("ui-g-report-title") note=w.t("ui-g-report-note") icon_name="report">
                    <Badge tone=Tone::Busy word=w.t("ui-g-busy")/>
                </Item>
            </List>
            <Summary facts=vec![
                Fact::new(w.t("ui-g-when"), w.t("ui-g-when-value")).change("#", w.t("ui-g-change")),
                Fact::new(w.t("ui-g-where"), w.t("ui-g-building")),
            ]/>
            <Facts facts=vec![
                Fact::new(w.t("ui-g-when"), w.t("ui-g-when-value")),
                Fact::new(w.t("ui-g-where"), w.t("ui-g-building")),
            ]/>
        </Section>
    }
    .into_any()
}

fn status(w: Words) -> AnyView {
    let event = move |tone: Tone, title: &str, note: Option<String>| Event {
        tone,
        at: "2026-07-08T14:20:00+08:00".to_owned(),
        when: "14:20".to_owned(),
        title: w.t(title),
        note,
        more: None,
    };
    view! {
        <Section title=w.t("ui-g-status")>
            <p class="cluster">
                <Badge word=w.t("ui-g-new")/>
                <Badge tone=Tone::Info word=w.t("ui-g-accepted")/>
                <Badge tone=Tone::Busy word=w.t("ui-g-busy")/>
                <Badge tone=Tone::Ok word=w.t("ui-g-closed")/>
                <Badge tone=Tone::Warn word=w.t("ui-g-soon")/>
                <Badge tone=Tone::Bad word=w.t("ui-g-late")/>
            </p>
            <p class="cluster">
                <Tag word=w.t("ui-g-pinned") pinned=true/>
                <Tag word=w.t("ui-g-kind")/>
                <span><Count count=3 spoken=w.tf("unread-count", &[("count", 3.into())])/></span>
                <span class="demo-mark">{w.t("demo-mark")}</span>
                <code class="code">"LW-3F8K"</code>
            </p>
            <p class="say">{w.t("ui-g-say")}</p>
            <Timeline events=vec![
                event(Tone::Ok, "ui-g-closed", Some(w.t("ui-g-say"))),
                event(Tone::Busy, "ui-g-busy", None),
                event(Tone::Neutral, "ui-g-new", None),
            ]/>
        </Section>
    }
    .into_any()
}

fn choosing(w: Words) -> AnyView {
    view! {
        <Section title=w.t("ui-g-choosing")>
            <Steps steps=vec![w.t("ui-g-step-what"), w.t("ui-g-step-when"), w.t("ui-g-step-sure")] current=1/>
            <Chips
                label=w.t("ui-g-filter")
                ways=vec![
                    Way::new("#", w.t("ui-g-all"), true).count(16),
                    Way::new("#", w.t("ui-g-kind"), false).count(4),
                ]
            />
            <Tabs
                label=w.t("ui-g-status")
                ways=vec![Way::new("#", w.t("ui-g-busy"), true), Way::new("#", w.t("ui-g-closed"), false)]
            />
            <details class="more">
                <summary>{w.t("ui-g-materials")}</summary>
                <div class="more-body"><p>{w.t("ui-g-check-id")}</p></div>
            </details>
            <Pagination w=w page=2 pages=8 previous="#".to_owned() next="#".to_owned()/>
        </Section>
    }
    .into_any()
}

fn booking(w: Words) -> AnyView {
    let day = move |name: &str, date: &str, left: String, state: DayState, current: bool| Day {
        href: (state != DayState::Closed).then(|| "#".to_owned()),
        name: w.t(name),
        date: date.to_owned(),
        left,
        state,
        current,
    };
    let left = move |count: i64| w.tf("ui-g-left", &[("count", count.into())]);
    let time = move |start: &str, count: i64| Time {
        value: start.to_owned(),
        start: start.to_owned(),
        left: if count == 0 { w.t("ui-g-full") } else { left(count) },
        full: count == 0,
    };
    view! {
        <Section title=w.t("ui-g-booking")>
            <p class="hold" role="timer">{w.t("ui-g-hold")}" "<span class="num">"9:41"</span></p>
            <DayRows days=vec![
                day("ui-g-day-today", "7/7", w.t("ui-g-full"), DayState::Full, false),
                day("ui-g-day-tomorrow", "7/8", left(6), DayState::Open, true),
                day("ui-g-day-after", "7/9", left(2), DayState::Few, false),
            ]/>
            <TimeField
                name="ui-slot"
                legend=w.t("ui-g-morning")
                times=vec![time("8:30", 0), time("8:50", 2), time("9:10", 1)]
                value="9:10"
            />
            <article class="ticket" data-state="waiting">
                <div class="ticket-head">
                    <p class="ticket-what">{w.t("ui-g-door-book")}</p>
                    <Badge tone=Tone::Busy word=w.t("ui-g-waiting")/>
                </div>
                <p class="ticket-code">"B 012"</p>
                <p class="ticket-live">{w.t("ui-g-next")}</p>
                <Summary facts=vec![Fact::new(w.t("ui-g-when"), w.t("ui-g-when-value"))]/>
            </article>
        </Section>
    }
    .into_any()
}

fn pictures(w: Words) -> AnyView {
    let photo = move || Photo { thumb: "/icons/icon.svg".to_owned(), full: "#".to_owned(), alt: w.t("ui-g-photo") };
    view! {
        <Section title=w.t("ui-g-photos")>
            <PhotoInput name="ui-photos" label=w.t("ui-g-photo-add")/>
            <BeforeAfter before=(photo(), w.t("ui-g-before")) after=(photo(), w.t("ui-g-after"))/>
            <Thumbs photos=vec![photo(), photo(), photo()]/>
        </Section>
    }
    .into_any()
}

fn states(w: Words) -> AnyView {
    view! {
        <Section title=w.t("ui-g-states")>
            <Emergency
                label=w.t("ui-g-storm")
                title=w.t("ui-g-storm")
                text=w.t("ui-g-storm-text")
                href="#"
                more=w.t("ui-g-storm-more")
            />
            <Flash text=w.t("ui-g-booked")><button class="link-button" r#type="button">{w.t("ui-g-undo")}</button></Flash>
            <Note><p>{w.t("ui-g-note")}</p></Note>
            <Note tone=Tone::Warn><p>{w.t("ui-g-note")}</p></Note>
            <Note tone=Tone::Bad><p>{w.t("ui-g-note")}</p></Note>
            <Empty icon_name="ticket" title=w.t("ui-g-empty") text=w.t("ui-g-empty-text")>
                <LinkButton href="#" label=w.t("ui-g-book")/>
            </Empty>
            <Loading label=w.t("ui-g-loading")/>
            <Trouble
                title=w.t("error-not-found-title")
                text=w.t("error-not-found-text")
                reference=w.tf("error-request-id", &[("id", "01J9ZK3W".into())])
            >
                <LinkButton href="#" label=w.t("error-go-home")/>
            </Trouble>
        </Section>
    }
    .into_any()
}

fn tables(w: Words) -> AnyView {
    let row = move |code: &'static str, tone: Tone, word: &str, left: &'static str| {
        vec![
            Cell::new(view! { <a href="#">{code}</a> }),
            Cell::new(w.t("ui-g-report-title")),
            Cell::new(view! { <Badge tone=tone word=w.t(word)/> }),
            Cell::number(left),
        ]
    };
    view! {
        <Section title=w.t("ui-g-tables")>
            <Table
                caption=w.t("ui-g-table-caption")
                columns=vec![w.t("ui-g-code-column"), w.t("ui-g-what"), w.t("ui-g-status"), w.t("ui-g-hours")]
                rows=vec![
                    row("LW-031", Tone::Bad, "ui-g-late", "−2.2"),
                    row("LW-034", Tone::Busy, "ui-g-busy", "0.7"),
                ]
            />
            <div class="figures">
                <a class="figure" href="#">
                    <span class="figure-name">{w.t("ui-g-closed")}</span>
                    <span class="figure-value num">"98.9%"</span>
                    <span class="figure-note">{w.t("ui-g-last-month")}</span>
                </a>
            </div>
        </Section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::gallery_page;
    use crate::i18n::{Lang, Words};
    use leptos::prelude::*;

    /// The values of `attribute` in `html`, split at spaces.
    fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
        html.split(&format!(" {attribute}=\""))
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .flat_map(str::split_whitespace)
            .collect()
    }

    #[test]
    fn every_part_keeps_the_rules_of_the_house() {
        for lang in Lang::ALL {
            let html = gallery_page(Words::new(lang)).to_html();
            assert!(!html.contains(" style="), "the content security policy forbids style attributes");
            assert!(!html.contains("ui-g-"), "a key is missing in {}", lang.tag());
            let ids = values(&html, "id");
            for attribute in ["for", "aria-describedby"] {
                for id in values(&html, attribute) {
                    assert!(ids.contains(&id), "{attribute} names {id}, which is not on the page");
                }
            }
            for href in values(&html, "href").into_iter().filter(|href| href.len() > 1 && href.starts_with('#')) {
                assert!(ids.contains(&&href[1..]), "a link leads to {href}, which is not on the page");
            }
        }
    }
}
