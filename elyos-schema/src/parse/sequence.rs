//! `CREATE SEQUENCE` and its options (<https://www.postgresql.org/docs/current/sql-createsequence.html>).

use squawk_syntax::ast::{self, AstNode};

use super::{
    alter::{cascades, last_part},
    name::{name, qualified, qualified_column, text},
    table::persistence,
    types::type_name,
};
use crate::{
    catalog::SequenceOptions,
    ddl::{Ddl, Owner, Qualified},
};

/// `CREATE SEQUENCE`.
pub(super) fn create_sequence(it: &ast::CreateSequence) -> Option<Ddl> {
    let options: Vec<ast::SequenceOption> = it.sequence_options().collect();
    Some(Ddl::CreateSequence {
        name: qualified(it.sequence()?.syntax())?,
        if_not_exists: it.if_not_exists().is_some(),
        persistence: persistence(it.persistence().as_ref()),
        options: numbers(&options),
        owned_by: options.iter().find_map(owned_by),
    })
}

/// `ALTER SEQUENCE`.
pub(super) fn alter_sequence(it: &ast::AlterSequence) -> Option<Ddl> {
    let (mut rename, mut schema, mut unlogged, mut written) = (None, None, None, Vec::new());
    for action in it.actions() {
        match action {
            ast::AlterSequenceAction::SequenceRenameTo(to) => rename = to.sequence().and_then(|to| last_part(to.syntax())),
            ast::AlterSequenceAction::SetSchema(set) => schema = set.schema_ref().map(|to| name(to.syntax())),
            ast::AlterSequenceAction::SequenceOption(option) => written.push(option),
            ast::AlterSequenceAction::SetLogged(_) => unlogged = Some(false),
            ast::AlterSequenceAction::SetUnlogged(_) => unlogged = Some(true),
            ast::AlterSequenceAction::OwnerTo(_) => {}
        }
    }
    Some(Ddl::AlterSequence {
        name: qualified(it.sequence_ref()?.syntax())?,
        if_exists: it.if_exists().is_some(),
        rename,
        schema,
        options: SequenceOptions { unlogged, ..numbers(&written) },
        owned_by: written.iter().find_map(owned_by),
    })
}

/// `DROP SEQUENCE`.
pub(super) fn drop_sequences(it: &ast::DropSequence) -> Ddl {
    Ddl::DropSequences {
        names: it.sequence_refs().filter_map(|written| qualified(written.syntax())).collect(),
        if_exists: it.if_exists().is_some(),
        cascade: cascades(it.drop_behavior().as_ref()),
    }
}

fn owned_by(option: &ast::SequenceOption) -> Option<Owner> {
    let ast::SequenceOption::OptionOwnedBy(owned) = option else {
        return None;
    };
    match owned.owned_by_target()? {
        ast::OwnedByTarget::OwnedByNone(_) => Some(Owner::None),
        ast::OwnedByTarget::QualifiedColumnNameRef(column) => {
            qualified_column(column.syntax()).map(|(table, column)| Owner::Column(table, column))
        }
    }
}

/// The options of an identity column: numbers, and the sequence's name, which only `pg_dump` writes.
pub(super) fn identity_options(list: Option<&ast::SequenceOptionList>) -> (Option<Qualified>, SequenceOptions) {
    let written: Vec<ast::SequenceOption> = list.map(|list| list.sequence_options().collect()).unwrap_or_default();
    let sequence = written.iter().find_map(|option| match option {
        ast::SequenceOption::OptionSequenceName(named) => named.sequence().and_then(|sequence| qualified(sequence.syntax())),
        _ => None,
    });
    (sequence, numbers(&written))
}

/// What options say of the numbers.
pub(super) fn numbers(written: &[ast::SequenceOption]) -> SequenceOptions {
    use ast::SequenceOption as O;
    let mut options = SequenceOptions::default();
    for option in written {
        match option {
            O::OptionAsType(it) => options.ty = it.ty().and_then(|ty| type_name(&ty)).map(|ty| ty.name.name),
            O::OptionStart(it) => options.start = it.expr().and_then(|expr| number(&expr)),
            O::OptionIncrement(it) => options.increment = it.expr().and_then(|expr| number(&expr)),
            O::OptionMinValue(it) => options.min = it.expr().and_then(|expr| number(&expr)).map(Some),
            O::OptionMaxValue(it) => options.max = it.expr().and_then(|expr| number(&expr)).map(Some),
            O::OptionNoMinValue(_) => options.min = Some(None),
            O::OptionNoMaxValue(_) => options.max = Some(None),
            O::OptionCache(it) => options.cache = it.expr().and_then(|expr| number(&expr)),
            O::OptionCycle(_) => options.cycle = Some(true),
            O::OptionNoCycle(_) => options.cycle = Some(false),
            O::OptionLogged(_) => options.unlogged = Some(false),
            O::OptionUnlogged(_) => options.unlogged = Some(true),
            // Where it goes on is data.
            O::OptionRestart(_) | O::OptionOwnedBy(_) | O::OptionSequenceName(_) => {}
        }
    }
    options
}

fn number(expr: &ast::Expr) -> Option<i64> {
    text(expr.syntax()).replace(|c: char| c.is_whitespace() || c == '_', "").parse().ok()
}
