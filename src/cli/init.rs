//! `alertbook init`: the first files of a site, or the configuration of one that Jekyll made.

use super::Ended;
use crate::config::jekyll;
use crate::failure::Failure;
use crate::load::{self, CONFIGURATION};
use crate::output::write_new;
use crate::paths::shown;
use clap::Args;
use std::path::{Path, PathBuf};

/// The files of a new site: a runbook, and a rule that agrees with it.
const NEW_SITE: [(&str, &str); 3] = [
    (CONFIGURATION, include_str!("init/alertbook.yaml")),
    ("content/disk-space.md", include_str!("init/disk-space.md")),
    ("rules/disk-space.yaml", include_str!("init/disk-space.yaml")),
];

#[derive(Debug, Args)]
pub(super) struct InitArguments {
    /// Where the site goes [default: this folder]
    dir: Option<PathBuf>,
    /// Write the configuration for the Jekyll site in a folder, and nothing else
    #[arg(long, value_name = "DIR", conflicts_with = "dir")]
    from_jekyll: Option<PathBuf>,
}

/// Makes a site. `site` is the folder that the option of all commands names.
pub(super) fn run(site: Option<PathBuf>, arguments: &InitArguments) -> Result<Ended, Failure> {
    if let Some(folder) = &arguments.from_jekyll {
        return from_jekyll(folder);
    }
    let folder = arguments.dir.clone().or(site).unwrap_or_else(|| PathBuf::from("."));
    write_new(&folder, &NEW_SITE)?;
    let paths = NEW_SITE.map(|(path, _)| shown(&folder.join(path)).to_string());
    anstream::println!("Wrote {}.", paths.join(", "));
    anstream::println!("Next: {} checks and builds it.", command("build", &folder));
    Ok(Ended::Clean)
}

fn from_jekyll(folder: &Path) -> Result<Ended, Failure> {
    let site = load::jekyll::read(folder)?;
    let converted = jekyll::convert(&site).map_err(Failure::Configuration)?;
    write_new(folder, &[(CONFIGURATION, &converted.text)])?;
    let from = folder.join(load::jekyll::CONFIGURATION);
    anstream::println!("Wrote {} from {}.", shown(&folder.join(CONFIGURATION)), shown(&from));
    if !converted.left_behind.is_empty() {
        anstream::println!("\nNot carried over:");
        for sentence in &converted.left_behind {
            anstream::println!("- {sentence}");
        }
    }
    anstream::println!(
        "\nNext: name the rules that page people, `rules: [\"rules/*.yaml\"]`, and the carriers that \
         queries open on;\n{} says what else there is to do.",
        command("check", folder)
    );
    Ok(Ended::Clean)
}

/// How a command is written for a site.
fn command(name: &str, site: &Path) -> String {
    if site == Path::new(".") {
        format!("`alertbook {name}`")
    } else {
        format!("`alertbook {name} --site {}`", shown(site))
    }
}
