//! `/staff/appointments/new`: staff book for a resident. Item, time, person, from top to bottom; usable by keyboard alone.

use super::{HallWords, TimeView, parts::time_fields};
use crate::{
    i18n::Words,
    ui::parts::*,
    windows::{MAX_NAME, MAX_NEED},
};
use leptos::prelude::*;

/// What the page shows.
pub struct AssistProps {
    /// Words.
    pub w: Words,
    /// The hall.
    pub hall: HallWords,
    /// Halls to choose from.
    pub halls: Vec<Way>,
    /// Items of the hall: code and title.
    pub items: Vec<(String, String)>,
    /// The chosen item's code.
    pub item: String,
    /// The next free times of it.
    pub times: Vec<TimeView>,
    /// What was typed: number, name, need, slot.
    pub typed: [String; 4],
    /// What is wrong: field and words.
    pub errors: Vec<(&'static str, String)>,
    /// The submit's own key.
    pub key: String,
}

/// The page.
pub fn assist_page(props: AssistProps) -> AnyView {
    let AssistProps { w, hall, halls, items, item, times, typed, errors, key } = props;
    let [phone, name, need, _] = typed;
    let wrong = |field: &str| errors.iter().find(|(name, _)| *name == field).map(|(_, text)| text.clone());
    let summary = errors.iter().map(|(name, text)| ((*name).to_owned(), text.clone())).collect();
    let mut options = vec![(String::new(), w.t("booking-assist-choose"))];
    options.extend(items);
    let (hall_code, hall_again) = (hall.code.clone(), hall.code.clone());
    let second = (!item.is_empty()).then(|| {
        let none = times.is_empty();
        let item = item.clone();
        if none {
            return view! { <Note tone=Tone::Warn><p>{w.t("booking-assist-none")}</p></Note> }.into_any();
        }
        view! {
            <form class="form" method="post" action="/staff/appointments/new">
                <input type="hidden" name="hall" value=hall_again/>
                <input type="hidden" name="item" value=item/>
                <input type="hidden" name="key" value=key/>
                <div id="slot">{time_fields(w, times, true)}</div>
                <TextField w=w name="phone" label=w.t("booking-find-phone") value=phone kind="tel" inputmode="numeric"
                    error=wrong("phone") autocomplete="off" maxlength=20 width="w-mid"/>
                <TextField w=w name="name" label=w.t("booking-assist-name") value=name error=wrong("name")
                    autocomplete="off" maxlength=MAX_NAME as u32 width="w-mid"/>
                <TextField w=w name="need" label=w.t("booking-need") value=need error=wrong("need") optional=true
                    autocomplete="off" maxlength=MAX_NEED as u32/>
                <ActionBar><Button label=w.t("booking-assist-do") weight=Weight::Primary icon_name="check"/></ActionBar>
            </form>
        }
        .into_any()
    });
    view! {
        <p class="lead">{hall.name}</p>
        <p class="muted">{w.t("booking-assist-lead")}</p>
        {(halls.len() > 1).then(|| view! { <Chips label=w.t("windows-choose-hall") ways=halls/> })}
        <ErrorSummary w=w errors=summary/>
        <form class="form card" method="get" action="/staff/appointments/new">
            <input type="hidden" name="hall" value=hall_code/>
            <SelectField w=w name="item" label=w.t("windows-fact-item") options=options value=item/>
            <div><Button label=w.t("booking-assist-times")/></div>
        </form>
        {second}
    }
    .into_any()
}
