//! What is done with plans: staff write them, grid workers walk them.

use super::store::{
    found::{self, Found},
    plans::{self as store, New, Plan, Walk},
};
use crate::{
    audit::{self, By},
    db::Tx,
    http::{Ctx, Error, FieldErrors},
    places::{self, Organisation, OrganisationKind},
};
use app::{
    patrol::plan::{MAX_NAME, MAX_NOTE, Point, is_due, read_points, read_weekdays},
    people::Action,
    time,
};
use jiff::civil::Date;

/// Why a form was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Something in it.
    #[error("the form has mistakes")]
    Invalid(FieldErrors),
    /// This form has made its plan before.
    #[error("made before")]
    Again,
    /// Anything else.
    #[error(transparent)]
    Other(#[from] Error),
}

impl From<sqlx::Error> for Refused {
    fn from(error: sqlx::Error) -> Refused {
        Refused::Other(error.into())
    }
}

/// A plan as a form describes it.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// Code of the grid; a plan that is there keeps its own.
    pub grid: String,
    /// Name.
    pub name: String,
    /// Days, `1` to `7`.
    pub weekdays: Vec<String>,
    /// First day.
    pub from: String,
    /// Last day, or empty.
    pub until: String,
    /// Points, one a line.
    pub points: String,
    /// One form makes one.
    pub key: String,
}

struct Checked {
    name: String,
    weekdays: String,
    from: String,
    until: String,
    points: Vec<Point>,
}

fn check(ctx: &Ctx, form: &Form) -> Result<Checked, FieldErrors> {
    let w = ctx.w;
    let mut errors = FieldErrors::new();
    let name = form.name.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME || name.chars().any(char::is_control) {
        errors.add("name", w.t("patrol-error-name"));
    }
    let weekdays = read_weekdays(&form.weekdays);
    if weekdays.is_none() {
        errors.add("weekdays", w.t("patrol-error-weekdays"));
    }
    let day = |text: &str| text.trim().parse::<Date>().ok().filter(|day| (2020..2100).contains(&day.year()));
    let from = day(&form.from);
    if from.is_none() {
        errors.add("from", w.t("patrol-error-day"));
    }
    let until = if form.until.trim().is_empty() { None } else { Some(day(&form.until)) };
    match (from, until) {
        (_, Some(None)) => errors.add("until", w.t("patrol-error-day")),
        (Some(from), Some(Some(until))) if until < from => errors.add("until", w.t("patrol-error-until")),
        _ => {}
    }
    let points = read_points(&form.points);
    if let Err(key) = points {
        errors.add("points", w.t(key));
    }
    match (weekdays, from, points) {
        (Some(weekdays), Some(from), Ok(points)) if errors.is_empty() => Ok(Checked {
            name: name.to_owned(),
            weekdays,
            from: from.to_string(),
            until: until.flatten().map(|day| day.to_string()).unwrap_or_default(),
            points,
        }),
        _ => Err(errors),
    }
}

async fn note(tx: &mut Tx, ctx: &Ctx, action: &str, id: &str) -> Result<(), Error> {
    let entry = audit::Entry {
        by: By::Person(&ctx.actor()?.id),
        action,
        object_kind: "patrol_plan",
        object_id: id,
        detail: serde_json::json!({}),
        request_id: &ctx.request_id,
    };
    Ok(audit::write(tx, entry, ctx.now).await?)
}

/// The plans of the reader's places: of a community, or of all of a street or the district.
pub async fn list(ctx: &Ctx) -> Result<Vec<Plan>, Error> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::NetRead)?;
    in_scopes(ctx, &actor.scopes(Action::NetRead)).await
}

async fn in_scopes(ctx: &Ctx, scopes: &[&str]) -> Result<Vec<Plan>, Error> {
    let mut all: Vec<Plan> = Vec::new();
    for scope in scopes {
        for plan in store::under(&ctx.app.db, scope).await? {
            if all.iter().all(|one| one.id != plan.id) {
                all.push(plan);
            }
        }
    }
    Ok(all)
}

/// The grids for which the reader may plan.
pub async fn grids(ctx: &Ctx) -> Result<Vec<Organisation>, Error> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::PatrolPlan)?;
    let mut all = Vec::new();
    for scope in actor.scopes(Action::PatrolPlan) {
        all.extend(places::store::under(&ctx.app.db, scope, OrganisationKind::Grid).await?);
    }
    Ok(all)
}

/// A plan for staff and supervisors.
pub async fn one(ctx: &Ctx, id: &str) -> Result<Plan, Error> {
    ctx.actor()?.require_somewhere(Action::NetRead)?;
    let plan = store::by_id(&ctx.app.db, id).await?.ok_or(Error::NotFound)?;
    ctx.actor()?.require(Action::NetRead, &plan.path)?;
    Ok(plan)
}

/// A plan for those who may change it.
pub async fn editable(ctx: &Ctx, id: &str) -> Result<Plan, Error> {
    ctx.actor()?.require_somewhere(Action::PatrolPlan)?;
    let plan = one(ctx, id).await?;
    ctx.actor()?.require(Action::PatrolPlan, &plan.path)?;
    Ok(plan)
}

/// A plan with its points, its last days, and the reports that were filed on them.
pub struct About {
    /// Where to look now.
    pub points: Vec<Point>,
    /// Days on which it was walked, newest first.
    pub walks: Vec<Walk>,
    /// Reports, by day and point.
    pub found: Vec<Found>,
}

/// What staff see of a plan.
pub async fn about(ctx: &Ctx, plan: &Plan) -> Result<About, Error> {
    let db = &ctx.app.db;
    let walks = store::walks(db, &plan.id).await?;
    let found = match walks.last() {
        Some(first) => found::of_plan(db, &plan.id, &first.day).await?,
        None => Vec::new(),
    };
    Ok(About { points: store::points(db, &plan.id, plan.version).await?, walks, found })
}

/// Reports that were filed from the plan's points today, for whoever walks it.
pub async fn found_today(ctx: &Ctx, plan: &Plan) -> Result<Vec<Found>, Error> {
    ctx.actor()?.require(Action::ReportCollect, &plan.path)?;
    Ok(found::of_plan(&ctx.app.db, &plan.id, &time::day_of(ctx.now).to_string()).await?)
}

/// Makes a plan; gives its id.
pub async fn make(ctx: &Ctx, form: &Form) -> Result<String, Refused> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::PatrolPlan)?;
    // One that has ended is not among them.
    let grid = grids(ctx).await?.into_iter().find(|place| place.code == form.grid);
    let checked = check(ctx, form);
    let (Some(grid), Ok(checked)) = (&grid, &checked) else {
        let mut errors = checked.err().unwrap_or_default();
        if grid.is_none() {
            errors.add("grid", ctx.w.t("patrol-error-grid"));
        }
        return Err(Refused::Invalid(errors));
    };
    if form.key.is_empty() || form.key.len() > 100 {
        return Err(Error::BadRequest("the form's key is missing".into()).into());
    }
    let community = grid.parent_id.as_deref().ok_or(Error::NotFound)?;
    let mut tx = ctx.app.db.begin().await?;
    let new = New {
        place: (community, &grid.id),
        path: &grid.path,
        name: &checked.name,
        weekdays: &checked.weekdays,
        days: (&checked.from, &checked.until),
        points: &checked.points,
        form_key: &format!("{}:{}", actor.id, form.key),
        by: &actor.id,
    };
    let Some(id) = store::insert(&mut tx, new, ctx.now).await? else { return Err(Refused::Again) };
    note(&mut tx, ctx, "patrol.make", &id).await?;
    tx.commit().await?;
    Ok(id)
}

/// Changes a plan that still is as the reader saw it. What was looked at before keeps its points.
pub async fn change(ctx: &Ctx, id: &str, version: i64, form: &Form) -> Result<(), Refused> {
    editable(ctx, id).await?;
    let checked = check(ctx, form).map_err(Refused::Invalid)?;
    let mut tx = ctx.app.db.begin().await?;
    let words = (checked.name.as_str(), checked.weekdays.as_str());
    let days = (checked.from.as_str(), checked.until.as_str());
    if !store::change(&mut tx, (id, version), words, days, &checked.points).await? {
        return Err(Error::Conflict("error-conflict-text").into());
    }
    note(&mut tx, ctx, "patrol.change", id).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends a plan: yesterday was its last day.
pub async fn end(ctx: &Ctx, id: &str, version: i64) -> Result<(), Error> {
    let plan = editable(ctx, id).await?;
    let points = store::points(&ctx.app.db, id, plan.version).await?;
    let yesterday = time::day_of(ctx.now).yesterday().map_err(anyhow::Error::new)?;
    let (from, _) = plan.span();
    let days = (from.min(yesterday).to_string(), yesterday.to_string());
    let mut tx = ctx.app.db.begin().await?;
    let words = (plan.name.as_str(), plan.weekdays.as_str());
    if !store::change(&mut tx, (id, version), words, (&days.0, &days.1), &points).await? {
        return Err(Error::Conflict("error-conflict-text"));
    }
    note(&mut tx, ctx, "patrol.end", id).await?;
    tx.commit().await?;
    Ok(())
}

/// A plan for whoever walks it today.
pub struct Today {
    /// The plan.
    pub plan: Plan,
    /// Where to look: of the day's version where the day has begun.
    pub points: Vec<Point>,
    /// How the points looked: position and state.
    pub looks: Vec<(i64, String)>,
    /// The day's walk.
    pub walk: Option<Walk>,
    /// It is walked today.
    pub due: bool,
}

/// Whether a plan is walked today.
pub fn due_today(ctx: &Ctx, plan: &Plan) -> bool {
    is_due(&plan.weekdays, plan.span(), time::day_of(ctx.now))
}

/// Today's plans in the reader's grids.
pub async fn today(ctx: &Ctx) -> Result<Vec<Today>, Error> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::ReportCollect)?;
    let mut all = Vec::new();
    for plan in in_scopes(ctx, &actor.scopes(Action::ReportCollect)).await? {
        if due_today(ctx, &plan) {
            all.push(of_today(ctx, plan).await?);
        }
    }
    Ok(all)
}

/// A plan for a grid worker of its grid.
pub async fn walk(ctx: &Ctx, id: &str) -> Result<Today, Error> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::ReportCollect)?;
    let plan = store::by_id(&ctx.app.db, id).await?.ok_or(Error::NotFound)?;
    actor.require(Action::ReportCollect, &plan.path)?;
    of_today(ctx, plan).await
}

async fn of_today(ctx: &Ctx, plan: Plan) -> Result<Today, Error> {
    let db = &ctx.app.db;
    let walk = store::walk(db, &plan.id, &time::day_of(ctx.now).to_string()).await?;
    let version = walk.as_ref().map_or(plan.version, |walk| walk.plan_version);
    let looks = match &walk {
        Some(walk) => store::looks(db, &walk.id).await?,
        None => Vec::new(),
    };
    Ok(Today { points: store::points(db, &plan.id, version).await?, due: due_today(ctx, &plan), looks, walk, plan })
}

/// Writes down how a point looks today: `fine` or `found`.
pub async fn look(ctx: &Ctx, id: &str, position: i64, state: &str) -> Result<(), Error> {
    let Today { plan, due, .. } = walk(ctx, id).await?;
    if !matches!(state, "fine" | "found") {
        return Err(Error::BadRequest("state: fine or found".into()));
    }
    if !due {
        return Err(Error::Conflict("patrol-not-today"));
    }
    let by = &ctx.actor()?.id;
    let day = time::day_of(ctx.now).to_string();
    let mut tx = ctx.app.db.begin().await?;
    let (walk_id, version, done) = store::begin(&mut tx, (id, plan.version), &day, by, ctx.now).await?;
    if done {
        return Err(Error::Conflict("patrol-conflict-done"));
    }
    if !store::look(&mut tx, (&walk_id, id, version), position, state, ctx.now).await? {
        return Err(Error::NotFound);
    }
    note(&mut tx, ctx, "patrol.look", id).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends today's walk, with a note where there is something to say. Twice is once.
pub async fn finish(ctx: &Ctx, id: &str, words: &str) -> Result<(), Refused> {
    let Today { plan, due, .. } = walk(ctx, id).await?;
    let words = words.trim();
    if words.chars().count() > MAX_NOTE || words.chars().any(|c| c.is_control() && c != '\n' && c != '\r') {
        let mut errors = FieldErrors::new();
        errors.add("note", ctx.w.t("patrol-error-note"));
        return Err(Refused::Invalid(errors));
    }
    if !due {
        return Err(Error::Conflict("patrol-not-today").into());
    }
    let by = &ctx.actor()?.id;
    let day = time::day_of(ctx.now).to_string();
    let mut tx = ctx.app.db.begin().await?;
    let (walk_id, ..) = store::begin(&mut tx, (id, plan.version), &day, by, ctx.now).await?;
    if store::end(&mut tx, &walk_id, words, ctx.now).await? {
        note(&mut tx, ctx, "patrol.finish", id).await?;
    }
    tx.commit().await?;
    Ok(())
}
