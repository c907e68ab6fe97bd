//! Texts whose order says nothing: which of them is next.

use std::collections::{BTreeSet, HashMap};

use super::Catalog;
use crate::{
    diagnostic::{Diagnostic, Diagnostics},
    parse::{Script, folded, parse, tokens},
    source::Source,
};

/// A text that has not been applied yet.
struct Waiting<'a> {
    source: &'a Source,
    /// Its statements without their foreign keys.
    script: Script,
    foreign_keys: Script,
    /// The names that it gives to something.
    makes: BTreeSet<String>,
    /// The words in it that may name what another text makes, but for those that a foreign key points to.
    words: BTreeSet<String>,
}

impl<'a> Waiting<'a> {
    fn new(source: &'a Source, mut script: Script) -> Self {
        let foreign_keys = script.take_references();
        let makes: BTreeSet<String> = script.made_names().map(str::to_owned).collect();
        let pointed_to: BTreeSet<&str> = foreign_keys.referenced_names().collect();
        let words = tokens(source.text()).filter_map(|token| folded(&token));
        let words = words.filter(|word| !makes.contains(word) && !pointed_to.contains(word.as_str())).collect();
        Self { source, script, foreign_keys, makes, words }
    }
}

/// How many of the waiting texts make a name.
struct Makers(HashMap<String, usize>);

impl Makers {
    fn of(waiting: &[Waiting<'_>]) -> Self {
        let mut makers = HashMap::new();
        for name in waiting.iter().flat_map(|text| &text.makes) {
            *makers.entry(name.clone()).or_default() += 1;
        }
        Self(makers)
    }

    /// Whether a text has a word that another is still to give to something. A guess: the word may be there for something else.
    fn may_be_needed_by(&self, text: &Waiting<'_>) -> bool {
        text.words.iter().any(|word| self.0.contains_key(word))
    }

    fn remove(&mut self, text: &Waiting<'_>) {
        for name in &text.makes {
            if let Some(count) = self.0.get_mut(name) {
                *count -= 1;
                if *count == 0 {
                    self.0.remove(name);
                }
            }
        }
    }
}

impl Catalog {
    /// [`load_more`](Self::load_more) for texts whose order says nothing, as a folder with a file a table: what needs a later text waits for
    /// it, and foreign keys come when all tables are there.
    ///
    /// ```
    /// use elyos_schema::{Catalog, Source};
    ///
    /// let a = Source::new("a.sql", "create table a (id int primary key, b int references b);");
    /// let b = Source::new("b.sql", "create table b (id int primary key, a int references a);");
    /// let catalog = Catalog::new().load_in_any_order(&[a, b])?;
    /// assert_eq!(catalog.table("public", "a").expect("it is there").foreign_keys[0].name, "a_b_fkey");
    /// # Ok::<(), elyos_schema::Diagnostics>(())
    /// ```
    ///
    /// # Errors
    /// As for [`load`](Self::load); of texts that need each other in a circle, what is wrong with each alone.
    pub fn load_in_any_order(mut self, sources: &[Source]) -> Result<Self, Diagnostics> {
        let mut waiting = Vec::new();
        let mut found = Vec::new();
        for source in sources {
            match parse(source) {
                Ok(script) => waiting.push(Waiting::new(source, script)),
                Err(errors) => found.extend(errors),
            }
        }
        Diagnostics::into_result(std::mem::take(&mut found), ())?;
        let mut applied = Vec::new();
        let mut guess = true;
        while !waiting.is_empty() {
            let before = waiting.len();
            waiting = self.apply_what_can_be(waiting, guess, &mut applied, &mut found);
            if waiting.len() == before && !guess {
                return Diagnostics::into_result(found, self);
            }
            // Where all seem to need another, only trying tells.
            guess = waiting.len() < before;
        }
        found.clear();
        for text in &applied {
            found.extend(self.run(text.source, &text.foreign_keys, &[]));
        }
        Diagnostics::into_result(found, self)
    }

    /// Goes through the texts once and leaves those that were refused or, when guessing, seem to need another.
    fn apply_what_can_be<'a>(
        &mut self,
        waiting: Vec<Waiting<'a>>,
        guess: bool,
        applied: &mut Vec<Waiting<'a>>,
        found: &mut Vec<Diagnostic>,
    ) -> Vec<Waiting<'a>> {
        found.clear();
        let mut makers = Makers::of(&waiting);
        // A text that is refused has changed something before that was noticed: the rest is done again on what was there.
        let (start, first) = (self.clone(), applied.len());
        let mut left = Vec::new();
        for text in waiting {
            if guess && makers.may_be_needed_by(&text) {
                left.push(text);
                continue;
            }
            let errors = self.run(text.source, &text.script, &[]);
            if errors.is_empty() {
                makers.remove(&text);
                applied.push(text);
            } else {
                *self = start.clone();
                for done in &applied[first..] {
                    self.run(done.source, &done.script, &[]);
                }
                found.extend(errors);
                left.push(text);
            }
        }
        left
    }
}
