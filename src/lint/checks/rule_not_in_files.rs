//! A carrier has loaded rules that no rule file of the site has.
//!
//! They page people as well, and nothing here says what to do then. Asked by `alertbook check --live`
//! alone.
//!
//! # Example
//!
//! An alert was deleted from its file, and the carrier has not been reloaded since:
//!
//! ```text
//! the carrier `prod-dal10/carrier3` has loaded the rule `WorkerGone`, which no file has
//! ```
//!
//! # To fix it
//!
//! Name their file under `rules`, or delete what was forgotten on the carrier. Where carriers load
//! rules of other teams, turn the check off.

use super::{Check, Needs, Run};
use crate::diag::{Diagnostic, Severity};
use crate::lint::loaded;
use crate::lint::wording::{carriers, listed};
use crate::rules::Rule;
use crate::site::Site;
use std::collections::BTreeMap;

pub const CHECK: Check = Check {
    name: "rule-not-in-files",
    severity: Severity::Note,
    needs: Needs::RulesAndCarriers,
    run: Run::Site(run),
};

fn run(site: &Site) -> Vec<Diagnostic> {
    let agreement = loaded::compare(site).unwrap_or_default();
    // Carriers with the same rules too many are one finding.
    let mut alike: BTreeMap<Vec<&str>, (Vec<usize>, &Rule)> = BTreeMap::new();
    for (carrier, extra) in &agreement.extra {
        let Some(first) = extra.first() else { continue };
        let names: Vec<&str> = extra.iter().map(|rule| rule.name().as_str()).collect();
        alike.entry(names).or_insert_with(|| (Vec::new(), first)).0.push(*carrier);
    }
    let all = site.config.all_carriers();
    let findings = alike.into_iter().filter_map(|(mut names, (some, first))| {
        let place = all.get(*some.first()?)?.name.span().clone();
        let count = names.len();
        names.dedup();
        let what = if count == 1 {
            format!("the rule {}, which no file has", listed(&names))
        } else {
            format!("{count} rules that no file has: {}", listed(&names))
        };
        let verb = if some.len() == 1 { "has" } else { "have" };
        let message = format!("{} {verb} loaded {what}", carriers(site, &some));
        let found = Diagnostic::new(CHECK.name, place, message)
            .with_help("name the file under `rules`, if its runbooks belong here")
            .with_related(first.name().span().clone(), "the first of them");
        Some(found)
    });
    findings.collect()
}
