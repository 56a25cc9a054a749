//! The figures from the counts per day are those that are counted from the reports themselves: before anything is counted,
//! after it, and between, whatever happens to a report and whatever the time is.

use super::{
    statistics::{counted, generate},
    *,
};
use crate::support::on_both;
use app::{
    i18n::{Lang, Words},
    reports::statistics::{By, Figures, Measure, course},
    time,
};
use jiff::{SignedDuration, ToSpan};
use server::reports::statistics::{
    counted::{count, recount},
    figures::{About, Found, figures},
    rows,
};

/// Figures by both ways, for some places, periods and ways to tell apart; `what` names the moment.
async fn compare(test: &TestApp, what: &str) {
    let now = test.app.clock.now();
    let today = time::day_of(now);
    let day = |ago: i64| today.saturating_sub(ago.days());
    let db = &test.app.db;
    for code in ["lanxi", "wutong", "xingwu", "wutong-g2"] {
        let place = server::places::store::by_code(db, code).await.expect("read").expect("a place");
        for (from, to) in [
            (today.first_of_month(), today),
            (day(30), day(0)),
            (day(60), day(31)),
            (day(7), day(7)),
            (day(0), day(0)),
            (day(20), day(-10)),
            (day(-3), day(-1)),
            (day(100), day(40)),
        ] {
            for (by, lang) in By::ALL.into_iter().zip([Lang::Zh, Lang::En].into_iter().cycle()) {
                let w = Words::new(lang);
                let about = About { place: &place, from, to, by, now };
                let found = figures(db, w, &about).await.expect("figures");
                let period = about.period();
                let rows = rows(db, w, &place.path, period).await.expect("rows");
                let expected = Found {
                    all: Figures::of(&rows, period, now.as_microsecond()),
                    parts: by.split(&rows, period, now.as_microsecond()),
                    course: course(&rows, from, to.min(today)),
                };
                let readable = |found: &Found| {
                    let each = |(name, part): (&str, &Figures)| {
                        let counts = Measure::ALL.map(|measure| part.count(measure));
                        format!("{name} {counts:?} {:?}", part.median_hours())
                    };
                    let mut lines = vec![each(("", &found.all))];
                    lines.extend(found.parts.iter().map(|(name, part)| each((name, part))));
                    lines
                };
                assert_eq!(readable(&found), readable(&expected), "{what}: {code} {from}..{to} by {by:?}");
                assert_eq!(found.course, expected.course, "{what}: {code} {from}..{to}");
            }
        }
    }
}

async fn count_all(test: &TestApp) -> usize {
    let mut counted = 0;
    loop {
        match count(&test.app, 150).await.expect("counted") {
            0 => return counted,
            some => counted += some,
        }
    }
}

async fn run(test: &TestApp, sql: &str) {
    let mut tx = test.app.db.begin().await.expect("begin");
    sqlx::query(sqlx::AssertSqlSafe(sql.to_owned())).execute(&mut *tx).await.expect(sql);
    tx.commit().await.expect("commit");
}

#[tokio::test]
async fn counts_per_day_give_what_the_reports_give() {
    on_both(|test| async move {
        generate(&test).await;
        compare(&test, "nothing counted").await;
        let half = count(&test.app, 200).await.expect("counted");
        assert_eq!(half, 200);
        compare(&test, "half of them counted").await;
        assert!(count_all(&test).await >= 200);
        compare(&test, "all counted").await;

        // Whatever happens moves the version. Some are closed, some opened again, some get other times, kinds, stars.
        for (n, sql) in [
            "state = 'closed', closed_at = changed_at + 7000000000, owner_id = COALESCE(owner_id, '{}'), handled_by = \
             COALESCE(handled_by, '{}'), verified_by = 'nobody'",
            "state = 'in_progress', closed_at = NULL, owner_id = COALESCE(owner_id, '{}')",
            "category = 'garbage-pile', stars = 2",
            "owner_due_at = filed_at + 900000000000, returns = returns + 1, reworks = reworks + 1",
            "state = 'withdrawn', owner_id = NULL, closed_at = filed_at",
        ]
        .into_iter()
        .enumerate()
        {
            let sql = sql.replace("'nobody'", &format!("'{}'", test.person(GRID_WORKER)));
            let sql = sql.replace("{}", test.person(VOLUNTEER));
            run(&test, &format!("UPDATE report SET {sql}, version = version + 1 WHERE id LIKE 'stat-%{n}'")).await;
        }
        compare(&test, "changed, not counted").await;
        assert_eq!(count_all(&test).await, 200);
        compare(&test, "changed and counted").await;

        // Nothing happens but time.
        for hours in [1, 7, 24, 24 * 9] {
            test.app.clock.advance(SignedDuration::from_hours(hours));
            compare(&test, &format!("{hours} hours later")).await;
        }

        // Somebody works for another unit.
        let mut tx = test.app.db.begin().await.expect("begin");
        server::people::store::set_unit(&mut tx, test.person("19900000041"), ("明月物业", "Bright Moon"))
            .await
            .expect("written");
        tx.commit().await.expect("commit");
        compare(&test, "another unit").await;
        assert!(count_all(&test).await > 0);
        compare(&test, "another unit, counted").await;

        // All is taken out again, and nothing is left.
        run(
            &test,
            "UPDATE report SET state = 'submitted', due_at = NULL, owner_due_at = NULL, closed_at = NULL, \
             owner_id = NULL, handled_by = NULL, verified_by = NULL, version = version + 1",
        )
        .await;
        count_all(&test).await;
        let (left,): (i64,) = sqlx::query_as(
            "SELECT CAST(COUNT(*) AS BIGINT) FROM report_day WHERE due <> 0 OR due_extended <> 0 OR due_returned <> 0 \
             OR standing <> 0 OR settled <> 0 OR on_time <> 0 OR reworked <> 0 OR settled_extended <> 0 \
             OR settled_returned <> 0 OR rated <> 0 OR satisfied <> 0 OR filed_closed <> 0",
        )
        .fetch_one(test.app.db.read())
        .await
        .expect("a count");
        assert_eq!(left, 0);
        compare(&test, "nothing due").await;
    })
    .await;
}

#[tokio::test]
async fn real_steps_are_counted_and_the_figures_are_what_plain_sql_counts() {
    on_both(async |test| {
        let mut staff = test.signed_in(STAFF).await;
        let mut volunteer = test.signed_in(VOLUNTEER).await;
        let db = &test.app.db;
        let place = server::places::store::by_code(db, "wutong").await.expect("read").expect("a place");
        for n in 0..3 {
            let code = dispatched(&test, &key(n)).await;
            compare(&test, "dispatched").await;
            count_all(&test).await;
            for step in ["take", "finish"] {
                assert_eq!(handler_step(&mut volunteer, &code, step, &[], &[]).await.status, 303, "{step}");
            }
            if n == 0 {
                continue;
            }
            for (step, text) in [("verify_pass", ""), ("close", "修好了")] {
                assert_eq!(staff_step(&mut staff, &code, step, &[("text", text)]).await.status, 303, "{step}");
            }
            compare(&test, "closed").await;
        }
        for days in [0, 20, 5] {
            test.app.clock.advance(SignedDuration::from_hours(24 * days));
            let now = test.app.clock.now();
            let today = time::day_of(now);
            let about = About { place: &place, from: today.saturating_sub(30.days()), to: today, by: By::Major, now };
            let found = figures(db, Words::new(Lang::Zh), &about).await.expect("figures");
            for measure in Measure::ALL {
                let sql = format!(
                    "SELECT CAST(COUNT(*) AS BIGINT) FROM report r WHERE substr(r.path, 1, length($1)) = $1 AND {} \
                     AND CAST($4 AS BIGINT) >= $2",
                    counted(measure)
                );
                let (expected,): (i64,) = sqlx::query_as(sqlx::AssertSqlSafe(sql))
                    .bind(&place.path)
                    .bind(about.period().from)
                    .bind(now.as_microsecond())
                    .bind(about.period().to)
                    .fetch_one(db.read())
                    .await
                    .expect("a count");
                assert_eq!(found.all.count(measure), expected, "{measure:?} after {days} days");
            }
            count_all(&test).await;
        }
        // An owner whose unit changed waits to be counted, and only theirs.
        let mut tx = db.begin().await.expect("begin");
        recount(&mut tx, test.person(VOLUNTEER)).await.expect("written");
        tx.commit().await.expect("commit");
        assert_eq!(count_all(&test).await, 3);
    })
    .await;
}
