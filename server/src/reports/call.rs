//! Calls, typed in by staff: from the hotline, from 110 or a platform above. What the number told before and what may be the
//! same stand beside the form (`beside.rs`); one tap files the call and merges it.

mod beside;
mod words;

use beside::cards;
pub use beside::{alike, alike_piece, history_piece};

use super::{
    collect,
    file::{self, Call, FileError, Source},
    public,
    steps::{self, Wanted},
    store::{self, Report},
};
use crate::{
    clock,
    http::{Ctx, Error, Page, Result, see_other, see_other_with},
    patrol::calls,
    photos::{self, intake::PhotoForm},
    places::{self, Organisation},
};
use app::{
    people::Action,
    reports::{
        Step,
        call::{CallForm, Number, Origin},
        form::ReportForm,
        pages::{AlikeCard, CallHistory, CallPage, call_page},
    },
    ui::shell::Tab,
};
use axum::extract::Path;

/// `/staff/reports/new`.
pub async fn show(ctx: Ctx) -> Result {
    begin(&ctx, "").await
}

/// The form in which nothing is typed yet but, perhaps, the number that calls.
async fn begin(ctx: &Ctx, number: &str) -> Result {
    ctx.actor()?.require_somewhere(Action::ReportManage)?;
    let Some(community) = collect::community(ctx, Action::ReportManage).await? else { return Err(Error::Forbidden) };
    let report = ReportForm { key: clock::token(), contact: number.to_owned(), ..ReportForm::default() };
    let form = CallForm { report, from: Origin::Hotline.code().to_owned(), ..CallForm::default() };
    render(ctx, &community, form, Shown::default()).await
}

#[derive(Default)]
struct Shown {
    photos: Vec<String>,
    errors: Vec<(String, String)>,
    alike: Vec<AlikeCard>,
    history: Option<CallHistory>,
    asks: bool,
}

async fn render(ctx: &Ctx, community: &Organisation, form: CallForm, shown: Shown) -> Result {
    let mut common = public::form_of(ctx, form.report, community, shown.photos).await?;
    common.errors = shown.errors;
    let (invalid, looked_up) = (!common.errors.is_empty(), shown.history.is_some());
    let page = CallPage {
        common,
        from: form.from,
        foreign: form.foreign,
        caller: form.caller,
        alike: shown.alike,
        may_look: !ctx.actor()?.scopes(Action::IntakeConfirm).is_empty(),
        history: shown.history,
        asks: shown.asks,
    };
    let answer = Page::new(ctx, ctx.w.t("call-title")).tab(Tab::StaffReports).back("/staff/reports").islands();
    let answer = if invalid { answer.invalid() } else { answer };
    // What a number told is shown by a look that is written down, and never from what a browser has kept.
    let answer = if looked_up { answer.no_store() } else { answer };
    Ok(answer.render(call_page(page)))
}

/// The form again, with what its number told before and what may be the same.
async fn look(ctx: &Ctx, community: &Organisation, form: CallForm, photos: public::Photos) -> Result {
    let alike = cards(ctx, &alike(ctx, &form, community).await?).await?;
    let (history, mut errors) = match beside::history(ctx, &form.report.contact).await {
        Ok(history) => (Some(history), Vec::new()),
        Err(calls::Refused::Invalid(errors)) => {
            (None, errors.into_map().into_values().map(|text| ("contact".to_owned(), text)).collect())
        }
        Err(calls::Refused::Other(error)) => return Err(error),
    };
    errors.extend(photos.troubles.first().map(|trouble| ("photos".to_owned(), trouble.clone())));
    render(ctx, community, form, Shown { photos: photos.ids, errors, alike, history, ..Shown::default() }).await
}

/// `POST /staff/reports/new`: files a call, and merges it when that was asked for. From the hotline desk it comes with a number
/// and nothing else, and is the empty form with that number.
pub async fn send(ctx: Ctx, mut body: PhotoForm) -> Result {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::ReportManage)?;
    if body.has("start") {
        return begin(&ctx, body.get("contact")).await;
    }
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
    if body.get("look") == "history" {
        return look(&ctx, &community, form, photos).await;
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
