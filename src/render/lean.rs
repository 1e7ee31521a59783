//! Scripts and styles without what only their authors read.

use memchr::memmem::Finder;
use memchr::{memchr, memchr_iter, memchr2};
use std::borrow::Cow;

/// Behind which a line of a stylesheet or a script goes on, or is over in any case.
const ENDS: [char; 6] = ['{', '(', '[', ',', ';', '}'];

/// A stylesheet without its comments, as far as they have lines to themselves, without indentation, and
/// without the line ends that nothing needs. Meant for the built-in files, in which no text of more
/// than one line begins like a comment.
pub fn stylesheet(text: &str) -> String {
    lean(text, &|_, _| false, &|lean, line| lean.push_str(line))
}

/// The same of a script, and without the types of what stands behind them: half of what would travel.
/// Names and statements stay, so it can be debugged as it is served.
pub fn script(text: &str) -> String {
    // A sign that stands between two values has both on the same line as well.
    let goes_on = |before: &str, line: &str| {
        before.ends_with(['=', '>', '&', '|', '?', ':', '+'])
            || line.starts_with(['.', '?', ':', '&', '|', ')', '}', ']'])
    };
    // What is global needs no more than its name, unless it has yet to be made.
    let global = Finder::new("globalThis.");
    lean(text, &goes_on, &|lean, line| {
        let code = without_types(line);
        if global.find(code.as_bytes()).is_some() {
            push_without_spaces(lean, &code.replace("globalThis.", ""));
        } else {
            push_without_spaces(lean, &code);
        }
    })
}

/// `goes_on` says of two lines whether nothing is lost by making one of them.
fn lean(
    text: &str,
    goes_on: &dyn Fn(&str, &str) -> bool,
    push: &dyn Fn(&mut String, &str),
) -> String {
    let mut lean = String::with_capacity(text.len());
    let mut in_comment = false;
    // A comment at the end of a line ends with that.
    let mut has_comment = false;
    for line in text.lines().map(str::trim) {
        let mut line = line;
        if in_comment || line.starts_with("/*") {
            let Some((_, code)) = line.split_once("*/") else {
                in_comment = true;
                continue;
            };
            // A comment that ends within its line may be the type of the code behind it.
            if in_comment || code.trim().is_empty() {
                line = code.trim();
            }
            in_comment = false;
        }
        if !line.is_empty() && !line.starts_with("//") {
            let is_one = lean.is_empty() || lean.ends_with(ENDS) || goes_on(&lean, line);
            if has_comment || !is_one {
                lean.push('\n');
            }
            has_comment = memchr(b'/', line.as_bytes()).is_some_and(|_| line.contains("//"));
            push(&mut lean, line);
        }
    }
    lean.push('\n');
    lean
}

/// Appends a line of a script without the spaces around signs that are no part of a text. From where a
/// pattern or a comment may be, or where there is a template within another, all stay.
fn push_without_spaces(lean: &mut String, line: &str) {
    let bytes = line.as_bytes();
    if memchr_iter(b'`', bytes).count() > 2 {
        lean.push_str(line);
        return;
    }
    let is_sign =
        |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(|it| SIGNS.contains(it));
    let (mut kept, mut at) = (0, 0);
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'/' => break,
            b' ' if is_sign((at - 1).checked_sub(1)) || is_sign(Some(at)) => {
                lean.push_str(&line[kept..at - 1]);
                kept = at;
            }
            b'"' | b'\'' | b'`' => at += length_of_text(&bytes[at..], *byte),
            _ => {}
        }
    }
    lean.push_str(&line[kept..]);
}

/// Signs around which a space means nothing.
const SIGNS: &[u8] = b"=<>?:&|{}(),;*!";

/// How long a text is that begins behind a mark, with the mark that ends it.
fn length_of_text(bytes: &[u8], mark: u8) -> usize {
    let mut at = 0;
    while let Some(next) = memchr2(mark, b'\\', &bytes[at..]) {
        at += next + 1;
        if bytes[at - 1] == mark {
            return at;
        }
        // Whatever a backslash stands before.
        at = bytes.len().min(at + 1);
    }
    bytes.len()
}

/// A line of code without the types that stand in it.
fn without_types(line: &str) -> Cow<'_, str> {
    const TYPE: &str = "/** @";
    if memchr(b'/', line.as_bytes()).is_none() || !line.contains(TYPE) {
        return Cow::Borrowed(line);
    }
    let mut code = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, comment)) = rest.split_once(TYPE) {
        let Some((_, behind)) = comment.split_once("*/") else { break };
        code.push_str(before);
        rest = behind.strip_prefix(' ').unwrap_or(behind);
    }
    Cow::Owned(code + rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_go_and_code_stays() {
        let script = "// @ts-check\n\"use strict\";\n\n  /**\n   * A b.\n   * @param {string} c\n   */\n  \
                      /* f\n   * g */ function b(c) { // why\n    const url = \"http://x\"; /* d */\n    \
                      /** @type {Node} */ (c).e(/** @type {A} */ (d), [/** @type {B} */ (e)]);\n  \
                      /** One line. */\n    return globalThis.d * 2;\n  }\n";
        let lean = "\"use strict\";function b(c){// why\nconst url=\"http://x\";/* d */\n\
                    (c).e((d),[(e)]);return d*2;}\n";
        assert_eq!(super::script(script), lean);
        let style = "/* a\n b */\n:is(a, b) > c {\n  /* d */\n  width: calc(1px + 2px);\n}\n";
        assert_eq!(stylesheet(style), ":is(a, b) > c {width: calc(1px + 2px);}\n");
        assert_eq!(stylesheet("a\n.b {\n}\n.c {\n}\n"), "a\n.b {}.c {}\n");
        let lines = "a\n  .b()\n  ?? c ||\n  d;\nif (e) {\n} // f\nelse g\nh();\n";
        assert_eq!(super::script(lines), "a.b()??c||d;if(e){}// f\nelse g\nh();\n");
    }

    #[test]
    fn spaces_stay_where_they_may_mean_something() {
        for (line, lean) in [
            ("const { a, b } = c ? d : -e;", "const{a,b}=c?d:-e;"),
            ("return typeof a === b && a + +b - -c;", "return typeof a===b&&a + +b - -c;"),
            ("if (a in b) for (const c of d) e(c);", "if(a in b)for(const c of d)e(c);"),
            ("const a = \"b \\\" = c\", d = 1;", "const a=\"b \\\" = c\",d=1;"),
            ("a = `b ${c ? ` = ` : 1}`;", "a = `b ${c ? ` = ` : 1}`;"),
            ("a = `b ${c ? 1 : 2}` + 'd = e' ;", "a=`b ${c ? 1 : 2}` + 'd = e';"),
            ("const a = b ? c : /b = c/ ? d : e;", "const a=b?c:/b = c/ ? d : e;"),
            ("é => { ü };", "é=>{ü};"),
        ] {
            let mut without = String::new();
            push_without_spaces(&mut without, line);
            assert_eq!(without, lean);
        }
    }
}
