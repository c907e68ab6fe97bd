-- JSON Schema (draft 4) validation in plain PL/pgSQL.
--
--   extensions.validate_json_schema(schema jsonb, data jsonb) RETURNS boolean
--
-- A stand-in for the extension postgres-json-schema on servers that do not
-- offer it. Works on PostgreSQL 14 and later, in a database encoded in UTF8.
-- The schema "extensions" must exist. The script may be run again at any time.
-- Do not run it where the extension itself provides the function.
--
-- The function is IMMUTABLE, STRICT and PARALLEL SAFE, so it may be used in
-- CHECK constraints and indexes; a NULL argument gives NULL, which lets a
-- CHECK pass. A role whose writes trigger the check needs USAGE on the schema
-- "extensions".
--
-- What is implemented: every keyword of the draft-4 core and validation
-- documents. These are the places where the documents leave room, or where
-- PostgreSQL sets a limit:
--
--   * "integer" means a number written without a fraction, as draft 4 says and
--     its test-suite (optional part) expects: 1 is an integer, 1.0 is not. A
--     jsonb number keeps its trailing zeros but not its exponent, so 1e2 is
--     stored as 100 and counts as an integer. Other validators may accept 1.0:
--     where it must be accepted everywhere, write
--     {"type": "number", "multipleOf": 1}.
--   * Numbers are compared and divided exactly, as decimals.
--   * "format" is an annotation only and never rejects a value (draft 4 makes
--     its support optional). So are "title", "description" and "default".
--   * Keywords of later drafts ("const", "if", "contains", ...) are unknown to
--     draft 4 and therefore ignored; boolean schemas are an error.
--   * "$ref" ignores its siblings. It may point anywhere into the document, to
--     an "id" in it, or to the draft-4 meta-schema, of which a copy is
--     embedded. Nothing is ever fetched: other targets raise an error. A
--     reference that leads back to itself without descending into the data
--     raises an error.
--   * Recursion is limited by the server's max_stack_depth: at its default of
--     2 MB, a schema that refers to itself can follow data some 300 levels
--     deep; beyond that the server raises an error.
--   * A malformed schema raises an error (SQLSTATE 22023) that names the
--     keyword. A subschema is inspected only when it is applied: where the data
--     never reaches it, or a result is certain before it is reached, its
--     mistakes stay unnoticed. To check the whole structure of a schema once:
--       SELECT extensions.validate_json_schema(
--         '{"$ref": "http://json-schema.org/draft-04/schema#"}', my_schema);
--     Repeated values in "enum", "required", "type" and "dependencies" are
--     harmless and not reported. Keywords beside "$ref" are not looked at.
--   * Patterns are ECMA 262 regular expressions with Unicode semantics (one
--     code point is one character), translated to the server's own dialect.
--     \d, \w and \b know ASCII only, \s the white space of ECMA 262, "." no
--     line terminators, as there. Also accepted: look-behind, named groups
--     (without \k), \u{...}, and literal "]", "{" and "}". Not supported, hence
--     an error: \p{...}, \k<...>, lone surrogates, escaped letters without a
--     meaning, repeated look-around, back references to a group that is not
--     closed yet or within look-around, and back references together with
--     groups in look-around or with groups repeated more than 255 times. One
--     difference remains: a back reference to a group that took no part in the
--     match fails here, where ECMA 262 lets it match the empty string.
--     Repetitions that multiply to tens of thousands exceed what the server can
--     compile: its own error says so, without the keyword.

-- ---------------------------------------------------------------------------
-- Errors
-- ---------------------------------------------------------------------------

-- Returns a boolean only so that callers can write RETURN _json_schema_malformed(…).
CREATE OR REPLACE FUNCTION extensions._json_schema_malformed(
    keyword pg_catalog.text, wanted pg_catalog.text, found pg_catalog.jsonb
) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $function$
BEGIN
    RAISE EXCEPTION 'malformed JSON schema: "%" must be %, not %',
        keyword, wanted, pg_catalog.left(found::pg_catalog.text, 100)
        USING ERRCODE = 'invalid_parameter_value';
END
$function$;

-- ---------------------------------------------------------------------------
-- The draft-4 meta-schema, the one remote document that can be referred to
-- ---------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION extensions._json_schema_draft4() RETURNS pg_catalog.jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $function$
SELECT '{
  "id": "http://json-schema.org/draft-04/schema#",
  "$schema": "http://json-schema.org/draft-04/schema#",
  "description": "Core schema meta-schema",
  "type": "object",
  "default": {},
  "definitions": {
    "positiveInteger": {"type": "integer", "minimum": 0},
    "positiveIntegerDefault0": {"allOf": [{"$ref": "#/definitions/positiveInteger"}, {"default": 0}]},
    "schemaArray": {"type": "array", "minItems": 1, "items": {"$ref": "#"}},
    "simpleTypes": {"enum": ["array", "boolean", "integer", "null", "number", "object", "string"]},
    "stringArray": {"type": "array", "minItems": 1, "uniqueItems": true, "items": {"type": "string"}}
  },
  "properties": {
    "id": {"type": "string"},
    "$schema": {"type": "string"},
    "title": {"type": "string"},
    "description": {"type": "string"},
    "format": {"type": "string"},
    "default": {},
    "multipleOf": {"type": "number", "minimum": 0, "exclusiveMinimum": true},
    "minimum": {"type": "number"},
    "maximum": {"type": "number"},
    "exclusiveMinimum": {"type": "boolean", "default": false},
    "exclusiveMaximum": {"type": "boolean", "default": false},
    "minLength": {"$ref": "#/definitions/positiveIntegerDefault0"},
    "maxLength": {"$ref": "#/definitions/positiveInteger"},
    "pattern": {"type": "string", "format": "regex"},
    "items": {"anyOf": [{"$ref": "#"}, {"$ref": "#/definitions/schemaArray"}], "default": {}},
    "additionalItems": {"anyOf": [{"type": "boolean"}, {"$ref": "#"}], "default": {}},
    "minItems": {"$ref": "#/definitions/positiveIntegerDefault0"},
    "maxItems": {"$ref": "#/definitions/positiveInteger"},
    "uniqueItems": {"type": "boolean", "default": false},
    "minProperties": {"$ref": "#/definitions/positiveIntegerDefault0"},
    "maxProperties": {"$ref": "#/definitions/positiveInteger"},
    "required": {"$ref": "#/definitions/stringArray"},
    "definitions": {"type": "object", "additionalProperties": {"$ref": "#"}, "default": {}},
    "properties": {"type": "object", "additionalProperties": {"$ref": "#"}, "default": {}},
    "patternProperties": {"type": "object", "additionalProperties": {"$ref": "#"}, "default": {}},
    "additionalProperties": {"anyOf": [{"type": "boolean"}, {"$ref": "#"}], "default": {}},
    "dependencies": {
      "type": "object",
      "additionalProperties": {"anyOf": [{"$ref": "#"}, {"$ref": "#/definitions/stringArray"}]}
    },
    "enum": {"type": "array", "minItems": 1, "uniqueItems": true},
    "type": {
      "anyOf": [
        {"$ref": "#/definitions/simpleTypes"},
        {"type": "array", "minItems": 1, "uniqueItems": true, "items": {"$ref": "#/definitions/simpleTypes"}}
      ]
    },
    "allOf": {"$ref": "#/definitions/schemaArray"},
    "anyOf": {"$ref": "#/definitions/schemaArray"},
    "oneOf": {"$ref": "#/definitions/schemaArray"},
    "not": {"$ref": "#"}
  },
  "dependencies": {"exclusiveMinimum": ["minimum"], "exclusiveMaximum": ["maximum"]}
}'::pg_catalog.jsonb
$function$;

-- ---------------------------------------------------------------------------
-- References
-- ---------------------------------------------------------------------------

-- RFC 3986, section 5.2: the absolute form of "reference", seen from "base".
-- An empty fragment is dropped, so that "x#" and "x" compare equal.
CREATE OR REPLACE FUNCTION extensions._json_schema_uri(
    base pg_catalog.text, reference pg_catalog.text
) RETURNS pg_catalog.text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $function$
DECLARE
    -- 1 scheme, 2 authority, 3 path, 4 query, 5 fragment
    uri_parts CONSTANT pg_catalog.text :=
        '^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$';
    r pg_catalog.text[];
    b pg_catalog.text[];
    segments pg_catalog.text[];
    kept pg_catalog.text[] := '{}';
    path pg_catalog.text;
    i integer;
BEGIN
    -- The frequent cases first: a fragment only, or nothing to resolve against
    IF pg_catalog.left(reference, 1) = '#' THEN
        RETURN CASE WHEN reference = '#' THEN base ELSE base || reference END;
    ELSIF base = '' AND pg_catalog.strpos(reference, './') = 0 AND pg_catalog.strpos(reference, '/.') = 0
          AND pg_catalog.left(reference, 1) <> '.' THEN
        RETURN CASE WHEN pg_catalog.right(reference, 1) = '#'
                    THEN pg_catalog.left(reference, -1) ELSE reference END;
    END IF;

    r := pg_catalog.regexp_match(reference, uri_parts);
    IF r[1] IS NULL THEN
        b := pg_catalog.regexp_match(base, uri_parts);
        r[1] := b[1];
        IF r[2] IS NULL THEN
            r[2] := b[2];
            IF r[3] = '' THEN
                r[3] := b[3];
                r[4] := coalesce(r[4], b[4]);
            ELSIF pg_catalog.left(r[3], 1) <> '/' THEN
                IF b[2] IS NOT NULL AND b[3] = '' THEN
                    r[3] := '/' || r[3];
                ELSE
                    r[3] := pg_catalog.regexp_replace(b[3], '[^/]*$', '') || r[3];
                END IF;
            END IF;
        END IF;
    END IF;

    path := r[3];
    IF pg_catalog.strpos(path, '.') > 0 AND path ~ '(^|/)[.][.]?(/|$)' THEN
        segments := pg_catalog.string_to_array(path, '/');
        FOR i IN 1 .. pg_catalog.cardinality(segments) LOOP
            IF segments[i] = '.' OR segments[i] = '..' THEN
                -- never removes the empty segment in front of a leading "/"
                IF segments[i] = '..' AND pg_catalog.cardinality(kept) > 0
                   AND NOT (pg_catalog.cardinality(kept) = 1 AND kept[1] = '') THEN
                    kept := kept[1 : pg_catalog.cardinality(kept) - 1];
                END IF;
                IF i = pg_catalog.cardinality(segments) THEN
                    kept := kept || ''::pg_catalog.text;
                END IF;
            ELSE
                kept := kept || segments[i];
            END IF;
        END LOOP;
        path := pg_catalog.array_to_string(kept, '/');
    END IF;

    RETURN coalesce(r[1] || ':', '') || coalesce('//' || r[2], '') || path
        || coalesce('?' || r[4], '') || coalesce('#' || nullif(r[5], ''), '');
END
$function$;

-- Searches "node" and the subschemas below it for the one whose "id" resolves
-- to "wanted". Only places where draft 4 expects a schema are searched: an "id"
-- within "enum" or "default", say, is plain data. "scope" is the base URI
-- outside the node; "outer_scope" that outside the subschema found.
CREATE OR REPLACE FUNCTION extensions._json_schema_find(
    node pg_catalog.jsonb, scope pg_catalog.text, wanted pg_catalog.text,
    OUT subschema pg_catalog.jsonb, OUT outer_scope pg_catalog.text
)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $function$
DECLARE
    inner_scope pg_catalog.text := scope;
    own pg_catalog.text;
    child pg_catalog.jsonb;
    hit record;
BEGIN
    IF pg_catalog.jsonb_typeof(node -> 'id') = 'string'
       AND pg_catalog.jsonb_typeof(node -> '$ref') IS DISTINCT FROM 'string' THEN
        own := extensions._json_schema_uri(scope, node ->> 'id');
        IF own = wanted THEN
            subschema := node;
            outer_scope := scope;
            RETURN;
        END IF;
        inner_scope := pg_catalog.split_part(own, '#', 1);
    END IF;
    FOR child IN
        SELECT c.value
        FROM pg_catalog.jsonb_each(node) AS k
        CROSS JOIN LATERAL (
            SELECT k.value
            WHERE k.key IN ('not', 'items', 'additionalItems', 'additionalProperties')
            UNION ALL
            SELECT e.value
            FROM pg_catalog.jsonb_array_elements(
                CASE WHEN k.key IN ('allOf', 'anyOf', 'oneOf', 'items')
                      AND pg_catalog.jsonb_typeof(k.value) = 'array'
                     THEN k.value ELSE '[]' END) AS e
            UNION ALL
            SELECT m.value
            FROM pg_catalog.jsonb_each(
                CASE WHEN k.key IN ('definitions', 'properties', 'patternProperties', 'dependencies')
                      AND pg_catalog.jsonb_typeof(k.value) = 'object'
                     THEN k.value ELSE '{}' END) AS m
        ) AS c
        WHERE pg_catalog.jsonb_typeof(c.value) = 'object'
    LOOP
        hit := extensions._json_schema_find(child, inner_scope, wanted);
        IF hit.subschema IS NOT NULL THEN
            subschema := hit.subschema;
            outer_scope := hit.outer_scope;
            RETURN;
        END IF;
    END LOOP;
END
$function$;

-- Resolves "ref", met in the document "root" under the base URI "base".
-- Returns the schema referred to, the document it lies in, the base URI around
-- it, and the absolute target, by which the caller recognises loops.
CREATE OR REPLACE FUNCTION extensions._json_schema_resolve(
    root pg_catalog.jsonb, base pg_catalog.text, ref pg_catalog.text,
    OUT node pg_catalog.jsonb, OUT document pg_catalog.jsonb,
    OUT scope pg_catalog.text, OUT target pg_catalog.text
)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $function$
DECLARE
    draft4 CONSTANT pg_catalog.text := 'http://json-schema.org/draft-04/schema';
    home pg_catalog.text := '';     -- the URI of the document itself
    resource pg_catalog.text;
    fragment pg_catalog.text;
    step pg_catalog.text;
    steps pg_catalog.text[];
    raw pg_catalog.bytea;
    i integer;
    hit record;
BEGIN
    target := extensions._json_schema_uri(base, ref);
    i := pg_catalog.strpos(target, '#');
    resource := CASE WHEN i = 0 THEN target ELSE pg_catalog.left(target, i - 1) END;
    fragment := CASE WHEN i = 0 THEN '' ELSE pg_catalog.substr(target, i + 1) END;
    IF pg_catalog.jsonb_typeof(root -> 'id') = 'string' AND NOT root ? '$ref' THEN
        home := pg_catalog.split_part(extensions._json_schema_uri('', root ->> 'id'), '#', 1);
    END IF;

    document := root;
    scope := '';
    IF fragment <> '' AND pg_catalog.left(fragment, 1) <> '/' THEN
        -- a name given by "id": "#name", unique in the document by its full URI
        hit := extensions._json_schema_find(root, '', target);
        node := hit.subschema;
        scope := hit.outer_scope;
    ELSE
        IF resource = home THEN
            node := root;
        ELSE
            hit := extensions._json_schema_find(root, '', resource);
            node := hit.subschema;
            scope := hit.outer_scope;
            IF node IS NULL AND resource = draft4 THEN
                node := extensions._json_schema_draft4();
                document := node;
                scope := '';
            END IF;
        END IF;
        IF node IS NULL THEN
            RAISE EXCEPTION 'malformed JSON schema: "$ref" to "%" cannot be resolved: only this document and "%" are available',
                ref, draft4 || '#'
                USING ERRCODE = 'invalid_parameter_value';
        END IF;
        IF fragment <> '' THEN
            IF pg_catalog.strpos(fragment, '%') > 0 THEN
                -- percent-encoding stands for the bytes of UTF-8
                raw := '';
                i := 1;
                WHILE i <= pg_catalog.char_length(fragment) LOOP
                    step := pg_catalog.substr(fragment, i, 3);
                    IF step ~ '^%[0-9A-Fa-f]{2}$' THEN
                        raw := raw || pg_catalog.decode(pg_catalog.substr(step, 2), 'hex');
                        i := i + 3;
                    ELSE
                        raw := raw || pg_catalog.convert_to(pg_catalog.left(step, 1), 'UTF8');
                        i := i + 1;
                    END IF;
                END LOOP;
                fragment := pg_catalog.convert_from(raw, 'UTF8');
            END IF;
            steps := pg_catalog.string_to_array(fragment, '/');
            FOR i IN 2 .. pg_catalog.cardinality(steps) LOOP
                step := pg_catalog.replace(pg_catalog.replace(steps[i], '~1', '/'), '~0', '~');
                CASE pg_catalog.jsonb_typeof(node)
                    WHEN 'object' THEN
                        -- passing through a schema with an "id" changes the base
                        IF pg_catalog.jsonb_typeof(node -> 'id') = 'string' AND NOT node ? '$ref' THEN
                            scope := pg_catalog.split_part(
                                extensions._json_schema_uri(scope, node ->> 'id'), '#', 1);
                        END IF;
                        node := node -> step;
                    WHEN 'array' THEN
                        node := CASE WHEN step ~ '^(0|[1-9][0-9]{0,8})$' THEN node -> step::integer END;
                    ELSE
                        node := NULL;
                END CASE;
                EXIT WHEN node IS NULL;
            END LOOP;
        END IF;
    END IF;
    IF node IS NULL THEN
        RAISE EXCEPTION 'malformed JSON schema: "$ref" to "%" points to nothing', ref
            USING ERRCODE = 'invalid_parameter_value';
    ELSIF pg_catalog.jsonb_typeof(node) <> 'object' THEN
        RAISE EXCEPTION 'malformed JSON schema: "$ref" to "%" does not point to a schema but to %',
            ref, pg_catalog.left(node::pg_catalog.text, 100)
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
END
$function$;

-- ---------------------------------------------------------------------------
-- Patterns
-- ---------------------------------------------------------------------------

-- Translates an ECMA 262 pattern into a PostgreSQL one of the same meaning, to
-- be applied under COLLATE "C" (which makes \d, \w and the word boundaries
-- ASCII-only) and without flags.
--
-- The result begins with the option (?c), which only says "case-sensitive". It
-- takes the one place where PostgreSQL would understand options or a director
-- ("(?i)", "***="), none of which exist in ECMA 262.
--
-- The pattern is checked in full here, since the server's own complaint would
-- not name the keyword, and catching it would need a subtransaction, which
-- parallel workers cannot have.
CREATE OR REPLACE FUNCTION extensions._json_schema_regex(
    keyword pg_catalog.text, pattern pg_catalog.text
) RETURNS pg_catalog.text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $function$
DECLARE
    c pg_catalog.text[];            -- the pattern's characters
    n integer;
    i integer := 1;
    ch pg_catalog.text;
    e pg_catalog.text;
    hex pg_catalog.text;            -- digits within the pattern
    result pg_catalog.text := '(?c)';
    problem pg_catalog.text;        -- set once something is wrong

    code integer;                   -- a single character read …
    charset pg_catalog.text;        -- … or a class escape, as bracket content
    in_class boolean := false;
    negated boolean;
    members pg_catalog.text;
    low integer;                    -- last single character, possible start of a range
    dash boolean;                   -- "low-" has been read

    atom integer := 0;              -- where in the result the last atom starts; 0: nothing to repeat
    atom_groups integer := 0;       -- capturing groups opened before it
    opened integer[] := '{}';       -- for each open group: start in the result,
    opened_groups integer[] := '{}';--   capturing groups before it,
    opened_look boolean[] := '{}';  --   is it look-around,
    opened_number integer[] := '{}';--   its own number, 0 if not capturing
    closed boolean[] := '{}';       -- by group number: is it closed
    groups integer := 0;
    depth integer := 0;
    look_depth integer := 0;
    references_used boolean := false;
    renumbered boolean := false;    -- PostgreSQL would count the groups differently

    lo integer;
    hi integer;
    piece pg_catalog.text;
BEGIN
    -- Most patterns in practice mean the same in both dialects. Recognising
    -- those (two levels of groups, plain classes, small repetitions) costs
    -- less than the walk below. The expression is folded to a constant.
    IF pattern COLLATE pg_catalog."C" ~ pg_catalog.replace(pg_catalog.replace(pg_catalog.replace(
           '^(?:<piece>|[(](?:[?]:)?(?:<piece>|<group>|[|^$])*[)]<times>|[|^$])*$',
           '<group>', '[(](?:[?]:)?(?:<piece>|[|^$])*[)]<times>'),
           '<piece>', '(?:[A-Za-z0-9 _,:;@#%&/!''"<>~`=-]|[^\u0001-\u007f]|\\[dDwW.+*?()\[\]{}|/^$\\-]'
               || '|\[\^?(?:a-z|A-Z|0-9|a-f|A-F|[A-Za-z0-9 _,:;@#%&/!''"<>~`=.+*?(){}|$]'
               || '|[^\u0001-\u007f]|\\[dw.+*?()\[\]{}|/^$\\-])+-?\])<times>'),
           '<times>', '(?:(?:[*+?]|\{(?:[0-9]{1,2},?|[01],[1-9][0-9]?)\})[?]?)?')
    THEN
        RETURN result || pattern;
    END IF;

    c := pg_catalog.string_to_array(pattern, NULL);
    n := coalesce(pg_catalog.cardinality(c), 0);
    WHILE i <= n LOOP
        ch := c[i];
        i := i + 1;
        code := NULL;
        charset := NULL;

        -- Escapes, shared by both contexts as far as possible
        IF ch = '\' THEN
            e := c[i];
            i := i + 1;
            CASE
                WHEN e IS NULL THEN problem := 'it ends with a backslash';
                WHEN e = 'd' THEN charset := '0-9';
                WHEN e = 'D' THEN charset := '\u0001-\u002f\u003a-\U0010ffff';
                WHEN e = 'w' THEN charset := '0-9A-Za-z_';
                WHEN e = 'W' THEN charset := '\u0001-\u002f\u003a-\u0040\u005b-\u005e\u0060\u007b-\U0010ffff';
                WHEN e = 's' THEN
                    charset := '\u0009-\u000d\u0020\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff';
                WHEN e = 'S' THEN
                    charset := '\u0001-\u0008\u000e-\u001f\u0021-\u009f\u00a1-\u167f\u1681-\u1fff\u200b-\u2027'
                        '\u202a-\u202e\u2030-\u205e\u2060-\u2fff\u3001-\ufefe\uff00-\U0010ffff';
                WHEN e = 't' THEN code := 9;
                WHEN e = 'n' THEN code := 10;
                WHEN e = 'v' THEN code := 11;
                WHEN e = 'f' THEN code := 12;
                WHEN e = 'r' THEN code := 13;
                WHEN e = '0' AND coalesce(c[i], '') !~ '^[0-9]' THEN code := 0;
                WHEN e = 'c' AND c[i] ~ '^[A-Za-z]$' THEN
                    code := pg_catalog.ascii(c[i]) % 32;
                    i := i + 1;
                WHEN e = 'x' AND pg_catalog.substr(pattern, i, 2) ~ '^[0-9A-Fa-f]{2}$' THEN
                    code := ('x000000' || c[i] || c[i + 1])::bit(32)::integer;
                    i := i + 2;
                WHEN e = 'u' THEN
                    IF c[i] = '{' THEN
                        hex := pg_catalog.substring(pg_catalog.substr(pattern, i), '^\{0*([0-9A-Fa-f]{1,6})\}');
                        i := i + coalesce(pg_catalog.strpos(pg_catalog.substr(pattern, i), '}'), 0);
                    ELSE
                        hex := pg_catalog.substring(pg_catalog.substr(pattern, i, 4), '^[0-9A-Fa-f]{4}$');
                        i := i + 4;
                    END IF;
                    code := ('x' || pg_catalog.lpad(hex, 8, '0'))::bit(32)::integer;
                    IF code BETWEEN 55296 AND 56319
                       AND pg_catalog.substr(pattern, i, 6) ~ '^\\u[Dd][C-Fc-f][0-9A-Fa-f]{2}$' THEN
                        -- two UTF-16 halves of one character
                        code := 65536 + (code - 55296) * 1024 - 56320
                            + ('x0000' || pg_catalog.substr(pattern, i + 2, 4))::bit(32)::integer;
                        i := i + 6;
                    END IF;
                    IF code IS NULL OR code > 1114111 THEN
                        problem := '\u must be followed by a code point in hexadecimal';
                    ELSIF code BETWEEN 55296 AND 57343 THEN
                        problem := 'it contains half of a surrogate pair';
                    END IF;
                WHEN e = 'b' AND in_class THEN code := 8;
                WHEN (e = 'b' OR e = 'B') AND NOT in_class THEN
                    result := result || CASE e WHEN 'b' THEN '\y' ELSE '\Y' END;
                    atom := 0;
                    CONTINUE;
                WHEN e ~ '^[1-9]$' AND NOT in_class THEN
                    hex := pg_catalog.substring(pg_catalog.substr(pattern, i - 1), '^[0-9]{1,4}');
                    i := i + pg_catalog.char_length(hex) - 1;
                    IF closed[hex::integer] IS NOT TRUE THEN
                        problem := 'a back reference to a group that is not closed yet is not supported';
                    ELSIF look_depth > 0 THEN
                        problem := 'a back reference within look-around is not supported';
                    END IF;
                    references_used := true;
                    atom := pg_catalog.char_length(result) + 1;
                    atom_groups := groups;
                    -- the group keeps a following digit apart
                    result := result || '(?:\' || hex || ')';
                    EXIT WHEN problem IS NOT NULL;
                    CONTINUE;
                WHEN e ~ '^[0-9A-Za-z]$' THEN
                    problem := pg_catalog.format('the escape \%s is unknown or not supported', e);
                ELSE code := pg_catalog.ascii(e);
            END CASE;
            EXIT WHEN problem IS NOT NULL;
        ELSIF in_class THEN
            IF ch = ']' THEN
                IF low IS NOT NULL THEN
                    members := members || '\U' || pg_catalog.lpad(pg_catalog.to_hex(low), 8, '0');
                END IF;
                IF dash THEN
                    members := members || '\-';
                END IF;
                -- [] matches nothing, [^] everything; PostgreSQL has no such classes
                result := result || CASE WHEN members <> '' AND negated THEN '[^' || members || ']'
                                         WHEN members <> '' THEN '[' || members || ']'
                                         WHEN negated THEN '.'
                                         ELSE '(?:(?!))' END;
                in_class := false;
                CONTINUE;
            ELSIF ch = '-' AND low IS NOT NULL AND NOT dash THEN
                dash := true;
                CONTINUE;
            END IF;
            code := pg_catalog.ascii(ch);
        END IF;

        IF in_class THEN
            IF dash THEN
                IF charset IS NOT NULL THEN
                    problem := 'a range must end with a character';
                ELSIF code < low THEN
                    problem := 'a range is out of order';
                END IF;
                EXIT WHEN problem IS NOT NULL;
                members := members || '\U' || pg_catalog.lpad(pg_catalog.to_hex(low), 8, '0')
                    || '-\U' || pg_catalog.lpad(pg_catalog.to_hex(code), 8, '0');
                low := NULL;
                dash := false;
            ELSE
                IF low IS NOT NULL THEN
                    members := members || '\U' || pg_catalog.lpad(pg_catalog.to_hex(low), 8, '0');
                END IF;
                low := code;
                members := members || coalesce(charset, '');
            END IF;
            CONTINUE;
        END IF;

        -- Repetition of the atom just written
        lo := NULL;
        hi := NULL;
        IF ch = '*' OR ch = '+' OR ch = '?' THEN
            lo := CASE ch WHEN '+' THEN 1 ELSE 0 END;
            hi := CASE ch WHEN '?' THEN 1 END;
        ELSIF ch = '{' THEN
            hex := pg_catalog.substring(pg_catalog.substr(pattern, i), '^[0-9]+(?:,[0-9]*)?\}');
            IF hex IS NOT NULL THEN
                i := i + pg_catalog.char_length(hex);
                IF hex ~ '[0-9]{7}' THEN
                    problem := 'a repetition count is too large';
                    EXIT;
                END IF;
                lo := pg_catalog.substring(hex, '^[0-9]+')::integer;
                hi := nullif(pg_catalog.substring(hex, '([0-9]*)\}$'), '')::integer;
            END IF;
        END IF;
        IF lo IS NOT NULL THEN
            IF atom = 0 THEN
                problem := 'there is nothing to repeat';
            ELSIF hi < lo THEN
                problem := 'a repetition is out of order';
            END IF;
            EXIT WHEN problem IS NOT NULL;
            IF c[i] = '?' THEN
                -- "lazy" changes what is matched, never whether something is
                i := i + 1;
            END IF;
            IF lo <= 255 AND coalesce(hi, 0) <= 255 THEN
                result := result || CASE WHEN ch <> '{' THEN ch
                                         WHEN hi IS NULL THEN '{' || lo || ',}'
                                         ELSE '{' || lo || ',' || hi || '}' END;
            ELSE
                -- PostgreSQL counts to 255: write larger counts as a sequence
                IF atom_groups < groups THEN
                    renumbered := true;
                END IF;
                piece := pg_catalog.substr(result, atom);
                result := pg_catalog.left(result, atom - 1) || '(?:';
                WHILE lo > 255 LOOP
                    result := result || piece || '{255}';
                    lo := lo - 255;
                    hi := hi - 255;
                END LOOP;
                IF hi IS NULL THEN
                    result := result || piece || '{' || lo || ',}';
                ELSE
                    result := result || piece || '{' || lo || ',' || least(hi, 255) || '}';
                    hi := hi - 255;
                    WHILE hi > 0 LOOP
                        result := result || piece || '{0,' || least(hi, 255) || '}';
                        hi := hi - 255;
                    END LOOP;
                END IF;
                result := result || ')';
                IF pg_catalog.char_length(result) > 100000 THEN
                    problem := 'its repetitions are too large';
                    EXIT;
                END IF;
            END IF;
            atom := 0;
            CONTINUE;
        END IF;

        -- Everything else, outside of classes
        IF ch = '(' THEN
            depth := depth + 1;
            opened[depth] := pg_catalog.char_length(result) + 1;
            opened_groups[depth] := groups;
            opened_look[depth] := false;
            opened_number[depth] := 0;
            piece := '(';
            IF c[i] = '?' THEN
                piece := pg_catalog.substring(pg_catalog.substr(pattern, i),
                    '^[?](?::|=|!|<=|<!|<[A-Za-z_$][A-Za-z0-9_$]*>)');
                IF piece IS NULL THEN
                    problem := 'a group begins with (? and something unknown';
                    EXIT;
                END IF;
                i := i + pg_catalog.char_length(piece);
                opened_look[depth] := piece <> '?:' AND piece !~ '>$';
                piece := CASE WHEN piece ~ '>$' THEN '(' ELSE '(' || piece END;
            END IF;
            IF piece = '(' THEN
                groups := groups + 1;
                opened_number[depth] := groups;
                closed[groups] := false;
                IF look_depth > 0 THEN
                    renumbered := true;
                END IF;
            ELSIF opened_look[depth] THEN
                look_depth := look_depth + 1;
            END IF;
            result := result || piece;
            atom := 0;
        ELSIF ch = ')' THEN
            IF depth = 0 THEN
                problem := 'a parenthesis is closed but not opened';
                EXIT;
            END IF;
            result := result || ')';
            IF opened_look[depth] THEN
                look_depth := look_depth - 1;
                atom := 0;
            ELSE
                atom := opened[depth];
                atom_groups := opened_groups[depth];
                IF opened_number[depth] > 0 THEN
                    closed[opened_number[depth]] := true;
                END IF;
            END IF;
            depth := depth - 1;
        ELSIF code IS NULL AND (ch = '|' OR ch = '^' OR ch = '$') THEN
            result := result || ch;
            atom := 0;
        ELSE
            atom := pg_catalog.char_length(result) + 1;
            atom_groups := groups;
            IF charset IS NOT NULL THEN
                result := result || '[' || charset || ']';
            ELSIF code IS NULL AND ch = '.' THEN
                result := result || '[^\n\r\u2028\u2029]';
            ELSIF code IS NULL AND ch = '[' THEN
                in_class := true;
                negated := c[i] = '^';
                IF negated THEN
                    i := i + 1;
                END IF;
                members := '';
                low := NULL;
                dash := false;
            ELSE
                code := coalesce(code, pg_catalog.ascii(ch));
                result := result || '\U' || pg_catalog.lpad(pg_catalog.to_hex(code), 8, '0');
            END IF;
        END IF;
    END LOOP;

    IF problem IS NULL THEN
        IF in_class THEN
            problem := 'a character class is not closed';
        ELSIF depth > 0 THEN
            problem := 'a parenthesis is not closed';
        ELSIF references_used AND renumbered THEN
            problem := 'back references are not supported together with groups in look-around or large repetitions of groups';
        END IF;
    END IF;
    IF problem IS NOT NULL THEN
        RAISE EXCEPTION 'malformed JSON schema: "%" must be a regular expression, not "%": %',
            keyword, pattern, problem
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN result;
END
$function$;

-- ---------------------------------------------------------------------------
-- Validation
-- ---------------------------------------------------------------------------

-- Does "data" satisfy the schema "node"?
--   root   the document the schema lies in, for references
--   base   the base URI around the schema ('' where there is none)
--   seen   targets of the references followed so far for this very piece of
--          data; meeting one again means an endless loop
-- The caller has made sure that "node" is an object. It can tell the keyword if
-- it is not.
CREATE OR REPLACE FUNCTION extensions._json_schema_valid(
    node pg_catalog.jsonb, data pg_catalog.jsonb, root pg_catalog.jsonb,
    base pg_catalog.text, seen pg_catalog.text[]
) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $function$
DECLARE
    kind CONSTANT pg_catalog.text := pg_catalog.jsonb_typeof(data);
    txt pg_catalog.text;            -- the data, if a string
    num numeric;                    -- the data, if a number
    size integer := -1;             -- elements or properties of the data; -1: not counted
    words pg_catalog.jsonb;         -- the keywords of the schema
    k pg_catalog.text;              -- the current keyword,
    v pg_catalog.jsonb;             --   its value
    t pg_catalog.text;              --   and the type of that
    lim numeric;
    names pg_catalog.jsonb;
    name pg_catalog.text;
    sub pg_catalog.jsonb;
    matches integer;
    of_members boolean := false;    -- a keyword on the members of objects is present
    of_elements boolean := false;   -- likewise on the elements of arrays
    properties pg_catalog.jsonb;
    additional pg_catalog.jsonb;
    pattern_names pg_catalog.text[];
    patterns pg_catalog.text[];
    extra boolean;
    j integer;
    target record;
BEGIN
    -- References are followed in place rather than by a call, to save stack
    WHILE node ? '$ref' LOOP
        IF pg_catalog.jsonb_typeof(node -> '$ref') <> 'string' THEN
            RETURN extensions._json_schema_malformed('$ref', 'a string', node -> '$ref');
        END IF;
        target := extensions._json_schema_resolve(root, base, node ->> '$ref');
        IF target.target = ANY (seen) THEN
            RAISE EXCEPTION 'malformed JSON schema: "$ref" to "%" leads back to itself', node ->> '$ref'
                USING ERRCODE = 'invalid_parameter_value';
        END IF;
        node := target.node;
        root := target.document;
        base := target.scope;
        seen := seen || target.target;
    END LOOP;

    IF node ? 'id' THEN
        IF pg_catalog.jsonb_typeof(node -> 'id') <> 'string' THEN
            RETURN extensions._json_schema_malformed('id', 'a string', node -> 'id');
        END IF;
        base := pg_catalog.split_part(extensions._json_schema_uri(base, node ->> 'id'), '#', 1);
    END IF;

    IF kind = 'string' THEN
        txt := data #>> '{}';
    ELSIF kind = 'number' THEN
        num := data::numeric;
    ELSIF kind = 'array' THEN
        size := pg_catalog.jsonb_array_length(data);
    END IF;

    -- A path expression lists the keys without the price of a query
    words := pg_catalog.jsonb_path_query_array(node, '$.keyvalue().key');
    FOR i IN 0 .. pg_catalog.jsonb_array_length(words) - 1 LOOP
        k := words ->> i;
        v := node -> k;
        t := pg_catalog.jsonb_typeof(v);
        CASE k
        WHEN 'type' THEN
            IF t = 'string' THEN
                name := v #>> '{}';
                IF name = kind THEN
                    NULL;
                ELSIF name = 'integer' THEN
                    IF kind <> 'number' OR pg_catalog.scale(num) > 0 THEN
                        RETURN false;
                    END IF;
                ELSIF v <@ '["array", "boolean", "null", "number", "object", "string"]' THEN
                    RETURN false;
                ELSE
                    RETURN extensions._json_schema_malformed(k, 'the name of a type', v);
                END IF;
            ELSIF t <> 'array' OR v = '[]'
                  OR NOT v <@ '["array", "boolean", "integer", "null", "number", "object", "string"]' THEN
                RETURN extensions._json_schema_malformed(k, 'the name of a type or an array of such', v);
            ELSIF NOT (v ? kind OR kind = 'number' AND v ? 'integer' AND pg_catalog.scale(num) = 0) THEN
                RETURN false;
            END IF;

        WHEN 'properties' THEN
            IF t <> 'object' OR pg_catalog.jsonb_path_exists(v, 'strict $.* ? (@.type() != "object")') THEN
                RETURN extensions._json_schema_malformed(k, 'an object made of schemas', v);
            END IF;
            of_members := true;

        WHEN 'patternProperties' THEN
            IF t <> 'object' OR pg_catalog.jsonb_path_exists(v, 'strict $.* ? (@.type() != "object")') THEN
                RETURN extensions._json_schema_malformed(k, 'an object made of schemas', v);
            END IF;
            names := pg_catalog.jsonb_path_query_array(v, '$.keyvalue().key');
            FOR j IN 1 .. pg_catalog.jsonb_array_length(names) LOOP
                pattern_names[j] := names ->> (j - 1);
                patterns[j] := extensions._json_schema_regex(k, pattern_names[j]);
            END LOOP;
            of_members := true;

        WHEN 'additionalProperties' THEN
            IF t <> 'object' AND t <> 'boolean' THEN
                RETURN extensions._json_schema_malformed(k, 'a schema or a boolean', v);
            END IF;
            of_members := true;

        WHEN 'required' THEN
            IF t <> 'array' OR v = '[]' THEN
                RETURN extensions._json_schema_malformed(k, 'a non-empty array of strings', v);
            END IF;
            FOR j IN 0 .. pg_catalog.jsonb_array_length(v) - 1 LOOP
                IF pg_catalog.jsonb_typeof(v -> j) <> 'string' THEN
                    RETURN extensions._json_schema_malformed(k, 'a non-empty array of strings', v);
                ELSIF kind = 'object' AND NOT data ? (v ->> j) THEN
                    RETURN false;
                END IF;
            END LOOP;

        WHEN 'minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties' THEN
            IF t = 'number' THEN
                lim := v::numeric;
            END IF;
            IF t <> 'number' OR lim < 0::numeric OR pg_catalog.scale(lim) > 0 THEN
                RETURN extensions._json_schema_malformed(k, 'an integer of at least 0', v);
            END IF;
            CASE k
            WHEN 'minLength' THEN
                IF kind = 'string' AND pg_catalog.char_length(txt)::numeric < lim THEN
                    RETURN false;
                END IF;
            WHEN 'maxLength' THEN
                IF kind = 'string' AND pg_catalog.char_length(txt)::numeric > lim THEN
                    RETURN false;
                END IF;
            WHEN 'minItems' THEN
                IF kind = 'array' AND size::numeric < lim THEN
                    RETURN false;
                END IF;
            WHEN 'maxItems' THEN
                IF kind = 'array' AND size::numeric > lim THEN
                    RETURN false;
                END IF;
            ELSE
                IF kind = 'object' THEN
                    IF size < 0 THEN
                        size := pg_catalog.jsonb_array_length(pg_catalog.jsonb_path_query_array(data, '$.*'));
                    END IF;
                    IF k = 'minProperties' AND size::numeric < lim
                       OR k = 'maxProperties' AND size::numeric > lim THEN
                        RETURN false;
                    END IF;
                END IF;
            END CASE;

        WHEN 'pattern' THEN
            IF t <> 'string' THEN
                RETURN extensions._json_schema_malformed(k, 'a string', v);
            END IF;
            name := extensions._json_schema_regex(k, v #>> '{}');
            IF kind = 'string' AND NOT txt COLLATE pg_catalog."C" ~ name THEN
                RETURN false;
            END IF;

        WHEN 'enum' THEN
            IF t <> 'array' OR v = '[]' THEN
                RETURN extensions._json_schema_malformed(k, 'a non-empty array', v);
            END IF;
            IF kind <> 'object' AND kind <> 'array' THEN
                -- for a scalar, containment in an array is equality with an element
                IF NOT v @> data THEN
                    RETURN false;
                END IF;
            ELSE
                extra := true;
                FOR j IN 0 .. pg_catalog.jsonb_array_length(v) - 1 LOOP
                    IF v -> j = data THEN
                        extra := false;
                        EXIT;
                    END IF;
                END LOOP;
                IF extra THEN
                    RETURN false;
                END IF;
            END IF;

        WHEN 'minimum', 'maximum' THEN
            IF t <> 'number' THEN
                RETURN extensions._json_schema_malformed(k, 'a number', v);
            END IF;
            IF kind = 'number' THEN
                lim := v::numeric;
                IF num = lim THEN
                    IF k = 'minimum' AND node -> 'exclusiveMinimum' = 'true'
                       OR k = 'maximum' AND node -> 'exclusiveMaximum' = 'true' THEN
                        RETURN false;
                    END IF;
                ELSIF (num < lim) = (k = 'minimum') THEN
                    RETURN false;
                END IF;
            END IF;

        WHEN 'exclusiveMinimum', 'exclusiveMaximum' THEN
            IF t <> 'boolean' THEN
                RETURN extensions._json_schema_malformed(k, 'a boolean', v);
            ELSIF NOT node ? (CASE k WHEN 'exclusiveMinimum' THEN 'minimum' ELSE 'maximum' END) THEN
                RETURN extensions._json_schema_malformed(k, 'accompanied by "minimum" or "maximum"', v);
            END IF;

        WHEN 'multipleOf' THEN
            IF t = 'number' THEN
                lim := v::numeric;
            END IF;
            IF t <> 'number' OR lim <= 0::numeric THEN
                RETURN extensions._json_schema_malformed(k, 'a number greater than 0', v);
            END IF;
            IF kind = 'number' AND num % lim <> 0::numeric THEN
                RETURN false;
            END IF;

        WHEN 'items' THEN
            IF t <> 'object' AND (t <> 'array' OR v = '[]' OR pg_catalog.jsonb_path_exists(
                    v, 'strict $[*] ? (@.type() != "object")')) THEN
                RETURN extensions._json_schema_malformed(k, 'a schema or a non-empty array of schemas', v);
            END IF;
            of_elements := true;

        WHEN 'additionalItems' THEN
            IF t <> 'object' AND t <> 'boolean' THEN
                RETURN extensions._json_schema_malformed(k, 'a schema or a boolean', v);
            END IF;

        WHEN 'uniqueItems' THEN
            IF t <> 'boolean' THEN
                RETURN extensions._json_schema_malformed(k, 'a boolean', v);
            END IF;
            IF kind = 'array' AND size > 1 AND v = 'true' THEN
                IF size <> (SELECT pg_catalog.count(DISTINCT e.value)
                            FROM pg_catalog.jsonb_array_elements(data) AS e)::integer THEN
                    RETURN false;
                END IF;
            END IF;

        WHEN 'allOf', 'anyOf', 'oneOf' THEN
            IF t <> 'array' OR v = '[]' OR pg_catalog.jsonb_path_exists(
                    v, 'strict $[*] ? (@.type() != "object")') THEN
                RETURN extensions._json_schema_malformed(k, 'a non-empty array of schemas', v);
            END IF;
            matches := 0;
            FOR j IN 0 .. pg_catalog.jsonb_array_length(v) - 1 LOOP
                IF extensions._json_schema_valid(v -> j, data, root, base, seen) THEN
                    matches := matches + 1;
                    EXIT WHEN k = 'anyOf' OR matches > 1 AND k = 'oneOf';
                ELSIF k = 'allOf' THEN
                    RETURN false;
                END IF;
            END LOOP;
            IF matches = 0 OR matches > 1 AND k = 'oneOf' THEN
                RETURN false;
            END IF;

        WHEN 'not' THEN
            IF t <> 'object' THEN
                RETURN extensions._json_schema_malformed(k, 'a schema', v);
            ELSIF extensions._json_schema_valid(v, data, root, base, seen) THEN
                RETURN false;
            END IF;

        WHEN 'dependencies' THEN
            IF t <> 'object' THEN
                RETURN extensions._json_schema_malformed(k, 'an object', v);
            END IF;
            names := pg_catalog.jsonb_path_query_array(v, '$.keyvalue().key');
            FOR j IN 0 .. pg_catalog.jsonb_array_length(names) - 1 LOOP
                name := names ->> j;
                sub := v -> name;
                IF pg_catalog.jsonb_typeof(sub) = 'object' THEN
                    IF kind = 'object' AND data ? name
                       AND NOT extensions._json_schema_valid(sub, data, root, base, seen) THEN
                        RETURN false;
                    END IF;
                ELSIF pg_catalog.jsonb_typeof(sub) <> 'array' OR sub = '[]' THEN
                    RETURN extensions._json_schema_malformed(
                        k, 'made of schemas and non-empty arrays of strings', v);
                ELSE
                    FOR l IN 0 .. pg_catalog.jsonb_array_length(sub) - 1 LOOP
                        IF pg_catalog.jsonb_typeof(sub -> l) <> 'string' THEN
                            RETURN extensions._json_schema_malformed(
                                k, 'made of schemas and non-empty arrays of strings', v);
                        ELSIF kind = 'object' AND data ? name AND NOT data ? (sub ->> l) THEN
                            RETURN false;
                        END IF;
                    END LOOP;
                END IF;
            END LOOP;

        WHEN 'title', 'description', 'format', '$schema' THEN
            IF t <> 'string' THEN
                RETURN extensions._json_schema_malformed(k, 'a string', v);
            END IF;

        WHEN 'definitions' THEN
            IF t <> 'object' OR pg_catalog.jsonb_path_exists(v, 'strict $.* ? (@.type() != "object")') THEN
                RETURN extensions._json_schema_malformed(k, 'an object made of schemas', v);
            END IF;

        ELSE
            NULL;   -- "id", "default", and what draft 4 does not know
        END CASE;
    END LOOP;

    IF of_members AND kind = 'object' THEN
        properties := node -> 'properties';
        additional := node -> 'additionalProperties';
        v := node -> 'patternProperties';
        -- One pass over the data rather than over the schema: what the data
        -- does not contain costs nothing.
        names := pg_catalog.jsonb_path_query_array(data, '$.keyvalue().key');
        FOR i IN 0 .. pg_catalog.jsonb_array_length(names) - 1 LOOP
            name := names ->> i;
            extra := true;
            IF properties ? name THEN
                extra := false;
                IF NOT extensions._json_schema_valid(properties -> name, data -> name, root, base, '{}') THEN
                    RETURN false;
                END IF;
            END IF;
            IF patterns IS NOT NULL THEN
                FOR j IN 1 .. pg_catalog.cardinality(patterns) LOOP
                    IF name COLLATE pg_catalog."C" ~ patterns[j] THEN
                        extra := false;
                        IF NOT extensions._json_schema_valid(
                                v -> pattern_names[j], data -> name, root, base, '{}') THEN
                            RETURN false;
                        END IF;
                    END IF;
                END LOOP;
            END IF;
            IF extra AND additional IS NOT NULL THEN
                IF additional = 'false' THEN
                    RETURN false;
                ELSIF additional <> 'true'
                      AND NOT extensions._json_schema_valid(additional, data -> name, root, base, '{}') THEN
                    RETURN false;
                END IF;
            END IF;
        END LOOP;
    END IF;

    IF of_elements AND kind = 'array' THEN
        v := node -> 'items';
        IF pg_catalog.jsonb_typeof(v) = 'object' THEN
            FOR i IN 0 .. size - 1 LOOP
                IF NOT extensions._json_schema_valid(v, data -> i, root, base, '{}') THEN
                    RETURN false;
                END IF;
            END LOOP;
        ELSE
            matches := pg_catalog.jsonb_array_length(v);
            additional := node -> 'additionalItems';
            IF additional = 'false' AND size > matches THEN
                RETURN false;
            END IF;
            FOR i IN 0 .. size - 1 LOOP
                IF i < matches THEN
                    sub := v -> i;
                ELSIF additional IS NULL OR additional = 'true' THEN
                    EXIT;
                ELSE
                    sub := additional;
                END IF;
                IF NOT extensions._json_schema_valid(sub, data -> i, root, base, '{}') THEN
                    RETURN false;
                END IF;
            END LOOP;
        END IF;
    END IF;

    RETURN true;
END
$function$;

-- The fixed search_path protects the operators above (which have no schema of
-- their own in the text) from look-alikes in the caller's path, and with the
-- path always the same the cached plans stay valid. It holds for the functions
-- called from here, too.
CREATE OR REPLACE FUNCTION extensions.validate_json_schema(
    schema pg_catalog.jsonb, data pg_catalog.jsonb
) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 1000
SET search_path = ''
AS $function$
BEGIN
    IF pg_catalog.jsonb_typeof(schema) <> 'object' THEN
        RAISE EXCEPTION 'malformed JSON schema: it must be an object, not %',
            pg_catalog.left(schema::pg_catalog.text, 100)
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    -- The empty path unpacks a compressed or out-of-line value once, here,
    -- instead of at every access below.
    schema := schema #> '{}';
    RETURN extensions._json_schema_valid(schema, data #> '{}', schema, '', '{}');
END
$function$;

COMMENT ON FUNCTION extensions.validate_json_schema(pg_catalog.jsonb, pg_catalog.jsonb) IS
    'Does the data satisfy the JSON Schema (draft 4)? A malformed schema raises an error; a NULL argument gives NULL.';
