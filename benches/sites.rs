//! Generates runbook sites, and measures alertbook on them.
//!
//! `cargo bench --bench sites -- generate small 1000 DIR` writes a site;
//! `cargo bench --bench sites -- measure small 100 1000 10000` prints what each command takes.

mod generator;
mod measure;

use generator::Shape;
use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo bench --bench sites -- COMMAND

commands:
  generate small|large PAGES DIR   write a site: pages of 2 KB with 2 alerts, or of 20 KB with 13
  measure small|large [PAGES]...   print time, processor time and peak memory of check and build,
                                   beside those of promtool for the same rules, and how long
                                   the preview takes [default: 100 1000 10000]
";

fn main() -> ExitCode {
    // cargo itself adds `--bench`.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|it| it != "--bench").collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["generate", shape, pages, dir] => {
            shape_of(shape).and_then(|shape| measure::write(shape, number(pages)?, Path::new(dir)))
        }
        ["measure", shape, sizes @ ..] => {
            shape_of(shape).and_then(|shape| measure::measure(shape, &numbers(sizes)?))
        }
        // How `measure` runs each command.
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
