//! How two queries of one structure differ.
//!
//! The same in this sense are queries that Prometheus evaluates alike whatever the data: white
//! space, comments, parentheses, the order of matchers and of labels in `by`, `5h` and `300m`, `0.50`
//! and `0.5`, `5 < x` and `x > 5` make no difference.

use super::{Length, Matcher, Matching, Node, NodeKind, Word};
use crate::promql::grammar::is_comparison;
use std::ops::Range;

/// A part in which two queries of one structure differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What it is.
    pub part: Part,
    /// Its bytes in the first query.
    pub first: Range<usize>,
    /// Its bytes in the second one.
    pub second: Range<usize>,
}

/// The parts in which queries of one structure may differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A number that something is compared with.
    Threshold,
    /// An operator that compares.
    Comparison,
    /// Any other number.
    Number,
    /// The length of a range or an offset.
    Window,
    /// A metric.
    Metric,
    /// The value of a matcher.
    LabelValue,
    /// A string that is an argument.
    Argument,
    /// The labels by which series are aggregated or matched.
    Labels,
}

impl Node {
    /// The parts in which this query differs from another one of the same structure, in the order
    /// of this one's text; none if the two are the same. `None` if their structures differ.
    pub fn differences(&self, other: &Self) -> Option<Vec<Difference>> {
        let mut found = Vec::new();
        compare(self, other, false, &mut found)?;
        found.sort_by_key(|difference| difference.first.start);
        Some(found)
    }

    /// Whether Prometheus evaluates both alike, whatever the data.
    pub fn is_same(&self, other: &Self) -> bool {
        self.differences(other).is_some_and(|differences| differences.is_empty())
    }
}

/// Compares two nodes; nothing where their structures differ. `is_threshold` says that something
/// is compared with them.
fn compare(
    first: &Node,
    second: &Node,
    is_threshold: bool,
    found: &mut Vec<Difference>,
) -> Option<()> {
    let mut differ = |part, a: &Range<usize>, b: &Range<usize>| {
        found.push(Difference { part, first: a.clone(), second: b.clone() });
    };
    if let (Some(a), Some(b)) = (first.constant(), second.constant()) {
        if !same_number(a, b) {
            let part = if is_threshold { Part::Threshold } else { Part::Number };
            differ(part, &first.range, &second.range);
        }
        return Some(());
    }
    match (&first.kind, &second.kind) {
        (NodeKind::String(a), NodeKind::String(b)) => {
            if a != b {
                differ(Part::Argument, &first.range, &second.range);
            }
        }
        (
            NodeKind::Selector { metric: a, matchers: of_a, range: in_a },
            NodeKind::Selector { metric: b, matchers: of_b, range: in_b },
        ) => {
            match (a, b) {
                (Some(a), Some(b)) if a.text != b.text => differ(Part::Metric, &a.range, &b.range),
                (Some(_), Some(_)) | (None, None) => {}
                _ => return None,
            }
            matchers(of_a, of_b, &mut differ)?;
            lengths(in_a.as_ref(), in_b.as_ref(), &mut differ)?;
        }
        (
            NodeKind::Subquery { inner: a, range: in_a, step: step_a },
            NodeKind::Subquery { inner: b, range: in_b, step: step_b },
        ) => {
            lengths(Some(in_a), Some(in_b), &mut differ)?;
            lengths(step_a.as_ref(), step_b.as_ref(), &mut differ)?;
            compare(a, b, false, found)?;
        }
        (
            NodeKind::Shifted { inner: a, offset: offset_a, at: at_a },
            NodeKind::Shifted { inner: b, offset: offset_b, at: at_b },
        ) => {
            lengths(offset_a.as_ref(), offset_b.as_ref(), &mut differ)?;
            if at_a.as_ref().map(|at| &at.text) != at_b.as_ref().map(|at| &at.text) {
                return None;
            }
            compare(a, b, false, found)?;
        }
        (
            NodeKind::Call { function: a, arguments: of_a },
            NodeKind::Call { function: b, arguments: of_b },
        ) => {
            if a.text != b.text {
                return None;
            }
            all(of_a, of_b, found)?;
        }
        (
            NodeKind::Aggregation { operator: a, grouping: by_a, arguments: of_a },
            NodeKind::Aggregation { operator: b, grouping: by_b, arguments: of_b },
        ) => {
            if a.text != b.text {
                return None;
            }
            match (by_a, by_b) {
                (Some(a), Some(b)) if a.is_without == b.is_without => {
                    if a.labels != b.labels {
                        differ(Part::Labels, &a.range, &b.range);
                    }
                }
                (None, None) => {}
                _ => return None,
            }
            all(of_a, of_b, found)?;
        }
        (NodeKind::Negation(a), NodeKind::Negation(b)) => compare(a, b, is_threshold, found)?,
        (NodeKind::Binary { .. }, NodeKind::Binary { .. }) => binaries(first, second, found)?,
        _ => return None,
    }
    Some(())
}

fn all(first: &[Node], second: &[Node], found: &mut Vec<Difference>) -> Option<()> {
    if first.len() != second.len() {
        return None;
    }
    first.iter().zip(second).try_for_each(|(a, b)| compare(a, b, false, found))
}

fn binaries(first: &Node, second: &Node, found: &mut Vec<Difference>) -> Option<()> {
    let (first, second) = (Sides::of(first)?, Sides::of(second)?);
    let compares = is_comparison(first.operator);
    if first.operator != second.operator {
        if !compares || !is_comparison(second.operator) {
            return None;
        }
        found.push(Difference {
            part: Part::Comparison,
            first: first.place.clone(),
            second: second.place.clone(),
        });
    }
    if first.is_bool != second.is_bool {
        return None;
    }
    match (first.matching, second.matching) {
        (Some(a), Some(b)) => {
            if a.is_on != b.is_on || a.many != b.many {
                return None;
            }
            if (&a.labels, &a.included) != (&b.labels, &b.included) {
                found.push(Difference {
                    part: Part::Labels,
                    first: a.range.clone(),
                    second: b.range.clone(),
                });
            }
        }
        (None, None) => {}
        _ => return None,
    }
    compare(first.left, second.left, compares, found)?;
    compare(first.right, second.right, compares, found)
}

/// An operator with its sides; a number that a comparison has on its left is put on its right.
pub(in crate::promql) struct Sides<'n> {
    pub operator: &'n str,
    pub place: &'n Range<usize>,
    pub left: &'n Node,
    pub right: &'n Node,
    is_bool: bool,
    matching: Option<&'n Matching>,
}

impl<'n> Sides<'n> {
    pub fn of(node: &'n Node) -> Option<Self> {
        let NodeKind::Binary { operator, is_bool, matching, left, right } = &node.kind else {
            return None;
        };
        let mut sides = Self {
            operator: &operator.text,
            place: &operator.range,
            left,
            right,
            is_bool: *is_bool,
            matching: matching.as_deref(),
        };
        if is_comparison(sides.operator) && left.constant().is_some() && right.constant().is_none()
        {
            std::mem::swap(&mut sides.left, &mut sides.right);
            sides.operator = match sides.operator {
                "<" => ">",
                ">" => "<",
                "<=" => ">=",
                ">=" => "<=",
                same => same,
            };
        }
        Some(sides)
    }
}

type Differ<'d> = &'d mut dyn FnMut(Part, &Range<usize>, &Range<usize>);

fn matchers(first: &[Matcher], second: &[Matcher], differ: Differ<'_>) -> Option<()> {
    if first.len() != second.len() {
        return None;
    }
    for (a, b) in first.iter().zip(second) {
        if (&a.label, &a.operator) != (&b.label, &b.operator) {
            return None;
        }
        let (Word { text: a, range: place_a }, Word { text: b, range: place_b }) =
            (&a.value, &b.value);
        if a != b {
            differ(Part::LabelValue, place_a, place_b);
        }
    }
    Some(())
}

fn lengths(first: Option<&Length>, second: Option<&Length>, differ: Differ<'_>) -> Option<()> {
    match (first, second) {
        (Some(a), Some(b)) => {
            if a.milliseconds != b.milliseconds {
                differ(Part::Window, &a.range, &b.range);
            }
            Some(())
        }
        (None, None) => Some(()),
        _ => None,
    }
}

/// `NaN` is the same as itself here; and sums of decimal fractions are compared as people would.
fn same_number(a: f64, b: f64) -> bool {
    let nearly = (a - b).abs() <= 1e-9 * a.abs().max(b.abs());
    nearly || a.total_cmp(&b).is_eq()
}
