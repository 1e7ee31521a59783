//! Which of the names in the rows of an alert table are meant.
//!
//! A cell that names an alert says more beside it: a severity, a team, a link to a dashboard. So where
//! one part of a cell is the name of a rule, or a letter off one, another part that is none is taken
//! for an alert that is gone only if it is written in the same way: in code or as a link as the other
//! is, in the same kind of letters. Elsewhere a header that says `Alert` is enough.

use super::Claim;
use crate::runbook::{AlertTable, KnownBy, NamedAlert, is_shaped};
use std::sync::Arc;

/// A name in a row, with what the row would claim by it.
type Named<'t> = (&'t NamedAlert, Arc<Claim>);

/// What the rows of an alert table claim. `claim` is the claim that a row would make by a name, and
/// `is_near` tells whether a name is a letter off that of a rule.
pub(super) fn claims(
    table: &AlertTable,
    claim: &dyn Fn(usize, &NamedAlert) -> Arc<Claim>,
    is_near: &dyn Fn(&str) -> bool,
) -> Vec<Arc<Claim>> {
    let rows = table.rows.iter().enumerate().map(|(row, it)| {
        let by_phrase = it.phrase.as_ref().map(|phrase| claim(row, phrase));
        let by_names = it.alerts.iter().map(|named| (named, claim(row, named)));
        (by_phrase, by_names.collect::<Vec<Named<'_>>>())
    });
    let rows: Vec<(Option<Arc<Claim>>, Vec<Named<'_>>)> = rows.collect();
    // One name that a rule has says of the whole column that it holds names; that it holds phrases
    // which are names takes half of them, since prose stands in such columns as well.
    let is_known = rows.iter().any(|(_, names)| names.iter().any(|(_, claim)| is_raised(claim)));
    let phrases = || rows.iter().filter_map(|(phrase, _)| phrase.as_ref());
    let raised = phrases().filter(|claim| is_raised(claim)).count();
    let are_phrases = raised > 0 && raised * 2 >= phrases().count();
    let of_row = |(by_phrase, by_names): (Option<Arc<Claim>>, Vec<Named<'_>>)| {
        let has_name = by_names.iter().any(|(_, claim)| is_raised(claim));
        match by_phrase {
            Some(claim) if is_raised(&claim) || (are_phrases && !has_name) => vec![claim],
            Some(claim)
                if !has_name
                    && is_prose(&claim.name)
                    && !by_names.iter().any(|(named, _)| is_near(&named.name)) =>
            {
                Vec::new()
            }
            by_phrase => {
                // Where there are no blanks, the whole is the first name found.
                let whole = by_phrase.as_ref().or(by_names.first().map(|(_, claim)| claim));
                let is_list = whole.is_some_and(|whole| is_list(&whole.name, &by_names));
                of_names(&by_names, is_list, is_known, is_near)
            }
        }
    };
    rows.into_iter().flat_map(of_row).collect()
}

/// Whether a cell of several parts is no list of names: `PostgreSQL / MySQL down`. A remark in brackets is
/// no part of a name, and behind a comma there may be a sentence about the name before it.
fn is_prose(text: &str) -> bool {
    let is_parted = text.contains(['/', '、', '&']);
    let parts = || text.split(['/', '、', '&', ',', '，', ';', '；']).map(str::trim);
    let has_words = |part: &str| {
        let mut words = part.split_whitespace();
        let first = words.next().unwrap_or_default();
        let has_more = words.next().is_some_and(|word| !word.starts_with(['(', '[']));
        has_more && (is_parted || is_shaped(first))
    };
    parts().nth(1).is_some() && parts().any(has_words)
}

/// Whether a cell is nothing but names with commas between them.
fn is_list(text: &str, names: &[Named<'_>]) -> bool {
    let mut parts = text.split([',', '，', '、', ';', '；']).map(str::trim);
    names.len() > 1
        && parts.all(|part| is_shaped(part) && names.iter().any(|(named, _)| named.name == part))
}

fn is_raised(claim: &Claim) -> bool {
    !claim.alerts.is_empty()
}

/// What a row claims by the names in it. `is_list` says whether its cell is nothing but names, and
/// `is_known` whether its column holds names of rules.
fn of_names(
    names: &[Named<'_>],
    is_list: bool,
    is_known: bool,
    is_near: &dyn Fn(&str) -> bool,
) -> Vec<Arc<Claim>> {
    let groups = names.chunk_by(|_, (named, _)| named.known_by == KnownBy::Part);
    let wholes_or_parts = groups.flat_map(|group| match group {
        [whole, parts @ ..] if are_parts_meant(whole, parts, is_near) => parts,
        [whole, ..] => std::slice::from_ref(whole),
        [] => &[],
    });
    let mut kept: Vec<&Named<'_>> = wholes_or_parts.collect();
    kept.retain(|(named, claim)| match named.known_by {
        _ if is_raised(claim) => true,
        KnownBy::Itself => true,
        KnownBy::Part => is_shaped(&named.name),
        KnownBy::Column => is_known,
        KnownBy::Rule => is_shaped(&named.name) && is_near(&named.name),
    });
    if kept.len() > 1 && kept.iter().any(|(_, claim)| !is_raised(claim)) {
        let is_meant = |(named, claim): &Named<'_>| is_raised(claim) || is_near(&named.name);
        let meant: Vec<bool> = kept.iter().map(|it| is_meant(it)).collect();
        let models: Vec<&NamedAlert> =
            kept.iter().zip(&meant).filter(|(_, is)| **is).map(|((named, _), _)| *named).collect();
        let is_one = |named: &NamedAlert| match models.as_slice() {
            // Nothing says that one of them is an alert but the column.
            [] => true,
            models => models
                .iter()
                .any(|model| (is_list || !model.dress.is_plain()) && is_alike(named, model)),
        };
        let mut meant = meant.into_iter();
        kept.retain(|(named, _)| meant.next() == Some(true) || is_one(named));
    }
    // A name that is there twice, once as a part of another, is one.
    let mut claims: Vec<Arc<Claim>> = Vec::new();
    for (named, claim) in kept {
        let is_another = || claims.iter().all(|known| known.alerts != claim.alerts);
        if named.known_by != KnownBy::Rule || is_another() {
            claims.push(Arc::clone(claim));
        }
    }
    claims
}

/// Whether the parts of a name are names, rather than the whole.
fn are_parts_meant(
    (named, whole): &Named<'_>,
    parts: &[Named<'_>],
    is_near: &dyn Fn(&str) -> bool,
) -> bool {
    let is_joint = |it: char| it.is_alphanumeric() || "_-./|&+".contains(it) || !it.is_ascii();
    let are_shaped =
        || named.name.chars().all(is_joint) && parts.iter().all(|(part, _)| is_shaped(&part.name));
    let is_near = |name: &str| is_shaped(name) && is_near(name);
    !is_raised(whole)
        && !parts.is_empty()
        && (parts.iter().any(|(_, part)| is_raised(part))
            || are_shaped()
            || !is_near(&named.name) && parts.iter().any(|(part, _)| is_near(&part.name)))
}

/// Whether a name is written as another one: dressed like it, and in the same kind of letters.
fn is_alike(named: &NamedAlert, model: &NamedAlert) -> bool {
    let has_capital = |name: &str| name.contains(char::is_uppercase);
    named.dress == model.dress
        && is_shaped(&named.name)
        && has_capital(&named.name) == has_capital(&model.name)
}
