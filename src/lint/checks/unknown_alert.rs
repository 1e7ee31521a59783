//! A runbook documents an alert that no rule raises.
//!
//! Alerts are renamed in the rules and forgotten in the tables. Whoever is paged by the new name
//! then finds no row for it, and the row that is there pages nobody.
//!
//! Raised by rows of alert tables, by `alerts:` in front matter, and by pages that are for a single
//! alert: called like their files, as `KubePodCrashLooping.md` with the title
//! `Kube Pod Crash Looping`, and built like the pages of alerts that exist, with sections such as
//! *Meaning* and *Impact*; or with a name that is a letter off one of the rules. Example alerts, headings and code
//! raise nothing, nor does a table below a mere `Alert` none of whose names is or
//! was a rule's, if they are written otherwise than the rules' or a heading says that the alerts are not
//! in use or are another product's.
//!
//! # Example
//!
//! ```markdown
//! | Alert | Info |
//! |-------|------|
//! | `DiskFul` | A disk is full. |
//! ```
//!
//! where the rule is called `DiskFull`.
//!
//! # To fix it
//!
//! Write the name that the rule has now, or delete the row if the alert is gone.

use super::{Check, Needs, Run};
use crate::diag::fix::{Edit, Fix, Safety};
use crate::diag::{Diagnostic, Severity};
use crate::lint::renames::{self, Unknown};
use crate::site::{Claim, ClaimedBy, Site};
use crate::source::Span;

pub const CHECK: Check = Check {
    name: "unknown-alert",
    severity: Severity::Error,
    needs: Needs::Rules,
    run: Run::Site(run),
};

fn run(site: &Site) -> Vec<Diagnostic> {
    renames::unknown(site).map(|unknown| diagnostic(site, &unknown)).collect()
}

fn diagnostic(site: &Site, Unknown { claim, meant }: &Unknown<'_>) -> Diagnostic {
    let name = &claim.name;
    let message = format!("no rule raises the alert `{name}`");
    let found = Diagnostic::new(CHECK.name, claim.span.clone(), message)
        .with_label("not in the rules")
        .with_alert(name);
    let Some(meant) = meant else {
        return found.with_help("write what the rules call it now, or remove it if it is gone");
    };
    let (alert, spelling) = (meant.alert, meant.spelling);
    let mut place = if spelling.as_str() == alert {
        format!("`{alert}` is raised here")
    } else {
        format!("the `alert_situation` of `{alert}`")
    };
    if meant.by_section {
        place += "; its runbook address leads to that section";
    }
    found
        .with_help(format!("did you mean `{spelling}`?"))
        .with_related(spelling.span().clone(), place)
        .with_fix(rename(site, claim, spelling.as_str()))
}

/// Writes another name in a row of a table. Front matter is its author's, and a title is that of a
/// file as well.
fn rename(site: &Site, claim: &Claim, name: &str) -> Option<Fix> {
    let ClaimedBy::Table { table, row } = claim.by else { return None };
    let runbook = &site.pages[claim.page].runbook;
    let row = &runbook.alert_tables[table].rows[row];
    let named = row.alerts.iter().chain(&row.phrase);
    let place = named.map(|alert| &alert.range).find(|range| {
        Span::written(runbook.source(), (*range).clone()).as_ref() == Some(&claim.span)
    })?;
    // Neither stands in a cell as it is, nor does a name in place of `Disk{Full,Slow}`.
    let is_sole = row.alerts.iter().filter(|alert| alert.range == *place).count() <= 1;
    let fits = is_sole && !name.contains(['|', '`', '<', '&']);
    Fix::new(Safety::Unsafe, [Edit::new(runbook.source(), place.clone(), name)]).filter(|_| fits)
}
