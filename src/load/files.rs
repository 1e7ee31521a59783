//! Files that were read before, so that what has not changed is not read again.

use super::LARGEST_TEXT;
use crate::failure::{Failure, why};
use crate::memo::Key;
use crate::paths::shown;
use crate::render::Theme;
use crate::source::{BYTE_ORDER_MARK, Source};
use std::collections::HashMap;
use std::fs::{self, Metadata};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

/// How long after its last change a file may change again without anybody seeing it by its time:
/// some file systems count in steps of two seconds.
const COARSEST_CLOCK: Duration = Duration::from_secs(2);

/// A text file by its name in its folder.
pub(super) type NamedText = (String, Arc<Source>);

/// Another file by its name in its folder.
pub(super) type NamedBytes = (String, Arc<[u8]>);

/// What was read, by path; by default nothing is kept.
#[derive(Debug, Default)]
pub struct Files {
    known: Option<Mutex<HashMap<PathBuf, Known>>>,
    theme: Mutex<Option<(Key, Arc<Theme>)>>,
}

#[derive(Debug, Clone)]
struct Known {
    stamp: Stamp,
    content: Content,
    asked_for: bool,
}

#[derive(Debug, Clone)]
enum Content {
    Text(Arc<Source>),
    Bytes(Arc<[u8]>),
}

/// What tells that a file is still the same, without reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stamp {
    length: u64,
    modified: Option<SystemTime>,
    identity: Identity,
    /// Whether a change after the reading would show: not if the file was changed so shortly before
    /// it that both may have the same time.
    settled: bool,
}

impl Files {
    /// Files that are kept, for whoever reads a site again and again.
    pub fn keeping() -> Self {
        Self { known: Some(Mutex::default()), ..Self::default() }
    }

    /// A file as a text under a path of the site. The same text is the same [`Source`] as before.
    pub(super) fn text(&self, path: &Path, in_site: &str) -> Result<Arc<Source>, Failure> {
        let before = self.before(path);
        if let Some(Known { stamp, content: Content::Text(source), .. }) = &before
            && source.path() == in_site
            && stamp.holds(path)
        {
            return Ok(Arc::clone(source));
        }
        let (bytes, stamp) = read(path)?;
        let text = decode(bytes, path)?;
        let source = match before {
            Some(Known { content: Content::Text(source), .. })
                if source.text() == text && source.path() == in_site =>
            {
                source
            }
            _ => Source::new(in_site, text),
        };
        self.keep(path, stamp, Content::Text(Arc::clone(&source)));
        Ok(source)
    }

    /// A file as bytes.
    pub(super) fn bytes(&self, path: &Path) -> Result<Arc<[u8]>, Failure> {
        if let Some(Known { stamp, content: Content::Bytes(bytes), .. }) = self.before(path)
            && stamp.holds(path)
        {
            return Ok(bytes);
        }
        let (bytes, stamp) = read(path)?;
        let bytes: Arc<[u8]> = bytes.into();
        self.keep(path, stamp, Content::Bytes(Arc::clone(&bytes)));
        Ok(bytes)
    }

    /// The theme with these files of the site, each as its folder, its name and its bytes. The same
    /// files are the same [`Theme`] as before, with its templates read.
    pub(super) fn theme(&self, templates: &[NamedText], assets: &[NamedBytes]) -> Arc<Theme> {
        let templates_as_bytes =
            templates.iter().map(|(name, source)| (name, source.text().as_bytes()));
        let assets_as_bytes = assets.iter().map(|(name, bytes)| (name, &bytes[..]));
        let parts: Vec<&[u8]> = [&[][..]]
            .into_iter()
            .chain(templates_as_bytes.flat_map(|(name, bytes)| [name.as_bytes(), bytes]))
            .chain([&b"assets"[..]])
            .chain(assets_as_bytes.flat_map(|(name, bytes)| [name.as_bytes(), bytes]))
            .collect();
        let key = Key::of(&parts);
        let mut known = self.theme.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, theme)) = known.as_ref().filter(|(known, _)| *known == key) {
            return Arc::clone(theme);
        }
        let mut theme = Theme::built_in();
        for (name, source) in templates {
            theme.set_template(name, source.text().to_owned());
        }
        for (name, bytes) in assets {
            theme.set_asset(name, bytes.to_vec());
        }
        let theme = Arc::new(theme);
        *known = Some((key, Arc::clone(&theme)));
        theme
    }

    /// Forgets every file that nobody has asked for since this was last called.
    pub(super) fn forget_unread(&self) {
        if let Some(mut known) = self.lock() {
            known.retain(|_, known| std::mem::take(&mut known.asked_for));
        }
    }

    fn before(&self, path: &Path) -> Option<Known> {
        let mut known = self.lock()?;
        let known = known.get_mut(path)?;
        known.asked_for = true;
        Some(known.clone())
    }

    fn keep(&self, path: &Path, stamp: Stamp, content: Content) {
        if let Some(mut known) = self.lock() {
            known.insert(path.to_owned(), Known { stamp, content, asked_for: true });
        }
    }

    fn lock(&self) -> Option<std::sync::MutexGuard<'_, HashMap<PathBuf, Known>>> {
        Some(self.known.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

pub(super) fn read(path: &Path) -> Result<(Vec<u8>, Stamp), Failure> {
    let read = || {
        let mut file = fs::File::open(path)?;
        let stamp = Stamp::of(&file.metadata()?);
        // One more byte, so that the end is seen without growing.
        let mut bytes = Vec::with_capacity(usize::try_from(stamp.length).unwrap_or_default() + 1);
        file.read_to_end(&mut bytes)?;
        Ok((bytes, stamp))
    };
    read().map_err(|error: std::io::Error| {
        Failure::World(format!("can't read {}: {}", shown(path), why(&error)))
    })
}

/// Bytes as text: without a byte order mark; what is no UTF-8 is replaced.
fn decode(bytes: Vec<u8>, path: &Path) -> Result<String, Failure> {
    if bytes.len() >= LARGEST_TEXT {
        return Err(Failure::World(format!("{} is too large to be a text", shown(path))));
    }
    let mut text = String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    if text.starts_with(BYTE_ORDER_MARK) {
        text.drain(..BYTE_ORDER_MARK.len_utf8());
    }
    text.shrink_to_fit();
    Ok(text)
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        let modified = metadata.modified().ok();
        let settled = modified
            .and_then(|modified| modified.elapsed().ok())
            .is_some_and(|age| age > COARSEST_CLOCK);
        Self { length: metadata.len(), modified, identity: Identity::of(metadata), settled }
    }

    /// Whether the file at a path is still the one that this was taken of.
    fn holds(&self, path: &Path) -> bool {
        self.settled && fs::metadata(path).is_ok_and(|metadata| Self::of(&metadata) == *self)
    }
}

/// What tells a file from another one that was put in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Identity(u64, u64, i64, i64);

impl Identity {
    #[cfg(unix)]
    fn of(metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        Self(metadata.dev(), metadata.ino(), metadata.ctime(), metadata.ctime_nsec())
    }

    #[cfg(not(unix))]
    fn of(_: &Metadata) -> Self {
        Self(0, 0, 0, 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes a file that was last changed so long ago, and reads its stamp.
    fn written(path: &Path, text: &str, age: Duration) -> Stamp {
        fs::write(path, text).unwrap();
        let file = fs::File::options().append(true).open(path).unwrap();
        file.set_modified(SystemTime::now() - age).unwrap();
        read(path).unwrap().1
    }

    #[test]
    fn a_file_is_the_same_only_where_a_change_would_show() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.md");
        let settled = written(&path, "one", Duration::from_secs(60));
        assert!(settled.holds(&path));
        // Whoever writes it again now may leave it with the very time of the last change.
        let fresh = written(&path, "one", Duration::ZERO);
        assert!(!fresh.holds(&path) && !settled.holds(&path));
        // The time and the length may be the same though the file is another one.
        fs::rename(&path, folder.path().join("b.md")).unwrap();
        let other = written(&path, "two", Duration::from_secs(60));
        assert!(other.holds(&path) && !settled.holds(&path));
        fs::remove_file(&path).unwrap();
        assert!(!other.holds(&path));
    }

    #[test]
    fn what_says_the_same_is_the_same_source() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.md");
        let files = Files::keeping();
        let text = || files.text(&path, "content/a.md").unwrap();
        written(&path, "\u{FEFF}one", Duration::ZERO);
        let first = text();
        assert_eq!(first.text(), "one");
        written(&path, "one", Duration::from_secs(60));
        assert!(Arc::ptr_eq(&first, &text()));
        assert!(!Arc::ptr_eq(&first, &files.text(&path, "content/b.md").unwrap()));
        written(&path, "two", Duration::from_secs(60));
        assert_eq!(text().text(), "two");
        let last = text();
        files.forget_unread();
        assert!(Arc::ptr_eq(&last, &text()));
        files.forget_unread();
        files.forget_unread();
        assert!(!Arc::ptr_eq(&last, &text()));
    }
}
