//! A bulletin becomes a notice of its organisation, through the notices' own use case: with review where that is asked for, told
//! to whoever follows, corrected only by another one that refers to it.

use super::{
    service::{Refused, for_writing, form_key, insert, note},
    store::{self, Stored, Texts},
};
use crate::{
    auth::secrets::sha256,
    http::{Ctx, Error, Result},
    notices::{
        changing,
        writing::{self, Sent},
    },
    places,
};
use app::{
    bulletins::{TITLE_CHARS, pages::State},
    i18n::{Lang, Words},
    notices::{NoticeForm, NoticeKind, NoticeState, form::local, limits},
};
use jiff::SignedDuration;

/// Objections to what a bulletin says are taken for so many days.
const OBJECTIONS: SignedDuration = SignedDuration::from_hours(15 * 24);

/// How it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Published {
    /// It is out.
    Out,
    /// A second person is asked.
    Asked,
}

fn refused(error: writing::Refused) -> Refused {
    match error {
        writing::Refused::Invalid(errors) => Refused::Lacking(errors.into_values().next().unwrap_or_default()),
        writing::Refused::Stale(_) => Error::Conflict("bulletins-conflict-changed").into(),
        writing::Refused::Other(error) => error.into(),
    }
}

/// Where everybody reads a bulletin.
fn address(ctx: &Ctx, id: &str) -> Result<String> {
    let path = format!("/bulletins/{id}");
    Ok(ctx.app.config.public_url.join(&path).map_err(anyhow::Error::new)?.to_string())
}

/// The notice that a bulletin becomes.
async fn form_of(ctx: &Ctx, found: &Stored, form_key: &str) -> Result<NoticeForm> {
    let place = places::store::by_code(&ctx.app.db, &found.code).await?.ok_or(Error::NotFound)?;
    let link = address(ctx, &found.id)?;
    let with_link = |lang: Lang, body: &str| match body.trim().is_empty() {
        true => String::new(),
        false => {
            let more = Words::new(lang).tf("bulletins-more-link", &[("link", link.clone().into())]);
            format!("{body}\n\n{more}")
        }
    };
    let objections = |lang: Lang| {
        let w = Words::new(lang);
        let name = w.pick(&place.name, &place.name_en).to_owned();
        let text = match place.phone.is_empty() {
            true => w.tf("bulletins-objections", &[("place", name.into())]),
            false => {
                w.tf("bulletins-objections-phone", &[("place", name.into()), ("phone", place.phone.clone().into())])
            }
        };
        text.chars().take(limits::PLACE_CHARS).collect::<String>()
    };
    Ok(NoticeForm {
        form_key: form_key.to_owned(),
        kind: NoticeKind::Disclosure.code().to_owned(),
        title: found.title.clone(),
        title_en: found.title_en.clone(),
        body: with_link(Lang::Zh, &found.body),
        body_en: with_link(Lang::En, &found.body_en),
        aims: vec![found.code.clone()],
        organisation: found.code.clone(),
        starts_at: local(Some(ctx.now)),
        ends_at: local(Some(ctx.now + OBJECTIONS)),
        place: objections(Lang::Zh),
        place_en: objections(Lang::En),
        ..NoticeForm::default()
    })
}

/// Writes the draft of the notice; gives its id. A correction corrects the notice of what it corrects, where that stands.
async fn draft(ctx: &Ctx, found: &Stored) -> std::result::Result<String, Refused> {
    // One person publishing one version makes one notice, however often it is sent.
    let key = sha256(&format!("bulletin:{}:{}:{}", ctx.actor()?.id, found.id, found.version));
    let form = form_of(ctx, found, &key).await?;
    let earlier = match &found.corrects_id {
        Some(earlier) => store::by_id(&ctx.app.db, earlier).await?,
        None => None,
    };
    let earlier = earlier.filter(|earlier| earlier.state() == State::Published).and_then(|earlier| earlier.notice_id);
    let Some(earlier) = earlier else { return writing::create(ctx, &form).await.map_err(refused) };
    let id = changing::correct(ctx, &earlier, &key).await?;
    let notice = writing::for_writing(ctx, &id).await?;
    if notice.state() == NoticeState::Draft {
        let form = NoticeForm { version: notice.version.to_string(), ..form };
        writing::save(ctx, &id, &form).await.map_err(refused)?;
    }
    Ok(id)
}

/// Sends the notice of a bulletin out, or to review. What keeps it from going out takes the bulletin back.
async fn send(ctx: &Ctx, id: &str, notice_id: &str) -> std::result::Result<Published, Refused> {
    let notice = writing::for_writing(ctx, notice_id).await?;
    match writing::publish(ctx, notice_id, &notice.version.to_string()).await? {
        Sent::Out => Ok(Published::Out),
        Sent::Asked | Sent::Scheduled => Ok(Published::Asked),
        Sent::Lacking(missing) => {
            let what: Vec<String> = missing.iter().map(|missing| ctx.w.t(missing.key())).collect();
            take_back(ctx, id, notice_id).await?;
            Err(Refused::Lacking(what.join(&ctx.w.t("bulletins-comma"))))
        }
    }
}

/// Publishes a bulletin that still is as the writer saw it. Twice is once.
pub async fn publish(ctx: &Ctx, id: &str, version: i64) -> std::result::Result<Published, Refused> {
    let found = for_writing(ctx, id).await?;
    match (found.state(), &found.notice_id) {
        (State::Published | State::Withdrawn, _) => return Ok(Published::Out),
        (State::Review, _) => return Ok(Published::Asked),
        (State::Returned, Some(notice)) => return send(ctx, id, notice).await,
        _ => {}
    }
    if found.version != version {
        return Err(Error::Conflict("bulletins-conflict-changed").into());
    }
    let notice = match draft(ctx, &found).await {
        // The same person's other tap has thrown it away again.
        Err(Refused::Other(Error::NotFound)) => return Err(Error::Conflict("bulletins-conflict-changed").into()),
        notice => notice?,
    };
    let mut tx = ctx.app.db.begin().await?;
    if store::fix(&mut tx, (id, version), &notice, ctx.now).await? {
        note(&mut tx, ctx, "bulletin.publish", id).await?;
        tx.commit().await?;
        return send(ctx, id, &notice).await;
    }
    drop(tx);
    // Somebody was faster. If it was the same tap, the notice is the same; another one is thrown away again.
    if for_writing(ctx, id).await?.notice_id.as_deref() == Some(&notice) {
        return send(ctx, id, &notice).await;
    }
    match writing::discard(ctx, &notice).await {
        Ok(()) | Err(Error::NotFound | Error::Conflict(_)) => Err(Error::Conflict("bulletins-conflict-changed").into()),
        Err(error) => Err(error.into()),
    }
}

/// Takes a bulletin from the draft of its notice, and throws that away.
async fn take_back(ctx: &Ctx, id: &str, notice_id: &str) -> Result<()> {
    let mut tx = ctx.app.db.begin().await?;
    if !store::release(&mut tx, id, notice_id, ctx.now).await? {
        return Err(Error::Conflict("bulletins-conflict-fixed"));
    }
    note(&mut tx, ctx, "bulletin.reopen", id).await?;
    tx.commit().await?;
    writing::discard(ctx, notice_id).await
}

/// Takes a bulletin back whose notice was given back or called back from review: it may be changed again. Twice is once.
pub async fn reopen(ctx: &Ctx, id: &str) -> Result<()> {
    let found = for_writing(ctx, id).await?;
    match (found.state(), &found.notice_id) {
        (State::Draft, _) => Ok(()),
        (State::Returned, Some(notice)) => take_back(ctx, id, notice).await,
        _ => Err(Error::Conflict("bulletins-conflict-fixed")),
    }
}

/// Begins a correction of a published bulletin: a draft with its words and numbers that refers to it. Gives its id.
pub async fn correct(ctx: &Ctx, id: &str, key: &str) -> Result<String> {
    let found = for_writing(ctx, id).await?;
    match found.state() {
        State::Published => {}
        State::Draft | State::Returned => return Err(Error::Conflict("bulletins-conflict-draft")),
        State::Review | State::Withdrawn => return Err(Error::Conflict("bulletins-conflict-fixed")),
    }
    if store::corrected_by(&ctx.app.db, id).await?.is_some() {
        return Err(Error::Conflict("bulletins-conflict-corrected"));
    }
    let form_key = form_key(ctx, key)?;
    let place = places::store::by_code(&ctx.app.db, &found.code).await?.ok_or(Error::NotFound)?;
    let prefixed = |lang: Lang, title: &str, most: usize| {
        let w = Words::new(lang);
        if title.is_empty() || title.starts_with(&w.tf("notice-correction-title", &[("title", "".into())])) {
            return title.to_owned();
        }
        let whole = w.tf("notice-correction-title", &[("title", title.to_owned().into())]);
        whole.chars().take(most).collect()
    };
    let texts = Texts {
        title: prefixed(Lang::Zh, &found.title, TITLE_CHARS),
        title_en: prefixed(Lang::En, &found.title_en, 2 * TITLE_CHARS),
        body: found.body.clone(),
        body_en: found.body_en.clone(),
    };
    let bulletin = found.bulletin()?;
    insert(ctx, (&place, &bulletin, &texts), Some(id), &form_key).await
}
