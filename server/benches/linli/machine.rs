//! On what a run was made.

use std::{fmt::Write, path::Path, process::Command};

fn output(root: &Path, command: &str, arguments: &[&str]) -> String {
    let output = Command::new(command).args(arguments).current_dir(root).output();
    output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
}

fn first_value(file: &str, name: &str) -> String {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default();
    line.split_once(':').map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
}

/// The head of the page: what the figures are, and the machine.
pub fn head(root: &Path) -> anyhow::Result<String> {
    let cores = std::thread::available_parallelism()?;
    let memory = first_value("/proc/meminfo", "MemTotal").trim_end_matches(" kB").parse::<f64>().unwrap_or_default();
    let mut text = String::from("# Benchmarks\n\n");
    let _ = writeln!(
        text,
        "Written by `make bench`; `make bench CASES=\"…\"` measures and replaces only some sections, and each says when it was \
         measured. The figures of a section are from one run on one machine, on which the server, the database and the \
         client of the load ran side by side; compare them with each other, not with other machines. Times are of whole \
         requests over HTTP against the release build.\n"
    );
    let rows = [
        ("Processor", format!("{} × {}", cores, first_value("/proc/cpuinfo", "model name"))),
        ("Memory", format!("{:.1} GB", memory / 1024.0 / 1024.0)),
        ("System", output(root, "uname", &["-sr"])),
    ];
    text.push_str("| | |\n| --- | --- |\n");
    for (name, value) in rows {
        let _ = writeln!(text, "| {name} | {value} |");
    }
    Ok(text)
}

/// When, of what and how the sections of this run were measured.
pub fn measured(root: &Path, named: &[&String]) -> String {
    let commit = output(root, "git", &["rev-parse", "--short=12", "HEAD"]);
    let changed = output(root, "git", &["status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs"]);
    let changed = if changed.is_empty() { "" } else { ", with changes that were not committed" };
    let date = output(root, "date", &["-u", "+%Y-%m-%d %H:%M UTC"]);
    let cases: Vec<&str> = named.iter().map(|name| name.as_str()).collect();
    let command =
        if cases.is_empty() { "make bench".to_owned() } else { format!("make bench CASES=\"{}\"", cases.join(" ")) };
    format!("*{date}, commit {commit}{changed}, `{command}`*")
}

/// The kind of file system that a folder lies on.
pub fn file_system(folder: &str) -> String {
    let kind = output(Path::new("/"), "df", &["--output=fstype", folder]);
    kind.lines().nth(1).unwrap_or("an unknown file system").trim().to_owned()
}

/// Processor time of this process and of children that ended, in seconds.
pub struct Cpu {
    /// Of this process.
    pub own: f64,
    /// Of children that ended.
    pub children: f64,
}

/// Fields of `/proc/<pid>/stat` from the third on.
fn stat(pid: &str) -> anyhow::Result<Vec<f64>> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name of the command stands in brackets and may hold spaces.
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    Ok(fields.map(|field| field.parse().unwrap_or_default()).collect())
}

/// The sum of two neighbouring fields, which count hundredths of a second.
fn seconds(fields: &[f64], from: usize) -> f64 {
    fields.iter().skip(from).take(2).sum::<f64>() / 100.0
}

/// Processor time so far, as the system counts it.
pub fn cpu() -> anyhow::Result<Cpu> {
    let fields = stat("self")?;
    // utime, stime, cutime and cstime are the 14th to 17th field.
    Ok(Cpu { own: seconds(&fields, 11), children: seconds(&fields, 13) })
}

/// Memory of another process in MB: now, and at its most.
pub fn memory_of(pid: u32) -> anyhow::Result<(f64, f64)> {
    let file = format!("/proc/{pid}/status");
    let field = |name: &str| {
        let text = first_value(&file, name);
        text.trim_end_matches(" kB").parse::<f64>().map(|kilobytes| kilobytes / 1024.0)
    };
    Ok((field("VmRSS")?, field("VmHWM")?))
}

/// Processor time of another process so far, in seconds.
pub fn cpu_of(pid: u32) -> anyhow::Result<f64> {
    Ok(seconds(&stat(&pid.to_string())?, 11))
}
