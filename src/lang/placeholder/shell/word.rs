//! A word of a command by itself.

/// What of a word there is behind a place in it, up to the quote that closes it.
pub fn rest_of_word<'t>(word: &str, behind: &'t str) -> &'t str {
    let quote = word.chars().next().filter(|sign| matches!(sign, '"' | '\''));
    let mut is_escaped = false;
    let end = behind.find(|sign: char| {
        let is_end = quote.map_or(sign.is_whitespace(), |quote| sign == quote) && !is_escaped;
        is_escaped = sign == '\\' && !is_escaped && quote != Some('\'');
        is_end
    });
    &behind[..end.unwrap_or(behind.len())]
}
