//! Words of doubt that are none where they stand in the name of a thing: `the retry queue`, `IO wait`.

use super::{Bound, Reader};

/// What services are made of, and has another name before it.
const THINGS: [&str; 34] = [
    "queue",
    "queues",
    "topic",
    "topics",
    "pool",
    "pools",
    "service",
    "services",
    "worker",
    "workers",
    "backend",
    "endpoint",
    "api",
    "job",
    "jobs",
    "call",
    "calls",
    "request",
    "requests",
    "attempt",
    "attempts",
    "message",
    "messages",
    "event",
    "events",
    "handler",
    "loop",
    "loops",
    "storm",
    "storms",
    "backlog",
    "namespace",
    "exchange",
    "partition",
];

/// What is measured of a thing.
const MEASURES: [&str; 9] =
    ["rate", "rates", "ratio", "ratios", "count", "counts", "time", "times", "percentage"];

/// Words behind which a verb stands.
const BEFORE_VERBS: [&str; 22] = [
    "to",
    "and",
    "then",
    "or",
    "but",
    "will",
    "would",
    "not",
    "you",
    "we",
    "they",
    "it",
    "i",
    "please",
    "can",
    "do",
    "did",
    "just",
    "always",
    "never",
    "also",
    "automatically",
];

/// Words behind which `retry` is what is done again, and of no name.
const DETERMINERS: [&str; 18] = [
    "a", "an", "the", "each", "every", "one", "next", "another", "this", "that", "per", "after",
    "before", "on", "with", "for", "of", "no",
];

impl Reader<'_> {
    /// Whether a word that makes doubt as a verb or an adjective is a noun, or tells which thing is
    /// meant.
    pub(super) fn is_part_of_a_name(&self, at: usize) -> bool {
        match self.word(at) {
            "retry" | "wait" | "default" | "notify" | "contact" | "silence" => {
                self.names_what_follows(at)
                    || self.word(at) == "wait" && self.is_io(at)
                    || self.word(at) == "retry" && self.ends_a_name(at)
            }
            "retries" => self.counts_retries(at),
            // `retried more than 5 times`, which says more than how often it is tried.
            "retried" => {
                let is_number = |number: usize| self.measure(number).is_some();
                let number = (at + 2..at + 4).find(|number| is_number(*number));
                number.is_some_and(|number| {
                    matches!(self.bound_before(number), Some((Some(_), start)) if start == at + 1)
                })
            }
            "healthy" => self.counts_healthy(at),
            _ => false,
        }
    }

    /// `the retry queue`, `retry rate`; but `retry jobs`, which begins an order, and `will retry calls`.
    fn names_what_follows(&self, at: usize) -> bool {
        let next = self.word(at + 1);
        let is_order = at == 0 && next.ends_with('s') || BEFORE_VERBS.contains(&self.before(at, 1));
        // What is so by default, is so: `the default rate`.
        let is_measured = self.word(at) != "default" && MEASURES.contains(&next);
        !is_order && (is_measured || THINGS.contains(&next))
    }

    /// `the callback retry`: behind one thing the verb would be `retries`, and behind several, `clients
    /// retry`, it is one.
    fn ends_a_name(&self, at: usize) -> bool {
        let before = self.before(at, 1);
        // `redis`, `status` and `access` are one thing each.
        let is_plural =
            before.ends_with('s') && !["is", "us", "ss"].iter().any(|end| before.ends_with(end));
        !before.is_empty()
            && !is_plural
            && !before.ends_with("ly")
            && !BEFORE_VERBS.contains(&before)
            && !DETERMINERS.contains(&before)
    }

    /// `IO wait`, also of a CPU.
    fn is_io(&self, at: usize) -> bool {
        matches!(self.before(at, 1), "io" | "i/o" | "o" | "disk" | "cpu" | "lock")
    }

    /// `the number of retries`, `more than 5 upload retries`, `retries are above 5`
    fn counts_retries(&self, at: usize) -> bool {
        let is_counted = (at.saturating_sub(3)..at).any(|number| {
            self.measure(number).is_some()
                && matches!(self.bound_before(number), Some((Some(_), _)))
        });
        is_counted
            || self.before(at, 1) == "of"
            || matches!(self.word(at + 1), "are" | "is" | "above" | "exceed" | "per" | "have")
    }

    /// `fewer than 2 healthy hosts`, `the number of healthy hosts is below 2`: nobody is well with so
    /// few. `a healthy host has less than 2` tells what is well.
    fn counts_healthy(&self, at: usize) -> bool {
        let is_too_few = |number: usize| {
            self.measure(number).is_some()
                && matches!(
                    self.bound_before(number),
                    Some((Some(Bound::Below | Bound::AtMost), _))
                )
        };
        (at.saturating_sub(2)..at).any(is_too_few)
            || self.before(at, 1) == "of" && matches!(self.before(at, 2), "number" | "count")
    }
}
