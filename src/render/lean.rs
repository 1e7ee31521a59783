//! Scripts and styles without what only their authors read.

/// A script or a stylesheet without its comments, as far as they have lines to themselves or say the
/// type of what is behind them, without indentation, and without the line ends that nothing needs: a
/// third of what would travel. Names and statements stay, so it can be debugged as it is served. Meant
/// for the built-in files, in which no text of more than one line begins like a comment.
pub fn without_comments(text: &str) -> String {
    let mut lean = String::with_capacity(text.len());
    let mut in_comment = false;
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
            // What is global needs no more than its name, unless it has yet to be made.
            push_without_types(&mut lean, &line.replace("globalThis.", ""));
            // A comment at the end of a line ends with that.
            if line.contains("//") || !lean.ends_with(['{', '(', '[', ',', ';']) {
                lean.push('\n');
            }
        }
    }
    lean
}

/// Appends a line of code without the types that stand in it.
fn push_without_types(lean: &mut String, line: &str) {
    let mut rest = line;
    while let Some((code, comment)) = rest.split_once("/** @") {
        let Some((_, behind)) = comment.split_once("*/") else { break };
        lean.push_str(code);
        rest = behind.strip_prefix(' ').unwrap_or(behind);
    }
    lean.push_str(rest);
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
        let lean = "\"use strict\";function b(c) { // why\nconst url = \"http://x\"; /* d */\n\
                    (c).e((d), [(e)]);return d * 2;}\n";
        assert_eq!(without_comments(script), lean);
    }
}
