//! Activities: seats that are left, who waits before whom, and the numbers of the list at the door, from the sign-ups.

use super::{STAFF, items, page};
use crate::{month::activities::PEOPLE, support::TestApp};

/// A sign-up: person, people, state, when, id.
type SignUp = (String, i64, String, i64, String);

/// Compares each activity.
pub async fn compare(test: &TestApp) {
    let db = test.app.db.read();
    let activities: Vec<(String, i64)> =
        sqlx::query_as("SELECT id, seats FROM activity").fetch_all(db).await.expect("activities");
    let mut staff = test.signed_in(STAFF).await;
    for (id, seats) in activities {
        let mut all: Vec<SignUp> =
            sqlx::query_as("SELECT person_id, people, state, asked_at, id FROM sign_up WHERE activity_id = $1")
                .bind(&id)
                .fetch_all(db)
                .await
                .expect("sign-ups");
        all.sort_by(|one, other| (one.3, &one.4).cmp(&(other.3, &other.4)));
        let sum = |state: &str| -> i64 { all.iter().filter(|one| one.2 == state).map(|one| one.1).sum() };
        let (signed, waiting) = (sum("signed"), sum("waiting"));
        let queue: Vec<&SignUp> = all.iter().filter(|one| one.2 == "waiting").collect();
        assert!(signed <= seats && signed > 0, "{signed} of {seats}");
        let left = match (seats - signed, queue.len()) {
            (0, 0) => "名额已满。可以先排候补".to_owned(),
            (0, count) => format!("名额已满，有 {count} 份报名在候补"),
            (free, _) => format!("还剩 {free} 个"),
        };
        let text = page(&mut test.visitor(), &format!("/notices/{id}")).await;
        assert!(text.contains(&left), "{left}: {text}");
        for phone in test.loaded.residents.iter().take(PEOPLE) {
            let text = page(&mut test.signed_in(phone).await, &format!("/notices/{id}")).await;
            let own = all.iter().find(|one| one.0 == test.person(phone));
            let said = match own.map(|one| (one.2.as_str(), one.1)) {
                Some(("signed", people)) => format!("您已报名，{people} 人。"),
                Some(("waiting", people)) => {
                    let place = queue.iter().take_while(|one| one.0 != test.person(phone)).count() + 1;
                    format!("您在候补第 {place} 位，{people} 人。")
                }
                _ => left.clone(),
            };
            assert!(text.contains(&said), "{said}: {text}");
        }
        let text = page(&mut staff, &format!("/staff/notices/{id}/sign-ups")).await;
        let numbers = format!("{seats} 个名额，已报 {signed} 人，候补 {waiting} 人，已到 0 人");
        assert!(text.contains(&numbers), "{numbers}: {text}");
        let said = items(&mut staff, &format!("/api/v1/staff/notices/{id}/sign-ups")).await;
        for (state, expected) in [("signed", signed), ("waiting", waiting)] {
            let people =
                said.iter().filter(|one| one["state"] == state).map(|one| one["people"].as_i64().expect("people"));
            assert_eq!(people.sum::<i64>(), expected, "{state}: {said:?}");
        }
    }
}
