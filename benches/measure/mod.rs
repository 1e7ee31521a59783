//! What the commands take on a site: time, processor time, peak memory.

use crate::generator::{self, File, Page, Shape};
use nix::sys::resource::{UsageWho, getrusage};
use std::fmt;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The program that is measured, compiled as the benchmark is.
pub const ALERTBOOK: &str = env!("CARGO_BIN_EXE_alertbook");

/// How often a page is saved.
const SAVES: usize = 50;

/// Measures sites of one shape with these numbers of pages, and prints a row for each.
pub fn measure(shape: Shape, sizes: &[usize]) -> Result<(), String> {
    println!("{:>7}  {:24}{:>10}{:>10}{:>10}", "pages", "", "wall", "CPU", "memory");
    for pages in sizes {
        measure_site(shape, *pages).map_err(|error| format!("{pages} pages: {error}"))?;
    }
    Ok(())
}

fn measure_site(shape: Shape, pages: usize) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let site = folder.path();
    write(generator::site(shape, pages), site)?;
    let row = |what: &str, used: &Used| {
        println!("{pages:>7}  {what:24}{used}");
    };
    let run = |arguments: &[&str]| measured(arguments, site);
    row("check", &run(&["check"])?);
    match promtool(site) {
        Some(used) => row("promtool check rules", &used),
        None => println!("{pages:>7}  promtool is not installed (Debian's package `prometheus`)"),
    }
    row("build, cold", &run(&["build"])?);
    row("build, nothing changed", &run(&["build"])?);
    let page = Page { shape, number: pages / 2, pages };
    change(site, page, "one page changed")?;
    row("build, one page changed", &run(&["build"])?);
    let mut saved = saves(shape, pages, site)?;
    saved.sort();
    let at = |percent: usize| saved[(saved.len() - 1) * percent / 100].as_secs_f64() * 1000.0;
    println!(
        "{pages:>7}  {:24}{:>7.0} ms{:>7.0} ms (median and 95th percentile of {SAVES})",
        "serve, save to delivered",
        at(50),
        at(95)
    );
    Ok(())
}

/// What a process has used.
pub struct Used {
    pub wall: Duration,
    processor: Duration,
    /// In KB.
    memory: i64,
}

impl fmt::Display for Used {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let (wall, processor) = (self.wall.as_secs_f64(), self.processor.as_secs_f64());
        write!(f, "{wall:>8.2} s{processor:>8.2} s{:>7} MB", self.memory / 1024)
    }
}

/// Runs alertbook on a site.
fn measured(arguments: &[&str], site: &Path) -> Result<Used, String> {
    let site = site.to_string_lossy();
    run(&[&[ALERTBOOK], arguments, &["--site", &site]].concat())
}

/// Has Prometheus' own tool check the rules of a site, and nothing else of it.
fn promtool(site: &Path) -> Option<Used> {
    let files = walkdir::WalkDir::new(site.join("rules")).into_iter().filter_map(Result::ok);
    let files = files.filter(|entry| entry.file_type().is_file());
    let files: Vec<String> = files.map(|it| it.path().to_string_lossy().into_owned()).collect();
    let command = ["promtool", "check", "rules"].into_iter();
    run(&command.chain(files.iter().map(String::as_str)).collect::<Vec<_>>()).ok()
}

/// Runs a command in a process of its own, which has no other child: what the children of a
/// process have used is told of all of them together.
pub fn run(command: &[&str]) -> Result<Used, String> {
    let this = std::env::current_exe().map_err(|error| error.to_string())?;
    let output = Command::new(this).arg("run").args(command).output();
    let output = output.map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout);
    let numbers: Vec<i64> = text.split_whitespace().filter_map(|it| it.parse().ok()).collect();
    match numbers.as_slice() {
        [wall, processor, memory] if output.status.success() => Ok(Used {
            wall: Duration::from_micros(u64::try_from(*wall).unwrap_or_default()),
            processor: Duration::from_micros(u64::try_from(*processor).unwrap_or_default()),
            memory: *memory,
        }),
        _ => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

/// Runs a command, and prints what it has used in microseconds and KB.
pub fn run_one(program: &str, arguments: &[&str]) -> Result<(), String> {
    let started = Instant::now();
    let ended = Command::new(program).args(arguments).stdout(Stdio::null()).output();
    let ended = ended.map_err(|error| format!("can't run {program}: {error}"))?;
    let wall = started.elapsed();
    if !ended.status.success() {
        return Err(String::from_utf8_lossy(&ended.stderr).into_owned());
    }
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).map_err(|error| error.to_string())?;
    let microseconds = |time: nix::sys::time::TimeVal| time.tv_sec() * 1_000_000 + time.tv_usec();
    let processor = microseconds(usage.user_time()) + microseconds(usage.system_time());
    println!("{} {processor} {}", wall.as_micros(), usage.max_rss());
    Ok(())
}

/// Adds a line to a page, as an author who saves it.
fn change(site: &Path, page: Page, line: &str) -> Result<(), String> {
    let text = format!("{}\n{line}\n", page.text());
    fs::write(site.join(page.source()), text).map_err(|error| error.to_string())
}

/// How long it takes from saving a page to having it from the preview, again and again, for pages
/// all over the site.
fn saves(shape: Shape, pages: usize, site: &Path) -> Result<Vec<Duration>, String> {
    let preview = Preview::start(site)?;
    let mut took = Vec::new();
    for save in 0..SAVES {
        let page = Page { shape, number: (save * 7919) % pages, pages };
        let url = format!("{}{}", preview.url, page.output());
        // With a finding, which has to come along.
        let line = format!("Saved for the time number {save}, see [nowhere](gone-{save}.md).");
        let started = Instant::now();
        change(site, page, &line)?;
        let is_there = |html: &str| {
            html.contains(&format!("time number {save},"))
                && html.matches(&format!("gone-{save}.md")).count() >= 2
        };
        while !is_there(&get(&url)?) {
            if started.elapsed() > Duration::from_secs(60) {
                return Err(format!("{url} was not delivered within a minute"));
            }
        }
        took.push(started.elapsed());
    }
    Ok(took)
}

fn get(url: &str) -> Result<String, String> {
    let answer = ureq::get(url).call();
    let text = answer
        .and_then(|mut answer| answer.body_mut().with_config().limit(64 << 20).read_to_string());
    text.map_err(|error| format!("{url}: {error}"))
}

/// A running preview.
struct Preview {
    process: Child,
    url: String,
}

impl Preview {
    fn start(site: &Path) -> Result<Self, String> {
        let process = Command::new(ALERTBOOK)
            .args(["serve", "--addr", "127.0.0.1:0", "--site"])
            .arg(site)
            .stderr(Stdio::piped())
            .spawn();
        let mut process = process.map_err(|error| error.to_string())?;
        let mut lines = BufReader::new(process.stderr.take().ok_or("no output")?).lines();
        let line =
            lines.by_ref().map_while(Result::ok).find(|line| line.starts_with("Serving at "));
        // What it says later must go somewhere.
        std::thread::spawn(move || lines.for_each(drop));
        let url =
            line.as_deref().and_then(|line| line.split(' ').nth(2)).unwrap_or_default().to_owned();
        let preview = Self { process, url };
        if preview.url.is_empty() {
            Err("the preview does not start".to_owned())
        } else {
            Ok(preview)
        }
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Writes the files of a site.
pub fn write(files: impl IntoIterator<Item = File>, dir: &Path) -> Result<(), String> {
    for (path, text) in files {
        let place = dir.join(path);
        let folder = place.parent().unwrap_or(dir);
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&place, text))
            .map_err(|error| format!("can't write {}: {error}", place.display()))?;
    }
    Ok(())
}
