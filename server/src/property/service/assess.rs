//! Making assessments, and opening them.

use super::{Outcome, a_period, company, note, own_company};
use crate::{
    http::{Ctx, Error},
    property::store::assess::{self as store, Made},
};
use app::{
    people::Action,
    property::{
        assess::{Assessment, Change, Inputs, assess, changes},
        period::Period,
    },
};

/// Assesses a company for a period that is over; gives the assessment's id. From the same inputs it is the same assessment.
pub async fn make(ctx: &Ctx, company_id: &str, period: &str) -> Outcome<String> {
    let company = company(ctx, Action::PropertyManage, company_id).await?;
    let period = a_period(ctx, period)?;
    let inputs = store::gather(&ctx.app.db, &company.id, period).await?;
    let points = assess(&inputs).points;
    let mut tx = ctx.app.db.begin().await?;
    let by = &ctx.actor()?.id;
    let (id, new) = store::keep(&ctx.app.db, &mut tx, &company.id, (&inputs, points), by, ctx.now).await?;
    if new {
        let detail = serde_json::json!({ "period": inputs.period, "points": points });
        note(&mut tx, ctx, "property.assess", ("property_assessment", &id), detail).await?;
    }
    tx.commit().await?;
    Ok(id)
}

/// An assessment, opened: what it was made from, what that gives when it is calculated again, and what is another now.
pub struct Opened {
    /// As it was kept.
    pub made: Made,
    /// What it was made from.
    pub inputs: Inputs,
    /// That, calculated again.
    pub again: Assessment,
    /// The same with what the records say now.
    pub now: Assessment,
    /// What is another now.
    pub changes: Vec<Change>,
}

impl Opened {
    /// Whether calculating again gives exactly what was kept.
    pub fn is_exact(&self) -> bool {
        self.again.points == self.made.points
    }
}

async fn open(ctx: &Ctx, made: Made) -> Result<Opened, Error> {
    let inputs = made.inputs()?;
    let period = Period::parse(&made.period).ok_or_else(|| anyhow::anyhow!("a period that is none"))?;
    let current = store::gather(&ctx.app.db, &made.company_id, period).await?;
    Ok(Opened { again: assess(&inputs), now: assess(&current), changes: changes(&inputs, &current), inputs, made })
}

/// The assessment with this id, for staff.
pub async fn one(ctx: &Ctx, id: &str) -> Result<Opened, Error> {
    ctx.actor()?.require_somewhere(Action::PropertyRead)?;
    let made = store::by_id(&ctx.app.db, id).await?.ok_or(Error::NotFound)?;
    company(ctx, Action::PropertyRead, &made.company_id).await?;
    open(ctx, made).await
}

/// The same for who acts for its company.
pub async fn own(ctx: &Ctx, id: &str) -> Result<Opened, Error> {
    ctx.actor()?;
    let made = store::by_id(&ctx.app.db, id).await?.ok_or(Error::NotFound)?;
    own_company(ctx, &made.company_id).await?;
    open(ctx, made).await
}
