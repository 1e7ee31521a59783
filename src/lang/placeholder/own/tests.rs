use crate::lang::placeholder::find;

fn names(text: &str) -> Vec<String> {
    find(text).into_iter().map(|hole| hole.name).collect()
}

#[test]
fn what_a_command_uses_as_its_own_is_no_hole() {
    for text in [
        "for NODE in a b; do echo $NODE; done",
        "exec {FD_HOST}>f; echo x >&$FD_HOST",
        "(( NODE = 3 )); echo $NODE",
        "while getopts n: o; do NS=$OPTARG; done; read -p x; echo $REPLY",
        "parallel ssh {host} uptime ::: a b",
        "(( NODE == 3 ))",
        "for NODE in $(kubectl get nodes -o name); do kubectl drain $NODE; done",
        "kubectl get po | while read NAMESPACE POD REST; do kubectl -n $NAMESPACE delete pod $POD; done",
        "while IFS= read -r HOST; do ssh $HOST; done < f",
        "read -r NODE; ssh \"$NODE\"",
        "readarray -t HOSTS < f\nfor HOST in \"${HOSTS[@]}\"; do ssh $HOST; done",
        "local HOST",
        "declare -x NODE_NAME",
        "printf -v HOST '%s' x; ssh $HOST",
        "test -v POD && unset POD; [ -v NODE ] || true",
        "env -u NAMESPACE ls",
        "NODE=a POD=b\nkubectl -n $POD get $NODE",
        "export CLUSTER=x\necho CLUSTER",
        "kubectl get po -A | grep -v NAMESPACE",
        "kubectl get po -A | grep -v \"NODE\\|POD\"",
        "kubectl get nodes | grep -A 3 NODE",
        "env | grep POD_NAME",
        "kubectl get po | awk '/NODE/{print $1}'",
        "sed s/NODE_NAME/x/ f; sed -i -e 's/ HOST / x /' f",
        "awk -v node=x '{print $node}' f",
        "perl -ne 'my $pod = $_; print $pod' f",
        "jq --arg pod x '.items[] | select(.name==$pod)' f",
        "jq '.items[] as $node | $node.name' f",
        "redis-cli CLUSTER NODES",
        "psql -c \"ALTER USER foo with login\"",
        "mysql -e 'SHOW MASTER STATUS'",
        "kubectl patch x -p '{\"NODE\":\"x\"}'",
        "cat > nginx.conf <<'EOF'\nproxy_set_header Host $host;\nEOF\n",
        "ls *pod*; rm -f /tmp/*node* *my-pod*",
        "tail -f /var/log/*host*.log",
        "f() {\n  if [[ -n \"${FILTER:-}\" ]]; then \"$@\" | \"${FILTER}\"; fi\n}\nFILTER=gzip f x",
        "DIR=${DIR:-/tmp}\nls $DIR",
        "A=\"$(date)\"\nDIR=$PWD\nB=\"$(date)\"\nls $DIR $B",
        "A=\"$(grep \"x y\" f)\"\nDIR=$PWD\nls $DIR; echo \"b\"",
        "while IFS=, read -r NODE POD; do ssh $NODE kill $POD; done < list.csv",
        "ssh h 'for POD in $(crictl pods -q); do crictl stopp $POD; done'",
        "kubectl exec pg-0 -- bash -c 'psql -U $POSTGRES_USER -c \"x\"'",
        "sh -c 'etcdctl --endpoints=$ENDPOINTS endpoint health'",
        "jq -c '.items[].metadata | {name}' f; yq '.[] | {namespace, pod}' f",
        "xargs -I{pod} kubectl delete pod {pod} < f",
        "cat f | xargs -n 1 -I NODE sh -c 'echo NODE'",
        "test -n \"$NAMESPACE\" || NAMESPACE=default\nkubectl -n $NAMESPACE get po",
        "[ -z \"$NAMESPACE\" ] && NAMESPACE=$(f); ls $NAMESPACE",
        ": ${NAMESPACE:=default}\nkubectl -n $NAMESPACE get po",
        "getopts \"n:\" NAMESPACE; echo $NAMESPACE",
        "php -r '$host=\"x\"; echo $host;'; python3 -c 'print(f\"{pod}\")'",
        "python3 - <<'EOF'\nprint(f\"{pod}\")\nEOF",
        "cat <<EOF > rule.yaml\n  summary: \"{{ $labels.pod }}\"\nEOF",
        "envsubst '$NAMESPACE' < tpl.yaml; trap 'echo $NODE' EXIT",
        "sed 's/{{ host }}/h9/g' f",
        "let NODE=3; echo $NODE; unset POD; echo ${POD}",
        "wait -n -p NODE; echo $NODE",
        "x=$(kubectl get pods)\necho \"$x\"",
        "echo \"$(kubectl get po | grep NODE)\"",
    ] {
        assert_eq!(names(text), [""; 0], "{text}");
    }
}

#[test]
fn what_a_reader_has_to_say_is_a_hole_beside_it() {
    for (text, expected) in [
        ("for NODE in a b; do kubectl -n $NAMESPACE drain $NODE; done", &["NAMESPACE"][..]),
        ("for p in <pod>; do kubectl delete pod $p; done", &["pod"]),
        ("read POD <<< <pod>", &["pod"]),
        ("echo $POD\nPOD=x\necho $POD", &["POD"]),
        ("POD=x\nkubectl delete pod $POD -n NAMESPACE", &["NAMESPACE"]),
        ("export NODE=<node>\nssh $NODE", &["node"]),
        ("kubectl get pods -A | grep POD_NAME", &["POD_NAME"]),
        ("grep \"CLUSTER_ID\" log", &["CLUSTER_ID"]),
        ("grep $POD log; grep <pod> log", &["POD", "pod"]),
        ("kubectl get po -n NAMESPACE | grep -v NODE", &["NAMESPACE"]),
        ("kubectl get po -n NAMESPACE | awk '/<pod>/{print $1}'", &["NAMESPACE", "pod"]),
        ("awk \"/$POD/\" f", &["POD"]),
        ("jq '.[] | select(.name == \"$POD\")' f", &["POD"]),
        ("redis-cli -h HOST -p PORT CLUSTER NODES", &["HOST", "PORT"]),
        ("mysql -h HOST -u USER -e 'SHOW SLAVE HOSTS'", &["HOST", "USER"]),
        ("curl -X POST HOST/api; curl -X DELETE URL", &["HOST", "URL"]),
        ("nc HOST PORT", &["HOST", "PORT"]),
        ("cat > x <<EOF\nname: $POD\nEOF\n", &["POD"]),
        ("cat > x <<'EOF'\nname: <pod>\nEOF\necho $NODE", &["pod", "NODE"]),
        ("kubectl describe pod *podName*; kubectl describe *pod*", &["podName", "pod"]),
        ("ls *podName*", &["podName"]),
        ("f() {\n  echo $NODE\n}\nf", &["NODE"]),
        ("PATH=$PATH:$TOOLS ls", &["TOOLS"]),
        ("ssh <host> 'kubectl delete pod {pod} -n <ns>'", &["host", "pod", "ns"]),
        ("sh -c \"kubectl delete pod $POD\"", &["POD"]),
        ("sed 's/x/{pod}/' f; cat <<EOF\n{node}\nEOF", &["pod", "node"]),
        ("jq '.[] | select(.name == \"{pod}\")' f", &["pod"]),
        ("xargs -I{} kubectl delete pod {} -n {namespace}", &["namespace"]),
        ("test -n \"$NAMESPACE\" && kubectl -n $NAMESPACE get po", &["NAMESPACE", "NAMESPACE"]),
    ] {
        assert_eq!(names(text), expected, "{text}");
    }
}
