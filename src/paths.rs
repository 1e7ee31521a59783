//! Paths, as the system takes them and as people name them.

use std::path::{Component, Path, PathBuf};

/// A path relative to a folder, with `/` on every system, as sources and addresses have it; the
/// path itself if it lies outside.
pub fn relative(folder: &Path, path: &Path) -> String {
    let parts = path.strip_prefix(folder).unwrap_or(path).components();
    let parts = parts.filter_map(|part| match part {
        Component::CurDir => None,
        Component::RootDir => Some(String::new()),
        other => Some(other.as_os_str().to_string_lossy().into_owned()),
    });
    parts.collect::<Vec<_>>().join("/")
}

/// A path as it stands in messages: without the `./` of a site that is the current folder.
pub fn shown(path: &Path) -> std::path::Display<'_> {
    match path.strip_prefix(".") {
        Ok(rest) if !rest.as_os_str().is_empty() => rest.display(),
        _ => path.display(),
    }
}

/// A path from the root, without `.` and `..`, whether it exists or not.
pub fn absolute(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_named_from_the_folder_that_it_lies_in() {
        for (folder, path, expected) in [
            ("site", "site/content/a.md", "content/a.md"),
            ("site/", "site/./a.md", "a.md"),
            (".", "./a.md", "a.md"),
            ("site", "other/a.md", "other/a.md"),
            ("site", "/etc/a.md", "/etc/a.md"),
        ] {
            assert_eq!(relative(Path::new(folder), Path::new(path)), expected, "{folder} {path}");
        }
    }

    #[test]
    fn a_path_from_the_root_has_no_detours() {
        let plain = |path: &str| absolute(Path::new(path)).to_string_lossy().into_owned();
        assert_eq!(plain("/a/./b/../c"), "/a/c");
        assert_eq!(plain("/../a"), "/a");
        assert_eq!(absolute(Path::new("a")), std::env::current_dir().unwrap().join("a"));
    }

    #[test]
    fn the_current_folder_is_not_mentioned() {
        assert_eq!(shown(Path::new("./a.md")).to_string(), "a.md");
        assert_eq!(shown(Path::new(".")).to_string(), ".");
        assert_eq!(shown(Path::new("../a.md")).to_string(), "../a.md");
    }
}
