//! Ballots that are no secret, shows of hands, rules, and who may vote.

use super::{
    MEMBERS, STAFF, add_member, ballot, body, body_with, count, draft, for_members, sent, session, text, vote,
};
use crate::support::{Browser, TestApp, on_both};
use jiff::SignedDuration;
use server::{clock, jobs, meetings::service::ballots};

async fn close(staff: &mut Browser, at: &str, id: &str) -> String {
    sent(staff, &format!("{at}/ballots/{id}"), &[("step", "close")]).await;
    staff.get(at).await.text()
}

async fn outcome(test: &TestApp, id: &str) -> String {
    text(test, &format!("SELECT outcome FROM meeting_ballot WHERE id = '{id}'")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn open_votes_may_be_changed_and_are_listed_at_the_end() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let here = body(&test, &mut staff, &MEMBERS[..3]).await;
        let at = session(&mut staff, &here).await;
        let id = ballot(&test, &mut staff, &at, "open", "").await;
        let (mut lin, mut zhou) = (test.signed_in(MEMBERS[0]).await, test.signed_in(MEMBERS[1]).await);
        assert_eq!(vote(&mut lin, &at, &id, "0").await, 303);
        assert_eq!(vote(&mut lin, &at, &id, "1").await, 303, "changed");
        assert_eq!(vote(&mut zhou, &at, &id, "1").await, 303);
        let during = zhou.get(&for_members(&at)).await.text();
        assert!(!during.contains("林晓禾"), "not before the end: {during}");
        let page = close(&mut staff, &at, &id).await;
        assert!(page.contains("未通过") && page.contains("林晓禾") && page.contains("周桂珍"), "{page}");
        assert_eq!(vote(&mut lin, &at, &id, "0").await, 409, "it is over");
        assert_eq!(count(&test, "SELECT votes FROM meeting_result WHERE number = 1").await, 2);
        let voted = "SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE action = 'meeting.vote'";
        assert_eq!(count(&test, voted).await, 3, "open votes are written down");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn quorum_majority_and_ties_are_judged_as_the_body_says() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let here = body_with(&test, &mut staff, &MEMBERS, ("2/3", "absolute")).await;
        let at = session(&mut staff, &here).await;
        let mut members = Vec::new();
        for phone in MEMBERS {
            members.push(test.signed_in(phone).await);
        }
        for (choices, expected) in [
            (&["0", "0", "0"][..], "no_quorum"),
            (&["0", "0", "1", "2"][..], "short"),
            (&["0", "0", "0", "1"][..], "chosen"),
            (&["0", "0", "1", "1"][..], "tie"),
            (&["1", "1", "1", "0"][..], "lost"),
        ] {
            let id = ballot(&test, &mut staff, &at, "open", "").await;
            for (member, choice) in members.iter_mut().zip(choices) {
                assert_eq!(vote(member, &at, &id, choice).await, 303);
            }
            close(&mut staff, &at, &id).await;
            assert_eq!(outcome(&test, &id).await, expected, "{choices:?}");
        }
        // The rules of an open ballot stay as they were when it was opened.
        let id = ballot(&test, &mut staff, &at, "open", "南门\n北门").await;
        let fields = [("body_name", "联席会议"), ("body_quorum", "0/1"), ("body_majority", "simple"), ("version", "1")];
        sent(&mut staff, &here, &fields).await;
        assert_eq!(staff.post(&here, &fields).await.status, 409, "somebody was quicker");
        assert_eq!(vote(&mut members[0], &at, &id, "0").await, 303);
        close(&mut staff, &at, &id).await;
        assert_eq!(outcome(&test, &id).await, "no_quorum");
        let id = ballot(&test, &mut staff, &at, "open", "南门\n北门").await;
        assert_eq!(vote(&mut members[0], &at, &id, "1").await, 303);
        let page = close(&mut staff, &at, &id).await;
        assert!(page.contains("选定：北门"), "{page}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hands_are_counted_before_a_witness_and_are_no_more_than_people() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let here = body(&test, &mut staff, &MEMBERS[..4]).await;
        let at = session(&mut staff, &here).await;
        let id = ballot(&test, &mut staff, &at, "hands", "").await;
        let mut ids = Vec::new();
        for phone in &MEMBERS[..4] {
            let person = test.person(phone);
            ids.push(text(&test, &format!("SELECT id FROM meeting_member WHERE person_id = '{person}'")).await);
        }
        for (member, presence) in ids.iter().zip(["present", "late", "represented", "absent"]) {
            let back = sent(&mut staff, &format!("{at}/roll"), &[("member", member), ("presence", presence)]).await;
            assert_eq!(back, format!("{at}#member-{member}"));
        }
        let mut lin = test.signed_in(MEMBERS[0]).await;
        assert_eq!(vote(&mut lin, &at, &id, "0").await, 403, "hands have no roll");
        let path = format!("{at}/ballots/{id}");
        let wrong: [(&[&str], &str); 5] = [
            (&["3", "1", "0"], &ids[0]),
            (&["2", "1"], &ids[0]),
            (&["-1", "1", "0"], &ids[0]),
            (&["2", "1", "0"], &ids[3]),
            (&["2", "1", "0"], "nobody"),
        ];
        for (votes, witness) in wrong {
            let mut fields = vec![("step", "close"), ("witness", witness)];
            fields.extend(votes.iter().map(|votes| ("votes", *votes)));
            assert_eq!(staff.post(&path, &fields).await.status, 422, "{fields:?}");
        }
        let right = [("step", "close"), ("witness", &*ids[1]), ("votes", "2"), ("votes", "1"), ("votes", "0")];
        sent(&mut staff, &path, &right).await;
        let page = staff.get(&at).await.text();
        assert!(page.contains("监票人：周桂珍") && page.contains("到会 3 / 4"), "{page}");
        assert_eq!(outcome(&test, &id).await, "chosen");
        assert_eq!(staff.post(&path, &right).await.status, 409, "once");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_those_on_the_roll_vote_and_only_in_time() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let here = body(&test, &mut staff, &MEMBERS[..3]).await;
        add_member(&mut staff, &here, MEMBERS[3], &["suggest"]).await;
        let at = session(&mut staff, &here).await;
        let id = draft(&test, &mut staff, &at, "secret", "").await;
        let (mut lin, mut quiet) = (test.signed_in(MEMBERS[0]).await, test.signed_in(MEMBERS[3]).await);
        assert_eq!(vote(&mut lin, &at, &id, "0").await, 403, "not yet on a roll");
        let path = format!("{at}/ballots/{id}");
        for until in ["2026-11-25T09:00", "yesterday", "9999-99-99T99:99"] {
            assert_eq!(staff.post(&path, &[("step", "open"), ("until", until)]).await.status, 422, "{until}");
        }
        sent(&mut staff, &path, &[("step", "open"), ("until", "2026-11-25T11:00")]).await;
        assert_eq!(vote(&mut quiet, &at, &id, "0").await, 403, "without the right of vote");
        // Somebody who comes later is on no roll that was written before.
        add_member(&mut staff, &here, MEMBERS[4], &["vote"]).await;
        assert_eq!(vote(&mut test.signed_in(MEMBERS[4]).await, &at, &id, "0").await, 403);
        for choice in ["3", "-1", "", "x", "99999999999999999999"] {
            assert_eq!(vote(&mut lin, &at, &id, choice).await, 422, "{choice}");
        }
        assert_eq!(vote(&mut lin, &at, &id, "0").await, 303);
        assert_eq!(vote(&mut lin, &at, &id, "1").await, 409, "a secret vote is final");
        let page = lin.get(&for_members(&at)).await.text();
        assert!(page.contains("您已投票"), "{page}");
        test.app.clock.advance(SignedDuration::from_hours(2));
        assert_eq!(vote(&mut test.signed_in(MEMBERS[1]).await, &at, &id, "0").await, 409, "too late");
        assert_eq!(staff.post(&format!("{at}/step"), &[("step", "close")]).await.status, 409, "a ballot is open");
        close(&mut staff, &at, &id).await;
        assert_eq!(outcome(&test, &id).await, "too_few");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ballot_ends_by_itself_when_its_time_is_over() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let here = body(&test, &mut staff, &MEMBERS[..4]).await;
        let at = session(&mut staff, &here).await;
        let mut ids = Vec::new();
        for way in ["secret", "open", "hands"] {
            let id = draft(&test, &mut staff, &at, way, "").await;
            let fields = [("step", "open"), ("until", "2026-11-25T11:00")];
            sent(&mut staff, &format!("{at}/ballots/{id}"), &fields).await;
            ids.push(id);
        }
        for phone in &MEMBERS[..3] {
            let mut member = test.signed_in(phone).await;
            assert_eq!(vote(&mut member, &at, &ids[0], "0").await, 303);
            assert_eq!(vote(&mut member, &at, &ids[1], "1").await, 303);
        }
        jobs::run_due(&test.app).await.expect("run");
        let open = "SELECT CAST(COUNT(*) AS BIGINT) FROM meeting_ballot WHERE state = 'open'";
        assert_eq!(count(&test, open).await, 3, "not before its time");
        ballots::close_in_time(&test.app, &ids[0]).await.expect("nothing");
        assert_eq!(count(&test, open).await, 3, "a job that comes early closes nothing");
        test.app.clock.advance(SignedDuration::from_hours(2));
        jobs::run_due(&test.app).await.expect("run");
        assert_eq!(outcome(&test, &ids[0]).await, "chosen");
        assert_eq!(outcome(&test, &ids[1]).await, "lost");
        assert_eq!(count(&test, open).await, 1, "hands are counted by people");
        // Again, and by several servers at once: nothing more is written.
        let other = test.another_app().await;
        let mut tasks = Vec::new();
        for n in 0..8 {
            let (app, id) = (if n % 2 == 0 { test.app.clone() } else { other.clone() }, ids[n % 3].clone());
            tasks.push(tokio::spawn(async move { ballots::close_in_time(&app, &id).await }));
        }
        for task in tasks {
            task.await.expect("joined").expect("nothing to do");
        }
        ballots::close_in_time(&test.app, "nothing").await.expect("there is none");
        let closed = "SELECT CAST(COUNT(*) AS BIGINT) FROM audit_log WHERE action = 'meeting.close_ballot' \
                      AND actor_kind = 'system'";
        assert_eq!(count(&test, closed).await, 2);
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM meeting_result").await, 6);
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM meeting_tally").await, 0);
        assert_eq!(staff.post(&format!("{at}/ballots/{}", ids[0]), &[("step", "close")]).await.status, 409);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resolution_comes_from_a_ballot_that_is_over() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let here = body(&test, &mut staff, &MEMBERS[..3]).await;
        let at = session(&mut staff, &here).await;
        let id = draft(&test, &mut staff, &at, "open", "").await;
        let owner = text(&test, "SELECT id FROM meeting_member ORDER BY added_at LIMIT 1").await;
        let once = clock::token();
        let fields = [
            ("resolution_text", "在南门安装充电桩"),
            ("resolution_owner", owner.as_str()),
            ("resolution_due", "2026-12-30"),
            ("resolution_ballot", id.as_str()),
            ("key", once.as_str()),
        ];
        let path = format!("{at}/resolutions");
        assert_eq!(staff.post(&path, &fields).await.status, 422, "a draft has decided nothing");
        sent(&mut staff, &format!("{at}/ballots/{id}"), &[("step", "open")]).await;
        assert_eq!(staff.post(&path, &fields).await.status, 422, "nor has one that is open");
        close(&mut staff, &at, &id).await;
        sent(&mut staff, &path, &fields).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_ballot_takes_three() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let here = body(&test, &mut staff, &MEMBERS[..2]).await;
        let at = session(&mut staff, &here).await;
        let id = draft(&test, &mut staff, &at, "secret", "").await;
        let path = format!("{at}/ballots/{id}");
        assert_eq!(staff.post(&path, &[("step", "open")]).await.status, 409);
        sent(&mut staff, &path, &[("step", "remove")]).await;
        assert_eq!(count(&test, "SELECT CAST(COUNT(*) AS BIGINT) FROM meeting_ballot").await, 0);
    })
    .await;
}
