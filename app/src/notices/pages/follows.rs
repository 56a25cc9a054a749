//! What somebody follows, and how notices reach them.

use crate::{
    i18n::Words,
    notices::{NoticeKind, following::Choices},
    ui::parts::*,
};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// One thing that is followed.
pub struct FollowRow {
    /// The place, and the kind of notices if it is only one, in words.
    pub title: String,
    /// The community of a building.
    pub note: Option<String>,
    /// Code of the place.
    pub place: String,
    /// Code of the kind; empty for all.
    pub kind: String,
}

/// A browser that is notified.
pub struct BrowserRow {
    /// Id.
    pub id: String,
    /// What it is, in words.
    pub name: String,
    /// Since when, in words.
    pub since: String,
}

/// The form that adds something to follow.
pub struct AddForm {
    /// Stands open.
    pub open: bool,
    /// Code and name of every community.
    pub communities: Vec<(String, String)>,
    /// Code of the one whose places can be chosen.
    pub community: String,
    /// Code and words of these places, the whole community first.
    pub places: Vec<(String, String)>,
    /// The chosen place.
    pub place: String,
    /// The chosen kind; empty for all.
    pub kind: String,
    /// What is wrong.
    pub error: Option<String>,
}

/// What `/me/follows` shows.
pub struct FollowsProps {
    /// Words.
    pub w: Words,
    /// Home building or community in words.
    pub home: Option<String>,
    /// Beyond that.
    pub follows: Vec<FollowRow>,
    /// The form for more.
    pub add: AddForm,
    /// Public key that browsers subscribe with.
    pub push_key: String,
    /// Hashes of the endpoints of one's own browsers, separated by spaces.
    pub push_known: String,
    /// Browsers that are notified.
    pub browsers: Vec<BrowserRow>,
    /// How notices are to come.
    pub choices: Choices,
    /// Letters can be sent: the address, masked, and whether it is confirmed; the inner one is missing without an address.
    pub email: Option<Option<(String, bool)>>,
    /// SMS can be sent.
    pub texts: bool,
    /// Words at fields of the settings.
    pub errors: BTreeMap<&'static str, String>,
}

/// The page.
pub fn follows(props: FollowsProps) -> AnyView {
    let FollowsProps { w, home, follows, add, push_key, push_known, browsers, choices, email, texts, errors } = props;
    let mut summary: Vec<(String, String)> =
        errors.iter().map(|(field, text)| ((*field).to_owned(), text.clone())).collect();
    summary.extend(add.error.clone().map(|text| ("place".to_owned(), text)));
    view! {
        <p class="lead">{w.t("follow-lead")}</p>
        <ErrorSummary w=w errors=summary/>
        {places(w, home, follows)}
        {add_form(w, add)}
        {push(w, push_key, push_known, browsers)}
        {settings(w, choices, email, texts, errors)}
        <Section title=w.t("follow-own")>
            <p><a class="more-link" href="/api/v1/me/follows" download="follows.json">{w.t("follow-export")}</a></p>
            <Confirm label=w.t("follow-forget") consequence=w.t("follow-forget-text")>
                <form method="post" action="/me/follows/forget">
                    <Button label=w.t("follow-forget-do") weight=Weight::Danger/>
                </form>
            </Confirm>
        </Section>
    }
    .into_any()
}

fn places(w: Words, home: Option<String>, follows: Vec<FollowRow>) -> AnyView {
    let first = match home {
        Some(home) => view! {
            <li><div class="item">
                <span class="item-icon">{icon("home")}</span>
                <span class="item-main">
                    <span class="item-title">{home}</span>
                    <span class="item-note">{w.t("follow-home-note")}</span>
                </span>
            </div></li>
        }
        .into_any(),
        None => view! { <Item w=w href="/me/name?next=/me/follows" title=w.t("follow-home-none") icon_name="home"/> }
            .into_any(),
    };
    let rows = follows
        .into_iter()
        .map(|row| {
            view! {
                <li><div class="item">
                    <span class="item-icon">{icon("pin")}</span>
                    <span class="item-main">
                        <span class="item-title">{row.title.clone()}</span>
                        {row.note.map(|note| view! { <span class="item-note">{note}</span> })}
                    </span>
                    <span class="item-end">
                        <form method="post" action="/me/follows/remove">
                            <input type="hidden" name="place" value=row.place/>
                            <input type="hidden" name="kind" value=row.kind/>
                            <button class="button small">
                                {w.t("follow-remove")}<span class="sr">" "{row.title}</span>
                            </button>
                        </form>
                    </span>
                </div></li>
            }
        })
        .collect_view();
    view! { <Section title=w.t("follow-places")><List>{first}{rows}</List></Section> }.into_any()
}

fn add_form(w: Words, add: AddForm) -> AnyView {
    let AddForm { open, communities, community, places, place, kind, error } = add;
    let mut kinds = vec![(String::new(), w.t("follow-kind-all"))];
    kinds.extend(NoticeKind::ALL.iter().map(|kind| (kind.code().to_owned(), w.t(kind.key()))));
    view! {
        <details class="more" id="add" open=open>
            <summary>{w.t("follow-add")}</summary>
            <div class="more-body stack">
                <form class="form" method="get" action="/me/follows">
                    <input type="hidden" name="kind" value=kind.clone()/>
                    <SelectField w=w name="in" label=w.t("follow-add-community") options=communities value=community/>
                    <Buttons><Button label=w.t("follow-add-show")/></Buttons>
                </form>
                <form class="form" method="post" action="/me/follows/add">
                    <SelectField w=w name="place" label=w.t("follow-add-place") options=places value=place error=error/>
                    <SelectField w=w name="kind" label=w.t("follow-add-kind") options=kinds value=kind/>
                    <Buttons><Button label=w.t("follow-add-do")/></Buttons>
                </form>
            </div>
        </details>
    }
    .into_any()
}

fn push(w: Words, key: String, known: String, browsers: Vec<BrowserRow>) -> AnyView {
    let rows = browsers
        .into_iter()
        .map(|row| {
            view! {
                <li><div class="item">
                    <span class="item-icon">{icon("device")}</span>
                    <span class="item-main">
                        <span class="item-title">{row.name.clone()}</span>
                        <span class="item-note">{w.tf("follow-push-since", &[("when", row.since.into())])}</span>
                    </span>
                    <span class="item-end">
                        <form method="post" action=format!("/me/follows/browsers/{}/remove", row.id)>
                            <button class="button small">
                                {w.t("follow-push-remove")}<span class="sr">" "{row.name}</span>
                            </button>
                        </form>
                    </span>
                </div></li>
            }
        })
        .collect_view();
    view! {
        <Section title=w.t("follow-push")>
            <p>{w.t("follow-push-lead")}</p>
            <div
                class="push-offer stack"
                data-script="/push.js"
                data-key=key
                data-known=known
                data-on=w.t("follow-push-on")
                data-off=w.t("follow-push-off")
                data-done=w.t("follow-push-done")
                data-ended=w.t("follow-push-ended")
                data-denied=w.t("follow-push-denied")
                data-failed=w.t("follow-push-failed")
            >
                <p class="muted" data-none="">{w.t("follow-push-none")}</p>
                <p class="buttons" data-offer="" hidden>
                    <button type="button" class="button">{icon("bell")}<span></span></button>
                </p>
                <p role="status"></p>
            </div>
            <List>{rows}</List>
        </Section>
    }
    .into_any()
}

fn settings(
    w: Words,
    choices: Choices,
    email: Option<Option<(String, bool)>>,
    texts: bool,
    errors: BTreeMap<&'static str, String>,
) -> AnyView {
    let error = |field: &str| errors.get(field).cloned();
    let kinds = NoticeKind::ALL
        .iter()
        .filter(|kind| **kind != NoticeKind::Emergency)
        .map(|kind| Choice::new(kind.code(), w.t(kind.key())))
        .collect();
    let checked = choices.kinds.iter().map(|kind| kind.code().to_owned()).collect();
    let hours = || (0..24).map(|hour| (hour.to_string(), format!("{hour}:00"))).collect::<Vec<_>>();
    let mail = email.map(|address| match address {
        Some((masked, true)) => view! {
            <fieldset class="field">
                <legend class="label">{w.t("follow-mail")}</legend>
                <ul class="checks"><li>
                    <CheckBox
                        name="email"
                        label=w.tf("follow-mail-to", &[("address", masked.into())])
                        note=w.t("follow-mail-note")
                        checked=choices.email
                        value="on"
                    />
                </li></ul>
            </fieldset>
            <RadioField
                name="mode"
                legend=w.t("follow-mode")
                choices=vec![
                    Choice::new("now", w.t("follow-mode-now")),
                    Choice::new("daily", w.t("follow-mode-daily")).note(w.t("follow-mode-daily-note")),
                ]
                value=if choices.daily.is_some() { "daily" } else { "now" }
                error=error("mode")
            />
            <SelectField
                w=w
                name="daily_hour"
                label=w.t("follow-daily-hour")
                options=hours()
                value=choices.daily.unwrap_or(18).to_string()
                error=error("daily_hour")
            />
        }
        .into_any(),
        _ => view! {
            <Note>
                <p>{w.t("follow-mail-none")}" "<a href="/me/email">{w.t("follow-mail-give")}</a></p>
            </Note>
        }
        .into_any(),
    });
    let sms = texts.then(|| {
        view! {
            <fieldset class="field">
                <legend class="label">{w.t("follow-sms-title")}</legend>
                <ul class="checks"><li>
                    <CheckBox
                        name="sms"
                        label=w.t("follow-sms-do-send")
                        note=w.t("follow-sms-note")
                        checked=choices.sms
                        value="on"
                    />
                </li></ul>
            </fieldset>
        }
    });
    let (from, until) = (choices.quiet.from.to_string(), choices.quiet.until.to_string());
    let (from_error, until_error) = (error("quiet_from"), error("quiet_until"));
    view! {
        <Section title=w.t("follow-how")>
            <form class="form" method="post" action="/me/follows">
                {mail}
                {sms}
                <CheckField
                    name="kinds"
                    legend=w.t("follow-kinds")
                    hint=w.t("follow-kinds-hint")
                    choices=kinds
                    checked=checked
                />
                <SelectField
                    w=w
                    name="quiet_from"
                    label=w.t("follow-quiet-from")
                    hint=w.t("follow-quiet-hint")
                    options=hours()
                    value=from
                    error=from_error
                />
                <SelectField
                    w=w
                    name="quiet_until"
                    label=w.t("follow-quiet-until")
                    options=hours()
                    value=until
                    error=until_error
                />
                <Buttons><Button label=w.t("follow-save") weight=Weight::Primary/></Buttons>
            </form>
        </Section>
    }
    .into_any()
}

/// The page behind a letter's link that stops notices by mail.
pub enum Stop {
    /// Asks for one tap, which posts here.
    Ask(String),
    /// It was just done.
    Done,
    /// The link is none of ours.
    Bad,
}

/// Stops notices by mail.
pub fn stop_notices(w: Words, stop: Stop) -> AnyView {
    match stop {
        Stop::Ask(action) => view! {
            <p class="lead">{w.t("follow-stop-lead")}</p>
            <form method="post" action=action>
                <Button label=w.t("follow-stop-do") weight=Weight::Primary/>
            </form>
        }
        .into_any(),
        Stop::Done => {
            view! { <Empty icon_name="check" title=w.t("follow-stopped") text=w.t("follow-stopped-text")/> }.into_any()
        }
        Stop::Bad => view! {
            <Empty icon_name="warning" title=w.t("follow-stop-bad") text=w.t("follow-stop-bad-text")>
                <LinkButton href="/me/follows" label=w.t("follow-title")/>
            </Empty>
        }
        .into_any(),
    }
}
