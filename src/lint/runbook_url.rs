//! The addresses of runbooks in rules.

use crate::rules::template::{MASK, masked};
use crate::rules::{Rule, RuleFile};
use crate::site::{Resolved, Site, has_scheme, normalize};
use crate::source::Span;
use crate::yaml::Text;
use std::borrow::Cow;
use std::ops::Range;

/// The address of the runbook in an alerting rule.
pub struct RunbookUrl<'s> {
    /// The rule.
    pub rule: &'s Rule,
    /// The alert that it raises.
    pub alert: &'s str,
    /// The annotation or label that holds the address.
    pub key: &'s str,
    /// The address as written, templates and all.
    pub text: &'s Text,
    /// The same with every byte of a template masked, trimmed. What a template fills in may hold any
    /// mark of an address; masked, it holds none.
    pub address: Cow<'s, str>,
    /// Where in the site it leads; `None` where it leads elsewhere, or nobody knows.
    pub within: Option<Resolved<'s, 'static>>,
    /// How many bytes of `text` stand before the address.
    lead: usize,
}

/// The addresses of runbooks in the rules of a site, in the order of the files.
pub fn all(site: &Site) -> impl Iterator<Item = RunbookUrl<'_>> {
    site.rule_files.iter().flat_map(|file| in_file(site, file))
}

/// The addresses of runbooks in the rules of a file, in order.
pub fn in_file<'s>(site: &'s Site, file: &'s RuleFile) -> impl Iterator<Item = RunbookUrl<'s>> {
    file.rules().filter_map(|rule| {
        let alert = rule.alert_name()?.as_str();
        let (key, text) = site.runbook_annotation(rule)?;
        let address = match masked(text.as_str()) {
            Cow::Borrowed(plain) => Cow::Borrowed(plain.trim()),
            Cow::Owned(masked) => Cow::Owned(masked.trim().to_owned()),
        };
        // A mask is no white space.
        let lead = text.as_str().len() - text.as_str().trim_start().len();
        let mut url = RunbookUrl { rule, alert, key, text, address, within: None, lead };
        url.within = url.resolved(site);
        Some(url)
    })
}

impl<'s> RunbookUrl<'s> {
    /// Where a part of the address stands.
    pub fn place(&self, part: Range<usize>) -> Span {
        self.text.span_of(self.lead + part.start..self.lead + part.end)
    }

    /// The end of the address' path: where its query string or fragment begins.
    pub fn path_end(&self) -> usize {
        memchr::memchr2(b'?', b'#', self.address.as_bytes()).unwrap_or(self.address.len())
    }

    /// Where in the site the address leads.
    ///
    /// A path alone is one of this site if something of the site stands there, or other pages stand
    /// beside it: people write the path below the base address, or that of the file, from the top of
    /// the repository or from the rule's own file.
    fn resolved(&self, site: &'s Site) -> Option<Resolved<'s, 'static>> {
        let address = &*self.address;
        if let Some(resolved) = site.resolve_own(address) {
            return Some(resolved.into_owned());
        }
        let path = &address[..self.path_end()];
        let is_path = path.trim_matches('/').contains(['/', '.']) && !path.contains(' ');
        if !is_path || has_scheme(address) || address.starts_with("//") {
            return None;
        }
        let in_content = self.in_content(site, path);
        let in_content = in_content.map(|path| path + &address[self.path_end()..]);
        let meant = [Some(address), in_content.as_deref()].into_iter().flatten();
        let meant = meant.map(|address| site.resolve("", address).into_owned());
        meant
            .min_by_key(|resolved| match resolved {
                Resolved::Internal { .. } => 0,
                Resolved::Missing { path } if has_neighbours(site, path) => 1,
                Resolved::Missing { .. } | Resolved::External => 2,
            })
            .filter(|resolved| match resolved {
                Resolved::Missing { path } => has_neighbours(site, path),
                Resolved::Internal { .. } | Resolved::External => true,
            })
    }

    /// The path within the folder of the runbooks, of one in the repository.
    fn in_content(&self, site: &Site, path: &str) -> Option<String> {
        let is_from_file = path.starts_with("./") || path.starts_with("../");
        let from = if is_from_file { self.text.span().source().path() } else { "" };
        let path = normalize(from, path)?;
        match site.config.content.path.as_str() {
            "." => Some(path.into_owned()),
            content => Some(path.strip_prefix(content)?.strip_prefix('/')?.to_owned()),
        }
    }

    /// What stands in front of the paths within the site: of this address, if it has that, else of
    /// the site's own.
    pub fn base<'b>(&'b self, site: &'b Site) -> &'b str {
        let address = &*self.address;
        match site.internal_part(address) {
            Some(inside) => address[..address.len() - inside.len()].trim_end_matches('/'),
            None => site.config.base_url.as_deref().unwrap_or_default(),
        }
    }

    /// Whether a template makes a part of the path, so that nobody knows where it leads.
    pub fn has_open_path(&self) -> bool {
        // Hardly any address has a template at all.
        let mask = memchr::memchr(MASK as u8, self.address.as_bytes());
        mask.is_some_and(|at| at < self.path_end())
    }
}

/// Whether the folder of a path at which nothing stands has pages: then it was meant to be there.
fn has_neighbours(site: &Site, path: &str) -> bool {
    let Some((folder, _)) = path.trim_end_matches('/').rsplit_once('/') else { return false };
    // Every alert has a page there.
    if folder == "alerts" {
        return true;
    }
    let folder = format!("{folder}/");
    let first = site.pages.partition_point(|page| page.path < folder);
    site.pages.get(first).is_some_and(|page| page.path.starts_with(&folder))
}
