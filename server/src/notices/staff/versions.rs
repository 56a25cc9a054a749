//! What was saved of a notice, what changed, and the way back.

use crate::{
    http::{Ctx, Error, FormBody, Page, Params, Result, see_other_with},
    notices::{
        store,
        writing::{self, Refused},
    },
    places,
};
use app::{
    notices::{
        NoticeForm, NoticeState,
        diff::{self, Difference},
        pages::{self, VersionRow, Versions},
    },
    people::Action,
    ui::shell::Tab,
};
use axum::extract::Path;
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What changed from one form to the other, with places by their names.
pub(in crate::notices) async fn between(ctx: &Ctx, old: &NoticeForm, new: &NoticeForm) -> Result<Vec<Difference>> {
    let mut names = BTreeMap::new();
    for code in old.aims.iter().chain(&new.aims).chain([&old.organisation, &new.organisation]) {
        if names.contains_key(code) {
            continue;
        }
        let place = places::store::by_code(&ctx.app.db, code).await?;
        names.insert(code.clone(), place.map_or_else(|| code.clone(), |o| ctx.w.pick(&o.name, &o.name_en).to_owned()));
    }
    Ok(diff::differences(ctx.w, old, new, |code| names.get(code).cloned().unwrap_or_else(|| code.to_owned())))
}

/// Which version's changes to show; the newest one without it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::notices) struct VersionQuery {
    version: Option<i64>,
}

pub(in crate::notices) async fn list(ctx: Ctx, Path(id): Path<String>, Params(query): Params<VersionQuery>) -> Result {
    let notice = writing::for_reading(&ctx, &id).await?;
    let (w, now) = (ctx.w, ctx.now);
    let all = store::versions::of(&ctx.app.db, &id).await?;
    let at = match query.version {
        Some(version) => all.iter().position(|v| v.version == version).ok_or(Error::NotFound)?,
        None => 0,
    };
    let chosen = all.get(at);
    let changes = match (chosen, all.get(at + 1)) {
        (Some(chosen), Some(before)) => Some(between(&ctx, &before.form(), &chosen.form()).await?),
        _ => None,
    };
    let may_restore =
        notice.state() == NoticeState::Draft && ctx.actor()?.require(Action::NoticeWrite, &notice.source_path).is_ok();
    let page = Versions {
        restore: chosen.filter(|_| at > 0 && may_restore).map(|chosen| (chosen.version, notice.version)),
        chosen: all.len() - at.min(all.len()),
        changes,
        rows: all
            .iter()
            .enumerate()
            .map(|(index, version)| VersionRow {
                version: version.version,
                ordinal: all.len() - index,
                by: version.name.clone(),
                at: Timestamp::from_microsecond(version.saved_at).unwrap_or_default(),
                auto: version.auto != 0,
                chosen: index == at,
            })
            .collect(),
        id: id.clone(),
    };
    Ok(Page::new(&ctx, w.t("notice-versions"))
        .tab(Tab::StaffNotices)
        .back(format!("/staff/notices/{id}"))
        .render(pages::versions(w, now, page)))
}

/// The button that goes back to an earlier version.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::notices) struct RestoreForm {
    version: i64,
    /// The version that the draft had when the button was shown.
    current: String,
}

pub(in crate::notices) async fn restore(
    ctx: Ctx,
    Path(id): Path<String>,
    FormBody(sent): FormBody<RestoreForm>,
) -> Result {
    bring_back(&ctx, &id, sent.version, sent.current).await?;
    Ok(see_other_with(&ctx, &format!("/staff/notices/{id}/edit"), "flash-notice-restored"))
}

/// Saves an earlier version anew, over the version `current`: nothing that was written after it is lost.
pub(in crate::notices) async fn bring_back(ctx: &Ctx, id: &str, version: i64, current: String) -> Result<()> {
    writing::for_writing(ctx, id).await?;
    let all = store::versions::of(&ctx.app.db, id).await?;
    let wanted = all.iter().find(|one| one.version == version).ok_or(Error::NotFound)?;
    let form = NoticeForm { version: current, ..wanted.form() };
    match writing::save(ctx, id, &form).await {
        Ok(_) => Ok(()),
        Err(Refused::Stale(_)) => Err(Error::Conflict("notice-conflict-changed")),
        // Places may have gone since: the editor says what is wrong when it is opened.
        Err(Refused::Invalid(_)) => Err(Error::Conflict("notice-conflict-restore")),
        Err(Refused::Other(error)) => Err(error),
    }
}
