//! From stored notices to what pages show, in the reader's language.

use super::{
    activity, attachments,
    markdown::{self, Picture},
    store::{self, Aim, Notice, list::ListedNotice},
};
use crate::{app_state::App, http};
use app::{
    files::AttachedFile,
    i18n::{Lang, Words},
    notices::{
        Content, NoticeKind, NoticeRow, NoticeState, facts_of_kind,
        pages::{self, Changed, EmergencyFacts, NoticeView},
    },
};
use jiff::Timestamp;
use pictures::THUMB;

/// The other end of a correction, as a link for readers.
fn public_end(w: Words, notice: &Notice, withdrawal: bool) -> Changed {
    Changed {
        direct: true,
        href: format!("/notices/{}", notice.id),
        title: w.pick(&notice.title, &notice.title_en).to_owned(),
        at: notice.published_at(),
        withdrawal,
    }
}

/// The pictures of a notice for its text, under addresses that begin with `base` (empty: those of the same host).
pub async fn pictures_of(app: &App, notice_id: &str, base: &str) -> http::Result<Vec<Picture>> {
    let pictures = attachments::store::pictures(&app.db, notice_id).await?;
    Ok(pictures.into_iter().map(|picture| picture_at(picture, base)).collect())
}

fn picture_at(picture: attachments::store::Picture, base: &str) -> Picture {
    let (width, height) = (picture.width.max(1), picture.height.max(1));
    let long = width.max(height);
    let small = i64::from(THUMB).min(long);
    Picture {
        number: picture.number,
        alt: picture.alt,
        thumb: format!("{base}/photos/{}/thumb", picture.photo_id),
        full: format!("{base}/photos/{}/full", picture.photo_id),
        width: (width * small / long).max(1),
        height: (height * small / long).max(1),
    }
}

/// The files of a notice, under addresses that begin with `base`.
pub async fn files_of(app: &App, notice_id: &str, base: &str) -> http::Result<Vec<AttachedFile>> {
    let files = attachments::store::files(&app.db, notice_id).await?;
    let shown = files.into_iter().map(|file| AttachedFile {
        href: format!("{base}/notices/{notice_id}/files/{}", file.number),
        number: file.number,
        name: file.name,
        bytes: file.bytes,
    });
    Ok(shown.collect())
}

/// What a notice shows of itself, with its links both ways.
pub async fn of_notice(app: &App, w: Words, notice: &Notice, now: Timestamp) -> http::Result<NoticeView> {
    let aims = store::aims_of(&app.db, &[&notice.id]).await?;
    let places = aims.iter().map(|aim| w.pick(&aim.name, &aim.name_en).to_owned()).collect();
    let source = w.pick(&notice.source, &notice.source_en).to_owned();
    let pictures = pictures_of(app, &notice.id, "").await?;
    let mut view = of_content(w, &notice.content(), (source, places), &pictures, now);
    view.files = files_of(app, &notice.id, "").await?;
    if let Some((_, plan)) = activity::store::plan(&app.db, &notice.id).await? {
        let standing = activity::store::of_notice(&app.db, &notice.id).await?;
        let standing = standing.filter(|activity| activity.notice_id == notice.id).map(|activity| activity.standing());
        view.said.splice(0..0, pages::activity_facts(w, &plan, standing, now));
    }
    view.published_at = notice.published_at();
    view.expired_at = notice.expires_at().filter(|end| *end <= now && notice.state().is_public());
    view.withdrawn = notice.state() == NoticeState::Withdrawn;
    if let Some(emergency) = view.emergency.as_mut().filter(|_| view.withdrawn) {
        emergency.over = true;
    }
    let end = |later: &Notice| Changed {
        direct: later.corrects_id.as_ref() == Some(&notice.id),
        ..public_end(w, later, later.is_withdrawal())
    };
    view.changed_by = store::later_than(&app.db, &notice.id).await?.iter().map(end).collect();
    if let Some(id) = &notice.corrects_id
        && let Some(earlier) = store::by_id(&app.db, id).await?
    {
        view.changes = Some(public_end(w, &earlier, notice.is_withdrawal()));
    }
    Ok(view)
}

/// The same without its later notices: for a preview of what is being written.
pub fn of_content(
    w: Words,
    content: &Content,
    (source, places): (String, Vec<String>),
    pictures: &[Picture],
    now: Timestamp,
) -> NoticeView {
    let english = w.lang == Lang::En;
    let body = w.pick(&content.body, &content.body_en);
    let title = w.pick(&content.title, &content.title_en).to_owned();
    let emergency = (content.kind == NoticeKind::Emergency && content.ends_at.is_some()).then(|| EmergencyFacts {
        severity: content.severity,
        certainty: content.certainty,
        starts_at: content.starts_at,
        ends_at: content.ends_at,
        over: content.ends_at.is_some_and(|end| end <= now),
        instruction: w.pick(&content.instruction, &content.instruction_en).to_owned(),
    });
    let written = if english && !content.facts_en.is_empty() { &content.facts_en } else { &content.facts };
    NoticeView {
        kind: content.kind,
        source,
        published_at: None,
        places,
        said: facts_of_kind(w, content, now),
        facts: written.clone(),
        emergency,
        html: markdown::render(body, &w.tf("notice-table-of", &[("title", title.into())]), pictures),
        files: Vec::new(),
        only_chinese: english && content.body_en.is_empty() && !content.body.is_empty(),
        expired_at: None,
        withdrawn: false,
        changed_by: Vec::new(),
        changes: None,
        address: None,
        dated: false,
    }
}

/// Rows of a list. `community` is the path of the one looked at: rows then name a place only where the notice is for
/// a part of it.
pub async fn rows(
    app: &App,
    w: Words,
    community: Option<&str>,
    listed: Vec<ListedNotice>,
) -> http::Result<Vec<NoticeRow>> {
    rows_for(app, w, community, None, listed).await
}

/// The same for somebody who lives in the building with the path `home`: rows say what is for their building or grid.
pub async fn rows_for(
    app: &App,
    w: Words,
    community: Option<&str>,
    home: Option<&str>,
    listed: Vec<ListedNotice>,
) -> http::Result<Vec<NoticeRow>> {
    let ids: Vec<&str> = listed.iter().map(|row| row.id.as_str()).collect();
    let aims = store::aims_of(&app.db, &ids).await?;
    Ok(listed.iter().map(|row| row_of(w, (community, home), row, &aims)).collect())
}

/// Whether an aim is the building at `home` or its grid: what is nearer than the community, whose path has three steps.
fn near(w: Words, home: &str, aims: &[&Aim]) -> Option<String> {
    if aims.iter().any(|aim| aim.path == home) {
        return Some(w.t("notice-near-building"));
    }
    let grid = aims.iter().any(|aim| home.starts_with(&aim.path) && aim.path.matches('/').count() > 3);
    grid.then(|| w.t("notice-near-grid"))
}

fn row_of(w: Words, (community, home): (Option<&str>, Option<&str>), row: &ListedNotice, aims: &[Aim]) -> NoticeRow {
    let own: Vec<&Aim> = aims.iter().filter(|aim| aim.notice_id == row.id).collect();
    let place = match community {
        _ if home.is_some() => home.and_then(|home| near(w, home, &own)),
        Some(path) if own.iter().any(|aim| path.starts_with(&aim.path)) => None,
        Some(path) => Some(names(w, own.iter().filter(|aim| aim.path.starts_with(path)))),
        // Names of buildings alone say nothing to somebody who looks at a whole district: who says it does.
        None => None,
    };
    let withdrawn = row.state == NoticeState::Withdrawn.code();
    NoticeRow {
        id: row.id.clone(),
        kind: NoticeKind::from_code(&row.kind).unwrap_or(NoticeKind::Service),
        title: w.pick(&row.title, &row.title_en).to_owned(),
        pinned: row.pinned != 0,
        published_at: Timestamp::from_microsecond(row.published_at).unwrap_or(Timestamp::UNIX_EPOCH),
        source: w.pick(&row.source, &row.source_en).to_owned(),
        place: place.filter(|names| !names.is_empty()),
        corrected: row.corrections > 0,
        withdrawn,
        unread: row.unread > 0,
    }
}

/// Names with the language's comma, the first five of them.
fn names<'a>(w: Words, aims: impl Iterator<Item = &'a &'a Aim>) -> String {
    let all: Vec<&str> = aims.map(|aim| w.pick(&aim.name, &aim.name_en)).collect();
    let comma = w.t("notice-place-comma");
    match all.len() {
        0..=5 => all.join(&comma),
        more => w.tf("notice-places-more", &[("places", all[..5].join(&comma).into()), ("count", more.into())]),
    }
}
