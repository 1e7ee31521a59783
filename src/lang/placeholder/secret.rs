//! Which placeholders are filled with something that nobody else may see: `-p<password>`, but not
//! `get secret <secret>`, which asks for the name of one. Whatever a hole is called, what a command does
//! with it says it as well: `--token=<value>`.

use super::Placeholder;

/// What is secret, by the last word of its name, in alphabetical order.
#[rustfmt::skip]
const SECRETS: [&str; 18] = [
    "apikey", "cred", "credential", "credentials", "creds", "otp", "pass", "passcode", "passphrase",
    "passwd", "password", "passwords", "psk", "pw", "pwd", "secret", "secrets", "token",
];

/// What kinds of keys are secret, in alphabetical order.
const KEYS: [&str; 8] =
    ["access", "account", "api", "encryption", "master", "private", "secret", "signing"];

/// Whether what is put in the place of a placeholder is secret. `text` is the snippet around it.
pub fn is_secret(text: &str, placeholder: &Placeholder) -> bool {
    let before = text.get(..placeholder.range.start).unwrap_or_default();
    let behind = text.get(placeholder.range.end..).unwrap_or_default();
    (names_secret(&placeholder.name) && !is_name_of_object(before))
        || (is_given_as_secret(before, behind) && !names_file_or_object(&placeholder.name))
}

/// Whether a command takes for a secret what stands between these: the value of an option, a variable, a
/// header or a key of that name, or the password in an address.
fn is_given_as_secret(before: &str, behind: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or_default();
    let quoted = line.trim_end_matches(['"', '\'', '\\']);
    let scheme = ["Bearer ", "Basic ", "Token ", "token "];
    let given = scheme.iter().find_map(|it| quoted.strip_suffix(it)).unwrap_or(quoted);
    let given = given.trim_end_matches(['"', '\'', '\\']);
    if let Some(key) = given.trim_end().strip_suffix(['=', ':']) {
        let is_address = behind.starts_with('@')
            && key
                .rsplit("://")
                .next()
                .is_some_and(|user| user.len() < key.len() && !user.contains('/'));
        let key = key.trim_end_matches(['"', '\'', '\\', ' ']);
        let key = key.rsplit(|it: char| !(it.is_alphanumeric() || "_-".contains(it))).next();
        let key = key.unwrap_or_default();
        let is_header = ["authorization", "cookie"].iter().any(|it| key.eq_ignore_ascii_case(it));
        return is_address || is_header || names_secret(key);
    }
    let command = line.rsplit(['|', ';', '&']).next().unwrap_or_default();
    let mut words =
        command.split_whitespace().skip_while(|word| *word == "sudo" || word.contains('='));
    let program = words.next().unwrap_or_default();
    let option = given.split_whitespace().next_back().unwrap_or_default();
    let is_apart = given.ends_with(char::is_whitespace);
    match (program, option) {
        ("sshpass", "-p") | ("redis-cli", "-a") => true,
        ("mysql" | "mysqldump" | "mysqladmin" | "mariadb", "-p") => !is_apart,
        _ => is_apart && option.starts_with("--") && !option.contains('=') && names_secret(option),
    }
}

/// Whether a name is that of what holds a secret: `secret name`, `token file`.
fn names_file_or_object(name: &str) -> bool {
    words(name).last().is_some_and(|last| ["file", "id", "name", "path"].contains(&&**last))
}

/// Whether a name is that of something secret: `DB_PASS`, `admin password`, `your token here`,
/// `password of the user`, but not `secret name`.
pub fn names_secret(name: &str) -> bool {
    let words = words(name);
    // What follows says whose it is.
    let end = words.iter().position(|word| ["for", "from", "here", "of", "to"].contains(&&**word));
    match &words[..end.unwrap_or(words.len())] {
        [.., kind, last] if last == "key" => KEYS.binary_search(&&**kind).is_ok(),
        [.., last] => {
            SECRETS.binary_search(&&**last).is_ok()
                // Written in one.
                || ["password", "passwd", "secretkey", "accesskey", "privatekey", "token"]
                    .iter()
                    .any(|it| last.ends_with(it))
        }
        [] => false,
    }
}

/// The words of a name in small letters: `adminPass`, `ADMIN_PASS` and `admin pass` have two.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    let mut before = ' ';
    for letter in name.chars() {
        let begins = letter.is_uppercase() && before.is_lowercase();
        if (begins || !letter.is_alphanumeric()) && words.last().is_some_and(|it| !it.is_empty()) {
            words.push(String::new());
        }
        if let (true, Some(word)) = (letter.is_alphanumeric(), words.last_mut()) {
            word.extend(letter.to_lowercase());
        }
        before = letter;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether a command before a hole has said that it is about secrets, as objects with names: `kubectl
/// -n x get secret`, `vault kv get secret/`. The value of an option or of a key is none.
fn is_name_of_object(before: &str) -> bool {
    let command = before.rsplit(['\n', '|', ';', '&']).next().unwrap_or_default();
    let is_kind = |word: &str| {
        let kind = word.split('/').next().unwrap_or_default().trim_start_matches(['"', '\'']);
        matches!(kind, "secret" | "secrets" | "sealedsecret" | "externalsecret")
    };
    let has_own = !command.ends_with(char::is_whitespace);
    let own = if has_own { command.split_whitespace().last() } else { None }.unwrap_or_default();
    let mut words = command.split_whitespace();
    let last = command.split_whitespace().rev().nth(usize::from(has_own)).unwrap_or_default();
    !own.contains(['=', ':']) && !last.starts_with("--") && words.any(is_kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_in_order() {
        assert!(SECRETS.is_sorted() && KEYS.is_sorted());
    }

    #[test]
    fn what_nobody_else_may_see_is_told_from_its_name() {
        for (text, expected) in [
            ("mysql -u<user> -p<password>", true),
            ("mysql -p<DB_PASS>", true),
            ("mysql -p<admin pass>", true),
            ("mysql -p<secret key>", true),
            ("curl -H 'Authorization: Bearer <your token here>'", true),
            ("curl -H \"X-Key: $API_KEY\"", true),
            ("login ${VAULT_TOKEN}", true),
            ("login --password=<rootPassword>", true),
            ("login <password for the database>", true),
            ("login <AWS_SECRET_ACCESS_KEY>", true),
            ("login <mypassword>", true),
            ("kubectl create secret generic db --from-literal=password=<password>", true),
            ("kubectl create secret generic db --from-literal password=<secret>", true),
            ("kubectl get secret x; login --token <token>", true),
            ("kubectl get secret x --token <token>", true),
            // Whatever it is called.
            ("oc login --token=<value>", true),
            ("curl -H \"Authorization: Bearer <value>\" h", true),
            ("curl -H 'X-Vault-Token: <v>' h", true),
            ("curl --header \"PRIVATE-TOKEN: <v>\" h", true),
            ("PGPASSWORD=<v> psql", true),
            ("AWS_SECRET_ACCESS_KEY=<v> aws s3 ls", true),
            ("export TOKEN=<v>", true),
            ("gpg --passphrase <v> f", true),
            ("helm upgrade a b --set auth.password=<v>", true),
            ("curl -d '{\"user\": 1, \"password\": \"<v>\"}' h", true),
            ("curl -d \"{\\\"password\\\":\\\"<v>\\\"}\" h", true),
            ("sshpass -p <v> ssh h", true),
            ("redis-cli -h h -a <auth>", true),
            ("mysql -u root -p<v>", true),
            ("curl https://bob:<v>@host/x", true),
            ("login <otp>", true),
            ("azcopy cp 'https://a.blob.core.windows.net/x?$SASTOKEN' y", true),
            ("kubectl get --raw <v>", false),
            ("vault login --token-file=<v>", false),
            ("gcloud secrets versions access --secret=<secret name>", false),
            ("curl -H 'Accept: <v>' https://host:<port>/a", false),
            ("curl https://<user>:x@host; ssh bob@<host>", false),
            ("kubectl get pods -p <v>; psql -p <port>; ssh -a <v>", false),
            ("mkdir -p <dir>; mysql -h <h> -P <port>", false),
            ("secretName: <x>", false),
            // The name of an object, of a file, of a label.
            ("kubectl get secret <secret>", false),
            ("kubectl -n x describe secrets <secret> -o yaml", false),
            ("kubectl delete secret/<secret>", false),
            ("vault kv get secret/<secret>", false),
            ("kubectl get secret -n <ns> <secret>", false),
            ("kubectl get <secret name>", false),
            ("cat <password file>", false),
            ("set <compass>", false),
            ("etcdctl get <key>", false),
            ("kubectl get pods -l <label key>", false),
            ("cat <public key>", false),
            ("cat <passage>", false),
            ("wc <tokens>", false),
            // Behind a sign of several bytes.
            ("kubectl get pods -l “app=<app>”", false),
            ("kubectl get pods -l\u{a0}app=<app>", false),
            ("curl -d “password=<v>”", true),
        ] {
            let found = super::super::find(text);
            let is_any = found.iter().any(|it| is_secret(text, it));
            assert!(!found.is_empty(), "{text}");
            assert_eq!(is_any, expected, "{text}");
        }
    }
}
