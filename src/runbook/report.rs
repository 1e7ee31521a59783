//! Pages that tell of what happened once, an incident or a drill: they say how it was that day, and not
//! how the alert is.

use super::past_alerts::is_moment;
use super::{Heading, Runbook};
use crate::yaml::Node;

/// What a report of one time is called, in words.
const REPORTS: [&[&str]; 15] = [
    &["postmortem"],
    &["postmortems"],
    &["post", "mortem"],
    &["post", "mortems"],
    &["incident", "report"],
    &["incident", "reports"],
    &["incident", "review"],
    &["root", "cause", "analysis"],
    &["rca"],
    &["retrospective"],
    &["drill"],
    &["drills"],
    &["game", "day"],
    &["game", "days"],
    &["gameday"],
];

impl Runbook {
    /// Whether it is the report of an incident or a drill: by its title, its first heading, its folder,
    /// or what its front matter says that it is. A day in the title says so as well.
    pub fn is_report(&self) -> bool {
        const KINDS: [&str; 6] = ["type", "kind", "layout", "category", "categories", "tags"];
        let title = self.front_matter.text("title").map(|text| text.to_string());
        let is_title = |title: &str| is_of_report(title) || is_of_one_day(title);
        let heading = self.headings.first().map(|heading: &Heading| heading.text.as_str());
        let kinds = KINDS.iter().filter_map(|key| self.front_matter.get(key));
        let is_kind = |node: &Node| node.text().is_some_and(|it| is_kind(it.as_str()));
        title.as_deref().into_iter().chain(heading).any(is_title)
            || kinds.into_iter().any(|node| is_kind(node) || node.items().iter().any(is_kind))
            || self.is_filed_as_report()
    }

    /// Whether its folder or its file is called like one.
    fn is_filed_as_report(&self) -> bool {
        let path = self.source().path();
        let (folders, file) = path.rsplit_once('/').unwrap_or(("", path));
        // `2024-03-01-collector.md`
        let begins_with_day = file.get(..10).is_some_and(is_moment);
        begins_with_day || folders.split('/').any(is_kind)
    }
}

/// Whether a folder or a value of front matter is nothing but a name of such reports.
fn is_kind(text: &str) -> bool {
    let words = words(text);
    let is_incident =
        matches!(words.as_slice(), [only] if only == "incident" || only == "incidents");
    is_incident || REPORTS.iter().any(|report| words == *report)
}

/// Whether a title names such a report: `Drill down` does not.
fn is_of_report(title: &str) -> bool {
    let words = words(title);
    // Nearly no title has one of the words that they begin with.
    let is_first = |word: &String| REPORTS.iter().any(|report| report[0] == word);
    if !words.iter().any(is_first) {
        return false;
    }
    let is_there = |report: &[&str]| {
        words.windows(report.len()).enumerate().any(|(at, window)| {
            let next = words.get(at + report.len()).map(String::as_str);
            window == report && !(report == ["drill"] && matches!(next, Some("down" | "into")))
        })
    };
    REPORTS.iter().any(|report| is_there(report))
}

/// Whether a title says on which day something was: with its year, which no number of a chapter has, and
/// not the day on which a runbook was written.
fn is_of_one_day(title: &str) -> bool {
    // No year is without it, and most titles are.
    if !title.contains("20") {
        return false;
    }
    let words = words(title);
    let is_year = |word: &String| {
        word.len() == 4 && word.starts_with("20") && word.bytes().all(|it| it.is_ascii_digit())
    };
    let is_runbook = |word: &String| ["runbook", "runbooks", "playbook"].contains(&word.as_str());
    is_moment(title) && words.iter().any(is_year) && !words.iter().any(is_runbook)
}

fn words(text: &str) -> Vec<String> {
    let words = text.split(|it: char| !it.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::liquid::SiteVariables;
    use crate::runbook::AlertColumns;
    use crate::source::Source;

    fn is_report(path: &str, text: &str) -> bool {
        let columns = AlertColumns::default();
        let (runbook, _) =
            Runbook::read(&Source::new(path, text), &SiteVariables::default(), &columns);
        runbook.is_report()
    }

    #[test]
    fn reports_are_known_by_what_they_are_called() {
        for (path, text) in [
            ("a.md", "# Postmortem 2024-03-01\n"),
            ("a.md", "# Post-mortem: disk full\n"),
            ("a.md", "# Fire drill: disk full\n"),
            ("a.md", "# Game day\n"),
            ("a.md", "# Incident report\n"),
            ("a.md", "# Incident 2024-03-01\n"),
            ("a.md", "# Outage of March 3, 2024\n"),
            ("a.md", "---\ntitle: RCA of the full disk\n---\n"),
            ("a.md", "---\ntype: incident\n---\n# Disk full\n"),
            ("a.md", "---\ncategories: [disk, Post-Mortem]\n---\n# Disk full\n"),
            ("content/incidents/a.md", "# Disk full\n"),
            ("content/post-mortems/disk/a.md", "# Disk full\n"),
            ("content/2024-03-01-disk.md", "# Disk full\n"),
        ] {
            assert!(is_report(path, text), "{path} {text}");
        }
        for (path, text) in [
            ("a.md", "# Disk full\n\n## 2024-03-01\n"),
            ("a.md", "# Incident response\n"),
            ("a.md", "# Incident runbook: disk full\n"),
            ("a.md", "# Drill down into the disk\n"),
            ("a.md", "# Disk 2.0\n"),
            ("a.md", "# 10.5.4 Alerts\n"),
            ("a.md", "# Runbook (2023-05-01)\n"),
            ("a.md", "---\ntype: runbook\ndate: 2024-03-01\n---\n# Disk full\n"),
            ("content/incident-response/a.md", "# Disk full\n"),
            ("content/runbooks/incident.md", "# Disk full\n"),
        ] {
            assert!(!is_report(path, text), "{path} {text}");
        }
    }
}
