//! Attribute lists in running text, `[x](y){:target="_blank"}`: whose they are, and what is noted where
//! they are nobody's. Extensions begin in the same way, `{::comment}`.

use super::{Reader, Run, boundary};
use crate::markdown::document::{Inline, InlineKind};
use crate::markdown::habit::HabitKind;
use crate::markdown::{attributes, html, lines};
use std::ops::Range;

impl Reader<'_> {
    /// An attribute list behind a piece of text: `[x](y){:target="_blank"}`.
    pub(super) fn span_attributes(&mut self, at: usize, end: usize, run: &mut Run) -> usize {
        let text = self.text.as_str();
        if let Some(behind) = self.extension(at, end, run) {
            return behind;
        }
        let list = self.last().brace.filter(|brace| *brace > at);
        let near = boundary(text, end, at);
        let Some(length) = list.and_then(|_| attributes::in_text(&text[at..near])) else {
            self.note_unclosed_list(at, end, run);
            self.flush(run, at + 1);
            return at + 1;
        };
        let behind = at + length;
        self.flush(run, at);
        let list = &text[at..behind];
        if let Some(of_image) = is_behind_piece(&run.inlines, list).filter(|_| !self.as_kramdown) {
            self.attributes_apart(at..behind, run, of_image);
            return behind;
        }
        match self.piece_before(&mut run.inlines) {
            Some(Inline { attributes, kind, .. })
                if !matches!(
                    kind,
                    InlineKind::Text(_)
                        | InlineKind::SoftBreak
                        | InlineKind::HardBreak
                        | InlineKind::Verbatim(_)
                ) =>
            {
                let list = attributes::parse(list);
                attributes.get_or_insert_default().merge(self.definitions.resolved(list));
                behind
            }
            // Behind text kramdown takes it for text, in which code is code.
            _ if self.as_kramdown || list.contains('`') => {
                self.add_text(run, "{", at..at + 1);
                at + 1
            }
            _ => {
                // Of lists right behind each other the first one says it.
                let is_first = self.stray_lists_end < at || at == 0;
                self.stray_lists_end = behind;
                if attributes::is_evident(list) && is_first {
                    self.note(HabitKind::StrayAttributeList { meant_for: None }, at..behind);
                }
                self.add_text(run, list, at..behind);
                behind
            }
        }
    }

    /// The piece of text that an attribute list behind it is about: of an element, its opening tag.
    fn piece_before<'i>(&mut self, inlines: &'i mut [Inline]) -> Option<&'i mut Inline> {
        let last = inlines.len().checked_sub(1)?;
        let InlineKind::Html(text) = &inlines[last].kind else { return inlines.last_mut() };
        let Some((name, _)) = html::closing_tag_at(text) else { return inlines.last_mut() };
        let name = name.to_owned();
        let mut open = 0_usize;
        let opening = inlines.iter().take(last + 1).rposition(|inline| {
            self.budget = self.budget.saturating_sub(1);
            let InlineKind::Html(text) = &inline.kind else { return self.budget == 0 };
            let is_name = |found: &str| found.eq_ignore_ascii_case(&name);
            if html::closing_tag_at(text).is_some_and(|(found, _)| is_name(found)) {
                open += 1;
            } else if text.strip_prefix('<').is_some_and(|tag| is_name(html::name_at(tag))) {
                open = open.saturating_sub(1);
            }
            open == 0 || self.budget == 0
        });
        inlines.get_mut(opening.unwrap_or(last))
    }

    /// Notes `{: .name` where no brace ends it before the line does, on a line of its own or right
    /// behind a piece of text: anywhere else it may be text.
    fn note_unclosed_list(&mut self, at: usize, end: usize, run: &Run) {
        let text = self.text.as_str();
        let near = &text[at..boundary(text, end, at)];
        let line = near.lines().next().unwrap_or_default().trim_end();
        let begins_line = text[..at].trim_end_matches([' ', '\t']).ends_with('\n') || at == 0;
        let is_attached = run.inlines.last().is_some_and(|before| {
            !matches!(before.kind, InlineKind::Text(_))
                && text[..at].ends_with(['*', '_', '`', ')', ']'])
        });
        if (begins_line || is_attached) && !line.contains('}') && attributes::is_evident(line) {
            self.note(HabitKind::UnclosedAttributeList, at..at + line.len());
        }
    }

    /// An attribute list that a blank parts from the link or the image it is meant for.
    fn attributes_apart(&mut self, list: Range<usize>, run: &mut Run, of_image: bool) {
        let parsed = attributes::parse(&self.text.as_str()[list.clone()]);
        let parsed = self.definitions.resolved(parsed);
        let blank = run.inlines.pop();
        let end = run.inlines.last().map(|piece| piece.range.end);
        let piece = self.piece_before(&mut run.inlines);
        if let (Some(piece), Some(end)) = (piece, end) {
            piece.attributes.get_or_insert_default().merge(parsed);
            self.note(HabitKind::AttributeListApart { end, of_image }, list.clone());
        }
        // One blank is enough for what follows.
        if !self.bytes.get(list.end).is_none_or(|next| lines::is_space(*next)) {
            run.inlines.extend(blank);
        }
    }

    /// An attribute list that does not begin with `{:`: right behind a link, an image or marked text
    /// it is followed, on a line of its own it is text.
    pub(super) fn mistyped_attributes(
        &mut self,
        at: usize,
        end: usize,
        run: &mut Run,
    ) -> Option<usize> {
        const KNOWN: [&str; 8] =
            ["label", "btn", "table", "no_toc", "note", "warning", "important", "text-center"];
        let text = self.text.as_str();
        let (length, meant) = attributes::mistyped(&text[at..end])?;
        let behind = at + length;
        let parsed = attributes::parse(&meant);
        let place = at..behind;
        if run.plain == at
            && let Some(piece) = run.inlines.last_mut()
            && matches!(
                piece.kind,
                InlineKind::Link { bare: false, .. }
                    | InlineKind::Image { .. }
                    | InlineKind::Emphasis(_)
                    | InlineKind::Strong(_)
            )
        {
            piece.attributes.get_or_insert_default().merge(parsed);
            self.note(HabitKind::MistypedAttributeList { meant }, place);
            return Some(behind);
        }
        let before = text[..at].trim_end_matches([' ', '\t']);
        let after = text[behind..].trim_start_matches([' ', '\t']);
        let is_line = (before.is_empty() || before.ends_with('\n'))
            && (after.is_empty() || after.starts_with('\n'));
        let is_known = |class: &String| KNOWN.contains(&class.as_str());
        if is_line && (!parsed.pairs.is_empty() || parsed.classes.iter().any(is_known)) {
            self.note(HabitKind::MistypedAttributeList { meant }, place);
        }
        None
    }

    /// `{::comment}…{:/}` and `{::nomarkdown}…{:/}`
    fn extension(&mut self, at: usize, end: usize, run: &mut Run) -> Option<usize> {
        let text = &self.text.as_str()[at..end];
        let inner = text.strip_prefix("{::")?;
        let name = inner.split(|c: char| !c.is_alphanumeric()).next()?;
        if !matches!(name, "comment" | "nomarkdown") {
            return None;
        }
        self.last().extension.filter(|stop| *stop > at)?;
        let open = text.find('}')? + 1;
        let stops = [format!("{{:/{name}}}"), "{:/}".to_owned()];
        let (close, stop) = stops
            .iter()
            .filter_map(|stop| text[open..].find(stop.as_str()).map(|step| (open + step, stop)))
            .min()?;
        self.flush(run, at);
        if name == "nomarkdown" {
            let html = text[open..close].to_owned();
            self.add(run, InlineKind::Html(html), at + open..at + close);
        }
        Some(at + close + stop.len())
    }
}

/// Whether nothing but blanks stands between an attribute list and a link that it speaks of, or an
/// image; and which it is.
fn is_behind_piece(inlines: &[Inline], list: &str) -> Option<bool> {
    let [.., piece, blank] = inlines else { return None };
    if !matches!(&blank.kind, InlineKind::Text(text) if text.bytes().all(|byte| byte == b' ')) {
        return None;
    }
    let is_tag = |begin: &str| {
        matches!(&piece.kind, InlineKind::Html(text)
            if text.get(..begin.len()).is_some_and(|found| found.eq_ignore_ascii_case(begin)))
    };
    if matches!(piece.kind, InlineKind::Link { .. }) || is_tag("</a>") {
        return attributes::says(list, attributes::is_of_link).then_some(false);
    }
    let is_image = matches!(piece.kind, InlineKind::Image { .. }) || is_tag("<img");
    (is_image && attributes::says(list, attributes::is_of_image)).then_some(true)
}
