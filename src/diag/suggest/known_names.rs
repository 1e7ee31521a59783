//! Names that are there, for many questions about names that are not.

use super::{Name, asking_for};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

/// Names that are there, of which one may have been meant by each of many that are not: of thousands of
/// pages each may have its slips. Each name is read once, and each question is answered once, since what is
/// misspelt on one page is often misspelt on the next. Where all questions are known before the first answer,
/// as for alerts that were renamed, `lint::renames` compares with fewer names still, and by words as well.
#[derive(Debug)]
pub struct KnownNames<T> {
    names: Vec<T>,
    /// How those are compared that are, with their indexes: the shorter ones first.
    read: Vec<(Name, usize)>,
    /// Those that are equally long, by their length.
    lengths: Vec<OfLength>,
    /// The places in `read`, in the order of what is compared.
    by_text: Vec<usize>,
    answers: Mutex<HashMap<String, Option<Near>>>,
}

/// Names that are equally long.
#[derive(Debug)]
struct OfLength {
    /// How many letters of them are compared.
    count: usize,
    /// How many letters the longest has as it is written.
    longest: usize,
    /// Where they are.
    places: Range<usize>,
}

/// The nearest of the names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Near {
    index: usize,
    is_only: bool,
}

impl<T: AsRef<str>> KnownNames<T> {
    /// Some names, in the order in which they are preferred.
    pub fn new(names: impl IntoIterator<Item = T>) -> Self {
        let names: Vec<T> = names.into_iter().collect();
        let read = names.iter().enumerate();
        let mut read: Vec<(Name, usize)> =
            read.filter_map(|(index, name)| Some((Name::of(name.as_ref())?, index))).collect();
        read.sort_by_key(|(name, _)| name.folded.count());
        let mut lengths: Vec<OfLength> = Vec::new();
        for (place, (name, _)) in read.iter().enumerate() {
            let count = name.folded.count();
            if let Some(last) = lengths.last_mut().filter(|last| last.count == count) {
                last.places.end = place + 1;
                last.longest = last.longest.max(name.letters);
            } else {
                lengths.push(OfLength { count, longest: name.letters, places: place..place + 1 });
            }
        }
        let mut by_text: Vec<usize> = (0..read.len()).collect();
        by_text.sort_unstable_by_key(|place| read[*place].0.folded.as_str());
        Self { names, read, lengths, by_text, answers: Mutex::default() }
    }

    /// The name that is [nearest](super::nearest) to another, and whether no other one is as near.
    pub fn nearest(&self, name: &str) -> Option<(&T, bool)> {
        self.answer(name).map(|near| (&self.names[near.index], near.is_only))
    }

    fn answer(&self, name: &str) -> Option<Near> {
        let known = self.answers.lock().unwrap_or_else(PoisonError::into_inner).get(name).copied();
        known.unwrap_or_else(|| {
            let near = self.find(name, &|_| false);
            let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
            answers.insert(name.to_owned(), near);
            near
        })
    }

    /// The same as if some of the names were not there, as an index.
    pub fn nearest_but(&self, name: &str, is_out: impl Fn(usize) -> bool) -> Option<(usize, bool)> {
        let near = self.answer(name)?;
        // What is as far off is one of the others, or called the same.
        let near =
            if near.is_only && !is_out(near.index) { near } else { self.find(name, &is_out)? };
        Some((near.index, near.is_only))
    }

    /// A help text for an unknown name, if a known one is near.
    pub fn did_you_mean(&self, name: &str) -> Option<String> {
        self.nearest(name).map(|(known, _)| asking_for(known.as_ref()))
    }

    fn find(&self, name: &str, is_out: &dyn Fn(usize) -> bool) -> Option<Near> {
        /// How many are looked at that begin in the same way.
        const BESIDE: usize = 4;
        let name = Name::of(name)?;
        let mut search = Search { known: self, name: &name, is_out, best: None };
        // The nearer the first ones are, the fewer of the others have to be compared: those that
        // begin in the same way are often the nearest, then those that are as long.
        let text = name.folded.as_str();
        let at = self.by_text.partition_point(|place| self.read[*place].0.folded.as_str() < text);
        let beside = at.saturating_sub(BESIDE)..self.by_text.len().min(at + BESIDE);
        self.by_text[beside].iter().for_each(|place| search.meet(*place));
        let count = name.folded.count();
        let (shorter, longer) =
            self.lengths.split_at(self.lengths.partition_point(|it| it.count < count));
        let (mut shorter, mut longer) = (shorter.iter().rev().peekable(), longer.iter().peekable());
        loop {
            let down = shorter.peek().map_or(usize::MAX, |it| count - it.count);
            let up = longer.peek().map_or(usize::MAX, |it| it.count - count);
            let next = if down < up { shorter.next() } else { longer.next() };
            let Some(next) = next.filter(|_| down.min(up) <= search.most()) else { break };
            if down.min(up) <= Name::allowed(name.letters, next.longest) {
                next.places.clone().for_each(|place| search.meet(place));
            }
        }
        search.best.map(|(_, near)| near)
    }
}

/// The search for the nearest of known names.
struct Search<'a, T> {
    known: &'a KnownNames<T>,
    name: &'a Name,
    is_out: &'a dyn Fn(usize) -> bool,
    best: Option<(usize, Near)>,
}

impl<T: AsRef<str>> Search<'_, T> {
    /// How far a name may be off, if it is to be the nearest.
    fn most(&self) -> usize {
        self.best.map_or(usize::MAX, |(least, _)| least)
    }

    /// Compares the name at a place, which may have been met before.
    fn meet(&mut self, place: usize) {
        let (read, index) = &self.known.read[place];
        let Some(distance) = self.name.distance_within(read, self.most()) else { return };
        if (self.is_out)(*index) {
            return;
        }
        let names = &self.known.names;
        let near = match self.best {
            Some((least, near)) if distance == least => Near {
                index: near.index.min(*index),
                is_only: near.is_only && names[near.index].as_ref() == names[*index].as_ref(),
            },
            _ => Near { index: *index, is_only: true },
        };
        self.best = Some((distance, near));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::suggest::nearest;
    use proptest::prelude::*;

    #[test]
    fn of_two_that_are_equally_near_none_is_the_only_one() {
        for (known, near, is_only) in [
            (vec!["disk-1", "disk-2"], "disk-1", false),
            (vec!["disk-1", "disk-22"], "disk-1", true),
            (vec!["disk-1", "disk-1"], "disk-1", true),
            (vec!["disk-1", "disk-2", "disk3"], "disk3", true),
        ] {
            assert_eq!(KnownNames::new(known).nearest("disk-3"), Some((&near, is_only)));
        }
    }

    /// The first of the nearest, and whether it is the only one, by their places.
    fn slowly(name: &str, known: &[&str], is_out: impl Fn(usize) -> bool) -> Option<(usize, bool)> {
        let name = Name::of(name)?;
        let others = known.iter().enumerate().filter(|(at, _)| !is_out(*at));
        let near: Vec<(usize, usize)> = others
            .filter_map(|(at, it)| Some((name.distance_within(&Name::of(it)?, usize::MAX)?, at)))
            .collect();
        let least = near.iter().map(|(distance, _)| *distance).min()?;
        let nearest = || near.iter().filter(|(it, _)| *it == least).map(|(_, at)| *at);
        let first = nearest().next()?;
        Some((first, nearest().all(|at| known[at] == known[first])))
    }

    proptest! {
        #[test]
        fn the_nearest_is_found_without_comparing_all(
            known in prop::collection::vec("[abA_]{0,9}|[ab]{0,3}\u{e9}", 0..16),
            name in "[abA_]{0,9}",
            out in prop::collection::vec(0_usize..16, 0..3),
        ) {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            let names = KnownNames::new(known.iter().copied());
            // The second answer is the first one, kept.
            for _ in 0..2 {
                let near = names.nearest(&name).map(|(near, is_only)| (*near, is_only));
                let expected = slowly(&name, &known, |_| false);
                prop_assert_eq!(near, expected.map(|(at, is_only)| (known[at], is_only)));
                prop_assert_eq!(near.map(|(near, _)| near), nearest(&name, known.iter().copied()));
            }
            let is_out = |at: usize| out.contains(&at);
            prop_assert_eq!(names.nearest_but(&name, is_out), slowly(&name, &known, is_out));
        }
    }
}
