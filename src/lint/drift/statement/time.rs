//! Times that a sentence states: how long, how far back, how far ahead, how long ago.

use super::measure::Measure;
use super::{Bound, Lasting, Looking, Meant, Reader, Said, Statement};

/// Words for a window that ends now.
const PAST: [&str; 6] = ["past", "last", "previous", "preceding", "trailing", "rolling"];

impl Reader<'_> {
    /// `higher than a week ago`
    pub(super) fn ago(&self, at: usize, measure: &Measure, unit: u64) -> Option<Statement> {
        const MOST_WORDS: usize = 6;
        let is_compared = (1..=MOST_WORDS).any(|distance| {
            matches!(self.before(at, distance), "than" | "compared" | "versus" | "vs")
        });
        let milliseconds = measure.milliseconds(unit).filter(|_| is_compared)?;
        Some(self.stated(at, measure.end + 1, Said::Ago { milliseconds }))
    }

    /// `started less than a minute ago`, `the last backup was over 26 hours ago`: how long ago, rather
    /// than `lower than a week ago`.
    pub(super) fn is_done_ago(&self, at: usize) -> bool {
        let Some((Some(_), start)) = self.bound_before(at) else { return false };
        let is_last = || {
            (0..start).any(|before| matches!(self.word(before), "last" | "latest" | "newest"))
                && matches!(self.before(start, 1), "is" | "was" | "were" | "happened" | "ran")
        };
        matches!(self.word(start), "less" | "more" | "longer" | "over")
            && (self.before(start, 1).ends_with("ed") || is_last())
    }

    /// What is stated of the time at a token, whose words of comparison begin at `start`.
    pub(super) fn time_statement(
        &self,
        at: usize,
        start: usize,
        bound: Option<Bound>,
        measure: &Measure,
        unit: u64,
    ) -> Option<Statement> {
        let milliseconds = measure.milliseconds(unit)?;
        let end = measure.end;
        let number = |from, end, bound| {
            self.stated(from, end, Said::Number(self.quantity(measure, Some(bound), None)))
        };
        // `more than 26 hours old`, `less than a minute ago`
        if matches!(self.word(end), "old" | "ago")
            && let Some(bound) = bound
        {
            return Some(number(start, end + 1, bound));
        }
        // `26 hours old or older`
        if self.word(end) == "old"
            && let (Some(bound), behind) = self.bound_behind(end + 1)
        {
            return Some(number(start, behind, bound));
        }
        if matches!(self.word(end), "old" | "later" | "before" | "after" | "earlier") {
            return None;
        }
        let window = |from, looking| self.stated(from, end, Said::Window { milliseconds, looking });
        let held =
            |from, meant| self.stated(from, end, Said::Held(Lasting { milliseconds, meant }));
        if let Some(past) = self.past(at) {
            let article = usize::from(matches!(self.before(past, 1), "the" | "a" | "any"));
            // `the backups of the last 3 days`: which ones.
            if self.before(past, article + 1) == "of" && !self.is_averaged(past - article - 1) {
                return None;
            }
            let lasts = self.before(past, article + 1) == "for";
            return Some(window(past, if lasts { Looking::OrLasting } else { Looking::Back }));
        }
        let names_a_window = is_window(self.word(end));
        let (from, is_of) = self.before_articles(start, names_a_window);
        match self.before(from, 1) {
            // `measured for 5 minutes`
            "for" if self.is_measured(from - 1) => return Some(window(start, Looking::Back)),
            // `valid for less than 14 days` is no time that something goes on.
            "for" | "since" | "lasting" | "lasts"
                if !matches!(bound, Some(Bound::Below | Bound::AtMost)) =>
            {
                return Some(held(
                    from - 1,
                    if self.says_how_long() { Meant::Wait } else { Meant::Any },
                ));
            }
            "in" | "within" if bound.is_none() && self.tone().looks_ahead => {
                return Some(self.stated(from - 1, end, Said::Ahead { milliseconds }));
            }
            // `expires within 3 days`
            "in" | "within" if bound.is_none() && self.tone().expires => {
                return Some(number(from - 1, end, Bound::Below));
            }
            "in" | "within" | "during" | "over" if bound.is_none() => {
                let averaged = self.before(from, 1) == "over" && self.is_averaged(from - 1);
                let is_certain = averaged || names_a_window || is_of;
                return Some(window(
                    start,
                    if is_certain { Looking::Back } else { Looking::Within },
                ));
            }
            "after" if bound.is_none() => {
                return self.tone().speaks_of_firing.then(|| held(from - 1, Meant::Wait));
            }
            "every" | "each" | "per" => return None,
            _ => {}
        }
        // `job duration over 30 minutes`
        if let Some(bound) = bound
            && matches!(
                self.before(start, 1),
                "duration" | "latency" | "runtime" | "age" | "lag" | "delay"
            )
        {
            return Some(number(start, end, bound));
        }
        // `over 5 minutes` may be a window, or longer than that; nobody looks back 500 ms.
        if bound == Some(Bound::Above) && self.word(start) == "over" && unit > 1000 {
            let is_window = names_a_window || self.is_averaged(start);
            return is_window.then(|| window(at, Looking::Back));
        }
        if names_a_window {
            return Some(window(at, Looking::Back));
        }
        let (bound, end) = if bound.is_some() { (bound, end) } else { self.bound_behind(end) };
        Some(number(start, end, bound?))
    }

    /// Where the word of the past stands that a time has: `in the past 5 hours`, `the past hour`.
    fn past(&self, at: usize) -> Option<usize> {
        let is_past = |at: &usize| PAST.contains(&self.word(*at));
        Some(at).filter(is_past).or_else(|| at.checked_sub(1).filter(is_past))
    }

    /// Where the words begin that stand between a preposition and a time, and whether they name a
    /// window: `within the next 4 hours`, `in a 5 minute window`, `over a period of 5 hours`.
    fn before_articles(&self, start: usize, names_a_window: bool) -> (usize, bool) {
        let mut from = start;
        if self.before(from, 1) == "next" {
            from -= 1;
            from -= usize::from(self.before(from, 1) == "the");
        }
        while matches!(
            self.before(from, 1),
            "a" | "an" | "the" | "any" | "each" | "every" | "one" | "continuous" | "sustained"
        ) && names_a_window
        {
            from -= 1;
        }
        let is_of = self.before(from, 1) == "of"
            && matches!(
                self.before(from, 2),
                "period" | "window" | "duration" | "span" | "interval"
            );
        if is_of {
            from -= 2;
            from -= usize::from(matches!(self.before(from, 1), "a" | "the"));
        }
        (from, is_of)
    }

    /// `measured for`, of a graph that looks back so far
    fn is_measured(&self, at: usize) -> bool {
        self.before(at, 1).ends_with("ed") && self.is_averaged(at)
    }

    /// `averaged over`, `the average of`
    fn is_averaged(&self, over: usize) -> bool {
        matches!(
            self.before(over, 1),
            "number"
                | "growth"
                | "trend"
                | "count"
                | "total"
                | "mean"
                | "maximum"
                | "minimum"
                | "averaged"
                | "average"
                | "measured"
                | "evaluated"
                | "calculated"
                | "computed"
                | "aggregated"
                | "rate"
                | "sum"
                | "summed"
                | "increase"
                | "counted"
        )
    }
}

/// Whether a word behind a time says that it is a window: `a 5 minute period`.
fn is_window(word: &str) -> bool {
    matches!(
        word,
        "window"
            | "windows"
            | "period"
            | "interval"
            | "timeframe"
            | "range"
            | "span"
            | "time-frame"
            | "average"
            | "mean"
    )
}
