//! Pages and forms of activities.

use super::{
    service::{self, AtTheDoor},
    store,
};
use crate::{
    http::{
        Ctx, FormBody, Page, Result,
        download::{CSV, download},
        see_other, see_other_with,
    },
    notices::reading::instant_of as instant,
};
use app::{
    exports::harmless,
    i18n::Words,
    notices::{
        SignUpState,
        pages::{self, DoorList, DoorRow, SignUpPart, SignUpRow},
    },
    time,
    ui::shell::Tab,
};
use axum::{body::Body, extract::Path, response::Response};
use jiff::Timestamp;
use serde::Deserialize;

/// What stands under a notice that is about an activity.
pub async fn part(ctx: &Ctx, notice_id: &str) -> Result<Option<SignUpPart>> {
    let db = &ctx.app.db;
    let Some(activity) = store::of_notice(db, notice_id).await? else { return Ok(None) };
    let Some((_, plan)) = store::plan(db, &activity.notice_id).await? else { return Ok(None) };
    let person = ctx.actor.as_ref().map_or("", |actor| actor.id.as_str());
    let mine = match person {
        "" => None,
        person => store::of_person(db, &activity.id, person).await?,
    };
    Ok(Some(SignUpPart {
        notice: format!("/notices/{notice_id}"),
        standing: activity.standing(),
        most: plan.most,
        waiting: store::waiting_before(db, &activity.id, person).await?,
        mine: mine.map(|mine| (mine.state(), mine.people)),
        signed_in: ctx.actor.is_some(),
        elsewhere: (activity.notice_id != notice_id).then(|| format!("/notices/{}", activity.notice_id)),
    }))
}

/// The form under the notice.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct SignUpForm {
    people: String,
}

/// `GET` of a form's address under a notice: where somebody comes who had to sign in first.
pub async fn back(Path(id): Path<String>) -> Response {
    see_other(&format!("/notices/{id}"))
}

/// `POST /notices/{id}/sign-up`
pub async fn sign_up(ctx: Ctx, Path(id): Path<String>, FormBody(form): FormBody<SignUpForm>) -> Result {
    let people = match form.people.trim() {
        "" => 1,
        // What is no number is none that may come.
        text => text.parse().unwrap_or(0),
    };
    if ctx.actor()?.name.is_empty() {
        // The list at the door has names.
        return Ok(see_other(&format!("/me/name?next=/notices/{id}")));
    }
    let done = service::sign_up(&ctx, &id, people).await?;
    let flash = match done.state {
        SignUpState::Waiting => "flash-activity-waiting",
        _ => "flash-activity-signed",
    };
    Ok(see_other_with(&ctx, &format!("/notices/{}#sign-up", done.notice_id), flash))
}

/// `POST /notices/{id}/sign-up/cancel`
pub async fn leave(ctx: Ctx, Path(id): Path<String>) -> Result {
    let notice = service::leave(&ctx, &id).await?;
    Ok(see_other_with(&ctx, &format!("/notices/{notice}#sign-up"), "flash-activity-left"))
}

/// `GET /me/sign-ups`
pub async fn mine(ctx: Ctx) -> Result {
    let w = ctx.w;
    let actor = ctx.actor()?;
    let rows = store::of(&ctx.app.db, &actor.id)
        .await?
        .into_iter()
        .map(|row| {
            let place = w.pick(&row.place, &row.place_en);
            let when = pages::span(w, instant(row.starts_at), instant(row.ends_at), ctx.now);
            SignUpRow {
                href: format!("/notices/{}", row.notice_id),
                title: w.pick(&row.title, &row.title_en).to_owned(),
                note: if place.is_empty() { when } else { format!("{when} · {place}") },
                state: row.state(),
                people: row.people,
                off: row.cancelled_at.is_some(),
                over: instant(row.ends_at) <= ctx.now,
            }
        })
        .collect();
    Ok(Page::new(&ctx, w.t("activity-mine")).tab(Tab::Me).back("/me").render(pages::my_sign_ups(w, rows)))
}

/// `GET /staff/notices/{id}/sign-ups`
pub async fn door(ctx: Ctx, Path(id): Path<String>) -> Result {
    let AtTheDoor { notice, plan, activity, list } = service::at_the_door(&ctx, &id, false).await?;
    let (w, now) = (ctx.w, ctx.now);
    let rows = list
        .into_iter()
        .map(|row| DoorRow {
            state: row.state(),
            asked: time::date_time(w.lang, instant(row.asked_at), now),
            came: row.came_at.map(|at| time::time_of_day(instant(at))),
            id: row.id,
            name: row.name,
            phone: row.phone_masked,
            people: row.people,
        })
        .collect();
    let shown = DoorList {
        here: format!("/staff/notices/{id}/sign-ups"),
        when: pages::when(w, &plan, now),
        place: w.pick(&plan.place, &plan.place_en).to_owned(),
        standing: activity.standing(),
        rows,
    };
    let title = w.pick(&notice.title, &notice.title_en).to_owned();
    let title = w.tf("activity-door", &[("title", title.into())]);
    Ok(Page::new(&ctx, title)
        .tab(Tab::StaffNotices)
        .back(format!("/staff/notices/{id}"))
        .render(pages::door_list(w, shown)))
}

/// `GET /staff/notices/{id}/sign-ups.csv`, and the same through the API.
pub async fn door_file(ctx: Ctx, Path(id): Path<String>) -> Result {
    let door = service::at_the_door(&ctx, &id, true).await?;
    let body = csv_of(ctx.w, &door, ctx.now)?;
    Ok(download(Body::from(body), CSV, "linli-sign-ups.csv"))
}

fn csv_of(w: Words, door: &AtTheDoor, now: Timestamp) -> anyhow::Result<Vec<u8>> {
    // Spreadsheets take the mark for UTF-8.
    let mut out = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    let heads = [
        "activity-name",
        "activity-people",
        "activity-phone",
        "notice-column-state",
        "activity-asked",
        "activity-came",
    ];
    out.write_record(heads.map(|key| w.t(key)))?;
    for row in &door.list {
        out.write_record([
            harmless(&row.name),
            row.people.to_string(),
            row.phone_masked.clone(),
            w.t(row.state().key()),
            time::date_time(w.lang, instant(row.asked_at), now),
            row.came_at.map(|at| time::time_of_day(instant(at))).unwrap_or_default(),
        ])?;
    }
    Ok(out.into_inner()?)
}

/// The button at the door.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct TickForm {
    came: String,
}

/// `POST /staff/notices/{id}/sign-ups/{sign_up}/came`
pub async fn tick(ctx: Ctx, Path((id, sign_up)): Path<(String, String)>, FormBody(form): FormBody<TickForm>) -> Result {
    service::tick(&ctx, &id, &sign_up, form.came == "1").await?;
    Ok(see_other_with(&ctx, &format!("/staff/notices/{id}/sign-ups"), "flash-activity-ticked"))
}
