//! How the rules of the site and those that its carriers have loaded agree.
//!
//! A rule is known by its name, and several of one name by what they have in common: those that are
//! the same are put together first, then those that differ least. What is left over on either side is
//! missing on the other.

use crate::promql::{Node, tree};
use crate::rules::{Duration, Label, Rule};
use crate::site::Site;
use crate::source::Span;
use crate::yaml::Text;
use std::collections::{BTreeMap, HashMap};

/// What was found; rules and carriers in the order of the site.
#[derive(Debug, Default)]
pub struct Agreement<'s> {
    /// How many carriers said what they have loaded.
    pub answering: usize,
    /// The rules that carriers lack, with the carriers as indexes.
    pub lacking: Vec<(&'s Rule, Vec<usize>)>,
    /// The rules that carriers have otherwise.
    pub differing: Vec<(&'s Rule, Vec<Variant<'s>>)>,
    /// The rules that a carrier has and no file: the carrier as an index.
    pub extra: Vec<(usize, Vec<&'s Rule>)>,
}

/// A rule as some carriers have it.
#[derive(Debug)]
pub struct Variant<'s> {
    /// The carriers, as indexes.
    pub carriers: Vec<usize>,
    /// The rule as the first of them has it.
    pub loaded: &'s Rule,
    /// In what it differs; at least one thing.
    pub differences: Vec<Difference>,
}

/// A part of a rule that is another one elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What it is called: `expr`, `for`, a label, an annotation.
    pub field: String,
    /// Where it stands in the file; nowhere if the file's rule has no such part.
    pub here: Option<Span>,
    /// Where it stands in what the carrier has loaded.
    pub there: Option<Span>,
}

/// What a rule is known by: whether it raises an alert, and its name.
type Name<'s> = (bool, &'s str);

/// A rule of the site while it is looked for.
struct Wanted<'s> {
    rule: &'s Rule,
    /// The carriers that lack it.
    missing: Vec<usize>,
    /// The carriers that have a variant of it in its place: another file's rule with the same name
    /// and labels. Sites have such pairs for different kinds of carriers.
    replaced: Vec<usize>,
    variants: Vec<Variant<'s>>,
}

/// Compares the rules of a site with what its carriers have loaded; `None` unless they were asked.
pub fn compare(site: &Site) -> Option<Agreement<'_>> {
    let live = site.live.as_ref()?;
    let mut wanted: Vec<Wanted<'_>> = Vec::new();
    let mut by_name: BTreeMap<Name<'_>, Vec<usize>> = BTreeMap::new();
    for file in site.rule_files.iter().filter(|file| !file.is_unrendered) {
        for rule in file.rules() {
            by_name.entry(name(rule)).or_default().push(wanted.len());
            wanted.push(Wanted {
                rule,
                missing: Vec::new(),
                replaced: Vec::new(),
                variants: Vec::new(),
            });
        }
    }
    let mut agreement = Agreement::default();
    let mut expressions = Expressions::default();
    for (carrier, answer) in live.answers.iter().enumerate() {
        let Ok(loaded) = &answer.rules else { continue };
        agreement.answering += 1;
        let mut loaded_by_name: BTreeMap<Name<'_>, Vec<&Rule>> = BTreeMap::new();
        for rule in loaded.rules() {
            loaded_by_name.entry(name(rule)).or_default().push(rule);
        }
        for (name, indexes) in &by_name {
            let there = loaded_by_name.remove(name).unwrap_or_default();
            let here: Vec<&Rule> = indexes.iter().map(|index| wanted[*index].rule).collect();
            let (counterparts, left_over) = pair(&here, &there, &mut expressions);
            for (position, counterpart) in counterparts.iter().enumerate() {
                let wanted = &mut wanted[indexes[position]];
                if let Some(loaded) = counterpart {
                    let found = differences(wanted.rule, loaded, &mut expressions);
                    add(&mut wanted.variants, carrier, loaded, found);
                } else if is_replaced(&here, &counterparts, position) {
                    wanted.replaced.push(carrier);
                } else {
                    wanted.missing.push(carrier);
                }
            }
            if !left_over.is_empty() {
                loaded_by_name.insert(*name, left_over);
            }
        }
        let mut extra: Vec<&Rule> = loaded_by_name.into_values().flatten().collect();
        extra.sort_by(|a, b| a.span.cmp(&b.span));
        // Nobody knows what a template will make.
        if !extra.is_empty() && site.rule_files.iter().all(|file| !file.is_unrendered) {
            agreement.extra.push((carrier, extra));
        }
    }
    for it in wanted {
        if !it.missing.is_empty() {
            agreement.lacking.push((it.rule, it.missing));
        } else if !it.replaced.is_empty() && it.replaced.len() == agreement.answering {
            agreement.lacking.push((it.rule, it.replaced));
        }
        if !it.variants.is_empty() {
            agreement.differing.push((it.rule, it.variants));
        }
    }
    Some(agreement)
}

fn name(rule: &Rule) -> Name<'_> {
    (rule.alert_name().is_some(), rule.name().as_str())
}

/// For each rule here its counterpart there, and what is left over there. All have one name.
fn pair<'s>(
    here: &[&Rule],
    there: &[&'s Rule],
    expressions: &mut Expressions,
) -> (Vec<Option<&'s Rule>>, Vec<&'s Rule>) {
    /// Beyond this, rules that are not the same are not worth a closer look.
    const MOST_COMPARED: usize = 10_000;
    let mut counterparts = vec![None; here.len()];
    let mut left: Vec<Option<&'s Rule>> = there.iter().copied().map(Some).collect();
    for (rule, counterpart) in here.iter().zip(&mut counterparts) {
        let mut is_same = |loaded: &Rule| differences(rule, loaded, expressions).is_empty();
        let same = left.iter_mut().find(|loaded| loaded.is_some_and(&mut is_same));
        *counterpart = same.and_then(Option::take);
    }
    let unmatched = counterparts.iter().filter(|counterpart| counterpart.is_none()).count();
    let mut pairs = Vec::new();
    if unmatched * left.iter().flatten().count() <= MOST_COMPARED {
        for (position, rule) in here.iter().enumerate() {
            for (index, loaded) in left.iter().enumerate() {
                let Some(loaded) = loaded.filter(|_| counterparts[position].is_none()) else {
                    continue;
                };
                pairs.push((distance(rule, loaded, expressions), position, index));
            }
        }
    }
    pairs.sort_unstable();
    for (_, position, index) in pairs {
        if counterparts[position].is_none() {
            counterparts[position] = left[index].take();
        }
    }
    (counterparts, left.into_iter().flatten().collect())
}

/// How far two rules of one name are apart. Labels tell more of what a rule is for than a threshold
/// does, and annotations tell least.
fn distance(here: &Rule, there: &Rule, expressions: &mut Expressions) -> usize {
    let found = differences(here, there, expressions);
    let weight = |difference: &Difference| match difference.field.as_str() {
        field if field.starts_with("label") => 10,
        "`expr`" => 8,
        field if field.starts_with("annotation") => 1,
        _ => 2,
    };
    found.iter().map(weight).sum()
}

/// Whether a rule without a counterpart is a variant of one that has its own: with the same labels,
/// in another file.
fn is_replaced(here: &[&Rule], counterparts: &[Option<&Rule>], position: usize) -> bool {
    let rule = here[position];
    here.iter().zip(counterparts).any(|(other, counterpart)| {
        counterpart.is_some()
            && other.span.source().path() != rule.span.source().path()
            && labels(&other.labels) == labels(&rule.labels)
    })
}

fn labels(labels: &[Label]) -> BTreeMap<&str, &str> {
    labels.iter().map(|label| (label.name.as_str(), label.value.as_str())).collect()
}

/// Notes that a carrier has a rule otherwise.
fn add<'s>(
    variants: &mut Vec<Variant<'s>>,
    carrier: usize,
    loaded: &'s Rule,
    differences: Vec<Difference>,
) {
    if differences.is_empty() {
        return;
    }
    let texts = |differences: &[Difference]| -> Vec<(String, Option<String>)> {
        let text = |span: &Span| span.text().to_owned();
        differences.iter().map(|it| (it.field.clone(), it.there.as_ref().map(text))).collect()
    };
    let same = variants.iter_mut().find(|it| texts(&it.differences) == texts(&differences));
    match same {
        Some(variant) => variant.carriers.push(carrier),
        None => variants.push(Variant { carriers: vec![carrier], loaded, differences }),
    }
}

/// In what a loaded rule differs from that of a file.
fn differences(here: &Rule, there: &Rule, expressions: &mut Expressions) -> Vec<Difference> {
    let mut found = Vec::new();
    if !expressions.are_same(here.expr.as_str(), there.expr.as_str()) {
        let (first, second) = expressions.differing(&here.expr, &there.expr);
        found.push(Difference {
            field: "`expr`".to_owned(),
            here: Some(first),
            there: Some(second),
        });
    }
    for (field, a, b) in [
        ("`for`", here.for_duration(), there.for_duration()),
        ("`keep_firing_for`", here.keep_firing_for(), there.keep_firing_for()),
    ] {
        let length = |duration: Option<&Duration>| duration.map_or(0, |it| it.milliseconds);
        if length(a) != length(b) {
            let span = |duration: &Duration| duration.text.span().clone();
            let (here, there) = (a.map(span), b.map(span));
            found.push(Difference { field: field.to_owned(), here, there });
        }
    }
    for (what, a, b) in [
        ("label", here.labels.as_slice(), there.labels.as_slice()),
        ("annotation", here.annotations(), there.annotations()),
    ] {
        let (a, b) = (by_name(a), by_name(b));
        let names = a.keys().chain(b.keys().filter(|name| !a.contains_key(*name)));
        for name in names {
            let (a, b) = (a.get(name), b.get(name));
            // An empty label is none.
            let text = |value: Option<&&Text>| value.map_or("", |value| value.as_str()).to_owned();
            if text(a) != text(b) {
                let span = |value: &&Text| value.span().clone();
                let (here, there) = (a.map(span), b.map(span));
                found.push(Difference { field: format!("{what} `{name}`"), here, there });
            }
        }
    }
    found
}

fn by_name(labels: &[Label]) -> BTreeMap<&str, &Text> {
    labels.iter().map(|label| (label.name.as_str(), &label.value)).collect()
}

/// Expressions, each parsed once: all carriers print them alike, and otherwise than their authors.
#[derive(Default)]
struct Expressions {
    trees: HashMap<String, Option<Node>>,
}

impl Expressions {
    fn tree(&mut self, text: &str) -> Option<&Node> {
        if !self.trees.contains_key(text) {
            self.trees.insert(text.to_owned(), tree(text));
        }
        self.trees.get(text)?.as_ref()
    }

    /// Whether both say the same. What can't be parsed is compared word by word.
    fn are_same(&mut self, first: &str, second: &str) -> bool {
        if first == second {
            return true;
        }
        let Some(node) = self.tree(first).cloned() else {
            return first.split_whitespace().eq(second.split_whitespace());
        };
        self.tree(second).is_some_and(|other| node.is_same(other))
    }

    /// Where two expressions begin to differ, or all of both where they have little in common.
    fn differing(&mut self, first: &Text, second: &Text) -> (Span, Span) {
        let nodes = self.tree(first.as_str()).cloned().zip(self.tree(second.as_str()).cloned());
        let differences = nodes.and_then(|(a, b)| a.differences(&b)).unwrap_or_default();
        match differences.first() {
            Some(it) => (first.span_of(it.first.clone()), second.span_of(it.second.clone())),
            None => (first.span().clone(), second.span().clone()),
        }
    }
}
