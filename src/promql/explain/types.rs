//! Which values fit an operator or an argument.

use super::fault::Fault;
use super::{Form, Part, Read};
use crate::promql::functions::ValueType;
use crate::promql::grammar::{is_comparison, is_set_operator};
use std::ops::Range;

/// What stands between an operator and its right side.
#[derive(Default)]
pub(super) struct Modifiers {
    pub is_bool: bool,
    /// The place of `on` or `ignoring`, if labels follow.
    pub matching: Option<Range<usize>>,
}

/// What two sides and an operator between them make.
pub(super) fn combine(
    left: &Part,
    operator: &str,
    place: &Range<usize>,
    modifiers: &Modifiers,
    right: &Part,
) -> Read<Part> {
    for side in [left, right] {
        match side.value {
            ValueType::Range => {
                let message = format!("`{operator}` can't work on a range vector");
                let help = "turn the range into one value for each series: rate(…), increase(…)";
                return Err(Fault::new(side.range.clone(), message).with_help(help));
            }
            ValueType::String => {
                let message = format!("`{operator}` can't work on a string");
                return Err(Fault::new(side.range.clone(), message));
            }
            ValueType::Scalar if is_set_operator(operator) => {
                let message = format!("`{operator}` joins vectors, but this is a number");
                return Err(Fault::new(side.range.clone(), message));
            }
            ValueType::Scalar if modifiers.matching.is_some() => {
                let place = modifiers.matching.clone().unwrap_or_else(|| place.clone());
                return Err(Fault::new(place, "only vectors have labels to match"));
            }
            ValueType::Scalar | ValueType::Vector => {}
        }
    }
    let scalars = left.value == ValueType::Scalar && right.value == ValueType::Scalar;
    if scalars && is_comparison(operator) && !modifiers.is_bool {
        let message = "two numbers are compared here, which needs `bool`";
        let help = format!("write `{operator} bool`");
        return Err(Fault::new(place.clone(), message).with_help(help));
    }
    Ok(Part {
        value: if scalars { ValueType::Scalar } else { ValueType::Vector },
        range: left.range.start..right.range.end,
        form: Form::Other,
    })
}

/// Whether an argument is what a function or aggregation wants.
pub(super) fn expect_type(name: &str, wanted: ValueType, argument: &Part) -> Read<()> {
    if argument.value == wanted {
        return Ok(());
    }
    let message = format!(
        "`{name}` wants {} here, but this is {}",
        wanted.described(),
        argument.value.described()
    );
    let fault = Fault::new(argument.range.clone(), message);
    Err(match (wanted, argument.value) {
        (ValueType::Range, ValueType::Vector) if argument.form == Form::Selector => {
            fault.with_help("put a range behind the selector, such as `[5m]`")
        }
        (ValueType::Range, ValueType::Vector) => {
            fault.with_help("a subquery makes a range of it, such as `(…)[5m:1m]`")
        }
        (ValueType::Vector, ValueType::Range) => {
            fault.with_help("leave the range out, or wrap it: rate(…), increase(…)")
        }
        _ => fault,
    })
}

/// How many arguments there should be, in words.
pub(super) fn count_wanted(least: usize, most: usize) -> String {
    let plural = |count: usize| if count == 1 { "argument" } else { "arguments" };
    if least == most {
        format!("{least} {}", plural(least))
    } else if most == usize::MAX {
        format!("at least {least} {}", plural(least))
    } else {
        format!("{least} to {most} arguments")
    }
}
