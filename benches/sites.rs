//! Generates runbook sites, and measures alertbook on them.
//!
//! `cargo bench --bench sites -- generate small 1000 DIR` writes a site; without a command it says
//! what there is.

mod generator;

use generator::Shape;
use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo bench --bench sites -- COMMAND

commands:
  generate small|large PAGES DIR   write a site: pages of 2 KB with 2 alerts, or of 20 KB with 13
";

fn main() -> ExitCode {
    // cargo itself adds `--bench`.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|it| it != "--bench").collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["generate", shape, pages, dir] => generate(shape, pages, Path::new(dir)),
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

fn generate(shape: &str, pages: &str, dir: &Path) -> Result<(), String> {
    let shape = match shape {
        "small" => Shape::Small,
        "large" => Shape::Large,
        other => return Err(format!("`{other}` is no shape: small or large")),
    };
    let pages = pages.parse().map_err(|_| format!("`{pages}` is no number of pages"))?;
    for (path, text) in generator::site(shape, pages) {
        let place = dir.join(path);
        let folder = place.parent().unwrap_or(dir);
        std::fs::create_dir_all(folder)
            .and_then(|()| std::fs::write(&place, text))
            .map_err(|error| format!("can't write {}: {error}", place.display()))?;
    }
    Ok(())
}
