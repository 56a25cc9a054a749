//! PostgreSQL over TLS: encrypted where the server can, and checked against the authority that the address names.

use server::db::Db;
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
    time::Duration,
};

/// A PostgreSQL of one's own, stopped and removed when dropped.
struct Postgres {
    url: String,
    child: Child,
    stays: Option<ChildStdin>,
}

impl Postgres {
    fn start() -> Postgres {
        let mut child = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../tools/postgres.sh"))
            .args(["sh", "-c", "echo \"$LINLI_TEST_POSTGRES_URL\"; cat"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the script starts");
        let mut url = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut url).expect("its address");
        let stays = child.stdin.take();
        Postgres { url: url.trim().to_owned(), child, stays }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // Its `cat` ends with its input, and the script clears up.
        drop(self.stays.take());
        let _ = self.child.wait();
    }
}

/// Run by the server itself, in its own folder: keys have to be its own. Two authorities, and a certificate by the first.
const CERTIFICATES: &str = "set -e; cat >/dev/null; umask 077; exec 2>/dev/null; \
    new=\"-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes\"; \
    for ca in ca other; do openssl req -x509 $new -keyout $ca.key -out $ca.crt -days 2 -subj /CN=linli-$ca; done; \
    openssl req $new -keyout server.key -out server.csr -subj /CN=linli-postgres; \
    echo subjectAltName=IP:127.0.0.1 >server.ext; \
    openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile server.ext -out server.crt";

/// Lets the server encrypt, and copies the authorities' certificates into a folder.
async fn encrypts(url: &str, folder: &Path) {
    let db = Db::connect(url).await.expect("the database answers");
    let make = format!("COPY (SELECT 1) TO PROGRAM '{CERTIFICATES}'");
    for sql in [make.as_str(), "ALTER SYSTEM SET ssl = on", "SELECT CAST(pg_reload_conf() AS TEXT)"] {
        sqlx::query(sqlx::AssertSqlSafe(sql.to_owned())).execute(db.read()).await.expect("done");
    }
    for name in ["ca.crt", "other.crt"] {
        let (pem,): (String,) =
            sqlx::query_as("SELECT pg_read_file($1)").bind(name).fetch_one(db.read()).await.expect("a file");
        std::fs::write(folder.join(name), pem).expect("written");
    }
    db.close().await;
}

/// Whether a connection is encrypted, or why there is none.
async fn encrypted(url: &str) -> Result<bool, String> {
    let db = Db::connect(url).await.map_err(|error| format!("{error:#}"))?;
    let sql = "SELECT CAST(CASE WHEN ssl THEN 1 ELSE 0 END AS BIGINT) FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    let found: (i64,) = sqlx::query_as(sql).fetch_one(db.read()).await.map_err(|error| error.to_string())?;
    db.close().await;
    Ok(found.0 == 1)
}

#[tokio::test]
async fn postgresql_is_spoken_to_over_tls_and_its_certificate_is_checked() {
    let server = Postgres::start();
    let folder = tempfile::tempdir().expect("a temporary folder");
    assert_eq!(encrypted(&server.url).await, Ok(false), "it cannot yet");
    encrypts(&server.url, folder.path()).await;
    for round in 0.. {
        // It looks at its settings anew in its own time.
        if encrypted(&format!("{}?sslmode=require", server.url)).await == Ok(true) {
            break;
        }
        assert!(round < 100, "it never encrypts");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let by_name = server.url.replace("127.0.0.1", "localhost");
    let checked =
        |url: &str, ca: &str| format!("{url}?sslmode=verify-full&sslrootcert={}", folder.path().join(ca).display());
    assert_eq!(encrypted(&server.url).await, Ok(true), "where the server can, without being asked");
    assert_eq!(encrypted(&format!("{}?sslmode=disable", server.url)).await, Ok(false));
    assert_eq!(encrypted(&checked(&server.url, "ca.crt")).await, Ok(true));
    assert_eq!(encrypted(&format!("{by_name}?sslmode=require")).await, Ok(true), "nobody checks the name");
    for (what, url) in [
        ("somebody else's authority", checked(&server.url, "other.crt")),
        ("no authority that the world knows", format!("{}?sslmode=verify-full", server.url)),
        ("another name", checked(&by_name, "ca.crt")),
    ] {
        let refused = encrypted(&url).await.expect_err(what);
        assert!(refused.contains("certificate"), "{what}: {refused}");
    }
    let db = Db::connect(&checked(&server.url, "ca.crt")).await.expect("connects");
    db.migrate().await.expect("it works as any other");
    db.close().await;
}
