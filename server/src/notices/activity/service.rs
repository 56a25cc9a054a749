//! Use cases: signing up, leaving, moving up, ticking at the door; what a publication does to an activity.

use super::store::{self, Activity, SignUp};
use crate::{
    app_state::App,
    audit::{self, By},
    auth::limit::Limit,
    db::Tx,
    deliver::outbox::{self, Urgency},
    http::{Ctx, Error, Result},
    notices::{
        reading::{dedupe_key, public_notice},
        store::{self as notices, Notice},
    },
    people::inbox,
};
use app::{
    notices::{ActivityPlan, SignUpState, activity::WAITING_MAX},
    people::Action,
};
use jiff::Timestamp;

/// Signing up and leaving, back and forth.
const CHANGES: Limit = Limit { what: "sign-up", max: 30, seconds: 3600 };

/// How a sign-up went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Signed up or waiting.
    pub state: SignUpState,
    /// The notice whose words count now.
    pub notice_id: String,
}

/// Signs the reader up with so many people, or puts them on the waiting list when the seats do not suffice. Signed up
/// already: changes the number of people, which never gives up a seat that one has.
pub async fn sign_up(ctx: &Ctx, notice_id: &str, people: i64) -> Result<Outcome> {
    let actor = ctx.actor()?;
    actor.require(Action::OwnThings, "")?;
    let notice = public_notice(&ctx.app, notice_id).await?;
    let activity = store::of_notice(&ctx.app.db, &notice.id).await?.ok_or(Error::NotFound)?;
    let (_, plan) = store::plan(&ctx.app.db, &activity.notice_id).await?.ok_or(Error::NotFound)?;
    if actor.name.trim().is_empty() {
        // The list at the door has names.
        return Err(Error::Conflict("activity-conflict-name"));
    }
    if !(1..=plan.most).contains(&people) {
        return Err(Error::Conflict("activity-conflict-people"));
    }
    CHANGES.take(&ctx.app.db, &actor.id, ctx.now).await?;
    let mut tx = ctx.app.db.begin().await?;
    let activity = store::lock(&mut tx, &activity.id).await?.ok_or(Error::NotFound)?;
    let mine = store::of_person_in(&mut tx, &activity.id, &actor.id).await?;
    let done = |state| Outcome { state, notice_id: activity.notice_id.clone() };
    if let Some(mine) = mine.as_ref().filter(|mine| mine.state() != SignUpState::Cancelled && mine.people == people) {
        // The second tap of the same button.
        return Ok(done(mine.state()));
    }
    if !activity.standing().is_open(ctx.now) {
        return Err(Error::Conflict("activity-conflict-closed"));
    }
    let state = match mine.as_ref().map(|mine| (mine.state(), mine)) {
        Some((SignUpState::Signed, mine)) => {
            change_people(ctx, &mut tx, &activity, mine, people).await?;
            SignUpState::Signed
        }
        Some((SignUpState::Waiting, mine)) => {
            let state = seat_or_wait(&mut tx, &activity, people).await?;
            store::change(&mut tx, &mine.id, people, state, ctx.now).await?;
            state
        }
        _ => {
            let state = seat_or_wait(&mut tx, &activity, people).await?;
            if state == SignUpState::Waiting && store::waiting(&mut tx, &activity.id).await? >= WAITING_MAX {
                return Err(Error::Conflict("activity-conflict-full"));
            }
            store::put(&mut tx, &activity.id, &actor.id, people, state, ctx.now).await?;
            state
        }
    };
    let detail = serde_json::json!({ "people": people, "state": state.code() });
    write_down(ctx, &mut tx, "activity.sign_up", &activity.id, detail).await?;
    tx.commit().await?;
    Ok(done(state))
}

async fn seat_or_wait(tx: &mut Tx, activity: &Activity, people: i64) -> Result<SignUpState> {
    let taken = store::take(tx, &activity.id, people).await?;
    Ok(if taken { SignUpState::Signed } else { SignUpState::Waiting })
}

/// More people need more seats, fewer give some to those who wait.
async fn change_people(ctx: &Ctx, tx: &mut Tx, activity: &Activity, mine: &SignUp, people: i64) -> Result<()> {
    let more = people - mine.people;
    if more > 0 && !store::take(tx, &activity.id, more).await? {
        return Err(Error::Conflict("activity-conflict-more"));
    }
    store::change(tx, &mine.id, people, SignUpState::Signed, ctx.now).await?;
    if more < 0 {
        store::free(tx, &activity.id, -more).await?;
        move_up(&ctx.app, tx, &activity.id, ctx.now).await?;
    }
    Ok(())
}

/// Takes the reader's sign-up back; the seats go to those who wait. Doing it twice is doing it once. Gives the notice
/// whose words count now.
pub async fn leave(ctx: &Ctx, notice_id: &str) -> Result<String> {
    let actor = ctx.actor()?;
    actor.require(Action::OwnThings, "")?;
    let activity = store::of_notice(&ctx.app.db, notice_id).await?.ok_or(Error::NotFound)?;
    let mut tx = ctx.app.db.begin().await?;
    let activity = store::lock(&mut tx, &activity.id).await?.ok_or(Error::NotFound)?;
    let Some(mine) = store::of_person_in(&mut tx, &activity.id, &actor.id).await? else { return Err(Error::NotFound) };
    if mine.state() == SignUpState::Cancelled {
        return Ok(activity.notice_id);
    }
    if !activity.standing().may_leave(ctx.now) {
        return Err(Error::Conflict("activity-conflict-begun"));
    }
    store::change(&mut tx, &mine.id, mine.people, SignUpState::Cancelled, ctx.now).await?;
    if mine.state() == SignUpState::Signed {
        store::free(&mut tx, &activity.id, mine.people).await?;
        move_up(&ctx.app, &mut tx, &activity.id, ctx.now).await?;
    }
    write_down(ctx, &mut tx, "activity.leave", &activity.id, serde_json::json!({})).await?;
    tx.commit().await?;
    Ok(activity.notice_id)
}

/// Takes all of the reader's sign-ups back that can be: for what has not begun.
pub async fn leave_all(ctx: &Ctx) -> Result<()> {
    for row in store::of(&ctx.app.db, &ctx.actor()?.id).await? {
        match leave(ctx, &row.notice_id).await {
            Ok(_) | Err(Error::Conflict(_)) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(())
}

/// Gives free seats to those who wait: to the first for whom they suffice, and so on. The activity is locked.
async fn move_up(app: &App, tx: &mut Tx, id: &str, now: Timestamp) -> Result<()> {
    let Some(activity) = store::lock(tx, id).await? else { return Ok(()) };
    if !activity.standing().may_leave(now) {
        return Ok(());
    }
    let Some(notice) = notices::by_id_in(tx, &activity.notice_id).await? else { return Ok(()) };
    let mut free = activity.standing().free();
    while let Some(next) = store::first_waiting(tx, id, free).await? {
        if !store::take(tx, id, next.people).await? {
            break;
        }
        free -= next.people;
        store::change(tx, &next.id, next.people, SignUpState::Signed, now).await?;
        let key = format!("activity-up:{}:{}", next.id, now.as_microsecond());
        tell(app, tx, &next, &notice, "inbox-activity-up", &key, now).await?;
        let entry = audit::Entry {
            by: By::System,
            action: "activity.move_up",
            object_kind: "activity",
            object_id: id,
            detail: serde_json::json!({ "sign_up": next.id }),
            request_id: "",
        };
        audit::write(tx, entry, now).await?;
    }
    Ok(())
}

/// What follows the publication of a notice: its activity begins, or goes on with the words of a correction. A correction
/// that speaks of no activity any more calls it off. Those who signed up are told by the job that tells everybody, see
/// [`tell_signed_up`].
pub async fn published(app: &App, tx: &mut Tx, notice: &Notice, now: Timestamp) -> Result<()> {
    let Some((id, plan)) = store::plan_in(tx, &notice.id).await? else {
        return match &notice.corrects_id {
            Some(earlier) => withdrawn(tx, earlier, now).await,
            None => Ok(()),
        };
    };
    store::set_words(tx, &id, &notice.id, &plan, now).await?;
    if id == notice.id {
        return Ok(());
    }
    move_up(app, tx, &id, now).await
}

/// What follows the withdrawal of a notice: its activity is off.
pub async fn withdrawn(tx: &mut Tx, old: &str, now: Timestamp) -> Result<()> {
    if let Some((id, _)) = store::plan_in(tx, old).await? {
        store::call_off(tx, &id, old, now).await?;
    }
    Ok(())
}

/// So many who signed up are told in one transaction.
const TOLD_AT_ONCE: i64 = 25;

/// Tells everybody who was signed up or waited when this notice changed their activity or called it off, in words of their
/// own. It comes before everybody is told of the notice: the key is the notice's, and whoever was told here is not told
/// again. Killed in the middle, it begins anew and tells nobody twice.
pub async fn tell_signed_up(app: &App, notice: &Notice) -> anyhow::Result<()> {
    let Some((activity_id, text_key)) = news_of(app, notice).await? else { return Ok(()) };
    let (key, until) = (dedupe_key(&notice.id), notice.published_at().unwrap_or(Timestamp::MAX));
    let mut after = String::new();
    loop {
        let sign_ups = store::standing(&app.db, &activity_id, until, &after, TOLD_AT_ONCE).await?;
        let Some(last) = sign_ups.last() else { return Ok(()) };
        let mut tx = app.db.begin().await?;
        for sign_up in &sign_ups {
            tell(app, &mut tx, sign_up, notice, text_key, &key, app.clock.now()).await?;
        }
        tx.commit().await?;
        after.clone_from(&last.id);
    }
}

/// The activity that a notice is news of for those who signed up, and the text that says so: it was changed, or it is off.
async fn news_of(app: &App, notice: &Notice) -> Result<Option<(String, &'static str)>> {
    let Some(earlier) = &notice.corrects_id else { return Ok(None) };
    if let Some((id, _)) = store::plan(&app.db, &notice.id).await? {
        return Ok((id != notice.id).then_some((id, "inbox-activity-changed")));
    }
    // A notice has one successor: that the activity is off is this one's doing.
    let activity = store::of_notice(&app.db, earlier).await?.filter(|activity| activity.standing().cancelled);
    Ok(activity.map(|activity| (activity.id, "inbox-activity-off")))
}

async fn tell(
    app: &App,
    tx: &mut Tx,
    sign_up: &SignUp,
    notice: &Notice,
    text_key: &'static str,
    key: &str,
    now: Timestamp,
) -> anyhow::Result<()> {
    let href = format!("/notices/{}", notice.id);
    let text_args = serde_json::json!({ "title": notice.title, "title_en": notice.title_en });
    let message = inbox::Message { person_id: &sign_up.person_id, text_key, text_args, href: &href, dedupe_key: key };
    outbox::reach(tx, app, message, &href, Urgency::ByDay, now).await
}

/// An activity with the notice whose words count and what it says, for staff who may see who signed up.
pub struct AtTheDoor {
    /// The notice.
    pub notice: Notice,
    /// What it says.
    pub plan: ActivityPlan,
    /// The activity.
    pub activity: Activity,
    /// Who signed up.
    pub list: Vec<store::Listed>,
}

/// The list at the door. Looking at it is written down.
pub async fn at_the_door(ctx: &Ctx, notice_id: &str, as_file: bool) -> Result<AtTheDoor> {
    let (notice, activity) = for_answering(ctx, notice_id).await?;
    let (_, plan) = store::plan(&ctx.app.db, &notice.id).await?.ok_or(Error::NotFound)?;
    let list = store::list(&ctx.app.db, &activity.id).await?;
    let mut tx = ctx.app.db.begin().await?;
    let action = if as_file { "activity.take_list" } else { "activity.see_list" };
    write_down(ctx, &mut tx, action, &activity.id, serde_json::json!({ "people": list.len() })).await?;
    tx.commit().await?;
    Ok(AtTheDoor { notice, plan, activity, list })
}

/// The notice whose words count and its activity, for staff who may answer in its organisation's name.
pub async fn for_answering(ctx: &Ctx, notice_id: &str) -> Result<(Notice, Activity)> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::NoticeAnswer)?;
    let asked = notices::by_id(&ctx.app.db, notice_id).await?.ok_or(Error::NotFound)?;
    actor.require(Action::NoticeAnswer, &asked.source_path)?;
    let activity = store::of_notice(&ctx.app.db, &asked.id).await?.ok_or(Error::NotFound)?;
    let notice = notices::by_id(&ctx.app.db, &activity.notice_id).await?.ok_or(Error::NotFound)?;
    actor.require(Action::NoticeAnswer, &notice.source_path)?;
    Ok((notice, activity))
}

/// Ticks somebody at the door, or takes the tick back.
pub async fn tick(ctx: &Ctx, notice_id: &str, sign_up_id: &str, came: bool) -> Result<()> {
    let (_, activity) = for_answering(ctx, notice_id).await?;
    let mut tx = ctx.app.db.begin().await?;
    if !store::set_came(&mut tx, &activity.id, sign_up_id, came.then_some(ctx.now)).await? {
        return Err(Error::NotFound);
    }
    let detail = serde_json::json!({ "sign_up": sign_up_id, "came": came });
    write_down(ctx, &mut tx, "activity.tick", &activity.id, detail).await?;
    tx.commit().await?;
    Ok(())
}

async fn write_down(ctx: &Ctx, tx: &mut Tx, action: &str, id: &str, detail: serde_json::Value) -> Result<()> {
    let by = By::Person(&ctx.actor()?.id);
    let entry =
        audit::Entry { by, action, object_kind: "activity", object_id: id, detail, request_id: &ctx.request_id };
    audit::write(tx, entry, ctx.now).await?;
    Ok(())
}
