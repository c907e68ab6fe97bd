//! As what a column's values travel between the application and the server.

/// A type that every server has, by its OID and that of its arrays.
///
/// Values of types that are not PostgreSQL's own, such as enums and those of extensions, travel as text and are cast in the
/// statement: their OIDs differ from database to database, and looking them up would take a round trip and a prepared
/// statement.
///
/// Source: `pg_type.dat` in PostgreSQL's source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Travel {
    pub(crate) oid: u32,
    /// That of its arrays; of an array it is `text[]`, as which many arrays travel at once.
    pub(crate) array: u32,
    pub(crate) is_array: bool,
}

macro_rules! travels {
    ($($(#[$doc:meta])* $name:ident $oid:literal $array:literal;)*) => {
        impl Travel {
            $($(#[$doc])* #[allow(missing_docs, reason = "they are named as PostgreSQL names them")] pub const $name: Self = Self { oid: $oid, array: $array, is_array: false };)*
        }
    };
}

travels! {
    BOOL 16 1000;
    BYTEA 17 1001;
    CHAR 18 1002;
    NAME 19 1003;
    INT8 20 1016;
    INT2 21 1005;
    INT4 23 1007;
    TEXT 25 1009;
    OID 26 1028;
    JSON 114 199;
    POINT 600 1017;
    LSEG 601 1018;
    PATH 602 1019;
    BOX 603 1020;
    POLYGON 604 1027;
    LINE 628 629;
    CIDR 650 651;
    FLOAT4 700 1021;
    FLOAT8 701 1022;
    CIRCLE 718 719;
    MACADDR8 774 775;
    MACADDR 829 1040;
    INET 869 1041;
    BPCHAR 1042 1014;
    VARCHAR 1043 1015;
    DATE 1082 1182;
    TIME 1083 1183;
    TIMESTAMP 1114 1115;
    TIMESTAMPTZ 1184 1185;
    INTERVAL 1186 1187;
    TIMETZ 1266 1270;
    BIT 1560 1561;
    VARBIT 1562 1563;
    NUMERIC 1700 1231;
    UUID 2950 2951;
    PG_LSN 3220 3221;
    JSONB 3802 3807;
    INT4RANGE 3904 3905;
    NUMRANGE 3906 3907;
    TSRANGE 3908 3909;
    TSTZRANGE 3910 3911;
    DATERANGE 3912 3913;
    INT8RANGE 3926 3927;
    INT4MULTIRANGE 4451 6150;
    NUMMULTIRANGE 4532 6151;
    TSMULTIRANGE 4533 6152;
    TSTZMULTIRANGE 4534 6153;
    DATEMULTIRANGE 4535 6155;
    INT8MULTIRANGE 4536 6157;
}

impl Travel {
    /// As arrays of this.
    #[must_use]
    pub const fn in_arrays(self) -> Self {
        Self { oid: self.array, array: Self::TEXT.array, is_array: true }
    }
}

#[cfg(test)]
mod tests {
    use tokio_postgres::types::{Kind, Type};

    use super::*;

    #[test]
    fn an_array_is_of_what_it_is_said_to_be() {
        let all = [
            Travel::BOOL,
            Travel::BYTEA,
            Travel::CHAR,
            Travel::NAME,
            Travel::INT8,
            Travel::INT2,
            Travel::INT4,
            Travel::TEXT,
            Travel::OID,
            Travel::JSON,
            Travel::POINT,
            Travel::LSEG,
            Travel::PATH,
            Travel::BOX,
            Travel::POLYGON,
            Travel::LINE,
            Travel::CIDR,
            Travel::FLOAT4,
            Travel::FLOAT8,
            Travel::CIRCLE,
            Travel::MACADDR8,
            Travel::MACADDR,
            Travel::INET,
            Travel::BPCHAR,
            Travel::VARCHAR,
            Travel::DATE,
            Travel::TIME,
            Travel::TIMESTAMP,
            Travel::TIMESTAMPTZ,
            Travel::INTERVAL,
            Travel::TIMETZ,
            Travel::BIT,
            Travel::VARBIT,
            Travel::NUMERIC,
            Travel::UUID,
            Travel::PG_LSN,
            Travel::JSONB,
            Travel::INT4RANGE,
            Travel::NUMRANGE,
            Travel::TSRANGE,
            Travel::TSTZRANGE,
            Travel::DATERANGE,
            Travel::INT8RANGE,
            Travel::INT4MULTIRANGE,
            Travel::NUMMULTIRANGE,
            Travel::TSMULTIRANGE,
            Travel::TSTZMULTIRANGE,
            Travel::DATEMULTIRANGE,
            Travel::INT8MULTIRANGE,
        ];
        for travel in all {
            let element = Type::from_oid(travel.oid).expect("a type of PostgreSQL's own");
            let array = Type::from_oid(travel.in_arrays().oid).expect("a type of PostgreSQL's own");
            assert_eq!(*array.kind(), Kind::Array(element));
        }
    }
}
