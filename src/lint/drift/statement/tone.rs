//! How a sentence speaks: with doubt, as advice, of an alert that fires, of what is to come, of
//! what is well or broken, used or free.

use super::{Reader, Share, State};
use crate::lint::drift::words::TokenKind;

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

/// Verbs of firing.
pub(super) const FIRING: [&str; 17] = [
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
];

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
const USED: [&str; 9] = [
    "used",
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
pub(super) struct Tone {
    /// Whether a verb of firing is in it.
    pub speaks_of_firing: bool,
    /// Whether it predicts something: `will be full`, `fills up`, `runs out of space`.
    pub looks_ahead: bool,
    /// Whether something in it expires.
    pub expires: bool,
    /// Whether it speaks of what is well, or of what is not.
    pub state: Option<State>,
    /// Whether it speaks of what is used, or of what is left.
    pub share: Option<Share>,
}

impl Reader<'_> {
    pub(super) fn tone(&self) -> Tone {
        Tone {
            speaks_of_firing: self.speaks_of(&FIRING),
            looks_ahead: self.looks_ahead(),
            expires: self.speaks_of(&["expires", "expire", "expiring"]),
            state: self.state(),
            share: self.share(),
        }
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
        asks || IMPERATIVES.contains(&first) && !is_only_so_many
            || first == "if" && !tells_when
            || !tells_when && self.gives_advice_behind_a_mark()
            || self.speaks_of_another_level()
            || (0..self.tokens.len()).any(|at| {
                let word = self.word(at);
                is_doubtful_word(word) && !but_for.contains(&word) && !self.is_plain(at)
                    || word == "maximum" && !matches!(self.before(at, 1), "its" | "their")
                    || word == "desired" && !self.is_of_kubernetes(at)
            })
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
        self.is_will_fire(at) || self.is_failure(at) || self.word(at) == "wait" && ends
    }

    /// `could not be started` is how it failed, and no doubt.
    fn is_failure(&self, at: usize) -> bool {
        matches!(self.word(at), "could" | "can") && self.word(at + 1) == "not"
    }

    /// `the desired number of replicas`
    fn is_of_kubernetes(&self, at: usize) -> bool {
        matches!(
            self.word(at + 1),
            "number" | "count" | "amount" | "state" | "replicas" | "pods" | "scale"
        )
    }

    /// `will fire when`
    fn is_will_fire(&self, at: usize) -> bool {
        self.word(at) == "will" && (at + 1..at + 3).any(|verb| FIRING.contains(&self.word(verb)))
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

    /// Whether the sentence says when an alert fires: a verb of firing with `when` or `if` behind
    /// it, or that the alert means something.
    pub(super) fn tells_when(&self) -> bool {
        const CONDITIONS: [&str; 8] =
            ["when", "if", "once", "whenever", "because", "as", "on", "after"];
        const MEANING: [&str; 9] = [
            "means",
            "indicates",
            "signals",
            "shows",
            "warns",
            "tells",
            "reports",
            "detects",
            "notifies",
        ];
        let is = |at: usize, words: &[&str]| words.contains(&self.word(at));
        let begins_with_condition =
            is(0, &["if", "when", "once", "after", "while", "whenever", "as", "before"]);
        (0..self.tokens.len()).any(|at| {
            let fires = is(at, &FIRING)
                && ((at + 1..at + 3).any(|next| is(next, &CONDITIONS))
                    || is(at + 1, &["at", "above", "below", "over", "under"]));
            let means = is(at, &["alert", "it", "this"]) && is(at + 1, &MEANING);
            (fires || means) && !begins_with_condition
        })
    }
}
