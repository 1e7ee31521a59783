use super::*;
use proptest::prelude::*;

/// The placeholders of a text as `written → name`.
fn found(text: &str) -> Vec<(&str, String)> {
    find(text).into_iter().map(|placeholder| (&text[placeholder.range], placeholder.name)).collect()
}

#[test]
fn every_form_is_found() {
    let cases: &[(&str, &[(&str, &str)])] = &[
        ("kubx-kubectl <clusterID> get all", &[("<clusterID>", "clusterID")]),
        ("exec -it <pod name> -- sh", &[("<pod name>", "pod name")]),
        ("ssh <hostname/hostip>", &[("<hostname/hostip>", "hostname/hostip")]),
        ("ssh <user@ip-address> uptime", &[("<user@ip-address>", "user@ip-address")]),
        ("scp x <user@host:/path>", &[("<user@host:/path>", "user@host:/path")]),
        ("get <pod|deployment> x", &[("<pod|deployment>", "pod|deployment")]),
        ("label node x <key=value>", &[("<key=value>", "key=value")]),
        (
            "kubectl logs -n [namespace] [pod-name]",
            &[("[namespace]", "namespace"), ("[pod-name]", "pod-name")],
        ),
        (
            "user@host:~$ kubectl exec -n [NAMESPACE] <pod> -- df",
            &[("[NAMESPACE]", "NAMESPACE"), ("<pod>", "pod")],
        ),
        ("$ psql -U [user name] -d [db1]", &[("[user name]", "user name"), ("[db1]", "db1")]),
        ("ssh root@[host] && scp x [host]:/tmp", &[("[host]", "host"), ("[host]", "host")]),
        ("kubectl describe pod/[pod|job]", &[("[pod|job]", "pod|job")]),
        (
            "logs/<workerID>_<attempt number>.",
            &[("<workerID>", "workerID"), ("<attempt number>", "attempt number")],
        ),
        ("x{workerID=\"*workerID*\"} > 0", &[("*workerID*", "workerID")]),
        ("x{pod=~'*anything*'}", &[("*anything*", "anything")]),
        ("kubectl describe pod *podName*", &[("*podName*", "podName")]),
        ("echo $POD ${node_name}", &[("$POD", "POD"), ("${node_name}", "node_name")]),
        ("rate(x[$__rate_interval])", &[("$__rate_interval", "__rate_interval")]),
        (
            "carrierXXX in RegionXXX, id XXX",
            &[("carrierXXX", "carrierXXX"), ("RegionXXX", "RegionXXX"), ("XXX", "XXX")],
        ),
        ("x{workerID=\"WORKERID\"}", &[("WORKERID", "WORKERID")]),
        ("x{pod_name=~\"POD\", instance=\"HOST_IP\"}", &[("POD", "POD"), ("HOST_IP", "HOST_IP")]),
        ("grep \"CLUSTER_ID\" log", &[("CLUSTER_ID", "CLUSTER_ID")]),
        ("app_{Region}_failures{a=\"b\"}", &[("{Region}", "Region")]),
        ("https://host/{carrier}/prometheus", &[("{carrier}", "carrier")]),
        ("x{a=\"{{ $labels.pod }}\"}", &[("{{ $labels.pod }}", "$labels.pod")]),
        ("é <größe> é", &[("<größe>", "größe")]),
        ("sum by (<label>) (x)", &[("<label>", "label")]),
        ("rate(x[<range>])", &[("<range>", "range")]),
        ("x{code=~\"<code>|5..\"}", &[("<code>", "code")]),
        ("x{ns=~\"${namespace:regex}\"}", &[("${namespace:regex}", "namespace")]),
        (
            "kubectl -n NAMESPACE get pod POD_NAME",
            &[("NAMESPACE", "NAMESPACE"), ("POD_NAME", "POD_NAME")],
        ),
        ("$ ssh root@HOST uptime", &[("HOST", "HOST")]),
        ("nc HOST PORT", &[("HOST", "HOST"), ("PORT", "PORT")]),
        ("scp HOST:FILE .", &[("HOST", "HOST"), ("FILE", "FILE")]),
        ("nc -zv HOST:PORT", &[("HOST", "HOST"), ("PORT", "PORT")]),
        ("curl -I URL", &[("URL", "URL")]),
        ("$ sudo tail -f LOG_FILE | grep x", &[("LOG_FILE", "LOG_FILE")]),
        ("cat x | curl -d @- -H 'A: b' URL", &[("URL", "URL")]),
        (
            "gsutil mv gs://BUCKET/TENANT/BLOCK gs://BUCKET/TENANT/corrupted-BLOCK",
            &[
                ("BUCKET", "BUCKET"),
                ("TENANT", "TENANT"),
                ("BLOCK", "BLOCK"),
                ("BUCKET", "BUCKET"),
                ("TENANT", "TENANT"),
                ("BLOCK", "BLOCK"),
            ],
        ),
        ("irate (x{node=\"NODE_NAME\",a=\"b\"}[4m])", &[("NODE_NAME", "NODE_NAME")]),
        ("kubectl get nodes -l zone=ZONE", &[("ZONE", "ZONE")]),
        ("kubectl get nodes -l zone=ZONE,app=x", &[("ZONE", "ZONE")]),
        ("kubectl get pods -l app=x,kubernetes.io/hostname=HOSTNAME", &[("HOSTNAME", "HOSTNAME")]),
        ("kubectl --context=CLUSTER get pod NAME", &[("CLUSTER", "CLUSTER"), ("NAME", "NAME")]),
        (
            "kubectl logs --namespace=NAMESPACE POD -c NAME",
            &[("NAMESPACE", "NAMESPACE"), ("POD", "POD"), ("NAME", "NAME")],
        ),
        ("scp x HOSTNAME:/tmp/WORKERID/", &[("HOSTNAME", "HOSTNAME"), ("WORKERID", "WORKERID")]),
    ];
    for (text, expected) in cases {
        let expected: Vec<_> =
            expected.iter().map(|(written, name)| (*written, (*name).to_owned())).collect();
        assert_eq!(found(text), expected, "{text}");
    }
}

#[test]
fn false_friends_are_left_alone() {
    for text in [
        "default   svc/kubernetes   10.10.10.1   <none>   443/TCP",
        "one<br>two<br/>three <b>bold</b> <a>x</a>",
        "<title>Runbook</title>",
        "<https://example.com> <me@example.com>",
        "git commit --author='A <a.b@mail.example.com>'",
        "<a b=c>x",
        "a <b and c==d> e",
        "a < b > c",
        "x_total < 5 and y_total > 3",
        "cat <<EOF >out\nEOF",
        "cmd <in >out 2>&1",
        "export PATH=$PATH:$HOME/bin",
        "awk '{print $1, $NF}' | sed 's/a$/$1/'",
        "label_replace(x, \"a\", \"$1-${2}\", \"b\", \"(.*)$\")",
        "kubectl get pods -o jsonpath='{range .items[*]}{.metadata.name}{end}'",
        "[INFO] done [0-9]{3} [a-z]{n}",
        "x{a=\"b\"}",
        "up{job}",
        "curl -w '%{http_code}' host; git log @{upstream}",
        "find . -exec ls {} \\;",
        "kubectl get [flags] [options]",
        "if [ -f file ] && [[ name == x ]]; then ls [abc]* x[error] [a-z] [A-F0-9]; fi",
        "grep [error] log; sed s/[word]/x/; ps aux | grep [kworker]",
        "Check [Sentry] first, then the [dashboard name] of it",
        "2026-01-01 [error] kubectl failed [pod]",
        "root 12 0.0 [kworker/0:1] [migration]",
        "[section]\nkey = [value]",
        "find . -name \"*error*\" -o -name '*CrashLoopBackOff*'",
        "ls *log* *.yaml",
        "x=~\".*foo.*\" a * b * c a*b*c",
        "x{state=\"FAIL\",failureReason=\"DOCKER_REGISTRY_TIMEOUT\",method=\"GET\"}",
        "grep \"ERROR\" 'INVALID' \"NO SUCH FILE\"",
        "mktemp /tmp/build.XXXXXX",
        "NAMESPACE     NAME    READY   NODE\nkube-system   dns-0   1/1     n1",
        "kubectl get pods -o custom-columns=NAME:.metadata.name,NODE:.spec.nodeName",
        "kubectl get pods -o custom-columns=NODE:.spec.nodeName,NAME:.metadata.name",
        "kubectl get pods --output=custom-columns=NODE:.spec.nodeName",
        "kubectl get pods -o custom-columns=NODE,POD; dd if=NODE,x of=POD,y",
        "ps -eo PID,USER | sort -k PID; ps -o PID",
        "lsblk -o NAME; grep URL log; kubectl logs x | grep -i NAME | awk '{print $1}'",
        "echo PASSWORD; printf PATH; export PATH; env NAME=x ls",
        "psql -c 'select NAME from x'",
        "iptables -A INPUT -j DROP; kill -HUP 1; kill -TERM 2",
        "curl -X GET localhost; curl -X POST -H 'Accept: JSON' localhost/API",
        "NODE=NODE ls; docker run --env NODE image; docker run --env=NODE image",
        "Look at the URL, and at the FILE. See NAME below.",
        "see URL for it; the PORT is open",
        "PORT     STATE SERVICE\n22/tcp   open  ssh",
        "find the NAME; time PORT; host NAME",
        "cat FILE",
        "openssl x509 -noout -enddate -in x.pem -CAFILE; dig MX x; dig x ANY",
        "journalctl -p ERR -u x; date -u +%FT%TZ; set -e; trap x EXIT",
        "tar xf x --exclude=VERSIONS; git rebase HEAD; git log ORIG_HEAD",
        "export POD_NAME=x; docker run -e POD_NAME image",
        "POD_NAME=x kubectl get pods; curl -X POST host/api/HOSTNAMES",
        "The NODE is gone. Look at the HOST first.",
        "echo ${A:-b} ${A:2}",
        "echo \\$NOT $? $$ $_ $(date) $((1+2))",
        "POD=$(kubectl get pods | head -1)\nkubectl logs $POD",
        "for node in a b; do ssh $node uptime; done",
        "while read -r line; do echo $line; done",
        "select VARIABLE_VALUE from mysql.tidb where VARIABLE_NAME = \"a\"",
        "x{queue=\"EMAIL_QUEUE\", service=\"USER-SERVICE\"}",
        "x{path=\"/api/{id}/x\"}",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn a_variable_is_a_hole_until_it_is_set() {
    assert_eq!(found("echo $POD\nPOD=x\necho $POD").len(), 1);
    // A matcher is no assignment.
    assert_eq!(found("x{\n  workerID=\"$workerID\"\n}").len(), 1);
}

#[test]
fn spellings_of_one_name_have_one_key() {
    for (key, spellings) in [
        (
            "workerid",
            &[
                "workerID",
                "WORKERID",
                "worker id",
                "Worker-Id",
                "WORKER_ID",
                "$labels.workerID",
                "your worker id",
                ".Labels.workerID",
            ][..],
        ),
        ("region", &["Region", "RegionXXX", "XXXRegionXXXX", "the region"]),
        ("xxx", &["XXX"]),
        ("xxxx", &["XXXX"]),
        ("a", &["a", "A"]),
        ("hostnamehostip", &["hostname/hostip"]),
        ("pod", &["pod name", "POD_NAME", "podName", "the pod", "$labels.pod"]),
        (
            "instance",
            &[
                "instance label from alert",
                "value of instance label from the alert",
                "the value of the instance label",
            ],
        ),
        ("nodelabel", &["node label"]),
        ("labelofthealert", &["label of the alert"]),
        ("jobname", &["job name"]),
        ("workername", &["worker name"]),
        ("", &["", "-"]),
    ] {
        for spelling in spellings {
            assert_eq!(canonical_key(spelling), key, "{spelling}");
        }
    }
}

proptest! {
    #[test]
    fn ranges_are_sorted_disjoint_and_of_the_text(
        text in "([<>{}*$\"'= X]|XXX|[a-zA-Z_]{1,4}|<[a-z ]{1,5}>|\\{[A-Z]{1,3}\\}|é|\n|\\{\\{|\\}\\}){0,30}"
    ) {
        let mut end = 0;
        for placeholder in find(&text) {
            prop_assert!(placeholder.range.start >= end);
            end = placeholder.range.end;
            prop_assert!(placeholder.range.start < end);
            let written = text.get(placeholder.range.clone());
            prop_assert!(written.is_some_and(|text| text.contains(&placeholder.name)));
            prop_assert!(!placeholder.name.is_empty());
        }
    }

    #[test]
    fn a_key_is_its_own_key(name in "[ -~]{0,20}") {
        let key = canonical_key(&name);
        prop_assert_eq!(canonical_key(&key), key);
    }
}

#[test]
fn whatever_people_make_of_angle_brackets_is_a_hole_of_a_command() {
    let found = |text: &str| -> Vec<String> {
        let found = CodeText::new(text).placeholders_in(Code::Shell).into_iter();
        found.map(|it| format!("{} {}", &text[it.range], it.name)).collect()
    };
    for (text, expected) in [
        ("kubectl logs <pod, e.g. api-1>", &["<pod, e.g. api-1> pod"][..]),
        ("kubectl logs <pod (see the alert)> -n x", &["<pod (see the alert)> pod"]),
        (
            "logs <name of the pod, without the namespace>",
            &["<name of the pod, without the namespace> name of the pod, without the namespace"],
        ),
        ("logs <pod \"x\">", &["<pod \"x\"> pod \"x\""]),
        ("logs <pod;ns>", &["<pod;ns> pod;ns"]),
        (
            "P='<\"Used By:\" field from above>'",
            &["<\"Used By:\" field from above> \"Used By:\" field from above"],
        ),
        (
            "logs <<pod>> -c <<CONTAINER_NAME>>",
            &["<<pod>> pod", "<<CONTAINER_NAME>> CONTAINER_NAME"],
        ),
        ("logs << pod >>", &["<< pod >> pod"]),
        ("sh -c \"ls <<dir>>/x\"", &["<<dir>> dir"]),
        ("logs < pod >", &["< pod > pod"]),
        ("logs < pod name > -n < ns >\nls", &["< pod name > pod name", "< ns > ns"]),
        ("logs < pod > | grep x", &["< pod > pod"]),
        ("index=main pod=$pod$ | head", &["$pod$ pod"]),
        ("grep ^$pod$ f; grep \"x=$pod$\" f", &["$pod pod", "$pod pod"]),
        ("kubectl -n <...> logs pod/<…>", &["<...> n", "<…> pod"]),
        ("worker<N> Region<name>", &["<N> N", "<name> name"]),
        // Redirections and here-documents.
        ("sort <in >out", &[]),
        ("sort < in > out", &[]),
        ("sort < in >> out", &[]),
        ("sort < in >&2", &[]),
        ("wc < in > -", &[]),
        ("wc <\"my file\">out", &[]),
        ("cat <<EOF >> f\nx\nEOF", &[]),
        ("cat <<END>> f\nx\nEND", &[]),
        ("cat <<conf>>f\nx\nconf", &[]),
        // Comparisons, types and what is left out of an output.
        ("awk '$1 < 5 && $2 > 3' f", &[]),
        ("(( a < b )) && (( c > d ))", &[]),
        ("x < y > z", &[]),
        ("Vec<String> HashMap<String, Vec<u8>> List<T> Map<String, int>", &[]),
        ("<...>", &[]),
        ("spec:\n  <...>", &[]),
        ("<b>x</b> <br> a < b", &[]),
    ] {
        assert_eq!(found(text), expected, "{text}");
    }
    // Elsewhere they are not.
    assert!(find("a < b > -c").is_empty() && find("x <<y>>").is_empty());
}

#[test]
fn names_of_tags_are_holes_where_commands_have_arguments() {
    let found = |text: &str| -> Vec<String> {
        CodeText::new(text)
            .placeholders_in(Code::Shell)
            .into_iter()
            .map(|it| text[it.range].to_owned())
            .collect()
    };
    for (text, expected) in [
        ("mysqldump <db> <table> > <table>.sql", &["<db>", "<table>", "<table>"][..]),
        ("psql -c \"VACUUM FULL <table>\"", &["<table>"]),
        (
            "bash <script>; exit <code>; git commit -m \"<summary>\"",
            &["<script>", "<code>", "<summary>"],
        ),
        ("<b>Note</b> ls <dir>", &["<dir>"]),
        ("<table>\n  <tr><td>x</td></tr>", &[]),
        ("sed 's/<br>/ /g' f; grep '<body>' f; echo \"<p>\"", &[]),
        ("kubectl logs $<pod> -n ${<ns>}", &["$<pod>", "${<ns>}"]),
        ("awk '{print $<n>}' f", &["<n>"]),
        (
            "kubectl logs <1st pod> <pod \"x\"> <pod & ns>",
            &["<1st pod>", "<pod \"x\">", "<pod & ns>"],
        ),
        ("kubectl logs <pod, e.g. api-1>", &["<pod, e.g. api-1>"]),
        ("sort <in.txt 2>&1; sort <in >out; x <in 2>err", &[]),
        ("kubectl get pods <pod*> <pod?>", &["<pod*>", "<pod?>"]),
    ] {
        assert_eq!(found(text), expected, "{text}");
    }
}

proptest! {
    /// Real runbooks have smart quotes, no-break spaces and bytes that are no UTF-8 beside anything.
    #[test]
    fn any_text_beside_a_placeholder_is_taken(
        text in "([ \n'\"`$(){}#;|&<>=:/\\\\*\\[\\]“”‘’–\u{a0}\u{fffd}aX+-]|a=|a: |<b>|\\$C|\\$<b>|NODE|PASSWORD|POD=|=\\(|<<'E'|ssh |awk |jq |xargs -I|https://|s3://|\\{c\\}){0,30}",
    ) {
        for code in [Code::Shell, Code::Other, Code::Data, Code::Program] {
            let snippet = CodeText::new(&text);
            let found = snippet.placeholders_in(code);
            let holes: Vec<_> = found.iter().map(|it| it.range.clone()).collect();
            prop_assert!(holes.windows(2).all(|pair| pair[0].end <= pair[1].start));
            prop_assert!(holes.iter().all(|hole| text.get(hole.clone()).is_some()));
            prop_assert_eq!(snippet.contexts(&holes, code).len(), holes.len());
            for hole in &found {
                is_secret(&text, hole);
            }
        }
        in_address(&text, &[]);
        CodeText::new(&text).names_set().count();
    }
}
