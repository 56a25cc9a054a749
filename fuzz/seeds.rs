//! Writes small good pictures of every format into a folder, for the fuzzer to begin with: `seeds FOLDER`.

#[path = "../server/tests/photos/hostile.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod hostile;

fn main() {
    let folder = std::path::PathBuf::from(std::env::args().nth(1).expect("a folder"));
    for (name, bytes) in hostile::seeds() {
        std::fs::write(folder.join(name), bytes).expect("written");
    }
}
