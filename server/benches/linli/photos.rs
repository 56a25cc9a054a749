//! The photo pipeline against `vipsthumbnail` for the same outputs.

use crate::{
    Bench, camera,
    machine::{Cpu, cpu},
    table::{Section, ratio},
};
use anyhow::{Context, ensure};
use std::{path::Path, process::Command, sync::atomic::AtomicUsize, sync::atomic::Ordering, time::Instant};

/// What a run over all photos took.
struct Took {
    cpu: f64,
    wall: f64,
}

/// Measures it.
pub async fn run(bench: &Bench) -> anyhow::Result<Section> {
    let count = bench.pick(12, 2);
    let mut section = Section::new(
        "Photo pipeline",
        &format!(
            "{count} photos of 12 megapixels, turned by their EXIF, to a picture of 2048 and a thumbnail of 480 pixels on \
             the long side, JPEG of quality 85, colours at half resolution, upright, without metadata. Linli's pipeline, \
             two at a time as the server does; `vipsthumbnail` (libvips, libjpeg-turbo), one command for all pictures and \
             one for all thumbnails from those pictures, with two threads. Processor and wall time for all photos."
        ),
    );
    let version = Command::new("vipsthumbnail").arg("--vips-version").output();
    let Ok(version) = version else {
        section.say("`vipsthumbnail` is not installed here (`tools/setup.sh bench`): not compared.");
        return Ok(section);
    };
    let folder = tempfile::tempdir_in(&bench.scratch)?;
    let mut files = Vec::new();
    let mut photos = Vec::new();
    for n in 0..count {
        let jpeg = camera::photo(n, camera::size(bench.smoke))?;
        let file = folder.path().join(format!("{n:02}.jpg"));
        std::fs::write(&file, &jpeg)?;
        files.push(file);
        photos.push(jpeg);
    }
    let kilobytes: usize = photos.iter().map(|photo| photo.len() / 1024).sum();
    // Once each beforehand, then in turn, so that what else the machine does strikes both.
    ours(&photos[..1], folder.path())?;
    theirs(&files[..1])?;
    let rounds = bench.pick(3, 1);
    let (mut own, mut other) = (Took { cpu: 0.0, wall: 0.0 }, Took { cpu: 0.0, wall: 0.0 });
    for _ in 0..rounds {
        for (sum, took) in [(&mut own, ours(&photos, folder.path())?), (&mut other, theirs(&files)?)] {
            sum.cpu += took.cpu;
            sum.wall += took.wall;
        }
    }
    check(folder.path(), &files)?;
    let each = |seconds: f64| format!("{:.0}", seconds * 1000.0 / f64::from(count * rounds));
    let row = |name: &str, took: &Took| vec![name.to_owned(), each(took.cpu), each(took.wall)];
    let mut ratios = vec!["Linli ÷ vipsthumbnail".to_owned()];
    ratios.extend([ratio(own.cpu, other.cpu), ratio(own.wall, other.wall)]);
    section.table(
        &["", "CPU ms per photo", "wall ms per photo"],
        &[row("Linli", &own), row("vipsthumbnail", &other), ratios],
    );
    section.say(&format!(
        "{}; a photo has {} kB on average; {rounds} rounds in turn. Wall time also depends on what else the machine does: \
         where others want the processor, more threads get more of it.",
        String::from_utf8_lossy(&version.stdout).trim(),
        kilobytes / photos.len().max(1),
    ));
    Ok(section)
}

/// The pipeline over all photos on two threads, written to files as the other does.
fn ours(photos: &[Vec<u8>], folder: &Path) -> anyhow::Result<Took> {
    let (before, begun) = (cpu()?, Instant::now());
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let work = || -> anyhow::Result<()> {
            loop {
                let n = next.fetch_add(1, Ordering::Relaxed);
                let Some(photo) = photos.get(n) else { return Ok(()) };
                let prepared = pictures::prepare(photo)?;
                std::fs::write(folder.join(format!("{n:02}-own-full.jpg")), prepared.full)?;
                std::fs::write(folder.join(format!("{n:02}-own-thumb.jpg")), prepared.thumb)?;
            }
        };
        let threads = [scope.spawn(work), scope.spawn(work)];
        threads
            .into_iter()
            .try_for_each(|thread| thread.join().unwrap_or_else(|_| anyhow::bail!("the pipeline panicked")))
    })?;
    Ok(Took { cpu: cpu()?.own - before.own, wall: begun.elapsed().as_secs_f64() })
}

fn theirs(files: &[std::path::PathBuf]) -> anyhow::Result<Took> {
    let (before, begun): (Cpu, _) = (cpu()?, Instant::now());
    let fulls: Vec<_> = files.iter().map(|file| file.with_file_name(suffixed(file, "full"))).collect();
    for (size, files, name) in [("2048x2048>", files, "full"), ("480x480>", fulls.as_slice(), "thumb")] {
        let status = Command::new("vipsthumbnail")
            .env("VIPS_CONCURRENCY", "2")
            .args(["--size", size, "-o", &format!("%s-{name}.jpg[Q=85,strip]")])
            .args(files)
            .status()
            .context("vipsthumbnail")?;
        ensure!(status.success(), "vipsthumbnail: {status}");
    }
    Ok(Took { cpu: cpu()?.children - before.children, wall: begun.elapsed().as_secs_f64() })
}

fn suffixed(file: &Path, name: &str) -> String {
    format!("{}-{name}.jpg", file.file_stem().unwrap_or_default().to_string_lossy())
}

/// Both made pictures of the same sizes.
fn check(folder: &Path, files: &[std::path::PathBuf]) -> anyhow::Result<()> {
    for file in files {
        let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        for (own, other) in [("own-full", "full"), ("own-thumb", "full-thumb")] {
            let size = |name: &str| image::image_dimensions(folder.join(format!("{stem}-{name}.jpg")));
            let (own, other) = (size(own)?, size(other)?);
            ensure!(own == other, "{stem}: {own:?} and {other:?}");
        }
    }
    Ok(())
}
