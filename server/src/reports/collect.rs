//! 采集: what grid workers find on patrol, and what they solve where they find it.

use super::{
    api::{self, ReportIn},
    file::{self, FileError, Patrol, Source},
    public,
};
use crate::{
    clock,
    http::{
        Ctx, Error, Page, Result, Writer,
        api::{OnceKey, read},
        see_other, see_other_with,
    },
    patrol::found::{self, FoundAt},
    photos::{self, intake::PhotoForm},
    places::{self, Organisation, OrganisationKind},
};
use app::{
    people::Action,
    reports::{
        form::ReportForm,
        pages::{CollectPage, CollectPoint, collect_page},
    },
    ui::shell::{Size, Tab},
};
use axum::{Json, extract::Request, http::StatusCode, response::IntoResponse};
use serde::Deserialize;

/// The community in which somebody works who files what others see: the chosen one, else the one of their first grant.
pub async fn community(ctx: &Ctx, action: Action) -> std::result::Result<Option<Organisation>, Error> {
    let Some(actor) = &ctx.actor else { return Ok(ctx.community.clone()) };
    let scopes = actor.scopes(action);
    if let Some(chosen) = &ctx.community
        && scopes.iter().any(|scope| scope.starts_with(&chosen.path) || chosen.path.starts_with(scope))
    {
        return Ok(Some(chosen.clone()));
    }
    let all = places::store::under(&ctx.app.db, "", OrganisationKind::Community).await?;
    Ok(all
        .into_iter()
        .find(|place| scopes.iter().any(|scope| scope.starts_with(&place.path) || place.path.starts_with(scope))))
}

/// `/volunteer/collect`: the patrol's form. The copy that phones keep (`shell`) is asked for without cookies, names
/// nobody, and is the same for everybody.
pub async fn show(mut ctx: Ctx) -> Result {
    let query: Vec<(String, String)> =
        serde_html_form::from_str(ctx.here.split_once('?').map_or("", |(_, q)| q)).unwrap_or_default();
    let of = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, v)| v.clone()).unwrap_or_default();
    let community = if of("shell").is_empty() || ctx.actor.is_some() {
        ctx.actor()?.require_somewhere(Action::ReportCollect)?;
        community(&ctx, Action::ReportCollect).await?
    } else {
        if of("size") == "large" {
            ctx.size = Size::Large;
        }
        places::store::community_by_code(&ctx.app.db, &of("community")).await?
    };
    let Some(community) = community else { return Ok(see_other("/communities?next=%2Fvolunteer%2Fcollect")) };
    let point = match ctx.actor {
        Some(_) => found::at(&ctx, &of("patrol"), &of("point")).await?,
        None => None,
    };
    let place = point.as_ref().map(|point| point.place.clone()).unwrap_or_default();
    let form = ReportForm { key: clock::token(), place, ..ReportForm::default() };
    render(&ctx, &community, (form, point), (Vec::new(), Vec::new()), Vec::new()).await
}

async fn render(
    ctx: &Ctx,
    community: &Organisation,
    (form, point): (ReportForm, Option<FoundAt>),
    (before, after): (Vec<String>, Vec<String>),
    errors: Vec<(String, String)>,
) -> Result {
    let invalid = !errors.is_empty();
    let common = public::form_of(ctx, form, community, before).await?;
    let point = point.map(|point| CollectPoint {
        plan_id: point.plan_id,
        position: point.position,
        words: format!("{} · {}", point.plan, point.place),
    });
    let page = CollectPage { common, after, errors, point };
    let answer = Page::new(ctx, ctx.w.t("reports-more-collect")).tab(Tab::VolunteerTasks).back("/volunteer").islands();
    let answer = if invalid { answer.invalid() } else { answer };
    Ok(answer.render(collect_page(page)))
}

/// A patrol's line may be left out: then the kind says it all.
async fn with_words(ctx: &Ctx, mut form: ReportForm) -> std::result::Result<ReportForm, Error> {
    if form.description.trim().is_empty()
        && let Some(category) = super::categories::by_code(&ctx.app.db, &form.category).await?
    {
        form.description = category.name;
    }
    Ok(form)
}

/// `POST /volunteer/collect`.
pub async fn send(ctx: Ctx, mut body: PhotoForm) -> Result {
    ctx.actor()?.require_somewhere(Action::ReportCollect)?;
    let community = places::store::community_by_code(&ctx.app.db, body.get("community"))
        .await?
        .ok_or(Error::BadRequest("there is no such community".into()))?;
    let typed = public::read(&body);
    let point = found::at(&ctx, body.get("patrol"), body.get("point")).await?;
    let (files_after, files_before) = std::mem::take(&mut body.files).into_iter().partition(|f| f.field == "afters");
    let ids_after = body.all("after").into_iter().map(|id| ("photo".to_owned(), id)).collect();
    let mut after = PhotoForm { fields: ids_after, files: files_after, too_many_files: body.too_many_files };
    body.files = files_before;
    let mut before = public::take_photos(&ctx, &mut body).await?;
    let mut after = public::take_photos(&ctx, &mut after).await?;
    // The tools of the photo grids, where there is no JavaScript.
    let (up, remove) = (body.get("up").to_owned(), body.get("remove").to_owned());
    if !up.is_empty() || !remove.is_empty() {
        for ids in [&mut before.ids, &mut after.ids] {
            if let Some(at @ 1..) = ids.iter().position(|id| *id == up) {
                ids.swap(at, at - 1);
            }
            if let Some(at) = ids.iter().position(|id| *id == remove) {
                photos::service::take_back(&ctx, &ids.remove(at)).await?;
            }
        }
        return render(&ctx, &community, (typed, point), (before.ids, after.ids), Vec::new()).await;
    }
    let mut troubles = before.troubles;
    troubles.append(&mut after.troubles);
    if let Some(trouble) = troubles.into_iter().next() {
        let errors = vec![("photos".to_owned(), trouble)];
        return render(&ctx, &community, (typed, point), (before.ids, after.ids), errors).await;
    }
    let form = with_words(&ctx, typed.clone()).await?;
    let patrol = Patrol { solved: body.has("solved"), after: after.ids.clone(), point: point.clone() };
    let errors = match file::file_from(&ctx, &form, &community, &before.ids, Source::Patrol(&patrol)).await {
        Ok(filed) => {
            if filed.again {
                for id in before.new.iter().chain(&after.new) {
                    photos::service::remove(&ctx.app, id).await?;
                }
            }
            let flash = if patrol.solved { "flash-report-collected-solved" } else { "flash-report-collected" };
            let to = point.map_or_else(
                || "/volunteer".to_owned(),
                |point| format!("/patrols/{}#p{}", point.plan_id, point.position),
            );
            return Ok(see_other_with(&ctx, &to, flash));
        }
        Err(FileError::Mistakes(mistakes)) => {
            mistakes.into_iter().map(|(field, key)| (field.to_owned(), ctx.w.t(key))).collect()
        }
        Err(FileError::OtherContent(code)) => {
            let text = ctx.w.tf("reports-error-sent-before", &[("code", code.into())]);
            let again = ReportForm { key: clock::token(), ..typed };
            let errors = vec![("description".to_owned(), text)];
            return render(&ctx, &community, (again, point), (before.ids, after.ids), errors).await;
        }
        Err(FileError::Failed(error)) => return Err(error),
    };
    render(&ctx, &community, (typed, point), (before.ids, after.ids), errors).await
}

/// The point of a patrol plan at which something was found.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct CollectedAt {
    /// Id of the plan.
    pub plan: String,
    /// Number of the point, from 0.
    pub position: i64,
}

/// What a grid worker found on patrol.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct CollectIn {
    /// The report; `description` may be empty.
    #[serde(flatten)]
    pub report: ReportIn,
    /// Solved where it was found.
    #[serde(default)]
    pub solved_on_spot: bool,
    /// Ids of photos of how it looks now; at most 9.
    #[serde(default)]
    pub after: Vec<String>,
    /// The point of a patrol plan at which it was found. One that is not walked today is passed over.
    #[serde(default)]
    pub patrol: Option<CollectedAt>,
}

/// Files what a grid worker found on patrol. The same key with the same content answers 200 with the same report.
#[utoipa::path(post, path = "/api/v1/reports/collect", tag = "reports", request_body = CollectIn, responses(
    (status = 201, body = api::ReportFiled),
    (status = 200, body = api::ReportFiled, description = "it was filed before with this key"),
    (status = 403, description = "not a grid worker of this place"),
    (status = 422, description = "a field is wrong, or the key was used for other content"),
))]
pub(crate) async fn collect(ctx: Ctx, writer: Writer, once: OnceKey, request: Request) -> Result {
    writer.is_here(&ctx)?;
    ctx.actor()?.require_somewhere(Action::ReportCollect)?;
    let body: CollectIn = read(request).await?;
    let community = api::community(&ctx, &body.report.community).await?;
    let key = once.or(&ctx, body.report.idempotency_key.as_deref());
    let form = with_words(&ctx, body.report.form(key)).await?;
    let point = match &body.patrol {
        Some(at) => found::at(&ctx, &at.plan, &at.position.to_string()).await?,
        None => None,
    };
    let patrol = Patrol { solved: body.solved_on_spot, after: body.after, point };
    let filed = file::file_from(&ctx, &form, &community, &body.report.photos, Source::Patrol(&patrol))
        .await
        .map_err(|error| api::problem(&ctx, error))?;
    let status = if filed.again { StatusCode::OK } else { StatusCode::CREATED };
    let answer = api::ReportFiled { href: format!("/reports/{}", filed.code), code: filed.code };
    Ok((status, Json(answer)).into_response())
}
