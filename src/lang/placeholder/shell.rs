//! Where in a shell's commands a value would land: bare, in quotes, in an address, or in something
//! that is read a second time.
//!
//! This is not a parser of shell but of its quoting, and it errs to one side only. Where it is not
//! sure what a place is, the place is [`Context::Plain`], in which a value needs no quotes or is
//! not put in at all:
//!
//! - in quotes that hold more than a word of data. `sh -c "…"`, `curl -d '{…}'`: what is in there
//!   has a language of its own;
//! - in a command that hands its words to another shell, such as `ssh`;
//! - from the first quote on that is not closed on its own line. Sample output has apostrophes, and
//!   behind one of them nobody can tell what is in quotes;
//! - in comments (which may be commands behind the prompt of root), here-documents, backticks and
//!   arithmetic.
//!
//! In a word that is a program, of sed or awk say, even less is taken: see `program`.

mod called;
mod place;
mod word;

pub(super) use called::{is_rereading, is_shell};
pub(super) use place::writes;

use super::address;
use super::context::Context;
use crate::lang::shell::{HereDocument, program_name};
use called::Called;
use place::Place;
use std::ops::Range;

/// The contexts of the holes of a text, which are in order and apart from each other.
pub(super) fn contexts(text: &str, holes: &[Range<usize>]) -> Vec<Context> {
    let mut contexts = vec![Context::Plain; holes.len()];
    let lines = Lines { text, holes, at: 0, next_hole: 0 };
    let mut here_document: Option<HereDocument> = None;
    for line in lines {
        let written = text.get(line.range.clone()).unwrap_or_default();
        let slots = contexts.get_mut(line.holes.clone()).unwrap_or_default();
        let line_holes = holes.get(line.holes.clone()).unwrap_or_default();
        if let Some(document) = &here_document {
            if document.is_ended_by(written) {
                here_document = None;
            } else if let ([hole], [slot]) = (line_holes, slots)
                && text.get(hole.clone()) == Some(written.trim())
            {
                // A value on a line of its own could be the word that ends the document.
                let is_loud =
                    document.end.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
                *slot = if is_loud { Context::Line } else { Context::Nowhere };
            }
            continue;
        }
        let scanner = Scanner::new(text, line.range, line_holes);
        let Some((found, begun)) = scanner.contexts() else { break };
        slots.copy_from_slice(&found);
        here_document = begun;
    }
    contexts
}

/// What looks like the scheme of an address and is the kind of a name that stands behind it as it is:
/// objects in stores, images in registries.
#[rustfmt::skip]
const NAMING: [&str; 15] = [
    "abfs", "abfss", "az", "b2", "docker", "docker-archive", "docker-daemon", "gs", "hdfs", "oci",
    "oss", "s3", "s3a", "s3n", "wasbs",
];

/// A line of commands, continued lines included, and its holes.
struct Line {
    range: Range<usize>,
    /// As indices.
    holes: Range<usize>,
}

struct Lines<'a> {
    text: &'a str,
    holes: &'a [Range<usize>],
    at: usize,
    next_hole: usize,
}

impl Iterator for Lines<'_> {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        let start = self.at;
        let rest = self.text.get(start..).filter(|rest| !rest.is_empty())?;
        let mut end = start;
        for line in rest.split_inclusive('\n') {
            end += line.len();
            let content = line.trim_end_matches(['\n', '\r']);
            let slashes = content.bytes().rev().take_while(|byte| *byte == b'\\').count();
            if slashes % 2 == 0 {
                break;
            }
        }
        let first = self.next_hole;
        while self.holes.get(self.next_hole).is_some_and(|hole| hole.start < end) {
            self.next_hole += 1;
        }
        self.at = end;
        Some(Line { range: start..end, holes: first..self.next_hole })
    }
}

/// What is open at some place of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    /// `$(`, or a subshell.
    Commands,
    /// `"` within which a `$(` was met.
    DoubleQuotes { is_data: bool },
}

/// The last place of a line where a pipe leads into a shell or its like.
fn piped(text: &str, line: &Range<usize>) -> usize {
    let written = text.get(line.clone()).unwrap_or_default();
    let reads = |at: &usize| {
        let mut words = written[at + 1..].split_whitespace().skip_while(|word| *word == "sudo");
        let name = program_name(words.next().unwrap_or_default());
        is_rereading(name.trim_end_matches([';', '&', ')', '"', '\'']))
    };
    let pipes: Vec<usize> = written.match_indices('|').map(|(at, _)| at).collect();
    pipes.into_iter().rev().find(reads).map_or(0, |at| line.start + at)
}

struct Scanner<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    end: usize,
    holes: &'a [Range<usize>],
    /// The contexts of the first of them.
    found: Vec<Context>,
    open: Vec<Open>,
    /// Where the word began that is read now.
    word_start: Option<usize>,
    /// The command that is read now.
    called: Called,
    /// Up to where what is printed is piped into something that reads it as commands.
    piped: usize,
    here_document: Option<HereDocument>,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a str, line: Range<usize>, holes: &'a [Range<usize>]) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at: line.start,
            piped: piped(text, &line),
            end: line.end,
            holes,
            found: Vec::with_capacity(holes.len()),
            open: Vec::new(),
            word_start: None,
            called: Called::default(),
            here_document: None,
        }
    }

    /// The contexts of the line's holes; `None` if a quote stays open at its end.
    fn contexts(mut self) -> Option<(Vec<Context>, Option<HereDocument>)> {
        while self.at < self.end {
            if let Some(hole) = self.next_hole(self.at + 1) {
                self.found.push(self.context_of(hole));
                self.word_start.get_or_insert(hole.start);
                self.at = hole.end.max(self.at);
            } else if let Some(Open::DoubleQuotes { .. }) = self.open.last() {
                self.in_double_quotes()?;
            } else if self.byte(self.at) == b'#' && self.word_start.is_none() {
                // The rest is a comment: its holes stay plain.
                self.found.resize(self.holes.len(), Context::Plain);
                return Some((self.found, self.here_document));
            } else {
                self.outside_quotes()?;
            }
        }
        let quotes_are_open =
            self.open.iter().any(|open| matches!(open, Open::DoubleQuotes { .. }));
        let is_whole = !quotes_are_open && self.found.len() == self.holes.len();
        is_whole.then_some((self.found, self.here_document))
    }

    /// The next hole whose context is not known yet, if it begins before a place.
    fn next_hole(&self, before: usize) -> Option<&'a Range<usize>> {
        self.holes.get(self.found.len()).filter(|hole| hole.start < before)
    }

    /// Reads on within double quotes; `None` where nobody can tell what is in them.
    fn in_double_quotes(&mut self) -> Option<()> {
        match self.byte(self.at) {
            b'"' => {
                self.open.pop();
                self.at += 1;
            }
            b'\\' => {
                self.at += 2;
                self.take_escaped();
            }
            b'$' if self.begins_arithmetic() => return None,
            b'$' if self.byte(self.at + 1) == b'(' => self.begin_substitution(),
            b'`' => return None,
            _ => self.at += 1,
        }
        Some(())
    }

    /// Reads on outside of double quotes; `None` where nobody can tell what follows.
    fn outside_quotes(&mut self) -> Option<()> {
        match self.byte(self.at) {
            b'\\' => {
                self.read_word(2);
                self.take_escaped();
            }
            b'\'' => self.take_single_quoted()?,
            b'"' => {
                let (held, _) = self.quoted(b'"')?;
                self.word_start.get_or_insert(self.at);
                self.open.push(Open::DoubleQuotes { is_data: held == Quoted::Data });
                self.at += 1;
            }
            b'`' => return None,
            b'$' if self.begins_arithmetic() => return None,
            b'$' if self.starts_with("${") => {
                // `${HOME}` is a word; what else may stand in there is beyond this.
                let rest = self.text.get(self.at + 2..self.end)?;
                let length = rest.find(|sign: char| !(sign == '_' || sign.is_alphanumeric()))?;
                if !rest[length..].starts_with('}') {
                    return None;
                }
                self.read_word(length + 3);
            }
            b'$' if self.byte(self.at + 1) == b'(' => self.begin_substitution(),
            b'<' if self.starts_with("<<") && self.byte(self.at + 2) != b'<' => {
                self.begin_here_document();
            }
            // Arithmetic: names and indices in there are looked up, and run.
            b'(' if self.byte(self.at + 1) == b'(' => return None,
            b'(' => {
                self.end_command();
                self.open.push(Open::Commands);
                self.at += 1;
            }
            b')' => {
                self.end_command();
                self.open.pop();
                self.at += 1;
            }
            b';' | b'|' | b'&' | b'\n' => {
                self.end_command();
                self.at += 1;
            }
            byte if byte.is_ascii_whitespace() => {
                self.end_word();
                self.at += 1;
            }
            _ => self.read_word(1),
        }
        Some(())
    }

    /// From a single quote to the one that closes it, with the holes between them.
    fn take_single_quoted(&mut self) -> Option<()> {
        let (held, end) = self.quoted(b'\'')?;
        let is_ansi = self.at > 0 && self.byte(self.at - 1) == b'$';
        let context = match held {
            Quoted::Data if !is_ansi => Context::ShellSingle,
            _ => Context::Plain,
        };
        while let Some(hole) = self.next_hole(end) {
            self.found.push(self.narrowed(context, hole));
        }
        let length = end - self.at;
        self.read_word(length);
        Some(())
    }

    /// A hole behind a backslash: that would escape the first sign of what is put there.
    fn take_escaped(&mut self) {
        if let Some(hole) = self.next_hole(self.at) {
            self.at = hole.end.max(self.at);
            self.found.push(Context::Plain);
        }
    }

    /// Arithmetic, in which names and indices are looked up, and run.
    fn begins_arithmetic(&self) -> bool {
        self.starts_with("$((") || self.starts_with("$[")
    }

    fn byte(&self, at: usize) -> u8 {
        if at < self.end { self.bytes.get(at).copied().unwrap_or_default() } else { 0 }
    }

    fn starts_with(&self, sign: &str) -> bool {
        self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(sign.as_bytes()))
    }

    fn read_word(&mut self, length: usize) {
        self.word_start.get_or_insert(self.at);
        self.at += length;
    }

    fn end_word(&mut self) {
        if let Some(start) = self.word_start.take() {
            let word = self.text.get(start..self.at).unwrap_or_default();
            self.called.end_word(word);
        }
    }

    fn end_command(&mut self) {
        self.end_word();
        self.called = Called::default();
    }

    /// `$(`: what is in it goes to the command around, but is read by this shell.
    fn begin_substitution(&mut self) {
        // Behind `ssh`, the result is read again; what makes the result is not.
        self.end_command();
        self.open.push(Open::Commands);
        self.at += 2;
    }

    /// `<<END`: what follows this line is a document. The word is read as any other.
    fn begin_here_document(&mut self) {
        self.end_word();
        let line = self.text.get(self.at..self.end).unwrap_or_default();
        let document = HereDocument::at(line);
        self.at += document.as_ref().map_or(2, |document| document.operator);
        self.here_document = document.or(self.here_document.take());
    }

    /// The context of a hole that is not in single quotes.
    fn context_of(&self, hole: &Range<usize>) -> Context {
        let context = match self.open.last() {
            Some(Open::DoubleQuotes { is_data: true }) => Context::ShellDouble,
            Some(Open::DoubleQuotes { is_data: false }) => Context::Plain,
            Some(Open::Commands) | None => Context::Shell,
        };
        self.narrowed(context, hole)
    }

    /// The same where the hole is part of an address or a program, or where another shell reads on.
    fn narrowed(&self, context: Context, hole: &Range<usize>) -> Context {
        let word = self.text.get(self.word_start.unwrap_or(self.at)..hole.start);
        let word = word.unwrap_or_default();
        let behind = self.text.get(hole.end..self.end).unwrap_or_default();
        if let Some(address) = address_in(word) {
            return address::between(address, behind);
        }
        // An index is arithmetic, what is piped into a shell is read again, and behind a `$` quotes are
        // of another kind.
        let last = word.rsplit([' ', '\t', '"', '\'', '=']).next().unwrap_or_default();
        let is_reread = word.ends_with('$') || last.contains(['`', '[']) || hole.start < self.piped;
        let place = Place { word, behind, is_reread, depth: self.open.len() };
        self.called.context(context, &place)
    }

    /// What is in the quotes that open here, and where they end; `None` if they don't.
    fn quoted(&self, quote: u8) -> Option<(Quoted, usize)> {
        let mut held = Quoted::Data;
        let mut holes = self.holes.iter().filter(|hole| hole.start > self.at).peekable();
        let mut at = self.at + 1;
        while at < self.end {
            if let Some(hole) = holes.next_if(|hole| hole.start <= at) {
                at = hole.end.max(at + 1);
                continue;
            }
            let byte = self.byte(at);
            if byte == quote {
                return Some((held, at + 1));
            }
            if byte == b'\\' && quote == b'"' {
                at += 1;
            }
            if !is_plain_byte(byte) && !matches!(byte, b'?' | b'=' | b'&') {
                held = Quoted::Code;
            }
            at += 1;
        }
        None
    }
}

/// The address that the end of a word is part of. In `a=https://…?b=<c>` it begins behind the first
/// `=`, and has one itself.
fn address_in(word: &str) -> Option<&str> {
    let at = word.rfind("://")?;
    let start = word[..at].rfind([' ', '\t', '"', '\'', '=']).map_or(0, |start| start + 1);
    let address = &word[start..];
    let is_ended = address.contains([' ', '\t', '"', '\'']);
    (!is_ended && !NAMING.contains(&&word[start..at])).then_some(address)
}

/// What quotes hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quoted {
    /// A word or a part of one.
    Data,
    /// More than that, which may be a program in some language.
    Code,
}

/// Whether a byte means itself in every shell and in most other languages.
fn is_plain_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_@%+:,./-".contains(&byte)
}

#[cfg(test)]
mod tests;
