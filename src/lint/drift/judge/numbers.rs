//! Numbers that a text states beside those that the rules compare with.

use super::{Drift, Judge, Place, Places, add_new, is_near, is_near_age};
use crate::diag::wording::{joined, on_one_line};
use crate::lint::drift::condition::Comparison;
use crate::lint::drift::description::Counts;
use crate::lint::drift::statement::{Quantity, Said, Sentence, Statement, Unit, mentions};
use std::ops::Range;

impl Judge<'_> {
    /// The comparisons that a number anywhere in the description agrees with: they are not what
    /// another one is about. `fires at 100; above 500 nothing answers`
    pub(super) fn taken<'a>(
        &self,
        statements: impl Iterator<Item = &'a Statement> + Clone,
    ) -> Places {
        let mut taken = Places::new();
        let mut is_all_agreed = true;
        for statement in statements.clone() {
            if let Said::Number(quantity) = &statement.said {
                let agreeing = self.agreeing(quantity);
                is_all_agreed &= !agreeing.is_empty();
                add_new(&mut taken, agreeing);
            }
        }
        // Where all agree, nothing is asked of the others.
        if is_all_agreed && !taken.is_empty() {
            return taken;
        }
        let stated: Vec<&Range<usize>> = statements
            .filter(|statement| matches!(statement.said, Said::Number(_)))
            .map(|statement| &statement.range)
            .collect();
        for (at, quantity) in mentions(self.text.text()) {
            // What is stated of a number says more than that it is there.
            let next = stated.partition_point(|range| range.start <= at);
            if next.checked_sub(1).is_some_and(|before| stated[before].contains(&at)) {
                continue;
            }
            let is_time = matches!(quantity.unit, Unit::Time(_));
            let agreeing = self.agreeing(&quantity).into_iter().filter(|(rule, at)| {
                let rule = &self.rules[*rule];
                // A time that the rule waits or looks back is said of that.
                !is_time
                    || rule.comparisons[*at].subject.is_time && !quantity.is_for_or_window(rule)
            });
            add_new(&mut taken, agreeing);
        }
        taken
    }

    /// The comparisons that a stated number agrees with.
    pub(super) fn agreeing(&self, quantity: &Quantity) -> Places {
        self.places(|_, comparison| {
            (comparison.is_outermost || quantity.may_be_about(comparison))
                && quantity.agrees_with_comparison(comparison)
        })
    }

    /// Whether a number is so near to that of a comparison that one may once have been the other.
    pub(super) fn is_near(&self, quantity: &Quantity, (rule, at): Place) -> bool {
        let comparison = &self.rules[rule].comparisons[at];
        let value = comparison.value.abs();
        match quantity.milliseconds() {
            Some(milliseconds) if comparison.subject.is_age => is_near_age(milliseconds, value),
            _ => quantity.spellings().iter().any(|it| is_near(it.abs(), value)),
        }
    }

    /// The comparison of each rule that a stated number must be about, since it agrees with none.
    /// None where that leaves doubt.
    pub(super) fn counterparts(
        &self,
        quantity: &Quantity,
        sentence: &Sentence,
        taken: &[Place],
    ) -> Places {
        let possible = self.places(|place, comparison| {
            let may_be_about =
                quantity.may_be_about(comparison) || self.leaves_unit_out(quantity, comparison);
            !taken.contains(&place) && may_be_about
        });
        let mut counterparts = Places::new();
        for rule in 0..self.rules.len() {
            let of_rule: Places =
                possible.iter().copied().filter(|place| place.0 == rule).collect();
            let likeliest = self.likeliest(of_rule, sentence);
            if !self.are_alike(&likeliest) {
                return Places::new();
            }
            counterparts.extend(likeliest);
        }
        counterparts
    }

    /// `Threshold: 0.5`, of seconds: who leaves the unit out writes the rule's. A number of minutes or
    /// milliseconds is one, too, where it comes to as much.
    fn leaves_unit_out(&self, quantity: &Quantity, comparison: &Comparison) -> bool {
        const UNITS: [f64; 5] = [24.0, 60.0, 1000.0, 3600.0, 86_400.0];
        let value = comparison.value.abs();
        let is = |number: f64| (quantity.value - number).abs() <= value * 1e-9;
        self.counts == Counts::Bare
            && quantity.unit == Unit::Count
            && quantity.per.is_none()
            && quantity.is_turned_as(comparison)
            && comparison.subject.is_surely_time
            && !UNITS.iter().any(|unit| is(value * unit) || is(value / unit))
    }

    /// Whether these comparisons ask for one number, as those of a short and a long window do.
    fn are_alike(&self, places: &[Place]) -> bool {
        let asked = |(rule, at): Place| {
            let comparison = &self.rules[rule].comparisons[at];
            (comparison.operator, comparison.value.to_bits())
        };
        places.windows(2).all(|two| asked(two[0]) == asked(two[1]))
    }

    /// Of several comparisons of a rule those that decide whether the alert fires; and of several
    /// of those the ones that look back as far as the sentence says.
    fn likeliest(&self, places: Places, sentence: &Sentence) -> Places {
        let comparison = |place: &Place| &self.rules[place.0].comparisons[place.1];
        let narrowed = |places: Places, wanted: &dyn Fn(&Place) -> bool| {
            let some: Places = places.iter().copied().filter(|it| wanted(it)).collect();
            if some.is_empty() { places } else { some }
        };
        let outermost = narrowed(places, &|place| comparison(place).is_outermost);
        if outermost.len() < 2 {
            return outermost;
        }
        let windows: Vec<u64> = sentence
            .statements
            .iter()
            .filter_map(|statement| match statement.said {
                Said::Window { milliseconds, .. } => Some(milliseconds),
                _ => None,
            })
            .collect();
        narrowed(outermost, &|place| {
            let rule = &self.rules[place.0];
            comparison(place)
                .windows
                .iter()
                .any(|window| windows.contains(&rule.windows[*window].milliseconds))
        })
    }

    pub(super) fn number(&self, statement: &Statement, counterparts: &[Place]) -> Drift {
        let mut said: Vec<String> = Vec::new();
        for (rule, at) in counterparts {
            let rule = &self.rules[*rule];
            let written = &rule.rule.expr.as_str()[rule.comparisons[*at].range.clone()];
            let written = format!("`{}`", on_one_line(written));
            if !said.contains(&written) {
                said.push(written);
            }
        }
        let mut found = Drift::new(statement, format!("says {}", joined(&said)));
        for (rule, at) in counterparts {
            let rule = &self.rules[*rule];
            let range = rule.comparisons[*at].range.clone();
            found.places.push((rule.rule.expr.span_of(range), "the rule's threshold"));
        }
        found
    }

    /// What is counted `three times a week`, where the rule counts in another time.
    pub(super) fn rate(
        &self,
        statement: &Statement,
        quantity: &Quantity,
        about: &[Place],
    ) -> Option<Drift> {
        let seconds = quantity.per.filter(|seconds| *seconds >= 60.0 && !statement.restricts)?;
        let counts = |place: &Place| {
            let comparison = &self.rules[place.0].comparisons[place.1];
            comparison.subject.counts_in_window && !comparison.windows.is_empty()
        };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a unit")]
        let milliseconds = (seconds * 1000.0) as u64;
        let drifts = about.iter().all(counts);
        drifts.then(|| self.window(statement, milliseconds, true, about)).flatten()
    }
}
