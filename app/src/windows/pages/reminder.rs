//! `/appointments/{code}/reminder`: where a reminder leads. One tap says "I can't come".

use super::{AppointmentView, HallWords, parts::when_words};
use crate::{i18n::Words, ui::parts::*, windows::AppointmentState};
use leptos::prelude::*;

/// What the page shows.
pub struct ReminderProps {
    /// Words.
    pub w: Words,
    /// The visit.
    pub appointment: AppointmentView,
    /// Its hall.
    pub hall: HallWords,
    /// Token of the link.
    pub token: String,
    /// It has not begun: it can still be cancelled with one tap.
    pub may_cancel: bool,
}

/// The page.
pub fn reminder_page(props: ReminderProps) -> AnyView {
    let ReminderProps { w, appointment, hall, token, may_cancel } = props;
    let ticket = format!("/appointments/{}?t={token}", appointment.code);
    let when = when_words(w, appointment.starts_at, appointment.ends_at);
    let standing = appointment.state == AppointmentState::Booked;
    let cancel = if !standing {
        ().into_any()
    } else if may_cancel {
        let action = format!("/appointments/{}/cancel", appointment.code);
        view! {
            <p class="muted">{w.t("windows-reminder-cannot-text")}</p>
            <form method="post" action=action>
                <input type="hidden" name="t" value=token/>
                <input type="hidden" name="late" value="1"/>
                <input type="hidden" name="reason" value=w.t("windows-reminder-reason")/>
                <Buttons>
                    <Button label=w.t("windows-reminder-cannot") weight=Weight::Danger/>
                    <LinkButton href=ticket label=w.t("windows-reminder-come") weight=Weight::Primary/>
                </Buttons>
            </form>
        }
        .into_any()
    } else {
        let text = w.tf("windows-reminder-too-late", &[("phone", hall.phone.clone().into())]);
        view! {
            <p class="muted">{text}</p>
            <Buttons><LinkButton href=ticket label=w.t("windows-reminder-come") weight=Weight::Primary/></Buttons>
        }
        .into_any()
    };
    view! {
        <div class="card stack">
            <p class="big"><strong class="num">{when}</strong></p>
            <p>{appointment.title}</p>
            <p class="muted">{hall.name}" · "{hall.address}</p>
            <p>{super::parts::state_badge(w, appointment.state)}</p>
        </div>
        {cancel}
    }
    .into_any()
}
