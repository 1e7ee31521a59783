//! Tidying: what `check --fix` writes otherwise though nothing is wrong with it.
//!
//! These ways of writing mean here what their authors mean, and less elsewhere: in Jekyll, on
//! GitHub, in an editor. So they are no findings, and changing them is always safe. One file for
//! each, and a line in the list below.

mod delimiter_row;
mod page_ending;
mod query_language;

use crate::diag::fix::Fix;
use crate::site::{Page, Site};
use rayon::prelude::*;

/// All that finds something to tidy on a page.
const ALL: &[fn(&Site, &Page) -> Vec<Fix>] =
    &[delimiter_row::find, page_ending::find, query_language::find];

/// What can be tidied in the runbooks of a site, in no order.
pub fn tidy(site: &Site) -> Vec<Fix> {
    let on = |page| ALL.iter().flat_map(move |find| find(site, page));
    site.pages.par_iter().flat_map_iter(|page| on(page)).collect()
}
