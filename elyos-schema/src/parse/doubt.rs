//! Whether the parser crate's walks of a tree (`validation.rs` in its source) could find an error in it, told from the events that the tree
//! is made from. Where it is not sure that they find none, there is doubt: too much of it costs time, too little an error. The crate's version
//! is fixed in the manifest; with another one, the list of what is looked at has to be read anew.

use std::ops::Range;

use squawk_parser::{
    SyntaxKind::{
        self, ALL_FN, ANY_FN, ARG, ARG_LIST, ARRAY_EXPR, ARRAY_KW, ARRAY_TYPE, ATOMIC_BODY, BIN_EXPR, BIT_TYPE, BIT_VARYING_TYPE,
        CALL_EXPR, CHARACTER_TYPE, COALESCE_KW, COLUMN, COMMA, CREATE_AGGREGATE, CREATE_FUNCTION, CREATE_PROCEDURE, CUSTOM_OP, DEFAULT_KW,
        DISTINCT_CLAUSE, DISTINCT_ON, DO, DOUBLE_TYPE, EOF, EXCEPT_TABLE_CLAUSE, FROM_CLAUSE, FUNC_OPTION_LIST, FUNCTION_FROM_ITEM,
        GREATEST_KW, IDENT, IN_KW, INT_NUMBER, INTERVAL_TYPE, JOIN, JOIN_CROSS, JOIN_USING_CLAUSE, JSON_ARRAY_FN, JSON_OBJECT_FN, L_PAREN,
        LATERAL_KW, LEAST_KW, LITERAL, NAME_REF, NATURAL_KW, NON_STANDARD_PARAM, NOT_IN, NUMERIC_NUMBER, ON_CLAUSE, ONLY_KW, OVERLAPS_KW,
        PARAM_DEFAULT, PAREN_EXPR, PAREN_FROM_ITEM, PARTITION_FOR_VALUES_WITH, PATH_TYPE, PREFIX_EXPR, R_PAREN, RULE_STMT_LIST, SELECT,
        SELECT_CLAUSE, SELECT_INTO, SEMICOLON, SET_COLUMN_LIST, SET_SINGLE_COLUMN, SOME_FN, STORAGE_MODE, STRING, TABLE_ARG_LIST,
        TABLE_NAME, TIME_TYPE, TIMESTAMP_TYPE, TO_CONFIG_VALUE, TUPLE_EXPR, UESCAPE_KW, UNICODE_ESC_STRING, VARCHAR_TYPE,
    },
    is_col_name_keyword, is_reserved_keyword, is_type_func_name_keyword,
};

/// Watches a tree come by.
#[derive(Default)]
pub(super) struct Doubt {
    /// The nodes that are open.
    open: Vec<Open>,
    /// The bytes so far.
    at: usize,
    /// What the next events have to be.
    list: List,
    /// Whether the first token of a name is still to come.
    name: Option<NameOf>,
    /// Where the statement at hand begins, and whether it is in doubt.
    statement: usize,
    is_doubtful: bool,
    /// Whether the last token that is no white space was no semicolon.
    is_open_ended: bool,
    doubtful: Vec<Range<usize>>,
    /// Whether the places of statements are in doubt.
    all: bool,
}

struct Open {
    kind: SyntaxKind,
    /// How many nodes and tokens of it came by, white space included.
    parts: usize,
    /// Whether what it has to have came by.
    has: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum NameOf {
    Called,
    Other,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum List {
    #[default]
    None,
    /// Behind `IN`: the list, or a query.
    Begins,
    /// Behind `coalesce`: its arguments.
    Arguments,
    /// The parenthesis of either.
    Opens,
    /// Something in it.
    HasFirst,
}

impl Doubt {
    /// The statements that are in doubt; none if the whole text is.
    pub(super) fn statements(&self) -> Option<&[Range<usize>]> {
        (!self.all).then_some(&self.doubtful)
    }

    pub(super) fn enter(&mut self, kind: SyntaxKind) {
        let depth = self.open.len();
        let parent = match self.open.last_mut() {
            Some(parent) => {
                parent.parts += 1;
                parent.kind
            }
            None => EOF,
        };
        if depth == 1 {
            // Between two statements is a semicolon.
            self.all |= self.is_open_ended;
            (self.statement, self.is_doubtful) = (self.at, false);
        }
        self.list = match (self.list, kind) {
            (List::None | List::HasFirst, _) | (List::Begins, PAREN_EXPR) => List::None,
            (List::Begins, TUPLE_EXPR) | (List::Arguments, ARG_LIST) => List::Opens,
            _ => {
                self.is_doubtful = true;
                List::None
            }
        };
        self.is_doubtful |= is_looked_at(kind);
        // A type's modifiers are numbers, strings and names.
        self.is_doubtful |= self.is_modifier() && !matches!(kind, ARG | LITERAL | NAME_REF);
        match kind {
            NAME_REF if parent == CALL_EXPR => self.name = Some(NameOf::Called),
            NAME_REF | TABLE_NAME => self.name = Some(NameOf::Other),
            // `ANY (…)` stands behind an operator.
            ANY_FN | SOME_FN | ALL_FN => self.is_doubtful |= !self.is_operand_behind(),
            SELECT => self.is_doubtful |= matches!(parent, TUPLE_EXPR | PAREN_EXPR),
            CUSTOM_OP => self.is_doubtful |= parent == PREFIX_EXPR,
            SELECT_CLAUSE if parent == SELECT => self.has(),
            FROM_CLAUSE if parent == SELECT => self.is_doubtful |= !self.open.last().is_some_and(|select| select.has),
            ON_CLAUSE | JOIN_USING_CLAUSE if parent == JOIN => self.has(),
            _ if parent == COLUMN && is_type(kind) => self.has(),
            _ => {}
        }
        // `LITERAL` and `ARRAY_EXPR` tell by their first token.
        let array_of_array = kind == ARRAY_EXPR && parent == ARRAY_EXPR;
        self.open.push(Open { kind, parts: 0, has: array_of_array });
    }

    pub(super) fn exit(&mut self) {
        let Some(closed) = self.open.pop() else { return };
        match closed.kind {
            JOIN => self.is_doubtful |= !closed.has,
            COLUMN if self.open.last().is_some_and(|list| list.kind == TABLE_ARG_LIST) => self.is_doubtful |= !closed.has,
            _ => {}
        }
        if self.open.len() == 1 && self.is_doubtful {
            self.doubtful.push(self.statement..self.at);
        }
    }

    pub(super) fn token(&mut self, kind: SyntaxKind, text: &str) {
        self.at += text.len();
        let (within, part, has) = match self.open.last_mut() {
            Some(within) => {
                within.parts += 1;
                (within.kind, within.parts, within.has)
            }
            None => (EOF, 1, false),
        };
        if within == LITERAL && part > 1 {
            self.is_doubtful = true;
        }
        if kind.is_trivia() {
            return;
        }
        self.is_open_ended = kind != SEMICOLON;
        self.list = match (self.list, kind) {
            (List::None, IN_KW) if matches!(within, BIN_EXPR | NOT_IN) => List::Begins,
            (List::None, _) => List::None,
            (List::Opens, L_PAREN) => List::HasFirst,
            _ => {
                self.is_doubtful = true;
                List::None
            }
        };
        if let Some(name) = self.name.take() {
            let is_odd_call = name == NameOf::Called && (is_col_name_keyword(kind) || is_reserved_keyword(kind));
            if is_odd_call && matches!(kind, COALESCE_KW | GREATEST_KW | LEAST_KW) {
                self.list = List::Arguments;
            } else {
                self.is_doubtful |= is_type_func_name_keyword(kind) || is_odd_call;
            }
        }
        self.is_doubtful |= match (kind, within) {
            (UNICODE_ESC_STRING | UESCAPE_KW | OVERLAPS_KW | LATERAL_KW | NATURAL_KW, _)
            | (DEFAULT_KW, LITERAL)
            | (ONLY_KW, FUNCTION_FROM_ITEM)
            | (L_PAREN, ARRAY_EXPR) => true,
            (IDENT, _) => text.as_bytes().get(1) == Some(&b'&'),
            (_, ARRAY_EXPR) => part == 1 && kind != ARRAY_KW && !has,
            // As long as a name at most.
            (_, CUSTOM_OP) => part > 8 || text.len() > 7,
            (L_PAREN, ARG_LIST) => part > 1 && self.is_modifier(),
            (COMMA | R_PAREN | INT_NUMBER | NUMERIC_NUMBER | STRING, _) => false,
            _ => self.is_modifier() && !matches!(within, NAME_REF),
        };
    }

    /// The node at hand has what it has to have.
    fn has(&mut self) {
        if let Some(open) = self.open.last_mut() {
            open.has = true;
        }
    }

    /// Whether a call that has just begun is behind the operator of its expression.
    fn is_operand_behind(&self) -> bool {
        matches!(self.open.as_slice(), [.., expression, call]
            if call.kind == CALL_EXPR && call.parts == 1 && expression.kind == BIN_EXPR && expression.parts > 1)
    }

    /// Whether what comes by is a type's modifier: directly below its list, or below one argument.
    fn is_modifier(&self) -> bool {
        let list = match self.open.as_slice() {
            [.., ty, list] if list.kind == ARG_LIST => Some(ty),
            [.., ty, list, argument] if list.kind == ARG_LIST && argument.kind == ARG => Some(ty),
            [.., ty, list, argument, _] if list.kind == ARG_LIST && argument.kind == ARG => Some(ty),
            _ => None,
        };
        list.is_some_and(|ty| is_type(ty.kind))
    }
}

/// The kinds of `ast::Type`.
fn is_type(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        ARRAY_TYPE
            | BIT_TYPE
            | BIT_VARYING_TYPE
            | CHARACTER_TYPE
            | DOUBLE_TYPE
            | INTERVAL_TYPE
            | PATH_TYPE
            | TIME_TYPE
            | TIMESTAMP_TYPE
            | VARCHAR_TYPE
    )
}

/// The kinds of nodes that the crate looks at and that are too rare, or looked at too closely, to do it here.
fn is_looked_at(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        ATOMIC_BODY
            | CREATE_AGGREGATE
            | CREATE_FUNCTION
            | CREATE_PROCEDURE
            | DISTINCT_CLAUSE
            | DISTINCT_ON
            | DO
            | EXCEPT_TABLE_CLAUSE
            | FUNC_OPTION_LIST
            | JOIN_CROSS
            | JSON_ARRAY_FN
            | JSON_OBJECT_FN
            | NON_STANDARD_PARAM
            | PARAM_DEFAULT
            | PAREN_FROM_ITEM
            | PARTITION_FOR_VALUES_WITH
            | RULE_STMT_LIST
            | SELECT_INTO
            | SET_COLUMN_LIST
            | SET_SINGLE_COLUMN
            | STORAGE_MODE
            | TO_CONFIG_VALUE
    )
}
