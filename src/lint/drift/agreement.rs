//! Whether a stated number is one of a rule.
//!
//! People say `70 percent` of a ratio of 0.7, `less than 10 % free` of `used > 0.9`, `500 ms` of half a
//! second and `at least 3` of `> 2`. All of these agree.

use super::condition::{Comparison, Conditions, Operator};
use super::statement::{Bound, Quantity, Share, State, Unit};
use smallvec::{SmallVec, smallvec};

impl Quantity {
    /// Whether a rule has this number where it can be what is stated.
    pub fn agrees_with(&self, conditions: &Conditions<'_>) -> bool {
        let spellings = self.spellings();
        let has = |number: &f64| spellings.iter().any(|spelling| same(*spelling, number.abs()));
        let is_measured = !self.counts();
        let compared = conditions.comparisons.iter().any(|comparison| {
            let may_be_meant = comparison.is_outermost || self.may_be_about(comparison);
            may_be_meant && self.agrees_with_comparison(comparison)
        });
        compared
            || conditions.numbers.iter().filter(|it| !is_conversion(**it)).any(has)
            || conditions.factors.iter().filter(|it| !is_conversion(**it)).any(has)
            || (is_measured && conditions.hints.iter().any(has))
            || self.is_length_of(conditions)
            || self.is_upward() && self.is_age_and_wait_of(conditions)
            || self.is_rate_in_window(conditions)
    }

    /// Whether it is said that something is more than this.
    pub fn is_upward(&self) -> bool {
        matches!(self.bound, Bound::Above | Bound::AtLeast)
    }

    /// Whether it is a number of things, and of no unit.
    pub fn counts(&self) -> bool {
        matches!(self.unit, Unit::Count | Unit::Times)
    }

    /// Whether a comparison is with this number.
    pub fn agrees_with_comparison(&self, comparison: &Comparison) -> bool {
        let value = comparison.value.abs();
        if let Some(whole) = self.whole {
            return self.is_part_in(comparison, whole);
        }
        self.spellings().iter().any(|spelling| same(*spelling, value))
            || self.is_step_from(self.value, comparison)
    }

    /// Whether a comparison is with this part of a whole: the 2 of `two of three`, or its ratio.
    /// An alert that fires at low numbers counts what is well, `two of three are down` is
    /// `count(up == 1) < 2`, and one that fires at high numbers what is broken.
    fn is_part_in(&self, comparison: &Comparison, whole: f64) -> bool {
        let counted = if comparison.operator.is_upward() { State::Broken } else { State::Well };
        let (itself, rest) = match self.state {
            Some(state) => (state == counted, state != counted),
            None => (true, counted == State::Well),
        };
        let parts = [itself.then_some(self.value), rest.then_some(whole - self.value)];
        // `two of three are down` names the first number at which it fires: `down > 1`, `up < 2`.
        let first = comparison.first();
        let is_named_exactly = self.bound == Bound::Plain && self.state.is_some();
        parts.into_iter().flatten().any(|part| {
            if is_named_exactly && let Some(first) = first {
                return same(part, first);
            }
            same(part, comparison.value)
                || self.is_step_from(part, comparison)
                || same(part / whole, comparison.value)
                || cut(part / whole).into_iter().any(|ratio| same(ratio, comparison.value))
        })
    }

    /// The numbers that an expression may write for this one.
    pub fn spellings(&self) -> SmallVec<[f64; 8]> {
        let value = self.value;
        let mut numbers = smallvec![value];
        match self.unit {
            Unit::Percent => {
                let ratio = value / 100.0;
                // `50 % higher` is one and a half times as much.
                numbers.extend([ratio, 100.0 - value, 1.0 - ratio, 1.0 + ratio, 100.0 + value]);
                if value.fract() != 0.0 {
                    numbers.extend(cut(ratio));
                    numbers.extend(cut(ratio).map(|ratio| ratio * 100.0));
                    numbers.extend(cut(1.0 - ratio));
                    numbers.extend([value.floor(), value.round()]);
                }
            }
            Unit::Time(unit) => {
                #[expect(clippy::cast_precision_loss, reason = "units are below 2^53 ms")]
                let milliseconds = value * unit as f64;
                // 30 seconds are no 0.5 minutes to anybody, but 90 minutes may be 1.5 hours.
                let is_written = |number: &f64| *number >= 1.0 && (number * 2.0).fract() == 0.0;
                let (short, long) = UNITS.split_at(4);
                numbers.extend(short.iter().map(|unit| milliseconds / unit));
                let long = long.iter().chain(&[7.0 * 86_400e3]).map(|unit| milliseconds / unit);
                numbers.extend(long.filter(is_written));
            }
            Unit::Bytes(power) | Unit::Prefixed(power) => {
                for base in [1000.0_f64, 1024.0] {
                    let bytes = value * base.powi(power);
                    numbers.extend((0..5).flat_map(|power| {
                        let units = [1000.0_f64.powi(power), 1024.0_f64.powi(power)];
                        units.into_iter().flat_map(move |unit| {
                            [bytes / unit, bytes * 8.0 / unit, bytes / 8.0 / unit]
                        })
                    }));
                }
            }
            // In which prefix a metric is, its name may not say.
            Unit::Physical(_) => {
                numbers.extend((-3..4).map(|power| value * 1000.0_f64.powi(power)));
            }
            Unit::Count | Unit::Times => {}
        }
        if let Some(seconds) = self.per {
            let per_second = value / seconds;
            numbers.extend([per_second, per_second * 60.0, per_second * 3600.0]);
        }
        numbers
    }

    /// Whether a comparison with the whole number beside this one comes to the same.
    fn is_step_from(&self, value: f64, comparison: &Comparison) -> bool {
        let is_whole = |number: f64| number.fract() == 0.0;
        if !is_whole(value) || !is_whole(comparison.value) || !self.counts() {
            return false;
        }
        let step = comparison.value - value;
        match (self.bound, comparison.operator) {
            (Bound::Above, Operator::AtLeast) | (Bound::AtMost | Bound::Plain, Operator::Below) => {
                same(step, 1.0)
            }
            (Bound::Below, Operator::AtMost) | (Bound::AtLeast | Bound::Plain, Operator::Above) => {
                same(step, -1.0)
            }
            _ => false,
        }
    }

    /// Whether it is a time that the rule waits, or looks back in ranges.
    pub fn is_for_or_window(&self, conditions: &Conditions<'_>) -> bool {
        self.milliseconds().is_some_and(|length| {
            conditions.held() == Some(length)
                || conditions.windows.iter().any(|window| window.milliseconds == length)
        })
    }

    /// Whether a time is one that the rule looks back or waits.
    fn is_length_of(&self, conditions: &Conditions<'_>) -> bool {
        self.milliseconds().is_some_and(|milliseconds| has_length(conditions, milliseconds))
    }

    /// `older than 10 minutes`, where a rule that compares with 9 waits for another one.
    fn is_age_and_wait_of(&self, conditions: &Conditions<'_>) -> bool {
        let has_age = conditions.comparisons.iter().any(|it| it.subject.is_age);
        has_age && self.milliseconds().is_some_and(|length| is_age_and_wait(conditions, length))
    }

    /// `more than 300 errors in 5 minutes`, where the rule has a rate of one in a second.
    fn is_rate_in_window(&self, conditions: &Conditions<'_>) -> bool {
        let Some(seconds) = self.within.filter(|_| self.counts()) else { return false };
        conditions.comparisons.iter().any(|comparison| {
            let is_rate = !comparison.windows.is_empty() && !comparison.subject.counts_in_window;
            is_rate && same(self.value / seconds, comparison.value.abs())
        })
    }

    /// The length of a time.
    pub fn milliseconds(&self) -> Option<u64> {
        let Unit::Time(unit) = self.unit else { return None };
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "lengths of time are far below 2^53 ms, and not negative"
        )]
        let milliseconds = (self.value * unit as f64).round() as u64;
        Some(milliseconds)
    }

    /// Whether it points the way that a comparison does.
    pub fn is_turned_as(&self, comparison: &Comparison) -> bool {
        let operator = comparison.operator;
        match self.bound {
            Bound::Plain if self.unit == Unit::Times => operator.is_upward(),
            Bound::Plain => operator != Operator::NotEqual,
            Bound::Above | Bound::AtLeast => operator.is_upward(),
            Bound::Below | Bound::AtMost => operator.is_downward(),
        }
    }

    /// Whether a comparison could be what this number is about: it points the same way, and is of
    /// the same kind.
    pub fn may_be_about(&self, comparison: &Comparison) -> bool {
        let Comparison { operator, value, subject, .. } = comparison;
        let is_upward = self.is_upward();
        let is_downward = matches!(self.bound, Bound::Below | Bound::AtMost);
        // `over 90 % full` is `free < 0.1`, and `less than 10 % free` is `used > 0.9`.
        let other_way = subject.is_share
            && self.unit == Unit::Percent
            && match self.share {
                Some(Share::Used) => is_upward && operator.is_downward(),
                Some(Share::Free) => is_downward && operator.is_upward(),
                None => false,
            };
        // Nobody means by `less than 20 % used` that little is free.
        let is_well = subject.is_free_share && self.share == Some(Share::Used) && is_downward;
        let same_way = !is_well && self.is_turned_as(comparison);
        let value = value.abs();
        // `> 0` asks whether there is any: what there is any of, only its metric knows. `== 0` and
        // `< 1` ask whether there is none.
        let asks_for_any = value == 0.0 && !(subject.counts && operator.is_upward())
            || *operator == Operator::Below && value <= 1.0 && self.unit != Unit::Percent
            || matches!(operator, Operator::Equal | Operator::NotEqual) && value <= 1.0;
        let is_amount = !subject.is_surely_time || subject.counts;
        let is_rate = !comparison.windows.is_empty() && !subject.counts_in_window;
        let same_kind = match self.unit {
            // A part of something may be more than all of it, but hardly ten times as much.
            Unit::Percent => {
                let is_part = subject.is_ratio || subject.is_share;
                // `half of the replicas` is no number of them.
                let is_fraction = value < 5.0 && value.fract() != 0.0;
                let may_be_percent = value < 1.0 || is_fraction || (5.0..=100.0).contains(&value);
                if is_part { value <= 1000.0 } else { may_be_percent && !subject.counts_in_window }
            }
            // `one of the two uplinks` is compared with no more than there are.
            Unit::Count if self.whole.is_some_and(|whole| value > whole) => false,
            // `one or more targets are down`: so many series fire, whatever they are compared with.
            // It is the rule's number only where that counts, and hardly more.
            Unit::Count if is_upward && same(self.value, 1.0) && self.whole.is_none() => {
                subject.counts && !subject.counts_in_window && value <= 4.0
            }
            Unit::Count | Unit::Times => {
                // Below that a fraction may be a ratio, and no number of things.
                let may_count = value >= 2.0 && !subject.is_ratio;
                let is_whole = value.fract() == 0.0 || self.value.fract() != 0.0 || may_count;
                is_amount && (is_whole || is_rate && self.per.is_some())
            }
            Unit::Time(_) => subject.is_time,
            Unit::Bytes(_) => subject.is_bytes && value > 1.0,
            Unit::Prefixed(_) => (subject.is_bytes || is_amount) && value > 1.0,
            Unit::Physical(unit) => subject.physical == Some(unit),
        };
        (same_way || other_way)
            && same_kind
            && !asks_for_any
            && self.per.is_none_or(|seconds| {
                let in_window = || comparison.window.is_some_and(|it| is_milliseconds(seconds, it));
                same(seconds, 1.0) || is_rate || in_window()
            })
    }
}

impl Comparison {
    /// The whole number nearest to the others at which the alert fires; none where it compares with
    /// another than a whole one.
    fn first(&self) -> Option<f64> {
        (self.value.fract() == 0.0 && self.subject.counts).then_some(match self.operator {
            Operator::Above => self.value + 1.0,
            Operator::Below => self.value - 1.0,
            _ => self.value,
        })
    }
}

/// A ratio with as many digits as people write.
fn cut(ratio: f64) -> [f64; 7] {
    let [tenths, hundredths, thousandths] = [10.0, 100.0, 1000.0]
        .map(|digits| [(ratio * digits).floor() / digits, (ratio * digits).round() / digits]);
    // A third is 0.34 to who wants to be sure of it.
    let above = (ratio * 100.0).ceil() / 100.0;
    [tenths[0], tenths[1], hundredths[0], hundredths[1], above, thousandths[0], thousandths[1]]
}

/// Nanoseconds, microseconds, milliseconds, seconds, minutes, hours and days, in milliseconds.
const UNITS: [f64; 7] = [1e-6, 1e-3, 1.0, 1e3, 60e3, 3_600e3, 86_400e3];

/// Whether a rule has this length of time anywhere: as a range, an offset, `for`, or a number of
/// seconds, minutes, hours or days.
pub fn has_length(conditions: &Conditions<'_>, milliseconds: u64) -> bool {
    let mut windows = conditions.windows.iter().chain(&conditions.named);
    windows.any(|window| window.milliseconds == milliseconds)
        || is_other_length(conditions, milliseconds, &|_| true)
}

/// The same, ranges apart and what names say of them, where of the comparisons only some may be meant, by their indexes.
pub fn is_other_length(
    conditions: &Conditions<'_>,
    milliseconds: u64,
    may_be_meant: &dyn Fn(usize) -> bool,
) -> bool {
    #[expect(clippy::cast_precision_loss, reason = "lengths of time are far below 2^53 ms")]
    let length = milliseconds as f64;
    let compared = conditions.comparisons.iter().enumerate();
    conditions.held() == Some(milliseconds)
        || conditions.kept() == Some(milliseconds)
        || conditions.lengths.contains(&milliseconds)
        || conditions.offsets.iter().any(|offset| offset.milliseconds == milliseconds)
        || conditions.horizons.iter().any(|horizon| horizon.milliseconds == milliseconds)
        || compared
            .filter(|(at, comparison)| !comparison.subject.counts && may_be_meant(*at))
            .map(|(_, comparison)| comparison.value.abs())
            .chain(conditions.numbers.iter().copied().filter(|it| !is_conversion(*it)))
            .any(|number| spells(number, length))
}

/// Whether a rule waits until what it compares an age with has gone by: then both together are how
/// long something has been so.
pub fn is_age_and_wait(conditions: &Conditions<'_>, milliseconds: u64) -> bool {
    let waits = conditions.held().unwrap_or_default();
    let Some(age) = milliseconds.checked_sub(waits).filter(|_| waits > 0) else { return false };
    let ages = conditions.comparisons.iter().filter(|it| it.subject.is_time);
    #[expect(clippy::cast_precision_loss, reason = "lengths of time are far below 2^53 ms")]
    let length = age as f64;
    ages.map(|it| it.value.abs()).any(|number| spells(number, length))
}

fn is_milliseconds(seconds: f64, milliseconds: u64) -> bool {
    #[expect(clippy::cast_precision_loss, reason = "lengths of time are far below 2^53 ms")]
    let length = milliseconds as f64;
    same(seconds * 1000.0, length)
}

/// Whether a number of some unit of time is so many milliseconds.
fn spells(number: f64, length: f64) -> bool {
    number > 1.0 && UNITS.iter().any(|unit| same(number * unit, length))
}

/// Whether a number is one that units are converted with: no threshold, wherever it is multiplied.
fn is_conversion(number: f64) -> bool {
    [8.0, 60.0, 1000.0, 1024.0, 3600.0, 86_400.0].iter().any(|it| same(*it, number))
}

/// Whether two numbers are the same but for what decimal fractions lose in binary.
fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1e-9)
}
