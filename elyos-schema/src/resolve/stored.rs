//! Expressions that are kept with a table or a type: defaults, checks, what columns are generated from, the parts and conditions of indexes,
//! policies, what triggers wait for (`cookDefault`, `CheckMutability`, `CreateTriggerFiringOn` and their like in PostgreSQL's source).
//!
//! Only what PostgreSQL refuses for certain is told.

use std::sync::Arc;

use super::{
    Failed, Resolver, Step,
    coerce::{can_coerce, is_mutable},
    scope::{Clause, Item, Relation, Scope, ScopeColumn},
    snapshot::{Context, Oid},
    types::UNKNOWN,
    value::Value,
};
use crate::{
    catalog::{Catalog, Column, Table, Type},
    ddl::{Expression, Firing, Name, Plain, Qualified, TypeName},
    diagnostic::Diagnostic,
    parse::{nesting::Nesting, parse_query},
    query::{Body, Call, Expr, ExprKind, Literal},
    source::Source,
};

/// What an expression is kept for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kept<'a> {
    /// A column's, a domain's or an argument's, of this type.
    Default(&'a Type),
    Generated(&'a Type),
    Check,
    /// A domain's, over this type.
    ValueCheck(&'a Type),
    IndexPart,
    IndexCondition,
    PartitionKey,
    Policy,
    Trigger(Firing),
    /// What a column becomes of this type by.
    Using(&'a Type),
}

impl Kept<'_> {
    fn clause(self) -> Clause {
        match self {
            Self::Default(_) => Clause::Default,
            Self::Generated(_) => Clause::Generated,
            Self::Check | Self::ValueCheck(_) => Clause::Check,
            Self::IndexPart => Clause::Index,
            Self::IndexCondition => Clause::IndexCondition,
            Self::PartitionKey => Clause::PartitionKey,
            Self::Policy => Clause::Policy,
            Self::Trigger(_) => Clause::Trigger,
            Self::Using(_) => Clause::Using,
        }
    }
}

/// A function, operator, cast or value that may give something else another time, and where it is used.
#[derive(Clone, Debug)]
pub(super) struct Mutable {
    pub(super) name: String,
    pub(super) range: std::ops::Range<usize>,
}

/// What PostgreSQL refuses for certain of expressions about a table, or about none.
pub(crate) fn refused<'a>(
    catalog: &Catalog,
    source: &Source,
    about: Option<&Table>,
    expressions: impl IntoIterator<Item = (Kept<'a>, &'a Expression)>,
) -> Vec<Diagnostic> {
    let mut resolver: Option<Resolver<'_>> = None;
    if about.is_some_and(|table| !table.columns_known) {
        return Vec::new();
    }
    for (kept, expression) in expressions {
        let plain = Plain::of(&expression.text);
        if plain.is_some_and(|plain| is_sound(kept, plain)) {
            continue;
        }
        let written = plain.map(|plain| Arc::new(as_written(plain, expression)));
        let Some(tree) = written.as_ref().or(expression.tree.as_ref()) else { continue };
        let resolver = resolver.get_or_insert_with(|| Resolver::new(catalog, source));
        if expression.text.len() <= SHALLOW {
            let _: Option<Failed> = resolver.check(kept, expression, tree, about).err();
        } else {
            let nesting = Nesting::of(&expression.text);
            // What is nested too deeply to be read is told where it is read.
            let checked = nesting.with_room(source, expression.start, || resolver.check(kept, expression, tree, about));
            let _: Option<Step<()>> = checked.ok();
        }
    }
    resolver.map(|resolver| resolver.found.into_iter().filter(Diagnostic::is_certain).collect()).unwrap_or_default()
}

/// Whether a default becomes a value of another type than the column's by itself; true where that is not known.
pub(crate) fn default_becomes(catalog: &Catalog, default: &str, from: &Type, to: &Type) -> bool {
    let source = Source::new("default", format!("select (\n{default}\n)"));
    let Ok(query) = parse_query(&source) else { return true };
    let Body::Select(select) = &query.body else { return true };
    let [target] = select.targets.as_slice() else { return true };
    let becomes = || {
        let mut resolver = Resolver::new(catalog, &source);
        resolver.scopes = vec![Scope::nameless(Clause::Default)];
        let Ok(value) = resolver.expression(&target.expr) else { return true };
        let (from, to) = (resolver.types.number(catalog, from), resolver.types.number(catalog, to));
        let ty = if value.ty == UNKNOWN { from } else { value.ty };
        !resolver.know_types(&[ty, to]) || can_coerce(&resolver.types, ty, to, Context::Assignment)
    };
    Nesting::of(source.text()).with_room(&source, 0, becomes).unwrap_or(true)
}

/// So many bytes hold no nesting that would need more than the stack that is there.
const SHALLOW: usize = 200;

/// Whether a default is of a type that it goes into without a look at anything else.
fn is_sound(kept: Kept<'_>, plain: Plain) -> bool {
    let Kept::Default(ty) = kept else { return false };
    ty.schema.is_none()
        && ty.array_dimensions == 0
        && match plain {
            Plain::Bool => ty.name == "bool",
            Plain::Integer => matches!(ty.name.as_str(), "int2" | "int4" | "int8" | "numeric" | "float4" | "float8"),
            Plain::Next => matches!(ty.name.as_str(), "int2" | "int4" | "int8"),
            Plain::Text => matches!(ty.name.as_str(), "text" | "varchar"),
            Plain::String => matches!(ty.name.as_str(), "text" | "varchar" | "bpchar"),
            Plain::Now => ty.name == "timestamptz",
            Plain::Uuid => ty.name == "uuid",
        }
}

/// The expression that a plain text is.
fn as_written(plain: Plain, expression: &Expression) -> Expr {
    let range = expression.start..expression.start + expression.text.len();
    let call = |name: &str| {
        let name = Name { text: name.to_owned(), range: range.clone() };
        ExprKind::Call(Box::new(Call::new(vec![name])))
    };
    let kind = match plain {
        Plain::Bool => ExprKind::Literal(Literal::Bool),
        Plain::Integer => ExprKind::Literal(Literal::Integer(expression.text.clone())),
        Plain::String => ExprKind::Literal(Literal::String),
        Plain::Text => {
            let name = Qualified { schema: None, name: "text".to_owned(), range: range.clone() };
            let text = TypeName { name, modifiers: Vec::new(), array_dimensions: 0, built_in: true, of_column: None };
            let end = expression.start + expression.text.rfind("::").unwrap_or(0);
            ExprKind::Cast(Box::new(Expr::new(ExprKind::Literal(Literal::String), expression.start..end)), text)
        }
        Plain::Next => {
            let name = Name { text: "nextval".to_owned(), range: range.clone() };
            let mut next = Call::new(vec![name]);
            next.arguments.push((None, Expr::new(ExprKind::Literal(Literal::Null), range.clone())));
            ExprKind::Call(Box::new(next))
        }
        Plain::Now => call("now"),
        Plain::Uuid => call("gen_random_uuid"),
    };
    Expr::new(kind, range)
}

impl Resolver<'_> {
    /// Checks an expression with the columns that it names in sight, and, where that fails, with all of them, so that the message is the
    /// right one.
    fn check(&mut self, kept: Kept<'_>, expression: &Expression, tree: &Expr, about: Option<&Table>) -> Step<()> {
        let before = self.found.len();
        let checked = self.check_among(kept, expression, tree, about);
        if checked.is_ok() {
            return checked;
        }
        self.found.truncate(before);
        self.all_columns = true;
        let checked = self.check_among(kept, expression, tree, about);
        self.all_columns = false;
        checked
    }

    fn check_among(&mut self, kept: Kept<'_>, expression: &Expression, tree: &Expr, about: Option<&Table>) -> Step<()> {
        self.references.clear();
        self.mutable = None;
        let scope = match kept {
            Kept::Default(_) => Scope::nameless(Clause::Default),
            Kept::ValueCheck(ty) => {
                let value = self.scope_column("value", ty);
                Scope { clause: Clause::Check, ..Scope::of(vec![Item { star: vec![value], relations: Vec::new() }]) }
            }
            Kept::Trigger(_) => {
                let rows = ["old", "new"].map(|name| self.item_of(about, name, expression));
                Scope { clause: Clause::Trigger, ..Scope::of(rows.into()) }
            }
            _ => {
                let item = self.item_of(about, about.map_or("", |table| table.name.as_str()), expression);
                Scope { clause: kept.clause(), ..Scope::of(vec![item]) }
            }
        };
        self.scopes = vec![scope];
        let value = self.expression(tree)?;
        match kept {
            Kept::Default(ty) | Kept::Generated(ty) | Kept::Using(ty) => {
                let target = self.types.number(self.catalog, ty);
                self.convert(value, target, &[], Context::Assignment)?;
            }
            Kept::Check | Kept::ValueCheck(_) | Kept::IndexCondition | Kept::Policy | Kept::Trigger(_) => {
                self.checked_condition(value, kept.clause().name())?;
            }
            Kept::IndexPart | Kept::PartitionKey => {
                self.settled(value);
            }
        }
        if let Kept::Trigger(firing) = kept {
            self.check_rows(firing, about)?;
        }
        match self.mutable.take() {
            Some(mutable) if kept.clause().is_immutable() => {
                let message =
                    format!("`{}` may give something else another time, which is not possible in `{}`", mutable.name, kept.clause().name());
                Err(self.fail(
                    &mutable.range,
                    Diagnostic::new(message).help("only functions, operators and casts that are `IMMUTABLE` may be used there"),
                ))
            }
            _ => Ok(()),
        }
    }

    fn scope_column(&mut self, name: &str, ty: &Type) -> ScopeColumn {
        let id = self.facts.add(false);
        ScopeColumn { name: name.to_owned(), ty: self.types.number(self.catalog, ty), modifiers: ty.modifiers.clone(), id }
    }

    /// The columns of a table under a name; the type of its rows where the expression may be about one.
    fn item_of(&mut self, about: Option<&Table>, name: &str, expression: &Expression) -> Item {
        let Some(table) = about else { return Item::default() };
        let whole = expression.names.iter().any(|used| used == name) || expression.text.contains(".*");
        // Of a wide table only what the expression names: the others do it no good.
        let is_used = |column: &&Column| whole || self.all_columns || expression.names.contains(&column.name);
        let used: Vec<&Column> = table.columns.iter().filter(is_used).collect();
        let star: Vec<ScopeColumn> = used.into_iter().map(|column| self.scope_column(&column.name, &column.ty)).collect();
        let row = whole.then(|| {
            let full = Type { schema: Some(table.schema.clone()), name: table.name.clone(), modifiers: Vec::new(), array_dimensions: 0 };
            self.types.number(self.catalog, &full)
        });
        let relation = Relation {
            schema: Some(table.schema.clone()),
            name: name.to_owned(),
            columns: star.clone(),
            table: true,
            row,
            scalar: false,
            key: Vec::new(),
        };
        Item { star, relations: vec![relation] }
    }

    /// Refuses what a trigger waits for where there is no old or no new row, or a column of it is not known yet.
    fn check_rows(&mut self, firing: Firing, about: Option<&Table>) -> Step<()> {
        let Some([old, new]) = self.scopes.first().map(|scope| scope.items.as_slice()) else { return Ok(()) };
        let of = |item: &Item, id: usize| item.star.iter().position(|column| column.id == id);
        let is_generated = |at: usize| {
            let name = new.star.get(at).map(|column| column.name.as_str());
            name.and_then(|name| about?.column(name)).is_some_and(|column| column.generated.is_some())
        };
        let wrong = self.references.iter().find_map(|reference| {
            let in_new = of(new, reference.column);
            let wrong = if !firing.for_each_row {
                "a trigger for each statement sees no row"
            } else if firing.on_insert && of(old, reference.column).is_some() {
                "where rows are inserted there is no old row"
            } else if firing.on_delete && in_new.is_some() {
                "where rows are deleted there is no new row"
            } else if firing.before && !reference.whole && in_new.is_some_and(is_generated) {
                "before the trigger a generated column of the new row has no value"
            } else {
                return None;
            };
            Some((wrong, reference.range.clone()))
        });
        let Some((wrong, range)) = wrong else { return Ok(()) };
        Err(self.fail(&range, Diagnostic::new(format!("this cannot be in `WHEN`: {wrong}")).help("test it in the trigger's function")))
    }

    /// Refuses a column that every table has where it may change without the row.
    pub(super) fn refuse_system_column(&mut self, column: &Name) -> Step<()> {
        let clause = self
            .scopes
            .last()
            .map(|scope| scope.clause)
            .filter(|clause| clause.is_of_one_row() && !matches!(*clause, Clause::Trigger | Clause::Using));
        let Some(clause) = clause else { return Ok(()) };
        if column.text == "tableoid" && matches!(clause, Clause::Check | Clause::Generated) {
            return Ok(());
        }
        let diagnostic = Diagnostic::new(format!("`{}`, which every table has, is not possible in `{}`", column.text, clause.name()));
        Err(self.fail(&column.range, diagnostic.help("name a column of the table's own")))
    }

    /// Notes something that may give another value another time.
    pub(super) fn note_mutable(&mut self, name: &str, range: &std::ops::Range<usize>) {
        self.mutable.get_or_insert_with(|| Mutable { name: name.to_owned(), range: range.clone() });
    }

    /// [`note_mutable`](Self::note_mutable) for the cast of a value.
    pub(super) fn note_cast(&mut self, value: &Value, target: Oid) {
        if self.needs_immutable() && is_mutable(&self.types, value.ty, target) {
            let name = format!("{}::{}", self.types.named(value.ty), self.types.named(target));
            self.note_mutable(&name, &value.range);
        }
    }

    /// Whether the expression at hand may only use what is immutable.
    pub(super) fn needs_immutable(&self) -> bool {
        self.scopes.first().is_some_and(|scope| scope.clause.is_immutable())
    }

    /// Refuses a sub-query where an expression is about one row alone.
    pub(super) fn refuse_sub_query(&mut self, range: &std::ops::Range<usize>) -> Step<()> {
        let Some(clause) = self.scopes.first().map(|scope| scope.clause).filter(|clause| clause.is_of_one_row()) else { return Ok(()) };
        let diagnostic = Diagnostic::new(format!("a sub-query is not possible in `{}`", clause.name()));
        Err(self.fail(range, diagnostic.help("call a function that selects, or let a trigger do it")))
    }
}
