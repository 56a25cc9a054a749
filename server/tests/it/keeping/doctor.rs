//! `linli doctor`: what is wrong is seen, and what is well is not called wrong.

use super::photos;
use crate::support::on_both;
use jiff::SignedDuration;
use server::{
    clock::Clock,
    config::{BlobsUrl, Config},
    operate::doctor::{self, Finding, Health},
};
use std::path::Path;

fn find<'a>(found: &'a [Finding], what: &str) -> &'a Finding {
    found.iter().find(|finding| finding.what == what).unwrap_or_else(|| panic!("nothing about {what} in {found:?}"))
}

fn with_site(config: &mut Config, folder: &Path) {
    let names = r#"{"css":"/a.css","boot":"/a.js","js":"/b.js","wasm":"/b.wasm"}"#;
    std::fs::write(folder.join("assets.json"), names).expect("written");
    config.site_dir = folder.to_owned();
}

#[tokio::test]
async fn the_doctor_sees_what_is_wrong() {
    on_both(|test| async move {
        // All of it: its folder stays as long as it does.
        let test = test;
        let place = tempfile::tempdir().expect("a folder");
        let mut config = test.app.config.clone();
        with_site(&mut config, place.path());
        std::fs::write(&config.secret_file, [7; 32]).expect("written");
        let mode = |mode| {
            let mode = std::os::unix::fs::PermissionsExt::from_mode(mode);
            std::fs::set_permissions(&config.secret_file, mode).expect("set");
        };
        mode(0o600);
        // The system's clock: against the database's.
        let now = Clock::system();
        let found = doctor::examine(&config, &now).await;
        for what in ["secret", "site", "database", "migrations", "clock", "jobs", "photos", "disk"] {
            assert_eq!(find(&found, what).health, Health::Good, "{:?}", find(&found, what));
        }
        assert_eq!(find(&found, "settings").health, Health::Look, "the demo is on");
        assert!(photos(&config).await.is_empty(), "it leaves nothing behind");
        // The next year's holidays are missed in time, and only then.
        for (now, health) in [("2026-06-01T00:00:00Z", Health::Good), ("2026-11-25T00:00:00Z", Health::Look)] {
            let found = doctor::examine(&config, &Clock::fixed(now.parse().expect("an instant"))).await;
            assert_eq!(find(&found, "calendar").health, health, "{:?}", find(&found, "calendar"));
        }
        // Others can read the secret.
        mode(0o644);
        // A clock that was set back by an hour.
        let mut tx = test.app.db.begin().await.expect("begin");
        for (sql, at) in [
            ("INSERT INTO audit_log (id, at, actor_kind, action, object_kind, object_id) VALUES ('x', $1, 'system', 'a', 'b', 'c')", 60),
            ("INSERT INTO job (id, kind, payload, state, run_at, created_at) VALUES ('x', 'k', '{}', 'dead', $1, $1)", -60),
            ("INSERT INTO job (id, kind, payload, state, run_at, created_at) VALUES ('y', 'k', '{}', 'queued', $1, $1)", -60),
        ] {
            let at = now.now().checked_add(SignedDuration::from_mins(at)).expect("in range").as_microsecond();
            sqlx::query(sql).bind(at).execute(&mut *tx).await.expect("written");
        }
        tx.commit().await.expect("commit");
        // A site that was not built, a mail server and an SMS provider that are not there.
        config.site_dir = place.path().join("none");
        config.mail = Some(server::config::MailConfig {
            url: "smtp://127.0.0.1:1".parse().expect("an address"),
            from: "邻里 <no-reply@example.org>".parse().expect("a mailbox"),
        });
        config.blobs_url = BlobsUrl::Folder("/proc/linli".into());
        let found = doctor::examine(&config, &now).await;
        for (what, health, said) in [
            ("secret", Health::Look, "644"),
            ("site", Health::Bad, ""),
            ("clock", Health::Bad, "set back"),
            ("jobs", Health::Look, "1 are dead"),
            ("photos", Health::Bad, ""),
            ("mail", Health::Bad, ""),
        ] {
            let finding = find(&found, what);
            assert!(finding.health == health && finding.said.contains(said), "{finding:?}");
        }
        // A database from before.
        let mut tx = test.app.db.begin().await.expect("begin");
        sqlx::query("DELETE FROM _sqlx_migrations WHERE version > 5").execute(&mut *tx).await.expect("forgotten");
        tx.commit().await.expect("commit");
        let found = doctor::examine(&config, &now).await;
        assert!(find(&found, "migrations").said.contains("linli migrate"), "{:?}", find(&found, "migrations"));
        // One that does not say which it has seen is neither up to date nor empty.
        let mut tx = test.app.db.begin().await.expect("begin");
        sqlx::query("ALTER TABLE _sqlx_migrations RENAME COLUMN version TO seen").execute(&mut *tx).await.expect("renamed");
        tx.commit().await.expect("commit");
        let found = doctor::examine(&config, &now).await;
        let finding = find(&found, "migrations");
        assert!(finding.health == Health::Bad && finding.said.contains("version"), "{finding:?}");
        assert!(found.iter().all(|finding| finding.what != "jobs"), "{found:?}");
        // And none at all.
        config.database_url = "postgres://nobody@127.0.0.1:1/none".to_owned();
        let found = doctor::examine(&config, &now).await;
        assert_eq!(find(&found, "database").health, Health::Bad);
    })
    .await;
}
