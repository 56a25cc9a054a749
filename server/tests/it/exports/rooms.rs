//! Exports of the newer rooms: what is in them, of whom they are, and that nobody is in them who should not be.

use super::export;
use crate::{
    outgoing::{number, run},
    support::{Browser, TestApp, on_both},
};
use std::collections::BTreeMap;

/// Staff of 梧桐.
const STAFF: &str = "19900000031";
/// Staff of 杏坞.
const ELSEWHERE: &str = "19900000033";
/// Of the subdistrict.
const STREET: &str = "19900000051";
const ADMIN: &str = crate::imports::ADMIN;
/// A resident of 梧桐.
const LIN: &str = "19900000001";

/// Tables of rooms that came later, and a text that is in each of 梧桐's.
const TABLES: [(&str, &str); 13] = [
    ("ratings", "办得快"),
    ("questions", "车棚几点关？"),
    ("meetings", "第三季度联席会议"),
    ("ballots", "充电桩装在哪里？"),
    ("consultations", "北门晚上几点关？"),
    ("agreements", "放学后托管"),
    ("team-activities", "电工帮帮队"),
    ("service-hours", "换楼道灯泡 9 个"),
    ("patrols", "夜间楼道消防"),
    ("findings", "XC-20871"),
    ("grids", "梧桐社区"),
    ("handbook", "梧桐社区"),
    ("calendar", "国庆"),
];
/// Those in which nobody has a name.
const NAMELESS: [&str; 10] = [
    "ratings",
    "questions",
    "ballots",
    "consultations",
    "agreements",
    "team-activities",
    "service-hours",
    "patrols",
    "handbook",
    "calendar",
];

type Row = BTreeMap<String, String>;

fn read(body: &[u8]) -> Vec<Row> {
    let mut reader = csv::ReaderBuilder::new().from_reader(&body[3..]);
    let heads: Vec<String> = reader.headers().expect("heads").iter().map(str::to_owned).collect();
    let distinct: std::collections::BTreeSet<&String> = heads.iter().collect();
    assert_eq!(distinct.len(), heads.len(), "no two columns of one name: {heads:?}");
    let row = |line: csv::StringRecord| heads.iter().cloned().zip(line.iter().map(str::to_owned)).collect();
    reader.records().map(|line| row(line.expect("as wide as the heads"))).collect()
}

async fn rows(browser: &mut Browser, table: &str, place: &str) -> (Vec<Row>, String) {
    let file = export(browser, table, place, &[]).await;
    assert_eq!(file.status, 200, "{table}: {}", file.text());
    (read(&file.body), file.text())
}

/// The cells of a column.
fn column<'a>(rows: &'a [Row], name: &str) -> Vec<&'a str> {
    rows.iter().map(|row| row.get(name).unwrap_or_else(|| panic!("no column {name}: {row:?}")).as_str()).collect()
}

/// The rows that hold a text.
fn with(rows: &[Row], text: &str) -> Vec<Row> {
    rows.iter().filter(|row| row.values().any(|cell| cell == text)).cloned().collect()
}

/// The demo's rooms, and what the demo does not have.
async fn lived_in(test: &TestApp) {
    use server::demo;
    let (app, loaded) = (&test.app, &test.loaded);
    demo::windows::load(app, loaded).await.expect("the halls' days load");
    demo::notices::load(app, loaded).await.expect("the notices load");
    demo::grids::load(app, loaded).await.expect("the grids load");
    demo::patrol::load(app, loaded).await.expect("the patrols load");
    demo::meetings::load(app, loaded).await.expect("the meetings load");
    demo::consultations::load(app, loaded).await.expect("the consultations load");
    demo::handbook::load(app, loaded).await.expect("the handbook loads");
    demo::partners::load(app, loaded).await.expect("the partners load");
    let (lin, staff) = (test.person(LIN), test.person(STAFF));
    let now = test.app.clock.now().as_microsecond();
    let wutong = &test.loaded.organisations["wutong"].0;
    run(test, "DELETE FROM service_rating").await;
    run(
        test,
        &format!(
            "INSERT INTO service_rating (ticket_id, hall_id, stars, reason, rated_at) SELECT MIN(t.id), MIN(h.id), 5, '办得快', {now} \
             FROM ticket t JOIN hall h ON h.id = t.hall_id WHERE h.organisation_id = '{wutong}'"
        ),
    )
    .await;
    run(
        test,
        &format!(
            "INSERT INTO notice_question (id, notice_id, person_id, form_key, body, asked_at, state, answer, answered_by, answered_at) \
             SELECT 'q1', MIN(n.id), '{lin}', 'q1', '车棚几点关？', {now}, 'answered', '十点', '{staff}', {now} FROM notice n \
             WHERE n.organisation_id = '{wutong}' AND n.state = 'published'"
        ),
    )
    .await;
    let notice = format!("(SELECT MIN(id) FROM notice WHERE organisation_id = '{wutong}' AND state = 'published')");
    for sql in [
        format!(
            "INSERT INTO activity (id, notice_id, seats, taken, until_at, starts_at, ends_at, changed_at) \
             VALUES ({notice}, {notice}, 20, 3, {now}, {now}, {}, {now})",
            now + 3_600_000_000
        ),
        format!(
            "INSERT INTO sign_up (id, activity_id, person_id, people, state, asked_at, changed_at, came_at) \
             VALUES ('s1', {notice}, '{lin}', 3, 'signed', {now}, {now}, {now})"
        ),
        format!(
            "INSERT INTO team_activity (activity_id, team_id, linked_by, linked_at) \
             SELECT {notice}, id, '{staff}', {now} FROM volunteer_team WHERE name = '电工帮帮队'"
        ),
        "INSERT INTO patrol_walk (id, plan_id, day, plan_version, walker_id, note, done_at) \
         SELECT 'w1', id, '2026-11-23', 1, created_by, '北门灯暗', NULL FROM patrol_plan WHERE name = '夜间楼道消防'"
            .to_owned(),
        format!(
            "INSERT INTO patrol_look (walk_id, position, state, at) VALUES ('w1', 0, 'fine', {now}), ('w1', 1, 'found', {now})"
        ),
    ] {
        assert!(run(test, &sql).await > 0, "{sql}");
    }
    // Ballots: an open one that is closed and has its votes by name, one that nobody may count, one that goes on.
    let ballot = |id: &str, way: &str, state: &str, outcome: &str| {
        format!(
            "INSERT INTO meeting_ballot (id, session_id, agenda_id, question, way, motion, state, entitled, took_part, outcome, \
             form_key, created_at) SELECT '{id}', session_id, id, '问题 {id}', '{way}', 0, '{state}', 5, 2, '{outcome}', '{id}', {now} \
             FROM meeting_agenda WHERE title = '夜间门禁时间'"
        )
    };
    for (id, way, state, outcome) in
        [("named", "open", "closed", "tie"), ("few", "secret", "closed", "too_few"), ("running", "open", "open", "")]
    {
        assert_eq!(run(test, &ballot(id, way, state, outcome)).await, 1);
        for option in 0..2 {
            let sql = "INSERT INTO meeting_option (ballot_id, number, text, abstains) VALUES";
            run(test, &format!("{sql} ('{id}', {option}, '选项 {option}', 0)")).await;
            run(test, &format!("INSERT INTO meeting_roll (ballot_id, person_id, voted) SELECT '{id}', '{lin}', 1 WHERE {option} = 0")).await;
        }
    }
    for id in ["named", "running"] {
        run(test, &format!("INSERT INTO meeting_open_vote (ballot_id, person_id, number) VALUES ('{id}', '{lin}', 1)"))
            .await;
    }
    run(test, "INSERT INTO meeting_result (ballot_id, number, votes) VALUES ('named', 0, 1), ('named', 1, 1)").await;
}

#[tokio::test]
async fn each_room_has_its_table_with_its_own_rows_and_nobody_elses() {
    on_both(|test| async move {
        lived_in(&test).await;
        let people: Vec<(String,)> = sqlx::query_as("SELECT name FROM person WHERE name <> ''")
            .fetch_all(test.app.db.read())
            .await
            .expect("read");
        let mut staff = test.signed_in(STAFF).await;
        let mut elsewhere = test.signed_in(ELSEWHERE).await;
        for (table, known) in TABLES {
            let (here, text) = rows(&mut staff, table, "wutong").await;
            assert!(!here.is_empty() && text.contains(known), "{table}: {text}");
            // Its telephone numbers stay where they are: those of people, partners, key contacts and the handbook.
            for number in ["199000", "199****", "0571-888", "0510-800"] {
                assert!(table == "handbook" || !text.contains(number), "{table} has a number: {text}");
            }
            assert!(!text.contains("王老师") && !text.contains("王菊英"), "{table} has a contact");
            for (name,) in people.iter().filter(|_| NAMELESS.contains(&table)) {
                assert!(!text.contains(name.as_str()), "{table} names {name}");
            }
            // The other community has none of it, nor may its staff have ours.
            let (_, there) = rows(&mut elsewhere, table, "xingwu").await;
            assert!(table == "calendar" || !there.contains(known), "{table}: {there}");
            assert_eq!(export(&mut elsewhere, table, "wutong", &[]).await.status, 403, "{table}");
            // In English and as a workbook it is as long.
            staff.cookies.insert("linli_lang".to_owned(), "en".to_owned());
            assert_eq!(rows(&mut staff, table, "wutong").await.0.len(), here.len(), "{table} in English");
            staff.cookies.remove("linli_lang");
            let book = export(&mut staff, table, "wutong", &[("as", "xlsx")]).await;
            let mut book: calamine::Xlsx<_> =
                calamine::open_workbook_from_rs(std::io::Cursor::new(book.body)).expect("a book");
            let sheet = calamine::Reader::worksheet_range_at(&mut book, 0).expect("a sheet").expect("read");
            assert_eq!(sheet.height(), here.len() + 1, "{table} as xlsx");
        }
    })
    .await;
}

#[tokio::test]
async fn meetings_votes_and_voices_are_told_in_sums() {
    on_both(|test| async move {
        lived_in(&test).await;
        let mut staff = test.signed_in(STAFF).await;
        let (meetings, _) = rows(&mut staff, "meetings", "wutong").await;
        let [past] = with(&meetings, "第三季度联席会议").try_into().expect("one resolution");
        assert_eq!(
            (past["到会"].as_str(), past["执行人"].as_str(), past["代表"].as_str()),
            ("5", "吴建明", "社区党委")
        );
        assert!(past["决议"].starts_with("与供电公司确认") && past["决议状态"] == "落实中", "{past:?}");
        let [coming] = with(&meetings, "第四季度联席会议").try_into().expect("without any");
        assert_eq!((coming["决议"].as_str(), coming["期限"].as_str()), ("", ""));

        let (ballots, _) = rows(&mut staff, "ballots", "wutong").await;
        let secret = with(&ballots, "充电桩装在哪里？");
        assert_eq!(
            (column(&secret, "选项"), column(&secret, "票数")),
            (vec!["南门", "北门", "弃权"], vec!["3", "1", "0"])
        );
        assert_eq!((column(&secret, "胜出"), column(&secret, "参加")), (vec!["1", "0", "0"], vec!["4"; 3]));
        let hands = with(&ballots, "是否同意夜间门禁时间？");
        assert_eq!((column(&hands, "票数"), hands[0]["结果"].as_str()), (vec!["3", "1", "0"], "通过"));
        assert_eq!(column(&with(&ballots, "问题 named"), "票数"), ["1", "1"]);
        assert_eq!(column(&with(&ballots, "问题 few"), "票数"), ["", ""], "what is too small is not counted");
        assert!(with(&ballots, "问题 running").is_empty(), "what goes on is not told");

        let (consultations, _) = rows(&mut staff, "consultations", "wutong").await;
        let gate = with(&consultations, "北门晚上几点关？");
        assert_eq!(
            (column(&gate, "选项"), column(&gate, "选的人")),
            (vec!["22:00", "23:30", "24:00"], vec!["6", "12", "6"])
        );
        assert!(gate[0]["决定"].starts_with("北门从 12 月 1 日起"), "{gate:?}");
        let square = with(&consultations, "南广场空地要不要装健身器材？");
        assert_eq!(column(&square, "选的人"), ["", "", ""], "while it is open nothing is told");
        let charging = with(&consultations, "电动车充电桩先装在哪几处？");
        assert_eq!(column(&charging, "选的人").last(), Some(&"不单列"), "two voices are not told apart: {charging:?}");
        assert!(with(&consultations, "明年社区最该办的一件事是什么？").is_empty(), "drafts are their authors'");
    })
    .await;
}

#[tokio::test]
async fn the_net_its_partners_and_its_volunteers_are_told_without_tracks_and_ranks() {
    on_both(|test| async move {
        lived_in(&test).await;
        let mut staff = test.signed_in(STAFF).await;
        let (agreements, _) = rows(&mut staff, "agreements", "wutong").await;
        let care = with(&agreements, "放学后托管");
        assert_eq!(column(&care, "任务"), ["活动室桌椅维修", "寒假兴趣班排课"]);
        assert_eq!((care[0]["谁来做"].as_str(), care[0]["状态"].as_str()), ("社区", "已完成"));
        let before = [("from", "2020-01-01"), ("to", "2020-12-31")];
        for table in ["agreements", "service-hours", "patrols", "calendar", "meetings"] {
            let file = export(&mut staff, table, "wutong", &before).await;
            assert!(read(&file.body).is_empty(), "{table} has its period: {}", file.text());
        }
        let (hours, _) = rows(&mut staff, "service-hours", "wutong").await;
        assert_eq!(column(&hours, "分钟"), ["120", "90", "60"]);
        run(&test, "UPDATE service_hour SET state = 'withdrawn' WHERE state = 'proposed'").await;
        assert_eq!(rows(&mut staff, "service-hours", "wutong").await.0.len(), 2, "what was withdrawn is theirs alone");
        let (activities, _) = rows(&mut staff, "team-activities", "wutong").await;
        assert_eq!((column(&activities, "报名"), column(&activities, "到了")), (vec!["3"], vec!["3"]));

        let (patrols, _) = rows(&mut staff, "patrols", "wutong").await;
        assert_eq!(column(&patrols, "地点"), ["1 栋楼道", "3 栋楼道", "北门岗亭"]);
        assert_eq!(column(&patrols, "情况"), ["正常", "有问题", ""]);
        let (findings, _) = rows(&mut staff, "findings", "wutong").await;
        let [car] = with(&findings, "XC-20871").try_into().expect("one");
        assert_eq!(
            (car["来源"].as_str(), car["把握（%）"].as_str(), car["地点"].as_str()),
            ("巡查车", "91", "北门外人行道")
        );

        let (grids, _) = rows(&mut staff, "grids", "wutong").await;
        let buildings =
            "SELECT CAST(COUNT(*) AS BIGINT) FROM organisation WHERE kind = 'building' AND path LIKE '%/wutong/%'";
        assert_eq!(i64::try_from(grids.len()).expect("few"), number(&test, buildings).await);
        let [first] = with(&grids, "wutong-1").try_into().expect("one");
        assert_eq!(
            (first["负责人"].as_str(), first["替补"].as_str(), first["编号"].as_str()),
            ("陆海峰", "蒋雯", "wutong-g1")
        );
        let role = format!("DELETE FROM role_grant WHERE person_id = '{}'", test.person("19900000021"));
        run(&test, &role).await;
        let [first] = with(&rows(&mut staff, "grids", "wutong").await.0, "wutong-1").try_into().expect("one");
        assert_eq!(first["负责人"], "", "whoever lost the role answers for nothing");

        let (calendar, _) = rows(&mut staff, "calendar", "wutong").await;
        let [day] = with(&calendar, "2026-10-01").try_into().expect("one");
        assert_eq!(day["种类"], "放假");
        assert!(column(&calendar, "种类").contains(&"调休上班"));
        let (questions, _) = rows(&mut staff, "questions", "wutong").await;
        let [shed] = with(&questions, "车棚几点关？").try_into().expect("one");
        assert_eq!((shed["回复"].as_str(), shed["状态"].as_str(), shed["公开"].as_str()), ("十点", "已回答", "0"));
        let (ratings, _) = rows(&mut staff, "ratings", "wutong").await;
        assert_eq!(column(&ratings, "评分"), ["5"]);
    })
    .await;
}

#[tokio::test]
async fn who_may_read_a_room_may_take_its_table() {
    on_both(|test| async move {
        for (phone, table, place, status) in [
            (STREET, "consultations", "tongyin", 200),
            (STREET, "meetings", "wutong", 200),
            (STREET, "service-hours", "wutong", 403),
            (STREET, "patrols", "wutong", 403),
            (STREET, "findings", "wutong", 403),
            (STREET, "ratings", "wutong", 403),
            (ADMIN, "grids", "lanxi", 200),
            (ADMIN, "agreements", "lanxi", 403),
            (ADMIN, "consultations", "lanxi", 403),
            (ADMIN, "questions", "lanxi", 403),
            ("19900000021", "grids", "wutong-g1", 403),
            (LIN, "ballots", "wutong", 403),
        ] {
            let answer = export(&mut test.signed_in(phone).await, table, place, &[]).await;
            assert_eq!(answer.status, status, "{phone} {table} {place}");
        }
        let listed = test.signed_in(STAFF).await.get("/api/v1/staff/exports").await.json();
        let listed = listed["tables"].as_array().expect("tables").clone();
        for (table, _) in TABLES {
            assert!(listed.iter().any(|code| code == table), "{table} is offered");
        }
        let file = "/api/v1/staff/exports/file?table=calendar&place=wutong&from=2026-01-01&to=2026-12-31";
        assert!(test.signed_in(STAFF).await.get(file).await.text().contains("2026-10-01"));
    })
    .await;
}
