//! URLs as the configuration has them: where something is served, to be continued with a path.

use crate::yaml::{Node, Reader};

/// A base URL without slashes at its end, if the node is one.
pub(super) fn read(reader: &mut Reader, node: &Node, what: &str) -> Option<String> {
    let url = reader.text(node, what)?;
    if let Err(fault) = check(url.as_str()) {
        reader.complain(&node.span, format!("{what} {fault}"));
        return None;
    }
    Some(trimmed(url.as_str()).to_owned())
}

/// The URL without slashes at its end.
pub(super) fn trimmed(url: &str) -> &str {
    url.trim_end_matches('/')
}

/// What is wrong with a base URL, to be read after its name.
pub(super) fn check(url: &str) -> Result<(), String> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let Some(rest) = rest else {
        return Err("must begin with `https://` or `http://`".to_owned());
    };
    let host = rest.split('/').next().unwrap_or_default();
    if host.is_empty() {
        return Err("names no host".to_owned());
    }
    // Addresses stand in findings, which are kept, and on pages, which are published.
    if host.contains('@') {
        return Err("can't contain a user or a password, which everybody would see; `token_env` \
                    names the environment variable with a bearer token"
            .to_owned());
    }
    let refused = |character: &char| {
        // These would end the URL, or need an escape that nobody could guess.
        character.is_whitespace() || character.is_control() || "?#\"'<>\\{}|^`".contains(*character)
    };
    match rest.chars().find(refused) {
        Some(character) if character.is_whitespace() => Err("can't contain spaces".to_owned()),
        Some('{') => {
            Err("can't contain `{`; a hole such as `{carrier}` belongs to the one URL of \
                          `carriers: {url: …, names: […]}`"
                .to_owned())
        }
        Some(character) => Err(format!("can't contain `{}`", character.escape_debug())),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_urls_can_be_continued() {
        for url in
            ["https://a.example/x", "http://localhost:9090", "https://[::1]/", "http://a/b%20c/"]
        {
            assert_eq!(check(url), Ok(()), "{url}");
        }
        for (url, fault) in [
            ("a.example", "must begin with `https://` or `http://`"),
            ("javascript:alert(1)", "must begin with `https://` or `http://`"),
            ("https:///x", "names no host"),
            ("https://", "names no host"),
            (
                "https://user:password@a/",
                "can't contain a user or a password, which everybody would see; `token_env` names the environment variable with a bearer token",
            ),
            ("https://a/?x=1", "can't contain `?`"),
            ("https://a/#x", "can't contain `#`"),
            ("https://a b/", "can't contain spaces"),
            (
                "https://a/{carrier}",
                "can't contain `{`; a hole such as `{carrier}` belongs to the one URL of `carriers: {url: …, names: […]}`",
            ),
        ] {
            assert_eq!(check(url), Err(fault.to_owned()), "{url}");
        }
    }
}
