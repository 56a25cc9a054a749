//! `/staff/counter`: choose a window, work at it.

use super::views::{Fields, Segment, hall_ways};
use crate::{
    clock,
    http::{Ctx, Error, FormBody, Page, Result, see_other, see_other_with},
    windows::{
        service::{self, Counter, Extra, IssueError, Line, Mover, QueueError, VisitPapers, Waiting},
        store::{Hall, items, tickets},
    },
};
use app::{
    i18n::Words,
    time::{ago, time_of_day},
    ui::shell::Tab,
    windows::{
        Answers, Need,
        pages::{
            CounterProps, LineRow, MaterialRow, MissingProps, NowServing, VisitItem, WindowRow, WindowsProps,
            counter_page, missing_page, windows_page,
        },
        queue::{MAX_CALLS, Outcome, PriorityClass, Step, TicketState},
    },
};
use axum::{http::StatusCode, response::Response};
use jiff::Timestamp;

/// Characters of the random beginning of the forms' keys.
const KEY: usize = 12;

fn instant(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Which window?
pub async fn windows(ctx: Ctx, fields: Fields) -> Result {
    let (all, hall) = service::halls_for(&ctx, app::people::Action::QueueServe, fields.get("hall")).await?;
    let w = ctx.w;
    let me = ctx.actor()?.id.clone();
    let mut rows = Vec::new();
    if let Some(hall) = &hall {
        let line = service::line(&ctx.app, hall, ctx.now).await?;
        for desk in line.desks.iter().filter(|desk| desk.closed == 0) {
            rows.push(WindowRow {
                address: format!("{}.{}", hall.code, desk.number),
                number: desk.number,
                name: w.pick(&desk.name, &desk.name_en).to_owned(),
                clerk: desk.staff_name.clone(),
                waiting: line.for_window(&desk.id).count(),
                mine: desk.staff_id.as_deref() == Some(&me),
            });
        }
    }
    let props = WindowsProps {
        w,
        halls: hall_ways(&ctx, &all, hall.as_ref(), |code| format!("/staff/counter?hall={code}")),
        hall: hall.as_ref().map(|hall| (w.pick(&hall.name, &hall.name_en).to_owned(), hall.code.clone())),
        windows: rows,
    };
    Ok(Page::new(&ctx, w.t("queue-counter-title")).tab(Tab::StaffCounter).render(windows_page(props)))
}

/// A window's screen.
pub async fn page(ctx: Ctx, Segment(address): Segment) -> Result {
    let counter = service::counter(&ctx, &address).await?;
    show(&ctx, &address, counter, None, StatusCode::OK).await
}

/// A person in a list, in the clerk's words.
pub(super) fn line_row(ctx: &Ctx, line: &Line, ticket: &Waiting) -> LineRow {
    let w = ctx.w;
    LineRow {
        id: ticket.id.clone(),
        label: ticket.label(),
        name: ticket.name.clone(),
        title: w.pick(&ticket.title, &ticket.title_en).to_owned(),
        class: ticket.class(),
        note: booked_words(w, line, ticket, ctx.now),
        only_here: ticket.only_window_id.is_some() && ticket.state() == TicketState::Waiting,
    }
}

fn booked_words(w: Words, line: &Line, ticket: &Waiting, now: Timestamp) -> String {
    let Some(booked) = ticket.booked_for.map(instant) else {
        return w.tf("queue-drawn", &[("when", ago(w, instant(ticket.issued_at), now).into())]);
    };
    let time = time_of_day(booked);
    let late = instant(ticket.issued_at).duration_since(booked).as_mins();
    if ticket.state() == TicketState::Waiting && line.is_early(ticket) {
        w.tf("queue-booked-early", &[("time", time.into())])
    } else if late > 0 {
        w.tf("queue-booked-late", &[("time", time.into()), ("minutes", late.into())])
    } else {
        w.tf("queue-booked", &[("time", time.into())])
    }
}

/// The papers of a visit in the clerk's words.
pub(super) fn visit_view(w: Words, papers: &[VisitPapers]) -> Vec<VisitItem> {
    let one = |VisitPapers { stored, found, said }: &VisitPapers| {
        let answers: Answers = serde_json::from_str(&found.answers).unwrap_or_default();
        let seen: Vec<String> = serde_json::from_str(&found.seen).unwrap_or_default();
        let missing: Vec<String> = serde_json::from_str(&found.missing).unwrap_or_default();
        let material = |(material, need): (&app::windows::Material, Need)| MaterialRow {
            code: material.code.clone(),
            name: w.pick(&material.name, &material.name_en).to_owned(),
            depends: need == Need::Depends,
            said: said.contains(&material.code),
            seen: seen.contains(&material.code),
        };
        VisitItem {
            code: stored.item.code.clone(),
            title: w.pick(&stored.item.title, &stored.item.title_en).to_owned(),
            missing: missing.len(),
            materials: stored.item.materials_for(&answers).into_iter().map(material).collect(),
        }
    };
    papers.iter().map(one).collect()
}

/// What is said at a note that is longer than one that is kept.
fn long_note(w: Words, note: &str) -> Option<String> {
    let long = service::kept_words(note, service::MAX_NOTE).is_none();
    long.then(|| w.tf("settings-error-long", &[("max", service::MAX_NOTE.into())]))
}

async fn show(
    ctx: &Ctx,
    address: &str,
    counter: Counter,
    trouble: Option<String>,
    status: StatusCode,
) -> Result<Response> {
    let w = ctx.w;
    let me = ctx.actor()?.id.clone();
    let Counter { hall, desk, line, current, undo, items } = counter;
    let title = |stored: &items::StoredItem| w.pick(&stored.item.title, &stored.item.title_en).to_owned();
    let now = current.map(|current| {
        let ticket = &current.ticket;
        NowServing {
            row: line_row(ctx, &line, ticket),
            state: ticket.state(),
            calls: ticket.calls,
            since: ticket
                .called_at
                .map(|at| w.tf("queue-called-ago", &[("when", ago(w, instant(at), ctx.now).into())]))
                .unwrap_or_default(),
            need: ticket.need.clone(),
            note_error: long_note(w, &ticket.note),
            note: ticket.note.clone(),
            items: visit_view(w, &current.items),
            may_recall: ticket.calls < MAX_CALLS,
        }
    });
    let waiting: Vec<LineRow> = line.for_window(&desk.id).map(|ticket| line_row(ctx, &line, ticket)).collect();
    let aside = |state: TicketState| -> Vec<LineRow> {
        line.others
            .iter()
            .filter(|ticket| ticket.state() == state && line.may_call(&desk.id, ticket))
            .map(|ticket| line_row(ctx, &line, ticket))
            .collect()
    };
    let all = items::offered(&ctx.app.db).await?;
    let served = |stored: &&items::StoredItem| line.desks.iter().any(|desk| line.serves(&desk.id, &stored.id));
    let classes = PriorityClass::ALL
        .into_iter()
        .filter(|class| *class == PriorityClass::Ordinary || service::allowed(&hall, *class) == *class);
    let mine = desk.staff_id.as_deref() == Some(&me);
    let props = CounterProps {
        w,
        address: address.to_owned(),
        hall: hall.code.clone(),
        live: format!("/api/v1/halls/{}/live", hall.code),
        key: clock::short_code(KEY),
        open: mine,
        other_clerk: desk.staff_name.clone().filter(|_| !mine),
        may_assist: ctx.actor()?.may(app::people::Action::AppointmentAssist, &hall.path),
        elsewhere: line.waiting.len() - waiting.len(),
        waiting,
        now,
        parked: aside(TicketState::Parked),
        passed: aside(TicketState::Passed),
        undo: undo.and_then(|(step, ticket)| {
            let did = Step::from_code(&step.action)?;
            let gone = ctx.now.duration_since(instant(step.at)).as_secs();
            let left = (app::windows::queue::UNDO_SECONDS - gone).max(1);
            Some((step.id, w.tf(did.done_key(), &[("number", ticket.label().into())]), left))
        }),
        trouble,
        items: items.iter().map(|stored| (stored.item.code.clone(), title(stored))).collect(),
        classes: classes.collect(),
        windows: line
            .desks
            .iter()
            .filter(|other| other.id != desk.id && other.closed == 0)
            .map(|other| (other.number, w.pick(&other.name, &other.name_en).to_owned()))
            .collect(),
        all_items: all.iter().filter(served).map(|stored| (stored.item.code.clone(), title(stored))).collect(),
    };
    let heading = format!(
        "{} · {}",
        w.tf("windows-window", &[("number", desk.number.into())]),
        w.pick(&desk.name, &desk.name_en)
    );
    let back = format!("/staff/counter?hall={}", hall.code);
    Ok(Page::new(ctx, heading).tab(Tab::StaffCounter).back(back).status(status).render(counter_page(props)))
}

/// Like [`answer`]; a note that is too long comes back at its field, with what was ticked.
async fn answer_visit(
    ctx: &Ctx,
    address: &str,
    fields: &Fields,
    outcome: std::result::Result<(), QueueError>,
) -> Result<Response> {
    if !matches!(outcome, Err(QueueError::Long)) {
        return answer(ctx, address, outcome).await;
    }
    let mut counter = service::counter(ctx, address).await?;
    if let Some(current) = &mut counter.current {
        fields.get("note").unwrap_or_default().clone_into(&mut current.ticket.note);
        let ticked = seen(fields);
        for VisitPapers { found, .. } in &mut current.items {
            let here = ticked.iter().filter(|(item, _)| *item == found.item_code).map(|(_, code)| code);
            found.seen = serde_json::to_string(&here.collect::<Vec<_>>()).map_err(anyhow::Error::new)?;
        }
    }
    show(ctx, address, counter, None, StatusCode::UNPROCESSABLE_ENTITY).await
}

/// Back to the window, or the window with a word about why nothing moved.
async fn answer<T>(ctx: &Ctx, address: &str, outcome: std::result::Result<T, QueueError>) -> Result {
    let key = match outcome {
        Ok(_) => return Ok(see_other(&format!("/staff/counter/{address}"))),
        Err(QueueError::Http(error)) => return Err(error),
        Err(QueueError::Nobody) => "queue-trouble-nobody",
        Err(QueueError::Busy) => "queue-trouble-busy",
        // A note that is too long has its own answer, `answer_visit`.
        Err(QueueError::NotNow | QueueError::Lapsed | QueueError::Long) => "queue-trouble-not-now",
        Err(QueueError::CalledOften) => "queue-called-often",
        Err(QueueError::NoUndo) => "queue-trouble-no-undo",
        Err(QueueError::NotOpen) => "queue-trouble-not-open",
    };
    let counter = service::counter(ctx, address).await?;
    show(ctx, address, counter, Some(ctx.w.t(key)), StatusCode::CONFLICT).await
}

/// A form's fields by name.
type Form = FormBody<Vec<(String, String)>>;

/// Opens the window for the clerk.
pub async fn open(ctx: Ctx, Segment(address): Segment) -> Result {
    let (hall, desk) = service::counter_of(&ctx, &address).await?;
    let outcome = service::staff_window(&Mover::clerk(&ctx, &hall)?, &hall, &desk, true).await;
    answer(&ctx, &address, outcome).await
}

/// Closes it.
pub async fn close(ctx: Ctx, Segment(address): Segment) -> Result {
    let (hall, desk) = service::counter_of(&ctx, &address).await?;
    let outcome = service::staff_window(&Mover::clerk(&ctx, &hall)?, &hall, &desk, false).await;
    answer(&ctx, &address, outcome).await
}

/// The clerk has to work at the window they move: calls come from a window with somebody at it.
pub(super) fn staffed(ctx: &Ctx, desk: &tickets::Desk) -> std::result::Result<(), QueueError> {
    let me = ctx.actor()?.id.as_str();
    if desk.staff_id.as_deref() == Some(me) { Ok(()) } else { Err(QueueError::NotOpen) }
}

/// Calls the next.
pub async fn call(ctx: Ctx, Segment(address): Segment, FormBody(fields): Form) -> Result {
    let (hall, desk) = service::counter_of(&ctx, &address).await?;
    let fields = Fields(fields);
    let outcome = match staffed(&ctx, &desk) {
        Ok(()) => {
            let mover = Mover::clerk(&ctx, &hall)?;
            service::call_next(&mover, &hall, &desk.id, fields.get("key").unwrap_or_default()).await
        }
        Err(error) => Err(error),
    };
    answer(&ctx, &address, outcome).await
}

/// One step of a ticket.
pub async fn step(ctx: Ctx, Segment(address): Segment, FormBody(fields): Form) -> Result {
    let at = service::counter_of(&ctx, &address).await?;
    let fields = Fields(fields);
    let outcome = take_step(&ctx, &at, &fields).await;
    answer_visit(&ctx, &address, &fields, outcome).await
}

/// One step of a ticket at a window, as the form says it.
pub(super) async fn take_step(
    ctx: &Ctx,
    (hall, desk): &(Hall, tickets::Desk),
    fields: &Fields,
) -> std::result::Result<(), QueueError> {
    let step = fields.get("step").and_then(Step::from_code);
    // Calling has its own door, and coming is noted at reception.
    let step = step.filter(|step| !matches!(step, Step::Call | Step::CheckIn));
    let step = step.ok_or(Error::BadRequest("step".into()))?;
    let ticket = fields.get("ticket").unwrap_or_default().to_owned();
    staffed(ctx, desk)?;
    let mover = Mover::clerk(ctx, hall)?;
    if step == Step::Finish {
        let noted = service::materials(&mover, hall, Some(desk), &ticket, (&seen(fields), None)).await;
        // A repeated tap finds the visit ended; the step below answers it like the first.
        if let Err(QueueError::Http(error)) = noted {
            return Err(error.into());
        }
    }
    let extra = extra(ctx, hall, step, fields).await?;
    let key = fields.get("key").unwrap_or_default();
    service::act(&mover, hall, Some(&desk.id), (&ticket, step), &extra, key).await?;
    Ok(())
}

/// What the form says besides ticket and step; a transfer goes only to windows and items of this hall.
async fn extra(ctx: &Ctx, hall: &Hall, step: Step, fields: &Fields) -> Result<Extra> {
    let mut extra = Extra {
        outcome: fields.get("outcome").and_then(Outcome::from_code),
        note: fields.get("note").map(str::to_owned),
        ..Extra::default()
    };
    if step != Step::Transfer {
        return Ok(extra);
    }
    let desks = tickets::desks(ctx.app.db.read(), &hall.id).await?;
    if let Some(number) = fields.get("to_window").filter(|text| !text.is_empty()) {
        let desk = desks.iter().find(|desk| desk.number.to_string() == number && desk.closed == 0);
        extra.to_window = Some(desk.ok_or(Error::BadRequest("to_window".into()))?.id.clone());
    }
    if let Some(code) = fields.get("to_item").filter(|text| !text.is_empty()) {
        let stored = items::offered_by_code(&ctx.app.db, code).await?;
        let served = tickets::served(&ctx.app.db, &hall.id).await?;
        let stored = stored.filter(|stored| served.iter().any(|(_, item)| *item == stored.id));
        extra.to_item = Some(stored.ok_or(Error::BadRequest("to_item".into()))?.id);
    }
    Ok(extra)
}

/// The materials that a form ticks as seen: pairs of item and material code.
pub(super) fn seen(fields: &Fields) -> Vec<(String, String)> {
    let values = fields.0.iter().filter(|(name, _)| name == "seen");
    values.filter_map(|(_, value)| value.split_once(':').map(|(a, b)| (a.to_owned(), b.to_owned()))).collect()
}

/// Notes which materials were seen, and keeps the clerk's note.
pub async fn materials(ctx: Ctx, Segment(address): Segment, FormBody(fields): Form) -> Result {
    let (hall, desk) = service::counter_of(&ctx, &address).await?;
    let fields = Fields(fields);
    let mover = Mover::clerk(&ctx, &hall)?;
    let ticket = fields.get("ticket").unwrap_or_default();
    let outcome = match staffed(&ctx, &desk) {
        Ok(()) => service::materials(&mover, &hall, Some(&desk), ticket, (&seen(&fields), fields.get("note"))).await,
        Err(error) => Err(error),
    };
    answer_visit(&ctx, &address, &fields, outcome).await
}

/// Undoes the newest step.
pub async fn undo(ctx: Ctx, Segment(address): Segment, FormBody(fields): Form) -> Result {
    let (hall, _) = service::counter_of(&ctx, &address).await?;
    let fields = Fields(fields);
    let outcome = service::undo(&Mover::clerk(&ctx, &hall)?, &hall, fields.get("step").unwrap_or_default()).await;
    answer(&ctx, &address, outcome).await
}

/// A number from the desk.
pub async fn walk_in(ctx: Ctx, Segment(address): Segment, FormBody(fields): Form) -> Result {
    let (hall, _) = service::counter_of(&ctx, &address).await?;
    let fields = Fields(fields);
    let get = |name: &str| fields.get(name).unwrap_or_default().to_owned();
    let class = PriorityClass::from_code(&get("class"));
    match service::walk_in(&ctx, &hall, (&get("item"), class, &get("name"), &get("key"))).await {
        Ok(_) => Ok(see_other_with(&ctx, &format!("/staff/counter/{address}"), "flash-queue-number-given")),
        Err(IssueError::Http(error)) => Err(error),
        Err(_) => {
            let counter = service::counter(&ctx, &address).await?;
            let text = ctx.w.t("queue-not-served");
            show(&ctx, &address, counter, Some(text), StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// What is missing, to print.
pub async fn missing(ctx: Ctx, Segment(id): Segment) -> Result {
    let missing = service::missing(&ctx, &id).await?;
    let w = ctx.w;
    let pick = |zh: &str, en: &str| w.pick(zh, en).to_owned();
    let items = missing
        .items
        .iter()
        .map(|(item, materials)| {
            let words = materials
                .iter()
                .map(|material| (pick(&material.name, &material.name_en), pick(&material.note, &material.note_en)));
            (pick(&item.title, &item.title_en), words.collect())
        })
        .collect();
    let props = MissingProps {
        w,
        hall: (pick(&missing.hall.name, &missing.hall.name_en), missing.hall.phone.clone()),
        label: missing.ticket.label(),
        items,
        at: missing.checked_at.map_or(ctx.now, instant),
    };
    Ok(Page::new(&ctx, w.t("queue-missing-title")).tab(Tab::StaffCounter).render(missing_page(props)))
}
