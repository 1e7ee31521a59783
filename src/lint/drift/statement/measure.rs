//! Numbers with their units, in digits and in words.

use super::{Bound, Reader, Unit};
use crate::lint::drift::words::{TokenKind, number_word};

/// A number with its unit, before anything is known of the words around it.
pub(super) struct Measure {
    pub value: f64,
    pub unit: Unit,
    /// The token behind it.
    pub end: usize,
    /// A bound that is glued to it: `3+`.
    pub bound: Option<Bound>,
    /// The seconds it is given for, where that is glued to it.
    pub per: Option<f64>,
}

impl Measure {
    /// The length of a time in such units.
    pub fn milliseconds(&self, unit: u64) -> Option<u64> {
        #[expect(clippy::cast_precision_loss, reason = "units are below 2^53 ms")]
        let length = (self.value * unit as f64).round();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked")]
        (1.0..1e15).contains(&length).then_some(length as u64)
    }
}

fn time(value: f64, milliseconds: u64, end: usize) -> Measure {
    Measure { value, unit: Unit::Time(milliseconds), end, bound: None, per: None }
}

impl Reader<'_> {
    /// The number that begins at a token, with its unit.
    pub(super) fn measure(&self, at: usize) -> Option<Measure> {
        let token = self.tokens.get(at)?;
        let behind = at + 1;
        let (value, glued) = match &token.kind {
            TokenKind::Number { value, unit } => (*value, unit.as_str()),
            TokenKind::Word(word) => return self.measure_in_words(at, word),
            _ => return None,
        };
        let mut bound = None;
        let glued = match glued.strip_suffix('+') {
            Some(rest) => {
                bound = Some(Bound::AtLeast);
                rest
            }
            None => glued,
        };
        if glued.is_empty() {
            return Some(Measure { bound, ..self.with_unit(value, behind) });
        }
        let measure = |unit| Some(Measure { value, unit, end: behind, bound, per: None });
        if glued == "%" {
            return measure(Unit::Percent);
        }
        if let Some(milliseconds) = time_unit(glued) {
            return Some(self.compound(value, milliseconds, behind));
        }
        let (name, per) = match glued.strip_suffix("/s") {
            Some(name) => (name, Some(1.0)),
            None => (glued, None),
        };
        if let Some(power) = bytes_unit(name) {
            return Some(Measure { value, unit: Unit::Bytes(power), end: behind, bound, per });
        }
        match glued {
            "k" | "K" => Some(Measure { bound, ..self.with_unit(value * 1000.0, behind) }),
            _ => None,
        }
    }

    /// `three`, `twice`, `an hour`, `half an hour`, `five-minute`
    fn measure_in_words(&self, at: usize, word: &str) -> Option<Measure> {
        let unit_at = |at: usize| time_unit(self.word(at)).filter(|_| self.word(at).len() > 2);
        let times =
            |value| Measure { value, unit: Unit::Times, end: at + 1, bound: None, per: None };
        match word {
            "once" => return Some(times(1.0)),
            "twice" => return Some(times(2.0)),
            "thrice" => return Some(times(3.0)),
            "a" | "an" => return Some(self.compound(1.0, unit_at(at + 1)?, at + 2)),
            "half" if matches!(self.word(at + 1), "a" | "an") => {
                return Some(self.compound(0.5, unit_at(at + 2)?, at + 3));
            }
            // `the past hour`
            "past" | "last" | "previous" | "preceding" => {
                let unit = unit_at(at + 1)?;
                return Some(Measure { bound: None, ..time(1.0, unit, at + 2) });
            }
            _ => {}
        }
        if let Some((number, unit)) = word.split_once('-')
            && let (Some(value), Some(unit)) = (number_word(number), time_unit(unit))
        {
            return Some(time(value, unit, at + 1));
        }
        let value = number_word(word)?;
        Some(self.with_unit(value, at + 1))
    }

    /// A number with the unit that stands behind it, if one does.
    fn with_unit(&self, value: f64, behind: usize) -> Measure {
        let of = |unit, end| Measure { value, unit, end, bound: None, per: None };
        let word = self.word(behind);
        if matches!(self.tokens.get(behind).map(|it| &it.kind), Some(TokenKind::Mark('%'))) {
            return of(Unit::Percent, behind + 1);
        }
        match word {
            "percent" | "pct" | "percentage" => return of(Unit::Percent, behind + 1),
            "per" if self.word(behind + 1) == "cent" => return of(Unit::Percent, behind + 2),
            "times" | "time" | "occasions" | "occurrences" => return of(Unit::Times, behind + 1),
            _ => {}
        }
        if let Some(milliseconds) = time_unit(word).filter(|_| word.len() > 1 || word == "s") {
            return self.compound(value, milliseconds, behind + 1);
        }
        let written = self.tokens.get(behind).and_then(|it| self.text.get(it.range.clone()));
        match written.and_then(bytes_unit) {
            Some(power) => of(Unit::Bytes(power), behind + 1),
            None => of(Unit::Count, behind),
        }
    }

    /// A time, with what is added to it: `1 hour and 30 minutes`.
    fn compound(&self, value: f64, milliseconds: u64, behind: usize) -> Measure {
        let measure = time(value, milliseconds, behind);
        let next = if self.word(behind) == "and" { behind + 1 } else { behind };
        let (number, unit, end) = match self.tokens.get(next).map(|it| &it.kind) {
            Some(TokenKind::Number { value, unit }) if !unit.is_empty() => {
                (*value, time_unit(unit), next + 1)
            }
            Some(TokenKind::Number { value, .. }) => {
                (*value, time_unit(self.word(next + 1)), next + 2)
            }
            _ => return measure,
        };
        match unit {
            #[expect(clippy::cast_precision_loss, reason = "units are below 2^53 ms")]
            Some(unit) if unit < milliseconds => {
                let value = value + number * unit as f64 / milliseconds as f64;
                time(value, milliseconds, end)
            }
            _ => measure,
        }
    }
}

/// The length of a unit of time in milliseconds.
pub(super) fn time_unit(word: &str) -> Option<u64> {
    // `5M` may be millions.
    let lower = if word == "M" { return None } else { word.to_lowercase() };
    Some(match lower.as_str() {
        "ms" | "msec" | "msecs" | "millisecond" | "milliseconds" => 1,
        "s" | "sec" | "secs" | "second" | "seconds" => 1_000,
        "m" | "min" | "mins" | "minute" | "minutes" => 60_000,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3_600_000,
        "d" | "day" | "days" => 24 * 3_600_000,
        "w" | "week" | "weeks" => 7 * 24 * 3_600_000,
        _ => return None,
    })
}

/// The power of a prefix of bytes: 3 of `GiB` and `GB`.
fn bytes_unit(word: &str) -> Option<i32> {
    Some(match word {
        "B" | "byte" | "bytes" => 0,
        "kB" | "KB" | "KiB" | "Ki" | "kilobytes" => 1,
        "MB" | "MiB" | "Mi" | "megabytes" => 2,
        "GB" | "GiB" | "Gi" | "gigabytes" => 3,
        "TB" | "TiB" | "Ti" | "terabytes" => 4,
        _ => return None,
    })
}
