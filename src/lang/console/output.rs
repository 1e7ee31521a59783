//! What programs print: lines that nobody types, in blocks of code that have no prompts.
//!
//! A command and what it printed often stand in one block, and only the command is to be copied. A
//! line is taken for output if no shell could run it: it is a row of a table, JSON, YAML, a log, a
//! list. What a program could be called, as the `w1` that `hostname` prints, stays with the commands.

use super::{Command, lines};
use crate::lang::pattern::Pattern;
use crate::lang::shell;
use std::ops::Range;

/// The commands of a block without prompts that also holds what they printed: from a line that is
/// evidently output to the next blank line or command. None if there is no such line behind a command.
pub fn before_output(text: &str) -> Vec<Command> {
    let lines = lines(text);
    if may_have_output(text, &lines) { apart_from_output(text, &lines) } else { Vec::new() }
}

/// Whether any line may be output, without a look at where statements end: what is printed begins behind a
/// command, unless it is the frame of a table.
fn may_have_output(text: &str, lines: &[Range<usize>]) -> bool {
    let first = lines.iter().position(|line| is_command(&text[line.clone()]));
    let mut behind = first.map_or(lines.len(), |first| first + 1)..lines.len();
    lines.iter().any(|line| is_frame(&text[line.clone()]))
        || behind.any(|at| is_printed(text, &lines[at..]))
}

fn apart_from_output(text: &str, lines: &[Range<usize>]) -> Vec<Command> {
    let mut commands: Vec<Command> = Vec::new();
    let (mut has_output, mut is_output, mut is_new) = (false, false, true);
    // Whether a blank line stands between this one and a statement, or between it and what that printed.
    let (mut is_apart, mut is_paragraph) = (false, false);
    let mut at = 0;
    let mut effort = LEAST_EFFORT + EFFORT * text.len();
    // The statement right before, if a program may have printed what follows.
    let mut before = false;
    while at < lines.len() {
        let line = text.get(lines[at].clone()).unwrap_or_default();
        if line.trim().is_empty() {
            (is_apart, is_paragraph) = (before, is_paragraph || is_output);
            (is_output, before) = (false, false);
            at += 1;
            continue;
        }
        let is_begun = (before || has_output) && is_printed(text, &lines[at..]);
        // Right below an empty line may stand the file that a command is given.
        let is_begun = is_begun || (is_apart && is_surely_printed(text, &lines[at..]));
        // Nobody types the frame of a table, and whatever is called prints it.
        let is_begun = is_begun || (is_frame(line) && !commands.is_empty());
        // The text of a commit is indented.
        let goes_on = is_output || (is_paragraph && line.starts_with([' ', '\t']));
        (is_apart, is_paragraph) = (false, false);
        if is_begun || (goes_on && !shell::is_evident(line)) {
            (has_output, is_output, is_new) = (true, true, true);
            before = false;
            at += 1;
            continue;
        }
        let end = at + statement(text, &lines[at..], &mut effort);
        if is_new {
            let prompt = lines[at].start..lines[at].start;
            commands.push(Command { prompt, lines: Vec::new(), is_shell: true });
        }
        if let Some(command) = commands.last_mut() {
            command.lines.extend(lines[at..end].iter().cloned());
        }
        before = is_command(line) && !is_surely_printed(text, &lines[at..]);
        (is_output, is_new) = (false, false);
        at = end;
    }
    if has_output { commands } else { Vec::new() }
}

/// Whether a line is one of the frame of a table.
fn is_frame(line: &str) -> bool {
    line.starts_with("+-")
}

/// How many lines the statement has that begins here: a text that a command holds, as JSON in quotes
/// or in a here-document, is none of its output. What is never closed ends with its line.
fn statement(text: &str, lines: &[Range<usize>], effort: &mut usize) -> usize {
    let mut read = String::new();
    for (at, line) in lines.iter().enumerate() {
        read.push_str(&text[line.clone()]);
        if !shell::goes_on(&read) {
            return at + 1;
        }
        let Some(left) = effort.checked_sub(read.len()) else { break };
        *effort = left;
        read.push('\n');
    }
    1
}

/// How many bytes are read for each byte of a text, and of any text, to find where its statements
/// end. Then each line is one.
const EFFORT: usize = 20;
const LEAST_EFFORT: usize = 100_000;

/// Whether a line is a command that prints something: of a known program, of one with a name that no
/// word of a sentence has, or with an option.
fn is_command(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let name = words.next().unwrap_or_default();
    let is_name = name.starts_with(|it: char| it.is_ascii_lowercase() || "./~".contains(it))
        && name
            .bytes()
            .all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || b"-_./~".contains(&it));
    // A comment of another language.
    let is_name = is_name && !name.starts_with("//");
    let has_option = words.next().is_some_and(|word| word.len() > 1 && word.starts_with('-'));
    let is_tool = is_name && (has_option || name.contains(['-', '/', '.']));
    shell::is_evident(line) || shell::begins_script(line) || is_tool
}

/// Whether the first of some lines was printed by what stands behind a `#` above it. YAML, files of
/// settings and texts may have comments of their own.
pub(super) fn is_below_prompt(text: &str, lines: &[Range<usize>]) -> bool {
    let line = lines.first().and_then(|line| text.get(line.clone())).unwrap_or_default();
    let first = line.split_whitespace().next().unwrap_or_default();
    let is_capitalized = first.starts_with(|it: char| it.is_ascii_uppercase())
        && first.contains(|it: char| it.is_ascii_lowercase());
    let has_comments = first.ends_with(':') || first == "---" || first.starts_with(';');
    is_printed(text, lines) && !has_comments && (!is_capitalized || has_columns(line))
}

/// Whether the first of some lines is one that nobody types, where a command may have printed it.
fn is_printed(text: &str, lines: &[Range<usize>]) -> bool {
    static PRINTED: Pattern = Pattern::new(|| {
        let shapes = [
            // `Name: x`, `apiVersion: v1`, `Error from server (NotFound): …`, `8e9e05c5, started, …`
            r"[\w./-]+(?:\([\w./-]*\))?[:,](?:\s|$)|[A-Z]\w* (?:\w+ )*\(\w+\): ",
            // `● docker.service`, `├─x`, `; <<>> DiG`
            r"[^\x00-\x7f\w\s]|;",
            // `pod "a" deleted`, `deployment.apps/a configured`, `node/a already cordoned`
            r#"[a-z][\w.-]*(?:/\S+| "\S+") (?:already )?\w+ed(?: |$)|evicting pod "#,
            // Another program that asks: `psql (14.2)`, `postgres=# `, `mysql> `
            r"[\w.-]+ \(v?\d|\w[\w.:()@/-]*(?:=[#>]|>) |>>> ",
            // `PING x (10.0.0.1)`, `PLAY [all] ***`, `/dev/sda1 on / type ext4`
            r"[A-Z]{3,} (?:\S+ \(\d|\[)|\S+ on /\S* type ",
            // `https://10.0.0.1:2379, 8e9e…`, `notBefore=Nov 25 …`
            r"https?://\S+(?:, | is )|\w+=[A-Z][a-z]{2} +\d+ ",
            // A sentence: `Rollback was a success!`
            r"[A-Z][a-z]+(?:[.!:,]+(?: |$)| [^-=])",
        ];
        format!("^(?:{})", shapes.join("|"))
    });
    // A sentence with a sign beyond ASCII, for which all lines would need the pattern that takes long to make.
    static SENTENCE: Pattern = Pattern::new(|| r"^[A-Z][a-z]+[.!:,…]+(?: |$)".to_owned());
    let line = text_of(text, lines.first()).trim_start();
    is_surely_printed(text, lines)
        || PRINTED.begins(line)
        || (line.contains('…') && SENTENCE.begins(line))
}

/// Whether the first of some lines is one that only programs write: of a table, of a log, of JSON.
fn is_surely_printed(text: &str, lines: &[Range<usize>]) -> bool {
    static PRINTED: Pattern = Pattern::new(|| {
        let shapes = [
            // `{"health":"true"}`, `[{`, `[]`: `[ -f x ]` has a space.
            r#"\{ *"|\[(?:[\[{"\]]|$)|\{\}?$"#,
            // `2026-11-25T…`, `03:12:07`, `10.0.0.1 …`, `I1125 03:12`, `[2026-11-25`, `1/1`
            r"\d[\d.:/T-]*(?:Z|ms|%|[A-Z]i?)?(?: |$)|\d{4}-\d\d-\d\d|[IWEF]\d{4} \d\d:|\[\d+[-./:]",
            // `time="…" level=info`, `level=error msg=…`
            r"(?:time|ts|level|caller)=\S+ +\w+=",
            // `| a | b |`, `+---+`, `=====`
            r"\|\s|\+-|={3,}$|-{3,}",
            // `total 12`, `drwxr-xr-x`, `commit 5be07c3`, `HEALTH_WARN …`, `HTTP/1.1 200 OK`
            r"total \d+$|[dl-][rwx-]{9}|commit [0-9a-f]{7,}|HTTP/\d[\d.]* \d{3}",
            r"(?:ERROR|WARN(?:ING)?|INFO|FATAL|HEALTH_[A-Z]+) ",
        ];
        format!("^(?:{})", shapes.join("|"))
    });
    let line = text_of(text, lines.first());
    let is_rule = |line: &str| {
        line.contains("---")
            && line.bytes().all(|it| matches!(it, b'-' | b'+' | b'|' | b' ' | b'='))
    };
    let below = text_of(text, lines.get(1));
    let is_head = is_heading(line) || has_columns(line) || is_row(line) || is_rule(below);
    if is_head && !shell::is_evident(line) {
        return true;
    }
    let line = line.trim_start();
    // `{` also begins a group of commands.
    let is_group = line == "{" && !below.trim_start().starts_with(['"', '}']);
    PRINTED.begins(line) && !is_group
}

fn text_of<'t>(text: &'t str, line: Option<&Range<usize>>) -> &'t str {
    line.and_then(|line| text.get(line.clone())).unwrap_or_default()
}

/// Whether a line is `NAME   READY   STATUS`: words in capitals, somewhere with more than a space
/// between them.
fn is_heading(line: &str) -> bool {
    let is_word = |word: &str| {
        word.starts_with(|first: char| first.is_ascii_uppercase())
            && word
                .chars()
                .all(|it| it.is_ascii_uppercase() || it.is_ascii_digit() || "()-_/%:".contains(it))
    };
    let line = line.trim_end();
    (line.trim_start().contains("  ") || line.contains('\t'))
        && line.split_whitespace().count() > 1
        && line.split_whitespace().all(is_word)
}

/// Whether a line is `Filesystem      Size  Used Avail`: several times more than a space between its
/// words, and before the first of them, or that begins with a capital, as programs do not.
fn has_columns(line: &str) -> bool {
    let is_indented = line.starts_with("   ");
    let line = line.trim();
    (is_indented || line.starts_with(|first: char| first.is_ascii_uppercase()))
        && !line.contains(['=', '|', ';', '$', '\\', '#'])
        && line.split("  ").filter(|part| !part.trim().is_empty()).count() > 2
}

/// Whether a line is `web    api-1   1/1   Running   0   5d`: a row of a table without its head, with
/// numbers in several of its columns. No program is called like the first.
fn is_row(line: &str) -> bool {
    let columns = || line.split("  ").map(str::trim).filter(|part| !part.is_empty());
    let numbers = columns().filter(|part| part.bytes().any(|byte| byte.is_ascii_digit())).count();
    columns().count() > 2
        && numbers > 0
        && !line.contains(['=', '|', ';', '$', '\\', '#'])
        && !columns().next().is_some_and(shell::is_name)
        && !columns().any(|part| part.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_output_is_passed_over(lines_of in prop::collection::vec(0..LINES.len(), 0..8)) {
            let text: String =
                lines_of.iter().flat_map(|line| [LINES[*line], "\n"]).collect();
            prop_assert_eq!(before_output(&text), apart_from_output(&text, &lines(&text)));
        }
    }

    #[rustfmt::skip]
    const LINES: [&str; 24] = [
        "", "  ", "kubectl get pods", "kubectl get pods \\", "./run.sh", "hostname", "w1", "echo 'a", "b'", "cat <<E",
        "E", "for a in b; do", "done", "  kubectl logs x", "NAME    READY   STATUS", "a       1/1     Running", "+---+",
        "-----", "{", "\"a\": 1", "Rollback was a success!", "Done… there", "pod \"a\" deleted", "├─x",
    ];

    fn found(text: &str) -> Vec<String> {
        before_output(text).iter().map(|it| it.text(text).into_owned()).collect()
    }

    #[test]
    fn a_table_behind_a_command_is_what_it_printed() {
        let pods = "NAME    READY   STATUS\na       1/1     Running\n";
        for (text, expected) in [
            (format!("kubectl get pods\n{pods}"), &["kubectl get pods"][..]),
            (format!("export A=b\nkubectl get pods\n\n{pods}"), &["export A=b\nkubectl get pods"]),
            (
                format!("kubectl get pods\n\n{pods}\nkubectl get nodes\n"),
                &["kubectl get pods", "kubectl get nodes"],
            ),
            (
                format!(
                    "cd /tmp\nkubectl get pods\n{pods}\nkubectl get nodes\n{pods}kubectl top node x\n"
                ),
                &["cd /tmp\nkubectl get pods", "kubectl get nodes", "kubectl top node x"],
            ),
            // No table, or nobody who printed it.
            ("kubectl get pods\nkubectl get nodes\n".to_owned(), &[]),
            (pods.to_owned(), &[]),
            (format!("NAME         READY   STATUS\na-7b9656cc   1/1     Running\n\n{pods}"), &[]),
            ("kubectl get pods\nNAME\n".to_owned(), &[]),
        ] {
            assert_eq!(found(&text), expected, "{text}");
        }
    }

    #[test]
    fn what_no_shell_could_run_was_printed() {
        for (command, printed) in [
            ("curl -s localhost:2379/health", "{\"health\":\"true\"}"),
            ("curl -s localhost/x | jq .", "{\n  \"a\": [\n    1\n  ]\n}"),
            ("curl -s localhost/x", "[]"),
            (
                "df -h",
                "Filesystem      Size  Used Avail Use% Mounted on\n/dev/sda1        20G   10G   10G  50% /",
            ),
            (
                "systemctl status kubelet",
                "● kubelet.service - The kubelet\n   Loaded: loaded\n   Active: active",
            ),
            ("kubectl get pod x -o yaml", "apiVersion: v1\nkind: Pod\nmetadata:\n  name: x"),
            (
                "kubectl logs x",
                "I1125 03:12:07.123456       1 main.go:1] started\nE1125 03:12:08.1 1 x.go:2] bad",
            ),
            ("kubectl logs x", "2026-11-25T03:12:07Z INFO started\n  at x"),
            ("kubectl logs x", "time=\"2026-11-25T03:12:07Z\" level=info msg=\"started\""),
            (
                "etcdctl member list",
                "8e9e05c52164694d, started, infra1, http://10.0.1.10:2380, false",
            ),
            ("etcdctl endpoint status -w table", "+----+----+\n| A  | B  |\n+----+----+"),
            ("armada-get-cluster-config abc", "{\n  \"cluster\": \"abc\"\n}"),
            (
                "kubectl describe node x",
                "Name:               x\nRoles:              <none>\nConditions:\n  Type  Status",
            ),
            ("kubectl get pod y", "Error from server (NotFound): pods \"y\" not found"),
            ("ping -c 1 10.0.0.1", "64 bytes from 10.0.0.1: icmp_seq=1 ttl=64 time=0.1 ms"),
            ("top -b -n 1", " 03:12:07 up 3 days"),
            ("ls -l", "total 12\ndrwxr-xr-x 2 root root 4096 Nov 25 a"),
            (
                "free -m",
                "              total        used        free\nMem:          15899        8000        1000",
            ),
            ("vault status -address=x", "Key             Value\n---             -----\nSeal    x"),
            ("psql -c 'select 1'", " ?column? \n----------\n        1\n(1 row)"),
            ("git log -1", "commit 5be07c31d2\nAuthor: x <x@example.com>"),
            ("dig x.example.com", "; <<>> DiG 9.16 <<>> x.example.com"),
            ("kubectl delete pod a", "pod \"a\" deleted"),
            ("kubectl apply -f - <<EOF\na: b\nEOF", "deployment.apps/a configured"),
            ("helm rollback a 1", "Rollback was a success! Happy Helming!"),
            ("./run.sh --all", "Starting...\nDone."),
            ("ceph health detail", "HEALTH_WARN 1 osds down"),
            (
                "kubectl exec -it x -- psql",
                "psql (14.2)\nType \"help\" for help.\n\npostgres=# select 1;\n a\n---\n 1",
            ),
            ("cat /etc/hosts", "127.0.0.1 localhost\n10.0.0.1 w1"),
            (
                "kubectl get pods -A | grep x",
                "web    api-7d9f   1/1   Running   0   5d\nweb    api-8c11   0/1   Pending   0   5d",
            ),
            (
                "ps aux | grep x",
                "root      1234  0.0  0.1 168832 11000 ?      Ss   10:00   0:01 /sbin/init\n\
                 nobody    2234  0.0  0.1 168832 11000 ?      Ss   10:00   0:01 nginx: worker",
            ),
            ("uptime", " 10:00:01 up 3 days,  2:03,  1 user,  load average: 0.1, 0.2, 0.3"),
            (
                "openstack server list",
                "+----+------+\n| ID | Name |\n+----+------+\n| 1  | a    |\n+----+------+",
            ),
            (
                "git log -2",
                "commit 5be07c31d2\nAuthor: x <x@example.com>\nDate:   Wed\n\n    Mend it\n\n\
                 commit 6be07c31d2\nAuthor: x <x@example.com>\n\n    Break it",
            ),
            (
                "kubectl drain n1 --ignore-daemonsets",
                "node/n1 already cordoned\nevicting pod web/api-1\npod/api-1 evicted\nnode/n1 drained",
            ),
            ("curl -I localhost", "HTTP/1.1 200 OK\nserver: envoy\ndate: Wed"),
            ("nslookup x", "Server:\t\t10.0.0.2\nAddress:\t10.0.0.2#53\n\nName:\tx.example.com"),
            ("ping -c 1 x", "PING x (10.0.0.1) 56(84) bytes of data.\n64 bytes from 10.0.0.1: x"),
            (
                "etcdctl endpoint status",
                "https://10.0.0.1:2379, 8e9e05c52164694d, 3.4.3, 20 MB, true, false",
            ),
            (
                "etcdctl endpoint health",
                "https://10.0.0.1:2379 is healthy: successfully committed proposal: took = 2ms",
            ),
            (
                "lsblk",
                "NAME   MAJ:MIN RM  SIZE RO TYPE MOUNTPOINT\nsda      8:0    0   20G  0 disk",
            ),
            ("kubectl rollout status deploy/x", "Waiting for deployment \"x\" rollout to finish"),
            ("openssl x509 -noout -dates -in x", "notBefore=Nov 25 10:00:00 2026 GMT"),
            ("mount | grep x", "/dev/sda1 on / type ext4 (rw,relatime)"),
            ("ansible-playbook x.yml", "PLAY [all] *****\n\nTASK [ping] ****\nok: [n1]"),
        ] {
            let text = format!("{command}\n{printed}\n");
            assert_eq!(found(&text), [command], "{text}");
            // The next command is one again.
            let text = format!("{command}\n{printed}\nkubectl get nodes\n");
            assert_eq!(found(&text), [command, "kubectl get nodes"], "{text}");
        }
    }

    #[test]
    fn a_rule_below_a_command_makes_no_heading_of_it() {
        let text = "kubectl get pods\nkubectl get nodes\n---\nkubectl get ns\n";
        assert_eq!(found(text), ["kubectl get pods\nkubectl get nodes", "kubectl get ns"]);
    }

    #[test]
    fn what_a_command_holds_is_part_of_it() {
        for text in [
            "cat <<EOF | kubectl apply -f -\napiVersion: v1\nkind: Pod\nEOF\n",
            "curl -d '{\n  \"a\": 1\n}' localhost\n",
            "kubectl patch x -p '\n{\"a\": 1}\n'\nkubectl get pods\n",
            "for i in a b; do\n  echo $i\ndone\n",
            "kubectl get pods |\n  grep x\n",
            "kubectl get pods \\\n  -A\n",
            "cd /tmp\n[ -f x ] && rm x\n[[ -n $A ]] && ls -l\n",
            "cd /tmp\n{\n  ls -l\n} > x\n",
            "export A=1\nB=2 ls -l\nlevel=3\n",
            "kubectl get pods   # a comment\n# NOTE: another\nkubectl get nodes\n",
            "kubectl get pods\n    kubectl get nodes    -A   -w\n",
            "hostname -f\nw1\n",
            "// The top 5\ntopk(5,\n  sum by (pod) (\n    x\n  )\n)\n",
            "cd /opt/app\n./bin/console\nUser.find(3).update(active: false)\nexit\n",
            "ssh w1\nwhoami\n",
            "echo it's\n",
            "kubectl get pods\n\nkubectl get nodes\n",
            "kubectl apply -f x.yaml\n\napiVersion: v1\n",
            "cp   a.yaml   b.yaml\nmv   a1   b1   c1   d1\n",
            "ls -l\n\n  cd /tmp\n  ls\n",
            // A file, and a sentence.
            "apiVersion: v1\nkind: Pod\n",
            "Something is wrong\n{\"a\": 1}\n",
            "kube_job_status - kube_job_spec > 0\nfor: 1h\n",
            "",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }
}
