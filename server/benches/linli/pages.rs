//! Pages under load: what visitors read beside the same bytes from nginx, the home page of somebody who is signed in at half
//! of what the server can do, memory, the first answer after a start, one to three servers, and what a page weighs.

use crate::{
    Bench, bulk,
    load::{Browser, ms, open_loop, time},
    table::{Section, ratio},
    world::{World, name},
};
use anyhow::{Context, ensure};
use server::{auth::session, db::Engine};
use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// What visitors of a community read.
const PUBLIC: [(&str, &str); 2] = [("home", "/"), ("services", "/services")];
/// Residents who are signed in and look at their home page.
const PEOPLE: i64 = 200;
/// Connections that ask as fast as they are answered.
const AT_ONCE: usize = 32;

/// Measures it.
pub async fn run(bench: &Bench) -> anyhow::Result<Section> {
    let mut section = Section::new(
        "Pages",
        "The whole server on this machine, the client beside it. Visitors ask by `wrk` with 32 connections and one thread, \
         compressed as browsers ask, and get whole pages of a community (cookie `linli_community`); a page that is the same \
         for all visitors is kept for a second (`LINLI_SHARED_SECONDS`, 0 is the same without). nginx (two workers, \
         `sendfile`) serves the very bytes of the answer as a file.",
    );
    visitors(bench, &mut section).await?;
    signed_in(bench, &mut section).await?;
    weight(bench, &mut section).await?;
    Ok(section)
}

/// Requests in a second that `wrk` counts. `None` where it is not installed, in a smoke run.
fn wrk(bench: &Bench, url: &str, cookie: &str) -> anyhow::Result<Option<f64>> {
    let output = Command::new("wrk")
        .args(["-t1", "-c", &AT_ONCE.to_string(), "-d", bench.pick("8s", "1s")])
        .args(["-H", "accept-encoding: br", "-H", &format!("cookie: {cookie}"), url])
        .output();
    let output = match output {
        Err(_) if bench.smoke => return Ok(None),
        output => output.context("wrk")?,
    };
    let text = String::from_utf8_lossy(&output.stdout);
    let wrong = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success() && !text.contains("Non-2xx"), "wrk {url}: {text}{wrong}");
    let line = text.lines().find_map(|line| line.strip_prefix("Requests/sec:")).context("wrk counts")?;
    Ok(Some(line.trim().parse()?))
}

/// An nginx of one's own that is stopped when dropped.
struct Nginx {
    child: Child,
    base: String,
}

impl Nginx {
    /// Serves the files of a folder, which are compressed by brotli. `None` where it is not installed, in a smoke run.
    fn start(bench: &Bench, folder: &Path) -> anyhow::Result<Option<Nginx>> {
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let here = folder.display();
        let conf = folder.join("nginx.conf");
        std::fs::write(
            &conf,
            format!(
                "daemon off; worker_processes 2; pid {here}/pid; error_log {here}/error.log;\n\
                 events {{ worker_connections 1024; }}\n\
                 http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; default_type \
                 'text/html; charset=utf-8';\n\
                 client_body_temp_path {here}/b; proxy_temp_path {here}/p; fastcgi_temp_path {here}/f; \
                 uwsgi_temp_path {here}/u; scgi_temp_path {here}/s;\n\
                 server {{ listen 127.0.0.1:{port}; root {here}; add_header content-encoding br; }} }}\n"
            ),
        )?;
        let child = Command::new("nginx")
            .arg("-c")
            .arg(&conf)
            .arg("-e")
            .arg(folder.join("error.log"))
            .stdin(Stdio::null())
            .spawn();
        match child {
            Err(_) if bench.smoke => Ok(None),
            child => Ok(Some(Nginx { child: child.context("nginx")?, base: format!("http://127.0.0.1:{port}") })),
        }
    }

    /// Waits until it takes connections.
    async fn answers(&self) -> anyhow::Result<()> {
        let address = self.base.trim_start_matches("http://");
        for _ in 0..100 {
            if tokio::net::TcpStream::connect(address).await.is_ok() {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        anyhow::bail!("nginx takes no connections at {address}")
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // Its workers end with it when it is asked to.
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

async fn visitors(bench: &Bench, section: &mut Section) -> anyhow::Result<()> {
    let cookie = "linli_community=wutong";
    let mut rows = Vec::new();
    for engine in bench.engines() {
        let mut world = World::new(bench, engine).await?;
        // Where nginx may read it.
        let folder = tempfile::Builder::new().prefix("linli-bench-").tempdir()?;
        let mut bytes = Vec::new();
        let mut found: Vec<[Option<f64>; 3]> = vec![[None; 3]; PUBLIC.len()];
        for (way, seconds) in [(0, "1"), (1, "0")] {
            world.settings = vec![("LINLI_SHARED_SECONDS", seconds.to_owned())];
            let browser = world.serve().await?.with(&[("linli_community", "wutong")]);
            for (n, (_, path)) in PUBLIC.iter().enumerate() {
                if way == 0 {
                    let page = browser.bytes(path, "br").await?;
                    std::fs::write(folder.path().join(format!("{n}.html")), &page)?;
                    bytes.push(page.len());
                }
                found[n][way] = wrk(bench, &format!("{}{path}", world.base), cookie)?;
            }
        }
        world.stop();
        if let Some(nginx) = Nginx::start(bench, folder.path())? {
            readable(folder.path())?;
            nginx.answers().await?;
            for (n, found) in found.iter_mut().enumerate() {
                found[2] = wrk(bench, &format!("{}/{n}.html", nginx.base), cookie)?;
            }
        }
        for ((what, _), (bytes, found)) in PUBLIC.iter().zip(bytes.iter().zip(found)) {
            let [kept, anew, nginx] = found.map(Option::unwrap_or_default);
            rows.push(vec![
                format!("{}, {what}", name(engine)),
                bytes.to_string(),
                format!("{kept:.0}"),
                format!("{anew:.0}"),
                format!("{nginx:.0}"),
                ratio(kept, nginx),
                ratio(anew, nginx),
            ]);
        }
    }
    let heads = ["visitors", "bytes", "requests/s", "made anew each time", "nginx", "÷ nginx", "made anew ÷ nginx"];
    section.table(&heads, &rows);
    Ok(())
}

/// Lets the workers of nginx, which run as somebody else, read a folder.
fn readable(folder: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755))?;
    Ok(())
}

async fn signed_in(bench: &Bench, section: &mut Section) -> anyhow::Result<()> {
    section.say(
        "The home page of 200 residents who are signed in: as many as the server answers with 32 at once; then an open loop \
         at half of that for 10 seconds, each timed from the moment at which it was to be asked. Memory of all servers, \
         before the first page and at the most under this load; the time from starting the (last) server to its first \
         answer, on a database that is there.",
    );
    let mut rows = Vec::new();
    for (engine, servers) in [(Engine::Sqlite, 1), (Engine::Postgres, 1), (Engine::Postgres, 2), (Engine::Postgres, 3)]
    {
        let mut world = World::new(bench, engine).await?;
        let people = bulk::residents(&world, PEOPLE).await?;
        let tokens = world.sessions(&people).await?;
        world.settle().await?;
        let mut browsers: Vec<Browser> = Vec::new();
        let mut cold = Duration::ZERO;
        for n in 0..servers {
            let begun = Instant::now();
            browsers.push(if n == 0 { world.serve().await? } else { world.serve_also().await? });
            cold = begun.elapsed();
        }
        let (idle, _) = world.memory()?;
        let own = |n: usize| {
            browsers[n % browsers.len()].with(&[(session::cookie_name(false), tokens[n % tokens.len()].as_str())])
        };
        time(bench.pick(200, 4), 4, |n| {
            let browser = own(n);
            async move { browser.load("/").await }
        })
        .await?;
        let most = time(bench.pick(4_000, 8), AT_ONCE, |n| {
            let browser = own(n);
            async move { browser.load("/").await }
        })
        .await?;
        let half = most.per_second() / 2.0;
        let open = open_loop(half, bench.pick(10.0, 0.2), |n| {
            let browser = own(n);
            async move { browser.load("/").await }
        })
        .await?;
        let (_, highest) = world.memory()?;
        rows.push(vec![
            format!("{}, {servers}", name(engine)),
            format!("{:.0}", most.per_second()),
            format!("{half:.0}"),
            ms(open.p50()),
            ms(open.p95()),
            ms(open.p99()),
            format!("{idle:.0}"),
            format!("{highest:.0}"),
            ms(cold.as_secs_f64() * 1000.0),
        ]);
    }
    let heads = [
        "signed in: engine, servers",
        "requests/s at the most",
        "half of it",
        "p50 ms",
        "p95 ms",
        "p99 ms",
        "memory idle MB",
        "under load MB",
        "first answer ms",
    ];
    section.table(&heads, &rows);
    section.say("Several servers share the two processors with the database and the client here: they carry more only on machines of their own.");
    Ok(())
}

/// What pages weigh with all that they name, as `tools/weight.mjs` counts it; needs the built site.
async fn weight(bench: &Bench, section: &mut Section) -> anyhow::Result<()> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize()?;
    let site = root.join("target/site");
    if bench.smoke {
        return Ok(());
    }
    ensure!(site.join("assets.json").exists(), "the site is not built: `make bench` builds it");
    let mut world = World::new(bench, Engine::Sqlite).await?;
    world.settings = vec![("LINLI_SITE_DIR", site.display().to_string())];
    world.serve().await?;
    let output = Command::new("node")
        .args(["tools/weight.mjs", "--markdown"])
        .current_dir(&root)
        .env("LINLI_BASE_URL", &world.base)
        .output()
        .context("node")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    section.say("What a first visit brings to the phone, in kB, compressed by brotli, nothing cached:");
    section.say(String::from_utf8_lossy(&output.stdout).trim());
    Ok(())
}
