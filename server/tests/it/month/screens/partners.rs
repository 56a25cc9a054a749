//! `/staff/partners`: open tasks of agreements and how late they are, who is in teams and who waits, trainings; `hours.rs` has
//! the service hours. From the rows.

use super::{STAFFED, items, json, lines, numbers_of, page, rows, table, waits_on_desk, waits_on_net};
use crate::{
    month::{
        calendar::{DAY, date, start, written},
        numbers::whole,
        recount::Recount,
        world::World,
    },
    support::{Browser, TestApp},
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Days ahead for which the first page shows what is due.
const DUE_DAYS: i64 = 14;

/// A task: id, agreement, last day, state.
type Task = (String, String, String, String);
/// An agreement: id, partner, first and last day, whether it was ended.
type Agreement = (String, String, String, String, i64);
/// A registration: id, team, state, whether it asks for a grid.
type Member = (String, String, String, i64);
/// A training: team, minutes, people.
type Training = (String, i64, i64);

/// The rows of a community.
struct Raw {
    agreements: Vec<Agreement>,
    tasks: Vec<Task>,
    teams: Vec<(String,)>,
    members: Vec<Member>,
    trainings: Vec<Training>,
    hours: Vec<(String,)>,
}

/// Reads the rows of a community.
async fn read(test: &TestApp, path: &str) -> Raw {
    let at = "JOIN organisation o ON o.id";
    let of = |sql: &str| format!("{sql} AND substr(o.path, 1, length($1)) = $1");
    Raw {
        agreements: rows(test, of(&format!(
            "SELECT a.id, a.partner_id, a.from_day, a.until_day, CASE WHEN a.ended_day IS NULL THEN 0 ELSE 1 END \
             FROM partner_agreement a JOIN partner p ON p.id = a.partner_id {at} = p.community_id WHERE 1 = 1"
        )), path).await,
        tasks: rows(test, of(&format!(
            "SELECT k.id, k.agreement_id, k.due_day, k.state FROM partner_task k JOIN partner_agreement a \
             ON a.id = k.agreement_id JOIN partner p ON p.id = a.partner_id {at} = p.community_id WHERE 1 = 1"
        )), path).await,
        teams: rows(test, of(&format!("SELECT t.id FROM volunteer_team t {at} = t.community_id WHERE 1 = 1")), path).await,
        members: rows(test, of(&format!(
            "SELECT m.id, m.team_id, m.state, COALESCE(g.granted, 9) FROM team_member m JOIN volunteer_team t \
             ON t.id = m.team_id LEFT JOIN team_member_grid g ON g.member_id = m.id {at} = t.community_id WHERE 1 = 1"
        )), path).await,
        trainings: rows(test, of(&format!(
            "SELECT r.team_id, r.minutes, CAST(COUNT(x.person_id) AS BIGINT) FROM team_training r JOIN volunteer_team t \
             ON t.id = r.team_id LEFT JOIN training_attendance x ON x.training_id = r.id {at} = t.community_id \
             WHERE r.removed_at IS NULL"
        )) + " GROUP BY r.id, r.team_id, r.minutes", path).await,
        hours: rows(test, of(&format!(
            "SELECT h.id FROM service_hour h {at} = h.community_id WHERE h.state = 'proposed'"
        )), path).await,
    }
}

/// Whole days from one day to another, below 0 when it is past.
fn days(from: &str, to: &str) -> i64 {
    (start(to) - start(from)) / DAY
}

/// The badge of an open task.
fn badge(left: i64) -> String {
    match left {
        ..=-1 => format!("晚了 {} 天", -left),
        0 => "今天截止".to_owned(),
        1..=3 => format!("还有 {left} 天"),
        _ => "待办".to_owned(),
    }
}

/// How an agreement stands.
fn standing((_, _, from, until, ended): &Agreement, today: &str) -> String {
    let left = days(today, until);
    match () {
        () if *ended == 1 => "已终止".to_owned(),
        () if from.as_str() > today => "未开始".to_owned(),
        () if left < 0 => "已到期".to_owned(),
        () if left == 0 => "今天到期".to_owned(),
        () if left <= 30 => format!("还有 {left} 天到期"),
        () => "履行中".to_owned(),
    }
}

/// A length in words.
pub fn length(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, rest) => format!("{rest} 分钟"),
        (hours, 0) => format!("{hours} 小时"),
        (hours, rest) => format!("{hours} 小时 {rest} 分"),
    }
}

/// Compares what the staff of two communities see.
pub async fn compare(test: &TestApp, world: &World, told: &Recount) {
    let today = date(world.now);
    for (phone, code) in STAFFED {
        let raw = read(test, &told.spot(code).path).await;
        assert!(!raw.tasks.is_empty() && !raw.trainings.is_empty() && !raw.hours.is_empty(), "{code}");
        let mut browser = test.signed_in(phone).await;
        agreements(&mut browser, &raw, &today).await;
        teams(&mut browser, &raw).await;
        let waits = |one: &&Member| one.2 == "asked" || (one.2 == "active" && one.3 == 0);
        let registrations = whole(raw.members.iter().filter(waits).count());
        let hours = whole(raw.hours.len());
        let home = page(&mut browser, "/staff/partners?tab=waiting").await;
        let tabs = numbers_of(&home, "/staff/partners", "tab");
        let expected =
            [("hours", hours), ("waiting", registrations)].map(|(tab, count)| (tab.to_owned(), (count, false)));
        assert_eq!(tabs, BTreeMap::from(expected), "{code}");
        assert_eq!(whole(lines(&home, "/staff/partners/members/").len()), registrations, "{code}");
        let late = raw.tasks.iter().filter(|task| task.3 == "open" && task.2 <= today).count();
        for (kind, list, count) in [
            ("registrations", "/staff/partners?tab=waiting", registrations),
            ("hours", "/staff/partners?tab=hours", hours),
            ("", "/staff/partners", whole(late)),
        ] {
            let said = waits_on_desk(&mut browser, list).await.unwrap_or(0);
            assert_eq!(said, count, "{list} on the desk of {code}");
            if !kind.is_empty() {
                assert_eq!(waits_on_net(&mut browser, kind).await.unwrap_or(0), count, "{kind} on the net of {code}");
            }
        }
    }
}

/// Agreements and their tasks: the first page, the API and the pages of both.
async fn agreements(browser: &mut Browser, raw: &Raw, today: &str) {
    let text = page(browser, "/staff/partners").await;
    let due: BTreeMap<&str, i64> = raw
        .tasks
        .iter()
        .filter(|task| task.3 == "open" && days(today, &task.2) <= DUE_DAYS)
        .map(|task| (task.0.as_str(), days(today, &task.2)))
        .collect();
    let said = lines(&text, "/staff/partners/tasks/");
    assert_eq!(said.keys().map(String::as_str).collect::<Vec<_>>(), due.keys().copied().collect::<Vec<_>>());
    for (id, left) in due {
        assert!(said[id].ends_with(&badge(left)), "{} at the end of {}", badge(left), said[id]);
    }
    let listed = lines(&text, "/staff/partners/agreements/");
    let api = items(browser, "/api/v1/staff/partners/agreements").await;
    assert_eq!((listed.len(), api.len()), (raw.agreements.len(), raw.agreements.len()));
    for one in &raw.agreements {
        let id = one.0.as_str();
        let tasks: Vec<&Task> = raw.tasks.iter().filter(|task| task.1 == id).collect();
        let open = tasks.iter().filter(|task| task.3 == "open");
        let count = whole(open.clone().count());
        let note = match open.map(|task| &task.2).min() {
            Some(day) => format!("{count} 项待办，最近一项 {}年{}", &day[..4], written(day)),
            None => "没有待办".to_owned(),
        };
        let partner = lines(
            &page(browser, &format!("/staff/partners/organisations/{}", one.1)).await,
            "/staff/partners/agreements/",
        );
        for line in [&listed[id], &partner[id]] {
            assert!(
                line.contains(&note) && line.ends_with(&standing(one, today)),
                "{note}, {} in {line}",
                standing(one, today)
            );
        }
        let said = api.iter().find(|said| said["id"] == id).expect("listed");
        assert_eq!(said["open_tasks"].as_i64(), Some(count), "{said}");
        let whole_one = json(browser, &format!("/api/v1/staff/partners/agreements/{id}")).await;
        assert_eq!(whole_one["open_tasks"].as_i64(), Some(count), "{whole_one}");
        let of = |task: &Value| ["id", "state", "due"].map(|name| task[name].as_str().expect("a text").to_owned());
        let said: BTreeSet<[String; 3]> = whole_one["tasks"].as_array().expect("tasks").iter().map(of).collect();
        assert_eq!(said, tasks.iter().map(|task| [task.0.clone(), task.3.clone(), task.2.clone()]).collect());
        let text = page(browser, &format!("/staff/partners/agreements/{id}")).await;
        let said = lines(&text, "/staff/partners/tasks/");
        assert_eq!(said.len(), tasks.len());
        for task in tasks {
            let badge = match task.3.as_str() {
                "open" => badge(days(today, &task.2)),
                "done" => "已完成".to_owned(),
                _ => "已取消".to_owned(),
            };
            assert!(said[&task.0].ends_with(&badge), "{badge} at the end of {}", said[&task.0]);
        }
    }
}

/// Teams: who is in them, who asks, and trainings with their people.
async fn teams(browser: &mut Browser, raw: &Raw) {
    let listed = lines(&page(browser, "/staff/partners?tab=teams").await, "/staff/partners/teams/");
    let api = items(browser, "/api/v1/staff/partners/teams").await;
    assert_eq!((listed.len(), api.len()), (raw.teams.len(), raw.teams.len()));
    for (id,) in &raw.teams {
        let of = |state: &str| whole(raw.members.iter().filter(|one| one.1 == *id && one.2 == state).count());
        let (members, waiting) = (of("active"), of("asked"));
        let said = api.iter().find(|said| said["id"] == id.as_str()).expect("listed");
        assert_eq!((said["members"].as_i64(), said["waiting"].as_i64()), (Some(members), Some(waiting)), "{said}");
        let line = &listed[id];
        assert!(line.contains(&format!("· {members} 人")), "{members} in {line}");
        assert_eq!(line.contains(&format!("{waiting} 人待审核")), waiting > 0, "{waiting} in {line}");
        let inside = items(browser, &format!("/api/v1/staff/partners/teams/{id}/members")).await;
        assert_eq!(whole(inside.len()), members, "in {id}");
        let text = page(browser, &format!("/staff/partners/teams/{id}")).await;
        let trainings = table(&text, "main table").into_iter().filter(|row| row[0] == "急救");
        let mut said: Vec<(String, String)> = trainings.map(|row| (row[2].clone(), row[3].clone())).collect();
        let own = raw.trainings.iter().filter(|one| one.0 == *id);
        let mut expected: Vec<(String, String)> = own.map(|one| (length(one.1), one.2.to_string())).collect();
        said.sort();
        expected.sort();
        assert_eq!(said, expected, "trainings of {id}");
    }
}
