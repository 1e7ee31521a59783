//! Numbers with their units, in digits and in words.

use super::{Bound, Physical, Reader, Unit};
use crate::lint::drift::words::{NUMBER_WORDS, TokenKind, lower_case, number_word};
use crate::lint::shapes::Shapes;
use crate::lint::word_set::{WordMap, WordSet};

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

/// Units of time, each with its length in milliseconds.
static TIME_UNITS: WordMap<u64> = WordMap::new(&[
    ("ms", 1),
    ("msec", 1),
    ("msecs", 1),
    ("millisecond", 1),
    ("milliseconds", 1),
    ("s", 1_000),
    ("sec", 1_000),
    ("secs", 1_000),
    ("second", 1_000),
    ("seconds", 1_000),
    ("m", 60_000),
    ("min", 60_000),
    ("mins", 60_000),
    ("minute", 60_000),
    ("minutes", 60_000),
    ("h", 3_600_000),
    ("hr", 3_600_000),
    ("hrs", 3_600_000),
    ("hour", 3_600_000),
    ("hours", 3_600_000),
    ("d", 86_400_000),
    ("day", 86_400_000),
    ("days", 86_400_000),
    ("w", 604_800_000),
    ("week", 604_800_000),
    ("weeks", 604_800_000),
]);

/// Words for parts of a whole, and for how often something happens.
static PARTS: WordSet = WordSet::new(&[
    "once", "twice", "thrice", "half", "third", "thirds", "quarter", "quarters", "fifth", "fifths",
    "tenth", "tenths",
]);

/// The words that say a number, a part or a time; units that are a letter or two stand behind a number.
pub fn numerals() -> impl Iterator<Item = &'static str> {
    let words = NUMBER_WORDS.words().chain(PARTS.iter()).chain(TIME_UNITS.words());
    words.filter(|word| word.len() > 2)
}

/// Whether a text has a digit. All bytes are gone over at once, rather than up to the first one.
pub fn has_digit(text: &str) -> bool {
    text.bytes().fold(false, |has, byte| has | byte.is_ascii_digit())
}

impl Reader<'_> {
    /// The number that begins at a token, with its unit.
    pub(super) fn measure(&self, at: usize) -> Option<Measure> {
        let token = self.tokens.get(at)?;
        // Nearly every word is none of those.
        if matches!(&token.kind, TokenKind::Word(word) if !may_begin_number(word)) {
            return None;
        }
        if let Some(value) = self.one_in(at) {
            return Some(Measure {
                value,
                unit: Unit::Percent,
                end: at + 3,
                bound: None,
                per: None,
            });
        }
        let behind = at + 1;
        let (value, glued) = match &token.kind {
            TokenKind::Number { value, unit } => (*value, *unit),
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
            return Some(Measure { bound, ..self.with_physical_unit(value, behind)? });
        }
        let measure = |unit| Some(Measure { value, unit, end: behind, bound, per: None });
        if glued == "%" {
            return measure(Unit::Percent);
        }
        if let Some(milliseconds) = time_unit(glued) {
            return Some(self.compound(value, milliseconds, behind));
        }
        if let Some((unit, per)) = amount_unit(glued) {
            return Some(Measure { value, unit, end: behind, bound, per });
        }
        match glued {
            _ if physical_unit(glued).is_some() => {
                let (unit, factor) = physical_unit(glued)??;
                Some(Measure { value: value * factor, ..measure(Unit::Physical(unit))? })
            }
            _ if prefix(glued).is_some() => measure(Unit::Prefixed(prefix(glued)?)),
            // A burn rate is a number of times the budget; other factors are of something that is said
            // behind them.
            "x" | "X" if self.text.to_lowercase().contains("burn") => measure(Unit::Count),
            "k" | "K" => Some(Measure { bound, ..self.with_unit(value * 1000.0, behind) }),
            _ => None,
        }
    }

    /// `one in 10 requests`, in percent.
    fn one_in(&self, at: usize) -> Option<f64> {
        let is_one = match self.tokens.get(at).map(|token| &token.kind) {
            Some(TokenKind::Number { value, unit: "" }) => (value - 1.0).abs() < f64::EPSILON,
            _ => self.word(at) == "one",
        };
        let of = match &self.tokens.get(at + 2)?.kind {
            TokenKind::Number { value, unit: "" } => *value,
            TokenKind::Word(word) => number_word(word)?,
            _ => return None,
        };
        // `1 in 5 minutes` is no part of anything.
        let is_time = time_unit(self.word(at + 3)).is_some();
        (is_one && self.word(at + 1) == "in" && of >= 2.0 && !is_time).then_some(100.0 / of)
    }

    /// `a third of`, `two thirds of`, `half of the`: percent, and the token behind it.
    fn fraction(&self, at: usize) -> Option<(f64, usize)> {
        let (parts, behind) = match self.word(at) {
            "half" | "quarter" => (1.0, at),
            "a" | "one" => (1.0, at + 1),
            number => (number_word(number)?, at + 1),
        };
        let whole = match self.word(behind) {
            "half" => 2.0,
            "third" | "thirds" => 3.0,
            "quarter" | "quarters" => 4.0,
            "fifth" | "fifths" => 5.0,
            "tenth" | "tenths" => 10.0,
            _ => return None,
        };
        let behind = behind + 1;
        let is_followed = |words: &[&str]| words.contains(&self.word(behind));
        (self.tokens.len() == behind || is_followed(&["of", "are", "were", "have", "remain"]))
            .then_some((parts / whole * 100.0, behind))
    }

    /// `three`, `twice`, `an hour`, `half an hour`, `five-minute`
    fn measure_in_words(&self, at: usize, word: &str) -> Option<Measure> {
        let unit_at = |at: usize| time_unit(self.word(at)).filter(|_| self.word(at).len() > 2);
        if let Some((percent, end)) = self.fraction(at) {
            let of_time = unit_at(end + 2).filter(|_| matches!(self.word(end + 1), "a" | "an"));
            return match of_time {
                // `a quarter of an hour`
                Some(unit) => Some(time(percent / 100.0, unit, end + 3)),
                // What `two thirds of 3` are is left to its reader.
                None if self.whole(end).is_some() => None,
                None => {
                    let unit = Unit::Percent;
                    Some(Measure { value: percent, unit, end, bound: None, per: None })
                }
            };
        }
        let times =
            |value| Measure { value, unit: Unit::Times, end: at + 1, bound: None, per: None };
        match word {
            // `fires once the disk is full`, `at once`: no number.
            "once" if self.is_counted_once(at) => return Some(times(1.0)),
            "once" => return None,
            "twice" => return Some(times(2.0)),
            "thrice" => return Some(times(3.0)),
            "a" | "an" => return Some(self.compound(1.0, unit_at(at + 1)?, at + 2)),
            "half" if matches!(self.word(at + 1), "a" | "an") => {
                return Some(self.compound(0.5, unit_at(at + 2)?, at + 3));
            }
            // `half an hour`, `the last half hour`
            "half" => return Some(self.compound(0.5, unit_at(at + 1)?, at + 2)),
            // `the past hour`; how long `the past hours` are, nobody knows.
            "past" | "last" | "previous" | "preceding" => {
                let unit = unit_at(at + 1).filter(|_| !self.word(at + 1).ends_with('s'))?;
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

    /// `more than once`, `once in five minutes`, `once a day`
    fn is_counted_once(&self, at: usize) -> bool {
        matches!(self.before(at, 1), "than" | "least" | "exactly")
            || matches!(self.word(at + 1), "in" | "within" | "per" | "every" | "during")
            || matches!(self.word(at + 1), "a" | "an" | "each")
                && time_unit(self.word(at + 2)).is_some()
    }

    /// A number with the unit that stands behind it; none where that unit is not known.
    fn with_physical_unit(&self, value: f64, behind: usize) -> Option<Measure> {
        let sign = matches!(self.tokens.get(behind).map(|it| &it.kind), Some(TokenKind::Mark('°')));
        let at = behind + usize::from(sign);
        let written = self.tokens.get(at).map_or("", |it| &self.text[it.range.clone()]);
        if sign && written != "C" {
            return None;
        }
        let is_fahrenheit = matches!(self.word(at + 1), "fahrenheit" | "f");
        match physical_unit(written) {
            Some(Some((unit, factor))) if !is_fahrenheit => Some(Measure {
                value: value * factor,
                unit: Unit::Physical(unit),
                end: at + 1,
                bound: None,
                per: None,
            }),
            Some(_) => None,
            None => Some(self.with_unit(value, behind)),
        }
    }

    /// A number with the unit that stands behind it, if one does.
    fn with_unit(&self, value: f64, behind: usize) -> Measure {
        let of = |unit, end| Measure { value, unit, end, bound: None, per: None };
        let word = self.word(behind);
        if matches!(self.tokens.get(behind).map(|it| &it.kind), Some(TokenKind::Mark('%'))) {
            return of(Unit::Percent, behind + 1);
        }
        match word {
            "dozen" => return self.with_unit(value * 12.0, behind + 1),
            "hundred" => return self.with_unit(value * 100.0, behind + 1),
            "thousand" => return self.with_unit(value * 1e3, behind + 1),
            "million" | "mln" => return self.with_unit(value * 1e6, behind + 1),
            "billion" | "bn" => return self.with_unit(value * 1e9, behind + 1),
            "percent" | "pct" | "percentage" => return of(Unit::Percent, behind + 1),
            // `for 5 consecutive minutes`
            "consecutive" | "continuous" | "successive" | "straight"
                if time_unit(self.word(behind + 1)).is_some() =>
            {
                return self.with_unit(value, behind + 1);
            }
            "per" if self.word(behind + 1) == "cent" => return of(Unit::Percent, behind + 2),
            "times" | "time" | "occasions" | "occurrences" => return of(Unit::Times, behind + 1),
            _ => {}
        }
        if let Some(milliseconds) = time_unit(word).filter(|_| word.len() > 1 || word == "s") {
            return self.compound(value, milliseconds, behind + 1);
        }
        let written = self.tokens.get(behind).and_then(|it| self.text.get(it.range.clone()));
        if let Some(power) = written.and_then(prefix) {
            return of(Unit::Prefixed(power), behind + 1);
        }
        match written.and_then(amount_unit) {
            Some((unit, per)) => Measure { per, ..of(unit, behind + 1) },
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

/// Whether a word says in what something is measured: `%`, `5m`, `MB`, `req/s`.
pub fn is_unit(word: &str) -> bool {
    let unit = word.trim_start_matches(|it: char| it.is_ascii_digit());
    !unit.is_empty()
        && (!unit.contains(char::is_alphanumeric)
            || unit.eq_ignore_ascii_case("percent")
            || time_unit(unit).is_some()
            || amount_unit(unit).is_some()
            || physical_unit(unit).is_some())
}

/// Words other than numbers with which a number in words begins.
static BEGINNING: WordSet = WordSet::new(&[
    "a",
    "an",
    "half",
    "quarter",
    "once",
    "twice",
    "thrice",
    "past",
    "last",
    "previous",
    "preceding",
]);

/// The shapes of all words with which one begins.
static FIRST: Shapes = NUMBER_WORDS.shapes().and(BEGINNING.shapes());

/// Whether a number in words may begin with a word.
fn may_begin_number(word: &str) -> bool {
    FIRST.may_have(word) && (BEGINNING.contains(word) || number_word(word).is_some())
        || word.as_bytes().contains(&b'-')
}

/// The length of a unit of time in milliseconds.
pub(super) fn time_unit(word: &str) -> Option<u64> {
    // `5M` may be millions.
    if word == "M" { None } else { TIME_UNITS.get(&lower_case(word)) }
}

/// A unit of bytes, or of anything in a time: `GiB`, `MB/s`, `Mbps`, `req/s`; with the seconds it is
/// given for.
fn amount_unit(word: &str) -> Option<(Unit, Option<f64>)> {
    if let Some(power) = bytes_unit(word) {
        return Some((Unit::Bytes(power), None));
    }
    match word {
        "rps" | "qps" | "tps" | "iops" | "IOPS" | "RPS" | "QPS" => {
            return Some((Unit::Count, Some(1.0)));
        }
        _ => {}
    }
    let (name, seconds) = match word.rsplit_once('/') {
        Some((name, unit)) => (name, time_unit(unit)? / 1000),
        None => (word.strip_suffix("ps")?, 1),
    };
    #[expect(clippy::cast_precision_loss, reason = "units are below 2^53 ms")]
    let per = Some(seconds as f64);
    match bytes_unit(name) {
        Some(power) => Some((Unit::Bytes(power), per)),
        None => word.contains('/').then_some((Unit::Count, per)),
    }
}

/// What a word says of the unit of measurement: nothing, or that there is one, and if its size in a
/// metric is known, which and how many of it are meant.
#[expect(clippy::option_option, reason = "no unit, an unknown one, and a known one")]
fn physical_unit(word: &str) -> Option<Option<(Physical, f64)>> {
    const SYMBOLS: [(&str, Physical); 5] = [
        ("W", Physical::Watt),
        ("V", Physical::Volt),
        ("A", Physical::Ampere),
        ("Hz", Physical::Hertz),
        ("J", Physical::Joule),
    ];
    const WORDS: [(&str, Physical); 13] = [
        ("watt", Physical::Watt),
        ("watts", Physical::Watt),
        ("volt", Physical::Volt),
        ("volts", Physical::Volt),
        ("amp", Physical::Ampere),
        ("amps", Physical::Ampere),
        ("amperes", Physical::Ampere),
        ("hertz", Physical::Hertz),
        ("joules", Physical::Joule),
        ("celsius", Physical::Celsius),
        ("degree", Physical::Celsius),
        ("degrees", Physical::Celsius),
        ("C", Physical::Celsius),
    ];
    const PREFIXES: [(&str, f64); 8] = [
        ("", 1.0),
        ("k", 1e3),
        ("M", 1e6),
        ("G", 1e9),
        ("m", 1e-3),
        ("µ", 1e-6),
        ("u", 1e-6),
        ("n", 1e-9),
    ];
    const LONG_PREFIXES: [(&str, f64); 5] =
        [("", 1.0), ("kilo", 1e3), ("mega", 1e6), ("giga", 1e9), ("milli", 1e-3)];
    // Units of which a metric may hold another: who writes bar may measure pascals.
    static OTHERS: WordSet = WordSet::new(&[
        "F",
        "fahrenheit",
        "kelvin",
        "K°",
        "bar",
        "mbar",
        "psi",
        "Pa",
        "hPa",
        "kPa",
        "km",
        "cm",
        "mm",
        "meters",
        "metres",
        "kg",
        "mg",
        "kWh",
        "Wh",
        "dB",
        "dBm",
        "pps",
        "Ω",
    ]);
    let known = |prefixes: &[(&str, f64)], units: &[(&str, Physical)]| {
        let written = |(unit, physical): &(&str, Physical)| {
            let before = word.strip_suffix(unit)?;
            let (_, factor) = prefixes.iter().find(|(prefix, _)| *prefix == before)?;
            Some((*physical, *factor))
        };
        units.iter().find_map(written)
    };
    if OTHERS.contains(word)
        || word.strip_prefix(['k', 'M', 'G']).is_some_and(|it| OTHERS.contains(it))
    {
        return Some(None);
    }
    known(&PREFIXES, &SYMBOLS).or_else(|| known(&LONG_PREFIXES, &WORDS)).map(Some)
}

/// The power of a prefix that stands alone: 3 of `10 G`.
fn prefix(word: &str) -> Option<i32> {
    Some(match word {
        "M" => 2,
        "G" => 3,
        "T" => 4,
        _ => return None,
    })
}

/// The power of a prefix of bytes or bits: 3 of `GiB`, `GB` and `Gbit`.
fn bytes_unit(word: &str) -> Option<i32> {
    Some(match word {
        "B" | "byte" | "bytes" | "bit" | "bits" => 0,
        "kB" | "KB" | "KiB" | "Ki" | "kilobytes" | "kb" | "Kb" | "kbit" | "Kbit" => 1,
        "MB" | "MiB" | "Mi" | "megabytes" | "Mb" | "Mbit" | "mbit" => 2,
        "GB" | "GiB" | "Gi" | "gigabytes" | "Gb" | "Gbit" | "gbit" => 3,
        "TB" | "TiB" | "Ti" | "terabytes" | "Tb" | "Tbit" => 4,
        _ => return None,
    })
}
