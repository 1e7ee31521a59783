//! How old things are: today's date, and what the history of the site says.

use crate::git::Repository;
use crate::site::history::Tracker;
use crate::site::{Age, Date, Site};
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
/// what to know where the history says less than it seems to as well.
pub(super) fn read(site: &Site, history: Option<&HistoryOf>) -> (Age, Option<String>) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let today = Date::of_seconds(i64::try_from(now.as_secs()).unwrap_or_default());
    let mut age = Age { today: Some(today), overtaken: None };
    let history = history.filter(|_| site.has_rules());
    let Some((history, repository)) =
        history.and_then(|history| Some((history, Repository::of(&history.folder).ok()?)))
    else {
        return (age, None);
    };
    let mut tracker = Tracker::new(site);
    let outside = site.config.rules_outside();
    if repository.follow(history.commit.as_deref(), &outside, &mut tracker).is_ok() {
        age.overtaken = Some(tracker.finish());
    }
    let warning = repository.is_shallow().then(|| {
        "the clone is shallow, so that `stale-runbook` knows of no change before it begins; fetch the \
         whole history, in CI with `fetch-depth: 0`"
            .to_owned()
    });
    (age, warning)
}
