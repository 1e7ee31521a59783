//! Which words of a command are programs: `awk '/<pod>/'`, `sed -e 's/<a>/<b>/'`. The shell takes
//! such a word for data, but what is called reads it as a language of its own, in which a `/` may be
//! all it takes to end a pattern and begin a command.

/// What reads a program from its first argument that is no option.
const FIRST: [&str; 8] = ["awk", "gawk", "mawk", "nawk", "original-awk", "sed", "gsed", "jq"];

/// What reads a program from an option alone.
const OPTION: [&str; 3] = ["perl", "ruby", "yq"];

/// How far the words of a command are read, and whether the next one is a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Programs {
    /// Whether the command's own name was one that reads programs.
    is_reader: bool,
    /// Whether the program is still to come as an argument.
    is_awaited: bool,
    /// Whether an option asked for a program as the next word.
    is_asked: bool,
    /// How many words to come are values of an option.
    values: usize,
}

impl Programs {
    /// Whether the word that is read now is a program.
    pub(super) fn is_next(self) -> bool {
        self.is_asked || (self.is_awaited && self.values == 0)
    }

    /// A word of the command has ended; with its quotes.
    pub(super) fn end_word(&mut self, word: &str) {
        if !self.is_reader {
            let name = word.rsplit('/').next().unwrap_or_default();
            self.is_awaited = FIRST.contains(&name);
            self.is_reader = self.is_awaited || OPTION.contains(&name);
            return;
        }
        if self.is_asked || self.values > 0 {
            self.is_awaited &= !self.is_asked;
            self.is_asked = false;
            self.values = self.values.saturating_sub(1);
            return;
        }
        match word {
            "-v" | "-F" | "--assign" | "--field-separator" | "--indent" => self.values = 1,
            "--arg" | "--argjson" | "--slurpfile" | "--rawfile" => self.values = 2,
            // The program is in a file.
            "-f" | "--file" | "--from-file" => (self.is_awaited, self.values) = (false, 1),
            "--expression" | "--source" => self.is_asked = true,
            // `-e`, `-ne`, `-pie`.
            _ if is_cluster(word) => self.is_asked = word.ends_with('e'),
            _ if word.starts_with('-') => {}
            _ => self.is_awaited = false,
        }
    }
}

/// Whether a word is one dash and letters.
fn is_cluster(word: &str) -> bool {
    word.strip_prefix('-').is_some_and(|letters| {
        !letters.is_empty() && letters.bytes().all(|byte| byte.is_ascii_alphabetic())
    })
}
