//! The choice among functions or operators of one name (<https://www.postgresql.org/docs/current/typeconv-func.html>,
//! `typeconv-oper.html`; `func_match_argtypes` and `func_select_candidate` in PostgreSQL's source).

use super::{
    coerce::can_coerce,
    polymorphic::{is_polymorphic, solve},
    snapshot::{Context, Oid},
    types::{ANY, Types, UNKNOWN},
};

/// What a choice came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    One(usize),
    None,
    Ambiguous,
}

/// Whether arguments of the actual types go where the declared ones are wanted.
pub(super) fn fits(types: &Types, declared: &[Oid], actual: &[Oid]) -> bool {
    let each = declared.len() == actual.len()
        && declared
            .iter()
            .zip(actual)
            .all(|(declared, actual)| is_polymorphic(*declared) || can_coerce(types, *actual, *declared, Context::Implicit));
    each && (!declared.iter().any(|ty| is_polymorphic(*ty)) || solve(types, declared, actual).is_some())
}

/// The best of the candidates, each given by the types it declares, for arguments of these types.
pub(super) fn choose(types: &Types, candidates: &[Vec<Oid>], actual: &[Oid]) -> Choice {
    let mut left: Vec<usize> = (0..candidates.len()).filter(|index| fits(types, &candidates[*index], actual)).collect();
    match left.as_slice() {
        [] => return Choice::None,
        [only] => return Choice::One(*only),
        _ => {}
    }
    let inputs: Vec<Oid> = actual.iter().map(|ty| if *ty == UNKNOWN { UNKNOWN } else { types.base(*ty) }).collect();
    let known = |index: usize| inputs[index] != UNKNOWN;
    // Most exact matches.
    keep_best(&mut left, |candidate| {
        (0..inputs.len()).filter(|index| known(*index) && candidates[candidate][*index] == inputs[*index]).count()
    });
    if let [only] = left.as_slice() {
        return Choice::One(*only);
    }
    // Most exact or preferred matches.
    keep_best(&mut left, |candidate| {
        let good = |index: &usize| {
            let declared = candidates[candidate][*index];
            declared == inputs[*index] || (types.category(declared) == types.category(inputs[*index]) && Types::preferred(declared))
        };
        (0..inputs.len()).filter(|index| known(*index)).filter(good).count()
    });
    if let [only] = left.as_slice() {
        return Choice::One(*only);
    }
    if (0..inputs.len()).all(known) {
        return Choice::Ambiguous;
    }
    unknowns(types, candidates, &mut left, &inputs)
}

fn keep_best(left: &mut Vec<usize>, score: impl Fn(usize) -> usize) {
    let best = left.iter().map(|candidate| score(*candidate)).max().unwrap_or_default();
    left.retain(|candidate| score(*candidate) == best);
}

/// What literals of no type yet decide: their categories, then the types of the others.
fn unknowns(types: &Types, candidates: &[Vec<Oid>], left: &mut Vec<usize>, inputs: &[Oid]) -> Choice {
    let mut slots: Vec<Option<(u8, bool)>> = vec![None; inputs.len()];
    let mut resolved = true;
    for (index, slot) in slots.iter_mut().enumerate().filter(|(index, _)| inputs[*index] == UNKNOWN) {
        let declared: Vec<Oid> = left.iter().map(|candidate| candidates[*candidate][index]).collect();
        let categories: Vec<u8> = declared.iter().map(|ty| types.category(*ty)).collect();
        let category = if categories.contains(&b'S') {
            b'S'
        } else if categories.windows(2).all(|pair| pair[0] == pair[1]) {
            categories.first().copied().unwrap_or_default()
        } else {
            resolved = false;
            break;
        };
        let preferred = declared.iter().any(|ty| types.category(*ty) == category && Types::preferred(*ty));
        *slot = Some((category, preferred));
    }
    if resolved {
        let suits = |candidate: &usize| {
            slots.iter().enumerate().all(|(index, slot)| {
                let declared = candidates[*candidate][index];
                slot.is_none_or(|(category, preferred)| types.category(declared) == category && (!preferred || Types::preferred(declared)))
            })
        };
        let kept: Vec<usize> = left.iter().copied().filter(suits).collect();
        if !kept.is_empty() {
            *left = kept;
        }
        if let [only] = left.as_slice() {
            return Choice::One(*only);
        }
    }
    // Last of all: the literals are of the type that all the others have.
    let mut known = inputs.iter().copied().filter(|ty| *ty != UNKNOWN);
    if let Some(first) = known.next()
        && known.all(|ty| ty == first)
    {
        let all = vec![first; inputs.len()];
        let fitting: Vec<usize> = left
            .iter()
            .copied()
            .filter(|candidate| {
                candidates[*candidate].iter().zip(&all).all(|(declared, actual)| {
                    *declared == ANY || is_polymorphic(*declared) || can_coerce(types, *actual, *declared, Context::Implicit)
                }) && fits(types, &candidates[*candidate], &all)
            })
            .collect();
        if let [only] = fitting.as_slice() {
            return Choice::One(*only);
        }
    }
    Choice::Ambiguous
}
