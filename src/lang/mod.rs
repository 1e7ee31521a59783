//! What snippets are written in: the languages, one file for each, and the placeholders that all of
//! them share.

use crate::markdown::{Asked, Kept};
use std::ops::Range;

pub mod console;
pub mod fence;
mod pattern;
pub mod placeholder;
pub mod promql;
pub mod shell;
mod variable;

/// What of a paragraph is no prose, and stays as it is written.
pub fn kept_in_prose(text: &str, asked: Asked) -> Kept {
    match asked {
        Asked::Queries => promql::in_prose(text).into_iter().map(|part| part.range).collect(),
        Asked::Commands => commands_in_prose(text),
    }
}

/// The commands of a paragraph, and the series and values in it, which keep their quotes as well.
pub fn commands_in_prose(text: &str) -> Kept {
    let mut commands = shell::in_prose(text);
    let series = promql::series_in_prose(text);
    if !series.is_empty() {
        // A series takes the place of the values in it, and is part of a command that holds it.
        commands
            .retain(|command| !overlapping(&series, command).any(|it| it.len() >= command.len()));
        let alone = series
            .into_iter()
            .filter(|it| !overlapping(&commands, it).any(|other| other.len() >= it.len()));
        let alone: Vec<_> = alone.collect();
        commands.extend(alone);
        commands.sort_by_key(|range| range.start);
    }
    commands
}

/// Those of some ranges in order, none within another, that have bytes in common with a range.
fn overlapping<'r>(
    ranges: &'r [Range<usize>],
    range: &'r Range<usize>,
) -> impl Iterator<Item = &'r Range<usize>> {
    let first = ranges.partition_point(|it| it.end <= range.start);
    ranges[first..].iter().take_while(|it| it.start < range.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_and_the_values_in_them_are_kept_once() {
        for (text, commands) in [
            (
                "x_total{app=\"a b\",error=\"no: it's bad\",host=\"10.1.2.3\"} 4",
                &["x_total{app=\"a b\",error=\"no: it's bad\",host=\"10.1.2.3\"}"][..],
            ),
            ("It shows {a=\"b c\", d=\"e\"} now", &["{a=\"b c\", d=\"e\"}"]),
            (
                "up{instance=\"a\", job=\"b\"} and `up{a=\"b\"} 1`",
                &["up{instance=\"a\", job=\"b\"}"],
            ),
            ("Run: echo 'x{a=\"b\"} 1' | tee f", &["echo 'x{a=\"b\"} 1' | tee f"]),
            ("a=\"b c\" and \"{x}\" {y=\"z", &["a=\"b c\""]),
        ] {
            let kept = kept_in_prose(text, Asked::Commands);
            let found: Vec<&str> = kept.into_iter().map(|range| &text[range]).collect();
            assert_eq!(found, commands, "{text}");
        }
    }
}
