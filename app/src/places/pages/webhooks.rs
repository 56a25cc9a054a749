//! Webhooks for administrators.

use crate::{i18n::Words, places::webhook::Event, ui::parts::*};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// One webhook in the list.
pub struct WebhookRow {
    /// Id.
    pub id: String,
    /// Name of its organisation.
    pub place: String,
    /// Where messages go.
    pub url: String,
    /// How many kinds of events.
    pub events: usize,
    /// Nothing is sent.
    pub paused: bool,
    /// Messages that were given up.
    pub dead: i64,
}

/// The form of a new one.
pub struct Making {
    /// Code and name of organisations.
    pub places: Vec<(String, String)>,
    /// The chosen one.
    pub organisation: String,
    /// Where messages are to go.
    pub url: String,
    /// Codes of ticked events.
    pub events: Vec<String>,
    /// One form makes one.
    pub key: String,
    /// What is wrong.
    pub errors: BTreeMap<&'static str, String>,
}

/// What `/staff/webhooks` shows.
pub struct WebhooksPage {
    /// Words.
    pub w: Words,
    /// Those that there are.
    pub rows: Vec<WebhookRow>,
    /// The form of a new one.
    pub making: Making,
}

fn state(w: Words, paused: bool, dead: i64) -> AnyView {
    let (tone, word) = if paused { (Tone::Warn, "webhook-paused") } else { (Tone::Ok, "webhook-on") };
    let dead = (dead > 0).then(|| {
        let word = w.tf("webhook-dead-count", &[("count", dead.into())]);
        view! { " " <Badge tone=Tone::Bad word=word/> }
    });
    view! { <Badge tone=tone word=w.t(word)/> {dead} }.into_any()
}

/// The list.
pub fn list(page: WebhooksPage) -> AnyView {
    let WebhooksPage { w, rows, making } = page;
    let open = rows.is_empty() || !making.errors.is_empty();
    let summary = making.errors.iter().map(|(field, text)| ((*field).to_owned(), text.clone())).collect();
    let none = rows.is_empty();
    let rows = rows
        .into_iter()
        .map(|row| {
            let note = format!("{} · {}", row.place, w.tf("webhook-events-count", &[("count", row.events.into())]));
            view! {
                <Item w=w href=format!("/staff/webhooks/{}", row.id) title=row.url note=note icon_name="list">
                    {state(w, row.paused, row.dead)}
                </Item>
            }
        })
        .collect_view();
    view! {
        <p class="lead">{w.t("webhook-lead")}</p>
        <ErrorSummary w=w errors=summary/>
        {(!none).then(|| view! { <List>{rows}</List> })}
        <details class="more" id="make" open=open>
            <summary>{w.t("webhook-make")}</summary>
            <div class="more-body">
                <form class="stack" method="post" action="/staff/webhooks">
                    <input type="hidden" name="key" value=making.key/>
                    <SelectField
                        w=w
                        name="organisation"
                        label=w.t("webhook-organisation")
                        hint=w.t("webhook-organisation-hint")
                        options=making.places
                        value=making.organisation
                        error=making.errors.get("organisation").cloned()
                    />
                    {fields(w, making.url, making.events, &making.errors)}
                    <Button label=w.t("webhook-make-do") weight=Weight::Primary/>
                </form>
            </div>
        </details>
    }
    .into_any()
}

/// Address and events.
fn fields(w: Words, url: String, events: Vec<String>, errors: &BTreeMap<&'static str, String>) -> AnyView {
    view! {
        <TextField
            w=w
            name="url"
            label=w.t("webhook-url")
            value=url
            kind="url"
            hint=w.t("webhook-url-hint")
            error=errors.get("url").cloned()
        />
        <CheckField
            name="events"
            legend=w.t("webhook-events")
            choices=Event::ALL.into_iter().map(|event| Choice::new(event.code(), w.t(event.key())).note(event.code())).collect()
            checked=events
            error=errors.get("events").cloned()
        />
    }
    .into_any()
}

/// A message in the log.
pub struct DeliveryRow {
    /// Id.
    pub id: String,
    /// What it tells, in words.
    pub event: String,
    /// When it happened, in words.
    pub when: String,
    /// When it was last tried, in words.
    pub tried: Option<String>,
    /// `queued`, `done`, `dead` or `held`.
    pub state: String,
    /// How often it was tried.
    pub attempts: i64,
    /// Status of the last answer; 0: none.
    pub status: i64,
    /// How long the last try took, in milliseconds.
    pub millis: i64,
    /// What went wrong.
    pub error: String,
}

/// What the page of one webhook shows.
pub struct WebhookPage {
    /// Words.
    pub w: Words,
    /// Id.
    pub id: String,
    /// Name of its organisation.
    pub place: String,
    /// Nothing is sent.
    pub paused: bool,
    /// The lock of its settings.
    pub version: i64,
    /// A secret that was just made, shown this once.
    pub secret: Option<String>,
    /// Until when the secret before signs as well, in words.
    pub both: Option<String>,
    /// Where messages go.
    pub url: String,
    /// Codes of events.
    pub events: Vec<String>,
    /// What is wrong with the form.
    pub errors: BTreeMap<&'static str, String>,
    /// Its messages, those that were given up first.
    pub rows: Vec<DeliveryRow>,
}

/// The page of one webhook.
pub fn one(page: WebhookPage) -> AnyView {
    let WebhookPage { w, id, place, paused, version, secret, both, url, events, errors, rows } = page;
    let here = format!("/staff/webhooks/{id}");
    let [to_test, to_pause, to_rotate, to_remove] =
        ["test", "pause", "rotate", "remove"].map(|what| format!("{here}/{what}"));
    let dead = i64::try_from(rows.iter().filter(|row| row.state == "dead").count()).unwrap_or(i64::MAX);
    let summary = errors.iter().map(|(field, text)| ((*field).to_owned(), text.clone())).collect();
    let log = log(w, &here, rows);
    let (pause_label, pause_value) = if paused { (w.t("webhook-resume"), "0") } else { (w.t("webhook-pause"), "1") };
    view! {
        <p class="meta">{state(w, paused, dead)} " " <span>{place}</span> " " <span class="muted">{url.clone()}</span></p>
        {secret.map(|secret| view! {
            <section class="card stack" id="secret">
                <h2>{w.t("webhook-secret")}</h2>
                <p>{w.t("webhook-secret-text")}</p>
                <p><code class="token">{secret}</code></p>
            </section>
        })}
        {both.map(|until| view! { <p class="hint">{w.tf("webhook-both", &[("until", until.into())])}</p> })}
        <ErrorSummary w=w errors=summary/>
        <div class="cluster">
            <form method="post" action=to_test>
                <Button label=w.t("webhook-test")/>
            </form>
            <form method="post" action=to_pause>
                <Button label=pause_label sends=("paused", pause_value.to_owned())/>
            </form>
        </div>
        {log}
        <Section title=w.t("webhook-settings")>
            <form class="stack" method="post" action=here>
                <input type="hidden" name="version" value=version.to_string()/>
                {fields(w, url, events, &errors)}
                <Button label=w.t("webhook-save") weight=Weight::Primary/>
            </form>
            <div class="stack">
                <Confirm label=w.t("webhook-rotate") consequence=w.t("webhook-rotate-text")>
                    <form method="post" action=to_rotate>
                        <input type="hidden" name="version" value=version.to_string()/>
                        <Button label=w.t("webhook-rotate-do") weight=Weight::Danger/>
                    </form>
                </Confirm>
                <Confirm label=w.t("webhook-remove") consequence=w.t("webhook-remove-text")>
                    <form method="post" action=to_remove>
                        <Button label=w.t("webhook-remove-do") weight=Weight::Danger/>
                    </form>
                </Confirm>
            </div>
        </Section>
    }
    .into_any()
}

fn log(w: Words, here: &str, rows: Vec<DeliveryRow>) -> AnyView {
    if rows.is_empty() {
        return view! { <Section title=w.t("webhook-log")><p class="muted">{w.t("webhook-log-empty")}</p></Section> }
            .into_any();
    }
    let rows: Vec<Vec<Cell>> = rows
        .into_iter()
        .map(|row| {
            let (tone, key) = match row.state.as_str() {
                "done" => (Tone::Ok, "webhook-state-done"),
                "dead" => (Tone::Bad, "webhook-state-dead"),
                "held" => (Tone::Warn, "webhook-state-held"),
                _ => (Tone::Info, "webhook-state-queued"),
            };
            let status = if row.status == 0 { "–".to_owned() } else { row.status.to_string() };
            let tried = match row.tried {
                Some(when) => w.tf(
                    "webhook-tried",
                    &[("count", row.attempts.into()), ("when", when.into()), ("millis", row.millis.into())],
                ),
                None => w.t("webhook-untried"),
            };
            let again = (row.state != "queued").then(|| {
                view! {
                    <form method="post" action=format!("{here}/again")>
                        <input type="hidden" name="delivery" value=row.id/>
                        <button class="button small">
                            {w.t("webhook-again")}<span class="sr">{format!(" {} {}", row.event, row.when)}</span>
                        </button>
                    </form>
                }
            });
            let error = (!row.error.is_empty()).then(|| view! { <p class="small muted">{row.error}</p> });
            vec![
                Cell::new(
                    view! { <span>{row.event.clone()}</span><br/><span class="small muted">{row.when.clone()}</span> },
                ),
                Cell::new(view! { <Badge tone=tone word=w.t(key)/> }),
                Cell::number(status),
                Cell::new(view! { <span>{tried}</span>{error} }),
                Cell::new(again),
            ]
        })
        .collect();
    let columns = [
        "webhook-column-event",
        "webhook-column-state",
        "webhook-column-status",
        "webhook-column-tried",
        "webhook-column-again",
    ];
    view! {
        <Section title=w.t("webhook-log")>
            <Table caption=w.t("webhook-log-kept") columns=columns.map(|key| w.t(key)).to_vec() rows=rows/>
        </Section>
    }
    .into_any()
}
