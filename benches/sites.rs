//! Generates runbook sites, and measures alertbook on them.
//!
//! `cargo bench --bench sites -- generate small 1000 DIR` writes a site;
//! `cargo bench --bench sites -- measure small 100 1000 10000` prints what each command takes;
//! `cargo bench --bench sites -- race large 1000` has Hugo and Zola build the same pages.

mod generator;
mod measure;
mod race;

use generator::Shape;
use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo bench --bench sites -- COMMAND

commands:
  generate small|large PAGES DIR   write a site: pages of 2 KB with 2 alerts, or of 20 KB with 13
  drift small|large PAGES DIR      the same, but each page has drifted from its rules
  measure small|large [PAGES]...   print time, processor time and peak memory of check and build,
                                   beside those of promtool for the same rules, and how long
                                   the preview takes [default: 100 1000 10000]
  race small|large PAGES           print what a build takes, beside Hugo's and Zola's of the same
                                   pages, if `hugo` and `zola` are installed
";

fn main() -> ExitCode {
    // cargo itself adds `--bench`.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|it| it != "--bench").collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["generate", shape, pages, dir] => parsed(shape, pages).and_then(|(shape, pages)| {
            measure::write(generator::site(shape, pages), Path::new(dir))
        }),
        ["drift", shape, pages, dir] => parsed(shape, pages).and_then(|(shape, pages)| {
            measure::write(generator::drifted(shape, pages), Path::new(dir))
        }),
        ["measure", shape, sizes @ ..] => {
            shape_of(shape).and_then(|shape| measure::measure(shape, &numbers(sizes)?))
        }
        ["race", shape, pages] => {
            parsed(shape, pages).and_then(|(shape, pages)| race::race(shape, pages))
        }
        // How `measure` and `race` run each command.
        ["run", program, arguments @ ..] => measure::run_one(program, arguments),
        [] => {
            print!("{USAGE}");
            Ok(())
        }
        _ => Err(USAGE.to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

fn parsed(shape: &str, pages: &str) -> Result<(Shape, usize), String> {
    Ok((shape_of(shape)?, number(pages)?))
}

fn shape_of(name: &str) -> Result<Shape, String> {
    match name {
        "small" => Ok(Shape::Small),
        "large" => Ok(Shape::Large),
        other => Err(format!("`{other}` is no shape: small or large")),
    }
}

fn numbers(texts: &[&str]) -> Result<Vec<usize>, String> {
    if texts.is_empty() {
        return Ok(vec![100, 1_000, 10_000]);
    }
    texts.iter().map(|text| number(text)).collect()
}

fn number(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(number) if number > 0 => Ok(number),
        _ => Err(format!("`{text}` is no number of pages")),
    }
}
