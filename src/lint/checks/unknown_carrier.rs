//! A fence or a page names a carrier that the configuration does not have.
//!
//! Its queries would have nowhere to open.
//!
//! To fix it, write one of the configured names, or add the carrier to `alertbook.yaml`.

use super::Check;
use crate::diag::suggest::nearest;
use crate::diag::{Diagnostic, Severity};
use crate::site::Site;
use crate::source::Span;

pub const CHECK: Check =
    Check { name: "unknown-carrier", severity: Severity::Error, needs_rules: false, run };

fn run(site: &Site) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for page in &site.pages {
        let runbook = &page.runbook;
        let pinned = runbook.snippets.iter().filter_map(|snippet| snippet.carrier.as_ref());
        let named = pinned
            .map(|carrier| {
                (carrier.name.clone(), Span::new(runbook.source(), carrier.range.clone()))
            })
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
            let known = site.config.all_carriers().iter().map(|carrier| carrier.name.as_str());
            let help = match nearest(&name, known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "carriers are listed in `alertbook.yaml`".to_owned(),
            };
            let diagnostic = Diagnostic::new(CHECK.name, span, message);
            found.push(diagnostic.with_label("not configured").with_help(help));
        }
    }
    found
}
