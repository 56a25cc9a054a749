//! Drawing a grid: by text, by GeoJSON, and what is refused.

use super::send;
use crate::{
    reports::{GRID_WORKER, STAFF, STAFF_ELSEWHERE},
    support::on_both,
};
use axum::http::StatusCode;
use serde_json::json;

const AT: &str = "/staff/grids/wutong-g1/outline";

#[tokio::test(flavor = "multi_thread")]
async fn an_outline_is_looked_at_confirmed_and_kept_once() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let form = staff.get(AT).await.text();
        assert!(form.contains("120.308004, 31.580087") && form.contains("data-west"), "what is drawn stands there");
        // West of its neighbours.
        let good = "120.3079, 31.5803\n120.3095, 31.5803\n120.3095, 31.5816\n120.3079, 31.5816";
        let look = staff.post(AT, &[("outline", good), ("act", "look")]).await;
        assert!(look.status == StatusCode::OK && look.text().contains("这样画没有问题"), "{}", look.text());
        assert!(look.text().contains("plan-grid draft"));
        for (text, word) in [
            ("", "至少要三个拐角"),
            ("120.3, 31.5\nx", "第 2 行不是两个数"),
            ("31.58, 120.3\n31.58, 120.4\n31.6, 120.4", "不在地球上"),
            ("120.308, 31.58\n120.309, 31.581\n120.309, 31.58\n120.308, 31.581", "自己和自己交叉"),
            ("121.308, 31.58\n121.309, 31.58\n121.309, 31.581", "离本社区太远"),
            ("{\"type\":\"Point\"}", "看不懂"),
        ] {
            let answer = staff.post(AT, &[("outline", text), ("act", "save")]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{text}");
            assert!(answer.text().contains(word), "{text}: {word}");
        }
        // Over a neighbour: told, and kept only when that is meant.
        let wide = "120.3079, 31.5790\n120.3120, 31.5790\n120.3120, 31.5818\n120.3079, 31.5818";
        let mut fields = vec![("outline", wide), ("act", "save"), ("version", "0")];
        let warned = staff.post(AT, &fields).await;
        assert_eq!(warned.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(warned.text().contains("重叠") && warned.text().contains("name=\"confirm\""), "{}", warned.text());
        fields.push(("confirm", "1"));
        assert_eq!(staff.post(AT, &fields).await.status, StatusCode::SEE_OTHER);
        assert_eq!(staff.post(AT, &fields).await.status, StatusCode::CONFLICT, "it is another one by now");
        let ring = json!([[120.3079, 31.5803], [120.3095, 31.5803], [120.3095, 31.5816], [120.3079, 31.5816]]);
        let pasted = json!({ "type": "Feature", "properties": {}, "geometry": { "type": "Polygon", "coordinates":
            [[[120.3079, 31.5803], [120.3095, 31.5803], [120.3095, 31.5816], [120.3079, 31.5816], [120.3079, 31.5803]]] } });
        let pasted = pasted.to_string();
        let fields = [("outline", pasted.as_str()), ("act", "save"), ("version", "1")];
        assert_eq!(staff.post(AT, &fields).await.status, StatusCode::SEE_OTHER);
        // The same through the API, where the version is an entity tag.
        let api = "/api/v1/staff/grids/wutong-g1";
        let seen = staff.get(api).await.json();
        assert_eq!(seen["outline"].as_array().map(Vec::len), Some(5), "closed");
        assert_eq!(seen["version"], 2);
        let stale = send(&mut staff, &format!("{api}/outline"), &json!({ "outline": ring, "version": 1 })).await;
        assert_eq!(stale.status, StatusCode::CONFLICT);
        let kept = send(&mut staff, &format!("{api}/outline"), &json!({ "outline": ring, "version": 2 })).await;
        assert_eq!(kept.status, StatusCode::OK, "{}", kept.text());
        let crossing = json!({ "outline": [[120.308, 31.58], [120.309, 31.581], [120.309, 31.58], [120.308, 31.581]] });
        let refused = send(&mut staff, &format!("{api}/outline"), &crossing).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text().contains("#/outline"));
        for phone in [GRID_WORKER, STAFF_ELSEWHERE] {
            assert_eq!(test.signed_in(phone).await.get(AT).await.status, StatusCode::FORBIDDEN, "{phone}");
        }
    })
    .await;
}
