//! The hold of the time that is booked.

use super::TimeOffer;
use crate::{
    db::Tx,
    windows::store::{Hall, Hold, Keeper, holds},
};
use jiff::Timestamp;

/// The first of these holds that is the keeper's and of this time.
pub(super) fn of_this_time<'a>(
    holds: impl IntoIterator<Item = &'a Hold>,
    (hall, time): (&Hall, &TimeOffer),
    keeper: &Keeper,
) -> Option<&'a Hold> {
    holds
        .into_iter()
        .find(|hold| hold.hall_id == hall.id && hold.starts_at == time.starts_at.as_microsecond() && hold.is_of(keeper))
}

/// Ends the keeper's hold of this time, if one stands, and gives it.
pub(in crate::windows::service) async fn use_hold(
    tx: &mut Tx,
    hall: &Hall,
    keeper: &Keeper,
    time: &TimeOffer,
    now: Timestamp,
) -> Result<Option<Hold>, sqlx::Error> {
    let holds = holds::of_keepers(tx, &[keeper], now).await?;
    match of_this_time(&holds, (hall, time), keeper) {
        Some(hold) => holds::end(tx, &hold.id, now).await,
        None => Ok(None),
    }
}
