//! A page names a parent that no page is, and that is nearly the title of one.
//!
//! Parents are named by title. One that is misspelt leaves the page out of its section: Jekyll's
//! just-the-docs does not list it at all, and alertbook lists it below a title of its own.
//!
//! A parent that is no page is no fault as such, since a section needs no page of its own. So
//! nothing is said unless a title is near: one that a page has, or one that many more pages name.
//!
//! # Example
//!
//! ```yaml
//! ---
//! title: Full disks
//! parent: Amada runbooks
//! ---
//! ```
//!
//! # To fix it
//!
//! Write the title as its page has it.

use super::{Check, Needs, Run};
use crate::diag::suggest::{Spelling, letters, nearest};
use crate::diag::{Diagnostic, Severity};
use crate::site::{ABOVE, Page, Site};
use crate::source::Span;
use crate::yaml::Text;
use rayon::prelude::*;
use std::cell::LazyCell;
use std::collections::{BTreeMap, HashMap};

pub const CHECK: Check = Check {
    name: "unknown-parent",
    severity: Severity::Warning,
    needs: Needs::Pages,
    run: Run::Titles(run),
};

/// What is known of a title.
#[derive(Default)]
struct Title<'s> {
    /// The first page that has it.
    page: Option<&'s Page>,
    /// The places that name it as something above them.
    named: Vec<Span>,
}

/// A title as it is compared with the others.
struct Spelled<'s> {
    title: &'s str,
    /// Its letters, digits among them.
    letters: Spelling,
    /// Those that are no digits.
    unnumbered: String,
}

impl<'s> Spelled<'s> {
    fn of(title: &'s str) -> Self {
        let letters = letters(title);
        let unnumbered = letters.replace(|digit: char| digit.is_ascii_digit(), "");
        Self { title, letters: Spelling::of(letters), unnumbered }
    }
}

fn run(site: &Site) -> Vec<Diagnostic> {
    let mut titles: BTreeMap<&str, Title<'_>> = BTreeMap::new();
    for page in &site.pages {
        titles.entry(&page.title).or_default().page.get_or_insert(page);
    }
    let named: Vec<(&Page, &str, Text)> = site
        .pages
        .par_iter()
        .flat_map_iter(|page| ABOVE.iter().map(move |key| (&**page, *key)))
        .filter_map(|(page, key)| Some((page, key, page.runbook.front_matter.text(key)?)))
        .collect();
    for (_, _, name) in &named {
        let title = titles.entry(name.as_str().trim()).or_default();
        title.named.push(name.span().clone());
    }
    // Hundreds of pages may name the same parent, and all titles are candidates.
    let spelled = LazyCell::new(|| titles.keys().map(|it| Spelled::of(it)).collect::<Vec<_>>());
    let mut near: HashMap<&str, Vec<&str>> = HashMap::new();
    let unknown = named.iter().filter_map(|(page, key, name)| {
        let written = name.as_str().trim();
        let title = titles.get(written).filter(|title| title.page.is_none())?;
        let near = near
            .entry(written)
            .or_insert_with(|| near_titles(&titles, &spelled, &Spelled::of(written), title));
        let meant = nearest(written, near.iter().copied().filter(|near| *near != page.title))?;
        Some(finding(key, name, meant, titles.get(meant)?))
    });
    unknown.collect()
}

/// The titles that may have been meant by a name that no page has, if it is evidently a slip.
fn near_titles<'s>(
    titles: &BTreeMap<&'s str, Title<'s>>,
    spelled: &[Spelled<'s>],
    name: &Spelled<'_>,
    title: &Title<'_>,
) -> Vec<&'s str> {
    // Who names a parent alone may err; pages that agree on one mean it.
    let is_likelier = |other: &Title<'_>| match other.page {
        Some(_) => title.named.len() == 1,
        None => other.named.len() >= 3 * title.named.len(),
    };
    let is_near = |known: &&Spelled<'_>| {
        let is_same = known.letters.as_str() == name.letters.as_str() && name.letters.count() > 0;
        if !is_same && !is_slip(known, name) {
            return false;
        }
        let other = &titles[known.title];
        (is_same && other.page.is_some()) || is_likelier(other)
    };
    spelled.iter().filter(is_near).map(|known| known.title).collect()
}

/// Whether one of two titles is the other with a slip of the finger in it. What differs by its number
/// alone is one of several of a kind.
fn is_slip(one: &Spelled<'_>, other: &Spelled<'_>) -> bool {
    let allowed = one.letters.count().min(other.letters.count()) / 5;
    one.unnumbered != other.unnumbered
        && one.letters.distance_within(&other.letters, allowed).is_some()
}

fn finding(key: &str, name: &Text, meant: &str, title: &Title<'_>) -> Diagnostic {
    let relation = match key {
        "grand_parent" => "grandparent",
        other => other,
    };
    let message = format!(
        "this page names `{}` as its {relation}, and no page has this title",
        name.as_str()
    );
    let found = Diagnostic::new(CHECK.name, name.span().clone(), message)
        .with_label("no such title")
        .with_help(format!("did you mean `{meant}`?"));
    let of_page = title.page.and_then(|page| page.runbook.front_matter.text("title"));
    match (of_page, title.named.as_slice()) {
        (Some(title), _) => found.with_related(title.span().clone(), "this page"),
        (None, [first, others @ ..]) if title.page.is_none() => {
            let by = format!("named here, and by {} other pages", others.len());
            found.with_related(first.clone(), by)
        }
        (None, _) => found,
    }
}
