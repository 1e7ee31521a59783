//! Names in rule files of which something could not be read.

use super::place_of;
use crate::lint::runs::runs;
use crate::rules::INVALID_RULE_FILE;
use crate::site::Site;
use rustc_hash::FxHashSet;

/// The texts of the rule files of which something could not be read, as names are looked for in them.
///
/// Where a merge went wrong, thousands of names are looked for in the text of thousands of rules. So all
/// texts are read once, for the words that names are made of.
pub(super) struct Unread<'s> {
    texts: Vec<&'s str>,
    /// The words of the names that stand in the texts.
    words: FxHashSet<&'s str>,
}

impl<'s> Unread<'s> {
    /// Those of a site, in which these names will be looked for.
    pub fn of<'n>(site: &'s Site, names: impl Iterator<Item = &'n str>) -> Self {
        let found = site.diagnostics.iter().filter(|found| found.check == INVALID_RULE_FILE);
        let mut sources: Vec<_> = found.map(|found| found.span.source()).collect();
        sources.sort_by_key(|source| source.path());
        sources.dedup_by_key(|source| source.path());
        Self::in_texts(sources.into_iter().map(|source| source.text()).collect(), names)
    }

    fn in_texts<'n>(texts: Vec<&'s str>, names: impl Iterator<Item = &'n str>) -> Self {
        if texts.is_empty() {
            return Self { texts, words: FxHashSet::default() };
        }
        let wanted: FxHashSet<&str> = names.flat_map(runs).collect();
        let words = texts.iter().flat_map(|text| runs(text));
        let words = words.filter(|word| wanted.contains(word)).collect();
        Self { texts, words }
    }

    /// Whether a name stands in one of them as a whole.
    pub fn has(&self, name: &str) -> bool {
        // Where it stands, its words do. If it is a word itself, there is nothing else to it.
        runs(name).all(|word| self.words.contains(word))
            && (runs(name).next() == Some(name)
                || self.texts.iter().any(|text| place_of(name, text).is_some()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_there_where_it_stands_as_a_whole() {
        let texts = vec!["- alert: DiskFull-eu", "- alert: Ünlike\n- alert: disk_full"];
        let there = ["DiskFull-eu", "DiskFull", "eu", "Ünlike", "disk_full", "disk", "alert: disk"];
        let not_there = ["Disk", "nlike", "DiskFull_eu", "full_disk", "eu-Ünlike", "other"];
        let unread = Unread::in_texts(texts, there.into_iter().chain(not_there));
        assert_eq!(there.map(|name| unread.has(name)), [true; 7]);
        assert_eq!(not_there.map(|name| unread.has(name)), [false; 6]);
    }
}
