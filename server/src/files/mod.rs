//! Files that staff add to notices and to papers of meetings: PDF, told from their bytes, kept in the object store under their id,
//! and only ever handed out as downloads. One that nothing names is swept.

pub mod download;
mod pdf;
pub mod store;

use crate::{
    app_state::App,
    http::{Ctx, Error},
    photos::{self, Spooled},
};
use app::{files::NAME_CHARS, notices::form::one_line};
use jiff::SignedDuration;

pub use download::download;
pub use pdf::{Refused, check};

/// A file that nothing names is kept for so long: its upload may still be on its way.
const UNNAMED: SignedDuration = SignedDuration::from_hours(1);

/// Why a file was not taken.
#[derive(Debug, thiserror::Error)]
pub enum TakeError {
    /// It is not one that we take.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Anything else.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// A file that was looked at and is one that we take.
pub struct Checked {
    bytes: Vec<u8>,
    /// Hash of its bytes, base64url.
    pub sha256: String,
}

/// Looks at a file; counted, and refused when there were too many.
pub async fn look(ctx: &Ctx, bytes: Result<Spooled, photos::Refused>) -> Result<Checked, TakeError> {
    photos::service::limit(ctx).await?;
    let spooled = bytes.map_err(|_| Refused::TooLarge)?;
    let read = tokio::task::spawn_blocking(move || {
        let bytes = spooled.read().map_err(anyhow::Error::new)?;
        anyhow::Ok(check(&bytes).map(|()| bytes))
    });
    let bytes = read.await.map_err(anyhow::Error::new).map_err(Error::from)?.map_err(Error::from)??;
    Ok(Checked { sha256: photos::service::digest(&bytes), bytes })
}

/// Stores a file under an id, for something to name it next. The same file again is stored again; another one under this id is
/// refused.
pub async fn keep(ctx: &Ctx, id: &str, file: Checked) -> Result<(), Error> {
    let size = i64::try_from(file.bytes.len()).unwrap_or(i64::MAX);
    // Written down before it is stored: whatever happens next, the sweeper knows of it.
    let mut tx = ctx.app.db.begin().await?;
    if !store::insert(&mut tx, id, &ctx.actor()?.id, (size, &file.sha256), ctx.now).await? {
        return Err(Error::KeyReused);
    }
    tx.commit().await?;
    ctx.app.blobs.put_file(id, file.bytes).await?;
    Ok(())
}

/// A name that every system can save: no folder, no sign that means something to one, and the ending that is true. `nothing`: the
/// stem where none is left.
pub fn tidy(name: &str, nothing: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let signs = |c: char| c.is_control() || "<>:\"|?*%;".contains(c) || is_invisible(c);
    let name: String = one_line(name).chars().map(|c| if signs(c) { '-' } else { c }).collect();
    let stem = match name.char_indices().rev().nth(3) {
        Some((at, _)) if name[at..].eq_ignore_ascii_case(".pdf") => &name[..at],
        _ => &name,
    };
    let stem: String = stem.trim_matches(['.', ' ', '-']).chars().take(NAME_CHARS).collect();
    format!("{}.pdf", if stem.is_empty() { nothing } else { &stem })
}

/// Signs that turn the order of letters around or are not seen: a name must be what it looks like.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Removes files that nothing names: their bytes, then their rows.
pub async fn sweep(app: &App) -> anyhow::Result<()> {
    let before = app.clock.now() - UNNAMED;
    loop {
        let ids = store::unnamed(&app.db, before).await?;
        if ids.is_empty() {
            return Ok(());
        }
        for id in ids {
            app.blobs.delete_file(&id).await?;
            let mut tx = app.db.begin().await?;
            store::forget(&mut tx, &id).await?;
            tx.commit().await?;
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_are_what_they_look_like() {
        let tidy = |name: &str| super::tidy(name, "notice");
        assert_eq!(tidy("2026 年收支.pdf"), "2026 年收支.pdf");
        assert_eq!(tidy("C:\\Users\\a\\账目.PDF"), "账目.pdf");
        assert_eq!(tidy("../../etc/passwd"), "passwd.pdf");
        assert_eq!(tidy("a\"; filename=\"b.exe"), "a-- filename=-b.exe.pdf");
        assert_eq!(tidy("公示\u{202e}fdp.exe"), "公示-fdp.exe.pdf");
        assert_eq!(tidy("<img src=x onerror=a(1)>.pdf"), "img src=x onerror=a(1).pdf");
        for nothing in ["", ".pdf", "...", "\r\n", "/"] {
            assert_eq!(tidy(nothing), "notice.pdf", "{nothing:?}");
        }
        assert_eq!(tidy(&"长".repeat(500)).chars().count(), 84);
    }
}
