//! A carrier does not answer, or something else answers in its place.
//!
//! Nothing is known then about the rules that it has loaded, and whoever is on call may not reach it
//! either. Asked by `alertbook check --live` alone.
//!
//! # Example
//!
//! ```yaml
//! carriers:
//!   url: https://dashboard.example.com/{carrier}/prometheus
//!   names: [prod-dal10/carrier3, prod-dal10/carrier33] # there is no such carrier
//! ```
//!
//! # To fix it
//!
//! See whether the carrier runs, and whether `url` or `api` is its address. `token_env`, `ca`, `tenant`
//! and `timeout`, beside them, say how it is asked.

use super::{Check, Needs, Run};
use crate::diag::{Diagnostic, Severity};
use crate::site::{Site, Unanswered};

pub const CHECK: Check = Check {
    name: "carrier-unreachable",
    severity: Severity::Error,
    needs: Needs::Carriers,
    run: Run::Site(run),
};

fn run(site: &Site) -> Vec<Diagnostic> {
    let answers = site.live.iter().flat_map(|live| &live.answers);
    let mut found = Vec::new();
    for (carrier, answer) in site.config.all_carriers().iter().zip(answers) {
        let (what, unanswered) = match (&answer.rules, &answer.silence) {
            (Err(unanswered), _) => ("does not list its rules", unanswered),
            (Ok(_), Some(unanswered)) => ("did not run all queries", unanswered),
            (Ok(_), None) => continue,
        };
        let Unanswered { url, reason, help } = unanswered;
        let message = format!("the carrier `{}` {what}: {reason}", carrier.name);
        let mut diagnostic = Diagnostic::new(CHECK.name, carrier.name.span().clone(), message)
            .with_label(format!("asked at {url}"));
        diagnostic.help.clone_from(help);
        found.push(diagnostic);
    }
    found
}
