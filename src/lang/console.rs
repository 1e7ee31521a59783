//! Console sessions: which lines of a block of code are commands, and which are what they printed.
//!
//! Runbooks show sessions as their author copied them out of a terminal, prompt, command and output
//! in one fence. A prompt says where a command begins; a command goes on in the next line where a
//! shell would have asked for more (a backslash, a pipe, an open quote, a here-document, a loop).

mod output;
mod prompt;

pub use output::before_output;

use super::shell;
use prompt::{Asker, Prompt};
use std::borrow::Cow;
use std::ops::Range;

/// A command of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// The prompt before it, as bytes of the session, the space behind it included.
    pub prompt: Range<usize>,
    /// Its lines without prompts and line ends, as bytes of the session; one at least. The parts of
    /// the session that belong to no command are output.
    pub lines: Vec<Range<usize>>,
    /// Whether a shell runs it, and not psql or another program with a language of its own.
    pub is_shell: bool,
}

impl Command {
    /// What there is to run: the lines of the command, without a line break at the end.
    pub fn text<'s>(&self, session: &'s str) -> Cow<'s, str> {
        let line = |line: &Range<usize>| session.get(line.clone());
        match self.lines.as_slice() {
            // Most have one.
            [only] => line(only).unwrap_or_default().into(),
            lines => lines.iter().filter_map(line).collect::<Vec<_>>().join("\n").into(),
        }
    }
}

/// The commands of a block of code, in order; none if nothing in it stands behind a prompt.
/// `declared` says that its author called it a session: `# reboot` is then a command and no
/// comment, unless other prompts show what the author's prompt looks like.
pub fn commands(session: &str, declared: bool) -> Vec<Command> {
    let lines = lines(session);
    let found = split(session, &lines, prompt::evident);
    if found.is_empty() && starts_without_prompt(session, &lines) {
        // The first commands have none, so others may not have one either.
        return split(session, &lines, |line| {
            let is_command = shell::is_evident(line) || prompt::started(line).is_some();
            prompt::evident(line)
                .or_else(|| is_command.then_some(Prompt { length: 0, asker: Asker::Shell }))
        });
    }
    if found.is_empty() && (declared || is_session_of_root(session, &lines)) {
        let of_root = |line: &str| {
            prompt::bare(line)
                .filter(|prompt| declared || shell::is_evident(&line[prompt.length..]))
        };
        return split(session, &lines, of_root);
    }
    found
}

/// Whether a session begins with a command that has no prompt and starts what asks with `>`: `sudo su
/// postgres`, `> vacuumdb`.
fn starts_without_prompt(session: &str, lines: &[Range<usize>]) -> bool {
    let mut written = lines.iter().map(|line| &session[line.clone()]);
    let Some(first) = written.find(|line| !line.trim().is_empty()) else { return false };
    // Few sessions have such a line, and to see what a command starts takes longer.
    written.any(|line| line.trim_start().starts_with("> ")) && prompt::started(first).is_some()
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
    let Prompt { length: begin, asker } = prompt::evident(line).filter(|_| !line.contains('\n'))?;
    let starts_as_command = line[begin..]
        .starts_with(|first: char| first.is_ascii_alphabetic() || "./~".contains(first));
    let range = begin..line.len();
    let is_shell = asker == Asker::Shell;
    starts_as_command.then(|| Command { prompt: 0..begin, lines: vec![range], is_shell })
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
    prompt: impl Fn(&str) -> Option<Prompt>,
) -> Vec<Command> {
    let text = |range: &Range<usize>| session.get(range.clone()).unwrap_or_default();
    let mut commands: Vec<Command> = Vec::new();
    // Who asks below a command that has started it, where anybody may.
    let may_ask = lines.iter().any(|line| prompt::may_be_within(text(line)));
    let mut within: Option<Asker> = None;
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        at += 1;
        let found = prompt(text(line));
        let found = found.or_else(|| prompt::within(text(line), within?));
        let Some(Prompt { length, asker }) = found else { continue };
        let begin = line.start + length;
        let is_shell = asker == Asker::Shell;
        let mut command = Command { prompt: line.start..begin, lines: Vec::new(), is_shell };
        command.lines.push(begin..line.end);
        if !is_shell {
            while let Some(next) = lines.get(at)
                && let Some(asked) = prompt::of_rest(text(next))
            {
                command.lines.push(next.start + asked..next.end);
                at += 1;
            }
            commands.push(command);
            continue;
        }
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
        if may_ask {
            within = prompt::started(&command.text(session)).or(within);
        }
        commands.push(command);
    }
    commands
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(session: &str, declared: bool) -> Vec<String> {
        let commands = commands(session, declared).into_iter();
        commands.map(|command| command.text(session).into_owned()).collect()
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
            ("$kubectl get pods\nNAME\n$POD is one\n$ls\n", &["kubectl get pods"]),
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
    fn a_mark_is_a_prompt_behind_what_starts_a_shell() {
        for (session, expected) in [
            (
                "sudo su gitlab-sql\n> /opt/wal-g/bin/backup.sh >> /var/log/x 2>&1\nout\n",
                &["sudo su gitlab-sql", "/opt/wal-g/bin/backup.sh >> /var/log/x 2>&1"][..],
            ),
            (
                "ssh db1\n> sudo -u postgres psql\n> \\x\n",
                &["ssh db1", "sudo -u postgres psql", "\\x"],
            ),
            (
                "$ oc -n openshift-etcd rsh <pod>\n# etcdctl member list -w table\n| a |\n# the members\n# lsof -n\n$ date",
                &[
                    "oc -n openshift-etcd rsh <pod>",
                    "etcdctl member list -w table",
                    "lsof -n",
                    "date",
                ],
            ),
            (
                "$ oc debug \"node/$NODE_NAME\"\n# sysctl -a | grep 'fs.file-'\nfs.file-max = 1\n",
                &["oc debug \"node/$NODE_NAME\"", "sysctl -a | grep 'fs.file-'"],
            ),
            ("$ kubectl exec -it x -- sh\n# top -H\n", &["kubectl exec -it x -- sh", "top -H"]),
            ("$ ssh node1\nnode1$ sudo -i\nnode1# reboot\n", &["ssh node1", "sudo -i", "reboot"]),
            // Comments, and what is redirected.
            ("$ ssh node1 uptime\n# find the node\n# lsof -n\n", &["ssh node1 uptime"]),
            ("ssh node1\n# restart it\nsystemctl restart x\n", &[]),
            ("$ ls\n# lsof -n\n> /tmp/x\n", &["ls"]),
            ("kubectl get pods\n> /tmp/x\n", &[]),
        ] {
            assert_eq!(found(session, false), expected, "{session}");
        }
    }

    #[test]
    fn other_programs_ask_in_their_own_way() {
        for (session, expected) in [
            (
                "$ gitlab-psql\ngitlabhq_production=# select pg_cancel_backend(<pid>);\n t\ngitlabhq_production=# \\x\n",
                &[
                    ("gitlab-psql", true),
                    ("select pg_cancel_backend(<pid>);", false),
                    ("\\x", false),
                ][..],
            ),
            ("db=> select *\ndb-> from x;\n a\n", &[("select *\nfrom x;", false)]),
            ("mysql> show\n    -> slave status;\nEmpty", &[("show\nslave status;", false)]),
            ("MariaDB [(none)]> kill <id>;\n", &[("kill <id>;", false)]),
            ("127.0.0.1:6379> CLUSTER NODES\nx\n", &[("CLUSTER NODES", false)]),
            (
                "PS C:\\> Get-Item <x>\nC:\\Users\\x>dir\n",
                &[("Get-Item <x>", false), ("dir", false)],
            ),
            (">>> import os\n", &[("import os", false)]),
            ("psql\n> select 1;\n> \\q\n", &[("psql", true), ("select 1;", false), ("\\q", false)]),
            (
                "[10:00:01] user@host:~ $ ls -l\n$> date\n→ kubectl get ns\n",
                &[("ls -l", true), ("date", true), ("kubectl get ns", true)],
            ),
            ("→ see the page\na=b c\nx => y\nhttp://a:80/> x\n", &[]),
            ("issue# find it\nprice$ a lot\nsome# of them\n", &[]),
        ] {
            let of_client = |it: &Command| (it.text(session), it.is_shell);
            let found: Vec<_> = commands(session, false).iter().map(of_client).collect();
            let found: Vec<_> = found.iter().map(|(text, it)| (&**text, *it)).collect();
            assert_eq!(found, expected, "{session}");
        }
    }

    #[test]
    fn a_line_in_a_sentence_may_have_a_prompt() {
        let text = |line: &str| of_line(line).map(|it| it.text(line).into_owned());
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
        assert_eq!(found("# TODO: Command needed\n# Look at it first\n", true), [""; 0]);
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
