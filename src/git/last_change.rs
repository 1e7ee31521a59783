//! When the files of a site were changed last.

use super::Repository;
use super::process::{Running, cant, git};
use crate::diag::in_repository;
use crate::failure::Failure;
use crate::site::{Date, LastChange, LastChanges};
use std::collections::HashSet;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

/// How many commits are asked for changes: enough for the history of most sites, and an end for
/// that of a large repository in which a file never changed.
const MOST_LISTED: usize = 20_000;

impl Repository {
    /// When each of these files was changed last, as far as the history says it. They are paths
    /// relative to the site, below `folder`, another one.
    ///
    /// One process reads the history from its end, and no further than to the last file that was
    /// not found yet. What a shallow clone has no history of is left out.
    ///
    /// # Errors
    /// Git can't be run.
    pub fn last_changes<'f>(
        &self,
        folder: &str,
        files: impl IntoIterator<Item = &'f str>,
    ) -> Result<LastChanges, Failure> {
        let mut wanted: HashSet<&str> = files.into_iter().collect();
        let folder = in_repository(&self.folder, folder);
        let mut command = git(&self.root);
        command.args(["-c", "core.quotePath=false", "log", "--format=%x01%ct%x01%aN%x01%P"]);
        command.args(["--name-only", "--no-renames", "--diff-filter=d"]);
        command.args(["--no-show-signature", &format!("--max-count={MOST_LISTED}"), "--"]);
        command.arg(format!(":(top,literal){}", folder.trim_end_matches('/')));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        // It may have more to say when nobody listens any more.
        let mut child = Running(command.spawn().map_err(cant)?);
        let mut found = LastChanges::new();
        let mut commit = None;
        let lines = child.0.stdout.take().map(|stdout| BufReader::new(stdout).lines());
        for line in lines.into_iter().flatten().map_while(Result::ok) {
            if wanted.is_empty() {
                break;
            }
            if let Some(head) = line.strip_prefix('\u{1}') {
                commit = self.commit(head);
            } else if let Some(change) = &commit
                && let Some(file) = line.strip_prefix(&self.folder)
                && let Some(file) = wanted.take(file)
            {
                found.insert(file.to_owned(), LastChange::clone(change));
            }
        }
        Ok(found)
    }

    /// The change that a line about a commit speaks of. Where a shallow clone begins, everything
    /// seems to have been changed.
    fn commit(&self, head: &str) -> Option<LastChange> {
        let mut parts = head.split('\u{1}');
        let seconds = parts.next()?.parse().ok()?;
        let day = Date::of_seconds(seconds);
        let author = parts.next()?.to_owned();
        let is_beginning = parts.next()?.is_empty();
        (!self.is_shallow || !is_beginning).then_some(LastChange { day, author })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::git::process::done;
    use std::fs;
    use std::path::Path;

    /// A repository with these commits: the day, the author, and the files each writes.
    fn repository(folder: &Path, commits: &[(&str, &str, &[&str])]) {
        done(git(folder).args(["init", "--quiet"]), b"").unwrap();
        for (number, (day, author, files)) in commits.iter().enumerate() {
            for file in *files {
                let path = folder.join(file);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, format!("{number}")).unwrap();
            }
            let time = format!("{day}T12:00:00+00:00");
            done(git(folder).args(["add", "--all"]), b"").unwrap();
            let mut commit = git(folder);
            commit.args(["-c", &format!("user.name={author}"), "-c", "user.email=a@b.example"]);
            commit.args(["-c", "commit.gpgsign=false", "commit", "--quiet", "-m", "x"]);
            commit.env("GIT_AUTHOR_DATE", &time).env("GIT_COMMITTER_DATE", &time);
            done(&mut commit, b"").unwrap();
        }
    }

    fn changes(site: &Path, folder: &str, files: &[&str]) -> Vec<(String, String, String)> {
        let repository = Repository::of(site).unwrap();
        let history = repository.last_changes(folder, files.iter().copied()).unwrap();
        let mut changes: Vec<_> = history
            .into_iter()
            .map(|(file, change)| (file, change.day.to_string(), change.author))
            .collect();
        changes.sort();
        changes
    }

    fn change(file: &str, day: &str, author: &str) -> (String, String, String) {
        (file.to_owned(), day.to_owned(), author.to_owned())
    }

    #[test]
    fn the_last_change_of_a_file_is_that_of_its_newest_commit() {
        let folder = tempfile::tempdir().unwrap();
        repository(
            folder.path(),
            &[
                ("2024-01-02", "Ada", &["docs/content/a.md", "docs/content/é b.md", "c.md"]),
                ("2024-03-04", "Grace", &["docs/content/a.md", "c.md"]),
                ("2024-05-06", "Linus", &["other.md"]),
            ],
        );
        let files = ["content/a.md", "content/é b.md", "content/new.md"];
        assert_eq!(
            changes(&folder.path().join("docs"), "content", &files),
            [
                change("content/a.md", "2024-03-04", "Grace"),
                change("content/é b.md", "2024-01-02", "Ada")
            ]
        );
        // A site that is the whole repository.
        assert_eq!(changes(folder.path(), ".", &["c.md"]), [change("c.md", "2024-03-04", "Grace")]);
    }

    #[test]
    fn a_shallow_clone_does_not_know_what_its_first_commit_changed() {
        let folder = tempfile::tempdir().unwrap();
        let (origin, clone) = (folder.path().join("origin"), folder.path().join("clone"));
        fs::create_dir(&origin).unwrap();
        let commits: &[(&str, &str, &[&str])] = &[
            ("2024-01-02", "Ada", &["a.md", "b.md", "c.md"]),
            ("2024-02-03", "Ada", &["b.md"]),
            ("2024-03-04", "Grace", &["a.md"]),
        ];
        repository(&origin, commits);
        let address = format!("file://{}", origin.display());
        let target = clone.display().to_string();
        let arguments = ["clone", "--quiet", "--depth", "2", &address, &target];
        done(git(folder.path()).args(arguments), b"").unwrap();
        let expected = [change("a.md", "2024-03-04", "Grace")];
        assert_eq!(changes(&clone, ".", &["a.md", "b.md", "c.md"]), expected);
    }
}
