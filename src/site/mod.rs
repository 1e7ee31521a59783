//! The whole site: every page, every rule, and how they refer to each other.
//!
//! [`Site::assemble`] is the one place where files meet, and [`Site::with_age`] adds how old they
//! are, where somebody wants to know. From then on nothing changes: the checks read it, the renderer
//! reads it.
//!
//! Architecture invariant: a site is made of what was parsed, without touching a file.

pub mod address;
mod again;
mod age;
mod alert_pages;
mod alerts;
mod date;
mod destinations;
pub mod history;
mod last_change;
mod links;
mod live;
mod navigation;
mod near_paths;
mod near_sections;
mod recorded;

pub use again::Replacement;
pub use age::{Age, ReviewDue};
pub use alerts::{
    Alert, Alerts, Claim, ClaimedBy, Named, Naming, NamingColumn, ROW, RulePlace, SITUATION, Start,
    row_id,
};
pub use date::Date;
pub use destinations::Destination;
pub use last_change::{LastChange, LastChanges};
pub use links::{Resolved, has_scheme, normalize};
pub use live::{CarrierAnswer, Live, RefusedQuery, Unanswered};
pub use navigation::{ABOVE, Navigation, NavigationNode};
pub use recorded::RecordedLabels;

use crate::config::Config;
use crate::diag::Diagnostic;
use crate::rules::{Rule, RuleFile, RuleGroup};
use crate::runbook::{AlertRow, InlineStyle, Runbook};
use crate::source::Source;
use crate::yaml::{Node, Text};
use address::AlertFolders;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

/// A parsed site, frozen.
#[derive(Debug, Clone)]
pub struct Site {
    /// How the site is set up.
    pub config: Arc<Config>,
    /// Its pages, by path. Shared, as most of it is, with the site in which one of them says something
    /// else.
    pub pages: Vec<Arc<Page>>,
    /// Its rule files, by path. Shared, as the runbooks are, with the next site of this folder.
    pub rule_files: Vec<Arc<RuleFile>>,
    /// The files that are copied as they are: their output paths.
    pub files: Arc<BTreeSet<String>>,
    /// Every place where a runbook says that it documents an alert, in order of page and place.
    pub claims: Vec<Arc<Claim>>,
    /// Every alert of the rules and of the claims, in the order of their names.
    pub alerts: Arc<Alerts>,
    /// The pages as a tree.
    pub navigation: Arc<Navigation>,
    /// What the parsers found wrong with the files.
    pub diagnostics: Vec<Diagnostic>,
    /// What the carriers say, if they were asked.
    pub live: Option<Arc<Live>>,
    /// The names of the metrics that there are, if the site has an inventory of them.
    pub metrics: Option<Arc<BTreeSet<String>>>,
    age: Age,
    /// The claims whose alert no rule raises, once somebody looked what they mean.
    pub(crate) renames: OnceLock<Arc<Vec<Rename>>>,
    near_paths: near_paths::NearPaths,
    near_sections: near_sections::NearSections,
    folders: Arc<AlertFolders>,
    /// The alerts that start on a page, for each that has any.
    starting: Arc<FxHashMap<usize, Arc<alerts::Starting>>>,
    /// What stands at which output path, but for the pages of alerts.
    addresses: Arc<FxHashMap<String, Destination>>,
    /// The pages of alerts by their output paths: there nothing else stands than aliases that yield.
    addresses_of_alerts: Arc<FxHashMap<String, Destination>>,
    /// The alerts by the `alert_situation` of their rules.
    situations: Arc<alerts::Situations>,
    /// The values of `severity` in alerting rules.
    severities: Arc<BTreeSet<String>>,
    /// The pages with inline styles, as indexes.
    styled: Arc<Vec<usize>>,
}

/// A claim to document an alert that no rule raises.
#[derive(Debug)]
pub(crate) struct Rename {
    /// The claim, as an index.
    pub claim: usize,
    /// The alert that it probably means.
    pub meant: Option<Guess>,
}

/// An alert that is probably meant.
#[derive(Debug)]
pub(crate) struct Guess {
    /// Its name.
    pub alert: String,
    /// Whether the address in its rule says so, and not only its name.
    pub by_section: bool,
}

/// A runbook as a page of the site.
#[derive(Debug, Clone)]
pub struct Page {
    /// Its output path below the site's root.
    pub path: String,
    /// What it is called: its front matter's title, else its first heading, else its file's name.
    pub title: String,
    /// Older addresses that lead to it, as output paths.
    pub aliases: Vec<String>,
    /// What it says. Shared, because a site is assembled anew when any of its files changes, and
    /// what was read from the others stays as it is.
    pub runbook: Arc<Runbook>,
}

impl Page {
    fn new(path_in_content: &str, runbook: Arc<Runbook>) -> Self {
        let path = address::page_path(path_in_content);
        let title = Self::title_of(path_in_content, &runbook);
        Self { path, title, aliases: Vec::new(), runbook }
    }

    /// The same page with another runbook of its file.
    fn with_runbook(&self, runbook: Arc<Runbook>) -> Self {
        let title = Self::title_of(runbook.source().path(), &runbook);
        Self { path: self.path.clone(), title, aliases: self.aliases.clone(), runbook }
    }

    fn title_of(path: &str, runbook: &Runbook) -> String {
        let stem = path.rsplit('/').next().unwrap_or_default();
        let stem = stem.strip_suffix(".md").unwrap_or(stem);
        let title = runbook.front_matter.text("title");
        title
            .map(|title| title.as_str().trim().to_owned())
            .or_else(|| runbook.headings.first().map(|heading| heading.text.clone()))
            .unwrap_or_else(|| stem.to_owned())
    }

    /// The name of its file, without folder and ending.
    pub fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        name.strip_suffix(".html").unwrap_or(name)
    }

    /// A text of its front matter; the first one of a list.
    pub fn front_matter(&self, key: &str) -> Option<&str> {
        let node = self.runbook.front_matter.get(key)?;
        let first = || node.items().iter().find_map(Node::as_str);
        node.as_str().or_else(first).map(str::trim).filter(|text| !text.is_empty())
    }

    /// The heading that a fragment leads to, as an index.
    pub fn heading_with_id(&self, id: &str) -> Option<usize> {
        self.runbook.headings.iter().position(|heading| heading.id == id)
    }
}

/// A rule and what it stands in.
#[derive(Debug, Clone, Copy)]
pub struct PlacedRule<'s> {
    /// Its file.
    pub file: &'s RuleFile,
    /// Its group in the file.
    pub group: &'s RuleGroup,
    /// The rule.
    pub rule: &'s Rule,
}

/// What a site is assembled from.
#[derive(Debug, Default)]
pub struct Parts {
    /// Runbooks with their paths below the content folder.
    pub runbooks: Vec<(String, Arc<Runbook>)>,
    /// Rule files.
    pub rule_files: Vec<Arc<RuleFile>>,
    /// Output paths of the files that are copied.
    pub files: BTreeSet<String>,
    /// What the parsers found.
    pub diagnostics: Vec<Diagnostic>,
    /// What the carriers say, if they were asked.
    pub live: Option<Live>,
    /// The inventory of metrics: a name in each line, and comments behind `#`.
    pub metrics: Option<Arc<Source>>,
}

impl Site {
    /// Puts the parts together.
    pub fn assemble(config: impl Into<Arc<Config>>, parts: Parts) -> Self {
        let runbooks = parts.runbooks.into_par_iter();
        let mut pages: Vec<Arc<Page>> =
            runbooks.map(|(path, runbook)| Arc::new(Page::new(&path, runbook))).collect();
        pages.sort_by(|a, b| a.path.cmp(&b.path));
        let mut rule_files = parts.rule_files;
        rule_files.sort_by(|a, b| a.source.path().cmp(b.source.path()));
        let mut site = Self {
            navigation: Arc::default(),
            config: config.into(),
            pages,
            rule_files,
            files: Arc::new(parts.files),
            claims: Vec::new(),
            alerts: Arc::default(),
            diagnostics: parts.diagnostics,
            live: parts.live.map(Arc::new),
            metrics: parts.metrics.as_deref().map(inventory).map(Arc::new),
            age: Age::default(),
            renames: OnceLock::new(),
            near_paths: near_paths::NearPaths::default(),
            near_sections: near_sections::NearSections::default(),
            folders: Arc::default(),
            starting: Arc::default(),
            addresses: Arc::default(),
            addresses_of_alerts: Arc::default(),
            situations: Arc::default(),
            severities: Arc::default(),
            styled: Arc::default(),
        };
        site.styled = Arc::new(styled(&site.pages));
        destinations::register_pages(&mut site);
        destinations::register_addresses_of_rules(&mut site);
        let (navigation, joined) =
            rayon::join(|| Navigation::new(&site.pages), || alerts::join(&site));
        site.navigation = Arc::new(navigation);
        site.claims = joined.claims;
        site.alerts = Arc::new(joined.alerts);
        site.starting = Arc::new(joined.starting);
        site.situations = Arc::new(joined.situations);
        site.severities = Arc::new(joined.severities);
        joined.pages_of_alerts.register(&mut site);
        site
    }

    /// Whether the site has rules to check its runbooks against.
    pub fn has_rules(&self) -> bool {
        self.config.has_rules()
    }

    /// All rules, in the order of the files.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.rule_files.iter().flat_map(|file| file.rules())
    }

    /// The rules that raise an alert.
    pub fn rules_of<'s>(&'s self, alert: &Alert) -> impl Iterator<Item = &'s Rule> {
        alert.rules.iter().map(|place| self.rule(*place).rule)
    }

    /// The rules that raise the alert of this name.
    pub fn rules_raising<'s>(&'s self, name: &str) -> impl Iterator<Item = &'s Rule> + use<'s> {
        self.alerts.get(name).into_iter().flat_map(|alert| self.rules_of(alert))
    }

    /// The alerting rules with this `alert_situation`, in the order of the files.
    pub fn rules_in_situation(&self, situation: &str) -> impl Iterator<Item = &Rule> {
        let alerts = self.situations.get(situation).into_iter().flatten();
        let alerts = alerts.filter_map(|name| self.alerts.get(name));
        let is_meant = |place: &&RulePlace| {
            let label = self.rule(**place).rule.label(SITUATION);
            label.is_some_and(|label| label.as_str() == situation)
        };
        let mut places: Vec<RulePlace> =
            alerts.flat_map(|alert| &alert.rules).filter(is_meant).copied().collect();
        places.sort_unstable();
        places.into_iter().map(|place| self.rule(place).rule)
    }

    /// A rule and what it stands in.
    pub fn rule(&self, place: RulePlace) -> PlacedRule<'_> {
        let file = &self.rule_files[place.file];
        let group = &file.groups[place.group];
        PlacedRule { file, group, rule: &group.rules[place.rule] }
    }

    /// The claims that a page makes, in order.
    pub fn claims_on(&self, page: usize) -> &[Arc<Claim>] {
        let from = self.claims.partition_point(|claim| claim.page < page);
        let to = self.claims.partition_point(|claim| claim.page <= page);
        &self.claims[from..to]
    }

    /// The rows of a page's alert tables that document alerts, in order, each with the name of its
    /// first one: not those of a table which looked like one and names none.
    pub fn alert_rows(&self, page: usize) -> impl Iterator<Item = (&str, &AlertRow)> {
        let mut before = None;
        let rows = self.claims_on(page).iter().filter_map(move |claim| match claim.by {
            ClaimedBy::Table { table, row }
                if before.replace((table, row)) != Some((table, row)) =>
            {
                Some((claim.name.as_str(), table, row))
            }
            _ => None,
        });
        let tables = &self.pages[page].runbook.alert_tables;
        rows.map(move |(name, table, row)| (name, &tables[table].rows[row]))
    }

    /// The severities that the alerting rules of the site have, as they write them.
    pub fn severities(&self) -> impl Iterator<Item = &str> {
        self.severities.iter().map(String::as_str)
    }

    /// The inline styles of all pages.
    pub fn styles(&self) -> impl Iterator<Item = &InlineStyle> {
        self.styled.iter().flat_map(|page| &self.pages[*page].runbook.styles)
    }

    /// The alerts whose readers start on a page, by name.
    pub fn alerts_starting_on(&self, page: usize) -> &[String] {
        self.starting.get(&page).map_or(&[], |starting| starting.names())
    }

    /// The output path of an alert's own page.
    pub fn alert_page(&self, alert: &str) -> String {
        self.folders.page(alert)
    }

    /// The runbook's address in a rule, with its key: the first of the configured keys that it has
    /// as an annotation or as a label.
    pub fn runbook_annotation<'s>(&'s self, rule: &'s Rule) -> Option<(&'s str, &'s Text)> {
        self.config.runbook_annotations.iter().find_map(|key| {
            let value = rule.annotation(key).or_else(|| rule.label(key))?;
            Some((key.as_str(), value))
        })
    }
}

/// The pages with inline styles, as indexes.
fn styled(pages: &[Arc<Page>]) -> Vec<usize> {
    let pages = pages.iter().enumerate();
    let styled = pages.filter(|(_, page)| !page.runbook.styles.is_empty());
    styled.map(|(index, _)| index).collect()
}

/// The names in an inventory of metrics.
fn inventory(source: &Source) -> BTreeSet<String> {
    let names = source.text().lines().map(|line| line.split('#').next().unwrap_or_default().trim());
    names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
}
