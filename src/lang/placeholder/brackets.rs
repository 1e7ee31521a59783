//! Placeholders in square brackets: `kubectl logs -n [namespace] [pod-name]`, and `[[interval]]`.
//!
//! Brackets mean a lot else: a glob, a condition, an index, a state in a log. So a name in them is a
//! hole only where it is an argument, or a part of one, of what is evidently a command.

use super::argument::is_argument;
use super::{Finder, LONGEST_NAME, Placeholder, is_word_byte, placeholder};

/// Programs that are given patterns of their own.
const OF_PATTERNS: [&str; 2] = ["ls", "tr"];

/// What a command's own description has in brackets, and a command never.
const OF_USAGE: [&str; 7] = ["arg", "args", "arguments", "command", "flags", "option", "options"];

impl Finder<'_> {
    /// A hole that begins with a bracket.
    pub(super) fn brackets(&self, start: usize) -> Option<Placeholder> {
        self.grafana(start).or_else(|| self.argument(start))
    }

    /// `[[interval]]`, as dashboards of old Grafana have it: within quotes or a range.
    fn grafana(&self, start: usize) -> Option<Placeholder> {
        if self.byte(start + 1) != b'[' || !matches!(self.byte_before(start), b'[' | b'"' | b'\'') {
            return None;
        }
        let name = self.run(start + 2, is_word_byte);
        let end = start + name.len() + 4;
        let is_whole = self.bytes.get(end - 2..end) == Some(b"]]");
        let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic());
        (is_whole && is_name).then(|| placeholder(start..end, name))?
    }

    /// `-n [namespace]`, `pod/[pod-name]`, `psql -U [user name]`
    fn argument(&self, start: usize) -> Option<Placeholder> {
        let name = self.until(start + 1, b']', LONGEST_NAME)?;
        let end = start + name.len() + 2;
        let is_apart = matches!(self.byte_before(start), b' ' | b'\t' | b'/' | b'=' | b':' | b'@')
            && matches!(
                self.byte(end),
                0 | b' ' | b'\t' | b'\r' | b'\n' | b'/' | b':' | b'@' | b'.'
            );
        let is_name = name.len() > 2
            && name.starts_with(|first: char| first.is_ascii_alphabetic())
            && name.ends_with(|last: char| last.is_ascii_alphanumeric())
            && name.bytes().all(|byte| is_word_byte(byte) || matches!(byte, b'-' | b' ' | b'|'))
            && name.split(' ').count() <= 3;
        // `[a-z]`, `[A-F0-9]`
        let is_range = name.as_bytes().windows(3).any(|it| it[1] == b'-')
            && name.split('-').all(|part| part.len() < 3);
        let is_usage = OF_USAGE.iter().any(|word| name.eq_ignore_ascii_case(word));
        if !is_apart || !is_name || is_range || is_usage {
            return None;
        }
        let line_start = self.text.get(..start)?.rfind('\n').map_or(0, |at| at + 1);
        let before = self.text.get(line_start..start)?;
        if before.matches('"').count() % 2 == 1 || before.matches('\'').count() % 2 == 1 {
            return None;
        }
        let prompt = ["$ ", "# ", "> "].iter().filter_map(|sign| before.find(sign)).min();
        let is_command = |from: usize| {
            let text = self.text.get(from..end).unwrap_or_default();
            // A bar in the name is none of a pipe.
            let named = text.len() - name.len() - 1;
            is_argument(text.get(..named).unwrap_or_default(), &OF_PATTERNS)
        };
        let is_argument =
            is_command(line_start) || prompt.is_some_and(|at| is_command(line_start + at + 2));
        is_argument.then(|| placeholder(start..end, name))?
    }
}
