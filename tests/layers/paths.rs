//! Which paths a Rust file names, read off its tokens: `use` trees spelled out, comments (and so
//! links of the documentation), strings and macros' braces passed over.
//!
//! This is no parser. It knows what is needed to see every `crate::…`, `super::…` and `std::…` of
//! well-formed code, wherever they stand: in imports, types, expressions and macros alike.

/// A path of two or more parts as it stands in the code, such as `crate::lint::Check`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodePath {
    /// The line it begins on, from 1.
    pub line: usize,
    /// Its parts; a glob is the part `*`, and a `self` at the end of a tree is left out.
    pub parts: Vec<String>,
    /// The inline modules around it, from the outermost.
    pub inside: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Colons,
    Sign(char),
}

/// All paths of a file, in order.
pub fn paths(code: &str) -> Vec<CodePath> {
    let tokens = tokens(code);
    let mut found = Vec::new();
    // Every open brace, with the name of the module that it opens if it opens one.
    let mut braces: Vec<Option<String>> = Vec::new();
    let mut at = 0;
    while let Some((line, token)) = tokens.get(at) {
        match token {
            Token::Sign('{') => {
                let module = match at.checked_sub(2).map(|start| &tokens[start..at]) {
                    Some([(_, Token::Word(word)), (_, Token::Word(name))]) if word == "mod" => {
                        Some(name.clone())
                    }
                    _ => None,
                };
                braces.push(module);
                at += 1;
            }
            Token::Sign('}') => {
                braces.pop();
                at += 1;
            }
            Token::Word(_) => {
                let mut parts = Vec::new();
                at = read(&tokens, at, &[], &mut parts);
                let inside: Vec<String> = braces.iter().flatten().cloned().collect();
                let paths = parts.into_iter().filter(|parts: &Vec<String>| parts.len() > 1);
                found.extend(paths.map(|parts| CodePath {
                    line: *line,
                    parts,
                    inside: inside.clone(),
                }));
            }
            Token::Colons | Token::Sign(_) => at += 1,
        }
    }
    found
}

/// Reads the path, or the tree of paths, that begins at a token, and says where the next begins.
fn read(
    tokens: &[(usize, Token)],
    mut at: usize,
    before: &[String],
    found: &mut Vec<Vec<String>>,
) -> usize {
    let mut parts = before.to_vec();
    loop {
        match tokens.get(at).map(|(_, token)| token) {
            Some(Token::Word(word)) => {
                if word != "self" || parts.is_empty() {
                    parts.push(word.clone());
                }
                at += 1;
            }
            Some(Token::Sign('*')) => {
                parts.push("*".to_owned());
                at += 1;
                break;
            }
            Some(Token::Sign('{')) => {
                at += 1;
                while let Some((_, token)) = tokens.get(at) {
                    match token {
                        Token::Sign('}') => return at + 1,
                        Token::Sign(',') | Token::Colons => at += 1,
                        // A new name: `Path as FilePath`.
                        Token::Word(word) if word == "as" => at += 2,
                        Token::Word(_) | Token::Sign('*' | '{') => {
                            at = read(tokens, at, &parts, found);
                        }
                        // No tree of imports after all, such as a pattern of a macro.
                        Token::Sign(_) => return at,
                    }
                }
                return at;
            }
            _ => break,
        }
        let goes_on = matches!(tokens.get(at), Some((_, Token::Colons)))
            && matches!(tokens.get(at + 1), Some((_, Token::Word(_) | Token::Sign('*' | '{'))));
        if !goes_on {
            break;
        }
        at += 1;
    }
    found.push(parts);
    at
}

fn tokens(code: &str) -> Vec<(usize, Token)> {
    let mut tokens = Vec::new();
    let mut rest = code;
    let mut line = 1;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => block_comment(rest),
            '"' => string(rest, 0),
            'b' | 'c' | 'r' if literal_mark(rest).is_some() => {
                let mark = literal_mark(rest).unwrap_or_default();
                if rest[..mark].contains('r') { raw_string(rest, mark) } else { string(rest, mark) }
            }
            '\'' => character(rest),
            ':' if rest.starts_with("::") => {
                tokens.push((line, Token::Colons));
                2
            }
            _ if first == '_' || first.is_alphanumeric() => {
                let is_part = |c: char| c == '_' || c.is_alphanumeric();
                let raw = if rest.starts_with("r#") { 2 } else { 0 };
                let word = &rest[raw..];
                let word = &word[..word.find(|c| !is_part(c)).unwrap_or(word.len())];
                tokens.push((line, Token::Word(word.to_owned())));
                raw + word.len()
            }
            _ => {
                if !first.is_whitespace() {
                    tokens.push((line, Token::Sign(first)));
                }
                first.len_utf8()
            }
        };
        line += rest[..length].matches('\n').count();
        rest = &rest[length..];
    }
    tokens
}

/// The length of a comment, with the comments in it.
fn block_comment(text: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < text.len() {
        if text[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if text[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    at
}

/// The length of what stands before the quotation mark of `b"`, `c"`, `r#"`, `br"` and so on; none
/// if this is a word.
fn literal_mark(text: &str) -> Option<usize> {
    let letters = text.find(|c| !matches!(c, 'b' | 'c' | 'r'))?;
    let hashes = text[letters..].find(|c| c != '#')?;
    let mark = letters + hashes;
    let raw = text[..letters].ends_with('r');
    let quoted = text[mark..].starts_with('"') && (raw || hashes == 0);
    (letters <= 2 && quoted).then_some(mark)
}

/// The length of a string whose quotation mark stands at `mark`.
fn string(text: &str, mark: usize) -> usize {
    let mut escaped = false;
    for (at, character) in text.char_indices().skip_while(|(at, _)| *at <= mark) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The length of a raw string whose quotation mark stands at `mark`.
fn raw_string(text: &str, mark: usize) -> usize {
    let end = format!("\"{}", "#".repeat(text[..mark].matches('#').count()));
    text[mark + 1..].find(&end).map_or(text.len(), |found| mark + 1 + found + end.len())
}

/// The length of a character in quotation marks, or of the mark alone where a lifetime begins.
fn character(text: &str) -> usize {
    let mut characters = text.char_indices().skip(1);
    match (characters.next(), characters.next()) {
        (Some((_, '\\')), Some((escaped, _))) => {
            let behind = escaped + text[escaped..].chars().next().map_or(0, char::len_utf8);
            text[behind..].find('\'').map_or(text.len(), |end| behind + end + 1)
        }
        (Some(_), Some((end, '\''))) => end + 1,
        _ => 1,
    }
}

#[test]
fn paths_are_seen_wherever_they_stand() {
    let named = |code: &str| -> Vec<String> {
        paths(code).into_iter().map(|path| path.parts.join("::")).collect()
    };
    for (code, expected) in [
        ("use crate::lint;", vec!["crate::lint"]),
        ("pub(crate) use crate::site::Site as S;", vec!["crate::site::Site"]),
        (
            "use crate::{diag::{self, text::Style}, lint as checks, site::*};",
            vec!["crate::diag", "crate::diag::text::Style", "crate::lint", "crate::site::*"],
        ),
        (
            "let x: Vec<crate::rules::Rule> = ::std::fs::read(y)?;",
            vec!["crate::rules::Rule", "std::fs::read"],
        ),
        ("x.iter().collect::<crate::a::B>()", vec!["crate::a::B"]),
        ("vec![super::super::lint::run(&site), *other]", vec!["super::super::lint::run"]),
        ("// crate::a::b\n/* crate::c::d /* crate::e::f */ crate::g::h */", vec![]),
        ("/// [`Inputs`](crate::load::Inputs)\n//! crate::load::x", vec![]),
        (
            r##"("crate::a::b \" crate::c::d", r#"crate::e::f " "#, br"crate::g::h\", b"crate::i::j")"##,
            vec![],
        ),
        (
            r"('\'', '\u{41}', '\\', crate::a::b, '“', b'\'', 'x: crate::c::d)",
            vec!["crate::a::b", "crate::c::d"],
        ),
        ("fn f<'a>(x: &'a crate::a::B) {}", vec!["crate::a::B"]),
        ("$crate::a::b!({ crate::c::d })", vec!["crate::a::b", "crate::c::d"]),
        ("r#mod::x; brr::y; rc::z; c::w", vec!["mod::x", "brr::y", "rc::z", "c::w"]),
    ] {
        assert_eq!(named(code), expected, "{code}");
    }
}

#[test]
fn paths_know_their_line_and_the_modules_around_them() {
    let code = "mod a {\n fn f() { if x { crate::b::c(); } }\n mod tests {\n\n  use super::super::d;\n }\n}\nuse crate::e::f;";
    let found: Vec<(usize, Vec<String>)> =
        paths(code).into_iter().map(|path| (path.line, path.inside)).collect();
    let inside = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(found, [(2, inside(&["a"])), (5, inside(&["a", "tests"])), (8, inside(&[]))]);
}
