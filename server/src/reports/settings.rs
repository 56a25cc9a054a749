//! What staff and admins set for reports: the page that leads to each setting, and the organisations for which they may.

use crate::{
    http::{Ctx, Error, Page, Result},
    places::{self, Organisation, OrganisationKind},
};
use app::{people::Action, reports::pages::settings_page, ui::shell::Tab};

/// Organisations shown to choose from, at most.
const MOST: usize = 200;

/// Districts, streets and communities for which the reader may change settings, from above to below.
pub async fn places(ctx: &Ctx) -> std::result::Result<Vec<Organisation>, Error> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::ReportSettings)?;
    let mut found: Vec<Organisation> = Vec::new();
    for scope in actor.scopes(Action::ReportSettings) {
        for kind in [OrganisationKind::District, OrganisationKind::Subdistrict, OrganisationKind::Community] {
            for place in places::store::under(&ctx.app.db, scope, kind).await? {
                if found.len() < MOST && !found.iter().any(|other| other.id == place.id) {
                    found.push(place);
                }
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// The organisation with this code, if the reader may change its settings; without a code the first they may.
pub async fn chosen(ctx: &Ctx, code: &str) -> std::result::Result<Organisation, Error> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::ReportSettings)?;
    if code.is_empty() {
        return places(ctx).await?.into_iter().next().ok_or(Error::Forbidden);
    }
    let place = places::store::by_code(&ctx.app.db, code).await?.ok_or(Error::NotFound)?;
    actor.require(Action::ReportSettings, &place.path)?;
    let kinds = [OrganisationKind::District, OrganisationKind::Subdistrict, OrganisationKind::Community];
    if kinds.iter().any(|kind| kind.code() == place.kind) { Ok(place) } else { Err(Error::NotFound) }
}

/// `/staff/reports/settings`: the way to each setting.
pub async fn show(ctx: Ctx) -> Result {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::ReportSettings)?;
    let categories = actor.require_somewhere(Action::CategoryManage).is_ok();
    let view = settings_page(ctx.w, categories);
    Ok(Page::new(&ctx, ctx.w.t("reports-settings")).tab(Tab::StaffReports).back("/staff/reports").render(view))
}
