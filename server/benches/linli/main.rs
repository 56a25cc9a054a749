//! `make bench`: how fast the release build is, on this machine, in one run, on both engines. Figures are ratios and
//! counts; nothing here fails for being slow. A case is a module with a `run` and a line in [`CASES`].
//!
//! ```text
//! linli [--smoke] [<case>...]     all cases without a name; --smoke: the smallest sizes, for the tests
//! ```
//!
//! Needs `LINLI_TEST_POSTGRES_URL` (tools/postgres.sh). A whole run writes docs/benchmarks.md, others only print.
#![expect(clippy::print_stdout, reason = "a command prints")]
#![expect(clippy::disallowed_methods, reason = "a bench measures real time")]

mod availability;
mod bookings;
mod bulk;
mod camera;
mod fanout;
mod filing;
mod lighthouse;
mod load;
mod machine;
mod net;
mod pages;
mod photos;
mod reports;
mod table;
mod world;

use anyhow::Context;
use futures::future::LocalBoxFuture;
use server::db::Engine;
use std::{path::PathBuf, time::Instant};
use table::Section;

/// What every case can reach.
pub struct Bench {
    /// The smallest sizes: only whether everything works.
    pub smoke: bool,
    /// Folder for databases and pictures; emptied at the end.
    pub scratch: PathBuf,
    /// Address of a PostgreSQL server in which databases may be made.
    pub postgres: String,
}

impl Bench {
    /// `full`, or `smoke` in a smoke run.
    pub fn pick<T>(&self, full: T, smoke: T) -> T {
        if self.smoke { smoke } else { full }
    }

    /// Both engines, in the order of the tables.
    pub fn engines(&self) -> [Engine; 2] {
        [Engine::Sqlite, Engine::Postgres]
    }
}

type Run = for<'a> fn(&'a Bench) -> LocalBoxFuture<'a, anyhow::Result<Section>>;

/// The cases by name. To add one: a module with `pub async fn run(bench: &Bench) -> anyhow::Result<Section>`, and a line.
const CASES: [(&str, Run); 9] = [
    ("pages", |bench| Box::pin(pages::run(bench))),
    ("availability", |bench| Box::pin(availability::run(bench))),
    ("bookings", |bench| Box::pin(bookings::run(bench))),
    ("reports", |bench| Box::pin(reports::run(bench))),
    ("net", |bench| Box::pin(net::run(bench))),
    ("fanout", |bench| Box::pin(fanout::run(bench))),
    ("filing", |bench| Box::pin(filing::run(bench))),
    ("photos", |bench| Box::pin(photos::run(bench))),
    ("lighthouse", |bench| Box::pin(lighthouse::run(bench))),
];

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let begun = Instant::now();
    // Cargo adds --bench by itself.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let smoke = arguments.iter().any(|argument| argument == "--smoke");
    let named: Vec<&String> = arguments.iter().filter(|argument| *argument != "--smoke").collect();
    if let Some(unknown) = named.iter().find(|name| CASES.iter().all(|(case, _)| case != **name)) {
        anyhow::bail!("there is no case {unknown}; there are: {}", CASES.map(|(name, _)| name).join(", "));
    }
    // The server beside this binary is of the same build.
    anyhow::ensure!(smoke || !cfg!(debug_assertions), "this build is not optimised: measure by `make bench`");
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize()?;
    let folder = root.join("target/bench");
    std::fs::create_dir_all(&folder)?;
    let scratch = tempfile::tempdir_in(&folder)?;
    let bench = Bench {
        smoke,
        scratch: scratch.path().to_owned(),
        postgres: std::env::var("LINLI_TEST_POSTGRES_URL")
            .context("LINLI_TEST_POSTGRES_URL is not set: run through tools/postgres.sh, as `make bench` does")?,
    };
    let mut sections = Vec::new();
    for (name, run) in CASES {
        if !named.is_empty() && !named.iter().any(|wanted| *wanted == name) {
            continue;
        }
        let started = Instant::now();
        println!("bench: {name}");
        let section = run(&bench).await.with_context(|| name.to_owned())?.markdown(&machine::measured(&root, &named));
        println!("{section}\nbench: {name} took {} s\n", started.elapsed().as_secs());
        sections.push(section);
    }
    println!("bench: {} s in all", begun.elapsed().as_secs());
    if !smoke {
        let path = root.join("docs/benchmarks.md");
        let page = if named.is_empty() { String::new() } else { std::fs::read_to_string(&path)? };
        std::fs::write(&path, table::with_sections(machine::head(&root)?, &page, &sections))?;
        println!("bench: written to {}", path.display());
    }
    Ok(())
}
