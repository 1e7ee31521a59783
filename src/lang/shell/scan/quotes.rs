//! Words: what is quoted, substituted and bracketed in them.

use super::{End, Fault, Scanner};

impl Scanner<'_> {
    /// A word with all that is quoted and substituted in it.
    pub(super) fn word(&mut self) -> Result<(), Fault> {
        loop {
            match self.byte(self.at) {
                0 if self.at >= self.bytes.len() => return Ok(()),
                b' ' | b'\t' | b'\r' | b'\n' | b';' | b'&' | b'|' | b'<' | b'>' | b')' => {
                    return Ok(());
                }
                b'(' => {
                    // `a=(1 2)`, `@(a|b)`: an array, a pattern.
                    let before = self.at.checked_sub(1).map_or(0, |before| self.byte(before));
                    if !matches!(before, b'=' | b'@' | b'?' | b'+' | b'*' | b'!') {
                        return Ok(());
                    }
                    self.raw_brackets()?;
                }
                b'\\' => self.escape(),
                b'\'' => self.single_quotes(self.at)?,
                b'"' => self.double_quotes()?,
                b'`' => self.backticks()?,
                b'$' => self.dollar(false)?,
                _ => self.at += 1,
            }
        }
    }

    /// From a quote to the next one of its kind. A backslash is nothing in it.
    fn single_quotes(&mut self, at: usize) -> Result<(), Fault> {
        match self.text.get(self.at + 1..).and_then(|rest| rest.find('\'')) {
            Some(length) => {
                self.at += length + 2;
                Ok(())
            }
            None => Err(self.unclosed(at, "'")),
        }
    }

    fn unclosed(&mut self, at: usize, quote: &str) -> Fault {
        self.at = self.bytes.len();
        let message = if quote == "`" {
            "the backtick is never closed".to_owned()
        } else {
            format!("the quote `{quote}` is never closed")
        };
        self.unfinished(at..at + 1, message)
    }

    fn double_quotes(&mut self) -> Result<(), Fault> {
        let open = self.at;
        self.at += 1;
        loop {
            match self.byte(self.at) {
                0 if self.at >= self.bytes.len() => return Err(self.unclosed(open, "\"")),
                b'"' => {
                    self.at += 1;
                    return Ok(());
                }
                b'\\' => self.escape(),
                b'`' => self.backticks()?,
                b'$' => self.dollar(true)?,
                _ => self.at += 1,
            }
        }
    }

    fn backticks(&mut self) -> Result<(), Fault> {
        let open = self.at;
        self.at += 1;
        loop {
            match self.byte(self.at) {
                0 if self.at >= self.bytes.len() => return Err(self.unclosed(open, "`")),
                b'`' => {
                    self.commands.substituted.push(open + 1..self.at);
                    self.at += 1;
                    return Ok(());
                }
                b'\\' => self.escape(),
                _ => self.at += 1,
            }
        }
    }

    /// `$(…)`, `$((…))`, `${…}`, `$'…'`, `$name`. Between double quotes a single one is none.
    fn dollar(&mut self, is_quoted: bool) -> Result<(), Fault> {
        let open = self.at;
        if self.is_at("$((") {
            self.at += 1;
            return self.nested(Self::arithmetic);
        }
        match self.byte(open + 1) {
            b'(' => {
                self.at += 2;
                self.bracketed(open, "$(")
            }
            b'{' => {
                self.at += 2;
                self.nested(|scanner| scanner.braces(open, is_quoted))
            }
            b'\'' if !is_quoted => {
                self.at += 2;
                loop {
                    match self.byte(self.at) {
                        0 if self.at >= self.bytes.len() => {
                            return Err(self.unclosed(open + 1, "'"));
                        }
                        b'\'' => {
                            self.at += 1;
                            return Ok(());
                        }
                        b'\\' => self.escape(),
                        _ => self.at += 1,
                    }
                }
            }
            // The number of the shell's process: what follows begins anew.
            b'$' => {
                self.at += 2;
                Ok(())
            }
            _ => {
                self.at += 1;
                Ok(())
            }
        }
    }

    /// The rest of `${…}`.
    fn braces(&mut self, open: usize, is_quoted: bool) -> Result<(), Fault> {
        loop {
            match self.byte(self.at) {
                0 if self.at >= self.bytes.len() => {
                    return Err(self.unfinished(open..open + 2, "`${` is never closed".to_owned()));
                }
                b'}' => {
                    self.at += 1;
                    return Ok(());
                }
                b'\\' => self.escape(),
                b'\'' if !is_quoted => self.single_quotes(self.at)?,
                b'"' => self.double_quotes()?,
                b'`' => self.backticks()?,
                b'$' => self.dollar(is_quoted)?,
                _ => self.at += 1,
            }
        }
    }

    /// The commands of a bracket that was opened at `open`, and the bracket that closes it.
    pub(super) fn bracketed(&mut self, open: usize, what: &str) -> Result<(), Fault> {
        let begin = self.at;
        let documents = std::mem::take(&mut self.documents);
        let inside = self.nested(|scanner| scanner.list(End::Bracket));
        self.documents = documents;
        match inside {
            Ok(()) => {
                self.at += 1;
                Ok(())
            }
            // Only the end of a list gives an empty place.
            Err(fault) if fault.range == (begin..begin) && !self.gave_up => Err(Fault {
                range: open..open + what.len(),
                message: format!("`{what}` is never closed"),
                help: None,
            }),
            Err(fault) => Err(fault),
        }
    }

    /// Brackets whose content is no list of commands.
    fn raw_brackets(&mut self) -> Result<(), Fault> {
        let open = self.at;
        self.at += 1;
        let mut depth = 1;
        loop {
            match self.byte(self.at) {
                0 if self.at >= self.bytes.len() => {
                    return Err(self.unfinished(open..open + 1, "`(` is never closed".to_owned()));
                }
                b'(' => {
                    depth += 1;
                    self.at += 1;
                }
                b')' => {
                    depth -= 1;
                    self.at += 1;
                    if depth == 0 {
                        return Ok(());
                    }
                }
                b'\\' => self.escape(),
                b'\'' => self.single_quotes(self.at)?,
                b'"' => self.double_quotes()?,
                b'`' => self.backticks()?,
                _ => self.at += 1,
            }
        }
    }

    /// `((…))`, from its first bracket on.
    pub(super) fn arithmetic(&mut self) -> Result<(), Fault> {
        self.raw_brackets()
    }
}
