//! Days, as front matter and commits name them.

use std::fmt;

/// A day of the Gregorian calendar, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// Days since the first of January 1970.
    days: i64,
}

impl Date {
    /// The day of a time, in seconds since the beginning of 1970.
    pub fn of_seconds(seconds: i64) -> Self {
        Self { days: seconds.div_euclid(24 * 60 * 60) }
    }

    /// The day that a text begins with, `2026-11-25`; what stands behind it is a time. None if there
    /// is no such day.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (date, rest) = text.split_at_checked(10)?;
        let mut parts = date.split('-');
        let mut number = |digits: usize| -> Option<i64> {
            let part = parts.next()?;
            let is_number = part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| part.parse().ok())?
        };
        let (year, month, day) = (number(4)?, number(2)?, number(2)?);
        if !(1..=12).contains(&month) || !(rest.is_empty() || rest.starts_with(['T', ' '])) {
            return None;
        }
        let found = Self { days: days_of(year, month, day) };
        // The thirty-first of June is the first of July.
        (found.parts() == (year, month, day)).then_some(found)
    }

    /// The day so many days later.
    #[must_use]
    pub fn plus(self, days: u64) -> Self {
        Self { days: self.days.saturating_add(i64::try_from(days).unwrap_or(i64::MAX)) }
    }

    /// Year, month and day.
    fn parts(self) -> (i64, i64, i64) {
        // Howard Hinnant, <https://howardhinnant.github.io/date_algorithms.html#civil_from_days>:
        // years begin in March, and 400 of them are an era.
        let shifted = self.days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        (year_of_era + era * 400 + i64::from(month <= 2), month, day)
    }
}

/// The other way round, from the same place.
fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.parts();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        for (seconds, text) in [
            (0, "1970-01-01"),
            (951_782_400, "2000-02-29"),
            (1_795_564_800, "2026-11-25"),
            (-1, "1969-12-31"),
        ] {
            assert_eq!(Date::of_seconds(seconds).to_string(), text);
            assert_eq!(Date::parse(text), Some(Date::of_seconds(seconds)), "{text}");
        }
        for text in ["2026-02-30", "2026-13-01", "26-01-01", "2026-1-01", "soon", "2026-01-015", ""]
        {
            assert_eq!(Date::parse(text), None, "{text}");
        }
        assert_eq!(Date::parse("2026-11-25T10:00:00Z"), Date::parse("2026-11-25"));
        assert_eq!(
            Date::parse("2026-11-25").map(|day| day.plus(10).to_string()).unwrap(),
            "2026-12-05"
        );
    }

    #[test]
    fn every_day_is_its_own() {
        for days in (-800_000..800_000).step_by(97) {
            let date = Date { days };
            assert_eq!(Date::parse(&date.to_string()), (date.parts().0 >= 0).then_some(date));
        }
    }
}
