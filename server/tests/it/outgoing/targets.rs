//! Whom notices reach, and whom what changes them reaches: thrown by chance, and compared with the rules of `app`.

use super::SHEN;
use crate::support::{Dice, TestApp, on_both};
use app::{
    i18n::{Lang, Words},
    notices::{Looking, NoticeForm, NoticeKind, NoticeState, concerns, following::is_followed},
};
use server::{
    clock,
    notices::{
        following::store as follows,
        service::fan_out,
        store::{reach, write},
    },
};
use std::collections::{BTreeMap, BTreeSet};

/// Id, path and kind.
type Place = (String, String, String);
/// A place that is followed, and the only kind there.
type Followed = (Place, Option<NoticeKind>);

/// The district, and who follows what in it.
struct World<'a> {
    test: &'a TestApp,
    dice: Dice,
    places: Vec<Place>,
    people: Vec<String>,
    follows: BTreeMap<String, Vec<Followed>>,
}

/// A notice: id, paths of its aims, kind.
struct Out {
    id: String,
    aims: Vec<String>,
    kind: NoticeKind,
}

impl World<'_> {
    fn place(&mut self, kinds: &[&str]) -> Place {
        let fit: Vec<&Place> = self.places.iter().filter(|(.., kind)| kinds.contains(&kind.as_str())).collect();
        (*self.dice.one_of(&fit)).clone()
    }

    /// Thirty more people, who live somewhere, or nowhere.
    async fn settle(&mut self) {
        let mut tx = self.test.app.db.begin().await.expect("begin");
        for _ in 0..30 {
            let id = clock::new_id(self.test.app.clock.now());
            let building = self.place(&["building"]).0;
            let community = self.place(&["community"]).0;
            sqlx::query(
                "INSERT INTO person (id, name, phone_hash, phone_sealed, phone_masked, community_id, building_id, \
                 created_at) VALUES ($1, 'x', $1, 'x', 'x', $2, $3, 0)",
            )
            .bind(&id)
            .bind(self.dice.percent(40).then_some(community))
            .bind(self.dice.percent(50).then_some(building))
            .execute(&mut *tx)
            .await
            .expect("written");
            self.people.push(id);
        }
        tx.commit().await.expect("commit");
    }

    /// Some follow something, some nothing any more, some move.
    async fn change(&mut self) {
        let now = self.test.app.clock.now();
        let mut tx = self.test.app.db.begin().await.expect("begin");
        for person in self.people.clone() {
            if self.dice.percent(20) {
                follows::forget(&mut tx, &person).await.expect("forgotten");
                self.follows.remove(&person);
            }
            if self.dice.percent(20) {
                let to = self.place(&["building"]).0;
                sqlx::query("UPDATE person SET building_id = $2 WHERE id = $1")
                    .bind(&person)
                    .bind(to)
                    .execute(&mut *tx)
                    .await
                    .expect("moved");
            }
            if self.dice.percent(50) {
                let place = self.place(&["community", "building"]);
                let kind = self.dice.percent(50).then(|| *self.dice.one_of(&NoticeKind::ALL));
                let added = follows::add(&mut tx, &person, (&place.0, &place.1), kind, 50, now).await;
                assert!(added.expect("followed"));
                self.follows.entry(person).or_default().push((place, kind));
            }
        }
        tx.commit().await.expect("commit");
    }

    /// Publishes a notice for one or two places, which may change an earlier one.
    async fn publish(&mut self, changes: Option<&Out>) -> Out {
        let now = self.test.app.clock.now();
        let all = ["district", "subdistrict", "community", "grid", "building"];
        let mut aims: Vec<Place> = (0..=self.dice.below(2)).map(|_| self.place(&all[1..])).collect();
        if self.dice.percent(5) {
            aims.push(self.place(&all));
        }
        aims.sort();
        aims.dedup();
        let kind = *self.dice.one_of(&NoticeKind::ALL);
        let form = NoticeForm { kind: "service".into(), title: "t".into(), body: "b".into(), ..NoticeForm::default() };
        let mut content = form.check(Words::new(Lang::Zh), now).expect("fine");
        content.kind = kind;
        let origin = write::Origin {
            author_id: self.test.person(SHEN),
            organisation_id: &self.places[0].0,
            form_key: &clock::token(),
            changes: changes.map(|earlier| (earlier.id.as_str(), false)),
        };
        let mut tx = self.test.app.db.begin().await.expect("begin");
        let id = write::insert(&mut tx, origin, &content, now).await.expect("written").expect("new");
        let stored: Vec<(String, String)> = aims.iter().map(|(id, path, _)| (id.clone(), path.clone())).collect();
        write::set_aims(&mut tx, &id, &stored).await.expect("aimed");
        let step = (&[NoticeState::Draft][..], NoticeState::Published);
        write::advance(&mut tx, &id, step, None, now).await.expect("published");
        tx.commit().await.expect("commit");
        Out { id, aims: aims.into_iter().map(|(_, path, _)| path).collect(), kind }
    }

    /// Whom a notice is meant for, by the rules.
    async fn meant(&self, notice: &Out) -> BTreeSet<String> {
        let homes: Vec<(String, Option<String>, Option<String>)> = sqlx::query_as(
            "SELECT p.id, b.path, c.path FROM person p LEFT JOIN organisation b ON b.id = p.building_id \
             LEFT JOIN organisation c ON c.id = p.community_id",
        )
        .fetch_all(self.test.app.db.read())
        .await
        .expect("read");
        let lives = |place: &Option<String>| {
            place.as_ref().is_some_and(|place| concerns(Looking::LivesAt(place), &notice.aims, 0, None, 0))
        };
        let follows = |person: &str| {
            self.follows.get(person).into_iter().flatten().any(|((_, path, kind), only)| {
                let place = if kind == "community" { Looking::Community(path) } else { Looking::LivesAt(path) };
                is_followed(place, *only, notice.kind, &notice.aims)
            })
        };
        let meant = homes.iter().filter(|(id, building, community)| lives(building) || lives(community) || follows(id));
        meant.map(|(id, ..)| id.clone()).collect()
    }

    /// Tells it, and gives who has it in the inbox. How many these are was known before.
    async fn tell(&self, notice: &Out) -> BTreeSet<String> {
        let counted = reach(&self.test.app.db, &notice.id).await.expect("counted").people;
        fan_out(&self.test.app, &notice.id).await.expect("told");
        let told = self.told(notice).await;
        assert_eq!(counted, i64::try_from(told.len()).expect("few"), "the number that stands before publishing");
        told
    }

    async fn told(&self, notice: &Out) -> BTreeSet<String> {
        let rows: Vec<(String,)> = sqlx::query_as("SELECT person_id FROM inbox_message WHERE dedupe_key = $1")
            .bind(format!("notice:{}", notice.id))
            .fetch_all(self.test.app.db.read())
            .await
            .expect("read");
        let people: BTreeSet<String> = rows.iter().map(|(id,)| id.clone()).collect();
        assert_eq!(people.len(), rows.len(), "each once");
        people
    }
}

fn all_of(sets: &[&BTreeSet<String>]) -> BTreeSet<String> {
    sets.iter().flat_map(|set| set.iter().cloned()).collect()
}

#[tokio::test]
async fn a_notice_reaches_who_lives_there_or_follows_and_what_changes_it_reaches_them_all_again() {
    on_both(|test| async move {
        let places: Vec<Place> = sqlx::query_as("SELECT id, path, kind FROM organisation ORDER BY path")
            .fetch_all(test.app.db.read())
            .await
            .expect("read");
        let mut world = World { test: &test, dice: Dice(7), places, people: Vec::new(), follows: BTreeMap::new() };
        let (mut followers, mut gone) = (0, 0);
        for round in 0..8 {
            world.settle().await;
            world.change().await;
            let notice = world.publish(None).await;
            let meant = world.meant(&notice).await;
            if round % 4 == 3 {
                // The correction is told while the first is still on its way.
                let correction = world.publish(Some(&notice)).await;
                let told = world.tell(&correction).await;
                assert_eq!(told, all_of(&[&meant, &world.meant(&correction).await]), "round {round}");
                assert!(world.tell(&notice).await.is_subset(&told), "round {round}");
                // So is the last one, before the one that it corrects has come to everybody.
                world.change().await;
                let second = world.publish(Some(&correction)).await;
                let last = world.publish(Some(&second)).await;
                let told = world.tell(&last).await;
                assert!(world.tell(&second).await.is_subset(&told), "round {round}");
                continue;
            }
            let told = world.tell(&notice).await;
            assert_eq!(told, meant, "round {round}");
            followers += told.iter().filter(|person| world.follows.contains_key(*person)).count();
            // Whom it reached are reached by what changes it, wherever they live and whatever they follow by then.
            world.change().await;
            gone += told.difference(&world.meant(&notice).await).count();
            let correction = world.publish(Some(&notice)).await;
            let (old, new) = (world.meant(&notice).await, world.meant(&correction).await);
            let again = world.tell(&correction).await;
            assert_eq!(again, all_of(&[&told, &old, &new]), "round {round}");
            world.change().await;
            let last = world.publish(Some(&correction)).await;
            let (first, old, new) =
                (world.meant(&notice).await, world.meant(&correction).await, world.meant(&last).await);
            assert_eq!(world.tell(&last).await, all_of(&[&again, &first, &old, &new]), "round {round}");
        }
        assert!(followers > 10 && gone > 2, "chance has to try it: {followers}, {gone}");
    })
    .await;
}
