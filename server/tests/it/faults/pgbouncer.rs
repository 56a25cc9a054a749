//! PgBouncer between servers and PostgreSQL, pooling sessions. Only in the long form, for which `make faults` installs it.

use super::{failover::answers, lives, load::Load, long, server, truth};
use crate::support::{TestApp, new_database};
use server::db::Engine;
use std::process::{Child, Command, Stdio};

/// A PgBouncer of one's own.
struct Bouncer {
    child: Child,
    port: u16,
    _folder: tempfile::TempDir,
}

impl Bouncer {
    fn start(postgres: u16) -> Bouncer {
        let folder = tempfile::tempdir().expect("a folder");
        let port =
            std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port();
        let settings = format!(
            "[databases]\n* = host=127.0.0.1 port={postgres} user=linli\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
             listen_port = {port}\nunix_socket_dir =\nauth_type = any\npool_mode = session\ndefault_pool_size = 80\n\
             max_client_conn = 200\nignore_startup_parameters = extra_float_digits\n"
        );
        let file = folder.path().join("pgbouncer.ini");
        std::fs::write(&file, settings).expect("written");
        let readable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(folder.path(), readable).expect("set");
        // It refuses to run as root.
        let is_root = std::fs::metadata("/proc/self").is_ok_and(|me| std::os::unix::fs::MetadataExt::uid(&me) == 0);
        let mut command = if is_root {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--", "/usr/sbin/pgbouncer"]);
            command
        } else {
            Command::new("/usr/sbin/pgbouncer")
        };
        let child = command.arg(&file).stdin(Stdio::null()).stderr(Stdio::null()).spawn();
        Bouncer { child: child.expect("pgbouncer: run tools/setup.sh faults"), port, _folder: folder }
    }
}

impl Drop for Bouncer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn servers_work_through_pgbouncer_that_pools_sessions() {
    if !long() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let mut url: url::Url = new_database(Engine::Postgres, folder.path()).await.parse().expect("an address");
    let bouncer = Bouncer::start(url.port().expect("a port"));
    url.set_port(Some(bouncer.port)).expect("a port");
    let listens = async || tokio::net::TcpStream::connect(("127.0.0.1", bouncer.port)).await.is_ok();
    super::wire::within(std::time::Duration::from_secs(10), "it listens", listens).await;
    let test = TestApp::on(Engine::Postgres, url.to_string(), |_| {}).await;
    let today = lives(&test).await;
    let servers = [server(&test, &[]).await, server(&test, &[]).await];
    let load = Load::new(&test, servers.iter().map(|server| server.url("")).collect(), today);
    tokio::join!(load.run(), async {
        answers(&load, 400).await;
        load.stop();
    });
    truth::holds(&test, &load).await;
}
