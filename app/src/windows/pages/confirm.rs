//! `/services/{code}/book` and the second step of a change: everything once more, one button. When the time is gone the
//! same form offers the next free ones and keeps what was entered.

use super::{
    HallWords, TimeView,
    for_whom::for_whom_fields,
    hold::{HoldView, hold_note},
    parts::{hall_place, time_fields, when_words},
    visit::{Visit, hidden_fields, material_fields},
};
use crate::{i18n::Words, time, ui::parts::*, windows::ForWhomForm};
use jiff::Timestamp;
use leptos::prelude::*;

/// Why the booking did not go through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BookTrouble {
    /// Somebody was quicker.
    Full,
    /// The time has passed or is not offered.
    NotOffered,
    /// There is an open booking for the item: its address.
    OpenForItem(String),
    /// So many on one day and no more.
    PerDay(i64),
    /// Another booking at the same time.
    Overlap,
    /// Booking online is blocked until then; the address of the block.
    Blocked(Timestamp, String),
    /// Fields with mistakes: name and catalogue key.
    Form(Vec<(&'static str, &'static str)>),
}

impl BookTrouble {
    /// Another time mends it.
    fn time_is_gone(&self) -> bool {
        matches!(self, BookTrouble::Full | BookTrouble::NotOffered)
    }

    /// In words.
    pub fn text(&self, w: Words) -> String {
        match self {
            BookTrouble::Full => w.t("windows-trouble-full"),
            BookTrouble::NotOffered => w.t("windows-trouble-not-offered"),
            BookTrouble::OpenForItem(_) => w.t("windows-trouble-open"),
            BookTrouble::PerDay(max) => w.tf("windows-trouble-per-day", &[("max", (*max).into())]),
            BookTrouble::Overlap => w.t("windows-trouble-overlap"),
            BookTrouble::Blocked(until, _) => {
                w.tf("booking-trouble-blocked", &[("until", time::date(w.lang, time::day_of(*until)).into())])
            }
            BookTrouble::Form(_) => String::new(),
        }
    }
}

/// What the page shows.
pub struct ConfirmProps {
    /// Words.
    pub w: Words,
    /// The items with answers and ticks.
    pub visit: Visit,
    /// The hall.
    pub hall: HallWords,
    /// The time: what the form sends, begin and end. `None` when it is not offered.
    pub slot: Option<(String, Timestamp, Timestamp)>,
    /// What went wrong.
    pub trouble: Option<BookTrouble>,
    /// Free times instead.
    pub instead: Vec<TimeView>,
    /// Name and masked number of the person; `None`: nobody is signed in.
    pub person: Option<(String, String)>,
    /// For whom, and what is needed. `None` when a booking is changed: that stays.
    pub for_whom: Option<ForWhomForm>,
    /// The submit's own key.
    pub key: String,
    /// The time is kept.
    pub hold: Option<HoldView>,
    /// Where the form is sent.
    pub action: String,
    /// What is sent with it, besides what is on the page.
    pub fields: Vec<(String, String)>,
    /// The page of times.
    pub times: String,
    /// Where to sign in.
    pub login: String,
}

/// The page.
pub fn confirm_page(props: ConfirmProps) -> AnyView {
    let ConfirmProps { w, visit, hall, slot, trouble, instead, person, key, hold, times, .. } = props;
    let changing = props.for_whom.is_none();
    let gone = trouble.as_ref().is_some_and(BookTrouble::time_is_gone);
    let can_submit = match &trouble {
        None | Some(BookTrouble::Form(_)) => slot.is_some(),
        Some(trouble) => trouble.time_is_gone() && !instead.is_empty(),
    };
    let mut facts = vec![Fact::new(w.t("windows-fact-item"), visit.titles(w))];
    if let Some((_, from, to)) = slot.as_ref().filter(|_| !gone) {
        let when = when_words(w, *from, *to);
        let when = view! { <strong class="num">{when}</strong> };
        facts.push(Fact::new(w.t("windows-fact-when"), when).change(times.clone(), w.t("windows-change")));
    }
    facts.push(Fact::new(w.t("windows-fact-where"), hall_place(w, &hall)));
    if let Some(person) = &person {
        facts.push(Fact::new(w.t("windows-fact-who"), format!("{} {}", person.0, person.1).trim().to_owned()));
    }
    let choice_of_times = (gone && !instead.is_empty())
        .then(|| view! { <Section title=w.t("windows-next-free")>{time_fields(w, instead, true)}</Section> });
    let chosen_time =
        slot.filter(|_| !gone).map(|(value, _, _)| view! { <input type="hidden" name="slot" value=value/> });
    let visitor = person.is_none() && !changing;
    let mistakes = match &trouble {
        Some(BookTrouble::Form(mistakes)) => mistakes.clone(),
        _ => Vec::new(),
    };
    let entered = props.for_whom.filter(|_| !visitor).map(|form| for_whom_fields(w, form, &mistakes));
    let materials = (!changing && !visitor)
        .then(|| material_fields(w, &visit, &w.t("windows-tick"), Some(w.t("windows-tick-hint"))));
    let action = if visitor {
        let login = props.login.clone();
        view! { <ActionBar><LinkButton href=login label=w.t("booking-sign-in-confirm") weight=Weight::Primary/></ActionBar> }
            .into_any()
    } else if can_submit {
        let label = match (gone, changing) {
            (_, true) => w.t("booking-change-do"),
            (true, false) => w.t("windows-book-instead"),
            (false, false) => w.t("windows-book"),
        };
        view! { <ActionBar><Button label=label weight=Weight::Primary icon_name="check"/></ActionBar> }.into_any()
    } else {
        view! { <Buttons><LinkButton href=times.clone() label=w.t("windows-other-time")/></Buttons> }.into_any()
    };
    let steps = (!changing).then(|| {
        let steps = vec![w.t("windows-step-bring"), w.t("windows-step-time"), w.t("windows-step-confirm")];
        view! { <Steps steps=steps current=2/> }
    });
    let note = hold.filter(|_| !gone).map(|hold| hold_note(w, hold));
    view! {
        {steps}
        {trouble.map(|trouble| trouble_note(w, trouble))}
        {note}
        <form class="form" method="post" action=props.action>
            {choice_of_times}
            <Summary facts=facts/>
            {materials}
            {entered}
            <input type="hidden" name="key" value=key/>
            {hidden_fields(visit.fields(visitor || changing))}
            {hidden_fields(props.fields)}
            {chosen_time}
            {action}
        </form>
    }
    .into_any()
}

fn trouble_note(w: Words, trouble: BookTrouble) -> AnyView {
    if let BookTrouble::Form(mistakes) = trouble {
        let errors = mistakes.into_iter().map(|(name, key)| (name.to_owned(), w.t(key))).collect();
        return view! { <ErrorSummary w=w errors=errors/> }.into_any();
    }
    let text = trouble.text(w);
    let link = match trouble {
        BookTrouble::OpenForItem(href) => {
            Some(view! { <p><a href=href>{w.t("windows-see-booking")}</a></p> }.into_any())
        }
        BookTrouble::Blocked(_, href) => Some(view! { <p><a href=href>{w.t("booking-see-block")}</a></p> }.into_any()),
        _ => None,
    };
    view! {
        <div class="error-summary" id="errors" role="alert" tabindex="-1">
            <h2>{w.t("windows-trouble")}</h2>
            <p>{text}</p>
            {link}
        </div>
    }
    .into_any()
}
