//! The time is kept: until when, renewing it once, giving it up.

use crate::{i18n::Words, time, ui::parts::*, windows::islands::HoldClock};
use jiff::Timestamp;
use leptos::prelude::*;

/// A kept time.
#[derive(Clone, Debug)]
pub struct HoldView {
    /// Its id.
    pub id: String,
    /// Until when; `None`: it has ended, or was never kept.
    pub until: Option<Timestamp>,
    /// Now.
    pub now: Timestamp,
    /// It can be renewed once.
    pub renewable: bool,
    /// This page, to come back to.
    pub here: String,
    /// Where to go when it is given up.
    pub times: String,
}

/// Says until when; in the browser the clock runs, and leaving the page gives the time up.
pub(super) fn hold_note(w: Words, hold: HoldView) -> AnyView {
    let HoldView { id, until, now, renewable, here, times } = hold;
    let Some(until) = until else {
        return view! { <Note tone=Tone::Warn><p>{w.t("booking-hold-over")}</p></Note> }.into_any();
    };
    let seconds = until.duration_since(now).as_secs().max(0);
    let text = w.tf("booking-hold-until", &[("time", time::time_of_day(until).into())]);
    let renew = renewable.then(|| {
        view! {
            <form method="post" action=format!("/holds/{id}/renew")>
                <input type="hidden" name="next" value=here/>
                <button class="button small">{w.t("booking-hold-renew")}</button>
            </form>
        }
    });
    view! {
        <div class="hold-box" data-hold=id.clone() data-seconds=seconds data-left=w.t("booking-hold-left") data-over=w.t("booking-hold-over") data-gone=w.t("booking-hold-gone")>
            <p class="hold" role="timer">{text}</p>
            <p class="sr" role="status"></p>
            <div class="cluster">
                {renew}
                <form method="post" action=format!("/holds/{id}/release")>
                    <input type="hidden" name="next" value=times/>
                    <button class="button small quiet">{w.t("booking-hold-release")}</button>
                </form>
            </div>
        </div>
        <HoldClock/>
    }
    .into_any()
}
