//! Consultations as a table: their options with the numbers that everybody may see, and nobody's voice.

use super::{
    service,
    store::{self, Consultation},
};
use crate::{
    app_state::App,
    exports::{
        service::{Asked, instant},
        sink::{Sink, Value},
    },
};
use app::consultations::{
    State,
    count::{self, Cell, Counted},
};
use jiff::Timestamp;

const COLUMNS: [&str; 13] = [
    "exports-column-organisation",
    "consultations-column-question",
    "exports-column-kind",
    "consultations-fact-voice",
    "exports-column-state",
    "exports-column-begin",
    "exports-column-end",
    "exports-column-households",
    "consultations-column-voices",
    "consultations-column-option",
    "exports-column-chose",
    "consultations-decision",
    "consultations-why",
];

/// Writes the consultations of the subtree that residents were first asked in the period, an option a row. How many chose what is
/// told when it is closed, as [`count::published`] tells it: files go from hand to hand, and two of one week must not say who spoke
/// between them.
pub async fn write(app: &App, asked: &Asked, sink: &mut Sink) -> anyhow::Result<()> {
    sink.row(COLUMNS.iter().map(|key| Value::Text(asked.w.t(key))).collect()).await?;
    let now = app.clock.now();
    for consultation in store::asked_within(&app.db, &asked.path, asked.span()).await? {
        let counted = service::counted(app, &consultation).await.map_err(|error| anyhow::anyhow!("{error}"))?;
        for row in rows(asked, &consultation, &counted, now) {
            sink.row(row).await?;
        }
    }
    Ok(())
}

/// Its options; one row without any where words are asked for.
fn rows(asked: &Asked, consultation: &Consultation, counted: &Counted, now: Timestamp) -> Vec<Vec<Value>> {
    let w = asked.w;
    let state = consultation.state_at(now);
    let open = state == State::Open;
    let told = count::published(consultation.kind(), counted).filter(|_| !open);
    let mut options: Vec<(String, Value)> = consultation
        .options()
        .iter()
        .enumerate()
        .map(|(at, option)| {
            let number = match told.as_ref().and_then(|cells| cells.get(at)) {
                Some(Cell::Number(number)) => Value::Whole(*number),
                Some(Cell::Untold) => Value::Text(w.t("consultations-untold")),
                None => Value::Text(String::new()),
            };
            (w.pick(&option.zh, &option.en).to_owned(), number)
        })
        .collect();
    if options.is_empty() {
        options.push((String::new(), Value::Text(String::new())));
    }
    let text = |text: &str| Value::Text(text.to_owned());
    options
        .into_iter()
        .map(|(option, number)| {
            vec![
                text(w.pick(&consultation.place, &consultation.place_en)),
                text(w.pick(&consultation.question, &consultation.question_en)),
                Value::Text(w.t(consultation.kind().key())),
                Value::Text(w.t(consultation.per().key())),
                Value::Text(w.t(state.key())),
                Value::Text(instant(consultation.opens_at().as_microsecond())),
                Value::Text(instant(consultation.closes_at().as_microsecond())),
                Value::Whole(consultation.households),
                Value::Whole(counted.spoke),
                Value::Text(option),
                number,
                text(&consultation.decision),
                text(&consultation.reason),
            ]
        })
        .collect()
}
