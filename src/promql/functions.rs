//! The functions and aggregations of PromQL, by name.
//!
//! promql-parser knows them too, but does not show its tables. They are needed here to tell a
//! function from a metric while highlighting, to say which argument of a call is wrong, and to
//! suggest the name that was meant. Source: Prometheus' `promql/parser/functions.go`.

use crate::diag::suggest::distance;
use std::cmp::Reverse;

/// What an expression yields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ValueType {
    Scalar,
    /// An instant vector.
    Vector,
    /// A range vector.
    Range,
    String,
}

impl ValueType {
    /// The name with its article, as error messages say it.
    pub fn described(self) -> &'static str {
        match self {
            Self::Scalar => "a number",
            Self::Vector => "an instant vector",
            Self::Range => "a range vector",
            Self::String => "a string",
        }
    }
}

/// What a function takes and gives.
#[derive(Debug, Clone, Copy)]
pub(super) struct Signature {
    /// The types of the arguments by their initials: `s`calar, `v`ector, `r`ange vector,
    /// s`t`ring. The last one repeats if more are allowed.
    arguments: &'static str,
    /// The fewest arguments, and the most.
    pub least: usize,
    pub most: usize,
    pub result: ValueType,
}

impl Signature {
    /// The type of an argument, counted from 0.
    pub fn argument(&self, index: usize) -> Option<ValueType> {
        let initials = self.arguments.as_bytes();
        Some(match initials.get(index).or(initials.last())? {
            b's' => ValueType::Scalar,
            b'r' => ValueType::Range,
            b't' => ValueType::String,
            _ => ValueType::Vector,
        })
    }
}

/// The signature of a function; none for a name that is no function. Function names, unlike
/// those of aggregations, are sensitive to case.
pub(super) fn signature(name: &str) -> Option<Signature> {
    function(name).map(|(_, signature)| signature)
}

/// The same with the name, which is there as long as the program is.
pub(super) fn function(name: &str) -> Option<(&'static str, Signature)> {
    let mut families = FUNCTIONS.iter();
    let (name, &(_, arguments, least, result)) = families.find_map(|family| {
        let known = family.0.iter().find(|known| **known == name)?;
        Some((*known, family))
    })?;
    let unlimited = matches!(name, "label_join" | "sort_by_label" | "sort_by_label_desc");
    let most = match name {
        "histogram_quantiles" => 12,
        _ if unlimited => usize::MAX,
        _ => arguments.len(),
    };
    Some((name, Signature { arguments, least, most, result }))
}

/// The names of all functions.
pub(super) fn function_names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().flat_map(|(names, ..)| names.iter().copied())
}

/// Whether a name is that of a function.
pub fn is_function(name: &str) -> bool {
    signature(name).is_some()
}

/// Whether a name is that of an aggregation, in any case.
pub fn is_aggregation(name: &str) -> bool {
    aggregation(name).is_some()
}

/// What an aggregation takes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Aggregation {
    name: &'static str,
    /// What stands before the vector, if anything does.
    pub parameter: Option<ValueType>,
}

/// An aggregation by its name, in any case; none for a name that is no aggregation.
pub(super) fn aggregation(name: &str) -> Option<Aggregation> {
    AGGREGATIONS.iter().find(|known| known.name.eq_ignore_ascii_case(name)).copied()
}

/// The function or aggregation whose name is nearest to a wrong one, if any is near.
pub(super) fn nearest(name: &str) -> Option<&'static str> {
    let functions = function_names();
    let aggregations = AGGREGATIONS.iter().map(|aggregation| aggregation.name);
    // Of names that are equally far, the one that begins alike is more likely meant.
    let alike = |known: &str| known.bytes().zip(name.bytes()).take_while(|(a, b)| a == b).count();
    functions
        .chain(aggregations)
        .map(|known| (distance(known, name), Reverse(alike(known)), known))
        .filter(|(slips, _, known)| *slips <= (known.len() / 3).max(1))
        .min()
        .map(|(.., known)| known)
}

const AGGREGATIONS: [Aggregation; 14] = [
    over("avg", None),
    over("bottomk", Some(ValueType::Scalar)),
    over("count", None),
    over("count_values", Some(ValueType::String)),
    over("group", None),
    over("limit_ratio", Some(ValueType::Scalar)),
    over("limitk", Some(ValueType::Scalar)),
    over("max", None),
    over("min", None),
    over("quantile", Some(ValueType::Scalar)),
    over("stddev", None),
    over("stdvar", None),
    over("sum", None),
    over("topk", Some(ValueType::Scalar)),
];

const fn over(name: &'static str, parameter: Option<ValueType>) -> Aggregation {
    Aggregation { name, parameter }
}

type Family = (&'static [&'static str], &'static str, usize, ValueType);

/// Functions of one signature: names, arguments, how many of these at least, result.
const FUNCTIONS: [Family; 24] = [
    (RANGE_FUNCTIONS, "r", 1, ValueType::Vector),
    (VECTOR_FUNCTIONS, "v", 1, ValueType::Vector),
    (DATE_FUNCTIONS, "v", 0, ValueType::Vector),
    (&["time", "pi", "start", "end", "range", "step"], "", 0, ValueType::Scalar),
    (&["clamp"], "vss", 3, ValueType::Vector),
    (&["clamp_max", "clamp_min"], "vs", 2, ValueType::Vector),
    (&["round"], "vs", 1, ValueType::Vector),
    (&["scalar"], "v", 1, ValueType::Scalar),
    (&["vector"], "s", 1, ValueType::Vector),
    (&["max_of", "min_of"], "ss", 2, ValueType::Scalar),
    (&["predict_linear"], "rs", 2, ValueType::Vector),
    (&["integral"], "rs", 1, ValueType::Vector),
    (&["quantile_over_time"], "sr", 2, ValueType::Vector),
    (&["double_exponential_smoothing", OLD_SMOOTHING], "rss", 3, ValueType::Vector),
    (&["histogram_quantile"], "sv", 2, ValueType::Vector),
    (&["histogram_quantiles"], "vtss", 3, ValueType::Vector),
    (&["histogram_fraction"], "ssv", 3, ValueType::Vector),
    (&["info"], "vv", 1, ValueType::Vector),
    (&["label_replace"], "vtttt", 5, ValueType::Vector),
    (&["label_join"], "vttt", 3, ValueType::Vector),
    (&["sort_by_label"], "vt", 1, ValueType::Vector),
    (&["sort_by_label_desc"], "vt", 1, ValueType::Vector),
    (&["start_timestamp"], "v", 1, ValueType::Vector),
    (&["timestamp"], "v", 1, ValueType::Vector),
];

/// The name that `double_exponential_smoothing` had in Prometheus 2, which promql-parser has to be
/// told about.
pub(super) const OLD_SMOOTHING: &str = "holt_winters";

#[rustfmt::skip]
const RANGE_FUNCTIONS: &[&str] = &[
    "absent_over_time", "avg_over_time", "changes", "count_over_time", "delta", "deriv",
    "first_over_time", "idelta", "increase", "irate", "last_over_time", "mad_over_time",
    "max_over_time", "min_over_time", "present_over_time", "rate", "resets", "stddev_over_time",
    "stdvar_over_time", "sum_over_time", "ts_of_first_over_time", "ts_of_last_over_time",
    "ts_of_max_over_time", "ts_of_min_over_time",
];

#[rustfmt::skip]
const VECTOR_FUNCTIONS: &[&str] = &[
    "abs", "absent", "acos", "acosh", "asin", "asinh", "atan", "atanh", "ceil", "cos", "cosh",
    "deg", "exp", "floor", "histogram_avg", "histogram_count", "histogram_stddev",
    "histogram_stdvar", "histogram_sum", "ln", "log10", "log2", "rad", "sgn", "sin", "sinh",
    "sort", "sort_desc", "sqrt", "tan", "tanh",
];

#[rustfmt::skip]
const DATE_FUNCTIONS: &[&str] = &[
    "day_of_month", "day_of_week", "day_of_year", "days_in_month", "hour", "minute", "month",
    "year",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::promql::parse;

    fn argument(kind: ValueType) -> &'static str {
        match kind {
            ValueType::Scalar => "1",
            ValueType::Vector => "x",
            ValueType::Range => "x[5m]",
            ValueType::String => "\"s\"",
        }
    }

    fn call(name: &str, signature: &Signature, count: usize) -> String {
        let arguments: Vec<_> =
            (0..count).map(|index| argument(signature.argument(index).unwrap())).collect();
        format!("{name}({})", arguments.join(", "))
    }

    #[test]
    fn signatures_are_those_of_the_parser() {
        for name in function_names() {
            let signature = signature(name).unwrap();
            let most = signature.most.min(signature.least + 4);
            for count in signature.least..=most {
                let text = call(name, &signature, count);
                assert!(parse(&text).is_ok(), "{text}: {:?}", parse(&text));
                // The result is what the parser takes it for.
                let rated = match signature.result {
                    ValueType::Vector => format!("sum({text})"),
                    _ => format!("vector({text})"),
                };
                assert!(parse(&rated).is_ok(), "{rated}");
            }
            if signature.least > 0 {
                let text = call(name, &signature, signature.least - 1);
                assert!(parse(&text).is_err(), "{text}");
            }
        }
    }

    #[test]
    fn near_names_are_suggested() {
        for (wrong, meant) in [
            ("rat", Some("rate")),
            ("histogram_quantil", Some("histogram_quantile")),
            ("SUMM", None),
            ("avg_over_tiem", Some("avg_over_time")),
            ("frobnicate", None),
        ] {
            assert_eq!(nearest(wrong), meant, "{wrong}");
        }
    }
}
