//! Writes the stories down in few statements: rows, events, extensions.

use super::story::Story;
use crate::support::TestApp;
use app::reports::{State, Step};
use jiff::Timestamp;
use server::reports::statistics::counted;

/// Rows of one statement.
const LOT: usize = 400;

/// As SQL says it.
pub fn text(words: &str) -> String {
    format!("'{}'", words.replace('\'', "''"))
}

/// A text or NULL.
pub fn maybe(text_of: Option<&str>) -> String {
    text_of.map_or("NULL".to_owned(), text)
}

/// A number or NULL.
pub fn number(number: Option<i64>) -> String {
    number.map_or("NULL".to_owned(), |number| number.to_string())
}

fn at(instant: Option<Timestamp>) -> String {
    number(instant.map(Timestamp::as_microsecond))
}

/// Values of rows as [`insert`] takes them.
pub fn rows<T: AsRef<[String]>>(all: impl IntoIterator<Item = T>) -> Vec<String> {
    all.into_iter().map(|values| format!("({})", values.as_ref().join(", "))).collect()
}

/// Writes rows in few statements; `into` is the table with its columns, and each row its values in brackets.
pub async fn insert(test: &TestApp, into: &str, rows: Vec<String>) {
    for lot in rows.chunks(LOT) {
        let mut tx = test.app.db.begin().await.expect("begin");
        let sql = format!("INSERT INTO {into} VALUES {}", lot.join(", "));
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut *tx).await.expect("inserted");
        tx.commit().await.expect("commit");
    }
}

/// Writes them.
pub async fn all(test: &TestApp, stories: &[Story]) {
    let rows = stories.iter().map(|story| report(story, stories)).collect();
    insert(
        test,
        "report (id, code, idempotency_key, request_fingerprint, community_id, grid_id, building_id, path, category, \
         description, channel, state, owner_id, handled_by, verified_by, filed_at, due_at, owner_due_at, dispatched_at, \
         dispatch_from, dispatch_due_at, stopped_at, stopped_total, changed_at, closed_at, reworks, returns, reopened, stars, \
         rated_at, solved_on_spot, version, merged_into)",
        rows,
    )
    .await;
    let events = stories.iter().flat_map(events).collect();
    insert(
        test,
        "report_event (id, report_id, seq, at, actor_id, actor_kind, action, from_state, to_state, to_person_id, public_text)",
        events,
    )
    .await;
    let extensions = stories.iter().flat_map(extensions).collect();
    insert(
        test,
        "report_extension (id, report_id, level, asked_by, asked_at, hours, reason, decision, decided_by, decided_at)",
        extensions,
    )
    .await;
    while counted::count(&test.app, 200_000).await.expect("counted") > 0 {}
}

/// Id of a story's report.
pub fn id(story: &Story) -> String {
    format!("month-{:06}", story.number)
}

fn report(story: &Story, all: &[Story]) -> String {
    let state = story.state();
    let clocks = &story.clocks;
    let past = |states: &[State]| story.life.iter().any(|happened| states.contains(&happened.to));
    let handled = past(&[State::Handled]).then_some(story.handler.as_str());
    let verified = matches!(state, State::Verified | State::Closed).then_some(story.verifier.as_str());
    let rated = story.life.iter().rev().take_while(|happened| happened.step != Some(Step::Reopen));
    let rated = rated.into_iter().find(|happened| happened.step == Some(Step::Rate));
    let count = |step| i64::try_from(story.count(step)).expect("small").to_string();
    let values = [
        text(&id(story)),
        text(&format!("M{:07}", story.number)),
        text(&id(story)),
        text(""),
        text(&story.place.community),
        text(&story.place.grid),
        text(&story.place.building),
        text(&story.place.path),
        text(&story.category.code),
        text("楼道灯坏了，晚上看不见。"),
        text(story.channel),
        text(state.code()),
        maybe(state.has_owner().then_some(story.handler.as_str())),
        maybe(handled),
        maybe(verified),
        story.life[0].at.to_string(),
        at(clocks.due),
        at(clocks.owner_due),
        at(clocks.dispatched_at),
        at(clocks.dispatch_from),
        at(clocks.dispatch_due),
        at(clocks.stopped_at),
        i64::try_from(clocks.stopped_total.as_micros()).expect("small").to_string(),
        story.life.last().expect("filed").at.to_string(),
        number(story.over_at()),
        count(Step::VerifyFail),
        count(Step::Return),
        count(Step::Reopen),
        number(rated.map(|happened| happened.stars)),
        number(rated.map(|happened| happened.at)),
        i64::from(story.life[0].to == State::Handled).to_string(),
        story.life.len().to_string(),
        // Into the first one: it is there before all others.
        maybe((state == State::Merged).then(|| id(&all[0])).as_deref()),
    ];
    format!("({})", values.join(", "))
}

fn events(story: &Story) -> Vec<String> {
    let event = |(n, happened): (usize, &super::walk::Happened)| {
        let code = happened.step.map_or("file", Step::code);
        let (actor, kind) = match happened.to {
            State::Handled | State::InProgress | State::Suspended => (&story.handler, "handler"),
            _ => (&story.verifier, "staff"),
        };
        let sent = (happened.step == Some(Step::Dispatch)).then_some(story.handler.as_str());
        let from = if n == 0 { "" } else { happened.from.code() };
        // Stars are part of what the reporter said.
        let words = if happened.stars > 0 { happened.stars.to_string() } else { String::new() };
        format!(
            "({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {})",
            text(&format!("{}-{n}", id(story))),
            text(&id(story)),
            n + 1,
            happened.at,
            text(actor),
            text(kind),
            text(code),
            text(from),
            text(happened.to.code()),
            maybe(sent),
            text(&words),
        )
    };
    story.life.iter().enumerate().map(event).collect()
}

fn extensions(story: &Story) -> Vec<String> {
    let mut rows = Vec::new();
    for (n, asked) in story.life.iter().enumerate().filter(|(_, happened)| happened.step == Some(Step::ExtendAsk)) {
        let decided = story.life[n + 1..].iter().find_map(|happened| match happened.step {
            Some(Step::ExtendGrant | Step::ExtendGrantAbove) => Some(("granted", happened.at)),
            Some(Step::ExtendRefuse | Step::ExtendRefuseAbove | Step::Return | Step::Finish | Step::Suspend) => {
                Some(("refused", happened.at))
            }
            _ => None,
        });
        rows.push(format!(
            "({}, {}, {}, {}, {}, {}, '等配件', {}, {}, {})",
            text(&format!("{}-x{n}", id(story))),
            text(&id(story)),
            rows.len() + 1,
            text(&story.handler),
            asked.at,
            asked.hours,
            text(decided.map_or("", |(what, _)| what)),
            maybe(decided.map(|_| story.verifier.as_str())),
            number(decided.map(|(_, at)| at)),
        ));
    }
    rows
}
