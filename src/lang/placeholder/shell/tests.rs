use super::*;
use crate::lang::placeholder::context::Quotes;
use crate::promql;
use proptest::prelude::*;

fn found(text: &str) -> Vec<Context> {
    let holes: Vec<_> =
        crate::lang::placeholder::find(text).into_iter().map(|it| it.range).collect();
    contexts(text, &holes)
}

#[test]
fn every_place_is_told_from_its_quotes() {
    use Context::*;
    let cases: &[(&str, &[Context])] = &[
        ("kubectl get pod <pod> -n <ns>", &[Shell, Shell]),
        ("root@h:/home# kubectl logs <pod>", &[Shell]),
        ("$ kubectl logs <pod>\nsome output\n$ cd <dir>", &[Shell, Shell]),
        ("cp logs/<workerID>_<attempt number> .", &[Shell, Shell]),
        ("grep \"<text>\" x", &[ShellDouble]),
        ("grep 'id=<id>' x", &[ShellSingle]),
        ("grep \"<x>\" '<y>' <z>", &[ShellDouble, ShellSingle, Shell]),
        ("cd ${HOME}/x; cd <x>", &[Shell]),
        ("cd ${A:-'b'}; cd <x>", &[Plain]),
        ("kubectl -l \"app=${APP}\" x", &[Item(Quotes::Double)]),
        ("echo \"$POD\" $POD '$POD'", &[ShellDouble, Shell, ShellSingle]),
        // A language of its own, or words: no telling what reads them.
        ("jq '.items[] | select(.name == \"<x>\")' <f>", &[PlainPlace, Shell]),
        ("curl -d '{\"id\": \"<id>\"}' h", &[Plain]),
        ("grep \"error of <pod>\" f", &[Plain]),
        ("echo $'<x>'", &[Plain]),
        ("echo `cd <x>` <y>", &[Plain, Plain]),
        ("echo $((1 + <n>)) <y>", &[Plain, Plain]),
        // A program: what is data to the shell is none to what reads it.
        ("awk '/<x>/ {print $1}' <f>", &[Program, Shell]),
        ("sudo /usr/bin/sed -i s/<x>/<y>/ '<f>'; cd <x>", &[Program, Program, ShellSingle, Shell]),
        ("kubectl get pods | awk -v a=<v> -F: '/<x>/' \"<f>\"", &[Shell, Program, ShellDouble]),
        ("sed -n -e 's/<x>//' -e 's/<y>//' <f>", &[Program, Program, Shell]),
        ("awk -f <f> <g>", &[Shell, Shell]),
        ("sed -n <x>p <f>", &[Digits, Shell]),
        ("sed -n '<x>,<y>p' <f>", &[Word, Digits, Shell]),
        ("sed '/<x>/,/<y>/d' <f>", &[Program, Program, Shell]),
        ("sed 's@<x>@<y>@' <f>", &[Word, Word, Shell]),
        ("sed 's|<x>|<y>|' <f>", &[Plain, Plain, Shell]),
        ("awk -F<x> '{print $<y>}' <f>", &[Shell, Word, Shell]),
        ("awk '$1 == \"<x>\" && $2 > <y>' <f>", &[PlainPlace, Word, Shell]),
        ("awk \"/<x>/ {print \\\"<y>\\\"}\"", &[Program, Plain]),
        ("awk '{print $1/<x>/2}'", &[Word]),
        ("jq --arg pod <pod> '.<x>' <f>", &[Shell, Word, Shell]),
        ("jq '.a + \"\\(<x>)\"'", &[Word]),
        ("yq -i '.a.<x> = \"<y>\"' <f>; yq e '.<x>' <f>", &[Word, Plain, Shell, Word, Shell]),
        ("perl -pe 's/<x>/<y>/' <f>", &[Program, Program, Shell]),
        ("perl -ne 'print if /<x>/' <f>; perl a.pl '<y>'", &[Program, Shell, ShellSingle]),
        ("ssh <h> sed s/<x>/y/ <f>", &[Reread, Program, Reread]),
        ("H='ssh h'; $H cd <x>; \"${R[@]}\" cd <y>; \\ssh h cd <z>", &[Reread, Reread, Reread]),
        // The root of everything is a place to look at, and nothing else.
        ("df -h <x>; ssh h df <y>", &[Place(Quotes::None), RereadPlace]),
        ("find <x> -xdev -size +1G\nfind <y> -name x -delete", &[Place(Quotes::None), Shell]),
        (
            "find <x> -name y | xargs rm; rm $(find <y> -type f); fuser -km <z>",
            &[Plain, Shell, Shell],
        ),
        (
            "df -h <x> | sort; rabbitmqctl list_queues -p <y>",
            &[Place(Quotes::None), Place(Quotes::None)],
        ),
        (
            "du -sh <x>/*; du \"<y>\"\nrm -r <z>",
            &[Place(Quotes::None), Place(Quotes::Double), Shell],
        ),
        (
            "ssh h \"df -h <x>\"; sh -c 'df -h <x>'; ssh h -t \"sudo bash -c 'du -x <x> | sort'\"",
            &[RereadPlace, RereadPlace, RereadPlace],
        ),
        (
            "ssh h \"rm -rf <x>\"; ssh h \"cd <x> && ls\"; ssh h 'rm $(ls <x>)'",
            &[Reread, Reread, Reread],
        ),
        ("ssh h \"df -h <x>; rm -rf <y>\"", &[Reread, Reread]),
        ("ssh h \"du -xh <x> 2>/dev/null | sort -rh | head\"", &[RereadPlace]),
        (
            "rabbitmqadmin --vhost=<x> list queues; lsof +L1 <y>",
            &[Place(Quotes::None), Place(Quotes::None)],
        ),
        ("kubectl debug node/n -- df -h /host<x>", &[Place(Quotes::None)]),
        ("find <x> -size +1G -exec ls -lh {} \\;", &[Place(Quotes::None)]),
        ("find <x> -size +1G -exec mv {} /tmp \\;", &[Shell]),
        ("find <x> -name core > list", &[Shell]),
        ("find <x> -name core | cpio -o; sudo rm -rf ls <y>", &[Shell, Shell]),
        ("mount -o remount,rw <x>; mount -o remount,ro <y>", &[Place(Quotes::None), Shell]),
        // Statements, and what the programs that read them can do besides.
        ("sqlite3 <f> \"<x>\"; sqlite3 -header <f> <y>", &[Shell, Plain, Shell, Plain]),
        ("psql -U <user> -tAc \"<x>\" <d>; psql --command=<y>", &[Shell, Plain, Shell, Plain]),
        ("mysql -h <h> -e '<x>' <d>; mysql --execute <y>", &[Shell, Plain, Shell, Plain]),
        ("gh workflow run x -f a=<x>; fab restart:<y>; rake r[<z>]", &[Reread, Reread, Reread]),
        ("echo <x> | at now", &[Plain]),
        ("make restart SERVICE=<x>; ansible-playbook -e a=<y> p.yml", &[Reread, Reread]),
        // One of several values: a comma would begin another.
        (
            "kubectl get pods -l app=<app>,tier=\"<tier>\"",
            &[Item(Quotes::None), Item(Quotes::Double)],
        ),
        ("helm upgrade r c --set=image='<x>' -n=<ns>", &[Item(Quotes::Single), Shell]),
        ("A=<x> kubectl --namespace=<ns> get po", &[Shell, Shell]),
        ("export A=<x>; env B=<y> ls", &[Shell, Shell]),
        // Read by another shell.
        ("scp -r <host>:<path> <folder>", &[Shell, Plain, Shell]),
        ("rsync -av \"<host>:<path>\" .", &[ShellDouble, Plain]),
        ("ssh <host> rm <file>", &[Reread, Reread]),
        ("ssh root@<host>", &[Reread]),
        ("rsh h cd <x>; cd <x>", &[Reread, Shell]),
        ("bash -c \"<command>\"; cd <x>", &[Reread, Shell]),
        ("sudo /usr/bin/ssh <host>", &[Reread]),
        ("kubx-ssh <host> uptime", &[Reread]),
        ("ansible all -m shell -a <x>; cd <y>", &[Reread, Shell]),
        ("ansible w -m shell -a '<x>'", &[Reread]),
        ("tmux send-keys -t <t> \"<x>\" Enter", &[Reread, Reread]),
        ("ls $(cat <x>) <y>", &[Shell, Shell]),
        ("echo \"$(cat <x>)\" <y>", &[Shell, Shell]),
        ("grep \\<x> f", &[Plain]),
        ("grep \"a\\<x>\" f", &[Plain]),
        ("[[ <x> -gt 3 ]] && cd <y>", &[Reread, Shell]),
        ("(( <x> > 3 )); cd <y>", &[Plain, Plain]),
        ("let a=<x>; trap '<y>' EXIT", &[Reread, Reread]),
        // Comments and here-documents.
        ("# kubectl delete <pod>\ncd <x>", &[Plain, Shell]),
        ("cat <<EOF >f\nname: <name>\n<other>\nEOF\ncd <x>", &[Plain, Line, Shell]),
        ("cat <<'EOF' | x <y>\n<z>\nEOF", &[Shell, Line]),
        ("cat <<'the end'\n<z>\nthe end\ncd <x>", &[Nowhere, Shell]),
        ("cat <<END-OF-FILE\n<z>\nEND-OF-FILE\ncd <x>", &[Nowhere, Shell]),
        ("cat <<end\n<z>\nend", &[Nowhere]),
        ("echo \"$(( <x> + 1 ))\"", &[Plain]),
        ("echo $[ <x> + 1 ]", &[Plain]),
        ("x[<x>]=1", &[Plain]),
        ("echo kubectl delete pod <pod> | sudo sh; cd <y>", &[Plain, Shell]),
        ("echo '<x>' | xargs rm; grep <y> f | sort", &[Plain, Shell]),
        // A quote that stays open casts doubt on everything behind it.
        ("cd <x>\ncan't do\ncd <y>\ngrep 'a <z> b'", &[Shell, Plain, Plain]),
        ("curl -d '{\n<x>\n}' <y>", &[Plain, Plain]),
        ("echo \"a\\\"\" <x>", &[Shell]),
        ("echo \\' <x>", &[Shell]),
        ("cd \\\n  '<x>' \\\n  <y>", &[ShellSingle, Shell]),
        // Addresses.
        ("curl https://<host>/api?x=<x>#<y> <z>", &[Host, Url, Url, Shell]),
        ("curl \"https://h/<x>\" -H 'a: <y>'", &[Url, Plain]),
        ("A=https://h?a=<x> B=<y>", &[Url, Shell]),
        (
            "curl -s \"http://h/api/v1/query?query=up%7Bpod%3D%22<pod>%22%7D\" -H <y>",
            &[UrlOf(promql::HoleKind::InString { quote: '"', regex: false }), Shell],
        ),
        ("ssh h curl http://h/<x>", &[Url]),
        ("psql postgres://<user>:<password>@<host>/<db>", &[Url, Url, Host, Url]),
        // Names of objects, which nothing decodes.
        ("aws s3 rm s3://<bucket>/<prefix>/ --x", &[Shell, Shell]),
        ("skopeo copy docker://<registry>/<image> y", &[Shell, Shell]),
    ];
    for (text, expected) in cases {
        assert_eq!(found(text), *expected, "{text}");
    }
}

proptest! {
    #[test]
    fn any_text_is_taken(text in "([ \n'\"`$(){}#;|&<>=\\\\/:a]|<b>|\\$C|<<EOF|ssh |https://|é){0,40}") {
        let holes: Vec<_> = crate::lang::placeholder::find(&text).into_iter().map(|it| it.range).collect();
        prop_assert_eq!(contexts(&text, &holes).len(), holes.len());
    }
}
