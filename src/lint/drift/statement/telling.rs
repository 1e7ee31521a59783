//! Whether a sentence says when an alert fires.

use super::Reader;
use crate::lint::drift::kinds::Kinds;
use crate::lint::drift::words::TokenKind;
use crate::lint::word_set::WordSet;
use std::ops::Range;

/// Verbs of firing.
pub static FIRING: WordSet = WordSet::new(&[
    "fires",
    "fire",
    "fired",
    "firing",
    "triggers",
    "triggered",
    "trigger",
    "raised",
    "raises",
    "alerts",
    "alert",
    "alerting",
    "activates",
    "activated",
    "sent",
    "pages",
    "paged",
]);

/// What a condition does as long as it is so.
pub(super) static LASTING: WordSet = WordSet::new(&[
    "hold",
    "holds",
    "held",
    "persist",
    "persists",
    "last",
    "lasts",
    "lasted",
    "continue",
    "continues",
    "remain",
    "remains",
    "stay",
    "true",
]);

/// What an alert is called.
static ALERT: WordSet = WordSet::new(&["alert", "alerts", "alarm", "alarms", "rule"]);

/// What else is said of an alert, and needs no other name.
static OF_ALERT: WordSet = WordSet::new(&["warning", "notification", "code"]);

/// Words that a condition follows.
static CONDITIONS: WordSet =
    WordSet::new(&["when", "if", "once", "whenever", "because", "as", "on", "after"]);

/// Words of which each sentence has one that says when an alert fires, unless it says [of something](OF_IT)
/// [how it is](BEING): [verbs of firing](FIRING), and these, which say what else may become of an alert, name
/// its condition, say what it means, and how long something lasts.
pub static SAYING: WordSet = WordSet::new(&[
    "pending",
    "active",
    "condition",
    "expression",
    "means",
    "indicates",
    "signals",
    "warns",
    "like",
    "lasted",
    "lasts",
    "persists",
]);

/// `It` is so, `this` is on.
pub static OF_IT: WordSet = WordSet::new(&["it", "this"]);

/// It is `so`, this is `on`.
pub static BEING: WordSet = WordSet::new(&["so", "on"]);

impl Reader<'_> {
    /// Whether the sentence says when an alert fires: a verb of firing with a condition, that the
    /// alert means something, or how long its condition must hold.
    pub(super) fn tells_when(&self) -> bool {
        self.tells(&["alert", "it", "this"])
    }

    /// The same, where it is said of no `it` or `this` that it means something.
    pub(super) fn tells_of_alert(&self) -> bool {
        self.tells(&["alert"])
    }

    /// Whether it says when an alert fires, or what one of these means. Most sentences have no word that
    /// one has which does.
    fn tells(&self, meaning: &[&str]) -> bool {
        let kinds = || Kinds::of(&self.text[self.range(0, self.tokens.len())]);
        *self.may_tell.get_or_init(|| kinds().may_tell()) && self.finds_telling(meaning)
    }

    /// The same, by its words one by one.
    pub(super) fn finds_telling(&self, meaning: &[&str]) -> bool {
        let begins_with_condition = matches!(
            self.word(0),
            "if" | "when" | "once" | "after" | "while" | "whenever" | "as" | "before"
        );
        if self.adds_a_case() {
            return false;
        }
        if begins_with_condition {
            return (0..self.tokens.len()).any(|at| self.fires_then(at));
        }
        self.says_how_long()
            || (0..self.tokens.len()).any(|at| self.fires_if(at) || self.means(at, meaning))
    }

    /// `An alert fires when a login fails, too.`
    fn adds_a_case(&self) -> bool {
        let last = self.tokens.len().saturating_sub(1);
        self.is(last, &["too", "also"]) || self.is(last, &["well"]) && self.before(last, 1) == "as"
    }

    fn is(&self, at: usize, words: &[&str]) -> bool {
        words.contains(&self.word(at))
    }

    /// `the alert is raised when`, `fires above`
    fn fires_if(&self, at: usize) -> bool {
        // `the alert becomes pending when`
        let becomes = self.is(at, &["pending", "active"])
            && matches!(self.before(at, 1), "becomes" | "goes" | "turns");
        (FIRING.contains(self.word(at)) || becomes)
            && ((at + 1..at + 3).any(|next| CONDITIONS.contains(self.word(next)))
                || self.is(at + 1, &["at", "above", "below", "over", "under"]))
            // `The alert fires again after`
            && !self.is(at + 1, &["again"])
            && !self.is_done_by_another(at)
    }

    /// The bytes of what the sentence says fires, up to the verb.
    pub(super) fn who_fires(&self) -> Option<Range<usize>> {
        let verb = (0..self.tokens.len()).find(|at| self.fires_if(*at))?;
        let start = self.clause_start(verb);
        Some(self.tokens[start].range.start..self.tokens[verb].range.start)
    }

    /// Where the clause begins that a verb is in: behind a colon, or a comma; but what stands before
    /// `, which` belongs to it, and so do circumstances, `in staging,`.
    fn clause_start(&self, verb: usize) -> usize {
        let is_circumstance = self.is(0, &["in", "for", "on", "at", "with", "during"]);
        let begins = |mark: &usize| match self.tokens[*mark].kind {
            TokenKind::Mark(':' | '–' | '—') => true,
            TokenKind::Mark(',') => !is_circumstance && !self.is(mark + 1, &["which", "that"]),
            _ => false,
        };
        (0..verb).rev().find(begins).map_or(0, |mark| mark + 1)
    }

    /// `The watchdog fires after`: the subject of a verb is a thing, and no alert.
    fn is_done_by_another(&self, verb: usize) -> bool {
        const MOST_WORDS: usize = 3;
        let mut subject = self.subject_end(verb);
        if matches!(self.before(subject, 1), "that" | "which") {
            subject -= 1;
        }
        let Some(noun) = subject.checked_sub(1) else { return false };
        let is_name = || {
            let written = &self.text[self.tokens[noun].range.clone()];
            written.chars().skip(1).any(char::is_uppercase)
        };
        let articles = ["the", "a", "an", "each", "every", "our", "its", "their"];
        let mut before = (2..=MOST_WORDS + 1).map(|distance| self.before(subject, distance));
        let name = self.word(noun);
        !ALERT.contains(name)
            && !OF_ALERT.contains(name)
            && before.any(|word| articles.contains(&word))
            && !is_name()
    }

    /// Where the words before a verb end that are its subject.
    fn subject_end(&self, verb: usize) -> usize {
        let mut end = verb;
        while matches!(
            self.before(end, 1),
            "is" | "are"
                | "was"
                | "were"
                | "be"
                | "been"
                | "being"
                | "gets"
                | "get"
                | "will"
                | "has"
                | "have"
                | "only"
                | "also"
                | "then"
                | "immediately"
        ) {
            end -= 1;
        }
        end
    }

    /// `If it lasts for an hour, the alert fires`: the condition stands first.
    fn fires_then(&self, at: usize) -> bool {
        if !FIRING.contains(self.word(at)) {
            return false;
        }
        let subject = self.subject_end(at);
        let is_alert = ALERT.contains(self.before(subject, 1))
            && matches!(self.before(subject, 2), "the" | "this" | "an")
            && !CONDITIONS.contains(self.before(subject, 3))
            && !matches!(self.before(subject, 3), "that" | "until" | "before" | "while" | "and");
        let is_it = matches!(self.before(subject, 1), "it" | "this")
            && matches!(
                subject.checked_sub(2).map(|before| &self.tokens[before].kind),
                Some(TokenKind::Mark(','))
            );
        let goes_on = self.is(at + 1, &["again", "to", "as", "another", "when", "if", "while"]);
        (is_alert || is_it) && !goes_on
    }

    /// `the alert means`, `it indicates`
    fn means(&self, at: usize, subjects: &[&str]) -> bool {
        const MEANING: [&str; 4] = ["means", "indicates", "signals", "warns"];
        // What `it` shows or tells may be anything's doing.
        const DOING: [&str; 5] = ["shows", "tells", "reports", "detects", "notifies"];
        self.is(at, subjects) && self.is(at + 1, &MEANING)
            || self.is(at, &["alert"]) && self.is(at + 1, &DOING)
    }

    /// `The condition has to hold for`, `it has been like this for`, `pending for 5m, then firing`
    pub(super) fn says_how_long(&self) -> bool {
        *self.says_how_long.get_or_init(|| self.finds_how_long())
    }

    fn finds_how_long(&self) -> bool {
        static CONDITION: WordSet = WordSet::new(&["condition", "expression"]);
        self.speaks_of(&CONDITION) && self.speaks_of(&LASTING)
            || self.is(0, &["pending"]) && self.speaks_of(&FIRING)
            || self.is(0, &["it", "this"])
                && (0..self.tokens.len())
                    .any(|at| self.is(at, &["like"]) && self.is(at + 1, &["this", "that"]))
            || (0..self.tokens.len()).any(|at| {
                self.is(at, &["this", "it"]) && self.is(at + 2, &["lasted", "on", "so"])
                    || self.is(at, &["this"]) && self.is(at + 1, &["lasts", "persists"])
            })
    }
}
