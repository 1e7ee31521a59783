//! How a site's runbooks say when somebody has to look at them again.
//!
//! ```yaml
//! review:
//!   by: [review_by]            # front matter with the day by which a page is to be reviewed
//!   last: [last_reviewed]      # front matter with the day on which it was
//!   after: 180d                # how long that is good for
//! ```

use super::texts;
use crate::rules;
use crate::yaml::{Fields, Reader};

/// Keys that hold the day by which a page is to be reviewed.
const BY: [&str; 4] = ["review_by", "review-by", "next_review", "review_date"];

/// Keys that hold the day on which a page was reviewed.
const LAST: [&str; 4] = ["last_reviewed", "last-reviewed", "reviewed", "last_review"];

/// When runbooks are to be looked at again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// The keys of front matter that hold the day by which a page is to be reviewed; the first that
    /// it has counts.
    pub by: Vec<String>,
    /// The keys that hold the day on which it was.
    pub last: Vec<String>,
    /// For how many days that is good; none if it is good for ever.
    pub after: Option<u64>,
}

impl Default for Review {
    fn default() -> Self {
        Self { by: BY.map(str::to_owned).into(), last: LAST.map(str::to_owned).into(), after: None }
    }
}

pub(super) fn read(reader: &mut Reader, fields: Fields<'_>) -> Review {
    let mut review = Review::default();
    let Some(node) = fields.get("review") else { return review };
    let Some(fields) = reader.fields(node, "`review`", &["by", "last", "after"]) else {
        return review;
    };
    if let Some(node) = fields.get("by") {
        review.by = texts(reader, node, "`by`");
    }
    if let Some(node) = fields.get("last") {
        review.last = texts(reader, node, "`last`");
    }
    if let Some(node) = fields.get("after") {
        const DAY: u64 = 24 * 60 * 60 * 1000;
        let duration = reader.text(node, "`after`").and_then(rules::Duration::new);
        review.after =
            duration.map(|duration| duration.milliseconds / DAY).filter(|days| *days > 0);
        if review.after.is_none() {
            let complaint = reader.complain(&node.span, "`after` must be a number of days");
            complaint.help = Some("write it like `180d`, `26w` or `1y`".to_owned());
        }
    }
    review
}
