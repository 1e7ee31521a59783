//! What a page calls the runbook of an alert: where the alert's name links to, what stands with it in a
//! row or on its line, and what is said to be one right below the name, `- Runbook: [open](disk.md)`.

use crate::markdown::{
    BlockKind, Cell, Document, Inline, InlineKind, Row, plain_text, walk_inlines,
};
use crate::site::{Destination, Page, Resolved, Site};

/// Whether a page says of an alert that another page is its runbook.
pub(super) fn is_called_runbook(site: &Site, from: usize, alert: &str, page: usize) -> bool {
    let from = &site.pages[from];
    let reader = Reader { site, from, alert, page };
    let links = from.runbook.links.iter().filter(|link| reader.leads_there(&link.url));
    let places: Vec<usize> = links.map(|link| link.range.start).collect();
    // To read the page again takes time, and hardly any leads there.
    places.iter().any(|at| reader.is_said(*at))
        || (!places.is_empty() || reader.is_file_named())
            && reader.is_linked(&from.runbook.document())
}

struct Reader<'s> {
    site: &'s Site,
    from: &'s Page,
    alert: &'s str,
    page: usize,
}

impl Reader<'_> {
    fn leads_there(&self, url: &str) -> bool {
        match self.site.resolve(&self.from.path, url) {
            Resolved::Internal { destination, .. } => {
                !matches!(destination, Destination::Alert(_))
                    && self.site.landing_pages(destination).contains(&self.page)
            }
            // A link that is broken is a finding of its own, and led there before.
            Resolved::Missing { path } => {
                let meant = self.site.path_like(&path, Some(&self.from.path));
                meant.is_some_and(|(path, _)| path == self.site.pages[self.page].path)
            }
            Resolved::External => false,
        }
    }

    /// Whether the file's name stands in the text at all.
    fn is_file_named(&self) -> bool {
        self.from.runbook.source().text().contains(file_name(&self.site.pages[self.page]))
    }

    /// Whether a line with a link says that it is of the runbook of the alert that was named last.
    fn is_said(&self, at: usize) -> bool {
        let text = self.from.runbook.source().text();
        let line = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let end = text[at..].find('\n').map_or(text.len(), |newline| at + newline);
        is_of_runbooks(&text[line..end]) && self.is_below_name(at)
    }

    /// Whether a place is below the alert's heading, or no other alert was named since its name.
    fn is_below_name(&self, at: usize) -> bool {
        let runbook = &self.from.runbook;
        let heading =
            runbook.heading_before(at).map(|heading| runbook.headings[heading].text.as_str());
        heading.is_some_and(|heading| self.names(heading))
            || named_last(self.site, &runbook.source().text()[..at]) == Some(self.alert)
    }

    fn is_linked(&self, document: &Document) -> bool {
        let mut is_linked = false;
        document.walk_inlines(&mut |inline| {
            if let InlineKind::Link { target, content, .. } = &inline.kind {
                let is_its_own = plain_text(content).trim() == self.alert
                    || self.is_said(inline.range.start)
                    || self.is_alone(inline.range.start..inline.range.end);
                is_linked |= is_its_own && self.leads_there(&target.url);
            }
        });
        document.walk_blocks(&mut |block| {
            for (_, table) in document.tables_of(block) {
                is_linked |= table.body_rows().any(|row| self.is_in_row(row));
            }
            if let BlockKind::Paragraph { content, .. } = &block.kind {
                is_linked |= content.split(Inline::is_break).any(|line| self.is_on_line(line));
            }
        });
        is_linked
    }

    /// Whether a link is all that its line says, below the alert's name.
    fn is_alone(&self, link: std::ops::Range<usize>) -> bool {
        let text = self.from.runbook.source().text();
        let start = text[..link.start].rfind('\n').map_or(0, |newline| newline + 1);
        let end = text[link.end..].find('\n').map_or(text.len(), |newline| link.end + newline);
        let rest = [&text[start..link.start], &text[link.end..end]];
        rest.iter().all(|rest| !rest.contains(char::is_alphanumeric))
            && self.is_below_name(link.start)
    }

    /// Whether a line begins with the alert's name or with the link to the page, and has the other as
    /// well: `[Disks](disk.md): DiskFull, DiskSlow`.
    fn is_on_line(&self, line: &[Inline]) -> bool {
        let text = plain_text(line);
        let begins = |front: &str| {
            let is_sign = |it: char| !it.is_alphanumeric();
            let rest =
                text.trim_start_matches(is_sign).strip_prefix(front.trim_start_matches(is_sign));
            rest.is_some_and(|rest| !rest.starts_with(is_of_name))
        };
        let mut leads_from = None;
        walk_inlines(line, &mut |inline| {
            if let InlineKind::Link { target, content, .. } = &inline.kind
                && leads_from.is_none()
                && self.leads_there(&target.url)
            {
                leads_from = Some(plain_text(content));
            }
        });
        leads_from.is_some_and(|link| {
            self.names(&text) && (begins(self.alert) || !link.is_empty() && begins(&link))
        })
    }

    fn names(&self, text: &str) -> bool {
        let mut words = text.split(|it: char| !is_of_name(it));
        text.trim() == self.alert || words.any(|word| word == self.alert)
    }

    /// Whether a row names the alert and leads to the page, by a link or as its file.
    fn is_in_row(&self, row: &Row) -> bool {
        let leads = |cell: &Cell| {
            let mut leads = false;
            walk_inlines(&cell.content, &mut |inline| {
                if let InlineKind::Link { target, .. } = &inline.kind {
                    leads |= self.leads_there(&target.url);
                }
            });
            // `docs/disk.md#steps`, `disk.md, "Steps"`
            let text = plain_text(&cell.content);
            let path = text.trim().split(['#', ',', ' ']).next().unwrap_or_default();
            let name = path.rsplit('/').next().unwrap_or_default();
            let file = file_name(&self.site.pages[self.page]);
            leads || name == file || name.strip_suffix(".html") == file.strip_suffix(".md")
        };
        let names = |cell: &Cell| {
            cell.content.split(Inline::ends_line).any(|line| self.names(&plain_text(line)))
        };
        row.cells.iter().any(names) && row.cells.iter().any(leads)
    }
}

/// The name of a page's file.
fn file_name(page: &Page) -> &str {
    let path = page.runbook.source().path();
    path.rsplit('/').next().unwrap_or(path)
}

fn is_of_runbooks(text: &str) -> bool {
    const WORDS: [&str; 3] = ["runbook", "playbook", "documentation"];
    let text = text.to_lowercase();
    WORDS.iter().any(|word| text.contains(word))
}

fn is_of_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_' || character == '-'
}

/// The last alert of the rules that a text names on one of its last lines.
fn named_last<'s>(site: &'s Site, before: &str) -> Option<&'s str> {
    const MOST_LINES: usize = 12;
    let mut lines = before.rsplit('\n').take(MOST_LINES);
    lines.find_map(|line| {
        let mut words = line.rsplit(|it: char| !is_of_name(it));
        words.find_map(|word| site.alerts.get_key_value(word)).map(|(name, _)| name.as_str())
    })
}
