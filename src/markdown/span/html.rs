//! What stands between angle brackets in running text: tags, comments, addresses, and words that are
//! meant to be read.

use super::{DEEPEST, Open, Reader, Run, Stop, boundary};
use crate::markdown::document::{Inline, InlineKind, Target};
use crate::markdown::habit::HabitKind;
use crate::markdown::html::{self, Tag};
use crate::source::MappedText;
use regex::Regex;
use std::sync::LazyLock;

/// The longest text between angle brackets that is looked at as a name, in bytes.
const LONGEST_NAME: usize = 80;

impl Reader<'_> {
    pub(super) fn angle(&mut self, at: usize, end: usize, run: &mut Run, open: Open) -> usize {
        let text = &self.text.as_str()[at..end];
        let last = self.last();
        if last.angle.is_none_or(|angle| angle < at) {
            return self.left_angle(at, text, run, open);
        }
        if !open.raw
            && let Some(behind) = self.address_in_brackets(at, end, run)
        {
            return behind;
        }
        self.flush(run, at);
        if last.comment.is_some_and(|comment| comment > at)
            && let Some(comment) = text.strip_prefix("<!--")
            && let Some(length) = comment.find("-->")
        {
            let behind = at + 4 + length + 3;
            let html = self.text.as_str()[at..behind].to_owned();
            self.add(run, InlineKind::Html(html), at..behind);
            return behind;
        }
        if let Some((name, length)) = html::closing_tag_at(text) {
            // What some authors mean by it, and all browsers.
            if name.eq_ignore_ascii_case("br") && !self.as_kramdown {
                self.add(run, InlineKind::Html("<br>".to_owned()), at..at + length);
            } else {
                self.add_text(run, &text[..length], at..at + length);
            }
            return at + length;
        }
        if self.as_kramdown {
            return self.tag_of_kramdown(at, end, run, open);
        }
        if let Some(tag) = html::tag_at(text) {
            let is_unknown = !html::is_element(tag.name) && !html::is_common(tag.name);
            let is_words = tag.holds_words() && !self.is_evident(&tag, at, end);
            let may_be_one = html::is_element(tag.name) || html::is_unknown_to_kramdown(tag.name);
            let is_tag = (html::is_common(tag.name) && !is_words)
                || (is_unknown && tag.has_values())
                || (may_be_one && self.is_evident(&tag, at, end));
            let is_within_text = is_unknown || !html::is_only_block(tag.name);
            let is_summary = tag.is("summary") && self.is_evident(&tag, at, end);
            if is_tag && (is_within_text || is_summary) {
                return self.element(at, end, run, open, &tag);
            }
            if is_tag {
                // A block within text is none; kramdown shows its tag.
                self.add_text(run, &text[tag.range.clone()], at..at + tag.range.end);
                return at + tag.range.end;
            }
            let behind = at + tag.range.end;
            self.note(HabitKind::VanishedPlaceholder { raw: open.raw }, at..behind);
            let words = text[tag.range.clone()].to_owned();
            self.add(run, InlineKind::Angled { text: words, vanishes: true }, at..behind);
            return behind;
        }
        if let Some(length) = angled_words(text) {
            let words = text[..length].to_owned();
            self.add(run, InlineKind::Angled { text: words, vanishes: false }, at..at + length);
            return at + length;
        }
        self.left_angle(at, text, run, open)
    }

    /// A tag, be it words that are meant to be read: whatever looks like one is one to kramdown, but
    /// for those of blocks, which are text.
    fn tag_of_kramdown(&mut self, at: usize, end: usize, run: &mut Run, open: Open) -> usize {
        let text = &self.text.as_str()[at..end];
        match html::tag_at(text).filter(|tag| is_tag_to_kramdown(&text[tag.range.clone()])) {
            Some(tag) if html::is_only_block(tag.name) => {
                self.add_text(run, &text[tag.range.clone()], at..at + tag.range.end);
                at + tag.range.end
            }
            Some(tag) => self.element(at, end, run, open, &tag),
            None => self.left_angle(at, text, run, open),
        }
    }

    /// An angle that opens nothing.
    fn left_angle(&mut self, at: usize, text: &str, run: &mut Run, open: Open) -> usize {
        self.flush(run, at);
        let (symbol, length) = match text {
            _ if open.raw || !text.starts_with("<<") => ("<", 1),
            _ if text.starts_with("<< ") => ("«\u{a0}", 3),
            _ => ("«", 2),
        };
        self.add_text(run, symbol, at..at + length);
        at + length
    }

    /// Whether something whose name is that of a rare element is one: it has values, or is closed.
    fn is_evident(&self, tag: &Tag<'_>, at: usize, end: usize) -> bool {
        let behind = at + tag.range.end;
        if tag.has_values() || tag.is_closed {
            return true;
        }
        if self.last().closing_tag.is_none_or(|closing| closing < behind) {
            return false;
        }
        let text = self.text.as_str();
        let near = &text[behind..boundary(text, end, behind)];
        near.match_indices("</").any(|(step, _)| {
            html::closing_tag_at(&near[step..])
                .is_some_and(|(name, _)| name.eq_ignore_ascii_case(tag.name))
        })
    }

    /// `<https://…>`, `<mailto:…>`, `<somebody@example.com>`
    fn address_in_brackets(&mut self, at: usize, end: usize, run: &mut Run) -> Option<usize> {
        let text = self.text.as_str();
        let inner = &text[at + 1..boundary(text, end, at + 1)];
        let length = inner.find(['>', '\n']).filter(|length| inner[*length..].starts_with('>'))?;
        let address = &inner[..length];
        let has_scheme = ["mailto:", "http:", "https:", "ftp:", "ftps:"]
            .iter()
            .any(|scheme| address.len() > scheme.len() && address.starts_with(scheme));
        let is_mail = address.split_once('@').is_some_and(|(user, host)| {
            let is_part = |part: &str| {
                !part.is_empty()
                    && part.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
            };
            is_part(user) && is_part(host)
        });
        if !has_scheme && !is_mail {
            return None;
        }
        self.flush(run, at);
        let range = self.text.place(at + 1..at + 1 + length);
        let address = super::entity::decoded(address);
        let shown = address.strip_prefix("mailto:").unwrap_or(&address).to_owned();
        let content = [Inline::new(range.clone(), InlineKind::Text(shown))];
        let url = if has_scheme { address.into_owned() } else { format!("mailto:{address}") };
        let target = Box::new(Target { url, title: String::new(), range });
        let behind = at + 1 + length + 1;
        self.add(
            run,
            InlineKind::Link { target, content: content.into(), bare: false },
            at..behind,
        );
        Some(behind)
    }

    /// An element within text: its tags as written, its content as text. One that is not closed
    /// ends where the text does.
    fn element(
        &mut self,
        at: usize,
        end: usize,
        run: &mut Run,
        open: Open,
        tag: &Tag<'_>,
    ) -> usize {
        let text = self.text.as_str();
        let behind = at + tag.range.end;
        let name = tag.name.to_ascii_lowercase();
        let html = text[at..behind].replace('\n', " ");
        if name == "code"
            && !self.as_kramdown
            && tag.attributes.is_empty()
            && let Some(behind) = self.code_element(at, behind, end, run)
        {
            return behind;
        }
        self.add(run, InlineKind::Html(html), at..behind);
        if html::is_void(&name) {
            return behind;
        }
        let closing = format!("</{name}>");
        if tag.is_closed || open.depth >= DEEPEST || self.budget == 0 {
            self.add(run, InlineKind::Html(closing), behind..behind);
            return behind;
        }
        let within = Open {
            link: open.link || name == "a",
            raw: open.raw
                || html::is_raw(&name)
                || self.as_kramdown && html::is_raw_to_kramdown(&name)
                || tag.attribute("markdown").is_some_and(|(value, _)| value == "0"),
            in_emphasis: false,
            depth: open.depth + 1,
            ..open
        };
        let (content, close, found) = self.spans(behind, end, &Stop::Tag(&name), within);
        run.inlines.extend(content);
        let after = if found {
            html::closing_tag_at(&text[close..]).map_or(close, |(_, length)| close + length)
        } else {
            close
        };
        self.add(run, InlineKind::Html(closing), close..after);
        run.plain = after;
        after
    }

    /// `<code>text</code>` is code as any other.
    fn code_element(
        &mut self,
        at: usize,
        inside: usize,
        end: usize,
        run: &mut Run,
    ) -> Option<usize> {
        let text = self.text.as_str();
        let close = inside + text[inside..end].find('<')?;
        let (name, length) = html::closing_tag_at(&text[close..end])?;
        if !name.eq_ignore_ascii_case("code") {
            return None;
        }
        let mut mapped = MappedText::new();
        let written = &text[inside..close];
        let decoded = super::entity::decoded(written);
        if decoded.len() == written.len() {
            self.text.push_to(&mut mapped, inside..close);
        } else {
            mapped.push_replaced(&decoded, self.text.place(inside..close));
        }
        self.add(run, InlineKind::Code(Box::new(mapped)), at..close + length);
        Some(close + length)
    }
}

/// Whether a tag is one to kramdown: `HTML_TAG_RE` in `kramdown/parser/html.rb`.
fn is_tag_to_kramdown(tag: &str) -> bool {
    static TAG: LazyLock<Regex> = LazyLock::new(|| {
        let name = r"[\p{Alphabetic}_][\w.\-]*(?::[\p{Alphabetic}_][\w.\-]*)?";
        let value = format!(r#"(?s:{name}|"[^"]*"|'[^']*')"#);
        let tag = format!(r"^<{name}(?:\s+{name}(?:\s*=\s*{value})?)*\s*/?>$");
        Regex::new(&tag).expect("a constant pattern")
    });
    TAG.is_match(tag)
}

/// How long the words between angle brackets are that a text begins with, `<hostname/hostip>`.
fn angled_words(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('<')?;
    let length = inner.bytes().take(LONGEST_NAME).position(|byte| byte == b'>')?;
    let words = &inner[..length];
    let is_name = words.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && !words.ends_with(' ')
        && !words.contains("//")
        && words.chars().all(|c| c.is_alphanumeric() || " _-./',:|#+".contains(c));
    is_name.then_some(length + 2)
}
