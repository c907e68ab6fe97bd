//! Options written in a way that they are not taken in.

use elyos_runtime::prelude::*;

#[derive(Repository)]
#[repository]
pub struct ARepository;

#[derive(Repository)]
#[repository()]
pub struct BRepository;

#[derive(Repository)]
#[repository = "shop.customers"]
pub struct CRepository;

#[derive(Repository)]
#[repository("shop.customers")]
pub struct DRepository;

#[derive(Repository)]
#[repository(table)]
pub struct ERepository;

#[derive(Repository)]
#[repository(table = shop.customers)]
pub struct FRepository;

#[derive(Repository)]
#[repository(table("shop.customers"))]
pub struct GRepository;

#[derive(Repository)]
#[repository(table = "shop.customers", search = "name", schema = "schemas/shop.sql")]
pub struct HRepository;

#[derive(Repository)]
#[repository(table = "shop.customers", search("name"), schema = "schemas/shop.sql")]
pub struct IRepository;

#[derive(Repository)]
#[repository(table = "", schema = "schemas/shop.sql")]
pub struct JRepository;

fn main() {}
