//! Calls, typed in by staff: from the hotline, from 110 or a platform above. What may be the same stands beside the form;
//! one tap files the call and merges it.

use super::{
    collect,
    file::{self, Call, FileError, Source},
    open::{self, Spot},
    public, queue,
    steps::{self, Wanted},
    store::{self, Report},
    view,
};
use crate::{
    clock,
    http::{Ctx, Error, Page, Params, Result, page::render_html, see_other, see_other_with},
    photos::{self, intake::PhotoForm},
    places::{self, Organisation},
};
use app::{
    people::Action,
    reports::{
        Step,
        call::{CallForm, Number, Origin},
        form::ReportForm,
        pages::{AlikeAct, AlikeCard, CallPage, alike_cards, call_page},
    },
    ui::shell::Tab,
};
use axum::{
    extract::Path,
    http::HeaderValue,
    response::{Html, IntoResponse},
};
use serde::Deserialize;

/// Cards beside the form, at most.
const CARDS: usize = 5;

/// `/staff/reports/new`.
pub async fn show(ctx: Ctx) -> Result {
    ctx.actor()?.require_somewhere(Action::ReportManage)?;
    let Some(community) = collect::community(&ctx, Action::ReportManage).await? else { return Err(Error::Forbidden) };
    let report = ReportForm { key: clock::token(), ..ReportForm::default() };
    let form = CallForm { report, from: Origin::Hotline.code().to_owned(), ..CallForm::default() };
    render(&ctx, &community, form, Shown::default()).await
}

#[derive(Default)]
struct Shown {
    photos: Vec<String>,
    errors: Vec<(String, String)>,
    alike: Vec<AlikeCard>,
    asks: bool,
}

async fn render(ctx: &Ctx, community: &Organisation, form: CallForm, shown: Shown) -> Result {
    let mut common = public::form_of(ctx, form.report, community, shown.photos).await?;
    common.errors = shown.errors;
    let invalid = !common.errors.is_empty();
    let page = CallPage {
        common,
        from: form.from,
        foreign: form.foreign,
        caller: form.caller,
        alike: shown.alike,
        asks: shown.asks,
    };
    let answer = Page::new(ctx, ctx.w.t("call-title")).tab(Tab::StaffReports).back("/staff/reports").islands();
    let answer = if invalid { answer.invalid() } else { answer };
    Ok(answer.render(call_page(page)))
}

/// Open reports that a call may be about: near it, of the same kind, or with the same number from the other side.
pub async fn alike(ctx: &Ctx, form: &CallForm, community: &Organisation) -> std::result::Result<Vec<Report>, Error> {
    let db = &ctx.app.db;
    let mut found = Vec::new();
    if !form.foreign.trim().is_empty() {
        found = queue::with_foreign_code(db, form.foreign.trim(), &community.path).await?;
    }
    if !form.report.category.is_empty()
        && let Some(place) = file::Place::find(ctx, &form.report, community).await?
    {
        let spot = Spot {
            community_id: &community.id,
            category: &form.report.category,
            building_id: place.building.as_ref().map(|building| building.id.as_str()),
            grid_id: place.grid.as_ref().map(|grid| grid.id.as_str()),
            position: place.spot(),
        };
        for near in open::near(db, &spot, (None, "")).await? {
            if !found.iter().any(|report: &Report| report.id == near.id) {
                found.extend(store::by_id(db, &near.id).await?);
            }
        }
    }
    found.truncate(CARDS);
    Ok(found)
}

async fn cards(ctx: &Ctx, reports: &[Report]) -> std::result::Result<Vec<AlikeCard>, Error> {
    let mut cards = Vec::new();
    for report in reports {
        let act = (!report.state().is_over()).then_some(AlikeAct::Send);
        cards.push(view::alike(ctx, report, act).await?);
    }
    Ok(cards)
}

/// What the form says so far.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Said {
    community: String,
    foreign: String,
    category: String,
    building: String,
    longitude: String,
    latitude: String,
}

/// `GET /staff/reports/new/alike`: the cards beside the form, as a piece of the page.
pub async fn alike_piece(ctx: Ctx, Params(said): Params<Said>) -> Result {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::ReportManage)?;
    let community = places::store::community_by_code(&ctx.app.db, &said.community).await?;
    let Some(community) = community else { return Ok(piece(String::new())) };
    actor.require(Action::ReportManage, &community.path)?;
    let Said { foreign, category, building, longitude, latitude, .. } = said;
    let report = ReportForm { category, building, longitude, latitude, ..ReportForm::default() };
    let form = CallForm { report, foreign, ..CallForm::default() };
    let cards = cards(&ctx, &alike(&ctx, &form, &community).await?).await?;
    let w = ctx.w;
    Ok(piece(if cards.is_empty() { String::new() } else { render_html(move || alike_cards(w, cards)) }))
}

fn piece(html: String) -> axum::response::Response {
    let mut answer = Html(html).into_response();
    answer.headers_mut().insert("cache-control", HeaderValue::from_static("private, no-store"));
    answer
}

/// `POST /staff/reports/new`: files a call, and merges it when that was asked for.
pub async fn send(ctx: Ctx, mut body: PhotoForm) -> Result {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::ReportManage)?;
    let community = places::store::community_by_code(&ctx.app.db, body.get("community")).await?;
    let community = community.ok_or(Error::BadRequest("there is no such community".into()))?;
    actor.require(Action::ReportManage, &community.path)?;
    let form = CallForm {
        report: public::read(&body),
        from: body.get("from").to_owned(),
        foreign: body.get("foreign").to_owned(),
        caller: body.get("caller").to_owned(),
    };
    let mut photos = public::take_photos(&ctx, &mut body).await?;
    // The tools of the photo grid, where there is no JavaScript.
    let (up, remove) = (body.get("up").to_owned(), body.get("remove").to_owned());
    if let Some(at @ 1..) = photos.ids.iter().position(|id| *id == up) {
        photos.ids.swap(at, at - 1);
    }
    if let Some(at) = photos.ids.iter().position(|id| *id == remove) {
        photos::service::take_back(&ctx, &photos.ids.remove(at)).await?;
    }
    if !up.is_empty() || !remove.is_empty() {
        return render(&ctx, &community, form, Shown { photos: photos.ids, ..Shown::default() }).await;
    }
    let mut mistakes: Vec<(String, String)> =
        form.mistakes().into_iter().map(|(field, key)| (field.to_owned(), ctx.w.t(key))).collect();
    if let Some(trouble) = photos.troubles.first() {
        mistakes.push(("photos".to_owned(), trouble.clone()));
    }
    if !mistakes.is_empty() {
        return render(&ctx, &community, form, Shown { photos: photos.ids, errors: mistakes, ..Shown::default() })
            .await;
    }
    // Nobody files a second one without having looked at the first; a form that was sent before is not asked again.
    let into = body.get("into").to_owned();
    let decided = body.has("different") || !into.is_empty();
    // The number was judged above, as a caller's: it may be a landline.
    let whole = form.report.mistakes().iter().all(|(field, _)| *field == "contact");
    if !decided && whole && store::by_key(&ctx.app.db, &form.report.key).await?.is_none() {
        let looked: Vec<&str> = body.get("looked").split_whitespace().collect();
        let found = alike(&ctx, &form, &community).await?;
        if found.iter().any(|report| !looked.contains(&report.code.as_str())) {
            let shown = Shown { photos: photos.ids, alike: cards(&ctx, &found).await?, asks: true, ..Shown::default() };
            return render(&ctx, &community, form, shown).await;
        }
    }
    file_call(&ctx, &community, form, photos, &into).await
}

/// Files a call that was judged before.
pub async fn file_it(
    ctx: &Ctx,
    form: &CallForm,
    community: &Organisation,
    photos: &[String],
) -> std::result::Result<file::Filed, FileError> {
    let call = Call {
        origin: Origin::from_code(&form.from).unwrap_or(Origin::Hotline),
        foreign: form.foreign.trim(),
        caller: form.caller.trim(),
        number: Number::parse(&form.report.contact).ok().flatten(),
    };
    ctx.actor()?.require(Action::ReportManage, &community.path)?;
    file::file_from(ctx, &form.report, community, photos, Source::Call(&call)).await
}

async fn file_call(ctx: &Ctx, community: &Organisation, form: CallForm, photos: public::Photos, into: &str) -> Result {
    let errors = match file_it(ctx, &form, community, &photos.ids).await {
        Ok(filed) => {
            if filed.again {
                for id in &photos.new {
                    photos::service::remove(&ctx.app, id).await?;
                }
            }
            return filed_call(ctx, &filed.code, into).await;
        }
        Err(FileError::Mistakes(mistakes)) => {
            mistakes.into_iter().map(|(field, key)| (field.to_owned(), ctx.w.t(key))).collect()
        }
        Err(FileError::OtherContent(code)) => {
            let text = ctx.w.tf("reports-error-sent-before", &[("code", code.into())]);
            let report = ReportForm { key: clock::token(), ..form.report };
            let errors = vec![("description".to_owned(), text)];
            let shown = Shown { photos: photos.ids, errors, ..Shown::default() };
            return render(ctx, community, CallForm { report, ..form }, shown).await;
        }
        Err(FileError::Failed(error)) => return Err(error),
    };
    render(ctx, community, form, Shown { photos: photos.ids, errors, ..Shown::default() }).await
}

/// After filing: the report's page, or the one as which it goes on.
async fn filed_call(ctx: &Ctx, code: &str, into: &str) -> Result {
    let own = format!("/staff/reports/{code}");
    if into.is_empty() {
        return Ok(see_other_with(ctx, &own, "flash-call-filed"));
    }
    Ok(match merge(ctx, code, into).await? {
        Merged::Before => see_other(&own),
        Merged::Now => see_other_with(ctx, &format!("/staff/reports/{into}"), "flash-call-merged"),
        Merged::Not => see_other_with(ctx, &own, "flash-call-not-merged"),
    })
}

/// What became of merging a call that was filed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Merged {
    /// It is over already: a second tap, and the first has merged it.
    Before,
    /// It goes on as the other.
    Now,
    /// It stands on its own.
    Not,
}

/// Merges a call that was filed into another report.
pub async fn merge(ctx: &Ctx, code: &str, into: &str) -> std::result::Result<Merged, Error> {
    let report = public::find(ctx, code).await?;
    if report.state().is_over() {
        return Ok(Merged::Before);
    }
    let wanted = Wanted { into: into.to_owned(), ..Wanted::new(Step::Merge) };
    match steps::take(ctx, &report, &wanted, None).await {
        Ok(()) => Ok(Merged::Now),
        Err(steps::StepError::Failed(error)) => Err(error),
        // Filed all the same; its page says that it stands on its own.
        Err(_) => Ok(Merged::Not),
    }
}

/// `POST /staff/reports/{code}/caller`: shows how to reach somebody without an account.
pub async fn caller(ctx: Ctx, Path(code): Path<String>) -> Result {
    let (report, name, number) = who_called(&ctx, &code).await?;
    super::staff::with_caller(&ctx, &report, name, number).await
}

/// How to reach somebody without an account: the report, their name and their number. The look is written down first.
pub async fn who_called(ctx: &Ctx, code: &str) -> std::result::Result<(Report, String, String), Error> {
    let report = public::find(ctx, code).await?;
    let actor = ctx.actor()?;
    actor.require(Action::ReportManage, &report.path)?;
    let Some((name, number)) = store::caller(&ctx.app.db, &report.id).await? else { return Err(Error::NotFound) };
    let open = |sealed: Option<String>| sealed.map(|sealed| ctx.app.secrets.open(&sealed)).transpose();
    let (name, number) = (open(name)?.unwrap_or_default(), open(number)?.unwrap_or_default());
    super::staff::note_look(ctx, actor, &report, "report.see_caller").await?;
    Ok((report, name, number))
}
