//! A path such as `{{ site.data.teams.armada.channel }}` leads to no text in the data files.
//!
//! The page would show the path where the channel or the number should stand that people need.
//!
//! # Example
//!
//! ```markdown
//! Ask in {{ site.data.teams.armada.chanel }}.
//! ```
//!
//! # To fix it
//!
//! Write a path that exists, or add the data: each YAML or JSON file below the folder
//! that `data` names in `alertbook.yaml` is a level, and so is each folder there. Text that is meant
//! to stay as it is goes between the tags `raw` and `endraw` of Liquid.

use super::{Check, Needs, Run};
use crate::diag::{Diagnostic, Severity};
use crate::liquid::UNKNOWN_DATA;
use crate::site::Site;

pub const CHECK: Check = Check {
    name: UNKNOWN_DATA,
    severity: Severity::Error,
    needs: Needs::Pages,
    run: Run::Anew(run),
};

fn run(site: &Site) -> Vec<Diagnostic> {
    super::of_parsers(site, CHECK.name)
}
