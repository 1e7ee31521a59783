//! Which alert a runbook means by a name that no rule has.
//!
//! Nearly always the alert was renamed, in one of the two places. An alert that nothing documents
//! and whose rule sends people to the very section of the row is the best evidence there is; then
//! come names, and among them those of alerts without documentation, because a renamed alert has
//! lost its own.

mod former;
mod names;
mod others;
mod slips;
mod unread;

pub use former::FormerNames;

use crate::diag::suggest::{distance, similarity};
use crate::site::{Alert, Claim, ClaimedBy, Guess, Rename, Resolved, SITUATION, Site};
use crate::yaml::Text;
use names::{Asked, Names, words};
use others::Others;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use unread::Unread;

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

/// The longest name that is compared, in bytes; the distance of two costs the product of their
/// lengths.
const LONGEST_NAME: usize = 256;

/// All claims to document alerts that no rule raises, in order. They are looked for when a check
/// first asks.
pub fn unknown(site: &Site) -> impl Iterator<Item = Unknown<'_>> {
    renames(site).iter().map(|rename| Unknown::of(site, rename))
}

/// Those of a page.
pub fn unknown_on(site: &Site, page: usize) -> impl Iterator<Item = Unknown<'_>> {
    let renames = renames(site);
    let page_of = |rename: &Rename| site.claims[rename.claim].page;
    let from = renames.partition_point(|rename| page_of(rename) < page);
    let renames = renames[from..].iter().take_while(move |rename| page_of(rename) == page);
    renames.map(|rename| Unknown::of(site, rename))
}

/// All of them, in order.
fn renames(site: &Site) -> &[Rename] {
    if let Some(known) = site.renames.get() {
        return known;
    }
    // Two checks that ask at the same time find the same. Neither may wait for the other: a thread that
    // waits for what other threads do of its own search takes up another check meanwhile, which may ask
    // as well, and would wait for itself.
    let found = Arc::new(find(site));
    site.renames.get_or_init(|| found)
}

impl<'s> Unknown<'s> {
    fn of(site: &'s Site, rename: &'s Rename) -> Self {
        let claim = &site.claims[rename.claim];
        let meant = rename.meant.as_ref().and_then(|guess| {
            let spelling = spelling(site, &claim.name, &guess.alert)?;
            Some(Meant { alert: &guess.alert, spelling, by_section: guess.by_section })
        });
        Self { claim, meant }
    }
}

fn find(site: &Site) -> Vec<Rename> {
    let claims = site.claims.iter().enumerate();
    let claims = claims.filter(|(_, claim)| claim.alerts.is_empty());
    let mut claims: Vec<(usize, &Arc<Claim>)> = claims.collect();
    if claims.is_empty() {
        return Vec::new();
    }
    let unread = Unread::of(site, claims.iter().map(|(_, claim)| claim.name.as_str()));
    // If a name stands there, nobody can say that no rule has it.
    claims.retain(|(_, claim)| !unread.has(&claim.name));
    let asked = claims.iter().map(|(_, claim)| claim.name.as_str());
    let asked = asked.filter(|name| name.len() <= LONGEST_NAME);
    let candidates = Candidates::new(site, &Arc::new(asked.collect()));
    let renames = claims
        .into_iter()
        .map(|(index, claim)| Rename { claim: index, meant: candidates.meant(claim) });
    let mut renames: Vec<Rename> = renames.collect();
    let guesses = renames.iter().map(|it| (&*site.claims[it.claim], it.meant.as_ref()));
    let others = Others::new(site, guesses);
    renames.retain(|it| it.meant.is_some() || !others.has(&site.claims[it.claim]));
    renames
}

/// Where a name stands in a text as a whole, and not as a part of another.
fn place_of(name: &str, text: &str) -> Option<usize> {
    let is_inside = |character: Option<char>| character.is_some_and(char::is_alphanumeric);
    let mut places = text.match_indices(name).map(|(at, _)| at);
    places.find(|at| {
        let (before, behind) = (&text[..*at], &text[at + name.len()..]);
        !is_inside(before.chars().next_back()) && !is_inside(behind.chars().next())
    })
}

/// The alerts of the rules, as the checks look for one among them.
struct Candidates<'s> {
    site: &'s Site,
    /// The alerts without documentation.
    undocumented: Names<'s>,
    /// The `alert_situation`s of their rules.
    situations: Names<'s>,
    /// The first alert of each of those.
    of_situation: HashMap<&'s str, &'s str>,
    /// All others.
    documented: Names<'s>,
    /// Those without documentation by the section that their rules send people to.
    by_section: BTreeMap<Section<'s>, Names<'s>>,
}

/// A section: the output path of its page and the fragment.
type Section<'s> = (&'s str, Option<Cow<'s, str>>);

impl<'s> Candidates<'s> {
    /// Those of a site, to be compared with the names that are asked about.
    fn new(site: &'s Site, asked: &Arc<Asked>) -> Self {
        let raised = site
            .alerts
            .iter()
            .filter(|(name, alert)| !alert.rules.is_empty() && name.len() <= LONGEST_NAME);
        let (undocumented, documented): (Vec<_>, Vec<_>) =
            raised.partition(|(_, alert)| alert.claims.is_empty());
        let mut by_section: BTreeMap<_, BTreeSet<&str>> = BTreeMap::new();
        for (name, alert) in &undocumented {
            for rule in site.rules_of(alert) {
                if let Some((_, url)) = site.runbook_annotation(rule)
                    && let Resolved::Internal { path, fragment, .. } =
                        site.resolve("", url.as_str())
                {
                    by_section.entry((path, fragment)).or_default().insert(name.as_str());
                }
            }
        }
        let by_section =
            by_section.into_iter().map(|(section, names)| (section, Names::new(names, asked)));
        let by_section = by_section.collect();
        let mut situations = Vec::new();
        let mut of_situation = HashMap::new();
        for (name, _) in &undocumented {
            for spelling in spellings(site, name).map(Text::as_str).filter(|it| it != name) {
                situations.push(spelling);
                of_situation.entry(spelling).or_insert(name.as_str());
            }
        }
        let situations = Names::new(situations, asked);
        let name = |(name, _): (&'s String, &'s Arc<Alert>)| name.as_str();
        let undocumented = Names::new(undocumented.into_iter().map(name), asked);
        let documented = Names::new(documented.into_iter().map(name), asked);
        Self { site, undocumented, situations, of_situation, documented, by_section }
    }

    fn meant(&self, claim: &Claim) -> Option<Guess> {
        let name = Some(claim.name.as_str()).filter(|name| name.len() <= LONGEST_NAME)?;
        let (alert, by_section) = match self.by_section(claim) {
            Some(alert) => (alert, true),
            None => (self.by_name(name).or_else(|| self.documented_elsewhere(claim))?, false),
        };
        Some(Guess { alert: alert.to_owned(), by_section })
    }

    /// The alert whose rule sends people to the section that a claim sends them to.
    fn by_section(&self, claim: &Claim) -> Option<&'s str> {
        let section = section(self.site, claim)?;
        let there = self.by_section.get(&section)?;
        there.sole().or_else(|| there.alike(&claim.name))
    }

    /// The alert without documentation whose name, or `alert_situation`, is most like this one.
    fn by_name(&self, name: &str) -> Option<&'s str> {
        let by_situation = || self.of_situation.get(self.situations.alike(name)?).copied();
        let may_be_renamed =
            |alert: &&str| !self.has_own_address(alert) || is_much_alike(alert, name);
        self.undocumented.alike(name).or_else(by_situation).filter(may_be_renamed)
    }

    /// Whether a rule sends people to a page that is called like the alert, and is not there: it
    /// never had another name, but its page is still to be written.
    fn has_own_address(&self, alert: &str) -> bool {
        self.site.rules_raising(alert).any(|rule| {
            let url = self.site.runbook_annotation(rule).map(|(_, url)| url.as_str());
            let path = url.map(|url| url.split(['?', '#']).next().unwrap_or_default());
            let last = path.and_then(|path| path.trim_end_matches('/').rsplit('/').next());
            last.is_some_and(|page| page.trim_end_matches(".html").eq_ignore_ascii_case(alert))
        })
    }

    /// An alert that is documented in another place, if the two places are on one page, which may
    /// name it in its front matter and in a table, or if the names are so nearly the same that this
    /// can only be a slip. Else names that differ by a word are two alerts with a row each.
    fn documented_elsewhere(&self, claim: &Claim) -> Option<&'s str> {
        const SLIPS: usize = 2;
        let meant = self.documented.alike(&claim.name)?;
        let folded = |name: &str| name.to_lowercase();
        let slips = distance(&folded(meant), &folded(&claim.name));
        let is_slip = slips <= SLIPS || words(meant) == words(&claim.name);
        let claims = &self.site.alerts.get(meant)?.claims;
        let claims = || claims.iter().map(|index| &self.site.claims[*index]);
        let is_beside = claims().any(|other| is_beside(other, claim) || are_pages(other, claim));
        let is_named_there = |other: &Claim| {
            let is_other_kind =
                std::mem::discriminant(&other.by) != std::mem::discriminant(&claim.by);
            other.page == claim.page && is_other_kind
        };
        let is_on_page = claims().any(|other| is_named_there(other));
        (!is_beside && (is_slip || is_on_page)).then_some(meant)
    }
}

/// How an alert is spelled for somebody who called it by a name that no rule has. Who writes in
/// lower case means the label, and is told its value.
fn spelling<'s>(site: &'s Site, name: &str, alert: &str) -> Option<&'s Text> {
    let is_lower = |text: &&Text| !text.as_str().contains(char::is_uppercase);
    let mut spellings = spellings(site, alert);
    let own = spellings.next()?;
    if name.contains(char::is_uppercase) || is_lower(&own) {
        return Some(own);
    }
    let others = spellings.filter(is_lower);
    let nearest = others.min_by_key(|text| distance(text.as_str(), name));
    Some(nearest.unwrap_or(own))
}

/// What an alert is called: its name, and its rules' `alert_situation`.
fn spellings<'s>(site: &'s Site, alert: &str) -> impl Iterator<Item = &'s Text> + use<'s> {
    let rules = site.rules_raising(alert);
    let spellings =
        rules.flat_map(|rule| std::iter::once(rule.name()).chain(rule.label(SITUATION)));
    spellings.filter(|spelling| spelling.as_str().len() <= LONGEST_NAME)
}

/// Whether two names are so alike that one may have become the other though nothing else says so: by
/// their letters, or since one has all words of the other.
fn is_much_alike(one: &str, other: &str) -> bool {
    const ENOUGH: f64 = 0.75;
    let (first, second) = (words(one), words(other));
    similarity(&one.to_lowercase(), &other.to_lowercase()) >= ENOUGH
        || first.is_subset(&second)
        || second.is_subset(&first)
}

/// Whether two claims are pages that are called like an alert each: there, two alerts are meant.
fn are_pages(a: &Claim, b: &Claim) -> bool {
    a.by == ClaimedBy::Title && b.by == ClaimedBy::Title && a.page != b.page
}

/// Whether two claims stand side by side, in one table or one list: there, an author sees both.
fn is_beside(a: &Claim, b: &Claim) -> bool {
    let same_kind = match (a.by, b.by) {
        (ClaimedBy::Table { table, .. }, ClaimedBy::Table { table: other, .. }) => table == other,
        (a, b) => a == b,
    };
    a.page == b.page && same_kind
}

/// The section that a claim sends its readers to.
fn section<'s>(site: &'s Site, claim: &Claim) -> Option<Section<'s>> {
    let page = &site.pages[claim.page];
    match claim.by {
        ClaimedBy::Table { table, row } => {
            let (url, _) = page.runbook.alert_tables[table].rows[row].start.as_ref()?;
            match site.resolve(&page.path, url) {
                Resolved::Internal { path, fragment, .. } => Some((path, fragment)),
                _ => None,
            }
        }
        ClaimedBy::Title => Some((page.path.as_str(), None)),
        ClaimedBy::FrontMatter => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_in_a_text_only_as_a_whole() {
        let text = "- alert: DiskFull-eu\n- alert: Ünlike";
        for (name, place) in
            [("DiskFull-eu", Some(9)), ("DiskFull", Some(9)), ("Disk", None), ("nlike", None)]
        {
            assert_eq!(place_of(name, text), place, "{name}");
        }
    }
}
