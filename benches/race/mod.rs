//! alertbook beside the generators that people would pick instead, on the same pages.
//!
//! A generated site is written once for each of them: with its code coloured, its links to other
//! pages checked and a navigation of sections and of the pages of the section. What only alertbook
//! has a notion of (rules, the checks of alerts, a page for each metric) the others are spared; the
//! full text is left out of all. Hugo runs twice: as its users would set it up, with a navigation
//! made once for each section, and with what alertbook writes as well: the open page marked in the
//! navigation, and an address for each alert.

mod hugo;
mod markdown;
mod zola;

use crate::generator::{self, File, Shape};
use crate::measure::{self, ALERTBOOK, Used};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// How every page begins, whoever writes it.
const BEGINNING: &str = r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
"#;

/// How often each of them builds the site, in turn.
const ROUNDS: usize = 5;

/// One of those that build the site.
struct Generator {
    /// As the table calls it.
    name: &'static str,
    program: &'static str,
    /// The files of the site as it wants them.
    files: fn(Shape, usize) -> Vec<File>,
    /// What it is called with, for a site and an output folder.
    arguments: for<'a> fn(&'a str, &'a str) -> Vec<&'a str>,
}

const GENERATORS: [Generator; 4] = [
    Generator {
        name: "alertbook",
        program: ALERTBOOK,
        files: without_full_text,
        arguments: |site, out| vec!["build", "--site", site, "--out", out],
    },
    Generator {
        name: "Hugo",
        program: "hugo",
        files: |shape, pages| hugo::site(shape, pages, hugo::Extent::AsUsual),
        arguments: hugo::arguments,
    },
    Generator {
        name: "Hugo, as much written",
        program: "hugo",
        files: |shape, pages| hugo::site(shape, pages, hugo::Extent::AsAlertbook),
        arguments: hugo::arguments,
    },
    Generator {
        name: "Zola",
        program: "zola",
        files: zola::site,
        arguments: |site, out| vec!["--root", site, "build", "--output-dir", out],
    },
];

fn without_full_text(shape: Shape, pages: usize) -> Vec<File> {
    let mut files: Vec<File> = generator::site(shape, pages).collect();
    for (path, text) in &mut files {
        if path == "alertbook.yaml" {
            text.push_str("full_text: false\n");
        }
    }
    files
}

/// Has each of them build a site of this shape, and prints its medians and our part of its time.
pub fn race(shape: Shape, pages: usize) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let mut raced: Vec<(&Generator, String, Vec<Used>)> = Vec::new();
    for (number, generator) in GENERATORS.iter().enumerate() {
        if !is_installed(generator.program) {
            println!("{} is left out: no `{}` is installed", generator.name, generator.program);
            continue;
        }
        let site = folder.path().join(format!("site-{number}"));
        measure::write((generator.files)(shape, pages), &site)?;
        raced.push((generator, site.to_string_lossy().into_owned(), Vec::new()));
    }
    for round in 0..ROUNDS {
        for (generator, site, used) in &mut raced {
            // A folder that was not there before: where many files have just been deleted, some
            // file systems are slow for minutes.
            let out = format!("{site}-out-{round}");
            let command = [vec![generator.program], (generator.arguments)(site, &out)].concat();
            let run = measure::run(&command);
            used.push(run.map_err(|error| format!("{}: {error}", generator.name))?);
            if !Path::new(&out).join("index.html").is_file() {
                return Err(format!("{}: nothing was written", generator.name));
            }
        }
    }
    println!(
        "{:>7}  {:24}{:>10}{:>10}{:>10}{:>12}",
        "pages", "", "wall", "CPU", "memory", "ours of it"
    );
    let mut ours = None;
    for (generator, _, used) in &mut raced {
        used.sort_by_key(|used| used.wall);
        let median = &used[used.len() / 2];
        println!("{pages:>7}  {:24}{median}{:>12}", generator.name, part(ours, median.wall));
        ours = ours.or(Some(median.wall));
    }
    Ok(())
}

/// Our part of this time, for all but ourselves.
fn part(ours: Option<Duration>, time: Duration) -> String {
    ours.map(|ours| format!("{:.3}", ours.as_secs_f64() / time.as_secs_f64())).unwrap_or_default()
}

fn is_installed(program: &str) -> bool {
    Command::new(program).arg("--help").output().is_ok()
}
