//! A carrier has not loaded a rule of the site.
//!
//! An alert that a carrier has not loaded pages nobody there, however good its runbook is. Asked by
//! `alertbook check --live` alone.
//!
//! Of two rules with the same name and labels in different files a carrier needs one: sites keep such
//! pairs for different kinds of carriers.
//!
//! # Example
//!
//! The alert `WorkerDrainFailed` stands in `rules/worker.yaml`, and the Prometheus of
//! `prod-dal10/carrier3` was never told of that file:
//!
//! ```text
//! the alert `WorkerDrainFailed` is not loaded on the carrier `prod-dal10/carrier3`
//! ```
//!
//! # To fix it
//!
//! See whether a `rule_files` of that Prometheus names the file, and whether it was reloaded since;
//! or take the rule out.

use super::{Check, Needs, Run};
use crate::diag::{Diagnostic, Severity};
use crate::lint::loaded;
use crate::lint::wording::{carriers, rule};
use crate::site::Site;
use crate::yaml::Text;

pub const CHECK: Check = Check {
    name: "rule-not-loaded",
    severity: Severity::Error,
    needs: Needs::RulesAndCarriers,
    run: Run::Site(run),
};

fn run(site: &Site) -> Vec<Diagnostic> {
    let agreement = loaded::compare(site).unwrap_or_default();
    let lacking = agreement.lacking.iter().map(|(missed, lacking)| {
        let whose = if lacking.len() == agreement.answering && lacking.len() > 1 {
            "any carrier".to_owned()
        } else {
            carriers(site, lacking)
        };
        let message = format!("{} is not loaded on {whose}", rule(missed));
        let mut found = Diagnostic::new(CHECK.name, missed.name().span().clone(), message)
            .with_help("does a `rule_files` of its Prometheus name the file, and was it reloaded?");
        found.alert = missed.alert_name().map(Text::to_string);
        found
    });
    lacking.collect()
}
