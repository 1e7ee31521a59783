//! Console sessions: which lines of a block of code are commands, and which are what they printed.
//!
//! Runbooks show sessions as their author copied them out of a terminal, prompt, command and output
//! in one fence. A prompt says where a command begins; a command goes on in the next line where a
//! shell would have asked for more (a backslash, a pipe, an open quote, a here-document, a loop).

mod output;

pub use output::before_output;

use super::shell;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// A command of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// The prompt before it, as bytes of the session, the space behind it included.
    pub prompt: Range<usize>,
    /// Its lines without prompts and line ends, as bytes of the session; one at least. The parts of
    /// the session that belong to no command are output.
    pub lines: Vec<Range<usize>>,
}

impl Command {
    /// What there is to run: the lines of the command, without a line break at the end.
    pub fn text(&self, session: &str) -> String {
        let lines = self.lines.iter().filter_map(|line| session.get(line.clone()));
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// Languages of fences in which `#`, `%` and `>` stand before commands as well.
const DECLARED: [&str; 8] = [
    "console",
    "shell-session",
    "shellsession",
    "sh-session",
    "bash-session",
    "terminal",
    "session",
    "terminal-session",
];

/// Whether a fence of this language is a session, so that `#` before a word is a prompt.
pub fn is_declared(language: &str) -> bool {
    DECLARED.iter().any(|known| language.eq_ignore_ascii_case(known))
}

/// The commands of a block of code, in order; none if nothing in it stands behind a prompt.
/// `declared` says that its author called it a session: `# reboot` is then a command and no
/// comment, unless other prompts show what the author's prompt looks like.
pub fn commands(session: &str, declared: bool) -> Vec<Command> {
    let lines = lines(session);
    let found = split(session, &lines, evident_prompt);
    if found.is_empty() && (declared || is_session_of_root(session, &lines)) {
        let of_root = |line: &str| {
            bare_prompt(line).filter(|begin| declared || shell::is_evident(&line[*begin..]))
        };
        return split(session, &lines, of_root);
    }
    found
}

/// Whether a `#` is the prompt of root and no comment: what stands behind one printed something, right
/// below, or there are only commands behind them.
fn is_session_of_root(session: &str, lines: &[Range<usize>]) -> bool {
    let is_command = |line: &Range<usize>| {
        session[line.clone()].trim_start().strip_prefix("# ").is_some_and(shell::is_evident)
    };
    let mut filled = lines.iter().filter(|line| !session[(*line).clone()].trim().is_empty());
    filled.all(is_command)
        || lines.iter().enumerate().any(|(at, line)| {
            is_command(line) && output::is_below_prompt(session, &lines[at + 1..])
        })
}

/// The command of a line that stands by itself, in a sentence: `$ kubectl get pods`.
pub fn of_line(line: &str) -> Option<Command> {
    let begin = evident_prompt(line).filter(|_| !line.contains('\n'))?;
    let starts_as_command = line[begin..]
        .starts_with(|first: char| first.is_ascii_alphabetic() || "./~".contains(first));
    let range = begin..line.len();
    starts_as_command.then(|| Command { prompt: 0..begin, lines: vec![range] })
}

/// The lines of a text without their ends.
fn lines(text: &str) -> Vec<Range<usize>> {
    let mut start = 0;
    let line = |line: &str| {
        let range = start..start + line.trim_end_matches(['\n', '\r']).len();
        start += line.len();
        range
    };
    text.split_inclusive('\n').map(line).collect()
}

fn split(
    session: &str,
    lines: &[Range<usize>],
    prompt: impl Fn(&str) -> Option<usize>,
) -> Vec<Command> {
    let text = |range: &Range<usize>| session.get(range.clone()).unwrap_or_default();
    let mut commands: Vec<Command> = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        at += 1;
        let Some(length) = prompt(text(line)) else { continue };
        let begin = line.start + length;
        let mut command = Command { prompt: line.start..begin, lines: Vec::new() };
        command.lines.push(begin..line.end);
        // A quote that nobody closes must not take the rest of the session with it.
        let mut tried = command.clone();
        let mut ahead = at;
        while shell::goes_on(&tried.text(session)) {
            let Some(next) = lines.get(ahead) else { break };
            // The mark with which a shell asks for more.
            let asked = if text(next).starts_with("> ") { 2 } else { 0 };
            if asked == 0 && prompt(text(next)).is_some() {
                break;
            }
            tried.lines.push(next.start + asked..next.end);
            ahead += 1;
            if !shell::goes_on(&tried.text(session)) {
                (command, at) = (tried, ahead);
                break;
            }
        }
        commands.push(command);
    }
    commands
}

/// The length of a prompt that can be nothing else, with the space behind it.
fn evident_prompt(line: &str) -> Option<usize> {
    static PROMPT: LazyLock<Regex> = LazyLock::new(|| {
        let prompts = [
            // $ kubectl
            r"\$ ",
            // root@prod-dal10-carrier1-master-01:/home/kodie# kubectl; user@<host> ~/x (main) $ ls
            r"[\w.<>{}-]+@[\w.<> {}-]*[\w<>{}-](?::[^\s#$%>]*| ~?[^\s#$%>]*)?(?: \([\w./-]+\))? ?[#$%] ?",
            // [root@master-01 ~]# kubectl; [u@h]$ kubectl
            r"\[[\w.<>{}-]+@[^\]\n]{1,80}\] ?[#$%] ?",
            // bash-4.2$ ls; sh-4.4# ls
            r"(?:ba|z|k|da)?sh(?:-[\d.]+)?[$#%] ?",
            // Kodies-MBP:~ kodie$ ls
            r"[\w.-]+:[~/][^\s#$%]* [\w.-]+\$ ",
            // ~/src $ ls; / # ls; ~/src (main) $ ls
            r"[~/][\w./-]*(?: \([\w./-]+\))? [#$%] ",
            // ❯ ls; ➜  ls; ➜  ~ ls; ➜  infra git:(main) ✗ ls
            r"[❯➜] +(?:[~/][^\s]* (?:git:\([^)\n]*\) )?|[\w.-]+ git:\([^)\n]*\) )?(?:[✗✔] )?",
        ];
        // Before any of them may stand what the shell was set to: (venv), (prod).
        let before = r"^\s*(?:\([\w.:/-]+\) ?)?";
        Regex::new(&format!(r"{before}(?:{})\s*", prompts.join("|"))).expect("a pattern")
    });
    if let Some(found) = PROMPT.find(line) {
        // A prompt with nothing behind it waits for somebody.
        return (!line[found.end()..].trim().is_empty()).then_some(found.end());
    }
    // `> kubectl get pods`, but no quotation and no line that a command goes on in; `% ls` and
    // `host% ls`, but no comment and no number.
    let trimmed = line.trim_start();
    let quoted = trimmed.strip_prefix("> ").filter(|it| shell::is_evident(it));
    let typed = quoted.or_else(|| {
        let (host, typed) = trimmed.split_once("% ")?;
        let is_host = !host.starts_with(|it: char| it.is_ascii_digit())
            && host.bytes().all(|it| it.is_ascii_alphanumeric() || b"-_.".contains(&it));
        (is_host && (shell::is_evident(typed) || shell::is_name(typed.trim()))).then_some(typed)
    })?;
    Some(line.len() - typed.len())
}

/// The length of a prompt that is nothing but a mark, `# reboot`.
fn bare_prompt(line: &str) -> Option<usize> {
    let trimmed = line.trim_start();
    let rest = ["# ", "% ", "> "].iter().find_map(|mark| trimmed.strip_prefix(mark))?;
    (!rest.trim().is_empty()).then(|| line.len() - rest.trim_start().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(session: &str, declared: bool) -> Vec<String> {
        commands(session, declared).iter().map(|command| command.text(session)).collect()
    }

    #[test]
    fn prompts_begin_commands_and_the_rest_is_output() {
        for (session, expected) in [
            (
                "$ kubectl get pods\nNAME READY\na    1/1\n$ date\n",
                &["kubectl get pods", "date"][..],
            ),
            (
                "root@prod-dal10-carrier1-master-01:/home/kodie# kubectl get pods | grep 91b\nmaster-91b 6/6\n",
                &["kubectl get pods | grep 91b"],
            ),
            ("[root@master-01 ~]# ls\n[u@h]$ pwd\n[INFO] x", &["ls", "pwd"]),
            ("<user>@<host>:~$ uptime\n 10:00 up", &["uptime"]),
            ("(venv) kodie@laptop ~/src $ make\n", &["make"]),
            (
                "bash-4.2$ ls\nsh-4.4# id\nKodies-MBP:~ kodie$ pwd\n/ # env\n",
                &["ls", "id", "pwd", "env"],
            ),
            ("> kubectl get nodes\nNAME\n> not a command", &["kubectl get nodes"]),
            ("  $ indented\r\n  out\r\n", &["indented"]),
            (
                "user@host ~/x (main) $ ls\nout\nuser@host:~/x (main)$ pwd\n~/x (main) $ id",
                &["ls", "pwd", "id"],
            ),
            ("(prod) ➜  ~ kubectl get ns\n(venv) $ make\n", &["kubectl get ns", "make"]),
            ("% ls\na\n% kubectl get pods\nNAME\n", &["ls", "kubectl get pods"]),
            ("  % Total    % Received\n100  1  100\n% of them are\n% date of it\n", &[]),
            (
                "# kubectl get pods\nNAME    READY\na       1/1\n# kubectl delete pod a\npod \"a\" deleted\n",
                &["kubectl get pods", "kubectl delete pod a"],
            ),
            (
                "# systemctl restart kubelet\n\n# journalctl -u kubelet -f\n",
                &["systemctl restart kubelet", "journalctl -u kubelet -f"],
            ),
            ("host1% ls -l\nw2.example% id\n5% ls -l\n", &["ls -l", "id"]),
            ("# kubectl get pods -A\nkubectl get pods\n# NOTE: here\n", &[]),
            // Comments of other languages.
            ("# kubectl apply -f x.yaml\napiVersion: v1\nkind: Pod\n", &[]),
            ("# kubectl get x -o yaml\n---\na: 1\n", &[]),
            ("# systemctl restart x\n[Unit]\nA=b\n", &[]),
            ("# kubectl get pods\nLists all pods.\n", &[]),
            ("# the pods\nkubectl get pods\nNAME    READY\n", &[]),
            (
                "➜  ~ kubectl get pods\n➜  infra git:(main) ✗ ls\n➜  pwd\n",
                &["kubectl get pods", "ls", "pwd"],
            ),
            // Nothing is typed here.
            ("$ \n$\nprice: $ 5\nkubectl get pods\n# comment\n", &[]),
            ("mail to me@example.com: 5 # of them", &[]),
        ] {
            assert_eq!(found(session, false), expected, "{session}");
        }
    }

    #[test]
    fn a_command_goes_on_where_a_shell_asks_for_more() {
        for (session, expected) in [
            ("$ kubectl get pods \\\n>   -n armada\nout", "kubectl get pods \\\n  -n armada"),
            ("$ kubectl get pods |\n  grep x\nout", "kubectl get pods |\n  grep x"),
            ("$ echo 'a\nb'\nout", "echo 'a\nb'"),
            ("$ cat <<EOF > x\n$x\nEOF\nout", "cat <<EOF > x\n$x\nEOF"),
            ("$ for n in a b; do\n> echo $n\n> done\na\nb", "for n in a b; do\necho $n\ndone"),
            // What is never closed ends with its line.
            ("$ echo it's\nit's not\n$ ls", "echo it's\nit's not"),
            ("$ echo \"a\nb\n$ ls", "echo \"a"),
        ] {
            assert_eq!(found(session, false)[0], expected, "{session}");
        }
    }

    #[test]
    fn a_line_in_a_sentence_may_have_a_prompt() {
        let text = |line: &str| of_line(line).map(|it| it.text(line));
        assert_eq!(text("$ kubectl get pods").as_deref(), Some("kubectl get pods"));
        assert_eq!(text("root@h:~# ls -l").as_deref(), Some("ls -l"));
        assert_eq!(text("$ 5"), None);
        assert_eq!(text("kubectl get pods"), None);
    }

    #[test]
    fn a_declared_session_may_have_bare_marks() {
        assert_eq!(found("# reboot\nbye\n", true), ["reboot"]);
        assert_eq!(found("# reboot\nbye\n", false), [""; 0]);
        assert_eq!(found("# a comment\n$ ls\n", true), ["ls"]);
        assert!(is_declared("Console") && !is_declared("bash"));
    }

    #[test]
    fn the_parts_are_bytes_of_the_session() {
        let session = "ü\n$ ls \\\n> -l\nout\n";
        let command = &commands(session, false)[0];
        assert_eq!(&session[command.prompt.clone()], "$ ");
        let lines: Vec<&str> = command.lines.iter().map(|line| &session[line.clone()]).collect();
        assert_eq!(lines, ["ls \\", "-l"]);
    }
}
