//! Prometheus rules out of files: plain rule files, `PrometheusRule` objects and lists of them.
//!
//! The shape is that of Prometheus' `model/rulefmt`
//! (<https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/>) and of the
//! Prometheus operator's `PrometheusRule`
//! (<https://prometheus-operator.dev/docs/api-reference/api/>). Every text keeps its place, since
//! half of all findings compare one of them with a runbook.
//!
//! Architecture invariant: expressions are texts here; `promql` parses them, when somebody asks.

mod beside;
mod duration;
mod evaluator;
mod loaded;
mod names;
mod parse;
pub mod template;
mod unrendered;

pub use duration::Duration;
pub use loaded::{LoadedGroup, LoadedRules, parse_loaded, to_source};
pub use parse::{CHECK as INVALID_RULE_FILE, parse};

use crate::promql::{self, Node, Summary, SyntaxError};
use crate::source::{Source, Span};
use crate::yaml::Text;
use std::sync::{Arc, OnceLock};

/// What a file says about rules.
#[derive(Debug, Clone)]
pub struct RuleFile {
    /// The file.
    pub source: Arc<Source>,
    /// The groups of all its documents, in the order of the file.
    pub groups: Vec<RuleGroup>,
    /// Whether rules are still to be made of it: its expressions are none yet, and a name that it
    /// lacks may be one that it makes.
    pub is_unrendered: bool,
    /// Whether this is what a server has loaded, and no file that somebody could edit.
    pub is_loaded: bool,
}

impl RuleFile {
    /// All rules, in the order of the file.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.groups.iter().flat_map(|group| &group.rules)
    }
}

/// Rules that are evaluated together.
#[derive(Debug, Clone)]
pub struct RuleGroup {
    /// Its name, unique in a file.
    pub name: Text,
    /// Its rules that could be read.
    pub rules: Vec<Rule>,
    /// Where it stands.
    pub span: Span,
}

/// A name and a value: of a label or an annotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The name.
    pub name: Text,
    /// The value; it may be a Go template.
    pub value: Text,
}

/// An alerting rule or a recording rule.
#[derive(Debug, Clone)]
pub struct Rule {
    /// What distinguishes the two.
    pub kind: RuleKind,
    /// The expression, as it is written.
    pub expr: Text,
    /// Whether the expression is PromQL, and not of a language for logs or for Graphite.
    pub is_promql: bool,
    /// The labels that it adds: first those of its group that it does not set itself, then its
    /// own, in the order of the file.
    pub labels: Vec<Label>,
    /// Where it stands.
    pub span: Span,
    query: OnceLock<Box<Result<Summary, SyntaxError>>>,
    tree: OnceLock<Option<Box<Node>>>,
}

/// What distinguishes alerting rules from recording rules.
#[derive(Debug, Clone)]
pub enum RuleKind {
    /// A rule that pages people.
    Alerting {
        /// The alert's name: any text that is not empty.
        alert: Text,
        /// How long the expression must hold before the alert fires.
        for_duration: Option<Duration>,
        /// How long the alert keeps firing after the expression ceased to hold.
        keep_firing_for: Option<Duration>,
        /// What it tells people, in the order of the file.
        annotations: Vec<Label>,
    },
    /// A rule that stores what its expression yields.
    Recording {
        /// The name of the metric that it makes.
        record: Text,
    },
}

impl Rule {
    /// What its expression asks for, read when somebody wants to know for the first time.
    ///
    /// # Errors
    ///
    /// The expression is no PromQL; the error says where.
    pub fn query(&self) -> Result<&Summary, &SyntaxError> {
        let read = || {
            let text = self.expr.as_str();
            Box::new(promql::parse(text).map(|query| Summary::of(query, text)))
        };
        (**self.query.get_or_init(read)).as_ref()
    }

    /// The tree of its expression, if that is one; read when somebody compares it for the first time.
    pub fn tree(&self) -> Option<&Node> {
        self.tree.get_or_init(|| promql::tree(self.expr.as_str()).map(Box::new)).as_deref()
    }

    /// The name of the alert, or of the metric that is recorded.
    pub fn name(&self) -> &Text {
        match &self.kind {
            RuleKind::Alerting { alert, .. } => alert,
            RuleKind::Recording { record } => record,
        }
    }

    /// The name of the alert, if it is an alerting rule.
    pub fn alert_name(&self) -> Option<&Text> {
        match &self.kind {
            RuleKind::Alerting { alert, .. } => Some(alert),
            RuleKind::Recording { .. } => None,
        }
    }

    /// The value of a label.
    pub fn label(&self, name: &str) -> Option<&Text> {
        find(&self.labels, name)
    }

    /// The label `severity`, which the rules of most sites have.
    pub fn severity(&self) -> Option<&Text> {
        self.label("severity")
    }

    /// How long the expression must hold before the alert fires; recording rules never have it.
    pub fn for_duration(&self) -> Option<&Duration> {
        match &self.kind {
            RuleKind::Alerting { for_duration, .. } => for_duration.as_ref(),
            RuleKind::Recording { .. } => None,
        }
    }

    /// How long the alert keeps firing after the expression ceased to hold; recording rules never
    /// have it.
    pub fn keep_firing_for(&self) -> Option<&Duration> {
        match &self.kind {
            RuleKind::Alerting { keep_firing_for, .. } => keep_firing_for.as_ref(),
            RuleKind::Recording { .. } => None,
        }
    }

    /// The annotations, in the order of the file; recording rules have none.
    pub fn annotations(&self) -> &[Label] {
        match &self.kind {
            RuleKind::Alerting { annotations, .. } => annotations,
            RuleKind::Recording { .. } => &[],
        }
    }

    /// The value of an annotation.
    pub fn annotation(&self, name: &str) -> Option<&Text> {
        find(self.annotations(), name)
    }

    /// The labels of the alert that the templates in its annotations and labels read, in their
    /// order.
    pub fn labels_read(&self) -> impl Iterator<Item = String> {
        let texts = self.annotations().iter().chain(&self.labels);
        let actions = texts.flat_map(|text| template::actions(text.value.as_str()));
        actions.flat_map(|action| action.labels).map(|(label, _)| label)
    }
}

fn find<'l>(labels: &'l [Label], name: &str) -> Option<&'l Text> {
    let found = labels.iter().find(|label| label.name == *name);
    found.map(|label| &label.value)
}
