//! For staff: how a notice's messages fare.

use crate::{
    i18n::Words,
    notices::following::{Channel, Reason},
    ui::parts::*,
};
use leptos::prelude::*;

/// The numbers of one way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChannelRow {
    /// The way; `None`: the inbox.
    pub channel: Option<Channel>,
    /// Delivered.
    pub delivered: i64,
    /// Waiting for their time, or for a day's letter.
    pub waiting: i64,
    /// Failed, and tried again by themselves.
    pub retrying: i64,
    /// On their way at this moment.
    pub sending: i64,
    /// Failed for good: refused, or given up.
    pub failed: i64,
    /// Nobody knows whether they went.
    pub unsure: i64,
    /// Not sent any more: corrected or withdrawn before, or not wanted any more.
    pub dropped: i64,
}

/// Why messages failed.
pub struct ReasonRow {
    /// The way.
    pub channel: Channel,
    /// State as stored.
    pub state: String,
    /// Kind of failure as stored.
    pub failure: String,
    /// As stored: ours by its key, or in the other side's words.
    pub reason: String,
    /// How many.
    pub count: i64,
}

/// What the page shows.
pub struct Deliveries {
    /// Id of the notice.
    pub notice_id: String,
    /// People told so far, and whether that is everybody; `None`: it has not begun.
    pub told: Option<(i64, bool)>,
    /// What became of each message was kept long enough and is gone.
    pub cleared: bool,
    /// The numbers by way.
    pub rows: Vec<ChannelRow>,
    /// Why messages failed.
    pub reasons: Vec<ReasonRow>,
    /// The reader may have them sent again.
    pub may_send: bool,
}

/// A catalogue key for a kind of failure, with a tone.
fn failure(state: &str, code: &str) -> (Tone, &'static str) {
    match (state, code) {
        ("created" | "sending", _) => (Tone::Warn, "sent-failure-retrying"),
        (_, "temporary") => (Tone::Bad, "sent-failure-temporary"),
        (_, "permanent") => (Tone::Bad, "sent-failure-permanent"),
        (_, "unsure") => (Tone::Warn, "sent-failure-unsure"),
        (_, "overtaken") => (Tone::Neutral, "sent-failure-overtaken"),
        _ => (Tone::Neutral, "sent-failure-stopped"),
    }
}

/// The page.
pub fn deliveries(w: Words, page: Deliveries) -> AnyView {
    let Deliveries { notice_id, told, cleared, rows, reasons, may_send } = page;
    let lead = match told {
        None => w.t("sent-not-begun"),
        Some((people, false)) => w.tf("sent-telling", &[("people", people.into())]),
        Some((people, true)) => w.tf("sent-told", &[("people", people.into())]),
    };
    let failed: i64 = rows.iter().map(|row| row.failed).sum();
    let unsure: i64 = rows.iter().map(|row| row.unsure).sum();
    let table = channel_table(w, rows);
    let again = |unsure: &'static str, label: &'static str, text: &'static str, count: i64| {
        (may_send && count > 0).then(|| {
            view! {
                <form method="post" action=format!("/staff/notices/{notice_id}/deliveries") class="stack tight">
                    <p class="hint">{w.tf(text, &[("count", count.into())])}</p>
                    <Button label=w.t(label) sends=("unsure", unsure.to_owned())/>
                </form>
            }
        })
    };
    let first = again("0", "sent-again", "sent-again-text", failed);
    let second = again("1", "sent-again-unsure", "sent-again-unsure-text", unsure);
    view! {
        <p class="lead">{lead}</p>
        {cleared.then(|| view! { <p class="muted">{w.t("sent-cleared")}</p> })}
        {table}
        {first}
        {second}
        {reason_table(w, reasons)}
    }
    .into_any()
}

/// The ways on which something was sent, or is to be. A column in which nothing stands is left out.
fn channel_table(w: Words, rows: Vec<ChannelRow>) -> AnyView {
    type Column = (&'static str, fn(&ChannelRow) -> i64);
    let all: [Column; 7] = [
        ("sent-column-delivered", |row| row.delivered),
        ("sent-column-waiting", |row| row.waiting),
        ("sent-column-retrying", |row| row.retrying),
        ("sent-column-sending", |row| row.sending),
        ("sent-column-failed", |row| row.failed),
        ("sent-column-unsure", |row| row.unsure),
        ("sent-column-dropped", |row| row.dropped),
    ];
    let rows: Vec<ChannelRow> =
        rows.into_iter().filter(|row| row.channel.is_none() || all.iter().any(|(_, of)| of(row) > 0)).collect();
    let used: Vec<Column> = all
        .into_iter()
        .enumerate()
        .filter(|(place, (_, of))| *place == 0 || rows.iter().any(|row| of(row) > 0))
        .map(|(_, column)| column)
        .collect();
    let names = std::iter::once("sent-column-channel").chain(used.iter().map(|(key, _)| *key)).map(|key| w.t(key));
    let names = names.collect();
    let body = rows
        .iter()
        .map(|row| {
            let name = Cell::new(w.t(row.channel.map_or("sent-channel-inbox", Channel::key)));
            std::iter::once(name).chain(used.iter().map(|(_, of)| Cell::number(of(row)))).collect()
        })
        .collect();
    let only_inbox = rows.iter().all(|row| row.channel.is_none());
    view! {
        <Table caption=w.t("sent-caption") columns=names rows=body/>
        {only_inbox.then(|| view! { <p class="muted">{w.t("sent-only-inbox")}</p> })}
    }
    .into_any()
}

fn reason_table(w: Words, reasons: Vec<ReasonRow>) -> AnyView {
    if reasons.is_empty() {
        return ().into_any();
    }
    let columns = ["sent-column-channel", "sent-column-what", "sent-column-count", "sent-column-reason"];
    let rows = reasons
        .into_iter()
        .map(|row| {
            let (tone, key) = failure(&row.state, &row.failure);
            vec![
                Cell::new(w.t(row.channel.key())),
                Cell::new(view! { <Badge tone=tone word=w.t(key)/> }),
                Cell::number(row.count),
                Cell::new(match Reason::from_key(&row.reason) {
                    Some(reason) => w.t(reason.key()).into_any(),
                    None => view! { <span lang="en">{row.reason}</span> }.into_any(),
                }),
            ]
        })
        .collect();
    view! {
        <Section title=w.t("sent-reasons")>
            <Table caption=w.t("sent-reasons-caption") columns=columns.map(|key| w.t(key)).to_vec() rows=rows/>
        </Section>
    }
    .into_any()
}
