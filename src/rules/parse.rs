//! From a file's YAML to its rules, with all that Prometheus would refuse.

use super::beside::{rules_elsewhere, something_else};
use super::evaluator::{self, is_of_logs, is_of_metrics};
use super::names::{is_label_name, is_metric_name};
use super::unrendered::{Maker, first_hole, hole_in, jsonnet, maker, may_have_hole};
use super::{Duration, Label, Rule, RuleFile, RuleGroup, RuleKind};
use crate::diag::Diagnostic;
use crate::diag::suggest::nearest;
use crate::source::{Source, Span};
use crate::yaml::{self, Entry, Fields, Node, Reader, Text, Value};
use memchr::memmem;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

/// The check that findings about rule files belong to.
pub const CHECK: &str = "invalid-rule-file";

/// The objects of Google's managed Prometheus that are like a `PrometheusRule`
/// (<https://github.com/GoogleCloudPlatform/prometheus-engine/blob/main/doc/api.md>).
const GOOGLE: &str = "monitoring.googleapis.com/";
const GOOGLE_KINDS: [&str; 3] = ["Rules", "ClusterRules", "GlobalRules"];

/// What stands in a text for bytes that were no UTF-8.
const REPLACED: &str = "\u{fffd}";

const GROUP_KEYS: [&str; 6] = ["name", "interval", "query_offset", "limit", "labels", "rules"];

const RULE_KEYS: [&str; 7] =
    ["alert", "record", "expr", "for", "keep_firing_for", "labels", "annotations"];

/// Reads a rule file: groups of rules, a `PrometheusRule` object, a list of such objects, or
/// several documents with objects. Other Kubernetes objects are passed over, unless they hold rules. Of a file without
/// objects Prometheus reads the first document alone, and so do we.
///
/// What Prometheus would refuse is an `invalid-rule-file`. The rest of the file counts all the
/// same: a rule is left out only if it has no name or no expression.
pub fn parse(source: &Arc<Source>) -> (RuleFile, Vec<Diagnostic>) {
    read(source, false)
}

/// The same, with the groups of every document if that is asked for.
pub(super) fn read(source: &Arc<Source>, has_many_documents: bool) -> (RuleFile, Vec<Diagnostic>) {
    let mut file = RuleFile {
        source: Arc::clone(source),
        groups: Vec::new(),
        is_unrendered: false,
        is_loaded: false,
    };
    if let Some(at) = memmem::find(source.text().as_bytes(), REPLACED.as_bytes()) {
        let place = at..at + REPLACED.len();
        let message = "this is not UTF-8, so Prometheus can't read the file";
        let found = Diagnostic::new(CHECK, Span::new(source, place), message);
        return (file, vec![found.with_help("save the file as UTF-8")]);
    }
    if let Some(place) = jsonnet(source) {
        file.is_unrendered = true;
        return (file, vec![unrendered(Maker::Jsonnet, place)]);
    }
    let documents = match yaml::parse(source, 0..source.text().len()) {
        Ok(documents) => documents,
        Err(error) => {
            let hole = first_hole(source.text(), error.span.range().start);
            file.is_unrendered = hole.is_some();
            let diagnostic = match hole {
                Some(range) => template(Span::new(source, range)),
                None => error.into_diagnostic(CHECK),
            };
            return (file, vec![diagnostic]);
        }
    };
    let mut parser =
        RuleParser { reader: Reader::new(CHECK), groups: Vec::new(), has_templates: false };
    let are_all_read = has_many_documents || documents.iter().any(is_object);
    let (read, unread) = match documents.as_slice() {
        [first, behind @ ..] if !are_all_read => (std::slice::from_ref(first), behind),
        all => (all, &[][..]),
    };
    for document in read {
        parser.document(document);
    }
    parser.unread(unread);
    file.groups = std::mem::take(&mut parser.groups);
    // One hole of a template tells all: a file has dozens of them.
    let first = may_have_hole(source.text()).then(|| file.rules().find_map(hole));
    let hole = first.flatten().map(template);
    file.is_unrendered = hole.is_some() || parser.has_templates;
    if memmem::find(source.text().as_bytes(), b"\\/").is_some() {
        for document in documents.iter().filter(|document| document.get("kind").is_none()) {
            parser.slashes(document);
        }
    }
    let mut diagnostics = parser.reader.into_diagnostics();
    diagnostics.extend(hole);
    (file, diagnostics)
}

/// Whether a document is one of Kubernetes, which has as many in a file as one likes.
fn is_object(document: &Node) -> bool {
    ["apiVersion", "kind"].iter().all(|key| document.get(key).is_some())
}

/// The finding about a template, of which a hole was seen.
fn template(hole: Span) -> Diagnostic {
    unrendered(maker(hole.source().text(), hole.text()), hole)
}

fn unrendered(maker: Maker, place: Span) -> Diagnostic {
    Diagnostic::new(CHECK, place, maker.message()).with_help(maker.help())
}

/// The first hole in the texts of a rule that Prometheus does not fill.
fn hole(rule: &Rule) -> Option<Span> {
    let named = rule.labels.iter().chain(rule.annotations()).map(|label| (&label.value, true));
    [(rule.name(), false), (&rule.expr, false)].into_iter().chain(named).find_map(
        |(text, filled_by_prometheus)| {
            hole_in(text.as_str(), filled_by_prometheus).map(|range| text.span_of(range))
        },
    )
}

struct RuleParser {
    reader: Reader,
    groups: Vec<RuleGroup>,
    /// Whether there are objects of which rules are still to be made.
    has_templates: bool,
}

impl RuleParser {
    fn document(&mut self, node: &Node) {
        if node.is_null() {
            return;
        }
        if !matches!(node.value, Value::Mapping(_)) {
            self.reader.wrong_kind(node, "a rule file", "a mapping with the key `groups`");
            return;
        }
        let word = |key| node.get(key).and_then(Node::as_str).unwrap_or_default();
        self.object(node, word("apiVersion"), word("kind"));
    }

    /// A document of this version and kind; both are empty if it is none of Kubernetes.
    fn object(&mut self, node: &Node, version: &str, kind: &str) {
        if kind == "PrometheusRule" {
            // The second is a fork of the operator with the same objects.
            let known = ["monitoring.coreos.com/", "monitoring.rhobs/"];
            if known.iter().any(|group| version.starts_with(group)) {
                self.prometheus_rule(node, kind);
            } else {
                let message = "a `PrometheusRule` has the `apiVersion` `monitoring.coreos.com/v1`";
                let place = node.get("apiVersion").or_else(|| node.get("kind")).unwrap_or(node);
                self.reader.complain(&place.span, message);
            }
        } else if version.starts_with(GOOGLE) && GOOGLE_KINDS.contains(&kind) {
            self.prometheus_rule(node, kind);
        } else if kind == "Template" && version.starts_with("template.openshift.io/") {
            self.openshift_template(node);
        } else if let Some(kind) = kind.strip_suffix("List").filter(|_| !version.is_empty()) {
            // What the API answers says once for all of them what they are.
            for item in node.get("items").map(Node::items).unwrap_or_default() {
                match item.get("kind") {
                    None if !kind.is_empty() => self.object(item, version, kind),
                    _ => self.document(item),
                }
            }
        } else if let Some(place) = rules_elsewhere(node, version, kind) {
            let message = format!("the rules in this `{kind}` are not read");
            let complaint = self.reader.complain(place, message);
            let help = "list a rule file or a `PrometheusRule` that has them, or take this one out of `rules`";
            complaint.help = Some(help.to_owned());
        } else if let Some((key, what, help)) = something_else(node) {
            let complaint = self.reader.complain(key, format!("this is {what}, not a rule file"));
            complaint.help = Some(help.to_owned());
        } else if node.get("groups").is_some() {
            if let Some(fields) =
                self.reader.fields_or(node, "a rule file", &["groups"], &evaluator::FILE_KEYS)
            {
                self.groups_of(fields);
            }
        } else if (kind.is_empty() || version.is_empty()) && !node.entries().is_empty() {
            self.no_rule_file(node);
        }
    }

    /// The documents behind the one that Prometheus reads.
    fn unread(&mut self, documents: &[Node]) {
        let groups = documents
            .iter()
            .find_map(|document| document.entries().iter().find(|entry| entry.name() == "groups"));
        if let Some(groups) = groups {
            let message =
                "Prometheus reads the first document of a rule file alone, not these groups";
            let complaint = self.reader.complain(&groups.key.span, message);
            let help =
                "put them below the `groups` of the first document, or into a file of their own";
            complaint.help = Some(help.to_owned());
        }
    }

    /// A template of OpenShift is of interest only if it makes rules.
    fn openshift_template(&mut self, node: &Node) {
        let objects = node.get("objects").map(Node::items).unwrap_or_default();
        let kinds = objects.iter().filter_map(|object| object.get("kind")?.as_str());
        if kinds.into_iter().any(|kind| kind == "PrometheusRule") {
            let place = node.get("kind").unwrap_or(node);
            let complaint = self.reader.complain(&place.span, Maker::OpenShift.message());
            complaint.help = Some(Maker::OpenShift.help());
            self.has_templates = true;
        }
    }

    fn no_rule_file(&mut self, node: &Node) {
        let meant = nearest("groups", node.entries().iter().map(Entry::name));
        let entry = node.entries().iter().find(|entry| Some(entry.name()) == meant);
        let place = entry.or(node.entries().first()).map_or(&node.span, |entry| &entry.key.span);
        let complaint = self.reader.complain(place, "no rule file: the key `groups` is missing");
        complaint.help = Some(match meant {
            Some(_) => "did you mean `groups`?".to_owned(),
            None => "take the file out of `rules` if it is none".to_owned(),
        });
    }

    /// A `PrometheusRule`, or an object of another kind with the same spec.
    fn prometheus_rule(&mut self, node: &Node, kind: &str) {
        let Some(spec) = node.get("spec").filter(|spec| !spec.is_null()) else {
            let place = node.get("kind").unwrap_or(node);
            self.reader.complain(&place.span, format!("this `{kind}` has no `spec`"));
            return;
        };
        let what = format!("the spec of a `{kind}`");
        if let Some(fields) = self.reader.fields(spec, &what, &["groups"]) {
            self.groups_of(fields);
        }
    }

    fn groups_of(&mut self, fields: Fields<'_>) {
        let Some(groups) = fields.get("groups") else {
            return;
        };
        let first = self.groups.len();
        // A dash with nothing behind it is nothing, for Prometheus too.
        let nodes = self.reader.list(groups, "`groups`").iter();
        for node in nodes.filter(|node| !node.is_null()) {
            if let Some(group) = self.group(node) {
                self.groups.push(group);
            }
        }
        self.groups.shrink_to_fit();
        // Names are unique in a document: the operator makes one file of each object.
        let mut names: HashMap<&str, &Span> = HashMap::new();
        for group in self.groups.get(first..).unwrap_or_default() {
            let (name, span) = (group.name.as_str(), group.name.span());
            if name.is_empty() {
                continue;
            }
            if let Some(known) = names.get(name) {
                let message = format!("the group `{name}` is there twice");
                self.reader.complain(span, message).relate((*known).clone(), "first here");
            } else {
                names.insert(name, span);
            }
        }
    }

    fn group(&mut self, node: &Node) -> Option<RuleGroup> {
        let fields =
            self.reader.fields_or(node, "a rule group", &GROUP_KEYS, &evaluator::GROUP_KEYS)?;
        let name = fields.get("name").and_then(|name| self.reader.text(name, "`name`"));
        let name = name.filter(|name| !name.as_str().is_empty()).unwrap_or_else(|| {
            self.reader.complain(fields.place(), "a rule group needs a `name`");
            Text::empty(fields.place().clone())
        });
        // What only says how the group is evaluated has to be right, and is not kept.
        self.duration(fields, "interval");
        self.duration(fields, "query_offset");
        self.check_limit(fields);
        self.check_strategy(fields);
        let labels = self.labels(fields, "labels");
        let nodes = fields.get("rules").map(|rules| self.reader.list(rules, "`rules`"));
        let nodes = nodes.unwrap_or_default().iter().filter(|node| !node.is_null());
        let mut rules: Vec<Rule> = nodes.filter_map(|node| self.rule(node, &labels)).collect();
        if !is_of_metrics(fields) {
            for rule in &mut rules {
                rule.is_promql = false;
            }
        }
        rules.shrink_to_fit();
        Some(RuleGroup { name, rules, span: node.span.clone() })
    }

    /// How many alerts or series a rule may yield. Prometheus takes 0 and a negative limit for none.
    fn check_limit(&mut self, fields: Fields<'_>) {
        let Some(node) = fields.get("limit") else { return };
        let (Value::Number(_), Some(text)) = (&node.value, node.as_str()) else {
            self.reader.wrong_kind(node, "`limit`", "a whole number");
            return;
        };
        if text.parse::<i64>().is_err() {
            let message = format!("`limit` must be a whole number, not {text}");
            self.reader.complain(&node.span, message);
        }
    }

    /// What Thanos does when a store does not answer.
    fn check_strategy(&mut self, fields: Fields<'_>) {
        let key = "partial_response_strategy";
        let Some(node) = fields.get(key) else { return };
        let strategy = self.reader.text(node, format_args!("`{key}`"));
        let is_known = |strategy: &Text| {
            ["warn", "abort"].iter().any(|known| strategy.as_str().eq_ignore_ascii_case(known))
        };
        if strategy.is_some_and(|strategy| !is_known(&strategy)) {
            self.reader.complain(&node.span, format!("`{key}` must be `warn` or `abort`"));
        }
    }

    fn rule(&mut self, node: &Node, inherited: &[Label]) -> Option<Rule> {
        let before = self.reader.complaints().len();
        let fields = self.reader.fields_or(node, "a rule", &RULE_KEYS, &evaluator::RULE_KEYS)?;
        let kind = self.kind(fields);
        let expr = self.expr(fields, kind.as_ref());
        let own = self.labels(fields, "labels");
        if let Some(RuleKind::Alerting { alert, .. }) = &kind {
            for complaint in self.reader.complaints().iter_mut().skip(before) {
                complaint.alert = Some(alert.as_str().to_owned());
            }
        }
        let not_own =
            |label: &&Label| own.iter().all(|other| other.name.as_str() != label.name.as_str());
        let mut labels = inherited.iter().filter(not_own).cloned().collect::<Vec<_>>();
        if labels.is_empty() {
            labels = own;
        } else {
            labels.extend(own);
        }
        let expr = expr?;
        Some(Rule {
            kind: kind?,
            is_promql: !is_of_logs(expr.as_str()),
            expr,
            labels,
            span: node.span.clone(),
            query: OnceLock::new(),
            tree: OnceLock::new(),
        })
    }

    /// Complains of `\/` in double quotes: JSON and YAML 1.2 have it, and the YAML of Prometheus has
    /// not. How deep this goes is bounded by the reader of YAML.
    fn slashes(&mut self, node: &Node) {
        for entry in node.entries() {
            self.slashes(&entry.key);
            self.slashes(&entry.value);
        }
        for item in node.items() {
            self.slashes(item);
        }
        let text = node.span.text();
        if !node.entries().is_empty() || !node.items().is_empty() || !text.starts_with('"') {
            return;
        }
        let is_escape = |at: &usize| {
            let before = text[..*at].bytes().rev().take_while(|byte| *byte == b'\\').count();
            before.is_multiple_of(2)
        };
        if let Some(at) = text.match_indices("\\/").map(|(at, _)| at).find(is_escape) {
            let start = node.span.range().start + at;
            let place = Span::new(node.span.source(), start..start + 2);
            let message = "Prometheus does not know the escape `\\/`";
            self.reader.complain(&place, message).help = Some("write `/`".to_owned());
        }
    }

    fn kind(&mut self, fields: Fields<'_>) -> Option<RuleKind> {
        let alert = self.name(fields, "alert");
        let record = self.name(fields, "record");
        if let (Some(alert), Some(record)) = (&alert, &record) {
            let message = "a rule has either `alert` or `record`, not both";
            let complaint = self.reader.complain(record.span(), message);
            complaint.relate(alert.span().clone(), "the alert");
        }
        // Of a rule that says both, the alert is kept: runbooks may know it.
        if let Some(alert) = alert {
            return Some(RuleKind::Alerting {
                alert,
                for_duration: self.duration(fields, "for"),
                keep_firing_for: self.duration(fields, "keep_firing_for"),
                annotations: self.labels(fields, "annotations"),
            });
        }
        let Some(record) = record else {
            if fields.get("alert").is_none() && fields.get("record").is_none() {
                let message = "a rule needs the name of an `alert`, or of a metric to `record`";
                self.reader.complain(fields.place(), message);
            }
            return None;
        };
        // Of a template the name is still to be made.
        if !is_metric_name(record.as_str()) && hole_in(record.as_str(), false).is_none() {
            let message = format!("`{record}` is no name for a metric");
            let complaint = self.reader.complain(record.span(), message);
            complaint.help = Some(
                "use letters, digits, `_` and `:`; an expression belongs into `expr`".to_owned(),
            );
        }
        // Prometheus lets them pass when they say nothing.
        let has_for = ["for", "keep_firing_for"]
            .map(|key| (key, self.duration(fields, key).is_some_and(|it| it.milliseconds > 0)));
        let has_annotations = !self.labels(fields, "annotations").is_empty();
        for (key, says_something) in has_for.into_iter().chain([("annotations", has_annotations)]) {
            if let Some(span) = fields.key_span(key).filter(|_| says_something) {
                self.reader.complain(span, format!("only alerting rules have `{key}`"));
            }
        }
        Some(RuleKind::Recording { record })
    }

    fn name(&mut self, fields: Fields<'_>, key: &str) -> Option<Text> {
        let node = fields.get(key)?;
        let name = self.reader.text(node, format_args!("`{key}`"))?;
        if name.as_str().is_empty() {
            self.reader.complain(&node.span, format!("`{key}` is empty"));
            return None;
        }
        Some(name)
    }

    fn expr(&mut self, fields: Fields<'_>, kind: Option<&RuleKind>) -> Option<Text> {
        if let Some(node) = fields.get("expr") {
            let expr = self.reader.text(node, "`expr`")?;
            if expr.as_str().trim().is_empty() {
                self.reader.complain(&node.span, "`expr` is empty");
                return None;
            }
            return Some(expr);
        }
        let (place, whose) = match kind {
            Some(RuleKind::Alerting { alert, .. }) => {
                (alert.span(), format!("the alert `{alert}`"))
            }
            Some(RuleKind::Recording { record }) => {
                (record.span(), format!("the rule for `{record}`"))
            }
            None => (fields.place(), "the rule".to_owned()),
        };
        self.reader.complain(place, format!("{whose} has no `expr`"));
        None
    }

    fn duration(&mut self, fields: Fields<'_>, key: &str) -> Option<Duration> {
        let node = fields.get(key)?;
        let text = self.reader.text(node, format_args!("`{key}`"))?;
        let duration = Duration::new(text);
        if duration.is_none() {
            let written = node.as_str().unwrap_or_default();
            let complaint = self.reader.complain(&node.span, format!("`{written}` is no duration"));
            complaint.help =
                Some("write it like `30s`, `5m` or `1h30m`, longer units first".to_owned());
        }
        duration
    }

    /// Labels or annotations; the names of both follow one rule.
    fn labels(&mut self, fields: Fields<'_>, key: &str) -> Vec<Label> {
        let Some(node) = fields.get(key) else {
            return Vec::new();
        };
        let pairs = self.reader.pairs(node, format_args!("`{key}`"));
        for (name, _) in &pairs {
            if !is_label_name(name.as_str()) {
                let what = if key == "labels" { "a label" } else { "an annotation" };
                let message = format!("`{name}` is no name for {what}");
                let complaint = self.reader.complain(name.span(), message);
                let help = if name == "__name__" {
                    "it is the name of the metric, which no rule may set so"
                } else {
                    "use letters, digits and `_`, with no digit first"
                };
                complaint.help = Some(help.to_owned());
            }
        }
        pairs.into_iter().map(|(name, value)| Label { name, value }).collect()
    }
}

#[cfg(test)]
mod tests;
