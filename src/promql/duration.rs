//! Durations as Prometheus writes them: `5m`, `1h30m`, `0`.

/// The units with their lengths in milliseconds, in the order in which they may follow each other.
const UNITS: [(&str, u64); 7] = [
    ("y", 365 * 24 * 3_600_000),
    ("w", 7 * 24 * 3_600_000),
    ("d", 24 * 3_600_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1_000),
    ("ms", 1),
];

/// Reads a duration by the rules of `ParseDuration` in Prometheus' `common/model/time.go`: each
/// unit once at most, longer units first, and `0` for nothing. What does not fit the nanoseconds
/// of a Go duration is none.
pub fn milliseconds(text: &str) -> Option<u64> {
    const LONGEST: u64 = i64::MAX as u64 / 1_000_000;
    if text == "0" {
        return Some(0);
    }
    let mut rest = text;
    let mut total = 0_u64;
    let mut next_unit = 0;
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|it: char| it.is_ascii_digit()).len();
        let (number, tail) = rest.split_at(digits);
        let letters =
            tail.len() - tail.trim_start_matches(|it: char| it.is_ascii_lowercase()).len();
        let (unit, tail) = tail.split_at(letters);
        let index = UNITS.iter().position(|(name, _)| *name == unit)?;
        if index < next_unit {
            return None;
        }
        let (_, length) = UNITS.get(index)?;
        total = total.checked_add(number.parse::<u64>().ok()?.checked_mul(*length)?)?;
        next_unit = index + 1;
        rest = tail;
    }
    (next_unit > 0 && total <= LONGEST).then_some(total)
}

/// A length as Prometheus writes it (`String` in the same file): `1h30m`; days and longer units only
/// where nothing is left over.
pub fn duration_text(milliseconds: u64) -> String {
    let mut left = milliseconds;
    let mut text = String::new();
    for (unit, length) in UNITS {
        let is_exact = matches!(unit, "y" | "w" | "d") && left.is_multiple_of(length);
        if left >= length && (is_exact || length <= 3_600_000) {
            text.push_str(&format!("{}{unit}", left / length));
            left %= length;
        }
    }
    if text.is_empty() { "0s".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_written_as_prometheus_writes_them() {
        for (length, expected) in [
            (0, "0s"),
            (300_000, "5m"),
            (5_400_000, "1h30m"),
            (86_400_000, "1d"),
            (90_000_000, "25h"),
            (604_800_000, "1w"),
            (1_500, "1s500ms"),
        ] {
            assert_eq!(duration_text(length), expected);
            assert_eq!(milliseconds(expected), Some(length));
        }
    }

    #[test]
    fn durations_are_read_as_prometheus_reads_them() {
        for (text, expected) in [
            ("0", Some(0)),
            ("0s", Some(0)),
            ("5m", Some(300_000)),
            ("1h30m", Some(5_400_000)),
            ("1y1w1d1h1m1s1ms", Some(32_230_861_001)),
            ("300m", Some(18_000_000)),
            ("", None),
            ("5", None),
            ("m", None),
            ("5 m", None),
            ("-5m", None),
            ("1.5h", None),
            ("30m1h", None),
            ("5m5m", None),
            ("5min", None),
            ("5M", None),
            ("999y", None),
            ("99999999999999999999s", None),
        ] {
            assert_eq!(milliseconds(text), expected, "{text}");
        }
    }
}
