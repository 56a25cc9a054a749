//! Pages of grids.

mod change;
mod forms;
mod show;

use crate::http::{Access, Ctx, Page, Routes};
use app::{people::Action, ui::shell::Tab};
use std::collections::BTreeMap;

/// The routes.
pub fn routes() -> Routes {
    let (read, manage) = (Access::Needs(Action::GridRead), Access::Needs(Action::GridManage));
    Routes::new()
        .get("/staff/grids", read, show::list)
        .get("/staff/grids/{code}", read, show::one)
        .get("/staff/grids/{code}/outline", manage, forms::outline)
        .post("/staff/grids/{code}/outline", manage, forms::draw)
        .get("/staff/grids/{code}/duty", manage, forms::duty)
        .post("/staff/grids/{code}/duty", manage, forms::change_duty)
        .get("/staff/grids/{code}/contacts/{building}", read, forms::contact)
        .post("/staff/grids/{code}/contacts/{building}", manage, forms::change_contact)
        .post("/staff/grids/{code}/contacts/{building}/phone", read, forms::number)
        .get("/staff/grids/{code}/change", manage, change::form)
        .post("/staff/grids/{code}/change", manage, change::plan)
        .post("/staff/grids/{code}/changes/{change}/withdraw", manage, change::withdraw)
}

type Errors = BTreeMap<&'static str, String>;

fn address(code: &str) -> String {
    format!("/staff/grids/{code}")
}

/// A page of this room: for staff among the pages of the net, for grid workers among their own.
fn page(ctx: &Ctx, title: String) -> Page<'_> {
    let staff = ctx.actor.as_ref().is_some_and(|actor| actor.works_as_staff());
    Page::new(ctx, title).tab(if staff { Tab::StaffNet } else { Tab::VolunteerTasks })
}

/// Where the list leads back to.
fn home(ctx: &Ctx) -> &'static str {
    if ctx.actor.as_ref().is_some_and(|actor| actor.works_as_staff()) { "/staff/net" } else { "/volunteer" }
}
