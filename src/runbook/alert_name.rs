//! Names of alerts as authors write them: in a cell of an alert table, alone or several together,
//! with or without backticks, with prose behind them.
//!
//! A name is any value that a label can have: `AutomatedFailure6+Hours`, `armada-kp-events`,
//! `app_{Region}_down`. So nothing is asked of it below a header that says what it is; elsewhere it
//! must have the shape of a name.

mod several;

use super::alert_column::Certainty;
use crate::markdown::{Cell, Document, Inline, InlineKind, html, walk_inlines};
use crate::source::MappedText;
use several::{expanded, with_parts};
use std::ops::Range;

/// What people write into a cell that has nothing to name.
const NO_NAMES: [&str; 19] = [
    "all", "alert", "alerts", "any", "average", "n/a", "na", "none", "null", "other", "others",
    "overall", "sum", "tba", "tbd", "todo", "total", "totals", "various",
];

/// Severities, which stand beside names: `DiskFull / Critical`.
const LEVELS: [&str; 5] = ["critical", "warning", "info", "page", "ticket"];

/// The labels that name an alert, as they stand in front of it: `alertname = DiskFull`.
const LABELS: [&str; 2] = ["alertname", "alert_situation"];

/// The name of an alert where an author wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedAlert {
    /// The name: any text that is not empty.
    pub name: String,
    /// Its bytes in the source; those of its whole cell where they can't be told.
    pub range: Range<usize>,
    /// What says that it is one.
    pub known_by: KnownBy,
}

/// What says of a word that it is the name of an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnownBy {
    /// The word itself, or the header above: it can be nothing else.
    Itself,
    /// Its column, if a rule has one of the names there. Below a header such as `Alert` a word may
    /// be a severity or a team.
    Column,
    /// A rule that has this very name, or its shape: it is a part of the name in front of it, which is
    /// none then.
    Part,
    /// A rule that has this very name. In front of prose a word may be any.
    Rule,
}

/// The alerts that a cell names, below a header of this certainty.
///
/// Code spans at its front, parted by nothing but `or`, `and`, `/`, commas and line breaks; prose
/// behind them may hold code that names no alert. A cell without code names alerts if it consists
/// of words parted in the same way, or begins with one that looks like a name and is set off from
/// what follows.
pub fn in_cell(document: &Document, cell: &Cell, certainty: Certainty) -> Vec<NamedAlert> {
    let mut found = Vec::new();
    in_code(&cell.content, &mut found);
    let is_code = !found.is_empty();
    if !is_code {
        found = in_words(document, cell);
    }
    found = found.into_iter().flat_map(expanded).collect();
    found.retain(|named| may_be_name(&named.name));
    for named in &mut found {
        let is_certain = certainty == Certainty::Plain
            || is_shaped(&named.name)
            || (is_code && named.name.starts_with(char::is_uppercase));
        if !is_certain && named.known_by == KnownBy::Itself {
            named.known_by = KnownBy::Column;
        }
        if LEVELS.iter().any(|level| named.name.eq_ignore_ascii_case(level)) {
            named.known_by = KnownBy::Rule;
        }
    }
    found = found.into_iter().flat_map(|named| with_parts(document, named)).collect();
    found.shrink_to_fit();
    found
}

/// The whole text of a cell without code as one name, if it is not the one name found in it.
pub fn whole_cell(document: &Document, cell: &Cell, found: &[NamedAlert]) -> Option<NamedAlert> {
    const LONGEST: usize = 256;
    let mut has_code = false;
    walk_inlines(&cell.content, &mut |inline| {
        has_code |= matches!(inline.kind, InlineKind::Code(_));
    });
    let mut text = String::new();
    flatten(&cell.content, &mut text);
    let name = text.trim();
    let is_found = matches!(found, [one] if one.name == name)
        // `Foo{Bar,Baz}` is no name with a hole.
        || matches!(found, [one, two, ..] if one.range == two.range);
    if has_code || is_found || name.len() > LONGEST || !is_some_name(name) {
        return None;
    }
    let range = place(document, cell, name, cell.range.start);
    Some(NamedAlert { name: name.to_owned(), range, known_by: KnownBy::Rule })
}

/// Where a name stands in a cell, behind a byte of the source. Names stand in the source as they are,
/// if not between escapes and entities.
fn place(document: &Document, cell: &Cell, name: &str, from: usize) -> Range<usize> {
    let written = document.source.text().get(from..cell.range.end).unwrap_or_default();
    match written.find(name) {
        Some(at) => from + at..from + at + name.len(),
        None => cell.range.clone(),
    }
}

/// Collects the code spans that stand at the front; `false` as soon as prose begins.
fn in_code(inlines: &[Inline], found: &mut Vec<NamedAlert>) -> bool {
    inlines.iter().all(|inline| match &inline.kind {
        InlineKind::Code(code) => {
            in_text(code, found);
            true
        }
        InlineKind::Text(text) => {
            let words = text.split(|c: char| c.is_whitespace() || is_separator(c));
            let leads_in = |word: &str| found.is_empty() && is_lead(word);
            words.into_iter().all(|word| is_conjunction(word) || leads_in(word))
        }
        InlineKind::Emphasis(inner)
        | InlineKind::Strong(inner)
        | InlineKind::Link { content: inner, .. } => in_code(inner, found),
        // What is struck out is no longer so.
        InlineKind::Strikethrough(_)
        | InlineKind::Html(_)
        | InlineKind::SoftBreak
        | InlineKind::HardBreak => true,
        _ => false,
    })
}

/// The names in a code span: one, or several parted by commas or `or`.
fn in_text(code: &MappedText, found: &mut Vec<NamedAlert>) {
    let text = code.text();
    let parts = parts(text);
    let are_words = parts.iter().all(|part| !text[part.clone()].contains(char::is_whitespace));
    let whole = vec![trimmed(text, 0..text.len())];
    for part in if are_words { parts } else { whole } {
        let part = without_label(text, part);
        if !part.is_empty() {
            let range = code.to_source(part.clone());
            found.push(NamedAlert {
                name: text[part].to_owned(),
                range,
                known_by: KnownBy::Itself,
            });
        }
    }
}

/// The names in a cell without code.
fn in_words(document: &Document, cell: &Cell) -> Vec<NamedAlert> {
    let mut text = String::new();
    flatten(&cell.content, &mut text);
    let mut names: Vec<(String, KnownBy)> = Vec::new();
    let mut add = |part: Range<usize>, known_by: KnownBy| {
        let name = &text[without_label(&text, part)];
        names.extend(Some((name.to_owned(), known_by)).filter(|(name, _)| !name.is_empty()));
    };
    let parts = parts(&text);
    for part in &parts {
        let written = &text[part.clone()];
        if !written.contains(char::is_whitespace) {
            add(part.clone(), KnownBy::Itself);
            continue;
        }
        // Prose, unless it is set off from a name: `DiskFull (critical)`, `DiskFull: a disk is full`.
        let first = written.find(char::is_whitespace).unwrap_or(written.len());
        let behind = written[first..].trim_start();
        let word = written[..first].trim_end_matches([':', '-', '–', '—']);
        let is_apart = word.len() < first || behind.starts_with(['(', '-', '–', '—', ':']);
        let is_labelled = LABELS.contains(&word) && behind.starts_with(['=', ':']);
        if is_labelled && behind.split_whitespace().count() <= 2 {
            add(part.clone(), KnownBy::Itself);
        } else if is_apart {
            // `Note: …` is set off as well, so it takes a rule to know a name by its place alone.
            let known_by = if is_shaped(word) { KnownBy::Itself } else { KnownBy::Rule };
            add(part.start..part.start + word.len(), known_by);
        }
        // `DiskFull (critical), DiskSlow (warning)`
        let is_remark = behind.starts_with('(') && behind.find(')') == Some(behind.len() - 1);
        if !is_remark {
            break;
        }
    }
    let mut from = cell.range.start;
    let placed = names.into_iter().map(|(name, known_by)| {
        let range = place(document, cell, &name, from);
        from = range.end.min(cell.range.end);
        NamedAlert { name, range, known_by }
    });
    placed.collect()
}

/// The text of a run with line breaks where a reader sees them.
fn flatten(inlines: &[Inline], text: &mut String) {
    for inline in inlines {
        match &inline.kind {
            InlineKind::Text(part) | InlineKind::Verbatim(part) => text.push_str(part),
            InlineKind::Emphasis(inner)
            | InlineKind::Strong(inner)
            | InlineKind::Link { content: inner, .. } => flatten(inner, text),
            InlineKind::HardBreak => text.push('\n'),
            InlineKind::SoftBreak => text.push(' '),
            InlineKind::Html(tag) if html::opening_tags(tag).iter().any(|tag| tag.is("br")) => {
                text.push('\n');
            }
            // The number of a footnote is no part of a name.
            InlineKind::Html(tag) if html::opening_tags(tag).iter().any(|tag| tag.is("sup")) => {
                text.push(' ');
            }
            InlineKind::Angled { text: hole, .. } => text.push_str(hole),
            InlineKind::Abbreviation { text: word, .. } => text.push_str(word),
            _ => {}
        }
    }
}

const BRACKETS: [(char, char); 2] = [('(', ')'), ('{', '}')];

/// The parts of a text between separators, trimmed; none of them empty.
fn parts(text: &str) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut close = |range: Range<usize>| {
        let range = trimmed(text, range);
        if !range.is_empty() {
            parts.push(range);
        }
    };
    let mut word_start = 0;
    // Where the bracket closes that is open: what stands within is one thing.
    let mut closes = 0;
    for (at, character) in text.char_indices().chain([(text.len(), '\n')]) {
        if at < closes {
            continue;
        }
        if let Some((_, close)) = BRACKETS.iter().find(|(open, _)| *open == character) {
            let line = text[at..].lines().next().unwrap_or_default();
            closes = line.find(*close).map_or(0, |end| at + end);
            continue;
        }
        let next = at + if at < text.len() { character.len_utf8() } else { 0 };
        if character.is_whitespace() {
            let word = &text[word_start..at];
            if !word.is_empty() && is_conjunction(word) {
                close(start..word_start);
                start = at;
            }
            word_start = next;
            if character == '\n' {
                close(start..at);
                start = next;
            }
        } else if matches!(character, ',' | ';') {
            close(start..at);
            (start, word_start) = (next, next);
        }
    }
    parts
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let is_around = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '“' | '”' | '‘' | '’');
    let part = &text[range.clone()];
    let part = part.trim_matches(is_around);
    let marks = ["•", "▪", "◦", "- ", "* ", "– "];
    let bullet = marks.iter().find_map(|mark| part.strip_prefix(mark)).or_else(|| {
        let behind = part.trim_start_matches(|c: char| c.is_ascii_digit());
        let is_number = behind.len() < part.len();
        behind.strip_prefix(['.', ')']).filter(|it| is_number && it.starts_with(' '))
    });
    let part = bullet.unwrap_or(part).trim_matches(is_around).trim_end_matches('.');
    let start = part.as_ptr().addr() - text.as_ptr().addr();
    start..start + part.len()
}

/// The value of a part that says which label it is of: `DiskFull` of `alertname="DiskFull"`.
fn without_label(text: &str, part: Range<usize>) -> Range<usize> {
    let written = &text[part.clone()];
    let value = LABELS.iter().find_map(|label| {
        let behind = written.strip_prefix(label)?.trim_start();
        behind.strip_prefix('=').or_else(|| behind.strip_prefix(':'))
    });
    match value {
        Some(value) => trimmed(text, part.end - value.len()..part.end),
        None => part,
    }
}

fn is_separator(character: char) -> bool {
    matches!(character, ',' | '/' | ';')
}

fn is_conjunction(word: &str) -> bool {
    matches!(word, "" | "or" | "and" | "&" | "/" | "|" | "+")
}

/// Whether a word may stand before the first name.
fn is_lead(word: &str) -> bool {
    let word = word.trim_end_matches([':', '=']).to_lowercase();
    word.is_empty()
        || matches!(word.as_str(), "alert" | "alerts" | "name")
        || LABELS.contains(&word.as_str())
}

/// Whether a text can be the name of an alert where nothing says that it is one.
pub fn may_be_name(text: &str) -> bool {
    is_some_name(text) && !text.contains(['(', '='])
}

/// Whether a text can be the name of an alert at all.
pub fn is_some_name(text: &str) -> bool {
    let is_hole = (text.starts_with('<') && text.find('>') == Some(text.len() - 1))
        || (text.starts_with('{') && text.find('}') == Some(text.len() - 1));
    text.contains(char::is_alphabetic)
        && !is_hole
        && !text.starts_with(['#', '@', '/', '$'])
        && !text.contains("://")
        && !NO_NAMES.contains(&text.to_lowercase().as_str())
}

/// Whether a word looks like the name of an alert and like nothing in prose: `DiskFull`,
/// `etcdNoLeader`, `disk_full`, `armada-kp-events`.
pub fn is_shaped(word: &str) -> bool {
    const LONGEST: usize = 256;
    let is_plain = |c: char| c.is_alphanumeric() || "_-+.:{}<>*".contains(c);
    if word.len() > LONGEST || !word.chars().all(is_plain) || !word.contains(char::is_alphabetic) {
        return false;
    }
    let letters: Vec<char> = word.chars().collect();
    // A capital behind a small letter, or one that a small letter follows behind other capitals.
    let has_hump = letters.windows(3).any(|three| {
        (three[0].is_lowercase() && three[1].is_uppercase())
            || (three[0].is_uppercase() && three[1].is_uppercase() && three[2].is_lowercase())
    });
    let ends_in_hump = letters.windows(2).any(|two| two[0].is_lowercase() && two[1].is_uppercase());
    has_hump || ends_in_hump || word.contains('_') || word.matches('-').count() >= 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::BlockKind;
    use crate::source::Source;

    fn cell(written: &str, certainty: Certainty) -> Vec<(String, String, KnownBy)> {
        let text = format!("| A | B |\n|--\n| {written} | x |\n");
        let source = Source::new("a.md", text.as_str());
        let document = crate::markdown::parse(&source, 0, &|_| crate::markdown::Kept::default());
        let BlockKind::Table(table) = &document.blocks[0].kind else { panic!() };
        in_cell(&document, &table.bodies[0][0].cells[0], certainty)
            .into_iter()
            .map(|named| (named.name, text[named.range].to_owned(), named.known_by))
            .collect()
    }

    #[test]
    fn cells_name_one_alert_or_several() {
        for (written, expected) in [
            ("`WorkerFailed`", vec!["WorkerFailed"]),
            ("`Failed6+Hours`", vec!["Failed6+Hours"]),
            ("`A1` or `B1`", vec!["A1", "B1"]),
            ("`A1`<br>`B1`", vec!["A1", "B1"]),
            ("`A1` `B1`", vec!["A1", "B1"]),
            ("`A1`, `B1` and `C1`", vec!["A1", "B1", "C1"]),
            ("`A1 or B1`", vec!["A1", "B1"]),
            ("`Disk is full`", vec!["Disk is full"]),
            ("`A1` when this or `that` happens", vec!["A1"]),
            ("`A1` or the like", vec!["A1"]),
            ("~~`Old`~~ `New`", vec!["New"]),
            ("[`A1`](#a1)", vec!["A1"]),
            ("alertname = `A1`", vec!["A1"]),
            ("`alertname=\"A1\"`", vec!["A1"]),
            ("`app_{Region}_down`", vec!["app_{Region}_down"]),
            ("**armada-kp-events**", vec!["armada-kp-events"]),
            ("Watchdog", vec!["Watchdog"]),
            ("AutomatedFailure6+Hours", vec!["AutomatedFailure6+Hours"]),
            ("`disk_free(5)`", vec![]),
            ("`rate(errors[5m])`", vec![]),
            ("DiskFull or DiskSlow", vec!["DiskFull", "DiskSlow"]),
            ("DiskFull, DiskSlow", vec!["DiskFull", "DiskSlow"]),
            ("DiskFull<br>DiskSlow", vec!["DiskFull", "DiskSlow"]),
            ("DiskFull / DiskSlow", vec!["DiskFull", "DiskSlow"]),
            ("DiskFull (critical)", vec!["DiskFull"]),
            ("DiskFull: it is full or nearly so", vec!["DiskFull"]),
            ("[DiskFull](#full)", vec!["DiskFull"]),
            ("alertname = DiskFull", vec!["DiskFull"]),
            ("app_<Region>_down", vec!["app_<Region>_down"]),
            ("all of them", vec![]),
            ("Disk is full", vec![]),
            ("N/A", vec![]),
            ("-", vec![]),
            ("`#armada-alerts`", vec![]),
            ("DiskFull (critical), DiskSlow (warning, prod)", vec!["DiskFull", "DiskSlow"]),
            ("DiskFull (critical)<br>DiskSlow (warning)", vec!["DiskFull", "DiskSlow"]),
            ("• DiskFull<br>• DiskSlow", vec!["DiskFull", "DiskSlow"]),
            ("- DiskFull<br>- DiskSlow", vec!["DiskFull", "DiskSlow"]),
            ("DiskFull.", vec!["DiskFull"]),
            ("1. DiskFull<br>2. DiskSlow", vec!["DiskFull", "DiskSlow"]),
            ("Disk{Full,Slow}", vec!["DiskFull", "DiskSlow"]),
            ("`Disk{,Too}Full`", vec!["DiskFull", "DiskTooFull"]),
            ("DiskFull/DiskSlow", vec!["DiskFull/DiskSlow"]),
            ("`<AlertName>`", vec![]),
            ("https://example.com/x", vec![]),
            ("`up == 0`", vec![]),
        ] {
            let mut found = cell(written, Certainty::Plain);
            found.retain(|(.., known_by)| *known_by != KnownBy::Part);
            let names: Vec<&str> = found.iter().map(|(name, ..)| name.as_str()).collect();
            assert_eq!(names, expected, "{written}");
            for (name, place, _) in found {
                assert!(name == place || place.contains('{'), "{written}");
            }
        }
    }

    #[test]
    fn a_name_may_be_several() {
        for (written, parts) in [
            ("DiskFull/DiskSlow", vec!["DiskFull", "DiskSlow"]),
            ("`Failed6+Hours`", vec!["Failed6", "Hours"]),
            ("DiskFull", vec![]),
        ] {
            let mut found = cell(written, Certainty::Plain);
            found.retain(|(.., known_by)| *known_by == KnownBy::Part);
            let names: Vec<&str> = found.iter().map(|(name, ..)| name.as_str()).collect();
            assert_eq!(names, parts, "{written}");
        }
    }

    #[test]
    fn a_word_that_is_set_off_from_prose_may_be_a_name() {
        for (written, known_by) in [
            ("DiskFull: when `df` says so", Some(KnownBy::Itself)),
            ("A7: when `df` says so", Some(KnownBy::Rule)),
            ("Note: ask first", Some(KnownBy::Rule)),
            ("Watchdog - it always fires", Some(KnownBy::Rule)),
            ("When `df` says so", None),
        ] {
            let found = cell(written, Certainty::Plain);
            assert_eq!(found.first().map(|(.., by)| *by), known_by, "{written}");
        }
    }

    #[test]
    fn below_a_vague_header_a_name_must_look_like_one() {
        for (written, certain) in [
            ("`DiskFull`", true),
            ("`Watchdog`", true),
            ("DiskFull", true),
            ("armada-kp-events", true),
            ("`critical`", false),
            ("`disk-full`", false),
            ("Watchdog", false),
            ("Warning", false),
        ] {
            let found = cell(written, Certainty::Vague);
            let is_certain = found.first().map(|(.., by)| *by == KnownBy::Itself);
            assert_eq!(is_certain, Some(certain), "{written}");
        }
    }

    #[test]
    fn shapes_of_names() {
        for (word, expected) in [
            ("DiskFull", true),
            ("etcdNoLeader", true),
            ("CPUThrottlingHigh", true),
            ("disk_full", true),
            ("armada-kp-events", true),
            ("Watchdog", false),
            ("on-call", false),
            ("KUBE", false),
            ("don't", false),
        ] {
            assert_eq!(is_shaped(word), expected, "{word}");
        }
    }
}
