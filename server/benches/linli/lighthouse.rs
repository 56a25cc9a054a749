//! The pages that people open most as a phone on slow 4G has them: Lighthouse's scores, as `make lighthouse` judges them.

use crate::{Bench, table::Section};
use anyhow::{Context, ensure};
use std::path::Path;
use tokio::process::Command;

/// Measures it; needs `tools/setup.sh lighthouse` and the built site. A smoke run looks at nothing: it has neither.
pub async fn run(bench: &Bench) -> anyhow::Result<Section> {
    let mut section = Section::new(
        "Lighthouse",
        "Lighthouse's mobile preset (simulated slow 4G, a cheap phone's processor) on a server with the demo content, the \
         median of three runs each. Asked: performance at least 95, the others 100.",
    );
    if bench.smoke {
        section.say("Not judged in a smoke run.");
        return Ok(section);
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let judged = Command::new("node")
        .args(["tools/lighthouse/run.mjs", "--markdown"])
        .current_dir(root)
        .env("LINLI_TEST_BINARY", env!("CARGO_BIN_EXE_linli"))
        .output()
        .await
        .context("running node")?;
    ensure!(judged.status.success(), "{}", String::from_utf8_lossy(&judged.stderr));
    let lines = String::from_utf8(judged.stdout)?;
    let mut table = lines.lines().filter(|line| line.starts_with('|')).map(cells);
    let heads = table.next().context("a table")?;
    let rows: Vec<Vec<String>> = table.skip(1).collect();
    ensure!(!rows.is_empty(), "Lighthouse has judged nothing");
    section.table(&heads.iter().map(String::as_str).collect::<Vec<_>>(), &rows);
    Ok(section)
}

fn cells(line: &str) -> Vec<String> {
    line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
}
