//! A draft of last week's bulletin, waiting to be looked at.

use super::Loaded;
use crate::{
    app_state::App,
    auth::actor::{Actor, Grant},
    bulletins::service::{Form, make},
    clock,
    http::Ctx,
};
use anyhow::Context;
use app::{
    bulletins::period::Period,
    i18n::{Lang, Words},
    people::Role,
    time,
    ui::shell::Size,
};

const STAFF: &str = "19900000031";

/// Loads it. The database has the demo's places, people and reports.
pub async fn load(app: &App, loaded: &Loaded) -> anyhow::Result<()> {
    let now = app.clock.now();
    let (organisation_id, path) = loaded.organisations.get("wutong").context("the demo's community")?.clone();
    let actor = Actor {
        id: loaded.people.get(STAFF).context("the demo's staff")?.clone(),
        name: String::new(),
        phone_masked: String::new(),
        community_id: None,
        building_id: None,
        grants: vec![Grant { role: Role::CommunityStaff, organisation_id, path }],
        session_id: String::new(),
        second_factor: true,
    };
    let ctx = Ctx {
        app: app.clone(),
        now,
        w: Words::new(Lang::Zh),
        size: Size::Ordinary,
        actor: Some(actor),
        key: None,
        community: None,
        unread: 0,
        emergency: None,
        request_id: String::new(),
        path: String::new(),
        here: String::new(),
        flash: None,
        device: String::new(),
        ip: String::new(),
        user_agent: String::new(),
    };
    let period = Period::week_of(time::day_of(now)).before().code();
    let form = Form { organisation: "wutong".to_owned(), period, key: clock::token() };
    make(&ctx, &form).await?;
    Ok(())
}
