//! Reports with three photos each, filed in a second: from the multipart form to the last row.

use crate::{
    Bench, bulk, camera,
    load::{Browser, ms, time},
    table::Section,
    world::{World, name},
};
use anyhow::{Context, ensure};
use server::auth::session;

/// Residents who file at the same time.
const AT_ONCE: usize = 4;

/// Measures it.
pub async fn run(bench: &Bench) -> anyhow::Result<Section> {
    let mut section = Section::new(
        "Filing a report with 3 photos",
        "Residents send the whole form with 3 photos of 12 megapixels (`POST /report`, as without JavaScript; with it the \
         phone shrinks them first): read, checked, decoded, turned, shrunk, stored with fsync, filed. 4 at a time; the \
         server decodes 2 photos at once.",
    );
    let photos: Vec<Vec<u8>> =
        (0..3).map(|n| camera::photo(100 + n, camera::size(bench.smoke))).collect::<anyhow::Result<_>>()?;
    let count = bench.pick(24, 2);
    let mut rows = Vec::new();
    for engine in bench.engines() {
        let mut world = World::new(bench, engine).await?;
        let people = bulk::residents(&world, i64::try_from(count)?).await?;
        let tokens = world.sessions(&people).await?;
        let browser = world.serve().await?;
        let before = world.server_cpu()?;
        let times = time(count, AT_ONCE, |n| file(&browser, &tokens[n], n, &photos)).await?;
        let cpu = (world.server_cpu()? - before) * 1000.0 / count as f64;
        let kept = world.number_of("photo").await?;
        ensure!(kept == 3 * i64::try_from(count)?, "{kept} photos were kept");
        rows.push(vec![
            name(engine).to_owned(),
            format!("{:.1}", times.per_second()),
            ms(times.p50()),
            ms(times.p95()),
            ms(cpu),
        ]);
    }
    section.table(&["", "reports/s", "p50 ms", "p95 ms", "server CPU ms per report"], &rows);
    Ok(section)
}

async fn file(browser: &Browser, token: &str, n: usize, photos: &[Vec<u8>]) -> anyhow::Result<()> {
    const BOUNDARY: &str = "linli-bench-boundary";
    let browser = browser.with(&[(session::cookie_name(false), token)]);
    let key = format!("bench-report-key-{n:08}");
    let fields = [
        ("key", key.as_str()),
        ("community", "wutong"),
        ("category", "street-light"),
        ("building", ""),
        ("place", "北门路灯下"),
        ("description", "路灯三天没亮了，晚上看不见路。"),
        ("different", "1"),
    ];
    let mut body = Vec::with_capacity(photos.iter().map(Vec::len).sum::<usize>() + 4096);
    for (name, value) in fields {
        let part = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    for photo in photos {
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"photos\"; filename=\"a.jpg\"\r\n\
             Content-Type: image/jpeg\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(photo);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let (status, to, text) = browser.send("/report", &kind, body).await.context("sending")?;
    ensure!(
        status == 303 && to.starts_with("/reports/"),
        "{status} {to} {}",
        text.chars().take(600).collect::<String>()
    );
    Ok(())
}
