//! What the word behind a fence's marks says of the code in it, for all who want to know whether that is
//! commands.

/// Languages of shells.
const SHELLS: [&str; 7] = ["bash", "dash", "ksh", "sh", "shell", "shell-script", "zsh"];

/// What people call a session in a terminal.
const SESSIONS: [&str; 8] = [
    "bash-session",
    "console",
    "session",
    "sh-session",
    "shell-session",
    "shellsession",
    "terminal",
    "terminal-session",
];

/// Whether a fence of this language holds shell commands, without prompts.
pub fn is_shell(language: &str) -> bool {
    SHELLS.iter().any(|known| language.eq_ignore_ascii_case(known))
}

/// Whether a fence of this language is a session, so that `#`, `%` and `>` are prompts as well.
pub fn is_session(language: &str) -> bool {
    SESSIONS.iter().any(|known| language.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::placeholder::Code;

    #[test]
    fn what_holds_commands_has_placeholders_of_a_shell() {
        for language in SHELLS.iter().chain(&SESSIONS) {
            let language = language.to_uppercase();
            assert_ne!(is_shell(&language), is_session(&language), "{language}");
            assert_eq!(Code::of_fence(Some(&language)), Code::Shell, "{language}");
        }
    }
}
