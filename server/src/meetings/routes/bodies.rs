//! `/staff/meetings` and the pages of bodies.

use super::{
    Fields,
    staff::{Said, address, said, status},
    typed, views,
};
use crate::{
    clock,
    http::{Ctx, FormBody, Page, Result, see_other_with},
    meetings::{
        service::{
            bodies,
            bodies::{BodyForm, MemberForm},
            resolutions, sessions,
            sessions::SessionForm,
        },
        store,
    },
};
use app::{
    meetings::pages::{self, BodyLine, BodyPage, ListPage, MemberLine, Typed},
    people::Action,
    ui::shell::Tab,
};
use axum::extract::Path;

/// `GET /staff/meetings`
pub async fn list(ctx: Ctx) -> Result {
    show_list(&ctx, Typed::default()).await
}

async fn show_list(ctx: &Ctx, typed: Typed) -> Result {
    let w = ctx.w;
    let bodies = bodies::list(ctx).await?;
    let sessions = sessions::list(ctx).await?;
    let open = resolutions::open(ctx).await?;
    let communities = bodies::communities(ctx).await?;
    let status = status(&typed);
    let page = ListPage {
        w,
        bodies: bodies
            .into_iter()
            .map(|body| BodyLine {
                note: format!(
                    "{} · {} · {}",
                    w.pick(&body.place, &body.place_en),
                    w.t(body.quorum().key()),
                    w.t(body.majority().key())
                ),
                id: body.id,
                name: body.name,
            })
            .collect(),
        sessions: sessions.iter().map(|session| views::session_line(ctx, session, "/staff/meetings")).collect(),
        tasks: views::task_lines(ctx, &open),
        communities: communities
            .into_iter()
            .map(|place| (place.code.clone(), w.pick(&place.name, &place.name_en).to_owned()))
            .collect(),
        typed,
        key: clock::token(),
    };
    let page = pages::list_page(page);
    Ok(Page::new(ctx, w.t("meeting-title")).tab(Tab::StaffNet).back("/staff/net").status(status).render(page))
}

fn body_form(typed: &Typed) -> BodyForm {
    BodyForm {
        community: typed.get("body_community"),
        name: typed.get("body_name"),
        quorum: typed.get("body_quorum"),
        majority: typed.get("body_majority"),
        key: typed.get("key"),
    }
}

/// `POST /staff/meetings`
pub async fn make(ctx: Ctx, FormBody(fields): FormBody<Fields>) -> Result {
    let typed = typed(fields);
    let made = bodies::make(&ctx, &body_form(&typed)).await;
    let next = match &made {
        Ok(Some(id)) => format!("/staff/meetings/bodies/{id}"),
        _ => "/staff/meetings".to_owned(),
    };
    match said(made, typed)? {
        Said::Done => Ok(see_other_with(&ctx, &next, "flash-meeting-made")),
        Said::Wrong(typed) => show_list(&ctx, typed).await,
    }
}

/// `GET /staff/meetings/bodies/{body}`
pub async fn body(ctx: Ctx, Path(id): Path<String>) -> Result {
    show_body(&ctx, &id, Typed::default()).await
}

async fn show_body(ctx: &Ctx, id: &str, typed: Typed) -> Result {
    let w = ctx.w;
    let (body, members, proposals) = bodies::look(ctx, id).await?;
    let lines = store::sessions::of_body(&ctx.app.db, id).await?;
    let status = status(&typed);
    let page = BodyPage {
        w,
        place: w.pick(&body.place, &body.place_en).to_owned(),
        rules: (body.quorum(), body.majority()),
        version: body.version,
        manages: ctx.actor()?.require(Action::MeetingManage, &body.path).is_ok(),
        members: members
            .into_iter()
            .map(|member| MemberLine {
                seat: match member.speaks_for.as_str() {
                    "" => w.t(member.seat().key()),
                    whom => format!("{} · {whom}", w.t(member.seat().key())),
                },
                rights: member.rights().keys().into_iter().map(|key| w.t(key)).collect::<Vec<_>>().join("、"),
                time: match member.until_day.as_str() {
                    "" => w.tf("meeting-member-since", &[("from", member.from_day.as_str().into())]),
                    until => w.tf(
                        "meeting-member-time",
                        &[("from", member.from_day.as_str().into()), ("until", until.into())],
                    ),
                },
                sits: member.until_day.is_empty(),
                id: member.id,
                name: member.name,
            })
            .collect(),
        proposals: proposals
            .into_iter()
            .map(|one| views::proposal_line(ctx, one, true, Some("/staff/meetings")))
            .collect(),
        sessions: lines.iter().map(|session| views::session_line(ctx, session, "/staff/meetings")).collect(),
        typed,
        key: clock::token(),
        id: body.id,
        name: body.name.clone(),
    };
    let page = pages::body_page(page);
    Ok(Page::new(ctx, body.name).tab(Tab::StaffNet).back("/staff/meetings").status(status).render(page))
}

/// The page of a body.
pub(super) fn body_address(id: &str) -> String {
    format!("/staff/meetings/bodies/{id}")
}

/// `POST /staff/meetings/bodies/{body}`
pub async fn change(ctx: Ctx, Path(id): Path<String>, FormBody(fields): FormBody<Fields>) -> Result {
    let typed = typed(fields);
    let version = typed.get("version").parse().unwrap_or(0);
    match said(bodies::change(&ctx, &id, version, &body_form(&typed)).await, typed)? {
        Said::Done => Ok(see_other_with(&ctx, &body_address(&id), "flash-meeting-saved")),
        Said::Wrong(typed) => show_body(&ctx, &id, typed).await,
    }
}

/// `POST /staff/meetings/bodies/{body}/members`
pub async fn add_member(ctx: Ctx, Path(id): Path<String>, FormBody(fields): FormBody<Fields>) -> Result {
    let typed = typed(fields);
    let form = MemberForm {
        phone: typed.get("member_phone"),
        seat: typed.get("member_seat"),
        speaks_for: typed.get("member_for"),
        rights: typed.all("member_rights"),
        from: typed.get("member_from"),
    };
    match said(bodies::add_member(&ctx, &id, &form).await, typed)? {
        Said::Done => Ok(see_other_with(&ctx, &body_address(&id), "flash-meeting-member")),
        Said::Wrong(typed) => show_body(&ctx, &id, typed).await,
    }
}

/// `POST /staff/meetings/bodies/{body}/members/{member}/end`
pub async fn end_member(ctx: Ctx, Path((id, member)): Path<(String, String)>) -> Result {
    bodies::end_member(&ctx, &id, &member).await?;
    Ok(see_other_with(&ctx, &body_address(&id), "flash-meeting-saved"))
}

/// `POST /staff/meetings/bodies/{body}/proposals/{proposal}`
pub async fn answer(
    ctx: Ctx,
    Path((id, proposal)): Path<(String, String)>,
    FormBody(fields): FormBody<Fields>,
) -> Result {
    let mut typed = typed(fields);
    let reason = typed.get("reason");
    typed.fields.push(("proposal".to_owned(), proposal.clone()));
    match said(bodies::answer(&ctx, &id, &proposal, &reason).await, typed)? {
        Said::Done => Ok(see_other_with(&ctx, &body_address(&id), "flash-meeting-answered")),
        Said::Wrong(typed) => show_body(&ctx, &id, typed).await,
    }
}

/// `POST /staff/meetings/bodies/{body}/sessions`
pub async fn plan(ctx: Ctx, Path(id): Path<String>, FormBody(fields): FormBody<Fields>) -> Result {
    let typed = typed(fields);
    let form = SessionForm {
        title: typed.get("session_title"),
        starts: typed.get("session_starts"),
        place: typed.get("session_place"),
        mode: typed.get("session_mode"),
        key: typed.get("key"),
    };
    let made = sessions::make(&ctx, &id, &form).await;
    let next = match &made {
        Ok(Some(session)) => address(session),
        _ => body_address(&id),
    };
    match said(made, typed)? {
        Said::Done => Ok(see_other_with(&ctx, &next, "flash-meeting-planned")),
        Said::Wrong(typed) => show_body(&ctx, &id, typed).await,
    }
}
