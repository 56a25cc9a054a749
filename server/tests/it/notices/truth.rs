//! What stays true over time: who sees a notice, that nothing published is ever changed, and that corrections, withdrawals
//! and emergencies stand where they must.

use super::{CHENG, EMERGENCY, GU, LIN, SHEN, id_in, messages, published, typed, version};
use crate::support::{Dice, TestApp, on_both};
use app::{
    i18n::{Lang, Words},
    notices::{Looking, NoticeForm, NoticeKind, NoticeState, concerns},
};
use axum::http::{Method, StatusCode};
use jiff::{SignedDuration, Timestamp};
use server::{
    clock,
    http::routes,
    notices::store::{
        self,
        list::{self, Concerned, Wanted},
        write,
    },
    places::{self, Organisation},
};

/// A tree of places without paths: who is whose parent, by number. Parents come before their children.
struct Tree {
    ids: Vec<String>,
    paths: Vec<String>,
    parents: Vec<Option<usize>>,
    kinds: Vec<&'static str>,
}

impl Tree {
    /// A place and everything above it.
    fn line(&self, place: usize) -> Vec<usize> {
        std::iter::successors(Some(place), |n| self.parents[*n]).collect()
    }

    fn all(&self, kind: &str) -> Vec<usize> {
        (0..self.kinds.len()).filter(|n| self.kinds[*n] == kind).collect()
    }
}

const KINDS: [&str; 5] = ["district", "subdistrict", "community", "grid", "building"];

/// A random tree, written into the store. Codes are often the beginning of others: `a1` and `a10` stand side by side.
async fn grow(test: &TestApp, dice: &mut Dice, name: &str) -> Tree {
    let mut tree = Tree { ids: Vec::new(), paths: Vec::new(), parents: Vec::new(), kinds: Vec::new() };
    let mut level: Vec<Option<usize>> = vec![None];
    let mut tx = test.app.db.begin().await.expect("begin");
    for (depth, kind) in KINDS.into_iter().enumerate() {
        let mut next = Vec::new();
        for parent in level {
            for _ in 0..=dice.below(if depth == 0 { 1 } else { 3 }) {
                let own = tree.ids.len();
                let code = format!("{name}{own}");
                let path = format!("{}{code}/", parent.map_or("", |p: usize| tree.paths[p].as_str()));
                let id = clock::new_id(test.app.clock.now());
                let organisation = Organisation {
                    id: id.clone(),
                    kind: kind.to_owned(),
                    parent_id: parent.map(|p| tree.ids[p].clone()),
                    path: path.clone(),
                    name: code.clone(),
                    name_en: String::new(),
                    phone: String::new(),
                    address: String::new(),
                    address_en: String::new(),
                    households: 10,
                    longitude: None,
                    latitude: None,
                    outline: None,
                    position: 0,
                    code,
                };
                places::store::insert(&mut tx, &organisation).await.expect("written");
                tree.ids.push(id);
                tree.paths.push(path);
                tree.parents.push(parent);
                tree.kinds.push(kind);
                next.push(Some(own));
            }
        }
        level = next;
    }
    tx.commit().await.expect("commit");
    tree
}

/// Somebody who lives in this tree: their places, as far as they told them.
struct Person {
    id: String,
    building: Option<usize>,
    community: Option<usize>,
}

impl Person {
    fn places(&self) -> impl Iterator<Item = usize> {
        self.building.into_iter().chain(self.community)
    }
}

async fn settle(test: &TestApp, dice: &mut Dice, tree: &Tree) -> Vec<Person> {
    let (communities, buildings) = (tree.all("community"), tree.all("building"));
    let mut people = Vec::new();
    let mut tx = test.app.db.begin().await.expect("begin");
    for _ in 0..25 {
        let building = dice.percent(70).then(|| *dice.one_of(&buildings));
        // Usually the community of the building, sometimes another one (they moved), sometimes none.
        let community = match (building, dice.below(4)) {
            (_, 0) => None,
            (Some(building), 1 | 2) => tree.line(building).into_iter().find(|n| tree.kinds[*n] == "community"),
            _ => Some(*dice.one_of(&communities)),
        };
        let id = clock::new_id(test.app.clock.now());
        sqlx::query(
            "INSERT INTO person (id, name, phone_hash, phone_sealed, phone_masked, community_id, building_id, created_at) \
             VALUES ($1, 'x', $1, 'x', 'x', $2, $3, 0)",
        )
        .bind(&id)
        .bind(community.map(|n| tree.ids[n].as_str()))
        .bind(building.map(|n| tree.ids[n].as_str()))
        .execute(&mut *tx)
        .await
        .expect("written");
        people.push(Person { id, building, community });
    }
    tx.commit().await.expect("commit");
    people
}

struct Aimed {
    id: String,
    aims: Vec<usize>,
    from: Timestamp,
    to: Option<Timestamp>,
    emergency: Option<(Timestamp, Timestamp)>,
}

async fn aim(test: &TestApp, dice: &mut Dice, tree: &Tree, now: Timestamp) -> Vec<Aimed> {
    let mut notices = Vec::new();
    let mut tx = test.app.db.begin().await.expect("begin");
    let hours = |n: i64| now + SignedDuration::from_hours(n);
    let hour = |dice: &mut Dice| i64::try_from(dice.below(9)).expect("small") - 4;
    for n in 0..25 {
        let mut aims: Vec<usize> =
            (0..=dice.below(2)).map(|_| usize::try_from(dice.below(tree.ids.len() as u64)).expect("small")).collect();
        aims.sort_unstable();
        aims.dedup();
        let from = hours(hour(dice));
        let to = dice.percent(60).then(|| hours(hour(dice)));
        let emergency = (n % 3 == 0).then(|| (hours(hour(dice)), hours(hour(dice))));
        let form = NoticeForm { kind: "service".into(), title: "t".into(), body: "b".into(), ..NoticeForm::default() };
        let mut content = form.check(Words::new(Lang::Zh), now).expect("fine");
        content.expires_at = to;
        if let Some((starts, ends)) = emergency {
            content.kind = NoticeKind::Emergency;
            (content.starts_at, content.ends_at) = (Some(starts), Some(ends));
        }
        let origin = write::Origin {
            author_id: test.person(SHEN),
            organisation_id: &tree.ids[0],
            form_key: &clock::token(),
            changes: None,
        };
        let id = write::insert(&mut tx, origin, &content, now).await.expect("written").expect("new");
        let stored: Vec<(String, String)> =
            aims.iter().map(|a| (tree.ids[*a].clone(), tree.paths[*a].clone())).collect();
        write::set_aims(&mut tx, &id, &stored).await.expect("aimed");
        let step = (&[NoticeState::Draft][..], NoticeState::Published);
        write::advance(&mut tx, &id, step, None, from).await.expect("published");
        notices.push(Aimed { id, aims, from, to, emergency });
    }
    tx.commit().await.expect("commit");
    notices
}

fn sorted(mut ids: Vec<String>) -> Vec<String> {
    ids.sort();
    ids
}

/// A person sees a notice exactly when one of their places lies under one of its aims and the time is right. The model
/// walks from child to parent and knows no paths; the store is the real one.
#[tokio::test]
async fn a_person_sees_a_notice_exactly_when_it_is_for_one_of_their_places_and_the_time_is_right() {
    on_both(|test| async move {
        let now = test.app.clock.now();
        let at = now.as_microsecond();
        for seed in 1..=6_u64 {
            let mut dice = Dice(seed * 7919);
            let tree = grow(&test, &mut dice, &format!("t{seed}x")).await;
            let people = settle(&test, &mut dice, &tree).await;
            let notices = aim(&test, &mut dice, &tree, now).await;
            let under = |place: usize, notice: &Aimed| tree.line(place).iter().any(|n| notice.aims.contains(n));
            let part_of = |place: usize, notice: &Aimed| notice.aims.iter().any(|aim| tree.line(*aim).contains(&place));
            let in_time = |notice: &Aimed| notice.from <= now && notice.to.is_none_or(|end| now < end);
            let runs = |notice: &Aimed| notice.from <= now && notice.emergency.is_some_and(|(_, ends)| now < ends);

            // The page of each community: what is for it, for what is above it, and for its parts; while it runs.
            for community in tree.all("community") {
                let wanted = Wanted { community: Some(&tree.paths[community]), limit: 1000, ..Wanted::default() };
                let listed = list::list(&test.app.db, wanted, now).await.expect("listed");
                let meant = notices.iter().filter(|n| in_time(n) && (under(community, n) || part_of(community, n)));
                let listed = sorted(listed.into_iter().map(|row| row.id).collect());
                assert_eq!(listed, sorted(meant.map(|n| n.id.clone()).collect()), "seed {seed}, community {community}");

                let concerned = Concerned { looks_at: &tree.paths[community], ..Concerned::default() };
                let band = list::emergency(&test.app.db, concerned, now).await.expect("read");
                let running = notices.iter().any(|n| runs(n) && (under(community, n) || part_of(community, n)));
                assert_eq!(band.is_some(), running, "seed {seed}, the band of community {community}");
            }
            // The band of a person: what is for where they live, wherever they look; and what they look at, of which their own
            // building knows more.
            let communities = tree.all("community");
            for (n, person) in people.iter().enumerate() {
                let looks_at = (n % 3 > 0).then(|| communities[n % communities.len()]);
                let id = |place: Option<usize>| place.map_or("", |place| tree.ids[place].as_str());
                let concerned = Concerned {
                    looks_at: looks_at.map_or("", |community| tree.paths[community].as_str()),
                    lives_at: [id(person.building), id(person.community)],
                };
                let band = list::emergency(&test.app.db, concerned, now).await.expect("read");
                let meant = notices.iter().any(|notice| {
                    let lives = person.places().any(|place| under(place, notice));
                    let looks = looks_at.is_some_and(|community| {
                        let at_home = person.building.is_some_and(|home| tree.line(home).contains(&community));
                        !at_home && (under(community, notice) || part_of(community, notice))
                    });
                    runs(notice) && (lives || looks)
                });
                assert_eq!(band.is_some(), meant, "seed {seed}, the band of person {n}");
            }
            for notice in &notices {
                let meant: Vec<&Person> =
                    people.iter().filter(|p| p.places().any(|place| under(place, notice))).collect();
                // Who is told, when it goes out.
                let stored = store::by_id(&test.app.db, &notice.id).await.expect("read").expect("there");
                let told = store::recipients(&test.app.db, &stored, "", 10_000).await.expect("read");
                let told = told.into_iter().map(|one| one.id).collect();
                assert_eq!(sorted(told), sorted(meant.iter().map(|p| p.id.clone()).collect()), "seed {seed}");
                let reach = store::reach(&test.app.db, &notice.id).await.expect("counted");
                assert_eq!(reach.people, i64::try_from(meant.len()).expect("small"), "and was counted before");
                let homes = tree.all("building").into_iter().filter(|b| under(*b, notice)).count();
                assert_eq!(reach.households, 10 * i64::try_from(homes).expect("small"));
                // The rule of `app`, place by place.
                let aims: Vec<&str> = notice.aims.iter().map(|a| tree.paths[*a].as_str()).collect();
                let (from, to) = (notice.from.as_microsecond(), notice.to.map(Timestamp::as_microsecond));
                for place in tree.all("building") {
                    let sees = concerns(Looking::LivesAt(&tree.paths[place]), &aims, from, to, at);
                    assert_eq!(sees, under(place, notice) && in_time(notice), "seed {seed}, {place}");
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_notice_of_the_street_stands_in_each_of_its_communities_and_is_one() {
    on_both(|test| async move {
        let mut street = test.signed_in(CHENG).await;
        let id = published(&test, &mut street, &[("organisation", "tongyin"), ("aims", "tongyin")]).await;
        let communities: Vec<String> = test
            .loaded
            .organisations
            .iter()
            .filter(|(_, (_, path))| path.starts_with("lanxi/tongyin/") && path.matches('/').count() == 3)
            .map(|(code, _)| code.clone())
            .collect();
        assert!(communities.len() > 1, "{communities:?}");
        for code in &communities {
            let mut reader = test.visitor();
            reader.cookies.insert("linli_community".into(), code.clone());
            assert!(reader.get("/notices").await.text().contains(&format!("/notices/{id}")), "{code}");
            let api = reader.get(&format!("/api/v1/notices?community={code}")).await.json();
            assert_eq!(api["items"][0]["id"], id.as_str(), "{code}");
        }
        let (count,): (i64,) = sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM notice")
            .fetch_one(test.app.db.read())
            .await
            .expect("counted");
        assert_eq!(count, 1, "one notice, not a copy for each");
        assert_eq!(messages(&test, LIN, &id).await, 1);
        // Staff of a community read it, and change nothing of what the street said.
        let mut staff = test.signed_in(SHEN).await;
        for path in ["correct", "withdraw"] {
            let fields = [("form_key", "0123456789012345678901234567890123456789012"), ("reason", "x")];
            let refused = staff.post(&format!("/staff/notices/{id}/{path}"), &fields).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}");
        }
    })
    .await;
}

/// Everything of a notice that readers see, as it is stored.
async fn text_of(test: &TestApp, id: &str) -> Vec<String> {
    let notice = store::by_id(&test.app.db, id).await.expect("read").expect("there");
    let aims = store::aims_of(&test.app.db, &[id]).await.expect("read");
    let pictures = server::notices::attachments::store::pictures(&test.app.db, id).await.expect("read");
    let files = server::notices::attachments::store::files(&test.app.db, id).await.expect("read");
    vec![
        format!("{:?}", notice.content()),
        format!("{aims:?}"),
        format!("{pictures:?}"),
        format!("{files:?}"),
        format!("{:?} {}", notice.published_at(), notice.organisation_id),
    ]
}

/// Whatever is sent to whatever address of ours by whoever may most: what is published stays as it was said.
#[tokio::test]
async fn no_address_changes_a_published_text() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let draft = super::written(&mut staff, &[]).await;
        let files = [("file", "a.pdf", "application/pdf", super::attachments::PDF)];
        staff.post_files(&format!("/staff/notices/{draft}/files/file"), &[], &files).await;
        let at = version(&mut staff, &draft).await;
        let out = staff.post(&format!("/staff/notices/{draft}/publish"), &[("version", &at)]).await;
        assert_eq!(out.status, StatusCode::SEE_OTHER, "{}", out.text());
        let before = text_of(&test, &draft).await;
        let addresses: Vec<_> = routes::all()
            .list()
            .iter()
            .filter(|route| route.method != Method::GET && route.path.contains("notices"))
            .map(|route| (route.method.clone(), route.path))
            .collect();
        assert!(addresses.len() >= 12, "{addresses:?}");
        let key = clock::token();
        for (method, path) in addresses {
            // Taking it back is what may happen to it, last of all: its text stays even then.
            if path.ends_with("/withdraw") {
                continue;
            }
            let address = path.replace("{id}", &draft).replace("{number}", "1");
            for who in [SHEN, "19900000032", CHENG, "19900000099"] {
                let mut somebody = test.signed_in(who).await;
                for action in ["save", "autosave", "next", "remove", "describe"] {
                    for at in ["1", "2", "3", "4"] {
                        let change = [
                            ("action", action),
                            ("version", at),
                            ("current", at),
                            ("title", "改掉"),
                            ("body", "改掉"),
                            ("aims", "wutong-3"),
                            ("what", "file"),
                            ("number", "1"),
                            ("alt", "改掉"),
                            ("reason", "改掉"),
                            ("review", "0"),
                        ];
                        let fields = typed(&key, &change);
                        if method == Method::DELETE {
                            somebody.send(Method::DELETE, &address, None, Vec::new()).await;
                        } else {
                            somebody.post(&address, &fields).await;
                        }
                    }
                }
                somebody.post_files(&address, &[("alt", "x")], &files).await;
            }
            assert_eq!(text_of(&test, &draft).await, before, "{path}");
        }
        let gone = staff.post(&format!("/staff/notices/{draft}/withdraw"), &[("reason", "取消。")]).await;
        assert_eq!(gone.status, StatusCode::SEE_OTHER, "{}", gone.text());
        assert_eq!(text_of(&test, &draft).await, before, "taken back, and still what it said");
        let page = test.visitor().get(&format!("/notices/{draft}")).await.text();
        assert!(page.contains("已撤回") && page.contains("8:00 至 12:00"), "{page}");
    })
    .await;
}

#[tokio::test]
async fn an_emergency_stands_on_top_until_it_is_taken_back() {
    on_both(|test| async move {
        let mut staff = test.signed_in(SHEN).await;
        let id = published(&test, &mut staff, &EMERGENCY).await;
        let mut lin = test.signed_in(LIN).await;
        let mut gu = test.signed_in(GU).await;
        let band = "class=\"emergency\"";
        for path in ["/", "/notices", "/services", "/report", "/me", "/me/inbox", "/reports", "/communities"] {
            let page = lin.get(path).await.text();
            assert!(page.contains(band) && page.contains(&format!("/notices/{id}")), "{path}");
            assert!(page.contains("请勿外出"), "{path} says what to do");
            assert!(!gu.get(path).await.text().contains(band), "{path} of another community");
        }
        // Corrected: the correction stands there in its place. Taken back: nothing does.
        let key = clock::token();
        let update = id_in(&staff.post(&format!("/staff/notices/{id}/correct"), &[("form_key", &key)]).await);
        let at = version(&mut staff, &update).await;
        staff.post(&format!("/staff/notices/{update}/publish"), &[("version", &at)]).await;
        let page = lin.get("/services").await.text();
        assert!(page.contains(&format!("/notices/{update}")) && !page.contains(&format!("/notices/{id}")), "{page}");
        let gone = staff.post(&format!("/staff/notices/{update}/withdraw"), &[("reason", "已修好。")]).await;
        assert_eq!(gone.status, StatusCode::SEE_OTHER, "{}", gone.text());
        assert!(!lin.get("/services").await.text().contains(band));
        // Each says which the others are.
        let (withdrawal,): (String,) = sqlx::query_as("SELECT id FROM notice WHERE corrects_id = $1")
            .bind(&update)
            .fetch_one(test.app.db.read())
            .await
            .expect("the withdrawal");
        for (page, other) in [(&id, &update), (&update, &id), (&update, &withdrawal), (&withdrawal, &update)] {
            let text = lin.get(&format!("/notices/{page}")).await.text();
            assert!(text.contains(&format!("href=\"/notices/{other}\"")), "{page} names {other}: {text}");
        }
    })
    .await;
}
