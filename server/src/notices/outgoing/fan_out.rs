//! From a published notice to everybody whom it reaches.

use super::store::{self, NewDelivery};
use crate::{
    app_state::App,
    jobs::{self, Job},
    notices::{
        activity,
        reading::dedupe_key,
        store::{self as notices, Notice},
    },
    people::inbox,
};
use app::notices::following::{Channel, Ways, When, plan};

/// So many people in one write transaction: other writers get their turn in between.
const BATCH: i64 = 200;
/// So many batches in one run of the job, which then queues itself: other jobs get their turn in between.
const PIECE: usize = 25;

/// Tells everybody whom a published notice reaches: those under its aims, those who follow them, and, when it corrects or
/// withdraws an earlier one, everybody whom that one reached, on the same ways; first of all those who signed up for what it
/// changes. A large crowd takes several runs, each queued by
/// the one before. Killed in the middle, it goes on where it was; running it again changes nothing.
pub async fn fan_out(app: &App, notice_id: &str) -> anyhow::Result<()> {
    let Some(notice) = notices::by_id(&app.db, notice_id).await?.filter(|n| n.state().is_public()) else {
        tracing::warn!(notice = notice_id, "there is no such published notice");
        return Ok(());
    };
    let urgent = notices::is_urgent(&app.db, notice_id).await?;
    let args = serde_json::json!({
        "title": notice.title,
        "title_en": notice.title_en,
        "source": notice.source,
        "source_en": notice.source_en,
    });
    let (key, href, text_key) = (dedupe_key(&notice.id), format!("/notices/{}", notice.id), text_key(&notice));
    let Some(mut after) = store::begin(app, notice_id).await? else { return Ok(()) };
    if after.is_empty() {
        activity::service::tell_signed_up(app, &notice).await?;
    }
    for batch in 1.. {
        let people = notices::recipients(&app.db, &notice, &after, BATCH).await?;
        let Some(last) = people.last().map(|person| person.id.clone()) else {
            return store::finish(app, notice_id).await;
        };
        let browsers = store::browsers(&app.db, &after, &last).await?;
        let now = app.clock.now();
        let mut rows = Vec::new();
        for person in &people {
            let own: Vec<&str> =
                browsers.iter().filter(|(of, _)| *of == person.id).map(|(_, id)| id.as_str()).collect();
            let has = Ways {
                push: !own.is_empty(),
                email: person.has_email() && app.deliver.mails(),
                sms: app.deliver.texts() && !person.has_sms_already(),
            };
            for (channel, when) in plan(notice.kind(), urgent, &person.choices(), has, person.earlier(), now) {
                let row = NewDelivery { notice_id, person_id: &person.id, channel, target: "", when };
                match channel {
                    Channel::Push => rows.extend(own.iter().copied().map(|target| NewDelivery { target, ..row })),
                    Channel::Email | Channel::Sms => rows.push(row),
                }
            }
        }
        let mut tx = app.db.begin().await?;
        let ids: Vec<&str> = people.iter().map(|person| person.id.as_str()).collect();
        let message =
            inbox::Message { person_id: "", text_key, text_args: args.clone(), href: &href, dedupe_key: &key };
        inbox::send_all(&mut tx, &ids, message, now).await?;
        store::insert(&mut tx, &rows, urgent, now).await?;
        if !store::advance(&mut tx, notice_id, (&after, &last), people.len()).await? {
            // Another server has taken the job over and is further: what was written here is written there.
            return Ok(());
        }
        if batch == PIECE {
            jobs::queue(&mut tx, &Job::NoticeFanOut { notice_id: notice_id.to_owned() }, now, None, now).await?;
        }
        tx.commit().await?;
        if batch == PIECE {
            break;
        }
        after = last;
    }
    Ok(())
}

fn text_key(notice: &Notice) -> &'static str {
    // The title of what changes an earlier notice says how: 更正 or 撤回.
    if notice.corrects_id.is_some() { "inbox-notice-changed" } else { "inbox-notice" }
}

/// The day's letter with which a message leaves. The hour is part of its name: whoever chooses a later one on a day whose
/// letter has gone gets another that day.
pub(super) fn digest(when: &When, person_id: &str) -> Option<String> {
    match when {
        When::At(_) => None,
        When::Daily(day, at) => {
            let hour = at.to_zoned_datetime(app::time::zone()).hour();
            Some(format!("daily:{day}:{hour}:email:{person_id}"))
        }
    }
}
