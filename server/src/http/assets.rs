//! The built site: names with hashes, served compressed and cached for ever; the rest revalidated.

use anyhow::Context;
use app::ui::shell::ShellAssets;
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// Names of the site's files.
#[derive(Clone, Debug)]
pub struct Assets {
    /// Folder of the site.
    pub dir: PathBuf,
    /// Addresses of the files that every page needs.
    pub shell: ShellAssets,
}

#[derive(Deserialize)]
struct Manifest {
    css: String,
    boot: String,
    js: String,
    wasm: String,
}

impl Assets {
    /// Reads `assets.json`, which the site build writes.
    pub fn load(dir: &Path) -> anyhow::Result<Assets> {
        let path = dir.join("assets.json");
        let text = std::fs::read_to_string(&path).with_context(|| {
            format!("the built site is missing: {} (run `make run` or set LINLI_SITE_DIR)", path.display())
        })?;
        let Manifest { css, boot, js, wasm } = serde_json::from_str(&text).context("reading assets.json")?;
        Ok(Assets { dir: dir.to_owned(), shell: ShellAssets { css, boot, js, wasm } })
    }

    /// Names that lead nowhere, for tests of pages.
    pub fn for_tests() -> Assets {
        let shell = ShellAssets {
            css: "/pkg/linli.css".into(),
            boot: "/pkg/boot.js".into(),
            js: "/pkg/linli.js".into(),
            wasm: "/pkg/linli.wasm".into(),
        };
        Assets { dir: PathBuf::from("/nonexistent"), shell }
    }
}
