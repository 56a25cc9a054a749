//! `/me/follows`, and the link that stops notices by mail.

use super::{
    push,
    service::{self, AddError, ChoicesError, ChoicesForm, Following},
    store::Follow,
};
use crate::{
    http::{Ctx, Error, FieldErrors, FormBody, Page, Params, Result, see_other_with},
    people::routes::home_words,
    places::{self, OrganisationKind},
};
use app::{
    notices::{
        NoticeKind,
        following::{Choices, Quiet},
        pages::{self, AddForm, BrowserRow, FollowRow, FollowsProps, Stop},
    },
    people::pages::device_words,
    time,
    ui::shell::Tab,
};
use axum::{extract::Path, http::StatusCode};
use jiff::Timestamp;
use serde::Deserialize;

/// What the page's address may say.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct FollowQuery {
    /// Code of the community whose places can be chosen.
    r#in: String,
    /// Code of the kind that is chosen.
    kind: String,
    /// Code of the place that is chosen.
    place: String,
}

/// What was wrong with a form.
#[derive(Default)]
struct Wrong {
    add: Option<String>,
    settings: FieldErrors,
    typed: Option<ChoicesForm>,
}

/// `GET /me/follows`
pub async fn page(ctx: Ctx, Params(query): Params<FollowQuery>) -> Result {
    let following = service::following(&ctx).await?;
    show(&ctx, following, query, Wrong::default(), StatusCode::OK).await
}

async fn show(ctx: &Ctx, following: Following, query: FollowQuery, wrong: Wrong, status: StatusCode) -> Result {
    let w = ctx.w;
    let actor = ctx.actor()?;
    let home = match actor.building_id.as_ref().or(actor.community_id.as_ref()) {
        Some(id) => home_words(ctx, id).await?,
        None => None,
    };
    let browsers = push::browsers(ctx).await?;
    let push_known = browsers.iter().map(|browser| browser.endpoint_hash.as_str()).collect::<Vec<_>>().join(" ");
    let browsers = browsers.into_iter().map(|browser| BrowserRow {
        name: device_words(w, &browser.device),
        since: time::ago(w, Timestamp::from_microsecond(browser.created_at).unwrap_or_default(), ctx.now),
        id: browser.id,
    });
    let browsers = browsers.collect();
    let email = ctx.app.deliver.mails().then(|| following.email.clone());
    let choices = match &wrong.typed {
        Some(typed) => as_typed(typed, &following.choices),
        None => following.choices.clone(),
    };
    let view = pages::follows(FollowsProps {
        w,
        home,
        follows: following.follows.iter().map(|follow| row(ctx, follow)).collect(),
        add: add_form(ctx, query, wrong.add).await?,
        push_key: push::public_key(ctx).await?,
        push_known,
        browsers,
        choices,
        email,
        texts: ctx.app.deliver.texts(),
        errors: wrong.settings.into_map(),
    });
    Ok(Page::new(ctx, w.t("follow-title")).tab(Tab::Me).back("/me").status(status).render(view))
}

fn row(ctx: &Ctx, follow: &Follow) -> FollowRow {
    let w = ctx.w;
    let name = w.pick(&follow.name, &follow.name_en).to_owned();
    let title = match NoticeKind::from_code(&follow.kind) {
        Some(kind) => w.tf("follow-row-kind", &[("place", name.into()), ("kind", w.t(kind.key()).into())]),
        None => name,
    };
    let note = (follow.place_kind == OrganisationKind::Building.code())
        .then(|| w.pick(&follow.community, &follow.community_en).to_owned());
    FollowRow { title, note, place: follow.code.clone(), kind: follow.kind.clone() }
}

async fn add_form(ctx: &Ctx, query: FollowQuery, error: Option<String>) -> Result<AddForm> {
    let w = ctx.w;
    let db = &ctx.app.db;
    let communities = places::store::under(db, "", OrganisationKind::Community).await?;
    let asked = Some(query.r#in.as_str()).filter(|code| !code.is_empty());
    let chosen = asked
        .or(ctx.community.as_ref().map(|community| community.code.as_str()))
        .and_then(|code| communities.iter().find(|community| community.code == code))
        .or(communities.first());
    let mut places = Vec::new();
    if let Some(community) = chosen {
        let name = w.pick(&community.name, &community.name_en).to_owned();
        places.push((community.code.clone(), w.tf("follow-place-whole", &[("place", name.into())])));
        for building in places::store::under(db, &community.path, OrganisationKind::Building).await? {
            places.push((building.code, w.pick(&building.name, &building.name_en).to_owned()));
        }
    }
    let kind = NoticeKind::from_code(&query.kind).map(|kind| kind.code().to_owned()).unwrap_or_default();
    Ok(AddForm {
        open: asked.is_some() || !kind.is_empty() || error.is_some(),
        community: chosen.map(|community| community.code.clone()).unwrap_or_default(),
        communities: communities
            .iter()
            .map(|community| (community.code.clone(), w.pick(&community.name, &community.name_en).to_owned()))
            .collect(),
        places,
        place: query.place,
        kind,
        error,
    })
}

/// The form as it was typed, as far as that can be shown; what cannot be read shows as it was.
fn as_typed(form: &ChoicesForm, kept: &Choices) -> Choices {
    let hour = |text: &str, kept: i8| text.parse().ok().filter(|hour| (0..24).contains(hour)).unwrap_or(kept);
    Choices {
        email: form.email == "on",
        sms: form.sms == "on",
        kinds: NoticeKind::ALL.into_iter().filter(|kind| form.kinds.iter().any(|code| code == kind.code())).collect(),
        daily: (form.mode == "daily").then(|| hour(&form.daily_hour, kept.daily.unwrap_or(18))),
        quiet: Quiet {
            from: hour(&form.quiet_from, kept.quiet.from),
            until: hour(&form.quiet_until, kept.quiet.until),
        },
    }
}

/// `POST /me/follows`: how notices are to come.
pub async fn choose(ctx: Ctx, FormBody(form): FormBody<ChoicesForm>) -> Result {
    match service::choose(&ctx, &form).await {
        Ok(()) => Ok(see_other_with(&ctx, "/me/follows", "flash-follow-saved")),
        Err(ChoicesError::Invalid(settings)) => {
            let following = service::following(&ctx).await?;
            let wrong = Wrong { settings, typed: Some(form), add: None };
            show(&ctx, following, FollowQuery::default(), wrong, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(ChoicesError::Other(error)) => Err(error),
    }
}

/// `POST /me/follows/add`
pub async fn add(ctx: Ctx, FormBody(form): FormBody<FollowQuery>) -> Result {
    let w = ctx.w;
    let error = match service::add(&ctx, &form.place, &form.kind).await {
        Ok(()) => return Ok(see_other_with(&ctx, "/me/follows", "flash-follow-added")),
        Err(AddError::Place) => w.t("follow-error-place"),
        Err(AddError::Many) => w.tf("follow-error-many", &[("count", app::notices::following::FOLLOWS.into())]),
        Err(AddError::Other(error)) => return Err(error),
    };
    let following = service::following(&ctx).await?;
    let wrong = Wrong { add: Some(error), ..Wrong::default() };
    show(&ctx, following, form, wrong, StatusCode::UNPROCESSABLE_ENTITY).await
}

/// `POST /me/follows/remove`
pub async fn remove(ctx: Ctx, FormBody(form): FormBody<FollowQuery>) -> Result {
    service::remove(&ctx, &form.place, &form.kind).await?;
    Ok(see_other_with(&ctx, "/me/follows", "flash-follow-removed"))
}

/// `POST /me/follows/forget`
pub async fn forget(ctx: Ctx) -> Result {
    service::forget(&ctx).await?;
    Ok(see_other_with(&ctx, "/me/follows", "flash-follow-forgotten"))
}

/// `POST /me/follows/browsers/{id}/remove`
pub async fn remove_browser(ctx: Ctx, Path(id): Path<String>) -> Result {
    if !push::unsubscribe(&ctx, &id, "").await? {
        return Err(Error::NotFound);
    }
    Ok(see_other_with(&ctx, "/me/follows", "flash-follow-push-removed"))
}

/// The token in a letter's link.
#[derive(Deserialize)]
pub struct StopQuery {
    #[serde(default)]
    t: String,
}

/// `GET /mail/notices/stop/{person}`: only looking stops nothing: mail servers look, too.
pub async fn stop_page(ctx: Ctx, Path(person): Path<String>, Params(query): Params<StopQuery>) -> Result {
    let w = ctx.w;
    let page = Page::new(&ctx, w.t("follow-stop-title"));
    Ok(if service::may_stop(&ctx, &person, &query.t) {
        page.render(pages::stop_notices(w, Stop::Ask(format!("/mail/notices/stop/{person}?t={}", query.t))))
    } else {
        page.status(StatusCode::NOT_FOUND).render(pages::stop_notices(w, Stop::Bad))
    })
}

/// `POST /mail/notices/stop/{person}`: by the page's button, or by the mail program itself (RFC 8058).
pub async fn stop(ctx: Ctx, Path(person): Path<String>, Params(query): Params<StopQuery>) -> Result {
    service::stop_mail(&ctx, &person, &query.t).await?;
    Ok(Page::new(&ctx, ctx.w.t("follow-stop-title")).render(pages::stop_notices(ctx.w, Stop::Done)))
}
