//! The figures, counted again by other means: plain SQL over generated reports, on both engines.

use super::*;
use crate::support::on_both;
use app::reports::statistics::{By, Figures, Measure, Period};

pub(super) const HOUR: i64 = 3_600_000_000;

/// 400 reports of 梧桐 and 杏坞 with everything that can differ, thrown about by a fixed recipe. Returns "now".
pub(super) async fn generate(test: &TestApp) -> i64 {
    let now = test.app.clock.now().as_microsecond();
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    let mut below = |most: i64| -> i64 {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        i64::try_from(random % u64::try_from(most).expect("positive")).expect("small")
    };
    let categories = ["street-light", "garbage-pile", "elevator"];
    let states =
        ["closed", "closed", "closed", "in_progress", "handled", "suspended", "submitted", "rejected", "withdrawn"];
    let mut tx = test.app.db.begin().await.expect("begin");
    for n in 0..400 {
        let community = ["wutong", "xingwu"][usize::try_from(below(2)).expect("small")];
        let (community_id, path) = &test.loaded.organisations[community];
        let state = states[usize::try_from(below(9)).expect("small")];
        let filed = now - below(60 * 24) * HOUR;
        let due = (below(20) > 0).then(|| filed + below(20 * 24) * HOUR);
        let owner_due = due.filter(|_| below(3) == 0).map(|due| due + below(48) * HOUR);
        let closed =
            matches!(state, "closed" | "rejected" | "withdrawn").then(|| (filed + below(30 * 24) * HOUR).min(now));
        let owned = matches!(state, "closed" | "in_progress" | "handled" | "suspended");
        // The neighbourhood's own people, and a company.
        let handler = test.person([VOLUNTEER, "19900000041"][usize::try_from(below(2)).expect("small")]);
        let channel = ["resident", "patrol", "hotline", "api"][usize::try_from(below(4)).expect("small")];
        let transferred = if channel == "hotline" && below(3) == 0 { "police" } else { "" };
        let id = format!("stat-{n}");
        sqlx::query(
            "INSERT INTO report (id, code, idempotency_key, request_fingerprint, community_id, path, category, \
             description, channel, state, owner_id, handled_by, verified_by, filed_at, due_at, owner_due_at, changed_at, \
             closed_at, reworks, returns, stars, transferred_from, version) VALUES ($1, $2, $1, '', $3, $4, $5, 'x', $6, \
             $7, $8, $9, $10, $11, $12, $13, $11, $14, $15, $16, $17, $18, 1)",
        )
        .bind(&id)
        .bind(format!("S{n:07}"))
        .bind(community_id)
        .bind(path)
        .bind(categories[usize::try_from(below(3)).expect("small")])
        .bind(channel)
        .bind(state)
        .bind(owned.then_some(handler))
        .bind((state == "closed" || state == "handled").then_some(handler))
        .bind((state == "closed").then(|| test.person(GRID_WORKER)))
        .bind(filed)
        .bind(due)
        .bind(owner_due)
        .bind(closed)
        .bind(below(2) * below(2))
        .bind(below(2) * below(2))
        .bind((below(2) == 0).then(|| 1 + below(5)))
        .bind(transferred)
        .execute(&mut *tx)
        .await
        .expect("inserted");
        if below(6) == 0 {
            sqlx::query(
                "INSERT INTO report_extension (id, report_id, level, asked_by, asked_at, hours, reason, decision) \
                 VALUES ($1, $1, 1, $2, $3, 4, 'x', $4)",
            )
            .bind(&id)
            .bind(test.person(VOLUNTEER))
            .bind(filed)
            .bind(["granted", "refused"][usize::try_from(below(2)).expect("small")])
            .execute(&mut *tx)
            .await
            .expect("inserted");
        }
    }
    tx.commit().await.expect("commit");
    now
}

/// The definition once more, written as SQL by hand: what is counted of reports `r` under `$1` from `$2` to before `$3`
/// (never later than now) or `$4`.
pub(super) fn counted(measure: Measure) -> String {
    let deadline = "COALESCE(r.owner_due_at, r.due_at)";
    let due = format!(
        "r.state NOT IN ('rejected', 'withdrawn', 'merged') AND {deadline} < $3 \
         AND ({deadline} >= $2 OR NOT (r.state = 'closed' AND r.closed_at < $2))"
    );
    let closed = "(r.state = 'closed' AND r.closed_at < $3)";
    match measure {
        Measure::Filed => "r.filed_at >= $2 AND r.filed_at < $4".to_owned(),
        Measure::Due => due,
        Measure::Closed => format!("{due} AND {closed}"),
        Measure::OnTime => format!("{due} AND {closed} AND r.closed_at <= {deadline}"),
        Measure::Suspended => format!("{due} AND r.state IN ('suspended', 'asked')"),
        Measure::Overdue => format!("{due} AND NOT {closed} AND r.state NOT IN ('suspended', 'asked')"),
        Measure::Reworked => format!("{due} AND {closed} AND r.reworks > 0"),
        Measure::Extended => format!(
            "{due} AND EXISTS (SELECT 1 FROM report_extension e WHERE e.report_id = r.id AND e.decision = 'granted')"
        ),
        Measure::Returned => format!("{due} AND r.returns > 0"),
        Measure::Rated => format!("{due} AND {closed} AND r.stars IS NOT NULL"),
        Measure::Satisfied => format!("{due} AND {closed} AND r.stars >= 4"),
    }
}

/// One number: how many.
fn recount(measure: Measure) -> String {
    format!(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM report r WHERE substr(r.path, 1, length($1)) = $1 AND {} \
         AND CAST($4 AS BIGINT) >= $2",
        counted(measure)
    )
}

#[tokio::test]
async fn every_figure_is_what_plain_sql_counts() {
    on_both(|test| async move {
        let now = generate(&test).await;
        let w = app::i18n::Words::new(app::i18n::Lang::Zh);
        for place in ["wutong", "xingwu", "lanxi"] {
            let path = test.loaded.organisations[place].1.clone();
            for (from, to) in [(-30 * 24, 0), (-60 * 24, -30 * 24), (-20 * 24, 10 * 24), (-7, -6)] {
                let period = Period { from: now + from * HOUR, to: now + to * HOUR };
                let rows = server::reports::statistics::rows(&test.app.db, w, &path, period).await.expect("rows");
                let figures = Figures::of(&rows, period, now);
                for measure in Measure::ALL {
                    let (count,): (i64,) = sqlx::query_as(sqlx::AssertSqlSafe(recount(measure)))
                        .bind(&path)
                        .bind(period.from)
                        .bind(period.to.min(now))
                        .bind(period.to)
                        .fetch_one(test.app.db.read())
                        .await
                        .expect("a count");
                    assert_eq!(figures.count(measure), count, "{measure:?} of {place} {from}..{to}");
                }
                for by in By::ALL {
                    let parts = by.split(&rows, period, now);
                    let sum: i64 = parts.iter().map(|(_, part)| part.count(Measure::Due)).sum();
                    assert_eq!(sum, figures.count(Measure::Due), "{by:?}");
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn each_number_leads_to_its_reports_and_files_are_harmless() {
    on_both(|test| async move {
        generate(&test).await;
        let mut staff = test.signed_in(STAFF).await;
        let page = staff.get("/staff/reports/statistics?by=channel&from=2026-10-01&to=2026-11-25").await;
        assert_eq!(page.status, StatusCode::OK);
        let html = scraper::Html::parse_document(&page.text());
        let cells = scraper::Selector::parse("td a").expect("a selector");
        let mut followed = 0;
        for link in html.select(&cells).take(12) {
            let number: String = link.text().collect();
            let list = staff.get(link.value().attr("href").expect("an address")).await;
            assert!(list.text().contains(&format!("共 {number} 件")), "{number}: {}", list.text());
            followed += 1;
        }
        assert_eq!(followed, 12);
        let csv = staff.get("/staff/reports/statistics.csv?from=2026-10-01&to=2026-11-25&by=owner").await;
        assert!(csv.body.starts_with(&[0xef, 0xbb, 0xbf]), "the mark");
        assert!(
            csv.text().contains("网格员和志愿者（合计）") && !csv.text().contains("方敏"),
            "nobody by name: {}",
            csv.text()
        );
        // Another's place, and what no calendar has.
        assert_eq!(staff.get("/staff/reports/statistics?place=xingwu").await.status, StatusCode::FORBIDDEN);
        for hostile in
            ["from=9999-99-99", "to=-9999-01-01", "from=2199-12-31&to=1970-01-01", "place=%00", "measure=%27", "by=x"]
        {
            let status = staff.get(&format!("/staff/reports/statistics?{hostile}")).await.status;
            assert!(matches!(status.as_u16(), 200 | 400 | 404), "{hostile}: {status}");
        }
        let mut street = test.signed_in("19900000051").await;
        assert_eq!(street.get("/staff/reports/statistics?by=community").await.status, StatusCode::OK);
    })
    .await;
}
