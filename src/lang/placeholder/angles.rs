//! Placeholders in angle brackets: `<pod name>`, and all that people make of that: `<<pod>>`, `< pod >`,
//! `<pod, e.g. api-1>`, `<...>`.
//!
//! Angle brackets mean a lot else: tags, redirections, here-documents, comparisons, the types of other
//! languages. In a command a name between them is a hole unless it can be one of those.

use super::words::{is_html_tag, is_printed};
use super::{Finder, LONGEST_NAME, Placeholder, is_word_byte, placeholder};

impl Finder<'_> {
    /// A hole that begins with an angle bracket.
    pub(super) fn angle(&self, start: usize) -> Option<Placeholder> {
        self.named(start).or_else(|| {
            let of_commands = self.of_commands.then_some(start)?;
            let found = self.twice(of_commands).or_else(|| self.spaced(of_commands));
            found.or_else(|| self.dots(of_commands))
        })
    }

    /// `<pod name>`, `<hostname/hostip>`
    fn named(&self, start: usize) -> Option<Placeholder> {
        let name = self.until(start + 1, b'>', LONGEST_NAME)?;
        let first = name.chars().next()?;
        let is_name = (first.is_alphabetic() || first == '_')
            && !name.ends_with(' ')
            && !name.contains("//")
            && name.chars().all(|character| {
                character.is_alphanumeric()
                    || (character.is_ascii() && b" _-./',:|#+()@=*?".contains(&(character as u8)))
            })
            // `<a href=x>` is XML, and `a <b and c==d> e` compares.
            && !(name.contains('=') && name.contains(' '))
            && !is_mail_address(name)
            && has_remarks_alone(name);
        let is_name = is_name || (self.of_commands && is_nothing_else(name));
        // `<<EOF>` opens a here-document, and `<title>…</title>` is XML.
        if !is_name
            || self.byte_before(start) == b'<'
            || (is_html_tag(name) && !self.is_in_label(start) && !self.is_argument(start, name))
            || is_printed(name)
            || self.is_closed_as_tag(start, name)
            || self.is_redirected(start, name)
            || is_type(&self.text[..start], name)
        {
            return None;
        }
        placeholder(start..start + name.len() + 2, without_remark(name))
    }

    /// Whether a word that names a tag stands where a command has an argument, or a statement a name:
    /// `mysqldump <db> <table>`, `psql -c "VACUUM FULL <table>"`.
    fn is_argument(&self, start: usize, name: &str) -> bool {
        const EMPTY: [&str; 3] = ["br", "hr", "img"];
        const OF_TEXTS: [&str; 5] = ["awk", "echo", "grep", "printf", "sed"];
        let before = &self.text[self.text[..start].rfind('\n').map_or(0, |at| at + 1)..start];
        let is_apart = match before.chars().next_back() {
            Some(quote @ ('"' | '\'')) => {
                let is_whole = self.byte(start + name.len() + 2) == quote as u8;
                is_whole && !OF_TEXTS.iter().any(|program| before.contains(program))
            }
            Some(sign) => sign.is_whitespace() || "=/:,.@-".contains(sign),
            None => false,
        };
        let is_markup = before.trim_start().starts_with('<') || before.trim().is_empty();
        self.of_commands && is_apart && !is_markup && !EMPTY.contains(&name)
    }

    /// Whether what is read from a file is written to another: `<in 2>&1`, `<in 2>err`.
    fn is_redirected(&self, start: usize, name: &str) -> bool {
        let behind = self.byte(start + name.len() + 2);
        let last = name.rsplit(' ').next().unwrap_or_default();
        last.len() < name.len()
            && last.bytes().all(|byte| byte.is_ascii_digit())
            && (behind == b'&' || behind == b'/' || is_word_byte(behind))
    }

    fn is_closed_as_tag(&self, start: usize, name: &str) -> bool {
        const NEAR: usize = 1000;
        let rest = self.bytes.get(start + name.len()..).unwrap_or_default();
        let near = rest.get(..NEAR).unwrap_or(rest);
        memchr::memchr_iter(b'<', near).any(|at| {
            let closing = near[at + 1..].strip_prefix(b"/");
            closing.is_some_and(|rest| rest.starts_with(name.as_bytes()))
        })
    }

    /// `<<pod>>`, `<< pod >>`, where no line ends a here-document of that name.
    fn twice(&self, start: usize) -> Option<Placeholder> {
        let written = self.text[start..].strip_prefix("<<")?;
        let name = &written[..written.find(['>', '\n'])?];
        let end = start + 2 + name.len() + 2;
        let is_whole = self.bytes.get(end - 2..end) == Some(b">>")
            && !matches!(self.byte(end), b'>' | b'&')
            && !is_word_byte(self.byte(end));
        let name = name.trim();
        let is_document = || self.text.lines().any(|line| line.trim() == name);
        (is_whole && is_plain_name(name) && !is_document())
            .then(|| placeholder(start..end, name))?
    }

    /// `< pod >`, where the second sign sends nothing into a file.
    fn spaced(&self, start: usize) -> Option<Placeholder> {
        let name = self.until(start + 1, b'>', LONGEST_NAME)?;
        let end = start + name.len() + 2;
        let line = self.text[end..].lines().next().unwrap_or_default();
        let behind = line.trim_start();
        let is_option = behind.starts_with('-') && behind[1..].starts_with(char::is_alphabetic);
        let is_apart = behind.len() < line.len() && behind.starts_with(['|', ';', '&']);
        let is_over =
            behind.is_empty() || is_option || is_apart || line.starts_with(['"', '\'', ')']);
        let is_begun = self.byte_before(start) != b'<' && !is_word_byte(self.byte_before(start));
        let written = name.len();
        let name = name.trim_matches(' ');
        (name.len() < written && is_over && is_begun && is_plain_name(name))
            .then(|| placeholder(start..end, name))?
    }

    /// `<...>`, which is called like what stands in front of it: `-n <...>`, `pod/<...>`.
    fn dots(&self, start: usize) -> Option<Placeholder> {
        let rest = &self.text[start..];
        let written = ["<...>", "<…>", "<..>"].into_iter().find(|it| rest.starts_with(it))?;
        let line = self.text[..start].rsplit('\n').next()?;
        let before = line.trim_end_matches(|sign: char| " \t\"'=/:@".contains(sign));
        let named =
            before.trim_end_matches(|sign: char| sign.is_alphanumeric() || "-_".contains(sign));
        let name = before[named.len()..].trim_start_matches('-');
        name.starts_with(char::is_alphabetic)
            .then(|| placeholder(start..start + written.len(), name))?
    }

    /// `$<pod>`, `${<pod>}`: whoever reads it puts the value in the place of all of it. Within single
    /// quotes the `$` is a program's: `awk '{print $<n>}'`.
    pub(super) fn doubled(&self, start: usize, inner: usize) -> Option<Placeholder> {
        let line = self.text[..start].rfind('\n').map_or(0, |at| at + 1);
        if self.text[line..start].matches('\'').count() % 2 == 1 {
            return None;
        }
        let found = self.angle(inner)?;
        let end = found.range.end + usize::from(inner > start + 1);
        let is_whole = end == found.range.end || self.byte(end - 1) == b'}';
        is_whole.then_some(Placeholder { range: start..end, name: found.name })
    }
}

/// Whether what is between `<` and `>` can be nothing to a shell but something to fill in: `pod "x"`,
/// `1st pod`, `pod;ns`.
fn is_nothing_else(name: &str) -> bool {
    let mut parts = name.split(';');
    if parts.clone().count() > 1 {
        return parts.all(|part| !part.contains(' ') && is_plain_name(part));
    }
    // A file may have a name in quotes.
    let is_quoted = name.starts_with(['"', '\'']) && name.ends_with(&name[..1]);
    name.starts_with(|first: char| first.is_alphanumeric() || matches!(first, '"' | '\''))
        && !is_quoted
        && name.contains(' ')
        && !name.ends_with([' ', '&'])
        && !name.contains(['<', '|', ';', '(', '{', '}', '$', '`', '\n', '='])
        && name.chars().filter(|sign| sign.is_alphabetic()).count() * 2 > name.len()
}

/// A name without the example or the remark behind it: `pod, e.g. api-1`, `pod (see alert)`.
fn without_remark(name: &str) -> &str {
    // Each of them has one of these signs.
    if memchr::memchr3(b',', b'(', b'.', name.as_bytes()).is_none() {
        return name;
    }
    let example = [", e.g", ", eg ", ", for example", ", like ", ", such as ", " (", " e.g."];
    let end = example.iter().filter_map(|it| name.find(it)).min();
    &name[..end.unwrap_or(name.len())]
}

/// Whether what is in parentheses stands apart from the words, as in `pod (see alert)`: not so in
/// `a <sum(b)> c`.
fn has_remarks_alone(name: &str) -> bool {
    name.matches('(').count() == name.matches(')').count()
        && name.match_indices('(').all(|(at, _)| name[..at].ends_with(' '))
}

/// Whether a name is the address of somebody, as headers of mails and commits have it, and not what a
/// connection is made to: `user@host:/path`.
fn is_mail_address(name: &str) -> bool {
    let is_domain = |host: &str| {
        host.contains('.') && host.bytes().all(|byte| is_word_byte(byte) || b".-".contains(&byte))
    };
    name.split_once('@').is_some_and(|(_, host)| is_domain(host))
}

/// Whether a name is nothing but words.
fn is_plain_name(name: &str) -> bool {
    name.starts_with(char::is_alphabetic)
        && name.chars().all(|sign| sign.is_alphanumeric() || " _-".contains(sign))
        && !is_printed(name)
}

/// Whether a name says what something is made of: `Vec<String>`, `Map<String, int>`.
fn is_type(before: &str, name: &str) -> bool {
    #[rustfmt::skip]
    const PLAIN: [&str; 19] = [
        "E", "K", "T", "U", "V", "bool", "boolean", "byte", "char", "double", "f64", "float", "i32", "i64",
        "int", "long", "str", "u8", "void",
    ];
    let begins = |word: &str| {
        let mut signs = word.chars();
        signs.next().is_some_and(char::is_uppercase) && signs.next().is_some_and(char::is_lowercase)
    };
    let is_part = |sign: char| sign.is_alphanumeric() || sign == '_';
    let outer = &before[before.trim_end_matches(is_part).len()..];
    let is_known = |word: &str| PLAIN.contains(&word) || begins(word);
    let parts = name.split([',', '<', ' ']).filter(|part| !part.is_empty());
    begins(outer) && parts.into_iter().all(is_known)
}
