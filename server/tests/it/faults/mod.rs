//! What breaks, and that all is right afterwards: real server processes that are killed, cut off, starved and misled.
//! `make faults` runs these longer (`LINLI_TEST_FAULTS=long`).

mod before;
mod clock;
mod cut;
mod disk;
mod failover;
mod kill;
mod load;
mod newer;
mod pgbouncer;
mod starts;
mod truth;
mod wire;

use crate::{
    process::Process,
    support::TestApp,
    windows::{self, servers::open_every_day},
};
use jiff::civil::Date;

/// Whether there is time for the long form.
fn long() -> bool {
    std::env::var("LINLI_TEST_FAULTS").is_ok_and(|form| form == "long")
}

/// Opens the halls around the clock, and brings the test's clock to the system's, by which real servers go. Gives the day.
async fn lives(test: &TestApp) -> Date {
    windows::halls(test).await;
    open_every_day(test).await;
    // Room for many, so that places that come free again only after minutes do not run out.
    crate::outgoing::run(test, "UPDATE service_window SET capacity_public = 12").await;
    let now = windows::servers::system_now();
    test.app.clock.advance(now.duration_since(test.app.clock.now()));
    app::time::day_of(now)
}

/// A real server on a test's database and photos.
async fn server(test: &TestApp, more: &[(&str, &str)]) -> Process {
    let server::config::BlobsUrl::Folder(photos) = &test.app.config.blobs_url else { panic!("photos in a folder") };
    let photos = photos.display().to_string();
    let mut settings = vec![
        ("LINLI_DATABASE_URL", test.database_url.as_str()),
        ("LINLI_BLOBS_URL", photos.as_str()),
        ("LINLI_CLIENT_IP_HEADER", "x-test-ip"),
    ];
    settings.extend_from_slice(more);
    Process::start(&settings).await
}
