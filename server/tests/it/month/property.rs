//! Property companies with estates over generated communities, contracts, inspections, ratings and credit entries with appeals,
//! written as the room's own store writes them. `screens/property.rs` counts from the raw rows.

use super::{
    calendar::{DAY, HOUR, date},
    walk::Dice,
    world::World,
    write::{insert, maybe, number, rows, text},
};
use crate::support::TestApp;
use app::property::credit::{State, Step};

/// Companies.
const COMPANIES: usize = 3;
/// Estates: each is a generated community.
const ESTATES: i64 = 12;
/// Entries of each company.
const ENTRIES: usize = 8;

/// Id of a company.
pub fn company(n: usize) -> String {
    format!("00000000-0000-7000-8083-{n:012}")
}

/// Ids of all companies.
pub fn companies() -> Vec<String> {
    (0..COMPANIES).map(company).collect()
}

/// A contract: number of the company, first and last day.
type Contract = (usize, &'static str, &'static str);

/// The contracts of an estate: one changes its company within October, one has none any more then.
fn contracts(estate: usize) -> Vec<Contract> {
    let own = estate % COMPANIES;
    match estate {
        0 => vec![(own, "2024-01-01", "2026-10-15"), (own + 1, "2026-10-16", "2028-12-31")],
        5 => vec![(own, "2024-01-01", "2026-09-30")],
        _ => vec![(own, "2025-07-01", "2027-06-30")],
    }
}

/// Writes them.
pub async fn generate(test: &TestApp, world: &World) {
    let mut dice = Dice::new(0x8cb9_2ba7_2f3d_8dd7);
    let district = &test.loaded.organisations["lanxi"].1;
    let now = world.now.to_string();
    let all = companies().into_iter().enumerate().map(|(n, id)| {
        let registration = format!("91320200MA2MONTH{n:02}");
        [text(&id), text(district), text(&format!("和苑物业{n}")), text(&registration), text(&id), now.clone()]
    });
    insert(test, "property_company (id, path, name, registration, form_key, created_at)", rows(all)).await;
    let places: Vec<(String, String)> = sqlx::query_as(
        "SELECT id, path FROM organisation WHERE kind = 'community' AND code LIKE 'm%' ORDER BY path LIMIT $1",
    )
    .bind(ESTATES)
    .fetch_all(test.app.db.read())
    .await
    .expect("communities");
    let estates: Vec<(String, &(String, String))> =
        places.iter().enumerate().map(|(n, place)| (format!("00000000-0000-7000-8084-{n:012}"), place)).collect();
    let all = estates.iter().enumerate().map(|(n, (id, (community, path)))| {
        [text(id), text(community), text(path), text(&format!("新苑{n}")), text(id), now.clone()]
    });
    insert(test, "property_estate (id, community_id, path, name, form_key, created_at)", rows(all)).await;
    let all = estates.iter().flat_map(|(id, (community, _))| {
        let inside = world.places.iter().filter(move |place| place.community == *community);
        inside.map(move |place| [text(&place.building), text(id)])
    });
    insert(test, "property_building (building_id, estate_id)", rows(all)).await;
    let all = estates.iter().enumerate().flat_map(|(n, (id, _))| {
        let now = now.clone();
        contracts(n).into_iter().enumerate().map(move |(nth, (who, from, until))| {
            [text(&format!("{id}-{nth}")), text(id), text(&company(who)), text(from), text(until), now.clone()]
        })
    });
    let columns = "property_contract (id, estate_id, company_id, from_day, until_day, created_at)";
    insert(test, columns, rows(all)).await;
    judged(test, world, &estates.into_iter().map(|(id, _)| id).collect::<Vec<_>>(), &mut dice).await;
    entries(test, world, &mut dice).await;
}

/// Whose contract holds on a day.
fn company_on(estate: usize, day: &str) -> Option<String> {
    let holds = |(_, from, until): &Contract| (*from..=*until).contains(&day);
    contracts(estate).into_iter().find(holds).map(|(who, ..)| company(who))
}

/// Inspections and ratings.
async fn judged(test: &TestApp, world: &World, estates: &[String], dice: &mut Dice) {
    let (mut inspections, mut ratings) = (Vec::new(), Vec::new());
    for (n, estate) in estates.iter().enumerate() {
        for day in ["2026-09-20", "2026-10-07", "2026-10-28", "2026-11-03"] {
            let Some(who) = company_on(n, day) else { continue };
            let id = format!("{estate}-{day}");
            inspections.push([
                text(&id),
                text(estate),
                text(&who),
                text(day),
                (60 + dice.below(41)).to_string(),
                text("[]"),
                text(&world.verifiers[0]),
                text(&id),
                world.now.to_string(),
            ]);
        }
        // Some have too few to be counted; those of another quarter never are.
        for (quarter, day, count) in
            [("2026-Q2", "2026-06-30", 6), ("2026-Q3", "2026-09-30", [6, 8, 4][(n / COMPANIES) % 3])]
        {
            let Some(who) = company_on(n, day) else { continue };
            for phone in test.loaded.residents.iter().take(count) {
                let stars = 1 + dice.below(5);
                let person = &test.loaded.people[phone];
                ratings.push([
                    text(estate),
                    text(quarter),
                    text(person),
                    text(&who),
                    stars.to_string(),
                    world.now.to_string(),
                ]);
            }
        }
    }
    let columns =
        "property_inspection (id, estate_id, company_id, day, points, findings, made_by, form_key, created_at)";
    insert(test, columns, rows(inspections)).await;
    let columns = "property_rating (estate_id, quarter, person_id, company_id, stars, rated_at)";
    insert(test, columns, rows(ratings)).await;
}

/// A step of an entry: when, what, where it led, points after it, by which of the staff.
type Taken = (i64, Step, State, i64, usize);

fn chosen(state: State, answered: bool, dice: &mut Dice) -> Option<Step> {
    let n = dice.below(100);
    Some(match state {
        State::Proposed => match n {
            0..8 => return None,
            8..50 if !answered => Step::Answer,
            8..20 => Step::Drop,
            _ => Step::Publish,
        },
        State::Published if n < 50 => Step::Appeal,
        State::Appealed => match n {
            0..10 => return None,
            10..40 => Step::Uphold,
            40..70 => Step::Change,
            _ => Step::Revoke,
        },
        _ => return None,
    })
}

fn live(proposed: i64, points: i64, now: i64, dice: &mut Dice) -> Vec<Taken> {
    let mut life = vec![(proposed, Step::Propose, State::Proposed, points, 0)];
    let (mut at, mut state, mut points, mut answered) = (proposed, State::Proposed, points, false);
    while let Some(step) = chosen(state, answered, dice) {
        at += (1 + dice.below(14 * DAY / 1_000_000)) * 1_000_000;
        if at >= now {
            break;
        }
        state = step.after(state).unwrap_or_else(|| panic!("{state:?} {step:?} does not fit"));
        answered |= step == Step::Answer;
        if step == Step::Change {
            points /= 2;
        }
        let by = match step {
            Step::Publish | Step::Drop => 1,
            _ => 2,
        };
        life.push((at, step, state, points, by));
    }
    life
}

/// Credit entries with their steps.
async fn entries(test: &TestApp, world: &World, dice: &mut Dice) {
    let district = &test.loaded.organisations["lanxi"].1;
    let (mut all, mut events) = (Vec::new(), Vec::new());
    let companies = companies();
    let each = companies.iter().enumerate().flat_map(|one| std::iter::repeat_n(one, ENTRIES));
    for (n, (nth, who)) in each.enumerate() {
        let id = format!("00000000-0000-7000-8085-{n:012}");
        let proposed = (world.now - HOUR - DAY - dice.below(100 * DAY)) / 1_000_000 * 1_000_000;
        let first = if dice.below(4) == 0 { 1 + dice.below(6) } else { -1 - dice.below(15) };
        let from = *dice.pick(&["2026-07-01", "2026-09-01", "2026-10-10"]);
        let until = *dice.pick(&["2026-10-20", "2026-11-30", "2027-05-31", "2027-05-31"]);
        // One company is on the black list.
        let severe = nth == 2 && n % ENTRIES == 0;
        let life = live(proposed, first, world.now, dice);
        let last = *life.last().expect("proposed");
        let at = |step: Step| life.iter().find(|taken| taken.1 == step).map(|taken| taken.0);
        let published = at(Step::Publish);
        let decided = life.iter().rfind(|taken| !taken.1.is_companys() && taken.1 != Step::Propose);
        let day_of = |at: Option<i64>| text(&at.map(date).unwrap_or_default());
        all.push([
            text(&id),
            text(who),
            text(district),
            text("迟修"),
            text("reports"),
            text("依据"),
            text("证据"),
            last.3.to_string(),
            first.to_string(),
            i64::from(severe).to_string(),
            text(from),
            text(until),
            text(last.2.code()),
            text(&world.verifiers[0]),
            proposed.to_string(),
            text(&date(proposed + 7 * DAY)),
            number(at(Step::Answer)),
            maybe(decided.map(|taken| world.verifiers[taken.4].as_str())),
            number(decided.map(|taken| taken.0)),
            day_of(published),
            day_of(published.map(|at| at + 15 * DAY)),
            life.len().to_string(),
            text(&id),
        ]);
        events.extend(life.iter().enumerate().map(|(seq, (at, step, to, points, by))| {
            [
                text(&id),
                (seq + 1).to_string(),
                at.to_string(),
                text(&world.verifiers[*by]),
                text(step.code()),
                text(to.code()),
                points.to_string(),
                text("理由"),
            ]
        }));
    }
    insert(
        test,
        "property_entry (id, company_id, path, title, source, basis, evidence, points, first_points, severe, from_day, \
         until_day, state, proposed_by, proposed_at, answer_due, answered_at, decided_by, decided_at, published_day, \
         appeal_due, version, form_key)",
        rows(all),
    )
    .await;
    let columns = "property_entry_event (entry_id, seq, at, by_id, step, to_state, points, text)";
    insert(test, columns, rows(events)).await;
}
