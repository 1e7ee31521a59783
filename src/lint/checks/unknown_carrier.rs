//! A fence or a page names a carrier that the configuration does not have.
//!
//! Its queries would have nowhere to open.
//!
//! # Example
//!
//! ```yaml
//! ---
//! title: Disks
//! carrier: prod-dal10/carrier33
//! ---
//! ```
//!
//! # To fix it
//!
//! Write one of the configured names, or add the carrier to `alertbook.yaml`.

use super::{Check, Needs, OpenPage, Run};
use crate::config::Carrier;
use crate::diag::suggest::nearest;
use crate::diag::{Diagnostic, Severity};
use crate::source::Span;

pub const CHECK: Check = Check {
    name: "unknown-carrier",
    severity: Severity::Error,
    needs: Needs::Pages,
    run: Run::Page(run),
};

fn run(open: &OpenPage<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let (site, page) = (open.site, open.page());
    let runbook = &page.runbook;
    let pinned = runbook.snippets.iter().filter_map(|snippet| snippet.carrier.as_ref());
    let named = pinned
        .map(|carrier| (carrier.name.clone(), Span::new(runbook.source(), carrier.range.clone())))
        .chain(
            runbook
                .front_matter
                .text("carrier")
                .map(|text| (text.as_str().to_owned(), text.span().clone())),
        );
    for (name, span) in named {
        if site.config.carrier(&name).is_some() {
            continue;
        }
        let message = format!("no carrier is called `{name}`");
        let diagnostic = Diagnostic::new(CHECK.name, span, message);
        let help = help(&name, site.config.all_carriers());
        found.push(diagnostic.with_label("not configured").with_help(help));
    }
    found
}

fn help(name: &str, carriers: &[Carrier]) -> String {
    if carriers.is_empty() {
        return "`alertbook.yaml` has no `carriers`".to_owned();
    }
    // Carriers are numbered, and one number is as near to the wrong one as another.
    let unnumbered = |name: &str| name.replace(|digit: char| digit.is_ascii_digit(), "");
    let names = || carriers.iter().map(|carrier| carrier.name.as_str());
    let siblings: Vec<String> = names()
        .filter(|known| unnumbered(known) == unnumbered(name))
        .map(|known| format!("`{known}`"))
        .collect();
    match (siblings.as_slice(), nearest(name, names())) {
        ([_, _] | [_, _, _], _) => format!("did you mean {}?", siblings.join(" or ")),
        ([] | [_], Some(near)) => format!("did you mean `{near}`?"),
        _ => "the carriers are listed in `alertbook.yaml`".to_owned(),
    }
}
