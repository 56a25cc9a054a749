//! Requests and how long they took.

use anyhow::{Context, ensure};
use futures::{StreamExt, TryStreamExt, stream};
use std::time::{Duration, Instant};

/// How long requests took.
#[derive(Clone, Debug)]
pub struct Times {
    sorted: Vec<Duration>,
    wall: Duration,
}

impl Times {
    fn new(mut each: Vec<Duration>, wall: Duration) -> Times {
        each.sort();
        Times { sorted: each, wall }
    }

    /// All of these as one; there is one after the other.
    pub fn of_all(all: Vec<Times>) -> Times {
        let wall = all.iter().map(|times| times.wall).sum();
        Times::new(all.into_iter().flat_map(|times| times.sorted).collect(), wall)
    }

    fn part(&self, percent: usize) -> Duration {
        let at = (self.sorted.len() * percent).div_ceil(100).saturating_sub(1);
        self.sorted.get(at).copied().unwrap_or_default()
    }

    /// Half of the requests took no longer, in milliseconds.
    pub fn p50(&self) -> f64 {
        self.part(50).as_secs_f64() * 1000.0
    }

    /// 95 of 100 took no longer, in milliseconds.
    pub fn p95(&self) -> f64 {
        self.part(95).as_secs_f64() * 1000.0
    }

    /// 99 of 100 took no longer, in milliseconds.
    pub fn p99(&self) -> f64 {
        self.part(99).as_secs_f64() * 1000.0
    }

    /// How many there were in a second.
    pub fn per_second(&self) -> f64 {
        self.sorted.len() as f64 / self.wall.as_secs_f64().max(1e-9)
    }
}

/// Milliseconds as the tables write them.
pub fn ms(milliseconds: f64) -> String {
    format!("{milliseconds:.1}")
}

/// Does `count` things, `at_once` at a time, and times each.
pub async fn time<Fut>(count: usize, at_once: usize, mut one: impl FnMut(usize) -> Fut) -> anyhow::Result<Times>
where
    Fut: Future<Output = anyhow::Result<()>>,
{
    let begun = Instant::now();
    let each: Vec<Duration> = stream::iter(0..count)
        .map(|n| {
            let work = one(n);
            async move {
                let begun = Instant::now();
                work.await?;
                anyhow::Ok(begun.elapsed())
            }
        })
        .buffer_unordered(at_once)
        .try_collect()
        .await?;
    Ok(Times::new(each, begun.elapsed()))
}

/// Begins something `rate` times a second for so long, whether what began before has ended or not, as people do who know
/// nothing of one another. Each is timed from the moment at which it was to begin: waiting for its turn counts.
pub async fn open_loop<Fut>(rate: f64, seconds: f64, mut one: impl FnMut(usize) -> Fut) -> anyhow::Result<Times>
where
    Fut: Future<Output = anyhow::Result<()>> + Send + 'static,
{
    let begun = tokio::time::Instant::now();
    let count = (rate * seconds) as usize;
    let mut running = tokio::task::JoinSet::new();
    for n in 0..count {
        let at = begun + Duration::from_secs_f64(n as f64 / rate);
        tokio::time::sleep_until(at).await;
        let work = one(n);
        running.spawn(async move {
            work.await?;
            anyhow::Ok(at.elapsed())
        });
    }
    let mut each = Vec::with_capacity(count);
    while let Some(done) = running.join_next().await {
        each.push(done??);
    }
    Ok(Times::new(each, begun.elapsed()))
}

/// Somebody's browser.
#[derive(Clone)]
pub struct Browser {
    client: reqwest::Client,
    base: String,
    cookies: String,
}

impl Browser {
    /// A browser with these cookies.
    pub fn new(base: &str, cookies: &[(&str, &str)]) -> anyhow::Result<Browser> {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build()?;
        Ok(Browser { client, base: base.to_owned(), cookies: String::new() }.with(cookies))
    }

    /// The same connections with other cookies.
    pub fn with(&self, cookies: &[(&str, &str)]) -> Browser {
        let cookies = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        Browser { cookies, ..self.clone() }
    }

    /// Opens a page to its end; it must be there.
    pub async fn open(&self, path: &str) -> anyhow::Result<String> {
        let request = self.client.get(format!("{}{path}", self.base));
        let answer = request.header("cookie", &self.cookies).send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        ensure!(status == 200, "{path}: {status}: {}", text.chars().take(500).collect::<String>());
        Ok(text)
    }

    /// The same as visitors' browsers do, compressed; what comes is thrown away.
    pub async fn load(&self, path: &str) -> anyhow::Result<()> {
        let request = self.client.get(format!("{}{path}", self.base));
        let answer = request.header("cookie", &self.cookies).header("accept-encoding", "gzip, br").send().await?;
        ensure!(answer.status() == 200, "{path}: {}", answer.status());
        answer.bytes().await?;
        Ok(())
    }

    /// The same page as it comes over the wire when a browser accepts `encoding`.
    pub async fn bytes(&self, path: &str, encoding: &str) -> anyhow::Result<Vec<u8>> {
        let request = self.client.get(format!("{}{path}", self.base));
        let answer = request.header("cookie", &self.cookies).header("accept-encoding", encoding).send().await?;
        ensure!(answer.status() == 200, "{path}: {}", answer.status());
        Ok(answer.bytes().await?.to_vec())
    }

    /// Sends a form and gives the status, where it leads, and the page.
    pub async fn send(
        &self,
        path: &str,
        kind: &str,
        body: impl Into<reqwest::Body>,
    ) -> anyhow::Result<(u16, String, String)> {
        let request = self.client.post(format!("{}{path}", self.base));
        let request = request.header("cookie", &self.cookies).header("sec-fetch-site", "same-origin");
        let answer = request.header("content-type", kind).body(body).send().await?;
        let status = answer.status().as_u16();
        let to = answer.headers().get("location").and_then(|to| to.to_str().ok()).unwrap_or_default().to_owned();
        Ok((status, to, answer.text().await.context("the answer")?))
    }
}
