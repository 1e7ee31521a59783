//! Which rules changed after the section that documents them: what a site's history says.
//!
//! Commits come in one by one, the newest first, until all that was asked is answered. A rule
//! changed where its expression, its `for` or its severity is new: moved to another file, or written
//! on other lines, it is the same. A section was last touched where its text is new, white space
//! aside; moved to another file it is the same as well.
//!
//! Architecture invariant: who reads commits is at the edge; here they are values.

use super::{ClaimedBy, Date, PlacedRule, RulePlace, Site};
use crate::diag::wording::on_one_line;
use crate::promql;
use crate::rules::{self, Rule};
use crate::source::{Source, Span};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// A change that was committed.
#[derive(Debug, Clone)]
pub struct Commit {
    /// Its name, in full.
    pub id: String,
    /// When it was committed.
    pub date: Date,
    /// The files that it changed.
    pub changes: Vec<Change>,
}

/// A file that a commit changed.
#[derive(Debug, Clone)]
pub struct Change {
    /// Its path relative to the site, as sources have it.
    pub path: String,
    /// The text before; none of a new file.
    pub old: Option<Arc<Blob>>,
    /// The text after; none of one that is gone.
    pub new: Option<Arc<Blob>>,
}

/// A version of a file.
#[derive(Debug)]
pub struct Blob {
    /// What it is known by: the same text has the same.
    pub id: String,
    /// Its text.
    pub text: String,
}

/// When something happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// The commit, shortened, and its day; none for what is not committed yet.
    pub commit: Option<(String, Date)>,
}

/// A rule that changed after what documents its alert was last touched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overtaken {
    /// The rule.
    pub rule: RulePlace,
    /// What of it changed: `expression`, `for`, `severity`.
    pub what: Vec<&'static str>,
    /// When it changed.
    pub changed: Moment,
    /// When the documentation was last touched; none if that was before all that was looked at.
    pub documented: Option<Moment>,
}

/// What of a rule readers rely on.
#[derive(Debug, Clone, PartialEq)]
struct Content {
    expression: Arc<Expression>,
    holds_for: u64,
    severity: Option<String>,
}

/// An expression, which is the same however it is written.
#[derive(Debug)]
struct Expression {
    written: String,
    tree: Option<promql::Node>,
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
            || self.tree.as_ref().zip(other.tree.as_ref()).is_some_and(|(a, b)| a.is_same(b))
    }
}

struct TrackedRule {
    alert: String,
    place: RulePlace,
    path: String,
    content: Content,
    /// Where in the history it came to be as it is, with what was otherwise before; `what` is empty
    /// for a rule that was new then.
    changed: Option<(usize, Vec<&'static str>)>,
}

struct TrackedText {
    path: String,
    text: String,
    touched: Option<usize>,
}

/// What a version of a rule file says, by the names of its alerts.
type Version = Arc<BTreeMap<String, Vec<Content>>>;

/// Follows the rules and the sections of a site back through its history.
pub struct Tracker {
    rules: Vec<TrackedRule>,
    texts: Vec<TrackedText>,
    /// The texts that document each alert, as indexes.
    documents: BTreeMap<String, Vec<usize>>,
    alerts: BTreeSet<String>,
    /// The first moment is now; the others are commits, the newest first.
    moments: Vec<Moment>,
    /// Files of which a version was seen.
    seen: BTreeSet<String>,
    /// What the versions of rule files say, by their names.
    versions: HashMap<String, Version>,
    expressions: HashMap<String, Arc<Expression>>,
}

impl Tracker {
    /// A tracker of the alerts of a site that have both a rule in a file and documentation.
    pub fn new(site: &Site) -> Self {
        let mut tracker = Self {
            rules: Vec::new(),
            texts: Vec::new(),
            documents: BTreeMap::new(),
            alerts: BTreeSet::new(),
            moments: vec![Moment { commit: None }],
            seen: BTreeSet::new(),
            versions: HashMap::new(),
            expressions: HashMap::new(),
        };
        let mut known: HashMap<(String, String), usize> = HashMap::new();
        for (name, alert) in site.alerts.iter() {
            let documents = documents(site, name);
            if documents.is_empty() || alert.rules.is_empty() {
                continue;
            }
            for span in documents {
                let path = span.source().path().to_owned();
                let text = on_one_line(span.text());
                let index = *known.entry((path.clone(), text.clone())).or_insert_with(|| {
                    tracker.texts.push(TrackedText { path, text, touched: None });
                    tracker.texts.len() - 1
                });
                tracker.documents.entry(name.clone()).or_default().push(index);
            }
            tracker.alerts.insert(name.clone());
            for place in &alert.rules {
                let PlacedRule { file, rule, .. } = site.rule(*place);
                if file.is_loaded {
                    continue;
                }
                let path = file.source.path().to_owned();
                let content = tracker.content(rule);
                let alert = name.clone();
                tracker.rules.push(TrackedRule {
                    alert,
                    place: *place,
                    path,
                    content,
                    changed: None,
                });
            }
        }
        tracker
    }

    /// Whether nothing is left to be found out.
    pub fn is_done(&self) -> bool {
        self.rules.iter().all(|rule| rule.changed.is_some())
            && self.texts.iter().all(|text| text.touched.is_some())
    }

    /// Whether the versions of a file matter.
    pub fn wants(&self, path: &str) -> bool {
        path.ends_with(".md") || is_rule_file(path)
    }

    /// Takes in the next older commit.
    pub fn take(&mut self, commit: &Commit) {
        let short = commit.id.chars().take(9).collect();
        self.moments.push(Moment { commit: Some((short, commit.date)) });
        let now = self.moments.len() - 1;
        self.take_rules(commit, now);
        self.take_texts(commit, now);
        for change in &commit.changes {
            self.seen.insert(change.path.clone());
        }
    }

    fn take_rules(&mut self, commit: &Commit, now: usize) {
        let changes: Vec<&Change> =
            commit.changes.iter().filter(|change| is_rule_file(&change.path)).collect();
        if changes.is_empty() {
            return;
        }
        let mut versions = |side: fn(&Change) -> Option<&Arc<Blob>>| -> Vec<_> {
            let blobs =
                changes.iter().filter_map(|change| Some((change.path.as_str(), side(change)?)));
            blobs.map(|(path, blob)| (path.to_owned(), self.version(path, blob))).collect()
        };
        let new = versions(|change| change.new.as_ref());
        let old = versions(|change| change.old.as_ref());
        for rule in self.rules.iter_mut().filter(|rule| rule.changed.is_none()) {
            let contents = |versions: &[(String, Version)]| {
                let found = versions.iter().filter_map(|(_, version)| version.get(&rule.alert));
                found.flatten().cloned().collect::<Vec<Content>>()
            };
            let own = new.iter().find(|(path, _)| *path == rule.path);
            if let Some(own) = own
                && !self.seen.contains(&rule.path)
            {
                let committed = contents(std::slice::from_ref(own));
                if !committed.contains(&rule.content) {
                    // It was changed since the last commit, or it is new.
                    rule.changed = Some((0, differences(&rule.content, &committed)));
                    continue;
                }
            }
            if contents(&new).contains(&rule.content) {
                let before = contents(&old);
                if !before.contains(&rule.content) {
                    rule.changed = Some((now, differences(&rule.content, &before)));
                }
            }
        }
    }

    fn take_texts(&mut self, commit: &Commit, now: usize) {
        let gone: Vec<(&str, String)> = commit
            .changes
            .iter()
            .filter(|change| change.new.is_none() && change.path.ends_with(".md"))
            .filter_map(|change| {
                Some((change.path.as_str(), on_one_line(&change.old.as_ref()?.text)))
            })
            .collect();
        for change in commit.changes.iter().filter(|change| change.path.ends_with(".md")) {
            let Some(new) = &change.new else { continue };
            let is_own =
                |text: &&mut TrackedText| text.path == change.path && text.touched.is_none();
            let mut texts = self.texts.iter_mut().filter(is_own).peekable();
            if texts.peek().is_none() {
                continue;
            }
            let new = on_one_line(&new.text);
            let old = change.old.as_ref().map(|old| on_one_line(&old.text));
            for text in texts {
                if !new.contains(&text.text) {
                    if !self.seen.contains(&change.path) {
                        text.touched = Some(0);
                    }
                } else if let Some(old) = &old {
                    if !old.contains(&text.text) {
                        text.touched = Some(now);
                    }
                } else if let Some((path, _)) =
                    gone.iter().find(|(_, old)| old.contains(&text.text))
                {
                    (*path).clone_into(&mut text.path);
                } else {
                    text.touched = Some(now);
                }
            }
        }
    }

    /// What a version of a rule file says of the alerts that are tracked.
    fn version(&mut self, path: &str, blob: &Arc<Blob>) -> Version {
        if let Some(version) = self.versions.get(&blob.id) {
            return Arc::clone(version);
        }
        let (file, _) = rules::parse(&Source::new(path, blob.text.as_str()));
        let mut version: BTreeMap<String, Vec<Content>> = BTreeMap::new();
        for rule in file.rules() {
            if let Some(alert) = rule.alert_name()
                && self.alerts.contains(alert.as_str())
            {
                let content = self.content(rule);
                version.entry(alert.to_string()).or_default().push(content);
            }
        }
        let version = Arc::new(version);
        self.versions.insert(blob.id.clone(), Arc::clone(&version));
        version
    }

    fn content(&mut self, rule: &Rule) -> Content {
        let written = rule.expr.as_str();
        let expression = self.expressions.entry(written.to_owned()).or_insert_with(|| {
            let tree = promql::tree(written);
            Arc::new(Expression { written: on_one_line(written), tree })
        });
        let expression = Arc::clone(expression);
        let holds_for = rule.for_duration().map_or(0, |duration| duration.milliseconds);
        let severity = rule.severity().map(|severity| severity.as_str().to_owned());
        Content { expression, holds_for, severity }
    }

    /// The alerts whose rule changed after their documentation, by name.
    pub fn finish(self) -> BTreeMap<String, Overtaken> {
        let mut found: BTreeMap<String, (usize, Overtaken)> = BTreeMap::new();
        for rule in &self.rules {
            let Some((changed, what)) = &rule.changed else { continue };
            if what.is_empty() {
                continue;
            }
            let documents = self.documents.get(&rule.alert).map_or(&[][..], Vec::as_slice);
            let touched = documents.iter().filter_map(|index| self.texts[*index].touched).min();
            let is_newer = found.get(&rule.alert).is_none_or(|(known, _)| changed < known);
            if touched.is_none_or(|touched| *changed < touched) && is_newer {
                let overtaken = Overtaken {
                    rule: rule.place,
                    what: what.clone(),
                    changed: self.moments[*changed].clone(),
                    documented: touched.map(|index| self.moments[index].clone()),
                };
                found.insert(rule.alert.clone(), (*changed, overtaken));
            }
        }
        found.into_iter().map(|(name, (_, overtaken))| (name, overtaken)).collect()
    }
}

fn is_rule_file(path: &str) -> bool {
    [".yaml", ".yml", ".json"].iter().any(|ending| path.ends_with(ending))
}

/// What is otherwise than in the content that is nearest; nothing if there was none.
fn differences(now: &Content, before: &[Content]) -> Vec<&'static str> {
    let compare = |old: &Content| {
        let mut what = Vec::new();
        if old.expression != now.expression {
            what.push("expression");
        }
        if old.holds_for != now.holds_for {
            what.push("`for`");
        }
        if old.severity != now.severity {
            what.push("severity");
        }
        what
    };
    before.iter().map(compare).min_by_key(Vec::len).unwrap_or_default()
}

/// The texts that document an alert: the section to start at, and the rows of alert tables.
fn documents(site: &Site, name: &str) -> Vec<Span> {
    let Some(alert) = site.alerts.get(name) else { return Vec::new() };
    let mut found = Vec::new();
    // A page that merely names the alert documents something else.
    if alert.claims.is_empty() && !alert.start.as_ref().is_some_and(|start| start.is_about) {
        return found;
    }
    if let Some(start) = &alert.start {
        let runbook = &site.pages[start.page].runbook;
        let whole = runbook.front_matter.body()..runbook.source().text().len();
        let heading = start.own_fragment();
        let heading = heading.and_then(|id| site.pages[start.page].heading_with_id(id));
        let range = heading.map_or(whole, |index| runbook.section(index));
        found.push(Span::new(runbook.source(), range));
    }
    for claim in alert.claims.iter().map(|index| &site.claims[*index]) {
        if let ClaimedBy::Table { table, row } = claim.by {
            let runbook = &site.pages[claim.page].runbook;
            let row = &runbook.alert_tables[table].rows[row];
            found.push(Span::new(runbook.source(), row.range.clone()));
        }
    }
    found
}
