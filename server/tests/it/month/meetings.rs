//! Joint meetings: ballots that members vote in by the product's own steps, with a list of what they voted, since of a secret
//! ballot nothing else tells; and sessions of the past with their roll calls and resolutions, written as the room's own store
//! writes them. `screens/meetings.rs` counts them.

use super::{
    calendar::{DAY, HOUR, date},
    walk::Dice,
    world::World,
    write::{insert, number, rows, text},
};
use crate::{
    meetings::{MEMBERS, add_member, sent, session, vote},
    support::TestApp,
};
use app::meetings::{Onlooker, ResolutionState, ResolutionStep};
use server::clock;

/// Staff of 梧桐.
const STAFF: &str = "19900000031";

/// A ballot and what was voted in it.
pub struct Cast {
    /// Address of its session for staff.
    pub session: String,
    /// Id.
    pub ballot: String,
    /// `open`, `secret` or `hands`.
    pub way: &'static str,
    /// Quorum and majority of its body.
    pub rules: (&'static str, &'static str),
    /// A yes or no.
    pub motion: bool,
    /// Options, with the one to abstain as the last.
    pub options: usize,
    /// How many were entitled.
    pub entitled: usize,
    /// Who voted, and for which option; of hands the totals as they were called.
    pub votes: Vec<(String, usize)>,
    /// Of hands: how many could vote in the hall.
    pub hall: usize,
}

/// So many bodies with ballots, and so many sessions of the past.
pub async fn generate(test: &TestApp, world: &World, (bodies, past): (usize, usize)) -> Vec<Cast> {
    let mut dice = Dice::new(0x85eb_ca6b_c2b2_ae35);
    let mut all = Vec::new();
    const RULES: [(&str, &str); 4] = [("1/2", "simple"), ("2/3", "two_thirds"), ("0/1", "absolute"), ("1/1", "simple")];
    for n in 0..bodies {
        let rules = RULES[n % RULES.len()];
        let mut staff = test.signed_in(STAFF).await;
        let key = clock::token();
        let fields = [
            ("body_community", "wutong"),
            ("body_name", "梧桐联席会议"),
            ("body_quorum", rules.0),
            ("body_majority", rules.1),
            ("key", key.as_str()),
        ];
        let body = sent(&mut staff, "/staff/meetings", &fields).await;
        for (nth, phone) in MEMBERS.iter().enumerate() {
            // The last one has no vote.
            let rights: &[&str] =
                if nth + 1 == MEMBERS.len() { &["supervise", "execute"] } else { &["vote", "execute"] };
            add_member(&mut staff, &body, phone, rights).await;
        }
        let here = session(&mut staff, &body).await;
        for round in 0..2 {
            for (way, options) in [("open", ""), ("secret", ""), ("open", "南门\n北门\n东门"), ("hands", "")] {
                let motion = options.is_empty();
                let mut cast = Cast {
                    session: here.clone(),
                    ballot: ballot(test, &here, (way, options, &format!("第 {n}-{round} 项？{way}{motion}"))).await,
                    way,
                    rules,
                    motion,
                    options: if motion { 3 } else { 4 },
                    entitled: MEMBERS.len() - 1,
                    votes: Vec::new(),
                    hall: 0,
                };
                held(test, &mut cast, &mut dice).await;
                all.push(cast);
            }
        }
    }
    earlier(test, world, past, &mut dice).await;
    all
}

/// A ballot on the item of a session, opened; gives its id.
async fn ballot(test: &TestApp, session: &str, (way, options, question): (&str, &str, &str)) -> String {
    let mut staff = test.signed_in(STAFF).await;
    let id = session.rsplit('/').next().expect("an id");
    let only = |sql: String| async move {
        let (found,): (String,) =
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_one(test.app.db.read()).await.expect("one row");
        found
    };
    let item = only(format!("SELECT id FROM meeting_agenda WHERE session_id = '{id}'")).await;
    let key = clock::token();
    let fields = [
        ("ballot_item", item.as_str()),
        ("ballot_question", question),
        ("ballot_way", way),
        ("ballot_options", options),
        ("key", key.as_str()),
    ];
    sent(&mut staff, &format!("{session}/ballots"), &fields).await;
    let made =
        only(format!("SELECT id FROM meeting_ballot WHERE session_id = '{id}' AND question = '{question}'")).await;
    sent(&mut staff, &format!("{session}/ballots/{made}"), &[("step", "open")]).await;
    made
}

/// Members vote, or hands are counted; then it is closed, but for some that stay open.
async fn held(test: &TestApp, cast: &mut Cast, dice: &mut Dice) {
    let options = i64::try_from(cast.options).expect("few");
    let voters = &MEMBERS[..cast.entitled];
    let mut chosen = || usize::try_from(dice.below(options)).expect("small");
    let close = format!("{}/ballots/{}", cast.session, cast.ballot);
    let mut staff = test.signed_in(STAFF).await;
    if cast.way == "hands" {
        let here = MEMBERS.len() - 1 - chosen() % 2;
        let sitting: Vec<(String, String)> = sqlx::query_as(
            "SELECT e.id, e.person_id FROM meeting_member e JOIN meeting_session s ON s.meeting_id = e.meeting_id WHERE s.id = $1",
        )
        .bind(cast.session.rsplit('/').next())
        .fetch_all(test.app.db.read())
        .await
        .expect("members");
        let member = |phone: &str| &sitting.iter().find(|one| one.1 == test.person(phone)).expect("a member").0;
        for (nth, phone) in MEMBERS.iter().enumerate() {
            let presence = if nth < here { "present" } else { "absent" };
            let fields = [("member", member(phone).as_str()), ("presence", presence)];
            sent(&mut staff, &format!("{}/roll", cast.session), &fields).await;
        }
        cast.hall = here.min(cast.entitled);
        let mut left = cast.hall;
        let mut fields = vec![("step", "close".to_owned()), ("witness", member(MEMBERS[0]).clone())];
        for option in 0..cast.options {
            let hands = chosen().min(left);
            left -= hands;
            cast.votes.extend(std::iter::repeat_n((String::new(), option), hands));
            fields.push(("votes", hands.to_string()));
        }
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        sent(&mut staff, &close, &fields).await;
        return;
    }
    let turns: Vec<(&str, usize)> = voters.iter().map(|phone| (*phone, chosen())).collect();
    for (phone, option) in turns {
        if dice.below(5) == 0 {
            continue;
        }
        let mut browser = test.signed_in(phone).await;
        assert_eq!(vote(&mut browser, &cast.session, &cast.ballot, &option.to_string()).await, 303);
        let mut last = option;
        // The last word counts, where it can be changed.
        if cast.way == "open" && dice.below(3) == 0 {
            last = usize::try_from(dice.below(options)).expect("small");
            assert_eq!(vote(&mut browser, &cast.session, &cast.ballot, &last.to_string()).await, 303);
        }
        cast.votes.push((phone.to_owned(), last));
    }
    if dice.below(5) > 0 {
        sent(&mut staff, &close, &[("step", "close")]).await;
    }
}

/// Bodies elsewhere with sessions of the past: who was there, and what became of what they resolved.
async fn earlier(test: &TestApp, world: &World, count: usize, dice: &mut Dice) {
    let id = |kind: usize, n: usize| format!("00000000-0000-7000-8{kind:03}-{n:012}");
    let people: Vec<&str> = test.loaded.residents.iter().take(7).map(|phone| test.person(phone)).collect();
    let by = world.verifiers[0].as_str();
    let (mut bodies, mut members, mut sessions) = (Vec::new(), Vec::new(), Vec::new());
    let (mut roll, mut resolutions, mut notes) = (Vec::new(), Vec::new(), Vec::new());
    for n in 0..count {
        let (code, path) = if n % 2 == 0 {
            ("wutong".to_owned(), test.loaded.organisations["wutong"].1.clone())
        } else {
            dice.pick(&world.communities).clone()
        };
        let (community,): (String,) =
            sqlx::query_as("SELECT id FROM organisation WHERE kind = 'community' AND code = $1")
                .bind(&code)
                .fetch_one(test.app.db.read())
                .await
                .expect("a community");
        let starts = (world.now - DAY - dice.below(60 * DAY)) / 1_000_000 * 1_000_000;
        let (over, of) = *dice.pick(&[(1, 2), (2, 3), (0, 1)]);
        let name = text(&format!("联席会议{n}"));
        let fixed = [text(&community), text(&path), name, over.to_string(), of.to_string()].join(", ");
        bodies.push(format!("({}, {fixed}, 'simple', {}, {starts})", text(&id(861, n)), text(&id(861, n))));
        for (nth, person) in people.iter().enumerate() {
            // Some came or went since.
            let from = date(if dice.below(5) == 0 { starts + DAY } else { starts - 30 * DAY });
            let until = if dice.below(4) == 0 { date(starts + DAY) } else { String::new() };
            let member = id(862, n * 10 + nth);
            let votes = i64::from(nth > 0);
            let values = [text(&member), text(&id(861, n)), text(person), text(&from), text(&until)].join(", ");
            members.push(format!("({values}, 'owner', 1, {votes}, 1, 1, {starts})"));
            if from <= date(starts) && dice.below(6) > 0 {
                let state = *dice.pick(&["present", "late", "represented", "absent"]);
                roll.push([text(&id(863, n)), text(&member), text(state), text(by), starts.to_string()]);
            }
        }
        let place = [text(&id(863, n)), text(&id(861, n)), text(&path)].join(", ");
        sessions.push(format!(
            "({place}, '季度会议', {starts}, '会议室', 'hall', 'closed', {}, {starts})",
            text(&id(863, n))
        ));
        for _ in 0..dice.below(4) {
            let nth = resolutions.len();
            let who = usize::try_from(dice.below(7)).expect("small");
            let (state, steps) = carried(dice);
            let ended = matches!(state, ResolutionState::Done | ResolutionState::Dropped);
            resolutions.push([
                text(&id(864, nth)),
                text(&id(863, n)),
                text(&path),
                text(&format!("门口加灯{nth}")),
                text(&id(862, n * 10 + who)),
                text(people[who]),
                text(&date(world.now + (dice.below(30) - 15) * DAY)),
                text(state.code()),
                (steps.len() + 1).to_string(),
                text(&id(864, nth)),
                starts.to_string(),
                number(ended.then_some(world.now - HOUR)),
            ]);
            notes.extend((0..).zip(steps).map(|(at, step)| {
                let note = text(&format!("{}-{at}", id(864, nth)));
                let when = world.now - DAY + at * HOUR / 10;
                [note.clone(), text(&id(864, nth)), text(by), text(step.code()), text("已办"), note, when.to_string()]
            }));
        }
    }
    insert(
        test,
        "joint_meeting (id, community_id, path, name, quorum_over, quorum_of, majority, form_key, created_at)",
        bodies,
    )
    .await;
    let columns = "meeting_member (id, meeting_id, person_id, from_day, until_day, seat, may_suggest, may_vote, may_supervise, \
                   may_execute, added_at)";
    insert(test, columns, members).await;
    let columns = "meeting_session (id, meeting_id, path, title, starts_at, place, mode, state, form_key, created_at)";
    insert(test, columns, sessions).await;
    insert(test, "meeting_attendance (session_id, member_id, state, noted_by, noted_at)", rows(roll)).await;
    let columns = "meeting_resolution (id, session_id, path, text, owner_id, person_id, due_day, state, version, form_key, \
                   made_at, ended_at)";
    insert(test, columns, rows(resolutions)).await;
    let columns = "meeting_resolution_note (id, resolution_id, person_id, step, text, form_key, at)";
    insert(test, columns, rows(notes)).await;
}

/// What is done about a resolution, as the table of its steps allows it.
fn carried(dice: &mut Dice) -> (ResolutionState, Vec<ResolutionStep>) {
    let (mut state, mut steps) = (ResolutionState::Open, Vec::new());
    for _ in 0..dice.below(5) {
        let step = *dice.pick(ResolutionStep::ALL);
        let owner = matches!(step, ResolutionStep::Note | ResolutionStep::Report);
        let who = Onlooker { owner, supervises: !owner, staff: !owner };
        if let Some(to) = step.leads(state, who) {
            state = to;
            steps.push(step);
        }
    }
    (state, steps)
}
