//! Where in an address a value would land; also where within the query of Prometheus that one of its
//! parameters holds: `…/graph?g0.expr=up%7Bpod%3D%22<pod>%22%7D`.

use super::Placeholder;
use super::context::Context;
use crate::promql::{self, HoleKind};
use percent_encoding::percent_decode_str;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// The placeholders of an address, in order and apart from each other; also those that an editor has
/// encoded: `?q=%3Cpod%3E`.
pub fn find_in_address(url: &str) -> Vec<Placeholder> {
    static ENCODED: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"%3[Cc][A-Za-z][\w-]*%3[Ee]").expect("a pattern"));
    let mut found = super::find(url);
    for encoded in ENCODED.find_iter(url) {
        let range = encoded.range();
        let name = &url[range.start + "%3C".len()..range.end - "%3E".len()];
        if found.iter().all(|it| it.range.end <= range.start || range.end <= it.range.start) {
            found.push(Placeholder { range, name: name.to_owned() });
        }
    }
    found.sort_by_key(|it| it.range.start);
    found
}

/// The contexts of the holes of an address; `holes` are in order and apart from each other.
pub fn in_address(url: &str, holes: &[Range<usize>]) -> Vec<Context> {
    let parts = |hole: &Range<usize>| Some((url.get(..hole.start)?, url.get(hole.end..)?));
    let context = |(before, behind)| between(before, behind);
    holes.iter().map(|hole| parts(hole).map_or(Context::Nowhere, context)).collect()
}

/// The context of a hole of an address, from what of the address stands before and behind it.
pub(super) fn between(before: &str, behind: &str) -> Context {
    match before.split_once("://") {
        // `https://<user>:<token>@<host>/`
        Some((_, rest)) if !rest.contains(['/', '?', '#']) => {
            let ends = |sign: char| sign.is_whitespace() || "/?#\"'".contains(sign);
            let is_user = behind.split(ends).next().is_some_and(|rest| rest.contains('@'));
            if is_user { Context::Url } else { Context::Host }
        }
        // Grafana's panes are JSON, and have queries in them.
        _ if parameter(before).is_some_and(|(name, _)| matches!(name, "panes" | "left")) => {
            Context::UrlPlain
        }
        _ => match in_expression(before, behind) {
            Some(kind) => Context::UrlOf(kind),
            None => Context::Url,
        },
    }
}

/// The parameter at the end of an address, and what there is of its value.
fn parameter(before: &str) -> Option<(&str, &str)> {
    before.get(before.rfind(['?', '&'])? + 1..)?.split_once('=')
}

/// What a hole is in the query of Prometheus that a parameter holds; `None` if it holds none, or if
/// the hole is all of it.
fn in_expression(before: &str, behind: &str) -> Option<HoleKind> {
    let (name, value) = parameter(before)?;
    let is_panel = name.strip_prefix('g').and_then(|rest| rest.strip_suffix(".expr"));
    let is_panel = is_panel.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    let is_api = before.contains("/api/v1/") && matches!(name, "query" | "match[]");
    if !is_panel && !is_api {
        return None;
    }
    let rest = behind.split(['&', '#', '"', '\'', ' ', '\t', '\n']).next().unwrap_or_default();
    let head = decoded(value);
    let text = format!("{head}<value>{}", decoded(rest));
    let holes: Vec<_> = super::find(&text).into_iter().map(|it| it.range).collect();
    if holes.first().is_some_and(|hole| *hole == (0..text.len())) {
        return None;
    }
    let kinds = promql::hole_kinds(&text, &holes);
    let found = kinds.into_iter().find(|(hole, _)| hole.start == head.len());
    // What can't be told is a part that no value may stand for.
    Some(found.map_or(HoleKind::Fragment, |(_, kind)| kind))
}

fn decoded(text: &str) -> String {
    let text = text.replace('+', " ");
    percent_decode_str(&text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoded_holes_are_found() {
        for (url, expected) in [
            ("https://k/?q=pod:%3Cpod%3E&ns=<ns>", &["pod", "ns"][..]),
            ("https://p/graph?g0.expr=up%7Bpod%3D%22%3cpod-name%3e%22%7D", &["pod-name"]),
            ("https://p/graph?g0.expr=up%3C5%20and%20x%3E3", &[]),
        ] {
            let names: Vec<_> = find_in_address(url).into_iter().map(|it| it.name).collect();
            assert_eq!(names, expected, "{url}");
        }
    }

    #[test]
    fn the_place_in_an_address_decides() {
        for (url, expected) in [
            ("https://<host>/a", "host"),
            ("https://a.<region>.example.com:<port>/", "host"),
            ("postgres://<user>:<password>@db/x", "url"),
            ("https://x@<host>:<port>/a@b", "host"),
            ("https://a/<x>", "url"),
            ("https://a?b=<x>", "url"),
            ("<page>.html", "url"),
            ("https://p/graph?g0.expr=up%7Bpod%3D%22<pod>%22%7D&g0.tab=0", "url:string"),
            ("https://p/graph?g0.tab=0&g0.expr=up%7Bpod%3D~%22<pod>.*%22%7D", "url:regex"),
            ("https://p/graph?g0.expr=<query>&g0.tab=0", "url"),
            ("https://p/api/v1/query?query=rate(a%5B<range>%5D)+%3E+1", "url:duration"),
            ("https://p/api/v1/query?query=up%7Ba%3D%22<x>%22%2Cb%3D'<y>'%7D", "url:string"),
            ("https://kibana/?query=pod:<x>", "url"),
            (
                "https://g/explore?panes=%7B%22expr%22%3A%22up%7Ba%3D%5C%22<x>%5C%22%7D%22%7D",
                "url:plain",
            ),
        ] {
            let holes: Vec<_> = super::super::find(url).into_iter().map(|it| it.range).collect();
            let found = in_address(url, &holes);
            let name = |it: &Context| it.name().replace("-single", "");
            assert!(
                !found.is_empty() && found.iter().all(|it| name(it) == expected),
                "{url}: {found:?}"
            );
        }
    }
}
