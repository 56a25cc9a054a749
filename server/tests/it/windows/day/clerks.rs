//! Those who serve.

use super::{HALLS, town::Town};
use crate::support::{Dice, TestApp};
use std::collections::VecDeque;

/// What a clerk does next with the person at the window.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Act {
    Recall,
    Start,
    Pass,
    NoShow,
    Park,
    Transfer,
    Finish,
    FinishAndUndo,
}

pub struct Desk {
    pub hall: usize,
    pub number: i64,
    pub id: String,
    pub dice: Dice,
    /// Who is there, and what will happen when.
    pub now: Option<(String, VecDeque<(i64, Act)>)>,
    /// Steps for people who are not at the window: when, who, which.
    pub aside: Vec<(i64, String, &'static str)>,
    pub taps: usize,
}

impl Desk {
    fn address(&self) -> String {
        format!("/staff/counter/{}.{}", HALLS[self.hall].0, self.number)
    }

    /// One tap of the clerk; counted when it was done.
    async fn tap(&mut self, town: &Town<'_>, ticket: &str, step: &str, more: &[(&str, &str)]) -> bool {
        self.taps += 1;
        let key = format!("{}.{}.{}", HALLS[self.hall].0, self.number, self.taps);
        let mut fields = vec![("key", key.as_str()), ("ticket", ticket), ("step", step)];
        fields.extend(more);
        let path = if step == "call" { "call" } else { "step" };
        let reply = town.post(&town.staff[self.hall], 0, &format!("{}/{path}", self.address()), &fields).await;
        assert!([303, 409].contains(&reply.status), "{step}: {}", reply.status);
        if reply.status == 303 {
            *town.steps.lock().expect("whole").entry(step.to_owned()).or_default() += 1;
        }
        reply.status == 303
    }

    /// Everything that is due at this window.
    pub async fn work(&mut self, town: &Town<'_>, minute: i64) {
        let due: Vec<_> = self.aside.iter().filter(|(at, ..)| *at <= minute).cloned().collect();
        self.aside.retain(|(at, ..)| *at > minute);
        for (_, ticket, step) in due {
            assert!(self.tap(town, &ticket, step, &[]).await, "{step} of {ticket}");
        }
        if let Some((ticket, mut plan)) = self.now.take() {
            while let Some((at, act)) = plan.pop_front() {
                if at > minute {
                    plan.push_front((at, act));
                    break;
                }
                if !self.act(town, minute, &ticket, act).await {
                    let sql = "SELECT state FROM ticket WHERE id = $1";
                    let (state,) = town.row::<(String,)>(sql, &ticket).await.expect("there");
                    assert_eq!(state, "left", "only somebody who has left cannot be {act:?}");
                    plan.clear();
                }
            }
            if !plan.is_empty() {
                self.now = Some((ticket, plan));
                return;
            }
        }
        let sql = "SELECT CAST(COUNT(*) AS BIGINT) FROM ticket t JOIN service_window w ON w.id = $1 \
                   AND w.hall_id = t.hall_id WHERE t.state = 'waiting' AND (t.only_window_id = w.id OR \
                   (t.only_window_id IS NULL AND EXISTS (SELECT 1 FROM window_item x WHERE x.window_id = w.id \
                   AND x.item_id = t.item_id)))";
        let waiting = town.row::<(i64,)>(sql, &self.id).await.unwrap_or_default();
        if waiting.0 == 0 || !self.tap(town, "", "call", &[]).await {
            return;
        }
        let sql = "SELECT id FROM ticket WHERE window_id = $1 AND state = 'called'";
        let Some((ticket,)) = town.row::<(String,)>(sql, &self.id).await else { return };
        self.now = Some((ticket, self.plan(minute)));
    }

    fn plan(&mut self, minute: i64) -> VecDeque<(i64, Act)> {
        let dice = &mut self.dice;
        let long = 2 + i64::try_from(dice.below(4)).expect("small");
        let mut plan = VecDeque::new();
        let mut at = minute + i64::from(dice.percent(30));
        if dice.percent(6) {
            at += 1;
            plan.push_back((at, Act::Recall));
            at += 1;
        }
        match dice.below(100) {
            0..5 => plan.push_back((at + 1, Act::Pass)),
            5..7 => plan.push_back((at + 1, Act::NoShow)),
            7..10 => plan.extend([(at, Act::Start), (at + 1, Act::Park)]),
            10..13 => plan.extend([(at, Act::Start), (at + 1, Act::Transfer)]),
            13..16 => plan.extend([(at, Act::Start), (at + long, Act::FinishAndUndo), (at + long, Act::Finish)]),
            _ => plan.extend([(at, Act::Start), (at + long, Act::Finish)]),
        }
        plan
    }

    async fn act(&mut self, town: &Town<'_>, minute: i64, ticket: &str, act: Act) -> bool {
        let missing = [("outcome", "missing")];
        match act {
            Act::Recall => self.tap(town, ticket, "recall", &[]).await,
            Act::Start => self.tap(town, ticket, "start", &[]).await,
            Act::NoShow => self.tap(town, ticket, "no_show", &[]).await,
            Act::Pass => {
                let done = self.tap(town, ticket, "pass", &[]).await;
                if done {
                    let (after, step) = if self.dice.percent(50) { (4, "recall_passed") } else { (20, "no_show") };
                    self.aside.push((minute + after, ticket.to_owned(), step));
                }
                done
            }
            Act::Park => {
                let done = self.tap(town, ticket, "park", &[]).await;
                if done {
                    self.aside.push((minute + 6, ticket.to_owned(), "unpark"));
                }
                done
            }
            Act::Transfer => {
                // To window 1, which serves everything; from there to another item.
                let more = if self.number == 1 { ("to_item", "pension-check") } else { ("to_window", "1") };
                self.tap(town, ticket, "transfer", &[more]).await
            }
            Act::Finish => {
                let more: &[(&str, &str)] = if self.dice.percent(10) { &missing } else { &[] };
                self.tap(town, ticket, "finish", more).await && self.rate(town, ticket).await
            }
            Act::FinishAndUndo => {
                if !self.tap(town, ticket, "finish", &[]).await {
                    return false;
                }
                let sql = "SELECT id FROM ticket_step WHERE ticket_id = $1 AND action = 'finish' AND undone_at IS NULL";
                let (step,) = town.row::<(String,)>(sql, ticket).await.expect("a step");
                let path = format!("{}/undo", self.address());
                let reply = town.post(&town.staff[self.hall], 0, &path, &[("step", &step)]).await;
                assert_eq!(reply.status, 303, "undone at once");
                *town.steps.lock().expect("whole").entry("undo".to_owned()).or_default() += 1;
                true
            }
        }
    }

    /// Some say how it was.
    async fn rate(&mut self, town: &Town<'_>, ticket: &str) -> bool {
        let known = town.tickets.lock().expect("whole").get(ticket).cloned();
        if let Some((session, token)) = known
            && !token.is_empty()
            && self.dice.percent(20)
        {
            let stars = (1 + self.dice.below(5)).to_string();
            let fields = [("t", token.as_str()), ("stars", stars.as_str()), ("reason", "说说")];
            let reply = town.post(&session, 0, &format!("/tickets/{ticket}/rating"), &fields).await;
            assert_eq!(reply.status, 303);
        }
        true
    }
}

pub async fn desks(town: &Town<'_>) -> Vec<Desk> {
    let mut desks = Vec::new();
    for (hall, (code, _)) in HALLS.iter().enumerate() {
        let sql = "SELECT id FROM hall WHERE code = $1";
        let (id,) = town.row::<(String,)>(sql, code).await.expect("there");
        for one in server::windows::store::tickets::desks(town.test.app.db.read(), &id).await.expect("read") {
            let seed = Dice(u64::try_from(one.number).expect("small") * 100 + hall as u64);
            let desk = Desk { hall, number: one.number, id: one.id, dice: seed, now: None, aside: Vec::new(), taps: 0 };
            let reply = town.post(&town.staff[hall], 0, &format!("{}/open", desk.address()), &[]).await;
            assert_eq!(reply.status, 303);
            desks.push(desk);
        }
    }
    desks
}

/// It holds for half a day.
pub async fn clerks_show_their_second_factor(test: &TestApp) {
    let mut tx = test.app.db.begin().await.expect("begin");
    sqlx::query("UPDATE session SET second_factor_at = $1 WHERE second_factor_at IS NOT NULL")
        .bind(test.app.clock.now().as_microsecond())
        .execute(&mut *tx)
        .await
        .expect("set");
    tx.commit().await.expect("commit");
}
