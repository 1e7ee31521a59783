//! The words in which rules speak of what they watch.

use crate::lint::shapes::Shapes;
use crate::lint::word_set::WordSet;
use crate::rules::Rule;
use std::collections::BTreeSet;

/// The words of some rules: of their names, expressions and annotations, as stems.
#[derive(Debug, Default)]
pub struct Vocabulary {
    stems: BTreeSet<String>,
    /// The words of names and expressions alone, which nobody chose to be polite.
    names: BTreeSet<String>,
}

/// Words that say nothing of what a sentence or a rule is about.
static OF_ANYTHING: WordSet = WordSet::new(&[
    "the", "and", "for", "are", "was", "were", "has", "have", "had", "been", "being", "not", "non",
    "than", "more", "less", "fewer", "over", "under", "above", "below", "least", "most", "with",
    "from", "that", "this", "these", "those", "its", "when", "while", "which", "any", "all",
    "some", "per", "out", "too", "very", "high", "low", "time", "second", "minute", "hour", "day",
    "week", "percent", "alert", "warning", "critical", "severity", "sum", "avg", "min", "max",
    "count", "rate", "irate", "increase", "changes", "delta", "total", "bucket", "without",
    "ignoring", "group", "left", "right", "unless", "offset", "bool", "now", "one", "last", "past",
    "info", "within",
]);

/// Words for one matter, the first of which stands for the others: a rule on `queue_length` speaks of
/// messages as well.
const FAMILIES: [&[&str]; 14] = [
    &["queue", "message", "backlog"],
    &["latency", "lat", "rtt", "duration", "response", "request", "quantile", "percentile"],
    // `5xx` are errors
    &["error", "fail", "failed", "failing", "failure", "broken", "xx"],
    &["restart", "restarted", "restarting", "crash", "crashed", "crashing", "reboot", "rebooted"],
    &["disk", "filesystem", "volume", "storage", "space", "fs"],
    &["memory", "mem", "heap", "ram", "oom"],
    &[
        "up",
        "down",
        "available",
        "unavailable",
        "reachable",
        "unreachable",
        "absent",
        "offline",
        "answer",
        "respond",
        "scraped",
        "vanished",
        "gone",
        "missing",
        "lost",
        "dead",
    ],
    &["ratio", "percentage", "proportion"],
    &["certificate", "cert", "tls", "ssl"],
    &["cpu", "load", "processor"],
    &["lag", "behind", "delay", "delayed"],
    &["used", "usage", "util", "utilization", "utilisation", "busy"],
    &["hpa", "autoscaler"],
    &["transmit", "tx", "send", "sent"],
];

/// What the words of those are told by from others.
static OF_FAMILIES: Shapes = {
    let (mut shapes, mut family) = (Shapes::NONE, 0);
    while family < FAMILIES.len() {
        shapes = shapes.with_all(FAMILIES[family]);
        family += 1;
    }
    shapes
};

impl Vocabulary {
    /// The words of some rules.
    pub fn of<'r>(rules: impl Iterator<Item = &'r Rule>) -> Self {
        let mut vocabulary = Self::default();
        for rule in rules {
            for text in [rule.name().as_str(), rule.expr.as_str()] {
                vocabulary.add(text);
                vocabulary.names.extend(words(text).map(without_plural));
            }
            if rule.expr.as_str().contains('/') {
                vocabulary.add("ratio");
            }
            for annotation in rule.annotations() {
                let text = annotation.value.as_str();
                if !text.contains("://") {
                    // What stands in a template is no word of its author's.
                    text.split("{{").for_each(|part| {
                        vocabulary.add(part.split_once("}}").map_or(part, |(_, behind)| behind));
                    });
                }
            }
        }
        vocabulary
    }

    fn add(&mut self, text: &str) {
        self.stems.extend(words(text).filter_map(stem));
    }

    /// Whether the rules use one of the words of a text, in any of its forms.
    pub fn speaks_for(&self, text: &str) -> bool {
        words(text).filter_map(stem).any(|stem| self.has(&stem))
    }

    /// Whether the name or the expression of a rule has a word, rather than what its authors say.
    pub fn names(&self, word: &str) -> bool {
        self.names.contains(&without_plural(word))
    }

    fn has(&self, stem: &str) -> bool {
        /// Letters that tell a word from others: `cert` and `certificate` are one.
        const TELLING: usize = 4;
        self.stems.contains(stem)
            || stem.len() >= TELLING
                && self.stems.iter().any(|known| {
                    known.len() >= TELLING
                        && (known.starts_with(stem) || stem.starts_with(known.as_str()))
                })
    }
}

/// The words of a text, also those that are written as one: `KubePodNotReady`, `disk_free_bytes`.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|it: char| !it.is_alphabetic()).flat_map(|run| {
        let mut rest = run;
        std::iter::from_fn(move || {
            let behind = |at: usize| rest[at..].chars().next();
            let begins_word = |(at, it): &(usize, char)| {
                let before = rest[..*at].chars().next_back().is_some_and(char::is_uppercase);
                let next = behind(at + it.len_utf8()).is_some_and(char::is_lowercase);
                it.is_uppercase() && (!before || next)
            };
            let end = rest.char_indices().skip(1).find(begins_word).map_or(rest.len(), |it| it.0);
            let (word, behind) = rest.split_at(end);
            rest = behind;
            (!word.is_empty()).then_some(word)
        })
    })
}

fn without_plural(word: &str) -> String {
    let word = word.to_lowercase();
    word.strip_suffix('s').map(str::to_owned).unwrap_or(word)
}

/// What a word has in common with its other forms; none of words that say nothing.
fn stem(word: &str) -> Option<String> {
    const SHORTEST: usize = 3;
    let word = word.to_lowercase();
    let one = word.strip_suffix('s').unwrap_or(&word);
    let singular = word.strip_suffix("es").unwrap_or(&word);
    let forms = [word.as_str(), one, singular];
    let is_of = |family: &&&[&str]| forms.iter().any(|form| family.contains(form));
    if forms.iter().any(|form| OF_FAMILIES.may_have(form))
        && let Some(family) = FAMILIES.iter().find(is_of)
    {
        return Some(family[0].to_owned());
    }
    if word.len() < SHORTEST || OF_ANYTHING.contains(&word) {
        return None;
    }
    let plural = word.strip_suffix('s').filter(|it| it.len() >= SHORTEST && !it.ends_with('s'));
    let singular = plural.unwrap_or(&word);
    if OF_ANYTHING.contains(singular) {
        return None;
    }
    let verb = ["ing", "ed"].into_iter().find_map(|ending| singular.strip_suffix(ending));
    let root = verb.filter(|it| it.len() > SHORTEST).unwrap_or(singular);
    let root = root.strip_suffix('e').filter(|it| it.len() >= SHORTEST).unwrap_or(root);
    Some(root.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_known_in_other_forms() {
        let mut vocabulary = Vocabulary::default();
        vocabulary.add("KubeAPIPodNotReady");
        vocabulary.add("sum by (worker) (rate(disk_failures_total[5m])) > 3");
        for (text, expected) in [
            ("pods", true),
            ("20 unique workers", true),
            ("it failed", true),
            ("failing", true),
            ("the rate of it", false),
            ("64 cores", false),
            ("an API", true),
            ("zones", false),
        ] {
            assert_eq!(vocabulary.speaks_for(text), expected, "{text}");
        }
    }
}
