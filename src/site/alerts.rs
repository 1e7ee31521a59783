//! The join of runbooks and rules: which alert is documented where, and which rule raises it.

mod again;
mod claims;
mod columns;
mod patterns;
mod rows;
mod start;

pub(super) use again::join_again;
use claims::Raised;
pub use columns::NamingColumn;
pub(super) use start::Starting;
pub use start::{ROW, Start, row_id};

use super::destinations::PagesOfAlerts;
use super::{Page, Site};
use crate::diag::suggest::are_alike;
use crate::rules::RuleFile;
use crate::runbook::Mention;
use crate::source::Span;
use crate::yaml::Text;
use indexmap::IndexMap;
use rayon::prelude::*;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use smallvec::SmallVec;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A place where a runbook says that it documents an alert.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The page that says so, as an index.
    pub page: usize,
    /// The name as it stands there.
    pub name: String,
    /// Where it stands.
    pub span: Span,
    /// How it is said.
    pub by: ClaimedBy,
    /// The alerts of the rules that are meant: the one of this name, or those with a label
    /// `alert_situation` of this value, or those that a name with a hole in it fits.
    pub alerts: Vec<String>,
}

/// How a runbook says that it documents an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimedBy {
    /// By a row of an alert table: the table and the row, as indexes.
    Table {
        /// The alert table of the page.
        table: usize,
        /// The row of the table.
        row: usize,
    },
    /// By its front matter, `alerts:`.
    FrontMatter,
    /// By what the page is called: it is one for a single alert.
    Title,
}

/// Alerts in the order of their names. They are looked up far more often than there are alerts, by names
/// that begin alike. Shared, as the pages are, with the next site of this folder.
pub type Alerts = IndexMap<String, Arc<Alert>, FxBuildHasher>;

/// An alert: what is known of it on both sides. Most are documented at one place and raised by one rule.
#[derive(Debug, Clone, Default)]
pub struct Alert {
    /// The places that claim to document it, as indexes.
    pub claims: SmallVec<[usize; 1]>,
    /// Places that name it without claiming to document it, those first whose section is about it.
    pub mentions: Vec<Named>,
    /// The rules that raise it, in order.
    pub rules: SmallVec<[RulePlace; 1]>,
    /// Where a reader starts, if any page documents or names it.
    pub start: Option<Start>,
}

/// A place that names an alert without claiming to document it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named {
    /// The page, as an index.
    pub page: usize,
    /// The heading that it stands under, as an index.
    pub heading: Option<usize>,
    /// How the alert is named there.
    pub naming: Naming,
}

/// How a section names an alert, the best evidence that it is about it first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Naming {
    /// Its heading, or above all headings the page's title, is the name.
    Heading,
    /// The heading has the name as a word, as in `Alert: DiskFull (critical)`.
    InHeading,
    /// A field says so, `**Alert:** DiskFull`.
    Field,
    /// In an example, in code, in a list of contents: it may be about anything.
    Elsewhere,
}

/// Where a rule stands among the rule files of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RulePlace {
    /// The file, as an index.
    pub file: usize,
    /// The group in the file.
    pub group: usize,
    /// The rule in the group.
    pub rule: usize,
}

/// The label by which older runbooks name an alert.
pub const SITUATION: &str = "alert_situation";

/// What comes of the pages and rules of a site when they are joined: its fields of these names.
pub(super) struct Joined {
    pub claims: Vec<Arc<Claim>>,
    pub alerts: Alerts,
    pub starting: FxHashMap<usize, Arc<Starting>>,
    pub situations: Situations,
    pub severities: BTreeSet<String>,
    pub pages_of_alerts: PagesOfAlerts,
}

/// The alerts by the `alert_situation` of their rules, in the order of their names.
pub(super) type Situations = FxHashMap<String, Vec<String>>;

/// Finds the claims and alerts of a site.
pub(super) fn join(site: &Site) -> Joined {
    let mut rules = alerting_rules(site);
    rules.par_sort_unstable_by_key(|rule| (rule.name, rule.place));
    let (mut alerts, (situations, severities)) =
        rayon::join(|| raised(&rules), || (situations(&rules), severities(&rules)));
    let raised = alerts.len();
    let claims = claims::all(site, &alerts, &situations);
    for (index, claim) in claims.iter().enumerate() {
        for name in claim.told() {
            let alert = match alerts.get_mut(name) {
                Some(alert) => alert,
                None => alerts.entry(name.clone()).or_default(),
            };
            Arc::make_mut(alert).claims.push(index);
        }
    }
    if alerts.len() > raised {
        alerts.par_sort_unstable_by(|one, _, other, _| one.cmp(other));
    }
    let mentions = mentions(site, &alerts, &situations);
    for naming in Naming::ALL {
        let by_naming = |(_, named): &&(&str, Named)| named.naming == naming;
        for (word, named) in mentions.iter().flatten().filter(by_naming) {
            for name in meant_by(word, &situations) {
                if let Some(alert) = alerts.get_mut(name) {
                    Arc::make_mut(alert).mentions.push(*named);
                }
            }
        }
    }
    let start = |(name, alert): (&String, &Arc<Alert>)| start::find(site, &claims, name, alert);
    let (starts, pages_of_alerts) = rayon::join(
        || alerts.par_iter().map(start).collect::<Vec<Option<Start>>>(),
        || PagesOfAlerts::of(site, &alerts),
    );
    alerts.par_iter_mut().zip(starts).for_each(|((_, alert), start)| {
        let alert = Arc::make_mut(alert);
        alert.start = start;
        // Most have one of each.
        alert.claims.shrink_to_fit();
        alert.mentions.shrink_to_fit();
    });
    alerts.shrink_to_fit();
    let starting = Starting::by_page(&alerts);
    Joined { claims, alerts, starting, situations, severities, pages_of_alerts }
}

impl Claim {
    /// The alerts of which it tells people: those that are meant. A table tells people of an alert even
    /// if no rule raises it any more; a page that merely has the name of its file does not.
    fn told(&self) -> &[String] {
        match self.alerts.as_slice() {
            [] if self.by != ClaimedBy::Title => std::slice::from_ref(&self.name),
            alerts => alerts,
        }
    }
}

/// The alerts that a word in a runbook may be the name of.
fn meant_by<'a>(word: &'a str, situations: &'a Situations) -> impl Iterator<Item = &'a str> {
    situations.get(word).into_iter().flatten().map(String::as_str).chain([word])
}

/// The alerts that rules raise. The rules are given in the order of their names.
fn raised(rules: &[AlertingRule<'_>]) -> Alerts {
    let mut alerts = Alerts::with_capacity_and_hasher(rules.len(), FxBuildHasher);
    for of_alert in rules.chunk_by(|one, next| one.name == next.name) {
        let rules = of_alert.iter().map(|rule| rule.place).collect();
        let alert = Alert { rules, ..Alert::default() };
        alerts.insert(of_alert[0].name.to_owned(), Arc::new(alert));
    }
    alerts
}

/// The situations of rules, which are given in the order of their names.
fn situations(rules: &[AlertingRule<'_>]) -> Situations {
    let mut situations: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
    for rule in rules {
        if let Some(situation) = rule.situation {
            let names = situations.entry(situation).or_default();
            if names.last() != Some(&rule.name) {
                names.push(rule.name);
            }
        }
    }
    let owned = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect();
    situations.into_iter().map(|(situation, names)| (situation.to_owned(), owned(names))).collect()
}

fn severities(rules: &[AlertingRule<'_>]) -> BTreeSet<String> {
    let severities: FxHashSet<&str> = rules.iter().filter_map(|rule| rule.severity).collect();
    severities.into_iter().map(str::to_owned).collect()
}

impl Site {
    /// The pages that document or name an alert, and the one that its readers start on; some of them
    /// twice.
    pub fn pages_of<'s>(&'s self, alert: &'s Alert) -> impl Iterator<Item = usize> + 's {
        let claims = alert.claims.iter().map(|claim| self.claims[*claim].page);
        let mentions = alert.mentions.iter().map(|named| named.page);
        claims.chain(mentions).chain(alert.start.as_ref().map(|start| start.page))
    }

    /// The alert whose readers start at a fragment of a page on which another alert is documented
    /// that has a section of its own: neither this one, nor one around it or within it.
    pub fn start_of_another(&self, alert: &str, page: usize, fragment: &str) -> Option<&str> {
        let start = self.alerts.get(alert)?.start.as_ref().filter(|start| start.page == page)?;
        let own = start.own_fragment().filter(|own| *own != fragment)?;
        let other = self.starting.get(&page)?.first_at(fragment)?;
        (!self.pages[page].are_nested(fragment, own)).then_some(other)
    }
}

impl Page {
    /// Whether the section of one fragment is within that of the other; also where one has none.
    fn are_nested(&self, a: &str, b: &str) -> bool {
        let section = |fragment: &str| Some(self.runbook.section(self.heading_with_id(fragment)?));
        match (section(a), section(b)) {
            (Some(a), Some(b)) => a.contains(&b.start) || b.contains(&a.start),
            _ => true,
        }
    }
}

/// What the join looks at of a rule that raises an alert.
struct AlertingRule<'s> {
    name: &'s str,
    place: RulePlace,
    situation: Option<&'s str>,
    severity: Option<&'s str>,
}

/// The alerting rules of a site, in the order of the files.
fn alerting_rules(site: &Site) -> Vec<AlertingRule<'_>> {
    fn in_file((file, rule_file): (usize, &Arc<RuleFile>)) -> Vec<AlertingRule<'_>> {
        let mut found = Vec::new();
        for (group, rule_group) in rule_file.groups.iter().enumerate() {
            for (rule, the_rule) in rule_group.rules.iter().enumerate() {
                if let Some(name) = the_rule.alert_name() {
                    found.push(AlertingRule {
                        name: name.as_str(),
                        place: RulePlace { file, group, rule },
                        situation: the_rule.label(SITUATION).map(Text::as_str),
                        severity: the_rule.severity().map(Text::as_str),
                    });
                }
            }
        }
        found
    }
    site.rule_files.par_iter().enumerate().flat_map_iter(in_file).collect()
}

/// The words of pages that name alerts, page by page, and then those that do so by a pattern.
fn mentions<'s>(
    site: &'s Site,
    alerts: &Alerts,
    situations: &Situations,
) -> Vec<Vec<(&'s str, Named)>> {
    let known = Known::of(alerts, situations);
    let on_page = |(index, page): (usize, &'s Arc<Page>)| mentions_on(index, page, &known);
    let mut found: Vec<_> = site.pages.par_iter().enumerate().map(on_page).collect();
    found.push(patterns::find(site, &site.pages));
    found
}

/// The words that name alerts, each with whether a rule raises what it names, as one always does a
/// situation. Pages have hundreds of words that may be one, of which hardly any is: each is looked up once.
struct Known<'a>(FxHashMap<&'a str, bool>);

impl<'a> Known<'a> {
    /// The names of these alerts, and the situations that stand for some.
    fn of(alerts: &'a Alerts, situations: &'a Situations) -> Self {
        let names = alerts.iter().map(|(name, alert)| (name.as_str(), !alert.rules.is_empty()));
        let mut known: FxHashMap<&str, bool> = names.collect();
        known.extend(situations.keys().map(|situation| (situation.as_str(), true)));
        Self(known)
    }
}

/// The words of a page that name alerts, in order.
fn mentions_on<'s>(index: usize, page: &'s Page, known: &Known<'_>) -> Vec<(&'s str, Named)> {
    let is_named = |name: &str| known.0.get(name).is_some_and(|is_raised| *is_raised);
    let words = page.runbook.mentions.iter();
    let words = words.filter(|mention| known.0.contains_key(mention.word));
    let named = words.map(|mention| {
        let naming = Naming::of(page, &mention);
        (mention.word, Named { page: index, heading: mention.heading, naming })
    });
    let in_columns = columns::find(&page.runbook, &is_named);
    let in_columns = in_columns.flat_map(|column| column.named).map(|(word, cell)| {
        let heading = page.runbook.heading_before(cell.range().start);
        let mention = Mention { word, heading, is_field: false };
        let naming = Naming::of(page, &mention);
        (word, Named { page: index, heading, naming })
    });
    let mut found: Vec<(&str, Named)> = named.chain(in_columns).collect();
    // What stands in such a column may be told by its shape as well.
    found.sort_unstable_by_key(|(word, named)| (*word, named.heading, named.naming));
    found.dedup_by_key(|(word, named)| (*word, named.heading));
    found
}

impl Naming {
    /// In the order in which they count: where a section is about an alert is asked first, for other
    /// places may be a list of contents.
    const ALL: [Self; 4] = [Self::Heading, Self::InHeading, Self::Field, Self::Elsewhere];

    fn of(page: &Page, mention: &Mention<'_>) -> Self {
        let word = mention.word;
        let heading = match mention.heading {
            Some(heading) => page.runbook.headings[heading].text.as_str(),
            None => page.title.as_str(),
        };
        let is_inside = |character: Option<char>| {
            character.is_some_and(|character| character.is_alphanumeric() || character == '_')
        };
        let is_apart = |(at, _): (usize, &str)| {
            !is_inside(heading[..at].chars().next_back())
                && !is_inside(heading[at + word.len()..].chars().next())
        };
        if are_alike(heading, word) {
            Self::Heading
        } else if heading.len() > word.len() && heading.match_indices(word).any(is_apart) {
            // Most headings are shorter than names.
            Self::InHeading
        } else if mention.is_field {
            Self::Field
        } else {
            Self::Elsewhere
        }
    }
}
