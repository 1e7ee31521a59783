//! Addresses: where in the output a page stands, and how one page refers to another.
//!
//! Paths are relative to the site's root, with `/` between folders and nothing encoded; a URL made
//! of one is percent-encoded. `content/armada/x.md` is the page `armada/x.html`; every alert has an
//! address of its own, `alerts/<AlertName>/index.html`.

use crate::source::ByteSet;
use memchr::{memchr_iter, memrchr};
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet, FxHasher};
use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::fmt::Write as _;
use std::hash::Hasher as _;

/// The start page. It is made unless an author has written one, like the others of [`LISTINGS`].
pub const START: &str = "index.html";

/// The list of all alerts.
pub const ALERTS: &str = "alerts/index.html";

/// The overview of the site as a whole.
pub const OVERVIEW: &str = "overview/index.html";

/// The page for addresses at which nothing stands. It is served at any depth, so it alone refers to
/// the site by the path of its base address.
pub const NOT_FOUND: &str = "404.html";

/// The pages that list others, and the one of addresses at which nothing stands.
pub const LISTINGS: [&str; 4] = [START, ALERTS, OVERVIEW, NOT_FOUND];

/// The list of pages and alerts for other programs, which stands here whatever files there are.
pub const MANIFEST: &str = "alertbook.json";

/// The output path of a runbook, of its path below the content folder.
pub fn page_path(path: &str) -> String {
    let stem = path.strip_suffix(".md").unwrap_or(path);
    format!("{stem}.html")
}

/// The way from the page at `from` to the file at `to`, as a URL: `../armada/x.html`.
pub fn relative_url(from: &str, to: &str) -> String {
    // Up to the last slash before which both are the same: a character of its own, wherever they part.
    let alike = from.bytes().zip(to.bytes()).take_while(|(a, b)| a == b).count();
    let shared = memrchr(b'/', &from.as_bytes()[..alike]).map_or(0, |slash| slash + 1);
    let (up, rest) = (folders_of(&from[shared..]), &to[shared..]);
    let mut url = String::with_capacity(UP.len() * up + rest.len());
    push_way_up(&mut url, up);
    push_encoded(&mut url, rest, &OF_PATHS);
    // A first segment with a colon would be read as a scheme.
    if up == 0 && url.split('/').next().is_some_and(|first| first.contains(':')) {
        url.insert_str(0, "./");
    }
    url
}

/// The way from a file to the folder above its own.
const UP: &str = "../";

/// How many folders a path goes through.
fn folders_of(path: &str) -> usize {
    memchr_iter(b'/', path.as_bytes()).count()
}

fn push_way_up(url: &mut String, folders: usize) {
    (0..folders).for_each(|_| url.push_str(UP));
}

/// The way from the page at `from` up to the site's root: empty at the top, else `../` for each
/// folder.
pub fn root_of(from: &str) -> String {
    let up = folders_of(from);
    let mut root = String::with_capacity(UP.len() * up);
    push_way_up(&mut root, up);
    root
}

/// A path as a URL relative to the root.
pub fn encode_path(path: &str) -> Cow<'_, str> {
    percent_encode(path, &OF_PATHS)
}

/// A fragment as it stands behind the `#` of a URL.
pub fn encode_fragment(fragment: &str) -> Cow<'_, str> {
    percent_encode(fragment, &OF_FRAGMENTS)
}

/// The address of a section of the page at a URL, or of the page as a whole.
pub fn with_fragment<'p>(page: impl Into<Cow<'p, str>>, fragment: Option<&str>) -> Cow<'p, str> {
    let page = page.into();
    let Some(fragment) = fragment else { return page };
    let mut address = String::with_capacity(page.len() + 1 + fragment.len());
    address.push_str(&page);
    address.push('#');
    push_encoded(&mut address, fragment, &OF_FRAGMENTS);
    Cow::Owned(address)
}

/// Keeps letters, digits and these; RFC 3986, section 3.3 names them for path segments.
fn percent_encode<'t>(text: &'t str, kept: &ByteSet) -> Cow<'t, str> {
    // Most addresses need nothing of it.
    if kept.has_all(text.as_bytes()) {
        return Cow::Borrowed(text);
    }
    let mut encoded = String::with_capacity(text.len() + 16);
    push_encoded(&mut encoded, text, kept);
    Cow::Owned(encoded)
}

/// The bytes that stand for themselves in a path, with the slashes between folders.
static OF_PATHS: ByteSet = ByteSet::alphanumeric().and(b"/-_.~!$&'()*+,;=:@");

/// The bytes that stand for themselves in a fragment.
static OF_FRAGMENTS: ByteSet = ByteSet::alphanumeric().and(b"-_.~!$&'()*+,;=:@/?");

fn push_encoded(encoded: &mut String, text: &str, kept: &ByteSet) {
    if kept.has_all(text.as_bytes()) {
        encoded.push_str(text);
        return;
    }
    for byte in text.bytes() {
        if kept.has(byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
}

/// Undoes percent-encoding. What is no valid escape stays as it is; bytes that are no UTF-8 are
/// replaced.
pub fn percent_decode(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    // Most addresses have nothing of it.
    if memchr::memchr(b'%', bytes).is_none() {
        return Cow::Borrowed(text);
    }
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = |byte: Option<&u8>| char::from(*byte?).to_digit(16);
        match (bytes[at], hex(bytes.get(at + 1)), hex(bytes.get(at + 2))) {
            (b'%', Some(high), Some(low)) => {
                decoded.push(u8::try_from(high * 16 + low).unwrap_or_default());
                at += 3;
            }
            (byte, ..) => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    Cow::Owned(String::from_utf8_lossy(&decoded).into_owned())
}

/// The folders of alerts below `alerts/`, by the alerts' names.
///
/// A name is its own folder wherever a file system allows. Otherwise it is encoded, reversibly:
/// bytes that can't be part of a name on some system become `~` and two hexadecimal digits, names
/// that differ by case alone have their capitals encoded, and long ones go on in a folder below,
/// each part but the last ending in `~`.
#[derive(Debug, Clone, Default)]
pub struct AlertFolders {
    /// The names that differ by case alone from others. Of all others the names tell.
    twins: FxHashSet<String>,
}

impl AlertFolders {
    /// The folders of all alerts of a site. All at once, because which names are twins depends on
    /// the others.
    pub fn new<'n>(names: impl IntoIterator<Item = &'n str, IntoIter: Clone>) -> Self {
        let names = names.into_iter();
        let mut hashes = FxHashSet::with_capacity_and_hasher(names.size_hint().0, FxBuildHasher);
        // Twins have one hash, and hardly any site has some.
        if names.clone().all(|name| hashes.insert(hash_in_lower_case(name))) {
            return Self::default();
        }
        let mut first: FxHashMap<String, &str> = FxHashMap::default();
        let mut twins = FxHashSet::default();
        for name in names {
            match first.entry(name.to_lowercase()) {
                Entry::Vacant(place) => {
                    place.insert(name);
                }
                Entry::Occupied(first) => twins.extend([*first.get(), name].map(str::to_owned)),
            }
        }
        Self { twins }
    }

    /// The output path of an alert's page. Names that were not among those given get the path
    /// they would have alone.
    pub fn page(&self, alert: &str) -> String {
        ["alerts/", &encode_name(alert, self.twins.contains(alert)), "/index.html"].concat()
    }
}

/// The hash of a name in lower case.
fn hash_in_lower_case(name: &str) -> u64 {
    let mut hasher = FxHasher::default();
    if name.is_ascii() {
        name.bytes().for_each(|byte| hasher.write_u8(byte.to_ascii_lowercase()));
    } else {
        name.to_lowercase().bytes().for_each(|byte| hasher.write_u8(byte));
    }
    hasher.finish()
}

/// The longest part of a path that common file systems take is 255 bytes; escapes and the closing
/// `~` fit beside this.
const LONGEST_PART: usize = 240;

fn encode_name(name: &str, has_twin: bool) -> Cow<'_, str> {
    static PLAIN: ByteSet = ByteSet::alphanumeric().and(b"_");
    if !has_twin && name.len() <= LONGEST_PART && PLAIN.has_all(name.as_bytes()) {
        return Cow::Borrowed(name);
    }
    // The folder's own page, the overview of alerts, has this name.
    let is_taken = name.eq_ignore_ascii_case("index.html");
    let mut encoded = String::new();
    let mut part = 0;
    let last = name.chars().count().saturating_sub(1);
    for (index, character) in name.chars().enumerate() {
        let mut buffer = [0; 4];
        let bytes = character.encode_utf8(&mut buffer);
        let escaped = character.is_control()
            || "/\\<>:\"|?*~".contains(character)
            || (character == '.' && (index == 0 || index == last))
            || (character == ' ' && (index == 0 || index == last))
            || (has_twin && character.is_uppercase())
            || (is_taken && index == 0);
        let mut text = String::new();
        if escaped {
            for byte in bytes.bytes() {
                let _ = write!(text, "~{byte:02X}");
            }
        } else {
            text.push_str(bytes);
        }
        if part + text.len() > LONGEST_PART {
            encoded.push_str("~/");
            part = 0;
        }
        part += text.len();
        encoded.push_str(&text);
    }
    Cow::Owned(encoded)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Undoes [`encode_name`]; `None` for what it never makes.
    fn decode_name(folder: &str) -> Option<String> {
        let joined = folder.replace("~/", "");
        let mut bytes = Vec::new();
        let mut rest = joined.as_bytes();
        while let Some((first, behind)) = rest.split_first() {
            if *first == b'~' {
                let digits = std::str::from_utf8(behind.get(..2)?).ok()?;
                bytes.push(u8::from_str_radix(digits, 16).ok()?);
                rest = &behind[2..];
            } else {
                bytes.push(*first);
                rest = behind;
            }
        }
        String::from_utf8(bytes).ok()
    }

    #[test]
    fn urls_are_relative_and_encoded() {
        for (from, to, url) in [
            ("index.html", "armada/x.html", "armada/x.html"),
            ("armada/x.html", "armada/y z.html", "y%20z.html"),
            ("armada/x.html", "index.html", "../index.html"),
            ("a/b/x.html", "a/c/y.html", "../c/y.html"),
            ("x.html", "a:b.html", "./a:b.html"),
            ("x.html", "alerts/A+B/index.html", "alerts/A+B/index.html"),
        ] {
            assert_eq!(relative_url(from, to), url);
        }
        assert_eq!(root_of("a/b/x.html"), "../../");
        assert_eq!(percent_decode("a%20b%zz%C3%BC%"), "a b%zzü%");
    }

    #[test]
    fn plain_names_are_their_own_folders() {
        let folders =
            AlertFolders::new(["Failed6+Hours", "armada-kp-events", "a/b", "..", "Foo", "foo"]);
        assert_eq!(folders.page("Failed6+Hours"), "alerts/Failed6+Hours/index.html");
        assert_eq!(folders.page("armada-kp-events"), "alerts/armada-kp-events/index.html");
        assert_eq!(folders.page("a/b"), "alerts/a~2Fb/index.html");
        assert_eq!(folders.page(".."), "alerts/~2E~2E/index.html");
        assert_eq!(folders.page("Foo"), "alerts/~46oo/index.html");
        assert_eq!(folders.page("foo"), "alerts/foo/index.html");
        assert_eq!(folders.page("index.html"), "alerts/~69ndex.html/index.html");
    }

    proptest! {
        #[test]
        fn folders_are_reversible_short_and_distinct_whatever_the_case(
            names in prop::collection::btree_set("[aA/.~é :]{1,4}|\\PC{1,300}", 1..6)
        ) {
            let folders = AlertFolders::new(names.iter().map(String::as_str));
            let mut seen = std::collections::HashSet::new();
            for name in &names {
                let page = folders.page(name);
                let folder = page.strip_prefix("alerts/").unwrap().strip_suffix("/index.html").unwrap();
                prop_assert_eq!(decode_name(folder), Some(name.clone()));
                for part in folder.split('/') {
                    prop_assert!(!part.is_empty() && part.len() <= 255 && part != "." && part != "..");
                }
                if name.is_ascii() {
                    prop_assert!(seen.insert(page.to_lowercase()), "{}", page);
                }
            }
        }
    }
}
