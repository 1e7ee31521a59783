//! A page shows an image that does not exist.
//!
//! Where the panel or the button should be seen that is meant, readers see a broken picture.
//!
//! # Example
//!
//! ```markdown
//! ![The panel](images/panel.png)
//! ```
//!
//! # To fix it
//!
//! Add the file, or correct the path; it is relative to the page.

use super::{Check, Needs, OpenPage, Run};
use crate::diag::{Diagnostic, Severity};
use crate::lint::addresses::{Part, nothing_there, suggest_path};
use crate::runbook::LinkKind;
use crate::site::Resolved;

pub const CHECK: Check = Check {
    name: "missing-image",
    severity: Severity::Error,
    needs: Needs::Pages,
    run: Run::Page(run),
};

fn run(open: &OpenPage<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let (site, page) = (open.site, open.page());
    for link in page.runbook.links.iter().filter(|link| link.kind == LinkKind::Image) {
        if link.url.starts_with("data:") {
            continue;
        }
        if let Resolved::Missing { path } = site.resolve(&page.path, &link.url) {
            let message = format!("the image `{path}` {}", nothing_there(&path));
            let part = Part::path(page, link);
            let diagnostic = Diagnostic::new(CHECK.name, part.span(), message)
                .with_label("no such image")
                .with_help("add the image, or correct the path; it is relative to the page");
            found.push(suggest_path(
                site,
                Some(&page.path),
                &link.url,
                &path,
                Some(&part),
                diagnostic,
            ));
        }
    }
    found
}
