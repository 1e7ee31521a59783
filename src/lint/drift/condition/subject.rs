//! What the left side of a comparison is about, by its functions and by the names of its metrics.

use crate::lint::drift::statement::Physical;
use crate::lint::drift::words::lower_case;
use crate::lint::shapes::Shapes;
use crate::lint::word_set::{WordMap, WordSet};
use crate::promql::{Node, NodeKind};
use smallvec::SmallVec;

/// What a comparison is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one independent observation")]
pub struct Subject {
    /// It counts: series, changes, events.
    pub counts: bool,
    /// It counts what happened in a window: `changes`, `increase` and their like.
    pub counts_in_window: bool,
    /// It is a quotient.
    pub is_ratio: bool,
    /// It is a time or an age, by its functions or by the names of its metrics.
    pub is_time: bool,
    /// It is a time beyond doubt: a lag may be one of messages.
    pub is_surely_time: bool,
    /// The unit of measurement that its metrics name.
    pub physical: Option<Physical>,
    /// It is how long something has gone on, rather than how long something took.
    pub is_age: bool,
    /// It is a part of something that runs out, used or free, by names.
    pub is_share: bool,
    /// It is the part that is free, and nothing is taken from it.
    pub is_free_share: bool,
    /// It counts bytes, by the names of its metrics.
    pub is_bytes: bool,
}

/// Parts of names of metrics that are times, ages or lengths of time.
static TIMES: WordSet = WordSet::new(&[
    "lat",
    "rtt",
    "second",
    "seconds",
    "duration",
    "latency",
    "milliseconds",
    "ms",
    "age",
    "lag",
    "delay",
    "timestamp",
    "time",
    "uptime",
    "offset",
    "expiry",
    "expiration",
    "expires",
]);

/// Parts of names of metrics, and values of labels, that are what is left of a whole which runs out.
static LEFT: WordSet = WordSet::new(&["idle", "free", "avail", "available", "remaining", "unused"]);

/// Those that are the part of it that is used.
static USED: WordSet = WordSet::new(&["used", "usage", "utilization"]);

/// Parts of names of metrics that are how long something has gone on.
static AGES: WordSet = WordSet::new(&["age", "uptime", "staleness"]);

/// Parts of names of metrics that are times, or may as well count something.
static MAY_COUNT: WordSet = WordSet::new(&["lag", "age", "delay", "offset", "lat"]);

/// Parts of names of metrics that count bytes or bits.
static BYTES: WordSet = WordSet::new(&["memory", "size", "heap", "disk", "bit", "bits", "bps"]);

/// Parts of names of metrics that are units of measurement, or what is measured in one.
const PHYSICAL: [(&str, Physical); 16] = [
    ("watts", Physical::Watt),
    ("watt", Physical::Watt),
    ("power", Physical::Watt),
    ("volts", Physical::Volt),
    ("voltage", Physical::Volt),
    ("amperes", Physical::Ampere),
    ("amps", Physical::Ampere),
    ("hertz", Physical::Hertz),
    ("hz", Physical::Hertz),
    ("frequency", Physical::Hertz),
    ("joules", Physical::Joule),
    ("celsius", Physical::Celsius),
    ("temp", Physical::Celsius),
    ("temperature", Physical::Celsius),
    ("degrees", Physical::Celsius),
    ("energy", Physical::Joule),
];

/// The same, to tell the parts from them of which nearly every name has nothing else.
static IS_PHYSICAL: WordMap<Physical> = WordMap::new(&PHYSICAL);

/// The shapes of all parts that tell something.
static TELLING: Shapes = TIMES
    .shapes()
    .and(LEFT.shapes())
    .and(USED.shapes())
    .and(AGES.shapes())
    .and(BYTES.shapes())
    .and(IS_PHYSICAL.shapes());

impl Subject {
    /// Reads what is compared.
    pub fn of(node: &Node) -> Self {
        let mut subject = Self::default();
        let mut outer = node;
        // What is asked of the whole is seen through functions that change no unit.
        while let NodeKind::Call { function, arguments } = &outer.kind
            && let ("round" | "ceil" | "floor" | "abs" | "sort" | "clamp_min", Some(inner)) =
                (function.text.as_str(), arguments.first())
        {
            outer = inner;
        }
        subject.counts = matches!(&outer.kind, NodeKind::Aggregation { operator, .. }
            if matches!(operator.text.as_str(), "count" | "count_values"));
        if let NodeKind::Binary { operator, .. } = &outer.kind {
            subject.is_ratio = operator.text == "/" || operator.text == "*" || operator.text == "-";
        }
        let (mut is_free, mut is_used) = (false, false);
        node.walk(&mut |node| match &node.kind {
            NodeKind::Call { function, .. } => match function.text.as_str() {
                "changes" | "increase" | "resets" | "count_over_time" | "sum_over_time"
                | "delta" => {
                    subject.counts_in_window = true;
                }
                "time" | "timestamp" => {
                    subject.is_time = true;
                    subject.is_surely_time = true;
                    subject.is_age = true;
                }
                _ => {}
            },
            NodeKind::Selector { metric: Some(metric), matchers, .. } => {
                let name = lower_case(&metric.text);
                // Of most names no part says anything.
                let parts = name.split(['_', ':']).filter(|part| TELLING.may_have(part));
                let parts: SmallVec<[&str; 8]> = parts.collect();
                let has = |words: &WordSet| parts.iter().any(|part| words.contains(part));
                // Seconds that are added up are work done, and no age.
                subject.is_time |= has(&TIMES) && !name.ends_with("_total");
                let is_sure = |part: &&str| TIMES.contains(part) && !MAY_COUNT.contains(part);
                subject.is_surely_time |= subject.is_time && parts.iter().any(is_sure);
                subject.is_age |= has(&AGES);
                if subject.physical.is_none()
                    && parts.iter().any(|part| IS_PHYSICAL.get(part).is_some())
                {
                    let mut units = PHYSICAL.iter();
                    subject.physical =
                        units.find(|(unit, _)| parts.contains(unit)).map(|(_, it)| *it);
                }
                subject.is_bytes |= name.contains("byte") || has(&BYTES);
                is_free |= has(&LEFT);
                is_used |= has(&USED);
                let is_share = |value: &str| LEFT.contains(value) || USED.contains(value);
                subject.is_share |=
                    has(&LEFT) || has(&USED) || matchers.iter().any(|it| is_share(&it.value.text));
            }
            NodeKind::Binary { operator, .. } if operator.text == "-" => is_used = true,
            _ => {}
        });
        subject.is_free_share = is_free && !is_used;
        subject.counts |= subject.counts_in_window;
        subject
    }
}
