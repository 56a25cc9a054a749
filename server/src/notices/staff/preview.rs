//! A notice as a resident of one building sees it: the very page, in the frame that they get, before it goes out.

use crate::{
    http::{Ctx, Error, Page, Params, Result},
    notices::{
        activity, reading,
        store::{self, list},
        view, writing,
    },
    places::{self, OrganisationKind},
};
use app::{
    i18n::{Lang, Words},
    notices::{
        Looking, Standing, concerns,
        pages::{self, NoticeAnswers, SeenBy, SignUpPart},
    },
    ui::shell::{Size, Tab},
};
use axum::extract::Path;
use leptos::prelude::IntoAny;
use serde::Deserialize;

/// Whose eyes, which type, which language.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::notices) struct PreviewQuery {
    /// Code of a building; without it one that the notice is for.
    building: String,
    /// `large` or `ordinary`.
    size: String,
    /// A language's tag; without it the reader's.
    #[serde(rename = "in")]
    language: String,
}

pub(in crate::notices) async fn show(ctx: Ctx, Path(id): Path<String>, Params(query): Params<PreviewQuery>) -> Result {
    let notice = writing::for_reading(&ctx, &id).await?;
    let db = &ctx.app.db;
    let aims: Vec<String> = store::aims_of(db, &[&id]).await?.into_iter().map(|aim| aim.path).collect();
    let buildings = places::store::under(db, &notice.source_path, OrganisationKind::Building).await?;
    let chosen = match query.building.as_str() {
        "" => buildings.iter().find(|b| aims.iter().any(|aim| b.path.starts_with(aim))).or(buildings.first()),
        code => buildings.iter().find(|building| building.code == code),
    };
    let chosen = chosen.ok_or(Error::NotFound)?;
    let mut community = None;
    for above in places::store::under(db, &notice.source_path, OrganisationKind::Community).await? {
        if chosen.path.starts_with(&above.path) {
            community = Some(above);
        }
    }
    let w = Words::new(Lang::from_tag(&query.language).unwrap_or(ctx.w.lang));
    let out_at = notice.published_at().or(notice.publish_at()).map_or(ctx.now, |at| at.max(ctx.now));
    let mut shown = view::of_notice(&ctx.app, w, &notice, ctx.now).await?;
    shown.published_at = shown.published_at.or(Some(ctx.now));
    let address = ctx.app.config.public_url.join(&format!("/notices/{id}")).map_err(anyhow::Error::new)?;
    shown.address = Some(address.to_string());
    let large = query.size == "large";
    let micros = |at: jiff::Timestamp| at.as_microsecond();
    let seen = SeenBy {
        reached: concerns(
            Looking::LivesAt(&chosen.path),
            &aims,
            micros(out_at),
            notice.expires_at().map(micros),
            micros(out_at),
        ),
        buildings: buildings.iter().map(|b| (b.code.clone(), ctx.w.pick(&b.name, &b.name_en).to_owned())).collect(),
        building: chosen.code.clone(),
        name: ctx.w.pick(&chosen.name, &chosen.name_en).to_owned(),
        large,
        lang: w.lang.tag().to_owned(),
        id,
    };
    // The frame of somebody from there who is not staff.
    let mut resident = ctx.clone();
    resident.w = w;
    resident.size = if large { Size::Large } else { Size::Ordinary };
    resident.actor = None;
    resident.unread = 0;
    resident.flash = None;
    let lives_at = [chosen.id.as_str(), community.as_ref().map_or("", |community| community.id.as_str())];
    let concerned = list::Concerned { looks_at: "", lives_at };
    resident.emergency = reading::emergency_for(&ctx.app, w, concerned, ctx.now).await?;
    resident.emergency.take_if(|band| band.href.ends_with(&notice.id));
    resident.community = community;
    let plan = activity::store::plan(db, &notice.id).await?.map(|(_, plan)| plan).filter(|plan| plan.seats > 0);
    let sign_up = plan.map(|plan| SignUpPart {
        notice: String::new(),
        standing: Standing {
            seats: plan.seats,
            taken: 0,
            until: plan.until,
            starts_at: plan.starts_at,
            cancelled: false,
        },
        most: plan.most,
        waiting: (0, 0),
        mine: None,
        signed_in: false,
        elsewhere: None,
    });
    let answers = NoticeAnswers { confirm: None, sign_up, questions: None };
    let body = (pages::notice(w, ctx.now, shown, answers).into_any(), pages::seen_by(ctx.w, seen).into_any());
    Ok(Page::new(&resident, w.pick(&notice.title, &notice.title_en)).tab(Tab::Home).back("/notices").render(body))
}
