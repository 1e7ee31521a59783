//! Jekyll's Liquid has a value, a filter or a tag that is not known here.
//!
//! It is shown as it is written, where Jekyll showed what it stands for. So is one of two tags that
//! belong together, such as `raw`, without the other, at which Jekyll stops. Templates of other programs
//! are none of Liquid's, and meant to be read; so is what stands in code, in a line or in a block.
//!
//! # Example
//!
//! ```markdown
//! {% if page.paging %}
//! This alert pages {{ page.team-name }}.
//! {% endif %}
//! ```
//!
//! # To fix it
//!
//! Write what it stands for. Text that is meant to stay as it is goes between the tags `raw` and
//! `endraw` of Liquid.

use super::{Check, Needs, Run};
use crate::diag::{Diagnostic, Severity};
use crate::liquid::UNKNOWN_LIQUID;
use crate::site::Site;

pub const CHECK: Check = Check {
    name: UNKNOWN_LIQUID,
    severity: Severity::Warning,
    needs: Needs::Pages,
    run: Run::Anew(run),
};

fn run(site: &Site) -> Vec<Diagnostic> {
    super::of_parsers(site, CHECK.name)
}
