//! Every other statement that can change a catalog: schemas, extensions, types, domains, views, indexes, sequences, comments, `search_path`.

use squawk_syntax::ast::{self, AstNode};

use super::{
    alter::{cascades, last_part, rename_column, set_schema, table_change},
    constraint::{constraint, expression, index_column},
    name::{child, name, parts, qualified, qualified_column},
    split::own_elements,
    table::{create_foreign_table, create_table, persistence},
    types::type_name,
    view,
};
use crate::ddl::{
    Commented, CreateIndex, Ddl, DomainChange, IndexColumn, Owner, Persistence, Qualified, RelationDefinition, RelationKind, Rule,
    TableChange, TypeChange, TypeDefinition, ValuePlace,
};

/// What a statement does to a catalog: nothing for all that cannot change one.
pub(super) fn lower(statement: &ast::Stmt) -> Vec<Ddl> {
    match statement {
        ast::Stmt::CommentOn(it) => comment(it),
        ast::Stmt::DropExtension(it) => {
            vec![Ddl::DropExtension {
                names: it.extension_refs().map(|written| name(written.syntax())).collect(),
                if_exists: it.if_exists().is_some(),
            }]
        }
        ast::Stmt::DropSchema(it) => vec![Ddl::DropSchema {
            names: it.schema_refs().map(|written| name(written.syntax())).collect(),
            if_exists: it.if_exists().is_some(),
            cascade: cascades(it.drop_behavior().as_ref()),
        }],
        _ => lower_one(statement).into_iter().collect(),
    }
}

fn lower_one(statement: &ast::Stmt) -> Option<Ddl> {
    use RelationKind::{ForeignTable, MaterializedView, Table, View};
    use ast::Stmt as S;
    Some(match statement {
        S::CreateSchema(it) => create_schema(it)?,
        S::AlterSchema(it) => match it.action()? {
            ast::AlterSchemaAction::SchemaRenameTo(to) => {
                Ddl::RenameSchema { name: name(it.schema_ref()?.syntax()), to: name(to.schema()?.syntax()) }
            }
            ast::AlterSchemaAction::OwnerTo(_) => return None,
        },
        S::CreateExtension(it) => Ddl::CreateExtension {
            name: name(it.extension()?.syntax()),
            if_not_exists: it.if_not_exists().is_some(),
            schema: it.extension_schema().and_then(|schema| schema.schema_ref()).map(|schema| name(schema.syntax())),
        },
        S::CreateTable(it) => Ddl::CreateTable(Box::new(create_table(it)?)),
        S::CreateForeignTable(it) => Ddl::CreateTable(Box::new(create_foreign_table(it)?)),
        S::CreateTableAs(_) | S::SelectInto(_) | S::CreateView(_) | S::CreateMaterializedView(_) => from_query(statement)?,
        S::AlterTable(it) => alter(
            it.table_relation_name()?.syntax(),
            Table,
            it.if_exists().is_some(),
            it.table_relation_name()?.only_token().is_some(),
            it.actions().filter_map(|action| table_change(&action)).collect(),
        )?,
        S::AlterForeignTable(it) => alter(
            it.table_relation_name()?.syntax(),
            ForeignTable,
            it.if_exists().is_some(),
            false,
            it.actions().filter_map(|action| table_change(&action)).collect(),
        )?,
        S::AlterView(it) => alter(it.view_ref()?.syntax(), View, it.if_exists().is_some(), false, vec![view_change(&it.action()?)?])?,
        S::AlterMaterializedView(it) => {
            let change = it.action().filter_map(|action| match action {
                ast::AlterMaterializedViewAction::ViewRenameTo(to) => {
                    to.view().and_then(|to| last_part(to.syntax())).map(TableChange::RenameTo)
                }
                ast::AlterMaterializedViewAction::RenameColumn(rename) => rename_column(&rename),
                ast::AlterMaterializedViewAction::SetSchema(set) => set_schema(&set),
                _ => None,
            });
            alter(it.view_ref()?.syntax(), MaterializedView, it.if_exists().is_some(), false, change.collect())?
        }
        S::DropTable(it) => drop_relations(it.table_name_refs(), Table, it.if_exists().is_some(), it.drop_behavior().as_ref()),
        S::DropForeignTable(it) => {
            drop_relations(it.table_name_refs(), ForeignTable, it.if_exists().is_some(), it.drop_behavior().as_ref())
        }
        S::DropView(it) => drop_relations(it.view_refs(), View, it.if_exists().is_some(), it.drop_behavior().as_ref()),
        S::DropMaterializedView(it) => {
            drop_relations(it.view_refs(), MaterializedView, it.if_exists().is_some(), it.drop_behavior().as_ref())
        }
        S::CreateIndex(it) => Ddl::CreateIndex(Box::new(create_index(it)?)),
        S::AlterIndex(it) => match it.action()? {
            ast::AlterIndexAction::IndexRenameTo(to) => Ddl::RenameIndex {
                name: qualified(it.index_ref()?.syntax())?,
                to: last_part(to.index()?.syntax())?,
                if_exists: it.if_exists().is_some(),
            },
            _ => return None,
        },
        S::DropIndex(it) => Ddl::DropIndexes {
            names: it.index_refs().filter_map(|written| qualified(written.syntax())).collect(),
            if_exists: it.if_exists().is_some(),
        },
        S::CreateSequence(it) => Ddl::CreateSequence {
            name: qualified(it.sequence()?.syntax())?,
            if_not_exists: it.if_not_exists().is_some(),
            temporary: persistence(it.persistence().as_ref()) == Persistence::Temporary,
            owned_by: it.sequence_options().find_map(|option| owned_by(&option)),
        },
        S::AlterSequence(it) => alter_sequence(it)?,
        S::DropSequence(it) => Ddl::DropSequences {
            names: it.sequence_refs().filter_map(|written| qualified(written.syntax())).collect(),
            if_exists: it.if_exists().is_some(),
        },
        S::CreateType(it) => create_type(it)?,
        S::AlterType(it) => Ddl::AlterType { name: qualified(it.type_name_ref()?.syntax())?, change: type_change(&it.action()?)? },
        S::DropType(it) => drop_types(it.type_name_refs(), it.if_exists().is_some(), it.drop_behavior().as_ref()),
        S::CreateDomain(it) => Ddl::CreateDomain {
            name: qualified(it.domain()?.syntax())?,
            base: type_name(&it.ty()?)?,
            constraints: it.domain_qualifiers().filter_map(|qualifier| constraint(qualifier.syntax())).collect(),
        },
        S::AlterDomain(it) => Ddl::AlterDomain { name: qualified(it.domain_ref()?.syntax())?, change: domain_change(&it.action()?)? },
        S::DropDomain(it) => drop_types(it.domain_refs(), it.if_exists().is_some(), it.drop_behavior().as_ref()),
        S::Set(it) => search_path(it)?,
        S::Reset(it) => reset(it)?,
        // The rest changes rows, rights, routines, roles or settings, which a catalog here does not hold.
        _ => return None,
    })
}

/// Relations that are made from a query.
fn from_query(statement: &ast::Stmt) -> Option<Ddl> {
    use RelationKind::{MaterializedView, Table, View};
    match statement {
        ast::Stmt::CreateTableAs(it) => {
            let definition = view::table_as(it);
            relation(it.table_name()?.syntax(), Table, it.if_not_exists().is_some(), false, it.persistence().as_ref(), definition)
        }
        ast::Stmt::SelectInto(it) => {
            let into = it.into_clause()?;
            relation(into.table_name()?.syntax(), Table, false, false, into.persistence().as_ref(), view::select_into(it))
        }
        ast::Stmt::CreateView(it) => {
            relation(it.view()?.syntax(), View, false, it.or_replace().is_some(), it.persistence().as_ref(), view::view(it))
        }
        ast::Stmt::CreateMaterializedView(it) => {
            let definition = view::materialized_view(it);
            relation(it.view()?.syntax(), MaterializedView, it.if_not_exists().is_some(), false, None, definition)
        }
        _ => None,
    }
}

fn create_schema(it: &ast::CreateSchema) -> Option<Ddl> {
    let schema = name(&it.schema_name()?);
    let elements = own_elements(it).into_iter().filter_map(|element| ast::Stmt::cast(element.syntax().clone()));
    let elements = elements.flat_map(|element| lower(&element)).collect();
    Some(Ddl::CreateSchema { name: schema, if_not_exists: it.if_not_exists().is_some(), elements })
}

fn relation(
    node: &squawk_syntax::SyntaxNode,
    kind: RelationKind,
    if_not_exists: bool,
    or_replace: bool,
    written: Option<&ast::Persistence>,
    definition: RelationDefinition,
) -> Option<Ddl> {
    let temporary = persistence(written) == Persistence::Temporary;
    Some(Ddl::CreateRelation { name: qualified(node)?, kind, if_not_exists, or_replace, temporary, definition: Box::new(definition) })
}

fn alter(node: &squawk_syntax::SyntaxNode, kind: RelationKind, if_exists: bool, only: bool, changes: Vec<TableChange>) -> Option<Ddl> {
    Some(Ddl::AlterTable { table: qualified(node)?, kind, if_exists, only, changes })
}

fn view_change(action: &ast::AlterViewAction) -> Option<TableChange> {
    match action {
        ast::AlterViewAction::RenameColumn(rename) => rename_column(rename),
        ast::AlterViewAction::SetSchema(set) => set_schema(set),
        ast::AlterViewAction::ViewRenameTo(to) => to.view().and_then(|to| last_part(to.syntax())).map(TableChange::RenameTo),
        _ => Some(TableChange::Nothing),
    }
}

fn drop_relations<N: AstNode>(
    names: ast::AstChildren<N>,
    kind: RelationKind,
    if_exists: bool,
    behavior: Option<&ast::DropBehavior>,
) -> Ddl {
    Ddl::DropRelations { names: all(names), kind, if_exists, cascade: cascades(behavior) }
}

fn drop_types<N: AstNode>(names: ast::AstChildren<N>, if_exists: bool, behavior: Option<&ast::DropBehavior>) -> Ddl {
    Ddl::DropTypes { names: all(names), if_exists, cascade: cascades(behavior) }
}

fn all<N: AstNode>(names: ast::AstChildren<N>) -> Vec<Qualified> {
    names.filter_map(|written| qualified(written.syntax())).collect()
}

fn create_index(it: &ast::CreateIndex) -> Option<CreateIndex> {
    let columns = |list: Option<ast::PartitionItemList>| -> Vec<IndexColumn> {
        list.map(|list| list.partition_items().filter_map(|item| item.expr()).map(|expr| index_column(&expr)).collect()).unwrap_or_default()
    };
    Some(CreateIndex {
        name: it.index().and_then(|index| last_part(index.syntax())),
        if_not_exists: it.if_not_exists().is_some(),
        table: qualified(it.table_relation_name()?.syntax())?,
        only: it.table_relation_name()?.only_token().is_some(),
        unique: it.unique_token().is_some(),
        columns: columns(it.partition_item_list()),
        include: columns(it.index_include_clause().and_then(|clause| clause.partition_item_list()))
            .into_iter()
            .filter_map(|column| match column {
                IndexColumn::Column(column) => Some(column),
                IndexColumn::Expression { .. } => None,
            })
            .collect(),
        nulls_not_distinct: matches!(it.nulls_distinct_option(), Some(ast::NullsDistinctOption::NullsNotDistinct(_))),
        predicate: it.where_clause().and_then(|clause| clause.expr()).map(|expr| expression(&expr)),
    })
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

fn alter_sequence(it: &ast::AlterSequence) -> Option<Ddl> {
    let (mut rename, mut schema, mut owner) = (None, None, None);
    for action in it.actions() {
        match action {
            ast::AlterSequenceAction::SequenceRenameTo(to) => rename = to.sequence().and_then(|to| last_part(to.syntax())),
            ast::AlterSequenceAction::SetSchema(set) => schema = set.schema_ref().map(|to| name(to.syntax())),
            ast::AlterSequenceAction::SequenceOption(option) => owner = owned_by(&option).or(owner),
            _ => {}
        }
    }
    Some(Ddl::AlterSequence {
        name: qualified(it.sequence_ref()?.syntax())?,
        if_exists: it.if_exists().is_some(),
        rename,
        schema,
        owned_by: owner,
    })
}

fn create_type(it: &ast::CreateType) -> Option<Ddl> {
    let definition = match it.kind() {
        Some(ast::CreateTypeKind::EnumType(kind)) => TypeDefinition::Enum(
            kind.variant_list()
                .into_iter()
                .flat_map(|list| list.variants().collect::<Vec<_>>())
                .filter_map(|variant| variant.literal()?.string_value())
                .collect(),
        ),
        Some(ast::CreateTypeKind::CompositeType(_)) => TypeDefinition::Composite,
        _ => TypeDefinition::Other,
    };
    Some(Ddl::CreateType { name: qualified(it.type_name()?.syntax())?, definition })
}

fn type_change(action: &ast::AlterTypeAction) -> Option<TypeChange> {
    Some(match action {
        ast::AlterTypeAction::AddValue(it) => TypeChange::AddValue {
            value: it.literal()?.string_value()?,
            place: match it.value_position() {
                None => ValuePlace::End,
                Some(ast::ValuePosition::BeforeValue(before)) => ValuePlace::Before(before.literal()?.string_value()?),
                Some(ast::ValuePosition::AfterValue(after)) => ValuePlace::After(after.literal()?.string_value()?),
            },
            if_not_exists: it.if_not_exists().is_some(),
        },
        ast::AlterTypeAction::RenameValue(it) => TypeChange::RenameValue { from: it.from()?.string_value()?, to: it.to()?.string_value()? },
        ast::AlterTypeAction::TypeRenameTo(it) => TypeChange::RenameTo(last_part(it.type_name()?.syntax())?),
        ast::AlterTypeAction::SetSchema(it) => TypeChange::SetSchema(name(it.schema_ref()?.syntax())),
        _ => TypeChange::Nothing,
    })
}

fn domain_change(action: &ast::AlterDomainAction) -> Option<DomainChange> {
    use ast::AlterDomainAction as A;
    Some(match action {
        A::SetNotNull(_) => DomainChange::SetNotNull,
        A::DropNotNull(_) => DomainChange::DropNotNull,
        A::SetDefault(it) => DomainChange::SetDefault(expression(&it.expr()?)),
        A::DropDefault(_) => DomainChange::DropDefault,
        A::AddConstraint(it) => {
            let written = constraint(it.constraint()?.syntax())?;
            match written.rule {
                Rule::Check(check) => DomainChange::AddCheck { name: written.name, check },
                Rule::NotNull { .. } => DomainChange::AddNotNull,
                _ => DomainChange::Nothing,
            }
        }
        A::DropConstraint(it) => {
            DomainChange::DropConstraint { name: last_part(it.constraint_name_ref()?.syntax())?, if_exists: it.if_exists().is_some() }
        }
        A::RenameConstraint(it) => DomainChange::RenameConstraint {
            name: last_part(it.constraint_name_ref()?.syntax())?,
            to: name(it.constraint_name()?.syntax()),
        },
        A::DomainRenameTo(it) => DomainChange::RenameTo(last_part(it.domain()?.syntax())?),
        A::SetSchema(it) => DomainChange::SetSchema(name(it.schema_ref()?.syntax())),
        A::OwnerTo(_) | A::ValidateConstraint(_) => DomainChange::Nothing,
    })
}

fn comment(it: &ast::CommentOn) -> Vec<Ddl> {
    use ast::CommentObject as C;
    let text = it.literal().and_then(|literal| literal.string_value());
    let Some(object) = it.comment_object() else {
        return Vec::new();
    };
    let on = match &object {
        C::ObjectTable(it) => it.table_name_ref().and_then(|table| qualified(table.syntax())).map(Commented::Relation),
        C::ObjectForeignTable(it) => it.table_name_ref().and_then(|table| qualified(table.syntax())).map(Commented::Relation),
        C::ObjectView(it) => it.view_ref().and_then(|view| qualified(view.syntax())).map(Commented::Relation),
        C::ObjectMaterializedView(it) => it.view_ref().and_then(|view| qualified(view.syntax())).map(Commented::Relation),
        C::ObjectColumn(it) => {
            it.name().and_then(|column| qualified_column(column.syntax())).map(|(table, column)| Commented::Column { table, column })
        }
        C::ObjectSchema(it) => it.schema_ref().map(|schema| Commented::Schema(name(schema.syntax()))),
        C::ObjectType(it) => it.type_name_ref().and_then(|ty| qualified(ty.syntax())).map(Commented::Type),
        C::ObjectDomain(it) => it.domain_ref().and_then(|ty| qualified(ty.syntax())).map(Commented::Type),
        // Comments on constraints, indexes, functions and the rest are not kept.
        _ => None,
    };
    on.map(|on| Ddl::Comment { on, text }).into_iter().collect()
}

/// `SET search_path`, in both of its spellings; `SET LOCAL` too, as a file is one transaction. Also what `pg_dump` writes:
/// `SELECT pg_catalog.set_config('search_path', '', false)` is a query, and names are qualified wherever it stands.
fn search_path(it: &ast::Set) -> Option<Ddl> {
    match it.set_target()? {
        ast::SetTarget::SetConfig(config) => {
            let parameter = parts(config.config_parameter_ref()?.syntax()).pop()?;
            if parameter.text != "search_path" {
                return None;
            }
            let ast::ConfigAssignment::ToConfigValue(to) = config.config_assignment()? else {
                return None;
            };
            if to.default_token().is_some() {
                return Some(Ddl::SetSearchPath(None));
            }
            let path = to.config_values().filter_map(|value| match value {
                ast::ConfigValue::Literal(literal) => literal.string_value(),
                ast::ConfigValue::ConfigValueName(written) => Some(name(written.syntax()).text),
                ast::ConfigValue::PrefixExpr(_) => None,
            });
            Some(Ddl::SetSearchPath(Some(path.collect())))
        }
        ast::SetTarget::SetSchemaValue(schema) => {
            let literal = schema.literal().or_else(|| child(schema.syntax()))?;
            Some(Ddl::SetSearchPath(Some(vec![literal.string_value()?])))
        }
        _ => None,
    }
}

/// `RESET search_path` and `RESET ALL`.
fn reset(it: &ast::Reset) -> Option<Ddl> {
    match it.reset_target()? {
        ast::ResetTarget::All(_) => Some(Ddl::SetSearchPath(None)),
        ast::ResetTarget::ConfigParameterRef(parameter) if parts(parameter.syntax()).pop()?.text == "search_path" => {
            Some(Ddl::SetSearchPath(None))
        }
        _ => None,
    }
}
