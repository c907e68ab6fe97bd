//! The whole of what a derive emits.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Error};

use super::{columns, constraints, methods, records, row};
use crate::attr::Input;
use crate::{check, schema};

/// From the user's struct to the code.
pub(crate) fn derive(input: &DeriveInput) -> Result<TokenStream, Error> {
    let input = Input::read(input)?;
    let schema = schema::load(input.schema.as_ref(), input.ident.span())?;
    let model = check::model(input, &schema)?;

    let row = row::expand(&model);
    let records = if model.writable { records::expand(&model) } else { TokenStream::new() };
    let columns = columns::expand(&model);
    let constraints = constraints::expand(&model);
    let methods = methods::expand(&model);
    let tracked = schema.tracked();
    Ok(quote! {
        #tracked
        #row
        #records
        #columns
        #constraints
        #methods
    })
}
