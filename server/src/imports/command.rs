//! `linli import`: the same at the command line, everywhere and in the operator's name.

use super::{
    file,
    service::{self, Sender},
    store, work,
};
use crate::{app_state::App, clock};
use anyhow::{Context, bail, ensure};
use app::{
    i18n::{Lang, Words},
    imports::{Counts, Kind, Verdict, heading, pages::State},
};

/// Looks at a file and, with a mode (`all` or `good`), takes it over. Gives what it did in words, refused lines first.
pub async fn import(app: &App, (kind, name): (&str, &str), bytes: &[u8], mode: Option<&str>) -> anyhow::Result<String> {
    let w = Words::new(Lang::En);
    let kinds = Kind::ALL.map(Kind::code).join(", ");
    let kind = Kind::from_code(kind).with_context(|| format!("there is no kind `{kind}`; kinds are {kinds}"))?;
    let table = file::read(kind, bytes).map_err(|unread| {
        let missing = unread.key == "imports-file-column-missing";
        let what = if missing { heading(kind, &unread.what, w) } else { unread.what };
        anyhow::anyhow!("{}", w.tf(unread.key, &[("what", what.into())]))
    })?;
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let sender = Sender { person: None, scopes: vec![String::new()], request_id: "" };
    let run = service::send(app, sender, clock::new_id(app.clock.now()), kind, (name, bytes), table).await?;
    finish(app, &run.id, State::Checking).await?;
    let (counts, mut said) = report(app, &run.id, kind, w).await?;
    let Some(mode) = mode else {
        let mut tx = app.db.begin().await?;
        if store::advance(&mut tx, &run.id, (State::Shown, State::Dropped), Some(app.clock.now())).await? {
            store::forget(&mut tx, &run.id).await?;
        }
        tx.commit().await?;
        said.push_str("Nothing was changed.");
        return Ok(said);
    };
    if mode == "all" && counts.refused > 0 {
        bail!("{said}Nothing was changed: mend these lines, or leave them out with --good-only.");
    }
    let mut tx = app.db.begin().await?;
    ensure!(
        store::advance(&mut tx, &run.id, (State::Shown, State::Applying), None).await?,
        "somebody else is at this import"
    );
    store::set_mode(&mut tx, &run.id, mode).await?;
    work::queue(&mut tx, &run.id, app.clock.now()).await?;
    tx.commit().await?;
    finish(app, &run.id, State::Applying).await?;
    let state = store::by_id(&mut *app.db.read().acquire().await?, &run.id).await?.map(|run| run.state());
    ensure!(state == Some(State::Done), "the database changed meanwhile: nothing was imported, please try again");
    Ok(report(app, &run.id, kind, w).await?.1)
}

/// Works until the import is no longer in this state. A server may be at it as well.
async fn finish(app: &App, id: &str, state: State) -> anyhow::Result<()> {
    loop {
        work::run(app, id).await?;
        let run = store::by_id(&mut *app.db.read().acquire().await?, id).await?.context("the import is gone")?;
        if run.state() != state {
            return Ok(());
        }
    }
}

/// Refused lines shown at the most.
const MOST: usize = 100;

async fn report(app: &App, id: &str, kind: Kind, w: Words) -> anyhow::Result<(Counts, String)> {
    let mut connection = app.db.read().acquire().await?;
    let counts = store::counts(&mut connection, id).await?;
    let mut lines = Vec::new();
    for (number, here) in store::piece_counts(&mut connection, id).await? {
        if here.refused == 0 || lines.len() >= MOST {
            continue;
        }
        let Some(piece) = store::piece(&mut connection, id, number).await? else { continue };
        for outcome in piece.outcomes()?.iter().filter(|outcome| outcome.verdict == Verdict::Refused) {
            for mistake in &outcome.mistakes {
                let (column, why) = (mistake.heading(kind, w), mistake.words(w));
                lines.push(format!("line {}, {column}, “{}”: {why}\n", outcome.line, mistake.value));
            }
        }
    }
    lines.truncate(MOST);
    let Counts { added, changed, same, refused } = counts;
    lines.push(format!("{added} new, {changed} changed, {same} the same, {refused} refused. "));
    Ok((counts, lines.concat()))
}
