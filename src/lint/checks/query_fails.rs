//! A carrier refuses a query of a runbook.
//!
//! A query may be well written and still fail: a function is newer than the carrier, the two sides of
//! an operator do not match one to one, it takes too long. At three in the morning that is too late to
//! learn. Asked by `alertbook check --live` alone.
//!
//! Holes are filled with something harmless, so it is the query itself that fails.
//!
//! # Example
//!
//! ```promql
//! sort_by_label(worker_drain_failures, "workerID")
//! ```
//!
//! A Prometheus 2.42 knows no function of this name.
//!
//! # To fix it
//!
//! Try the query on the carrier that the finding names, and write one that all of them answer.

use super::{Check, Needs, Run};
use crate::diag::wording::on_one_line;
use crate::diag::{Diagnostic, Severity};
use crate::lint::wording::carriers;
use crate::site::Site;
use std::collections::HashMap;

pub const CHECK: Check = Check {
    name: "query-fails",
    severity: Severity::Error,
    needs: Needs::Carriers,
    run: Run::Site(run),
};

/// How many other places of a query are shown.
const MOST_RELATED: usize = 5;

fn run(site: &Site) -> Vec<Diagnostic> {
    let mut refusals: HashMap<&str, Vec<(usize, &str)>> = HashMap::new();
    for (carrier, answer) in site.live.iter().flat_map(|live| &live.answers).enumerate() {
        for refused in &answer.refused {
            let refusal = (carrier, refused.message.as_str());
            refusals.entry(refused.query.as_str()).or_default().push(refusal);
        }
    }
    if refusals.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<Diagnostic> = Vec::new();
    let mut reported: HashMap<String, usize> = HashMap::new();
    let snippets = site.pages.iter().flat_map(|page| &page.runbook.snippets);
    for query in snippets.flat_map(|snippet| &snippet.queries) {
        let Some(text) = query.filled() else { continue };
        if let Some(first) = reported.get(&text) {
            if found[*first].related.len() < MOST_RELATED {
                found[*first].relate(query.span.clone(), "also here");
            }
            continue;
        }
        let Some([(carrier, message), others @ ..]) =
            refusals.get(text.as_str()).map(Vec::as_slice)
        else {
            continue;
        };
        let some: Vec<usize> =
            [*carrier].into_iter().chain(others.iter().map(|(carrier, _)| *carrier)).collect();
        let verb = if some.len() == 1 { "refuses" } else { "refuse" };
        let message = format!("{} {verb} the query: {}", carriers(site, &some), said(message));
        let mut diagnostic = Diagnostic::new(CHECK.name, query.span.clone(), message);
        if !query.placeholders.is_empty() {
            diagnostic.help = Some(format!("it was asked as `{}`", on_one_line(&text)));
        }
        reported.insert(text, found.len());
        found.push(diagnostic);
    }
    found
}

/// What a carrier said, without what it says of every query.
fn said(message: &str) -> String {
    const LONGEST: usize = 200;
    let message = message.strip_prefix("invalid parameter \"query\": ").unwrap_or(message);
    let mut message = on_one_line(message);
    if let Some((end, _)) = message.char_indices().nth(LONGEST) {
        message.truncate(end);
        message.push('…');
    }
    message
}
