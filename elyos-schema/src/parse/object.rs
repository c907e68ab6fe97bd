//! Every other statement that can change a catalog: schemas, extensions, types, domains, views, indexes, sequences, comments, `search_path`.

use squawk_syntax::ast::{self, AstNode};

use super::{
    alter::{cascades, last_part, rename_column, set_schema, table_change},
    block, called, carried,
    comment::comment,
    constant::Values,
    constraint::{constraint, expression},
    effect::{Effect, effect},
    index::create_index,
    name::{name, qualified, range},
    routine::{alter_function, create_function, create_procedure, drop_functions},
    security,
    sequence::{alter_sequence, create_sequence, drop_sequences},
    setting::{reset, search_path, set_config},
    split::own_elements,
    table::{create_foreign_table, create_table},
    types::type_name,
};
use crate::ddl::{
    AttributeChange, ColumnChange, Ddl, DomainChange, Qualified, RelationKind, Rule, TableChange, TypeChange, TypeDefinition, ValuePlace,
};

/// What a statement does to a catalog: nothing for all that cannot change one.
pub(super) fn lower(statement: &ast::Stmt) -> Vec<Ddl> {
    lower_with(statement, &Values::new())
}

/// The same of one in a body, where names stand for values.
pub(super) fn lower_with(statement: &ast::Stmt, values: &Values) -> Vec<Ddl> {
    match effect(statement) {
        Effect::PassedOver => return Vec::new(),
        Effect::Refused => return vec![Ddl::Unknown { range: range(statement.syntax()), what: refused(statement) }],
        Effect::Applied | Effect::Carried => {}
    }
    match statement {
        ast::Stmt::Do(it) => block::lower(it),
        ast::Stmt::Call(it) => called::call(it, values).map(|call| Ddl::Calls(vec![call])).into_iter().collect(),
        ast::Stmt::Select(it) => {
            let setting = set_config(it);
            let calls = || Some(called::calls_of_query(it.syntax(), values)).filter(|calls| !calls.is_empty()).map(Ddl::Calls);
            setting.or_else(calls).into_iter().collect()
        }
        ast::Stmt::DropExtension(it) => {
            vec![Ddl::DropExtension {
                names: it.extension_refs().map(|written| name(written.syntax())).collect(),
                if_exists: it.if_exists().is_some(),
                cascade: cascades(it.drop_behavior().as_ref()),
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

/// Why a statement cannot be applied.
fn refused(statement: &ast::Stmt) -> &'static str {
    match statement {
        ast::Stmt::Rollback(_) => "`ROLLBACK` undoes statements before it",
        ast::Stmt::ImportForeignSchema(_) => "`IMPORT FOREIGN SCHEMA` creates the tables that another server has",
        ast::Stmt::DropOwned(_) => "`DROP OWNED` drops what a role owns",
        _ => "property graphs are not understood",
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
        S::CreateTableAs(_) | S::SelectInto(_) | S::CreateView(_) | S::CreateMaterializedView(_) => super::relation::lower(statement)?,
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
            ast::AlterIndexAction::AttachIndexPartition(attach) => {
                Ddl::AttachIndex { parent: qualified(it.index_ref()?.syntax())?, index: qualified(attach.index_ref()?.syntax())? }
            }
            _ => return None,
        },
        S::DropIndex(it) => Ddl::DropIndexes {
            names: it.index_refs().filter_map(|written| qualified(written.syntax())).collect(),
            if_exists: it.if_exists().is_some(),
            cascade: cascades(it.drop_behavior().as_ref()),
        },
        S::CreateSequence(it) => create_sequence(it)?,
        S::AlterSequence(it) => alter_sequence(it)?,
        S::DropSequence(it) => drop_sequences(it),
        S::CreateFunction(it) => create_function(it)?,
        S::CreateProcedure(it) => create_procedure(it)?,
        S::AlterFunction(_) | S::AlterProcedure(_) | S::AlterRoutine(_) => alter_function(statement)?,
        S::DropFunction(_) | S::DropProcedure(_) | S::DropRoutine(_) => drop_functions(statement)?,
        S::CreateTrigger(_) | S::AlterTrigger(_) | S::DropTrigger(_) | S::CreatePolicy(_) | S::AlterPolicy(_) | S::DropPolicy(_) => {
            security::lower(statement)?
        }
        S::CreateType(it) => create_type(it)?,
        S::AlterType(it) => Ddl::AlterType { name: qualified(it.type_name_ref()?.syntax())?, changes: type_changes(&it.action()?) },
        S::DropType(it) => drop_types(it.type_name_refs(), false, it.if_exists().is_some(), it.drop_behavior().as_ref()),
        S::CreateDomain(it) => Ddl::CreateDomain {
            name: qualified(it.domain()?.syntax())?,
            base: type_name(&it.ty()?)?,
            collation: it.domain_qualifiers().find_map(|qualifier| match qualifier {
                ast::DomainQualifier::Collate(collate) => qualified(collate.collation_ref()?.syntax()),
                ast::DomainQualifier::Constraint(constraint) => super::default::collation_behind(constraint.syntax()),
            }),
            constraints: it.domain_qualifiers().filter_map(|qualifier| constraint(qualifier.syntax())).collect(),
        },
        S::AlterDomain(it) => Ddl::AlterDomain { name: qualified(it.domain_ref()?.syntax())?, change: domain_change(&it.action()?)? },
        S::DropDomain(it) => drop_types(it.domain_refs(), true, it.if_exists().is_some(), it.drop_behavior().as_ref()),
        S::Set(it) => search_path(it)?,
        S::Reset(it) => reset(it)?,
        S::CommentOn(it) => comment(it)?,
        S::AlterExtension(it) => alter_extension(it)?,
        // The rest is carried whole, or changes rows, roles or settings, which a catalog does not hold.
        _ => return carried::lower(statement),
    })
}

/// `ALTER EXTENSION … SET SCHEMA`; what else can be said of one changes no catalog.
fn alter_extension(it: &ast::AlterExtension) -> Option<Ddl> {
    let ast::AlterExtensionAction::SetSchema(set) = it.action()? else { return None };
    Some(Ddl::AlterExtensionSchema { name: name(it.extension_ref()?.syntax()), schema: name(set.schema_ref()?.syntax()) })
}

fn create_schema(it: &ast::CreateSchema) -> Option<Ddl> {
    let schema = name(&it.schema_name()?);
    let elements = own_elements(it).into_iter().filter_map(|element| ast::Stmt::cast(element.syntax().clone()));
    let elements = elements.flat_map(|element| lower(&element)).collect();
    Some(Ddl::CreateSchema { name: schema, if_not_exists: it.if_not_exists().is_some(), elements })
}

fn alter(node: &squawk_syntax::SyntaxNode, kind: RelationKind, if_exists: bool, only: bool, changes: Vec<TableChange>) -> Option<Ddl> {
    Some(Ddl::AlterTable { table: qualified(node)?, kind, if_exists, only, changes })
}

fn view_change(action: &ast::AlterViewAction) -> Option<TableChange> {
    match action {
        ast::AlterViewAction::RenameColumn(rename) => rename_column(rename),
        ast::AlterViewAction::SetSchema(set) => set_schema(set),
        ast::AlterViewAction::ViewRenameTo(to) => to.view().and_then(|to| last_part(to.syntax())).map(TableChange::RenameTo),
        ast::AlterViewAction::AlterViewColumn(column) => {
            let change = match column.alter_view_column_action()? {
                ast::AlterViewColumnAction::SetDefault(set) => ColumnChange::SetDefault(expression(&set.expr()?)),
                ast::AlterViewColumnAction::DropDefault(_) => ColumnChange::DropDefault,
            };
            Some(TableChange::AlterColumn { column: name(column.name()?.syntax()), change })
        }
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

fn drop_types<N: AstNode>(names: ast::AstChildren<N>, domains: bool, if_exists: bool, behavior: Option<&ast::DropBehavior>) -> Ddl {
    Ddl::DropTypes { names: all(names), domains, if_exists, cascade: cascades(behavior) }
}

fn all<N: AstNode>(names: ast::AstChildren<N>) -> Vec<Qualified> {
    names.filter_map(|written| qualified(written.syntax())).collect()
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
        Some(ast::CreateTypeKind::CompositeType(kind)) => TypeDefinition::Composite(
            kind.composite_field_list()
                .into_iter()
                .flat_map(|list| list.composite_field_defs().collect::<Vec<_>>())
                .filter_map(|field| Some((name(field.name()?.syntax()), type_name(&field.ty()?)?)))
                .collect(),
        ),
        Some(ast::CreateTypeKind::RangeType(kind)) => range_type(&kind),
        Some(ast::CreateTypeKind::BaseType(_)) => TypeDefinition::Base,
        None => TypeDefinition::Shell,
    };
    Some(Ddl::CreateType { name: qualified(it.type_name()?.syntax())?, definition })
}

fn range_type(kind: &ast::RangeType) -> TypeDefinition {
    let (mut subtype, mut multirange) = (None, None);
    for option in kind.attribute_list().into_iter().flat_map(|list| list.attribute_options().collect::<Vec<_>>()) {
        let Some(written) = option.name() else { continue };
        let value = option.attribute_value().and_then(|value| value.ty()).and_then(|ty| type_name(&ty));
        match name(written.syntax()).text.as_str() {
            "subtype" => subtype = value,
            "multirange_type_name" => multirange = value.map(|ty| ty.name),
            _ => {}
        }
    }
    TypeDefinition::Range { subtype: subtype.map(Box::new), multirange }
}

fn type_changes(action: &ast::AlterTypeAction) -> Vec<TypeChange> {
    use ast::AlterTypeAttributeAction as A;
    let ast::AlterTypeAction::AlterTypeAttributeActionList(list) = action else {
        return type_change(action).into_iter().collect();
    };
    let changes = list.actions().filter_map(|action| {
        let (change, behavior) = match action {
            A::AddAttribute(it) => {
                let change = AttributeChange::Add { name: name(it.composite_field()?.syntax()), ty: type_name(&it.ty()?)? };
                (change, it.drop_behavior())
            }
            A::DropAttribute(it) => {
                let dropped = name(it.composite_field_ref()?.syntax());
                (AttributeChange::Drop { name: dropped, if_exists: it.if_exists().is_some() }, it.drop_behavior())
            }
            A::AlterAttribute(it) => {
                let change = AttributeChange::SetType { name: name(it.composite_field_ref()?.syntax()), ty: type_name(&it.ty()?)? };
                (change, it.drop_behavior())
            }
        };
        Some(TypeChange::Attribute { change, cascade: cascades(behavior.as_ref()) })
    });
    changes.collect()
}

fn type_change(action: &ast::AlterTypeAction) -> Option<TypeChange> {
    Some(match action {
        ast::AlterTypeAction::RenameAttribute(it) => {
            let change =
                AttributeChange::Rename { name: name(it.composite_field_ref()?.syntax()), to: name(it.composite_field()?.syntax()) };
            TypeChange::Attribute { change, cascade: cascades(it.drop_behavior().as_ref()) }
        }
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
                Rule::Check(check) => DomainChange::AddCheck { name: written.name, check, not_valid: written.not_valid },
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
        A::ValidateConstraint(it) => DomainChange::Validate(last_part(it.constraint_name_ref()?.syntax())?),
        A::OwnerTo(_) => DomainChange::Nothing,
    })
}
