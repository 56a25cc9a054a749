//! The whole way: a file is looked at, mended, taken over; what somebody else changes in between; who may.

use super::{ADMIN, OF_THE_STREET, counts, imported, looked_at, number, run_at, send, take};
use crate::support::{TestApp, on_both};
use app::people::Role;

const TREE: &str = "编号,级别,上级编号,名称,英文名称,电话\n\
    hexi,街道,lanxi,河西街道,Hexi Subdistrict,0510-80000190\n\
    yinxing,社区,hexi,银杏社区,,\n\
    yinxing-g1,网格,yinxing,第一网格,,\n\
    yinxing-1,楼栋,yinxing-g1,1 栋,,\n\
    wutong,社区,tongyin,梧桐社区,Wutong Community,0510-80000191\n\
    xingwu,社区,tongyin,杏坞社区,Xingwu Community,0510-80000102\n";

const PLACES: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM organisation";

#[tokio::test]
async fn a_table_is_looked_at_and_then_taken_over_as_it_was_shown() {
    on_both(|test| async move {
        let before = number(&test.app.db, PLACES).await;
        let mut admin = test.signed_in(ADMIN).await;
        let address = looked_at(&mut admin, "organisations", TREE).await;
        assert_eq!(number(&test.app.db, PLACES).await, before, "nothing happens before it is confirmed");
        assert_eq!(counts(&test, &address).await, [4, 1, 1, 0]);
        let page = admin.get(&format!("{address}?show=change")).await.text();
        assert!(page.contains("<del>0510-80000101") && page.contains("<ins>0510-80000191"), "{page}");

        let taken = take(&test, &mut admin, &address, "all").await;
        assert_eq!((taken.status.as_u16(), taken.location()), (303, address.as_str()));
        assert_eq!(number(&test.app.db, PLACES).await, before + 4);
        let (path, phone): (String, String) =
            sqlx::query_as("SELECT o.path, w.phone FROM organisation o, organisation w WHERE o.code = 'yinxing-1' AND w.code = 'wutong'")
                .fetch_one(test.app.db.read())
                .await
                .expect("there");
        assert_eq!((path.as_str(), phone.as_str()), ("lanxi/hexi/yinxing/yinxing-g1/yinxing-1/", "0510-80000191"));
        // Every row has its entry with the actor, and so has the import.
        let audit: Vec<(String, i64)> = sqlx::query_as(
            "SELECT action, CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE actor_id = $1 GROUP BY action ORDER BY action",
        )
        .bind(test.person(ADMIN))
        .fetch_all(test.app.db.read())
        .await
        .expect("read");
        let audit: Vec<(&str, i64)> = audit.iter().map(|(action, count)| (action.as_str(), *count)).collect();
        assert_eq!(
            audit,
            [
                ("import.done", 1),
                ("import.look", 1),
                ("import.take", 1),
                ("organisation.add", 4),
                ("organisation.change", 1)
            ]
        );
        assert_eq!(
            number(&test.app.db, "SELECT CAST(COUNT(*) AS BIGINT) FROM import_piece WHERE content <> ''").await,
            0,
            "what was sent is gone"
        );
        // A second tap changes nothing; the same file once more is the same.
        let mark = run_at(&test, &address).await.mark;
        let twice = admin.post(&format!("{address}/take"), &[("mode", "all"), ("mark", &mark)]).await;
        assert_eq!(twice.status, 303);
        let again = looked_at(&mut admin, "organisations", TREE).await;
        assert_eq!(counts(&test, &again).await, [0, 0, 6, 0]);
        test.run_jobs().await;
        assert_eq!(number(&test.app.db, PLACES).await, before + 4, "the job finds nothing left to do");
        let list = admin.get("/staff/imports").await.text();
        assert!(list.contains(&address) && list.contains("高远"), "{list}");
    })
    .await;
}

#[tokio::test]
async fn what_somebody_changes_in_between_is_shown_again_and_nothing_is_taken_over() {
    on_both(|test| async move {
        for mode in ["all", "good"] {
            let mut admin = test.signed_in(ADMIN).await;
            let address = looked_at(&mut admin, "organisations", TREE).await;
            let before = number(&test.app.db, PLACES).await;
            let mark = run_at(&test, &address).await.mark;
            let mut tx = test.app.db.begin().await.expect("begin");
            sqlx::query("UPDATE organisation SET phone = $1 WHERE code = 'wutong'")
                .bind(format!("0510-8000018{}", mode.len()))
                .execute(&mut *tx)
                .await
                .expect("changed");
            tx.commit().await.expect("commit");
            let taken = admin.post(&format!("{address}/take"), &[("mode", mode), ("mark", &mark)]).await;
            assert_eq!(taken.status, 303);
            let run = run_at(&test, &address).await;
            assert_eq!((run.state.as_str(), run.again), ("shown", 1), "{mode}");
            assert_ne!(run.mark, mark);
            assert_eq!(number(&test.app.db, PLACES).await, before, "{mode}: nothing was taken over");
            let page = admin.get(&address).await.text();
            assert!(page.contains("资料已经被别人改过"), "{page}");
            // What was looked at before cannot be confirmed any more.
            let stale = admin.post(&format!("{address}/take"), &[("mode", mode), ("mark", &mark)]).await;
            assert_eq!(stale.status, 409);
        }
        // Looked at once more, it goes.
        let mut admin = test.signed_in(ADMIN).await;
        imported(&test, &mut admin, "organisations", TREE).await;
    })
    .await;
}

#[tokio::test]
async fn refused_lines_are_told_and_the_good_ones_go_alone_when_that_is_chosen() {
    on_both(|test| async move {
        let mut admin = test.signed_in(ADMIN).await;
        let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/imports/buildings.csv"));
        let address = looked_at(&mut admin, "buildings", &text.expect("the file")).await;
        for lang in ["zh-CN", "en"] {
            let file = admin.get(&format!("{address}/refused.csv?lang={lang}")).await;
            assert_eq!(file.status, 200);
            let path = format!("{}/tests/golden/imports/refused.{lang}.csv", env!("CARGO_MANIFEST_DIR"));
            if std::env::var_os("LINLI_TEST_BLESS").is_some() {
                std::fs::write(&path, &file.body).expect("written");
            }
            let golden = std::fs::read_to_string(&path).unwrap_or_default();
            assert_eq!(file.text(), golden, "if that is meant, run with LINLI_TEST_BLESS=1");
        }
        let before = number(&test.app.db, PLACES).await;
        let all = take(&test, &mut admin, &address, "all").await;
        assert_eq!(all.status, 422);
        let neither = take(&test, &mut admin, &address, "").await;
        assert_eq!(neither.status, 422);
        assert_eq!(number(&test.app.db, PLACES).await, before, "nothing was taken over");
        let good = take(&test, &mut admin, &address, "good").await;
        assert_eq!(good.status, 303);
        let [added, changed, _, refused] = counts(&test, &address).await;
        assert_eq!((added, changed, refused > 5), (2, 1, true));
        assert_eq!(number(&test.app.db, PLACES).await, before + 2);
        let page = admin.get(&address).await.text();
        assert!(page.contains("行的都导入好了"), "{page}");
    })
    .await;
}

#[tokio::test]
async fn an_import_that_is_dropped_or_left_lying_forgets_what_was_sent() {
    on_both(|test| async move {
        let mut admin = test.signed_in(ADMIN).await;
        let dropped = looked_at(&mut admin, "organisations", TREE).await;
        let left = looked_at(&mut admin, "organisations", TREE).await;
        assert_eq!(admin.post(&format!("{dropped}/drop"), &[]).await.status, 303);
        assert_eq!(take(&test, &mut admin, &dropped, "all").await.status, 409);
        test.app.clock.advance(jiff::SignedDuration::from_hours(24 * 8));
        server::imports::work::sweep(&test.app).await.expect("swept");
        for address in [&dropped, &left] {
            assert_eq!(run_at(&test, address).await.state, "dropped");
        }
        assert_eq!(
            number(&test.app.db, "SELECT CAST(COUNT(*) AS BIGINT) FROM import_piece WHERE content <> ''").await,
            0
        );
        test.app.clock.advance(jiff::SignedDuration::from_hours(24 * 366));
        server::imports::work::sweep(&test.app).await.expect("swept");
        assert_eq!(number(&test.app.db, "SELECT CAST(COUNT(*) AS BIGINT) FROM import_run").await, 0);
    })
    .await;
}

/// Makes somebody admin of one street.
async fn admin_of_the_street(test: &TestApp) {
    let mut tx = test.app.db.begin().await.expect("begin");
    let (street, _) = &test.loaded.organisations["tongyin"];
    let now = test.app.clock.now();
    server::people::store::grant(&mut tx, test.person(OF_THE_STREET), Role::Admin, street, now).await.expect("granted");
    tx.commit().await.expect("commit");
}

#[tokio::test]
async fn an_admin_brings_in_what_is_theirs_and_sees_nobody_elses() {
    on_both(|test| async move {
        admin_of_the_street(&test).await;
        let mut admin = test.signed_in(ADMIN).await;
        let mut street = test.signed_in(OF_THE_STREET).await;
        let address = looked_at(&mut street, "organisations", TREE).await;
        // The new street with all below it, and nothing of the own one, is refused.
        assert_eq!(counts(&test, &address).await, [0, 1, 1, 4]);
        let people = "手机号,姓名,角色,机构编号\n19900009901,王小满,网格员,wutong-g1\n19900009902,陈立冬,志愿者,shibu-g1\n\
                      19900009903,何冬青,管理员,lanxi\n";
        let address = looked_at(&mut street, "people", people).await;
        assert_eq!(counts(&test, &address).await, [1, 0, 0, 2]);
        // Whoever is above sees it, and it is not the other way round.
        assert_eq!(admin.get(&address).await.status, 200);
        let above = looked_at(&mut admin, "people", people).await;
        assert_eq!(counts(&test, &above).await, [3, 0, 0, 0]);
        for path in [above.clone(), format!("{above}/refused.csv")] {
            assert_eq!(street.get(&path).await.status, 403);
        }
        assert_eq!(take(&test, &mut street, &above, "all").await.status, 403);
        assert_eq!(street.post(&format!("{above}/drop"), &[]).await.status, 403);
        assert!(!street.get("/staff/imports").await.text().contains(&above));
        // A scope that is gone in the meantime is no longer theirs.
        let mut tx = test.app.db.begin().await.expect("begin");
        sqlx::query("DELETE FROM role_grant WHERE person_id = $1 AND role = 'admin'")
            .bind(test.person(OF_THE_STREET))
            .execute(&mut *tx)
            .await
            .expect("taken back");
        tx.commit().await.expect("commit");
        assert_eq!(take(&test, &mut street, &address, "good").await.status, 403);
        for phone in ["19900000031", "19900000052", "19900000021"] {
            let mut other = test.signed_in(phone).await;
            assert_eq!(other.get("/staff/imports").await.status, 403, "{phone}");
            assert_eq!(send(&mut other, "people", people.as_bytes()).await.status, 403, "{phone}");
        }
    })
    .await;
}
