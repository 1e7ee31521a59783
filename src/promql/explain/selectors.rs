//! Matchers, ranges, offsets and lists of labels.

use super::fault::{Fault, quoted};
use super::{Explainer, Form, Part, Read};
use crate::promql::functions::ValueType;
use crate::promql::regular_expression;
use crate::promql::scan::LexemeKind;
use crate::promql::unquoted::unquoted;
use std::ops::Range;

/// What a selector has to know of its matchers.
struct Matcher {
    /// Whether it is one of the metric's name.
    names_metric: bool,
    /// Whether series without the label are matched.
    matches_empty: bool,
}

impl Explainer<'_> {
    /// `{a="b", …}`
    pub(super) fn matchers(&mut self, has_metric: bool) -> Read<()> {
        let start = self.place().start;
        let mut selects = has_metric;
        self.open_bracket();
        while self.word() != "}" {
            let place = self.place();
            let matcher = self.matcher()?;
            selects |= !matcher.matches_empty;
            if has_metric && matcher.names_metric {
                return Err(Fault::new(place, "this selector names its metric twice"));
            }
            if self.word() == "," || self.is_word("or") {
                self.at += 1;
            } else if self.word() != "}" {
                return Err(self.fault("`,` or `}`"));
            }
        }
        self.close_bracket("}", "`}`")?;
        if selects {
            return Ok(());
        }
        let range = start..self.end_of_previous();
        Err(Fault::new(range, "this selects every series there is")
            .with_help("name a metric, or match one label against something that is not empty"))
    }

    fn matcher(&mut self) -> Read<Matcher> {
        let metric = Matcher { names_metric: true, matches_empty: false };
        let label = self.word().to_owned();
        let is_quoted = self.kind() == Some(LexemeKind::String);
        let name = match self.kind() {
            Some(LexemeKind::Word) => {
                self.at += 1;
                label
            }
            Some(LexemeKind::String) => self.string()?,
            _ => return Err(self.fault("a label or `}`")),
        };
        let operator = match self.word() {
            operator @ ("=" | "!=" | "=~" | "!~") => operator.to_owned(),
            "==" => {
                let fault = Fault::new(self.place(), "labels are matched with a single `=`");
                return Err(fault.with_help("write `=`, or `=~` for a regular expression"));
            }
            // A name in quotes alone is that of the metric.
            _ if is_quoted => return Ok(metric),
            _ => return Err(self.fault("`=`, `!=`, `=~` or `!~`")),
        };
        self.at += 1;
        let place = self.place();
        let value = match self.kind() {
            Some(LexemeKind::String) => self.string()?,
            Some(LexemeKind::Word | LexemeKind::Number | LexemeKind::Duration) => {
                let message = format!("the value {} has no quotes", quoted(self.word()));
                let help = format!("write {}", quoted(&format!("{name}=\"{}\"", self.word())));
                return Err(Fault::new(place, message).with_help(help));
            }
            _ => return Err(self.fault("the value of the label in quotes")),
        };
        let is_negated = operator.starts_with('!');
        let matches_empty = if operator.ends_with('~') {
            let pattern = regular_expression::read(&value).ok_or_else(|| {
                let message = format!("{} is no regular expression", quoted(self.text_in(&place)));
                Fault::new(place, message)
                    .with_help("the syntax is that of RE2; escape what is meant literally: `\\\\.`")
            })?;
            pattern.matches_empty
        } else {
            value.is_empty()
        };
        Ok(Matcher { names_metric: name == "__name__", matches_empty: matches_empty != is_negated })
    }

    /// A string whose escapes PromQL knows; what it stands for.
    pub(super) fn string(&mut self) -> Read<String> {
        let place = self.place();
        self.at += 1;
        let quoted = self.text_in(&place);
        unquoted(quoted).ok_or_else(|| {
            let message = "this string has an escape or a line break that PromQL does not know";
            Fault::new(place, message).with_help("a backslash itself is written `\\\\`")
        })
    }

    fn text_in(&self, range: &Range<usize>) -> &str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    /// `[5m]` behind a selector, or `[5m:1m]` behind anything.
    pub(super) fn range(&mut self, before: &Part) -> Read<Part> {
        let start = self.place().start;
        self.open_bracket();
        self.duration()?;
        let is_subquery = self.word() == ":";
        if is_subquery {
            self.at += 1;
            if self.word() != "]" {
                self.duration()?;
            }
        }
        let wanted = if is_subquery { "`]`" } else { "`]` or `:`" };
        self.close_bracket("]", wanted)?;
        let brackets = start..self.end_of_previous();
        match before.form {
            _ if is_subquery && before.value == ValueType::Vector => {}
            Form::Selector if !is_subquery => {}
            Form::ModifiedSelector if !is_subquery => {
                return Err(Fault::new(brackets, "the range stands before `offset` and `@`"));
            }
            _ if is_subquery => {
                let message = format!("a subquery can't be over {}", before.value.described());
                return Err(Fault::new(before.range.clone(), message));
            }
            _ => {
                return Err(Fault::new(brackets, "a range can only follow a selector")
                    .with_help("for an expression write a subquery, such as `(…)[5m:1m]`"));
            }
        }
        Ok(Part {
            value: ValueType::Range,
            range: before.range.start..self.end_of_previous(),
            form: Form::Range,
        })
    }

    /// `offset 5m` or `@ 1600000000`.
    pub(super) fn time_modifier(&mut self, part: &mut Part) -> Read<()> {
        let place = self.place();
        let word = self.word().to_ascii_lowercase();
        if part.form == Form::Other {
            let message = format!("`{word}` can only follow a selector or a subquery");
            return Err(Fault::new(place, message));
        }
        self.at += 1;
        if matches!(self.word(), "+" | "-") {
            self.at += 1;
        }
        if word == "offset" {
            self.duration()?;
        } else if self.is_word("start") || self.is_word("end") {
            self.at += 1;
            if self.word() != "(" {
                return Err(self.fault("`()`"));
            }
            self.open_bracket();
            self.close_bracket(")", "`)`")?;
        } else if matches!(self.kind(), Some(LexemeKind::Number | LexemeKind::Duration)) {
            self.at += 1;
        } else {
            return Err(self.fault("a time in seconds, `start()` or `end()`"));
        }
        if part.form == Form::Selector {
            part.form = Form::ModifiedSelector;
        }
        part.range.end = self.end_of_previous();
        Ok(())
    }

    fn duration(&mut self) -> Read<()> {
        if matches!(self.kind(), Some(LexemeKind::Duration | LexemeKind::Number)) {
            self.at += 1;
            return Ok(());
        }
        Err(self.fault("a duration such as `5m`"))
    }

    /// `(a, b)` behind `by`, `on` and their like; how many labels there are.
    pub(super) fn labels(&mut self) -> Read<usize> {
        let mut count = 0;
        if self.word() != "(" {
            return Err(self.fault("labels in parentheses"));
        }
        self.open_bracket();
        while self.word() != ")" {
            match self.kind() {
                Some(LexemeKind::Word) if !self.word().contains(':') => self.at += 1,
                Some(LexemeKind::String) => {
                    self.string()?;
                }
                _ => return Err(self.fault("a label or `)`")),
            }
            count += 1;
            if self.word() == "," {
                self.at += 1;
            } else if self.word() != ")" {
                return Err(self.fault("`,` or `)`"));
            }
        }
        self.close_bracket(")", "`)`")?;
        Ok(count)
    }
}
