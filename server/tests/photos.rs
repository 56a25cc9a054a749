//! The photo pipeline against hostile files, in a process of its own so that its memory can be measured: a generated
//! corpus (`hostile`) and a short, seeded run of the fuzzer's target on mutated pictures. The long run is
//! `fuzz/run.sh`.

#[path = "photos/hostile.rs"]
mod hostile;
#[path = "../../fuzz/photo_check.rs"]
mod photo_check;

use std::{
    panic::catch_unwind,
    time::{Duration, Instant},
};

/// Mutated files of the short run.
const MUTATED: u64 = 4_000;
/// No file may keep a decoder busy for longer; a debug build on a busy machine is slow.
const MOST_TIME: Duration = Duration::from_secs(20);

/// The most memory that this process ever had, in bytes.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("a process");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("VmHWM");
    line.split_whitespace().nth(1).expect("a number").parse::<u64>().expect("a number") * 1024
}

#[expect(clippy::disallowed_methods, reason = "measures, decides nothing")]
fn check(name: &str, bytes: &[u8]) {
    let begun = Instant::now();
    let sound = catch_unwind(|| photo_check::check(bytes)).is_ok();
    if !sound {
        let kept = std::env::temp_dir().join("linli-hostile-photo");
        std::fs::write(&kept, bytes).expect("kept");
        panic!("{name} breaks the pipeline: {}", kept.display());
    }
    assert!(begun.elapsed() < MOST_TIME, "{name} took {:?}", begun.elapsed());
}

// One test, so that nothing else has part in the memory that is measured.
#[test]
fn no_hostile_file_breaks_the_pipeline_or_its_bounds() {
    let before = peak();
    let corpus = hostile::corpus();
    assert!(corpus.len() > 300, "{}", corpus.len());
    let mut taken = Vec::new();
    for (name, bytes, verdict) in &corpus {
        check(name, bytes);
        let got = pictures::prepare(bytes).map(|_| ()).map_err(|refused| refused.to_string());
        match verdict {
            hostile::Verdict::Any => {}
            hostile::Verdict::Taken => assert_eq!(got, Ok(()), "{name}"),
            hostile::Verdict::Refused => assert!(got.is_err(), "{name} was taken"),
        }
        if got.is_ok() {
            taken.push(name);
        }
    }
    eprintln!("{} files, {} taken", corpus.len(), taken.len());

    let seeds = hostile::seeds();
    let mut dice = hostile::Dice(20_261_126);
    for n in 0..MUTATED {
        let (name, bytes) = dice.one_of(&seeds);
        check(&format!("{name}, mutation {n}"), &hostile::mutate(&mut dice, bytes, &seeds));
    }
    let grown = peak() - before;
    eprintln!("{MUTATED} mutated files; memory grew by {} MB at the most", grown / 1024 / 1024);
    assert!(grown < pictures::MOST_MEMORY, "{grown} bytes");
}
