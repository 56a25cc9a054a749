//! What ends when somebody deletes their account.

use super::{CancelError, CancelRequest, cancel, leave as leave_list, mine};
use crate::http::{Ctx, Result};

/// Cancels what the signed-in person has booked and what has not begun, and leaves the waiting lists they are on. A visit that
/// goes on stays as it is.
pub async fn end_all_of(ctx: &Ctx) -> Result<()> {
    let mine = mine(ctx).await?;
    let request = CancelRequest { late: true, ..CancelRequest::default() };
    for (appointment, _) in &mine.upcoming {
        match cancel(ctx, &appointment.code, &request).await {
            Ok(_) | Err(CancelError::TooLate | CancelError::NotStanding) => {}
            Err(CancelError::Http(error)) => return Err(error),
        }
    }
    for (entry, _) in &mine.waiting {
        leave_list(ctx, &entry.id).await?;
    }
    Ok(())
}
