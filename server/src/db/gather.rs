//! Questions that come at the same moment are asked together.
//!
//! Who asks while the database answers others waits for that answer, and is then asked for with all who came meanwhile, by one
//! statement. When it is quiet nobody waits. Nothing is kept: each answer was read after its question was put.

use std::{
    collections::HashMap,
    hash::Hash,
    mem,
    pin::pin,
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::{
    Mutex as Turn,
    oneshot::{self, error::TryRecvError},
};

/// Most different questions of one statement.
const MOST: usize = 32;
/// A statement for several that takes longer is waited for by nobody but whoever asks it: the others each ask for themselves, so
/// that a connection that hangs holds up nobody for longer.
const PATIENCE: Duration = Duration::from_millis(250);

/// Questions of one kind that wait to be asked.
pub struct Gather<K, V> {
    waiting: Mutex<Vec<Waiting<K, V>>>,
    turn: Turn<()>,
}

struct Waiting<K, V> {
    key: K,
    answer: oneshot::Sender<Option<V>>,
}

impl<K, V> Default for Gather<K, V> {
    fn default() -> Self {
        Gather { waiting: Mutex::default(), turn: Turn::default() }
    }
}

impl<K: Clone + Eq + Hash, V: Clone> Gather<K, V> {
    /// What `read` finds for `key`. It is asked for several different keys at once, as many as a power of two says, so that there
    /// are few different statements; keys for which there is nothing it leaves out. Where it fails for several, each asks alone, so
    /// that nobody fails for another's question.
    pub async fn ask<F, R>(&self, key: K, read: F) -> anyhow::Result<Option<V>>
    where
        F: Fn(Vec<K>) -> R,
        R: Future<Output = anyhow::Result<HashMap<K, V>>>,
    {
        match self.with_others(&key, &read).await {
            Some(answer) => answer,
            None => Ok(read(vec![key.clone()]).await?.remove(&key)),
        }
    }

    /// `None`: there is no answer, and each has to ask alone.
    async fn with_others<F, R>(&self, key: &K, read: &F) -> Option<anyhow::Result<Option<V>>>
    where
        F: Fn(Vec<K>) -> R,
        R: Future<Output = anyhow::Result<HashMap<K, V>>>,
    {
        let (answer, mut mine) = oneshot::channel();
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(Waiting { key: key.clone(), answer });
        let turn = tokio::select! {
            biased;
            answered = &mut mine => return answered.ok().map(Ok),
            turn = self.turn.lock() => turn,
        };
        // Those who came at the same moment have put their questions before the first goes on.
        tokio::task::yield_now().await;
        loop {
            match mine.try_recv() {
                Ok(answer) => return Some(Ok(answer)),
                Err(TryRecvError::Closed) => return None,
                Err(TryRecvError::Empty) => {}
            }
            let (keys, asked) = self.next();
            // One's own is not always among them: whoever came a moment earlier may stand behind.
            let mine_too = keys.contains(key);
            let alone = mine_too && keys.len() == 1;
            let mut reading = pin!(read(keys));
            match tokio::time::timeout(PATIENCE, &mut reading).await {
                Ok(Ok(found)) => {
                    for Waiting { key, answer } in asked {
                        // Whoever went away does not need it.
                        let _ = answer.send(found.get(&key).cloned());
                    }
                }
                Ok(Err(error)) if alone => return Some(Err(error)),
                Ok(Err(error)) => {
                    given_up(&format!("{error:#}"));
                    return None;
                }
                Err(_) => {
                    if !alone {
                        given_up("it takes too long");
                    }
                    // In this order: the next must not find these who are answered by nobody.
                    drop(asked);
                    drop(turn);
                    if !mine_too {
                        return None;
                    }
                    return match reading.await {
                        Ok(mut found) => Some(Ok(found.remove(key))),
                        Err(error) if alone => Some(Err(error)),
                        Err(_) => None,
                    };
                }
            }
        }
    }

    /// The different keys that are asked for next, and all who ask for one of them. Whoever went away is left out.
    fn next(&self) -> (Vec<K>, Vec<Waiting<K, V>>) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|one| !one.answer.is_closed());
        let mut keys: Vec<K> = Vec::new();
        for one in waiting.iter() {
            if keys.len() < MOST && !keys.contains(&one.key) {
                keys.push(one.key.clone());
            }
        }
        keys.truncate(1 << keys.len().max(1).ilog2());
        let (asked, later) = mem::take(&mut *waiting).into_iter().partition(|one| keys.contains(&one.key));
        *waiting = later;
        (keys, asked)
    }
}

fn given_up(why: &str) {
    metrics::counter!("linli_questions_one_by_one_total").increment(1);
    tracing::warn!(why, "asked one by one");
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::bail;
    use futures::future::join_all;
    use std::sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    };

    type Doubles = Gather<u64, u64>;

    /// Twice each number below a thousand, after a moment.
    async fn double(keys: Vec<u64>) -> anyhow::Result<HashMap<u64, u64>> {
        tokio::time::sleep(Duration::from_millis(5)).await;
        Ok(keys.into_iter().filter(|key| *key < 1_000).map(|key| (key, 2 * key)).collect())
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn many_ask_together_by_few_statements_and_each_has_its_own_answer() {
        let gather = Arc::new(Doubles::default());
        let statements = Arc::new(AtomicUsize::new(0));
        let all = (0..400_u64).map(|n| {
            let (gather, statements) = (gather.clone(), statements.clone());
            // Each number is asked for twice, and some are of nobody.
            let key = if n % 10 == 0 { 1_000 + n } else { n / 2 };
            tokio::spawn(async move {
                let read = |keys: Vec<u64>| {
                    statements.fetch_add(1, Ordering::Relaxed);
                    assert!(keys.len().is_power_of_two() && keys.len() <= MOST, "{keys:?}");
                    assert_eq!(keys.iter().collect::<std::collections::HashSet<_>>().len(), keys.len(), "{keys:?}");
                    double(keys)
                };
                let found = gather.ask(key, read).await.expect("an answer");
                assert_eq!(found, (key < 1_000).then_some(2 * key));
            })
        });
        for one in join_all(all.collect::<Vec<_>>()).await {
            one.expect("an answer of its own");
        }
        let statements = statements.load(Ordering::Relaxed);
        assert!((8..100).contains(&statements), "{statements} statements for 400 who asked");
        assert!(gather.waiting.lock().expect("not poisoned").is_empty());
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn nobody_is_given_what_was_read_before_they_asked() {
        let gather = Arc::new(Doubles::default());
        let now = Arc::new(AtomicU64::new(0));
        let all = (0..200_u64).map(|n| {
            let (gather, now) = (gather.clone(), now.clone());
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_micros(n * 100)).await;
                let read = |keys: Vec<u64>| {
                    let at = now.load(Ordering::SeqCst);
                    async move { Ok(double(keys).await?.into_keys().map(|key| (key, at)).collect()) }
                };
                let before = now.fetch_add(1, Ordering::SeqCst) + 1;
                let at = gather.ask(7, read).await.expect("an answer").expect("a number");
                assert!(at >= before, "read at {at}, asked at {before}");
            })
        });
        for one in join_all(all.collect::<Vec<_>>()).await {
            one.expect("a fresh answer");
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn one_question_that_cannot_be_answered_is_nobody_elses_error() {
        let gather = Doubles::default();
        let read = |keys: Vec<u64>| async move {
            if keys.contains(&13) {
                bail!("thirteen");
            }
            double(keys).await
        };
        let answers = join_all((0..64).map(|key| gather.ask(key, read))).await;
        for (key, answer) in (0..64).zip(answers) {
            match answer {
                Ok(found) => assert_eq!(found, Some(2 * key)),
                Err(error) => assert_eq!((key, error.to_string()), (13, "thirteen".to_owned())),
            }
        }
    }

    #[tokio::test]
    async fn who_goes_away_half_way_or_hangs_takes_nobody_along() {
        let gather = Arc::new(Doubles::default());
        // The first hangs with the turn; one of those who wait goes away.
        let hangs = gather.clone();
        let hanging = tokio::spawn(async move { hangs.ask(1, |_| std::future::pending()).await });
        tokio::task::yield_now().await;
        let waiting = join_all((2..20).map(|key| gather.ask(key, double)));
        assert!(tokio::time::timeout(Duration::from_millis(20), gather.ask(3, double)).await.is_err());
        let answers = tokio::time::timeout(PATIENCE * 4, waiting).await.expect("nobody waits for who hangs");
        for (key, answer) in (2..20).zip(answers) {
            assert_eq!(answer.expect("an answer"), Some(2 * key));
        }
        assert!(!hanging.is_finished());
        hanging.abort();
        // The turn of one who goes away in the middle of asking for others is theirs.
        let goes = gather.clone();
        let going = tokio::spawn(async move { goes.ask(1, |_| std::future::pending()).await });
        tokio::task::yield_now().await;
        let waiting = tokio::spawn({
            let gather = gather.clone();
            async move { gather.ask(5, double).await }
        });
        tokio::task::yield_now().await;
        going.abort();
        let answer = tokio::time::timeout(PATIENCE / 2, waiting).await.expect("at once").expect("no panic");
        assert_eq!(answer.expect("an answer"), Some(10));
    }

    #[tokio::test]
    async fn an_error_that_comes_late_is_nobody_elses_either() {
        let gather = Doubles::default();
        let read = |keys: Vec<u64>| async move {
            tokio::time::sleep(PATIENCE + PATIENCE / 4).await;
            if keys.contains(&13) {
                bail!("thirteen");
            }
            double(keys).await
        };
        let answers = join_all([12, 13].map(|key| gather.ask(key, read))).await;
        assert_eq!(answers[0].as_ref().expect("an answer"), &Some(24));
        assert_eq!(answers[1].as_ref().expect_err("refused").to_string(), "thirteen");
    }

    #[tokio::test]
    async fn who_asks_for_others_first_is_not_told_that_there_is_nothing() {
        let gather = Doubles::default();
        // Two whose questions are put before one's own, as may happen between two threads.
        let (first, second) = (oneshot::channel(), oneshot::channel());
        for (key, answer) in [(1, first.0), (2, second.0)] {
            gather.waiting.lock().expect("not poisoned").push(Waiting { key, answer });
        }
        let slow = |keys: Vec<u64>| async move {
            tokio::time::sleep(PATIENCE * 2).await;
            double(keys).await
        };
        assert_eq!(gather.ask(3, slow).await.expect("an answer"), Some(6));
        assert!(first.1.await.is_err() && second.1.await.is_err(), "both ask for themselves");
    }
}
