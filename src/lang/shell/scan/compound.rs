//! Compound commands: the words that begin, part and end them.

use super::{Before, Fault, Scanner, fault};
use crate::lang::variable::is_assignment;
use std::ops::Range;

/// A compound command that is not at its end yet.
pub(super) struct Open {
    /// Its first word.
    pub word: &'static str,
    /// The bytes of that.
    pub range: Range<usize>,
    /// Its `do` or `then` was there.
    pub has_body: bool,
}

impl Scanner<'_> {
    /// What a word at the beginning of a command begins or ends.
    pub(super) fn keyword(
        &mut self,
        range: Range<usize>,
        before: &Before,
        open: &mut Vec<Open>,
    ) -> Result<Before, Fault> {
        let word = &self.text[range.clone()];
        match word {
            "if" | "while" | "until" | "{" => {
                let word = KEYWORDS.iter().find(|known| **known == word).copied();
                open.push(Open {
                    word: word.unwrap_or_default(),
                    range,
                    has_body: word == Some("{"),
                });
                Ok(Before::Nothing)
            }
            "for" | "select" => {
                let word = if word == "for" { "for" } else { "select" };
                open.push(Open { word, range, has_body: false });
                self.blanks();
                if self.is_at("((") {
                    self.arithmetic()?;
                    return Ok(Before::Compound);
                }
                Ok(Before::Words(1))
            }
            "case" => {
                self.case(range)?;
                Ok(Before::Compound)
            }
            "[[" => {
                self.condition(range)?;
                Ok(Before::Compound)
            }
            "do" | "then" => {
                match open.last_mut() {
                    Some(last) if opens_with(last.word, word) => last.has_body = true,
                    _ => return Err(out_of_place(range, word)),
                }
                Ok(Before::Nothing)
            }
            "elif" | "else" => match open.last_mut() {
                Some(last) if last.word == "if" && last.has_body => {
                    last.has_body = word == "else";
                    Ok(Before::Nothing)
                }
                _ => Err(out_of_place(range, word)),
            },
            "done" | "fi" | "}" => match open.pop() {
                Some(last) if closing(last.word) == word && last.has_body => Ok(Before::Compound),
                Some(last) if closing(last.word) == word => {
                    let body = if last.word == "if" { "then" } else { "do" };
                    let message = format!("`{}` has no `{body}`", last.word);
                    Err(fault(last.range, message))
                }
                _ => Err(out_of_place(range, word)),
            },
            "esac" => Err(out_of_place(range, word)),
            // Behind a pipe, `time` is a program.
            "!" => Ok(Before::Prefix),
            "time" if !matches!(before, Before::Operator(_)) => Ok(Before::Prefix),
            "function" => {
                self.blanks();
                self.word()?;
                if self.byte(self.at) == b'(' {
                    self.defines_function();
                }
                Ok(Before::Nothing)
            }
            _ if is_assignment(word) => Ok(Before::Words(0)),
            _ => Ok(Before::Words(1)),
        }
    }

    /// From `case` to its `esac`. The branches are passed over: only quotes count in them.
    fn case(&mut self, range: Range<usize>) -> Result<(), Fault> {
        let mut depth = 1;
        let mut begins = false;
        while self.at < self.bytes.len() {
            let at = self.at;
            match self.byte(at) {
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'\n' | b';' | b'&' | b'|' | b'(' | b')' | b'<' | b'>' => {
                    self.at += 1;
                    begins = true;
                }
                b'#' => self.comment(),
                _ => {
                    self.word()?;
                    let word = &self.text[at..self.at];
                    match word {
                        "esac" if begins => depth -= 1,
                        "case" if begins => depth += 1,
                        _ => {}
                    }
                    begins = matches!(word, "in" | "do" | "then" | "else");
                    if depth == 0 {
                        return Ok(());
                    }
                }
            }
        }
        Err(self.unfinished(range, "`case` has no `esac`".to_owned()))
    }

    /// From `[[` to `]]`, where operators mean something else.
    fn condition(&mut self, range: Range<usize>) -> Result<(), Fault> {
        while self.at < self.bytes.len() {
            let at = self.at;
            match self.byte(at) {
                b' ' | b'\t' | b'\r' | b'\n' | b';' | b'&' | b'|' | b'(' | b')' | b'<' | b'>' => {
                    self.at += 1;
                }
                _ => {
                    self.word()?;
                    if &self.text[at..self.at] == "]]" {
                        return Ok(());
                    }
                }
            }
        }
        Err(self.unfinished(range, "`[[` has no `]]`".to_owned()))
    }
}

const KEYWORDS: [&str; 4] = ["if", "while", "until", "{"];

fn out_of_place(range: Range<usize>, word: &str) -> Fault {
    fault(range, format!("`{word}` has nothing to belong to"))
}

fn opens_with(compound: &str, word: &str) -> bool {
    match word {
        "then" => compound == "if",
        _ => matches!(compound, "for" | "select" | "while" | "until"),
    }
}

/// The word that ends a compound command.
pub(super) fn closing(compound: &str) -> &'static str {
    match compound {
        "if" => "fi",
        "{" => "}",
        _ => "done",
    }
}
