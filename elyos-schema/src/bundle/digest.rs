//! SHA-256 of texts and of a whole bundle.

use sha2::{Digest, Sha256};

use super::{AdminKey, Bundle, Run, Script, StatementHash};
use crate::{catalog::RelationName, parse::tokens};

/// SHA-256 of a text, whose line ends are LF already.
pub(super) fn text(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

/// The hashes of one statement.
pub(super) fn statement(statement: &str) -> StatementHash {
    let mut listing = Listing(Sha256::new());
    for token in tokens(statement) {
        listing.word(token.text);
    }
    StatementHash { text: text(statement), tokens: listing.0.finalize().into() }
}

/// SHA-256 of all that affects what `init` does. Descriptions do not, nor does a schema.sql beside migrations.
pub(super) fn bundle(bundle: &Bundle) -> [u8; 32] {
    let mut listing = Listing(Sha256::new());
    listing.word("elyos bundle 1");
    listing.number(bundle.revision);
    listing.words(&bundle.schemas);
    listing.list(&bundle.extensions, |listing, extension| {
        listing.word(&extension.name);
        listing.words(extension.schema.as_slice());
        listing.list(extension.stand_in.as_slice(), Listing::script);
    });
    listing.words(&bundle.search_path);
    listing.list(&bundle.migrations, |listing, migration| {
        listing.number(migration.position);
        listing.word(&migration.name);
        listing.script(&migration.script);
    });
    listing.list(&bundle.seeds, |listing, seed| {
        listing.word(&seed.name);
        listing.word(match seed.run {
            Run::Changed => "changed",
            Run::Once => "once",
            Run::Always => "always",
        });
        listing.words(&seed.depends_on);
        listing.list(&seed.reads, Listing::relation);
        listing.list(&seed.writes, Listing::relation);
        listing.script(&seed.script);
    });
    listing.list(&bundle.procedures, |listing, procedure| {
        listing.word(&procedure.name);
        listing.words(&procedure.depends_on);
        listing.script(&procedure.script);
    });
    listing.list(&bundle.truncate, Listing::relation);
    listing.list(bundle.admin.as_slice(), |listing, admin| {
        listing.relation(&admin.table);
        listing.list(&admin.key, |listing, (column, value)| {
            listing.word(column);
            match value {
                AdminKey::Integer(value) => listing.word(&format!("integer {value}")),
                AdminKey::Text(value) => listing.word(&format!("text {value}")),
                AdminKey::Boolean(value) => listing.word(&format!("boolean {value}")),
            }
        });
        listing.word(&admin.column);
        listing.word(&admin.env);
    });
    listing.0.finalize().into()
}

/// Everything goes in with its length before it, so that no two bundles read the same.
struct Listing(Sha256);

impl Listing {
    fn number(&mut self, number: i64) {
        self.0.update(number.to_be_bytes());
    }

    fn length(&mut self, length: usize) {
        self.0.update((length as u64).to_be_bytes());
    }

    fn word(&mut self, word: &str) {
        self.length(word.len());
        self.0.update(word);
    }

    fn list<T>(&mut self, items: &[T], each: impl Fn(&mut Self, &T)) {
        self.length(items.len());
        for item in items {
            each(self, item);
        }
    }

    fn words(&mut self, words: &[String]) {
        self.list(words, |listing, word| listing.word(word));
    }

    fn relation(&mut self, relation: &RelationName) {
        self.word(&relation.schema);
        self.word(&relation.name);
    }

    fn script(&mut self, script: &Script) {
        self.word(&script.path);
        self.0.update(script.sha256);
    }
}

#[cfg(test)]
mod tests {
    use super::statement;

    #[test]
    fn comments_and_white_space_between_tokens_change_only_the_hash_of_the_text() {
        let (one, other) = (statement("select 'a  b', 1"), statement("select -- first\n\t'a  b' /* and */ ,1"));
        assert_eq!(one.tokens, other.tokens);
        assert_ne!(one.text, other.text);
    }

    #[test]
    fn all_that_means_something_changes_the_hash_of_the_tokens() {
        let texts = [
            "select 'a b'",
            "select 'a  b'",
            "select 'a', 'b'",
            "select \"a b\"",
            "select a b",
            "select ab",
            "select $$-- a$$",
            "select $$$$",
        ];
        for (index, text) in texts.iter().enumerate() {
            for other in &texts[index + 1..] {
                assert_ne!(statement(text).tokens, statement(other).tokens, "{text} and {other}");
            }
        }
    }
}
