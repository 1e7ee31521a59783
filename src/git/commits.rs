//! The history of a site, from its end: what each commit changed in the texts of its files.

use super::process::{Running, cant, git};
use super::{Repository, in_site};
use crate::diag::in_repository;
use crate::failure::Failure;
use crate::site::Date;
use crate::site::history::{Blob, Change, Commit, Tracker};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{ChildStdin, ChildStdout, Stdio};
use std::sync::Arc;

/// The most commits that are looked at. What was last changed before them is old.
const MOST_FOLLOWED: usize = 5000;

/// The most bytes of old versions that are read.
const MOST_BYTES: usize = 256 * 1024 * 1024;

impl Repository {
    /// Shows the commits that changed Markdown files or rules of the site to a tracker, the newest
    /// first, from a commit or from the present one on, until it has seen enough or the history
    /// ends. Two processes, however many files there are; a merge is one change of the branch it was
    /// merged into.
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
            .args(["--format=%x01%H %ct", &format!("--max-count={MOST_FOLLOWED}")])
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
