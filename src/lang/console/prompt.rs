//! Prompts: what stands before a command of a session, and who asks for it there.
//!
//! A shell's prompt can mostly be nothing else. A mark alone, `#` or `>`, is one where a command above
//! it has started a shell or another program that asks: `ssh`, `oc debug`, `psql`.

use crate::lang::pattern::Pattern;
use crate::lang::shell;

/// Who asks for a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asker {
    Shell,
    /// A program with a language of its own, such as psql.
    Client,
}

/// A prompt at the beginning of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Prompt {
    /// Its bytes, with the space behind it.
    pub length: usize,
    pub asker: Asker,
}

/// A form of prompts, and what a line has to have for it: patterns take long to be made, and few sites
/// have all forms.
struct Form {
    pattern: Pattern,
    may_be: fn(&str) -> bool,
}

impl Form {
    const fn new(written: fn() -> String, may_be: fn(&str) -> bool) -> Self {
        Self { pattern: Pattern::new(written), may_be }
    }

    /// The length of the prompt of this form that a text begins with.
    fn length(&self, text: &str) -> Option<usize> {
        (self.may_be)(text).then(|| self.pattern.end(text))?
    }
}

/// The length of the prompt of a shell that a line begins with.
fn of_shell(line: &str) -> Option<usize> {
    /// What stands before some prompts, as the shell was set to: (venv), (prod), [10:00:01]. None of the
    /// forms begins so.
    static BEFORE: Form = Form::new(
        || r"^(?:\([\w.:/-]+\) ?|\[\d\d:\d\d(?::\d\d)?\] ?)".to_owned(),
        |text| text.starts_with(['(', '[']),
    );
    static FORMS: [Form; 6] = [
        // root@prod-dal10-carrier1-master-01:/home/kodie# kubectl; user@<host> ~/x (main) $ ls
        Form::new(
            || {
                r"^[\w.<>{}-]+@[\w.<> {}-]*[\w<>{}-](?::[^\s#$%>]*| ~?[^\s#$%>]*)?(?: \([\w./-]+\))? ?[#$%] ?".to_owned()
            },
            |text| text.contains('@') && text.contains(['#', '$', '%']),
        ),
        // [root@master-01 ~]# kubectl; [u@h]$ kubectl
        Form::new(
            || r"^\[[\w.<>{}-]+@[^\]\n]{1,80}\] ?[#$%] ?".to_owned(),
            |text| text.starts_with('[') && text.contains('@'),
        ),
        // bash-4.2$ ls; sh-4.4# ls
        Form::new(
            || r"^(?:ba|z|k|da)?sh(?:-[\d.]+)?[$#%] ?".to_owned(),
            |text| {
                let shells = ["sh", "bash", "zsh", "ksh", "dash"];
                let behind = shells.iter().find_map(|shell| text.strip_prefix(shell));
                behind.is_some_and(|rest| rest.starts_with(['-', '$', '#', '%']))
            },
        ),
        // Kodies-MBP:~ kodie$ ls
        Form::new(
            || r"^[\w.-]+:[~/][^\s#$%]* [\w.-]+\$ ".to_owned(),
            |text| text.contains("$ ") && (text.contains(":~") || text.contains(":/")),
        ),
        // ~/src $ ls; / # ls; ~/src (main) $ ls
        Form::new(
            || r"^[~/][\w./-]*(?: \([\w./-]+\))? [#$%] ".to_owned(),
            |text| text.starts_with(['~', '/']) && text.contains(['#', '$', '%']),
        ),
        // ❯ ls; ➜  ls; ➜  ~ ls; ➜  infra git:(main) ✗ ls
        Form::new(
            || {
                r"^[❯➜] +(?:[~/][^\s]* (?:git:\([^)\n]*\) )?|[\w.-]+ git:\([^)\n]*\) )?(?:[✗✔] )?"
                    .to_owned()
            },
            |text| text.starts_with(['❯', '➜']),
        ),
    ];
    let trimmed = line.trim_start();
    let text = &trimmed[BEFORE.length(trimmed).unwrap_or(0)..];
    // $ kubectl; $> kubectl
    let plain = ["$ ", "$> "].iter().find(|mark| text.starts_with(**mark)).map(|mark| mark.len());
    let length = plain.or_else(|| FORMS.iter().find_map(|form| form.length(text)))?;
    Some(line.len() - text[length..].trim_start().len())
}

/// Whether a line has a sign that a prompt ends with, or is beyond ASCII. Nearly all code in text has
/// none of them.
fn may_have_prompt(line: &str) -> bool {
    memchr::memchr3(b'$', b'#', b'%', line.as_bytes()).is_some()
        || memchr::memchr2(b'>', b'*', line.as_bytes()).is_some()
        || !line.is_ascii()
}

/// The prompt of a line that can be nothing else.
pub(super) fn evident(line: &str) -> Option<Prompt> {
    if !may_have_prompt(line) {
        return None;
    }
    let prompt = |length: usize, asker| {
        // A prompt with nothing behind it waits for somebody.
        (!line[length..].trim().is_empty()).then_some(Prompt { length, asker })
    };
    if let Some(length) = of_shell(line) {
        return prompt(length, Asker::Shell);
    }
    if let Some(length) = of_client(line) {
        return prompt(length, Asker::Client);
    }
    // `> kubectl get pods`, but no quotation and no line that a command goes on in; `$kubectl get pods`;
    // `% ls` and
    // `host% ls`, but no comment and no number.
    let trimmed = line.trim_start();
    let quoted = ["> ", "→ ", "$"].iter().find_map(|mark| trimmed.strip_prefix(mark));
    let typed = quoted.filter(|it| shell::is_evident(it)).or_else(|| {
        memchr::memchr3(b'%', b'$', b'#', trimmed.as_bytes())?;
        let (host, typed) = ["% ", "$ ", "# "].iter().find_map(|mark| {
            let (host, typed) = trimmed.split_once(mark)?;
            // A comment is longer, and `#` alone may begin one.
            (is_host(host) && (*mark == "% " || !host.is_empty())).then_some((host, typed))
        })?;
        let is_name = shell::is_name(typed.trim()) || typed.starts_with("sudo ");
        (!host.ends_with('-') && (shell::is_evident(typed) || is_name)).then_some(typed)
    })?;
    prompt(line.len() - typed.len(), Asker::Shell)
}

fn is_host(word: &str) -> bool {
    !word.starts_with(|it: char| it.is_ascii_digit())
        && word.bytes().all(|it| it.is_ascii_alphanumeric() || b"-_.".contains(&it))
}

/// The length of the prompt of a program that is no POSIX shell.
pub(super) fn of_client(line: &str) -> Option<usize> {
    static PROMPT: Pattern = Pattern::new(|| {
        let prompts = [
            // postgres=# select 1; db=> select 1
            r"[A-Za-z_][\w-]*=[#>*] ",
            r"(?:mysql|sqlite|redis|cqlsh|mongo|mongos|influx|clickhouse|ksql)> ",
            // MariaDB [(none)]> show tables
            r"MariaDB \[[^\]\n]{1,80}\]> ",
            // 127.0.0.1:6379> info; redis-0.redis:6379[1]> info
            r"[\w.-]+:\d{2,5}(?:\[\d+\])?> ",
            // root@:26257/defaultdb> show jobs
            r"[\w.-]+@[\w.-]*:\d+/[\w ]*> ",
            r">>> ",
            // irb(main):001:0> User.find(1)
            r"irb\([\w:]+\):\d+:\d+> ",
            // C:\Users\x> dir; PS C:\> Get-Item x
            r"(?:PS )?[A-Za-z]:\\[^>\n]{0,80}> ?",
        ];
        format!(r"^\s*(?:{})\s*", prompts.join("|"))
    });
    // Each of them ends with such a sign, or has a `=` before it.
    let may_be = line.contains('>') || line.contains("=#") || line.contains("=*");
    may_be.then(|| PROMPT.end(line))?
}

/// The prompt with which a program asks for the rest of a statement: `db-# `, `    -> `, `... `.
pub(super) fn of_rest(line: &str) -> Option<usize> {
    static PROMPT: Pattern = Pattern::new(|| {
        r#"^(?:[A-Za-z_][\w-]*[-("'][#>] |\s{2,}['"`]?-> |\.\.\.> |\.\.\. )"#.to_owned()
    });
    PROMPT.end(line)
}

/// A prompt that is nothing but a mark, `# reboot`. What begins like a sentence, `# TODO: …`, is a
/// comment.
pub(super) fn bare(line: &str) -> Option<Prompt> {
    let trimmed = line.trim_start();
    let typed = ["# ", "% ", "> "].iter().find_map(|mark| trimmed.strip_prefix(mark))?.trim_start();
    let first = typed.split_whitespace().next()?;
    let is_sentence = first.ends_with(':')
        || (first.starts_with(char::is_uppercase) && !first.contains(['=', '-', '/', '_']));
    (!is_sentence).then_some(Prompt { length: line.len() - typed.len(), asker: Asker::Shell })
}

/// The mark of what asks within another program, and that of root's shell.
const WITHIN: &str = "> ";
const OF_ROOT: &str = "# ";

/// Whether a line begins with one of the marks of [`within`].
pub(super) fn may_be_within(line: &str) -> bool {
    let trimmed = line.trim_start();
    [WITHIN, OF_ROOT].iter().any(|mark| trimmed.starts_with(mark))
}

/// A mark alone behind a command that has started what asks. Root's may also begin a comment.
pub(super) fn within(line: &str, asker: Asker) -> Option<Prompt> {
    let trimmed = line.trim_start();
    let typed = trimmed.strip_prefix(WITHIN).or_else(|| {
        let typed = trimmed.strip_prefix(OF_ROOT).filter(|_| asker == Asker::Shell)?;
        let mut words = typed.split_whitespace();
        let first = words.next()?;
        let has_option = words.next().is_some_and(|word| word.len() > 1 && word.starts_with('-'));
        let is_command =
            shell::is_evident(typed) || shell::is_name(typed.trim()) || first.contains('/');
        (is_command || has_option).then_some(typed)
    })?;
    (!typed.trim().is_empty())
        .then_some(Prompt { length: line.len() - typed.trim_start().len(), asker })
}

/// Who asks for the next command, if this one starts a shell or its like and gives it nothing to do.
pub(super) fn started(command: &str) -> Option<Asker> {
    let invocations = shell::invocations(command);
    let last = invocations.last()?;
    let words: Vec<&str> = last.arguments().iter().map(|word| word.text.as_str()).collect();
    let are_options = words.iter().all(|word| word.starts_with('-'));
    let plain = words.iter().filter(|word| !word.starts_with('-')).count();
    let has = |options: &[&str]| words.iter().any(|word| options.contains(word));
    match last.program() {
        "ssh" | "su" | "mosh" => Some(Asker::Shell),
        program if program.ends_with("-ssh") => Some(Asker::Shell),
        "sudo" => has(&["-i", "-s", "--login", "--shell"]).then_some(Asker::Shell),
        "sh" | "bash" | "zsh" | "ksh" | "dash" | "ash" => {
            (are_options && !has(&["-c", "-lc"])).then_some(Asker::Shell)
        }
        "chroot" => (plain == 1).then_some(Asker::Shell),
        "oc" => {
            let is_started = has(&["rsh", "debug"]) && !has(&["--"]);
            is_started.then_some(Asker::Shell)
        }
        "psql" | "mysql" | "mariadb" | "sqlite3" | "cqlsh" | "clickhouse-client" => {
            let is_given = has(&["-c", "-e", "-f", "-l", "--command", "--execute", "--file"]);
            (!is_given && !command.contains('<')).then_some(Asker::Client)
        }
        "redis-cli" | "mongo" | "mongosh" | "irb" | "pry" | "gitlab-psql" | "gitlab-redis-cli" => {
            Some(Asker::Client)
        }
        "python" | "python3" | "ipython" => are_options.then_some(Asker::Client),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_prompt_has_a_sign(
            parts in prop::collection::vec(prop::sample::select(vec![
                "root@host", "[", "]", ":", "~", "/", "bash-4.2", "sh", "(a)", " ", "=", "*", "> ", "$ ", "# ",
                "% ", "❯ ", "➜ ", "→ ", "-", "mysql", ">>> ", "irb(main):1:0", "PS C:\\", "127.0.0.1:63",
                "MariaDB [x]", "kubectl get pods", "sudo x",
            ]), 0..6)
        ) {
            let line = parts.concat();
            let found = of_shell(&line).is_some() || of_client(&line).is_some();
            prop_assert!(!found || may_have_prompt(&line), "{}", line);
        }
    }
}
