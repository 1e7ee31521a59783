//! A site as it was at another revision.

use super::process::{Ran, done, git, line, run};
use super::{Repository, in_site};
use crate::diag::in_repository;
use crate::failure::{Failure, why};
use std::collections::HashMap;
use std::path::PathBuf;
use tempfile::TempDir;

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

impl Repository {
    /// The site as it was where a revision and the present one parted: what was changed since then
    /// was changed here. `outside` are the files that the site uses beside its own folder: paths or
    /// globs, relative to the site.
    ///
    /// # Errors
    /// There is no such revision, or git fails.
    pub fn revision(&self, name: &str, outside: &[&str]) -> Result<Revision, Failure> {
        let commit = format!("{name}^{{commit}}");
        let known = ["rev-parse", "--verify", "--quiet", "--end-of-options", &commit];
        let Ran::Done(commit) = run(git(&self.root).args(known), b"")? else {
            return Err(Failure::Usage(format!("git knows no revision `{name}` here")));
        };
        let commit = line(&commit);
        // Without a common ancestor, as in a shallow clone, it is the revision itself.
        let base = match run(git(&self.root).args(["merge-base", &commit, "HEAD"]), b"")? {
            Ran::Done(base) => line(&base),
            Ran::Failed(_) => commit,
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

/// A path of a folder or a glob as a pathspec with `glob` takes it: all that is below a folder.
fn glob(path: &str) -> String {
    match path {
        "." => "**".to_owned(),
        folder if folder.ends_with('/') => format!("{folder}**"),
        other => other.to_owned(),
    }
}
