//! How a sentence speaks: with doubt, as advice, of an alert that fires, of what is to come, of
//! what is well or broken, used or free.

use super::measure::time_unit;
use super::telling::{FIRING, LASTING};
use super::{Reader, Share, State};
use crate::lint::drift::words::{Token, TokenKind};
use crate::lint::shapes::Shapes;
use crate::lint::word_set::WordSet;
use smallvec::SmallVec;

/// Words that make a number no fact about when an alert fires: guesses, wishes, advice.
static DOUBTFUL: WordSet = WordSet::new(&[
    "e.g",
    "i.e",
    "eg",
    "ie",
    "example",
    "usually",
    "typically",
    "normally",
    "generally",
    "often",
    "sometimes",
    "approximately",
    "about",
    "around",
    "roughly",
    "nearly",
    "almost",
    "approx",
    "circa",
    "should",
    "must",
    "can",
    "could",
    "may",
    "might",
    "would",
    "expected",
    "healthy",
    "normal",
    "required",
    "supposed",
    "needs",
    "need",
    "until",
    "wait",
    "escalate",
    "escalates",
    "escalated",
    "contact",
    "notify",
    "retry",
    "retries",
    "retried",
    "snooze",
    "silence",
    "budget",
    "sla",
    "slo",
    "next",
    "default",
    "defaults",
    "previously",
    "allows",
    "permits",
    "tolerates",
    "supports",
    "notice",
    "notices",
    "formerly",
    "unlike",
    "other",
    "except",
    "predicted",
    "resolves",
    "resolved",
    "recovers",
    "clears",
    "please",
    "will",
]);

/// Doubtful words that predictions are made of.
pub(super) const AHEAD: [&str; 4] = ["will", "predicted", "expected", "next"];

/// Words of predictions.
static PREDICTING: WordSet =
    WordSet::new(&["will", "predicted", "expected", "fills", "filling", "runs", "running"]);

/// Words for what is predicted of something that has an end.
static FILLING: WordSet = WordSet::new(&[
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
]);

/// Words for what ends at a time.
static EXPIRING: WordSet = WordSet::new(&["expires", "expire", "expiring"]);

/// Words for what is broken.
static BROKEN: WordSet = WordSet::new(&[
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
]);

/// Words for what is well.
static WELL: WordSet = WordSet::new(&[
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
]);

/// Words for the used part of what runs out.
static USED: WordSet = WordSet::new(&[
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
]);

/// Words for the part that is left.
static FREE: WordSet = WordSet::new(&["free", "left", "available", "remaining", "idle", "unused"]);

/// Words of schedules and of history: what is told of them is no condition that is looked at now.
static CALENDAR: WordSet = WordSet::new(&[
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
]);

/// Words with which advice begins, or what holds for another level or another environment.
static IMPERATIVES: WordSet = WordSet::new(&[
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
]);

/// The shapes of all words by which a tone is told.
static TELLING: Shapes = FIRING
    .shapes()
    .and(PREDICTING.shapes())
    .and(FILLING.shapes())
    .and(EXPIRING.shapes())
    .and(WELL.shapes())
    .and(BROKEN.shapes())
    .and(USED.shapes())
    .and(FREE.shapes());

/// The one of two that is spoken of, unless the other is as well.
fn only<T>((has_one, one): (bool, T), (has_other, other): (bool, T)) -> Option<T> {
    match (has_one, has_other) {
        (true, false) => Some(one),
        (false, true) => Some(other),
        _ => None,
    }
}

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
    pub(super) fn tone(&self) -> &Tone {
        self.tone.get_or_init(|| {
            // Most words are of none of these kinds.
            let telling: SmallVec<[&str; 8]> =
                self.words().filter(|word| TELLING.may_have(word)).collect();
            let has = |wanted: &WordSet| telling.iter().any(|word| wanted.contains(word));
            Tone {
                speaks_of_firing: has(&FIRING),
                looks_ahead: has(&PREDICTING) && has(&FILLING),
                expires: has(&EXPIRING),
                state: only((has(&WELL), State::Well), (has(&BROKEN), State::Broken)),
                share: only((has(&USED), Share::Used), (has(&FREE), Share::Free)),
            }
        })
    }

    /// Whether one of its words is one of these.
    pub(super) fn speaks_of(&self, wanted: &WordSet) -> bool {
        self.words().any(|word| wanted.contains(word))
    }

    /// Its words in order, without what is none.
    fn words(&self) -> impl Iterator<Item = &str> {
        self.tokens.iter().filter_map(|token| match &token.kind {
            TokenKind::Word(word) => Some(&**word),
            _ => None,
        })
    }

    /// Whether there is a doubt in the sentence other than by these words.
    pub(super) fn is_doubtful(&self, but_for: &[&str]) -> bool {
        // What single words and pairs of them say is asked first: whether the sentence tells when an alert
        // fires takes longer to find out.
        self.has_word_of_doubt(but_for)
            || self.tokens.iter().any(|token| {
                matches!(token.kind, TokenKind::Mark('~' | '≈'))
                    || self.text.as_bytes().get(token.range.end) == Some(&b'?')
            })
            || self.speaks_of_another_level()
            || self.may_advise() && !self.tells_when()
    }

    /// Whether it may tell its reader what to do, or speak of one time: it does, unless it tells when an
    /// alert fires.
    fn may_advise(&self) -> bool {
        let first = self.words().next().unwrap_or_default();
        // `Only 3 % are free` tells nobody to do anything.
        let is_only_so_many = || {
            first == "only"
                && matches!(self.tokens.get(1).map(|it| &it.kind), Some(TokenKind::Number { .. }))
        };
        // `restart rate > 0.1`
        let is_noun = || {
            matches!(self.word(0), "restart" | "page" | "log" | "call" | "run")
                && matches!(self.word(1), "rate" | "rates" | "ratio" | "count" | "faults" | "loops")
        };
        IMPERATIVES.contains(first) && !is_only_so_many() && !is_noun()
            || first == "if"
            // `When the alert fires, more than half of them are gone.`
            || first == "when" && self.tone().speaks_of_firing
            || self.speaks_of(&CALENDAR)
            || self.gives_advice_behind_a_mark()
    }

    /// Whether a word of it is one of doubt, of duty or of the past, other than these.
    fn has_word_of_doubt(&self, but_for: &[&str]) -> bool {
        (0..self.tokens.len()).any(|at| {
            let word = self.word(at);
            match word {
                "" => false,
                "maximum" => !matches!(self.before(at, 1), "its" | "their"),
                "desired" => !self.is_of_kubernetes(at),
                "for" => self.word(at + 1) == "instance",
                "used" => self.word(at + 1) == "to",
                "low" | "medium" | "high" => {
                    matches!(self.word(at + 1), "risk" | "priority" | "impact")
                }
                "has" | "have" => self.is_duty(at),
                "last" | "previous" => self.is_history(at),
                _ => DOUBTFUL.contains(word) && !but_for.contains(&word) && !self.is_plain(at),
            }
        })
    }

    /// Whether a word of doubt is none here: `will fire when`, `could not be started`, `messages wait`.
    fn is_plain(&self, at: usize) -> bool {
        let ends = at > 1 && at + 1 == self.tokens.len();
        let is_no_doubt = match self.word(at) {
            "will" => {
                let verbs = || (at + 1..at + 3).map(|verb| self.word(verb));
                verbs().any(|verb| FIRING.contains(verb) || verb == "expire")
            }
            // `could not be started` is how it failed, and no doubt.
            "could" | "can" => self.word(at + 1) == "not",
            "wait" => ends,
            // `almost full (< 20% left)`
            "almost" | "nearly" => matches!(self.word(at + 1), "full" | "empty" | "exhausted"),
            // `requests need more than a second`
            "need" | "needs" => matches!(self.word(at + 1), "more" | "longer" | "over"),
            // `must hold for 10 minutes`
            "must" => (1..3).any(|behind| LASTING.contains(self.word(at + behind))),
            _ => false,
        };
        is_no_doubt || self.is_part_of_a_name(at)
    }

    /// `have to succeed` at its first word; but `has to hold for 10 minutes`.
    fn is_duty(&self, at: usize) -> bool {
        self.word(at + 1) == "to" && !LASTING.contains(self.word(at + 2))
    }

    /// `was down last week` at `last`; but `in the last hour`.
    fn is_history(&self, at: usize) -> bool {
        time_unit(self.word(at + 1)).is_some()
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
        static ADVICE: WordSet = WordSet::new(&[
            "see", "call", "escalate", "contact", "restart", "run", "check", "ask", "open",
            "scale", "write", "inform", "tell", "consider", "start", "follow", "delete",
        ]);
        static CIRCUMSTANCES: WordSet = WordSet::new(&[
            "for", "with", "at", "in", "on", "above", "below", "over", "under", "beyond", "when",
            "while",
        ]);
        CIRCUMSTANCES.contains(self.word(0))
            && self.tokens.iter().enumerate().any(|(at, token)| {
                let then = usize::from(matches!(self.word(at + 1), "then" | "please" | "you"));
                token.kind == TokenKind::Mark(',') && ADVICE.contains(self.word(at + 1 + then))
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
        |token: &Token<'_>| matches!(&token.kind, TokenKind::Word(word) if DOUBTFUL.contains(word));
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
