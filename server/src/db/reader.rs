//! Connections for reading, kept at hand.
//!
//! sqlx's own pool asks a connection whether it is well each time it comes back, in a task of its own: a second way to the
//! database for every statement. A page reads ten times and more, so here a connection whose answer was read to its end
//! stays at hand and is used again as it is. What did not end well (an error, a reader that went away half-way) goes back
//! to sqlx's pool, which looks at it and closes it if it must.

use futures::{TryStreamExt, future::BoxFuture, stream::BoxStream};
use sqlx::{
    Any, AnyConnection, AnyPool, Connection, Describe, Either, Execute, Executor, SqlStr,
    any::{AnyQueryResult, AnyRow, AnyStatement, AnyTypeInfo},
    pool::PoolConnection,
};
use std::{
    ops::{Deref, DerefMut},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// After so long at hand, or unused, a connection goes back to sqlx's pool, which closes those that are old or not needed.
const AT_HAND_FOR: Duration = Duration::from_mins(5);

/// Executes what only reads, on any of a few connections. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Reader(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    pool: AnyPool,
    /// As many as the pool may open: whoever holds one never waits in the pool itself.
    permits: Arc<Semaphore>,
    /// The one that was used last is used first.
    at_hand: Mutex<Vec<AtHand>>,
    /// Longest wait for a connection.
    within: Duration,
    /// One that has lain for so long is asked whether it is well before it is used.
    asked_after: Option<Duration>,
    /// See [`super::Db::had_trouble`].
    trouble: Arc<AtomicBool>,
}

#[derive(Debug)]
struct AtHand {
    connection: PoolConnection<Any>,
    /// Since when it has not been in sqlx's pool.
    taken: Instant,
    used: Instant,
}

/// A connection for several reads in a row; it goes back to sqlx's pool.
#[derive(Debug)]
pub struct Reading {
    // Dropped in this order: the connection is back before somebody else may come for it.
    connection: PoolConnection<Any>,
    taken: Instant,
    _permit: OwnedSemaphorePermit,
}

/// Not the clock of the application: how long a connection has lain is of the machine.
#[expect(clippy::disallowed_methods, reason = "measures how long a connection has lain")]
fn now() -> Instant {
    Instant::now()
}

impl Deref for Reading {
    type Target = AnyConnection;
    fn deref(&self) -> &AnyConnection {
        &self.connection
    }
}

impl DerefMut for Reading {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        &mut self.connection
    }
}

impl Reader {
    /// Reads over the connections of `pool`, which must be used by nobody else and may open `most`.
    pub(super) fn new(
        pool: AnyPool,
        most: u32,
        within: Duration,
        asked_after: Option<Duration>,
        trouble: Arc<AtomicBool>,
    ) -> Reader {
        Reader(Arc::new(Inner {
            pool,
            permits: Arc::new(Semaphore::new(most as usize)),
            at_hand: Mutex::default(),
            within,
            asked_after,
            trouble,
        }))
    }

    /// A connection of one's own, for several reads in a row. Waits for one; fails with [`sqlx::Error::PoolTimedOut`] when
    /// that takes too long.
    pub async fn acquire(&self) -> Result<Reading, sqlx::Error> {
        tokio::time::timeout(self.0.within, self.take()).await.map_err(|_| sqlx::Error::PoolTimedOut)?
    }

    async fn take(&self) -> Result<Reading, sqlx::Error> {
        let permit = self.0.permits.clone().acquire_owned().await.map_err(|_| sqlx::Error::PoolClosed)?;
        while let Some(AtHand { mut connection, taken, used }) = self.pop() {
            // In bad times sqlx's pool looks at each, with an end to the waiting.
            if taken.elapsed() > AT_HAND_FOR || self.0.trouble.load(Ordering::Relaxed) {
                continue;
            }
            if self.0.asked_after.is_some_and(|after| used.elapsed() >= after) && connection.ping().await.is_err() {
                connection.close_on_drop();
                continue;
            }
            return Ok(Reading { connection, taken, _permit: permit });
        }
        Ok(Reading { connection: self.0.pool.acquire().await?, taken: now(), _permit: permit })
    }

    fn pop(&self) -> Option<AtHand> {
        self.0.at_hand.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    /// Keeps a connection at hand whose answer was read to its end. The one that nobody has used for longest goes when it has rested
    /// long enough: what a busy hour needed is not kept through the night.
    fn keep(&self, reading: Reading) {
        let Reading { connection, taken, _permit } = reading;
        let mut at_hand = self.0.at_hand.lock().unwrap_or_else(PoisonError::into_inner);
        // Asked under the lock: nothing is put there after whoever closes has emptied it, and waits for all to be back.
        if self.0.permits.is_closed() {
            return;
        }
        at_hand.push(AtHand { connection, taken, used: now() });
        if at_hand.first().is_some_and(|longest| longest.used.elapsed() > AT_HAND_FOR) {
            drop(at_hand.remove(0));
        }
    }

    /// Closes all connections, waiting for those in use.
    pub(super) async fn close(&self) {
        self.0.permits.close();
        while self.pop().is_some() {}
        self.0.pool.close().await;
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // sqlx's pool takes a connection back in a task, and where nothing runs any more there is none.
        if tokio::runtime::Handle::try_current().is_err() {
            for kept in self.at_hand.get_mut().unwrap_or_else(PoisonError::into_inner).drain(..) {
                drop(kept.connection.leak());
            }
        }
    }
}

impl<'p> Executor<'p> for &'_ Reader {
    type Database = Any;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Either<AnyQueryResult, AnyRow>, sqlx::Error>>
    where
        E: 'q + Execute<'q, Any>,
    {
        let reader = self.clone();
        Box::pin(async_stream::try_stream! {
            let mut reading = reader.acquire().await?;
            let mut rows = reading.fetch_many(query);
            while let Some(row) = rows.try_next().await? {
                yield row;
            }
            drop(rows);
            reader.keep(reading);
        })
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<AnyRow>, sqlx::Error>>
    where
        E: 'q + Execute<'q, Any>,
    {
        let reader = self.clone();
        Box::pin(async move {
            let mut reading = reader.acquire().await?;
            let row = reading.fetch_optional(query).await?;
            reader.keep(reading);
            Ok(row)
        })
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [AnyTypeInfo],
    ) -> BoxFuture<'e, Result<AnyStatement, sqlx::Error>>
    where
        'p: 'e,
    {
        let reader = self.clone();
        Box::pin(async move {
            let mut reading = reader.acquire().await?;
            let statement = reading.prepare_with(sql, parameters).await?;
            reader.keep(reading);
            Ok(statement)
        })
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<Describe<Any>, sqlx::Error>> {
        let reader = self.clone();
        Box::pin(async move {
            let mut reading = reader.acquire().await?;
            let described = reading.describe(sql).await?;
            reader.keep(reading);
            Ok(described)
        })
    }
}
