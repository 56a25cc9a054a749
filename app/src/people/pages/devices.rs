//! Where one is logged in.

use crate::{
    i18n::Words,
    people::{Device, DeviceApp},
    ui::parts::*,
};
use leptos::prelude::*;

/// One session.
pub struct DeviceRow {
    /// Id of the session.
    pub id: String,
    /// What the browser said of itself.
    pub user_agent: String,
    /// When it was last seen and first used, in words.
    pub seen: String,
    /// When it was logged in, in words.
    pub since: String,
    /// The one this page is read on.
    pub this: bool,
}

/// A browser in words, from what it says of itself.
pub fn device_words(w: Words, user_agent: &str) -> String {
    let Device { app, system } = Device::from_user_agent(user_agent);
    let app = match (app, app.key()) {
        (DeviceApp::Named(name), _) => name.to_owned(),
        (_, Some(key)) => w.t(key),
        (_, None) => String::new(),
    };
    match system {
        Some(system) => format!("{app} · {system}"),
        None => app,
    }
}

/// The list, each with a button that logs it out.
pub fn devices(w: Words, rows: Vec<DeviceRow>) -> AnyView {
    let others = rows.iter().any(|row| !row.this);
    let rows = rows
        .into_iter()
        .map(|row| {
            let name = device_words(w, &row.user_agent);
            let note = format!(
                "{} · {}",
                w.tf("people-device-seen", &[("when", row.seen.into())]),
                w.tf("people-device-since", &[("when", row.since.into())])
            );
            let end = if row.this {
                view! { <Badge tone=Tone::Ok word=w.t("people-device-this")/> }.into_any()
            } else {
                view! {
                    <form method="post" action=format!("/me/devices/{}/revoke", row.id)>
                        <button class="button small">
                            {w.t("people-device-revoke")}<span class="sr">" "{name.clone()}</span>
                        </button>
                    </form>
                }
                .into_any()
            };
            view! {
                <li><div class="item">
                    <span class="item-icon">{icon("device")}</span>
                    <span class="item-main">
                        <span class="item-title">{name}</span>
                        <span class="item-note">{note}</span>
                    </span>
                    <span class="item-end">{end}</span>
                </div></li>
            }
        })
        .collect_view();
    view! {
        <p class="lead">{w.t("people-devices-lead")}</p>
        <List>{rows}</List>
        {others.then(|| view! {
            <Confirm label=w.t("people-devices-revoke-others") consequence=w.t("people-devices-revoke-others-text")>
                <form method="post" action="/me/devices/revoke-others">
                    <Button label=w.t("people-devices-revoke-others-do") weight=Weight::Danger/>
                </form>
            </Confirm>
        })}
    }
    .into_any()
}
