//! The git repository that a site lies in: other revisions of its files.
//!
//! Everything is asked of the `git` program, a few processes for all files together. Nothing of the
//! repository is changed: a revision is checked out into a temporary folder, with an index of its
//! own.

mod last_change;

use crate::diag::in_repository;
use crate::failure::{Failure, why};
use crate::paths::absolute;

use crate::site::Date;
use crate::site::history::{Blob, Change, Commit, Tracker};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use tempfile::TempDir;

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

/// A revision of a site, in a temporary folder that goes with this value.
#[derive(Debug)]
pub struct Revision {
    folder: TempDir,
    commit: String,
    site: String,
    renamed: HashMap<String, String>,
}

impl Revision {
    /// Where the site lies, or would lie if the revision had it.
    pub fn site(&self) -> PathBuf {
        self.folder.path().join(TREE).join(&self.site)
    }

    /// The commit, by its name in full.
    pub fn commit(&self) -> &str {
        &self.commit
    }

    /// The files that have another path by now: what they were called, and what they are, relative
    /// to the site.
    pub fn renamed(&self) -> &HashMap<String, String> {
        &self.renamed
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
        let Ok(answer) = asked else {
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

    /// The site as it was where a revision and the present one parted: what was changed since then
    /// was changed here. `outside` are the files that the site uses beside its own folder: paths or
    /// globs, relative to the site.
    ///
    /// # Errors
    /// There is no such revision, or git fails.
    pub fn revision(&self, name: &str, outside: &[&str]) -> Result<Revision, Failure> {
        let commit = format!("{name}^{{commit}}");
        let known = ["rev-parse", "--verify", "--quiet", "--end-of-options", &commit];
        let Ok(commit) = run(git(&self.root).args(known), b"")? else {
            return Err(Failure::Usage(format!("git knows no revision `{name}` here")));
        };
        let commit = String::from_utf8_lossy(&commit).trim().to_owned();
        // Without a common ancestor, as in a shallow clone, it is the revision itself.
        let base = match run(git(&self.root).args(["merge-base", &commit, "HEAD"]), b"")? {
            Ok(base) => String::from_utf8_lossy(&base).trim().to_owned(),
            Err(_) => commit,
        };
        let folder = TempDir::with_prefix("alertbook-")
            .map_err(|error| Failure::World(format!("can't make a folder: {}", why(&error))))?;
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
        let renamed = self.renamed(&base)?;
        Ok(Revision { folder, commit: base, site: self.folder.clone(), renamed })
    }

    /// The files that were renamed after a commit, also those of which git was told only.
    fn renamed(&self, commit: &str) -> Result<HashMap<String, String>, Failure> {
        let mut diff = git(&self.root);
        // Or the index might be written anew.
        diff.env("GIT_OPTIONAL_LOCKS", "0");
        diff.args(["diff", "--name-status", "-z", "--find-renames", "--diff-filter=R"]);
        let listed = done(diff.args([commit, "--"]), b"")?;
        let listed = String::from_utf8_lossy(&listed);
        let mut fields = listed.split('\0');
        let mut renamed = HashMap::new();
        while let (Some(_letter), Some(old), Some(new)) =
            (fields.next(), fields.next(), fields.next())
        {
            renamed.insert(in_site(&self.folder, old), in_site(&self.folder, new));
        }
        Ok(renamed)
    }
}

/// The most commits that are looked at. What was last changed before them is old.
const MOST_COMMITS: usize = 5000;

/// The most bytes of old versions that are read.
const MOST_BYTES: usize = 256 * 1024 * 1024;

impl Repository {
    /// Shows the commits that changed Markdown files or rules of the site to a tracker, the newest
    /// first, from a commit or from the present one on, until it has seen enough or the history ends. Two processes, however many files there
    /// are; a merge is one change of the branch it was merged into.
    ///
    /// # Errors
    /// Git fails.
    pub fn follow(
        &self,
        from: Option<&str>,
        outside: &[&str],
        tracker: &mut Tracker,
    ) -> Result<(), Failure> {
        let mut specs: Vec<String> = ["*.md", "*.yaml", "*.yml", "*.json"]
            .map(|ending| format!("{}**/{ending}", self.folder))
            .into();
        specs.extend(outside.iter().map(|path| in_repository(&self.folder, path)));
        specs.retain(|path| !path.starts_with("../"));
        let mut log = git(&self.root);
        log.args(["log", "--first-parent", "-m", "--raw", "-z", "--no-renames", "--no-abbrev"])
            .args(["--format=%x01%H %ct", &format!("--max-count={MOST_COMMITS}")])
            .args([from.unwrap_or("HEAD"), "--"])
            .args(specs.iter().map(|spec| format!(":(top,glob){spec}")))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut log = Running(log.spawn().map_err(cant)?);
        let mut blobs = Blobs::new(&self.root)?;
        let Some(output) = log.0.stdout.take() else { return Ok(()) };
        let mut fields = BufReader::new(output).split(0);
        let mut commit: Option<Commit> = None;
        while let Some(field) = fields.next() {
            let field = field.map_err(cant)?;
            let field = String::from_utf8_lossy(&field);
            let field = field.trim_start_matches('\n');
            if let Some(header) = field.strip_prefix('\u{1}') {
                if let Some(whole) = commit.take() {
                    tracker.take(&whole);
                    if tracker.is_done() || blobs.read > MOST_BYTES {
                        return Ok(());
                    }
                }
                // The first change may follow on the next line.
                let (header, rest) = header.split_once('\n').unwrap_or((header, ""));
                let (id, seconds) = header.trim().split_once(' ').unwrap_or((header, "0"));
                let date = Date::of_seconds(seconds.parse().unwrap_or_default());
                commit = Some(Commit { id: id.to_owned(), date, changes: Vec::new() });
                if rest.trim().is_empty() {
                    continue;
                }
                self.change(rest.trim_start(), &mut fields, tracker, &mut blobs, &mut commit)?;
            } else if field.starts_with(':') {
                self.change(field, &mut fields, tracker, &mut blobs, &mut commit)?;
            }
        }
        if let Some(whole) = commit {
            tracker.take(&whole);
        }
        Ok(())
    }

    /// A change as `--raw` has it: modes, names of versions and a letter, and its path behind it.
    fn change(
        &self,
        raw: &str,
        fields: &mut impl Iterator<Item = std::io::Result<Vec<u8>>>,
        tracker: &Tracker,
        blobs: &mut Blobs,
        commit: &mut Option<Commit>,
    ) -> Result<(), Failure> {
        let Some(path) = fields.next() else { return Ok(()) };
        let path = String::from_utf8_lossy(&path.map_err(cant)?).into_owned();
        let path = in_site(&self.folder, &path);
        let mut words = raw.split_ascii_whitespace();
        let (_, _, old, new) = (words.next(), words.next(), words.next(), words.next());
        if let (Some(commit), Some(old), Some(new), true) = (commit, old, new, tracker.wants(&path))
        {
            let (old, new) = (blobs.get(old)?, blobs.get(new)?);
            commit.changes.push(Change { path, old, new });
        }
        Ok(())
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

/// A process that ends with this value.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Reads versions of files by their names.
struct Blobs {
    /// Ends with this value.
    _process: Running,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    /// The versions that were read last: the older one of a change is the newer one of the change
    /// before it.
    recent: HashMap<String, Arc<Blob>>,
    read: usize,
}

impl Blobs {
    fn new(root: &Path) -> Result<Self, Failure> {
        let mut command = git(root);
        command.args(["cat-file", "--batch"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = Running(command.stderr(Stdio::null()).spawn().map_err(cant)?);
        let pipes = process.0.stdin.take().zip(process.0.stdout.take());
        let (input, output) = pipes.ok_or_else(|| Failure::World("git has no pipes".to_owned()))?;
        let output = BufReader::new(output);
        Ok(Self { _process: process, input, output, recent: HashMap::new(), read: 0 })
    }

    /// The version of this name; none for the name of no file.
    fn get(&mut self, id: &str) -> Result<Option<Arc<Blob>>, Failure> {
        /// More than a commit changes in one file after the other.
        const KEPT: usize = 4096;
        if id.bytes().all(|byte| byte == b'0') {
            return Ok(None);
        }
        if let Some(known) = self.recent.get(id) {
            return Ok(Some(Arc::clone(known)));
        }
        writeln!(self.input, "{id}").and_then(|()| self.input.flush()).map_err(cant)?;
        let mut header = String::new();
        self.output.read_line(&mut header).map_err(cant)?;
        let Some(length) = header.trim_end().rsplit(' ').next().and_then(|it| it.parse().ok())
        else {
            // `missing`, as in a clone without all objects.
            return Ok(None);
        };
        let mut bytes = vec![0; length];
        self.output.read_exact(&mut bytes).map_err(cant)?;
        let mut line_break = [0];
        self.output.read_exact(&mut line_break).map_err(cant)?;
        self.read += length;
        if self.recent.len() >= KEPT {
            self.recent.clear();
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let blob = Arc::new(Blob { id: id.to_owned(), text });
        self.recent.insert(id.to_owned(), Arc::clone(&blob));
        Ok(Some(blob))
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
fn done(command: &mut Command, input: &[u8]) -> Result<Vec<u8>, Failure> {
    run(command, input)?.map_err(|said| Failure::World(format!("git fails: {}", said.trim())))
}

/// What a command prints, or says when it fails.
fn run(command: &mut Command, input: &[u8]) -> Result<Result<Vec<u8>, String>, Failure> {
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

#[expect(clippy::needless_pass_by_value, reason = "errors are mapped with it")]
fn cant(error: std::io::Error) -> Failure {
    match error.kind() {
        std::io::ErrorKind::NotFound => Failure::World("there is no `git` here".to_owned()),
        _ => Failure::World(format!("can't run git: {}", why(&error))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
