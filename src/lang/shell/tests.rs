use super::*;
use proptest::prelude::*;

#[test]
fn holes_are_no_fault() {
    for text in [
        "kubectl logs <pod name> -n <namespace/name> --since=1h",
        "kubectl get pods -o go-template='{{range .items}}{{.metadata.name}}{{end}}'",
        "ssh <user>@<host> 'sudo systemctl status docker'",
        "kubectl exec -it <pod> -- bash -c \"ls -l | grep <name>\"",
        "kubectl get node <10.1.2.3> (node name) ...",
        "kubectl get pod {{ $labels.pod }} (...)",
        "curl <pod's address>/metrics",
    ] {
        assert_eq!(fault(text), None, "{text}");
    }
}

#[test]
fn a_shell_asks_for_more_where_a_command_is_not_at_its_end() {
    for (text, expected) in [
        ("ls \\", true),
        ("ls \\\\", false),
        ("ls |", true),
        ("ls &&", true),
        ("echo 'a", true),
        ("for a in b; do", true),
        ("cat <<EOF", true),
        ("cat <<EOF\nx", true),
        ("cat <<EOF\nx\nEOF", false),
        ("ls | grep x", false),
        ("ls )", false),
    ] {
        assert_eq!(goes_on(text), expected, "{text}");
    }
}

#[test]
fn programs_are_found_behind_those_that_run_them() {
    for (text, expected) in [
        ("kubectl -n x delete pod y", &["kubectl -n x delete pod y"][..]),
        ("sudo -u root rm -rf /x", &["sudo -u root rm -rf /x", "rm -rf /x"]),
        ("ssh -i key u@h sudo reboot", &["ssh -i key u@h sudo reboot", "sudo reboot", "reboot"]),
        ("ssh h 'rm -rf a; ls'", &["ssh h rm -rf a; ls", "rm -rf a", "ls"]),
        ("ls | xargs -n 1 rm -f", &["ls", "xargs -n 1 rm -f", "rm -f"]),
        (
            "bash -c \"kubectl drain <node>\"",
            &["bash -c kubectl drain <node>", "kubectl drain <node>"],
        ),
        ("kubectl exec p -- rm -r /x", &["kubectl exec p -- rm -r /x", "rm -r /x"]),
        ("for n in a; do /sbin/reboot $n > x; done", &["/sbin/reboot $n"]),
        ("echo $(rm x) `reboot`", &["echo $(rm x) `reboot`", "rm x", "reboot"]),
        ("find / -name x -exec rm {} \\;", &["find / -name x -exec rm {} ;", "rm {} ;"]),
        ("echo 'kubectl delete pod'", &["echo kubectl delete pod"]),
        ("env A=1 timeout 5 reboot", &["env A=1 timeout 5 reboot", "timeout 5 reboot", "reboot"]),
        ("KUBECONFIG=x kubectl get pods 2>/dev/null", &["kubectl get pods"]),
    ] {
        let found: Vec<String> = invocations(text)
            .iter()
            .map(|one| {
                one.words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
            })
            .collect();
        assert_eq!(found, expected, "{text}");
    }
}

proptest! {
    #[test]
    fn no_text_is_too_odd(text in "\\PC{0,40}") {
        fault(&text);
        goes_on(&text);
        invocations(&text);
    }
}
