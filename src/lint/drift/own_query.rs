//! How runbooks write an alert's own query otherwise than as its rule: as code that looks like nothing,
//! with shortened names, in part, behind the alert's name.

use crate::markdown::{Inline, InlineKind, walk_inlines};
use crate::promql::{Difference, Node, NodeKind, Part};
use crate::runbook::Query;
use crate::site::Page;
use crate::source::MappedText;
use std::borrow::Cow;

/// The codes among inlines that look like nothing, but can be read as a condition: `GPU_USED > 80`.
pub fn codes(page: &Page, content: &[Inline]) -> impl Iterator<Item = Query> {
    let runbook = &page.runbook;
    let mut codes = Vec::new();
    walk_inlines(content, &mut |inline| {
        let InlineKind::Code(code) = &inline.kind else { return };
        let start = inline.range.start;
        if runbook.snippets.binary_search_by_key(&start, |snippet| snippet.start).is_err() {
            codes.push(&**code);
        }
    });
    let may_be_condition = |code: &&MappedText| code.text().contains(['<', '>', '=']);
    let codes = codes.into_iter().filter(may_be_condition);
    codes.filter_map(|code| Query::in_code(runbook.source(), code))
}

/// An expression, and without what only filters it: both sides of an `or`, the left of `and`.
pub fn operands(expression: &Node) -> Vec<&Node> {
    let mut found = vec![expression];
    if let NodeKind::Binary { operator, left, right, .. } = &expression.kind
        && matches!(operator.text.as_str(), "and" | "or" | "unless")
    {
        found.extend(operands(left));
        if operator.text == "or" {
            found.extend(operands(right));
        }
    }
    found
}

/// Whether a metric is only written shorter than in the rule, `fb_used` for `DCGM_FI_DEV_FB_USED`.
pub fn is_short_name(difference: &Difference, written: &str, rule: &str) -> bool {
    let (short, whole) = (&written[difference.first.clone()], &rule[difference.second.clone()]);
    difference.part == Part::Metric && whole.to_lowercase().contains(&short.to_lowercase())
}

/// An introduction without what says no more than which alert it is about: `Alert: DiskFull
/// (warning):`.
pub fn without_name<'s>(introduction: &'s str, alerts: &[&str]) -> Cow<'s, str> {
    let mut names = alerts.iter().map(|name| name.to_lowercase());
    let Some(name) = names.find(|name| introduction.contains(name)) else {
        return Cow::Borrowed(introduction);
    };
    let mut rest = introduction.replace(&name, " ");
    for severity in ["(warning)", "(critical)", "(info)"] {
        rest = rest.replace(severity, " ");
    }
    Cow::Owned(rest)
}
