//! Words of a cell that stand for several names: `Disk{Full,Slow}`, `DiskFull/DiskSlow`.

use super::may_be_name;
use crate::markdown::Document;
use crate::runbook::{KnownBy, NamedAlert};

/// The names that one with alternatives stands for: `Foo{Bar,Baz}` for `FooBar` and `FooBaz`.
pub(super) fn expanded(named: NamedAlert) -> Vec<NamedAlert> {
    let alternatives = || {
        let (front, rest) = named.name.split_once('{')?;
        let (inside, behind) = rest.split_once('}')?;
        let is_name =
            |it: &str| (!front.is_empty() || !it.is_empty()) && !it.contains(char::is_whitespace);
        let all: Vec<&str> = inside.split([',', '|']).map(str::trim).collect();
        let are_names = all.len() > 1 && all.iter().all(|it| is_name(it));
        let name = |it: &&str| NamedAlert { name: format!("{front}{it}{behind}"), ..named.clone() };
        are_names.then(|| all.iter().map(name).collect())
    };
    alternatives().unwrap_or_else(|| vec![named])
}

/// A name, with the parts of it that may be names each: `DiskFull/DiskSlow`.
pub(super) fn with_parts(document: &Document, named: NamedAlert) -> Vec<NamedAlert> {
    const MARKS: [char; 4] = ['/', '|', '&', '+'];
    let source = document.source.text();
    let is_one = !named.name.contains(MARKS) || named.name.contains(char::is_whitespace);
    if is_one || source.get(named.range.clone()) != Some(&named.name) {
        return vec![named];
    }
    let mut found = vec![named];
    let mut at = found[0].range.start;
    for part in source[found[0].range.clone()].split(MARKS) {
        let (name, range) = (part.to_owned(), at..at + part.len());
        at = range.end + 1;
        if may_be_name(part) {
            found.push(NamedAlert { name, range, known_by: KnownBy::Part });
        }
    }
    found
}
