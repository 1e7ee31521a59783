//! The shell commands of a runbook, in blocks of code and in running text.
//!
//! Most of what people run says of itself that it is a command in no way but by what it is: a fence
//! without a language, a code span. What is taken for a command here is marked as one (by its
//! fence, by a prompt before it), or begins with a program that runbooks run. Output that stands in
//! the same fence is none.

use super::{ExampleAlert, Snippet};
use crate::lang::{console, fence, shell};
use crate::markdown::{BlockKind, CodeBlock, Document, Inline, InlineKind};
use crate::source::{MappedText, Source, Span};
use std::ops::Range;
use std::sync::Arc;

/// A shell command, or a script of several.
#[derive(Debug, Clone)]
pub struct Command {
    /// Where its node begins in the source, in bytes.
    pub start: usize,
    /// Whether it stands in running text.
    pub is_inline: bool,
    /// Whether something says that it is a command: the language of its fence, or a prompt.
    pub is_declared: bool,
    /// Whether its author marked it as one to be careful with, by a word in the info string of its
    /// fence: `bash danger`.
    pub is_marked: bool,
    /// What there is to run, with the bytes of the source; without prompts.
    pub text: MappedText,
}

impl Command {
    /// Where a part of it stands, in bytes of its text, in what its runbook was read from.
    pub fn span_of(&self, source: &Arc<Source>, range: Range<usize>) -> Span {
        Span::new(source, self.text.to_source(range))
    }
}

/// The word in an info string that marks what destroys something.
const MARK: &str = "danger";

/// Whether the info string of a fence marks what stands in it as one to be careful with.
pub fn is_marked(info: &str) -> bool {
    info.split_whitespace().skip(1).any(|word| word == MARK)
}

/// The commands of a document, in the order of the source.
pub fn find(
    document: &Document,
    pieces: &[&Inline],
    examples: &[ExampleAlert],
    snippets: &[Snippet],
) -> Vec<Command> {
    let is_other = |start: usize| {
        snippets.binary_search_by_key(&start, |snippet| snippet.start).is_ok()
            || examples.iter().any(|example| example.start == start)
    };
    let mut commands = Vec::new();
    document.walk_blocks(&mut |block| {
        if let BlockKind::Code(code) = &block.kind
            && !is_other(block.range.start)
        {
            in_block(document, code, block.range.start, &mut commands);
        }
    });
    for inline in pieces {
        let InlineKind::Code(code) = &inline.kind else { continue };
        if is_other(inline.range.start) {
            continue;
        }
        let prompted = console::of_line(code.text()).filter(|command| command.is_shell);
        let is_command = prompted.is_some() || shell::is_evident(code.text());
        if is_command {
            commands.push(Command {
                start: inline.range.start,
                is_inline: true,
                is_declared: prompted.is_some(),
                is_marked: false,
                text: prompted
                    .map_or_else(|| (**code).clone(), |it| joined(document, code, &it.lines)),
            });
        }
    }
    commands.sort_by_key(|command| command.start);
    commands.shrink_to_fit();
    commands
}

fn in_block(document: &Document, code: &CodeBlock, start: usize, commands: &mut Vec<Command>) {
    let info = code.info.as_ref().map_or("", |(info, _)| info.as_str());
    let language = info.split_whitespace().next().unwrap_or_default();
    let text = code.text.text();
    let mut add = |lines: &[Range<usize>], is_declared: bool| {
        commands.push(Command {
            start,
            is_inline: false,
            is_declared,
            is_marked: is_marked(info),
            text: joined(document, &code.text, lines),
        });
    };
    let session = console::commands(text, fence::is_session(language));
    if !session.is_empty() {
        for command in session.iter().filter(|command| command.is_shell) {
            add(&command.lines, true);
        }
    } else if fence::is_shell(language) {
        if shell::fault(text).is_none() {
            add(&lines(text), true);
        } else {
            // A script with a fault, or a command with its output behind it.
            for lines in statements(text, true) {
                add(&lines, true);
            }
        }
    } else if matches!(language, "" | "text" | "txt" | "plaintext" | "console") {
        for lines in statements(text, false) {
            add(&lines, false);
        }
    }
}

/// The lines of a text, without their ends.
fn lines(text: &str) -> Vec<Range<usize>> {
    let mut at = 0;
    let line = |line: &str| {
        let range = at..at + line.trim_end_matches(['\n', '\r']).len();
        at += line.len();
        range
    };
    text.split_inclusive('\n').map(line).collect()
}

/// How many bytes are read for each byte of a text, to find where its commands end. What is left
/// then is not looked at.
const EFFORT: usize = 100;

/// How many bytes are read of any text.
const LEAST_EFFORT: usize = 1_000_000;

/// The commands that begin at the beginning of a line and are evidently some, each with the lines
/// that it goes on in.
fn statements(text: &str, is_script: bool) -> Vec<Vec<Range<usize>>> {
    let lines = lines(text);
    let line = |index: usize| lines.get(index).and_then(|line| text.get(line.clone()));
    let mut found = Vec::new();
    let (mut has_code, mut has_compound) = (false, false);
    // Lines that begin what never ends are read again with every line behind them.
    let mut effort = LEAST_EFFORT + EFFORT * text.len();
    let mut at = 0;
    while let Some(first) = line(at) {
        let is_code = !first.trim().is_empty() && !first.trim().starts_with('#');
        let is_compound = is_script && begins_compound(first);
        // Behind the first command of a script stands its output, as often as not.
        let is_of_script = is_script
            && ((!has_compound && shell::belongs_to_script(first))
                || (!has_code && shell::begins_script(first)));
        let begins = shell::is_evident(first) || is_compound || is_of_script;
        has_code |= is_code;
        has_compound |= is_compound;
        let mut end = at + 1;
        if begins {
            // Where a command never ends, it is its first line that is to be looked at.
            let mut whole = first.to_owned();
            let mut ahead = end;
            while shell::goes_on(&whole) {
                let Some(next) = line(ahead) else { break };
                let Some(left) = effort.checked_sub(whole.len()) else { return found };
                effort = left;
                whole = format!("{whole}\n{next}");
                ahead += 1;
            }
            if !shell::goes_on(&whole) {
                end = ahead;
            }
            found.push(lines[at..end].to_vec());
        }
        at = end;
    }
    found
}

fn begins_compound(line: &str) -> bool {
    let first = line.split_whitespace().next().unwrap_or_default();
    matches!(first, "if" | "for" | "while" | "until" | "case" | "{" | "function")
}

/// Lines of a block as one text, which knows the bytes of the source.
fn joined(document: &Document, code: &MappedText, lines: &[Range<usize>]) -> MappedText {
    let mut joined = MappedText::new();
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            let at = code.to_source(line.start..line.start).start;
            joined.push_replaced("\n", at..at);
        }
        let Some(text) = code.text().get(line.clone()) else { continue };
        let place = code.to_source(line.clone());
        match document.source.text().get(place.clone()) {
            Some(written) if written == text => joined.push_verbatim(text, place.start),
            _ => joined.push_replaced(text, place),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use crate::liquid::SiteVariables;
    use crate::runbook::{AlertColumns, Runbook};
    use crate::source::Source;

    /// The commands of a runbook.
    fn commands(text: &str) -> Vec<String> {
        let source = Source::new("a.md", text);
        let columns = AlertColumns::default();
        let (runbook, _) = Runbook::read(&source, &SiteVariables::default(), &columns);
        let commands = runbook.commands.iter();
        commands.map(|command| command.text.text().to_owned()).collect()
    }

    #[test]
    fn commands_are_found_where_they_are_marked_or_evident() {
        for (text, expected) in [
            ("```bash\nls -l\npwd\n```\n", &["ls -l\npwd"][..]),
            ("```\n$ kubectl get pods\nNAME\n$ date\n```\n", &["kubectl get pods", "date"]),
            (
                "```\nkubectl get pods \\\n  -n x\nNAME READY\n```\n",
                &["kubectl get pods \\\n  -n x"],
            ),
            ("```console\n# reboot\nbye\n```\n", &["reboot"]),
            ("```bash\nkubectl get pods\nNAME (x\n```\n", &["kubectl get pods"]),
            (
                "- Run `kubectl get pods -n x`, see `kubectl` and `armada-api`\n",
                &["kubectl get pods -n x"],
            ),
            ("```\n[INFO] started\nNAME READY\n```\n", &[]),
            ("```yaml\nkubectl: get pods\n```\n", &[]),
            ("```python\nimport os\n```\n", &[]),
            ("```\nsum(rate(x_total{a=\"b\"}[5m])) > 1\n```\n", &[]),
        ] {
            assert_eq!(commands(text), expected, "{text}");
        }
    }

    #[test]
    fn parts_of_commands_know_their_place() {
        let text = "- Do:\n\n  ```\n  $ kubectl get pods \\\n  >  -n armada\n  out\n  ```\n";
        let source = Source::new("a.md", text);
        let columns = AlertColumns::default();
        let (runbook, _) = Runbook::read(&source, &SiteVariables::default(), &columns);
        let command = &runbook.commands[0];
        for part in ["kubectl", "-n armada", "pods"] {
            let at = command.text.text().find(part).unwrap();
            let span = command.span_of(runbook.source(), at..at + part.len());
            assert_eq!(span.text(), part);
        }
    }
}
