//! Whose a query is, by the words before it.

use crate::lint::runs::runs;
use crate::lint::shapes::Shapes;
use crate::lint::word_set::WordSet;

/// Phrases of the alert's own query.
const OWN: [&str; 21] = [
    "source",
    "defined as",
    "used by this alert",
    "used by the alert",
    "alert uses",
    "alert is based on",
    "alert runs",
    "alert evaluates",
    "is alerted on",
    "related metric",
    "related query",
    "alert query",
    "alert s query",
    "alerts query",
    "alert s own query",
    "query of the alert",
    "query of this alert",
    "fires when",
    "fires if",
    "triggered when",
    "triggered by",
];

/// The shapes of the words that those phrases begin with.
static BEFORE_OWN: Shapes = Shapes::NONE.with_first_of(&OWN);

/// Words for the alert's own query, beside which nothing is said: there are others, `A rule for small
/// clusters:`, `Our fork uses this expression:`.
static OWN_ALONE: WordSet =
    WordSet::new(&["expr", "expression", "rule", "rules", "condition", "trigger"]);

/// Words beside those that make nothing else of it.
static BESIDE_OWN: WordSet = WordSet::new(&[
    "actual",
    "alerting",
    "as",
    "below",
    "by",
    "code",
    "corresponding",
    "critical",
    "current",
    "details",
    "exact",
    "file",
    "firing",
    "follows",
    "from",
    "full",
    "here",
    "info",
    "its",
    "like",
    "logic",
    "looks",
    "monitoring",
    "our",
    "own",
    "page",
    "see",
    "severity",
    "threshold",
    "underlying",
    "warning",
    "with",
    "yaml",
]);

/// Words of what another query is for.
static OTHER: WordSet = WordSet::new(&[
    "upstream",
    "draft",
    "proposed",
    "stricter",
    "looser",
    "test",
    "testing",
    "tests",
    "tuning",
    "customized",
    "until",
    "data",
    "change",
    "edit",
    "override",
    "adapt",
    "new",
    "write",
    "before",
    "previous",
    "previously",
    "formerly",
    "old",
    "was",
    "were",
    "other",
    "others",
    "another",
    "instead",
    "example",
    "longer",
    "shorter",
    "history",
    "trend",
    "similar",
    "compare",
    "lower",
    "higher",
    "further",
    "healthy",
    "normal",
    "back",
    "resolved",
    "recovered",
    "fixed",
    "after",
    "close",
    "level",
    "detail",
    "details",
    "not",
    "no",
    "without",
    "unlike",
    "whether",
    "staging",
    "production",
    "stage",
    "dev",
    "also",
]);

/// Words that say no more than that it is a query.
static OF_ANY_QUERY: WordSet = WordSet::new(&[
    "query",
    "promql",
    "prometheus",
    "metric",
    "alert",
    "alerts",
    "meaning",
    "description",
    "summary",
    "definition",
    "run",
    "use",
    "used",
    "using",
    "execute",
    "open",
    "enter",
    "paste",
    "type",
    "go",
    "ask",
    "graph",
    "ui",
    "console",
    "the",
    "this",
    "that",
    "following",
    "in",
    "into",
    "to",
    "of",
    "on",
    "it",
    "is",
    "a",
    "and",
    "s",
]);

/// Words for the one query that there is.
static OF_ONE_QUERY: WordSet =
    WordSet::new(&["query", "promql", "prometheus", "alert", "definition", "detection"]);

/// Whether the words of a phrase of the alert's own query stand side by side among others.
fn has_own_phrase(words: &[&str]) -> bool {
    (0..words.len()).filter(|from| BEFORE_OWN.may_have(words[*from])).any(|from| {
        OWN.iter().any(|phrase| {
            let mut words = words[from..].iter();
            phrase.split(' ').all(|word| words.next() == Some(&word))
        })
    })
}

/// What the words before a query say of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Introduced {
    /// It is the alert's: `Expression:`.
    Own,
    /// It is the one query of what stands here: `Query:`, the heading *Definition*.
    Query,
    /// Nothing but that it is a query, if that: `Run in Prometheus:`.
    Plain,
    /// It is there for something else: `To find the nodes that are up:`.
    Otherwise,
}

impl Introduced {
    /// What an introduction in lower case says; a heading and a sentence are a line each.
    pub fn by(introduction: &str) -> Self {
        let words: Vec<&str> = runs(introduction).collect();
        if words == ["promql"] {
            return Self::Own;
        }
        // *Alert details* are those of the alert.
        let is_of_alert = |at: usize| at > 0 && words[at - 1] == "alert" && words[at] == "details";
        let is_other = |(at, word): (usize, &&str)| OTHER.contains(word) && !is_of_alert(at);
        if words.iter().enumerate().any(is_other) {
            Self::Otherwise
        } else if has_own_phrase(&words) || introduction.lines().any(is_own_alone) {
            Self::Own
        } else if !words.is_empty() && words.iter().all(|word| OF_ONE_QUERY.contains(word)) {
            Self::Query
        } else if words.iter().all(|word| OF_ANY_QUERY.contains(word)) {
            Self::Plain
        } else {
            Self::Otherwise
        }
    }
}

/// Whether a line says that it is the alert's own, and nothing else.
fn is_own_alone(line: &str) -> bool {
    let is_known = |word: &str| {
        [&OWN_ALONE, &BESIDE_OWN, &OF_ANY_QUERY].iter().any(|list| list.contains(word))
    };
    runs(line).any(|word| OWN_ALONE.contains(word)) && runs(line).all(is_known)
}

#[cfg(test)]
mod tests {
    use super::Introduced::{self, Otherwise, Own, Plain, Query};

    #[test]
    fn introductions_say_whose_a_query_is() {
        for (introduction, expected) in [
            ("", Plain),
            ("query:", Query),
            ("definition", Query),
            ("alert", Query),
            ("run the following query in prometheus:", Plain),
            ("the alert's expression:", Own),
            ("this alert fires when", Own),
            ("related metric:", Own),
            ("the alert uses this query:", Own),
            ("alert rule", Own),
            ("disk usage\nexpression:", Own),
            ("a rule for small clusters:", Otherwise),
            ("our fork uses this expression:", Otherwise),
            ("the upstream rule is:", Otherwise),
            ("to find the instances which are up, run:", Otherwise),
            ("verify that it is back:", Otherwise),
            ("healthy state:", Otherwise),
            ("look at the median:", Otherwise),
            ("nodes that are close to full:", Otherwise),
            ("warning level:", Otherwise),
            ("over the last week:", Otherwise),
            ("before the change the rule was:", Otherwise),
            ("other teams use:", Otherwise),
            ("staging uses this rule:", Otherwise),
            ("when the alert fires, look at the pods:", Otherwise),
        ] {
            assert_eq!(Introduced::by(introduction), expected, "{introduction}");
        }
    }
}
