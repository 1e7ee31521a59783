//! HTML on its way to a page, which is large: it is written down once, and once more into the page.

use rustc_hash::FxHashMap;
use serde::{Serialize, Serializer};
use smallvec::SmallVec;
use std::ops::Range;

/// HTML with what stands in the place of some of its parts.
#[derive(Debug, Clone, Default)]
pub struct Content {
    html: String,
    /// Apart from each other, in order.
    instead: Vec<(Range<usize>, String)>,
}

impl From<String> for Content {
    fn from(html: String) -> Self {
        Self { html, instead: Vec::new() }
    }
}

impl Content {
    /// HTML of which these parts, in order and apart from each other, are to be others.
    pub fn of(html: String, instead: Vec<(Range<usize>, String)>) -> Self {
        Self { html, instead }
    }

    /// Puts HTML before all there is.
    pub fn put_on_top(&mut self, html: String) {
        if !html.is_empty() {
            self.instead.insert(0, (0..0, html));
        }
    }

    /// How many bytes it has at most.
    pub fn longest(&self) -> usize {
        self.html.len() + self.instead.iter().map(|(_, html)| html.len()).sum::<usize>()
    }

    /// Appends it.
    pub fn push_to(&self, page: &mut String) {
        let mut kept = 0;
        for (part, instead) in &self.instead {
            page.push_str(&self.html[kept..part.start]);
            page.push_str(instead);
            kept = part.end;
        }
        page.push_str(&self.html[kept..]);
    }

    /// All of it in one piece.
    pub fn whole(&self) -> String {
        let mut whole = String::with_capacity(self.longest());
        self.push_to(&mut whole);
        whole
    }
}

impl Serialize for Content {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.whole())
    }
}

/// HTML for several places of a page, each of them a byte of its source.
#[derive(Debug, Default)]
pub struct Placed {
    html: String,
    places: FxHashMap<usize, SmallVec<[Range<usize>; 1]>>,
}

impl Placed {
    /// Nothing yet, with room for so many bytes.
    pub fn with_capacity(capacity: usize) -> Self {
        Self { html: String::with_capacity(capacity), places: FxHashMap::default() }
    }

    /// Puts what `append` appends in a place, if it appends anything.
    pub fn put<T>(&mut self, place: usize, append: impl FnOnce(&mut String) -> T) -> T {
        let start = self.html.len();
        let result = append(&mut self.html);
        if start < self.html.len() {
            self.places.entry(place).or_default().push(start..self.html.len());
        }
        result
    }

    /// How many bytes there are for all places.
    pub fn length(&self) -> usize {
        self.html.len()
    }

    /// What there is for a place, in the order in which it was put there.
    pub fn at(&self, place: usize) -> Option<impl Iterator<Item = &str>> {
        let ranges = self.places.get(&place)?;
        Some(ranges.iter().map(|range| &self.html[range.clone()]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_replaced_where_they_stand() {
        let mut content =
            Content::of("abcdef".to_owned(), vec![(0..1, "A".to_owned()), (3..5, String::new())]);
        content.put_on_top(String::new());
        assert_eq!(content.whole(), "Abcf");
        content.put_on_top("<".to_owned());
        assert_eq!(content.whole(), "<Abcf");
        assert!(content.whole().len() <= content.longest());
        assert_eq!(Content::from("x".to_owned()).whole(), "x");
    }

    #[test]
    fn places_have_what_was_put_there() {
        let mut placed = Placed::default();
        for (html, place) in [("a", 7), ("b", 3), ("c", 7), ("", 0)] {
            placed.put(place, |all| all.push_str(html));
        }
        assert_eq!(placed.length(), 3);
        let at = |place| placed.at(place).map(Iterator::collect::<String>);
        assert_eq!([at(7), at(3), at(0)], [Some("ac".to_owned()), Some("b".to_owned()), None]);
    }
}
