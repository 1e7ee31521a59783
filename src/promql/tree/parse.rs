//! Reads the tree of a query from its lexemes.

use super::{Grouping, Length, Matcher, Matching, Node, NodeKind, Side, Word};
use crate::promql::duration::milliseconds;
use crate::promql::grammar::{POWER, precedence};
use crate::promql::scan::{Lexeme, LexemeKind, scan};
use crate::promql::unquoted::unquoted;
use crate::promql::{functions, limits};
use promql_parser::label::METRIC_NAME;
use std::ops::Range;

/// The tree of a query without holes. None for a text that is no query.
pub fn tree(text: &str) -> Option<Node> {
    let mut lexemes = scan(text);
    limits::check(text, &lexemes).ok()?;
    lexemes.retain(|lexeme| lexeme.kind != LexemeKind::Comment);
    let mut parser = Parser { text, lexemes: &lexemes, at: 0 };
    let node = parser.expression(0)?;
    (parser.at == lexemes.len()).then_some(node)
}

struct Parser<'a> {
    text: &'a str,
    lexemes: &'a [Lexeme],
    at: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a Lexeme> {
        self.lexemes.get(self.at)
    }

    fn word(&self) -> &'a str {
        self.peek().map_or("", |lexeme| self.text_in(&lexeme.range))
    }

    fn text_in(&self, range: &Range<usize>) -> &'a str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    fn next(&mut self) -> Option<&'a Lexeme> {
        let lexeme = self.peek();
        self.at += 1;
        lexeme
    }

    fn skip_if(&mut self, text: &str) -> bool {
        let found = self.word().eq_ignore_ascii_case(text);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, text: &str) -> Option<Range<usize>> {
        let range = self.peek()?.range.clone();
        self.skip_if(text).then_some(range)
    }

    /// The end of what was read last.
    fn end(&self) -> usize {
        let last = self.at.checked_sub(1).and_then(|last| self.lexemes.get(last));
        last.map_or(0, |lexeme| lexeme.range.end)
    }

    /// An expression whose operators bind at least this tightly. How deep this goes is bounded by
    /// the brackets and operators that `limits` allows.
    fn expression(&mut self, least: u8) -> Option<Node> {
        let mut left = self.operand()?;
        loop {
            let Some(binds) = precedence(self.word()).filter(|binds| *binds >= least) else {
                return Some(left);
            };
            let text = self.word().to_ascii_lowercase();
            let operator = Word { text, range: self.next()?.range.clone() };
            let is_bool = self.skip_if("bool");
            let mut matching = None;
            self.matching(&mut matching)?;
            let right = self.expression(if binds == POWER { binds } else { binds + 1 })?;
            left = Node {
                range: left.range.start..right.range.end,
                kind: NodeKind::Binary {
                    operator,
                    is_bool,
                    matching: matching.map(Box::new),
                    left: Box::new(left),
                    right: Box::new(right),
                },
            };
        }
    }

    fn operand(&mut self) -> Option<Node> {
        let start = self.peek()?.range.start;
        match self.word() {
            "-" => {
                self.at += 1;
                let inner = self.expression(POWER)?;
                let range = start..inner.range.end;
                Some(Node { range, kind: NodeKind::Negation(Box::new(inner)) })
            }
            "+" => {
                self.at += 1;
                let inner = self.expression(POWER)?;
                Some(Node { range: start..inner.range.end, ..inner })
            }
            _ => {
                let primary = self.primary()?;
                self.behind(primary)
            }
        }
    }

    fn primary(&mut self) -> Option<Node> {
        let lexeme = self.peek()?;
        let (word, range) = (self.word(), lexeme.range.clone());
        let start = range.start;
        let kind = match lexeme.kind {
            LexemeKind::Number => {
                self.at += 1;
                NodeKind::Number(number(word)?)
            }
            LexemeKind::Duration => {
                self.at += 1;
                NodeKind::Number(to_f64(milliseconds(word)?) / 1000.0)
            }
            LexemeKind::String => {
                self.at += 1;
                NodeKind::String(unquoted(word)?)
            }
            LexemeKind::Open if word == "(" => {
                self.at += 1;
                let inner = self.expression(0)?;
                self.expect(")")?;
                return Some(Node { range: start..self.end(), ..inner });
            }
            LexemeKind::Open if word == "{" => self.selector(None)?,
            LexemeKind::Word => {
                self.at += 1;
                return self.named(Word { text: word.to_owned(), range });
            }
            _ => return None,
        };
        Some(Node { range: start..self.end(), kind })
    }

    /// What begins with a name: a call, an aggregation or a selector.
    fn named(&mut self, name: Word) -> Option<Node> {
        let start = name.range.start;
        let groups = ["by", "without"].iter().any(|word| self.word().eq_ignore_ascii_case(word));
        let kind = if functions::aggregation(&name.text).is_some() && (groups || self.word() == "(")
        {
            let mut grouping = None;
            self.grouping(&mut grouping)?;
            let arguments = self.arguments()?;
            self.grouping(&mut grouping)?;
            let operator = Word { text: name.text.to_ascii_lowercase(), range: name.range };
            NodeKind::Aggregation { operator, grouping, arguments }
        } else if self.word() == "(" {
            NodeKind::Call { function: name, arguments: self.arguments()? }
        } else {
            self.selector(Some(name))?
        };
        Some(Node { range: start..self.end(), kind })
    }

    fn arguments(&mut self) -> Option<Vec<Node>> {
        self.expect("(")?;
        let mut arguments = Vec::new();
        while !self.skip_if(")") {
            arguments.push(self.expression(0)?);
            if !self.skip_if(",") && self.word() != ")" {
                return None;
            }
        }
        Some(arguments)
    }

    /// `by (…)` or `without (…)`, if it stands here.
    fn grouping(&mut self, found: &mut Option<Grouping>) -> Option<()> {
        let start = self.peek().map_or(0, |lexeme| lexeme.range.start);
        let is_without = self.word().eq_ignore_ascii_case("without");
        if !is_without && !self.word().eq_ignore_ascii_case("by") {
            return Some(());
        }
        self.at += 1;
        let labels = self.labels()?;
        *found = Some(Grouping { is_without, labels, range: start..self.end() });
        Some(())
    }

    /// Labels in parentheses, sorted.
    fn labels(&mut self) -> Option<Vec<String>> {
        self.expect("(")?;
        let mut labels = Vec::new();
        while !self.skip_if(")") {
            let lexeme = self.next()?;
            let text = self.text_in(&lexeme.range);
            labels.push(match lexeme.kind {
                LexemeKind::Word | LexemeKind::Number => text.to_owned(),
                LexemeKind::String => unquoted(text)?,
                _ => return None,
            });
            if !self.skip_if(",") && self.word() != ")" {
                return None;
            }
        }
        labels.sort_unstable();
        labels.dedup();
        Some(labels)
    }

    /// `on (…)` or `ignoring (…)`, if it stands here.
    fn matching(&mut self, found: &mut Option<Matching>) -> Option<()> {
        let start = self.peek().map_or(0, |lexeme| lexeme.range.start);
        let is_on = self.word().eq_ignore_ascii_case("on");
        let follows = self.lexemes.get(self.at + 1).map(|next| self.text_in(&next.range));
        if follows != Some("(") || !(is_on || self.word().eq_ignore_ascii_case("ignoring")) {
            return Some(());
        }
        self.at += 1;
        let mut matching = Matching { is_on, labels: self.labels()?, ..Matching::default() };
        for (word, side) in [("group_left", Side::Left), ("group_right", Side::Right)] {
            if matching.many.is_none() && self.skip_if(word) {
                matching.many = Some(side);
                // What stands in parentheses may also be the right side.
                let before = self.at;
                match self.labels() {
                    Some(included) if self.begins_operand() => matching.included = included,
                    _ => self.at = before,
                }
            }
        }
        while ["fill", "fill_left", "fill_right"].iter().any(|word| self.word() == *word)
            && self.lexemes.get(self.at + 1).map(|next| self.text_in(&next.range)) == Some("(")
        {
            self.at += 1;
            self.arguments()?;
        }
        matching.range = start..self.end();
        *found = Some(matching);
        Some(())
    }

    /// Whether an operand could begin here.
    fn begins_operand(&self) -> bool {
        self.peek().is_some_and(|lexeme| match lexeme.kind {
            LexemeKind::Word => {
                precedence(self.word()).is_none() && !self.word().eq_ignore_ascii_case("offset")
            }
            LexemeKind::Number | LexemeKind::Duration | LexemeKind::String => true,
            LexemeKind::Open => matches!(self.word(), "(" | "{"),
            LexemeKind::Operator => matches!(self.word(), "-" | "+"),
            _ => false,
        })
    }

    /// The matchers behind a metric, or instead of one.
    fn selector(&mut self, mut metric: Option<Word>) -> Option<NodeKind> {
        let mut matchers = Vec::new();
        if self.word() == "{" {
            self.at += 1;
            while !self.skip_if("}") {
                let name = self.next()?;
                let text = self.text_in(&name.range);
                let label = match name.kind {
                    LexemeKind::String => unquoted(text)?,
                    LexemeKind::Word => text.to_owned(),
                    _ => return None,
                };
                let is_operator = matches!(self.word(), "=" | "!=" | "=~" | "!~");
                if name.kind == LexemeKind::String && !is_operator {
                    metric = Some(Word { text: label, range: name.range.clone() });
                } else {
                    let operator = self.next()?;
                    let operator = self.text_in(&operator.range);
                    let value = self.next().filter(|value| value.kind == LexemeKind::String)?;
                    let text = unquoted(self.text_in(&value.range))?;
                    let value = Word { text, range: value.range.clone() };
                    if label == METRIC_NAME && operator == "=" {
                        metric = Some(value);
                    } else {
                        matchers.push(Matcher { label, operator: operator.to_owned(), value });
                    }
                }
                if !self.skip_if(",") && !self.skip_if("or") && self.word() != "}" {
                    return None;
                }
            }
        }
        matchers.sort_by(|a, b| (&a.label, &a.operator).cmp(&(&b.label, &b.operator)));
        Some(NodeKind::Selector { metric, matchers, range: None })
    }

    /// Ranges, `offset` and `@` behind an expression.
    fn behind(&mut self, mut node: Node) -> Option<Node> {
        let start = node.range.start;
        loop {
            if self.skip_if("[") {
                let length = self.length()?;
                if self.skip_if(":") {
                    let step = if self.word() == "]" { None } else { Some(self.length()?) };
                    self.expect("]")?;
                    let kind = NodeKind::Subquery { inner: Box::new(node), range: length, step };
                    node = Node { range: start..self.end(), kind };
                } else {
                    self.expect("]")?;
                    let NodeKind::Selector { range, .. } = &mut node.kind else { return None };
                    *range = Some(length);
                    node.range.end = self.end();
                }
            } else if self.skip_if("offset") {
                let length = self.length()?;
                node = self.shifted(node, |_, offset| *offset = Some(length));
            } else if self.skip_if("@") {
                let from = self.peek()?.range.start;
                let is_call = self.next()?.kind == LexemeKind::Word;
                if is_call {
                    self.expect("(")?;
                    self.expect(")")?;
                } else if self.word_before() == "-" {
                    self.at += 1;
                }
                let text = self.text_in(&(from..self.end())).to_owned();
                let word = Word { text, range: from..self.end() };
                node = self.shifted(node, |at, _| *at = Some(word));
            } else {
                return Some(node);
            }
        }
    }

    fn word_before(&self) -> &str {
        let before = self.at.checked_sub(1).and_then(|before| self.lexemes.get(before));
        before.map_or("", |lexeme| self.text_in(&lexeme.range))
    }

    /// The node at another time; one that is shifted already is shifted further.
    fn shifted(
        &self,
        node: Node,
        set: impl FnOnce(&mut Option<Word>, &mut Option<Length>),
    ) -> Node {
        let range = node.range.start..self.end();
        let (inner, mut at, mut offset) = match node.kind {
            NodeKind::Shifted { inner, at, offset } => (inner, at, offset),
            _ => (Box::new(node), None, None),
        };
        set(&mut at, &mut offset);
        Node { range, kind: NodeKind::Shifted { inner, offset, at } }
    }

    /// `5m`, `300`, `-1h`
    fn length(&mut self) -> Option<Length> {
        let start = self.peek()?.range.start;
        let is_negative = self.skip_if("-");
        let lexeme = self.next()?;
        let word = self.text_in(&lexeme.range);
        let length = match lexeme.kind {
            LexemeKind::Duration => i64::try_from(milliseconds(word)?).ok()?,
            // Prometheus 3 takes seconds without a unit.
            LexemeKind::Number => whole_milliseconds(number(word)?)?,
            _ => return None,
        };
        let milliseconds = if is_negative { -length } else { length };
        Some(Length { milliseconds, range: start..lexeme.range.end })
    }
}

#[expect(clippy::cast_precision_loss, reason = "lengths of time are far below 2^53 ms")]
fn to_f64(milliseconds: u64) -> f64 {
    milliseconds as f64
}

#[expect(clippy::cast_possible_truncation, reason = "`limits` bounds the seconds of a range")]
fn whole_milliseconds(seconds: f64) -> Option<i64> {
    seconds.is_finite().then_some((seconds * 1000.0).round() as i64)
}

/// A number in any of PromQL's spellings.
fn number(text: &str) -> Option<f64> {
    // Prometheus 3 takes underscores between digits.
    let without;
    let text = if text.contains('_') {
        without = text.replace('_', "");
        &without
    } else {
        text
    };
    let hexadecimal = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    match hexadecimal {
        Some(digits) => u64::from_str_radix(digits, 16).ok().map(to_f64),
        None => text.parse().ok(),
    }
}
