//! Upper platforms, for administrators.

use crate::{i18n::Words, matters::kind::PlatformWay, ui::parts::*};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// A platform in the list.
pub struct PlatformRow {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// How it is reached, and whose it is.
    pub note: String,
    /// Nothing is sent or taken.
    pub paused: bool,
    /// Messages that were given up.
    pub dead: i64,
}

/// The form of a platform.
#[derive(Clone, Debug, Default)]
pub struct Making {
    /// Code and name of organisations.
    pub places: Vec<(String, String)>,
    /// The chosen one.
    pub organisation: String,
    /// Name.
    pub name: String,
    /// Code of the way.
    pub way: String,
    /// Address.
    pub url: String,
    /// Key for Open311, as typed; an old one is never shown.
    pub api_key: String,
    /// Code of the service under which requests are filed.
    pub service: String,
    /// Jurisdiction, where the platform has several.
    pub jurisdiction: String,
    /// One form makes one.
    pub key: String,
    /// What is wrong.
    pub errors: BTreeMap<&'static str, String>,
}

/// What the list shows.
pub struct PlatformsPage {
    /// Words.
    pub w: Words,
    /// Those that there are.
    pub rows: Vec<PlatformRow>,
    /// The form of a new one.
    pub making: Making,
}

fn state(w: Words, paused: bool, dead: i64) -> AnyView {
    let (tone, word) =
        if paused { (Tone::Warn, w.t("matters-platform-paused")) } else { (Tone::Ok, w.t("matters-platform-on")) };
    let dead = (dead > 0).then(|| {
        let word = w.tf("matters-platform-dead", &[("count", dead.into())]);
        view! { " " <Badge tone=Tone::Bad word=word/> }
    });
    view! { <Badge tone=tone word=word/> {dead} }.into_any()
}

/// The list.
pub fn platforms(page: PlatformsPage) -> AnyView {
    let PlatformsPage { w, rows, making } = page;
    let open = rows.is_empty() || !making.errors.is_empty();
    let summary = making.errors.iter().map(|(field, text)| ((*field).to_owned(), text.clone())).collect();
    let rows = rows
        .into_iter()
        .map(|row| {
            view! {
                <Item w=w href=format!("/staff/matters/platforms/{}", row.id) title=row.name note=row.note icon_name="list">
                    {state(w, row.paused, row.dead)}
                </Item>
            }
        })
        .collect::<Vec<_>>();
    let rows = (!rows.is_empty()).then(|| view! { <List>{rows}</List> });
    let ways = PlatformWay::ALL.into_iter().map(|way| Choice::new(way.code(), w.t(way.key()))).collect();
    view! {
        <p class="lead">{w.t("matters-platform-lead")}</p>
        <ErrorSummary w=w errors=summary/>
        {rows}
        <details class="more" id="make" open=open>
            <summary>{w.t("matters-platform-make")}</summary>
            <div class="more-body">
                <form class="stack" method="post" action="/staff/matters/platforms">
                    <input type="hidden" name="key" value=making.key.clone()/>
                    <SelectField
                        w=w name="organisation" label=w.t("matters-platform-organisation")
                        hint=w.t("matters-platform-organisation-hint")
                        options=making.places.clone() value=making.organisation.clone()
                        error=making.errors.get("organisation").cloned()
                    />
                    <RadioField
                        name="way" legend=w.t("matters-platform-way") choices=ways value=making.way.clone()
                        error=making.errors.get("way").cloned()
                    />
                    {fields(w, &making, true)}
                    <Button label=w.t("matters-platform-make-do") weight=Weight::Primary/>
                </form>
            </div>
        </details>
    }
    .into_any()
}

/// Name, address, and what only Open311 needs.
fn fields(w: Words, making: &Making, open311: bool) -> AnyView {
    let error = |field: &str| making.errors.get(field).cloned();
    let more = open311.then(|| {
        view! {
            <TextField w=w name="service" label=w.t("matters-platform-service") hint=w.t("matters-platform-open311-only") value=making.service.clone() optional=true width="w-mid" error=error("service")/>
            <TextField w=w name="jurisdiction" label=w.t("matters-platform-jurisdiction") value=making.jurisdiction.clone() optional=true width="w-mid" error=error("jurisdiction")/>
            <TextField w=w name="api_key" label=w.t("matters-platform-api-key") hint=w.t("matters-platform-api-key-hint") value=making.api_key.clone() optional=true kind="password" autocomplete="off" error=error("api_key")/>
        }
    });
    view! {
        <TextField w=w name="name" label=w.t("matters-platform-name") value=making.name.clone() maxlength=60 width="w-mid" error=error("name")/>
        <TextField w=w name="url" label=w.t("matters-platform-url") hint=w.t("matters-platform-url-hint") value=making.url.clone() kind="url" error=error("url")/>
        {more}
    }
    .into_any()
}

/// A message to a platform.
pub struct MessageRow {
    /// Id.
    pub id: String,
    /// Number of the matter.
    pub number: String,
    /// What it tells, in words.
    pub what: String,
    /// When it was made, in words.
    pub when: String,
    /// `queued`, `done`, `dead` or `held`.
    pub state: String,
    /// How often it was tried, and when last, in words.
    pub tried: String,
    /// Status of the last answer; 0: none.
    pub status: i64,
    /// What went wrong.
    pub error: String,
}

/// What the page of one platform shows.
pub struct PlatformPage {
    /// Words.
    pub w: Words,
    /// Id.
    pub id: String,
    /// How it is reached.
    pub way: PlatformWay,
    /// Whose it is.
    pub place: String,
    /// Nothing is sent or taken.
    pub paused: bool,
    /// The lock.
    pub version: i64,
    /// Secrets that were just made, shown this once: what our messages are signed with, and what theirs are.
    pub secrets: Option<(String, String)>,
    /// Where it sends its messages.
    pub address: String,
    /// Its settings, with what is wrong.
    pub making: Making,
    /// Messages, those that were given up first.
    pub rows: Vec<MessageRow>,
}

/// The page of one platform.
pub fn platform(page: PlatformPage) -> AnyView {
    let PlatformPage { w, id, way, place, paused, version, secrets, address, making, rows } = page;
    let here = format!("/staff/matters/platforms/{id}");
    let [to_pause, to_rotate, to_remove] = ["pause", "rotate", "remove"].map(|what| format!("{here}/{what}"));
    let dead = i64::try_from(rows.iter().filter(|row| row.state == "dead").count()).unwrap_or(i64::MAX);
    let summary = making.errors.iter().map(|(field, text)| ((*field).to_owned(), text.clone())).collect();
    let log = log(w, &here, rows);
    let (pause_label, pause_value) =
        if paused { (w.t("matters-platform-resume"), "0") } else { (w.t("matters-platform-pause"), "1") };
    view! {
        <p class="meta">{state(w, paused, dead)} " " <Tag word=w.t(way.key())/> " " <span>{place}</span></p>
        {secrets.map(|(out, back)| view! {
            <section class="card stack" id="secret">
                <h2>{w.t("matters-platform-secrets")}</h2>
                <p>{w.t("matters-platform-secrets-text")}</p>
                <p>{w.t("matters-platform-secret-out")} <br/> <code class="token">{out}</code></p>
                <p>{w.t("matters-platform-secret-in")} <br/> <code class="token">{back}</code></p>
            </section>
        })}
        <ErrorSummary w=w errors=summary/>
        <p>{w.t("matters-platform-address")} <br/> <code class="token">{address}</code></p>
        <form method="post" action=to_pause>
            <Button label=pause_label sends=("paused", pause_value.to_owned())/>
        </form>
        {log}
        <Section title=w.t("matters-platform-settings")>
            <form class="stack" method="post" action=here>
                <input type="hidden" name="version" value=version.to_string()/>
                {fields(w, &making, way == PlatformWay::Open311)}
                <Button label=w.t("matters-platform-save") weight=Weight::Primary/>
            </form>
            <div class="stack">
                <Confirm label=w.t("matters-platform-rotate") consequence=w.t("matters-platform-rotate-text")>
                    <form method="post" action=to_rotate>
                        <input type="hidden" name="version" value=version.to_string()/>
                        <Button label=w.t("matters-platform-rotate-do") weight=Weight::Danger/>
                    </form>
                </Confirm>
                <Confirm label=w.t("matters-platform-remove") consequence=w.t("matters-platform-remove-text")>
                    <form method="post" action=to_remove>
                        <Button label=w.t("matters-platform-remove-do") weight=Weight::Danger/>
                    </form>
                </Confirm>
            </div>
        </Section>
    }
    .into_any()
}

fn log(w: Words, here: &str, rows: Vec<MessageRow>) -> AnyView {
    if rows.is_empty() {
        return view! {
            <Section title=w.t("matters-platform-log")><p class="muted">{w.t("matters-platform-log-empty")}</p></Section>
        }
        .into_any();
    }
    let rows: Vec<Vec<Cell>> = rows
        .into_iter()
        .map(|row| {
            let (tone, word) = match row.state.as_str() {
                "done" => (Tone::Ok, w.t("matters-message-done")),
                "dead" => (Tone::Bad, w.t("matters-message-dead")),
                "held" => (Tone::Warn, w.t("matters-message-held")),
                _ => (Tone::Info, w.t("matters-message-queued")),
            };
            let status = if row.status == 0 { "–".to_owned() } else { row.status.to_string() };
            let again = matches!(row.state.as_str(), "dead" | "held").then(|| {
                view! {
                    <form method="post" action=format!("{here}/again")>
                        <input type="hidden" name="message" value=row.id/>
                        <button class="button small">
                            {w.t("matters-message-again")}<span class="sr">{format!(" {} {}", row.number, row.what)}</span>
                        </button>
                    </form>
                }
            });
            let error = (!row.error.is_empty()).then(|| view! { <p class="small muted">{row.error}</p> });
            vec![
                Cell::new(view! { <span>{row.what.clone()}</span><br/><span class="small muted">{row.number.clone()} " " {row.when}</span> }),
                Cell::new(view! { <Badge tone=tone word=word/> }),
                Cell::number(status),
                Cell::new(view! { <span>{row.tried}</span>{error} }),
                Cell::new(again),
            ]
        })
        .collect();
    let columns = vec![
        w.t("matters-column-what"),
        w.t("matters-column-state"),
        w.t("matters-column-status"),
        w.t("matters-column-tried"),
        w.t("matters-column-again"),
    ];
    view! {
        <Section title=w.t("matters-platform-log")>
            <Table caption=w.t("matters-platform-log-kept") columns=columns rows=rows/>
        </Section>
    }
    .into_any()
}
