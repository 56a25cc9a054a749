//! The statutory calendar as a table: the days that are not what their day of the week says.

use super::calendar;
use crate::{
    app_state::App,
    exports::{
        service::Asked,
        sink::{Sink, Value},
    },
};
use app::time::NamedDay;

/// Writes the days off and the working days at weekends of the period, as they are known now, in their order.
pub async fn write(app: &App, asked: &Asked, sink: &mut Sink) -> anyhow::Result<()> {
    let w = asked.w;
    let columns = ["exports-column-day", "exports-column-kind", "exports-column-holiday", "calendar-source"];
    sink.row(columns.iter().map(|key| Value::Text(w.t(key))).collect()).await?;
    let (first, last) = asked.period;
    for (_, known) in calendar::known(&app.db).await? {
        let year = known.year;
        let off = year.off.into_iter().map(|day| (day, "calendar-off"));
        let mut days: Vec<(NamedDay, &str)> =
            off.chain(year.work.into_iter().map(|day| (day, "calendar-work"))).collect();
        days.retain(|(day, _)| first <= day.date && day.date <= last);
        days.sort_by_key(|(day, _)| day.date);
        for (day, kind) in days {
            let row = vec![
                Value::Text(day.date.to_string()),
                Value::Text(w.t(kind)),
                Value::Text(w.pick(&day.name, &day.name_en).to_owned()),
                Value::Text(year.source.clone()),
            ];
            sink.row(row).await?;
        }
    }
    Ok(())
}
