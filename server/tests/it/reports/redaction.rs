//! Blacking out: what the public gets has nothing left of the parts; the original is for staff, and every look is
//! written down.

use super::*;
use crate::support::on_both;
use image::GenericImageView;

async fn picture(browser: &mut Browser, path: &str) -> image::DynamicImage {
    let answer = browser.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}");
    super::photos::assert_clean(path, &answer.body);
    image::load_from_memory(&answer.body).expect("a picture")
}

fn is_black(picture: &image::DynamicImage, x: u32, y: u32) -> bool {
    // JPEG leaves a shimmer at edges; the middle of a block is black.
    picture.get_pixel(x, y).0[..3].iter().all(|colour| *colour < 16)
}

#[tokio::test]
async fn the_public_sees_only_what_is_left() {
    on_both(|test| async move {
        let code = filed(&mut test.signed_in(RESIDENT).await, &key(1), 1).await;
        let (id,): (String,) =
            sqlx::query_as("SELECT id FROM photo").fetch_one(test.app.db.read()).await.expect("a photo");
        let mut staff = test.signed_in(STAFF).await;
        let form = format!("/staff/reports/{code}/photos/{id}");
        let page = staff.get(&form).await;
        assert!(page.text().contains("请检查人脸和车牌"), "{}", page.text());
        // The upper left quarter, and public at once.
        let part = [("x", "0"), ("y", "0"), ("width", "50"), ("height", "50"), ("release", "1")];
        let done = staff.post(&form, &part).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
        let mut visitor = test.visitor();
        for (variant, width, height) in [("full", 640, 480), ("thumb", 480, 360)] {
            let path = format!("/photos/{id}/{variant}");
            let seen = picture(&mut visitor, &path).await;
            assert_eq!(seen.dimensions(), (width, height));
            assert!(is_black(&seen, width / 4, height / 4), "{variant}");
            assert!(!is_black(&seen, width * 3 / 4, height * 3 / 4), "{variant}");
        }
        // More parts come on top of the earlier ones; the answer has changed for caches.
        let before = visitor.get(&format!("/photos/{id}/full")).await;
        let part = [("x", "60"), ("y", "60"), ("width", "30"), ("height", "30")];
        let later = test.app.clock.now();
        assert_eq!(staff.post(&form, &part).await.status, StatusCode::SEE_OTHER, "{later}");
        let seen = picture(&mut visitor, &format!("/photos/{id}/full")).await;
        assert!(is_black(&seen, 160, 120) && is_black(&seen, 480, 360));
        assert_eq!(before.headers["cache-control"], "public, no-cache");
        // The original: for staff, on the record; for nobody else, the reporter included.
        let original = format!("/photos/{id}/original");
        assert_eq!(visitor.get(&original).await.status, StatusCode::NOT_FOUND);
        assert!(test.signed_in(RESIDENT).await.get(&original).await.status.as_u16() >= 403);
        assert!(test.signed_in(STAFF_ELSEWHERE).await.get(&original).await.status.as_u16() >= 403);
        assert!(!is_black(&picture(&mut staff, &original).await, 160, 120));
        let looked = "SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE action = 'report.see_original_photo'";
        assert_eq!(count(&test, looked).await, 1);
        for variant in ["redacted", "redacted-thumb", "Full"] {
            assert_eq!(visitor.get(&format!("/photos/{id}/{variant}")).await.status, StatusCode::NOT_FOUND);
        }
    })
    .await;
}

#[tokio::test]
async fn parts_that_are_none_are_refused_in_words() {
    on_both(|test| async move {
        let code = filed(&mut test.signed_in(RESIDENT).await, &key(1), 1).await;
        let (id,): (String,) =
            sqlx::query_as("SELECT id FROM photo").fetch_one(test.app.db.read()).await.expect("a photo");
        let mut staff = test.signed_in(STAFF).await;
        let form = format!("/staff/reports/{code}/photos/{id}");
        for part in [
            ["-1", "0", "5", "5"],
            ["0", "0", "0", "5"],
            ["x", "0", "5", "5"],
            ["NaN", "0", "5", "5"],
            ["1e300", "0", "5", "5"],
            ["100", "0", "5", "5"],
            ["", "", "", ""],
        ] {
            let fields = [("x", part[0]), ("y", part[1]), ("width", part[2]), ("height", part[3])];
            let answer = staff.post(&form, &fields).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{part:?}");
        }
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM photo_redaction").await, 0);
        let missing = staff.post(&format!("/staff/reports/{code}/photos/nosuch"), &[]).await;
        assert_eq!(missing.status, StatusCode::NOT_FOUND);
    })
    .await;
}
