//! A runbook shows the query of an alert, and it is no longer the rule's.
//!
//! The first thing that people do with an alert is to run its query. An old one answers another
//! question, and nobody sees that.
//!
//! A query in the alert's section or row is taken for the alert's own if the words before it say so,
//! `The alert's expression:`, or its column does, or if it is the first one and they say nothing else,
//! `Query:`; and if it has the structure of the rule's expression, while a few parts differ: a
//! threshold, a window, the value of a label or a metric. White space, parentheses, the order of
//! matchers and the spelling of numbers and durations make no difference. Queries to look further with
//! are none of its business, `Nodes that are close to full:`; nor are those without the comparison,
//! with other labels, with placeholders, or with `> 0` in place of the threshold. Nor is anything if
//! the section shows the rule's expression as well. A rule that is shown in YAML, with its `alert:` and
//! `expr:`, is compared with the rule of that alert, also in how long it waits and in its labels.
//!
//! # Example
//!
//! ````markdown
//! ## DiskFull
//!
//! ```promql
//! disk_free{job="node"} < 5
//! ```
//! ````
//!
//! where the rule has `disk_free{job="node"} < 1`.
//!
//! # To fix it
//!
//! Copy the expression from the rule.

use super::{Check, InPage, Needs, OpenPage, Run};
use crate::diag::suggest::similarity;
use crate::diag::wording::joined;
use crate::diag::{Diagnostic, Severity};
use crate::lint::drift::introduced::Introduced;
use crate::lint::drift::lost::LostRules;
use crate::lint::drift::own_query::{codes, is_short_name, operands, without_name};
use crate::lint::drift::section::{Placed, Section};
use crate::lint::drift::shown_rule::{ShownRule, own_rules};
use crate::lint::drift::{differing, rules_meant};
use crate::markdown::{Block, BlockKind, Inline, plain_text};
use crate::promql::{self, Difference, Node, NodeKind, Part};
use crate::rules::Rule;
use crate::runbook::{Query, Snippet};
use crate::site::{Page, Site};
use crate::source::Span;
use std::borrow::Cow;
use std::cell::LazyCell;
use std::ops::Range;

pub const CHECK: Check = Check {
    name: "query-drift",
    severity: Severity::Warning,
    needs: Needs::Rules,
    run: Run::Pages(run),
};

fn run(site: &Site) -> InPage<'_> {
    let lost = LostRules::new(site);
    Box::new(move |open| in_page(open, &lost))
}

fn in_page(open: &OpenPage<'_>, lost_rules: &LostRules<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let (site, page) = (open.site, open.page());
    found.extend(own_rules(open).iter().filter_map(|shown| judge_shown(site, shown)));
    let has_code = || page.runbook.source().text().contains('`');
    if page.runbook.snippets.iter().all(Snippet::is_sample) && !has_code() {
        return found;
    }
    // All rows of a table have one header.
    for table in open.rows().chunk_by(|a, b| std::ptr::eq(a.header, b.header)) {
        let introductions = table[0].header.iter().map(|cell| {
            let introduction = plain_text(&cell.content).to_lowercase();
            let is_own = Introduced::by(&introduction) == Introduced::Own;
            (introduction, is_own)
        });
        let introductions: Vec<(String, bool)> = introductions.collect();
        for row in table {
            let mut shown = Vec::new();
            for (column, cell) in row.row.cells.iter().enumerate() {
                let introduced = introductions.get(column);
                let (introduction, is_own) = introduced.map_or(("", false), |(it, own)| (it, *own));
                shown.extend(queries(page, &cell.range, introduction));
                if is_own {
                    shown.extend(codes(page, &cell.content).map(|query| Shown {
                        query: Cow::Owned(query),
                        introduction: introduction.to_owned(),
                        conclusion: String::new(),
                    }));
                }
            }
            found.extend(judge(site, &row.alerts, &shown));
        }
    }
    for section in open.sections() {
        // Most often the query is the rule's to the letter, and nothing has to be compared.
        let rules = rules_meant(site, &section.alerts);
        if own_blocks(open, section).any(|(block, _)| shows_one_of(page, block, &rules)) {
            continue;
        }
        let mut shown = Vec::new();
        let mut above: &[Inline] = &[];
        let mut last = "";
        for (block, placed) in own_blocks(open, section) {
            let below = placed.heading.as_deref().unwrap_or_default();
            // What stands above another heading introduces nothing here.
            if below != last {
                above = &[];
                last = below;
            }
            collect(page, block, below, &mut above, &mut shown);
        }
        let drifts = judge(site, &section.alerts, &shown);
        if !drifts.is_empty() && !shows_lost(lost_rules, &section.alerts, &shown) {
            found.extend(drifts);
        }
    }
    found
}

/// The blocks of a section whose queries may be the alert's own. Below a heading of something else even a
/// heading *Query* is not the alert's.
fn own_blocks<'o, 's>(
    open: &OpenPage<'o>,
    section: &'s Section<'o>,
) -> impl Iterator<Item = (&'o Block, &'s Placed)> {
    section.blocks(open).filter(|(_, placed)| !placed.is_below_other)
}

/// Whether a block shows the very query of one of some rules.
fn shows_one_of(page: &Page, block: &Block, rules: &[&Rule]) -> bool {
    match &block.kind {
        BlockKind::Paragraph { .. } | BlockKind::Code(_) => {
            let snippets = snippets_in(page, &block.range).iter();
            snippets.flat_map(|it| &it.queries).any(|query| is_of_rule(query, rules))
        }
        BlockKind::List { items, .. } => {
            let mut blocks = items.iter().flat_map(|item| &item.blocks);
            blocks.any(|block| shows_one_of(page, block, rules))
        }
        _ => false,
    }
}

/// Whether a query may be a rule's own.
fn may_be_own(query: &Query) -> bool {
    query.placeholders.is_empty() && query.error.is_none()
}

/// Whether a query is that of one of some rules, to the letter.
fn is_of_rule(query: &Query, rules: &[&Rule]) -> bool {
    may_be_own(query) && rules.iter().any(|rule| rule.expr == *query.text())
}

/// Whether a section shows the query of an alert that has lost it.
fn shows_lost(lost: &LostRules<'_>, alerts: &[&str], shown: &[Shown<'_>]) -> bool {
    let shown: Vec<Node> = shown.iter().filter_map(|one| promql::tree(one.query.text())).collect();
    let mut lost = lost.beside(alerts).filter_map(Rule::tree);
    lost.any(|lost| shown.iter().any(|tree| tree.is_same(lost)))
}

/// What is to be said of a rule that a page shows in YAML. Which rule one is, its alert says.
fn judge_shown(site: &Site, shown: &ShownRule) -> Option<Diagnostic> {
    let name = shown.alert.as_str();
    let tree = promql::tree(shown.expr.as_str())?;
    let compared = site.rules_raising(name).filter_map(|rule| {
        let differences = tree.differences(rule.tree()?)?;
        Some((rule, differences, shown.other_parts(rule)))
    });
    // Of several rules, the one that is most like it is shown.
    let (rule, differences, others) =
        compared.min_by_key(|(_, differences, others)| differences.len() + others.len())?;
    let mut said: Vec<String> = Vec::new();
    if !differences.is_empty() {
        said.push(differing(&differences, shown.expr.as_str(), rule.expr.as_str()));
    }
    said.extend(others.iter().map(|part| part.how.clone()));
    let in_expr = differences
        .iter()
        .map(|it| (shown.expr.span_of(it.first.clone()), rule.expr.span_of(it.second.clone())));
    let places: Vec<(Span, Span)> =
        in_expr.chain(others.into_iter().map(|part| (part.shown, part.rule))).collect();
    let message = format!("the rule shown here is no longer that of `{name}`: {}", joined(&said));
    let mut found = Diagnostic::new(CHECK.name, places.first()?.0.clone(), message)
        .with_alert(name)
        .with_label("not what the rule says")
        .with_help("copy the rule anew");
    for (_, place) in places {
        found.relate(place, "the rule says this");
    }
    Some(found)
}

/// A query with what is said before it and right behind it, in lower case.
struct Shown<'s> {
    query: Cow<'s, Query>,
    introduction: String,
    conclusion: String,
}

/// The queries of a block. `above` is the text that stood above it.
fn collect<'s, 'b>(
    page: &'s Page,
    block: &'b Block,
    below: &str,
    above: &mut &'b [Inline],
    shown: &mut Vec<Shown<'s>>,
) {
    match &block.kind {
        BlockKind::Paragraph { content, .. } => {
            // Most paragraphs stand beside no query.
            let text = LazyCell::new(|| plain_text(content).to_lowercase());
            let above_it = LazyCell::new(|| plain_text(above).to_lowercase());
            if let Some(block) = shown.last_mut()
                && plain_text(above).is_empty()
            {
                let sentence = text.split(['.', '\n']).next().unwrap_or_default();
                sentence.clone_into(&mut block.conclusion);
            }
            let introduced = |query: Cow<'s, Query>| {
                // What ends with a colon goes on in the next paragraph.
                let goes_on = above_it.trim_end().ends_with(':').then_some(above_it.as_str());
                // What stands behind the query says what to do with its answer.
                let written = query.text().to_lowercase();
                let at = text.find(&written).unwrap_or(text.len());
                let is_alone = text.trim() == written;
                let before = match at {
                    0 if is_alone => above_it.trim_end_matches('.'),
                    0 => goes_on.unwrap_or_default(),
                    _ => &text[..at],
                };
                let sentence = before.rsplit(['.', '\n']).next().unwrap_or_default();
                let introduction = format!("{below}\n{sentence}");
                let behind = text.get(at + query.text().len()..).unwrap_or_default();
                let conclusion = behind.split(['.', '\n']).next().unwrap_or_default().to_owned();
                Shown { query, introduction, conclusion }
            };
            for snippet in snippets_in(page, &block.range) {
                shown.extend(snippet.queries.iter().map(|query| introduced(Cow::Borrowed(query))));
            }
            let codes = codes(page, content).map(|query| introduced(Cow::Owned(query)));
            shown.extend(codes.filter(|it| Introduced::by(&it.introduction) == Introduced::Own));
            *above = content;
        }
        BlockKind::List { items, .. } => {
            for block in items.iter().flat_map(|item| &item.blocks) {
                collect(page, block, below, above, shown);
            }
        }
        BlockKind::Code(_) => {
            if !snippets_in(page, &block.range).is_empty() {
                let introduction = format!("{below}\n{}", plain_text(above).to_lowercase());
                shown.extend(queries(page, &block.range, &introduction));
            }
            *above = &[];
        }
        // `| Expression | … |`
        BlockKind::Table(table) => {
            for row in table.head.iter().chain(table.body_rows()) {
                let [key, value] = row.cells.as_slice() else { continue };
                let key = plain_text(&key.content).to_lowercase();
                if Introduced::by(&key) != Introduced::Otherwise {
                    shown.extend(queries(page, &value.range, &key));
                }
            }
        }
        _ => {}
    }
}

/// The snippets that begin in a range of the source.
fn snippets_in<'s>(page: &'s Page, range: &Range<usize>) -> &'s [Snippet] {
    let snippets = &page.runbook.snippets;
    let from = snippets.partition_point(|snippet| snippet.start < range.start);
    let behind = &snippets[from..];
    &behind[..behind.partition_point(|snippet| snippet.start < range.end)]
}

/// The queries in a range of the source.
fn queries<'s>(
    page: &'s Page,
    range: &Range<usize>,
    introduction: &str,
) -> impl Iterator<Item = Shown<'s>> {
    let queries = snippets_in(page, range).iter().flat_map(|snippet| &snippet.queries);
    queries.map(move |query| Shown {
        query: Cow::Borrowed(query),
        introduction: introduction.to_owned(),
        conclusion: String::new(),
    })
}

/// What is to be said of the queries of one section or row.
fn judge(site: &Site, alerts: &[&str], shown: &[Shown<'_>]) -> Vec<Diagnostic> {
    let rules = rules_meant(site, alerts);
    if !shown.iter().any(|one| may_be_own(&one.query))
        || shown.iter().any(|one| is_of_rule(&one.query, &rules))
    {
        return Vec::new();
    }
    let rules: Vec<(&Rule, &Node)> =
        rules.into_iter().filter_map(|rule| Some((rule, rule.tree()?))).collect();
    let mut found = Vec::new();
    for (position, one) in shown.iter().enumerate() {
        if !may_be_own(&one.query) {
            continue;
        }
        let Some(tree) = promql::tree(one.query.text()) else { continue };
        let introduced = Introduced::by(&without_name(&one.introduction, alerts));
        let is_introduced =
            introduced == Introduced::Own || introduced == Introduced::Query && position == 0;
        let compared = rules.iter().flat_map(|(rule, expression)| {
            // A runbook may leave out `and` when the rest of the rule is looked at.
            let parts = if is_introduced { operands(expression) } else { vec![*expression] };
            parts.into_iter().filter_map(|part| Some((*rule, tree.differences(part)?)))
        });
        let Some((rule, mut differences)) = compared.min_by_key(|(_, it)| it.len()) else {
            continue;
        };
        if is_introduced {
            let is_short =
                |it: &Difference| is_short_name(it, one.query.text(), rule.expr.as_str());
            differences.retain(|difference| !is_short(difference));
        }
        if differences.is_empty() {
            // Who sees the rule's own query takes the others for what they are.
            return Vec::new();
        }
        if is_own(one, introduced, position == 0, &tree, &differences, rule.expr.as_str()) {
            found.push(diagnostic(&one.query, rule, &differences));
        }
    }
    found
}

/// Whether what stands behind a query says what it is there for: `to see the worst jobs`, `lists the
/// nodes that are full`.
fn has_purpose(conclusion: &str) -> bool {
    const VERBS: [&str; 14] = [
        "see", "find", "list", "get", "know", "check", "identify", "spot", "look", "tell", "show",
        "learn", "count", "narrow",
    ];
    const SHOWING: [&str; 11] = [
        "shows", "lists", "returns", "gives", "finds", "tells", "counts", "which", "these",
        "prints", "yields",
    ];
    let words: Vec<&str> = conclusion
        .split(|it: char| !it.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let is_to = words.windows(2).any(|pair| pair[0] == "to" && VERBS.contains(&pair[1]));
    is_to || words.iter().take(6).any(|word| SHOWING.contains(word))
}

/// Whether a query is shown as the alert's own, though it differs from the rule.
fn is_own(
    shown: &Shown<'_>,
    introduced: Introduced,
    is_first: bool,
    tree: &Node,
    differences: &[Difference],
    rule: &str,
) -> bool {
    let written = shown.query.text();
    let is_introduced =
        introduced == Introduced::Own || introduced == Introduced::Query && is_first;
    let has = |parts: &[Part]| differences.iter().any(|it| parts.contains(&it.part));
    // `> 0` lists what there is; that is no threshold that somebody forgot.
    let lists = differences.iter().any(|it| {
        it.part == Part::Threshold && written[it.first.clone()].trim_matches(['(', ')', ' ']) == "0"
    });
    let is_for_something = has_purpose(&shown.conclusion);
    if introduced == Introduced::Otherwise
        || introduced != Introduced::Own && (lists || is_for_something || !compares(tree))
    {
        return false;
    }
    if !has(&[Part::Metric, Part::LabelValue, Part::Labels, Part::Argument]) {
        return is_introduced || is_first;
    }
    // Another metric or label makes another query, unless nearly everything else is the same.
    let names_alike = differences
        .iter()
        .filter(|it| it.part == Part::Metric)
        .all(|it| similarity(&written[it.first.clone()], &rule[it.second.clone()]) >= 0.7);
    is_introduced && !lists && names_alike && differences.len() * 2 <= leaves(tree)
}

/// Whether anything in a query is compared.
fn compares(tree: &Node) -> bool {
    let mut found = false;
    tree.walk(&mut |node| {
        if let NodeKind::Binary { operator, .. } = &node.kind {
            found |= promql::is_comparison(&operator.text);
        }
    });
    found
}

/// How many parts a query has that could differ.
fn leaves(tree: &Node) -> usize {
    let mut count = 0;
    tree.walk(&mut |node| {
        count += match &node.kind {
            NodeKind::Selector { matchers, range, .. } => {
                1 + matchers.len() + usize::from(range.is_some())
            }
            NodeKind::Shifted { .. } | NodeKind::Negation(_) | NodeKind::Binary { .. } => 0,
            _ => 1,
        };
    });
    count
}

fn diagnostic(query: &Query, rule: &Rule, differences: &[Difference]) -> Diagnostic {
    let name = rule.name().as_str();
    let expr = rule.expr.as_str();
    let how = differing(differences, query.text(), expr);
    let message = format!("the query is no longer that of `{name}`: {how}");
    let span = differences
        .first()
        .map_or_else(|| query.span.clone(), |difference| query.span_of(difference.first.clone()));
    let mut found = Diagnostic::new(CHECK.name, span, message)
        .with_alert(name)
        .with_label("not what the rule says")
        .with_help("copy the expression from the rule");
    for difference in differences {
        found.relate(rule.expr.span_of(difference.second.clone()), "the rule says this");
    }
    found
}
