//! Scripts and styles without what only their authors read.

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
    lean(text, &goes_on, &|lean, line| {
        // What is global needs no more than its name, unless it has yet to be made.
        let code = without_types(line).replace("globalThis.", "");
        lean.push_str(&without_spaces(&code));
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
            has_comment = line.contains("//");
            push(&mut lean, line);
        }
    }
    lean.push('\n');
    lean
}

/// A line of a script without the spaces around signs that are no part of a text. From where a pattern
/// or a comment may be, or where there is a template within another, all stay.
fn without_spaces(line: &str) -> Cow<'_, str> {
    const SIGNS: &[u8] = b"=<>?:&|{}(),;*!";
    if line.matches('`').count() > 2 {
        return Cow::Borrowed(line);
    }
    let bytes = line.as_bytes();
    let is_sign =
        |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(|it| SIGNS.contains(it));
    let mut kept = Vec::with_capacity(bytes.len());
    let (mut quote, mut is_escaped) = (None, false);
    for (at, byte) in bytes.iter().copied().enumerate() {
        match (quote, byte) {
            (None, b'/') => {
                kept.extend_from_slice(&bytes[at..]);
                break;
            }
            (None, b' ') if is_sign(at.checked_sub(1)) || is_sign(Some(at + 1)) => continue,
            (None, b'"' | b'\'' | b'`') => quote = Some(byte),
            (Some(mark), _) if byte == mark && !is_escaped => quote = None,
            _ => {}
        }
        is_escaped = quote.is_some() && byte == b'\\' && !is_escaped;
        kept.push(byte);
    }
    String::from_utf8(kept).map_or(Cow::Borrowed(line), Cow::Owned)
}

/// A line of code without the types that stand in it.
fn without_types(line: &str) -> String {
    let mut code = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, comment)) = rest.split_once("/** @") {
        let Some((_, behind)) = comment.split_once("*/") else { break };
        code.push_str(before);
        rest = behind.strip_prefix(' ').unwrap_or(behind);
    }
    code + rest
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
            assert_eq!(without_spaces(line), lean);
        }
    }
}
