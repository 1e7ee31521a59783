//! What the reader of shell commands refuses, bash refuses too. Nothing is run: bash only reads.

use alertbook::lang::shell::fault;
use proptest::prelude::*;
use std::process::Command;

/// What bash says: whether it would refuse a text. Runs nothing.
fn bash_refuses(text: &str) -> bool {
    let bash = Command::new("bash").args(["-O", "extglob", "-n", "-c", text]).output();
    let said = String::from_utf8_lossy(&bash.expect("bash").stderr).into_owned();
    // Its status says nothing of conditions; a here-document without an end is only warned of.
    said.lines().any(|line| !line.contains("warning:"))
}

/// Commands as runbooks have them, which every shell takes.
const TAKEN: &[&str] = &[
    "kubectl get pods -n kube-system | grep -v Running",
    "kubectl logs $(kubectl get pods -l app=x -o name | head -1) -c armada",
    "kubectl get pods -o jsonpath='{range .items[*]}{.metadata.name}{\"\\n\"}{end}'",
    "for n in $(kubectl get nodes -o name); do kubectl describe $n | grep -A5 Conditions; done",
    "while ! curl -s localhost:8080; do sleep 1; done",
    "if [ -f x ]; then cat x; elif [[ $a =~ ^(b|c)$ && -n \"$d\" ]]; then ls; else rm x; fi",
    "case $1 in a|b) echo 1;; *) echo 2 ;; esac",
    "cat <<EOF | kubectl apply -f -\nkind: Pod\nname: it's (odd\nEOF\nls",
    "cat <<-'EOF'\n\tx `\n\tEOF",
    "curl -d '{\"a\": \"b\"}' -H \"X: y\" http://localhost:9090/api?x=1",
    "a=(1 2 3); echo ${a[@]} ${#a[*]} ${b:-\"x y\"} $((1 + (2 * 3))) $'it\\'s'",
    "f() { echo x; }; function g { ls; }; f && g || exit 1",
    "ls > out 2>&1 < in >> log &> all; ls 2>/dev/null &",
    "echo \"a `date` $(echo \"b\") it's\" # don't mind",
    "ls !(x) @(a|b)",
    "diff <(sort a) <(sort b)",
    "{ ls; pwd; } | wc -l; (cd /tmp && ls)",
    "time ls; ! ls; (( i++ )); for ((i = 0; i < 3; i++)); do ls; done",
    "kubectl delete pod *podname* {Region} ${POD} WORKERID",
    "etcdctl get / --prefix --keys-only | while read -r k; do echo \"$k\"; done",
    "awk '{print $1}' x | sed -e 's/a/b/' | xargs -I{} echo {}",
    "A=1 B=\"2 3\" kubectl get pods",
    "ls \\\n  -l",
    "# only a comment (",
    "",
];

/// Commands that every shell refuses, with the bytes to blame and what is said of them.
const REFUSED: &[(&str, &str, &str)] = &[
    ("kubectl get pods | grep 'x", "'", "the quote `'` is never closed"),
    ("echo \"a", "\"", "the quote `\"` is never closed"),
    ("curl -d '{\"a\": \"it's\"}' x", "\"", "the quote `\"` is never closed"),
    ("kubectl logs $(kubectl get pods", "$(", "`$(` is never closed"),
    ("echo `date", "`", "the backtick is never closed"),
    ("echo ${x", "${", "`${` is never closed"),
    ("kubectl get pods | | grep x", "|", "no command stands between `|` and `|`"),
    ("kubectl get pods |", "|", "no command stands behind `|`"),
    ("&& ls", "&&", "no command stands before `&&`"),
    ("ls; ; ls", ";", "no command stands before `;`"),
    ("ls > ", ">", "`>` needs the name of a file"),
    ("ls )", ")", "`)` closes nothing"),
    ("(ls", "(", "`(` is never closed"),
    ("kubectl get pods (all|some)", "(", "a shell takes `(` for its own"),
    ("for n in a b; do echo $n", "for", "`for` has no `done`"),
    ("for n in a b; echo $n; done", "for", "`for` has no `do`"),
    ("if ls; then pwd", "if", "`if` has no `fi`"),
    ("ls; done", "done", "`done` has nothing to belong to"),
    ("then ls", "then", "`then` has nothing to belong to"),
    ("case x in a) ls;;", "case", "`case` has no `esac`"),
    ("ls;; pwd", ";;", "`;;` stands outside of `case`"),
    ("{ ls", "{", "`{` has no `}`"),
    ("[[ -f x", "[[", "`[[` has no `]]`"),
];

#[test]
fn what_a_shell_takes_has_no_fault() {
    for text in TAKEN {
        assert_eq!(fault(text), None, "{text}");
        assert!(!bash_refuses(text), "bash refuses: {text}");
    }
}

#[test]
fn what_a_shell_refuses_is_said_and_where() {
    for (text, blamed, message) in REFUSED {
        let fault = fault(text).unwrap_or_else(|| panic!("no fault in {text}"));
        assert_eq!((&text[fault.range.clone()], fault.message.as_str()), (*blamed, *message));
        assert!(bash_refuses(text), "bash takes: {text}");
    }
}

proptest! {
    /// Whatever the scanner refuses, bash refuses too; and no text is too odd for it.
    #[test]
    fn what_is_refused_is_refused_by_bash(
        parts in prop::collection::vec(prop::sample::select(PARTS), 0..14)
    ) {
        let text = parts.concat();
        if fault(&text).is_some() {
            prop_assert!(bash_refuses(&text), "bash takes {text:?}");
        }
    }
}

const PARTS: &[&str] = &[
    " ",
    " ",
    " ",
    "\n",
    ";",
    "|",
    "&",
    "&&",
    "||",
    "(",
    ")",
    "{",
    "}",
    "<",
    ">",
    ">>",
    "<<EOF",
    "EOF",
    "'",
    "\"",
    "`",
    "$",
    "$(",
    "${",
    "$((",
    "))",
    "\\",
    "#",
    "a",
    "ls",
    "x=1",
    "1",
    "ü",
    "=",
    "!",
    "[[ -f x",
    " ]]",
    "if ",
    "; then ",
    "; fi",
    "else ",
    "for i in a",
    "; do ",
    "; done",
    "while ",
    "case x in ",
    " esac",
    "function ",
    "f()",
    "<pod>",
    "...",
    "*",
    "-c",
    "time ",
];
