//! Colours for shell commands, in one pass.
//!
//! Most code of runbooks is shell, and a grammar of regular expressions takes longer to colour it
//! than everything else on a page takes together. This looks for what a reader looks for: programs,
//! options, variables, strings, comments.

use crate::lang::shell::HereDocument;
use crate::render::escape::push_escaped;

/// Words of the language itself; behind most of them another command begins.
const KEYWORDS: [&str; 19] = [
    "!", "case", "do", "done", "elif", "else", "esac", "fi", "for", "function", "if", "in",
    "select", "then", "time", "until", "while", "{", "}",
];

/// Keywords behind which something else than a command stands.
const BEFORE_NAMES: [&str; 5] = ["case", "for", "function", "in", "select"];

/// A text as HTML. It stays the text's, to the byte.
pub fn coloured(text: &str) -> String {
    let mut scanner = Scanner { text, at: 0, html: String::with_capacity(text.len() * 2) };
    scanner.commands();
    scanner.html
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
    html: String,
}

impl<'t> Scanner<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    /// Goes on by this many bytes, in plain.
    fn plain(&mut self, length: usize) {
        push_escaped(&mut self.html, &self.text[self.at..self.at + length]);
        self.at += length;
    }

    /// Goes on by this many bytes, in a colour.
    fn span(&mut self, class: &str, length: usize) {
        self.open(class);
        self.plain(length);
        self.html.push_str("</span>");
    }

    fn open(&mut self, class: &str) {
        self.html.push_str("<span class=\"hl-");
        self.html.push_str(class);
        self.html.push_str("\">");
    }

    /// The length of what comes next as long as its characters are such.
    fn length(&self, is_such: impl Fn(char) -> bool) -> usize {
        self.rest().find(|character| !is_such(character)).unwrap_or(self.rest().len())
    }

    fn commands(&mut self) {
        let mut begins = true;
        let mut here_documents: Vec<HereDocument> = Vec::new();
        while let Some(first) = self.rest().chars().next() {
            match first {
                '\n' => {
                    self.plain(1);
                    begins = true;
                    for document in std::mem::take(&mut here_documents) {
                        self.here_document(&document);
                    }
                }
                _ if first.is_whitespace() => {
                    let length = self.length(|it| it.is_whitespace() && it != '\n');
                    self.plain(length);
                }
                '#' if self.is_at_word() => {
                    let length = self.length(|character| character != '\n');
                    self.span("comment", length);
                }
                '\\' => {
                    let escaped = self.rest().chars().nth(1).map_or(0, char::len_utf8);
                    self.plain(1 + escaped);
                }
                '\'' => self.single_quoted(),
                '"' => self.double_quoted(),
                '$' => begins |= self.variable(),
                '<' if self.rest().starts_with("<<") && !self.rest().starts_with("<<<") => {
                    here_documents.extend(self.here_document_begins());
                }
                '|' | '&' | ';' | '(' | ')' | '<' | '>' | '`' => {
                    begins = !matches!(first, '<' | '>');
                    let length = self.length(|character| character == first);
                    self.span("keyword", length);
                }
                _ => begins = self.word(begins),
            }
        }
    }

    fn is_at_word(&self) -> bool {
        let before = self.text[..self.at].chars().next_back();
        before
            .is_none_or(|before| before.is_whitespace() || matches!(before, ';' | '&' | '|' | '('))
    }

    /// A word; whether a command begins behind it.
    fn word(&mut self, begins: bool) -> bool {
        let length = self.length(|it| !it.is_whitespace() && !is_sign(it)).max(1);
        let word = self.rest().get(..length).unwrap_or_default();
        let name = word.find('=').filter(|_| begins);
        let is_name = |name: &str| {
            !name.is_empty() && name.chars().all(|it| it.is_ascii_alphanumeric() || it == '_')
        };
        if begins && KEYWORDS.contains(&word) {
            self.span("keyword", length);
            return !BEFORE_NAMES.contains(&word);
        }
        match name {
            Some(end) if is_name(&word[..end]) => {
                self.span("variable", end);
                self.plain(length - end);
                return true;
            }
            _ if begins => self.span("entity", length),
            _ if word.starts_with('-') && self.is_at_word() => self.span("variable", length),
            // `for x in`, `case x in`: what follows is a list.
            _ if word == "in" => self.span("keyword", length),
            _ => self.plain(length),
        }
        false
    }

    fn single_quoted(&mut self) {
        let end = self.rest()[1..].find('\'').map_or(self.rest().len(), |end| end + 2);
        self.span("string", end);
    }

    fn double_quoted(&mut self) {
        self.open("string");
        self.plain(1);
        while let Some(next) = self.rest().chars().next() {
            match next {
                '"' => {
                    self.plain(1);
                    break;
                }
                '\\' => {
                    let escaped = self.rest().chars().nth(1).map_or(0, char::len_utf8);
                    self.plain(1 + escaped);
                }
                '$' => _ = self.variable(),
                _ => {
                    let length = self.length(|it| !matches!(it, '"' | '\\' | '$'));
                    self.plain(length);
                }
            }
        }
        self.html.push_str("</span>");
    }

    /// What begins with a dollar sign; whether it is a command in place of a value.
    fn variable(&mut self) -> bool {
        let behind = &self.rest()[1..];
        let name = behind.find(|it: char| !it.is_ascii_alphanumeric() && it != '_');
        let length = match behind.chars().next() {
            Some('(') => {
                self.span("keyword", 2);
                return true;
            }
            Some('{') => behind.find('}').map_or(behind.len(), |end| end + 1),
            Some(special) if "?!#$@*-".contains(special) => 1,
            Some(digit) if digit.is_ascii_digit() => 1,
            Some(_) => name.unwrap_or(behind.len()),
            None => 0,
        };
        if length == 0 {
            self.plain(1);
        } else {
            self.span("variable", 1 + length);
        }
        false
    }

    /// `<<END`: what follows this line is a document, if it names the end of one.
    fn here_document_begins(&mut self) -> Option<HereDocument> {
        let document = HereDocument::at(self.rest());
        let operator = document.as_ref().map_or(2, |document| document.operator);
        let marks = self.rest()[..operator].trim_end().len();
        self.span("keyword", marks);
        if let Some(document) = &document {
            self.plain(operator - marks + document.word);
        }
        document
    }

    fn here_document(&mut self, document: &HereDocument) {
        let lines = self.rest().split_inclusive('\n');
        let text: usize = lines.take_while(|line| !document.is_ended_by(line)).map(str::len).sum();
        if text > 0 {
            self.span("string", text);
        }
        let last = self.length(|it| it != '\n');
        self.plain(last);
    }
}

/// Whether a word of a shell ends before a character that is no white space.
fn is_sign(character: char) -> bool {
    matches!(character, '\\' | '\'' | '"' | '$' | '|' | '&' | ';' | '(' | ')' | '<' | '>' | '`')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn programs_options_variables_strings_and_comments_have_colours() {
        for (text, html) in [
            (
                "kubectl get pods -n x | grep a # why\n",
                "[entity:kubectl] get pods [variable:-n] x [keyword:|] [entity:grep] a [comment:# why]\n",
            ),
            (
                "A=1 B=\"$A ${C}\" run 'it $is'",
                "[variable:A]=1 [variable:B]=[string:\"[variable:$A] [variable:${C}]\"] [entity:run] [string:'it $is']",
            ),
            (
                "for i in $(ls); do echo $i; done",
                "[keyword:for] i [keyword:in] [keyword:$(][entity:ls][keyword:)][keyword:;] [keyword:do] [entity:echo] [variable:$i][keyword:;] [keyword:done]",
            ),
            (
                "cat <<EOF > x\n$a 'b\nEOF\nls",
                "[entity:cat] [keyword:<<]EOF [keyword:>] x\n[string:$a 'b\n]EOF\n[entity:ls]",
            ),
            (
                "cat <<- \\END\n$a\nEND\nls",
                "[entity:cat] [keyword:<<-] \\END\n[string:$a\n]END\n[entity:ls]",
            ),
            ("echo a#b \\# $", "[entity:echo] a#b \\# $"),
            ("a '", "[entity:a] [string:']"),
        ] {
            let html = html.replace('[', "<span class=\"hl-").replace(']', "</span>");
            let html = ["keyword", "entity", "variable", "string", "comment"]
                .iter()
                .fold(html, |html, class| {
                    html.replace(&format!("hl-{class}:"), &format!("hl-{class}\">"))
                });
            let coloured = coloured(text).replace("&quot;", "\"").replace("&lt;", "<");
            assert_eq!(coloured.replace("&gt;", ">"), html, "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_text_stays_as_it_is(text in "([a-z $\"'#\\\\<|(){}=\\n-]|EOF|<<|\\PC){0,60}") {
            let html = coloured(&text);
            let mut shown = String::new();
            let mut rest = html.as_str();
            while let Some(tag) = rest.find('<') {
                shown += &rest[..tag];
                rest = &rest[tag + rest[tag..].find('>').unwrap() + 1..];
            }
            shown += rest;
            for (entity, character) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")] {
                shown = shown.replace(entity, character);
            }
            prop_assert_eq!(shown, text);
            prop_assert_eq!(html.matches("<span").count(), html.matches("</span>").count());
        }
    }
}
