//! A deployment for measuring: a new database with the demo's district, people and halls, and a server process.

use crate::{Bench, load::Browser};
use anyhow::{Context, bail};
use jiff::Timestamp;
use server::{
    App,
    auth::session,
    clock::Clock,
    config::{BlobsUrl, Config},
    db::Engine,
    demo::{self, Loaded},
};
use std::{
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

/// A deployment. Its server is killed, its folder removed when it is dropped.
pub struct World {
    /// The engine.
    pub engine: Engine,
    /// The same database from this process, to put data in.
    pub app: App,
    /// What the demo loaded.
    pub loaded: Loaded,
    /// Where the server listens.
    pub base: String,
    /// Further settings of the server.
    pub settings: Vec<(&'static str, String)>,
    server: Option<Child>,
    /// Further servers on the same database.
    more: Vec<Child>,
    folder: tempfile::TempDir,
}

/// Name of an engine in tables.
pub fn name(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "SQLite",
        Engine::Postgres => "PostgreSQL",
    }
}

fn free_address() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

impl World {
    /// A new database on `engine`, without a server.
    pub async fn new(bench: &Bench, engine: Engine) -> anyhow::Result<World> {
        let folder = tempfile::tempdir_in(&bench.scratch)?;
        let database_url = match engine {
            Engine::Sqlite => format!("sqlite://{}", folder.path().join("linli.db").display()),
            Engine::Postgres => new_postgres_database(&bench.postgres).await?,
        };
        let listen = free_address()?;
        let base = format!("http://{listen}");
        let config = Config {
            listen,
            metrics_listen: None,
            database_url,
            blobs_url: BlobsUrl::Folder(folder.path().join("photos")),
            public_url: base.parse()?,
            secret_file: folder.path().join("secret"),
            demo: true,
            demo_now: None,
            site_dir: site(&folder)?,
            client_ip_header: None,
            codes_per_hour: i64::MAX,
            sms: None,
            mail: None,
            push_private: Vec::new(),
            map_tiles: None,
            card_font: None,
            shared_seconds: 0,
        };
        let app = App::open(config, Clock::system()).await?;
        let loaded = demo::places::load(&app).await?;
        demo::windows::load_halls(&app, &loaded).await?;
        let world = World { engine, app, loaded, base, settings: Vec::new(), server: None, more: Vec::new(), folder };
        world.settle_jobs().await?;
        Ok(world)
    }

    /// What the demo has in the rooms of the net: reports with handlers, matters, letters, companies, patrols, meetings,
    /// consultations, the handbook, partners.
    pub async fn rooms(&self) -> anyhow::Result<()> {
        let (app, loaded) = (&self.app, &self.loaded);
        demo::reports::load(app, loaded).await?;
        demo::handlers::load(app, loaded).await?;
        demo::matters::load(app, loaded).await?;
        demo::supervision::load(app, loaded).await?;
        demo::property::load(app, loaded).await?;
        demo::patrol::load(app, loaded).await?;
        demo::meetings::load(app, loaded).await?;
        demo::consultations::load(app, loaded).await?;
        demo::handbook::load(app, loaded).await?;
        demo::partners::load(app, loaded).await?;
        self.settle_jobs().await
    }

    /// Regular work of the coming hours counts as done: it would run beside what is measured, or not, by the clock.
    async fn settle_jobs(&self) -> anyhow::Result<()> {
        let now = self.app.clock.now();
        let mut tx = self.app.db.begin().await?;
        for (job, seconds, _) in &server::jobs::REGULAR {
            for period in 0..=7200 / seconds {
                let key = format!("{}:{}", job.kind(), now.as_second() / seconds + period);
                server::jobs::queue(&mut tx, job, now, Some(&key), now).await?;
            }
        }
        sqlx::query("UPDATE job SET state = 'done', finished_at = $1")
            .bind(now.as_microsecond())
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Runs one statement by itself.
    pub async fn run(&self, sql: &str) -> anyhow::Result<()> {
        let mut tx = self.app.db.begin().await?;
        sqlx::query(sqlx::AssertSqlSafe(sql.to_owned()))
            .execute(&mut *tx)
            .await
            .with_context(|| sql.chars().take(300).collect::<String>())?;
        tx.commit().await?;
        Ok(())
    }

    /// One number from the database.
    pub async fn number(&self, sql: &str) -> anyhow::Result<i64> {
        let (number,): (i64,) =
            sqlx::query_as(sqlx::AssertSqlSafe(sql.to_owned())).fetch_one(self.app.db.read()).await?;
        Ok(number)
    }

    /// One text from the database.
    pub async fn text(&self, sql: &str) -> anyhow::Result<String> {
        let (text,): (Option<String>,) =
            sqlx::query_as(sqlx::AssertSqlSafe(sql.to_owned())).fetch_one(self.app.db.read()).await?;
        text.with_context(|| format!("nothing: {sql}"))
    }

    /// The kind of file system that the database lies on: where it is `tmpfs`, nothing is durable.
    pub async fn disk(&self) -> anyhow::Result<String> {
        let folder = match self.engine {
            Engine::Sqlite => self.folder.path().display().to_string(),
            Engine::Postgres => {
                let sql = "SELECT current_setting('data_directory')";
                let (folder,): (String,) = sqlx::query_as(sql).fetch_one(self.app.db.read()).await?;
                folder
            }
        };
        Ok(crate::machine::file_system(&folder))
    }

    /// Rows of a table.
    pub async fn number_of(&self, table: &str) -> anyhow::Result<i64> {
        self.number(&format!("SELECT CAST(COUNT(*) AS BIGINT) FROM {table}")).await
    }

    /// What the engine does by itself after a while: statistics, and PostgreSQL's map of what is visible to all.
    pub async fn settle(&self) -> anyhow::Result<()> {
        if self.engine == Engine::Postgres {
            sqlx::query("VACUUM ANALYZE").execute(self.app.db.read()).await?;
            sqlx::query("CHECKPOINT").execute(self.app.db.read()).await?;
        }
        Ok(())
    }

    /// Starts the server on this database and waits until it is ready.
    pub async fn serve(&mut self) -> anyhow::Result<Browser> {
        self.start("warn", Stdio::inherit()).await
    }

    /// The same with a log of every statement; [`World::statements`] counts them.
    pub async fn serve_logging_statements(&mut self) -> anyhow::Result<Browser> {
        let log = std::fs::File::create(self.log())?;
        self.start("warn,sqlx::query=debug", log.into()).await
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("server.log")
    }

    /// Statements in the log so far.
    pub fn statements(&self) -> anyhow::Result<usize> {
        Ok(std::fs::read_to_string(self.log())?.lines().filter(|line| line.contains("sqlx::query")).count())
    }

    /// Processor time that the server has taken, in seconds.
    pub fn server_cpu(&self) -> anyhow::Result<f64> {
        crate::machine::cpu_of(self.server.as_ref().context("a running server")?.id())
    }

    /// Starts one more server on this database, with an address of its own.
    pub async fn serve_also(&mut self) -> anyhow::Result<Browser> {
        let listen = free_address()?;
        let child = self.command("warn", &listen.to_string())?.stderr(Stdio::inherit()).spawn()?;
        self.more.push(child);
        let child = self.more.last_mut().context("it was just pushed")?;
        ready(child, &format!("http://{listen}")).await
    }

    /// Memory of all servers in MB: now, and at the most.
    pub fn memory(&self) -> anyhow::Result<(f64, f64)> {
        let mut sum = (0.0, 0.0);
        for child in self.server.iter().chain(&self.more) {
            let (now, most) = crate::machine::memory_of(child.id())?;
            sum = (sum.0 + now, sum.1 + most);
        }
        Ok(sum)
    }

    async fn start(&mut self, log: &str, to: Stdio) -> anyhow::Result<Browser> {
        self.stop();
        let child = self.command(log, &self.app.config.listen.to_string())?.stderr(to).spawn()?;
        ready(self.server.insert(child), &self.base).await
    }

    fn command(&self, log: &str, listen: &str) -> anyhow::Result<Command> {
        let config = &self.app.config;
        let BlobsUrl::Folder(photos) = &config.blobs_url else { bail!("a folder") };
        let mut command = Command::new(env!("CARGO_BIN_EXE_linli"));
        command
            .arg("serve")
            .current_dir(self.folder.path())
            .env_clear()
            .env("RUST_LOG", log)
            .env("LINLI_LISTEN", listen)
            .env("LINLI_METRICS_LISTEN", "off")
            .env("LINLI_DATABASE_URL", &config.database_url)
            .env("LINLI_BLOBS_URL", photos)
            .env("LINLI_SECRET_FILE", &config.secret_file)
            .env("LINLI_SITE_DIR", &config.site_dir)
            .env("LINLI_DEMO", "1")
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        Ok(command)
    }

    /// Stops all servers.
    pub fn stop(&mut self) {
        for mut server in self.server.take().into_iter().chain(self.more.drain(..)) {
            let _ = server.kill();
            let _ = server.wait();
        }
    }

    /// Session tokens of these people.
    pub async fn sessions(&self, people: &[String]) -> anyhow::Result<Vec<String>> {
        let now: Timestamp = self.app.clock.now();
        let mut tx = self.app.db.begin().await?;
        let mut tokens = Vec::with_capacity(people.len());
        for person in people {
            tokens.push(session::open(&mut tx, person, "bench", now).await?);
        }
        tx.commit().await?;
        Ok(tokens)
    }

    /// A browser in which the demo person with this number is signed in.
    pub async fn signed_in(&self, browser: &Browser, phone: &str) -> anyhow::Result<Browser> {
        let person = self.loaded.people.get(phone).context("a demo person")?;
        let tokens = self.sessions(std::slice::from_ref(person)).await?;
        Ok(browser.with(&[(session::cookie_name(false), &tokens[0])]))
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Waits until a server is ready.
async fn ready(child: &mut Child, base: &str) -> anyhow::Result<Browser> {
    let browser = Browser::new(base, &[])?;
    for _ in 0..6000 {
        if let Some(status) = child.try_wait()? {
            bail!("the server ended: {status}");
        }
        if browser.open("/readyz").await.is_ok() {
            return Ok(browser);
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    bail!("the server is not ready after a minute")
}

async fn new_postgres_database(postgres: &str) -> anyhow::Result<String> {
    sqlx::any::install_default_drivers();
    let name = format!("linli_bench_{}", server::clock::new_id(Clock::system().now()).replace('-', ""));
    let admin = sqlx::AnyPool::connect(postgres).await.context("PostgreSQL")?;
    sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&admin).await?;
    admin.close().await;
    let mut url: url::Url = postgres.parse()?;
    url.set_path(&name);
    Ok(url.to_string())
}

/// A site folder with names only: pages are measured, not what they load.
fn site(folder: &tempfile::TempDir) -> anyhow::Result<PathBuf> {
    let site = folder.path().join("site");
    std::fs::create_dir_all(&site)?;
    let names = r#"{"css":"/pkg/a.css","boot":"/pkg/a.js","js":"/pkg/b.js","wasm":"/pkg/b.wasm"}"#;
    std::fs::write(site.join("assets.json"), names)?;
    Ok(site)
}
