//! How old things are: today's date, and what the history of the site says.

use crate::git::Repository;
use crate::site::history::Tracker;
use crate::site::{Date, Site};
use crate::yaml::Text;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// Finds out how old a site's parts are. Without a repository, or without git, nobody knows. Gives
/// what to know where the history says less than it seems to.
pub(super) fn read(site: &mut Site, folder: Option<&Path>) -> Option<String> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    site.today = Some(Date::of_seconds(i64::try_from(now.as_secs()).unwrap_or_default()));
    let folder = folder.filter(|_| site.has_rules())?;
    let repository = Repository::of(folder).ok()?;
    let mut tracker = Tracker::new(site);
    let outside = site.config.rules.iter().map(Text::as_str);
    let outside: Vec<&str> = outside.filter(|pattern| pattern.starts_with("../")).collect();
    if repository.follow(&outside, &mut tracker).is_ok() {
        site.overtaken = Some(tracker.finish());
    }
    repository.is_shallow().then(|| {
        "the clone is shallow, so that `stale-runbook` knows of no change before it begins; fetch the \
         whole history, in CI with `fetch-depth: 0`"
            .to_owned()
    })
}
