//! Carrying decisions out, inside the transaction that changes the rules.

use super::preview::{Decision, HitRow};
use crate::{
    audit,
    db::Tx,
    deliver::outbox::{self, Urgency},
    http::Ctx,
    people::inbox,
    windows::{
        service::{booking::inbox_words, ticket::LINK},
        store::{
            Hall, rebooking,
            settings::{self as store, Booking},
        },
    },
};
use app::{
    i18n::Lang,
    time::{HolidayCalendar, date_time},
    windows::settings::{HallSettings, Proposal, Standing, overlapped, proposal_named},
};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// A proposal is kept for so long, but never beyond an hour before it.
const ANSWER_TIME: SignedDuration = SignedDuration::from_hours(48);
const BEFORE_IT: SignedDuration = SignedDuration::from_hours(1);

/// Everything that carrying out needs to know.
pub struct Change<'a> {
    /// The request.
    pub ctx: &'a Ctx,
    /// The hall.
    pub hall: &'a Hall,
    /// The new settings.
    pub settings: &'a HallSettings,
    /// The calendar they work with.
    pub calendar: &'a HolidayCalendar,
    /// Number of the version, for the messages' keys.
    pub event: &'a str,
    /// Words for all.
    pub message: &'a str,
    /// What happens to rows that say nothing.
    pub default: Decision,
}

/// Carries the decisions out. `false`: some cannot be (their rows have an error), and the transaction must be dropped.
pub async fn carry_out(
    tx: &mut Tx,
    change: &Change<'_>,
    rows: &mut [HitRow],
    standing: &[Standing],
) -> anyhow::Result<bool> {
    let now = change.ctx.now;
    let mut targets: BTreeMap<String, Proposal> = BTreeMap::new();
    let mut fine = true;
    for row in rows.iter_mut() {
        let decision = row.decision.unwrap_or(change.default);
        if matches!(decision, Decision::Move | Decision::Propose) {
            let stands = standing.iter().find(|stands| stands.code == row.booking.code);
            let named =
                stands.and_then(|stands| proposal_named(change.settings, change.calendar, stands, &row.to, now));
            match named {
                Some(named) => {
                    targets.insert(row.booking.code.clone(), named);
                }
                None => {
                    row.error = Some("settings-error-no-time");
                    fine = false;
                }
            }
        }
    }
    if !fine {
        return Ok(false);
    }
    for row in rows.iter() {
        if matches!(row.decision.unwrap_or(change.default), Decision::Move | Decision::Cancel) {
            rebooking::release(tx, &row.booking.id, &row.booking.quota).await?;
        }
    }
    store::fit_slots(tx, &change.hall.id, now).await?;
    let leaves = |code: &str| {
        rows.iter().any(|row| {
            row.booking.code == code
                && matches!(row.decision.unwrap_or(change.default), Decision::Move | Decision::Cancel)
        })
    };
    let staying: Vec<&Standing> = standing.iter().filter(|stands| !leaves(&stands.code)).collect();
    narrow(tx, change, &staying).await?;
    for row in rows.iter_mut() {
        let say = if row.say.is_empty() { change.message } else { row.say.as_str() }.to_owned();
        let decision = row.decision.unwrap_or(change.default);
        let done = match decision {
            Decision::Keep => true,
            Decision::Cancel => rebooking::cancel(tx, &row.booking.id, &say, now).await?,
            Decision::Move | Decision::Propose => {
                let target = &targets[&row.booking.code];
                let mut slot_ids = Vec::new();
                for span in &target.slots {
                    slot_ids.push(rebooking::slot(tx, &target.window_id, *span, now).await?);
                }
                let items: Vec<String> = standing
                    .iter()
                    .find(|stands| stands.code == row.booking.code)
                    .map(|stands| stands.items.clone())
                    .unwrap_or_default();
                put(tx, change, &row.booking, (decision, target, &slot_ids), &items, &say).await?
            }
        };
        if !done {
            row.error = Some("settings-error-taken");
            return Ok(false);
        }
        tell(tx, change, &row.booking, decision, targets.get(&row.booking.code), &say).await?;
    }
    Ok(true)
}

async fn put(
    tx: &mut Tx,
    change: &Change<'_>,
    booking: &Booking,
    (decision, to, slot_ids): (Decision, &Proposal, &[String]),
    items: &[String],
    say: &str,
) -> anyhow::Result<bool> {
    let now = change.ctx.now;
    let target = rebooking::Target { window_id: &to.window_id, slot_ids, span: (to.from(), to.to()) };
    if decision == Decision::Move {
        for slot_id in slot_ids {
            if !rebooking::take(tx, slot_id, &booking.quota, now).await? {
                return Ok(false);
            }
        }
        return Ok(rebooking::relocate(tx, &booking.id, &target, now).await?);
    }
    let by = change.ctx.actor()?;
    let proposal = rebooking::NewProposal {
        appointment_id: &booking.id,
        person_id: &booking.person_id,
        hall_id: &change.hall.id,
        quota: &booking.quota,
        items,
        target,
        until: (now + ANSWER_TIME).min(to.from() - BEFORE_IT),
        message: say,
        by: &by.id,
    };
    rebooking::propose(tx, &proposal, now).await
}

/// Takes the places of slots that a booking made by other hours overlaps: whoever serves it is not free in them.
async fn narrow(tx: &mut Tx, change: &Change<'_>, staying: &[&Standing]) -> anyhow::Result<()> {
    let now = change.ctx.now;
    let own: Vec<(String, String, i64)> = sqlx::query_as(
        "SELECT a.code, s.window_id, s.starts_at FROM appointment a JOIN slot s ON s.id = a.slot_id \
         WHERE a.hall_id = $1 AND a.state = 'booked' AND a.starts_at > $2 \
         UNION SELECT a.code, s.window_id, s.starts_at FROM appointment a \
         JOIN appointment_slot n ON n.appointment_id = a.id JOIN slot s ON s.id = n.slot_id \
         WHERE a.hall_id = $1 AND a.state = 'booked' AND a.starts_at > $2",
    )
    .bind(&change.hall.id)
    .bind(now.as_microsecond())
    .fetch_all(&mut **tx)
    .await?;
    let mut fewer: BTreeMap<(String, i64, bool), (Timestamp, Timestamp, i64)> = BTreeMap::new();
    for stands in staying {
        for (from, to) in overlapped(change.settings, change.calendar, stands) {
            let mine = own.iter().any(|(code, window, starts)| {
                *code == stands.code && *window == stands.window_id && *starts == from.as_microsecond()
            });
            if !mine {
                let key = (stands.window_id.clone(), from.as_microsecond(), stands.assisted);
                fewer.entry(key).or_insert((from, to, 0)).2 += 1;
            }
        }
    }
    for ((window_id, _, assisted), (from, to, count)) in fewer {
        let slot_id = rebooking::slot(tx, &window_id, (from, to), now).await?;
        rebooking::narrow(tx, &slot_id, if assisted { "assisted" } else { "public" }, count).await?;
    }
    Ok(())
}

async fn tell(
    tx: &mut Tx,
    change: &Change<'_>,
    booking: &Booking,
    decision: Decision,
    to: Option<&Proposal>,
    say: &str,
) -> anyhow::Result<()> {
    let ctx = change.ctx;
    let title = (booking.title.as_str(), booking.title_en.as_str());
    let from = Timestamp::from_microsecond(booking.starts_at).unwrap_or(Timestamp::UNIX_EPOCH);
    let mut words = inbox_words(title, change.hall, from, ctx.now);
    words["message"] = say.into();
    if let Some(to) = to {
        words["to"] = date_time(Lang::Zh, to.from(), ctx.now).into();
        words["to_en"] = date_time(Lang::En, to.from(), ctx.now).into();
    }
    let (text_key, page) = match decision {
        Decision::Keep => ("inbox-visit-kept", ""),
        Decision::Move => ("inbox-visit-moved", ""),
        Decision::Propose => ("inbox-visit-proposed", "/proposal"),
        Decision::Cancel => ("inbox-visit-called-off", ""),
    };
    let code = &booking.code;
    let message = inbox::Message {
        person_id: &booking.person_id,
        text_key,
        text_args: words,
        href: &format!("/appointments/{code}{page}"),
        dedupe_key: &format!("{}:{}:{code}", change.event, decision.code()),
    };
    let token = ctx.app.secrets.link_token(LINK, code);
    outbox::reach(tx, &ctx.app, message, &format!("/appointments/{code}?t={token}"), Urgency::Now, ctx.now).await?;
    let by = ctx.actor()?;
    let entry = audit::Entry {
        by: audit::By::Person(&by.id),
        action: match decision {
            Decision::Keep => "appointment.keep",
            Decision::Move => "appointment.move",
            Decision::Propose => "appointment.propose",
            Decision::Cancel => "appointment.call_off",
        },
        object_kind: "appointment",
        object_id: &booking.id,
        detail: serde_json::json!({"event": change.event}),
        request_id: &ctx.request_id,
    };
    audit::write(tx, entry, ctx.now).await?;
    Ok(())
}
