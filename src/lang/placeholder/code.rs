//! The contexts of the placeholders of a snippet, by what its code is written in.

use super::context::Context;
use super::{CodeText, own, patterns, shell, variable};
use crate::lang::fence;
use crate::lang::pattern::Pattern;
use crate::promql;
use std::ops::Range;

/// What the code of a snippet is written in, as far as values in it are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// A shell. Also what code is taken for that says nothing of itself, since nearly all of it is
    /// commands.
    Shell,
    /// Something else, such as text or a query.
    Other,
    /// Data, in which templates are filled in by another program: `{{ $labels.pod }}`.
    Data,
    /// A program, which has variables and braces of its own.
    Program,
}

/// What a fence says of data.
#[rustfmt::skip]
const DATA: [&str; 13] = [
    "conf", "csv", "env", "html", "ini", "json", "json5", "jsonc", "properties", "toml", "xml", "yaml",
    "yml",
];

/// What a fence says of a program.
#[rustfmt::skip]
const PROGRAMS: [&str; 44] = [
    "c", "cpp", "cs", "csharp", "docker", "dockerfile", "elixir", "erlang", "go", "golang", "groovy",
    "handlebars", "haskell", "hcl", "helm", "java", "javascript", "jinja", "jinja2", "js", "jsonnet",
    "jsx", "kotlin", "lua", "make", "makefile", "nginx", "perl", "php", "powershell", "ps1", "puppet",
    "pwsh", "py", "python", "rb", "rego", "ruby", "rust", "scala", "swift", "terraform", "ts",
    "typescript",
];

/// How YAML begins: `kind: Pod`.
const KEY: &str = r"[A-Za-z][\w.-]*:(?:\s|$)";

/// How an object of JSON begins: `{"a": 1}`.
const OBJECT: &str = r#"\{\s*""#;

impl Code {
    /// What a fence is by its info string's first word.
    pub fn of_fence(language: Option<&str>) -> Self {
        let is_one_of =
            |names: &[&str], name: &str| names.iter().any(|known| name.eq_ignore_ascii_case(known));
        match language {
            None => Self::Shell,
            Some(name) if fence::is_shell(name) || fence::is_session(name) => Self::Shell,
            Some(name) if is_one_of(&DATA, name) => Self::Data,
            Some(name) if is_one_of(&PROGRAMS, name) => Self::Program,
            Some(_) => Self::Other,
        }
    }

    /// What a fence is by its info string's first word, or else by what stands in it: rules and
    /// configurations are data, also where nobody says so.
    pub fn of_block(language: Option<&str>, text: &str) -> Self {
        static SHAPES: Pattern = Pattern::new(|| {
            let shapes = [
                &format!(r"(?:-\s+)?{KEY}"),
                OBJECT,
                // nginx
                r"(?:location|server|upstream)\s[^\n;|]*\{\s*\n",
                r"(?:proxy|fastcgi|uwsgi|grpc)_\w+ [^\n|]*;",
            ];
            format!("^(?:{})", shapes.join("|"))
        });
        match Self::of_fence(language) {
            Self::Shell if language.is_none() && SHAPES.begins(text.trim_start()) => Self::Data,
            code => code,
        }
    }

    /// Whether what has the form of a placeholder is one in such code.
    pub(super) fn has_hole(self, text: &str, hole: &Range<usize>) -> bool {
        let (before, written) = (&text[..hole.start], &text[hole.clone()]);
        match self {
            Self::Shell | Self::Other => true,
            Self::Data => !written.starts_with(['$', '{']),
            // A name in capitals is a constant where it is not in quotes.
            Self::Program => {
                let is_quoted = before.ends_with(['"', '\'']);
                written.starts_with('<')
                    || (is_quoted && written.starts_with(|sign: char| sign.is_ascii_uppercase()))
            }
        }
    }
}

/// The contexts of the holes of a query. Holes that overlap others are left out.
pub fn in_query(text: &str, holes: &[Range<usize>]) -> Vec<(Range<usize>, Context)> {
    let kinds = promql::hole_kinds(text, holes).into_iter();
    kinds.map(|(hole, kind)| (hole, Context::Promql(kind))).collect()
}

impl CodeText<'_> {
    /// The contexts of its holes if it is some code; `holes` are in order and apart from each other.
    pub fn contexts(&self, holes: &[Range<usize>], code: Code) -> Vec<Context> {
        let text = self.text;
        if holes.is_empty() {
            return Vec::new();
        }
        if code != Code::Shell || is_of_windows(text) || is_of_others(text) {
            return vec![Context::Plain; holes.len()];
        }
        let contexts = holes.iter().zip(shell::contexts(text, holes));
        let has_statements = own::has_statements(text);
        let may_end = patterns::may_end(text);
        let narrowed = contexts.map(|(hole, context)| {
            let is_quoted = matches!(
                context,
                Context::Shell
                    | Context::ShellSingle
                    | Context::ShellDouble
                    | Context::Item(_)
                    | Context::Place(_)
            );
            let put_away = || variable::context(text, self.commands(), hole);
            match if is_quoted { put_away().unwrap_or(context) } else { context } {
                // To those, `--` begins a comment.
                Context::Reread if has_statements => Context::Plain,
                context if may_end => patterns::literal(context, text, hole),
                context => context,
            }
        });
        narrowed.collect()
    }
}

/// Whether code that says nothing of itself begins as no commands of a shell do: as JSON or YAML, a
/// selector of logs, a request, a statement of SQL, a call.
fn is_of_others(text: &str) -> bool {
    static OTHERS: Pattern = Pattern::new(|| {
        let shapes = [
            OBJECT,
            // `{}`, `[{`, `{app="x"}`
            r#"\{\s*\}|\[["{\]]|\[\s*\n\s*["{]|\{\s*\w+\s*[=!][=~]?\s*["`]"#,
            // A comment of another language.
            r"//\s",
            KEY,
            // `GET /_cat/indices`
            r"(?:GET|HEAD|POST|PUT|PATCH|DELETE) /",
            r"(?i:select\s.*\sfrom\s|select\s+\w+\(|update\s+\S+\s+set\s|delete\s+from\s|insert\s+into\s)",
            r"(?i:(?:alter|create|drop|truncate)\s+(?:table|index|user|role|database|view|system|tablespace)\s)",
            r"(?:SELECT|UPDATE|DELETE|INSERT|ALTER|CREATE|DROP|GRANT|REVOKE|SHOW|KILL|EXPLAIN|ANALYZE|CALL|SET|WITH|VACUUM)\s",
            // `User.find(1)`, `db.users.find({})`
            r"(?:[A-Z]\w*(?:::[A-Z]\w*)*|[a-z]\w*(?:\.\w+)*)\.\w+[!?]?\(",
        ];
        format!("^(?:{})", shapes.join("|"))
    });
    OTHERS.begins(text.trim_start())
}

/// Whether code that says nothing of itself is for a shell of Windows, which reads quotes otherwise:
/// it has a prompt such as `C:\\>`, or a command of PowerShell, `Remove-Item`.
fn is_of_windows(text: &str) -> bool {
    let has_prompt = |line: &str| {
        let path = line.strip_prefix("PS ").unwrap_or(line);
        let mut bytes = path.bytes();
        bytes.next().is_some_and(|letter| letter.is_ascii_alphabetic())
            && path[1..].starts_with(":\\")
            && path.contains('>')
    };
    let is_cmdlet = |word: &str| {
        let begins = |part: &str| {
            part.len() > 1
                && part.starts_with(|c: char| c.is_ascii_uppercase())
                && part.chars().all(|c| c.is_ascii_alphabetic())
        };
        word.split_once('-').is_some_and(|(verb, noun)| begins(verb) && begins(noun))
    };
    text.lines().map(str::trim_start).any(|line| {
        let mut commands = line.split(['|', ';', '(', '{']);
        has_prompt(line) || commands.any(|it| it.split_whitespace().next().is_some_and(is_cmdlet))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_of_windows_are_told() {
        for text in [
            "C:\\> del <id>",
            "PS C:\\Users\\x> Get-Item <id>",
            "Remove-Item -Path <id>",
            "Get-Process | Stop-Process -Id <id>",
        ] {
            assert!(is_of_windows(text), "{text}");
        }
        for text in ["kubectl get pods", "curl -H Content-Type:x", "echo C:\\x", "Note: X-Ray"] {
            assert!(!is_of_windows(text), "{text}");
        }
    }

    #[test]
    fn what_is_no_shell_is_told_from_its_beginning() {
        for text in [
            "{\"a\": \"<id>\"}",
            "{\n  \"a\": <id>\n}",
            "[\"<a>\"]",
            "{app=\"<id>\"} |= \"x\"",
            "GET /_cat/indices/<id>?v",
            "User.find(<id>)",
            "db.users.find({a: <id>})",
            "select a from b where c = <id>",
            "SHOW PROCESSLIST",
            "drop table <id>;",
            "name: <pod>",
            "// The top 5\ntopk(5, x{a=\"<pod>\"})",
        ] {
            assert!(is_of_others(text), "{text}");
        }
        for text in [
            "kubectl delete pod <pod>",
            "{ ls <dir>; }",
            "[ -f <file> ] && rm <file>",
            "[[ -n <x> ]]",
            "[ \"<x>\" = a ]",
            "{{ $labels.pod }}",
            "A=<b> ls",
            "kill <pid>",
            "select x in <a>; do echo $x; done",
            "./x.sh <a>",
            "foo.bar <a>",
            "update-ca <a>",
            "<a> ls",
            "http://host:80/<a>",
        ] {
            assert!(!is_of_others(text), "{text}");
        }
    }

    #[test]
    fn a_place_that_is_handed_on_is_read_again() {
        let context = |text: &str| {
            let holes: Vec<_> = super::super::find(text).into_iter().map(|it| it.range).collect();
            CodeText::new(text).contexts(&holes, Code::Shell)
        };
        assert_eq!(context("r() { eval \"$@\"; }; r ls <x>"), [Context::Reread]);
        assert_eq!(context("r() { ssh h \"$@\"; }\nr df <x>"), [Context::Reread]);
        assert_eq!(context("docker inspect -f '{{ index .A \"<x>\" }}' a"), [Context::Plain]);
    }

    #[test]
    fn fences_without_a_language_are_commands() {
        assert_eq!(Code::of_fence(None), Code::Shell);
        assert_eq!(Code::of_fence(Some("Bash")), Code::Shell);
        assert_eq!(Code::of_fence(Some("text")), Code::Other);
    }

    #[test]
    fn variables_of_other_languages_are_no_holes() {
        let code = |language: &str, text: &str| {
            Code::of_block(Some(language).filter(|language| !language.is_empty()), text)
        };
        for (language, text, expected) in [
            (
                "",
                "- alert: X\n  annotations:\n    summary: \"Pod {{ $labels.pod }} <x>\"",
                &["<x>"][..],
            ),
            ("", "location / {\n  proxy_pass http://$host;\n}", &[]),
            ("", "kubectl logs {pod} -n $NAMESPACE", &["{pod}", "$NAMESPACE"]),
            (
                "yaml",
                "summary: Pod {{ $labels.pod }} of <cluster>\nnamespace: \"NAMESPACE\"",
                &["<cluster>", "NAMESPACE"],
            ),
            ("JSON", "{\"legendFormat\": \"{{pod}}\", \"expr\": \"up{pod=~\\\"$pod\\\"}\"}", &[]),
            ("nginx", "proxy_set_header Host $host;", &[]),
            (
                "python",
                "print(f\"{pod} {NODE}\"); drain(NODE, '<node>', \"POD_NAME\")",
                &["<node>", "POD_NAME"],
            ),
            ("dockerfile", "ARG NODE\nRUN echo $NODE", &[]),
            ("hcl", "name = \"${node}-{pod}\"", &[]),
            ("text", "ssh {node} $HOST", &["{node}", "$HOST"]),
            ("sql", "select 1 from x where id = {id}", &["{id}"]),
        ] {
            let found = CodeText::new(text).placeholders_in(code(language, text));
            let found: Vec<&str> = found.into_iter().map(|it| &text[it.range]).collect();
            assert_eq!(found, expected, "{language}");
        }
    }
}
