//! What residents and visitors do: the form, and their own list. The page of one report is in `status.rs`.

use super::{
    categories::{self, Category},
    file::{self, FileError},
    join,
    service::LINK,
    store::{self, Report},
    view,
};
use crate::{
    clock,
    http::{Ctx, Error, Page, Result, see_other_with},
    photos::{self, intake::PhotoForm, service::TakeError, store::Uploader},
    places::{self, Organisation, OrganisationKind, landmarks, landmarks::Landmark},
};
use app::{
    i18n::{Lang, Words},
    people::Action,
    reports::{
        MAX_PHOTOS,
        form::ReportForm,
        pages::{FormPage, form_page, mine_page, nearby_page},
    },
    ui::{
        parts::*,
        shell::{Size, Tab},
    },
};
use axum::http::{HeaderValue, StatusCode, header};
use leptos::prelude::*;
use serde::Deserialize;

/// `/report`: the empty form, or a word on choosing a community first.
pub async fn show_form(mut ctx: Ctx) -> Result {
    // What the address says of community, category and building (a poster's QR code) is filled in. The form that
    // phones keep for when there is no signal (`shell`) is asked for without cookies: it knows nobody.
    let query: Vec<(String, String)> =
        serde_html_form::from_str(ctx.here.split_once('?').map_or("", |(_, q)| q)).unwrap_or_default();
    let of = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, v)| v.clone()).unwrap_or_default();
    if let Some(named) = places::store::community_by_code(&ctx.app.db, &of("community")).await? {
        ctx.community = Some(named);
    }
    if of("size") == "large" {
        ctx.size = Size::Large;
    }
    let Some(community) = ctx.community.clone() else {
        let w = ctx.w;
        let body = view! {
            <Empty icon_name="pin" title=w.t("reports-choose-community") text=w.t("reports-choose-community-text")>
                <LinkButton href="/communities?next=%2Freport" label=w.t("choose-community") weight=Weight::Primary/>
            </Empty>
        };
        let page = Page::new(&ctx, w.t("reports-form-title")).tab(Tab::Report);
        return Ok(page.description(w.t("places-home-description")).render(body));
    };
    let home = ctx.actor.as_ref().and_then(|actor| actor.building_id.clone());
    let mut building = of("building");
    if building.is_empty()
        && let Some(home) = home
        && let Some(home) = places::store::by_id(&ctx.app.db, &home).await?
    {
        building = home.code;
    }
    let form = ReportForm { key: clock::token(), category: of("category"), building, ..ReportForm::default() };
    let page = form_of(&ctx, form, &community, Vec::new()).await?;
    let answer = Page::new(&ctx, ctx.w.t("reports-form-title")).tab(Tab::Report).islands();
    Ok(answer.description(ctx.w.t("places-home-description")).render(form_page(page)))
}

/// The form's page with what was typed and the photos that are there.
pub async fn form_of(
    ctx: &Ctx,
    form: ReportForm,
    community: &Organisation,
    photos: Vec<String>,
) -> std::result::Result<FormPage, Error> {
    let w = ctx.w;
    let db = &ctx.app.db;
    let grids = places::store::under(db, &community.path, OrganisationKind::Grid).await?;
    let buildings = places::store::under(db, &community.path, OrganisationKind::Building).await?;
    let name = |place: &Organisation| w.pick(&place.name, &place.name_en).to_owned();
    let marks = landmarks::offered(db, &community.id).await?;
    let mut places: Vec<(String, Vec<(String, String)>)> = grids
        .iter()
        .map(|grid| {
            let inside = buildings.iter().filter(|building| building.parent_id.as_deref() == Some(&grid.id));
            (name(grid), inside.map(|building| (building.code.clone(), name(building))).collect())
        })
        .collect();
    if !marks.is_empty() {
        let mark = |mark: &Landmark| (mark.code.clone(), w.pick(&mark.name, &mark.name_en).to_owned());
        places.push((w.t("reports-landmarks"), marks.iter().map(mark).collect()));
    }
    let mut majors: Vec<(String, Vec<(String, String)>)> = Vec::new();
    for category in categories::all(db).await? {
        let major = w.pick(&category.major_name, &category.major_name_en).to_owned();
        let minor = (category.code.clone(), everyday(w, &category));
        match majors.last_mut().filter(|(name, _)| *name == major) {
            Some((_, minors)) => minors.push(minor),
            None => majors.push((major, vec![minor])),
        }
    }
    Ok(FormPage {
        w,
        form,
        community: community.code.clone(),
        community_name: name(community),
        hotline: community.phone.clone(),
        places,
        majors,
        photos,
        photo_troubles: Vec::new(),
        trouble: None,
        errors: Vec::new(),
        signed_in: ctx.actor.is_some(),
    })
}

/// A category's name with the first words that residents use for it, where they speak its language.
fn everyday(w: Words, category: &Category) -> String {
    let name = w.pick(&category.name, &category.name_en).to_owned();
    let hints = category.hints();
    let said: Vec<&str> = hints.iter().map(String::as_str).filter(|hint| !name.contains(hint)).take(2).collect();
    if w.lang != Lang::Zh || said.is_empty() { name } else { format!("{name}（{}）", said.join("、")) }
}

/// What a multipart form with photos brought: ids of photos that the sender has, old and new, and what is wrong with
/// the others, in words.
pub struct Photos {
    /// All, in order.
    pub ids: Vec<String>,
    /// Those that came with this very request.
    pub new: Vec<String>,
    /// What is wrong with the others.
    pub troubles: Vec<String>,
}

/// Takes in the photos of a form. Photos that are fine are kept even when others are not.
pub async fn take_photos(ctx: &Ctx, form: &mut PhotoForm) -> std::result::Result<Photos, Error> {
    let who = Uploader::of(ctx);
    let mut ids: Vec<String> = form.all("photo").into_iter().filter(|id| !id.is_empty()).take(MAX_PHOTOS + 1).collect();
    let mut taken = Photos { ids: Vec::new(), new: Vec::new(), troubles: Vec::new() };
    for file in std::mem::take(&mut form.files) {
        if ids.len() >= MAX_PHOTOS {
            form.too_many_files = true;
            break;
        }
        photos::service::limit(ctx).await?;
        let result = match file.bytes {
            Ok(bytes) => photos::service::take(&ctx.app, &who, bytes, ctx.now).await,
            Err(refused) => Err(refused.into()),
        };
        match result {
            Ok(photo) => {
                ids.push(photo.id.clone());
                taken.new.push(photo.id);
            }
            Err(TakeError::Refused(refused)) => {
                let reason = ctx.w.t(refused.key());
                taken
                    .troubles
                    .push(ctx.w.tf("reports-photo-trouble", &[("name", file.name.into()), ("reason", reason.into())]));
            }
            Err(TakeError::Failed(error)) => return Err(error),
        }
    }
    if form.too_many_files {
        taken.troubles.push(ctx.w.t("reports-photo-full").replace("{n}", &MAX_PHOTOS.to_string()));
    }
    taken.ids = ids;
    Ok(taken)
}

/// Reads the fields of the report's form.
pub fn read(form: &PhotoForm) -> ReportForm {
    let text = |name: &str| form.get(name).to_owned();
    ReportForm {
        key: text("key"),
        category: text("category"),
        building: text("building"),
        place: text("place"),
        longitude: text("longitude"),
        latitude: text("latitude"),
        description: text("description"),
        name_hidden: form.has("name_hidden"),
        unknown_to_staff: form.has("unknown_to_staff"),
        contact: text("contact"),
    }
}

/// `POST /report`: files the report, or shows the form again with everything that was typed and sent.
pub async fn send_form(ctx: Ctx, mut body: PhotoForm) -> Result {
    let community = match places::store::community_by_code(&ctx.app.db, body.get("community")).await? {
        Some(community) => community,
        None => return Err(Error::BadRequest("there is no such community".into())),
    };
    let mut typed = read(&body);
    let mut photos = take_photos(&ctx, &mut body).await?;
    // The tools of the photo grid, where there is no JavaScript: the form comes back changed.
    let (up, remove) = (body.get("up"), body.get("remove"));
    if !up.is_empty() || !remove.is_empty() {
        if let Some(at @ 1..) = photos.ids.iter().position(|id| id == up) {
            photos.ids.swap(at, at - 1);
        }
        if let Some(at) = photos.ids.iter().position(|id| id == remove) {
            photos::service::take_back(&ctx, &photos.ids.remove(at)).await?;
        }
        let page = FormPage { photo_troubles: photos.troubles, ..form_of(&ctx, typed, &community, photos.ids).await? };
        return Ok(Page::new(&ctx, ctx.w.t("reports-form-title")).tab(Tab::Report).islands().render(form_page(page)));
    }
    // What is open nearby is shown once, before anything is filed: not when this very form was sent before.
    if photos.troubles.is_empty()
        && !body.has("different")
        && typed.mistakes().is_empty()
        && store::by_key(&ctx.app.db, &typed.key).await?.is_none()
    {
        let cards = join::near_form(&ctx, &typed, &community).await?;
        if !cards.is_empty() {
            let (w, code) = (ctx.w, community.code.clone());
            let page = Page::new(&ctx, w.t("reports-more-nearby-title")).tab(Tab::Report).back("/report");
            return Ok(page.render(nearby_page(w, cards, typed, code, photos.ids)));
        }
    }
    let result = if photos.troubles.is_empty() {
        file::file(&ctx, &typed, &community, &photos.ids).await
    } else {
        Err(FileError::Mistakes(typed.mistakes()))
    };
    let mistakes = match result {
        Ok(filed) => {
            if filed.again {
                for id in &photos.new {
                    photos::service::remove(&ctx.app, id).await?;
                }
            }
            return Ok(see_other_with(&ctx, &status_address(&ctx, &filed.code), "flash-report-filed"));
        }
        Err(FileError::Mistakes(mistakes)) => {
            mistakes.into_iter().map(|(field, key)| (field.to_owned(), ctx.w.t(key))).collect()
        }
        Err(FileError::OtherContent(code)) => {
            // The form was sent before and then changed: a new key, so that sending it once more files another one.
            typed.key = clock::token();
            vec![("description".to_owned(), ctx.w.tf("reports-error-sent-before", &[("code", code.into())]))]
        }
        Err(FileError::Failed(Error::TooMany { retry_after })) => {
            // Nothing typed is lost, and it is said when to come back.
            let minutes = retry_after.div_ceil(60);
            let key = if ctx.actor.is_some() { "reports-too-many" } else { "reports-too-many-visitor" };
            let trouble = ctx.w.tf(key, &[("minutes", minutes.into())]);
            let page = FormPage { trouble: Some(trouble), ..form_of(&ctx, typed, &community, photos.ids).await? };
            let answer = Page::new(&ctx, ctx.w.t("reports-form-title")).tab(Tab::Report).islands();
            let mut answer = answer.status(StatusCode::TOO_MANY_REQUESTS).render(form_page(page));
            answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(retry_after));
            return Ok(answer);
        }
        Err(FileError::Failed(error)) => return Err(error),
    };
    let page = FormPage {
        photo_troubles: photos.troubles,
        errors: mistakes,
        ..form_of(&ctx, typed, &community, photos.ids).await?
    };
    Ok(Page::new(&ctx, ctx.w.t("reports-form-title")).tab(Tab::Report).islands().invalid().render(form_page(page)))
}

/// The status page's address for whoever filed the report: without an account it carries the link token.
pub fn status_address(ctx: &Ctx, code: &str) -> String {
    match &ctx.actor {
        Some(_) => format!("/reports/{code}"),
        None => format!("/reports/{code}?t={}", ctx.app.secrets.link_token(LINK, code)),
    }
}

/// The link token in an address.
#[derive(Deserialize)]
pub struct Link {
    t: Option<String>,
}

impl Link {
    /// The token, if there is one.
    pub fn token(&self) -> Option<&str> {
        self.t.as_deref()
    }
}

/// The report with this code as people type it: small letters and spaces are fine.
pub async fn find(ctx: &Ctx, code: &str) -> std::result::Result<Report, Error> {
    let code = code.trim().to_ascii_uppercase();
    if !code.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err(Error::NotFound);
    }
    store::by_code(&ctx.app.db, &code).await?.ok_or(Error::NotFound)
}

/// `/me/reports`.
pub async fn mine(ctx: Ctx) -> Result {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::OwnThings)?;
    let reports = store::by_reporter(&ctx.app.db, &actor.id).await?;
    let brief = |report| {
        let mut brief = view::brief(&ctx, report, "/reports");
        // Beside the date: two marks at the end of a row leave no room for its name.
        if let Some(due) = brief.due.take().filter(|due| due.tone != Tone::Neutral) {
            brief.note = format!("{} · {}", brief.note, due.text);
        }
        brief
    };
    let briefs = reports.iter().map(brief).collect();
    Ok(Page::new(&ctx, ctx.w.t("reports-mine")).tab(Tab::Me).back("/me").render(mine_page(ctx.w, briefs)))
}
