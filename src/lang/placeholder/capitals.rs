//! Placeholders that are nothing but capitals: `"WORKERID"`, `-n NAMESPACE`, `scp HOST:FILE .`
//!
//! So are the names of states, of methods and of columns, and nothing else tells them apart than what
//! they name and where they stand.

use super::argument::is_argument;
use super::words::{is_part_of_a_command, names_a_thing};
use super::{Finder, Placeholder, canonical_key, placeholder};

/// Programs that are given names of fields, variables and states as well.
#[rustfmt::skip]
const OF_NAMES: [&str; 10] = [
    "env", "export", "iptables", "lsblk", "mysql", "ps", "psql", "sort", "top", "watch",
];

/// What statements of SQL begin with.
const STATEMENTS: [&str; 8] =
    ["alter", "create", "delete", "drop", "insert", "select", "show", "update"];

impl Finder<'_> {
    /// `"WORKERID"`, but not `state="FAIL"`
    pub(super) fn capitals(&self, quote_at: usize) -> Option<Placeholder> {
        let start = quote_at + 1;
        let name = self.run(start, |byte| {
            byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-' | b' ')
        });
        let end = start + name.len();
        if name.len() < 2
            || !name.as_bytes().first()?.is_ascii_uppercase()
            || self.byte(end) != self.byte(quote_at)
            || name.contains("XXX")
            // `{"NODE": 1}`
            || self.text.get(end + 1..)?.trim_start_matches([' ', '\\']).starts_with(':')
        {
            return None;
        }
        let is_hole = match self.label_before(quote_at) {
            // The value of a label is a hole if it repeats the label, or names a thing outright.
            Some(label) => {
                let (label, value) = (canonical_key(label), canonical_key(name));
                let repeats =
                    !label.is_empty() && (label.contains(&value) || value.starts_with(&label));
                repeats || (name.contains('_') && names_a_thing(name))
            }
            None => names_a_thing(name),
        };
        is_hole.then(|| placeholder(start..end, name))?
    }

    /// `kubectl get pods -n NAMESPACE`, `ssh root@HOST`, `-l zone=ZONE`: an argument of a command. Not a
    /// heading of the table that a command prints, and not what is set or chosen by that name.
    pub(super) fn bare_capitals(&self, start: usize) -> Option<Placeholder> {
        let before = self.byte_before(start);
        if !matches!(before, b' ' | b'\t' | b'/' | b'@' | b':' | b'=' | b'-') {
            return None;
        }
        let name = self
            .run(start, |byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
        let end = start + name.len();
        let behind = self.byte(end);
        let is_whole = matches!(behind, 0 | b' ' | b'\t' | b'\r' | b'\n' | b'/')
            || (behind == b':' && is_behind_host(self.byte(end + 1)))
            || (behind == b',' && before == b'=');
        // Most capitals begin a word of small letters.
        if !is_whole {
            return None;
        }
        let is_thing = names_a_thing(name);
        let line = self.text.get(..start)?.rsplit('\n').next()?;
        let is_sibling = || self.is_beside_a_thing(line, name);
        let is_named = before != b'-' && (is_thing || is_part_of_a_command(name));
        if name.contains("XXX") || !(is_named || is_sibling()) {
            return None;
        }
        let mut words = line.split_whitespace();
        let command = words.find(|word| !matches!(*word, "$" | "#" | ">" | "sudo"))?;
        // Columns of a table.
        if STATEMENTS.contains(&command) {
            return None;
        }
        let is_command = command.bytes().all(|byte| {
            byte.is_ascii_lowercase()
                || byte.is_ascii_digit()
                || matches!(byte, b'-' | b'_' | b'.' | b'/')
        }) && command.len() > 1;
        let is_set =
            matches!(line.split_whitespace().last(), Some("-e" | "--env" | "export" | "unset"));
        let is_argument = is_thing
            || !is_named
            || is_argument(self.text.get(start - line.len()..end)?, &OF_NAMES);
        let is_value = before != b'=' || is_value_of(line, name);
        (is_command && !is_set && is_argument && is_value).then(|| placeholder(start..end, name))?
    }

    /// Whether a part of an address stands beside one that is a hole: `gs://BUCKET/TENANT/BLOCK`, and
    /// then `corrupted-BLOCK`.
    fn is_beside_a_thing(&self, before: &str, name: &str) -> bool {
        let word = before.rsplit([' ', '\t', '"', '\'']).next().unwrap_or_default();
        let is_part = before.ends_with('/') || self.text.contains(&format!("/{name} "));
        is_part
            && name.len() > 2
            && word
                .split_once("://")
                .is_some_and(|(_, path)| path.split('/').any(|it| it != name && names_a_thing(it)))
    }
}

/// Whether what follows the colon behind a word makes that a host: `HOST:/tmp`, `HOST:PORT`.
fn is_behind_host(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b'/' | b'~' | b'.')
}

/// Whether the word behind a `=` is the value of an option, or says the name in front again: `-l
/// zone=ZONE`. What sets a variable is none, and neither are the columns of a table.
fn is_value_of(before: &str, name: &str) -> bool {
    let word = before.rsplit([' ', '\t', ',', '"', '\'']).next().unwrap_or_default();
    let key = word.trim_end_matches('=');
    let is_option = key.starts_with("--") && !key.ends_with("columns") && key != "--env";
    let label = canonical_key(key.rsplit(['.', '/']).next().unwrap_or_default());
    let value = canonical_key(name);
    let repeats = !label.is_empty() && (label.contains(&value) || value.contains(&label));
    let is_set = key.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    is_option || (repeats && !is_set)
}
