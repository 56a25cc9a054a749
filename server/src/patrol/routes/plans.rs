//! Plans, for staff.

use crate::{
    clock,
    http::{Ctx, FormBody, Page, Params, Result, see_other_with},
    patrol::{
        plans::{self, Form},
        store::plans::Plan,
    },
};
use app::{
    patrol::{
        pages::plans::{self as plans_page, PlanForm, PlanPage, PlanRow, WalkRow, weekday},
        plan::{next_day, write_points},
    },
    people::Action,
    time,
    ui::shell::Tab,
};
use axum::{extract::Path, http::StatusCode};
use serde::Deserialize;
use std::collections::BTreeMap;

type Errors = BTreeMap<&'static str, String>;

/// What the forms of plans send.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PlanBody {
    grid: String,
    name: String,
    weekdays: Vec<String>,
    from: String,
    until: String,
    points: String,
    key: String,
    version: i64,
}

impl PlanBody {
    fn form(self) -> Form {
        let PlanBody { grid, name, weekdays, from, until, points, key, .. } = self;
        Form { grid, name, weekdays, from, until, points, key }
    }
}

fn days(ctx: &Ctx, weekdays: &str) -> String {
    if weekdays.len() == 7 {
        return ctx.w.t("patrol-daily");
    }
    let words: Vec<&str> = (1..=7_i8)
        .filter(|day| weekdays.contains(char::from(b'0' + day.unsigned_abs())))
        .map(|day| weekday(ctx.w, day))
        .collect();
    words.join(ctx.w.t("patrol-and").as_str())
}

pub(super) fn grid_of(ctx: &Ctx, plan: &Plan) -> String {
    let community = ctx.w.pick(&plan.community_name, &plan.community_name_en);
    format!("{community} · {}", ctx.w.pick(&plan.grid_name, &plan.grid_name_en))
}

/// Which plans are asked for: those of the grid with this code, or all.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Which {
    grid: String,
}

pub(super) async fn list(ctx: Ctx, Params(which): Params<Which>) -> Result {
    let w = ctx.w;
    let now = time::day_of(ctx.now);
    let mut all = plans::list(&ctx).await?;
    all.retain(|plan| which.grid.is_empty() || plan.grid_code == which.grid);
    let rows = all.into_iter().map(|plan| {
        let next = next_day(&plan.weekdays, plan.span(), now);
        PlanRow {
            href: format!("/staff/patrols/{}", plan.id),
            note: format!("{} · {}", grid_of(&ctx, &plan), days(&ctx, &plan.weekdays)),
            today: next == Some(now),
            next: match next {
                Some(day) if day == now => w.t("patrol-today"),
                Some(day) => w.tf("patrol-next", &[("day", time::date(w.lang, day).into())]),
                None => w.t("patrol-over"),
            },
            name: plan.name,
        }
    });
    let plans_here = !ctx.actor()?.scopes(Action::PatrolPlan).is_empty();
    let page = plans_page::list(w, rows.collect(), plans_here);
    Ok(Page::new(&ctx, w.t("patrol-title")).tab(Tab::StaffNet).back("/staff/net").render(page))
}

pub(super) async fn new(ctx: Ctx) -> Result {
    let form = Form { from: time::day_of(ctx.now).to_string(), key: clock::token(), ..Form::default() };
    show_new(&ctx, form, Errors::new()).await
}

async fn show_new(ctx: &Ctx, form: Form, errors: Errors) -> Result {
    let w = ctx.w;
    let grids = plans::grids(ctx).await?;
    let several = grids.first().zip(grids.last()).is_some_and(|(first, last)| first.parent_id != last.parent_id);
    let mut options = vec![(String::new(), w.t("patrol-grid-none"))];
    for grid in grids {
        let name = w.pick(&grid.name, &grid.name_en).to_owned();
        // Where several communities are in reach, the code tells which.
        options.push((grid.code.clone(), if several { format!("{name} · {}", grid.code) } else { name }));
    }
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = plans_page::form(PlanForm {
        w,
        action: "/staff/patrols/new".to_owned(),
        key: form.key,
        version: 0,
        grids: options,
        grid: form.grid,
        name: form.name,
        weekdays: form.weekdays,
        from: form.from,
        until: form.until,
        points: form.points,
        errors,
    });
    let answer = Page::new(ctx, w.t("patrol-make")).tab(Tab::StaffNet).back("/staff/patrols").status(status);
    Ok(answer.render(page))
}

pub(super) async fn make(ctx: Ctx, FormBody(body): FormBody<PlanBody>) -> Result {
    let form = body.form();
    match plans::make(&ctx, &form).await {
        Ok(id) => Ok(see_other_with(&ctx, &format!("/staff/patrols/{id}"), "flash-patrol-made")),
        Err(plans::Refused::Again) => Ok(see_other_with(&ctx, "/staff/patrols", "flash-patrol-made")),
        Err(plans::Refused::Invalid(errors)) => show_new(&ctx, form, errors.into_map()).await,
        Err(plans::Refused::Other(error)) => Err(error),
    }
}

pub(super) async fn one(ctx: Ctx, Path(id): Path<String>) -> Result {
    show(&ctx, &id, None, Errors::new()).await
}

async fn show(ctx: &Ctx, id: &str, typed: Option<Form>, errors: Errors) -> Result {
    let w = ctx.w;
    let plan = plans::one(ctx, id).await?;
    let plans::About { points, walks, found } = plans::about(ctx, &plan).await?;
    let here = format!("/staff/patrols/{id}");
    let (from, until) = plan.span();
    let span = match until {
        Some(until) => format!("{} – {}", time::date(w.lang, from), time::date(w.lang, until)),
        None => w.tf("patrol-since", &[("day", time::date(w.lang, from).into())]),
    };
    let facts = vec![
        (w.t("patrol-grid"), grid_of(ctx, &plan)),
        (w.t("patrol-weekdays"), days(ctx, &plan.weekdays)),
        (w.t("patrol-span"), span),
    ];
    let typed = typed.unwrap_or_else(|| Form {
        grid: plan.grid_code.clone(),
        name: plan.name.clone(),
        weekdays: plan.weekdays.chars().map(String::from).collect(),
        from: plan.from_day.clone(),
        until: plan.until_day.clone(),
        points: write_points(&points),
        key: String::new(),
    });
    let changes = ctx.actor()?.require(Action::PatrolPlan, &plan.path).is_ok();
    let over = until.is_some_and(|until| until < time::day_of(ctx.now));
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let walks = walks.into_iter().map(|walk| WalkRow {
        day: walk.day.parse().map_or_else(|_| walk.day.clone(), |day| time::date(w.lang, day)),
        looked: format!("{}/{}", walk.looked, walk.points),
        found: walk.found,
        done: walk.done_at.is_some(),
        reports: found.iter().filter(|found| found.day == walk.day).map(|found| found.code.clone()).collect(),
        note: walk.note,
    });
    let page = plans_page::one(PlanPage {
        w,
        facts,
        points,
        walks: walks.collect(),
        form: changes.then(|| PlanForm {
            w,
            action: here.clone(),
            key: String::new(),
            version: plan.version,
            grids: Vec::new(),
            grid: typed.grid,
            name: typed.name,
            weekdays: typed.weekdays,
            from: typed.from,
            until: typed.until,
            points: typed.points,
            errors,
        }),
        end: (changes && !over).then(|| (format!("{here}/end"), plan.version)),
    });
    Ok(Page::new(ctx, plan.name).tab(Tab::StaffNet).back("/staff/patrols").status(status).render(page))
}

pub(super) async fn change(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<PlanBody>) -> Result {
    let version = body.version;
    let form = body.form();
    match plans::change(&ctx, &id, version, &form).await {
        Ok(()) | Err(plans::Refused::Again) => {
            Ok(see_other_with(&ctx, &format!("/staff/patrols/{id}"), "flash-patrol-saved"))
        }
        Err(plans::Refused::Invalid(errors)) => show(&ctx, &id, Some(form), errors.into_map()).await,
        Err(plans::Refused::Other(error)) => Err(error),
    }
}

/// The version that was looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct EndBody {
    version: i64,
}

pub(super) async fn end(ctx: Ctx, Path(id): Path<String>, FormBody(body): FormBody<EndBody>) -> Result {
    plans::end(&ctx, &id, body.version).await?;
    Ok(see_other_with(&ctx, &format!("/staff/patrols/{id}"), "flash-patrol-ended"))
}
