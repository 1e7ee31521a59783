//! Which alert a runbook means by a name that no rule has.
//!
//! Nearly always the alert was renamed, in one of the two places. An alert that nothing documents
//! and whose rule sends people to the very section of the row is the best evidence there is; then
//! come names, and among them those of alerts without documentation, because a renamed alert has
//! lost its own.

use crate::diag::suggest::nearest;
use crate::rules::INVALID_RULE_FILE;
use crate::site::{Alert, Claim, ClaimedBy, Resolved, SITUATION, Site};
use crate::source::Source;
use crate::yaml::Text;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A claim to document an alert that no rule raises.
pub struct Unknown<'s> {
    /// The claim.
    pub claim: &'s Claim,
    /// What it probably means, if anything can be said.
    pub meant: Option<Meant<'s>>,
}

/// An alert that is probably meant.
pub struct Meant<'s> {
    /// The alert's name.
    pub alert: &'s str,
    /// The spelling of it that is nearest to what the runbook says: its name, or its rule's
    /// `alert_situation`.
    pub spelling: &'s Text,
    /// Whether the address in its rule says so, and not only its name.
    pub by_section: bool,
}

/// How many pairs of names are compared. Where that is not enough, thousands of alerts are unknown
/// at once: then rules are missing, and no alert was renamed.
const MOST_COMPARED: usize = 1_000_000;

/// The longest name that is compared, in bytes; the distance of two costs the product of their
/// lengths.
const LONGEST_NAME: usize = 256;

/// All claims to document alerts that no rule raises, in order.
pub fn unknown(site: &Site) -> Vec<Unknown<'_>> {
    let mut claims = site.claims.iter().filter(|claim| claim.alerts.is_empty()).peekable();
    if claims.peek().is_none() {
        return Vec::new();
    }
    let unread = unread(site);
    let claims = claims.filter(|claim| !unread.iter().any(|source| names(source, &claim.name)));
    let candidates = Candidates::new(site);
    let names = candidates.undocumented.len() + candidates.documented.len();
    let looked_up = MOST_COMPARED / names.max(1);
    let unknown = claims.enumerate().map(|(index, claim)| {
        let meant = if index < looked_up { candidates.meant(claim) } else { None };
        Unknown { claim, meant }
    });
    unknown.collect()
}

/// The rule files of which something could not be read.
fn unread(site: &Site) -> Vec<&Arc<Source>> {
    let found = site.diagnostics.iter().filter(|found| found.check == INVALID_RULE_FILE);
    let sources: BTreeMap<&str, &Arc<Source>> =
        found.map(|found| (found.span.source().path(), found.span.source())).collect();
    sources.into_values().collect()
}

/// Whether a name stands anywhere in a file: then nobody can say that no rule has it.
fn names(source: &Source, name: &str) -> bool {
    let is_inside = |character: Option<char>| character.is_some_and(char::is_alphanumeric);
    source.text().match_indices(name).any(|(at, _)| {
        let (before, behind) = (&source.text()[..at], &source.text()[at + name.len()..]);
        !is_inside(before.chars().next_back()) && !is_inside(behind.chars().next())
    })
}

/// The alerts of the rules, as the checks look for one among them.
struct Candidates<'s> {
    site: &'s Site,
    /// The alerts without documentation.
    undocumented: Vec<Name<'s>>,
    /// The `alert_situation`s of their rules, each with the alert.
    situations: Vec<(Name<'s>, &'s str)>,
    /// All others.
    documented: Vec<Name<'s>>,
    /// Those without documentation by the section that their rules send people to: the output path
    /// and the fragment.
    by_section: BTreeMap<(String, Option<String>), BTreeSet<&'s str>>,
}

impl<'s> Candidates<'s> {
    fn new(site: &'s Site) -> Self {
        let raised = site
            .alerts
            .iter()
            .filter(|(name, alert)| !alert.rules.is_empty() && name.len() <= LONGEST_NAME);
        let (undocumented, documented): (Vec<_>, Vec<_>) =
            raised.partition(|(_, alert)| alert.claims.is_empty());
        let mut by_section: BTreeMap<_, BTreeSet<&str>> = BTreeMap::new();
        for (name, alert) in &undocumented {
            for place in &alert.rules {
                let (_, _, rule) = site.rule(*place);
                if let Some((_, url)) = site.runbook_annotation(rule)
                    && let Resolved::Internal { path, fragment, .. } =
                        site.resolve("", url.as_str())
                {
                    by_section.entry((path, fragment)).or_default().insert(name.as_str());
                }
            }
        }
        let situations = undocumented.iter().flat_map(|(name, _)| {
            let others = spellings(site, name).filter(move |spelling| spelling.as_str() != **name);
            others.map(move |spelling| (Name::new(spelling.as_str()), name.as_str()))
        });
        let situations = situations.collect();
        let name = |(name, _): (&'s String, &'s Alert)| Name::new(name);
        let undocumented = undocumented.into_iter().map(name).collect();
        let documented = documented.into_iter().map(name).collect();
        Self { site, undocumented, situations, documented, by_section }
    }

    fn meant(&self, claim: &Claim) -> Option<Meant<'s>> {
        let name = Some(claim.name.as_str()).filter(|name| name.len() <= LONGEST_NAME)?;
        let (alert, by_section) = match self.by_section(claim) {
            Some(alert) => (alert, true),
            None => (self.by_name(name).or_else(|| self.documented_elsewhere(claim))?, false),
        };
        // Who writes in lower case means the label, and is told its value.
        let is_lower = |text: &&Text| !text.as_str().contains(char::is_uppercase);
        let mut spellings = spellings(self.site, alert);
        let own = spellings.next()?;
        let other = if name.contains(char::is_uppercase) || is_lower(&own) {
            None
        } else {
            let others = spellings.filter(is_lower);
            others.min_by_key(|text| strsim::osa_distance(text.as_str(), name))
        };
        let spelling = other.unwrap_or(own);
        Some(Meant { alert, spelling, by_section })
    }

    /// The alert whose rule sends people to the section that a claim sends them to.
    fn by_section(&self, claim: &Claim) -> Option<&'s str> {
        let section = section(self.site, claim)?;
        let there = self.by_section.get(&section)?;
        let only = if there.len() == 1 { there.first().copied() } else { None };
        only.or_else(|| {
            let there: Vec<Name<'_>> = there.iter().map(|name| Name::new(name)).collect();
            alike(&claim.name, there.iter())
        })
    }

    /// The alert without documentation whose name, or `alert_situation`, is most like this one.
    fn by_name(&self, name: &str) -> Option<&'s str> {
        alike(name, self.undocumented.iter()).or_else(|| {
            let near = alike(name, self.situations.iter().map(|(situation, _)| situation))?;
            let of_alert = self.situations.iter().find(|(situation, _)| situation.text == near);
            of_alert.map(|(_, alert)| *alert)
        })
    }

    /// An alert that is documented in another place, if the two places are on one page, which may
    /// name it in its front matter and in a table, or if the names are so nearly the same that this
    /// can only be a slip. Else names that differ by a word are two alerts with a row each.
    fn documented_elsewhere(&self, claim: &Claim) -> Option<&'s str> {
        const SLIPS: usize = 2;
        let meant = alike(&claim.name, self.documented.iter())?;
        let folded = |name: &str| name.to_lowercase();
        let distance = strsim::osa_distance(&folded(meant), &folded(&claim.name));
        let is_slip = distance <= SLIPS || words(meant) == words(&claim.name);
        let claims = &self.site.alerts.get(meant)?.claims;
        let claims = || claims.iter().map(|index| &self.site.claims[*index]);
        let is_beside = claims().any(|other| is_beside(other, claim));
        let is_on_page = claims().any(|other| other.page == claim.page);
        (!is_beside && (is_slip || is_on_page)).then_some(meant)
    }
}

/// What an alert is called: its name, and its rules' `alert_situation`.
fn spellings<'s>(site: &'s Site, alert: &str) -> impl Iterator<Item = &'s Text> + use<'s> {
    let rules = site.alerts.get(alert).map_or(&[][..], |alert| &alert.rules);
    let rules = rules.iter().map(|place| site.rule(*place).2);
    let spellings =
        rules.flat_map(|rule| std::iter::once(rule.name()).chain(rule.label(SITUATION)));
    spellings.filter(|spelling| spelling.as_str().len() <= LONGEST_NAME)
}

/// Whether two claims stand side by side, in one table or one list: there, an author sees both.
fn is_beside(a: &Claim, b: &Claim) -> bool {
    let same_kind = match (a.by, b.by) {
        (ClaimedBy::Table { table, .. }, ClaimedBy::Table { table: other, .. }) => table == other,
        (a, b) => a == b,
    };
    a.page == b.page && same_kind
}

/// The section that a claim sends its readers to: the output path and the fragment.
fn section(site: &Site, claim: &Claim) -> Option<(String, Option<String>)> {
    let page = &site.pages[claim.page];
    match claim.by {
        ClaimedBy::Table { table, row } => {
            let (url, _) = page.runbook.alert_tables[table].rows[row].start.as_ref()?;
            match site.resolve(&page.path, url) {
                Resolved::Internal { path, fragment, .. } => Some((path, fragment)),
                _ => None,
            }
        }
        ClaimedBy::Title => Some((page.path.clone(), None)),
        ClaimedBy::FrontMatter => None,
    }
}

/// A name to choose from, with its words.
struct Name<'s> {
    text: &'s str,
    words: BTreeSet<String>,
}

impl<'s> Name<'s> {
    fn new(text: &'s str) -> Self {
        Self { text, words: words(text) }
    }
}

/// The name that is most like another: of the same words in whatever order, else by its letters,
/// else by most of its words.
fn alike<'c, 's: 'c>(
    name: &str,
    candidates: impl Iterator<Item = &'c Name<'s>> + Clone,
) -> Option<&'s str> {
    let wanted = words(name);
    if wanted.len() > 1
        && let Some(same) = candidates.clone().find(|candidate| candidate.words == wanted)
    {
        return Some(same.text);
    }
    nearest(name, candidates.clone().map(|candidate| candidate.text)).or_else(|| {
        let close = candidates.filter_map(|candidate| {
            let shared = wanted.intersection(&candidate.words).count();
            // At least three words of four.
            let are_most = shared * 4 >= wanted.union(&candidate.words).count() * 3;
            (shared > 0 && are_most).then_some((shared, candidate.text))
        });
        close.max_by_key(|(shared, _)| *shared).map(|(_, text)| text)
    })
}

/// The words that a name is made of, in lower case: `worker`, `taint` and `failed` of
/// `WorkerTaintFailed` and of `worker-taint_failed`.
fn words(name: &str) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    let mut word = String::new();
    let mut previous = ' ';
    for character in name.chars() {
        let begins = character.is_uppercase() && !previous.is_uppercase();
        if (begins || !character.is_alphanumeric()) && !word.is_empty() {
            words.insert(std::mem::take(&mut word));
        }
        if character.is_alphanumeric() {
            word.extend(character.to_lowercase());
        }
        previous = character;
    }
    if !word.is_empty() {
        words.insert(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_alike_by_their_words_and_by_their_letters() {
        let alerts =
            ["BootstrapTaintFailed", "BootstrapTarHandlerFailed", "etcd_members_down", "Watchdog"];
        let candidates = alerts.map(Name::new);
        for (name, meant) in [
            ("BootstrapTaintFaild", Some("BootstrapTaintFailed")),
            ("FailedBootstrapTaint", Some("BootstrapTaintFailed")),
            ("TarHandlerFailed", Some("BootstrapTarHandlerFailed")),
            ("BootstrapTarRequestHandlerFailed", Some("BootstrapTarHandlerFailed")),
            ("downEtcdMembers", Some("etcd_members_down")),
            ("Watchdogs", Some("Watchdog")),
            ("CruiserClockSkew", None),
            ("", None),
        ] {
            assert_eq!(alike(name, candidates.iter()), meant, "{name}");
        }
    }

    #[test]
    fn a_name_stands_in_a_file_only_as_a_whole() {
        let source = Source::new("a.yaml", "- alert: DiskFull-eu\n- alert: Ünlike");
        for (name, stands) in
            [("DiskFull-eu", true), ("DiskFull", true), ("Disk", false), ("nlike", false)]
        {
            assert_eq!(names(&source, name), stands, "{name}");
        }
    }
}
