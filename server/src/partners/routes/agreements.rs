//! Partners, agreements and tasks.

use super::{Shown, day, errors, place_words, span};
use crate::{
    clock,
    http::{Ctx, FormBody, Page, Result, see_other_with},
    partners::{
        service::{
            self,
            agreements::{self, AgreementForm, PartnerForm, Settling, TaskForm},
        },
        store::{agreements::Agreement, tasks::Task},
    },
    photos::{
        intake::PhotoForm,
        service::{self as photos, TakeError},
        store::Uploader,
    },
};
use app::{
    partners::pages::{self, AgreementPage, AgreementRow, PartnerPage, TaskPage, TaskRow, Typed},
    ui::{photo::Photo, shell::Tab},
};
use axum::{
    extract::Path,
    http::{HeaderValue, header},
};
use serde::Deserialize;

/// What the forms of partners and agreements send.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Body {
    community: String,
    name: String,
    kind: String,
    contact_name: String,
    contact: String,
    title: String,
    from: String,
    until: String,
    community_gives: String,
    partner_gives: String,
    task_title: String,
    whose: String,
    due: String,
    reason: String,
    key: String,
    version: String,
}

impl Body {
    fn partner(&self) -> PartnerForm {
        let Body { community, name, kind, contact_name, contact, key, .. } = self.clone();
        PartnerForm { community, name, kind, contact_name, contact, key }
    }
    fn agreement(&self) -> AgreementForm {
        let Body { title, from, until, community_gives, partner_gives, key, .. } = self.clone();
        AgreementForm { title, from, until, community_gives, partner_gives, key }
    }
    fn task(&self) -> TaskForm {
        TaskForm {
            title: self.task_title.clone(),
            whose: self.whose.clone(),
            due: self.due.clone(),
            key: self.key.clone(),
        }
    }
    fn version(&self) -> i64 {
        self.version.parse().unwrap_or(0)
    }
    fn typed_partner(&self, typed: Typed) -> Typed {
        typed
            .with("community", &self.community)
            .with("name", &self.name)
            .with("kind", &self.kind)
            .with("contact_name", &self.contact_name)
            .with("contact", &self.contact)
    }
    fn typed_agreement(&self, typed: Typed) -> Typed {
        typed
            .with("title", &self.title)
            .with("from", &self.from)
            .with("until", &self.until)
            .with("community_gives", &self.community_gives)
            .with("partner_gives", &self.partner_gives)
    }
}

/// `GET /staff/partners/organisations/new`
pub async fn new_partner(ctx: Ctx) -> Result {
    show_new(&ctx, Shown::fresh(Typed::default())).await
}

async fn show_new(ctx: &Ctx, shown: Shown) -> Result {
    let communities = place_words(ctx, &service::communities(ctx).await?);
    let view = pages::new_partner(ctx.w, shown.typed, clock::token(), communities);
    Ok(Page::new(ctx, ctx.w.t("partners-partner-make"))
        .tab(Tab::StaffNet)
        .back("/staff/partners")
        .status(shown.status)
        .render(view))
}

/// `POST /staff/partners/organisations`
pub async fn make_partner(ctx: Ctx, FormBody(body): FormBody<Body>) -> Result {
    match errors(agreements::make_partner(&ctx, &body.partner()).await)? {
        Ok(id) => {
            Ok(see_other_with(&ctx, &format!("/staff/partners/organisations/{id}"), "flash-partners-partner-made"))
        }
        Err(wrong) => show_new(&ctx, Shown::again(body.typed_partner(Typed::default()), wrong)).await,
    }
}

/// `GET /staff/partners/organisations/{partner}`
pub async fn partner(ctx: Ctx, Path(id): Path<String>) -> Result {
    show_partner(&ctx, &id, None, None).await
}

async fn show_partner(ctx: &Ctx, id: &str, number: Option<String>, again: Option<Shown>) -> Result {
    let w = ctx.w;
    let partner = agreements::partner(ctx, id).await?;
    let all = agreements::of_partner(ctx, &partner).await?;
    let now = Body {
        name: partner.name.clone(),
        kind: partner.kind().code().to_owned(),
        contact_name: partner.contact_name.clone(),
        ..Body::default()
    };
    let shown = again.unwrap_or_else(|| Shown::fresh(now.typed_partner(Typed::default())));
    let looked = number.is_some();
    let page = PartnerPage {
        w,
        kind: partner.kind(),
        place: w.pick(&partner.place, &partner.place_en).to_owned(),
        id: partner.id,
        contact: (partner.contact_name, partner.contact_masked),
        number,
        version: partner.version,
        agreements: all.iter().map(|one| agreement_row(ctx, one, false)).collect(),
        typed: shown.typed,
        key: clock::token(),
    };
    let mut response = Page::new(ctx, partner.name)
        .tab(Tab::StaffNet)
        .back("/staff/partners")
        .status(shown.status)
        .render(pages::partner_page(page));
    if looked {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    }
    Ok(response)
}

/// `POST /staff/partners/organisations/{partner}`
pub async fn change_partner(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<Body>) -> Result {
    match errors(agreements::change_partner(&ctx, &id, body.version(), &body.partner()).await)? {
        Ok(()) => Ok(see_other_with(&ctx, &format!("/staff/partners/organisations/{id}"), "flash-partners-saved")),
        Err(wrong) => {
            show_partner(&ctx, &id, None, Some(Shown::again(body.typed_partner(Typed::default()), wrong))).await
        }
    }
}

/// `POST /staff/partners/organisations/{partner}/contact`
pub async fn contact(ctx: Ctx, Path(id): Path<String>) -> Result {
    let (_, number) = agreements::contact(&ctx, &id).await?;
    show_partner(&ctx, &id, Some(number), None).await
}

/// `POST /staff/partners/organisations/{partner}/agreements`
pub async fn make_agreement(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<Body>) -> Result {
    match errors(agreements::make_agreement(&ctx, &id, &body.agreement()).await)? {
        Ok(made) => {
            Ok(see_other_with(&ctx, &format!("/staff/partners/agreements/{made}"), "flash-partners-agreement-made"))
        }
        Err(wrong) => {
            let partner = agreements::partner(&ctx, &id).await?;
            let typed = Typed::default()
                .with("name", partner.name.clone())
                .with("kind", partner.kind().code())
                .with("contact_name", partner.contact_name);
            show_partner(&ctx, &id, None, Some(Shown::again(body.typed_agreement(typed), wrong))).await
        }
    }
}

/// An agreement as lists show it.
pub(super) fn agreement_row(ctx: &Ctx, agreement: &Agreement, named: bool) -> AgreementRow {
    let title = if named { format!("{} · {}", agreement.partner, agreement.title) } else { agreement.title.clone() };
    AgreementRow {
        id: agreement.id.clone(),
        title,
        span: span(ctx, agreement.span()),
        standing: agreement.standing(service::today(ctx)),
        open: agreement.open,
        next: agreement.next_day.as_deref().and_then(|text| text.parse().ok()).map(|next| day(ctx, next)),
    }
}

/// A task as lists show it.
pub(super) fn task_row(ctx: &Ctx, task: &Task, named: bool) -> TaskRow {
    let photo = task.photo.as_ref().map(|id| Photo {
        thumb: format!("/photos/{id}/thumb"),
        full: format!("/photos/{id}/full"),
        alt: ctx.w.t("partners-task-photo-alt"),
    });
    let by = task.settled_by.clone().unwrap_or_default();
    let note = [task.note.as_str(), by.as_str()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
    TaskRow {
        id: task.id.clone(),
        title: task.title.clone(),
        partner: named.then(|| task.partner.clone()),
        whose: task.whose(),
        due: day(ctx, task.due()),
        due_in: task.due_in(service::today(ctx)),
        state: task.state(),
        note: note.join(" · "),
        photo,
    }
}

/// `GET /staff/partners/agreements/{agreement}`
pub async fn agreement(ctx: Ctx, Path(id): Path<String>) -> Result {
    show_agreement(&ctx, &id, None).await
}

async fn show_agreement(ctx: &Ctx, id: &str, again: Option<Shown>) -> Result {
    let w = ctx.w;
    let agreement = agreements::agreement(ctx, id).await?;
    let tasks = agreements::tasks(ctx, &agreement).await?;
    let shown = again.unwrap_or_else(|| Shown::fresh(current(&agreement)));
    let ended = agreement.ended_day.as_deref().and_then(|text| text.parse().ok()).map(|on| {
        let args = [("day", day(ctx, on).into()), ("reason", agreement.ended_reason.clone().into())];
        w.tf("partners-agreement-ended-text", &args)
    });
    let page = AgreementPage {
        w,
        place: w.pick(&agreement.place, &agreement.place_en).to_owned(),
        span: span(ctx, agreement.span()),
        standing: agreement.standing(service::today(ctx)),
        id: agreement.id,
        partner: (agreement.partner_id, agreement.partner),
        gives: (agreement.community_gives, agreement.partner_gives),
        ended,
        version: agreement.version,
        tasks: tasks.iter().map(|task| task_row(ctx, task, false)).collect(),
        typed: shown.typed,
        key: clock::token(),
    };
    Ok(Page::new(ctx, agreement.title)
        .tab(Tab::StaffNet)
        .back("/staff/partners")
        .status(shown.status)
        .render(pages::agreement_page(page)))
}

/// The form of an agreement as it is.
fn current(agreement: &Agreement) -> Typed {
    let (from, until) = agreement.span();
    let body = Body {
        title: agreement.title.clone(),
        from: from.to_string(),
        until: until.to_string(),
        community_gives: agreement.community_gives.clone(),
        partner_gives: agreement.partner_gives.clone(),
        ..Body::default()
    };
    body.typed_agreement(Typed::default())
}

/// `POST /staff/partners/agreements/{agreement}`
pub async fn change_agreement(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<Body>) -> Result {
    match errors(agreements::change_agreement(&ctx, &id, body.version(), &body.agreement()).await)? {
        Ok(()) => Ok(see_other_with(&ctx, &format!("/staff/partners/agreements/{id}"), "flash-partners-saved")),
        Err(wrong) => {
            show_agreement(&ctx, &id, Some(Shown::again(body.typed_agreement(Typed::default()), wrong))).await
        }
    }
}

/// `POST /staff/partners/agreements/{agreement}/end`
pub async fn end_agreement(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<Body>) -> Result {
    match errors(agreements::end_agreement(&ctx, &id, body.version(), &body.reason).await)? {
        Ok(()) => {
            Ok(see_other_with(&ctx, &format!("/staff/partners/agreements/{id}"), "flash-partners-agreement-ended"))
        }
        Err(wrong) => {
            let typed = current(&agreements::agreement(&ctx, &id).await?).with("reason", body.reason);
            show_agreement(&ctx, &id, Some(Shown::again(typed, wrong))).await
        }
    }
}

/// `POST /staff/partners/agreements/{agreement}/tasks`
pub async fn add_task(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<Body>) -> Result {
    match errors(agreements::add_task(&ctx, &id, &body.task()).await)? {
        Ok(_) => Ok(see_other_with(&ctx, &format!("/staff/partners/agreements/{id}"), "flash-partners-task-added")),
        Err(wrong) => {
            let typed = current(&agreements::agreement(&ctx, &id).await?)
                .with("task_title", body.task_title)
                .with("whose", body.whose)
                .with("due", body.due);
            show_agreement(&ctx, &id, Some(Shown::again(typed, wrong))).await
        }
    }
}

/// `GET /staff/partners/tasks/{task}`
pub async fn task(ctx: Ctx, Path(id): Path<String>) -> Result {
    show_task(&ctx, &id, Shown::fresh(Typed::default())).await
}

async fn show_task(ctx: &Ctx, id: &str, shown: Shown) -> Result {
    let task = agreements::task(ctx, id).await?;
    let back = format!("/staff/partners/agreements/{}", task.agreement_id);
    let page = TaskPage {
        w: ctx.w,
        row: task_row(ctx, &task, false),
        agreement: (task.agreement_id, format!("{} · {}", task.partner, task.agreement)),
        version: task.version,
        typed: shown.typed,
    };
    Ok(Page::new(ctx, task.title).tab(Tab::StaffNet).back(back).status(shown.status).render(pages::task_page(page)))
}

/// `POST /staff/partners/tasks/{task}`: a form that may bring a photo.
pub async fn settle(ctx: Ctx, Path(id): Path<String>, form: PhotoForm) -> Result {
    let task = agreements::task(&ctx, &id).await?;
    let mut wanted = Settling {
        state: form.get("state").to_owned(),
        note: if form.get("state") == "dropped" { form.get("reason") } else { form.get("note") }.to_owned(),
        photo: form.get("photo").to_owned(),
        version: form.get("version").parse().unwrap_or(0),
    };
    let typed = Typed::default().with("note", form.get("note")).with("reason", form.get("reason"));
    if let Some(file) = form.files.into_iter().next() {
        photos::limit(&ctx).await?;
        let taken = match file.bytes {
            Ok(bytes) => photos::take(&ctx.app, &Uploader::of(&ctx), bytes, ctx.now).await,
            Err(refused) => Err(refused.into()),
        };
        match taken {
            Ok(taken) => wanted.photo = taken.id,
            Err(TakeError::Failed(error)) => return Err(error),
            Err(TakeError::Refused(refused)) => {
                let wrong = [("photo", ctx.w.t(refused.key()))].into();
                return show_task(&ctx, &id, Shown::again(typed, wrong)).await;
            }
        }
    }
    match errors(agreements::settle(&ctx, &id, &wanted).await)? {
        Ok(()) => {
            let back = format!("/staff/partners/agreements/{}", task.agreement_id);
            Ok(see_other_with(&ctx, &back, "flash-partners-task-settled"))
        }
        Err(wrong) => show_task(&ctx, &id, Shown::again(typed, wrong)).await,
    }
}
