//! `/meetings`.

use super::{
    Fields, typed,
    views::{self, Looker},
};
use crate::{
    clock,
    http::{Ctx, Error, FormBody, Page, Result, see_other_with},
    meetings::{
        service::{
            self, Refused, ballots, bodies, bodies::ProposalForm, minutes as minute, resolutions, resolutions::StepForm,
        },
        store::{self, instant},
    },
};
use app::{
    meetings::{
        ResolutionStep, SessionState, Way,
        pages::{self, AttendedPage, AttendedView, MinePage, MinutesPage, NoteLine, ResolutionPage, Typed},
    },
    people::Action,
    time,
    ui::shell::Tab,
};
use axum::{extract::Path, http::StatusCode};

/// `GET /meetings`
pub async fn mine(ctx: Ctx) -> Result {
    show_mine(&ctx, Typed::default()).await
}

/// Sessions of bodies in which the reader sits, from the invitation on.
pub(in crate::meetings) async fn sessions(ctx: &Ctx) -> std::result::Result<Vec<store::sessions::Session>, Error> {
    let mut all = Vec::new();
    for (id, _) in store::bodies::seats(&ctx.app.db, &ctx.actor()?.id).await? {
        if service::seat(ctx, &id).await?.is_some() {
            all.extend(store::sessions::of_body(&ctx.app.db, &id).await?);
        }
    }
    all.retain(|session| session.state() != SessionState::Planned);
    all.sort_by(|a, b| (b.starts_at, &b.id).cmp(&(a.starts_at, &a.id)));
    all.dedup_by(|a, b| a.id == b.id);
    Ok(all)
}

async fn show_mine(ctx: &Ctx, typed: Typed) -> Result {
    let w = ctx.w;
    let actor = ctx.actor()?;
    actor.require(Action::OwnThings, "")?;
    let db = &ctx.app.db;
    let mut seats = Vec::new();
    for (id, _) in store::bodies::seats(db, &actor.id).await? {
        if let (Some(seat), Some(body)) = (service::seat(ctx, &id).await?, store::bodies::by_id(db, &id).await?) {
            let rights: Vec<String> = seat.rights().keys().into_iter().map(|key| w.t(key)).collect();
            seats.push((body.name, format!("{} · {}", w.t(seat.seat().key()), rights.join("、"))));
        }
    }
    seats.dedup();
    let inside = !seats.is_empty();
    let lines = sessions(ctx).await?;
    let (own, others) = resolutions::mine(ctx).await?;
    let published = match &actor.community_id {
        Some(community) => store::sessions::published(db, community).await?,
        None => Vec::new(),
    };
    let proposals = store::bodies::proposals_of(db, &actor.id).await?;
    let open = bodies::open_to(ctx).await?;
    let status = if typed.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = MinePage {
        w,
        seats,
        sessions: lines.iter().map(|session| views::session_line(ctx, session, "/meetings")).collect(),
        own: views::task_lines(ctx, &own),
        others: views::task_lines(ctx, &others),
        published: published.iter().map(|session| views::session_line(ctx, session, "/meetings")).collect(),
        proposals: proposals
            .into_iter()
            .map(|one| views::proposal_line(ctx, one, false, inside.then_some("/meetings")))
            .collect(),
        open: open
            .into_iter()
            .map(|(body, _)| (body.id, format!("{} · {}", body.name, w.pick(&body.place, &body.place_en))))
            .collect(),
        typed,
        key: clock::token(),
    };
    let page = pages::mine_page(page);
    Ok(Page::new(ctx, w.t("meeting-mine")).tab(Tab::Me).back("/me").status(status).render(page))
}

/// `POST /meetings/proposals`
pub async fn propose(ctx: Ctx, FormBody(fields): FormBody<Fields>) -> Result {
    let mut typed = typed(fields);
    let form = ProposalForm {
        body: typed.get("proposal_body"),
        title: typed.get("proposal_title"),
        text: typed.get("proposal_text"),
        key: typed.get("key"),
    };
    match bodies::propose(&ctx, &form).await {
        Ok(_) => Ok(see_other_with(&ctx, "/meetings#proposals", "flash-meeting-proposed")),
        Err(Refused::Invalid(errors)) => {
            typed.errors = errors.into_map();
            show_mine(&ctx, typed).await
        }
        // So many wait already: said at the form, with what was typed.
        Err(Refused::Other(Error::Conflict(why))) => {
            typed.errors = [("proposal_title", ctx.w.t(why))].into();
            let mut page = show_mine(&ctx, typed).await?;
            *page.status_mut() = StatusCode::CONFLICT;
            Ok(page)
        }
        Err(Refused::Other(error)) => Err(error),
    }
}

/// `GET /meetings/{id}`
pub async fn attended(ctx: Ctx, Path(id): Path<String>) -> Result {
    show(&ctx, &id, None).await
}

async fn show(ctx: &Ctx, id: &str, wrong: Option<(String, String)>) -> Result {
    let w = ctx.w;
    let (session, reader) = service::attended(ctx, id).await?;
    let looker = Looker { person: &ctx.actor()?.id, member: reader.seat.is_some() };
    let view = if reader.is_inside() {
        let items = views::items(ctx, &session, &looker, false).await?;
        let all = store::resolutions::of_session(&ctx.app.db, id).await?;
        let minuted = session.state() == SessionState::Minuted || (reader.approves() && !session.minutes.is_empty());
        AttendedView::Whole(items, views::task_lines(ctx, &all), minuted)
    } else {
        AttendedView::Published(views::html(ctx, &session.summary))
    };
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = AttendedPage {
        w,
        id: id.to_owned(),
        head: views::head(ctx, &session),
        state: session.state(),
        view,
        wrong,
        runs: reader.manages,
    };
    let page = pages::attended_page(page);
    Ok(Page::new(ctx, session.title).tab(Tab::Me).back("/meetings").no_store().status(status).render(page))
}

/// `POST /meetings/{id}/ballots/{ballot}`
pub async fn vote(ctx: Ctx, Path((id, ballot)): Path<(String, String)>, FormBody(fields): FormBody<Fields>) -> Result {
    let choice = typed(fields).get("choice");
    match ballots::vote(&ctx, &id, &ballot, &choice).await {
        Ok(way) => {
            let flash = if way == Way::Secret { "flash-meeting-voted-secretly" } else { "flash-meeting-voted" };
            Ok(see_other_with(&ctx, &format!("/meetings/{id}"), flash))
        }
        Err(Refused::Invalid(errors)) => {
            let text = errors.into_map().into_values().next().unwrap_or_default();
            show(&ctx, &id, Some((ballot, text))).await
        }
        Err(Refused::Other(error)) => Err(error),
    }
}

/// `GET /meetings/{id}/minutes`
pub async fn minutes(ctx: Ctx, Path(id): Path<String>) -> Result {
    let w = ctx.w;
    let (session, reader) = service::attended(&ctx, &id).await?;
    // Before they are approved, minutes are for those who write and approve them.
    let approved = session.state() == SessionState::Minuted;
    let sees = reader.is_inside() && (approved || reader.approves() || reader.staff);
    if !sees || session.minutes.is_empty() {
        return Err(Error::NotFound);
    }
    let me = &ctx.actor()?.id;
    let may = reader.approves() && !approved && session.minutes_by.as_ref() != Some(me);
    let page = MinutesPage {
        w,
        id: id.clone(),
        body: session.body.clone(),
        html: views::html(&ctx, &session.minutes),
        said: views::said(&ctx, &session).await?,
        approve: may.then_some(session.version),
    };
    let page = pages::minutes_page(page);
    let title = w.tf("meeting-minutes-of", &[("title", session.title.into())]);
    let (tab, back) = match reader.manages {
        true => (Tab::StaffNet, format!("/staff/meetings/{id}")),
        false => (Tab::Me, format!("/meetings/{id}")),
    };
    Ok(Page::new(&ctx, title).tab(tab).back(back).render(page))
}

/// `POST /meetings/{id}/minutes`
pub async fn approve(ctx: Ctx, Path(id): Path<String>, FormBody(fields): FormBody<Fields>) -> Result {
    let version = typed(fields).get("version").parse().unwrap_or(0);
    minute::approve(&ctx, &id, version).await?;
    Ok(see_other_with(&ctx, &format!("/meetings/{id}/minutes"), "flash-meeting-approved"))
}

/// `GET /meetings/resolutions/{resolution}`
pub async fn resolution(ctx: Ctx, Path(id): Path<String>) -> Result {
    show_resolution(&ctx, &id, None).await
}

async fn show_resolution(ctx: &Ctx, id: &str, wrong: Option<(ResolutionStep, String, String)>) -> Result {
    let w = ctx.w;
    let (found, who) = resolutions::one(ctx, id).await?;
    let notes = resolutions::notes(ctx, &found).await?;
    let reads = ctx.actor()?.require(Action::NetRead, &found.path).is_ok();
    let session = format!("{}/{}", if reads { "/staff/meetings" } else { "/meetings" }, found.session_id);
    let report = (!found.report_code.is_empty()).then(|| {
        let below = if reads { "/staff/reports" } else { "/reports" };
        (format!("{below}/{}", found.report_code), found.report_code.clone())
    });
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let owner = match found.speaks_for.as_str() {
        "" => found.name.clone(),
        whom => format!("{} · {whom}", found.name),
    };
    let page = ResolutionPage {
        w,
        id: id.to_owned(),
        state: found.state(),
        late: found.is_late(service::today(ctx)),
        owner,
        due: time::date_long(w.lang, found.due()),
        session: (session, found.title.clone()),
        report,
        version: found.version,
        who,
        notes: notes
            .into_iter()
            .map(|note| NoteLine {
                step: ResolutionStep::from_code(&note.step),
                at: instant(note.at).to_string(),
                when: time::date_time(w.lang, instant(note.at), ctx.now),
                name: note.name,
                text: note.text,
            })
            .collect(),
        wrong,
        key: clock::token(),
        text: found.text.clone(),
    };
    let page = pages::resolution_page(page);
    let (tab, back) = match (reads, who.owner && ctx.actor()?.works_as_handler()) {
        (true, _) => (Tab::StaffNet, "/staff/meetings"),
        (false, true) => (Tab::VolunteerTasks, "/volunteer"),
        (false, false) => (Tab::Me, "/meetings"),
    };
    Ok(Page::new(ctx, w.t("meeting-resolution")).tab(tab).back(back).status(status).render(page))
}

/// `POST /meetings/resolutions/{resolution}`
pub async fn resolution_step(ctx: Ctx, Path(id): Path<String>, FormBody(fields): FormBody<Fields>) -> Result {
    let typed = typed(fields);
    let form = StepForm {
        step: typed.get("step"),
        text: typed.get("text"),
        version: typed.get("version").parse().unwrap_or(0),
        key: typed.get("key"),
    };
    match resolutions::step(&ctx, &id, &form).await {
        Ok(()) => Ok(see_other_with(&ctx, &format!("/meetings/resolutions/{id}"), "flash-meeting-carried")),
        Err(Refused::Invalid(errors)) => {
            let text = errors.into_map().into_values().next().unwrap_or_default();
            let step = ResolutionStep::from_code(&form.step).ok_or(Error::NotFound)?;
            show_resolution(&ctx, &id, Some((step, form.text, text))).await
        }
        Err(Refused::Other(error)) => Err(error),
    }
}
