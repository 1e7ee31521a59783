//! What the expression of a rule says of the numbers and times at which its alert fires.

mod subject;

use crate::promql::{self, Length, Node, NodeKind};
use crate::rules::Rule;
use smallvec::SmallVec;
use std::ops::Range;
pub use subject::Subject;

/// A rule as far as sentences about its alert can be compared with it.
#[derive(Clone)]
pub struct Conditions<'r> {
    /// The rule.
    pub rule: &'r Rule,
    /// The comparisons of its expression, in the order of the text.
    pub comparisons: Vec<Comparison>,
    /// Its other numbers: the 0.8 of `x * 0.8`, the 0.99 of a quantile.
    pub numbers: Vec<f64>,
    /// The numbers that a constant of it is made of: the 10 of `10 * 1024 ^ 3`.
    pub factors: Vec<f64>,
    /// Numbers in strings and in the names of metrics: the 0.5 of `le="0.5"`.
    pub hints: Vec<f64>,
    /// The ranges of its range vectors and subqueries.
    pub windows: Vec<Window>,
    /// How much earlier its selectors look: what stands behind `offset`.
    pub offsets: Vec<Window>,
    /// The ranges that names of metrics say: the 5m of `job:requests:rate5m`.
    pub named: Vec<Window>,
    /// Every other length of time in milliseconds: the steps of subqueries.
    pub lengths: Vec<u64>,
    /// How far ahead it looks: the second arguments of `predict_linear`.
    pub horizons: Vec<Window>,
    /// Whether it asks for nothing but whether a target is up or a metric is there, at an instant.
    pub is_presence: bool,
}

/// A comparison with a number.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The operator, with the number on its right.
    pub operator: Operator,
    /// The number.
    pub value: f64,
    /// Operator and number as they are written, bytes of the expression.
    pub range: Range<usize>,
    /// Whether it decides by itself whether the alert fires, rather than within an aggregation.
    pub is_outermost: bool,
    /// What is compared: its kind, as far as a sentence about it can be told by it.
    pub subject: Subject,
    /// The windows of what is compared, as indexes.
    pub windows: SmallVec<[usize; 2]>,
    /// The only one of them, in milliseconds.
    pub window: Option<u64>,
}

/// Operators of comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `>`
    Above,
    /// `>=`
    AtLeast,
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
}

/// The range of a range vector or a subquery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// In milliseconds.
    pub milliseconds: u64,
    /// Its bytes in the expression, without brackets; none where it belongs to a recording rule
    /// whose metric the expression uses.
    pub range: Option<Range<usize>>,
    /// Whether a rate is taken over it: that is so at an instant, and nothing lasts as long.
    pub is_of_rate: bool,
}

impl<'r> Conditions<'r> {
    /// Reads a rule. `recorded` gives the recording rules by the metric they make.
    pub fn of<'e>(rule: &'r Rule, recorded: &dyn Fn(&str) -> &'e [&'e Rule]) -> Option<Self> {
        let tree = rule.tree()?;
        let mut conditions = Self {
            rule,
            comparisons: Vec::new(),
            numbers: Vec::new(),
            factors: Vec::new(),
            hints: Vec::new(),
            windows: Vec::new(),
            offsets: Vec::new(),
            named: Vec::new(),
            lengths: Vec::new(),
            horizons: Vec::new(),
            is_presence: is_presence(tree),
        };
        conditions.compare(tree, true);
        let metrics = conditions.collect(tree);
        let own = conditions.windows.len();
        conditions.follow(&metrics, recorded, MOST_FOLLOWED);
        for comparison in &mut conditions.comparisons {
            // What is compared may be a recorded metric: the windows are then those of its rule.
            if comparison.windows.is_empty() && own == 0 {
                comparison.windows = (own..conditions.windows.len()).collect();
            }
            if let [only] = comparison.windows[..] {
                comparison.window = Some(conditions.windows[only].milliseconds);
            }
        }
        Some(conditions)
    }

    /// How long the expression must hold before the alert fires, in milliseconds.
    pub fn held(&self) -> Option<u64> {
        self.rule.for_duration().map(|it| it.milliseconds).filter(|length| *length > 0)
    }

    /// How long the alert keeps firing, in milliseconds.
    pub fn kept(&self) -> Option<u64> {
        self.rule.keep_firing_for().map(|it| it.milliseconds)
    }

    /// The comparisons of a node and of those within.
    fn compare(&mut self, node: &Node, is_outermost: bool) {
        let inner_is_outermost = match &node.kind {
            NodeKind::Binary { operator, .. } => {
                self.comparisons.extend(comparison(node, is_outermost));
                is_outermost && matches!(operator.text.as_str(), "and" | "or" | "unless")
            }
            // What only changes labels or the order of series leaves its condition as it is.
            NodeKind::Call { function, .. } => {
                let same = ["label_replace", "label_join", "sort", "sort_desc"];
                is_outermost && same.contains(&function.text.as_str())
            }
            _ => false,
        };
        for child in node.children() {
            self.compare(child, inner_is_outermost);
        }
    }

    /// Numbers and lengths of an expression of the rule itself. Gives its metrics.
    fn collect<'t>(&mut self, tree: &'t Node) -> Metrics<'t> {
        let mut ranges = Ranges::default();
        tree.walk(&mut |node| {
            ranges.add(node);
            if !compares(node) {
                let mut constants = node.children().filter_map(Node::constant).peekable();
                if constants.peek().is_some() {
                    let is_constant = node.constant().is_some();
                    let numbers = if is_constant { &mut self.factors } else { &mut self.numbers };
                    numbers.extend(constants);
                }
            }
            match &node.kind {
                NodeKind::Selector { metric, matchers, .. } => {
                    if let Some(metric) = metric {
                        self.read_name(&metric.text);
                    }
                    for matcher in matchers {
                        self.hints.extend(numbers_in(&matcher.value.text));
                    }
                }
                NodeKind::Subquery { step, .. } => {
                    self.lengths.extend(step.as_ref().map(|step| step.milliseconds.unsigned_abs()));
                }
                NodeKind::Shifted { offset: Some(offset), .. } => {
                    self.offsets.push(Window::written(offset));
                }
                NodeKind::String(text) => self.hints.extend(numbers_in(text)),
                NodeKind::Call { function, arguments } if function.text == "predict_linear" => {
                    self.horizons.extend(arguments.get(1).and_then(horizon));
                }
                _ => {}
            }
        });
        let (mut windows, metrics) = ranges.marked();
        windows.sort_by_key(|window| window.range.as_ref().map(|range| range.start));
        self.windows = windows;
        for comparison in &mut self.comparisons {
            let starts = std::mem::take(&mut comparison.windows);
            comparison.windows = (0..self.windows.len())
                .filter(|index| {
                    self.windows[*index].range.as_ref().is_some_and(|it| starts.contains(&it.start))
                })
                .collect();
        }
        metrics
    }

    /// Numbers and lengths of the recording rules whose metrics an expression uses.
    fn follow<'e>(
        &mut self,
        metrics: &[&str],
        recorded: &dyn Fn(&str) -> &'e [&'e Rule],
        depth: usize,
    ) {
        let rules = metrics.iter().flat_map(|metric| recorded(metric));
        for tree in rules.filter_map(|rule| rule.tree()) {
            let mut ranges = Ranges::default();
            tree.walk(&mut |node| {
                self.hints.extend(node.constant());
                ranges.add(node);
            });
            let (windows, metrics) = ranges.marked();
            self.windows.extend(windows.into_iter().map(|it| Window { range: None, ..it }));
            if depth > 0 {
                self.follow(&metrics, recorded, depth - 1);
            }
        }
    }

    /// What the name of a metric says: the 5m of `job:requests:rate5m`, the 95 of `latency_p95`.
    fn read_name(&mut self, name: &str) {
        // Nearly no name has a number in it.
        if !name.bytes().any(|byte| byte.is_ascii_digit()) {
            return;
        }
        for part in name.split([':', '_']) {
            let Some(first) = part.find(|it: char| it.is_ascii_digit()) else { continue };
            let digits = &part[first..];
            match promql::milliseconds(&digits.to_lowercase()) {
                Some(milliseconds) => {
                    let is_of_rate = part.starts_with("rate");
                    self.named.push(Window { milliseconds, range: None, is_of_rate });
                }
                None => self.hints.extend(numbers_in(part)),
            }
        }
    }
}

/// How far ahead a prediction looks, by its number of seconds.
fn horizon(seconds: &Node) -> Option<Window> {
    let milliseconds = (seconds.constant()? * 1000.0).round();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked")]
    let milliseconds = (1.0..1e15).contains(&milliseconds).then_some(milliseconds as u64)?;
    Some(Window { milliseconds, range: Some(seconds.range.clone()), is_of_rate: false })
}

/// The metrics that an expression asks for, in the order of the text.
type Metrics<'t> = SmallVec<[&'t str; 4]>;

/// The ranges of an expression, as a walk over it finds them.
#[derive(Default)]
struct Ranges<'t> {
    windows: Vec<Window>,
    /// Those over which rates are taken.
    rated: SmallVec<[&'t Range<usize>; 2]>,
    metrics: Metrics<'t>,
}

impl<'t> Ranges<'t> {
    /// Adds what a node has itself.
    fn add(&mut self, node: &'t Node) {
        match &node.kind {
            NodeKind::Selector { metric, range, .. } => {
                self.metrics.extend(metric.as_ref().map(|metric| metric.text.as_str()));
                self.windows.extend(range.as_ref().map(Window::written));
            }
            NodeKind::Subquery { range, .. } => self.windows.push(Window::written(range)),
            NodeKind::Call { function, arguments }
                if matches!(function.text.as_str(), "rate" | "irate" | "deriv") =>
            {
                if let Some(
                    NodeKind::Selector { range: Some(range), .. }
                    | NodeKind::Subquery { range, .. },
                ) = arguments.first().map(|it| &it.kind)
                {
                    self.rated.push(&range.range);
                }
            }
            _ => {}
        }
    }

    /// The windows, those of rates marked, and the metrics.
    fn marked(self) -> (Vec<Window>, Metrics<'t>) {
        let Self { mut windows, rated, metrics } = self;
        for window in &mut windows {
            window.is_of_rate = window.range.as_ref().is_some_and(|range| rated.contains(&range));
        }
        (windows, metrics)
    }
}

/// `up == 0`, `up{job="api"} < 1`, `absent(x)`, `absent(up == 1)`
fn is_presence(tree: &Node) -> bool {
    match &tree.kind {
        NodeKind::Call { function, arguments } => {
            let is_selector =
                |node: &Node| matches!(node.kind, NodeKind::Selector { .. }) || is_presence(node);
            function.text == "absent" && arguments.first().is_some_and(is_selector)
        }
        NodeKind::Binary { operator, left, right, .. } => {
            let is_up = matches!(&left.kind, NodeKind::Selector { metric: Some(metric), range: None, .. }
                if metric.text == "up");
            is_up && Operator::of(&operator.text).is_some() && right.constant().is_some()
        }
        _ => false,
    }
}

/// Whether a node compares the numbers directly in it. Those of others are numbers of the rule: the
/// factors of a product as well as the product.
fn compares(node: &Node) -> bool {
    matches!(&node.kind, NodeKind::Binary { operator, .. } if Operator::of(&operator.text).is_some())
}

/// How many recording rules deep the windows of an expression are looked for.
const MOST_FOLLOWED: usize = 3;

impl Window {
    fn written(length: &Length) -> Self {
        let milliseconds = length.milliseconds.unsigned_abs();
        Self { milliseconds, range: Some(length.range.clone()), is_of_rate: false }
    }
}

/// The comparison that a node is, if it compares something with a number. Until the windows of the
/// expression are known, `windows` holds where those of the subject begin.
fn comparison(node: &Node, is_outermost: bool) -> Option<Comparison> {
    let NodeKind::Binary { operator, left, right, .. } = &node.kind else { return None };
    let operator_range = &operator.range;
    let mut operator = Operator::of(&operator.text)?;
    let (subject, value, range) = match (left.constant(), right.constant()) {
        (None, Some(value)) => (left, value, operator_range.start..right.range.end),
        (Some(value), None) => {
            operator = operator.turned();
            (right, value, left.range.start..operator_range.end)
        }
        // `used > limit * 0.8`: the factor is what people call the threshold.
        (None, None) => {
            let (value, range) = factor(right).or_else(|| factor(left))?;
            (left, value, range)
        }
        (Some(_), Some(_)) => return None,
    };
    let mut subject = Subject::of(subject);
    let mut windows = SmallVec::new();
    let of_time = |number: f64| [3600.0, 86_400.0].iter().any(|it| (number - it).abs() < 0.5);
    node.walk(&mut |node| match &node.kind {
        NodeKind::Selector { range: Some(range), .. } | NodeKind::Subquery { range, .. } => {
            windows.push(range.range.start);
        }
        // Nobody but who compares a time multiplies with the seconds of an hour or of a day.
        NodeKind::Number(number) => subject.is_time |= of_time(*number),
        _ => {}
    });
    Some(Comparison { operator, value, range, is_outermost, subject, windows, window: None })
}

/// The number that something is multiplied with.
fn factor(node: &Node) -> Option<(f64, Range<usize>)> {
    let NodeKind::Binary { operator, left, right, .. } = &node.kind else { return None };
    if !matches!(operator.text.as_str(), "*" | "/" | "-" | "+") {
        return None;
    }
    let side = |side: &Node| side.constant().map(|value| (value, side.range.clone()));
    side(right).or_else(|| side(left))
}

impl Operator {
    fn of(text: &str) -> Option<Self> {
        Some(match text {
            ">" => Self::Above,
            ">=" => Self::AtLeast,
            "<" => Self::Below,
            "<=" => Self::AtMost,
            "==" => Self::Equal,
            "!=" => Self::NotEqual,
            _ => return None,
        })
    }

    /// The operator as it is seen from the other side.
    fn turned(self) -> Self {
        match self {
            Self::Above => Self::Below,
            Self::AtLeast => Self::AtMost,
            Self::Below => Self::Above,
            Self::AtMost => Self::AtLeast,
            same => same,
        }
    }

    /// Whether the alert fires at larger values.
    pub fn is_upward(self) -> bool {
        matches!(self, Self::Above | Self::AtLeast)
    }

    /// Whether the alert fires at smaller values.
    pub fn is_downward(self) -> bool {
        matches!(self, Self::Below | Self::AtMost)
    }
}

/// The numbers that stand in a text, each by itself: 0.99 and 5 of `le-0.99:5`.
fn numbers_in(text: &str) -> impl Iterator<Item = f64> + '_ {
    // Most texts have no digit, and so no number.
    let text = if text.bytes().any(|byte| byte.is_ascii_digit()) { text } else { "" };
    let parts = text.split(|it: char| !it.is_ascii_digit() && it != '.');
    parts.filter(|part| !part.is_empty()).filter_map(|part| part.parse().ok())
}
