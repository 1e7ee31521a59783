//! Where readers change a page.

use super::{text, url};
use crate::yaml::{Node, Reader};

/// Where readers change a file of the site: in the web interface of its repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditUrl(String);

impl EditUrl {
    /// Where the file goes that is to be changed.
    const HOLE: &str = "{path}";

    /// The address for a file, given its path relative to the site, percent-encoded.
    pub fn of(&self, path: &str) -> String {
        self.0.replace(Self::HOLE, path)
    }

    pub(super) fn read(reader: &mut Reader, node: &Node) -> Option<Self> {
        let written = text(reader, node, "`edit_url`")?;
        // Some interfaces have the file in a parameter.
        let address = written.split(['?', '#']).next().unwrap_or_default();
        if let Err(fault) = url::check(&address.replace(Self::HOLE, "path")) {
            reader.complain(&node.span, format!("`edit_url` {fault}"));
            return None;
        }
        // A folder is enough where the path comes last, as it does nearly everywhere.
        let ends = written.contains(Self::HOLE);
        Some(Self(if ends {
            written
        } else {
            format!("{}/{}", url::trimmed(&written), Self::HOLE)
        }))
    }
}
