//! `alertbook init`: the first files of a site, or the configuration of one that Jekyll made.

use super::{Ended, complain, fail};
use crate::config::jekyll;
use crate::load::{self, CONFIGURATION, LoadError, shown};
use crate::output::{PublishError, write_new};
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
pub(super) fn run(site: Option<PathBuf>, arguments: &InitArguments) -> Ended {
    if let Some(folder) = &arguments.from_jekyll {
        return from_jekyll(folder);
    }
    let folder = arguments.dir.clone().or(site).unwrap_or_else(|| PathBuf::from("."));
    if let Err(error) = write_new(&folder, &NEW_SITE) {
        return unwritten(&error);
    }
    let paths = NEW_SITE.map(|(path, _)| shown(&folder.join(path)).to_string());
    anstream::println!("Wrote {}.", paths.join(", "));
    anstream::println!("Next: {} checks and builds it.", command("build", &folder));
    Ended::Clean
}

fn from_jekyll(folder: &Path) -> Ended {
    let converted = load::jekyll::read(folder)
        .and_then(|site| jekyll::convert(&site).map_err(LoadError::Configuration));
    let converted = match converted {
        Ok(converted) => converted,
        Err(error) => return fail(&error),
    };
    if let Err(error) = write_new(folder, &[(CONFIGURATION, &converted.text)]) {
        return unwritten(&error);
    }
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
    Ended::Clean
}

/// How a command is written for a site.
fn command(name: &str, site: &Path) -> String {
    if site == Path::new(".") {
        format!("`alertbook {name}`")
    } else {
        format!("`alertbook {name} --site {}`", shown(site))
    }
}

/// Says why nothing was written, and how the command ends.
fn unwritten(error: &PublishError) -> Ended {
    complain(&error.to_string());
    match error {
        PublishError::Refused(_) => Ended::Usage,
        PublishError::World(_) => Ended::World,
    }
}
