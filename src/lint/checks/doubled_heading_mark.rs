//! A heading has two marks, `## ## Title`.
//!
//! The second one is part of the title to Markdown: it is shown, and the id of the heading begins
//! with `-`. It is not shown here.
//!
//! # Example
//!
//! ```markdown
//! ## ## Full disks
//! ```
//!
//! # To fix it
//!
//! Delete one of the marks; `check --fix` does, and writes the new id in links that
//! lead to the heading from the same page.

use super::{Check, InPage, Run, of_habits};
use crate::diag::fix::{Edit, Fix, Safety};
use crate::diag::{Diagnostic, Severity};
use crate::markdown::{HabitKind, slug};
use crate::runbook::{Heading, Link};
use crate::site::{Destination, Page, Resolved, Site};
use crate::source::Span;
use std::collections::HashMap;
use std::sync::OnceLock;
use std::ops::Range;

pub const CHECK: Check =
    Check { name: "doubled-heading-mark", severity: Severity::Note, needs_rules: false, run: Run::Pages(run) };

fn run(site: &Site) -> InPage<'_> {
    let arriving = OnceLock::new();
    of_habits(move |open, habit| {
        let page = open.page();
        let HabitKind::DoubledHeadingMark = habit.kind else { return None };
        let source = page.runbook.source();
        let span = Span::new(source, habit.range.clone());
        let heading = page.runbook.heading_before(habit.range.start)?;
        let heading = &page.runbook.headings[heading];
        let arriving = arriving.get_or_init(|| Arriving::new(site));
        let diagnostic = Diagnostic::new(CHECK.name, span, "the heading has a second mark")
            .with_label(if heading.id.starts_with('-') {
                "makes its id begin with `-`"
            } else {
                "part of the title to Markdown"
            })
            .with_help("delete one of the marks")
            .with_fix(fix(page, &habit.range, heading, arriving));
        Some(diagnostic)
    })
}

/// Deletes the mark, and writes the new id in the links of the page that lead to the heading.
fn fix(
    page: &Page,
    mark: &Range<usize>,
    heading: &Heading,
    arriving: &Arriving<'_>,
) -> Option<Fix> {
    let source = page.runbook.source();
    let delete = Edit::new(source, mark.clone(), "");
    // An id that its author wrote stays.
    let Some(rest) = heading.id.strip_prefix('-') else {
        return Fix::new(Safety::Safe, [delete]);
    };
    let id = slug(&heading.text);
    // Ids of headings with the same text are counted, so that others may change as well.
    let mut others = page.runbook.headings.iter().map(|other| other.id.as_str());
    let has_twin = others.any(|other| {
        let number =
            other.strip_prefix(heading.id.as_str()).and_then(|rest| rest.strip_prefix('-'));
        number.is_some_and(|number| number.bytes().all(|digit| digit.is_ascii_digit()))
    });
    let is_taken = rest != id || has_twin || page.runbook.anchors.contains(&id);
    let to_here = arriving.at(page, &heading.id);
    let from_here = to_here.iter().filter(|(from, _)| from.path == page.path);
    let links: Vec<Option<Edit>> = from_here
        .map(|(_, link)| {
            let written = source.text().get(link.range.clone())?;
            let at = link.range.start + written.find(&format!("#{}", heading.id))?;
            Edit::new(source, at..at + 1 + heading.id.len(), format!("#{id}"))
        })
        .collect();
    let from_elsewhere = arriving.has_rule(page, &heading.id) || links.len() < to_here.len();
    let safety = if is_taken || from_elsewhere || links.contains(&None) {
        Safety::Unsafe
    } else {
        Safety::Safe
    };
    let links = links.into_iter().filter(|link| link.is_some() && !is_taken);
    Fix::new(safety, links.chain([delete]))
}

/// What leads to sections whose ids begin with `-`.
struct Arriving<'s> {
    links: HashMap<(usize, String), Vec<(&'s Page, &'s Link)>>,
    rules: Vec<(usize, String)>,
    pages: HashMap<&'s str, usize>,
}

impl<'s> Arriving<'s> {
    fn new(site: &'s Site) -> Self {
        let pages = site.pages.iter().enumerate().map(|(index, page)| (page.path.as_str(), index));
        let mut arriving =
            Self { links: HashMap::new(), rules: Vec::new(), pages: pages.collect() };
        for page in &site.pages {
            for link in page.runbook.links.iter().filter(|link| link.url.contains("#-")) {
                for place in landing(site, &page.path, &link.url) {
                    arriving.links.entry(place).or_default().push((page, link));
                }
            }
        }
        for rule in site.rule_files.iter().flat_map(|file| file.rules()) {
            let url = site.runbook_annotation(rule).map(|(_, url)| url.as_str());
            if let Some(url) = url.filter(|url| url.contains("#-")) {
                arriving.rules.extend(landing(site, "", url));
            }
        }
        arriving
    }

    /// The links that lead to a section, each with its page.
    fn at(&self, page: &Page, id: &str) -> &[(&'s Page, &'s Link)] {
        let place = self.pages.get(page.path.as_str()).map(|page| (*page, id.to_owned()));
        place.and_then(|place| self.links.get(&place)).map_or(&[], Vec::as_slice)
    }

    /// Whether a rule leads to a section.
    fn has_rule(&self, page: &Page, id: &str) -> bool {
        let page = self.pages.get(page.path.as_str());
        self.rules.iter().any(|(at, fragment)| Some(at) == page && fragment == id)
    }
}

/// The sections that an address leads to: more than one where pages share it.
fn landing(site: &Site, from: &str, url: &str) -> Vec<(usize, String)> {
    let Resolved::Internal { destination, fragment: Some(fragment), .. } = site.resolve(from, url)
    else {
        return Vec::new();
    };
    let pages = match &destination {
        Destination::Alert(_) => &[][..],
        other => site.landing_pages(other),
    };
    pages.iter().map(|page| (*page, fragment.clone())).collect()
}
