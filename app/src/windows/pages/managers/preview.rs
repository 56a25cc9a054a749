//! The preview of a change: what differs, the coming two weeks, and what becomes of the bookings it hits.

use super::{carried, sentences};
use crate::{
    i18n::Words,
    time,
    ui::parts::*,
    windows::{
        DayHours,
        pages::{closed_words, parts::when_words},
        settings::{Hit, Proposal},
    },
};
use jiff::{Timestamp, civil::Date};
use leptos::prelude::*;

/// A booking that is hit.
pub struct HitView {
    /// Its code.
    pub code: String,
    /// Whose it is, and the masked number.
    pub person: (String, String),
    /// What it is for.
    pub title: String,
    /// Number of its window.
    pub window: i64,
    /// Begin and end.
    pub span: (Timestamp, Timestamp),
    /// Why it is hit.
    pub hit: Hit,
    /// Free times.
    pub proposals: Vec<Proposal>,
    /// Chosen: `keep`, `propose`, `move`, `cancel`, or empty for the default.
    pub decision: String,
    /// The chosen time.
    pub to: String,
    /// Words for this person.
    pub say: String,
    /// What is wrong with them.
    pub say_error: Option<String>,
    /// What is wrong.
    pub error: Option<String>,
    /// Not on the page that was sent.
    pub fresh: bool,
}

/// A day before and after.
pub struct BeforeAfterDay {
    /// The day.
    pub date: Date,
    /// Hours before and after.
    pub hours: (DayHours, DayHours),
    /// Places before and after.
    pub places: (i64, i64),
}

/// What the page shows.
pub struct PreviewProps {
    /// Words.
    pub w: Words,
    /// Where the form goes.
    pub action: String,
    /// Where one goes back to edit on, with the fields carried.
    pub name: String,
    /// Fields of the edit, carried on.
    pub fields: Vec<(String, String)>,
    /// What changes.
    pub changes: Vec<String>,
    /// The coming two weeks; with the hall's name when there are several.
    pub days: Vec<(String, Vec<BeforeAfterDay>)>,
    /// Bookings that are hit.
    pub hits: Vec<HitView>,
    /// Chosen for all.
    pub default: String,
    /// Words for all.
    pub message: String,
    /// What is wrong with them.
    pub message_error: Option<String>,
    /// It was sent to be saved and comes back: why.
    pub again: Option<String>,
    /// What may become of a booking, the first for all that say nothing else: code and catalogue key.
    pub allowed: &'static [(&'static str, &'static str)],
    /// Something to look at before the bookings.
    pub extra: Option<AnyView>,
    /// Where one goes to let it be; `None`: back to the form with what was typed.
    pub back: Option<String>,
}

/// Everything that may become of a booking, see [`PreviewProps::allowed`].
pub const DECISIONS: [(&str, &str); 4] = [
    ("propose", "settings-decide-propose"),
    ("keep", "settings-decide-keep"),
    ("move", "settings-decide-move"),
    ("cancel", "settings-decide-cancel"),
];

/// What may become of a booking for which no other time can be found.
pub const KEEP_OR_CANCEL: [(&str, &str); 2] = [("keep", "settings-decide-keep"), ("cancel", "settings-decide-cancel")];

/// The page.
pub fn preview_page(props: PreviewProps) -> AnyView {
    let PreviewProps {
        w,
        action,
        name,
        fields,
        changes,
        days,
        hits,
        default,
        message,
        message_error,
        again,
        allowed,
        extra,
        back,
    } = props;
    let count = hits.len();
    let some_days = !days.is_empty();
    let tables = days.into_iter().map(|(hall, days)| table(w, hall, days)).collect_view();
    let seen: Vec<(String, String)> = hits.iter().map(|hit| ("seen".to_owned(), hit.code.clone())).collect();
    let rows = hits.into_iter().map(|hit| hit_card(w, hit, allowed)).collect_view();
    let options: Vec<(String, String)> = allowed.iter().map(|(code, key)| ((*code).to_owned(), w.t(key))).collect();
    let first = allowed.first().map(|(code, _)| *code).unwrap_or_default();
    let default = if default.is_empty() { first.to_owned() } else { default };
    let edit_again: Vec<(String, String)> = fields.clone();
    let decide = if count == 0 {
        view! { <Note tone=Tone::Ok><p>{w.t("settings-no-hits")}</p></Note> }.into_any()
    } else {
        view! {
            <Note tone=Tone::Warn><p><strong>{w.tf("settings-hits", &[("count", count.into())])}</strong></p></Note>
            <SelectField w=w name="default" label=w.t("settings-decide-all") options=options value=default/>
            <TextArea
                w=w
                name="message"
                label=w.t("settings-message")
                hint=w.t("settings-message-hint")
                value=message
                error=message_error
                optional=true
                maxlength=300
                rows=2
            />
            <ul class="hit-list">{rows}</ul>
        }
        .into_any()
    };
    view! {
        <p class="lead">{name}</p>
        {again.map(|why| view! { <Note tone=Tone::Warn><p>{why}</p></Note> })}
        <Section title=w.t("settings-changes")>{sentences(changes)}</Section>
        {extra}
        <form class="form" method="post" action=action.clone()>
            <input type="hidden" name="confirm" value="1"/>
            {carried(fields)}
            {carried(seen)}
            <Section title=w.t("settings-hit-title")>{decide}</Section>
            {some_days.then(|| view! { <Section title=w.t("settings-weeks")>{tables}</Section> })}
            <ActionBar><Button label=w.t("settings-save") weight=Weight::Primary icon_name="check"/></ActionBar>
        </form>
        {match back {
            Some(href) => view! {
                <p><a class="button quiet" href=href>{icon("back")}{w.t("settings-let-be")}</a></p>
            }
            .into_any(),
            None => view! {
                <form class="form" method="post" action=action>
                    <input type="hidden" name="edit" value="1"/>
                    {carried(edit_again)}
                    <div><Button label=w.t("settings-edit-on") weight=Weight::Quiet icon_name="back"/></div>
                </form>
            }
            .into_any(),
        }}
    }
    .into_any()
}

fn hours_words(w: Words, hours: &DayHours) -> String {
    match hours {
        DayHours::Closed(reason) => closed_words(w, reason),
        DayHours::Open(spans) => spans
            .iter()
            .map(|span| format!("{}–{}", span.from.strftime("%H:%M"), span.to.strftime("%H:%M")))
            .collect::<Vec<_>>()
            .join(", "),
    }
}

fn table(w: Words, hall: String, days: Vec<BeforeAfterDay>) -> AnyView {
    let columns = ["settings-column-day", "settings-column-hours", "settings-column-places"];
    let rows = days
        .into_iter()
        .map(|day| {
            let (before, after) = (hours_words(w, &day.hours.0), hours_words(w, &day.hours.1));
            let same = before == after;
            let hours = if same {
                view! { <span class="num">{after}</span> }.into_any()
            } else {
                view! {
                    <del class="num">{before}</del>" "
                    <ins class="num"><span class="sr">{w.t("settings-becomes")}" "</span>{after}</ins>
                }
                .into_any()
            };
            let places = if day.places.0 == day.places.1 {
                view! { <span>{day.places.1}</span> }.into_any()
            } else {
                view! {
                    <del>{day.places.0}</del>" "
                    <ins><span class="sr">{w.t("settings-becomes")}" "</span>{day.places.1}</ins>
                }
                .into_any()
            };
            vec![Cell::new(time::date(w.lang, day.date)), Cell::new(hours), Cell::number(places)]
        })
        .collect();
    let caption = w.tf("settings-weeks-caption", &[("hall", hall.into())]);
    view! { <Table caption=caption columns=columns.map(|key| w.t(key)).to_vec() rows=rows keep=true/> }.into_any()
}

fn hit_card(w: Words, hit: HitView, allowed: &'static [(&'static str, &'static str)]) -> AnyView {
    let why = match &hit.hit {
        Hit::Closed(reason) => format!("{}: {}", w.t(hit.hit.key()), closed_words(w, reason)),
        other => w.t(other.key()),
    };
    let HitView { code, person, title, window, span, proposals, decision, to, say, say_error, error, fresh, .. } = hit;
    let whole = std::iter::once((String::new(), w.t("settings-decide-default")))
        .chain(allowed.iter().map(|(code, key)| ((*code).to_owned(), w.t(key))))
        .map(|(value, word)| {
            let selected = value == decision;
            view! { <option value=value selected=selected>{word}</option> }
        })
        .collect_view();
    let may_move = allowed.iter().any(|(code, _)| *code == "move");
    let times = if !may_move {
        ().into_any()
    } else if proposals.is_empty() {
        view! { <p class="muted">{w.t("settings-no-proposals")}</p> }.into_any()
    } else {
        let choices = proposals
            .into_iter()
            .map(|proposal| {
                let value = proposal.value();
                let checked = value == to;
                let words = when_words(w, proposal.from(), proposal.to());
                let window = w.tf("settings-window-name", &[("number", proposal.number.into())]);
                view! {
                    <label class="choice">
                        <input type="radio" name=format!("to.{code}") value=value checked=checked/>
                        <span class="choice-main">
                            <span class="choice-title">{words}</span><span class="choice-note">{window}</span>
                        </span>
                    </label>
                }
            })
            .collect_view();
        view! {
            <fieldset class="field">
                <legend class="label">{w.t("settings-new-time")}</legend>
                <div class="choices inline">{choices}</div>
            </fieldset>
        }
        .into_any()
    };
    let window = w.tf("settings-window-name", &[("number", window.into())]);
    let invalid = (error.is_some() || say_error.is_some()).then_some("");
    let open = error.is_some() || !say.is_empty() || decision == "move" || decision == "propose";
    let more = w.t(if may_move { "settings-hit-more" } else { "settings-hit-say" });
    let described = say_error.is_some().then(|| format!("say.{code}-error"));
    let say_invalid = say_error.is_some();
    view! {
        <li class="card hit" data-invalid=invalid id=format!("hit-{code}")>
            <h3 class="card-title">{person.0.clone()}" "<span class="muted small num nowrap">{person.1}</span></h3>
            {fresh.then(|| view! { <p><Badge tone=Tone::Warn word=w.t("settings-fresh")/></p> })}
            <p>{title}" · "<span class="num">{when_words(w, span.0, span.1)}</span>" · "{window}</p>
            <p><Badge tone=Tone::Bad word=why/></p>
            {error.map(|text| view! { <p class="error">{text}</p> })}
            <div class="field">
                <label class="label" r#for=format!("decide.{code}")>{w.t("settings-decide")}</label>
                <select class="input w-mid" id=format!("decide.{code}") name=format!("decide.{code}")>{whole}</select>
            </div>
            <details class="more" open=open>
                <summary>{more}<span class="sr">" "{person.0.clone()}</span></summary>
                <div class="more-body">
                    {times}
                    <div class="field" data-invalid=say_invalid.then_some("")>
                        <label class="label" r#for=format!("say.{code}")>{w.t("settings-say")}</label>
                        {say_error.map(|text| view! { <p class="error" id=format!("say.{code}-error")>{text}</p> })}
                        <input
                            class="input"
                            id=format!("say.{code}")
                            name=format!("say.{code}")
                            value=say
                            maxlength="300"
                            aria-describedby=described
                            aria-invalid=say_invalid.then_some("true")
                            autocomplete="off"
                        />
                    </div>
                </div>
            </details>
        </li>
    }
    .into_any()
}

/// The proposal as the resident sees it.
pub struct ProposalProps {
    /// Words.
    pub w: Words,
    /// Code of the booking.
    pub code: String,
    /// What it is for.
    pub title: String,
    /// Name of the hall.
    pub hall: String,
    /// The booked time.
    pub old: (Timestamp, Timestamp),
    /// The proposed time with the window's number and until when it is kept; `None`: answered or lapsed.
    pub new: Option<(Timestamp, Timestamp, i64, Timestamp)>,
    /// Words of the hall.
    pub message: String,
}

/// The page on which a resident answers a proposal.
pub fn proposal_page(props: ProposalProps) -> AnyView {
    let ProposalProps { w, code, title, hall, old, new, message } = props;
    let Some((from, to, window, until)) = new else {
        return view! {
            <p class="lead">{w.t("proposal-none")}</p>
            <p>{title}" · "{when_words(w, old.0, old.1)}" · "{hall}</p>
            <p><a class="button" href=format!("/appointments/{code}")>{w.t("proposal-to-ticket")}</a></p>
        }
        .into_any();
    };
    let action = format!("/appointments/{code}/proposal");
    let facts = vec![
        Fact::new(w.t("proposal-item"), title),
        Fact::new(w.t("proposal-old"), view! { <del>{when_words(w, old.0, old.1)}</del> }),
        Fact::new(w.t("proposal-new"), view! { <strong>{when_words(w, from, to)}</strong> }),
        Fact::new(
            w.t("proposal-where"),
            format!("{hall} · {}", w.tf("settings-window-name", &[("number", window.into())])),
        ),
    ];
    view! {
        <p class="lead">{w.t("proposal-lead")}</p>
        {(!message.is_empty()).then(|| view! { <Note><p>{message}</p></Note> })}
        <Summary facts=facts/>
        <p class="muted">{w.tf("proposal-until", &[("until", time::date_time(w.lang, until, old.0).into())])}</p>
        <form class="form" method="post" action=action.clone()>
            <input type="hidden" name="answer" value="accept"/>
            <ActionBar><Button label=w.t("proposal-accept") weight=Weight::Primary icon_name="check"/></ActionBar>
        </form>
        <Confirm label=w.t("proposal-decline") consequence=w.t("proposal-decline-text")>
            <form method="post" action=action>
                <input type="hidden" name="answer" value="decline"/>
                <Button label=w.t("proposal-decline-confirm") weight=Weight::Danger/>
            </form>
        </Confirm>
    }
    .into_any()
}
