//! How messages put parts and quoted texts into a sentence.

/// Parts of a sentence as a person lists them: a, b and c.
pub fn joined(parts: &[String]) -> String {
    joined_by("and", parts)
}

/// Names as a person lists them: `a`, `b` and `c`.
pub fn joined_names(names: &[&str]) -> String {
    joined_by("and", &in_code(names))
}

/// Names of which one is to be taken: `a`, `b` or `c`.
pub fn alternatives(names: &[&str]) -> String {
    joined_by("or", &in_code(names))
}

fn in_code(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| format!("`{name}`")).collect()
}

fn joined_by(word: &str, parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [front @ .., last] => format!("{} {word} {last}", front.join(", ")),
    }
}

/// A text on one line, with one space for each white space.
pub fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
