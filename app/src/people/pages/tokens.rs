//! One's own tokens for the JSON API.

use crate::{
    i18n::Words,
    people::{Room, Scopes, TOKEN_DAYS},
    ui::parts::*,
};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// One token.
pub struct TokenRow {
    /// Id.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// Its last letters.
    pub hint: String,
    /// What it opens.
    pub scopes: Scopes,
    /// The last day on which it holds, in words.
    pub until: String,
    /// When it was last used, in words; `None`: never.
    pub used: Option<String>,
}

/// What `/me/tokens` shows.
pub struct TokensProps {
    /// Words.
    pub w: Words,
    /// Those that hold.
    pub rows: Vec<TokenRow>,
    /// The one that was just made, shown this once.
    pub made: Option<String>,
    /// The reader has work to do here: rooms for work are offered.
    pub works: bool,
    /// The form as it was typed: name.
    pub name: String,
    /// Days.
    pub days: String,
    /// Rooms.
    pub scopes: Scopes,
    /// One form makes one token.
    pub key: String,
    /// What is wrong with the form.
    pub errors: BTreeMap<&'static str, String>,
}

/// The page.
pub fn tokens(props: TokensProps) -> AnyView {
    let TokensProps { w, rows, made, works, name, days, scopes, key, errors } = props;
    let summary = errors.iter().map(|(field, text)| ((*field).to_owned(), text.clone())).collect();
    let none = rows.is_empty();
    let open = !errors.is_empty() || (none && made.is_none());
    view! {
        <p class="lead">{w.t("token-lead")}</p>
        <p><a class="more-link" href="/api">{w.t("token-api")}</a></p>
        {made.map(|token| view! {
            <section class="card stack" id="made">
                <h2>{w.t("token-made")}</h2>
                <p>{w.t("token-made-text")}</p>
                <p><code class="token">{token}</code></p>
            </section>
        })}
        <ErrorSummary w=w errors=summary/>
        {(!none).then(|| view! {
            <Section title=w.t("token-list")>
                <List>{rows.into_iter().map(|one| row(w, one)).collect_view()}</List>
            </Section>
        })}
        <details class="more" id="make" open=open>
            <summary>{w.t("token-make")}</summary>
            <div class="more-body">
                <form class="stack" method="post" action="/me/tokens">
                    <input type="hidden" name="key" value=key/>
                    <TextField
                        w=w
                        name="name"
                        label=w.t("token-name")
                        value=name
                        hint=w.t("token-name-hint")
                        error=errors.get("name").cloned()
                    />
                    <SelectField
                        w=w
                        name="days"
                        label=w.t("token-days")
                        options=TOKEN_DAYS
                            .iter()
                            .map(|days| (days.to_string(), w.tf("token-days-count", &[("count", (*days).into())])))
                            .collect()
                        value=if days.is_empty() { "30".to_owned() } else { days }
                        error=errors.get("days").cloned()
                    />
                    {rooms(w, works, &scopes, errors.get("scopes").cloned())}
                    <Button label=w.t("token-make-do") weight=Weight::Primary/>
                </form>
            </div>
        </details>
    }
    .into_any()
}

fn row(w: Words, row: TokenRow) -> AnyView {
    let used = match row.used {
        Some(when) => w.tf("token-used", &[("when", when.into())]),
        None => w.t("token-unused"),
    };
    let rooms: Vec<String> = row
        .scopes
        .rooms()
        .map(|(room, writes)| {
            let key = if writes { "token-room-write" } else { "token-room-read" };
            w.tf(key, &[("room", w.t(room.key()).into())])
        })
        .collect();
    let name = row.name;
    view! {
        <li><div class="item">
            <span class="item-icon">{icon("device")}</span>
            <span class="item-main">
                <span class="item-title">{name.clone()} " " <span class="muted num">{format!("…{}", row.hint)}</span></span>
                <span class="item-note">{rooms.join(&w.t("token-and"))}</span>
                <span class="item-note">{format!("{used} · {}", w.tf("token-until", &[("date", row.until.into())]))}</span>
            </span>
            <span class="item-end">
                <form method="post" action=format!("/me/tokens/{}/revoke", row.id)>
                    <button class="button small">{w.t("token-revoke")}<span class="sr">" "{name}</span></button>
                </form>
            </span>
        </div></li>
    }
    .into_any()
}

/// What the form sends for a room that stays closed.
const CLOSED: &str = "none";

/// One question for each room: closed, for reading, for writing.
fn rooms(w: Words, works: bool, scopes: &Scopes, error: Option<String>) -> AnyView {
    let fields = Room::ALL
        .into_iter()
        .filter(|room| works || !room.is_work())
        .map(|room| {
            let value = match (scopes.allow(room, false), scopes.allow(room, true)) {
                (_, true) => "write",
                (true, _) => "read",
                _ => CLOSED,
            };
            let options = [(CLOSED, "token-closed"), ("read", "token-read"), ("write", "token-write")];
            view! {
                <SelectField
                    w=w
                    name=room.code()
                    label=w.t(room.key())
                    options=options.map(|(value, key)| (value.to_owned(), w.t(key))).to_vec()
                    value=value
                />
            }
        })
        .collect_view();
    let invalid = error.is_some().then_some("");
    view! {
        <fieldset class="field" id="scopes" data-invalid=invalid>
            <legend class="label">{w.t("token-rooms")}</legend>
            <p class="hint">{w.t("token-rooms-hint")}</p>
            {error.map(|error| view! { <p class="error">{error}</p> })}
            <div class="cols">{fields}</div>
        </fieldset>
    }
    .into_any()
}
