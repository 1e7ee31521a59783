//! A carrier has loaded a rule that is not the one of the file.
//!
//! Pages show the rule of the file: whoever reads there that an alert waits for ten minutes is misled
//! where the carrier waits for two. Asked by `alertbook check --live` alone.
//!
//! Expressions are compared as Prometheus evaluates them, durations by their length, labels and
//! annotations by their text. A rule is one finding, whichever carriers have it otherwise.
//!
//! # Example
//!
//! ```yaml
//! - alert: WorkerDrainFailed
//!   expr: changes(worker_drain_failures[5h]) > 3
//!   for: 10m # and 2m on the carrier
//! ```
//!
//! # To fix it
//!
//! Load the file on the carrier, or bring the file up to date.

use super::{Check, Needs, Run};
use crate::diag::wording::joined;
use crate::diag::{Diagnostic, Severity};
use crate::lint::loaded::{self, Difference, Variant};
use crate::lint::wording::{carriers, rule};
use crate::rules::Rule;
use crate::site::Site;
use crate::yaml::Text;

pub const CHECK: Check = Check {
    name: "rule-differs",
    severity: Severity::Error,
    needs: Needs::RulesAndCarriers,
    run: Run::Site(run),
};

fn run(site: &Site) -> Vec<Diagnostic> {
    let agreement = loaded::compare(site).unwrap_or_default();
    let differing = agreement.differing.iter();
    differing.filter_map(|(rule, variants)| diagnostic(site, rule, variants)).collect()
}

/// One finding for a rule, however many carriers have it otherwise.
fn diagnostic(site: &Site, here: &Rule, variants: &[Variant<'_>]) -> Option<Diagnostic> {
    let mut all: Vec<usize> = variants.iter().flat_map(|it| &it.carriers).copied().collect();
    all.sort_unstable();
    let mut fields: Vec<String> = Vec::new();
    for Difference { field, .. } in variants.iter().flat_map(|it| &it.differences) {
        if !fields.contains(field) {
            fields.push(field.clone());
        }
    }
    let first = variants.first()?.differences.first()?;
    let place = first.here.clone().unwrap_or_else(|| here.name().span().clone());
    let verb = if all.len() == 1 { "has" } else { "have" };
    let message =
        format!("{} {verb} {} with another {}", carriers(site, &all), rule(here), joined(&fields));
    let mut found = Diagnostic::new(CHECK.name, place, message)
        .with_help("load the file there, or bring it up to date");
    found.alert = here.alert_name().map(Text::to_string);
    for Variant { carriers: some, loaded, differences } in variants {
        let whose = carriers(site, some);
        for Difference { field, there, .. } in differences {
            if let Some(there) = there {
                found.relate(there.clone(), format!("{field} on {whose}"));
            } else {
                let place = loaded.name().span().clone();
                found.relate(place, format!("without {field} on {whose}"));
            }
        }
    }
    Some(found)
}
