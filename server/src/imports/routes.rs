//! `/staff/imports`.

use super::{
    api,
    file::{MAX_BYTES, Unread, unread},
    service::{self, Look, Taken},
    store, template,
};
use crate::{
    clock,
    http::{
        Access, Ctx, Error, FormBody, Page, Params, Result, Routes,
        download::{CSV, download},
        see_other, see_other_with,
    },
    photos::intake::PhotoForm,
};
use app::{
    imports::{
        Kind, Verdict,
        pages::{ListPage, RunPage, RunRow, State, list_page, run_page},
    },
    people::Action,
    time,
    ui::shell::Tab,
};
use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Path, Request},
    http::StatusCode,
};
use futures::StreamExt;
use jiff::Timestamp;
use serde::Deserialize;

/// The routes of this room.
pub fn routes() -> Routes {
    let admins = Access::Needs(Action::PeopleManage);
    Routes::new()
        .get("/staff/imports", admins, list)
        .post("/staff/imports", admins, send)
        .get("/staff/imports/template", admins, template)
        .get("/staff/imports/{id}", admins, show)
        .get("/staff/imports/{id}/refused.csv", admins, refused)
        .post("/staff/imports/{id}/take", admins, take)
        .post("/staff/imports/{id}/drop", admins, drop_it)
        .get("/api/v1/staff/imports", admins, api::list)
        .post("/api/v1/staff/imports", admins, api::send)
        .get("/api/v1/staff/imports/template", admins, api::template)
        .get("/api/v1/staff/imports/{id}", admins, api::one)
        .delete("/api/v1/staff/imports/{id}", admins, api::discard)
        .get("/api/v1/staff/imports/{id}/refused.csv", admins, api::refused)
        .post("/api/v1/staff/imports/{id}/take", admins, api::take)
}

#[derive(Deserialize)]
struct KindQuery {
    #[serde(default)]
    kind: String,
}

async fn list(ctx: Ctx, Params(query): Params<KindQuery>) -> Result {
    shown(&ctx, Kind::from_code(&query.kind), None).await
}

fn instant(ctx: &Ctx, micros: i64) -> String {
    time::date_time(ctx.w.lang, Timestamp::from_microsecond(micros).unwrap_or_default(), ctx.now)
}

fn who(ctx: &Ctx, run: &store::Run) -> String {
    match run.person_id {
        Some(_) => run.person_name.clone(),
        None => ctx.w.t("places-audit-operator"),
    }
}

async fn shown(ctx: &Ctx, chosen: Option<Kind>, error: Option<(&'static str, String)>) -> Result {
    let kinds = service::kinds(ctx)?;
    let mut runs = Vec::new();
    for (run, counts) in service::list(ctx).await? {
        runs.push(RunRow {
            href: format!("/staff/imports/{}", run.id),
            kind: run.kind()?,
            who: who(ctx, &run),
            when: instant(ctx, run.created_at),
            state: run.state(),
            file: run.file_name,
            counts,
        });
    }
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let view = list_page(ListPage { w: ctx.w, kinds, chosen, error, runs });
    Ok(Page::new(ctx, ctx.w.t("imports-title")).tab(Tab::StaffToday).back("/staff").status(status).render(view))
}

/// A file comes in: looked at, and nothing more.
async fn send(ctx: Ctx, request: Request) -> Result {
    match received(&ctx, &clock::new_id(ctx.now), request).await? {
        Ok(id) => Ok(see_other(&format!("/staff/imports/{id}"))),
        Err((kind, field, words)) => shown(&ctx, kind, Some((field, words))).await,
    }
}

/// Why a file was not taken: the kind that was chosen, the field, and words.
type NotTaken = (Option<Kind>, &'static str, String);

/// Reads a form with a file and writes its table down as a new import; gives its id. Permission is asked for before the body is
/// read.
pub(super) async fn received(ctx: &Ctx, id: &str, request: Request) -> Result<std::result::Result<String, NotTaken>> {
    service::kinds(ctx)?;
    let form = PhotoForm::from_request(request, &()).await?;
    let w = ctx.w;
    let Some(kind) = Kind::from_code(form.get("kind")) else {
        return Ok(Err((None, "kind", w.t("imports-error-kind"))));
    };
    let said = |Unread { key, what }: Unread| {
        // A column that is missing is named as its heading.
        let what = if key == "imports-file-column-missing" { app::imports::heading(kind, &what, w) } else { what };
        w.tf(key, &[("what", what.into())])
    };
    let file = form.files.into_iter().find(|file| file.field == "file");
    let wrong = match file {
        None => unread("imports-file-none", ""),
        Some(file) => match file.bytes {
            Err(_) => unread("imports-file-large", MAX_BYTES / 1024 / 1024),
            Ok(spooled) => {
                let bytes = tokio::task::spawn_blocking(move || spooled.read()).await.map_err(anyhow::Error::from)?;
                let bytes = bytes.map_err(anyhow::Error::from)?;
                match service::start(ctx, id, kind, (&file.name, bytes)).await? {
                    Ok(()) => return Ok(Ok(id.to_owned())),
                    Err(unread) => unread,
                }
            }
        },
    };
    Ok(Err((Some(kind), "file", said(wrong))))
}

async fn template(ctx: Ctx, Params(query): Params<KindQuery>) -> Result {
    template_of(&ctx, &query.kind)
}

/// A file to begin with, for a kind that the reader may bring in.
pub(super) fn template_of(ctx: &Ctx, kind: &str) -> Result {
    let kinds = service::kinds(ctx)?;
    let kind = Kind::from_code(kind).filter(|kind| kinds.contains(kind)).ok_or(Error::NotFound)?;
    Ok(download(Body::from(template::file(kind, ctx.w)?), CSV, &format!("linli-{}.csv", kind.code())))
}

#[derive(Deserialize)]
struct ShowQuery {
    #[serde(default)]
    show: String,
    #[serde(default)]
    page: Option<u32>,
}

async fn show(ctx: Ctx, Path(id): Path<String>, Params(query): Params<ShowQuery>) -> Result {
    run(&ctx, &id, (Verdict::from_code(&query.show), query.page.unwrap_or(1)), None, StatusCode::OK).await
}

async fn run(
    ctx: &Ctx,
    id: &str,
    (show, page): (Option<Verdict>, u32),
    error: Option<String>,
    status: StatusCode,
) -> Result {
    let Look { run, counts, show, outcomes, page } = service::look(ctx, id, show, page).await?;
    let (kind, state) = (run.kind()?, run.state());
    let actor = ctx.actor()?;
    let props = RunPage {
        w: ctx.w,
        here: format!("/staff/imports/{id}"),
        kind,
        who: who(ctx, &run),
        when: instant(ctx, run.created_at),
        state,
        counts,
        lines: (run.lines, run.through),
        again: run.again == 1,
        only_good: run.mode == "good" && counts.refused > 0,
        show,
        outcomes,
        page,
        mark: run.mark.clone(),
        error,
        may: run.scopes().iter().all(|scope| actor.require(kind.action(), scope).is_ok()),
    };
    let answer = Page::new(ctx, run.file_name.clone()).tab(Tab::StaffToday).back("/staff/imports").status(status);
    let answer = if matches!(state, State::Checking | State::Applying) { answer.refresh(2) } else { answer };
    Ok(answer.no_store().render(run_page(props)))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct TakeBody {
    mode: String,
    mark: String,
}

async fn take(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<TakeBody>) -> Result {
    let w = ctx.w;
    let (words, status) = match service::take(&ctx, &id, &body.mode, &body.mark).await? {
        Taken::Going => return Ok(see_other(&format!("/staff/imports/{id}"))),
        Taken::Changed => (w.t("imports-take-changed"), StatusCode::CONFLICT),
        Taken::Refused(count) => {
            (w.tf("imports-mode-all-refused", &[("count", count.into())]), StatusCode::UNPROCESSABLE_ENTITY)
        }
        Taken::NoMode => (w.t("imports-error-mode"), StatusCode::UNPROCESSABLE_ENTITY),
    };
    run(&ctx, &id, (None, 1), Some(words), status).await
}

async fn drop_it(ctx: Ctx, Path(id): Path<String>) -> Result {
    service::drop_it(&ctx, &id).await?;
    Ok(see_other_with(&ctx, "/staff/imports", "flash-import-dropped"))
}

/// The refused lines as a file: line, column, value, reason. Read piece by piece while it is sent.
async fn refused(ctx: Ctx, Path(id): Path<String>) -> Result {
    refused_lines(&ctx, &id).await
}

/// The same for pages and programs.
pub(super) async fn refused_lines(ctx: &Ctx, id: &str) -> Result {
    let (run, pieces) = service::refused(ctx, id).await?;
    let kind = run.kind()?;
    let w = ctx.w;
    let mut head = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    let heads = ["imports-column-line", "imports-column-column", "imports-column-value", "imports-column-reason"];
    head.write_record(heads.map(|key| w.t(key))).map_err(anyhow::Error::from)?;
    let head = head.into_inner().map_err(|error| anyhow::anyhow!("{error}"))?;
    let app = ctx.app.clone();
    let rest = futures::stream::iter(pieces).then(move |number| {
        let (app, run) = (app.clone(), run.id.clone());
        async move {
            let mut connection = app.db.read().acquire().await?;
            let outcomes = match store::piece(&mut connection, &run, number).await? {
                Some(piece) => piece.outcomes()?,
                None => Vec::new(),
            };
            let mut writer = csv::Writer::from_writer(Vec::new());
            for outcome in outcomes.iter().filter(|outcome| outcome.verdict == Verdict::Refused) {
                for mistake in &outcome.mistakes {
                    let cells = [
                        outcome.line.to_string(),
                        mistake.heading(kind, w),
                        app::exports::harmless(&mistake.value),
                        mistake.words(w),
                    ];
                    writer.write_record(cells)?;
                }
            }
            anyhow::Ok(Bytes::from(writer.into_inner().map_err(|error| anyhow::anyhow!("{error}"))?))
        }
    });
    let body = Body::from_stream(futures::stream::once(async { anyhow::Ok(Bytes::from(head)) }).chain(rest));
    Ok(download(body, CSV, "linli-refused.csv"))
}
