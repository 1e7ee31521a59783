//! Numbers that stand side by side, of which none is stated by itself.

use super::{Bound, Measure, Quantity, Reader, Said, Statement, Unit};
use crate::lint::drift::words::{TokenKind, number_word};

impl Reader<'_> {
    /// `5 to 10`, `5 or 10`, `between 5 and 10`
    pub(super) fn is_one_of_several(&self, at: usize, end: usize) -> bool {
        let joins = |at: usize| matches!(self.word(at), "to" | "or" | "and" | "versus" | "vs");
        let is_number = |at: usize| {
            matches!(
                self.tokens.get(at).map(|it| &it.kind),
                Some(TokenKind::Number { .. } | TokenKind::Opaque)
            ) || number_word(self.word(at)).is_some()
        };
        let behind = joins(end) && is_number(end + 1);
        let before = at.checked_sub(2).is_some_and(|number| joins(at - 1) && is_number(number));
        behind || before || self.before(at, 1) == "between" || self.before(at, 1) == "from"
    }

    /// `between 85% and 95%`: at least the one, and at most the other.
    pub(super) fn between(&self, at: usize, first: &Measure) -> Option<([Statement; 2], usize)> {
        if self.before(at, 1) != "between" || self.word(first.end) != "and" {
            return None;
        }
        let second = self.measure(first.end + 1).filter(|it| it.unit == Unit::Percent)?;
        if !matches!(first.unit, Unit::Percent | Unit::Count) {
            return None;
        }
        let share = |measure: &Measure, bound, start| {
            let quantity =
                Quantity { unit: Unit::Percent, ..self.quantity(measure, Some(bound), None) };
            let quantity = Quantity { share: self.tone().share, ..quantity };
            let stated = self.stated(start, measure.end, Said::Number(quantity));
            Statement { is_of_range: true, ..stated }
        };
        let both = [share(first, Bound::AtLeast, at), share(&second, Bound::AtMost, first.end + 1)];
        Some((both, second.end))
    }
}
