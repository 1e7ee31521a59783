//! Which placeholders are filled with something that nobody else may see: `-p<password>`, but not
//! `get secret <secret>`, which asks for the name of one.

use super::Placeholder;

/// What is secret, by the last word of its name, in alphabetical order.
#[rustfmt::skip]
const SECRETS: [&str; 17] = [
    "apikey", "cred", "credential", "credentials", "creds", "pass", "passcode", "passphrase",
    "passwd", "password", "passwords", "psk", "pw", "pwd", "secret", "secrets", "token",
];

/// What kinds of keys are secret, in alphabetical order.
const KEYS: [&str; 8] =
    ["access", "account", "api", "encryption", "master", "private", "secret", "signing"];

/// Whether what is put in the place of a placeholder is secret. `text` is the snippet around it.
pub fn is_secret(text: &str, placeholder: &Placeholder) -> bool {
    names_secret(&placeholder.name)
        && !is_name_of_object(text.get(..placeholder.range.start).unwrap_or_default())
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
                || ["password", "passwd", "secretkey", "accesskey", "privatekey"]
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
        ] {
            let found = super::super::find(text);
            let is_any = found.iter().any(|it| is_secret(text, it));
            assert!(!found.is_empty(), "{text}");
            assert_eq!(is_any, expected, "{text}");
        }
    }
}
