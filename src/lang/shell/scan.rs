//! A scanner for shell commands that can say what a shell would refuse, and where.
//!
//! It follows the grammar of POSIX shells with what bash adds as far as whole constructs go:
//! quotes, substitutions, operators with commands on both sides, redirections with a file, and
//! compound commands with all of their words. What it does not know it takes.

mod compound;
mod quotes;

use super::Fault;
use compound::{Open, closing};
use std::ops::Range;

/// Reads a text to its end, or to the first thing that a shell would refuse.
pub(super) fn scan(text: &str) -> Result<(), Fault> {
    let mut scanner = Scanner::new(text);
    match scanner.list(End::Text) {
        // What is not read is taken.
        Err(_) if scanner.gave_up => Ok(()),
        read => read,
    }
}

/// Whether a shell would ask for another line behind this text.
pub(super) fn goes_on(text: &str) -> bool {
    let without_break = text.strip_suffix('\n').unwrap_or(text);
    let backslashes = without_break.bytes().rev().take_while(|byte| *byte == b'\\').count();
    if backslashes % 2 == 1 {
        return true;
    }
    let mut scanner = Scanner::new(text);
    let result = scanner.list(End::Text);
    scanner.wants_more || (result.is_ok() && (scanner.in_document || !scanner.documents.is_empty()))
}

/// The simple commands of a text, in the order in which they begin, up to what a shell would refuse.
pub(super) fn commands(text: &str) -> Commands {
    let mut scanner = Scanner::new(text);
    // What was read before a fault was read all the same.
    let _ = scanner.list(End::Text);
    scanner.commands
}

/// What a scanner finds on its way.
#[derive(Default)]
pub(super) struct Commands {
    /// The words of each simple command, as bytes of the text; assignments and redirections aside.
    pub simple: Vec<Vec<Range<usize>>>,
    /// What stands between backticks.
    pub substituted: Vec<Range<usize>>,
}

/// How deep substitutions may be nested. What is in deeper ones is not read, nor what follows.
const DEEPEST: usize = 40;

/// What ends a list of commands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Text,
    /// `)` of a subshell or a substitution.
    Bracket,
}

/// What stands before the place that is being read.
#[derive(Clone, PartialEq, Eq)]
enum Before {
    /// Nothing: a command may begin, or the list may end.
    Nothing,
    /// An operator that a command has to follow.
    Operator(Range<usize>),
    /// `time` or `!`: a command may follow, and need not.
    Prefix,
    /// Words of a simple command: their number, assignments and redirections aside.
    Words(usize),
    /// The end of a compound command.
    Compound,
}

struct Scanner<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    depth: usize,
    /// Something is nested deeper than is read.
    gave_up: bool,
    /// The text ended where a shell would ask for more.
    wants_more: bool,
    /// The text ended in a here-document.
    in_document: bool,
    /// Delimiters of the here-documents that begin behind this line, and whether tabs before them
    /// are dropped.
    documents: Vec<(String, bool)>,
    commands: Commands,
}

impl<'t> Scanner<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
            depth: 0,
            gave_up: false,
            wants_more: false,
            in_document: false,
            documents: Vec::new(),
            commands: Commands::default(),
        }
    }

    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or_default()
    }

    fn is_at(&self, what: &str) -> bool {
        self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(what.as_bytes()))
    }

    /// Reads something that is within something else.
    fn nested(&mut self, read: impl FnOnce(&mut Self) -> Result<(), Fault>) -> Result<(), Fault> {
        if self.depth >= DEEPEST {
            self.gave_up = true;
            return Err(fault(self.at..self.at, "this is nested too deeply".to_owned()));
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    /// A fault that more text would have mended.
    fn unfinished(&mut self, range: Range<usize>, message: String) -> Fault {
        self.wants_more = true;
        fault(range, message)
    }

    /// Commands up to an end. The end itself is left standing.
    fn list(&mut self, end: End) -> Result<(), Fault> {
        let begin = self.at;
        let mut open: Vec<Open> = Vec::new();
        let mut before = Before::Nothing;
        let mut command = None;
        loop {
            self.blanks();
            let at = self.at;
            if at >= self.bytes.len() {
                break;
            }
            match self.byte(at) {
                b'#' => self.comment(),
                b'\n' => {
                    self.at += 1;
                    self.skip_documents();
                    if !matches!(before, Before::Operator(_)) {
                        before = Before::Nothing;
                    }
                }
                b')' if end == End::Bracket && open.is_empty() => break,
                b')' => return Err(fault(at..at + 1, "`)` closes nothing".to_owned())),
                b'(' => before = self.opened(&before)?,
                b';' | b'&' | b'|' => before = self.operator(&before, &open)?,
                b'<' | b'>' if self.is_at("<(") || self.is_at(">(") => {
                    self.at += 2;
                    self.bracketed(at, "<(")?;
                    before = count(&before);
                }
                b'<' | b'>' => {
                    self.redirection()?;
                    if before_command(&before) {
                        before = Before::Words(0);
                    }
                }
                _ => before = self.word_of(&before, &mut command, &mut open)?,
            }
        }
        if let Before::Operator(range) = before {
            let operator = &self.text[range.clone()];
            let message = format!("no command stands behind `{operator}`");
            return Err(self.unfinished(range, message));
        }
        if let Some(open) = open.pop() {
            let message = format!("`{}` has no `{}`", open.word, closing(open.word));
            return Err(self.unfinished(open.range, message));
        }
        if end == End::Bracket && self.at >= self.bytes.len() {
            // The caller knows the bracket that was opened.
            let message = "a bracket is never closed".to_owned();
            return Err(self.unfinished(begin..begin, message));
        }
        Ok(())
    }

    /// A word of a command, after what stands before it. `command` is the simple command that words
    /// belong to; those behind `for` belong to none.
    fn word_of(
        &mut self,
        before: &Before,
        command: &mut Option<usize>,
        open: &mut Vec<Open>,
    ) -> Result<Before, Fault> {
        let may_be_keyword = before_command(before);
        if may_be_keyword || *before == Before::Words(0) {
            *command = Some(self.commands.simple.len());
            self.commands.simple.push(Vec::new());
        }
        let at = self.at;
        self.word()?;
        let range = at..self.at;
        let word = &self.text[range.clone()];
        // `2>` and `&1` belong to the redirection behind them.
        let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
        if is_number && matches!(self.byte(self.at), b'<' | b'>') {
            return Ok(before.clone());
        }
        let before =
            if may_be_keyword { self.keyword(range.clone(), before, open)? } else { count(before) };
        match before {
            Before::Words(0) => {}
            Before::Words(_) if !matches!(word, "for" | "select") => {
                if let Some(words) = command.and_then(|at| self.commands.simple.get_mut(at)) {
                    words.push(range);
                }
            }
            _ => *command = None,
        }
        Ok(before)
    }

    /// What a bracket begins that is opened outside of words.
    fn opened(&mut self, before: &Before) -> Result<Before, Fault> {
        let at = self.at;
        if before_command(before) {
            if self.is_at("((") {
                self.arithmetic()?;
            } else {
                self.at += 1;
                self.bracketed(at, "(")?;
            }
            return Ok(Before::Compound);
        }
        if *before == Before::Words(1) && self.defines_function() {
            return Ok(Before::Nothing);
        }
        let fault = fault(at..at + 1, "a shell takes `(` for its own".to_owned());
        let help = "put quotes around what is in brackets".to_owned();
        Err(Fault { help: Some(help), ..fault })
    }

    fn blanks(&mut self) {
        loop {
            match self.byte(self.at) {
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'\\' if self.byte(self.at + 1) == b'\n' => self.at += 2,
                b'\\' if self.is_at("\\\r\n") => self.at += 3,
                _ => return,
            }
        }
    }

    /// A backslash and what it takes the meaning from.
    fn escape(&mut self) {
        self.at = (self.at + 2).min(self.bytes.len());
    }

    fn comment(&mut self) {
        while self.at < self.bytes.len() && self.byte(self.at) != b'\n' {
            self.at += 1;
        }
    }

    /// `()` behind the name of a function.
    fn defines_function(&mut self) -> bool {
        let rest = &self.text[self.at + 1..];
        let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let defines = rest[blank..].starts_with(')');
        if defines {
            self.at += blank + 2;
        }
        defines
    }

    fn operator(&mut self, before: &Before, open: &[Open]) -> Result<Before, Fault> {
        const OPERATORS: [&str; 10] = ["&>>", "&>", ";;&", ";;", ";&", "&&", "||", "|&", "|", "&"];
        let found = OPERATORS.iter().find(|operator| self.is_at(operator));
        let operator = found.copied().unwrap_or(";");
        let at = self.at;
        let range = at..at + operator.len();
        if operator.starts_with("&>") {
            self.redirection()?;
            return Ok(if before_command(before) { Before::Words(0) } else { before.clone() });
        }
        self.at = range.end;
        if operator.starts_with(";;") || operator == ";&" {
            // Only branches of `case` end so, and those are passed over.
            return Err(fault(range, format!("`{operator}` stands outside of `case`")));
        }
        match before {
            Before::Nothing => {
                let message = match open.last() {
                    Some(open) => {
                        format!("no command stands between `{}` and `{operator}`", open.word)
                    }
                    None => format!("no command stands before `{operator}`"),
                };
                Err(fault(range, message))
            }
            Before::Operator(first) => {
                let first = &self.text[first.clone()];
                Err(fault(range, format!("no command stands between `{first}` and `{operator}`")))
            }
            Before::Prefix | Before::Words(_) | Before::Compound
                if matches!(operator, ";" | "&") =>
            {
                Ok(Before::Nothing)
            }
            Before::Prefix | Before::Words(_) | Before::Compound => Ok(Before::Operator(range)),
        }
    }

    fn redirection(&mut self) -> Result<(), Fault> {
        const OPERATORS: [&str; 11] =
            ["<<<", "<<-", "<<", "&>>", "&>", "<>", "<&", ">>", ">&", ">|", "<"];
        let found = OPERATORS.iter().find(|operator| self.is_at(operator));
        let operator = found.copied().unwrap_or(">");
        let range = self.at..self.at + operator.len();
        self.at = range.end;
        self.blanks();
        let begin = self.at;
        if matches!(self.byte(begin), b'<' | b'>') && self.byte(begin + 1) == b'(' {
            self.at += 2;
            return self.bracketed(begin, "<(");
        }
        let begins_word =
            !matches!(self.byte(begin), 0 | b'\n' | b';' | b'|' | b'&' | b'<' | b'>' | b'(' | b')');
        if !begins_word {
            let message = format!("`{operator}` needs the name of a file");
            return Err(fault(range, message));
        }
        self.word()?;
        if operator == "<<" || operator == "<<-" {
            let delimiter = self.text[begin..self.at].replace(['\'', '"', '\\'], "");
            self.documents.push((delimiter, operator == "<<-"));
        }
        Ok(())
    }

    /// Passes over the here-documents that were announced in the line before.
    fn skip_documents(&mut self) {
        for (delimiter, drops_tabs) in std::mem::take(&mut self.documents) {
            loop {
                if self.at >= self.bytes.len() {
                    // bash warns, and takes it.
                    self.in_document = true;
                    return;
                }
                let rest = &self.text[self.at..];
                let line = rest.split_inclusive('\n').next().unwrap_or_default();
                self.at += line.len();
                let line = line.trim_end_matches(['\n', '\r']);
                let line = if drops_tabs { line.trim_start_matches('\t') } else { line };
                if line == delimiter {
                    break;
                }
            }
        }
    }
}

fn fault(range: Range<usize>, message: String) -> Fault {
    Fault { message, help: None, range }
}

/// Whether a command begins here: also behind assignments, `A=1 kubectl`.
fn before_command(before: &Before) -> bool {
    matches!(before, Before::Nothing | Before::Prefix | Before::Operator(_))
}

fn count(before: &Before) -> Before {
    match before {
        Before::Words(number) => Before::Words(number + 1),
        _ => Before::Words(1),
    }
}
