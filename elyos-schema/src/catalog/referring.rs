//! The objects of a schema by name, and which of them refer to a relation, a type or a sequence: so that a change that reaches all that
//! point to one object need not look at every other.

use std::collections::{BTreeMap, BTreeSet, HashMap, btree_map};

use super::{RelationName, Sequence, Table, TableKind};
use crate::parse::{Token, TokenKind, folded, tokens};

/// What an object refers to.
pub(crate) trait Refers {
    /// Tells of each name at least once; a name too many costs a look and does no harm.
    fn references(&self, tell: &mut dyn FnMut(RelationName));

    /// What it inherits from, which is also among its references, but costs less to read and is asked for more often.
    fn parents(&self) -> &[RelationName];
}

/// Objects by name. All ways to change one note its name, and what it refers to is read off it when somebody asks the next time: no change
/// can be forgotten, and a schema about which nobody asks costs nothing.
#[derive(Clone, Debug)]
pub(crate) struct Referring<T> {
    objects: BTreeMap<String, T>,
    /// The objects that refer to a name, or once did.
    sources: HashMap<RelationName, BTreeSet<String>>,
    /// The objects whose references have not been read since they were last changed.
    changed: Vec<String>,
    /// The objects that inherit from another one, or once did.
    heirs: HashMap<RelationName, BTreeSet<String>>,
    /// Those whose parents have not been read since they were last changed.
    changed_heirs: Vec<String>,
}

impl<T> Default for Referring<T> {
    fn default() -> Self {
        Self { objects: BTreeMap::new(), sources: HashMap::new(), changed: Vec::new(), heirs: HashMap::new(), changed_heirs: Vec::new() }
    }
}

impl<T> Referring<T> {
    pub(crate) fn get(&self, name: &str) -> Option<&T> {
        self.objects.get(name)
    }

    pub(crate) fn contains_key(&self, name: &str) -> bool {
        self.objects.contains_key(name)
    }

    pub(crate) fn keys(&self) -> btree_map::Keys<'_, String, T> {
        self.objects.keys()
    }

    pub(crate) fn values(&self) -> btree_map::Values<'_, String, T> {
        self.objects.values()
    }

    pub(crate) fn get_mut(&mut self, name: &str) -> Option<&mut T> {
        let found = self.objects.get_mut(name)?;
        note(&mut self.changed, name);
        note(&mut self.changed_heirs, name);
        Some(found)
    }

    pub(crate) fn insert(&mut self, name: String, object: T) {
        note(&mut self.changed, &name);
        note(&mut self.changed_heirs, &name);
        self.objects.insert(name, object);
    }

    pub(crate) fn remove(&mut self, name: &str) -> Option<T> {
        self.objects.remove(name)
    }

    /// All objects, for changes that leave what they refer to as it is.
    pub(crate) fn values_mut_but_references(&mut self) -> btree_map::ValuesMut<'_, String, T> {
        self.objects.values_mut()
    }
}

impl<T: Refers> Referring<T> {
    /// The names, in order, of the objects that may refer to something: all that do, and some that did.
    pub(crate) fn referring_to(&mut self, name: &RelationName) -> Vec<String> {
        self.read_references();
        let names = self.sources.get(name).into_iter().flatten();
        names.filter(|name| self.objects.contains_key(*name)).cloned().collect()
    }

    /// The objects that inherit from one, directly.
    pub(crate) fn heirs_of(&mut self, parent: &RelationName) -> impl Iterator<Item = &T> {
        self.read_parents();
        self.known_heirs_of(parent)
    }

    /// As [`heirs_of`](Self::heirs_of), as of the last time that somebody had the parents read.
    pub(crate) fn known_heirs_of(&self, parent: &RelationName) -> impl Iterator<Item = &T> {
        let heirs = self.heirs.get(parent).into_iter().flatten().filter_map(|name| self.objects.get(name));
        heirs.filter(move |heir| heir.parents().contains(parent))
    }

    /// Reads the parents of all that has changed.
    pub(crate) fn read_parents(&mut self) {
        for name in self.changed_heirs.drain(..) {
            for parent in self.objects.get(&name).map(Refers::parents).unwrap_or_default() {
                self.heirs.entry(parent.clone()).or_default().insert(name.clone());
            }
        }
    }

    /// Reads the references of all that has changed.
    fn read_references(&mut self) {
        let changed: BTreeSet<String> = std::mem::take(&mut self.changed).into_iter().collect();
        for name in changed {
            let Some(object) = self.objects.get(&name) else { continue };
            object.references(&mut |to| {
                self.sources.entry(to).or_default().insert(name.clone());
            });
        }
    }
}

fn note(changed: &mut Vec<String>, name: &str) {
    if changed.last().is_none_or(|last| last != name) {
        changed.push(name.to_owned());
    }
}

/// The name under which a sequence is referred to in the texts of defaults: as `nextval('…'::regclass)` has it, up to any quote in it.
pub(crate) fn as_in_default(sequence: &RelationName) -> RelationName {
    RelationName { schema: String::new(), name: up_to_quote(&sequence.to_string()) }
}

fn up_to_quote(text: &str) -> String {
    text.split('\'').next().unwrap_or_default().to_owned()
}

/// The name under which a type or a function is referred to in the texts of expressions, where no schema says which of that name it is.
pub(crate) fn as_in_expression(ty: &RelationName) -> RelationName {
    RelationName { schema: String::new(), name: ty.name.clone() }
}

impl Refers for Table {
    fn parents(&self) -> &[RelationName] {
        &self.parents
    }

    fn references(&self, tell: &mut dyn FnMut(RelationName)) {
        self.parents.iter().chain(&self.of_type).for_each(|name| tell(name.clone()));
        let reads = self.query.iter().flat_map(|query| query.reads.iter().chain(query.columns_read.iter().map(|(table, _)| table)));
        reads.for_each(|name| tell(name.clone()));
        for policy in &self.policies {
            policy.reads.iter().chain(policy.columns_read.iter().map(|(table, _)| table)).for_each(|name| tell(name.clone()));
        }
        for ty in self.query.iter().flat_map(|query| &query.types_used) {
            ty.schema.iter().for_each(|schema| tell(RelationName { schema: schema.clone(), name: ty.name.clone() }));
        }
        for key in &self.foreign_keys {
            tell(RelationName { schema: key.references_schema.clone(), name: key.references_table.clone() });
        }
        for column in &self.columns {
            if let Some(schema) = &column.ty.schema {
                tell(RelationName { schema: schema.clone(), name: column.ty.name.clone() });
            }
            column.sequence.iter().for_each(|sequence| tell(sequence.clone()));
            column.default.iter().for_each(|default| sequences_in(default, tell));
        }
        for trigger in &self.triggers {
            if let (Some(schema), name) = &trigger.function {
                tell(RelationName { schema: schema.clone(), name: name.clone() });
            }
        }
        expressions_of(self).for_each(|text| types_and_calls_in(text, tell));
        let view = self.query.as_ref().filter(|_| self.kind != TableKind::Table);
        if let Some(text) = view.and_then(|query| query.source.text().get(query.range.clone())) {
            types_and_calls_in(text, tell);
        }
    }
}

impl Refers for Sequence {
    fn parents(&self) -> &[RelationName] {
        &[]
    }

    fn references(&self, tell: &mut dyn FnMut(RelationName)) {
        self.owner.iter().for_each(|(table, _)| tell(table.clone()));
    }
}

fn sequences_in(default: &str, tell: &mut dyn FnMut(RelationName)) {
    const CALL: &str = "nextval('";
    for (at, _) in default.match_indices(CALL) {
        tell(RelationName { schema: String::new(), name: up_to_quote(&default[at + CALL.len()..]) });
    }
}

/// The texts of a table's expressions.
pub(crate) fn expressions_of(table: &Table) -> impl Iterator<Item = &String> {
    let columns = table.columns.iter().flat_map(|column| column.default.iter().chain(&column.generated));
    let checks = table.checks.iter().map(|check| &check.expression);
    let indexes =
        table.indexes.iter().flat_map(|index| index.parts.iter().filter_map(|part| part.expression.as_ref()).chain(&index.predicate));
    let exclusions = table
        .exclusions
        .iter()
        .flat_map(|exclusion| exclusion.elements.iter().filter_map(|(part, _)| part.expression.as_ref()).chain(&exclusion.predicate));
    let policies = table.policies.iter().flat_map(|policy| policy.using.iter().chain(&policy.with_check));
    columns.chain(checks).chain(indexes).chain(exclusions).chain(policies).chain(&table.partition_key)
}

/// Words of an expression that may name a type, behind a cast or a dot or before a string, or a function, before its arguments.
fn types_and_calls_in(text: &str, tell: &mut dyn FnMut(RelationName)) {
    let mut before: Option<Token<'_>> = None;
    let mut before_that: Option<Token<'_>> = None;
    for token in tokens(text) {
        let is_type = token.kind == TokenKind::Text || before_that.is_some_and(|it| before_type(&it));
        if let Some(name) = before.filter(|_| is_type || token.text == "(").as_ref().and_then(folded) {
            tell(RelationName { schema: String::new(), name });
        }
        (before_that, before) = (before, Some(token));
    }
    if let Some(name) = before.filter(|_| before_that.is_some_and(|it| before_type(&it))).as_ref().and_then(folded) {
        tell(RelationName { schema: String::new(), name });
    }
}

/// Whether a type's name may stand behind a token: of a cast, in either form, or its schema's dot.
fn before_type(token: &Token<'_>) -> bool {
    matches!(token.text, "::" | ".") || token.text.eq_ignore_ascii_case("as")
}
