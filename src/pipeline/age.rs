//! How old things are: today's date, and what the history of the site says.

use crate::git::Repository;
use crate::site::history::Tracker;
use crate::site::{Date, Site};
use crate::yaml::Text;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// Finds out how old a site's parts are. Without a repository, or without git, nobody knows.
pub(super) fn read(site: &mut Site, folder: Option<&Path>) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    site.today = Some(Date::of_seconds(i64::try_from(now.as_secs()).unwrap_or_default()));
    let Some(folder) = folder.filter(|_| site.has_rules()) else { return };
    let Ok(repository) = Repository::of(folder) else { return };
    let mut tracker = Tracker::new(site);
    let outside = site.config.rules.iter().map(Text::as_str);
    let outside: Vec<&str> = outside.filter(|pattern| pattern.starts_with("../")).collect();
    if repository.follow(&outside, &mut tracker).is_ok() {
        site.overtaken = Some(tracker.finish());
    }
}
