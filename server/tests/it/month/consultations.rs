//! Questions to residents of every size of place, their voices online and on paper, and what staff decided on doors that look
//! alike, written as the room's own store writes them. `screens/consultations.rs` counts the voices.

use super::{
    calendar::{DAY, HOUR},
    walk::Dice,
    world::World,
    write::{insert, maybe, number, rows, text},
};
use crate::support::TestApp;
use std::collections::BTreeSet;

/// Who is asked.
const PLACES: [&str; 6] = ["lanxi", "tongyin", "wutong", "wutong", "xingwu", "wutong-g1"];
const KINDS: [&str; 4] = ["single", "multiple", "text", "choice_comment"];
const STATES: [&str; 8] = ["open", "draft", "open", "closed", "weighing", "answered", "answered", "withdrawn"];

/// A voice, as far as doors and choices go.
struct Voice {
    id: String,
    key: String,
    building: String,
    unit: &'static str,
    room: i64,
    choices: Vec<i64>,
    comment: &'static str,
    paper: bool,
}

/// So many questions, with up to `most` voices each.
pub async fn generate(test: &TestApp, world: &World, count: usize, most: i64) {
    let mut dice = Dice::new(0x2127_599b_f432_5c37);
    let (mut all, mut voices, mut pairs) = (Vec::new(), Vec::new(), Vec::new());
    for n in 0..count {
        let id = format!("00000000-0000-7000-8089-{n:012}");
        let (place, path) = &test.loaded.organisations[PLACES[n % PLACES.len()]];
        let (kind, state) = (*dice.pick(&KINDS), STATES[n % STATES.len()]);
        let voice = *dice.pick(&["person", "household"]);
        let created = (world.now - 20 * DAY - dice.below(20 * DAY)) / 1_000_000 * 1_000_000;
        // What is open has begun, will begin, or is over by its time.
        let opens = if dice.below(5) == 0 && state == "open" { world.now + DAY } else { created + HOUR };
        let closes = if state == "open" && dice.below(4) > 0 { world.now + 5 * DAY } else { world.now - 2 * DAY };
        let asked = state != "draft";
        let over = matches!(state, "answered" | "withdrawn");
        let options = if kind == "text" { 0 } else { 2 + dice.below(4) };
        let named: Vec<String> = (0..options).map(|at| format!("{{\"zh\":\"做法{at}\",\"en\":\"\"}}")).collect();
        let households: (i64,) = sqlx::query_as(
            "SELECT CAST(COALESCE(SUM(households), 0) AS BIGINT) FROM organisation WHERE kind = 'building' \
             AND substr(path, 1, length($1)) = $1",
        )
        .bind(path)
        .fetch_one(test.app.db.read())
        .await
        .expect("households");
        all.push([
            text(&id),
            text(place),
            text(path),
            text(&world.verifiers[0]),
            text(&id),
            text(&format!("南广场要不要改造？{n}")),
            text(kind),
            text(&format!("[{}]", named.join(","))),
            text(voice),
            opens.to_string(),
            closes.max(opens + HOUR).to_string(),
            text(state),
            number(asked.then_some(created)),
            if asked { households.0.to_string() } else { "0".to_owned() },
            text(if over { "按多数意见办" } else { "" }),
            number(over.then_some(world.now - DAY)),
            created.to_string(),
            created.to_string(),
        ]);
        if !asked || opens > world.now {
            continue;
        }
        let buildings: Vec<&String> =
            world.places.iter().filter(|one| one.path.starts_with(path)).map(|one| &one.building).collect();
        // Doors of few houses, so that some look alike; and now and then so few that no number is told.
        let spoken = if dice.below(4) == 0 { dice.below(10) } else { dice.below(most) };
        let said = said(&id, (voice, kind, options), &buildings[..buildings.len().min(3)], spoken, &mut dice);
        if matches!(state, "weighing" | "answered") {
            pairs.extend(decided(&id, &said, voice, world, &mut dice));
        }
        voices
            .extend((0..).zip(said).map(|(nth, voice)| row(&id, &voice, created + 2 * HOUR + nth * 60_000_000, world)));
    }
    let columns = "consultation (id, organisation_id, path, author_id, form_key, question, kind, options, voice, opens_at, \
                   closes_at, state, asked_at, households, reason, ended_at, created_at, updated_at)";
    insert(test, columns, rows(all)).await;
    let columns = "consultation_voice (id, consultation_id, voice_key, building_id, flat, choices, comment, channel, \
                   entered_by, first_at, changed_at)";
    insert(test, columns, rows(voices)).await;
    let columns = "consultation_pair (consultation_id, first_id, second_id, struck_id, reason, decided_by, decided_at)";
    insert(test, columns, rows(pairs)).await;
}

/// What is said: households speak once, people as often as they are.
fn said(
    id: &str,
    (voice, kind, options): (&str, &str, i64),
    buildings: &[&String],
    count: i64,
    dice: &mut Dice,
) -> Vec<Voice> {
    let (mut keys, mut all) = (BTreeSet::new(), Vec::new());
    for n in 0..count {
        let building = (*dice.pick(buildings)).clone();
        let (unit, room) = (*dice.pick(&["", "1-", "2-"]), 101 + dice.below(30));
        let key = if voice == "household" { format!("{building}:{unit}{room}") } else { format!("{id}-{n}") };
        if !keys.insert(key.clone()) {
            continue;
        }
        let first = dice.below(options.max(1));
        // One way is liked by few.
        let first = if first + 1 == options && dice.below(3) > 0 { 0 } else { first };
        let choices = match kind {
            "text" => Vec::new(),
            "multiple" => (0..options).filter(|at| *at == first || dice.below(3) == 0).collect(),
            _ => vec![first],
        };
        let words = matches!(kind, "text") || (kind == "choice_comment" && dice.below(3) == 0);
        all.push(Voice {
            id: format!("{id}-{n:05}"),
            key,
            building,
            unit,
            room,
            choices,
            comment: if words { "晚上太吵" } else { "" },
            paper: dice.below(4) == 0,
        });
    }
    all
}

/// Decisions on some of the pairs of doors that look alike.
fn decided(id: &str, said: &[Voice], voice: &str, world: &World, dice: &mut Dice) -> Vec<[String; 7]> {
    let mut all = Vec::new();
    for (nth, first) in said.iter().enumerate() {
        for second in &said[nth + 1..] {
            let door = first.building == second.building && first.room == second.room;
            let alike = match voice {
                "household" => first.unit.is_empty() != second.unit.is_empty(),
                _ => {
                    first.paper != second.paper
                        && (first.unit == second.unit || first.unit.is_empty() != second.unit.is_empty())
                }
            };
            if !door || !alike || dice.below(4) == 0 {
                continue;
            }
            let struck = match dice.below(3) {
                0 => None,
                1 => Some(first.id.as_str()),
                _ => Some(second.id.as_str()),
            };
            all.push([
                text(id),
                text(&first.id),
                text(&second.id),
                maybe(struck),
                text("同一户"),
                text(&world.verifiers[0]),
                (world.now - DAY).to_string(),
            ]);
        }
    }
    all
}

fn row(id: &str, voice: &Voice, at: i64, world: &World) -> [String; 11] {
    let choices: Vec<String> = voice.choices.iter().map(i64::to_string).collect();
    [
        text(&voice.id),
        text(id),
        text(&voice.key),
        text(&voice.building),
        text(&format!("{}{}", voice.unit, voice.room)),
        text(&format!("[{}]", choices.join(","))),
        text(voice.comment),
        text(if voice.paper { "paper" } else { "online" }),
        maybe(voice.paper.then(|| world.verifiers[0].as_str())),
        at.to_string(),
        at.to_string(),
    ]
}
