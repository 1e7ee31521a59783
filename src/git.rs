//! The git repository that a site lies in: other revisions of its files, and their history.
//!
//! Everything is asked of the `git` program, a few processes for all files together. Nothing of the
//! repository is changed: a revision is checked out into a temporary folder, with an index of its
//! own.

mod commits;
mod last_change;
mod process;
mod revision;

pub use revision::Revision;

use crate::failure::Failure;
use crate::paths::absolute;
use process::{Ran, done, git, line, run};
use std::path::{Path, PathBuf};

/// A site within its repository.
#[derive(Debug)]
pub struct Repository {
    /// The root of the working tree.
    root: PathBuf,
    /// The path of the site in there, with a slash at its end unless it is empty.
    folder: String,
    /// Whether the history begins somewhere in the middle.
    is_shallow: bool,
}

/// Where a site lies in its repository, with a slash at its end unless it is the root; where there
/// is no repository, in the current folder. Asks no program.
pub fn folder_in_repository(site: &Path) -> String {
    let site = absolute(site);
    let root = site.ancestors().find(|folder| folder.join(".git").exists());
    let here = || std::env::current_dir().ok();
    let below = match root.map(Path::to_owned).or_else(here) {
        Some(root) => site.strip_prefix(&root).unwrap_or(Path::new("")).to_owned(),
        None => PathBuf::new(),
    };
    let parts: Vec<_> = below.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    if parts.is_empty() { String::new() } else { parts.join("/") + "/" }
}

impl Repository {
    /// Whether its history begins in the middle, as that of a clone with `--depth`.
    pub fn is_shallow(&self) -> bool {
        self.is_shallow
    }

    /// The repository of a site.
    ///
    /// # Errors
    /// The site is in none, or there is no git.
    pub fn of(site: &Path) -> Result<Self, Failure> {
        let asked = ["--show-toplevel", "--show-prefix", "--is-shallow-repository"];
        let asked = run(git(site).arg("rev-parse").args(asked), b"")?;
        let Ran::Done(answer) = asked else {
            let site = absolute(site);
            let message = format!("{} is in no git repository", site.display());
            return Err(Failure::Usage(message));
        };
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let mut lines = answer.lines();
        let root = PathBuf::from(lines.next().unwrap_or_default());
        let folder = lines.next().unwrap_or_default().to_owned();
        Ok(Self { root, folder, is_shallow: lines.next() == Some("true") })
    }

    /// The commit that is checked out.
    ///
    /// # Errors
    /// There is none yet, or git fails.
    pub fn head(&self) -> Result<String, Failure> {
        let head = done(git(&self.root).args(["rev-parse", "--verify", "--quiet", "HEAD"]), b"")?;
        Ok(line(&head))
    }
}

/// The path of a file of the repository relative to the site, as sources have it.
fn in_site(folder: &str, path: &str) -> String {
    let (mut folder, mut path) = (folder.trim_end_matches('/'), path);
    if folder.is_empty() {
        return path.to_owned();
    }
    while let (Some((first, rest)), Some((same, below))) =
        (folder.split_once('/'), path.split_once('/'))
        && first == same
    {
        (folder, path) = (rest, below);
    }
    match path.split_once('/') {
        Some((first, below)) if first == folder => below.to_owned(),
        _ => "../".repeat(folder.split('/').count()) + path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::in_repository;

    #[test]
    fn paths_of_the_repository_are_those_of_the_site() {
        for (folder, path, expected) in [
            ("", "content/a.md", "content/a.md"),
            ("docs/", "docs/content/a.md", "content/a.md"),
            ("docs/", "rules/a.yaml", "../rules/a.yaml"),
            ("docs/site/", "docs/rules/a.yaml", "../rules/a.yaml"),
            ("docs/site/", "docs/site/a.md", "a.md"),
            ("docs/site/", "a.md", "../../a.md"),
        ] {
            assert_eq!(in_site(folder, path), expected, "{folder} {path}");
            assert_eq!(in_repository(folder, expected), path, "{folder} {path}");
        }
    }
}
