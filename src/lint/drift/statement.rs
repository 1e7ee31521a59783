//! What a sentence states of the numbers and times at which an alert fires.
//!
//! `more than 3 times in the past 5 hours`, `over 70 percent`, `for 10 minutes`, `two of three`. Only
//! phrases that leave no doubt make a statement: a sentence with `usually`, `should` or `e.g.` in it
//! makes none at all, nor does one that tells its reader what to do.

mod bound;
mod counted;
mod cut;
mod measure;
mod noun;
mod several;
mod telling;
mod time;
mod together;
mod tone;

use super::kinds::PlacedKinds;
use super::words::{Token, TokenKind, tokens_in};
pub use cut::ends_sentence;
use cut::{Piece, pieces};
use measure::Measure;
pub use measure::{has_digit, is_unit, numerals};
use smallvec::SmallVec;
use std::cell::OnceCell;
use std::ops::Range;
pub use telling::{BEING, FIRING, OF_IT, SAYING};
use tone::Tone;

/// A sentence, or a line of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Sentence {
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// What it states; nothing if it leaves doubt.
    pub statements: Vec<Statement>,
    /// How it says when an alert fires, if it states something and does: `This alert is triggered
    /// when …`.
    pub tells_when: Option<Telling>,
    /// The bytes of what it says fires, up to the verb: `this alert`; empty if nothing stands there.
    pub who_fires: Option<Range<usize>>,
    /// Whether it is about what the sentence before is about: `It fires when …`.
    pub goes_on: bool,
    /// Whether it states something, and says that it is so only when something else is.
    pub is_conditional: bool,
    /// The severity that it begins with, and is about: `critical over 95 percent`.
    pub level: Option<&'static str>,
}

/// Of what a sentence says when an alert fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Telling {
    /// Of anything that stands before it: `this means that`.
    Anything,
    /// Of the alert: `the alert fires when`.
    Alert,
    /// Of how long the alert waits: `fires after 10 minutes`.
    Wait,
}

/// A number or a time that a sentence states.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one independent observation")]
pub struct Statement {
    /// The bytes of the phrase in the text.
    pub range: Range<usize>,
    /// What it says.
    pub said: Said,
    /// The bytes of the words behind a number that name what it counts, `unique workers`.
    pub counted: Option<Range<usize>>,
    /// Whether the sentence, or what stands behind its colon, begins with it.
    pub is_first: bool,
    /// Whether it only says which things are meant: `messages older than 7 days are dropped`.
    pub restricts: bool,
    /// Whether it is an end of a range, `between 85% and 95%`: only a range of a rule is meant.
    pub is_of_range: bool,
    /// Whether nothing stands behind it but a time: `usage is above 70 percent for 5 minutes`.
    pub is_last: bool,
}

/// What a phrase says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Said {
    /// A number that something is compared with.
    Number(Quantity),
    /// How far back something is looked at.
    Window {
        /// Its length.
        milliseconds: u64,
        /// How surely it is meant so.
        looking: Looking,
    },
    /// How long something goes on: `for 10 minutes`.
    Held(Lasting),
    /// How far ahead something is predicted: `will be full within 4 hours`.
    Ahead {
        /// Its length.
        milliseconds: u64,
    },
    /// How long ago something was that it is compared with: `higher than a week ago`.
    Ago {
        /// Its length.
        milliseconds: u64,
    },
}

/// How long something goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lasting {
    /// Its length.
    pub milliseconds: u64,
    /// What it can be of a rule.
    pub meant: Meant,
}

/// What of a rule a time can be that something goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meant {
    /// How long it waits, or how far it looks back: `no heartbeat for 10 minutes`.
    Any,
    /// How long something is more or less than it may be, `above 5 percent for 10 minutes`: that is
    /// no range over which a rate is taken.
    Compared,
    /// How long the alert waits: `fires after 10 minutes`.
    Wait,
}

impl Lasting {
    /// A time that may be any.
    pub fn any(milliseconds: u64) -> Self {
        Self { milliseconds, meant: Meant::Any }
    }
}

/// How surely a time is one that is looked back at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looking {
    /// It can't be meant otherwise: `in the past 5 hours`.
    Back,
    /// It may be how long something took: `in 5 hours`.
    Within,
    /// It may be how long something lasts: `for the last 10 minutes`.
    OrLasting,
}

/// A number with its unit and the words of comparison before it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantity {
    /// The number as written.
    pub value: f64,
    /// What it counts.
    pub unit: Unit,
    /// On which side of it the alert fires.
    pub bound: Bound,
    /// The whole of which it is a part: the 3 of `two of three`.
    pub whole: Option<f64>,
    /// The seconds that it is given for: 60 of `per minute`.
    pub per: Option<f64>,
    /// The seconds that the sentence looks back: 300 of `3 errors in 5 minutes`.
    pub within: Option<f64>,
    /// Whether the sentence speaks of what is well or of what is not, of replicas that are up or
    /// down.
    pub state: Option<State>,
    /// Whether the sentence speaks of what is used or of what is left.
    pub share: Option<Share>,
}

/// How the things are of which a sentence speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// `up`, `ready`
    Well,
    /// `down`, `lost`
    Broken,
}

/// The two parts of what runs out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// `full`, `usage`
    Used,
    /// `free`, `left`
    Free,
}

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Unit {
    /// Things.
    Count,
    /// How often something happened.
    Times,
    /// Parts of a hundred.
    Percent,
    /// Time, in units of so many milliseconds.
    Time(u64),
    /// Bytes or bits: the power of the prefix, 2 of `MiB`, `MB` and `Mbit`.
    Bytes(i32),
    /// Of anything, with a prefix alone: the power of 3 of `10 G`.
    Prefixed(i32),
    /// Of a unit that names of metrics spell out, the number of units without a prefix.
    Physical(Physical),
}

/// Units of measurement that metrics have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Physical {
    /// `W`
    Watt,
    /// `V`
    Volt,
    /// `A`
    Ampere,
    /// `Hz`
    Hertz,
    /// `J`
    Joule,
    /// `°C`
    Celsius,
}

/// On which side of a number an alert fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// `more than`
    Above,
    /// `at least`
    AtLeast,
    /// `less than`
    Below,
    /// `at most`
    AtMost,
    /// The number alone.
    Plain,
}

/// Which statements of a text are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// All.
    All,
    /// Those of sentences that tell when an alert fires; others may seem to state nothing.
    Telling,
}

/// What a number by itself is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bare {
    /// It may be a number of anything.
    Anything,
    /// It is one that the alert fires at: `Threshold: 3`.
    Threshold,
}

/// The sentences of a text, with what they state; none of a text of which none states anything that is
/// wanted.
pub fn sentences(text: &str, wanted: Wanted, bare: Bare) -> Vec<Sentence> {
    let words = PlacedKinds::of(text);
    if !words.all().may_have_number() {
        return Vec::new();
    }
    let pieces: SmallVec<[Piece; 8]> = pieces(text).collect();
    let mut read = Vec::new();
    // How many sentences are read of each piece. Most state nothing, and taking them apart would take most
    // of the time.
    let mut counts: SmallVec<[Option<usize>; 8]> = SmallVec::with_capacity(pieces.len());
    for piece in &pieces {
        let before = read.len();
        counts.push(piece.may_state(&words, wanted).then(|| {
            read_piece(text, piece, bare, &mut read);
            read.len() - before
        }));
    }
    if read.iter().all(|sentence| sentence.statements.is_empty()) {
        return Vec::new();
    }
    if counts.iter().all(Option::is_some) {
        return read;
    }
    let mut found = Vec::with_capacity(pieces.len());
    let mut read = read.into_iter();
    for (piece, count) in pieces.iter().zip(counts) {
        match count {
            Some(count) => found.extend(read.by_ref().take(count)),
            None if piece.is_one => {
                let sentence = piece.unread(text);
                found.extend(Some(sentence).filter(|sentence| !sentence.range.is_empty()));
            }
            None => read_piece(text, piece, bare, &mut found),
        }
    }
    found
}

/// Adds the sentences of a piece of a text.
fn read_piece(text: &str, piece: &Piece, bare: Bare, found: &mut Vec<Sentence>) {
    let tokens = tokens_in(text, piece.range.clone());
    let sentences = tokens.split(|token| token.kind == TokenKind::End);
    let read = |tokens: &[Token<'_>]| Reader::new(text, tokens, bare).sentence();
    found.extend(sentences.filter_map(|tokens| match tone::without_doubtful_remarks(tokens) {
        Some(tokens) => read(&tokens),
        None => read(tokens),
    }));
}

/// Every number in digits and every time that stands in a text, also where it leaves doubt, with the
/// byte it begins at.
pub fn mentions(text: &str) -> Vec<(usize, Quantity)> {
    let mut mentions = Vec::new();
    let words = PlacedKinds::of(text);
    let may_have_number = |piece: &Piece| words.within(piece.range.clone()).may_have_number();
    for piece in pieces(text).filter(may_have_number) {
        let tokens = tokens_in(text, piece.range);
        for tokens in tokens.split(|token| token.kind == TokenKind::End) {
            mentions.extend(Reader::new(text, tokens, Bare::Anything).mentions());
        }
    }
    mentions
}

impl Sentence {
    /// One that states nothing, by its first word.
    fn without_statements(range: Range<usize>, first: &str) -> Self {
        let goes_on = matches!(
            first,
            "it" | "its"
                | "that"
                | "they"
                | "these"
                | "those"
                | "both"
                | "which"
                | "he"
                | "and"
                | "but"
        );
        let level = LEVELS.into_iter().find(|level| *level == first);
        Self {
            range,
            statements: Vec::new(),
            tells_when: None,
            who_fires: None,
            goes_on,
            is_conditional: false,
            level,
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    tokens: &'t [Token<'t>],
    /// What a number by itself is.
    bare: Bare,
    /// How the sentence speaks, which is asked of each of its numbers; most sentences have none.
    tone: OnceCell<Tone>,
    /// Whether it says how long the condition of an alert must hold, which is asked of each of its times.
    says_how_long: OnceCell<bool>,
    /// Whether its words may say when an alert fires.
    may_tell: OnceCell<bool>,
}

/// Severities that a sentence about one of several rules begins with.
const LEVELS: [&str; 2] = ["critical", "warning"];

impl<'t> Reader<'t> {
    fn new(text: &'t str, tokens: &'t [Token], bare: Bare) -> Self {
        let (tone, says_how_long, may_tell) = (OnceCell::new(), OnceCell::new(), OnceCell::new());
        Self { text, tokens, bare, tone, says_how_long, may_tell }
    }

    fn sentence(&self) -> Option<Sentence> {
        let (first, last) = (self.tokens.first()?, self.tokens.last()?);
        let range = first.range.start..last.range.end;
        let mut statements = self.statements();
        // Most sentences have no number, and how they speak need not be known.
        if !statements.is_empty() && self.is_doubtful(&[]) {
            let looks_ahead = self.tone().looks_ahead && !self.is_doubtful(&tone::AHEAD);
            let is_ahead = |it: &Statement| matches!(it.said, Said::Ahead { .. });
            statements.retain(|statement| looks_ahead && is_ahead(statement));
        }
        let sentence = Sentence::without_statements(range, self.word(0));
        if statements.is_empty() {
            return Some(sentence);
        }
        let tells_when = self.telling(&statements);
        let who_fires = if tells_when.is_some() { self.who_fires() } else { None };
        let is_conditional = self.is_conditional();
        Some(Sentence { statements, tells_when, who_fires, is_conditional, ..sentence })
    }

    fn telling(&self, statements: &[Statement]) -> Option<Telling> {
        let waits =
            |it: &Statement| matches!(it.said, Said::Held(Lasting { meant: Meant::Wait, .. }));
        if !self.tells_when() {
            None
        } else if statements.iter().any(waits) {
            Some(Telling::Wait)
        } else if self.tells_of_alert() {
            Some(Telling::Alert)
        } else {
            Some(Telling::Anything)
        }
    }

    /// The numbers in digits, and the times.
    fn mentions(&self) -> impl Iterator<Item = (usize, Quantity)> {
        (0..self.tokens.len()).filter_map(|at| {
            let measure = self.measure(at)?;
            self.bound_before(at)?;
            let counts = matches!(self.tokens[at].kind, TokenKind::Number { .. })
                || matches!(measure.unit, Unit::Time(_));
            counts.then(|| (self.tokens[at].range.start, self.quantity(&measure, None, None)))
        })
    }

    /// A number as the whole sentence lets it be understood.
    fn quantity(&self, measure: &Measure, bound: Option<Bound>, whole: Option<f64>) -> Quantity {
        Quantity {
            value: measure.value,
            unit: measure.unit,
            bound: bound.unwrap_or(Bound::Plain),
            whole,
            per: measure.per,
            within: None,
            state: whole.and_then(|_| self.tone().state),
            share: if measure.unit == Unit::Percent { self.tone().share } else { None },
        }
    }

    fn word(&self, at: usize) -> &str {
        match self.tokens.get(at).map(|token| &token.kind) {
            Some(TokenKind::Word(word)) => word,
            _ => "",
        }
    }

    /// The word so many tokens before another.
    fn before(&self, at: usize, distance: usize) -> &str {
        at.checked_sub(distance).map_or("", |before| self.word(before))
    }

    fn statements(&self) -> Vec<Statement> {
        let mut found: Vec<Statement> = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            match self.measure(at) {
                Some(measure) if let Some((both, end)) = self.between(at, &measure) => {
                    found.extend(both);
                    at = end;
                }
                Some(measure) => {
                    let end = measure.end;
                    let is_range = self.is_one_of_several(at, end);
                    if !is_range {
                        found.extend(self.statement(at, &measure));
                    }
                    at = end.max(at + 1);
                }
                None => at += 1,
            }
        }
        together::tie_together(&mut found);
        let has_window = found.iter().any(|it| matches!(it.said, Said::Window { .. }));
        found.retain(|statement| match &statement.said {
            // `20 unique workers failed`
            Said::Number(quantity) => {
                let is_broken = statement.is_first && self.tone().state == Some(State::Broken);
                quantity.stands_alone() || has_window || self.bare == Bare::Threshold || is_broken
            }
            _ => true,
        });
        found
    }

    /// What is stated by the number that begins at a token.
    fn statement(&self, at: usize, measure: &Measure) -> Option<Statement> {
        if let Unit::Time(unit) = measure.unit
            && self.word(measure.end) == "ago"
            && !self.is_done_ago(at)
        {
            return self.ago(at, measure, unit);
        }
        let (bound, start) = self.bound_before(at)?;
        if self.word(measure.end) == "and" && self.word(measure.end + 2) == "half" {
            return None;
        }
        if let Unit::Time(unit) = measure.unit {
            return self.time_statement(at, start, bound, measure, unit);
        }
        let mut end = measure.end;
        let (bound, end_of_bound) = match (bound, measure.bound) {
            (None, Some(glued)) => (Some(glued), end),
            (None, None) => self.bound_behind(end),
            (bound, _) => (bound, end),
        };
        let whole = self.whole(end);
        if let Some((_, behind)) = whole {
            end = behind;
        }
        let per = self.per(end);
        let is_counted = measure.unit == Unit::Count && whole.is_none();
        let is_of = self.word(end) == "of";
        let names_things = measure.unit == Unit::Count || measure.unit == Unit::Percent && is_of;
        let counted = self.counted(end).filter(|_| names_things);
        let is_threshold = self.bare == Bare::Threshold;
        if bound.is_none() && is_counted && !is_threshold && !self.is_plural_noun(end) {
            return None;
        }
        let mut quantity = self.quantity(measure, bound, whole.map(|(whole, _)| whole));
        let mut end = end.max(end_of_bound);
        if let Some((seconds, behind)) = per.filter(|_| quantity.per.is_none()) {
            quantity.per = Some(seconds);
            end = behind;
        }
        let counted = counted.map(|counted| self.range(counted.start, counted.end));
        Some(Statement { counted, ..self.stated(start, end, Said::Number(quantity)) })
    }

    /// A statement of some tokens.
    fn stated(&self, start: usize, end: usize, said: Said) -> Statement {
        let mark = start.checked_sub(1).map(|before| &self.tokens[before].kind);
        let behind = self.tokens.get(end).map(|token| &token.kind);
        Statement {
            range: self.range(start, end),
            said,
            counted: None,
            is_of_range: false,
            restricts: self.restricts(start, end, &said),
            is_first: matches!(mark, None | Some(TokenKind::Mark(':' | '('))),
            is_last: match behind {
                None | Some(TokenKind::Mark(_)) => true,
                Some(TokenKind::Word(word)) => {
                    matches!(word.as_ref(), "for" | "in" | "within" | "during" | "over" | "and")
                }
                Some(_) => false,
            },
        }
    }

    fn range(&self, start: usize, end: usize) -> Range<usize> {
        let end = end.min(self.tokens.len());
        let first = self.tokens.get(start).map_or(0, |token| token.range.start);
        let last = end.checked_sub(1).and_then(|last| self.tokens.get(last));
        first..last.map_or(first, |token| token.range.end)
    }
}

impl Quantity {
    /// Whether it says something without a window beside it: it is compared, or counts times or
    /// parts.
    fn stands_alone(&self) -> bool {
        self.bound != Bound::Plain || self.unit != Unit::Count || self.whole.is_some()
    }
}

#[cfg(test)]
mod tests;
