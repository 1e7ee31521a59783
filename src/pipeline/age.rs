//! How old things are: today's date, and what the history of the site says.

use crate::git::Repository;
use crate::site::history::Tracker;
use crate::site::{Date, Site};
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

/// The history that a site has.
#[derive(Debug)]
pub(super) struct HistoryOf {
    /// The folder of the site in its working tree.
    pub folder: PathBuf,
    /// The commit that it is the site of; `None` if it is what is in the working tree.
    pub commit: Option<String>,
}

/// Finds out how old a site's parts are. Without a repository, or without git, nobody knows. Gives
/// what to know where the history says less than it seems to.
pub(super) fn read(site: &mut Site, history: Option<&HistoryOf>) -> Option<String> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    site.today = Some(Date::of_seconds(i64::try_from(now.as_secs()).unwrap_or_default()));
    let history = history.filter(|_| site.has_rules())?;
    let repository = Repository::of(&history.folder).ok()?;
    let mut tracker = Tracker::new(site);
    let outside = site.config.rules_outside();
    if repository.follow(history.commit.as_deref(), &outside, &mut tracker).is_ok() {
        site.overtaken = Some(tracker.finish());
    }
    repository.is_shallow().then(|| {
        "the clone is shallow, so that `stale-runbook` knows of no change before it begins; fetch the \
         whole history, in CI with `fetch-depth: 0`"
            .to_owned()
    })
}
