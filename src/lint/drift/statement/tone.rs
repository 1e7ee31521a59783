//! How a sentence speaks: with doubt, as advice, of an alert that fires, of what is to come, of
//! what is well or broken, used or free.

use super::measure::time_unit;
use super::telling::{FIRING, LASTING};
use super::{Reader, Share, State};
use crate::lint::drift::words::{Token, TokenKind};

/// Words that make a number no fact about when an alert fires: guesses, wishes, advice.
fn is_doubtful_word(word: &str) -> bool {
    matches!(
        word,
        "e.g"
            | "i.e"
            | "eg"
            | "ie"
            | "example"
            | "usually"
            | "typically"
            | "normally"
            | "generally"
            | "often"
            | "sometimes"
            | "approximately"
            | "about"
            | "around"
            | "roughly"
            | "nearly"
            | "almost"
            | "approx"
            | "circa"
            | "should"
            | "must"
            | "can"
            | "could"
            | "may"
            | "might"
            | "would"
            | "expected"
            | "healthy"
            | "normal"
            | "required"
            | "supposed"
            | "needs"
            | "need"
            | "until"
            | "wait"
            | "escalate"
            | "escalates"
            | "escalated"
            | "contact"
            | "notify"
            | "retry"
            | "retries"
            | "retried"
            | "snooze"
            | "silence"
            | "budget"
            | "sla"
            | "slo"
            | "next"
            | "default"
            | "defaults"
            | "previously"
            | "allows"
            | "permits"
            | "tolerates"
            | "supports"
            | "notice"
            | "notices"
            | "formerly"
            | "unlike"
            | "other"
            | "except"
            | "predicted"
            | "resolves"
            | "resolved"
            | "recovers"
            | "clears"
            | "please"
            | "will"
    )
}

/// Doubtful words that predictions are made of.
pub(super) const AHEAD: [&str; 4] = ["will", "predicted", "expected", "next"];

/// Words for what is broken.
const BROKEN: [&str; 14] = [
    "down",
    "unavailable",
    "lost",
    "gone",
    "failed",
    "fail",
    "failing",
    "unhealthy",
    "unreachable",
    "offline",
    "missing",
    "dead",
    "crashed",
    "broken",
];

/// Words for what is well.
const WELL: [&str; 12] = [
    "up",
    "ready",
    "available",
    "healthy",
    "running",
    "online",
    "alive",
    "reachable",
    "left",
    "remaining",
    "remain",
    "only",
];

/// Words for the used part of what runs out.
const USED: [&str; 10] = [
    "used",
    "busy",
    "usage",
    "use",
    "full",
    "utilization",
    "utilisation",
    "utilized",
    "consumed",
    "occupied",
];

/// Words for the part that is left.
const FREE: [&str; 6] = ["free", "left", "available", "remaining", "idle", "unused"];

/// Words of schedules and of history: what is told of them is no condition that is looked at now.
const CALENDAR: [&str; 26] = [
    "am",
    "pm",
    "noon",
    "midnight",
    "night",
    "nights",
    "weekend",
    "weekends",
    "monday",
    "mondays",
    "tuesday",
    "tuesdays",
    "wednesday",
    "wednesdays",
    "thursday",
    "thursdays",
    "friday",
    "fridays",
    "saturday",
    "saturdays",
    "sunday",
    "sundays",
    "month",
    "months",
    "year",
    "years",
];

/// Words with which advice begins, or what holds for another level or another environment.
const IMPERATIVES: [&str; 41] = [
    "check",
    "verify",
    "run",
    "restart",
    "wait",
    "contact",
    "escalate",
    "see",
    "look",
    "ensure",
    "confirm",
    "open",
    "use",
    "find",
    "get",
    "delete",
    "drain",
    "cordon",
    "scale",
    "increase",
    "decrease",
    "once",
    "then",
    "after",
    "note",
    "nb",
    "follow",
    "ssh",
    "log",
    "go",
    "repeat",
    "page",
    "raise",
    "call",
    "ignore",
    "do",
    "only",
    "never",
    "always",
    "staging",
    "production",
];

/// How a sentence speaks.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one independent observation")]
pub(super) struct Tone {
    /// Whether a verb of firing is in it.
    pub speaks_of_firing: bool,
    /// Whether it predicts something: `will be full`, `fills up`, `runs out of space`.
    pub looks_ahead: bool,
    /// Whether it says how long the condition of an alert must hold.
    pub says_how_long: bool,
    /// Whether something in it expires.
    pub expires: bool,
    /// Whether it speaks of what is well, or of what is not.
    pub state: Option<State>,
    /// Whether it speaks of what is used, or of what is left.
    pub share: Option<Share>,
}

impl Reader<'_> {
    pub(super) fn tone(&self) -> &Tone {
        self.tone.get_or_init(|| Tone {
            speaks_of_firing: self.speaks_of(&FIRING),
            looks_ahead: self.looks_ahead(),
            says_how_long: self.says_how_long(),
            expires: self.speaks_of(&["expires", "expire", "expiring"]),
            state: self.state(),
            share: self.share(),
        })
    }

    fn speaks_of(&self, wanted: &[&str]) -> bool {
        (0..self.tokens.len()).any(|at| wanted.contains(&self.word(at)))
    }

    fn state(&self) -> Option<State> {
        match (self.speaks_of(&WELL), self.speaks_of(&BROKEN)) {
            (true, false) => Some(State::Well),
            (false, true) => Some(State::Broken),
            _ => None,
        }
    }

    fn share(&self) -> Option<Share> {
        match (self.speaks_of(&USED), self.speaks_of(&FREE)) {
            (true, false) => Some(Share::Used),
            (false, true) => Some(Share::Free),
            _ => None,
        }
    }

    fn looks_ahead(&self) -> bool {
        self.speaks_of(&["will", "predicted", "expected", "fills", "filling", "runs", "running"])
            && self.speaks_of(&[
                "full",
                "reach",
                "hit",
                "empty",
                "fill",
                "fills",
                "filling",
                "out",
                "exhausted",
                "exhaust",
                "exceed",
            ])
    }

    /// Whether there is a doubt in the sentence other than by these words.
    pub(super) fn is_doubtful(&self, but_for: &[&str]) -> bool {
        let words = || (0..self.tokens.len()).map(|at| self.word(at));
        let asks = self.tokens.iter().any(|token| {
            matches!(token.kind, TokenKind::Mark('~' | '≈'))
                || self.text[token.range.end..].starts_with('?')
        });
        let first = words().find(|word| !word.is_empty()).unwrap_or_default();
        let tells_when = self.tells_when();
        // `Only 3 % are free` tells nobody to do anything.
        let is_only_so_many = first == "only"
            && matches!(self.tokens.get(1).map(|it| &it.kind), Some(TokenKind::Number { .. }));
        // `restart rate > 0.1`
        let is_noun = matches!(self.word(0), "restart" | "page" | "log" | "call" | "run")
            && matches!(self.word(1), "rate" | "rates" | "ratio" | "count" | "faults" | "loops");
        let is_advice = IMPERATIVES.contains(&first) && !is_only_so_many && !is_noun;
        asks || is_advice && !tells_when
            || !tells_when && self.speaks_of(&CALENDAR)
            || first == "if" && !tells_when
            // `When the alert fires, more than half of them are gone.`
            || first == "when" && !tells_when && self.tone().speaks_of_firing
            || !tells_when && self.gives_advice_behind_a_mark()
            || self.speaks_of_another_level()
            || (0..self.tokens.len()).any(|at| {
                let word = self.word(at);
                is_doubtful_word(word) && !but_for.contains(&word) && !self.is_plain(at)
                    || word == "maximum" && !matches!(self.before(at, 1), "its" | "their")
                    || word == "desired" && !self.is_of_kubernetes(at)
            })
            || (0..self.tokens.len()).any(|at| self.is_duty(at) || self.is_history(at))
            || words().zip(words().skip(1)).any(|pair| {
                matches!(
                    pair,
                    ("for", "instance")
                        | ("used", "to")
                        | ("low" | "medium" | "high", "risk" | "priority" | "impact")
                )
            })
    }

    /// Whether a word of doubt is none here: `will fire when`, `could not be started`, `messages wait`.
    fn is_plain(&self, at: usize) -> bool {
        let ends = at > 1 && at + 1 == self.tokens.len();
        let is_no_doubt = match self.word(at) {
            "will" => {
                let verbs = || (at + 1..at + 3).map(|verb| self.word(verb));
                verbs().any(|verb| FIRING.contains(&verb) || verb == "expire")
            }
            // `could not be started` is how it failed, and no doubt.
            "could" | "can" => self.word(at + 1) == "not",
            "wait" => ends,
            // `almost full (< 20% left)`
            "almost" | "nearly" => matches!(self.word(at + 1), "full" | "empty" | "exhausted"),
            // `requests need more than a second`
            "need" | "needs" => matches!(self.word(at + 1), "more" | "longer" | "over"),
            // `must hold for 10 minutes`
            "must" => (1..3).any(|behind| LASTING.contains(&self.word(at + behind))),
            _ => false,
        };
        is_no_doubt || self.is_part_of_a_name(at)
    }

    /// `have to succeed`; but `has to hold for 10 minutes`.
    fn is_duty(&self, at: usize) -> bool {
        matches!(self.word(at), "has" | "have")
            && self.word(at + 1) == "to"
            && !LASTING.contains(&self.word(at + 2))
    }

    /// `was down last week`; but `in the last hour`.
    fn is_history(&self, at: usize) -> bool {
        matches!(self.word(at), "last" | "previous")
            && time_unit(self.word(at + 1)).is_some()
            && !matches!(
                self.before(at, 1),
                "the" | "a" | "in" | "over" | "within" | "for" | "during" | "any" | "of"
            )
    }

    /// Whether it is so under some circumstances only, `while it is moved`, `during a release`; what
    /// begins a sentence is its subject.
    pub(super) fn is_conditional(&self) -> bool {
        (1..self.tokens.len()).any(|at| match self.word(at) {
            // `occurs when` says no more than what stands behind it.
            "if" | "when" => !matches!(self.before(at, 1), "occurs" | "happens" | "appears"),
            "while" | "unless" => true,
            "during" => {
                let article = usize::from(matches!(self.word(at + 1), "a" | "an" | "the"));
                self.measure(at + 1 + article).is_none()
            }
            _ => false,
        })
    }

    /// `the desired number of replicas`
    fn is_of_kubernetes(&self, at: usize) -> bool {
        matches!(
            self.word(at + 1),
            "number" | "count" | "amount" | "state" | "replicas" | "pods" | "scale"
        )
    }

    /// `for more than 20 pods, see the other page`: what stands before it is when to do so.
    fn gives_advice_behind_a_mark(&self) -> bool {
        const ADVICE: [&str; 17] = [
            "see", "call", "escalate", "contact", "restart", "run", "check", "ask", "open",
            "scale", "write", "inform", "tell", "consider", "start", "follow", "delete",
        ];
        const CIRCUMSTANCES: [&str; 12] = [
            "for", "with", "at", "in", "on", "above", "below", "over", "under", "beyond", "when",
            "while",
        ];
        CIRCUMSTANCES.contains(&self.word(0))
            && self.tokens.iter().enumerate().any(|(at, token)| {
                let then = usize::from(matches!(self.word(at + 1), "then" | "please" | "you"));
                token.kind == TokenKind::Mark(',') && ADVICE.contains(&self.word(at + 1 + then))
            })
    }

    /// `it is critical when it lasts for an hour`
    fn speaks_of_another_level(&self) -> bool {
        // What a sentence begins with, it is about.
        (1..self.tokens.len()).any(|at| {
            matches!(self.word(at), "critical" | "warning" | "severe" | "urgent" | "serious")
                && matches!(
                    self.word(at + 1),
                    "when" | "if" | "once" | "above" | "below" | "over" | "under" | "after" | "at"
                )
        })
    }
}

/// The tokens without what is said in brackets, if there is a doubt in it: `(110 by default)` makes
/// the rest of a sentence no guess.
pub(super) fn without_doubtful_remarks<'t>(tokens: &[Token<'t>]) -> Option<Vec<Token<'t>>> {
    let is_doubtful =
        |token: &Token<'_>| matches!(&token.kind, TokenKind::Word(word) if is_doubtful_word(word));
    // Most sentences have no brackets in them.
    if !tokens.iter().any(|it| it.kind == TokenKind::Mark('(')) {
        return None;
    }
    let mut kept = Vec::new();
    let mut rest = tokens;
    while let Some(open) = rest.iter().position(|it| it.kind == TokenKind::Mark('(')) {
        let Some(length) = rest[open..].iter().position(|it| it.kind == TokenKind::Mark(')'))
        else {
            break;
        };
        let behind = open + length + 1;
        let is_remark = open > 0 && rest[open..behind].iter().any(is_doubtful);
        kept.extend_from_slice(&rest[..if is_remark { open } else { behind }]);
        rest = &rest[behind..];
    }
    kept.extend_from_slice(rest);
    (kept.len() < tokens.len()).then_some(kept)
}
