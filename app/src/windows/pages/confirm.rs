//! `/services/{code}/book`: everything once more, the materials to tick, one button. When the time is gone the same
//! form offers the next free ones and keeps what was ticked.

use super::{
    Carried, HallWords, TimeView,
    parts::{hall_place, hidden, material_choices, time_fields, when_words},
};
use crate::{i18n::Words, ui::parts::*, windows::ServiceItem};
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
}

impl BookTrouble {
    /// Another time mends it.
    fn time_is_gone(&self) -> bool {
        matches!(self, BookTrouble::Full | BookTrouble::NotOffered)
    }
}

/// What the page shows.
pub struct ConfirmProps {
    /// Words.
    pub w: Words,
    /// The item.
    pub item: ServiceItem,
    /// The hall.
    pub hall: HallWords,
    /// The time: what the form sends, begin and end. `None` when it is not offered.
    pub slot: Option<(String, Timestamp, Timestamp)>,
    /// What went wrong.
    pub trouble: Option<BookTrouble>,
    /// Free times instead.
    pub instead: Vec<TimeView>,
    /// Name and masked number of the person.
    pub person: (String, String),
    /// Answers and ticks so far.
    pub carried: Carried,
    /// The submit's own key.
    pub key: String,
}

/// The page.
pub fn confirm_page(props: ConfirmProps) -> AnyView {
    let ConfirmProps { w, item, hall, slot, trouble, instead, person, carried, key } = props;
    let steps = vec![w.t("windows-step-bring"), w.t("windows-step-time"), w.t("windows-step-confirm")];
    let times = format!("/services/{}/times?hall={}{}", item.code, hall.code, carried.query(&item));
    let gone = trouble.as_ref().is_some_and(BookTrouble::time_is_gone);
    let can_submit = match &trouble {
        None => slot.is_some(),
        Some(trouble) => trouble.time_is_gone() && !instead.is_empty(),
    };
    let mut facts = vec![Fact::new(w.t("windows-fact-item"), w.pick(&item.title, &item.title_en).to_owned())];
    if let Some((_, from, to)) = slot.as_ref().filter(|_| !gone) {
        let when = when_words(w, *from, *to);
        let when = view! { <strong class="num">{when}</strong> };
        facts.push(Fact::new(w.t("windows-fact-when"), when).change(times.clone(), w.t("windows-change")));
    }
    facts.push(Fact::new(w.t("windows-fact-where"), hall_place(w, &hall)));
    facts.push(Fact::new(w.t("windows-fact-who"), format!("{} {}", person.0, person.1).trim().to_owned()));
    let choice_of_times = (gone && !instead.is_empty())
        .then(|| view! { <Section title=w.t("windows-next-free")>{time_fields(w, instead, true)}</Section> });
    let chosen_time =
        slot.filter(|_| !gone).map(|(value, _, _)| view! { <input type="hidden" name="slot" value=value/> });
    let choices = material_choices(w, &item, &carried.answers);
    let materials = (!choices.is_empty()).then(|| {
        view! {
            <CheckField
                name="m"
                legend=w.t("windows-tick")
                hint=w.t("windows-tick-hint")
                choices=choices
                checked=carried.ticked.clone()
            />
        }
    });
    let action = if can_submit {
        let label = if gone { w.t("windows-book-instead") } else { w.t("windows-book") };
        view! { <ActionBar><Button label=label weight=Weight::Primary icon_name="check"/></ActionBar> }.into_any()
    } else {
        view! { <Buttons><LinkButton href=times label=w.t("windows-other-time")/></Buttons> }.into_any()
    };
    view! {
        <Steps steps=steps current=2/>
        {trouble.map(|trouble| trouble_note(w, trouble))}
        <form class="form" method="post" action=format!("/services/{}/book", item.code)>
            {choice_of_times}
            <Summary facts=facts/>
            {materials}
            <input type="hidden" name="key" value=key/>
            {hidden(&carried, false)}
            {chosen_time}
            {action}
        </form>
    }
    .into_any()
}

fn trouble_note(w: Words, trouble: BookTrouble) -> AnyView {
    let text = match &trouble {
        BookTrouble::Full => w.t("windows-trouble-full"),
        BookTrouble::NotOffered => w.t("windows-trouble-not-offered"),
        BookTrouble::OpenForItem(_) => w.t("windows-trouble-open"),
        BookTrouble::PerDay(max) => w.tf("windows-trouble-per-day", &[("max", (*max).into())]),
        BookTrouble::Overlap => w.t("windows-trouble-overlap"),
    };
    let link = match trouble {
        BookTrouble::OpenForItem(href) => Some(view! { <p><a href=href>{w.t("windows-see-booking")}</a></p> }),
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
