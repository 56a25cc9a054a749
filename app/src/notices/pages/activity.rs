//! Signing up for an activity: under its notice, under "mine", at the door, in the editor.

use crate::{
    i18n::Words,
    notices::{
        ActivityPlan, NoticeFact, NoticeForm, NoticeKind, SignUpState, Standing,
        activity::{PEOPLE_MAX, PLACE_CHARS},
        form::Errors,
    },
    time,
    ui::parts::*,
};
use jiff::Timestamp;
use leptos::prelude::*;

/// When an activity is, in words: one day with two times, or two days with theirs.
pub fn when(w: Words, plan: &ActivityPlan, now: Timestamp) -> String {
    span(w, plan.starts_at, plan.ends_at, now)
}

/// The same for any span.
pub fn span(w: Words, from: Timestamp, to: Timestamp, now: Timestamp) -> String {
    let begin = time::date_time(w.lang, from, now);
    if time::day_of(from) == time::day_of(to) {
        format!("{begin}–{}", time::time_of_day(to))
    } else {
        format!("{begin} – {}", time::date_time(w.lang, to, now))
    }
}

/// How many seats there are and how many are left, in words; `None` where nobody needs to sign up.
pub fn seats_words(w: Words, standing: Standing) -> Option<String> {
    (standing.seats > 0)
        .then(|| w.tf("activity-seats-left", &[("seats", standing.seats.into()), ("free", standing.free().into())]))
}

/// The facts that stand before the text of an activity's notice.
pub fn activity_facts(w: Words, plan: &ActivityPlan, standing: Option<Standing>, now: Timestamp) -> Vec<NoticeFact> {
    let fact = |label: &str, value: String| NoticeFact { label: w.t(label), value };
    let mut facts = vec![fact("activity-when", when(w, plan, now))];
    if !plan.place.is_empty() {
        facts.push(fact("activity-where", w.pick(&plan.place, &plan.place_en).to_owned()));
    }
    if plan.seats > 0 {
        let standing = standing.unwrap_or(Standing {
            seats: plan.seats,
            taken: 0,
            until: plan.until,
            starts_at: plan.starts_at,
            cancelled: false,
        });
        facts.extend(seats_words(w, standing).map(|words| fact("activity-seats", words)));
        facts.push(fact("activity-until", time::date_time(w.lang, plan.until, now)));
    }
    facts
}

/// What stands under the notice of an activity.
#[derive(Clone, Debug)]
pub struct SignUpPart {
    /// Address of the notice; empty in a preview, whose links stay where they are.
    pub notice: String,
    /// How it stands.
    pub standing: Standing,
    /// People in one sign-up.
    pub most: i64,
    /// How many sign-ups wait, and how many of them before the reader's.
    pub waiting: (i64, i64),
    /// The reader's sign-up and how many they are.
    pub mine: Option<(SignUpState, i64)>,
    /// Somebody is signed in.
    pub signed_in: bool,
    /// A later notice has the words that count: there one signs up.
    pub elsewhere: Option<String>,
}

/// Signing up, or how the reader's sign-up stands; and the calendar file.
pub fn sign_up_part(w: Words, now: Timestamp, part: SignUpPart) -> AnyView {
    if part.standing.cancelled {
        return ().into_any();
    }
    if let Some(href) = part.elsewhere {
        return view! {
            <section class="card sign-up" id="sign-up" aria-labelledby="sign-up-title">
                <h2 class="card-title" id="sign-up-title">{w.t("activity-title")}</h2>
                <p><a class="more-link" href=href>{w.t("activity-elsewhere")}</a></p>
            </section>
        }
        .into_any();
    }
    let calendar = match part.notice.as_str() {
        "" => "#sign-up".to_owned(),
        notice => format!("{notice}/activity.ics"),
    };
    let inside = if part.standing.seats == 0 {
        view! { <p>{w.t("activity-no-sign-up")}</p> }.into_any()
    } else {
        match part.mine.filter(|(state, _)| *state != SignUpState::Cancelled) {
            Some((state, people)) => mine_part(w, now, &part, state, people),
            None => open_part(w, now, &part),
        }
    };
    view! {
        <section class="card sign-up" id="sign-up" aria-labelledby="sign-up-title">
            <h2 class="card-title" id="sign-up-title">{w.t("activity-title")}</h2>
            {inside}
            {(now < part.standing.starts_at).then(|| view! {
                <p><a class="more-link" href=calendar>{w.t("activity-calendar")}</a></p>
            })}
        </section>
    }
    .into_any()
}

fn left_words(w: Words, part: &SignUpPart) -> String {
    let (waiting, _) = part.waiting;
    match part.standing.free() {
        0 if waiting > 0 => w.tf("activity-full-waiting", &[("count", waiting.into())]),
        0 => w.t("activity-full"),
        free => w.tf("activity-free", &[("count", free.into())]),
    }
}

fn open_part(w: Words, now: Timestamp, part: &SignUpPart) -> AnyView {
    if !part.standing.is_open(now) {
        return view! { <p>{w.t("activity-closed")}</p> }.into_any();
    }
    let full = part.standing.free() == 0;
    let left = left_words(w, part);
    if !part.signed_in {
        let door = match part.notice.as_str() {
            "" => "#sign-up".to_owned(),
            notice => format!("/login?next={notice}"),
        };
        return view! {
            <p>{left}</p>
            <Buttons><LinkButton href=door label=w.t("activity-sign-in") weight=Weight::Primary/></Buttons>
        }
        .into_any();
    }
    let label = if full { "activity-wait" } else { "activity-sign-up" };
    view! {
        <p>{left}</p>
        <form class="form" method="post" action=format!("{}/sign-up", part.notice)>
            {people_field(w, part.most, 1)}
            <Buttons><Button label=w.t(label) weight=Weight::Primary/></Buttons>
        </form>
        <p class="hint">{w.t("activity-phone-known")}</p>
    }
    .into_any()
}

/// How many come: a choice only where there is one.
fn people_field(w: Words, most: i64, chosen: i64) -> AnyView {
    if most < 2 {
        return view! { <input type="hidden" name="people" value="1"/> }.into_any();
    }
    let options = (1..=most.min(PEOPLE_MAX))
        .map(|n| (n.to_string(), w.tf("activity-people-count", &[("count", n.into())])))
        .collect::<Vec<_>>();
    view! {
        <SelectField w=w name="people" label=w.t("activity-people") options=options value=chosen.to_string()/>
    }
    .into_any()
}

fn mine_part(w: Words, now: Timestamp, part: &SignUpPart, state: SignUpState, people: i64) -> AnyView {
    let count = &[("count", people.into())];
    let (tone, text) = match state {
        SignUpState::Waiting => {
            let place = part.waiting.1 + 1;
            (Tone::Busy, w.tf("activity-you-wait", &[("place", place.into()), ("count", people.into())]))
        }
        _ => (Tone::Ok, w.tf("activity-you-are-in", count)),
    };
    let change = (part.most > 1 && part.standing.is_open(now)).then(|| {
        view! {
            <details class="more">
                <summary>{w.t("activity-change")}</summary>
                <form class="form more-body" method="post" action=format!("{}/sign-up", part.notice)>
                    {people_field(w, part.most, people)}
                    <Buttons><Button label=w.t("activity-change-do")/></Buttons>
                </form>
            </details>
        }
    });
    let leave = part.standing.may_leave(now).then(|| {
        let action = format!("{}/sign-up/cancel", part.notice);
        let key = if state == SignUpState::Waiting { "activity-leave-waiting-text" } else { "activity-leave-text" };
        view! {
            <Confirm label=w.t("activity-leave") consequence=w.t(key)>
                <form method="post" action=action>
                    <Button label=w.t("activity-leave") weight=Weight::Danger/>
                </form>
            </Confirm>
        }
    });
    view! {
        <Note tone=tone><p><strong>{text}</strong></p></Note>
        {change}
        {leave}
    }
    .into_any()
}

/// One of the reader's sign-ups.
pub struct SignUpRow {
    /// Where the notice is.
    pub href: String,
    /// Its title.
    pub title: String,
    /// When and where.
    pub note: String,
    /// How it stands.
    pub state: SignUpState,
    /// How many they are.
    pub people: i64,
    /// It was called off.
    pub off: bool,
    /// It is over.
    pub over: bool,
}

/// `/me/sign-ups`
pub fn my_sign_ups(w: Words, rows: Vec<SignUpRow>) -> impl IntoView {
    let (past, next): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.over);
    let list = move |rows: Vec<SignUpRow>| {
        let items = rows
            .into_iter()
            .map(|row| {
                let note = format!("{} · {}", row.note, w.tf("activity-people-count", &[("count", row.people.into())]));
                let (tone, word) = match (row.off, row.state) {
                    (true, _) => (Tone::Bad, w.t("activity-off")),
                    (false, SignUpState::Waiting) => (Tone::Busy, w.t(row.state.key())),
                    (false, _) => (Tone::Ok, w.t(row.state.key())),
                };
                let href = format!("{}#sign-up", row.href);
                view! {
                    <Item w=w href=href title=row.title note=note icon_name="activity">
                        {(!row.over).then(|| view! { <Badge tone=tone word=word/> })}
                    </Item>
                }
            })
            .collect_view();
        view! { <List>{items}</List> }
    };
    let first = if next.is_empty() {
        view! {
            <Empty icon_name="activity" title=w.t("activity-mine-none") text=w.t("activity-mine-none-text")>
                <LinkButton href="/notices?kind=activity" label=w.t("activity-see-all") weight=Weight::Primary/>
            </Empty>
        }
        .into_any()
    } else {
        // The next one first.
        view! { <Section title=w.t("activity-mine-next")>{list(next.into_iter().rev().collect())}</Section> }.into_any()
    };
    view! {
        {first}
        {(!past.is_empty()).then(|| view! { <Section title=w.t("activity-mine-past")>{list(past)}</Section> })}
    }
}

/// A row of the list at the door.
pub struct DoorRow {
    /// Id of the sign-up.
    pub id: String,
    /// Name.
    pub name: String,
    /// Number as shown on screen.
    pub phone: String,
    /// How many they are.
    pub people: i64,
    /// Signed up or waiting.
    pub state: SignUpState,
    /// When they asked, in words.
    pub asked: String,
    /// When they were ticked, in words.
    pub came: Option<String>,
}

/// What the staff's list shows.
pub struct DoorList {
    /// Address of this page.
    pub here: String,
    /// When it is.
    pub when: String,
    /// Where it is, may be empty.
    pub place: String,
    /// How it stands.
    pub standing: Standing,
    /// Who signed up, then who waits.
    pub rows: Vec<DoorRow>,
}

/// The list at the door: who signed up, ticked with one tap each; to be printed, or taken along as a file.
pub fn door_list(w: Words, list: DoorList) -> impl IntoView {
    let people = |rows: &[DoorRow], which: &dyn Fn(&DoorRow) -> bool| -> i64 {
        rows.iter().filter(|row| which(row)).map(|row| row.people).sum()
    };
    let signed = people(&list.rows, &|row| row.state == SignUpState::Signed);
    let waiting = people(&list.rows, &|row| row.state == SignUpState::Waiting);
    let came = people(&list.rows, &|row| row.came.is_some());
    let facts = vec![
        Fact::new(w.t("activity-when"), list.when),
        Fact::new(w.t("activity-where"), if list.place.is_empty() { "–".to_owned() } else { list.place }),
        Fact::new(
            w.t("activity-door-numbers"),
            w.tf(
                "activity-door-numbers-text",
                &[
                    ("seats", list.standing.seats.into()),
                    ("signed", signed.into()),
                    ("waiting", waiting.into()),
                    ("came", came.into()),
                ],
            ),
        ),
    ];
    let columns = ["activity-name", "activity-people", "activity-phone", "activity-asked", "activity-came"];
    let here = list.here.clone();
    let rows: Vec<Vec<Cell>> = list
        .rows
        .into_iter()
        .map(|row| {
            let last = match row.state {
                SignUpState::Waiting => Cell::new(view! { <Badge tone=Tone::Busy word=w.t(row.state.key())/> }),
                _ => Cell::new(tick(w, &here, &row)),
            };
            let name = if row.name.is_empty() { w.t("activity-no-name") } else { row.name };
            vec![Cell::new(name), Cell::number(row.people), Cell::new(row.phone), Cell::new(row.asked), last]
        })
        .collect();
    let columns = columns.iter().map(|key| w.t(key)).collect();
    let none = rows.is_empty();
    view! {
        <Summary facts=facts/>
        <div class="buttons">
            <button class="button" type="button" data-do="print" hidden>{icon("print")}{w.t("notice-print")}</button>
            <a class="button" href=format!("{}.csv", list.here)>{icon("download")}{w.t("activity-csv")}</a>
        </div>
        {if none {
            view! { <Empty icon_name="user" title=w.t("activity-door-none") text=w.t("activity-door-none-text")/> }.into_any()
        } else {
            view! { <Table caption=w.t("activity-door-caption") columns=columns rows=rows/> }.into_any()
        }}
    }
}

fn tick(w: Words, here: &str, row: &DoorRow) -> AnyView {
    let action = format!("{here}/{}/came", row.id);
    let name = row.name.clone();
    match &row.came {
        Some(at) => view! {
            <form method="post" action=action class="cluster tick">
                <Badge tone=Tone::Ok word=w.tf("activity-came-at", &[("time", at.clone().into())])/>
                <button class="link-button" name="came" value="0">
                    {w.t("activity-came-undo")}<span class="sr">" "{name}</span>
                </button>
            </form>
        }
        .into_any(),
        None => view! {
            <form method="post" action=action class="tick">
                <span class="print-box" aria-hidden="true"></span>
                <button class="button small" name="came" value="1">
                    {icon("check")}{w.t("activity-came-do")}<span class="sr">" "{name}</span>
                </button>
            </form>
        }
        .into_any(),
    }
}

/// The editor's part about an activity.
pub fn activity_fields(w: Words, form: &NoticeForm, errors: &Errors) -> AnyView {
    let open = form.kind == NoticeKind::Activity.code() || errors.keys().any(|field| field.starts_with("activity_"));
    let most = u32::try_from(PLACE_CHARS).unwrap_or(u32::MAX);
    let field = |name: &'static str, label: &str, hint: Option<String>, kind: &'static str, value: &str| {
        let (width, inputmode) = match kind {
            "text" => ("", None),
            "number" => ("w-short", Some("numeric")),
            _ => ("w-mid", None),
        };
        let kind = if kind == "number" { "text" } else { kind };
        let maxlength = (name == "activity_place").then_some(most);
        view! {
            <TextField
                w=w
                name=name
                label=w.t(label)
                hint=hint
                kind=kind
                inputmode=inputmode
                value=value.to_owned()
                error=errors.get(name).cloned()
                maxlength=maxlength
                width=width
                optional=true
            />
        }
    };
    view! {
        <details class="more" open=open id="activity">
            <summary>{w.t("activity-field")}</summary>
            <div class="more-body stack">
                <p class="hint">{w.t("activity-field-hint")}</p>
                {field("activity_starts", "notice-field-starts", None, "datetime-local", &form.activity_starts)}
                {field("activity_ends", "notice-field-ends", None, "datetime-local", &form.activity_ends)}
                {field("activity_place", "activity-where", None, "text", &form.activity_place)}
                {field("activity_place_en", "activity-field-place-en", None, "text", &form.activity_place_en)}
                {field("activity_seats", "activity-seats", Some(w.t("activity-field-seats-hint")), "number", &form.activity_seats)}
                {field("activity_most", "activity-field-most", Some(w.t("activity-field-most-hint")), "number", &form.activity_most)}
                {field("activity_until", "activity-until", Some(w.t("activity-field-until-hint")), "datetime-local", &form.activity_until)}
            </div>
        </details>
    }
    .into_any()
}
