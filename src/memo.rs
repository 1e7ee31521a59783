//! Results kept by what they were made of.
//!
//! The preview makes a whole site of a whole snapshot each time a file changes. What was made of
//! content that has been seen before is not made again: it is found under the hash of that content.
//! Names, times and places play no part, so a branch that is switched back costs nothing.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The hash of a content.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key([u8; 32]);

impl Key {
    /// The key of several parts together. Where one ends and the next begins counts.
    pub fn of(parts: &[&[u8]]) -> Self {
        // Of what is in one piece many chunks are hashed at once.
        let length = parts.iter().map(|part| size_of::<u64>() + part.len()).sum();
        let mut all = Vec::with_capacity(length);
        for part in parts {
            all.extend_from_slice(&(part.len() as u64).to_le_bytes());
            all.extend_from_slice(part);
        }
        Self(blake3::hash(&all).into())
    }

    /// It as text: enough of it to tell two pages apart.
    pub fn hex(&self) -> String {
        blake3::Hash::from(self.0).to_hex()[..32].to_owned()
    }

    /// Its bytes, to make a key of keys.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Results by the keys of what they were made of.
///
/// Pure functions alone belong in here: whoever finds a result must not be able to tell that it was
/// made earlier.
#[derive(Debug)]
pub struct Memo<V> {
    kept: Mutex<HashMap<Key, Kept<V>>>,
    round: u64,
}

#[derive(Debug)]
struct Kept<V> {
    value: Arc<V>,
    /// The last round in which somebody asked for it.
    round: u64,
}

impl<V> Default for Memo<V> {
    fn default() -> Self {
        Self { kept: Mutex::new(HashMap::new()), round: 0 }
    }
}

impl<V> Memo<V> {
    /// The result for a key, made if it is not there yet. Two threads that ask for the same at the
    /// same time may both make it.
    pub fn get(&self, key: Key, make: impl FnOnce() -> V) -> Arc<V> {
        if let Some(kept) = self.lock().get_mut(&key) {
            kept.round = self.round;
            return Arc::clone(&kept.value);
        }
        let value = Arc::new(make());
        let kept = Kept { value: Arc::clone(&value), round: self.round };
        self.lock().insert(key, kept);
        value
    }

    /// Begins a new round, and forgets what nobody has asked for in the last one or the one before:
    /// a file that is gone for a moment, as while a branch is switched, comes back for free.
    pub fn next_round(&mut self) {
        let oldest = self.round.saturating_sub(1);
        self.lock().retain(|_, kept| kept.round >= oldest);
        self.round += 1;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Key, Kept<V>>> {
        // A value is whole or not there, whatever a thread that panicked was doing.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_is_made_once_as_long_as_it_is_asked_for() {
        let mut memo = Memo::default();
        let key = Key::of(&[b"a"]);
        assert_eq!(*memo.get(key, || 1), 1);
        assert_eq!(*memo.get(key, || 2), 1);
        // One round without it is forgiven.
        memo.next_round();
        memo.next_round();
        assert_eq!(*memo.get(key, || 3), 1);
        for _ in 0..3 {
            memo.next_round();
        }
        assert_eq!(*memo.get(key, || 4), 4);
    }

    #[test]
    fn a_key_says_where_its_parts_end() {
        assert_ne!(Key::of(&[b"a", b"bc"]), Key::of(&[b"ab", b"c"]));
        assert_ne!(Key::of(&[b"a"]), Key::of(&[b"a", b""]));
    }
}
