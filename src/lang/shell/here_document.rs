//! Here-documents: which line ends one.

/// What the text on the lines behind a `<<` is to a shell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HereDocument {
    /// The line that ends it.
    pub end: String,
    /// Whether that is in quotes, so that no `$` is read in the document.
    pub is_quoted: bool,
    /// How many bytes its operator takes, `<<-` and the blanks behind it included.
    pub operator: usize,
    /// How many bytes the word behind that takes, with its quotes.
    pub word: usize,
}

impl HereDocument {
    /// The one that the beginning of a text begins; none where it begins something else.
    pub fn at(text: &str) -> Option<Self> {
        let behind = text.strip_prefix("<<").filter(|behind| !behind.starts_with('<'))?;
        let behind = behind.strip_prefix('-').unwrap_or(behind);
        let written = behind.trim_start_matches([' ', '\t']);
        let (mut end, mut is_quoted) = (String::new(), false);
        let mut characters = written.char_indices();
        let mut word = written.len();
        while let Some((at, character)) = characters.next() {
            match character {
                '\'' | '"' => {
                    is_quoted = true;
                    let held = written[at + 1..].split_once(character)?.0;
                    end.push_str(held);
                    characters.nth(held.chars().count());
                }
                '\\' => {
                    is_quoted = true;
                    end.push(characters.next()?.1);
                }
                '_' | '-' | '.' => end.push(character),
                _ if character.is_alphanumeric() => end.push(character),
                _ => {
                    word = at;
                    break;
                }
            }
        }
        let is_line = !end.is_empty() && !end.contains('\n');
        is_line.then_some(Self { end, is_quoted, operator: text.len() - written.len(), word })
    }

    /// Whether a line ends it, as its author means it: a snippet may stand further in than its
    /// script would.
    pub fn is_ended_by(&self, line: &str) -> bool {
        line.trim() == self.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_behind_the_operator_ends_it() {
        for (text, end, is_quoted, behind) in [
            ("<<EOF\n", "EOF", false, "\n"),
            ("<<- EOF > x", "EOF", false, " > x"),
            ("<< 'the end' | sh", "the end", true, " | sh"),
            ("<<\"EOF\")", "EOF", true, ")"),
            ("<<\\EOF;", "EOF", true, ";"),
            ("<<E'O'F", "EOF", true, ""),
            ("<<END-OF-FILE\n", "END-OF-FILE", false, "\n"),
        ] {
            let found = HereDocument::at(text).unwrap();
            assert_eq!((found.end.as_str(), found.is_quoted), (end, is_quoted), "{text}");
            assert_eq!(&text[found.operator + found.word..], behind, "{text}");
        }
        for text in ["<<<EOF", "<< ", "<<'EOF\n", "<<\"a\nb\"", "<EOF", "<<$x"] {
            assert_eq!(HereDocument::at(text), None, "{text}");
        }
    }
}
