//! How long items really take: measured anew every hour from the counters' intervals.

use crate::{
    app_state::App,
    windows::store::measures::{self, Measured},
};
use app::{time::day_of, windows::statistics::percentile};
use jiff::Span;
use std::collections::BTreeMap;

/// So many days back.
const DAYS: i64 = 90;

/// Measures all items, at each hall and at all together. Running it again changes nothing.
pub async fn measure_items(app: &App) -> anyhow::Result<()> {
    let now = app.clock.now();
    let today = day_of(now);
    let from = today.checked_sub(Span::new().days(DAYS)).unwrap_or(today);
    let mut services: BTreeMap<(String, String), Vec<i64>> = BTreeMap::new();
    for (item, hall, length) in measures::services(&app.db, &from.to_string()).await? {
        services.entry((item.clone(), String::new())).or_default().push(length);
        services.entry((item, hall)).or_default().push(length);
    }
    let measured = services
        .into_iter()
        .filter_map(|(key, mut lengths)| {
            let served = i64::try_from(lengths.len()).unwrap_or(i64::MAX);
            let (p25, p75) = (percentile(&mut lengths, 25)?, percentile(&mut lengths, 75)?);
            Some((key, Measured { served, p25, p75 }))
        })
        .collect();
    let mut tx = app.db.begin().await?;
    measures::replace(&mut tx, &measured, now).await?;
    tx.commit().await?;
    Ok(())
}
