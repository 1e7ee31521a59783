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
mod said;
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
pub use said::{
    Bound, Lasting, Looking, Meant, Physical, Quantity, Said, Sentence, Share, State, Statement,
    Telling, Unit,
};
use smallvec::SmallVec;
use std::cell::OnceCell;
use std::ops::Range;
pub use telling::{BEING, FIRING, OF_IT, SAYING};
use tone::Tone;

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

#[cfg(test)]
mod tests;
