//! Who may see and do what.

use super::*;
use crate::support::on_both;

#[tokio::test]
async fn everybody_sees_what_is_theirs_and_no_more() {
    on_both(|test| async move {
        let code = dispatched(&test, &key(1)).await;
        let (photo,): (String,) =
            sqlx::query_as("SELECT id FROM photo").fetch_one(test.app.db.read()).await.expect("a photo");
        let photo = format!("/photos/{photo}/full");
        let staff_page = format!("/staff/reports/{code}");
        let task_page = format!("/volunteer/reports/{code}");
        let public_page = format!("/reports/{code}");

        for (phone, expected) in [
            (RESIDENT, (403, 403, 200)),
            (NEIGHBOUR, (403, 403, 404)),
            (VOLUNTEER, (403, 200, 200)),
            (OTHER_VOLUNTEER, (403, 403, 404)),
            (GRID_WORKER, (200, 403, 200)),
            ("19900000022", (403, 403, 404)),
            (STAFF, (200, 403, 200)),
            (STAFF_ELSEWHERE, (403, 403, 404)),
            ("19900000051", (200, 403, 200)),
            ("19900000052", (200, 403, 200)),
        ] {
            let mut browser = test.signed_in(phone).await;
            let seen = (
                browser.get(&staff_page).await.status.as_u16(),
                browser.get(&task_page).await.status.as_u16(),
                browser.get(&photo).await.status.as_u16(),
            );
            assert_eq!(seen, expected, "{phone}");
            let public = browser.get(&public_page).await;
            assert_eq!(public.status, 200);
            let knows = [RESIDENT, VOLUNTEER, GRID_WORKER, STAFF, "19900000051", "19900000052"].contains(&phone);
            assert_eq!(public.text().contains("路灯三天没亮了"), knows, "{phone}");
        }
        let mut visitor = test.visitor();
        assert_eq!(visitor.get(&photo).await.status, 404);
        assert_eq!(visitor.get(&staff_page).await.status, 303, "to the door");

        // Steps: not the owner, not the community, not the role.
        for (phone, path, step, status) in [
            (OTHER_VOLUNTEER, &task_page, "take", 403),
            (STAFF, &task_page, "take", 403),
            (GRID_WORKER, &task_page, "take", 403),
            (RESIDENT, &task_page, "take", 403),
            (STAFF_ELSEWHERE, &staff_page, "reject", 403),
            (GRID_WORKER, &staff_page, "close", 403),
            ("19900000051", &staff_page, "reject", 403),
            (VOLUNTEER, &staff_page, "reject", 403),
        ] {
            let answer = test.signed_in(phone).await.post(path, &[("step", step), ("text", "x")]).await;
            assert_eq!(answer.status.as_u16(), status, "{phone} {step}");
        }
        for nonsense in ["", "fly", "withdraw"] {
            let answer = test.signed_in(STAFF).await.post(&staff_page, &[("step", nonsense)]).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        }
    })
    .await;
}

#[tokio::test]
async fn a_photo_is_public_only_when_released() {
    on_both(|test| async move {
        let code = filed(&mut test.signed_in(RESIDENT).await, &key(1), 1).await;
        let (id,): (String,) =
            sqlx::query_as("SELECT id FROM photo").fetch_one(test.app.db.read()).await.expect("a photo");
        let address = format!("/photos/{id}/thumb");
        let release = format!("/staff/reports/{code}/photos");
        let mut visitor = test.visitor();
        assert_eq!(visitor.get(&address).await.status, 404);
        for phone in [RESIDENT, STAFF_ELSEWHERE, GRID_WORKER] {
            let answer = test.signed_in(phone).await.post(&release, &[("photo", &id), ("release", "1")]).await;
            assert_eq!(answer.status, 403, "{phone}");
        }
        let mut staff = test.signed_in(STAFF).await;
        assert_eq!(staff.post(&release, &[("photo", "nosuch"), ("release", "1")]).await.status, 404);
        assert_eq!(staff.post(&release, &[("photo", &id), ("release", "1")]).await.status, 303);
        let answer = visitor.get(&address).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.headers["content-type"], "image/jpeg");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
        assert_eq!(answer.headers["content-security-policy"], server::http::middleware::POLICY_OF_FILES);
        assert!(answer.headers.contains_key("etag"));
        assert_eq!(staff.post(&release, &[("photo", &id), ("release", "0")]).await.status, 303);
        assert_eq!(visitor.get(&address).await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn names_are_shown_to_those_whom_the_reporter_lets_have_them() {
    on_both(|test| async move {
        let mut resident = test.signed_in(RESIDENT).await;
        for (n, extra, staff_sees) in
            [(1, None, true), (2, Some(("name_hidden", "1")), true), (3, Some(("unknown_to_staff", "1")), false)]
        {
            let key = key(n);
            let mut form = fields(&key);
            form.extend(extra);
            let code = code_of(&resident.post_files("/report", &form, &[]).await);
            let mut staff = test.signed_in(STAFF).await;
            assert_eq!(
                staff.get(&format!("/staff/reports/{code}")).await.text().contains("林晓禾"),
                staff_sees,
                "{extra:?}"
            );
            staff_step(&mut staff, &code, "accept", &[]).await;
            let to = test.person(VOLUNTEER).to_owned();
            staff_step(&mut staff, &code, "dispatch", &[("to", &to)]).await;
            let task = test.signed_in(VOLUNTEER).await.get(&format!("/volunteer/reports/{code}")).await;
            assert_eq!(task.status, 200);
            assert_eq!(task.text().contains("林晓禾"), extra.is_none(), "{extra:?}");
            assert!(!task.text().contains("199****0001"), "no number for handlers");
        }
        let looks =
            count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE action = 'report.see_reporter'").await;
        assert!(looks >= 2, "every look is in the audit log");
    })
    .await;
}

#[tokio::test]
async fn addresses_that_lead_nowhere_are_not_found() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        for path in [
            "/reports/NOSUCH12",
            "/staff/reports/NOSUCH12",
            "/photos/x/full",
            "/photos/x/../y",
            "/photos/01/huge",
            "/api/v1/reports/%00",
        ] {
            assert_eq!(staff.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        for path in [
            "/staff/reports?state=%27%3B--&page=-5",
            "/staff/reports?kind=x&grid=y&page=99999999",
            "/staff/reports?state=late",
        ] {
            assert_eq!(staff.get(path).await.status, StatusCode::OK, "{path}");
        }
    })
    .await;
}
