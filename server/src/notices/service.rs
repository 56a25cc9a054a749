//! Use cases of notices that other rooms and jobs ask for.

use crate::app_state::App;
use jiff::SignedDuration;

pub use super::{
    deliver::publish_scheduled,
    outgoing::{fan_out::fan_out, staff::not_delivered},
    reading::{emergency_for, newest_for_home, newest_titles},
    store::list::Concerned,
    writing::waiting,
};

/// Who signed up is kept for so many days after the activity; how many they were stays.
const SIGN_UPS_DAYS: i64 = 90;
/// A question that nobody else sees is kept for so many days after its answer.
const QUESTIONS_DAYS: i64 = 365;

/// Removes what residents told us for a purpose that is over.
pub async fn forget(app: &App) -> anyhow::Result<()> {
    let before = |days: i64| (app.clock.now() - SignedDuration::from_hours(24 * days)).as_microsecond();
    let mut tx = app.db.begin().await?;
    super::activity::store::forget_sign_ups(&mut tx, before(SIGN_UPS_DAYS)).await?;
    super::questions::store::forget(&mut tx, before(QUESTIONS_DAYS)).await?;
    tx.commit().await?;
    Ok(())
}
