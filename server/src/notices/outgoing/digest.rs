//! The letter of a day: one for each person and day, with the notices that waited for it.

use super::{
    message,
    store::{self, Addressee, Members, Outcome},
};
use crate::{
    app_state::App,
    notices::store::{self as notices, Notice},
};
use app::notices::{NoticeKind, following::Reason};
use jiff::Timestamp;

/// What goes into a day's letter.
#[derive(Default)]
pub struct Day {
    /// The notices, the oldest first.
    pub notices: Vec<Notice>,
    /// The messages that waited for it.
    pub members: Members,
}

/// The notice, if it may still be told: it is public, no later one has changed it, and it is not over. What changes an earlier
/// notice is over only when it is an alarm whose own time has ended: it is to reach everybody whom that one reached.
pub async fn still_true(app: &App, notice_id: &str) -> anyhow::Result<Option<Notice>> {
    if store::is_overtaken(&app.db, notice_id).await? {
        return Ok(None);
    }
    let notice = notices::by_id(&app.db, notice_id).await?;
    let now = app.clock.now();
    Ok(notice.filter(|notice| notice.state().is_public() && !is_over(notice, now)))
}

fn is_over(notice: &Notice, now: Timestamp) -> bool {
    let ended = notice.kind() == NoticeKind::Emergency && notice.ends_at().is_some_and(|end| end <= now);
    ended || (notice.corrects_id.is_none() && notice.is_expired(now))
}

/// Gathers a day's letter. What was corrected or withdrawn meanwhile is left out: the later notice says it.
pub async fn gather(app: &App, digest_id: &str) -> anyhow::Result<Day> {
    let mut day = Day::default();
    for (id, notice_id) in store::members(&app.db, digest_id).await? {
        match still_true(app, &notice_id).await? {
            Some(notice) => {
                day.members.told.push(id);
                day.notices.push(notice);
            }
            None => day.members.left_out.push(id),
        }
    }
    Ok(day)
}

/// The letter, unless nothing is left to tell.
pub fn letter(app: &App, to: &Addressee, day: &Day) -> Result<message::Written, Outcome> {
    if day.notices.is_empty() {
        let reason = Reason::Overtaken.key().to_owned();
        return Err(Outcome::Failed { failure: "overtaken", reason });
    }
    Ok(message::daily_letter(app, to, &day.notices))
}
