//! Notices that go out by themselves.

use super::{
    store::{self, Notice, review, write},
    writing,
};
use crate::{
    app_state::App,
    audit::{self, By},
    http::Error,
    people::inbox,
};
use app::notices::NoticeState;

/// Publishes a scheduled notice whose time has come. One that was called back or put off in the meantime stays.
pub async fn publish_scheduled(app: &App, notice_id: &str) -> anyhow::Result<()> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let Some(notice) = store::by_id_in(&mut tx, notice_id).await? else { return Ok(()) };
    if notice.state() != NoticeState::Scheduled || notice.publish_at().is_some_and(|at| at > now) {
        return Ok(());
    }
    match writing::send_out(app, &mut tx, &notice, By::System, "", now).await {
        Ok(_) => tx.commit().await?,
        // What it corrects was corrected or taken back meanwhile: whoever wrote it decides anew.
        Err(Error::Conflict(_)) => {
            drop(tx);
            hold_back(app, &notice).await?;
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

/// Makes a scheduled notice a draft again, and tells those who wrote in it.
async fn hold_back(app: &App, notice: &Notice) -> anyhow::Result<()> {
    let now = app.clock.now();
    let writers = review::writers(&app.db, &notice.id).await?;
    let mut tx = app.db.begin().await?;
    let step = (&[NoticeState::Scheduled][..], NoticeState::Draft);
    if !write::advance(&mut tx, &notice.id, step, Some(notice.version), now).await? {
        return Ok(());
    }
    for person_id in &writers {
        let message = inbox::Message {
            person_id,
            text_key: "inbox-notice-held-back",
            text_args: serde_json::json!({ "title": notice.title, "title_en": notice.title_en }),
            href: &format!("/staff/notices/{}", notice.id),
            dedupe_key: &format!("notice-held-back:{}:{}", notice.id, notice.version),
        };
        inbox::send(&mut tx, message, now).await?;
    }
    let entry = audit::Entry {
        by: By::System,
        action: "notice.hold_back",
        object_kind: "notice",
        object_id: &notice.id,
        detail: serde_json::json!({ "corrects": notice.corrects_id }),
        request_id: "",
    };
    audit::write(&mut tx, entry, now).await?;
    tx.commit().await?;
    Ok(())
}
