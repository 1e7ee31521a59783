//! Names of alerts as authors write them: in a cell of an alert table, alone or several together,
//! with or without backticks, with prose behind them.
//!
//! A name is any value that a label can have: `AutomatedFailure6+Hours`, `armada-kp-events`,
//! `app_{Region}_down`. So nothing is asked of it below a header that says what it is; elsewhere it
//! must have the shape of a name.

mod dressed;
mod several;
mod words;

use super::alert_column::Certainty;
use crate::source::ByteSet;
use std::ops::Range;
use words::{Kind, Token};

pub use dressed::{Dress, DressedText, as_seen};
pub use several::is_unspaced;

/// What people write into a cell that has nothing to name.
const NO_NAMES: [&str; 19] = [
    "all", "alert", "alerts", "any", "average", "n/a", "na", "none", "null", "other", "others",
    "overall", "sum", "tba", "tbd", "todo", "total", "totals", "various",
];

/// How many bytes the longest of them has.
const LONGEST_OF_NONE: usize = 7;

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
    /// How it is set.
    pub dress: Dress,
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
    /// A rule that has this very name. In front of prose a word may be any, and what marks surround may
    /// be a placeholder, `<DiskFull>`.
    Rule,
}

/// The alerts that a cell names, below a header of this certainty.
///
/// Code spans at its front, parted by nothing but `or`, `and`, `/`, commas, line breaks and signs; prose
/// behind them may hold code that names no alert. A cell without code names alerts if it consists
/// of words parted in the same way, or begins with one that looks like a name and is set off from
/// what follows. What else stands alone between marks, as in `[P1] DiskFull`, is an alert if a rule has
/// the name.
pub fn in_cell(text: &DressedText, certainty: Certainty) -> Vec<NamedAlert> {
    let mut found = in_code(text);
    let is_code = !found.is_empty();
    if !is_code {
        found = in_words(text);
    }
    let mut alerts = Vec::new();
    for name in found {
        let mut names = several::expanded(text.named(name.range.clone(), name.known_by));
        names.retain(|named| may_be_name(&named.name));
        if is_cut_off(text.text.text(), &name.range) {
            names.clear();
        } else if names.is_empty() && !text.text.text()[name.range.clone()].contains(['(', '=']) {
            // `#DiskFull`, and no query.
            let mut parts = several::parts(text, name.range.clone());
            parts.retain(|part| is_shaped(&part.name));
            for part in &mut parts {
                part.known_by = KnownBy::Rule;
            }
            alerts.append(&mut parts);
        }
        for named in &mut names {
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
        let is_one = names.len() == 1;
        alerts.append(&mut names);
        if is_one {
            alerts.extend(several::parts(text, name.range));
        }
    }
    alerts.shrink_to_fit();
    alerts
}

/// The whole text of a cell as one name, if it is not the one name found in it, nor code among others.
pub fn whole_cell(text: &DressedText, found: &[NamedAlert]) -> Option<NamedAlert> {
    const LONGEST: usize = 256;
    let written = text.text.text();
    let name = written.trim();
    let is_found = matches!(found, [one, parts @ ..]
        if one.name == name && parts.iter().all(|part| part.known_by == KnownBy::Part))
        // `Foo{Bar,Baz}` is no name with a hole.
        || matches!(found, [one, two, ..] if one.range == two.range);
    let has_code = text.runs.iter().any(|run| run.dress.is_code());
    if has_code && text.runs.len() > 1 || is_found || name.len() > LONGEST || !is_some_name(name) {
        return None;
    }
    let start = written.len() - written.trim_start().len();
    Some(text.named(start..start + name.len(), KnownBy::Rule))
}

/// A part of the text of a cell that may be a name.
struct Name {
    range: Range<usize>,
    known_by: KnownBy,
}

impl DressedText {
    fn named(&self, range: Range<usize>, known_by: KnownBy) -> NamedAlert {
        NamedAlert {
            name: self.text.text()[range.clone()].to_owned(),
            dress: self.dress_at(range.start),
            range: self.text.to_source(range),
            known_by,
        }
    }
}

/// The names in the code spans at the front of a cell.
fn in_code(cell: &DressedText) -> Vec<Name> {
    let mut found: Vec<Name> = Vec::new();
    let mut known_by = KnownBy::Itself;
    for run in &cell.runs {
        if run.dress.is_code() {
            let names = names_in_code(cell.text.text(), run.range.clone());
            found.extend(names.map(|range| Name { range, known_by }));
            known_by = KnownBy::Itself;
            continue;
        }
        for token in words::tokens(cell, run.range.clone()) {
            let text = &cell.text.text()[token.range.clone()];
            match token.kind {
                Kind::Separator => known_by = KnownBy::Itself,
                Kind::Remark { .. } => {}
                // An alert that became another one is no more.
                Kind::Arrow => {
                    known_by = KnownBy::Rule;
                    found.last_mut().into_iter().for_each(|last| last.known_by = known_by);
                }
                Kind::Sign if !text.is_ascii() || text.contains(char::is_alphanumeric) => {}
                Kind::Sign if text == "-" || text == "*" || text == "=" && found.is_empty() => {}
                Kind::Label | Kind::Word if is_beside_name(text) => {}
                _ => return found,
            }
        }
    }
    found
}

/// The names in a code span: one, or several parted by commas or `or`.
fn names_in_code(text: &str, code: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let parts = several::parts_of_code(text, code.clone());
    let are_words = parts.iter().all(|part| !text[part.clone()].contains(char::is_whitespace));
    let whole = vec![words::trimmed(text, code)];
    let names = if are_words { parts } else { whole };
    let names = names.into_iter().map(|part| without_label(text, part));
    names.filter(|name| !name.is_empty())
}

/// The names in a cell that begins with no code.
fn in_words(cell: &DressedText) -> Vec<Name> {
    let tokens = words::tokens(cell, 0..cell.text.text().len());
    let mut found = Vec::new();
    for part in tokens.split(|token| token.kind == Kind::Separator) {
        if !names_in_part(cell, part, &mut found) {
            break;
        }
    }
    found
}

/// The names in what stands between two separators; `false` if there is prose in it, behind which all
/// may be prose.
fn names_in_part(cell: &DressedText, part: &[Token], found: &mut Vec<Name>) -> bool {
    let text = cell.text.text();
    let is_sign = |token: &Token| matches!(token.kind, Kind::Sign | Kind::Arrow);
    let front = part.iter().take_while(|token| token.kind == Kind::Sign).count();
    // A number behind a word says something of it: `OpenAI 429`.
    let is_mere_sign = |token: &&Token| {
        token.kind == Kind::Sign && !text[token.range.clone()].contains(char::is_alphanumeric)
    };
    let back = part.iter().rev().take_while(is_mere_sign).count();
    let part = part.get(front..part.len() - back).unwrap_or_default();
    if let [only] = part
        && matches!(only.kind, Kind::Word | Kind::Label)
    {
        let range = without_label(text, only.range.clone());
        found.push(Name { range, known_by: KnownBy::Itself });
        return true;
    }
    // `alertname = DiskFull`
    if let [label, between @ .., name] = part
        && LABELS.contains(&&text[label.range.clone()])
        && name.kind == Kind::Word
        && between.len() <= 1
        && between.iter().all(is_sign)
    {
        found.push(Name { range: name.range.clone(), known_by: KnownBy::Itself });
        return true;
    }
    let mut rest = part;
    while !rest.is_empty() {
        let (chunk, behind) = first_chunk(rest);
        let is_first = rest.len() == part.len();
        rest = behind;
        let words = chunk.iter().filter(|token| matches!(token.kind, Kind::Word | Kind::Label));
        let mut names: Vec<&Token> = words.clone().collect();
        if names.len() > 1 {
            names.retain(|word| !is_beside_name(&text[word.range.clone()]));
        }
        let is_shaped = |word: &Token| is_shaped(&text[word.range.clone()]);
        let is_set_off =
            behind.is_empty() || chunk.last().is_some_and(|last| last.kind != Kind::Word);
        let is_prose = names.len() > 1 || !is_set_off;
        if is_prose && !names.iter().all(|word| is_shaped(word)) {
            return false;
        }
        // `Note: …` is set off as well, so it takes a rule to know a name by its place alone.
        let is_apart = |token: &Token| match token.kind {
            Kind::Label => true,
            Kind::Remark { is_apart } => is_apart && text[token.range.clone()].starts_with('('),
            Kind::Sign => text[token.range.clone()].starts_with(['-', '–', '—', ':']),
            _ => false,
        };
        let is_certain = is_first
            && words.count() == 1
            && chunk.last().is_some_and(is_apart)
            && names.iter().all(|word| is_shaped(word));
        let known_by = if is_certain { KnownBy::Itself } else { KnownBy::Rule };
        found.extend(names.iter().map(|word| Name { range: word.range.clone(), known_by }));
    }
    true
}

/// The words up to the first that is set off from what follows, with what sets it off: a colon, a
/// remark, a sign; or up to where the text is dressed otherwise.
fn first_chunk(tokens: &[Token]) -> (&[Token], &[Token]) {
    let ends = |pair: &[Token]| {
        pair[0].kind != Kind::Word || pair[1].kind == Kind::Word && pair[0].run != pair[1].run
    };
    let end = tokens.windows(2).position(ends).map_or(tokens.len(), |at| at + 1);
    tokens.split_at(end)
}

/// The value of a part that says which label it is of: `DiskFull` of `alertname="DiskFull"`.
fn without_label(text: &str, part: Range<usize>) -> Range<usize> {
    let written = &text[part.clone()];
    let value = LABELS.iter().find_map(|label| {
        let behind = written.strip_prefix(label)?.trim_start();
        behind.strip_prefix('=').or_else(|| behind.strip_prefix(':'))
    });
    match value {
        Some(value) => words::trimmed(text, part.end - value.len()..part.end),
        None => part,
    }
}

/// Whether a word stands beside names and is none: `alert`, `critical`, `P1`, `NEW`.
pub(super) fn is_beside_name(word: &str) -> bool {
    const LONGEST: usize = 12;
    let word = word.trim_end_matches([':', '=']);
    let is_known = |words: &[&str]| words.iter().any(|known| known.eq_ignore_ascii_case(word));
    let is_code = word.len() <= LONGEST && !word.contains(char::is_lowercase);
    is_code || is_known(&["alert", "alerts", "name"]) || is_known(&LABELS) || is_known(&LEVELS)
}

/// Whether a text can be the name of an alert where nothing says that it is one.
pub fn may_be_name(text: &str) -> bool {
    is_some_name(text) && memchr::memchr2(b'(', b'=', text.as_bytes()).is_none()
}

/// Whether what stands before or behind a name says that it is the beginning or the end of some: `Kube…`.
fn is_cut_off(text: &str, name: &Range<usize>) -> bool {
    let dots = ["…", "..."];
    dots.iter().any(|it| text[name.end..].starts_with(it) || text[..name.start].ends_with(it))
}

/// Whether a text is a pattern, which fits several names: `Disk.*`, `Kube…`.
fn is_pattern(text: &str) -> bool {
    // Each of them has one of these signs, or is beyond ASCII.
    let may_have = memchr::memchr2(b'.', b'\\', text.as_bytes()).is_some() || !text.is_ascii();
    (may_have && [".*", ".+", "…", "...", "\\w", "\\d"].iter().any(|mark| text.contains(mark)))
        || text.starts_with('^')
        || text.ends_with('$')
}

/// Whether a text can be the name of an alert at all.
pub fn is_some_name(text: &str) -> bool {
    let is_hole = (text.starts_with('<') && text.find('>') == Some(text.len() - 1))
        || (text.starts_with('{') && text.find('}') == Some(text.len() - 1));
    // The end of what began in front of it: `CrashLoop」状态`
    let is_torn = !text.is_ascii()
        && [('「', '」'), ('『', '』'), ('【', '】'), ('《', '》'), ('（', '）'), ('«', '»')]
            .iter()
            .any(|(open, close)| text.contains(*close) && !text.contains(*open));
    text.contains(char::is_alphabetic)
        && !is_torn
        && !is_hole
        && !is_pattern(text)
        && !text.starts_with(['#', '@', '/', '$'])
        && !memchr::memchr_iter(b':', text.as_bytes()).any(|at| text[at..].starts_with("://"))
        && !(text.len() <= LONGEST_OF_NONE
            && NO_NAMES.iter().any(|none| none.eq_ignore_ascii_case(text)))
}

/// The case of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    Capital,
    Small,
    Neither,
}

impl Case {
    fn of(letter: char) -> Self {
        match letter {
            _ if letter.is_lowercase() => Self::Small,
            _ if letter.is_uppercase() => Self::Capital,
            _ => Self::Neither,
        }
    }
}

/// Whether a word looks like the name of an alert and like nothing in prose: `DiskFull`,
/// `etcdNoLeader`, `disk_full`, `armada-kp-events`.
pub fn is_shaped(word: &str) -> bool {
    const LONGEST: usize = 256;
    let is_plain = |c: char| {
        c.is_alphanumeric()
            || matches!(c, '_' | '-' | '+' | '.' | ':' | '{' | '}' | '<' | '>' | '*')
    };
    if !may_be_shaped(word) {
        return false;
    }
    if word.len() > LONGEST || !word.chars().all(is_plain) || !word.contains(char::is_alphabetic) {
        return false;
    }
    // A capital behind a small letter, or one that a small letter follows behind other capitals.
    let mut before = [Case::Neither; 2];
    let has_hump = word.chars().map(Case::of).any(|case| {
        let is_hump = matches!(
            (before, case),
            ([_, Case::Small], Case::Capital) | ([Case::Capital, Case::Capital], Case::Small)
        );
        before = [before[1], case];
        is_hump
    });
    has_hump || word.contains('_') || word.matches('-').count() >= 2
}

/// Whether a word may be shaped, or may have a part that is: it has a sign that joins words, or a capital
/// behind another character, as all humps have.
pub fn may_be_shaped(word: &str) -> bool {
    const JOINS_OR_BEYOND_ASCII: ByteSet = ByteSet::of(b"_-").and_all(0x80, u8::MAX);
    static SIGNS: ByteSet = JOINS_OR_BEYOND_ASCII.and_all(b'A', b'Z');
    let bytes = word.as_bytes();
    let Some((first, rest)) = bytes.split_first() else { return false };
    JOINS_OR_BEYOND_ASCII.has(*first) || rest.iter().any(|byte| SIGNS.has(*byte))
}

#[cfg(test)]
mod tests;
