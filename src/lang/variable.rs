//! Variables of shells: what one may be called, and which words set one.

/// `KUBECONFIG=/tmp/config`, `PATH+=:/opt/bin`
pub fn is_assignment(word: &str) -> bool {
    word.split_once('=')
        .is_some_and(|(name, _)| is_variable(name.strip_suffix('+').unwrap_or(name)))
}

/// Whether a variable may have this name.
pub fn is_variable(name: &str) -> bool {
    !name.starts_with(|first: char| first.is_ascii_digit())
        && !name.is_empty()
        && name.bytes().all(is_variable_byte)
}

/// Whether the name of a variable may hold this.
pub fn is_variable_byte(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric()
}
