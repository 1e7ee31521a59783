//! What to say about a path to data that leads nowhere: where it goes wrong, and what was meant; and
//! about what Jekyll fills in or runs, and nobody does here.

use super::data::{Place, Step, UNKNOWN_DATA};
use super::expression::{Expression, Key, Operand, Segment};
use super::marks::Mark;
use crate::diag::Diagnostic;
use crate::diag::suggest::nearest;
use crate::source::{Source, Span};
use std::ops::Range;
use std::sync::Arc;

/// The name of the check for what Jekyll's Liquid knows and this one does not.
pub const UNKNOWN_LIQUID: &str = "unknown-liquid";

/// The tags of Jekyll that begin something, in alphabetical order. What they are followed by needs
/// no finding of its own; other tags are those of other languages.
const TAGS: [&str; 15] = [
    "assign",
    "case",
    "cycle",
    "decrement",
    "for",
    "highlight",
    "if",
    "include",
    "include_cached",
    "include_relative",
    "increment",
    "link",
    "post_url",
    "tablerow",
    "unless",
];

/// How many places are looked at to find a path in which a level was left out.
const MOST_PLACES: usize = 10_000;

/// How many names a help text lists.
const MOST_NAMES: usize = 6;

/// The finding about a path below `site.data` in a site that has no data folder.
pub(super) fn no_data_folder(source: &Arc<Source>, first: &Segment) -> Diagnostic {
    let message = format!("there is no data at `{}`", shown(std::slice::from_ref(first)));
    Diagnostic::new(UNKNOWN_DATA, Span::new(source, first.range.clone()), message)
        .with_label("this site has no data folder")
        .with_help("name the folder in `alertbook.yaml`, such as `data: content/_data`")
}

/// The finding about a path, below `site.data`, whose segment at `wrong` is not to be found at the
/// place that the ones before it lead to.
pub(super) fn nowhere(
    source: &Arc<Source>,
    path: &[Segment],
    wrong: usize,
    parent: Place<'_>,
) -> Option<Diagnostic> {
    let (before, rest) = path.split_at_checked(wrong)?;
    let segment = rest.first()?;
    let upto = path.get(..=wrong)?;
    let message = format!("there is no data at `{}`", shown(upto));
    let span = Span::new(source, segment.range.clone());
    let found = Diagnostic::new(UNKNOWN_DATA, span, message).with_label(label(segment, parent));
    if let Some(near) = respelled(before, rest, parent) {
        let help = format!("did you mean `{}`?", near.path);
        let found = found.with_help(help);
        let here = format!("`{}` is here", near.name);
        return Some(match near.span {
            Some(span) => found.with_related(span.clone(), here),
            None => found,
        });
    }
    let meant = left_out(before, rest, parent).or_else(|| {
        // There is something right above, and no name can be below it.
        let is_text = parent.names().is_empty() && parent.text().is_some();
        (is_text && segment.key.name().is_some()).then(|| shown(before))
    });
    Some(match meant {
        Some(path) => found.with_help(format!("did you mean `{path}`?")),
        None => match contents(parent) {
            Some(contents) => found.with_help(format!("`{}` has {contents}", shown(before))),
            None => found,
        },
    })
}

/// The finding about a path, below `site.data`, to something that can't be put into a text.
pub(super) fn no_text(
    source: &Arc<Source>,
    path: &[Segment],
    place: Place<'_>,
) -> Option<Diagnostic> {
    let last = path.last()?;
    let message = format!("`{}` is {}, not a text", shown(path), place.kind());
    let found = Diagnostic::new(UNKNOWN_DATA, Span::new(source, last.range.clone()), message);
    Some(match (contents(place), place.items()) {
        (_, [_, ..]) => {
            found.with_help(format!("name an item and what of it, such as `{}[0]`", shown(path)))
        }
        (Some(contents), []) => {
            found.with_help(format!("go on with one of what it has: {contents}"))
        }
        (None, []) => found,
    })
}

/// The finding about a tag that Jekyll runs.
pub(super) fn tag(source: &Arc<Source>, mark: &Mark, name: &str) -> Option<Diagnostic> {
    TAGS.binary_search(&name).ok()?;
    let message = format!("the tag `{name}` of Liquid is not run here, but shown as text");
    Some(
        Diagnostic::new(UNKNOWN_LIQUID, Span::new(source, mark.range.clone()), message)
            .with_help("write what it stands for, or put it between the tags `raw` and `endraw`"),
    )
}

/// The finding about one of two tags that belong together, without the other. What stands behind the
/// name of the tag is `rest`.
pub(super) fn unpaired(
    source: &Arc<Source>,
    mark: &Mark,
    name: &str,
    rest: &str,
) -> Option<Diagnostic> {
    const PAIRED: [&str; 3] = ["raw", "comment", "capture"];
    let opened = name.strip_prefix("end").unwrap_or(name);
    // Only the name of a text stands behind one of them.
    let is_sound = match name {
        "capture" => !rest.is_empty() && !rest.contains(char::is_whitespace),
        _ => rest.is_empty(),
    };
    if !PAIRED.contains(&opened) || !is_sound {
        return None;
    }
    let (message, help) = if opened == name {
        (
            format!("the tag `{name}` of Liquid is never closed, and shown as text"),
            format!("write `{{% end{name} %}}` behind what it is for, or delete it"),
        )
    } else {
        (
            format!("the tag `{name}` of Liquid closes nothing, and is shown as text"),
            format!("write the tag `{opened}` before it, or delete it"),
        )
    };
    let span = Span::new(source, mark.range.clone());
    Some(Diagnostic::new(UNKNOWN_LIQUID, span, message).with_help(help))
}

/// The finding about a value of Jekyll's, at `range` with its braces, that is not known, or has a
/// filter that is not. What other programs fill in has none, nor has data: that is another check's.
pub(super) fn output(
    source: &Arc<Source>,
    expression: &Expression,
    range: Range<usize>,
    is_known: bool,
) -> Option<Diagnostic> {
    let Operand::Path(path) = &expression.value else { return None };
    let name = |index: usize| path.get(index).and_then(|segment| segment.key.name());
    let (message, help) = match (name(0), name(1)) {
        _ if is_known => (
            "a filter here is not known, so that the value is not filled in".to_owned(),
            "write the value without it, or what is to be shown",
        ),
        (Some("page"), Some(key)) => (
            format!("this page has no text `{key}` to fill in"),
            "add it to the front matter, or write what is to be shown",
        ),
        (Some("site"), Some(key)) if key != "data" => (
            format!("a site has no text `{key}` to fill in"),
            "there are `site.title`, `site.url`, `site.baseurl` and what is below `site.data`",
        ),
        _ => return None,
    };
    let span = Span::new(source, range);
    Some(Diagnostic::new(UNKNOWN_LIQUID, span, message).with_help(help))
}

/// A path as it would be written.
fn shown(below_data: &[Segment]) -> String {
    let mut path = "site.data".to_owned();
    for segment in below_data {
        segment.key.write(&mut path);
    }
    path
}

fn label(segment: &Segment, parent: Place<'_>) -> String {
    match (parent, parent.file()) {
        (Place::Level(_), _) => "no data file or folder of this name".to_owned(),
        (_, Some(file)) if !parent.names().is_empty() => format!("not in `{file}`"),
        _ if !parent.items().is_empty() && segment.key.name().is_some() => {
            "this is below a list, whose items have numbers".to_owned()
        }
        _ => match parent.items().len() {
            0 => format!("this is below {}", parent.kind()),
            1 => "the list has 1 item".to_owned(),
            length => format!("the list has {length} items"),
        },
    }
}

/// A path that was probably meant.
struct Near<'d> {
    path: String,
    /// The name that was meant by the one that is wrong, and where it is written.
    name: &'d str,
    span: Option<&'d Span>,
}

/// The path in which names that are wrong are replaced by the nearest ones, as far as there are
/// such.
fn respelled<'d>(before: &[Segment], rest: &[Segment], parent: Place<'d>) -> Option<Near<'d>> {
    let mut near: Option<Near<'d>> = None;
    let mut place = parent;
    for segment in rest {
        let mut key = segment.key.clone();
        let mut next = place.step(&key);
        if let Step::Nowhere = next
            && let Some(name) = segment.key.name()
            && let Some(name) = nearest(name, place.names())
        {
            key = Key::Name(name.to_owned());
            next = place.step(&key);
            let span = place.name_span(name);
            near.get_or_insert_with(|| Near { path: shown(before), name, span });
        }
        let (Step::To(next), Some(near)) = (next, &mut near) else { break };
        key.write(&mut near.path);
        place = next;
    }
    near
}

/// The path that has a level or more between what is right and what seems wrong, if there is just
/// one that leads to a text.
fn left_out(before: &[Segment], rest: &[Segment], parent: Place<'_>) -> Option<String> {
    let mut found = None;
    let mut places = vec![(parent, shown(before))];
    let mut looked_at = 0;
    while let Some((place, path)) = places.pop() {
        for name in place.names() {
            looked_at += 1;
            if looked_at > MOST_PLACES {
                return None;
            }
            let key = Key::Name(name.to_owned());
            let Step::To(next) = place.step(&key) else { continue };
            let mut path = path.clone();
            key.write(&mut path);
            if leads_to_text(next, rest) {
                if found.is_some() {
                    return None;
                }
                let mut path = path.clone();
                for segment in rest {
                    segment.key.write(&mut path);
                }
                found = Some(path);
            }
            places.push((next, path));
        }
    }
    found
}

fn leads_to_text(mut place: Place<'_>, path: &[Segment]) -> bool {
    for segment in path {
        match place.step(&segment.key) {
            Step::To(next) => place = next,
            Step::Nowhere | Step::Unreadable => return false,
        }
    }
    place.text().is_some()
}

/// The names that a place has, for people: the first few of them.
fn contents(place: Place<'_>) -> Option<String> {
    let names = place.names();
    let shown = names.iter().take(MOST_NAMES).map(|name| format!("`{name}`")).collect::<Vec<_>>();
    let more = names.len().saturating_sub(shown.len());
    match shown.split_last() {
        None => None,
        Some(_) if more > 0 => Some(format!("{} and {more} more", shown.join(", "))),
        Some((last, [])) => Some(last.clone()),
        Some((last, first)) => Some(format!("{} and {last}", first.join(", "))),
    }
}
