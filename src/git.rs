//! The git repository that a site lies in: other revisions of its files.
//!
//! Everything is asked of the `git` program, a few processes for all files together. Nothing of the
//! repository is changed: a revision is checked out into a temporary folder, with an index of its
//! own.

use crate::diag::in_repository;
use crate::load::{absolute, why};
use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// Why git can't tell.
#[derive(Debug)]
pub enum GitError {
    /// What was asked for makes no sense: no repository, no such revision.
    Usage(String),
    /// The world is in the way: there is no git, or it fails.
    World(String),
}

impl fmt::Display for GitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(message) | Self::World(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for GitError {}

/// A site within its repository.
#[derive(Debug)]
pub struct Repository {
    /// The root of the working tree.
    root: PathBuf,
    /// The path of the site in there, with a slash at its end unless it is empty.
    folder: String,
}

/// A revision of a site, in a temporary folder that goes with this value.
#[derive(Debug)]
pub struct Revision {
    folder: TempDir,
    site: String,
}

impl Revision {
    /// Where the site lies, or would lie if the revision had it.
    pub fn site(&self) -> PathBuf {
        self.folder.path().join(TREE).join(&self.site)
    }
}

/// The folder of files below that of a [`Revision`].
const TREE: &str = "tree";

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
    /// The repository of a site.
    ///
    /// # Errors
    /// The site is in none, or there is no git.
    pub fn of(site: &Path) -> Result<Self, GitError> {
        let asked = run(git(site).args(["rev-parse", "--show-toplevel", "--show-prefix"]), b"")?;
        let Ok(answer) = asked else {
            let site = absolute(site);
            let message = format!("{} is in no git repository", site.display());
            return Err(GitError::Usage(message));
        };
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let mut lines = answer.lines();
        let root = PathBuf::from(lines.next().unwrap_or_default());
        Ok(Self { root, folder: lines.next().unwrap_or_default().to_owned() })
    }

    /// The site as it was where a revision and the present one parted: what was changed since then
    /// was changed here. `outside` are the files that the site uses beside its own folder: paths or
    /// globs, relative to the site.
    ///
    /// # Errors
    /// There is no such revision, or git fails.
    pub fn revision(&self, name: &str, outside: &[&str]) -> Result<Revision, GitError> {
        let commit = format!("{name}^{{commit}}");
        let known = ["rev-parse", "--verify", "--quiet", "--end-of-options", &commit];
        let Ok(commit) = run(git(&self.root).args(known), b"")? else {
            return Err(GitError::Usage(format!("git knows no revision `{name}` here")));
        };
        let commit = String::from_utf8_lossy(&commit).trim().to_owned();
        // Without a common ancestor, as in a shallow clone, it is the revision itself.
        let base = match run(git(&self.root).args(["merge-base", &commit, "HEAD"]), b"")? {
            Ok(base) => String::from_utf8_lossy(&base).trim().to_owned(),
            Err(_) => commit,
        };
        let folder = TempDir::with_prefix("alertbook-")
            .map_err(|error| GitError::World(format!("can't make a folder: {}", why(&error))))?;
        let index = folder.path().join("index");
        let with_index = || {
            let mut git = git(&self.root);
            git.env("GIT_INDEX_FILE", &index);
            git
        };
        done(with_index().args(["read-tree", &base]), b"")?;
        // The site's folder and what it uses beside it, not the whole of a large repository.
        let mut specs = vec![if self.folder.is_empty() { "." } else { &self.folder }.to_owned()];
        specs.extend(outside.iter().map(|path| in_repository(&self.folder, path)));
        specs.retain(|path| !path.starts_with(['/']) && !path.starts_with("../"));
        let specs = specs.iter().map(|spec| format!(":(top,glob){}", glob(spec)));
        let mut list = with_index();
        let listed = done(list.args(["ls-files", "-z", "--cached", "--"]).args(specs), b"")?;
        let prefix = folder.path().join(TREE).display().to_string() + "/";
        let prefix = format!("--prefix={prefix}");
        done(with_index().args(["checkout-index", "--quiet", "-z", "--stdin", &prefix]), &listed)?;
        Ok(Revision { folder, site: self.folder.clone() })
    }
}

/// A path of a folder or a glob as a pathspec with `glob` takes it: all that is below a folder.
fn glob(path: &str) -> String {
    match path {
        "." => "**".to_owned(),
        folder if folder.ends_with('/') => format!("{folder}**"),
        other => other.to_owned(),
    }
}

/// A command that begins with `git`, in a folder.
fn git(folder: &Path) -> Command {
    let mut git = Command::new("git");
    git.arg("-C").arg(folder).env("LC_ALL", "C");
    git
}

/// What a command prints; its failure is an error.
fn done(command: &mut Command, input: &[u8]) -> Result<Vec<u8>, GitError> {
    run(command, input)?.map_err(|said| GitError::World(format!("git fails: {}", said.trim())))
}

/// What a command prints, or says when it fails.
fn run(command: &mut Command, input: &[u8]) -> Result<Result<Vec<u8>, String>, GitError> {
    let cant = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => GitError::World("there is no `git` here".to_owned()),
        _ => GitError::World(format!("can't run git: {}", why(&error))),
    };
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(cant)?;
    let mut stdin = child.stdin.take();
    // Both ends move at once, or a full pipe would stop them.
    let output = std::thread::scope(|scope| {
        scope.spawn(move || {
            if let Some(stdin) = &mut stdin {
                // Whoever stops reading says why by its status.
                let _ = stdin.write_all(input);
            }
        });
        child.wait_with_output()
    });
    let output = output.map_err(cant)?;
    Ok(if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    })
}
