//! Waiting for files to change: told by the system, or by looking again and again where it can't
//! tell.

use notify::event::{AccessKind, AccessMode, ModifyKind, RenameMode};
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// How long nothing must happen before what happened is taken for one change. An editor that saves
/// a file writes, renames and removes within this time.
const QUIET: Duration = Duration::from_millis(5);

/// How long changes are gathered if they go on and on, as when a branch is switched.
const LONGEST_GATHERING: Duration = Duration::from_millis(100);

/// How often files are looked at where nobody tells of changes.
const POLLING: Duration = Duration::from_secs(1);

/// What has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Something at these paths.
    Paths(BTreeSet<PathBuf>),
    /// Possibly anything.
    Anything,
}

/// Waits for changes in folders.
#[derive(Debug)]
pub struct Watcher {
    told: Option<Told>,
}

#[derive(Debug)]
struct Told {
    watcher: RecommendedWatcher,
    events: Receiver<notify::Result<notify::Event>>,
    /// What was last asked for, unless some of it was lost since.
    wanted: Option<BTreeSet<PathBuf>>,
    watched: BTreeSet<PathBuf>,
}

/// Why the system does not tell of changes.
pub type WhyPolling = String;

impl Watcher {
    /// A watcher for a site in a folder. With `poll` it does not rely on the system.
    pub fn new(site: &Path, poll: bool) -> (Self, Option<WhyPolling>) {
        if poll {
            return (Self { told: None }, Some("as --poll asks for".to_owned()));
        }
        if let Some(kind) = remote_file_system(site) {
            let why = format!("since it lies on a file system of another machine ({kind})");
            return (Self { told: None }, Some(why));
        }
        let (sender, events) = channel();
        // Nobody listens any more when the preview ends.
        let tell = move |event| drop(sender.send(event));
        match notify::recommended_watcher(tell) {
            Ok(watcher) => {
                let told = Told { watcher, events, wanted: None, watched: BTreeSet::new() };
                (Self { told: Some(told) }, None)
            }
            Err(error) => (Self { told: None }, Some(why(&error))),
        }
    }

    /// Watches these folders and no others. Of one that is not there, the nearest folder above is
    /// watched. True if some were not watched before: what happened in them until now was not seen.
    ///
    /// # Errors
    ///
    /// The system can't watch so many; from now on the watcher looks by itself.
    pub fn watch(&mut self, folders: &BTreeSet<PathBuf>) -> Result<bool, WhyPolling> {
        let Some(told) = &mut self.told else { return Ok(false) };
        if told.wanted.as_ref() == Some(folders) {
            return Ok(false);
        }
        let there: BTreeSet<PathBuf> = folders
            .iter()
            .filter_map(|folder| folder.ancestors().find(|above| above.is_dir()))
            .map(Path::to_owned)
            .collect();
        for gone in told.watched.difference(&there) {
            // It may be gone from the disk as well, and then is no longer watched anyway.
            let _ = told.watcher.unwatch(gone);
        }
        let mut any_new = false;
        for folder in there.difference(&told.watched) {
            any_new = true;
            match told.watcher.watch(folder, RecursiveMode::NonRecursive) {
                Ok(()) => {}
                // It has gone in this very moment, which the folder above tells of.
                Err(error) if is_gone(&error) => {}
                Err(error) => {
                    self.told = None;
                    return Err(why(&error));
                }
            }
        }
        // One that is not there yet is asked for again when something happens above it.
        told.wanted = folders.is_subset(&there).then(|| folders.clone());
        told.watched = there;
        Ok(any_new)
    }

    /// Forgets that a folder was watched, since it is gone: one that is made again in its place is
    /// another one.
    fn lost(&mut self, path: &Path) {
        let Some(told) = &mut self.told else { return };
        let (lost, kept) = told.watched.iter().cloned().partition(|at| at.starts_with(path));
        let lost: BTreeSet<PathBuf> = lost;
        for folder in &lost {
            let _ = told.watcher.unwatch(folder);
            told.wanted = None;
        }
        told.watched = kept;
    }

    /// Waits for the next change.
    pub fn next(&mut self) -> Change {
        let Some(told) = &self.told else {
            std::thread::sleep(POLLING);
            return Change::Anything;
        };
        let mut gathered = Gathered::default();
        while gathered.is_empty() {
            match told.events.recv() {
                Ok(event) => gathered.add(event),
                // The system has stopped telling.
                Err(_) => gathered.anything = true,
            }
        }
        let until = Instant::now() + LONGEST_GATHERING;
        while Instant::now() < until {
            match told.events.recv_timeout(QUIET) {
                Ok(event) => gathered.add(event),
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => {
                    self.told = None;
                    return Change::Anything;
                }
            }
        }
        let watched = self.told.as_ref().map(|told| &told.watched);
        let lost: Vec<_> = gathered
            .removed
            .iter()
            .filter(|path| watched.is_some_and(|watched| watched.contains(*path)))
            .collect();
        for path in lost {
            self.lost(path);
        }
        if gathered.anything { Change::Anything } else { Change::Paths(gathered.paths) }
    }
}

/// What the events of a change say together.
#[derive(Debug, Default)]
struct Gathered {
    paths: BTreeSet<PathBuf>,
    removed: BTreeSet<PathBuf>,
    anything: bool,
}

impl Gathered {
    fn is_empty(&self) -> bool {
        self.paths.is_empty() && !self.anything
    }

    fn add(&mut self, event: notify::Result<notify::Event>) {
        let Ok(event) = event else {
            self.anything = true;
            return;
        };
        if event.need_rescan() {
            self.anything = true;
        }
        match event.kind {
            // Reading is no change; our own reading is told of as well.
            EventKind::Access(AccessKind::Close(AccessMode::Write)) => {}
            EventKind::Access(_) => return,
            EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(RenameMode::From)) => {
                self.removed.extend(event.paths.iter().cloned());
            }
            _ => {}
        }
        self.paths.extend(event.paths);
    }
}

fn is_gone(error: &notify::Error) -> bool {
    match &error.kind {
        notify::ErrorKind::PathNotFound => true,
        notify::ErrorKind::Io(error) => error.kind() == std::io::ErrorKind::NotFound,
        _ => false,
    }
}

/// What the system says, in words for people.
fn why(error: &notify::Error) -> WhyPolling {
    match &error.kind {
        notify::ErrorKind::MaxFilesWatch => {
            "since the system watches no more folders (on Linux `fs.inotify.max_user_watches` \
             sets how many)"
                .to_owned()
        }
        notify::ErrorKind::Io(error) => {
            format!("since the system does not tell of changes: {}", crate::failure::why(error))
        }
        _ => format!("since the system does not tell of changes: {error}"),
    }
}

/// The kind of the file system that a folder lies on, if that is one on which changes made elsewhere
/// are not told of.
fn remote_file_system(folder: &Path) -> Option<String> {
    let mounts = std::fs::read_to_string("/proc/self/mountinfo").ok()?;
    let folder = folder.canonicalize().ok()?;
    let (_, kind) = mounts
        .lines()
        .filter_map(mount)
        .filter(|(point, _)| folder.starts_with(point))
        .max_by_key(|(point, _)| point.as_os_str().len())?;
    is_remote(kind).then(|| kind.to_owned())
}

/// Where a line of `/proc/self/mountinfo` says that something is mounted, and of what kind it is
/// (proc(5)).
fn mount(line: &str) -> Option<(PathBuf, &str)> {
    let (before, after) = line.split_once(" - ")?;
    let point = before.split(' ').nth(4)?.replace("\\040", " ");
    Some((PathBuf::from(point), after.split(' ').next()?))
}

fn is_remote(kind: &str) -> bool {
    const KINDS: [&str; 14] = [
        "9p",
        "afs",
        "ceph",
        "cifs",
        "davfs",
        "glusterfs",
        "lustre",
        "nfs",
        "nfs4",
        "prl_fs",
        "smb3",
        "smbfs",
        "vboxsf",
        "virtiofs",
    ];
    KINDS.contains(&kind) || kind.starts_with("fuse.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn mounts_are_read() {
        let line = "36 35 98:0 /mnt1 /mnt/my\\040share rw,noatime master:1 - nfs4 host:/x rw";
        assert_eq!(mount(line), Some((PathBuf::from("/mnt/my share"), "nfs4")));
        for (kind, remote) in [("ext4", false), ("fuseblk", false), ("fuse.sshfs", true)] {
            assert_eq!(is_remote(kind), remote, "{kind}");
        }
    }

    #[test]
    fn changes_are_told_of_in_folders_that_come_and_go() {
        let site = tempfile::tempdir().unwrap();
        let (mut watcher, why_polling) = Watcher::new(site.path(), false);
        assert_eq!(why_polling, None);
        let content = site.path().join("content");
        let folders = BTreeSet::from([site.path().to_owned(), content.clone()]);
        assert_eq!(watcher.watch(&folders), Ok(true));
        fs::create_dir(&content).unwrap();
        let Change::Paths(paths) = watcher.next() else { panic!("nothing was lost") };
        assert!(paths.contains(&content), "{paths:?}");
        assert_eq!(watcher.watch(&folders), Ok(true));
        for round in 0..2 {
            let page = content.join("a.md");
            fs::write(&page, round.to_string()).unwrap();
            let Change::Paths(paths) = watcher.next() else { panic!("nothing was lost") };
            assert!(paths.contains(&page), "{paths:?}");
            fs::remove_dir_all(&content).unwrap();
            fs::create_dir(&content).unwrap();
            let _ = watcher.next();
            assert_eq!(watcher.watch(&folders), Ok(true), "it is another folder now");
        }
    }
}
