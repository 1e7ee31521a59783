//! Globs of the configuration: which files are meant.

use crate::yaml::{Node, Reader, Text};
use globset::{GlobBuilder, GlobMatcher};
use std::path::Path;

/// A pattern of paths relative to the site, as git reads it: `*` stays within a folder, and `**`
/// goes over them.
#[derive(Debug, Clone)]
pub struct Glob {
    /// As it is written.
    pub text: Text,
    /// How many bytes of it name the folder at its front, which holds no wildcard.
    folder: usize,
    /// What it says of paths below that folder.
    below: GlobMatcher,
}

/// What means more than itself in a glob.
const WILDCARDS: [char; 4] = ['*', '?', '[', '{'];

impl Glob {
    pub(super) fn read(reader: &mut Reader, node: &Node, what: &str) -> Option<Self> {
        let text = reader.text(node, what)?;
        match compile(pattern(&text)) {
            Ok((folder, below)) => Some(Self { text, folder, below }),
            Err(error) => {
                reader.complain(text.span(), format!("`{text}` is no glob: {}", error.kind()));
                None
            }
        }
    }

    pub(super) fn read_list(reader: &mut Reader, node: &Node, what: &str) -> Vec<Self> {
        let each = format!("each of {what}");
        let items = reader.list(node, what).iter();
        items.filter_map(|item| Self::read(reader, item, &each)).collect()
    }

    /// The pattern, without a `./` before it.
    pub fn as_str(&self) -> &str {
        pattern(&self.text)
    }

    /// The folder that all its files lie below; empty for the site itself.
    pub fn folder(&self) -> &str {
        &self.as_str()[..self.folder]
    }

    /// The file or the folder that it names without a wildcard, or its files lie below.
    pub fn place(&self) -> &str {
        let is_wild = self.as_str().contains(WILDCARDS);
        if is_wild { self.folder() } else { self.as_str().trim_end_matches('/') }
    }

    /// Whether it means a path relative to the site.
    pub fn is_match(&self, path: &str) -> bool {
        let below = match self.folder() {
            "" => Some(path),
            folder => path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/')),
        };
        below.is_some_and(|below| self.below.is_match(below))
    }

    /// Whether it means a path that is relative to its folder.
    pub fn is_match_below(&self, path: &Path) -> bool {
        self.below.is_match(path)
    }
}

/// Whether a text is a glob.
pub(super) fn is_glob(text: &str) -> bool {
    compile(text).is_ok()
}

fn pattern(text: &Text) -> &str {
    let mut pattern = text.as_str();
    while let Some(rest) = pattern.strip_prefix("./") {
        pattern = rest;
    }
    pattern
}

/// How long the folder at the front of a glob is, and what matches the rest of it.
fn compile(pattern: &str) -> Result<(usize, GlobMatcher), globset::Error> {
    let glob = |pattern| GlobBuilder::new(pattern).literal_separator(true).build();
    // A fault may stand before the rest.
    glob(pattern)?;
    let wild = pattern.find(WILDCARDS).unwrap_or(pattern.len());
    let slash = pattern[..wild].rfind('/');
    let rest = slash.map_or(pattern, |slash| &pattern[slash + 1..]);
    Ok((slash.unwrap_or(0), glob(rest)?.compile_matcher()))
}

#[cfg(test)]
mod tests {
    use crate::config;
    use crate::source::Source;

    #[test]
    fn globs_are_read_from_the_root_of_the_site() {
        for (glob, folder, means, does_not) in [
            ("content/drafts/**", "content/drafts", "content/drafts/a/b.md", "content/drafts.md"),
            ("./content/drafts/**", "content/drafts", "content/drafts/a.md", "drafts/a.md"),
            ("content/*.md", "content", "content/a.md", "content/a/b.md"),
            ("content/a.md", "content", "content/a.md", "content/a.mdx"),
            ("**/a.md", "", "content/x/a.md", "content/b.md"),
            ("a.md", "", "a.md", "content/a.md"),
            ("a/{b,c}/*.yaml", "a", "a/c/x.yaml", "a/d/x.yaml"),
            ("../rules/**/*.yaml", "../rules", "../rules/x/y.yaml", "rules/x/y.yaml"),
        ] {
            let text = format!("title: T\nexclude: ['{glob}']\n");
            let config = config::parse(&Source::new("alertbook.yaml", text)).unwrap();
            let glob = &config.exclude[0];
            assert_eq!(glob.folder(), folder, "{glob:?}");
            assert!(glob.is_match(means), "{glob:?} {means}");
            assert!(!glob.is_match(does_not), "{glob:?} {does_not}");
        }
    }
}
