//! `/staff/meetings`: votes, turnout and outcome of each ballot, the roll call beside the quorum, and resolutions that are not
//! over. Ballots are counted from what members did, the rest from the rows and the steps.

use super::{DISTRICT, STAFF, STREET, json, lines, page, select, table};
use crate::{
    meetings::MEMBERS,
    month::{
        calendar::{date, written},
        meetings::Cast,
        numbers::whole,
        recount::Recount,
        world::World,
    },
    support::{Browser, TestApp},
};
use scraper::Html;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Resolutions and sessions that lists show.
const TASKS: usize = 200;
const SESSIONS: usize = 100;

/// Of those entitled, so many of so many.
fn met((over, of): (i64, i64), entitled: i64, took_part: i64) -> bool {
    (1..=entitled).filter(|some| some * of >= entitled * over).min().unwrap_or(1).max(1) <= took_part
}

/// The words of what came of a ballot, and whether that is good; the totals, where they are told.
fn outcome(cast: &Cast) -> (String, bool, Option<Vec<i64>>) {
    let of = |option: usize| whole(cast.votes.iter().filter(|vote| vote.1 == option).count());
    let counts: Vec<i64> = (0..cast.options).map(of).collect();
    let all: i64 = counts.iter().sum();
    let part = if cast.way == "hands" { whole(cast.hall) } else { all };
    if cast.way == "secret" && all < 3 {
        return ("不足三票，为保密没有计票".to_owned(), false, None);
    }
    let (over, of) = cast.rules.0.split_once('/').expect("a fraction");
    let quorum = (over.parse().expect("a number"), of.parse().expect("a number"));
    // The last option is to abstain.
    let mut order: Vec<usize> = (0..cast.options - 1).collect();
    order.sort_by_key(|option| -counts[*option]);
    let (first, second) = (order[0], order[1]);
    let most = counts[first];
    let reached = match cast.rules.1 {
        "simple" => most > 0,
        "absolute" => most > whole(cast.entitled) - most,
        _ => most > 0 && most >= 2 * (all - most),
    };
    let (words, good) = match () {
        () if !met(quorum, whole(cast.entitled), part) => ("参加人数不够，表决无效".to_owned(), false),
        () if most == counts[second] => ("票数相同，未形成决定".to_owned(), false),
        () if cast.motion && first != 0 => ("未通过".to_owned(), false),
        () if !reached => ("票数不够，未通过".to_owned(), false),
        () if cast.motion => ("通过".to_owned(), true),
        () => (format!("选定：{}", ["南门", "北门", "东门"][first]), true),
    };
    (words, good, Some(counts))
}

/// Compares ballots, roll calls and resolutions.
pub async fn compare(test: &TestApp, world: &World, told: &Recount, cast: &[Cast]) {
    let outcomes: BTreeSet<String> = cast.iter().map(|one| outcome(one).0).collect();
    assert!(outcomes.len() > 2, "ballots come to several things: {outcomes:?}");
    let mut staff = test.signed_in(STAFF).await;
    let mut member = test.signed_in(MEMBERS[4]).await;
    let mut known: BTreeMap<&str, Vec<&Cast>> = BTreeMap::new();
    cast.iter().for_each(|one| known.entry(&one.session).or_default().push(one));
    for (session, cast) in known {
        for (browser, address) in [(&mut staff, session.to_owned()), (&mut member, session.replacen("/staff", "", 1))] {
            let said = json(browser, &format!("/api/v1{address}")).await;
            let text = page(browser, &address).await;
            cast.iter().for_each(|one| ballot(one, &said, &text));
        }
    }
    rolls(test, world, &mut staff).await;
    for (phone, code) in [(DISTRICT, "lanxi"), (STREET, "tongyin"), (STAFF, "wutong")] {
        let mut browser = test.signed_in(phone).await;
        resolutions(test, world, &mut browser, &told.spot(code).path).await;
    }
}

/// A ballot as the API and a page show it.
fn ballot(cast: &Cast, said: &Value, text: &str) {
    let all =
        said["items"].as_array().expect("items").iter().flat_map(|item| item["ballots"].as_array().expect("ballots"));
    let said = all.into_iter().find(|one| one["id"] == cast.ballot.as_str()).expect("shown");
    let closed = said["state"] == "closed";
    let (words, good, counts) = outcome(cast);
    let part = if cast.way == "hands" { cast.hall } else { cast.votes.len() };
    let numbers = (said["entitled"].as_u64(), said["took_part"].as_u64());
    assert_eq!(numbers, (u64::try_from(cast.entitled).ok(), u64::try_from(part).ok()), "{said}");
    assert_eq!(said["outcome"].as_str(), closed.then_some(words.as_str()), "{said}");
    assert_eq!(said["decided"].as_bool(), Some(closed && good), "{said}");
    let options = said["options"].as_array().expect("options");
    let votes: Vec<Option<i64>> = options.iter().map(|option| option["votes"].as_i64()).collect();
    let counts = counts.filter(|_| closed);
    let expected: Vec<Option<i64>> = (0..cast.options).map(|at| counts.as_ref().map(|counts| counts[at])).collect();
    assert_eq!(votes, expected, "{said}");
    for (at, option) in options.iter().enumerate() {
        let names = option["names"].as_array().expect("names").len();
        let open = cast.way == "open" && closed;
        assert_eq!(names, if open { cast.votes.iter().filter(|vote| vote.1 == at).count() } else { 0 }, "{said}");
    }
    let html = Html::parse_document(text);
    let here = html.select(&select(&format!("#ballot-{}", cast.ballot))).next().expect("on the page").html();
    let turnout = match cast.way {
        "hands" => format!("到会 {part} / {} 人", cast.entitled),
        _ => format!("已投 {part} / {} 人", cast.entitled),
    };
    assert!(here.contains(&turnout) && (!closed || here.contains(&words)), "{turnout}, {words}: {here}");
    let rows: Vec<String> = table(&here, "table").into_iter().map(|row| row[1].clone()).collect();
    let expected = counts.unwrap_or_default();
    assert_eq!(rows, expected.iter().map(i64::to_string).collect::<Vec<_>>(), "{here}");
}

/// The sentence over the roll call of every session of the place: who had a vote on that day, who of them was there, and how
/// many it takes.
async fn rolls(test: &TestApp, world: &World, staff: &mut Browser) {
    let db = test.app.db.read();
    let sessions: Vec<(String, String, i64, i64, i64)> = sqlx::query_as(
        "SELECT s.id, s.meeting_id, s.starts_at, m.quorum_over, m.quorum_of FROM meeting_session s \
         JOIN joint_meeting m ON m.id = s.meeting_id JOIN organisation o ON o.id = m.community_id WHERE o.code = 'wutong'",
    )
    .fetch_all(db)
    .await
    .expect("sessions");
    let members: Vec<(String, String, String, String, i64)> =
        sqlx::query_as("SELECT id, meeting_id, from_day, until_day, may_vote FROM meeting_member")
            .fetch_all(db)
            .await
            .expect("members");
    let noted: Vec<(String, String, String)> =
        sqlx::query_as("SELECT session_id, member_id, state FROM meeting_attendance")
            .fetch_all(db)
            .await
            .expect("rolls");
    let noted: BTreeMap<(&str, &str), &str> =
        noted.iter().map(|(session, member, state)| ((session.as_str(), member.as_str()), state.as_str())).collect();
    let mut left = 0;
    for (id, body, starts, over, of) in &sessions {
        let day = date(*starts);
        let of_body = members.iter().filter(|one| one.1 == *body);
        let sat = |one: &&(String, String, String, String, i64)| one.2 <= day && (one.3.is_empty() || one.3 > day);
        left += of_body.clone().filter(|one| !one.3.is_empty() && one.3 <= date(world.now)).count();
        let votes: Vec<&str> = of_body.clone().filter(sat).filter(|one| one.4 == 1).map(|one| one.0.as_str()).collect();
        let state = |member: &str| noted.get(&(id.as_str(), member)).copied();
        let there = votes.iter().filter(|one| matches!(state(one), Some("present" | "late" | "represented"))).count();
        let entitled = whole(votes.len());
        let needed = (1..).find(|some| met((*over, *of), entitled, *some)).expect("a quorum");
        let sentence = format!("有表决权的成员 {entitled} 人，到会 {there} 人，法定人数 {needed} 人");
        let text = page(staff, &format!("/staff/meetings/{id}")).await;
        assert!(text.contains(&sentence), "{sentence} of {id}: {text}");
        let said = json(staff, &format!("/api/v1/staff/meetings/{id}")).await;
        let roll: BTreeMap<&str, Option<&str>> = said["roll"]
            .as_array()
            .expect("a roll")
            .iter()
            .map(|one| (one["member"].as_str().expect("an id"), one["presence"].as_str()))
            .collect();
        assert_eq!(roll, of_body.filter(sat).map(|one| (one.0.as_str(), state(&one.0))).collect(), "{id}");
    }
    assert!(left > 0, "somebody has left since");
}

/// Resolutions that are not over, with how late they are, and sessions of a place.
async fn resolutions(test: &TestApp, world: &World, browser: &mut Browser, path: &str) {
    let db = test.app.db.read();
    let fixed: Vec<(String, String, String)> =
        sqlx::query_as("SELECT id, path, due_day FROM meeting_resolution").fetch_all(db).await.expect("resolutions");
    let steps: Vec<(String, String)> =
        sqlx::query_as("SELECT resolution_id, step FROM meeting_resolution_note ORDER BY at, id")
            .fetch_all(db)
            .await
            .expect("notes");
    let mut states: BTreeMap<&str, &str> = BTreeMap::new();
    for (id, step) in &steps {
        let state = match step.as_str() {
            "report" => "reported",
            "confirm" => "done",
            "drop" => "dropped",
            "return" => "open",
            _ => continue,
        };
        states.insert(id, state);
    }
    let state = |id: &str| states.get(id).copied().unwrap_or("open");
    let mut open: Vec<&(String, String, String)> =
        fixed.iter().filter(|one| one.1.starts_with(path) && matches!(state(&one.0), "open" | "reported")).collect();
    open.sort_by(|one, other| (&one.2, &one.0).cmp(&(&other.2, &other.0)));
    open.truncate(TASKS);
    assert!(!open.is_empty() && open.iter().any(|one| one.2 < date(world.now)), "{path}");
    let said = json(browser, "/api/v1/staff/meetings").await;
    let of = |one: &Value| {
        let text = |name: &str| one[name].as_str().expect("a text").to_owned();
        (text("id"), text("state"), one["late"].as_bool().expect("yes or no"))
    };
    let tasks: Vec<(String, String, bool)> =
        said["resolutions"].as_array().expect("resolutions").iter().map(of).collect();
    let expected: Vec<(String, String, bool)> =
        open.iter().map(|one| (one.0.clone(), state(&one.0).to_owned(), one.2 < date(world.now))).collect();
    assert_eq!(tasks, expected, "{path}");
    let text = page(browser, "/staff/meetings").await;
    let listed = lines(&text, "/meetings/resolutions/");
    assert_eq!(listed.len(), open.len(), "{path}");
    for one in open {
        let word = match (state(&one.0), one.2 < date(world.now)) {
            ("open", true) => "已超期",
            ("open", false) => "落实中",
            _ => "待确认",
        };
        let line = &listed[&one.0];
        assert!(line.ends_with(word) && line.contains(&written(&one.2)), "{word}, {} in {line}", one.2);
    }
    let (sessions,): (i64,) =
        sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM meeting_session WHERE substr(path, 1, length($1)) = $1")
            .bind(path)
            .fetch_one(db)
            .await
            .expect("sessions");
    let count = sessions.min(whole(SESSIONS));
    assert_eq!(said["sessions"].as_array().map(|all| whole(all.len())), Some(count), "{path}");
    assert_eq!(whole(lines(&text, "/staff/meetings/").len()), count, "{path}");
}
